// What initTracing makes of its options and of the environment.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgError, initTracing, shutdownTracing, tracingStats } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { telemetryDisabled, tracingSettings } from '../../lib/telemetry/tracing-options'

type Environment = { [name: string]: string }
const read = (options: unknown = {}, environment: Environment = {}) => tracingSettings(options, environment)
const exported = (options: unknown = {}, environment: Environment = {}) => {
  const to = read(options, environment).export
  if (to === undefined) throw new Error('nothing is exported')
  return to
}

describe('defaults', () => {
  test('are those of OpenTelemetry', () => {
    expect(read()).toMatchObject({ sampler: { root: 0, parentBased: true } })
    expect(exported()).toMatchObject({
      endpoint: 'http://localhost:4317',
      timeout: 10_000,
      most: 2048,
      batch: 512,
      delay: 5000,
    })
    expect(exported().headers.size).toBe(0)
    expect(exported().resource.get('service.name')).toBe('aerospike-napi')
  })

  test('an empty variable counts as not set', () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_SAMPLER: ' ', OTEL_SERVICE_NAME: '' }
    expect(exported({}, environment).endpoint).toBe('http://localhost:4317')
    expect(exported({}, environment).resource.get('service.name')).toBe('aerospike-napi')
  })
})

describe('what is said', () => {
  test('an option comes before its variable, a variable of traces before the one of all', () => {
    const all = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all:1' }
    const both = { ...all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces:2/' }
    expect(exported({}, all).endpoint).toBe('http://all:1')
    expect(exported({}, both).endpoint).toBe('https://traces:2')
    expect(exported({ endpoint: 'http://option:3' }, both).endpoint).toBe('http://option:3')
  })

  test.each([
    ['http://otel_collector:4317', 'http://otel_collector:4317'],
    ['http://[::1]:4317', 'http://[::1]:4317'],
    ['HTTP://Collector:4317/', 'http://collector:4317'],
  ])('the endpoint %s', (endpoint, expected) => {
    expect(exported({ endpoint }).endpoint).toBe(expected)
  })

  test('headers add up', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_HEADERS: 'Api-Key=a%20b, x=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x=2,y=a=b',
    }
    expect([...exported({ headers: { Y: '3', z: '' } }, environment).headers]).toEqual([
      ['api-key', 'a b'],
      ['x', '2'],
      ['y', '3'],
      ['z', ''],
    ])
  })

  test('the resource adds up, and the service has the name that is nearest', () => {
    const environment = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-all,team=a%2Cb' }
    expect(Object.fromEntries(exported({}, environment).resource)).toMatchObject({
      'service.name': 'from-all',
      team: 'a,b',
    })
    const named = { ...environment, OTEL_SERVICE_NAME: 'named' }
    expect(exported({}, named).resource.get('service.name')).toBe('named')
    const options = { serviceName: 'option', resourceAttributes: { team: 'c' } }
    expect(Object.fromEntries(exported(options, named).resource)).toMatchObject({ 'service.name': 'option', team: 'c' })
  })

  test.each([
    ['always_on', { root: 0, parentBased: false }],
    ['always_off', { root: 1, parentBased: false }],
    ['traceidratio', { root: 2, parentBased: false }],
    ['parentbased_always_on', { root: 0, parentBased: true }],
    ['parentbased_always_off', { root: 1, parentBased: true }],
    ['parentbased_traceidratio', { root: 2, parentBased: true }],
  ])('the sampler %s', (sampler, expected) => {
    expect(read({ sampler }).sampler).toEqual(expected)
    expect(read({}, { OTEL_TRACES_SAMPLER: sampler }).sampler).toEqual(expected)
  })

  test.each(['0', '0.25', '1', '.5', '1e-3'])('the ratio %s', ratio => {
    const environment = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio }
    expect(read({}, environment).ratio).toBe(Number(ratio))
    expect(read({ sampler: 'traceidratio', samplerArg: Number(ratio) }).ratio).toBe(Number(ratio))
  })

  test('the argument of a sampler that an option replaces does not matter', () => {
    const environment = { OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: 'endpoint=http://x' }
    expect(read({ sampler: 'always_on' }, environment).sampler.root).toBe(0)
  })

  test('exporters', () => {
    expect(read({}, { OTEL_TRACES_EXPORTER: 'none' }).export).toBeUndefined()
    expect(read({ exporter: 'none' }, { OTEL_TRACES_EXPORTER: 'otlp' }).export).toBeUndefined()
    const { endpoint } = exported({})
    expect(endpoint).toBe('http://localhost:4317')
    expect(exported({ exporter: 'otlp' }, { OTEL_TRACES_EXPORTER: 'none' }).endpoint).toBe(endpoint)
    expect(exported({}, { OTEL_TRACES_EXPORTER: 'console, otlp' }).endpoint).toBe(endpoint)
  })

  test('where nothing is exported, it does not matter where to', () => {
    expect(read({}, { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense' }).export).toBeUndefined()
  })

  test('a small queue has small batches', () => {
    expect(exported({ maxQueueSize: 100 })).toMatchObject({ most: 100, batch: 100 })
    expect(exported({}, { OTEL_BSP_MAX_QUEUE_SIZE: '100', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' })).toMatchObject({
      most: 100,
      batch: 10,
    })
  })

  test('certificates are given, or files of the environment', () => {
    const file = join(tmpdir(), `${randomUUID()}.pem`)
    const pem = (text: string) => `-----BEGIN ${text.toUpperCase()}-----`
    writeFileSync(file, pem('file'))
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
    const environment = { OTEL_EXPORTER_OTLP_CERTIFICATE: file }
    expect(text(exported({}, environment).authorities)).toBe(pem('file'))
    expect(text(exported({ tls: { ca: pem('given') } }, environment).authorities)).toBe(pem('given'))
    const identity = exported({ tls: { cert: Buffer.from(pem('c')), key: pem('k') } })
    expect([text(identity.certificate), text(identity.key)]).toEqual([pem('c'), pem('k')])
    writeFileSync(file, 'no certificate')
    expect(read({}, environment).export).toBeUndefined()
    expect(read({}, environment).malformed).toEqual([
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_CERTIFICATE: PEM text is needed/),
    ])
  })

  test('the protocol of the environment is that of others, where an endpoint is given', () => {
    const environment = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }
    expect(exported({ endpoint: 'http://x:4317' }, environment).endpoint).toBe('http://x:4317')
    const both = { ...environment, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }
    expect(exported({}, both)).toEqual(exported({}))
  })
})

