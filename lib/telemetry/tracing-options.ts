/**
 * Settings for creating and exporting spans, read from the options of `initTracing` and, for options that are not set, from
 * OpenTelemetry's environment variables. An invalid option is an error that names the option. An invalid variable is ignored
 * and reported instead: variables are set by whoever deploys a service, and the service must still start.
 */
import { readFileSync } from 'node:fs'
import { describe } from '../common/describe'
import { InvalidArgError, invalidArgument } from '../common/errors'
import { checkOptions, integerOption, numberOption, optionsObject, stringOption } from '../common/options'
import { checkPemSource, type PemSource, pemText, privateKeyOf } from '../common/pem'
import { VERSION } from '../common/version'
import type { Writer } from '../wire/wire'

const SAMPLERS = {
  always_on: { root: 0, parentBased: false },
  always_off: { root: 1, parentBased: false },
  traceidratio: { root: 2, parentBased: false },
  parentbased_always_on: { root: 0, parentBased: true },
  parentbased_always_off: { root: 1, parentBased: true },
  parentbased_traceidratio: { root: 2, parentBased: true },
} as const

/** The sampler, by its OpenTelemetry name. */
export type TracingSampler = keyof typeof SAMPLERS

/** Certificates for a collector at `https://`: paths or file URLs of PEM files, PEM text, or the bytes of PEM files. */
export interface TracingTls {
  /** Certificate authorities that verify the collector's certificate. Default: those of the system. */
  ca?: PemSource | undefined
  /** Client certificate, if the collector requires one. */
  cert?: PemSource | undefined
  /** Private key of the client certificate. */
  key?: PemSource | undefined
  /** Password of the private key, if it is encrypted. */
  keyPassword?: string | undefined
  /** The name that the collector's certificate must have. Default: the host of the endpoint. */
  serverName?: string | undefined
}

const TLS_OPTIONS: readonly (keyof TracingTls)[] = ['ca', 'cert', 'key', 'keyPassword', 'serverName']

/** Settings for creating and exporting spans. An option that you omit is read from its environment variable. */
export interface TracingOptions {
  /**
   * Address of the collector, as `http://host:port` or `https://host:port`. The protocol is OTLP over gRPC.
   * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`. Default `http://localhost:4317`.
   */
  endpoint?: string | undefined
  /** Headers of each export, such as credentials. Added to `OTEL_EXPORTER_OTLP_HEADERS` and `..._TRACES_HEADERS`. */
  headers?: { readonly [name: string]: string } | undefined
  /**
   * Certificates. The variables contain file names: `OTEL_EXPORTER_OTLP_CERTIFICATE`, `..._CLIENT_CERTIFICATE`,
   * `..._CLIENT_KEY`.
   */
  tls?: TracingTls | undefined
  /** Name of the service that creates the spans: `service.name`. `OTEL_SERVICE_NAME`. Default `aerospike-napi`. */
  serviceName?: string | undefined
  /** Further resource attributes of the service. Added to `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes?: { readonly [name: string]: string } | undefined
  /** Sampler that decides which spans are created. `OTEL_TRACES_SAMPLER`. Default `parentbased_always_on`. */
  sampler?: TracingSampler | undefined
  /** Fraction of traces that the ratio samplers sample, 0 to 1. `OTEL_TRACES_SAMPLER_ARG`. Default 1. */
  samplerArg?: number | undefined
  /** Exporter; with `none`, spans are created and counted but not exported. `OTEL_TRACES_EXPORTER`. Default `otlp`. */
  exporter?: 'otlp' | 'none' | undefined
  /** Timeout of one export in ms. `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT`. Default 10000. */
  timeout?: number | undefined
  /** Delay in ms between exports, during which spans are collected. `OTEL_BSP_SCHEDULE_DELAY`. Default 5000. */
  scheduleDelay?: number | undefined
  /** Maximum number of queued spans; further spans are dropped and counted. `OTEL_BSP_MAX_QUEUE_SIZE`. Default 2048. */
  maxQueueSize?: number | undefined
  /** Maximum number of spans per export. `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. Default 512. */
  maxExportBatchSize?: number | undefined
}

