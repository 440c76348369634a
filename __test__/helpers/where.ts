// Random conditions of `--where`, their text, and what they mean: a model of the filter that a server evaluates.
import fc from 'fast-check'
import type { CollectionPart, Condition, Literal, Operand, Operator } from '../../cli/where/ast.mjs'

/** The bins of a record as the model has them: integers are bigint, doubles are numbers. */
export type ModelBins = { readonly [bin: string]: ModelValue }
export type ModelValue = bigint | number | string | boolean | Uint8Array | ModelValue[] | { [key: string]: ModelValue }

const at = 0
const OPERATORS: readonly Operator[] = ['==', '!=', '<', '<=', '>', '>=']
const KEYWORDS = /^(?:and|or|not|in|between|matches|contains|true|false|exists|keys|values)$/i

// ---- text -----------------------------------------------------------------------------------------------------------

function binText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.test(name) ? name : `\`${name}\``
}

function literalText(literal: Literal): string {
  switch (literal.type) {
    case 'float':
      return Number.isInteger(literal.value) && !/e/.test(String(literal.value))
        ? `${Object.is(literal.value, -0) ? '-0' : literal.value}.0`
        : String(literal.value)
    case 'string':
      return JSON.stringify(literal.value)
    case 'blob':
      return `x'${Buffer.from(literal.value).toString('hex')}'`
    default:
      return String(literal.value)
  }
}

function operandText(operand: Operand): string {
  if (operand.kind === 'literal') return literalText(operand)
  return operand.kind === 'bin' ? binText(operand.name) : `${operand.name}()`
}

/** The text of a condition. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.map(part => `(${conditionText(part)})`).join(` ${condition.kind} `)
    case 'not':
      return `not (${conditionText(condition.part)})`
    case 'compare':
      return `${operandText(condition.left)} ${condition.operator} ${operandText(condition.right)}`
    case 'in':
      return `${operandText(condition.value)} in (${condition.list.map(literalText).join(', ')})`
    case 'between':
      return `${operandText(condition.value)} between ${operandText(condition.low)} and ${operandText(condition.high)}`
    case 'matches':
      return `${operandText(condition.value)} matches ${JSON.stringify(condition.pattern)}`
    case 'contains': {
      const bin = binText(condition.bin.name)
      const part = condition.part === 'items' ? bin : `${condition.part}(${bin})`
      return `${part} contains ${literalText(condition.item)}`
    }
    case 'exists':
      return `exists(${binText(condition.bin.name)})`
    case 'flag':
      return binText(condition.bin.name)
  }
}

// ---- random conditions ----------------------------------------------------------------------------------------------

const literal = (type: Literal['type'], value: unknown): Literal => ({ kind: 'literal', at, type, value }) as Literal

export const literals: fc.Arbitrary<Literal> = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(value => literal('int', value)),
  fc.integer({ min: -5, max: 5 }).map(value => literal('int', BigInt(value))),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => literal('float', value)),
  fc.string({ unit: 'grapheme' }).map(value => literal('string', value)),
  fc.boolean().map(value => literal('bool', value)),
  fc.uint8Array({ maxLength: 8 }).map(value => literal('blob', Buffer.from(value))),
)

/** Conditions of any form whose leaves have these bins and literals. */
export function conditions(bins: fc.Arbitrary<string>, values: fc.Arbitrary<Literal>): fc.Arbitrary<Condition> {
  const bin = bins.map(name => ({ kind: 'bin', at, name }) as const)
  const operand: fc.Arbitrary<Operand> = fc.oneof({ weight: 3, arbitrary: bin }, { weight: 2, arbitrary: values })
  const part = fc.constantFrom<CollectionPart>('items', 'keys', 'values')
  const test: fc.Arbitrary<Condition> = fc.oneof(
    fc
      .tuple(fc.constantFrom(...OPERATORS), operand, operand)
      .map(([operator, left, right]) => ({ kind: 'compare', at, operator, left, right }) as const),
    fc
      .tuple(bin, fc.array(values, { minLength: 1, maxLength: 4 }))
      .map(([value, list]) => ({ kind: 'in', at, value, list }) as const),
    fc.tuple(bin, operand, operand).map(([value, low, high]) => ({ kind: 'between', at, value, low, high }) as const),
    bin.map(value => ({ kind: 'matches', at, value, pattern: '^[a-c]+$' }) as const),
    fc.tuple(part, bin, values).map(([part, bin, item]) => ({ kind: 'contains', at, part, bin, item }) as const),
    bin.map(bin => ({ kind: 'exists', at, bin }) as const),
    bin.map(bin => ({ kind: 'flag', at, bin }) as const),
  )
  return fc.letrec<{ condition: Condition }>(tie => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      test,
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
        .map(([kind, parts]) => ({ kind, at, parts }) as Condition),
      tie('condition').map(part => ({ kind: 'not', at, part }) as const),
    ),
  })).condition
}

