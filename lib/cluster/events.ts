/**
 * The events of a client.
 */
import { EventEmitter } from 'node:events'

/** The node that an event is about. */
export interface EventNode {
  /** Its name, such as `BB9020011AC4202`. */
  readonly name: string
  /** Where the client reaches it, as `host:port`. */
  readonly address: string
}

/** A node that did not answer when it was asked for the cluster's state. */
export interface TendFailure extends EventNode {
  /** How often in a row. With five the client gives up a node that no other vouches for. */
  readonly failures: number
}

/** The events of `Client`, and what listeners get. */
export interface ClusterEvents {
  /** A node has joined the cluster, or has come back. Those that `connect` finds are not told. */
  nodeAdded: [node: EventNode]
  /** A node has left the cluster. */
  nodeRemoved: [node: EventNode]
  /** The last node is gone. The client goes on looking at its seeds. */
  disconnected: []
  /** There is a node again. */
  reconnected: []
  /** A node did not answer the question for the cluster's state. */
  tendError: [failure: TendFailure]
}

/** The name of an event. @internal */
export type ClusterEvent = keyof ClusterEvents

/** Their names. @internal */
export const CLUSTER_EVENTS: ReadonlySet<string | symbol> = new Set<ClusterEvent>([
  'nodeAdded',
  'nodeRemoved',
  'disconnected',
  'reconnected',
  'tendError',
])

type Listener = (...args: unknown[]) => void

/** The part of `Client` that tells what happens to the cluster, as an `EventEmitter` of `ClusterEvents`. */
export abstract class ClusterEmitter extends EventEmitter<ClusterEvents> {
  /** Somebody listens. @internal */
  protected abstract listened(): void

  static {
    // All ways to listen lead through these three. Their types are the base's.
    for (const name of ['on', 'addListener', 'prependListener'] as const) {
      const add = EventEmitter.prototype[name] as (event: string | symbol, listener: Listener) => EventEmitter
      Object.defineProperty(ClusterEmitter.prototype, name, {
        configurable: true,
        writable: true,
        value(this: ClusterEmitter, event: string | symbol, listener: Listener) {
          add.call(this, event, listener)
          if (CLUSTER_EVENTS.has(event)) this.listened()
          return this
        },
      })
    }
  }
}
