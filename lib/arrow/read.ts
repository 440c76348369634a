/**
 * Columns as Arrow tables and record batches.
 */
import {
  Schema as ArrowSchema,
  Binary,
  Bool,
  type Data,
  type DataType,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Struct,
  Table,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import {
  BinaryColumn,
  Columns,
  type ColumnType,
  DictionaryColumn,
  plainType,
  type ScalarType,
  type Schema,
  Utf8Column,
} from '../columns'
import { describe } from '../common/describe'
import { clientError, invalidArgument } from '../common/errors'
import { checkOptions, optionsObject, stringOption } from '../common/options'
import type { UserKey } from '../values/key'
import { Dictionaries } from './dictionaries'

/** Columns of the table in addition to those of the schema. */
export interface ToArrowOptions {
  /** Name of a first column with the user keys. Default: no such column. */
  keyField?: string | undefined
}

/** The typed arrays of fixed-width columns. */
type Elements = ArrayLike<unknown> & ArrayBufferView

function scalarType(element: ScalarType, values: Elements): DataType {
  switch (element) {
    case 'i8':
      return new Int8()
    case 'i16':
      return new Int16()
    case 'i32':
      return new Int32()
    case 'i64':
      return new Int64()
    case 'u8':
      return new Uint8()
    case 'u16':
      return new Uint16()
    case 'u32':
      return new Uint32()
    case 'u64':
      return new Uint64()
    case 'f16':
      // Without Float16Array the column was widened to 32 bits.
      return values instanceof Float32Array ? new Float32() : new Float16()
    case 'f32':
      return new Float32()
    case 'f64':
      return new Float64()
    default:
      return new Bool()
  }
}

/**
 * Packs booleans into bits: Arrow stores bits, Aerospike columns store bytes. This is the only conversion that copies.
 */
function packBits(flags: Elements): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 8))
  for (let index = 0; index < flags.length; index++) {
    if (flags[index] !== 0) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7))
  }
  return bits
}

function elements(element: ScalarType, values: Elements): unknown {
  if (element === 'bool') return packBits(values)
  if (element === 'f16' && !(values instanceof Float32Array)) {
    return new Uint16Array(values.buffer, values.byteOffset, values.length)
  }
  return values
}

interface Nulls {
  readonly length: number
  readonly nullCount: number
  readonly nullBitmap: Uint8Array
}

function columnData(name: string, given: ColumnType, column: unknown, nulls: Nulls, dictionaries: Dictionaries): Data {
  const type = plainType(given)
  if (column instanceof Utf8Column) {
    return makeData({ type: new Utf8(), ...nulls, valueOffsets: column.offsets, data: column.data })
  }
  if (column instanceof BinaryColumn) {
    return makeData({ type: new Binary(), ...nulls, valueOffsets: column.offsets, data: column.data })
  }
  if (column instanceof DictionaryColumn) {
    return makeData({ ...nulls, ...dictionaries.add(name, column) })
  }
  const values = column as Elements
  if (typeof type === 'string') return fixed(type as ScalarType, values, nulls)
  const [element, width] = type
  if (element === 'bytes') {
    return makeData({ type: new FixedSizeBinary(width), ...nulls, data: values as unknown as Uint8Array })
  }
  const whole = { length: values.length, nullCount: 0, nullBitmap: new Uint8Array(0) }
  const child = fixed(element, values, whole)
  const list = new FixedSizeList(width, new Field('item', child.type, false))
  return makeData({ type: list, ...nulls, child })
}

function fixed(element: ScalarType, values: Elements, nulls: Nulls): Data {
  const type = scalarType(element, values)
  // makeData is typed for one known type at a time; `type` and `data` match.
  return makeData({ type, ...nulls, data: elements(element, values) } as Parameters<typeof makeData>[0]) as Data
}

/** Types of a column of user keys: strings, 64-bit integers or bytes. */
export type KeyType = 'utf8' | 'i64' | 'binary'

function typeOfKey(key: UserKey): KeyType {
  if (typeof key === 'string') return 'utf8'
  return typeof key === 'object' ? 'binary' : 'i64'
}

/** Returns the type of the first user key, or undefined if there is none. */
export function keyTypeOf(rows: Columns<Schema>): KeyType | undefined {
  for (let row = 0; row < rows.length; row++) {
    const userKey = rows.key(row)?.userKey
    if (userKey !== undefined) return typeOfKey(userKey)
  }
  return undefined
}

