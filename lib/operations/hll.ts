/**
 * Operations on HyperLogLogs. The codes are the server's own, those of `crate/src/convert/operation/hll.rs`.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  HLL_WRITE_ALLOW_FOLD,
  HLL_WRITE_CREATE_ONLY,
  HLL_WRITE_DEFAULT,
  HLL_WRITE_NO_FAIL,
  HLL_WRITE_UPDATE_ONLY,
} from '../constants/collections'
import { HyperLogLog, type ReadValue, type Value } from '../values/value'
import { flags, integer, items, list, policy } from './arguments'
import { type Argument, BuiltOperation, Family } from './operation'

/** How a HyperLogLog is written. */
export interface HllPolicy {
  /** HLL_WRITE_* flags, combined with `|`. Default HLL_WRITE_DEFAULT. */
  writeFlags?: number
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

/** An operation on a HyperLogLog. It has no context: a HyperLogLog is a whole bin. */
export class HllOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {}

/** An operation that changes a HyperLogLog. */
export class HllWriteOperation<out B extends string = string, out A = ReadValue> extends HllOperation<B, A> {
  /** Says how it is written. Changes the operation and returns it. */
  withPolicy(policy: HllPolicy): this {
    this.given[0] = flagsOf('withPolicy', policy)
    return this
  }
}

const plain = <B extends string, A>(code: number, bin: B, given: Argument[] = []): HllOperation<B, A> =>
  new HllOperation(Family.HLL, code, bin, given)
const write = <B extends string, A>(code: number, bin: B, given: Argument[]): HllWriteOperation<B, A> =>
  new HllWriteOperation(Family.HLL, code, bin, given)

/** A number of bits, -1 where the server chooses or there are none. */
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
 * Operations on HyperLogLogs, for `operate`. A bin that is none gives BinTypeError; numbers of bits that the server does
 * not accept give InvalidArgError, what does not fit the HyperLogLog there is gives ServerError
 * (`OP_NOT_APPLICABLE`); and then no operation of the call is applied. Server 4.9.
 */
export const hll = {
  /** What may be written; combined with `|`. */
  writeFlags,

  /**
   * Creates a HyperLogLog, or empties the one there is. Answers with null.
   * @param indexBits - 4 to 16: more are more exact
   * @param minhashBits - 4 to 51 for intersections and similarities, or left out; together at most 64
   */
  init: <B extends string>(
    bin: B,
    indexBits: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ): HllWriteOperation<B, null> => {
    const call = 'hll.init'
    const counts = [bitCount(call, 'indexBits', indexBits), bitCount(call, 'minhashBits', minhashBits)]
    return write(0, bin, [flagsOf(call, policy), ...counts])
  },

  /**
   * Adds values, and creates the HyperLogLog where there is none and `indexBits` is given. Answers with how many of its
   * entries changed; null where NO_FAIL let it do nothing.
   */
  add: <B extends string>(
    bin: B,
    values: readonly Value[],
    indexBits?: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ): HllWriteOperation<B, number | null> => {
    const call = 'hll.add'
    const counts = [bitCount(call, 'indexBits', indexBits), bitCount(call, 'minhashBits', minhashBits)]
    return write(1, bin, [flagsOf(call, policy), list(call, 'values', values), ...counts])
  },

  /** Makes it the union of itself and others. Answers with null. */
  setUnion: <B extends string>(
    bin: B,
    values: readonly HyperLogLog[],
    policy?: HllPolicy,
  ): HllWriteOperation<B, null> => write(2, bin, [flagsOf('hll.setUnion', policy), sketches('hll.setUnion', values)]),

  /** Brings the count that it keeps up to date. Answers with the estimated count. */
  refreshCount: <B extends string>(bin: B): HllOperation<B, number> => plain(3, bin),

  /** Folds it to fewer index bits; it has no minhash bits. Answers with null. */
  fold: <B extends string>(bin: B, indexBits: number): HllOperation<B, null> =>
    plain(4, bin, [integer('hll.fold', 'indexBits', indexBits)]),

  /** Answers with the estimated number of different values. */
  getCount: <B extends string>(bin: B): HllOperation<B, number | null> => plain(50, bin),

  /** Answers with the union of it and others, a HyperLogLog. */
  getUnion: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, HyperLogLog | null> =>
    plain(51, bin, [sketches('hll.getUnion', values)]),

  /** Answers with the estimated number of different values in the union of it and others. */
  getUnionCount: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, number | null> =>
    plain(52, bin, [sketches('hll.getUnionCount', values)]),

  /** Answers with the estimated number of different values in all of it and others. */
  getIntersectCount: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, number | null> =>
    plain(53, bin, [sketches('hll.getIntersectCount', values)]),

  /** Answers with the estimated similarity of it and others, 0 to 1. */
  getSimilarity: <B extends string>(bin: B, values: readonly HyperLogLog[]): HllOperation<B, number | null> =>
    plain(54, bin, [sketches('hll.getSimilarity', values)]),

  /** Answers with `[indexBits, minhashBits]`. */
  describe: <B extends string>(bin: B): HllOperation<B, [indexBits: number, minhashBits: number] | null> =>
    plain(55, bin),
} as const
