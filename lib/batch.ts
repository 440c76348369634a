/**
 * Results of batches: rows in the order of the keys, decoded when they are touched.
 */
import type { Context, Reply } from './completion'
import { type AerospikeError, codeName, readFailure, toError } from './errors'
import { Key, type KeyLike, type UserKey, userKeyName } from './key'
import { AerospikeRecord, type Bins, readMeta, readRecord, type Shapes } from './record'
import { Reader } from './wire'

/** One row of a batch. */
export interface BatchRow<B = Bins> {
  /** The key that was asked for. */
  readonly key: Key
  /** The record, or null. */
  readonly record: AerospikeRecord<B> | null
  /** 0, or the server's result code (2: not found), or the client's own (< 0). */
  readonly resultCode: number
  /** Why there is no record, or null. */
  readonly error: AerospikeError | null
  /** A write that may have been applied all the same; a read never is in doubt. */
  readonly inDoubt: boolean
}

const BYTES = 4

/** The rows of a batch of reads. */
export class BatchRecords<B = Bins> implements Iterable<BatchRow<B>> {
  readonly #keys: readonly Key[]
  readonly #body: Buffer
  /** One reader for all rows: to make one costs as much as to read a small row. */
  readonly #reader: Reader
  readonly #data: number
  readonly #header: boolean
  readonly #shapes: Shapes
  readonly #context: Context
  readonly #rows: (BatchRow<B> | undefined)[]
  #index: Map<string, number> | undefined

  private constructor(reply: Reply, keys: readonly Key[], header: boolean) {
    this.#keys = keys
    this.#body = reply.rest()
    this.#reader = new Reader(this.#body)
    this.#data = BYTES + keys.length * 2 * BYTES
    this.#header = header
    this.#shapes = reply.shapes
    this.#context = reply.context
    this.#rows = new Array<BatchRow<B> | undefined>(keys.length)
  }

  /** @internal */
  static read(reply: Reply, keys: readonly Key[], header: boolean): BatchRecords {
    return new BatchRecords(reply, keys, header)
  }

  /** How many keys were asked for. */
  get length(): number {
    return this.#keys.length
  }

  /** The result code of a row, without decoding it. */
  resultCode(row: number): number {
    return this.#body.readInt32LE(BYTES + (this.#keys.length + row) * BYTES)
  }

  /** Whether every row was read or found missing: no row failed otherwise. */
  get ok(): boolean {
    for (let row = 0; row < this.length; row++) {
      const code = this.resultCode(row)
      if (code !== 0 && code !== 2) return false
    }
    return true
  }

  /** How many records were found. */
  get found(): number {
    let found = 0
    for (let row = 0; row < this.length; row++) if (this.resultCode(row) === 0) found++
    return found
  }

  /** The row at this place; undefined beyond the end. */
  at(row: number): BatchRow<B> | undefined {
    if (!Number.isInteger(row) || row < 0 || row >= this.length) return undefined
    this.#rows[row] ??= this.#decode(row)
    return this.#rows[row]
  }

  #decode(row: number): BatchRow<B> {
    const key = this.#keys[row] as Key
    const resultCode = this.resultCode(row)
    const reader = this.#reader
    reader.at = this.#data + this.#body.readUInt32LE(BYTES + row * BYTES)
    if (resultCode !== 0) {
      const error = toError(readFailure(reader), 'batchRead', key)
      return { key, record: null, resultCode, error, inDoubt: false }
    }
    let record: AerospikeRecord
    if (this.#header) {
      const { gen, ttl } = readMeta(reader)
      record = new AerospikeRecord(key, {}, gen, ttl)
    } else {
      record = readRecord(reader, key, this.#shapes, this.#context)
    }
    return { key, record: record as AerospikeRecord<B>, resultCode, error: null, inDoubt: false }
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

  /** The records that were found, by user key. */
  toMap(): Map<UserKey, AerospikeRecord<B>> {
    const map = new Map<UserKey, AerospikeRecord<B>>()
    for (const { key, record } of this) {
      if (record !== null) map.set(key.userKey ?? key.digest, record)
    }
    return map
  }

  /** The records that were found, by user key as text. */
  toObject(): { [userKey: string]: AerospikeRecord<B> } {
    const entries: [string, AerospikeRecord<B>][] = []
    for (const [userKey, record] of this.toMap()) {
      entries.push([typeof userKey === 'object' ? Buffer.from(userKey).toString('hex') : String(userKey), record])
    }
    return Object.fromEntries(entries)
  }

  /** Throws the error of the first row that failed otherwise than by not being there. */
  throwIfFailed(): this {
    for (let row = 0; row < this.length; row++) {
      const code = this.resultCode(row)
      if (code !== 0 && code !== 2) {
        throw this.at(row)?.error ?? new Error(codeName(code))
      }
    }
    return this
  }
}

function digestName(key: Key): string {
  return `d${key.namespace}/${key.digest.toString('latin1')}`
}

function indexName(key: KeyLike | UserKey): string {
  if (key instanceof Key || Array.isArray(key)) return digestName(Key.from(key as KeyLike))
  return userKeyName(key as UserKey)
}
