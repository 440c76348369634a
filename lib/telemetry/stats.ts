/**
 * What a client does at the moment, and what became of its connections.
 */
import type { NativeClientStats, NativeNodeStats } from '../native/native'

/** Connections of a node, by what they do. */
export interface ConnectionStats {
  /** They carry commands. */
  readonly inUse: number
  /** They wait for commands. */
  readonly idle: number
  /** They are being opened. */
  readonly opening: number
  /** Their command has timed out; what the server still answers is read and thrown away, to use them again. */
  readonly recovering: number
  /** As many as there may be: `maxConnsPerNode`. */
  readonly limit: number
  /** Opened since the client connected. */
  readonly opened: number
  /** Closed, by the reason. */
  readonly closed: {
    readonly error: number
    readonly idle: number
    readonly poolOverflow: number
    readonly nodeRemoved: number
    readonly other: number
  }
  /** Could not be opened, by the reason. */
  readonly failed: { readonly timeout: number; readonly connect: number; readonly tls: number; readonly auth: number }
  /** How often a command found none idle. */
  readonly poolEmpty: number
}

/** What each command is counted for once more; see `setMetricsEnabled`. */
export interface NodeDetails {
  /** Attempts that were made once more. */
  readonly retries: number
  /** Commands that have failed for good. */
  readonly errors: number
  /** Attempts that the circuit breaker refused. */
  readonly refused: number
  /** Bytes sent for commands. */
  readonly bytesSent: number
  /** Bytes received for them. */
  readonly bytesReceived: number
}

/** A node of the cluster. */
export interface NodeStats {
  /** Its name, such as `BB9020011AC4202`. */
  readonly name: string
  /** `host:port`. */
  readonly address: string
  readonly connections: ConnectionStats
  /** How often it was asked for the cluster's state, how often without an answer, and how often the map has changed. */
  readonly tends: { readonly succeeded: number; readonly failed: number; readonly partitionMapUpdates: number }
  /** Errors that count towards the circuit breaker now, and at how many it opens; 0: never. */
  readonly circuitBreaker: { readonly errors: number; readonly limit: number; readonly open: boolean }
  /** Only while `setMetricsEnabled(true, { details: true })` holds; counted since then. */
  readonly details?: NodeDetails
}

/** What a client does. */
export interface ClientStats {
  /** Commands that run, that wait for their turn, and that may run at once. */
  readonly commands: { readonly inFlight: number; readonly queued: number; readonly limit: number }
  /** Open queries and other streams. */
  readonly streams: number
  /** Peers that were found and could not be used. */
  readonly invalidPeers: number
  /** Connections of all nodes together. */
  readonly connections: Pick<ConnectionStats, 'inUse' | 'idle' | 'opening' | 'recovering' | 'limit'>
  /** The cluster's nodes, in the order of their names. */
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

/** What `client.stats()` gives. @internal */
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
