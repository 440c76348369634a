import {
  type AerospikeRecord,
  type BatchRecords,
  type BinaryColumn,
  type Bins,
  Client,
  type ClientConfig,
  type ClientSync,
  type ClusterNode,
  type Columns,
  connect,
  connectSync,
  Double,
  type EventNode,
  GeoJSON,
  Key,
  type KeyLike,
  op,
  type ReadPolicy,
  type ReadValue,
  type RecordMeta,
  type Schema,
  type Utf8Column,
  type Validity,
  type WritePolicy,
} from 'aerospike-napi'
import { queryToArrow, toArrow } from 'aerospike-napi/arrow'
import type { Table } from 'apache-arrow'
import { describe, expectTypeOf, test } from 'vitest'

declare const client: Client
declare const sync: ClientSync
const key = new Key('test', 'users', 'ada')

interface User {
  name: string
  visits: number
}

describe('connecting', () => {
  test('gives clients', () => {
    expectTypeOf(connect).returns.resolves.toEqualTypeOf<Client>()
    expectTypeOf(connectSync).returns.toEqualTypeOf<ClientSync>()
    expectTypeOf(client.connect()).resolves.toEqualTypeOf<Client>()
    expectTypeOf(sync.connect()).toEqualTypeOf<ClientSync>()
    expectTypeOf(client).toExtend<AsyncDisposable>()
    expectTypeOf(sync).toExtend<Disposable>()
  })

  test('gives clients that read integers as configured', async () => {
    const numbers = await connect({ hosts: 'a', int64: 'number' })
    const bigints = connectSync({ hosts: 'a', int64: 'bigint' })
    expectTypeOf(numbers).toEqualTypeOf<Client<number>>()
    expectTypeOf(bigints).toEqualTypeOf<ClientSync<bigint>>()
    expectTypeOf(connect({ hosts: 'a', int64: undefined })).resolves.toEqualTypeOf<Client>()
    const config: ClientConfig = { hosts: 'a' }
    expectTypeOf(connect(config)).resolves.toEqualTypeOf<Client>()
    expectTypeOf(connectSync()).toEqualTypeOf<ClientSync>()
    // Every client is a Client.
    const clients: Client[] = [numbers, client, await connect(config)]
    expectTypeOf(clients).toEqualTypeOf<Client[]>()
    expectTypeOf(new Client<number>({ int64: 'number' })).toEqualTypeOf<Client<number>>()
    // @ts-expect-error the option contradicts the type
    new Client<number>({ int64: 'bigint' })
    // @ts-expect-error a client that may read bigint
    const wrong: Client<number> = client
    expectTypeOf(wrong).toEqualTypeOf<Client<number>>()

    expectTypeOf(client.increment(key, 'n', 1)).resolves.toEqualTypeOf<number | bigint>()
    expectTypeOf(client.incr(key, 'n', 1n)).resolves.toEqualTypeOf<number | bigint>()
    expectTypeOf(client.increment(key, 'n', Double(1))).resolves.toEqualTypeOf<number>()
    expectTypeOf(numbers.increment(key, 'n', 5)).resolves.toEqualTypeOf<number>()
    expectTypeOf(bigints.increment(key, 'n', 1n)).toEqualTypeOf<bigint>()
    expectTypeOf(bigints.incr(key, 'n', 1)).toEqualTypeOf<bigint>()
    expectTypeOf(bigints.increment(key, 'n', 0.5)).toEqualTypeOf<number>()
  })

  test('refuses what the configuration has not', () => {
    expectTypeOf(connect).toBeCallableWith({ hosts: 'a:1' })
    expectTypeOf(connect).toBeCallableWith({
      hosts: [['a', 1], 'b:2', { host: 'c' }],
      policies: { read: { maxRetries: 1 } },
    })
    // @ts-expect-error an unknown option
    connect({ hosts: 'a', maxConns: 5 })
    // @ts-expect-error a number for text
    connect({ hosts: 5 })
    // @ts-expect-error a word that there is not
    connect({ hosts: 'a', int64: 'string' })
    // @ts-expect-error an option of single calls
    connect({ hosts: 'a', gen: 'eq' })
    // @ts-expect-error an option of another kind of call
    connect({ hosts: 'a', policies: { read: { exists: 'replace' } } })
    expectTypeOf<ClientConfig['maps']>().toEqualTypeOf<'auto' | 'map' | 'object' | undefined>()
  })
})

