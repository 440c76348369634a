// Requests and answers that are compressed, on a server that supports it.
import { Client, type ClientConfig } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLIENTS } from '../helpers/clients'
import { startProxy, type WireProxy } from '../helpers/proxy'

let server: LocalServer
beforeAll(async () => {
  server = await LocalServer.start({ compression: true })
})
afterAll(() => server?.stop())

const TEXT = 'x'.repeat(20_000)
let keys = 0
const newKey = (): ['test', 'compression', string] => ['test', 'compression', `k${keys++}`]

async function withProxy(
  config: ClientConfig,
  body: (client: Client, proxy: WireProxy) => Promise<void>,
): Promise<void> {
  await using proxy = await startProxy(server)
  proxy.change(message => message)
  const client = await new Client({ ...config, hosts: proxy.address, seedOnlyCluster: true }).connect()
  try {
    await body(client, proxy)
  } finally {
    await client.close()
  }
}

test('a large request and its answer are compressed', () =>
  withProxy({}, async (client, proxy) => {
    const key = newKey()
    await client.put(key, { text: TEXT }, null, { compress: true })
    expect(proxy.compressed).toEqual({ requests: 1, answers: 0 })
    expect((await client.get(key, { compress: true })).bins).toEqual({ text: TEXT })
    expect(proxy.compressed.answers).toBe(1)
    expect((await client.get(key)).bins).toEqual({ text: TEXT })
    expect(proxy.compressed).toMatchObject({ answers: 1 })
  }))

test('compressionThreshold: smaller requests are sent as they are', () =>
  withProxy({ compress: true, compressionThreshold: 50_000 }, async (client, proxy) => {
    const key = newKey()
    await client.put(key, { text: TEXT })
    expect(proxy.compressed.requests).toBe(0)
    await client.put(key, { text: TEXT }, null, { compressionThreshold: 1000 })
    expect(proxy.compressed.requests).toBe(1)
  }))

test('batches and queries are compressed', () =>
  withProxy({ compress: true }, async (client, proxy) => {
    const keys = Array.from({ length: 20 }, newKey)
    await client.batchWrite(keys.map(key => ({ key, bins: { text: TEXT } })))
    expect(proxy.compressed.requests).toBeGreaterThan(0)
    const read = await client.batchRead(keys)
    expect(read.toArray().every(row => row.record?.bins.text === TEXT)).toBe(true)
    const answers = proxy.compressed.answers
    expect(answers).toBeGreaterThan(0)
    let found = 0
    for await (const record of client.query('test', 'compression')) {
      expect(record.bins.text).toBe(TEXT)
      found++
    }
    expect(found).toBeGreaterThanOrEqual(20)
    expect(proxy.compressed.answers).toBeGreaterThan(answers)
  }))

test.each(CLIENTS)('records go to the server and back with $name', async kind => {
  const client = await kind.connect({ hosts: server.address, compress: true })
  const key = newKey()
  await client.put(key, { text: TEXT, list: [1, 2, 3] })
  expect((await client.get(key)).bins).toEqual({ text: TEXT, list: [1, 2, 3] })
  await client.close()
})
