/**
 * The codes of operations, for the builders of `operate` and for expressions. The codes are the server's; codes from 0xf0
 * are this client's own and never reach a server.
 */

/** The first byte of an encoded operation: the family of its builder. A whole-bin operation has its `ScalarCode` instead. */
export const OperationFamily = {
  LIST: 0x50,
  MAP: 0x51,
  BIT: 0x52,
  HLL: 0x53,
  STRING: 0x54,
  PATH: 0x55,
  EXPRESSION: 0x56,
} as const

/** Operations on whole bins and on the record. */
export const ScalarCode = {
  READ: 1,
  WRITE: 2,
  INCR: 5,
  APPEND: 9,
  PREPEND: 10,
  TOUCH: 11,
  DELETE: 14,
  /** Reads generation and TTL only. The server's code is READ. */
  READ_HEADER: 0x41,
} as const

/** Operations on lists. */
export const ListCode = {
  SET_ORDER: 0,
  APPEND: 1,
  APPEND_ITEMS: 2,
  INSERT: 3,
  INSERT_ITEMS: 4,
  POP: 5,
  POP_RANGE: 6,
  REMOVE: 7,
  REMOVE_RANGE: 8,
  SET: 9,
  TRIM: 10,
  CLEAR: 11,
  INCREMENT: 12,
  SORT: 13,
  SIZE: 16,
  GET: 17,
  GET_RANGE: 18,
  GET_BY_INDEX: 19,
  GET_BY_RANK: 21,
  GET_BY_VALUE: 22,
  GET_BY_VALUE_LIST: 23,
  GET_BY_INDEX_RANGE: 24,
  GET_BY_VALUE_INTERVAL: 25,
  GET_BY_RANK_RANGE: 26,
  GET_BY_VALUE_REL_RANK_RANGE: 27,
  JOIN: 28,
  REMOVE_BY_INDEX: 32,
  REMOVE_BY_RANK: 34,
  REMOVE_BY_VALUE: 35,
  REMOVE_BY_VALUE_LIST: 36,
  REMOVE_BY_INDEX_RANGE: 37,
  REMOVE_BY_VALUE_INTERVAL: 38,
  REMOVE_BY_RANK_RANGE: 39,
  REMOVE_BY_VALUE_REL_RANK_RANGE: 40,
  /** Creates a list. The server's code is SET_ORDER. */
  CREATE: 0xf0,
} as const

/** Operations on maps. */
export const MapCode = {
  SET_ORDER: 64,
  PUT: 67,
  PUT_ITEMS: 68,
  INCREMENT: 73,
  DECREMENT: 74,
  CLEAR: 75,
  REMOVE_BY_KEY: 76,
  REMOVE_BY_INDEX: 77,
  REMOVE_BY_RANK: 79,
  REMOVE_BY_KEY_LIST: 81,
  REMOVE_BY_VALUE: 82,
  REMOVE_BY_VALUE_LIST: 83,
  REMOVE_BY_KEY_INTERVAL: 84,
  REMOVE_BY_INDEX_RANGE: 85,
  REMOVE_BY_VALUE_INTERVAL: 86,
  REMOVE_BY_RANK_RANGE: 87,
  REMOVE_BY_KEY_REL_INDEX_RANGE: 88,
  REMOVE_BY_VALUE_REL_RANK_RANGE: 89,
  SIZE: 96,
  GET_BY_KEY: 97,
  GET_BY_INDEX: 98,
  GET_BY_RANK: 100,
  GET_BY_VALUE: 102,
  GET_BY_KEY_INTERVAL: 103,
  GET_BY_INDEX_RANGE: 104,
  GET_BY_VALUE_INTERVAL: 105,
  GET_BY_RANK_RANGE: 106,
  GET_BY_KEY_LIST: 107,
  GET_BY_VALUE_LIST: 108,
  GET_BY_KEY_REL_INDEX_RANGE: 109,
  GET_BY_VALUE_REL_RANK_RANGE: 110,
  /** Creates a map. The server's code is SET_ORDER. */
  CREATE: 0xf0,
} as const

/** Operations on the bits of a blob. */
export const BitCode = {
  RESIZE: 0,
  INSERT: 1,
  REMOVE: 2,
  SET: 3,
  OR: 4,
  XOR: 5,
  AND: 6,
  NOT: 7,
  LSHIFT: 8,
  RSHIFT: 9,
  ADD: 10,
  SUBTRACT: 11,
  SET_INT: 12,
  /** The first code of an operation that reads. */
  GET: 50,
  COUNT: 51,
  LSCAN: 52,
  RSCAN: 53,
  GET_INT: 54,
  B64_ENCODE: 55,
} as const

/** Operations on HyperLogLogs. */
export const HllCode = {
  INIT: 0,
  ADD: 1,
  SET_UNION: 2,
  REFRESH_COUNT: 3,
  FOLD: 4,
  COUNT: 50,
  UNION: 51,
  UNION_COUNT: 52,
  INTERSECT_COUNT: 53,
  SIMILARITY: 54,
  DESCRIBE: 55,
  /** For expressions only. */
  MAY_CONTAIN: 56,
} as const

/** Operations on strings. */
export const StringCode = {
  STRLEN: 0,
  SUBSTR: 1,
  CHAR_AT: 2,
  FIND: 3,
  CONTAINS: 4,
  STARTS_WITH: 5,
  ENDS_WITH: 6,
  TO_INTEGER: 7,
  TO_DOUBLE: 8,
  BYTE_LENGTH: 9,
  IS_NUMERIC: 10,
  IS_UPPER: 11,
  IS_LOWER: 12,
  TO_BLOB: 13,
  SPLIT: 14,
  B64_DECODE: 15,
  REGEX_COMPARE: 16,
  /** The first code of an operation that modifies. */
  INSERT: 50,
  OVERWRITE: 51,
  CONCAT: 52,
  SNIP: 53,
  REPLACE: 54,
  REPLACE_ALL: 55,
  UPPER: 56,
  LOWER: 57,
  CASE_FOLD: 58,
  NORMALIZE_NFC: 59,
  TRIM_START: 60,
  TRIM_END: 61,
  TRIM: 62,
  PAD_START: 63,
  PAD_END: 64,
  REPEAT: 65,
  REGEX_REPLACE: 66,
  APPEND: 67,
  PREPEND: 68,
  /** Converts a value to a string, for which the server has a separate operation. */
  TO_STRING: 0xf0,
} as const

/** Operations on what a path selects. */
export const PathCode = {
  SELECT: 0,
  MODIFY: 1,
  REMOVE: 2,
} as const

/** Operations that evaluate an expression. */
export const ExpressionCode = {
  READ: 0,
  WRITE: 1,
} as const

/**
 * The orders of a list.
 * @rust i64
 */
export const ListOrderCode = {
  UNORDERED: 0,
  ORDERED: 1,
} as const

/**
 * The orders of a map.
 * @rust i64
 */
export const MapOrderCode = {
  UNORDERED: 0,
  KEY_ORDERED: 1,
  KEY_VALUE_ORDERED: 3,
} as const

/**
 * What an operation on bits does if the result does not fit.
 * @rust i64
 */
export const BitOverflowCode = {
  FAIL: 0,
  SATURATE: 2,
  WRAP: 4,
} as const

/**
 * The kind of number that a string is tested for.
 * @rust i64
 */
export const NumericTypeCode = {
  ANY: 0,
  INT: 1,
  FLOAT: 2,
} as const
