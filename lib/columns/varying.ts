/**
 * Columns of variable-width values.
 */

/** Variable-width values: the bytes of all rows, and the end of each row's value. */
abstract class VaryingColumn<T> implements Iterable<T> {
  constructor(
    /** The bytes of all rows. */
    readonly data: Buffer,
    /** The value of row i is `data` from offsets[i] to offsets[i + 1]. */
    readonly offsets: Int32Array,
  ) {}

  /** Number of rows. */
  get length(): number {
    return Math.max(this.offsets.length - 1, 0)
  }

  /** Returns the value of a row; for a row without a value, an empty value or the schema's `fill`. */
  abstract get(row: number): T

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.get(row)
  }
}

/** A column of strings. */
export class Utf8Column extends VaryingColumn<string> {
  /**
   * Returns the string of a row, or `''` for a row without a value.
   *
   * @param row - position of the row, from 0
   */
  get(row: number): string {
    return this.data.toString('utf8', this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0)
  }
}

/** A column of bytes; each value is a view of `data`. */
export class BinaryColumn extends VaryingColumn<Buffer> {
  /**
   * Returns the bytes of a row: a view of `data`, empty for a row without a value.
   *
   * @param row - position of the row, from 0
   */
  get(row: number): Buffer {
    return this.data.subarray(this.offsets[row] ?? 0, this.offsets[row + 1] ?? 0)
  }
}

/**
 * A column of strings with few distinct values: an id for each row, and each distinct string once, in order of first
 * appearance.
 */
export class DictionaryColumn implements Iterable<string> {
  #values: readonly string[] | undefined

  /**
   * @param ids - index of each row's string in `dictionary`; -1 for a row without a value
   * @param dictionary - the distinct strings
   */
  constructor(
    /** Index of each row's string in `dictionary`; -1 for a row without a value. */
    readonly ids: Int32Array,
    /** The distinct strings, in order of first appearance. */
    readonly dictionary: Utf8Column,
  ) {}

  /** Number of rows. */
  get length(): number {
    return this.ids.length
  }

  /** The distinct strings, decoded once. */
  get values(): readonly string[] {
    this.#values ??= [...this.dictionary]
    return this.#values
  }

  /**
   * Returns the string of a row, or `''` for a row without a value.
   *
   * @param row - position of the row, from 0
   */
  get(row: number): string {
    return this.values[this.ids[row] ?? -1] ?? ''
  }

  *[Symbol.iterator](): Generator<string, void, undefined> {
    for (let row = 0; row < this.length; row++) yield this.get(row)
  }
}
