import { BinaryColumn, type ColumnType, Double, GeoJSON, type Key, Utf8Column, type Value } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('column-values')

const INTEGERS = {
  i8: [Int8Array, -(2n ** 7n), 2n ** 7n - 1n],
  i16: [Int16Array, -(2n ** 15n), 2n ** 15n - 1n],
  i32: [Int32Array, -(2n ** 31n), 2n ** 31n - 1n],
  i64: [BigInt64Array, -(2n ** 63n), 2n ** 63n - 1n],
  u8: [Uint8Array, 0n, 2n ** 8n - 1n],
  u16: [Uint16Array, 0n, 2n ** 16n - 1n],
  u32: [Uint32Array, 0n, 2n ** 32n - 1n],
  u64: [BigUint64Array, 0n, 2n ** 63n - 1n],
} as const
type IntegerType = keyof typeof INTEGERS
const INTEGER_TYPES = Object.keys(INTEGERS) as IntegerType[]

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  /** Writes each value to a record of its own (undefined: a record without the bin) and reads them as one column. */
  async function column(type: ColumnType, values: (Value | undefined)[], wrap = false) {
    const keys = newKey.many(values.length)
    await Promise.all(
      keys.map((key, row) => client().put(key, { other: 1, ...(values[row] === undefined ? {} : { v: values[row] }) })),
    )
    const rows = await client().batchReadColumns(keys, { v: type }, { wrap, totalTimeout: 10_000 })
    const data = rows.columns.v as unknown as ArrayLike<unknown> & Utf8Column
    return { rows, data, codes: [...rows.resultCodes], valid: keys.map((_, row) => rows.isValid('v', row)) }
  }

  describe.each(INTEGER_TYPES)('%s', type => {
    const [array, least, most] = INTEGERS[type]
    const element = (value: bigint): number | bigint => (type.endsWith('64') ? value : Number(value))

    test('holds its whole range', async () => {
      const values = [least, most, 0n, 1n, (least + most) / 2n]
      const { data, codes, valid } = await column(type, values)
      expect(data).toBeInstanceOf(array)
      expect([...(data as Iterable<unknown>)]).toEqual(values.map(element))
      expect(codes).toEqual([0, 0, 0, 0, 0])
      expect(valid).toEqual([true, true, true, true, true])
    })

    test('refuses by row what is of another type', async () => {
      const { data, codes, valid, rows } = await column(type, [
        '1',
        1.5,
        Double(1),
        true,
        [1],
        { a: 1 },
        Buffer.of(1),
        5,
      ])
      expect(codes).toEqual([12, 12, 12, 12, 12, 12, 12, 0])
      expect(valid).toEqual([false, false, false, false, false, false, false, true])
      expect([...(data as Iterable<unknown>)]).toEqual([0n, 0n, 0n, 0n, 0n, 0n, 0n, 5n].map(element))
      expect(rows.error(0)).toMatchObject({ name: 'BinTypeError', code: 'BIN_TYPE', resultCode: 12, key: rows.key(0) })
      expect(rows.error(0)?.message).toMatch(
        `bin v holds a string of 1 bytes, which is of another type than its column (${type})`,
      )
      expect(rows.error(7)).toBeNull()
    })
  })

  describe.each(INTEGER_TYPES.filter(type => type !== 'i64'))('%s beyond its range', type => {
    const [, least, most] = INTEGERS[type]
    const beyond = type === 'u64' ? [-1n, -(2n ** 63n)] : [least - 1n, most + 1n, 2n ** 62n, -(2n ** 63n)]

    test('is an error of the row', async () => {
      const { data, codes, rows } = await column(type, [...beyond, 1])
      expect(codes).toEqual([...beyond.map(() => 12), 0])
      expect([...(data as Iterable<unknown>)].map(Number)).toEqual([...beyond.map(() => 0), 1])
      expect(rows.error(0)?.message).toMatch(
        `bin v holds the integer ${beyond[0]}, which is out of the range of its column`,
      )
      expect(rows.nullCounts.v).toBe(beyond.length)
    })

    test('is cut with wrap', async () => {
      const { data, codes } = await column(type, beyond, true)
      const bits = Number(type.slice(1))
      const cut = beyond.map(value => (type.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)))
      expect(codes).toEqual(beyond.map(() => 0))
      expect([...(data as Iterable<unknown>)].map(value => BigInt(value as number))).toEqual(cut)
    })
  })

  describe('floating point', () => {
    const numbers = [0, -0, 1, 0.5, -2, 65_504, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

    test.each([
      ['f64', Float64Array, 1e300],
      ['f32', Float32Array, 2 ** 100],
    ] as const)('%s holds doubles and integers', async (type, array, large) => {
      const { data, codes } = await column(type, [...numbers, large, 123_456])
      expect(data).toBeInstanceOf(array)
      expect([...(data as Iterable<unknown>)]).toEqual([...numbers, large, 123_456])
      expect(new Set(codes)).toEqual(new Set([0]))
    })

    test('f16 holds them in half the precision', async () => {
      const { data, codes } = await column('f16', [...numbers, 2 ** -24, 0.1, 1e6, 3])
      const expected = [...numbers, 2 ** -24, 0.0999755859375, Number.POSITIVE_INFINITY, 3]
      expect([...(data as Iterable<unknown>)]).toEqual(expected)
      expect(new Set(codes)).toEqual(new Set([0]))
    })

    test('f32 rounds as JavaScript does', async () => {
      const property = fc.asyncProperty(fc.array(fc.double(), { minLength: 1, maxLength: 50 }), async values => {
        const { data } = await column('f32', values.map(Double))
        expect([...(data as Iterable<unknown>)]).toEqual(values.map(Math.fround))
      })
      await fc.assert(property, { numRuns: 20 })
    })

    test.each(['f16', 'f32', 'f64'] as const)('%s refuses by row what is no number', async type => {
      const { codes } = await column(type, ['1', true, [1], Buffer.alloc(8), { a: 1 }])
      expect(codes).toEqual([12, 12, 12, 12, 12])
    })

    test('f64 takes integers that it cannot hold exactly as the nearest', async () => {
      const { data } = await column('f64', [2n ** 63n - 1n, 2n ** 53n + 1n])
      expect([...(data as Iterable<unknown>)]).toEqual([2 ** 63, 2 ** 53])
    })
  })

  test('bool holds booleans, and the 0 and 1 of old clients', async () => {
    const { data, codes, valid } = await column('bool', [true, false, 1, 0, 2, -1, 'true', 1.5])
    expect(data).toBeInstanceOf(Uint8Array)
    expect([...(data as Iterable<unknown>)]).toEqual([1, 0, 1, 0, 0, 0, 0, 0])
    expect(codes).toEqual([0, 0, 0, 0, 12, 12, 12, 12])
    expect(valid).toEqual([true, true, true, true, false, false, false, false])
  })

  describe('utf8', () => {
    const texts = ['', 'a', 'grün', '漢字', '😀', '\ufeff', '\0', 'x'.repeat(5000)]

    test('holds text', async () => {
      const { data, codes } = await column('utf8', texts)
      expect(data).toBeInstanceOf(Utf8Column)
      expect([...data]).toEqual(texts)
      expect(texts.map((_, row) => data.get(row))).toEqual(texts)
      expect(data).toHaveLength(texts.length)
      expect([data.offsets[0], data.offsets.length]).toEqual([0, texts.length + 1])
      expect(data.data.toString()).toBe(texts.join(''))
      expect(new Set(codes)).toEqual(new Set([0]))
    })

    test('has an empty string where a row has none', async () => {
      const { data, valid } = await column('utf8', ['a', undefined, 'b'])
      expect([...data]).toEqual(['a', '', 'b'])
      expect(valid).toEqual([true, false, true])
      expect([data.get(-1), data.get(3)]).toEqual(['', ''])
    })

    test('holds GeoJSON as text and refuses the rest by row', async () => {
      const point = GeoJSON.Point(1, 2)
      const { data, codes } = await column('utf8', [point, 5, true, Buffer.from('a'), ['a']])
      expect(JSON.parse(data.get(0))).toEqual(point.value())
      expect(codes).toEqual([0, 12, 12, 12, 12])
      expect([...data].slice(1)).toEqual(['', '', '', ''])
    })

    test('whatever the text is', async () => {
      const property = fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 40 }),
        async values => {
          const { data } = await column('utf8', values)
          expect([...data]).toEqual(values)
        },
      )
      await fc.assert(property, { numRuns: 30 })
    })
  })

  test('binary holds bytes, and refuses the rest by row', async () => {
    const values = [Buffer.from([1, 2]), Buffer.alloc(0), Buffer.from([0xff]), undefined, 'text', 5, [1]]
    const { data, codes, valid } = await column('binary', values)
    expect(data).toBeInstanceOf(BinaryColumn)
    expect([...data]).toEqual([values[0], values[1], values[2], ...Array.from({ length: 4 }, () => Buffer.alloc(0))])
    expect(codes).toEqual([0, 0, 0, 0, 12, 12, 12])
    expect(valid).toEqual([true, true, true, false, false, false, false])
    const part = (data as unknown as BinaryColumn).get(0)
    expect(part.buffer).toBe(data.data.buffer)
  })

  test('bytes of a fixed width are padded, of blobs and of texts', async () => {
    const { data, codes, rows } = await column(
      ['bytes', 4],
      [Buffer.from([1, 2]), Buffer.from([1, 2, 3, 4]), 'abü', Buffer.alloc(5), '', 7],
    )
    expect(data).toBeInstanceOf(Uint8Array)
    const cells = [
      [1, 2, 0, 0],
      [1, 2, 3, 4],
      [0x61, 0x62, 0xc3, 0xbc],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]
    expect([...(data as Iterable<unknown>)]).toEqual(cells.flat())
    expect(codes).toEqual([0, 0, 0, 12, 0, 12])
    expect(rows.error(3)?.message).toMatch(/bin v holds a blob of 5 bytes, which has not the length of its column/)
  })

  describe('sub-arrays', () => {
    const floats = Float32Array.of(1.5, -0, 3)

    test('come from blobs of the elements, and from lists', async () => {
      const lists = [
        [1.5, Double(-0), 3],
        [1, 2, 3],
      ]
      const { data, codes } = await column(['f32', 3], [floats, Buffer.from(floats.buffer), ...lists])
      expect(data).toBeInstanceOf(Float32Array)
      expect([...(data as Iterable<unknown>)]).toEqual([...floats, ...floats, ...floats, 1, 2, 3])
      expect(codes).toEqual([0, 0, 0, 0])
    })

    test('of every type', async () => {
      for (const type of INTEGER_TYPES) {
        const [array] = INTEGERS[type]
        const make = array as unknown as { of(...items: unknown[]): ArrayBufferView }
        const items = type.endsWith('64') ? [1n, 2n] : [1, 2]
        const { data, codes } = await column([type, 2], [make.of(...items), [1, 2]])
        expect(data, type).toBeInstanceOf(array)
        expect([...(data as Iterable<unknown>)], type).toEqual([...items, ...items])
        expect(codes, type).toEqual([0, 0])
      }
      const { data } = await column(['bool', 3], [[true, false, true], Buffer.from([0, 1, 0])])
      expect([...(data as Iterable<unknown>)]).toEqual([1, 0, 1, 0, 1, 0])
      const halves = await column(['f16', 2], [Uint16Array.of(0x3c00, 0xc000), [0.5, 4]])
      expect([...(halves.data as Iterable<unknown>)]).toEqual([1, -2, 0.5, 4])
    })

    test('of another length or type are errors of their rows', async () => {
      const values = [floats.subarray(0, 2), [1, 2], [1, 2, 3, 4], [1, 'x', 3], 'abc', 5, [], new Uint8Array(0)]
      const { data, codes, rows } = await column(['f32', 3], [...values, floats])
      expect(codes).toEqual([12, 12, 12, 12, 12, 12, 12, 12, 0])
      expect([...(data as Iterable<unknown>)].slice(0, 24).every(item => item === 0)).toBe(true)
      expect(rows.error(1)?.message).toMatch(/bin v holds a list of 2 items, which has not the length of its column/)
      expect(rows.error(3)?.message).toMatch(/of another type|list of 3 items/)
    })

    test('have elements in their range, or cut with wrap', async () => {
      const strict = await column(['u8', 2], [[255, 256]])
      expect([strict.codes, [...(strict.data as Iterable<unknown>)]]).toEqual([[12], [0, 0]])
      const cut = await column(['u8', 2], [[255, 256]], true)
      expect([cut.codes, [...(cut.data as Iterable<unknown>)]]).toEqual([[0], [255, 0]])
    })
  })

  test('a row that fails in one column is empty in all', async () => {
    const [good, bad] = newKey.many(2) as [Key, Key]
    await client().put(good, { a: 1, b: 'x', c: Buffer.from([1]) })
    await client().put(bad, { a: 2, b: 'y', c: 'no bytes' })
    const rows = await client().batchReadColumns([bad, good], { a: 'i32', b: 'utf8', c: 'binary' })
    expect([...rows.resultCodes]).toEqual([12, 0])
    expect([...rows.columns.a]).toEqual([0, 1])
    expect([...rows.columns.b]).toEqual(['', 'x'])
    expect(rows.nullCounts).toEqual({ a: 1, b: 1, c: 1 })
    expect([rows.gen[0], rows.gen[1]]).toEqual([0, 1])
  })
})
