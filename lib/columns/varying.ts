/**
 * Columns of values that vary in length.
 */

/** Values of varying length: one run of bytes, and where each row's part of it ends. */
abstract class VaryingColumn<T> implements Iterable<T> {
  constructor(
    /** The bytes of all rows. */
    readonly data: Buffer,
    /** Row i is `data` from offsets[i] to offsets[i + 1]. */
    readonly offsets: Int32Array,
  ) {}

  /** How many rows. */
  get length(): number {
    return Math.max(this.offsets.length - 1, 0)
  }

  /** The value of a row; where the row has none, empty or what the schema's `fill` says. */
  abstract get(row: number): T

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.get(row)
  }
}

/** Strings. */
export class Utf8Column extends VaryingColumn<string> {
  get(row: number): string {
    return this.data.toString('utf8', this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0)
  }
}

/** Bytes; each value is a view of `data`. */
export class BinaryColumn extends VaryingColumn<Buffer> {
  get(row: number): Buffer {
    return this.data.subarray(this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0)
  }
}

/** Strings of which few are distinct: a number for each row, and the distinct strings once, in the order of their first row. */
export class DictionaryColumn implements Iterable<string> {
  #values: readonly string[] | undefined

  constructor(
    /** The number of each row's string in `dictionary`; -1 where the row has none. */
    readonly ids: Int32Array,
    /** The distinct strings. */
    readonly dictionary: Utf8Column,
  ) {}

  /** How many rows. */
  get length(): number {
    return this.ids.length
  }

  /** The distinct strings, each made once. */
  get values(): readonly string[] {
    this.#values ??= [...this.dictionary]
    return this.#values
  }

  /** The string of a row; `''` where the row has none. */
  get(row: number): string {
    return this.values[this.ids[row] ?? -1] ?? ''
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.get(row)
  }
}
