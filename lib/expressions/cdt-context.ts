/**
 * Where in a nested list or map an operation or an expression works: the way from the bin's own list or map down, level
 * by level.
 */
import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type ListOrder, listOrder, type MapOrder, mapOrder } from '../constants/orders'
import type { MapKey, Value } from '../values/value'
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

/** As deep as values may be nested. */
const MAX_LEVELS = 256

/** The bits that create a level, by the number of the order that it gets. */
const CREATE_MAP: readonly number[] = [0x40, 0x80, 0, 0xc0]

/** True of everything. */
const EVERY = leaf('bool', packer => packer.bool(true))

/** One level of the way. */
interface Level {
  /** What it selects by, with the flags that create it. */
  readonly id: number
  /** By which value, packed. */
  readonly bytes: Buffer
  /** Or by which expression. */
  readonly filter?: Expression
}

let levelsOf: (context: CdtContext) => readonly Level[]
let isContext: (value: unknown) => value is CdtContext

/**
 * The way to a list or map that is nested in a bin's list or map. Each method goes one level deeper, changes the context
 * and gives it back: `new CdtContext().addMapKey('orders').addListIndex(-1)`.
 *
 * A level that is not there makes the operation fail, save for the `...Create` methods, which create it.
 */
export class CdtContext {
  readonly #levels: Level[] = []

  static {
    levelsOf = context => context.#levels
    isContext = (value): value is CdtContext => typeof value === 'object' && value !== null && #levels in value
  }

  /** How many levels deep. */
  get length(): number {
    return this.#levels.length
  }

