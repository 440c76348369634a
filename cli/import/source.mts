/**
 * Opening a file, and reading its rows one after the other, in bounded memory.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { CliError, usageError } from '../exit-codes.mjs'
import type { FileFormat } from '../formats/format.mjs'
import { readArrow } from './arrow-reader.mjs'
import { readCsv } from './csv-reader.mjs'
import { readJsonArray, readNdjson } from './json-reader.mjs'
import { readParquet } from './parquet-reader.mjs'
import type { Chunks, ReadOptions, SourceRow } from './source-row.mjs'

/** A file that is open for reading. */
export interface Source {
  readonly name: string
  readonly format: FileFormat
  /** Size in bytes; undefined if it is unknown, as that of a pipe. */
  readonly size: number | undefined
  /** Time of the last change in milliseconds; undefined for a pipe. */
  readonly changed: number | undefined
  /** Number of bytes that were read. */
  bytesRead(): number
  rows(options: ReadOptions): AsyncGenerator<SourceRow, void, undefined>
}

/** What a file begins with that is not text, and its name. */
const FOREIGN: readonly (readonly [start: string, name: string])[] = [
  ['\x1f\x8b', 'compressed with gzip; decompress it first: gunzip -c FILE | aerospike-napi import - ...'],
  ['PK\x03\x04', 'a ZIP archive or a spreadsheet'],
  ['\x28\xb5\x2f\xfd', 'compressed with Zstandard; decompress it first'],
  ['BZh', 'compressed with bzip2; decompress it first'],
  ['PAR1', 'a Parquet file; use --parquet'],
  ['ARROW1', 'an Arrow file; use --arrow'],
  ['%PDF', 'a PDF document'],
  ['SQLite format 3', 'an SQLite database'],
  ['\xff\xfe', 'text in UTF-16; convert it to UTF-8'],
  ['\xfe\xff', 'text in UTF-16; convert it to UTF-8'],
  ['\x89PNG', 'an image'],
]

/** Throws if the beginning of a file shows that it has another format. */
function checkBeginning(start: Buffer, name: string, format: FileFormat): void {
  const text = start.toString('latin1')
  if (format === 'parquet') {
    if (text.startsWith('PAR1')) return
    throw new CliError(`${name} is not a Parquet file${start.length === 0 ? ': it is empty' : ''}`)
  }
  if (format === 'arrow') {
    // Files begin with a mark, streams with the length of a message.
    if (text.startsWith('ARROW1') || start.subarray(0, 4).equals(Buffer.alloc(4, 0xff))) return
    throw new CliError(`${name} is not an Arrow file${start.length === 0 ? ': it is empty' : ''}`)
  }
  const foreign = FOREIGN.find(([mark]) => text.startsWith(mark))
  if (foreign !== undefined) throw new CliError(`${name} is not ${format.toUpperCase()}: it is ${foreign[1]}`)
  if (text.includes('\0')) throw new CliError(`${name} is not ${format.toUpperCase()}: it contains binary data`)
}

/** The number of bytes that are needed to recognize a format. */
const BEGINNING = 512

function readRows(
  chunks: Chunks,
  name: string,
  format: Exclude<FileFormat, 'parquet'>,
  options: ReadOptions,
): ReturnType<Source['rows']> {
  switch (format) {
    case 'csv':
      return readCsv(chunks, name, options)
    case 'ndjson':
      return readNdjson(chunks, name)
    case 'json':
      return readJsonArray(chunks, name)
    case 'arrow':
      return readArrow(chunks, name, options)
  }
}

/** The marks with which files begin and end. */
const MARKS = { arrow: 'ARROW1', parquet: 'PAR1' } as const

/** Throws if a file begins with the mark of its format, and does not end with it. */
async function checkEnd(handle: FileHandle, file: string, size: number, format: keyof typeof MARKS): Promise<void> {
  const mark = MARKS[format]
  const [start, end] = [Buffer.alloc(mark.length), Buffer.alloc(mark.length)]
  await handle.read(start, 0, mark.length, 0)
  await handle.read(end, 0, mark.length, Math.max(0, size - mark.length))
  if (start.toString('latin1') === mark && (end.toString('latin1') !== mark || size < 2 * mark.length)) {
    throw new CliError(`${file} is truncated: its end is missing`)
  }
}

interface FileFacts {
  readonly size: number | undefined
  readonly changed: number | undefined
}

async function examine(file: string, format: FileFormat): Promise<FileFacts> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file)
    const stats = await handle.stat()
    if (stats.isDirectory()) throw usageError(`${file} is a directory`)
    if (!stats.isFile()) return { size: undefined, changed: undefined }
    const beginning = Buffer.alloc(BEGINNING)
    const { bytesRead } = await handle.read(beginning, 0, BEGINNING, 0)
    checkBeginning(beginning.subarray(0, bytesRead), file, format)
    if (format === 'arrow' || format === 'parquet') await checkEnd(handle, file, stats.size, format)
    return { size: stats.size, changed: stats.mtimeMs }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`, undefined, { cause: error })
  } finally {
    await handle?.close()
  }
}

/** Opens a file, or standard input for `-`. */
export async function openSource(file: string, format: FileFormat): Promise<Source> {
  const name = file === '-' ? 'standard input' : file
  const facts = file === '-' ? { size: undefined, changed: undefined } : await examine(file, format)
  if (format === 'parquet' && facts.size === undefined) {
    throw usageError('Parquet is read at several places: it needs a file, not a pipe')
  }
  let read = 0
  async function* chunks(signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, undefined> {
    const input: Readable = file === '-' ? process.stdin : createReadStream(file)
    signal?.addEventListener('abort', () => input.destroy(), { once: true })
    try {
      for await (const chunk of input as AsyncIterable<Buffer>) {
        // A pipe cannot be examined before it is read.
        if (read === 0 && facts.size === undefined) checkBeginning(chunk.subarray(0, BEGINNING), name, format)
        read += chunk.length
        yield chunk
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error
    }
  }
  return {
    name,
    format,
    ...facts,
    bytesRead: () => read,
    rows: options => {
      if (format !== 'parquet') return readRows(chunks(options.signal), name, format, options)
      return readParquet(file, options, part => {
        read = part * (facts.size ?? 0)
      })
    },
  }
}
