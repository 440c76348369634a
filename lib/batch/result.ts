/**
 * Results of batches: rows in the order of the request, decoded lazily, on first access.
 */

import type { Context } from '../boundary/context'
import type { Reply } from '../boundary/reply'
import { RowForm as Form, RowKind } from '../catalog/formats'
import { addAliases } from '../common/add-aliases'
import { AerospikeError, clientError, failureOfCode, toError, unreadAnswer } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { BATCH_RECORDS_ALIASES, type BatchRecordsAliases } from '../common/member-aliases'
import { startAtCaller } from '../common/stacks'
import { Key, type KeyLike, type UserKey, userKeyName } from '../values/key'
import { AerospikeRecord, type Bins, readMeta, readRecord, type Shapes, unreadRow } from '../values/record'
import type { ReadValue } from '../values/value'
import { readFailure } from '../wire/failure'
import { Reader } from '../wire/wire'
import { type BatchRequest, kindWrites } from './rows'

/** The result of one row of a batch. */
export interface BatchRow<B = Bins> {
  /** Position of the row in the request, from 0. */
  readonly index: number
  /** Key of the row in the request. */
  readonly key: Key
  /**
   * The record that was read, or the results of the operations. For a row that only writes: generation and TTL without
   * bins. Null if the row failed, or if it deleted its record.
   */
  readonly record: AerospikeRecord<B> | null
  /** What the function returned, for a row that calls one; otherwise undefined. */
  readonly result: ReadValue | undefined
  /**
   * 0; or the server's result code (2: not found); or a client code below 0, such as -1 if the answer cannot be
   * decoded.
   */
  readonly resultCode: number
  /** Why the row failed, or null. If a function failed, the message is its own. */
  readonly error: AerospikeError | null
  /**
   * True if the row is a write that failed but may have been applied, or that was applied but whose answer cannot be
   * decoded. Always false for reads.
   */
  readonly inDoubt: boolean
  /** Name of the node on which the row failed; undefined if the row did not fail or was not sent. */
  readonly node: string | undefined
  /** Address of that node, as `host:port`; undefined under the same conditions. */
  readonly address: string | undefined
}

class Row implements BatchRow {
  constructor(
    readonly index: number,
    readonly key: Key,
    readonly record: AerospikeRecord | null,
    readonly result: ReadValue | undefined,
    readonly resultCode: number,
    readonly error: AerospikeError | null,
    readonly inDoubt: boolean,
    readonly node: string | undefined,
    readonly address: string | undefined,
  ) {}
}

jsonAs(Row, ({ index, key, record, result, resultCode, error, inDoubt }) => {
  const returned = result === undefined ? {} : { result }
  return { index, key, record, ...returned, resultCode, error, inDoubt }
})

/** The parts of a row that say something. */
function shownOf({ index, key, record, result, error, inDoubt }: BatchRow<unknown>): { [name: string]: unknown } {
  if (error !== null) return { index, key, error: String(error), ...(inDoubt ? { inDoubt } : {}) }
  if (result !== undefined) return { index, key, result }
  return record === null ? { index, key, record } : { index, key, bins: record.bins, gen: record.gen, ttl: record.ttl }
}

printAs(Row, 'BatchRow', shownOf)

const BYTES = 4

/** The number of rows that `console.log` prints. */
const PRINTED_ROWS = 10

/** The bin in which servers return the result of a function. */
const SUCCESS = 'SUCCESS'

/** Decodes one row, starting at its form. @internal */
export function readRow(
  reader: Reader,
  request: BatchRequest,
  index: number,
  resultCode: number,
  shapes: Shapes,
  context: Context,
): BatchRow {
  const key = request.keys[index] as Key
  const form = reader.u8()
  if (form === Form.FAILURE) {
    const error = toError(readFailure(reader), request.name, key)
    const { inDoubt, node, address } = error
    return new Row(index, key, null, undefined, resultCode, error, inDoubt, node, address)
  }
  let record: AerospikeRecord | null = null
  let result: ReadValue | undefined
  if (form === Form.RECORD) {
    try {
      record = readRecord(reader, key, shapes, context)
    } catch (cause) {
      return unreadAnswerOf(request, index, key, unreadRow(cause, key))
    }
  } else if (form === Form.META) {
    const { gen, ttl } = readMeta(reader)
    record = new AerospikeRecord(key, {}, gen, ttl)
  }
  if (request.kinds[index] === RowKind.APPLY) result = record?.bins[SUCCESS] ?? null
  return new Row(index, key, record, result, resultCode, null, false, undefined, undefined)
}

/** The row for an answer that arrived but cannot be decoded. */
function unreadAnswerOf(request: BatchRequest, index: number, key: Key, cause: AerospikeError): BatchRow {
  const writes = kindWrites(request.kinds[index] as number)
  const error = writes ? unreadAnswer(cause) : cause
  const { resultCode } = error
  return new Row(index, key, null, undefined, resultCode, error, writes, undefined, undefined)
}

