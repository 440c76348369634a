/**
 * Rows to write from columns.
 */
import { types } from 'node:util'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, integerOption, optionsObject, wordOption } from '../common/options'
import { NAMESPACE_NAMES, type Namespaced, namespaceOf } from '../values/namespace'
import type { Writer } from '../wire/wire'
import { ownBytesOf } from './elements'
import { type KeyColumn, type KeyIds, type RowKeys, writeKeyIds } from './keys'
import type { ColumnType, Schema } from './schema'
import { type SourceColumn, writeSource } from './source'

/** The input of `batchWriteColumns`: a record for each key, a bin for each column. */
export type WriteColumns = Namespaced & {
  /** Set. Default: none. */
  readonly set?: string | null | undefined
  /** The user keys, one for each row. */
  readonly keys: KeyIds
  /** Bin name -> its values, one for each row. */
  readonly columns: { readonly [bin: string]: SourceColumn }
  /** Bin name -> bitmap of the rows that have a value, least significant bit first. Default: all rows have a value. */
  readonly validity?: { readonly [bin: string]: Uint8Array | null | undefined } | undefined
  /**
   * Bin name -> type, if the array alone does not determine it: `bool` for a Uint8Array, blobs such as `['f32', 384]`
   * or `['bytes', 16]`, or doubles for an array of whole numbers. Entries for other columns are ignored, so that you
   * can pass the `schema` of an earlier read.
   */
  readonly schema?: Schema | undefined
  /**
   * What a row without a value does to its bin. Default `skip`.
   *
   * - `skip`: the bin is unchanged.
   * - `remove`: the bin is removed.
   */
  readonly nulls?: 'skip' | 'remove' | undefined
  /**
   * Time to live in seconds, one for all rows or one for each. 0: the namespace's default; -1 or 0xFFFFFFFF: never
   * expires; -2: unchanged. Overrides the policy's `ttl`.
   */
  readonly ttl?: number | Int32Array | Uint32Array | undefined
  /** Expected generation, one for all records or one for each, such as `rows.gen` of a read. */
  readonly gen?: number | Uint32Array | Int32Array | undefined
}

const KNOWN = [...NAMESPACE_NAMES, 'set', 'keys', 'columns', 'validity', 'schema', 'nulls', 'ttl', 'gen']

const NULLS = wordOption({ skip: 0, remove: 1 })
const TTL = integerOption(-2, 0xffff_ffff)
const GEN = integerOption(0)

/** Writes one word for each row, or a marker that there are none. */
function writePerRow(writer: Writer, value: unknown, rows: number, name: string, check: typeof GEN): void {
  writer.u8(value === undefined || value === null ? 0 : 1)
  if (value === undefined || value === null) return
  if (types.isUint32Array(value) || types.isInt32Array(value)) {
    const bytes = ownBytesOf(value, name)
    if (value.length !== rows) throw invalidArgument(`${name}: ${value.length} values for ${rows} keys`)
    writer.raw(bytes)
    return
  }
  if (typeof value !== 'number') {
    throw invalidArgument(`${name}: a number, an Int32Array or a Uint32Array is needed, not ${describe(value)}`)
  }
  const word = check(value, name) >>> 0
  for (let row = 0; row < rows; row++) writer.u32(word)
}

/** Validates and writes all columns, and returns the keys. */
export function writeRowsOfColumns(writer: Writer, data: WriteColumns): RowKeys {
  const given = optionsObject(data, 'batchWriteColumns')
  checkOptions(given, 'batchWriteColumns', KNOWN)
  const columns = optionsObject(given.columns, 'columns')
  const names = Object.keys(columns)
  if (names.length === 0) throw invalidArgument('columns: at least one column is needed')
  if (names.length > 0x7fff) throw invalidArgument(`columns: ${names.length} bins are more than a record can hold`)
  const validity = optionsObject(given.validity ?? {}, 'validity')
  for (const name of Object.keys(validity)) {
    if (!Object.hasOwn(columns, name)) throw invalidArgument(`validity.${name}: there is no such column`)
  }
  const schema = optionsObject(given.schema ?? {}, 'schema')
  const keys = writeKeyIds(writer, {
    namespace: namespaceOf(given, 'batchWriteColumns'),
    set: given.set,
    ids: given.keys,
  } as KeyColumn)
  const rows = keys.length
  writer.u8(given.nulls === undefined ? 0 : NULLS(given.nulls, 'nulls'))
  writePerRow(writer, given.gen, rows, 'gen', GEN)
  writePerRow(writer, given.ttl, rows, 'ttl', TTL)
  writer.u16(names.length)
  for (const name of names) {
    const said = Object.hasOwn(schema, name) ? (schema[name] as ColumnType) : undefined
    const bits = Object.hasOwn(validity, name) ? validity[name] : undefined
    writeSource(writer, name, columns[name], rows, said, bits)
  }
  return keys
}
