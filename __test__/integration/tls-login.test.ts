// Logins over TLS: by certificate, by an external service, and TLS for the login only.
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS } from '../helpers/clients'

/** Hashing passwords takes long on a busy machine. */
const PATIENCE = { timeout: 20_000, connectTimeout: 60_000, loginTimeout: 20_000, totalTimeout: 20_000 }

let server: LocalServer
beforeAll(async () => {
  const users = [
    { name: 'ada', password: 'secret', roles: ['read-write'] },
    { name: 'ldap', password: 'as it is', roles: ['read-write'], authMode: 'external' },
    { name: 'machine', roles: ['read-write'], authMode: 'pki' },
  ] as const
  server = await LocalServer.start({ nodes: 2, security: { users }, tls: { clientName: 'machine' } })
})
afterAll(() => server?.stop())

describe.each(CLIENTS)('$name', kind => {
  const tls = () => ({ ca: server.ca as string })
  const key = ['test', 'tls-login', kind.name] as const
  const roundTrip = async (config: object): Promise<void> => {
    const client = await kind.connect({ ...PATIENCE, hosts: server.tlsAddress as string, ...config })
    try {
      await client.put(key, { a: 1 })
      expect((await client.get(key)).bins).toEqual({ a: 1 })
      expect(client.getNodeNames()).toHaveLength(2)
    } finally {
      await client.close()
    }
  }

  test('with a password', () => roundTrip({ tls: tls(), user: 'ada', password: 'secret' }))

  test('of an external user', () => roundTrip({ tls: tls(), user: 'ldap', password: 'as it is', authMode: 'external' }))

  test('by the client certificate', () =>
    roundTrip({ tls: { ...tls(), cert: server.cert as string, key: server.key as string }, authMode: 'pki' }))

  test('forLoginOnly sends data to the ports without TLS', () =>
    roundTrip({ tls: { ...tls(), forLoginOnly: true }, user: 'ada', password: 'secret' }))

  test('a certificate that names no user is refused', async () => {
    const { cert, key: certKey } = await server.issueClientCertificate('stranger')
    const login = { tls: { ...tls(), cert, key: certKey }, authMode: 'pki' } as const
    await expect(kind.connect({ ...PATIENCE, hosts: server.tlsAddress as string, ...login })).rejects.toMatchObject({
      name: 'AdminError',
      message: expect.stringContaining('no user with the name in the certificate'),
    })
  })
})

test.each(CLIENTS)('$name says that a server may require a client certificate', async kind => {
  await using strict = await LocalServer.start({ tls: { authenticateClient: true } })
  const config = { ...PATIENCE, hosts: strict.tlsAddress as string, connectTimeout: 5000 }
  await expect(kind.connect({ ...config, tls: { ca: strict.ca as string } })).rejects.toThrow(
    /requires? a client certificate/,
  )
  const { cert, key } = await strict.issueClientCertificate('machine', 'unknown-authority')
  await expect(kind.connect({ ...config, tls: { ca: strict.ca as string, cert, key } })).rejects.toThrow(
    /refuses? the client certificate/,
  )
})
