/**
 * Exports the spans of a small request from Rust with OTLP over gRPC, and prints them as a tree.
 *
 *   make tracing                                                        with a new collector and a new aerospike-local
 *   OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 make tracing      with your own collector, for example Jaeger
 *   AEROSPIKE_HOST=127.0.0.1:3000 make tracing                          with your own server
 */
import { randomBytes } from 'node:crypto'
import { connect, initTracing, RecordNotFoundError, shutdownTracing, tracingStats } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { dim, fixed, heading } from '../demo/terminal'
import { Collector, type Span } from './collector'

const NS = 'test'
const SET = 'tracing-users'

/**
 * The trace context of the incoming request. With the OpenTelemetry SDK, the client uses the active span
 * automatically.
 */
const trace = { id: randomBytes(16).toString('hex'), span: randomBytes(8).toString('hex') }
const traceparent = `00-${trace.id}-${trace.span}-01`

async function request(host: string): Promise<void> {
  await using client = await connect({ hosts: host })
  const keys = Array.from({ length: 100 }, (_, id): [string, string, number] => [NS, SET, id])
  const policy = { traceparent }
  await client.batchWrite(
    keys.map((key, id) => ({ key, bins: { name: `user ${id}`, visits: 0 }, meta: { ttl: 3600 } })),
    policy,
  )
  await client.get([NS, SET, 7], policy)
  await Promise.all([
    client.increment([NS, SET, 7], 'visits', 1, null, policy),
    client.batchReadColumns(keys, { visits: 'i32' }, policy),
  ])
  await client.query(NS, SET).results(policy)
  try {
    await client.get([NS, SET, 'nobody'], policy)
  } catch (error) {
    if (!(error instanceof RecordNotFoundError)) throw error
  }
}

function show(spans: readonly Span[]): void {
  const ordered = [...spans].sort((a, b) => Number(a.start - b.start))
  const first = ordered[0]?.start ?? 0n
  const last = ordered.reduce((most, { end }) => (end > most ? end : most), first)
  const width = 40
  const scale = (time: bigint): number => (Number(time - first) / Math.max(1, Number(last - first))) * width
  heading(`Trace ${trace.id}`)
  for (const { name, start, end, status, attributes } of ordered) {
    const [from, to] = [Math.floor(scale(start)), Math.max(1, Math.round(scale(end) - scale(start)))]
    const line = ' '.repeat(from) + '━'.repeat(to)
    const more = ['db.operation.batch.size', 'db.response.returned_rows', 'error.type', 'network.peer.port']
      .flatMap(key => (attributes.has(key) ? [`${key}=${attributes.get(key)}`] : []))
      .join(' ')
    const mark = status.code === 2 ? '✗' : ' '
    console.log(
      `  ${mark} ${name.padEnd(38)} ${fixed(Number(end - start) / 1e6, 2).padStart(7)} ms  ${line.padEnd(width + 1)} ${dim(more)}`,
    )
  }
}

async function main(): Promise<void> {
  const elsewhere = process.env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
  const collector = elsewhere ? undefined : await Collector.start()
  const server = process.env.AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
  initTracing({
    serviceName: process.env.OTEL_SERVICE_NAME ?? 'aerospike-example',
    ...(collector === undefined ? {} : { endpoint: collector.endpoint }),
  })
  try {
    await request(process.env.AEROSPIKE_HOST ?? server?.address ?? '')
  } finally {
    await shutdownTracing()
    await server?.stop()
  }
  if (collector === undefined) console.log(`  trace ${trace.id}`)
  else show(collector.spans)
  collector?.close()
  const { made, exported, failed, dropped } = tracingStats()
  console.log(dim(`  ${made} spans were made, ${exported} exported, ${failed} failed, ${dropped} dropped`))
  if (exported !== made) process.exitCode = 1
}

main()
