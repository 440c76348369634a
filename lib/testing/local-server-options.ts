/**
 * The options of `LocalServer.start`, as arguments of aerospike-local.
 */
import { isIP } from 'node:net'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { booleanOption, checkOptions, integerOption, optionsObject, stringOption, wordOption } from '../common/options'

/** Options of `LocalServer.start`. */
export interface LocalServerOptions {
  /** IP address that the server listens at, such as `::1` or `0.0.0.0`. Default `127.0.0.1`. */
  host?: string | undefined
  /** Port; 0 for any free port. Default 0. */
  port?: number | undefined
  /**
   * Number of nodes in the cluster, 1 to 64, all in one process. With a `port`, the nodes use consecutive ports.
   * Default 1.
   */
  nodes?: number | undefined
  /** Number of copies of each record. Default 2; 1 with a single node. */
  replicationFactor?: number | undefined
  /** Rack id of each node. Default 0. */
  racks?: readonly number[] | undefined
  /** Names of the namespaces. Default `['test']`. */
  namespaces?: readonly string[] | undefined
  /**
   * Host of the addresses that the nodes report to clients, instead of the one that the client has connected to. Use it to
   * test `ipMap`. Default: none.
   */
  accessAddress?: string | undefined
  /** Host of the nodes' alternate addresses, for clients with `useServicesAlternate`. Default: none. */
  alternateAccessAddress?: string | undefined
  /** Accept compressed requests, and compress responses to clients with `compress`, as in the Enterprise Edition. Default false. */
  compression?: boolean | undefined
  /**
   * Datacenters of cross-datacenter replication, whose filters `setXdrFilter` sets. No records are shipped. Default: none,
   * as in the Community Edition.
   */
  xdrDatacenters?: readonly string[] | undefined
  /** Name of the cluster. Default: none. */
  clusterName?: string | undefined
  /**
   * Strong consistency, as in the Enterprise Edition: transactions and durable deletes. Deletes that are not durable and
   * times to live are refused, and the partitions of a stopped node may become unavailable. `true` for all namespaces.
   * Default false.
   */
  strongConsistency?: boolean | LocalStrongConsistency | undefined
  /** Time to live in seconds of records that are written without one; 0: never expires. Default 0. */
  defaultTtl?: number | undefined
  /** Maximum size of a record in bytes. Default 1 MiB. */
  maxRecordSize?: number | undefined
  /**
   * Access control: clients have to log in, and commands need privileges, as in the Enterprise Edition. `true` starts
   * with one user, `admin` with the password `admin`, who may do everything. Default false.
   */
  security?: boolean | LocalSecurity | undefined
  /**
   * TLS connections on a further port of each node, with certificates of an authority that is made at the start.
   * Default false.
   */
  tls?: boolean | LocalTls | undefined
}

/** Strong consistency of a {@link LocalServer}. */
export interface LocalStrongConsistency {
  /** Names of the namespaces with strong consistency. Default: all. */
  namespaces?: readonly string[] | undefined
  /**
   * Seconds after which the server ends a transaction for which the client sets no timeout, 1 to 120. Default 10.
   */
  transactionTimeout?: number | undefined
}

/** TLS of a {@link LocalServer}. */
export interface LocalTls {
  /** Port of the first node for TLS; 0 for any free port. The other nodes use the ports that follow. Default 0. */
  port?: number | undefined
  /** Name in the server's certificate, besides its address. Default `localhost`. */
  name?: string | undefined
  /** Whether clients need a certificate of the authority. Default false. */
  authenticateClient?: boolean | undefined
  /** Common name of the client certificate: the user of a client that authenticates with it. Default `client`. */
  clientName?: string | undefined
  /** Certificate of the server. Default `valid`. */
  certificate?: ServerCertificateKind | undefined
}

/**
 * Certificate of a server.
 *
 * - `valid`: valid for the server's name and address.
 * - `expired`, `not-yet-valid`: outside its period of validity.
 * - `wrong-name`: for another server.
 * - `unknown-authority`: of another authority than {@link LocalServer.ca}.
 */
export type ServerCertificateKind = ClientCertificateKind | 'wrong-name'

/**
 * Certificate of a client.
 *
 * - `valid`: accepted by the server.
 * - `expired`, `not-yet-valid`: outside its period of validity.
 * - `unknown-authority`: of an authority that the server does not trust.
 */
export type ClientCertificateKind = 'valid' | 'expired' | 'not-yet-valid' | 'unknown-authority'

/** Access control of a {@link LocalServer}. */
export interface LocalSecurity {
  /** Users that exist from the start, besides `admin`. An entry named `admin` replaces that user. Default: none. */
  users?: readonly LocalUser[] | undefined
  /**
   * Lifetime of sessions in seconds: how long a login authenticates new connections of a client without another login.
   * Default 86400. See also {@link LocalServer.expireSessions}.
   */
  sessionTtl?: number | undefined
  /** Whether roles may have quotas. Default true. */
  quotas?: boolean | undefined
}

