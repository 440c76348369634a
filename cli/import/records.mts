/**
 * Rows of a file as records to write.
 */
import { type BatchWriteRecord, Key, type UserKey } from 'aerospike-napi'
import { usageError } from '../exit-codes.mjs'
import { DIGEST_COLUMN, GENERATION_COLUMN, KEY_COLUMN, SET_COLUMN, TTL_COLUMN } from '../formats/rows.mjs'
import type { Target } from '../keys.mjs'
import type { Types } from './column-type.mjs'
import { CsvField } from './csv-reader.mjs'
import type { SourceRow } from './source-row.mjs'
import { convertTo } from './types.mjs'

/** How rows become records. */
export interface RecordOptions {
  readonly target: Target
  /** The column with the user keys; undefined: `_key`. */
  readonly keyColumn: string | undefined
  /** Whether the numbers of the rows are the user keys. */
  readonly rowKeys: boolean
  /** Whether the key column is a bin, too. */
  readonly keepKey: boolean
  readonly types: Types
  /** Column -> bin, for columns with another name than their bin. */
  readonly names: ReadonlyMap<string, string>
}

/** A record, or why a row cannot be written. */
export type RecordResult = { readonly record: BatchWriteRecord } | { readonly reason: string }

const MAX_BIN_NAME = 15

/** Parses `departure_airport=origin,...`. */
export function parseNames(text: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const part of text.split(',').filter(part => part.trim() !== '')) {
    const at = part.indexOf('=')
    const [from, to] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    if (at < 1 || to === '') throw usageError(`--rename: '${part.trim()}' is not column=bin`)
    names.set(from, to)
  }
  return names
}

/** Converts a row. */
export function recordOf(row: SourceRow, options: RecordOptions): RecordResult {
  if (row.values === undefined) return { reason: row.reason ?? 'the row cannot be read' }
  const { types, names, keyColumn, keepKey } = options
  const bins: { [bin: string]: unknown } = {}
  const special = new Map<string, unknown>()
  for (const [column, given] of row.values) {
    const type = types.get(column)
    if (type === 'skip' || isMissing(given)) continue
    let value: unknown
    try {
      value = convertTo(type, given)
    } catch (error) {
      return { reason: `${column}: ${(error as Error).message}` }
    }
    if (typeof value === 'string' && !value.isWellFormed()) {
      return { reason: `${column}: the string contains a lone surrogate, which UTF-8 cannot encode` }
    }
    const isKey = column === keyColumn
    if (isKey) special.set(KEY_COLUMN, value)
    if (isSpecial(column)) {
      if (!isKey && (column !== KEY_COLUMN || keyColumn === undefined)) special.set(column, value)
      continue
    }
    if (isKey && !keepKey) continue
    const bin = names.get(column) ?? column
    const length = Buffer.byteLength(bin)
    if (length === 0 || length > MAX_BIN_NAME) {
      return { reason: `${column}: the name of a bin has 1 to ${MAX_BIN_NAME} bytes; give it another with --rename` }
    }
    Object.defineProperty(bins, bin, { value, enumerable: true, writable: true, configurable: true })
  }
  return finished(row, bins, special, options)
}

const isSpecial = (column: string): boolean =>
  column === KEY_COLUMN ||
  column === DIGEST_COLUMN ||
  column === GENERATION_COLUMN ||
  column === TTL_COLUMN ||
  column === SET_COLUMN

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || (value instanceof CsvField && value.missing)

function finished(
  row: SourceRow,
  bins: { [bin: string]: unknown },
  special: ReadonlyMap<string, unknown>,
  options: RecordOptions,
): RecordResult {
  const key = keyOf(row, special, options)
  if (typeof key === 'string') return { reason: key }
  if (Object.keys(bins).length === 0) return { reason: 'the row has no bins' }
  const ttl = special.get(TTL_COLUMN)
  if (ttl !== undefined && typeof ttl !== 'number') return { reason: `${TTL_COLUMN}: an integer is needed` }
  return { record: { key, bins: bins as never, ...(typeof ttl === 'number' && { meta: { ttl } }) } as BatchWriteRecord }
}

function isUserKey(value: unknown): value is UserKey {
  return (
    typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value) || value instanceof Uint8Array
  )
}

/** The key of a row, or why it has none. */
function keyOf(row: SourceRow, special: ReadonlyMap<string, unknown>, options: RecordOptions): Key | string {
  const { target, keyColumn, rowKeys } = options
  const set = special.get(SET_COLUMN)
  const into = typeof set === 'string' ? set : (target.set ?? '')
  if (rowKeys) return new Key(target.namespace, into, row.number)
  const userKey = special.get(KEY_COLUMN)
  if (isUserKey(userKey)) return new Key(target.namespace, into, userKey)
  if (userKey !== undefined) return `${keyColumn ?? KEY_COLUMN}: a key is a string, an integer or bytes`
  const digest = special.get(DIGEST_COLUMN)
  if (typeof digest === 'string' && /^[\da-f]{40}$/i.test(digest)) {
    return Key.fromDigest(target.namespace, into, Buffer.from(digest, 'hex'))
  }
  if (digest !== undefined) return `${DIGEST_COLUMN}: a digest is 40 hexadecimal digits`
  if (keyColumn !== undefined) return `${keyColumn}: the key is missing`
  return `there is no ${KEY_COLUMN}: name the column of the keys with --key, or use --row-keys`
}
