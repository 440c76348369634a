import { randomUUID } from 'node:crypto'
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { batchRow, filter, type Key } from 'aerospike-napi'
import { AerospikeInstrumentation } from 'aerospike-napi/opentelemetry'
import { afterAll, afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
const instrumentation = new AerospikeInstrumentation()
const unregister = registerInstrumentations({ instrumentations: [instrumentation], tracerProvider: provider })
const tracer = provider.getTracer('the application')

beforeEach(() => exporter.reset())
afterEach(() => instrumentation.setConfig({}))
afterAll(async () => {
  unregister()
  await provider.shutdown()
})

const makeKey = keysOf('otel')
const [host, port] = ((): [string, number] => {
  const [name = '', number = ''] = inject('aerospike').address.split(':')
  return [name, Number(number)]
})()

/** The spans since the test's start, by name. */
const spans = (): ReadableSpan[] => exporter.getFinishedSpans()
const names = (): string[] => spans().map(({ name }) => name)
const only = (): ReadableSpan => {
  expect(names().length).toBe(1)
  return spans()[0] as ReadableSpan
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('a command is a span with the attributes of databases', async () => {
    const key = makeKey()
    await client().put(key, { a: 1 })
    const span = only()
    expect(span.name).toBe(`PUT test.${key.set}`)
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.attributes).toEqual({
      'db.system.name': 'aerospike',
      'db.namespace': 'test',
      'db.collection.name': key.set,
      'db.operation.name': 'PUT',
      'server.address': host,
      'server.port': port,
    })
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
    expect(span.instrumentationScope.name).toBe('aerospike-napi')
    expect(span.ended).toBe(true)
  })

  test('a failure says what and where, and nothing of the key', async () => {
    const key = makeKey(`a-secret-key-${randomUUID()}`)
    await rejection(client().get(key))
    const span = only()
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'Key not found' })
    expect(span.attributes).toMatchObject({
      'error.type': 'RECORD_NOT_FOUND',
      'db.response.status_code': '2',
      'network.peer.address': host,
      'network.peer.port': port,
    })
    expect(JSON.stringify([span.name, span.attributes, span.status, span.events])).not.toContain('secret')
  })

  test('a failure about a bin, and one of arguments', async () => {
    const key = makeKey(`a-secret-key-${randomUUID()}`)
    await client().put(key, { text: 'a' })
    exporter.reset()
    await rejection(client().increment(key, 'text', 1))
    expect(only().attributes).toMatchObject({ 'error.type': 'BIN_TYPE', 'db.response.status_code': '12' })
    expect(JSON.stringify([only().attributes, only().status])).not.toContain('secret')
    exporter.reset()
    await rejection(client().put(key, {}))
    expect(only().attributes).toMatchObject({ 'error.type': 'INVALID_ARGUMENT', 'db.response.status_code': '4' })
    expect(only().status).toEqual({ code: SpanStatusCode.ERROR, message: 'bins: at least one bin is needed' })
  })

  test('that a record does not exist is no error where that is the question', async () => {
    await client().exists(makeKey())
    await client().getOrNull(makeKey())
    expect(spans().map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET])
  })

  test('names follow what is known: a batch has its size, an info command no namespace', async () => {
    const keys = makeKey.many(3)
    const set = keys[0]?.set
    await client().batchRead(keys)
    await client().batchRead(keys.slice(0, 1))
    await client().exists(['test', null, 'no-set'])
    await client().infoAll('build')
    expect(names()).toEqual([`BATCH_READ test.${set}`, `BATCH_READ test.${set}`, 'EXISTS test', 'INFO_ALL'])
    const sizes = spans().map(({ attributes }) => attributes['db.operation.batch.size'])
    expect(sizes).toEqual([3, undefined, undefined, undefined])
    expect(spans()[2]?.attributes).not.toHaveProperty('db.collection.name')
    expect(spans()[3]?.attributes).not.toHaveProperty('db.namespace')
  })

  test('spans are children of the span that is active at the call', async () => {
    const key = makeKey()
    const parent = tracer.startSpan('the request')
    await context.with(trace.setSpan(context.active(), parent), async () => {
      await client().put(key, { a: 1 })
      await client().get(key)
      await Promise.all([client().exists(key), client().touch(key)])
    })
    parent.end()
    await client().get(key)
    const children = spans().filter(
      ({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId,
    )
    expect(children.map(({ name }) => name.split(' ')[0]).sort()).toEqual(['EXISTS', 'GET', 'PUT', 'TOUCH'])
    expect(new Set(children.map(span => span.spanContext().traceId))).toEqual(new Set([parent.spanContext().traceId]))
    expect(spans().at(-1)?.parentSpanContext).toBeUndefined()
  })

  test('a query is one span, with the rows that it gave', async () => {
    const keys = makeKey.many(20)
    await client().batchWrite(keys.map(key => ({ key, bins: { a: 1 } })))
    exporter.reset()
    const parent = tracer.startSpan('the request')
    const records = await context.with(trace.setSpan(context.active(), parent), async () =>
      client().query('test', keys[0]?.set).results(),
    )
    const span = only()
    expect(span.name).toBe(`QUERY test.${keys[0]?.set}`)
    expect(span.attributes).toMatchObject({ 'db.operation.name': 'QUERY', 'db.response.returned_rows': records.length })
    expect(span.parentSpanContext?.spanId).toBe(parent.spanContext().spanId)
  })

  test('a query that fails, and one that is left', async () => {
    const query = client().query('test', 'otel-none').where(filter.equal('none', 1))
    await rejection((async () => query.results())())
    expect(only()).toMatchObject({ status: { code: SpanStatusCode.ERROR } })
    expect(only().attributes).toMatchObject({ 'error.type': 'INDEX_NOT_FOUND' })
    exporter.reset()
    const keys = makeKey.many(2)
    const rows = Array.from({ length: 20_000 }, (_, n) => batchRow.read(keys[n % 2] as Key))
    for await (const _ of client().batchStream(rows)) break
    expect(only().name).toBe(`BATCH_STREAM test.${keys[0]?.set}`)
    expect(only().attributes).toMatchObject({ 'db.operation.batch.size': 20_000 })
  })

  test('hooks see span and event; what they throw changes nothing', async () => {
    const key = makeKey()
    instrumentation.setConfig({
      requestHook: (span: Span, { command }) => void span.setAttribute('app.command', command),
      responseHook: (span: Span, event) => {
        span.setAttribute('app.found', (event as { result?: unknown }).result === true)
        throw new Error('a hook that fails')
      },
    })
    expect(await client().exists(key)).toBe(false)
    expect(only().attributes).toMatchObject({ 'app.command': 'exists', 'app.found': false })
  })

  test('requireParentSpan makes no traces of its own', async () => {
    instrumentation.setConfig({ requireParentSpan: true })
    await client().exists(makeKey())
    expect(names()).toEqual([])
    await tracer.startActiveSpan('the request', async span => {
      await client().exists(makeKey())
      span.end()
    })
    expect(names().length).toBe(2)
  })

  test('disable ends it, enable begins it again, each once', async () => {
    instrumentation.disable()
    instrumentation.disable()
    await client().exists(makeKey())
    expect(names()).toEqual([])
    instrumentation.enable()
    instrumentation.enable()
    await client().exists(makeKey())
    expect(names().length).toBe(1)
  })
})

test('one that is not enabled makes no spans', async () => {
  const client = await (CLIENTS[0] as (typeof CLIENTS)[number]).connect()
  const idle = new AerospikeInstrumentation({ enabled: false })
  instrumentation.disable()
  await client.exists(makeKey())
  expect(names()).toEqual([])
  idle.enable()
  await client.exists(makeKey())
  expect(names().length).toBe(1)
  idle.disable()
  instrumentation.enable()
  await client.close()
})
