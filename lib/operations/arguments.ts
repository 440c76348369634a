/**
 * Validates the arguments of the builders. Every error names the builder and the argument. The checks are needed because
 * aerospike-core panics on some invalid arguments and silently casts others.
 */
import { types } from 'node:util'
import { bytesOf, checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import type { Argument } from './operation'

function refuse(call: string, name: string, needed: string, value: unknown): never {
  throw invalidArgument(`${call}: ${name}: ${needed} is needed, not ${describe(value)}`)
}

/** Checks for a signed 64-bit integer. */
export function integer(call: string, name: string, value: unknown): number | bigint {
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(64, value) !== value) refuse(call, name, 'an integer of 64 bits', value)
    return value
  }
  if (!Number.isSafeInteger(value)) refuse(call, name, 'an integer', value)
  // Adding 0 turns -0 into 0: -0 would be written as a double.
  return (value as number) + 0
}

/** Checks for a non-negative integer. */
export function size(call: string, name: string, value: unknown): number | bigint {
  const number = integer(call, name, value)
  if (number < 0) refuse(call, name, 'an integer of at least 0', value)
  return number
}

/** Checks an optional last argument that is an integer. Returns no argument if it is omitted. */
export function rest(call: string, name: string, value: unknown): Argument[] {
  return value === undefined || value === null ? [] : [integer(call, name, value)]
}

/** Checks for a boolean. */
export function flag(call: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') refuse(call, name, 'true or false', value)
  return value
}

/** Checks for a string. */
export function text(call: string, name: string, value: unknown): string {
  if (typeof value !== 'string') refuse(call, name, 'a string', value)
  return value
}

/** Checks for bytes and returns them as a Uint8Array. */
export function bytes(call: string, name: string, value: unknown): Uint8Array {
  if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) return bytesOf(value, `${call}: ${name}`)
  return refuse(call, name, 'a Buffer or Uint8Array', value)
}

/** Checks that a value is given. The value itself is validated when it is written. */
export function present(call: string, name: string, given: unknown): Argument {
  if (given === undefined) refuse(call, name, 'a value', given)
  return given as Argument
}

/** Checks for a value other than null. */
export function notNull(call: string, name: string, given: unknown): Argument {
  if (given === undefined || given === null) refuse(call, name, 'a value other than null', given)
  return given as Argument
}

/** One end of a range; null or undefined means open. */
export function bound(given: Argument | undefined): Argument {
  return given === undefined ? null : given
}

/** Checks for an array. */
export function list(call: string, name: string, values: unknown): readonly Argument[] {
  if (!Array.isArray(values)) refuse(call, name, 'an array', values)
  return values as readonly Argument[]
}

/** Checks for a non-empty array. */
export function items(call: string, name: string, values: unknown): readonly Argument[] {
  const given = list(call, name, values)
  if (given.length === 0) {
    throw invalidArgument(`${call}: ${name}: at least one item is needed, not an empty array`)
  }
  return given
}

/** Checks for a map key: a string, an integer or bytes. */
export function mapKey(call: string, name: string, key: Argument): Argument {
  if (typeof key === 'string' || typeof key === 'bigint') return key
  if (types.isUint8Array(key)) return checkBytes(key, `${call}: ${name}`)
  if (!Number.isSafeInteger(key)) refuse(call, name, 'a string, an integer or bytes', key)
  return (key as number) + 0
}

/** A set of flags: the name of each, and its bit. */
export type Flags = Readonly<Record<string, number>>

/** Checks a combination of flags. At most one of the `conflicting` flags may be set. Omitted flags are 0. */
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
  if (set.length > 1) throw invalidArgument(`${call}: ${name}: ${set.join(' and ')} cannot be combined`)
  return given
}

/** Checks an optional policy: an object that has only known options. */
export function policy(call: string, given: unknown, known: readonly string[]): { readonly [name: string]: unknown } {
  if (given === undefined || given === null) return {}
  const options = optionsObject(given, `${call}: policy`)
  checkOptions(options, `${call}: policy`, known)
  return options
}
