// Connection URIs and environment variables as sources of a configuration.
import { inspect } from 'node:util'
import { Client, type ClientConfig, ClientSync, InvalidArgError } from 'aerospike-napi'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseConfig as parseSettings } from '../../lib/options/config'

/** The settings with the user and password, which a settings object itself does not show. */
function parseConfig(config?: Parameters<typeof parseSettings>[0]) {
  const settings = parseSettings(config)
  const login = settings.credentials.given(undefined, undefined, 'connect')
  return login.reveal((user, password) => ({ ...settings, user, password }))
}

const VARIABLES = [
  'AEROSPIKE_URI',
  'AEROSPIKE_HOSTS',
  'AEROSPIKE_USER',
  'AEROSPIKE_PASSWORD',
  'AEROSPIKE_CLUSTER_NAME',
  'AEROSPIKE_TLS',
  'AEROSPIKE_TLS_CA',
]

beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const seed = (name: string, port: number) => ({ name, port, tlsName: undefined })
const given = (config: ClientConfig | string) => parseConfig(config).given

/** The error of a configuration, after a check that it does not contain the secret. */
function refusal(config: unknown): Error {
  for (const make of [() => new Client(config as ClientConfig), () => new ClientSync(config as ClientConfig)]) {
    try {
      make()
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidArgError)
      expect(inspect(error, { depth: null })).not.toMatch(/secret|s3cr/i)
      if (make.toString().includes('Sync')) return error as Error
      continue
    }
    throw new Error('it was accepted')
  }
  throw new Error('it was accepted')
}

