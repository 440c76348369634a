/**
 * Writes many records from a source of any length, in batches, with bounded memory.
 */

import type { BatchWritePolicy } from '../batch/policy'
import type { BatchRecords, BatchRow } from '../batch/result'
import type {
  BatchApplyRow,
  BatchOperateRow,
  BatchRemoveRow,
  BatchRowRequest,
  BatchWriteRecord,
  BatchWriteRow,
} from '../batch/rows'
import { describe } from '../common/describe'
import {
  AbortError,
  AerospikeError,
  abortError,
  BulkWriteError,
  ClientError,
  InvalidArgError,
  invalidArgument,
} from '../common/errors'
import { checkOptions, integerOption, optionsObject } from '../common/options'
import { checkSignal } from '../options/policy'

/** A row of `bulkWrite`: a record to write, or a batch row that writes. */
export type BulkRow = BatchWriteRecord | BatchWriteRow | BatchOperateRow | BatchRemoveRow | BatchApplyRow

/** The row `R` with its bins checked. The first branch is never taken: the compiler infers `R` from it. */
export type BulkRowToWrite<R> = [R] extends [never]
  ? R
  : R extends { readonly type: string }
    ? BulkRow
    : R extends { readonly bins: infer B }
      ? BatchWriteRecord<B>
      : BulkRow

/** The rows of a bulk write: a source of any length. */
export type BulkSource<R = BulkRow> = Iterable<BulkRowToWrite<R>> | AsyncIterable<BulkRowToWrite<R>>

/** The rows of a blocking bulk write. */
export type BlockingBulkSource<R = BulkRow> = Iterable<BulkRowToWrite<R>>

/** Counts of a bulk write. */
export interface BulkProgress {
  /** Number of rows with an outcome. */
  readonly rows: number
  /** Number of rows that were applied. */
  readonly written: number
  /** Number of rows that failed, including those in doubt. */
  readonly failed: number
  /** Number of failed rows that may have been applied. */
  readonly inDoubt: number
}

/** The outcome of a row that failed. */
export interface BulkFailure {
  /** Position of the row in the source, from 0. */
  readonly index: number
  /** The row, as the source returned it. */
  readonly row: BulkRow
  /** Why the row failed. */
  readonly error: AerospikeError
  /** True if the row may have been applied. */
  readonly inDoubt: boolean
}

/** Outcomes of the rows of one batch of a bulk write. */
export interface BulkBatch extends BulkProgress {
  /** The outcome of each row of the batch that is done, in order of the source; `index` is the position in the source. */
  readonly outcomes: readonly BulkOutcome[]
}

/** The outcome of a row. */
export interface BulkOutcome {
  /** Position of the row in the source, from 0. */
  readonly index: number
  /** Why the row failed, or null. */
  readonly error: AerospikeError | null
  /** True if the row failed but may have been applied. */
  readonly inDoubt: boolean
}

/** The result of a bulk write. */
export interface BulkWriteResult extends BulkProgress {
  /** The rows that failed, in order of the source. All other rows that were read from the source were applied. */
  readonly failures: readonly BulkFailure[]
}

/** Options of `bulkWrite`. */
export interface BulkWriteOptions {
  /** Maximum number of batches in flight, 1 to 1000. Default 4. */
  readonly concurrency?: number | undefined
  /** Number of rows in a batch, 1 to 5000. Default 500. */
  readonly batchSize?: number | undefined
  /**
   * Called after each batch, with the outcomes of its rows and the counts so far. If it returns a promise, the writer
   * waits for it; if it throws, the bulk write ends as if the source had thrown.
   */
  readonly onProgress?: ((progress: BulkBatch) => unknown) | undefined
  /** Aborts the batches in flight, and reads no further rows. `Client` only. */
  readonly signal?: AbortSignal | undefined
  /** Batch policy, and the write policy of all rows. */
  readonly policy?: Omit<BatchWritePolicy, 'signal'> | undefined
}

