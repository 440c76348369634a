// The line that called the package is among the first three frames of each error's stack.
import {
  AerospikeError,
  batchRow,
  Client,
  ClientSync,
  connect,
  connectSync,
  exp,
  filter,
  Key,
  op,
  retry,
  retrySync,
} from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { CLIENTS, connectBefore } from '../helpers/clients'

const FIRST = 3

/** The first frames of what a call throws or rejects with. */
async function firstFrames(call: () => unknown): Promise<string> {
  let error: unknown
  try {
    await call()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(AerospikeError)
  const { stack, name, message } = error as AerospikeError
  expect(stack?.startsWith(`${name}: ${message}\n    at `)).toBe(true)
  return (stack as string)
    .slice(`${name}: ${message}`.length)
    .split('\n    at ')
    .slice(1, FIRST + 1)
    .join('\n')
}

async function expectCaller(call: () => unknown): Promise<void> {
  expect(await firstFrames(call)).toContain('stacks.test.ts')
}

type AnyMethods = { readonly [name: string]: (...args: unknown[]) => unknown }

/** The public methods of a client, those of event emitters and internal ones excepted. */
function methodsOf(Class: typeof Client | typeof ClientSync): string[] {
  const names = new Set<string>()
  for (let type: object = Class.prototype; ; type = Object.getPrototypeOf(type) as object) {
    if (type.constructor.name === 'ClusterEmitter' || type === Object.prototype) break
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (typeof value === 'function') names.add(name)
    }
  }
  return [...names].filter(name => !INTERNAL.has(name)).sort()
}

const INTERNAL = new Set(['constructor', 'run', 'listened'])

/** Methods that cannot fail without arguments. */
const NEVER_FAIL = new Set(['close', 'isConnected', 'toJSON'])

describe.each([
  ['Client', Client],
  ['ClientSync', ClientSync],
] as const)('%s', (_name, Class) => {
  const methods = methodsOf(Class).filter(name => !NEVER_FAIL.has(name) && name !== 'connect')

  // A transaction is an object of the client's own until its first command.
  test.each(methods.filter(name => name !== 'transaction'))('%s of a client that is not connected', async name => {
    const client = new Class({ hosts: '127.0.0.1:1' }) as unknown as AnyMethods
    await expectCaller(() => client[name]?.())
  })

  test.each(methods)('%s with unusable arguments', async name => {
    const { address } = inject('aerospike')
    const client = await (new Class({ hosts: address }) as Client).connect()
    const call = (client as unknown as AnyMethods)[name]?.bind(client)
    const refused = [Symbol('refused'), Symbol('refused'), Symbol('refused'), Symbol('refused')]
    try {
      if (!WITHOUT_ARGUMENTS.includes(name)) await expectCaller(() => call?.(...refused))
    } finally {
      await client.close()
    }
  })

  test('the methods that a server refuses exist', () => {
    expect(methods).toEqual(expect.arrayContaining(Object.keys(REFUSED_BY_SERVER)))
  })

  test.each(Object.entries(REFUSED_BY_SERVER))('%s that the server refuses', async (name, args) => {
    const { address } = inject('aerospike')
    const client = await (new Class({ hosts: address }) as Client).connect()
    const call = (client as unknown as AnyMethods)[name]?.bind(client)
    try {
      await expectCaller(() => call?.(...args))
    } finally {
      await client.close()
    }
  })
})

const KEY = new Key('absent', 'stacks', 'a')
const INDEX = { namespace: 'absent', set: 'stacks', bin: 'a', index: 'stacks-a' }
const BAD_MODULE = { name: 'stacks.lua', source: 'function (' }

/** Methods without parameters. */
const WITHOUT_ARGUMENTS = ['getNodeNames', 'stats']

