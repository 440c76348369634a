/**
 * Typed sets of `Client`: the records of one set, with the types of their bins.
 */

import type { BatchRecords } from '../batch/result'
import type { BatchWriteRecord } from '../batch/rows'
import type { Columns, KeyIds, Schema } from '../columns'
import type { ColumnsPolicy } from '../commands'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import type { UpdateFunction, UpdateOptions, Updater, Upserter } from '../helpers/update'
import type { Helpers } from '../methods/helpers'
import type { BatchPolicy, ReadPolicy, WriteMeta, WritePolicy } from '../options/policy'
import { Key, type UserKey } from '../values/key'
import type { AerospikeRecord, BinName } from '../values/record'
import { Defaults, type SetDefaults } from './defaults'
import type { TypedQuery } from './typed-query'
import type { OnlyBins, SetBatchWritePolicy, SetEntry } from './types'
import type { Validation } from './validation'

/**
 * The records of one set, with the types of their bins; created by `client.set`. Its methods do what those of the client
 * do, with the user key instead of a key.
 *
 * @example
 * ```ts
 * interface User {
 *   name: string
 *   visits: number
 * }
 * const users = client.set<User>('test', 'users')
 * await users.put('ada', { name: 'Ada', visits: 1 })
 * const { bins } = await users.get('ada')
 * console.log(bins.name)
 * ```
 */
export class TypedSet<T extends object, I extends object = T> {
  /** Namespace. */
  readonly namespace: string
  /** Name of the set. */
  readonly name: string
  readonly #client: Helpers
  readonly #validation: Validation
  readonly #defaults: Defaults

  /** @internal */
  constructor(
    client: Helpers,
    namespace: string,
    name: string,
    validation: Validation,
    defaults: Defaults = new Defaults(),
  ) {
    if (typeof name !== 'string' || name === '') {
      throw invalidArgument(`set: the name of a set is needed, not ${name === '' ? 'an empty one' : describe(name)}`)
    }
    const key = new Key(namespace, name, 0)
    this.namespace = key.namespace
    this.name = key.set
    this.#client = client
    this.#validation = validation
    this.#defaults = defaults
  }

