/**
 * The keys of rows: a list of keys, a column of user keys without key objects, or the keys of a query's rows.
 */

import { types } from 'node:util'
import { KeySource as Source } from '../catalog/formats'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkKeys, Key, type KeyLike, keyAt, type UserKey, userKeyName, writeUserKey } from '../values/key'
import { type Namespaced, namespaceOf } from '../values/namespace'
import { writeRowsSubject, writeSpace } from '../values/subject'
import type { Reader, Writer } from '../wire/wire'
import { elementOf, ownBytesOf } from './elements'
import { BinaryColumn, Utf8Column } from './varying'

/** User keys as a column: integers, strings or bytes. */
export type KeyIds =
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Utf8Column
  | BinaryColumn
  | readonly string[]
  | readonly number[]
  | readonly bigint[]
  | readonly Uint8Array[]

/** Keys of one namespace and set as a column. No object is created for a key, here or by the client. */
export type KeyColumn = Namespaced & {
  /** Set. Default: none. */
  readonly set?: string | null | undefined
  /** The user keys. */
  readonly ids: KeyIds
}

/** Keys: a list, or a column of user keys. */
export type KeysLike = readonly KeyLike[] | KeyColumn

/** The keys in a form that can be posted to another thread. */
export type KeysLayout =
  | { readonly kind: 'list'; readonly keys: readonly PlainKey[] }
  | { readonly kind: 'column'; readonly namespace: string; readonly set: string; readonly ids: PlainIds }
  | {
      readonly kind: 'rows'
      readonly namespace: string
      readonly sets: readonly string[]
      readonly places: readonly [
        digests: number,
        kinds: number,
        sets: number,
        offsets: number,
        data: number,
        length: number,
      ]
    }

interface PlainKey {
  readonly namespace: string
  readonly set: string
  readonly userKey?: UserKey | undefined
  readonly digest?: Uint8Array | undefined
}

type PlainIds =
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | readonly UserKey[]
  | { readonly text: boolean; readonly data: Uint8Array; readonly offsets: Int32Array }

/** The keys of rows, by row. */
export abstract class RowKeys {
  #index: Map<string, number> | undefined

  abstract readonly length: number

  /** Returns the key of a row. */
  abstract at(row: number): Key | undefined

  /** Returns the user key of a row, or undefined if it is not known. */
  abstract userKey(row: number): UserKey | undefined

  /** 20 bytes for each row, if the keys came with their rows. */
  get digests(): Buffer | undefined {
    return undefined
  }

  /** Returns the keys in a form that can be posted to another thread. */
  abstract layout(): KeysLayout

  /** Returns the first row with this user key, or -1. */
  indexOf(userKey: UserKey): number {
    if (this.#index === undefined) {
      this.#index = new Map()
      for (let row = this.length - 1; row >= 0; row--) {
        const own = this.userKey(row)
        if (own !== undefined) this.#index.set(userKeyName(own), row)
      }
    }
    return this.#index.get(userKeyName(userKey)) ?? -1
  }
}

/** Keys from a list. */
export class KeyList extends RowKeys {
  constructor(readonly keys: readonly Key[]) {
    super()
  }

  get length(): number {
    return this.keys.length
  }

  at(row: number): Key | undefined {
    return this.keys[row]
  }

  userKey(row: number): UserKey | undefined {
    return this.keys[row]?.userKey
  }

  layout(): KeysLayout {
    const plain = (key: Key): PlainKey => {
      const { namespace, set, userKey } = key
      return userKey === undefined ? { namespace, set, digest: key.digest } : { namespace, set, userKey }
    }
    return { kind: 'list', keys: this.keys.map(plain) }
  }
}

type Ids = Int32Array | Uint32Array | BigInt64Array | Utf8Column | BinaryColumn | readonly UserKey[]

/** Keys from a column of user keys. */
class ColumnKeys extends RowKeys {
  constructor(
    readonly namespace: string,
    readonly set: string,
    readonly ids: Ids,
  ) {
    super()
  }

  get length(): number {
    return this.ids.length
  }

  at(row: number): Key | undefined {
    const userKey = this.userKey(row)
    return userKey === undefined ? undefined : new Key(this.namespace, this.set, userKey)
  }

  userKey(row: number): UserKey | undefined {
    if (!(row >= 0 && row < this.length)) return undefined
    const { ids } = this
    return ids instanceof Utf8Column || ids instanceof BinaryColumn ? ids.get(row) : ids[row]
  }

  layout(): KeysLayout {
    const { namespace, set, ids } = this
    if (ids instanceof Utf8Column || ids instanceof BinaryColumn) {
      const { data, offsets } = ids
      return { kind: 'column', namespace, set, ids: { text: ids instanceof Utf8Column, data, offsets } }
    }
    return { kind: 'column', namespace, set, ids }
  }
}

