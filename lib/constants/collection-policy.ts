/**
 * How operations and expressions write lists and maps.
 */
import type { MAP_CREATE_ONLY, MAP_UPDATE, MAP_UPDATE_ONLY } from './collections'
import type { ListOrder, MapOrder } from './orders'

/** How items are written. */
export interface ListPolicy {
  /** The order of a list that the operation creates. Default unordered. */
  order?: ListOrder
  /** LIST_WRITE_* flags, combined with `|`. Default LIST_WRITE_DEFAULT. */
  writeFlags?: number
}

/** Which entries may be written, in one word instead of flags. */
export type MapWriteMode = typeof MAP_UPDATE | typeof MAP_UPDATE_ONLY | typeof MAP_CREATE_ONLY

/** How entries are written. */
export interface MapPolicy {
  /** The order of a map that the operation creates. Default unordered. */
  order?: MapOrder
  /** MAP_WRITE_FLAGS_*, combined with `|`. Default MAP_WRITE_FLAGS_DEFAULT. Increments know none. */
  writeFlags?: number
  /** The same in one word; not together with writeFlags. */
  writeMode?: MapWriteMode
  /** Keep the index of an ordered map with the record (not for nested maps; server 7.0). Default false. */
  persistIndex?: boolean
}
