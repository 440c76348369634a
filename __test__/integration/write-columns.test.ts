import { randomUUID } from 'node:crypto'
import {
  BinaryColumn,
  BinNameError,
  connect,
  DictionaryColumn,
  Double,
  InvalidArgError,
  type SourceColumn,
  Utf8Column,
  type WriteColumns,
  WrittenRows,
} from 'aerospike-napi'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore } from '../helpers/clients'

const ns = 'test'
const set = `write-columns-${randomUUID().slice(0, 8)}`
const PATIENT = { totalTimeout: 60_000, socketTimeout: 60_000 }
let next = 0

/** So many user keys that nobody used before. */
function ids(count: number): Int32Array {
  const first = next
  next += count
  return Int32Array.from({ length: count }, (_, row) => first + row)
}

afterAll(async () => {
  await using client = await connect({ hosts: inject('aerospike').address, totalTimeout: 0 })
  await client.truncate(ns, set, null, { timeout: 30_000 })
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const bins = async (id: number) => (await client().get([ns, set, id])).bins

  test('writes typed arrays and reads them back', async () => {
    const keys = ids(3)
    const columns = {
      d: Float64Array.of(1, -0, Number.NaN),
      f: Float32Array.of(0.5, 1, -2),
      i: Int32Array.of(-1, 0, 2 ** 31 - 1),
      u: Uint8Array.of(0, 7, 255),
      w: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n),
    }
    const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns })
    expect(result).toBeInstanceOf(WrittenRows)
    expect([result.length, result.written, result.ok]).toEqual([3, 3, true])
    expect([...result.resultCodes, ...result.gen]).toEqual([0, 0, 0, 1, 1, 1])
    expect(await bins(keys[0] as number)).toEqual({ d: 1, f: 0.5, i: -1, u: 0, w: -(2n ** 63n) })
    const rows = await client().batchReadColumns(
      { namespace: ns, set, ids: keys },
      { d: 'f64', f: 'f32', i: 'i32', u: 'u8', w: 'i64' },
    )
    expect(rows.columns).toEqual(columns)
    // Doubles stay doubles, whole or not.
    expect(Object.is(rows.columns.d[1], -0)).toBe(true)
  })

  test('writes strings, bytes, booleans, dictionaries and values of any type', async () => {
    const keys = ids(3)
    const text = new Utf8Column(Buffer.from('xxgrünb'), Int32Array.of(2, 7, 7, 8))
    const raw = new BinaryColumn(Buffer.from([1, 2, 3]), Int32Array.of(0, 1, 3, 3))
    const word = new DictionaryColumn(Int32Array.of(1, 0, 1), new Utf8Column(Buffer.from('ab'), Int32Array.of(0, 1, 2)))
    const result = await client().batchWriteColumns({
      namespace: ns,
      set,
      keys,
      columns: {
        text,
        raw,
        word,
        names: ['one', 'two', 'three'],
        flags: Uint8Array.of(1, 0, 1),
        any: [{ a: [1] }, 5, Double(5)],
      },
      schema: { flags: 'bool' },
    })
    expect(result.ok).toBe(true)
    expect(await bins(keys[0] as number)).toEqual({
      text: 'grün',
      raw: Buffer.from([1]),
      word: 'b',
      names: 'one',
      flags: true,
      any: { a: [1] },
    })
    expect(await bins(keys[1] as number)).toMatchObject({ text: '', raw: Buffer.from([2, 3]), word: 'a', flags: false })
  })

  test('embeddings are blobs both ways', async () => {
    const keys = ids(4)
    const vec = Float32Array.from({ length: 4 * 384 }, (_, index) => index / 7)
    const type = ['f32', 384] as const
    const result = await client().batchWriteColumns({
      namespace: ns,
      set,
      keys,
      columns: { vec },
      schema: { vec: type },
    })
    expect(result.ok).toBe(true)
    const blob = (await bins(keys[1] as number)).vec as Buffer
    expect(blob.equals(Buffer.from(vec.buffer, 384 * 4, 384 * 4))).toBe(true)
    const rows = await client().batchReadColumns({ namespace: ns, set, ids: keys }, { vec: type })
    expect(rows.columns.vec).toEqual(vec)
    expect(rows.row(2)?.vec).toEqual(vec.subarray(2 * 384, 3 * 384))
    // Row by row, too.
    const more = ids(2)
    const each = [vec.subarray(0, 384), null]
    await client().batchWriteColumns({
      namespace: ns,
      set,
      keys: more,
      columns: { vec: each, n: [1, 2] },
      schema: { vec: type },
    })
    expect((await client().batchReadColumns({ namespace: ns, set, ids: more }, { vec: type })).nullCounts.vec).toBe(1)
  })

  test('takes keys of every kind', async () => {
    const n = Int32Array.of(1, 2)
    const prefix = randomUUID()
    const kinds = [
      [`${prefix}-a`, `${prefix}-b`],
      BigInt64Array.of(2n ** 60n, -(2n ** 60n)),
      Uint32Array.of(4_000_000_000, 4_000_000_001),
      [Buffer.from(`${prefix}1`), Buffer.from(`${prefix}2`)],
      new Utf8Column(Buffer.from('k1k2'), Int32Array.of(0, 2, 4)),
      new BinaryColumn(Buffer.from('k1k2'), Int32Array.of(0, 2, 4)),
      [5_000_000_000, -5_000_000_000],
      [2n ** 62n, 3n],
    ]
    for (const keys of kinds) {
      const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { n } })
      expect(result.ok).toBe(true)
      const rows = await client().batchReadColumns({ namespace: ns, set, ids: keys }, { n: 'i32' })
      expect(rows.columns.n).toEqual(n)
      const last = rows.key(1)?.userKey
      expect(rows.indexOf(last as string)).toBe(1)
      await client().remove(rows.key(0) as never)
      await client().remove(rows.key(1) as never)
    }
  })

  test('a missing value leaves its bin alone, or removes it', async () => {
    const keys = ids(2)
    const write = (columns: { [bin: string]: SourceColumn }, more: Pick<WriteColumns, 'validity' | 'nulls'> = {}) =>
      client().batchWriteColumns({ namespace: ns, set, keys, columns, ...more })
    await write({ a: [1, 2], b: [10, 20] })
    await write({ a: Int32Array.of(5, 6), b: [11, null] }, { validity: { a: Uint8Array.of(0b10) } })
    expect([await bins(keys[0] as number), await bins(keys[1] as number)]).toEqual([
      { a: 1, b: 11 },
      { a: 6, b: 20 },
    ])
    await write({ a: Int32Array.of(7, 8), b: [undefined, 22] }, { validity: { a: Uint8Array.of(1) }, nulls: 'remove' })
    expect([await bins(keys[0] as number), await bins(keys[1] as number)]).toEqual([{ a: 7 }, { b: 22 }])
  })

  test('a row without any value is its own failure', async () => {
    const keys = ids(3)
    const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { a: [1, null, 3] } })
    expect([...result.resultCodes]).toEqual([0, 4, 0])
    expect(result.error(1)).toMatchObject({ name: 'InvalidArgError', inDoubt: false })
    expect(result.error(1)?.message).toMatch(/no value to write/)
    expect([...result.failures()].map(({ row, key }) => [row, key.userKey])).toEqual([[1, keys[1]]])
    expect(() => result.throwIfFailed()).toThrow(/no value to write/)
    expect(await client().exists([ns, set, keys[1] as number])).toBe(false)
  })

  test('values that the server cannot hold fail their own row', async () => {
    const keys = ids(3)
    const n = BigUint64Array.of(1n, 2n ** 63n, 3n)
    const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { n } })
    expect([...result.resultCodes]).toEqual([0, 4, 0])
    expect(result.error(1)?.message).toMatch(/column n holds an integer beyond/)
    const text = new Utf8Column(Buffer.from([0x61, 0xff, 0x62]), Int32Array.of(0, 1, 2, 3))
    const second = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { text } })
    expect([...second.resultCodes]).toEqual([0, 4, 0])
    expect(second.error(1)?.message).toMatch(/column text .* not valid UTF-8/)
  })

  test('a record over the limit in the middle fails alone', async () => {
    const keys = ids(5)
    const big = keys.length - 3
    const blobs = Array.from(keys, (_, row) => Buffer.alloc(row === big ? 9 << 20 : 10, row))
    const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { blobs } }, PATIENT)
    expect([...result.resultCodes]).toEqual([0, 0, 13, 0, 0])
    expect(result.error(big)).toMatchObject({ name: 'RecordTooBigError', code: 'RECORD_TOO_BIG', inDoubt: false })
  })

  test('generations and lifetimes, of all rows or of each', async () => {
    const keys = ids(3)
    const a = Int32Array.of(1, 2, 3)
    await client().batchWriteColumns({ namespace: ns, set, keys, columns: { a }, ttl: 1000 })
    const rows = await client().batchReadColumns({ namespace: ns, set, ids: keys }, { a: 'i32' })
    for (const ttl of rows.ttl) expect(ttl).toBeGreaterThan(900)
    await client().put([ns, set, keys[1] as number], { a: 20 })
    const result = await client().batchWriteColumns({
      namespace: ns,
      set,
      keys,
      columns: { a: Int32Array.of(4, 5, 6) },
      gen: rows.gen,
      ttl: Int32Array.of(-1, -1, 5000),
    })
    expect([...result.resultCodes]).toEqual([0, 3, 0])
    expect([...result.gen]).toEqual([2, 0, 2])
    expect(result.error(1)).toMatchObject({ name: 'RecordGenerationError' })
    const after = await client().batchReadColumns({ namespace: ns, set, ids: keys }, { a: 'i32' })
    expect([...after.columns.a]).toEqual([4, 20, 6])
    expect(after.ttl[0]).toBe(0xffff_ffff)
    expect(after.ttl[2]).toBeGreaterThan(4900)
    const all = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { a }, gen: 2 })
    expect([...all.resultCodes]).toEqual([0, 0, 0])
  })

  test('policies hold for each row', async () => {
    const keys = ids(2)
    await client().put([ns, set, keys[0] as number], { a: 1 })
    const result = await client().batchWriteColumns(
      { namespace: ns, set, keys, columns: { a: [5, 6] } },
      { exists: 'create-only', key: 'send' },
    )
    expect([...result.resultCodes]).toEqual([5, 0])
    expect(result.error(0)).toMatchObject({ name: 'RecordExistsError' })
  })

  test('duplicates are written one after the other', async () => {
    const [key] = ids(1)
    const keys = [key, key, key] as number[]
    const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { a: [1, 2, 3] } })
    expect(result.ok).toBe(true)
    expect([...result.gen].sort()).toEqual([1, 2, 3])
  })

  test('no rows', async () => {
    const columns = { a: new Int32Array(0), b: [], c: new Utf8Column(Buffer.alloc(0), new Int32Array(1)) }
    const result = await client().batchWriteColumns({ namespace: ns, set, keys: [], columns })
    expect([result.length, result.written, result.ok, result.error(0)]).toEqual([0, 0, true, null])
  })

  test('seventy thousand rows', async () => {
    const keys = ids(70_000)
    const a = Float64Array.from(keys, id => id + 0.5)
    const result = await client().batchWriteColumns({ namespace: ns, set, keys, columns: { a } }, PATIENT)
    expect(result.written).toBe(70_000)
    const rows = await client().batchReadColumns({ namespace: ns, set, ids: keys }, { a: 'f64' }, PATIENT)
    expect(rows.columns.a).toEqual(a)
  }, 60_000)

  test('an unknown namespace', async () => {
    const written = client().batchWriteColumns({ namespace: 'unknown', set, keys: [1], columns: { a: [1] } })
    await expect(written).rejects.toMatchObject({ name: 'ServerError', code: 'INVALID_NAMESPACE' })
  })

  test('what was read can be written back as it is', async () => {
    const [keys, copies] = [ids(5), ids(5)]
    const columns = { n: [1, null, 3, null, 5], s: ['a', 'b', null, null, 'a'], v: [null, null, null, null, null] }
    await client().batchWriteColumns({ namespace: ns, set, keys, columns, nulls: 'remove' })
    const schema = { n: { type: 'i32', fill: -1 }, s: 'dictionary', v: ['f32', 3] } as const
    const rows = await client().batchReadColumns({ namespace: ns, set, ids: keys }, schema)
    expect([...rows.columns.n]).toEqual([1, -1, 3, -1, 5])
    const copied = await client().batchWriteColumns({
      namespace: ns,
      set,
      keys: copies,
      columns: rows.columns,
      validity: rows.validity,
      schema,
    })
    expect([...copied.resultCodes]).toEqual([0, 0, 0, 4, 0])
    const again = await client().batchReadColumns({ namespace: ns, set, ids: copies }, schema)
    expect([...again].map(row => row && [row.n, row.s])).toEqual([[1, 'a'], [null, 'b'], [3, null], null, [5, 'a']])
  })

  describe('refuses before anything is sent', () => {
    const good = { namespace: ns, set, keys: [1, 2], columns: { a: [1, 2] } }
    const detached = Int32Array.of(1, 2)
    structuredClone(detached, { transfer: [detached.buffer] })
    const shared = new Int32Array(new SharedArrayBuffer(8))
    test.each<[string, object, RegExp]>([
      ['too few values', { columns: { a: [1] } }, /columns.a: 1 values for 2 keys/],
      ['too many values', { columns: { a: Int32Array.of(1, 2, 3) } }, /columns.a: 3 values for 2 keys/],
      [
        'a sub-array of another length',
        { columns: { a: new Float32Array(5) }, schema: { a: ['f32', 3] } },
        /columns.a: 5 values for 2 keys of 3/,
      ],
      ['a detached array', { columns: { a: detached } }, /columns.a: the memory is no longer available/],
      ['shared memory', { columns: { a: shared } }, /columns.a: memory that is shared/],
      ['keys in shared memory', { keys: shared }, /keys: memory that is shared/],
      ['detached keys', { keys: detached }, /keys: the memory is no longer available/],
      [
        'an array of another type',
        { columns: { a: Int32Array.of(1, 2) }, schema: { a: 'f64' } },
        /columns.a: an array of i32 is no column of the type "f64"/,
      ],
      [
        'a value of another type',
        { columns: { a: ['x', 5] }, schema: { a: 'utf8' } },
        /columns.a\[1\]: 5 is not a value of the type "utf8"/,
      ],
      ['an object', { columns: { a: {} } }, /columns.a: a typed array, an array, .* is needed, not an object/],
      ['a function', { columns: { a: [1, () => 1] } }, /a/],
      ['no columns', { columns: {} }, /columns: at least one column is needed/],
      ['invalid columns', { columns: 5 }, /columns: an object is needed, not 5/],
      ['too few bits', { validity: { a: new Uint8Array(0) } }, /validity.a: 0 bytes are too few/],
      ['bits of no column', { validity: { b: new Uint8Array(1) } }, /validity.b: there is no such column/],
      ['invalid bits', { validity: { a: [true, false] } }, /validity.a: a Uint8Array of bits is needed, not an array/],
      ['an invalid key', { keys: ['a', 1.5] }, /key: a numeric user key is an integer/],
      ['no keys', { keys: undefined }, /keys: an array, .* is needed, not undefined/],
      ['an unknown nulls', { nulls: 'drop' }, /nulls: one of 'skip', 'remove' is needed/],
      [
        'a long bin name',
        { columns: { 'sixteen-bytes-xx': [1, 2] } },
        /bin name "sixteen-bytes-xx" is longer than 15 bytes/,
      ],
      ['an empty namespace', { namespace: '' }, /namespace is empty/],
      ['an unknown option', { key: [1, 2] }, /unknown option "key"/],
      ['an invalid lifetime', { ttl: -7 }, /ttl: an integer from -2/],
      ['lifetimes of another number', { ttl: new Int32Array(3) }, /ttl: 3 values for 2 keys/],
      ['an invalid generation', { gen: 'x' }, /gen: a number, an Int32Array or a Uint32Array is needed/],
      [
        'offsets beyond their data',
        { columns: { a: new Utf8Column(Buffer.from('ab'), Int32Array.of(0, 1, 3)) } },
        /columns.a: the offsets reach beyond the data/,
      ],
    ])('%s', async (name, change, message) => {
      const call = client().batchWriteColumns({ ...good, ...change } as unknown as WriteColumns)
      const error = await call.then(
        () => undefined,
        (error: unknown) => error as Error,
      )
      expect(error).toBeInstanceOf(name.includes('bin name') ? BinNameError : InvalidArgError)
      expect(error?.message).toMatch(message)
    })
  })
})

test('a call that is aborted rejects, and says that it may have been applied', async () => {
  const { connect } = await import('aerospike-napi')
  await using client = await connect({ hosts: inject('aerospike').address })
  const keys = ids(5000)
  const abort = new AbortController()
  const columns = { a: keys, b: keys, c: keys }
  const written = client.batchWriteColumns({ namespace: ns, set, keys, columns }, { signal: abort.signal })
  abort.abort('enough')
  await expect(written).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' })
  const read = new AbortController()
  const reading = client.batchReadColumns({ namespace: ns, set, ids: keys }, { a: 'i32' }, { signal: read.signal })
  read.abort()
  await expect(reading).rejects.toMatchObject({ name: 'AbortError', inDoubt: false })
  // The client goes on.
  const after = await client.batchWriteColumns({ namespace: ns, set, keys, columns }, PATIENT)
  expect(after.ok).toBe(true)
})
