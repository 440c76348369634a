// A cluster of three nodes that come and go. Runs on aerospike-local always: the nodes must be ours to stop.
import { AerospikeError, type BatchPolicy, type Client, connect, Key } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, type Commands, rejection } from '../helpers/clients.js'
import { settled, until } from '../helpers/until.js'

const SET = 'cluster'
const COUNT = 900

const keys = Array.from({ length: COUNT }, (_, id) => new Key('test', SET, id))
/** Once, and without asking another node. */
const ONCE: BatchPolicy = { maxRetries: 0 }
const PATIENT: BatchPolicy = { maxRetries: 40, sleepBetweenRetries: 100, totalTimeout: 10_000 }

const names = (server: LocalServer): string[] => server.nodes.map(node => node.name).sort()

/** Waits until all other nodes have answered, and requests are left at this one alone. */
async function onlyWaitsFor(client: Client, node: string | undefined): Promise<void> {
  const busy = (): string =>
    client
      .stats()
      .nodes.filter(({ connections }) => connections.inUse > 0)
      .map(({ name }) => name)
      .join()
  await until(() => busy() === node)
  expect(await settled(busy, 100)).toBe(node)
}

async function masterObjects(client: Commands): Promise<Map<string, number>> {
  const answers = await client.infoAll('namespace/test')
  return new Map(answers.map(({ node, response }) => [node, Number(/;master_objects=(\d+)/.exec(response ?? '')?.[1])]))
}

describe.each(CLIENTS)('$name', ({ connect: connectTo }) => {
  let server: LocalServer
  let client: Commands

  beforeAll(async () => {
    server = await LocalServer.start({ nodes: 3 })
    client = await connectTo({ hosts: server.address, tendInterval: 250 })
    await Promise.all(keys.map((key, id) => client.put(key, { id })))
    return async () => {
      await client.close()
      await server.stop()
    }
  })

  test('knows the nodes and spreads records over them', async () => {
    expect(client.getNodeNames().sort()).toEqual(names(server))
    const objects = await masterObjects(client)
    expect([...objects.keys()].sort()).toEqual(names(server))
    const counts = [...objects.values()]
    expect(counts.reduce((sum, count) => sum + count)).toBe(COUNT)
    for (const count of counts) expect(count).toBeGreaterThan(COUNT / 5)
    const rows = await client.batchRead(keys)
    expect([...rows].map(row => row.record?.bins)).toEqual(keys.map((_, id) => ({ id })))
    expect((await client.get(keys[17] as Key)).bins).toEqual({ id: 17 })
  })

  test('finds everything when a node is gone, and finds the node again', async () => {
    const [, node] = server.nodes
    await node?.stop()
    // Without waiting: what breaks is asked of the nodes that are left.
    const rows = await client.batchRead(keys, null, PATIENT)
    expect([...rows].filter(row => row.resultCode !== 0)).toEqual([])
    await until(() => client.getNodeNames().length === 2)
    await Promise.all(keys.map((key, id) => client.put(key, { id: id + COUNT })))
    expect([...(await masterObjects(client)).values()].reduce((sum, count) => sum + count)).toBe(COUNT)

    await node?.start()
    await until(() => client.getNodeNames().length === 3)
    expect(client.getNodeNames().sort()).toEqual(names(server))
    for (const [id, key] of keys.slice(0, 100).entries()) {
      expect((await client.get(key, PATIENT)).bins).toEqual({ id: id + COUNT })
    }
  })
})

