/**
 * Operations on maps.
 */

import { MapCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import type { MapPolicy } from '../constants/collection-policy'
import {
  MAP_CREATE_ONLY,
  MAP_KEY_ORDERED,
  MAP_KEY_VALUE_ORDERED,
  MAP_RETURN_COUNT,
  MAP_RETURN_EXISTS,
  MAP_RETURN_INDEX,
  MAP_RETURN_KEY,
  MAP_RETURN_KEY_VALUE,
  MAP_RETURN_NONE,
  MAP_RETURN_ORDERED_MAP,
  MAP_RETURN_RANK,
  MAP_RETURN_REVERSE_INDEX,
  MAP_RETURN_REVERSE_RANK,
  MAP_RETURN_UNORDERED_MAP,
  MAP_RETURN_VALUE,
  MAP_UNORDERED,
  MAP_UPDATE,
  MAP_UPDATE_ONLY,
  MAP_WRITE_FLAGS_CREATE_ONLY,
  MAP_WRITE_FLAGS_DEFAULT,
  MAP_WRITE_FLAGS_NO_FAIL,
  MAP_WRITE_FLAGS_PARTIAL,
  MAP_WRITE_FLAGS_UPDATE_ONLY,
} from '../constants/collections'
import { type MapOrder, mapOrder } from '../constants/orders'
import type { InvertedReturnType, MapReturnType } from '../constants/return-types'
import type { CdtContext } from '../expressions/cdt-context'
import type { Storable, StorableArgument, StorableBins } from '../values/storable'
import { Double, type MapKey, type Value } from '../values/value'
import type { ManyReturned, OneReturned } from './answers'
import { flag, flags, integer, mapKey, policy, present } from './arguments'
import { type Argument, CdtOperation } from './operation'
import { RangeOperation, SelectOperation, type Selector } from './selection'

/** The entries to write: a Map or an object. */
export type MapItems = ReadonlyMap<MapKey, Value> | { readonly [key: string]: Value }

/** `T` if it can be the entries to write. */
type StorableItems<T> = T extends ReadonlyMap<unknown, unknown> ? Storable<T> : StorableBins<T>

const order = {
  UNORDERED: MAP_UNORDERED,
  KEY_ORDERED: MAP_KEY_ORDERED,
  KEY_VALUE_ORDERED: MAP_KEY_VALUE_ORDERED,
} as const

const writeFlags = {
  DEFAULT: MAP_WRITE_FLAGS_DEFAULT,
  CREATE_ONLY: MAP_WRITE_FLAGS_CREATE_ONLY,
  UPDATE_ONLY: MAP_WRITE_FLAGS_UPDATE_ONLY,
  NO_FAIL: MAP_WRITE_FLAGS_NO_FAIL,
  PARTIAL: MAP_WRITE_FLAGS_PARTIAL,
} as const

const writeMode = { UPDATE: MAP_UPDATE, UPDATE_ONLY: MAP_UPDATE_ONLY, CREATE_ONLY: MAP_CREATE_ONLY } as const

const returnType = {
  NONE: MAP_RETURN_NONE,
  INDEX: MAP_RETURN_INDEX,
  REVERSE_INDEX: MAP_RETURN_REVERSE_INDEX,
  RANK: MAP_RETURN_RANK,
  REVERSE_RANK: MAP_RETURN_REVERSE_RANK,
  COUNT: MAP_RETURN_COUNT,
  KEY: MAP_RETURN_KEY,
  VALUE: MAP_RETURN_VALUE,
  KEY_VALUE: MAP_RETURN_KEY_VALUE,
  EXISTS: MAP_RETURN_EXISTS,
  UNORDERED_MAP: MAP_RETURN_UNORDERED_MAP,
  ORDERED_MAP: MAP_RETURN_ORDERED_MAP,
  INVERTED_NONE: 'inverted-none',
  INVERTED_INDEX: 'inverted-index',
  INVERTED_REVERSE_INDEX: 'inverted-reverse-index',
  INVERTED_RANK: 'inverted-rank',
  INVERTED_REVERSE_RANK: 'inverted-reverse-rank',
  INVERTED_COUNT: 'inverted-count',
  INVERTED_KEY: 'inverted-key',
  INVERTED_VALUE: 'inverted-value',
  INVERTED_KEY_VALUE: 'inverted-key-value',
  INVERTED_EXISTS: 'inverted-exists',
  INVERTED_UNORDERED_MAP: 'inverted-unordered-map',
  INVERTED_ORDERED_MAP: 'inverted-ordered-map',
} as const

const MODES: ReadonlyMap<unknown, number> = new Map([
  [MAP_UPDATE, MAP_WRITE_FLAGS_DEFAULT],
  [MAP_UPDATE_ONLY, MAP_WRITE_FLAGS_UPDATE_ONLY],
  [MAP_CREATE_ONLY, MAP_WRITE_FLAGS_CREATE_ONLY],
])

const cdt = <B extends string, A>(code: number, bin: B, given: Argument[] = []): CdtOperation<B, A> =>
  new CdtOperation(Family.MAP, code, bin, given)
const one = <B extends string, A>(
  code: number,
  bin: B,
  name: string,
  selector: Selector,
  returnType: MapReturnType,
): SelectOperation<B, A> => new SelectOperation(Family.MAP, code, bin, `maps.${name}`, selector, returnType)
const range = <B extends string, A>(
  code: number,
  bin: B,
  name: string,
  selector: Selector,
  returnType: MapReturnType | InvertedReturnType<MapReturnType>,
): RangeOperation<B, A> => new RangeOperation(Family.MAP, code, bin, `maps.${name}`, selector, returnType)

function writeFlagsOf(call: string, options: { readonly [name: string]: unknown }): number {
  const { writeFlags: given, writeMode: mode } = options
  if (mode === undefined) return flags(call, 'writeFlags', writeFlags, given, ['CREATE_ONLY', 'UPDATE_ONLY'])
  if (given !== undefined) throw invalidArgument(`${call}: writeFlags and writeMode cannot be combined`)
  const bits = MODES.get(mode)
  if (bits === undefined) {
    const hint = typeof mode === 'number' ? '; the numbers of other clients contradict each other' : ''
    const words = [...MODES.keys()].map(word => `'${word}'`).join(', ')
    throw invalidArgument(`${call}: writeMode: one of ${words} is needed, not ${describe(mode)}${hint}`)
  }
  return bits
}

function policyOf(call: string, given: MapPolicy | undefined): [order: number, flags: number, persistIndex: boolean] {
  const options = policy(call, given, ['order', 'writeFlags', 'writeMode', 'persistIndex'])
  const where = `${call}: policy`
  return [
    options.order === undefined ? 0 : mapOrder(options.order, `${where}: order`),
    writeFlagsOf(where, options),
    options.persistIndex === undefined ? false : flag(where, 'persistIndex', options.persistIndex),
  ]
}

/**
 * Checks the number to add or subtract. The check is needed because, for an entry that is an integer, the server drops the
 * fractional part and adds an arbitrary amount for a number that is not finite.
 */
function delta(call: string, given: unknown): Argument {
  const number = given instanceof Double ? given.value : given
  if (typeof number === 'number' && !Number.isInteger(number)) {
    if (!Number.isFinite(number)) {
      throw invalidArgument(`${call}: by: a finite number is needed, not ${number}`)
    }
    if (number === given) {
      throw invalidArgument(
        `${call}: by: an integer is needed, not ${number}, whose fraction the server drops where the entry is an integer; ` +
          `for an entry that is a double, pass Double(${number})`,
      )
    }
  }
  return given instanceof Double ? given : integer(call, 'by', given)
}

function entries(call: string, given: unknown): Argument {
  const plain = typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given)
  if (!plain) throw invalidArgument(`${call}: items: an object or a Map is needed, not ${describe(given)}`)
  // The keys and values are validated when they are written.
  return given as MapItems
}

