import { Columns, type Key, type KeyLike, Particle } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('columns')
const NEVER = 0xffff_ffff

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  /** Records { temp, count, name } of new keys; every third one is missing. */
  async function filled(count: number): Promise<Key[]> {
    const keys = newKey.many(count)
    const there = [...keys.entries()].filter(([row]) => row % 3 !== 2)
    await Promise.all(
      there.map(([row, key]) => client().put(key, { temp: row / 2, count: row, name: `n${row}` }, { ttl: -1 })),
    )
    return keys
  }

  const SCHEMA = { temp: 'f64', count: 'i32', name: 'utf8' } as const

  test('reads rows in the order of the keys', async () => {
    const keys = await filled(6)
    const rows = await client().batchReadColumns(keys, SCHEMA)
    expect(rows).toBeInstanceOf(Columns)
    expect(rows.length).toBe(6)
    expect(rows.found).toBe(4)
    expect(rows.schema).toEqual(SCHEMA)
    expect(rows.columns.temp).toEqual(Float64Array.of(0, 0.5, 0, 1.5, 2, 0))
    expect(rows.columns.count).toEqual(Int32Array.of(0, 1, 0, 3, 4, 0))
    expect([...rows.columns.name]).toEqual(['n0', 'n1', '', 'n3', 'n4', ''])
    expect([...rows.resultCodes]).toEqual([0, 0, 2, 0, 0, 2])
    expect(keys.map((_, row) => rows.key(row))).toEqual(keys)
    expect(rows.key(6)).toBeUndefined()
  })

  test('tells generation and lifetime', async () => {
    const keys = newKey.many(3)
    await client().put(keys[0] as Key, { a: 1 }, { ttl: -1 })
    await client().put(keys[1] as Key, { a: 1 }, { ttl: 5000 })
    await client().put(keys[1] as Key, { a: 1 }, { ttl: 5000 })
    const rows = await client().batchReadColumns(keys, { a: 'i32' })
    expect(rows.gen).toEqual(Uint32Array.of(1, 2, 0))
    expect(rows.ttl[0]).toBe(NEVER)
    expect(rows.ttl[1]).toBeGreaterThan(4990)
    expect(rows.ttl[1]).toBeLessThanOrEqual(5000)
    expect(rows.ttl[2]).toBe(0)
  })

  test('a missing record is an error of its row', async () => {
    const keys = await filled(3)
    const rows = await client().batchReadColumns(keys, SCHEMA)
    expect(rows.error(2)).toMatchObject({
      name: 'RecordNotFoundError',
      code: 'RECORD_NOT_FOUND',
      resultCode: 2,
      key: keys[2],
    })
    expect([rows.error(0), rows.error(1), rows.error(3), rows.error(-1)]).toEqual([null, null, null, null])
    expect(rows.isValid('temp', 2)).toBe(false)
  })

  test('a missing bin is no error: its cell has no validity bit', async () => {
    const keys = newKey.many(4)
    await client().put(keys[0] as Key, { a: 1, b: 2 })
    await client().put(keys[1] as Key, { a: 1 })
    await client().put(keys[2] as Key, { other: 1 })
    await client().put(keys[3] as Key, { b: 4 })
    const rows = await client().batchReadColumns(keys, { a: 'i32', b: 'i32', none: 'utf8' })
    expect([...rows.resultCodes]).toEqual([0, 0, 0, 0])
    expect([rows.columns.a, rows.columns.b]).toEqual([Int32Array.of(1, 1, 0, 0), Int32Array.of(2, 0, 0, 4)])
    expect([...rows.columns.none]).toEqual(['', '', '', ''])
    expect(rows.validity).toEqual({ a: Uint8Array.of(0b0011), b: Uint8Array.of(0b1001), none: Uint8Array.of(0) })
    expect(rows.nullCounts).toEqual({ a: 2, b: 2, none: 4 })
    expect(keys.map((_, row) => rows.isValid('b', row))).toEqual([true, false, false, true])
  })

  test('validity is one bit a row, the least significant first', async () => {
    const keys = await filled(20)
    const { validity, nullCounts } = await client().batchReadColumns(keys, SCHEMA)
    const bits = keys.map((_, row) => (row % 3 === 2 ? 0 : 1 << (row & 7)))
    const bytes = [0, 1, 2].map(byte => bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit) => sum | bit, 0))
    expect([...validity.temp]).toEqual(bytes)
    expect(validity.name).toEqual(validity.temp)
    expect(nullCounts).toEqual({ temp: 6, count: 6, name: 6 })
  })

  test('everything is a view of one buffer, at a multiple of 64 bytes', async () => {
    const keys = await filled(100)
    const schema = {
      ...SCHEMA,
      flag: 'bool',
      small: 'i8',
      fixed: ['bytes', 3],
      array: ['f32', 5],
      raw: 'binary',
    } as const
    const { buffer, columns, validity, resultCodes, gen, ttl } = await client().batchReadColumns(keys, schema)
    const { name, raw, ...plain } = columns
    const views = [
      resultCodes,
      gen,
      ttl,
      ...Object.values(plain),
      ...Object.values(validity),
      name.offsets,
      raw.offsets,
    ]
    for (const view of views) {
      expect(view.buffer).toBe(buffer.buffer)
      expect((view.byteOffset - buffer.byteOffset) % 64).toBe(0)
    }
    for (const { data } of [name, raw]) {
      expect(data.buffer).toBe(buffer.buffer)
      if (data.length > 0) expect((data.byteOffset - buffer.byteOffset) % 64).toBe(0)
    }
    const spans = views.map(view => [view.byteOffset, view.byteOffset + view.byteLength] as const)
    spans.push([name.data.byteOffset, name.data.byteOffset + name.data.length])
    spans.sort(([a], [b]) => a - b)
    for (const [index, [, end]] of spans.slice(0, -1).entries())
      expect(end).toBeLessThanOrEqual(spans[index + 1]?.[0] ?? 0)
    expect(spans.at(-1)?.[1]).toBeLessThanOrEqual(buffer.byteOffset + buffer.length)
    expect(columns.array).toHaveLength(500)
    expect(columns.fixed).toHaveLength(300)
  })

  test('finds rows by user key', async () => {
    const keys = [newKey('a'), newKey(5), newKey(2n ** 60n), newKey(Buffer.from([1])), newKey('5'), newKey('a')]
    const rows = await client().batchReadColumns(keys, { n: 'i32' })
    const asked = ['a', 5, 5n, 2n ** 60n, new Uint8Array([1]), '5', 'none', 6]
    expect(asked.map(userKey => rows.indexOf(userKey))).toEqual([0, 1, 1, 2, 3, 4, -1, -1])
  })

  test('no keys are no rows', async () => {
    const rows = await client().batchReadColumns([], { ...SCHEMA, raw: 'binary', array: ['f32', 3] })
    expect([rows.length, rows.found, rows.indexOf('a'), rows.error(0)]).toEqual([0, 0, -1, null])
    expect(rows.columns.temp).toEqual(new Float64Array(0))
    expect([rows.columns.name.length, [...rows.columns.raw], rows.columns.array.length]).toEqual([0, [], 0])
    expect([rows.resultCodes.length, rows.gen.length, rows.ttl.length]).toEqual([0, 0, 0])
    expect(rows.nullCounts).toEqual({ temp: 0, count: 0, name: 0, raw: 0, array: 0 })
  })

  test('one key', async () => {
    const [key] = await filled(1)
    const rows = await client().batchReadColumns([key as Key], SCHEMA)
    expect([rows.columns.count[0], rows.columns.name.get(0), rows.found]).toEqual([0, 'n0', 1])
    const missing = await client().batchReadColumns([newKey()], SCHEMA)
    expect([...missing.resultCodes]).toEqual([2])
  })

  test('a key that is asked for twice has two rows', async () => {
    const [first, second] = (await filled(2)) as [Key, Key]
    const rows = await client().batchReadColumns([second, first, second, second], SCHEMA)
    expect(rows.columns.count).toEqual(Int32Array.of(1, 0, 1, 1))
    expect([...rows.columns.name]).toEqual(['n1', 'n0', 'n1', 'n1'])
    expect(rows.indexOf(second.userKey as string)).toBe(0)
  })

  test('a hundred thousand keys, few of which exist', async () => {
    const keys: KeyLike[] = Array.from({ length: 100_000 }, (_, row) => ['test', 'columns-none', row])
    const places = [0, 1, 777, 50_000, 99_999]
    const there = newKey.many(places.length)
    await Promise.all(there.map((key, index) => client().put(key, { temp: index + 0.5, name: `n${index}` })))
    for (const [index, place] of places.entries()) keys[place] = there[index] as Key
    const rows = await client().batchReadColumns(keys, SCHEMA, { totalTimeout: 14_000, socketTimeout: 14_000 })
    expect([rows.length, rows.found]).toEqual([100_000, places.length])
    expect(places.map(place => rows.columns.temp[place])).toEqual([0.5, 1.5, 2.5, 3.5, 4.5])
    expect(places.map(place => rows.columns.name.get(place))).toEqual(['n0', 'n1', 'n2', 'n3', 'n4'])
    expect(rows.nullCounts.temp).toBe(100_000 - places.length)
    expect(rows.indexOf(2)).toBe(2)
    expect(rows.error(2)).toMatchObject({ name: 'RecordNotFoundError' })
    expect(rows.error(99_998)).toMatchObject({ name: 'RecordNotFoundError' })
  })

  test('five thousand rows of five numbers', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const keys = newKey.many(5000)
    const bins = (row: number) => Object.fromEntries(names.map((name, index) => [name, row * 10 + index]))
    await Promise.all(keys.map((key, row) => client().put(key, bins(row), null, { totalTimeout: 10_000 })))
    const schema = { a: 'f64', b: 'i32', c: 'u16', d: 'i64', e: 'f32' } as const
    const { columns, found } = await client().batchReadColumns(keys, schema, { totalTimeout: 10_000 })
    expect(found).toBe(5000)
    const wrong = keys.flatMap((_, row) => {
      const read = [columns.a[row], columns.b[row], columns.c[row], Number(columns.d[row]), columns.e[row]]
      return read.every((value, index) => value === row * 10 + index) ? [] : [row]
    })
    expect(wrong).toEqual([])
  })

  test('more than two thousand failed rows are all told', async () => {
    const keys = newKey.many(2500)
    await Promise.all(keys.map(key => client().put(key, { a: 'text' }, null, { totalTimeout: 10_000 })))
    const rows = await client().batchReadColumns(keys, { a: 'i32' }, { totalTimeout: 10_000 })
    expect(new Set(rows.resultCodes)).toEqual(new Set([12]))
    for (const row of [0, 1500, 2499]) {
      expect(rows.error(row)).toMatchObject({ name: 'BinTypeError', code: 'BIN_TYPE', resultCode: 12, key: keys[row] })
    }
  })

  test('columns named as objects name things', async () => {
    const key = newKey()
    await client().put(key, JSON.parse('{"__proto__":1,"constructor":2,"length":3}'))
    const schema = JSON.parse('{"__proto__":"i32","constructor":"i32","length":"i32"}')
    const { columns, validity, nullCounts } = await client().batchReadColumns([key], schema)
    for (const object of [columns, validity, nullCounts]) {
      expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'length'])
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    }
    expect(Object.values(columns)).toEqual([Int32Array.of(1), Int32Array.of(2), Int32Array.of(3)])
  })

  test('several namespaces, one of them unknown', async () => {
    const keys = [newKey('same', 'test'), newKey('any', 'unknown'), newKey('same', 'demo')]
    await client().put(keys[0] as Key, { n: 1 })
    await client().put(keys[2] as Key, { n: 2 })
    const rows = await client().batchReadColumns(keys, { n: 'i32' })
    expect([...rows.resultCodes]).toEqual([0, 20, 0])
    expect(rows.columns.n).toEqual(Int32Array.of(1, 0, 2))
    expect(rows.error(1)).toMatchObject({ name: 'ServerError', code: 'INVALID_NAMESPACE', key: keys[1] })
    const alone = client().batchReadColumns([keys[1] as Key], { n: 'i32' })
    await expect(alone).rejects.toMatchObject({ name: 'ServerError', code: 'INVALID_NAMESPACE' })
  })

  test('text that is not UTF-8 fails its own row only', async () => {
    const keys = newKey.many(5)
    const texts = ['a', new Particle(3, Buffer.from([0x66, 0xff])), 'c', 'd', new Particle(3, Buffer.from([0xc3]))]
    await Promise.all(keys.map((key, row) => client().put(key, { name: texts[row] as string, n: row })))
    const rows = await client().batchReadColumns(keys, { name: 'utf8', n: 'i32' })
    expect([...rows.columns.name]).toEqual(['a', '', 'c', 'd', ''])
    expect([...rows.resultCodes].map(code => code === 0)).toEqual([true, false, true, true, false])
    expect(rows.error(1)).toMatchObject({ name: 'ClientError', key: keys[1] })
    const records = await client().batchRead(keys)
    expect(records.toArray().map(row => row.record?.bins.name)).toEqual(['a', undefined, 'c', 'd', undefined])
    expect(records.at(4)?.error).toMatchObject({ name: 'ClientError', key: keys[4] })
    await expect(client().get(keys[1] as Key)).rejects.toMatchObject({ name: 'ClientError', key: keys[1] })
  })

  test('many calls at once', async () => {
    const keys = await filled(30)
    const all = await Promise.all(Array.from({ length: 40 }, () => client().batchReadColumns(keys, SCHEMA)))
    for (const rows of all) expect([rows.found, rows.columns.name.get(28)]).toEqual([20, 'n28'])
    expect(new Set(all.map(rows => rows.buffer.buffer)).size).toBe(40)
  })

  test('holds when its memory is written to', async () => {
    const keys = await filled(3)
    const rows = await client().batchReadColumns(keys, SCHEMA)
    rows.columns.count[0] = -5
    expect(rows.buffer.readInt32LE(rows.columns.count.byteOffset - rows.buffer.byteOffset)).toBe(-5)
    expect((await client().batchReadColumns(keys, SCHEMA)).columns.count[0]).toBe(0)
  })
})
