/**
 * Fixed-width elements: their types, typed arrays and sizes.
 */

import { types } from 'node:util'
import { ElementType } from '../catalog/formats'
import { bytesOf } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'

/**
 * Element types of columns.
 *
 * - `i8`, `i16`, `i32`, `i64`: signed integers of this many bits; `i64` as bigint.
 * - `u8`, `u16`, `u32`, `u64`: unsigned integers; `u64` as bigint.
 * - `f16`, `f32`, `f64`: floating-point numbers of this many bits.
 * - `bool`: booleans, as bytes 0 and 1.
 */
export type ScalarType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64' | 'f16' | 'f32' | 'f64' | 'bool'

/** Half-precision numbers: a Float16Array if the runtime has it, otherwise widened to a Float32Array. */
export type Float16Column = Float32Array & { readonly BYTES_PER_ELEMENT: number }

/** The typed array of each element type. */
export interface ScalarArrays {
  i8: Int8Array
  i16: Int16Array
  i32: Int32Array
  i64: BigInt64Array
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  u64: BigUint64Array
  f16: Float16Column
  f32: Float32Array
  f64: Float64Array
  bool: Uint8Array
}

/** A typed array of any element type. */
export type AnyArray = ScalarArrays[ScalarType]

/**
 * The element types.
 */
export const SCALARS: readonly ScalarType[] = [
  'i8',
  'i16',
  'i32',
  'i64',
  'u8',
  'u16',
  'u32',
  'u64',
  'f16',
  'f32',
  'f64',
  'bool',
]

const NUMBERS: { readonly [name in Uppercase<ScalarType>]: number } = ElementType

/** The number of an element type, for the native side. */
export function elementNumber(type: ScalarType): number {
  return NUMBERS[type.toUpperCase() as Uppercase<ScalarType>]
}

/** Size of an element in bytes. */
export const SIZES: { readonly [K in ScalarType]: number } = {
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  f16: 2,
  f32: 4,
  f64: 8,
  bool: 1,
}

const halfPrecision = (
  globalThis as { Float16Array?: new (b: ArrayBufferLike, at: number, n: number) => Float16Column }
).Float16Array

/** Converts the 16 bits of a half-precision number to a number. */
export function halfToSingle(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function halves(memory: ArrayBufferLike, at: number, count: number): Float16Column {
  if (halfPrecision !== undefined) return new halfPrecision(memory, at, count)
  return Float32Array.from(new Uint16Array(memory, at, count), halfToSingle)
}

/** Returns whether an array holds half-precision numbers, not widened ones. */
export function isHalfPrecision(array: ArrayBufferView): boolean {
  return halfPrecision !== undefined && array instanceof halfPrecision
}

/** Creates a typed array over a part of the memory. */
export function view(element: ScalarType, memory: ArrayBufferLike, at: number, count: number): AnyArray {
  switch (element) {
    case 'i8':
      return new Int8Array(memory, at, count)
    case 'i16':
      return new Int16Array(memory, at, count)
    case 'i32':
      return new Int32Array(memory, at, count)
    case 'i64':
      return new BigInt64Array(memory, at, count)
    case 'u16':
      return new Uint16Array(memory, at, count)
    case 'u32':
      return new Uint32Array(memory, at, count)
    case 'u64':
      return new BigUint64Array(memory, at, count)
    case 'f16':
      return halves(memory, at, count)
    case 'f32':
      return new Float32Array(memory, at, count)
    case 'f64':
      return new Float64Array(memory, at, count)
    default:
      return new Uint8Array(memory, at, count)
  }
}

/** Returns the element type of a typed array, or undefined for any other value. */
export function elementOf(array: unknown): ScalarType | undefined {
  if (types.isFloat64Array(array)) return 'f64'
  if (types.isFloat32Array(array)) return 'f32'
  if (types.isInt32Array(array)) return 'i32'
  if (types.isBigInt64Array(array)) return 'i64'
  if (types.isUint8Array(array) || types.isUint8ClampedArray(array)) return 'u8'
  if (types.isInt8Array(array)) return 'i8'
  if (types.isInt16Array(array)) return 'i16'
  if (types.isUint16Array(array)) return 'u16'
  if (types.isUint32Array(array)) return 'u32'
  if (types.isBigUint64Array(array)) return 'u64'
  return ArrayBuffer.isView(array) && isHalfPrecision(array) ? 'f16' : undefined
}

/** Returns the bytes of an array; rejects memory that is detached, or shared with threads that may write to it. */
export function ownBytesOf(array: ArrayBufferView, where: string): Uint8Array {
  const { buffer } = array
  if (types.isSharedArrayBuffer(buffer)) {
    throw invalidArgument(
      `${where}: memory that is shared with other threads may change while it is read; copy it first`,
    )
  }
  return bytesOf(array, where)
}

function halfBits(number: number): number {
  const sign = number < 0 || Object.is(number, -0) ? 0x8000 : 0
  if (Number.isNaN(number)) return 0x7e00
  const size = Math.abs(number)
  if (size >= 65_520) return sign | 0x7c00
  // The number rounded to units in the last place; more than 1023 units carry over into the exponent.
  const exponent = Math.max(Math.floor(Math.log2(size || 1)), -14)
  const units = Math.round(size / 2 ** (exponent - 10))
  return sign | (units + (size < 2 ** -14 ? 0 : (exponent + 14) << 10))
}

/** Returns the bytes of one element that fills rows without a value. */
export function elementBytes(element: ScalarType, value: unknown, where: string): Uint8Array {
  const refuse = (wanted: string): never => {
    throw invalidArgument(`${where}: ${wanted} is needed, not ${describe(value)}`)
  }
  if (element === 'bool') {
    if (typeof value !== 'boolean') return refuse('true or false')
    return Uint8Array.of(value ? 1 : 0)
  }
  if (element === 'i64' || element === 'u64') {
    const wide = typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as bigint | number) : undefined
    const fits = wide !== undefined && (element === 'i64' ? BigInt.asIntN(64, wide) : BigInt.asUintN(64, wide)) === wide
    if (!fits) return refuse(`an integer of the type ${element}`)
    return new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, wide)).buffer)
  }
  if (typeof value !== 'number') return refuse('a number')
  if (element === 'f16') return new Uint8Array(Uint16Array.of(halfBits(value)).buffer)
  const one = view(element, new ArrayBuffer(8), 0, 1) as Int32Array
  one[0] = value
  if (element.charAt(0) !== 'f' && one[0] !== value) return refuse(`an integer of the type ${element}`)
  return new Uint8Array(one.buffer, 0, SIZES[element])
}
