import { AsyncLocalStorage } from 'node:async_hooks'
import diagnostics from 'node:diagnostics_channel'
import {
  AbortError,
  AerospikeError,
  BatchRecords,
  batchRow,
  Client,
  ClientSync,
  ClusterError,
  type CommandTrace,
  type ConnectTrace,
  filter,
  Key,
  op,
  type QueryTrace,
  RecordNotFoundError,
} from 'aerospike-napi'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

type Step = 'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error'
const STEPS: readonly Step[] = ['start', 'end', 'asyncStart', 'asyncEnd', 'error']

interface Heard<T> {
  steps: [Step, T][]
  /** The events of one kind. */
  of(step: Step): T[]
}

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** Listens to a channel until the test's end. */
function listen<T>(name: 'command' | 'connect' | 'query', only: readonly Step[] = STEPS): Heard<T> {
  const steps: [Step, T][] = []
  for (const step of only) {
    const heard = (event: unknown): void => {
      steps.push([step, event as T])
    }
    diagnostics.subscribe(`tracing:aerospike-napi:${name}:${step}`, heard)
    stops.push(() => diagnostics.unsubscribe(`tracing:aerospike-napi:${name}:${step}`, heard))
  }
  return { steps, of: step => steps.filter(([at]) => at === step).map(([, event]) => event) }
}

const names = (heard: Heard<unknown>): Step[] => heard.steps.map(([step]) => step)
const [host, port] = ((): [string, number] => {
  const [name = '', number = ''] = inject('aerospike').address.split(':')
  return [name, Number(number)]
})()

