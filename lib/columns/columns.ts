/**
 * Columns: many records read into typed arrays that are views of one buffer, without an object for each row.
 */

import { types } from 'node:util'
import type { Reply } from '../boundary/reply'
import { ColumnLayout as Kind } from '../catalog/formats'
import { bytesOf, checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import {
  type AerospikeError,
  clientError,
  type Failure,
  failureOfCode,
  invalidArgument,
  toError,
} from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { setOwn } from '../common/objects'
import type { Key, UserKey } from '../values/key'
import { KeyList, keysOf, type RowKeys, readKeysLayout } from './keys'
import { type ColumnsLayout, checkLayout, readLayout, type Told, viewsOf } from './memory'
import { type ColumnOf, type ColumnSchema, parseType, type RowOf, type Schema } from './schema'
import { BinaryColumn, DictionaryColumn, Utf8Column } from './varying'

/** Validity bitmap of a column: bit i (least significant first) is 1 if row i has a value. */
export type Validity = Uint8Array

/** Columns in a form that can be posted to another thread. */
export interface ColumnsMessage {
  /** The memory of the columns. */
  readonly buffer: ArrayBuffer
  /** Layout of the memory. */
  readonly layout: ColumnsLayout
}

type Cell = (row: number) => unknown

/** Returns a function that reads one row's value from a column. */
function cellReader({ kind, element, width }: ColumnSchema, column: unknown): Cell {
  if (column instanceof Utf8Column || column instanceof BinaryColumn || column instanceof DictionaryColumn) {
    return row => column.get(row)
  }
  const array = column as Int32Array
  if (kind === Kind.BYTES) {
    return row => Buffer.from(array.buffer, array.byteOffset + row * width, width)
  }
  if (kind === Kind.ARRAY) return row => array.subarray(row * width, (row + 1) * width)
  return element === 'bool' ? row => array[row] === 1 : row => array[row]
}

/**
 * The result of `batchReadColumns`, and a chunk of a query's `columns`: a column for each bin of the schema, and a row
 * for each key of the request, or for each record that the query found.
 *
 * @example
 * ```ts
 * const rows = await client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
 * let total = 0
 * for (let row = 0; row < rows.length; row++) if (rows.isValid('age', row)) total += rows.columns.age[row] ?? 0
 * console.log(total, rows.columns.name.get(0))
 * ```
 */
export class Columns<S extends Schema = Schema> implements Iterable<RowOf<S> | null> {
  readonly #keys: RowKeys
  readonly #told: Told
  readonly #doing: string
  #failures: Map<number, Failure> | undefined
  #cells: [name: string, read: Cell, validity: Validity][] | undefined

  /** The schema of the request. */
  readonly schema: S
  /** The memory that all arrays here are views of. */
  readonly buffer: Buffer
  /** The columns by bin name. A row without a value holds zeros (an empty string, no bytes), or the schema's `fill`. */
  readonly columns: { readonly [K in keyof S]: ColumnOf<S[K]> }
  /** Validity bitmaps by bin name: which rows have a value. */
  readonly validity: { readonly [K in keyof S]: Validity }
  /** Number of rows without a value, by bin name. */
  readonly nullCounts: { readonly [K in keyof S]: number }
  /** For each row: 0, the server's result code (2: not found), or a client code below 0. */
  readonly resultCodes: Int32Array
  /** Generation of each row. */
  readonly gen: Uint32Array
  /** Seconds until each row's record expires; 0xFFFFFFFF: never. */
  readonly ttl: Uint32Array
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  declare readonly toJSON: () => unknown

  private constructor(told: Told, buffer: Buffer, keys: RowKeys, doing: string) {
    const views = viewsOf(told, buffer)
    this.#keys = keys
    this.#told = told
    this.#doing = doing
    this.schema = told.schema as S
    this.buffer = buffer
    this.columns = views.columns as Columns<S>['columns']
    this.validity = views.validity as Columns<S>['validity']
    this.nullCounts = views.nullCounts as Columns<S>['nullCounts']
    this.resultCodes = views.codes
    this.gen = views.gen
    this.ttl = views.ttl
  }

  /** @internal */
  static read(reply: Reply, keys: RowKeys | readonly Key[], schema: readonly ColumnSchema[]): Columns {
    const buffer = reply.take(reply.reader.u32())
    const told = readLayout(reply.reader, schema)
    const list = Array.isArray(keys) ? new KeyList(keys) : (keys as RowKeys)
    return new Columns(told, buffer, list, 'batchReadColumns')
  }

  /** Rows of a query, with their keys. @internal */
  static readQueried(reply: Reply, namespace: string, schema: readonly ColumnSchema[]): Columns {
    const buffer = reply.take(reply.reader.u32())
    const told = readLayout(reply.reader, schema, reader => readKeysLayout(reader, namespace))
    const keys = keysOf(told.keys as ColumnsLayout['keys'], told.rows, buffer.buffer, buffer.byteOffset)
    return new Columns(told, buffer, keys, 'query')
  }

  /** Columns without rows. @internal */
  static empty(schema: Schema): Columns {
    const places = Object.keys(schema).map(() => NOWHERE)
    const told = { rows: 0, schema, places, codes: 0, gen: 0, ttl: 0, doubts: 0, failures: [], keys: undefined }
    // The offsets of variable-width columns have one entry more than there are rows.
    return new Columns(told, Buffer.from(new ArrayBuffer(8)), new KeyList([]), 'query')
  }

  /**
   * Creates columns over existing memory: the counterpart of `layout` and `buffer`, and of `toMessage()`. The memory is
   * not copied.
   *
   * @param message - the memory, an ArrayBuffer or a view that starts at a multiple of 8 bytes, and its layout
   * @throws InvalidArgError if the memory does not match the layout
   */
  static from<S extends Schema = Schema>(message: {
    readonly buffer: ArrayBuffer | Uint8Array
    readonly layout: ColumnsLayout
  }): Columns<S> {
    const { buffer: given, layout: told } = (message ?? {}) as { buffer?: unknown; layout?: unknown }
    const layout = checkLayout(told)
    let buffer: Buffer
    if (types.isUint8Array(given)) {
      checkBytes(given, 'buffer')
      if (given.byteOffset % 8 !== 0) throw invalidArgument('buffer: the view does not begin at a multiple of 8 bytes')
      buffer = Buffer.from(given.buffer as ArrayBuffer, given.byteOffset, given.byteLength)
    } else if (types.isArrayBuffer(given)) {
      const { buffer: memory, byteOffset, length } = bytesOf(given, 'buffer')
      buffer = Buffer.from(memory as ArrayBuffer, byteOffset, length)
    } else throw invalidArgument(`buffer: an ArrayBuffer is needed, not ${describe(given)}`)
    try {
      const keys = keysOf(layout.keys, layout.rows, buffer.buffer, buffer.byteOffset)
      const doing = layout.keys.kind === 'rows' ? 'query' : 'batchReadColumns'
      return new Columns(layout, buffer, keys, doing) as Columns<Schema> as Columns<S>
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw invalidArgument(`buffer: ${buffer.length} bytes do not match the layout`)
    }
  }

  /** Layout of the memory: plain data, to post to another thread together with `buffer`. */
  get layout(): ColumnsLayout {
    return { ...this.#told, keys: this.#told.keys ?? this.#keys.layout() }
  }

  /**
   * Returns the memory and its layout, to post to another thread: `port.postMessage(message, [message.buffer])`; the
   * other thread calls `Columns.from(message)`. Memory that the native side owns cannot leave its thread and is copied
   * once. Other memory is transferred as it is; the views here are empty after it was posted.
   */
  toMessage(): ColumnsMessage {
    const { buffer, byteOffset, length } = this.buffer
    const whole = byteOffset === 0 && length === buffer.byteLength
    const own = whole && length < EXTERNAL_BYTES && types.isArrayBuffer(buffer)
    return {
      buffer: own ? buffer : (buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer),
      layout: this.layout,
    }
  }

  /** Number of rows: one for each key, in the order of the keys; for a query, one for each record. */
  get length(): number {
    return this.#told.rows
  }

  /**
   * Returns the key of a row, or undefined if the row is out of range. A query's key has a user key only if the server
   * stores it.
   *
   * @param row - position of the row, from 0
   */
  key(row: number): Key | undefined {
    return this.#keys.at(row)
  }

  /** Digests of a query's rows, 20 bytes each; undefined if the request had keys. */
  get digests(): Buffer | undefined {
    return this.#keys.digests
  }

  /**
   * Returns whether a row has a value in a column.
   *
   * @param bin - name of the bin
   * @param row - position of the row, from 0
   */
  isValid(bin: keyof S & string, row: number): boolean {
    const bits = this.validity[bin]
    return bits !== undefined && ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  /**
   * Returns why a row failed, or null.
   *
   * @param row - position of the row, from 0
   */
  error(row: number): AerospikeError | null {
    const code = this.resultCodes[row]
    if (code === undefined || code === 0) return null
    this.#failures ??= new Map(this.#told.failures)
    return toError(this.#failures.get(row) ?? failureOfCode(code), this.#doing, this.#keys.at(row))
  }

  /**
   * Returns the first row with this user key, or -1.
   *
   * @param userKey - the user key
   */
  indexOf(userKey: UserKey): number {
    return this.#keys.indexOf(userKey)
  }

  /**
   * Returns a row as an object: bin name -> value, null for a bin without a value. Bytes and sub-arrays are views.
   *
   * @param row - position of the row, from 0
   * @returns the row; null if it was not found, failed, or is out of range
   */
  row(row: number): RowOf<S> | null {
    if (this.resultCodes[row] !== 0) return null
    this.#cells ??= Object.keys(this.schema).map(name => {
      const read = cellReader(parseType(name, this.schema[name]), this.columns[name])
      return [name, read, this.validity[name] ?? new Uint8Array(0)]
    })
    const made: { [bin: string]: unknown } = {}
    const [byte, bit] = [row >> 3, 1 << (row & 7)]
    for (const [name, read, validity] of this.#cells) {
      setOwn(made, name, ((validity[byte] ?? 0) & bit) === 0 ? null : read(row))
    }
    return made as RowOf<S>
  }

  /**
   * Returns the first row with this user key, as an object like that of `row()`.
   *
   * @param userKey - the user key
   * @returns the row; null if it was not found or failed; undefined if no row has this user key
   * @throws ClientError if the rows are those of a query, and the servers returned no user keys. They return only those
   *   of records that were written with `key: 'send'`.
   */
  get(userKey: UserKey): RowOf<S> | null | undefined {
    const row = this.indexOf(userKey)
    if (row >= 0) return this.row(row)
    if (this.length > 0 && this.digests !== undefined && this.key(0)?.userKey === undefined) {
      throw clientError("get: the servers returned no user keys; they store only those written with key: 'send'")
    }
    return undefined
  }

  /**
   * Returns all rows as objects, in order; null for a row that was not found or failed. `rows.toObjects()` is
   * convenient for few rows; reading `columns` directly is faster for many.
   */
  toObjects(): (RowOf<S> | null)[] {
    return [...this]
  }

  /** Iterates over the rows in order, each as `row()` returns it. */
  *[Symbol.iterator](): Generator<RowOf<S> | null, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.row(row)
  }

  /** Iterates over pairs of key and row, in order. */
  *entries(): Generator<[key: Key, row: RowOf<S> | null], void, undefined> {
    for (let row = 0; row < this.length; row++) yield [this.#keys.at(row) as Key, this.row(row)]
  }

  /** Number of rows that were found. */
  get found(): number {
    let found = 0
    for (const code of this.resultCodes) if (code === 0) found++
    return found
  }
}

jsonAs(Columns, rows => rows.toObjects())
printAs(
  Columns,
  rows => `Columns(${rows.length})`,
  ({ found, schema, nullCounts }) => {
    const columns = Object.entries(schema).map(([name, type]) => {
      const text = typeof type === 'string' ? type : JSON.stringify(type)
      const nulls = nullCounts[name] ?? 0
      return [name, nulls === 0 ? text : `${text}, ${nulls} without a value`]
    })
    return { found, columns: Object.fromEntries(columns) as object }
  },
)

const NOWHERE = { cells: 0, validity: 0, offsets: 0, entries: 0, data: 0, length: 0, nulls: 0 } as const

/** Minimum size of memory that the native side owns; see `crate/src/wire/aligned_buffer.rs`. */
const EXTERNAL_BYTES = 64 << 10
