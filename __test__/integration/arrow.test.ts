import { type Columns, type ColumnType, Key, type Schema, type Value } from 'aerospike-napi'
import { toArrow } from 'aerospike-napi/arrow'
import { type Table, tableFromIPC, tableToIPC } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('arrow')
const client = connectBefore(CLIENTS[0]!)

/** Each value in a record of its own; undefined is a record without the bin, null none at all. */
async function read<T extends ColumnType>(type: T, values: (Value | undefined)[]): Promise<Columns<{ v: T }>> {
  const keys = newKey.many(values.length)
  await Promise.all(
    keys.map(async (key, row) => {
      const v = values[row]
      if (v !== null) await client().put(key, v === undefined ? { other: 1 } : { v })
    }),
  )
  return client().batchReadColumns(keys, { v: type } as { v: T }) as unknown as Promise<Columns<{ v: T }>>
}

/** A column's values as plain JavaScript. */
function valuesOf(table: Table, name = 'v'): unknown[] {
  const plain = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return [...(value as unknown as Iterable<unknown>)]
    if (typeof value === 'object' && value !== null && 'toArray' in value) {
      return [...(value as { toArray(): Iterable<unknown> }).toArray()]
    }
    return value
  }
  return [...(table.getChild(name) ?? [])].map(plain)
}

interface Case {
  type: ColumnType
  arrow: string
  values: Value[]
  expected?: unknown[]
}

const CASES: Case[] = [
  { type: 'i8', arrow: 'Int8', values: [-128, 127, 0] },
  { type: 'i16', arrow: 'Int16', values: [-32_768, 32_767] },
  { type: 'i32', arrow: 'Int32', values: [-(2 ** 31), 2 ** 31 - 1] },
  { type: 'i64', arrow: 'Int64', values: [-(2n ** 63n), 2n ** 63n - 1n] },
  { type: 'u8', arrow: 'Uint8', values: [0, 255] },
  { type: 'u16', arrow: 'Uint16', values: [0, 65_535] },
  { type: 'u32', arrow: 'Uint32', values: [0, 2 ** 32 - 1] },
  { type: 'u64', arrow: 'Uint64', values: [2n ** 63n - 1n, 2n ** 60n] },
  { type: 'f16', arrow: 'Float', values: [1.5, -2, 0.25] },
  { type: 'f32', arrow: 'Float32', values: [1.5, -2, 0.25] },
  { type: 'f64', arrow: 'Float64', values: [1e300, -0.1, Number.POSITIVE_INFINITY] },
  { type: 'bool', arrow: 'Bool', values: [true, false, true, true, false, false, true, false, true] },
  { type: 'utf8', arrow: 'Utf8', values: ['', 'grün', '漢 😀'] },
  { type: 'binary', arrow: 'Binary', values: [Buffer.from([1, 2]), Buffer.alloc(0)], expected: [[1, 2], []] },
  {
    type: ['bytes', 3],
    arrow: 'FixedSizeBinary[3]',
    values: [Buffer.from([1]), 'abc'],
    expected: [
      [1, 0, 0],
      [97, 98, 99],
    ],
  },
  {
    type: ['f32', 2],
    arrow: 'FixedSizeList[2]<Float32>',
    values: [
      [1.5, 2],
      [3, 4],
    ],
  },
  {
    type: ['u8', 3],
    arrow: 'FixedSizeList[3]<Uint8>',
    values: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  },
  {
    type: ['i64', 1],
    arrow: 'FixedSizeList[1]<Int64>',
    values: [[5], [6]],
    expected: [[5n], [6n]],
  },
]

describe.each(CASES)('$arrow', ({ type, arrow, values, expected }) => {
  test('has the values of the column', async () => {
    const table = toArrow(await read(type, values))
    expect(table.numRows).toBe(values.length)
    expect(String(table.schema.fields[0])).toContain(`v: ${arrow}`)
    expect(table.schema.fields[0]?.nullable).toBe(true)
    expect(valuesOf(table)).toEqual(expected ?? values)
    expect(table.getChild('v')?.nullCount).toBe(0)
  })

  test('has nulls where a bin or a record is missing', async () => {
    const [first, second] = values as [Value, Value]
    const table = toArrow(await read(type, [undefined, first, null, second, undefined]))
    const [one, two] = (expected ?? values) as unknown[]
    expect(valuesOf(table)).toEqual([null, one, null, two, null])
    expect(table.getChild('v')?.nullCount).toBe(3)
  })

  test('survives Arrow IPC', async () => {
    const [first, second] = values as [Value, Value]
    const table = toArrow(await read(type, [undefined, first, second]))
    expect(valuesOf(tableFromIPC(tableToIPC(table)))).toEqual(valuesOf(table))
  })

  test('shares the memory of the columns', async () => {
    const rows = await read(type, values)
    const [data] = toArrow(rows).getChild('v')?.data ?? []
    const parts = [data?.values, data?.valueOffsets, data?.nullBitmap, data?.children[0]?.values].filter(
      part => ArrayBuffer.isView(part) && part.byteLength > 0,
    ) as ArrayBufferView[]
    const shared = parts.filter(part => part.buffer === rows.buffer.buffer)
    // Booleans are bytes in columns and bits in Arrow; half-precision may have been widened.
    const copied = type === 'bool' || (type === 'f16' && !('Float16Array' in globalThis)) ? 1 : 0
    expect(parts.length - shared.length).toBe(copied)
  })
})

