// Values as JSON without loss, on the command line and in files.
import { Double, GeoJSON, HyperLogLog, Particle } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBins } from '../../../cli/commands/put.mjs'
import { decodeJson, displayText, encodeJson } from '../../../cli/values.mjs'

/** A value that was read as the value that is written: bigints are integers, numbers are doubles. */
function written(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (typeof value === 'number') return Double(value)
  if (Array.isArray(value)) return value.map(written)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [written(key), written(item)]))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof GeoJSON || value instanceof HyperLogLog || value instanceof Particle) return value
  const entries = Object.entries(value).map(([name, item]) => [name, written(item)] as const)
  const [first] = entries
  // A map that looks like a tagged value is written as a list of pairs.
  if (entries.length === 1 && first !== undefined && TAGS.includes(first[0])) return new Map(entries)
  return Object.fromEntries(entries)
}

const TAGS = ['$bytes', '$geo', '$hll', '$map', '$double', '$particle']

const integer = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
const text = fc.string({ unit: 'grapheme' })
const bytes = fc.uint8Array({ maxLength: 20 }).map(value => Buffer.from(value))
const name = fc.oneof(text, fc.constantFrom(...TAGS, '__proto__', 'constructor'))
const { value: anyValue } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    integer,
    fc.double(),
    text,
    fc.boolean(),
    bytes,
    bytes.map(value => new HyperLogLog(value)),
    fc.tuple(fc.nat(255), bytes).map(([type, value]) => new Particle(type, value)),
    fc.constant(GeoJSON.Point(13.4, 52)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    fc.array(fc.tuple(fc.oneof(integer, text, bytes), tie('value')), { maxLength: 3 }).map(pairs => new Map(pairs)),
  ),
}))

describe('JSON', () => {
  test('restores every value with its type', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(decodeJson(encodeJson(value))).toEqual(written(value))
      }),
      { numRuns: 150 },
    )
  })

  test.each([
    [3n, '3'],
    [9007199254740993n, '9007199254740993'],
    [3, '3.0'],
    [0.5, '0.5'],
    [-0, '-0.0'],
    [1e21, '1e+21'],
    [Number.NaN, '{"$double":"NaN"}'],
    [Buffer.from('hi'), '{"$bytes":"aGk="}'],
    [GeoJSON.Point(1, 2), '{"$geo":{"type":"Point","coordinates":[1,2]}}'],
    [new Map([[1n, 'a']]), '{"$map":[[1,"a"]]}'],
    [{ $bytes: 'x' }, '{"$map":[["$bytes","x"]]}'],
    [['a', { b: [true, null] }], '["a",{"b":[true,null]}]'],
  ])('of %o is %s', (value, json) => {
    expect(encodeJson(value)).toBe(json)
  })

  test.each([
    ['{"a":1', 'Expected'],
    ['9223372036854775808', 'outside the 64-bit integers'],
    ['1e999', 'outside the doubles'],
    ['"\\ud800"', 'lone surrogate'],
    ['{"$bytes":"?"}', 'base64 text is needed'],
    ['{"$double":"1"}', '"NaN", "Infinity" or "-Infinity" is needed'],
    ['{"$map":[[1]]}', 'a list of pairs is needed'],
    ['{"$map":[[1.5,2]]}', 'a key is a string, an integer or bytes'],
    ['{"$geo":5}', 'a GeoJSON object is needed'],
    ['{"$particle":[256,""]}', 'a type from 0 to 255'],
    [`${'['.repeat(300)}${']'.repeat(300)}`, 'nested deeper than 250 levels'],
  ])('%s is refused', (json, reason) => {
    expect(() => decodeJson(json)).toThrow(reason)
  })

  test('is compared with the text of a table', () => {
    expect([3n, 1, 'a b', Buffer.from([10]), undefined, ['x', 2n]].map(displayText)).toEqual([
      '3',
      '1.0',
      'a b',
      '0x0a',
      '',
      '["x",2]',
    ])
  })
})

describe('the bins of put', () => {
  test('are JSON where they can be, and text otherwise', () => {
    const words = [
      'name=Ada',
      'age=36',
      'ratio=1.0',
      'tags=["a"]',
      'zip=01234',
      'empty=',
      'eq=a=b',
      'gone=null',
      'q="7"',
    ]
    expect(parseBins(words)).toEqual({
      name: 'Ada',
      age: 36,
      ratio: Double(1),
      tags: ['a'],
      zip: '01234',
      empty: '',
      eq: 'a=b',
      gone: null,
      q: '7',
    })
    expect(parseBins(['{"a":1,"b":"x"}', 'c=true'])).toEqual({ a: 1, b: 'x', c: true })
  })

  test.each([
    [[], 'at least one bin'],
    [['name'], 'write name=value'],
    [['=x'], 'write name=value'],
    [['a=1', 'a=2'], 'the bin a is there twice'],
    [['{"a":'], 'is not a JSON object'],
  ])('%j are refused', (words, reason) => {
    expect(() => parseBins(words)).toThrow(reason)
  })
})
