// Limits and times of 0: each is accepted where its documentation says so, and means what it says there.
import {
  type BatchPolicy,
  type ClientConfig,
  type QueryPolicy,
  type ReadPolicy,
  retry,
  type WritePolicy,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, keysOf, rejection } from '../helpers/clients.js'

const newKey = keysOf('zero-limits')

const BASE = {
  totalTimeout: 0,
  socketTimeout: 0,
  maxRetries: 0,
  sleepBetweenRetries: 0,
  timeoutDelay: 0,
  compressionThreshold: 0,
  readTouchTtlPercent: 0,
  errorDetailVerbosity: 0,
} as const satisfies ReadPolicy

const WRITE = { ...BASE, ttl: 0 } as const satisfies WritePolicy
const BATCH = { ...BASE, subBatchSize: 0 } as const satisfies BatchPolicy
const QUERY = { ...BASE, maxRecords: 0, recordsPerSecond: 0, maxConcurrentNodes: 0 } as const satisfies QueryPolicy

const CONFIG: ClientConfig = {
  idleTimeout: 0,
  minConnsPerNode: 0,
  maxErrorRate: 0,
  openingConnectionThreshold: 0,
  autoBatch: { reads: true, writes: true, maxDelay: 0 },
  policies: {
    read: BASE,
    write: WRITE,
    batch: BATCH,
    query: { ...BASE, recordsPerSecond: 0, maxConcurrentNodes: 0 },
    admin: { timeout: 0 },
  },
}

describe.each(CLIENTS)('$name', kind => {
  test('with a configuration of zeros makes every kind of call', async () => {
    const client = await kind.connect(CONFIG)
    const set = `${newKey().set}-${kind.name}`
    const keys = Array.from({ length: 30 }, (_, n) => ['test', set, n] as const)
    await Promise.all(keys.map((key, n) => client.put(key, { n })))
    expect(await Promise.all(keys.map(key => client.exists(key)))).not.toContain(false)
    expect((await client.batchRead(keys)).succeeded).toBe(keys.length)
    expect(await client.query('test', set).results()).toHaveLength(keys.length)
    expect(await client.infoRandomNode('status')).toContain('ok')
    await client.truncate('test', set)
    await client.close({ timeout: 0 })
  })

  test('takes policies of zeros for single calls', async () => {
    const client = await kind.connect()
    const keys = newKey.many(30)
    const set = `${keys[0]?.set}-${kind.name}-calls`
    await client.batchWrite(
      keys.map(({ userKey }, n) => ({ key: ['test', set, userKey as string], bins: { n } })),
      {
        ...WRITE,
        ...BATCH,
      },
    )
    const key = ['test', set, keys[0]?.userKey as string] as const
    await client.put(key, { n: 0 }, { ttl: 0 }, WRITE)
    expect((await client.get(key, BASE)).bins).toEqual({ n: 0 })
    // 0 records is no limit, ...
    expect(await client.query('test', set).results(QUERY)).toHaveLength(keys.length)
    expect(await client.query('test', set).maxRecords(0).results()).toHaveLength(keys.length)
    expect(await client.infoAll('status', { timeout: 0 })).not.toHaveLength(0)
    // ... a generation of 0 is one that no record has, ...
    expect(await rejection(client.put(key, { n: 1 }, { gen: 0 }))).toMatchObject({ code: 'RECORD_GENERATION' })
    // ... and a page has at least one record.
    const pages = client.query('test', set).pages(0)
    expect(await rejection((async () => pages.next())())).toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringContaining('pages: the size'),
    })
    await client.truncate('test', set, 0, { timeout: 0 })
    await client.close()
  })

  test('tries once with 0 retries, and does not wait with a backoff of 0', async () => {
    const client = await kind.connect()
    const key = newKey()
    await client.put(key, { n: 1 })
    let calls = 0
    const failing = async (): Promise<never> => {
      calls++
      throw Object.assign(new Error('temporary'), { retryable: true })
    }
    await rejection(retry(failing, { retries: 0 }))
    expect(calls).toBe(1)
    const updated = await client.update(key, () => ({ n: 2 }), { retries: 0, backoff: 0 })
    expect(updated.bins).toEqual({ n: 2 })
    await client.close()
  })

  test('waits for a task without a limit if the timeout of the wait is 0', async () => {
    const client = await kind.connect()
    const index = `zero_${kind.name.toLowerCase()}`
    const options = { namespace: 'test', set: `${newKey().set}-index`, bin: 'n', index }
    const task = await client.createIntegerIndex(options, { wait: { interval: 0, timeout: 0 } })
    expect(await task.status()).toMatchObject({ done: true })
    await client.dropIndex('test', index, { wait: { interval: 0, timeout: 0 } })
    await client.close()
  })
})
