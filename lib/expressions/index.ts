/**
 * `exp`: the builders of expressions, which the server evaluates for a record. Names and order of arguments are the
 * official client's; aerospike-py's names are there too.
 */
import { invalidArgument } from '../errors'
import { expReadFlags, expressionOperations, expWriteFlags } from '../operations/expression'
import { arithmetic } from './arithmetic'
import { bins } from './bins'
import { bit } from './bit'
import { compare, regexFlags } from './compare'
import { control } from './control'
import { type Expression, fromBase64, type ValueType, wholeFilter } from './expression'
import { hll } from './hll'
import { lists } from './lists'
import { maps } from './maps'
import { metadata } from './metadata'
import { checkText, Packer } from './packer'
import { loopVarPart, path, pathModifyFlags, pathSelectFlags } from './path'
import { stringRegexFlags, strings, toStr } from './strings'
import { values } from './values'

const AEL = 128

/** Types of values, for the builders that have to be told. */
const type = {
  /** What follows from the return type. */
  AUTO: 'auto',
  /** Nil. */
  NIL: 'nil',
  /** A boolean. */
  BOOL: 'bool',
  /** An integer. */
  INT: 'int',
  /** A string. */
  STR: 'string',
  /** A list. */
  LIST: 'list',
  /** A map. */
  MAP: 'map',
  /** Bytes. */
  BLOB: 'blob',
  /** A double. */
  FLOAT: 'float',
  /** GeoJSON. */
  GEOJSON: 'geo',
  /** A HyperLogLog. */
  HLL: 'hll',
} as const satisfies { readonly [name: string]: ValueType | 'auto' }

function ael(text: string): Expression<'bool'> {
  const source = checkText(text, 'exp.ael')
  if (source === '') throw invalidArgument('exp.ael: the text is empty')
  return wholeFilter(new Packer().array(2).int(AEL).bin(Buffer.from(source, 'utf8')).take())
}

const others = {
  /** Types of values, for the builders that have to be told. */
  type,
  /** Builders on lists. */
  lists,
  /** Builders on maps. */
  maps,
  /** Builders on the bits of bytes. */
  bit,
  /** Builders on HyperLogLogs. */
  hll,
  /** Builders on strings. Server 8.2 and later. */
  strings,
  /** The text of a value. Server 8.2 and later. */
  toStr,
  /** Operations of `operate` that evaluate an expression. */
  operations: expressionOperations,
  /** Flags of `exp.operations.read`. */
  expReadFlags,
  /** Flags of `exp.operations.write`. */
  expWriteFlags,
  /** What `exp.selectByPath` returns of the selected items. */
  pathSelectFlags,
  /** How `exp.modifyByPath` works. */
  pathModifyFlags,
  /** What a loop variable stands for. */
  loopVarPart,
  /** How a pattern of `exp.cmpRegex` is read. */
  regexFlags,
  /** How the patterns of `exp.strings` are read. */
  stringRegexFlags,
  /**
   * Restores an expression from base64, as `toBase64` and other clients make it.
   * @throws InvalidArgError where that is malformed
   */
  fromBase64,
  /**
   * A filter as text, which the server compiles: `exp.ael('$.age > 21')`. It is a whole filter and no part of another
   * expression. Text that is no filter is refused by the server. Server 8.2 and later.
   * @throws InvalidArgError for an empty text
   */
  ael,
} as const

/**
 * Builders of expressions: what the server evaluates for a record, as a filter (`filterExpression` of a policy) or for a
 * value (`exp.operations`). Expressions need server 5.2; what needs a later one says so.
 */
export const exp: typeof values &
  typeof bins &
  typeof metadata &
  typeof compare &
  typeof control &
  typeof arithmetic &
  typeof path &
  typeof others = Object.freeze({
  ...values,
  ...bins,
  ...metadata,
  ...compare,
  ...control,
  ...arithmetic,
  ...path,
  ...others,
})
