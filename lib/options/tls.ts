/**
 * TLS options: validated, loaded from files, and encoded for the native side (`crate/src/policy/tls.rs`).
 */
import type { X509Certificate } from 'node:crypto'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { booleanOption, checkOptions, optionsObject, stringOption, wordOption } from '../common/options'
import { certificatesOf, checkPemSource, type PemSource, privateKeyOf } from '../common/pem'
import type { Writer } from '../wire/wire'

/** How connections are encrypted, and how both sides prove who they are. */
export interface TlsOptions {
  /** Certificate authorities that verify the servers. Default: those of the operating system. */
  ca?: PemSource | readonly PemSource[] | undefined
  /** Client certificate, followed by its intermediate certificates, for servers that require one (mTLS). */
  cert?: PemSource | undefined
  /** Private key of the client certificate. */
  key?: PemSource | undefined
  /** Password of the private key, if it is encrypted. */
  keyPassword?: string | undefined
  /**
   * The name that the certificate of each node must have. Default: the `tlsName` of the host, or its name; for nodes that
   * the cluster reports, the TLS name that it reports. A seed with a `tlsName` keeps it.
   */
  serverName?: string | undefined
  /** Refuse servers whose certificate cannot be verified. `false` encrypts, but trusts any server. Default true. */
  rejectUnauthorized?: boolean | undefined
  /**
   * Lowest accepted version. Default `TLSv1.2`.
   *
   * - `TLSv1.2`: accepts TLS 1.2 and 1.3.
   * - `TLSv1.3`: accepts only TLS 1.3.
   */
  minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /**
   * Encrypt only the login, and send all data in clear text to the port without TLS. Needs a user. Default false.
   */
  forLoginOnly?: boolean | undefined
}

const KNOWN: readonly (keyof TlsOptions)[] = [
  'ca',
  'cert',
  'key',
  'keyPassword',
  'serverName',
  'rejectUnauthorized',
  'minVersion',
  'forLoginOnly',
]

const MIN_VERSION = wordOption({ 'TLSv1.2': 0, 'TLSv1.3': 1 })

/** Validated TLS options. Files are read by `loadTls`, at each connect. */
export interface TlsSettings {
  readonly authorities: readonly PemSource[] | undefined
  readonly certificate: PemSource | undefined
  readonly key: PemSource | undefined
  readonly keyPassword: string | undefined
  readonly serverName: string | undefined
  readonly verifies: boolean
  readonly onlyTls13: boolean
  readonly forLoginOnly: boolean
}

/** Certificates and key in DER form. */
export interface LoadedTls {
  readonly settings: TlsSettings
  readonly authorities: readonly Uint8Array[]
  readonly chain: readonly Uint8Array[]
  readonly key: Uint8Array
}

function optionalSource(given: { [name: string]: unknown }, name: string): PemSource | undefined {
  return given[name] === undefined ? undefined : checkPemSource(given[name], `config.tls.${name}`)
}

/** Validates `config.tls`. The messages contain neither keys nor passwords. */
export function parseTls(value: unknown): TlsSettings | undefined {
  if (value === undefined || value === false) return undefined
  const given = value === true ? {} : optionsObject(value, 'config.tls')
  checkOptions(given, 'config.tls', KNOWN)
  const { ca, keyPassword, serverName, rejectUnauthorized, minVersion, forLoginOnly } = given
  const [certificate, key] = [optionalSource(given, 'cert'), optionalSource(given, 'key')]
  if (certificate === undefined && key !== undefined) {
    throw invalidArgument('config.tls.cert: the certificate of config.tls.key is needed')
  }
  if (certificate !== undefined && key === undefined) {
    throw invalidArgument('config.tls.key: the private key of config.tls.cert is needed')
  }
  if (keyPassword !== undefined && typeof keyPassword !== 'string') {
    throw invalidArgument(`config.tls.keyPassword: a string is needed, not ${describe(keyPassword)}`)
  }
  if (keyPassword !== undefined && key === undefined) {
    throw invalidArgument('config.tls.keyPassword: there is no config.tls.key')
  }
  if (Array.isArray(ca) && ca.length === 0) {
    throw invalidArgument('config.tls.ca: at least one certificate is needed; leave it out for those of the system')
  }
  return {
    authorities:
      ca === undefined
        ? undefined
        : (Array.isArray(ca) ? ca : [ca]).map(source => checkPemSource(source, 'config.tls.ca')),
    certificate,
    key,
    keyPassword,
    serverName: serverName === undefined ? undefined : stringOption(serverName, 'config.tls.serverName'),
    verifies:
      rejectUnauthorized === undefined || booleanOption(rejectUnauthorized, 'config.tls.rejectUnauthorized') === 1,
    onlyTls13: minVersion !== undefined && MIN_VERSION(minVersion, 'config.tls.minVersion') === 1,
    forLoginOnly: forLoginOnly !== undefined && booleanOption(forLoginOnly, 'config.tls.forLoginOnly') === 1,
  }
}

/** A certificate in messages. */
function shown({ subject, validFrom, validTo }: X509Certificate): string {
  return `${subject.replaceAll('\n', ', ')}, valid from ${validFrom} to ${validTo}`
}

/**
 * Reads and validates the certificates and the key.
 * @throws InvalidArgError if one of them cannot be read or parsed, or if the key does not belong to the certificate
 */
export function loadTls(settings: TlsSettings | undefined): LoadedTls | undefined {
  if (settings === undefined) return undefined
  const authorities = (settings.authorities ?? []).flatMap(source => certificatesOf(source, 'config.tls.ca'))
  if (settings.certificate === undefined) {
    return { settings, authorities: authorities.map(({ raw }) => raw), chain: [], key: Buffer.alloc(0) }
  }
  const chain = certificatesOf(settings.certificate, 'config.tls.cert')
  const key = privateKeyOf(settings.key as PemSource, settings.keyPassword, 'config.tls')
  const [own] = chain
  if (own !== undefined && !own.checkPrivateKey(key)) {
    throw invalidArgument(
      `config.tls.key: it is not the private key of the certificate of config.tls.cert (${shown(own)})`,
    )
  }
  return {
    settings,
    authorities: authorities.map(({ raw }) => raw),
    chain: chain.map(({ raw }) => raw),
    key: key.export({ type: 'pkcs8', format: 'der' }),
  }
}

function writeBlobs(writer: Writer, blobs: readonly Uint8Array[]): void {
  writer.u16(blobs.length)
  for (const blob of blobs) writer.blob(blob)
}

/** Writes the options; must match `TlsOptions` in `crate/src/policy/tls.rs`. */
export function writeTls(writer: Writer, tls: LoadedTls): void {
  writeBlobs(writer, tls.authorities)
  writeBlobs(writer, tls.chain)
  writer.blob(tls.key)
  writer.text(tls.settings.serverName ?? '')
  writer.u8(tls.settings.verifies ? 1 : 0)
  writer.u8(tls.settings.onlyTls13 ? 1 : 0)
  writer.u8(tls.settings.forLoginOnly ? 1 : 0)
}
