/**
 * Arrow tables, record batches and readers written as records.
 */

import { types } from 'node:util'
import type { RecordBatch, Schema, Table } from 'apache-arrow'
import type { BatchWritePolicy } from '../batch/policy'
import { Client } from '../client'
import { ClientSync } from '../client-sync'
import type { FailedRow, SourceColumn, WriteColumns, WrittenRows } from '../columns'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, integerOption, optionsObject, stringOption } from '../common/options'
import { checkSignal } from '../options/policy'
import { NAMESPACE_NAMES, type Namespaced, namespaceOf } from '../values/namespace'
import { checkMemory, type Plan, planOf, validityOf } from './source'

/** The input of `writeArrow`: a table, a record batch, or an iterable of record batches. */
export type ArrowSource = Table | RecordBatch | Iterable<RecordBatch> | AsyncIterable<RecordBatch>

/** Progress of `writeArrow`, reported after each batch request. */
export interface WriteArrowProgress {
  /** Number of rows completed so far. */
  readonly rows: number
  /** Number of rows written so far. */
  readonly written: number
  /** Number of rows failed so far. */
  readonly failed: number
  /** Position of the batch's first row in the whole input. */
  readonly first: number
  /** The outcome of each row of the batch. */
  readonly batch: WrittenRows
}

/** Options of `writeArrow`. */
export type WriteArrowOptions = Namespaced & {
  /** Set. Default: none. */
  set?: string | null | undefined
  /** Name of the field with the user keys: integers, strings or bytes. Default `_key`. */
  keyField?: string | undefined
  /** Maximum number of rows in a batch request. Default 2000. */
  batchRows?: number | undefined
  /**
   * Maximum number of batch requests in flight; the source is not read faster than that. Default 4. A blocking client
   * uses 1.
   */
  concurrency?: number | undefined
  /**
   * What a null does to its bin. Default `skip`.
   *
   * - `skip`: the bin is unchanged.
   * - `remove`: the bin is removed.
   */
  nulls?: 'skip' | 'remove' | undefined
  /** Time to live of the records in seconds; see `WritePolicy.ttl`. */
  ttl?: number | undefined
  /** Called after each batch request. If it throws, writing ends. */
  progress?: ((progress: WriteArrowProgress) => void) | undefined
  /** Ends writing: aborts the requests in flight, and sends no more. */
  signal?: AbortSignal | undefined
}

/** The result of `writeArrow`. */
export interface ArrowWritten {
  /** Number of rows in the input. */
  readonly rows: number
  /** Number of rows written. */
  readonly written: number
  /** Number of rows failed. */
  readonly failed: number
  /** The first 100 failed rows; `row` is the position in the whole input. */
  readonly failures: readonly FailedRow[]
}

const KNOWN = [...NAMESPACE_NAMES, 'set', 'keyField', 'batchRows', 'concurrency', 'nulls', 'ttl', 'progress', 'signal']
const MAX_FAILURES = 100
const ROWS = integerOption(1, 1 << 24)
const LANES = integerOption(1, 1024)

interface Settings {
  readonly namespace: string
  readonly set: string | null | undefined
  readonly keyField: string
  readonly batchRows: number
  readonly concurrency: number
  readonly nulls: 'skip' | 'remove' | undefined
  readonly ttl: number | undefined
  readonly progress: ((progress: WriteArrowProgress) => void) | undefined
  readonly signal: AbortSignal | undefined
}

function settingsOf(options: WriteArrowOptions): Settings {
  const given = optionsObject(options, 'writeArrow')
  checkOptions(given, 'writeArrow', KNOWN)
  const { set, nulls, ttl, progress, signal } = options
  if (progress !== undefined && typeof progress !== 'function') {
    throw invalidArgument(`writeArrow.progress: a function is needed, not ${describe(progress)}`)
  }
  if (signal !== undefined) checkSignal(signal, 'writeArrow.signal')
  return {
    namespace: stringOption(namespaceOf(options, 'writeArrow'), 'writeArrow.namespace'),
    set,
    keyField: options.keyField === undefined ? '_key' : stringOption(options.keyField, 'writeArrow.keyField'),
    batchRows: options.batchRows === undefined ? 2000 : ROWS(options.batchRows, 'writeArrow.batchRows'),
    concurrency: options.concurrency === undefined ? 4 : LANES(options.concurrency, 'writeArrow.concurrency'),
    nulls,
    ttl,
    progress,
    signal,
  }
}

const isTable = (source: unknown): source is Table =>
  typeof source === 'object' && source !== null && 'schema' in source && Array.isArray((source as Table).batches)

const isBatch = (source: unknown): source is RecordBatch =>
  typeof source === 'object' && source !== null && 'schema' in source && 'data' in source && 'numRows' in source