test('what is written to a column is seen in the table', async () => {
  const rows = await read('i32', [1, 2])
  const table = toArrow(rows)
  rows.columns.v[0] = 77
  expect(valuesOf(table)).toEqual([77, 2])
})

describe('tables', () => {
  const SCHEMA = { name: 'utf8', n: 'i32', flag: 'bool' } as const

  async function table(keys: Key[], schema: Schema = SCHEMA, keyField?: string): Promise<Table> {
    const rows = await client().batchReadColumns(keys, schema)
    return toArrow(rows, keyField === undefined ? {} : { keyField })
  }

  test('have the columns in the order of the schema', async () => {
    const keys = newKey.many(2)
    await client().put(keys[0] as Key, { name: 'a', n: 1, flag: true })
    const made = await table(keys)
    expect(made.schema.fields.map(field => field.name)).toEqual(['name', 'n', 'flag'])
    expect(made.toArray().map(row => row.toJSON())).toEqual([
      { name: 'a', n: 1, flag: true },
      { name: null, n: null, flag: null },
    ])
  })

  test('have a row of nulls where a row failed', async () => {
    const keys = newKey.many(2)
    await client().put(keys[0] as Key, { name: 5, n: 1 })
    await client().put(keys[1] as Key, { name: 'b', n: 2 })
    expect((await table(keys)).toArray().map(row => row.toJSON())).toEqual([
      { name: null, n: null, flag: null },
      { name: 'b', n: 2, flag: null },
    ])
  })

  test('of no rows have the schema', async () => {
    const made = await table([])
    expect(made.numRows).toBe(0)
    expect(made.schema.fields.map(field => field.name)).toEqual(['name', 'n', 'flag'])
    expect(made.toArray()).toEqual([])
  })

  test.each<[string, (string | number | bigint | Buffer)[], string, unknown[]]>([
    ['text', ['key-a', 'key-b'], 'Utf8', ['key-a', 'key-b']],
    ['numbers', [1, -5, 2n ** 60n], 'Int64', [1n, -5n, 2n ** 60n]],
    ['bytes', [Buffer.from([1]), Buffer.from([2, 3])], 'Binary', [[1], [2, 3]]],
  ])('have the user keys as a first column: %s', async (_name, userKeys, type, expected) => {
    const keys = userKeys.map(userKey => newKey(userKey))
    const made = await table(keys, SCHEMA, 'pk')
    expect(made.schema.fields.map(field => field.name)).toEqual(['pk', 'name', 'n', 'flag'])
    expect(String(made.schema.fields[0])).toContain(`pk: ${type}`)
    expect(valuesOf(made, 'pk')).toEqual(expected)
  })

  test('keys that are known by their digest alone have no user key', async () => {
    const key = newKey('named')
    const digest = Key.fromDigest('test', key.set, key.digest)
    expect(valuesOf(await table([key, digest], SCHEMA, 'pk'), 'pk')).toEqual(['named', null])
  })

  test('keys of several types are no column', async () => {
    await expect(table([newKey('a'), newKey(5)], SCHEMA, 'pk')).rejects.toThrow(/toArrow: the user keys are of several/)
  })

  test.each([
    ['a name that a column has', { keyField: 'n' }, /keyField/],
    ['an empty name', { keyField: '' }, /keyField/],
    ['a number', { keyField: 5 }, /keyField/],
    ['an unknown option', { key: 'pk' }, /unknown option "key"/],
  ])('refuse %s', async (_name, options, message) => {
    const rows = await client().batchReadColumns([newKey()], SCHEMA)
    expect(() => toArrow(rows, options as object)).toThrow(message)
  })

  test('are made of columns only', () => {
    for (const rows of [undefined, null, 5, {}, []]) {
      expect(() => toArrow(rows as unknown as Columns)).toThrow(/toArrow: what batchReadColumns gives is needed, not/)
    }
  })

  test('of many rows', async () => {
    const keys = newKey.many(3000)
    await Promise.all(
      keys.map((key, n) => client().put(key, { n, name: `n${n}`, flag: n % 2 === 0 }, null, { totalTimeout: 9000 })),
    )
    const made = await table(keys)
    expect(made.getChild('n')?.toArray()).toEqual(Int32Array.from(keys, (_, n) => n))
    expect(made.getChild('name')?.get(2999)).toBe('n2999')
    expect(valuesOf(made, 'flag').filter(Boolean)).toHaveLength(1500)
  })
})
