import { CdtContext, Double, infinity, maps, op, wildcard } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../../helpers/clients.js'
import { BIN_TYPE, benchOf, failure, NOT_APPLICABLE, PARAMETER } from '../../helpers/operations.js'

const { returnType, writeFlags, writeMode, order } = maps

/** Every return type that the table of one entry and that of several have in common. */
const TYPES = [
  returnType.NONE,
  returnType.INDEX,
  returnType.REVERSE_INDEX,
  returnType.RANK,
  returnType.REVERSE_RANK,
  returnType.COUNT,
  returnType.KEY,
  returnType.VALUE,
  returnType.KEY_VALUE,
  returnType.EXISTS,
  returnType.UNORDERED_MAP,
  returnType.ORDERED_MAP,
]

describe.each(CLIENTS)('maps, $name', kind => {
  const { client, record, results, binsAfter, refused } = benchOf(kind, 'maps')
  const m = { a: 3, b: 1, c: 2 }

  describe('writing', () => {
    test('put and putItems create the map and answer with its size', async () => {
      const ops = [
        maps.put('m', 'x', 1),
        maps.putItems('m', { y: [2], x: 3 }),
        maps.putItems('m', new Map([[7, null]])),
      ]
      const found = await results({}, ...ops, op.read('m'))
      expect(found.slice(0, 3)).toEqual([1, 2, 3])
      expect(found[3]).toEqual(
        new Map<string | number, unknown>([
          ['x', 3],
          ['y', [2]],
          [7, null],
        ]),
      )
    })

    test('put of null keeps the entry', async () => {
      expect(await results({ m }, maps.put('m', 'x', null), maps.getByKey('m', 'x', returnType.EXISTS))).toEqual([
        4,
        true,
      ])
      expect(await binsAfter({}, maps.put('m', 'x', null, { writeFlags: writeFlags.NO_FAIL }))).toEqual({
        m: { x: null },
      })
    })

    test('keys of every kind', async () => {
      const bytes = Buffer.from([1, 2])
      const ops = [maps.put('m', 'x', 1), maps.put('m', 5, 2), maps.put('m', -(2n ** 62n), 3), maps.put('m', bytes, 4)]
      const reads = [5, 'x', -(2n ** 62n), bytes].map(key => maps.getByKey('m', key))
      expect(await results({}, ...ops, ...reads)).toEqual([1, 2, 3, 4, 2, 1, 3, 4])
    })

    test('nothing to put changes nothing', async () => {
      expect(await results({ m }, maps.putItems('m', {}), op.read('m'))).toEqual([3, m])
    })

    test('increment and decrement answer with the number', async () => {
      const ops = [
        maps.increment('m', 'a'),
        maps.increment('m', 'a', 10n),
        maps.decrement('m', 'b', 5),
        maps.decrement('m', 'z'),
      ]
      expect(await results({ m }, ...ops)).toEqual([4, 14, -4, -1])
      const doubles = [
        maps.increment('d', 'x', Double(0.25)),
        maps.increment('d', 'x', Double(1)),
        maps.decrement('d', 'y', Double(0.5)),
      ]
      expect(await results({}, ...doubles)).toEqual([0.25, 1.25, -0.5])
      // An entry keeps its type, whatever is added.
      expect(await results({ m: { d: Double(1.5) } }, maps.increment('m', 'd', 2), op.read('m'))).toEqual([
        3.5,
        { d: 3.5 },
      ])
      expect(await results({ m }, maps.increment('m', 'a', Double(2.5)))).toEqual([5])
    })

    test('clear keeps the map', async () => {
      expect(await results({ m }, maps.clear('m'), maps.size('m'), op.read('m'))).toEqual([null, 0, {}])
    })
  })

  describe('order', () => {
    test('an ordered map gives its entries by key', async () => {
      const items = { z: 1, a: 2, k: 3 }
      for (const kept of [order.KEY_ORDERED, order.KEY_VALUE_ORDERED] as const) {
        const put = maps.putItems('m', items, { order: kept })
        const [, keys] = await results({}, put, maps.getByIndexRange('m', 0, null, returnType.KEY))
        expect(keys).toEqual(['a', 'k', 'z'])
      }
    })

    test('setOrder, setPolicy and create', async () => {
      const keys = maps.getByIndexRange('m', 0, null, returnType.KEY)
      expect(await results({ m }, maps.setOrder('m', order.KEY_ORDERED), keys)).toEqual([null, ['a', 'b', 'c']])
      const persisted = maps.setPolicy('m', { order: order.KEY_ORDERED, persistIndex: true })
      expect(await results({ m }, persisted, maps.put('m', 'aa', 1), keys)).toEqual([null, 4, ['a', 'aa', 'b', 'c']])
      expect(await results({}, maps.create('m', order.KEY_ORDERED), maps.size('m'))).toEqual([null, 0])
      expect(await results({}, maps.create('m', order.KEY_ORDERED, true), maps.size('m'))).toEqual([null, 0])
      const nested = maps.create('m', order.KEY_ORDERED, false, ctx => ctx.addMapKey('n'))
      const put = maps.put('m', 'x', 1).withContext(ctx => ctx.addMapKey('n'))
      expect(await binsAfter({ m }, nested, put)).toEqual({ m: { ...m, n: { x: 1 } } })
    })
  })

  describe('reading', () => {
    test('size', async () => {
      expect(await results({ m, e: {} }, maps.size('m'), maps.size('e'))).toEqual([3, 0])
    })

    test('every return type of one entry', async () => {
      const one = [null, 1, 1, 0, 2, 1, 'b', 1, [['b', 1]], true, { b: 1 }, { b: 1 }]
      expect(await results({ m }, ...TYPES.map(type => maps.getByKey('m', 'b', type)))).toEqual(one)
      expect(await results({ m }, ...TYPES.map(type => maps.getByIndex('m', 1, type)))).toEqual(one)
      expect(await results({ m }, ...TYPES.map(type => maps.getByRank('m', 0).andReturn(type)))).toEqual(one)
    })

    test('every return type of several entries', async () => {
      const found = await results({ m }, ...TYPES.map(type => maps.getByKeyRange('m', 'b', 'd', type)))
      const pairs = [
        ['b', 1],
        ['c', 2],
      ]
      const map = { b: 1, c: 2 }
      expect(found).toEqual([null, [1, 2], [0, 1], [0, 1], [2, 1], 2, ['b', 'c'], [1, 2], pairs, true, map, map])
    })

    test('every return type where there is nothing', async () => {
      // Ranks of no entries are refused.
      const { RANK, REVERSE_RANK } = returnType
      const types = TYPES.filter(type => type !== RANK && type !== REVERSE_RANK)
      const none = await results({ m }, ...types.map(type => maps.getByKeyList('m', ['x', 'y'], type)))
      expect(none).toEqual([null, [], [], 0, [], [], [], false, {}, {}])
      expect(await results({ m }, maps.getByKey('m', 'x'), maps.getByKey('m', 'x', returnType.COUNT))).toEqual([
        null,
        0,
      ])
    })

    test('by keys', async () => {
      const { KEY } = returnType
      const ops = [
        maps.getByKeyList('m', ['a', 'c', 'x'], KEY),
        maps.getByKeyList('m', ['a', 'c', 'x'], KEY).invertSelection(),
        maps.getByKeyRange('m', null, 'b', KEY),
        maps.getByKeyRange('m', 'b', null, KEY),
        maps.getByKeyRange('m', 'b', infinity(), KEY),
        maps.getByKeyRelIndexRange('m', 'b', -1, 2, KEY),
        maps.getByKeyRelIndexRange('m', 'bb', 0, null, KEY),
      ]
      expect(await results({ m }, ...ops)).toEqual([
        ['a', 'c'],
        ['b'],
        ['a'],
        ['b', 'c'],
        ['b', 'c'],
        ['a', 'b'],
        ['c'],
      ])
    })

    test('by values', async () => {
      const { KEY } = returnType
      const ops = [
        maps.getByValue('m', 2, KEY),
        maps.getByValue('m', wildcard(), returnType.COUNT),
        maps.getByValueList('m', [1, 3, 9], returnType.COUNT),
        maps.getByValueRange('m', 2, 9, returnType.COUNT),
        maps.getByValueRange('m', null, 2, KEY),
        maps.getByValueRelRankRange('m', 2, -1, 1, KEY),
        maps.getByValueRelRankRange('m', 2, 1, null, KEY),
      ]
      expect(await results({ m }, ...ops)).toEqual([['c'], 3, 2, 2, ['b'], ['b'], ['a']])
    })

    test('by index and rank', async () => {
      const { KEY } = returnType
      const ops = [
        maps.getByIndexRange('m', 1, 1, KEY),
        maps.getByIndexRange('m', -2, null, KEY),
        maps.getByIndexRange('m', 1, 1, KEY).invertSelection(),
        maps.getByRankRange('m', -1, 1, KEY),
        maps.getByRankRange('m', 0, 2, returnType.COUNT),
      ]
      expect(await results({ m }, ...ops)).toEqual([['b'], ['b', 'c'], ['a', 'c'], ['a'], 2])
    })
  })

  describe('removing what is selected', () => {
    test('by key', async () => {
      const ops = [maps.removeByKey('m', 'a', returnType.VALUE), maps.removeByKey('m', 'x'), op.read('m')]
      expect(await results({ m }, ...ops)).toEqual([3, null, { b: 1, c: 2 }])
      expect(await results({ m }, maps.removeByKeyList('m', ['a', 'x'], returnType.KEY), op.read('m'))).toEqual([
        ['a'],
        { b: 1, c: 2 },
      ])
      expect(await binsAfter({ m }, maps.removeByKeyRange('m', 'b', 'c'))).toEqual({ m: { a: 3, c: 2 } })
      expect(await binsAfter({ m }, maps.removeByKeyRange('m', 'b', 'c').invertSelection())).toEqual({ m: { b: 1 } })
      expect(await binsAfter({ m }, maps.removeByKeyRelIndexRange('m', 'b', 0))).toEqual({ m: { a: 3 } })
      expect(await binsAfter({ m }, maps.removeByKeyRelIndexRange('m', 'b', 0, 1))).toEqual({ m: { a: 3, c: 2 } })
    })

    test('by value', async () => {
      expect(await results({ m }, maps.removeByValue('m', 2, returnType.KEY), op.read('m'))).toEqual([
        ['c'],
        { a: 3, b: 1 },
      ])
      expect(await binsAfter({ m }, maps.removeByValueList('m', [1, 2]))).toEqual({ m: { a: 3 } })
      expect(await binsAfter({ m }, maps.removeByValueRange('m', 2))).toEqual({ m: { b: 1 } })
      expect(await binsAfter({ m }, maps.removeByValueRelRankRange('m', 2, 0))).toEqual({ m: { b: 1 } })
      expect(await binsAfter({ m }, maps.removeByValueRelRankRange('m', 2, 0, 1))).toEqual({ m: { a: 3, b: 1 } })
    })

    test('by index and rank', async () => {
      expect(
        await results({ m }, maps.removeByIndex('m', 0, returnType.KEY), maps.removeByRank('m', 0, returnType.KEY)),
      ).toEqual(['a', 'b'])
      expect(await binsAfter({ m }, maps.removeByIndexRange('m', 1, 1))).toEqual({ m: { a: 3, c: 2 } })
      expect(await binsAfter({ m }, maps.removeByIndexRange('m', 1))).toEqual({ m: { a: 3 } })
      expect(await binsAfter({ m }, maps.removeByRankRange('m', 0, 2))).toEqual({ m: { a: 3 } })
      expect(await binsAfter({ m }, maps.removeByRankRange('m', 1))).toEqual({ m: { b: 1 } })
    })
  })

  describe('flags', () => {
    test('CREATE_ONLY', async () => {
      const exists = failure('RecordError', 'ELEMENT_EXISTS')
      const create = { writeFlags: writeFlags.CREATE_ONLY }
      expect(await refused({ m }, maps.put('m', 'z', 1), maps.put('m', 'a', 9, create))).toMatchObject(exists)
      expect(await refused({ m }, maps.putItems('m', { z: 1, a: 9 }, create))).toMatchObject(exists)
      expect(await refused({ m }, maps.put('m', 'a', 9, { writeMode: writeMode.CREATE_ONLY }))).toMatchObject(exists)
      expect(await binsAfter({ m }, maps.put('m', 'z', 9, create))).toEqual({ m: { ...m, z: 9 } })
    })

    test('UPDATE_ONLY', async () => {
      const missing = failure('RecordError', 'ELEMENT_NOT_FOUND')
      const update = { writeFlags: writeFlags.UPDATE_ONLY }
      expect(await refused({ m }, maps.put('m', 'z', 9, update))).toMatchObject(missing)
      expect(await refused({ m }, maps.put('m', 'z', 9, { writeMode: 'update-only' }))).toMatchObject(missing)
      expect(await binsAfter({ m }, maps.put('m', 'a', 9, update))).toEqual({ m: { ...m, a: 9 } })
    })

    test('NO_FAIL and PARTIAL', async () => {
      const quiet = writeFlags.CREATE_ONLY | writeFlags.NO_FAIL
      expect(await results({ m }, maps.putItems('m', { a: 9, z: 9 }, { writeFlags: quiet }), op.read('m'))).toEqual([
        3,
        m,
      ])
      const partial = { writeFlags: quiet | writeFlags.PARTIAL }
      expect(await binsAfter({ m }, maps.putItems('m', { a: 9, z: 9 }, partial))).toEqual({ m: { ...m, z: 9 } })
    })
  })

  describe('contexts', () => {
    const deep = { m: { x: { y: { z: 1 } }, l: [{ k: 1 }] } }

    test('every kind of level', async () => {
      const at = (context: CdtContext) =>
        results(deep, maps.getByIndexRange('m', 0, null, returnType.KEY).withContext(context))
      expect(await at(new CdtContext().addMapKey('x'))).toEqual([['y']])
      expect(await at(new CdtContext().addMapKey('x').addMapIndex(0))).toEqual([['z']])
      expect(await at(new CdtContext().addMapKey('x').addMapRank(-1))).toEqual([['z']])
      expect(await at(new CdtContext().addMapKey('x').addMapValue({ z: 1 }))).toEqual([['z']])
      expect(await at(new CdtContext().addMapKey('l').addListIndex(-1))).toEqual([['k']])
    })

    test('levels that are created', async () => {
      const put = maps
        .put('m', 'k', 1)
        .withContext(ctx => ctx.addMapKeyCreate('a', order.KEY_ORDERED).addMapKeyCreate('b'))
      expect(await binsAfter({}, put)).toEqual({ m: { a: { b: { k: 1 } } } })
      expect(await binsAfter(deep, put)).toEqual({ m: { ...deep.m, a: { b: { k: 1 } } } })
    })

    test('a missing path is refused', async () => {
      for (const way of [
        new CdtContext().addMapKey('none'),
        new CdtContext().addMapIndex(9),
        new CdtContext().addMapRank(9),
      ]) {
        const put = maps.put('m', 'k', 1).withContext(way)
        expect(await refused(deep, maps.put('m', 'ok', 1), put)).toMatchObject(NOT_APPLICABLE)
      }
    })

    test('a list at its end is refused', async () => {
      const put = maps.put('m', 'k', 1).withContext(ctx => ctx.addMapKey('l'))
      expect(await refused(deep, put)).toMatchObject(BIN_TYPE)
    })
  })

  describe('what is refused leaves the record as it was', () => {
    test('a bin that is no map', async () => {
      for (const operation of [maps.size('l'), maps.put('l', 'k', 1), maps.getByKey('l', 'k'), maps.clear('l')]) {
        expect(await refused({ l: [1], x: 1 }, op.write('x', 2), operation)).toMatchObject(BIN_TYPE)
      }
    })

    test('a missing entry, by index and rank', async () => {
      const operations = [
        maps.getByIndex('m', 9),
        maps.getByRank('m', -9),
        maps.removeByIndex('m', 9),
        maps.removeByRank('m', 9),
      ]
      for (const operation of operations) {
        expect(await refused({ m }, maps.put('m', 'z', 1), operation)).toMatchObject(NOT_APPLICABLE)
      }
    })

    test('an increment of what is no number', async () => {
      expect(await refused({ m: { a: 'x' } }, maps.increment('m', 'a'))).toMatchObject(PARAMETER)
    })
  })

  test('operate gives the last answer of each bin, operateOrdered each of them', async () => {
    const key = await record({ m })
    const ops = [maps.put('m', 'z', 1), maps.size('none'), maps.getByKey('m', 'a'), maps.removeByKey('m', 'b')]
    expect((await client().operate(key, ops)).bins).toEqual({ m: 3 })
    expect((await client().operateOrdered(key, ops)).results).toEqual([
      ['m', 3],
      ['none', null],
      ['m', 3],
      ['m', null],
    ])
  })
})