function keyData(rows: Columns<Schema>, type: KeyType): Data {
  const keys = Array.from({ length: rows.length }, (_, row) => rows.key(row)?.userKey ?? null)
  for (const key of keys) {
    if (key === null || typeOfKey(key) === type) continue
    throw clientError(
      `toArrow: the user keys are of several types (${type}, ${typeOfKey(key)}), which one Arrow column cannot hold`,
    )
  }
  // vectorFromArray returns no data for an empty array.
  if (keys.length === 0) return emptyData[type]()
  if (type === 'utf8') return vectorFromArray(keys, new Utf8()).data[0] as Data
  if (type === 'binary') return vectorFromArray(keys as (Uint8Array | null)[], new Binary()).data[0] as Data
  const wide = keys.map(key => (key === null ? null : BigInt(key as number | bigint)))
  return vectorFromArray(wide, new Int64()).data[0] as Data
}

const emptyData = {
  utf8: (): Data => makeData({ type: new Utf8(), length: 0, valueOffsets: new Int32Array(1), data: new Uint8Array(0) }),
  binary: (): Data =>
    makeData({ type: new Binary(), length: 0, valueOffsets: new Int32Array(1), data: new Uint8Array(0) }),
  i64: (): Data => makeData({ type: new Int64(), length: 0, data: new BigInt64Array(0) }),
}

function keyFieldOf(options: ToArrowOptions, schema: Schema): string | undefined {
  const given = optionsObject(options, 'toArrow')
  checkOptions(given, 'toArrow', ['keyField'])
  if (given.keyField === undefined) return undefined
  const field = stringOption(given.keyField, 'toArrow.keyField')
  if (Object.hasOwn(schema, field))
    throw invalidArgument(`toArrow.keyField: ${JSON.stringify(field)} is already a column`)
  return field
}

/** Columns of a record batch in addition to those of the schema. */
export interface BesideColumns {
  readonly keyField: string | undefined
  /** Type of the user keys. Default: that of the first one. */
  readonly keyType?: KeyType | undefined
  readonly digestField?: string | undefined
}

/** Converts columns to one record batch. */
function recordBatchOf(rows: Columns<Schema>, beside: BesideColumns, dictionaries = new Dictionaries()): RecordBatch {
  const fields: Field[] = []
  const data: Data[] = []
  if (beside.keyField !== undefined) {
    const keys = keyData(rows, beside.keyType ?? keyTypeOf(rows) ?? 'utf8')
    fields.push(new Field(beside.keyField, keys.type, true))
    data.push(keys)
  }
  if (beside.digestField !== undefined) {
    const type = new FixedSizeBinary(20)
    const digests = rows.digests ?? new Uint8Array(rows.length * 20)
    fields.push(new Field(beside.digestField, type, false))
    data.push(makeData({ type, length: rows.length, nullCount: 0, data: digests }))
  }
  for (const [name, type] of Object.entries(rows.schema)) {
    const nullBitmap = rows.validity[name] ?? new Uint8Array(0)
    const nulls = { length: rows.length, nullCount: rows.nullCounts[name] ?? 0, nullBitmap }
    const column = columnData(name, type, rows.columns[name], nulls, dictionaries)
    fields.push(new Field(name, column.type, true))
    data.push(column)
  }
  const schema = new ArrowSchema(fields)
  const batch = makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children: data })
  return new RecordBatch(schema, batch)
}

/** The record batches of one read, in order. They share one schema and their dictionaries. */
export class Batches {
  readonly #beside: BesideColumns
  readonly #dictionaries = new Dictionaries()
  #keyType: KeyType | undefined

  constructor(beside: BesideColumns) {
    this.#beside = beside
    this.#keyType = beside.keyType
  }

  /** Converts the columns of the next batch. */
  next(rows: Columns<Schema>): RecordBatch {
    // The first user key determines the type of all.
    if (this.#beside.keyField !== undefined) this.#keyType ??= keyTypeOf(rows) ?? 'utf8'
    return recordBatchOf(rows, { ...this.#beside, keyType: this.#keyType }, this.#dictionaries)
  }
}

/**
 * Converts columns to an Arrow table. The table shares their memory; only booleans are copied, into bits. Rows that
 * failed or were not found are null in every column.
 *
 * @param rows - the result of `batchReadColumns`, or a chunk of a query's `columns`
 * @param options - `keyField`: name of a first column with the user keys
 * @returns the table, with one record batch
 * @throws InvalidArgError if an argument is invalid; ClientError if the user keys are of several types
 * @example
 * ```ts
 * const rows = await client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
 * const table = toArrow(rows, { keyField: 'id' })
 * ```
 */
export function toArrow<S extends Schema>(rows: Columns<S>, options: ToArrowOptions = {}): Table {
  if (!(rows instanceof Columns)) {
    throw invalidArgument(`toArrow: what batchReadColumns gives is needed, not ${describe(rows)}`)
  }
  const all = rows as unknown as Columns<Schema>
  const batch = recordBatchOf(all, { keyField: keyFieldOf(options, all.schema) })
  return new Table(batch.schema, [batch])
}
