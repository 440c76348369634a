// A client that is closed by the code that it calls: the bodies of loops, loggers, listeners, callbacks and providers.
import { once } from 'node:events'
import { batchRow, Client, connect, connectSync, type LogLine, retry, setLogger, setLogLevel } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, type Commands, failureOf, keysOf, rejection } from '../helpers/clients.js'
import { fill } from '../helpers/fill.js'
import { until } from '../helpers/until.js'

const newKey = keysOf('close-inside')
/** More than a stream reads ahead. */
const ROWS = 20_000
const set = newKey('many').set
const keys = Array.from({ length: ROWS }, (_, id) => ['test', set, id] as const)
const CLOSED = { name: 'ClientError', code: 'CLIENT_CLOSED' }

beforeAll(async () => {
  await using client = await connect({ hosts: inject('aerospike').address })
  await fill(client, set, ROWS)
})

/** Loops over many rows. Each calls `body` for each row or chunk. */
const LOOPS: readonly (readonly [string, (client: Commands, body: () => unknown) => Promise<void>])[] = [
  ['a query', (client, body) => each(client.query('test', set), body)],
  ['chunks of a query', (client, body) => each(client.query('test', set).stream().chunks(), body)],
  [
    'columns of a query',
    (client, body) => each(client.query('test', set).columns({ n: 'i32' }, { chunkRows: 100 }), body),
  ],
  ['pages of a query', (client, body) => each(client.query('test', set).pages(100), body)],
  ['a batch', (client, body) => each(client.batchStream(keys.map(key => batchRow.read(key))), body)],
]

async function each(rows: AsyncIterable<unknown> | Iterable<unknown>, body: () => unknown): Promise<void> {
  for await (const _ of rows) await body()
}

describe.each(CLIENTS)('$name, closed', kind => {
  test.each(LOOPS)('in the loop of %s: the loop throws, and nothing waits', async (_name, loop) => {
    const client = await kind.connect()
    let bodies = 0
    const error = await rejection(
      loop(client, async () => {
        bodies++
        await client.close()
      }),
    )
    expect(error).toMatchObject(CLOSED)
    expect(bodies).toBeGreaterThanOrEqual(1)
    expect(client.isConnected()).toBe(false)
  })

  test('in forEach of a query', async () => {
    const client = await kind.connect()
    expect(await failureOf(() => client.query('test', set).forEach(() => void client.close()))).toMatchObject(CLOSED)
  })

  test('in a loop that is left afterwards', async () => {
    const client = await kind.connect()
    for await (const _ of client.query('test', set)) {
      await client.close()
      break
    }
    expect(client.isConnected()).toBe(false)
  })

  test('in a function of update', async () => {
    const client = await kind.connect()
    const key = newKey()
    await client.put(key, { n: 1 })
    const change = (): object => {
      void client.close()
      return { n: 2 }
    }
    expect(await rejection(client.update(key, change as never))).toMatchObject(CLOSED)
  })

  test('in a function of retry', async () => {
    const client = await kind.connect()
    const key = newKey()
    let attempts = 0
    const call = async (): Promise<unknown> => {
      attempts++
      await client.close()
      return await client.get(key)
    }
    expect(await rejection(retry(call, { retries: 5, backoff: 1 }))).toMatchObject(CLOSED)
    expect(attempts).toBe(1)
  })

  test('in onProgress of bulkWrite', async () => {
    const client = await kind.connect()
    const rows = newKey.many(40).map(key => ({ key, bins: { n: 1 } }))
    const onProgress = (): void => void client.close()
    const error = await rejection(client.bulkWrite(rows, { batchSize: 1, onProgress }))
    expect(error).toMatchObject({ name: 'BulkWriteError', code: 'CLIENT_CLOSED', cause: CLOSED })
  })

  test('by a getter of its arguments', async () => {
    const client = await kind.connect()
    const key = newKey()
    const bins = {
      get n(): number {
        void client.close()
        return 1
      },
    }
    // The call was made before: it is carried out, or it fails because the client is closed.
    const outcome = await client.put(key, bins).then(
      () => 'written',
      (error: unknown) => error,
    )
    if (outcome !== 'written') expect(outcome).toMatchObject(CLOSED)
    expect(await rejection(client.get(key))).toMatchObject(CLOSED)
  })
})

describe('in a logger', () => {
  afterEach(() => {
    setLogger(null)
    setLogLevel('info')
  })

  test('of a Client that has just connected', async () => {
    const { address: hosts } = inject('aerospike')
    const client = new Client({ hosts })
    const lines: LogLine[] = []
    let closing: Promise<void> | undefined
    setLogger(line => {
      lines.push(line)
      if (client.isConnected()) closing ??= client.close()
    })
    await client.connect()
    await until(() => closing !== undefined)
    await closing
    expect(await rejection(client.get(newKey()))).toMatchObject(CLOSED)
    // The logger still gets lines.
    await until(() => lines.some(({ message }) => /: closed$/.test(message)))
  })

  test('of a ClientSync', async () => {
    const client = connectSync({ hosts: inject('aerospike').address })
    let closed = false
    setLogger(() => {
      if (closed) return
      closed = true
      client.close()
    })
    await using other = await connect({ hosts: inject('aerospike').address })
    await until(() => closed)
    expect(() => client.get(newKey())).toThrow('the client is closed')
    expect(await other.exists(newKey())).toBe(false)
  })
})

test('in a listener of an event: calls in flight get their answers', async () => {
  await using server = await LocalServer.start({ nodes: 2 })
  const client = await connect({ hosts: server.address, tendInterval: 250, totalTimeout: 20_000 })
  let calls: Promise<unknown>[] = []
  const closed = new Promise<void>((resolve, reject) => {
    client.on('nodeRemoved', () => {
      calls = Array.from({ length: 50 }, (_, id) => client.exists(['test', 'close-inside', id]))
      client.close().then(resolve, reject)
    })
  })
  await server.nodes[1]?.stop()
  await closed
  expect(calls).toHaveLength(50)
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'ClusterError' })
  }
  expect(client.isConnected()).toBe(false)
})

test('in a listener of an event that once() awaits', async () => {
  await using server = await LocalServer.start({ nodes: 2 })
  const client = await connect({ hosts: server.address, tendInterval: 250 })
  const removed = once(client, 'nodeRemoved').then(() => client.close())
  await server.nodes[1]?.stop()
  await removed
  await expect(client.connect()).rejects.toMatchObject(CLOSED)
})

test('in the provider of its credentials, it does not open', async () => {
  const client: Client = new Client({
    hosts: inject('aerospike').address,
    credentials: () => {
      void client.close()
      return { user: 'ada', password: 'secret' }
    },
  })
  expect(await rejection(client.connect())).toMatchObject({ name: expect.stringMatching(/^(ClientError|AdminError)$/) })
  await client.close()
  await expect(client.connect()).rejects.toMatchObject(CLOSED)
})
