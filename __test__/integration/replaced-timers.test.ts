// Test frameworks replace the runtime's timers and clocks after the package was imported. Nothing of ours may wait for a
// replacement, and nothing may stay behind when the real ones return.
import { randomUUID } from 'node:crypto'
import { mock } from 'node:test'
import timers from 'node:timers'
import promises from 'node:timers/promises'
import {
  Client,
  connect,
  connectSync,
  getMetrics,
  type LogLine,
  setLogger,
  setLogLevel,
  setMetricsEnabled,
} from 'aerospike-napi'
import { AerospikeMetricProducer } from 'aerospike-napi/opentelemetry-metrics'
import { collectAerospikeMetrics } from 'aerospike-napi/prometheus'
import { LocalServer } from 'aerospike-napi/testing'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import { keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('replaced-timers')

type Restore = () => void

/** Replaces a property; gives what puts it back. */
function replace(target: object, name: string, value: unknown): Restore {
  const before = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable: true, value })
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, before)
  }
}

/** All there is, as a test does it that replaces globals by hand, or by sinon. */
function replaceAll(): Restore {
  const kept: [callback: (...args: unknown[]) => void, args: unknown[]][] = []
  const never = (): object => ({ unref: () => {}, ref: () => {}, hasRef: () => false })
  const restores: Restore[] = []
  const names = [
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
  ] as const
  for (const target of [globalThis, timers]) for (const name of names) restores.push(replace(target, name, never))
  for (const name of ['setTimeout', 'setImmediate']) {
    restores.push(replace(promises, name, () => new Promise(() => {})))
  }
  restores.push(replace(globalThis, 'queueMicrotask', never))
  restores.push(replace(performance, 'now', () => 0))
  restores.push(replace(process, 'hrtime', () => [0, 0]))
  const RealDate = Date
  class FrozenDate extends RealDate {
    constructor(...given: [] | [number]) {
      super(given[0] ?? 0)
    }
    static override now(): number {
      return 0
    }
  }
  restores.push(replace(globalThis, 'Date', FrozenDate))
  // What Node itself has left to the next tick is made up for: the test runner lives in this process too.
  restores.push(
    replace(process, 'nextTick', (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
      kept.push([callback, args])
    }),
  )
  return () => {
    for (const restore of restores.reverse()) restore()
    for (const [callback, args] of kept) process.nextTick(callback, ...args)
  }
}

const REPLACEMENTS: readonly { name: string; install: () => Restore }[] = [
  {
    name: 'mock.timers of node:test',
    install: () => {
      mock.timers.enable({ apis: ['setInterval', 'setTimeout', 'setImmediate', 'Date'] })
      return () => mock.timers.reset()
    },
  },
  {
    name: 'vi.useFakeTimers',
    install: () => {
      // Vitest refuses to replace nextTick in a child process.
      const toFake = [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
      ] as const
      vi.useFakeTimers({ toFake: [...toFake, 'Date', 'performance', 'hrtime', 'queueMicrotask'] })
      return () => void vi.useRealTimers()
    },
  },
  { name: 'replacements by hand, with process.nextTick', install: replaceAll },
]

