/**
 * Keys: namespace, set and user key, or namespace, set and digest.
 */

import { types } from 'node:util'
import { ValueTag as Tag } from '../catalog/formats'
import { checkBytes, copyBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument, refusedIn } from '../common/errors'
import { printAs } from '../common/json'
import { quote } from '../common/shorten'
import { digest } from '../native/native'
import { Writer } from '../wire/wire'
import { writeSpace } from './subject'
import { writeBigInt, writeNumber, writeText } from './value'

/** The types of user keys: string, integer or bytes. */
export type UserKey = string | number | bigint | Uint8Array

/** The parts of a key. A set of null, undefined or '' means no set. */
export type KeyParts = readonly [namespace: string, set: string | null | undefined, userKey: UserKey]

/**
 * The parts of a key in a variable, whose type is an array instead of a tuple: `const key = ['test', 'users', 'ada']`. Their
 * number is checked at run time. A tuple is no `KeyArray`, so that the compiler rejects one with wrong parts.
 */
export interface KeyArray extends ReadonlyArray<UserKey | null | undefined> {
  /** An array has no property of this name, a tuple has. */
  readonly 0?: never
}

/** The parts of a key in the client's default namespace. */
export type ShortKey = readonly [set: string | null | undefined, userKey: UserKey]

/**
 * A `Key`, or its parts: `[namespace, set, userKey]`. If the client has a default namespace (`namespace` in its
 * configuration or in its URI), `[set, userKey]` is enough.
 */
export type KeyLike = Key | KeyParts | ShortKey | KeyArray

/** Tag of a key given by its digest. */
const DIGEST = 0x20

/** Maximum length of a namespace in bytes. */
export const MAX_NAMESPACE = 31
/** Maximum length of a set in bytes. */
export const MAX_SET = 63

function checkName(name: unknown, what: string, most: number): asserts name is string {
  if (typeof name !== 'string') throw invalidArgument(`key: the ${what} is a string, not ${describe(name)}`)
  if (name.length > most || Buffer.byteLength(name) > most) {
    throw invalidArgument(`key: the ${what} ${quote(name)} is longer than ${most} bytes`)
  }
}

/** The last set that passed validation: most keys have the same set. */
let goodSet = ''

/**
 * Rejects characters that end a field or a row of the server's list of sets: the server accepts them, but then the list
 * can no longer be parsed.
 */
function checkSet(set: unknown): void {
  if (set === goodSet) return
  checkName(set, 'set', MAX_SET)
  const wrong = [...set].find(character => ':;'.includes(character) || character < ' ')
  if (wrong !== undefined) {
    throw invalidArgument(
      `key: the set ${quote(set)} contains ${JSON.stringify(wrong)}, which is not allowed in the name of a set`,
    )
  }
  goodSet = set
}

function checkParts(namespace: unknown, set: unknown, userKey: unknown): void {
  checkName(namespace, 'namespace', MAX_NAMESPACE)
  if (namespace === '') throw invalidArgument('key: the namespace is empty')
  checkSet(set)
  switch (typeof userKey) {
    case 'string':
      return
    case 'bigint':
      if (BigInt.asIntN(64, userKey) === userKey) return
      throw invalidArgument(`key: ${userKey}n is outside the 64-bit integers`)
    case 'number':
      if (Number.isSafeInteger(userKey)) return
      throw invalidArgument(`key: a numeric user key is an integer within +-(2^53-1), not ${describe(userKey)}`)
    default:
      if (types.isUint8Array(userKey)) return
      throw invalidArgument(`key: the user key is a string, an integer or bytes, not ${describe(userKey)}`)
  }
}

/** Placeholder for a user key that is set without validation. */
const RECEIVED = new Uint8Array(0)

const scratch = new Writer(256)

/**
 * Identifies a record.
 *
 * @example
 * ```ts
 * const key = new Key('test', 'users', 'ada')
 * await client.put(key, { name: 'Ada' })
 * ```
 */
export class Key {
  /** Namespace. */
  readonly namespace: string
  /** Set; an empty string if there is none. */
  readonly set: string
  /** User key; undefined if only the digest is known. Bytes are the key's own copy. */
  readonly userKey: UserKey | undefined
  /** The digest as a latin1 string, which is immutable, once it is known. */
  #digest: string | undefined

  /**
   * @param namespace - 1 to 31 bytes
   * @param set - up to 63 bytes without `:`, `;` and control characters; null, undefined or '' for no set
   * @param userKey - a string, an integer within int64, or bytes, which are copied
   * @throws InvalidArgError if a part is invalid
   */
  constructor(namespace: string, set: string | null | undefined, userKey: UserKey) {
    if (userKey !== RECEIVED) checkParts(namespace, set ?? '', userKey)
    this.namespace = namespace
    this.set = set ?? ''
    this.userKey =
      typeof userKey === 'object' && userKey !== RECEIVED ? copyBytes(userKey, 'key: the user key') : userKey
  }

