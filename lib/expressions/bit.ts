/**
 * Expressions on the bits of a blob.
 */

import { BitCode as Code } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type BitOverflow, type BitResizeFlag, overflowAction, resizeBits } from '../constants/bit-words'
import { call, type FlagsWrite, type Int, intOperand, MODIFY, Module, policyFlags } from './call'
import { type Expression, type Operand, operand, part } from './expression'

const ALL_WRITE_FLAGS = 15
/** Combined with an overflow action: the integer is signed. */
const SIGNED = 1

type BlobBin = Expression<'blob' | 'any'>

const blobBin = (name: string, bin: unknown): Expression => part(bin, `exp.bit.${name}: bin`, ['blob'])
const int = (name: string, value: unknown, argument: string): Expression =>
  intOperand(value, argument, `exp.bit.${name}`)
const blob = (name: string, value: unknown): Expression => operand(value, 'blob', `exp.bit.${name}: value`)
const flagsOf = (name: string, policy: FlagsWrite): number => policyFlags(policy, ALL_WRITE_FLAGS, `exp.bit.${name}`)

function modify(name: string, bin: BlobBin, args: readonly (number | Expression)[]): Expression<'blob'> {
  return call('blob', Module.BITS | MODIFY, args, blobBin(name, bin), `exp.bit.${name}`)
}

function read<T extends 'blob' | 'int' | 'string'>(
  name: string,
  type: T,
  bin: BlobBin,
  args: readonly (number | Expression)[],
): Expression<T> {
  return call(type, Module.BITS, args, blobBin(name, bin), `exp.bit.${name}`)
}

/** `[code, bitOffset, bitSize, value, flags]`. */
function change(
  name: string,
  code: number,
): (bin: BlobBin, value: Operand<'blob'>, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'> {
  return (bin, value, bitSize, bitOffset, policy) => {
    const place = [int(name, bitOffset, 'bitOffset'), int(name, bitSize, 'bitSize')]
    return modify(name, bin, [code, ...place, blob(name, value), flagsOf(name, policy)])
  }
}

function shift(
  name: string,
  code: number,
): (bin: BlobBin, shift: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'> {
  return (bin, by, bitSize, bitOffset, policy) => {
    const place = [int(name, bitOffset, 'bitOffset'), int(name, bitSize, 'bitSize')]
    return modify(name, bin, [code, ...place, int(name, by, 'shift'), flagsOf(name, policy)])
  }
}

function sum(
  name: string,
  code: number,
): (
  bin: BlobBin,
  action: BitOverflow,
  value: Int,
  bitSize: Int,
  bitOffset: Int,
  policy?: FlagsWrite,
  sign?: boolean,
) => Expression<'blob'> {
  return (bin, action, value, bitSize, bitOffset, policy, sign = false) => {
    const overflow = overflowAction(action, `exp.bit.${name}: action`) | (signed(name, sign) ? SIGNED : 0)
    const place = [int(name, bitOffset, 'bitOffset'), int(name, bitSize, 'bitSize')]
    return modify(name, bin, [code, ...place, int(name, value, 'value'), flagsOf(name, policy), overflow])
  }
}

function signed(name: string, sign: unknown): boolean {
  if (typeof sign !== 'boolean') {
    throw invalidArgument(`exp.bit.${name}: sign: true or false is needed, not ${describe(sign)}`)
  }
  return sign
}

function scan(
  name: string,
  code: number,
): (bin: BlobBin, value: Operand<'bool'>, bitSize: Int, bitOffset: Int) => Expression<'int'> {
  return (bin, value, bitSize, bitOffset) => {
    const place = [int(name, bitOffset, 'bitOffset'), int(name, bitSize, 'bitSize')]
    return read(name, 'int', bin, [code, ...place, operand(value, 'bool', `exp.bit.${name}: value`)])
  }
}

/**
 * Builders of expressions on the bits of a blob. Offsets count from the most significant bit of the first byte, negative ones
 * from the end. Builders that modify bytes evaluate to the modified bytes and do not change the record.
 *
 * All throw InvalidArgError for an argument of the wrong type. Note the order of arguments, which is that of the official
 * client: sizes come before offsets.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to bytes, usually `exp.binBlob('name')`.
 * - `bitOffset`, `bitSize`: the first bit to work on, and the number of bits.
 * - `byteOffset`, `byteSize`: the first byte to work on, and the number of bytes; for `reSize` the new size.
 * - `value`: bytes for `insert`, `set`, `or`, `xor` and `and`; an integer for `setInt`, `add` and `subtract`; for
 *   `lScan` and `rScan` the bit to look for, true or false.
 * - `shift`: number of bits to shift by.
 * - `sign`: whether the integer is signed. Default false.
 * - `action`: one of `bits.overflow`: what to do if the result does not fit its bits.
 * - `policy`: `writeFlags`, `bits.writeFlags` combined with `|`. Default: no restriction.
 */
