// Generated from scripts/aliases.json by `make types`. Do not edit.

import { arithmetic } from './arithmetic'
import { bins } from './bins'
import { compare } from './compare'
import { control } from './control'
import { metadata } from './metadata'
import { path } from './path'
import { values } from './values'

/** Aliases of builders of `exp`. */
export const expressionAliases = {
  /**
   * Alias of `bool`: the name in aerospike-py.
   *
   * @param value - true or false
   * @throws InvalidArgError for anything else
   */
  boolVal: values.bool,
  /**
   * Alias of `int`: the name in aerospike-py.
   *
   * @param value - a number without a fractional part, or a bigint
   * @throws InvalidArgError for anything else, and for an integer outside the 64-bit range
   */
  intVal: values.int,
  /**
   * Alias of `float`: the name in aerospike-py.
   *
   * @param value - any number
   * @throws InvalidArgError for anything else
   */
  floatVal: values.float,
  /**
   * Alias of `str`: the name in aerospike-py.
   *
   * @param value - text without lone surrogates
   * @throws InvalidArgError for anything else
   */
  stringVal: values.str,
  /**
   * Alias of `bytes`: the name in aerospike-py.
   *
   * @param value - bytes to use
   * @param size - number of bytes from the start (default all)
   * @throws InvalidArgError for anything else
   */
  blobVal: values.bytes,
  /**
   * Alias of `geo`: the name in aerospike-py.
   *
   * @param value - a `GeoJSON`, JSON text, or an object
   * @throws InvalidArgError if the value is not JSON
   */
  geoVal: values.geo,
  /**
   * Alias of `list`: the name in aerospike-py.
   *
   * @param values - items: any storable values, `infinity()` and `wildcard()`
   * @throws InvalidArgError for a value that cannot be stored
   */
  listVal: values.list,
  /**
   * Alias of `map`: the name in aerospike-py.
   *
   * @param value - a plain object, or a Map whose keys are strings, integers or bytes
   * @throws InvalidArgError for a value that cannot be stored, or a duplicate key
   */
  mapVal: values.map,
  /** Alias of `inf`: the name in aerospike-py. */
  infinity: values.inf,
  /**
   * Alias of `binBool`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  boolBin: bins.binBool,
  /**
   * Alias of `binInt`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  intBin: bins.binInt,
  /**
   * Alias of `binFloat`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  floatBin: bins.binFloat,
  /**
   * Alias of `binStr`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  stringBin: bins.binStr,
  /**
   * Alias of `binBlob`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  blobBin: bins.binBlob,
  /**
   * Alias of `binGeo`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  geoBin: bins.binGeo,
  /**
   * Alias of `binList`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  listBin: bins.binList,
  /**
   * Alias of `binMap`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  mapBin: bins.binMap,
  /**
   * Alias of `binHll`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  hllBin: bins.binHll,
  /** Alias of `keyExist`: the name in aerospike-py. */
  keyExists: metadata.keyExist,
  /** Alias of `recordSize`: the name in the official client. @deprecated Replaced in server 7.0. */
  deviceSize: metadata.recordSize,
  /** Alias of `recordSize`: the name in the official client. @deprecated Replaced in server 7.0. */
  memorySize: metadata.recordSize,
  /**
   * Alias of `cmpGeo`: the name in aerospike-py.
   *
   * @param left - GeoJSON: a region or a point
   * @param right - GeoJSON: the other of the two
   * @throws InvalidArgError if a side is not GeoJSON
   */
  geoCompare: compare.cmpGeo,
  /**
   * Alias of `exclusive`: the name in aerospike-py.
   *
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  xor: control.exclusive,
  /**
   * Alias of `add`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  numAdd: arithmetic.add,
  /**
   * Alias of `sub`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one. The first one is reduced by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  numSub: arithmetic.sub,
  /**
   * Alias of `mul`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  numMul: arithmetic.mul,
  /**
   * Alias of `div`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one. The first one is divided by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  numDiv: arithmetic.div,
  /**
   * Alias of `pow`: the name in aerospike-py.
   *
   * @param base - a double
   * @param exponent - a double
   */
  numPow: arithmetic.pow,
  /**
   * Alias of `log`: the name in aerospike-py.
   *
   * @param num - a double greater than 0
   * @param base - a double greater than 0, other than 1
   */
  numLog: arithmetic.log,
  /**
   * Alias of `mod`: the name in aerospike-py.
   *
   * @param numerator - an integer
   * @param denominator - an integer other than 0
   */
  numMod: arithmetic.mod,
  /**
   * Alias of `abs`: the name in aerospike-py.
   *
   * @param value - an integer or a double
   */
  numAbs: arithmetic.abs,
  /**
   * Alias of `floor`: the name in aerospike-py.
   *
   * @param value - a double
   */
  numFloor: arithmetic.floor,
  /**
   * Alias of `ceil`: the name in aerospike-py.
   *
   * @param value - a double
   */
  numCeil: arithmetic.ceil,
  /** Alias of `removeResult`: the name in the official client. */
  resultRemove: path.removeResult,
} as const
