/**
 * HyperLogLogs inside expressions.
 */
import { call, type FlagsWrite, type Int, intOperand, MODIFY, Module, policyFlags } from './call'
import { type Expression, type Operand, operand, part, type ValueType } from './expression'

const Code = {
  INIT: 0,
  ADD: 1,
  COUNT: 50,
  UNION: 51,
  UNION_COUNT: 52,
  INTERSECT_COUNT: 53,
  SIMILARITY: 54,
  DESCRIBE: 55,
  MAY_CONTAIN: 56,
} as const

const ALL_WRITE_FLAGS = 15

/** Bit counts that a HyperLogLog has already, or has not. */
const AS_IT_IS = -1

type HllBin = Expression<'hll' | 'any'>

function read<T extends ValueType>(name: string, type: T, code: number, bin: HllBin, list?: unknown): Expression<T> {
  const where = `exp.hll.${name}`
  const source = part(bin, `${where}: bin`, ['hll'])
  return call(
    type,
    Module.HLL,
    list === undefined ? [code] : [code, operand(list, 'list', `${where}: list`)],
    source,
    where,
  )
}

const ofLists =
  <T extends ValueType>(name: string, type: T, code: number) =>
  (bin: HllBin, list: Operand<'list'>): Expression<T> =>
    read(name, type, code, bin, list ?? null)

function init(name: string, bin: HllBin, indexBitCount: Int, mhBitCount: Int, policy: FlagsWrite): Expression<'hll'> {
  const where = `exp.hll.${name}`
  const args = [
    Code.INIT,
    intOperand(indexBitCount, 'indexBitCount', where),
    intOperand(mhBitCount, 'mhBitCount', where),
    policyFlags(policy, ALL_WRITE_FLAGS, where),
  ]
  return call('hll', Module.HLL | MODIFY, args, part(bin, `${where}: bin`, ['hll']), where)
}

function add(
  name: string,
  bin: HllBin,
  indexBitCount: Int,
  mhBitCount: Int,
  list: unknown,
  policy: FlagsWrite,
): Expression<'hll'> {
  const where = `exp.hll.${name}`
  const args = [
    Code.ADD,
    operand(list, 'list', `${where}: list`),
    intOperand(indexBitCount, 'indexBitCount', where),
    intOperand(mhBitCount, 'mhBitCount', where),
    policyFlags(policy, ALL_WRITE_FLAGS, where),
  ]
  return call('hll', Module.HLL | MODIFY, args, part(bin, `${where}: bin`, ['hll']), where)
}

/**
 * Builders on HyperLogLogs. `bin` is an expression that results in one: mostly `exp.binHll('name')`. Those that change
 * one result in the changed one and leave the record alone. `policy` is `{ writeFlags }`, flags of `hll.writeFlags`.
 *
 * All throw InvalidArgError for arguments of another type. Mind the order of arguments, which is the official client's.
 */
export const hllExpressions = {
  /**
   * An empty HyperLogLog with min-hash.
   * @param mhBitCount - bits of the min-hash, 4 to 51
   * @param indexBitCount - bits of the index, 4 to 16
   */
  initMH: (bin: HllBin, mhBitCount: Int, indexBitCount: Int, policy?: FlagsWrite): Expression<'hll'> =>
    init('initMH', bin, indexBitCount, mhBitCount, policy),

  /**
   * An empty HyperLogLog.
   * @param indexBitCount - bits of the index, 4 to 16
   */
  init: (bin: HllBin, indexBitCount: Int, policy?: FlagsWrite): Expression<'hll'> =>
    init('init', bin, indexBitCount, AS_IT_IS, policy),

  /**
   * The HyperLogLog with the items of a list, made with min-hash where it is not there.
   * @param mhBitCount - bits of the min-hash, 4 to 51
   * @param indexBitCount - bits of the index, 4 to 16
   */
  addMH: (
    bin: HllBin,
    mhBitCount: Int,
    indexBitCount: Int,
    list: Operand<'list'>,
    policy?: FlagsWrite,
  ): Expression<'hll'> => add('addMH', bin, indexBitCount, mhBitCount, list, policy),

  /**
   * The HyperLogLog with the items of a list, made where it is not there.
   * @param indexBitCount - bits of the index, 4 to 16
   */
  add: (bin: HllBin, indexBitCount: Int, list: Operand<'list'>, policy?: FlagsWrite): Expression<'hll'> =>
    add('add', bin, indexBitCount, AS_IT_IS, list, policy),

  /** The HyperLogLog, which has to be there, with the items of a list. */
  update: (bin: HllBin, list: Operand<'list'>, policy?: FlagsWrite): Expression<'hll'> =>
    add('update', bin, AS_IT_IS, AS_IT_IS, list, policy),

  /** How many different items it has seen, about. */
  getCount: (bin: HllBin): Expression<'int'> => read('getCount', 'int', Code.COUNT, bin),
  /** The union with the HyperLogLogs of a list. */
  getUnion: ofLists('getUnion', 'hll', Code.UNION),
  /** How many different items the union with the HyperLogLogs of a list has seen, about. */
  getUnionCount: ofLists('getUnionCount', 'int', Code.UNION_COUNT),
  /** How many different items it and the HyperLogLogs of a list have all seen, about. */
  getIntersectCount: ofLists('getIntersectCount', 'int', Code.INTERSECT_COUNT),
  /** How similar it and the HyperLogLogs of a list are, 0 to 1, about. */
  getSimilarity: ofLists('getSimilarity', 'float', Code.SIMILARITY),
  /** The bits of its index and of its min-hash, as a list. */
  describe: (bin: HllBin): Expression<'list'> => read('describe', 'list', Code.DESCRIBE, bin),
  /** 1 where it may have seen all items of a list, 0 where it has not. */
  mayContain: ofLists('mayContain', 'int', Code.MAY_CONTAIN),
} as const
