/**
 * Operations on the bits of a blob.
 */
import { BitCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
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
import { type Argument, CdtOperation } from './operation'

/** Write policy of the operations on bits. */
export interface BitPolicy {
  /** BIT_WRITE_* flags, combined with `|`. Default BIT_WRITE_DEFAULT. */
  writeFlags?: number | undefined
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

/** An operation that modifies bits. */
export class BitOperation<out B extends string = string> extends CdtOperation<B, null> {
  /**
   * Sets the write policy. Modifies this operation and returns it.
   *
   * @param policy - the write flags
   */
  withPolicy(policy: BitPolicy): this {
    this.given[0] = flagsOf('withPolicy', policy)
    return this
  }
}

/** An arithmetic operation on bits, which can overflow. */
export class BitArithmeticOperation<out B extends string = string> extends BitOperation<B> {
  /**
   * Sets what happens if the result does not fit its bits. Modifies this operation and returns it.
   * @param action - one of bits.overflow
   */
  onOverflow(action: BitOverflow): this {
    this.given[this.given.length - 1] = overflowAction(action, 'onOverflow: action')
    return this
  }
}

const read = <B extends string, A>(code: number, bin: B, given: Argument[] = []): CdtOperation<B, A> =>
  new CdtOperation(Family.BIT, code, bin, given)

/** Checks the offset and the number of the bits that an operation works on. */
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
 * Builders of operations on the bits of a blob, for `operate`. Offsets count from the first bit or byte, negative offsets
 * from the end. Operations that modify bits return null. If the bin is not a blob, the call fails with BinTypeError; if the
 * bits do not exist, it fails with ServerError (`OP_NOT_APPLICABLE`) or InvalidArgError. A failed call applies none of its
 * operations. Needs server 4.6; servers up to 8.1.2 reject a context with InvalidArgError.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `bitOffset`, `bitSize`: the first bit to work on, and the number of bits.
 * - `byteOffset`, `byteSize`: the first byte to work on, and the number of bytes; for `resize` the new size of the blob.
 * - `value`: bytes for `insert`, `or`, `xor` and `and`; an integer for `setInt`, `add` and `subtract`; either for `set`; for
 *   `lscan` and `rscan` the bit to look for, true or false.
 * - `shift`: number of bits to shift by.
 * - `resizeFlags`: one of `bits.resizeFlags`, or an array of several. Default `default`.
 * - `policy`: `writeFlags`, `bits.writeFlags` combined with `|`. Default: no restriction.
 */
export const bits = {
  /** Flags that restrict writes; combine with `|`. */
  writeFlags,
  /** Flags of `resize`: pass one, or an array of several. */
  resizeFlags,
  /** What `add` and `subtract` do if the result does not fit its bits. */
  overflow,

  /** Resizes the blob to a number of bytes, as set by `bits.resizeFlags`; new bytes are 0. */
  resize: <B extends string>(
    bin: B,
    byteSize: number,
    resizeFlags: BitResizeFlag | readonly BitResizeFlag[] = BIT_RESIZE_DEFAULT,
    policy?: BitPolicy,
  ): BitOperation<B> => {
    const call = 'bits.resize'
    const how = resizeBits(resizeFlags, `${call}: resizeFlags`, 'bin, byteSize, resizeFlags, policy')
    return new BitOperation(Family.BIT, Code.RESIZE, bin, [
      flagsOf(call, policy),
      size(call, 'byteSize', byteSize),
      how,
    ])
  },

  /** Inserts bytes at a byte offset. */
  insert: <B extends string>(bin: B, byteOffset: number, value: Uint8Array, policy?: BitPolicy): BitOperation<B> => {
    const call = 'bits.insert'
    const given = [flagsOf(call, policy), integer(call, 'byteOffset', byteOffset), bytes(call, 'value', value)]
    return new BitOperation(Family.BIT, Code.INSERT, bin, given)
  },

  /** Removes bytes, starting at a byte offset. */
  remove: <B extends string>(bin: B, byteOffset: number, byteSize: number, policy?: BitPolicy): BitOperation<B> => {
    const call = 'bits.remove'
    const at = [integer(call, 'byteOffset', byteOffset), size(call, 'byteSize', byteSize)]
    return new BitOperation(Family.BIT, Code.REMOVE, bin, [flagsOf(call, policy), ...at])
  },

  /** Sets bits to the given bytes, or to an integer. */
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
    return write('set', Code.SET, bin, bitOffset, bitSize, [bytes('bits.set', 'value', value)], policy)
  },

  /** Sets bits to an integer. */
  setInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    policy?: BitPolicy,
  ): BitOperation<B> =>
    write('setInt', Code.SET_INT, bin, bitOffset, bitSize, [integer('bits.setInt', 'value', value)], policy),

  /** Combines bits with the given bytes by OR. */
  or: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ): BitOperation<B> => write('or', Code.OR, bin, bitOffset, bitSize, [bytes('bits.or', 'value', value)], policy),

  /** Combines bits with the given bytes by exclusive OR. */
  xor: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ): BitOperation<B> => write('xor', Code.XOR, bin, bitOffset, bitSize, [bytes('bits.xor', 'value', value)], policy),

  /** Combines bits with the given bytes by AND. */
  and: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ): BitOperation<B> => write('and', Code.AND, bin, bitOffset, bitSize, [bytes('bits.and', 'value', value)], policy),

  /** Inverts bits. */
  not: <B extends string>(bin: B, bitOffset: number, bitSize: number, policy?: BitPolicy): BitOperation<B> =>
    write('not', Code.NOT, bin, bitOffset, bitSize, [], policy),

  /** Shifts bits to the left by a number of bits. */
  lshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ): BitOperation<B> =>
    write('lshift', Code.LSHIFT, bin, bitOffset, bitSize, [size('bits.lshift', 'shift', shift)], policy),

  /** Shifts bits to the right by a number of bits. */
  rshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ): BitOperation<B> =>
    write('rshift', Code.RSHIFT, bin, bitOffset, bitSize, [size('bits.rshift', 'shift', shift)], policy),

  /**
   * Adds to an integer of up to 64 bits; `onOverflow` sets what happens if the sum does not fit.
   * @param sign - whether the bits are a signed integer
   */
  add: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    sign = false,
    policy?: BitPolicy,
  ): BitArithmeticOperation<B> => arithmetic('add', Code.ADD, bin, [bitOffset, bitSize], value, sign, policy),

  /**
   * Subtracts from an integer of up to 64 bits; `onOverflow` sets what happens if the difference does not fit.
   * @param sign - whether the bits are a signed integer
   */
  subtract: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    sign = false,
    policy?: BitPolicy,
  ): BitArithmeticOperation<B> => arithmetic('subtract', Code.SUBTRACT, bin, [bitOffset, bitSize], value, sign, policy),

  /** Returns bits as bytes; the last byte is padded with 0 bits. */
  get: <B extends string>(bin: B, bitOffset: number, bitSize: number): CdtOperation<B, Buffer | null> =>
    read(Code.GET, bin, place('bits.get', bitOffset, bitSize)),

  /** Returns the number of bits that are 1. */
  count: <B extends string>(bin: B, bitOffset: number, bitSize: number): CdtOperation<B, number | null> =>
    read(Code.COUNT, bin, place('bits.count', bitOffset, bitSize)),

  /** Returns the offset of the first bit that equals `value`, counted from `bitOffset`; -1 if there is none. */
  lscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ): CdtOperation<B, number | null> =>
    read(Code.LSCAN, bin, [...place('bits.lscan', bitOffset, bitSize), flag('bits.lscan', 'value', value)]),

  /** Returns the offset of the last bit that equals `value`, counted from `bitOffset`; -1 if there is none. */
  rscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ): CdtOperation<B, number | null> =>
    read(Code.RSCAN, bin, [...place('bits.rscan', bitOffset, bitSize), flag('bits.rscan', 'value', value)]),

  /**
   * Returns up to 64 bits as an integer.
   * @param sign - whether the bits are a signed integer
   */
  getInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    sign = false,
  ): CdtOperation<B, number | bigint | null> =>
    read(Code.GET_INT, bin, [...place('bits.getInt', bitOffset, bitSize), flag('bits.getInt', 'sign', sign)]),

  /**
   * Returns bytes as base64: all, or those from an offset. Server 8.2.
   * @param byteOffset - first byte to encode; default all bytes of the blob
   * @param byteSize - number of bytes; default all bytes to the end
   * @param invertSize - if true, `byteSize` is the number of bytes to leave out at the end
   */
  b64Encode: <B extends string>(
    bin: B,
    byteOffset?: number,
    byteSize?: number,
    invertSize = byteSize === undefined,
  ): CdtOperation<B, string | null> => {
    if (byteOffset === undefined) return read(Code.B64_ENCODE, bin)
    const call = 'bits.b64Encode'
    const at = [integer(call, 'byteOffset', byteOffset), size(call, 'byteSize', byteSize ?? 0)]
    return read(Code.B64_ENCODE, bin, [...at, flag(call, 'invertSize', invertSize)])
  },
} as const
