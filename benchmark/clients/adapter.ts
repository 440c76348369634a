/**
 * What the suites ask of a client. The promises of single commands are the client's own, not wrapped: a layer of ours
 * would count as the client's time.
 */
import type { CollectionBins, CollectionResult, NumberBins, NumberColumns, Queried, UserBins } from '../suites/data'

/** The server, and limits that hold for every client. */
export interface Target {
  readonly host: string
  readonly port: number
  /** Connections at most. */
  readonly connections: number
  /** Operations that the case keeps in flight. */
  readonly inFlight: number
  /** Whether single calls may share batches. */
  readonly gathers: boolean
  /** ms that an operation may take. */
  readonly timeoutMs: number
}

export interface Adapter {
  connect(target: Target): Promise<void>
  put(set: string, id: string, bins: UserBins | NumberBins | CollectionBins): Promise<unknown>
  get(set: string, id: string): Promise<{ readonly bins: UserBins }>
  /** Reads the three highest scores and writes a count, in one request. */
  operate(set: string, id: string, count: number): Promise<{ readonly bins: CollectionResult }>
  /** Reads records, decoded: a client that decodes when asked to is asked to. */
  batchRead(set: string, ids: readonly string[]): Promise<readonly NumberBins[]>
  /** Reads ten strings of each record into columns. Gives how many bytes they are in all. */
  batchReadWide(set: string, ids: readonly string[]): Promise<number>
  /** Reads an embedding of each record into one array. */
  batchReadEmbeddings(set: string, ids: readonly string[]): Promise<Float32Array>
  /** Writes columns of five numbers. Gives how many rows were written. */
  batchWriteColumns(set: string, ids: readonly string[], columns: NumberColumns): Promise<number>
  batchReadColumns(set: string, ids: readonly string[]): Promise<NumberColumns>
  /** Writes records; gives how many were written. */
  batchWrite(set: string, ids: readonly string[], bins: readonly NumberBins[]): Promise<number>
  /** Reads a whole set, record by record. */
  queryRecords(set: string): Promise<Queried>
  /** Reads a whole set of so many records into columns, chunk by chunk where the client has chunks. */
  queryColumns(set: string, rows: number): Promise<Queried>
  close(): Promise<void>
}
