import { ClientError, Double, GeoJSON, HyperLogLog, InvalidArgError, Particle } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ValueTag as Tag } from '../../lib/catalog/formats'
import { type ReadOptions, readValue, writeValue } from '../../lib/values/value'
import { Reader, Writer } from '../../lib/wire/wire'
import { anyValue } from '../helpers/values'

const AUTO: ReadOptions = { int64: 'auto', maps: 'auto' }

function write(value: unknown): Buffer {
  const writer = new Writer(16)
  writeValue(writer, value, 'temp')
  return Buffer.from(writer.buffer.subarray(0, writer.length))
}

const round = (value: unknown, options: ReadOptions = AUTO): unknown => readValue(new Reader(write(value)), options)

const lists = (levels: number, core: unknown): unknown => {
  let value = core
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

describe('numbers', () => {
  test.each([
    0,
    1,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 32,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('%d is an integer', number => {
    expect(round(number)).toBe(number)
    expect(round(number, { int64: 'bigint', maps: 'auto' })).toBe(BigInt(number))
  })

  test.each([
    0.5,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    2 ** 53,
    -(2 ** 53),
    1e300,
  ])('%d is a double', number => {
    expect(round(number)).toBe(number)
    // A double stays a number, however integers are read.
    expect(round(number, { int64: 'bigint', maps: 'auto' })).toBe(number)
  })

  test('a bigint comes back as a number within the safe range, else as itself', () => {
    const edges = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, -(2n ** 53n)]
    for (const edge of edges) expect(round(edge)).toBe(edge)
  })

  test.each([2n ** 63n, -(2n ** 63n) - 1n, 10n ** 40n])('%d is outside int64', number => {
    expect(() => write(number)).toThrow(InvalidArgError)
    expect(() => write(number)).toThrow(`temp: ${number}n is outside the 64-bit integers`)
  })

  test("int64: 'number' refuses what a number would lose", () => {
    expect(() => round(2n ** 60n, { int64: 'number', maps: 'auto' })).toThrow(/1152921504606846976.*int64/)
  })
})

describe('Double', () => {
  test('is called or constructed', () => {
    for (const double of [Double(1), new Double(1)]) {
      expect(double).toBeInstanceOf(Double)
      expect(double.value).toBe(1)
      expect(double.valueOf()).toBe(1)
      expect(JSON.stringify({ double })).toBe('{"double":1}')
      expect(double.valueOf() + 1).toBe(2)
    }
  })

  test('writes a double for a whole number', () => {
    expect(write(Double(1)).equals(write(1))).toBe(false)
    expect(round(Double(1), { int64: 'bigint', maps: 'auto' })).toBe(1)
    expect(round([Double(7)], { int64: 'bigint', maps: 'auto' })).toEqual([7])
  })

  test.each([['text'], [1n], [undefined], [null], [{}]])('refuses %s', value => {
    expect(() => Double(value as unknown as number)).toThrow(InvalidArgError)
    expect(() => new Double(value as unknown as number)).toThrow(/Double takes a number/)
  })
})

describe('GeoJSON', () => {
  test('is made of text, of an object, or of its parts', () => {
    const point = { type: 'Point', coordinates: [1, 2] }
    expect(new GeoJSON(point).json).toBe(JSON.stringify(point))
    expect(new GeoJSON(' {"type":"Point"} ').json).toBe(' {"type":"Point"} ')
    expect(GeoJSON.Point(1, 2).value()).toEqual(point)
    expect(GeoJSON.Polygon([0, 0], [0, 1], [0, 0]).value()).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    })
    expect(GeoJSON.Circle(1, 2, 300).value()).toEqual({ type: 'AeroCircle', coordinates: [[1, 2], 300] })
    expect(JSON.stringify({ at: GeoJSON.Point(1, 2) })).toBe(`{"at":${JSON.stringify(point)}}`)
    expect(String(GeoJSON.Point(1, 2))).toBe(JSON.stringify(point))
  })

  test.each([['{'], [''], [5], [null], [undefined], [() => 1]])('refuses %j', value => {
    expect(() => new GeoJSON(value as string)).toThrow(InvalidArgError)
    expect(() => new GeoJSON(value as string)).toThrow(/^GeoJSON (takes|must be) /)
  })
})

