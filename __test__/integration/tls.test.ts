// TLS, on both clients: through an endpoint in front of the server, so that any server will do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig, TlsOptions } from 'aerospike-napi'
import { afterAll, describe, expect, inject, test, vi } from 'vitest'
import { type Certified, certify } from '../helpers/certificates'
import { CLIENTS, keysOf } from '../helpers/clients'
import { type TlsProxy, tlsProxy } from '../helpers/tls-proxy'
import { until } from '../helpers/until'

const keys = keysOf('tls')
const authority = certify({ subject: 'our authority' })
const other = certify({ subject: 'another authority' })
const node = certify({ subject: 'a node', authority })
const own = certify({ subject: 'ada', authority })
const LONG_AGO = { from: new Date('2001-01-01'), to: new Date('2002-01-01') }
const directory = mkdtempSync(join(tmpdir(), 'tls-'))
afterAll(() => rmSync(directory, { recursive: true }))

const address = (): string => inject('aerospike').address
const proxy = (certified: Certified = node, options = {}): Promise<TlsProxy> =>
  tlsProxy(address(), { cert: certified.cert, key: certified.key, ...options })

// Endpoint and client share this process. On a busy machine, handshakes take longer than the default second.
vi.setConfig({ testTimeout: 60_000 })

const config = ({ port }: { port: number }, tls: boolean | TlsOptions, more: ClientConfig = {}): ClientConfig => ({
  hosts: `127.0.0.1:${port}`,
  seedOnlyCluster: true,
  timeout: 10_000,
  tls,
  ...more,
})

