/**
 * Rows as a Parquet file. The first rows determine the types of the columns; each part of the rows is a row group.
 */
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter as FileWriter } from 'hyparquet-writer'
import type { FailedRecord, Row } from './rows.mjs'
import { type CellType, cellOf, fittingRows, type TypedColumn, typedColumns } from './typed-columns.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

/** Key of the metadata with the types of columns whose text is the JSON of another type: `{ "column": "json" }`. */
export const PARQUET_TYPES = 'aerospike'

const ELEMENTS: { readonly [type in CellType]: Omit<SchemaElement, 'name'> } = {
  int: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  bool: { type: 'BOOLEAN' },
  bytes: { type: 'BYTE_ARRAY' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  geo: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
}

interface Table {
  readonly columns: readonly TypedColumn[]
  readonly bytes: ByteWriter
  readonly file: FileWriter
}

/** Writes Parquet row groups, compressed with Snappy. */
export class ParquetWriter implements RowWriter {
  readonly #options: WriterOptions
  #columns: readonly string[] | undefined
  #table: Table | undefined

  constructor(options: WriterOptions) {
    this.#options = options
    this.#columns = options.columns
  }

  setColumns(columns: readonly string[]): void {
    this.#columns = columns
  }

  #begin(rows: readonly Row[]): Table {
    const columns = typedColumns(rows, this.#columns)
    const marked = columns.filter(({ type }) => type === 'json' || type === 'geo')
    const types = JSON.stringify(Object.fromEntries(marked.map(({ name, type }) => [name, type])))
    const fields = columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[type] }))
    const bytes = new ByteWriter()
    const file = new FileWriter({
      writer: bytes,
      schema: [{ name: 'root', num_children: fields.length }, ...fields],
      kvMetadata: [{ key: PARQUET_TYPES, value: types }],
      createdBy: 'aerospike-napi',
    })
    return { columns, bytes, file }
  }

  /** Passes on what was written, so that only one row group is in memory. */
  async #flush({ bytes }: Table): Promise<void> {
    const chunk = bytes.getBytes().slice()
    bytes.index = 0
    if (chunk.length > 0) await this.#options.sink.write(chunk)
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    if (rows.length === 0) return []
    this.#table ??= this.#begin(rows)
    const { columns, file } = this.#table
    const { fitting, failed } = fittingRows(rows, columns)
    if (fitting.length > 0) {
      const columnData = columns.map(({ name, type }) => ({
        name,
        data: fitting.map(row => cellOf(row.get(name), type)),
      }))
      await file.write({ columnData, rowGroupSize: fitting.length })
      await this.#flush(this.#table)
    }
    return failed
  }

  async end(): Promise<void> {
    this.#table ??= this.#begin([])
    await this.#table.file.finish()
    await this.#flush(this.#table)
  }
}