/** Arguments with which each method fails on a server, or in the answer to it. */
const REFUSED_BY_SERVER: { readonly [method: string]: readonly unknown[] } = {
  append: [KEY, 'a', 'b'],
  apply: [KEY, 'module', 'fn'],
  batchApply: [[KEY], 'module', 'fn'],
  batchOperate: [[KEY], [op.read('a')]],
  batchRead: [[KEY]],
  batchReadColumns: [[KEY], { a: 'i32' }],
  batchRemove: [[KEY]],
  batchWrite: [[{ key: KEY, bins: { a: 1 } }]],
  bulkWrite: [
    [
      { key: KEY, bins: { a: 1 } },
      { key: KEY, bins: { a: () => 1 } },
    ],
  ],
  batchWriteColumns: [{ namespace: 'absent', set: 'stacks', keys: ['a'], columns: { a: Int32Array.of(1) } }],
  createBlobIndex: [INDEX],
  createGeo2DSphereIndex: [INDEX],
  createIndex: [{ ...INDEX, datatype: 'integer' }],
  createIntegerIndex: [INDEX],
  createSetIndex: [{ namespace: 'absent', set: 'stacks', index: 'stacks-set' }],
  createStringIndex: [INDEX],
  exists: [KEY],
  get: [KEY],
  getMeta: [KEY],
  getOrNull: [KEY],
  incr: [KEY, 'a', 1],
  increment: [KEY, 'a', 1],
  indexBlobCreate: ['absent', 'stacks', 'a', 'stacks-a'],
  indexGeo2dsphereCreate: ['absent', 'stacks', 'a', 'stacks-a'],
  indexIntegerCreate: ['absent', 'stacks', 'a', 'stacks-a'],
  indexList: ['absent'],
  dropIndex: ['test', 'stacks-absent'],
  indexStringCreate: ['absent', 'stacks', 'a', 'stacks-a'],
  infoNode: ['build', 'absent'],
  operate: [KEY, [op.read('a')]],
  operateOrdered: [KEY, [op.read('a')]],
  prepend: [KEY, 'a', 'b'],
  put: [KEY, { a: 1 }],
  remove: [KEY],
  removeBin: [KEY, 'a'],
  select: [KEY, ['a']],
  sets: ['absent'],
  touch: [KEY],
  truncate: ['absent', 'stacks'],
  udfGet: ['stacks-absent'],
  udfPut: [BAD_MODULE],
  udfRegister: [BAD_MODULE],
  update: [KEY, (bins: object) => bins],
}

type AnyQuery = ReturnType<Client['query']>

async function drain(rows: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  for await (const _row of rows);
}

/** What runs a query, and the constructs that read it. The function of each is called here, in the test's file. */
const RUNS: readonly (readonly [string, (query: AnyQuery) => unknown])[] = [
  [
    'for await',
    async query => {
      for await (const _record of query);
    },
  ],
  ['stream', query => drain(query.stream())],
  [
    'chunks',
    async query => {
      for await (const _records of query.stream().chunks());
    },
  ],
  ['results', query => query.results()],
  ['first', query => query.first()],
  ['count', query => query.count()],
  ['forEach', query => query.forEach(() => undefined)],
  [
    'pages',
    async query => {
      for await (const _page of query.pages(10));
    },
  ],
  [
    'columns',
    async query => {
      for await (const _chunk of query.columns({ a: 'i32' }));
    },
  ],
  [
    'aggregate, for await',
    async query => {
      for await (const _result of query.aggregate('module', 'fn'));
    },
  ],
  ['aggregate.results', query => query.aggregate('module', 'fn').results()],
  ['aggregate.first', query => query.aggregate('module', 'fn').first()],
  ['apply', query => query.apply('module', 'fn')],
  ['background', query => query.background('module', 'fn')],
  ['operate', query => query.operate([op.write('a', 1)])],
]

