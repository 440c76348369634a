/**
 * Expressions on lists.
 */
import { ListCode as Code } from '../catalog/operation-codes'
import type { ListPolicy } from '../constants/collection-policy'
import { listOrder } from '../constants/orders'
import type { InvertedReturnType, ListReturnType } from '../constants/return-types'
import { type Argument, type Bound, type Context, flags, orderedPolicy } from './call'
import { type Collection, type CollectionBin, family } from './collection'
import { type AnyOperand, type Expression, type Operand, operand, type ValueType } from './expression'

const ALL_WRITE_FLAGS = 15
const ALL_SORT_FLAGS = 3

const { many, one, read, modify, remove, removeOne, at, item, addend, items } = family('lists')

type ListWrite = ListPolicy | null | undefined

const policyOf = (name: string, policy: ListWrite): { order: number; writeFlags: number } =>
  orderedPolicy(policy, listOrder, ALL_WRITE_FLAGS, `exp.lists.${name}`)

/** The return types for one selected item. */
type ListOne = Exclude<ListReturnType, 'none'>
/** The return types for several selected items. */
type ListMany = ListOne | InvertedReturnType<ListOne>
/** The return types of removals. Only whether the type is inverted makes a difference. */
type ListRemoval = ListReturnType | InvertedReturnType<ListReturnType>

/**
 * Builders of expressions on lists. Builders that modify a list evaluate to the modified bin and do not change the record.
 *
 * All throw InvalidArgError for an argument of the wrong type.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to a list (or, with `ctx`, to the value that contains it), usually
 *   `exp.binList('name')`.
 * - `ctx`: path to a list nested in `bin`. Default: `bin` itself.
 * - `returnType`: one of `lists.returnType`: what to return for the selected items. The INVERTED_ types select all other
 *   items instead.
 * - `index`, `idx`: position of the first or only item: 0 is the first item, -1 the last.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is
 *   counted from the rank of `value`.
 * - `count`: number of items.
 * - `value`: the item to write, or to compare with; for `appendItems` and `insertItems` a list of items, for
 *   `increment` a number.
 * - `values`: a list of items to compare with.
 * - `begin`, `end`: limits of the selected values, without `end` itself. null: no limit on that side.
 * - `policy`: `order` and `writeFlags`, as for the operations in `lists`. Default: unordered, no restriction.
 */
