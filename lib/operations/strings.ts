/**
 * Operations on strings.
 */

import { StringCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
import { numericTypeNumber, type StringNumericType } from '../constants/numeric-type'
import { flags, integer, items, policy, size, text } from './arguments'
import { type Argument, BuiltOperation, CdtOperation } from './operation'

/** Write policy of the operations on strings. */
export interface StringPolicy {
  /** strings.writeFlags, combined with `|`. Default DEFAULT. */
  writeFlags?: number | undefined
}

const writeFlags = {
  /** Create or modify the bin. */
  DEFAULT: 0,
  /** Write only if the bin does not exist; valid only for operations that can create a bin. */
  CREATE_ONLY: 1,
  /** Write only if the bin exists. */
  UPDATE_ONLY: 2,
  /** Leave the string unchanged instead of failing. */
  NO_FAIL: 4,
} as const

const regexFlags = {
  DEFAULT: 0,
  CASE_INSENSITIVE: 1,
  /** `^` and `$` match at every line. */
  MULTILINE: 2,
  /** `.` matches line ends too. */
  DOT_ALL: 4,
  /** Only `\n` ends a line. */
  UNIX_LINES: 8,
  /** Replace every match. */
  GLOBAL: 16,
} as const

const numericType = { ANY: 'any', INT: 'int', FLOAT: 'float' } as const

const read = <B extends string, A>(code: number, bin: B, given: Argument[] = []): CdtOperation<B, A> =>
  new CdtOperation(Family.STRING, code, bin, given)

const reads = <B extends string, A>(
  name: string,
  code: number,
  bin: B,
  what: string,
  given: unknown,
): CdtOperation<B, A> => read(code, bin, [text(`strings.${name}`, what, given)])

function write<B extends string>(
  name: string,
  code: number,
  bin: B,
  given: Argument[],
  how: StringPolicy | undefined,
): CdtOperation<B, null> {
  const call = `strings.${name}: policy`
  const options = policy(`strings.${name}`, how, ['writeFlags'])
  const bits = flags(call, 'writeFlags', writeFlags, options.writeFlags, ['CREATE_ONLY', 'UPDATE_ONLY'])
  return read(code, bin, [bits, ...given])
}

function padded<B extends string>(
  name: string,
  code: number,
  bin: B,
  given: [number, string],
  how?: StringPolicy,
): CdtOperation<B, null> {
  const call = `strings.${name}`
  return write(name, code, bin, [size(call, 'length', given[0]), text(call, 'pad', given[1])], how)
}

function pair<B extends string>(
  name: string,
  code: number,
  bin: B,
  given: [string, string],
  how?: StringPolicy,
): CdtOperation<B, null> {
  const call = `strings.${name}`
  return write(name, code, bin, [text(call, 'needle', given[0]), text(call, 'replacement', given[1])], how)
}

function place<B extends string>(
  name: string,
  code: number,
  bin: B,
  given: [number, string],
  how?: StringPolicy,
): CdtOperation<B, null> {
  const call = `strings.${name}`
  return write(name, code, bin, [integer(call, 'index', given[0]), text(call, 'value', given[1])], how)
}

/**
 * Builders of operations on strings, for `operate`. Indexes count code points from 0, negative ones from the end.
 * Operations that modify the string return null. If the bin is not a string, the call fails with BinTypeError; if the
 * server does not accept an argument, it fails with InvalidArgError. A failed call applies none of its operations. Needs
 * server 8.2; older servers reject the call with InvalidArgError.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names and the text of strings.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `index`, `start`, `end`: positions in code points: 0 is the first, -1 the last. `end` is exclusive. Default of
 *   `end`: the end of the string.
 * - `needle`: the string to look for.
 * - `prefix`, `suffix`: the string with which the other one starts or ends.
 * - `occurrence`: which occurrence to find: 1 is the first, -1 the last. Default 1.
 * - `separator`: the string between two parts. Default: split into code points.
 * - `type`: one of `strings.numericType`. Default: any number.
 * - `pattern`: a regular expression in the syntax of ICU.
 * - `regexFlags`: `strings.regexFlags` combined with `|`. Default: none.
 * - `value`: the string to write; for `concat` a string or a list of them.
 * - `replacement`: the string to write instead.
 * - `length`: number of code points of the result; a longer string is unchanged.
 * - `pad`: the string to repeat as padding.
 * - `count`: number of repetitions.
 * - `policy`: `writeFlags`, `strings.writeFlags` combined with `|`. Default: no restriction.
 */
export const strings = {
  /** Flags that restrict writes; combine with `|`. */
  writeFlags,
  /** Flags of patterns (ICU); combine with `|`. */
  regexFlags,
  /** The kinds of number that `isNumeric` tests for. */
  numericType,

  /** Returns the number of code points. */
  strlen: <B extends string>(bin: B): CdtOperation<B, number | null> => read(Code.STRLEN, bin),

  /** Returns the code points from `start` (inclusive) to `end` (exclusive), or to the end of the string. */
  substr: <B extends string>(bin: B, start: number, end?: number): CdtOperation<B, string | null> => {
    const from = integer('strings.substr', 'start', start)
    return read(Code.SUBSTR, bin, end === undefined ? [from] : [from, integer('strings.substr', 'end', end)])
  },

  /** Returns the code point at an index, as a string. */
  charAt: <B extends string>(bin: B, index: number): CdtOperation<B, string | null> =>
    read(Code.CHAR_AT, bin, [integer('strings.charAt', 'index', index)]),

  /** Returns the index of an occurrence of `needle` (1 is the first, -1 the last), or -1 if there is none. */
  find: <B extends string>(bin: B, needle: string, occurrence?: number): CdtOperation<B, number | null> => {
    const what = text('strings.find', 'needle', needle)
    if (occurrence === undefined) return read(Code.FIND, bin, [what])
    return read(Code.FIND, bin, [what, integer('strings.find', 'occurrence', occurrence)])
  },

  /** Returns whether the string contains `needle`. */
  contains: <B extends string>(bin: B, needle: string): CdtOperation<B, boolean | null> =>
    reads('contains', Code.CONTAINS, bin, 'needle', needle),

  /** Returns whether the string starts with `prefix`, regardless of the Unicode normalization form. */
  startsWith: <B extends string>(bin: B, prefix: string): CdtOperation<B, boolean | null> =>
    reads('startsWith', Code.STARTS_WITH, bin, 'prefix', prefix),

  /** Returns whether the string ends with `suffix`, regardless of the Unicode normalization form. */
  endsWith: <B extends string>(bin: B, suffix: string): CdtOperation<B, boolean | null> =>
    reads('endsWith', Code.ENDS_WITH, bin, 'suffix', suffix),

  /** Returns the string parsed as an integer. */
  toInteger: <B extends string>(bin: B): CdtOperation<B, number | bigint | null> => read(Code.TO_INTEGER, bin),

  /** Returns the string parsed as a double. */
  toDouble: <B extends string>(bin: B): CdtOperation<B, number | null> => read(Code.TO_DOUBLE, bin),

  /** Returns the length of the string in UTF-8 bytes. */
  byteLength: <B extends string>(bin: B): CdtOperation<B, number | null> => read(Code.BYTE_LENGTH, bin),

  /** Returns whether the string represents a number: any kind, or the one of `strings.numericType` that you name. */
  isNumeric: <B extends string>(bin: B, type?: StringNumericType): CdtOperation<B, boolean | null> =>
    read(Code.IS_NUMERIC, bin, type === undefined ? [] : [numericTypeNumber(type, 'strings.isNumeric: type')]),

  /** Returns whether all letters are upper case. */
  isUpper: <B extends string>(bin: B): CdtOperation<B, boolean | null> => read(Code.IS_UPPER, bin),

  /** Returns whether all letters are lower case. */
  isLower: <B extends string>(bin: B): CdtOperation<B, boolean | null> => read(Code.IS_LOWER, bin),

  /** Returns the UTF-8 bytes of the string. */
  toBlob: <B extends string>(bin: B): CdtOperation<B, Buffer | null> => read(Code.TO_BLOB, bin),

  /** Returns a list of the parts between separators; without a separator, a list of the code points. */
  split: <B extends string>(bin: B, separator?: string): CdtOperation<B, string[] | null> =>
    separator === undefined ? read(Code.SPLIT, bin) : reads('split', Code.SPLIT, bin, 'separator', separator),

  /** Returns the bytes decoded from the base64 string. */
  b64Decode: <B extends string>(bin: B): CdtOperation<B, Buffer | null> => read(Code.B64_DECODE, bin),

  /** Returns whether a pattern (ICU) matches; `strings.regexFlags` set how. */
  regexCompare: <B extends string>(bin: B, pattern: string, regexFlags?: number): CdtOperation<B, boolean | null> => {
    const what = text('strings.regexCompare', 'pattern', pattern)
    if (regexFlags === undefined) return read(Code.REGEX_COMPARE, bin, [what])
    return read(Code.REGEX_COMPARE, bin, [
      what,
      flags('strings.regexCompare', 'regexFlags', strings.regexFlags, regexFlags),
    ])
  },

  /** Returns an integer, double, string or blob bin as a string. Takes no context. */
  toString: <B extends string>(bin: B): BuiltOperation<B, string | null> =>
    new BuiltOperation(Family.STRING, Code.TO_STRING, bin, []),

  /** Inserts a string at an index. Can create the bin. */
  insert: <B extends string>(bin: B, index: number, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    place('insert', Code.INSERT, bin, [index, value], policy),

  /** Overwrites the string starting at an index; the string may grow. Can create the bin. */
  overwrite: <B extends string>(bin: B, index: number, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    place('overwrite', Code.OVERWRITE, bin, [index, value], policy),

  /** Appends one string, or each string of an array. Can create the bin. */
  concat: <B extends string>(
    bin: B,
    value: string | readonly string[],
    policy?: StringPolicy,
  ): CdtOperation<B, null> => {
    const call = 'strings.concat'
    if (typeof value === 'string') return write('concat', Code.CONCAT, bin, [value], policy)
    const parts = items(call, 'value', value)
    for (const [index, part] of parts.entries()) text(call, `value[${index}]`, part)
    return write('concat', Code.CONCAT, bin, [parts], policy)
  },

  /** Removes the code points from `start` to `end` (exclusive); without `end`, to the end, and the policy has no effect. */
  snip: <B extends string>(bin: B, start: number, end?: number, policy?: StringPolicy): CdtOperation<B, null> => {
    const from = integer('strings.snip', 'start', start)
    return write(
      'snip',
      Code.SNIP,
      bin,
      end === undefined ? [from] : [from, integer('strings.snip', 'end', end)],
      policy,
    )
  },

  /** Replaces the first occurrence of a string. */
  replace: <B extends string>(
    bin: B,
    needle: string,
    replacement: string,
    policy?: StringPolicy,
  ): CdtOperation<B, null> => pair('replace', Code.REPLACE, bin, [needle, replacement], policy),

  /** Replaces every occurrence of a string. */
  replaceAll: <B extends string>(
    bin: B,
    needle: string,
    replacement: string,
    policy?: StringPolicy,
  ): CdtOperation<B, null> => pair('replaceAll', Code.REPLACE_ALL, bin, [needle, replacement], policy),

  /** Makes all letters upper case. */
  upper: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('upper', Code.UPPER, bin, [], policy),

  /** Makes all letters lower case. */
  lower: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('lower', Code.LOWER, bin, [], policy),

  /** Applies Unicode case folding, independent of language. */
  caseFold: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('caseFold', Code.CASE_FOLD, bin, [], policy),

  /** Normalizes the string to Unicode NFC. */
  normalizeNFC: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('normalizeNFC', Code.NORMALIZE_NFC, bin, [], policy),

  /** Removes white space at the start. */
  trimStart: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('trimStart', Code.TRIM_START, bin, [], policy),

  /** Removes white space at the end. */
  trimEnd: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('trimEnd', Code.TRIM_END, bin, [], policy),

  /** Removes white space at both ends. */
  trim: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('trim', Code.TRIM, bin, [], policy),

  /** Prepends `pad` until the string has `length` code points. Can create the bin. */
  padStart: <B extends string>(bin: B, length: number, pad: string, policy?: StringPolicy): CdtOperation<B, null> =>
    padded('padStart', Code.PAD_START, bin, [length, pad], policy),

  /** Appends `pad` until the string has `length` code points. Can create the bin. */
  padEnd: <B extends string>(bin: B, length: number, pad: string, policy?: StringPolicy): CdtOperation<B, null> =>
    padded('padEnd', Code.PAD_END, bin, [length, pad], policy),

  /** Repeats the string. Can create the bin. */
  repeat: <B extends string>(bin: B, count: number, policy?: StringPolicy): CdtOperation<B, null> =>
    write('repeat', Code.REPEAT, bin, [size('strings.repeat', 'count', count)], policy),

  /** Replaces the first match of a pattern (ICU), or all matches with `strings.regexFlags.GLOBAL`. */
  regexReplace: <B extends string>(
    bin: B,
    pattern: string,
    replacement: string,
    regexFlags = 0,
    policy?: StringPolicy,
  ): CdtOperation<B, null> => {
    const call = 'strings.regexReplace'
    const what = [text(call, 'pattern', pattern), text(call, 'replacement', replacement)]
    const how = flags(call, 'regexFlags', strings.regexFlags, regexFlags)
    return write('regexReplace', Code.REGEX_REPLACE, bin, [...what, how], policy)
  },

  /** Appends a string. Can create the bin. */
  append: <B extends string>(bin: B, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    write('append', Code.APPEND, bin, [text('strings.append', 'value', value)], policy),

  /** Prepends a string. Can create the bin. */
  prepend: <B extends string>(bin: B, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    write('prepend', Code.PREPEND, bin, [text('strings.prepend', 'value', value)], policy),
} as const
