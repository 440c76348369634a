// LocalServer with access control and TLS: who may connect, and what it hands out to connect with.
import { X509Certificate } from 'node:crypto'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { AerospikeError, type Client, connect } from 'aerospike-napi'
import { LocalServer, type LocalServerOptions } from 'aerospike-napi/testing'
import { describe, expect, test } from 'vitest'

const key = ['test', 'security', 1] as const

/** Hashing passwords takes long on a busy machine. */
const PATIENCE = { timeout: 20_000, connectTimeout: 60_000, loginTimeout: 20_000 }

describe('access control', () => {
  test('the configuration connects as a user who may do everything', async () => {
    await using server = await LocalServer.start({ security: true })
    expect([server.user, server.password]).toEqual(['admin', 'admin'])
    expect(server.config).toEqual({ hosts: server.address, user: 'admin', password: 'admin' })
    await using client: Client = await connect({ ...server.config, ...PATIENCE })
    await client.put(key, { a: 1 })
    expect((await client.get(key)).bins).toEqual({ a: 1 })
  })

  test('clients without a user, and with a wrong password, cannot connect', async () => {
    await using server = await LocalServer.start({ security: true })
    await expect(connect({ hosts: server.address })).rejects.toThrow(AerospikeError)
    await expect(connect({ ...server.config, password: 'wrong' })).rejects.toThrow(AerospikeError)
    await expect(connect({ ...server.config, user: 'nobody' })).rejects.toThrow(AerospikeError)
  })

  test('users have the privileges of their roles, on all nodes', { timeout: 120_000 }, async () => {
    const users = [{ name: 'ada', password: 'a:b', roles: ['read'] }]
    await using server = await LocalServer.start({ nodes: 3, security: { users, sessionTtl: 600, quotas: false } })
    await using admin = await connect({ ...server.config, ...PATIENCE })
    await using ada = await connect({ ...server.config, user: 'ada', password: 'a:b', ...PATIENCE })
    for (let id = 0; id < 8; id++) {
      await admin.put(['test', 'security', id], { id })
      expect((await ada.get(['test', 'security', id])).bins).toEqual({ id })
      await expect(ada.put(['test', 'security', id], { id })).rejects.toMatchObject({ resultCode: 81 })
    }
  })

  test('sessions expire on request, and clients log in again', { timeout: 120_000 }, async () => {
    await using server = await LocalServer.start({ security: true })
    await using client = await connect({ ...server.config, ...PATIENCE })
    await server.expireSessions()
    // More calls at once than there are connections.
    const calls = Array.from({ length: 20 }, (_, id) => client.put(['test', 'security', id], { id }))
    await expect(Promise.all(calls)).resolves.toHaveLength(20)
    await using open = await LocalServer.start()
    await expect(open.expireSessions()).rejects.toThrow('security is not enabled')
  })

  test('an entry for admin replaces that user', async () => {
    const users = [{ name: 'admin', password: 'secret', roles: ['read'] }]
    await using server = await LocalServer.start({ security: { users } })
    expect(server.password).toBe('secret')
    await using client = await connect({ ...server.config, ...PATIENCE })
    await expect(client.put(key, { a: 1 })).rejects.toMatchObject({ resultCode: 81 })
  })
})

/** The certificate that the server presents, whether it is trusted or not. */
function presented(server: LocalServer): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls(
      { host: server.host, port: server.nodes[0]?.tlsPort ?? 0, rejectUnauthorized: false },
      () => {
        const certificate = socket.getPeerX509Certificate()
        socket.destroy()
        if (certificate === undefined) reject(new Error('no certificate'))
        else resolve(certificate)
      },
    )
    socket.once('error', reject)
  })
}

describe('TLS', () => {
  test('the authority signs the certificates of the server and of clients', async () => {
    const tls = { name: 'db.example', clientName: 'ada' }
    await using server = await LocalServer.start({ nodes: 2, tls })
    const ca = new X509Certificate(server.ca as string)
    const own = await presented(server)
    expect(own.verify(ca.publicKey)).toBe(true)
    expect(own.checkHost('db.example')).toBe('db.example')
    expect(own.checkIP(server.host)).toBe(server.host)
    const client = new X509Certificate(server.cert as string)
    expect([client.subject, client.verify(ca.publicKey)]).toEqual(['CN=ada', true])
    const addresses = server.nodes.map(node => `${node.host}:db.example:${node.tlsPort}`)
    expect(server.tlsAddress).toBe(addresses.join(','))
    expect(server.config).toEqual({
      hosts: server.tlsAddress,
      tls: { ca: server.ca, cert: server.cert, key: server.key },
    })
  })

  test('further client certificates are issued, and the certificate of the server is replaced', async () => {
    await using server = await LocalServer.start({ tls: true })
    const { publicKey } = new X509Certificate(server.ca as string)
    const expired = new X509Certificate((await server.issueClientCertificate('bob', 'expired')).cert)
    expect([expired.subject, expired.verify(publicKey)]).toEqual(['CN=bob', true])
    expect(Date.parse(expired.validTo)).toBeLessThan(Date.now())
    const stranger = new X509Certificate((await server.issueClientCertificate('bob', 'unknown-authority')).cert)
    expect(stranger.verify(publicKey)).toBe(false)
    const before = await presented(server)
    await server.presentCertificate('valid')
    expect((await presented(server)).fingerprint256).not.toBe(before.fingerprint256)
    await server.presentCertificate('wrong-name')
    expect((await presented(server)).checkHost('localhost')).toBeUndefined()
  })

  test('a server without TLS has no certificates', async () => {
    await using server = await LocalServer.start()
    expect([server.ca, server.cert, server.key, server.tlsAddress]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    await expect(server.presentCertificate('valid')).rejects.toThrow('TLS is not enabled')
    await expect(server.issueClientCertificate('ada')).rejects.toThrow('TLS is not enabled')
  })
})

test.each<[unknown, string]>([
  [{ security: 1 }, 'LocalServer.security: an object is needed'],
  [{ security: { user: [] } }, 'LocalServer.security: unknown option "user"'],
  [{ security: { users: {} } }, 'LocalServer.security.users: an array is needed'],
  [{ security: { users: [{ name: 'a:b', password: 'x', roles: [] }] } }, 'a name without a colon'],
  [{ security: { users: [{ name: 'a', roles: [] }] } }, 'LocalServer.security.users: password'],
  [{ security: { users: [{ name: 'a', password: 'x', roles: [], authMode: 'pki' }] } }, "a user with 'pki' has none"],
  [{ security: { users: [{ name: 'a', password: 'x', roles: [], authMode: 'ldap' }] } }, 'authMode'],
  [{ security: { users: [{ name: 'a', password: 'x', roles: ['none'] }] } }, 'there is no role'],
  [{ security: { sessionTtl: 0 } }, 'LocalServer.security.sessionTtl'],
  [{ security: { quotas: 'yes' } }, 'LocalServer.security.quotas'],
  [{ tls: { port: -1 } }, 'LocalServer.tls.port'],
  [{ tls: { certificate: 'old' } }, 'LocalServer.tls.certificate'],
  [{ tls: { authenticateClient: 1 } }, 'LocalServer.tls.authenticateClient'],
  [{ tls: { cert: '' } }, 'LocalServer.tls: unknown option "cert"'],
])('%j is rejected', async (options, message) => {
  await expect(LocalServer.start(options as LocalServerOptions)).rejects.toThrow(message)
})
