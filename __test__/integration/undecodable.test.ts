// Values that cannot be read: each is an error of its own row, and a write says that it was applied.
import { randomUUID } from 'node:crypto'
import {
  type AerospikeRecord,
  type BatchRow,
  batchRow,
  ClientError,
  GeoJSON,
  type Key,
  type Operation,
  op,
  Particle,
} from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const BIG = 2n ** 60n
const module = `undecodable${randomUUID().slice(0, 8)}`
const SOURCE = `
function n(rec) return rec['n'] end
local function of(rec) return rec['n'] end
function all(stream) return stream : map(of) end
`

describe.each(CLIENTS)('$name', kind => {
  const newKey = keysOf('undecodable')
  const { set } = newKey()
  const client = connectBefore(kind, { int64: 'number' })
  const plain = connectBefore(kind)

  /** Records with n 0 to 4, of which that of row 2 does not fit a number. */
  async function mixed(): Promise<Key[]> {
    const keys = newKey.many(5)
    await client().batchWrite(keys.map((key, n) => ({ key, bins: { n: n === 2 ? BIG : n, s: `s${n}` } })))
    return keys
  }
  const failure = (key: Key | undefined, bin = 'n') => ({
    name: 'ClientError',
    key,
    message: expect.stringMatching(new RegExp(`bin ${bin}: .*${BIG}.*${key}`)),
  })

  beforeAll(async () => {
    await (await plain().udfRegister({ name: `${module}.lua`, source: SOURCE })).wait()
  })
  afterAll(async () => {
    await plain().udfRemove(module)
  })

  test('batchRead: the row has the error, the others their records', async () => {
    const keys = await mixed()
    const rows = await client().batchRead(keys)
    expect(rows.ok).toBe(false)
    expect(rows.succeeded).toBe(4)
    expect([...rows].map(row => row.record?.bins.n)).toEqual([0, 1, undefined, 3, 4])
    expect(rows.at(2)).toMatchObject({ record: null, resultCode: -1, inDoubt: false, error: failure(keys[2]) })
    expect(rows.at(2)?.error).toBeInstanceOf(ClientError)
    expect([...rows.toMap().values()].map(record => record.bins.s)).toEqual(['s0', 's1', 's3', 's4'])
    expect(Object.keys(rows.toObject())).toHaveLength(4)
    expect(() => rows.throwIfFailed()).toThrow(/bin n: /)
    expect(rows.get(keys[2] as Key)?.error).toBe(rows.at(2)?.error)
    expect((await plain().batchRead(keys)).ok).toBe(true)
  })

  test('batchOperate and batch: a row that writes says that it was applied', async () => {
    const keys = await mixed()
    const change = [op.incr('m', 1), op.read('n')]
    const check = (row: BatchRow | undefined): void => {
      expect(row).toMatchObject({ record: null, inDoubt: true, error: { ...failure(keys[2]), inDoubt: true } })
      expect(row?.error?.message).toMatch(/^the write was applied, but its answer cannot be read: /)
    }
    const operated = await client().batchOperate(keys, change)
    expect(operated.toArray().map(row => row.error === null)).toEqual([true, true, false, true, true])
    check(operated.at(2))
    const rows = await client().batch([
      batchRow.operate(keys[2] as Key, change),
      batchRow.read(keys[2] as Key),
      batchRow.read(keys[3] as Key),
    ])
    check(rows.at(0))
    expect(rows.at(1)).toMatchObject({ inDoubt: false, error: { ...failure(keys[2]), inDoubt: false } })
    expect(rows.at(2)?.record?.bins.n).toBe(3)
    expect((await plain().get(keys[2] as Key)).bins.m).toBe(2)
  })

  test('batchStream: the rows behind it come', async () => {
    const keys = await mixed()
    const told: (string | undefined)[] = []
    for await (const row of client().batchStream([
      ...keys.map(key => batchRow.read(key)),
      batchRow.operate(keys[2] as Key, [op.incr('m', 1), op.read('n')]),
      batchRow.read(keys[4] as Key, ['s']),
    ])) {
      told[row.index] =
        row.error === null ? String(row.record?.bins.s) : `${row.error.message.slice(0, 21)} ${row.inDoubt}`
    }
    expect(told).toEqual(['s0', 's1', 'bin n: the integer 11 false', 's3', 's4', 'the write was applied true', 's4'])
  })

  test('increment: the call says that it was applied', async () => {
    const [, , key] = (await mixed()) as [Key, Key, Key, Key, Key]
    const error = await rejection(client().increment(key, 'n', 1))
    expect(error).toMatchObject({ name: 'ClientError', inDoubt: true, key })
    expect((error as Error).message).toMatch(/^the write was applied, but its answer cannot be read: bin n: /)
    expect((await plain().get(key)).bins.n).toBe(BIG + 1n)
  })

  test('batchApply and apply: a result', async () => {
    const keys = await mixed()
    const rows = await client().batchApply(keys, module, 'n')
    expect(rows.toArray().map(row => row.result)).toEqual([0, 1, undefined, 3, 4])
    expect(rows.at(2)).toMatchObject({ inDoubt: true, error: { inDoubt: true, key: keys[2] } })
    const error = await rejection(client().apply(keys[2] as Key, module, 'n'))
    expect(error).toMatchObject({ name: 'ClientError', inDoubt: true, key: keys[2] })
    expect((error as Error).message).toMatch(
      new RegExp(`^the write was applied, .*the result of the function: .*${BIG}.*${keys[2]}`),
    )
  })

  test('operate and operateOrdered: a write says that it was applied, a read is not in doubt', async () => {
    const [, , key] = (await mixed()) as [Key, Key, Key]
    const change = [op.incr('m', 1), op.read('n')]
    const calls = [
      (ops: Operation[]): Promise<unknown> => client().operate(key, ops),
      (ops: Operation[]): Promise<unknown> => client().operateOrdered(key, ops),
    ]
    for (const call of calls) {
      const error = await rejection(call(change))
      expect(error).toMatchObject({ name: 'ClientError', key, inDoubt: true })
      expect((error as Error).message).toMatch(/^the write was applied, but its answer cannot be read: bin n: /)
    }
    expect((await plain().get(key)).bins.m).toBe(2)
    for (const call of calls) {
      expect(await rejection(call([op.read('n')]))).toMatchObject({ ...failure(key), inDoubt: false })
    }
    expect(await rejection(client().get(key))).toMatchObject({ ...failure(key), inDoubt: false })
    expect(await rejection(client().getOrNull(key))).toMatchObject(failure(key))
    expect(await rejection(client().select(key, ['n']))).toMatchObject(failure(key))
  })

  describe('a query', () => {
    const COUNT = 50
    const own = `${set}-query`
    const query = () => client().query<{ n: number }>('test', own)
    beforeAll(async () => {
      const keys = Array.from({ length: COUNT }, (_, n) => ['test', own, n] as const)
      await plain().batchWrite(keys.map((key, n) => ({ key, bins: { n: n % 10 === 7 ? BIG + BigInt(n) : n } })))
    })
    afterAll(() => plain().truncate('test', own))

    const check = (records: readonly AerospikeRecord<{ n: number }>[]): void => {
      expect(records).toHaveLength(COUNT)
      const unread = records.filter(record => record.error !== null)
      expect(unread).toHaveLength(COUNT / 10)
      for (const record of unread) {
        expect(record.error).toMatchObject({ name: 'ClientError', key: record.key })
        expect(record.error?.message).toMatch(/^bin n: the integer .* does not fit a number/)
        expect(() => record.bins).toThrow(record.error as Error)
        expect(record.gen).toBe(1)
        expect(record.key.digest).toHaveLength(20)
      }
      const read = records.filter(record => record.error === null).map(record => record.bins.n)
      expect(read.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, n) => n).filter(n => n % 10 !== 7))
    }

    test('a record that cannot be read is one of its own: none of the others is lost', async () => {
      check(await query().results())
      const iterated: AerospikeRecord<{ n: number }>[] = []
      for await (const record of query()) iterated.push(record)
      check(iterated)
      const chunked: AerospikeRecord<{ n: number }>[] = []
      for await (const rows of query().stream().chunks()) chunked.push(...rows)
      check(chunked)
      const paged: AerospikeRecord<{ n: number }>[] = []
      for await (const page of query().pages(7)) paged.push(...page.records)
      check(paged)
    })

    test('an aggregation names the value', async () => {
      const results = async (): Promise<unknown> => query().aggregate(module, 'all').results()
      const error = await rejection(results())
      expect(error).toMatchObject({ name: 'ClientError', inDoubt: false })
      expect((error as Error).message).toMatch(/^a result of the aggregation: the integer \d+ does not fit a number/)
    })
  })

  test('what aerospike-core cannot decode fails its own row', async () => {
    const value = new Particle(3, Buffer.from([0x66, 0xff])) // Text that is not UTF-8.
    const keys = newKey.many(6)
    await plain().batchWrite(keys.map((key, n) => ({ key, bins: n === 2 ? { b: value as never } : { b: n } })))
    const others = [0, 1, undefined, 3, 4, 5]
    const rows = await plain().batchRead(keys)
    expect(rows.toArray().map(row => row.record?.bins.b)).toEqual(others)
    expect(rows.at(2)).toMatchObject({ resultCode: -2, inDoubt: false, error: { name: 'ClientError', key: keys[2] } })
    const streamed: unknown[] = []
    for await (const row of plain().batchStream(keys.map(key => batchRow.read(key)))) {
      streamed[row.index] = row.record?.bins.b
    }
    expect(streamed).toEqual(others)
    expect(await rejection(plain().get(keys[2] as Key))).toMatchObject({ name: 'ClientError', key: keys[2] })
  })

  test('invalid GeoJSON is read as it is stored', async () => {
    const [one, other] = newKey.many(2) as [Key, Key]
    const text = 'not JSON'
    // A list with one GeoJSON value, as servers keep it.
    const list = Buffer.from([0x91, 0xa0 | (text.length + 1), 23, ...Buffer.from(text)])
    await plain().put(one, { l: new Particle(20, list) as unknown as string, n: 1 })
    await plain().put(other, { l: [GeoJSON.Point(1, 2)], n: 2 })
    for (const { bins } of [await plain().get(one), await plain().operate(one, [op.read('l'), op.read('n')])]) {
      const [value] = bins.l as [GeoJSON]
      expect(value).toBeInstanceOf(GeoJSON)
      expect([value.json, String(value)]).toEqual([text, text])
      expect(() => value.value()).toThrow(SyntaxError)
      expect(JSON.stringify(bins.l)).toBe(JSON.stringify([text]))
    }
    const rows = await plain().batchRead([one, other])
    expect(rows.ok).toBe(true)
    // It can be written back.
    const { bins } = await plain().get(one)
    await plain().put(other, { l: bins.l as never })
    expect(((await plain().get(other)).bins.l as [GeoJSON])[0].json).toBe(text)
    expect(() => new GeoJSON(text)).toThrow(/valid JSON/)
  })
})
