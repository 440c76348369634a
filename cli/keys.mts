/**
 * Keys and sets on the command line.
 */
import { Key, type UserKey } from 'aerospike-napi'
import { type ConnectionOptions, defaultNamespace } from './connection.mjs'
import { usageError } from './exit-codes.mjs'
import { integerOf } from './values.mjs'

/** How the text of a user key is read. */
export const KEY_TYPES = ['auto', 'string', 'int', 'bytes', 'digest'] as const
export type KeyType = (typeof KEY_TYPES)[number]

/** A namespace and a set; null means all sets. */
export interface Target {
  readonly namespace: string
  readonly set: string | null
}

/** The name of a target in messages. */
export function targetName({ namespace, set }: Target): string {
  return set === null ? namespace : `${namespace}/${set}`
}

function namespaceOr(text: string, options: ConnectionOptions): string {
  if (text !== '') return text
  const namespace = defaultNamespace(options)
  if (namespace !== undefined) return namespace
  throw usageError('no namespace: name it, as in test/users, or set --namespace or the path of the URI')
}

/** Parses `test/users`, `test users`, or `/users` in the default namespace. A namespace alone means all of its sets. */
export function parseTarget(parts: readonly string[], options: ConnectionOptions): Target {
  if (parts.length > 2)
    throw usageError(`a namespace and a set are needed, as in test/users, not ${parts.length} words`)
  const [first = '', second] = parts
  const slash = first.indexOf('/')
  if (second !== undefined && slash >= 0) {
    throw usageError(`write the namespace and the set as ${first} or as two words, not both`)
  }
  const set = second ?? (slash < 0 ? null : first.slice(slash + 1))
  if (set?.includes('/')) throw usageError(`'${first}' names a record; a set is written as test/users`)
  const namespace = namespaceOr(slash < 0 ? first : first.slice(0, slash), options)
  return { namespace, set: set === '' ? null : set }
}

/** A target that must have a set. */
export function parseSet(parts: readonly string[], options: ConnectionOptions): Target & { readonly set: string } {
  const { namespace, set } = parseTarget(parts, options)
  if (set === null) throw usageError(`a set is needed, as in ${namespace}/users`)
  return { namespace, set }
}

/**
 * Parses the text of a user key. `auto`: digits are an integer; text in double quotes, x'0aff' and everything else is a
 * string, bytes, and a string.
 */
export function parseUserKey(text: string, type: KeyType): UserKey {
  switch (type) {
    case 'string':
      return text
    case 'int': {
      const value = /^-?\d+$/.test(text) ? integerOf(text) : undefined
      if (value === undefined) throw usageError(`the key '${text}' is not a 64-bit integer`)
      return value
    }
    case 'bytes':
      return hexBytes(text.replace(/^0x/i, ''), text)
    default: {
      if (/^-?(?:0|[1-9]\d*)$/.test(text) && text !== '-0') return integerOf(text) ?? text
      const hex = /^x'(.*)'$/i.exec(text)?.[1]
      if (hex !== undefined) return hexBytes(hex, text)
      if (!/^".*"$/s.test(text)) return text
      try {
        return JSON.parse(text) as string
      } catch {
        throw usageError(`the key ${text} is not a string in double quotes`)
      }
    }
  }
}

function hexBytes(hex: string, text: string): Buffer {
  if (/^(?:[\da-f]{2})*$/i.test(hex)) return Buffer.from(hex, 'hex')
  throw usageError(`the key ${text} is not bytes: pairs of hexadecimal digits are needed`)
}

function keyOf(namespace: string, set: string, userKey: string, type: KeyType): Key {
  if (type !== 'digest') return new Key(namespace, set, parseUserKey(userKey, type))
  return Key.fromDigest(namespace, set, hexBytes(userKey.replace(/^0x/i, ''), userKey))
}

/** Parses `test/users/ada`, or `/users/ada` in the default namespace. The user key can contain slashes. */
function parsePath(text: string, type: KeyType, options: ConnectionOptions): Key {
  const [, namespace, set, userKey] = /^([^/]*)\/([^/]*)\/(.*)$/s.exec(text) ?? []
  if (namespace === undefined || set === undefined || userKey === undefined) {
    throw usageError(`'${text}' is not a key: write namespace/set/key, or the three as words`)
  }
  return keyOf(namespaceOr(namespace, options), set, userKey, type)
}

/**
 * Parses keys: one or more of the form `test/users/ada`, or the three words `test users ada`.
 */
export function parseKeys(words: readonly string[], type: KeyType, options: ConnectionOptions): Key[] {
  const [namespace = '', set = '', userKey = ''] = words
  if (words.length === 3 && !namespace.includes('/') && !set.includes('/')) {
    return [keyOf(namespaceOr(namespace, options), set, userKey, type)]
  }
  return words.map(word => parsePath(word, type, options))
}

/**
 * Splits words into a key and the rest: `test/users/ada name=Ada`, or `test users ada name=Ada`.
 */
export function splitKey(
  words: readonly string[],
  type: KeyType,
  options: ConnectionOptions,
): { readonly key: Key; readonly rest: readonly string[] } {
  const [first = '', second = ''] = words
  const count = first.includes('/') || second.includes('/') ? 1 : 3
  if (words.length < count) throw usageError('a key is needed: namespace/set/key, or the three as words')
  const [key] = parseKeys(words.slice(0, count), type, options) as [Key]
  return { key, rest: words.slice(count) }
}
