// Arrow data that is written to several nodes, one of which is lost on the way.
import { type Client, connect, Key } from 'aerospike-napi'
import { type WriteArrowProgress, writeArrow } from 'aerospike-napi/arrow'
import { LocalServer } from 'aerospike-napi/testing'
import * as arrow from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROWS = 20_000
const BATCH = 1000

let server: LocalServer
let client: Client

beforeAll(async () => {
  server = await LocalServer.start({ nodes: 3 })
  client = await connect({ hosts: server.address, tendInterval: 250 })
})

afterAll(async () => {
  await client.close({ timeout: 0 })
  await server.stop()
})

test('a node that is lost in the middle: every row has an outcome, and what is said to be written is there', async () => {
  const set = 'arrow-cluster'
  const numbers = Int32Array.from({ length: ROWS }, (_, n) => n)
  const columns = { _key: arrow.makeVector(numbers), n: arrow.makeVector(numbers) }
  const table = new arrow.Table(columns)
  const outcomes = new Map<number, number>()
  let stopping: Promise<void> | undefined
  const progress = ({ first, batch, rows }: WriteArrowProgress): void => {
    for (const [row, code] of batch.resultCodes.entries()) outcomes.set(first + row, code)
    if (rows >= 5 * BATCH) stopping ??= server.nodes[0]?.stop()
  }
  const options = { namespace: 'test', set, batchRows: BATCH, concurrency: 4, progress }
  const { rows, written, failed } = await writeArrow(client, table, options, { totalTimeout: 2000 })
  await stopping
  expect([rows, written + failed, outcomes.size]).toEqual([ROWS, ROWS, ROWS])
  const said = [...outcomes].filter(([, code]) => code === 0).map(([row]) => row)
  expect(said).toHaveLength(written)
  expect(written).toBeGreaterThanOrEqual(5 * BATCH)
  const found = await client.batchRead(
    said.map(row => new Key('test', set, row)),
    null,
    { totalTimeout: 10_000, maxRetries: 10 },
  )
  expect(found.toArray().filter((row, at) => row.record?.bins.n !== said[at])).toEqual([])
}, 60_000)
