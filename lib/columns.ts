/**
 * Columns: many records read into typed arrays that are views of one buffer, with no object per row.
 */
import type { Reply } from './completion'
import { type AerospikeError, type Failure, failureOfCode, invalidArgument, readFailure, toError } from './errors'
import { type Key, type UserKey, userKeyName } from './key'
import { writeBinName } from './operations/bin-name'
import { optionsObject } from './options'
import { describe } from './value'
import type { Writer } from './wire'

/** Element types. */
export type ScalarType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64' | 'f16' | 'f32' | 'f64' | 'bool'

/**
 * Type of one column: a number type, `['f32', 384]` for so many elements in one blob, `['bytes', n]` for n bytes
 * (zero-padded), `utf8` or `binary` for varying lengths.
 */
export type ColumnType = ScalarType | 'utf8' | 'binary' | readonly [ScalarType | 'bytes', number]

/** Bin name -> type of its column. */
export type Schema = { readonly [bin: string]: ColumnType }

/** Half-precision numbers: Float16Array where the runtime has it, else widened to Float32Array. */
export type Float16Column = Float32Array & { readonly BYTES_PER_ELEMENT: number }

interface ScalarArrays {
  i8: Int8Array
  i16: Int16Array
  i32: Int32Array
  i64: BigInt64Array
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  u64: BigUint64Array
  f16: Float16Column
  f32: Float32Array
  f64: Float64Array
  bool: Uint8Array
}

/** The array that a column of a type is. */
export type ColumnOf<T extends ColumnType> = T extends ScalarType
  ? ScalarArrays[T]
  : T extends 'utf8'
    ? Utf8Column
    : T extends 'binary'
      ? BinaryColumn
      : T extends readonly ['bytes', number]
        ? Uint8Array
        : T extends readonly [infer S extends ScalarType, number]
          ? ScalarArrays[S]
          : never

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
    return this.offsets.length - 1
  }

  /** The value of a row; empty where the row has none. */
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

const SCALARS: readonly ScalarType[] = [
  'i8',
  'i16',
  'i32',
  'i64',
  'u8',
  'u16',
  'u32',
  'u64',
  'f16',
  'f32',
  'f64',
  'bool',
]

const Kind = { SCALAR: 0, BYTES: 1, ARRAY: 2, UTF8: 3, BINARY: 4 } as const

/** A column of a schema that was checked. */
export interface ColumnSchema {
  readonly name: string
  readonly type: ColumnType
  readonly kind: number
  /** Element type, where there is one. */
  readonly element: ScalarType | undefined
  /** Elements or bytes a row. */
  readonly width: number
}

const MAX_WIDTH = 1 << 20

function parseType(name: string, type: unknown): ColumnSchema {
  const known = (word: unknown): word is ScalarType => (SCALARS as readonly unknown[]).includes(word)
  const base = { name, type: type as ColumnType }
  if (known(type)) return { ...base, kind: Kind.SCALAR, element: type, width: 1 }
  if (type === 'utf8') return { ...base, kind: Kind.UTF8, element: undefined, width: 0 }
  if (type === 'binary') return { ...base, kind: Kind.BINARY, element: undefined, width: 0 }
  if (Array.isArray(type) && type.length === 2 && (type[0] === 'bytes' || known(type[0]))) {
    const [element, width] = type as [ScalarType | 'bytes', unknown]
    if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || width > MAX_WIDTH) {
      throw invalidArgument(`schema.${name}: the width is an integer from 1 to ${MAX_WIDTH}, not ${describe(width)}`)
    }
    if (element === 'bytes') return { ...base, kind: Kind.BYTES, element: undefined, width }
    return { ...base, kind: Kind.ARRAY, element, width }
  }
  const words = [...SCALARS, 'utf8', 'binary'].join(', ')
  throw invalidArgument(
    `schema.${name}: ${describe(type)} is no column type; there are ${words}, ['bytes', n], [type, n]`,
  )
}

/** Writes a schema. */
export function writeSchema(writer: Writer, schema: Schema, wrap: boolean): ColumnSchema[] {
  const given = optionsObject(schema, 'schema')
  const columns = Object.keys(given).map(name => parseType(name, given[name]))
  if (columns.length === 0) throw invalidArgument('schema: at least one column is needed')
  if (columns.length > 0x7fff)
    throw invalidArgument(`schema: ${columns.length} columns are more than a record can hold`)
  writer.u8(wrap ? 1 : 0)
  writer.u16(columns.length)
  for (const { name, kind, element, width } of columns) {
    writeBinName(writer, name, 'schema')
    writer.u8(kind)
    writer.u8(element === undefined ? 0 : SCALARS.indexOf(element) + 1)
    writer.u32(width)
  }
  return columns
}

/** Validity of a column: bit i (least significant first) is 1 where row i has a value. */
export type Validity = Uint8Array

/** What `batchReadColumns` gives. */
export class Columns<S extends Schema = Schema> {
  readonly #keys: readonly Key[]
  readonly #failures: ReadonlyMap<number, Failure>
  #index: Map<string, number> | undefined

  private constructor(
    keys: readonly Key[],
    failures: ReadonlyMap<number, Failure>,
    /** The schema that was asked for. */
    readonly schema: S,
    /** The memory that everything here is a view of. */
    readonly buffer: Buffer,
    /** The columns by bin name. A row without a value holds zeros (an empty string, no bytes). */
    readonly columns: { readonly [K in keyof S]: ColumnOf<S[K]> },
    /** Which rows have a value, by bin name. */
    readonly validity: { readonly [K in keyof S]: Validity },
    /** How many rows have no value, by bin name. */
    readonly nullCounts: { readonly [K in keyof S]: number },
    /** 0, or the server's result code (2: not found), or the client's own (< 0), by row. */
    readonly resultCodes: Int32Array,
    /** Generations by row. */
    readonly gen: Uint32Array,
    /** Seconds until expiry by row; 0xFFFFFFFF for never. */
    readonly ttl: Uint32Array,
  ) {
    this.#keys = keys
    this.#failures = failures
  }

