// Logins, sessions, and credentials that change, on both clients, against an aerospike-local with security.
import { AdminError, type Client, type ClientConfig, type Credentials } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CLIENTS } from '../helpers/clients'
import { startFaultProxy } from '../helpers/fault-proxy'
import { until } from '../helpers/until'

const SECRET = 'hush-hush'
const USERS = [
  { name: 'ada', password: SECRET, roles: ['read-write'] },
  { name: 'reader', password: SECRET, roles: ['read'] },
  { name: 'ldap', password: SECRET, roles: ['read'], authMode: 'external' as const },
]

let server: LocalServer
let admin: Client
beforeAll(async () => {
  server = await LocalServer.start({ security: { users: USERS } })
  admin = (await CLIENTS[0]?.connect({ ...server.config, timeout: 10_000 })) as unknown as Client
})
afterAll(async () => {
  await admin?.close()
  await server?.stop()
})

// A test logs in several times, and each login hashes a password: that takes a busy machine seconds.
vi.setConfig({ testTimeout: 60_000 })
const PATIENCE = { timeout: 30_000 }

/** Clients of the server with security, which wait for a login longer than the default second. */
const secured = (more: ClientConfig = {}): ClientConfig => ({ hosts: server.address, timeout: 10_000, ...more })
const as = (user: string, more: ClientConfig = {}): ClientConfig => secured({ user, password: SECRET, ...more })

/** The error of a call that fails. */
const errorOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => expect.unreachable('the call should fail'),
    (error: Error) => error,
  )

let users = 0
/** Creates a user that no other test has. */
async function newUser(roles: string[] = ['read-write']): Promise<string> {
  users += 1
  const user = `user-${users}`
  await admin.createUser(user, SECRET, roles)
  return user
}