const KNOWN: readonly (keyof TracingOptions)[] = [
  'endpoint',
  'headers',
  'tls',
  'serviceName',
  'resourceAttributes',
  'sampler',
  'samplerArg',
  'exporter',
  'timeout',
  'scheduleDelay',
  'maxQueueSize',
  'maxExportBatchSize',
]

type Environment = { readonly [name: string]: string | undefined }

/** A value and where it was found; errors use that name. */
interface Found {
  readonly name: string
  readonly value: unknown
  /** True if the value is from an environment variable, and therefore always a string. */
  readonly variable: boolean
}

/** Strings by name. */
type Pairs = Map<string, string>

/** The settings that result from the options and the environment. */
export interface TracingSettings {
  readonly sampler: (typeof SAMPLERS)[TracingSampler]
  readonly ratio: number
  /** Undefined if spans are created but not exported. */
  readonly export: Export | undefined
  /** An error message for each variable that was ignored. */
  readonly malformed: readonly string[]
  /** Variables that name certificate files. Only the native side can validate the contents of these files. */
  readonly certificateVariables: readonly string[]
}

interface Export {
  readonly endpoint: string
  readonly authorities: Uint8Array
  readonly certificate: Uint8Array
  readonly key: Uint8Array
  /** Empty for the host of the endpoint. */
  readonly serverName: string
  readonly headers: Pairs
  readonly resource: Pairs
  readonly timeout: number
  readonly most: number
  readonly batch: number
  readonly delay: number
}

const NOTHING = new Uint8Array(0)

class Sources {
  /** An error message for each variable that was ignored. */
  readonly malformed: string[] = []
  /** True if an ignored variable sets where or how to export spans: they are not exported, so that they do not go elsewhere. */
  nowhere = false
  /** Variables that name certificate files. */
  readonly certificates: string[] = []
  readonly #options: { [name: string]: unknown }

  constructor(
    options: unknown,
    readonly environment: Environment,
  ) {
    this.#options = optionsObject(options, 'initTracing')
    checkOptions(this.#options, 'initTracing', KNOWN)
  }

  option(name: keyof TracingOptions): Found | undefined {
    const value = this.#options[name]
    return value === undefined ? undefined : { name: `initTracing.${name}`, value, variable: false }
  }

  /** Returns the first of these variables that is set. As OpenTelemetry specifies, an empty variable counts as unset. */
  variable(...names: string[]): Found | undefined {
    for (const name of names) {
      const value = this.environment[name]?.trim()
      if (value !== undefined && value !== '') return { name, value, variable: true }
    }
    return undefined
  }

  find(option: keyof TracingOptions, ...variables: string[]): Found | undefined {
    return this.option(option) ?? this.variable(...variables)
  }

  /** Records an error in a variable; throws any other error. */
  note(error: unknown, variable: boolean): void {
    if (!variable || !(error instanceof InvalidArgError)) throw error
    this.malformed.push(error.message)
  }

  /** Parses a value. Returns `fallback` if there is none, or if it is from a variable and invalid. */
  read<T>(found: Found | undefined, fallback: T, parse: (found: Found) => T): T {
    if (found === undefined) return fallback
    try {
      return parse(found)
    } catch (error) {
      this.note(error, found.variable)
      return fallback
    }
  }

  /** Like `read`, for a value that sets where or how spans are exported. */
  destination<T>(found: Found | undefined, fallback: T, parse: (found: Found) => T): T {
    const noted = this.malformed.length
    const value = this.read(found, fallback, parse)
    if (this.malformed.length > noted) this.nowhere = true
    return value
  }

  integer(option: keyof TracingOptions, fallback: number, ...variables: string[]): number {
    return this.read(this.find(option, ...variables), fallback, integerOf)
  }
}

function integerOf(found: Found): number {
  return integerOption(1)(numberOf(found), found.name)
}

/** Converts the value of a variable to a number. Leaves any other value unchanged, to be rejected later. */
function numberOf({ value, variable }: Found): unknown {
  return variable && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value as string) ? Number(value) : value
}

