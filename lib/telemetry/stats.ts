/**
 * Statistics of a client: its current activity, and the history of its connections.
 */
import type { NativeClientStats, NativeNodeStats } from '../native/native'

/** The connections of a node, by state. */
export interface ConnectionStats {
  /** Connections in use by commands. */
  readonly inUse: number
  /** Idle connections. */
  readonly idle: number
  /** Connections being opened. */
  readonly opening: number
  /** Connections whose command has timed out: the late response is read and discarded, so that they can be reused. */
  readonly recovering: number
  /** Maximum number of connections: `maxConnsPerNode`. */
  readonly limit: number
  /** Connections opened since the client connected. */
  readonly opened: number
  /** Connections closed, by reason. */
  readonly closed: {
    readonly error: number
    readonly idle: number
    readonly poolOverflow: number
    readonly nodeRemoved: number
    readonly other: number
  }
  /** Connections that could not be opened, by reason. */
  readonly failed: { readonly timeout: number; readonly connect: number; readonly tls: number; readonly auth: number }
  /** Number of times that a command found no idle connection. */
  readonly poolEmpty: number
}

/** Additional counters per node; see `setMetricsEnabled`. */
export interface NodeDetails {
  /** Attempts that were retries. */
  readonly retries: number
  /** Commands that failed; attempts that were retried do not count. */
  readonly errors: number
  /** Attempts that the circuit breaker rejected. */
  readonly refused: number
  /** Bytes sent for commands. */
  readonly bytesSent: number
  /** Bytes received for commands. */
  readonly bytesReceived: number
}

/** Statistics of a node of the cluster. */
export interface NodeStats {
  /** Name of the node, such as `BB9020011AC4202`. */
  readonly name: string
  /** Address of the node, as `host:port`. */
  readonly address: string
  /** Connections to the node. */
  readonly connections: ConnectionStats
  /** Polls of the cluster state that succeeded and that failed, and updates of the partition map. */
  readonly tends: { readonly succeeded: number; readonly failed: number; readonly partitionMapUpdates: number }
  /** Errors that currently count towards the circuit breaker, the limit beyond which it opens (0: never), and its state. */
  readonly circuitBreaker: { readonly errors: number; readonly limit: number; readonly open: boolean }
  /** Present only while `setMetricsEnabled(true, { details: true })` is in effect; counted since then. */
  readonly details?: NodeDetails | undefined
}

/** Statistics of a client. */
export interface ClientStats {
  /** Commands that are running and that are queued, and the maximum number that may run at once. */
  readonly commands: { readonly inFlight: number; readonly queued: number; readonly limit: number }
  /** Number of open queries and other streams. */
  readonly streams: number
  /** Number of peers that were discovered but could not be used. */
  readonly invalidPeers: number
  /** Connections of all nodes, added up. */
  readonly connections: Pick<ConnectionStats, 'inUse' | 'idle' | 'opening' | 'recovering' | 'limit'>
  /** Nodes of the cluster, sorted by name. */
  readonly nodes: readonly NodeStats[]
}

function nodeStats(node: NativeNodeStats, details: boolean): NodeStats {
  const [error = 0, idle = 0, poolOverflow = 0, nodeRemoved = 0, other = 0] = node.closed
  const [timeout = 0, connect = 0, tls = 0, auth = 0] = node.failed
  return {
    name: node.name,
    address: node.address,
    connections: {
      inUse: node.used,
      idle: node.idle,
      opening: node.opening,
      recovering: node.recovering,
      limit: node.limit,
      opened: node.opened,
      closed: { error, idle, poolOverflow, nodeRemoved, other },
      failed: { timeout, connect, tls, auth },
      poolEmpty: node.poolEmpty,
    },
    tends: { succeeded: node.tends, failed: node.failedTends, partitionMapUpdates: node.partitionUpdates },
    circuitBreaker: {
      errors: node.breakerErrors,
      limit: node.breakerLimit,
      open: node.breakerLimit > 0 && node.breakerErrors > node.breakerLimit,
    },
    ...(details && {
      details: {
        retries: node.retries,
        errors: node.errors,
        refused: node.refused,
        bytesSent: node.sent,
        bytesReceived: node.received,
      },
    }),
  }
}

/** Returns the result of `client.stats()`. @internal */
export function clientStats(stats: NativeClientStats): ClientStats {
  const sum = (of: (node: NativeNodeStats) => number): number => stats.nodes.reduce((all, node) => all + of(node), 0)
  return {
    commands: { inFlight: stats.running, queued: stats.queued, limit: stats.limit },
    streams: stats.streams,
    invalidPeers: stats.invalidPeers,
    connections: {
      inUse: sum(node => node.used),
      idle: sum(node => node.idle),
      opening: sum(node => node.opening),
      recovering: sum(node => node.recovering),
      limit: sum(node => node.limit),
    },
    nodes: stats.nodes.map(node => nodeStats(node, stats.details)),
  }
}
