/**
 * Columns: their types, the keys of their rows, and the results of reads and writes.
 */
export { Columns, type ColumnsMessage, type Validity } from './columns'
export { type Float16Column, halfToSingle, isHalfPrecision, type ScalarType } from './elements'
export { memoryOf } from './into'
export { type KeyColumn, type KeyIds, type KeysLike, type RowKeys, sliceKeys, writeKeySource } from './keys'
export type { ColumnsLayout } from './memory'
export {
  type CellOf,
  type ColumnOf,
  type ColumnSchema,
  type ColumnType,
  type FilledColumnType,
  type PlainColumnType,
  plainType,
  type RowOf,
  type Schema,
  writeSchema,
} from './schema'
export type { SourceColumn } from './source'
export { BinaryColumn, DictionaryColumn, Utf8Column } from './varying'
export { type WriteColumns, writeRowsOfColumns } from './write'
export { type FailedRow, WrittenRows } from './written'
