/**
 * Filters of policies and queries. Several filters are combined into one that is true if all of them are.
 */
import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { AND } from './control'
import { type Expression, filterBytes, foreign, isExpression, node, part } from './expression'

/** A filter: an expression of the builders, or the bytes of one that was packed elsewhere. */
export type Condition = Expression<'bool' | 'any'> | Uint8Array

/** The filter options of a policy: two names for the same thing. */
export interface Conditions {
  readonly filterExpression?: Condition | undefined
  readonly expressions?: Condition | undefined
}

/** The names of the two options. */
export const CONDITION_NAMES = ['filterExpression', 'expressions'] as const

/** Returns the filters of a policy, each with its place for error messages. */
export function conditionsOf(policy: Conditions | undefined | null, what: string): Placed[] {
  const found: Placed[] = []
  for (const name of CONDITION_NAMES) {
    const condition = policy?.[name]
    if (condition !== undefined) found.push({ condition, where: `${what}.${name}` })
  }
  return found
}

/** A filter and its place, for error messages. */
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
 * Packs the conjunction of filters: true if all of them are. Returns no bytes if there are no filters. A single filter that
 * was packed elsewhere is passed on unchanged.
 * @throws InvalidArgError if an item is not a filter, or if `exp.ael` is combined with another filter
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
