/**
 * Compiles the conditions of `--where` to a filter expression.
 *
 * A bin has no declared type, so that a comparison chooses by the type of the value that the record has: integers and
 * doubles are compared as numbers, other types only with the same type. A comparison with a missing bin or with a bin of
 * another type is unknown, and so is its negation: the record does not match.
 */
import { Double, type Expression, exp, InvalidArgError, lists, maps } from 'aerospike-napi'
import { type Condition, type Literal, type MetadataOperand, type Operand, type Operator, WhereError } from './ast.mjs'
import { parseWhere } from './parser.mjs'

type Test = Expression<'bool'>
type Type = Literal['type']

/** A type that an operand can have in a record, and how to read it then. */
interface Choice {
  readonly type: Type
  readonly value: Expression
  /** The value as a double, if it is an integer. */
  readonly double?: Expression | undefined
  /** Whether a record has this type; undefined if it always has. */
  readonly test?: Test | undefined
}

/** The numbers of the server for the types of bins. */
const BIN_TYPES: { readonly [type in Type]: number } = { int: 1, float: 2, string: 3, blob: 4, bool: 17 }
const NUMBERS: ReadonlySet<Type> = new Set(['int', 'float'])
const TYPES: readonly Type[] = ['int', 'float', 'string', 'bool', 'blob']

const COMPARISONS: { readonly [operator in Operator]: (left: Expression, right: Expression) => Test } = {
  '==': (left, right) => exp.eq(left, right),
  '!=': (left, right) => exp.ne(left, right),
  '<': (left, right) => exp.lt(left, right),
  '<=': (left, right) => exp.le(left, right),
  '>': (left, right) => exp.gt(left, right),
  '>=': (left, right) => exp.ge(left, right),
}

/**
 * Compiles the text of `--where`.
 * @throws WhereError with the position of the error
 */
export function compileWhere(text: string): Test {
  return new Compiler(text).condition(parseWhere(text))
}

class Compiler {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  #fail(reason: string, at: number): never {
    throw new WhereError(reason, this.#text, at)
  }

  condition(condition: Condition): Test {
    try {
      return this.#compiled(condition)
    } catch (error) {
      if (error instanceof InvalidArgError) this.#fail(error.message, condition.at)
      throw error
    }
  }

  #compiled(condition: Condition): Test {
    switch (condition.kind) {
      case 'and':
        return exp.and(...condition.parts.map(part => this.condition(part)))
      case 'or':
        return exp.or(...condition.parts.map(part => this.condition(part)))
      case 'not':
        return exp.not(this.condition(condition.part))
      case 'compare':
        return this.#compare(condition.operator, condition.left, condition.right)
      case 'in': {
        const tests = condition.list.map(item => this.#compare('==', condition.value, item))
        return tests.length === 1 ? (tests[0] as Test) : exp.or(...tests)
      }
      case 'between': {
        const { value, low, high } = condition
        return exp.and(this.#compare('>=', value, low), this.#compare('<=', value, high))
      }
      case 'matches':
        return exp.cmpRegex(exp.regexFlags.EXTENDED, condition.pattern, this.#stringOf(condition.value))
      case 'contains':
        return this.#contains(condition)
      case 'exists':
        return exp.binExists(condition.bin.name)
      case 'flag':
        return exp.binBool(condition.bin.name)
    }
  }

  #compare(operator: Operator, left: Operand, right: Operand): Test {
    const pairs = this.#choices(left, right).flatMap(one =>
      this.#choices(right, left)
        .filter(other => comparable(one.type, other.type, operator))
        .map(other => ({ test: both(one.test, other.test), value: comparison(operator, one, other) })),
    )
    const [first] = pairs
    if (first === undefined) {
      const ordered = operator === '==' || operator === '!=' ? '' : ' by order'
      this.#fail(`${named(left)} cannot be compared${ordered} with ${named(right)}`, left.at)
    }
    if (pairs.length === 1) return first.value
    const [test, value, ...more] = pairs.flatMap(pair => [pair.test as Test, pair.value])
    return exp.cond(test as Test, value as Test, ...more, exp.unknown())
  }

  /** The types that an operand can have, compared with another operand. */
  #choices(operand: Operand, other: Operand): Choice[] {
    switch (operand.kind) {
      case 'literal':
        return [this.#literal(operand, other)]
      case 'metadata':
        return this.#metadata(operand, other)
      case 'bin': {
        const { name } = operand
        return TYPES.filter(type => other.kind !== 'literal' || comparable(type, other.type, '==')).map(type => ({
          type,
          value: exp.bin(name, type),
          test: exp.eq(exp.binType(name), BIN_TYPES[type]),
        }))
      }
    }
  }