describe('HyperLogLog and Particle', () => {
  test.each([['text'], [5], [null], [undefined], [[1]], [new Float64Array(1)], [new ArrayBuffer(1)]])(
    'refuse %s as bytes',
    bytes => {
      expect(() => new HyperLogLog(bytes as unknown as Uint8Array)).toThrow(/^HyperLogLog takes bytes, not /)
      expect(() => new Particle(7, bytes as unknown as Uint8Array)).toThrow(/^Particle takes bytes, not /)
    },
  )

  test.each([[-1], [256], [1.5], [Number.NaN], ['7'], [null]])('a particle is of no type %s', type => {
    expect(() => new Particle(type as number, Buffer.alloc(1))).toThrow(InvalidArgError)
    expect(() => new Particle(type as number, Buffer.alloc(1))).toThrow(/^A particle type is 0 to 255, not /)
  })

  test('show the bytes that they were given', () => {
    const bytes = new Uint8Array([9, 1, 2, 9]).subarray(1, 3)
    expect(new HyperLogLog(bytes).bytes).toEqual(Buffer.from([1, 2]))
    expect(new Particle(255, bytes)).toMatchObject({ type: 255, bytes: Buffer.from([1, 2]) })
  })
})

describe('what is stored', () => {
  class Shared extends Uint8Array {}
  const bytes = Buffer.from([0, 1, 255])
  const MIXED = new Map<unknown, unknown>([
    [1, 2],
    ['1', 3],
    [Buffer.from([1]), 4],
  ])
  const stored: [string, unknown, unknown][] = [
    ['null', null, null],
    ['true', true, true],
    ['false', false, false],
    ['an empty string', '', ''],
    ['a string', 'grün 漢 😀 \ufeff', 'grün 漢 😀 \ufeff'],
    ['a Buffer', bytes, bytes],
    ['a Uint8Array', new Uint8Array([1, 2]), Buffer.from([1, 2])],
    ['a subclass of Uint8Array', new Shared([1, 2]), Buffer.from([1, 2])],
    ['a part of a larger buffer', new Uint8Array([1, 2, 3, 4]).subarray(1, 3), Buffer.from([2, 3])],
    ['no bytes', new Uint8Array(0), Buffer.alloc(0)],
    ['a Float64Array', Float64Array.of(1), Buffer.from(Float64Array.of(1).buffer)],
    ['a BigInt64Array', BigInt64Array.of(-1n), Buffer.alloc(8, 0xff)],
    ['a DataView', new DataView(new Uint8Array([5, 6, 7]).buffer, 1, 2), Buffer.from([6, 7])],
    ['an ArrayBuffer', new Uint8Array([8, 9]).buffer, Buffer.from([8, 9])],
    ['an empty list', [], []],
    ['a list', [1, 'a', null, [true]], [1, 'a', null, [true]]],
    ['a frozen list', Object.freeze([1]), [1]],
    ['an empty object', {}, {}],
    ['an object', { a: 1, b: { c: [] } }, { a: 1, b: { c: [] } }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['an object with an empty key', { '': 1 }, { '': 1 }],
    ['a Map with integer keys', new Map([[1, 'one']]), new Map([[1, 'one']])],
    ['a Map with mixed keys', MIXED, MIXED],
    ['a Map with int64 keys', new Map([[2n ** 63n - 1n, 1]]), new Map([[2n ** 63n - 1n, 1]])],
  ]

  test.each(stored)('%s', (_name, value, expected) => {
    expect(round(value)).toEqual(expected)
  })

  test('own enumerable properties only', () => {
    const value = Object.create(Object.prototype, {
      seen: { value: 1, enumerable: true },
      hidden: { value: 2, enumerable: false },
    })
    expect(round(value)).toEqual({ seen: 1 })
  })

  test('names of Object.prototype are keys like any other', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":2,"0":3}')
    const read = round(value) as object
    expect(Object.keys(read).sort()).toEqual(['0', '__proto__', 'constructor', 'toString'])
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(read).not.toHaveProperty('polluted')
  })

  test('GeoJSON, HyperLogLog and Particle', () => {
    const point = round(GeoJSON.Point(1.5, -2)) as GeoJSON
    expect(point).toBeInstanceOf(GeoJSON)
    expect(point.value()).toEqual({ type: 'Point', coordinates: [1.5, -2] })
    const sketch = round(new HyperLogLog(bytes)) as HyperLogLog
    expect(sketch).toBeInstanceOf(HyperLogLog)
    expect(sketch.bytes.equals(bytes)).toBe(true)
    const particle = round(new Particle(7, bytes)) as Particle
    expect(particle).toBeInstanceOf(Particle)
    expect([particle.type, particle.bytes.equals(bytes)]).toEqual([7, true])
  })
})

