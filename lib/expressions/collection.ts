/**
 * Shared code of the builders on lists and on maps.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type AnyReturnType, isReturnType, type MapReturnType } from '../constants/return-types'
import {
  type Argument,
  anyOperand,
  type Bound,
  type Context,
  call,
  checkContext,
  intOperand,
  MODIFY,
  Module,
  range,
} from './call'
import { startsInList } from './cdt-context'
import { type Expression, operand, part, type ValueType } from './expression'
import { type ManyResult, type OneResult, removal, selectionOfMany, selectionOfOne } from './selection'

/** The types that a builder works on: its own kind or, with a context, the type of the value that contains it. */
export type Collection = 'list' | 'map' | 'any'

/** A list or map or, with a context, the value that contains it. */
export type CollectionBin = Expression<Collection>

/** The selection criteria: the arguments of a builder after the bin, by name and in order. */
export interface Selector {
  readonly index?: unknown
  readonly idx?: unknown
  readonly rank?: unknown
  readonly count?: unknown
  readonly key?: unknown
  readonly keys?: unknown
  readonly value?: unknown
  readonly values?: unknown
  readonly begin?: Bound | undefined
  readonly end?: Bound | undefined
}

/** Checks the list or map that a call works on. With a context, the bin may be of the other type. */
function source(bin: unknown, type: 'list' | 'map', context: Context, where: string): Expression {
  const nested = checkContext(context, where)
  return part(bin, `${where}: bin`, nested !== undefined && nested.length > 0 ? ['list', 'map'] : [type])
}

/** The type of the bin that a call modifies: that of the first level of the context, if there is one. */
function modifiedType(context: Context, type: 'list' | 'map', where: string): 'list' | 'map' {
  const inside = checkContext(context, where)
  const inList = inside === undefined ? undefined : startsInList(inside)
  return inList === undefined ? type : inList ? 'list' : 'map'
}

/** Rejects a return type passed in place of another argument, whose name is `name`. */
function notReturnType(given: unknown, name: string, where: string, order: () => string): void {
  if (!isReturnType(given)) return
  const swapped = `${describe(given)} is a return type; the order of the arguments is ${order()}`
  throw invalidArgument(`${where}: ${name}: ${swapped}`)
}

/**
 * The operands of a selection in the server's order: the key or value, then the position, then the count. `order` describes
 * the order of the builder's arguments, for error messages.
 */
function operandsOf(selector: Selector, ctx: unknown, where: string, order: () => string): Expression[] {
  notReturnType(ctx, 'ctx', where, order)
  if ('begin' in selector) return range(selector.begin, selector.end, where)
  let by: Expression | undefined
  let at: Expression | undefined
  let most: Expression | undefined
  for (const name in selector) {
    if (!Object.hasOwn(selector, name)) continue
    const given = selector[name as keyof Selector]
    if (name === 'key' || name === 'value') by = anyOperand(given, name, where)
    else {
      notReturnType(given, name, where, order)
      if (name === 'keys' || name === 'values') by = operand(given, 'list', `${where}: ${name}`)
      else if (name === 'count') most = intOperand(given, name, where)
      else at = intOperand(given, name, where)
    }
  }
  const operands: Expression[] = []
  if (by !== undefined) operands.push(by)
  if (at !== undefined) operands.push(at)
  if (most !== undefined) operands.push(most)
  return operands
}

/** The helpers of the builders for lists or for maps. `name` is the name of the builder, for error messages. */
export interface Family {
  /** Selects several items. */
  many<R extends AnyReturnType>(
    name: string,
    code: number,
    bin: CollectionBin,
    selector: Selector,
    returnType: R,
    ctx: Context,
  ): Expression<ManyResult<R>>
  /** Selects one item. */
  one<V extends ValueType | 'auto', R extends MapReturnType>(
    name: string,
    code: number,
    bin: CollectionBin,
    selector: Selector,
    valueType: V,
    returnType: R,
    ctx: Context,
  ): Expression<OneResult<V, R>>
  /** A read whose result always has the same type. */
  read<T extends ValueType>(
    name: string,
    type: T,
    bin: CollectionBin,
    args: readonly Argument[],
    ctx: Context,
  ): Expression<T>
  /** A modification. */
  modify<T extends Collection>(name: string, bin: Expression<T>, args: readonly Argument[], ctx: Context): Expression<T>
  /** Removes several items. */
  remove<T extends Collection>(
    name: string,
    code: number,
    bin: Expression<T>,
    selector: Selector,
    ctx: Context,
    returnType: AnyReturnType,
  ): Expression<T>
  /** Removes one item. */
  removeOne<T extends Collection>(
    name: string,
    code: number,
    bin: Expression<T>,
    selector: Selector,
    ctx: Context,
    returnType: MapReturnType,
  ): Expression<T>
  /** Checks an integer operand. */
  at(name: string, value: unknown, argument: string): Expression
  /** Checks an operand of any type. */
  item(name: string, value: unknown, argument: string): Expression
  /** Checks an operand to be added to a number. */
  addend(name: string, value: unknown, argument: string): Expression
  /** Checks a list operand. */
  items(name: string, value: unknown, argument: string): Expression
}

