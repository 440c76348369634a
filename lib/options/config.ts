/**
 * The configuration of a client: its options, parsed and validated. `config-encoding.ts` encodes it for the native side.
 */

import { CLIENT_OPTIONS, type ClientOptionEntry } from '../catalog/client-options'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { setOwn, withoutUndefined } from '../common/objects'
import { booleanOption, checkOptions, integerOption, optionsObject, stringOption } from '../common/options'
import { quote } from '../common/shorten'
import { CONDITION_NAMES } from '../expressions/conditions'
import { MAX_NAMESPACE } from '../values/key'
import type { Int64, ReadOptions } from '../values/value'
import { optionalString, RULED_OPTIONS } from './config-fields'
import { AUTH_MODES, type CredentialsProvider, CredentialsSource, checkAuthentication } from './credentials'
import {
  type AdminPolicy,
  type BatchPolicy,
  type CallOptions,
  hasField,
  kindsWith,
  POLICY_FIELD_NAMES,
  POLICY_KINDS,
  type PolicyKind,
  type QueryPolicy,
  type ReadPolicy,
  type WritePolicy,
} from './policy'
import type { Host, Seed } from './seeds'
import { combine } from './sources'
import { parseTls, type TlsOptions, type TlsSettings } from './tls'

/** Which single-record calls share batch requests. */
export interface AutoBatch {
  /** Batch `get`, `getOrNull`, `select`, `exists` and `getMeta`. Default true. */
  reads?: boolean | undefined
  /**
   * Batch `put`, `removeBin`, `remove`, `touch`, `append`, `prepend`, `increment`, `operate`, `operateOrdered` and
   * `apply`, except calls with retries, compression or a transaction. Default false.
   */
  writes?: boolean | undefined
  /** Maximum number of calls in one batch, 2 to 5000. Default 256. */
  maxSize?: number | undefined
  /**
   * Milliseconds that a call waits for others even if no other call is running, 0 to 1000. 0: until the end of its
   * tick of the event loop. Default 0.
   */
  maxDelay?: number | undefined
}

/** Options that a single call takes, but not the defaults of a client. */
type CallOnly = keyof CallOptions | 'gen' | 'maxRecords' | 'tx'

/** Default policies of a client, by kind of call. */
export interface DefaultPolicies {
  /** Default policy of single-record reads. */
  read?: Omit<ReadPolicy, CallOnly> | undefined
  /** Default policy of single-record writes. */
  write?: Omit<WritePolicy, CallOnly> | undefined
  /** Default policy of batches. */
  batch?: Omit<BatchPolicy, CallOnly> | undefined
  /** Default policy of info requests and other administrative calls. */
  admin?: Omit<AdminPolicy, CallOnly> | undefined
  /** Default policy of queries and scans. */
  query?: Omit<QueryPolicy, CallOnly> | undefined
}

/** The fields of policies that may be set at the top level of a configuration. */
type ClientPolicyFields = Omit<WritePolicy & BatchPolicy & QueryPolicy, CallOnly>

/**
 * How to connect to a cluster, and the client's defaults. Policy fields at this level are defaults for every kind of
 * call that has them.
 */
