/**
 * Operations on strings. The codes are the server's own, those of `crate/src/convert/operation/string.rs`.
 */
import { wordOption } from '../common/options'
import { flags, integer, items, policy, size, text } from './arguments'
import { type Argument, BuiltOperation, CdtOperation, Family } from './operation'

/** How a string is written. */
export interface StringPolicy {
  /** strings.writeFlags, combined with `|`. Default DEFAULT. */
  writeFlags?: number
}

const writeFlags = {
  /** Create or change the bin. */
  DEFAULT: 0,
  /** Only where the bin does not exist; what can create a bin only. */
  CREATE_ONLY: 1,
  /** Only where the bin exists. */
  UPDATE_ONLY: 2,
  /** Leave the string as it is, rather than fail. */
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

/** What kind of number `isNumeric` looks for: one of strings.numericType. */
export type StringNumericType = (typeof numericType)[keyof typeof numericType]

const numericTypeNumber = wordOption(
  { any: 0, int: 1, float: 2 } satisfies Record<StringNumericType, number>,
  'numeric types are strings here',
)

/** Outside the server's codes: it has an operation of its own there. */
const TO_STRING = 0xf0

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
 * Operations on strings, for `operate`. Indexes count codepoints from 0, negative ones from the end. What changes the
 * string answers with null. A bin that is no string gives BinTypeError, what the server does not accept gives
 * InvalidArgError; and then no operation of the call is applied. Server 8.2; older ones refuse the call with
 * InvalidArgError.
 */
export const strings = {
  /** What may be written; combined with `|`. */
  writeFlags,
  /** How patterns match (ICU); combined with `|`. */
  regexFlags,
  /** What `isNumeric` looks for. */
  numericType,

  /** Answers with the number of codepoints. */
  strlen: <B extends string>(bin: B): CdtOperation<B, number | null> => read(0, bin),

  /** Answers with the codepoints from `start` to before `end`, or to the end of the string. */
  substr: <B extends string>(bin: B, start: number, end?: number): CdtOperation<B, string | null> => {
    const from = integer('strings.substr', 'start', start)
    return read(1, bin, end === undefined ? [from] : [from, integer('strings.substr', 'end', end)])
  },

  /** Answers with the codepoint at an index, a string. */
  charAt: <B extends string>(bin: B, index: number): CdtOperation<B, string | null> =>
    read(2, bin, [integer('strings.charAt', 'index', index)]),

  /** Answers with the index of an occurrence (1 the first, -1 the last), or -1. */
  find: <B extends string>(bin: B, needle: string, occurrence?: number): CdtOperation<B, number | null> => {
    const what = text('strings.find', 'needle', needle)
    if (occurrence === undefined) return read(3, bin, [what])
    return read(3, bin, [what, integer('strings.find', 'occurrence', occurrence)])
  },

  /** Answers with whether the string holds another. */
  contains: <B extends string>(bin: B, needle: string): CdtOperation<B, boolean | null> =>
    reads('contains', 4, bin, 'needle', needle),

  /** Answers with whether the string begins with another, in whatever form of Unicode. */
  startsWith: <B extends string>(bin: B, prefix: string): CdtOperation<B, boolean | null> =>
    reads('startsWith', 5, bin, 'prefix', prefix),

  /** Answers with whether the string ends with another, in whatever form of Unicode. */
  endsWith: <B extends string>(bin: B, suffix: string): CdtOperation<B, boolean | null> =>
    reads('endsWith', 6, bin, 'suffix', suffix),

  /** Answers with the integer that the string stands for. */
  toInteger: <B extends string>(bin: B): CdtOperation<B, number | bigint | null> => read(7, bin),

  /** Answers with the double that the string stands for. */
  toDouble: <B extends string>(bin: B): CdtOperation<B, number | null> => read(8, bin),

  /** Answers with the number of bytes in UTF-8. */
  byteLength: <B extends string>(bin: B): CdtOperation<B, number | null> => read(9, bin),

  /** Answers with whether the string stands for a number: any, or one of strings.numericType. */
  isNumeric: <B extends string>(bin: B, type?: StringNumericType): CdtOperation<B, boolean | null> =>
    read(10, bin, type === undefined ? [] : [numericTypeNumber(type, 'strings.isNumeric: type')]),

  /** Answers with whether all letters are upper case. */
  isUpper: <B extends string>(bin: B): CdtOperation<B, boolean | null> => read(11, bin),

  /** Answers with whether all letters are lower case. */
  isLower: <B extends string>(bin: B): CdtOperation<B, boolean | null> => read(12, bin),

  /** Answers with the bytes in UTF-8. */
  toBlob: <B extends string>(bin: B): CdtOperation<B, Buffer | null> => read(13, bin),

  /** Answers with a list of the parts between separators, or of the codepoints. */
  split: <B extends string>(bin: B, separator?: string): CdtOperation<B, string[] | null> =>
    separator === undefined ? read(14, bin) : reads('split', 14, bin, 'separator', separator),

  /** Answers with the bytes that the string is the base64 of. */
  b64Decode: <B extends string>(bin: B): CdtOperation<B, Buffer | null> => read(15, bin),

  /** Answers with whether a pattern (ICU) matches, by strings.regexFlags. */
  regexCompare: <B extends string>(bin: B, pattern: string, regexFlags?: number): CdtOperation<B, boolean | null> => {
    const what = text('strings.regexCompare', 'pattern', pattern)
    if (regexFlags === undefined) return read(16, bin, [what])
    return read(16, bin, [what, flags('strings.regexCompare', 'regexFlags', strings.regexFlags, regexFlags)])
  },

  /** Answers with an integer, double, string or blob bin as a string. It has no context. */
  toString: <B extends string>(bin: B): BuiltOperation<B, string | null> =>
    new BuiltOperation(Family.STRING, TO_STRING, bin, []),

  /** Inserts at an index. Can create the bin. */
  insert: <B extends string>(bin: B, index: number, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    place('insert', 50, bin, [index, value], policy),

  /** Overwrites from an index on; the string may grow. Can create the bin. */
  overwrite: <B extends string>(bin: B, index: number, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    place('overwrite', 51, bin, [index, value], policy),

  /** Appends a string, or each of some. Can create the bin. */
  concat: <B extends string>(
    bin: B,
    value: string | readonly string[],
    policy?: StringPolicy,
  ): CdtOperation<B, null> => {
    const call = 'strings.concat'
    if (typeof value === 'string') return write('concat', 52, bin, [value], policy)
    const parts = items(call, 'value', value)
    for (const [index, part] of parts.entries()) text(call, `value[${index}]`, part)
    return write('concat', 52, bin, [parts], policy)
  },

  /** Removes the codepoints from `start` to before `end`, or to the end of the string; then no policy applies. */
  snip: <B extends string>(bin: B, start: number, end?: number, policy?: StringPolicy): CdtOperation<B, null> => {
    const from = integer('strings.snip', 'start', start)
    return write('snip', 53, bin, end === undefined ? [from] : [from, integer('strings.snip', 'end', end)], policy)
  },

  /** Replaces the first occurrence of a string. */
  replace: <B extends string>(
    bin: B,
    needle: string,
    replacement: string,
    policy?: StringPolicy,
  ): CdtOperation<B, null> => pair('replace', 54, bin, [needle, replacement], policy),

  /** Replaces every occurrence of a string. */
  replaceAll: <B extends string>(
    bin: B,
    needle: string,
    replacement: string,
    policy?: StringPolicy,
  ): CdtOperation<B, null> => pair('replaceAll', 55, bin, [needle, replacement], policy),

  /** Makes all letters upper case. */
  upper: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('upper', 56, bin, [], policy),

  /** Makes all letters lower case. */
  lower: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('lower', 57, bin, [], policy),

  /** Folds the case of all letters, whatever the language. */
  caseFold: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('caseFold', 58, bin, [], policy),

  /** Brings the string to Unicode's form NFC. */
  normalizeNFC: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('normalizeNFC', 59, bin, [], policy),

  /** Removes white space at the start. */
  trimStart: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('trimStart', 60, bin, [], policy),

  /** Removes white space at the end. */
  trimEnd: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('trimEnd', 61, bin, [], policy),

  /** Removes white space at both ends. */
  trim: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> => write('trim', 62, bin, [], policy),

  /** Prepends a string until there are `length` codepoints. Can create the bin. */
  padStart: <B extends string>(bin: B, length: number, pad: string, policy?: StringPolicy): CdtOperation<B, null> =>
    padded('padStart', 63, bin, [length, pad], policy),

  /** Appends a string until there are `length` codepoints. Can create the bin. */
  padEnd: <B extends string>(bin: B, length: number, pad: string, policy?: StringPolicy): CdtOperation<B, null> =>
    padded('padEnd', 64, bin, [length, pad], policy),

  /** Repeats the string. Can create the bin. */
  repeat: <B extends string>(bin: B, count: number, policy?: StringPolicy): CdtOperation<B, null> =>
    write('repeat', 65, bin, [size('strings.repeat', 'count', count)], policy),

  /** Replaces the first match of a pattern (ICU), or all with strings.regexFlags.GLOBAL. */
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
    return write('regexReplace', 66, bin, [...what, how], policy)
  },

  /** Appends a string. Can create the bin. */
  append: <B extends string>(bin: B, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    write('append', 67, bin, [text('strings.append', 'value', value)], policy),

  /** Prepends a string. Can create the bin. */
  prepend: <B extends string>(bin: B, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    write('prepend', 68, bin, [text('strings.prepend', 'value', value)], policy),
} as const
