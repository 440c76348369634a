/**
 * Operations on strings. The codes are the server's own, those of `crate/src/convert/operation/string.rs`.
 */
import { flags, integer, items, oneOf, policy, size, text } from './arguments'
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

const numericType = { ANY: 0, INT: 1, FLOAT: 2 } as const

/** What kind of number `isNumeric` looks for: one of strings.numericType. */
export type StringNumericType = (typeof numericType)[keyof typeof numericType]

const NUMERIC_TYPES = Object.values(numericType)

/** Outside the server's codes: it has an operation of its own there. */
const TO_STRING = 0xf0

const read = (code: number, bin: string, given: Argument[] = []): CdtOperation =>
  new CdtOperation(Family.STRING, code, bin, given)

const reads = (name: string, code: number, bin: string, what: string, given: unknown): CdtOperation =>
  read(code, bin, [text(`strings.${name}`, what, given)])

function write(
  name: string,
  code: number,
  bin: string,
  given: Argument[],
  how: StringPolicy | undefined,
): CdtOperation {
  const call = `strings.${name}: policy`
  const options = policy(`strings.${name}`, how, ['writeFlags'])
  const bits = flags(call, 'writeFlags', writeFlags, options.writeFlags, ['CREATE_ONLY', 'UPDATE_ONLY'])
  return read(code, bin, [bits, ...given])
}

function padded(name: string, code: number, bin: string, given: [number, string], how?: StringPolicy): CdtOperation {
  const call = `strings.${name}`
  return write(name, code, bin, [size(call, 'length', given[0]), text(call, 'pad', given[1])], how)
}

function pair(name: string, code: number, bin: string, given: [string, string], how?: StringPolicy): CdtOperation {
  const call = `strings.${name}`
  return write(name, code, bin, [text(call, 'needle', given[0]), text(call, 'replacement', given[1])], how)
}

