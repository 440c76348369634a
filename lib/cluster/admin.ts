/**
 * Users, roles and privileges: their types, and the checks of what the protocol can carry.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, integerOption, optionsObject } from '../common/options'
import { quote } from '../common/shorten'
import { NAMESPACE_NAMES, namespaceOf } from '../values/namespace'
import { writeText } from '../values/value'
import type { Reader, Writer } from '../wire/wire'

/** Codes that apply to the whole cluster. */
const GLOBAL = ['user-admin', 'sys-admin', 'data-admin', 'udf-admin', 'sindex-admin', 'masking-admin'] as const

/** Codes that may be limited to a namespace or a set. */
const SCOPED = ['read', 'read-write', 'read-write-udf', 'write', 'truncate', 'read-masked', 'write-masked'] as const

/** A privilege that applies to the whole cluster; it cannot have a namespace or a set. */
export type GlobalPrivilegeCode = (typeof GLOBAL)[number]

/** A privilege that can be limited to a namespace or a set. */
export type ScopedPrivilegeCode = (typeof SCOPED)[number]

/** What a privilege allows; the `PRIV_*` constants. */
export type PrivilegeCode = GlobalPrivilegeCode | ScopedPrivilegeCode

/** A privilege, as roles list it. */
export interface Privilege {
  /** What it allows. A code that is newer than this package is `unknown-` and its number. */
  readonly code: PrivilegeCode | `unknown-${number}`
  /** Namespace to which it is limited. Absent: all namespaces. */
  readonly namespace?: string | undefined
  /** Set to which it is limited. Absent: all sets of the namespace. */
  readonly set?: string | undefined
}

/**
 * A privilege to grant or revoke: its code alone for the whole cluster, or limited to a namespace, or to a set of a
 * namespace.
 */
export type PrivilegeLike =
  | PrivilegeCode
  | {
      /** What it allows. */
      readonly code: PrivilegeCode
      /** Namespace to which it is limited. Default: all namespaces. */
      readonly namespace?: string | null | undefined
      /** Alias of `namespace`: the name in aerospike-py. */
      readonly ns?: string | null | undefined
      /** Set to which it is limited; needs a namespace. Default: all sets of the namespace. */
      readonly set?: string | null | undefined
    }
  | Privilege

/** What a user currently does, in records per second. */
export interface UsageInfo {
  /** Quota of the user's roles; 0: none. */
  readonly quota: number
  /** Rate of single-record commands. */
  readonly singleRecordTps: number
  /** Rate of records of scans and queries. */
  readonly scanQueryRps: number
  /** Number of running scans and queries that have no `recordsPerSecond`. */
  readonly limitlessScanQuery: number
}

/** A user. */
export interface UserInfo {
  /** Name of the user. */
  readonly user: string
  /** Names of the user's roles. */
  readonly roles: string[]
  /** Number of connections that the user has open to the node that answered. */
  readonly connsInUse: number
  /** Reads of the user; undefined if the server does not report it. */
  readonly readInfo: UsageInfo | undefined
  /** Writes of the user; undefined if the server does not report it. */
  readonly writeInfo: UsageInfo | undefined
}

/** A role. */
export interface RoleInfo {
  /** Name of the role. */
  readonly name: string
  /** What the role allows. */
  readonly privileges: Privilege[]
  /** Addresses and networks from which its users may connect. Empty: from anywhere. */
  readonly allowlist: string[]
  /** Maximum number of records that a user may read per second; 0: no limit. */
  readonly readQuota: number
  /** Maximum number of records that a user may write per second; 0: no limit. */
  readonly writeQuota: number
}

/** Limits of a role. */
export interface RoleLimits {
  /** Addresses and networks from which its users may connect, such as `'10.0.0.0/8'`. Default: from anywhere. */
  allowlist?: readonly string[] | undefined
  /** Maximum number of records that a user may read per second; 0: no limit. Default 0. */
  readQuota?: number | undefined
  /** Maximum number of records that a user may write per second; 0: no limit. Default 0. */
  writeQuota?: number | undefined
}

/** Size of a request and of its header in the core, which has no larger buffer for the requests of this module. */
const REQUEST_BYTES = 1024
const HEADER_BYTES = 24
/** Size of the header of a field. */
const FIELD_BYTES = 5
/** Size of the hash of a password. */
const HASH_BYTES = 60
/** Lengths of names and lists have one byte. */
const MAX_BYTE = 255

