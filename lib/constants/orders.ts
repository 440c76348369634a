/**
 * The orders of lists and maps, for operations, expressions and contexts.
 */
import { ListOrderCode, MapOrderCode } from '../catalog/operation-codes'
import { wordOption } from '../common/options'

/**
 * The order of a list: one of `lists.order`.
 *
 * - `unordered`: items keep the order in which they were written.
 * - `ordered`: items are kept sorted.
 */
export type ListOrder = 'unordered' | 'ordered'

/**
 * The order of a map: one of `maps.order`.
 *
 * - `unordered`: entries have no order.
 * - `key-ordered`: entries are kept in the order of their keys.
 * - `key-value-ordered`: entries are kept in the order of their keys, and ranks in the order of values.
 */
export type MapOrder = 'unordered' | 'key-ordered' | 'key-value-ordered'

const NO_NUMBER = 'orders are strings here'

/** Checks the order of a list and returns the server's number for it. */
export const listOrder = wordOption(
  { unordered: ListOrderCode.UNORDERED, ordered: ListOrderCode.ORDERED } satisfies Record<ListOrder, number>,
  NO_NUMBER,
)

/** Checks the order of a map and returns the server's number for it. */
export const mapOrder = wordOption(
  {
    unordered: MapOrderCode.UNORDERED,
    'key-ordered': MapOrderCode.KEY_ORDERED,
    'key-value-ordered': MapOrderCode.KEY_VALUE_ORDERED,
  } satisfies Record<MapOrder, number>,
  NO_NUMBER,
)
