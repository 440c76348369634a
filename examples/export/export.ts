/**
 * Exports a set to an Arrow file with a query, one record batch at a time, then reads the file back and summarises
 * it. Only a few batches are in memory at a time, regardless of the size of the set, and no object is created per
 * row.
 *
 *   make export                                  with a new aerospike-local and 200,000 flights
 *   AEROSPIKE_HOST=127.0.0.1:3000 make export    with your own server
 *   FILE=flights.arrow make export               keeps the file
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Client, connect } from 'aerospike-napi'
import { queryToArrow, writeArrow } from 'aerospike-napi/arrow'
import { LocalServer } from 'aerospike-napi/testing'
import { makeVector, RecordBatchFileWriter, RecordBatchReader, Table } from 'apache-arrow'
import { flightColumns } from '../demo/data'
import { bar, count, dim, fixed, heading, table } from '../demo/terminal'

const NS = 'test'
const SET = 'export-flights'
/** Number of rows per record batch. */
const ROWS = 20_000

const ms = (since: number): string => `${(performance.now() - since).toFixed(0)} ms`

/** Writes the flights to export, as columns. */
async function fill(client: Client): Promise<void> {
  const since = performance.now()
  const { length, delay, distance, time } = flightColumns()
  const ids = makeVector(Int32Array.from({ length }, (_, id) => id))
  const columns = { _key: ids, delay: makeVector(delay), distance: makeVector(distance), time: makeVector(time) }
  const { written, failed, failures } = await writeArrow(client, new Table(columns), {
    namespace: NS,
    set: SET,
    ttl: 3600,
  })
  if (failed > 0) throw failures[0]?.error ?? new Error(`${failed} rows failed`)
  console.log(`  ${count(written)} flights are in ${NS}/${SET}, after ${ms(since)}`)
}

async function write(client: Client, file: string): Promise<void> {
  const since = performance.now()
  const flights = client.query(NS, SET)
  const batches = queryToArrow(
    flights,
    { delay: 'i16', distance: 'i16', time: 'f32' },
    { batchRows: ROWS, digestField: 'digest' },
    { totalTimeout: 0 },
  )
  await pipeline(
    Readable.from(batches, { highWaterMark: 1 }),
    RecordBatchFileWriter.throughNode(),
    createWriteStream(file),
  )
  const { size } = await stat(file)
  console.log(`  ${file}: ${fixed(size / 1e6, 1)} MB, after ${ms(since)}`)
}

/** Reads the file and summarises it by hour of the day. */
async function survey(file: string, stored: number): Promise<void> {
  const since = performance.now()
  const hours = Array.from({ length: 24 }, () => ({ flights: 0, late: 0, delay: 0 }))
  let [rows, read] = [0, 0]
  const reader = await RecordBatchReader.from(createReadStream(file))
  for await (const batch of reader) {
    read++
    rows += batch.numRows
    const [time, delay] = [batch.getChild('time'), batch.getChild('delay')]
    for (let row = 0; row < batch.numRows; row++) {
      const hour = hours[Math.floor(time?.get(row)) % 24]
      if (hour === undefined) continue
      const minutes: number = delay?.get(row)
      hour.flights++
      hour.delay += minutes
      if (minutes > 15) hour.late++
    }
  }
  console.log(`  ${count(rows)} rows in ${read} record batches, in ${ms(since)}; the set has ${count(stored)} records`)
  if (rows !== stored) throw new Error('the file is incomplete')
  heading('Flights by the hour of their departure')
  const most = Math.max(...hours.map(hour => hour.flights))
  table(
    [
      ['hour', 'right'],
      ['flights', 'right'],
      ['late', 'right'],
      ['mean delay', 'right'],
      ['', 'left'],
    ],
    hours.flatMap(({ flights, late, delay }, hour) =>
      flights === 0
        ? []
        : [
            [
              `${String(hour).padStart(2, '0')}:00`,
              count(flights),
              `${fixed((100 * late) / flights, 1)}%`,
              `${fixed(delay / flights, 1)} min`,
              bar(flights / most, 30),
            ],
          ],
    ),
  )
}

async function main(): Promise<void> {
  const named = process.env.AEROSPIKE_HOST
  const kept = process.env.FILE
  const folder = await mkdtemp(join(tmpdir(), 'export-'))
  const file = kept || join(folder, 'flights.arrow')
  const server = named ? undefined : await LocalServer.start({ namespaces: [NS] })
  const client = await connect({ hosts: named || (server as LocalServer).address, totalTimeout: 10_000 })
  try {
    heading('What is exported')
    await fill(client)
    heading('The export')
    await write(client, file)
    heading('The file, read back')
    await survey(file, await client.query(NS, SET).count())
    if (kept) console.log(dim(`\n  any Arrow reader can open ${file}`))
  } finally {
    await client.truncate(NS, SET)
    await client.close()
    await server?.stop()
    await rm(folder, { recursive: true })
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
