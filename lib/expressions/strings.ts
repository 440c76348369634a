/**
 * Expressions on strings. Server 8.2 and later; older servers reject them with InvalidArgError.
 */

import { StringCode as Code } from '../catalog/operation-codes'
import { invalidArgument } from '../common/errors'
import { numericTypeNumber } from '../constants/numeric-type'
import { type Argument, call, type FlagsWrite, flags, type Int, intOperand, MODIFY, Module, policyFlags } from './call'
import { type Expression, node, type Operand, operand, part, type ValueType } from './expression'

const TO_STRING = 99

const ALL_WRITE_FLAGS = 7
const ALL_REGEX_FLAGS = 31

type Text = Operand<'string'>

const text = (name: string, value: unknown, argument: string): Expression =>
  operand(value, 'string', `exp.strings.${name}: ${argument}`)
const int = (name: string, value: unknown, argument: string): Expression =>
  intOperand(value, argument, `exp.strings.${name}`)
const flagsOf = (name: string, policy: FlagsWrite): number =>
  policyFlags(policy, ALL_WRITE_FLAGS, `exp.strings.${name}`)
const regexFlags = (name: string, value: unknown): number =>
  flags(value, ALL_REGEX_FLAGS, `exp.strings.${name}: regexFlags`)

function read<T extends ValueType>(name: string, type: T, src: Text, args: readonly Argument[]): Expression<T> {
  return call(type, Module.STRING, args, text(name, src, 'src'), `exp.strings.${name}`)
}

function modify(name: string, src: Text, args: readonly Argument[]): Expression<'string'> {
  return call('string', Module.STRING | MODIFY, args, text(name, src, 'src'), `exp.strings.${name}`)
}

const plainRead =
  <T extends ValueType>(name: string, type: T, code: number) =>
  (src: Text): Expression<T> =>
    read(name, type, src, [code])

const search =
  (name: string, code: number) =>
  (src: Text, needle: Text): Expression<'bool'> =>
    read(name, 'bool', src, [code, text(name, needle, 'needle')])

const plainModify =
  (name: string, code: number) =>
  (src: Text, policy?: FlagsWrite): Expression<'string'> =>
    modify(name, src, [code, flagsOf(name, policy)])

const addition =
  (name: string, code: number) =>
  (src: Text, value: Text, policy?: FlagsWrite): Expression<'string'> =>
    modify(name, src, [code, text(name, value, 'value'), flagsOf(name, policy)])

const placement =
  (name: string, code: number) =>
  (src: Text, index: Int, value: Text, policy?: FlagsWrite): Expression<'string'> =>
    modify(name, src, [code, int(name, index, 'index'), text(name, value, 'value'), flagsOf(name, policy)])

const padding =
  (name: string, code: number) =>
  (src: Text, targetLength: Int, padString: Text, policy?: FlagsWrite): Expression<'string'> => {
    const args = [int(name, targetLength, 'targetLength'), text(name, padString, 'padString')]
    return modify(name, src, [code, ...args, flagsOf(name, policy)])
  }

/** Quotes the pair, so that the server does not treat it as a call. */
const replacement =
  (name: string, code: number) =>
  (src: Text, needle: Text, value: Text, policy?: FlagsWrite): Expression<'string'> => {
    const pair = [text(name, needle, 'needle'), text(name, value, 'replacement')]
    return modify(name, src, [code, pair, flagsOf(name, policy)])
  }

/** Pattern flags of `exp.strings`; combine with `|`. */
export const stringRegexFlags = {
  /** No flags. */
  DEFAULT: 0,
  /** Ignore case. */
  CASE_INSENSITIVE: 1,
  /** `^` and `$` match at every line. */
  MULTILINE: 2,
  /** `.` matches line ends too. */
  DOT_ALL: 4,
  /** Only `\n` ends a line. */
  UNIX_LINES: 8,
  /** Replace all matches instead of only the first. */
  GLOBAL: 16,
} as const

