/**
 * Records, as they are read.
 */
import { AerospikeError, unreadable } from '../common/errors'
import { defineOwn } from '../common/objects'
import type { Reader } from '../wire/wire'
import type { Key } from './key'
import { type ReadOptions, type ReadValue, readValue } from './value'

/** Bins by name. */
export type Bins = { [bin: string]: ReadValue }

/** Generation and lifetime of a record. */
export interface RecordMeta {
  /** How often the record was written; wraps. */
  gen: number
  /** Seconds until it expires, -1 for never. */
  ttl: number
}

/** A record that was read. */
export class AerospikeRecord<B = Bins> implements RecordMeta {
  /** The key that it was asked for by. */
  readonly key: Key
  /** Its bins. */
  readonly bins: B
  /** How often it was written; wraps. */
  readonly gen: number
  /** Seconds until it expires, -1 for never. */
  readonly ttl: number

  constructor(key: Key, bins: B, gen: number, ttl: number) {
    this.key = key
    this.bins = bins
    this.gen = gen
    this.ttl = ttl
  }

  /** Generation and lifetime together. */
  get meta(): RecordMeta {
    return { gen: this.gen, ttl: this.ttl }
  }

  /**
   * Why the bins of a query's record cannot be read, such as an integer that does not fit a number with `int64: 'number'`;
   * else null. `bins` throws it then, and the other records of the query are not affected.
   */
  get error(): AerospikeError | null {
    return null
  }
}

/** A record of a query whose bins cannot be read: an error of its own, and no other record's. */
class UnreadRecord extends AerospikeRecord {
  readonly #error: AerospikeError

  constructor(key: Key, gen: number, ttl: number, error: AerospikeError) {
    super(key, {}, gen, ttl)
    this.#error = error
    Object.defineProperty(this, 'bins', {
      get: () => {
        throw error
      },
      enumerable: true,
    })
  }

  override get error(): AerospikeError {
    return this.#error
  }
}

/** What `operateOrdered` gives. */
export class OrderedResults<R = [bin: string, value: ReadValue][]> implements RecordMeta {
  /** The key of the record. */
  readonly key: Key
  /** How often it was written; wraps. */
  readonly gen: number
  /** Seconds until it expires, -1 for never. */
  readonly ttl: number
  /** `[bin, value]` of each operation that answers, in order. */
  readonly results: R

  /** @internal */
  constructor(key: Key, { gen, ttl }: RecordMeta, results: R) {
    this.key = key
    this.gen = gen
    this.ttl = ttl
    this.results = results
  }

  /** Generation and lifetime together. */
  get meta(): RecordMeta {
    return { gen: this.gen, ttl: this.ttl }
  }

  /** `results` by aerospike-py's name. */
  get orderedBins(): R {
    return this.results
  }
}

const NO_SHAPE = 0xffff_ffff
const NEVER = 0xffff_ffff

/** A record's bin names in order, with a template to clone: faster than key by key, and never in dictionary mode. */
interface Shape {
  readonly names: readonly string[]
  readonly template: Bins
}

function shapeOf(names: readonly string[]): Shape {
  const template: Bins = {}
  // Defined, not assigned: objects of more than a dozen names that were assigned become dictionaries.
  for (const name of names) defineOwn(template, name, null)
  return { names, template }
}

/** The shapes that one channel's replies refer to. */
export class Shapes {
  readonly #shapes: Shape[] = []

  /** Takes in a shape that the native side announces. */
  define(reader: Reader): void {
    const number = reader.u32()
    const count = reader.u16()
    const names: string[] = []
    for (let index = 0; index < count; index++) names.push(reader.name())
    this.#shapes[number] = shapeOf(names)
  }

  /** Reads a shape's number and gives the shape. */
  read(reader: Reader): Shape {
    const number = reader.u32()
    if (number !== NO_SHAPE) return this.#shapes[number] as Shape
    const count = reader.u32()
    const names: string[] = []
    for (let index = 0; index < count; index++) names.push(reader.name())
    return shapeOf(names)
  }
}

/** Reads a lifetime. */
export function readTtl(reader: Reader): number {
  const ttl = reader.u32()
  return ttl === NEVER ? -1 : ttl
}

/** Reads generation and lifetime. */
export function readMeta(reader: Reader): RecordMeta {
  return { gen: reader.u32(), ttl: readTtl(reader) }
}

/** Reads a record. */
export function readRecord(reader: Reader, key: Key, shapes: Shapes, options: ReadOptions): AerospikeRecord {
  const gen = reader.u32()
  const ttl = readTtl(reader)
  return new AerospikeRecord(key, readBins(reader, key, shapes, options), gen, ttl)
}

/** Reads a record of many that ends at `end`; one that cannot be read is an `UnreadRecord`. */
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

/** What a row of many fails with that cannot be read. */
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
