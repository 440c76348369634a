/**
 * Records as rows of a file or table: the key in columns of its own, and a column for each bin.
 */
import type { AerospikeRecord } from 'aerospike-napi'
import { displayText } from '../values.mjs'

/** The columns that are not bins. */
export const KEY_COLUMN = '_key'
/** Digest in hexadecimal, for records whose user key the server does not store. */
export const DIGEST_COLUMN = '_digest'
export const SET_COLUMN = '_set'
export const GENERATION_COLUMN = '_gen'
/** Seconds until the record expires; -1: never. */
export const TTL_COLUMN = '_ttl'

export const SPECIAL_COLUMNS: ReadonlySet<string> = new Set([
  KEY_COLUMN,
  DIGEST_COLUMN,
  SET_COLUMN,
  GENERATION_COLUMN,
  TTL_COLUMN,
])

/** Column -> value. Integers are bigint, numbers are doubles. */
export type Row = ReadonlyMap<string, unknown>

/** Which columns a row has besides the key and the bins. */
export interface RowOptions {
  /** Generation and TTL. */
  readonly meta: boolean
  /** The set, for rows of several sets. */
  readonly withSet: boolean
}

/** A record that cannot be a row. */
export interface FailedRecord {
  readonly record: string
  readonly reason: string
}

/**
 * Returns the row of a record, or the reason why the record has no row.
 */
export function rowOf(record: AerospikeRecord, options: RowOptions): Row | FailedRecord {
  const { key, gen, ttl, error } = record
  if (error !== null) return { record: String(key), reason: error.message }
  const row = new Map<string, unknown>()
  if (options.withSet) row.set(SET_COLUMN, key.set)
  if (key.userKey === undefined) row.set(DIGEST_COLUMN, key.digest.toString('hex'))
  else row.set(KEY_COLUMN, typeof key.userKey === 'number' ? BigInt(key.userKey) : key.userKey)
  if (options.meta) {
    row.set(GENERATION_COLUMN, BigInt(gen))
    row.set(TTL_COLUMN, BigInt(ttl))
  }
  for (const [bin, value] of Object.entries(record.bins)) {
    if (SPECIAL_COLUMNS.has(bin)) return { record: String(key), reason: `a bin has the name of the column ${bin}` }
    row.set(bin, value)
  }
  return row
}

export function isFailed(row: Row | FailedRecord): row is FailedRecord {
  return !(row instanceof Map)
}

/** The columns of rows, in order of their first appearance, those of the key first. */
export function columnsOf(rows: readonly Row[]): string[] {
  const found = new Set<string>()
  for (const row of rows) for (const name of row.keys()) found.add(name)
  const special = [...SPECIAL_COLUMNS].filter(name => found.has(name))
  return [...special, ...[...found].filter(name => !SPECIAL_COLUMNS.has(name))]
}

/** A column that a row has and the file lacks, if there is one. */
export function foreignColumn(row: Row, columns: ReadonlySet<string>): string | undefined {
  for (const name of row.keys()) if (!columns.has(name)) return name
  return undefined
}

/** A row with a column that the file does not have. */
export function misfit(row: Row, column: string): FailedRecord {
  const key = row.get(KEY_COLUMN) ?? row.get(DIGEST_COLUMN)
  return {
    record: displayText(key),
    reason: `the bin ${column} is not a column of the file; name all columns with --bins`,
  }
}
