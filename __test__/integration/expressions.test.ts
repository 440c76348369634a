import {
  BinExistsError,
  BinNotFoundError,
  CdtContext,
  type Expression,
  exp,
  FilteredOutError,
  GeoJSON,
  InvalidArgError,
  infinity,
  lists,
  maps,
  op,
} from 'aerospike-napi'
import { beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('expressions')

const bins = {
  i: 5,
  f: 2.5,
  s: 'Seoul',
  t: true,
  b: Buffer.of(0b1010_0000, 0xff),
  l: [3, 1, 2, 2],
  words: ['a', 'b'],
  m: { a: 1, b: 2, c: 3 },
  deep: { rows: [{ n: 1 }, { n: 20 }], list: [[1, 2], [3]] },
  g: GeoJSON.Point(-122, 37.5),
}

const i = exp.binInt('i')
const f = exp.binFloat('f')
const s = exp.binStr('s')
const b = exp.binBlob('b')
const l = exp.binList('l')
const m = exp.binMap('m')
const deep = exp.binMap('deep')
const { returnType: of } = lists
const { returnType: ofMap } = maps
const { type } = exp

const rows = new CdtContext().addMapKey('rows')
const secondList = new CdtContext().addMapKey('list').addListIndex(1)
const everyRow = new CdtContext().addMapKey('rows').addAllChildren().addMapKey('n')
const n = exp.loopVarInt(exp.loopVarPart.VALUE)

/** Expressions that are true of the record. */
const truths: { readonly [name: string]: Expression<'bool' | 'any'> } = {
  bool: exp.eq(exp.binBool('t'), true),
  int: exp.eq(i, exp.int(5n)),
  uint: exp.eq(i, exp.uint(5)),
  float: exp.eq(f, exp.float(2.5)),
  str: exp.eq(s, exp.str('Seoul')),
  bytes: exp.eq(b, bins.b),
  list: exp.eq(l, [3, 1, 2, 2]),
  'binType of an integer': exp.eq(exp.binType('i'), 1),
  'binType of nothing': exp.eq(exp.binType('none'), 0),
  binExists: exp.and(exp.binExists('i'), exp.not(exp.binExists('none'))),
  keyStr: exp.gt(exp.keyStr(), ''),
  keyExist: exp.keyExist(),
  setName: exp.cmpRegex(exp.regexFlags.NONE, '^expressions-', exp.setName()),
  recordSize: exp.gt(exp.recordSize(), 100),
  deviceSize: exp.eq(exp.deviceSize(), exp.recordSize()),
  lastUpdate: exp.gt(exp.lastUpdate(), 1_600_000_000_000_000_000n),
  sinceUpdate: exp.lt(exp.sinceUpdate(), 600_000),
  voidTime: exp.gt(exp.voidTime(), exp.lastUpdate()),
  ttl: exp.and(exp.gt(exp.ttl(), 3000), exp.le(exp.ttl(), 3600)),
  isTombstone: exp.not(exp.isTombstone()),
  digestModulo: exp.and(exp.ge(exp.digestModulo(3), 0), exp.lt(exp.digestModulo(3), 3)),
  ne: exp.ne(i, 6),
  gt: exp.gt(i, 4),
  ge: exp.ge(f, 2.5),
  lt: exp.lt(s, 'T'),
  le: exp.le(i, 5),
  cmpRegex: exp.cmpRegex(exp.regexFlags.EXTENDED | exp.regexFlags.ICASE, '^sEO(u|x)l$', s),
  regexCompare: exp.not(exp.regexCompare('^sEO', 0, s)),
  cmpGeo: exp.cmpGeo(exp.binGeo('g'), exp.geo(GeoJSON.Circle(-122, 37.5, 1000))),
  inList: exp.inList(i, exp.list([4, 5])),
  and: exp.and(true, true, true),
  or: exp.or(false, true),
  exclusive: exp.and(exp.exclusive(true, false), exp.not(exp.exclusive(true, true))),
  cond: exp.eq(exp.cond(exp.lt(i, 5), exp.str('less'), exp.eq(i, 5), exp.str('five'), exp.unknown()), 'five'),
  let: exp.let(exp.def('x', i), exp.def('y', exp.mul(exp.var<'int'>('x'), 2)), exp.eq(exp.var('y'), 10)),
  add: exp.eq(exp.add(i, 1, 2), 8),
  sub: exp.eq(exp.sub(i, 7), -2),
  mul: exp.eq(exp.mul(f, 4), 10),
  div: exp.eq(exp.div(i, 2), 2),
  pow: exp.eq(exp.pow(f, 2), 6.25),
  log: exp.eq(exp.log(8, 2), 3),
  mod: exp.eq(exp.mod(i, 3), 2),
  abs: exp.eq(exp.abs(exp.sub(i)), 5),
  floor: exp.eq(exp.floor(f), 2),
  ceil: exp.eq(exp.ceil(f), 3),
  toInt: exp.eq(exp.toInt(f), 2),
  toFloat: exp.eq(exp.toFloat(i), 5),
  intAnd: exp.eq(exp.intAnd(i, 6), 4),
  intOr: exp.eq(exp.intOr(i, 2), 7),
  intXor: exp.eq(exp.intXor(i, 1), 4),
  intNot: exp.eq(exp.intNot(i), -6),
  intLshift: exp.eq(exp.intLshift(i, 2), 20),
  intRshift: exp.eq(exp.intRshift(i, 1), 2),
  intArshift: exp.eq(exp.intArshift(-8, 1), -4),
  intCount: exp.eq(exp.intCount(i), 2),
  intLscan: exp.eq(exp.intLscan(i, true), 61),
  intRscan: exp.eq(exp.intRscan(i, true), 63),
  min: exp.eq(exp.min(i, 3), 3),
  max: exp.eq(exp.max(f, 3), 3),
  mapKeys: exp.eq(exp.mapKeys(m), ['a', 'b', 'c']),
  mapValues: exp.eq(exp.mapValues(m), [1, 2, 3]),
  selectByPath: exp.eq(exp.selectByPath(deep, type.LIST, exp.pathSelectFlags.VALUE, everyRow), [1, 20]),
  'selectByPath with a filter': exp.eq(
    exp.selectByPath(
      m,
      type.LIST,
      exp.pathSelectFlags.MAP_KEY,
      new CdtContext().addAllChildrenWithFilter(exp.gt(n, 1)),
    ),
    ['b', 'c'],
  ),
  'selectByPath of some keys': exp.eq(
    exp.selectByPath(
      m,
      type.LIST,
      exp.pathSelectFlags.VALUE,
      new CdtContext().addMapKeysIn(['a', 'c']).addAndFilter(exp.gt(n, 1)),
    ),
    [3],
  ),
  modifyByPath: exp.eq(
    exp.maps.getByKey(
      exp.modifyByPath(m, type.MAP, exp.mul(n, 10), exp.pathModifyFlags.DEFAULT, new CdtContext().addAllChildren()),
      'b',
      type.INT,
      ofMap.VALUE,
    ),
    20,
  ),
  removeResult: exp.eq(
    exp.maps.size(
      exp.modifyByPath(
        m,
        type.MAP,
        exp.removeResult(),
        exp.pathModifyFlags.DEFAULT,
        new CdtContext().addAllChildrenWithFilter(exp.lt(n, 3)),
      ),
    ),
    1,
  ),

  'lists.size': exp.eq(exp.lists.size(l), 4),
  'lists.size in a map': exp.eq(exp.lists.size(deep, rows), 2),
  'lists.getByValue': exp.eq(exp.lists.getByValue(l, 2, of.COUNT), 2),
  'lists.getByValueRange': exp.eq(exp.lists.getByValueRange(l, 2, infinity(), of.COUNT), 3),
  'lists.getByValueRange open': exp.eq(exp.lists.getByValueRange(l, null, 2, of.VALUE), [1]),
  'lists.getByValueList': exp.eq(exp.lists.getByValueList(l, [1, 3], of.INDEX), [0, 1]),
  'lists.getByRelRankRangeToEnd': exp.eq(exp.lists.getByRelRankRangeToEnd(l, 2, 1, of.COUNT), 2),
  'lists.getByRelRankRange': exp.eq(exp.lists.getByRelRankRange(l, 2, 0, 1, of.VALUE), [2]),
  'lists.getByIndex': exp.eq(exp.lists.getByIndex(l, -1, type.INT, of.VALUE), 2),
  'lists.getByIndex of a rank': exp.eq(exp.lists.getByIndex(l, 0, type.AUTO, of.RANK), 3),
  'lists.getByIndexRangeToEnd': exp.eq(exp.lists.getByIndexRangeToEnd(l, 1, of.VALUE), [1, 2, 2]),
  'lists.getByIndexRange': exp.eq(exp.lists.getByIndexRange(l, 1, 2, of.VALUE), [1, 2]),
  'lists.getByRank': exp.eq(exp.lists.getByRank(l, -1, type.INT, of.VALUE), 3),
  'lists.getByRankRangeToEnd': exp.eq(exp.lists.getByRankRangeToEnd(l, 3, of.VALUE), [3]),
  'lists.getByRankRange': exp.eq(exp.lists.getByRankRange(l, 0, 1, of.VALUE), [1]),
  'lists.append': exp.eq(exp.lists.append(l, 9), [3, 1, 2, 2, 9]),
  'lists.append nested': exp.eq(exp.lists.size(exp.lists.append(deep, 9, null, secondList), secondList), 2),
  'lists.appendItems': exp.eq(exp.lists.appendItems(l, [8, 9]), [3, 1, 2, 2, 8, 9]),
  'lists.insert': exp.eq(exp.lists.insert(l, 9, 1), [3, 9, 1, 2, 2]),
  'lists.insertItems': exp.eq(exp.lists.insertItems(l, [8, 9], 0), [8, 9, 3, 1, 2, 2]),
  'lists.increment': exp.eq(exp.lists.increment(l, 5, 0), [8, 1, 2, 2]),
  'lists.set': exp.eq(exp.lists.set(l, 9, 0), [9, 1, 2, 2]),
  'lists.clear': exp.eq(exp.lists.clear(l), []),
  'lists.sort': exp.eq(exp.lists.sort(l, lists.sortFlags.DROP_DUPLICATES), [1, 2, 3]),
  'lists.removeByValue': exp.eq(exp.lists.removeByValue(l, 2), [3, 1]),
  'lists.removeByValue of all others': exp.eq(exp.lists.removeByValue(l, 2, null, of.INVERTED_NONE), [2, 2]),
  'lists.removeByValueList': exp.eq(exp.lists.removeByValueList(l, [1, 3]), [2, 2]),
  'lists.removeByValueRange': exp.eq(exp.lists.removeByValueRange(l, 3, 1), [3]),
  'lists.removeByRelRankRangeToEnd': exp.eq(exp.lists.removeByRelRankRangeToEnd(l, 0, 2), [1]),
  'lists.removeByRelRankRange': exp.eq(exp.lists.removeByRelRankRange(l, 1, 0, 3), [1, 2, 2]),
  'lists.removeByIndex': exp.eq(exp.lists.removeByIndex(l, 0), [1, 2, 2]),
  'lists.removeByIndexRangeToEnd': exp.eq(exp.lists.removeByIndexRangeToEnd(l, 1), [3]),
  'lists.removeByIndexRange': exp.eq(exp.lists.removeByIndexRange(l, 2, 1), [3, 2]),
  'lists.removeByRank': exp.eq(exp.lists.removeByRank(l, 0), [3, 2, 2]),
  'lists.removeByRankRangeToEnd': exp.eq(exp.lists.removeByRankRangeToEnd(l, 1), [1]),
  'lists.removeByRankRange': exp.eq(exp.lists.removeByRankRange(l, 3, 0), [3]),

  'maps.size': exp.eq(exp.maps.size(m), 3),
  'maps.put': exp.eq(exp.maps.size(exp.maps.put(m, 4, 'd')), 4),
  'maps.putItems': exp.eq(exp.maps.size(exp.maps.putItems(m, { d: 4, e: 5 })), 5),
  'maps.increment': exp.eq(exp.maps.getByKey(exp.maps.increment(m, 5, 'a'), 'a', type.INT, ofMap.VALUE), 6),
  'maps.clear': exp.eq(exp.maps.size(exp.maps.clear(m)), 0),
  'maps.removeByKey': exp.eq(exp.mapKeys(exp.maps.removeByKey(m, 'a')), ['b', 'c']),
  'maps.removeByKeyList': exp.eq(exp.mapKeys(exp.maps.removeByKeyList(m, ['a', 'b'])), ['c']),
  'maps.removeByKeyRange': exp.eq(exp.mapKeys(exp.maps.removeByKeyRange(m, 'c', 'a')), ['c']),
  'maps.removeByKeyRelIndexRangeToEnd': exp.eq(exp.mapKeys(exp.maps.removeByKeyRelIndexRangeToEnd(m, 1, 'a')), ['a']),
  'maps.removeByKeyRelIndexRange': exp.eq(exp.mapKeys(exp.maps.removeByKeyRelIndexRange(m, 1, 1, 'a')), ['a', 'c']),
  'maps.removeByValue': exp.eq(exp.mapKeys(exp.maps.removeByValue(m, 2)), ['a', 'c']),
  'maps.removeByValueList': exp.eq(exp.mapKeys(exp.maps.removeByValueList(m, [1, 2])), ['c']),
  'maps.removeByValueRange': exp.eq(exp.mapKeys(exp.maps.removeByValueRange(m, 3, 1)), ['c']),
  'maps.removeByValueRelRankRangeToEnd': exp.eq(exp.mapKeys(exp.maps.removeByValueRelRankRangeToEnd(m, 0, 2)), ['a']),
  'maps.removeByValueRelRankRange': exp.eq(exp.mapKeys(exp.maps.removeByValueRelRankRange(m, 1, 0, 2)), ['a', 'c']),
  'maps.removeByIndex': exp.eq(exp.mapKeys(exp.maps.removeByIndex(m, 0)), ['b', 'c']),
  'maps.removeByIndexRangeToEnd': exp.eq(exp.mapKeys(exp.maps.removeByIndexRangeToEnd(m, 1)), ['a']),
  'maps.removeByIndexRange': exp.eq(exp.mapKeys(exp.maps.removeByIndexRange(m, 1, 1)), ['a', 'c']),
  'maps.removeByRank': exp.eq(exp.mapKeys(exp.maps.removeByRank(m, -1)), ['a', 'b']),
  'maps.removeByRankRangeToEnd': exp.eq(exp.mapKeys(exp.maps.removeByRankRangeToEnd(m, 1)), ['a']),
  'maps.removeByRankRange': exp.eq(exp.mapKeys(exp.maps.removeByRankRange(m, 2, 1)), ['a']),
  'maps.getByKey': exp.eq(exp.maps.getByKey(m, 'b', type.INT, ofMap.VALUE), 2),
  'maps.getByKey nested': exp.eq(
    exp.maps.getByKey(deep, 'n', type.INT, ofMap.VALUE, new CdtContext().addMapKey('rows').addListIndex(1)),
    20,
  ),
  'maps.getByKeyRange': exp.eq(exp.maps.getByKeyRange(m, 'c', 'a', ofMap.KEY), ['a', 'b']),
  'maps.getByKeyList': exp.eq(exp.maps.getByKeyList(m, ['a', 'x'], ofMap.VALUE), [1]),
  'maps.getByKeyRelIndexRangeToEnd': exp.eq(exp.maps.getByKeyRelIndexRangeToEnd(m, 1, 'a', ofMap.KEY), ['b', 'c']),
  'maps.getByKeyRelIndexRange': exp.eq(exp.maps.getByKeyRelIndexRange(m, 1, 1, 'a', ofMap.KEY), ['b']),
  'maps.getByValue': exp.eq(exp.maps.getByValue(m, 2, ofMap.KEY), ['b']),
  'maps.getByValueRange': exp.eq(exp.maps.getByValueRange(m, 3, 1, ofMap.COUNT), 2),
  'maps.getByValueList': exp.eq(exp.maps.getByValueList(m, [1, 3], ofMap.COUNT), 2),
  'maps.getByValueRelRankRangeToEnd': exp.eq(exp.maps.getByValueRelRankRangeToEnd(m, 1, 1, ofMap.COUNT), 2),
  'maps.getByValueRelRankRange': exp.eq(exp.maps.getByValueRelRankRange(m, 1, 1, 1, ofMap.KEY), ['b']),
  'maps.getByIndex': exp.eq(exp.maps.getByIndex(m, 0, type.STR, ofMap.KEY), 'a'),
  'maps.getByIndexRangeToEnd': exp.eq(exp.maps.getByIndexRangeToEnd(m, 2, ofMap.KEY), ['c']),
  'maps.getByIndexRange': exp.eq(exp.maps.getByIndexRange(m, 1, 1, ofMap.KEY), ['b']),
  'maps.getByRank': exp.eq(exp.maps.getByRank(m, -1, type.INT, ofMap.VALUE), 3),
  'maps.getByRankRangeToEnd': exp.eq(exp.maps.getByRankRangeToEnd(m, 2, ofMap.COUNT), 1),
  'maps.getByRankRange': exp.eq(exp.maps.getByRankRange(m, 1, 0, ofMap.KEY), ['a']),

  'bit.reSize': exp.eq(exp.bit.reSize(b, 'default', 1), Buffer.of(0xa0)),
  'bit.insert': exp.eq(exp.bit.insert(b, Buffer.of(1), 1), Buffer.of(0xa0, 1, 0xff)),
  'bit.remove': exp.eq(exp.bit.remove(b, 1, 0), Buffer.of(0xff)),
  'bit.set': exp.eq(exp.bit.set(b, Buffer.of(0xf0), 4, 4), Buffer.of(0xaf, 0xff)),
  'bit.or': exp.eq(exp.bit.or(b, Buffer.of(0x0f), 8, 0), Buffer.of(0xaf, 0xff)),
  'bit.xor': exp.eq(exp.bit.xor(b, Buffer.of(0xff), 8, 8), Buffer.of(0xa0, 0)),
  'bit.and': exp.eq(exp.bit.and(b, Buffer.of(0x0f), 8, 8), Buffer.of(0xa0, 0x0f)),
  'bit.not': exp.eq(exp.bit.not(b, 8, 8), Buffer.of(0xa0, 0)),
  'bit.lShift': exp.eq(exp.bit.lShift(b, 1, 8, 0), Buffer.of(0x40, 0xff)),
  'bit.rShift': exp.eq(exp.bit.rShift(b, 4, 8, 0), Buffer.of(0x0a, 0xff)),
  'bit.add': exp.eq(exp.bit.add(b, 'wrap', 1, 8, 8), Buffer.of(0xa0, 0)),
  'bit.subtract': exp.eq(exp.bit.subtract(b, 'fail', 1, 8, 8), Buffer.of(0xa0, 0xfe)),
  'bit.setInt': exp.eq(exp.bit.setInt(b, 7, 8, 0), Buffer.of(7, 0xff)),
  'bit.get': exp.eq(exp.bit.get(b, 4, 0), Buffer.of(0xa0)),
  'bit.count': exp.eq(exp.bit.count(b, 16, 0), 10),
  'bit.lScan': exp.eq(exp.bit.lScan(b, false, 8, 0), 1),
  'bit.rScan': exp.eq(exp.bit.rScan(b, true, 8, 0), 2),
  'bit.getInt': exp.eq(exp.bit.getInt(b, false, 8, 8), 255),
  'bit.getInt signed': exp.eq(exp.bit.getInt(b, true, 8, 8), -1),

  fromBase64: exp.fromBase64(exp.eq(i, 5).toBase64()),
}

/** Expressions of a later server, which this one may not know. */
const later: { readonly [name: string]: Expression<'bool' | 'any'> } = {
  ael: exp.ael('$.i == 5'),
  'strings.strlen': exp.eq(exp.strings.strlen(s), 5),
  'strings.upper': exp.eq(exp.strings.upper(s), 'SEOUL'),
  'strings.replace': exp.eq(exp.strings.replace(s, 'e', 'E'), 'SEoul'),
  toStr: exp.eq(exp.toStr(i), '5'),
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe('what an expression says of a record', () => {
    const key = newKey()

    beforeAll(async () => {
      await client().put(key, bins, { ttl: 3600 }, { key: 'send' })
    })

    test.each(Object.entries(truths))('%s', async (_name, truth) => {
      await expect(client().get(key, { filterExpression: truth })).resolves.toMatchObject({ bins: { i: 5 } })
      const lie = exp.not(truth)
      await expect(client().get(key, { filterExpression: lie })).rejects.toBeInstanceOf(FilteredOutError)
    })

    test.each(Object.entries(later))('%s, or a clean refusal', async (_name, truth) => {
      const answer = await client()
        .get(key, { filterExpression: truth })
        .then(
          record => record.bins.i,
          (error: unknown) => error,
        )
      if (answer !== 5) expect(answer).toBeInstanceOf(InvalidArgError)
    })
  })

  describe('as a filter', () => {
    const matching = exp.eq(i, 1)
    const other = exp.eq(i, 2)

    test('reads', async () => {
      const key = newKey()
      await client().put(key, { i: 1 })
      expect((await client().get(key, { filterExpression: matching })).bins).toEqual({ i: 1 })
      expect((await client().get(key, { expressions: matching.bytes })).bins).toEqual({ i: 1 })
      await expect(client().get(key, { filterExpression: other })).rejects.toMatchObject({
        name: 'FilteredOutError',
        code: 'FILTERED_OUT',
        resultCode: 27,
      })
      await expect(client().select(key, ['i'], { filterExpression: other })).rejects.toBeInstanceOf(FilteredOutError)
    })

    test('of a missing bin is unknown, which is not true', async () => {
      const key = newKey()
      await client().put(key, { s: 'a' })
      await expect(client().get(key, { filterExpression: matching })).rejects.toBeInstanceOf(FilteredOutError)
      await expect(client().get(key, { filterExpression: exp.not(matching) })).rejects.toBeInstanceOf(FilteredOutError)
      const either = exp.or(matching, exp.eq(s, 'a'))
      expect((await client().get(key, { filterExpression: either })).bins).toEqual({ s: 'a' })
    })

    test('writes and removes, or leaves all as it is', async () => {
      const key = newKey()
      await client().put(key, { i: 1 })
      await expect(client().put(key, { j: 1 }, undefined, { filterExpression: other })).rejects.toBeInstanceOf(
        FilteredOutError,
      )
      await expect(client().remove(key, undefined, { filterExpression: other })).rejects.toBeInstanceOf(
        FilteredOutError,
      )
      expect(await client().get(key)).toMatchObject({ bins: { i: 1 }, gen: 1 })
      await client().put(key, { j: 1 }, undefined, { filterExpression: matching })
      expect((await client().get(key)).bins).toEqual({ i: 1, j: 1 })
      await client().remove(key, undefined, { filterExpression: matching })
      expect(await client().exists(key)).toBe(false)
    })

    test('operates, or leaves all as it is', async () => {
      const key = newKey()
      await client().put(key, { i: 1 })
      const steps = [op.incr('i', 1), op.read('i')]
      await expect(client().operate(key, steps, undefined, { filterExpression: other })).rejects.toBeInstanceOf(
        FilteredOutError,
      )
      const { bins: after } = await client().operate(key, steps, undefined, { filterExpression: matching })
      expect(after).toEqual({ i: 2 })
    })

    test('leaves rows out of a batch', async () => {
      const keys = [newKey(), newKey(), newKey()]
      for (const [index, key] of keys.entries()) await client().put(key, { i: index })
      const rows = await client().batchRead(keys, ['i'], { filterExpression: matching })
      expect(Array.from(rows, row => row.resultCode)).toEqual([27, 0, 27])
      expect(Array.from(rows, row => row.record?.bins)).toEqual([undefined, { i: 1 }, undefined])
    })

    test('may be nested as deep as the builders let it', async () => {
      const key = newKey()
      await client().put(key, { i: 1 })
      let deepest: Expression<'bool'> = matching
      for (let level = 2; level + 2 < 256; level += 2) deepest = exp.not(exp.not(deepest))
      expect((await client().get(key, { filterExpression: deepest })).bins).toEqual({ i: 1 })
    })

    test('can be the default of a client', async () => {
      const key = newKey()
      await client().put(key, { i: 1 })
      const picky = await kind.connect({ policies: { read: { filterExpression: other } } })
      try {
        await expect(picky.get(key)).rejects.toBeInstanceOf(FilteredOutError)
        expect((await picky.get(key, { filterExpression: matching })).bins).toEqual({ i: 1 })
      } finally {
        await picky.close()
      }
    })
  })

  describe('what the server refuses', () => {
    test.each<[string, Expression<'bool' | 'any'>]>([
      ['an invalid pattern', exp.cmpRegex(0, '[a', s)],
      ['a variable that only it can tell to be unbound', exp.fromBase64(exp.eq(exp.var('x'), 1).toBase64())],
      ['a foreign expression of another type', exp.fromBase64(i.toBase64())],
      ['sides of which it alone knows the types', exp.eq(exp.fromBase64(i.toBase64()), 'a')],
      ['a comparison with nil', exp.eq(exp.fromBase64(i.toBase64()), exp.nil())],
    ])('%s', async (_what, filter) => {
      const key = newKey()
      await client().put(key, { i: 1, s: 'a' })
      await expect(client().get(key, { filterExpression: filter })).rejects.toBeInstanceOf(InvalidArgError)
      await expect(client().put(key, { i: 2 }, undefined, { filterExpression: filter })).rejects.toBeInstanceOf(
        InvalidArgError,
      )
      expect(await client().get(key)).toMatchObject({ bins: { i: 1, s: 'a' }, gen: 1 })
    })
  })

  describe('as an operation', () => {
    const { read, write } = exp.operations
    const { CREATE_ONLY, UPDATE_ONLY, ALLOW_DELETE, POLICY_NO_FAIL, EVAL_NO_FAIL } = exp.expWriteFlags

    test('gives a value', async () => {
      const key = newKey()
      await client().put(key, { i: 5, s: 'a', l: [1, 2], m: { a: 1 } })
      const record = await client().operate(key, [
        read('double', exp.mul(i, 2)),
        read('half', exp.div(exp.toFloat(i), 2)),
        read('is', exp.gt(i, 4)),
        read('text', s),
        read('longer', exp.lists.append(l, 3)),
        read('map', exp.maps.put(m, 2, 'b')),
        read('nil', exp.nil()),
      ])
      expect(record.bins).toEqual({
        double: 10,
        half: 2.5,
        is: true,
        text: 'a',
        longer: [1, 2, 3],
        map: { a: 1, b: 2 },
      })
      expect((await client().get(key)).bins).toEqual({ i: 5, s: 'a', l: [1, 2], m: { a: 1 } })
    })

    test('writes a value', async () => {
      const key = newKey()
      await client().put(key, { i: 5 })
      const { bins: after } = await client().operate(key, [write('twice', exp.mul(i, 2)), op.read('twice')])
      expect(after).toEqual({ twice: 10 })
      expect((await client().get(key)).bins).toEqual({ i: 5, twice: 10 })
    })

    test('heeds what may be there', async () => {
      const key = newKey()
      await client().put(key, { i: 5 })
      await expect(client().operate(key, [write('i', exp.int(1), CREATE_ONLY)])).rejects.toBeInstanceOf(BinExistsError)
      await expect(client().operate(key, [write('j', exp.int(1), UPDATE_ONLY)])).rejects.toBeInstanceOf(
        BinNotFoundError,
      )
      await client().operate(key, [
        write('i', exp.int(1), CREATE_ONLY | POLICY_NO_FAIL),
        write('j', exp.int(1), UPDATE_ONLY | POLICY_NO_FAIL),
      ])
      expect((await client().get(key)).bins).toEqual({ i: 5 })
    })

    test('removes a bin by nil where that is allowed', async () => {
      const key = newKey()
      await client().put(key, { i: 5, s: 'a' })
      await expect(client().operate(key, [write('i', exp.nil())])).rejects.toMatchObject({ code: 'OP_NOT_APPLICABLE' })
      await client().operate(key, [write('i', exp.nil(), ALLOW_DELETE)])
      expect((await client().get(key)).bins).toEqual({ s: 'a' })
    })

    test('fails where there is no value, or does not', async () => {
      const key = newKey()
      await client().put(key, { i: 5 })
      await expect(client().operate(key, [read('r', exp.unknown())])).rejects.toMatchObject({
        code: 'OP_NOT_APPLICABLE',
      })
      await expect(client().operate(key, [read('r', exp.add(exp.binInt('none'), 1))])).rejects.toMatchObject({
        code: 'OP_NOT_APPLICABLE',
      })
      const { bins: after } = await client().operate(key, [
        read('r', exp.unknown(), exp.expReadFlags.EVAL_NO_FAIL),
        write('w', exp.unknown(), EVAL_NO_FAIL),
      ])
      expect(after).toEqual({})
      expect((await client().get(key)).bins).toEqual({ i: 5 })
    })

    test('creates a nested list or map where a context says so', async () => {
      const key = newKey()
      await client().put(key, { m: {} })
      const list = new CdtContext().addMapKeyCreate('new', maps.order.KEY_ORDERED)
      await client().operate(key, [write('m', exp.maps.put(m, 1, 'a', null, list))])
      expect((await client().get(key)).bins).toEqual({ m: { new: { a: 1 } } })
    })
  })
})
