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
  WrittenRows,
  BatchWritePolicy,
} from './index.js'

/** What goes into the table beside the columns. */
export interface ToArrowOptions {
  /** Name of a first column with the user keys; none by default. */
  keyField?: string
}
/** What a column of user keys can hold. */
export type KeyType = 'utf8' | 'i64' | 'binary'
/**
 * An Arrow table of the columns. It shares their memory: only booleans are copied, into bits. Rows that failed or were not
 * found are null in every column.
 */
export declare function toArrow<S extends Schema>(rows: Columns<S>, options?: ToArrowOptions): Table

/** How many rows a record batch has, and what goes into it beside the columns. */
export interface QueryToArrowOptions {
  /** Rows of a record batch at most, 1 to 1048576. Default 8192. */
  batchRows?: number
  /**
   * Name of a first column with the user keys; none by default. It is null where the server does not store the user key.
   */
  keyField?: string
  /** Type of the user keys: `utf8`, `i64` or `binary`. Default: that of the first one; `utf8` where the first batch has none. */
  keyType?: KeyType
  /** Name of a column with the digests, `FixedSizeBinary[20]`; none by default. */
  digestField?: string
}
/**
 * Runs a query: its rows as Arrow record batches, as they arrive, at the pace of whoever takes them. Leaving the loop in
 * any way ends the query on the servers. Rows with a value that does not fit its column are null in every column. A
 * query that finds nothing gives one batch without rows, so that a table or a file has its schema.
 *
 * ```ts
 * const batches = queryToArrow(client.query('test', 'users'), { age: 'u8', name: 'utf8' })
 * await pipeline(Readable.from(batches), RecordBatchFileWriter.throughNode(), createWriteStream('users.arrow'))
 * ```
 *
 * @param query - a query; one of a blocking client gives a plain iterator
 * @param schema - bin name -> type of its column
 * @throws InvalidArgError at once for what is wrong in the arguments; what the query ends with, in the loop
 */
export declare function queryToArrow(
  query: Query,
  schema: Schema,
  options?: QueryToArrowOptions,
  policy?: QueryColumnsPolicy | null,
): AsyncGenerator<RecordBatch, void, undefined>
export declare function queryToArrow(
  query: QuerySync,
  schema: Schema,
  options?: QueryToArrowOptions,
  policy?: QueryColumnsPolicy | null,
): Generator<RecordBatch, void, undefined>

/** How the keys are cut, and what goes into each record batch beside the columns. */
export interface ReadArrowOptions {
  /** Keys a request, and rows a record batch. Default 8192. */
  batchRows?: number
  /** Windows that are read ahead while one is worked on. Default 1. A blocking client reads none ahead. */
  ahead?: number
  /** Name of a first column with the user keys; none by default. */
  keyField?: string
}
/** How each window is read: every one has memory of its own. */
export type ReadArrowPolicy = Omit<ColumnsPolicy, 'into'>
/**
 * Reads many records as Arrow record batches, one window of keys after the other: the memory in use is that of the windows
 * that are read ahead and the one that is worked on. Rows that failed or were not found are null in every column.
 *
 * @param client - a connected client; a blocking one gives a plain iterator
 * @param keys - keys, or a column of user keys `{ ns, set, ids }`
 * @throws InvalidArgError at once for what is wrong in the arguments; what a window's read ends with, when its turn comes
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

/** What can be written: a table, a record batch, or anything that gives record batches one after the other. */
export type ArrowSource = Table | RecordBatch | Iterable<RecordBatch> | AsyncIterable<RecordBatch>
/** How far the writing is; told after each batch. */
export interface WriteArrowProgress {
  /** Rows that have an outcome. */
  readonly rows: number
  /** Rows that were written. */
  readonly written: number
  /** Rows that failed. */
  readonly failed: number
  /** The place of the batch's first row among all. */
  readonly first: number
  /** The outcome of each of its rows. */
  readonly batch: WrittenRows
}
/** Where and how the rows are written. */
export interface WriteArrowOptions {
  /** Namespace. */
  ns: string
  /** Set; none by default. */
  set?: string | null
  /** The field with the user keys: integers, strings or bytes. Default `_key`. */
  keyField?: string
  /** Rows a batch request at most. Default 2000. */
  batchRows?: number
  /** Batches in flight at most; the source is read no faster. Default 4. A blocking client has one. */
  concurrency?: number
  /** What a null does to its bin. Default `skip`: it stays as it is. `remove`: it is removed. */
  nulls?: 'skip' | 'remove'
  /** Lifetime of the records in seconds; see `WritePolicy.ttl`. */
  ttl?: number
  /** Called after each batch. What it throws ends the writing. */
  progress?: (progress: WriteArrowProgress) => void
  /** Ends the writing: batches in flight are aborted, no further one is sent. */
  signal?: AbortSignal
}
/** What became of the rows. */
export interface ArrowWritten {
  /** Rows that there were. */
  readonly rows: number
  /** Rows that were written. */
  readonly written: number
  /** Rows that failed. */
  readonly failed: number
  /** The first 100 rows that failed, by their places in the whole. */
  readonly failures: readonly FailedRow[]
}
/**
 * Writes Arrow data as records: a row is a record, a field a bin. Fields that begin with `_` are no bins; a `keyField` that
 * does not is one too. Not more than `concurrency` batches of `batchRows` rows are in flight, and the source is read no
 * faster: memory stays bounded whatever the source's size.
 *
 * A row that fails is counted and told; it stops nothing. Writes are not sent again by themselves.
 *
 * @param client - a connected client; a blocking one gives the result itself and takes no signal
 * @throws InvalidArgError before anything is sent: a field of a type that no bin can hold, by its name; a row without a key;
 * an unknown option. Of a source that gives its batches one after the other, each batch is checked before it is sent
 * @throws whatever a whole batch ends with, when no server answered for it; batches in flight are waited for first
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
  options: Omit<WriteArrowOptions, 'signal' | 'concurrency'>,
  policy?: BatchWritePolicy,
): ArrowWritten
