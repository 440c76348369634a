/**
 * Expressions on maps.
 */
import { MapCode as Code } from '../catalog/operation-codes'
import type { MapPolicy } from '../constants/collection-policy'
import { mapOrder } from '../constants/orders'
import type { InvertedReturnType, MapReturnType } from '../constants/return-types'
import { type Bound, type Context, orderedPolicy } from './call'
import { type Collection, type CollectionBin, family } from './collection'
import { type AnyOperand, type Expression, type Operand, operand, type ValueType } from './expression'

const ALL_WRITE_FLAGS = 15

const { many, one, read, modify, remove, removeOne, item, addend } = family('maps')

/** The order of a created map, and write flags. */
type MapWrite = Pick<MapPolicy, 'order' | 'writeFlags'> | null | undefined

/** The order and, if they are not the default, the flags: the server accepts the order alone, or both. */
function policyOf(name: string, policy: MapWrite): number[] {
  const { order, writeFlags } = orderedPolicy(policy, mapOrder, ALL_WRITE_FLAGS, `exp.maps.${name}`)
  return writeFlags === 0 ? [order] : [order, writeFlags]
}

/** The return types for one selected entry. */
type MapOne = Exclude<MapReturnType, 'none'>
/** The return types for several selected entries. */
type MapMany = MapOne | InvertedReturnType<MapOne>
/** The return types of removals. Only whether the type is inverted makes a difference. */
type MapRemoval = MapReturnType | InvertedReturnType<MapReturnType>

/**
 * Builders of expressions on maps. Builders that modify a map evaluate to the modified bin and do not change the record.
 *
 * All throw InvalidArgError for an argument of the wrong type. Note the order of arguments of the same type: it is that of
 * the official client, which often puts optional arguments first.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to a map (or, with `ctx`, to the value that contains it), usually
 *   `exp.binMap('name')`.
 * - `ctx`: path to a map nested in `bin`. Default: `bin` itself.
 * - `returnType`: one of `maps.returnType`: what to return for the selected entries. The INVERTED_ types select all other
 *   entries instead.
 * - `key`, `keys`: a key of the map, or a list of keys.
 * - `idx`: position in the order of keys: 0 is the smallest key, -1 the greatest. In `...RelIndexRange` it is counted
 *   from the index of `key`.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is
 *   counted from the rank of `value`.
 * - `count`: number of entries.
 * - `value`: the value to write, or to compare with; for `increment` a number.
 * - `values`: a list of values to compare with.
 * - `map`: the entries to write, as a map.
 * - `begin`, `end`: limits of the selected keys or values, without `end` itself. null: no limit on that side.
 * - `policy`: `order`, and `writeFlags`, as for the operations in `maps`. Default: unordered, and entries are created
 *   or replaced.
 */
