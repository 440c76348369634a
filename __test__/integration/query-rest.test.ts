// Loops whose body rests: the query is parked meanwhile, and goes on when the loop comes back. Runs on aerospike-local always.
import { type Client, connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { beforeAll, expect, test } from 'vitest'
import { fill } from '../helpers/fill.js'

const SET = 'query-rest'
const COUNT = 20_000
const CHUNK = 1000
/** Ends a query that stands still, so that the test fails by its error. */
const BOUND = { totalTimeout: 20_000 }

let server: LocalServer
let client: Client

beforeAll(async () => {
  server = await LocalServer.start({ nodes: 3 })
  // Half of all permits go to queries: one query at a time on three nodes.
  client = await connect({ hosts: server.address, maxConcurrentCommands: 6 })
  await fill(client, SET, COUNT)
  return async () => {
    await client.close({ timeout: 0 })
    await server.stop()
  }
}, 60_000)

/** Ends when the query of the loop around it has been parked, or has read all: there is room for one query. */
async function rest(): Promise<void> {
  expect(await client.query('test', SET).maxRecords(1).results(BOUND)).toHaveLength(1)
}

function expectAllOnce(numbers: readonly number[]): void {
  expect(numbers.length).toBe(COUNT)
  expect(new Set(numbers).size).toBe(COUNT)
}

test.each([CHUNK, 257, 1])(
  'columns in chunks of %i rows',
  async chunkRows => {
    const numbers: number[] = []
    let rests = 0
    for await (const { columns } of client.query('test', SET).columns({ n: 'i32' }, { chunkRows, ...BOUND })) {
      numbers.push(...columns.n)
      if (rests++ < 40) await rest()
    }
    expectAllOnce(numbers)
  },
  60_000,
)

test('records in chunks', async () => {
  const numbers: number[] = []
  for await (const rows of client.query<{ n: number }>('test', SET).stream(BOUND).chunks()) {
    numbers.push(...rows.map(({ bins }) => bins.n))
    await rest()
  }
  expectAllOnce(numbers)
}, 60_000)
