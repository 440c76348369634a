/**
 * Arrow data as columns to write: the Aerospike type of each field, and the memory of a window of rows.
 */
import { types } from 'node:util'
import { type Data, DataType, type Field, type Schema, Vector } from 'apache-arrow'
import {
  BinaryColumn,
  type ColumnType,
  DictionaryColumn,
  halfToSingle,
  type KeyIds,
  type SourceColumn,
  Utf8Column,
} from '../columns'
import { bytesOf } from '../common/bytes'
import { invalidArgument } from '../common/errors'
import { Double, type MapKey, type Value } from '../values/value'

/** A window of a field's rows, as `batchWriteColumns` takes it. */
interface Part {
  readonly column: SourceColumn
  readonly type?: ColumnType | undefined
}

type PartOf = (data: Data, from: number, to: number) => Part

/** How to write the rows of one schema. */
export interface Plan {
  /** Index of the key field. */
  readonly key: number
  readonly keysOf: (data: Data, from: number, to: number) => KeyIds
  readonly bins: readonly { readonly name: string; readonly index: number; readonly part: PartOf }[]
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)

/** Rejects a field with detached memory, which would mostly be read as zeros, or as no nulls. */
export function checkMemory(data: Data, where: string): void {
  for (const part of [data.values, data.valueOffsets, data.nullBitmap] as unknown[]) {
    if (types.isTypedArray(part)) bytesOf(part, where)
  }
  // Data without rows has no children, even if its type does.
  for (const child of (data.children as readonly Data[] | undefined) ?? []) checkMemory(child, where)
  for (const words of data.dictionary?.data ?? []) checkMemory(words, where)
}

/** Returns the bits from `start` on, aligned to a byte. */
export function bitsFrom(bits: Uint8Array, start: number, count: number): Uint8Array {
  const bytes = Math.ceil(count / 8)
  const [first, shift] = [start >> 3, start & 7]
  if (shift === 0) return bits.subarray(first, first + bytes)
  const moved = new Uint8Array(bytes)
  for (let index = 0; index < bytes; index++) {
    const at = first + index
    moved[index] = ((bits[at] ?? 0) >> shift) | ((bits[at + 1] ?? 0) << (8 - shift))
  }
  return moved
}

/** Returns which rows of a window have a value; undefined if all have one. */
export function validityOf(data: Data, from: number, to: number): Uint8Array | undefined {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap.length === 0) return undefined
  return bitsFrom(data.nullBitmap, data.offset + from, to - from)
}

/** Returns 32-bit offsets, and the bytes that they point into. */
function runOf(data: Data, from: number, to: number): readonly [Buffer, Int32Array] {
  const offsets = (data.valueOffsets as Int32Array | BigInt64Array).subarray(from, to + 1)
  const bytes = bufferOf(data.values as Uint8Array)
  if (offsets instanceof Int32Array) return [bytes, offsets]
  const first = offsets[0] ?? 0n
  const near = Int32Array.from(offsets as BigInt64Array, offset => Number(offset - first))
  return [bytes.subarray(Number(first), Number(first) + (near.at(-1) ?? 0)), near]
}

function unpack(bits: Uint8Array, start: number, count: number): Uint8Array {
  const flags = new Uint8Array(count)
  for (let index = 0; index < count; index++) {
    const at = start + index
    flags[index] = ((bits[at >> 3] ?? 0) >> (at & 7)) & 1
  }
  return flags
}

function scalarPart(type: DataType): PartOf | undefined {
  if (DataType.isBool(type)) {
    return (data, from, to) => ({ column: unpack(data.values, data.offset + from, to - from), type: 'bool' })
  }
  if (DataType.isFloat(type) && type.precision === 0) {
    return (data, from, to) => ({ column: Float32Array.from(data.values.subarray(from, to), halfToSingle) })
  }
  if (DataType.isInt(type) || DataType.isFloat(type)) {
    return (data, from, to) => ({ column: data.values.subarray(from, to) })
  }
  return undefined
}

