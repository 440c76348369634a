/**
 * Connection URIs: `aerospike://user:password@host:port,host/namespace?option=value`. No error repeats a part of the URI
 * that could be a password.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { quote } from '../common/shorten'
import { hostOf, listed, type Seed } from './seeds'

/** The parts of a connection URI. */
export interface ConnectionUri {
  /** Whether the scheme is `aerospikes:`. */
  readonly tls: boolean
  readonly seeds: readonly Seed[]
  readonly user: string | undefined
  readonly password: string | undefined
  readonly namespace: string | undefined
  /** The parameters after `?`, as text. */
  readonly parameters: ReadonlyMap<string, string>
}

const EXAMPLE = 'aerospike://127.0.0.1:3000'
const ESCAPES = "for example '@' as %40, ':' as %3A, '/' as %2F, '?' as %3F, '#' as %23 and '%' as %25"

/** Characters that need no escape in any part, and escapes. */
const PLAIN = /^(?:[\w\-.~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*$/

/** The same for values of parameters, which can be paths of files. */
const PLAIN_VALUE = /^(?:[\w\-.~!$&'()*+,;=:/?]|%[0-9A-Fa-f]{2})*$/

/** Decodes a part of a URI. */
function decoded(text: string, what: string, where: string, plain = PLAIN): string {
  if (plain.test(text)) {
    try {
      return decodeURIComponent(text)
    } catch {
      // The escaped bytes are not UTF-8.
    }
  }
  throw invalidArgument(`${where}: the ${what} contains a character that must be percent-encoded: ${ESCAPES}`)
}

function credentialsOf(text: string | undefined, where: string): Pick<ConnectionUri, 'user' | 'password'> {
  if (text === undefined) return { user: undefined, password: undefined }
  if (text.includes('@')) {
    throw invalidArgument(`${where}: the user or the password contains '@', which must be percent-encoded as %40`)
  }
  const colon = text.indexOf(':')
  const user = decoded(colon < 0 ? text : text.slice(0, colon), 'user', where)
  const password = colon < 0 ? undefined : decoded(text.slice(colon + 1), 'password', where)
  if (user === '') throw invalidArgument(`${where}: a user is needed before the '@'`)
  return { user, password }
}

/** A TLS name needs TLS and a port, so that a forgotten '@' cannot turn a password into a TLS name. */
function fitsTls({ tlsName }: { readonly tlsName?: string }, host: string, tls: boolean): boolean {
  return tlsName === undefined || (tls && /:\d+$/.test(host))
}

function seedsOf(text: string, tls: boolean, where: string): Seed[] {
  const hosts = listed(text)
  if (hosts.length === 0) throw invalidArgument(`${where}: it has no host; write it as in ${EXAMPLE}`)
  return hosts.map((host, index) => {
    const seed = hostOf(/%/.test(host) && !host.startsWith('[') ? decoded(host, 'host', where) : host)
    if (seed === undefined || seed.port < 1 || seed.port > 65_535 || !fitsTls(seed, host, tls)) {
      const item = hosts.length === 1 ? 'the host' : `host ${index + 1} of the list`
      throw invalidArgument(
        `${where}: ${item} is not host, host:port or [ipv6]:port (with aerospikes: also host:tlsName:port), with a port from 1 to 65535; a user and a password end with '@'`,
      )
    }
    return { name: seed.name, port: seed.port, tlsName: seed.tlsName }
  })
}

function namespaceOf(path: string, where: string): string | undefined {
  const names = path.split('/').filter(name => name !== '')
  if (names.length > 1) {
    throw invalidArgument(`${where}: the path has ${names.length} parts; it can only name one namespace`)
  }
  return names[0] === undefined ? undefined : decoded(names[0], 'namespace', where)
}

function parametersOf(query: string, where: string): Map<string, string> {
  const parameters = new Map<string, string>()
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decoded(equals < 0 ? part : part.slice(0, equals), 'name of a parameter', where)
    if (equals < 0) throw invalidArgument(`${where}: the parameter ${quote(name)} has no value; write ${name}=value`)
    if (parameters.has(name)) throw invalidArgument(`${where}: the parameter ${quote(name)} is there twice`)
    parameters.set(name, decoded(part.slice(equals + 1), `value of the parameter ${quote(name)}`, where, PLAIN_VALUE))
  }
  return parameters
}

/**
 * Parses a connection URI; `where` names it in errors.
 * @throws InvalidArgError if it is malformed
 */
export function parseUri(uri: unknown, where: string): ConnectionUri {
  if (typeof uri !== 'string')
    throw invalidArgument(`${where}: a URI such as ${EXAMPLE} is needed, not ${describe(uri)}`)
  const [all, scheme, rest] = /^\s*([A-Za-z][A-Za-z\d+.-]*):\/\/(.*?)\s*$/s.exec(uri) ?? []
  if (all === undefined) throw invalidArgument(`${where}: it does not begin with aerospike:// or aerospikes://`)
  const name = (scheme as string).toLowerCase()
  if (name !== 'aerospike' && name !== 'aerospikes') {
    throw invalidArgument(`${where}: the scheme is ${quote(name)}; aerospike:// or aerospikes:// (with TLS) is needed`)
  }
  const [, authority = '', path = '', query = ''] = /^([^/?#]*)([^?#]*)(?:\?([^#]*))?/s.exec(rest as string) ?? []
  const end = authority.length + path.length + (query === '' ? 0 : query.length + 1)
  if (`${path}${query}${(rest as string).slice(end)}`.includes('@')) {
    throw invalidArgument(
      `${where}: there is an '@' after the hosts; in a user, a password or a value, special characters must be percent-encoded: ${ESCAPES}`,
    )
  }
  if ((rest as string).includes('#'))
    throw invalidArgument(`${where}: it contains '#', which must be percent-encoded as %23`)
  const at = authority.lastIndexOf('@')
  return {
    tls: name === 'aerospikes',
    ...credentialsOf(at < 0 ? undefined : authority.slice(0, at), where),
    seeds: seedsOf(authority.slice(at + 1), name === 'aerospikes', where),
    namespace: namespaceOf(path, where),
    parameters: parametersOf(query, where),
  }
}
