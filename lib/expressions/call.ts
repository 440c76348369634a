/**
 * Calls: the server's list, map, bit, HyperLogLog and string operations inside an expression.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type Check, checkOptions, optionsObject } from '../common/options'
import { type CdtContext, filtersIn, isContext } from './cdt-context'
import {
  type AnyOperand,
  compose,
  type Expression,
  leaf,
  type Operand,
  operand,
  packedBytes,
  plain,
  TYPE_NUMBERS,
  type ValueType,
} from './expression'
import type { Packer } from './packer'

const CALL = 127
const CONTEXT = 0xff
const QUOTED = 126

/** Marks a module's call as one that modifies its input and evaluates to the modified value. */
export const MODIFY = 0x40

/** The server modules that a call can address. */
export const Module = { CDT: 0, BITS: 1, HLL: 2, STRING: 3 } as const

/** One argument of a call: a number, an expression, or a quoted list of expressions. */
export type Argument = number | Expression | readonly Expression[]

/** The context argument of a builder. */
export type Context = CdtContext | null | undefined

/** An integer, or an expression that evaluates to one. */
export type Int = Operand<'int'>

/** One end of a range; null means open. */
export type Bound = AnyOperand | null | undefined

function packArgument(packer: Packer, argument: Argument): void {
  if (typeof argument === 'number') packer.int(argument)
  else if (Array.isArray(argument)) {
    packer.array(2).int(QUOTED).array(argument.length)
    for (const expression of argument as readonly Expression[]) packer.raw(packedBytes(expression))
  } else packer.raw(packedBytes(argument as Expression))
}

/** Packs a call as `[CALL, type, module, arguments, bin]`. */
export function call<T extends ValueType>(
  type: T,
  module: number,
  args: readonly Argument[],
  bin: Expression,
  where: string,
  context?: Context,
): Expression<T> {
  const inside = checkContext(context, where)
  const parts = args.flatMap(argument => (typeof argument === 'number' ? [] : (argument as Expression | Expression[])))
  if (inside !== undefined) parts.push(...filtersIn(inside))
  parts.push(bin)
  return compose(type, parts, where, packer => {
    packer.array(5).int(CALL).int(TYPE_NUMBERS[type]).int(module)
    if (inside !== undefined && inside.length > 0) packer.array(3).int(CONTEXT).raw(inside.bytes)
    packer.array(args.length)
    for (const argument of args) packArgument(packer, argument)
    return packer.raw(packedBytes(bin))
  })
}

/** Checks an optional context. */
export function checkContext(context: unknown, where: string): CdtContext | undefined {
  if (context === undefined || context === null) return undefined
  if (!isContext(context)) throw invalidArgument(`${where}: ctx: a CdtContext is needed, not ${describe(context)}`)
  return context
}

/** Checks an operand of any type. */
export function anyOperand(value: unknown, name: string, where: string): Expression {
  return plain(value, 'any', `${where}: ${name}`)
}

/** Checks an integer operand. */
export function intOperand(value: unknown, name: string, where: string): Expression {
  return operand(value, 'int', `${where}: ${name}`)
}

const NIL = leaf('nil', packer => packer.nil())

/** The operands for a range: an open beginning is nil, an open end is omitted. */
export function range(begin: Bound, end: Bound, where: string): Expression[] {
  const from = begin === null || begin === undefined ? NIL : anyOperand(begin, 'begin', where)
  return end === null || end === undefined ? [from] : [from, anyOperand(end, 'end', where)]
}

/** Checks flags: an integer that has only bits of the mask `most`. */
export function flags(value: unknown, most: number, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || (value & ~most) !== 0) {
    throw invalidArgument(`${where}: flags are needed, not ${describe(value)}`)
  }
  return value
}

/** The policy of a write that takes only flags. */
export interface FlagsPolicy {
  /** Flags of the operation's own `writeFlags`. Default 0. */
  writeFlags?: number | undefined
}

/** An optional policy that has only flags. */
export type FlagsWrite = FlagsPolicy | null | undefined

/** Checks a policy and returns its write flags. */
export function policyFlags(policy: FlagsWrite, most: number, where: string): number {
  if (policy === undefined || policy === null) return 0
  const given = optionsObject(policy, `${where}: policy`)
  checkOptions(given, `${where}: policy`, ['writeFlags'])
  return given.writeFlags === undefined ? 0 : flags(given.writeFlags, most, `${where}: policy.writeFlags`)
}

/** Checks a policy and returns its order and its write flags. */
export function orderedPolicy(
  policy: object | null | undefined,
  checkOrder: Check,
  most: number,
  where: string,
): { order: number; writeFlags: number } {
  if (policy === undefined || policy === null) return { order: 0, writeFlags: 0 }
  const { order, ...rest } = optionsObject(policy, `${where}: policy`)
  const number = order === undefined ? 0 : checkOrder(order, `${where}: policy.order`)
  return { order: number, writeFlags: policyFlags(rest as FlagsPolicy, most, where) }
}
