/**
 * Imports rows of a CSV file as they are read: in batches, several at a time, with a count of what was written.
 *
 *   make example NAME=bulk-import                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=bulk-import   with your own server
 */
import assert from 'node:assert/strict'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type Client, connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Measurement {
  station: string
  at: number
  celsius: number
}

interface Row {
  id: string
  measurement: Measurement
}

interface Outcome {
  written: number
  failed: { id: string; reason: string }[]
}

/** 5,000 lines, as a file would have them.. */
function* lines(): Generator<string> {
  yield 'id,station,at,celsius\n'
  for (let index = 0; index < 5000; index++) {
    yield `m${index},station-${index % 7},${1_700_000_000 + index},${(index % 400) / 10}\n`
  }
}

async function* parse(input: Readable): AsyncGenerator<Row> {
  let header = true
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!header) {
      const [id = '', station = '', at = '', celsius = ''] = line.split(',')
      yield { id, measurement: { station, at: Number(at), celsius: Number(celsius) } }
    }
    header = false
  }
}

/** Collects the items of an iterable in lists of `size`. */
async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Writes all rows. At most `concurrency` batches are in flight; meanwhile nothing further is read. */
async function importRows(client: Client, rows: AsyncIterable<Row>, size = 500, concurrency = 4): Promise<Outcome> {
  const outcome: Outcome = { written: 0, failed: [] }
  const running = new Set<Promise<void>>()
  async function write(batch: Row[]): Promise<void> {
    const written = await client.batchWrite(
      batch.map(({ id, measurement }) => ({ key: ['test', 'example-import', id], bins: measurement })),
      { exists: 'replace', totalTimeout: 10_000 },
    )
    for (const { index, error } of written) {
      if (error === null) outcome.written++
      else outcome.failed.push({ id: batch[index]?.id ?? '', reason: error.message })
    }
  }
  for await (const batch of inBatches(rows, size)) {
    const writing = write(batch).finally(() => running.delete(writing))
    running.add(writing)
    if (running.size >= concurrency) await Promise.race(running)
  }
  await Promise.all(running)
  return outcome
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  const { written, failed } = await importRows(client, parse(Readable.from(lines())))
  console.log(`${written} rows written, ${failed.length} failed`)
  assert.deepEqual({ written, failed }, { written: 5000, failed: [] })

  const { bins } = await client.get<Measurement>(['test', 'example-import', 'm4999'])
  assert.deepEqual(bins, { station: 'station-1', at: 1_700_004_999, celsius: 19.9 })
  console.log('done')
} finally {
  await client.truncate('test', 'example-import')
  await client.close()
  await server?.stop()
}