  #literal(literal: Literal, other: Operand): Choice {
    if (literal.type === 'string' && isTime(other)) {
      const time = Date.parse(literal.value)
      if (Number.isNaN(time))
        this.#fail('this is not a date, such as "2026-01-31" or "2026-01-31T12:00:00Z"', literal.at)
      return { type: 'int', value: exp.int(BigInt(time) * 1_000_000n) }
    }
    switch (literal.type) {
      case 'int':
        return { type: 'int', value: exp.int(literal.value), double: exp.float(Number(literal.value)) }
      case 'float':
        return { type: 'float', value: exp.float(literal.value) }
      case 'string':
        return { type: 'string', value: exp.str(literal.value) }
      case 'bool':
        return { type: 'bool', value: exp.bool(literal.value) }
      case 'blob':
        return { type: 'blob', value: exp.bytes(literal.value) }
    }
  }

  #metadata({ name, at }: MetadataOperand, other: Operand): Choice[] {
    switch (name) {
      case 'ttl':
        return [{ type: 'int', value: exp.ttl() }]
      case 'size':
        return [{ type: 'int', value: exp.recordSize() }]
      case 'since_update':
        return [{ type: 'int', value: exp.sinceUpdate() }]
      case 'last_update':
        return [{ type: 'int', value: exp.lastUpdate() }]
      case 'void_time':
        return [{ type: 'int', value: exp.voidTime() }]
      case 'set':
        return [{ type: 'string', value: exp.setName() }]
      case 'key': {
        const keys: Choice[] = [
          { type: 'int', value: exp.keyInt() },
          { type: 'string', value: exp.keyStr() },
          { type: 'blob', value: exp.keyBlob() },
        ]
        if (other.kind !== 'literal') this.#fail('key() can be compared only with a value', at)
        return keys.filter(({ type }) => comparable(type, other.type, '=='))
      }
    }
  }

  /** An operand as text, for a regular expression. */
  #stringOf(operand: Operand): Expression<'string'> {
    if (operand.kind === 'bin') return exp.binStr(operand.name)
    if (operand.kind === 'metadata' && operand.name === 'key') return exp.keyStr()
    if (operand.kind === 'metadata' && operand.name === 'set') return exp.setName()
    return this.#fail(`'matches' needs a string bin, key() or set() on its left, not ${named(operand)}`, operand.at)
  }

  #contains({ part, bin, item }: Condition & { readonly kind: 'contains' }): Test {
    const values = containedValues(item)
    const tests = values.map(value => {
      if (part === 'items') return exp.lists.getByValue(exp.binList(bin.name), value, lists.returnType.COUNT)
      const map = exp.binMap(bin.name)
      if (part === 'values') return exp.maps.getByValue(map, value, maps.returnType.COUNT)
      return exp.maps.getByKey(map, value, 'auto', maps.returnType.COUNT)
    })
    const found = tests.map(count => exp.gt(count as Expression<'int'>, 0))
    return found.length === 1 ? (found[0] as Test) : exp.or(...found)
  }
}

/** The values that equal a number in a collection: servers compare an integer with a double there as unequal. */
function containedValues(item: Literal): (bigint | string | boolean | Uint8Array | Double)[] {
  switch (item.type) {
    case 'int':
      return [item.value, Double(Number(item.value))]
    case 'float':
      return Number.isSafeInteger(item.value) ? [Double(item.value), BigInt(item.value)] : [Double(item.value)]
    default:
      return [item.value]
  }
}

function isTime(operand: Operand): boolean {
  return operand.kind === 'metadata' && (operand.name === 'last_update' || operand.name === 'void_time')
}

/** Whether values of two types can be compared. Booleans have no order. */
function comparable(left: Type, right: Type, operator: Operator): boolean {
  if (left === 'bool' && operator !== '==' && operator !== '!=') return false
  return left === right || (NUMBERS.has(left) && NUMBERS.has(right))
}

function both(one: Test | undefined, other: Test | undefined): Test | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return exp.and(one, other)
}

function comparison(operator: Operator, left: Choice, right: Choice): Test {
  const mixed = left.type !== right.type
  return COMPARISONS[operator](mixed ? asDouble(left) : left.value, mixed ? asDouble(right) : right.value)
}

function asDouble({ type, value, double }: Choice): Expression {
  return type === 'int' ? (double ?? exp.toFloat(value as Expression<'int'>)) : value
}

const TYPE_NAMES: { readonly [type in Type]: string } = {
  int: 'an integer',
  float: 'a double',
  string: 'a string',
  bool: 'a boolean',
  blob: 'bytes',
}

function named(operand: Operand): string {
  if (operand.kind === 'literal') return TYPE_NAMES[operand.type]
  return operand.kind === 'bin' ? `the bin ${operand.name}` : `${operand.name}()`
}
