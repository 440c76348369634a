/**
 * Contexts: the path from a bin's list or map down to the nested list or map that an operation or expression works on.
 */
import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { printAs } from '../common/json'
import { type ListOrder, listOrder, type MapOrder, mapOrder } from '../constants/orders'
import type { Storable } from '../values/storable'
import type { MapKey } from '../values/value'
import { type Expression, foreign, leaf, packedBytes, part } from './expression'
import { bytesOfBase64, checkInteger, endOfValue, Packer, packKey } from './packer'

const EXPRESSION = 0x04
const AND_EXPRESSION = 0x204
const LIST_INDEX = 0x10
const LIST_RANK = 0x11
const LIST_VALUE = 0x13
const MAP_INDEX = 0x20
const MAP_RANK = 0x21
const MAP_KEY = 0x22
const MAP_VALUE = 0x23
const MAP_KEYS_IN = 0x2a

/** The maximum depth; the same as the limit for nested values. */
const MAX_LEVELS = 256

/** The flag that creates a map level, indexed by the number of the map's order. */
const CREATE_MAP: readonly number[] = [0x40, 0x80, 0, 0xc0]

/** A filter that always matches. */
const EVERY = leaf('bool', packer => packer.bool(true))

/** One level of a context. */
interface Level {
  /** The kind of selection, combined with the flags that create the level. */
  readonly id: number
  /** The packed value to select by. */
  readonly bytes: Buffer
  /** The expression to select by, instead of a value. */
  readonly filter?: Expression | undefined
}

let levelsOf: (context: CdtContext) => readonly Level[]
let isContext: (value: unknown) => value is CdtContext

/**
 * The path to a list or map that is nested inside a bin's list or map. Each method adds one level, modifies the context and
 * returns it: `new CdtContext().addMapKey('orders').addListIndex(-1)`.
 *
 * The operation fails if a level does not exist, unless it was added by a `...Create` method, which creates it. The methods
 * throw InvalidArgError for an invalid argument, and for more than 256 levels.
 */
export class CdtContext {
  readonly #levels: Level[] = []

  static {
    levelsOf = context => context.#levels
    isContext = (value): value is CdtContext => typeof value === 'object' && value !== null && #levels in value
  }

  /** The number of levels. */
  get length(): number {
    return this.#levels.length
  }

  /** The packed context, in the format of aerospike-core. */
  get bytes(): Buffer {
    const packer = new Packer().array(this.#levels.length * 2)
    for (const { id, bytes, filter } of this.#levels) {
      packer.int(id)
      if (filter === undefined) packer.raw(bytes)
      else packer.bin(bytes)
    }
    return packer.take()
  }

  /** Returns the packed context as base64, for `fromBase64`, info commands and other clients. */
  toBase64(): string {
    return this.bytes.toString('base64')
  }

  toJSON(): string {
    return this.toBase64()
  }

  /**
   * Restores a context from base64.
   *
   * @param base64 - the text that `toBase64` returned
   * @throws InvalidArgError if the text is malformed
   */
  static fromBase64(base64: string): CdtContext {
    const where = 'CdtContext.fromBase64'
    return CdtContext.#read(bytesOfBase64(base64, where), where)
  }

  /**
   * Restores a context from its packed bytes.
   *
   * @param bytes - the packed context
   * @throws InvalidArgError if the bytes are malformed
   */
  static fromBytes(bytes: Uint8Array): CdtContext {
    const where = 'CdtContext.fromBytes'
    if (!types.isUint8Array(bytes)) throw invalidArgument(`${where}: bytes are needed, not ${describe(bytes)}`)
    return CdtContext.#read(Buffer.from(checkBytes(bytes, where)), where)
  }

  static #read(bytes: Buffer, where: string): CdtContext {
    const malformed = (): Error => invalidArgument(`${where}: the bytes are not a packed context`)
    const end = endOfValue(bytes, 0)
    const head = bytes[0] as number
    const short = head >= 0x90 && head <= 0x9f
    if (end !== bytes.length || (!short && head !== 0xdc)) throw malformed()
    const count = short ? head & 0x0f : bytes.readUInt16BE(1)
    if (count % 2 !== 0) throw malformed()
    const context = new CdtContext()
    let at = short ? 1 : 3
    for (let level = 0; level < count; level += 2) {
      const valueAt = endOfValue(bytes, at) as number
      const idBytes = bytes.subarray(at, valueAt)
      const id = idBytes.length === 1 ? (idBytes[0] as number) : idBytes.readUIntBE(1, Math.min(idBytes.length - 1, 4))
      const unsigned = idBytes.length === 1 ? id < 0x80 : idBytes[0] === 0xcc || idBytes[0] === 0xcd
      if (!unsigned) throw malformed()
      const valueEnd = endOfValue(bytes, valueAt) as number
      const marker = bytes[valueAt] as number
      if (marker >= 0xc4 && marker <= 0xc6) {
        const packed = bytes.subarray(valueAt + 1 + (1 << (marker - 0xc4)), valueEnd)
        context.#push({ id, bytes: packed, filter: foreign(packed, where) }, where)
      } else {
        context.#push({ id, bytes: bytes.subarray(valueAt, valueEnd) }, where)
      }
      at = valueEnd
    }
    return context
  }

