/**
 * Imports rows of a CSV file as they are read: in batches, several at a time, with a count of what was written.
 *
 *   make example NAME=bulk-import                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=bulk-import   with your own server
 */
import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { connect, Double } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Measurement {
  station: string
  at: number
  celsius: number
}

/** 5,000 lines, as a file would have them. */
function* lines(): Generator<string> {
  yield 'id,station,at,celsius\n'
  for (let index = 0; index < 5000; index++) {
    yield `m${index},station-${index % 7},${1_700_000_000 + index},${(index % 400) / 10}\n`
  }
}

/** The rows to write. `Double` stores whole temperatures as doubles too, so that the bin has one type. */
async function* parse(input: Readable) {
  let header = true
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!header) {
      const [id = '', station = '', at = '', celsius = ''] = line.split(',')
      const bins = { station, at: Number(at), celsius: Double(Number(celsius)) }
      yield { key: ['test', 'example-import', id], bins }
    }
    header = false
  }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  // The file is read only as fast as batches complete.
  const { written, failures } = await client.bulkWrite(parse(Readable.from(lines())), {
    batchSize: 500,
    concurrency: 4,
    onProgress: ({ rows }) => console.log(`${rows} rows`),
    policy: { exists: 'replace', totalTimeout: 10_000 },
  })
  for (const { index, row, error } of failures) console.log(`row ${index}, ${String(row.key)}: ${error.message}`)
  console.log(`${written} rows written, ${failures.length} failed`)
  assert.equal(written, 5000)

  const { bins } = await client.get<Measurement>(['test', 'example-import', 'm4999'])
  assert.deepEqual(bins, { station: 'station-1', at: 1_700_004_999, celsius: 19.9 })
  console.log('done')
} finally {
  await client.truncate('test', 'example-import')
  await client.close()
  await server?.stop()
}
