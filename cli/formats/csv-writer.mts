/**
 * Rows as CSV. Strings are in quotes and other values are not, so that `import` can tell `"42"` from `42`, and an empty
 * string from a missing bin.
 */
import { GeoJSON } from 'aerospike-napi'
import { stringify } from 'csv-stringify/sync'
import { displayText, encodeJson } from '../values.mjs'
import { columnsOf, type FailedRecord, foreignColumn, misfit, type Row } from './rows.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

/** Text that is written without quotes. */
class Unquoted {
  constructor(readonly text: string) {}
}

/** A value as a field: strings are written in quotes, everything else is not. Lists and maps are JSON. */
function fieldOf(value: unknown): unknown {
  if (typeof value !== 'object') return value
  if (value === null) return undefined
  if (value instanceof Uint8Array) return new Unquoted(displayText(value))
  return value instanceof GeoJSON ? value.json : encodeJson(value)
}

function csv(lines: readonly (readonly unknown[])[]): string {
  return stringify(lines as unknown[][], {
    quoted_string: true,
    cast: {
      boolean: String,
      bigint: String,
      number: displayText,
      object: field => (field as unknown as Unquoted).text,
    },
  })
}

/** Writes a header, and a line for each row. */
export class CsvWriter implements RowWriter {
  readonly #options: WriterOptions
  #columns: readonly string[] | undefined
  #known: ReadonlySet<string> = new Set()
  #headed: boolean

  constructor(options: WriterOptions) {
    this.#options = options
    this.#headed = options.continued === true
    if (options.columns !== undefined) this.setColumns(options.columns)
  }

  setColumns(columns: readonly string[]): void {
    this.#columns = columns
    this.#known = new Set(columns)
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    if (rows.length === 0) return []
    if (this.#columns === undefined) this.setColumns(columnsOf(rows))
    const columns = this.#columns ?? []
    const failed: FailedRecord[] = []
    const fitting = rows.filter(row => {
      const foreign = foreignColumn(row, this.#known)
      if (foreign !== undefined) failed.push(misfit(row, foreign))
      return foreign === undefined
    })
    const lines: unknown[][] = fitting.map(row => columns.map(name => fieldOf(row.get(name))))
    if (!this.#headed) lines.unshift(columns.map(text => new Unquoted(text)))
    this.#headed = true
    if (lines.length > 0) await this.#options.sink.write(csv(lines))
    return failed
  }

  async end(): Promise<void> {
    if (!this.#headed && this.#columns !== undefined) {
      await this.#options.sink.write(csv([this.#columns.map(text => new Unquoted(text))]))
    }
  }
}