const QUOTA = integerOption(0)

/** Counts the bytes of a request, and rejects one that does not fit. */
export class RequestSize {
  #bytes = HEADER_BYTES

  constructor(readonly command: string) {}

  /** Adds a field. */
  add(bytes: number): void {
    this.#bytes += FIELD_BYTES + bytes
  }

  /** Adds the hash of a password. */
  addPassword(): void {
    this.add(HASH_BYTES)
  }

  /** Rejects a request that is too large. */
  check(): void {
    if (this.#bytes <= REQUEST_BYTES) return
    throw invalidArgument(
      `${this.command}: names, roles, privileges and addresses take ${this.#bytes} bytes, but a request can have ` +
        `${REQUEST_BYTES}; use shorter names, or divide the list into several calls`,
    )
  }
}

/** Validates the name of a user or a role, or an address. */
export function adminName(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidArgument(`${where}: a name is needed, not ${value === '' ? 'an empty string' : describe(value)}`)
  }
  return value
}

function shortName(value: unknown, where: string): string {
  const name = adminName(value, where)
  const bytes = Buffer.byteLength(name)
  if (bytes <= MAX_BYTE) return name
  throw invalidArgument(`${where}: ${quote(name)} has ${bytes} bytes; at most ${MAX_BYTE} are possible`)
}

function list(value: unknown, where: string, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidArgument(`${where}: an array of ${what} is needed, not ${describe(value)}`)
  if (value.length <= MAX_BYTE) return value
  throw invalidArgument(`${where}: ${value.length} ${what} are given; at most ${MAX_BYTE} are possible in one call`)
}

/** Writes the name of a user or a role. */
export function writeName(writer: Writer, value: unknown, where: string, size: RequestSize): void {
  const name = adminName(value, where)
  size.add(Buffer.byteLength(name))
  writeText(writer, name, where)
}

/** Writes a new password. The message of an error does not repeat it. */
export function writePassword(writer: Writer, value: unknown, where: string, size: RequestSize): void {
  if (typeof value !== 'string' || value === '') {
    const what = value === '' ? 'an empty one' : describe(value)
    throw invalidArgument(`${where}: a string is needed, not ${what}`)
  }
  size.addPassword()
  writeText(writer, value, where)
}

/** Writes the names of roles. */
export function writeRoles(writer: Writer, value: unknown, where: string, size: RequestSize, least: 0 | 1): void {
  const roles = list(value, where, 'roles')
  if (roles.length < least) throw invalidArgument(`${where}: at least one role is needed`)
  writer.u16(roles.length)
  let bytes = 1
  for (const [index, role] of roles.entries()) {
    const name = shortName(role, `${where}[${index}]`)
    bytes += 1 + Buffer.byteLength(name)
    writeText(writer, name, `${where}[${index}]`)
  }
  size.add(bytes)
}

const PRIVILEGE_FIELDS = ['code', ...NAMESPACE_NAMES, 'set']

interface Scope {
  readonly code: string
  readonly namespace: string
  readonly set: string
}

function scopeOf(value: unknown, where: string): string {
  return value === undefined || value === null || value === '' ? '' : shortName(value, where)
}

/** Validates a privilege; an absent or empty namespace or set means all of them. */
function checkPrivilege(value: unknown, where: string): Scope {
  const given = typeof value === 'string' ? { code: value } : optionsObject(value, where)
  checkOptions(given, where, PRIVILEGE_FIELDS)
  const { code } = given as { code?: unknown }
  const global = (GLOBAL as readonly unknown[]).includes(code)
  if (!global && !(SCOPED as readonly unknown[]).includes(code)) {
    const known = [...GLOBAL, ...SCOPED].map(name => `'${name}'`).join(', ')
    const hint = typeof code === 'number' ? '; privileges are strings, as the PRIV_* constants are' : ''
    throw invalidArgument(`${where}: code: one of ${known} is needed, not ${describe(code)}${hint}`)
  }
  const namespace = scopeOf(namespaceOf(given, where), `${where}.namespace`)
  const set = scopeOf((given as { set?: unknown }).set, `${where}.set`)
  if (global && (namespace !== '' || set !== '')) {
    throw invalidArgument(
      `${where}: '${String(code)}' applies to the whole cluster, and cannot be limited to a namespace or a set`,
    )
  }
  if (set !== '' && namespace === '') {
    throw invalidArgument(`${where}: the set ${quote(set)} needs a namespace`)
  }
  return { code: code as string, namespace, set }
}