describe('a URI', () => {
  test.each<[string, object[]]>([
    ['aerospike://db', [seed('db', 3000)]],
    ['aerospike://db:4000', [seed('db', 4000)]],
    ['AEROSPIKE://db/', [seed('db', 3000)]],
    [' aerospike://db ', [seed('db', 3000)]],
    ['aerospike://a:1,b:2', [seed('a', 1), seed('b', 2)]],
    ['aerospike://a:1, b ,', [seed('a', 1), seed('b', 3000)]],
    ['aerospike://[::1]:3000,[fe80::1]', [seed('::1', 3000), seed('fe80::1', 3000)]],
    ['aerospike://user:pass@a,b/test?timeout=5', [seed('a', 3000), seed('b', 3000)]],
    ['aerospike://a%2Db', [seed('a-b', 3000)]],
  ])('%s', (uri, seeds) => {
    expect(parseConfig(uri).seeds).toEqual(seeds)
    expect(parseConfig({ uri }).seeds).toEqual(seeds)
  })

  test('has user, password, namespace and options', () => {
    const settings = parseConfig('aerospike://ad%40a:p%3A%2f%25:q@h1:3000,h2/te%73t?totalTimeout=500&clusterName=42')
    expect(settings).toMatchObject({ user: 'ad@a', password: 'p:/%:q', namespace: 'test' })
    expect(settings.given).toMatchObject({ totalTimeout: 500, clusterName: '42' })
    expect(settings.timeouts).toEqual({ read: 500, write: 500, batch: 500, admin: 1000, query: 500 })
    expect(parseConfig('aerospike://ada@h1')).toMatchObject({ user: 'ada', password: undefined, namespace: '' })
    expect(parseConfig('aerospike://ada:@h1')).toMatchObject({ user: 'ada', password: '' })
  })

  test('takes any password, percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' }), (user, password) => {
        const uri = `aerospike://${encodeURIComponent(user)}:${encodeURIComponent(password)}@h1/test`
        expect(parseConfig(uri)).toMatchObject({ user, password, namespace: 'test' })
      }),
    )
  })

  test('has parameters of every scalar type', () => {
    const uri =
      'aerospike://h/?useServicesAlternate=true&seedOnlyCluster=false&rackIds=1,2&replica=prefer-rack&sleepMultiplier=1.5' +
      '&autoBatch=true&int64=bigint&maps=map&key=send&ttl=-1&compress=true&maxConcurrentCommands=7&appId=shop' +
      '&authMode=internal&ignoreUndefined=true&maxConnsPerNode=10'
    expect(given(uri)).toEqual({
      useServicesAlternate: true,
      seedOnlyCluster: false,
      rackIds: [1, 2],
      replica: 'prefer-rack',
      sleepMultiplier: 1.5,
      autoBatch: true,
      int64: 'bigint',
      maps: 'map',
      key: 'send',
      ttl: -1,
      compress: true,
      maxConcurrentCommands: 7,
      appId: 'shop',
      authMode: 'internal',
      ignoreUndefined: true,
      maxConnsPerNode: 10,
    })
  })

  test('has parameters for TLS, whose paths need no escapes', () => {
    const uri =
      'aerospikes://h1:4333/test?tlsCa=/etc/ca.pem&tlsCert=%2Fc.pem&tlsKey=./k.pem&tlsKeyPassword=p%26q' +
      '&tlsServerName=db.example&tlsRejectUnauthorized=false&tlsMinVersion=TLSv1.3&tlsForLoginOnly=true'
    expect(parseConfig({ uri, user: 'ada', password: 'p' }).tls).toEqual({
      authorities: ['/etc/ca.pem'],
      certificate: '/c.pem',
      key: './k.pem',
      keyPassword: 'p&q',
      serverName: 'db.example',
      verifies: false,
      onlyTls13: true,
      forLoginOnly: true,
    })
    // Options take precedence over the URI, one by one.
    expect(parseConfig({ uri, user: 'ada', password: 'p', tls: { serverName: 'other.example' } }).tls).toMatchObject({
      authorities: ['/etc/ca.pem'],
      serverName: 'other.example',
    })
  })

  test.each<[unknown, RegExp]>([
    ['', /config.uri: it does not begin with aerospike:\/\/ or aerospikes:\/\//],
    ['127.0.0.1:3000', /config.uri: it does not begin with aerospike:\/\//],
    ['user:secret@h1', /config.uri: it does not begin with/],
    ['http://user:secret@h1', /config.uri: the scheme is "http"; aerospike:\/\/ or aerospikes:\/\/ \(with TLS\)/],
    ['aerospike:h1', /config.uri: it does not begin with/],
    ['aerospike://', /config.uri: it has no host; write it as in aerospike:\/\/127.0.0.1:3000/],
    ['aerospike://ada:secret@', /config.uri: it has no host/],
    ['aerospike://:secret@h1', /config.uri: a user is needed before the '@'/],
    ['aerospike://ada:secret', /config.uri: the host is not host, host:port .*; a user and a password end with '@'/],
    ['aerospike://h1,ada:secret', /config.uri: host 2 of the list is not host, host:port/],
    ['aerospike://h:0', /with a port from 1 to 65535; a user/],
    ['aerospike://h:65536', /with a port from 1 to 65535; a user/],
    ['aerospike://h:name:3000', /config.uri: the host is not/],
    ['aerospikes://ada:secret', /config.uri: the host is not/],
    ['aerospike://a b', /config.uri: the host is not/],
    // Passwords with characters that are not percent-encoded.
    ['aerospike://ada:s@secret@h1', /config.uri: the user or the password contains '@', .* as %40/],
    ['aerospike://ada:s/secret@h1', /config.uri: there is an '@' after the hosts; .* percent-encoded/],
    ['aerospike://ada:s?secret@h1', /config.uri: there is an '@' after the hosts/],
    ['aerospike://ada:s#secret@h1', /config.uri: there is an '@' after the hosts/],
    ['aerospike://ada:se%cret@h1', /config.uri: the password contains a character .* '%' as %25/],
    ['aerospike://ada:secret%ff@h1', /config.uri: the password contains a character/],
    ['aerospike://ada:secret é@h1', /config.uri: the password contains a character/],
    ['aerospike://a[da:secret@h1', /config.uri: the user contains a character/],
    ['aerospike://h1/test#x', /config.uri: it contains '#', which must be percent-encoded as %23/],
    // The path and the parameters.
    ['aerospike://h1/test/other', /config.uri: the path has 2 parts; it can only name one namespace/],
    ['aerospike://h1/test?namespace=other', /config.uri: unknown option "namespace"; the namespace is the path/],
    [`aerospike://h1/${'n'.repeat(32)}`, /config.namespace: "n+" is longer than 31 bytes/],
    ['aerospike://h1/?password=secret', /config.uri: unknown option "password"; the password stands before the hosts/],
    ['aerospike://h1/?tlsCa=/ca.pem', /config.uri: "tlsCa" needs aerospikes:\/\//],
    ['aerospikes://h1/?tlsKeyPassword=secret', /config.tls.keyPassword: there is no config.tls.key/],
    ['aerospikes://h1/?tlsMinVersion=1', /config.tls.minVersion: one of 'TLSv1.2', 'TLSv1.3' is needed/],
    ['aerospikes://h1/?tlsRejectUnauthorized=maybe', /config.uri: tlsRejectUnauthorized: true or false is needed/],
    ['aerospikes://h1/?tlsCA=/ca.pem', /config.uri: unknown option "tlsCA"; did you mean tlsCa\?/],
    ['aerospike://h1/?tls=true', /config.uri: unknown option "tls"; write aerospikes:\/\//],
    ['aerospike://h1/?total_timeout=5', /config.uri: unknown option "total_timeout"; did you mean totalTimeout\?/],
    ['aerospike://h1/?nonsense=5', /config.uri: unknown option "nonsense"/],
    ['aerospike://h1/?__proto__=5', /config.uri: unknown option "__proto__"/],
    ['aerospike://h1/?totalTimeout', /config.uri: the parameter "totalTimeout" has no value; write totalTimeout=value/],
    ['aerospike://h1/?ttl=1&ttl=2', /config.uri: the parameter "ttl" is there twice/],
    ['aerospike://h1/?totalTimeout=fast', /config.uri: totalTimeout: an integer from 0 .* not the string "fast"/],
    ['aerospike://h1/?totalTimeout=', /config.uri: totalTimeout: an integer from 0 .* not the string ""/],
    ['aerospike://h1/?compress=1', /config.uri: compress: true or false is needed, not 1/],
    ['aerospike://h1/?key=always', /config.uri: key: one of 'digest', 'send' is needed/],
    ['aerospike://h1/?clusterName=', /config.uri: clusterName: a string is needed, not an empty one/],
    ['aerospike://h1/?rackIds=1,x', /config.uri: rackIds: an integer .* not the string "x"/],
    [{ uri: 5 }, /config.uri: a URI such as aerospike:\/\/127.0.0.1:3000 is needed, not 5/],
    [{ uri: null }, /config.uri: a URI such as .* is needed, not null/],
  ])('%j is refused', (config, message) => {
    expect(refusal(config).message).toMatch(message)
  })

  test('is refused without its password, whatever is wrong with it', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'@:/?#%[] ,&=é\\') })
    fc.assert(
      fc.property(junk, junk, junk, (before, after, end) => {
        const uri = `aerospike://ada:${before}s3cr${after}@h1${end}`
        try {
          parseConfig(uri)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgError)
          expect(inspect(error, { depth: null })).not.toContain('s3cr')
        }
      }),
    )
  })
})

