/**
 * Dictionaries shared by several record batches. Each chunk of columns has its own distinct strings, but a table, a
 * stream or a file has one dictionary for each column: later batches may extend it, but not replace it.
 */
import { Dictionary, Int32, makeData, Utf8, Vector } from 'apache-arrow'
import { type DictionaryColumn, Utf8Column } from '../columns'

/** The dictionary of a column, which grows with each batch. */
class Growing {
  /** One type for all batches: readers identify the dictionary by the type's id. */
  readonly type = new Dictionary(new Utf8(), new Int32())
  readonly #numbers = new Map<string, number>()
  #words: Vector<Utf8> | undefined

  /** Adds the strings of a column, and returns the dictionary index of each row. */
  add({ ids, dictionary, values }: DictionaryColumn): Int32Array {
    if (this.#words === undefined) {
      for (const [id, word] of values.entries()) this.#numbers.set(word, id)
      this.#words = new Vector([wordData(dictionary)])
      return ids
    }
    const added: string[] = []
    const numbers = values.map(word => {
      const known = this.#numbers.get(word)
      if (known !== undefined) return known
      const number = this.#numbers.size
      this.#numbers.set(word, number)
      added.push(word)
      return number
    })
    if (added.length > 0) this.#words = new Vector([...this.#words.data, wordData(columnOf(added))])
    return ids.map(id => numbers[id] ?? -1)
  }

  get words(): Vector<Utf8> {
    return this.#words as Vector<Utf8>
  }
}

const wordData = ({ offsets, data, length }: Utf8Column) =>
  makeData({ type: new Utf8(), length, nullCount: 0, valueOffsets: offsets, data })

function columnOf(words: readonly string[]): Utf8Column {
  const offsets = new Int32Array(words.length + 1)
  const parts = words.map(word => Buffer.from(word))
  for (const [index, { length }] of parts.entries()) offsets[index + 1] = (offsets[index] ?? 0) + length
  return new Utf8Column(Buffer.concat(parts), offsets)
}

/** The dictionaries of the record batches of one read, by column. */
export class Dictionaries {
  readonly #columns = new Map<string, Growing>()

  /** Returns the type, indices and strings of a column of the next batch. */
  add(
    name: string,
    column: DictionaryColumn,
  ): { type: Dictionary<Utf8, Int32>; data: Int32Array; dictionary: Vector<Utf8> } {
    let growing = this.#columns.get(name)
    if (growing === undefined) {
      growing = new Growing()
      this.#columns.set(name, growing)
    }
    const data = growing.add(column)
    return { type: growing.type, data, dictionary: growing.words }
  }
}