/** A user of a {@link LocalServer} that exists from the start. */
export interface LocalUser {
  /** Name of the user. */
  name: string
  /** Password; required unless the user authenticates with a client certificate. */
  password?: string | undefined
  /** Names of predefined roles, such as `'read-write'`. */
  roles: readonly string[]
  /**
   * How the user authenticates. Default `internal`.
   *
   * - `internal`: with the password, of which the client sends a hash.
   * - `external`: with the password in clear text, which a real server passes to LDAP.
   * - `pki`: with a client certificate whose common name is the user's name.
   */
  authMode?: 'internal' | 'external' | 'pki' | undefined
}

const MAX_NODES = 64

const KNOWN = [
  'host',
  'port',
  'nodes',
  'replicationFactor',
  'racks',
  'accessAddress',
  'alternateAccessAddress',
  'compression',
  'xdrDatacenters',
  'namespaces',
  'clusterName',
  'defaultTtl',
  'maxRecordSize',
  'strongConsistency',
  'security',
  'tls',
]

const CLIENT_CERTIFICATE = { valid: 0, expired: 1, 'not-yet-valid': 2, 'unknown-authority': 3 }
const CLIENT_CERTIFICATE_OPTION = wordOption(CLIENT_CERTIFICATE)
const SERVER_CERTIFICATE_OPTION = wordOption({ ...CLIENT_CERTIFICATE, 'wrong-name': 4 })

/** Checks the kind of a server's certificate. */
export function serverCertificateKind(kind: unknown, name: string): string {
  SERVER_CERTIFICATE_OPTION(kind, name)
  return String(kind)
}

/** Checks the kind of a client's certificate. */
export function clientCertificateKind(kind: unknown, name: string): string {
  CLIENT_CERTIFICATE_OPTION(kind, name)
  return String(kind)
}

const AUTH_MODES = ['internal', 'external', 'pki'] as const
const AUTH_MODE = wordOption({ internal: 0, external: 1, pki: 2 })

/** A user whom tests can log in as. */
export interface Credentials {
  readonly user: string
  readonly password: string
}

/** Checks the options and returns the arguments of aerospike-local. */
export function argumentsOf(options: LocalServerOptions): string[] {
  const given = checked(options, 'LocalServer', KNOWN)
  const { host, port = 0, namespaces = ['test'], clusterName, defaultTtl, maxRecordSize } = options
  const names = [...namespaces].map(name => stringOption(name, 'LocalServer.namespaces'))
  const args = ['--stop-with-parent', '--control', '--port', String(integerOption(0, 65_535)(port, 'LocalServer.port'))]
  if (host !== undefined) args.push('--host', ipAddress(host))
  args.push('--namespace', names.join(','))
  args.push(...clusterArguments(options), ...networkArguments(options))
  if (clusterName !== undefined) args.push('--cluster-name', stringOption(clusterName, 'LocalServer.clusterName'))
  if (defaultTtl !== undefined)
    args.push('--default-ttl', String(integerOption(0)(defaultTtl, 'LocalServer.defaultTtl')))
  if (maxRecordSize !== undefined) {
    args.push('--max-record-size', String(integerOption(1)(maxRecordSize, 'LocalServer.maxRecordSize')))
  }
  args.push(...strongConsistencyArguments(given.strongConsistency, names, defaultTtl))
  args.push(...securityArguments(given.security), ...tlsArguments(given.tls))
  return args
}

function ipAddress(host: unknown): string {
  if (typeof host === 'string' && isIP(host) !== 0) return host
  throw invalidArgument(`LocalServer.host: an IP address is needed, not ${describe(host)}`)
}

function checked(value: unknown, what: string, known: readonly string[]): { [name: string]: unknown } {
  const given = optionsObject(value, what)
  checkOptions(given, what, known)
  return given
}

function clusterArguments({ nodes = 1, replicationFactor, racks = [] }: LocalServerOptions): string[] {
  const args: string[] = []
  const count = integerOption(1, MAX_NODES)(nodes, 'LocalServer.nodes')
  if (count !== 1) args.push('--nodes', String(count))
  if (replicationFactor !== undefined) {
    const factor = integerOption(1, MAX_NODES)(replicationFactor, 'LocalServer.replicationFactor')
    args.push('--replication-factor', String(factor))
  }
  const numbers = [...racks].map(rack => integerOption(0, 0xffff_ffff)(rack, 'LocalServer.racks'))
  if (numbers.length > count) throw invalidArgument(`LocalServer.racks: ${numbers.length} racks for ${count} nodes`)
  if (numbers.length > 0) args.push('--racks', numbers.join(','))
  return args
}