test('a node lost in the middle of 10,000 operations: everything settles, nothing that was confirmed is lost', async () => {
  await using server = await LocalServer.start({ nodes: 3 })
  await using client = await connect({ hosts: server.address, tendInterval: 250, totalTimeout: 5000 })
  const many = Array.from({ length: 10_000 }, (_, id) => new Key('test', SET, id))
  const puts = many.map((key, id) => client.put(key, { id }))
  const settling = Promise.allSettled(puts)
  await puts[50]
  await server.nodes[2]?.stop()
  const settled = await settling
  const confirmed = many.filter((_, at) => settled[at]?.status === 'fulfilled')
  const known = server.nodes.map(({ name, address }) => `${name} ${address}`)
  for (const result of settled) {
    if (result.status === 'fulfilled') continue
    expect(result.reason).toBeInstanceOf(AerospikeError)
    const { code, node, address } = result.reason as AerospikeError
    expect(['CLUSTER', 'TIMEOUT']).toContain(code)
    expect([...known, 'undefined undefined']).toContain(`${node} ${address}`)
  }
  // Two thirds of the keys never had anything to do with that node.
  expect(confirmed.length).toBeGreaterThan(6000)
  await until(() => client.getNodeNames().length === 2)
  const rows = await client.batchRead(confirmed, null, PATIENT)
  expect([...rows].filter(row => row.resultCode !== 0)).toEqual([])

  await server.nodes[2]?.start()
  await until(() => client.getNodeNames().length === 3)
  await Promise.all(many.map((key, id) => client.put(key, { id }, undefined, PATIENT)))
  expect((await masterObjects(client)).get(server.nodes[2]?.name ?? '')).toBeGreaterThan(3000)
})

test('a node lost in mid-batch takes its rows along, and no others', async () => {
  await using server = await LocalServer.start({ nodes: 3 })
  await using client = await connect({ hosts: server.address, tendInterval: 250 })
  await Promise.all(keys.map((key, id) => client.put(key, { id })))
  const lost = (await masterObjects(client)).get(server.nodes[0]?.name ?? '')
  await server.nodes[0]?.pause()
  const reading = client.batchRead(keys, null, { ...ONCE, socketTimeout: 10_000, totalTimeout: 10_000 })
  // The others have answered, this one has the request and hangs.
  await onlyWaitsFor(client, server.nodes[0]?.name)
  await server.nodes[0]?.stop()
  const rows = [...(await reading)]
  const failed = rows.filter(row => row.resultCode !== 0)
  expect(failed.length).toBe(lost)
  for (const { error, inDoubt, record } of failed) {
    expect(error?.code).toBe('CLUSTER')
    expect({ inDoubt, record }).toEqual({ inDoubt: false, record: null })
  }
  for (const [id, row] of rows.entries()) if (row.resultCode === 0) expect(row.record?.bins).toEqual({ id })
})

test('writes of a node lost in mid-batch are in doubt, and those that never left are not', async () => {
  await using server = await LocalServer.start({ nodes: 3 })
  await using client = await connect({ hosts: server.address, tendInterval: 250 })
  const records = keys.map((key, id) => ({ key, bins: { id } }))
  await server.nodes[0]?.pause()
  const writing = client.batchWrite(records, { ...ONCE, socketTimeout: 10_000, totalTimeout: 10_000 })
  await onlyWaitsFor(client, server.nodes[0]?.name)
  await server.nodes[0]?.stop()
  const rows = [...(await writing)]
  const failed = rows.filter(row => row.resultCode !== 0)
  expect(failed.length).toBeGreaterThan(COUNT / 5)
  expect(failed.length).toBeLessThan(COUNT / 2)
  expect(failed.every(row => row.inDoubt && row.error?.inDoubt === true)).toBe(true)
  expect(rows.every(row => row.resultCode !== 0 || !row.inDoubt)).toBe(true)
  // None of them was done: the node hung.
  await until(() => client.getNodeNames().length === 2)
  const done = await client.batchRead(keys, null, PATIENT)
  expect([...done].map(row => row.resultCode)).toEqual(rows.map(row => (row.resultCode === 0 ? 0 : 2)))

  // A node that is gone before the batch begins: nothing is sent to it, and nothing is in doubt.
  await server.nodes[1]?.stop()
  const late = [...(await client.batchWrite(records, ONCE))]
  const refused = late.filter(row => row.resultCode !== 0)
  expect(refused.map(row => row.inDoubt)).toEqual(refused.map(() => false))
})

