import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  BinaryColumn,
  type Client,
  type ClientConfig,
  type ClientSync,
  connect,
  connectSync,
  Double,
} from 'aerospike-napi'
import { readArrow, type WriteArrowOptions, type WriteArrowProgress, writeArrow } from 'aerospike-napi/arrow'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

const ns = 'test'
const sets: string[] = []
const newSet = (): string => {
  sets.push(`arrow-write-${randomUUID().slice(0, 8)}`)
  return sets.at(-1) as string
}
const PATIENT = { totalTimeout: 12_000, socketTimeout: 12_000 }

let client: Client
let blocking: ClientSync
beforeAll(async () => {
  const config: ClientConfig = { hosts: inject('aerospike').address, ...PATIENT }
  client = await connect(config)
  blocking = connectSync(config)
})
/** Sets and how many records with keys from 0 on they have. */
const filled: [set: string, rows: number][] = []
afterAll(async () => {
  for (const [set, rows] of filled) {
    const keys = Array.from({ length: rows }, (_, id) => [ns, set, id] as const)
    await client.batchRemove(keys, PATIENT)
  }
  await client.close()
  blocking.close()
})

function idColumn(rows: number, first = 0): arrow.Vector {
  return arrow.makeVector(Int32Array.from({ length: rows }, (_, row) => first + row))
}

function table(columns: { [name: string]: arrow.Vector }): arrow.Table {
  return new arrow.Table(columns as never)
}

const get = async (set: string, id: string | number) => (await client.get([ns, set, id])).bins

function flights(): arrow.Table {
  const package_ = dirname(createRequire(import.meta.url).resolve('vega-datasets'))
  const file = join(package_.replace(/[/\\]build$/, ''), 'data', 'flights-200k.arrow')
  return arrow.tableFromIPC(readFileSync(file))
}

