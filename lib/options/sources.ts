/**
 * Combines the sources of a configuration: options, a connection URI, and environment variables. Options take precedence
 * over the URI, and the URI over variables.
 */

import { invalidArgument } from '../common/errors'
import { booleanOption, type Check, stringOption, unknownOption } from '../common/options'
import { quote } from '../common/shorten'
import { COUNT, RULED_OPTIONS, TEXT_OPTIONS } from './config-fields'
import { POLICY_FIELD_NAMES, policyCheck } from './policy'
import { listed, parseHosts, parseSeeds, type Seed } from './seeds'
import { type ConnectionUri, parseUri } from './uri'

/** A configuration whose sources are combined. */
export interface Combined {
  readonly seeds: readonly Seed[]
  /** All other options, without those that are undefined. */
  readonly given: { readonly [name: string]: unknown }
}

type Options = { readonly [name: string]: unknown }

/** One source: the fields that it sets. */
interface Source {
  readonly seeds?: readonly Seed[] | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly namespace?: string | undefined
  /** The TLS options, if the source asks for TLS. */
  readonly tls?: Options | undefined
  readonly options: Options
}

/** Converts the text of a parameter; `where` names it in errors. */
type Convert = (text: string, where: string) => unknown

/** The value that a parameter's text stands for, before it is checked. */
function literal(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}

function checked(check: Check): Convert {
  return (text, where) => {
    const value = literal(text)
    check(value, where)
    return value
  }
}

const RACK = checked(COUNT)

const PARAMETERS: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ...TEXT_OPTIONS.map(name => [name, stringOption] as const),
  ...RULED_OPTIONS.map(([name, check]) => [name, checked(check)] as const),
  ['rackIds', (text, where) => listed(text).map(rack => RACK(rack, where))],
  ['autoBatch', checked(booleanOption)],
  ...[...POLICY_FIELD_NAMES].map(name => [name, checked(policyCheck(name))] as const),
])

/** The parameters of a URI for TLS, and their options. */
const TLS_PARAMETERS: ReadonlyMap<string, readonly [option: string, convert: Convert]> = new Map([
  ['tlsCa', ['ca', stringOption]],
  ['tlsCert', ['cert', stringOption]],
  ['tlsKey', ['key', stringOption]],
  ['tlsKeyPassword', ['keyPassword', stringOption]],
  ['tlsServerName', ['serverName', stringOption]],
  ['tlsRejectUnauthorized', ['rejectUnauthorized', checked(booleanOption)]],
  ['tlsMinVersion', ['minVersion', stringOption]],
  ['tlsForLoginOnly', ['forLoginOnly', checked(booleanOption)]],
])

/** What is not a parameter of a URI, and where it belongs instead. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['hosts', "the hosts follow '//'"],
  ['host', "the hosts follow '//'"],
  ['user', 'the user stands before the hosts, as in user:password@host'],
  ['password', 'the password stands before the hosts, as in user:password@host'],
  ['namespace', 'the namespace is the path, as in host:3000/test'],
  ['ns', 'the namespace is the path, as in host:3000/test'],
  ['tls', 'write aerospikes:// to use TLS'],
  ['ssl', 'write aerospikes:// to use TLS'],
  ['policies', 'a URI sets options for all kinds of calls; set policies in the configuration'],
  ['ipMap', 'set it in the configuration'],
])

function fromUri(uri: ConnectionUri, where: string): Source {
  const options: { [name: string]: unknown } = {}
  const tls: { [name: string]: unknown } = {}
  for (const [name, text] of uri.parameters) {
    const ofTls = TLS_PARAMETERS.get(name)
    if (ofTls !== undefined) {
      if (!uri.tls) throw invalidArgument(`${where}: ${quote(name)} needs aerospikes://`)
      const [option, convert] = ofTls
      tls[option] = convert(text, `${where}: ${name}`)
      continue
    }
    const convert = PARAMETERS.get(name)
    if (convert === undefined) {
      unknownOption(name, where, [...PARAMETERS.keys(), ...TLS_PARAMETERS.keys()], ELSEWHERE.get(name))
    }
    options[name] = convert(text, `${where}: ${name}`)
  }
  const { seeds, user, password, namespace } = uri
  return { seeds, user, password, namespace, tls: uri.tls ? tls : undefined, options }
}

/** Returns an environment variable; an empty one counts as not set. */
function variable(name: string): string | undefined {
  const value = process.env[name]
  return value === undefined || value === '' ? undefined : value
}

const FLAG_TEXTS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

