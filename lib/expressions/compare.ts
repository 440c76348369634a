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

/** What can be compared with an expression of a type: an expression of the same one, or a plain value of it. */
export type Comparable<T extends ResultType> = 'any' extends T
  ? Expression | PlainValue<ValueType>
  : Expression<T | 'any'> | (T extends ValueType ? PlainValue<T> : never)

type Comparison = <T extends ResultType>(left: Expression<T>, right: Comparable<NoInfer<T>>) => Expression<'bool'>

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

/** How a pattern of `exp.cmpRegex` is read; combine with `|`. */
export const regexFlags = {
  /** As POSIX says. */
  NONE: 0,
  /** A basic regular expression; the same as NONE. */
  BASIC: 0,
  /** An extended regular expression. */
  EXTENDED: 1,
  /** Upper and lower case are the same. */
  ICASE: 2,
  /** Places of matches are not needed: they never are. */
  NOSUB: 4,
  /** What matches any character does not match a line's end. */
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
 * Builders of comparisons. Both sides have the same type: the server refuses others, and so does the compiler where it
 * knows. The right side may be a plain value: `exp.eq(exp.binStr('city'), 'Seoul')`. Whole maps can be compared since
 * server 8.1.2.3; before it the answer is unknown, which a filter takes for false.
 */
export const compare = {
  /**
   * Whether both are equal.
   * @throws InvalidArgError for sides of different types
   */
  eq: comparison('eq', EQ),
  /**
   * Whether both differ.
   * @throws InvalidArgError for sides of different types
   */
  ne: comparison('ne', NE),
  /**
   * Whether the left one is greater. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  gt: comparison('gt', GT),
  /**
   * Whether the left one is greater or equal. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  ge: comparison('ge', GE),
  /**
   * Whether the left one is less. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  lt: comparison('lt', LT),
  /**
   * Whether the left one is less or equal. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  le: comparison('le', LE),
  /**
   * Whether a string matches a POSIX regular expression. A pattern that is none is refused by the server.
   * @param options - flags of `exp.regexFlags`
   * @param regex - the pattern
   * @param cmpStr - the string
   * @throws InvalidArgError for unknown flags
   */
  cmpRegex,
  /** `cmpRegex` with aerospike-py's order of arguments. */
  regexCompare: (regex: string, flags: number, str: Operand<'string'>): Expression<'bool'> =>
    cmpRegex(flags, regex, str),
  /**
   * Whether one region contains the other's point: one side is a region, the other a point.
   * @throws InvalidArgError for anything but GeoJSON
   */
  cmpGeo,
  /** The same as `cmpGeo`. */
  geoCompare: cmpGeo,
  /**
   * Whether a list contains a value. Server 8.1.2 and later.
   * @param value - an expression of any type
   * @param list - the list
   */
  inList: (value: Expression, list: Expression<'list' | 'any'>): Expression<'bool'> => {
    const where = 'exp.inList'
    return node('bool', IN_LIST, [part(value, `${where}: value`), part(list, `${where}: list`, ['list'])], where)
  },
} as const
