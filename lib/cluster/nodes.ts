/**
 * The cluster as a client sees it: its nodes, and what happens to them.
 */
import { AerospikeError, InvalidArgError } from '../common/errors'
import { clearInterval, nextTick, setInterval } from '../common/globals'
import type { ClientStats, ConnectionStats, NodeStats } from '../telemetry/stats'
import { CLUSTER_EVENTS, type ClusterEmitter } from './events'

/** A node of the cluster. */
export interface ClusterNode {
  /** Its name, such as `BB9020011AC4202`. */
  readonly name: string
  /** Where the client reaches it, as `host:port`. */
  readonly address: string
  /** The server's version, such as `8.1.2.0`. Null when the node did not say it. */
  readonly version: string | null
  /** Its rack in each namespace. Null where it has none: racks are the Enterprise Edition's. */
  readonly racks: { readonly [namespace: string]: number } | null
  /** This client's connections to it. */
  readonly connections: ConnectionStats
  /** Why the node did not answer; null when it did. */
  readonly error: AerospikeError | null
}

/** The racks of `ns:rack;ns:rack`. */
function readRacks(response: string): { [namespace: string]: number } | null {
  const racks: { [namespace: string]: number } = Object.create(null)
  for (const entry of response.split(';')) {
    const [, namespace, rack] = /^([^:]+):(\d+)$/.exec(entry) ?? []
    if (namespace === undefined) return null
    racks[namespace] = Number(rack)
  }
  return racks
}

/** What a node says of itself: its answers to `FACTS`, or why there are none. @internal */
export type NodeFacts = readonly [build: string, racks: string] | AerospikeError

/** What each node is asked. @internal */
export const FACTS = ['build', 'rack-ids'] as const

/** What `nodes()` gives. @internal */
export function clusterNode({ name, address, connections }: NodeStats, facts: NodeFacts): ClusterNode {
  if (facts instanceof Error) return { name, address, version: null, racks: null, connections, error: facts }
  const [version, racks] = facts
  return { name, address, version, racks: readRacks(racks), connections, error: null }
}

/** The failure of a node's answer; what is wrong with the call itself is thrown. @internal */
export function nodeFailure(error: unknown): AerospikeError {
  if (error instanceof AerospikeError && !(error instanceof InvalidArgError) && error.code !== 'ABORT_ERR') return error
  throw error
}

/** What the watch asks of a client, and tells it. @internal */
export type Watched = ClusterEmitter & { isConnected: () => boolean; stats: () => ClientStats }

interface Known {
  readonly stats: NodeStats
  /** Tends that failed since one last went well. */
  failures: number
}

function known(nodes: readonly NodeStats[]): Map<string, Known> {
  return new Map(nodes.map(stats => [stats.name, { stats, failures: 0 }]))
}

/**
 * Looks at a client's view of the cluster while somebody listens, and tells what is different. The view changes when the core
 * tends; that it tells nobody.
 */
export class ClusterWatch {
  #timer: NodeJS.Timeout | undefined
  #nodes = new Map<string, Known>()
  #connected = true

  constructor(readonly interval: number) {}

  /** Begins, unless it has begun. The client may be collected all the same, and the process may end. */
  start(client: Watched): void {
    if (this.#timer !== undefined) return
    this.#nodes = known(client.stats().nodes)
    this.#connected = client.isConnected()
    const watched = new WeakRef(client)
    this.#timer = setInterval(() => {
      const alive = watched.deref()
      if (alive === undefined || !alive.eventNames().some(name => CLUSTER_EVENTS.has(name))) this.stop()
      else this.#look(alive)
    }, this.interval).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(client: Watched): void {
    const before = this.#nodes
    const { nodes } = client.stats()
    const connected = client.isConnected()
    const removed = [...before.values()]
      .map(({ stats }) => stats)
      .filter(({ name }) => !nodes.some(node => node.name === name))
    const events: (() => void)[] = removed.map(
      ({ name, address }) =>
        () =>
          client.emit('nodeRemoved', { name, address }),
    )
    this.#nodes = known(nodes)
    for (const { name, address, tends } of nodes) {
      const old = before.get(name)
      // The core counts on where it stopped when a node comes back: what failed before it left is not told again.
      if (old === undefined) continue
      const failed = tends.failed - old.stats.tends.failed
      const went = tends.succeeded !== old.stats.tends.succeeded
      const failures = (went ? 0 : old.failures) + failed
      if (failed > 0) events.push(() => client.emit('tendError', { name, address, failures }))
      const now = this.#nodes.get(name)
      if (now !== undefined) now.failures = failures
    }
    for (const { name, address } of nodes) {
      if (!before.has(name)) events.push(() => client.emit('nodeAdded', { name, address }))
    }
    if (connected !== this.#connected) events.push(() => client.emit(connected ? 'reconnected' : 'disconnected'))
    this.#connected = connected
    // Only now: a listener may throw, or close the client. What it throws is the process's, as of every emitter.
    for (const tell of events) nextTick(() => this.#timer !== undefined && tell())
  }
}
