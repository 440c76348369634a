/**
 * What happens to the nodes: one fault after another, chosen at random, each removed before the next one begins.
 */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { LocalServer } from 'aerospike-napi/testing'
import type { Random } from './random.mjs'

/** A fault of one node, and how it ends. */
export interface Fault {
  readonly name: string
  /** Makes the node fail. */
  begin: (node: number, random: Random) => Promise<void>
  /** Makes the node work again. */
  end: (node: number) => Promise<void>
  /** How long the fault lasts, in milliseconds: the shortest and the longest time. */
  readonly lasts: readonly [number, number]
}

/** The cluster whose nodes fail. */
export interface Cluster {
  /** Addresses, as `hosts` of a client's configuration. */
  readonly hosts: string
  /** Number of nodes. */
  readonly size: number
  readonly faults: readonly Fault[]
  /**
   * Whether every node always reads what the others wrote. If false, a read while nodes are missing may return an older
   * record, as with replication in AP mode, and the kit does not check what such reads return.
   */
  readonly consistent: boolean
  /** Waits until the cluster is whole again. */
  settle: () => Promise<void>
}

/** What was done to the nodes. */
export interface FaultEvent {
  /** Milliseconds since the start. */
  readonly at: number
  readonly fault: string
  readonly node: number
  readonly ms: number
}

/** The faults of a cluster of aerospike-local. */
export function localCluster(server: LocalServer): Cluster {
  const at = (node: number): LocalServer['nodes'][number] => {
    const found = server.nodes[node]
    if (found === undefined) throw new RangeError(`there is no node ${node}`)
    return found
  }
  const start = (node: number): Promise<void> => at(node).start()
  const clear = (node: number): Promise<void> => at(node).clearFaults()
  const faults: Fault[] = [
    { name: 'kill', begin: node => at(node).stop(), end: start, lasts: [300, 2000] },
    { name: 'restart at once', begin: node => at(node).stop(), end: start, lasts: [0, 0] },
    {
      name: 'cut off',
      begin: (node, random) => at(node).stop({ noticedAfter: random.between(300, 1500) }),
      end: start,
      lasts: [500, 2500],
    },
    { name: 'pause', begin: node => at(node).pause(), end: node => at(node).resume(), lasts: [200, 2000] },
    {
      name: 'delay answers',
      begin: (node, random) => at(node).delayAnswers(random.between(20, 1500)),
      end: clear,
      lasts: [200, 1500],
    },
    { name: 'drop answers', begin: node => at(node).dropAnswers(), end: clear, lasts: [100, 800] },
    {
      name: 'cut answers',
      begin: (node, random) => at(node).cutAnswers(random.between(0, 200)),
      end: clear,
      lasts: [100, 800],
    },
  ]
  return { hosts: server.address, size: server.nodes.length, faults, consistent: true, settle: async () => {} }
}

/**
 * The faults of real servers, which a command of yours stops and starts.
 *
 * @param hosts - addresses of the nodes
 * @param command - program that the kit calls with an action and the number of a node, from 1: `kill N`, `start N`,
 *   `pause N`, `resume N`; and with `wait`, which must return when the cluster is whole and no migration runs
 * @param size - number of nodes
 */
export function externalCluster(hosts: string, command: string, size: number): Cluster {
  const [program = '', ...first] = command.split(/\s+/)
  const run = async (...args: string[]): Promise<void> => {
    await promisify(execFile)(program, [...first, ...args])
  }
  const tell = (action: string) => (node: number) => run(action, String(node + 1))
  const faults: Fault[] = [
    { name: 'kill', begin: tell('kill'), end: tell('start'), lasts: [2000, 8000] },
    { name: 'restart at once', begin: tell('kill'), end: tell('start'), lasts: [0, 0] },
    { name: 'pause', begin: tell('pause'), end: tell('resume'), lasts: [300, 3000] },
  ]
  return { hosts, size, faults, consistent: false, settle: () => run('wait') }
}

/** Makes nodes fail, one after the other, until `signal` is aborted. Leaves the cluster whole. */
export async function injectFaults(
  cluster: Cluster,
  random: Random,
  signal: AbortSignal,
  report: (event: FaultEvent) => void,
): Promise<void> {
  const start = performance.now()
  while (!signal.aborted) {
    await pause(random.between(100, 800), signal)
    if (signal.aborted) return
    const fault = random.pick(cluster.faults)
    const node = random.between(0, cluster.size - 1)
    const ms = random.between(...(fault.lasts as [number, number]))
    report({ at: Math.round(performance.now() - start), fault: fault.name, node, ms })
    await fault.begin(node, random)
    await pause(ms, signal)
    await fault.end(node)
    await cluster.settle()
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
