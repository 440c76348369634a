/**
 * Write policies for lists and maps, for operations and expressions.
 */
import type { MAP_CREATE_ONLY, MAP_UPDATE, MAP_UPDATE_ONLY } from './collections'
import type { ListOrder, MapOrder } from './orders'

/** Write policy of the operations on lists. */
export interface ListPolicy {
  /** Order of a list that the operation creates. Default unordered. */
  order?: ListOrder | undefined
  /** LIST_WRITE_* flags, combined with `|`. Default LIST_WRITE_DEFAULT. */
  writeFlags?: number | undefined
}

/**
 * Which entries may be written: a single word instead of flags.
 *
 * - `update`: creates entries, or replaces them.
 * - `update-only`: replaces entries whose key exists.
 * - `create-only`: creates entries whose key does not exist.
 */
export type MapWriteMode = typeof MAP_UPDATE | typeof MAP_UPDATE_ONLY | typeof MAP_CREATE_ONLY

/** Write policy of the operations on maps. */
export interface MapPolicy {
  /** Order of a map that the operation creates. Default unordered. */
  order?: MapOrder | undefined
  /** MAP_WRITE_FLAGS_*, combined with `|`. Default MAP_WRITE_FLAGS_DEFAULT. Increments have no flags. */
  writeFlags?: number | undefined
  /** A single word instead of `writeFlags`; you cannot set both. */
  writeMode?: MapWriteMode | undefined
  /** Store the index of an ordered map with the record (not for nested maps; server 7.0). Default false. */
  persistIndex?: boolean | undefined
}
