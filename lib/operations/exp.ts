/**
 * `exp`: the builders of expressions, which the server evaluates for a record. Names and order of arguments are the
 * official client's; aerospike-py's names are there too.
 */
import { invalidArgument } from '../common/errors'
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

/** Named by their types, so that the declarations keep what is said of each of their members. */
interface Modules {
  /** Builders on lists. */
  readonly lists: typeof listExpressions
  /** Builders on maps. */
  readonly maps: typeof mapExpressions
  /** Builders on the bits of bytes. */
  readonly bit: typeof bitExpressions
  /** Builders on HyperLogLogs. */
  readonly hll: typeof hllExpressions
  /** Builders on strings. Server 8.2 and later. */
  readonly strings: typeof stringExpressions
  /** Operations of `operate` that evaluate an expression. */
  readonly operations: typeof expressionOperations
  /** Types of values, for the builders that have to be told. */
  readonly type: typeof type
  /** Flags of `exp.operations.read`. */
  readonly expReadFlags: typeof expReadFlags
  /** Flags of `exp.operations.write`. */
  readonly expWriteFlags: typeof expWriteFlags
  /** What `exp.selectByPath` returns of the selected items. */
  readonly pathSelectFlags: typeof pathSelectFlags
  /** How `exp.modifyByPath` works. */
  readonly pathModifyFlags: typeof pathModifyFlags
  /** What a loop variable stands for. */
  readonly loopVarPart: typeof loopVarPart
  /** How a pattern of `exp.cmpRegex` is read. */
  readonly regexFlags: typeof regexFlags
  /** How the patterns of `exp.strings` are read. */
  readonly stringRegexFlags: typeof stringRegexFlags
  /** The text of a value. Server 8.2 and later. */
  readonly toStr: typeof toStr
  /**
   * Restores an expression from base64, as `toBase64` and other clients make it.
   * @throws InvalidArgError where that is malformed
   */
  readonly fromBase64: typeof fromBase64
  /**
   * A filter as text, which the server compiles: `exp.ael('$.age > 21')`. It is a whole filter and no part of another
   * expression. Text that is no filter is refused by the server. Server 8.2 and later.
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
  Modules = Object.freeze({
  ...values,
  ...bins,
  ...metadata,
  ...compare,
  ...control,
  ...arithmetic,
  ...path,
  ...modules,
})