export const bitExpressions = {
  /**
   * The bytes resized to `byteSize`.
   * @param resizeFlags - one of `bits.resizeFlags`, or an array of them: where to add or remove bytes
   */
  reSize: (
    bin: BlobBin,
    resizeFlags: BitResizeFlag | readonly BitResizeFlag[],
    byteSize: Int,
    policy?: FlagsWrite,
  ): Expression<'blob'> => {
    const how = resizeBits(resizeFlags, 'exp.bit.reSize: resizeFlags', 'bin, resizeFlags, byteSize, policy')
    return modify('reSize', bin, [Code.RESIZE, int('reSize', byteSize, 'byteSize'), flagsOf('reSize', policy), how])
  },

  /** The bytes with `value` inserted at `byteOffset`. */
  insert: (bin: BlobBin, value: Operand<'blob'>, byteOffset: Int, policy?: FlagsWrite): Expression<'blob'> =>
    modify('insert', bin, [
      Code.INSERT,
      int('insert', byteOffset, 'byteOffset'),
      blob('insert', value),
      flagsOf('insert', policy),
    ]),

  /** The bytes with `byteSize` bytes removed, starting at `byteOffset`. */
  remove: (bin: BlobBin, byteSize: Int, byteOffset: Int, policy?: FlagsWrite): Expression<'blob'> =>
    modify('remove', bin, [
      Code.REMOVE,
      int('remove', byteOffset, 'byteOffset'),
      int('remove', byteSize, 'byteSize'),
      flagsOf('remove', policy),
    ]),

  /** The bytes with `bitSize` bits from `bitOffset` set to the bits of `value`. */
  set: change('set', Code.SET),
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value` by OR. */
  or: change('or', Code.OR),
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value` by exclusive OR. */
  xor: change('xor', Code.XOR),
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value` by AND. */
  and: change('and', Code.AND),

  /** The bytes with `bitSize` bits from `bitOffset` inverted. */
  not: (bin: BlobBin, bitSize: Int, bitOffset: Int, policy?: FlagsWrite): Expression<'blob'> =>
    modify('not', bin, [
      Code.NOT,
      int('not', bitOffset, 'bitOffset'),
      int('not', bitSize, 'bitSize'),
      flagsOf('not', policy),
    ]),

  /** The bytes with `bitSize` bits from `bitOffset` shifted left by `shift`. */
  lShift: shift('lShift', Code.LSHIFT),
  /** The bytes with `bitSize` bits from `bitOffset` shifted right by `shift`. */
  rShift: shift('rShift', Code.RSHIFT),
  /**
   * The bytes with `value` added to the integer of `bitSize` bits at `bitOffset`.
   * `action` is one of `bits.overflow`; `sign` is whether the integer is signed (default false).
   */
  add: sum('add', Code.ADD),
  /**
   * The bytes with `value` subtracted from the integer of `bitSize` bits at `bitOffset`.
   * `action` is one of `bits.overflow`; `sign` is whether the integer is signed (default false).
   */
  subtract: sum('subtract', Code.SUBTRACT),

  /** The bytes with `bitSize` bits at `bitOffset` set to the integer `value`. */
  setInt: (bin: BlobBin, value: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite): Expression<'blob'> =>
    modify('setInt', bin, [
      Code.SET_INT,
      int('setInt', bitOffset, 'bitOffset'),
      int('setInt', bitSize, 'bitSize'),
      int('setInt', value, 'value'),
      flagsOf('setInt', policy),
    ]),

  /** `bitSize` bits from `bitOffset`, as bytes. */
  get: (bin: BlobBin, bitSize: Int, bitOffset: Int): Expression<'blob'> =>
    read('get', 'blob', bin, [Code.GET, int('get', bitOffset, 'bitOffset'), int('get', bitSize, 'bitSize')]),

  /** The number of bits that are set among `bitSize` bits from `bitOffset`. */
  count: (bin: BlobBin, bitSize: Int, bitOffset: Int): Expression<'int'> =>
    read('count', 'int', bin, [Code.COUNT, int('count', bitOffset, 'bitOffset'), int('count', bitSize, 'bitSize')]),

  /** The position of the first of `bitSize` bits from `bitOffset` that is set (true) or clear (false); -1 if there is none. */
  lScan: scan('lScan', Code.LSCAN),
  /** The position of the last of `bitSize` bits from `bitOffset` that is set (true) or clear (false); -1 if there is none. */
  rScan: scan('rScan', Code.RSCAN),

  /**
   * The integer of `bitSize` bits at `bitOffset`.
   * @param sign - whether the integer is signed
   */
  getInt: (bin: BlobBin, sign: boolean, bitSize: Int, bitOffset: Int): Expression<'int'> => {
    const args = [Code.GET_INT, int('getInt', bitOffset, 'bitOffset'), int('getInt', bitSize, 'bitSize')]
    return read('getInt', 'int', bin, signed('getInt', sign) ? [...args, SIGNED] : args)
  },

  /**
   * The bytes as base64. Server 8.2 and later.
   * @param byteSize - number of bytes; if you omit both `byteSize` and `byteOffset`, all bytes
   * @param byteOffset - first byte to encode (default 0)
   * @param invertSize - if true, `byteSize` is the number of bytes to leave out at the end (default false)
   */
  b64Encode: (bin: BlobBin, byteSize?: Int, byteOffset: Int = 0, invertSize = false): Expression<'string'> => {
    const name = 'b64Encode'
    if (byteSize === undefined) return read(name, 'string', bin, [Code.B64_ENCODE])
    const args = [Code.B64_ENCODE, int(name, byteOffset, 'byteOffset'), int(name, byteSize, 'byteSize')]
    return read(name, 'string', bin, invertSize ? [...args, 1] : args)
  },
} as const
