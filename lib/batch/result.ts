/**
 * Results of batches: rows in the order of the request, decoded when they are touched.
 */

import type { Context } from '../boundary/context'
import type { Reply } from '../boundary/reply'
import { type AerospikeError, clientError, codeName, toError, unreadAnswer } from '../common/errors'
import { Key, type KeyLike, type UserKey, userKeyName } from '../values/key'
import { AerospikeRecord, type Bins, readMeta, readRecord, type Shapes, unreadRow } from '../values/record'
import type { ReadValue } from '../values/value'
import { readFailure } from '../wire/failure'
import { Reader } from '../wire/wire'
import { type BatchRequest, kindWrites, RowKind } from './rows'

/** One row of a batch. */
export interface BatchRow<B = Bins> {
  /** Its place in the request. */
  readonly index: number
  /** The key that was asked for. */
  readonly key: Key
  /**
   * What was read, or what the operations answered; of a row that only writes, generation and lifetime without bins. Null
   * when the row failed, and of a row that deleted its record.
   */
  readonly record: AerospikeRecord<B> | null
  /** What the function of a row that calls one returned; undefined for other rows. */
  readonly result: ReadValue | undefined
  /** 0, or the server's result code (2: not found), or the client's own (< 0), such as -1 where the answer cannot be read. */
  readonly resultCode: number
  /** Why the row failed, or null. Of a function that failed, the message is its own. */
  readonly error: AerospikeError | null
  /** A write that failed and may have been applied all the same, or was and its answer cannot be read; never a read. */
  readonly inDoubt: boolean
  /** The node that failed the row, as `host:port`; undefined where it did not fail, or was not sent. */
  readonly node: string | undefined
}

const BYTES = 4

/** The bin in which a server gives what a function returned. */
const SUCCESS = 'SUCCESS'

/** What a row's bytes are; the numbers are those of `crate/src/commands/batch/records.rs`. */
const Form = { RECORD: 0, META: 1, GONE: 2, FAILURE: 3 } as const

/** Reads one row from its form on. @internal */
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
    const { inDoubt, node } = error
    return { index, key, record: null, result: undefined, resultCode, error, inDoubt, node }
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
  return { index, key, record, result, resultCode, error: null, inDoubt: false, node: undefined }
}

/** A row whose answer came and cannot be read. */
function unreadAnswerOf(request: BatchRequest, index: number, key: Key, cause: AerospikeError): BatchRow {
  const writes = kindWrites(request.kinds[index] as number)
  const error = writes ? unreadAnswer(cause) : cause
  const { resultCode } = error
  return { index, key, record: null, result: undefined, resultCode, error, inDoubt: writes, node: undefined }
}

/** The rows of a batch. */
export class BatchRecords<B = Bins> implements Iterable<BatchRow<B>> {
  readonly #request: BatchRequest
  readonly #keys: readonly Key[]
  readonly #body: Buffer
  /** One reader for all rows: to make one costs as much as to read a small row. */
  readonly #reader: Reader
  readonly #data: number
  readonly #shapes: Shapes
  readonly #context: Context
  readonly #rows: (BatchRow<B> | undefined)[]
  #index: Map<string, number> | undefined

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

  /** How many rows were asked for. */
  get length(): number {
    return this.#keys.length
  }

  /** The server's result code of a row, without decoding it. */
  resultCode(row: number): number {
    return this.#body.readInt32LE(BYTES + (this.#keys.length + row) * BYTES)
  }

