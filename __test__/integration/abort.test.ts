import { AbortError, Client, type Key, Key as KeyClass } from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

const newKey = keysOf('abort')
const client = connectBefore(CLIENTS[0]!)
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' }

/** How many listeners a signal has, counted from now on. */
function counted(signal: AbortSignal): { readonly listeners: number; readonly added: number } {
  const counts = { listeners: 0, added: 0 }
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      counts.listeners++
      counts.added++
      add(...args)
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      counts.listeners--
      remove(...args)
    },
  })
  return counts
}

/** A client behind a proxy that no longer answers. */
async function muted() {
  const proxy = await startProxy()
  const silent = await new Client({ hosts: proxy.address, seedOnlyCluster: true, totalTimeout: 5000 }).connect()
  proxy.mute()
  return {
    silent,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await silent.close({ timeout: 0 })
      await proxy[Symbol.asyncDispose]()
    },
  }
}

describe('a signal that is aborted already', () => {
  const reason = new Error('enough')
  const signal = AbortSignal.abort(reason)
  const key = newKey()
  const calls: [string, () => Promise<unknown>][] = [
    ['put', () => client().put(key, { a: 1 }, null, { signal })],
    ['get', () => client().get(key, { signal })],
    ['getOrNull', () => client().getOrNull(key, { signal })],
    ['select', () => client().select(key, ['a'], { signal })],
    ['exists', () => client().exists(key, { signal })],
    ['getMeta', () => client().getMeta(key, { signal })],
    ['remove', () => client().remove(key, null, { signal })],
    ['touch', () => client().touch(key, 5, null, { signal })],
    ['append', () => client().append(key, 'a', 'x', null, { signal })],
    ['prepend', () => client().prepend(key, 'a', 'x', null, { signal })],
    ['increment', () => client().increment(key, 'a', 1, null, { signal })],
    ['removeBin', () => client().removeBin(key, 'a', null, { signal })],
    ['operate', () => client().operate(key, [{ op: 1 }], null, { signal })],
    ['operateOrdered', () => client().operateOrdered(key, [{ op: 1 }], null, { signal })],
    ['batchRead', () => client().batchRead([key], null, { signal })],
    ['batchReadColumns', () => client().batchReadColumns([key], { a: 'i32' }, { signal })],
    ['infoAll', () => client().infoAll('status', { signal })],
    ['infoNode', () => client().infoNode('status', client().getNodeNames()[0] as string, { signal })],
    ['infoRandomNode', () => client().infoRandomNode('status', { signal })],
  ]

  test.each(calls)('%s rejects with its reason, and sends nothing', async (name, call) => {
    const error = (await rejection(call())) as AbortError
    expect(error).toBeInstanceOf(AbortError)
    expect(error).toMatchObject({ ...ABORTED, inDoubt: false, attempts: 0 })
    expect(error.cause).toBe(reason)
    expect(error.message).toContain(`(${name}`)
    expect(await client().exists(key)).toBe(false)
  })

  test('the error has the key, however it was given', async () => {
    expect(
      await client()
        .get(key, { signal })
        .catch(error => error.key),
    ).toBe(key)
    const parts = await client()
      .get(['test', 'abort', 5], { signal })
      .catch(error => error.key)
    expect(parts).toBeInstanceOf(KeyClass)
    expect(String(parts)).toBe('test/abort/5')
  })

  test('connect rejects too, and can be tried again', async () => {
    const other = new Client({ hosts: inject('aerospike').address })
    await expect(other.connect(null, null, { signal })).rejects.toMatchObject({ ...ABORTED, cause: reason })
    expect(other.isConnected()).toBe(false)
    expect(await other.connect()).toBe(other)
    await other.close()
  })

  test('whatever the reason is', async () => {
    for (const given of ['text', 5, null, { why: 1 }]) {
      const error = await client()
        .get(key, { signal: AbortSignal.abort(given) })
        .catch(error => error)
      expect(error.cause).toEqual(given)
    }
    const error = await client()
      .get(key, { signal: AbortSignal.abort() })
      .catch(error => error)
    expect(error.cause).toMatchObject({ name: 'AbortError' })
  })
})

