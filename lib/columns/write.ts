/**
 * Rows to be written from columns.
 */
import { types } from 'node:util'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { integerOption, optionsObject, unknownOption, wordOption } from '../common/options'
import type { Writer } from '../wire/wire'
import { ownBytesOf } from './elements'
import { type KeyColumn, type KeyIds, type RowKeys, writeKeyIds } from './keys'
import type { ColumnType, Schema } from './schema'
import { type SourceColumn, writeSource } from './source'

/** What `batchWriteColumns` writes: a record for each key, a bin for each column. */
export interface WriteColumns {
  /** Namespace. */
  readonly ns: string
  /** Set; none by default. */
  readonly set?: string | null | undefined
  /** The user keys, one a row. */
  readonly keys: KeyIds
  /** Bin name -> its values, one a row. */
  readonly columns: { readonly [bin: string]: SourceColumn }
  /** Bin name -> which rows have a value, as bits, the least significant first. Without it all have. */
  readonly validity?: { readonly [bin: string]: Uint8Array | null | undefined } | undefined
  /**
   * Bin name -> type, where the array alone does not say it: `bool` of a Uint8Array, `['f32', 384]`, `['bytes', 16]`; doubles
   * of an array of whole numbers. What a former `rows.schema` says beyond the columns that are given is ignored.
   */
  readonly schema?: Schema | undefined
  /** What a row without a value does to its bin. Default `skip`: it stays as it is. `remove`: it is removed. */
  readonly nulls?: 'skip' | 'remove' | undefined
  /**
   * Lifetime in seconds of all rows, or of each; 0 the namespace's, -1 or 0xFFFFFFFF for ever, -2 unchanged. It comes before
   * the policy's `ttl`.
   */
  readonly ttl?: number | Int32Array | Uint32Array | undefined
  /** The generation that all records, or each, must have, such as `rows.gen` of a read. */
  readonly gen?: number | Uint32Array | Int32Array | undefined
}

const KNOWN = ['ns', 'set', 'keys', 'columns', 'validity', 'schema', 'nulls', 'ttl', 'gen']

const NULLS = wordOption({ skip: 0, remove: 1 })
const TTL = integerOption(-2, 0xffff_ffff)
const GEN = integerOption(0)

/** Writes one word for each row, or that there is none. */
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

/** Writes all of it, and gives the keys. */
export function writeRowsOfColumns(writer: Writer, data: WriteColumns): RowKeys {
  const given = optionsObject(data, 'batchWriteColumns')
  for (const name of Object.keys(given)) if (!KNOWN.includes(name)) unknownOption(name, 'batchWriteColumns', KNOWN)
  const columns = optionsObject(given.columns, 'columns')
  const names = Object.keys(columns)
  if (names.length === 0) throw invalidArgument('columns: at least one column is needed')
  if (names.length > 0x7fff) throw invalidArgument(`columns: ${names.length} bins are more than a record can hold`)
  const validity = optionsObject(given.validity ?? {}, 'validity')
  for (const name of Object.keys(validity)) {
    if (!Object.hasOwn(columns, name)) throw invalidArgument(`validity.${name}: there is no such column`)
  }
  const schema = optionsObject(given.schema ?? {}, 'schema')
  const keys = writeKeyIds(writer, { ns: given.ns, set: given.set, ids: given.keys } as KeyColumn)
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
