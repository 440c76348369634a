/**
 * Streaming batches: rows in order of arrival.
 */

import { BATCH_WRITE, type BatchWritePolicy } from '../batch/policy'
import { type BatchRow, readRow } from '../batch/result'
import { type BatchRequest, type BatchRowRequest, checkFunctions, requestWrites, writeRows } from '../batch/rows'
import type { Context } from '../boundary/context'
import type { Reply } from '../boundary/reply'
import { prepare } from '../boundary/request-block'
import { type BatchStreamArgs, batchStream } from '../commands/batch'
import { Caller } from '../common/stacks'
import { writePolicyAs } from '../options/policy'
import type { RowChunk } from '../query/chunk'
import type { Shapes } from '../values/record'
import { Reader, Writer } from '../wire/wire'
import type { Opening } from './stream'

/** Rows as encoded by the native side; each is decoded when it is read. */
class BatchChunk<B> implements RowChunk<BatchRow<B>> {
  left: number
  readonly #reader: Reader
  readonly #shapes: Shapes
  readonly #context: Context
  readonly #request: BatchRequest
  readonly #caller: Caller

  constructor(reply: Reply, count: number, request: BatchRequest, caller: Caller) {
    this.left = count
    this.#reader = new Reader(reply.part(reply.reader.u32()))
    this.#shapes = reply.shapes
    this.#context = reply.context
    this.#request = request
    this.#caller = caller
  }

  read(): BatchRow<B> {
    const reader = this.#reader
    this.left--
    const size = reader.u32()
    const end = reader.at + size
    const index = reader.u32()
    const resultCode = reader.i32()
    const row = readRow(reader, this.#request, index, resultCode, this.#shapes, this.#context)
    // Skips the rest of the row even if it cannot be decoded.
    reader.at = end
    if (row.error !== null) this.#caller.locate(row.error)
    return row as BatchRow<unknown> as BatchRow<B>
  }
}

/**
 * Describes how to open a batch as a stream. The request is encoded at once, so that invalid rows throw before
 * iteration begins.
 */
export function batchOpening<B>(
  rows: readonly BatchRowRequest[],
  policy: BatchWritePolicy | undefined,
  context: Context,
): Opening<RowChunk<BatchRow<B>>> {
  const writer = new Writer(4096)
  prepare(writer, context, policy)
  const writePolicy = (): void => writePolicyAs(writer, BATCH_WRITE, policy)
  const request = checkFunctions(writeRows(writer, 'batchStream', writePolicy, rows, 'rows'), policy)
  const body = writer.buffer.subarray(0, writer.length)
  const caller = new Caller()
  const read = (reply: Reply, count: number): BatchChunk<B> => new BatchChunk(reply, count, request, caller)
  // The consumer decides how long a stream takes, so it has no time limit by default.
  const args: BatchStreamArgs = [body, { totalTimeout: 0, ...policy }, request, read]
  return {
    command: batchStream as unknown as Opening<RowChunk<BatchRow<B>>>['command'],
    args,
    read,
    signal: args[1].signal,
    writes: requestWrites(request),
    explain: () => {},
  }
}
