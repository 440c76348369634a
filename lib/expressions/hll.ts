/**
 * Expressions on HyperLogLogs.
 */
import { HllCode as Code } from '../catalog/operation-codes'
import { call, type FlagsWrite, type Int, intOperand, MODIFY, Module, policyFlags } from './call'
import { type Expression, type Operand, operand, part, type ValueType } from './expression'

const ALL_WRITE_FLAGS = 15

/** A bit count that keeps the one of the HyperLogLog, or means that it has none. */
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
 * Builders of expressions on HyperLogLogs. Builders that modify a HyperLogLog evaluate to the modified one and do not change
 * the record.
 *
 * All throw InvalidArgError for an argument of the wrong type. Note the order of arguments, which is that of the official
 * client.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to a HyperLogLog, usually `exp.binHll('name')`.
 * - `list`: the items to add or to look for; for unions, intersections and similarities a list of HyperLogLogs.
 * - `policy`: `writeFlags`, `hll.writeFlags` combined with `|`. Default: no restriction.
 */
export const hllExpressions = {
  /**
   * An empty HyperLogLog with minhash.
   * @param mhBitCount - number of minhash bits, 4 to 51
   * @param indexBitCount - number of index bits, 4 to 16
   */
  initMH: (bin: HllBin, mhBitCount: Int, indexBitCount: Int, policy?: FlagsWrite): Expression<'hll'> =>
    init('initMH', bin, indexBitCount, mhBitCount, policy),

  /**
   * An empty HyperLogLog.
   * @param indexBitCount - number of index bits, 4 to 16
   */
  init: (bin: HllBin, indexBitCount: Int, policy?: FlagsWrite): Expression<'hll'> =>
    init('init', bin, indexBitCount, AS_IT_IS, policy),

  /**
   * The HyperLogLog with the items of a list added; created with minhash if it does not exist.
   * @param mhBitCount - number of minhash bits, 4 to 51
   * @param indexBitCount - number of index bits, 4 to 16
   */
  addMH: (
    bin: HllBin,
    mhBitCount: Int,
    indexBitCount: Int,
    list: Operand<'list'>,
    policy?: FlagsWrite,
  ): Expression<'hll'> => add('addMH', bin, indexBitCount, mhBitCount, list, policy),

  /**
   * The HyperLogLog with the items of a list added; created if it does not exist.
   * @param indexBitCount - number of index bits, 4 to 16
   */
  add: (bin: HllBin, indexBitCount: Int, list: Operand<'list'>, policy?: FlagsWrite): Expression<'hll'> =>
    add('add', bin, indexBitCount, AS_IT_IS, list, policy),

  /** The HyperLogLog with the items of a list added; it must exist. */
  update: (bin: HllBin, list: Operand<'list'>, policy?: FlagsWrite): Expression<'hll'> =>
    add('update', bin, AS_IT_IS, AS_IT_IS, list, policy),

  /** The estimated number of distinct items. */
  getCount: (bin: HllBin): Expression<'int'> => read('getCount', 'int', Code.COUNT, bin),
  /** The union of the HyperLogLog and those of a list. */
  getUnion: ofLists('getUnion', 'hll', Code.UNION),
  /** The estimated number of distinct items in the union of the HyperLogLog and those of a list. */
  getUnionCount: ofLists('getUnionCount', 'int', Code.UNION_COUNT),
  /** The estimated number of distinct items in the intersection of the HyperLogLog and those of a list. */
  getIntersectCount: ofLists('getIntersectCount', 'int', Code.INTERSECT_COUNT),
  /** The estimated similarity of the HyperLogLog and those of a list, from 0 to 1. */
  getSimilarity: ofLists('getSimilarity', 'float', Code.SIMILARITY),
  /** The numbers of index bits and of minhash bits, as a list. */
  describe: (bin: HllBin): Expression<'list'> => read('describe', 'list', Code.DESCRIBE, bin),
  /** 1 if the HyperLogLog may contain all items of a list, 0 if it does not. */
  mayContain: ofLists('mayContain', 'int', Code.MAY_CONTAIN),
} as const
