// `update`: compare-and-set.
import {
  AbortError,
  type Bins,
  ClientSync,
  GeoJSON,
  InvalidArgError,
  lists,
  op,
  RecordGenerationError,
  RecordNotFoundError,
} from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const key = keysOf('update')

/** Another client, whose writes are done when they return. */
const otherClient = (): ClientSync => new ClientSync({ hosts: inject('aerospike').address }).connect()

interface Counter {
  n: number
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const gen = async (k: ReturnType<typeof key>): Promise<number | undefined> => (await client().getMeta(k))?.gen

  test('writes what the function returns, and returns the record after it', async () => {
    const k = key()
    await client().put(k, { n: 1, other: 'x' })
    const record = await client().update<{ n: number; other: string }>(k, bins => ({ ...bins, n: bins.n + 1 }))
    expect(record.bins).toEqual({ n: 2, other: 'x' })
    expect(record.key).toEqual(k)
    expect(await client().get(k)).toMatchObject({ bins: { n: 2, other: 'x' }, gen: record.gen })
    expect(record.gen).toBe(2)
  })

  test('the function may change its argument', async () => {
    const k = key()
    await client().put(k, { list: [1], map: { a: 1 } })
    const record = await client().update<{ list: number[]; map: { a: number } }>(k, bins => {
      bins.list.push(2)
      bins.map.a = 5
      return bins
    })
    expect(record.bins).toEqual({ list: [1, 2], map: { a: 5 } })
    expect((await client().get(k)).bins).toEqual({ list: [1, 2], map: { a: 5 } })
  })

  test('the function gets the record, too', async () => {
    const k = key()
    await client().put(k, { n: 1 }, { ttl: 1000 })
    let seen: unknown
    await client().update(k, (bins, record) => {
      seen = { gen: record.gen, key: record.key, same: record.bins === bins }
      return bins
    })
    expect(seen).toEqual({ gen: 1, key: k, same: true })
  })

  test('bins that the result lacks are removed, be they missing, undefined or null', async () => {
    const k = key()
    await client().put(k, { n: 1, a: 1, b: 2, c: 3 })
    const record = await client().update(k, bins => ({ n: bins.n, a: undefined, b: null }) as unknown as Bins)
    expect(record.bins).toEqual({ n: 1 })
    expect((await client().get(k)).bins).toEqual({ n: 1 })
  })

  test('nothing is written if nothing changes', async () => {
    const k = key()
    await client().put(k, { n: 1, s: 'x', list: [1, { a: 1 }], at: GeoJSON.Point(1, 2), bytes: Buffer.of(1) })
    const record = await client().update(k, bins => ({ ...bins }))
    expect(record.gen).toBe(1)
    expect(await gen(k)).toBe(1)
  })

  test('a TTL is renewed even if nothing changes', async () => {
    const k = key()
    await client().put(k, { n: 1 }, { ttl: 100 })
    const record = await client().update(k, bins => bins, { ttl: 5000 })
    expect(record.gen).toBe(2)
    expect((await client().get(k)).ttl).toBeGreaterThan(4000)
  })

  test('unchanged bins keep what JavaScript values do not show', async () => {
    const k = key()
    await client().operate(k, [lists.setOrder('sorted', 'ordered'), lists.append('sorted', 3), op.write('n', 1)])
    await client().update<{ n: number }>(k, bins => ({ ...bins, n: 2 }))
    await client().operate(k, [lists.append('sorted', 1)])
    expect((await client().get(k)).bins).toEqual({ sorted: [1, 3], n: 2 })
  })

  test('starts again with the new bins if the record was written in between', async () => {
    const k = key()
    await client().put(k, { n: 1 })
    const others = [10, 20]
    const seen: number[] = []
    const other = otherClient()
    const record = await client().update<Counter>(k, ({ n }) => {
      seen.push(n)
      const write = others.shift()
      if (write !== undefined) other.put(k, { n: write })
      return { n: n + 1 }
    })
    other.close()
    expect(seen).toEqual([1, 10, 20])
    expect(record.bins).toEqual({ n: 21 })
    expect((await client().get(k)).bins).toEqual({ n: 21 })
  })