export interface ClientConfig<M extends Int64 = Int64> extends ClientPolicyFields {
  /**
   * Connection URI: `aerospike://user:password@host:port,host/namespace?totalTimeout=500`. The other options of this
   * object take precedence over it. Default: the environment variable AEROSPIKE_URI, unless `hosts` is set.
   */
  uri?: string | undefined
  /** Seed nodes: `'host:port,host:port'` or a list. Default: those of the URI, or of AEROSPIKE_HOSTS. */
  hosts?: string | readonly Host[] | undefined
  /** Namespace of keys that name none: `['users', 'ada']`. Default: that of the URI; without one, a key names its own. */
  namespace?: string | undefined
  /**
   * Expected name of the cluster; `connect` fails if the cluster has another name. Default: that of the URI, or
   * AEROSPIKE_CLUSTER_NAME; without one, the name is not checked.
   */
  clusterName?: string | undefined
  /** User name. Default: that of the URI, or AEROSPIKE_USER; without one, no authentication. */
  user?: string | undefined
  /** Password of the user. Default: that of the URI, or AEROSPIKE_PASSWORD. */
  password?: string | undefined
  /** A function that returns the current credentials, in place of `user` and `password`. */
  credentials?: CredentialsProvider | undefined
  /**
   * How the user is authenticated. Default `internal`.
   *
   * - `internal`: by the server's own users; the password is sent as a hash.
   * - `external`: by an external system such as LDAP; the password is sent over TLS.
   * - `external-insecure`: by an external system, with the password sent in clear text.
   * - `pki`: by the client certificate of `tls`, whose subject names the user.
   */
  authMode?: 'internal' | 'external' | 'external-insecure' | 'pki' | undefined
  /** Encrypts the connections. `true` uses the certificate authorities of the system. Default: no TLS. */
  tls?: boolean | TlsOptions | undefined
  /** Milliseconds to open a connection. Default 1000. */
  timeout?: number | undefined
  /**
   * Milliseconds for the whole of `connect`. Default: `timeout` times the number of seeds, counted as at least three.
   */
  connectTimeout?: number | undefined
  /** Milliseconds for a login. Default 5000. */
  loginTimeout?: number | undefined
  /**
   * Milliseconds after which an unused connection is closed; 0: never. Keep it below the server's `proto-fd-idle-ms`. A
   * value from 1 to 999 emits a process warning, because it is probably meant in seconds. Default 55000.
   */
  idleTimeout?: number | undefined
  /** Connections to each node that are opened in advance. Default 0. */
  minConnsPerNode?: number | undefined
  /** Maximum number of connections to each node. Default 100. */
  maxConnsPerNode?: number | undefined
  /** Connection pools for each node, 1 to 255; more pools reduce contention on many cores. Default 1. */
  connPoolsPerNode?: number | undefined
  /**
   * Maximum number of connections to all nodes that are being opened at the same time, so that a restart does not flood
   * the cluster with logins and TLS handshakes. 0: no limit. Default 0.
   */
  openingConnectionThreshold?: number | undefined
  /** Milliseconds between checks of the cluster's state (tends), at least 250. Default 1000. */
  tendInterval?: number | undefined
  /**
   * Broken connections and overload errors of a node within a window, above which its circuit breaker opens: calls to
   * the node are rejected, or read from another node. 0: never. Default 100.
   */
  maxErrorRate?: number | undefined
  /** Length of that window, in tend intervals. Default 1. */
  errorRateWindow?: number | undefined
  /** Use the nodes' alternate addresses. Default false. */
  useServicesAlternate?: boolean | undefined
  /** Use only the seed nodes, and do not discover others. Default false. */
  seedOnlyCluster?: boolean | undefined
  /**
   * Whether `connect` rejects if no node answers within `connectTimeout`. With `false`, it resolves, and the client keeps
   * trying; until it has reached a node, calls fail with ClusterError and `isConnected()` returns false. A refused login
   * and a TLS failure reject in any case. Default true.
   */
  failIfNotConnected?: boolean | undefined
  /** Ids of the racks to prefer, in order; required by `replica: 'prefer-rack'`. */
  rackIds?: readonly number[] | undefined
  /** Maps addresses that the cluster reports to the addresses to use instead. */
  ipMap?: { readonly [address: string]: string } | undefined
  /** Name of the application, for the server's logs. */
  appId?: string | undefined
  /**
   * Maximum number of commands in flight; others wait in order. Default: `maxConnsPerNode` times the nodes at the time
   * of `connect`.
   */
  maxConcurrentCommands?: number | undefined
  /**
   * Maximum number of commands that wait for their turn; further commands fail with BackpressureError. Default: no
   * limit.
   */
  maxQueuedCommands?: number | undefined
  /**
   * Lets single-record calls of one tick share batch requests. `true` batches reads (`get`, `getOrNull`, `select`,
   * `exists`, `getMeta`). Each call keeps its own result, error, deadline and abort signal. Default false. No effect on
   * `ClientSync`.
   */
  autoBatch?: boolean | AutoBatch | undefined
  /**
   * How integers are decoded. Default `auto`.
   *
   * - `auto`: `number` within ±(2^53 - 1), otherwise `bigint`.
   * - `bigint`: always `bigint`.
   * - `number`: always `number`; a record with an integer outside ±(2^53 - 1) fails with ClientError.
   */
  int64?: M | undefined
  /**
   * How maps are decoded. Default `auto`.
   *
   * - `auto`: a plain object if all keys are strings, otherwise a `Map`. An empty map is an object.
   * - `map`: always a `Map`.
   * - `object`: always a plain object. Integer keys become decimal text, bytes hexadecimal text; if two keys have the
   *   same text, the record fails with ClientError.
   */
  maps?: 'auto' | 'map' | 'object' | undefined
  /** Default policies by kind of call; they override the fields at the top level. */
  policies?: DefaultPolicies | undefined
}

/** A validated configuration. */
export interface Settings extends ReadOptions {
  readonly seeds: readonly Seed[]
  /** The options without credentials and keys, combined with the URI and the environment variables. */
  readonly given: { readonly [name: string]: unknown }
  /** Namespace of keys that name none; empty if there is none. */
  readonly namespace: string
  readonly credentials: CredentialsSource
  readonly tls: TlsSettings | undefined
  /** Options with a rule in the catalog, as numbers: those that are given or have a default. */
  readonly numbers: { readonly [name: string]: number }
  readonly policies: { readonly [K in PolicyKind]: { readonly [field: string]: unknown } }
  /** Total timeout in milliseconds, by kind of call. */
  readonly timeouts: { readonly [K in PolicyKind]: number }
  readonly maxQueued: number
  readonly autoBatch: AutoBatchPolicy | undefined
  readonly ignoreUndefined: boolean
}

