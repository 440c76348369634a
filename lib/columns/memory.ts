/**
 * The memory that the native side fills: its layout, and the views of it. Must match
 * `crate/src/convert/column/finish.rs`.
 */

import { ColumnLayout as Kind } from '../catalog/formats'
import { describe } from '../common/describe'
import { clientError, type Failure, invalidArgument } from '../common/errors'
import { setOwn } from '../common/objects'
import { readFailure } from '../wire/failure'
import type { Reader } from '../wire/wire'
import { type AnyArray, view } from './elements'
import type { KeysLayout } from './keys'
import { type ColumnSchema, parseType, type Schema } from './schema'
import { BinaryColumn, DictionaryColumn, Utf8Column } from './varying'

/** Position of a column, in bytes from the start of the memory. */
interface ColumnPlaces {
  readonly cells: number
  readonly validity: number
  readonly offsets: number
  readonly entries: number
  readonly data: number
  readonly length: number
  readonly nulls: number
}

/**
 * The layout of a memory, as `Columns.from` needs it: plain data, to post to another thread together with the memory.
 */
export interface ColumnsLayout {
  /** Number of rows. */
  readonly rows: number
  /** Bin name -> type of its column. */
  readonly schema: Schema
  /** @internal */
  readonly places: readonly ColumnPlaces[]
  /** @internal */
  readonly codes: number
  /** @internal */
  readonly gen: number
  /** @internal */
  readonly ttl: number
  /** @internal */
  readonly doubts: number
  /** @internal */
  readonly keys: KeysLayout
  /** @internal */
  readonly failures: readonly (readonly [row: number, failure: Failure])[]
}

/** A layout as received: with keys only if the rows came with them. */
export type Told = Omit<ColumnsLayout, 'keys'> & { readonly keys: KeysLayout | undefined }

/** Reads a layout; `readKeys` reads the keys of rows that come with them. */
export function readLayout(
  reader: Reader,
  columns: readonly ColumnSchema[],
  readKeys?: (reader: Reader) => KeysLayout,
): Told {
  const rows = reader.u32()
  const [codes, gen, ttl, doubts] = [reader.f64(), reader.f64(), reader.f64(), reader.f64()]
  const schema: { [bin: string]: ColumnSchema['type'] } = {}
  const places: ColumnPlaces[] = []
  for (const { name, type } of columns) {
    setOwn(schema, name, type)
    places.push({
      cells: reader.f64(),
      validity: reader.f64(),
      offsets: reader.f64(),
      entries: reader.f64(),
      data: reader.f64(),
      length: reader.f64(),
      nulls: reader.u32(),
    })
  }
  const keys = readKeys?.(reader)
  const failures: [number, Failure][] = []
  for (let left = reader.u32(); left > 0; left--) failures.push([reader.u32(), readFailure(reader)])
  return { rows, schema, places, codes, gen, ttl, doubts, keys, failures }
}

/** The views of the memory. */
export interface Views {
  readonly columns: { readonly [bin: string]: AnyArray | Utf8Column | BinaryColumn | DictionaryColumn }
  readonly validity: { readonly [bin: string]: Uint8Array }
  readonly nullCounts: { readonly [bin: string]: number }
  readonly codes: Int32Array
  readonly gen: Uint32Array
  readonly ttl: Uint32Array
  readonly doubts: Uint8Array
}

/** Creates the views. */
export function viewsOf(layout: Omit<ColumnsLayout, 'keys'>, buffer: Buffer): Views {
  const { rows, schema } = layout
  const { buffer: memory, byteOffset: base } = buffer
  const columns: { [bin: string]: AnyArray | Utf8Column | BinaryColumn | DictionaryColumn } = {}
  const validity: { [bin: string]: Uint8Array } = {}
  const nullCounts: { [bin: string]: number } = {}
  for (const [index, name] of Object.keys(schema).entries()) {
    const { kind, element, width } = parseType(name, schema[name])
    const places = layout.places[index]
    if (places === undefined) throw clientError(`the layout does not contain the column ${name}`)
    setOwn(validity, name, new Uint8Array(memory, base + places.validity, Math.ceil(rows / 8)))
    setOwn(nullCounts, name, places.nulls)
    if (kind === Kind.UTF8 || kind === Kind.BINARY || kind === Kind.DICTIONARY) {
      const data = Buffer.from(memory, base + places.data, places.length)
      const offsets = new Int32Array(memory, base + places.offsets, places.entries + 1)
      if (kind === Kind.BINARY) setOwn(columns, name, new BinaryColumn(data, offsets))
      else {
        const strings = new Utf8Column(data, offsets)
        const ids = kind === Kind.DICTIONARY ? new Int32Array(memory, base + places.cells, rows) : undefined
        setOwn(columns, name, ids === undefined ? strings : new DictionaryColumn(ids, strings))
      }
    } else {
      setOwn(columns, name, view(element ?? 'u8', memory, base + places.cells, rows * width))
    }
  }
  return {
    columns,
    validity,
    nullCounts,
    codes: new Int32Array(memory, base + layout.codes, rows),
    gen: new Uint32Array(memory, base + layout.gen, rows),
    ttl: new Uint32Array(memory, base + layout.ttl, rows),
    doubts: new Uint8Array(memory, base + layout.doubts, Math.ceil(rows / 8)),
  }
}

/** Throws InvalidArgError unless the value is a layout. */
export function checkLayout(layout: unknown): ColumnsLayout {
  const given = layout as Partial<ColumnsLayout> | null | undefined
  if (typeof given !== 'object' || given === null || !Array.isArray(given.places) || given.keys === undefined) {
    throw invalidArgument(`layout: what rows.layout gives is needed, not ${describe(layout)}`)
  }
  return given as ColumnsLayout
}