/** Options of a blocking `bulkWrite`. */
export interface BlockingBulkWriteOptions extends Omit<BulkWriteOptions, 'signal' | 'concurrency' | 'onProgress'> {
  /** Called after each batch; see `BulkWriteOptions.onProgress`. Must not return a promise. */
  readonly onProgress?: ((progress: BulkBatch) => unknown) | undefined
}

/** The error of a bulk write that ended early. */
function endedEarly(cause: unknown, result: BulkWriteResult): BulkWriteError {
  const { code = 'BULK_WRITE', resultCode = -1 } = cause instanceof AerospikeError ? cause : {}
  const reason = cause instanceof Error ? cause.message : String(cause)
  const { written, failed, inDoubt } = result
  const message = `bulkWrite ended early, with ${written} rows written, ${failed} failed (${inDoubt} in doubt): ${reason}`
  return new BulkWriteError(message, { code, resultCode, inDoubt: inDoubt > 0, cause, result })
}

/** The methods of `Client` that `bulkWrite` calls. */
export interface BulkWritable {
  batch(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): Promise<BatchRecords>
}

/** The methods of `ClientSync` that `bulkWrite` calls. */
export interface BulkWritableSync {
  batch(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): BatchRecords
}

const FIELDS = ['concurrency', 'batchSize', 'onProgress', 'signal', 'policy']
const CONCURRENCY = integerOption(1, 1000)
const BATCH_SIZE = integerOption(1, 5000)

/** Why a bulk write ended early; any value can be thrown. */
interface Failure {
  readonly error: unknown
}

interface Part {
  readonly first: number
  readonly rows: readonly BulkRow[]
}

/** The rows of a part as batch rows; rows without a type write a record. */
function requestsOf({ first, rows }: Part): BatchRowRequest[] {
  return rows.map((row, at) => {
    const given = optionsObject(row, `bulkWrite: row ${first + at}`)
    if (given.type === 'read') throw invalidArgument(`bulkWrite: row ${first + at}: a row that reads; use batch`)
    return (given.type === undefined ? { ...given, type: 'write' } : given) as unknown as BatchRowRequest
  })
}

/** Whether an error concerns the whole bulk write, and not only the rows of a batch. */
function endsAll(error: AerospikeError): boolean {
  if (error instanceof AbortError || error instanceof ClientError) return true
  // An invalid argument, found before anything was sent.
  return error instanceof InvalidArgError && error.attempts === 0 && error.address === undefined
}

/** The outcomes so far, and the options. */
class BulkWrite {
  readonly concurrency: number
  readonly batchSize: number
  readonly policy: BatchWritePolicy
  readonly signal: AbortSignal | undefined
  readonly #onProgress: ((progress: BulkBatch) => unknown) | undefined
  readonly #failures: BulkFailure[] = []
  #rows = 0
  #inDoubt = 0

  constructor(options: unknown, blocking: boolean) {
    const given = optionsObject(options ?? {}, 'bulkWrite')
    checkOptions(given, 'bulkWrite', FIELDS)
    const { concurrency, batchSize, onProgress, signal, policy } = given
    if (blocking && concurrency !== undefined) {
      throw invalidArgument('bulkWrite.concurrency: a blocking client sends one batch at a time')
    }
    if (blocking && signal !== undefined) {
      throw invalidArgument('bulkWrite.signal: a blocking call cannot be aborted')
    }
    this.concurrency = concurrency === undefined ? 4 : CONCURRENCY(concurrency, 'bulkWrite.concurrency')
    this.batchSize = batchSize === undefined ? 500 : BATCH_SIZE(batchSize, 'bulkWrite.batchSize')
    if (onProgress !== undefined && typeof onProgress !== 'function') {
      throw invalidArgument(`bulkWrite.onProgress: a function is needed, not ${describe(onProgress)}`)
    }
    this.#onProgress = onProgress as ((progress: BulkBatch) => unknown) | undefined
    if (signal !== undefined) checkSignal(signal, 'bulkWrite.signal')
    this.signal = signal as AbortSignal | undefined
    const own = optionsObject(policy ?? {}, 'bulkWrite.policy')
    this.policy = { ...own, ...(this.signal === undefined ? {} : { signal: this.signal }) }
  }