function textOf({ name, value }: Found): string {
  if (typeof value !== 'string' || value === '' || !value.isWellFormed()) {
    const what = value === '' ? 'an empty one' : describe(value)
    throw invalidArgument(`${name}: a string is needed, not ${what}`)
  }
  return value
}

function endpointOf(found: Found): string {
  const text = textOf(found)
  const refuse = (why: string): never => {
    throw invalidArgument(`${found.name}: ${why}; an address such as http://localhost:4317 is needed`)
  }
  if (!URL.canParse(text)) return refuse(`${describe(text)} is not a URL`)
  const url = new URL(text)
  // The message does not repeat the URL, because it contains a password.
  if (url.username !== '' || url.password !== '') return refuse('it must not contain credentials; use headers instead')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refuse(`${describe(text)} is neither http nor https`)
  if (url.search !== '' || url.hash !== '') return refuse(`${describe(text)} has more than a host and a port`)
  if (url.pathname !== '/') return refuse(`${describe(text)} has a path, but OTLP over gRPC uses none`)
  return url.origin
}

/** Reads name-value pairs: an object or, from a variable, `a=1,b=2` with percent-encoded values. */
function pairsOf({ name, value, variable }: Found): Pairs {
  const pairs: Pairs = new Map()
  if (!variable) {
    for (const [key, text] of Object.entries(optionsObject(value, name))) {
      if (text === undefined) continue
      if (typeof text !== 'string' || !text.isWellFormed() || !key.isWellFormed()) {
        throw invalidArgument(`${name}: ${JSON.stringify(key)}: a string is needed, not ${describe(text)}`)
      }
      pairs.set(key, text)
    }
    return pairs
  }
  for (const part of (value as string).split(',')) {
    if (part.trim() === '') continue
    const at = part.indexOf('=')
    const key = part.slice(0, at).trim()
    // The message does not repeat the value, because it may be a secret.
    if (at < 0 || key === '') throw invalidArgument(`${name}: name=value, separated by commas, is needed`)
    try {
      pairs.set(decodeURIComponent(key), decodeURIComponent(part.slice(at + 1).trim()))
    } catch (cause) {
      throw invalidArgument(`${name}: the value of ${key} is not percent-encoded correctly`, cause)
    }
  }
  return pairs
}

function headersOf(found: Found): Pairs {
  const headers: Pairs = new Map()
  for (const [key, value] of pairsOf(found)) {
    const name = key.toLowerCase()
    const refuse = (why: string): never => {
      throw invalidArgument(`${found.name}: the header ${JSON.stringify(key)} ${why}`)
    }
    if (!/^[a-z0-9_.-]+$/.test(name)) refuse('has a name that gRPC does not allow')
    if (name.endsWith('-bin')) refuse('would be binary')
    if (name.startsWith('grpc-')) refuse("is one of gRPC's own")
    if (!/^[\x20-\x7e]*$/.test(value)) refuse('has a value that is not printable ASCII')
    headers.set(name, value)
  }
  return headers
}

function samplerOf(sources: Sources): Pick<TracingSettings, 'sampler' | 'ratio'> {
  const found = sources.find('sampler', 'OTEL_TRACES_SAMPLER')
  const sampler: TracingSettings['sampler'] = sources.read(found, SAMPLERS.parentbased_always_on, ({ name, value }) => {
    if (typeof value === 'string' && Object.hasOwn(SAMPLERS, value)) return SAMPLERS[value as TracingSampler]
    throw invalidArgument(`${name}: one of ${Object.keys(SAMPLERS).join(', ')} is needed, not ${describe(value)}`)
  })
  const part = sources.find('samplerArg', 'OTEL_TRACES_SAMPLER_ARG')
  // The variable may belong to a sampler that the option replaces.
  if (part?.variable === true && sampler.root !== 2) return { sampler, ratio: 1 }
  return { sampler, ratio: sources.read(part, 1, ratioOf) }
}

function ratioOf(found: Found): number {
  const ratio = numberOption(0)(numberOf(found), found.name)
  if (ratio > 1) throw invalidArgument(`${found.name}: a number from 0 to 1 is needed, not ${ratio}`)
  return ratio
}

