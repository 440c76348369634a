/**
 * Logic, conditions and variables.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  compose,
  type Expression,
  leaf,
  node,
  type Operand,
  operand,
  packedBytes,
  part,
  type ResultType,
  unboundIn,
  withUnbound,
} from './expression'
import { checkText } from './packer'

const UNKNOWN = 0
/** The server's code of `exp.and`. */
export const AND = 16
const OR = 17
const NOT = 18
const EXCLUSIVE = 19
const COND = 123
const VAR = 124
const LET = 125

type Test = Operand<'bool'>

function logic(name: string, code: number, least: number): (...tests: Test[]) => Expression<'bool'> {
  const where = `exp.${name}`
  return (...tests) => {
    if (tests.length < least) {
      throw invalidArgument(`${where}: at least ${least} expressions are needed, not ${tests.length}`)
    }
    const parts = tests.map((test, index) => operand(test, 'bool', `${where}: argument ${index + 1}`))
    return node('bool', code, parts, where)
  }
}

const exclusive = logic('exclusive', EXCLUSIVE, 2)

/** The definition of a variable for `exp.let`, made by `exp.def`. */
export class Definition {
  /** Name of the variable. */
  readonly name: string
  /** Value of the variable. */
  readonly value: Expression

  /** @internal */
  constructor(name: string, value: Expression) {
    this.name = name
    this.value = value
    Object.freeze(this)
  }
}

function variableName(name: unknown, where: string): string {
  const text = checkText(name, `${where}: name`)
  if (text === '') throw invalidArgument(`${where}: name: the name of a variable is empty`)
  return text
}

function letIn<T extends ResultType>(...args: readonly [Definition, ...Definition[], Expression<T>]): Expression<T> {
  const where = 'exp.let'
  if (args.length < 2) throw invalidArgument(`${where}: an exp.def and the expression that uses it are needed`)
  const definitions = args.slice(0, -1) as Definition[]
  for (const [index, definition] of definitions.entries()) {
    if (!(definition instanceof Definition)) {
      throw invalidArgument(`${where}: argument ${index + 1}: an exp.def is needed, not ${describe(definition)}`)
    }
  }
  const last: unknown = args.at(-1)
  if (last instanceof Definition) throw invalidArgument(`${where}: an expression is needed after the last exp.def`)
  const scope = part(last, `${where}: argument ${args.length}`) as Expression<T>
  const unbound = new Set<string>()
  const bound = new Set<string>()
  for (const { name, value } of definitions) {
    for (const free of unboundIn(value)) if (!bound.has(free)) unbound.add(free)
    if (bound.has(name)) throw invalidArgument(`${where}: ${JSON.stringify(name)} is defined twice`)
    bound.add(name)
  }
  for (const free of unboundIn(scope)) if (!bound.has(free)) unbound.add(free)
  const parts = [...definitions.map(definition => definition.value), scope]
  const expression = compose(scope.type, parts, where, packer => {
    packer.array(definitions.length * 2 + 2).int(LET)
    for (const { name, value } of definitions) packer.rawText(name).raw(packedBytes(value))
    return packer.raw(packedBytes(scope))
  })
  return withUnbound(expression, unbound)
}

function cond<T extends ResultType>(
  test: Test,
  value: Expression<T>,
  ...more: readonly (Test | Expression<T | 'any'>)[]
): Expression<T> {
  const where = 'exp.cond'
  const args: readonly unknown[] = [test, value, ...more]
  if (args.length < 3 || args.length % 2 === 0) {
    throw invalidArgument(
      `${where}: pairs of a test and a value, then the value for all else are needed, not ${args.length} arguments`,
    )
  }
  let type: ResultType = 'any'
  const parts = args.map((arg, index) => {
    const place = `${where}: argument ${index + 1}`
    if (index % 2 === 0 && index < args.length - 1) return operand(arg, 'bool', place)
    const result = part(arg, place)
    if (type === 'any') type = result.type
    else if (result.type !== 'any' && result.type !== type) {
      throw invalidArgument(`${place}: a value of type ${type} is needed, as the one before it is, not ${result.type}`)
    }
    return result
  })
  return node(type, COND, parts, where) as Expression<T>
}

const UNKNOWN_VALUE = leaf('any', packer => packer.array(1).int(UNKNOWN))

/** Builders of logic, conditions and variables. */
export const control = {
  /**
   * Whether a test is false.
   * @param test - a boolean expression, or true or false
   * @throws InvalidArgError if the test is not boolean
   */
  not: (test: Test): Expression<'bool'> => node('bool', NOT, [operand(test, 'bool', 'exp.not: test')], 'exp.not'),
  /**
   * Whether all of two or more tests are true.
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  and: logic('and', AND, 2),
  /**
   * Whether any of two or more tests is true.
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  or: logic('or', OR, 2),
  /**
   * Whether exactly one of two or more tests is true. Server 5.6 and later.
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  exclusive,
  /**
   * The value that follows the first true test: `exp.cond(test, value, test, value, ..., defaultValue)`. All values must have
   * the same type; `exp.unknown()` fits any. Server 5.6 and later.
   * @param test - a boolean expression
   * @param value - the result if `test` is true
   * @param more - further pairs of a test and a value, then the value if no test is true
   * @throws InvalidArgError if the values have different types, a test is not boolean, or the default value is missing
   */
  cond,
  /**
   * Defines variables for an expression: `exp.let(exp.def('x', ...), exp.gt(exp.var('x'), exp.int(5)))`. A definition can
   * use the variables defined before it. Server 5.6 and later.
   * @param args - one or more definitions made by `exp.def`, then the expression that uses them
   * @throws InvalidArgError if there is no definition, or a name is defined twice
   */
  let: letIn,
  /**
   * The definition of a variable, for `exp.let`.
   * @param name - name for `exp.var`
   * @param value - value of the variable
   */
  def: (name: string, value: Expression): Definition =>
    new Definition(variableName(name, 'exp.def'), part(value, 'exp.def: value')),
  /**
   * A variable that an enclosing `exp.let` defines. Using an expression with an undefined variable fails with
   * InvalidArgError. `exp.var<'int'>('x')` sets the type for the compiler.
   * @param name - name given to `exp.def`
   */
  var: <T extends ResultType = 'any'>(name: string): Expression<T> => {
    const text = variableName(name, 'exp.var')
    const expression = leaf('any', packer => packer.array(2).int(VAR).rawText(text))
    return withUnbound(expression, new Set([text])) as Expression as Expression<T>
  },
  /** An unknown value: makes the expression fail, unless the flag `EVAL_NO_FAIL` is set. Server 5.6 and later. */
  unknown: (): Expression<'any'> => UNKNOWN_VALUE,
} as const
