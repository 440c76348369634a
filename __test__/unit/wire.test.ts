import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedTextError, Reader, Writer } from '../../lib/wire/wire'

const written = (writer: Writer): Buffer => Buffer.from(writer.buffer.subarray(0, writer.length))
const readerOf = (writer: Writer): Reader => new Reader(written(writer))

describe('Writer', () => {
  test('writes integers and doubles little-endian', () => {
    const writer = new Writer(64)
    writer.u8(0xfe)
    writer.u16(0x1234)
    writer.u32(0xdeadbeef)
    writer.i32(-2)
    writer.i64(-(2n ** 63n))
    writer.f64(1)
    expect(written(writer).toString('hex')).toBe('fe3412efbeaddefeffffff0000000000000080000000000000f03f')
  })

  test('grows from any size and keeps what it holds', () => {
    const writer = new Writer(1)
    for (let index = 0; index < 5000; index++) writer.u32(index)
    const reader = readerOf(writer)
    const read = Array.from({ length: 5000 }, () => reader.u32())
    expect(read).toEqual(Array.from({ length: 5000 }, (_, index) => index))
  })

  test('refuses to grow beyond what one call can send, and keeps what it holds', () => {
    const writer = new Writer(4)
    writer.u32(7)
    expect(() => writer.reserve(0x7fff_ffff)).toThrow(
      expect.objectContaining({
        name: 'InvalidArgError',
        message: expect.stringMatching(/more than the 2147483647 bytes/),
      }),
    )
    expect(readerOf(writer).u32()).toBe(7)
  })

  test('grows for each kind of item at the very end of its buffer', () => {
    const items: [string, (writer: Writer) => void, number][] = [
      ['u8', w => w.u8(1), 1],
      ['u16', w => w.u16(1), 2],
      ['u32', w => w.u32(1), 4],
      ['i32', w => w.i32(1), 4],
      ['i64', w => w.i64(1n), 8],
      ['f64', w => w.f64(1), 8],
      ['raw', w => w.raw(new Uint8Array(9)), 9],
      ['blob', w => w.blob(new Uint8Array(3)), 7],
      ['text', w => w.text('abc'), 7],
      ['name', w => w.name('abc'), 4],
    ]
    for (const [name, write, size] of items) {
      const writer = new Writer(1)
      writer.u8(0x7f)
      write(writer)
      expect([name, writer.length, writer.buffer[0]]).toEqual([name, size + 1, 0x7f])
    }
  })

  test('overwrites what was written before', () => {
    const writer = new Writer(8)
    writer.u32(0)
    writer.u16(0)
    writer.u8(9)
    writer.patchU32(0, 0x01020304)
    writer.patchU16(4, 0x0506)
    expect(written(writer).toString('hex')).toBe('04030201060509')
  })

  test('writes the bytes of a view, not those of the buffer behind it', () => {
    const writer = new Writer(4)
    const bytes = Buffer.from([1, 2, 3, 4, 5, 6]).subarray(2, 4)
    writer.raw(bytes)
    writer.blob(bytes)
    expect(written(writer).toString('hex')).toBe('0304020000000304')
  })
})

