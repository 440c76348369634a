/**
 * Operations on the bits of a blob. The codes are the server's own, those of `crate/src/convert/operation/bit.rs`.
 */
import { type BitOverflow, type BitResizeFlag, overflowAction, resizeBits } from '../constants/bit-words'
import {
  BIT_OVERFLOW_FAIL,
  BIT_OVERFLOW_SATURATE,
  BIT_OVERFLOW_WRAP,
  BIT_RESIZE_DEFAULT,
  BIT_RESIZE_FROM_FRONT,
  BIT_RESIZE_GROW_ONLY,
  BIT_RESIZE_SHRINK_ONLY,
  BIT_WRITE_CREATE_ONLY,
  BIT_WRITE_DEFAULT,
  BIT_WRITE_NO_FAIL,
  BIT_WRITE_PARTIAL,
  BIT_WRITE_UPDATE_ONLY,
} from '../constants/collections'
import { bytes, flag, flags, integer, policy, size } from './arguments'
import { type Argument, CdtOperation, Family } from './operation'

/** How bits are written. */
export interface BitPolicy {
  /** BIT_WRITE_* flags, combined with `|`. Default BIT_WRITE_DEFAULT. */
  writeFlags?: number
}

const writeFlags = {
  DEFAULT: BIT_WRITE_DEFAULT,
  CREATE_ONLY: BIT_WRITE_CREATE_ONLY,
  UPDATE_ONLY: BIT_WRITE_UPDATE_ONLY,
  NO_FAIL: BIT_WRITE_NO_FAIL,
  PARTIAL: BIT_WRITE_PARTIAL,
} as const

const resizeFlags = {
  DEFAULT: BIT_RESIZE_DEFAULT,
  FROM_FRONT: BIT_RESIZE_FROM_FRONT,
  GROW_ONLY: BIT_RESIZE_GROW_ONLY,
  SHRINK_ONLY: BIT_RESIZE_SHRINK_ONLY,
} as const

const overflow = { FAIL: BIT_OVERFLOW_FAIL, SATURATE: BIT_OVERFLOW_SATURATE, WRAP: BIT_OVERFLOW_WRAP } as const

function flagsOf(call: string, given: BitPolicy | undefined): number {
  const options = policy(call, given, ['writeFlags'])
  return flags(`${call}: policy`, 'writeFlags', writeFlags, options.writeFlags, ['CREATE_ONLY', 'UPDATE_ONLY'])
}

/** An operation that changes bits. */
export class BitOperation<out B extends string = string> extends CdtOperation<B, null> {
  /** Says how bits are written. Changes the operation and returns it. */
  withPolicy(policy: BitPolicy): this {
    this.given[0] = flagsOf('withPolicy', policy)
    return this
  }
}

/** An operation on bits that can overflow. */
export class BitArithmeticOperation<out B extends string = string> extends BitOperation<B> {
  /**
   * Says what happens where the result does not fit its bits. Changes the operation and returns it.
   * @param action - one of bits.overflow
   */
  onOverflow(action: BitOverflow): this {
    this.given[this.given.length - 1] = overflowAction(action, 'onOverflow: action')
    return this
  }
}

const read = <B extends string, A>(code: number, bin: B, given: Argument[] = []): CdtOperation<B, A> =>
  new CdtOperation(Family.BIT, code, bin, given)

/** What bits an operation is about: their offset and their number. */
function place(call: string, bitOffset: unknown, bitSize: unknown): Argument[] {
  return [integer(call, 'bitOffset', bitOffset), size(call, 'bitSize', bitSize)]
}

function write<B extends string>(
  name: string,
  code: number,
  bin: B,
  bitOffset: number,
  bitSize: number,
  given: Argument[],
  policy: BitPolicy | undefined,
): BitOperation<B> {
  const call = `bits.${name}`
  return new BitOperation(Family.BIT, code, bin, [flagsOf(call, policy), ...place(call, bitOffset, bitSize), ...given])
}

function arithmetic<B extends string>(
  name: string,
  code: number,
  bin: B,
  [bitOffset, bitSize]: [number, number],
  value: number | bigint,
  sign: boolean,
  policy: BitPolicy | undefined,
): BitArithmeticOperation<B> {
  const call = `bits.${name}`
  const given = [integer(call, 'value', value), flag(call, 'sign', sign), overflowAction(BIT_OVERFLOW_FAIL, call)]
  const at = place(call, bitOffset, bitSize)
  return new BitArithmeticOperation(Family.BIT, code, bin, [flagsOf(call, policy), ...at, ...given])
}

/**
 * Operations on the bits of a blob, for `operate`. Offsets count from the first bit or byte, negative ones from the end.
 * What changes bits answers with null. A bin that is no blob gives BinTypeError, bits that are not there give
 * ServerError (`OP_NOT_APPLICABLE`) or InvalidArgError; and then no operation of the call is applied. Server 4.6;
 * 8.1.2 and older refuse a context with InvalidArgError.
 */
