/**
 * The return types of selections in lists and maps, for operations and expressions. They are strings and not the server's
 * numbers, so that a count, an index or a rank cannot be mistaken for one.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'

/** The server's number for each return type. */
const NUMBERS = {
  none: 0,
  index: 1,
  'reverse-index': 2,
  rank: 3,
  'reverse-rank': 4,
  count: 5,
  key: 6,
  value: 7,
  'key-value': 8,
  exists: 13,
  'unordered-map': 16,
  'ordered-map': 17,
} as const

/**
 * What an operation or expression returns for the map entries that it selects: one of `maps.returnType`.
 *
 * - `none`: nothing.
 * - `index`, `reverse-index`: the index in the order of keys, counted from the smallest or from the greatest key.
 * - `rank`, `reverse-rank`: the rank in the order of values, counted from the smallest or from the greatest value.
 * - `count`: the number of selected entries.
 * - `key`, `value`: the key or the value, or a list of them.
 * - `key-value`: `[key, value]` pairs, in the server's order.
 * - `exists`: whether anything was selected.
 * - `unordered-map`, `ordered-map`: a map, unordered or in the order of its keys (server 6.0 and later).
 */
export type MapReturnType = keyof typeof NUMBERS

/**
 * What an operation or expression returns for the list items that it selects: one of `lists.returnType`. The words mean
 * the same as for maps; `index` is the position of the item in the list.
 */
export type ListReturnType = Exclude<MapReturnType, 'key' | 'key-value' | 'unordered-map' | 'ordered-map'>

/** A return type whose selection is inverted: it returns everything that the range does not select. */
export type InvertedReturnType<R extends MapReturnType> = `inverted-${R}`

/** Any return type, inverted or not. */
export type AnyReturnType = MapReturnType | InvertedReturnType<MapReturnType>

/** A return type without its inversion. */
export type NotInverted<R extends AnyReturnType> = R extends InvertedReturnType<infer Base> ? Base : R

/** The bit of the server's number that inverts a selection. */
export const INVERTED_BIT = 0x1_0000

const INVERTED_PREFIX = 'inverted-'

const MAPS_ALONE: ReadonlySet<string> = new Set<MapReturnType>(['key', 'key-value', 'unordered-map', 'ordered-map'])

/** The server's number for each return type of maps, including the inverted ones. */
const MAP_NUMBERS: ReadonlyMap<unknown, number> = new Map(
  Object.entries(NUMBERS).flatMap(([word, number]) => [
    [word, number] as const,
    [`${INVERTED_PREFIX}${word}`, number | INVERTED_BIT] as const,
  ]),
)

/** The server's number for each return type of lists, including the inverted ones. */
const LIST_NUMBERS: ReadonlyMap<unknown, number> = new Map(
  [...MAP_NUMBERS].filter(([word]) => !MAPS_ALONE.has(baseWord(word as string))),
)

function baseWord(word: string): string {
  return word.startsWith(INVERTED_PREFIX) ? word.slice(INVERTED_PREFIX.length) : word
}

/** Returns a return type without its inversion. */
export function withoutInversion<R extends AnyReturnType>(returnType: R): NotInverted<R> {
  return baseWord(returnType) as NotInverted<R>
}

/** Whether a value is a return type. */
export function isReturnType(value: unknown): value is AnyReturnType {
  return typeof value === 'string' && MAP_NUMBERS.has(value)
}

/** Where a return type is used, for checks and errors: the builder, its kind and, if known, the order of its arguments. */
export interface ReturnTypePlace {
  readonly where: string
  readonly kind: 'lists' | 'maps'
  readonly order?: (() => string) | undefined
  /** Whether the builder selects several items, so that the selection can be inverted. */
  readonly invertible: boolean
}

/** Checks a return type and returns the server's number for it. */
export function returnTypeNumber(given: unknown, place: ReturnTypePlace): number {
  const number = (place.kind === 'lists' ? LIST_NUMBERS : MAP_NUMBERS).get(given)
  if (number === undefined || (number >= INVERTED_BIT && !place.invertible)) refuseReturnType(given, place)
  return number
}

function refuseReturnType(given: unknown, { where, kind, order }: ReturnTypePlace): never {
  const needed = `${where}: returnType: one of ${kind}.returnType is needed, not ${describe(given)}`
  if (!isReturnType(given)) {
    const words = typeof given === 'number' ? '; return types are strings, which cannot be combined with |' : ''
    const swapped = order === undefined || typeof given === 'string' ? '' : `; the order of the arguments is ${order()}`
    throw invalidArgument(`${needed}${words}${swapped}`)
  }
  const onlyMaps = kind === 'lists' && MAPS_ALONE.has(baseWord(given))
  throw invalidArgument(`${needed}; ${onlyMaps ? 'only maps have it' : 'a selection of one item cannot be inverted'}`)
}