describe('reading', () => {
  test('gives bins of the type that was asked for', () => {
    expectTypeOf(client.get<User>(key)).resolves.toEqualTypeOf<AerospikeRecord<User>>()
    expectTypeOf(client.getOrNull<User>(key)).resolves.toEqualTypeOf<AerospikeRecord<User> | null>()
    expectTypeOf(client.select<Pick<User, 'name'>>(key, ['name']))
      .resolves.toHaveProperty('bins')
      .toEqualTypeOf<{ name: string }>()
    expectTypeOf(sync.get<User>(key)).toEqualTypeOf<AerospikeRecord<User>>()
    expectTypeOf(sync.getOrNull<User>(key)).toEqualTypeOf<AerospikeRecord<User> | null>()
    expectTypeOf(client.operate<User>(key, [op.read()])).resolves.toEqualTypeOf<AerospikeRecord<User>>()
  })

  test('takes only bins of the type that was asked for', () => {
    const names = ['name', 'visits'] as const
    client.select<User>(key, names)
    client.select(key, ['any', 'name'])
    client.batchRead<User>([key], ['name'])
    client.batchRead([key], ['any'])
    client.query<User>('test', 'users').select('name', ['visits'])
    sync.query('test', 'users').select('any')
    expectTypeOf(client.select<User>(key, ['name'])).resolves.toEqualTypeOf<AerospikeRecord<User>>()
    // @ts-expect-error no bin of a user
    client.select<User>(key, ['nmae'])
    // @ts-expect-error the same on the blocking client
    sync.select<User>(key, ['nmae'])
    // @ts-expect-error the same in a batch
    client.batchRead<User>([key], ['name', 'nmae'])
    // @ts-expect-error the same in a query
    client.query<User>('test', 'users').select('nmae')
    // @ts-expect-error the same in a list
    sync.query<User>('test', 'users').select(['name', 'nmae'])
    expectTypeOf(queryToArrow(client.query<User>('test', 'users'), { name: 'utf8' })).toExtend<AsyncIterable<unknown>>()
    expectTypeOf(queryToArrow(sync.query<User>('test', 'users'), { name: 'utf8' })).toExtend<Iterable<unknown>>()
  })

  test('gives any value that can be read otherwise', () => {
    expectTypeOf(client.get(key)).resolves.toEqualTypeOf<AerospikeRecord<Bins>>()
    expectTypeOf<Bins[string]>().toEqualTypeOf<ReadValue>()
    expectTypeOf<undefined>().not.toExtend<ReadValue>()
    expectTypeOf<Date>().not.toExtend<ReadValue>()
  })

  test('tells whether a record exists', () => {
    expectTypeOf(client.exists(key)).resolves.toEqualTypeOf<boolean>()
    expectTypeOf(client.getMeta(key)).resolves.toEqualTypeOf<RecordMeta | null>()
    expectTypeOf(sync.exists(key)).toEqualTypeOf<boolean>()
    expectTypeOf<RecordMeta>().toEqualTypeOf<{ gen: number; ttl: number }>()
  })

  test('of many gives rows', () => {
    expectTypeOf(client.batchRead<User>([key])).resolves.toEqualTypeOf<BatchRecords<User>>()
    expectTypeOf(sync.batchRead<User>([key])).toEqualTypeOf<BatchRecords<User>>()
    type Row = ReturnType<BatchRecords<User>['toArray']>[number]
    expectTypeOf<Row['record']>().toEqualTypeOf<AerospikeRecord<User> | null>()
  })

  test('takes keys as they are or in parts', () => {
    expectTypeOf(client.get).toBeCallableWith(['test', 'users', 5])
    expectTypeOf(client.get).toBeCallableWith(['test', null, 5n])
    expectTypeOf<readonly ['test', 'users', Buffer]>().toExtend<KeyLike>()
    const inVariable = ['test', 'users', 'ada']
    const withNumber = ['test', 'users', 5]
    const withoutSet = ['test', null, 5n]
    client.get(inVariable)
    client.get(withNumber)
    client.get(withoutSet)
    client.batchRead(['ada', 'bob'].map(name => ['test', 'users', name]))
    const tuple: [string, string, Uint8Array] = ['test', 'users', Uint8Array.of(1)]
    client.get(tuple)
    const wrong = ['test', 'users', true]
    // @ts-expect-error a boolean is no part of a key
    client.get(wrong)
    // In the default namespace.
    expectTypeOf(client.get).toBeCallableWith(['users', 'ada'])
    // @ts-expect-error one part
    client.get(['users'])
    // @ts-expect-error the set is not a string
    client.get([5, 'ada'])
    // @ts-expect-error an invalid user key
    client.get(['test', 'users', null])
    // @ts-expect-error no key
    client.get('test/users/ada')
  })
})

