/**
 * Records, as returned by reads.
 */
import { addAliases } from '../common/add-aliases'
import { AerospikeError, unreadable } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { ORDERED_RESULTS_ALIASES, type OrderedResultsAliases } from '../common/member-aliases'
import { defineOwn } from '../common/objects'
import { startAtCaller } from '../common/stacks'
import type { Reader } from '../wire/wire'
import type { Key } from './key'
import { type ReadOptions, type ReadValue, readValue } from './value'

/** Bin name -> value. */
export type Bins = { [bin: string]: ReadValue }

/** The bin names of a record type. */
export type BinName<B> = keyof B & string

/** Generation and TTL of a record. */
export interface RecordMeta {
  /** Generation: how many times the record was written, with wraparound. */
  gen: number
  /** Seconds until the record expires; -1: never. */
  ttl: number
}

/** A record that was read. */
export class AerospikeRecord<B = Bins> implements RecordMeta {
  /** Key of the record, as in the request. */
  readonly key: Key
  /** Bins of the record, by name. */
  readonly bins: B
  /** Generation: how many times the record was written, with wraparound. */
  readonly gen: number
  /** Seconds until the record expires; -1: never. */
  readonly ttl: number
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  declare readonly toJSON: () => unknown

  /**
   * @param key - key of the record
   * @param bins - bins of the record, by name
   * @param gen - generation
   * @param ttl - seconds until the record expires; -1: never
   */
  constructor(key: Key, bins: B, gen: number, ttl: number) {
    this.key = key
    this.bins = bins
    this.gen = gen
    this.ttl = ttl
  }

  /** Generation and TTL in one object. */
  get meta(): RecordMeta {
    return { gen: this.gen, ttl: this.ttl }
  }

  /**
   * Why the bins of a query's record cannot be decoded, or null. An example is an integer that does not fit a number
   * with `int64: 'number'`. Then `bins` throws this error; the other records of the query are not affected.
   */
  get error(): AerospikeError | null {
    return null
  }
}

function partsOf(record: AerospikeRecord<unknown>): { readonly [name: string]: unknown } {
  const { key, gen, ttl, error } = record
  return error === null ? { key, bins: record.bins, gen, ttl } : { key, error, gen, ttl }
}

jsonAs(AerospikeRecord, partsOf)
printAs(AerospikeRecord, 'AerospikeRecord', partsOf)

/** A record of a query whose bins cannot be decoded. The error does not affect other records. */
class UnreadRecord extends AerospikeRecord {
  readonly #error: AerospikeError

  constructor(key: Key, gen: number, ttl: number, error: AerospikeError) {
    super(key, {}, gen, ttl)
    this.#error = error
    const get = (): never => {
      startAtCaller(error, get)
      throw error
    }
    Object.defineProperty(this, 'bins', { get, enumerable: true })
  }

  override get error(): AerospikeError {
    return this.#error
  }
}

/** The result of `operateOrdered`. */
export class OrderedResults<R = [bin: string, value: ReadValue][]> implements RecordMeta {
  /** Key of the record. */
  readonly key: Key
  /** Generation: how many times the record was written, with wraparound. */
  readonly gen: number
  /** Seconds until the record expires; -1: never. */
  readonly ttl: number
  /** `[bin, value]` for each operation that returns a result, in order. */
  readonly results: R
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  declare readonly toJSON: () => unknown

  /** @internal */
  constructor(key: Key, { gen, ttl }: RecordMeta, results: R) {
    this.key = key
    this.gen = gen
    this.ttl = ttl
    this.results = results
  }

  /** Generation and TTL in one object. */
  get meta(): RecordMeta {
    return { gen: this.gen, ttl: this.ttl }
  }
}

export interface OrderedResults<R = [bin: string, value: ReadValue][]>
  extends OrderedResultsAliases<OrderedResults<R>> {}
addAliases(OrderedResults, ORDERED_RESULTS_ALIASES)
jsonAs(OrderedResults, ({ key, results, gen, ttl }) => ({ key, results, gen, ttl }))

