/**
 * Literals: constant values inside an expression.
 */
import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { Double, GeoJSON } from '../values/value'
import { type Expression, type LiteralItem, type LiteralMap, leaf, literal } from './expression'
import { checkInteger, checkText } from './packer'

function bool(value: boolean): Expression<'bool'> {
  if (typeof value !== 'boolean') throw invalidArgument(`exp.bool: true or false is needed, not ${describe(value)}`)
  return leaf('bool', packer => packer.bool(value))
}

function int(value: number | bigint): Expression<'int'> {
  const integer = checkInteger(value, 'exp.int')
  return leaf('int', packer => packer.int(integer))
}

function uint(value: number | bigint): Expression<'int'> {
  const integer = checkInteger(value, 'exp.uint')
  if (integer < 0) throw invalidArgument(`exp.uint: an integer from 0 up is needed, not ${describe(value)}`)
  return leaf('int', packer => packer.int(integer))
}

function float(value: number | Double): Expression<'float'> {
  const number = value instanceof Double ? value.value : value
  if (typeof number !== 'number') throw invalidArgument(`exp.float: a number is needed, not ${describe(value)}`)
  return leaf('float', packer => packer.double(number))
}

function str(value: string): Expression<'string'> {
  const text = checkText(value, 'exp.str')
  return leaf('string', packer => packer.text(text))
}

function bytes(value: Uint8Array, size?: number): Expression<'blob'> {
  if (!types.isUint8Array(value)) throw invalidArgument(`exp.bytes: bytes are needed, not ${describe(value)}`)
  checkBytes(value, 'exp.bytes')
  if (size !== undefined && (!Number.isInteger(size) || size < 0 || size > value.length)) {
    throw invalidArgument(`exp.bytes: size: an integer from 0 to ${value.length} is needed, not ${describe(size)}`)
  }
  const part = size === undefined ? value : value.subarray(0, size)
  return leaf('blob', packer => packer.blob(part))
}

function geo(value: GeoJSON | string | object): Expression<'geo'> {
  const { json } = value instanceof GeoJSON ? value : new GeoJSON(value)
  const text = checkText(json, 'exp.geo')
  return leaf('geo', packer => packer.geo(text))
}

const list = (values: readonly LiteralItem[]): Expression<'list'> =>
  literalOf('list', values, 'an array', 'exp.list') as Expression<'list'>

const map = (value: LiteralMap): Expression<'map'> =>
  literalOf('map', value, 'a plain object or a Map', 'exp.map') as Expression<'map'>

function literalOf(type: 'list' | 'map', value: unknown, what: string, where: string): Expression {
  const packed = literal(value, type, where)
  if (packed === undefined) throw invalidArgument(`${where}: ${what} is needed, not ${describe(value)}`)
  return packed
}

const WILDCARD = leaf('any', packer => packer.wildcard())
const INFINITY = leaf('any', packer => packer.infinity())
const NIL = leaf('nil', packer => packer.nil())

/** Builders of literals. */
export const values = {
  /**
   * A boolean. Server 5.6 and later.
   * @param value - true or false
   * @throws InvalidArgError for anything else
   */
  bool,

  /**
   * A signed 64-bit integer.
   * @param value - a number without a fractional part, or a bigint
   * @throws InvalidArgError for anything else, and for an integer outside the 64-bit range
   */
  int,

  /**
   * A non-negative 64-bit integer.
   * @param value - a number without a fractional part, or a bigint
   * @throws InvalidArgError for anything else
   */
  uint,

  /**
   * A double. `exp.float(1)` is 1.0, which never equals an integer.
   * @param value - any number
   * @throws InvalidArgError for anything else
   */
  float,

  /**
   * A string.
   * @param value - text without lone surrogates
   * @throws InvalidArgError for anything else
   */
  str,

  /**
   * Bytes.
   * @param value - bytes to use
   * @param size - number of bytes from the start (default all)
   * @throws InvalidArgError for anything else
   */
  bytes,

  /**
   * A GeoJSON value, for `exp.cmpGeo`.
   * @param value - a `GeoJSON`, JSON text, or an object
   * @throws InvalidArgError if the value is not JSON
   */
  geo,

  /** Nil: no value. In a range, it is less than every other value. */
  nil: (): Expression<'nil'> => NIL,

  /** Infinity: greater than every other value, for the end of a range. Inside a list, use `infinity()`. */
  inf: (): Expression<'any'> => INFINITY,

  /** The wildcard: equals every value. Inside a list, use `wildcard()`. */
  wildcard: (): Expression<'any'> => WILDCARD,

  /**
   * A list.
   * @param values - items: any storable values, `infinity()` and `wildcard()`
   * @throws InvalidArgError for a value that cannot be stored
   */
  list,

  /**
   * A map. Its entries are packed in the server's order of keys.
   * @param value - a plain object, or a Map whose keys are strings, integers or bytes
   * @throws InvalidArgError for a value that cannot be stored, or a duplicate key
   */
  map,
} as const
