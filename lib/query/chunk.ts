/**
 * Chunks: the results of a pull from a stream.
 */
import { completion } from '../boundary/completion'
import type { Reply } from '../boundary/reply'

/** The answer to a pull: `content`, unless nothing was left, and the trailer `said` at the end. */
export interface Chunk<C> {
  /** Id of the stream; 0 after it has ended. */
  readonly stream: number
  /** Number of rows in the content. */
  readonly rows: number
  readonly content: C | undefined
  /** The trailer at the end of the stream: a count or a cursor. */
  readonly said: Buffer | undefined
}

/** Decodes the content of a chunk with `count` rows. */
export type ReadContent<C> = (reply: Reply, count: number) => C

/** Decodes the answer to a pull. */
export function readChunk<C>(reply: Reply, read: ReadContent<C>): Chunk<C> {
  const stream = reply.reader.u32()
  const rows = reply.reader.u32()
  const content = rows === 0 ? undefined : read(reply, rows)
  const said = stream === 0 ? Buffer.from(reply.reader.blob()) : undefined
  return { stream, rows, content, said }
}

/** Closes the stream of an answer that no caller waits for any more. */
export function closeChunk(chunk: Chunk<unknown>, client: number): void {
  if (chunk.stream !== 0) completion.session.closeStream(client, chunk.stream)
}

/** A chunk whose rows are decoded one by one, when they are read. */
export interface RowChunk<R> {
  /** Number of rows not yet read. */
  readonly left: number
  /** Decodes the next row. */
  read(): R
}
