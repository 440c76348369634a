/**
 * Writes the rows of a file, in batches, several at a time, and records how far it has come.
 */
import {
  AbortError,
  type AerospikeError,
  AerospikeTimeoutError,
  BackpressureError,
  type BatchWriteRecord,
  type BulkBatch,
  BulkWriteError,
  type Client,
  ClientError,
  ClusterError,
} from 'aerospike-napi'
import type { FailureReport } from '../failures.mjs'
import { type RecordOptions, recordOf } from './records.mjs'
import type { SourceRow } from './source-row.mjs'

/** How far an import has come. */
export interface ImportState {
  /** All rows up to this number have an outcome. */
  readonly done: number
  /** The number of failed rows among them. The others were written. */
  readonly failed: number
}

export interface ImportOptions extends RecordOptions {
  readonly concurrency: number
  readonly batchSize: number
  /** Retries of a batch, so that a lost node ends the import only if it stays away. */
  readonly retries: number
  /** Deadline of a batch with all of its attempts, in milliseconds. */
  readonly timeout: number
  readonly exists: 'ignore' | 'replace' | 'create-only' | 'update-only'
  readonly ttl: number | undefined
  readonly sendKey: boolean
  /** The state of an earlier run, which is continued. */
  readonly from: ImportState
  /** Stops reading. Batches in flight are completed. */
  readonly signal: AbortSignal
  /** Called whenever rows have got their outcome. */
  readonly onProgress: () => void
}

/** Between two attempts of a batch, in milliseconds. */
const PAUSE = 200

/** Whether an error concerns the cluster and not the row: the row has no outcome. */
function isOutage(error: AerospikeError): boolean {
  return (
    error.retryable ||
    error instanceof ClusterError ||
    error instanceof AerospikeTimeoutError ||
    error instanceof BackpressureError ||
    error instanceof ClientError ||
    error instanceof AbortError
  )
}

/** The part of a client that an import needs. */
export type BulkWriter = Pick<Client<number | bigint>, 'bulkWrite'>

/** An import, and its state. */
export class Import {
  readonly #client: BulkWriter | undefined
  readonly #options: ImportOptions
  readonly #report: FailureReport
  /** Rows that were sent and have no outcome, by their position among all sent rows; in ascending order. */
  readonly #inFlight = new Map<number, SourceRow>()
  #read: number
  #sent = 0
  #written: number
  #failed: number
  /** Numbers of failed rows, of which some come after a row without an outcome. */
  #failedRows: number[] = []
  #outage: AerospikeError | undefined

  /** Without a client, rows are only read and checked. */
  constructor(client: BulkWriter | undefined, report: FailureReport, options: ImportOptions) {
    this.#client = client
    this.#report = report
    this.#options = options
    this.#read = options.from.done
    this.#written = options.from.done - options.from.failed
    this.#failed = options.from.failed
  }

  /** Rows that were written, and that failed. */
  get counts(): { readonly written: number; readonly failed: number } {
    return { written: this.#written, failed: this.#failed }
  }

  /** The state from which another run can continue. */
  get state(): ImportState {
    const [first] = this.#inFlight.values()
    const done = first === undefined ? this.#read : first.number - 1
    this.#failedRows = this.#failedRows.filter(number => number > done)
    return { done, failed: this.#failed - this.#failedRows.length }
  }

  /**
   * Writes the rows.
   *
   * @throws the error of an outage, or of the source; the rows without an outcome are not counted
   */
  async run(rows: AsyncIterable<SourceRow>): Promise<void> {
    const { concurrency, retries, timeout, batchSize, exists, ttl, sendKey } = this.#options
    const records = this.#records(rows)
    if (this.#client === undefined) {
      for await (const _ of records) this.#settle(this.#sent - 1, null)
      return
    }
    try {
      await this.#client.bulkWrite(records, {
        concurrency,
        batchSize,
        policy: {
          totalTimeout: timeout,
          maxRetries: retries,
          sleepBetweenRetries: PAUSE,
          exists,
          key: sendKey ? 'send' : 'digest',
          ...(ttl !== undefined && { ttl }),
        },
        onProgress: batch => this.#onBatch(batch),
      })
    } catch (error) {
      // What ended the bulk write is its cause: an outage, or an error of the source.
      throw this.#outage ?? (error instanceof BulkWriteError ? error.cause : error)
    }
  }

  /** The records to write. Rows that cannot be records get their outcome here. */
  async *#records(rows: AsyncIterable<SourceRow>): AsyncGenerator<BatchWriteRecord, void, undefined> {
    const { from, signal, onProgress } = this.#options
    for await (const row of rows) {
      if (signal.aborted) return
      if (row.number <= from.done) continue
      const result = recordOf(row, this.#options)
      if ('reason' in result) {
        this.#fail(row, result.reason, 'ROW')
        this.#read = row.number
        onProgress()
      } else {
        this.#inFlight.set(this.#sent++, row)
        this.#read = row.number
        yield result.record
      }
    }
  }

  #fail(row: SourceRow, reason: string, code: string, inDoubt = false): void {
    this.#failed++
    const { number, place, raw } = row
    this.#failedRows.push(number)
    this.#report.add({ row: number, place, reason, code, inDoubt, raw: raw() })
  }

  #settle(index: number, error: AerospikeError | null): void {
    const row = this.#inFlight.get(index)
    if (row === undefined) return
    if (error === null) this.#written++
    else if (isOutage(error)) {
      this.#outage ??= error
      return
    } else this.#fail(row, error.message, error.code, error.inDoubt)
    this.#inFlight.delete(index)
  }

  #onBatch({ outcomes }: BulkBatch): void {
    for (const { index, error } of outcomes) this.#settle(index, error)
    if (this.#outage !== undefined) throw this.#outage
    this.#options.onProgress()
  }
}
