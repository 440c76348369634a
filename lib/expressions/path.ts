/**
 * Paths: expressions on many nested items at once, and the variables that stand for each of them. Server 8.1.1 and
 * later, where nothing else is said.
 */

import { invalidArgument } from '../common/errors'
import { wordOption } from '../common/options'
import { checkContext, flags, MODIFY, Module } from './call'
import { type CdtContext, filtersIn, packPath } from './cdt-context'
import type { CollectionBin } from './collection'
import { compose, type Expression, leaf, node, packedBytes, part, TYPE_NUMBERS, type ValueType } from './expression'

const RESULT_REMOVE = 100
const MAP_KEYS = 101
const MAP_VALUES = 102
const LOOP_VARIABLE = 122
const CALL = 127
const SELECT = 0xfe
const APPLY = 0x04

/** What `exp.selectByPath` returns of the selected items; combine NO_FAIL with `|`. */
export const pathSelectFlags = {
  /** The bin's list or map with nothing but the selected items in it. */
  MATCHING_TREE: 0,
  /** A list of the selected values. */
  VALUE: 1,
  /** The same as VALUE. */
  LIST_VALUE: 1,
  /** The same as VALUE. */
  MAP_VALUE: 1,
  /** A list of the selected keys. */
  MAP_KEY: 2,
  /** A list of the selected keys and values in turn. */
  MAP_KEY_VALUE: 3,
  /** Leave out what has another type, rather than fail. */
  NO_FAIL: 0x10,
} as const

/** How `exp.modifyByPath` works. */
export const pathModifyFlags = {
  /** Fail where something has another type. */
  DEFAULT: 0,
  /** Leave what has another type as it is. */
  NO_FAIL: 0x10,
} as const

/** What a loop variable stands for. */
export const loopVarPart = {
  /** The key of a map's entry. */
  KEY: 'key',
  /** The item, or the value of a map's entry. */
  VALUE: 'value',
  /** The index of a list's item. */
  INDEX: 'index',
} as const

/** One of `exp.loopVarPart`. */
export type LoopVarPart = (typeof loopVarPart)[keyof typeof loopVarPart]

const SELECT_FLAGS = 0x13
const MODIFY_FLAGS = 0x10

const checkType = wordOption(TYPE_NUMBERS)

const partNumber = wordOption(
  { key: 0, value: 1, index: 2 } satisfies Record<LoopVarPart, number>,
  'parts are strings here',
)

function loopVar<T extends ValueType>(name: string, type: T): (part: LoopVarPart) => Expression<T> {
  return which => {
    const number = partNumber(which, `exp.${name}: part`)
    return leaf(type, packer => packer.array(3).int(LOOP_VARIABLE).int(TYPE_NUMBERS[type]).int(number))
  }
}

function pathOf(ctx: unknown, where: string): CdtContext {
  const context = checkContext(ctx, where)
  if (context === undefined || context.length === 0) {
    throw invalidArgument(`${where}: ctx: a CdtContext of at least one level is needed`)
  }
  return context
}

function collectionOf(bin: unknown, where: string): Expression {
  return part(bin, `${where}: bin`, ['list', 'map'])
}

const removeResult = leaf('any', packer => packer.array(1).int(RESULT_REMOVE))

