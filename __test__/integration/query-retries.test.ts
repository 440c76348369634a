// How often a query asks a server that does not answer: seen from between the two.
import { Client, type ClientConfig } from 'aerospike-napi'
import { beforeAll, expect, inject, test } from 'vitest'
import { keysOf, rejection } from '../helpers/clients'
import { startProxy, type WireProxy } from '../helpers/proxy'
import { remains } from '../helpers/until'

const { set } = keysOf('query-retries')()
const LOST = { name: 'ClusterError', code: 'CLUSTER' }

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  await Promise.all(Array.from({ length: 200 }, (_, n) => client.put(['test', set, n], { n, text: 'x'.repeat(200) })))
  return async () => {
    await using own = await new Client({ hosts: inject('aerospike').address }).connect()
    await own.truncate('test', set)
  }
})

async function through(proxy: WireProxy, config: ClientConfig = {}): Promise<Client> {
  return new Client({ hosts: proxy.address, seedOnlyCluster: true, ...config }).connect()
}

test.each([0, 1, 3])('%i retries cause at most one request more than that', async maxRetries => {
  await using proxy = await startProxy()
  await using client = await through(proxy)
  proxy.mute()
  const error = await rejection(client.query('test', set).results({ maxRetries, socketTimeout: 150 }))
  expect(error).toMatchObject({ ...LOST, attempts: maxRetries + 1 })
  expect(proxy.sent).toHaveLength(maxRetries + 1)
  // And none follows within three more time limits.
  await remains(() => proxy.sent.length === maxRetries + 1, 500)
  await client.close({ timeout: 0 })
})

test('an answer that stops in the middle is asked for once without retries', async () => {
  await using proxy = await startProxy()
  await using client = await through(proxy)
  proxy.passOnly(5000)
  const rows: unknown[] = []
  const error = await rejection(
    (async () => {
      for await (const row of client.query('test', set).stream({ maxRetries: 0, socketTimeout: 200 })) rows.push(row)
    })(),
  )
  expect(error).toMatchObject(LOST)
  expect(proxy.sent).toHaveLength(1)
  // A message of the answer is read whole or not at all.
  expect(rows.length).toBeLessThan(50)
  await client.close({ timeout: 0 })
})

test('a total time limit ends retries without end', async () => {
  await using proxy = await startProxy()
  await using client = await through(proxy)
  proxy.mute()
  const policy = { maxRetries: 1_000_000, socketTimeout: 50, totalTimeout: 1000 }
  expect(await rejection(client.query('test', set).count(policy))).toMatchObject({ name: 'AerospikeTimeoutError' })
  // 50 ms for each, and the sleeps between them.
  expect(proxy.sent.length).toBeLessThan(10)
  await client.close({ timeout: 0 })
})
