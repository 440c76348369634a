// A signal that fires when the answer is here already, and this thread has not read it yet.
import { getEventListeners } from 'node:events'
import { AbortError, type Client, connect, connectSync, type Key, op } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { keysOf } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

const newKey = keysOf('abort_answered')
const { address } = inject('aerospike')
const other = connectSync({ hosts: address })
afterAll(() => other.close())

/** Blocks this thread until all calls are answered and their replies wait to be drained. */
function untilAnswered(client: Client): void {
  const late = performance.now() + 10_000
  for (;;) {
    const { inFlight, queued } = client.stats().commands
    if (inFlight + queued === 0) return
    if (performance.now() > late) throw new Error('the calls are not answered')
  }
}

/** Makes a call, lets its answer come, and aborts it before this thread looks. */
async function abortedWhenAnswered<T>(client: Client, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const outcome = call(controller.signal)
  outcome.catch(() => {})
  await new Promise<void>(resolve => process.nextTick(resolve))
  untilAnswered(client)
  controller.abort('too late')
  return await outcome
}

const policy = (signal: AbortSignal): { signal: AbortSignal } => ({ signal })
type Call = (client: Client, key: Key, signal: AbortSignal) => Promise<unknown>

const WRITES: [string, Call][] = [
  ['put', (client, key, signal) => client.put(key, { b: 1 }, null, policy(signal))],
  ['append', (client, key, signal) => client.append(key, 'b', 'x', null, policy(signal))],
  ['prepend', (client, key, signal) => client.prepend(key, 'b', 'x', null, policy(signal))],
  ['increment', (client, key, signal) => client.increment(key, 'b', 1, null, policy(signal))],
  ['operate', (client, key, signal) => client.operate(key, [op.write('b', 1)], null, policy(signal))],
  ['operateOrdered', (client, key, signal) => client.operateOrdered(key, [op.write('b', 1)], null, policy(signal))],
  ['batchWrite', (client, key, signal) => client.batchWrite([{ key, bins: { b: 1 } }], policy(signal))],
  ['batchOperate', (client, key, signal) => client.batchOperate([key], [op.write('b', 1)], policy(signal))],
  ['batch', (client, key, signal) => client.batch([{ type: 'write' as const, key, bins: { b: 1 } }], policy(signal))],
]

const READS: [string, Call][] = [
  ['get', (client, key, signal) => client.get(key, policy(signal))],
  ['getOrNull', (client, key, signal) => client.getOrNull(key, policy(signal))],
  ['select', (client, key, signal) => client.select(key, ['a'], policy(signal))],
  ['exists', (client, key, signal) => client.exists(key, policy(signal))],
  ['getMeta', (client, key, signal) => client.getMeta(key, policy(signal))],
  ['batchRead', (client, key, signal) => client.batchRead([key], null, policy(signal))],
  ['operate that only reads', (client, key, signal) => client.operate(key, [op.read('a')], null, policy(signal))],
  ['batchOperate that only reads', (client, key, signal) => client.batchOperate([key], [op.read('a')], policy(signal))],
  ['batchReadColumns', (client, key, signal) => client.batchReadColumns([key], { a: 'i32' }, policy(signal))],
]

describe.each([
  ['alone', {}],
  ['in shared batches', { autoBatch: true }],
])('a call that goes %s', (_, config) => {
  let client: Client
  beforeAll(async () => {
    client = await connect({ hosts: address, ...config })
  })
  afterAll(() => client.close())

  test.each(WRITES)('%s settles with its answer', async (_name, call) => {
    for (let round = 0; round < 20; round++) {
      const key = newKey()
      await abortedWhenAnswered(client, signal => call(client, key, signal))
      expect(other.get(key).bins).toHaveProperty('b')
    }
  })

  test('remove and touch settle with theirs', async () => {
    for (let round = 0; round < 20; round++) {
      const key = newKey()
      other.put(key, { a: 1 })
      await abortedWhenAnswered(client, signal => client.touch(key, 1000, null, { signal }))
      expect(other.getMeta(key)?.gen).toBe(2)
      await abortedWhenAnswered(client, signal => client.remove(key, null, { signal }))
      expect(other.exists(key)).toBe(false)
    }
  })

  test('a write that was refused settles with its refusal', async () => {
    const key = newKey()
    other.put(key, { a: 1 })
    const refused = abortedWhenAnswered(client, signal =>
      client.put(key, { a: 2 }, null, { exists: 'create-only', signal }),
    )
    await expect(refused).rejects.toMatchObject({ name: 'RecordExistsError', inDoubt: false })
    expect(other.get(key).bins).toEqual({ a: 1 })
  })

  test.each(READS)('%s is aborted and never in doubt', async (_name, call) => {
    const key = newKey()
    other.put(key, { a: 1 })
    for (let round = 0; round < 5; round++) {
      const aborted = abortedWhenAnswered(client, signal => call(client, key, signal))
      await expect(aborted).rejects.toMatchObject({ name: 'AbortError', inDoubt: false, cause: 'too late' })
    }
  })

  test('what is written is settled, applied, or in doubt: whenever the signal fires', async () => {
    for (let round = 0; round < 200; round++) {
      const key = newKey()
      const controller = new AbortController()
      const outcome = client.put(key, { b: 1 }, null, { signal: controller.signal }).catch(error => error)
      await new Promise<void>(resolve => process.nextTick(resolve))
      const until = performance.now() + round / 400
      while (performance.now() < until);
      controller.abort()
      const error = await outcome
      if (error === undefined) expect(other.exists(key)).toBe(true)
      else {
        expect(error).toBeInstanceOf(AbortError)
        // What is not in doubt was not applied, and will not be.
        if (!error.inDoubt) expect(other.exists(key)).toBe(false)
      }
    }
  })
})

