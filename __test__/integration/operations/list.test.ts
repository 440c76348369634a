import { CdtContext, exp, infinity, lists, op, wildcard } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../../helpers/clients.js'
import { BIN_TYPE, benchOf, failure, NOT_APPLICABLE, PARAMETER } from '../../helpers/operations.js'

const { returnType, writeFlags, sortFlags, order } = lists

describe.each(CLIENTS)('lists, $name', kind => {
  const { client, record, results, binsAfter, refused } = benchOf(kind, 'lists')

  describe('writing', () => {
    test('append and appendItems create the list and answer with its size', async () => {
      const ops = [lists.append('l', 1), lists.appendItems('l', ['x', null, [2], { k: 1.5 }]), op.read('l')]
      expect(await results({}, ...ops)).toEqual([1, 5, [1, 'x', null, [2], { k: 1.5 }]])
    })

    test('insert and insertItems', async () => {
      const ops = [lists.insert('l', 1, 'x'), lists.insertItems('l', -1, [8, 9]), op.read('l')]
      expect(await results({ l: [1, 2] }, ...ops)).toEqual([3, 5, [1, 'x', 8, 9, 2]])
    })

    test('insert beyond the end fills up with null', async () => {
      expect(await binsAfter({ l: [1] }, lists.insert('l', 3, 'x'))).toEqual({ l: [1, null, null, 'x'] })
    })

    test('set', async () => {
      expect(await results({ l: [1, 2] }, lists.set('l', -1, 'x'), op.read('l'))).toEqual([null, [1, 'x']])
      expect(await binsAfter({ l: [1] }, lists.set('l', 2, 'x', { writeFlags: writeFlags.DEFAULT }))).toEqual({
        l: [1, null, 'x'],
      })
    })

    test('increment answers with the sum', async () => {
      const ops = [lists.increment('l', 0), lists.increment('l', 0, 10), lists.increment('l', 1, -5n)]
      expect(await results({ l: [1, 2] }, ...ops)).toEqual([2, 12, -3])
      expect(await results({ l: [2 ** 52] }, lists.increment('l', 0, 2n ** 62n))).toEqual([2n ** 62n + 2n ** 52n])
    })

    test('pop and popRange answer with what they remove', async () => {
      const ops = [lists.pop('l', 0), lists.popRange('l', 0, 2), lists.popRange('l', -1), op.read('l')]
      expect(await results({ l: [1, 2, 3, 4, 5] }, ...ops)).toEqual([1, [2, 3], [5], [4]])
    })

    test('remove, removeRange and trim answer with how many they remove', async () => {
      const ops = [lists.remove('l', 0), lists.removeRange('l', 0, 2), lists.removeRange('l', 3), lists.trim('l', 1, 1)]
      expect(await results({ l: [1, 2, 3, 4, 5, 6, 7, 8] }, ...ops, op.read('l'))).toEqual([1, 2, 2, 2, [5]])
    })

    test('clear keeps the list', async () => {
      expect(await results({ l: [1, 2] }, lists.clear('l'), lists.size('l'), op.read('l'))).toEqual([null, 0, []])
    })

    test('sort', async () => {
      expect(await binsAfter({ l: [3, 1, 2, 3] }, lists.sort('l'))).toEqual({ l: [1, 2, 3, 3] })
      expect(await binsAfter({ l: [3, 1, 2, 3] }, lists.sort('l', sortFlags.DROP_DUPLICATES))).toEqual({ l: [1, 2, 3] })
      expect(await binsAfter({ l: [3, 1, 2, 3] }, lists.sort('l', sortFlags.DESCENDING))).toEqual({ l: [3, 3, 2, 1] })
    })

    test('values of all types sort by type first', async () => {
      const mixed = [{ a: 1 }, [1], Buffer.from('b'), 'a', 1.5, 1, true, null]
      const sorted = [null, true, 1, 'a', [1], { a: 1 }, Buffer.from('b'), 1.5]
      expect((await binsAfter({ l: mixed }, lists.sort('l'))).l).toEqual(sorted)
    })
  })

  describe('order', () => {
    test('an ordered list stays sorted', async () => {
      const ops = [lists.append('l', 3, { order: order.ORDERED }), lists.append('l', 1), lists.appendItems('l', [5, 2])]
      expect(await results({}, ...ops, op.read('l'))).toEqual([1, 2, 4, [1, 2, 3, 5]])
    })

    test('setOrder sorts', async () => {
      expect(await binsAfter({ l: [3, 1] }, lists.setOrder('l', order.ORDERED), lists.append('l', 2))).toEqual({
        l: [1, 2, 3],
      })
      const back = [lists.setOrder('l', order.ORDERED), lists.setOrder('l'), lists.append('l', 2)]
      expect(await binsAfter({ l: [3, 1] }, ...back)).toEqual({ l: [1, 3, 2] })
    })

    test('create', async () => {
      expect(await results({}, lists.create('l', order.ORDERED), lists.appendItems('l', [2, 1]), op.read('l'))).toEqual(
        [null, 2, [1, 2]],
      )
      const nested = lists.create('l', order.UNORDERED, true, false, ctx => ctx.addListIndex(2))
      expect(await binsAfter({ l: [1] }, nested)).toEqual({ l: [1, null, []] })
      const inMap = lists.create('m', order.ORDERED, false, false, new CdtContext().addMapKey('k'))
      const append = lists.appendItems('m', [2, 1]).withContext(ctx => ctx.addMapKey('k'))
      expect(await binsAfter({ m: {} }, inMap, append)).toEqual({ m: { k: [1, 2] } })
    })

    test('an index that is kept changes no result', async () => {
      const ops = [
        lists.setOrder('l', order.ORDERED, true),
        lists.append('l', 2),
        lists.getByRank('l', -1),
        op.read('l'),
      ]
      expect(await results({ l: [3, 1] }, ...ops)).toEqual([null, 3, 3, [1, 2, 3]])
      expect(await results({}, lists.create('l', order.ORDERED, false, true), lists.append('l', 1))).toEqual([null, 1])
    })
  })

  describe('reading', () => {
    const l = [5, 3, 8, 3]

    test('size, get and getRange', async () => {
      const ops = [lists.size('l'), lists.get('l', -2), lists.getRange('l', 1, 2), lists.getRange('l', 2)]
      expect(await results({ l }, ...ops)).toEqual([4, 8, [3, 8], [8, 3]])
    })

    test('every return type of one item', async () => {
      const { NONE, INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, COUNT, VALUE, EXISTS } = returnType
      const types = [NONE, INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, COUNT, VALUE, EXISTS]
      const byIndex = await results({ l }, ...types.map(type => lists.getByIndex('l', 2, type)))
      expect(byIndex).toEqual([null, 2, 1, 3, 0, 1, 8, true])
      const byRank = await results({ l }, ...types.map(type => lists.getByRank('l', 2).andReturn(type)))
      expect(byRank).toEqual([null, 0, 3, 2, 1, 1, 5, true])
    })

    test('an inverted return type is about all other items', async () => {
      const inverted = [
        lists.getByIndexRange('l', 0, 2, returnType.INVERTED_VALUE),
        lists.getByValue('l', 8, returnType.INVERTED_COUNT),
        lists.removeByValueRange('l', 4, 9, returnType.INVERTED_VALUE),
        op.read('l'),
      ]
      const [values, count, removed, left] = await results({ l: [1, 5, 8, 3] }, ...inverted)
      expect([values, count, left]).toEqual([[8, 3], 3, [5, 8]])
      expect((removed as number[]).toSorted()).toEqual([1, 3])
    })

    test('every return type of several items', async () => {
      const { NONE, INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, COUNT, VALUE, EXISTS } = returnType
      const types = [NONE, INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, COUNT, VALUE, EXISTS]
      const found = await results({ l }, ...types.map(type => lists.getByIndexRange('l', 1, 2, type)))
      expect(found[0]).toBe(null)
      expect(found.slice(1, 3)).toEqual([
        [1, 2],
        [1, 2],
      ])
      expect(found.slice(5)).toEqual([2, [3, 8], true])
      const none = await results({ l }, ...types.map(type => lists.getByValue('l', 'x', type)))
      expect(none).toEqual([null, [], [], [], [], 0, [], false])
    })

    test('by value, list of values and range of values', async () => {
      expect(await results({ l }, lists.getByValue('l', 3), lists.getByValue('l', 3, returnType.INDEX))).toEqual([
        [3, 3],
        [1, 3],
      ])
      expect(await results({ l }, lists.getByValueList('l', [5, 8], returnType.COUNT))).toEqual([2])
      expect(await results({ l }, lists.getByValueList('l', [5, 8]).invertSelection())).toEqual([[3, 3]])
      const ranges = [
        lists.getByValueRange('l', 3, 8),
        lists.getByValueRange('l', null, 5),
        lists.getByValueRange('l', 5),
      ]
      const [middle, low, high] = await results({ l }, ...ranges)
      expect([middle, low, high].map(some => (some as number[]).sort())).toEqual([
        [3, 3, 5],
        [3, 3],
        [5, 8],
      ])
      expect(await results({ l }, lists.getByValueRange('l', null, null, returnType.COUNT))).toEqual([4])
    })

    test('by rank, and relative to the rank of a value', async () => {
      const ranked = [lists.getByRankRange('l', -2, 2, returnType.VALUE), lists.getByRankRange('l', 2)]
      const found = await results({ l }, ...ranked)
      expect(found.map(some => (some as number[]).sort())).toEqual([
        [5, 8],
        [5, 8],
      ])
      const relative = [
        lists.getByValueRelRankRange('l', 5, 0, null, returnType.COUNT),
        lists.getByValueRelRankRange('l', 4, -1, 1),
        lists.getByValueRelRankRange('l', 5, 1, 5),
      ]
      expect(await results({ l }, ...relative)).toEqual([2, [3], [8]])
    })

    test('wildcard and infinity', async () => {
      const pairs = [
        ['in', 1],
        ['out', 2],
        ['in', 3],
      ]
      const ops = [
        lists.getByValue('l', ['in', wildcard()]),
        lists.getByValue('l', wildcard(), returnType.COUNT),
        lists.getByValueRange('l', ['in'], ['in', infinity()], returnType.INDEX),
        lists.getByValueRange('l', ['in', 2], infinity(), returnType.COUNT),
      ]
      expect(await results({ l: pairs }, ...ops)).toEqual([
        [
          ['in', 1],
          ['in', 3],
        ],
        3,
        [0, 2],
        2,
      ])
    })
  })

  describe('removing what is selected', () => {
    const l = [5, 3, 8, 3]

    test('by index and by rank', async () => {
      const ops = [lists.removeByIndex('l', 0, returnType.VALUE), lists.removeByRank('l', -1, returnType.VALUE)]
      expect(await results({ l }, ...ops, op.read('l'))).toEqual([5, 8, [3, 3]])
      expect(await results({ l }, lists.removeByIndexRange('l', 1, 2, returnType.VALUE), op.read('l'))).toEqual([
        [3, 8],
        [5, 3],
      ])
      expect(await results({ l }, lists.removeByIndexRange('l', 1), op.read('l'))).toEqual([null, [5]])
      expect(await results({ l }, lists.removeByRankRange('l', 0, 2, returnType.COUNT), op.read('l'))).toEqual([
        2,
        [5, 8],
      ])
      expect(await results({ l }, lists.removeByRankRange('l', 1), op.read('l'))).toEqual([null, [3]])
    })

    test('by value', async () => {
      expect(await results({ l }, lists.removeByValue('l', 3, returnType.COUNT), op.read('l'))).toEqual([2, [5, 8]])
      expect(await results({ l }, lists.removeByValueList('l', [3, 8], returnType.INDEX), op.read('l'))).toEqual([
        [1, 2, 3],
        [5],
      ])
      expect(await binsAfter({ l }, lists.removeByValueRange('l', 4, 9))).toEqual({ l: [3, 3] })
      expect(await binsAfter({ l }, lists.removeByValueRange('l', null, 5).invertSelection())).toEqual({ l: [3, 3] })
      expect(await binsAfter({ l }, lists.removeByValueRelRankRange('l', 5, 0))).toEqual({ l: [3, 3] })
      expect(await binsAfter({ l }, lists.removeByValueRelRankRange('l', 5, 0, 1))).toEqual({ l: [3, 8, 3] })
    })
  })

  describe('contexts', () => {
    const nested = { m: { a: [[1, 2], [3]], b: { c: [9] } } }

    test('every kind of level', async () => {
      const at = (context: CdtContext) => lists.size('m').withContext(context)
      const size = (context: CdtContext) => results(nested, at(context))
      expect(await size(new CdtContext().addMapKey('a'))).toEqual([2])
      expect(await size(new CdtContext().addMapKey('a').addListIndex(0))).toEqual([2])
      expect(await size(new CdtContext().addMapKey('a').addListRank(-1))).toEqual([1])
      expect(await size(new CdtContext().addMapKey('a').addListValue([3]))).toEqual([1])
      expect(await size(new CdtContext().addMapIndex(0))).toEqual([2])
      expect(await size(new CdtContext().addMapRank(0))).toEqual([2])
      expect(await size(new CdtContext().addMapKey('b').addMapValue([9]))).toEqual([1])
    })

    test('levels that are created', async () => {
      const append = lists
        .append('m', 1)
        .withContext(ctx => ctx.addMapKeyCreate('x', 'key-ordered').addListIndexCreate(0, 'ordered'))
      expect(await binsAfter({}, append, append)).toEqual({ m: { x: [[1, 1]] } })
      const padded = lists.append('l', 1).withContext(ctx => ctx.addListIndexCreate(2, 'unordered', true))
      expect(await binsAfter({ l: [0] }, padded)).toEqual({ l: [0, null, [1]] })
    })

    test('a missing path is refused', async () => {
      const missing = (context: CdtContext) => refused(nested, lists.append('m', 1).withContext(context))
      expect(await missing(new CdtContext().addMapKey('z'))).toMatchObject(NOT_APPLICABLE)
      expect(await missing(new CdtContext().addMapKey('a').addListIndex(9))).toMatchObject(NOT_APPLICABLE)
      // A list where the path has a map.
      expect(await missing(new CdtContext().addListIndex(0))).toMatchObject(NOT_APPLICABLE)
      expect(await missing(new CdtContext().addMapKey('a').addMapKey('b'))).toMatchObject(NOT_APPLICABLE)
    })

    test('deeper than anything is', async () => {
      const deep = new CdtContext()
      for (let level = 0; level < 200; level++) deep.addListIndex(0)
      expect(await refused({ l: [[[1]]] }, lists.append('l', 1).withContext(deep))).toMatchObject(NOT_APPLICABLE)
    })
  })

  describe('an expression', () => {
    test('adds a double to an item, which the operation cannot', async () => {
      const { increment } = exp.lists
      const [l, m] = [exp.binList('l'), exp.binMap('m')]
      const inside = new CdtContext().addMapKey('in')
      const operations = [
        exp.operations.write('l', increment(l, exp.float(1.25), 0)),
        exp.operations.write('m', increment(m, exp.float(-0.5), 0, null, inside)),
      ]
      const bins = await binsAfter({ l: [1.5, 'a'], m: { in: [0.25] } }, ...operations)
      expect(bins).toEqual({ l: [2.75, 'a'], m: { in: [-0.25] } })
    })
  })

  describe('flags', () => {
    const l = ['a', 'b']

    test('ADD_UNIQUE', async () => {
      const unique = writeFlags.ADD_UNIQUE
      expect(await refused({ l }, lists.append('l', 'a', { writeFlags: unique }))).toMatchObject(
        failure('RecordError', 'ELEMENT_EXISTS'),
      )
      const quiet = unique | writeFlags.NO_FAIL
      expect(await results({ l }, lists.appendItems('l', ['a', 'c'], { writeFlags: quiet }), op.read('l'))).toEqual([
        2,
        l,
      ])
      const partial = quiet | writeFlags.PARTIAL
      expect(await binsAfter({ l }, lists.appendItems('l', ['a', 'c'], { writeFlags: partial }))).toEqual({
        l: ['a', 'b', 'c'],
      })
    })

    test('INSERT_BOUNDED', async () => {
      const bounded = { writeFlags: writeFlags.INSERT_BOUNDED }
      expect(await refused({ l }, lists.insert('l', 5, 'x', bounded))).toMatchObject(NOT_APPLICABLE)
      expect(await refused({ l }, lists.set('l', 5, 'x', bounded))).toMatchObject(NOT_APPLICABLE)
      expect(await binsAfter({ l }, lists.insert('l', 2, 'x', bounded))).toEqual({ l: ['a', 'b', 'x'] })
    })
  })

  describe('what is refused leaves the record as it was', () => {
    test('a bin that is no list', async () => {
      for (const operation of [lists.size('m'), lists.append('m', 1), lists.sort('m'), lists.getByIndex('m', 0)]) {
        expect(await refused({ m: { a: 1 }, x: 1 }, op.write('x', 2), operation)).toMatchObject(BIN_TYPE)
        expect(await refused({ m: 'text' }, operation)).toMatchObject(BIN_TYPE)
      }
    })

    test('a missing item', async () => {
      const operations = [
        lists.get('l', 5),
        lists.get('l', -9),
        lists.getByIndex('l', 5),
        lists.getByRank('l', 5),
        lists.pop('l', 5),
        lists.remove('l', 5),
        lists.removeByIndex('l', 5),
      ]
      for (const operation of operations) {
        expect(await refused({ l: [1, 2] }, lists.append('l', 3), operation)).toMatchObject(NOT_APPLICABLE)
      }
    })

    test('an increment of what is no number', async () => {
      expect(await refused({ l: ['a'] }, lists.increment('l', 0))).toMatchObject(PARAMETER)
    })

    test('an insert into an ordered list by index', async () => {
      const key = await record({})
      await client().operate(key, [lists.append('l', 1, { order: order.ORDERED })])
      const insert = client().operate(key, [lists.insert('l', 0, 2)])
      await expect(insert).rejects.toMatchObject(NOT_APPLICABLE)
      expect((await client().get(key)).bins).toEqual({ l: [1] })
    })

    test('operations of server 8.2, on one that is older', async () => {
      expect(await refused({ l: ['a', 'b'] }, lists.join('l', ','))).toMatchObject(PARAMETER)
    })
  })

  describe('results', () => {
    test('operate gives the last answer of each bin that is not null', async () => {
      const key = await record({ l: [1], m: [7] })
      const ops = [lists.append('l', 2), lists.size('m'), lists.size('l'), lists.clear('l'), lists.size('none')]
      expect((await client().operate(key, ops)).bins).toEqual({ l: 2, m: 1 })
    })

    test('operateOrdered gives each answer in order, null included', async () => {
      const key = await record({ l: [1], m: [7] })
      const ops = [
        op.write('x', 1),
        lists.append('l', 2),
        op.touch(),
        lists.size('none'),
        op.read('x'),
        lists.clear('m'),
        lists.size('l'),
      ]
      expect((await client().operateOrdered(key, ops)).results).toEqual([
        ['l', 2],
        ['none', null],
        ['x', 1],
        ['m', null],
        ['l', 2],
      ])
    })

    test('reads alone keep their order too, where bins are missing', async () => {
      const key = await record({ l: [1] })
      const ops = [op.read('none'), lists.size('l'), lists.size('none'), op.read('l'), op.readHeader()]
      expect((await client().operateOrdered(key, ops)).results).toEqual([
        ['none', null],
        ['l', 1],
        ['none', null],
        ['l', [1]],
      ])
    })

    test('a missing record', async () => {
      const key = await record({})
      await expect(client().operate(key, [lists.size('l')])).rejects.toMatchObject({ name: 'RecordNotFoundError' })
    })

    test('a list that removal empties stays', async () => {
      expect(await binsAfter({ l: [1], x: 1 }, lists.pop('l', 0))).toEqual({ l: [], x: 1 })
    })
  })
})
