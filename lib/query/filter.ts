/**
 * Lookups in a secondary index: `filter`, with the names and the argument order of the official Node.js client, and
 * `predicates`, with those of aerospike-py. The encoding must match `crate/src/convert/filter.rs`.
 */

import { types } from 'node:util'
import { FilterKind as Kind } from '../catalog/formats'
import type { IndexCollectionType } from '../cluster/indexes'
import { copyBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { stringOption } from '../common/options'
import { collectionNumber } from '../constants/collection-type'
import { type CdtContext, contextOf } from '../expressions/cdt-context'
import { completeBytes, type Expression } from '../expressions/expression'
import { writeBinName } from '../operations/bin-name'
import { GeoJSON, writeText, writeValue } from '../values/value'
import { Writer } from '../wire/wire'

/** Which part of a bin an index covers, under the official client's names. */
export const indexType = {
  DEFAULT: 'default',
  LIST: 'list',
  MAPKEYS: 'mapkeys',
  MAPVALUES: 'mapvalues',
} as const

/**
 * The data types of indexes that can serve a filter.
 *
 * - `numeric`: indexes on integers.
 * - `string`: indexes on strings.
 * - `blob`: indexes on bytes.
 * - `geo2dsphere`: indexes on GeoJSON.
 */
export type FilterType = 'numeric' | 'string' | 'blob' | 'geo2dsphere'

const NOTHING = new Uint8Array(0)

/** A lookup in one index, created by `filter` or `predicates`, for `query.where`. */
export class Filter<out N extends string = string> {
  readonly #kind: number
  readonly #collection: number
  readonly #values: readonly unknown[]
  readonly #type: FilterType
  #bin: N
  #index: string | undefined
  #context: Uint8Array = NOTHING
  #expression: Uint8Array = NOTHING

  /** @internal */
  constructor(kind: number, bin: N, collection: number, type: FilterType, values: readonly unknown[]) {
    this.#kind = kind
    this.#bin = bin
    this.#collection = collection
    this.#type = type
    this.#values = values
  }

  /** The bin that is looked up. */
  get bin(): N {
    return this.#bin
  }

  /**
   * Uses the index of this name; the bin is ignored then. Mutates the filter and returns it.
   *
   * @param name - name of the index
   * @returns this filter
   * @throws InvalidArgError if the name is not a string
   */
  usingIndex(name: string): this {
    this.#index = stringOption(name, 'usingIndex: the name')
    return this
  }

  /**
   * Looks up a value nested in the bin's list or map, using an index that was created with the same context. Mutates
   * the filter and returns it.
   *
   * @param context - the path to the value: a CdtContext, or a function that adds to an empty one
   * @returns this filter
   * @throws InvalidArgError if it is not a CdtContext
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this {
    const path = contextOf(context, 'withContext')
    this.#context = path.length === 0 ? NOTHING : path.bytes
    return this
  }

  /**
   * Uses the index that was created on this expression; the bin is ignored then. Mutates the filter and returns it.
   *
   * @param expression - the expression of the index
   * @returns this filter
   */
  usingExpression(expression: Expression): this {
    this.#expression = completeBytes(expression, 'usingExpression')
    return this
  }

  /** Encodes the filter. @internal */
  write(writer: Writer): void {
    writer.u8(this.#kind)
    writer.u8(this.#index === undefined ? 0 : 1)
    writeText(writer, this.#index ?? this.#bin, 'where')
    writer.u8(this.#collection)
    for (const value of this.#values) {
      if (this.#kind === Kind.GEO) writeText(writer, value as string, 'where')
      else writeValue(writer, value, 'where')
    }
    writer.blob(this.#context)
    writer.blob(this.#expression)
  }

  static {
    const parts = (filter: Filter): { readonly [name: string]: unknown } => ({
      subject: filter.subject,
      [filter.#kind === Kind.GEO ? 'geo' : 'values']: filter.#values,
    })
    jsonAs(Filter, parts)
    printAs(Filter, 'Filter', parts)
  }

  /** The call that creates an index for this filter, as text. @internal */
  createCall(namespace: string, set: string): string {
    const parts = [namespace, set, this.#bin].map(part => JSON.stringify(part))
    const collection = ['', ", type: 'list'", ", type: 'mapkeys'", ", type: 'mapvalues'"][this.#collection]
    const nested = this.#context === NOTHING ? '' : ', context: ...'
    const by = this.#expression === NOTHING ? `bin: ${parts[2]}` : 'exp: ...'
    return (
      `client.createIndex({ namespace: ${parts[0]}, set: ${parts[1]}, ${by}, index: '...', ` +
      `datatype: '${this.#type}'${collection}${nested} })`
    )
  }

  /** What the filter looks up, for messages. @internal */
  get subject(): string {
    if (this.#index !== undefined) return `the index ${JSON.stringify(this.#index)}`
    if (this.#expression !== NOTHING) return 'the expression'
    const part = ['', 'the items of ', 'the keys of ', 'the values of '][this.#collection]
    return `${part}the bin ${JSON.stringify(this.#bin)} (${this.#type})`
  }
}

const scratch = new Writer(32)

function binOf<N extends string>(bin: N, where: string): N {
  scratch.length = 0
  writeBinName(scratch, bin, `${where}: bin`)
  return bin
}

function integer(value: unknown, where: string): number | bigint {
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(64, value) === value) return value
    throw invalidArgument(`${where}: ${value}n is outside the 64-bit integers`)
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0
  throw invalidArgument(`${where}: an integer within +-(2^53-1) or a bigint is needed, not ${describe(value)}`)
}

/** The data type of the index that can hold the value, and the value. */
function lookedUp(value: unknown, where: string): readonly [FilterType, unknown] {
  if (typeof value === 'string') return ['string', value]
  if (types.isUint8Array(value)) return ['blob', copyBytes(value, where)]
  if (typeof value === 'number' || typeof value === 'bigint') return ['numeric', integer(value, where)]
  throw invalidArgument(`${where}: an index contains integers, strings and bytes, not ${describe(value)}`)
}

function coordinate(value: unknown, most: number, where: string): number {
  if (typeof value === 'number' && value >= -most && value <= most) return value
  throw invalidArgument(`${where}: a number of degrees from -${most} to ${most} is needed, not ${describe(value)}`)
}

const REGIONS: ReadonlySet<unknown> = new Set(['Polygon', 'MultiPolygon', 'AeroCircle'])
const POINTS: ReadonlySet<unknown> = new Set(['Point'])

/** Validates GeoJSON of one of the known types, and returns it as text. */
function geoText(value: unknown, known: ReadonlySet<unknown>, where: string): string {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) {
    throw invalidArgument(`${where}: GeoJSON is needed, as text, object or GeoJSON, not ${describe(value)}`)
  }
  let json: string
  let parsed: unknown
  try {
    json = value instanceof GeoJSON ? value.json : typeof value === 'string' ? value : JSON.stringify(value)
    parsed = JSON.parse(json)
  } catch (cause) {
    throw invalidArgument(`${where}: invalid GeoJSON: ${(cause as Error).message}`)
  }
  const { type, coordinates } = (parsed ?? {}) as { type?: unknown; coordinates?: unknown }
  if (!known.has(type) || !Array.isArray(coordinates)) {
    const names = [...known].join(', ')
    throw invalidArgument(
      `${where}: invalid GeoJSON: a ${names} with coordinates is needed, not type ${describe(type)}`,
    )
  }
  return json
}

function geo<N extends string>(where: string, bin: N, json: string, collection: unknown): Filter<N> {
  const number = collectionNumber(collection, `${where}: type`)
  return new Filter(Kind.GEO, binOf(bin, where), number, 'geo2dsphere', [json])
}

function circle(longitude: unknown, latitude: unknown, radius: unknown, where: string): string {
  const [lon, lat] = [coordinate(longitude, 180, `${where}: longitude`), coordinate(latitude, 90, `${where}: latitude`)]
  if (typeof radius !== 'number' || !(radius > 0) || radius === Number.POSITIVE_INFINITY) {
    throw invalidArgument(`${where}: the radius is a number of metres above 0, not ${describe(radius)}`)
  }
  return GeoJSON.Circle(lon, lat, radius).json
}

/** A region or a point: GeoJSON as text, as a plain object, or as a `GeoJSON`. */
export type GeoLike = GeoJSON | string | object

/**
 * Lookups in a secondary index, for `query.where`. In geographic lookups the longitude comes before the latitude, in
 * degrees, as in the official Node.js client. `type` selects the part of the bin that the index covers: its value
 * (`default`), or each item of a `list`, each key (`mapkeys`) or each value (`mapvalues`) of a map. All throw
 * InvalidArgError if an argument is invalid.
 *
 * @example
 * ```ts
 * const nearby = client.query('test', 'shops').where(filter.geoWithinRadius('location', 13.4, 52.5, 1000))
 * ```
 */
export const filter = {
  /**
   * Records whose bin equals a value.
   *
   * @param bin - name of the bin
   * @param value - a string, an integer or bytes
   * @returns the lookup, for `query.where`
   */
  equal<N extends string>(bin: N, value: string | number | bigint | Uint8Array): Filter<N> {
    const [type, sought] = lookedUp(value, 'filter.equal: value')
    return new Filter(Kind.VALUE, binOf(bin, 'filter.equal'), 0, type, [sought])
  },

  /**
   * Records whose bin, or an item of it, is an integer within a range.
   *
   * @param bin - name of the bin
   * @param min - lower bound, inclusive
   * @param max - upper bound, inclusive
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  range<N extends string>(bin: N, min: number | bigint, max: number | bigint, type?: IndexCollectionType): Filter<N> {
    const [low, high] = [integer(min, 'filter.range: min'), integer(max, 'filter.range: max')]
    const number = collectionNumber(type, 'filter.range: type')
    return new Filter(Kind.RANGE, binOf(bin, 'filter.range'), number, 'numeric', [low, high])
  },

  /**
   * Records whose list contains an item, or whose map contains a key or a value.
   *
   * @param bin - name of the bin
   * @param value - a string, an integer or bytes
   * @param type - `list`, `mapkeys` or `mapvalues`
   * @returns the lookup, for `query.where`
   */
  contains<N extends string>(
    bin: N,
    value: string | number | bigint | Uint8Array,
    type: IndexCollectionType,
  ): Filter<N> {
    const number = collectionNumber(type, 'filter.contains: type')
    if (number === 0) {
      throw invalidArgument("filter.contains: type: 'list', 'mapkeys' or 'mapvalues' is needed; see filter.equal")
    }
    const [datatype, sought] = lookedUp(value, 'filter.contains: value')
    return new Filter(Kind.VALUE, binOf(bin, 'filter.contains'), number, datatype, [sought])
  },

  /**
   * Records whose points lie within a region.
   *
   * @param bin - name of the bin
   * @param region - a Polygon, MultiPolygon or AeroCircle
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  geoWithinGeoJSONRegion<N extends string>(bin: N, region: GeoLike, type?: IndexCollectionType): Filter<N> {
    const where = 'filter.geoWithinGeoJSONRegion'
    return geo(where, bin, geoText(region, REGIONS, where), type)
  },

  /**
   * Records whose points lie within a circle.
   *
   * @param bin - name of the bin
   * @param longitude - of the centre, -180 to 180 degrees
   * @param latitude - of the centre, -90 to 90 degrees
   * @param radius - in metres, above 0
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  geoWithinRadius<N extends string>(
    bin: N,
    longitude: number,
    latitude: number,
    radius: number,
    type?: IndexCollectionType,
  ): Filter<N> {
    const where = 'filter.geoWithinRadius'
    return geo(where, bin, circle(longitude, latitude, radius, where), type)
  },

  /**
   * Records whose regions contain a point.
   *
   * @param bin - name of the bin
   * @param point - a Point
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  geoContainsGeoJSONPoint<N extends string>(bin: N, point: GeoLike, type?: IndexCollectionType): Filter<N> {
    const where = 'filter.geoContainsGeoJSONPoint'
    return geo(where, bin, geoText(point, POINTS, where), type)
  },

  /**
   * Records whose regions contain a point.
   *
   * @param bin - name of the bin
   * @param longitude - -180 to 180 degrees
   * @param latitude - -90 to 90 degrees
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  geoContainsPoint<N extends string>(
    bin: N,
    longitude: number,
    latitude: number,
    type?: IndexCollectionType,
  ): Filter<N> {
    const where = 'filter.geoContainsPoint'
    const [lon, lat] = [
      coordinate(longitude, 180, `${where}: longitude`),
      coordinate(latitude, 90, `${where}: latitude`),
    ]
    return geo(where, bin, GeoJSON.Point(lon, lat).json, type)
  },
} as const
