/**
 * The records of the benchmark. Keep this file in step with `rust/src/data.rs`: both must agree on every value.
 */

export const NAMESPACE = 'test'
/** Records for single reads. */
export const GET_SET = 'bench-get'
/** Records for single writes. */
export const PUT_SET = 'bench-put'
/** Records of other shapes: `<prefix>-<shape>`; `-put` is appended for those that are written. */
export const SHAPE_SET = 'bench-shape'
/** Records with a list and a map, for operations. */
export const OPERATE_SET = 'bench-operate'
/** Records with five numbers, for batch reads. */
export const BATCH_SET = 'bench-batch'
/** Records with five numbers, for batch writes. */
export const BATCH_PUT_SET = 'bench-batch-put'
/** Records with ten strings, for wide reads. */
export const WIDE_SET = 'bench-wide'
/** Records with one embedding. */
export const EMBEDDING_SET = 'bench-embedding'
/** The set of `rows` records with four bins, for queries. */
export const querySet = (rows: number): string => `bench-query-${rows}`
/** Numbers of records that queries read. */
export const QUERY_ROWS: readonly number[] = [100_000, 1_000_000]
export const SETS: readonly string[] = [
  GET_SET,
  PUT_SET,
  OPERATE_SET,
  BATCH_SET,
  BATCH_PUT_SET,
  WIDE_SET,
  EMBEDDING_SET,
  ...QUERY_ROWS.map(querySet),
]
/** Number of records per set. */
export const RECORDS = 10_000
/** Step between the rows of a batch: coprime to RECORDS, so that no batch contains a key twice. */
const STRIDE = 7919

/** The bins of a single record. A type alias, because an interface is not assignable to `{ [bin: string]: Value }`. */
export type UserBins = {
  name: string
  visits: number
  score: number
}

/** The bins that reads check. Every shape of record has `visits`. */
export type ReadBins = {
  visits: number
  name?: string
  score?: number
}

/** Bins of any kind, as all clients can write them. */
export type AnyBins = { [bin: string]: BinValue }
export type BinValue =
  | string
  | number
  | boolean
  | Buffer
  | Float32Array
  | readonly BinValue[]
  | { [name: string]: BinValue }

/**
 * The bins of a batch row. No double is a whole number, because clients would need special handling to write it as a
 * double.
 */
export type NumberBins = {
  a: number
  b: number
  c: number
  d: number
  e: number
}

/** Bins of a wide record, and the size of each string in bytes. */
export const WIDE_BINS: readonly string[] = Array.from({ length: 10 }, (_, bin) => `s${bin}`)
export const WIDE_BYTES = 100
/** Number of elements of an embedding. */
export const WIDTH = 384

export function wideBins(index: number): { [bin: string]: string } {
  return Object.fromEntries(WIDE_BINS.map(bin => [bin, `${bin} ${index} `.padEnd(WIDE_BYTES, '.')]))
}

export function embedding(index: number): Float32Array {
  return Float32Array.from({ length: WIDTH }, (_, element) => index + element / 512)
}

/** Five numbers per record, as columns. */
export interface NumberColumns {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly c: Float64Array
  readonly d: Float64Array
  readonly e: Float32Array
}

export const userId = (index: number): string => `user-${index}`
export const rowId = (index: number): string => `row-${index}`

export function userBins(index: number): UserBins {
  return { name: `user ${index} of the benchmark`, visits: index, score: index + 0.5 }
}

export function numberBins(index: number): NumberBins {
  return { a: index, b: 0 - index * 3, c: index + 0.5, d: index * 0.25 + 0.125, e: (index % 1000) + 0.5 }
}

/** The bins of a record for operations: a list of ten scores and a map of five counts. */
export type CollectionBins = {
  scores: number[]
  counts: { [name: string]: number }
}

/**
 * The result of operations on such a record: the three highest scores, and the number of counts after writing one
 * more.
 */
export type CollectionResult = {
  scores: number[]
  counts: number
}

export function collectionBins(index: number): CollectionBins {
  return {
    scores: Array.from({ length: 10 }, (_, place) => (index + place * 7) % 10),
    counts: { a: index, b: 1, c: 2, d: 3, e: 4 },
  }
}

export function sumOfRow(row: NumberBins): number {
  return row.a + row.b + row.c + row.d + row.e
}

export function sumOfColumns({ a, b, c, d, e }: NumberColumns): number {
  let sum = 0
  for (let row = 0; row < a.length; row++) sum += a[row]! + b[row]! + c[row]! + d[row]! + e[row]!
  return sum
}

/** The bins of a record for queries. */
export type QueryBins = {
  n: number
  x: number
  k: number
  s: string
}

export function queryBins(index: number): QueryBins {
  return { n: index, x: index + 0.5, k: index % 100, s: `record ${index}` }
}

/** The sum of the numbers of `rows` such records. It is exact, because it is below 2^53. */
export function querySum(rows: number): number {
  let sum = 0
  for (let index = 0; index < rows; index++) sum += index + index + 0.5 + (index % 100)
  return sum
}

/** The result of a query. */
export interface Queried {
  readonly rows: number
  /** The sum of all numbers. */
  readonly sum: number
  /** `performance.now()` when the first record or the first chunk of columns arrived. */
  readonly firstAt: number
}

/** The same pseudo-random sequence of indexes for every client, and a different one for each loop. */
export function randomIndexes(loop: number): () => number {
  let state = Math.imul(loop + 1, 2_654_435_761) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % RECORDS
  }
}

/** The numbers of a batch as columns. */
export function columnsOf(indexes: readonly number[]): NumberColumns {
  const rows = indexes.map(numberBins)
  return {
    a: Int32Array.from(rows, row => row.a),
    b: Int32Array.from(rows, row => row.b),
    c: Float64Array.from(rows, row => row.c),
    d: Float64Array.from(rows, row => row.d),
    e: Float32Array.from(rows, row => row.e),
  }
}

/** A batch, and the sum of all its numbers. */
export interface Batch {
  readonly ids: readonly string[]
  readonly indexes: readonly number[]
  /** The bins of each row. */
  readonly bins: readonly NumberBins[]
  readonly sum: number
}

/** Creates `count` batches of `rows` rows, before the measurement starts. */
export function batches(rows: number, count: number): Batch[] {
  const next = randomIndexes(0)
  return Array.from({ length: count }, () => {
    const start = next()
    const indexes = Array.from({ length: rows }, (_, row) => (start + row * STRIDE) % RECORDS)
    const bins = indexes.map(numberBins)
    return { ids: indexes.map(rowId), indexes, bins, sum: bins.reduce((sum, row) => sum + sumOfRow(row), 0) }
  })
}
