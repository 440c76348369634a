// The way of spans to a collector, and what becomes of them when it is away, refuses, or does not answer.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import {
  InvalidArgError,
  initTracing,
  shutdownTracing,
  type TracingOptions,
  type TracingStats,
  tracingStats,
} from 'aerospike-napi'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { Collector } from '../helpers/collector'
import { until } from '../helpers/until'

let collector: Collector
beforeAll(async () => {
  collector = await Collector.start()
})
afterAll(() => collector.stop())
let before: TracingStats
beforeEach(() => {
  collector.reset()
  before = tracingStats()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await shutdownTracing({ timeout: 0 })
})

const makeKey = keysOf('tracing-export')
const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[number])
const init = (options: TracingOptions = {}): boolean => initTracing({ endpoint: collector.endpoint, ...options })
const call = async (count = 1): Promise<void> => {
  const key = makeKey()
  await Promise.all(Array.from({ length: count }, async () => client().exists(key)))
}

/** What became of spans since the test's start. */
const counted = (): TracingStats => {
  const now = tracingStats()
  return {
    made: now.made - before.made,
    exported: now.exported - before.exported,
    failed: now.failed - before.failed,
    dropped: now.dropped - before.dropped,
  }
}

/** The warnings about tracing that come during a test. */
function warnings(): string[] {
  const told: string[] = []
  const hear = (warning: Error & { code?: string }): void => {
    if (warning.code === 'AEROSPIKE_TRACING') told.push(warning.message)
  }
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  return told
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

describe('beginning and ending', () => {
  test('beginning twice is beginning once, with what was said first', async () => {
    expect(init({ serviceName: 'first' })).toBe(true)
    expect(init({ serviceName: 'second' })).toBe(false)
    await call()
    await shutdownTracing()
    expect(collector.spans.map(({ resource }) => resource['service.name'])).toEqual(['first'])
  })

  test('what is wrong is refused the second time too', () => {
    init()
    expect(() => initTracing({ endpoint: 'nonsense' })).toThrow(InvalidArgError)
  })

  test('ending twice, at once or later, is ending once', async () => {
    init()
    await call()
    await Promise.all([shutdownTracing(), shutdownTracing()])
    await shutdownTracing()
    expect(collector.spans.length).toBe(1)
  })

  test('it begins anew after its end, with what is said then', async () => {
    init({ serviceName: 'first' })
    await call()
    await shutdownTracing()
    await call()
    expect(init({ serviceName: 'second' })).toBe(true)
    await call()
    await shutdownTracing()
    expect(collector.spans.map(({ resource }) => resource['service.name'])).toEqual(['first', 'second'])
    expect(counted()).toEqual({ made: 2, exported: 2, failed: 0, dropped: 0 })
  })

  test('it begins anew while it still ends', async () => {
    init({ serviceName: 'first' })
    await call()
    const ended = shutdownTracing()
    expect(init({ serviceName: 'second' })).toBe(true)
    await call()
    await ended
    await shutdownTracing()
    expect(collector.spans.map(({ resource }) => resource['service.name']).sort()).toEqual(['first', 'second'])
  })

  test('OTEL_SDK_DISABLED forbids it', async () => {
    vi.stubEnv('OTEL_SDK_DISABLED', 'true')
    expect(init()).toBe(false)
    await call()
    await shutdownTracing()
    expect(counted().made).toBe(0)
    vi.stubEnv('OTEL_SDK_DISABLED', 'false')
    expect(init()).toBe(true)
  })

  test('OTEL_SDK_DISABLED comes before everything else, however wrong', () => {
    const told = warnings()
    vi.stubEnv('OTEL_SDK_DISABLED', 'true')
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'nonsense')
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'nonsense')
    expect(initTracing()).toBe(false)
    expect(initTracing({ endpoint: 'nonsense' })).toBe(false)
    expect(told).toEqual([])
  })

  test('variables that cannot be understood make one warning, and no exception', async () => {
    const told = warnings()
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'jaeger_remote')
    vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', 'soon')
    expect(init()).toBe(true)
    await call()
    await shutdownTracing()
    expect(collector.spans.length).toBe(1)
    await vi.waitFor(() => expect(told.length).toBe(1))
    expect(told[0]).toMatch(
      /^initTracing: OTEL_TRACES_SAMPLER: .*; OTEL_BSP_SCHEDULE_DELAY: .*these variables are left out/,
    )
  })

  test.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'secret'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such/file'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
  ])('%s=%s: spans are made, and go nowhere', async (name, value) => {
    const told = warnings()
    vi.stubEnv(name, value)
    expect(initTracing()).toBe(true)
    await call()
    await shutdownTracing()
    expect(counted()).toEqual({ made: 1, exported: 0, failed: 0, dropped: 0 })
    await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(`${name}: .*spans are not exported`)]))
  })

  test('OTEL_TRACES_EXPORTER=none makes spans for nobody', async () => {
    vi.stubEnv('OTEL_TRACES_EXPORTER', 'none')
    expect(init()).toBe(true)
    await call(3)
    await shutdownTracing()
    expect(collector.metadata.length).toBe(0)
    expect(counted()).toEqual({ made: 3, exported: 0, failed: 0, dropped: 0 })
  })
})