describe('a signal that is aborted later', () => {
  test('in the same tick', async () => {
    const controller = new AbortController()
    const read = client().get(newKey(), { signal: controller.signal })
    controller.abort('changed my mind')
    await expect(read).rejects.toMatchObject({ ...ABORTED, cause: 'changed my mind', inDoubt: false })
  })

  test('while the server does not answer: a read is not in doubt, a write is', async () => {
    await using setup = await muted()
    const controller = new AbortController()
    const { signal } = controller
    const key = newKey()
    const calls = [
      setup.silent.get(key, { signal }),
      setup.silent.batchRead([key, newKey()], null, { signal }),
      setup.silent.batchReadColumns([key, newKey()], { a: 'i32' }, { signal }),
      setup.silent.put(key, { a: 1 }, null, { signal }),
      setup.silent.operate(key, [{ op: 5, bin: 'a', val: 1 }], null, { signal }),
    ]
    const outcomes = Promise.allSettled(calls)
    await until(() => setup.proxy.sent.length >= calls.length)
    controller.abort('too slow')
    const errors = (await outcomes).map(outcome => (outcome.status === 'rejected' ? outcome.reason : undefined))
    for (const error of errors) expect(error).toMatchObject({ ...ABORTED, cause: 'too slow' })
    expect(errors.map(error => error.inDoubt)).toEqual([false, false, false, true, true])
    expect(errors[3].key).toBe(key)
    expect(errors[3].message).toBe(`The call was aborted and may have been applied (put ${key})`)
  })

  test('while it waits for its turn: nothing is sent, nothing is in doubt', async () => {
    await using proxy = await startProxy()
    const config = { hosts: proxy.address, seedOnlyCluster: true, maxConcurrentCommands: 1, totalTimeout: 5000 }
    const queued = await new Client(config).connect()
    proxy.mute()
    const controller = new AbortController()
    const first = queued.get(newKey(), { signal: controller.signal }).catch(error => error)
    await until(() => proxy.sent.length > 0)
    const writes = Array.from({ length: 10 }, () => queued.put(newKey(), { a: 1 }, null, { signal: controller.signal }))
    const outcomes = Promise.allSettled(writes)
    await until(() => queued.stats().commands.queued === writes.length)
    controller.abort()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { ...ABORTED, inDoubt: false } })
    }
    expect(await first).toMatchObject(ABORTED)
    expect(proxy.sent).toHaveLength(1)
    await queued.close({ timeout: 0 })
  })

  test('AbortSignal.timeout tells that it was the time', async () => {
    await using setup = await muted()
    const started = performance.now()
    const error = await setup.silent.get(newKey(), { signal: AbortSignal.timeout(50) }).catch(error => error)
    expect(error).toMatchObject({ ...ABORTED, cause: { name: 'TimeoutError' } })
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test('AbortSignal.any', async () => {
    await using setup = await muted()
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)])
    const read = setup.silent.get(newKey(), { signal })
    controller.abort('the first of them')
    await expect(read).rejects.toMatchObject({ ...ABORTED, cause: 'the first of them' })
  })

  test('after the call was answered changes nothing', async () => {
    const key = newKey()
    const controller = new AbortController()
    await client().put(key, { a: 1 }, null, { signal: controller.signal })
    const record = await client().get(key, { signal: controller.signal })
    controller.abort()
    expect(record.bins).toEqual({ a: 1 })
    expect((await client().get(key)).bins).toEqual({ a: 1 })
  })

  test('connect is aborted while it connects', async () => {
    await using proxy = await startProxy()
    proxy.mute()
    const other = new Client({ hosts: proxy.address, timeout: 5000, connectTimeout: 10_000 })
    const controller = new AbortController()
    const connecting = other.connect(null, null, { signal: controller.signal })
    await until(() => proxy.infos > 0)
    controller.abort('no patience')
    await expect(connecting).rejects.toMatchObject({ ...ABORTED, cause: 'no patience' })
    expect(other.isConnected()).toBe(false)
    await other.close()
  })
})

