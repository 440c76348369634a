/**
 * The cluster events of a client.
 */
import { EventEmitter } from 'node:events'

/** The node that an event is about. */
export interface EventNode {
  /** Name of the node, such as `BB9020011AC4202`. */
  readonly name: string
  /** Address of the node, as `host:port`. */
  readonly address: string
}

/** A node that did not answer a tend (the regular check of the cluster's state). */
export interface TendFailure extends EventNode {
  /** Number of failures in a row. After five, the client removes the node, unless another node still lists it. */
  readonly failures: number
}

/**
 * The events of `Client`, with the arguments of their listeners. The client polls the cluster's state only while a
 * listener is attached.
 *
 * @example
 * ```ts
 * client.on('nodeRemoved', ({ name, address }) => console.warn('node removed', name, address))
 * client.on('disconnected', () => console.warn('no node left'))
 * ```
 */
export interface ClusterEvents {
  /** A node joined the cluster, or came back. Not emitted for the nodes that `connect` finds. */
  nodeAdded: [node: EventNode]
  /** A node left the cluster. */
  nodeRemoved: [node: EventNode]
  /** The last node is gone. The client continues to try its seeds. */
  disconnected: []
  /** A node is available again. */
  reconnected: []
  /** A node did not answer a tend. */
  tendError: [failure: TendFailure]
}

/** Name of an event. @internal */
export type ClusterEvent = keyof ClusterEvents

/** Names of all events. @internal */
export const CLUSTER_EVENTS: ReadonlySet<string | symbol> = new Set<ClusterEvent>([
  'nodeAdded',
  'nodeRemoved',
  'disconnected',
  'reconnected',
  'tendError',
])

type Listener = (...args: unknown[]) => void

/** The `EventEmitter` of `Client`, with the types of `ClusterEvents`. */
export abstract class ClusterEmitter extends EventEmitter<ClusterEvents> {
  /** Called when a listener for a cluster event is added. @internal */
  protected abstract listened(): void

  static {
    // All methods that add listeners call one of these three. Their types are those of the base class.
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
