/**
 * Certificates and keys in PEM form, from files, text or bytes.
 */
import type { KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { types } from 'node:util'
import { describe } from './describe'
import { invalidArgument } from './errors'

/** A certificate or a key: the path or file URL of a PEM file, PEM text, or the bytes of a PEM file. */
export type PemSource = string | URL | Uint8Array

/** Checks that a value can be the source of certificates or of a key. */
export function checkPemSource(value: unknown, where: string): PemSource {
  if (typeof value === 'string' && value !== '') return value
  if (types.isUint8Array(value)) return value
  if (value instanceof URL && value.protocol === 'file:') return value
  const what = value === '' ? 'an empty string' : describe(value)
  throw invalidArgument(`${where}: a path, PEM text or the bytes of a PEM file are needed, not ${what}`)
}

/** A text that is certainly not base64. */
const PATH = /^(?:[/~]|[A-Za-z]:[/\\])|\./

/** Returns PEM text; reads it if the source is a file. */
export function pemText(source: PemSource, where: string): string {
  if (types.isUint8Array(source))
    return Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString('latin1')
  if (typeof source === 'string' && source.includes('-----BEGIN')) return source
  const path = source instanceof URL ? fileURLToPath(source) : source
  try {
    return readFileSync(path, 'latin1')
  } catch (cause) {
    // The text may be a key without its header, so the message repeats only what certainly is a path.
    const code = (cause as NodeJS.ErrnoException).code ?? 'error'
    const name = path.length <= 1024 && PATH.test(path) && !/[\r\n]/.test(path) ? ` ${JSON.stringify(path)}` : ''
    throw invalidArgument(`${where}: the file${name} cannot be read (${code}); PEM text has a line -----BEGIN ...-----`)
  }
}

type Crypto = typeof import('node:crypto')

/** Loaded at the first use: most clients connect without TLS. */
const crypto = (): Crypto => require('node:crypto') as Crypto

const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

/**
 * Parses the certificates of a source.
 * @throws InvalidArgError if there is none, or one cannot be parsed; `where` names the option
 */
export function certificatesOf(source: PemSource, where: string): X509Certificate[] {
  const parts = pemText(source, where).match(CERTIFICATE) ?? []
  if (parts.length === 0) {
    throw invalidArgument(
      `${where}: there is no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----`,
    )
  }
  const { X509Certificate: Certificate } = crypto()
  return parts.map((pem, index) => {
    try {
      return new Certificate(pem)
    } catch {
      throw invalidArgument(`${where}: certificate ${index + 1} of ${parts.length} cannot be parsed`)
    }
  })
}

/**
 * Parses a private key, and decrypts it if it is encrypted. The messages of errors contain nothing of it.
 * @param options - name of the options `key` and `keyPassword`, such as `config.tls`
 */
export function privateKeyOf(source: PemSource, password: string | undefined, options: string): KeyObject {
  const where = `${options}.key`
  const text = pemText(source, where)
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw invalidArgument(
      `${where}: there is no private key in PEM form, which begins with -----BEGIN PRIVATE KEY-----`,
    )
  }
  const encrypted = /ENCRYPTED/.test(text)
  if (encrypted && password === undefined) {
    throw invalidArgument(`${options}.keyPassword: ${where} is encrypted`)
  }
  try {
    return crypto().createPrivateKey({ key: text, ...(encrypted && { passphrase: password as string }) })
  } catch {
    // The cause could contain parts of the key.
    throw invalidArgument(
      encrypted
        ? `${where}: the private key cannot be decrypted with ${options}.keyPassword`
        : `${where}: the private key cannot be parsed`,
    )
  }
}
