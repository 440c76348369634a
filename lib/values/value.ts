/**
 * Values: how JavaScript values map to Aerospike types and back. Must match `crate/src/convert/value.rs`.
 *
 * | JavaScript | Aerospike | read as |
 * | --- | --- | --- |
 * | number without a fraction, within +-(2^53-1), except -0 | integer | number |
 * | bigint within int64 | integer | number within +-(2^53-1), else bigint (`int64` option) |
 * | every other number, `Double(n)` | double | number |
 * | string (no lone surrogates) | string | string |
 * | boolean | boolean | boolean |
 * | Buffer, Uint8Array, any other ArrayBufferView, ArrayBuffer | blob | Buffer |
 * | array | list | array |
 * | plain object | map with string keys | plain object (`maps` option) |
 * | Map with keys of string, integer or bytes | map | Map, or plain object when all keys are strings (`maps` option) |
 * | GeoJSON | GeoJSON | GeoJSON |
 * | HyperLogLog | HyperLogLog | HyperLogLog |
 * | Particle | by its type | Particle, for types of other languages' clients |
 * | null | nothing: removes the bin; inside a list or map, nil | null inside lists and maps |
 */

import { types } from 'node:util'
import { ValueTag as Tag } from '../catalog/formats'
import { bytesOf, checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { badResponse, clientError, invalidArgument } from '../common/errors'
import { setOwn } from '../common/objects'
import { quote } from '../common/shorten'
import { MalformedTextError, type Reader, type Writer } from '../wire/wire'
import { InfinityBound, WildcardBound } from './range-bounds'
import { keyText, withPath, withStep } from './refused-path'
import { skipValue } from './skip-value'
import { DoubleNumber, GeoJSON, HyperLogLog, Particle, type ReadOptions, type ReadValue, StoredGeoJSON } from './types'

export {
  Double,
  GeoJSON,
  HyperLogLog,
  type Int64,
  type Int64For,
  type Integer,
  type IntegerOf,
  type MapKey,
  Particle,
  type ReadOptions,
  type ReadValue,
  type Value,
} from './types'

/** Maximum nesting depth of lists and maps. */
const MAX_DEPTH = 256

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n

/** Writes text. A lone surrogate is rejected; `where` names its location. */
export function writeText(writer: Writer, text: string, where: string): boolean {
  try {
    return writer.text(text)
  } catch (error) {
    if (error instanceof MalformedTextError) {
      throw invalidArgument(`${where}: the string contains a lone surrogate, which UTF-8 cannot encode`)
    }
    throw error
  }
}

function writeString(writer: Writer, text: string, where: string): void {
  writer.u8(Tag.UTF8)
  writeText(writer, text, where)
}

/** Writes a bigint as an integer. */
export function writeBigInt(writer: Writer, value: bigint, where: string): void {
  if (value < MIN_INT64 || value > MAX_INT64) {
    throw invalidArgument(`${where}: ${value}n is outside the 64-bit integers`)
  }
  writer.u8(Tag.I64)
  writer.i64(value)
}

/** Writes a number as an integer or a double. */
export function writeNumber(writer: Writer, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    writer.u8(Tag.I32)
    writer.i32(value)
  } else if (Number.isSafeInteger(value) && value !== 0) {
    writer.u8(Tag.SAFE)
    writer.f64(value)
  } else {
    writer.u8(Tag.F64)
    writer.f64(value)
  }
}