  #push(level: Level, where: string): this {
    if (this.#levels.length >= MAX_LEVELS) {
      throw invalidArgument(`${where}: the context is deeper than ${MAX_LEVELS} levels`)
    }
    this.#levels.push(level)
    return this
  }

  #integer(id: number, value: unknown, where: string): this {
    const integer = checkInteger(value, where)
    return this.#push({ id, bytes: new Packer().int(integer).take() }, where)
  }

  #value(id: number, value: unknown, where: string): this {
    return this.#push({ id, bytes: new Packer(false).value(value, where).take() }, where)
  }

  #expression(id: number, value: unknown, where: string): this {
    const filter = part(value, where, ['bool'])
    return this.#push({ id, bytes: packedBytes(filter), filter }, where)
  }

  /**
   * Adds a level: the item of a list at an index.
   * @param index - 0 is the first item; negative indexes count from the end, -1 is the last
   */
  addListIndex(index: number | bigint): this {
    return this.#integer(LIST_INDEX, index, 'addListIndex: index')
  }

  /**
   * Adds a level: the item of a list at an index. Creates a list there if the item does not exist.
   * @param index - 0 is the first item; negative indexes count from the end
   * @param order - order of a created list: one of `lists.order` (default unordered)
   * @param pad - if the index is beyond the end, fill the gap with nil (default false)
   */
  addListIndexCreate(index: number | bigint, order: ListOrder = 'unordered', pad = false): this {
    const where = 'addListIndexCreate'
    const ordered = listOrder(order, `${where}: order`) === 1
    if (typeof pad !== 'boolean') throw invalidArgument(`${where}: pad: true or false is needed, not ${describe(pad)}`)
    return this.#integer(LIST_INDEX | (ordered ? 0xc0 : pad ? 0x80 : 0x40), index, `${where}: index`)
  }

  /**
   * Adds a level: the item of a list at a rank.
   * @param rank - 0 is the smallest item; negative ranks count from the largest, which is -1
   */
  addListRank(rank: number | bigint): this {
    return this.#integer(LIST_RANK, rank, 'addListRank: rank')
  }

  /**
   * Adds a level: the item of a list that equals a value.
   *
   * @param value - the value of the item
   */
  addListValue<T>(value: Storable<T>): this {
    return this.#value(LIST_VALUE, value, 'addListValue: value')
  }

  /**
   * Adds a level: the entry of a map at an index, in the order of keys.
   * @param index - 0 is the first entry; negative indexes count from the end
   */
  addMapIndex(index: number | bigint): this {
    return this.#integer(MAP_INDEX, index, 'addMapIndex: index')
  }

  /**
   * Adds a level: the entry of a map at a rank, in the order of values.
   * @param rank - 0 is the smallest value; negative ranks count from the largest
   */
  addMapRank(rank: number | bigint): this {
    return this.#integer(MAP_RANK, rank, 'addMapRank: rank')
  }

  /**
   * Adds a level: the entry of a map with the given key.
   *
   * @param key - key of the entry
   */
  addMapKey(key: MapKey): this {
    return this.#key(MAP_KEY, key, 'addMapKey: key')
  }

  /**
   * Adds a level: the entry of a map with the given key. Creates a map there if the entry does not exist.
   * @param key - key of the entry
   * @param order - order of a created map: one of `maps.order` (default unordered)
   */
  addMapKeyCreate(key: MapKey, order: MapOrder = 'unordered'): this {
    const flag = CREATE_MAP[mapOrder(order, 'addMapKeyCreate: order')] as number
    return this.#key(MAP_KEY | flag, key, 'addMapKeyCreate: key')
  }

  #key(id: number, key: unknown, where: string): this {
    const packer = new Packer()
    packKey(packer, key, where)
    return this.#push({ id, bytes: packer.take() }, where)
  }

  /**
   * Adds a level: the entry of a map with the given value.
   *
   * @param value - value of the entry
   */
  addMapValue<T>(value: Storable<T>): this {
    return this.#value(MAP_VALUE, value, 'addMapValue: value')
  }

  /**
   * Adds a level: all entries of a map with one of the given keys; for path operations. Server 8.1.2 and later.
   *
   * @param keys - the keys; at least one
   */
  addMapKeysIn(keys: readonly MapKey[]): this {
    const where = 'addMapKeysIn: keys'
    if (!Array.isArray(keys) || keys.length === 0) {
      throw invalidArgument(`${where}: a list of at least one key is needed, not ${describe(keys)}`)
    }
    const packer = new Packer().array(keys.length)
    for (let index = 0; index < keys.length; index++) packKey(packer, keys[index], `addMapKeysIn: keys[${index}]`)
    return this.#push({ id: MAP_KEYS_IN, bytes: packer.take() }, where)
  }

  /** Adds a level: all items or entries; for path operations. Server 8.1.1 and later. */
  addAllChildren(): this {
    return this.#expression(EXPRESSION, EVERY, 'addAllChildren')
  }

  /**
   * Adds a level: all items or entries that match an expression; for path operations. Server 8.1.1 and later.
   * @param filter - can read the item or entry with loop variables, such as `exp.loopVarInt(exp.loopVarPart.VALUE)`
   */
  addAllChildrenWithFilter(filter: Expression<'bool' | 'any'>): this {
    return this.#expression(EXPRESSION, filter, 'addAllChildrenWithFilter: filter')
  }

  /**
   * Narrows the preceding level to what matches an expression; for path operations. Server 8.1.2 and later. It cannot be the
   * first level, and cannot follow another expression.
   * @param filter - can read the item or entry with loop variables, such as `exp.loopVarInt(exp.loopVarPart.VALUE)`
   */
  addAndFilter(filter: Expression<'bool' | 'any'>): this {
    const where = 'addAndFilter'
    const last = this.#levels.at(-1)
    if (last === undefined) throw invalidArgument(`${where}: it narrows the previous level, but there is none`)
    if (last.filter !== undefined) {
      throw invalidArgument(`${where}: the previous level is already an expression; combine the two with exp.and`)
    }
    return this.#expression(AND_EXPRESSION, filter, `${where}: filter`)
  }
}

/** Whether `value` is a context. */
export { isContext }

/** Returns the context that is given, or that a function builds. */
export function contextOf(given: CdtContext | ((context: CdtContext) => unknown), where: string): CdtContext {
  let context: unknown = given
  if (typeof given === 'function') {
    context = new CdtContext()
    given(context as CdtContext)
  }
  if (!isContext(context)) throw invalidArgument(`${where}: a CdtContext is needed, not ${describe(given)}`)
  return context
}

/** Returns the expressions in a context. */
export function filtersIn(context: CdtContext): Expression[] {
  return levelsOf(context).flatMap(level => level.filter ?? [])
}

/** Packs a context for a path, with its expressions inline. */
export function packPath(packer: Packer, context: CdtContext): void {
  const levels = levelsOf(context)
  packer.array(levels.length * 2)
  for (const { id, bytes } of levels) packer.int(id).raw(bytes)
}

/** Whether the first level of a context belongs to a list; undefined if the context is empty. */
export function startsInList(context: CdtContext): boolean | undefined {
  const first = levelsOf(context)[0]
  return first === undefined ? undefined : (first.id & LIST_INDEX) !== 0
}

printAs(
  CdtContext,
  context => `CdtContext(${context.length})`,
  context => context.toBase64(),
)
