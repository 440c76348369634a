// When and how arguments are read: objects that change while a call is in flight, objects that calls and clients share,
// proxies, and getters that throw or that return something else each time.
import {
  type BatchRowRequest,
  type BatchWriteRecord,
  batchRow,
  type Client,
  type ClientConfig,
  connect,
  type IndexOptions,
  type KeyLike,
  op,
  type ReadPolicy,
  type UpdateOptions,
  type Value,
  type WriteMeta,
  type WritePolicy,
} from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore, keysOf, rejection } from '../helpers/clients.js'
import { until } from '../helpers/until.js'

const newKey = keysOf('argument-access')
const set = newKey('a').set

/** An object that throws whatever is done with it. */
function trapOf<T extends object>(target: T, error: Error): T {
  const fail = (): never => {
    throw error
  }
  const names = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'apply'] as const
  return new Proxy(target, Object.fromEntries(names.map(name => [name, fail])))
}

/** An error and its causes. */
function chainOf(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...chainOf(error.cause)] : []
}

/** A proxy that changes nothing. */
const through = <T extends object>(target: T): T => new Proxy(target, {})

/** A call with an argument that throws. `trap` stands for an object, `list` for an array. */
type Trapped = (client: Commands, key: KeyLike, trap: never, list: never) => Promise<unknown>