  /**
   * Creates a set with other defaults, for all of its calls. A call's own policy overrides them.
   *
   * @param defaults - fields of policies, for every kind of call that has them, and `policies` of single kinds
   * @returns a new set; this one does not change
   * @throws InvalidArgError if a field is unknown or invalid
   * @example
   * ```ts
   * const sessions = client.set<{ user: string }>('test', 'sessions').with({ ttl: 3600, totalTimeout: 50 })
   * ```
   */
  with(defaults: SetDefaults): TypedSet<T, I> {
    return new TypedSet<T, I>(this.#client, this.namespace, this.name, this.#validation, this.#defaults.with(defaults))
  }

  /**
   * Returns the key of a record of this set.
   *
   * @param id - the user key
   * @throws InvalidArgError if the user key is invalid
   */
  key(id: UserKey): Key {
    return new Key(this.namespace, this.name, id)
  }

  /**
   * Reads a record with all of its bins.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns the record: `bins`, `gen` (generation), `ttl` (seconds) and `key`
   * @throws RecordNotFoundError if the record does not exist; ValidationError if reads are validated and the bins do not
   *   match the schema; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins } = await users.get('ada')
   * ```
   */
  async get(id: UserKey, policy?: ReadPolicy): Promise<AerospikeRecord<T>> {
    const record = await this.#client.get<T>(this.key(id), this.#defaults.of('read', policy))
    return this.#validation.read(record)
  }

  /**
   * Reads a record with all of its bins, or returns null if it does not exist.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns the record, or null if it does not exist
   * @throws ValidationError if reads are validated and the bins do not match the schema
   * @example
   * ```ts
   * const user = await users.getOrNull('ada')
   * if (user !== null) console.log(user.bins.name)
   * ```
   */
  async getOrNull(id: UserKey, policy?: ReadPolicy): Promise<AerospikeRecord<T> | null> {
    const record = await this.#client.getOrNull<T>(this.key(id), this.#defaults.of('read', policy))
    return record === null ? null : this.#validation.read(record)
  }

  /**
   * Reads some bins of a record. The bins are not validated.
   *
   * @param id - the user key
   * @param bins - names of the bins to read
   * @param policy - overrides the defaults for this call
   * @returns the record with these bins
   * @throws RecordNotFoundError if the record does not exist
   * @example
   * ```ts
   * const { bins } = await users.select('ada', ['name'])
   * ```
   */
  async select<K extends BinName<T>>(
    id: UserKey,
    bins: readonly K[],
    policy?: ReadPolicy,
  ): Promise<AerospikeRecord<Pick<T, K>>> {
    return await this.#client.select<Pick<T, K>>(this.key(id), bins, this.#defaults.of('read', policy))
  }

  /**
   * Checks whether a record exists, without reading its bins.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns true if the record exists
   * @example
   * ```ts
   * if (await users.exists('ada')) console.log('found')
   * ```
   */
  async exists(id: UserKey, policy?: ReadPolicy): Promise<boolean> {
    return await this.#client.exists(this.key(id), this.#defaults.of('read', policy))
  }

  /**
   * Creates a record, or merges these bins into it, as `put` of the client does. Bins that a record has beyond these
   * are unchanged; with `exists: 'replace'`, they are removed.
   *
   * @param id - the user key
   * @param bins - the bins; with a validated schema, what the schema returns is stored
   * @param meta - `gen`: write only if the record has this generation; `ttl`: time to live in seconds
   * @param policy - overrides the defaults for this call
   * @returns when the server has acknowledged the write
   * @throws ValidationError if writes are validated and the bins do not match the schema; the errors of `client.put`
   * @example
   * ```ts
   * await users.put('ada', { name: 'Ada', visits: 1 }, { ttl: 3600 })
   * ```
   */
  async put(id: UserKey, bins: I, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void> {
    const key = this.key(id)
    await this.#client.put(key, this.#validation.written(bins, key), meta, this.#defaults.of('write', policy))
  }

  /**
   * Changes a record with a function, without losing writes of others; see `update` of the client.
   *
   * @param id - the user key
   * @param fn - gets the stored bins and the record, and returns the bins to store; it may change its argument
   * @param options - how often to try, time to live, and policies
   * @returns the record after the write
   * @throws ValidationError if the bins do not match the schema; the errors of `client.update`
   * @example
   * ```ts
   * await users.update('ada', user => ({ ...user, visits: user.visits + 1 }))
   * ```
   */
  update(
    id: UserKey,
    fn: Updater<T, I>,
    options?: UpdateOptions & { readonly create?: false | undefined },
  ): Promise<AerospikeRecord<T>>
  /**
   * Changes or creates a record with a function: with `create: true`, the function gets null if the record does not
   * exist.
   *
   * @param id - the user key
   * @param fn - gets the stored bins and the record, or null, and returns the bins to store
   * @param options - `create: true`, how often to try, time to live, and policies
   * @returns the record after the write
   */
  update(id: UserKey, fn: Upserter<T, I>, options: UpdateOptions): Promise<AerospikeRecord<T>>
  async update(id: UserKey, fn: unknown, options?: UpdateOptions): Promise<AerospikeRecord<T>> {
    const key = this.key(id)
    const checked = this.#validation.updater(fn as UpdateFunction, key)
    const policies = this.#defaults.ofUpdate(options)
    return await this.#client.update<T>(key, checked as Upserter<T>, { ...options, policies })
  }

  /**
   * Deletes a record.
   *
   * @param id - the user key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - overrides the defaults for this call
   * @returns when the server has acknowledged the delete
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * await users.remove('ada')
   * ```
   */
  async remove(id: UserKey, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void> {
    return await this.#client.remove(this.key(id), meta, this.#defaults.of('write', policy))
  }

  /**
   * Reads many records, with one request for each node.
   *
   * @param ids - the user keys; the rows of the result are in the same order
   * @param policy - overrides the defaults for this call
   * @returns the rows; a missing record is a row with result code 2. If reads are validated, a record that does not
   *   match the schema is a row whose `error` is a ValidationError
   * @throws InvalidArgError if a user key is invalid
   * @example
   * ```ts
   * for (const { key, record } of await users.batchGet(['ada', 'bob'])) console.log(key.userKey, record?.bins.name)
   * ```
   */
  async batchGet(ids: readonly UserKey[], policy?: BatchPolicy): Promise<BatchRecords<T>> {
    const rows = await this.#client.batchRead<T>(this.#keys(ids), null, this.#defaults.of('batch', policy))
    return this.#validation.rows(rows)
  }

  /**
   * Writes many records, each with its own bins.
   *
   * @param entries - `[id, bins]` or `[id, bins, meta]` for each record, such as a `Map` of bins by user key
   * @param policy - overrides the defaults for this call
   * @returns the rows, in the order of `entries`
   * @throws ValidationError if writes are validated and the bins of a record do not match the schema; then nothing is
   *   written. InvalidArgError if an entry is invalid
   * @example
   * ```ts
   * const rows = await users.batchPut([
   *   ['ada', { name: 'Ada', visits: 1 }],
   *   ['bob', { name: 'Bob', visits: 5 }, { ttl: 3600 }],
   * ])
   * rows.throwIfFailed()
   * ```
   */
  async batchPut(entries: Iterable<SetEntry<I>>, policy?: SetBatchWritePolicy): Promise<BatchRecords> {
    if (typeof (entries as Partial<typeof entries> | null | undefined)?.[Symbol.iterator] !== 'function') {
      throw invalidArgument(`entries: an iterable of [id, bins] is needed, not ${describe(entries)}`)
    }
    const records: BatchWriteRecord[] = []
    for (const entry of entries) {
      if (!Array.isArray(entry)) {
        throw invalidArgument(`entries[${records.length}]: [id, bins] is needed, not ${describe(entry)}`)
      }
      const [id, bins, meta] = entry as SetEntry<I>
      const key = this.key(id)
      records.push({ key, bins: this.#validation.written(bins, key), meta })
    }
    return await this.#client.batchWrite(records, this.#defaults.of('batchWrite', policy))
  }

  /**
   * Reads many records into columns: typed arrays that are views of one buffer. Values are not validated.
   *
   * @param ids - the user keys: an array, or a typed array or column, which creates no key objects
   * @param schema - bin name -> type of its column
   * @param policy - overrides the defaults for this call
   * @returns the columns, one row for each user key
   * @throws InvalidArgError if a user key or the schema is invalid
   * @example
   * ```ts
   * const { columns } = await users.batchReadColumns(['ada', 'bob'], { visits: 'u32' })
   * console.log(columns.visits[0])
   * ```
   */
  async batchReadColumns<const S extends Schema>(
    ids: KeyIds,
    schema: S & OnlyBins<T, S>,
    policy?: ColumnsPolicy,
  ): Promise<Columns<S>> {
    const keys = { ns: this.namespace, set: this.name, ids }
    return await this.#client.batchReadColumns<S>(keys, schema, this.#defaults.of('batch', policy))
  }

  /**
   * Creates a query of the set; `where`, `select` and `columns` know its bins. If reads are validated, a record that
   * does not match the schema has an `error`, and its `bins` throw it; queries with `select` or `operations` are not
   * validated.
   *
   * @returns the query, not yet run
   * @example
   * ```ts
   * for await (const { bins } of users.query().where(filter.range('visits', 10, 100))) console.log(bins.name)
   * ```
   */
  query(): TypedQuery<T> {
    const query = this.#client.query<T>(this.namespace, this.name).policy(this.#defaults.of('query', {}))
    return this.#validation.query(query) as unknown as TypedQuery<T>
  }

  #keys(ids: readonly UserKey[]): Key[] {
    if (!Array.isArray(ids)) throw invalidArgument(`ids: an array of user keys is needed, not ${describe(ids)}`)
    return (ids as readonly UserKey[]).map(id => this.key(id))
  }
}