  /** The error if the signal has fired. */
  aborted(): Failure | undefined {
    return this.signal?.aborted === true ? { error: abortError(this.signal, 'bulkWrite', false) } : undefined
  }

  get counts(): BulkProgress {
    const failed = this.#failures.length
    return { rows: this.#rows, written: this.#rows - failed, failed, inDoubt: this.#inDoubt }
  }

  get result(): BulkWriteResult {
    return { ...this.counts, failures: this.#failures.sort((a, b) => a.index - b.index) }
  }

  #add(part: Part, outcomes: readonly BulkOutcome[]): void {
    this.#rows += outcomes.length
    for (const { index, error, inDoubt } of outcomes) {
      if (error === null) continue
      if (inDoubt) this.#inDoubt++
      this.#failures.push({ index, row: part.rows[index - part.first] as BulkRow, error, inDoubt })
    }
  }

  /** Records the results of a batch. Returns what `onProgress` returns. */
  finished(part: Part, results: BatchRecords): unknown {
    const outcomes = [...results].map(({ index, error, inDoubt }: BatchRow) => ({
      index: part.first + index,
      error,
      inDoubt,
    }))
    return this.#report(part, outcomes)
  }

  /** Records that a whole batch failed. Throws the error if it concerns the whole bulk write. */
  failed(part: Part, reason: unknown): unknown {
    const error = rowError(reason, part.first)
    if (endsAll(error)) {
      this.unsent(part, error)
      throw error
    }
    return this.#report(part, outcomesOf(part, error))
  }

  /** Records the error that ended the bulk write as the outcome of rows. */
  unsent(part: Part, reason: unknown): void {
    this.#add(part, outcomesOf(part, rowError(reason, part.first)))
  }

  #report(part: Part, outcomes: readonly BulkOutcome[]): unknown {
    this.#add(part, outcomes)
    return this.#onProgress?.({ ...this.counts, outcomes })
  }
}

function outcomesOf({ first, rows }: Part, error: AerospikeError): BulkOutcome[] {
  const { inDoubt } = error
  return rows.map((_, at) => ({ index: first + at, error, inDoubt }))
}

/** The error of the rows of a batch. An invalid row is named by its position in the source. */
function rowError(error: unknown, first: number): AerospikeError {
  if (!(error instanceof AerospikeError)) {
    return invalidArgument(`bulkWrite: ${error instanceof Error ? error.message : String(error)}`, error)
  }
  if (!(error instanceof InvalidArgError) || !/^rows\[\d+\]/.test(error.message)) return error
  const message = error.message.replace(/^rows\[(\d+)\]/, (_, at: string) => `bulkWrite: row ${first + Number(at)}`)
  return invalidArgument(message, error.cause)
}

function isIterable(source: unknown): source is Iterable<BulkRow> {
  return typeof (source as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] === 'function'
}

function isAsyncIterable(source: unknown): source is AsyncIterable<BulkRow> {
  return typeof (source as { [Symbol.asyncIterator]?: unknown } | null)?.[Symbol.asyncIterator] === 'function'
}

function refuseSource(source: unknown, needed: string): never {
  throw invalidArgument(`bulkWrite: ${needed} of rows is needed, not ${describe(source)}`)
}

/** Collects rows into parts of `size` rows. */
class PartBuilder {
  readonly #size: number
  #first = 0
  #rows: BulkRow[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** Adds a row. Returns the part if it is complete. */
  add(row: BulkRow): Part | undefined {
    this.#rows.push(row)
    return this.#rows.length < this.#size ? undefined : this.#take()
  }

