/**
 * Arithmetic. The numbers of one call must be all integers or all doubles: the server rejects a mixture, and so does the
 * compiler if it knows the types. Server 5.6 and later.
 */
import { invalidArgument } from '../common/errors'
import {
  type Expression,
  node,
  type Operand,
  operand,
  part,
  plain,
  type ResultType,
  type ValueType,
} from './expression'

const ADD = 20
const SUB = 21
const MUL = 22
const DIV = 23
const POW = 24
const LOG = 25
const MOD = 26
const ABS = 27
const FLOOR = 28
const CEIL = 29
const TO_INT = 30
const TO_FLOAT = 31
const INT_AND = 32
const INT_OR = 33
const INT_XOR = 34
const INT_NOT = 35
const INT_LSHIFT = 36
const INT_RSHIFT = 37
const INT_ARSHIFT = 38
const INT_COUNT = 39
const INT_LSCAN = 40
const INT_RSCAN = 41
const MIN = 50
const MAX = 51

const NUMBERS: readonly ValueType[] = ['int', 'float']

/** A function of several numbers of one type that returns a number of that type. */
export interface NumbersToNumber {
  (...values: Expression<'any'>[]): Expression<'any'>
  (...values: Operand<'int'>[]): Expression<'int'>
  (...values: Operand<'float'>[]): Expression<'float'>
}

/** A function of one number that returns a number of the same type. */
export interface NumberToNumber {
  (value: Expression<'any'>): Expression<'any'>
  (value: Operand<'int'>): Expression<'int'>
  (value: Operand<'float'>): Expression<'float'>
}

function numbers(values: readonly unknown[], where: string): { type: ResultType; parts: Expression[] } {
  if (values.length === 0) throw invalidArgument(`${where}: at least 1 number is needed, not 0`)
  const known = values
    .map(value => (value as { type?: unknown } | null)?.type)
    .find(type => type === 'int' || type === 'float')
  let type: ResultType = known === 'int' || known === 'float' ? known : 'any'
  const parts = values.map((value, index) => {
    const place = `${where}: argument ${index + 1}`
    const number = part(plain(value, type, place), place, NUMBERS)
    if (type === 'any') type = number.type
    else if (number.type !== 'any' && number.type !== type) {
      throw invalidArgument(
        `${place}: a number of type ${type} is needed, as the ones before it are, not ${number.type}`,
      )
    }
    return number
  })
  return { type, parts }
}

function ofNumbers(name: string, code: number): NumbersToNumber {
  const where = `exp.${name}`
  return ((...values: unknown[]) => {
    const { type, parts } = numbers(values, where)
    return node(type, code, parts, where)
  }) as NumbersToNumber
}

function ofInts(name: string, code: number): (...values: Operand<'int'>[]) => Expression<'int'> {
  const where = `exp.${name}`
  return (...values) => {
    if (values.length === 0) throw invalidArgument(`${where}: at least 1 integer is needed, not 0`)
    const parts = values.map((value, index) => operand(value, 'int', `${where}: argument ${index + 1}`))
    return node('int', code, parts, where)
  }
}

function two<A extends ValueType, B extends ValueType, R extends ValueType>(
  name: string,
  code: number,
  first: readonly [string, A],
  second: readonly [string, B],
  result: R,
): (first: Operand<A>, second: Operand<B>) => Expression<R> {
  const where = `exp.${name}`
  return (one, other) => {
    const parts = [operand(one, first[1], `${where}: ${first[0]}`), operand(other, second[1], `${where}: ${second[0]}`)]
    return node(result, code, parts, where)
  }
}

type Shift = (value: Operand<'int'>, shift: Operand<'int'>) => Expression<'int'>
type Scan = (value: Operand<'int'>, search: Operand<'bool'>) => Expression<'int'>

const shift = (name: string, code: number): Shift => two(name, code, ['value', 'int'], ['shift', 'int'], 'int')
const scan = (name: string, code: number): Scan => two(name, code, ['value', 'int'], ['search', 'bool'], 'int')

function one<A extends ValueType, R extends ValueType>(
  name: string,
  code: number,
  type: A,
  result: R,
): (value: Operand<A>) => Expression<R> {
  const where = `exp.${name}`
  return value => node(result, code, [operand(value, type, `${where}: value`)], where)
}

