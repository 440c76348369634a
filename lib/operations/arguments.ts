/**
 * Checks of the builders' arguments. Each names the builder and the argument that it refuses: aerospike-core panics at some
 * of them, and casts others.
 */
import { types } from 'node:util'
import { bytesOf, checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { optionsObject, unknownOption } from '../common/options'
import type { Argument } from './operation'

function refuse(call: string, name: string, needed: string, value: unknown): never {
  throw invalidArgument(`${call}: ${name}: ${needed} is needed, not ${describe(value)}`)
}

/** An integer of 64 bits. */
export function integer(call: string, name: string, value: unknown): number | bigint {
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(64, value) !== value) refuse(call, name, 'an integer of 64 bits', value)
    return value
  }
  if (!Number.isSafeInteger(value)) refuse(call, name, 'an integer', value)
  // Not -0, which would be written as a double.
  return (value as number) + 0
}

/** An integer that is not negative. */
export function size(call: string, name: string, value: unknown): number | bigint {
  const number = integer(call, name, value)
  if (number < 0) refuse(call, name, 'an integer of at least 0', value)
  return number
}

/** An integer as the last argument, or nothing. */
export function rest(call: string, name: string, value: unknown): Argument[] {
  return value === undefined || value === null ? [] : [integer(call, name, value)]
}

/** true or false. */
export function flag(call: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') refuse(call, name, 'true or false', value)
  return value
}

/** A string. */
export function text(call: string, name: string, value: unknown): string {
  if (typeof value !== 'string') refuse(call, name, 'a string', value)
  return value
}

/** Bytes. */
export function bytes(call: string, name: string, value: unknown): Uint8Array {
  if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) return bytesOf(value, `${call}: ${name}`)
  return refuse(call, name, 'a Buffer or Uint8Array', value)
}

/** A value; its own form is checked when it is written. */
export function present(call: string, name: string, given: Argument): Argument {
  if (given === undefined) refuse(call, name, 'a value', given)
  return given
}

/** A value other than null. */
export function notNull(call: string, name: string, given: Argument): Argument {
  if (given === undefined || given === null) refuse(call, name, 'a value other than null', given)
  return given
}

/** The end of a range, null or undefined where it is open. */
export function bound(given: Argument | undefined): Argument {
  return given === undefined ? null : given
}

/** A list. */
export function list(call: string, name: string, values: readonly Argument[]): readonly Argument[] {
  if (!Array.isArray(values)) refuse(call, name, 'an array', values)
  return values
}

/** A list that is not empty. */
export function items(call: string, name: string, values: readonly Argument[]): readonly Argument[] {
  if (list(call, name, values).length === 0) {
    throw invalidArgument(`${call}: ${name}: at least one item is needed, not an empty array`)
  }
  return values
}

/** A key of a map. */
export function mapKey(call: string, name: string, key: Argument): Argument {
  if (typeof key === 'string' || typeof key === 'bigint') return key
  if (types.isUint8Array(key)) return checkBytes(key, `${call}: ${name}`)
  if (!Number.isSafeInteger(key)) refuse(call, name, 'a string, an integer or bytes', key)
  return (key as number) + 0
}

/** A name for each bit of a set of flags. */
export type Flags = Readonly<Record<string, number>>

/** Flags, of which some exclude each other. */
export function flags(
  call: string,
  name: string,
  known: Flags,
  given: unknown,
  conflicting: readonly (keyof typeof known)[] = [],
): number {
  if (given === undefined) return 0
  const mask = Object.values(known).reduce((sum, bit) => sum | bit, 0)
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 0 || (given & ~mask) !== 0 || given > mask) {
    const names = Object.keys(known).filter(bit => known[bit] !== 0)
    refuse(call, name, `a combination of ${names.join(', ')}`, given)
  }
  const set = conflicting.filter(bit => (given & (known[bit] as number)) !== 0)
  if (set.length > 1) throw invalidArgument(`${call}: ${name}: ${set.join(' and ')} exclude each other`)
  return given
}

/** A policy: an object with known names only, or nothing. */
export function policy(call: string, given: unknown, known: readonly string[]): { readonly [name: string]: unknown } {
  if (given === undefined || given === null) return {}
  const options = optionsObject(given, `${call}: policy`)
  for (const name of Object.keys(options)) if (!known.includes(name)) unknownOption(name, `${call}: policy`, known)
  return options
}
