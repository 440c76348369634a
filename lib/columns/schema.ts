/**
 * Schemas: which bins go into which columns.
 */

import { ColumnLayout as Kind } from '../catalog/formats'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import { writeBinName } from '../operations/bin-name'
import { writeText } from '../values/value'
import type { Writer } from '../wire/wire'
import { elementBytes, elementNumber, SCALARS, type ScalarArrays, type ScalarType } from './elements'
import type { BinaryColumn, DictionaryColumn, Utf8Column } from './varying'

/**
 * Type of a column:
 *
 * - an element type such as `i32` or `f64`: numbers or booleans in a typed array;
 * - `['f32', 384]`: blobs of this many elements, as sub-arrays;
 * - `['bytes', n]`: blobs of n bytes, zero-padded;
 * - `utf8`, `binary`: strings or bytes of variable length;
 * - `dictionary`: strings with few distinct values.
 */
export type PlainColumnType = ScalarType | 'utf8' | 'binary' | 'dictionary' | readonly [ScalarType | 'bytes', number]

/** A column type with a fill value for rows without a value. */
export interface FilledColumnType {
  /** Type of the column. */
  readonly type: PlainColumnType
  /**
   * Fill value: a number, bigint or boolean for numbers and the elements of sub-arrays, a string for `utf8` and
   * `dictionary`. Default: zero bytes, `''`.
   */
  readonly fill?: number | bigint | boolean | string | undefined
}

/** Type of a column, with or without a `fill`. */
export type ColumnType = PlainColumnType | FilledColumnType

/** Bin name -> type of its column. */
export type Schema = { readonly [bin: string]: ColumnType }

/** The array or column class for a column type. */
export type ColumnOf<T extends ColumnType> = T extends { readonly type: infer P extends PlainColumnType }
  ? PlainColumnOf<P>
  : T extends PlainColumnType
    ? PlainColumnOf<T>
    : never

type PlainColumnOf<T extends PlainColumnType> = T extends ScalarType
  ? ScalarArrays[T]
  : T extends 'utf8'
    ? Utf8Column
    : T extends 'binary'
      ? BinaryColumn
      : T extends 'dictionary'
        ? DictionaryColumn
        : T extends readonly ['bytes', number]
          ? Uint8Array
          : T extends readonly [infer S extends ScalarType, number]
            ? ScalarArrays[S]
            : never

/** The type of one row's value in a column. */
export type CellOf<T extends ColumnType> = T extends { readonly type: infer P extends PlainColumnType }
  ? PlainCellOf<P>
  : T extends PlainColumnType
    ? PlainCellOf<T>
    : never

type PlainCellOf<T extends PlainColumnType> = T extends 'i64' | 'u64'
  ? bigint
  : T extends 'bool'
    ? boolean
    : T extends ScalarType
      ? number
      : T extends 'utf8' | 'dictionary'
        ? string
        : T extends 'binary' | readonly ['bytes', number]
          ? Buffer
          : T extends readonly [infer S extends ScalarType, number]
            ? ScalarArrays[S]
            : never

/** The type of one row: bin name -> value, or null. */
export type RowOf<S extends Schema> = { [K in keyof S]: CellOf<S[K]> | null }

/** A validated column of a schema. */
export interface ColumnSchema {
  readonly name: string
  readonly type: ColumnType
  readonly kind: number
  /** Element type, if the column has elements. */
  readonly element: ScalarType | undefined
  /** Elements or bytes per row. */
  readonly width: number
  /** Fill value for rows without a value; undefined: zeros. */
  readonly fill: unknown
}

const MAX_WIDTH = 1 << 20

/** Returns the type without its fill value. */
export function plainType(type: ColumnType): PlainColumnType {
  return typeof type === 'object' && !Array.isArray(type) ? (type as FilledColumnType).type : (type as PlainColumnType)
}

const known = (word: unknown): word is ScalarType => (SCALARS as readonly unknown[]).includes(word)

/** Validates a column type. */
export function parseType(name: string, given: unknown, where = 'schema'): ColumnSchema {
  const filled = typeof given === 'object' && given !== null && !Array.isArray(given) && 'type' in given
  if (filled) checkOptions(given, `${where}.${name}`, ['type', 'fill'])
  const { type, fill = undefined } = filled ? (given as FilledColumnType) : { type: given }
  const base = { name, type: given as ColumnType, fill }
  if (known(type)) return { ...base, kind: Kind.SCALAR, element: type, width: 1 }
  if (type === 'utf8') return { ...base, kind: Kind.UTF8, element: undefined, width: 0 }
  if (type === 'binary') return { ...base, kind: Kind.BINARY, element: undefined, width: 0 }
  if (type === 'dictionary') return { ...base, kind: Kind.DICTIONARY, element: undefined, width: 0 }
  if (Array.isArray(type) && type.length === 2 && (type[0] === 'bytes' || known(type[0]))) {
    const [element, width] = type as [ScalarType | 'bytes', unknown]
    if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || width > MAX_WIDTH) {
      throw invalidArgument(`${where}.${name}: the width is an integer from 1 to ${MAX_WIDTH}, not ${describe(width)}`)
    }
    if (element === 'bytes') return { ...base, kind: Kind.BYTES, element: undefined, width }
    return { ...base, kind: Kind.ARRAY, element, width }
  }
  const words = [...SCALARS, 'utf8', 'binary', 'dictionary'].join(', ')
  throw invalidArgument(
    `${where}.${name}: ${describe(type)} is no column type; there are ${words}, ['bytes', n], [type, n]`,
  )
}

/** Writes kind, element and width. */
export function writeLayout(writer: Writer, { kind, element, width }: ColumnSchema): void {
  writer.u8(kind)
  writer.u8(element === undefined ? 0 : elementNumber(element))
  writer.u32(width)
}

function writeFill(writer: Writer, { name, kind, element, fill }: ColumnSchema): void {
  writer.u8(fill === undefined ? 0 : 1)
  if (fill === undefined) return
  const where = `schema.${name}.fill`
  if (element !== undefined) {
    writer.blob(elementBytes(element, fill, where))
  } else if (kind === Kind.UTF8 || kind === Kind.DICTIONARY) {
    if (typeof fill !== 'string') throw invalidArgument(`${where}: a string is needed, not ${describe(fill)}`)
    writeText(writer, fill, where)
  } else throw invalidArgument(`${where}: a column of bytes takes none`)
}

/** Validates a schema. */
export function parseSchema(schema: Schema): ColumnSchema[] {
  const given = optionsObject(schema, 'schema')
  const columns = Object.keys(given).map(name => parseType(name, given[name]))
  if (columns.length === 0) throw invalidArgument('schema: at least one column is needed')
  if (columns.length > 0x7fff)
    throw invalidArgument(`schema: ${columns.length} columns are more than a record can hold`)
  return columns
}

/** Validates and writes a schema; returns its columns. */
export function writeSchema(writer: Writer, schema: Schema, wrap: boolean): ColumnSchema[] {
  const columns = parseSchema(schema)
  writer.u8(wrap ? 1 : 0)
  writer.u16(columns.length)
  for (const column of columns) {
    writeBinName(writer, column.name, 'schema')
    writeLayout(writer, column)
    writeFill(writer, column)
  }
  return columns
}
