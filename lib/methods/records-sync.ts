/**
 * Commands on one record, for `ClientSync`.
 */

import type { Command } from '../boundary/command'
import * as commands from '../commands'
import type { BinsOf, Inferred, OrderedAnswers } from '../operations/answers'
import type { Operation } from '../operations/operation'
import type { ReadPolicy, WriteMeta, WritePolicy } from '../options/policy'
import type { KeyLike } from '../values/key'
import type { AerospikeRecord, Bins, OrderedResults, RecordMeta } from '../values/record'
import type { Double, ReadValue, Value } from '../values/value'
import { withTtl } from './records'

/** The part of `ClientSync` that is about single records. */
export abstract class RecordsSync {
  /** @internal */
  protected abstract run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): R

  /**
   * Writes bins; those that the record has beside them stay.
   * @param bins - 1 or more, names of 1 to 15 bytes; a bin of null is removed
   * @param meta - `gen`: only if the record has this generation; `ttl`: its lifetime in seconds
   * @throws InvalidArgError, RecordExistsError, RecordNotFound, RecordGenerationError, RecordTooBig, and of every call:
   * AerospikeTimeoutError, ClusterError, ServerError
   */
  put(key: KeyLike, bins: { readonly [bin: string]: Value }, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.run(commands.put, [key, bins, meta, policy])
  }

  /**
   * Reads a record with all of its bins.
   * @throws RecordNotFound
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> {
    return this.run(commands.get, [key, policy]) as AerospikeRecord<B>
  }

  /** Reads a record with all of its bins; null when it does not exist. */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> | null {
    return this.run(commands.getOrNull, [key, policy]) as AerospikeRecord<B> | null
  }

  /**
   * Reads some bins of a record; those that it has not are left out. No names: no bins, generation and lifetime only.
   * @throws RecordNotFound
   */
  select<B = Bins>(key: KeyLike, bins: readonly string[], policy?: ReadPolicy): AerospikeRecord<B> {
    return this.run(commands.select, [key, bins, policy]) as AerospikeRecord<B>
  }

  /** Whether a record exists. */
  exists(key: KeyLike, policy?: ReadPolicy): boolean {
    return this.run(commands.exists, [key, policy])
  }

  /** Generation and lifetime of a record; null when it does not exist. */
  getMeta(key: KeyLike, policy?: ReadPolicy): RecordMeta | null {
    return this.run(commands.getMeta, [key, policy])
  }

  /**
   * Deletes a record.
   * @throws RecordNotFound, RecordGenerationError
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.run(commands.remove, [key, meta, policy])
  }

  /**
   * Sets a record's lifetime anew.
   * @param ttl - seconds; default: as the policy or the namespace has it
   * @throws RecordNotFound
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.run(commands.touch, [key, withTtl(meta, ttl), policy])
  }

  /**
   * Appends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  append(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.run(commands.append, [key, bin, value, meta, policy])
  }

  /**
   * Prepends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  prepend(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.run(commands.prepend, [key, bin, value, meta, policy])
  }

  /**
   * Adds to a number; a bin that is not there counts as 0.
   * @throws BinTypeError
   */
  increment(
    key: KeyLike,
    bin: string,
    by: number | bigint | Double,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): void {
    this.run(commands.increment, [key, bin, by, meta, policy])
  }

  /** The same as `increment`. */
  incr(key: KeyLike, bin: string, by: number | bigint | Double, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.increment(key, bin, by, meta, policy)
  }

  /** Removes bins from a record; a record without bins is gone. */
  removeBin(key: KeyLike, bins: string | readonly string[], meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.run(commands.removeBin, [key, bins, meta, policy])
  }

  /**
   * Carries out operations on one record, in order and as one. A bin that several operations answer for holds the last
   * answer that is not null. The compiler tells the bins' types by the operations; `operate<B>` says them instead.
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): AerospikeRecord<BinsOf<B, O>> {
    return this.run(commands.operate, [key, ops, meta, policy]) as AerospikeRecord<unknown> as AerospikeRecord<
      BinsOf<B, O>
    >
  }

  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): OrderedResults<OrderedAnswers<O>> {
    return this.run(commands.operateOrdered, [key, ops, meta, policy]) as OrderedResults<unknown> as OrderedResults<
      OrderedAnswers<O>
    >
  }

  /**
   * Applies a function of a registered module to a record; see `Client.apply`.
   * @throws UDFError
   */
  apply(key: KeyLike, module: string, fn: string, args?: readonly Value[] | null, policy?: WritePolicy): ReadValue {
    return this.run(commands.apply, [key, module, fn, args, policy])
  }
}
