/**
 * Operations on strings. The codes are the server's; they match `crate/src/convert/operation/string.rs`.
 */
import { wordOption } from '../common/options'
import { flags, integer, items, policy, size, text } from './arguments'
import { type Argument, BuiltOperation, CdtOperation, Family } from './operation'

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

/** The kind of number that `isNumeric` tests for: one of strings.numericType. */
export type StringNumericType = (typeof numericType)[keyof typeof numericType]

const numericTypeNumber = wordOption(
  { any: 0, int: 1, float: 2 } satisfies Record<StringNumericType, number>,
  'numeric types are strings here',
)

/** Not one of the server's string codes: the server has a separate operation for it. */
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
 * Builders of operations on strings, for `operate`. Indexes count code points from 0, negative ones from the end.
 * Operations that modify the string return null. If the bin is not a string, the call fails with BinTypeError; if the
 * server does not accept an argument, it fails with InvalidArgError. A failed call applies none of its operations. Needs
 * server 8.2; older servers reject the call with InvalidArgError.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names and the text of strings.
 */
export const strings = {
  /** Flags that restrict writes; combine with `|`. */
  writeFlags,
  /** Flags of patterns (ICU); combine with `|`. */
  regexFlags,
  /** The kinds of number that `isNumeric` tests for. */
  numericType,

  /** Returns the number of code points. */
  strlen: <B extends string>(bin: B): CdtOperation<B, number | null> => read(0, bin),

  /** Returns the code points from `start` (inclusive) to `end` (exclusive), or to the end of the string. */
  substr: <B extends string>(bin: B, start: number, end?: number): CdtOperation<B, string | null> => {
    const from = integer('strings.substr', 'start', start)
    return read(1, bin, end === undefined ? [from] : [from, integer('strings.substr', 'end', end)])
  },

  /** Returns the code point at an index, as a string. */
  charAt: <B extends string>(bin: B, index: number): CdtOperation<B, string | null> =>
    read(2, bin, [integer('strings.charAt', 'index', index)]),

  /** Returns the index of an occurrence of `needle` (1 is the first, -1 the last), or -1 if there is none. */
  find: <B extends string>(bin: B, needle: string, occurrence?: number): CdtOperation<B, number | null> => {
    const what = text('strings.find', 'needle', needle)
    if (occurrence === undefined) return read(3, bin, [what])
    return read(3, bin, [what, integer('strings.find', 'occurrence', occurrence)])
  },

  /** Returns whether the string contains `needle`. */
  contains: <B extends string>(bin: B, needle: string): CdtOperation<B, boolean | null> =>
    reads('contains', 4, bin, 'needle', needle),

  /** Returns whether the string starts with `prefix`, regardless of the Unicode normalization form. */
  startsWith: <B extends string>(bin: B, prefix: string): CdtOperation<B, boolean | null> =>
    reads('startsWith', 5, bin, 'prefix', prefix),

  /** Returns whether the string ends with `suffix`, regardless of the Unicode normalization form. */
  endsWith: <B extends string>(bin: B, suffix: string): CdtOperation<B, boolean | null> =>
    reads('endsWith', 6, bin, 'suffix', suffix),

  /** Returns the string parsed as an integer. */
  toInteger: <B extends string>(bin: B): CdtOperation<B, number | bigint | null> => read(7, bin),

  /** Returns the string parsed as a double. */
  toDouble: <B extends string>(bin: B): CdtOperation<B, number | null> => read(8, bin),

  /** Returns the length of the string in UTF-8 bytes. */
  byteLength: <B extends string>(bin: B): CdtOperation<B, number | null> => read(9, bin),

  /** Returns whether the string represents a number: any kind, or the one of `strings.numericType` that you name. */
  isNumeric: <B extends string>(bin: B, type?: StringNumericType): CdtOperation<B, boolean | null> =>
    read(10, bin, type === undefined ? [] : [numericTypeNumber(type, 'strings.isNumeric: type')]),

  /** Returns whether all letters are upper case. */
  isUpper: <B extends string>(bin: B): CdtOperation<B, boolean | null> => read(11, bin),

  /** Returns whether all letters are lower case. */
  isLower: <B extends string>(bin: B): CdtOperation<B, boolean | null> => read(12, bin),

  /** Returns the UTF-8 bytes of the string. */
  toBlob: <B extends string>(bin: B): CdtOperation<B, Buffer | null> => read(13, bin),

  /** Returns a list of the parts between separators; without a separator, a list of the code points. */
  split: <B extends string>(bin: B, separator?: string): CdtOperation<B, string[] | null> =>
    separator === undefined ? read(14, bin) : reads('split', 14, bin, 'separator', separator),

  /** Returns the bytes decoded from the base64 string. */
  b64Decode: <B extends string>(bin: B): CdtOperation<B, Buffer | null> => read(15, bin),

  /** Returns whether a pattern (ICU) matches; `strings.regexFlags` set how. */
  regexCompare: <B extends string>(bin: B, pattern: string, regexFlags?: number): CdtOperation<B, boolean | null> => {
    const what = text('strings.regexCompare', 'pattern', pattern)
    if (regexFlags === undefined) return read(16, bin, [what])
    return read(16, bin, [what, flags('strings.regexCompare', 'regexFlags', strings.regexFlags, regexFlags)])
  },

  /** Returns an integer, double, string or blob bin as a string. Takes no context. */
  toString: <B extends string>(bin: B): BuiltOperation<B, string | null> =>
    new BuiltOperation(Family.STRING, TO_STRING, bin, []),

  /** Inserts a string at an index. Can create the bin. */
  insert: <B extends string>(bin: B, index: number, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    place('insert', 50, bin, [index, value], policy),

  /** Overwrites the string starting at an index; the string may grow. Can create the bin. */
  overwrite: <B extends string>(bin: B, index: number, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    place('overwrite', 51, bin, [index, value], policy),

  /** Appends one string, or each string of an array. Can create the bin. */
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

  /** Removes the code points from `start` to `end` (exclusive); without `end`, to the end, and the policy has no effect. */
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

  /** Applies Unicode case folding, independent of language. */
  caseFold: <B extends string>(bin: B, policy?: StringPolicy): CdtOperation<B, null> =>
    write('caseFold', 58, bin, [], policy),

  /** Normalizes the string to Unicode NFC. */
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

  /** Prepends `pad` until the string has `length` code points. Can create the bin. */
  padStart: <B extends string>(bin: B, length: number, pad: string, policy?: StringPolicy): CdtOperation<B, null> =>
    padded('padStart', 63, bin, [length, pad], policy),

  /** Appends `pad` until the string has `length` code points. Can create the bin. */
  padEnd: <B extends string>(bin: B, length: number, pad: string, policy?: StringPolicy): CdtOperation<B, null> =>
    padded('padEnd', 64, bin, [length, pad], policy),

  /** Repeats the string. Can create the bin. */
  repeat: <B extends string>(bin: B, count: number, policy?: StringPolicy): CdtOperation<B, null> =>
    write('repeat', 65, bin, [size('strings.repeat', 'count', count)], policy),

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
    return write('regexReplace', 66, bin, [...what, how], policy)
  },

  /** Appends a string. Can create the bin. */
  append: <B extends string>(bin: B, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    write('append', 67, bin, [text('strings.append', 'value', value)], policy),

  /** Prepends a string. Can create the bin. */
  prepend: <B extends string>(bin: B, value: string, policy?: StringPolicy): CdtOperation<B, null> =>
    write('prepend', 68, bin, [text('strings.prepend', 'value', value)], policy),
} as const
