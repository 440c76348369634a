import { randomUUID } from 'node:crypto'
import { Double, GeoJSON, type Key, op, Particle, type ReadOptions, type Value } from 'aerospike-napi'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { anyBins, anyValue, expected, expectSame } from '../helpers/values'

const newKey = keysOf('value')
const RUNS = { numRuns: 200 }

afterEach(() => {
  // Whatever was read, nothing of it is now a property of every object.
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

const lists = (levels: number, core: Value): Value => {
  let value = core
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  const round = async (value: Value, key: Key = newKey()): Promise<unknown> => {
    await client().put(key, { value })
    return (await client().get(key)).bins.value
  }

  test('any record comes back', async () => {
    const key = newKey()
    const property = fc.asyncProperty(anyBins, async bins => {
      await client().put(key, bins, null, { exists: 'replace' })
      const read = (await client().get(key)).bins
      expectSame(read, expected(bins))
      expect(Object.keys(read).sort()).toEqual(Object.keys(bins).sort())
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    })
    await fc.assert(property, RUNS)
  })

  test('any record comes back from a batch', async () => {
    const property = fc.asyncProperty(fc.array(anyBins, { minLength: 1, maxLength: 8 }), async records => {
      const keys = records.map((_, index) => newKey(index))
      await Promise.all(keys.map((key, row) => client().put(key, records[row] ?? {}, null, { exists: 'replace' })))
      const rows = await client().batchRead(keys)
      const read = rows.toArray().map(row => row.record?.bins)
      const wanted = records.map(bins => expected(bins))
      expectSame(read, wanted)
    })
    await fc.assert(property, { numRuns: 50 })
  })

  describe.each<[string, ReadOptions]>([
    ['bigint and Map', { int64: 'bigint', maps: 'map' }],
    ['bigint and objects where keys are strings', { int64: 'bigint', maps: 'auto' }],
    ['Map', { int64: 'auto', maps: 'map' }],
  ])('read as %s', (_name, options) => {
    const other = connectBefore(kind, options)

    test('any value comes back', async () => {
      const key = newKey()
      const property = fc.asyncProperty(anyValue, async value => {
        await other().put(key, { value })
        expectSame((await other().get(key)).bins.value, expected(value, options))
      })
      await fc.assert(property, { numRuns: 100 })
    })
  })

  describe('maps read as objects', () => {
    const other = connectBefore(kind, { maps: 'object' })

    test('keys become text', async () => {
      const key = newKey()
      const value = new Map<string | number | bigint | Buffer, Value>([
        ['a', 1],
        [5, new Map([[-1, 'nested']])],
        [2n ** 60n, 'wide'],
        [Buffer.from([0xff, 0]), 'bytes'],
      ])
      await other().put(key, { value })
      const read = (await other().get(key)).bins.value
      expect(read).toStrictEqual({ a: 1, 5: { '-1': 'nested' }, '1152921504606846976': 'wide', ff00: 'bytes' })
    })

    test.each<[string, Map<string | number | Uint8Array, Value>]>([
      [
        '1',
        new Map<string | number, Value>([
          [1, 'integer'],
          ['1', 'text'],
        ]),
      ],
      [
        'ff',
        new Map<string | Uint8Array, Value>([
          ['ff', 'text'],
          [Buffer.from([0xff]), 'bytes'],
        ]),
      ],
    ])('a map with two keys of the text %s is an error, and no entry is lost', async (text, value) => {
      const key = newKey()
      await other().put(key, { value: [value], beside: 1 })
      const message = `bin value: several keys of a map have the text "${text}", but an object can have it only once`
      await expect(other().get(key)).rejects.toMatchObject({
        name: 'ClientError',
        key,
        message: expect.stringContaining(message),
      })
      expect((await other().select(key, ['beside'])).bins).toEqual({ beside: 1 })
      expect((await client().get(key)).bins.value).toEqual([value])
    })
  })

  describe('integers read as numbers', () => {
    const other = connectBefore(kind, { int64: 'number' })

    test('are an error where a number would lose', async () => {
      const key = newKey()
      await client().put(key, { n: Number.MAX_SAFE_INTEGER, list: [1, -5] })
      expect((await other().get(key)).bins).toEqual({ n: Number.MAX_SAFE_INTEGER, list: [1, -5] })
      await client().put(key, { n: 2n ** 53n })
      await expect(other().get(key)).rejects.toMatchObject({ name: 'ClientError', key })
      await expect(other().get(key)).rejects.toThrow(/bin n: the integer 9007199254740992 .*int64/)
      expect((await other().select(key, ['list'])).bins).toEqual({ list: [1, -5] })
    })

    test('are an error of the answer that operateOrdered or a function gives', async () => {
      const key = newKey()
      await client().put(key, { n: 2n ** 53n })
      const read = [op.read('n'), op.read('n')]
      const unreadable = { name: 'ClientError', key, message: expect.stringMatching(/^bin n: the integer 9007/) }
      await expect(other().operateOrdered(key, read)).rejects.toMatchObject(unreadable)
      const name = `v${randomUUID().slice(0, 8)}.lua`
      await (await client().udfRegister({ name, source: 'function n(r) return r.n end' })).wait()
      await expect(other().apply(key, name, 'n')).rejects.toMatchObject({
        name: 'ClientError',
        key,
        message: expect.stringMatching(/^the write was applied, .*: the result of the function: the integer 9007/),
      })
      await client().udfRemove(name)
    })
  })

  test.each<[string, Value, unknown]>([
    ['the greatest integer', 2n ** 63n - 1n, 2n ** 63n - 1n],
    ['the least integer', -(2n ** 63n), -(2n ** 63n)],
    ['the first beyond the safe ones', 2n ** 53n, 2n ** 53n],
    ['the last safe one as a bigint', 2n ** 53n - 1n, 2 ** 53 - 1],
    ['zero as a bigint', 0n, 0],
    ['NaN', Number.NaN, Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ['-0', -0, -0],
    ['the least double', 5e-324, 5e-324],
    ['a whole double', Double(3), 3],
    ['a whole number beyond the safe ones', 2 ** 60, 2 ** 60],
    ['true', true, true],
    ['false', false, false],
    ['an empty string', '', ''],
    ['a byte-order mark', '\ufeff', '\ufeff'],
    ['a byte-order mark before text', '\ufefftext', '\ufefftext'],
    ['NUL', '\0', '\0'],
    ['no bytes', Buffer.alloc(0), Buffer.alloc(0)],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x80]), Buffer.from([0xff, 0xfe, 0x80])],
    ['an empty list', [], []],
    ['an empty map', {}, {}],
    ['a Map without keys', new Map(), {}],
    ['a list of nulls', [null, null], [null, null]],
    ['a map of null', { a: null }, { a: null }],
  ])('%s', async (_name, value, read) => {
    expect(await round(value)).toStrictEqual(read)
    expect(await round([value])).toStrictEqual([read])
    expect(await round({ a: value })).toStrictEqual({ a: read })
    expect(await round(new Map([[7, value]]))).toStrictEqual(new Map([[7, read]]))
  })

  test.each([
    ['ASCII', 'x'.repeat(1_000_000)],
    ['two bytes a character', 'ü'.repeat(500_000)],
    ['four bytes a character', '😀'.repeat(250_000)],
  ])('a string of a million bytes: %s', async (_name, text) => {
    const key = newKey()
    expect((await round(text, key)) === text).toBe(true)
    expect((await round([text], key)) as string[]).toHaveLength(1)
    expect((((await round({ deep: [text] }, key)) as { deep: string[] }).deep[0] as string) === text).toBe(true)
  })

  test('a million bytes', async () => {
    const bytes = Buffer.alloc(1_000_000, 'not all the same, ')
    expect(bytes.equals((await round(bytes)) as Buffer)).toBe(true)
  })

  test('a list of a hundred thousand numbers', async () => {
    const list = Array.from({ length: 100_000 }, (_, index) => index - 50_000)
    expect(await round(list)).toEqual(list)
  })

  test('a map of ten thousand keys', async () => {
    const object = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, index]))
    expect(await round(object)).toEqual(object)
  })

  test('256 levels', async () => {
    expect(await round(lists(256, 7))).toStrictEqual(lists(256, 7))
    expect(await round(lists(255, { a: 'x' }))).toStrictEqual(lists(255, { a: 'x' }))
  })

  test('257 levels are refused, and nothing is written', async () => {
    const key = newKey()
    await expect(client().put(key, { ok: 1, deep: lists(257, 7) })).rejects.toMatchObject({ name: 'InvalidArgError' })
    await expect(client().put(key, { ok: 1, deep: lists(257, 7) })).rejects.toThrow(/deep: .*256 levels/)
    expect(await client().exists(key)).toBe(false)
  })

  test('a map whose keys are one to the server is refused', async () => {
    const key = newKey()
    const twice = new Map<number | bigint, Value>([
      [1, 'a'],
      [1n, 'b'],
    ])
    await expect(client().put(key, { twice })).rejects.toMatchObject({ name: 'InvalidArgError' })
    await expect(client().put(key, { twice })).rejects.toThrow(/twice: .*key 1 twice/)
  })

  test('GeoJSON', async () => {
    const polygon = GeoJSON.Polygon([0, 0], [0, 1], [1, 1], [0, 0])
    for (const value of [GeoJSON.Point(-122.5, 37.25), polygon, GeoJSON.Circle(1, 2, 300)]) {
      expect(await round(value)).toStrictEqual(value)
      expect(await round([{ a: value }])).toStrictEqual([{ a: value }])
    }
  })

  test('text that is no GeoJSON is refused by the server', async () => {
    await expect(round(new GeoJSON({ type: 'Nothing' }))).rejects.toMatchObject({
      name: 'ServerError',
      resultCode: 160,
    })
  })

  test('bytes of other languages come back as what they are', async () => {
    for (const type of [7, 8, 9]) {
      const particle = new Particle(type, Buffer.from([1, 2, 3]))
      expect(await round(particle)).toStrictEqual(particle)
    }
  })

  test('bytes that were read are copies of their own', async () => {
    const key = newKey()
    await client().put(key, { a: Buffer.from([1, 2]) })
    const [first, second] = [await client().get(key), await client().get(key)]
    ;(first.bins.a as Buffer).fill(9)
    expect(second.bins.a).toEqual(Buffer.from([1, 2]))
    expect((await client().get(key)).bins.a).toEqual(Buffer.from([1, 2]))
  })

  test('records of one shape are objects of their own', async () => {
    const [one, two] = newKey.many(2) as [Key, Key]
    for (const key of [one, two]) await client().put(key, { a: [1], b: { c: 1 } })
    const first = await client().get(one)
    first.bins.a = 'changed'
    first.bins.added = true
    expect((await client().get(two)).bins).toEqual({ a: [1], b: { c: 1 } })
    expect((await client().get(one)).bins).toEqual({ a: [1], b: { c: 1 } })
  })
})