describe('writing', () => {
  test('takes values', () => {
    expectTypeOf(client.put).toBeCallableWith(key, { a: 1, b: 'x', c: [1, { d: null }], e: new Map([[1, true]]) })
    expectTypeOf(client.put).toBeCallableWith(key, { a: 5n, b: Buffer.alloc(1), c: new Float64Array(1), d: Double(1) })
    expectTypeOf(client.put).toBeCallableWith(key, { a: GeoJSON.Point(1, 2), b: null })
    const bins: User = { name: 'Ada', visits: 1 }
    expectTypeOf(client.put).toBeCallableWith(key, { ...bins })
    expectTypeOf(client.put(key, { a: 1 })).resolves.toEqualTypeOf<void>()
    expectTypeOf(sync.put(key, { a: 1 })).toEqualTypeOf<void>()
  })

  test('takes what was read', () => {
    const read: Bins = {}
    client.put(key, read)
    const record: AerospikeRecord<User> = sync.get<User>(key)
    client.put(key, record.bins)
  })

  test('refuses what cannot be stored', () => {
    // @ts-expect-error undefined
    client.put(key, { a: undefined })
    // @ts-expect-error a function
    client.put(key, { a: () => 1 })
    // @ts-expect-error a symbol
    client.put(key, { a: Symbol('s') })
    // @ts-expect-error a Date
    client.put(key, { a: new Date() })
    // @ts-expect-error a Set
    client.put(key, { a: new Set([1]) })
    // @ts-expect-error a RegExp
    client.put(key, { a: /x/ })
    // @ts-expect-error a Date deep inside
    client.put(key, { a: [{ b: new Date() }] })
    // @ts-expect-error a boolean as map key
    client.put(key, { a: new Map([[true, 1]]) })
    // @ts-expect-error no bins
    client.put(key, 5)
    // @ts-expect-error the same on the blocking client
    sync.put(key, { a: new Date() })
  })

  test('refuses wrong arguments of changes', () => {
    // @ts-expect-error a number to append
    client.append(key, 'a', 5)
    // @ts-expect-error text to increment by
    client.increment(key, 'a', '5')
    // @ts-expect-error a bin that is no text
    client.removeBin(key, 5)
    // @ts-expect-error an operation without a code
    client.operate(key, [{ bin: 'a' }])
    // @ts-expect-error a Date to write
    op.write('a', new Date())
    // @ts-expect-error text to add
    op.incr('a', 'x')
  })
})

describe('policies', () => {
  test('are words', () => {
    expectTypeOf<WritePolicy['exists']>().toEqualTypeOf<
      'ignore' | 'update' | 'update-only' | 'replace' | 'replace-only' | 'create-only' | undefined
    >()
    expectTypeOf<WritePolicy['gen']>().toEqualTypeOf<'ignore' | 'eq' | 'gt' | undefined>()
    expectTypeOf<WritePolicy['key']>().toEqualTypeOf<'digest' | 'send' | undefined>()
    expectTypeOf<WritePolicy['commitLevel']>().toEqualTypeOf<'all' | 'master' | undefined>()
    expectTypeOf<ReadPolicy['readModeAp']>().toEqualTypeOf<'one' | 'all' | undefined>()
  })

  test('refuse what they have not', () => {
    // @ts-expect-error an unknown field
    client.get(key, { timeout: 5 })
    // @ts-expect-error a field of writes
    client.get(key, { exists: 'replace' })
    // @ts-expect-error a number for a word
    client.put(key, { a: 1 }, null, { exists: 1 })
    // @ts-expect-error a word that there is not
    client.put(key, { a: 1 }, null, { exists: 'create' })
    // @ts-expect-error an unknown field of meta
    client.put(key, { a: 1 }, { generation: 1 })
    // @ts-expect-error text for a number
    client.get(key, { totalTimeout: '5' })
    // @ts-expect-error no signal
    client.get(key, { signal: true })
    // @ts-expect-error wrap is for columns
    client.batchRead([key], null, { wrap: true })
  })
})