describe('a call that a getter of another call aborts', () => {
  test('ends when its block was sent, and is in doubt only where it was sent', async () => {
    const client = await connect({ hosts: address })
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController()
      const { signal } = controller
      const [first, second, third] = [newKey(), newKey(), newKey()]
      // Something is pending, so that the block waits for the end of the tick.
      const pending = client.get(first).catch(() => {})
      const write = client.put(second, { a: 1 }, null, { signal }).catch(error => error)
      const read = client.getOrNull(second, { signal }).catch(error => error)
      await client.put(third, {
        get a() {
          controller.abort('from within')
          return 1
        },
      })
      const error = await write
      if (error !== undefined) {
        expect(error).toMatchObject({ name: 'AbortError', cause: 'from within' })
        if (!error.inDoubt) expect(other.exists(second)).toBe(false)
      }
      expect(await read).toMatchObject({ name: 'AbortError', inDoubt: false })
      expect(other.get(third).bins).toEqual({ a: 1 })
      await pending
    }
    await client.close()
  })

  test('ends also when the other call cannot be written', async () => {
    const client = await connect({ hosts: address })
    const controller = new AbortController()
    const read = client.get(newKey(), { signal: controller.signal }).catch(error => error)
    const refused = client.put(newKey(), {
      get a(): number {
        controller.abort('from within')
        throw new Error('not written')
      },
    })
    await expect(refused).rejects.toThrow('not written')
    expect(await read).toMatchObject({ name: expect.stringMatching(/AbortError|RecordNotFoundError/) })
    await client.close()
  })
})

describe('a stream of a batch', () => {
  const rowsOf = (keys: readonly Key[], write: boolean) =>
    keys.map(key => (write ? { type: 'write' as const, key, bins: { b: 1 } } : { type: 'read' as const, key }))

  test.each([
    ['writes', true],
    ['reads', false],
  ])('that is aborted between two pulls, of %s', async (_, writes) => {
    const client = await connect({ hosts: address })
    const keys = newKey.many(20_000)
    const controller = new AbortController()
    const loop = async (): Promise<void> => {
      for await (const _row of client.batchStream(rowsOf(keys, writes), { signal: controller.signal })) {
        controller.abort('enough')
      }
    }
    await expect(loop()).rejects.toMatchObject({ name: 'AbortError', inDoubt: writes, cause: 'enough' })
    await client.close()
  })

  test.each([
    ['writes', true],
    ['reads', false],
  ])('that is aborted while a pull waits, of %s', async (_, writes) => {
    await using proxy = await startProxy()
    const client = await connect({ hosts: proxy.address, seedOnlyCluster: true })
    proxy.mute()
    const controller = new AbortController()
    const stream = client.batchStream(rowsOf(newKey.many(10), writes), { signal: controller.signal })
    const row = stream.next()
    row.catch(() => {})
    await until(() => proxy.sent.length > 0)
    controller.abort('enough')
    await expect(row).rejects.toMatchObject({ name: 'AbortError', inDoubt: writes })
    await client.close({ timeout: 0 })
  })
})

describe('one signal for many streams', () => {
  test('has one listener, and none after they have ended', async () => {
    const client = await connect({ hosts: address })
    const keys = newKey.many(3000)
    await client.batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
    const { signal } = new AbortController()
    const set = (keys[0] as Key).set
    const streams = Array.from({ length: 20 }, () => client.query('test', set).stream({ signal }))
    await Promise.all(streams.map(stream => stream.next()))
    const batches = Array.from({ length: 20 }, () => client.batchStream(rowsOf(keys), { signal }))
    await Promise.all(batches.map(stream => stream.next()))
    const reads = keys.slice(0, 100).map(key => client.get(key, { signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await Promise.all(reads)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const stream of streams) await stream.return()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const stream of batches) for await (const _ of stream);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await client.close()
  })

  test('ends them all', async () => {
    const client = await connect({ hosts: address })
    const { set } = newKey()
    const controller = new AbortController()
    const streams = Array.from({ length: 15 }, () => client.query('test', set).stream({ signal: controller.signal }))
    await Promise.all(streams.map(stream => stream.next()))
    controller.abort('all of you')
    for (const stream of streams) {
      const loop = async (): Promise<void> => {
        for await (const _ of stream);
      }
      await expect(loop()).rejects.toMatchObject({ name: 'AbortError', cause: 'all of you', inDoubt: false })
    }
    await client.close()
  })

  function rowsOf(keys: readonly Key[]) {
    return keys.map(key => ({ type: 'read' as const, key }))
  }
})