function writeMapKey(writer: Writer, key: unknown, where: string): void {
  if (typeof key === 'string') writeString(writer, key, where)
  else if (typeof key === 'number' && Number.isSafeInteger(key) && !Object.is(key, -0)) writeNumber(writer, key)
  else if (typeof key === 'bigint') writeBigInt(writer, key, where)
  else if (types.isUint8Array(key)) {
    writer.u8(Tag.BLOB)
    writer.blob(checkBytes(key, where))
  } else {
    throw invalidArgument(`${where}: a map key is a string, an integer or bytes, not ${describe(key)}`)
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  // Also matches Object.prototype of another realm: its own prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function checkDepth(where: string, depth: number): void {
  if (depth >= MAX_DEPTH) throw invalidArgument(`${where}: the value is nested deeper than ${MAX_DEPTH} levels`)
}

function writeObject(writer: Writer, value: object, where: string, depth: number, stored: boolean): void {
  if (Array.isArray(value)) {
    checkDepth(where, depth)
    writer.u8(Tag.LIST)
    writer.u32(value.length)
    const { length } = value
    let index = 0
    try {
      for (; index < length; index++) writeNested(writer, value[index], where, depth + 1, stored)
    } catch (error) {
      throw withStep(error, index)
    }
  } else if (types.isUint8Array(value) || ArrayBuffer.isView(value) || types.isArrayBuffer(value)) {
    writer.u8(Tag.BLOB)
    writer.blob(bytesOf(value, where))
  } else if (types.isMap(value)) {
    checkDepth(where, depth)
    writer.u8(Tag.MAP)
    const at = writer.length
    writer.u32(value.size)
    let left = 0
    for (const [key, item] of value) {
      if (item === undefined && writer.ignoreUndefined) {
        left++
        continue
      }
      writeMapKey(writer, key, where)
      try {
        writeNested(writer, item, where, depth + 1, stored)
      } catch (error) {
        throw withStep(error, key)
      }
    }
    if (left > 0) writer.patchU32(at, value.size - left)
  } else if (value instanceof DoubleNumber) {
    writer.u8(Tag.F64)
    writer.f64(value.value)
  } else if (value instanceof GeoJSON) {
    writer.u8(Tag.GEOJSON)
    writeText(writer, value.json, where)
  } else if (value instanceof HyperLogLog) {
    writer.u8(Tag.HLL)
    writer.blob(checkBytes(value.bytes, where))
  } else if (value instanceof Particle) {
    if (depth > 0)
      throw invalidArgument(`${where}: a Particle can be a whole bin only, not part of a list or map, nor an argument`)
    writer.u8(Tag.UNKNOWN)
    writer.u8(value.type)
    writer.blob(checkBytes(value.bytes, where))
  } else if (value instanceof InfinityBound || value instanceof WildcardBound) {
    if (stored) {
      throw invalidArgument(`${where}: infinity and wildcard are arguments of operations; they cannot be stored`)
    }
    writer.u8(value instanceof InfinityBound ? Tag.INFINITY : Tag.WILDCARD)
  } else if (isPlain(value)) {
    checkDepth(where, depth)
    const names = Object.keys(value)
    writer.u8(Tag.OBJECT)
    const at = writer.length
    writer.u32(names.length)
    let name = ''
    let left = 0
    try {
      for (name of names) {
        const item = (value as { [key: string]: unknown })[name]
        if (item === undefined && writer.ignoreUndefined) {
          left++
          continue
        }
        writeString(writer, name, where)
        writeNested(writer, item, where, depth + 1, stored)
      }
    } catch (error) {
      throw withStep(error, name)
    }
    if (left > 0) writer.patchU32(at, names.length - left)
  } else {
    throw invalidArgument(`${where}: ${describe(value)} cannot be stored`)
  }
}

/** `stored` is false for an argument of an operation, which may contain infinity and wildcard. */
function writeNested(writer: Writer, value: unknown, where: string, depth: number, stored: boolean): void {
  switch (typeof value) {
    case 'number':
      writeNumber(writer, value)
      return
    case 'string':
      writeString(writer, value, where)
      return
    case 'boolean':
      writer.u8(value ? Tag.TRUE : Tag.FALSE)
      return
    case 'bigint':
      writeBigInt(writer, value, where)
      return
    case 'object':
      if (value === null) writer.u8(Tag.NIL)
      else writeObject(writer, value, where, depth, stored)
      return
    default:
      throw invalidArgument(
        `${where}: ${describe(value)} cannot be stored${value === undefined && depth === 0 ? '; null removes a bin, and ignoreUndefined leaves it out' : ''}`,
      )
  }
}

/** Writes a value; `where` names it in errors. */
export function writeValue(writer: Writer, value: unknown, where: string): void {
  try {
    writeNested(writer, value, where, 0, true)
  } catch (error) {
    throw withPath(error, where)
  }
}

/** Writes an argument of an operation: a value that may contain infinity or wildcard. */
export function writeArgument(writer: Writer, value: unknown, where: string): void {
  try {
    writeNested(writer, value, where, 1, false)
  } catch (error) {
    throw withPath(error, where)
  }
}

function integer(value: number, options: ReadOptions): number | bigint {
  return options.int64 === 'bigint' ? BigInt(value) : value
}

function wideInteger(value: bigint, options: ReadOptions): bigint {
  if (options.int64 === 'number') {
    throw clientError(`the integer ${value} does not fit a number; read it with int64: 'auto' or 'bigint'`)
  }
  return value
}

function readMap(reader: Reader, options: ReadOptions, strings: boolean): ReadValue {
  const count = reader.u32()
  if (options.maps === 'object' || (strings && options.maps === 'auto')) {
    const object: { [key: string]: ReadValue } = {}
    for (let index = 0; index < count; index++) {
      const key = readNested(reader, options)
      const name = typeof key === 'string' ? key : keyText(key)
      if (!strings && Object.hasOwn(object, name)) {
        throw clientError(
          `several keys of a map have the text ${quote(name)}, but an object can have it only once; read it with maps: 'auto' or 'map'`,
        )
      }
      setOwn(object, name, readNested(reader, options))
    }
    return object
  }
  const map = new Map<string | number | bigint | Buffer, ReadValue>()
  for (let index = 0; index < count; index++) {
    const key = readNested(reader, options) as string | number | bigint | Buffer
    map.set(key, readNested(reader, options))
  }
  return map
}

/** Reads a user key. Safe integers become numbers. */
export function readUserKey(reader: Reader): string | number | bigint | Uint8Array {
  return readValue(reader, AS_THEY_ARE) as string | number | bigint | Uint8Array
}

const AS_THEY_ARE: ReadOptions = { int64: 'auto', maps: 'auto' }

function readNested(reader: Reader, options: ReadOptions): ReadValue {
  const tag = reader.u8()
  switch (tag) {
    case Tag.NIL:
      return null
    case Tag.FALSE:
      return false
    case Tag.TRUE:
      return true
    case Tag.I32:
      return integer(reader.i32(), options)
    case Tag.SAFE:
      return integer(reader.f64(), options)
    case Tag.I64:
      return wideInteger(reader.i64(), options)
    case Tag.F64:
      return reader.f64()
    case Tag.ASCII:
      return reader.ascii()
    case Tag.UTF8:
      return reader.text()
    case Tag.BLOB:
      return reader.blob()
    case Tag.LIST: {
      const count = reader.u32()
      const list: ReadValue[] = []
      for (let index = 0; index < count; index++) list.push(readNested(reader, options))
      return list
    }
    case Tag.OBJECT:
      return readMap(reader, options, true)
    case Tag.MAP:
      return readMap(reader, options, false)
    case Tag.GEOJSON:
      return new GeoJSON(new StoredGeoJSON(reader.text()))
    case Tag.HLL:
      return new HyperLogLog(reader.blob())
    case Tag.UNKNOWN: {
      const type = reader.u8()
      return new Particle(type, reader.blob())
    }
    case Tag.PAIRS: {
      const count = reader.u32()
      const pairs: ReadValue[] = []
      for (let index = 0; index < count; index++) pairs.push([readNested(reader, options), readNested(reader, options)])
      return pairs
    }
    default:
      throw badResponse(`a reply contains a value of the unknown kind ${tag}`)
  }
}

/**
 * Reads the value at the reader's position.
 * @throws an error if the value cannot be decoded; the reader is then past the value, too
 */
export function readValue(reader: Reader, options: ReadOptions): ReadValue {
  const start = reader.at
  try {
    return readNested(reader, options)
  } catch (error) {
    reader.at = start
    skipValue(reader)
    throw isStackOverflow(error) ? clientError('the value is nested too deeply for the stack', error) : error
  }
}

/** Engines other than V8 use slightly different messages. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack size exceeded')
}
