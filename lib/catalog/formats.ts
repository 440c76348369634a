/**
 * The formats of values, keys, rows and columns between JavaScript and the addon.
 */

/** The first byte of an encoded value: its type. */
export const ValueTag = {
  NIL: 0,
  FALSE: 1,
  TRUE: 2,
  /** 32-bit integer. */
  I32: 3,
  /** Integer within ±(2^53-1), encoded as a double so that JavaScript reads it in one call. */
  SAFE: 4,
  /** 64-bit integer, a bigint in JavaScript. */
  I64: 5,
  F64: 6,
  /** Text that consists of ASCII characters only. */
  ASCII: 7,
  /** Any other text. */
  UTF8: 8,
  BLOB: 9,
  LIST: 10,
  /** Map whose keys are all strings. */
  OBJECT: 11,
  /** Map with any keys. */
  MAP: 12,
  /** GeoJSON text. */
  GEOJSON: 13,
  /** HyperLogLog. */
  HLL: 14,
  /** Particle of an unknown type: its type number, then its bytes. */
  UNKNOWN: 15,
  /** Key-value pairs in the server's order. */
  PAIRS: 16,
  /** Greater than any value; only in arguments of operations. */
  INFINITY: 17,
  /** Matches any value; only in arguments of operations. */
  WILDCARD: 18,
} as const

/** The encodings of the keys of many rows. */
export const KeySource = {
  /** A list of keys. */
  LIST: 0,
  /** User keys with a tag, of one namespace and set. */
  TAGGED: 1,
  I32: 2,
  U32: 3,
  I64: 4,
  UTF8: 5,
  BINARY: 6,
} as const

/** The kind of a batch row, in the lower bits of its first byte. */
export const RowKind = {
  READ: 0,
  READ_OPS: 1,
  WRITE: 2,
  WRITE_OPS: 3,
  REMOVE: 4,
  APPLY: 5,
} as const

/** The upper bits of the first byte of a batch row. */
export const RowFlag = {
  /** Mask of the kind. */
  KIND_MASK: 0x0f,
  /** The row has the namespace and set of the previous row. */
  SAME_SPACE: 0x10,
  /** The row has the kind and work of the previous row. */
  SAME_WORK: 0x20,
} as const

/** The form of a batch row's result. */
export const RowForm = {
  /** A record. */
  RECORD: 0,
  /** Generation and TTL. */
  META: 1,
  /** No data: the record is gone. */
  GONE: 2,
  /** A failure. */
  FAILURE: 3,
} as const

/** The memory layout of a column. */
export const ColumnLayout = {
  /** One element per row. */
  SCALAR: 0,
  /** A fixed number of bytes per row, zero-padded. */
  BYTES: 1,
  /** A fixed number of elements per row, stored as one blob or a list of numbers. */
  ARRAY: 2,
  UTF8: 3,
  BINARY: 4,
  /** Indexes into the column's own list of distinct strings. */
  DICTIONARY: 5,
} as const

/**
 * The element type of a column.
 * @rust enum u8
 */
export const ElementType = {
  I8: 1,
  I16: 2,
  I32: 3,
  I64: 4,
  U8: 5,
  U16: 6,
  U32: 7,
  U64: 8,
  F16: 9,
  F32: 10,
  F64: 11,
  BOOL: 12,
} as const

/** The bins that a read selects. */
export const BinSelection = {
  ALL: 0,
  NONE: 1,
  /** The names follow. */
  SOME: 2,
} as const

/** The form of the results of a query. */
export const QueryMode = {
  RECORDS: 0,
  COUNT: 1,
  COLUMNS: 2,
} as const

/** The parts that the row of a query contains beside its digest. */
export const QueryRowPart = {
  USER_KEY: 1,
  /** The set, if it is not the set of the query. */
  SET: 2,
} as const

/** The partitions that a query reads. */
export const PartitionSelection = {
  ALL: 0,
  /** A range: first partition u16, count u16. */
  RANGE: 1,
  /** The rest of one partition, after a digest. */
  AFTER: 2,
} as const

/** The kind of a lookup in an index. */
export const FilterKind = {
  VALUE: 0,
  RANGE: 1,
  /** A region or a point. */
  GEO: 2,
} as const

/** The part of a bin's value that an index contains. */
export const CollectionType = {
  DEFAULT: 0,
  LIST: 1,
  MAP_KEYS: 2,
  MAP_VALUES: 3,
} as const

/** The data type of an index. */
export const IndexType = {
  NUMERIC: 0,
  STRING: 1,
  BLOB: 2,
  GEO2DSPHERE: 3,
} as const

/** What an index is built on. */
export const IndexSource = {
  BIN: 0,
  EXPRESSION: 1,
  /** All records of a set. */
  SET: 2,
} as const

/**
 * How a commit succeeded.
 * @rust enum u8
 */
export const CommitOutcome = {
  OK: 0,
  /** An earlier commit had already committed the transaction. */
  ALREADY_COMMITTED: 1,
  /** The servers will finish writes that this commit could not finish. */
  ROLL_FORWARD_ABANDONED: 2,
  /** The servers will remove the record that monitors the transaction. */
  CLOSE_ABANDONED: 3,
} as const

/**
 * How an abort ended.
 * @rust enum u8
 */
export const AbortOutcome = {
  OK: 0,
  ALREADY_ABORTED: 1,
  /** The servers will roll back writes after the transaction's timeout. */
  ROLL_BACK_ABANDONED: 2,
  /** The servers will remove the record that monitors the transaction. */
  CLOSE_ABANDONED: 3,
} as const

/**
 * How a commit failed.
 * @rust enum u8
 */
export const CommitFailure = {
  VERIFY_FAILED: 0,
  VERIFY_FAILED_CLOSE_ABANDONED: 1,
  VERIFY_FAILED_ABORT_ABANDONED: 2,
  MARK_ROLL_FORWARD_ABANDONED: 3,
  /** The servers had already aborted the transaction. */
  ABORTED: 4,
} as const