const TRAPPED: { readonly [name: string]: Trapped } = {
  'the key of get': (client, _, _trap, list) => client.get(list),
  'a part of a key': (client, _, trap) => client.get(['test', set, trap]),
  'the policy of get': (client, key, trap) => client.get(key, trap),
  'the bins of select': (client, key, _, list) => client.select(key, list),
  'the policy of exists': (client, key, trap) => client.exists(key, trap),
  'the bins of put': (client, key, trap) => client.put(key, trap),
  'a value of put': (client, key, trap) => client.put(key, { a: trap }),
  'a list in a value of put': (client, key, _, list) => client.put(key, { a: [[list]] }),
  'the meta of put': (client, key, trap) => client.put(key, { a: 1 }, trap),
  'the policy of put': (client, key, trap) => client.put(key, { a: 1 }, null, trap),
  'the meta of touch': (client, key, trap) => client.touch(key, 5, trap),
  'the policy of touch': (client, key, trap) => client.touch(key, 5, null, trap),
  'the meta of remove': (client, key, trap) => client.remove(key, trap),
  'the operations of operate': (client, key, _, list) => client.operate(key, list),
  'an operation of operate': (client, key, trap) => client.operate(key, [trap]),
  'the arguments of apply': (client, key, _, list) => client.apply(key, 'm', 'f', list),
  'the keys of batchRead': (client, _, _trap, list) => client.batchRead(list),
  'a key of batchRead': (client, key, _, list) => client.batchRead([key, list]),
  'the policy of batchRead': (client, key, trap) => client.batchRead([key], null, trap),
  'the records of batchWrite': (client, _, _trap, list) => client.batchWrite(list),
  'a record of batchWrite': (client, _, trap) => client.batchWrite([trap]),
  'the bins of batchWrite': (client, key, trap) => client.batchWrite([{ key, bins: trap } as BatchWriteRecord]),
  'a row of batch': (client, key, trap) => client.batch([batchRow.read(key), trap]),
  'the policy of a row': (client, key, trap) => client.batch([batchRow.read(key, null, trap)]),
  'the schema of batchReadColumns': (client, key, trap) => client.batchReadColumns([key], trap),
  'the policy of batchReadColumns': (client, key, trap) => client.batchReadColumns([key], { a: 'i32' }, trap),
  'the data of batchWriteColumns': (client, _, trap) => client.batchWriteColumns(trap),
  'the options of createIndex': (client, _, trap) => client.createIndex(trap),
  'the options of createIntegerIndex': (client, _, trap) => client.createIntegerIndex(trap),
  'the options of createSetIndex': (client, _, trap) => client.createSetIndex(trap),
  'the policy of dropIndex': (client, _, trap) => client.dropIndex('test', 'none', trap),
  'the policy of indexIntegerCreate': (client, _, trap) => client.indexIntegerCreate('test', set, 'a', 'i', trap),
  'the policy of infoAll': (client, _, trap) => client.infoAll('build', trap),
  'the policy of truncate': (client, _, trap) => client.truncate('test', set, null, trap),
  'the module of udfRegister': (client, _, trap) => client.udfRegister(trap),
  'the options of update': (client, key, trap) => client.update(key, () => ({ a: 1 }), trap),
  'the options of bulkWrite': (client, key, trap) => client.bulkWrite([{ key, bins: { a: 1 } }], trap),
  'a row of bulkWrite': (client, _, trap) => client.bulkWrite([trap]),
  'the policy of a query': async (client, _, trap) => client.query('test', set).results(trap),
  'the id of a set': (client, _, trap) => client.set('test', set).exists(trap),
  'the ids of a set': (client, _, _trap, list) => client.set('test', set).batchGet(list),
  'the policy of a set': (client, _, trap) => client.set('test', set).get('a', trap),
  'the bins of a set': (client, _, trap) => client.set('test', set).put('a', trap),
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('takes proxies for the objects that they stand for', async () => {
    const key = newKey()
    const like = through([key.namespace, key.set, key.userKey] as unknown as KeyLike & object)
    const policy = through<WritePolicy>({ totalTimeout: 10_000, key: 'send' })
    const bins = through({ n: 1, list: through([1, through({ a: 2 })]), object: through({ deep: through([3]) }) })
    await client().put(like, bins, through<WriteMeta>({ ttl: -1 }), policy)
    const expected = { n: 1, list: [1, { a: 2 }], object: { deep: [3] } }
    expect((await client().get(like, through<ReadPolicy>({ totalTimeout: 10_000 }))).bins).toEqual(expected)
    const rows = await client().batchRead(through([like, key]), through(['n']))
    expect(rows.map(({ record }) => record?.bins)).toEqual([{ n: 1 }, { n: 1 }])
    await client().batch(through([through(batchRow.write(like, through({ n: 2 }))), through(batchRow.read(like))]))
    expect((await client().operate(like, through([through(op.read('n'))]))).bins).toEqual({ n: 2 })
  })

  test.each(Object.entries(TRAPPED))('%s: what it throws is the error of the call', async (_name, call) => {
    const key = newKey()
    const thrown = new Error('from a trap')
    // The call itself does not throw: it returns a promise.
    const promise = call(client(), key, trapOf({}, thrown) as never, trapOf([], thrown) as never)
    expect(chainOf(await rejection(promise))).toContain(thrown)
    expect(await client().exists(key)).toBe(false)
  })

  test.each(Object.entries(TRAPPED))('%s: a revoked proxy is an error of the call', async (_name, call) => {
    const object = Proxy.revocable({}, {})
    const list = Proxy.revocable([], {})
    object.revoke()
    list.revoke()
    const error = await rejection(call(client(), newKey(), object.proxy as never, list.proxy as never))
    expect(chainOf(error).join('\n')).toMatch(/revoked|a Proxy/)
  })

  test('a policy that is frozen and that many calls share is only read', async () => {
    const policy: ReadPolicy & WritePolicy = Object.freeze({ totalTimeout: 10_000, maxRetries: 1, socketTimeout: 5000 })
    const other = await kind.connect()
    const keys = newKey.many(20)
    const clients = [client(), other]
    await Promise.all(keys.map((key, n) => clients[n % 2]?.put(key, { n }, Object.freeze({}), policy)))
    const records = await Promise.all(keys.flatMap(key => clients.map(each => each.get(key, policy))))
    expect(records.map(({ bins }) => bins.n)).toEqual(keys.flatMap((_, n) => [n, n]))
    expect(policy).toEqual({ totalTimeout: 10_000, maxRetries: 1, socketTimeout: 5000 })
    await other.close()
  })

  test('a configuration that changes after the client was made has no effect', async () => {
    const config: ClientConfig & { policies: { read: ReadPolicy } } = {
      hosts: [inject('aerospike').address],
      policies: { read: { totalTimeout: 10_000 } },
    }
    const own = kind.make(config)
    config.hosts = ['127.0.0.1:1']
    config.policies.read.totalTimeout = -1
    await own.connect()
    expect(await own.exists(newKey())).toBe(false)
    await own.close()
  })
})

