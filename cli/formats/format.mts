/**
 * The formats of files and of standard output.
 */
import { extname } from 'node:path'
import { usageError } from '../exit-codes.mjs'

export const FORMATS = ['table', 'json', 'ndjson', 'csv', 'arrow', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/** The formats of files: a table cannot be read back. */
export type FileFormat = Exclude<Format, 'table'>

const ENDINGS: { readonly [ending: string]: FileFormat } = {
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
  '.arrow': 'arrow',
  '.feather': 'arrow',
  '.ipc': 'arrow',
  '.parquet': 'parquet',
}

/** Options of the format, of which at most one is given. */
export interface FormatOptions {
  readonly table?: boolean
  readonly json?: boolean
  readonly ndjson?: boolean
  readonly csv?: boolean
  readonly arrow?: boolean
  readonly parquet?: boolean
}

/** The format that the options name; undefined if none does. */
export function chosenFormat(options: FormatOptions): Format | undefined {
  const chosen = FORMATS.filter(format => options[format] === true)
  if (chosen.length > 1) throw usageError(`--${chosen.join(' and --')} cannot be used together`)
  return chosen[0]
}

/** The format of a file: that of the options, or that of its name. */
export function formatOfFile(file: string, options: FormatOptions): FileFormat | undefined {
  const chosen = chosenFormat(options)
  if (chosen === 'table') throw usageError('a table is for reading by people; choose another format for a file')
  return chosen ?? ENDINGS[extname(file).toLowerCase()]
}

/** The formats that have types, and whose files cannot be continued. */
export const isTyped = (format: Format): boolean => format === 'arrow' || format === 'parquet'
