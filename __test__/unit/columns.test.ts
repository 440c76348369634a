import { BinNameError, InvalidArgError, type Schema } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { writeSchema } from '../../lib/columns'
import { Reader, Writer } from '../../lib/wire/wire'

interface Written {
  name: string
  kind: number
  element: number
  width: number
  fill?: number[] | undefined
}

function written(schema: unknown, wrap = false): { wrap: number; columns: Written[] } {
  const writer = new Writer(4)
  writeSchema(writer, schema as Schema, wrap)
  const reader = new Reader(Buffer.from(writer.buffer.subarray(0, writer.length)))
  const flag = reader.u8()
  const columns = Array.from({ length: reader.u16() }, () => ({
    name: reader.name(),
    kind: reader.u8(),
    element: reader.u8(),
    width: reader.u32(),
    fill: reader.u8() === 0 ? undefined : [...reader.blob()],
  }))
  expect(reader.at).toBe(writer.length)
  return { wrap: flag, columns }
}

const SCALARS = ['i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'f16', 'f32', 'f64', 'bool']

describe('a column', () => {
  test.each(SCALARS.map((type, index) => [type, index + 1] as const))('%s', (type, element) => {
    expect(written({ temp: type }).columns).toEqual([{ name: 'temp', kind: 0, element, width: 1 }])
    expect(written({ temp: [type, 384] }).columns).toEqual([{ name: 'temp', kind: 2, element, width: 384 }])
    expect(written({ temp: [type, 1] }).columns).toEqual([{ name: 'temp', kind: 2, element, width: 1 }])
  })

  test('bytes, utf8, binary', () => {
    expect(written({ a: ['bytes', 16], b: 'utf8', c: 'binary' }).columns).toEqual([
      { name: 'a', kind: 1, element: 0, width: 16 },
      { name: 'b', kind: 3, element: 0, width: 0 },
      { name: 'c', kind: 4, element: 0, width: 0 },
    ])
  })

  test('keeps its place', () => {
    const names = Array.from({ length: 300 }, (_, index) => `bin-${index}`)
    const schema = Object.fromEntries(names.map(name => [name, 'i32']))
    expect(written(schema).columns.map(column => column.name)).toEqual(names)
  })

  test('may have a name that objects have', () => {
    const schema = JSON.parse('{"__proto__":"i8","constructor":"utf8","toString":"f64"}')
    expect(written(schema).columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['__proto__', 0],
      ['constructor', 3],
      ['toString', 0],
    ])
  })
})

test('wrap is encoded', () => {
  expect(written({ a: 'i8' }, true).wrap).toBe(1)
  expect(written({ a: 'i8' }, false).wrap).toBe(0)
})

describe('what is refused names the column', () => {
  test.each([
    ['an unknown word', 'i128', /schema.temp: the string "i128" is no column type; there are i8, /],
    ['a word in capitals', 'F64', /schema.temp: the string "F64" is no column type/],
    ['a name of objects', 'toString', /schema.temp: .* is no column type/],
    ['an empty word', '', /schema.temp: .* is no column type/],
    ['undefined', undefined, /schema.temp: undefined is no column type/],
    ['null', null, /schema.temp: null is no column type/],
    ['a number', 8, /schema.temp: 8 is no column type/],
    ['a constructor', Float64Array, /schema.temp: a function is no column type/],
    ['an object', { kind: 'f64' }, /schema.temp: an object is no column type/],
    ['a type of an unknown kind', { type: 'f65' }, /schema.temp: the string "f65" is no column type/],
    ['bytes without a width', 'bytes', /schema.temp: .* is no column type/],
    ['an empty list', [], /schema.temp: an array is no column type/],
    ['a list of one', ['f32'], /schema.temp: an array is no column type/],
    ['a list of three', ['f32', 2, 3], /schema.temp: an array is no column type/],
    ['texts in a list', ['utf8', 4], /schema.temp: an array is no column type/],
    ['a width of zero', ['f32', 0], /schema.temp: the width is an integer from 1 to \d+, not 0/],
    ['a negative width', ['bytes', -1], /schema.temp: the width .* not -1/],
    ['a fraction', ['bytes', 1.5], /schema.temp: the width .* not 1.5/],
    ['a text as width', ['bytes', '4'], /schema.temp: the width .* not the string "4"/],
    ['a width beyond all records', ['bytes', 2 ** 31], /schema.temp: the width .* not 2147483648/],
  ])('%s', (_name, type, message) => {
    expect(() => written({ temp: type })).toThrow(InvalidArgError)
    expect(() => written({ temp: type })).toThrow(message)
  })

  test.each([
    ['undefined', undefined, /schema: an object is needed, not undefined/],
    ['a list', ['f64'], /schema: an object is needed, not an array/],
    ['a word', 'f64', /schema: an object is needed, not the string "f64"/],
    ['no column', {}, /schema: at least one column is needed/],
  ])('a schema: %s', (_name, schema, message) => {
    expect(() => written(schema)).toThrow(InvalidArgError)
    expect(() => written(schema)).toThrow(message)
  })

  test.each([
    ['an empty name', { '': 'f64' }, /schema: a bin name is empty/],
    ['a long name', { 'sixteen-bytes-xx': 'f64' }, /schema: the bin name "sixteen-bytes-xx" is longer than 15 bytes/],
    ['a name long in bytes', { üüüüüüüü: 'f64' }, /schema: the bin name "ü+" is longer than 15 bytes/],
    ['a name without UTF-8 form', { '\ud800': 'f64' }, /schema: the bin name .* contains a lone surrogate/],
  ])('a schema: %s', (_name, schema, message) => {
    expect(() => written(schema)).toThrow(BinNameError)
    expect(() => written(schema)).toThrow(message)
  })

  test('more columns than a message lists', () => {
    const schema = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`b${index}`, 'i8']))
    expect(() => written(schema)).toThrow(InvalidArgError)
    expect(() => written(schema)).toThrow(/schema: 70000 columns/)
  })
})