/**
 * The results of a batch: an iterable of rows, in the order of the request. A row is decoded on first access.
 *
 * @example
 * ```ts
 * const rows = await client.batchRead([['test', 'users', 'ada'], ['test', 'users', 'bob']])
 * for (const { key, record, error } of rows) console.log(String(key), record?.bins, error?.code)
 * ```
 */
export class BatchRecords<B = Bins> implements Iterable<BatchRow<B>> {
  readonly #request: BatchRequest
  readonly #keys: readonly Key[]
  readonly #body: Buffer
  /** One reader for all rows: creating one costs as much as decoding a small row. */
  readonly #reader: Reader
  readonly #data: number
  readonly #shapes: Shapes
  readonly #context: Context
  readonly #rows: (BatchRow<B> | undefined)[]
  #check: ((record: AerospikeRecord<B>) => AerospikeRecord<B>) | undefined
  #index: Map<string, number> | undefined
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  declare readonly toJSON: () => unknown

  private constructor(reply: Reply, request: BatchRequest) {
    const { keys } = request
    this.#request = request
    this.#keys = keys
    this.#body = reply.rest()
    this.#reader = new Reader(this.#body)
    this.#data = BYTES + keys.length * 2 * BYTES
    this.#shapes = reply.shapes
    this.#context = reply.context
    this.#rows = new Array<BatchRow<B> | undefined>(keys.length)
  }

  /** @internal */
  static read(reply: Reply, request: BatchRequest): BatchRecords {
    return new BatchRecords(reply, request)
  }

  /**
   * Replaces each record by what the function returns. If it throws an AerospikeError, the row fails with it.
   * @internal
   */
  checkRecords(check: (record: AerospikeRecord<B>) => AerospikeRecord<B>): this {
    this.#check = check
    return this
  }

  /** Number of rows in the request. */
  get length(): number {
    return this.#keys.length
  }

  /**
   * Returns the result code of a row without decoding it: 0, the server's code, or a client code below 0.
   *
   * @param row - position of the row, from 0
   */
  resultCode(row: number): number {
    return this.#body.readInt32LE(BYTES + (this.#keys.length + row) * BYTES)
  }

