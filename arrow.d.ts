// Generated from lib/arrow.ts by `make types`: the API of aerospike-napi/arrow. Do not edit.
import { Table, RecordBatch } from 'apache-arrow'
import {
  Schema,
  Columns,
  Query,
  QueryColumnsPolicy,
  QuerySync,
  ColumnsPolicy,
  Client,
  KeysLike,
  ClientSync,
  FailedRow,
  Namespaced,
  WrittenRows,
  BatchWritePolicy,
} from './index.js'

/** Columns of the table in addition to those of the schema. */
export interface ToArrowOptions {
  /** Name of a first column with the user keys. Default: no such column. */
  keyField?: string | undefined
}
/** Types of a column of user keys: strings, 64-bit integers or bytes. */
export type KeyType = 'utf8' | 'i64' | 'binary'
/**
 * Converts columns to an Arrow table. The table shares their memory; only booleans are copied, into bits. Rows that
 * failed or were not found are null in every column.
 *
 * @param rows - the result of `batchReadColumns`, or a chunk of a query's `columns`
 * @param options - `keyField`: name of a first column with the user keys
 * @returns the table, with one record batch
 * @throws InvalidArgError if an argument is invalid; ClientError if the user keys are of several types
 * @example
 * ```ts
 * const rows = await client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
 * const table = toArrow(rows, { keyField: 'id' })
 * ```
 */
export declare function toArrow<S extends Schema>(rows: Columns<S>, options?: ToArrowOptions): Table

/** Size of the record batches, and columns in addition to those of the schema. */
export interface QueryToArrowOptions {
  /** Maximum number of rows in a record batch, 1 to 1048576. Default 8192. */
  batchRows?: number | undefined
  /**
   * Name of a first column with the user keys. It is null in rows whose user key the server does not store. Default: no
   * such column.
   */
  keyField?: string | undefined
  /**
   * Type of the user keys: `utf8`, `i64` or `binary`. Default: that of the first user key; `utf8` if the first batch
   * has none.
   */
  keyType?: KeyType | undefined
  /** Name of a column with the digests, `FixedSizeBinary[20]`. Default: no such column. */
  digestField?: string | undefined
}
/**
 * Runs a query, and yields its rows as Arrow record batches when they arrive, at the consumer's pace. Leaving the loop
 * in any way ends the query on the servers. A row with a value that does not fit its column is null in every column. An
 * empty result yields one batch without rows, so that a table or a file has a schema.
 *
 * @param query - a query; one of a blocking client returns a plain iterator
 * @param schema - bin name -> type of its column
 * @param options - `batchRows`, `keyField`, `keyType`, `digestField`
 * @param policy - overrides the query's policy for this run
 * @returns the record batches, for `for await`, or `for` with a blocking client
 * @throws InvalidArgError, at once, if an argument is invalid; the errors of the query, in the loop
 * @example
 * ```ts
 * const batches = queryToArrow(client.query('test', 'users'), { age: 'u8', name: 'utf8' })
 * await pipeline(Readable.from(batches), RecordBatchFileWriter.throughNode(), createWriteStream('users.arrow'))
 * ```
 */
export declare function queryToArrow(
  query: Query<unknown>,
  schema: Schema,
  options?: QueryToArrowOptions,
  policy?: QueryColumnsPolicy | null,
): AsyncGenerator<RecordBatch, void, undefined>
export declare function queryToArrow(
  query: QuerySync<unknown>,
  schema: Schema,
  options?: QueryToArrowOptions,
  policy?: QueryColumnsPolicy | null,
): Generator<RecordBatch, void, undefined>

/** Size of the windows, and columns in addition to those of the schema. */
export interface ReadArrowOptions {
  /** Number of keys in a request, and of rows in a record batch. Default 8192. */
  batchRows?: number | undefined
  /** Number of windows to read ahead of the loop, 0 to 64. Default 1. A blocking client does not read ahead. */
  ahead?: number | undefined
  /** Name of a first column with the user keys. Default: no such column. */
  keyField?: string | undefined
}
/** Policy of each window's read. `into` is excluded because each window has its own memory. */
export type ReadArrowPolicy = Omit<ColumnsPolicy, 'into'>
/**
 * Reads many records as Arrow record batches, one window of keys after the other. Memory use is bounded to the current
 * window and those read ahead. Rows that failed or were not found are null in every column.
 *
 * @param client - a connected client; a blocking client returns a plain iterator
 * @param keys - keys, or a column of user keys `{ namespace, set, ids }`
 * @param schema - bin name -> type of its column
 * @param options - `batchRows`, `ahead`, `keyField`
 * @param policy - overrides the client's `batch` policy for each window
 * @returns the record batches, for `for await`, or `for` with a blocking client
 * @throws InvalidArgError, at once, if an argument is invalid; the error of a window's read, when the loop reaches it
 * @example
 * ```ts
 * const ids = Int32Array.from({ length: 100_000 }, (_, id) => id)
 * for await (const batch of readArrow(client, { namespace: 'test', set: 'users', ids }, { age: 'u8' })) console.log(batch.numRows)
 * ```
 */
export declare function readArrow(
  client: Client,
  keys: KeysLike,
  schema: Schema,
  options?: ReadArrowOptions,
  policy?: ReadArrowPolicy,
): AsyncGenerator<RecordBatch, void, undefined>
export declare function readArrow(
  client: ClientSync,
  keys: KeysLike,
  schema: Schema,
  options?: ReadArrowOptions,
  policy?: ReadArrowPolicy,
): Generator<RecordBatch, void, undefined>

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
export declare function writeArrow(
  client: Client,
  source: ArrowSource,
  options: WriteArrowOptions,
  policy?: BatchWritePolicy,
): Promise<ArrowWritten>
export declare function writeArrow(
  client: ClientSync,
  source: Table | RecordBatch | Iterable<RecordBatch>,
  options: Namespaced & Omit<WriteArrowOptions, 'signal' | 'concurrency' | keyof Namespaced>,
  policy?: BatchWritePolicy,
): ArrowWritten