describe('what is refused names the bin and the thing', () => {
  class Money {
    amount = 1
  }
  const refused: [string, unknown, RegExp][] = [
    ['undefined', undefined, /undefined/],
    ['a function', () => 1, /a function/],
    ['an async function', async () => 1, /a function/],
    ['a class', Money, /a function/],
    ['a symbol', Symbol('s'), /a symbol/],
    ['a Date', new Date(0), /a Date/],
    ['a Set', new Set([1]), /a Set/],
    ['a WeakMap', new WeakMap(), /a WeakMap/],
    ['a RegExp', /x/, /a RegExp/],
    ['a Promise', Promise.resolve(1), /a Promise/],
    ['an Error', new Error('x'), /an Error/],
    ['a class instance', new Money(), /a Money/],
    ['a boxed number', Object(1), /a Number/],
    ['a boxed string', Object('x'), /a String/],
    ['an object of another prototype', Object.create({ a: 1 }), /an object/],
    ['a lone surrogate', 'a\ud800', /lone surrogate/],
    ['a lone surrogate in a long string', `${'a'.repeat(100)}\udc00`, /lone surrogate/],
  ]

  test.each(refused)('%s', (_name, value, thing) => {
    expect(() => write(value)).toThrow(InvalidArgError)
    expect(() => write(value)).toThrow(/^temp: /)
    expect(() => write(value)).toThrow(thing)
  })

  test.each(refused)('%s inside a list, an object and a Map', (_name, value, thing) => {
    const places: [unknown, string][] = [
      [[value], 'temp[0]: '],
      [[[1, value]], 'temp[0][1]: '],
      [{ a: value }, 'temp.a: '],
      [{ a: [{ b: value }] }, 'temp.a[0].b: '],
      [{ 'a b': value }, 'temp["a b"]: '],
      [new Map([[1, value]]), 'temp[1]: '],
      [new Map([[Buffer.from('a'), { c: value }]]), 'temp[61].c: '],
    ]
    for (const [nested, place] of places) {
      expect(() => write(nested)).toThrow(InvalidArgError)
      expect(() => write(nested)).toThrow(place)
      expect(() => write(nested)).toThrow(thing)
    }
  })

  test('a hole in a list', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested.
    expect(() => write([1, , 2])).toThrow(/temp\[1\]: undefined/)
  })

  test.each([
    ['a boolean', true, /not true/],
    ['null', null, /not null/],
    ['undefined', undefined, /not undefined/],
    ['a fraction', 1.5, /not 1.5/],
    ['NaN', Number.NaN, /not NaN/],
    ['an unsafe integer', 2 ** 53, /not 9007199254740992/],
    ['an object', {}, /not an object/],
    ['a list', [1], /not an array/],
    ['a Double', Double(1), /not a Double$/],
    ['a symbol', Symbol('s'), /not a symbol/],
  ])('%s as a map key', (_name, key, thing) => {
    expect(() => write(new Map([[key, 1]]))).toThrow(InvalidArgError)
    expect(() => write(new Map([[key, 1]]))).toThrow(/^temp: a map key is a string, an integer or bytes/)
    expect(() => write(new Map([[key, 1]]))).toThrow(thing)
  })

  test('a map key outside int64 or with a lone surrogate', () => {
    expect(() => write(new Map([[2n ** 63n, 1]]))).toThrow(/temp: .*outside the 64-bit integers/)
    expect(() => write(new Map([['\ud800', 1]]))).toThrow(/temp: .*lone surrogate/)
    expect(() => write({ '\ud800': 1 })).toThrow(/temp\["\\ud800"\]: .*lone surrogate/)
  })

  test('a Particle inside a list', () => {
    expect(() => write([new Particle(7, Buffer.alloc(1))])).toThrow(/temp\[0\]: a Particle/)
  })
})

