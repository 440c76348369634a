/**
 * Records, rows and other results as plain data for `JSON.stringify`, and as short text for `console.log`.
 */
import { type InspectOptionsStylized, types } from 'node:util'
import { describe } from './describe'
import { invalidArgument } from './errors'
import { setOwn } from './objects'

/** How `toJSON` converts values that JSON does not have. */
export interface JsonOptions {
  /**
   * How integers are written that are read as bigint. Default `string`.
   *
   * - `string`: as decimal text, which keeps every digit.
   * - `number`: as a number, which loses the last digits outside ±(2^53 - 1).
   */
  bigint?: 'string' | 'number' | undefined
}

/** The method that returns the parts of an object, unconverted. */
const PARTS = Symbol('parts')
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

type Parts = { readonly [name: string]: unknown } | readonly unknown[]

interface Printable {
  [PARTS](): Parts
}

type Convert = (value: unknown) => unknown

function keyText(key: unknown): string {
  return types.isUint8Array(key) ? Buffer.from(key).toString('hex') : String(key)
}

/** An object whose names are the text of the keys; pairs, if two keys have the same text. */
function mapAsJson(map: ReadonlyMap<unknown, unknown>, convert: Convert): unknown {
  const object: { [name: string]: unknown } = {}
  for (const [key, value] of map) {
    if (Object.hasOwn(object, keyText(key))) return [...map].map(pair => pair.map(convert))
    setOwn(object, keyText(key), convert(value))
  }
  return object
}

function converter(bigint: 'string' | 'number'): Convert {
  const convert: Convert = value => {
    if (typeof value === 'bigint') return bigint === 'number' ? Number(value) : String(value)
    if (typeof value !== 'object' || value === null) return value
    if (types.isUint8Array(value)) return Buffer.from(value).toString('hex')
    if (Array.isArray(value)) return value.map(convert)
    if (types.isMap(value)) return mapAsJson(value, convert)
    if (PARTS in value) return convert((value as Printable)[PARTS]())
    if (types.isTypedArray(value)) return Array.from(value as Iterable<unknown>, convert)
    const { toJSON: own } = value as { toJSON?: unknown }
    if (typeof own === 'function') return own.call(value)
    const object: { [name: string]: unknown } = {}
    for (const [name, item] of Object.entries(value)) setOwn(object, name, convert(item))
    return object
  }
  return convert
}

const CONVERTERS = { string: converter('string'), number: converter('number') }

/**
 * Converts records, rows, columns, values and lists of them to plain data for `JSON.stringify`. Bytes become hexadecimal
 * text, and a `Map` becomes an object with the text of its keys, or a list of pairs if two keys have the same text.
 *
 * `JSON.stringify(record)` does the same with the default options; use this function to choose others.
 *
 * @param value - what a call of the client returned, or a part of it
 * @param options - `bigint`: `'string'` (default) or `'number'`
 * @returns objects, lists, strings, numbers, booleans and null
 * @throws InvalidArgError if the option is another value
 * @example
 * ```ts
 * const record = await client.get(['test', 'counters', 'views'])
 * response.end(JSON.stringify(toJSON(record, { bigint: 'number' })))
 * ```
 */
export function toJSON(value: unknown, options: JsonOptions = {}): unknown {
  const { bigint = 'string' } = options
  if (!Object.hasOwn(CONVERTERS, bigint)) {
    throw invalidArgument(`toJSON: bigint: 'string' or 'number' is needed, not ${describe(bigint)}`)
  }
  return CONVERTERS[bigint](value)
}

function define(prototype: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(prototype, name, { value, writable: true, enumerable: false, configurable: true })
}

/** Defines what `JSON.stringify` and `toJSON` write of the instances of a class. */
export function jsonAs<T extends object>(Class: { readonly prototype: T }, parts: (self: T) => Parts): void {
  define(Class.prototype, PARTS, function (this: T) {
    return parts(this)
  })
  define(Class.prototype, 'toJSON', function (this: T) {
    return CONVERTERS.string(this)
  })
}

/**
 * Defines what `console.log` prints of the instances of a class: its name, and either text or parts that are printed like
 * those of an object.
 */
export function printAs<T extends object>(
  Class: { readonly prototype: T },
  name: string | ((self: T) => string),
  parts: (self: T) => Parts | string,
): void {
  type Inspect = (value: unknown, options: InspectOptionsStylized) => string
  define(
    Class.prototype,
    INSPECT,
    function (this: T, depth: number, options: InspectOptionsStylized, inspect: Inspect) {
      const title = typeof name === 'string' ? name : name(this)
      // `console.log(Class.prototype)` has no instance to print.
      if (this === Class.prototype) return `${title} {}`
      const shown = parts(this)
      if (typeof shown === 'string') return `${title} ${shown}`
      if (depth !== null && depth < 0) return options.stylize(`[${title}]`, 'special')
      return `${title} ${inspect(shown, { ...options, depth })}`
    },
  )
}
