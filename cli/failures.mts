/**
 * The report of failed rows: the first ones on standard error, all of them in a file if one is named.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { CliError } from './exit-codes.mjs'
import { note, writeFailure } from './output.mjs'
import { count, printable, styled } from './terminal.mjs'

/** A failed row. */
export interface Failure {
  /** Number of the row in the file, from 1; undefined for a record of an export. */
  readonly row?: number | undefined
  /** The place for people: `line 12`, or a key. */
  readonly place: string
  readonly reason: string
  /** The code of the error, such as `RECORD_TOO_BIG`; `ROW` if nothing was sent. */
  readonly code: string
  /** True if the row may have been written. */
  readonly inDoubt?: boolean | undefined
  /** The text of the row. */
  readonly raw?: string | undefined
}

/** The number of failures that are printed. */
const SHOWN = 5

/** Collects failed rows. */
export class FailureReport {
  readonly #path: string | undefined
  readonly #file: number | undefined
  readonly #first: Failure[] = []
  #count = 0

  /**
   * @param path - file for all failed rows, as NDJSON
   * @param append - whether rows of an earlier run are in it
   */
  constructor(path: string | undefined, append: boolean) {
    this.#path = path
    try {
      this.#file = path === undefined ? undefined : openSync(path, append ? 'a' : 'w')
    } catch (error) {
      throw new CliError(`${path} cannot be written: ${(error as Error).message}`, undefined, { cause: error })
    }
  }

  get count(): number {
    return this.#count
  }

  add(failure: Failure): void {
    this.#count++
    if (this.#first.length < SHOWN) this.#first.push(failure)
    if (this.#file === undefined) return
    try {
      writeSync(this.#file, `${JSON.stringify(failure)}\n`)
    } catch (error) {
      throw writeFailure(error as NodeJS.ErrnoException, this.#path ?? '')
    }
  }

  /** Prints the first failed rows, and closes the file. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    for (const { place, reason } of this.#first) {
      note(`${styled(process.stderr, 'red', 'failed:')} ${printable(place)}: ${printable(reason)}`)
    }
    const more = this.#count - this.#first.length
    if (more > 0) note(`... and ${`${count(more)} more`}`)
    if (this.#count === 0) return
    if (this.#path === undefined) note('--failures FILE writes all failed rows to a file')
    else note(`all failed rows are in ${this.#path}`)
  }
}
