/**
 * Operations that select items of a list or entries of a map; the return type sets what they return for the selection.
 */

import { OperationFamily as Family } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  type AnyReturnType,
  INVERTED_BIT,
  isReturnType,
  type MapReturnType,
  returnTypeNumber,
} from '../constants/return-types'
import type { ReadValue } from '../values/value'
import type { ManyReturned, OneReturned } from './answers'
import { bound, integer, list, mapKey, present } from './arguments'
import { type Argument, CdtOperation } from './operation'

/** The selection criteria: the arguments of a builder between the bin and the return type, by name and in order. */
export interface Selector {
  readonly index?: unknown
  readonly rank?: unknown
  readonly count?: unknown
  readonly key?: unknown
  readonly keys?: unknown
  readonly value?: unknown
  readonly values?: unknown
  readonly begin?: unknown
  readonly end?: unknown
}

const orderOf = (selector: Selector): string => `bin, ${Object.keys(selector).join(', ')}, returnType`

/** Checks one argument according to its name, and adds it if it is given. */
function addArgument(into: Argument[], call: string, name: keyof Selector, value: Argument): void {
  switch (name) {
    case 'index':
    case 'rank':
      into.push(integer(call, name, value))
      break
    case 'count':
      if (value !== undefined && value !== null) into.push(integer(call, name, value))
      break
    case 'key':
      into.push(mapKey(call, name, value))
      break
    case 'value':
      into.push(present(call, name, value))
      break
    case 'keys':
    case 'values':
      into.push(list(call, name, value as readonly Argument[]))
      break
    default:
      into.push(bound(value))
  }
}

/** Arguments that cannot be a return type's string: finding one there means that the arguments are in the wrong order. */
const NEVER_WORDS: ReadonlySet<string> = new Set(['index', 'rank', 'count', 'keys', 'values'])

function argumentsOf(call: string, selector: Selector): Argument[] {
  const given: Argument[] = [0]
  for (const name in selector) {
    if (!Object.hasOwn(selector, name)) continue
    const value = selector[name as keyof Selector]
    if (typeof value === 'string' && NEVER_WORDS.has(name) && isReturnType(value)) {
      throw invalidArgument(
        `${call}: ${name}: ${describe(value)} is a return type; the order of the arguments is ${orderOf(selector)}`,
      )
    }
    addArgument(given, call, name as keyof Selector, value as Argument)
  }
  return given
}

/** Base class of operations that select one item and of those that select several. */
abstract class Selection<out B extends string, out A> extends CdtOperation<B, A> {
  readonly #call: string
  readonly #kind: 'lists' | 'maps'

  /** @internal */
  constructor(family: number, code: number, bin: B, call: string, selector: Selector, returnType: AnyReturnType) {
    super(family, code, bin, argumentsOf(call, selector))
    this.#call = call
    this.#kind = family === Family.LIST ? 'lists' : 'maps'
    this.returning(returnType, () => orderOf(selector))
  }

  /** Whether the selection can be inverted. @internal */
  protected get invertible(): boolean {
    return false
  }

  /** @internal */
  protected returning(returnType: unknown, order?: () => string): void {
    const place = { where: this.#call, kind: this.#kind, invertible: this.invertible, order }
    const inverted = (this.given[0] as number) & INVERTED_BIT
    this.given[0] = returnTypeNumber(returnType, place) | inverted
  }
}

/** An operation that selects one item. */
export class SelectOperation<out B extends string = string, out A = ReadValue> extends Selection<B, A> {
  /**
   * Sets what is returned for the selected item. Modifies this operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn<R extends MapReturnType>(returnType: R): SelectOperation<B, OneReturned<R>> {
    this.returning(returnType)
    return this as SelectOperation<B, unknown> as SelectOperation<B, OneReturned<R>>
  }
}

/** An operation that selects several items, or all items except those. */
export class RangeOperation<out B extends string = string, out A = ReadValue> extends Selection<B, A> {
  /** @internal */
  protected override get invertible(): boolean {
    return true
  }

  /**
   * Sets what is returned for the selected items. Modifies this operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn<R extends AnyReturnType>(returnType: R): RangeOperation<B, ManyReturned<R>> {
    this.returning(returnType)
    return this as RangeOperation<B, unknown> as RangeOperation<B, ManyReturned<R>>
  }

  /** Inverts the selection: selects all items except those. Modifies this operation and returns it. */
  invertSelection(): this {
    this.given[0] = (this.given[0] as number) ^ INVERTED_BIT
    return this
  }
}
