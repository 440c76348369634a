/**
 * Writers of rows, one for each format.
 */
import type { Sink } from '../output.mjs'
import { ArrowWriter } from './arrow-writer.mjs'
import { CsvWriter } from './csv-writer.mjs'
import type { Format } from './format.mjs'
import { JsonWriter, NdjsonWriter } from './json-writer.mjs'
import type { FailedRecord, Row } from './rows.mjs'
import { TableWriter } from './table.mjs'

/** Writes rows to a sink. */
export interface RowWriter {
  /** Sets the columns of the file before its first row. Default: the columns of the rows of the first `write`. */
  setColumns?(columns: readonly string[]): void
  /**
   * Writes rows.
   *
   * @returns the rows that were left out because they do not fit the columns
   */
  write(rows: readonly Row[]): Promise<FailedRecord[]>
  /** Writes what follows the last row. */
  end(): Promise<void>
}

/** The format, and where the rows go. */
export interface WriterOptions {
  readonly sink: Sink
  /** Maximum width of a table. */
  readonly width: number
  /** Whether a table has colours. */
  readonly colors: boolean
  /** The columns of the file, if they are known before the first row. */
  readonly columns?: readonly string[] | undefined
  /** Whether earlier rows are in the file already: neither a header nor an opening bracket is written. */
  readonly continued?: boolean | undefined
}

export function rowWriter(format: Format, options: WriterOptions): RowWriter {
  switch (format) {
    case 'table':
      return new TableWriter(options)
    case 'json':
      return new JsonWriter(options)
    case 'ndjson':
      return new NdjsonWriter(options)
    case 'csv':
      return new CsvWriter(options)
    case 'arrow':
      return new ArrowWriter(options)
  }
}
