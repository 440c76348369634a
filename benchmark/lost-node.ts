/**
 * The effect of one lost node on the rest of a cluster: three nodes of aerospike-local, calls at a steady rate
 * regardless of their latency, and one node that hangs or is killed. Not one of the suites: runs once.
 *
 *   npx tsx benchmark/lost-node.ts --rates 600,1500 --seconds 5 --kills 5 --burst 100000
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { type Client, connect, Key } from '..'

// As built in this repository. The declarations are at the root.
const { LocalServer } = require('../dist/testing.js') as typeof import('../testing')

const NODES = 3
const LOST = 1
const KEYS = 3000

const keys = Array.from({ length: KEYS }, (_, id) => new Key('test', 'lost-node', id))

/** The node that masters a key's partition: aerospike-local assigns partitions to its nodes in turn. */
function master(key: Key): number {
  const [low = 0, high = 0] = key.digest
  return ((low | (high << 8)) & 4095) % NODES
}

interface Outcome {
  readonly onLost: boolean
  readonly read: boolean
  readonly ms: number
  readonly error: string | undefined
}

/** Makes `rate` calls per second for `seconds`, alternating reads and writes. */
async function openLoop(client: Client, rate: number, seconds: number): Promise<Outcome[]> {
  const outcomes: Promise<Outcome>[] = []
  const start = performance.now()
  const call = async (at: number): Promise<Outcome> => {
    const key = keys[(at * 7919) % KEYS] as Key
    const read = at % 2 === 0
    const since = performance.now()
    let error: string | undefined
    try {
      if (read) await client.get(key)
      else await client.put(key, { at })
    } catch (caught) {
      error = (caught as Error).message.replaceAll(/\d+/g, 'N')
    }
    return { onLost: master(key) === LOST, read, ms: performance.now() - since, error }
  }
  for (let at = 0; at < rate * seconds; at++) {
    while ((performance.now() - start) / 1000 < at / rate) await new Promise(resolve => setImmediate(resolve))
    outcomes.push(call(at))
  }
  return Promise.all(outcomes)
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function report(title: string, outcomes: readonly Outcome[]): void {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)
  const failed = outcomes.filter(({ error }) => error !== undefined)
  const [median, p99] = [0.5, 0.99].map(share => percentile(sorted, share).toFixed(1))
  console.log(`${title}: ${outcomes.length} calls, median ${median} ms, p99 ${p99} ms, ${failed.length} failed`)
  const messages = new Map<string, number>()
  for (const { error = '' } of failed) messages.set(error, (messages.get(error) ?? 0) + 1)
  for (const [message, count] of [...messages].sort((a, b) => b[1] - a[1]).slice(0, 5))
    console.log(`    ${count} x ${message}`)
}

function reportByNode(title: string, outcomes: readonly Outcome[]): void {
  for (const onLost of [false, true]) {
    for (const read of [true, false]) {
      const part = outcomes.filter(outcome => outcome.onLost === onLost && outcome.read === read)
      report(`${title}, ${read ? 'reads' : 'writes'} of ${onLost ? 'the lost node' : 'healthy nodes'}`, part)
    }
  }
}

async function fill(client: Client): Promise<void> {
  await Promise.all(keys.map((key, at) => client.put(key, { at })))
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rates: { type: 'string', default: '600,1500' },
      seconds: { type: 'string', default: '5' },
      kills: { type: 'string', default: '5' },
      burst: { type: 'string', default: '100000' },
    },
  })
  await using server = await LocalServer.start({ nodes: NODES, replicationFactor: 2 })
  const lost = server.nodes[LOST]
  if (lost === undefined) throw new Error('there is no such node')
  const seconds = Number(values.seconds)
  for (const rate of values.rates.split(',').map(Number)) {
    const client = await connect({ hosts: server.address })
    await fill(client)
    report(`${rate}/s, all nodes healthy`, await openLoop(client, rate, seconds))
    await lost.pause()
    reportByNode(`${rate}/s, a node hangs`, await openLoop(client, rate, seconds))
    const since = performance.now()
    const late = await connect({ hosts: server.address }).catch((error: Error) => error)
    console.log(
      `connect while a node hangs: ${(performance.now() - since).toFixed(0)} ms, ${late instanceof Error ? late.message : 'connected'}`,
    )
    if (!(late instanceof Error)) await late.close()
    await lost.resume()
    await client.close()
  }
  const client = await connect({ hosts: server.address })
  await fill(client)
  for (let kill = 0; kill < Number(values.kills); kill++) {
    const calls = openLoop(client, 600, 3)
    await new Promise(resolve => setTimeout(resolve, 500))
    await lost.stop({ noticedAfter: 1500 })
    await new Promise(resolve => setTimeout(resolve, 1000))
    reportByNode(`kill ${kill + 1}`, await calls)
    const [node] = client.stats().nodes.filter(({ address }) => address === lost.address)
    if (node !== undefined) console.log(`    connections to it: ${JSON.stringify(node.connections)}`)
    await lost.start()
    await new Promise(resolve => setTimeout(resolve, 2500))
  }
  const burst = Number(values.burst)
  const since = performance.now()
  const written = await Promise.allSettled(
    Array.from({ length: burst }, (_, id) => client.put(['test', 'burst', id], { id })),
  )
  const messages = new Map<string, number>()
  for (const put of written) {
    if (put.status === 'fulfilled') continue
    const text = (put.reason as Error).message.replaceAll(/\d+/g, 'N')
    messages.set(text, (messages.get(text) ?? 0) + 1)
  }
  console.log(`${burst} puts at once: ${(performance.now() - since).toFixed(0)} ms`, messages)
  await client.close()
}

void main()
