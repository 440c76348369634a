/**
 * The interface that the suites use to drive a client. Single commands return the client's own promises, because a
 * wrapper would add to the client's time.
 */
import type { CollectionBins, CollectionResult, NumberBins, NumberColumns, Queried, UserBins } from '../suites/data'

/** The server, and limits that apply to every client. */
export interface Target {
  readonly host: string
  readonly port: number
  /** Maximum number of connections. */
  readonly connections: number
  /** Number of operations that the case keeps in flight. */
  readonly inFlight: number
  /** Whether the client may combine single calls into batches. */
  readonly gathers: boolean
  /** Timeout of an operation in ms. */
  readonly timeoutMs: number
}

export interface Adapter {
  connect(target: Target): Promise<void>
  put(set: string, id: string, bins: UserBins | NumberBins | CollectionBins): Promise<unknown>
  get(set: string, id: string): Promise<{ readonly bins: UserBins }>
  /** Reads the three highest scores and writes a count, in one request. */
  operate(set: string, id: string, count: number): Promise<{ readonly bins: CollectionResult }>
  /** Reads records and decodes them, including in clients that decode lazily. */
  batchRead(set: string, ids: readonly string[]): Promise<readonly NumberBins[]>
  /** Reads ten strings of each record into columns. Returns their total size in bytes. */
  batchReadWide(set: string, ids: readonly string[]): Promise<number>
  /** Reads an embedding of each record into one array. */
  batchReadEmbeddings(set: string, ids: readonly string[]): Promise<Float32Array>
  /** Writes columns of five numbers. Returns the number of written rows. */
  batchWriteColumns(set: string, ids: readonly string[], columns: NumberColumns): Promise<number>
  batchReadColumns(set: string, ids: readonly string[]): Promise<NumberColumns>
  /** Writes records. Returns the number of written records. */
  batchWrite(set: string, ids: readonly string[], bins: readonly NumberBins[]): Promise<number>
  /** Reads a whole set, record by record. */
  queryRecords(set: string): Promise<Queried>
  /** Reads a whole set of `rows` records into columns, in chunks if the client supports that. */
  queryColumns(set: string, rows: number): Promise<Queried>
  close(): Promise<void>
}