describe.each(['Client', 'ClientSync'] as const)('%s', kind => {
  const write = async (source: unknown, options: WriteArrowOptions, policy = {}) =>
    kind === 'Client'
      ? writeArrow(client, source as arrow.Table, options, policy)
      : writeArrow(blocking, source as arrow.Table, options, policy)
  const read = async (keys: never, schema: never, options = {}) => {
    const batches: arrow.RecordBatch[] = []
    if (kind === 'Client') for await (const batch of readArrow(client, keys, schema, options)) batches.push(batch)
    else for (const batch of readArrow(blocking, keys, schema, options)) batches.push(batch)
    return new arrow.Table(batches)
  }

  test('every type that a bin can hold', async () => {
    const set = newSet()
    filled.push([set, 3])
    const struct = arrow.vectorFromArray(
      [{ x: 1, y: 'a' }, null, { x: 3, y: null }],
      new arrow.Struct([new arrow.Field('x', new arrow.Float64(), true), new arrow.Field('y', new arrow.Utf8(), true)]),
    )
    const list = arrow.vectorFromArray(
      [[1, 2], [], null],
      new arrow.List(new arrow.Field('item', new arrow.Int32(), true)),
    )
    const vec = arrow.vectorFromArray(
      [
        [1.5, 2],
        [3, 4],
        [5, 6],
      ],
      new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Float32(), false)),
    )
    const map = arrow.vectorFromArray(
      [new Map([['k', 1]]), null, new Map()] as never[],
      new arrow.Map_(
        new arrow.Field(
          'entries',
          new arrow.Struct([
            new arrow.Field('key', new arrow.Utf8(), false),
            new arrow.Field('value', new arrow.Int32(), true),
          ]),
          false,
        ) as never,
      ),
    )
    const source = table({
      _key: idColumn(3),
      _note: arrow.vectorFromArray(['not', 'a', 'bin'], new arrow.Utf8()),
      i8: arrow.vectorFromArray([1, null, -3], new arrow.Int8()),
      u32: arrow.vectorFromArray([1, 2 ** 32 - 1, 0], new arrow.Uint32()),
      i64: arrow.vectorFromArray([2n ** 60n, null, -1n], new arrow.Int64()),
      f16: arrow.vectorFromArray([0.5, 1, -2], new arrow.Float16()),
      f64: arrow.vectorFromArray([1, 2.5, null], new arrow.Float64()),
      bool: arrow.vectorFromArray([true, false, null], new arrow.Bool()),
      text: arrow.vectorFromArray(['grün', '', null], new arrow.Utf8()),
      large: arrow.vectorFromArray(['a', 'bc', null], new arrow.LargeUtf8()),
      raw: arrow.vectorFromArray([Buffer.from([1]), null, Buffer.from([2, 3])], new arrow.Binary()),
      fixed: arrow.vectorFromArray([Buffer.from('ab'), Buffer.from('cd'), null], new arrow.FixedSizeBinary(2)),
      word: arrow.vectorFromArray(['x', 'y', 'x'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
      vec,
      list,
      struct,
      map,
    })
    const result = await write(source, { namespace: ns, set })
    expect(result).toEqual({ rows: 3, written: 3, failed: 0, failures: [] })
    expect(await get(set, 0)).toEqual({
      i8: 1,
      u32: 1,
      i64: 2n ** 60n,
      f16: 0.5,
      f64: 1,
      bool: true,
      text: 'grün',
      large: 'a',
      raw: Buffer.from([1]),
      fixed: Buffer.from('ab'),
      word: 'x',
      vec: Buffer.from(Float32Array.of(1.5, 2).buffer),
      list: [1, 2],
      struct: { x: 1, y: 'a' },
      map: { k: 1 },
    })
    expect(await get(set, 2)).toMatchObject({ i8: -3, vec: Buffer.from(Float32Array.of(5, 6).buffer), map: {} })
    expect(Object.keys(await get(set, 2)).sort()).toEqual(
      ['f16', 'fixed', 'i64', 'i8', 'map', 'raw', 'struct', 'u32', 'vec', 'word']
        .filter(name => name !== 'fixed')
        .sort(),
    )
    // Whole doubles are doubles, in structs as in columns.
    const doubles = await client.batchReadColumns([[ns, set, 0]], { f64: 'f64', struct: 'i32' })
    expect([...doubles.resultCodes]).toEqual([12])
  })

  test('fields and keys of any name, which methods of rows have too', async () => {
    const set = newSet()
    filled.push([set, 1])
    const names = ['toString', '__proto__', 'constructor', 'toJSON']
    const fields = names.map(name => new arrow.Field(name, new arrow.Int32(), true))
    const children = names.map((_, index) => arrow.makeData({ type: new arrow.Int32(), data: Int32Array.of(index) }))
    const struct = new arrow.Vector([
      arrow.makeData({ type: new arrow.Struct(fields), length: 1, nullCount: 0, children }),
    ])
    const key = idColumn(1).data[0] as arrow.Data
    const type = new arrow.Struct([
      new arrow.Field('_key', key.type, false),
      new arrow.Field('struct', struct.type, true),
      ...fields,
    ])
    const data = arrow.makeData({
      type,
      length: 1,
      nullCount: 0,
      children: [key, struct.data[0] as arrow.Data, ...children] as never,
    })
    const batch = new arrow.RecordBatch(new arrow.Schema(type.children), data)
    expect((await write(batch, { namespace: ns, set })).written).toBe(1)
    const bins = await get(set, 0)
    expect(Object.keys(bins).sort()).toEqual(['constructor', 'struct', 'toJSON', 'toString'])
    expect(Object.entries(bins.struct as object).sort()).toEqual(names.map((name, index) => [name, index]).sort())
  })

  test('refuses what would lose an entry: two fields of one name, a key twice', async () => {
    const int = (): arrow.Data => arrow.makeData({ type: new arrow.Int32(), data: Int32Array.of(1) })
    const batchOf = (fields: [string, arrow.Data][]): arrow.RecordBatch => {
      const type = new arrow.Struct(fields.map(([name, data]) => new arrow.Field(name, data.type, true)))
      const children = fields.map(([, data]) => data) as never
      return new arrow.RecordBatch(
        new arrow.Schema(type.children),
        arrow.makeData({ type, length: 1, nullCount: 0, children }),
      )
    }
    const options = { namespace: ns, set: newSet() }
    const key: [string, arrow.Data] = ['_key', int()]
    await expect(async () => write(batchOf([key, ['a', int()], ['a', int()]]), options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'writeArrow: there are two fields with the name "a"',
    })
    const { data } = batchOf([
      ['a', int()],
      ['a', int()],
    ])
    await expect(async () => write(batchOf([key, ['s', data]]), options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'writeArrow: a struct has two fields with the name "a"',
    })
    const entries = new arrow.Struct([
      new arrow.Field('key', new arrow.Utf8(), false),
      new arrow.Field('value', new arrow.Int32(), true),
    ])
    const keys = arrow.vectorFromArray(['k', 'k'], new arrow.Utf8()).data[0] as arrow.Data
    const values = arrow.makeData({ type: new arrow.Int32(), data: Int32Array.of(1, 2) })
    const child = arrow.makeData({ type: entries, length: 2, nullCount: 0, children: [keys, values] as never })
    const map = arrow.makeData({
      type: new arrow.Map_(new arrow.Field('entries', entries, false) as never),
      length: 1,
      nullCount: 0,
      valueOffsets: Int32Array.of(0, 2),
      child: child as never,
    })
    await expect(async () => write(batchOf([key, ['m', map]]), options)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'writeArrow: a map contains a key twice',
    })
  })

  test('a key field without underscore is a bin too', async () => {
    const set = newSet()
    const source = table({ id: arrow.vectorFromArray(['a', 'b'], new arrow.Utf8()), n: idColumn(2) })
    expect((await write(source, { namespace: ns, set, keyField: 'id' })).written).toBe(2)
    expect(await get(set, 'b')).toEqual({ id: 'b', n: 1 })
    await client.batchRemove([
      [ns, set, 'a'],
      [ns, set, 'b'],
    ])
  })

  test.each<[string, arrow.Vector, unknown[]]>([
    ['Int8', arrow.vectorFromArray([1, 2], new arrow.Int8()), [1, 2]],
    ['Uint16', arrow.vectorFromArray([1, 2], new arrow.Uint16()), [1, 2]],
    ['Uint32', arrow.vectorFromArray([1, 4e9], new arrow.Uint32()), [1, 4e9]],
    ['Int64', arrow.vectorFromArray([1n, 2n ** 62n], new arrow.Int64()), [1, 2n ** 62n]],
    [
      'Binary',
      arrow.vectorFromArray([Buffer.from('a'), Buffer.from('b')], new arrow.Binary()),
      [Buffer.from('a'), Buffer.from('b')],
    ],
    [
      'FixedSizeBinary',
      arrow.vectorFromArray([Buffer.from('aa'), Buffer.from('bb')], new arrow.FixedSizeBinary(2)),
      [Buffer.from('aa'), Buffer.from('bb')],
    ],
    ['LargeUtf8', arrow.vectorFromArray(['a', 'b'], new arrow.LargeUtf8()), ['a', 'b']],
    [
      'Dictionary',
      arrow.vectorFromArray(['a', 'b'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
      ['a', 'b'],
    ],
  ])('keys of type %s', async (_name, _key, keys) => {
    const set = newSet()
    expect((await write(table({ _key, n: idColumn(2) }), { namespace: ns, set })).written).toBe(2)
    for (const [row, key] of keys.entries()) {
      expect(await get(set, key as string)).toEqual({ n: row })
      await client.remove([ns, set, key as string])
    }
  })

  test('sliced tables, many batches and windows that fit neither', async () => {
    const set = newSet()
    const rows = 1000
    filled.push([set, rows])
    const part = (first: number, count: number) =>
      table({
        _key: idColumn(count, first),
        n: idColumn(count, first),
        flag: arrow.vectorFromArray(
          Array.from({ length: count }, (_, row) => ((first + row) % 3 === 0 ? null : (first + row) % 2 === 0)),
          new arrow.Bool(),
        ),
        name: arrow.vectorFromArray(
          Array.from({ length: count }, (_, row) => ((first + row) % 5 === 0 ? null : `n${first + row}`)),
          new arrow.Utf8(),
        ),
        vec: arrow.vectorFromArray(
          Array.from({ length: count }, (_, row) => [first + row, 1]),
          new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Float32(), false)),
        ),
      })
    const whole = part(0, 400).concat(part(400, 600))
    const told: WriteArrowProgress[] = []
    const result = await write(whole.slice(13, 900), {
      namespace: ns,
      set,
      batchRows: 77,
      progress: progress => told.push(progress),
    })
    expect(result).toMatchObject({ rows: 887, written: 887, failed: 0 })
    expect(told.reduce((sum, { batch }) => sum + batch.length, 0)).toBe(887)
    expect(told.at(-1)).toMatchObject({ rows: 887, written: 887 })
    const ids = Int32Array.from({ length: rows }, (_, row) => row)
    const schema = { n: 'i32', flag: 'bool', name: 'utf8', vec: ['f32', 2] }
    const back = await read({ namespace: ns, set, ids } as never, schema as never, { batchRows: 333 })
    expect(back.batches.map(batch => batch.numRows)).toEqual([333, 333, 333, 1])
    const plain = (row: number) => {
      const json = back.get(row)?.toJSON() as { vec: Iterable<number> | null }
      return { ...json, vec: json.vec === null ? null : [...json.vec] }
    }
    for (const row of [0, 12, 13, 14, 15, 399, 400, 405, 899, 900]) {
      const there = row >= 13 && row < 900
      expect(plain(row)).toEqual({
        n: there ? row : null,
        flag: there && row % 3 !== 0 ? row % 2 === 0 : null,
        name: there && row % 5 !== 0 ? `n${row}` : null,
        vec: there ? [row, 1] : null,
      })
    }
  })

  test('record batches, and readers of a stream', async () => {
    const set = newSet()
    const source = table({ _key: idColumn(10), n: idColumn(10) }).concat(
      table({ _key: idColumn(10, 10), n: idColumn(10) }),
    )
    filled.push([set, 20])
    expect((await write(source.batches[0], { namespace: ns, set })).written).toBe(10)
    const bytes = arrow.tableToIPC(source, 'stream')
    expect((await write(arrow.RecordBatchReader.from(bytes), { namespace: ns, set, batchRows: 3 })).written).toBe(20)
    const made = function* () {
      yield* source.batches
    }
    expect((await write(made(), { namespace: ns, set })).written).toBe(20)
  })

  test('flights-200k.arrow goes in and comes back equal, bit for bit', async () => {
    const set = newSet()
    const given = flights()
    const rows = given.numRows
    filled.push([set, rows])
    const keyed = given.assign(table({ _key: idColumn(rows) })) as arrow.Table
    const result = await write(keyed, { namespace: ns, set, batchRows: 4000 }, PATIENT)
    expect(result).toMatchObject({ rows, written: rows, failed: 0 })
    const names = { Int8: 'i8', Int16: 'i16', Int32: 'i32', Float32: 'f32', Float64: 'f64' } as const
    const schema = Object.fromEntries(
      given.schema.fields.map(field => [field.name, names[String(field.type) as keyof typeof names]]),
    )
    const ids = Int32Array.from({ length: rows }, (_, row) => row)
    const back = await read({ namespace: ns, set, ids } as never, schema as never, { batchRows: 50_000 })
    expect(back.numRows).toBe(rows)
    for (const field of given.schema.fields) {
      const [before, after] = [given.getChild(field.name), back.getChild(field.name)]
      expect(String(after?.type)).toBe(String(field.type))
      expect(after?.nullCount).toBe(before?.nullCount)
      const bytes = (array: ArrayBufferView) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)
      expect(bytes(after?.toArray()).equals(bytes(before?.toArray()))).toBe(true)
    }
  }, 60_000)

  test('failed rows are counted and told by their places', async () => {
    const set = newSet()
    filled.push([set, 300])
    const source = table({ _key: idColumn(300), n: idColumn(300) })
    await client.put([ns, set, 7], { n: 1 })
    await client.put([ns, set, 250], { n: 1 })
    const result = await write(source, { namespace: ns, set, batchRows: 100 }, { exists: 'create-only' })
    expect(result).toMatchObject({ rows: 300, written: 298, failed: 2 })
    expect(result.failures.map(({ row, key, error }) => [row, key.userKey, error.name])).toEqual([
      [7, 7, 'RecordExistsError'],
      [250, 250, 'RecordExistsError'],
    ])
  })

  test('nulls remove their bins when asked to', async () => {
    const set = newSet()
    filled.push([set, 2])
    await client.put([ns, set, 0], { n: 1, s: 'a' })
    const s = arrow.vectorFromArray([null, 'b'], new arrow.Utf8())
    await write(table({ _key: idColumn(2), n: idColumn(2), s }), { namespace: ns, set, nulls: 'remove', ttl: 1000 })
    expect(await get(set, 0)).toEqual({ n: 0 })
    expect((await client.get([ns, set, 1])).ttl).toBeGreaterThan(900)
  })

  test('no rows', async () => {
    const set = newSet()
    const source = table({ _key: idColumn(0), n: idColumn(0) })
    expect(await write(source, { namespace: ns, set })).toEqual({ rows: 0, written: 0, failed: 0, failures: [] })
    const back = await read([] as never, { n: 'i32' } as never)
    expect(back.numRows).toBe(0)
  })

  describe('refuses before anything is sent', () => {
    const n = idColumn(2)
    const good = { _key: idColumn(2), n }
    const when = arrow.vectorFromArray([new Date(0), new Date(1)], new arrow.TimestampMillisecond())
    const day = arrow.vectorFromArray([new Date(0), new Date(1)], new arrow.DateMillisecond())
    const nested = arrow.vectorFromArray(
      [[new Date(0)], []],
      new arrow.List(new arrow.Field('item', new arrow.DateMillisecond(), true)),
    )
    const cases: [string, unknown, object, RegExp][] = [
      ['a timestamp', table({ ...good, when }), {}, /the field "when" is of the type Timestamp/],
      ['a date', table({ ...good, day }), {}, /the field "day" is of the type Date/],
      ['a list of dates', table({ ...good, nested }), {}, /the field "nested" is of the type List/],
      ['no key field', table({ n }), {}, /writeArrow.keyField: there is no field "_key" among n/],
      [
        'a key field of doubles',
        table({ _key: arrow.vectorFromArray([1, 2], new arrow.Float64()), n }),
        {},
        /the key field "_key" is of the type Float64/,
      ],
      [
        'a row without a key',
        table({ _key: arrow.vectorFromArray([1, null], new arrow.Int32()), n }),
        {},
        /writeArrow.keyField: row 1 has no "_key"/,
      ],
      ['no bins', table({ _key: idColumn(2), _x: n }), {}, /there is no bin: the names of all fields begin with _/],
      [
        'a field whose name is no bin name',
        table({ ...good, 'sixteen-bytes-xx': n }),
        {},
        /"sixteen-bytes-xx" is longer than 15/,
      ],
      ['no table', 5, {}, /writeArrow: a table, a record batch .* is needed, not 5/],
      ['a list of no batches', [5], {}, /writeArrow: a table, a record batch .* is needed, not 5/],
      ['an unknown option', table(good), { batchSize: 5 }, /unknown option "batchSize"/],
      ['a batch of none', table(good), { batchRows: 0 }, /writeArrow.batchRows/],
      ['no namespace', table(good), { namespace: undefined }, /writeArrow.namespace/],
      ['an invalid progress', table(good), { progress: 5 }, /writeArrow.progress: a function is needed/],
      ['an unknown policy', table(good), {}, /unknown option "nope"/],
    ]
    test.each(cases)('%s', async (name, source, options, message) => {
      const set = newSet()
      const policy = name === 'an unknown policy' ? { nope: 1 } : {}
      const written = (async () => write(source, { namespace: ns, set, ...options } as WriteArrowOptions, policy))()
      await expect(written).rejects.toThrow(message)
      expect(await client.exists([ns, set, 0])).toBe(false)
    })

    test('the second batch of a table', async () => {
      const set = newSet()
      const keys = arrow.vectorFromArray([1, null], new arrow.Int32())
      const source = table(good).concat(table({ _key: keys, n }))
      await expect(write(source, { namespace: ns, set })).rejects.toThrow(/row 3 has no "_key"/)
      expect(await client.exists([ns, set, 0])).toBe(false)
    })
  })
})

