// Streams that are left in every way, and what is left of them: streams, tasks, connections, queries on the server.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, type ClientSync, connect, connectSync, type Query } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { completion } from '../../lib/boundary/completion.js'
import { fill } from '../helpers/fill.js'
import { runScript } from '../helpers/script.js'
import { settled, until } from '../helpers/until.js'

const { address, local } = inject('aerospike')
const small = `streams-${randomUUID().slice(0, 8)}`
/** More than a stream reads ahead: producers wait when it is left. */
const large = `${small}-large`
const SMALL = 100
const LARGE = 20_000
/** Records of the query with a slow consumer. */
const MANY = Number(process.env.AEROSPIKE_QUERY_RECORDS ?? 100_000)
const many = `${small}-many`
let client: Client

beforeAll(async () => {
  // Hundreds of streams share the server with these calls: only a deadline that is generous is no part of the test.
  client = await connect({ hosts: address, policies: { admin: { timeout: 20_000 } } })
  await fill(client, small, SMALL)
  await fill(client, large, LARGE)
  await fill(client, many, MANY, 100)
}, 300_000)

afterAll(async () => {
  for (const set of [small, large, many]) await client.truncate('test', set)
  await client.close()
})

const collect = (globalThis as { gc?: () => void }).gc as () => void

/** Streams of all clients of this process; it numbers them from 1. */
function openStreams(): number {
  let open = 0
  for (let number = 1; number < 500; number++) open += completion.session.openStreams(number)
  return open
}

/** Queries of our sets that the server is at. */
async function activeQueries(): Promise<number> {
  const jobs = (await client.infoRandomNode('query-show')).split(';')
  return jobs.filter(job => job.includes(`set=${small}`) && job.includes('status=active')).length
}

async function connections(): Promise<number> {
  return Number(/client_connections=(\d+)/.exec(await client.infoRandomNode('statistics'))?.[1])
}

const tasks = (): number => completion.session.runningTasks()

interface Left {
  streams: number
  tasks: number
  queries: number
}

/** What is there when nothing runs. */
async function rest(): Promise<Left> {
  return { streams: openStreams(), tasks: tasks(), queries: await activeQueries() }
}

/** Waits until nothing more than `before` is left; gives what is left after a time that is long enough for all. */
async function restored(before: Left): Promise<Left> {
  let left = await rest()
  const none = async (): Promise<boolean> => {
    collect()
    left = await rest()
    return left.streams <= before.streams && left.tasks <= before.tasks && left.queries <= before.queries
  }
  return until(none, { interval: 20, timeout: 40_000 }).then(
    () => before,
    () => left,
  )
}

const ENOUGH = new Error('enough')

