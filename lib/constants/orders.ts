/**
 * How lists and maps keep what they hold: the words that operations, expressions and contexts take alike.
 */
import { wordOption } from '../common/options'

/** How a list keeps its items: one of `lists.order`. */
export type ListOrder = 'unordered' | 'ordered'

/** How a map keeps its entries: one of `maps.order`. */
export type MapOrder = 'unordered' | 'key-ordered' | 'key-value-ordered'

const NO_NUMBER = 'orders are strings here'

/** Checks the order of a list and gives the server's number for it. */
export const listOrder = wordOption({ unordered: 0, ordered: 1 } satisfies Record<ListOrder, number>, NO_NUMBER)

/** Checks the order of a map and gives the server's number for it. */
export const mapOrder = wordOption(
  { unordered: 0, 'key-ordered': 1, 'key-value-ordered': 3 } satisfies Record<MapOrder, number>,
  NO_NUMBER,
)
