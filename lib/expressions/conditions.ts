/**
 * Filters of policies and queries: several of them are one, which is true where all of them are.
 */
import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { AND } from './control'
import { type Expression, filterBytes, foreign, isExpression, node, part } from './expression'

/** A filter: an expression of the builders, or one that was packed elsewhere. */
export type Condition = Expression<'bool' | 'any'> | Uint8Array

/** Where a policy's filters stand: two names for the same thing. */
export interface Conditions {
  readonly filterExpression?: Condition | undefined
  readonly expressions?: Condition | undefined
}

/** The names of both. */
export const CONDITION_NAMES = ['filterExpression', 'expressions'] as const

/** The filters that a policy has, with where they stand. */
export function conditionsOf(policy: Conditions | undefined | null, what: string): Placed[] {
  const found: Placed[] = []
  for (const name of CONDITION_NAMES) {
    const condition = policy?.[name]
    if (condition !== undefined) found.push({ condition, where: `${what}.${name}` })
  }
  return found
}

/** A filter, and where it stands. */
export interface Placed {
  readonly condition: unknown
  readonly where: string
}

function packed({ condition, where }: Placed): Uint8Array {
  if (isExpression(condition)) return filterBytes(condition as Expression, where)
  if (types.isUint8Array(condition)) return checkBytes(condition, where)
  throw invalidArgument(`${where}: an expression or its packed bytes are needed, not ${describe(condition)}`)
}

/**
 * The bytes of what is true where all of these filters are; without any, none. Bytes that were packed elsewhere stay as they
 * are where they stand alone.
 * @throws InvalidArgError for what is no filter, and for `exp.ael` beside another one
 */
export function allOf(placed: readonly Placed[]): Uint8Array {
  const filters = placed.map(one => ({ ...one, bytes: packed(one) })).filter(({ bytes }) => bytes.length > 0)
  const [first] = filters
  if (first === undefined) return new Uint8Array(0)
  if (filters.length === 1) return first.bytes
  const parts = filters.map(({ condition, bytes, where }) =>
    part(isExpression(condition) ? condition : foreign(Buffer.from(bytes), where), where),
  )
  return filterBytes(node('bool', AND, parts, first.where), first.where)
}
