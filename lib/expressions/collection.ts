/**
 * What the builders on lists and on maps have in common.
 */

import { startsInList } from '../cdt-context'
import {
  type Argument,
  anyOperand,
  type Bound,
  type Context,
  call,
  checkContext,
  intOperand,
  type ManyResult,
  MODIFY,
  Module,
  type OneResult,
  range,
  removalType,
  typeOfMany,
  typeOfOne,
} from './call'
import { type Expression, operand, part, type ValueType } from './expression'

/** The types of what a builder works on: its own kind or, with a context, what holds it. */
export type Collection = 'list' | 'map' | 'any'

/** A list or map, or with a context what holds it. */
export type CollectionBin = Expression<Collection>

/** The list or map that a call is about: with a context the bin may be of the other type. */
function source(bin: unknown, type: 'list' | 'map', context: Context, where: string): Expression {
  const nested = checkContext(context, where)
  return part(bin, `${where}: bin`, nested !== undefined && nested.length > 0 ? ['list', 'map'] : [type])
}

/** The type of the bin that a call modifies, which is that of the context's first level. */
function modifiedType(context: Context, type: 'list' | 'map', where: string): 'list' | 'map' {
  const inside = checkContext(context, where)
  const inList = inside === undefined ? undefined : startsInList(inside)
  return inList === undefined ? type : inList ? 'list' : 'map'
}

/** The helpers of one kind's builders; `name` is the builder's, for errors. */
export interface Family {
  /** A selection of many. */
  many<R extends number>(
    name: string,
    code: number,
    bin: CollectionBin,
    args: readonly Argument[],
    returnType: R,
    ctx: Context,
  ): Expression<ManyResult<R>>
  /** A selection of one. */
  one<V extends ValueType | 'auto', R extends number>(
    name: string,
    code: number,
    bin: CollectionBin,
    place: Expression,
    valueType: V,
    returnType: R,
    ctx: Context,
  ): Expression<OneResult<V, R>>
  /** A read whose result has one type. */
  read<T extends ValueType>(
    name: string,
    type: T,
    bin: CollectionBin,
    args: readonly Argument[],
    ctx: Context,
  ): Expression<T>
  /** A change. */
  modify<T extends Collection>(name: string, bin: Expression<T>, args: readonly Argument[], ctx: Context): Expression<T>
  /** A removal. */
  remove<T extends Collection>(
    name: string,
    code: number,
    bin: Expression<T>,
    args: readonly Argument[],
    ctx: Context,
    returnType: number,
  ): Expression<T>
  /** An integer operand. */
  at(name: string, value: unknown, argument: string): Expression
  /** An operand of any type. */
  item(name: string, value: unknown, argument: string): Expression
  /** A list as operand. */
  items(name: string, value: unknown, argument: string): Expression
  /** Both ends of a range. */
  between(name: string, begin: Bound, end: Bound): Expression[]
}

/** The helpers for lists or for maps. */
export function family(kind: 'lists' | 'maps'): Family {
  const own = kind === 'lists' ? 'list' : 'map'
  const place = (name: string): string => `exp.${kind}.${name}`
  const helpers: Family = {
    many<R extends number>(
      name: string,
      code: number,
      bin: CollectionBin,
      args: readonly Argument[],
      returnType: R,
      ctx: Context,
    ) {
      const where = place(name)
      const type = typeOfMany(returnType, kind, where)
      const from = source(bin, own, ctx, where)
      const made: Expression = call(type, Module.CDT, [code, returnType, ...args], from, where, ctx)
      return made as Expression<ManyResult<R>>
    },
    one<V extends ValueType | 'auto', R extends number>(
      name: string,
      code: number,
      bin: CollectionBin,
      which: Expression,
      valueType: V,
      returnType: R,
      ctx: Context,
    ) {
      const where = place(name)
      const type = typeOfOne(valueType, returnType, kind, where)
      const from = source(bin, own, ctx, where)
      const made: Expression = call(type, Module.CDT, [code, returnType, which], from, where, ctx)
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
    remove: (name, code, bin, args, ctx, returnType) =>
      helpers.modify(name, bin, [code, removalType(returnType, place(name)), ...args], ctx),
    at: (name, value, argument) => intOperand(value, argument, place(name)),
    item: (name, value, argument) => anyOperand(value, argument, place(name)),
    items: (name, value, argument) => operand(value, 'list', `${place(name)}: ${argument}`),
    between: (name, begin, end) => range(begin, end, place(name)),
  }
  return helpers
}