function isExported(sources: Sources): boolean {
  const found = sources.find('exporter', 'OTEL_TRACES_EXPORTER')
  return sources.destination(found, true, ({ name, value, variable }) => {
    const named = variable ? (value as string).split(',').map(exporter => exporter.trim()) : [value]
    // Other exporters in the list are for the application's own spans.
    if (named.includes('otlp')) return true
    if (named.length === 1 && named[0] === 'none') return false
    throw invalidArgument(`${name}: 'otlp' or 'none' is needed, not ${describe(value)}`)
  })
}

/** Rejects a protocol from the environment that is not supported, unless an option sets the endpoint. */
function checkProtocol(sources: Sources): void {
  if (sources.option('endpoint') !== undefined) return
  const found = sources.variable('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL')
  sources.destination(found, undefined, ({ name, value }) => {
    if (value === 'grpc') return
    throw invalidArgument(
      `${name}: spans are exported by grpc, not by ${describe(value)}; name a collector that takes it as ` +
        'initTracing.endpoint',
    )
  })
}

/** Checks the compression. The exporter reads this variable itself, and cannot be created with an unknown value. */
function checkCompression(sources: Sources): void {
  const found = sources.variable('OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION')
  sources.destination(found, undefined, ({ name, value }) => {
    if (['gzip', 'none'].includes((value as string).toLowerCase())) return
    throw invalidArgument(`${name}: gzip or none is needed, not ${describe(value)}`)
  })
}

/** Checks for PEM early; otherwise only connecting would fail. The message does not repeat the contents: they may be a key. */
function checkPem(bytes: Uint8Array, name: string): Uint8Array {
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(Buffer.from(bytes).toString('latin1'))) {
    throw invalidArgument(`${name}: PEM text is needed, with a line such as -----BEGIN CERTIFICATE-----`)
  }
  return bytes
}

/** The option `tls`. */
function tlsOptions(sources: Sources): { [name: string]: unknown } {
  const given = sources.option('tls')
  const tls = given === undefined ? {} : optionsObject(given.value, given.name)
  checkOptions(tls, 'initTracing.tls', TLS_OPTIONS)
  return tls
}

/** Returns a certificate or key: that of an option, or the file that a variable names. */
function pem(sources: Sources, option: 'ca' | 'cert' | 'key', variable: string): Uint8Array {
  const value = tlsOptions(sources)[option]
  if (value !== undefined) {
    const name = `initTracing.tls.${option}`
    return checkPem(Buffer.from(pemText(checkPemSource(value, name), name), 'latin1'), name)
  }
  const found = sources.variable(`OTEL_EXPORTER_OTLP_TRACES_${variable}`, `OTEL_EXPORTER_OTLP_${variable}`)
  return sources.destination(found, NOTHING, ({ name, value: path }) => {
    let read: Uint8Array
    try {
      read = readFileSync(path as string)
    } catch (cause) {
      throw invalidArgument(`${name}: the file cannot be read: ${(cause as Error).message}`, cause)
    }
    sources.certificates.push(name)
    return checkPem(read, name)
  })
}

/** Decrypts the client's key with the option `keyPassword`, if it is set. */
function decrypted(key: Uint8Array, password: unknown): Uint8Array {
  if (password === undefined) return key
  const where = 'initTracing.tls'
  if (typeof password !== 'string') {
    throw invalidArgument(`${where}.keyPassword: a string is needed, not ${describe(password)}`)
  }
  if (key.length === 0) throw invalidArgument(`${where}.keyPassword: there is no ${where}.key`)
  return Buffer.from(privateKeyOf(key, password, where).export({ type: 'pkcs8', format: 'pem' }))
}

function tlsOf(sources: Sources): Pick<Export, 'authorities' | 'certificate' | 'key' | 'serverName'> {
  const { keyPassword, serverName } = tlsOptions(sources)
  const authorities = pem(sources, 'ca', 'CERTIFICATE')
  const certificate = pem(sources, 'cert', 'CLIENT_CERTIFICATE')
  const key = decrypted(pem(sources, 'key', 'CLIENT_KEY'), keyPassword)
  if (certificate.length > 0 !== key.length > 0 && !sources.nowhere) {
    const apart = invalidArgument("initTracing.tls: a client's certificate and its key belong together")
    const tls = sources.option('tls')?.value as TracingTls | undefined
    sources.note(apart, tls?.cert === undefined && tls?.key === undefined)
    sources.nowhere = true
  }
  return {
    authorities,
    certificate,
    key,
    serverName: serverName === undefined ? '' : stringOption(serverName, 'initTracing.tls.serverName'),
  }
}