  /** Whether the row did not do what it was to. A record that is not there to be read or deleted is no failure. */
  #failed(row: number): boolean {
    const code = this.resultCode(row)
    if (code === 0) return this.#unread(row)
    if (code !== 2) return true
    const kind = this.#request.kinds[row] as number
    return kindWrites(kind) && kind !== RowKind.REMOVE
  }

  /** Whether a row's answer came and cannot be read. */
  #unread(row: number): boolean {
    if (this.#body[this.#dataAt(row)] !== Form.RECORD) return false
    return (this.at(row) as BatchRow<B>).error !== null
  }

  #dataAt(row: number): number {
    return this.#data + this.#body.readUInt32LE(BYTES + row * BYTES)
  }

  /** Whether no row failed: a record that is not there to be read or deleted is no failure. */
  get ok(): boolean {
    for (let row = 0; row < this.length; row++) if (this.#failed(row)) return false
    return true
  }

  /** How many rows did what they were to: records that were found and can be read, were written or deleted. */
  get found(): number {
    let found = 0
    for (let row = 0; row < this.length; row++) if (this.resultCode(row) === 0 && !this.#unread(row)) found++
    return found
  }

  /** The row at this place; undefined beyond the end. */
  at(row: number): BatchRow<B> | undefined {
    if (!Number.isInteger(row) || row < 0 || row >= this.length) return undefined
    this.#rows[row] ??= this.#decode(row)
    return this.#rows[row]
  }

  #decode(row: number): BatchRow<B> {
    const reader = this.#reader
    reader.at = this.#dataAt(row)
    const code = this.resultCode(row)
    return readRow(reader, this.#request, row, code, this.#shapes, this.#context) as BatchRow<unknown> as BatchRow<B>
  }

  /** The row of a key; of a user key alone, the first row that has it. */
  get(key: KeyLike | UserKey): BatchRow<B> | undefined {
    this.#index ??= this.#makeIndex()
    const row = this.#index.get(indexName(key))
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

  /** The rows in order. */
  *[Symbol.iterator](): Generator<BatchRow<B>, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.at(row) as BatchRow<B>
  }

  /** The rows as an array. */
  toArray(): BatchRow<B>[] {
    return [...this]
  }

  /** The records that were found, each with what it is called by; refused where two records are called the same. */
  *#named(doing: string, nameOf: (key: Key) => string): Generator<readonly [string, Key, AerospikeRecord<B>]> {
    const keys = new Map<string, Key>()
    for (const { key, record } of this) {
      if (record === null) continue
      const name = nameOf(key)
      const other = keys.get(name)
      if (other !== undefined && digestName(other) !== digestName(key)) {
        throw clientError(`${doing}: the records ${other} and ${key} would have one name, and one would be lost`)
      }
      keys.set(name, key)
      yield [name, key, record]
    }
  }

  /**
   * The records that were found, by user key. Rows that failed are left out: `ok` and `throwIfFailed` tell of them.
   * @throws ClientError where two records of different sets or namespaces have one user key
   */
  toMap(): Map<UserKey, AerospikeRecord<B>> {
    const map = new Map<UserKey, AerospikeRecord<B>>()
    const nameOf = (key: Key): string => (key.userKey === undefined ? digestName(key) : userKeyName(key.userKey))
    for (const [, key, record] of this.#named('toMap', nameOf)) map.set(key.userKey ?? key.digest, record)
    return map
  }

  /**
   * The records that were found, by user key as text.
   * @throws ClientError where the user keys of two records have one text, such as `1` and `'1'`
   */
  toObject(): { [userKey: string]: AerospikeRecord<B> } {
    const nameOf = (key: Key): string => {
      const name = key.userKey ?? key.digest
      return typeof name === 'object' ? Buffer.from(name).toString('hex') : String(name)
    }
    return Object.fromEntries([...this.#named('toObject', nameOf)].map(([name, , record]) => [name, record]))
  }

  /** Throws the error of the first row that failed, as `ok` tells it. */
  throwIfFailed(): this {
    for (let row = 0; row < this.length; row++) {
      if (this.#failed(row)) throw this.at(row)?.error ?? new Error(codeName(this.resultCode(row)))
    }
    return this
  }
}

function digestName(key: Key): string {
  return `d${key.namespace}/${key.digestText}`
}

function indexName(key: KeyLike | UserKey): string {
  if (key instanceof Key || Array.isArray(key)) return digestName(Key.from(key as KeyLike))
  return userKeyName(key as UserKey)
}
