// What a node that hangs or is gone costs: its own calls, and no others. The nodes must be ours to lose.
import { AerospikeError, type ClientConfig, Key } from 'aerospike-napi'
import { type LocalNode, LocalServer } from 'aerospike-napi/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CLIENTS, type Commands } from '../helpers/clients.js'

const NODES = 3
const LOST = 1
const ALL = Array.from({ length: 600 }, (_, id) => new Key('test', 'lost-node', id))

/** aerospike-local spreads its partitions in turn: the nodes that have a key's record, the master first. */
function owners(key: Key): [master: number, replica: number] {
  const partition = ((key.digest[0] ?? 0) | ((key.digest[1] ?? 0) << 8)) & 4095
  const master = partition % NODES
  return [master, (master + 1 + (Math.floor(partition / NODES) % (NODES - 1))) % NODES]
}

/** Their master is lost. */
const lost = ALL.filter(key => owners(key)[0] === LOST)
/** Only their replica is. */
const doubtful = ALL.filter(key => owners(key)[1] === LOST)
/** Neither is. */
const healthy = ALL.filter(key => !owners(key).includes(LOST))

let server: LocalServer
let node: LocalNode

beforeEach(async () => {
  server = await LocalServer.start({ nodes: NODES })
  node = server.nodes[LOST] as LocalNode
})

afterEach(() => server.stop())

/** The deadline of calls that prepare a test: they succeed also on a busy machine, whatever the client's defaults are. */
const PATIENT = { totalTimeout: 10_000 }
const read = (client: Commands, keys: readonly Key[], policy = {}) =>
  Promise.all(keys.map(key => client.get(key, policy)))
const write = (client: Commands, keys: readonly Key[]) =>
  Promise.all(keys.map((key, n) => client.put(key, { n }, null, PATIENT)))

async function failure(call: Promise<unknown>): Promise<AerospikeError> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(AerospikeError)
  return error as AerospikeError
}

describe.each(CLIENTS)('$name, a node is lost', ({ name, connect }) => {
  const start = async (config: ClientConfig = {}): Promise<Commands> => {
    const client = await connect({ hosts: server.address, ...config })
    for (const key of ALL) await client.put(key, { n: 1 })
    return client
  }

  test.each([
    ['all nodes are seeds', () => server.address],
    ['a healthy one is the seed', () => server.nodes[0]?.address as string],
    ['the lost one is the first of two seeds', () => `${node.address},${server.nodes[2]?.address}`],
  ])('connect takes the nodes that answer: %s', async (_, hosts) => {
    await node.pause()
    const client = await connect({ hosts: hosts() })
    expect(client.getNodeNames()).toHaveLength(NODES - 1)
    const [key] = healthy
    await client.put(key as Key, { n: 1 })
    expect((await client.get(key as Key)).bins).toEqual({ n: 1 })
    await node.resume()
    await client.close()
  })

  test('reads of a node that hangs reach the replica within their deadline', async () => {
    // A call that names no socketTimeout waits half of its time for the node.
    const client = await start({ policies: { read: { totalTimeout: 3000 }, batch: { totalTimeout: 3000 } } })
    await node.pause()
    const [first, second] = lost as [Key, Key]
    const [record, exists, rows] = await Promise.all([client.get(first), client.exists(second), client.batchRead(ALL)])
    expect(record.bins).toEqual({ n: 1 })
    expect(exists).toBe(true)
    expect(rows.succeeded).toBe(ALL.length)
    await node.resume()
    await client.close()
  })

  test('reads of a node that was killed reach the replica before the cluster has noticed', async () => {
    const client = await start({ policies: { write: { totalTimeout: 300 } } })
    await node.stop({ noticedAfter: 600_000 })
    for (const key of lost.slice(0, 20)) expect((await client.get(key)).bins).toEqual({ n: 1 })
    expect((await client.batchRead(ALL)).found).toBe(ALL.length)
    const error = await failure(client.put(lost[0] as Key, { n: 2 }))
    expect(error).toMatchObject({ code: 'TIMEOUT', inDoubt: false, node: node.name, address: node.address })
    expect(error.message).toContain(node.address)
    expect(error.message).not.toContain('tries')
    expect(error.cause).toMatchObject({ code: 'CLUSTER', message: expect.stringContaining(node.address) })
    await client.close()
  })

  test('its calls are answered again when it is back', async () => {
    const client = await start({ policies: { write: { totalTimeout: 200 } } })
    await node.stop({ noticedAfter: 600_000 })
    expect(await failure(client.put(lost[0] as Key, { n: 2 }))).toMatchObject({ code: 'TIMEOUT' })
    await node.start()
    await expect
      .poll(
        () =>
          client.put(lost[0] as Key, { n: 3 }).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true)
    expect((await client.get(lost[0] as Key)).bins).toEqual({ n: 3 })
    await client.close()
  })

  test('deadlines of the client do not keep other calls from a healthy node', async () => {
    const client = await start()
    await node.dropAnswers(300)
    for (let call = 0; call < (name === 'Client' ? 3 : 1); call++) {
      const calls = Array.from({ length: 100 }, () =>
        failure(client.put(lost[0] as Key, { n: 2 }, null, { totalTimeout: 5 })),
      )
      for (const { code } of await Promise.all(calls)) expect(code).toBe('TIMEOUT')
    }
    await node.clearFaults()
    await write(client, ALL)
    expect((await client.batchRead(ALL)).toArray().map(row => row.record?.bins.n)).toEqual(ALL.map((_, n) => n))
    await client.close()
  })
})

