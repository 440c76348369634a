/**
 * What a writer of rows does, whatever its format.
 */
import type { Sink } from '../output.mjs'
import type { FailedRecord, Row } from './rows.mjs'

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