describe('what is sent', () => {
  test('the environment says where and what as well', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.endpoint)
    vi.stubEnv('OTEL_SERVICE_NAME', 'from-the-environment')
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'team=search')
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'api-key=from-the-environment,x=1')
    initTracing({ headers: { 'api-key': 'given' } })
    await call()
    await shutdownTracing()
    expect(collector.spans[0]?.resource).toMatchObject({ 'service.name': 'from-the-environment', team: 'search' })
    expect(collector.metadata[0]?.get('api-key')).toEqual(['given'])
    expect(collector.metadata[0]?.get('x')).toEqual(['1'])
  })

  test.each(['gzip', 'none'])('compression: %s', async compression => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', compression)
    init()
    await call()
    await shutdownTracing()
    expect(collector.spans.length).toBe(1)
  })

  test('batches that are full are sent at once, others after a while', async () => {
    init({ maxExportBatchSize: 10, scheduleDelay: 60_000 })
    await call(25)
    await vi.waitFor(() => expect(collector.spans.length).toBe(20))
    await shutdownTracing()
    expect(collector.spans.length).toBe(25)
    expect(collector.metadata.length).toBe(3)
    init({ scheduleDelay: 20 })
    await call()
    await vi.waitFor(() => expect(collector.spans.length).toBe(26))
  })

  test('a ratio sends its part of the traces', async () => {
    init({ sampler: 'traceidratio', samplerArg: 0.5 })
    await call(400)
    await shutdownTracing()
    expect(collector.spans.length).toBe(counted().made)
    expect(collector.spans.length).toBeGreaterThan(100)
    expect(collector.spans.length).toBeLessThan(300)
  })
})

describe('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracing-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (name: string): string => join(folder, name)
  const pem = (name: string): Buffer => readFileSync(file(name))
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' })

  /** A certificate of its own authority. */
  function certify(name: string, subject: string, usage: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file(`${name}.key`)]
    openssl('req', ...key, '-out', file(`${name}.csr`), '-subj', `/CN=${subject}`)
    const extensions = file(`${name}.ext`)
    execFileSync('sh', ['-c', `printf 'subjectAltName=DNS:localhost\\nextendedKeyUsage=${usage}\\n' > ${extensions}`])
    const by = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2']
    openssl('x509', '-req', '-in', file(`${name}.csr`), ...by, '-extfile', extensions, '-out', file(`${name}.pem`))
  }

  beforeAll(() => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file('ca.key')]
    openssl('req', '-x509', ...key, '-out', file('ca.pem'), '-subj', '/CN=an authority', '-days', '2')
    certify('server', 'localhost', 'serverAuth')
    certify('client', 'a client', 'clientAuth')
  })

  const secure = (checkClient: boolean): Promise<Collector> => {
    const pair = { private_key: pem('server.key'), cert_chain: pem('server.pem') }
    return Collector.start(grpc.ServerCredentials.createSsl(pem('ca.pem'), [pair], checkClient), 'https')
  }

  test('a collector is checked by the authority that is given, or named by the environment', async () => {
    const collector = await secure(false)
    initTracing({ endpoint: collector.endpoint, tls: { ca: pem('ca.pem') } })
    await call()
    await shutdownTracing()
    vi.stubEnv('OTEL_EXPORTER_OTLP_CERTIFICATE', file('ca.pem'))
    initTracing({ endpoint: collector.endpoint })
    await call()
    await shutdownTracing()
    collector.stop()
    expect(collector.spans.length).toBe(2)
  })

  test('one that nobody vouches for gets nothing', async () => {
    const told = warnings()
    const collector = await secure(false)
    initTracing({ endpoint: collector.endpoint, timeout: 2000 })
    await call()
    await shutdownTracing()
    collector.stop()
    expect(counted()).toEqual({ made: 1, exported: 0, failed: 1, dropped: 0 })
    await vi.waitFor(() => expect(told.length).toBe(1))
  })

  test('a client shows its certificate', async () => {
    const collector = await secure(true)
    const tls = { ca: pem('ca.pem').toString(), cert: pem('client.pem'), key: pem('client.key') }
    initTracing({ endpoint: collector.endpoint, tls })
    await call()
    await shutdownTracing()
    collector.stop()
    expect(collector.spans.length).toBe(1)
  })

  test('what only looks like PEM is refused', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----'
    const tls = { cert: broken, key: broken }
    expect(() => initTracing({ endpoint: 'https://localhost:4317', tls })).toThrow(InvalidArgError)
    expect(() => initTracing({ endpoint: 'https://localhost:4317', tls })).toThrow(/^initTracing: the exporter: /)
    expect(init()).toBe(true)
  })

  test('a certificate that only looks like PEM, named by a variable, is reported', async () => {
    const told = warnings()
    writeFileSync(file('broken.pem'), '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----')
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', file('broken.pem'))
    vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_KEY', file('broken.pem'))
    expect(initTracing({ endpoint: 'https://localhost:4317' })).toBe(true)
    await call()
    await shutdownTracing()
    expect(counted()).toEqual({ made: 1, exported: 0, failed: 0, dropped: 0 })
    await vi.waitFor(() =>
      expect(told).toEqual([
        expect.stringMatching(/OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY: the exporter: .*not exported/),
      ]),
    )
  })
})

