/**
 * Rows of formats whose columns have types: Arrow and Parquet.
 */
import { GeoJSON, toJSON } from 'aerospike-napi'
import { decodeJson, ValueError } from '../values.mjs'
import type { SourceRow } from './source-row.mjs'

/** Turns a value of a column into a value of a bin. Throws if it does not fit. */
export type Convert = (value: unknown) => unknown

/** A value of a row: its column, how it is converted, and the value. */
export type Cell = readonly [column: string, convert: Convert, value: unknown]

const MAX_INT = 2n ** 63n - 1n

/** Converts an integer. */
export function checkedInteger(value: unknown): unknown {
  if (typeof value === 'bigint' && value > MAX_INT) throw new ValueError(`${value} is outside the 64-bit integers`)
  return value
}

/** Lets null and undefined become null. */
export function nullable(convert: Convert): Convert {
  return value => (value === null || value === undefined ? null : convert(value))
}

/** Converts structs. */
export function structOf(fields: readonly (readonly [name: string, convert: Convert])[]): Convert {
  return value =>
    Object.fromEntries(fields.map(([name, convert]) => [name, convert((value as { [name: string]: unknown })[name])]))
}

/** The converter of a text column that `export` has marked, if it is marked. */
export function markedConverter(mark: unknown): Convert | undefined {
  if (mark === 'json') return value => decodeJson(String(value))
  if (mark === 'geo') return value => new GeoJSON(String(value))
  return undefined
}

/** Creates a row from its cells. Missing values are left out. */
export function typedRow(number: number, cells: Iterable<Cell>): SourceRow {
  const values = new Map<string, unknown>()
  let reason: string | undefined
  for (const [name, convert, value] of cells) {
    if (value === null || value === undefined) continue
    try {
      values.set(name, convert(value))
    } catch (error) {
      reason ??= `${name}: ${(error as Error).message}`
    }
  }
  const raw = (): string => JSON.stringify(toJSON(Object.fromEntries(values)))
  return { number, place: `row ${number}`, values: reason === undefined ? values : undefined, reason, raw }
}
