// An index that is removed while a query reads it. A server may end its answer then as if it were complete.
import { Client, filter } from 'aerospike-napi'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { keysOf, rejection } from '../helpers/clients'
import { fill } from '../helpers/fill'

const { set } = keysOf('query-index-removed')()
const index = `${set}-n`
/** 40 MB: more than a stream and sockets hold, so that the server is in the middle when the first rows are there. */
const COUNT = 40_000
const GONE = { name: 'IndexNotFoundError', code: 'INDEX_NOT_FOUND' }
/** With aerospike-local, the client finds out when the query has ended. A real server may refuse the rest of the query itself. */
const NOTICED = process.env.AEROSPIKE_HOST
  ? GONE
  : { ...GONE, message: expect.stringContaining('while the query read it') }

let client: Client
const query = () => client.query<{ n: number }>('test', set).where(filter.range('n', 0, COUNT))

beforeAll(async () => {
  const policies = { admin: { timeout: 30_000 } }
  client = await new Client({ hosts: inject('aerospike').address, totalTimeout: 30_000, policies }).connect()
  await fill(client, set, COUNT, 1000)
}, 60_000)

beforeEach(async () => {
  const task = await client.createIndex({ namespace: 'test', set, index, bin: 'n', datatype: 'numeric' })
  await task.wait()
})

afterAll(async () => {
  await client.truncate('test', set)
  await client.close()
})

/**
 * Takes what comes to its end. With the first item, it removes the index, and takes no further one until the index is
 * gone, so that the server is in the middle then. aerospike-local removes it at once, and ends the query as if it were
 * complete. A real server lets the query finish first. If it cannot send for a second, it closes the query's connection, and
 * the client queries the remaining records on another one.
 */
async function removing<T>(stream: AsyncIterable<T>, rowsOf: (item: T) => number): Promise<number> {
  let [rows, removed] = [0, false]
  for await (const item of stream) {
    rows += rowsOf(item)
    if (!removed) await client.dropIndex('test', index, { wait: true })
    removed = true
  }
  return rows
}

describe('is an error, not a short answer', () => {
  test.each([0, 5])('of records, with %i retries', async maxRetries => {
    expect(await rejection(removing(query().stream({ maxRetries }), () => 1))).toMatchObject(NOTICED)
  })

  test('of columns', async () => {
    const chunks = query().columns({ n: 'i32', text: 'utf8' }, { chunkRows: 100 })
    expect(await rejection(removing(chunks, chunk => chunk.length))).toMatchObject(NOTICED)
  })

  test('of pages', async () => {
    // The next page finds no index, unless the last one was cut short.
    expect(await rejection(removing(query().pages(500), ({ records }) => records.length))).toMatchObject(GONE)
  })
})

test('all rows come when it stays', async () => {
  expect(await query().count()).toBe(COUNT)
  await client.dropIndex('test', index)
})
