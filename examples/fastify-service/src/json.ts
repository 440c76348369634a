/**
 * Database values as JSON. Values without a JSON equivalent become text: integers above 2^53 are strings of digits,
 * bytes are base64, and maps with keys other than strings are lists of pairs.
 */
import { GeoJSON, HyperLogLog, Particle, type ReadValue } from 'aerospike-napi'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Converts a value to JSON. */
export function toJson(value: ReadValue): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return value.toString()
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof GeoJSON) return value.value() as Json
  if (value instanceof HyperLogLog || value instanceof Particle) return value.bytes.toString('base64')
  if (value instanceof Map) return [...value].map(([key, item]) => [toJson(key), toJson(item)])
  return binsToJson(value)
}

/** Converts bins, or a map with string keys, to JSON. */
export function binsToJson(bins: { readonly [bin: string]: ReadValue }): { [bin: string]: Json } {
  return Object.fromEntries(Object.entries(bins).map(([bin, value]) => [bin, toJson(value)]))
}