/** Returns the helpers for lists or for maps. */
export function family(kind: 'lists' | 'maps'): Family {
  const own = kind === 'lists' ? 'list' : 'map'
  const place = (name: string): string => `exp.${kind}.${name}`

  function removes<T extends Collection>(
    invertible: boolean,
    name: string,
    code: number,
    bin: Expression<T>,
    selector: Selector,
    ctx: Context,
    returnType: unknown,
  ): Expression<T> {
    const where = place(name)
    const order = (): string => `bin, ${Object.keys(selector).join(', ')}, ctx, returnType`
    const operands = operandsOf(selector, ctx, where, order)
    return helpers.modify(name, bin, [code, removal(returnType, { where, kind, invertible, order }), ...operands], ctx)
  }

  const helpers: Family = {
    many<R extends AnyReturnType>(
      name: string,
      code: number,
      bin: CollectionBin,
      selector: Selector,
      returnType: R,
      ctx: Context,
    ) {
      const where = place(name)
      const order = (): string => `bin, ${Object.keys(selector).join(', ')}, returnType, ctx`
      const operands = operandsOf(selector, ctx, where, order)
      const [type, returned] = selectionOfMany(returnType, { where, kind, invertible: true, order })
      const from = source(bin, own, ctx, where)
      const made: Expression = call(type, Module.CDT, [code, returned, ...operands], from, where, ctx)
      return made as Expression<ManyResult<R>>
    },
    one<V extends ValueType | 'auto', R extends MapReturnType>(
      name: string,
      code: number,
      bin: CollectionBin,
      selector: Selector,
      valueType: V,
      returnType: R,
      ctx: Context,
    ) {
      const where = place(name)
      const order = (): string => `bin, ${Object.keys(selector).join(', ')}, valueType, returnType, ctx`
      const operands = operandsOf(selector, ctx, where, order)
      notReturnType(valueType, 'valueType', where, order)
      const [type, returned] = selectionOfOne(valueType, returnType, { where, kind, invertible: false, order })
      const from = source(bin, own, ctx, where)
      const made: Expression = call(type, Module.CDT, [code, returned, ...operands], from, where, ctx)
      return made as Expression<OneResult<V, R>>
    },
    read: (name, type, bin, args, ctx) =>
      call(type, Module.CDT, args, source(bin, own, ctx, place(name)), place(name), ctx),
    modify<T extends Collection>(name: string, bin: Expression<T>, args: readonly Argument[], ctx: Context) {
      const where = place(name)
      const from = source(bin, own, ctx, where)
      const made: Expression = call(modifiedType(ctx, own, where), Module.CDT | MODIFY, args, from, where, ctx)
      return made as Expression<T>
    },
    remove: (name, code, bin, selector, ctx, returnType) => removes(true, name, code, bin, selector, ctx, returnType),
    removeOne: (name, code, bin, selector, ctx, returnType) =>
      removes(false, name, code, bin, selector, ctx, returnType),
    at: (name, value, argument) => intOperand(value, argument, place(name)),
    item: (name, value, argument) => anyOperand(value, argument, place(name)),
    addend: (name, value, argument) => {
      if (typeof value === 'number' && !Number.isInteger(value)) {
        throw invalidArgument(
          `${place(name)}: ${argument}: an integer is needed, not ${value}, whose fraction the server drops where the number ` +
            `is an integer; for a double, pass exp.float(${value})`,
        )
      }
      return anyOperand(value, argument, place(name))
    },
    items: (name, value, argument) => operand(value, 'list', `${place(name)}: ${argument}`),
  }
  return helpers
}
