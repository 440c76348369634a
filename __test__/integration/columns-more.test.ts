import { BinaryColumn, Columns, DictionaryColumn, type Key, type KeyColumn, Utf8Column } from 'aerospike-napi'
import { toArrow } from 'aerospike-napi/arrow'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('columns-more')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  /** Records { word, n } of new keys; every fourth is missing, every fifth has no word. */
  async function filled(count: number): Promise<Key[]> {
    const keys = newKey.many(count)
    await Promise.all(
      keys.map((key, row) => {
        if (row % 4 === 3) return undefined
        return client().put(key, row % 5 === 4 ? { n: row } : { n: row, word: `w${row % 3}` })
      }),
    )
    return keys
  }

  describe('a dictionary', () => {
    test('has its strings once, in the order of their first rows', async () => {
      const keys = await filled(10)
      const { columns, nullCounts } = await client().batchReadColumns(keys, { word: 'dictionary' })
      expect(columns.word).toBeInstanceOf(DictionaryColumn)
      expect([...columns.word.ids]).toEqual([0, 1, 2, -1, -1, 2, 0, -1, 2, -1])
      expect(columns.word.values).toEqual(['w0', 'w1', 'w2'])
      expect([...columns.word]).toEqual(['w0', 'w1', 'w2', '', '', 'w2', 'w0', '', 'w2', ''])
      expect([columns.word.length, columns.word.get(1), columns.word.get(3), columns.word.get(99)]).toEqual([
        10,
        'w1',
        '',
        '',
      ])
      expect(nullCounts.word).toBe(4)
    })

    test('is a view of the one memory, and an Arrow Dictionary of it', async () => {
      const keys = await filled(10)
      const rows = await client().batchReadColumns(keys, { word: 'dictionary' })
      const { ids, dictionary } = rows.columns.word
      for (const part of [ids, dictionary.data, dictionary.offsets]) expect(part.buffer).toBe(rows.buffer.buffer)
      const column = toArrow(rows).getChild('word')
      expect(String(column?.type)).toBe('Dictionary<Int32, Utf8>')
      expect([...(column ?? [])]).toEqual(['w0', 'w1', 'w2', null, null, 'w2', 'w0', null, 'w2', null])
      expect(column?.data[0]?.values.buffer).toBe(rows.buffer.buffer)
    })

    test('of no rows, of no strings, and of another type', async () => {
      const none = await client().batchReadColumns([], { word: 'dictionary' })
      expect([[...none.columns.word], none.columns.word.values]).toEqual([[], []])
      const keys = await filled(3)
      const other = await client().batchReadColumns(keys, { other: 'dictionary' })
      expect([[...other.columns.other.ids], other.columns.other.values]).toEqual([[-1, -1, -1], []])
      const wrong = await client().batchReadColumns(keys, { n: 'dictionary' })
      expect([...wrong.resultCodes]).toEqual([12, 12, 12])
      expect(wrong.error(0)?.message).toMatch(/bin n holds the integer 0, .* \(dictionary\)/)
    })
  })

  test('what is missing is what the schema says', async () => {
    const keys = newKey.many(3)
    await client().put(keys[0] as Key, { other: 1 })
    await client().put(keys[2] as Key, { d: 1.5, i: 1, w: 2n, b: true, h: 1, v: [1, 2], s: 'x', g: 'y' })
    const rows = await client().batchReadColumns(keys, {
      d: { type: 'f64', fill: Number.NaN },
      i: { type: 'i16', fill: -1 },
      w: { type: 'i64', fill: -1n },
      b: { type: 'bool', fill: true },
      h: { type: 'f16', fill: -0.5 },
      v: { type: ['f32', 2], fill: 9 },
      s: { type: 'utf8', fill: 'none' },
      g: { type: 'dictionary', fill: 'none' },
      z: { type: 'i32' },
    })
    const { columns } = rows
    expect(columns.d).toEqual(Float64Array.of(Number.NaN, Number.NaN, 1.5))
    expect([...columns.i, ...columns.b, ...columns.h]).toEqual([-1, -1, 1, 1, 1, 1, -0.5, -0.5, 1])
    expect([...columns.w]).toEqual([-1n, -1n, 2n])
    expect([...columns.v]).toEqual([9, 9, 9, 9, 1, 2])
    expect([[...columns.s], [...columns.g], [...columns.z]]).toEqual([
      ['none', 'none', 'x'],
      ['none', 'none', 'y'],
      [0, 0, 0],
    ])
    for (const bin of ['d', 'i', 'w', 'b', 'h', 'v', 's', 'g'] as const) {
      expect([rows.isValid(bin, 0), rows.isValid(bin, 1), rows.isValid(bin, 2), rows.nullCounts[bin]]).toEqual([
        false,
        false,
        true,
        2,
      ])
    }
    expect(rows.row(0)).toEqual({ d: null, i: null, w: null, b: null, h: null, v: null, s: null, g: null, z: null })
  })

  test.each<[string, object, RegExp]>([
    ['a text for a number', { type: 'f64', fill: 'x' }, /schema.a.fill: a number is needed, not the string "x"/],
    [
      'a number beyond the type',
      { type: 'i8', fill: 128 },
      /schema.a.fill: an integer of the type i8 is needed, not 128/,
    ],
    ['a fraction', { type: 'i64', fill: 0.5 }, /schema.a.fill: an integer of the type i64 is needed/],
    ['less than nothing', { type: 'u64', fill: -1n }, /schema.a.fill: an integer of the type u64 is needed/],
    ['a number for a boolean', { type: 'bool', fill: 1 }, /schema.a.fill: true or false is needed/],
    ['a number for a text', { type: 'utf8', fill: 1 }, /schema.a.fill: a string is needed/],
    ['a fill of bytes', { type: 'binary', fill: '' }, /schema.a.fill: a column of bytes takes none/],
    ['an unknown option', { type: 'f64', default: 1 }, /schema.a: unknown option "default"/],
  ])('a fill that is %s is refused', async (_name, type, message) => {
    const read = (async () => client().batchReadColumns([newKey()], { a: type } as never))()
    await expect(read).rejects.toThrow(message)
  })

  describe('a column of keys', () => {
    test.each<[string, KeyColumn['ids'], (string | number | bigint | Buffer)[]]>([
      ['Int32Array', Int32Array.of(-5, 7, 2 ** 31 - 1), [-5, 7, 2 ** 31 - 1]],
      ['Uint32Array', Uint32Array.of(1, 2 ** 32 - 1), [1, 2 ** 32 - 1]],
      ['BigInt64Array', BigInt64Array.of(-(2n ** 63n), 5n), [-(2n ** 63n), 5]],
      ['numbers', [1, -(2 ** 40)], [1, -(2 ** 40)]],
      ['bigints', [1n, 2n ** 62n], [1, 2n ** 62n]],
      ['strings', ['a', 'grün', ''], ['a', 'grün', '']],
      ['bytes', [Buffer.from([1]), Buffer.alloc(0)], [Buffer.from([1]), Buffer.alloc(0)]],
      ['Utf8Column', new Utf8Column(Buffer.from('xxgrünb'), Int32Array.of(2, 7, 8)), ['grün', 'b']],
      [
        'BinaryColumn',
        new BinaryColumn(Buffer.from([1, 2, 3]), Int32Array.of(0, 1, 3)),
        [Buffer.from([1]), Buffer.from([2, 3])],
      ],
    ])('of %s reads what its keys read', async (_name, ids, userKeys) => {
      const keys = userKeys.map(userKey => newKey(userKey))
      await Promise.all(keys.map((key, n) => client().put(key, { n })))
      const { namespace: ns, set } = keys[0] as Key
      const rows = await client().batchReadColumns({ namespace: ns, set, ids }, { n: 'i32' })
      expect([...rows.columns.n]).toEqual(userKeys.map((_, n) => n))
      expect(userKeys.map(userKey => rows.indexOf(userKey))).toEqual(userKeys.map((_, n) => n))
      expect(keys.map((key, row) => rows.key(row)?.digest.equals(key.digest))).toEqual(keys.map(() => true))
      expect([rows.key(-1), rows.key(keys.length), rows.indexOf('none')]).toEqual([undefined, undefined, -1])
      await Promise.all(keys.map(key => client().remove(key)))
      const gone = await client().batchReadColumns({ namespace: ns, set, ids }, { n: 'i32' })
      expect(gone.error(1)).toMatchObject({ name: 'RecordNotFoundError', key: { namespace: ns, set } })
    })

    test('of no keys, and without a set', async () => {
      const rows = await client().batchReadColumns({ namespace: 'test', ids: new Int32Array(0) }, { n: 'i32' })
      expect([rows.length, rows.key(0), rows.indexOf(1)]).toEqual([0, undefined, -1])
      for (const ids of [[], new Utf8Column(Buffer.alloc(0), new Int32Array(0))]) {
        expect((await client().batchReadColumns({ namespace: 'test', set: null, ids }, { n: 'i32' })).length).toBe(0)
      }
    })

    test('is a copy: what happens to the array afterwards is not seen', async () => {
      const key = newKey(77)
      await client().put(key, { n: 1 })
      const ids = Int32Array.of(77)
      const rows = await client().batchReadColumns({ namespace: key.namespace, set: key.set, ids }, { n: 'i32' })
      ids[0] = 5
      expect(rows.key(0)?.userKey).toBe(77)
    })

    test.each<[string, unknown, RegExp]>([
      ['nothing', undefined, /keys: an array of keys or \{ namespace, set, ids \} is needed, not undefined/],
      ['an object without ids', { namespace: 'test' }, /keys: an array of keys or \{ namespace, set, ids \} is needed/],
      ['ids of doubles', { namespace: 'test', ids: Float64Array.of(1) }, /keys.ids: .* is needed, not an array of f64/],
      ['ids of a set', { namespace: 'test', ids: new Set([1]) }, /keys.ids: .* is needed/],
      ['ids of wrong values', { namespace: 'test', ids: [1, 1.5] }, /key: a numeric user key is an integer/],
      ['no namespace', { ids: [1] }, /key: the namespace is a string, not undefined/],
      ['a long set', { namespace: 'test', set: 's'.repeat(64), ids: [1] }, /key: the set .* is longer than 63 bytes/],
      [
        'shared memory',
        { namespace: 'test', ids: new Int32Array(new SharedArrayBuffer(4)) },
        /keys.ids: memory that is shared/,
      ],
      ['a text without UTF-8 form', { namespace: 'test', ids: ['\ud800'] }, /key/],
    ])('%s is refused', async (_name, keys, message) => {
      const read = (async () => client().batchReadColumns(keys as KeyColumn, { n: 'i32' }))()
      await expect(read).rejects.toThrow(message)
    })

    test('text that is no UTF-8 is refused', async () => {
      const ids = new Utf8Column(Buffer.from([0x61, 0xff]), Int32Array.of(0, 1, 2))
      const read = client().batchReadColumns({ namespace: 'test', set: 's', ids }, { n: 'i32' })
      await expect(read).rejects.toMatchObject({ name: 'InvalidArgError' })
    })
  })

  describe('rows', () => {
    test('are plain objects, null where nothing is', async () => {
      const keys = newKey.many(3)
      await client().put(keys[0] as Key, {
        i: 1,
        w: 5,
        b: true,
        s: 'x',
        r: Buffer.from([1]),
        f: Buffer.from([1, 2]),
        v: [1, 2],
      })
      await client().put(keys[2] as Key, { i: 'no number' })
      const schema = {
        i: 'i32',
        w: 'i64',
        b: 'bool',
        s: 'utf8',
        r: 'binary',
        f: ['bytes', 3],
        v: ['f32', 2],
        none: 'utf8',
      } as const
      const rows = await client().batchReadColumns(keys, schema)
      const row = rows.row(0)
      expect(row).toEqual({
        i: 1,
        w: 5n,
        b: true,
        s: 'x',
        r: Buffer.from([1]),
        f: Buffer.from([1, 2, 0]),
        v: Float32Array.of(1, 2),
        none: null,
      })
      expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
      expect([rows.row(1), rows.row(2), rows.row(3), rows.row(-1)]).toEqual([null, null, null, null])
      expect([...rows]).toEqual([row, null, null])
      expect([...rows.entries()].map(([key, of]) => [key, of?.i])).toEqual(
        keys.map((key, at) => [key, at === 0 ? 1 : undefined]),
      )
      expect(row?.v?.buffer).toBe(rows.buffer.buffer)
    })

    test('may have the names that objects have', async () => {
      const key = newKey()
      await client().put(key, JSON.parse('{"__proto__":1,"constructor":2}'))
      const rows = await client().batchReadColumns([key], JSON.parse('{"__proto__":"i32","constructor":"i32"}'))
      expect(JSON.stringify(rows.row(0))).toBe('{"__proto__":1,"constructor":2}')
    })
  })

  describe('a memory and its layout', () => {
    const schema = { n: 'i32', word: 'dictionary', s: 'utf8' } as const

    test.each([10, 5000])('are columns again where they are cloned to: %i rows', async count => {
      const keys = await filled(count)
      const rows = await client().batchReadColumns(keys, schema, { totalTimeout: 10_000 })
      const again = Columns.from<typeof schema>(
        structuredClone({ buffer: rows.buffer.buffer, layout: rows.layout }) as never,
      )
      expect(again.columns).toEqual(rows.columns)
      expect([again.length, again.found, again.nullCounts]).toEqual([rows.length, rows.found, rows.nullCounts])
      expect(again.row(6)).toEqual(rows.row(6))
      expect(again.key(1)).toEqual(keys[1])
      expect(again.error(3)).toMatchObject({ name: 'RecordNotFoundError', key: keys[3] })
      const message = rows.toMessage()
      const moved = Columns.from(structuredClone(message, { transfer: [message.buffer] }))
      expect(moved.row(6)).toEqual(again.row(6))
    })

    test('of a column of keys have it', async () => {
      const keys = [newKey(1), newKey(2)]
      await client().put(keys[0] as Key, { n: 5 })
      const { namespace: ns, set } = keys[0] as Key
      for (const ids of [Int32Array.of(1, 2), [1, 2]]) {
        const rows = await client().batchReadColumns({ namespace: ns, set, ids }, { n: 'i32' })
        const again = Columns.from(structuredClone(rows.toMessage()))
        expect([again.key(1), again.indexOf(2)]).toEqual([keys[1], 1])
      }
      const ids = new Utf8Column(Buffer.from('ab'), Int32Array.of(0, 1, 2))
      const rows = await client().batchReadColumns({ namespace: ns, set, ids }, { n: 'i32' })
      expect(Columns.from(structuredClone(rows.toMessage())).key(1)?.userKey).toBe('b')
    })

    test('that do not fit each other are refused', async () => {
      const { layout, buffer } = await client().batchReadColumns(await filled(10), schema)
      expect(() => Columns.from({ layout, buffer: new ArrayBuffer(8) })).toThrow(
        /buffer: 8 bytes do not match the layout/,
      )
      expect(() => Columns.from({ layout, buffer: 'x' as never })).toThrow(/buffer: an ArrayBuffer is needed/)
      expect(() => Columns.from({ layout: {} as never, buffer })).toThrow(/layout: what rows.layout gives is needed/)
      expect(() => Columns.from(undefined as never)).toThrow(/layout/)
      expect(() => Columns.from({ layout, buffer: new Uint8Array(buffer.buffer, 1) })).toThrow(/multiple of 8/)
    })
  })
})
