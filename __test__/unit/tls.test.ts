import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client, InvalidArgError, type TlsOptions } from 'aerospike-napi'
import { afterAll, describe, expect, test } from 'vitest'
import { loadTls, parseTls, writeTls } from '../../lib/options/tls'
import { Reader, Writer } from '../../lib/wire/wire'
import { certify, encryptedKey } from '../helpers/certificates'

const authority = certify({ subject: 'authority' })
const own = certify({ subject: 'ada', authority })
const other = certify({ subject: 'bob', authority })
const directory = mkdtempSync(join(tmpdir(), 'tls-'))
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, contents: string): string {
  const path = join(directory, name)
  writeFileSync(path, contents)
  return path
}

const load = (options: unknown) => loadTls(parseTls(options))
const der = (pem: string): Buffer => new X509Certificate(pem).raw

describe('options', () => {
  test.each([
    [{ cacert: 'x' }, /^config.tls: unknown option "cacert"/],
    [5, /^config.tls: an object is needed, not 5/],
    [{ ca: '' }, /^config.tls.ca: a path, PEM text or the bytes of a PEM file are needed, not an empty string/],
    [{ ca: [] }, /^config.tls.ca: at least one certificate is needed/],
    [{ ca: [5] }, /^config.tls.ca: .* not 5/],
    [{ cert: own.cert }, /^config.tls.key: the private key of config.tls.cert is needed/],
    [{ key: own.key }, /^config.tls.cert: the certificate of config.tls.key is needed/],
    [{ keyPassword: 'x' }, /^config.tls.keyPassword: there is no config.tls.key/],
    [{ cert: own.cert, key: own.key, keyPassword: 5 }, /^config.tls.keyPassword: a string is needed/],
    [{ serverName: '' }, /^config.tls.serverName: a string is needed/],
    [{ rejectUnauthorized: 0 }, /^config.tls.rejectUnauthorized: true or false is needed/],
    [{ minVersion: 'TLSv1' }, /^config.tls.minVersion: one of 'TLSv1.2', 'TLSv1.3' is needed/],
    [{ forLoginOnly: 1 }, /^config.tls.forLoginOnly: true or false/],
  ])('%j are refused by the constructor', (tls, message) => {
    expect(() => new Client({ hosts: 'localhost', tls: tls as TlsOptions })).toThrow(InvalidArgError)
    expect(() => new Client({ hosts: 'localhost', tls: tls as TlsOptions })).toThrow(message)
  })

  test('true means TLS with the certificates of the system, false means none', () => {
    expect(load(true)).toMatchObject({ authorities: [], chain: [], settings: { verifies: true, onlyTls13: false } })
    expect(load(false)).toBeUndefined()
    expect(load(undefined)).toBeUndefined()
  })
})

describe('certificates and keys', () => {
  test('are read from text, bytes, paths and URLs', () => {
    const path = file('ca.pem', authority.cert)
    for (const ca of [authority.cert, Buffer.from(authority.cert), path, pathToFileURL(path), [authority.cert]]) {
      expect(load({ ca })?.authorities.map(Buffer.from)).toEqual([der(authority.cert)])
    }
    const chain = load({ cert: own.cert + authority.cert, key: Buffer.from(own.key) })
    expect(chain?.chain.map(Buffer.from)).toEqual([der(own.cert), der(authority.cert)])
  })

  test('are read again at each connect', () => {
    const path = file('rotated.pem', own.cert)
    const settings = parseTls({ ca: path })
    expect(loadTls(settings)?.authorities.map(Buffer.from)).toEqual([der(own.cert)])
    writeFileSync(path, other.cert)
    expect(loadTls(settings)?.authorities.map(Buffer.from)).toEqual([der(other.cert)])
  })

  test('an encrypted key is decrypted', () => {
    const plain = load({ cert: own.cert, key: own.key })
    const decrypted = load({ cert: own.cert, key: encryptedKey(own, 'hush'), keyPassword: 'hush' })
    expect(decrypted?.key).toEqual(plain?.key)
  })

  test.each([
    [{ ca: '/nowhere/ca.pem' }, /^config.tls.ca: the file "\/nowhere\/ca.pem" cannot be read \(ENOENT\)/],
    [{ ca: Buffer.from('garbage') }, /^config.tls.ca: there is no certificate in PEM form/],
    [
      { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      /^config.tls.ca: certificate 1 of 1 cannot be parsed/,
    ],
    [{ cert: own.key, key: own.key }, /^config.tls.cert: there is no certificate in PEM form/],
    [{ cert: own.cert, key: own.cert }, /^config.tls.key: there is no private key in PEM form/],
    [
      { cert: own.cert, key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' },
      /^config.tls.key: the private key cannot be parsed/,
    ],
    [{ cert: own.cert, key: encryptedKey(own, 'hush') }, /^config.tls.keyPassword: config.tls.key is encrypted/],
    [
      { cert: own.cert, key: encryptedKey(own, 'hush'), keyPassword: 'wrong' },
      /^config.tls.key: the private key cannot be decrypted with config.tls.keyPassword$/,
    ],
    [
      { cert: own.cert, key: other.key },
      /^config.tls.key: it is not the private key of the certificate of config.tls.cert \(CN=ada, valid from .* to /,
    ],
  ])('that cannot be used are refused (%#)', (options, message) => {
    expect(() => load(options)).toThrow(InvalidArgError)
    expect(() => load(options)).toThrow(message)
  })

  test('refusals happen before anything is sent, and repeat no key', async () => {
    const secret = own.key.split('\n')[1] as string
    const client = new Client({ hosts: 'localhost', tls: { cert: other.cert, key: own.key } })
    const error: Error = await client.connect().then(
      () => expect.unreachable(),
      (reason: Error) => reason,
    )
    expect(error).toBeInstanceOf(InvalidArgError)
    expect(`${error.stack}`).not.toContain(secret)
    const misplaced = () => load({ ca: own.key.replaceAll('-----', '') })
    expect(misplaced).toThrow(/^config.tls.ca: the file cannot be read/)
    expect(misplaced).not.toThrow(new RegExp(secret.slice(0, 20).replaceAll(/[+/]/g, '.')))
  })
})

test('the encoding has all options', () => {
  const writer = new Writer(64)
  const options = { serverName: 'db', rejectUnauthorized: false, minVersion: 'TLSv1.3', forLoginOnly: true }
  const tls = load({ ca: authority.cert, cert: own.cert, key: own.key, ...options })
  if (tls === undefined) throw new Error('no TLS options')
  writeTls(writer, tls)
  const reader = new Reader(writer.buffer)
  const blob = (): Buffer => reader.raw(reader.u32())
  expect([reader.u16(), blob()]).toEqual([1, der(authority.cert)])
  expect([reader.u16(), blob()]).toEqual([1, der(own.cert)])
  expect(blob()).toEqual(own.keyObject.export({ type: 'pkcs8', format: 'der' }))
  expect([reader.text(), reader.u8(), reader.u8(), reader.u8()]).toEqual(['db', 0, 1, 1])
  expect(reader.at).toBe(writer.length)
})