/** `autoBatch`, validated. */
export interface AutoBatchPolicy {
  readonly reads: boolean
  readonly writes: boolean
  readonly maxSize: number
  readonly maxDelay: number
}

/**
 * Minimum number of seeds that the default `connectTimeout` allows for: a node found through a single seed may also
 * hang.
 */
const LEAST_SEEDS = 3

const EXPRESSIONS: readonly string[] = CONDITION_NAMES

/** The names of all options. The type requires that each option of `ClientConfig` is in the catalog. */
const OWN_OPTIONS: { readonly [K in Exclude<keyof ClientConfig, keyof ClientPolicyFields>]-?: ClientOptionEntry } =
  CLIENT_OPTIONS

const OPTIONS: ReadonlySet<string> = new Set([...Object.keys(OWN_OPTIONS), ...POLICY_FIELD_NAMES, ...EXPRESSIONS])

/** Where a field belongs that is not a kind of policies. */
function placeOfPolicy(name: string): string | undefined {
  const kinds = kindsWith(name).map(kind => `config.policies.${kind}`)
  return kinds.length === 0 ? undefined : `${name} belongs at the top level of config, or in ${kinds.join(', ')}`
}

function parsePolicies(given: { [name: string]: unknown }): Settings['policies'] {
  const byKind = given.policies === undefined ? {} : optionsObject(given.policies, 'config.policies')
  checkOptions(byKind, 'config.policies', POLICY_KINDS, placeOfPolicy)
  const common = Object.keys(given).filter(name => POLICY_FIELD_NAMES.has(name) || EXPRESSIONS.includes(name))
  const merged = {} as { [K in PolicyKind]: { [field: string]: unknown } }
  for (const kind of POLICY_KINDS) {
    const policy: { [field: string]: unknown } = {}
    for (const name of common) {
      if (hasField(kind, name) || (EXPRESSIONS.includes(name) && kind !== 'admin')) setOwn(policy, name, given[name])
    }
    const own = byKind[kind]
    refuseCallOnly(own, kind)
    if (own === undefined) {
      merged[kind] = policy
      continue
    }
    const specific = optionsObject(own, `config.policies.${kind}`)
    // Both names mean the same field, so a kind's own filter replaces the one at the top level under either name.
    if (EXPRESSIONS.some(name => specific[name] !== undefined)) for (const name of EXPRESSIONS) delete policy[name]
    merged[kind] = { ...policy, ...withoutUndefined(specific) }
  }
  return merged
}

/** Rejects default policies with options that only make sense for a single call. */
function refuseCallOnly(policy: unknown, kind: PolicyKind): void {
  for (const name of ['signal', 'traceparent', 'tx', 'gen', 'maxRecords']) {
    if ((policy as { [name: string]: unknown } | undefined)?.[name] !== undefined) {
      throw invalidArgument(`config.policies.${kind}.${name}: it is an option of single calls`)
    }
  }
}

const AUTO_BATCH = {
  reads: { check: booleanOption, fallback: 1 },
  writes: { check: booleanOption, fallback: 0 },
  maxSize: { check: integerOption(2, 5000), fallback: 256 },
  maxDelay: { check: integerOption(0, 1000), fallback: 0 },
} as const

function parseAutoBatch(value: unknown): AutoBatchPolicy | undefined {
  if (value === undefined || value === false) return undefined
  const given = value === true ? {} : optionsObject(value, 'config.autoBatch')
  checkOptions(given, 'config.autoBatch', Object.keys(AUTO_BATCH))
  const option = (name: keyof typeof AUTO_BATCH): number => {
    const { check, fallback } = AUTO_BATCH[name]
    return given[name] === undefined ? fallback : check(given[name], `config.autoBatch.${name}`)
  }
  const reads = option('reads') !== 0
  const writes = option('writes') !== 0
  const [maxSize, maxDelay] = [option('maxSize'), option('maxDelay')]
  return reads || writes ? { reads, writes, maxSize, maxDelay } : undefined
}

/** Rejects TLS names without TLS, rather than sending data in clear text. */
function refuseTlsNames(seeds: readonly Seed[], tls: TlsSettings | undefined): void {
  if (tls === undefined && seeds.some(seed => seed.tlsName !== undefined)) {
    throw invalidArgument('config.hosts: a TLS name needs config.tls')
  }
}

