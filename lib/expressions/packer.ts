/**
 * MessagePack in the form that Aerospike's expressions and contexts use. It is big-endian; strings, bytes, GeoJSON and
 * HyperLogLogs start with a byte for their particle type. The packer of aerospike-core is the reference: the output here
 * equals its output byte for byte.
 */
import { types } from 'node:util'
import { bytesOf, checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { InfinityBound, WildcardBound } from '../values/range-bounds'
import { Double, GeoJSON, HyperLogLog, Particle } from '../values/value'

/** The maximum nesting depth of lists and maps. */
const MAX_DEPTH = 256

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n

const STRING = 3
const BLOB = 4
const HLL = 18
const GEOJSON = 23

const WILDCARD = 0
const INFINITY = 1

/** Appends MessagePack to a growing buffer. */
export class Packer {
  /** Whether values may contain infinity and wildcard. */
  readonly bounds: boolean
  #buffer = Buffer.allocUnsafe(64)
  #length = 0

  constructor(bounds = true) {
    this.bounds = bounds
  }

  #reserve(count: number): number {
    const at = this.#length
    const needed = at + count
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(grown, 0, 0, at)
      this.#buffer = grown
    }
    this.#length = needed
    return at
  }

  /** Returns the bytes written so far and transfers their ownership to the caller. */
  take(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Appends bytes unchanged. */
  raw(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length)
    this.#buffer.set(bytes, at)
    return this
  }

  #u8(value: number): void {
    const at = this.#reserve(1)
    this.#buffer[at] = value
  }

  #marked(marker: number, value: number, size: 1 | 2 | 4): void {
    this.#u8(marker)
    const at = this.#reserve(size)
    this.#buffer.writeUIntBE(value, at, size)
  }

  #header(count: number, short: number, most: number, wide: number): void {
    if (count < most) this.#u8(short | count)
    else if (count < 0x1_0000) this.#marked(wide, count, 2)
    else this.#marked(wide + 1, count, 4)
  }

  /** Appends the header of a list of `count` items. */
  array(count: number): this {
    this.#header(count, 0x90, 16, 0xdc)
    return this
  }

  /** Appends the header of a map of `count` entries. */
  map(count: number): this {
    this.#header(count, 0x80, 16, 0xde)
    return this
  }

  nil(): this {
    this.#u8(0xc0)
    return this
  }

  bool(value: boolean): this {
    this.#u8(value ? 0xc3 : 0xc2)
    return this
  }

  /** Appends an integer in its shortest form; non-negative integers are unsigned. */
  int(value: number | bigint): this {
    if (typeof value === 'number' && value >= -0x8000_0000 && value <= 0xffff_ffff) {
      if (value >= 0) {
        if (value < 0x80) this.#u8(value)
        else if (value < 0x100) this.#marked(0xcc, value, 1)
        else if (value < 0x1_0000) this.#marked(0xcd, value, 2)
        else this.#marked(0xce, value, 4)
      } else if (value >= -32) this.#u8(value & 0xff)
      else if (value >= -0x80) this.#marked(0xd0, value & 0xff, 1)
      else if (value >= -0x8000) this.#marked(0xd1, value & 0xffff, 2)
      else this.#marked(0xd2, value >>> 0, 4)
      return this
    }
    const wide = BigInt(value)
    if (wide >= -0x8000_0000n && wide <= 0xffff_ffffn) return this.int(Number(wide))
    this.#u8(wide < 0n ? 0xd3 : 0xcf)
    const at = this.#reserve(8)
    this.#buffer.writeBigUInt64BE(BigInt.asUintN(64, wide), at)
    return this
  }

  double(value: number): this {
    this.#u8(0xcb)
    const at = this.#reserve(8)
    this.#buffer.writeDoubleBE(value, at)
    return this
  }

  #string(length: number): void {
    if (length < 32) this.#u8(0xa0 | length)
    else if (length < 0x100) this.#marked(0xd9, length, 1)
    else if (length < 0x1_0000) this.#marked(0xda, length, 2)
    else this.#marked(0xdb, length, 4)
  }

  /** Appends text without a particle type, for names and patterns. */
  rawText(text: string): this {
    const bytes = Buffer.from(text, 'utf8')
    this.#string(bytes.length)
    return this.raw(bytes)
  }

  /** Appends bytes with a particle type. */
  particle(type: number, bytes: Uint8Array): this {
    this.#string(bytes.length + 1)
    this.#u8(type)
    return this.raw(bytes)
  }

  text(text: string): this {
    return this.particle(STRING, Buffer.from(text, 'utf8'))
  }

  blob(bytes: Uint8Array): this {
    return this.particle(BLOB, bytes)
  }

  geo(json: string): this {
    return this.particle(GEOJSON, Buffer.from(json, 'utf8'))
  }

  hll(bytes: Uint8Array): this {
    return this.particle(HLL, bytes)
  }

  /** Appends bytes with MessagePack's binary type, without a particle type. */
  bin(bytes: Uint8Array): this {
    const { length } = bytes
    if (length < 0x100) this.#marked(0xc4, length, 1)
    else if (length < 0x1_0000) this.#marked(0xc5, length, 2)
    else this.#marked(0xc6, length, 4)
    return this.raw(bytes)
  }

  /** Appends the wildcard, which equals every value. */
  wildcard(): this {
    return this.#extension(WILDCARD)
  }

  /** Appends infinity, which is greater than every value. */
  infinity(): this {
    return this.#extension(INFINITY)
  }

  /** Appends one byte with the extension type that Aerospike reserves. */
  #extension(code: number): this {
    return this.raw(Uint8Array.of(0xd4, 0xff, code))
  }

  /** Appends any storable value, infinity or wildcard. Map keys are sorted. `where` names the value in error messages. */
  value(value: unknown, where: string): this {
    packValue(this, value, where, 0)
    return this
  }
}