describe('text', () => {
  const texts: [string, string][] = [
    ['empty', ''],
    ['ASCII, short', 'abc'],
    ['ASCII of 32 characters', 'x'.repeat(32)],
    ['ASCII of 33 characters', 'x'.repeat(33)],
    ['ASCII of a million characters', 'x'.repeat(1_000_000)],
    ['NUL', 'a\0b'],
    ['DEL', '\x7f'],
    ['U+0080', '\x80'],
    ['Latin-1, short', 'grün'],
    ['Latin-1, long', `${'x'.repeat(40)}ü`],
    ['non-ASCII as character 32', `${'x'.repeat(31)}ü`],
    ['non-ASCII as character 33', `${'x'.repeat(32)}ü`],
    ['three bytes a character', '漢字仮名'.repeat(20)],
    ['four bytes a character', '😀'.repeat(20)],
    ['byte-order mark', '\ufeffx'],
    ['non-characters', '\ufffe\uffff'],
    ['replacement character', '\ufffd'],
  ]

  test.each(texts)('%s comes back', (_name, text) => {
    const writer = new Writer(1)
    writer.text(text)
    writer.u8(0xaa)
    const reader = readerOf(writer)
    expect(reader.text()).toBe(text)
    expect(reader.u8()).toBe(0xaa)
  })

  test.each(texts)('%s is as long as its UTF-8 form, and known as ASCII or not', (_name, text) => {
    const writer = new Writer(1)
    const ascii = writer.text(text)
    expect(ascii).toBe(/^[\0-\x7f]*$/.test(text))
    expect(new Reader(written(writer)).u32()).toBe(Buffer.byteLength(text))
    expect(written(writer).subarray(4).equals(Buffer.from(text))).toBe(true)
  })

  test.each([
    ['a high surrogate', '\ud83d'],
    ['a low surrogate', '\ude00'],
    ['a pair the wrong way round', '\ude00\ud83d'],
    ['a high surrogate at the end', 'abc\ud83d'],
    ['a low surrogate amid others', 'ab\ude00cd'],
    ['one behind 40 characters', `${'x'.repeat(40)}\ud83d`],
    ['one behind a whole pair', '😀\ud83d'],
  ])('%s is refused', (_name, text) => {
    expect(() => new Writer(64).text(text)).toThrow(MalformedTextError)
    expect(() => new Writer(64).name(text)).toThrow(MalformedTextError)
  })

  test('names stand behind one byte of length', () => {
    const writer = new Writer(1)
    expect(writer.name('')).toBe(0)
    expect(writer.name('bin')).toBe(3)
    expect(writer.name('grün')).toBe(5)
    expect(writer.name('n'.repeat(200))).toBe(200)
    const reader = readerOf(writer)
    expect([reader.name(), reader.name(), reader.name(), reader.name()]).toEqual(['', 'bin', 'grün', 'n'.repeat(200)])
  })

  test.each([0, 1, 12, 13, 1000])('ASCII of %i characters is read as such', length => {
    const writer = new Writer(1)
    const text = 'abcdefghij'.repeat(100).slice(0, length)
    writer.text(text)
    writer.u8(5)
    const reader = readerOf(writer)
    expect(reader.ascii()).toBe(text)
    expect(reader.u8()).toBe(5)
  })
})

describe('Reader', () => {
  test('reads a part of a larger buffer', () => {
    const reader = new Reader(Buffer.from([9, 9, 1, 0, 0, 0, 0x61]).subarray(2))
    expect(reader.text()).toBe('a')
  })

  test('gives bytes as copies', () => {
    const source = Buffer.from([2, 0, 0, 0, 7, 8])
    const bytes = new Reader(source).blob()
    source.fill(0)
    expect([...bytes]).toEqual([7, 8])
  })

  test('does not read beyond its end', () => {
    const reader = new Reader(Buffer.from([1, 2, 3]))
    expect(() => reader.u32()).toThrow(RangeError)
    expect(() => reader.i64()).toThrow(RangeError)
    expect(() => reader.f64()).toThrow(RangeError)
  })
})

test('any run of items comes back', () => {
  const item = fc.oneof(
    fc.record({ kind: fc.constant('u8' as const), value: fc.nat(0xff) }),
    fc.record({ kind: fc.constant('u16' as const), value: fc.nat(0xffff) }),
    fc.record({ kind: fc.constant('u32' as const), value: fc.nat(0xffff_ffff) }),
    fc.record({ kind: fc.constant('i32' as const), value: fc.integer() }),
    fc.record({ kind: fc.constant('i64' as const), value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
    fc.record({ kind: fc.constant('f64' as const), value: fc.double() }),
    fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'binary' }) }),
    fc.record({ kind: fc.constant('name' as const), value: fc.string({ unit: 'binary', maxLength: 60 }) }),
    fc.record({ kind: fc.constant('blob' as const), value: fc.uint8Array() }),
  )
  fc.assert(
    fc.property(fc.array(item), items => {
      const writer = new Writer(1)
      for (const { kind, value } of items) (writer[kind] as (value: unknown) => void)(value)
      const reader = readerOf(writer)
      for (const { kind, value } of items) {
        const read = reader[kind]()
        expect(kind === 'blob' ? new Uint8Array(read as Buffer) : read).toEqual(value)
      }
      expect(reader.at).toBe(writer.length)
    }),
  )
})