function flagVariable(name: string): boolean | undefined {
  const text = variable(name)
  if (text === undefined) return undefined
  const flag = FLAG_TEXTS.get(text.toLowerCase())
  if (flag === undefined) throw invalidArgument(`${name}: true, false, 1 or 0 is needed, not ${quote(text)}`)
  return flag
}

/** The variables for TLS whose values are used as they are, and their options. */
const TLS_TEXTS = [
  ['AEROSPIKE_TLS_CA', 'ca'],
  ['AEROSPIKE_TLS_CERT', 'cert'],
  ['AEROSPIKE_TLS_KEY', 'key'],
  ['AEROSPIKE_TLS_KEY_PASSWORD', 'keyPassword'],
  ['AEROSPIKE_TLS_SERVER_NAME', 'serverName'],
  ['AEROSPIKE_TLS_MIN_VERSION', 'minVersion'],
] as const

/** The TLS options in variables; undefined if none is set, or if AEROSPIKE_TLS is false. */
function tlsVariables(): Options | undefined {
  const tls: { [name: string]: unknown } = {}
  for (const [name, option] of TLS_TEXTS) {
    const text = variable(name)
    if (text !== undefined) tls[option] = text
  }
  const verify = flagVariable('AEROSPIKE_TLS_REJECT_UNAUTHORIZED')
  if (verify !== undefined) tls.rejectUnauthorized = verify
  const on = flagVariable('AEROSPIKE_TLS') ?? Object.keys(tls).length > 0
  return on ? tls : undefined
}

function fromVariables(withUri: boolean): Source[] {
  const hosts = variable('AEROSPIKE_HOSTS')
  const uri = withUri ? variable('AEROSPIKE_URI') : undefined
  const clusterName = variable('AEROSPIKE_CLUSTER_NAME')
  const pieces: Source = {
    seeds: hosts === undefined ? undefined : parseHosts(hosts, 'AEROSPIKE_HOSTS'),
    user: variable('AEROSPIKE_USER'),
    password: variable('AEROSPIKE_PASSWORD'),
    tls: tlsVariables(),
    options: clusterName === undefined ? {} : { clusterName },
  }
  return uri === undefined ? [pieces] : [fromUri(parseUri(uri, 'AEROSPIKE_URI'), 'AEROSPIKE_URI'), pieces]
}

/** Returns the first value that is defined. */
function first<T>(sources: readonly Source[], value: (source: Source) => T | undefined): T | undefined {
  for (const source of sources) {
    const found = value(source)
    if (found !== undefined) return found
  }
  return undefined
}

/** Merges the TLS options of the sources; the earlier source takes precedence. */
function mergedTls(given: unknown, sources: readonly Source[]): unknown {
  if (given === false) return undefined
  const parts = sources.map(({ tls }) => tls).filter(tls => tls !== undefined)
  if (given === undefined && parts.length === 0) return undefined
  const merged = Object.assign({}, ...parts.reverse())
  if (given === undefined || given === true) return merged
  // Anything else than an object is rejected when the options are checked.
  return typeof given === 'object' && given !== null ? { ...merged, ...given } : given
}

/**
 * Combines the options with a URI and environment variables.
 * @throws InvalidArgError if the URI or a variable is invalid, or if there are no seeds
 */
export function combine(config: Options): Combined {
  const { uri, hosts, ...rest } = config
  const own: { [name: string]: unknown } = {}
  for (const name of Object.keys(rest)) if (rest[name] !== undefined) own[name] = rest[name]
  // AEROSPIKE_URI names a cluster. Its user, password and namespace must not be used for another one.
  const sources = fromVariables(uri === undefined && hosts === undefined)
  if (uri !== undefined) sources.unshift(fromUri(parseUri(uri, 'config.uri'), 'config.uri'))
  const seeds = hosts === undefined ? first(sources, source => source.seeds) : parseSeeds(hosts, 'config.hosts')
  if (seeds === undefined) {
    throw invalidArgument(
      "config.hosts: seeds are needed, such as '127.0.0.1:3000', here, in config.uri, or in AEROSPIKE_HOSTS or AEROSPIKE_URI",
    )
  }
  const user = 'user' in own ? own.user : first(sources, source => source.user)
  // A password belongs to the user of its source.
  const password =
    'password' in own
      ? own.password
      : first(sources, source => ((source.user ?? user) === user ? source.password : undefined))
  const namespace = 'namespace' in own ? own.namespace : first(sources, source => source.namespace)
  const tls = mergedTls(own.tls, sources)
  const given: { [name: string]: unknown } = Object.assign({}, ...sources.map(({ options }) => options).reverse(), own)
  for (const [name, value] of Object.entries({ user, password, namespace, tls })) {
    if (value === undefined) delete given[name]
    else given[name] = value
  }
  return { seeds, given }
}