function networkArguments(options: LocalServerOptions): string[] {
  const args: string[] = []
  const { accessAddress, alternateAccessAddress, compression = false, xdrDatacenters = [] } = options
  if (accessAddress !== undefined) {
    args.push('--access-address', stringOption(accessAddress, 'LocalServer.accessAddress'))
  }
  if (alternateAccessAddress !== undefined) {
    const host = stringOption(alternateAccessAddress, 'LocalServer.alternateAccessAddress')
    args.push('--alternate-access-address', host)
  }
  if (booleanOption(compression, 'LocalServer.compression') === 1) args.push('--compression')
  const names = list(xdrDatacenters, 'LocalServer.xdrDatacenters')
  const datacenters = names.map(name => stringOption(name, 'LocalServer.xdrDatacenters'))
  if (datacenters.length > 0) args.push('--xdr-datacenters', datacenters.join(','))
  return args
}

function strongConsistencyArguments(value: unknown, existing: readonly string[], defaultTtl: unknown): string[] {
  const what = 'LocalServer.strongConsistency'
  if (value === undefined || value === false) return []
  if (defaultTtl !== undefined && defaultTtl !== 0) {
    throw invalidArgument('LocalServer.defaultTtl: records cannot expire with strongConsistency')
  }
  if (value === true) return ['--strong-consistency']
  const { namespaces, transactionTimeout } = checked(value, what, ['namespaces', 'transactionTimeout'])
  const names =
    namespaces === undefined
      ? []
      : list(namespaces, `${what}.namespaces`).map(name => stringOption(name, `${what}.namespaces`))
  const unknown = names.find(name => !existing.includes(name))
  if (unknown !== undefined) throw invalidArgument(`${what}.namespaces: the namespace '${unknown}' does not exist`)
  if (namespaces !== undefined && names.length === 0) return []
  const args = [names.length === 0 ? '--strong-consistency' : `--strong-consistency=${names.join(',')}`]
  if (transactionTimeout !== undefined) {
    args.push('--mrt-duration', String(integerOption(1, 120)(transactionTimeout, `${what}.transactionTimeout`)))
  }
  return args
}

function securityArguments(security: unknown): string[] {
  if (security === undefined || security === false) return []
  const args = ['--security']
  if (security === true) return args
  const {
    users = [],
    sessionTtl,
    quotas,
  } = checked(security, 'LocalServer.security', ['users', 'sessionTtl', 'quotas'])
  for (const user of list(users, 'LocalServer.security.users')) args.push(userArgument(user))
  if (sessionTtl !== undefined) {
    args.push('--session-ttl', String(integerOption(1)(sessionTtl, 'LocalServer.security.sessionTtl')))
  }
  if (quotas !== undefined && booleanOption(quotas, 'LocalServer.security.quotas') === 0) args.push('--no-quotas')
  return args
}

function tlsArguments(tls: unknown): string[] {
  if (tls === undefined || tls === false) return []
  const args = ['--tls']
  if (tls === true) return args
  const what = 'LocalServer.tls'
  const known = ['port', 'name', 'authenticateClient', 'clientName', 'certificate']
  const { port, name, authenticateClient, clientName, certificate } = checked(tls, what, known)
  if (port !== undefined) args.push('--tls-port', String(integerOption(0, 65_535)(port, `${what}.port`)))
  if (name !== undefined) args.push('--tls-name', stringOption(name, `${what}.name`))
  if (authenticateClient !== undefined && booleanOption(authenticateClient, `${what}.authenticateClient`) === 1) {
    args.push('--tls-authenticate-client')
  }
  if (clientName !== undefined) args.push('--tls-client-name', stringOption(clientName, `${what}.clientName`))
  if (certificate !== undefined) {
    args.push('--tls-certificate', serverCertificateKind(certificate, `${what}.certificate`))
  }
  return args
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidArgument(`${name}: an array is needed`)
  return value
}

function userArgument(value: unknown): string {
  const what = 'LocalServer.security.users'
  const given = checked(value, what, ['name', 'password', 'roles', 'authMode'])
  const name = stringOption(given.name, `${what}: name`)
  if (name.includes(':')) throw invalidArgument(`${what}: name: a name without a colon is needed`)
  const roles = list(given.roles, `${what}: roles`).map(role => stringOption(role, `${what}: roles`))
  const authMode = AUTH_MODES[AUTH_MODE(given.authMode ?? 'internal', `${what}: authMode`)]
  if (authMode === 'pki') {
    if (given.password !== undefined) throw invalidArgument(`${what}: password: a user with 'pki' has none`)
    return `--pki-user=${name}:${roles.join(',')}`
  }
  const password = stringOption(given.password, `${what}: password`)
  return `--${authMode === 'external' ? 'external-' : ''}user=${name}:${password}:${roles.join(',')}`
}

/** The credentials of the user `admin`, if the server has access control. */
export function adminOf({ security }: LocalServerOptions): Credentials | undefined {
  if (security === undefined || security === false) return undefined
  const users = security === true ? [] : (security.users ?? [])
  const admin = users.findLast(user => user.name === 'admin')
  return { user: 'admin', password: admin === undefined ? 'admin' : (admin.password ?? '') }
}
