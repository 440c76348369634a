/**
 * Rows as JSON objects: one on each line, or in one array.
 */
import { encodeJson } from '../values.mjs'
import type { FailedRecord, Row } from './rows.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

/** A row as a JSON object. */
export function jsonOfRow(row: Row): string {
  const fields = [...row].map(([name, value]) => `${JSON.stringify(name)}:${encodeJson(value)}`)
  return `{${fields.join(',')}}`
}

/** Writes one object on each line. */
export class NdjsonWriter implements RowWriter {
  readonly #options: WriterOptions

  constructor(options: WriterOptions) {
    this.#options = options
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    if (rows.length > 0) await this.#options.sink.write(rows.map(row => `${jsonOfRow(row)}\n`).join(''))
    return []
  }

  async end(): Promise<void> {}
}

/** Writes an array of objects, one on each line. */
export class JsonWriter implements RowWriter {
  readonly #options: WriterOptions
  #empty: boolean

  constructor(options: WriterOptions) {
    this.#options = options
    this.#empty = options.continued !== true
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    if (rows.length === 0) return []
    const text = rows.map(row => `  ${jsonOfRow(row)}`).join(',\n')
    await this.#options.sink.write(`${this.#empty ? '[' : ','}\n${text}`)
    this.#empty = false
    return []
  }

  async end(): Promise<void> {
    await this.#options.sink.write(this.#empty ? '[]\n' : '\n]\n')
  }
}