  /**
   * Creates a key of which only the digest is known.
   *
   * @param namespace - 1 to 31 bytes
   * @param set - up to 63 bytes; null, undefined or '' for no set
   * @param digest - 20 bytes, which are copied
   * @returns the key, with an undefined `userKey`
   * @throws InvalidArgError if a part is invalid
   */
  static fromDigest(namespace: string, set: string | null | undefined, digest: Uint8Array): Key {
    checkParts(namespace, set ?? '', '')
    if (!types.isUint8Array(digest) || checkBytes(digest, 'key: the digest').length !== 20) {
      throw invalidArgument(`key: a digest is 20 bytes, not ${describe(digest)}`)
    }
    const key = new Key(namespace, set, '')
    ;(key as { userKey: UserKey | undefined }).userKey = undefined
    key.#digest = Buffer.from(digest).toString('latin1')
    return key
  }

  /** A key received from the server; the digest is a latin1 string. @internal */
  static received(namespace: string, set: string, userKey: UserKey | undefined, digest: string): Key {
    const key = new Key(namespace, set, RECEIVED)
    ;(key as { userKey: UserKey | undefined }).userKey = userKey
    key.#digest = digest
    return key
  }

  /**
   * Converts the parts of a key to a `Key`; a `Key` is returned as it is.
   *
   * @param key - a `Key`, `[namespace, set, userKey]`, or `[set, userKey]` of the default namespace
   * @param namespace - the default namespace. Default: none
   * @throws InvalidArgError if it is neither, or if a part is invalid
   */
  static from(key: KeyLike, namespace?: string): Key {
    if (key instanceof Key) return key
    if (Array.isArray(key) && key.length === 3) return new Key(key[0] as string, key[1] as string, key[2] as UserKey)
    if (Array.isArray(key) && key.length === 2 && namespace !== undefined && namespace !== '') {
      return new Key(namespace, key[0] as string, key[1] as UserKey)
    }
    const given = Array.isArray(key) ? `an array of ${key.length}` : describe(key)
    const hint =
      Array.isArray(key) && key.length === 2 ? '; [set, userKey] needs a default namespace (config.namespace)' : ''
    throw invalidArgument(`key: a Key or [namespace, set, userKey] is needed, not ${given}${hint}`)
  }

  /**
   * The 20 bytes by which the server addresses the record: RIPEMD-160 of set, type and user key. Each access returns a
   * new copy.
   */
  get digest(): Buffer {
    return Buffer.from(this.digestText, 'latin1')
  }

  /** The digest as a latin1 string. @internal */
  get digestText(): string {
    if (this.#digest !== undefined) return this.#digest
    scratch.length = 0
    writeKey(scratch, this)
    const text = Buffer.from(digest(scratch.buffer.subarray(0, scratch.length))).toString('latin1')
    // Not cached for bytes: the holder of the key can modify `userKey`, and requests send the current bytes.
    if (typeof this.userKey !== 'object') this.#digest = text
    return text
  }

  /**
   * Returns `namespace/set/userKey`, with the digest in hexadecimal if the user key is unknown. Long user keys are
   * truncated.
   */
  toString(): string {
    const name = this.userKey === undefined ? this.digest.toString('hex') : this.userKey
    const text = types.isUint8Array(name) ? `0x${Buffer.from(name).toString('hex')}` : String(name)
    return `${this.namespace}/${this.set}/${text.length > 64 ? `${text.slice(0, 64)}...` : text}`
  }

  /** Returns a plain object with namespace, set and user key. A bigint becomes a string, bytes become hexadecimal. */
  toJSON(): object {
    const { namespace, set, userKey } = this
    if (userKey === undefined) return { namespace, set, digest: this.digest.toString('hex') }
    if (typeof userKey === 'bigint') return { namespace, set, userKey: String(userKey) }
    return { namespace, set, userKey: types.isUint8Array(userKey) ? Buffer.from(userKey).toString('hex') : userKey }
  }
}

printAs(Key, 'Key', key => String(key))

/** Writes the user key or the digest. */
export function writeUserKey(writer: Writer, key: Key): void {
  const { userKey } = key
  switch (typeof userKey) {
    case 'string':
      writer.u8(Tag.UTF8)
      writeText(writer, userKey, 'key')
      return
    case 'number':
      // -0 is the key 0.
      writeNumber(writer, userKey + 0)
      return
    case 'bigint':
      writeBigInt(writer, userKey, 'key')
      return
    case 'object':
      writer.u8(Tag.BLOB)
      writer.blob(userKey)
      return
    default:
      writer.u8(DIGEST)
      writer.latin1(key.digestText)
  }
}

/** Writes a whole key. It starts with the subject of the request. */
export function writeKey(writer: Writer, key: Key): void {
  writeSpace(writer, key.namespace, key.set, 'key')
  writeUserKey(writer, key)
}

/** Throws InvalidArgError unless the value is an array. */
export function checkKeys(keys: unknown): asserts keys is readonly KeyLike[] {
  if (!Array.isArray(keys)) throw invalidArgument(`keys: an array of keys is needed, not ${describe(keys)}`)
}

/** Returns a key of a list. Errors name its index. */
export function keyAt(keys: readonly KeyLike[], index: number, namespace: string): Key {
  try {
    return Key.from(keys[index] as KeyLike, namespace)
  } catch (error) {
    throw refusedIn(error, `keys[${index}]`)
  }
}

/** Returns a map key for a user key: 1 and 1n are the same, '1' is another. */
export function userKeyName(userKey: UserKey): string {
  if (typeof userKey === 'string') return `s${userKey}`
  if (typeof userKey === 'object') return `b${Buffer.from(checkBytes(userKey, 'key')).toString('latin1')}`
  return `i${userKey}`
}
