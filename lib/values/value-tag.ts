/**
 * The first byte of every value; the numbers must match `crate/src/convert/value.rs`.
 */
export const Tag = {
  NIL: 0,
  FALSE: 1,
  TRUE: 2,
  I32: 3,
  SAFE: 4,
  I64: 5,
  F64: 6,
  ASCII: 7,
  UTF8: 8,
  BLOB: 9,
  LIST: 10,
  OBJECT: 11,
  MAP: 12,
  GEOJSON: 13,
  HLL: 14,
  UNKNOWN: 15,
  PAIRS: 16,
  INFINITY: 17,
  WILDCARD: 18,
} as const
