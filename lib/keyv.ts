/**
 * The entry point `aerospike-napi/keyv`: a store for Keyv 5 and 6. It does not import Keyv.
 */
import { EventEmitter } from 'node:events'
import type { BatchRecords } from './batch/result'
import { Client } from './client'
import { RecordNotFoundError } from './common/error-classes'
import { invalidArgument } from './common/errors'
import { checkOptions, optionsObject } from './common/options'
import { TTL_NEVER_EXPIRE } from './constants/constants'
import { exp } from './operations/exp'
import type { Query } from './streams/query'
import type { Key, KeyLike } from './values/key'
import type { Value } from './values/types'

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

/** The bin with the value. */
interface Entry {
  value: Value
}

/** Records that one request removes. */
const REMOVED_AT_ONCE = 500
const MS_PER_SECOND = 1000

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
export class KeyvAerospike extends EventEmitter {
  /** Keyv's own namespace, which it sets. Keys begin with it, and `clear` removes only those. */
  declare namespace?: string | undefined
  /** Read by Keyv 5, which offers `iterator` only for stores whose URL contains a name that it knows. */
  readonly opts = { dialect: 'aerospike', url: 'aerospike: iterable, like redis' }
  readonly #client: Client
  readonly #namespace: string
  readonly #set: string

  /**
   * @param client - a connected client
   * @param options - where the records are
   * @throws InvalidArgError if the client or an option is invalid
   */
  constructor(client: Client, options: KeyvAerospikeOptions) {
    super()
    const given = optionsObject(options, 'KeyvAerospike')
    checkOptions(given, 'KeyvAerospike', ['namespace', 'set'])
    if (!(client instanceof Client)) throw invalidArgument('KeyvAerospike: client: a Client is needed')
    const { namespace, set = 'keyv' } = options
    for (const [name, text] of Object.entries({ namespace, set })) {
      if (typeof text !== 'string') throw invalidArgument(`KeyvAerospike: ${name}: a string is needed`)
    }
    this.#client = client
    this.#namespace = namespace
    this.#set = set
  }

  /**
   * Returns the value of a key, or undefined.
   *
   * @param key - the key, with Keyv's prefix
   * @returns the value, or undefined if there is none
   */
  async get(key: string): Promise<unknown> {
    return (await this.#client.getOrNull<Entry>(this.#key(key)))?.bins.value
  }

  /**
   * Returns the values of some keys, in the same order.
   *
   * @param keys - the keys, with Keyv's prefix
   * @returns the values, in the same order; undefined for those that do not exist
   */
  async getMany(keys: string[]): Promise<unknown[]> {
    const rows = await this.#client.batchRead<Entry>(keys.map(key => this.#key(key)))
    throwUnlessMissing(rows)
    return rows.map(({ record }) => record?.bins.value)
  }

  /**
   * Stores a value.
   *
   * @param key - the key, with Keyv's prefix
   * @param value - the value: Keyv's text, or any value that Aerospike can hold
   * @param ttl - time to live in milliseconds. Default: the entry does not expire
   */
  async set(key: string, value: Value, ttl?: number): Promise<boolean> {
    const { bins, meta, policy } = this.#row({ key, value, ttl })
    await this.#client.put(this.#key(key), bins, meta, policy)
    return true
  }

  /**
   * Stores some values.
   *
   * @param entries - keys, values and times to live
   * @returns true for each entry
   */
  async setMany(entries: readonly KeyvAerospikeEntry[]): Promise<boolean[]> {
    const rows = await this.#client.batchWrite(entries.map(entry => this.#row(entry)))
    rows.throwIfFailed()
    return entries.map(() => true)
  }

  /**
   * Removes a key, and returns whether it existed.
   *
   * @param key - the key, with Keyv's prefix
   * @returns whether it existed
   */
  async delete(key: string): Promise<boolean> {
    try {
      await this.#client.remove(this.#key(key))
      return true
    } catch (error) {
      if (error instanceof RecordNotFoundError) return false
      throw error
    }
  }

  /**
   * Removes some keys, and returns whether all of them existed.
   *
   * @param keys - the keys, with Keyv's prefix
   * @returns whether all of them existed
   */
  async deleteMany(keys: readonly string[]): Promise<boolean> {
    return await this.#remove(keys.map(key => this.#key(key)))
  }

  /** Removes all entries of Keyv's namespace; without one, all records of the set. Reads the whole set. */
  async clear(): Promise<void> {
    let keys: Key[] = []
    for await (const { key } of this.#entries(this.namespace).select()) {
      keys.push(key)
      if (keys.length < REMOVED_AT_ONCE) continue
      await this.#remove(keys)
      keys = []
    }
    if (keys.length > 0) await this.#remove(keys)
  }

  /**
   * Iterates over the entries of a namespace of Keyv; without one, over all of the set.
   *
   * @param namespace - Keyv's namespace
   */
  async *iterator(namespace?: string): AsyncGenerator<[string, unknown], void> {
    for await (const { key, bins } of this.#entries(namespace)) {
      if (typeof key.userKey === 'string') yield [key.userKey, bins.value]
    }
  }

  #key(key: string): [string, string, string] {
    return [this.#namespace, this.#set, key]
  }

  #row({ key, value, ttl }: KeyvAerospikeEntry) {
    if (value === null || value === undefined) throw invalidArgument(`KeyvAerospike: value: ${value} cannot be stored`)
    return {
      key: this.#key(key),
      bins: { value },
      meta: { ttl: ttl === undefined ? TTL_NEVER_EXPIRE : Math.max(1, Math.ceil(ttl / MS_PER_SECOND)) },
      policy: { exists: 'replace', key: 'send', ignoreUndefined: true },
    } as const
  }

  #entries(namespace: string | undefined): Query<Entry> {
    const query = this.#client.query<Entry>(this.#namespace, this.#set)
    if (!namespace) return query
    const prefix = namespace.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return query.filter(exp.cmpRegex(exp.regexFlags.EXTENDED, `^${prefix}:`, exp.keyStr()))
  }

  async #remove(keys: readonly KeyLike[]): Promise<boolean> {
    const rows = await this.#client.batchRemove(keys)
    throwUnlessMissing(rows)
    return rows.succeeded === rows.length
  }
}

/** Throws the error of the first row that failed, unless its record does not exist. */
function throwUnlessMissing<B>(rows: BatchRecords<B>): void {
  for (const { error } of rows) if (error !== null && !(error instanceof RecordNotFoundError)) throw error
}
