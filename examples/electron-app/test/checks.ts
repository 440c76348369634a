// What the client has to do in every runtime. Under Electron, which refuses ArrayBuffers of external memory, large columns
// are copied: they must have the same values.
import assert from 'node:assert/strict'
import { type Client, connectSync } from 'aerospike-napi'

/** So many rows that the columns are larger than what is copied in every runtime. */
const ROWS = 20_000
const SCHEMA = { n: 'i32', text: 'utf8' } as const

const textOf = (n: number): string => `text of row ${n}`

/** Makes calls of each kind with a connected client, and checks their results. */
export async function checkClient(client: Client, hosts: string): Promise<void> {
  const key = ['test', 'electron-app', 'one'] as const
  await client.put(key, { n: 1, list: [1, 'two', { three: 3 }] })
  assert.deepEqual((await client.get(key)).bins, { n: 1, list: [1, 'two', { three: 3 }] })

  const set = 'electron-app-rows'
  const ids = Int32Array.from({ length: ROWS }, (_, row) => row)
  const text = Array.from(ids, textOf)
  const written = await client.batchWriteColumns({ namespace: 'test', set, keys: ids, columns: { n: ids, text } })
  assert.equal(written.ok, true)

  const first = await client.batchReadColumns({ namespace: 'test', set, ids }, SCHEMA)
  assert.deepEqual([...first.columns.n], [...ids])
  // The memory of an earlier result is used again if the runtime allows it.
  const second = await client.batchReadColumns({ namespace: 'test', set, ids }, SCHEMA, { into: first })
  for (const row of ids) assert.equal(second.columns.text.get(row), textOf(row))

  let rows = 0
  for await (const { columns, length } of client.query('test', set).columns(SCHEMA)) {
    for (let row = 0; row < length; row++) assert.equal(columns.text.get(row), textOf(columns.n[row] as number))
    rows += length
  }
  assert.equal(rows, ROWS)

  const records = await client.batchRead(Array.from(ids, id => ['test', set, id] as const))
  assert.equal(records.succeeded, ROWS)

  const controller = new AbortController()
  const aborted = client.get(key, { signal: controller.signal })
  controller.abort()
  await assert.rejects(aborted, { name: 'AbortError' })

  using blocking = connectSync({ hosts })
  assert.equal(blocking.get(key).bins.n, 1)
  await client.truncate('test', set)
}