/**
 * Builders of expressions on strings. Indexes count code points, negative ones from the end; indexes out of range are clamped.
 * Builders that modify a string evaluate to the modified string and do not change the record. Server 8.2 and later.
 *
 * All throw InvalidArgError for an argument of the wrong type.
 *
 * Parameters:
 *
 * - `src`: an expression that evaluates to a string, usually `exp.binStr('name')`.
 * - `index`, `start`, `end`: positions in code points: 0 is the first, -1 the last. `end` is exclusive. Default of
 *   `end`: the end of the string.
 * - `needle`: the string to look for.
 * - `occurrence`: which occurrence to find: 1 is the first, -1 the last. Default 1.
 * - `separator`: the string between two parts. Default: split into code points.
 * - `pattern`: a regular expression in the syntax of ICU.
 * - `regexFlagBits`: `exp.stringRegexFlags` combined with `|`. Default: none.
 * - `value`: the string to write, or to write instead of a match.
 * - `values`: a list of strings to append.
 * - `targetLength`: number of code points of the result; a longer string is unchanged.
 * - `padString`: the string to repeat as padding.
 * - `count`: number of repetitions.
 * - `policy`: `writeFlags`, `strings.writeFlags` combined with `|`. Default: no restriction.
 */
export const stringExpressions = {
  /** The number of code points. */
  strlen: plainRead('strlen', 'int', Code.STRLEN),

  /** The substring from `start` (inclusive) to `end` (exclusive), or to the end of the string. */
  substr: (src: Text, start: Int, end?: Int): Expression<'string'> => {
    const args: Argument[] = [Code.SUBSTR, int('substr', start, 'start')]
    if (end !== undefined) args.push(int('substr', end, 'end'))
    return read('substr', 'string', src, args)
  },

  /** The code point at `index`, as a string. */
  charAt: (src: Text, index: Int): Expression<'string'> =>
    read('charAt', 'string', src, [Code.CHAR_AT, int('charAt', index, 'index')]),

  /** The index of the first, or the `occurrence`th, `needle`; -1 if there is none. */
  find: (src: Text, needle: Text, occurrence?: Int): Expression<'int'> => {
    const args: Argument[] = [Code.FIND, text('find', needle, 'needle')]
    if (occurrence !== undefined) args.push(int('find', occurrence, 'occurrence'))
    return read('find', 'int', src, args)
  },

  /** Whether the string contains another string. */
  contains: search('contains', Code.CONTAINS),
  /** Whether the string starts with another string. */
  startsWith: search('startsWith', Code.STARTS_WITH),
  /** Whether the string ends with another string. */
  endsWith: search('endsWith', Code.ENDS_WITH),
  /** The string parsed as an integer. */
  toInteger: plainRead('toInteger', 'int', Code.TO_INTEGER),
  /** The string parsed as a double. */
  toDouble: plainRead('toDouble', 'float', Code.TO_DOUBLE),
  /** The length of the string in bytes. */
  byteLength: plainRead('byteLength', 'int', Code.BYTE_LENGTH),

  /**
   * Whether the string represents a number.
   * @param type - kind of number: `any` (default), `int` or `float`
   */
  isNumeric: (src: Text, type?: 'any' | 'int' | 'float'): Expression<'bool'> => {
    const kind = type === undefined ? [] : [numericTypeNumber(type, 'exp.strings.isNumeric: type')]
    return read('isNumeric', 'bool', src, [Code.IS_NUMERIC, ...kind])
  },

  /** Whether all letters are upper case. */
  isUpper: plainRead('isUpper', 'bool', Code.IS_UPPER),
  /** Whether all letters are lower case. */
  isLower: plainRead('isLower', 'bool', Code.IS_LOWER),
  /** The bytes of the string. */
  toBlob: plainRead('toBlob', 'blob', Code.TO_BLOB),

  /** A list of the parts between `separator`; without `separator`, a list of the characters. */
  split: (src: Text, separator?: Text): Expression<'list'> => {
    const args: Argument[] = [Code.SPLIT]
    if (separator !== undefined) args.push(text('split', separator, 'separator'))
    return read('split', 'list', src, args)
  },

  /** The bytes decoded from the base64 string. */
  b64Decode: plainRead('b64Decode', 'blob', Code.B64_DECODE),

  /**
   * Whether the string matches a regular expression.
   * @param regexFlags - flags of `exp.stringRegexFlags`
   */
  regexCompare: (src: Text, pattern: Text, regexFlagBits?: number): Expression<'bool'> => {
    const name = 'regexCompare'
    const args: Argument[] = [Code.REGEX_COMPARE, text(name, pattern, 'pattern')]
    if (regexFlagBits !== undefined) args.push(regexFlags(name, regexFlagBits))
    return read(name, 'bool', src, args)
  },

  /** The string with `value` inserted before the character at `index`. */
  insert: placement('insert', Code.INSERT),
  /** The string overwritten with `value`, starting at `index`. */
  overwrite: placement('overwrite', Code.OVERWRITE),

  /** The string with all strings of a list appended. */
  concat: (src: Text, values: Operand<'list'>, policy?: FlagsWrite): Expression<'string'> => {
    const list = operand(values, 'list', 'exp.strings.concat: values')
    return modify('concat', src, [Code.CONCAT, list, flagsOf('concat', policy)])
  },

  /** The string with `value` appended. */
  append: addition('append', Code.APPEND),
  /** The string with `value` prepended. */
  prepend: addition('prepend', Code.PREPEND),

  /** The string without the characters from `start` to `end` (exclusive), or to its end; a policy needs `end`. */
  snip: (src: Text, start: Int, end?: Int, policy?: FlagsWrite): Expression<'string'> => {
    const from = int('snip', start, 'start')
    if (end !== undefined) {
      return modify('snip', src, [Code.SNIP, from, int('snip', end, 'end'), flagsOf('snip', policy)])
    }
    // Without an end, the server would read the flags as the end.
    if (flagsOf('snip', policy) !== 0) throw invalidArgument('exp.strings.snip: policy: write flags need an end')
    return modify('snip', src, [Code.SNIP, from])
  },

  /** The string with the first `needle` replaced by `replacement`. */
  replace: replacement('replace', Code.REPLACE),
  /** The string with every `needle` replaced by `replacement`. */
  replaceAll: replacement('replaceAll', Code.REPLACE_ALL),
  /** The string in upper case. */
  upper: plainModify('upper', Code.UPPER),
  /** The string in lower case. */
  lower: plainModify('lower', Code.LOWER),
  /** The string with Unicode case folding applied: upper and lower case compare equal. */
  caseFold: plainModify('caseFold', Code.CASE_FOLD),
  /** The string normalized to Unicode NFC. */
  normalizeNfc: plainModify('normalizeNfc', Code.NORMALIZE_NFC),
  /** The string without leading white space. */
  trimStart: plainModify('trimStart', Code.TRIM_START),
  /** The string without trailing white space. */
  trimEnd: plainModify('trimEnd', Code.TRIM_END),
  /** The string without leading and trailing white space. */
  trim: plainModify('trim', Code.TRIM),
  /** The string padded at the start with `padString` until it is `targetLength` code points long. */
  padStart: padding('padStart', Code.PAD_START),
  /** The string padded at the end with `padString` until it is `targetLength` code points long. */
  padEnd: padding('padEnd', Code.PAD_END),

  /** The string repeated `count` times. */
  repeat: (src: Text, count: Int, policy?: FlagsWrite): Expression<'string'> =>
    modify('repeat', src, [Code.REPEAT, int('repeat', count, 'count'), flagsOf('repeat', policy)]),

  /**
   * The string with matches of a regular expression replaced by `replacement`: the first, or all with the flag GLOBAL.
   * @param regexFlagBits - flags of `exp.stringRegexFlags`
   */
  regexReplace: (
    src: Text,
    pattern: Text,
    value: Text,
    regexFlagBits = 0,
    policy?: FlagsWrite,
  ): Expression<'string'> => {
    const name = 'regexReplace'
    const pair = [text(name, pattern, 'pattern'), text(name, value, 'replacement')]
    const args = [Code.REGEX_REPLACE, pair, regexFlags(name, regexFlagBits), flagsOf(name, policy)]
    return modify(name, src, args)
  },
} as const

/** Converts a value to a string. */
export function toStr(value: Expression): Expression<'string'> {
  return node('string', TO_STRING, [part(value, 'exp.toStr: value')], 'exp.toStr')
}
