import { type BatchRow, batchRow, type Key, op } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'
import { settled } from '../helpers/until'

const newKey = keysOf('batch-stream')

async function all<B>(rows: AsyncIterable<BatchRow<B>>): Promise<BatchRow<B>[]> {
  const taken: BatchRow<B>[] = []
  for await (const row of rows) taken.push(row)
  return taken.sort((one, other) => one.index - other.index)
}

/** An iterator over the rows of a stream. That of the blocking client returns results instead of promises, which `await` takes too. */
function iterate<B>(rows: AsyncIterable<B>): AsyncIterator<B> {
  const blocking = rows as unknown as Iterable<B>
  return Symbol.asyncIterator in rows
    ? rows[Symbol.asyncIterator]()
    : (blocking[Symbol.iterator]() as unknown as AsyncIterator<B>)
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  async function filled(count: number, bins: object = {}): Promise<Key[]> {
    const keys = newKey.many(count)
    const write = await client().batchWrite(
      keys.map((key, n) => ({ key, bins: { n, ...bins } })),
      { totalTimeout: 20_000 },
    )
    expect(write.ok).toBe(true)
    return keys
  }

  // The blocking client's is an ordinary iterator, which `for await` takes too.
  const stream = (...args: Parameters<ReturnType<typeof client>['batchStream']>) => client().batchStream(...args)

  test('gives every row once, with its place', async () => {
    const keys = await filled(1500)
    const rows = await all(stream(keys.map(key => batchRow.read(key))))
    expect(rows.map(row => row.index)).toEqual(keys.map((_, n) => n))
    expect(rows.every(row => row.record?.bins.n === row.index && row.key === keys[row.index])).toBe(true)
  })

  test('streams that nobody reads leave connections to other calls and streams', { timeout: 60_000 }, async () => {
    const keys = await filled(20_000)
    const rows = keys.map(key => batchRow.read(key))
    const opened: AsyncIterator<BatchRow<unknown>>[] = []
    try {
      for (let n = 0; n < 15; n++) {
        const one = iterate(stream(rows))
        opened.push(one)
        expect((await one.next()).done).not.toBe(true)
      }
      const record = await client().get(keys[7] as Key, { totalTimeout: 20_000 })
      expect(record?.bins).toEqual({ n: 7 })
      let count = 1
      while ((await opened.at(-1)?.next())?.done === false) count++
      expect(count).toBe(keys.length)
    } finally {
      for (const one of opened) await one.return?.()
    }
  })

  test('rows of every kind, and those that fail', async () => {
    const [a, b, c, d] = (await filled(4)) as [Key, Key, Key, Key]
    const rows = await all(
      stream([
        batchRow.read(a, ['n']),
        batchRow.operate(b, [op.incr('n', 10), op.read('n')]),
        batchRow.write(c, { m: 1 }, { gen: 9 }),
        batchRow.remove(d),
        batchRow.read(newKey()),
        batchRow.read(newKey('x', 'unknown')),
      ]),
    )
    expect(rows.map(row => row.resultCode)).toEqual([0, 0, 3, 0, 2, 20])
    expect(rows.map(row => row.record?.bins)).toEqual([{ n: 0 }, { n: 11 }, undefined, undefined, undefined, undefined])
    expect(rows[2]?.error).toMatchObject({ name: 'RecordGenerationError', key: c })
  })

  test('no rows end at once', async () => {
    expect(await all(stream([]))).toEqual([])
  })

  test('no row with an answer is an error of the loop', async () => {
    const error = await rejection(all(stream([batchRow.read(newKey('x', 'unknown'))])))
    expect(error).toMatchObject({ name: 'ServerError', code: 'INVALID_NAMESPACE' })
  })

  test('a wrong row is refused at once', () => {
    expect(() => stream([batchRow.read(newKey()), { type: 'nothing' } as never])).toThrow(/^rows\[1\]: type: /)
    expect(() => stream([], { nonsense: 1 } as never)).toThrow(/^batch policy: unknown option "nonsense"/)
  })

  test('a loop that is left leaves nothing behind', async () => {
    const keys = await filled(300, { blob: Buffer.alloc(20_000) })
    for (let round = 0; round < 3; round++) {
      for await (const row of stream(keys.map(key => batchRow.read(key)))) {
        expect(row.record).not.toBeNull()
        break
      }
    }
    const rows = await all(stream(keys.map(key => batchRow.read(key))))
    expect(rows).toHaveLength(300)
  })

  test('a slow consumer gets all rows', async () => {
    const keys = await filled(400, { blob: Buffer.alloc(20_000) })
    let count = 0
    for await (const row of stream(keys.map(key => batchRow.read(key)))) {
      // The consumer rests now and then, so that the server is ahead of it.
      if (count++ % 100 === 0) await new Promise(resolve => setTimeout(resolve, 50))
      expect(row.record?.bins.n).toBe(row.index)
    }
    expect(count).toBe(400)
  })
})