  test('gives up after its retries, with the last conflict as cause', async () => {
    const k = key()
    await client().put(k, { n: 0 })
    const other = otherClient()
    let calls = 0
    const error = await rejection(
      client().update<Counter>(
        k,
        ({ n }) => {
          calls++
          other.increment(k, 'n', 1)
          return { n: n + 100 }
        },
        { retries: 3, backoff: 0 },
      ),
    )
    other.close()
    expect(calls).toBe(4)
    expect(error).toBeInstanceOf(RecordGenerationError)
    expect(error).toMatchObject({
      code: 'RECORD_GENERATION',
      attempts: 4,
      inDoubt: false,
      key: k,
      message: `Another write changed the record during each of 4 attempts; nothing was written (update ${k})`,
      cause: { name: 'RecordGenerationError', resultCode: 3 },
    })
    expect((await client().get(k)).bins).toEqual({ n: 4 })
  })

  test('a missing record is an error, unless it may be created', async () => {
    const k = key()
    expect(await rejection(client().update<Counter>(k, bins => bins))).toBeInstanceOf(RecordNotFoundError)
    const record = await client().update<Counter>(k, bins => ({ n: (bins?.n ?? 0) + 1 }), { create: true })
    expect(record).toMatchObject({ bins: { n: 1 }, gen: 1 })
    const again = await client().update<Counter>(k, bins => ({ n: (bins?.n ?? 0) + 1 }), { create: true })
    expect(again).toMatchObject({ bins: { n: 2 }, gen: 2 })
  })

  test('a record that another call creates or removes in between is a conflict', async () => {
    const k = key()
    const other = otherClient()
    const steps = [() => other.put(k, { n: 5 }), () => other.remove(k)]
    const seen: unknown[] = []
    const record = await client().update<Counter>(
      k,
      bins => {
        seen.push(bins)
        steps.shift()?.()
        return { n: (bins?.n ?? 0) + 1 }
      },
      { create: true },
    )
    expect(seen).toEqual([null, { n: 5 }, null])
    expect(record.bins).toEqual({ n: 1 })
    const gone = client().update<Counter>(k, bins => {
      other.remove(k)
      return { n: bins.n + 1 }
    })
    expect(await rejection(gone)).toBeInstanceOf(RecordNotFoundError)
    other.close()
    expect(await client().exists(k)).toBe(false)
  })

  test('a client that retries writes does not take its own write for a conflict', async () => {
    const k = key()
    const retrying = await kind.connect({ policies: { write: { maxRetries: 5, key: 'send' } } })
    await retrying.put(k, { n: 1 })
    await retrying.update<Counter>(k, ({ n }) => ({ n: n + 1 }))
    expect((await retrying.get(k)).bins).toEqual({ n: 2 })
    await retrying.close()
  })

  test('what the function throws is thrown, and nothing is written', async () => {
    const k = key()
    await client().put(k, { n: 1 })
    const thrown = new Error('no')
    const error = await rejection(
      client().update(k, () => {
        throw thrown
      }),
    )
    expect(error).toBe(thrown)
    expect(await gen(k)).toBe(1)
  })

  test.each<[unknown, RegExp]>([
    [undefined, /update: the function returned undefined; it must return the bins to store/],
    [null, /update: the function returned null/],
    [5, /update: the result of the function: an object is needed, not 5/],
    [[], /update: the result of the function: an object is needed, not an array/],
    [{}, /update: the function returned no bins; use remove to delete a record/],
    [{ n: null }, /update: the function returned no bins/],
    [{ n: Symbol('x') }, /n: a symbol cannot be stored/],
    [{ n: [undefined] }, /n.*: undefined cannot be stored/],
    [{ [`bin${'x'.repeat(15)}`]: 1 }, /is longer than 15 bytes/],
  ])('a result of %o is refused, and nothing is written', async (result, message) => {
    const k = key()
    await client().put(k, { n: 1 })
    const error = await rejection(client().update(k, () => result as Bins))
    expect((error as Error).name).toMatch(/^(?:InvalidArgError|BinNameError)$/)
    expect((error as Error).message).toMatch(message)
    expect(await gen(k)).toBe(1)
  })