/**
 * Splits the rows of a source into windows, one for each batch request, and validates as much as possible in advance.
 */
class Windows {
  readonly #settings: Settings
  #schema: Schema | undefined
  #plan: Plan | undefined

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Validates a batch: its fields, and that each row has a key. */
  check(batch: RecordBatch, first: number): Plan {
    if (!isBatch(batch)) {
      throw invalidArgument(
        `writeArrow: a table, a record batch or what gives record batches is needed, not ${describe(batch)}`,
      )
    }
    if (this.#plan === undefined || batch.schema !== this.#schema) {
      this.#plan = planOf(batch.schema, this.#settings.keyField)
      this.#schema = batch.schema
    }
    this.#checkMemory(batch, this.#plan)
    const keys = batch.data.children[this.#plan.key]
    if (keys !== undefined && keys.nullCount > 0) {
      const { keyField } = this.#settings
      let row = 0
      while (row < batch.numRows && batch.getChildAt(this.#plan.key)?.get(row) !== null) row++
      throw invalidArgument(`writeArrow.keyField: row ${first + row} has no ${JSON.stringify(keyField)}`)
    }
    return this.#plan
  }

  /** Repeated for each window: the source's memory may be transferred in between. */
  #checkMemory(batch: RecordBatch, plan: Plan): void {
    for (const index of [plan.key, ...plan.bins.map(bin => bin.index)]) {
      const data = batch.data.children[index]
      const name = batch.schema.fields[index]?.name
      if (data !== undefined) checkMemory(data, `writeArrow: the field ${JSON.stringify(name)}`)
    }
  }

  *of(batch: RecordBatch, first: number): Generator<WriteColumns, void, undefined> {
    const plan = this.check(batch, first)
    const { namespace, set, nulls, ttl, batchRows } = this.#settings
    for (let from = 0; from < batch.numRows; from += batchRows) {
      const to = Math.min(from + batchRows, batch.numRows)
      this.#checkMemory(batch, plan)
      const columns: [string, SourceColumn][] = []
      const validity: [string, Uint8Array][] = []
      const schema: [string, NonNullable<WriteColumns['schema']>[string]][] = []
      for (const { name, index, part } of plan.bins) {
        const data = batch.data.children[index]
        if (data === undefined) continue
        const { column, type } = part(data, from, to)
        columns.push([name, column])
        if (type !== undefined) schema.push([name, type])
        const bits = validityOf(data, from, to)
        if (bits !== undefined) validity.push([name, bits])
      }
      const keys = batch.data.children[plan.key]
      if (keys === undefined) continue
      yield {
        namespace,
        set,
        keys: plan.keysOf(keys, from, to),
        columns: Object.fromEntries(columns),
        validity: Object.fromEntries(validity),
        schema: Object.fromEntries(schema),
        nulls,
        ttl,
      }
    }
  }
}

/** Returns the record batches of a table or a record batch; undefined for other sources. */
function batchesAtHand(source: unknown): readonly RecordBatch[] | undefined {
  if (isTable(source)) return source.batches
  return isBatch(source) ? [source] : undefined
}

const isIterable = (source: unknown): source is Iterable<RecordBatch> =>
  typeof (source as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === 'function'

const isAsyncIterable = (source: unknown): source is AsyncIterable<RecordBatch> =>
  typeof (source as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator] === 'function'

function refuseSource(source: unknown): never {
  throw invalidArgument(
    `writeArrow: a table, a record batch or what gives record batches is needed, not ${describe(source)}`,
  )
}

/** Counts the outcomes of rows. */
class Tally {
  rows = 0
  written = 0
  failed = 0
  readonly failures: FailedRow[] = []

  constructor(readonly progress: Settings['progress']) {}

  add(batch: WrittenRows, first: number): void {
    const { written } = batch
    this.rows += batch.length
    this.written += written
    this.failed += batch.length - written
    if (written < batch.length && this.failures.length < MAX_FAILURES) {
      for (const failure of batch.failures()) {
        if (this.failures.length >= MAX_FAILURES) break
        this.failures.push({ ...failure, row: first + failure.row })
      }
    }
    const { rows, failed } = this
    this.progress?.({ rows, written: this.written, failed, first, batch })
  }

  result(): ArrowWritten {
    const { rows, written, failed, failures } = this
    return { rows, written, failed, failures: failures.sort((a, b) => a.row - b.row) }
  }
}

/**
 * Writes Arrow data as records: each row is a record, each field a bin. Fields whose names begin with `_` are not bins;
 * a `keyField` with another name is also a bin.
 *
 * At most `concurrency` batch requests of `batchRows` rows are in flight, and the source is not read faster than that,
 * so memory stays bounded for any size of the source. A row that fails is counted and reported, and does not stop the
 * others. Writes are not retried unless `maxRetries` is set.
 *
 * @param client - a connected client; a blocking client returns the result directly, and takes no signal
 * @param source - a table, a record batch, or an iterable of record batches
 * @param options - namespace, set, key field, and how to write
 * @param policy - batch policy, and the write policy of all rows
 * @returns the number of rows written and failed, and the first failures
 * @throws InvalidArgError before anything is sent: if no bin can hold the type of a field, with the field's name; if a
 *   row has no key; if an option is unknown. For an iterable, each batch is validated before it is sent.
 * @throws the error of a whole batch request, if no server answered it, after the requests in flight have ended
 * @example
 * ```ts
 * const rows = await client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8' })
 * const { written, failed } = await writeArrow(client, toArrow(rows, { keyField: '_key' }), { namespace: 'test', set: 'copy' })
 * ```
 */
export function writeArrow(
  client: Client,
  source: ArrowSource,
  options: WriteArrowOptions,
  policy?: BatchWritePolicy,
): Promise<ArrowWritten>
export function writeArrow(
  client: ClientSync,
  source: Table | RecordBatch | Iterable<RecordBatch>,
  options: Namespaced & Omit<WriteArrowOptions, 'signal' | 'concurrency' | keyof Namespaced>,
  policy?: BatchWritePolicy,
): ArrowWritten
export function writeArrow(
  client: Client | ClientSync,
  source: ArrowSource,
  options: WriteArrowOptions,
  policy?: BatchWritePolicy,
): Promise<ArrowWritten> | ArrowWritten {
  if (client instanceof ClientSync) return writeBlocking(client, source, options, policy)
  if (client instanceof Client) return write(client, source, options, policy)
  throw invalidArgument(`writeArrow: a Client or a ClientSync is needed, not ${describe(client)}`)
}

/** Validates the available batches before any is sent. */
function checkAhead(windows: Windows, batches: readonly RecordBatch[] | undefined): void {
  let first = 0
  for (const batch of batches ?? []) {
    windows.check(batch, first)
    first += batch.numRows
  }
}

function writeBlocking(
  client: ClientSync,
  source: ArrowSource,
  options: WriteArrowOptions,
  policy: BatchWritePolicy | undefined,
): ArrowWritten {
  const settings = settingsOf(options)
  if (settings.signal !== undefined) {
    throw invalidArgument('writeArrow.signal: a blocking client cannot be aborted; set totalTimeout')
  }
  const windows = new Windows(settings)
  const atHand = batchesAtHand(source)
  if (atHand === undefined && !isIterable(source)) refuseSource(source)
  checkAhead(windows, atHand)
  const tally = new Tally(settings.progress)
  let first = 0
  for (const batch of atHand ?? (source as Iterable<RecordBatch>)) {
    for (const window of windows.of(batch, first)) {
      const written = client.batchWriteColumns(window, policy)
      tally.add(written, first)
      first += written.length
    }
  }
  return tally.result()
}

async function write(
  client: Client,
  source: ArrowSource,
  options: WriteArrowOptions,
  given: BatchWritePolicy | undefined,
): Promise<ArrowWritten> {
  const settings = settingsOf(options)
  const { signal, concurrency } = settings
  const policy: BatchWritePolicy = signal === undefined ? { ...given } : { ...given, signal }
  const windows = new Windows(settings)
  const atHand = batchesAtHand(source)
  if (atHand === undefined && !isIterable(source) && !isAsyncIterable(source)) refuseSource(source)
  checkAhead(windows, atHand)
  const tally = new Tally(settings.progress)
  const inFlight = new Set<Promise<void>>()
  const failed: unknown[] = []
  const send = (window: WriteColumns, first: number): void => {
    const sent = client
      .batchWriteColumns(window, policy)
      .then(written => tally.add(written, first))
      .catch(error => void failed.push(error))
      .finally(() => inFlight.delete(sent))
    inFlight.add(sent)
  }
  try {
    let first = 0
    for await (const batch of atHand ?? (source as AsyncIterable<RecordBatch>)) {
      for (const window of windows.of(batch, first)) {
        if (failed.length > 0) break
        send(window, first)
        first += types.isTypedArray(window.keys) ? window.keys.length : (window.keys as { length: number }).length
        while (inFlight.size >= concurrency) await Promise.race(inFlight)
      }
      if (failed.length > 0) break
    }
  } catch (error) {
    failed.push(error)
  }
  await Promise.all(inFlight)
  if (failed.length > 0) throw failed[0]
  return tally.result()
}
