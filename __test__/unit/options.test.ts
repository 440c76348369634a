// What the types of options promise: every option that a type has is accepted, and `undefined` counts as absent.
import {
  type BatchPolicy,
  type BatchWritePolicy,
  type ClientConfig,
  type DefaultPolicies,
  exp,
  filter,
  type QueryPolicy,
  type ReadPolicy,
  type WritePolicy,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { BATCH_WRITE } from '../../lib/batch/policy'
import { withoutUndefined } from '../../lib/common/objects'
import { parseConfig } from '../../lib/options/config'
import { writeConfig } from '../../lib/options/config-encoding'
import { type PolicyKind, writePolicy, writePolicyAs } from '../../lib/options/policy'
import { TransactionBase } from '../../lib/options/transaction'
import { QueryBuilder } from '../../lib/streams/builder'
import { Writer } from '../../lib/wire/wire'

/** All options of a type: the compiler refuses one that lacks an option, and one that the type does not have. */
type All<T> = { [K in keyof T]-?: Exclude<T[K], undefined> }

const condition = exp.eq(exp.binInt('a'), 1)

const base = {
  totalTimeout: 500,
  socketTimeout: 400,
  maxRetries: 3,
  sleepBetweenRetries: 5,
  sleepMultiplier: 2,
  timeoutDelay: 10,
  replica: 'master',
  readModeAp: 'all',
  readModeSc: 'linearize',
  compress: true,
  compressionThreshold: 256,
  readTouchTtlPercent: 50,
  errorDetailVerbosity: 1,
  filterExpression: condition,
  expressions: condition,
} as const satisfies All<Omit<ReadPolicy, 'signal' | 'traceparent' | 'tx'>>

const write = {
  ...base,
  exists: 'replace',
  ttl: 60,
  key: 'send',
  durableDelete: true,
  commitLevel: 'master',
  onLockingOnly: true,
  ignoreUndefined: true,
} as const satisfies All<NonNullable<DefaultPolicies['write']>>

const batch = {
  ...base,
  concurrency: 'sequential',
  allowInline: false,
  allowInlineSSD: true,
  respondAllKeys: false,
  subBatchSize: 100,
} as const satisfies All<NonNullable<DefaultPolicies['batch']>>

const query = {
  ...base,
  recordsPerSecond: 100,
  maxConcurrentNodes: 2,
  expectedDuration: 'short',
} as const satisfies All<NonNullable<DefaultPolicies['query']>>

const ofCall = {
  signal: new AbortController().signal,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
} as const

class AnyTransaction extends TransactionBase {}

const ofTransaction = { ...ofCall, tx: new AnyTransaction({}, 0) }

const config = {
  ...write,
  ...batch,
  ...query,
  uri: 'aerospike://127.0.0.1:3000',
  hosts: '127.0.0.1:3000',
  namespace: 'test',
  clusterName: 'c',
  user: 'u',
  password: 'p',
  authMode: 'internal',
  tls: true,
  timeout: 1000,
  connectTimeout: 2000,
  loginTimeout: 3000,
  idleTimeout: 4000,
  minConnsPerNode: 1,
  maxConnsPerNode: 10,
  connPoolsPerNode: 2,
  openingConnectionThreshold: 3,
  tendInterval: 500,
  maxErrorRate: 5,
  errorRateWindow: 2,
  useServicesAlternate: true,
  seedOnlyCluster: true,
  failIfNotConnected: false,
  rackIds: [1],
  ipMap: { '10.0.0.1': '127.0.0.1' },
  appId: 'a',
  maxConcurrentCommands: 5,
  maxQueuedCommands: 6,
  autoBatch: { reads: true, writes: true, maxSize: 10, maxDelay: 1 },
  int64: 'number',
  maps: 'map',
  policies: { read: base, write, batch, query, admin: { timeout: 5 } },
  // `credentials` excludes `user` and `password`: see credentials.test.ts.
} as const satisfies All<Omit<ClientConfig, 'credentials'>>

/** The same options, all of them undefined. */
const nothingOf = (options: object): object => Object.fromEntries(Object.keys(options).map(name => [name, undefined]))

/** The number of fields that a policy sends. */
function fieldsOf(write: (writer: Writer) => void): number {
  const writer = new Writer(4096)
  write(writer)
  return writer.buffer[0] as number
}

/** The number of fields of a policy that are sent. Both names of the filter are one field. */
function sentOf(policy: object): number {
  const local = ['expressions', 'signal', 'traceparent', 'tx', 'ignoreUndefined']
  return Object.keys(policy).filter(name => !local.includes(name)).length
}

describe('policies of calls', () => {
  const read: All<ReadPolicy> = { ...base, ...ofTransaction }
  const writing: All<Omit<WritePolicy, 'gen'>> = { ...write, ...ofTransaction }
  const batching: All<BatchPolicy> = { ...batch, ...ofTransaction }
  const querying: All<Omit<QueryPolicy, 'maxRecords'>> = { ...query, ...ofCall }
  const kinds: [PolicyKind, object][] = [
    ['read', read],
    ['write', writing],
    ['batch', batching],
    ['query', querying],
  ]

  test.each(kinds)('%s: every option of the type is accepted, and may be undefined', (kind, policy) => {
    expect(fieldsOf(writer => writePolicy(writer, kind, policy))).toBe(sentOf(policy))
    expect(fieldsOf(writer => writePolicy(writer, kind, nothingOf(policy)))).toBe(0)
  })

  test('the policy of a batch that writes', () => {
    const policy: All<BatchWritePolicy> = { ...write, ...batch, ...ofTransaction }
    expect(fieldsOf(writer => writePolicyAs(writer, BATCH_WRITE, policy))).toBe(sentOf(policy))
    expect(fieldsOf(writer => writePolicyAs(writer, BATCH_WRITE, nothingOf(policy)))).toBe(0)
  })
})

describe('the configuration', () => {
  test('accepts every option of its type', () => {
    const settings = parseConfig(config)
    expect(() => writeConfig(new Writer(4096), settings)).not.toThrow()
    expect(settings.policies.query).toMatchObject({ recordsPerSecond: 100, expectedDuration: 'short' })
  })

  test('treats undefined as absent, at every level', () => {
    const { hosts } = config
    const nothing = nothingOf({ ...config, hosts: undefined })
    const { given: _, ...absent } = parseConfig({ hosts })
    const { given: __, ...undefinedOnes } = parseConfig({ ...nothing, hosts })
    expect(undefinedOnes.policies).toEqual(absent.policies)
    expect(undefinedOnes).toEqual(absent)
    const nested = {
      hosts: [{ host: 'a', port: undefined, tlsName: undefined }],
      autoBatch: { reads: undefined, writes: undefined, maxSize: undefined, maxDelay: undefined },
      policies: nothingOf(config.policies),
    }
    expect(parseConfig(nested)).toMatchObject({
      seeds: [{ name: 'a', port: 3000, tlsName: undefined }],
      autoBatch: { reads: true, writes: false, maxSize: 256, maxDelay: 0 },
      policies: absent.policies,
    })
  })

  test('keeps a default at the top level if the field of a kind is undefined', () => {
    const policies = {
      read: nothingOf(base),
      write: nothingOf(write),
      batch: nothingOf(batch),
      query: nothingOf(query),
      admin: { timeout: undefined },
    }
    const { hosts } = config
    const top = { hosts, ...write, ...batch, ...query, rackIds: [1] }
    expect(parseConfig({ ...top, policies }).policies).toEqual(parseConfig(top).policies)
    expect(parseConfig({ ...top, policies }).timeouts.read).toBe(500)
  })

  test.each(['read', 'write', 'batch', 'query'])('refuses options of single calls in policies.%s', kind => {
    for (const option of ['signal', 'traceparent', 'gen', 'maxRecords']) {
      const policies = { [kind]: { [option]: 1 } }
      expect(() => parseConfig({ hosts: 'a', policies })).toThrow(
        `config.policies.${kind}.${option}: it is an option of single calls`,
      )
    }
  })
})

describe('a query', () => {
  class Built extends QueryBuilder {
    constructor() {
      super('test', 'users')
    }
    run(policy?: QueryPolicy): object {
      return this.merged(policy)
    }
    start(policy?: object): object {
      return this.job([], policy)[1]
    }
  }

  test('keeps what was set if a later policy has the field undefined', () => {
    const built = () => new Built().where(filter.equal('a', 1)).policy({ maxRecords: 5, totalTimeout: 7 })
    const nothing = nothingOf({ ...query, ...ofCall, maxRecords: 1 })
    const expected = { policy: { totalTimeout: 7 }, maxRecords: 5 }
    expect(built().policy(nothing).run()).toEqual(expected)
    expect(built().run(nothing)).toEqual(expected)
    expect(built().policy({ maxRecords: undefined }).run({ maxRecords: 6 })).toEqual({ ...expected, maxRecords: 6 })
  })

  test('keeps its rate for a job if the policy of the job has none', () => {
    expect(new Built().recordsPerSecond(9).start({ recordsPerSecond: undefined })).toEqual({ recordsPerSecond: 9 })
  })
})

test('properties that are undefined are left out, whatever their name', () => {
  const given = JSON.parse('{ "__proto__": 1, "a": 2 }') as object
  expect(Object.entries(withoutUndefined({ ...given, b: undefined }))).toEqual([
    ['__proto__', 1],
    ['a', 2],
  ])
})
