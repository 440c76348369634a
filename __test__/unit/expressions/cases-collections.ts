/**
 * Cases of lists, maps, contexts and paths; the twin is `crate/tests/expressions/collections.rs`.
 */
import {
  CdtContext,
  exp,
  LIST_ORDERED,
  LIST_UNORDERED,
  MAP_KEY_ORDERED,
  MAP_KEY_VALUE_ORDERED,
  maps as mapOperations,
  lists as operations,
  wildcard,
} from 'aerospike-napi'
import type { Cases } from './cases-basic'

const Return = mapOperations.returnType

const l = exp.binList('l')
const m = exp.binMap('m')
const inMap = new CdtContext().addMapKey('k')
const inList = new CdtContext().addListIndex(-1).addMapKey(3)

const { lists: list, maps: map } = exp

export const lists: Cases = {
  'lists.size': () => list.size(l),
  'lists.size in a map': () => list.size(m, inMap),
  'lists.size in a list': () => list.size(l, inList),
  'lists.join': () => list.join(l),
  'lists.join with a separator': () => list.join(l, ', '),
  'lists.getByValue': () => list.getByValue(l, exp.int(5), Return.COUNT),
  'lists.getByValue of a list': () => list.getByValue(l, exp.list([1, wildcard()]), Return.VALUE),
  'lists.getByValueRange': () => list.getByValueRange(l, 1, 5, Return.VALUE),
  'lists.getByValueRange open': () => list.getByValueRange(l, null, null, Return.INVERTED_VALUE),
  'lists.getByValueRange in a map': () => list.getByValueRange(m, null, exp.inf(), Return.EXISTS, inMap),
  'lists.getByValueList': () => list.getByValueList(l, [1, 2], Return.INDEX),
  'lists.getByRelRankRangeToEnd': () => list.getByRelRankRangeToEnd(l, 5, -1, Return.VALUE),
  'lists.getByRelRankRange': () => list.getByRelRankRange(l, 5, -1, 2, Return.VALUE),
  'lists.getByIndex': () => list.getByIndex(l, 2, exp.type.INT, Return.VALUE),
  'lists.getByIndex auto': () => list.getByIndex(l, 2, exp.type.AUTO, Return.RANK),
  'lists.getByIndexRangeToEnd': () => list.getByIndexRangeToEnd(l, 2, Return.VALUE),
  'lists.getByIndexRange': () => list.getByIndexRange(l, 2, 3, Return.VALUE),
  'lists.getByRank': () => list.getByRank(l, -1, exp.type.STR, Return.VALUE),
  'lists.getByRankRangeToEnd': () => list.getByRankRangeToEnd(l, 2, Return.VALUE),
  'lists.getByRankRange': () => list.getByRankRange(l, 2, 3, Return.VALUE),
  'lists.append': () => list.append(l, 5),
  'lists.append with a policy': () => list.append(l, 5, { order: operations.order.ORDERED, writeFlags: 5 }),
  'lists.append in a map': () => list.append(m, 5, null, inMap),
  'lists.appendItems': () => list.appendItems(l, [1, 2]),
  'lists.insert': () => list.insert(l, 'a', 0, { writeFlags: 1 }),
  'lists.insertItems': () => list.insertItems(l, exp.list(['a', 'b']), 0),
  'lists.increment': () => list.increment(l, 2, 0),
  'lists.set': () => list.set(l, 'a', 0),
  'lists.clear': () => list.clear(l),
  'lists.sort': () => list.sort(l, 3),
  'lists.sort in a list': () => list.sort(l, 1, inList),
  'lists.removeByValue': () => list.removeByValue(l, 5),
  'lists.removeByValue inverted': () => list.removeByValue(l, 5, null, Return.INVERTED_NONE),
  'lists.removeByValueList': () => list.removeByValueList(l, [5]),
  'lists.removeByValueRange': () => list.removeByValueRange(l, 9, 1),
  'lists.removeByValueRange open': () => list.removeByValueRange(m, null, null, inMap),
  'lists.removeByRelRankRangeToEnd': () => list.removeByRelRankRangeToEnd(l, 1, 5),
  'lists.removeByRelRankRange': () => list.removeByRelRankRange(l, 2, 1, 5),
  'lists.removeByIndex': () => list.removeByIndex(l, 0),
  'lists.removeByIndexRangeToEnd': () => list.removeByIndexRangeToEnd(l, 1),
  'lists.removeByIndexRange': () => list.removeByIndexRange(l, 2, 1),
  'lists.removeByRank': () => list.removeByRank(l, 0),
  'lists.removeByRankRangeToEnd': () => list.removeByRankRangeToEnd(l, 1),
  'lists.removeByRankRange': () => list.removeByRankRange(l, 2, 1),
}

