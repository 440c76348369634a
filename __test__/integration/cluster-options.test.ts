// Options that concern which nodes a client uses, and how it reaches them. Clusters of aerospike-local report addresses that
// nobody listens on, so that a client only finds the nodes if the option is in force.
import { createServer } from 'node:net'
import { Client, type ClientConfig, ClusterError, connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

/** An address of this machine on which no node listens. */
const NOWHERE = '127.0.0.2'
const COUNT = 200
/** A result code that is not retried. */
const PARAMETER = 4
const KEYS = Array.from({ length: COUNT }, (_, n) => ['test', 'options', `k${n}`] as [string, string, string])

describe('addresses', () => {
  let server: LocalServer
  beforeAll(async () => {
    server = await LocalServer.start({ nodes: 2, accessAddress: NOWHERE, alternateAccessAddress: '127.0.0.1' })
  })
  afterAll(() => server?.stop())

  const nodesWith = async (kind: (typeof CLIENTS)[number], config: ClientConfig): Promise<number> => {
    // Only the first node is a seed: the other one has to be found.
    const client = await kind.connect({ hosts: server.nodes[0]!.address, timeout: 300, ...config })
    const { length } = client.getNodeNames()
    await client.close()
    return length
  }

  test.each(CLIENTS)('$name finds the nodes by the addresses that they report', async kind => {
    expect(await nodesWith(kind, {})).toBe(1)
    expect(await nodesWith(kind, { useServicesAlternate: true })).toBe(2)
    expect(await nodesWith(kind, { ipMap: { [NOWHERE]: '127.0.0.1' } })).toBe(2)
    expect(await nodesWith(kind, { useServicesAlternate: true, seedOnlyCluster: true })).toBe(1)
  })

  test('records are written to all nodes through their alternate addresses', async () => {
    await using client = await connect({ hosts: server.nodes[0]!.address, useServicesAlternate: true })
    await client.batchWrite(KEYS.map((key, n) => ({ key, bins: { n } })))
    const rows = (await client.batchRead(KEYS)).toArray()
    expect(rows.map(row => row.record?.bins.n)).toEqual(KEYS.map((_, n) => n))
  })
})

test('nodes without alternate addresses are not found by them', async () => {
  await using server = await LocalServer.start({ nodes: 2 })
  await using client = await connect({ hosts: server.nodes[0]!.address, useServicesAlternate: true })
  expect(client.getNodeNames()).toHaveLength(1)
})

describe('racks', () => {
  let server: LocalServer
  beforeAll(async () => {
    // Each node has every record, so each read can be answered on each rack.
    server = await LocalServer.start({ nodes: 3, replicationFactor: 3, racks: [1, 2, 3] })
    await using client = await connect({ hosts: server.address })
    await client.batchWrite(KEYS.map((key, n) => ({ key, bins: { n } })))
  })
  afterAll(() => server?.stop())

  /** Whether all records can be read while only the node on one rack answers. */
  const readsOnlyFrom = async (rack: number, client: Client): Promise<boolean> => {
    for (const [at, node] of server.nodes.entries()) {
      if (at + 1 === rack) await node.clearFaults()
      else await node.refuseRequests(PARAMETER)
    }
    const reads = await Promise.allSettled(KEYS.map(key => client.get(key)))
    return reads.every(({ status }) => status === 'fulfilled')
  }

  test('prefer-rack reads from the node on the preferred rack', async () => {
    for (const [rackIds, rack] of [
      [[2], 2],
      [[9, 3], 3],
    ] as const) {
      await using client = await connect({ hosts: server.address, replica: 'prefer-rack', rackIds, tendInterval: 250 })
      // The client learns the racks with its first tends.
      await until(() => readsOnlyFrom(rack, client))
    }
  })

  test('other replicas do not regard racks', async () => {
    await using client = await connect({ hosts: server.address, replica: 'sequence', rackIds: [2], maxRetries: 0 })
    expect(await readsOnlyFrom(2, client)).toBe(false)
    for (const node of server.nodes) await node.clearFaults()
  })

  test('nodes() names the racks', async () => {
    await using client = await connect({ hosts: server.address })
    const racks = (await client.nodes()).map(node => node.racks?.test)
    expect(racks.sort()).toEqual([1, 2, 3])
  })
})

describe('failIfNotConnected', () => {
  const freePort = async (): Promise<number> => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await new Promise<void>(resolve => server.close(() => resolve()))
    return port
  }

  test.each(CLIENTS)('$name waits for a cluster that starts later', async kind => {
    const port = await freePort()
    const config = { hosts: `127.0.0.1:${port}`, connectTimeout: 1000, tendInterval: 250 }
    await expect(kind.connect(config)).rejects.toBeInstanceOf(ClusterError)
    const client = await kind.connect({ ...config, failIfNotConnected: false })
    try {
      expect(client.isConnected()).toBe(false)
      expect(client.getNodeNames()).toEqual([])
      const key = KEYS[0]!
      for (const call of [
        () => client.get(key),
        () => client.put(key, { a: 1 }),
        () => client.batchRead([key]),
        () => client.infoRandomNode('node'),
      ]) {
        await expect(call()).rejects.toBeInstanceOf(ClusterError)
      }
      await expect(client.get(key)).rejects.toThrow(/has no connection to a node of the cluster; it keeps trying/)
      await using _server = await LocalServer.start({ port })
      await until(() => client.isConnected())
      await until(async () => (await client.put(key, { a: 1 }).catch(() => 'failed')) !== 'failed')
      expect((await client.get(key)).bins).toEqual({ a: 1 })
    } finally {
      await client.close()
    }
  })

  test('a refused login rejects nevertheless', async () => {
    await using server = await LocalServer.start({ security: true })
    const config = { hosts: server.address, failIfNotConnected: false, user: 'admin', password: 'wrong' }
    await expect(connect(config)).rejects.toMatchObject({ name: 'AdminError' })
  })
})

describe('connections', () => {
  test('connPoolsPerNode and openingConnectionThreshold still open all connections that are needed', async () => {
    await using server = await LocalServer.start()
    await using client = await connect({
      hosts: server.address,
      connPoolsPerNode: 4,
      maxConnsPerNode: 16,
      openingConnectionThreshold: 1,
    })
    await server.nodes[0]!.delayAnswers(20, 200)
    await Promise.all(KEYS.map(key => client.getOrNull(key)))
    const [node] = client.stats().nodes
    expect(node?.connections.opened).toBeGreaterThan(1)
    expect(node?.connections.opened).toBeLessThanOrEqual(17)
  })

  test('the application id is sent to the nodes', async () => {
    await using proxy = await startProxy()
    await using client = await new Client({ hosts: proxy.address, seedOnlyCluster: true, appId: 'shop-7' }).connect()
    await client.getOrNull(KEYS[0]!)
    const agents = proxy.infoTexts.filter(text => text.startsWith('user-agent-set:value='))
    const names = agents.map(text => Buffer.from(text.slice('user-agent-set:value='.length), 'base64').toString())
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(name).toMatch(/^1,node-[\d.]+,shop-7$/)
  })
})
