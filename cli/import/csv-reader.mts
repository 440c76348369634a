/**
 * Reading CSV with a header line.
 */
import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { CliError } from '../exit-codes.mjs'
import { type Chunks, type ReadOptions, type SourceRow, textOf } from './source-row.mjs'

/** A field of CSV. Whether it is in quotes tells `""`, an empty string, from a missing value. */
export class CsvField {
  readonly text: string
  readonly #line: CsvLine
  readonly #index: number

  constructor(text: string, line: CsvLine, index: number) {
    this.text = text
    this.#line = line
    this.#index = index
  }

  get quoted(): boolean {
    return this.#line.quoted[this.#index] === true
  }

  get missing(): boolean {
    return this.text === '' && !this.quoted
  }
}

/** The text of a row, in which the quotes are found when they are needed: the parser would report them far slower. */
export class CsvLine {
  readonly raw: string
  readonly #delimiter: string
  #quoted: readonly boolean[] | undefined

  constructor(raw: string, delimiter: string) {
    this.raw = raw
    this.#delimiter = delimiter
  }

  /** Whether each field is in quotes. */
  get quoted(): readonly boolean[] {
    this.#quoted ??= quotedFields(this.raw, this.#delimiter)
    return this.#quoted
  }
}

/** The text of a row without the empty lines before it and the end of its line. */
function trimmed(raw: string): string {
  return raw.replace(/^[\r\n]+|[\r\n]+$/g, '')
}

function quotedFields(raw: string, delimiter: string): boolean[] {
  const quoted: boolean[] = []
  const text = trimmed(raw)
  for (let at = 0; ; ) {
    const inQuotes = text[at] === '"'
    quoted.push(inQuotes)
    const end = text.indexOf(delimiter, inQuotes ? endOfQuotes(text, at) : at)
    if (end < 0) return quoted
    at = end + 1
  }
}

/** The position after the closing quote of a field. */
function endOfQuotes(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const closing = text.indexOf('"', at)
    if (closing < 0) return text.length
    if (text[closing + 1] !== '"') return closing + 1
    at = closing + 2
  }
}

/** Maximum length of a record in bytes. A longer one is a sign of a missing quote. */
const MAX_RECORD = 32 * 1024 * 1024

interface Parsed {
  /** Position among all records, those with errors included. The header is 1. */
  readonly position: number
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
  readonly raw: string
}

function checkHeader(columns: readonly string[], name: string): readonly string[] {
  for (const [index, column] of columns.entries()) {
    if (column === '') throw new CliError(`${name}: column ${index + 1} has no name in the header`)
    if (columns.indexOf(column) !== index) throw new CliError(`${name}: the header names the column ${column} twice`)
  }
  return columns
}

/** Reads CSV. Its first line names the columns. */
export async function* readCsv(
  chunks: Chunks,
  name: string,
  { delimiter }: ReadOptions,
): AsyncGenerator<SourceRow, void, undefined> {
  // The parser reads ahead: records with errors wait here for the records before them.
  const skipped: SourceRow[] = []
  let [position, columns]: [number, readonly string[] | undefined] = [0, undefined]
  const parser = parse({
    bom: true,
    info: true,
    raw: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    skip_records_with_error: true,
    // Typed as if records were arrays, which they are not with `info` and `raw`.
    on_record: (parsed: unknown) => Object.assign(parsed as object, { position: ++position }) as never,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      const line = (error as { lines?: number } | undefined)?.lines
      const number = position++
      const place = line === undefined ? `row ${number}` : `line ${line}`
      skipped.push({ number, place, values: undefined, reason: reasonOf(error), raw: () => trimmed(raw ?? '') })
      return undefined
    },
  })
  const input = Readable.from(textOf(chunks, name))
  input.on('error', error => parser.destroy(error))
  input.pipe(parser)
  try {
    for await (const { position: number, record, info, raw } of parser as AsyncIterable<Parsed>) {
      if (columns === undefined) {
        if (number > 1) throw new CliError(`${name}: the header cannot be read: ${skipped[0]?.reason}`)
        columns = checkHeader(record, name)
        continue
      }
      while (skipped[0] !== undefined && skipped[0].number < number - 1) yield skipped.shift() as SourceRow
      yield rowOf(number - 1, record, columns, info.lines, new CsvLine(raw, delimiter))
    }
  } finally {
    input.destroy()
  }
  if (columns === undefined) throw new CliError(`${name} has no header line`)
  yield* skipped
}

function rowOf(
  number: number,
  record: readonly string[],
  columns: readonly string[],
  lineNumber: number,
  line: CsvLine,
): SourceRow {
  const place = `line ${lineNumber}`
  const raw = (): string => trimmed(line.raw)
  if (record.length !== columns.length) {
    const reason = `${record.length} fields, but the header has ${columns.length}`
    return { number, place, values: undefined, reason, raw }
  }
  const values = new Map<string, CsvField>()
  for (let index = 0; index < columns.length; index++) {
    values.set(columns[index] as string, new CsvField(record[index] as string, line, index))
  }
  return { number, place, values, raw }
}

function reasonOf(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'the closing quote is missing: the file is truncated, or a quote is not doubled'
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a quote inside a field in quotes is not doubled'
    case 'INVALID_OPENING_QUOTE':
      return 'a quote inside a field without quotes'
    case 'CSV_MAX_RECORD_SIZE':
      return 'the row is too long: a closing quote is probably missing'
    default:
      return error?.message ?? 'the row cannot be read'
  }
}