/**
 * Builders of operations on maps, for `operate`. Indexes follow the order of keys and ranks the order of values; both count
 * from 0, negative ones from the end. `withContext` addresses a nested map. If the bin is not a map, the call fails with
 * BinTypeError; if the server does not accept a change, such as creating a key that exists, it fails with ServerError or
 * InvalidArgError. A failed call applies none of its operations.
 *
 * The result of a selection depends on its return type: INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, KEY and VALUE return one
 * value for operations that select one entry (if there is none, -1 instead of an index or a rank, and null instead of a key
 * or a value), otherwise a list; KEY_VALUE returns `[key, value]` pairs; UNORDERED_MAP and ORDERED_MAP (server 6.0)
 * return a map; COUNT returns the number of entries; EXISTS true or false; NONE null. The default is VALUE for `getBy...` and NONE for `removeBy...`.
 *
 * `policy` sets the order of a map that the operation creates, and which entries it may write. Builders throw
 * InvalidArgError for an invalid argument; `operate` validates bin names and values.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `key`, `keys`: a key of the map, or a list of keys: strings, integers or bytes.
 * - `index`: position in the order of keys: 0 is the smallest key, -1 the greatest. In `...RelIndexRange` it is counted
 *   from the index of `key`.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is counted
 *   from the rank of `value`.
 * - `count`: number of entries. Default: all from there to the end.
 * - `value`, `values`: a value, or a list of values: to write, or to compare with.
 * - `items`: the entries to write, as an object or a `Map`.
 * - `begin`, `end`: limits of the selected keys or values, without `end` itself. Default null: no limit on that side.
 * - `order`: one of `maps.order`. Default `unordered`; `setOrder` needs it.
 * - `policy`: `order` of a map that the operation creates, `persistIndex`, and `writeFlags` or `writeMode`. Default:
 *   unordered, and entries are created or replaced.
 * - `returnType`: one of `maps.returnType`. Default: see above.
 */