// The blocking client stops this thread, and with it the endpoint; so does a server on the same thread.
describe.each(CLIENTS.filter(({ name }) => name === 'Client'))('$name', kind => {
  test('reads and writes over TLS', async () => {
    await using endpoint = await proxy()
    await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
    const key = keys()
    await client.put(key, { name: 'Ada', photo: Buffer.alloc(100_000, 7) })
    expect((await client.get(key)).bins).toEqual({ name: 'Ada', photo: Buffer.alloc(100_000, 7) })
    expect(endpoint.connections).toBeGreaterThan(0)
  })

  test('many calls at once share the connections', async () => {
    await using endpoint = await proxy()
    await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
    const many = keys.many(200)
    await Promise.all(many.map((key, index) => client.put(key, { index })))
    const rows = await client.batchRead(many)
    expect(Array.from(rows, ({ record }) => record?.bins.index)).toEqual(many.map((_, index) => index))
  })

  test('sends its certificate to a server that requires one', async () => {
    await using endpoint = await proxy(node, { ca: authority.cert, requestCert: true })
    const tls = { ca: authority.cert, cert: own.cert, key: own.key }
    await using client = await kind.connect(config(endpoint, tls))
    expect(await client.exists(keys())).toBe(false)
    expect(new Set(endpoint.clients)).toEqual(new Set(['ada']))
  })

  test('takes the lowest version that minVersion accepts, and no other', async () => {
    await using endpoint = await proxy(node, { maxVersion: 'TLSv1.2' })
    await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
    expect(client.isConnected()).toBe(true)
    const strict = kind.make(config(endpoint, { ca: authority.cert, minVersion: 'TLSv1.3' }))
    await expect(strict.connect()).rejects.toMatchObject({
      name: 'ClusterError',
      message: expect.stringContaining('no TLS version or cipher in common'),
    })
  })

  describe('names', () => {
    const named = certify({ subject: 'a node', names: ['db.example'], authority })

    test.each([
      ['tlsName of the host', (port: number) => ({ hosts: [{ host: '127.0.0.1', tlsName: 'db.example', port }] })],
      ['tlsName in a string', (port: number) => ({ hosts: `127.0.0.1:db.example:${port}` })],
      ['serverName', () => ({ tls: { ca: authority.cert, serverName: 'db.example' } })],
    ])('come from %s', async (_, options) => {
      await using endpoint = await proxy(named)
      await using client = await kind.connect(config(endpoint, { ca: authority.cert }, options(endpoint.port)))
      expect(client.isConnected()).toBe(true)
    })

    test('are needed', async () => {
      await using endpoint = await proxy(named)
      const client = kind.make(config(endpoint, { ca: authority.cert }))
      await expect(client.connect()).rejects.toThrow(
        /the server's certificate is not valid for the name 127.0.0.1, but for .*db\.example.*; set tlsName/,
      )
    })
  })

  describe('failures', () => {
    test.each([
      ['has expired', certify({ subject: 'old node', authority, ...LONG_AGO })],
      [
        'is not valid yet',
        certify({ subject: 'new node', authority, from: new Date('2048-01-01'), to: new Date('2049-01-01') }),
      ],
      [
        'is signed by no certificate authority of config.tls.ca',
        certify({ subject: 'foreign node', authority: other }),
      ],
      [
        'is not valid for the name 127.0.0.1: it has no subject alternative names',
        certify({ subject: '127.0.0.1', names: [], authority }),
      ],
    ])('a certificate that %s is refused, with its subject and dates', async (why, certified) => {
      await using endpoint = await proxy(certified)
      const error: Error = await kind
        .make(config(endpoint, { ca: authority.cert }))
        .connect()
        .then(
          () => expect.unreachable(),
          (reason: Error) => reason,
        )
      expect(error).toMatchObject({ name: 'ClusterError' })
      expect(error.message).toContain(
        `could not connect to 127.0.0.1:${endpoint.port}: the server's certificate ${why}`,
      )
      expect(error.message).toMatch(/\(subject CN=[^,]+, issuer CN=.*, valid from 20\S+Z to 20\S+Z\)/)
    })

    test('rejectUnauthorized: false accepts any certificate', async () => {
      await using endpoint = await proxy(certify({ subject: 'old node', authority: other, ...LONG_AGO }))
      await using client = await kind.connect(config(endpoint, { rejectUnauthorized: false }))
      expect(client.isConnected()).toBe(true)
    })

    test.each(['TLSv1.2', 'TLSv1.3'] as const)('no client certificate, with %s', async maxVersion => {
      await using endpoint = await proxy(node, { ca: authority.cert, requestCert: true, maxVersion })
      const client = kind.make(config(endpoint, { ca: authority.cert }))
      await expect(client.connect()).rejects.toMatchObject({
        name: 'ClusterError',
        message: expect.stringContaining('the server requires a client certificate: set config.tls.cert'),
      })
    })

    test('TLS on a port without TLS', async () => {
      const client = kind.make({ hosts: address(), tls: { ca: authority.cert } })
      await expect(client.connect()).rejects.toThrow(/port \d+ does not use TLS: use the port for TLS/)
    })

    test('no TLS on a port with TLS', async () => {
      await using endpoint = await proxy()
      const client = kind.make({ hosts: `127.0.0.1:${endpoint.port}` })
      await expect(client.connect()).rejects.toThrow(/port \d+ uses TLS: set config.tls/)
    })
  })

  describe('reconnect', () => {
    test('reads the certificate files again, and loses no call', async () => {
      const [cert, key] = [join(directory, 'client.pem'), join(directory, 'client.key')]
      const write = (certified: Certified): void => {
        writeFileSync(cert, certified.cert)
        writeFileSync(key, certified.key)
      }
      write(own)
      await using endpoint = await proxy(node, { ca: authority.cert, requestCert: true })
      await using client = await kind.connect(config(endpoint, { ca: authority.cert, cert, key }))
      const many = keys.many(300)
      write(certify({ subject: 'bob', authority }))
      const before = many.slice(0, 150).map((written, index) => client.put(written, { index }))
      const reconnected = client.reconnect()
      const during = many.slice(150).map((written, index) => client.put(written, { index }))
      await Promise.all([...before, reconnected, ...during])
      // Handshakes of former connections that no call has waited for may still end. No call uses these connections.
      const later = endpoint.senders.length
      await Promise.all(many.map(written => client.get(written)))
      expect(endpoint.clients.slice(0, 1)).toEqual(['ada'])
      expect(new Set(endpoint.senders.slice(later))).toEqual(new Set(['bob']))
    })

    test('closes the former connections', async () => {
      await using endpoint = await proxy()
      await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
      await Promise.all(keys.many(20).map(key => client.exists(key)))
      const former = new Set(endpoint.open)
      expect(former.size).toBeGreaterThan(0)
      for (let round = 0; round < 5; round++) {
        for (const connection of endpoint.open) former.add(connection)
        await client.reconnect()
      }
      await until(() => [...former].every(connection => !endpoint.open.has(connection)))
    })

    test('trusts another authority from then on', async () => {
      await using endpoint = await proxy()
      await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
      const renewed = certify({ subject: 'a node', authority: other })
      endpoint.replace({ cert: renewed.cert, key: renewed.key })
      await expect(client.reconnect()).rejects.toThrow(/signed by no certificate authority/)
      expect(client.isConnected()).toBe(true)
      await client.reconnect({ tls: { ca: [authority.cert, other.cert] } })
      expect(await client.exists(keys())).toBe(false)
    })

    test('keeps open streams', async () => {
      await using endpoint = await proxy()
      await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
      const many = keys.many(2000)
      await client.batchWrite(many.map((key, index) => ({ key, bins: { index } })))
      const [first] = many
      const found = new Set<number>()
      for await (const { bins } of client.query<{ index: number }>('test', first?.set)) {
        if (found.size === 0) await client.reconnect()
        // Other tests write records without an index into the set.
        if (bins.index !== undefined) found.add(bins.index)
      }
      expect(found.size).toBe(2000)
    })

    test.each([
      [{ host: 'x' }, /^reconnect: unknown option "host"/],
      [{ password: 'hush' }, /^reconnect: password: a user is needed/],
      [{ user: 'ada' }, /^reconnect: password: it is needed beside the user/],
      [{ tls: { ca: '/nowhere.pem' } }, /^config.tls.ca: the file/],
      [5, /^reconnect: an object is needed/],
    ])('refuses %j', async (options, message) => {
      await using endpoint = await proxy()
      await using client = await kind.connect(config(endpoint, { ca: authority.cert }))
      await expect(client.reconnect(options as never)).rejects.toThrow(message)
      expect(await client.exists(keys())).toBe(false)
    })

    test('needs a connected client', async () => {
      const client = kind.make()
      await expect(client.reconnect()).rejects.toMatchObject({ name: 'ClientError' })
    })
  })
})