/** Checks that a value is a string that can be encoded as UTF-8. */
export function checkText(value: unknown, where: string): string {
  if (typeof value !== 'string') throw invalidArgument(`${where}: a string is needed, not ${describe(value)}`)
  if (!value.isWellFormed()) {
    throw invalidArgument(`${where}: the string contains a lone surrogate, which UTF-8 cannot encode`)
  }
  return value
}

/** Checks for a signed 64-bit integer. */
export function checkInteger(value: unknown, where: string): number | bigint {
  if (typeof value === 'bigint') {
    if (value < MIN_INT64 || value > MAX_INT64) {
      throw invalidArgument(`${where}: ${value}n is outside the 64-bit integers`)
    }
    return value
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw invalidArgument(`${where}: an integer is needed, not ${describe(value)}`)
  }
  return value === 0 ? 0 : value
}

function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

function packNumber(packer: Packer, value: number): void {
  if (isInteger(value)) packer.int(value)
  else packer.double(value)
}

/** Compares map keys in the server's order: integers, then strings, then bytes. */
function compareKeys(left: unknown, right: unknown): number {
  const rank = (key: unknown): number => (typeof key === 'string' ? 1 : types.isUint8Array(key) ? 2 : 0)
  const order = rank(left) - rank(right)
  if (order !== 0) return order
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right as string))
  if (types.isUint8Array(left)) return Buffer.compare(left, right as Uint8Array)
  return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0
}

/** Packs a map key. */
export function packKey(packer: Packer, key: unknown, where: string): void {
  if (typeof key === 'string') packer.text(checkText(key, where))
  else if (typeof key === 'bigint' || (typeof key === 'number' && isInteger(key))) packer.int(checkInteger(key, where))
  else if (types.isUint8Array(key)) packer.blob(checkBytes(key, where))
  else throw invalidArgument(`${where}: a map key is a string, an integer or bytes, not ${describe(key)}`)
}

function packEntries(packer: Packer, entries: [unknown, unknown][], where: string, depth: number): void {
  for (const [key] of entries) packKey(new Packer(), key, where)
  entries.sort(([left], [right]) => compareKeys(left, right))
  packer.map(entries.length)
  for (let index = 0; index < entries.length; index++) {
    const [key, value] = entries[index] as [unknown, unknown]
    if (index > 0 && compareKeys(entries[index - 1]?.[0], key) === 0) {
      throw invalidArgument(`${where}: the map has the key ${describe(key)} twice`)
    }
    packKey(packer, key, where)
    packValue(packer, value, where, depth + 1)
  }
}

function packObject(packer: Packer, value: object, where: string, depth: number): void {
  if (ArrayBuffer.isView(value) || types.isArrayBuffer(value)) packer.blob(bytesOf(value, where))
  else if (value instanceof Double) packer.double(value.value)
  else if (value instanceof GeoJSON) packer.geo(checkText(value.json, where))
  else if (value instanceof HyperLogLog) packer.hll(checkBytes(value.bytes, where))
  else if (packer.bounds && value instanceof InfinityBound) packer.infinity()
  else if (packer.bounds && value instanceof WildcardBound) packer.wildcard()
  else if (value instanceof Particle) {
    throw invalidArgument(`${where}: a Particle can be a whole bin only, not part of an expression`)
  } else {
    if (depth >= MAX_DEPTH) throw invalidArgument(`${where}: the value is nested deeper than ${MAX_DEPTH} levels`)
    if (Array.isArray(value)) {
      packer.array(value.length)
      for (const item of value) packValue(packer, item, where, depth + 1)
    } else if (types.isMap(value)) {
      packEntries(packer, [...value], where, depth)
    } else {
      const prototype: unknown = Object.getPrototypeOf(value)
      // Accepts Object.prototype of any realm: it is the prototype whose own prototype is null.
      if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
        throw invalidArgument(`${where}: ${describe(value)} cannot be stored`)
      }
      packEntries(packer, Object.entries(value), where, depth)
    }
  }
}

