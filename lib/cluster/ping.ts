/**
 * Pings: one small request to each node.
 */

import { type AerospikeError, clusterError } from '../common/errors'
import type { NodeStats } from '../telemetry/stats'

/** How a node answered a ping. */
export interface NodePing {
  /** Name of the node. */
  readonly node: string
  /** Address of the node, as `host:port`. */
  readonly address: string
  /** Milliseconds until the answer, or until the failure. */
  readonly ms: number
  /** Why the node did not answer, or null. */
  readonly error: AerospikeError | null
}

/** The info command of a ping: the node answers it from memory. */
export const PING = 'node'

/** Creates an element of the result of `ping`. */
export function nodePing({ name, address }: NodeStats, ms: number, error: AerospikeError | null): NodePing {
  return { node: name, address, ms, error }
}

/**
 * Returns the pings of all nodes.
 * @throws the first node's error if no node answered
 */
export function checkPings(pings: readonly NodePing[]): NodePing[] {
  const [first] = pings
  if (first === undefined) throw clusterError('ping: the client knows no node of the cluster')
  if (first.error !== null && pings.every(({ error }) => error !== null)) throw first.error
  return [...pings]
}
