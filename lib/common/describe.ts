/**
 * Descriptions of values for error messages.
 */
import { quote } from './shorten'

/** Describes a value for error messages, such as `the string "a"`, `an array` or `a Date`. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'undefined':
      return 'undefined'
    case 'string':
      return `the string ${quote(value)}`
    case 'number':
    case 'boolean':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    default:
      break
  }
  if (Array.isArray(value)) return 'an array'
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name
  if (typeof name !== 'string' || name === '' || name === 'Object') return 'an object'
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
}
