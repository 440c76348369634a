// A worker: hashes the records of its partitions, writes the hashes, and reports how many.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from 'aerospike-napi'

const { hosts, begin, count } = workerData
const client = await connect({ hosts })
let done = 0
for await (const record of client.query('test', 'example-workers').partitions({ begin, count })) {
  const hash = createHash('sha256').update(record.bins.text).digest()
  await client.put(record.key, { hash })
  done++
}
await client.close()
parentPort?.postMessage(done)
