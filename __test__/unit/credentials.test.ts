import { inspect } from 'node:util'
import { Client, type ClientConfig, ClientSync, InvalidArgError } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { renewalTime } from '../../lib/cluster/renewal'
import { parseConfig } from '../../lib/options/config'
import { AUTH_MODES, CredentialsSource, Login } from '../../lib/options/credentials'

const SECRET = 'hush-hush'
const hosts = '127.0.0.1:1'

const source = (provider: () => unknown): CredentialsSource =>
  new CredentialsSource(AUTH_MODES.internal, undefined, undefined, provider as never)

const nothing = (): unknown => undefined

describe('options', () => {
  test.each([
    [{ credentials: 'ada' }, /^config.credentials: a function is needed, not the string "ada"/],
    [{ credentials: nothing, user: 'ada' }, /^config.credentials: it returns user and password/],
    [{ credentials: nothing, password: SECRET }, /^config.credentials: it returns user and password/],
    [{ authMode: 'external', user: 'ada' }, /^config.authMode: 'external' needs config.tls/],
    [{ authMode: 'pki' }, /^config.authMode: 'pki' needs config.tls.cert and config.tls.key/],
    [{ authMode: 'pki', tls: true }, /^config.authMode: 'pki' needs config.tls.cert/],
    [{ authMode: 'ldap' }, /^config.authMode: one of 'internal', 'external', 'external-insecure', 'pki' is needed/],
  ])('%j are refused', (options, message) => {
    expect(() => new Client({ hosts, ...options } as ClientConfig)).toThrow(InvalidArgError)
    expect(() => new Client({ hosts, ...options } as ClientConfig)).toThrow(message)
  })

  test('TLS for the login alone needs a login', async () => {
    const client = new Client({ hosts, tls: { forLoginOnly: true } })
    await expect(client.connect()).rejects.toThrow(/^config.tls.forLoginOnly: it needs a user/)
  })

  test('more than a login can carry is refused', async () => {
    const client = new Client({ hosts, user: 'ada', password: SECRET.repeat(100) })
    await expect(client.connect()).rejects.toThrow(/^credentials: user and password have more than the 700 bytes/)
  })
})

describe('secrets', () => {
  test('are in no inspection of a client or its settings', () => {
    const config = { hosts, user: 'ada', password: SECRET }
    const settings = parseConfig(config)
    const shown = (value: unknown) => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })
    expect(shown(settings)).not.toContain(SECRET)
    expect(JSON.stringify(settings)).not.toContain(SECRET)
    expect(shown(settings.credentials.given(undefined, undefined, 'connect'))).not.toContain(SECRET)
    expect(shown(new Client(config))).not.toContain(SECRET)
    expect(shown(new ClientSync(config))).not.toContain(SECRET)
  })

  test('are dropped when the client is connected', () => {
    const { credentials } = parseConfig({ hosts, user: 'ada', password: SECRET })
    credentials.given(undefined, undefined, 'connect').reveal((...both) => expect(both).toEqual(['ada', SECRET]))
    credentials.connectedAs('ada')
    credentials.given(undefined, undefined, 'connect').reveal((...both) => expect(both).toEqual(['ada', undefined]))
  })
})

describe('a provider', () => {
  test.each([
    [undefined, /the result: an object is needed, not undefined/],
    [{ password: SECRET }, /the result: user: a name is needed, not undefined/],
    [{ user: '', password: SECRET }, /the result: user: a name is needed, not an empty string/],
    [{ user: 'ada' }, /the result: password: a string is needed, not undefined/],
    [{ user: 'ada', password: SECRET, ttl: 5 }, /the result: unknown option "ttl"/],
    [{ user: 'ada', password: SECRET, expiresAt: 'soon' }, /the result: expiresAt: a Date or milliseconds/],
    [{ user: 'ada', password: SECRET, expiresAt: new Date(Number.NaN) }, /the result: expiresAt/],
  ])('that returns %j is an error', async (result, message) => {
    expect(() => source(() => result).ask()).toThrow(message)
    await expect(source(() => Promise.resolve(result)).ask()).rejects.toThrow(message)
    expect(() => source(() => result).ask()).not.toThrow(SECRET)
  })

  test('that fails is an error with the cause', async () => {
    const cause = new Error('the vault is sealed')
    const failing = () => {
      throw cause
    }
    await expect(new Client({ hosts, credentials: failing }).connect()).rejects.toMatchObject({
      name: 'ClientError',
      message: 'config.credentials: the provider failed: the vault is sealed',
      cause,
    })
    await expect(source(() => Promise.reject(cause)).ask()).rejects.toMatchObject({ cause })
  })

  test('of ClientSync returns its result, not a promise', () => {
    const credentials = async () => ({ user: 'ada', password: SECRET })
    expect(() => new ClientSync({ hosts, credentials }).connect()).toThrow(
      /^config.credentials: ClientSync needs a function that returns credentials, not a promise/,
    )
  })

  test('excludes credentials as arguments', async () => {
    const client = new Client({ hosts, credentials: () => ({ user: 'ada', password: SECRET }) })
    await expect(client.connect('bob', SECRET)).rejects.toThrow(
      /^connect: config.credentials returns user and password/,
    )
  })
})

describe('renewal', () => {
  const login = (expiresAt?: number) => new Login(AUTH_MODES.internal, 'ada', SECRET, expiresAt, true)
  const now = 1_000_000_000_000

  test.each([
    ['two minutes before the session ends', 86_400, undefined, 86_400_000 - 120_000],
    ['after four fifths of a short session', 100, undefined, 80_000],
    ['before the credentials expire', 86_400, now + 3_600_000, 3_600_000 - 120_000],
    ['a second later, if they have expired', 0, now - 5000, 1000],
  ])('%s', (_, ttl, expiresAt, after) => {
    expect(renewalTime(login(expiresAt), ttl, now)).toBe(now + after)
  })

  test('never, without an expiry or a provider', () => {
    expect(renewalTime(login(), 0, now)).toBe(Number.POSITIVE_INFINITY)
    expect(renewalTime(new Login(AUTH_MODES.internal, 'ada', SECRET), 100, now)).toBe(Number.POSITIVE_INFINITY)
  })
})
