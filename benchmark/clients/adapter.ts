/**
 * The interface that the suites use to drive a client. Single commands return the client's own promises, because a
 * wrapper would add to the client's time.
 */

import type { AnyBins, CollectionResult, NumberBins, NumberColumns, Queried, ReadBins } from '../suites/data'
import type { JsClientName } from './names'

/** The server, and limits that apply to every client. */
export interface Target {
  readonly host: string
  readonly port: number
  /** Maximum number of connections. */
  readonly connections: number
  /** Number of operations that the case keeps in flight. */
  readonly inFlight: number
  /** Timeout of an operation in ms. */
  readonly timeoutMs: number
}

/** What a call returns: a promise, or the result itself in a client that blocks. */
export type Pending<T> = Promise<T> | T

export interface Adapter {
  readonly name: JsClientName
  connect(target: Target): Promise<void>
  put(set: string, id: string, bins: AnyBins): Pending<unknown>
  get(set: string, id: string): Pending<{ readonly bins: ReadBins }>
  exists(set: string, id: string): Pending<boolean>
  /** Reads the three highest scores and writes a count, in one request. */
  operate(set: string, id: string, count: number): Pending<{ readonly bins: CollectionResult }>
  /** Reads records and decodes them, including in clients that decode lazily. */
  batchRead(set: string, ids: readonly string[]): Promise<readonly NumberBins[]>
  /** Reads ten strings of each record into columns. Returns their total size in bytes. */
  batchReadWide(set: string, ids: readonly string[]): Promise<number>
  /** Reads an embedding of each record into one array. */
  batchReadEmbeddings(set: string, ids: readonly string[]): Promise<Float32Array>
  /** Writes columns of five numbers. Returns the number of written rows. */
  batchWriteColumns(set: string, ids: readonly string[], columns: NumberColumns): Promise<number>
  batchReadColumns(set: string, ids: readonly string[]): Promise<NumberColumns>
  /** Reads records into an Arrow table. Returns the sum of all numbers. */
  batchReadArrow(set: string, ids: readonly string[]): Promise<number>
  /** Writes records. Returns the number of written records. */
  batchWrite(set: string, ids: readonly string[], bins: readonly NumberBins[]): Promise<number>
  /** Reads a whole set, record by record. */
  queryRecords(set: string): Promise<Queried>
  /** Reads a whole set of `rows` records into columns, in chunks if the client supports that. */
  queryColumns(set: string, rows: number): Promise<Queried>
  close(): Promise<void>
}
