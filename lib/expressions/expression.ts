/**
 * An expression: its packed bytes, the type of its result, and what is needed to detect errors before it is sent to a server.
 * The builders in this folder create expressions.
 */
import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { printAs } from '../common/json'
import { shorten } from '../common/shorten'
import { InfinityBound, WildcardBound } from '../values/range-bounds'
import { Double, type MapKey, type Value } from '../values/value'
import { bytesOfBase64, checkInteger, checkText, depthOf, endOfValue, Packer } from './packer'

/** The maximum nesting depth of expressions. The server's parser recurses without a limit, so the client sets one. */
const MAX_DEPTH = 256

/**
 * The maximum depth of lists and maps in bytes that were packed elsewhere. It is larger because one expression can take
 * several levels, and its literals can be as deep as a value.
 */
const MAX_PACKED_DEPTH = 1024

const QUOTED = 126

/** The server's number for each value type. */
export const TYPE_NUMBERS = {
  nil: 0,
  bool: 1,
  int: 2,
  string: 3,
  list: 4,
  map: 5,
  blob: 6,
  float: 7,
  geo: 8,
  hll: 9,
} as const

/** A value type that a builder can name as the type of an expression. */
export type ValueType = keyof typeof TYPE_NUMBERS

/** The type of an expression's result; `any` if only the server knows it. */
export type ResultType = ValueType | 'any'

interface Traits {
  /** Nesting depth of expressions. */
  readonly depth: number
  /** Variables that no enclosing `let` binds. */
  readonly unbound: ReadonlySet<string>
  /** True if the expression must be a complete filter and cannot be part of another expression. */
  readonly whole: boolean
}

const NOTHING: ReadonlySet<string> = new Set()
const LEAF: Traits = { depth: 1, unbound: NOTHING, whole: false }

let make: <T extends ResultType>(type: T, bytes: Buffer, traits: Traits) => Expression<T>
let bytesIn: (expression: Expression) => Buffer
let traitsIn: (expression: Expression) => Traits
let isExpression: (value: unknown) => value is Expression

/**
 * A packed server-side expression. `T` is the type of its result, so that comparing a string with an integer is an error at
 * compile time. Expressions are immutable; you can use one any number of times, in any number of clients.
 */
export class Expression<out T extends ResultType = ResultType> {
  /** Type of the result; `any` if only the server knows it. */
  readonly type: T
  readonly #bytes: Buffer
  readonly #traits: Traits

  private constructor(type: T, bytes: Buffer, traits: Traits) {
    this.type = type
    this.#bytes = bytes
    this.#traits = traits
    Object.freeze(this)
  }

  static {
    make = (type, bytes, traits) => new Expression(type, bytes, traits)
    bytesIn = expression => expression.#bytes
    traitsIn = expression => expression.#traits
    isExpression = (value): value is Expression => typeof value === 'object' && value !== null && #bytes in value
  }