export const listExpressions = {
  /** The number of items. */
  size: (bin: CollectionBin, ctx?: Context): Expression<'int'> => read('size', 'int', bin, [Code.SIZE], ctx),

  /**
   * The strings of the list joined into one string. Server 8.2 and later.
   * @param separator - string to insert between them
   */
  join: (bin: CollectionBin, separator?: Operand<'string'> | null, ctx?: Context): Expression<'string'> => {
    const args: Argument[] = [Code.JOIN]
    if (separator !== undefined && separator !== null)
      args.push(operand(separator, 'string', 'exp.lists.join: separator'))
    return read('join', 'string', bin, args, ctx)
  },

  /** Selects all items that equal `value`. */
  getByValue: <R extends ListMany>(bin: CollectionBin, value: AnyOperand, returnType: R, ctx?: Context) =>
    many('getByValue', Code.GET_BY_VALUE, bin, { value }, returnType, ctx),

  /** Selects all items from `begin` (inclusive) to `end` (exclusive); null leaves a side open. */
  getByValueRange: <R extends ListMany>(bin: CollectionBin, begin: Bound, end: Bound, returnType: R, ctx?: Context) =>
    many('getByValueRange', Code.GET_BY_VALUE_INTERVAL, bin, { begin, end }, returnType, ctx),

  /** Selects all items that equal any of `values`. */
  getByValueList: <R extends ListMany>(bin: CollectionBin, values: Operand<'list'>, returnType: R, ctx?: Context) =>
    many('getByValueList', Code.GET_BY_VALUE_LIST, bin, { values }, returnType, ctx),

  /** Selects all items starting `rank` ranks above `value`. */
  getByRelRankRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRelRankRangeToEnd', Code.GET_BY_VALUE_REL_RANK_RANGE, bin, { value, rank }, returnType, ctx),

  /** Selects `count` items starting `rank` ranks above `value`. */
  getByRelRankRange: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRelRankRange', Code.GET_BY_VALUE_REL_RANK_RANGE, bin, { value, rank, count }, returnType, ctx),

  /**
   * Selects the item at `index`.
   * @param valueType - type of the item if it is returned; `auto` for all other return types
   */
  getByIndex: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    index: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByIndex', Code.GET_BY_INDEX, bin, { index }, valueType, returnType, ctx),

  /** Selects all items starting at `index`. */
  getByIndexRangeToEnd: <R extends ListMany>(bin: CollectionBin, index: Operand<'int'>, returnType: R, ctx?: Context) =>
    many('getByIndexRangeToEnd', Code.GET_BY_INDEX_RANGE, bin, { index }, returnType, ctx),

  /** Selects `count` items starting at `index`. */
  getByIndexRange: <R extends ListMany>(
    bin: CollectionBin,
    index: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByIndexRange', Code.GET_BY_INDEX_RANGE, bin, { index, count }, returnType, ctx),

  /**
   * Selects the item at `rank`.
   * @param valueType - type of the item if it is returned; `auto` for all other return types
   */
  getByRank: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByRank', Code.GET_BY_RANK, bin, { rank }, valueType, returnType, ctx),

  /** Selects all items starting at `rank`. */
  getByRankRangeToEnd: <R extends ListMany>(bin: CollectionBin, rank: Operand<'int'>, returnType: R, ctx?: Context) =>
    many('getByRankRangeToEnd', Code.GET_BY_RANK_RANGE, bin, { rank }, returnType, ctx),

  /** Selects `count` items starting at `rank`. */
  getByRankRange: <R extends ListMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRankRange', Code.GET_BY_RANK_RANGE, bin, { rank, count }, returnType, ctx),

  /** The list with `value` appended. */
  append: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const { order, writeFlags } = policyOf('append', policy)
    return modify('append', bin, [Code.APPEND, item('append', value, 'value'), order, writeFlags], ctx)
  },

  /** The list with all items of the list `value` appended. */
  appendItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const { order, writeFlags } = policyOf('appendItems', policy)
    return modify('appendItems', bin, [Code.APPEND_ITEMS, items('appendItems', value, 'value'), order, writeFlags], ctx)
  },

  /** The list with `value` inserted before the item at `idx`. */
  insert: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const { writeFlags } = policyOf('insert', policy)
    const args = [Code.INSERT, at('insert', idx, 'idx'), item('insert', value, 'value'), writeFlags]
    return modify('insert', bin, args, ctx)
  },

  /** The list with all items of the list `value` inserted before the item at `idx`. */
  insertItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const name = 'insertItems'
    const { writeFlags } = policyOf(name, policy)
    return modify(name, bin, [Code.INSERT_ITEMS, at(name, idx, 'idx'), items(name, value, 'value'), writeFlags], ctx)
  },

  /** The list with `value` added to the number at index `idx`. */
  increment: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const name = 'increment'
    const { order, writeFlags } = policyOf(name, policy)
    const args = [Code.INCREMENT, at(name, idx, 'idx'), addend(name, value, 'value'), order, writeFlags]
    return modify(name, bin, args, ctx)
  },

  /** The list with the item at `idx` replaced by `value`. */
  set: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const { writeFlags } = policyOf('set', policy)
    return modify('set', bin, [Code.SET, at('set', idx, 'idx'), item('set', value, 'value'), writeFlags], ctx)
  },

  /** The list with all items removed. */
  clear: <T extends Collection>(bin: Expression<T>, ctx?: Context): Expression<T> =>
    modify('clear', bin, [Code.CLEAR], ctx),

  /**
   * The list sorted.
   * @param order - flags of `lists.sortFlags`
   */
  sort: <T extends Collection>(bin: Expression<T>, order: number, ctx?: Context): Expression<T> =>
    modify('sort', bin, [Code.SORT, flags(order, ALL_SORT_FLAGS, 'exp.lists.sort: order')], ctx),

  /** The list without the items that equal `value`. */
  removeByValue: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByValue', Code.REMOVE_BY_VALUE, bin, { value }, ctx, returnType),

  /** The list without the items that equal any of `values`. */
  removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByValueList', Code.REMOVE_BY_VALUE_LIST, bin, { values }, ctx, returnType),

  /**
   * The list without the items from `begin` (inclusive) to `end` (exclusive).
   * Note the order of arguments: `end` comes first.
   */
  removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByValueRange', Code.REMOVE_BY_VALUE_INTERVAL, bin, { end, begin }, ctx, returnType),

  /** The list without the items starting `rank` ranks above `value`. */
  removeByRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> =>
    remove('removeByRelRankRangeToEnd', Code.REMOVE_BY_VALUE_REL_RANK_RANGE, bin, { rank, value }, ctx, returnType),

  /** The list without `count` items starting `rank` ranks above `value`. */
  removeByRelRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> =>
    remove('removeByRelRankRange', Code.REMOVE_BY_VALUE_REL_RANK_RANGE, bin, { count, rank, value }, ctx, returnType),

  /** The list without the item at `idx`. */
  removeByIndex: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: ListReturnType = 'none',
  ): Expression<T> => removeOne('removeByIndex', Code.REMOVE_BY_INDEX, bin, { idx }, ctx, returnType),

  /** The list without the items starting at `idx`. */
  removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByIndexRangeToEnd', Code.REMOVE_BY_INDEX_RANGE, bin, { idx }, ctx, returnType),

  /** The list without `count` items starting at `idx`. Note the order of arguments: `count` comes first. */
  removeByIndexRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByIndexRange', Code.REMOVE_BY_INDEX_RANGE, bin, { count, idx }, ctx, returnType),

  /** The list without the item at `rank`. */
  removeByRank: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: ListReturnType = 'none',
  ): Expression<T> => removeOne('removeByRank', Code.REMOVE_BY_RANK, bin, { rank }, ctx, returnType),

  /** The list without the items starting at `rank`. */
  removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByRankRangeToEnd', Code.REMOVE_BY_RANK_RANGE, bin, { rank }, ctx, returnType),

  /** The list without `count` items starting at `rank`. Note the order of arguments: `count` comes first. */
  removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByRankRange', Code.REMOVE_BY_RANK_RANGE, bin, { count, rank }, ctx, returnType),
} as const