async function thrown(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

type Walk = (query: Query) => Promise<unknown>

const WALKS: Record<string, Walk> = {
  break: async query => {
    for await (const _ of query) break
  },
  return: async query => {
    const rows = query.stream()
    await rows.next()
    await rows.return()
  },
  'a throw': async query => {
    const loop = async () => {
      for await (const _ of query) throw ENOUGH
    }
    expect(await thrown(loop())).toBe(ENOUGH)
  },
  'await using': async query => {
    await using rows = query.stream()
    await rows.next()
  },
  'chunks and break': async query => {
    for await (const _ of query.stream().chunks()) break
  },
  'forEach and false': query => query.forEach(() => false),
  'a signal between two pulls': async query => {
    const controller = new AbortController()
    const rows = query.stream({ signal: controller.signal })
    await rows.next()
    controller.abort()
  },
  'a signal while it is pulled': async query => {
    const controller = new AbortController()
    const pulled = query.stream({ signal: controller.signal }).next()
    setImmediate(() => controller.abort())
    await thrown(pulled)
  },
  'return while it is pulled': async query => {
    const rows = query.stream()
    const pulled = rows.next()
    await rows.return()
    await thrown(pulled)
  },
  'a readable that is destroyed': async query => {
    const readable = query.toReadable()
    readable.on('error', () => undefined)
    await new Promise(resolve => readable.once('data', resolve))
    readable.destroy()
  },
  'a time limit': query => thrown(query.results({ totalTimeout: 1 })),
  'the collector': async query => {
    await query.stream().next()
  },
  'the collector while it is pulled': async query => {
    void query.stream().next()
  },
  'nothing at all': async query => {
    query.stream()
  },
}

/** Runs `work` so many times, some at once. */
async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count
  const worker = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

describe('a stream that is left', () => {
  // 14 ways, 10,000 times in all with those below.
  test.each(Object.entries(WALKS))('by %s leaves nothing behind', async (_, walk) => {
    await walk(client.query('test', small))
    collect()
    await settled(tasks, 50)
    const before = { ...(await rest()), streams: 0, queries: 0 }
    await times(600, () => walk(client.query('test', small)))
    await times(50, () => walk(client.query('test', large)))
    const { streams, queries, ...left } = await restored(before)
    expect({ streams, queries }).toEqual({ streams: 0, queries: 0 })
    expect(left.tasks).toBeLessThanOrEqual(before.tasks)
  })

  test('by a blocking loop leaves nothing behind', async () => {
    const before = { ...(await rest()), streams: 0, queries: 0 }
    const blocking: ClientSync = connectSync({ hosts: address })
    for (let n = 0; n < 400; n++) {
      for (const _ of blocking.query('test', small)) break
      if (n % 20 === 0) for (const _ of blocking.query('test', large)) break
      if (n % 20 === 1) blocking.query('test', large).stream().next()
    }
    blocking.close()
    expect(await restored(before)).toEqual(before)
  })

  test('by its client that closes leaves nothing behind', async () => {
    const before = { ...(await rest()), streams: 0, queries: 0 }
    for (let round = 0; round < 25; round++) {
      const own = await connect({ hosts: address })
      const streams = Array.from({ length: 20 }, (_, n) => own.query('test', n % 4 === 0 ? large : small).stream())
      const pulls = streams.map(rows => thrown(rows.next()))
      if (round % 2 === 0) await Promise.all(pulls)
      await own.close({ timeout: round % 3 === 0 ? 0 : 1000 })
      await Promise.all(pulls)
    }
    expect(await restored(before)).toEqual(before)
  })

  test('holds no connection, and no memory', async ({ skip }) => {
    skip(!local, 'the server has other clients')
    // What was done above, again: now pools and heaps have the size that they need.
    const all = Object.values(WALKS)
    const round = async () => {
      for (const walk of all) await times(20, () => walk(client.query('test', large)))
      collect()
      // Finalizers run between two turns of the event loop, and free what the second collection takes.
      await settled(openStreams, 50)
      collect()
    }
    await round()
    const before = { connections: await connections(), rss: process.memoryUsage().rss }
    for (let n = 0; n < 3; n++) await round()
    // How many run at the same time varies, and with it what the pool keeps; of 840 streams, few may have left theirs open.
    expect(await connections()).toBeLessThanOrEqual(before.connections + 40)
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(64 << 20)
  })
})

test('a process that exits in the middle of streams leaves nothing behind, 50 times', async () => {
  const before = await connections()
  let left = 50
  const worker = async () => {
    while (left-- > 0) {
      expect(await runScript('stream-exit', address, large)).toEqual({ code: 7, signal: null, output: '' })
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  await until(async () => (await activeQueries()) === 0)
  if (local) await until(async () => (await connections()) <= before)
})

test('a worker can be terminated in the middle of streams, 20 times over', async () => {
  expect(await runScript('stream-terminate', address, large, '20')).toEqual({ code: 0, signal: null, output: '20000' })
  await until(async () => (await activeQueries()) === 0)
})

test('a process whose loop is left open stays no longer than its script', async () => {
  expect(await runScript('stream-idle', address, large)).toEqual({ code: 0, signal: null, output: '1' })
})

test('a consumer that is slower than the server holds a bounded number of rows', async () => {
  const rows = client.query<{ n: number }>('test', many).stream()
  await rows.next()
  collect()
  const before = process.memoryUsage()
  let seen = 1
  let [external, rss] = [0, 0]
  for await (const _ of rows) {
    seen++
    if (seen % 1000 !== 0) continue
    // The subject of the test: longer than the next thousand rows take to come, and now and then longer than a stream
    // keeps its connections.
    await sleep(seen % 50_000 === 0 ? 1500 : 3)
    const now = process.memoryUsage()
    external = Math.max(external, now.external - before.external)
    rss = Math.max(rss, now.rss - before.rss)
    if (seen % 10_000 === 0) collect()
  }
  expect(seen).toBe(MANY)
  // The rows are 150 bytes each: all of them at once would be 15 MB, or 150 MB of a million, and as objects thrice that.
  expect(external).toBeLessThan(16 << 20)
  expect(rss).toBeLessThan(96 << 20)
}, 300_000)
