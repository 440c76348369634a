/**
 * Rows as an Arrow file. The first rows determine the types of the columns.
 */
import type { Duplex } from 'node:stream'
import { GeoJSON } from 'aerospike-napi'
import type { DataType, Field, RecordBatch, Schema } from 'apache-arrow'
import { displayText, encodeJson } from '../values.mjs'
import { type Arrow, FIELD_TYPE, loadArrow } from './arrow-library.mjs'
import { columnsOf, DIGEST_COLUMN, type FailedRecord, foreignColumn, KEY_COLUMN, misfit, type Row } from './rows.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

type ColumnType = 'int' | 'double' | 'string' | 'bool' | 'bytes' | 'json' | 'geo'

function typeOf(value: unknown): ColumnType {
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

interface Column {
  readonly name: string
  readonly type: ColumnType
}

interface Table {
  readonly arrow: Arrow
  readonly schema: Schema
  readonly columns: readonly Column[]
  readonly known: ReadonlySet<string>
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
    const names = this.#columns ?? columnsOf(rows)
    const columns = (names.length > 0 ? names : [KEY_COLUMN]).map(name => {
      const first = rows.find(row => row.get(name) !== undefined && row.get(name) !== null)
      return { name, type: first === undefined ? ('string' as const) : typeOf(first.get(name)) }
    })
    const schema = new arrow.Schema(columns.map(({ name, type }) => fieldOf(arrow, name, type)))
    const through = arrow.RecordBatchFileWriter.throughNode()
    const written = this.#pump(through)
    // Reported by the write that waits for it.
    written.catch(() => undefined)
    return { arrow, schema, columns, known: new Set(columns.map(({ name }) => name)), through, written }
  }

  async #pump(through: Duplex): Promise<void> {
    for await (const chunk of through) await this.#options.sink.write(chunk as Uint8Array)
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    if (rows.length === 0) return []
    this.#table ??= await this.#begin(rows)
    const { columns, known } = this.#table
    const failed: FailedRecord[] = []
    const fitting = rows.filter(row => {
      const reason = misfitOf(row, columns, known)
      if (reason !== undefined) failed.push(reason)
      return reason === undefined
    })
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

function misfitOf(row: Row, columns: readonly Column[], known: ReadonlySet<string>): FailedRecord | undefined {
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

function arrowType(arrow: Arrow, type: ColumnType): DataType {
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

function fieldOf(arrow: Arrow, name: string, type: ColumnType): Field {
  const metadata = type === 'json' || type === 'geo' ? new Map([[FIELD_TYPE, type]]) : undefined
  return new arrow.Field(name, arrowType(arrow, type), true, metadata)
}

function cellOf(value: unknown, type: ColumnType): unknown {
  if (value === undefined || value === null) return null
  if (type === 'geo') return (value as GeoJSON).json
  return type === 'json' ? encodeJson(value) : value
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