export const maps: Cases = {
  'maps.put': () => map.put(m, 5, 'k'),
  'maps.put with a policy': () => map.put(m, 5, 'k', { order: MAP_KEY_ORDERED, writeFlags: 1 }),
  'maps.put in a list': () => map.put(l, 5, 'k', null, inList),
  'maps.putItems': () => map.putItems(m, { b: 1, a: 2 }),
  'maps.putItems with a policy': () => map.putItems(m, exp.map({ a: 2 }), { order: MAP_KEY_ORDERED, writeFlags: 12 }),
  'maps.increment': () => map.increment(m, 2, 'k', { order: MAP_KEY_VALUE_ORDERED }),
  'maps.clear': () => map.clear(m),
  'maps.removeByKey': () => map.removeByKey(m, 'k'),
  'maps.removeByKeyList': () => map.removeByKeyList(m, ['k', 1]),
  'maps.removeByKeyRange': () => map.removeByKeyRange(m, 'z', 'a'),
  'maps.removeByKeyRange open': () => map.removeByKeyRange(m, null, null, inMap, Return.INVERTED_NONE),
  'maps.removeByKeyRelIndexRangeToEnd': () => map.removeByKeyRelIndexRangeToEnd(m, 1, 'k'),
  'maps.removeByKeyRelIndexRange': () => map.removeByKeyRelIndexRange(m, 2, 1, 'k'),
  'maps.removeByValue': () => map.removeByValue(m, 5),
  'maps.removeByValueList': () => map.removeByValueList(m, [5]),
  'maps.removeByValueRange': () => map.removeByValueRange(m, 9, 1),
  'maps.removeByValueRelRankRangeToEnd': () => map.removeByValueRelRankRangeToEnd(m, 1, 5),
  'maps.removeByValueRelRankRange': () => map.removeByValueRelRankRange(m, 2, 1, 5),
  'maps.removeByIndex': () => map.removeByIndex(m, 0),
  'maps.removeByIndexRangeToEnd': () => map.removeByIndexRangeToEnd(m, 1),
  'maps.removeByIndexRange': () => map.removeByIndexRange(m, 2, 1),
  'maps.removeByRank': () => map.removeByRank(m, 0),
  'maps.removeByRankRangeToEnd': () => map.removeByRankRangeToEnd(m, 1),
  'maps.removeByRankRange': () => map.removeByRankRange(m, 2, 1),
  'maps.size': () => map.size(m),
  'maps.size in a list': () => map.size(l, inList),
  'maps.getByKey': () => map.getByKey(m, 'k', exp.type.STR, Return.VALUE),
  'maps.getByKey auto': () => map.getByKey(m, 'k', exp.type.AUTO, Return.EXISTS),
  'maps.getByKeyRange': () => map.getByKeyRange(m, 'z', 'a', Return.KEY),
  'maps.getByKeyRange open': () => map.getByKeyRange(m, null, null, Return.KEY),
  'maps.getByKeyList': () => map.getByKeyList(m, ['k'], Return.KEY_VALUE),
  'maps.getByKeyRelIndexRangeToEnd': () => map.getByKeyRelIndexRangeToEnd(m, 1, 'k', Return.VALUE),
  'maps.getByKeyRelIndexRange': () => map.getByKeyRelIndexRange(m, 2, 1, 'k', Return.VALUE),
  'maps.getByValue': () => map.getByValue(m, 5, Return.COUNT),
  'maps.getByValueRange': () => map.getByValueRange(m, 9, 1, Return.RANK),
  'maps.getByValueRange open': () => map.getByValueRange(m, null, 1, Return.RANK),
  'maps.getByValueList': () => map.getByValueList(m, [5], Return.KEY),
  'maps.getByValueRelRankRangeToEnd': () => map.getByValueRelRankRangeToEnd(m, 1, 5, Return.KEY),
  'maps.getByValueRelRankRange': () => map.getByValueRelRankRange(m, 2, 1, 5, Return.KEY),
  'maps.getByIndex': () => map.getByIndex(m, 0, exp.type.INT, Return.VALUE),
  'maps.getByIndexRangeToEnd': () => map.getByIndexRangeToEnd(m, 1, Return.VALUE),
  'maps.getByIndexRange': () => map.getByIndexRange(m, 2, 1, Return.VALUE),
  'maps.getByRank': () => map.getByRank(m, -1, exp.type.FLOAT, Return.VALUE, inMap),
  'maps.getByRankRangeToEnd': () => map.getByRankRangeToEnd(m, 1, Return.VALUE),
  'maps.getByRankRange': () => map.getByRankRange(m, 2, 1, Return.VALUE),
}

