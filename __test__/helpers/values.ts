// Arbitrary values, and what they are expected to be read as: the table of lib/values/value.ts, said a second time.
import { isDeepStrictEqual } from 'node:util'
import { Double, GeoJSON, type ReadOptions, type Value } from 'aerospike-napi'
import fc from 'fast-check'
import { expect } from 'vitest'

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\ufeff', '\0', '__proto__', 'constructor', '0', 'toString', 'ü'.repeat(300)),
)

const integer = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(MIN_INT64, MAX_INT64),
  fc.constantFrom(0, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31, -32, -33, -128, -129),
  fc.constantFrom(MIN_INT64, MAX_INT64, 2n ** 53n, -(2n ** 53n), 2n ** 53n - 1n, 0n),
)

const double = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** 53, 5e-324),
  fc.double().map(number => Double(number)),
  fc.integer().map(number => Double(number)),
)

const bytes = fc.oneof(
  fc.uint8Array(),
  fc.uint8Array().map(array => Buffer.from(array)),
  fc.float32Array({ maxLength: 4 }),
  fc.uint8Array({ maxLength: 8 }).map(array => array.slice().buffer),
)

const mapKey = fc.oneof(
  text,
  integer,
  fc.uint8Array({ maxLength: 8 }).map(array => Buffer.from(array)),
)

/** The same for two keys that are one to the server. */
function keyName(key: string | number | bigint | Uint8Array): string {
  return typeof key === 'object' ? `b${Buffer.from(key).toString('hex')}` : `${typeof key === 'string'}${key}`
}

/** Any value that can be stored, null aside at the top: null removes a bin. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; nested: Value }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.boolean(),
    integer,
    double,
    text,
    bytes,
    fc.constant(GeoJSON.Point(-122.5, 37.25)),
    fc.array(tie('nested'), { maxLength: 6 }),
    fc.array(fc.tuple(text, tie('nested')), { maxLength: 6 }).map(entries => Object.fromEntries(entries)),
    fc
      .uniqueArray(fc.tuple(mapKey, tie('nested')), { maxLength: 6, selector: ([key]) => keyName(key) })
      .map(entries => new Map(entries)),
  ),
  nested: fc.oneof(fc.constant(null), tie('value')),
})).value

const binName = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 15 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    fc.constantFrom('__proto__', 'constructor', 'toString', '0', '-1', ' ', '\ufeff'),
  )
  // The server refuses NUL.
  .filter(name => !name.includes('\0'))

/** Bins of a record: one or more. */
export const anyBins: fc.Arbitrary<{ [bin: string]: Value }> = fc
  .uniqueArray(fc.tuple(binName, anyValue), { minLength: 1, maxLength: 12, selector: ([name]) => name })
  .map(entries => Object.fromEntries(entries))

function asInteger(value: bigint, { int64 }: ReadOptions): number | bigint {
  const safe = BigInt.asIntN(54, value) === value && value !== -(2n ** 53n)
  return int64 === 'bigint' || !safe ? value : Number(value)
}

function asNumber(value: number, options: ReadOptions): number | bigint {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? asInteger(BigInt(value), options) : value
}

function asMap(entries: [unknown, unknown][], options: ReadOptions): unknown {
  const read = entries.map(([key, value]) => [expected(key, options), expected(value, options)] as const)
  const strings = read.every(([key]) => typeof key === 'string')
  if (options.maps === 'object') {
    return Object.fromEntries(read.map(([key, value]) => [Buffer.isBuffer(key) ? key.toString('hex') : key, value]))
  }
  return strings && options.maps === 'auto' ? Object.fromEntries(read) : new Map(read)
}

/** What a value that was written is read as. */
export function expected(value: unknown, options: ReadOptions = { int64: 'auto', maps: 'auto' }): unknown {
  if (typeof value === 'number') return asNumber(value, options)
  if (typeof value === 'bigint') return asInteger(value, options)
  if (typeof value !== 'object' || value === null || value instanceof GeoJSON) return value
  if (value instanceof Double) return value.value
  if (value instanceof ArrayBuffer) return Buffer.from(value)
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (Array.isArray(value)) return value.map(item => expected(item, options))
  return asMap(value instanceof Map ? [...value] : Object.entries(value), options)
}

/** That two values are the same to the last bit and prototype, whatever their properties are named. */
export function expectSame(read: unknown, wanted: unknown): void {
  // `toStrictEqual` asks values for their constructor, which here may be a bin.
  if (!isDeepStrictEqual(read, wanted)) expect(read).toEqual(wanted)
  expect(isDeepStrictEqual(read, wanted)).toBe(true)
}