describe('columns', () => {
  test('are inferred from the schema as it is written', async () => {
    const rows = await client.batchReadColumns([key], {
      a: 'i8',
      b: 'u16',
      c: 'i64',
      d: 'u64',
      e: 'f32',
      f: 'f64',
      g: 'bool',
      name: 'utf8',
      raw: 'binary',
      fixed: ['bytes', 16],
      vector: ['f32', 384],
      wide: ['u64', 2],
    })
    expectTypeOf(rows.columns.a).toEqualTypeOf<Int8Array>()
    expectTypeOf(rows.columns.b).toEqualTypeOf<Uint16Array>()
    expectTypeOf(rows.columns.c).toEqualTypeOf<BigInt64Array>()
    expectTypeOf(rows.columns.d).toEqualTypeOf<BigUint64Array>()
    expectTypeOf(rows.columns.e).toEqualTypeOf<Float32Array>()
    expectTypeOf(rows.columns.f).toEqualTypeOf<Float64Array>()
    expectTypeOf(rows.columns.g).toEqualTypeOf<Uint8Array>()
    expectTypeOf(rows.columns.name).toEqualTypeOf<Utf8Column>()
    expectTypeOf(rows.columns.raw).toEqualTypeOf<BinaryColumn>()
    expectTypeOf(rows.columns.fixed).toEqualTypeOf<Uint8Array>()
    expectTypeOf(rows.columns.vector).toEqualTypeOf<Float32Array>()
    expectTypeOf(rows.columns.wide).toEqualTypeOf<BigUint64Array>()
    expectTypeOf(rows.columns.name.get(0)).toEqualTypeOf<string>()
    expectTypeOf(rows.columns.raw.get(0)).toEqualTypeOf<Buffer>()
    expectTypeOf(rows.validity.name).toEqualTypeOf<Validity>()
    expectTypeOf(rows.nullCounts.wide).toEqualTypeOf<number>()
    expectTypeOf(rows.resultCodes).toEqualTypeOf<Int32Array>()
    // @ts-expect-error a column that was not asked for
    rows.columns.none
    // @ts-expect-error the same, by name
    rows.isValid('none', 0)
  })

  test('are the same on the blocking client', () => {
    const rows = sync.batchReadColumns([key], { temp: 'f64', name: 'utf8' })
    expectTypeOf(rows.columns.temp).toEqualTypeOf<Float64Array>()
    expectTypeOf(rows.columns.name).toEqualTypeOf<Utf8Column>()
  })

  test('refuse what is no type', () => {
    // @ts-expect-error an unknown word
    client.batchReadColumns([key], { a: 'int' })
    // @ts-expect-error texts have no width
    client.batchReadColumns([key], { a: ['utf8', 5] })
    // @ts-expect-error bytes need one
    client.batchReadColumns([key], { a: 'bytes' })
    // @ts-expect-error no options of writes
    client.batchReadColumns([key], { a: 'i32' }, { exists: 'replace' })
    expectTypeOf(client.batchReadColumns).toBeCallableWith([key], { a: 'i32' }, { wrap: true, totalTimeout: 5 })
  })

  test('of a schema that is known at run time only', () => {
    const schema: Schema = { a: 'i32' }
    expectTypeOf(client.batchReadColumns([key], schema)).resolves.toEqualTypeOf<Columns<Schema>>()
  })

  test('become Arrow tables', () => {
    const rows = sync.batchReadColumns([key], { a: 'i32' })
    expectTypeOf(toArrow(rows, { keyField: 'pk' })).toEqualTypeOf<Table>()
    // @ts-expect-error an unknown option
    toArrow(rows, { key: 'pk' })
    // @ts-expect-error no columns
    toArrow({})
  })
})

test('events have the types of what listeners get', async () => {
  client.on('nodeAdded', node => expectTypeOf(node).toEqualTypeOf<EventNode>())
  client.once('tendError', failure => expectTypeOf(failure.failures).toEqualTypeOf<number>())
  client.off('disconnected', () => {})
  // @ts-expect-error: an event that there is not
  client.on('nodeLost', () => {})
  // @ts-expect-error: it has no details
  client.on('reconnected', (node: EventNode) => node)
  expectTypeOf(await client.nodes()).toEqualTypeOf<ClusterNode[]>()
})
