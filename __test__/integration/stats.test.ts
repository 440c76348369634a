import { Client, ClientError, ClientSync, setMetricsEnabled } from 'aerospike-napi'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'

const { address } = inject('aerospike')

afterEach(() => setMetricsEnabled(true))

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind, { maxConnsPerNode: 7 })
  const makeKey = keysOf('stats')

  test('tells of commands, connections and nodes', async () => {
    await client().put(makeKey(), { a: 1 })
    // A command is answered a moment before it is over.
    await expect.poll(() => client().stats().commands.inFlight).toBe(0)
    const stats = client().stats()
    expect(stats.commands).toEqual({ inFlight: 0, queued: 0, limit: 7 * stats.nodes.length })
    expect(stats.streams).toBe(0)
    expect(stats.nodes.map(({ name }) => name)).toEqual(client().getNodeNames().toSorted())
    const node = stats.nodes.find(node => node.address === address)!
    expect(node.connections).toMatchObject({ limit: 7, opening: 0, recovering: 0 })
    expect(node.connections.idle + node.connections.inUse).toBeGreaterThan(0)
    expect(node.circuitBreaker).toMatchObject({ errors: 0, open: false })
    expect(node.details).toBeUndefined()
    const sum = stats.nodes.reduce((all, { connections }) => all + connections.idle, 0)
    expect(stats.connections.idle).toBe(sum)
    expect(stats.connections.limit).toBe(7 * stats.nodes.length)
  })

  test('counts tends', async () => {
    const succeeded = (): number => client().stats().nodes[0]!.tends.succeeded
    const before = succeeded()
    await expect.poll(succeeded, { timeout: 5000 }).toBeGreaterThan(before)
  })

  test('has details while they are asked for', async () => {
    setMetricsEnabled(true, { details: true })
    for (let round = 0; round < 10; round++) await client().put(makeKey('details'), { a: round })
    const sums = client()
      .stats()
      .nodes.map(({ details }) => details!)
    expect(sums.reduce((all, { bytesSent }) => all + bytesSent, 0)).toBeGreaterThan(500)
    expect(sums.reduce((all, { bytesReceived }) => all + bytesReceived, 0)).toBeGreaterThan(200)
    expect(sums[0]).toMatchObject({ retries: 0, refused: 0 })
  })
})

test('commands in flight are running, and connections used', async () => {
  await using proxy = await startProxy()
  const client = await new Client({ hosts: proxy.address, seedOnlyCluster: true, maxConnsPerNode: 4 }).connect()
  try {
    proxy.mute()
    const calls = Array.from({ length: 10 }, (_, number) => client.get(['test', 'stats', number], { totalTimeout: 0 }))
    for (const call of calls) call.catch(() => {})
    await expect.poll(() => client.stats().commands).toEqual({ inFlight: 4, queued: 6, limit: 4 })
    await expect.poll(() => client.stats().connections).toMatchObject({ inUse: 4, idle: 0, opening: 0, limit: 4 })
  } finally {
    await client.close({ timeout: 0 })
  }
})

test('an open query is a stream', async () => {
  const client = await new Client({ hosts: address }).connect()
  const rows = Array.from({ length: 2000 }, (_, number) => ({
    key: ['test', 'stats-stream', number] as const,
    bins: { a: 1 },
  }))
  await client.batchWrite(rows)
  const stream = client.query('test', 'stats-stream')[Symbol.asyncIterator]()
  await stream.next()
  expect(client.stats().streams).toBe(1)
  await stream.return?.()
  await expect.poll(() => client.stats().streams).toBe(0)
  await client.truncate('test', 'stats-stream')
  await client.close()
})

test('a client that is not connected has none', async () => {
  const client = new Client({ hosts: address })
  expect(() => client.stats()).toThrow(ClientError)
  expect(() => client.stats()).toThrow(/^stats: the client is not connected/)
  await client.close()
  expect(() => client.stats()).toThrow(/^stats: the client is closed/)
  const blocking = new ClientSync({ hosts: address })
  expect(() => blocking.stats()).toThrow(/^stats: the client is not connected/)
  blocking.close()
  expect(() => blocking.stats()).toThrow(/^stats: the client is closed/)
})