const value = exp.loopVarInt(exp.loopVarPart.VALUE)
const dear = exp.gt(value, 10)
const tree = new CdtContext().addMapKey('book').addAllChildren().addMapKey('price')

export const paths: Cases = {
  selectByPath: () => exp.selectByPath(m, exp.type.LIST, exp.pathSelectFlags.VALUE, tree),
  'selectByPath of keys': () =>
    exp.selectByPath(m, exp.type.LIST, exp.pathSelectFlags.MAP_KEY | exp.pathSelectFlags.NO_FAIL, tree),
  'selectByPath with filters': () =>
    exp.selectByPath(
      m,
      exp.type.MAP,
      exp.pathSelectFlags.MATCHING_TREE,
      new CdtContext().addMapKeysIn(['a', 'b']).addAndFilter(dear).addAllChildrenWithFilter(exp.not(dear)),
    ),
  modifyByPath: () => exp.modifyByPath(m, exp.type.MAP, exp.mul(value, 2), exp.pathModifyFlags.DEFAULT, tree),
  'modifyByPath without failure': () =>
    exp.modifyByPath(m, exp.type.MAP, exp.removeResult(), exp.pathModifyFlags.NO_FAIL, tree),
  removeResult: () => exp.removeResult(),
  resultRemove: () => exp.resultRemove(),
  mapKeys: () => exp.mapKeys(m),
  mapValues: () => exp.mapValues(m),
  loopVarFloat: () => exp.loopVarFloat(exp.loopVarPart.VALUE),
  loopVarInt: () => exp.loopVarInt(exp.loopVarPart.INDEX),
  loopVarList: () => exp.loopVarList(exp.loopVarPart.VALUE),
  loopVarMap: () => exp.loopVarMap(exp.loopVarPart.VALUE),
  loopVarStr: () => exp.loopVarStr(exp.loopVarPart.KEY),
  loopVarBlob: () => exp.loopVarBlob(exp.loopVarPart.VALUE),
  loopVarBool: () => exp.loopVarBool(exp.loopVarPart.VALUE),
  loopVarNil: () => exp.loopVarNil(exp.loopVarPart.VALUE),
  loopVarGeoJSON: () => exp.loopVarGeoJSON(exp.loopVarPart.VALUE),
  loopVarHLL: () => exp.loopVarHLL(exp.loopVarPart.VALUE),
}

const context = (): CdtContext => new CdtContext()

export const contexts: Cases = {
  'context empty': () => context(),
  'context addListIndex': () => context().addListIndex(-3),
  'context addListRank': () => context().addListRank(-1),
  'context addListValue': () => context().addListValue([1, 'a', 2.5]),
  'context addMapIndex': () => context().addMapIndex(4),
  'context addMapRank': () => context().addMapRank(0),
  'context addMapKey of a string': () => context().addMapKey('k'),
  'context addMapKey of an integer': () => context().addMapKey(2n ** 40n),
  'context addMapKey of bytes': () => context().addMapKey(Uint8Array.of(1, 2)),
  'context addMapValue': () => context().addMapValue({ a: 1 }),
  'context addMapKeysIn': () => context().addMapKeysIn(['a', 1]),
  'context addAllChildren': () => context().addAllChildren(),
  'context addAllChildrenWithFilter': () => context().addAllChildrenWithFilter(dear),
  'context addAllChildrenWithFilter of 300': () =>
    context().addAllChildrenWithFilter(exp.eq(exp.loopVarStr('value'), 'a'.repeat(300))),
  'context addAndFilter': () => context().addMapKeysIn(['a']).addAndFilter(dear),
  'context of 20 levels': () => Array.from({ length: 20 }).reduce<CdtContext>(c => c.addListIndex(0), context()),
  'context fromBase64': () => CdtContext.fromBase64(tree.toBase64()),
  'context addListIndexCreate unordered': () => context().addListIndexCreate(1),
  'context addListIndexCreate padded': () => context().addListIndexCreate(1, LIST_UNORDERED, true),
  'context addListIndexCreate ordered': () => context().addListIndexCreate(1, LIST_ORDERED),
  'context addMapKeyCreate unordered': () => context().addMapKeyCreate('k'),
  'context addMapKeyCreate key-ordered': () => context().addMapKeyCreate('k', MAP_KEY_ORDERED),
  'context addMapKeyCreate key-value-ordered': () => context().addMapKeyCreate('k', MAP_KEY_VALUE_ORDERED),
}
