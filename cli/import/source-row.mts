/**
 * The rows of a file, and the bytes from which they are read.
 */
import { CliError } from '../exit-codes.mjs'
import type { Types } from './column-type.mjs'

/** A row of a file. */
export interface SourceRow {
  /** Number of the row in the file, from 1. */
  readonly number: number
  /** The place in the file, for messages, such as `line 12`. */
  readonly place: string
  /** Column -> value; undefined if the row cannot be read. */
  readonly values: ReadonlyMap<string, unknown> | undefined
  /** Why the row cannot be read. */
  readonly reason?: string | undefined
  /** Returns the text of the row, for the report of failed rows. */
  readonly raw: () => string
}

/** The bytes of a file. */
export type Chunks = AsyncIterable<Buffer>

/** Options of the formats. */
export interface ReadOptions {
  /** The separator of the fields of CSV. */
  readonly delimiter: string
  /** The types of columns that the user has chosen. */
  readonly types: Types
  /** Ends reading, also while the next bytes have not arrived. */
  readonly signal?: AbortSignal | undefined
}

/** Decodes UTF-8, without a byte order mark. */
export async function* textOf(chunks: Chunks, name: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let read = 0
  try {
    for await (const chunk of chunks) {
      const text = decoder.decode(chunk, { stream: true })
      read += chunk.length
      if (text !== '') yield text
    }
    decoder.decode()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error
    throw new CliError(`${name} is not UTF-8 text: invalid bytes after byte ${read}`, undefined, { cause: error })
  }
}