describe('the source', () => {
  const rows = 50
  const batches = (count: number, set: string, taken: number[] = []) => {
    filled.push([set, rows * count])
    return (async function* () {
      for (let part = 0; part < count; part++) {
        taken.push(part)
        yield table({ _key: idColumn(rows, part * rows), n: idColumn(rows) }).batches[0] as arrow.RecordBatch
      }
    })()
  }

  test('is read no faster than batches are written', async () => {
    const set = newSet()
    const taken: number[] = []
    let ahead = 0
    let done = 0
    const progress = () => {
      done++
      ahead = Math.max(ahead, taken.length - done)
    }
    const result = await writeArrow(client, batches(40, set, taken), { namespace: ns, set, concurrency: 2, progress })
    expect(result.written).toBe(40 * rows)
    expect(ahead).toBeLessThanOrEqual(3)
  })

  test('that fails ends the writing with its error, after what is in flight', async () => {
    const set = newSet()
    filled.push([set, rows])
    const source = (async function* () {
      yield table({ _key: idColumn(rows), n: idColumn(rows) }).batches[0] as arrow.RecordBatch
      throw new Error('the file is torn')
    })()
    await expect(writeArrow(client, source, { namespace: ns, set })).rejects.toThrow('the file is torn')
    expect(await client.exists([ns, set, rows - 1])).toBe(true)
  })

  test('a progress that throws ends the writing', async () => {
    const set = newSet()
    const progress = () => {
      throw new Error('no more')
    }
    await expect(
      writeArrow(client, batches(30, set), { namespace: ns, set, concurrency: 1, progress }),
    ).rejects.toThrow('no more')
    expect(await client.exists([ns, set, 29 * rows])).toBe(false)
  })

  test('an abort in the middle ends it', async () => {
    const set = newSet()
    const abort = new AbortController()
    const progress = ({ rows: done }: WriteArrowProgress) => {
      if (done >= 200) abort.abort('enough')
    }
    const written = writeArrow(client, batches(100, set), {
      namespace: ns,
      set,
      concurrency: 2,
      progress,
      signal: abort.signal,
    })
    await expect(written).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' })
    expect(await client.exists([ns, set, 0])).toBe(true)
    expect(await client.exists([ns, set, 99 * rows])).toBe(false)
  })

  test('who stops reading early leaves nothing behind', async () => {
    const set = newSet()
    filled.push([set, 100])
    await writeArrow(client, table({ _key: idColumn(100), n: idColumn(100) }), { namespace: ns, set })
    const keys = { namespace: ns, set, ids: Int32Array.from({ length: 100 }, (_, id) => id) }
    for await (const batch of readArrow(client, keys, { n: 'i32' }, { batchRows: 10, ahead: 3, keyField: 'id' })) {
      expect(batch.schema.fields.map(field => field.name)).toEqual(['id', 'n'])
      expect(batch.numRows).toBe(10)
      break
    }
    await expect(client.batchReadColumns(keys, { n: 'i32' })).resolves.toMatchObject({ length: 100 })
  })
})

test('only clients are accepted as clients', () => {
  for (const given of [undefined, {}, 5]) {
    expect(() => writeArrow(given as never, table({}) as never, { ns })).toThrow(/a Client or a ClientSync is needed/)
    expect(() => readArrow(given as never, [], { n: 'i32' })).toThrow(/a Client or a ClientSync is needed/)
  }
  expect(() => readArrow(client, [], { n: 'i32' }, { keyField: 'n' })).toThrow(/keyField: "n" is already a column/)
  expect(() => readArrow(client, 5 as never, { n: 'i32' })).toThrow(/keys/)
  void [BinaryColumn, Double]
})