const NUMBERS: { readonly [name: string]: ColumnType & string } = {
  Int8: 'i8',
  Int16: 'i16',
  Int32: 'i32',
  Int64: 'i64',
  Uint8: 'u8',
  Uint16: 'u16',
  Uint32: 'u32',
  Uint64: 'u64',
  Float32: 'f32',
  Float64: 'f64',
}

/** Fixed-size lists of numbers without nulls: blobs of the elements. */
function arrayPart(type: DataType): PartOf | undefined {
  if (!DataType.isFixedSizeList(type)) return undefined
  const element = NUMBERS[String(type.valueType)]
  if (element === undefined) return undefined
  const width = type.listSize
  return (data, from, to) => {
    const child = data.children[0] as Data
    if (child.nullCount > 0) {
      throw invalidArgument('writeArrow: a FixedSizeList has missing elements, which a blob of numbers cannot have')
    }
    return { column: child.values.subarray(from * width, to * width), type: [element, width] as ColumnType }
  }
}

/** Converts a nested value to the value to store. */
type ValueOf = (value: unknown) => Value

/** Rejects two fields with the same name: a record or a map could keep only one of them. */
function refuseDuplicates(fields: readonly Field[], where: string): void {
  const names = new Set<string>()
  for (const { name } of fields) {
    if (names.has(name)) throw invalidArgument(`writeArrow: ${where} two fields with the name ${JSON.stringify(name)}`)
    names.add(name)
  }
}

const plain: ValueOf = value => (value ?? null) as Value

function valueReader(type: DataType): ValueOf | undefined {
  if (DataType.isFloat(type)) return value => (value === null ? null : Double(value as number))
  if (DataType.isInt(type) || DataType.isBool(type) || DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return plain
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return plain
  if (DataType.isDictionary(type)) return valueReader(type.dictionary)
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const item = valueReader(type.valueType)
    return item && (value => (value === null ? null : Array.from(value as Iterable<unknown>, item)))
  }
  if (DataType.isStruct(type)) {
    refuseDuplicates(type.children, 'a struct has')
    const readers = type.children.map(field => [field.name, valueReader(field.type)] as const)
    if (readers.some(([, read]) => read === undefined)) return undefined
    return value => {
      if (value === null) return null
      // By position, not by name: methods of the row hide fields with the same name.
      const fields = [...(value as Iterable<[string, unknown]>)]
      return Object.fromEntries(readers.map(([name, read], place) => [name, (read as ValueOf)(fields[place]?.[1])]))
    }
  }
  if (DataType.isMap(type)) {
    const [key, item] = [type.keyType as DataType, valueReader(type.valueType)]
    if (item === undefined || !(DataType.isUtf8(key) || DataType.isInt(key) || DataType.isBinary(key))) return undefined
    return value => {
      if (value === null) return null
      const entries = [...(value as Iterable<[MapKey, unknown]>)]
      const map = new Map(entries.map(([name, of]) => [name, item(of)]))
      if (map.size < entries.length) throw invalidArgument('writeArrow: a map contains a key twice')
      return map
    }
  }
  return undefined
}

function nestedPart(type: DataType): PartOf | undefined {
  const read = valueReader(type)
  if (read === undefined) return undefined
  return (data, from, to) => {
    const vector = new Vector([data])
    const column: Value[] = []
    for (let row = from; row < to; row++) column.push(read(vector.get(row)))
    return { column }
  }
}