describe('what is refused, by its name', () => {
  test.each<[unknown, RegExp]>([
    [5, /^initTracing: an object is needed, not 5/],
    [null, /^initTracing: an object is needed, not null/],
    [{ endPoint: 'http://x' }, /^initTracing: unknown option "endPoint"; did you mean endpoint\?/],
    [{ endpoint: 5 }, /^initTracing.endpoint: a string is needed, not 5/],
    [{ endpoint: '' }, /^initTracing.endpoint: a string is needed, not an empty one/],
    [{ endpoint: 'collector' }, /^initTracing.endpoint: .*"collector" is not a URL/],
    [{ endpoint: 'localhost:4317' }, /^initTracing.endpoint: .* is neither http nor https/],
    [{ endpoint: 'ftp://x' }, /^initTracing.endpoint: .* is neither http nor https/],
    [{ endpoint: 'http://' }, /^initTracing.endpoint: .* is not a URL/],
    [{ endpoint: 'http://x:99999' }, /^initTracing.endpoint: .* is not a URL/],
    [{ endpoint: 'http://x/v1/traces' }, /^initTracing.endpoint: .* has a path/],
    [{ endpoint: 'http://x?a=1' }, /^initTracing.endpoint: .* has more than a host and a port/],
    [{ headers: [] }, /^initTracing.headers: an object is needed, not an array/],
    [{ headers: { a: 5 } }, /^initTracing.headers: "a": a string is needed, not 5/],
    [{ headers: { 'a b': '5' } }, /^initTracing.headers: the header "a b" has a name/],
    [{ headers: { a: 'ü' } }, /^initTracing.headers: the header "a" has a value that is not printable ASCII/],
    [{ headers: { a: 'x\r\ny: z' } }, /^initTracing.headers: the header "a" has a value/],
    [{ headers: { 'a-bin': 'x' } }, /^initTracing.headers: the header "a-bin" would be binary/],
    [{ headers: { 'grpc-timeout': '1S' } }, /^initTracing.headers: the header "grpc-timeout" is one of gRPC's own/],
    [{ serviceName: '' }, /^initTracing.serviceName: a string is needed/],
    [{ serviceName: 'a\ud800' }, /^initTracing.serviceName: a string is needed/],
    [{ resourceAttributes: { a: 1 } }, /^initTracing.resourceAttributes: "a": a string is needed, not 1/],
    [{ sampler: 'sometimes' }, /^initTracing.sampler: one of always_on, .* is needed, not the string "sometimes"/],
    [{ sampler: 'toString' }, /^initTracing.sampler: one of/],
    [{ sampler: 1 }, /^initTracing.sampler: one of/],
    [{ sampler: 'traceidratio', samplerArg: 1.5 }, /^initTracing.samplerArg: a number from 0 to 1 is needed, not 1.5/],
    [{ samplerArg: -1 }, /^initTracing.samplerArg: a number of at least 0/],
    [{ samplerArg: Number.NaN }, /^initTracing.samplerArg: /],
    [{ exporter: 'jaeger' }, /^initTracing.exporter: 'otlp' or 'none' is needed, not the string "jaeger"/],
    [{ timeout: 0 }, /^initTracing.timeout: an integer from 1/],
    [{ scheduleDelay: 0.5 }, /^initTracing.scheduleDelay: an integer from 1/],
    [{ maxQueueSize: 0 }, /^initTracing.maxQueueSize: an integer from 1/],
    [{ maxQueueSize: 10, maxExportBatchSize: 11 }, /^initTracing.maxExportBatchSize: 11 are more than the queue holds/],
    [{ tls: 'pem' }, /^initTracing.tls: an object is needed/],
    [{ tls: { CA: 'x' } }, /^initTracing.tls: unknown option "CA"; did you mean ca\?/],
    [{ tls: { ca: 5 } }, /^initTracing.tls.ca: a path, PEM text or the bytes of a PEM file are needed, not 5/],
    [{ tls: { ca: '' } }, /^initTracing.tls.ca: .* not an empty string/],
    [{ tls: { ca: Buffer.from('x') } }, /^initTracing.tls.ca: PEM text is needed/],
    [{ tls: { keyPassword: 'x' } }, /^initTracing.tls.keyPassword: there is no initTracing.tls.key/],
    [{ tls: { serverName: 5 } }, /^initTracing.tls.serverName: a string is needed, not 5/],
    [{ tls: { key: 'a-secret' } }, /^initTracing.tls.key: the file cannot be read \(ENOENT\)/],
    [
      { tls: { cert: '-----BEGIN CERTIFICATE-----' } },
      /^initTracing.tls: a client's certificate and its key belong together/,
    ],
  ])('%j', (options, message) => {
    expect(() => read(options)).toThrow(InvalidArgError)
    expect(() => read(options)).toThrow(message)
    expect(() => initTracing(options as never)).toThrow(message)
  })

  test('a password in an endpoint is not repeated', () => {
    const refused = () => read({ endpoint: 'http://user:secret@x:4317' })
    expect(refused).toThrow(/^initTracing.endpoint: it must not contain credentials/)
    expect(refused).not.toThrow(/secret/)
  })

  test.each([
    [5, /^shutdownTracing: an object is needed/],
    [{ timeout: -1 }, /^shutdownTracing.timeout: an integer from 0/],
    [{ patience: 1 }, /^shutdownTracing: unknown option "patience"/],
  ])('shutdownTracing: %j', async (options, message) => {
    await expect(shutdownTracing(options as never)).rejects.toThrow(InvalidArgError)
    await expect(shutdownTracing(options as never)).rejects.toThrow(message)
  })
})

/** Variables that cannot be understood, and whether spans are exported all the same. */
const MALFORMED: readonly [Environment, RegExp, boolean][] = [
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, /^OTEL_EXPORTER_OTLP_ENDPOINT: .* is not a URL/, false],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'localhost:4317' }, /^OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: /, false],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'secret' }, /^OTEL_EXPORTER_OTLP_HEADERS: name=value/, false],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }, /^OTEL_EXPORTER_OTLP_HEADERS: the value of a is not percent-/, false],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, /^OTEL_EXPORTER_OTLP_PROTOCOL: spans are exported by/, false],
  [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, /^OTEL_EXPORTER_OTLP_COMPRESSION: gzip or none/, false],
  [{ OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, /^OTEL_EXPORTER_OTLP_TIMEOUT: an integer from 1/, true],
  [{ OTEL_EXPORTER_OTLP_CERTIFICATE: '/no/such/file' }, /^OTEL_EXPORTER_OTLP_CERTIFICATE: the file cannot/, false],
  [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, /^OTEL_TRACES_SAMPLER: one of/, true],
  [
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' },
    /^OTEL_TRACES_SAMPLER_ARG: a number of at least 0 is needed, not the string "half"/,
    true,
  ],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' }, /^OTEL_TRACES_SAMPLER_ARG: .* 0 to 1/, true],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /^OTEL_TRACES_EXPORTER: 'otlp' or 'none' is needed/, false],
  [{ OTEL_BSP_MAX_QUEUE_SIZE: '-1' }, /^OTEL_BSP_MAX_QUEUE_SIZE: an integer from 1/, true],
  [{ OTEL_BSP_SCHEDULE_DELAY: 'soon' }, /^OTEL_BSP_SCHEDULE_DELAY: an integer from 1/, true],
  [{ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '9999' }, /^OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 9999 are more than the queue/, true],
  [{ OTEL_RESOURCE_ATTRIBUTES: 'a' }, /^OTEL_RESOURCE_ATTRIBUTES: name=value/, true],
  [{ OTEL_SDK_DISABLED: 'yes' }, /^OTEL_SDK_DISABLED: true or false is needed, not the string "yes"/, true],
]