describe('arguments that change while a call of Client is in flight', () => {
  let client: Client
  beforeAll(async () => {
    client = await connect({ hosts: inject('aerospike').address, totalTimeout: 10_000 })
  })
  afterAll(() => client.close())

  test('have no effect on the call', async () => {
    const [key, other] = newKey.many(2)
    await client.put(key as KeyLike, { n: 0, list: [0] })
    const like = [key?.namespace, key?.set, key?.userKey] as [string, string, string]
    const bins: { n: number; list: Value[] } = { n: 1, list: [1, { a: 1 }] }
    const meta: WriteMeta = { gen: 1, ttl: -1 }
    const policy: WritePolicy = { totalTimeout: 10_000, exists: 'update' }
    const call = client.put(like, bins, meta, policy)
    like[2] = String(other?.userKey)
    Object.assign(bins, { n: 2, more: 3 })
    bins.list.length = 0
    meta.gen = 99
    Object.assign(policy, { exists: 'create-only', totalTimeout: 1, signal: AbortSignal.abort(), unknown: true })
    await call
    expect((await client.get(key as KeyLike)).bins).toEqual({ n: 1, list: [1, { a: 1 }] })
    expect(await client.exists(other as KeyLike)).toBe(false)
  })

  test('have no effect on a batch', async () => {
    const keys = newKey.many(3)
    const rows: BatchRowRequest[] = keys.map((key, n) => batchRow.write(key, { n }))
    const call = client.batch(rows)
    rows.length = 1
    Object.assign(rows[0] as object, { type: 'remove', bins: null })
    expect((await call).map(({ key }) => key)).toEqual(keys)
    expect((await client.batchRead(keys)).map(({ record }) => record?.bins)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }])
  })

  test('have no effect on a query that has begun, nor on one that was made', async () => {
    const keys = newKey.many(20)
    const own = `${set}-query`
    await client.batchWrite(keys.map(({ userKey }, n) => ({ key: ['test', own, userKey as string], bins: { n } })))
    const policy = { maxRecords: 0, totalTimeout: 0 }
    const query = client.query('test', own)
    const stream = query.stream(policy)
    Object.assign(policy, { maxRecords: 1, totalTimeout: -1 })
    let rows = 0
    for await (const _ of stream) rows++
    expect(rows).toBe(20)
    await client.truncate('test', own)
  })

  test('have no effect on the later steps of a call', async () => {
    const key = newKey()
    await client.put(key, { n: 1 })
    const options: UpdateOptions & { policies: { write: WritePolicy } } = {
      retries: 0,
      policies: { write: { totalTimeout: 10_000 } },
    }
    const updated = client.update(
      key,
      () => {
        Object.assign(options.policies.write, { totalTimeout: -1 })
        return { n: 2 }
      },
      options,
    )
    expect((await updated).bins).toEqual({ n: 2 })

    const bin = 'n'
    const name = `${set.replaceAll('-', '_')}_idx`
    const index: IndexOptions = { namespace: 'test', set, bin, index: name, datatype: 'integer' }
    const creating = client.createIndex(index, { wait: true })
    Object.assign(index, { namespace: 'absent', index: 'absent' })
    expect((await creating).name).toBe(`createIndex ${name}`)
    await client.dropIndex('test', name)
  })

  test('a signal or a transaction that a getter replaces ends only its own call', async () => {
    const none = [5, {}, null, new EventTarget(), { aborted: false, addEventListener: 1 }]
    for (const option of ['signal', 'tx']) {
      for (const value of none) {
        let reads = 0
        // The first read is the one of the call, later ones are those of the encoder.
        const policy = {
          get [option](): unknown {
            return reads++ === 0 ? value : undefined
          },
        }
        const error = await rejection(client.get(newKey(), policy))
        expect(error).toMatchObject({ name: 'InvalidArgError', message: expect.stringContaining(`policy.${option}: `) })
      }
    }
    await until(() => client.stats().commands.inFlight === 0)
    expect(await client.exists(newKey())).toBe(false)
  })

  test('a policy with a signal that calls of two clients share ends the calls of both', async () => {
    await using other = await connect({ hosts: inject('aerospike').address })
    const controller = new AbortController()
    const policy = Object.freeze({ signal: controller.signal, totalTimeout: 10_000 })
    const calls = [client, other].flatMap(each => Array.from({ length: 20 }, () => each.get(newKey(), policy)))
    controller.abort()
    for (const { status, reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
      expect({ status, name: (reason as Error).name }).toEqual({ status: 'rejected', name: 'AbortError' })
    }
  })
})
