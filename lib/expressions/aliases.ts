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
  /** Alias of `bool`: the name in aerospike-py. */
  boolVal: values.bool,
  /** Alias of `int`: the name in aerospike-py. */
  intVal: values.int,
  /** Alias of `float`: the name in aerospike-py. */
  floatVal: values.float,
  /** Alias of `str`: the name in aerospike-py. */
  stringVal: values.str,
  /** Alias of `bytes`: the name in aerospike-py. */
  blobVal: values.bytes,
  /** Alias of `geo`: the name in aerospike-py. */
  geoVal: values.geo,
  /** Alias of `list`: the name in aerospike-py. */
  listVal: values.list,
  /** Alias of `map`: the name in aerospike-py. */
  mapVal: values.map,
  /** Alias of `inf`: the name in aerospike-py. */
  infinity: values.inf,
  /** Alias of `binBool`: the name in aerospike-py. */
  boolBin: bins.binBool,
  /** Alias of `binInt`: the name in aerospike-py. */
  intBin: bins.binInt,
  /** Alias of `binFloat`: the name in aerospike-py. */
  floatBin: bins.binFloat,
  /** Alias of `binStr`: the name in aerospike-py. */
  stringBin: bins.binStr,
  /** Alias of `binBlob`: the name in aerospike-py. */
  blobBin: bins.binBlob,
  /** Alias of `binGeo`: the name in aerospike-py. */
  geoBin: bins.binGeo,
  /** Alias of `binList`: the name in aerospike-py. */
  listBin: bins.binList,
  /** Alias of `binMap`: the name in aerospike-py. */
  mapBin: bins.binMap,
  /** Alias of `binHll`: the name in aerospike-py. */
  hllBin: bins.binHll,
  /** Alias of `keyExist`: the name in aerospike-py. */
  keyExists: metadata.keyExist,
  /** Alias of `recordSize`: the name in the official client. @deprecated Replaced in server 7.0. */
  deviceSize: metadata.recordSize,
  /** Alias of `recordSize`: the name in the official client. @deprecated Replaced in server 7.0. */
  memorySize: metadata.recordSize,
  /** Alias of `cmpGeo`: the name in aerospike-py. */
  geoCompare: compare.cmpGeo,
  /** Alias of `exclusive`: the name in aerospike-py. */
  xor: control.exclusive,
  /** Alias of `add`: the name in aerospike-py. */
  numAdd: arithmetic.add,
  /** Alias of `sub`: the name in aerospike-py. */
  numSub: arithmetic.sub,
  /** Alias of `mul`: the name in aerospike-py. */
  numMul: arithmetic.mul,
  /** Alias of `div`: the name in aerospike-py. */
  numDiv: arithmetic.div,
  /** Alias of `pow`: the name in aerospike-py. */
  numPow: arithmetic.pow,
  /** Alias of `log`: the name in aerospike-py. */
  numLog: arithmetic.log,
  /** Alias of `mod`: the name in aerospike-py. */
  numMod: arithmetic.mod,
  /** Alias of `abs`: the name in aerospike-py. */
  numAbs: arithmetic.abs,
  /** Alias of `floor`: the name in aerospike-py. */
  numFloor: arithmetic.floor,
  /** Alias of `ceil`: the name in aerospike-py. */
  numCeil: arithmetic.ceil,
  /** Alias of `removeResult`: the name in the official client. */
  resultRemove: path.removeResult,
} as const
