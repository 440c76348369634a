/**
 * Calls: what the server's list, map, bit, HyperLogLog and string operations are inside an expression.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type Check, optionsObject, unknownOption } from '../common/options'
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

/** Marks a module's call as one that modifies what it is given, and results in it. */
export const MODIFY = 0x40

/** The modules that calls go to. */
export const Module = { CDT: 0, BITS: 1, HLL: 2, STRING: 3 } as const

/** One argument of a call: a number, an expression, or some quoted ones. */
export type Argument = number | Expression | readonly Expression[]

/** The context argument of a builder. */
export type Context = CdtContext | null | undefined

/** An integer, or an expression of one. */
export type Int = Operand<'int'>

/** An expression that starts or ends a range; null where it is open. */
export type Bound = AnyOperand | null | undefined

function packArgument(packer: Packer, argument: Argument): void {
  if (typeof argument === 'number') packer.int(argument)
  else if (Array.isArray(argument)) {
    packer.array(2).int(QUOTED).array(argument.length)
    for (const expression of argument as readonly Expression[]) packer.raw(packedBytes(expression))
  } else packer.raw(packedBytes(argument as Expression))
}

/** `[CALL, type, module, arguments, bin]`. */
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

/** An operand of any type. */
export function anyOperand(value: unknown, name: string, where: string): Expression {
  return plain(value, 'any', `${where}: ${name}`)
}

/** An integer operand. */
export function intOperand(value: unknown, name: string, where: string): Expression {
  return operand(value, 'int', `${where}: ${name}`)
}

const NIL = leaf('nil', packer => packer.nil())

/** Both ends of a range: an open beginning is nil, an open end is left out. */
export function range(begin: Bound, end: Bound, where: string): Expression[] {
  const from = begin === null || begin === undefined ? NIL : anyOperand(begin, 'begin', where)
  return end === null || end === undefined ? [from] : [from, anyOperand(end, 'end', where)]
}

/** Flags: an integer of some bits. */
export function flags(value: unknown, most: number, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || (value & ~most) !== 0) {
    throw invalidArgument(`${where}: flags are needed, not ${describe(value)}`)
  }
  return value
}

/** What a write says of itself, where its builder takes a policy of flags alone. */
export interface FlagsPolicy {
  /** Flags of the operation's own `writeFlags`. Default 0. */
  writeFlags?: number
}

/** A policy of flags alone, or none. */
export type FlagsWrite = FlagsPolicy | null | undefined

/** The write flags of a policy. */
export function policyFlags(policy: FlagsWrite, most: number, where: string): number {
  if (policy === undefined || policy === null) return 0
  const given = optionsObject(policy, `${where}: policy`)
  for (const name of Object.keys(given)) {
    if (name !== 'writeFlags') unknownOption(name, `${where}: policy`, ['writeFlags'])
  }
  return given.writeFlags === undefined ? 0 : flags(given.writeFlags, most, `${where}: policy.writeFlags`)
}

/** The order and the write flags of a policy. */
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
