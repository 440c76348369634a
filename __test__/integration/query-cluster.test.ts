// Nodes that are lost in the middle of a query: every record once, or an error. Runs on aerospike-local always.
import { AerospikeError, type Client, connect, filter, type QueryPolicy } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rejection } from '../helpers/clients.js'
import { fill } from '../helpers/fill.js'

const SET = 'query-cluster'
/** 20 MB: more than a stream holds, so that every node is in the middle when the first rows are there. */
const COUNT = 20_000
const BYTES = 1000

let server: LocalServer
let client: Client

beforeEach(async () => {
  server = await LocalServer.start({ nodes: 3 })
  client = await connect({ hosts: server.address, tendInterval: 250 })
  await (
    await client.createIndex({ namespace: 'test', set: SET, index: 'query-cluster', bin: 'n', datatype: 'numeric' })
  ).wait()
  await fill(client, SET, COUNT, BYTES)
}, 60_000)

afterEach(async () => {
  await client.close({ timeout: 0 })
  await server.stop()
})

interface Read {
  numbers: number[]
  error: unknown
}

/** Reads all rows; calls `midway` when the first thousand are there. */
async function read(kind: Kind, policy: QueryPolicy, midway: () => Promise<unknown>): Promise<Read> {
  const numbers: number[] = []
  try {
    for await (const { bins } of query(kind).stream(policy)) {
      numbers.push(bins.n)
      if (numbers.length === 1000) await midway()
    }
  } catch (error) {
    return { numbers, error }
  }
  return { numbers, error: undefined }
}

type Kind = 'scan' | 'query'

function query(kind: Kind) {
  const query = client.query<{ n: number }>('test', SET)
  return kind === 'scan' ? query : query.where(filter.range('n', 0, COUNT))
}

function expectAllOnce(numbers: readonly number[]): void {
  expect(numbers.length).toBe(COUNT)
  expect(new Set(numbers).size).toBe(COUNT)
}

const PATIENT: QueryPolicy = { maxRetries: 10, socketTimeout: 2000 }

describe.each<Kind>(['scan', 'query'])('%s', kind => {
  test('a node that is stopped in the middle: every record once', async () => {
    const { numbers, error } = await read(kind, PATIENT, async () => await server.nodes[1]?.stop())
    expect(error).toBeUndefined()
    expectAllOnce(numbers)
  })

  test('a node that is stopped and comes back: every record once', async () => {
    const { numbers, error } = await read(kind, PATIENT, async () => {
      await server.nodes[2]?.stop()
      await server.nodes[2]?.start()
    })
    expect(error).toBeUndefined()
    expectAllOnce(numbers)
  })

  test('without retries it is an error, and what came before came once', async () => {
    // In the middle of the node's answer for certain: one that stops may have sent all of it, which the kernel then holds.
    await server.nodes[0]?.cutAnswers(3_000_000, 1)
    const { numbers, error } = await read(kind, { maxRetries: 0 }, async () => {})
    expect(error).toBeInstanceOf(AerospikeError)
    expect(error).toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    expect(numbers.length).toBeGreaterThanOrEqual(1000)
    expect(numbers.length).toBeLessThan(COUNT)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('an answer that is cut, wherever: every record once, or an error without retries', async () => {
    for (const bytes of [0, 1, 8, 29, 30, 31, 100, 1177, 65_536, 1_000_001, 3_000_000]) {
      await server.nodes[1]?.cutAnswers(bytes, 1)
      const numbers = (await query(kind).select('n').results(PATIENT)).map(({ bins }) => bins.n)
      expectAllOnce(numbers)
      await server.nodes[1]?.clearFaults()
    }
    await server.nodes[0]?.cutAnswers(100_000, 1)
    expect(await rejection(query(kind).results({ maxRetries: 0 }))).toMatchObject({ name: 'ClusterError' })
    await server.nodes[2]?.cutAnswers(100_000, 1)
    expect(await query(kind).count(PATIENT)).toBe(COUNT)
  }, 60_000)

  test('a node that hangs is given up after socketTimeout', async () => {
    await server.nodes[1]?.dropAnswers()
    const policy = { maxRetries: 1, socketTimeout: 300 }
    expect(await rejection(query(kind).results(policy))).toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    await server.nodes[1]?.clearFaults()
    expectAllOnce((await query(kind).results()).map(({ bins }) => bins.n))
  })

  test('pages across a lost node: every record once', async () => {
    const numbers: number[] = []
    let stopped = false
    for await (const page of query(kind).pages(3000, null, PATIENT)) {
      numbers.push(...page.records.map(({ bins }) => bins.n))
      if (!stopped) await server.nodes[1]?.stop()
      stopped = true
    }
    expectAllOnce(numbers)
  })
})
