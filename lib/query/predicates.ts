/**
 * `predicates`: lookups in a secondary index, with the names and argument order of aerospike-py.
 */

import type { IndexCollectionType } from '../cluster/indexes'
import { predicateAliases } from './aliases'
import { type Filter, filter } from './filter'

/** Builders whose arguments have another order than those of `filter`. */
const reordered = {
  /**
   * Like `filter.contains`, with the type before the value.
   *
   * @param bin - name of the bin
   * @param type - part of the bin that the index covers
   * @param value - the item, map key or map value to look up
   * @returns the lookup, for `query.where`
   * @throws InvalidArgError if an argument is invalid
   */
  contains(bin: string, type: IndexCollectionType, value: string | number | bigint | Uint8Array): Filter {
    return filter.contains(bin, value, type)
  },

  /**
   * Like `filter.geoWithinRadius`, with the latitude before the longitude.
   *
   * @param bin - name of the bin
   * @param latitude - -90 to 90 degrees
   * @param longitude - -180 to 180 degrees
   * @param radius - radius in meters
   * @returns the lookup, for `query.where`
   * @throws InvalidArgError if an argument is invalid
   */
  geoWithinRadius(bin: string, latitude: number, longitude: number, radius: number): Filter {
    return filter.geoWithinRadius(bin, longitude, latitude, radius)
  },
} as const

/**
 * Lookups in a secondary index with aerospike-py's names and argument order: latitude before longitude, the type before
 * the value.
 */
export const predicates: typeof predicateAliases & typeof reordered = { ...predicateAliases, ...reordered }