export const maps = {
  /** The orders of a map. */
  order,
  /** Flags that restrict which entries are written; combine with `|`. */
  writeFlags,
  /** Write modes: a single word instead of `writeFlags`. */
  writeMode,
  /** What a selection returns for its entries; the INVERTED_ types select all other entries instead. */
  returnType,

  /**
   * Creates a map, or sets the order of the existing one. Returns null.
   * @param order - maps.order.UNORDERED, KEY_ORDERED or KEY_VALUE_ORDERED
   * @param persistIndex - store the index of an ordered map with the record (not for nested maps; server 7.0)
   * @param context - where to create the map inside the bin's lists and maps, as for `withContext`
   */
  create: <B extends string>(
    bin: B,
    order: MapOrder = MAP_UNORDERED,
    persistIndex = false,
    context?: CdtContext | ((context: CdtContext) => unknown),
  ): CdtOperation<B, null> => {
    const call = 'maps.create'
    const operation = cdt<B, null>(Code.CREATE, bin, [
      mapOrder(order, `${call}: order`),
      flag(call, 'persistIndex', persistIndex),
    ])
    return context === undefined ? operation : operation.withContext(context)
  },

  /** Sets the order of a map. Returns null. */
  setOrder: <B extends string>(bin: B, order: MapOrder): CdtOperation<B, null> =>
    cdt(Code.SET_ORDER, bin, [mapOrder(order, 'maps.setOrder: order')]),

  /** Sets the order of a map, and whether its index is stored, from a policy. Returns null. */
  setPolicy: <B extends string>(bin: B, policy: MapPolicy): CdtOperation<B, null> =>
    cdt(Code.SET_ORDER, bin, policyOf('maps.setPolicy', policy)),

  /** Writes an entry; creates the map if there is none. Returns the size of the map. */
  put: <B extends string, T>(bin: B, key: MapKey, value: Storable<T>, policy?: MapPolicy): CdtOperation<B, number> => {
    const call = 'maps.put'
    return cdt(Code.PUT, bin, [...policyOf(call, policy), mapKey(call, 'key', key), present(call, 'value', value)])
  },

  /** Writes the entries of an object or a Map. Returns the size of the map. */
  putItems: <B extends string, T extends object>(
    bin: B,
    items: StorableItems<T>,
    policy?: MapPolicy,
  ): CdtOperation<B, number> =>
    cdt(Code.PUT_ITEMS, bin, [...policyOf('maps.putItems', policy), entries('maps.putItems', items)]),

  /**
   * Adds to the number at a key; a missing key counts as 0. Returns the sum.
   * @param by - amount to add; default 1. Pass a fraction as a `Double`, and only for an entry that is a double: for an
   *   entry that is an integer, the server drops the fractional part
   */
  increment: <B extends string>(
    bin: B,
    key: MapKey,
    by: number | bigint | Double = 1,
    policy?: MapPolicy,
  ): CdtOperation<B, number | bigint> => {
    const call = 'maps.increment'
    return cdt(Code.INCREMENT, bin, [...policyOf(call, policy), mapKey(call, 'key', key), delta(call, by)])
  },

  /**
   * Subtracts from the number at a key; a missing key counts as 0. Returns the difference.
   * @param by - amount to subtract; default 1. Pass a fraction as a `Double`, as for `increment`
   */
  decrement: <B extends string>(
    bin: B,
    key: MapKey,
    by: number | bigint | Double = 1,
    policy?: MapPolicy,
  ): CdtOperation<B, number | bigint> => {
    const call = 'maps.decrement'
    return cdt(Code.DECREMENT, bin, [...policyOf(call, policy), mapKey(call, 'key', key), delta(call, by)])
  },

  /** Removes all entries. Returns null. */
  clear: <B extends string>(bin: B): CdtOperation<B, null> => cdt(Code.CLEAR, bin),

  /** Returns the number of entries. */
  size: <B extends string>(bin: B): CdtOperation<B, number | null> => cdt(Code.SIZE, bin),

  /** Selects the entry with the given key. */
  getByKey: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    key: MapKey,
    returnType: R = 'value' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.GET_BY_KEY, bin, 'getByKey', { key }, returnType),

  /** Selects the entries with the given keys. */
  getByKeyList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    keys: readonly MapKey[],
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.GET_BY_KEY_LIST, bin, 'getByKeyList', { keys }, returnType),

  /** Selects the entries with keys from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  getByKeyRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_KEY_INTERVAL, bin, 'getByKeyRange', { begin, end }, returnType),

  /** Selects `count` entries (default all) starting at the index of `key` plus `index`. Server 4.3. */
  getByKeyRelIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    key: MapKey,
    index: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_KEY_REL_INDEX_RANGE, bin, 'getByKeyRelIndexRange', { key, index, count }, returnType),

  /** Selects the entries whose value equals the given one. */
  getByValue: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    value: StorableArgument<T>,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.GET_BY_VALUE, bin, 'getByValue', { value }, returnType),

  /** Selects the entries whose value equals any of the given values. */
  getByValueList: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.GET_BY_VALUE_LIST, bin, 'getByValueList', { values }, returnType),

  /** Selects the entries with values from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  getByValueRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_VALUE_INTERVAL, bin, 'getByValueRange', { begin, end }, returnType),

  /** Selects `count` entries (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  getByValueRelRankRange: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_VALUE_REL_RANK_RANGE, bin, 'getByValueRelRankRange', { value, rank, count }, returnType),

  /** Selects the entry at an index; index 0 is the smallest key. */
  getByIndex: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    index: number,
    returnType: R = 'value' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.GET_BY_INDEX, bin, 'getByIndex', { index }, returnType),

  /** Selects `count` entries starting at an index; without `count`, all from there to the end. */
  getByIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_INDEX_RANGE, bin, 'getByIndexRange', { index, count }, returnType),

  /** Selects the entry at a rank; rank 0 is the smallest value. */
  getByRank: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    rank: number,
    returnType: R = 'value' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.GET_BY_RANK, bin, 'getByRank', { rank }, returnType),

  /** Selects `count` entries starting at a rank; without `count`, all from there to the end. */
  getByRankRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType: R = 'value' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.GET_BY_RANK_RANGE, bin, 'getByRankRange', { rank, count }, returnType),

  /** Removes the entry with the given key. */
  removeByKey: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    key: MapKey,
    returnType: R = 'none' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.REMOVE_BY_KEY, bin, 'removeByKey', { key }, returnType),

  /** Removes the entries with the given keys. */
  removeByKeyList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    keys: readonly MapKey[],
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.REMOVE_BY_KEY_LIST, bin, 'removeByKeyList', { keys }, returnType),

  /** Removes the entries with keys from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  removeByKeyRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_KEY_INTERVAL, bin, 'removeByKeyRange', { begin, end }, returnType),

  /** Removes `count` entries (default all) starting at the index of `key` plus `index`. Server 4.3. */
  removeByKeyRelIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    key: MapKey,
    index: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_KEY_REL_INDEX_RANGE, bin, 'removeByKeyRelIndexRange', { key, index, count }, returnType),

  /** Removes the entries whose value equals the given one. */
  removeByValue: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    value: StorableArgument<T>,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> => range(Code.REMOVE_BY_VALUE, bin, 'removeByValue', { value }, returnType),

  /** Removes the entries whose value equals any of the given values. */
  removeByValueList: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_VALUE_LIST, bin, 'removeByValueList', { values }, returnType),

  /** Removes the entries with values from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  removeByValueRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_VALUE_INTERVAL, bin, 'removeByValueRange', { begin, end }, returnType),

  /** Removes `count` entries (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  removeByValueRelRankRange: <
    B extends string,
    T,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_VALUE_REL_RANK_RANGE, bin, 'removeByValueRelRankRange', { value, rank, count }, returnType),

  /** Removes the entry at an index; index 0 is the smallest key. */
  removeByIndex: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    index: number,
    returnType: R = 'none' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.REMOVE_BY_INDEX, bin, 'removeByIndex', { index }, returnType),

  /** Removes `count` entries starting at an index; without `count`, all from there to the end. */
  removeByIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_INDEX_RANGE, bin, 'removeByIndexRange', { index, count }, returnType),

  /** Removes the entry at a rank; rank 0 is the smallest value. */
  removeByRank: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    rank: number,
    returnType: R = 'none' as R,
  ): SelectOperation<B, OneReturned<R>> => one(Code.REMOVE_BY_RANK, bin, 'removeByRank', { rank }, returnType),

  /** Removes `count` entries starting at a rank; without `count`, all from there to the end. */
  removeByRankRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType: R = 'none' as R,
  ): RangeOperation<B, ManyReturned<R>> =>
    range(Code.REMOVE_BY_RANK_RANGE, bin, 'removeByRankRange', { rank, count }, returnType),
} as const
