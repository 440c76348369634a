import { Client, type ClientConfig, ClientSync, InvalidArgError } from 'aerospike-napi'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { parseConfig } from '../../lib/options/config'

const HOSTS = '127.0.0.1:3000'
const parsed = (config: object) => parseConfig({ hosts: HOSTS, ...config } as ClientConfig)
const made = (config: unknown) => () => new Client(config as ClientConfig)
const withHosts = (config: object) => made({ hosts: HOSTS, ...config })

beforeEach(() => {
  vi.stubEnv('AEROSPIKE_HOSTS', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('hosts', () => {
  const seed = (name: string, port: number) => ({ name, port, tlsName: undefined })

  test.each<[unknown, object[]]>([
    ['db', [seed('db', 3000)]],
    ['db:4000', [seed('db', 4000)]],
    [' a:1 , b:2 ', [seed('a', 1), seed('b', 2)]],
    ['10.0.0.1:65535', [seed('10.0.0.1', 65_535)]],
    ['db:4000, ', [seed('db', 4000)]],
    [' , a:1 ,, b,', [seed('a', 1), seed('b', 3000)]],
    ['[::1]:4000', [seed('::1', 4000)]],
    ['[fe80::1]', [seed('fe80::1', 3000)]],
    [
      ['a:1', 'b'],
      [seed('a', 1), seed('b', 3000)],
    ],
    [[['a', 1]], [seed('a', 1)]],
    [[{ host: 'a' }], [seed('a', 3000)]],
    [[{ host: 'a', port: 5 }], [seed('a', 5)]],
  ])('%j', (hosts, seeds) => {
    expect(parsed({ hosts }).seeds).toEqual(seeds)
  })

  test.each<[unknown, RegExp]>([
    ['', /config.hosts: "" is not host/],
    [' , ', /config.hosts: " , " is not host/],
    ['a b', /config.hosts: "a b" is not host/],
    ['db:0', /config.hosts: the port: .* not 0/],
    ['db:65536', /config.hosts: the port: .* not 65536/],
    ['db:1:2:3', /config.hosts: "db:1:2:3" is not host/],
    ['aerospike://h:3000', /config.hosts: a URI is not an address; use "h:3000"$/],
    ['aerospike://ada:secret@h:3000/test?a=1', /config.hosts: a URI is not an address; use "h:3000"$/],
    ['ada:secret@h:3000:4:5', /config.hosts: "h:3000:4:5" is not host/],
    [[], /config.hosts: 'host:port' or a list of seeds/],
    [5, /config.hosts: .* not 5/],
    [null, /config.hosts/],
    [{ host: 'a' }, /config.hosts: .* a list of seeds is needed, not an object/],
    [[5], /config.hosts: an object is needed, not 5/],
    [[['a']], /config.hosts: the port: .* not undefined/],
    [[['', 1]], /config.hosts: the host: .* an empty one/],
    [[['a', '1']], /config.hosts: the port: .* not the string "1"/],
    [[{ port: 1 }], /config.hosts: the host: .* not undefined/],
    [[{ host: 'a', address: 'b' }], /config.hosts: unknown option "address"/],
  ])('%j is refused', (hosts, message) => {
    expect(made({ hosts })).toThrow(InvalidArgError)
    expect(made({ hosts })).not.toThrow(/secret/)
    expect(made({ hosts })).toThrow(message)
  })

  test.each([['db:secret:4000'], ['db:secret'], [[['a', 1, 'secret']]], [[{ host: 'a', tlsName: 'secret' }]]])(
    'a TLS name is refused as long as there is no TLS: %j',
    hosts => {
      expect(made({ hosts })).toThrow(InvalidArgError)
      expect(made({ hosts })).toThrow(/config.hosts: .*TLS/)
    },
  )

  test('come from AEROSPIKE_HOSTS where none are given', () => {
    vi.stubEnv('AEROSPIKE_HOSTS', 'one:1,two:2')
    expect(parseConfig({}).seeds).toEqual([seed('one', 1), seed('two', 2)])
    expect(parseConfig(undefined).seeds).toHaveLength(2)
    expect(parseConfig({ hosts: 'three' }).seeds).toEqual([seed('three', 3000)])
  })

  test('are needed', () => {
    expect(made(undefined)).toThrow(/config.hosts: seeds are needed, such as '127.0.0.1:3000'/)
    expect(made({})).toThrow(/AEROSPIKE_HOSTS/)
  })
})

describe('numbers', () => {
  const numbers: [name: string, fallback: number, least: number, most: number][] = [
    ['timeout', 1000, 1, 0xffff_ffff],
    ['connectTimeout', 3000, 1, 0xffff_ffff],
    ['loginTimeout', 5000, 1, 0xffff_ffff],
    ['idleTimeout', 55_000, 0, 0xffff_ffff],
    ['minConnsPerNode', 0, 0, 100],
    ['maxConnsPerNode', 100, 1, 0xffff_ffff],
    ['connPoolsPerNode', 1, 1, 255],
    ['tendInterval', 1000, 250, 0xffff_ffff],
    ['maxErrorRate', 100, 0, 0xffff_ffff],
    ['errorRateWindow', 1, 1, 0xffff_ffff],
  ]

  test.each(numbers)('%s is %i unless given', (name, fallback, least, most) => {
    expect(parsed({}).numbers[name]).toBe(fallback)
    expect(parsed({ [name]: undefined }).numbers[name]).toBe(fallback)
    for (const value of [least, most]) expect(parsed({ [name]: value }).numbers[name]).toBe(value)
  })

  test.each(numbers)('%s is refused by its name when it is wrong', (name, _fallback, least) => {
    for (const value of [least - 1, 2 ** 32, 1.5, Number.NaN, '5', 5n, null, true]) {
      expect(withHosts({ [name]: value }), String(value)).toThrow(InvalidArgError)
      expect(withHosts({ [name]: value }), String(value)).toThrow(`config.${name}: an integer from ${least} to `)
    }
  })

  test('the bound of connect grows with the seeds', () => {
    expect(parsed({ hosts: 'a', timeout: 200 }).numbers.connectTimeout).toBe(600)
    expect(parsed({ hosts: 'a,b,c,d', timeout: 200 }).numbers.connectTimeout).toBe(800)
    expect(parsed({ hosts: 'a,b,c', timeout: 200, connectTimeout: 50 }).numbers.connectTimeout).toBe(50)
  })

  test('more connections ahead than there may be are refused', () => {
    expect(withHosts({ minConnsPerNode: 101 })).toThrow(/config.minConnsPerNode: it is larger than maxConnsPerNode/)
    expect(parsed({ minConnsPerNode: 101, maxConnsPerNode: 101 }).numbers.minConnsPerNode).toBe(101)
  })

  test('how many commands run and wait', () => {
    expect(parsed({}).numbers).not.toHaveProperty('maxConcurrentCommands')
    expect(parsed({}).maxQueued).toBe(Number.POSITIVE_INFINITY)
    const limited = parsed({ maxConcurrentCommands: 1, maxQueuedCommands: 0 })
    expect([limited.numbers.maxConcurrentCommands, limited.maxQueued]).toEqual([1, 0])
    expect(withHosts({ maxConcurrentCommands: 0 })).toThrow(/config.maxConcurrentCommands: an integer from 1/)
    expect(withHosts({ maxQueuedCommands: -1 })).toThrow(/config.maxQueuedCommands: an integer from 0/)
  })
})

test('an idle timeout below a second is warned of, once', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  onTestFinished(() => warn.mockRestore())
  for (const idleTimeout of [0, 1000, 55_000]) expect(parsed({ idleTimeout }).numbers.idleTimeout).toBe(idleTimeout)
  expect(parsed({}).numbers.idleTimeout).toBe(55_000)
  expect(warn).not.toHaveBeenCalled()
  for (const idleTimeout of [55, 999, 1]) expect(parsed({ idleTimeout }).numbers.idleTimeout).toBe(idleTimeout)
  expect(warn.mock.calls).toEqual([
    [
      expect.stringMatching(/^config.idleTimeout: 55 closes connections .*55 ms; .*55 seconds are 55000$/),
      { type: 'AerospikeWarning', code: 'AEROSPIKE_IDLE_TIMEOUT' },
    ],
  ])
})

describe('words, flags and texts', () => {
  test.each<[string, string[]]>([
    ['authMode', ['internal', 'external-insecure']],
    ['int64', ['auto', 'bigint', 'number']],
    ['maps', ['auto', 'map', 'object']],
  ])('%s', (name, values) => {
    for (const value of values) expect(withHosts({ [name]: value })).not.toThrow()
    for (const value of [0, 1, '', 'none', 'toString', null, true]) {
      expect(withHosts({ [name]: value }), String(value)).toThrow(InvalidArgError)
      expect(withHosts({ [name]: value }), String(value)).toThrow(`config.${name}: one of '${values[0]}'`)
    }
    expect(withHosts({ [name]: 1 })).toThrow(/the numbers of other clients contradict each other/)
  })

  test('external authentication is refused as long as there is no TLS', () => {
    expect(withHosts({ authMode: 'external' })).toThrow(/config.authMode: 'external' needs config.tls/)
  })

  test('how values are read', () => {
    expect(parsed({})).toMatchObject({ int64: 'auto', maps: 'auto' })
    expect(parsed({ int64: 'bigint', maps: 'map' })).toMatchObject({ int64: 'bigint', maps: 'map' })
  })

  test.each(['useServicesAlternate', 'seedOnlyCluster'])('%s', name => {
    expect(parsed({}).numbers[name]).toBe(0)
    expect(parsed({ [name]: true }).numbers[name]).toBe(1)
    for (const value of [0, 1, 'true', null])
      expect(withHosts({ [name]: value })).toThrow(`config.${name}: true or false`)
  })

  test.each(['clusterName', 'user', 'appId'])('%s', name => {
    expect(withHosts({ [name]: 'text' })).not.toThrow()
    for (const value of [5, null, true, {}]) {
      expect(withHosts({ [name]: value }), String(value)).toThrow(InvalidArgError)
      expect(withHosts({ [name]: value }), String(value)).toThrow(`config.${name}: a string is needed`)
    }
  })

  test('a password is never told', () => {
    expect(withHosts({ user: 'ada', password: '' })).not.toThrow()
    for (const value of [5, null, ['secret']]) {
      expect(withHosts({ password: value })).toThrow(/config.password: a string is needed, not/)
    }
    expect(JSON.stringify(Object.entries(new Client({ hosts: HOSTS, password: 'secret' })))).not.toContain('secret')
  })

  test('racks', () => {
    expect(withHosts({ rackIds: [0, 7] })).not.toThrow()
    expect(withHosts({ rackIds: [1], replica: 'prefer-rack' })).not.toThrow()
    for (const value of [[], 5, ['1'], [-1], [1.5], null]) {
      expect(withHosts({ rackIds: value }), String(value)).toThrow(/^config.rackIds: /)
    }
    expect(withHosts({ replica: 'prefer-rack' })).toThrow(/config.rackIds: replica 'prefer-rack' needs/)
    expect(withHosts({ policies: { read: { replica: 'prefer-rack' } } })).toThrow(/config.rackIds/)
  })

  test('addresses to use instead', () => {
    expect(withHosts({ ipMap: { '10.0.0.1': '1.2.3.4' } })).not.toThrow()
    expect(withHosts({ ipMap: { '10.0.0.1': 5 } })).toThrow(/config.ipMap\["10.0.0.1"\]: a string is needed, not 5/)
    expect(withHosts({ ipMap: [] })).toThrow(/config.ipMap: an object is needed/)
  })
})

describe('policies', () => {
  test('have a total timeout of a second, but for queries, which have none', () => {
    expect(parsed({}).timeouts).toEqual({ read: 1000, write: 1000, batch: 1000, admin: 1000, query: 0 })
  })

  test('those at the top apply to every kind that has them, those of a kind come first', () => {
    const { policies, timeouts } = parsed({
      totalTimeout: 500,
      key: 'send',
      policies: { read: { totalTimeout: 50 }, admin: { timeout: 70 } },
    })
    expect(policies).toEqual({
      read: { totalTimeout: 50 },
      write: { totalTimeout: 500, key: 'send' },
      batch: { totalTimeout: 500 },
      admin: { timeout: 70 },
      query: { totalTimeout: 500 },
    })
    expect(timeouts).toEqual({ read: 50, write: 500, batch: 500, admin: 70, query: 500 })
  })

  test('the connection timeout is not that of info requests', () => {
    expect(parsed({ timeout: 7 }).policies.admin).toEqual({})
  })

  test.each<[object, RegExp]>([
    [{ policies: { reads: {} } }, /config.policies: unknown option "reads"; did you mean read\?/],
    [{ policies: { READ: {} } }, /config.policies: unknown option "READ"; did you mean read\?/],
    [
      { policies: { key: 'send' } },
      /config.policies: unknown option "key"; key belongs at the top level of config, or in config.policies.write$/,
    ],
    [
      { policies: { totalTimeout: 5 } },
      /totalTimeout belongs at the top level of config, or in config.policies.read, /,
    ],
    [
      { policies: { read: { exists: 'replace' } } },
      /read policy: unknown option "exists"; exists is a field of the write policy, not of the read policy$/,
    ],
    [{ policies: [] }, /config.policies: an object is needed/],
    [{ policies: { read: 5 } }, /config.policies.read: an object is needed, not 5/],
    [{ policies: { read: { exists: 'replace' } } }, /read policy: unknown option "exists"/],
    [{ policies: { write: { exists: 1 } } }, /write policy.exists: one of/],
    [{ totalTimeout: '5' }, /totalTimeout: an integer/],
    [{ exists: 'never' }, /exists: one of/],
    [{ gen: 'eq' }, /config: unknown option "gen"/],
    [{ signal: AbortSignal.abort() }, /config: unknown option "signal"/],
  ])('%j is refused', (config, message) => {
    expect(withHosts(config)).toThrow(InvalidArgError)
    expect(withHosts(config)).toThrow(message)
  })

  test('expressions have two names here as in a call', () => {
    const bytes = Buffer.from([0x93])
    for (const name of ['filterExpression', 'expressions']) {
      const { policies } = parsed({ [name]: bytes })
      expect(policies.read).toEqual({ [name]: bytes })
      expect(policies.admin).toEqual({})
      expect(withHosts({ [name]: 'text' })).toThrow(`policy.${name}: an expression or its packed bytes are needed`)
    }
  })

  test('what is about one call is refused as a default', () => {
    const { signal } = new AbortController()
    for (const kind of ['read', 'write', 'batch', 'admin']) {
      expect(withHosts({ policies: { [kind]: { signal } } })).toThrow(`config.policies.${kind}.signal`)
    }
    expect(withHosts({ policies: { write: { gen: 'eq' } } })).toThrow(/config.policies.write.gen/)
  })
})

describe('unknown options', () => {
  test.each<[string, RegExp]>([
    ['nonsense', /config: unknown option "nonsense"; the known options are hosts, .* and \d+ more$/],
    ['max_conns_per_node', /config: unknown option "max_conns_per_node"; did you mean maxConnsPerNode\?/],
    ['Hosts', /config: unknown option "Hosts"; did you mean hosts\?/],
    ['total_timeout', /config: unknown option "total_timeout"; did you mean totalTimeout\?/],
    ['__proto__x', /config: unknown option/],
    ['totalTimout', /config: unknown option "totalTimout"; did you mean totalTimeout\?/],
    ['toatlTimeout', /config: unknown option "toatlTimeout"; did you mean totalTimeout\?/],
    ['host', /config: unknown option "host"; did you mean hosts\?/],
    ['username', /config: unknown option "username"; did you mean user\?/],
    ['maxConns', /config: unknown option "maxConns"; did you mean maxConnsPerNode\?/],
    ['max_connections', /config: unknown option "max_connections"; did you mean maxConnsPerNode\?/],
    ['x'.repeat(10_000), /config: unknown option "x{64}"\.\.\. \(10000 characters\); the known options are /],
  ])('%s', (name, message) => {
    for (const make of [withHosts({ [name]: 1 }), () => new ClientSync({ hosts: HOSTS, [name]: 1 })]) {
      expect(make).toThrow(InvalidArgError)
      expect(make).toThrow(message)
    }
  })

  test.each([[5], [[]], [null], [() => 1]])('%s is no configuration', config => {
    expect(made(config)).toThrow(InvalidArgError)
    expect(made(config)).toThrow(/config: an object is needed, not/)
  })
})
