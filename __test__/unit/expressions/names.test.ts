/** The names that users of aerospike-py and of the official client look for. */
import { exp } from 'aerospike-napi'
import { describe, expect, it } from 'vitest'

/** aerospike-py's functions, in camelCase and without the underscores that keep them off Python's own words. */
const OF_AEROSPIKE_PY = `intVal floatVal stringVal boolVal blobVal listVal mapVal geoVal nil infinity wildcard
  intBin floatBin stringBin boolBin blobBin listBin mapBin geoBin hllBin binExists binType
  eq ne gt ge lt le and or not xor
  numAdd numSub numMul numDiv numMod numPow numLog numAbs numFloor numCeil toInt toFloat min max
  key keyExists setName recordSize lastUpdate sinceUpdate voidTime ttl isTombstone digestModulo
  regexCompare geoCompare cond let def var`.split(/\s+/)

/** What the official client exports as `exp`. */
const OF_OFFICIAL_CLIENT = `abs add and binBlob binBool binExists binFloat binGeo binHll binInt binList binMap binStr
  binType bit bool bytes ceil cmpGeo cmpRegex cond def deviceSize digestModulo div eq exclusive expReadFlags
  expWriteFlags float floor ge geo gt hll inList inf int intAnd intArshift intCount intLscan intLshift intNot intOr
  intRscan intRshift intXor isTombstone keyBlob keyExist keyInt keyStr lastUpdate le let list lists log loopVarBlob
  loopVarBool loopVarFloat loopVarGeoJSON loopVarHLL loopVarInt loopVarList loopVarMap loopVarNil loopVarPart
  loopVarStr lt map mapKeys mapValues maps max memorySize min mod modifyByPath mul ne nil not or pathModifyFlags
  pathSelectFlags pow recordSize removeResult resultRemove selectByPath setName sinceUpdate str sub toFloat toInt ttl
  uint unknown var voidTime wildcard`.split(/\s+/)

/** And what its modules hold. */
const OF_MODULES = {
  lists: `size getByValue getByValueRange getByValueList getByRelRankRangeToEnd getByRelRankRange getByIndex
    getByIndexRangeToEnd getByIndexRange getByRank getByRankRangeToEnd getByRankRange append appendItems insert
    insertItems increment set clear sort removeByValue removeByValueList removeByValueRange removeByRelRankRangeToEnd
    removeByRelRankRange removeByIndex removeByIndexRangeToEnd removeByIndexRange removeByRank removeByRankRangeToEnd
    removeByRankRange`.split(/\s+/),
  maps: `put putItems increment clear removeByKey removeByKeyList removeByKeyRange removeByKeyRelIndexRangeToEnd
    removeByKeyRelIndexRange removeByValue removeByValueList removeByValueRange removeByValueRelRankRangeToEnd
    removeByValueRelRankRange removeByIndex removeByIndexRangeToEnd removeByIndexRange removeByRank
    removeByRankRangeToEnd removeByRankRange size getByKey getByKeyRange getByKeyList getByKeyRelIndexRangeToEnd
    getByKeyRelIndexRange getByValue getByValueRange getByValueList getByValueRelRankRangeToEnd
    getByValueRelRankRange getByIndex getByIndexRangeToEnd getByIndexRange getByRank getByRankRangeToEnd
    getByRankRange`.split(/\s+/),
  bit: `reSize insert remove set or xor and not lShift rShift add subtract setInt get count lScan rScan
    getInt`.split(/\s+/),
  hll: `initMH init addMH add update getCount getUnion getUnionCount getIntersectCount getSimilarity describe
    mayContain`.split(/\s+/),
}

describe('exp', () => {
  it.each(OF_AEROSPIKE_PY)("has aerospike-py's %s", name => {
    expect(exp).toHaveProperty(name, expect.any(Function))
  })

  it.each(OF_OFFICIAL_CLIENT)("has the official client's %s", name => {
    expect(exp).toHaveProperty(name)
  })

  it.each(Object.entries(OF_MODULES))("has the official client's %s.*", (module, names) => {
    const builders = exp[module as keyof typeof OF_MODULES]
    expect(names.filter(name => !Object.hasOwn(builders, name))).toEqual([])
  })

  it('counts as its documentation does', () => {
    expect(OF_AEROSPIKE_PY).toHaveLength(62)
    expect(OF_OFFICIAL_CLIENT).toHaveLength(104)
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(exp)).toBe(true)
  })
})
