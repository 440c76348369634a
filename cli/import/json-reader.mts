/**
 * Reading JSON: one object on each line, or one array of objects.
 */
import { CliError } from '../exit-codes.mjs'
import { decodeJson, ValueError } from '../values.mjs'
import { type Chunks, type SourceRow, textOf } from './source-row.mjs'

/** Maximum length of a row in characters. A longer one is a sign of a file of another format. */
const MAX_ROW = 32 * 1024 * 1024

function parsed(number: number, place: string, text: string): SourceRow {
  const raw = (): string => text
  try {
    const value = decodeJson(text)
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return { number, place, values: new Map(Object.entries(value)), raw }
    }
    return { number, place, values: undefined, reason: 'a JSON object is needed', raw }
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    return { number, place, values: undefined, reason: error.message, raw }
  }
}

/** Reads NDJSON. Empty lines are skipped. */
export async function* readNdjson(chunks: Chunks, name: string): AsyncGenerator<SourceRow, void, undefined> {
  let [number, line, rest] = [0, 0, '']
  const row = (text: string): SourceRow | undefined => {
    line++
    const raw = text.endsWith('\r') ? text.slice(0, -1) : text
    return raw.trim() === '' ? undefined : parsed(++number, `line ${line}`, raw)
  }
  for await (const text of textOf(chunks, name)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() as string
    if (rest.length > MAX_ROW) throw new CliError(`${name} is not NDJSON: line ${line + lines.length + 1} is too long`)
    for (const each of lines) {
      const found = row(each)
      if (found !== undefined) yield found
    }
  }
  const last = row(rest)
  if (last !== undefined) yield last
}

const SPACE = /\s/

/** Reads an array of objects. Its elements are found without parsing the whole text. */
export async function* readJsonArray(chunks: Chunks, name: string): AsyncGenerator<SourceRow, void, undefined> {
  const splitter = new ArraySplitter(name)
  for await (const text of textOf(chunks, name)) yield* splitter.add(text)
  splitter.end()
}

/** Cuts the text of an array into its elements. */
class ArraySplitter {
  readonly #name: string
  #state: 'before' | 'between' | 'element' | 'after' = 'before'
  #depth = 0
  #inString = false
  #escaped = false
  #comma = false
  #element = ''
  #number = 0

  constructor(name: string) {
    this.#name = name
  }

  *add(text: string): Generator<SourceRow, void, undefined> {
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const character = text[at] as string
      if (this.#state === 'element') {
        if (!this.#continues(character)) {
          yield this.#row(this.#element + text.slice(start, at))
          this.#closed(character)
        }
      } else if (!SPACE.test(character)) {
        this.#begin(character)
        start = at
      }
    }
    if (this.#state === 'element') this.#element += text.slice(start)
    if (this.#element.length > MAX_ROW) throw new CliError(`${this.#name}: row ${this.#number + 1} is too long`)
  }

  /** Whether a character belongs to the current element. */
  #continues(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (character === '\\') this.#escaped = true
      else if (character === '"') this.#inString = false
      return true
    }
    if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') {
      if (this.#depth === 0) return false
      this.#depth--
    } else if (character === ',' && this.#depth === 0) return false
    return true
  }

  #closed(character: string): void {
    this.#state = character === ',' ? 'between' : 'after'
    this.#comma = character === ','
    if (character === '}')
      throw new CliError(`${this.#name} is not JSON: there is a } too many after row ${this.#number}`)
  }

  #begin(character: string): void {
    if (this.#state === 'before') {
      if (character !== '[')
        throw new CliError(`${this.#name} is not a JSON array of objects; for NDJSON, use --ndjson`)
      this.#state = 'between'
    } else if (this.#state === 'after') {
      throw new CliError(`${this.#name} is not JSON: there is text after the array`)
    } else if (character === ']' && !this.#comma) {
      this.#state = 'after'
    } else {
      this.#state = 'element'
      this.#element = ''
      this.#depth = 0
      this.#inString = false
      if (!this.#continues(character)) {
        throw new CliError(`${this.#name} is not JSON: a row is missing after row ${this.#number}`)
      }
    }
  }

  #row(text: string): SourceRow {
    this.#element = ''
    this.#number++
    return parsed(this.#number, `row ${this.#number}`, text.trim())
  }

  /** Throws if the array is not closed. */
  end(): void {
    if (this.#state === 'after') return
    const reason =
      this.#state === 'before' ? 'is empty' : `is truncated: the array is not closed after row ${this.#number}`
    throw new CliError(`${this.#name} ${reason}`)
  }
}
