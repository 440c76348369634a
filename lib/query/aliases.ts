// Generated from scripts/aliases.json by `make types`. Do not edit.

import { filter } from './filter'

/** Aliases of builders of `predicates`. */
export const predicateAliases = {
  /**
   * Alias of `filter.equal`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param value - a string, an integer or bytes
   * @returns the lookup, for `query.where`
   */
  equals: filter.equal,
  /**
   * Alias of `filter.range`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param min - lower bound, inclusive
   * @param max - upper bound, inclusive
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  between: filter.range,
  /**
   * Alias of `filter.geoWithinGeoJSONRegion`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param region - a Polygon, MultiPolygon or AeroCircle
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  geoWithinGeojsonRegion: filter.geoWithinGeoJSONRegion,
  /**
   * Alias of `filter.geoContainsGeoJSONPoint`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param point - a Point
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  geoContainsGeojsonPoint: filter.geoContainsGeoJSONPoint,
} as const
