/**
 * The results of rows that were written from columns.
 */
import type { Reply } from '../boundary/reply'
import { type AerospikeError, type Failure, failureOfCode, toError } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { startAtCaller } from '../common/stacks'
import type { Key, UserKey } from '../values/key'
import type { RowKeys } from './keys'
import { readLayout, viewsOf } from './memory'

/** A row that was not written. */
export interface FailedRow {
  /** Position of the row, from 0. */
  readonly row: number
  /** Key of the row. */
  readonly key: Key
  /** Why the row failed. */
  readonly error: AerospikeError
}

/** The result of `batchWriteColumns`: the outcome of each row, in the order of the keys. */
export class WrittenRows {
  readonly #keys: RowKeys
  readonly #failures: ReadonlyMap<number, Failure>
  readonly #doubts: Uint8Array

  /** For each row: 0, the server's result code, or a client code below 0. */
  readonly resultCodes: Int32Array
  /** The new generation of each record; 0 if the row failed. */
  readonly gen: Uint32Array
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  declare readonly toJSON: () => unknown

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

  /** Number of rows. */
  get length(): number {
    return this.resultCodes.length
  }

  /** Number of rows that were written. */
  get written(): number {
    let written = 0
    for (const code of this.resultCodes) if (code === 0) written++
    return written
  }

  /** True if all rows were written. */
  get ok(): boolean {
    return this.resultCodes.every(code => code === 0)
  }

  /**
   * Returns the key of a row, or undefined if the row is out of range.
   *
   * @param row - position of the row, from 0
   */
  key(row: number): Key | undefined {
    return this.#keys.at(row)
  }

  /**
   * Returns the first row with this user key, or -1.
   *
   * @param userKey - user key of the record, without namespace and set
   */
  indexOf(userKey: UserKey): number {
    return this.#keys.indexOf(userKey)
  }

  /**
   * Returns whether a failed row may have been written.
   *
   * @param row - position of the row, from 0
   */
  inDoubt(row: number): boolean {
    return ((this.#doubts[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  /**
   * Returns why a row failed, or null.
   *
   * @param row - position of the row, from 0
   */
  error(row: number): AerospikeError | null {
    const code = this.resultCodes[row]
    if (code === undefined || code === 0) return null
    const failure = this.#failures.get(row) ?? { ...failureOfCode(code), inDoubt: this.inDoubt(row) }
    return toError(failure, 'batchWriteColumns', this.#keys.at(row))
  }

  /** Iterates over the rows that were not written, in order. */
  *failures(): Generator<FailedRow, void, undefined> {
    for (let row = 0; row < this.length; row++) {
      const error = this.error(row)
      if (error !== null) yield { row, key: this.#keys.at(row) as Key, error }
    }
  }

  /**
   * Throws the error of the first row that was not written, if there is one.
   *
   * @returns this result
   * @throws the error of the first failed row
   */
  throwIfFailed(): this {
    for (const { error } of this.failures()) {
      startAtCaller(error, this.throwIfFailed)
      throw error
    }
    return this
  }
}

jsonAs(WrittenRows, rows => ({ length: rows.length, written: rows.written, failures: [...rows.failures()] }))
printAs(
  WrittenRows,
  rows => `WrittenRows(${rows.length})`,
  rows => ({ written: rows.written, failed: rows.length - rows.written }),
)
