/**
 * `exp`: the builders of expressions, which the server evaluates for a record. Names and argument order follow the official
 * client; the names of aerospike-py exist too.
 */
import { invalidArgument } from '../common/errors'
import { expressionAliases } from '../expressions/aliases'
import { arithmetic } from '../expressions/arithmetic'
import { bins } from '../expressions/bins'
import { bitExpressions } from '../expressions/bit'
import { compare, regexFlags } from '../expressions/compare'
import { control } from '../expressions/control'
import { type Expression, fromBase64, type ValueType, wholeFilter } from '../expressions/expression'
import { hllExpressions } from '../expressions/hll'
import { listExpressions } from '../expressions/lists'
import { mapExpressions } from '../expressions/maps'
import { metadata } from '../expressions/metadata'
import { checkText, Packer } from '../expressions/packer'
import { loopVarPart, path, pathModifyFlags, pathSelectFlags } from '../expressions/path'
import { stringExpressions, stringRegexFlags, toStr } from '../expressions/strings'
import { values } from '../expressions/values'
import { expReadFlags, expressionOperations, expWriteFlags } from './expression'

const AEL = 128

/** Value types, for builders that cannot infer the type. */
const type = {
  /** Inferred from the return type. */
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

/** Typed with `typeof`, so that the generated declarations keep the doc comment of each member. */
interface Modules {
  /** Builders of expressions on lists. */
  readonly lists: typeof listExpressions
  /** Builders of expressions on maps. */
  readonly maps: typeof mapExpressions
  /** Builders of expressions on the bits of a blob. */
  readonly bit: typeof bitExpressions
  /** Builders of expressions on HyperLogLogs. */
  readonly hll: typeof hllExpressions
  /** Builders of expressions on strings. Server 8.2 and later. */
  readonly strings: typeof stringExpressions
  /** Operations of `operate` that evaluate an expression. */
  readonly operations: typeof expressionOperations
  /** Value types, for builders that cannot infer the type. */
  readonly type: typeof type
  /** Flags of `exp.operations.read`. */
  readonly expReadFlags: typeof expReadFlags
  /** Flags of `exp.operations.write`. */
  readonly expWriteFlags: typeof expWriteFlags
  /** What `exp.selectByPath` returns for the selected items. */
  readonly pathSelectFlags: typeof pathSelectFlags
  /** Flags of `exp.modifyByPath`. */
  readonly pathModifyFlags: typeof pathModifyFlags
  /** What a loop variable refers to. */
  readonly loopVarPart: typeof loopVarPart
  /** Pattern flags of `exp.cmpRegex`. */
  readonly regexFlags: typeof regexFlags
  /** Pattern flags of `exp.strings`. */
  readonly stringRegexFlags: typeof stringRegexFlags
  /**
   * A value converted to a string. Server 8.2 and later.
   * @param value - an integer, a double, a string or bytes
   */
  readonly toStr: typeof toStr
  /**
   * Restores an expression from base64, as produced by `toBase64` and by other clients.
   * @param base64 - the packed expression
   * @throws InvalidArgError if the text is malformed
   */
  readonly fromBase64: typeof fromBase64
  /**
   * A filter as text, which the server compiles: `exp.ael('$.age > 21')`. It is a complete filter and cannot be part of
   * another expression. The server rejects invalid text. Server 8.2 and later.
   * @param text - the filter, not empty
   * @throws InvalidArgError for an empty text
   */
  readonly ael: typeof ael
}

const modules: Modules = {
  lists: listExpressions,
  maps: mapExpressions,
  bit: bitExpressions,
  hll: hllExpressions,
  strings: stringExpressions,
  operations: expressionOperations,
  type,
  expReadFlags,
  expWriteFlags,
  pathSelectFlags,
  pathModifyFlags,
  loopVarPart,
  regexFlags,
  stringRegexFlags,
  toStr,
  fromBase64,
  ael,
}

/**
 * Builders of expressions. The server evaluates an expression for a record, either as a filter (`filterExpression` of a
 * policy) or to compute a value (`exp.operations`). Needs server 5.2, unless a builder names a later version.
 */
export const exp: typeof values &
  typeof bins &
  typeof metadata &
  typeof compare &
  typeof control &
  typeof arithmetic &
  typeof path &
  typeof expressionAliases &
  Modules = Object.freeze({
  ...values,
  ...bins,
  ...metadata,
  ...compare,
  ...control,
  ...arithmetic,
  ...path,
  ...expressionAliases,
  ...modules,
})
