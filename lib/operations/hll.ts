/**
 * Operations on HyperLogLogs. The codes are the server's own, those of `crate/src/convert/operation/hll.rs`.
 */
import { invalidArgument } from '../errors'
import { describe, HyperLogLog, type Value } from '../value'
import { flags, integer, items, list, policy } from './arguments'
import {
  HLL_WRITE_ALLOW_FOLD,
  HLL_WRITE_CREATE_ONLY,
  HLL_WRITE_DEFAULT,
  HLL_WRITE_NO_FAIL,
  HLL_WRITE_UPDATE_ONLY,
} from './constants'
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
export class HllOperation extends BuiltOperation {}

/** An operation that changes a HyperLogLog. */
export class HllWriteOperation extends HllOperation {
  /** Says how it is written. Changes the operation and returns it. */
  withPolicy(policy: HllPolicy): this {
    this.given[0] = flagsOf('withPolicy', policy)
    return this
  }
}

const plain = (code: number, bin: string, given: Argument[] = []): HllOperation =>
  new HllOperation(Family.HLL, code, bin, given)
const write = (code: number, bin: string, given: Argument[]): HllWriteOperation =>
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
  init: (bin: string, indexBits: number, minhashBits?: number, policy?: HllPolicy): HllWriteOperation => {
    const call = 'hll.init'
    const counts = [bitCount(call, 'indexBits', indexBits), bitCount(call, 'minhashBits', minhashBits)]
    return write(0, bin, [flagsOf(call, policy), ...counts])
  },

  /**
   * Adds values, and creates the HyperLogLog where there is none and `indexBits` is given. Answers with how many of its
   * entries changed.
   */
  add: (
    bin: string,
    values: readonly Value[],
    indexBits?: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ): HllWriteOperation => {
    const call = 'hll.add'
    const counts = [bitCount(call, 'indexBits', indexBits), bitCount(call, 'minhashBits', minhashBits)]
    return write(1, bin, [flagsOf(call, policy), list(call, 'values', values), ...counts])
  },

  /** Makes it the union of itself and others. Answers with null. */
  setUnion: (bin: string, values: readonly HyperLogLog[], policy?: HllPolicy): HllWriteOperation =>
    write(2, bin, [flagsOf('hll.setUnion', policy), sketches('hll.setUnion', values)]),

  /** Brings the count that it keeps up to date. Answers with the estimated count. */
  refreshCount: (bin: string): HllOperation => plain(3, bin),

  /** Folds it to fewer index bits; it has no minhash bits. Answers with null. */
  fold: (bin: string, indexBits: number): HllOperation => plain(4, bin, [integer('hll.fold', 'indexBits', indexBits)]),

  /** Answers with the estimated number of different values. */
  getCount: (bin: string): HllOperation => plain(50, bin),

  /** Answers with the union of it and others, a HyperLogLog. */
  getUnion: (bin: string, values: readonly HyperLogLog[]): HllOperation =>
    plain(51, bin, [sketches('hll.getUnion', values)]),

  /** Answers with the estimated number of different values in the union of it and others. */
  getUnionCount: (bin: string, values: readonly HyperLogLog[]): HllOperation =>
    plain(52, bin, [sketches('hll.getUnionCount', values)]),

  /** Answers with the estimated number of different values in all of it and others. */
  getIntersectCount: (bin: string, values: readonly HyperLogLog[]): HllOperation =>
    plain(53, bin, [sketches('hll.getIntersectCount', values)]),

  /** Answers with the estimated similarity of it and others, 0 to 1. */
  getSimilarity: (bin: string, values: readonly HyperLogLog[]): HllOperation =>
    plain(54, bin, [sketches('hll.getSimilarity', values)]),

  /** Answers with `[indexBits, minhashBits]`. */
  describe: (bin: string): HllOperation => plain(55, bin),
} as const
