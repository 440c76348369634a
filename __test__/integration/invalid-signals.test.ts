// Values that are passed as `signal` and are not an AbortSignal: every kind of call refuses them before anything is sent.
import { batchRow, Client, connect, op, retry } from 'aerospike-napi'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { failureOf, keysOf } from '../helpers/clients.js'

const newKey = keysOf('invalid-signals')
const set = newKey().set

const NO_SIGNALS = [
  5,
  'signal',
  true,
  null,
  {},
  [],
  () => undefined,
  new AbortController(),
  new EventTarget(),
  { aborted: false },
  { aborted: false, addEventListener: () => undefined },
  { aborted: 'no', addEventListener: () => undefined, removeEventListener: () => undefined },
]

type Options = { signal: AbortSignal }

/** Every kind of call that takes a signal. */
const CALLS: { readonly [name: string]: (client: Client, options: Options) => unknown } = {
  connect: (_, options) => new Client({ hosts: inject('aerospike').address }).connect(null, null, options),
  get: (client, options) => client.get(newKey(), options),
  put: (client, options) => client.put(newKey(), { a: 1 }, null, options),
  batchRead: (client, options) => client.batchRead([newKey()], null, options),
  batchWrite: (client, options) => client.batchWrite([{ key: newKey(), bins: { a: 1 } }], options),
  batchReadColumns: (client, options) => client.batchReadColumns([newKey()], { a: 'i32' }, options),
  batchWriteColumns: (client, options) =>
    client.batchWriteColumns({ namespace: 'test', set, keys: [1], columns: { a: [1] } } as never, options),
  batchStream: (client, options) => client.batchStream([batchRow.read(newKey())], options).next(),
  'query.results': (client, options) => client.query('test', set).results(options),
  'query.stream': (client, options) => client.query('test', set).stream(options).next(),
  'query.policy': (client, options) => client.query('test', set).policy(options).results(),
  'query.count': (client, options) => client.query('test', set).count(options),
  'query.columns': async (client, options) => {
    for await (const _ of client.query('test', set).columns({ a: 'i32' }, options)) throw new Error('a chunk')
  },
  'query.toReadable': async (client, options) => {
    for await (const _ of client.query('test', set).toReadable(options)) throw new Error('a row')
  },
  'query.operate': (client, options) => client.query('test', set).operate([op.touch()], options),
  infoAll: (client, options) => client.infoAll('build', options),
  truncate: (client, options) => client.truncate('test', set, null, options),
  createIndex: (client, options) =>
    client.createIntegerIndex({ namespace: 'test', set, bin: 'a', index: 'none' }, options),
  'createIndex with wait': (client, options) =>
    client.createIntegerIndex({ namespace: 'test', set, bin: 'a', index: 'none' }, { wait: options }),
  update: (client, options) => client.update(newKey(), () => ({ a: 1 }), options),
  bulkWrite: (client, options) => client.bulkWrite([{ key: newKey(), bins: { a: 1 } }], options),
  withTransaction: (client, options) => client.withTransaction(async () => 1, options),
  retry: (_, options) => retry(async () => 1, options),
}

let client: Client
beforeAll(async () => {
  client = await connect({ hosts: inject('aerospike').address })
})
afterAll(() => client.close())

test.each(Object.entries(CALLS))('%s', async (_name, call) => {
  for (const signal of NO_SIGNALS) {
    const error = await failureOf(() => call(client, { signal: signal as AbortSignal }))
    expect(error, String(signal)).toMatchObject({
      name: 'InvalidArgError',
      attempts: 0,
      message: expect.stringMatching(/signal: an AbortSignal is needed, not /),
    })
  }
})
