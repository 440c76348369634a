/**
 * The effect of one lost node on the rest of a cluster: three nodes of aerospike-local, calls at a steady rate
 * regardless of their latency, while one node hangs; then 500 calls in flight while it is killed. Not one of the suites: runs
 * once.
 *
 *   npx tsx benchmark/lost-node.ts --rates 600,1500 --seconds 5 --kills 5 --burst 100000
 */
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { type AerospikeError, type Client, connect, Key } from '..'

// As built in this repository. The declarations are at the root.
const { LocalServer } = require('../dist/testing.js') as typeof import('../testing')
type LocalNode = Awaited<ReturnType<typeof LocalServer.start>>['nodes'][number]

const NODES = 3
const LOST = 1
const KEYS = 3000
/** Calls in flight while the node is killed, and for how long they are made, in milliseconds. */
const IN_FLIGHT = 500
const KILL_MS = 5000
/** How long the cluster takes to notice the kill, in milliseconds: heartbeats every 150 ms, of which 10 are missed. */
const NOTICED_MS = 1500

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
      error = textOf(caught)
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

/** The message of an error, without the numbers in which calls differ, and whether it is in doubt. */
function textOf(error: unknown): string {
  const { message, inDoubt } = error as AerospikeError
  return `${message.replaceAll(/\d+/g, 'N')}${inDoubt ? ', in doubt' : ''}`
}

function count(messages: Map<string, number>, message: string): void {
  messages.set(message, (messages.get(message) ?? 0) + 1)
}

function printMessages(messages: ReadonlyMap<string, number>): void {
  for (const [message, times] of [...messages].sort((a, b) => b[1] - a[1]).slice(0, 5))
    console.log(`    ${times} x ${message}`)
}

function report(title: string, outcomes: readonly Outcome[]): void {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)
  const failed = outcomes.filter(({ error }) => error !== undefined)
  const [median, p99] = [0.5, 0.99].map(share => percentile(sorted, share).toFixed(1))
  console.log(`${title}: ${outcomes.length} calls, median ${median} ms, p99 ${p99} ms, ${failed.length} failed`)
  const messages = new Map<string, number>()
  for (const { error = '' } of failed) count(messages, error)
  printMessages(messages)
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

interface Kill {
  readonly failedReads: number
  readonly failedWrites: number
  /** How long after the kill the last call that failed was made, in milliseconds. */
  readonly lastFailed: number
  readonly calls: number
  readonly messages: ReadonlyMap<string, number>
}

/** Keeps `IN_FLIGHT` calls in flight while the node is killed; afterwards the node is back. */
async function kill(client: Client, lost: LocalNode): Promise<Kill> {
  const start = performance.now()
  let killedAt = Number.POSITIVE_INFINITY
  let calls = 0
  let lastFailed = 0
  const failed = { read: 0, write: 0 }
  const messages = new Map<string, number>()
  const loop = async (lane: number): Promise<void> => {
    for (let at = lane; performance.now() - start < KILL_MS; at += IN_FLIGHT) {
      const key = keys[(at * 7919) % KEYS] as Key
      const since = performance.now()
      const kind = at % 2 === 0 ? 'read' : 'write'
      calls++
      try {
        if (kind === 'read') await client.get(key)
        else await client.put(key, { at })
      } catch (error) {
        failed[kind]++
        count(messages, `${kind}: ${textOf(error)}`)
        lastFailed = Math.max(lastFailed, since - killedAt)
      }
    }
  }
  const lanes = Array.from({ length: IN_FLIGHT }, (_, lane) => loop(lane))
  await new Promise(resolve => setTimeout(resolve, 500))
  killedAt = performance.now()
  await lost.stop({ noticedAfter: NOTICED_MS })
  await Promise.all(lanes)
  await lost.start()
  await new Promise(resolve => setTimeout(resolve, 2500))
  return { failedReads: failed.read, failedWrites: failed.write, lastFailed, calls, messages }
}

async function reportKills(client: Client, lost: LocalNode, rounds: number): Promise<void> {
  const kills: Kill[] = []
  for (let at = 0; at < rounds; at++) {
    const result = await kill(client, lost)
    kills.push(result)
    const { messages, lastFailed, ...counts } = result
    console.log(`kill ${at + 1}: ${JSON.stringify({ ...counts, lastFailed: Math.round(lastFailed) })}`)
    printMessages(messages)
  }
  for (const name of ['failedReads', 'failedWrites', 'lastFailed', 'calls'] as const) {
    const sorted = kills.map(result => result[name]).sort((a, b) => a - b)
    const [least, median, most] = [0, 0.5, 1].map(share => percentile(sorted, share).toFixed(0))
    console.log(`${rounds} kills, ${IN_FLIGHT} calls in flight, ${name}: ${least} to ${most}, median ${median}`)
  }
}

/** The CPU time of a client without calls, before a node is killed and while it is gone. */
async function reportReconnecting(lost: LocalNode): Promise<void> {
  const cpu = async (ms: number): Promise<string> => {
    const before = process.cpuUsage()
    await new Promise(resolve => setTimeout(resolve, ms))
    const { user, system } = process.cpuUsage(before)
    return ((user + system) / ms).toFixed(1)
  }
  const healthy = await cpu(5000)
  await lost.stop({ noticedAfter: NOTICED_MS })
  const [noticing, gone] = [await cpu(NOTICED_MS), await cpu(5000)]
  console.log(
    `CPU time of idle clients in ms per second: all nodes healthy ${healthy}, until the kill is noticed ${noticing}, afterwards ${gone}`,
  )
  await lost.start()
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
  const kills = Number(values.kills)
  if (kills > 0) {
    await reportKills(client, lost, kills)
    await reportReconnecting(lost)
  }
  const burst = Number(values.burst)
  const since = performance.now()
  const written = await Promise.allSettled(
    Array.from({ length: burst }, (_, id) => client.put(['test', 'burst', id], { id })),
  )
  const messages = new Map<string, number>()
  for (const put of written) {
    if (put.status === 'rejected') count(messages, textOf(put.reason))
  }
  console.log(`${burst} puts at once: ${(performance.now() - since).toFixed(0)} ms`, messages)
  await client.close()
}

void main()
