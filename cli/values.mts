/**
 * Values as JSON, without loss: JSON text that `encodeJson` returns, `decodeJson` reads as an equal value of the same type.
 *
 * | value | JSON |
 * | --- | --- |
 * | integer | digits: `3` |
 * | double | a number with a fraction or an exponent: `3.0`; `{"$double": "NaN"}`, `"Infinity"`, `"-Infinity"` |
 * | bytes | `{"$bytes": "<base64>"}` |
 * | GeoJSON | `{"$geo": {...}}` |
 * | HyperLogLog | `{"$hll": "<base64>"}` |
 * | map with keys other than strings | `{"$map": [[key, value], ...]}` |
 */
import { Double, GeoJSON, HyperLogLog, Particle, type Value } from 'aerospike-napi'
import { parse as parseLossless } from 'lossless-json'

const MIN_INT = -(2n ** 63n)
const MAX_INT = 2n ** 63n - 1n

/** Parses an integer. Returns undefined if it does not fit 64 bits. */
export function integerOf(text: string): number | bigint | undefined {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number + 0
  const value = BigInt(text)
  return value >= MIN_INT && value <= MAX_INT ? value : undefined
}

/** A double as JSON text that is not the text of an integer. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')

const tagged = (tag: string, content: string): string => `{${JSON.stringify(tag)}:${content}}`

const isTag = (name: string): boolean => Object.hasOwn(TAGS, name)

/** Converts a value to JSON text. Integers must have been read as bigint; numbers are doubles. */
export function encodeJson(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return String(value)
    case 'number':
      return Number.isFinite(value) ? doubleText(value) : tagged('$double', JSON.stringify(String(value)))
    case 'string':
    case 'boolean':
      return JSON.stringify(value)
    default:
      if (value === null || value === undefined) return 'null'
      return encodeObject(value)
  }
}

function encodeObject(value: object): string {
  if (value instanceof Uint8Array) return tagged('$bytes', JSON.stringify(base64(value)))
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(',')}]`
  if (value instanceof Map) {
    const pairs = [...value].map(([key, item]) => `[${encodeJson(key)},${encodeJson(item)}]`)
    return tagged('$map', `[${pairs.join(',')}]`)
  }
  if (value instanceof GeoJSON) return tagged('$geo', JSON.stringify(value))
  if (value instanceof HyperLogLog) return tagged('$hll', JSON.stringify(base64(value.bytes)))
  if (value instanceof Particle) return tagged('$particle', `[${value.type},${JSON.stringify(base64(value.bytes))}]`)
  const entries = Object.entries(value)
  // A map that looks like a tagged value.
  if (entries.length === 1 && isTag((entries[0] as [string, unknown])[0])) return encodeObject(new Map(entries))
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${encodeJson(item)}`).join(',')}}`
}

/** The error of JSON that is not a value. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
}

function bytesOf(content: unknown, tag: string): Buffer {
  if (typeof content === 'string' && /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(content)) {
    return Buffer.from(content, 'base64')
  }
  throw new ValueError(`${tag}: base64 text is needed`)
}

/** What a tag makes of its content. */
const TAGS: { readonly [tag: string]: (content: unknown) => Value } = {
  $bytes: content => bytesOf(content, '$bytes'),
  $hll: content => new HyperLogLog(bytesOf(content, '$hll')),
  $geo: content => {
    if (typeof content !== 'string' && (typeof content !== 'object' || content === null)) {
      throw new ValueError('$geo: a GeoJSON object is needed')
    }
    const text = JSON.stringify(content, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item))
    return new GeoJSON(typeof content === 'string' ? content : text)
  },
  $double: content => {
    if (content !== 'NaN' && content !== 'Infinity' && content !== '-Infinity') {
      throw new ValueError('$double: "NaN", "Infinity" or "-Infinity" is needed')
    }
    return Double(Number(content))
  },
  $map: content => {
    if (!Array.isArray(content) || !content.every(pair => Array.isArray(pair) && pair.length === 2)) {
      throw new ValueError('$map: a list of pairs is needed')
    }
    return new Map(content.map(([key, value]) => [mapKey(key), value as Value]))
  },
  $particle: content => {
    const [type, bytes] = Array.isArray(content) ? content : []
    if (typeof type !== 'number' || !Number.isInteger(type) || type < 0 || type > 255) {
      throw new ValueError('$particle: a type from 0 to 255 and base64 text are needed')
    }
    return new Particle(type, bytesOf(bytes, '$particle'))
  },
}

function mapKey(key: unknown): string | number | bigint | Uint8Array {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' || key instanceof Uint8Array) {
    return key
  }
  throw new ValueError('$map: a key is a string, an integer or bytes')
}

function numberOf(text: string): number | bigint | Double {
  if (/^-?\d+$/.test(text)) {
    const value = integerOf(text)
    if (value === undefined) throw new ValueError(`${text} is outside the 64-bit integers`)
    return value
  }
  const value = Number(text)
  if (!Number.isFinite(value)) throw new ValueError(`${text} is outside the doubles`)
  return Double(value)
}

/** Whether `JSON.parse` could lose something: doubles, long integers, -0, tags, lone surrogates. */
const NEEDS_CARE = /-?\d(?:\.\d|[eE][+-]?\d)|\d{16}|-0|"\$|\\u[dD][89a-fA-F]/

/** Maximum nesting of lists and maps that records can have. */
const MAX_DEPTH = 250

function revive(value: unknown, depth: number): unknown {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new ValueError('a string contains a lone surrogate, which UTF-8 cannot encode')
  }
  if (typeof value !== 'object' || value === null || value instanceof Double) return value
  if (depth > MAX_DEPTH) throw new ValueError(`the value is nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) return value.map(item => revive(item, depth + 1))
  const names = Object.keys(value)
  const [first] = names
  if (names.length === 1 && first !== undefined && isTag(first)) {
    const content = (value as { [name: string]: unknown })[first]
    // GeoJSON is text for the server: its numbers have no types.
    return (TAGS[first] as (content: unknown) => Value)(first === '$geo' ? content : revive(content, depth + 1))
  }
  const revived: { [name: string]: unknown } = {}
  for (const name of names) {
    const item = revive((value as { [name: string]: unknown })[name], depth + 1)
    Object.defineProperty(revived, name, { value: item, enumerable: true, writable: true, configurable: true })
  }
  return revived
}

/**
 * Parses JSON text as a value. Numbers with a fraction or an exponent are doubles.
 * @throws ValueError if the text is not JSON or has a value that cannot be stored
 */
export function decodeJson(text: string): unknown {
  try {
    const parsed: unknown = NEEDS_CARE.test(text) ? parseLossless(text, undefined, numberOf) : JSON.parse(text)
    return revive(parsed, 0)
  } catch (error) {
    if (error instanceof ValueError) throw error
    throw new ValueError((error as Error).message, { cause: error })
  }
}

/** A value as short text for tables: strings without quotes, everything else as JSON. */
export function displayText(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  if (value instanceof GeoJSON) return value.json
  if (typeof value === 'number') return Number.isFinite(value) ? doubleText(value) : String(value)
  return encodeJson(value)
}