function dictionaryPart(type: DataType): PartOf | undefined {
  if (!DataType.isDictionary(type)) return undefined
  const each = nestedPart(type)
  if (each === undefined || !DataType.isUtf8(type.dictionary)) return each
  return (data, from, to) => {
    const words = (data.dictionary as Vector).data
    const [only] = words
    // A dictionary with many more words than the window has rows costs more to send than the rows' own strings.
    if (words.length !== 1 || only === undefined || only.nullCount > 0 || only.length > 4 * (to - from)) {
      return each(data, from, to)
    }
    const ids = Int32Array.from(data.values.subarray(from, to) as ArrayLike<number>, Number)
    return { column: new DictionaryColumn(ids, new Utf8Column(...runOf(only, 0, only.length))) }
  }
}

function varyingPart(type: DataType): PartOf | undefined {
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) {
    return (data, from, to) => ({ column: new Utf8Column(...runOf(data, from, to)) })
  }
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) {
    return (data, from, to) => ({ column: new BinaryColumn(...runOf(data, from, to)) })
  }
  if (DataType.isFixedSizeBinary(type)) {
    const width = type.byteWidth
    return (data, from, to) => ({
      column: data.values.subarray(from * width, to * width),
      type: ['bytes', width],
    })
  }
  return undefined
}

function partOf(field: Field): PartOf {
  const type = field.type as DataType
  const part = scalarPart(type) ?? varyingPart(type) ?? arrayPart(type) ?? dictionaryPart(type) ?? nestedPart(type)
  if (part !== undefined) return part
  throw invalidArgument(
    `writeArrow: the field ${JSON.stringify(field.name)} is of the type ${type}, which no bin can hold; cast it, or leave it out`,
  )
}

function keyReader(field: Field): Plan['keysOf'] {
  const type = field.type as DataType
  if (DataType.isInt(type) && type.bitWidth === 64 && type.isSigned) {
    return (data, from, to) => data.values.subarray(from, to)
  }
  if (DataType.isInt(type) && type.bitWidth < 64) {
    return (data, from, to) => {
      const values = data.values.subarray(from, to) as Int32Array | Uint32Array
      if (values instanceof Int32Array || values instanceof Uint32Array) return values
      return Int32Array.from(values as ArrayLike<number>)
    }
  }
  const varying = varyingPart(type)
  if (varying !== undefined && !DataType.isFixedSizeBinary(type)) {
    return (data, from, to) => varying(data, from, to).column as Utf8Column | BinaryColumn
  }
  if (DataType.isFixedSizeBinary(type)) {
    const width = type.byteWidth
    return (data, from, to) => {
      const offsets = Int32Array.from({ length: to - from + 1 }, (_, row) => row * width)
      return new BinaryColumn(bufferOf(data.values.subarray(from * width, to * width)), offsets)
    }
  }
  if (DataType.isDictionary(type) && DataType.isUtf8(type.dictionary)) {
    return (data, from, to) => {
      const vector = new Vector([data])
      return Array.from({ length: to - from }, (_, row) => vector.get(from + row) as string)
    }
  }
  throw invalidArgument(
    `writeArrow: the key field ${JSON.stringify(field.name)} is of the type ${type}; keys are integers, strings or bytes`,
  )
}

/**
 * Validates all fields of a schema, and returns how to write its rows. Fields whose names begin with `_` are not bins;
 * a key field with another name is also a bin.
 */
export function planOf(schema: Schema, keyField: string): Plan {
  const { fields } = schema
  const key = fields.findIndex(field => field.name === keyField)
  if (key < 0) {
    const names = fields.map(field => field.name).join(', ')
    throw invalidArgument(`writeArrow.keyField: there is no field ${JSON.stringify(keyField)} among ${names}`)
  }
  const used = fields.filter(({ name }) => name === keyField || !name.startsWith('_'))
  refuseDuplicates(used, 'there are')
  const bins = [...fields.entries()]
    .filter(([, field]) => !field.name.startsWith('_'))
    .map(([index, field]) => ({ name: field.name, index, part: partOf(field) }))
  if (bins.length === 0) throw invalidArgument('writeArrow: there is no bin: the names of all fields begin with _')
  return { key, keysOf: keyReader(fields[key] as Field), bins }
}