function place(name: string, code: number, bin: string, given: [number, string], how?: StringPolicy): CdtOperation {
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
  strlen: (bin: string): CdtOperation => read(0, bin),

  /** Answers with the codepoints from `start` to before `end`, or to the end of the string. */
  substr: (bin: string, start: number, end?: number): CdtOperation => {
    const from = integer('strings.substr', 'start', start)
    return read(1, bin, end === undefined ? [from] : [from, integer('strings.substr', 'end', end)])
  },

  /** Answers with the codepoint at an index, a string. */
  charAt: (bin: string, index: number): CdtOperation => read(2, bin, [integer('strings.charAt', 'index', index)]),

  /** Answers with the index of an occurrence (1 the first, -1 the last), or -1. */
  find: (bin: string, needle: string, occurrence?: number): CdtOperation => {
    const what = text('strings.find', 'needle', needle)
    if (occurrence === undefined) return read(3, bin, [what])
    return read(3, bin, [what, integer('strings.find', 'occurrence', occurrence)])
  },

  /** Answers with whether the string holds another. */
  contains: (bin: string, needle: string): CdtOperation => reads('contains', 4, bin, 'needle', needle),

  /** Answers with whether the string begins with another, in whatever form of Unicode. */
  startsWith: (bin: string, prefix: string): CdtOperation => reads('startsWith', 5, bin, 'prefix', prefix),

  /** Answers with whether the string ends with another, in whatever form of Unicode. */
  endsWith: (bin: string, suffix: string): CdtOperation => reads('endsWith', 6, bin, 'suffix', suffix),

  /** Answers with the integer that the string stands for. */
  toInteger: (bin: string): CdtOperation => read(7, bin),

  /** Answers with the double that the string stands for. */
  toDouble: (bin: string): CdtOperation => read(8, bin),

  /** Answers with the number of bytes in UTF-8. */
  byteLength: (bin: string): CdtOperation => read(9, bin),

  /** Answers with whether the string stands for a number: any, or one of strings.numericType. */
  isNumeric: (bin: string, type?: StringNumericType): CdtOperation =>
    read(10, bin, type === undefined ? [] : [oneOf('strings.isNumeric', 'type', NUMERIC_TYPES, type)]),

  /** Answers with whether all letters are upper case. */
  isUpper: (bin: string): CdtOperation => read(11, bin),

  /** Answers with whether all letters are lower case. */
  isLower: (bin: string): CdtOperation => read(12, bin),

  /** Answers with the bytes in UTF-8. */
  toBlob: (bin: string): CdtOperation => read(13, bin),

  /** Answers with a list of the parts between separators, or of the codepoints. */
  split: (bin: string, separator?: string): CdtOperation =>
    separator === undefined ? read(14, bin) : reads('split', 14, bin, 'separator', separator),

  /** Answers with the bytes that the string is the base64 of. */
  b64Decode: (bin: string): CdtOperation => read(15, bin),

  /** Answers with whether a pattern (ICU) matches, by strings.regexFlags. */
  regexCompare: (bin: string, pattern: string, regexFlags?: number): CdtOperation => {
    const what = text('strings.regexCompare', 'pattern', pattern)
    if (regexFlags === undefined) return read(16, bin, [what])
    return read(16, bin, [what, flags('strings.regexCompare', 'regexFlags', strings.regexFlags, regexFlags)])
  },

  /** Answers with an integer, double, string or blob bin as a string. It has no context. */
  toString: (bin: string): BuiltOperation => new BuiltOperation(Family.STRING, TO_STRING, bin, []),

  /** Inserts at an index. Can create the bin. */
  insert: (bin: string, index: number, value: string, policy?: StringPolicy): CdtOperation =>
    place('insert', 50, bin, [index, value], policy),

  /** Overwrites from an index on; the string may grow. Can create the bin. */
  overwrite: (bin: string, index: number, value: string, policy?: StringPolicy): CdtOperation =>
    place('overwrite', 51, bin, [index, value], policy),

  /** Appends a string, or each of some. Can create the bin. */
  concat: (bin: string, value: string | readonly string[], policy?: StringPolicy): CdtOperation => {
    const call = 'strings.concat'
    if (typeof value === 'string') return write('concat', 52, bin, [value], policy)
    const parts = items(call, 'value', value)
    for (const [index, part] of parts.entries()) text(call, `value[${index}]`, part)
    return write('concat', 52, bin, [parts], policy)
  },

  /** Removes the codepoints from `start` to before `end`, or to the end of the string; then no policy applies. */
  snip: (bin: string, start: number, end?: number, policy?: StringPolicy): CdtOperation => {
    const from = integer('strings.snip', 'start', start)
    return write('snip', 53, bin, end === undefined ? [from] : [from, integer('strings.snip', 'end', end)], policy)
  },

  /** Replaces the first occurrence of a string. */
  replace: (bin: string, needle: string, replacement: string, policy?: StringPolicy): CdtOperation =>
    pair('replace', 54, bin, [needle, replacement], policy),

  /** Replaces every occurrence of a string. */
  replaceAll: (bin: string, needle: string, replacement: string, policy?: StringPolicy): CdtOperation =>
    pair('replaceAll', 55, bin, [needle, replacement], policy),

  /** Makes all letters upper case. */
  upper: (bin: string, policy?: StringPolicy): CdtOperation => write('upper', 56, bin, [], policy),

  /** Makes all letters lower case. */
  lower: (bin: string, policy?: StringPolicy): CdtOperation => write('lower', 57, bin, [], policy),

  /** Folds the case of all letters, whatever the language. */
  caseFold: (bin: string, policy?: StringPolicy): CdtOperation => write('caseFold', 58, bin, [], policy),

  /** Brings the string to Unicode's form NFC. */
  normalizeNFC: (bin: string, policy?: StringPolicy): CdtOperation => write('normalizeNFC', 59, bin, [], policy),

  /** Removes white space at the start. */
  trimStart: (bin: string, policy?: StringPolicy): CdtOperation => write('trimStart', 60, bin, [], policy),

  /** Removes white space at the end. */
  trimEnd: (bin: string, policy?: StringPolicy): CdtOperation => write('trimEnd', 61, bin, [], policy),

  /** Removes white space at both ends. */
  trim: (bin: string, policy?: StringPolicy): CdtOperation => write('trim', 62, bin, [], policy),

  /** Prepends a string until there are `length` codepoints. Can create the bin. */
  padStart: (bin: string, length: number, pad: string, policy?: StringPolicy): CdtOperation =>
    padded('padStart', 63, bin, [length, pad], policy),

  /** Appends a string until there are `length` codepoints. Can create the bin. */
  padEnd: (bin: string, length: number, pad: string, policy?: StringPolicy): CdtOperation =>
    padded('padEnd', 64, bin, [length, pad], policy),

  /** Repeats the string. Can create the bin. */
  repeat: (bin: string, count: number, policy?: StringPolicy): CdtOperation =>
    write('repeat', 65, bin, [size('strings.repeat', 'count', count)], policy),

  /** Replaces the first match of a pattern (ICU), or all with strings.regexFlags.GLOBAL. */
  regexReplace: (
    bin: string,
    pattern: string,
    replacement: string,
    regexFlags = 0,
    policy?: StringPolicy,
  ): CdtOperation => {
    const call = 'strings.regexReplace'
    const what = [text(call, 'pattern', pattern), text(call, 'replacement', replacement)]
    const how = flags(call, 'regexFlags', strings.regexFlags, regexFlags)
    return write('regexReplace', 66, bin, [...what, how], policy)
  },

  /** Appends a string. Can create the bin. */
  append: (bin: string, value: string, policy?: StringPolicy): CdtOperation =>
    write('append', 67, bin, [text('strings.append', 'value', value)], policy),

  /** Prepends a string. Can create the bin. */
  prepend: (bin: string, value: string, policy?: StringPolicy): CdtOperation =>
    write('prepend', 68, bin, [text('strings.prepend', 'value', value)], policy),
} as const
