import { Client, ClientSync, type Key, op } from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('concurrency')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind, { totalTimeout: 10_000 })

  test('commands of every kind in one tick each get their own answer', async () => {
    const keys = newKey.many(60)
    await Promise.all(keys.map((key, n) => client().put(key, { n, text: `n${n}` })))
    const missing = newKey()
    const rounds = keys.map(async (key, n) => {
      const [get, none, select, exists, meta, operate, ordered, batch, columns, failed] = await Promise.all([
        client().get(key),
        client().getOrNull(missing),
        client().select(key, ['text']),
        client().exists(key),
        client().getMeta(key),
        client().operate(key, [op.read('n')]),
        client().operateOrdered(key, [op.read('text'), op.read('n')]),
        client().batchRead([key, missing]),
        client().batchReadColumns([missing, key], { n: 'i32' }),
        client()
          .get(missing)
          .catch((error: Error) => error.name),
      ])
      expect(get.bins).toEqual({ n, text: `n${n}` })
      expect([none, select.bins, exists, meta?.gen]).toEqual([null, { text: `n${n}` }, true, 1])
      expect([operate.bins, ordered.results]).toEqual([
        { n },
        [
          ['text', `n${n}`],
          ['n', n],
        ],
      ])
      expect([batch.at(0)?.record?.bins.n, batch.at(1)?.record, columns.columns.n[1], failed]).toEqual([
        n,
        null,
        n,
        'RecordNotFoundError',
      ])
    })
    expect(await Promise.all(rounds)).toHaveLength(60)
  })

  test('records of thousands of shapes', async () => {
    const keys = newKey.many(3000)
    const bins = (n: number) => ({ [`a${n}`]: n, [`b${n % 7}`]: [n], [`c${n % 1000}`]: `n${n}` })
    await Promise.all(keys.map((key, n) => client().put(key, bins(n))))
    const read = await Promise.all(keys.map(key => client().get(key)))
    const wrong = read.flatMap((record, n) => (JSON.stringify(record.bins) === JSON.stringify(bins(n)) ? [] : [n]))
    expect(wrong).toEqual([])
    const rows = await client().batchRead(keys)
    const again = keys.flatMap((_, n) => {
      return JSON.stringify(rows.at(n)?.record?.bins) === JSON.stringify(bins(n)) ? [] : [n]
    })
    expect(again).toEqual([])
  })

  test('large and small answers side by side', async () => {
    const keys = newKey.many(40)
    const text = (n: number) => String.fromCharCode(97 + (n % 26)).repeat(n % 4 === 0 ? 300_000 : n)
    await Promise.all(keys.map((key, n) => client().put(key, { text: text(n) })))
    const read = await Promise.all(keys.map(key => client().get(key)))
    expect(read.map((record, n) => record.bins.text === text(n))).toEqual(keys.map(() => true))
  })
})

describe('both clients in one thread', () => {
  test('a blocking call between calls that are under way', async () => {
    const { address: hosts } = inject('aerospike')
    await using client = await new Client({ hosts }).connect()
    using sync = new ClientSync({ hosts }).connect()
    const keys = newKey.many(200)
    const puts = keys.map((key, n) => client.put(key, { n }))
    const other = newKey()
    sync.put(other, { from: 'sync' })
    expect(sync.get(other).bins).toEqual({ from: 'sync' })
    await Promise.all(puts)
    const gets = keys.map(key => client.get(key))
    const blocking = keys.slice(0, 20).map(key => sync.get(key).bins.n)
    expect(blocking).toEqual(keys.slice(0, 20).map((_, n) => n))
    expect((await Promise.all(gets)).map(record => record.bins.n)).toEqual(keys.map((_, n) => n))
    expect(sync.batchRead(keys).succeeded).toBe(200)
  })

  test('what was called before a blocking call is sent before it', async () => {
    const { address: hosts } = inject('aerospike')
    await using client = await new Client({ hosts }).connect()
    using sync = new ClientSync({ hosts }).connect()
    const keys = newKey.many(5)
    const puts = keys.map((key, n) => client.put(key, { n }))
    // They would never be seen if they waited for the end of this tick.
    const deadline = performance.now() + 3000
    let found = 0
    while (found < 5 && performance.now() < deadline) found = sync.batchRead(keys).succeeded
    expect(found).toBe(5)
    await Promise.all(puts)
  })

  test('calls made while answers come in', async () => {
    const { address: hosts } = inject('aerospike')
    await using client = await new Client({ hosts, maxConcurrentCommands: 8 }).connect()
    const key = newKey()
    const chain = async (steps: number): Promise<void> => {
      for (let step = 0; step < steps; step++) await client.increment(key, 'n', 1)
    }
    await Promise.all(Array.from({ length: 20 }, () => chain(25)))
    const record = await client.get(key)
    expect([record.bins.n, record.gen]).toEqual([500, 500])
    const seen: Key[] = []
    await Promise.all(
      newKey.many(50).map(next =>
        client
          .exists(next)
          .then(() => client.exists(next))
          .then(() => seen.push(next)),
      ),
    )
    expect(seen).toHaveLength(50)
  })
})