/** Calls that a query refuses at once. */
const REFUSED_QUERIES: readonly (readonly [string, (query: AnyQuery) => unknown])[] = [
  ['select', query => query.select('a bin whose name is too long' as never)],
  ['where', query => query.where('age' as never)],
  ['filter', query => query.filter({} as never).results()],
  ['policy', query => query.policy({ maxRecords: -1 })],
  ['maxRecords', query => query.maxRecords(-1)],
  ['partitions', query => query.partitions(4096)],
  ['operations', query => query.operations({} as never)],
  ['results', query => query.results({ totalTimeout: -1 })],
  ['first', query => query.first({ totalTimeout: -1 })],
  ['count', query => query.count({ totalTimeout: -1 })],
  [
    'pages',
    async query => {
      for await (const _page of query.pages(0));
    },
  ],
  ['columns', query => query.columns({ a: 'i7' as never })],
  ['aggregate', query => query.aggregate('', 'fn')],
  ['apply', query => query.apply('', 'fn')],
  ['operate', query => query.operate([])],
]

type Users = ReturnType<typeof usersOf>
const usersOf = (client: Client, namespace: string) => client.set<{ name: string; n?: number }>(namespace, 'stacks')

const REFUSED_OF_SETS: readonly (readonly [string, (users: Users) => unknown])[] = [
  ['get', users => users.get('a')],
  ['getOrNull', users => users.getOrNull('a')],
  ['select', users => users.select('a', ['name'])],
  ['exists', users => users.exists('a')],
  ['put', users => users.put('a', { name: 'Ada' })],
  ['update', users => users.update('a', user => user)],
  ['remove', users => users.remove('a')],
  ['batchGet', users => users.batchGet(['a'])],
  ['batchPut', users => users.batchPut([['a', { name: 'Ada' }]])],
  ['batchReadColumns', users => users.batchReadColumns(['a'], { n: 'i32' })],
  ['query', users => users.query().results()],
]

describe.each(CLIENTS)('a typed set of $name', kind => {
  const client = connectBefore(kind)

  test.each(REFUSED_OF_SETS)('%s that the server refuses', async (_name, run) => {
    await expectCaller(() => run(usersOf(client() as Client, 'absent')))
  })

  test('bins that do not match the schema', async () => {
    const schema = z.object({ name: z.string() })
    const users = client().set('test', 'stacks', { schema })
    await expectCaller(() => users.put('a', { name: 5 as never }))
    await expectCaller(() => users.batchPut([['a', { name: 5 as never }]]))
  })

  test('unusable arguments', async () => {
    const users = usersOf(client() as Client, 'test')
    for (const [name] of REFUSED_OF_SETS.filter(([name]) => name !== 'query')) {
      const call = (users as unknown as AnyMethods)[name]?.bind(users)
      await expectCaller(() => call?.(Symbol('refused'), Symbol('refused'), Symbol('refused'), Symbol('refused')))
    }
  })
})

describe('retry', () => {
  const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[0])

  test('throws the error with the line of the call in its function, and of its own', async () => {
    await expectCaller(() => retry(() => client().get(KEY)))
    await expectCaller(() => retry(5 as never))
    await expectCaller(() => retrySync(5 as never))
    await expectCaller(() => retry(() => client().get(KEY), { retries: -1 }))
  })
})