function resourceOf(sources: Sources): Pairs {
  const none: Pairs = new Map()
  const resource = new Map([
    ['service.name', 'aerospike-napi'],
    ['telemetry.distro.name', 'aerospike-napi'],
    ['telemetry.distro.version', VERSION],
    ...sources.read(sources.variable('OTEL_RESOURCE_ATTRIBUTES'), none, pairsOf),
    ...sources.read(sources.option('resourceAttributes'), none, pairsOf),
  ])
  const service = sources.find('serviceName', 'OTEL_SERVICE_NAME')
  const name = sources.read(service, undefined, textOf)
  if (name !== undefined) resource.set('service.name', name)
  return resource
}

function exportOf(sources: Sources): Export {
  checkProtocol(sources)
  checkCompression(sources)
  const endpoint = sources.find('endpoint', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT')
  const most = sources.integer('maxQueueSize', 2048, 'OTEL_BSP_MAX_QUEUE_SIZE')
  const batch = sources.find('maxExportBatchSize', 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE')
  const headers = [
    sources.variable('OTEL_EXPORTER_OTLP_HEADERS'),
    sources.variable('OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
    sources.option('headers'),
  ]
  return {
    endpoint: sources.destination(endpoint, 'http://localhost:4317', endpointOf),
    ...tlsOf(sources),
    headers: new Map(headers.flatMap(found => [...sources.destination(found, new Map<string, string>(), headersOf)])),
    resource: resourceOf(sources),
    timeout: sources.integer('timeout', 10_000, 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT'),
    most,
    batch: sources.read(batch, Math.min(512, most), found => {
      const size = integerOf(found)
      if (size > most) throw invalidArgument(`${found.name}: ${size} are more than the queue holds (${most})`)
      return size
    }),
    delay: sources.integer('scheduleDelay', 5000, 'OTEL_BSP_SCHEDULE_DELAY'),
  }
}

/** Whether the environment disables all telemetry. */
export function telemetryDisabled(environment: Environment): boolean {
  return environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true'
}

/** Reads the settings from the options and, for options that are not set, from the environment. */
export function tracingSettings(options: unknown, environment: Environment): TracingSettings {
  const sources = new Sources(options, environment)
  sources.read(sources.variable('OTEL_SDK_DISABLED'), undefined, ({ name, value }) => {
    if (/^(true|false)$/i.test(value as string)) return
    throw invalidArgument(`${name}: true or false is needed, not ${describe(value)}`)
  })
  const sampler = samplerOf(sources)
  const to = isExported(sources) ? exportOf(sources) : undefined
  return {
    ...sampler,
    export: sources.nowhere ? undefined : to,
    malformed: sources.malformed,
    certificateVariables: sources.option('tls') === undefined ? sources.certificates : [],
  }
}

function writePairs(writer: Writer, pairs: Pairs): void {
  writer.u16(pairs.size)
  for (const [key, value] of pairs) {
    writer.text(key)
    writer.text(value)
  }
}

/** Writes settings; must match `crate/src/telemetry/tracing/config.rs`. */
export function writeTracingSettings(writer: Writer, { sampler, ratio, export: to }: TracingSettings): void {
  writer.u8(sampler.root)
  if (sampler.root === 2) writer.f64(ratio)
  writer.u8(sampler.parentBased ? 1 : 0)
  writer.u8(to === undefined ? 0 : 1)
  if (to === undefined) return
  writer.text(to.endpoint)
  writer.blob(to.authorities)
  writer.blob(to.certificate)
  writer.blob(to.key)
  writer.text(to.serverName)
  writePairs(writer, to.headers)
  writer.u32(to.timeout)
  writePairs(writer, to.resource)
  writer.u32(to.most)
  writer.u32(to.batch)
  writer.u32(to.delay)
}