/** Builders of paths. */
export const path = {
  /**
   * Selects all items that a path leads to.
   * @param bin - a list or map, mostly `exp.binMap('name')`
   * @param valueType - the type of the result: `list`, or the bin's own for MATCHING_TREE
   * @param selectFlags - flags of `exp.pathSelectFlags`
   * @param ctx - the path
   * @throws InvalidArgError for an unknown type or flag, or an empty path
   */
  selectByPath: <T extends ValueType>(
    bin: CollectionBin,
    valueType: T,
    selectFlags: number,
    ctx: CdtContext,
  ): Expression<T> => {
    const where = 'exp.selectByPath'
    const source = collectionOf(bin, where)
    const type = checkType(valueType, `${where}: valueType`)
    const what = flags(selectFlags, SELECT_FLAGS, `${where}: flags`)
    const context = pathOf(ctx, where)
    return compose(valueType, [...filtersIn(context), source], where, packer => {
      packer.array(5).int(CALL).int(type).int(Module.CDT).array(3).int(SELECT)
      packPath(packer, context)
      return packer.int(what).raw(packedBytes(source))
    })
  },

  /**
   * The bin's list or map with every item that a path leads to changed by an expression.
   * @param bin - a list or map, mostly `exp.binMap('name')`
   * @param valueType - the bin's type
   * @param modExp - gives the new value; sees the old one as `exp.loopVarInt(exp.loopVarPart.VALUE)` and its like;
   *   `exp.removeResult()` removes it
   * @param modifyFlags - flags of `exp.pathModifyFlags`
   * @param ctx - the path
   * @throws InvalidArgError for an unknown type or flag, or an empty path
   */
  modifyByPath: <T extends ValueType>(
    bin: CollectionBin,
    valueType: T,
    modExp: Expression,
    modifyFlags: number,
    ctx: CdtContext,
  ): Expression<T> => {
    const where = 'exp.modifyByPath'
    const source = collectionOf(bin, where)
    const type = checkType(valueType, `${where}: valueType`)
    const change = part(modExp, `${where}: modExp`)
    const how = flags(modifyFlags, MODIFY_FLAGS, `${where}: flags`)
    const context = pathOf(ctx, where)
    return compose(valueType, [...filtersIn(context), change, source], where, packer => {
      packer
        .array(5)
        .int(CALL)
        .int(type)
        .int(Module.CDT | MODIFY)
        .array(4)
        .int(SELECT)
      packPath(packer, context)
      return packer
        .int(how | APPLY)
        .raw(packedBytes(change))
        .raw(packedBytes(source))
    })
  },

  /** As the expression of `exp.modifyByPath`: removes the item. */
  removeResult: (): Expression<'any'> => removeResult,
  /** The same as `removeResult`. */
  resultRemove: (): Expression<'any'> => removeResult,

  /** The keys of a map as a list. Server 8.1.2 and later. */
  mapKeys: (map: Expression<'map' | 'any'>): Expression<'list'> =>
    node('list', MAP_KEYS, [part(map, 'exp.mapKeys: map', ['map'])], 'exp.mapKeys'),
  /** The values of a map as a list. Server 8.1.2 and later. */
  mapValues: (map: Expression<'map' | 'any'>): Expression<'list'> =>
    node('list', MAP_VALUES, [part(map, 'exp.mapValues: map', ['map'])], 'exp.mapValues'),

  /** A part of the item that a path is at, a double. */
  loopVarFloat: loopVar('loopVarFloat', 'float'),
  /** A part of the item that a path is at, an integer. */
  loopVarInt: loopVar('loopVarInt', 'int'),
  /** A part of the item that a path is at, a list. */
  loopVarList: loopVar('loopVarList', 'list'),
  /** A part of the item that a path is at, a map. */
  loopVarMap: loopVar('loopVarMap', 'map'),
  /** A part of the item that a path is at, a string. */
  loopVarStr: loopVar('loopVarStr', 'string'),
  /** A part of the item that a path is at, bytes. */
  loopVarBlob: loopVar('loopVarBlob', 'blob'),
  /** A part of the item that a path is at, a boolean. */
  loopVarBool: loopVar('loopVarBool', 'bool'),
  /** A part of the item that a path is at, nil. */
  loopVarNil: loopVar('loopVarNil', 'nil'),
  /** A part of the item that a path is at, GeoJSON. */
  loopVarGeoJSON: loopVar('loopVarGeoJSON', 'geo'),
  /** A part of the item that a path is at, a HyperLogLog. */
  loopVarHLL: loopVar('loopVarHLL', 'hll'),
} as const
