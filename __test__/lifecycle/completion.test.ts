// The guarantees of the boundary: fairness to the event loop, isolation of failures, aborts and slots.
import { getEventListeners } from 'node:events'
import { AbortError, type Client, ClientError, connect, InvalidArgError, Key } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { runScript } from '../helpers/script'

const { address } = inject('aerospike')
const set = 'completion'
let client: Client

beforeAll(async () => {
  client = await connect({ hosts: address, totalTimeout: 10_000 })
  await Promise.all(Array.from({ length: 500 }, (_, id) => client.put(['test', set, id], { id })))
})

afterAll(() => client.close())

describe('the event loop', () => {
  test('gets its turn while 256 calls in flight keep the thread busy', async () => {
    // 256 loops of 200 reads, 20 us of work after each: without bounds, a wake would drain and run all of it at once.
    let turns = 0
    let done = false
    const count = (): void => {
      turns++
      if (!done) setImmediate(count)
    }
    setImmediate(count)
    const loop = async (): Promise<void> => {
      for (let read = 0; read < 100; read++) {
        await client.get(['test', set, read])
        const until = process.hrtime.bigint() + 20_000n
        while (process.hrtime.bigint() < until);
      }
    }
    await Promise.all(Array.from({ length: 256 }, loop))
    done = true
    // At most 64 replies a turn: 25,600 replies are at least 400 turns, whatever the machine's speed.
    expect(turns).toBeGreaterThanOrEqual(400)
  })
})

describe('a failure', () => {
  test('of one reply does not touch those beside it', async () => {
    const wide = new Key('test', set, 'wide')
    await client.put(wide, { big: 2n ** 60n })
    const numbers = await connect({ hosts: address, int64: 'number' })
    const settled = await Promise.allSettled([
      ...Array.from({ length: 50 }, (_, id) => numbers.get(['test', set, id])),
      numbers.get(wide),
      ...Array.from({ length: 50 }, (_, id) => numbers.get(['test', set, id])),
    ])
    const failed = settled.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    expect(failed).toHaveLength(1)
    expect(failed[0]).toBeInstanceOf(ClientError)
    expect(failed[0].message).toContain(`${2n ** 60n}`)
    await numbers.close()
  })

  test('of a getter leaves no trace in the block', async () => {
    const key = ['test', set, 'getter'] as const
    const thrown = new Error('from a getter')
    const bins = {
      a: 1,
      get b(): number {
        throw thrown
      },
    }
    const before = client.put(['test', set, 'before'], { a: 1 })
    const failing = client.put(key, bins)
    const after = client.put(['test', set, 'after'], { a: 2 })
    await expect(failing).rejects.toBe(thrown)
    await Promise.all([before, after])
    expect(await client.exists(key)).toBe(false)
    expect((await client.get(['test', set, 'after'])).bins).toEqual({ a: 2 })
  })

  test('of an argument is the call`s own', async () => {
    const good = client.get(['test', set, 1])
    const bad = client.put(['test', set, 'x'], { fn: (() => 1) as unknown as number })
    await expect(bad).rejects.toBeInstanceOf(InvalidArgError)
    expect((await good).bins).toEqual({ id: 1 })
  })
})

describe('a getter', () => {
  test('may call the client', async () => {
    let inner: Promise<void> | undefined
    const bins = {
      a: 1,
      get b(): number {
        inner = client.put(['test', set, 'inner'], { z: 3 })
        return 2
      },
      c: 'after',
    }
    await client.put(['test', set, 'outer'], bins)
    await inner
    expect((await client.get(['test', set, 'outer'])).bins).toEqual({ a: 1, b: 2, c: 'after' })
    expect((await client.get(['test', set, 'inner'])).bins).toEqual({ z: 3 })
  })
})

describe('a burst of calls', () => {
  test('leaves no memory behind on this thread, and slots that are right', async () => {
    expect(await runScript('burst', address)).toEqual({ code: 0, signal: null, output: 'nothing is left' })
  })
})

describe('an abort', () => {
  test('ends every call of its signal at once, and slots that are used again get their own replies', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reads = Array.from({ length: 2000 }, (_, id) => client.get(['test', set, id % 500], { signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    controller.abort(new Error('enough'))
    const settled = await Promise.allSettled(reads)
    const reasons = settled.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    expect(reasons.length).toBe(2000)
    expect(reasons[0]).toBeInstanceOf(AbortError)
    expect(reasons[0]).toMatchObject({ code: 'ABORT_ERR', inDoubt: false, cause: new Error('enough') })
    const again = await Promise.all(Array.from({ length: 3000 }, (_, id) => client.get(['test', set, id % 500])))
    expect(again.every((record, id) => record.bins.id === id % 500)).toBe(true)
  })

  test('before the call sends nothing', async () => {
    const key = ['test', set, 'aborted'] as const
    const signal = AbortSignal.abort()
    await expect(client.put(key, { a: 1 }, null, { signal })).rejects.toMatchObject({
      name: 'AbortError',
      inDoubt: false,
    })
    expect(await client.exists(key)).toBe(false)
  })

  test('leaves no listener on a signal that outlives its calls', async () => {
    const { signal } = new AbortController()
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, id) => client.get(['test', set, id], { signal })))
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('while columns arrive leaves the others alone', async () => {
    const controller = new AbortController()
    const keys = Array.from({ length: 2000 }, (_, id) => new Key('test', set, id % 500))
    const aborted = client.batchReadColumns(keys, { id: 'i32' }, { signal: controller.signal })
    const kept = client.batchReadColumns(keys, { id: 'i32' })
    controller.abort()
    await expect(aborted).rejects.toBeInstanceOf(AbortError)
    expect((await kept).columns.id[499]).toBe(499)
  })
})
