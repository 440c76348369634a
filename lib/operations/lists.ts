/**
 * Operations on lists.
 */

import { ListCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
import type { ListPolicy } from '../constants/collection-policy'
import {
  LIST_ORDERED,
  LIST_RETURN_COUNT,
  LIST_RETURN_EXISTS,
  LIST_RETURN_INDEX,
  LIST_RETURN_NONE,
  LIST_RETURN_RANK,
  LIST_RETURN_REVERSE_INDEX,
  LIST_RETURN_REVERSE_RANK,
  LIST_RETURN_VALUE,
  LIST_SORT_DEFAULT,
  LIST_SORT_DESCENDING,
  LIST_SORT_DROP_DUPLICATES,
  LIST_UNORDERED,
  LIST_WRITE_ADD_UNIQUE,
  LIST_WRITE_DEFAULT,
  LIST_WRITE_INSERT_BOUNDED,
  LIST_WRITE_NO_FAIL,
  LIST_WRITE_PARTIAL,
} from '../constants/collections'
import { type ListOrder, listOrder } from '../constants/orders'
import type { InvertedReturnType, ListReturnType } from '../constants/return-types'
import type { CdtContext } from '../expressions/cdt-context'
import type { StorableArgument } from '../values/storable'
import type { ReadValue } from '../values/value'
import type { ManyReturned, OneReturned } from './answers'
import { flag, flags, integer, items, notNull, policy, present, rest, text } from './arguments'
import { type Argument, CdtOperation } from './operation'
import { RangeOperation, SelectOperation, type Selector } from './selection'

const order = { UNORDERED: LIST_UNORDERED, ORDERED: LIST_ORDERED } as const

const sortFlags = {
  DEFAULT: LIST_SORT_DEFAULT,
  DESCENDING: LIST_SORT_DESCENDING,
  DROP_DUPLICATES: LIST_SORT_DROP_DUPLICATES,
} as const

const writeFlags = {
  DEFAULT: LIST_WRITE_DEFAULT,
  ADD_UNIQUE: LIST_WRITE_ADD_UNIQUE,
  INSERT_BOUNDED: LIST_WRITE_INSERT_BOUNDED,
  NO_FAIL: LIST_WRITE_NO_FAIL,
  PARTIAL: LIST_WRITE_PARTIAL,
} as const

const returnType = {
  NONE: LIST_RETURN_NONE,
  INDEX: LIST_RETURN_INDEX,
  REVERSE_INDEX: LIST_RETURN_REVERSE_INDEX,
  RANK: LIST_RETURN_RANK,
  REVERSE_RANK: LIST_RETURN_REVERSE_RANK,
  COUNT: LIST_RETURN_COUNT,
  VALUE: LIST_RETURN_VALUE,
  EXISTS: LIST_RETURN_EXISTS,
  INVERTED_NONE: 'inverted-none',
  INVERTED_INDEX: 'inverted-index',
  INVERTED_REVERSE_INDEX: 'inverted-reverse-index',
  INVERTED_RANK: 'inverted-rank',
  INVERTED_REVERSE_RANK: 'inverted-reverse-rank',
  INVERTED_COUNT: 'inverted-count',
  INVERTED_VALUE: 'inverted-value',
  INVERTED_EXISTS: 'inverted-exists',
} as const

const cdt = <B extends string, A>(code: number, bin: B, given: Argument[] = []): CdtOperation<B, A> =>
  new CdtOperation(Family.LIST, code, bin, given)
const one = <B extends string, A>(
  code: number,
  bin: B,
  name: string,
  selector: Selector,
  returnType: ListReturnType,
): SelectOperation<B, A> => new SelectOperation(Family.LIST, code, bin, `lists.${name}`, selector, returnType)
const range = <B extends string, A>(
  code: number,
  bin: B,
  name: string,
  selector: Selector,
  returnType: ListReturnType | InvertedReturnType<ListReturnType>,
): RangeOperation<B, A> => new RangeOperation(Family.LIST, code, bin, `lists.${name}`, selector, returnType)

function policyOf(call: string, given: ListPolicy | undefined): [order: number, flags: number] {
  const options = policy(call, given, ['order', 'writeFlags'])
  return [
    options.order === undefined ? 0 : listOrder(options.order, `${call}: policy: order`),
    flags(`${call}: policy`, 'writeFlags', writeFlags, options.writeFlags),
  ]
}

/**
 * Builders of operations on lists, for `operate`. Indexes and ranks count from 0, negative ones from the end; `withContext`
 * addresses a nested list. If the bin is not a list, the call fails with BinTypeError; if the server does not accept an
 * argument, such as an index beyond the list, it fails with InvalidArgError or ServerError (`OP_NOT_APPLICABLE`). A failed
 * call applies none of its operations.
 *
 * The result of a selection depends on its return type: INDEX, REVERSE_INDEX, RANK, REVERSE_RANK and VALUE return one
 * value for operations that select one item (for an item that does not exist, -1 instead of an index or a rank, and null
 * instead of a value), otherwise a list; COUNT returns the number of items; EXISTS true or false;
 * NONE null. The default is VALUE for `getBy...` and NONE for `removeBy...`.
 *
 * `policy` sets the order of a list that the operation creates, and the write flags. Builders throw InvalidArgError for an
 * invalid argument; `operate` validates bin names and values.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `index`: position of the first or only item: 0 is the first item, -1 the last.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is counted
 *   from the rank of `value`.
 * - `count`: number of items. Default: all from there to the end.
 * - `value`, `values`: an item, or a non-empty list of items: to write, or to compare with.
 * - `begin`, `end`: limits of the selected values, without `end` itself. Default null: no limit on that side.
 * - `separator`: what `join` puts between the strings. Default: nothing.
 * - `sortFlags`: `lists.sortFlags`, combined with `|`. Default: ascending, with duplicates.
 * - `order`: one of `lists.order`. Default `unordered`.
 * - `policy`: `order` of a list that the operation creates, and `writeFlags`. Default: unordered, no restriction.
 * - `returnType`: one of `lists.returnType`. Default: see above.
 */
export const lists = {
  /** The orders of a list. */
  order,
  /** Flags of `sort`; combine with `|`. */
  sortFlags,
  /** Flags that restrict writes; combine with `|`. */
  writeFlags,
  /** What a selection returns for its items; the INVERTED_ types select all other items instead. */
  returnType,

  /**
   * Creates a list, or sets the order of the existing one. Returns null.
   * @param order - lists.order.ORDERED or UNORDERED
   * @param pad - if the last level of the context is a list index beyond the end, fill the gap with nil
   * @param persistIndex - store the index of an ordered list with the record (not for nested lists)
   * @param context - where to create the list inside the bin's lists and maps, as for `withContext`
   */
  create: <B extends string>(
    bin: B,
    order: ListOrder = LIST_UNORDERED,
    pad = false,
    persistIndex = false,
    context?: CdtContext | ((context: CdtContext) => unknown),
  ): CdtOperation<B, null> => {
    const call = 'lists.create'
    const given = [listOrder(order, `${call}: order`), flag(call, 'pad', pad), flag(call, 'persistIndex', persistIndex)]
    const operation = cdt<B, null>(Code.CREATE, bin, given)
    return context === undefined ? operation : operation.withContext(context)
  },

  /**
   * Sets the order of a list, and sorts the list if it becomes ordered. Returns null.
   * @param persistIndex - store the index of an ordered list with the record (not for nested lists; server 7.0)
   */
  setOrder: <B extends string>(
    bin: B,
    order: ListOrder = LIST_UNORDERED,
    persistIndex = false,
  ): CdtOperation<B, null> =>
    cdt(Code.SET_ORDER, bin, [
      listOrder(order, 'lists.setOrder: order'),
      flag('lists.setOrder', 'persistIndex', persistIndex),
    ]),

  /** Sorts a list, as set by `lists.sortFlags`. Returns null. */
  sort: <B extends string>(bin: B, sortFlags = 0): CdtOperation<B, null> =>
    cdt(Code.SORT, bin, [flags('lists.sort', 'sortFlags', lists.sortFlags, sortFlags)]),

  /** Appends a value; creates the list if there is none. Returns the size of the list. */
  append: <B extends string, T>(bin: B, value: StorableArgument<T>, policy?: ListPolicy): CdtOperation<B, number> =>
    cdt(Code.APPEND, bin, [...policyOf('lists.append', policy), present('lists.append', 'value', value)]),

  /** Appends the items of a non-empty array. Returns the size of the list. */
  appendItems: <B extends string, T>(
    bin: B,
    values: readonly StorableArgument<T>[],
    policy?: ListPolicy,
  ): CdtOperation<B, number> =>
    cdt(Code.APPEND_ITEMS, bin, [
      ...policyOf('lists.appendItems', policy),
      items('lists.appendItems', 'values', values),
    ]),

  /** Inserts a value before the item at an index. Returns the size of the list. */
  insert: <B extends string, T>(
    bin: B,
    index: number,
    value: StorableArgument<T>,
    policy?: ListPolicy,
  ): CdtOperation<B, number> => {
    const call = 'lists.insert'
    return cdt(Code.INSERT, bin, [
      ...policyOf(call, policy),
      integer(call, 'index', index),
      present(call, 'value', value),
    ])
  },

  /** Inserts the items of a non-empty array before the item at an index. Returns the size of the list. */
  insertItems: <B extends string, T>(
    bin: B,
    index: number,
    values: readonly StorableArgument<T>[],
    policy?: ListPolicy,
  ): CdtOperation<B, number> => {
    const call = 'lists.insertItems'
    return cdt(Code.INSERT_ITEMS, bin, [
      ...policyOf(call, policy),
      integer(call, 'index', index),
      items(call, 'values', values),
    ])
  },

  /** Removes the item at an index. Returns the removed item. */
  pop: <B extends string>(bin: B, index: number): CdtOperation<B, ReadValue> =>
    cdt(Code.POP, bin, [integer('lists.pop', 'index', index)]),

  /** Removes `count` items starting at an index; without `count`, all from there to the end. Returns the removed items. */
  popRange: <B extends string>(bin: B, index: number, count?: number): CdtOperation<B, ReadValue[] | null> =>
    cdt(Code.POP_RANGE, bin, [integer('lists.popRange', 'index', index), ...rest('lists.popRange', 'count', count)]),

  /** Removes the item at an index. Returns the number of items removed. */
  remove: <B extends string>(bin: B, index: number): CdtOperation<B, number | null> =>
    cdt(Code.REMOVE, bin, [integer('lists.remove', 'index', index)]),

  /** Removes `count` items (default all) starting at an index. Returns the number of items removed. */
  removeRange: <B extends string>(bin: B, index: number, count?: number): CdtOperation<B, number | null> =>
    cdt(Code.REMOVE_RANGE, bin, [
      integer('lists.removeRange', 'index', index),
      ...rest('lists.removeRange', 'count', count),
    ]),

  /** Replaces the item at an index with a value other than null. Returns null. */
  set: <B extends string, T>(
    bin: B,
    index: number,
    value: StorableArgument<T>,
    policy?: ListPolicy,
  ): CdtOperation<B, null> => {
    const call = 'lists.set'
    const replaced = [integer(call, 'index', index), notNull(call, 'value', value)]
    return cdt(Code.SET, bin, policy === undefined ? replaced : [...replaced, ...policyOf(call, policy)])
  },

  /** Keeps `count` items starting at an index and removes all others. Returns the number of items removed. */
  trim: <B extends string>(bin: B, index: number, count: number): CdtOperation<B, number | null> =>
    cdt(Code.TRIM, bin, [integer('lists.trim', 'index', index), integer('lists.trim', 'count', count)]),

  /** Removes all items. Returns null. */
  clear: <B extends string>(bin: B): CdtOperation<B, null> => cdt(Code.CLEAR, bin),

  /**
   * Adds an integer to the item at an index; to add a double, use `exp.lists.increment`. Returns the sum.
   * @param by - amount to add; default 1
   */
  increment: <B extends string>(
    bin: B,
    index: number,
    by?: number | bigint,
    policy?: ListPolicy,
  ): CdtOperation<B, number | bigint> => {
    const call = 'lists.increment'
    const at = integer(call, 'index', index)
    if (by === undefined && policy === undefined) return cdt(Code.INCREMENT, bin, [at])
    return cdt(Code.INCREMENT, bin, [at, integer(call, 'by', by ?? 1), ...policyOf(call, policy)])
  },

  /** Returns the number of items. */
  size: <B extends string>(bin: B): CdtOperation<B, number | null> => cdt(Code.SIZE, bin),

  /** Returns the item at an index. */
  get: <B extends string>(bin: B, index: number): CdtOperation<B, ReadValue> =>
    cdt(Code.GET, bin, [integer('lists.get', 'index', index)]),

  /** Returns a list of `count` items starting at an index; without `count`, all from there to the end. */
  getRange: <B extends string>(bin: B, index: number, count?: number): CdtOperation<B, ReadValue[] | null> =>
    cdt(Code.GET_RANGE, bin, [integer('lists.getRange', 'index', index), ...rest('lists.getRange', 'count', count)]),

  /** Returns the strings of a list joined into one string, with an optional separator between them. Server 8.2. */
  join: <B extends string>(bin: B, separator?: string): CdtOperation<B, string | null> =>
    cdt(Code.JOIN, bin, separator === undefined ? [] : [text('lists.join', 'separator', separator)]),

  /** Selects the item at an index. */
  getByIndex: <B extends string, R extends ListReturnType = 'value'>(
    bin: B,
    index: number,
    returnType: R = 'value' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.GET_BY_INDEX, bin, 'getByIndex', { index }, returnType),

  /** Selects `count` items starting at an index; without `count`, all from there to the end. */
  getByIndexRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_INDEX_RANGE, bin, 'getByIndexRange', { index, count }, returnType),

  /** Selects the item at a rank; rank 0 is the smallest value. */
  getByRank: <B extends string, R extends ListReturnType = 'value'>(
    bin: B,
    rank: number,
    returnType: R = 'value' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.GET_BY_RANK, bin, 'getByRank', { rank }, returnType),

  /** Selects `count` items starting at a rank; without `count`, all from there to the end. */
  getByRankRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_RANK_RANGE, bin, 'getByRankRange', { rank, count }, returnType),

  /** Selects the items that equal the given value. */
  getByValue: <B extends string, T, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    value: StorableArgument<T>,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.GET_BY_VALUE, bin, 'getByValue', { value }, returnType),

  /** Selects the items that equal any of the given values. */
  getByValueList: <B extends string, T, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.GET_BY_VALUE_LIST, bin, 'getByValueList', { values }, returnType),

  /** Selects the items from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  getByValueRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_VALUE_INTERVAL, bin, 'getByValueRange', { begin, end }, returnType),

  /** Selects `count` items (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  getByValueRelRankRange: <
    B extends string,
    T,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_VALUE_REL_RANK_RANGE, bin, 'getByValueRelRankRange', { value, rank, count }, returnType),

  /** Removes the item at an index. */
  removeByIndex: <B extends string, R extends ListReturnType = 'none'>(
    bin: B,
    index: number,
    returnType: R = 'none' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.REMOVE_BY_INDEX, bin, 'removeByIndex', { index }, returnType),

  /** Removes `count` items starting at an index; without `count`, all from there to the end. */
  removeByIndexRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_INDEX_RANGE, bin, 'removeByIndexRange', { index, count }, returnType),

  /** Removes the item at a rank; rank 0 is the smallest value. */
  removeByRank: <B extends string, R extends ListReturnType = 'none'>(
    bin: B,
    rank: number,
    returnType: R = 'none' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.REMOVE_BY_RANK, bin, 'removeByRank', { rank }, returnType),

  /** Removes `count` items starting at a rank; without `count`, all from there to the end. */
  removeByRankRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_RANK_RANGE, bin, 'removeByRankRange', { rank, count }, returnType),

  /** Removes the items that equal the given value. */
  removeByValue: <B extends string, T, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    value: StorableArgument<T>,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.REMOVE_BY_VALUE, bin, 'removeByValue', { value }, returnType),

  /** Removes the items that equal any of the given values. */
  removeByValueList: <B extends string, T, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_VALUE_LIST, bin, 'removeByValueList', { values }, returnType),

  /** Removes the items from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  removeByValueRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_VALUE_INTERVAL, bin, 'removeByValueRange', { begin, end }, returnType),

  /** Removes `count` items (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  removeByValueRelRankRange: <
    B extends string,
    T,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_VALUE_REL_RANK_RANGE, bin, 'removeByValueRelRankRange', { value, rank, count }, returnType),
} as const
