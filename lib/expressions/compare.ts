/**
 * Comparisons.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  compose,
  type Expression,
  node,
  type Operand,
  operand,
  type PlainValue,
  packedBytes,
  part,
  plain,
  type ResultType,
  type ValueType,
} from './expression'
import { checkText } from './packer'

const EQ = 1
const NE = 2
const GT = 3
const GE = 4
const LT = 5
const LE = 6
const REGEX = 7
const GEO = 8
const IN_LIST = 9

/** What an expression of type `T` can be compared with: an expression, or a plain value, of the same type. */
export type Comparable<T extends ResultType> = 'any' extends T
  ? Expression | PlainValue<ValueType>
  : Expression<T | 'any'> | (T extends ValueType ? PlainValue<T> : never)

/** The same type, but not a place to infer it from: `NoInfer` of TypeScript 5.4. */
type Fixed<T> = [T][T extends unknown ? 0 : never]

type Comparison = <T extends ResultType>(left: Expression<T>, right: Comparable<Fixed<T>>) => Expression<'bool'>

function comparison(name: string, code: number): Comparison {
  const where = `exp.${name}`
  return (left, right) => {
    const one = part(left, `${where}: left`)
    const other = plain(right, one.type, `${where}: right`)
    if (one.type !== 'any' && other.type !== 'any' && one.type !== other.type) {
      throw invalidArgument(
        `${where}: right: an expression of type ${one.type} is needed, not one of type ${other.type}`,
      )
    }
    return node('bool', code, [one, other], where)
  }
}

/** Pattern flags of `exp.cmpRegex`; combine with `|`. */
export const regexFlags = {
  /** No flags: POSIX defaults. */
  NONE: 0,
  /** A basic regular expression; the same as NONE. */
  BASIC: 0,
  /** An extended regular expression. */
  EXTENDED: 1,
  /** Ignore case. */
  ICASE: 2,
  /** Do not report the positions of matches. Has no effect: positions are never reported. */
  NOSUB: 4,
  /** Operators that match any character do not match a newline. */
  NEWLINE: 8,
} as const

const ALL_REGEX_FLAGS = 15

function cmpRegex(options: number, regex: string, cmpStr: Operand<'string'>): Expression<'bool'> {
  const where = 'exp.cmpRegex'
  if (typeof options !== 'number' || !Number.isInteger(options) || options < 0 || options > ALL_REGEX_FLAGS) {
    throw invalidArgument(`${where}: options: flags of exp.regexFlags are needed, not ${describe(options)}`)
  }
  const pattern = checkText(regex, `${where}: regex`)
  const text = operand(cmpStr, 'string', `${where}: cmpStr`)
  return compose('bool', [text], where, packer =>
    packer.array(4).int(REGEX).int(options).rawText(pattern).raw(packedBytes(text)),
  )
}

function cmpGeo(left: Expression<'geo' | 'any'>, right: Expression<'geo' | 'any'>): Expression<'bool'> {
  const where = 'exp.cmpGeo'
  return node('bool', GEO, [part(left, `${where}: left`, ['geo']), part(right, `${where}: right`, ['geo'])], where)
}

/**
 * Builders of comparisons. Both sides must have the same type: the server rejects other comparisons, and so does the
 * compiler if it knows the types. The right side may be a plain value: `exp.eq(exp.binStr('city'), 'Seoul')`. Comparing
 * whole maps needs server 8.1.2.3; on older servers the result is unknown, which a filter treats as false.
 */
export const compare = {
  /**
   * Whether the two sides are equal.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  eq: comparison('eq', EQ),
  /**
   * Whether the two sides differ.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  ne: comparison('ne', NE),
  /**
   * Whether the left side is greater. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  gt: comparison('gt', GT),
  /**
   * Whether the left side is greater or equal. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  ge: comparison('ge', GE),
  /**
   * Whether the left side is less. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  lt: comparison('lt', LT),
  /**
   * Whether the left side is less or equal. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  le: comparison('le', LE),
  /**
   * Whether a string matches a POSIX regular expression. The server rejects an invalid pattern.
   * @param options - flags of `exp.regexFlags`
   * @param regex - pattern
   * @param cmpStr - string to match
   * @throws InvalidArgError for unknown flags
   */
  cmpRegex,
  /**
   * `cmpRegex` with the argument order of aerospike-py.
   * @param regex - pattern
   * @param flags - flags of `exp.regexFlags`
   * @param str - string to match
   */
  regexCompare: (regex: string, flags: number, str: Operand<'string'>): Expression<'bool'> =>
    cmpRegex(flags, regex, str),
  /**
   * Whether a region contains a point: one side is the region, the other the point.
   * @param left - GeoJSON: a region or a point
   * @param right - GeoJSON: the other of the two
   * @throws InvalidArgError if a side is not GeoJSON
   */
  cmpGeo,
  /**
   * Whether a list contains a value. Server 8.1.2 and later.
   * @param value - expression of any type
   * @param list - list to search
   * @throws InvalidArgError if `list` is not a list
   */
  inList: (value: Expression, list: Expression<'list' | 'any'>): Expression<'bool'> => {
    const where = 'exp.inList'
    return node('bool', IN_LIST, [part(value, `${where}: value`), part(list, `${where}: list`, ['list'])], where)
  },
} as const
