/**
 * Worker threads: each has its own client, and partitions of a set are divided among them, so that heavy work on many
 * records uses all processors.
 *
 *   make example NAME=workers                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=workers   with your own server
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

const SET = 'example-workers'
const PARTITIONS = 4096

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const hosts = AEROSPIKE_HOST ?? server?.address ?? ''
const client = await connect({ hosts })
try {
  const ids = Array.from({ length: 400 }, (_, id) => id)
  await client.bulkWrite(ids.map(id => ({ key: ['test', SET, id], bins: { text: `record ${id}` } })))

  const threads = 4
  const count = PARTITIONS / threads
  const shares = Array.from({ length: threads }, (_, at) => ({ hosts, begin: at * count, count }))
  const done = await Promise.all(
    shares.map(async share => {
      const worker = new Worker(new URL('hash-records.mjs', import.meta.url), { workerData: share })
      const exit = once(worker, 'exit')
      const [records] = (await once(worker, 'message')) as [number]
      await exit
      return records
    }),
  )
  console.log(`${threads} workers have hashed ${done.join(' + ')} records`)
  assert.equal(
    done.reduce((sum, records) => sum + records, 0),
    ids.length,
  )
  const rows = await client.batchRead<{ hash: Buffer }>(
    ids.map(id => ['test', SET, id]),
    ['hash'],
  )
  assert.ok(rows.records.every(record => record.bins.hash.length === 32))
  await client.truncate('test', SET, 0)
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