/** Types of user keys in a query's rows, by the server's particle types. */
const ParticleType = { INTEGER: 1, STRING: 3, BLOB: 4 } as const

const DIGEST = 20

/** Keys that came with a query's rows: always the digest, and the user key if the server stores it. */
class QueriedKeys extends RowKeys {
  readonly #digests: Buffer
  readonly #kinds: Uint8Array
  readonly #sets: Uint32Array
  readonly #userKeys: BinaryColumn

  constructor(
    readonly length: number,
    readonly own: KeysLayout & { kind: 'rows' },
    memory: ArrayBufferLike,
    base: number,
  ) {
    super()
    const [digests, kinds, sets, offsets, data, bytes] = own.places
    this.#digests = Buffer.from(memory as ArrayBuffer, base + digests, length * DIGEST)
    this.#kinds = new Uint8Array(memory, base + kinds, length)
    this.#sets = new Uint32Array(memory, base + sets, length)
    const values = Buffer.from(memory as ArrayBuffer, base + data, bytes)
    this.#userKeys = new BinaryColumn(values, new Int32Array(memory, base + offsets, length + 1))
  }

  override get digests(): Buffer {
    return this.#digests
  }

  at(row: number): Key | undefined {
    // Not `length`: the memory may be detached.
    if (!(row >= 0 && row < this.#kinds.length)) return undefined
    const userKey = this.userKey(row)
    const set = this.own.sets[this.#sets[row] ?? 0] ?? ''
    return Key.received(
      this.own.namespace,
      set,
      userKey,
      this.#digests.toString('latin1', row * DIGEST, (row + 1) * DIGEST),
    )
  }

  userKey(row: number): UserKey | undefined {
    switch (this.#kinds[row]) {
      case ParticleType.INTEGER: {
        const wide = this.#userKeys.get(row).readBigInt64LE()
        const number = Number(wide)
        return Number.isSafeInteger(number) ? number : wide
      }
      case ParticleType.STRING:
        return this.#userKeys.get(row).toString()
      case ParticleType.BLOB:
        return Buffer.from(this.#userKeys.get(row))
      default:
        return undefined
    }
  }

  layout(): KeysLayout {
    return this.own
  }
}

/** Creates the keys that a layout describes. */
export function keysOf(layout: KeysLayout, rows: number, memory: ArrayBufferLike, base: number): RowKeys {
  switch (layout.kind) {
    case 'list':
      return new KeyList(
        layout.keys.map(({ namespace, set, userKey, digest }) =>
          userKey === undefined
            ? Key.fromDigest(namespace, set, digest ?? Buffer.alloc(0))
            : new Key(namespace, set, userKey),
        ),
      )
    case 'column': {
      const { namespace, set, ids } = layout
      if (Array.isArray(ids) || ArrayBuffer.isView(ids)) return new ColumnKeys(namespace, set, ids as Ids)
      const { text, data, offsets } = ids as Exclude<PlainIds, ArrayBufferView | readonly UserKey[]>
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      return new ColumnKeys(namespace, set, text ? new Utf8Column(bytes, offsets) : new BinaryColumn(bytes, offsets))
    }
    default:
      return new QueriedKeys(rows, layout, memory, base)
  }
}

/** Reads the positions of the keys of a query's rows. */
export function readKeysLayout(reader: Reader, namespace: string): KeysLayout {
  const number = (): number => reader.f64()
  const places = [number(), number(), number(), number(), number(), number()] as const
  const sets: string[] = []
  for (let left = reader.u32(); left > 0; left--) sets.push(reader.text())
  return { kind: 'rows', namespace, sets, places }
}

/** Writes a variable-width column: the offsets, then the bytes from the first offset on. */
export function writeVarying(writer: Writer, { data, offsets }: Utf8Column | BinaryColumn, where: string): void {
  const [first = 0, last = 0] = [offsets[0], offsets.at(-1)]
  if (first < 0 || last < first || last > data.length) {
    throw invalidArgument(`${where}: the offsets reach beyond the data`)
  }
  writer.raw(ownBytesOf(offsets, where))
  writer.blob(ownBytesOf(data, where).subarray(first, last))
}

/** Copies a column of keys: the caller may change or transfer theirs while the result still needs the keys. */
function ownColumn(column: Utf8Column | BinaryColumn): Utf8Column | BinaryColumn {
  const { data, offsets } = column
  const [first = 0, last = 0] = [offsets[0], offsets.at(-1)]
  const bytes = Buffer.from(data.subarray(first, last))
  const places = first === 0 ? offsets.slice() : offsets.map(offset => offset - first)
  return column instanceof Utf8Column ? new Utf8Column(bytes, places) : new BinaryColumn(bytes, places)
}

function writeColumnKeys(writer: Writer, column: KeyColumn, where: string): RowKeys {
  const ids: unknown = column.ids
  // Reuses the validation of a single key.
  const space = new Key(namespaceOf(column, 'keys') as string, column.set, 0)
  const { namespace, set } = space
  const begin = (source: number, count: number): void => {
    writeRowsSubject(writer, space, count)
    writer.u8(source)
  }
  if (ids instanceof Utf8Column || ids instanceof BinaryColumn) {
    begin(ids instanceof Utf8Column ? Source.UTF8 : Source.BINARY, ids.length)
    // A column without rows may have no offsets.
    if (ids.length > 0) writeVarying(writer, ids, where)
    return new ColumnKeys(namespace, set, ownColumn(ids))
  }
  if (types.isInt32Array(ids) || types.isUint32Array(ids) || types.isBigInt64Array(ids)) {
    const source = types.isInt32Array(ids) ? Source.I32 : types.isUint32Array(ids) ? Source.U32 : Source.I64
    const bytes = ownBytesOf(ids, where)
    begin(source, ids.length)
    writer.raw(bytes)
    return new ColumnKeys(namespace, set, ids.slice())
  }
  if (Array.isArray(ids)) {
    begin(Source.TAGGED, ids.length)
    const kept: UserKey[] = []
    for (const id of ids as UserKey[]) {
      const key = new Key(namespace, set, id)
      writeUserKey(writer, key)
      kept.push(key.userKey as UserKey)
    }
    return new ColumnKeys(namespace, set, kept)
  }
  const given = elementOf(ids) === undefined ? describe(ids) : `an array of ${elementOf(ids)}`
  throw invalidArgument(
    `${where}: an array, an Int32Array, Uint32Array, BigInt64Array, Utf8Column or BinaryColumn is needed, not ${given}`,
  )
}

/** Writes a list of keys, with namespace and set only where they change. */
export function writeKeyList(writer: Writer, likes: readonly KeyLike[]): KeyList {
  checkKeys(likes)
  const keys = new Array<Key>(likes.length)
  let before = likes.length === 0 ? undefined : keyAt(likes, 0, writer.namespace)
  writeRowsSubject(writer, before, likes.length)
  writer.u8(Source.LIST)
  for (let index = 0; index < likes.length; index++) {
    const key = index === 0 ? (before as Key) : keyAt(likes, index, writer.namespace)
    const same = key.namespace === before?.namespace && key.set === before.set
    writer.u8(same ? 1 : 0)
    if (!same) writeSpace(writer, key.namespace, key.set, 'key')
    writeUserKey(writer, key)
    keys[index] = key
    before = key
  }
  return new KeyList(keys)
}

/** Writes a list or a column of keys. They start with the subject of the request. */
export function writeKeySource(writer: Writer, keys: KeysLike): RowKeys {
  if (Array.isArray(keys)) return writeKeyList(writer, keys as readonly KeyLike[])
  if (typeof keys !== 'object' || keys === null || !('ids' in keys)) {
    throw invalidArgument(`keys: an array of keys or { namespace, set, ids } is needed, not ${describe(keys)}`)
  }
  return writeColumnKeys(writer, keys as KeyColumn, 'keys.ids')
}

/** Writes the user keys of rows to write. */
export function writeKeyIds(writer: Writer, column: KeyColumn): RowKeys {
  return writeColumnKeys(writer, column, 'keys')
}

function* slices<T>(
  length: number,
  rows: number,
  slice: (from: number, to: number) => T,
): Generator<T, void, undefined> {
  for (let from = 0; from < length; from += rows) yield slice(from, Math.min(from + rows, length))
}

/** Splits keys into parts of `rows` rows. */
export function sliceKeys(keys: KeysLike, rows: number): Iterable<KeysLike> {
  if (Array.isArray(keys)) return slices(keys.length, rows, (from, to) => keys.slice(from, to) as readonly KeyLike[])
  if (typeof keys !== 'object' || keys === null || !('ids' in keys)) {
    throw invalidArgument(`keys: an array of keys or { namespace, set, ids } is needed, not ${describe(keys)}`)
  }
  const { ids, ...space } = keys as KeyColumn
  const part = (of: KeyIds): KeyColumn => ({ ...space, ids: of })
  if (ids instanceof Utf8Column || ids instanceof BinaryColumn) {
    const Column = ids instanceof Utf8Column ? Utf8Column : BinaryColumn
    return slices(ids.length, rows, (from, to) => part(new Column(ids.data, ids.offsets.subarray(from, to + 1))))
  }
  if (elementOf(ids) === undefined && !Array.isArray(ids)) {
    throw invalidArgument(`keys.ids: an array or a column is needed, not ${describe(ids)}`)
  }
  const cut = ids as Int32Array
  return slices(cut.length, rows, (from, to) => part(Array.isArray(ids) ? ids.slice(from, to) : cut.subarray(from, to)))
}