/** Writes privileges. */
export function writePrivileges(writer: Writer, value: unknown, where: string, size: RequestSize, least: 0 | 1): void {
  const privileges = list(value, where, 'privileges')
  if (privileges.length < least) throw invalidArgument(`${where}: at least one privilege is needed`)
  writer.u16(privileges.length)
  let bytes = 1
  for (const [index, privilege] of privileges.entries()) {
    const { code, namespace, set } = checkPrivilege(privilege, `${where}[${index}]`)
    bytes += 3 + Buffer.byteLength(namespace) + Buffer.byteLength(set)
    writeText(writer, code, `${where}[${index}].code`)
    writeText(writer, namespace, `${where}[${index}].namespace`)
    writeText(writer, set, `${where}[${index}].set`)
  }
  if (privileges.length > 0) size.add(bytes)
}

/** Writes the addresses of an allowlist. */
export function writeAllowlist(writer: Writer, value: unknown, where: string, size: RequestSize): void {
  const addresses = list(value, where, 'addresses')
  writer.u16(addresses.length)
  let bytes = 0
  for (const [index, given] of addresses.entries()) {
    const address = adminName(given, `${where}[${index}]`)
    if (/[,\s]/.test(address)) {
      throw invalidArgument(`${where}[${index}]: ${quote(address)} is not one address or network`)
    }
    bytes += Buffer.byteLength(address) + 1
    writeText(writer, address, `${where}[${index}]`)
  }
  if (addresses.length > 0) size.add(bytes - 1)
}

/** Writes a quota; an absent one means no limit. */
export function writeQuota(writer: Writer, value: unknown, where: string, size: RequestSize): void {
  writer.u32(value === undefined || value === null ? 0 : QUOTA(value, where))
  size.add(4)
}

const LIMITS: readonly string[] = ['allowlist', 'readQuota', 'writeQuota']

/** Writes the limits of a new role. */
export function writeLimits(writer: Writer, value: unknown, where: string, size: RequestSize): void {
  const given = value === undefined || value === null ? {} : optionsObject(value, where)
  checkOptions(given, where, LIMITS)
  const { allowlist = [], readQuota, writeQuota: writes } = given as { [name: string]: unknown }
  writeAllowlist(writer, allowlist, `${where}.allowlist`, size)
  writeQuota(writer, readQuota, `${where}.readQuota`, size)
  writeQuota(writer, writes, `${where}.writeQuota`, size)
}

function readTexts(reader: Reader): string[] {
  return Array.from({ length: reader.u16() }, () => reader.text())
}

function readUsage(reader: Reader): UsageInfo | undefined {
  const numbers = Array.from({ length: reader.u16() }, () => reader.u32())
  if (numbers.length === 0) return undefined
  const [quota = 0, singleRecordTps = 0, scanQueryRps = 0, limitlessScanQuery = 0] = numbers
  return { quota, singleRecordTps, scanQueryRps, limitlessScanQuery }
}

/** Reads users. */
export function readUsers(reader: Reader): UserInfo[] {
  return Array.from({ length: reader.u32() }, () => ({
    user: reader.text(),
    roles: readTexts(reader),
    connsInUse: reader.u32(),
    readInfo: readUsage(reader),
    writeInfo: readUsage(reader),
  }))
}

function readPrivilege(reader: Reader): Privilege {
  const code = reader.text() as Privilege['code']
  const [namespace, set] = [reader.text(), reader.text()]
  return { code, ...(namespace !== '' && { namespace }), ...(set !== '' && { set }) }
}

/** Reads roles. */
export function readRoles(reader: Reader): RoleInfo[] {
  return Array.from({ length: reader.u32() }, () => ({
    name: reader.text(),
    privileges: Array.from({ length: reader.u16() }, () => readPrivilege(reader)),
    allowlist: readTexts(reader),
    readQuota: reader.u32(),
    writeQuota: reader.u32(),
  }))
}