  test.each<[object, RegExp]>([
    [{ retries: -1 }, /update.retries: an integer from 0/],
    [{ retries: 1.5 }, /update.retries/],
    [{ backoff: -1 }, /update.backoff.initial: a number of at least 0/],
    [{ backoff: 'slow' }, /update.backoff: milliseconds or \{ initial, factor, max \} are needed/],
    [{ backoff: { factor: 0.5 } }, /update.backoff.factor: a number of at least 1/],
    [{ backoff: { min: 5 } }, /update.backoff: unknown option "min"/],
    [{ create: 1 }, /update.create: true or false is needed, not 1/],
    [{ ttl: 'long' }, /ttl: an integer/],
    [{ tries: 5 }, /update: unknown option "tries"/],
    [{ policies: { batch: {} } }, /update.policies: unknown option "batch"/],
    [{ policies: { write: { exists: 'replace' } } }, /update.policies.write.exists: update sets it itself/],
    [{ policies: { write: { gen: 'gt' } } }, /update.policies.write.gen: update sets it itself/],
    [{ policies: { write: { maxRetries: 2 } } }, /update.policies.write.maxRetries: update sets it itself/],
    [{ policies: { read: { nonsense: 2 } } }, /read policy: unknown option "nonsense"/],
  ])('options %j are refused', async (options, message) => {
    const k = key()
    await client().put(k, { n: 1 })
    const error = await rejection(client().update<Counter>(k, ({ n }) => ({ n: n + 1 }), options))
    expect(error).toBeInstanceOf(InvalidArgError)
    expect((error as Error).message).toMatch(message)
    expect(await gen(k)).toBe(1)
  })

  test('a function is needed', async () => {
    const error = await rejection(client().update(key(), 5 as unknown as (bins: Bins) => Bins))
    expect(error).toMatchObject({ name: 'InvalidArgError', message: 'update: a function is needed, not 5' })
  })
})

const [asynchronous, blocking] = CLIENTS

describe.each([asynchronous as (typeof CLIENTS)[number]])('$name', kind => {
  const client = connectBefore(kind)

  test('many concurrent updates lose nothing', async () => {
    const k = key()
    const updates = Array.from({ length: 20 }, () =>
      client().update<Counter>(k, bins => ({ n: (bins?.n ?? 0) + 1 }), { create: true, retries: 1000 }),
    )
    const records = await Promise.all(updates)
    expect((await client().get(k)).bins).toEqual({ n: 20 })
    expect(new Set(records.map(record => record.bins.n)).size).toBe(20)
  })

  test('the function may be asynchronous', async () => {
    const k = key()
    await client().put(k, { n: 1 })
    const record = await client().update<Counter>(k, async ({ n }) => {
      const { bins } = await client().get<Counter>(k)
      return { n: n + bins.n }
    })
    expect(record.bins).toEqual({ n: 2 })
  })

  test('a signal ends the attempts', async () => {
    const k = key()
    await client().put(k, { n: 1 })
    const controller = new AbortController()
    const reason = new Error('enough')
    const error = await rejection(
      client().update<Counter>(
        k,
        async ({ n }) => {
          await client().increment(k, 'n', 1)
          controller.abort(reason)
          return { n: n + 1 }
        },
        { signal: controller.signal, retries: 1000 },
      ),
    )
    expect(error).toBeInstanceOf(AbortError)
    expect(error).toMatchObject({ cause: reason, inDoubt: false })
    expect((await client().get(k)).bins).toEqual({ n: 2 })
  })
})

describe.each([blocking as (typeof CLIENTS)[number]])('$name', kind => {
  const client = connectBefore(kind)

  test('refuses a promise and a signal', async () => {
    const k = key()
    await client().put(k, { n: 1 })
    const promise = client().update<Counter>(k, async bins => bins)
    expect(await rejection(promise)).toMatchObject({
      name: 'InvalidArgError',
      message: 'update: the function returned a promise, which ClientSync does not wait for',
    })
    const { signal } = new AbortController()
    expect(await rejection(client().update<Counter>(k, bins => bins, { signal }))).toMatchObject({
      name: 'InvalidArgError',
      message: 'update.signal: a blocking call cannot be aborted',
    })
  })
})
