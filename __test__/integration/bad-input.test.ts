import { BinNameError, type Key, type KeyLike, op, RecordTooBigError, type Value } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { describe, expect, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore, keysOf } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'

const newKey = keysOf('bad-input')
const INVALID = { name: 'InvalidArgError', code: 'INVALID_ARGUMENT', resultCode: 4, inDoubt: false, attempts: 0 }
const INVALID_NAME = { name: 'BinNameError', code: 'BIN_NAME', resultCode: 21, inDoubt: false, attempts: 0 }

/** The error of a refusal: bin names have one of their own. */
const errorOf = (name: string): object => (/(bin|column) name/.test(name) ? INVALID_NAME : INVALID)

/** What is refused before anything is sent, and what the message says. */
type Refusal = readonly [name: string, call: (client: Commands, key: Key) => Promise<unknown>, message: RegExp]

const put = (value: unknown) => (client: Commands, key: Key) => client.put(key, { good: 1, temp: value as Value })
const bins = (given: unknown) => (client: Commands, key: Key) => client.put(key, given as { [bin: string]: Value })
const like = (given: unknown) => (client: Commands) => client.put(given as KeyLike, { a: 1 })

const REFUSALS: Refusal[] = [
  ['no bins', bins({}), /^bins: at least one bin is needed/],
  ['invalid bins', bins(null), /^bins: an object is needed, not null/],
  ['an empty bin name', bins({ '': 1 }), /^bins: a bin name is empty/],
  [
    'a bin name of 16 bytes',
    bins({ 'sixteen-bytes-xx': 1 }),
    /^bins: the bin name "sixteen-bytes-xx" is longer than 15/,
  ],
  ['a bin name of 16 bytes in 8 characters', bins({ üüüüüüüü: 1 }), /^bins: .* is longer than 15 bytes/],
  ['a bin name with a lone surrogate', bins({ '\ud800': 1 }), /^bins: .* contains a lone surrogate/],
  ['undefined', put(undefined), /^temp: undefined cannot be stored/],
  ['a function', put(() => 1), /^temp: a function cannot be stored/],
  ['a symbol', put(Symbol('s')), /^temp: a symbol cannot be stored/],
  ['a Date', put(new Date(0)), /^temp: a Date cannot be stored/],
  ['a Set', put(new Set()), /^temp: a Set cannot be stored/],
  ['a Date deep inside', put([{ a: new Map([[1, new Date(0)]]) }]), /^temp\[0\]\.a\[1\]: a Date cannot be stored/],
  ['an integer outside int64', put(2n ** 63n), /^temp: 9223372036854775808n is outside the 64-bit integers/],
  ['a lone surrogate', put('\udc00'), /^temp: .*lone surrogate/],
  ['a boolean as map key', put(new Map([[true, 1]])), /^temp: a map key is .*, not true/],
  ['an invalid key', like(undefined), /^key: .* is needed, not undefined/],
  ['a key of two parts', like(['test', 'bad-input']), /^key: .* not an array of 2/],
  ['a user key of null', like(['test', 'bad-input', null]), /^key: the user key is .*, not null/],
  ['a user key with a fraction', like(['test', 'bad-input', 0.5]), /^key: .* not 0.5/],
  ['a user key outside int64', like(['test', 'bad-input', 2n ** 64n]), /^key: .* outside the 64-bit integers/],
  ['an empty namespace', like(['', 'bad-input', 1]), /^key: the namespace is empty/],
  ['a long set', like(['test', 's'.repeat(64), 1]), /^key: the set .* is longer than 63 bytes/],
  [
    'an unknown option',
    (c, key) => c.put(key, { a: 1 }, null, { exist: 'replace' } as object),
    /unknown option "exist"/,
  ],
  ['an unknown field of meta', (c, key) => c.put(key, { a: 1 }, { time: 5 } as object), /^meta: unknown option "time"/],
  [
    'a number as policy word',
    (c, key) => c.put(key, { a: 1 }, null, { exists: 1 } as object),
    /exists: one of .* not 1/,
  ],
  ['an invalid lifetime', (c, key) => c.put(key, { a: 1 }, { ttl: -5 }), /^meta.ttl: an integer from -3/],
  [
    'a generation without number',
    (c, key) => c.put(key, { a: 1 }, null, { gen: 'eq' }),
    /needs the generation in meta.gen/,
  ],
  ['an invalid timeout', (c, key) => c.get(key, { totalTimeout: -1 }), /^read policy.totalTimeout: an integer/],
  ['a timeout as text', (c, key) => c.get(key, { totalTimeout: '5' } as object), /^read policy.totalTimeout: /],
  [
    'a wrong bin to select',
    (c, key) => c.select(key, [5] as unknown as string[]),
    /^bins: a bin name is a string, not 5/,
  ],
  [
    'a number to append',
    (c, key) => c.append(key, 'a', 5 as unknown as string),
    /^append: the value is a string or bytes/,
  ],
  [
    'text to increment by',
    (c, key) => c.increment(key, 'a', '5' as unknown as number),
    /^increment: the value is a number/,
  ],
  ['no bins to remove', (c, key) => c.removeBin(key, []), /^bins: a bin name or a list of them is needed/],
  ['no operations', (c, key) => c.operate(key, []), /^ops: a list of at least one operation is needed/],
  ['an operation without a bin', (c, key) => c.operate(key, [{ op: 2, val: 1 }]), /^ops\[0\]: a bin name is a string/],
  ['an unknown operation', (c, key) => c.operate(key, [op.touch(), { op: 77 }]), /^ops\[1\].op: .* not 77/],
  ['invalid keys', c => c.batchRead('keys' as unknown as Key[]), /^keys: an array of keys is needed/],
  [
    'one wrong key of many',
    (c, key) => c.batchRead([key, ['test'] as unknown as Key]),
    /^keys\[1\]: key: .* an array of 1/,
  ],
  ['no columns', (c, key) => c.batchReadColumns([key], {}), /^schema: at least one column is needed/],
  [
    'a wrong column type',
    (c, key) => c.batchReadColumns([key], { a: 'int' as 'i32' }),
    /^schema.a: .*"int" is no column type/,
  ],
  ['a wrong width', (c, key) => c.batchReadColumns([key], { a: ['f32', 0] }), /^schema.a: the width is an integer/],
  [
    'a long column name',
    (c, key) => c.batchReadColumns([key], { 'sixteen-bytes-xx': 'i8' }),
    /^schema: .* longer than 15/,
  ],
  ['an empty info command', c => c.infoAll(''), /^command: an info command is needed/],
  ['an empty node name', c => c.infoNode('build', ''), /^node: a node's name is needed/],
]

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test.each(REFUSALS)('%s', async (name, call, message) => {
    const key = newKey()
    await expect(call(client(), key)).rejects.toMatchObject(errorOf(name))
    await expect(call(client(), key)).rejects.toThrow(message)
    expect(await client().exists(key)).toBe(false)
  })

  test('a refused call among others leaves them alone', async () => {
    const keys = newKey.many(20)
    const calls = keys.map((key, n) => client().put(key, { n: n % 4 === 1 ? (new Date(0) as unknown as Value) : n }))
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.map(({ status }) => status)).toEqual(keys.map((_, n) => (n % 4 === 1 ? 'rejected' : 'fulfilled')))
    const rows = await client().batchRead(keys)
    expect(rows.toArray().map(row => row.record?.bins.n)).toEqual(keys.map((_, n) => (n % 4 === 1 ? undefined : n)))
  })

  test('a getter that throws is the error of its call', async () => {
    const [bad, good] = newKey.many(2) as [Key, Key]
    const thrown = new Error('from the getter')
    const trap = {
      good: 1,
      get temp(): number {
        throw thrown
      },
    }
    const calls = Promise.allSettled([client().put(bad, trap), client().put(good, { a: 1 })])
    expect(await calls).toMatchObject([{ status: 'rejected', reason: thrown }, { status: 'fulfilled' }])
    expect([await client().exists(bad), await client().exists(good)]).toEqual([false, true])
  })

  test('a namespace that the server does not know', async () => {
    const unknown = newKey('any', 'unknown')
    const error = { name: 'ServerError', code: 'INVALID_NAMESPACE', resultCode: 20, inDoubt: false, key: unknown }
    await expect(client().put(unknown, { a: 1 })).rejects.toMatchObject(error)
    await expect(client().get(unknown)).rejects.toMatchObject(error)
    await expect(client().exists(unknown)).rejects.toMatchObject(error)
    await expect(client().remove(unknown)).rejects.toMatchObject(error)
    await expect(client().operate(unknown, [op.read('a')])).rejects.toThrow(/unknown/)
  })

  test('a bin name that only the server refuses', async () => {
    const key = newKey()
    await expect(client().put(key, { 'a\0b': 1 })).rejects.toBeInstanceOf(BinNameError)
    await expect(client().put(key, { 'a\0b': 1 })).rejects.toMatchObject({ code: 'BIN_NAME', resultCode: 21, key })
    expect(await client().exists(key)).toBe(false)
  })

  test('a record over the limit of the server', async () => {
    const key = newKey()
    await client().put(key, { a: 1 })
    for (const size of [1 << 20, 5_000_000]) {
      const large = client().put(key, { large: 'x'.repeat(size) }, null, { totalTimeout: 10_000 })
      await expect(large).rejects.toBeInstanceOf(RecordTooBigError)
    }
    const parts = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`b${index}`, Buffer.alloc(100_000)]))
    await expect(client().put(key, parts)).rejects.toMatchObject({
      name: 'RecordTooBigError',
      code: 'RECORD_TOO_BIG',
      resultCode: 13,
      inDoubt: false,
      key,
    })
    expect(await client().get(key)).toMatchObject({ bins: { a: 1 }, gen: 1 })
  })

  test('a record that grows over the limit', async () => {
    const key = newKey()
    await client().put(key, { text: 'x'.repeat(900_000) })
    await expect(client().append(key, 'text', 'y'.repeat(200_000))).rejects.toMatchObject({
      name: 'RecordTooBigError',
      key,
    })
    expect((await client().get(key)).bins.text).toHaveLength(900_000)
  })

  test('a limit that the server was started with', async () => {
    await using server = await LocalServer.start({ maxRecordSize: 2000 })
    const small = await kind.connect({ hosts: server.address })
    const key = newKey()
    await small.put(key, { a: 'x'.repeat(1000) })
    await expect(small.put(key, { a: 'x'.repeat(3000) })).rejects.toMatchObject({ name: 'RecordTooBigError', key })
    await small.close()
  })
})

test('nothing of all that is sent', async () => {
  await using proxy = await startProxy()
  const client = await CLIENTS[0]!.connect({ hosts: proxy.address, seedOnlyCluster: true })
  await client.exists(newKey())
  const key = newKey()
  for (const [name, call] of REFUSALS) await expect(call(client, key), name).rejects.toMatchObject(errorOf(name))
  await client.exists(newKey())
  expect(proxy.sent).toHaveLength(2)
  await client.close()
})