const NO_SHAPE = 0xffff_ffff
const NEVER = 0xffff_ffff

/**
 * The bin names of a record in order, with a template to clone. Cloning is faster than setting key by key, and never
 * leads to dictionary mode.
 */
interface Shape {
  readonly names: readonly string[]
  readonly template: Bins
}

function shapeOf(names: readonly string[]): Shape {
  const template: Bins = {}
  // Defined, not assigned: V8 switches objects with more than a dozen assigned names to dictionary mode.
  for (const name of names) defineOwn(template, name, null)
  return { names, template }
}

/** The shapes that the replies of one channel refer to. */
export class Shapes {
  readonly #shapes: Shape[] = []

  /** Stores a shape that the native side announces. */
  define(reader: Reader): void {
    const number = reader.u32()
    const count = reader.u16()
    const names: string[] = []
    for (let index = 0; index < count; index++) names.push(reader.name())
    this.#shapes[number] = shapeOf(names)
  }

  /** Reads a shape's number, and returns the shape. */
  read(reader: Reader): Shape {
    const number = reader.u32()
    if (number !== NO_SHAPE) return this.#shapes[number] as Shape
    const count = reader.u32()
    const names: string[] = []
    for (let index = 0; index < count; index++) names.push(reader.name())
    return shapeOf(names)
  }
}

/** Reads a TTL. */
export function readTtl(reader: Reader): number {
  const ttl = reader.u32()
  return ttl === NEVER ? -1 : ttl
}

/** Reads generation and TTL. */
export function readMeta(reader: Reader): RecordMeta {
  return { gen: reader.u32(), ttl: readTtl(reader) }
}

/** Reads a record. */
export function readRecord(reader: Reader, key: Key, shapes: Shapes, options: ReadOptions): AerospikeRecord {
  const gen = reader.u32()
  const ttl = readTtl(reader)
  return new AerospikeRecord(key, readBins(reader, key, shapes, options), gen, ttl)
}

/** Reads one of many records, which ends at `end`. A record that cannot be decoded becomes an `UnreadRecord`. */
export function readRecordOfMany(
  reader: Reader,
  end: number,
  key: Key,
  shapes: Shapes,
  options: ReadOptions,
): AerospikeRecord {
  const gen = reader.u32()
  const ttl = readTtl(reader)
  try {
    return new AerospikeRecord(key, readBins(reader, key, shapes, options), gen, ttl)
  } catch (error) {
    reader.at = end
    return new UnreadRecord(key, gen, ttl, unreadRow(error, key))
  }
}

/** Creates a record without bins: reading them throws the error. */
export function recordWithError({ key, gen, ttl }: AerospikeRecord, error: AerospikeError): AerospikeRecord {
  return new UnreadRecord(key, gen, ttl, error)
}

/** The error of one of many rows that cannot be decoded. */
export function unreadRow(error: unknown, key: Key): AerospikeError {
  return error instanceof AerospikeError ? error : unreadable(error, 'record', key)
}

function readBins(reader: Reader, key: Key, shapes: Shapes, options: ReadOptions): Bins {
  const { names, template } = shapes.read(reader)
  const bins = { ...template }
  let index = 0
  try {
    for (; index < names.length; index++) bins[names[index] as string] = readValue(reader, options)
  } catch (error) {
    throw unreadable(error, `bin ${names[index]}`, key)
  }
  return bins
}

/** Reads the results of `operateOrdered`. */
export function readOrdered(reader: Reader, key: Key, options: ReadOptions): OrderedResults {
  const meta = readMeta(reader)
  const count = reader.u32()
  const results: [string, ReadValue][] = []
  for (let index = 0; index < count; index++) {
    const name = reader.name()
    try {
      results.push([name, readValue(reader, options)])
    } catch (error) {
      throw unreadable(error, `bin ${name}`, key)
    }
  }
  return new OrderedResults(key, meta, results)
}