describe('Client', () => {
  const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[number])

  test('an abort ends it', async () => {
    const keys = newKey.many(200)
    await client().batchWrite(
      keys.map(key => ({ key, bins: { blob: Buffer.alloc(50_000) } })),
      { totalTimeout: 20_000 },
    )
    const controller = new AbortController()
    let count = 0
    const loop = (async () => {
      for await (const _ of client().batchStream(
        keys.map(key => batchRow.read(key)),
        { signal: controller.signal },
      )) {
        if (++count === 10) controller.abort()
      }
    })()
    expect(await rejection(loop)).toMatchObject({ name: 'AbortError' })
    expect(count).toBeLessThan(200)
  })

  test('what nobody takes is not read', async () => {
    await using proxy = await startProxy()
    const seen = { bytes: 0 }
    proxy.change(message => {
      seen.bytes += message.length
      return message
    })
    const keys = newKey.many(600)
    await client().batchWrite(
      keys.map(key => ({ key, bins: { blob: Buffer.alloc(100_000) } })),
      { totalTimeout: 30_000, subBatchSize: 50 },
    )
    await using slow = await (CLIENTS[0] as (typeof CLIENTS)[number]).connect({
      hosts: proxy.address,
      seedOnlyCluster: true,
    })
    const rows = slow.batchStream(keys.map(key => batchRow.read(key)))
    await rows.next()
    await settled(() => seen.bytes, 300)
    // Of 60 MB no more than is ahead of the consumer, and what the sockets on the way hold.
    expect(seen.bytes).toBeGreaterThan(0)
    expect(seen.bytes).toBeLessThan(40_000_000)
    let count = 1
    for await (const _ of rows) count++
    expect(count).toBe(600)
  })

  test('a deadline ends it, and tells the rows that were not answered', async () => {
    await using proxy = await startProxy()
    const keys = newKey.many(40)
    await client().batchWrite(
      keys.map(key => ({ key, bins: { n: 1, blob: Buffer.alloc(50_000) } })),
      { totalTimeout: 20_000 },
    )
    await using slow = await (CLIENTS[0] as (typeof CLIENTS)[number]).connect({
      hosts: proxy.address,
      seedOnlyCluster: true,
    })
    proxy.passOnly(600_000)
    const rows = await all(
      slow.batchStream(
        keys.map((key, n) => (n % 2 ? batchRow.read(key) : batchRow.operate(key, [op.incr('n', 1), op.read('blob')]))),
        { totalTimeout: 300 },
      ),
    )
    expect(rows.map(row => row.index)).toEqual(keys.map((_, n) => n))
    const late = rows.filter(row => row.resultCode !== 0)
    expect(late.length).toBeGreaterThan(2)
    expect(late.every(row => row.resultCode === 9 && row.inDoubt === (row.index % 2 === 0))).toBe(true)
    expect(rows.length - late.length).toBeGreaterThan(2)
  })
})