export const bits = {
  /** What may be written; combined with `|`. */
  writeFlags,
  /** How `resize` resizes: one of them, or an array of several. */
  resizeFlags,
  /** What happens where a sum does not fit its bits. */
  overflow,

  /** Resizes the blob to a number of bytes, by bits.resizeFlags; new ones are 0. */
  resize: <B extends string>(
    bin: B,
    byteSize: number,
    resizeFlags: BitResizeFlag | readonly BitResizeFlag[] = BIT_RESIZE_DEFAULT,
    policy?: BitPolicy,
  ): BitOperation<B> => {
    const call = 'bits.resize'
    const how = resizeBits(resizeFlags, `${call}: resizeFlags`, 'bin, byteSize, resizeFlags, policy')
    return new BitOperation(Family.BIT, 0, bin, [flagsOf(call, policy), size(call, 'byteSize', byteSize), how])
  },

  /** Inserts bytes at a byte offset. */
  insert: <B extends string>(bin: B, byteOffset: number, value: Uint8Array, policy?: BitPolicy): BitOperation<B> => {
    const call = 'bits.insert'
    const given = [flagsOf(call, policy), integer(call, 'byteOffset', byteOffset), bytes(call, 'value', value)]
    return new BitOperation(Family.BIT, 1, bin, given)
  },

  /** Removes bytes from a byte offset on. */
  remove: <B extends string>(bin: B, byteOffset: number, byteSize: number, policy?: BitPolicy): BitOperation<B> => {
    const call = 'bits.remove'
    const at = [integer(call, 'byteOffset', byteOffset), size(call, 'byteSize', byteSize)]
    return new BitOperation(Family.BIT, 2, bin, [flagsOf(call, policy), ...at])
  },

  /** Sets bits to those of some bytes, or to an integer. */
  set: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array | number | bigint,
    policy?: BitPolicy,
  ): BitOperation<B> => {
    if (typeof value === 'number' || typeof value === 'bigint') {
      return bits.setInt(bin, bitOffset, bitSize, value, policy)
    }
    return write('set', 3, bin, bitOffset, bitSize, [bytes('bits.set', 'value', value)], policy)
  },

  /** Sets bits to an integer. */
  setInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    policy?: BitPolicy,
  ): BitOperation<B> => write('setInt', 12, bin, bitOffset, bitSize, [integer('bits.setInt', 'value', value)], policy),

  /** Ors bits with those of some bytes. */
  or: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ): BitOperation<B> => write('or', 4, bin, bitOffset, bitSize, [bytes('bits.or', 'value', value)], policy),

  /** Exclusively ors bits with those of some bytes. */
  xor: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ): BitOperation<B> => write('xor', 5, bin, bitOffset, bitSize, [bytes('bits.xor', 'value', value)], policy),

  /** Ands bits with those of some bytes. */
  and: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ): BitOperation<B> => write('and', 6, bin, bitOffset, bitSize, [bytes('bits.and', 'value', value)], policy),

  /** Inverts bits. */
  not: <B extends string>(bin: B, bitOffset: number, bitSize: number, policy?: BitPolicy): BitOperation<B> =>
    write('not', 7, bin, bitOffset, bitSize, [], policy),

  /** Shifts bits to the left. */
  lshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ): BitOperation<B> => write('lshift', 8, bin, bitOffset, bitSize, [size('bits.lshift', 'shift', shift)], policy),

  /** Shifts bits to the right. */
  rshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ): BitOperation<B> => write('rshift', 9, bin, bitOffset, bitSize, [size('bits.rshift', 'shift', shift)], policy),

  /**
   * Adds to an integer of up to 64 bits; `onOverflow` says what happens where the sum does not fit.
   * @param sign - whether the bits are a signed integer
   */
  add: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    sign = false,
    policy?: BitPolicy,
  ): BitArithmeticOperation<B> => arithmetic('add', 10, bin, [bitOffset, bitSize], value, sign, policy),

  /**
   * Subtracts from an integer of up to 64 bits; `onOverflow` says what happens where the difference does not fit.
   * @param sign - whether the bits are a signed integer
   */
  subtract: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    sign = false,
    policy?: BitPolicy,
  ): BitArithmeticOperation<B> => arithmetic('subtract', 11, bin, [bitOffset, bitSize], value, sign, policy),

  /** Answers with bits as bytes, the last of them filled up with 0. */
  get: <B extends string>(bin: B, bitOffset: number, bitSize: number): CdtOperation<B, Buffer | null> =>
    read(50, bin, place('bits.get', bitOffset, bitSize)),

  /** Answers with how many bits are 1. */
  count: <B extends string>(bin: B, bitOffset: number, bitSize: number): CdtOperation<B, number | null> =>
    read(51, bin, place('bits.count', bitOffset, bitSize)),

  /** Answers with the offset of the first bit that is `value`, counted from `bitOffset`; -1 where none is. */
  lscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ): CdtOperation<B, number | null> =>
    read(52, bin, [...place('bits.lscan', bitOffset, bitSize), flag('bits.lscan', 'value', value)]),

  /** Answers with the offset of the last bit that is `value`, counted from `bitOffset`; -1 where none is. */
  rscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ): CdtOperation<B, number | null> =>
    read(53, bin, [...place('bits.rscan', bitOffset, bitSize), flag('bits.rscan', 'value', value)]),

  /**
   * Answers with up to 64 bits as an integer.
   * @param sign - whether the bits are a signed integer
   */
  getInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    sign = false,
  ): CdtOperation<B, number | bigint | null> =>
    read(54, bin, [...place('bits.getInt', bitOffset, bitSize), flag('bits.getInt', 'sign', sign)]),

  /**
   * Answers with bytes as base64: all, or those from an offset on. Server 8.2.
   * @param byteSize - how many bytes; all up to the end where it is left out
   * @param invertSize - `byteSize` counts what is left out at the end
   */
  b64Encode: <B extends string>(
    bin: B,
    byteOffset?: number,
    byteSize?: number,
    invertSize = byteSize === undefined,
  ): CdtOperation<B, string | null> => {
    if (byteOffset === undefined) return read(55, bin)
    const call = 'bits.b64Encode'
    const at = [integer(call, 'byteOffset', byteOffset), size(call, 'byteSize', byteSize ?? 0)]
    return read(55, bin, [...at, flag(call, 'invertSize', invertSize)])
  },
} as const
