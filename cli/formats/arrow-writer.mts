/**
 * Rows as an Arrow file. The first rows determine the types of the columns.
 */
import type { Duplex } from 'node:stream'
import type { DataType, Field, RecordBatch, Schema } from 'apache-arrow'
import { type Arrow, FIELD_TYPE, loadArrow } from './arrow-library.mjs'
import type { FailedRecord, Row } from './rows.mjs'
import { type CellType, cellOf, fittingRows, type TypedColumn, typedColumns } from './typed-columns.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

interface Table {
  readonly arrow: Arrow
  readonly schema: Schema
  readonly columns: readonly TypedColumn[]
  readonly through: Duplex
  readonly written: Promise<void>
}

/** Writes record batches of the Arrow file format. */
export class ArrowWriter implements RowWriter {
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

  async #begin(rows: readonly Row[]): Promise<Table> {
    const arrow = await loadArrow()
    const columns = typedColumns(rows, this.#columns)
    const schema = new arrow.Schema(columns.map(({ name, type }) => fieldOf(arrow, name, type)))
    const through = arrow.RecordBatchFileWriter.throughNode()
    const written = this.#pump(through)
    // Reported by the write that waits for it.
    written.catch(() => undefined)
    return { arrow, schema, columns, through, written }
  }

  async #pump(through: Duplex): Promise<void> {
    for await (const chunk of through) await this.#options.sink.write(chunk as Uint8Array)
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    if (rows.length === 0) return []
    this.#table ??= await this.#begin(rows)
    const { columns } = this.#table
    const { fitting, failed } = fittingRows(rows, columns)
    if (fitting.length > 0) await this.#send(batchOf(this.#table, fitting))
    return failed
  }

  async #send(batch: RecordBatch): Promise<void> {
    const { through, written } = this.#table as Table
    await Promise.race([new Promise<void>(resolve => through.write(batch, () => resolve())), written])
  }

  async end(): Promise<void> {
    const table = this.#table ?? (await this.#begin([]))
    if (this.#table === undefined) {
      this.#table = table
      await this.#send(batchOf(table, []))
    }
    table.through.end()
    await table.written
  }
}

function arrowType(arrow: Arrow, type: CellType): DataType {
  switch (type) {
    case 'int':
      return new arrow.Int64()
    case 'double':
      return new arrow.Float64()
    case 'bool':
      return new arrow.Bool()
    case 'bytes':
      return new arrow.Binary()
    default:
      return new arrow.Utf8()
  }
}

function fieldOf(arrow: Arrow, name: string, type: CellType): Field {
  const metadata = type === 'json' || type === 'geo' ? new Map([[FIELD_TYPE, type]]) : undefined
  return new arrow.Field(name, arrowType(arrow, type), true, metadata)
}

function batchOf({ arrow, schema, columns }: Table, rows: readonly Row[]): RecordBatch {
  const children = columns.map(({ name, type }) => {
    const cells = rows.map(row => cellOf(row.get(name), type))
    return (
      arrow.vectorFromArray(cells, arrowType(arrow, type)).data[0] ??
      arrow.makeData({ type: arrowType(arrow, type) as never })
    )
  })
  const type = new arrow.Struct(schema.fields)
  return new arrow.RecordBatch(schema, arrow.makeData({ type, length: rows.length, nullCount: 0, children }))
}
