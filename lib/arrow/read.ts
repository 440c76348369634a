/**
 * Columns as Arrow tables and record batches.
 */
import {
  Schema as ArrowSchema,
  Binary,
  Bool,
  type Data,
  type DataType,
  Dictionary,
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
  Vector,
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
import { clientError, invalidArgument } from '../errors'
import { optionsObject, stringOption, unknownOption } from '../options'
import { describe } from '../value'

/** What goes into the table beside the columns. */
export interface ToArrowOptions {
  /** Name of a first column with the user keys; none by default. */
  keyField?: string
}

/** An array that a fixed-width column can be. */
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
      // Without Float16Array the column was widened.
      return values instanceof Float32Array ? new Float32() : new Float16()
    case 'f32':
      return new Float32()
    case 'f64':
      return new Float64()
    default:
      return new Bool()
  }
}

/** Arrow keeps booleans as bits, Aerospike columns as bytes: the one conversion that copies. */
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

function columnData(given: ColumnType, column: unknown, nulls: Nulls): Data {
  const type = plainType(given)
  if (column instanceof Utf8Column) {
    return makeData({ type: new Utf8(), ...nulls, valueOffsets: column.offsets, data: column.data })
  }
  if (column instanceof BinaryColumn) {
    return makeData({ type: new Binary(), ...nulls, valueOffsets: column.offsets, data: column.data })
  }
  if (column instanceof DictionaryColumn) {
    const { offsets, data, length } = column.dictionary
    const words = makeData({ type: new Utf8(), length, nullCount: 0, valueOffsets: offsets, data })
    const type = new Dictionary(new Utf8(), new Int32())
    return makeData({ type, ...nulls, data: column.ids, dictionary: new Vector([words]) })
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
  // makeData is typed for one known type at a time; which one this is was settled above.
  return makeData({ type, ...nulls, data: elements(element, values) } as Parameters<typeof makeData>[0]) as Data
}

function keyData(rows: Columns<Schema>): Data {
  const keys = Array.from({ length: rows.length }, (_, row) => rows.key(row)?.userKey ?? null)
  if (keys.every(key => typeof key === 'string' || key === null))
    return vectorFromArray(keys, new Utf8()).data[0] as Data
  if (keys.every(key => typeof key === 'number' || typeof key === 'bigint' || key === null)) {
    const wide = keys.map(key => (key === null ? null : BigInt(key as number | bigint)))
    return vectorFromArray(wide, new Int64()).data[0] as Data
  }
  if (keys.every(key => key === null || typeof key === 'object')) {
    return vectorFromArray(keys as (Uint8Array | null)[], new Binary()).data[0] as Data
  }
  throw clientError('toArrow: the user keys are of several types, which one Arrow column cannot hold')
}

function keyFieldOf(options: ToArrowOptions, schema: Schema): string | undefined {
  const given = optionsObject(options, 'toArrow')
  for (const name of Object.keys(given)) if (name !== 'keyField') unknownOption(name, 'toArrow', ['keyField'])
  if (given.keyField === undefined) return undefined
  const field = stringOption(given.keyField, 'toArrow.keyField')
  if (Object.hasOwn(schema, field))
    throw invalidArgument(`toArrow.keyField: ${JSON.stringify(field)} is a column already`)
  return field
}

/** The columns as one record batch. */
export function recordBatchOf(rows: Columns<Schema>, keyField: string | undefined): RecordBatch {
  const fields: Field[] = []
  const data: Data[] = []
  if (keyField !== undefined) {
    const keys = keyData(rows)
    fields.push(new Field(keyField, keys.type, true))
    data.push(keys)
  }
  for (const [name, type] of Object.entries(rows.schema)) {
    const nullBitmap = rows.validity[name] ?? new Uint8Array(0)
    const nulls = { length: rows.length, nullCount: rows.nullCounts[name] ?? 0, nullBitmap }
    const column = columnData(type, rows.columns[name], nulls)
    fields.push(new Field(name, column.type, true))
    data.push(column)
  }
  const schema = new ArrowSchema(fields)
  const batch = makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children: data })
  return new RecordBatch(schema, batch)
}

/**
 * An Arrow table of the columns. It shares their memory: only booleans are copied, into bits. Rows that failed or were not
 * found are null in every column.
 */
export function toArrow<S extends Schema>(rows: Columns<S>, options: ToArrowOptions = {}): Table {
  if (!(rows instanceof Columns)) {
    throw invalidArgument(`toArrow: what batchReadColumns gives is needed, not ${describe(rows)}`)
  }
  const all = rows as unknown as Columns<Schema>
  const batch = recordBatchOf(all, keyFieldOf(options, all.schema))
  return new Table(batch.schema, [batch])
}
