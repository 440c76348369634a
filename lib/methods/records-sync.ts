// Generated from lib/methods/records.ts by `make types`. Do not edit.

/** Single-record commands of `ClientSync`. */

import type { Command } from '../boundary/command'
import * as commands from '../commands'
import type { Addend, BinsOf, Inferred, OrderedAnswers, Sum } from '../operations/answers'
import type { Operation } from '../operations/operation'
import type { ReadPolicy, WriteMeta, WritePolicy } from '../options/policy'
import type { KeyLike } from '../values/key'
import type { AerospikeRecord, BinName, Bins, OrderedResults, RecordMeta } from '../values/record'
import type { Storable, StorableBins } from '../values/storable'
import type { Integer, ReadValue } from '../values/value'

/** The single-record methods of `ClientSync`. */
export abstract class RecordsSync<out I extends Integer = number | bigint> {
  /** @internal */
  protected abstract run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): R

  /**
   * Creates the record, or merges these bins into it. Other bins of the record are unchanged.
   *
   * @param key - `[namespace, set, userKey]`, or a `Key`
   * @param bins - bin name -> value: at least 1 bin, names of 1 to 15 bytes; `null` removes the bin
   * @param meta - `gen`: write only if the record has this generation; `ttl`: time to live in seconds
   * @param policy - overrides the client's `write` policy for this call
   * @throws InvalidArgError if an argument is invalid; RecordExistsError or RecordNotFoundError if `policy.exists`
   *   rules the write out; RecordGenerationError if the generation differs; RecordTooBigError if the record exceeds the
   *   server's limit; FilteredOutError if the filter expression is false. Every call can also fail with
   *   AerospikeTimeoutError, ClusterError or ServerError.
   * @example
   * ```ts
   * client.put(['test', 'users', 'ada'], { name: 'Ada', visits: 1 }, { ttl: 3600 })
   * ```
   */
  put<T extends object>(key: KeyLike, bins: StorableBins<T>, meta?: WriteMeta | null, policy?: WritePolicy): void {
    return this.run(commands.put, [key, bins, meta, policy])
  }

  /**
   * Reads a record with all of its bins. Their type `B` is not checked: it is what you know of the record.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record: `bins`, `gen` (generation), `ttl` (seconds) and `key`
   * @throws RecordNotFoundError if the record does not exist; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins, gen } = client.get<{ name: string; visits: number }>(['test', 'users', 'ada'])
   * console.log(bins.name, gen)
   * ```
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> {
    return this.run(commands.get, [key, policy]) as AerospikeRecord<B>
  }

  /**
   * Reads a record with all of its bins, or returns null if it does not exist.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record, or null if it does not exist
   * @throws FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const record = client.getOrNull(['test', 'users', 'ada'])
   * if (record !== null) console.log(record.bins)
   * ```
   */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> | null {
    return this.run(commands.getOrNull, [key, policy]) as AerospikeRecord<B> | null
  }

  /**
   * Reads some bins of a record. Their type `B` is not checked. The names must be bins of `B`; state the type of those
   * that you read, such as `Pick<User, 'name'>`.
   *
   * @param key - the record's key
   * @param bins - names of the bins to read; with an empty list, only generation and TTL are returned
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record; bins that it does not have are absent from `bins`
   * @throws RecordNotFoundError if the record does not exist; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins } = client.select<{ name?: string }>(['test', 'users', 'ada'], ['name'])
   * ```
   */
  select<B = Bins>(key: KeyLike, bins: readonly BinName<B>[], policy?: ReadPolicy): AerospikeRecord<B> {
    return this.run(commands.select, [key, bins, policy]) as AerospikeRecord<B>
  }

  /**
   * Checks whether a record exists, without reading its bins.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns true if the record exists
   * @example
   * ```ts
   * if (client.exists(['test', 'users', 'ada'])) console.log('found')
   * ```
   */
  exists(key: KeyLike, policy?: ReadPolicy): boolean {
    return this.run(commands.exists, [key, policy])
  }

  /**
   * Reads the generation and TTL of a record, without its bins.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns `gen` and `ttl` (seconds), or null if the record does not exist
   * @example
   * ```ts
   * const meta = client.getMeta(['test', 'users', 'ada'])
   * console.log(meta?.gen, meta?.ttl)
   * ```
   */
  getMeta(key: KeyLike, policy?: ReadPolicy): RecordMeta | null {
    return this.run(commands.getMeta, [key, policy])
  }

  /**
   * Deletes a record.
   *
   * @param key - the record's key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - overrides the client's `write` policy for this call
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * client.remove(['test', 'users', 'ada'])
   * ```
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): void {
    return this.run(commands.remove, [key, meta, policy])
  }

  /**
   * Resets a record's time to live. Its bins are unchanged.
   *
   * @param key - the record's key
   * @param ttl - time to live in seconds; overrides `meta.ttl`. Default: that of the policy, else that of the namespace
   * @param meta - `gen`: touch only if the record has this generation
   * @param policy - overrides the client's `write` policy for this call
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * client.touch(['test', 'users', 'ada'], 7200)
   * ```
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): void {
    return this.run(commands.touch, [key, ttl, meta, policy])
  }

  /**
   * Appends to a string or blob bin. A missing bin or record is created.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param value - what to append: a string to a string bin, bytes to a blob bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @throws BinTypeError if the bin holds a value of another type
   * @example
   * ```ts
   * client.append(['test', 'users', 'ada'], 'name', ' Lovelace')
   * ```
   */
  append(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void {
    return this.run(commands.append, [key, bin, value, meta, policy])
  }

  /**
   * Prepends to a string or blob bin. A missing bin or record is created.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param value - what to prepend: a string to a string bin, bytes to a blob bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @throws BinTypeError if the bin holds a value of another type
   * @example
   * ```ts
   * client.prepend(['test', 'users', 'ada'], 'name', 'Lady ')
   * ```
   */
  prepend(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void {
    return this.run(commands.prepend, [key, bin, value, meta, policy])
  }

  /**
   * Adds to a number bin. A missing bin or record is created, starting from 0. Integers wrap around at the ends of
   * int64.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param by - amount to add; negative to subtract
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the new value of the bin, read by the same request: `number`, or `bigint` for an integer beyond ±(2^53 -
   *   1); the option `int64` changes that. `operate(key, [op.incr(bin, by)])` adds without reading.
   * @throws BinTypeError if the bin holds a value of another type, such as an integer if `by` is a double
   * @example
   * ```ts
   * const visits = client.increment(['test', 'users', 'ada'], 'visits', 1)
   * ```
   */
  increment<const N extends Addend>(
    key: KeyLike,
    bin: string,
    by: N,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Sum<N, I> {
    return this.run(commands.increment, [key, bin, by, meta, policy]) as unknown as Sum<N, I>
  }

  /**
   * Removes bins from a record. Removing the last bin deletes the record.
   *
   * @param key - the record's key
   * @param bins - one bin name or a list of them; names of missing bins are ignored
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @throws InvalidArgError if a name is invalid or there is none; RecordNotFoundError if the record does not exist;
   *   RecordGenerationError if the generation differs
   * @example
   * ```ts
   * client.removeBin(['test', 'users', 'ada'], ['visits', 'nickname'])
   * ```
   */
  removeBin(key: KeyLike, bins: string | readonly string[], meta?: WriteMeta | null, policy?: WritePolicy): void {
    return this.run(commands.removeBin, [key, bins, meta, policy])
  }

  /**
   * Executes several operations on one record, in order and atomically.
   *
   * The type of `bins` is inferred from the operations; `operate<B>` sets it instead.
   *
   * @param key - the record's key
   * @param ops - operations, from `op` and the builders for lists, maps, bits, HyperLogLog and expressions
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the record: each bin holds the result of its operations. If several operations return a result for the
   *   same bin, it holds the last result that is not null; use `operateOrdered` to get all of them.
   * @throws RecordNotFoundError if all operations read and the record does not exist; BinTypeError if a bin holds a
   *   value of another type; RecordGenerationError, RecordTooBigError, FilteredOutError
   * @example
   * ```ts
   * const { bins } = client.operate(['test', 'users', 'ada'], [op.incr('visits', 1), op.read('visits')])
   * console.log(bins.visits)
   * ```
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): AerospikeRecord<BinsOf<B, O, I>> {
    return this.run(commands.operate, [key, ops, meta, policy]) as AerospikeRecord<unknown> as AerospikeRecord<
      BinsOf<B, O, I>
    >
  }

  /**
   * Executes several operations like `operate`, and returns each result separately.
   *
   * @param key - the record's key
   * @param ops - operations, as for `operate`
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the results in order: one `[bin, value]` for each operation that reads
   * @throws the errors of `operate`
   * @example
   * ```ts
   * const { results } = client.operateOrdered(
   *   ['test', 'users', 'ada'],
   *   [op.read('visits'), op.incr('visits', 1), op.read('visits')],
   * )
   * ```
   */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): OrderedResults<OrderedAnswers<O, I>> {
    return this.run(commands.operateOrdered, [key, ops, meta, policy]) as OrderedResults<unknown> as OrderedResults<
      OrderedAnswers<O, I>
    >
  }

  /**
   * Calls a user-defined function (UDF) on a record, on the server that holds it. If the record does not exist, the
   * function receives a new one.
   *
   * @param key - the record's key
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for this call
   * @returns what the function returned
   * @throws UDFError if the function fails or does not exist, with the function's message and line
   * @example
   * ```ts
   * const total = client.apply(['test', 'users', 'ada'], 'visits', 'add', [1])
   * ```
   */
  apply<A>(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Storable<A>[] | null,
    policy?: WritePolicy,
  ): ReadValue {
    return this.run(commands.apply, [key, module, fn, args, policy])
  }
}
