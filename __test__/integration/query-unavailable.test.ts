// Nodes that have just started and have no partitions yet: every record once, or an error. Runs on aerospike-local always.
import {
  type Client,
  type ClientSync,
  connect,
  connectSync,
  type Filter,
  filter,
  type QueryPolicy,
} from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rejection } from '../helpers/clients.js'
import { fill } from '../helpers/fill.js'

const SET = 'query-unavailable'
const COUNT = 20_000
const PARTITION_UNAVAILABLE = 11
const PATIENT: QueryPolicy = { maxRetries: 10, sleepBetweenRetries: 1 }
/** A query that waits for the rest of such an answer takes this long. */
const SOCKET_TIMEOUT = 30_000

let server: LocalServer
let client: Client
let blocking: ClientSync

beforeAll(async () => {
  server = await LocalServer.start({ nodes: 3 })
  client = await connect({ hosts: server.address })
  blocking = connectSync({ hosts: server.address })
  await (
    await client.createIndex({ namespace: 'test', set: SET, index: 'query-unavailable', bin: 'n', datatype: 'numeric' })
  ).wait()
  await fill(client, SET, COUNT, 100)
  await client.udfRegister({ name: 'unavailable.lua', source: COUNTING })
  return async () => {
    blocking.close()
    await client.close({ timeout: 0 })
    await server.stop()
  }
}, 60_000)

beforeEach(async () => {
  for (const node of server.nodes) await node.clearFaults()
})

const COUNTING = `
function count(stream)
  return stream : map(function() return 1 end) : reduce(function(a, b) return a + b end)
end`

/** Lets each node refuse the next requests, and one cut its answer in the middle. */
async function unavailable(times: number): Promise<void> {
  const [first, second, third] = server.nodes
  await first?.refuseRequests(PARTITION_UNAVAILABLE, times)
  await second?.cutAnswers(200_000, times)
  await third?.refuseRequests(PARTITION_UNAVAILABLE, times)
}

function expectAllOnce(numbers: readonly number[]): void {
  expect(numbers.length).toBe(COUNT)
  expect(new Set(numbers).size).toBe(COUNT)
}

describe.each(['scan', 'query'])('%s', kind => {
  const of = <Q extends { where: (filter: Filter) => Q }>(query: Q): Q =>
    kind === 'scan' ? query : query.where(filter.range('n', 0, COUNT))
  const query = () => of(client.query<{ n: number }>('test', SET))
  const querySync = () => of(blocking.query<{ n: number }>('test', SET))

  test.each([1, 3])('records, after %i refusals: every record once, without waiting for more', async times => {
    await unavailable(times)
    const began = performance.now()
    const numbers: number[] = []
    for await (const { bins } of query().stream(PATIENT)) numbers.push(bins.n)
    expectAllOnce(numbers)
    expect(performance.now() - began).toBeLessThan(SOCKET_TIMEOUT / 2)

    await unavailable(times)
    expectAllOnce(
      querySync()
        .results(PATIENT)
        .map(({ bins }) => bins.n),
    )
  })

  test('a count is that of the records', async () => {
    await unavailable(2)
    expect(await query().count(PATIENT)).toBe(COUNT)
    await unavailable(2)
    expect(querySync().count(PATIENT)).toBe(COUNT)
  })

  test('columns have a row for each record', async () => {
    await unavailable(2)
    const numbers: number[] = []
    for await (const { columns } of query().columns({ n: 'i32' }, PATIENT)) numbers.push(...columns.n)
    expectAllOnce(numbers)
    await unavailable(2)
    expectAllOnce([...querySync().columns({ n: 'i32' }, PATIENT)].flatMap(({ columns }) => [...columns.n]))
  })

  test('pages, a refusal in each: every record once', async () => {
    const numbers: number[] = []
    let page = 0
    await server.nodes[0]?.refuseRequests(PARTITION_UNAVAILABLE, 1)
    for await (const { records } of query().pages(700, null, PATIENT)) {
      numbers.push(...records.map(({ bins }) => bins.n))
      await server.nodes[++page % 3]?.refuseRequests(PARTITION_UNAVAILABLE, 1)
    }
    expectAllOnce(numbers)
  })

  test('without retries it is an error that says why', async () => {
    const LOST = { name: 'ClusterError', cause: { code: 'PARTITION_UNAVAILABLE', resultCode: PARTITION_UNAVAILABLE } }
    for (const read of [
      () => query().results({ maxRetries: 0 }),
      () => query().count({ maxRetries: 0 }),
      async () => querySync().results({ maxRetries: 0 }),
      async () => querySync().count({ maxRetries: 0 }),
      async () => {
        for await (const _ of query().columns({ n: 'i32' }, { maxRetries: 0 }));
      },
      async () => {
        for await (const _ of query().pages(COUNT, null, { maxRetries: 0 }));
      },
      () => query().aggregate('unavailable', 'count').results(),
      async () => querySync().aggregate('unavailable', 'count').results(),
    ]) {
      await server.nodes[1]?.refuseRequests(PARTITION_UNAVAILABLE, 1)
      expect(await rejection(read())).toMatchObject(LOST)
      await server.nodes[1]?.clearFaults()
    }
  })

  test('fewer records than nodes are no more, and do not wait for a node that has none', async () => {
    const began = performance.now()
    for (const most of [1, 2]) {
      for (const node of server.nodes) {
        await node.refuseRequests(PARTITION_UNAVAILABLE, 1)
        expect(await query().maxRecords(most).results(PATIENT)).toHaveLength(most)
        await node.clearFaults()
        await node.dropAnswers(1)
        expect(await query().maxRecords(most).results(PATIENT)).toHaveLength(most)
        await node.clearFaults()
      }
    }
    expect(performance.now() - began).toBeLessThan(SOCKET_TIMEOUT / 2)
  })
})
