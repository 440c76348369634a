/**
 * Lists inside expressions.
 */
import type { ListPolicy } from '../constants/collection-policy'
import { listOrder } from '../constants/orders'
import type { InvertedReturnType, ListReturnType } from '../constants/return-types'
import { type Argument, type Bound, type Context, flags, orderedPolicy } from './call'
import { type Collection, type CollectionBin, family } from './collection'
import { type AnyOperand, type Expression, type Operand, operand, type ValueType } from './expression'

const Code = {
  APPEND: 1,
  APPEND_ITEMS: 2,
  INSERT: 3,
  INSERT_ITEMS: 4,
  SET: 9,
  CLEAR: 11,
  INCREMENT: 12,
  SORT: 13,
  SIZE: 16,
  GET_BY_INDEX: 19,
  GET_BY_RANK: 21,
  GET_BY_VALUE: 22,
  GET_BY_VALUE_LIST: 23,
  GET_BY_INDEX_RANGE: 24,
  GET_BY_VALUE_INTERVAL: 25,
  GET_BY_RANK_RANGE: 26,
  GET_BY_VALUE_REL_RANK_RANGE: 27,
  JOIN: 28,
  REMOVE_BY_INDEX: 32,
  REMOVE_BY_RANK: 34,
  REMOVE_BY_VALUE: 35,
  REMOVE_BY_VALUE_LIST: 36,
  REMOVE_BY_INDEX_RANGE: 37,
  REMOVE_BY_VALUE_INTERVAL: 38,
  REMOVE_BY_RANK_RANGE: 39,
  REMOVE_BY_VALUE_REL_RANK_RANGE: 40,
} as const

const ALL_WRITE_FLAGS = 15
const ALL_SORT_FLAGS = 3

const { many, one, read, modify, remove, removeOne, at, item, addend, items } = family('lists')

type ListWrite = ListPolicy | null | undefined

const policyOf = (name: string, policy: ListWrite): { order: number; writeFlags: number } =>
  orderedPolicy(policy, listOrder, ALL_WRITE_FLAGS, `exp.lists.${name}`)

/** What is returned of one selected item. */
type ListOne = Exclude<ListReturnType, 'none'>
/** What is returned of several. */
type ListMany = ListOne | InvertedReturnType<ListOne>
/** What a removal is told to return makes no difference, but for an inverted selection. */
type ListRemoval = ListReturnType | InvertedReturnType<ListReturnType>

/**
 * Builders on lists. `bin` is an expression that results in a list (or, with a context, in what holds it): mostly
 * `exp.binList('name')`. `returnType` is one of `lists.returnType`; its INVERTED_ ones are about all items
 * but the selected ones. Those that change a list result in the changed bin and leave the record alone.
 *
 * All throw InvalidArgError for arguments of another type.
 */
