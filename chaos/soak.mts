/**
 * Runs a steady load for a long time, and checks that memory, handles and connections stay flat.
 *
 *   make soak                            30 minutes on aerospike-local
 *   make soak MINUTES=5 ARGS='--hosts 127.0.0.1:3000 --report soak'
 *
 * Writes `<report>.json` and `<report>.svg`. Exits with 1 if something grows.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { AerospikeError, batchRow, type Client, connect, Key, lists, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { plot } from './plot.mjs'
import { Random } from './random.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    hosts: { type: 'string' },
    'in-flight': { type: 'string', default: '50' },
    report: { type: 'string' },
  },
})

const RECORDS = 5000
/** Milliseconds between two samples. */
const INTERVAL = 5000
/** The part of the run, in seconds, after which nothing may grow: caches and pools fill first. At most a third of it. */
const WARM_UP = 300
/** Most growth of the resident set, in MiB per 10 minutes. */
const GROWTH = 1
const MIB = 2 ** 20

interface Sample {
  readonly seconds: number
  /** Resident set, in MiB. */
  readonly rss: number
  /** Heap of JavaScript after a collection, in MiB. */
  readonly heap: number
  /** Active handles and requests of Node.js. */
  readonly handles: number
  readonly connections: number
  /** 99th percentile of the event-loop delay since the last sample, in milliseconds. */
  readonly delay: number
  /** Calls since the last sample. */
  readonly calls: number
}

const random = new Random(1)
const key = (): Key => new Key('test', 'soak', random.between(0, RECORDS - 1))
const keys = (count: number): Key[] => Array.from({ length: count }, key)

/** One call of a random kind: those that succeed, and those that are aborted, run out of time or are refused. */
async function callOnce(client: Client, hosts: string): Promise<void> {
  const choice = random.between(0, 999)
  if (choice < 400) await client.get(key())
  else if (choice < 650) await client.put(key(), { n: choice, text: 'x'.repeat(choice % 100), list: [1, 2, 3] })
  else if (choice < 800) await client.operate(key(), [op.incr('n', 1), lists.size('list'), op.read('n')])
  else if (choice < 850) await client.batchRead(keys(100))
  else if (choice < 900) await client.batchReadColumns(keys(100), { n: 'i32', text: 'utf8' })
  else if (choice < 930) await client.batchWrite(keys(20).map(each => ({ key: each, bins: { n: 1, list: [1] } })))
  else if (choice < 950) for await (const _ of client.batchStream(keys(50).map(each => batchRow.read(each))));
  else if (choice < 960) await first(client)
  else if (choice < 975) await client.get(key(), { signal: AbortSignal.timeout(0) })
  else if (choice < 985) await client.get(key(), { totalTimeout: 1 })
  else if (choice < 998) await client.get(new Key('test', 'soak', -1))
  else await (await connect({ hosts })).close()
}

/** Leaves a query after its first rows. */
async function first(client: Client): Promise<void> {
  let rows = 0
  for await (const _ of client.query('test', 'soak')) if (++rows === 10) break
}

/** Least squares: growth of the values per second. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean(point => point[0]), mean(point => point[1])]
  const squares = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return squares === 0 ? 0 : points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / squares
}

async function run(hosts: string): Promise<Sample[]> {
  const seconds = Number(values.minutes) * 60
  if (!Number.isFinite(seconds) || seconds <= 0) throw new RangeError('--minutes must be a number above 0')
  await using client = await connect({ hosts })
  for (let id = 0; id < RECORDS; id++) await client.put(['test', 'soak', id], { n: id, text: 'x', list: [1, 2, 3] })
  const samples: Sample[] = []
  const start = performance.now()
  let [calls, ended] = [0, false]
  const worker = async (): Promise<void> => {
    while (!ended) {
      try {
        await callOnce(client, hosts)
      } catch (error) {
        if (!(error instanceof AerospikeError)) throw error
      }
      calls++
    }
  }
  // One promise for all samples: each further one would add a reaction to every worker, which looks like a leak.
  const workers = Promise.all(Array.from({ length: Number(values['in-flight']) }, worker))
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  while ((performance.now() - start) / 1000 < seconds) {
    await Promise.race([sleep(INTERVAL), workers])
    globalThis.gc?.()
    const { rss, heapUsed } = process.memoryUsage()
    const [node] = client.stats().nodes
    const sample: Sample = {
      seconds: Math.round((performance.now() - start) / 1000),
      rss: rss / MIB,
      heap: heapUsed / MIB,
      handles: process.getActiveResourcesInfo().length,
      connections: (node?.connections.inUse ?? 0) + (node?.connections.idle ?? 0),
      delay: delay.percentile(99) / 1e6,
      calls,
    }
    samples.push(sample)
    calls = 0
    delay.reset()
    if (samples.length % 12 === 0) console.log(describe(sample))
  }
  ended = true
  await workers
  return samples
}

function describe({ seconds, rss, heap, handles, connections, delay, calls }: Sample): string {
  const rate = Math.round(calls / (INTERVAL / 1000))
  return `${(seconds / 60).toFixed(1)} min: RSS ${rss.toFixed(1)} MiB, heap ${heap.toFixed(1)} MiB, ${handles} handles, ${connections} connections, loop delay p99 ${delay.toFixed(1)} ms, ${rate} calls/s`
}

async function main(): Promise<void> {
  if (globalThis.gc === undefined) throw new Error('run with node --expose-gc, as `make soak` does')
  await using server = values.hosts === undefined ? await LocalServer.start() : undefined
  const samples = await run(values.hosts ?? server?.address ?? '')
  const end = samples.at(-1)?.seconds ?? 0
  const late = samples.filter(({ seconds }) => seconds >= Math.min(WARM_UP, end / 3))
  const growth = slope(late.map(({ seconds, rss }) => [seconds, rss])) * 600
  const [before, after] = [late[0], late.at(-1)]
  const failures: string[] = []
  if (growth > GROWTH) failures.push(`the resident set grows by ${growth.toFixed(2)} MiB per 10 minutes`)
  for (const name of ['handles', 'connections'] as const) {
    const halves = [late.slice(0, late.length / 2), late.slice(late.length / 2)]
    const [early, later] = halves.map(half => Math.max(...half.map(sample => sample[name])))
    if ((later ?? 0) > 2 * (early ?? 0)) failures.push(`${name} grow from ${early} to ${later}`)
  }
  if (before !== undefined && after !== undefined) console.log(`${describe(before)}\n${describe(after)}`)
  console.log(`growth of the resident set: ${growth.toFixed(2)} MiB per 10 minutes`)
  if (values.report !== undefined) {
    writeFileSync(`${values.report}.json`, `${JSON.stringify({ growth, failures, samples }, null, 1)}\n`)
    const of = (name: Exclude<keyof Sample, 'seconds'>): [number, number][] =>
      samples.map(sample => [sample.seconds, sample[name]])
    const svg = plot([
      { title: 'Resident set', unit: 'MiB', points: of('rss') },
      { title: 'Heap of JavaScript', unit: 'MiB', points: of('heap') },
      { title: 'Handles', unit: 'number', points: of('handles') },
      { title: 'Connections', unit: 'number', points: of('connections') },
      { title: 'Event-loop delay, 99th percentile', unit: 'ms', points: of('delay') },
      { title: 'Calls', unit: `per ${INTERVAL / 1000} s`, points: of('calls') },
    ])
    writeFileSync(`${values.report}.svg`, svg)
  }
  for (const failure of failures) console.error(failure)
  process.exitCode = failures.length > 0 ? 1 : 0
}

await main()
