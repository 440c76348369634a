// Batches over several nodes, some of which fail on their way.
import { type BatchRow, batchRow, Client, type ClientConfig, ClientSync, Key, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const COUNT = 300
const keys = Array.from({ length: COUNT }, (_, n) => new Key('test', 'batch-cluster', n))
const CHANGE = [op.incr('n', 1000), op.read('n')]

let server: LocalServer
let client: Client

const connectTo = (config?: ClientConfig) => new Client({ hosts: server.address, ...config }).connect()

beforeAll(async () => {
  server = await LocalServer.start({ nodes: 3 })
  client = await connectTo()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(async () => {
  for (const node of server.nodes) await node.clearFaults()
  const rows = await client.batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
  expect(rows.succeeded).toBe(COUNT)
})

const failed = (rows: Iterable<BatchRow>) => [...rows].filter(row => row.resultCode !== 0)

test('rows come from every node, in order', async () => {
  expect(client.getNodeNames()).toHaveLength(3)
  const rows = await client.batchRead(keys)
  expect(rows.toArray().map(row => row.record?.bins.n)).toEqual(keys.map((_, n) => n))
})

test('parts of a batch go to every node, in order', async () => {
  const rows = await client.batchOperate(keys, CHANGE, { subBatchSize: 10 })
  expect(rows.toArray().map(row => row.record?.bins.n)).toEqual(keys.map((_, n) => n + 1000))
})

describe('a node that is lost in mid-batch', () => {
  test.each(['records', 'columns'])('keeps the rows of the others when %s are read', async what => {
    await server.nodes[0]?.dropAnswers()
    const policy = { totalTimeout: 300, maxRetries: 0 }
    const codes =
      what === 'records'
        ? (await client.batchRead(keys, null, policy)).toArray().map(row => row.resultCode)
        : [...(await client.batchReadColumns(keys, { n: 'i32' }, policy)).resultCodes]
    const found = codes.filter(code => code === 0).length
    expect(found).toBeGreaterThan(COUNT / 2)
    expect(found).toBeLessThan(COUNT)
    expect(codes.every(code => code === 0 || code === 9)).toBe(true)
  })

  test('tells which of its rows may have been written', async () => {
    const [node] = server.nodes
    await node?.cutAnswers(100)
    const rows = await client.batch(
      keys.map((key, n) => (n % 2 === 0 ? batchRow.operate(key, CHANGE) : batchRow.read(key))),
      { totalTimeout: 2000 },
    )
    const lost = failed(rows)
    expect(lost.length).toBeGreaterThan(COUNT / 6)
    expect(lost.length).toBeLessThan(COUNT / 2)
    expect(lost.every(row => row.inDoubt === (row.index % 2 === 0))).toBe(true)
    expect(new Set(lost.map(row => row.address))).toEqual(new Set([node?.address]))
    expect(new Set(lost.map(row => row.node))).toEqual(new Set([node?.name]))
    await node?.clearFaults()
    const after = await client.batchRead(keys)
    // The node had carried out what it did not answer for; nothing was carried out twice.
    expect(after.toArray().map(row => row.record?.bins.n)).toEqual(keys.map((_, n) => (n % 2 === 0 ? n + 1000 : n)))
  })

  test('and that refuses connections is asked nothing: its rows are not in doubt', async () => {
    const [node] = server.nodes
    let lost: BatchRow[] = []
    // A client tends once more right behind its connect. If that comes after the stop, it knows already, and loses nothing.
    while (lost.length === 0) {
      await using other = await connectTo({ tendInterval: 60_000 })
      await node?.stop()
      try {
        lost = failed(await other.batchOperate(keys, CHANGE, { totalTimeout: 1000 }))
      } finally {
        await node?.start()
      }
    }
    expect(lost.length).toBeGreaterThan(COUNT / 6)
    expect(lost.length).toBeLessThan(COUNT / 2)
    expect(lost.every(row => !row.inDoubt)).toBe(true)
    await expect
      .poll(async () => failed(await client.batchRead(keys)).length, { timeout: 10_000, interval: 100 })
      .toBe(0)
  })

  test('reads find its replicas when they are tried again', async () => {
    await server.nodes[1]?.cutAnswers(50)
    const rows = await client.batchRead(keys, null, { totalTimeout: 3000, maxRetries: 3 })
    expect(failed(rows)).toEqual([])
  })

  test('the rows of a stream come from the others, and then its failures', async () => {
    await server.nodes[2]?.cutAnswers(100)
    const seen: BatchRow[] = []
    for await (const row of client.batchStream(
      keys.map(key => batchRow.operate(key, CHANGE)),
      { totalTimeout: 3000 },
    )) {
      seen.push(row)
    }
    expect(seen.map(row => row.index).sort((one, other) => one - other)).toEqual(keys.map((_, n) => n))
    const lost = failed(seen)
    expect(lost.length).toBeGreaterThan(COUNT / 6)
    expect(lost.every(row => row.inDoubt)).toBe(true)
  })

  test('for the blocking client', async () => {
    using blocking = new ClientSync({ hosts: server.address }).connect()
    await server.nodes[0]?.cutAnswers(100)
    const rows = blocking.batchOperate(keys, CHANGE, { totalTimeout: 2000 })
    const lost = failed(rows)
    expect([lost.length > COUNT / 6, lost.length < COUNT / 2]).toEqual([true, true])
    expect(lost.every(row => row.inDoubt)).toBe(true)
  })
})

test('all nodes lost is the error of the call', async () => {
  for (const node of server.nodes) await node.dropAnswers()
  const call = client.batchOperate(keys, CHANGE, { totalTimeout: 300 })
  await expect(call).rejects.toMatchObject({ name: 'AerospikeTimeoutError', inDoubt: true })
})
