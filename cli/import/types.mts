/**
 * The types of columns: those of `--types`, and for CSV, which has only text, those that the first rows suggest.
 */
import { Double, GeoJSON } from 'aerospike-napi'
import { usageError } from '../exit-codes.mjs'
import { decodeJson, integerOf, ValueError } from '../values.mjs'
import { COLUMN_TYPES, type ColumnType, type Types } from './column-type.mjs'
import { CsvField } from './csv-reader.mjs'
import type { SourceRow } from './source-row.mjs'

/** Parses `age:int,name:string`. */
export function parseTypes(text: string): Types {
  const types = new Map<string, ColumnType>()
  for (const part of text.split(',').filter(part => part.trim() !== '')) {
    const at = part.lastIndexOf(':')
    const [name, type] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    const known = COLUMN_TYPES.find(each => each === type)
    if (at < 1 || known === undefined) {
      throw usageError(`--types: '${part.trim()}' is not column:type, with a type of ${COLUMN_TYPES.join(', ')}`)
    }
    if (types.has(name)) throw usageError(`--types: the column ${name} is there twice`)
    types.set(name, known)
  }
  return types
}

const INTEGER = /^-?(?:0|[1-9]\d*)$/
const NUMBER = /^-?(?:0|[1-9]\d*)?(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** The doubles that are not numbers, as `export` writes them. */
const NOT_FINITE = /^(?:NaN|-?Infinity)$/
const BOOLEAN = /^(?:true|false)$/i
const BYTES = /^0x(?:[\da-f]{2})*$/i

const isInteger = (text: string): boolean => INTEGER.test(text) && text !== '-0' && integerOf(text) !== undefined
const isNumber = (text: string): boolean =>
  (NUMBER.test(text) && /\d/.test(text) && Number.isFinite(Number(text))) || NOT_FINITE.test(text)

function isCollection(text: string): boolean {
  if (!/^[[{]/.test(text)) return false
  try {
    decodeJson(text)
    return true
  } catch {
    return false
  }
}

const TESTS: readonly (readonly [ColumnType, (text: string) => boolean])[] = [
  ['int', isInteger],
  ['double', isNumber],
  ['bool', text => BOOLEAN.test(text)],
  ['bytes', text => BYTES.test(text)],
]

/**
 * Suggests types for the columns of CSV from its first rows: a column has the type that all its values have, or `string`.
 * Text in quotes is a string, unless every field of the rows is in quotes, as some programs write them.
 */
export function suggestTypes(rows: readonly SourceRow[], given: Types): Types {
  const columns = new Map<string, CsvField[]>()
  for (const { values } of rows) {
    for (const [name, value] of values ?? []) {
      if (!(value instanceof CsvField)) continue
      const fields = columns.get(name) ?? []
      if (!value.missing) fields.push(value)
      columns.set(name, fields)
    }
  }
  const allQuoted = [...columns.values()].every(fields => fields.every(({ quoted }) => quoted))
  const types = new Map(given)
  for (const [name, fields] of columns) {
    if (!types.has(name)) types.set(name, suggested(fields, allQuoted))
  }
  return types
}

function suggested(fields: readonly CsvField[], allQuoted: boolean): ColumnType {
  if (fields.length === 0) return 'string'
  if (fields.every(({ text }) => isCollection(text))) return 'json'
  if (!allQuoted && fields.some(({ quoted }) => quoted)) return 'string'
  return TESTS.find(([, fits]) => fields.every(({ text }) => fits(text)))?.[0] ?? 'string'
}

function refuse(value: unknown, needed: string): never {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  throw new ValueError(`${text.length > 40 ? `${text.slice(0, 40)}...` : text} is not ${needed}`)
}

/** Converts a value to the type of its column. */
export function convertTo(type: ColumnType | undefined, given: unknown): unknown {
  const value = given instanceof CsvField ? given.text : given
  switch (type) {
    case 'int':
      return asInteger(value)
    case 'double':
      if (typeof value === 'string' && isNumber(value)) return Double(Number(value))
      if (typeof value === 'number' || typeof value === 'bigint') return Double(Number(value))
      return isDouble(value) ? value : refuse(value, 'a number')
    case 'string':
      return asString(value)
    case 'bool':
      if (typeof value === 'string' && BOOLEAN.test(value)) return value.toLowerCase() === 'true'
      return typeof value === 'boolean' ? value : refuse(value, 'true or false')
    case 'bytes':
      if (typeof value === 'string' && BYTES.test(value)) return Buffer.from(value.slice(2), 'hex')
      return value instanceof Uint8Array ? value : refuse(value, 'bytes, such as 0x0aff')
    case 'json':
      return typeof value === 'string' ? decodeJson(value) : value
    case 'geo':
      return asGeo(value)
    default:
      return value
  }
}

const isDouble = (value: unknown): value is Double => value instanceof Double

function asInteger(value: unknown): unknown {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && INTEGER.test(value)) return integerOf(value) ?? refuse(value, 'a 64-bit integer')
  const number = isDouble(value) ? value.value : value
  return Number.isSafeInteger(number) ? number : refuse(value, 'an integer')
}

function asString(value: unknown): string {
  if (typeof value === 'string') return value
  if (isDouble(value)) return String(value.value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return refuse(value, 'a string')
}

function asGeo(value: unknown): GeoJSON {
  if (value instanceof GeoJSON) return value
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return refuse(value, 'GeoJSON')
  try {
    return new GeoJSON(value)
  } catch {
    return refuse(value, 'GeoJSON')
  }
}
