import { AerospikeRecord, BatchRecords, Key, type KeyLike } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('batch-read')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  /** Records { n: row, even: true|false } of new keys; every third one is left out. */
  async function filled(count: number): Promise<Key[]> {
    const keys = newKey.many(count)
    const there = [...keys.entries()].filter(([row]) => row % 3 !== 2)
    await Promise.all(there.map(([row, key]) => client().put(key, { n: row, even: row % 2 === 0 })))
    return keys
  }

  const bins = (row: number) => ({ n: row, even: row % 2 === 0 })

  test('reads records in the order of the keys', async () => {
    const keys = await filled(9)
    const rows = await client().batchRead(keys)
    expect(rows).toBeInstanceOf(BatchRecords)
    expect(rows.length).toBe(9)
    for (const [row, key] of keys.entries()) {
      const found = rows.at(row)
      expect(found?.key).toBe(key)
      if (row % 3 === 2) {
        expect(found).toMatchObject({ record: null, resultCode: 2, inDoubt: false })
        expect(found?.error).toMatchObject({
          name: 'RecordNotFoundError',
          code: 'RECORD_NOT_FOUND',
          resultCode: 2,
          key,
        })
      } else {
        expect(found?.record).toBeInstanceOf(AerospikeRecord)
        expect(found?.record).toMatchObject({ key, bins: bins(row), gen: 1 })
        expect(found).toMatchObject({ resultCode: 0, error: null, inDoubt: false })
      }
    }
  })

  test('reads some bins', async () => {
    const keys = await filled(4)
    const rows = await client().batchRead(keys, ['n'])
    expect(rows.toArray().map(row => row.record?.bins)).toEqual([{ n: 0 }, { n: 1 }, undefined, { n: 3 }])
    const others = await client().batchRead(keys, ['even', 'none'])
    expect(others.at(3)?.record?.bins).toEqual({ even: false })
    const none = await client().batchRead(keys, ['none'])
    expect(none.at(0)).toMatchObject({ resultCode: 0, record: { bins: {} } })
    const twice = await client().batchRead(keys, ['n', 'n'])
    expect(twice.at(1)?.record?.bins).toEqual({ n: 1 })
  })

  test('an empty list of bins asks for existence', async () => {
    const keys = newKey.many(2)
    await client().put(keys[0] as Key, { a: 1 }, { ttl: 5000 })
    await client().put(keys[0] as Key, { a: 2 }, { ttl: 5000 })
    const rows = await client().batchRead(keys, [])
    expect(rows.at(0)?.record).toMatchObject({ bins: {}, gen: 2 })
    expect(rows.at(0)?.record?.ttl).toBeGreaterThan(4990)
    expect(rows.at(1)).toMatchObject({ record: null, resultCode: 2 })
  })

  test('tells what it found', async () => {
    const rows = await client().batchRead(await filled(9))
    expect(rows.succeeded).toBe(6)
    expect(rows.ok).toBe(true)
    expect(rows.throwIfFailed()).toBe(rows)
    expect(Array.from({ length: 9 }, (_, row) => rows.resultCode(row))).toEqual([0, 0, 2, 0, 0, 2, 0, 0, 2])
  })

  test('is iterated, and is an array', async () => {
    const keys = await filled(5)
    const rows = await client().batchRead(keys)
    expect([...rows].map(row => row.key)).toEqual(keys)
    expect(rows.toArray()).toHaveLength(5)
    const [first, , third] = rows
    expect([first?.resultCode, third?.resultCode]).toEqual([0, 2])
    expect(rows.at(1)).toBe(rows.at(1))
    for (const row of [-1, 5, 1.5, Number.NaN]) expect(rows.at(row)).toBeUndefined()
  })

  test('gives rows by key and by user key', async () => {
    const [named, numbered, wide, bytes] = [newKey('named'), newKey(7), newKey(2n ** 60n), newKey(Buffer.from([1, 2]))]
    const keys = [named, numbered, wide, bytes]
    await Promise.all(keys.map((key, row) => client().put(key, { row })))
    const rows = await client().batchRead(keys)
    expect(rows.get(named)?.record?.bins).toEqual({ row: 0 })
    expect(rows.get([numbered.namespace, numbered.set, 7])?.record?.bins).toEqual({ row: 1 })
    expect(rows.get(Key.fromDigest('test', wide.set, wide.digest))?.record?.bins).toEqual({ row: 2 })
    expect(rows.get('named')?.record?.bins).toEqual({ row: 0 })
    expect(rows.get(7)?.record?.bins).toEqual({ row: 1 })
    expect(rows.get(7n)?.record?.bins).toEqual({ row: 1 })
    expect(rows.get(2n ** 60n)?.record?.bins).toEqual({ row: 2 })
    expect(rows.get(new Uint8Array([1, 2]))?.record?.bins).toEqual({ row: 3 })
    for (const none of ['7', 8, Buffer.from([1]), newKey(), 'none']) expect(rows.get(none)).toBeUndefined()
  })

  test('makes a Map and an object of what was found', async () => {
    const keys = [newKey('found'), newKey('missing'), newKey(5), newKey(Buffer.from([0xff])), newKey('__proto__')]
    for (const row of [0, 2, 3, 4]) await client().put(keys[row] as Key, { row })
    const rows = await client().batchRead(keys)
    const map = rows.toMap()
    expect([...map.keys()]).toEqual(['found', 5, Buffer.from([0xff]), '__proto__'])
    expect(map.get('found')?.bins).toEqual({ row: 0 })
    const object = rows.toObject()
    expect(Object.keys(object).sort()).toEqual(['5', '__proto__', 'ff', 'found'])
    expect(object[5]?.bins).toEqual({ row: 2 })
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })

  test('makes neither where one of two records would be lost', async () => {
    const [number, text] = [newKey(6), newKey('6')]
    const elsewhere = new Key('demo', number.set, 6)
    for (const key of [number, text, elsewhere]) await client().put(key, { a: 1 })
    const texts = await client().batchRead([number, text, number])
    expect([...texts.toMap().keys()]).toEqual([6, '6'])
    const lost = { name: 'ClientError', code: 'CLIENT' }
    expect(await rejection((async () => texts.toObject())())).toMatchObject({
      ...lost,
      message: `toObject: the records ${number} and ${text} have the same name, so one of them would be lost`,
    })
    const sets = await client().batchRead([number, elsewhere])
    expect(await rejection((async () => sets.toMap())())).toMatchObject(lost)
    expect(sets.get(elsewhere)?.key.namespace).toBe('demo')
    await client().remove(elsewhere)
  })

  test('reads by digest', async () => {
    const [key] = await filled(1)
    const { namespace, set, digest } = key as Key
    const rows = await client().batchRead([Key.fromDigest(namespace, set, digest)])
    expect(rows.at(0)?.record?.bins).toEqual(bins(0))
    expect(rows.get(key as Key)?.resultCode).toBe(0)
    expect([...rows.toMap().keys()]).toEqual([digest])
  })

  test('no keys are no rows', async () => {
    const rows = await client().batchRead([])
    expect([rows.length, rows.succeeded, rows.ok, [...rows], rows.toMap().size]).toEqual([0, 0, true, [], 0])
    expect(rows.at(0)).toBeUndefined()
    expect(rows.get('any')).toBeUndefined()
  })

  test('one key', async () => {
    const [key] = await filled(1)
    const rows = await client().batchRead([key as Key])
    expect(rows.at(0)?.record?.bins).toEqual(bins(0))
    const missing = await client().batchRead([newKey()])
    expect(missing.at(0)).toMatchObject({ record: null, resultCode: 2 })
  })

  test('a key that is asked for twice has two rows', async () => {
    const [key, other] = await filled(2)
    const rows = await client().batchRead([key, other, key, key] as Key[])
    expect(rows.toArray().map(row => row.record?.bins)).toEqual([bins(0), bins(1), bins(0), bins(0)])
    expect(rows.get(key as Key)).toBe(rows.at(0))
  })

  test('five thousand keys', async () => {
    const keys = await filled(5000)
    const rows = await client().batchRead(keys, null, { totalTimeout: 10_000 })
    expect(rows.length).toBe(5000)
    expect(rows.succeeded).toBe(Math.ceil((5000 * 2) / 3))
    const wrong = keys.flatMap((_, row) => {
      const read = rows.at(row)?.record?.bins
      return (row % 3 === 2 ? read === undefined : read?.n === row && read.even === (row % 2 === 0)) ? [] : [row]
    })
    expect(wrong).toEqual([])
  })

  test('large records', async () => {
    const keys = newKey.many(20)
    await Promise.all(keys.map((key, row) => client().put(key, { text: String(row).repeat(100_000), row })))
    const rows = await client().batchRead(keys, null, { totalTimeout: 10_000 })
    for (const [row] of keys.entries()) {
      expect(rows.at(row)?.record?.bins.text === String(row).repeat(100_000)).toBe(true)
    }
  })

  test('records of many shapes', async () => {
    const keys = newKey.many(50)
    const shape = (row: number) =>
      Object.fromEntries(Array.from({ length: (row % 10) + 1 }, (_, i) => [`b${row}-${i}`, i]))
    await Promise.all(keys.map((key, row) => client().put(key, shape(row))))
    const rows = await client().batchRead(keys)
    expect(rows.toArray().map(row => row.record?.bins)).toEqual(keys.map((_, row) => shape(row)))
  })

  test('several namespaces', async () => {
    const [one, two] = [newKey('same', 'test'), newKey('same', 'demo')]
    await client().put(one, { where: 'test' })
    await client().put(two, { where: 'demo' })
    const rows = await client().batchRead([one, two, one])
    expect(rows.toArray().map(row => row.record?.bins.where)).toEqual(['test', 'demo', 'test'])
    expect(rows.get(two)?.record?.bins.where).toBe('demo')
  })

  test('several sets', async () => {
    const key = newKey('shared')
    const bare = new Key('test', null, 'batch-read-shared')
    await client().put(key, { where: 'set' })
    await client().put(bare, { where: 'none' })
    const likes: KeyLike[] = [bare, ['test', key.set, 'shared'], ['test', '', 'batch-read-shared']]
    const rows = await client().batchRead(likes)
    expect(rows.toArray().map(row => row.record?.bins.where)).toEqual(['none', 'set', 'none'])
    await client().remove(bare)
  })

  test('a namespace that the server does not know fails its rows only', async () => {
    const keys = await filled(4)
    const unknown = newKey('any', 'unknown')
    const rows = await client().batchRead([keys[0] as Key, unknown, keys[1] as Key, keys[2] as Key])
    expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 20, 0, 2])
    expect(rows.at(1)).toMatchObject({ record: null, error: { name: 'ServerError', code: 'INVALID_NAMESPACE' } })
    expect(rows.at(1)?.error?.key).toBe(unknown)
    expect(rows.ok).toBe(false)
    expect(() => rows.throwIfFailed()).toThrow(rows.at(1)?.error?.message)
  })

  test('unknown namespaces alone are an error of the call', async () => {
    const unknown = [newKey('a', 'unknown'), newKey('b', 'unknown')]
    await expect(client().batchRead(unknown)).rejects.toMatchObject({ name: 'ServerError', code: 'INVALID_NAMESPACE' })
  })

  test('many batches at once', async () => {
    const keys = await filled(30)
    const all = await Promise.all(Array.from({ length: 40 }, () => client().batchRead(keys)))
    for (const rows of all) expect(rows.succeeded).toBe(20)
  })

  describe('how values are read', () => {
    const other = connectBefore(kind, { int64: 'bigint', maps: 'map' })

    test('holds for batches', async () => {
      const key = newKey()
      await client().put(key, { n: 1, map: { a: 2 } })
      const rows = await other().batchRead([key])
      expect(rows.at(0)?.record?.bins).toEqual({ n: 1n, map: new Map([['a', 2n]]) })
    })
  })

  describe('a row that cannot be read', () => {
    const other = connectBefore(kind, { int64: 'number' })

    test('has an error that names bin and key', async () => {
      const keys = newKey.many(2)
      await client().put(keys[0] as Key, { n: 1 })
      await client().put(keys[1] as Key, { n: 2n ** 60n })
      const rows = await other().batchRead(keys)
      expect(rows.at(0)?.record?.bins).toEqual({ n: 1 })
      expect(rows.at(1)).toMatchObject({ record: null, resultCode: -1, error: { name: 'ClientError', key: keys[1] } })
      expect(rows.at(1)?.error?.message).toContain(`bin n: the integer ${2n ** 60n} does not fit a number`)
      expect(rows.at(1)?.error?.message).toContain(String(keys[1]))
    })
  })
})
