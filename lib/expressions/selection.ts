/**
 * The results of selections in lists and maps: the type that a return type implies, and the server's number for it.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  type AnyReturnType,
  type MapReturnType,
  type NotInverted,
  type ReturnTypePlace,
  returnTypeNumber,
  withoutInversion,
} from '../constants/return-types'
import { type ResultType, TYPE_NUMBERS, type ValueType } from './expression'

/** For each return type: the type of the result for one item, and for several. */
const RESULTS = {
  none: undefined,
  index: ['int', 'list'],
  'reverse-index': ['int', 'list'],
  rank: ['int', 'list'],
  'reverse-rank': ['int', 'list'],
  count: ['int', 'int'],
  key: ['any', 'list'],
  value: ['any', 'list'],
  'key-value': ['map', 'map'],
  exists: ['bool', 'bool'],
  'unordered-map': ['map', 'map'],
  'ordered-map': ['map', 'map'],
} as const satisfies Record<MapReturnType, readonly [ResultType, ValueType] | undefined>

type Results = typeof RESULTS

/** The static type of the result of selecting several items. */
export type ManyResult<R extends AnyReturnType> = Results[NotInverted<R>] extends readonly [
  ResultType,
  infer M extends ValueType,
]
  ? M
  : 'any'

/** The static type of the result of selecting one item. */
export type OneResult<V extends ValueType | 'auto', R extends MapReturnType> = V extends ValueType
  ? V
  : Results[R] extends readonly [infer O extends ResultType, ValueType]
    ? O
    : 'any'

/** The result types of a return type, and its number. */
interface Selected {
  readonly one: ResultType
  readonly many: ValueType
  readonly number: number
}

function selected(returnType: unknown, place: ReturnTypePlace): Selected {
  const number = returnTypeNumber(returnType, place)
  const results = RESULTS[withoutInversion(returnType as AnyReturnType)]
  if (results === undefined) {
    throw invalidArgument(
      `${place.where}: returnType: one of ${place.kind}.returnType is needed, not NONE, which returns nothing`,
    )
  }
  return { one: results[0], many: results[1], number }
}

/** Returns the result type of selecting several items, and the number of the return type. */
export function selectionOfMany(returnType: unknown, place: ReturnTypePlace): [type: ValueType, number: number] {
  const { many, number } = selected(returnType, place)
  return [many, number]
}

/** Returns the result type of selecting one item: `valueType` or, for `auto`, the type that the return type implies. */
export function selectionOfOne(
  valueType: unknown,
  returnType: unknown,
  place: ReturnTypePlace,
): [type: ValueType, number: number] {
  const { where } = place
  const { one: type, number } = selected(returnType, place)
  const known = typeof valueType === 'string' && Object.hasOwn(TYPE_NUMBERS, valueType)
  if (!known && valueType !== 'auto') {
    throw invalidArgument(`${where}: valueType: one of exp.type is needed, not ${describe(valueType)}`)
  }
  if (type === 'any') {
    if (known) return [valueType as ValueType, number]
    throw invalidArgument(`${where}: valueType: the type of the value is needed where the value is returned`)
  }
  if (known && valueType !== type) {
    throw invalidArgument(`${where}: valueType: ${type} is what this returnType gives, not ${describe(valueType)}`)
  }
  return [type, number]
}

/** Returns the number of a removal's return type. A removal returns what is left, so only the inversion makes a difference. */
export function removal(returnType: unknown, place: ReturnTypePlace): number {
  return returnTypeNumber(returnType, place)
}