export const mapExpressions = {
  /** The map with `value` written at `key`. Note the order of arguments: `value` comes first. */
  put: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    key: AnyOperand,
    policy?: MapWrite,
    ctx?: Context,
  ): Expression<T> => {
    const args = [item('put', key, 'key'), item('put', value, 'value'), ...policyOf('put', policy)]
    return modify('put', bin, [Code.PUT, ...args], ctx)
  },

  /** The map with all entries of `map` written to it. */
  putItems: <T extends Collection>(
    bin: Expression<T>,
    map: Operand<'map'>,
    policy?: MapWrite,
    ctx?: Context,
  ): Expression<T> => {
    const entries = operand(map, 'map', 'exp.maps.putItems: map')
    return modify('putItems', bin, [Code.PUT_ITEMS, entries, ...policyOf('putItems', policy)], ctx)
  },

  /** The map with `value` added to the number at `key`. Note the order of arguments: `value` comes first. */
  increment: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    key: AnyOperand,
    policy?: MapWrite,
    ctx?: Context,
  ): Expression<T> => {
    const name = 'increment'
    const [order] = policyOf(name, policy) as [number]
    return modify(name, bin, [Code.INCREMENT, item(name, key, 'key'), addend(name, value, 'value'), order], ctx)
  },

  /** The map with all entries removed. */
  clear: <T extends Collection>(bin: Expression<T>, ctx?: Context): Expression<T> =>
    modify('clear', bin, [Code.CLEAR], ctx),

  /** The map without the entry with the key `key`. */
  removeByKey: <T extends Collection>(
    bin: Expression<T>,
    key: AnyOperand,
    ctx?: Context,
    returnType: MapReturnType = 'none',
  ): Expression<T> => removeOne('removeByKey', Code.REMOVE_BY_KEY, bin, { key }, ctx, returnType),

  /** The map without the entries with a key in the list `keys`. */
  removeByKeyList: <T extends Collection>(
    bin: Expression<T>,
    keys: Operand<'list'>,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByKeyList', Code.REMOVE_BY_KEY_LIST, bin, { keys }, ctx, returnType),

  /**
   * The map without the entries whose keys are from `begin` (inclusive) to `end` (exclusive).
   * Note the order of arguments: `end` comes first.
   */
  removeByKeyRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByKeyRange', Code.REMOVE_BY_KEY_INTERVAL, bin, { end, begin }, ctx, returnType),

  /** The map without the entries starting `idx` positions after `key`, in the order of keys. */
  removeByKeyRelIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    key: AnyOperand,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> =>
    remove('removeByKeyRelIndexRangeToEnd', Code.REMOVE_BY_KEY_REL_INDEX_RANGE, bin, { idx, key }, ctx, returnType),

  /** The map without `count` entries starting `idx` positions after `key`, in the order of keys. */
  removeByKeyRelIndexRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    key: AnyOperand,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> =>
    remove('removeByKeyRelIndexRange', Code.REMOVE_BY_KEY_REL_INDEX_RANGE, bin, { count, idx, key }, ctx, returnType),

  /** The map without the entries whose values equal `value`. */
  removeByValue: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByValue', Code.REMOVE_BY_VALUE, bin, { value }, ctx, returnType),

  /** The map without the entries whose values equal any item of the list `values`. */
  removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByValueList', Code.REMOVE_BY_VALUE_LIST, bin, { values }, ctx, returnType),

  /**
   * The map without the entries whose values are from `begin` (inclusive) to `end` (exclusive).
   * Note the order of arguments: `end` comes first.
   */
  removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByValueRange', Code.REMOVE_BY_VALUE_INTERVAL, bin, { end, begin }, ctx, returnType),

  /** The map without the entries starting `rank` ranks above `value`, in the order of values. */
  removeByValueRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> =>
    remove(
      'removeByValueRelRankRangeToEnd',
      Code.REMOVE_BY_VALUE_REL_RANK_RANGE,
      bin,
      { rank, value },
      ctx,
      returnType,
    ),

  /** The map without `count` entries starting `rank` ranks above `value`, in the order of values. */
  removeByValueRelRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> =>
    remove(
      'removeByValueRelRankRange',
      Code.REMOVE_BY_VALUE_REL_RANK_RANGE,
      bin,
      { count, rank, value },
      ctx,
      returnType,
    ),

  /** The map without the entry at `idx` in the order of keys. */
  removeByIndex: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: MapReturnType = 'none',
  ): Expression<T> => removeOne('removeByIndex', Code.REMOVE_BY_INDEX, bin, { idx }, ctx, returnType),

  /** The map without the entries starting at `idx` in the order of keys. */
  removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByIndexRangeToEnd', Code.REMOVE_BY_INDEX_RANGE, bin, { idx }, ctx, returnType),

  /** The map without `count` entries starting at `idx` in the order of keys. */
  removeByIndexRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByIndexRange', Code.REMOVE_BY_INDEX_RANGE, bin, { count, idx }, ctx, returnType),

  /** The map without the entry at `rank` in the order of values. */
  removeByRank: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: MapReturnType = 'none',
  ): Expression<T> => removeOne('removeByRank', Code.REMOVE_BY_RANK, bin, { rank }, ctx, returnType),

  /** The map without the entries starting at `rank` in the order of values. */
  removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByRankRangeToEnd', Code.REMOVE_BY_RANK_RANGE, bin, { rank }, ctx, returnType),

  /** The map without `count` entries starting at `rank` in the order of values. */
  removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: MapRemoval = 'none',
  ): Expression<T> => remove('removeByRankRange', Code.REMOVE_BY_RANK_RANGE, bin, { count, rank }, ctx, returnType),

  /** The number of entries. */
  size: (bin: CollectionBin, ctx?: Context): Expression<'int'> => read('size', 'int', bin, [Code.SIZE], ctx),

  /**
   * Selects the entry with the key `key`.
   * @param valueType - type of the result if it is a key or a value; `auto` for all other return types
   */
  getByKey: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    key: AnyOperand,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByKey', Code.GET_BY_KEY, bin, { key }, valueType, returnType, ctx),

  /**
   * Selects all entries whose keys are from `begin` (inclusive) to `end` (exclusive); null leaves a side open.
   * Note the order of arguments: `end` comes first.
   */
  getByKeyRange: <R extends MapMany>(bin: CollectionBin, end: Bound, begin: Bound, returnType: R, ctx?: Context) =>
    many('getByKeyRange', Code.GET_BY_KEY_INTERVAL, bin, { end, begin }, returnType, ctx),

  /** Selects all entries with a key in the list `keys`. */
  getByKeyList: <R extends MapMany>(bin: CollectionBin, keys: Operand<'list'>, returnType: R, ctx?: Context) =>
    many('getByKeyList', Code.GET_BY_KEY_LIST, bin, { keys }, returnType, ctx),

  /** Selects all entries starting `idx` positions after `key`, in the order of keys. */
  getByKeyRelIndexRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    key: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => many('getByKeyRelIndexRangeToEnd', Code.GET_BY_KEY_REL_INDEX_RANGE, bin, { idx, key }, returnType, ctx),

  /** Selects `count` entries starting `idx` positions after `key`, in the order of keys. */
  getByKeyRelIndexRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    key: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => many('getByKeyRelIndexRange', Code.GET_BY_KEY_REL_INDEX_RANGE, bin, { count, idx, key }, returnType, ctx),

  /** Selects all entries whose values equal `value`. */
  getByValue: <R extends MapMany>(bin: CollectionBin, value: AnyOperand, returnType: R, ctx?: Context) =>
    many('getByValue', Code.GET_BY_VALUE, bin, { value }, returnType, ctx),

  /**
   * Selects all entries whose values are from `begin` (inclusive) to `end` (exclusive); null leaves a side open.
   * Note the order of arguments: `end` comes first.
   */
  getByValueRange: <R extends MapMany>(bin: CollectionBin, end: Bound, begin: Bound, returnType: R, ctx?: Context) =>
    many('getByValueRange', Code.GET_BY_VALUE_INTERVAL, bin, { end, begin }, returnType, ctx),

  /** Selects all entries whose values equal any item of the list `values`. */
  getByValueList: <R extends MapMany>(bin: CollectionBin, values: Operand<'list'>, returnType: R, ctx?: Context) =>
    many('getByValueList', Code.GET_BY_VALUE_LIST, bin, { values }, returnType, ctx),

  /** Selects all entries starting `rank` ranks above `value`, in the order of values. */
  getByValueRelRankRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => many('getByValueRelRankRangeToEnd', Code.GET_BY_VALUE_REL_RANK_RANGE, bin, { rank, value }, returnType, ctx),

  /** Selects `count` entries starting `rank` ranks above `value`, in the order of values. */
  getByValueRelRankRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => many('getByValueRelRankRange', Code.GET_BY_VALUE_REL_RANK_RANGE, bin, { count, rank, value }, returnType, ctx),

  /**
   * Selects the entry at `idx` in the order of keys.
   * @param valueType - type of the result if it is a key or a value; `auto` for all other return types
   */
  getByIndex: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByIndex', Code.GET_BY_INDEX, bin, { idx }, valueType, returnType, ctx),

  /** Selects all entries starting at `idx` in the order of keys. */
  getByIndexRangeToEnd: <R extends MapMany>(bin: CollectionBin, idx: Operand<'int'>, returnType: R, ctx?: Context) =>
    many('getByIndexRangeToEnd', Code.GET_BY_INDEX_RANGE, bin, { idx }, returnType, ctx),

  /** Selects `count` entries starting at `idx` in the order of keys. Note the order of arguments: `count` comes first. */
  getByIndexRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByIndexRange', Code.GET_BY_INDEX_RANGE, bin, { count, idx }, returnType, ctx),

  /**
   * Selects the entry at `rank` in the order of values.
   * @param valueType - type of the result if it is a key or a value; `auto` for all other return types
   */
  getByRank: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByRank', Code.GET_BY_RANK, bin, { rank }, valueType, returnType, ctx),

  /** Selects all entries starting at `rank` in the order of values. */
  getByRankRangeToEnd: <R extends MapMany>(bin: CollectionBin, rank: Operand<'int'>, returnType: R, ctx?: Context) =>
    many('getByRankRangeToEnd', Code.GET_BY_RANK_RANGE, bin, { rank }, returnType, ctx),

  /** Selects `count` entries starting at `rank` in the order of values. Note the order of arguments: `count` comes first. */
  getByRankRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRankRange', Code.GET_BY_RANK_RANGE, bin, { count, rank }, returnType, ctx),
} as const