describe('a namespace', () => {
  test('is an option, too', () => {
    expect(parseConfig({ hosts: 'h', namespace: 'test' }).namespace).toBe('test')
    expect(parseConfig({ hosts: 'h', namespace: undefined }).namespace).toBe('')
    for (const namespace of ['', 5, null, ['test']]) {
      expect(refusal({ hosts: 'h', namespace }).message).toMatch(/config.namespace: a string is needed/)
    }
  })
})

describe('variables', () => {
  test('are used where there is neither an option nor a URI', () => {
    vi.stubEnv('AEROSPIKE_HOSTS', 'a:1, b,')
    vi.stubEnv('AEROSPIKE_USER', 'ada')
    vi.stubEnv('AEROSPIKE_PASSWORD', 'lovelace')
    vi.stubEnv('AEROSPIKE_CLUSTER_NAME', 'blue')
    for (const settings of [parseConfig(undefined), parseConfig({})]) {
      expect(settings).toMatchObject({ user: 'ada', password: 'lovelace', seeds: [seed('a', 1), seed('b', 3000)] })
      expect(settings.given.clusterName).toBe('blue')
    }
  })

  test('AEROSPIKE_URI is a URI like that of the option', () => {
    vi.stubEnv('AEROSPIKE_URI', 'aerospike://ada:lovelace@h1/test?totalTimeout=5')
    expect(parseConfig(undefined)).toMatchObject({ user: 'ada', password: 'lovelace', namespace: 'test' })
    expect(parseConfig({ totalTimeout: 7, namespace: 'demo' })).toMatchObject({
      namespace: 'demo',
      timeouts: { read: 7 },
    })
  })

  test('an option comes first, then the URI, then the variables', () => {
    vi.stubEnv('AEROSPIKE_HOSTS', 'variable')
    vi.stubEnv('AEROSPIKE_CLUSTER_NAME', 'variable')
    vi.stubEnv('AEROSPIKE_USER', 'variable')
    const uri = 'aerospike://uri@uri/uri?clusterName=uri&totalTimeout=2'
    expect(parseConfig(uri)).toMatchObject({
      seeds: [seed('uri', 3000)],
      user: 'uri',
      namespace: 'uri',
      given: { clusterName: 'uri' },
      timeouts: { read: 2 },
    })
    const options = { uri, hosts: 'o', user: 'o', namespace: 'o', clusterName: 'o', totalTimeout: 1 }
    expect(parseConfig(options)).toMatchObject({
      seeds: [seed('o', 3000)],
      user: 'o',
      namespace: 'o',
      given: { clusterName: 'o' },
      timeouts: { read: 1 },
    })
    expect(parseConfig({ uri, clusterName: undefined }).given.clusterName).toBe('uri')
    vi.stubEnv('AEROSPIKE_URI', 'aerospike://variable-uri')
    expect(parseConfig(uri).seeds).toEqual([seed('uri', 3000)])
    expect(parseConfig(undefined).seeds).toEqual([seed('variable-uri', 3000)])
  })

  test('AEROSPIKE_URI has no effect on a cluster that the options name', () => {
    vi.stubEnv('AEROSPIKE_URI', 'aerospike://ada:lovelace@h1/test')
    const other = { user: undefined, password: undefined, namespace: '' }
    expect(parseConfig({ hosts: 'h2' })).toMatchObject(other)
    expect(parseConfig('aerospike://h2')).toMatchObject(other)
  })

  test('a password is used only with the user of its source', () => {
    const uri = 'aerospike://ada:lovelace@h1'
    vi.stubEnv('AEROSPIKE_PASSWORD', 'of-anyone')
    expect(parseConfig({ uri, user: 'bob' }).password).toBe('of-anyone')
    expect(parseConfig({ uri, user: 'ada' }).password).toBe('lovelace')
    expect(parseConfig('aerospike://ada@h1').password).toBe('of-anyone')
    vi.stubEnv('AEROSPIKE_USER', 'carol')
    expect(parseConfig({ uri, user: 'bob' }).password).toBeUndefined()
    expect(parseConfig('aerospike://ada@h1').password).toBeUndefined()
    expect(parseConfig({ uri, user: 'bob', password: 'own' }).password).toBe('own')
  })

  test('an empty one counts as not set', () => {
    vi.stubEnv('AEROSPIKE_URI', '')
    vi.stubEnv('AEROSPIKE_USER', '')
    vi.stubEnv('AEROSPIKE_HOSTS', 'h')
    expect(parseConfig(undefined)).toMatchObject({ seeds: [seed('h', 3000)], user: undefined })
    vi.stubEnv('AEROSPIKE_HOSTS', '')
    expect(() => parseConfig(undefined)).toThrow(/seeds are needed.* AEROSPIKE_HOSTS or AEROSPIKE_URI/)
  })

  test.each<[string, string, RegExp]>([
    ['AEROSPIKE_URI', 'aerospike://ada:secret', /^AEROSPIKE_URI: the host is not/],
    ['AEROSPIKE_URI', 'aerospike://h/?nonsense=1', /^AEROSPIKE_URI: unknown option "nonsense"/],
    ['AEROSPIKE_HOSTS', 'a b', /^AEROSPIKE_HOSTS: "a b" is not host/],
    ['AEROSPIKE_HOSTS', 'a:0', /^AEROSPIKE_HOSTS: the port: an integer from 1/],
  ])('%s=%s is refused by its name', (name, value, message) => {
    vi.stubEnv(name, value)
    expect(refusal(undefined).message).toMatch(message)
  })
})

test('a client shows no password', () => {
  vi.stubEnv('AEROSPIKE_PASSWORD', 'secret-variable')
  for (const config of ['aerospike://ada:secret-uri@h1', { hosts: 'h', user: 'ada', password: 'secret-option' }]) {
    for (const client of [new Client(config), new ClientSync(config)]) {
      expect(inspect(client, { depth: null, showHidden: true })).not.toContain('secret')
      expect(JSON.stringify(client)).not.toContain('secret')
    }
  }
})
