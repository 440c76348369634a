// Spans that are made in Rust, as a collector gets them over gRPC.
import { randomUUID } from 'node:crypto'
import { context, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import {
  batchRow,
  Client,
  filter,
  InvalidArgError,
  initTracing,
  type Key,
  shutdownTracing,
  type TracingOptions,
} from 'aerospike-napi'
import { AerospikeInstrumentation } from 'aerospike-napi/opentelemetry'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { Collector, type ReceivedSpan } from '../helpers/collector'
import { startProxy } from '../helpers/proxy'

let collector: Collector
beforeAll(async () => {
  collector = await Collector.start()
})
afterAll(() => collector.stop())
beforeEach(() => collector.reset())
afterEach(() => shutdownTracing({ timeout: 0 }))

const makeKey = keysOf('tracing')
const [host, port] = ((): [string, number] => {
  const [name = '', number = ''] = inject('aerospike').address.split(':')
  return [name, Number(number)]
})()

const init = (options: TracingOptions = {}): boolean => initTracing({ endpoint: collector.endpoint, ...options })

/** All spans that were made. */
const spans = async (): Promise<ReceivedSpan[]> => {
  await shutdownTracing()
  return collector.spans
}
const names = async (): Promise<string[]> => (await spans()).map(({ name }) => name)
const only = async (): Promise<ReceivedSpan> => {
  const all = await spans()
  expect(all.map(({ name }) => name).length).toBe(1)
  return all[0] as ReceivedSpan
}

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
const traceparent = (flags = '01') => `00-${PARENT.traceId}-${PARENT.spanId}-${flags}`

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('a command is a span with the attributes of databases', async () => {
    init()
    const key = makeKey()
    const before = BigInt(Date.now()) * 1_000_000n
    await client().put(key, { a: 1 })
    const span = await only()
    expect(span.name).toBe(`PUT test.${key.set}`)
    expect(span.kind).toBe(3)
    expect(span.attributes).toEqual({
      'db.system.name': 'aerospike',
      'db.namespace': 'test',
      'db.collection.name': key.set,
      'db.operation.name': 'PUT',
      'server.address': host,
      'server.port': port,
    })
    expect(span.status).toEqual({ code: 0, message: '' })
    expect(span.scope.name).toBe('aerospike-napi')
    expect(span.resource['service.name']).toBe('aerospike-napi')
    expect(span.resource).toMatchObject({ 'telemetry.distro.name': 'aerospike-napi', 'telemetry.sdk.language': 'rust' })
    expect(span.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
    expect(span.parentSpanId).toBe('')
    expect(span.end).toBeGreaterThan(span.start)
    // The clocks of Node and Rust are one; ms is what Date.now() knows.
    expect(span.start).toBeGreaterThanOrEqual(before - 2_000_000n)
    expect(span.end).toBeLessThanOrEqual(BigInt(Date.now() + 2) * 1_000_000n)
  })

  test('methods that share a command have names of their own', async () => {
    init()
    const key = makeKey()
    await client().put(key, { a: 1, b: 2 })
    await client().get(key)
    await client().select(key, ['a'])
    await client().exists(key)
    await client().getMeta(key)
    await client().getOrNull(key)
    await client().removeBin(key, 'b')
    await client().increment(key, 'a', 1)
    await client().touch(key)
    await client().infoAll('build')
    await client().namespaces()
    await client().remove(key)
    const of = (operation: string) => `${operation} test.${key.set}`
    expect(await names()).toEqual([
      ...['PUT', 'GET', 'SELECT', 'EXISTS', 'GET_META', 'GET_OR_NULL', 'REMOVE_BIN', 'INCREMENT', 'TOUCH'].map(of),
      'INFO_ALL',
      'NAMESPACES',
      of('REMOVE'),
    ])
  })

  test('a failure says what and where, and nothing of the key', async () => {
    init()
    await rejection(client().get(makeKey(`a-secret-key-${randomUUID()}`)))
    const span = await only()
    expect(span.status).toEqual({ code: 2, message: 'Key not found' })
    expect(span.attributes).toMatchObject({
      'error.type': 'RECORD_NOT_FOUND',
      'db.response.status_code': '2',
      'network.peer.address': host,
      'network.peer.port': port,
    })
    expect(JSON.stringify(span, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      'secret',
    )
  })

  test('what is absent is no failure of those that ask for it', async () => {
    init()
    const key = makeKey()
    await client().exists(key)
    await client().getMeta(key)
    await client().getOrNull(key)
    expect((await spans()).map(({ status }) => status.code)).toEqual([0, 0, 0])
  })

  test('a batch has its size, a batch of one none, and a batch with failed rows is no failure', async () => {
    init()
    const keys = makeKey.many(3)
    const set = keys[0]?.set
    await client().batchRead(keys)
    await client().batchRead(keys.slice(0, 1))
    await client().batchReadColumns(keys, { a: 'i32' })
    await client().batchWrite(keys.map(key => ({ key, bins: { a: 1 } })))
    await client().exists(['test', null, 'no-set'])
    const all = await spans()
    expect(all.map(({ name }) => name)).toEqual([
      `BATCH_READ test.${set}`,
      `BATCH_READ test.${set}`,
      `BATCH_READ_COLUMNS test.${set}`,
      `BATCH_WRITE test.${set}`,
      'EXISTS test',
    ])
    expect(all.map(({ attributes }) => attributes['db.operation.batch.size'])).toEqual([3, undefined, 3, 3, undefined])
    expect(all.map(({ status }) => status.code)).toEqual([0, 0, 0, 0, 0])
    expect(all[4]?.attributes).not.toHaveProperty('db.collection.name')
  })

  test('a stream is one span, with the rows that it gave', async () => {
    const keys = makeKey.many(600)
    await client().batchWrite(keys.map(key => ({ key, bins: { a: 1 } })))
    init()
    const records = await (async () => client().query('test', keys[0]?.set).results())()
    const span = await only()
    expect(records.length).toBeGreaterThanOrEqual(600)
    expect(span.name).toBe(`QUERY test.${keys[0]?.set}`)
    expect(span.attributes).toMatchObject({ 'db.response.returned_rows': records.length, 'db.operation.name': 'QUERY' })
  })

  test('a query that fails, and a stream that is left', async () => {
    init()
    const query = client().query('test', 'tracing-none').where(filter.equal('none', 1))
    await rejection((async () => query.results())())
    const keys = makeKey.many(2)
    const rows = Array.from({ length: 20_000 }, (_, n) => batchRow.read(keys[n % 2] as Key))
    for await (const _ of client().batchStream(rows)) break
    const [failed, left] = await spans()
    expect(failed).toMatchObject({ name: 'QUERY test.tracing-none', status: { code: 2 } })
    expect(failed?.attributes).toMatchObject({ 'error.type': 'INDEX_NOT_FOUND' })
    expect(left).toMatchObject({ name: `BATCH_STREAM test.${keys[0]?.set}`, status: { code: 0 } })
    expect(left?.attributes).toMatchObject({ 'db.operation.batch.size': 20_000 })
  })

  test('a traceparent is the parent, whatever else is active', async () => {
    init()
    const key = makeKey()
    await client().put(key, { a: 1 }, null, { traceparent: traceparent() })
    await client().batchRead([key], null, { traceparent: traceparent() })
    await (async () => client().query('test', key.set).results({ traceparent: traceparent() }))()
    await client().get(key)
    const all = await spans()
    const operations = all.map(({ attributes }) => attributes['db.operation.name'])
    expect(operations).toEqual(['PUT', 'BATCH_READ', 'QUERY', 'GET'])
    const parents = all.map(({ traceId, parentSpanId }) => ({ traceId, spanId: parentSpanId }))
    expect(parents.slice(0, 3)).toEqual([PARENT, PARENT, PARENT])
    expect(parents[3]).toMatchObject({ spanId: '' })
  })

  test('a parent that is not sampled has no children, unless the sampler does not ask it', async () => {
    init()
    const key = makeKey()
    await client().exists(key, { traceparent: traceparent('00') })
    expect(await names()).toEqual([])
    init({ sampler: 'always_on' })
    await client().exists(key, { traceparent: traceparent('00') })
    expect((await only()).traceId).toBe(PARENT.traceId)
  })

  test.each([
    [5],
    [null],
    [''],
    ['00-0-0-01'],
    [`00-${'0'.repeat(32)}-${PARENT.spanId}-01`],
    [`00-${PARENT.traceId}-${'0'.repeat(16)}-01`],
    [`ff-${PARENT.traceId}-${PARENT.spanId}-01`],
    [`${traceparent()}-more`],
    [traceparent().toUpperCase()],
  ])('refuses the traceparent %j, with tracing and without', async wrong => {
    const policy = { traceparent: wrong as string }
    for (const on of [false, true]) {
      if (on) init()
      const error = await rejection((async () => client().get(makeKey(), policy))())
      expect(error).toBeInstanceOf(InvalidArgError)
      expect((error as Error).message).toMatch(/^read policy.traceparent: a W3C traceparent is needed/)
    }
  })
})

describe('the active span', () => {
  const provider = new NodeTracerProvider()
  const tracer = provider.getTracer('the application')
  const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[number])
  beforeAll(() => provider.register())
  afterAll(() => provider.shutdown())

  test('is the parent of what is called in it, over awaits and streams', async () => {
    init()
    const key = makeKey()
    const span = tracer.startSpan('the request')
    await context.with(trace.setSpan(context.active(), span), async () => {
      await client().put(key, { a: 1 })
      await Promise.all([client().exists(key), client().touch(key)])
      for await (const _ of client().query('test', key.set)) {
        // To its end.
      }
    })
    await client().get(key)
    const all = await spans()
    const { traceId, spanId } = span.spanContext()
    const children = all.filter(child => child.parentSpanId === spanId && child.traceId === traceId)
    expect(children.map(({ attributes }) => attributes['db.operation.name']).sort()).toEqual([
      'EXISTS',
      'PUT',
      'QUERY',
      'TOUCH',
    ])
    expect(all.length).toBe(5)
    expect(all.find(({ name }) => name.startsWith('GET '))?.parentSpanId).toBe('')
  })

  test('each call has its own, of many at once', async () => {
    init()
    const key = makeKey()
    const parents = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const span = tracer.startSpan('a request')
        await context.with(trace.setSpan(context.active(), span), async () => client().exists(key))
        return span.spanContext().spanId
      }),
    )
    expect((await spans()).map(({ parentSpanId }) => parentSpanId).sort()).toEqual(parents.sort())
  })

  test.each([
    ['a wrong trace', { traceId: 'x'.repeat(32), spanId: PARENT.spanId }],
    ['no trace', { traceId: '0'.repeat(32), spanId: PARENT.spanId }],
    ['a short span', { traceId: PARENT.traceId, spanId: '1' }],
  ])('that is invalid gives a root: %s', async (_, wrong) => {
    init()
    const active = trace.setSpanContext(ROOT_CONTEXT, { ...wrong, traceFlags: TraceFlags.SAMPLED } as SpanContext)
    await context.with(active, async () => client().exists(makeKey()))
    expect((await only()).parentSpanId).toBe('')
  })

  test('with the instrumentation of the SDK on, that makes the spans, and nobody makes two', async () => {
    init()
    const instrumentation = new AerospikeInstrumentation()
    await client().exists(makeKey())
    instrumentation.disable()
    instrumentation.disable()
    await client().getOrNull(makeKey())
    const all = await names()
    expect(all.length).toBe(1)
    expect(all[0]).toMatch(/^GET_OR_NULL /)
  })
})

