/**
 * The client's view of the cluster: its nodes, and the events about them.
 */
import { AerospikeError, InvalidArgError } from '../common/errors'
import { clearInterval, nextTick, setInterval } from '../common/globals'
import type { ClientStats, ConnectionStats, NodeStats } from '../telemetry/stats'
import { CLUSTER_EVENTS, type ClusterEmitter } from './events'

/** A node of the cluster. */
export interface ClusterNode {
  /** Name of the node, such as `BB9020011AC4202`. */
  readonly name: string
  /** Address of the node, as `host:port`. */
  readonly address: string
  /** Server version, such as `8.1.2.0`; null if the node did not answer. */
  readonly version: string | null
  /** Rack id by namespace; null if the node reports none. Racks need the Enterprise Edition. */
  readonly racks: { readonly [namespace: string]: number } | null
  /** This client's connections to the node. */
  readonly connections: ConnectionStats
  /** Why the node did not answer, or null. */
  readonly error: AerospikeError | null
}

/** Parses `ns:rack;ns:rack`. */
function readRacks(response: string): { [namespace: string]: number } | null {
  const racks: { [namespace: string]: number } = Object.create(null)
  for (const entry of response.split(';')) {
    const [, namespace, rack] = /^([^:]+):(\d+)$/.exec(entry) ?? []
    if (namespace === undefined) return null
    racks[namespace] = Number(rack)
  }
  return racks
}

/** A node's answers to `FACTS`, or its failure. @internal */
export type NodeFacts = readonly [build: string, racks: string] | AerospikeError

/** The info commands that `nodes()` sends to each node. @internal */
export const FACTS = ['build', 'rack-ids'] as const

/** Creates an element of the result of `nodes()`. @internal */
export function clusterNode({ name, address, connections }: NodeStats, facts: NodeFacts): ClusterNode {
  if (facts instanceof Error) return { name, address, version: null, racks: null, connections, error: facts }
  const [version, racks] = facts
  return { name, address, version, racks: readRacks(racks), connections, error: null }
}

/** Returns the failure of a node; throws errors that concern the call itself. @internal */
export function nodeFailure(error: unknown): AerospikeError {
  if (error instanceof AerospikeError && !(error instanceof InvalidArgError) && error.code !== 'ABORT_ERR') return error
  throw error
}

/** The parts of a client that the watch uses. @internal */
export type Watched = ClusterEmitter & { isConnected: () => boolean; stats: () => ClientStats }

interface Known {
  readonly stats: NodeStats
  /** Failed tends since the last successful one. */
  failures: number
}

function known(nodes: readonly NodeStats[]): Map<string, Known> {
  return new Map(nodes.map(stats => [stats.name, { stats, failures: 0 }]))
}

/**
 * Polls a client's view of the cluster while there are listeners, and emits the differences as events. The core changes
 * the view with each tend, but does not notify anyone.
 */
export class ClusterWatch {
  #timer: NodeJS.Timeout | undefined
  #nodes = new Map<string, Known>()
  #connected = true

  constructor(readonly interval: number) {}

  /** Starts polling, unless it has started. It does not keep the client or the process alive. */
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
      // For a node that comes back, the core continues its old counters: earlier failures are not reported again.
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
    // After all state is updated, because a listener may throw or close the client. As with every emitter, what it throws is
    // an uncaught exception.
    for (const tell of events) nextTick(() => this.#timer !== undefined && tell())
  }
}