function packValue(packer: Packer, value: unknown, where: string, depth: number): void {
  switch (typeof value) {
    case 'number':
      packNumber(packer, value)
      return
    case 'bigint':
      packer.int(checkInteger(value, where))
      return
    case 'string':
      packer.text(checkText(value, where))
      return
    case 'boolean':
      packer.bool(value)
      return
    case 'object':
      if (value === null) packer.nil()
      else packObject(packer, value, where, depth)
      return
    default:
      throw invalidArgument(`${where}: ${describe(value)} cannot be stored`)
  }
}

/** Returns the nesting depth of lists and maps in `bytes`, which must be one complete value. */
export function depthOf(bytes: Buffer): number {
  const open: number[] = []
  let deepest = 0
  for (let at = 0; at < bytes.length; ) {
    const { size, items } = headOf(bytes, at) as { size: number; items: number }
    at += size
    if (open.length > 0) open[open.length - 1] = (open.at(-1) as number) - 1
    if (items > 0) open.push(items)
    if (open.length > deepest) deepest = open.length
    while (open.at(-1) === 0) open.pop()
  }
  return deepest
}

/** Returns the end of the value that starts at `at`; undefined if the bytes are truncated or not MessagePack. */
export function endOfValue(bytes: Buffer, at: number): number | undefined {
  let left = 1
  let place = at
  while (left > 0) {
    const head = headOf(bytes, place)
    if (head === undefined) return undefined
    place += head.size
    left += head.items - 1
    if (place > bytes.length) return undefined
  }
  return place
}

const FIXED_SIZES: { readonly [marker: number]: number } = {
  192: 1,
  194: 1,
  195: 1,
  202: 5,
  203: 9,
  204: 2,
  205: 3,
  206: 5,
  207: 9,
  208: 2,
  209: 3,
  210: 5,
  211: 9,
  212: 3,
  213: 4,
  214: 6,
  215: 10,
  216: 18,
}

/** For each marker: the number of bytes of the length that follows it, and of further bytes besides the payload. */
const BY_LENGTH: { readonly [marker: number]: readonly [1 | 2 | 4, number] } = {
  196: [1, 0],
  197: [2, 0],
  198: [4, 0],
  199: [1, 1],
  200: [2, 1],
  201: [4, 1],
  217: [1, 0],
  218: [2, 0],
  219: [4, 0],
}

/** Returns the size of a value without its nested values, and how many nested values follow. */
function headOf(bytes: Buffer, at: number): { size: number; items: number } | undefined {
  const marker = bytes[at]
  if (marker === undefined) return undefined
  if (marker < 0x80 || marker >= 0xe0) return { size: 1, items: 0 }
  if (marker < 0x90) return { size: 1, items: (marker & 0x0f) * 2 }
  if (marker < 0xa0) return { size: 1, items: marker & 0x0f }
  if (marker < 0xc0) return { size: 1 + (marker & 0x1f), items: 0 }
  const fixed = FIXED_SIZES[marker]
  if (fixed !== undefined) return { size: fixed, items: 0 }
  const lengths = BY_LENGTH[marker]
  if (lengths !== undefined) {
    const [width, more] = lengths
    if (at + 1 + width > bytes.length) return undefined
    return { size: 1 + width + more + bytes.readUIntBE(at + 1, width), items: 0 }
  }
  if (marker < 0xdc) return undefined
  const width = marker === 0xdc || marker === 0xde ? 2 : 4
  if (at + 1 + width > bytes.length) return undefined
  return { size: 1 + width, items: bytes.readUIntBE(at + 1, width) * (marker >= 0xde ? 2 : 1) }
}

/** Decodes base64, which must be well-formed and not empty. */
export function bytesOfBase64(text: unknown, where: string): Buffer {
  if (typeof text !== 'string') throw invalidArgument(`${where}: base64 is needed, not ${describe(text)}`)
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw invalidArgument(`${where}: ${describe(text)} is not base64`)
  }
  return Buffer.from(text, 'base64')
}