function parseCredentials(given: { [name: string]: unknown }, authMode: number): CredentialsSource {
  const { credentials } = given
  if (credentials !== undefined && typeof credentials !== 'function') {
    throw invalidArgument(`config.credentials: a function is needed, not ${describe(credentials)}`)
  }
  return new CredentialsSource(
    authMode,
    optionalString(given, 'user'),
    parsePassword(given),
    credentials as CredentialsProvider | undefined,
  )
}

/** The options that are not secret. */
function withoutSecrets(given: { [name: string]: unknown }): { [name: string]: unknown } {
  const { user: _user, password: _password, credentials: _credentials, tls: _tls, ...rest } = given
  return rest
}

function parsePassword(given: { [name: string]: unknown }): string | undefined {
  const { password } = given
  if (password === undefined || typeof password === 'string') return password
  throw invalidArgument(`config.password: a string is needed, not ${describe(password)}`)
}

let warnedOfSeconds = false

/** Warns, once per process, about an idle timeout that was probably meant in seconds, as in aerospike-py's guide. */
function warnOfSeconds(idleTimeout: number): void {
  if (warnedOfSeconds || idleTimeout === 0 || idleTimeout >= 1000) return
  warnedOfSeconds = true
  const meant = `config.idleTimeout: ${idleTimeout} closes connections that were unused for ${idleTimeout} ms`
  process.emitWarning(`${meant}; it counts milliseconds, so ${idleTimeout} seconds are ${idleTimeout}000`, {
    type: 'AerospikeWarning',
    code: 'AEROSPIKE_IDLE_TIMEOUT',
  })
}

/** A string is a connection URI. */
function optionsOf(config: unknown): { [name: string]: unknown } {
  if (config === undefined) return {}
  return typeof config === 'string' ? { uri: config } : optionsObject(config, 'config')
}

function parseNamespace(namespace: unknown): string {
  if (namespace === undefined) return ''
  const name = stringOption(namespace, 'config.namespace')
  if (Buffer.byteLength(name) > MAX_NAMESPACE) {
    throw invalidArgument(`config.namespace: ${quote(name)} is longer than ${MAX_NAMESPACE} bytes`)
  }
  return name
}

/** Checks the options that have a rule in the catalog, and returns their numbers or defaults. */
function parseNumbers(given: { readonly [name: string]: unknown }): { [name: string]: number } {
  const numbers: { [name: string]: number } = {}
  for (const [name, check, fallback] of RULED_OPTIONS) {
    const number = given[name] === undefined ? fallback : check(given[name], `config.${name}`)
    if (number !== undefined) setOwn(numbers, name, number)
  }
  return numbers
}

/**
 * Validates a configuration, and fills in the defaults.
 * @throws InvalidArgError if an option is unknown or invalid
 */
export function parseConfig(config: ClientConfig | string | undefined): Settings {
  const options = optionsOf(config)
  checkOptions(options, 'config', OPTIONS)
  const { seeds, given } = combine(options)
  const tls = parseTls(given.tls)
  const numbers = parseNumbers(given)
  const credentials = parseCredentials(given, numbers.authMode ?? AUTH_MODES.internal)
  refuseTlsNames(seeds, tls)
  checkAuthentication(credentials, given, tls)
  warnOfSeconds(numbers.idleTimeout as number)
  if (given.connectTimeout === undefined) {
    numbers.connectTimeout = (numbers.timeout as number) * Math.max(LEAST_SEEDS, seeds.length)
  }
  if ((numbers.minConnsPerNode as number) > (numbers.maxConnsPerNode as number)) {
    throw invalidArgument('config.minConnsPerNode: it is larger than maxConnsPerNode')
  }
  const policies = parsePolicies(given)
  if (given.rackIds === undefined && POLICY_KINDS.some(kind => policies[kind].replica === 'prefer-rack')) {
    throw invalidArgument("config.rackIds: replica 'prefer-rack' needs the racks to prefer")
  }
  const timeout = (kind: PolicyKind, fallback: number): number =>
    (policies[kind][kind === 'admin' ? 'timeout' : 'totalTimeout'] as number | undefined) ?? fallback
  return {
    seeds,
    given: withoutSecrets(given),
    namespace: parseNamespace(given.namespace),
    credentials,
    tls,
    numbers,
    policies,
    timeouts: {
      read: timeout('read', 1000),
      write: timeout('write', 1000),
      batch: timeout('batch', 1000),
      admin: timeout('admin', 1000),
      query: timeout('query', 0),
    },
    maxQueued: numbers.maxQueuedCommands ?? Number.POSITIVE_INFINITY,
    autoBatch: parseAutoBatch(given.autoBatch),
    ignoreUndefined: policies.write.ignoreUndefined === true,
    int64: (given.int64 ?? 'auto') as ReadOptions['int64'],
    maps: (given.maps ?? 'auto') as ReadOptions['maps'],
  }
}