describe('calls that end early, or together', () => {
  test('an abort and a timeout are failures of their own kind', async () => {
    const proxy = await startProxy()
    const silent = await new Client({ hosts: proxy.address, seedOnlyCluster: true, totalTimeout: 5000 }).connect()
    proxy.mute()
    init()
    const signal = AbortSignal.timeout(30)
    await rejection(silent.get(makeKey(), { signal }))
    await rejection(silent.get(makeKey(), { totalTimeout: 30 }))
    await silent.close({ timeout: 0 })
    await proxy[Symbol.asyncDispose]()
    const all = await spans()
    expect(all.map(({ status }) => status.code)).toEqual([2, 2])
    expect(all.map(({ attributes }) => attributes['error.type'])).toEqual(['ABORT_ERR', 'TIMEOUT'])
  })

  test('with autoBatch each call is a span, with its own parent, and the batch is not one', async () => {
    const client = await new Client({ hosts: inject('aerospike').address, autoBatch: true }).connect()
    init()
    const keys = makeKey.many(20)
    const calls = keys.map((key, index) => client.exists(key, index % 2 === 0 ? { traceparent: traceparent() } : {}))
    await Promise.all(calls)
    await client.close()
    const all = await spans()
    expect(new Set(all.map(({ name }) => name))).toEqual(new Set([`EXISTS test.${keys[0]?.set}`]))
    expect(all.length).toBe(20)
    expect(all.filter(({ parentSpanId }) => parentSpanId === PARENT.spanId).length).toBe(10)
  })
})