const makeKey = keysOf('observe')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const blocking = kind.name === 'ClientSync'
  const succeeded: Step[] = blocking ? ['start', 'end'] : ['start', 'end', 'asyncStart', 'asyncEnd']
  const failed: Step[] = blocking ? ['start', 'error', 'end'] : ['start', 'end', 'error', 'asyncStart', 'asyncEnd']

  test('a command is reported, from its call to its end, in one object', async () => {
    const key = makeKey()
    await client().put(key, { a: 1 })
    const heard = listen<CommandTrace>('command')
    const record = await client().get(key)
    expect(names(heard)).toEqual(succeeded)
    const [trace] = heard.of('start')
    expect(new Set(heard.steps.map(([, event]) => event)).size).toBe(1)
    expect(trace).toMatchObject({
      command: 'get',
      namespace: 'test',
      set: key.set,
      serverAddress: host,
      serverPort: port,
    })
    expect(trace?.key).toBe(key)
    expect(trace?.result).toBe(record)
    expect(trace?.clientId).toBeGreaterThan(0)
    expect(trace?.error).toBeUndefined()
    expect(trace?.resultCode).toBeUndefined()
  })

  test('a failure has its code, its node and the error that the caller gets', async () => {
    const heard = listen<CommandTrace>('command')
    const error = await rejection(client().get(makeKey()))
    expect(error).toBeInstanceOf(RecordNotFoundError)
    expect(names(heard)).toEqual(failed)
    const [trace] = heard.of('error')
    expect(trace).toMatchObject({ command: 'get', errorCode: 'RECORD_NOT_FOUND', resultCode: 2 })
    expect(trace?.error).toBe(error)
    expect(error).toMatchObject({ node: client().getNodeNames()[0], address: inject('aerospike').address })
  })

  test('the error of an observed call has the stack of its await', async () => {
    listen('command')
    async function theCaller(): Promise<void> {
      await client().get(makeKey())
    }
    const { stackTraceLimit } = Error
    // Node's own frames lie between, where the call is blocking.
    if (blocking) Error.stackTraceLimit = 30
    const error = (await rejection(theCaller())) as Error
    Error.stackTraceLimit = stackTraceLimit
    expect(error.stack).toContain('theCaller')
  })

  test.each([
    ['no key', () => client().get('ada' as never), {}],
    ['a wrong bin', async () => client().put(makeKey(), { ['b'.repeat(16)]: 1 }), { namespace: 'test' }],
    ['no keys', () => client().batchRead(undefined as never), {}],
    ['no columns', () => client().batchReadColumns(null as never, {}), {}],
    ['no rows', () => client().batch([undefined as never]), { batchSize: 1 }],
    ['no index', () => client().createIndex(undefined as never), {}],
  ])('refused arguments are reported, too: %s', async (_, call, expected) => {
    const heard = listen<CommandTrace>('command')
    const error = await rejection(call())
    expect(error).toBeInstanceOf(AerospikeError)
    const { code } = error as AerospikeError
    expect(['INVALID_ARGUMENT', 'BIN_NAME']).toContain(code)
    expect(names(heard)).toEqual(failed)
    expect(heard.of('error')[0]).toMatchObject({ errorCode: code, error, ...expected })
  })

  test('each command says what it is about', async () => {
    const key = makeKey()
    const keys = makeKey.many(3)
    const { set } = key
    const heard = listen<CommandTrace>('command', ['start'])
    const c = client()
    const single: [string, () => Promise<unknown>][] = [
      ['put', () => c.put([key.namespace, set, key.userKey ?? 0], { a: 1, s: 'x' })],
      ['getOrNull', () => c.getOrNull(key)],
      ['select', () => c.select(key, ['a'])],
      ['exists', () => c.exists(key)],
      ['getMeta', () => c.getMeta(key)],
      ['touch', () => c.touch(key)],
      ['append', () => c.append(key, 's', 'y')],
      ['prepend', () => c.prepend(key, 's', 'y')],
      ['increment', () => c.increment(key, 'a', 1)],
      ['removeBin', () => c.removeBin(key, 's')],
      ['operate', () => c.operate(key, [op.read('a')])],
      ['operateOrdered', () => c.operateOrdered(key, [op.read('a')])],
      ['remove', () => c.remove(key)],
    ]
    for (const [, run] of single) await run()
    expect(heard.of('start').map(({ command }) => command)).toEqual(single.map(([name]) => name))
    for (const trace of heard.of('start')) {
      expect(trace).toMatchObject({ namespace: 'test', set, batchSize: undefined })
      expect(trace.key).toBeInstanceOf(Key)
      expect(trace.key?.userKey).toBe(key.userKey)
    }

    heard.steps.length = 0
    const many: [string, () => Promise<unknown>][] = [
      ['batchWrite', () => c.batchWrite(keys.map(each => ({ key: each, bins: { a: 1 } })))],
      ['batchRead', () => c.batchRead(keys)],
      ['batchOperate', () => c.batchOperate(keys, [op.read('a')])],
      ['batch', () => c.batch(keys.map(each => batchRow.read(each)))],
      ['batchReadColumns', () => c.batchReadColumns(keys, { a: 'i64' })],
      ['batchReadColumns', () => c.batchReadColumns({ namespace: 'test', set, ids: [1, 2, 3] }, { a: 'i64' })],
      [
        'batchWriteColumns',
        () => c.batchWriteColumns({ namespace: 'test', set, keys: ['x'], columns: {} }).catch(() => {}),
      ],
      ['batchRemove', () => c.batchRemove(keys)],
    ]
    for (const [, run] of many) await run()
    expect(heard.of('start').map(({ command }) => command)).toEqual(many.map(([name]) => name))
    for (const { command, namespace, set: told, batchSize, key: one } of heard.of('start')) {
      expect([command, namespace, told, batchSize, one]).toEqual([
        command,
        'test',
        set,
        command === 'batchWriteColumns' ? 1 : 3,
        undefined,
      ])
    }
    expect(heard.steps.length).toBe(many.length)
  })

  test('what has no set says so, what has no namespace too', async () => {
    const heard = listen<CommandTrace>('command', ['start'])
    await client().infoAll('build')
    await client().truncate('test', `observe-${kind.name}`)
    expect(heard.of('start')).toMatchObject([
      { command: 'infoAll', namespace: undefined, set: undefined },
      { command: 'truncate', namespace: 'test', set: `observe-${kind.name}` },
    ])
  })

  test('one listener alone is enough, and none hears nothing', async () => {
    const key = makeKey()
    const last: Step = blocking ? 'end' : 'asyncEnd'
    const heard = listen<CommandTrace>('command', [last])
    await client().put(key, { a: 1 })
    expect(names(heard)).toEqual([last])
    for (const stop of stops.splice(0)) stop()
    await client().put(key, { a: 2 })
    expect(names(heard)).toEqual([last])
  })

  test('connecting and closing are no commands, and connecting has a channel of its own', async () => {
    const commands = listen<CommandTrace>('command')
    const connects = listen<ConnectTrace>('connect')
    const own = await kind.connect()
    expect(names(connects)).toEqual(succeeded)
    const [trace] = connects.of('end')
    expect(trace).toMatchObject({ hosts: [`${host}:${port}`], serverAddress: host, serverPort: port })
    expect(trace?.result).toBeInstanceOf(blocking ? ClientSync : Client)
    const key = makeKey()
    await own.exists(key)
    expect(commands.of('start')[0]?.clientId).toBe(trace?.clientId)
    await own.close()
    expect(commands.of('start').map(({ command }) => command)).toEqual(['exists'])
  })

  test('a connect that fails has the error', async () => {
    const heard = listen<ConnectTrace>('connect')
    const error = await rejection(kind.connect({ hosts: '[::1]:1,127.0.0.1:1', connectTimeout: 300 }))
    expect(error).toBeInstanceOf(ClusterError)
    expect(names(heard)).toEqual(failed)
    expect(heard.of('error')[0]).toMatchObject({
      hosts: ['[::1]:1', '127.0.0.1:1'],
      serverAddress: '::1',
      clientId: undefined,
      errorCode: 'CLUSTER',
      error,
    })
  })

  describe('streams', () => {
    const keys = makeKey.many(30)
    const set = keys[0]?.set as string
    beforeAll(async () => {
      await client().batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
    })
    const whole: Step[] = ['start', 'end', 'asyncStart', 'asyncEnd']

    test('a query is reported as a whole, not pull by pull', async () => {
      const commands = listen<CommandTrace>('command')
      const heard = listen<QueryTrace>('query')
      const records = await client().query('test', set).results()
      expect(records.length).toBeGreaterThanOrEqual(keys.length)
      expect(names(heard)).toEqual(whole)
      expect(heard.of('asyncEnd')[0]).toMatchObject({
        command: 'query',
        namespace: 'test',
        set,
        rows: records.length,
        complete: true,
        serverAddress: host,
        serverPort: port,
        error: undefined,
      })
      expect(commands.steps).toEqual([])
    })

    test('one that is left is not complete', async () => {
      const heard = listen<QueryTrace>('query')
      const rows = Array.from({ length: 40_000 }, (_, n) => batchRow.read(keys[n % keys.length] as Key))
      for await (const _ of client().batchStream(rows)) break
      expect(names(heard)).toEqual(whole)
      expect(heard.of('asyncEnd')[0]).toMatchObject({ batchSize: 40_000, complete: false, error: undefined })
    })

    test('one that fails has the error', async () => {
      const heard = listen<QueryTrace>('query')
      const query = client().query('test', set).where(filter.equal('no-such-bin', 1))
      const error = await rejection((async () => query.results())())
      expect(names(heard)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
      expect(heard.of('error')[0]).toMatchObject({ errorCode: 'INDEX_NOT_FOUND', complete: false, error })
    })

    test('each run of a query is a stream of its own', async () => {
      const heard = listen<QueryTrace>('query', ['start', 'asyncEnd'])
      const query = client().query('test', set)
      expect(await query.count()).toBeGreaterThanOrEqual(keys.length)
      await query.results({ maxRecords: 3 })
      expect(names(heard)).toEqual(['start', 'asyncEnd', 'start', 'asyncEnd'])
      expect(heard.of('asyncEnd').map(({ rows }) => rows)).toEqual([0, 3])
    })

    test('a query into columns counts its rows', async () => {
      const heard = listen<QueryTrace>('query', ['asyncEnd'])
      let rows = 0
      for await (const chunk of client().query('test', set).columns({ n: 'i64' })) rows += chunk.length
      expect(heard.of('asyncEnd')).toMatchObject([{ rows, complete: true }])
    })

    test('a batch as a stream', async () => {
      const heard = listen<QueryTrace>('query')
      for await (const _ of client().batchStream(keys.map(key => batchRow.read(key))));
      expect(names(heard)).toEqual(whole)
      expect(heard.of('asyncEnd')[0]).toMatchObject({
        command: 'batchStream',
        namespace: 'test',
        set,
        batchSize: 30,
        rows: 30,
        complete: true,
      })
    })
  })
})