describe('a variable that cannot be understood', () => {
  test.each(MALFORMED)('is ignored and reported by its name: %j', (environment, message, exports) => {
    const settings = read({}, environment)
    expect(settings.malformed).toEqual([expect.stringMatching(message)])
    // Where it says where to, or how, spans go nowhere; else its default stands.
    const standard = read({}, {})
    const sampler =
      environment.OTEL_TRACES_SAMPLER === 'traceidratio' ? { root: 2, parentBased: false } : standard.sampler
    expect(settings).toMatchObject({ sampler, ratio: 1 })
    expect(settings.export).toEqual(exports ? standard.export : undefined)
  })

  test('does not matter where an option says the same', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
      OTEL_TRACES_SAMPLER: 'x',
      OTEL_BSP_SCHEDULE_DELAY: 'x',
    }
    const settings = read({ endpoint: 'http://x:1', sampler: 'always_on', scheduleDelay: 7 }, environment)
    expect(settings.malformed).toEqual([])
    expect(settings.export).toMatchObject({ endpoint: 'http://x:1', delay: 7 })
  })

  test('does not keep a wrong option from being refused', () => {
    expect(() => read({ sampler: 'x' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })).toThrow(/^initTracing.sampler/)
    const tls = { cert: '-----BEGIN CERTIFICATE-----' }
    expect(() => read({ tls }, { OTEL_TRACES_SAMPLER: 'x' })).toThrow(/belong together/)
  })

  test('a certificate without its key, both named by variables, is one too', () => {
    const file = join(tmpdir(), `${randomUUID()}.pem`)
    writeFileSync(file, '-----BEGIN CERTIFICATE-----')
    const settings = read({}, { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file })
    expect(settings.export).toBeUndefined()
    expect(settings.malformed).toEqual([expect.stringMatching(/certificate and its key belong together/)])
  })
})

test.each([
  ['true', true],
  ['TRUE', true],
  [' true ', true],
  ['false', false],
  ['1', false],
  ['', false],
])('OTEL_SDK_DISABLED=%j', (value, expected) => {
  expect(telemetryDisabled({ OTEL_SDK_DISABLED: value })).toBe(expected)
})

test('shutting down what was not begun does nothing', async () => {
  await shutdownTracing()
  expect(tracingStats()).toEqual({ made: 0, exported: 0, failed: 0, dropped: 0 })
})
