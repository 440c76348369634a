/**
 * Puts a client under load and scrapes its metrics like Prometheus: latency per operation, use of the connection
 * pools, and the time that calls spend in each stage. Everything it prints comes from the scraped metrics.
 *
 *   make metrics                                  with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make metrics    with your own server
 *   STAY=1 make metrics                           runs until Ctrl-C, so that your Prometheus can scrape port 9464
 */
import { type Client, connect, setMetricsEnabled, startMetricsServer, stopMetricsServer } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { bar, count, dim, fixed, heading, table } from '../demo/terminal'

const NS = 'test'
const SET = 'metrics-example'
/** Number of concurrent calls. */
const FLIGHTS = 50
/** Number of calls per round. */
const CALLS = 5000

/** A sample in the Prometheus text format. */
interface Sample {
  name: string
  labels: Map<string, string>
  value: number
}

async function scrape(url: string): Promise<Sample[]> {
  const text = await (await fetch(url)).text()
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return lines.map(line => {
    const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    const pairs = labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)
    return { name, labels: new Map([...pairs].map(([, label = '', text = '']) => [label, text])), value: Number(value) }
  })
}

/** A quantile of a histogram, in seconds, with linear interpolation within the bucket. */
function quantile(share: number, buckets: readonly Sample[]): number {
  const total = buckets.at(-1)?.value ?? 0
  let [low, below] = [0, 0]
  for (const { labels, value } of buckets) {
    const high = Number(labels.get('le'))
    if (value >= share * total) {
      return Number.isFinite(high) ? low + ((high - low) * (share * total - below)) / (value - below) : low
    }
    low = high
    below = value
  }
  return low
}

const key = (number: number) => [NS, SET, number % 1000] as const

/** Performs reads, writes and batches, a few of which fail. */
async function load(client: Client): Promise<void> {
  let left = CALLS
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      if (left % 100 === 0) await client.batchRead(Array.from({ length: 200 }, (_, number) => key(left + number)))
      else if (left % 50 === 1) await client.get([NS, SET, 'nobody']).catch(() => {})
      else if (left % 4 === 0) await client.put(key(left), { visits: left, name: `user ${left}` })
      else await client.get(key(left))
    }
  }
  await Promise.all(Array.from({ length: FLIGHTS }, worker))
}

function operations(samples: readonly Sample[]): void {
  const ours = samples.filter(({ labels }) => labels.get('db_collection_name') === SET)
  const of = (suffix: string) => ours.filter(({ name }) => name === `db_client_operation_duration_seconds_${suffix}`)
  const rows = of('count').map(({ labels, value }) => {
    const same = (other: Sample): boolean =>
      ['db_operation_name', 'error_type'].every(label => other.labels.get(label) === labels.get(label))
    const buckets = of('bucket').filter(same)
    const sum = of('sum').find(same)?.value ?? 0
    const ms = (seconds: number): string => `${fixed(seconds * 1000, 2)} ms`
    const error = labels.get('error_type') || dim('none')
    return [labels.get('db_operation_name') ?? '', error, count(value), ms(sum / value), ms(quantile(0.99, buckets))]
  })
  table(
    [
      ['operation', 'left'],
      ['error', 'left'],
      ['calls', 'right'],
      ['mean', 'right'],
      ['99 %', 'right'],
    ],
    rows,
  )
}

function stages(samples: readonly Sample[]): void {
  const of = (suffix: string) =>
    samples.filter(({ name }) => name === `aerospike_client_stage_duration_seconds_${suffix}`)
  const means = of('sum').map(({ labels, value }) => {
    const calls = of('count').find(other => other.labels.get('stage') === labels.get('stage'))?.value ?? 1
    return [labels.get('stage') ?? '', (value / calls) * 1e6] as const
  })
  const most = Math.max(...means.map(([, micros]) => micros))
  table(
    [
      ['stage', 'left'],
      ['mean', 'right'],
      ['', 'left'],
    ],
    means.map(([stage, micros]) => [stage, `${fixed(micros, 1)} us`, bar(micros / most, 40)]),
  )
}

function connections(client: Client, samples: readonly Sample[]): void {
  const states = samples.filter(({ name }) => name === 'db_client_connection_count')
  for (const { labels, value } of states) {
    const [pool, state] = [labels.get('db_client_connection_pool_name'), labels.get('db_client_connection_state')]
    console.log(`  ${pool}  ${(state ?? '').padEnd(10)} ${count(value).padStart(4)}`)
  }
  const { commands } = client.stats()
  console.log(
    dim(`  client.stats(): ${commands.inFlight} in flight, ${commands.queued} queued, ${commands.limit} at most`),
  )
}

async function main(): Promise<void> {
  const named = process.env.AEROSPIKE_HOST
  const server = named ? undefined : await LocalServer.start({ namespaces: [NS] })
  const client = await connect({ hosts: named || (server as LocalServer).address })
  const stay = Boolean(process.env.STAY)
  const { url } = await startMetricsServer({ port: stay ? 9464 : 0 })
  setMetricsEnabled(true, { stages: true })
  try {
    await Promise.all(
      Array.from({ length: 1000 }, (_, number) => client.put(key(number), { visits: 0 }, { ttl: 3600 })),
    )
    await load(client)
    const samples = await scrape(url)
    heading(`Operations, from ${url}`)
    operations(samples)
    heading('Where the time of a call goes')
    stages(samples)
    heading('Connections')
    connections(client, samples)
    if (stay) console.log(dim(`\n  running until Ctrl-C; ${url}`))
    let on = stay
    process.once('SIGINT', () => {
      on = false
    })
    while (on) await load(client)
  } finally {
    await stopMetricsServer()
    await client.truncate(NS, SET)
    await client.close()
    await server?.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
