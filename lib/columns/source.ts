/**
 * Columns to write: validation and encoding. Must match `crate/src/convert/column/source_column.rs`.
 */

import { types } from 'node:util'
import { ColumnLayout as Kind } from '../catalog/formats'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { writeBinName } from '../operations/bin-name'
import { Double, type Value, writeValue } from '../values/value'
import type { Writer } from '../wire/wire'
import { type AnyArray, elementOf, ownBytesOf } from './elements'
import { writeVarying } from './keys'
import { type ColumnSchema, type ColumnType, parseType, writeLayout } from './schema'
import { BinaryColumn, DictionaryColumn, Utf8Column } from './varying'

/**
 * A column to write. A typed array is written as integers or doubles; with a type such as `['f32', 384]` in the schema,
 * as blobs of that many elements. An array of values is written value by value, like `put`; null or undefined means no
 * value.
 */
export type SourceColumn = AnyArray | Utf8Column | BinaryColumn | DictionaryColumn | readonly (Value | undefined)[]

/** Format code of a column of values of any type. */
const VALUES = 6

/** Validates a bitmap with one bit for each row. */
export function bitmapOf(bits: unknown, rows: number, where: string): Uint8Array {
  if (!types.isUint8Array(bits))
    throw invalidArgument(`${where}: a Uint8Array of bits is needed, not ${describe(bits)}`)
  const bytes = ownBytesOf(bits, where)
  const needed = Math.ceil(rows / 8)
  if (bytes.length < needed) {
    throw invalidArgument(`${where}: ${bytes.length} bytes are too few for the bits of ${rows} rows`)
  }
  return bytes.subarray(0, needed)
}

function checkLength(have: number, rows: number, width: number, where: string): void {
  if (have === rows * width) return
  const each = width === 1 ? '' : ` of ${width} elements`
  throw invalidArgument(`${where}: ${have} values for ${rows} keys${each}: the columns differ in length`)
}

/** Returns the type to write a column as: that of the schema if the column matches it, otherwise the column's own. */
function typeOf(name: string, column: unknown, said: ColumnType | undefined): ColumnSchema | undefined {
  const where = `columns.${name}`
  const wanted = said === undefined ? undefined : parseType(name, said)
  const refuse = (what: string): never => {
    throw invalidArgument(`${where}: ${what} is no column of the type ${JSON.stringify(said)} that the schema says`)
  }
  if (Array.isArray(column)) return wanted
  const own = elementOf(column)
  if (own !== undefined) {
    if (wanted === undefined) return parseType(name, own)
    const { kind, element } = wanted
    if (kind === Kind.BYTES && own === 'u8') return wanted
    if ((kind === Kind.SCALAR || kind === Kind.ARRAY) && element === own) return wanted
    if ((kind === Kind.SCALAR || kind === Kind.ARRAY) && element === 'bool' && own === 'u8') return wanted
    // Reads widen half-precision numbers if the runtime has no array for them.
    if (kind === Kind.SCALAR && element === 'f16' && own === 'f32') return parseType(name, own)
    return refuse(`an array of ${own}`)
  }
  const varying = (is: boolean, type: 'utf8' | 'binary' | 'dictionary'): ColumnSchema | undefined => {
    if (!is) return undefined
    const actual = parseType(name, type)
    if (wanted !== undefined && wanted.kind !== actual.kind) refuse(`a column of ${type}`)
    return actual
  }
  const found =
    varying(column instanceof Utf8Column, 'utf8') ??
    varying(column instanceof BinaryColumn, 'binary') ??
    varying(column instanceof DictionaryColumn, 'dictionary')
  if (found !== undefined) return found
  throw invalidArgument(
    `${where}: a typed array, an array, a Utf8Column, BinaryColumn or DictionaryColumn is needed, not ${describe(column)}`,
  )
}

/** Converts one value of an array to the type in the schema. */
function shaped(value: unknown, type: ColumnSchema, where: string): Value {
  const refuse = (): never => {
    throw invalidArgument(`${where}: ${describe(value)} is not a value of the type ${JSON.stringify(type.type)}`)
  }
  switch (type.kind) {
    case Kind.UTF8:
    case Kind.DICTIONARY:
      return typeof value === 'string' ? value : refuse()
    case Kind.BINARY:
      return types.isUint8Array(value) ? value : refuse()
    case Kind.BYTES: {
      if (!types.isUint8Array(value) || value.length > type.width) return refuse()
      const padded = new Uint8Array(type.width)
      padded.set(checkBytes(value, where))
      return padded
    }
    case Kind.ARRAY: {
      const own = elementOf(value)
      const fits = own === type.element || (own === 'u8' && type.element === 'bool')
      return fits && (value as AnyArray).length === type.width ? (value as AnyArray) : refuse()
    }
    default:
  }
  if (type.element === 'bool') return typeof value === 'boolean' ? value : refuse()
  if (typeof value === 'bigint') return type.element?.charAt(0) === 'f' ? refuse() : value
  if (typeof value !== 'number') return refuse()
  if (type.element?.charAt(0) === 'f') return Double(value)
  return Number.isSafeInteger(value) ? value : refuse()
}

function writeValues(writer: Writer, values: readonly unknown[], type: ColumnSchema | undefined, where: string): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (value === undefined || value === null) writeValue(writer, null, where)
    else writeValue(writer, type === undefined ? value : shaped(value, type, `${where}[${row}]`), where)
  }
}

/** Writes a column. */
export function writeSource(
  writer: Writer,
  name: string,
  column: unknown,
  rows: number,
  said: ColumnType | undefined,
  validity: unknown,
): void {
  const where = `columns.${name}`
  writeBinName(writer, name, 'columns')
  const bits = validity === undefined || validity === null ? undefined : bitmapOf(validity, rows, `validity.${name}`)
  writer.u8(bits === undefined ? 0 : 1)
  if (bits !== undefined) writer.raw(bits)
  const type = typeOf(name, column, said)
  if (Array.isArray(column)) {
    checkLength(column.length, rows, 1, where)
    writer.u8(VALUES)
    writeValues(writer, column, type, where)
    return
  }
  const layout = type as ColumnSchema
  writeLayout(writer, layout)
  if (column instanceof DictionaryColumn) {
    checkLength(column.length, rows, 1, where)
    writer.raw(ownBytesOf(column.ids, where))
    writer.u32(column.dictionary.length)
    if (column.dictionary.length > 0) writeVarying(writer, column.dictionary, where)
  } else if (column instanceof Utf8Column || column instanceof BinaryColumn) {
    checkLength(column.length, rows, 1, where)
    if (rows > 0) writeVarying(writer, column, where)
  } else {
    const array = column as AnyArray
    const bytes = ownBytesOf(array, where)
    checkLength(array.length, rows, layout.width, where)
    writer.raw(bytes)
  }
}
