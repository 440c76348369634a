/**
 * The rows of a batch as they arrive.
 */

import { BATCH_WRITE, type BatchWritePolicy } from '../batch/policy'
import { type BatchRow, readRow } from '../batch/result'
import { type BatchRequest, type BatchRowRequest, requestWrites, writeRows } from '../batch/rows'
import type { Context } from '../boundary/context'
import type { Reply } from '../boundary/reply'
import { type BatchStreamArgs, batchStream } from '../commands/batch'
import { writePolicyAs } from '../options/policy'
import type { RowChunk } from '../query/chunk'
import type { Shapes } from '../values/record'
import { Reader, Writer } from '../wire/wire'
import type { Opening } from './stream'

/** Some rows as they crossed the boundary; each is decoded when it is asked for. */
class BatchChunk<B> implements RowChunk<BatchRow<B>> {
  left: number
  readonly #reader: Reader
  readonly #shapes: Shapes
  readonly #context: Context
  readonly #request: BatchRequest

  constructor(reply: Reply, count: number, request: BatchRequest) {
    this.left = count
    this.#reader = new Reader(reply.part(reply.reader.u32()))
    this.#shapes = reply.shapes
    this.#context = reply.context
    this.#request = request
  }

  read(): BatchRow<B> {
    const reader = this.#reader
    this.left--
    const size = reader.u32()
    const end = reader.at + size
    const index = reader.u32()
    const resultCode = reader.i32()
    const row = readRow(reader, this.#request, index, resultCode, this.#shapes, this.#context)
    // Also behind a row that cannot be read.
    reader.at = end
    return row as BatchRow<unknown> as BatchRow<B>
  }
}

/** How a batch is opened as a stream. It is written at once: what is wrong is refused before anybody iterates. */
export function batchOpening<B>(
  rows: readonly BatchRowRequest[],
  policy: BatchWritePolicy | undefined,
): Opening<RowChunk<BatchRow<B>>> {
  const writer = new Writer(4096)
  writePolicyAs(writer, BATCH_WRITE, policy)
  const request = writeRows(writer, 'batchStream', rows, 'rows')
  const body = writer.buffer.subarray(0, writer.length)
  const read = (reply: Reply, count: number): BatchChunk<B> => new BatchChunk(reply, count, request)
  // How long a stream takes is up to who reads it: it has no time limit of its own.
  const args: BatchStreamArgs = [body, { totalTimeout: 0, ...policy }, request, read]
  return {
    command: batchStream as unknown as Opening<RowChunk<BatchRow<B>>>['command'],
    args,
    read,
    signal: policy?.signal,
    writes: requestWrites(request),
    explain: () => {},
  }
}
