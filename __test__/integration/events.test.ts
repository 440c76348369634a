// What a client tells of its cluster. Runs on aerospike-local always: the nodes must be ours to stop.
import { EventEmitter, once } from 'node:events'
import { Client, type ClusterEvents, connect, type EventNode } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { describe, expect, test, vi } from 'vitest'
import { CLIENTS } from '../helpers/clients.js'
import { until } from '../helpers/until.js'

const FAST = { tendInterval: 250 }
const NAMES = ['nodeAdded', 'nodeRemoved', 'disconnected', 'reconnected', 'tendError'] as const

type Told = [name: keyof ClusterEvents, node: string | undefined]

function tellAll(client: Client, told: Told[]): void {
  for (const name of NAMES) client.on(name, (node?: EventNode) => void told.push([name, node?.name]))
}

describe('events', () => {
  test('of a cluster of three, whose nodes go and come', async () => {
    await using server = await LocalServer.start({ nodes: 3 })
    await using client = await connect({ hosts: server.address, ...FAST })
    expect(client).toBeInstanceOf(EventEmitter)
    const told: Told[] = []
    tellAll(client, told)
    const [, , node] = server.nodes
    await node?.stop()
    await vi.waitFor(() => expect(told).toContainEqual(['nodeRemoved', node?.name]), 5000)
    expect(told.map(([name]) => name)).not.toContain('nodeAdded')
    expect(told.map(([name]) => name)).not.toContain('disconnected')
    const added = once(client, 'nodeAdded')
    await node?.start()
    expect(await added).toEqual([{ name: node?.name, address: node?.address }])
    expect(told.filter(([name]) => name === 'nodeAdded')).toEqual([['nodeAdded', node?.name]])
    expect(told.filter(([name]) => name === 'nodeRemoved')).toEqual([['nodeRemoved', node?.name]])
  })

  test('of a single node: what fails, and the way there and back', async () => {
    await using server = await LocalServer.start()
    await using client = await connect({ hosts: server.address, ...FAST })
    const told: Told[] = []
    tellAll(client, told)
    const failures: number[] = []
    client.on('tendError', failure => failures.push(failure.failures))
    const [node] = server.nodes
    await node?.stop()
    await vi.waitFor(() => expect(told.map(([name]) => name)).toContain('disconnected'), 8000)
    expect(client.isConnected()).toBe(false)
    await node?.start()
    await vi.waitFor(() => expect(told.map(([name]) => name)).toContain('reconnected'), 8000)
    const name = node?.name
    expect(told.filter(([event]) => event !== 'tendError')).toEqual([
      ['nodeRemoved', name],
      ['disconnected', undefined],
      ['nodeAdded', name],
      ['reconnected', undefined],
    ])
    expect(told[0]).toEqual(['tendError', name])
    // What failed before the node left is not told after it came back.
    expect(told.at(-1)).toEqual(['reconnected', undefined])
    expect(failures).toEqual([...failures].sort((a, b) => a - b))
    expect(failures[0]).toBeGreaterThanOrEqual(1)
  })

  test('reach who listened before connect, and nobody after close', async () => {
    await using server = await LocalServer.start({ nodes: 2 })
    const client = new Client({ hosts: server.address, ...FAST })
    const told: string[] = []
    client.addListener('nodeRemoved', ({ name }) => told.push(name))
    client.prependOnceListener('nodeAdded', ({ name }) => told.push(name))
    await client.connect()
    const [, node] = server.nodes
    await node?.stop()
    await vi.waitFor(() => expect(told).toEqual([node?.name]), 5000)
    await node?.start()
    await vi.waitFor(() => expect(told).toEqual([node?.name, node?.name]), 5000)
    await using watching = await connect({ hosts: server.address, ...FAST })
    await client.close()
    const removed = once(watching, 'nodeRemoved')
    await node?.stop()
    // A client that is open has noticed, and has looked at the cluster several times since.
    await removed
    const tends = (): number => watching.stats().nodes.reduce((sum, { tends: { succeeded } }) => sum + succeeded, 0)
    const before = tends()
    await until(() => tends() >= before + 3)
    expect(told).toHaveLength(2)
  })

  test('go on after all listeners were removed and others came', async () => {
    await using server = await LocalServer.start({ nodes: 2 })
    await using client = await connect({ hosts: server.address, ...FAST })
    client.on('nodeRemoved', () => expect.unreachable())
    client.removeAllListeners()
    const [, node] = server.nodes
    await node?.stop()
    await vi.waitFor(() => expect(client.getNodeNames()).toHaveLength(1), 5000)
    const added = once(client, 'nodeAdded')
    await node?.start()
    expect(await added).toMatchObject([{ name: node?.name }])
  })
})

describe.each(CLIENTS)('nodes of $name', ({ connect: connectTo, make }) => {
  test('are listed with address, version, racks and connections', async () => {
    await using server = await LocalServer.start({ nodes: 3, racks: [1, 1, 2], namespaces: ['test', 'other'] })
    const client = await connectTo({ hosts: server.address, ...FAST })
    const nodes = await client.nodes()
    const expected = server.nodes.map(({ name, address }, index) => ({
      name,
      address,
      version: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      racks: { test: index === 2 ? 2 : 1, other: index === 2 ? 2 : 1 },
      error: null,
    }))
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
    expect(nodes).toMatchObject(expected.sort(byName))
    for (const { connections } of nodes) expect(connections.limit).toBe(100)
    await client.close()
  })

  test('have no racks where there are none', async () => {
    const client = await connectTo()
    for (const node of await client.nodes())
      expect(node.racks === null || Object.keys(node.racks).length > 0).toBe(true)
    await client.close()
  })

  test('are there with an error when they do not answer', async () => {
    await using server = await LocalServer.start({ nodes: 2 })
    const client = await connectTo({ hosts: server.address, tendInterval: 60_000 })
    await server.nodes[1]?.pause()
    const nodes = await client.nodes({ timeout: 500 })
    const lost = nodes.find(({ name }) => name === server.nodes[1]?.name)
    expect(lost).toMatchObject({
      version: null,
      racks: null,
      error: { name: 'AerospikeTimeoutError', code: 'TIMEOUT' },
    })
    expect(nodes.find(({ name }) => name === server.nodes[0]?.name)?.error).toBeNull()
    await server.nodes[1]?.resume()
    await client.close()
  })

  test('cannot be asked for before connect', async () => {
    await expect((async () => make().nodes())()).rejects.toThrow('not connected')
  })
})