describe('a collector', () => {
  test('that is away costs its spans, one warning, and nothing else', async () => {
    const told = warnings()
    initTracing({ endpoint: `http://localhost:${await freePort()}`, scheduleDelay: 10 })
    for (let round = 0; round < 3; round++) {
      await call(5)
      await vi.waitFor(() => expect(counted().failed).toBe(5 * (round + 1)), { timeout: 5000 })
    }
    await shutdownTracing()
    expect(counted()).toEqual({ made: 15, exported: 0, failed: 15, dropped: 0 })
    expect(told.length).toBe(1)
    expect(told[0]).toMatch(/^spans cannot be exported to http:\/\/localhost:\d+: /)
  })

  test('that refuses spans is reported with its reason', async () => {
    const told = warnings()
    collector.behaviour = 'refuse'
    init()
    await call()
    await shutdownTracing()
    expect(counted()).toEqual({ made: 1, exported: 0, failed: 1, dropped: 0 })
    await vi.waitFor(() => expect(told.length).toBe(1))
    expect(told[0]).toMatch(/not today|PermissionDenied/i)
  })

  test('that comes back is found again', async () => {
    collector.behaviour = 'refuse'
    init({ scheduleDelay: 10 })
    await call()
    await vi.waitFor(() => expect(counted().failed).toBe(1))
    collector.behaviour = 'take'
    await call()
    await vi.waitFor(() => expect(counted().exported).toBe(1))
    expect(collector.spans.length).toBe(1)
  })

  test('that hangs bounds what waits, and the end', async () => {
    collector.behaviour = 'hang'
    init({ maxQueueSize: 100, maxExportBatchSize: 10, timeout: 60_000 })
    await call(500)
    await vi.waitFor(() => expect(counted().made).toBe(500))
    // 10 are under way, 100 wait; how many came before the export began is up to the threads.
    expect(counted().dropped).toBeGreaterThanOrEqual(390)
    const begun = performance.now()
    await shutdownTracing({ timeout: 200 })
    expect(performance.now() - begun).toBeLessThan(5000)
    expect(counted()).toEqual({ made: 500, exported: 0, failed: 0, dropped: 500 })
  })

  test('that hangs fails an export after its timeout, and the next is tried', async () => {
    const told = warnings()
    collector.behaviour = 'hang'
    init({ timeout: 100, scheduleDelay: 10 })
    await call()
    await vi.waitFor(() => expect(counted().failed).toBe(1))
    collector.behaviour = 'take'
    await call()
    await vi.waitFor(() => expect(counted().exported).toBe(1))
    expect(told.length).toBe(1)
  })

  test.each([
    ['takes connections and says nothing', (_: Socket): void => {}],
    ['ends every connection', (socket: Socket): void => void socket.destroy()],
    ['speaks something else', (socket: Socket): void => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('that %s', async (_, behave) => {
    const sockets: Socket[] = []
    const server = createServer(socket => {
      sockets.push(socket.on('error', () => {}))
      behave(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    initTracing({ endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`, timeout: 300 })
    await call()
    const begun = performance.now()
    await shutdownTracing({ timeout: 4000 })
    expect(performance.now() - begun).toBeLessThan(6000)
    for (const socket of sockets) socket.destroy()
    server.close()
    expect(counted()).toEqual({ made: 1, exported: 0, failed: 1, dropped: 0 })
  })

  test('that is slow does not slow commands down to its pace', async () => {
    collector.behaviour = 'hang'
    init({ maxQueueSize: 10, timeout: 30_000 })
    for (let round = 0; round < 20; round++) await call(50)
    await until(() => counted().made >= 1000)
    expect(counted().made).toBe(1000)
    expect(counted().exported).toBe(0)
  })
})