  /** The packed context, as aerospike-core reads it. */
  get bytes(): Buffer {
    const packer = new Packer().array(this.#levels.length * 2)
    for (const { id, bytes, filter } of this.#levels) {
      packer.int(id)
      if (filter === undefined) packer.raw(bytes)
      else packer.bin(bytes)
    }
    return packer.take()
  }

  /** The packed context as base64, as `fromBase64`, info commands and other clients read it. */
  toBase64(): string {
    return this.bytes.toString('base64')
  }

  toJSON(): string {
    return this.toBase64()
  }

  /**
   * Restores a context from base64.
   * @throws InvalidArgError where that is malformed
   */
  static fromBase64(base64: string): CdtContext {
    const where = 'CdtContext.fromBase64'
    return CdtContext.#read(bytesOfBase64(base64, where), where)
  }

  /**
   * Restores a context from its packed bytes.
   * @throws InvalidArgError where they are malformed
   */
  static fromBytes(bytes: Uint8Array): CdtContext {
    const where = 'CdtContext.fromBytes'
    if (!types.isUint8Array(bytes)) throw invalidArgument(`${where}: bytes are needed, not ${describe(bytes)}`)
    return CdtContext.#read(Buffer.from(checkBytes(bytes, where)), where)
  }

  static #read(bytes: Buffer, where: string): CdtContext {
    const malformed = (): Error => invalidArgument(`${where}: the bytes are no packed context`)
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
   * The item of a list at an index.
   * @param index - from 0, the first; negative ones count from the end, -1 being the last
   */
  addListIndex(index: number | bigint): this {
    return this.#integer(LIST_INDEX, index, 'addListIndex: index')
  }

  /**
   * The item of a list at an index; a list is created there where nothing is.
   * @param index - from 0, the first; negative ones count from the end
   * @param order - of the list that is created: one of `lists.order`, unordered by default
   * @param pad - fill up with nil where the index lies beyond the end (default false)
   */
  addListIndexCreate(index: number | bigint, order: ListOrder = 'unordered', pad = false): this {
    const where = 'addListIndexCreate'
    const ordered = listOrder(order, `${where}: order`) === 1
    if (typeof pad !== 'boolean') throw invalidArgument(`${where}: pad: true or false is needed, not ${describe(pad)}`)
    return this.#integer(LIST_INDEX | (ordered ? 0xc0 : pad ? 0x80 : 0x40), index, `${where}: index`)
  }

  /**
   * The item of a list at a rank.
   * @param rank - from 0, the smallest; negative ones count from the greatest, -1
   */
  addListRank(rank: number | bigint): this {
    return this.#integer(LIST_RANK, rank, 'addListRank: rank')
  }

  /** The item of a list that equals a value. */
  addListValue(value: Value): this {
    return this.#value(LIST_VALUE, value, 'addListValue: value')
  }

  /**
   * The entry of a map at an index, in the order of keys.
   * @param index - from 0, the first; negative ones count from the end
   */
  addMapIndex(index: number | bigint): this {
    return this.#integer(MAP_INDEX, index, 'addMapIndex: index')
  }

  /**
   * The entry of a map at a rank, in the order of values.
   * @param rank - from 0, the smallest; negative ones count from the greatest
   */
  addMapRank(rank: number | bigint): this {
    return this.#integer(MAP_RANK, rank, 'addMapRank: rank')
  }

  /** The entry of a map that has a key. */
  addMapKey(key: MapKey): this {
    return this.#key(MAP_KEY, key, 'addMapKey: key')
  }

  /**
   * The entry of a map that has a key; a map is created there where nothing is.
   * @param key - the key
   * @param order - of the map that is created: one of `maps.order`, unordered by default
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

  /** The entry of a map that has a value. */
  addMapValue(value: Value): this {
    return this.#value(MAP_VALUE, value, 'addMapValue: value')
  }

  /** All entries of a map whose keys are among some, for path operations. Server 8.1.2 and later. */
  addMapKeysIn(keys: readonly MapKey[]): this {
    const where = 'addMapKeysIn: keys'
    if (!Array.isArray(keys) || keys.length === 0) {
      throw invalidArgument(`${where}: a list of at least one key is needed, not ${describe(keys)}`)
    }
    const packer = new Packer().array(keys.length)
    for (let index = 0; index < keys.length; index++) packKey(packer, keys[index], `addMapKeysIn: keys[${index}]`)
    return this.#push({ id: MAP_KEYS_IN, bytes: packer.take() }, where)
  }

  /** All items or entries of a level, for path operations. Server 8.1.1 and later. */
  addAllChildren(): this {
    return this.#expression(EXPRESSION, EVERY, 'addAllChildren')
  }

  /**
   * All items or entries of a level for which an expression is true, for path operations. Server 8.1.1 and later.
   * @param filter - sees the item or entry as `exp.loopVarInt(exp.loopVarPart.VALUE)` and its like
   */
  addAllChildrenWithFilter(filter: Expression<'bool' | 'any'>): this {
    return this.#expression(EXPRESSION, filter, 'addAllChildrenWithFilter: filter')
  }

  /**
   * Narrows the level before it to what an expression is true for, for path operations. Server 8.1.2 and later. It
   * cannot come first, nor after another expression.
   * @param filter - sees the item or entry as `exp.loopVarInt(exp.loopVarPart.VALUE)` and its like
   */
  addAndFilter(filter: Expression<'bool' | 'any'>): this {
    const where = 'addAndFilter'
    const last = this.#levels.at(-1)
    if (last === undefined) throw invalidArgument(`${where}: it narrows the level before it, and there is none`)
    if (last.filter !== undefined) {
      throw invalidArgument(`${where}: the level before it is an expression already; combine the two with exp.and`)
    }
    return this.#expression(AND_EXPRESSION, filter, `${where}: filter`)
  }
}

/** Whether `value` is a context. */
export { isContext }

/** The expressions in a context. */
export function filtersIn(context: CdtContext): Expression[] {
  return levelsOf(context).flatMap(level => level.filter ?? [])
}

/** Packs a context for a path: its expressions stand as they are. */
export function packPath(packer: Packer, context: CdtContext): void {
  const levels = levelsOf(context)
  packer.array(levels.length * 2)
  for (const { id, bytes } of levels) packer.int(id).raw(bytes)
}

/** Whether the first level of a context belongs to a list; undefined where the context is empty. */
export function startsInList(context: CdtContext): boolean | undefined {
  const first = levelsOf(context)[0]
  return first === undefined ? undefined : (first.id & LIST_INDEX) !== 0
}