  /** @internal */
  static read(reply: Reply, keys: readonly Key[], schema: readonly ColumnSchema[]): Columns {
    const { failures, types, buffer, columns, validity, nullCounts, codes, gen, ttl } = readParts(reply, schema)
    return new Columns(keys, failures, types, buffer, columns, validity, nullCounts, codes, gen, ttl)
  }

  /** How many rows: one a key, in the order of the keys. */
  get length(): number {
    return this.#keys.length
  }

  /** The key of a row. */
  key(row: number): Key | undefined {
    return this.#keys[row]
  }

  /** Whether a row has a value in a column. */
  isValid(bin: keyof S & string, row: number): boolean {
    const bits = this.validity[bin]
    return bits !== undefined && ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  }

  /** Why a row failed, or null. */
  error(row: number): AerospikeError | null {
    const code = this.resultCodes[row]
    if (code === undefined || code === 0) return null
    return toError(this.#failures.get(row) ?? failureOfCode(code), 'batchReadColumns', this.#keys[row])
  }

  /** The first row with this user key, or -1. */
  indexOf(userKey: UserKey): number {
    if (this.#index === undefined) {
      this.#index = new Map()
      for (let row = this.length - 1; row >= 0; row--) {
        const own = this.#keys[row]?.userKey
        if (own !== undefined) this.#index.set(userKeyName(own), row)
      }
    }
    return this.#index.get(userKeyName(userKey)) ?? -1
  }

  /** How many rows were found. */
  get found(): number {
    let found = 0
    for (const code of this.resultCodes) if (code === 0) found++
    return found
  }
}

type AnyArray = ScalarArrays[ScalarType]

const halfPrecision = (
  globalThis as { Float16Array?: new (b: ArrayBufferLike, at: number, n: number) => Float16Column }
).Float16Array

/** A double of the 16 bits of a half. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function halves(memory: ArrayBufferLike, at: number, count: number): Float16Column {
  if (halfPrecision !== undefined) return new halfPrecision(memory, at, count)
  return Float32Array.from(new Uint16Array(memory, at, count), fromHalf)
}

function view(element: ScalarType, memory: ArrayBufferLike, at: number, count: number): AnyArray {
  switch (element) {
    case 'i8':
      return new Int8Array(memory, at, count)
    case 'i16':
      return new Int16Array(memory, at, count)
    case 'i32':
      return new Int32Array(memory, at, count)
    case 'i64':
      return new BigInt64Array(memory, at, count)
    case 'u16':
      return new Uint16Array(memory, at, count)
    case 'u32':
      return new Uint32Array(memory, at, count)
    case 'u64':
      return new BigUint64Array(memory, at, count)
    case 'f16':
      return halves(memory, at, count)
    case 'f32':
      return new Float32Array(memory, at, count)
    case 'f64':
      return new Float64Array(memory, at, count)
    default:
      return new Uint8Array(memory, at, count)
  }
}

interface Parts {
  readonly failures: ReadonlyMap<number, Failure>
  readonly types: Schema
  readonly buffer: Buffer
  readonly columns: Columns['columns']
  readonly validity: Columns['validity']
  readonly nullCounts: Columns['nullCounts']
  readonly codes: Int32Array
  readonly gen: Uint32Array
  readonly ttl: Uint32Array
}

/** Reads the map of the memory that the native side has filled, and makes the views. */
function readParts(reply: Reply, schema: readonly ColumnSchema[]): Parts {
  const { reader } = reply
  const buffer = reply.take(reader.u32())
  const rows = reader.u32()
  const { buffer: memory } = buffer
  const place = (): number => buffer.byteOffset + reader.f64()
  const codes = new Int32Array(memory, place(), rows)
  const gen = new Uint32Array(memory, place(), rows)
  const ttl = new Uint32Array(memory, place(), rows)
  const columns: { [bin: string]: AnyArray | Utf8Column | BinaryColumn } = {}
  const validity: { [bin: string]: Validity } = {}
  const nullCounts: { [bin: string]: number } = {}
  const types: { [bin: string]: ColumnType } = {}
  for (const { name, type, kind, element, width } of schema) {
    const data = place()
    const length = reader.f64()
    const offsets = place()
    own(validity, name, new Uint8Array(memory, place(), Math.ceil(rows / 8)))
    own(nullCounts, name, reader.u32())
    own(types, name, type)
    if (kind === Kind.UTF8 || kind === Kind.BINARY) {
      const bytes = Buffer.from(memory, data, length)
      const ends = new Int32Array(memory, offsets, rows + 1)
      own(columns, name, kind === Kind.UTF8 ? new Utf8Column(bytes, ends) : new BinaryColumn(bytes, ends))
    } else {
      own(columns, name, view(element ?? 'u8', memory, data, rows * width))
    }
  }
  const failures = new Map<number, Failure>()
  for (let left = reader.u32(); left > 0; left--) failures.set(reader.u32(), readFailure(reader))
  return { failures, types, buffer, columns: columns as Columns['columns'], validity, nullCounts, codes, gen, ttl }
}

/** Sets an own property, whatever its name. */
function own<T>(target: { [name: string]: T }, name: string, value: T): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
}
