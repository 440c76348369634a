/**
 * Chunks: what a pull of a stream brings.
 */
import { completion } from '../boundary/completion'
import type { Reply } from '../boundary/reply'

/** What a pull brings: `content` unless there was nothing left, `said` at the end. */
export interface Chunk<C> {
  /** The stream's number; 0 when it has ended. */
  readonly stream: number
  /** Rows of the content. */
  readonly rows: number
  readonly content: C | undefined
  /** What the native side says at the end: a count, a cursor. */
  readonly said: Buffer | undefined
}

/** Makes a chunk's content of `count` rows. */
export type ReadContent<C> = (reply: Reply, count: number) => C

/** Reads the answer to a pull. */
export function readChunk<C>(reply: Reply, read: ReadContent<C>): Chunk<C> {
  const stream = reply.reader.u32()
  const rows = reply.reader.u32()
  const content = rows === 0 ? undefined : read(reply, rows)
  const said = stream === 0 ? Buffer.from(reply.reader.blob()) : undefined
  return { stream, rows, content, said }
}

/** Closes the stream of an answer that nobody waits for any more. */
export function closeChunk(chunk: Chunk<unknown>, client: number): void {
  if (chunk.stream !== 0) completion.session.closeStream(client, chunk.stream)
}

/** A chunk whose rows are decoded one after the other, as they are asked for. */
export interface RowChunk<R> {
  /** Rows that were not read yet. */
  readonly left: number
  /** Decodes the next row. */
  read(): R
}