test('an answer that is cut short is asked for again, or told', async () => {
  await using server = await LocalServer.start({ nodes: 3 })
  await using client = await connect({ hosts: server.address })
  await Promise.all(keys.map((key, id) => client.put(key, { id })))
  // Some rows of the answer, and a half one.
  await server.nodes[1]?.cutAnswers(1000, 1)
  const once = [...(await client.batchRead(keys, null, ONCE))]
  const failed = once.filter(row => row.error !== null)
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(COUNT / 2)
  await server.nodes[1]?.cutAnswers(1000, 1)
  const again = await client.batchRead(keys, null, PATIENT)
  expect([...again].every(row => row.resultCode === 0)).toBe(true)
})

test('a write whose answer never comes is in doubt, and was done', async () => {
  await using server = await LocalServer.start({ nodes: 3 })
  await using client = await connect({ hosts: server.address })
  for (const node of server.nodes) await node.dropAnswers()
  const key = new Key('test', SET, 'doubt')
  const error = await rejection(client.put(key, { a: 1 }, undefined, { totalTimeout: 200, maxRetries: 0 }))
  expect(error).toMatchObject({ name: 'AerospikeTimeoutError', inDoubt: true })
  for (const node of server.nodes) await node.clearFaults()
  expect((await client.get(key)).bins).toEqual({ a: 1 })
})

test('a node that is late keeps nobody else waiting', async () => {
  await using server = await LocalServer.start({ nodes: 3 })
  await using client = await connect({ hosts: server.address })
  await Promise.all(keys.map((key, id) => client.put(key, { id })))
  await server.nodes[0]?.delayAnswers(60_000)
  const settled = await Promise.allSettled(keys.map(key => client.get(key, { totalTimeout: 1500, maxRetries: 0 })))
  const late = settled.filter(result => result.status === 'rejected')
  expect(late.length).toBeGreaterThan(COUNT / 5)
  expect(late.length).toBeLessThan(COUNT / 2)
  for (const { reason } of late) expect(reason.name).toBe('AerospikeTimeoutError')
  await server.nodes[0]?.clearFaults()
  expect((await client.get(keys[0] as Key)).bins).toEqual({ id: 0 })
})

test('a node of its own forgets, and what is wrong with an argument is said', async () => {
  await using server = await LocalServer.start()
  const [node] = server.nodes
  expect(server.nodes.length).toBe(1)
  expect(node?.address).toBe(server.address)
  await using client = await connect({ hosts: server.address, tendInterval: 250 })
  expect(client.getNodeNames()).toEqual([node?.name])
  const key = new Key('test', SET, 'alone')
  await client.put(key, { a: 1 })
  await node?.stop()
  expect(node?.running).toBe(false)
  await node?.stop()
  await expect(node?.pause()).rejects.toThrow('node 0 is not running')
  await node?.start()
  expect(node?.running).toBe(true)
  await until(() => client.getNodeNames().length === 1)
  // Until the client has found it again.
  await expect.poll(() => client.exists(key), { timeout: 10_000 }).toBe(false)

  await expect(node?.delayAnswers(-1)).rejects.toThrow('delayAnswers: ms')
  await expect(node?.dropAnswers(0)).rejects.toThrow('dropAnswers: times')
  await expect(node?.cutAnswers(1.5)).rejects.toThrow('cutAnswers: bytes')
  await expect(LocalServer.start({ nodes: 0 })).rejects.toThrow('LocalServer.nodes')
  await expect(LocalServer.start({ racks: [1, 2] })).rejects.toThrow('LocalServer.racks: 2 racks for 1 nodes')
  await expect(LocalServer.start({ replicationFactor: 0 })).rejects.toThrow('LocalServer.replicationFactor')
  await server.kill()
  await expect(node?.stop()).rejects.toThrow('aerospike-local has ended')
})
