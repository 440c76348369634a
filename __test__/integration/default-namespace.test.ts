// Keys without a namespace, on clients that have a default one.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { batchRow, ClientSync, connect, type KeyLike, op } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore, rejection } from '../helpers/clients'

const SET = 'default-namespace'
const { address } = inject('aerospike')
const short = (id: string | number): readonly [string, string | number] => [SET, id]

beforeAll(async () => {
  await using client = await connect(`aerospike://${address}/test`)
  for (const id of ['a', 'b']) await client.put(short(id), { name: id })
})
afterAll(async () => {
  await using client = await connect({ hosts: address })
  await client.truncate('test', SET)
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind, { uri: `aerospike://${address}/test`, hosts: undefined })

  test('every command on one record takes short keys', async () => {
    const key = short(`commands-${kind.name}`)
    await client().put(key, { n: 1, s: 'b' })
    expect((await client().get(['test', SET, key[1]])).bins).toEqual({ n: 1, s: 'b' })
    await client().increment(key, 'n', 1)
    await client().append(key, 's', 'c')
    await client().prepend(key, 's', 'a')
    await client().touch(key, 100)
    const { bins } = await client().operate(key, [op.read('n'), op.read('s')])
    expect(bins).toEqual({ n: 2, s: 'abc' })
    expect((await client().operateOrdered(key, [op.read('n')])).results).toEqual([['n', 2]])
    expect((await client().select(key, ['n'])).bins).toEqual({ n: 2 })
    await client().removeBin(key, 'n')
    expect((await client().getOrNull(key))?.bins).toEqual({ s: 'abc' })
    expect(await client().exists(key)).toBe(true)
    expect(await client().getMeta(key)).toMatchObject({ gen: 6 })
    const read = await client().get(key)
    expect(read.key).toMatchObject({ namespace: 'test', set: SET, userKey: key[1] })
    await client().remove(key)
    const error = await rejection(client().get(key))
    expect(error).toMatchObject({ code: 'RECORD_NOT_FOUND', key: { namespace: 'test', set: SET } })
  })

  test('batches, columns and streams take short keys', async () => {
    const keys: KeyLike[] = [short('a'), ['test', SET, 'b']]
    const rows = await client().batchRead(keys)
    expect(rows.toArray().map(row => row.record?.bins)).toEqual([{ name: 'a' }, { name: 'b' }])
    expect(rows.get(short('b'))?.record?.bins).toEqual({ name: 'b' })
    expect(rows.get(['test', SET, 'a'])?.index).toBe(0)
    const columns = await client().batchReadColumns(keys, { name: 'utf8' })
    expect([columns.columns.name.get(0), columns.columns.name.get(1)]).toEqual(['a', 'b'])
    const mixed = await client().batch([batchRow.read(short('a')), batchRow.operate(short('b'), [op.read('name')])])
    expect(mixed.toArray().map(row => row.record?.bins)).toEqual([{ name: 'a' }, { name: 'b' }])
    const stream: unknown[] = []
    for await (const row of client().batchStream([batchRow.read(short('a'))])) stream.push(row.record?.bins)
    expect(stream).toEqual([{ name: 'a' }])
    expect((await client().batchWrite([{ key: short('w'), bins: { n: 1 } }])).ok).toBe(true)
    expect((await client().batchRemove([short('w')])).found).toBe(1)
  })

  test('a query can start after a short key', async () => {
    const all = await client()
      .query('test', SET)
      .partitions({ after: short('a') })
      .results()
    expect(all.every(record => record.key.set === SET)).toBe(true)
  })

  test('diagnostics name the namespace', async () => {
    const seen: unknown[] = []
    const listen = (message: unknown): void => {
      seen.push(message)
    }
    subscribe('tracing:aerospike-napi:command:start', listen)
    onTestFinished(() => void unsubscribe('tracing:aerospike-napi:command:start', listen))
    await client().exists(short('a'))
    await client().batchRead([short('a')])
    expect(seen).toMatchObject([
      { command: 'exists', namespace: 'test', set: SET },
      { command: 'batchRead', namespace: 'test', set: SET },
    ])
  })
})

describe.each(CLIENTS)('$name without a default namespace', kind => {
  const client = connectBefore(kind)
  const refused = (call: (client: Commands) => Promise<unknown>): Promise<unknown> => rejection(call(client()))

  test('refuses short keys, and says what is missing', async () => {
    const message = /a Key or \[namespace, set, userKey\] is needed, not an array of 2; .*\(config.namespace\)/
    for (const call of [
      (c: Commands) => c.get(short('a')),
      (c: Commands) => c.put(short('a'), { n: 1 }),
      (c: Commands) => c.batchRead([short('a')]),
      (c: Commands) => c.batchWrite([{ key: short('a'), bins: { n: 1 } }]),
      (c: Commands) => c.batchReadColumns([short('a')], { name: 'utf8' }),
    ]) {
      expect(await refused(call)).toMatchObject({
        name: 'InvalidArgError',
        message: expect.stringMatching(message),
      })
    }
    expect(() => client().batchStream([batchRow.read(short('a'))])).toThrow(message)
  })
})

test('a URI connects', async () => {
  await using client = await connect(`aerospike://${address}/test?totalTimeout=5000`)
  expect((await client.get(short('a'))).bins).toEqual({ name: 'a' })
  using sync = new ClientSync(`aerospike://${address},/test`).connect()
  expect(sync.get(short('a')).bins).toEqual({ name: 'a' })
})