describe('nesting', () => {
  test('256 levels are stored', () => {
    expect(round(lists(256, 1))).toEqual(lists(256, 1))
    const object = lists(255, { a: 1 })
    expect(round(object)).toEqual(object)
  })

  test.each([
    ['lists around a number', lists(257, 1)],
    ['lists around nothing', lists(256, [])],
    ['lists around a map', lists(256, { a: 1 })],
    ['lists around an empty map', lists(256, {})],
    ['a hundred thousand lists', lists(100_000, 1)],
  ])('more are refused: %s', (_name, value) => {
    expect(() => write(value)).toThrow(InvalidArgError)
    expect(() => write(value)).toThrow(/temp: .*256 levels/)
  })

  test('a value that holds itself is refused', () => {
    const list: unknown[] = []
    list.push(list)
    const map = new Map<string, unknown>()
    map.set('self', map)
    expect(() => write(list)).toThrow(/temp: .*256 levels/)
    expect(() => write(map)).toThrow(/temp: .*256 levels/)
  })
})

describe('a value that cannot be read', () => {
  const behind = (bytes: Buffer, options: ReadOptions = AUTO): [error: unknown, next: unknown] => {
    const reader = new Reader(Buffer.concat([bytes, write('next')]))
    let error: unknown
    try {
      readValue(reader, options)
    } catch (thrown) {
      error = thrown
    }
    return [error, readValue(reader, options)]
  }

  /** Lists or maps of one entry in each other, as the native side sends them. */
  const deep = (tag: number, levels: number): Buffer => {
    const header = tag === Tag.LIST ? [tag, 1, 0, 0, 0] : [tag, 1, 0, 0, 0, Tag.NIL]
    return Buffer.concat([Buffer.alloc(levels * header.length, Buffer.from(header)), Buffer.from([Tag.NIL])])
  }

  test.each(['LIST', 'MAP', 'OBJECT', 'PAIRS'] as const)('a %s deeper than the stack is a ClientError', tag => {
    const [error, next] = behind(deep(Tag[tag], 200_000))
    expect(error).toBeInstanceOf(ClientError)
    expect(error).toMatchObject({
      message: 'the value is nested too deeply for the stack',
      cause: expect.any(RangeError),
    })
    expect(next).toBe('next')
  })

  test('the reader stands behind it, whatever it holds', () => {
    fc.assert(
      fc.property(anyValue, value => {
        // The integer at its end cannot be read as a number.
        const bytes = write([value, 2n ** 60n, value])
        const [error, next] = behind(bytes, { int64: 'number', maps: 'auto' })
        expect(error).toBeInstanceOf(ClientError)
        expect(next).toBe('next')
      }),
    )
  })
})
