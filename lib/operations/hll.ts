/**
 * Operations on HyperLogLogs.
 */

import { HllCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  HLL_WRITE_ALLOW_FOLD,
  HLL_WRITE_CREATE_ONLY,
  HLL_WRITE_DEFAULT,
  HLL_WRITE_NO_FAIL,
  HLL_WRITE_UPDATE_ONLY,
} from '../constants/collections'
import type { Storable } from '../values/storable'
import { HyperLogLog, type ReadValue } from '../values/value'
import { flags, integer, items, list, policy } from './arguments'
import { type Argument, BuiltOperation } from './operation'

/** Write policy of the operations on HyperLogLogs. */
export interface HllPolicy {
  /** HLL_WRITE_* flags, combined with `|`. Default HLL_WRITE_DEFAULT. */
  writeFlags?: number | undefined
}

const writeFlags = {
  DEFAULT: HLL_WRITE_DEFAULT,
  CREATE_ONLY: HLL_WRITE_CREATE_ONLY,
  UPDATE_ONLY: HLL_WRITE_UPDATE_ONLY,
  NO_FAIL: HLL_WRITE_NO_FAIL,
  ALLOW_FOLD: HLL_WRITE_ALLOW_FOLD,
} as const

function flagsOf(call: string, given: HllPolicy | undefined): number {
  const options = policy(call, given, ['writeFlags'])
  return flags(`${call}: policy`, 'writeFlags', writeFlags, options.writeFlags, ['CREATE_ONLY', 'UPDATE_ONLY'])
}

/** An operation on a HyperLogLog. It takes no context, because a HyperLogLog is always a whole bin. */
export class HllOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {}

/** An operation that modifies a HyperLogLog. */
export class HllWriteOperation<out B extends string = string, out A = ReadValue> extends HllOperation<B, A> {
  /**
   * Sets the write policy. Modifies this operation and returns it.
   *
   * @param policy - the write flags
   */
  withPolicy(policy: HllPolicy): this {
    this.given[0] = flagsOf('withPolicy', policy)
    return this
  }
}

const plain = <B extends string, A>(code: number, bin: B, given: Argument[] = []): HllOperation<B, A> =>
  new HllOperation(Family.HLL, code, bin, given)
const write = <B extends string, A>(code: number, bin: B, given: Argument[]): HllWriteOperation<B, A> =>
  new HllWriteOperation(Family.HLL, code, bin, given)

/** Checks a number of bits. Omitted means -1: the server chooses, or there are no such bits. */
function bitCount(call: string, name: string, value: unknown): Argument {
  return integer(call, name, value ?? -1)
}

function sketches(call: string, values: readonly HyperLogLog[]): Argument {
  for (const value of items(call, 'list', values) as readonly unknown[]) {
    if (!(value instanceof HyperLogLog)) {
      throw invalidArgument(`${call}: list: HyperLogLog values are needed, not ${describe(value)}`)
    }
  }
  return values
}

/**
 * Builders of operations on HyperLogLogs, for `operate`. If the bin is not a HyperLogLog, the call fails with BinTypeError;
 * if the server does not accept the numbers of bits, with InvalidArgError; if an argument does not fit the existing
 * HyperLogLog, with ServerError (`OP_NOT_APPLICABLE`). A failed call applies none of its operations. Needs server 4.9.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names and values.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `values`: the values to add; for unions, intersections and similarities a list of `HyperLogLog` values.
 * - `indexBits`: 4 to 16; more bits give a more precise estimate.
 * - `minhashBits`: 4 to 51, for intersections and similarities; together with `indexBits` at most 64. Default: none.
 * - `policy`: `writeFlags`, `hll.writeFlags` combined with `|`. Default: no restriction.
 */
export const hll = {
  /** Flags that restrict writes; combine with `|`. */
  writeFlags,

  /** Creates a HyperLogLog, or resets the existing one. Returns null. */
  init: <B extends string>(
    bin: B,
    indexBits: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ): HllWriteOperation<B, null> => {
    const call = 'hll.init'
    const counts = [bitCount(call, 'indexBits', indexBits), bitCount(call, 'minhashBits', minhashBits)]
    return write(Code.INIT, bin, [flagsOf(call, policy), ...counts])
  },

  /**
   * Adds values; creates the HyperLogLog if there is none and `indexBits` is given. Returns the number of entries that
   * changed, or null if NO_FAIL prevented an error and nothing was done.
   */
  add: <B extends string, T>(
    bin: B,
    values: readonly Storable<T>[],
    indexBits?: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ): HllWriteOperation<B, number | null> => {
    const call = 'hll.add'
    const counts = [bitCount(call, 'indexBits', indexBits), bitCount(call, 'minhashBits', minhashBits)]
    return write(Code.ADD, bin, [flagsOf(call, policy), list(call, 'values', values), ...counts])
  },

  /** Replaces the HyperLogLog with the union of itself and others. Returns null. */
  setUnion: <B extends string>(
    bin: B,
    values: readonly HyperLogLog[],
    policy?: HllPolicy,
  ): HllWriteOperation<B, null> =>
    write(Code.SET_UNION, bin, [flagsOf('hll.setUnion', policy), sketches('hll.setUnion', values)]),

  /** Updates the cached count. Returns the estimated count. */
  refreshCount: <B extends string>(bin: B): HllOperation<B, number> => plain(3, bin),

  /** Reduces the HyperLogLog to fewer index bits; it must not have minhash bits. Returns null. */
  fold: <B extends string>(bin: B, indexBits: number): HllOperation<B, null> =>
    plain(4, bin, [integer('hll.fold', 'indexBits', indexBits)]),

  /** Returns the estimated number of distinct values. */
  getCount: <B extends string>(bin: B): HllOperation<B, number | null> => plain(50, bin),

  /** Returns the union of the HyperLogLog and others, as a HyperLogLog. */
  getUnion: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, HyperLogLog | null> =>
    plain(51, bin, [sketches('hll.getUnion', values)]),

  /** Returns the estimated number of distinct values in the union of the HyperLogLog and others. */
  getUnionCount: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, number | null> =>
    plain(52, bin, [sketches('hll.getUnionCount', values)]),

  /** Returns the estimated number of distinct values in the intersection of the HyperLogLog and others. */
  getIntersectCount: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, number | null> =>
    plain(53, bin, [sketches('hll.getIntersectCount', values)]),

  /** Returns the estimated similarity of the HyperLogLog and others, from 0 to 1. */
  getSimilarity: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, number | null> =>
    plain(54, bin, [sketches('hll.getSimilarity', values)]),

  /** Returns `[indexBits, minhashBits]`. */
  describe: <B extends string>(bin: B): HllOperation<B, [indexBits: number, minhashBits: number] | null> =>
    plain(55, bin),
} as const
