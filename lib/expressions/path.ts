/**
 * Paths: expressions on many nested items at once, and the loop variables that refer to each of them. Server 8.1.1 and later,
 * unless stated otherwise.
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

/** What `exp.selectByPath` returns for the selected items; combine NO_FAIL with another flag by `|`. */
export const pathSelectFlags = {
  /** The bin's list or map, reduced to the selected items. */
  MATCHING_TREE: 0,
  /** A list of the selected values. */
  VALUE: 1,
  /** The same as VALUE. */
  LIST_VALUE: 1,
  /** The same as VALUE. */
  MAP_VALUE: 1,
  /** A list of the selected keys. */
  MAP_KEY: 2,
  /** A list of alternating selected keys and values. */
  MAP_KEY_VALUE: 3,
  /** Leave out items of another type instead of failing. */
  NO_FAIL: 0x10,
} as const

/** Flags of `exp.modifyByPath`. */
export const pathModifyFlags = {
  /** Fail if an item has another type. */
  DEFAULT: 0,
  /** Leave items of another type unchanged. */
  NO_FAIL: 0x10,
} as const

/** What a loop variable refers to. */
export const loopVarPart = {
  /** The key of a map entry. */
  KEY: 'key',
  /** The list item, or the value of a map entry. */
  VALUE: 'value',
  /** The index of a list item. */
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

/** Builders of expressions on paths. */
export const path = {
  /**
   * Selects all items that match a path.
   * @param bin - a list or map, usually `exp.binMap('name')`
   * @param valueType - type of the result: `list`, or the type of the bin for MATCHING_TREE
   * @param selectFlags - flags of `exp.pathSelectFlags`
   * @param ctx - path to the items
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
   * The bin's list or map with every item that matches a path replaced by the result of an expression.
   * @param bin - a list or map, usually `exp.binMap('name')`
   * @param valueType - type of the bin
   * @param modExp - computes the new value; reads the old one with a loop variable, such as
   *   `exp.loopVarInt(exp.loopVarPart.VALUE)`; `exp.removeResult()` removes the item
   * @param modifyFlags - flags of `exp.pathModifyFlags`
   * @param ctx - path to the items
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

  /** Removes the item, when used as the expression of `exp.modifyByPath`. */
  removeResult: (): Expression<'any'> => removeResult,

  /**
   * The keys of a map as a list. Server 8.1.2 and later.
   * @param map - a map, usually `exp.binMap('name')`
   */
  mapKeys: (map: Expression<'map' | 'any'>): Expression<'list'> =>
    node('list', MAP_KEYS, [part(map, 'exp.mapKeys: map', ['map'])], 'exp.mapKeys'),
  /**
   * The values of a map as a list. Server 8.1.2 and later.
   * @param map - a map, usually `exp.binMap('name')`
   */
  mapValues: (map: Expression<'map' | 'any'>): Expression<'list'> =>
    node('list', MAP_VALUES, [part(map, 'exp.mapValues: map', ['map'])], 'exp.mapValues'),

  /**
   * The requested part of the item that a path visits, as a double.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarFloat: loopVar('loopVarFloat', 'float'),
  /**
   * The requested part of the item that a path visits, as an integer.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarInt: loopVar('loopVarInt', 'int'),
  /**
   * The requested part of the item that a path visits, as a list.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarList: loopVar('loopVarList', 'list'),
  /**
   * The requested part of the item that a path visits, as a map.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarMap: loopVar('loopVarMap', 'map'),
  /**
   * The requested part of the item that a path visits, as a string.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarStr: loopVar('loopVarStr', 'string'),
  /**
   * The requested part of the item that a path visits, as bytes.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarBlob: loopVar('loopVarBlob', 'blob'),
  /**
   * The requested part of the item that a path visits, as a boolean.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarBool: loopVar('loopVarBool', 'bool'),
  /**
   * The requested part of the item that a path visits, as nil.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarNil: loopVar('loopVarNil', 'nil'),
  /**
   * The requested part of the item that a path visits, as GeoJSON.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarGeoJSON: loopVar('loopVarGeoJSON', 'geo'),
  /**
   * The requested part of the item that a path visits, as a HyperLogLog.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  loopVarHLL: loopVar('loopVarHLL', 'hll'),
} as const
