// LocalServer with strong consistency: what its namespaces accept, and what becomes of them when nodes stop.
import { type Client, connect } from 'aerospike-napi'
import { LocalServer, type LocalServerOptions } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../helpers/until'

const FORBIDDEN = { resultCode: 22 }

describe('one node', () => {
  let server: LocalServer
  let client: Client

  beforeAll(async () => {
    const strongConsistency = { namespaces: ['test'], transactionTimeout: 5 }
    server = await LocalServer.start({ namespaces: ['test', 'demo'], strongConsistency })
    client = await connect({ hosts: server.address })
  })

  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  test('deletes have to be durable', async () => {
    const key = ['test', 'sc', 'deleted'] as const
    await client.put(key, { a: 1 })
    await expect(client.remove(key)).rejects.toMatchObject(FORBIDDEN)
    expect((await client.get(key)).bins).toEqual({ a: 1 })
    await client.remove(key, {}, { durableDelete: true })
    expect(await client.exists(key)).toBe(false)
  })

  test('records cannot expire', async () => {
    const key = ['test', 'sc', 'ttl'] as const
    await expect(client.put(key, { a: 1 }, { ttl: 60 })).rejects.toMatchObject(FORBIDDEN)
    await client.put(key, { a: 1 }, { ttl: -1 })
  })

  test('other namespaces are as before', async () => {
    const key = ['demo', 'sc', 'ttl'] as const
    await client.put(key, { a: 1 }, { ttl: 60 })
    await client.remove(key)
  })

  test('info reports the settings', async () => {
    const [test] = await client.infoAll('namespace/test')
    expect(test?.response).toContain('strong-consistency=true')
    expect(test?.response).toContain('mrt-duration=5')
    const [demo] = await client.infoAll('namespace/demo')
    expect(demo?.response).toContain('strong-consistency=false')
  })
})

describe('several nodes', () => {
  const keys = Array.from({ length: 60 }, (_, id) => ['test', 'sc', id] as const)
  const FAST = { totalTimeout: 500, maxRetries: 0 }

  async function readable(client: Client): Promise<number> {
    const reads = await Promise.allSettled(keys.map(key => client.get(key, FAST)))
    return reads.filter(read => read.status === 'fulfilled').length
  }

  test('partitions are unavailable without their master and most nodes, and then have their records again', async () => {
    await using server = await LocalServer.start({ nodes: 3, strongConsistency: true })
    await using client = await connect({ hosts: server.address, tendInterval: 250 })
    for (const [id, key] of keys.entries()) await client.put(key, { id })
    const [first, second] = server.nodes
    await first?.stop()
    await until(async () => (await readable(client)) === keys.length)
    await second?.stop()
    await until(async () => (await readable(client)) === 0)
    await first?.start()
    await second?.start()
    await until(async () => (await readable(client)) === keys.length)
  })
})

test('options are checked', async () => {
  const refused: [LocalServerOptions, string][] = [
    [
      { strongConsistency: { namespaces: ['demo'] } },
      "strongConsistency.namespaces: the namespace 'demo' does not exist",
    ],
    [{ strongConsistency: { transactionTimeout: 121 } }, 'strongConsistency.transactionTimeout'],
    [{ strongConsistency: true, defaultTtl: 5 }, 'defaultTtl: records cannot expire'],
    [{ strongConsistency: { timeout: 5 } as object }, 'timeout'],
    [{ strongConsistency: 'yes' as never }, 'strongConsistency'],
  ]
  for (const [options, message] of refused) await expect(LocalServer.start(options)).rejects.toThrow(message)
})
