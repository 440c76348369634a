/**
 * The overhead of metrics, tracing and diagnostics: gets with 50 in flight, in pairs of rounds with and without the
 * feature, in one process and with one client. The order within a pair alternates, so that a machine that slows down
 * does not favour either. Not one of the suites: runs once.
 *
 *   npx tsx benchmark/observability.ts                       every variant
 *   npx tsx benchmark/observability.ts --only metrics --pairs 60 --gets 20000
 */

import { tracingChannel } from 'node:diagnostics_channel'
import { parseArgs } from 'node:util'
import {
  type Client,
  connect,
  initTracing,
  setMetricsEnabled,
  shutdownTracing,
  type TracingOptions,
  tracingStats,
} from '..'
import { type Sink, startSink } from './harness/otlp-sink'

// As built in this repository. The declarations are at the root.
const { LocalServer } = require('../dist/testing.js') as typeof import('../testing')

const IN_FLIGHT = 50
let sink: Sink | undefined
const KEY = ['test', 'bench-observability', 1] as const

/** A feature to measure. All features are off at the start. */
interface Variant {
  readonly name: string
  on(): void | Promise<void>
  off(): void | Promise<void>
}

const metrics = (name: string, options?: { details?: boolean; stages?: boolean }): Variant => ({
  name,
  on: () => setMetricsEnabled(true, options),
  off: () => setMetricsEnabled(false),
})

/**
 * Spans go to a collector that discards them. Spans that are still queued at the end of a round are exported after
 * it.
 */
const tracing = (name: string, options?: TracingOptions): Variant => ({
  name,
  on: () => void initTracing({ endpoint: sink?.endpoint ?? '', ...options }),
  off: () => shutdownTracing(),
})

const heard = { start: () => {}, end: () => {}, asyncStart: () => {}, asyncEnd: () => {}, error: () => {} }
const commands = tracingChannel('aerospike-napi:command')
const channels: Variant = {
  name: 'diagnostics channel',
  on: () => commands.subscribe(heard),
  off: () => void commands.unsubscribe(heard),
}

const VARIANTS: readonly Variant[] = [
  { name: 'nothing', on: () => {}, off: () => {} },
  metrics('metrics'),
  metrics('metrics, details', { details: true }),
  metrics('metrics, stages', { stages: true }),
  tracing('tracing', { sampler: 'always_on' }),
  tracing('tracing, 1 %', { sampler: 'traceidratio', samplerArg: 0.01 }),
  tracing('tracing, none', { sampler: 'always_off' }),
  channels,
]

/** Figures of one round, per get. */
interface Round {
  readonly cpuNs: number
  readonly wallNs: number
}

async function round(client: Client, gets: number): Promise<Round> {
  let left = gets
  const one = async (): Promise<void> => {
    while (left-- > 0) await client.get(KEY)
  }
  const before = process.cpuUsage()
  const since = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, one))
  const { user, system } = process.cpuUsage(before)
  return { cpuNs: ((user + system) * 1e3) / gets, wallNs: ((performance.now() - since) * 1e6) / gets }
}

/** The mean, and the half-width of its 95 % confidence interval. */
function estimate(values: readonly number[]): { mean: number; half: number } {
  const mean = values.reduce((all, value) => all + value, 0) / values.length
  const variance = values.reduce((all, value) => all + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, half: (1.96 * Math.sqrt(variance)) / Math.sqrt(values.length) }
}

function told({ mean, half }: { mean: number; half: number }, digits: number, unit: string): string {
  return `${mean.toFixed(digits)} ± ${half.toFixed(digits)} ${unit}`
}

async function measure(client: Client, variant: Variant, pairs: number, gets: number): Promise<void> {
  const withIt = async (): Promise<Round> => {
    await variant.on()
    const result = await round(client, gets)
    await variant.off()
    return result
  }
  const without = (): Promise<Round> => round(client, gets)
  await withIt()
  const [cpu, slower, base]: number[][] = [[], [], []]
  const spans = tracingStats()
  for (let pair = 0; pair < pairs; pair++) {
    let on: Round
    let off: Round
    if (pair % 2 === 0) {
      on = await withIt()
      off = await without()
    } else {
      off = await without()
      on = await withIt()
    }
    cpu?.push(on.cpuNs - off.cpuNs)
    slower?.push(100 * (1 - off.wallNs / on.wallNs))
    base?.push(off.cpuNs)
  }
  console.log(
    `${variant.name.padEnd(20)} CPU a get ${told(estimate(cpu ?? []), 0, 'ns')} more than ${estimate(base ?? []).mean.toFixed(0)} ns; ` +
      `throughput ${told(estimate(slower ?? []), 1, '%')} less`,
  )
  const { made, exported, failed, dropped } = tracingStats()
  if (made === spans.made) return
  const [sent, lost] = [exported - spans.exported, failed - spans.failed + dropped - spans.dropped]
  console.log(`${''.padEnd(20)} ${made - spans.made} spans, ${sent} exported, ${lost} failed or dropped`)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '40' },
      gets: { type: 'string', default: '20000' },
      only: { type: 'string' },
    },
  })
  const named = process.env.AEROSPIKE_HOST
  const server = named === undefined ? await LocalServer.start() : undefined
  sink = await startSink()
  const client = await connect({ hosts: named ?? server?.address ?? '' })
  try {
    await client.put(KEY, { a: 1, b: 'text', c: 2.5 })
    setMetricsEnabled(false)
    await round(client, 50_000)
    for (const variant of VARIANTS) {
      if (values.only !== undefined && values.only !== variant.name) continue
      await measure(client, variant, Number(values.pairs), Number(values.gets))
    }
  } finally {
    await client.remove(KEY)
    await client.close()
    await server?.stop()
    sink.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