export const listExpressions = {
  /** How many items the list has. */
  size: (bin: CollectionBin, ctx?: Context): Expression<'int'> => read('size', 'int', bin, [Code.SIZE], ctx),

  /**
   * All strings of the list as one. Server 8.2 and later.
   * @param separator - what stands between them
   */
  join: (bin: CollectionBin, separator?: Operand<'string'> | null, ctx?: Context): Expression<'string'> => {
    const args: Argument[] = [Code.JOIN]
    if (separator !== undefined && separator !== null)
      args.push(operand(separator, 'string', 'exp.lists.join: separator'))
    return read('join', 'string', bin, args, ctx)
  },

  /** Of all items that equal `value`. */
  getByValue: <R extends ListMany>(bin: CollectionBin, value: AnyOperand, returnType: R, ctx?: Context) =>
    many('getByValue', Code.GET_BY_VALUE, bin, { value }, returnType, ctx),

  /** Of all items from `begin` up to, without, `end`; null leaves an end open. */
  getByValueRange: <R extends ListMany>(bin: CollectionBin, begin: Bound, end: Bound, returnType: R, ctx?: Context) =>
    many('getByValueRange', Code.GET_BY_VALUE_INTERVAL, bin, { begin, end }, returnType, ctx),

  /** Of all items that equal one of `values`. */
  getByValueList: <R extends ListMany>(bin: CollectionBin, values: Operand<'list'>, returnType: R, ctx?: Context) =>
    many('getByValueList', Code.GET_BY_VALUE_LIST, bin, { values }, returnType, ctx),

  /** Of all items from the one `rank` ranks above `value`. */
  getByRelRankRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRelRankRangeToEnd', Code.GET_BY_VALUE_REL_RANK_RANGE, bin, { value, rank }, returnType, ctx),

  /** Of `count` items from the one `rank` ranks above `value`. */
  getByRelRankRange: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRelRankRange', Code.GET_BY_VALUE_REL_RANK_RANGE, bin, { value, rank, count }, returnType, ctx),

  /**
   * Of the item at `index`.
   * @param valueType - the item's type where it is returned; `auto` for all other return types
   */
  getByIndex: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    index: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByIndex', Code.GET_BY_INDEX, bin, { index }, valueType, returnType, ctx),

  /** Of all items from `index`. */
  getByIndexRangeToEnd: <R extends ListMany>(bin: CollectionBin, index: Operand<'int'>, returnType: R, ctx?: Context) =>
    many('getByIndexRangeToEnd', Code.GET_BY_INDEX_RANGE, bin, { index }, returnType, ctx),

  /** Of `count` items from `index`. */
  getByIndexRange: <R extends ListMany>(
    bin: CollectionBin,
    index: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByIndexRange', Code.GET_BY_INDEX_RANGE, bin, { index, count }, returnType, ctx),

  /**
   * Of the item at `rank`.
   * @param valueType - the item's type where it is returned; `auto` for all other return types
   */
  getByRank: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => one('getByRank', Code.GET_BY_RANK, bin, { rank }, valueType, returnType, ctx),

  /** Of all items from `rank`. */
  getByRankRangeToEnd: <R extends ListMany>(bin: CollectionBin, rank: Operand<'int'>, returnType: R, ctx?: Context) =>
    many('getByRankRangeToEnd', Code.GET_BY_RANK_RANGE, bin, { rank }, returnType, ctx),

  /** Of `count` items from `rank`. */
  getByRankRange: <R extends ListMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => many('getByRankRange', Code.GET_BY_RANK_RANGE, bin, { rank, count }, returnType, ctx),

  /** The list with `value` at its end. */
  append: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const { order, writeFlags } = policyOf('append', policy)
    return modify('append', bin, [Code.APPEND, item('append', value, 'value'), order, writeFlags], ctx)
  },

  /** The list with all items of the list `value` at its end. */
  appendItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    policy?: ListWrite,
    ctx?: Context,
  ): Expression<T> => {
    const { order, writeFlags } = policyOf('appendItems', policy)
    return modify('appendItems', bin, [Code.APPEND_ITEMS, items('appendItems', value, 'value'), order, writeFlags], ctx)
  },

  /** The list with `value` before the item at `idx`. */
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

  /** The list with all items of the list `value` before the item at `idx`. */
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

  /** The list with `value` added to the number at `idx`. */
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

  /** The list with `value` in place of the item at `idx`. */
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

  /** The list without its items. */
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

  /** The list without the items that equal one of `values`. */
  removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByValueList', Code.REMOVE_BY_VALUE_LIST, bin, { values }, ctx, returnType),

  /** The list without the items from `begin` up to, without, `end`. Note the order of arguments: `end` comes first. */
  removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByValueRange', Code.REMOVE_BY_VALUE_INTERVAL, bin, { end, begin }, ctx, returnType),

  /** The list without the items from the one `rank` ranks above `value`. */
  removeByRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> =>
    remove('removeByRelRankRangeToEnd', Code.REMOVE_BY_VALUE_REL_RANK_RANGE, bin, { rank, value }, ctx, returnType),

  /** The list without `count` items from the one `rank` ranks above `value`. */
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

  /** The list without the items from `idx`. */
  removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByIndexRangeToEnd', Code.REMOVE_BY_INDEX_RANGE, bin, { idx }, ctx, returnType),

  /** The list without `count` items from `idx`. Note the order of arguments: `count` comes first. */
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

  /** The list without the items from `rank`. */
  removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByRankRangeToEnd', Code.REMOVE_BY_RANK_RANGE, bin, { rank }, ctx, returnType),

  /** The list without `count` items from `rank`. Note the order of arguments: `count` comes first. */
  removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType: ListRemoval = 'none',
  ): Expression<T> => remove('removeByRankRange', Code.REMOVE_BY_RANK_RANGE, bin, { count, rank }, ctx, returnType),
} as const