  /** A copy of the packed bytes, in the format of the server and of other clients. */
  get bytes(): Buffer {
    return Buffer.from(this.#bytes)
  }

  /** Returns the packed bytes as base64, for `exp.fromBase64` and for other clients. */
  toBase64(): string {
    return this.#bytes.toString('base64')
  }

  toString(): string {
    return this.toBase64()
  }

  toJSON(): string {
    return this.toBase64()
  }
}

/** The number of characters of an expression's base64 text that `console.log` prints. */
const PRINTED = 64

printAs(
  Expression,
  ({ type }) => `Expression<${type}>`,
  expression => shorten(expression.toBase64(), PRINTED),
)

export { isExpression }

interface Plain {
  int: number | bigint
  float: number | Double
  string: string
  bool: boolean
  blob: Uint8Array
  list: readonly LiteralItem[]
  map: LiteralMap
}

/** An item of a literal list or map: a value, `infinity()` or `wildcard()`. */
export type LiteralItem = Value | InfinityBound | WildcardBound | readonly LiteralItem[] | LiteralMap

/** A literal map: a Map or an object. */
export type LiteralMap = ReadonlyMap<MapKey, LiteralItem> | { readonly [key: string]: LiteralItem }

/** The plain values that can replace an expression of a type; `never` if there are none. */
export type PlainValue<T extends ValueType> = T extends keyof Plain ? Plain[T] : never

/** An expression of any type, or a plain value. */
export type AnyOperand =
  | Expression
  | number
  | bigint
  | string
  | boolean
  | Uint8Array
  | Double
  | InfinityBound
  | WildcardBound

/** An expression of a type, or a plain value of that type. */
export type Operand<T extends ValueType> = Expression<T | 'any'> | PlainValue<T>

function merge(parts: readonly Expression[], where: string): Traits {
  let depth = 0
  let unbound = NOTHING
  for (const part of parts) {
    const traits = traitsIn(part)
    if (traits.depth > depth) depth = traits.depth
    if (traits.unbound.size > 0)
      unbound = unbound.size === 0 ? traits.unbound : new Set([...unbound, ...traits.unbound])
  }
  if (depth >= MAX_DEPTH) {
    const hint = 'exp.and, exp.or and their like take any number of arguments'
    throw invalidArgument(`${where}: expressions are nested deeper than ${MAX_DEPTH} levels; ${hint}`)
  }
  return { depth: depth + 1, unbound, whole: false }
}

/** Creates an expression without parts. */
export function leaf<T extends ResultType>(type: T, write: (packer: Packer) => Packer): Expression<T> {
  return make(type, write(new Packer()).take(), LEAF)
}

/** Creates an expression from `parts`, which `write` packs in the order that it needs. */
export function compose<T extends ResultType>(
  type: T,
  parts: readonly Expression[],
  where: string,
  write: (packer: Packer) => Packer,
): Expression<T> {
  const traits = merge(parts, where)
  return make(type, write(new Packer()).take(), traits)
}

/** Creates an expression packed as `[code, ...parts]`. */
export function node<T extends ResultType>(
  type: T,
  code: number,
  parts: readonly Expression[],
  where: string,
): Expression<T> {
  return compose(type, parts, where, packer => {
    packer.array(parts.length + 1).int(code)
    for (const part of parts) packer.raw(bytesIn(part))
    return packer
  })
}

/** Returns a copy of an expression with another set of unbound variables. */
export function withUnbound<T extends ResultType>(expression: Expression<T>, unbound: Set<string>): Expression<T> {
  return make(expression.type, bytesIn(expression), { ...traitsIn(expression), unbound })
}

/** Returns the unbound variables of an expression. */
export function unboundIn(expression: Expression): ReadonlySet<string> {
  return traitsIn(expression).unbound
}

/** Creates an expression that cannot be part of another. */
export function wholeFilter(bytes: Buffer): Expression<'bool'> {
  return make('bool', bytes, { ...LEAF, whole: true })
}

/** Creates an expression from bytes that were packed elsewhere. */
export function foreign(bytes: Buffer, where: string): Expression<'any'> {
  if (endOfValue(bytes, 0) !== bytes.length) {
    throw invalidArgument(`${where}: the bytes are not one packed expression`)
  }
  if (depthOf(bytes) > MAX_PACKED_DEPTH) {
    throw invalidArgument(`${where}: the expression is nested deeper than ${MAX_PACKED_DEPTH} levels`)
  }
  const whole = bytes[0] === 0x92 && bytes[1] === 0xcc && bytes[2] === 0x80
  return make('any', bytes, { ...LEAF, whole })
}

/**
 * Restores an expression from base64, as produced by `toBase64` and by other clients.
 * @throws InvalidArgError if the text is malformed
 */
export function fromBase64(base64: string): Expression<'any'> {
  return foreign(bytesOfBase64(base64, 'exp.fromBase64'), 'exp.fromBase64')
}

/** Returns the bytes of an expression without a copy. */
export function packedBytes(expression: Expression): Buffer {
  return bytesIn(expression)
}

/** Returns the bytes of an expression that is used on its own, as in an operation or an index. Throws for unbound variables. */
export function completeBytes(expression: unknown, where: string): Buffer {
  if (!isExpression(expression)) {
    throw invalidArgument(`${where}: an expression is needed, not ${describe(expression)}`)
  }
  const { unbound } = traitsIn(expression)
  if (unbound.size > 0) {
    const names = [...unbound].map(name => JSON.stringify(name)).join(', ')
    throw invalidArgument(`${where}: the expression uses ${names}, which no exp.let around it defines`)
  }
  return bytesIn(expression)
}

/** Returns the bytes of an expression that is used as a filter: its result must be a boolean. */
export function filterBytes(expression: Expression, where: string): Buffer {
  const { type } = expression
  if (type !== 'bool' && type !== 'any') throw wrongType(expression, ['bool'], where)
  return completeBytes(expression, where)
}

function wrongType(value: Expression, expected: readonly ValueType[], where: string): Error {
  const names = expected.join(' or ')
  return invalidArgument(`${where}: an expression of type ${names} is needed, not one of type ${value.type}`)
}

/** Checks that `value` is an expression that can be part of another and, if `expected` is given, has one of these types. */
export function part(value: unknown, where: string, expected?: readonly ValueType[]): Expression {
  if (!isExpression(value)) throw invalidArgument(`${where}: an expression is needed, not ${describe(value)}`)
  if (traitsIn(value).whole) {
    throw invalidArgument(`${where}: exp.ael is a whole filter and cannot be part of another expression`)
  }
  const { type } = value
  if (expected !== undefined && type !== 'any' && !expected.includes(type)) throw wrongType(value, expected, where)
  return value
}

/** Packs a plain value as a literal of `type`. Returns undefined if it is not a plain value of that type. */
export function literal(value: unknown, type: ValueType, where: string): Expression | undefined {
  switch (type) {
    case 'int': {
      if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
      const integer = checkInteger(value, where)
      return leaf('int', packer => packer.int(integer))
    }
    case 'float': {
      if (typeof value === 'number') return leaf('float', packer => packer.double(value))
      return value instanceof Double ? leaf('float', packer => packer.double(value.value)) : undefined
    }
    case 'string': {
      if (typeof value !== 'string') return undefined
      const text = checkText(value, where)
      return leaf('string', packer => packer.text(text))
    }
    case 'bool':
      return typeof value === 'boolean' ? leaf('bool', packer => packer.bool(value)) : undefined
    case 'blob':
      return types.isUint8Array(value) ? leaf('blob', packer => packer.blob(checkBytes(value, where))) : undefined
    case 'list':
      // A list must be quoted, or the server would treat it as a call.
      return Array.isArray(value) ? leaf('list', packer => packer.array(2).int(QUOTED).value(value, where)) : undefined
    case 'map':
      return isPlainMap(value) ? leaf('map', packer => packer.value(value, where)) : undefined
    default:
      return undefined
  }
}

function isPlainMap(value: unknown): boolean {
  if (types.isMap(value)) return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Checks an operand of one type: an expression or, if the type has plain values, a plain value. */
export function operand(value: unknown, type: ValueType, where: string): Expression {
  if (isExpression(value)) return part(value, where, [type])
  const packed = literal(value, type, where)
  if (packed === undefined) {
    throw invalidArgument(`${where}: an expression of type ${type} is needed, not ${describe(value)}`)
  }
  return packed
}

/** Returns an expression unchanged, or a plain value as an expression of `type`; for `any`, of the value's own type. */
export function plain(value: unknown, type: ResultType, where: string): Expression {
  if (isExpression(value)) return part(value, where)
  if (type === 'any' && value instanceof InfinityBound) return leaf('any', packer => packer.infinity())
  if (type === 'any' && value instanceof WildcardBound) return leaf('any', packer => packer.wildcard())
  const packed = literal(value, type === 'any' ? typeOf(value) : type, where)
  if (packed === undefined) {
    const what = type === 'any' ? 'an expression' : `an expression of type ${type}`
    throw invalidArgument(`${where}: ${what} is needed, not ${describe(value)}`)
  }
  return packed
}

function typeOf(value: unknown): ValueType {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'float'
    case 'bigint':
      return 'int'
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    default:
      return value instanceof Double ? 'float' : 'blob'
  }
}
