import { AerospikeRecord, type BatchRowRequest, batchRow, exp, Key, lists, maps, op } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('batch-write')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  const binsOf = async (keys: readonly Key[]) => {
    const rows = await client().batchRead(keys)
    return rows.toArray().map(row => row.record?.bins)
  }

  async function filled(count: number): Promise<Key[]> {
    const keys = newKey.many(count)
    await client().batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
    return keys
  }

  describe('batchWrite', () => {
    test('writes bins of each record', async () => {
      const keys = newKey.many(3)
      const rows = await client().batchWrite(
        keys.map((key, n) => ({ key, bins: { n, name: `no ${n}`, list: [n], map: { n } } })),
      )
      expect([rows.length, rows.succeeded, rows.ok]).toEqual([3, 3, true])
      const first = rows.at(0)
      expect(first).toMatchObject({ index: 0, key: keys[0], resultCode: 0, error: null, inDoubt: false })
      expect(first?.record).toBeInstanceOf(AerospikeRecord)
      expect(first?.record).toMatchObject({ bins: {}, gen: 1 })
      expect(first).toMatchObject({ result: undefined, node: undefined })
      expect(await binsOf(keys)).toEqual(keys.map((_, n) => ({ n, name: `no ${n}`, list: [n], map: { n } })))
    })

    test('one record alone', async () => {
      const key = newKey()
      const rows = await client().batchWrite([{ key, bins: { a: 1 } }])
      expect(rows.at(0)).toMatchObject({ resultCode: 0, record: { bins: {}, gen: 1 } })
      expect((await client().get(key)).bins).toEqual({ a: 1 })
    })

    test('no records are no rows', async () => {
      const rows = await client().batchWrite([])
      expect([rows.length, rows.succeeded, rows.ok, [...rows]]).toEqual([0, 0, true, []])
    })

    test('keeps the bins beside, and removes those of null', async () => {
      const [key, other] = newKey.many(2) as [Key, Key]
      await client().put(key, { a: 1, b: 2, c: 3 })
      await client().batchWrite([
        { key, bins: { a: null, b: 5 } },
        { key: other, bins: { x: 1 } },
      ])
      expect((await client().get(key)).bins).toEqual({ b: 5, c: 3 })
    })

    test('meta and policy hold for their record', async () => {
      const keys = newKey.many(5) as [Key, Key, Key, Key, Key]
      for (const key of keys.slice(0, 3)) await client().put(key, { old: 1 })
      const rows = await client().batchWrite([
        { key: keys[0], bins: { n: 0 }, meta: { gen: 1, ttl: 500 } },
        { key: keys[1], bins: { n: 1 }, meta: { gen: 7 } },
        { key: keys[2], bins: { n: 2 }, policy: { exists: 'create-only' } },
        { key: keys[3], bins: { n: 3 }, policy: { exists: 'update-only' } },
        { key: keys[4], bins: { n: 4 }, policy: { ttl: -1 } },
      ])
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 3, 5, 2, 0])
      expect(rows.at(1)?.error).toMatchObject({ name: 'RecordGenerationError', key: keys[1], inDoubt: false })
      expect(rows.at(2)?.error).toMatchObject({ name: 'RecordExistsError' })
      expect(rows.at(3)?.error).toMatchObject({ name: 'RecordNotFoundError' })
      expect(rows.ok).toBe(false)
      expect(() => rows.throwIfFailed()).toThrow(rows.at(1)?.error?.message)
      expect(await binsOf(keys)).toEqual([{ old: 1, n: 0 }, { old: 1 }, { old: 1 }, undefined, { n: 4 }])
      const ttls = await client().batchRead([keys[0], keys[4]], [])
      expect(ttls.at(0)?.record?.ttl).toBeGreaterThan(450)
      expect(ttls.at(0)?.record?.ttl).toBeLessThanOrEqual(500)
      expect(ttls.at(1)?.record?.ttl).toBe(-1)
    })

    test('an update of a missing record is a failure', async () => {
      const rows = await client().batchWrite([{ key: newKey(), bins: { a: 1 }, policy: { exists: 'update-only' } }])
      expect(rows.at(0)?.resultCode).toBe(2)
      expect(rows.ok).toBe(false)
    })

    test("the batch's policy holds for all rows, and a row's own comes first", async () => {
      const keys = newKey.many(3) as [Key, Key, Key]
      await client().put(keys[0], { old: 1 })
      const rows = await client().batchWrite(
        [
          { key: keys[0], bins: { n: 0 } },
          { key: keys[1], bins: { n: 1 } },
          { key: keys[0], bins: { m: 2 }, policy: { exists: 'update' } },
          { key: keys[2], bins: { n: 3 }, meta: { ttl: 300 } },
        ],
        { exists: 'create-only', ttl: 600 },
      )
      expect(rows.toArray().map(row => row.resultCode)).toEqual([5, 0, 0, 0])
      const meta = await client().batchRead([keys[1], keys[2]], [])
      expect(meta.at(0)?.record?.ttl).toBeGreaterThan(500)
      expect(meta.at(1)?.record?.ttl).toBeLessThanOrEqual(300)
    })

    test('stores the user key where it is asked for', async () => {
      const [one, other] = newKey.many(2) as [Key, Key]
      const rows = await client().batchWrite([
        { key: one, bins: { a: 1 }, policy: { key: 'send' } },
        { key: other, bins: { a: 1 } },
      ])
      expect(rows.ok).toBe(true)
      const stored = exp.eq(exp.keyExists(), exp.bool(true))
      const found = await client().batchRead([one, other], null, { filterExpression: stored })
      expect(found.toArray().map(row => row.resultCode)).toEqual([0, 27])
    })

    test('a filter of the batch, and of a row', async () => {
      const keys = await filled(4)
      const small = exp.lt(exp.binInt('n'), exp.int(2))
      const rows = await client().batchWrite(
        keys.map((key, n) => ({
          key,
          bins: { m: n },
          ...(n === 3 ? { policy: { filterExpression: exp.eq(exp.binInt('n'), exp.int(3)) } } : {}),
        })),
        { filterExpression: small },
      )
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 27, 27])
      expect(rows.at(2)?.error?.name).toBe('FilteredOutError')
    })

    test('a record that is written twice has two results', async () => {
      const key = newKey()
      const rows = await client().batchWrite([
        { key, bins: { a: 1 } },
        { key, bins: { b: 2 } },
      ])
      expect([rows.length, rows.ok]).toEqual([2, true])
      expect(rows.get(key)).toBe(rows.at(0))
      expect((await client().get(key)).bins).toEqual({ a: 1, b: 2 })
    })

    test('a record beyond the limit fails alone', async () => {
      const keys = newKey.many(5)
      const rows = await client().batchWrite(
        keys.map((key, row) => ({ key, bins: { blob: Buffer.alloc(row === 2 ? 9 << 20 : 10, 1) } })),
        { totalTimeout: 20_000 },
      )
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 13, 0, 0])
      expect(rows.at(2)?.error).toMatchObject({ name: 'RecordTooBigError', key: keys[2] })
    })

    test('several namespaces, one of them unknown', async () => {
      const keys = [newKey('a'), newKey('b', 'demo'), newKey('c', 'unknown'), newKey('d')]
      const rows = await client().batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 20, 0])
      expect(rows.at(2)).toMatchObject({ inDoubt: false, error: { code: 'INVALID_NAMESPACE' } })
    })

    test('seventy thousand records, in parts', async () => {
      const keys = newKey.many(70_000)
      const write = await client().batchWrite(
        keys.map((key, n) => ({ key, bins: { n } })),
        { totalTimeout: 60_000, subBatchSize: 3000 },
      )
      expect([write.ok, write.succeeded]).toEqual([true, 70_000])
      const read = await client().batchRead(keys, null, { totalTimeout: 60_000 })
      const wrong = keys.findIndex((_, n) => read.at(n)?.record?.bins.n !== n)
      expect(wrong).toBe(-1)
      const gone = await client().batchRemove(keys, { totalTimeout: 60_000 })
      expect(gone.succeeded).toBe(70_000)
    }, 60_000)
  })

  describe('batchOperate', () => {
    test('the same operations on each', async () => {
      const keys = await filled(3)
      const rows = await client().batchOperate(keys, [op.incr('n', 10), op.read('n'), lists.append('log', 'x')])
      expect(rows.toArray().map(row => row.record?.bins)).toEqual([10, 11, 12].map(n => ({ n, log: 1 })))
      expect(rows.at(0)?.record?.gen).toBe(2)
    })

    test('one record alone answers as several do', async () => {
      const [key] = (await filled(1)) as [Key]
      const rows = await client().batchOperate([key], [op.incr('n', 1), op.read('n'), maps.put('m', 'a', 1)])
      expect(rows.at(0)?.record?.bins).toEqual({ n: 1, m: 1 })
    })

    test('operations that only read', async () => {
      const keys = await filled(3)
      const rows = await client().batchOperate([...keys, newKey()], [op.read('n')])
      expect(rows.toArray().map(row => row.record?.bins)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }, undefined])
      expect(rows.at(3)?.resultCode).toBe(2)
      expect(rows.ok).toBe(true)
    })

    test('a read of all bins and of the header', async () => {
      const keys = await filled(2)
      const all = await client().batchOperate(keys, [op.read()])
      expect(all.at(1)?.record?.bins).toEqual({ n: 1 })
      const header = await client().batchOperate(keys, [op.readHeader()])
      expect(header.at(1)?.record).toMatchObject({ bins: {}, gen: 1 })
    })

    test('a row whose bin is of another type fails alone', async () => {
      const keys = await filled(3)
      await client().put(keys[1] as Key, { n: 'text' })
      const rows = await client().batchOperate(keys, [op.incr('n', 1), op.read('n')])
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 12, 0])
      expect(rows.at(1)?.error).toMatchObject({ name: 'BinTypeError', inDoubt: false })
      expect(rows.at(1)?.address).toMatch(/:\d+$/)
      expect(client().getNodeNames()).toContain(rows.at(1)?.node)
    })

    test('touch and delete', async () => {
      const keys = await filled(2)
      const touched = await client().batchOperate(keys, [op.touch()], { ttl: 777 })
      expect(touched.ok).toBe(true)
      const meta = await client().batchRead(keys, [])
      expect(meta.at(0)?.record?.ttl).toBeGreaterThan(700)
      const read = await client().batchOperate(keys, [op.read('n'), op.delete()])
      expect(read.toArray().map(row => row.record?.bins)).toEqual([{ n: 0 }, { n: 1 }])
      expect((await client().batchRead(keys)).succeeded).toBe(0)
    })
  })

  describe('batchRemove', () => {
    test('deletes, and tells of those that were not there', async () => {
      const keys = await filled(3)
      const rows = await client().batchRemove([...keys, newKey()])
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 0, 2])
      expect([rows.succeeded, rows.ok]).toEqual([3, true])
      expect(rows.at(0)).toMatchObject({ record: null, error: null, inDoubt: false })
      expect(rows.at(3)?.error?.name).toBe('RecordNotFoundError')
      expect((await client().batchRead(keys)).succeeded).toBe(0)
    })

    test('one record alone', async () => {
      const [key] = (await filled(1)) as [Key]
      expect((await client().batchRemove([key])).at(0)).toMatchObject({ record: null, resultCode: 0 })
      expect((await client().batchRemove([key])).at(0)).toMatchObject({ record: null, resultCode: 2 })
    })

    test('a filter keeps records', async () => {
      const keys = await filled(4)
      const rows = await client().batchRemove(keys, { filterExpression: exp.lt(exp.binInt('n'), exp.int(2)) })
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 27, 27])
      expect((await client().batchRead(keys)).succeeded).toBe(2)
    })
  })

  describe('batch', () => {
    test('rows of every kind', async () => {
      const keys = (await filled(6)) as [Key, Key, Key, Key, Key, Key]
      const rows = await client().batch([
        batchRow.read(keys[0]),
        batchRow.read(keys[1], ['n']),
        batchRow.read(keys[1], []),
        batchRow.write(keys[2], { m: 1 }, { ttl: 99 }),
        batchRow.operate(keys[3], [op.incr('n', 5), op.read('n')]),
        batchRow.operate(keys[4], [op.read('n')]),
        batchRow.remove(keys[5]),
        batchRow.remove(newKey()),
        { type: 'read', key: keys[0], ops: [op.read('n')] },
      ])
      expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 0])
      expect(rows.toArray().map(row => row.record?.bins)).toEqual([
        { n: 0 },
        { n: 1 },
        {},
        {},
        { n: 8 },
        { n: 4 },
        undefined,
        undefined,
        { n: 0 },
      ])
      expect([rows.ok, rows.succeeded]).toEqual([true, 8])
      expect(await binsOf(keys)).toEqual([{ n: 0 }, { n: 1 }, { n: 2, m: 1 }, { n: 8 }, { n: 4 }, undefined])
    })

    test('policies of rows', async () => {
      const keys = (await filled(4)) as [Key, Key, Key, Key]
      const never = exp.eq(exp.int(1), exp.int(2))
      const rows = await client().batch([
        batchRow.read(keys[0], null, { filterExpression: never }),
        batchRow.write(keys[1], { n: 9 }, { gen: 4 }, { gen: 'gt' }),
        batchRow.remove(keys[2], { gen: 5 }),
        batchRow.operate(keys[3], [op.write('n', 7)], null, { exists: 'create-only' }),
      ])
      expect(rows.toArray().map(row => row.resultCode)).toEqual([27, 0, 3, 5])
      expect(rows.ok).toBe(false)
    })

    test('rows that share their work', async () => {
      const keys = await filled(50)
      const ops = [op.incr('n', 100), op.read('n')]
      const bins = ['n']
      const rows = await client().batch([
        ...keys.slice(0, 25).map(key => batchRow.operate(key, ops)),
        ...keys.slice(25).map(key => batchRow.read(key, bins)),
      ])
      expect(rows.toArray().map(row => row.record?.bins.n)).toEqual(keys.map((_, n) => (n < 25 ? n + 100 : n)))
    })

    test('only reads are never in doubt and only writes', async () => {
      const rows = await client().batch([batchRow.read(newKey()), batchRow.read(newKey())])
      expect(rows.toArray().map(row => row.inDoubt)).toEqual([false, false])
    })

    test('a map of what was found', async () => {
      const [a, b] = [newKey('m-a'), newKey('m-b')]
      await client().put(a, { x: 1 })
      const rows = await client().batch([batchRow.read(a), batchRow.write(b, { y: 1 })])
      expect([...rows.toMap().keys()]).toEqual(['m-a', 'm-b'])
      expect(rows.toObject()['m-a']?.bins).toEqual({ x: 1 })
    })
  })

  describe('what is refused', () => {
    const key = new Key('test', 'batch-write', 'never')
    const refused: [string, () => Promise<unknown>, RegExp][] = [
      ['invalid records', () => client().batchWrite(5 as never), /^records: an array is needed, not 5/],
      ['an invalid record', () => client().batchWrite([null as never]), /^records\[0\]: row: an object is needed/],
      ['no bins', () => client().batchWrite([{ key, bins: {} }]), /^records\[0\]: bins: at least one bin/],
      [
        'a long bin name',
        () =>
          client().batchWrite([
            { key, bins: { a: 1 } },
            { key, bins: { 'sixteen-bytes-xx': 1 } },
          ]),
        /^records\[1\]: bins: the bin name "sixteen-bytes-xx" is longer than 15 bytes/,
      ],
      [
        'an empty bin name',
        () => client().batchWrite([{ key, bins: { '': 1 } }]),
        /^records\[0\]: bins: a bin name is empty/,
      ],
      [
        'undefined',
        () => client().batchWrite([{ key, bins: { a: undefined as never } }]),
        /^records\[0\]: a: .*undefined/,
      ],
      ['a wrong key', () => client().batchWrite([{ key: ['test'] as never, bins: { a: 1 } }]), /^records\[0\]: key: /],
      [
        'an unknown part',
        () => client().batchWrite([{ key, bins: { a: 1 }, ttl: 5 } as never]),
        /^records\[0\]: a row that is to write: unknown option "ttl"/,
      ],
      [
        'a row of another kind',
        () => client().batchWrite([batchRow.remove(key) as never]),
        /^records\[0\]: type: batchWrite takes records/,
      ],
      [
        'a policy of a row',
        () => client().batchWrite([{ key, bins: { a: 1 }, policy: { totalTimeout: 5 } as never }]),
        /^records\[0\]: policy: unknown option "totalTimeout"/,
      ],
      [
        'a policy of the batch',
        () => client().batchWrite([{ key, bins: { a: 1 } }], { sendKey: true } as never),
        /^batch policy: unknown option "sendKey"/,
      ],
      [
        'a generation without one',
        () => client().batchWrite([{ key, bins: { a: 1 }, policy: { gen: 'eq' } }]),
        /^records\[0\]: policy.gen: 'eq' needs the generation in meta.gen/,
      ],
      ['no operations', () => client().batchOperate([key], []), /^ops: a list of at least one operation is needed/],
      ['no operations for no keys', () => client().batchOperate([], []), /^ops: a list of at least one/],
      ['invalid keys', () => client().batchRemove('k' as never), /^keys: an array of keys is needed/],
      [
        'no module',
        () => client().batchApply([key], '', 'f'),
        /^module: the name of a module is needed, not an empty string/,
      ],
      ['no function', () => client().batchApply([key], 'm', 5 as never), /^fn: the name of a function is needed, not/],
      ['arguments', () => client().batchApply([key], 'm', 'f', 5 as never), /^args: a list of values is needed/],
      [
        'the numbers of another client',
        () => client().batch([{ type: 1, key } as never]),
        /^rows\[0\]: type: one of 'read', .* is needed, not 1; the numbers of batchType belong to another client/,
      ],
      ['an unknown kind', () => client().batch([{ type: 'put', key } as never]), /^rows\[0\]: type: one of /],
      [
        'bins and ops',
        () => client().batch([{ type: 'read', key, bins: ['a'], ops: [op.read('a')] }]),
        /^rows\[0\]: bins and ops: /,
      ],
      [
        'a read that writes',
        () => client().batch([{ type: 'read', key, ops: [op.read('a'), lists.clear('a')] }]),
        /^rows\[0\]: ops\[1\]: it writes, so the row needs the type 'operate'/,
      ],
      [
        'meta for reads',
        () => client().batch([batchRow.operate(key, [op.read('a')], { ttl: 5 })]),
        /^rows\[0\]: meta.ttl: none of the operations writes/,
      ],
      [
        'a lifetime for a remove',
        () => client().batch([{ type: 'remove', key, meta: { ttl: 5 } } as BatchRowRequest]),
        /^rows\[0\]: meta: unknown option "ttl"/,
      ],
      [
        'the second row',
        () => client().batch([batchRow.read(key), batchRow.apply(key, '', 'f')]),
        /^rows\[1\]: module: the name of a module is needed/,
      ],
      [
        'a map with a key twice',
        () =>
          client().batchWrite([
            { key, bins: { a: 1 } },
            {
              key,
              bins: {
                m: new Map<number | bigint, number>([
                  [1, 1],
                  [1n, 2],
                ]),
              },
            },
          ]),
        /row 1: m: a map has the key 1 twice/,
      ],
    ]

    test.each(refused)('%s', async (name, call, message) => {
      const error = await rejection(call())
      const named = { name: 'BinNameError', code: 'BIN_NAME' }
      const invalid = { name: 'InvalidArgError', code: 'INVALID_ARGUMENT' }
      expect(error).toMatchObject(name.includes('bin name') ? named : invalid)
      expect((error as Error).message).toMatch(message)
      expect(await client().exists(key)).toBe(false)
    })
  })
})
