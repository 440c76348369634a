// Generated from lib/keyv.ts by `make types`: the API of aerospike-napi/keyv. Do not edit.
import { EventEmitter } from 'node:events'
import { Client, Value } from './index.js'

/** Options of `KeyvAerospike`. */
export interface KeyvAerospikeOptions {
  /** Namespace of the records, on the servers. */
  namespace: string
  /** Set of the records. Default `keyv`. */
  set?: string | undefined
}
/** An entry of `setMany`. */
export interface KeyvAerospikeEntry {
  /** Key of the entry. */
  key: string
  /** Value to store. */
  value: Value
  /** Time to live in milliseconds. Default: the entry does not expire. */
  ttl?: number | undefined
}
/**
 * A store for Keyv: each entry is a record, with the bin `value`. Time to live is rounded up to whole seconds; Keyv itself
 * checks the milliseconds. The store keeps the keys on the server, because `clear` and `iterator` look for them. The client
 * stays yours: `keyv.disconnect()` does not close it.
 *
 * @example
 * ```ts
 * const cache = new Keyv({ store: new KeyvAerospike(client, { namespace: 'test', set: 'cache' }), namespace: 'pages' })
 * await cache.set('/', '<h1>Hello</h1>', 60_000)
 * ```
 */
export declare class KeyvAerospike extends EventEmitter {
  #private
  /** Keyv's own namespace, which it sets. Keys begin with it, and `clear` removes only those. */
  namespace?: string | undefined
  /** Read by Keyv 5, which offers `iterator` only for stores whose URL contains a name that it knows. */
  readonly opts: {
    dialect: string
    url: string
  }
  /**
   * @param client - a connected client
   * @param options - where the records are
   * @throws InvalidArgError if the client or an option is invalid
   */
  constructor(client: Client, options: KeyvAerospikeOptions)
  /**
   * Returns the value of a key, or undefined.
   *
   * @param key - the key, with Keyv's prefix
   * @returns the value, or undefined if there is none
   */
  get(key: string): Promise<unknown>
  /**
   * Returns the values of some keys, in the same order.
   *
   * @param keys - the keys, with Keyv's prefix
   * @returns the values, in the same order; undefined for those that do not exist
   */
  getMany(keys: string[]): Promise<unknown[]>
  /**
   * Stores a value.
   *
   * @param key - the key, with Keyv's prefix
   * @param value - the value: Keyv's text, or any value that Aerospike can hold
   * @param ttl - time to live in milliseconds. Default: the entry does not expire
   */
  set(key: string, value: Value, ttl?: number): Promise<boolean>
  /**
   * Stores some values.
   *
   * @param entries - keys, values and times to live
   * @returns true for each entry
   */
  setMany(entries: readonly KeyvAerospikeEntry[]): Promise<boolean[]>
  /**
   * Removes a key, and returns whether it existed.
   *
   * @param key - the key, with Keyv's prefix
   * @returns whether it existed
   */
  delete(key: string): Promise<boolean>
  /**
   * Removes some keys, and returns whether all of them existed.
   *
   * @param keys - the keys, with Keyv's prefix
   * @returns whether all of them existed
   */
  deleteMany(keys: readonly string[]): Promise<boolean>
  /** Removes all entries of Keyv's namespace; without one, all records of the set. Reads the whole set. */
  clear(): Promise<void>
  /**
   * Iterates over the entries of a namespace of Keyv; without one, over all of the set.
   *
   * @param namespace - Keyv's namespace
   */
  iterator(namespace?: string): AsyncGenerator<[string, unknown], void>
}
