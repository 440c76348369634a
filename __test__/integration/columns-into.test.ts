// Results whose memory the next result takes over.
import { markAsUntransferable } from 'node:worker_threads'
import { Columns, type Key, type Schema, type Utf8Column } from 'aerospike-napi'
import { readArrow } from 'aerospike-napi/arrow'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('columns-into')
const SCHEMA = { a: 'i32', b: 'f64', name: 'utf8' } as const
/** Rows from which the memory is more than 64 KiB: the native side's own. */
const MANY = 3000

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const other = connectBefore(kind)
  let filled: Key[] | undefined

  async function keys(count: number): Promise<Key[]> {
    if (filled === undefined) {
      const made = newKey.many(MANY)
      const rows = made.map((key, row) => ({ key, bins: { a: row, b: row + 0.5, name: `row ${row}` } }))
      const written = await client().batchWrite(rows, { totalTimeout: 30_000 })
      expect(written.ok).toBe(true)
      filled = made
    }
    return filled.slice(0, count)
  }

  function expectRows(rows: Columns<typeof SCHEMA>, count: number, first = 0): void {
    expect([rows.length, rows.found]).toEqual([count, count])
    let sum = 0
    for (let row = 0; row < count; row++) sum += (rows.columns.a[row] ?? 0) + (rows.columns.b[row] ?? 0)
    expect(sum).toBe(count * (count - 1) + 2 * first * count + count / 2)
    expect(rows.columns.name.get(count - 1)).toBe(`row ${first + count - 1}`)
  }

  function expectEmpty(rows: Columns<typeof SCHEMA>): void {
    const { a, b, name } = rows.columns
    expect([a.length, b.length, rows.buffer.length, rows.resultCodes.length]).toEqual([0, 0, 0, 0])
    expect([rows.gen.length, rows.ttl.length, rows.validity.a.length]).toEqual([0, 0, 0])
    expect([name.get(0), rows.row(0), rows.isValid('a', 0), rows.error(0)]).toEqual(['', null, false, null])
  }

  test.each([
    ['copied', 10],
    ['lent', MANY],
  ])('takes over %s memory', async (_, count) => {
    const asked = await keys(count)
    const former = await client().batchReadColumns(asked, SCHEMA)
    expectRows(former, count)
    const next = client().batchReadColumns(asked, SCHEMA, { into: former })
    expectEmpty(former)
    expectRows(await next, count)
    expect(former.key(0)).toEqual(asked[0])
  })

  test('gives right values over 1000 reuses with different sizes', async () => {
    const asked = await keys(MANY)
    let rows: Columns<typeof SCHEMA> | undefined
    for (let time = 0; time < 1000; time++) {
      // Mostly small, now and then across the size from which memory is lent, in both directions.
      const count = time % 50 < 3 ? MANY - (time % 3) * 700 : 1 + ((time * 37) % 60)
      const first = time % (MANY - count + 1)
      const former: Columns<typeof SCHEMA> | undefined = rows
      rows = await client().batchReadColumns(asked.slice(first, first + count), SCHEMA, { into: former })
      expectRows(rows, count, first)
      if (former !== undefined) expect(former.columns.a.length).toBe(0)
    }
  })

  test('leaves no trace of the former values', async () => {
    const asked = await keys(MANY)
    const former = await client().batchReadColumns(asked, SCHEMA)
    const missing = newKey.many(MANY)
    const rows = await client().batchReadColumns([...missing.slice(1), asked[7] as Key], SCHEMA, { into: former })
    expect(rows.found).toBe(1)
    expect(rows.columns.a.subarray(0, MANY - 1).every(value => value === 0)).toBe(true)
    expect(rows.columns.b.subarray(0, MANY - 1).every(value => value === 0)).toBe(true)
    expect(rows.row(MANY - 1)).toEqual({ a: 7, b: 7.5, name: 'row 7' })
    expect(rows.nullCounts).toEqual({ a: MANY - 1, b: MANY - 1, name: MANY - 1 })
  })

  test('takes another schema', async () => {
    const asked = await keys(MANY)
    const former: Columns<Schema> = await client().batchReadColumns(asked, SCHEMA)
    const rows = await client().batchReadColumns(asked, { name: 'dictionary', a: 'i64' }, { into: former })
    expect([rows.columns.name.get(9), rows.columns.a[9]]).toEqual(['row 9', 9n])
  })

  test('the former is gone when the call fails, and stays when it is refused', async () => {
    const asked = await keys(MANY)
    const former = await client().batchReadColumns(asked, SCHEMA)
    const bad = client().batchReadColumns(asked, { a: 'i33' } as unknown as typeof SCHEMA, { into: former })
    await expect(bad).rejects.toMatchObject({ name: 'InvalidArgError' })
    const unknown = client().batchReadColumns(asked, SCHEMA, { into: former, nope: 1 } as object)
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidArgError' })
    const tx = other().transaction()
    await expect(client().batchReadColumns(asked, SCHEMA, { into: former, tx })).rejects.toThrow('another client')
    expectRows(former, MANY)
    await expect(client().batchReadColumns([['nowhere', 's', 1]], SCHEMA, { into: former })).rejects.toMatchObject({
      name: 'ServerError',
      code: 'INVALID_NAMESPACE',
    })
    expectEmpty(former)
  })

  test.each([
    ['an array', () => [], 'not an array'],
    ['an ArrayBuffer', () => new ArrayBuffer(8), 'a former result, Columns, is needed'],
    ['true', () => true, 'a former result, Columns, is needed'],
  ])('refuses %s', async (_, into, message) => {
    const refused = client().batchReadColumns([['test', 's', 1]], SCHEMA, { into: into() as unknown as Columns })
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringContaining('batch policy.into'),
    })
    await expect(refused).rejects.toThrow(message === 'not an array' ? 'Columns, is needed' : message)
  })

  test('refuses what was taken over or transferred before', async () => {
    const asked = await keys(MANY)
    const former = await client().batchReadColumns(asked, SCHEMA)
    const first = client().batchReadColumns(asked, SCHEMA, { into: former })
    const second = client().batchReadColumns(asked, SCHEMA, { into: former })
    await expect(second).rejects.toThrow('batch policy.into: its memory was already taken over')
    expectRows(await first, MANY)
    const small = await client().batchReadColumns(asked.slice(0, 10), SCHEMA)
    const { buffer } = small.toMessage()
    structuredClone(buffer, { transfer: [buffer] })
    await expect(client().batchReadColumns(asked, SCHEMA, { into: small })).rejects.toThrow(
      'was already taken over or transferred',
    )
  })

  test('refuses memory that is shared, or a part of a larger one', async () => {
    const asked = await keys(10)
    const { buffer, layout } = (await client().batchReadColumns(asked, SCHEMA)).toMessage()
    const shared = new Uint8Array(new SharedArrayBuffer(buffer.byteLength))
    shared.set(new Uint8Array(buffer))
    const ofShared = Columns.from<typeof SCHEMA>({ buffer: shared, layout })
    await expect(client().batchReadColumns(asked, SCHEMA, { into: ofShared })).rejects.toThrow('shared')
    const larger = new Uint8Array(buffer.byteLength + 64)
    larger.set(new Uint8Array(buffer), 64)
    const ofPart = Columns.from<typeof SCHEMA>({ buffer: larger.subarray(64), layout })
    await expect(client().batchReadColumns(asked, SCHEMA, { into: ofPart })).rejects.toThrow('a part of a larger')
    expectRows(ofPart, 10)
  })

  test('refuses memory that the call reads its keys from', async () => {
    const set = newKey('names').set
    const ids = Array.from({ length: MANY }, (_, row) => `id ${row}`)
    const records = ids.map(id => ({ key: ['test', set, id] as const, bins: { id } }))
    await client().batchWrite(records, { totalTimeout: 30_000 })
    const schema = { id: 'utf8' } as const
    const rows = await client().batchReadColumns({ namespace: 'test', set, ids }, schema)
    const column: Utf8Column = rows.columns.id
    const refused = client().batchReadColumns({ namespace: 'test', set, ids: column }, schema, { into: rows })
    await expect(refused).rejects.toThrow('batch policy.into: its memory contains the keys')
    expect(column.get(5)).toBe('id 5')
  })

  test('memory of JavaScript`s own is given up, and not taken', async () => {
    const asked = await keys(MANY)
    const { buffer, layout } = (await client().batchReadColumns(asked, SCHEMA)).toMessage()
    const former = Columns.from<typeof SCHEMA>({ buffer, layout })
    expectRows(await client().batchReadColumns(asked, SCHEMA, { into: former }), MANY)
    expectEmpty(former)
  })

  test('memory that is marked as not to be transferred', async () => {
    const asked = await keys(MANY)
    const former = await client().batchReadColumns(asked, SCHEMA)
    markAsUntransferable(former.buffer.buffer)
    expectRows(await client().batchReadColumns(asked, SCHEMA, { into: former }), MANY)
    expectEmpty(former)
  })

  test('readArrow has no use for it', async () => {
    const rows = await client().batchReadColumns(await keys(1), SCHEMA)
    const policy: object = { into: rows }
    expect(() => readArrow(client() as never, [], { a: 'i32' }, {}, policy)).toThrow('batch policy.into')
  })
})