describe.each(CLIENTS)('$name', kind => {
  const key = ['test', 'auth', kind.name] as const

  test('logs in with the credentials of the configuration, or of connect', async () => {
    await using configured = await kind.connect(as('ada'))
    await configured.put(key, { a: 1 })
    const given = kind.make(secured())
    await given.connect('reader', SECRET)
    expect((await given.get(key)).bins).toEqual({ a: 1 })
    await given.close()
  })

  test('sends the password of an external user as it is', async () => {
    await using client = await kind.connect(as('ldap', { authMode: 'external-insecure' }))
    expect(await client.getOrNull(['test', 'auth', 'nobody'])).toBeNull()
  })

  describe('a refused login', () => {
    test.each([
      ['a wrong password', { password: 'wrong-guess' }, /the password of the user ada is wrong/, 'INVALID_CREDENTIAL'],
      ['an unknown user', { user: 'nobody' }, /the server has no user nobody/, 'INVALID_USER'],
      [
        'a password sent as a hash for an external user',
        { user: 'ldap' },
        /password of the user ldap/,
        'INVALID_CREDENTIAL',
      ],
    ])('because of %s is an AdminError that says so', async (_, wrong, message, code) => {
      const error = await errorOf(kind.make(as('ada', wrong)).connect())
      expect(error).toBeInstanceOf(AdminError)
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
      expect(`${error.stack}`).not.toMatch(/wrong-guess|hush-hush/)
    })

    test('leaves the client free for another attempt', async () => {
      const client = kind.make(secured())
      await expect(client.connect('ada', 'wrong-guess')).rejects.toBeInstanceOf(AdminError)
      await client.connect('ada', SECRET)
      expect(client.isConnected()).toBe(true)
      await client.close()
    })

    test('without credentials says that the server has security', async () => {
      const error = await errorOf(kind.make(secured()).connect())
      expect(error).toBeInstanceOf(AdminError)
      expect(error).toMatchObject({
        code: 'NOT_AUTHENTICATED',
        message: expect.stringContaining('the server has security enabled, and the client has no credentials'),
      })
    })
  })

  test('a command without the privilege names those that allow it', async () => {
    await using client = await kind.connect(as('reader'))
    const calls: [() => Promise<unknown>, string][] = [
      [() => client.put(key, { a: 1 }), 'write, read-write or read-write-udf'],
      [() => client.remove(key), 'write, read-write or read-write-udf'],
      [() => client.truncate('test', 'auth'), 'truncate or data-admin'],
      [
        () => client.createIntegerIndex({ ns: 'test', set: 'auth', bin: 'a', index: 'by-a' }),
        'sindex-admin or data-admin',
      ],
      [() => client.createUser('eve', SECRET), 'user-admin'],
    ]
    for (const [call, needed] of calls) {
      const error = await errorOf(call())
      expect(error).toMatchObject({ code: 'ROLE_VIOLATION', inDoubt: false })
      expect(error.message).toContain(`the user needs the privilege ${needed}`)
    }
  })

  test('sessions that end are renewed without a failure', async () => {
    await using client = await kind.connect(as('ada', { idleTimeout: 1000 }))
    await client.put(key, { a: 1 })
    await server.expireSessions()
    await using other = await kind.connect(as('ada'))
    for (let round = 0; round < 20; round++) await Promise.all([client.put(key, { round }), other.get(key)])
  })

  test('a user that is dropped while connected is refused', async () => {
    const user = await newUser()
    await using client = await kind.connect(as(user))
    await client.put(key, { a: 1 })
    await admin.dropUser(user)
    const error = await errorOf(client.put(key, { a: 2 }))
    expect(error).toMatchObject({ name: 'AdminError', code: 'NOT_AUTHENTICATED' })
    expect(error.message).toMatch(/it also refuses users that were dropped/)
    // So do calls that need a further connection.
    const many = Array.from({ length: 50 }, () => errorOf(client.put(key, { a: 3 })))
    for (const refused of await Promise.all(many)) {
      expect(refused).toMatchObject({ name: 'AdminError', code: 'NOT_AUTHENTICATED', inDoubt: false })
    }
  })

  test('a user that is dropped while no connection is open is refused, and may come back', async () => {
    const user = await newUser()
    await using proxy = await startFaultProxy({ host: '127.0.0.1', port: server.port })
    await using client = await kind.connect(as(user, { hosts: proxy.address, seedOnlyCluster: true }))
    await client.put(key, { a: 1 })
    await admin.dropUser(user)
    // Calls break connections until one of them needs a new one. Then the client gives the node up.
    await proxy.plan({ fault: 'break' })
    const refusals: Error[] = []
    await until(async () => {
      const error = await errorOf(client.put(key, { a: 3 }, null, { totalTimeout: 300 }))
      if (error instanceof AdminError) refusals.push(error)
      return refusals.length === 10
    }, PATIENCE)
    for (const error of refusals) {
      expect(error).toMatchObject({ code: 'INVALID_USER', inDoubt: false })
      expect(error.message).toContain(`the node refuses the login: the server has no user ${user}`)
    }
    // aerospike-core does not log in again by itself.
    await proxy.plan({ fault: 'pass' })
    await admin.createUser(user, SECRET, ['read-write'])
    await client.reconnect()
    await client.put(key, { a: 4 })
  })

  test('a user can change the own password, several times', async () => {
    const user = await newUser()
    await using client = await kind.connect(as(user))
    for (const password of ['second-hush', 'third-hush']) {
      await client.changePassword(user, password)
      await client.put(key, { a: 1 })
      await using again = await kind.connect(secured({ user, password }))
      expect(again.isConnected()).toBe(true)
    }
    await expect(kind.make(as(user)).connect()).rejects.toMatchObject({ code: 'INVALID_CREDENTIAL' })
    await server.expireSessions()
    await client.put(key, { a: 2 })
  })

  test('reconnect moves to other credentials, and stays on the former ones if they are refused', async () => {
    const user = await newUser()
    await using client = await kind.connect(as('reader'))
    await expect(client.put(key, { a: 1 })).rejects.toMatchObject({ code: 'ROLE_VIOLATION' })
    await expect(client.reconnect({ user, password: 'wrong-guess' })).rejects.toMatchObject({ name: 'AdminError' })
    await expect(client.put(key, { a: 1 })).rejects.toMatchObject({ code: 'ROLE_VIOLATION' })
    await client.reconnect({ user, password: SECRET })
    await client.put(key, { a: 1 })
    // With the same credentials, although the client has not kept the password.
    await client.reconnect()
    await client.put(key, { a: 2 })
  })

  describe('a provider', () => {
    test('is asked at connect and at reconnect', async () => {
      const user = await newUser()
      const answers: Credentials[] = [
        { user: 'reader', password: SECRET },
        { user, password: SECRET },
      ]
      const credentials = vi.fn(() => answers.shift() as Credentials)
      await using client = await kind.connect(secured({ credentials }))
      await expect(client.put(key, { a: 1 })).rejects.toMatchObject({ code: 'ROLE_VIOLATION' })
      await client.reconnect()
      await client.put(key, { a: 1 })
      expect(credentials).toHaveBeenCalledTimes(2)
    })

    test('whose credentials are refused fails the connect', async () => {
      const credentials = () => ({ user: 'ada', password: 'wrong-guess' })
      await expect(kind.make(secured({ credentials })).connect()).rejects.toMatchObject({
        code: 'INVALID_CREDENTIAL',
      })
    })

    test('is asked again before the credentials expire, and no call fails', async () => {
      const user = await newUser()
      let asked = 0
      const credentials = () => {
        asked += 1
        return { user, password: SECRET, expiresAt: Date.now() + (asked < 3 ? 1500 : 3_600_000) }
      }
      await using client = await kind.connect(secured({ credentials }))
      await until(async () => {
        await Promise.all(Array.from({ length: 10 }, (_, index) => client.put(['test', 'auth', index], { index })))
        return asked >= 3
      }, PATIENCE)
      await client.put(key, { a: 1 })
    })

    test('is asked again before the session ends', async () => {
      await using short = await LocalServer.start({ security: { sessionTtl: 2 } })
      let asked = 0
      const credentials = () => {
        asked += 1
        return { user: 'admin', password: 'admin' }
      }
      await using client = await kind.connect(secured({ hosts: short.address, credentials }))
      await until(async () => {
        await client.put(key, { asked })
        return asked >= 2
      }, PATIENCE)
    })

    test('that fails later is a warning, and the client works on', async () => {
      const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
      let asked = 0
      const credentials = () => {
        asked += 1
        if (asked > 1) throw new Error('the vault is sealed')
        return { user: 'ada', password: SECRET, expiresAt: Date.now() + 1000 }
      }
      await using client = await kind.connect(secured({ credentials }))
      await until(async () => {
        await client.put(key, { asked })
        return warned.mock.calls.length > 0
      }, PATIENCE)
      expect(warned).toHaveBeenCalledWith(
        expect.stringMatching(/credentials could not be renewed.*the vault is sealed/),
        expect.objectContaining({ code: 'AEROSPIKE_CREDENTIALS' }),
      )
      await client.put(key, { a: 1 })
      warned.mockRestore()
    })
  })
})
