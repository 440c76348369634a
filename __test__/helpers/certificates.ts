// Certificates for tests, made with node:crypto.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** A certificate and its private key, in PEM form. */
export interface Certified {
  readonly cert: string
  readonly key: string
  readonly keyObject: KeyObject
  readonly subject: string
}

interface Request {
  subject: string
  /** DNS names and IPv4 addresses. Default: localhost and 127.0.0.1. */
  names?: readonly string[]
  /** Who signs it. Default: the certificate signs itself, as an authority does. */
  authority?: Certified
  from?: Date
  to?: Date
}

function tlv(tag: number, ...parts: (Buffer | Uint8Array)[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  let header = [tag, length]
  if (length > 0xff) header = [tag, 0x82, length >> 8, length & 0xff]
  else if (length > 0x7f) header = [tag, 0x81, length]
  return Buffer.concat([Buffer.from(header), content])
}

const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts)
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'))
const yes = tlv(0x01, Buffer.of(0xff))

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))
const COMMON_NAME = oid('550403')
const ALT_NAME = oid('551d11')
const BASIC_CONSTRAINTS = oid('551d13')

const name = (text: string): Buffer => sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(text)))))

const time = (date: Date): Buffer =>
  tlv(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2, 14)}Z`,
    ),
  )

const altName = (text: string): Buffer =>
  isIPv4(text) ? tlv(0x87, Buffer.from(text.split('.').map(Number))) : tlv(0x82, Buffer.from(text))

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n').trim()}\n-----END CERTIFICATE-----\n`

const DAY = 86_400_000
let serial = 1

/** Makes a certificate. */
export function certify({ subject, names, authority, from, to }: Request): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const altNames = names ?? ['localhost', '127.0.0.1']
  const extensions = [
    ...(authority === undefined ? [sequence(BASIC_CONSTRAINTS, yes, tlv(0x04, sequence(yes)))] : []),
    ...(authority !== undefined && altNames.length > 0
      ? [sequence(ALT_NAME, tlv(0x04, sequence(...altNames.map(altName))))]
      : []),
  ]
  serial += 1
  const content = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.of(serial)),
    ECDSA_WITH_SHA256,
    name(authority?.subject ?? subject),
    sequence(time(from ?? new Date(Date.now() - DAY)), time(to ?? new Date(Date.now() + 30 * DAY))),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  )
  const signature = sign('sha256', content, authority?.keyObject ?? privateKey)
  const der = sequence(content, ECDSA_WITH_SHA256, tlv(0x03, Buffer.of(0), signature))
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { cert: pem(der), key, keyObject: privateKey, subject }
}

/** The key of a certificate, encrypted with a password. */
export function encryptedKey({ keyObject }: Certified, passphrase: string): string {
  return keyObject.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString()
}
