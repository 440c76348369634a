/**
 * What becomes of rows that were written from columns.
 */
import type { Reply } from '../boundary/reply'
import { type AerospikeError, type Failure, failureOfCode, toError } from '../common/errors'
import type { Key, UserKey } from '../values/key'
import type { RowKeys } from './keys'
import { readLayout, viewsOf } from './memory'

/** A row that was not written. */
export interface FailedRow {
  /** Its place. */
  readonly row: number
  /** Its key. */
  readonly key: Key
  /** Why. */
  readonly error: AerospikeError
}

/** What `batchWriteColumns` gives: the outcome of each row, in the order of the keys. */
export class WrittenRows {
  readonly #keys: RowKeys
  readonly #failures: ReadonlyMap<number, Failure>
  readonly #doubts: Uint8Array

  /** 0, or the server's result code, or the client's own (< 0), by row. */
  readonly resultCodes: Int32Array
  /** The generations that the records have now, by row; 0 where a row failed. */
  readonly gen: Uint32Array

  private constructor(reply: Reply, keys: RowKeys) {
    const buffer = reply.take(reply.reader.u32())
    const told = readLayout(reply.reader, [])
    const views = viewsOf(told, buffer)
    this.#keys = keys
    this.#failures = new Map(told.failures)
    this.#doubts = views.doubts
    this.resultCodes = views.codes
    this.gen = views.gen
  }

  /** @internal */
  static read(reply: Reply, keys: RowKeys): WrittenRows {
    return new WrittenRows(reply, keys)
  }

  /** How many rows. */
  get length(): number {
    return this.resultCodes.length
  }

  /** How many rows were written. */
  get written(): number {
    let written = 0
    for (const code of this.resultCodes) if (code === 0) written++
    return written
  }

  /** Whether all rows were written. */
  get ok(): boolean {
    return this.resultCodes.every(code => code === 0)
  }

  /** The key of a row. */
  key(row: number): Key | undefined {
    return this.#keys.at(row)
  }

  /** The first row with this user key, or -1. */
  indexOf(userKey: UserKey): number {
    return this.#keys.indexOf(userKey)
  }

  /** Whether a row that failed may have been written all the same. */
  inDoubt(row: number): boolean {
    return ((this.#doubts[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  /** Why a row failed, or null. */
  error(row: number): AerospikeError | null {
    const code = this.resultCodes[row]
    if (code === undefined || code === 0) return null
    const failure = this.#failures.get(row) ?? { ...failureOfCode(code), inDoubt: this.inDoubt(row) }
    return toError(failure, 'batchWriteColumns', this.#keys.at(row))
  }

  /** The rows that were not written, in order. */
  *failures(): Generator<FailedRow, void, undefined> {
    for (let row = 0; row < this.length; row++) {
      const error = this.error(row)
      if (error !== null) yield { row, key: this.#keys.at(row) as Key, error }
    }
  }

  /** Throws the error of the first row that was not written. */
  throwIfFailed(): this {
    for (const { error } of this.failures()) throw error
    return this
  }
}