describe.each(REPLACEMENTS)('$name', ({ install }) => {
  let restore: Restore | undefined
  afterEach(() => restore?.())

  /** Runs `body` with the replacements. */
  async function replaced(body: () => Promise<void>): Promise<void> {
    const undo = install()
    restore = () => {
      restore = undefined
      undo()
    }
    try {
      await body()
    } finally {
      restore?.()
    }
  }

  const { address: hosts } = inject('aerospike')

  test('a client connects, calls and closes', () =>
    replaced(async () => {
      const client = await connect({ hosts })
      const key = newKey()
      await client.put(key, { a: 1 })
      expect((await client.get(key)).bins).toEqual({ a: 1 })
      await client.close()
    }))

  test('a client made before goes on, and goes on after the real ones have returned', async () => {
    await using client = await connect({ hosts })
    const key = newKey()
    await client.put(key, { a: 1 })
    // More replies than one drain takes, so that the rest waits for the event loop's next turn.
    const burst = async (): Promise<void> => {
      const records = await Promise.all(Array.from({ length: 2000 }, () => client.get(key)))
      expect(records).toHaveLength(2000)
    }
    await replaced(async () => {
      await burst()
      await client.batchRead([key])
      expect(await client.query('test', key.set).results({ maxRecords: 1 })).toHaveLength(1)
    })
    await burst()
  })

  test('calls left over by replaced timers are answered when the real ones return', async () => {
    await using client = await connect({ hosts })
    const key = newKey()
    await client.put(key, { a: 1 })
    let calls: Promise<unknown>[] = []
    await replaced(async () => {
      calls = Array.from({ length: 200 }, () => client.get(key))
    })
    const records = (await Promise.all(calls)) as { bins: unknown }[]
    expect(records.map(({ bins }) => bins)).toEqual(Array.from({ length: 200 }, () => ({ a: 1 })))
  })

  test('calls wait for each other and share batches', async () => {
    await using client = await connect({ hosts, autoBatch: { maxDelay: 5 } })
    const key = newKey()
    await replaced(async () => {
      await client.put(key, { a: 1 })
      const [one, other] = await Promise.all([client.get(key), client.get(key)])
      expect([one?.bins, other?.bins]).toEqual([{ a: 1 }, { a: 1 }])
    })
  })

  test('deadlines and aborts end a call', async () => {
    await using server = await LocalServer.start()
    await using client = await connect({ hosts: server.address })
    await client.put(['test', 'replaced', 1], { a: 1 })
    await server.nodes[0]?.pause()
    await replaced(async () => {
      expect(await rejection(client.get(['test', 'replaced', 1], { totalTimeout: 50 }))).toMatchObject({
        code: 'TIMEOUT',
      })
      const controller = new AbortController()
      const call = rejection(client.get(['test', 'replaced', 1], { totalTimeout: 0, signal: controller.signal }))
      await Promise.resolve()
      controller.abort()
      expect(await call).toMatchObject({ code: 'ABORT_ERR' })
    })
    await server.nodes[0]?.resume()
  })

  test.each(['Client', 'ClientSync'])('tasks are waited for, up to their timeout: %s', async name => {
    const index = `idx-${randomUUID().slice(0, 13)}`
    const { set } = newKey()
    await replaced(async () => {
      const client = name === 'Client' ? await connect({ hosts }) : connectSync({ hosts })
      const task = await client.createIndex({ namespace: 'test', set, bin: 'a', index, datatype: 'integer' })
      await task.wait()
      const names = async (): Promise<string[]> => (await client.indexList('test')).map(each => each.index)
      expect(await names()).toContain(index)
      await (await client.dropIndex('test', index)).wait({ interval: 1 })
      expect(await names()).not.toContain(index)
      await client.close()
    })
  })

  test('a client tells what happens to its cluster', async () => {
    await using server = await LocalServer.start({ nodes: 2 })
    await using client = await connect({ hosts: server.address, tendInterval: 250 })
    await replaced(async () => {
      const removed = new Promise(resolve => client.once('nodeRemoved', ({ name }) => resolve(name)))
      await server.nodes[1]?.stop()
      expect(await removed).toBe(server.nodes[1]?.name)
      const added = new Promise(resolve => client.once('nodeAdded', ({ name }) => resolve(name)))
      await server.nodes[1]?.start()
      expect(await added).toBe(server.nodes[1]?.name)
    })
  })

  test('a logger gets its lines', async () => {
    await replaced(async () => {
      let heard: (line: LogLine) => void = () => {}
      const line = new Promise<LogLine>(resolve => {
        heard = resolve
      })
      setLogLevel('debug')
      setLogger(heard)
      const client = new Client({ hosts })
      await client.connect()
      expect((await line).message).not.toBe('')
      await client.close()
      setLogger(null)
      setLogLevel('info')
    })
  })

  test('metrics are collected, and each time anew', async () => {
    setMetricsEnabled(true, { stages: true })
    await using client = await connect({ hosts })
    await replaced(async () => {
      const key = newKey()
      const register = new Registry()
      collectAerospikeMetrics({ register })
      await client.put(key, { a: 1 })
      expect(getMetrics()).toContain(key.set)
      expect(await register.metrics()).toContain(key.set)
      const later = newKey(undefined, 'test')
      await client.put(later, { a: 1 })
      await client.get([later.namespace, `${later.set}-2`, 1]).catch(() => undefined)
      expect(await register.metrics()).toContain(`${later.set}-2`)
      const { resourceMetrics } = await new AerospikeMetricProducer().collect()
      const point = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]
      expect(point?.endTime[0]).toBeGreaterThan(1_600_000_000)
    })
    setMetricsEnabled(true)
  })

  test('a LocalServer starts, obeys and stops', () =>
    replaced(async () => {
      const server = await LocalServer.start({ nodes: 2 })
      const [node] = server.nodes
      await node?.delayAnswers(1, 1)
      await node?.stop()
      expect(node?.running).toBe(false)
      await node?.start()
      expect(node?.running).toBe(true)
      const client = await connect({ hosts: server.address })
      await client.put(['test', 'replaced', 1], { a: 1 })
      expect((await client.get(['test', 'replaced', 1])).bins).toEqual({ a: 1 })
      await client.close()
      await server.stop()
      const killed = await LocalServer.start()
      await killed.kill()
      await expect(killed.nodes[0]?.stop()).rejects.toThrow('aerospike-local has ended')
    }))

  test('a date is one, whatever made it', async () => {
    await using client = await connect({ hosts })
    const set = `replaced-${randomUUID().slice(0, 8)}`
    const past = Date.now() - 10_000
    const key = ['test', set, 1] as const
    await client.put([...key], { a: 1 })
    await client.truncate('test', set, new Date(past))
    await replaced(() => client.truncate('test', set, new Date(past)))
    // Both dates were taken as the past: what was written since stays.
    expect(await client.exists([...key])).toBe(true)
    await client.remove([...key])
  })
})