describe.each(CLIENTS)('a query of $name', kind => {
  const client = connectBefore(kind)

  test.each(RUNS)('%s that the server refuses', async (_name, run) => {
    await expectCaller(() => run(client().query('absent', 'stacks')))
  })

  test.each(REFUSED_QUERIES)('%s that the client refuses', async (_name, run) => {
    await expectCaller(() => run(client().query('test', 'stacks')))
  })

  test('a lookup without an index', async () => {
    const lookup = client().query('test', 'stacks').where(filter.equal('stacks', 1))
    await expectCaller(() => lookup.results())
  })

  test('a background job that no server knows', async () => {
    const job = client().job(1n)
    await expectCaller(() => job.status())
    await expectCaller(() => job.wait())
    await expectCaller(() => job.progress())
  })

  test('a batch stream', async () => {
    await expectCaller(() => drain(client().batchStream([batchRow.read(KEY)])))
    await expectCaller(() => client().batchStream([{ type: 'none' } as never]))
  })

  test('rows of a batch', async () => {
    const key = new Key('test', 'stacks', 'rows')
    const rows = await client().batchWrite([{ key, bins: { a: 1 }, meta: { gen: 77 } }], { exists: 'update-only' })
    await expectCaller(() => rows.throwIfFailed())
    await expectCaller(() => {
      throw rows.at(0)?.error
    })
    for (const row of rows) await expectCaller(() => Promise.reject(row.error))
    for await (const row of client().batchStream([
      batchRow.remove(key, { gen: 77 }),
      batchRow.apply(key, 'no', 'fn'),
    ])) {
      if (row.error !== null) await expectCaller(() => Promise.reject(row.error))
    }
  })

  test('rows of columns', async () => {
    const key = new Key('test', 'stacks', 'columns')
    const read = await client().batchReadColumns([key], { a: 'i32' })
    await expectCaller(() => Promise.reject(read.error(0)))
    const data = { namespace: 'test', set: 'stacks', keys: ['columns'], columns: { a: Int32Array.of(1) } }
    const written = await client().batchWriteColumns(data, { exists: 'update-only' })
    await expectCaller(() => written.throwIfFailed())
    await expectCaller(() => Promise.reject(written.error(0)))
  })
})

describe('connecting', () => {
  const NOWHERE = { hosts: '127.0.0.1:1', connectTimeout: 200 }

  test('to an address at which nothing listens', async () => {
    await expectCaller(() => connect(NOWHERE))
    await expectCaller(() => new Client(NOWHERE).connect())
    await expectCaller(() => connectSync(NOWHERE))
    await expectCaller(() => new ClientSync(NOWHERE).connect())
  })

  test('with a refused option', async () => {
    await expectCaller(() => connect({ hosts: 5 as never }))
    await expectCaller(() => connectSync({ totalTimeout: -1 }))
    await expectCaller(() => new Client({ policies: { read: { maxRetries: -1 } } }))
    await expectCaller(() => new ClientSync({ unknown: 1 } as never))
    await expectCaller(() => new Client(NOWHERE).connect('user', 5 as never))
    await expectCaller(() => new Client(NOWHERE).connect(null, null, { signal: 5 as never }))
  })

  test('with a signal that is aborted already', async () => {
    await expectCaller(() => connect(NOWHERE, { signal: AbortSignal.abort() }))
  })
})

describe('aborted calls', () => {
  const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[0])

  test('before they are sent', async () => {
    await expectCaller(() => client().get(new Key('test', 'stacks', 'a'), { signal: AbortSignal.abort() }))
  })

  test('after they are sent', async () => {
    const abort = new AbortController()
    const call = client().get(new Key('test', 'stacks', 'a'), { signal: abort.signal })
    abort.abort()
    await expectCaller(() => call)
  })

  test('in a query', async () => {
    await expectCaller(() => client().query('test', 'stacks').results({ signal: AbortSignal.abort() }))
  })
})

test('builders that refuse an argument', async () => {
  const refused: (() => unknown)[] = [
    () => new Key('', 'stacks', 'a'),
    () => Key.from([] as never),
    () => Key.fromDigest('test', 'stacks', Buffer.alloc(3)),
    () => filter.range('a', 'b' as never, 1),
    () => exp.int('a' as never),
    () => exp.listBin(5 as never),
  ]
  for (const call of refused) await expectCaller(call)
})

test('calls that autoBatch combines', async () => {
  const { address } = inject('aerospike')
  await using client = await connect({ hosts: address, autoBatch: true })
  await expectCaller(() => client.get(KEY))
  await expectCaller(() => client.get(new Key('test', 'stacks', 'absent')))
})

test('a call whose answer cannot be read', async () => {
  const { address } = inject('aerospike')
  const key = new Key('test', 'stacks', 'large')
  await using client = await connect({ hosts: address, int64: 'number' })
  await client.put(key, { a: 2n ** 60n })
  await expectCaller(() => client.get(key))
  const [record] = await client.query<{ a: unknown }>('test', 'stacks').results()
  await expectCaller(() => record?.bins.a)
  await client.remove(key)
})