const add = ofNumbers('add', ADD)
const sub = ofNumbers('sub', SUB)
const mul = ofNumbers('mul', MUL)
const div = ofNumbers('div', DIV)
const pow: (base: Operand<'float'>, exponent: Operand<'float'>) => Expression<'float'> = two(
  'pow',
  POW,
  ['base', 'float'],
  ['exponent', 'float'],
  'float',
)
const log: (num: Operand<'float'>, base: Operand<'float'>) => Expression<'float'> = two(
  'log',
  LOG,
  ['num', 'float'],
  ['base', 'float'],
  'float',
)
const mod: (numerator: Operand<'int'>, denominator: Operand<'int'>) => Expression<'int'> = two(
  'mod',
  MOD,
  ['numerator', 'int'],
  ['denominator', 'int'],
  'int',
)
const floor = one('floor', FLOOR, 'float', 'float')
const ceil = one('ceil', CEIL, 'float', 'float')
const abs = ((value: unknown) => {
  const { type, parts } = numbers([value], 'exp.abs')
  return node(type, ABS, parts, 'exp.abs')
}) as NumberToNumber

/**
 * Builders of arithmetic. A plain number takes the type of the other arguments: `exp.mul(exp.binFloat('price'), 2)`. All throw
 * InvalidArgError for an argument of the wrong type.
 */
export const arithmetic = {
  /**
   * The sum of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  add,
  /**
   * The first argument minus all others; the negation of a single argument.
   * @param values - numbers: all integers or all doubles; at least one. The first one is reduced by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  sub,
  /**
   * The product of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  mul,
  /**
   * The first argument divided by all others; the reciprocal of a single argument. Division of integers drops the
   * remainder; division of an integer by 0 makes the expression unknown.
   * @param values - numbers: all integers or all doubles; at least one. The first one is divided by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  div,
  /**
   * `base` to the power of `exponent`; both are doubles.
   * @param base - a double
   * @param exponent - a double
   */
  pow,
  /**
   * The logarithm of `num` to the base `base`; both are doubles.
   * @param num - a double greater than 0
   * @param base - a double greater than 0, other than 1
   */
  log,
  /**
   * The remainder of `numerator` divided by `denominator`; both are integers.
   * @param numerator - an integer
   * @param denominator - an integer other than 0
   */
  mod,
  /**
   * The absolute value.
   * @param value - an integer or a double
   */
  abs,
  /**
   * A double rounded down to a whole number, as a double.
   * @param value - a double
   */
  floor,
  /**
   * A double rounded up to a whole number, as a double.
   * @param value - a double
   */
  ceil,
  /**
   * A double truncated to an integer.
   * @param value - a double
   */
  toInt: one('toInt', TO_INT, 'float', 'int'),
  /**
   * An integer converted to a double.
   * @param value - an integer
   */
  toFloat: one('toFloat', TO_FLOAT, 'int', 'float'),
  /**
   * Bitwise AND of integers.
   * @param values - integers, at least one
   */
  intAnd: ofInts('intAnd', INT_AND),
  /**
   * Bitwise OR of integers.
   * @param values - integers, at least one
   */
  intOr: ofInts('intOr', INT_OR),
  /**
   * Bitwise exclusive OR of integers.
   * @param values - integers, at least one
   */
  intXor: ofInts('intXor', INT_XOR),
  /**
   * An integer with every bit inverted.
   * @param value - an integer
   */
  intNot: one('intNot', INT_NOT, 'int', 'int'),
  /**
   * An integer shifted left by a number of bits.
   * @param value - an integer
   * @param shift - number of bits to shift by
   */
  intLshift: shift('intLshift', INT_LSHIFT),
  /**
   * An integer shifted right by a number of bits, filled with zeros (logical shift).
   * @param value - an integer
   * @param shift - number of bits to shift by
   */
  intRshift: shift('intRshift', INT_RSHIFT),
  /**
   * An integer shifted right by a number of bits, filled with the sign bit (arithmetic shift).
   * @param value - an integer
   * @param shift - number of bits to shift by
   */
  intArshift: shift('intArshift', INT_ARSHIFT),
  /**
   * The number of bits of an integer that are set.
   * @param value - an integer
   */
  intCount: one('intCount', INT_COUNT, 'int', 'int'),
  /**
   * The position of the first bit that is set (true) or clear (false), scanning from the most significant bit; -1 if
   * none.
   * @param value - an integer
   * @param search - the bit to look for: true for 1, false for 0
   */
  intLscan: scan('intLscan', INT_LSCAN),
  /**
   * Like `intLscan`, but scans from the least significant bit; the position still counts from the most significant one.
   * @param value - an integer
   * @param search - the bit to look for: true for 1, false for 0
   */
  intRscan: scan('intRscan', INT_RSCAN),
  /**
   * The smallest of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   */
  min: ofNumbers('min', MIN),
  /**
   * The largest of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   */
  max: ofNumbers('max', MAX),
} as const