describe('one signal for many calls', () => {
  test('has one listener while they run, and none after', async () => {
    const { signal } = new AbortController()
    const counts = counted(signal)
    const keys = newKey.many(2000)
    const calls = keys.map((key, n) => client().put(key, { n }, null, { signal, totalTimeout: 10_000 }))
    expect(counts.listeners).toBe(1)
    await Promise.all(calls)
    expect(counts.listeners).toBe(0)
    await Promise.all(keys.map(key => client().get(key, { signal, totalTimeout: 10_000 })))
    for (const key of keys.slice(0, 50)) await client().exists(key, { signal })
    expect(counts.listeners).toBe(0)
  })

  test('has none after calls that failed, or were refused', async () => {
    const { signal } = new AbortController()
    const counts = counted(signal)
    await expect(client().get(newKey(), { signal })).rejects.toMatchObject({ name: 'RecordNotFoundError' })
    await expect(client().put(newKey(), {}, null, { signal })).rejects.toMatchObject({ name: 'InvalidArgError' })
    expect(counts.listeners).toBe(0)
  })

  test('aborts them all, and none that comes after is begun', async () => {
    await using setup = await muted()
    const controller = new AbortController()
    const { signal } = controller
    const counts = counted(signal)
    const calls = newKey.many(500).map((key: Key) => setup.silent.get(key, { signal }))
    const outcomes = Promise.allSettled(calls)
    controller.abort('all of you')
    const rejected = (await outcomes).filter(
      outcome => outcome.status === 'rejected' && outcome.reason.cause === 'all of you',
    )
    expect(rejected).toHaveLength(500)
    expect(counts.listeners).toBe(0)
    const sent = setup.proxy.sent.length
    await expect(setup.silent.get(newKey(), { signal })).rejects.toMatchObject({ cause: 'all of you' })
    expect(setup.proxy.sent).toHaveLength(sent)
  })

  test('of two clients aborts both', async () => {
    await using one = await muted()
    await using two = await muted()
    const controller = new AbortController()
    const counts = counted(controller.signal)
    const calls = [one, two].map(({ silent }) => silent.get(newKey(), { signal: controller.signal }))
    const outcomes = Promise.allSettled(calls)
    controller.abort()
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: ABORTED })
    expect(counts.listeners).toBe(0)
  })
})

test('aborted calls do not disturb those that come after', async () => {
  const keys = newKey.many(300)
  await Promise.all(keys.map((key, n) => client().put(key, { n })))
  for (let round = 0; round < 5; round++) {
    const controller = new AbortController()
    const aborted = Promise.allSettled(keys.map(key => client().get(key, { signal: controller.signal })))
    setImmediate(() => controller.abort())
    const others = await Promise.all(keys.map(key => client().get(key)))
    expect(others.map(record => record.bins.n)).toEqual(keys.map((_, n) => n))
    for (const [n, outcome] of (await aborted).entries()) {
      if (outcome.status === 'fulfilled') expect(outcome.value.bins.n).toBe(n)
      else expect(outcome.reason).toMatchObject(ABORTED)
    }
  }
})

test('the blocking client takes no signal', () => {
  const sync = CLIENTS[1]!
  return sync.connect().then(async blocking => {
    const refused = blocking.get(newKey(), { signal: AbortSignal.abort() })
    await expect(refused).rejects.toMatchObject({ name: 'InvalidArgError' })
    await expect(blocking.exists(newKey(), { signal: new AbortController().signal })).rejects.toThrow(/signal/)
    await blocking.close()
  })
})
