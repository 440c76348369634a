/**
 * Columns with a type, for the formats that have types: Arrow and Parquet. The first rows determine the types.
 */
import { GeoJSON } from 'aerospike-napi'
import { displayText, encodeJson } from '../values.mjs'
import { columnsOf, DIGEST_COLUMN, type FailedRecord, foreignColumn, KEY_COLUMN, misfit, type Row } from './rows.mjs'

/** The types of cells. `json` and `geo` are written as text. */
export type CellType = 'int' | 'double' | 'string' | 'bool' | 'bytes' | 'json' | 'geo'

function typeOf(value: unknown): CellType {
  switch (typeof value) {
    case 'bigint':
      return 'int'
    case 'number':
      return 'double'
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    default:
      if (value instanceof Uint8Array) return 'bytes'
      return value instanceof GeoJSON ? 'geo' : 'json'
  }
}

/** A column of one type. */
export interface TypedColumn {
  readonly name: string
  readonly type: CellType
}

/** The columns of rows, with the types of their first values. A file without rows has the column of the keys. */
export function typedColumns(rows: readonly Row[], names: readonly string[] = columnsOf(rows)): TypedColumn[] {
  return (names.length > 0 ? names : [KEY_COLUMN]).map(name => {
    const first = rows.find(row => row.get(name) !== undefined && row.get(name) !== null)
    return { name, type: first === undefined ? ('string' as const) : typeOf(first.get(name)) }
  })
}

/** Separates the rows that fit the columns from the others. */
export function fittingRows(
  rows: readonly Row[],
  columns: readonly TypedColumn[],
): { readonly fitting: Row[]; readonly failed: FailedRecord[] } {
  const known = new Set(columns.map(({ name }) => name))
  const failed: FailedRecord[] = []
  const fitting = rows.filter(row => {
    const reason = misfitOf(row, columns, known)
    if (reason !== undefined) failed.push(reason)
    return reason === undefined
  })
  return { fitting, failed }
}

function misfitOf(row: Row, columns: readonly TypedColumn[], known: ReadonlySet<string>): FailedRecord | undefined {
  const foreign = foreignColumn(row, known)
  if (foreign !== undefined) return misfit(row, foreign)
  for (const { name, type } of columns) {
    const value = row.get(name)
    if (value === undefined || value === null || typeOf(value) === type) continue
    const record = displayText(row.get(KEY_COLUMN) ?? row.get(DIGEST_COLUMN))
    return { record, reason: `${name}: the column has the type ${type}, this value has the type ${typeOf(value)}` }
  }
  return undefined
}

/** A value as it is written to a column of a type; null if it is missing. */
export function cellOf(value: unknown, type: CellType): unknown {
  if (value === undefined || value === null) return null
  if (type === 'geo') return (value as GeoJSON).json
  return type === 'json' ? encodeJson(value) : value
}