describe('Client', () => {
  const kind = CLIENTS[0] as (typeof CLIENTS)[number]
  const client = connectBefore(kind)

  test('an aborted call is a failed one', async () => {
    const heard = listen<CommandTrace>('command', ['error'])
    const abort = new AbortController()
    const pending = rejection(client().get(makeKey(), { signal: abort.signal }))
    abort.abort()
    expect(await pending).toBeInstanceOf(AbortError)
    expect(heard.of('error')).toMatchObject([{ command: 'get', errorCode: 'ABORT_ERR' }])
  })

  test('a stream whose signal fires between two pulls is a failed one, at once', async () => {
    const keys = makeKey.many(5)
    await client().batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
    const heard = listen<QueryTrace>('query', ['error', 'asyncEnd'])
    const abort = new AbortController()
    const stream = client().batchStream(
      Array.from({ length: 40_000 }, (_, n) => batchRow.read(keys[n % 5] as Key)),
      { signal: abort.signal },
    )
    await stream.next()
    abort.abort()
    expect(names(heard)).toEqual(['error', 'asyncEnd'])
    expect(heard.of('error')).toMatchObject([{ errorCode: 'ABORT_ERR', complete: false }])
    await stream.return()
    expect(heard.steps.length).toBe(2)
  })

  test('calls that share a batch are reported one by one', async () => {
    const own = await kind.connect({ autoBatch: true })
    const heard = listen<CommandTrace>('command', ['asyncEnd', 'error'])
    const keys = makeKey.many(8)
    const results = await Promise.allSettled(keys.map((key, n) => (n < 4 ? own.exists(key) : own.get(key))))
    await own.close()
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(4)
    expect(heard.of('asyncEnd').length).toBe(8)
    expect(new Set(heard.of('error').map(({ key }) => key))).toEqual(new Set(keys.slice(4)))
  })

  test('stores that are bound to the channel hold for the call, and not for its caller', async () => {
    const storage = new AsyncLocalStorage<CommandTrace | string>()
    const { start } = diagnostics.tracingChannel('aerospike-napi:command')
    start.bindStore(storage as never, trace => trace as never)
    stops.push(() => start.unbindStore(storage as never))
    const seen: unknown[] = []
    const end = (event: unknown): void => {
      seen.push(event === storage.getStore())
    }
    diagnostics.subscribe('tracing:aerospike-napi:command:asyncEnd', end)
    stops.push(() => diagnostics.unsubscribe('tracing:aerospike-napi:command:asyncEnd', end))
    await storage.run('caller', async () => {
      await client().exists(makeKey())
      expect(storage.getStore()).toBe('caller')
      await Promise.all([client().exists(makeKey()), client().exists(makeKey())])
      expect(storage.getStore()).toBe('caller')
    })
    expect(seen).toEqual([true, true, true])
  })

  test('results are what the caller gets, whoever listens', async () => {
    listen('command')
    const rows = await client().batchRead(makeKey.many(2))
    expect(rows).toBeInstanceOf(BatchRecords)
  })
})