/** A condition without its positions. */
export function withoutPositions(condition: unknown): unknown {
  return JSON.parse(
    JSON.stringify(condition, (name, value) => {
      if (name === 'at') return undefined
      if (typeof value === 'bigint') return `${value}n`
      return Object.is(value, -0) ? '-0' : value
    }),
  )
}

// ---- meaning --------------------------------------------------------------------------------------------------------

type Truth = boolean | undefined

function typeOf(value: ModelValue | undefined): Literal['type'] | undefined {
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  return value instanceof Uint8Array ? 'blob' : undefined
}

function order(left: ModelValue, right: ModelValue): number {
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right as string))
  if (left instanceof Uint8Array) return Buffer.compare(left, right as Uint8Array)
  const mixed = typeof left !== typeof right
  const [one, other] = mixed ? [Number(left), Number(right)] : [left, right]
  return one < other ? -1 : one > other ? 1 : 0
}

function compare(operator: Operator, left: ModelValue | undefined, right: ModelValue | undefined): Truth {
  const [one, other] = [typeOf(left), typeOf(right)]
  if (one === undefined || other === undefined || left === undefined || right === undefined) return undefined
  const numbers = (type: string): boolean => type === 'int' || type === 'float'
  if (one !== other && !(numbers(one) && numbers(other))) return undefined
  const equality = operator === '==' || operator === '!='
  if (one === 'bool' && !equality) return undefined
  const result = order(left, right)
  switch (operator) {
    case '==':
      return result === 0
    case '!=':
      return result !== 0
    case '<':
      return result < 0
    case '<=':
      return result <= 0
    case '>':
      return result > 0
    case '>=':
      return result >= 0
  }
}

function and(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(undefined) ? undefined : true
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth)

/** Whether a record matches: true, false, or undefined if that is unknown. */
export function evaluate(condition: Condition, bins: ModelBins): Truth {
  const valueOfOperand = (operand: Operand): ModelValue | undefined => {
    if (operand.kind === 'literal') return operand.value
    return operand.kind === 'bin' ? bins[operand.name] : undefined
  }
  switch (condition.kind) {
    case 'and':
      return and(condition.parts.map(part => evaluate(part, bins)))
    case 'or':
      return not(and(condition.parts.map(part => not(evaluate(part, bins)))))
    case 'not':
      return not(evaluate(condition.part, bins))
    case 'compare':
      return compare(condition.operator, valueOfOperand(condition.left), valueOfOperand(condition.right))
    case 'in':
      return not(and(condition.list.map(item => not(compare('==', valueOfOperand(condition.value), item.value)))))
    case 'between':
      return and([
        compare('>=', valueOfOperand(condition.value), valueOfOperand(condition.low)),
        compare('<=', valueOfOperand(condition.value), valueOfOperand(condition.high)),
      ])
    case 'matches': {
      const value = valueOfOperand(condition.value)
      return typeof value === 'string' ? new RegExp(condition.pattern).test(value) : undefined
    }
    case 'contains': {
      const collection = bins[condition.bin.name]
      const items = itemsOf(collection, condition.part)
      return items?.some(item => compare('==', item, condition.item.value) === true)
    }
    case 'exists':
      return bins[condition.bin.name] !== undefined
    case 'flag': {
      const value = bins[condition.bin.name]
      return typeof value === 'boolean' ? value : undefined
    }
  }
}

function itemsOf(collection: ModelValue | undefined, part: CollectionPart): ModelValue[] | undefined {
  if (part === 'items') return Array.isArray(collection) ? collection : undefined
  if (typeof collection !== 'object' || Array.isArray(collection) || collection instanceof Uint8Array) return undefined
  return part === 'keys' ? Object.keys(collection) : Object.values(collection)
}