  /** Whether the row failed. A missing record of a read or a delete is not a failure. */
  #failed(row: number): boolean {
    const code = this.resultCode(row)
    if (code === 0) return this.#unread(row)
    if (code !== 2) return true
    const kind = this.#request.kinds[row] as number
    return kindWrites(kind) && kind !== RowKind.REMOVE
  }

  /** Whether the row's answer arrived but cannot be decoded. */
  #unread(row: number): boolean {
    if (this.#body[this.#dataAt(row)] !== Form.RECORD) return false
    return (this.at(row) as BatchRow<B>).error !== null
  }

  #dataAt(row: number): number {
    return this.#data + this.#body.readUInt32LE(BYTES + row * BYTES)
  }

  /** True if no row failed. A missing record of a read or a delete is not a failure. */
  get ok(): boolean {
    for (let row = 0; row < this.length; row++) if (this.#failed(row)) return false
    return true
  }

  /** Number of successful rows: records that were found and can be decoded, written or deleted. */
  get succeeded(): number {
    let succeeded = 0
    for (let row = 0; row < this.length; row++) if (this.resultCode(row) === 0 && !this.#unread(row)) succeeded++
    return succeeded
  }

  /**
   * Returns a row by its position.
   *
   * @param row - position, from 0
   * @returns the row, or undefined if the position is out of range
   */
  at(row: number): BatchRow<B> | undefined {
    if (!Number.isInteger(row) || row < 0 || row >= this.length) return undefined
    this.#rows[row] ??= this.#decode(row)
    return this.#rows[row]
  }

  #decode(row: number): BatchRow<B> {
    const reader = this.#reader
    reader.at = this.#dataAt(row)
    const code = this.resultCode(row)
    const read = readRow(reader, this.#request, row, code, this.#shapes, this.#context)
    if (read.error !== null) Error.captureStackTrace(read.error, this.at)
    return this.#checked(read as BatchRow<unknown> as BatchRow<B>)
  }

  #checked(row: BatchRow<B>): BatchRow<B> {
    if (this.#check === undefined || row.record === null) return row
    try {
      return { ...row, record: this.#check(row.record) }
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error
      return { ...row, record: null, resultCode: error.resultCode, error }
    }
  }

  /**
   * Returns a row by key.
   *
   * @param key - a key, or a user key alone
   * @returns the row, or undefined if there is none; for a user key, the first row that has it
   */
  get(key: KeyLike | UserKey): BatchRow<B> | undefined {
    this.#index ??= this.#makeIndex()
    const row = this.#index.get(indexName(key, this.#context.namespace))
    return row === undefined ? undefined : this.at(row)
  }

  #makeIndex(): Map<string, number> {
    const index = new Map<string, number>()
    for (let row = this.length - 1; row >= 0; row--) {
      const key = this.#keys[row] as Key
      index.set(digestName(key), row)
      if (key.userKey !== undefined) index.set(userKeyName(key.userKey), row)
    }
    return index
  }

  /** Iterates over the rows in the order of the request. */
  *[Symbol.iterator](): Generator<BatchRow<B>, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.at(row) as BatchRow<B>
  }

  /** Returns the rows as an array, in the order of the request. */
  toArray(): BatchRow<B>[] {
    return [...this]
  }

  /**
   * Calls a function with each row, in order.
   *
   * @param convert - the function; its arguments are the row and its position
   * @returns what the function returned, in order
   * @example
   * ```ts
   * const names = rows.map(row => row.record?.bins.name ?? 'unknown')
   * ```
   */
  map<T>(convert: (row: BatchRow<B>, index: number) => T): T[] {
    return Array.from(this, convert)
  }

  /**
   * Returns the rows for which a function returns true.
   *
   * @param choose - the function; its arguments are the row and its position
   * @returns the chosen rows, in order
   */
  filter(choose: (row: BatchRow<B>, index: number) => boolean): BatchRow<B>[] {
    return this.toArray().filter(choose)
  }

  /**
   * Returns the first row for which a function returns true. Rows after it are not decoded.
   *
   * @param choose - the function; its arguments are the row and its position
   * @returns the row, or undefined if there is none
   */
  find(choose: (row: BatchRow<B>, index: number) => boolean): BatchRow<B> | undefined {
    for (const row of this) if (choose(row, row.index)) return row
    return undefined
  }

  /** The records that were found, in the order of the request. Failed and missing rows are left out. */
  get records(): AerospikeRecord<B>[] {
    return this.toArray().flatMap(({ record }) => (record === null ? [] : [record]))
  }

  /** The errors of the failed rows, in order; `error.key` is the row's key. A missing record of a read or a delete is not a failure. */
  get errors(): AerospikeError[] {
    const failed = Array.from({ length: this.length }, (_, row) => row).filter(row => this.#failed(row))
    return failed.flatMap(row => this.at(row)?.error ?? [])
  }

  /** The records that were found, with their names; throws if two different records have the same name. */
  *#named(doing: string, nameOf: (key: Key) => string): Generator<readonly [string, Key, AerospikeRecord<B>]> {
    const keys = new Map<string, Key>()
    for (const { key, record } of this) {
      if (record === null) continue
      const name = nameOf(key)
      const other = keys.get(name)
      if (other !== undefined && digestName(other) !== digestName(key)) {
        throw clientError(`${doing}: the records ${other} and ${key} have the same name, so one of them would be lost`)
      }
      keys.set(name, key)
      yield [name, key, record]
    }
  }

  /**
   * Returns the records that were found, by user key. Failed rows are left out; see `ok` and `throwIfFailed`.
   *
   * @throws ClientError if two records of different sets or namespaces have the same user key
   */
  toMap(): Map<UserKey, AerospikeRecord<B>> {
    const map = new Map<UserKey, AerospikeRecord<B>>()
    const nameOf = (key: Key): string => (key.userKey === undefined ? digestName(key) : userKeyName(key.userKey))
    for (const [, key, record] of this.#named('toMap', nameOf)) map.set(key.userKey ?? key.digest, record)
    return map
  }

  /**
   * Returns the records that were found, by user key as text; bytes become hexadecimal text. Failed rows are left out.
   *
   * @throws ClientError if the user keys of two records have the same text, such as `1` and `'1'`
   */
  toObject(): { [userKey: string]: AerospikeRecord<B> } {
    const nameOf = (key: Key): string => {
      const name = key.userKey ?? key.digest
      return typeof name === 'object' ? Buffer.from(name).toString('hex') : String(name)
    }
    return Object.fromEntries([...this.#named('toObject', nameOf)].map(([name, , record]) => [name, record]))
  }

  /**
   * Throws the error of the first failed row, if there is one. A missing record of a read or a delete is not a failure.
   *
   * @returns these rows
   * @throws the error of the first failed row
   */
  throwIfFailed(): this {
    for (let row = 0; row < this.length; row++) {
      if (!this.#failed(row)) continue
      const error = this.at(row)?.error ?? toError(failureOfCode(this.resultCode(row)), this.#request.name)
      startAtCaller(error, this.throwIfFailed)
      throw error
    }
    return this
  }
}

jsonAs(BatchRecords, rows => rows.toArray())
printAs(
  BatchRecords,
  rows => `BatchRecords(${rows.length})`,
  rows => {
    const shown = Array.from({ length: Math.min(rows.length, PRINTED_ROWS) }, (_, row) =>
      shownOf(rows.at(row) as BatchRow),
    )
    const more = rows.length - shown.length
    return more > 0 ? [...shown, `... ${more} more rows`] : shown
  },
)
export interface BatchRecords<B = Bins> extends BatchRecordsAliases<BatchRecords<B>> {}
addAliases(BatchRecords, BATCH_RECORDS_ALIASES)

function digestName(key: Key): string {
  return `d${key.namespace}/${key.digestText}`
}

function indexName(key: KeyLike | UserKey, namespace: string): string {
  if (key instanceof Key || Array.isArray(key)) return digestName(Key.from(key as KeyLike, namespace))
  return userKeyName(key as UserKey)
}