describe('a node is lost under load', () => {
  const start = async (config: ClientConfig): Promise<Commands> => {
    const [{ connect }] = CLIENTS as [(typeof CLIENTS)[number]]
    const client = await connect({ hosts: server.address, ...config })
    await write(client, ALL)
    await read(client, ALL, PATIENT)
    return client
  }

  /** Calls that stay without an answer, and how many of them have ended. */
  function begin(calls: readonly Promise<unknown>[]): { ended: () => number; all: Promise<unknown> } {
    let ended = 0
    const counted = calls.map(call => call.catch(() => {}).finally(() => ended++))
    return { ended: () => ended, all: Promise.all(counted) }
  }

  test.each([{}, { maxConcurrentCommands: 12 }])('its calls do not hold up those of other nodes: %o', async config => {
    const client = await start({ maxConnsPerNode: 8, ...config })
    await node.pause()
    const stuck = begin(
      Array.from({ length: 500 }, (_, n) =>
        client.put(lost[n % lost.length] as Key, { n }, null, { totalTimeout: 60_000 }),
      ),
    )
    await read(client, [...healthy, ...doubtful])
    await write(client, healthy)
    expect(stuck.ended()).toBe(0)
    await node.resume()
    await stuck.all
    await write(client, ALL)
    await client.close()
  })

  test('writes that wait for it as their replica do not hold up other calls of their master', async () => {
    const client = await start({ maxConnsPerNode: 8 })
    await node.pause()
    const slow = { totalTimeout: 60_000 }
    const asked = begin(lost.map(key => client.put(key, { n: 2 }, null, slow)))
    // It has no place left for these: they are answered by replicas once it is known to hang.
    await Promise.all(lost.slice(0, 20).map(key => client.get(key, { totalTimeout: 20_000 })))
    const stuck = begin(
      Array.from({ length: 500 }, (_, n) => client.put(doubtful[n % doubtful.length] as Key, { n }, null, slow)),
    )
    await read(client, [...healthy, ...doubtful])
    await write(client, healthy)
    expect(stuck.ended() + asked.ended()).toBe(0)
    await node.resume()
    await Promise.all([stuck.all, asked.all])
    await client.close()
  })

  test('batches over it do not hold up single calls on other nodes', async () => {
    const client = await start({ maxConnsPerNode: 4 })
    await node.pause()
    const rows = ALL.slice(0, 30).map((key, n) => ({ key, bins: { n } }))
    const stuck = begin(Array.from({ length: 100 }, () => client.batchWrite(rows, { totalTimeout: 60_000 })))
    await read(client, healthy)
    expect(stuck.ended()).toBe(0)
    await node.resume()
    await stuck.all
    await client.close()
  })

  test('reads that share batches reach the replica, too', async () => {
    const client = await start({
      autoBatch: true,
      policies: { batch: { totalTimeout: 3000 }, read: { totalTimeout: 3000 } },
    })
    await node.pause()
    await read(client, ALL)
    await node.resume()
    await node.stop({ noticedAfter: 600_000 })
    await read(client, ALL)
    await client.close()
  })

  test('batches that a node is lost under reach the replica', async () => {
    const client = await start({})
    await node.pause()
    const asked = Promise.all(Array.from({ length: 20 }, () => client.batchRead(ALL)))
    await node.stop({ noticedAfter: 600_000 })
    for (const rows of await asked) expect(rows.succeeded).toBe(ALL.length)
    for (const rows of await Promise.all(Array.from({ length: 20 }, () => client.batchRead(ALL)))) {
      expect(rows.succeeded).toBe(ALL.length)
    }
    await client.close()
  })

  test('a burst longer than the deadlines opens no circuit breaker', async () => {
    const client = await start({ policies: { write: { totalTimeout: 50 } } })
    const outcomes = await Promise.all(
      Array.from({ length: 20_000 }, (_, id) =>
        client.put(['test', 'lost-node-burst', id], { id }).then(
          () => 0,
          (error: AerospikeError) => error.resultCode,
        ),
      ),
    )
    expect(new Set(outcomes).has(-12)).toBe(false)
    await read(client, ALL)
    expect(client.stats().nodes.map(({ circuitBreaker }) => circuitBreaker.open)).toEqual([false, false, false])
    await client.close()
  })

  test('connections that break open the circuit breaker: writes are refused, reads reach the replica', async () => {
    const client = await start({ maxErrorRate: 3, errorRateWindow: 1000 })
    await node.cutAnswers(0)
    let error: AerospikeError
    do error = await failure(client.put(lost[0] as Key, { n: 2 }))
    while (error.resultCode !== -12)
    expect(error).toMatchObject({ code: 'CLUSTER', inDoubt: false })
    expect(error.message).toContain(node.address)
    await read(client, ALL)
    const stats = client.stats().nodes.find(({ address }) => address === node.address)
    expect(stats?.circuitBreaker).toEqual({ errors: expect.any(Number), limit: 3, open: true })
    await client.close()
  })
})
