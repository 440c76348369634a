// Clusters whose nodes have only IPv6 addresses. Runs on aerospike-local always: the nodes must be ours to stop.
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { InvalidArgError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CLIENTS, rejection } from '../helpers/clients.js'
import { until } from '../helpers/until.js'

/** Whether this machine has IPv6 at all: some containers do not. */
const hasIPv6 = Object.values(networkInterfaces()).some(addresses =>
  addresses?.some(({ address }) => address === '::1'),
)

describe.runIf(hasIPv6)('a cluster with IPv6 addresses only', () => {
  let server: LocalServer
  beforeAll(async () => {
    server = await LocalServer.start({ host: '::1', nodes: 2 })
  })
  afterAll(() => server.stop())

  const keys = Array.from({ length: 50 }, (_, n) => ['test', 'ipv6', n] as const)

  describe.each(CLIENTS)('$name', kind => {
    test('is found through one node, and all its nodes are used', async () => {
      const client = await kind.connect({ hosts: server.nodes[0]?.address })
      const nodes = server.nodes.map(({ name, address }) => ({ name, address, error: null }))
      const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
      expect((await client.nodes()).sort(byName)).toMatchObject(nodes.sort(byName))
      await client.batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
      const records = await Promise.all(keys.map(key => client.get(key)))
      expect(records.map(({ bins }) => bins.n)).toEqual(keys.map((_, n) => n))
      expect(await client.query('test', 'ipv6').count()).toBe(keys.length)
      await client.close()
    })

    test('has errors with addresses that hosts accepts', async () => {
      const client = await kind.connect({ hosts: server.address })
      const error = await rejection(client.get(['test', 'ipv6', 'absent']))
      const addresses = server.nodes.map(({ address }) => address)
      expect(addresses).toContain((error as { address?: string }).address)
      expect(server.nodes.map(({ name }) => name)).toContain((error as { node?: string }).node)
      await client.close()
    })

    test('nobody at the address', async () => {
      // A port that is free, because it was just given back.
      const taken = createServer().listen(0, '::1')
      await vi.waitFor(() => expect(taken.listening).toBe(true))
      const { port } = taken.address() as { port: number }
      await new Promise(resolve => taken.close(resolve))
      const error = await rejection(kind.connect({ hosts: `[::1]:${port}`, connectTimeout: 1000 }))
      expect(error).toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
      expect(String(error)).toContain(`[::1]:${port}`)
    })
  })

  test('a node that stops and comes back is used again', async () => {
    const client = await CLIENTS[0]!.connect({ hosts: server.address, tendInterval: 250 })
    const [, node] = server.nodes
    await node?.stop()
    await until(() => client.getNodeNames().length === 1)
    await node?.start()
    await until(() => client.getNodeNames().length === 2)
    expect(client.stats().nodes.map(({ address }) => address)).toContain(node?.address)
    await client.close()
  })
})

test.each(['localhost', '', '1.2.3', 5, null])('LocalServer refuses %j as its IP address', async host => {
  await expect(LocalServer.start({ host: host as string })).rejects.toThrow(
    /^LocalServer.host: an IP address is needed/,
  )
  await expect(LocalServer.start({ host: host as string })).rejects.toBeInstanceOf(InvalidArgError)
})
