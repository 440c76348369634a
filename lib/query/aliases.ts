// Generated from scripts/aliases.json by `make types`. Do not edit.

import { filter } from './filter'

/** Aliases of builders of `predicates`. */
export const predicateAliases = {
  /** Alias of `filter.equal`: the name in aerospike-py. */
  equals: filter.equal,
  /** Alias of `filter.range`: the name in aerospike-py. */
  between: filter.range,
  /** Alias of `filter.geoWithinGeoJSONRegion`: the name in aerospike-py. */
  geoWithinGeojsonRegion: filter.geoWithinGeoJSONRegion,
  /** Alias of `filter.geoContainsGeoJSONPoint`: the name in aerospike-py. */
  geoContainsGeojsonPoint: filter.geoContainsGeoJSONPoint,
} as const