  /** Yields the rows that are left, then throws the error of the source, if there is one. */
  *end(failure: Failure | undefined): Generator<Part, void, undefined> {
    if (this.#rows.length > 0) yield this.#take()
    if (failure !== undefined) throw failure.error
  }

  #take(): Part {
    const part = { first: this.#first, rows: this.#rows }
    this.#first += part.rows.length
    this.#rows = []
    return part
  }
}

/** Cuts a source into parts. If the source throws, the rows before are a part, too. */
async function* partsOf(
  source: Iterable<BulkRow> | AsyncIterable<BulkRow>,
  size: number,
): AsyncGenerator<Part, void, undefined> {
  const parts = new PartBuilder(size)
  let failure: Failure | undefined
  try {
    for await (const row of source) {
      const part = parts.add(row)
      if (part !== undefined) yield part
    }
  } catch (error) {
    failure = { error }
  }
  yield* parts.end(failure)
}

function* partsOfSync(source: Iterable<BulkRow>, size: number): Generator<Part, void, undefined> {
  const parts = new PartBuilder(size)
  let failure: Failure | undefined
  try {
    for (const row of source) {
      const part = parts.add(row)
      if (part !== undefined) yield part
    }
  } catch (error) {
    failure = { error }
  }
  yield* parts.end(failure)
}

/** Implements `Client.bulkWrite`. */
export async function writeBulk(
  client: BulkWritable,
  source: BulkSource,
  options: BulkWriteOptions | undefined,
): Promise<BulkWriteResult> {
  if (typeof source === 'string' || (!isAsyncIterable(source) && !isIterable(source))) {
    refuseSource(source, 'an iterable or an async iterable')
  }
  const bulk = new BulkWrite(options, false)
  const running = new Set<Promise<void>>()
  let failure: Failure | undefined
  if (bulk.signal?.aborted === true) throw endedEarly(bulk.aborted()?.error, bulk.result)
  const write = async (part: Part): Promise<void> => {
    let results: BatchRecords
    try {
      results = await client.batch(requestsOf(part), bulk.policy)
    } catch (error) {
      await bulk.failed(part, error)
      return
    }
    await bulk.finished(part, results)
  }
  const start = (part: Part): void => {
    const done = write(part)
      .catch((error: unknown) => {
        failure ??= { error }
      })
      .then(() => void running.delete(done))
    running.add(done)
  }
  try {
    for await (const part of partsOf(source, bulk.batchSize)) {
      const ended = failure ?? bulk.aborted()
      if (ended !== undefined) {
        failure = ended
        bulk.unsent(part, ended.error)
        break
      }
      start(part)
      // Back-pressure: the source is not read while all batches are in flight.
      while (running.size >= bulk.concurrency && failure === undefined) await Promise.race(running)
      if (failure !== undefined) break
    }
  } catch (error) {
    failure ??= { error }
  }
  await Promise.all(running)
  if (failure !== undefined) throw endedEarly((failure as Failure).error, bulk.result)
  return bulk.result
}

/** Implements `ClientSync.bulkWrite`. */
export function writeBulkSync(
  client: BulkWritableSync,
  source: BlockingBulkSource,
  options: BlockingBulkWriteOptions | undefined,
): BulkWriteResult {
  if (typeof source === 'string' || !isIterable(source)) refuseSource(source, 'an iterable')
  const bulk = new BulkWrite(options, true)
  const write = (part: Part): unknown => {
    let results: BatchRecords
    try {
      results = client.batch(requestsOf(part), bulk.policy)
    } catch (error) {
      return bulk.failed(part, error)
    }
    return bulk.finished(part, results)
  }
  try {
    for (const part of partsOfSync(source, bulk.batchSize)) {
      if (typeof (write(part) as { then?: unknown } | null | undefined)?.then === 'function') {
        throw invalidArgument('bulkWrite.onProgress: it returned a promise, which ClientSync does not wait for')
      }
    }
  } catch (error) {
    throw endedEarly(error, bulk.result)
  }
  return bulk.result
}
