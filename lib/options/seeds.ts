/**
 * Seed nodes: the hosts that a client contacts first.
 */

import { describe } from '../common/describe'
import { invalidArgument, invalidHost } from '../common/errors'
import { checkOptions, integerOption, optionsObject, stringOption } from '../common/options'
import { quote } from '../common/shorten'

const DEFAULT_PORT = 3000

/**
 * A seed node. The client discovers the other nodes of the cluster from it. A string is `'host'`, `'host:port'` or
 * `'[ipv6]:port'`; the default port is 3000. A TLS name is the name in the node's certificate; see `tls`.
 */
export type Host =
  | string
  | readonly [host: string, port: number]
  | readonly [host: string, port: number, tlsName: string]
  | { readonly host: string; readonly port?: number | undefined; readonly tlsName?: string | undefined }

/** A seed node, parsed. */
export interface Seed {
  readonly name: string
  readonly port: number
  readonly tlsName: string | undefined
}

const PORT = integerOption(1, 65_535)
const HOST = /^(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^:\s]+))(?::(?<tls>[^:\s]+))??(?::(?<port>\d{1,5}))?$/

/** Parses `host`, `host:port` or `host:tlsName:port`; an IPv6 address is in brackets. Returns undefined for other text. */
export function hostOf(
  text: string,
): { readonly name: string; readonly port: number; readonly tlsName?: string } | undefined {
  const parts = HOST.exec(text.trim())?.groups
  if (parts === undefined) return undefined
  const name = (parts.ipv6 ?? parts.name) as string
  const port = parts.port === undefined ? DEFAULT_PORT : Number(parts.port)
  return parts.tls === undefined ? { name, port } : { name, port, tlsName: parts.tls }
}

/** Removes user and password from a URI or an address: messages must not contain them. */
function withoutUser(text: string): string {
  return text.slice(text.lastIndexOf('@') + 1)
}

/** The address in a URI: the part between the scheme or the user, and the path. */
function addressIn(uri: string): string {
  return withoutUser(uri.slice(uri.indexOf('://') + 3)).replace(/[/?#].*$/, '')
}

function parseHost(text: string, where: string): Seed {
  if (text.includes('://')) throw invalidHost(`${where}: a URI is not an address; use ${quote(addressIn(text))}`)
  const host = hostOf(text)
  if (host === undefined) {
    throw invalidHost(`${where}: ${quote(withoutUser(text))} is not host, host:port or host:tlsName:port`)
  }
  return { name: host.name, port: PORT(host.port, `${where}: the port`), tlsName: host.tlsName }
}

/** Splits a list at its commas, and leaves out empty items. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

/** Parses a list of hosts with commas between them. */
export function parseHosts(text: string, where: string): Seed[] {
  const hosts = listed(text)
  if (hosts.length === 0) {
    throw invalidHost(`${where}: ${quote(text)} is not host, host:port or host:tlsName:port`)
  }
  return hosts.map(host => parseHost(host, where))
}

function parseSeed(host: unknown, where: string): Seed {
  if (typeof host === 'string') return parseHost(host, where)
  if (Array.isArray(host)) {
    const [name, port, tlsName] = host as unknown[]
    return {
      name: stringOption(name, `${where}: the host`),
      port: PORT(port, `${where}: the port`),
      tlsName: tlsName === undefined ? undefined : stringOption(tlsName, `${where}: the TLS name`),
    }
  }
  const given = optionsObject(host, where)
  checkOptions(given, where, ['host', 'port', 'tlsName'])
  return {
    name: stringOption(given.host, `${where}: the host`),
    port: given.port === undefined ? DEFAULT_PORT : PORT(given.port, `${where}: the port`),
    tlsName: given.tlsName === undefined ? undefined : stringOption(given.tlsName, `${where}: the TLS name`),
  }
}

/** Parses the option `hosts`. */
export function parseSeeds(hosts: unknown, where: string): Seed[] {
  if (typeof hosts === 'string') return parseHosts(hosts, where)
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw invalidArgument(`${where}: 'host:port' or a list of seeds is needed, not ${describe(hosts)}`)
  }
  return hosts.map(host => parseSeed(host, where))
}
