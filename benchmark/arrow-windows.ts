/**
 * Writes rows from Arrow and reads them back in windows, for any number of rows: measures throughput, memory and
 * whether the event loop stays free. Not one of the suites: runs once, with the number of rows from the command line.
 *
 *   AEROSPIKE_HOST=127.0.0.1:18710 npx tsx benchmark/arrow-windows.ts --rows 10000000 --window-mib 64
 */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { makeVector, type RecordBatch, Table } from 'apache-arrow'
import { connect } from '..'

// As built in this repository. The declarations are at the root.
const { readArrow, writeArrow } = require('../dist/arrow.js') as typeof import('../arrow')

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    'window-mib': { type: 'string', default: '64' },
    'batch-rows': { type: 'string', default: '2000' },
    concurrency: { type: 'string', default: '4' },
  },
})
const ROWS = Number(values.rows)
/** Bytes per row in a window: id, a, b and c, plus offsets and validity of the columns. */
const ROW_BYTES = 4 + 4 + 8 + 4 + 3 * 4 + 1
const WINDOW = Math.floor((Number(values['window-mib']) << 20) / ROW_BYTES)
const NS = 'test'
const SET = 'bench-arrow'
/** Number of rows to create at a time. */
const MADE = 100_000
const SCHEMA = { a: 'i32', b: 'f64', c: 'f32' } as const

const a = (id: number): number => (Math.imul(id, 2_654_435_761) | 0) >> 3
const b = (id: number): number => id / 7
const c = (id: number): number => Math.fround((id % 1000) / 3)

function* batches(): Generator<RecordBatch, void, undefined> {
  for (let first = 0; first < ROWS; first += MADE) {
    const ids = Int32Array.from({ length: Math.min(MADE, ROWS - first) }, (_, row) => first + row)
    const table = new Table({
      _key: makeVector(ids),
      a: makeVector(Int32Array.from(ids, a)),
      b: makeVector(Float64Array.from(ids, b)),
      c: makeVector(Float32Array.from(ids, c)),
    })
    yield* table.batches as RecordBatch[]
  }
}

interface Measured {
  readonly seconds: number
  readonly p99: number
  readonly most: number
  readonly rss: number
  readonly loop: EventLoopUtilization
}

/** Runs `work` and measures the event loop and memory in the meantime. */
async function measured(work: () => Promise<void>): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let rss = 0
  const look = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss())
  }, 50)
  const before = performance.eventLoopUtilization()
  const since = performance.now()
  delay.enable()
  await work()
  delay.disable()
  clearInterval(look)
  const seconds = (performance.now() - since) / 1000
  const loop = performance.eventLoopUtilization(before)
  return { seconds, p99: delay.percentile(99) / 1e6, most: delay.max / 1e6, rss, loop }
}

function told(what: string, { seconds, p99, most, rss, loop }: Measured): void {
  const rate = Math.round(ROWS / seconds).toLocaleString('en-US')
  const share = (loop.utilization * 100).toFixed(0)
  console.log(
    `${what}: ${rate} rows/s, loop delay p99 ${p99.toFixed(1)} ms (most ${most.toFixed(1)}), busy ${share} %, RSS ${(rss / 2 ** 20).toFixed(0)} MiB at most`,
  )
}

async function main(): Promise<void> {
  const client = await connect({ hosts: process.env.AEROSPIKE_HOST ?? '127.0.0.1:3000', totalTimeout: 60_000 })
  try {
    const options = {
      namespace: NS,
      set: SET,
      ttl: 3600,
      batchRows: Number(values['batch-rows']),
      concurrency: Number(values.concurrency),
    }
    const writing = await measured(async () => {
      const { written } = await writeArrow(client, batches(), options)
      if (written !== ROWS) throw new Error(`${written} rows of ${ROWS} were written`)
    })
    told('written', writing)
    const keys = { namespace: NS, set: SET, ids: Int32Array.from({ length: ROWS }, (_, id) => id) }
    const reading = await measured(async () => {
      let first = 0
      for await (const batch of readArrow(client, keys, SCHEMA, { batchRows: WINDOW })) {
        // Check a few rows per window: comparing all of them would distort the measurement.
        for (let row = 0; row < batch.numRows; row += 997) {
          const id = first + row
          const found = batch.get(row)
          if (found?.a !== a(id) || found?.b !== b(id) || found?.c !== c(id)) throw new Error(`row ${id} is another`)
        }
        first += batch.numRows
      }
      if (first !== ROWS) throw new Error(`${first} rows of ${ROWS} were read`)
    })
    told(`read in windows of ${WINDOW.toLocaleString('en-US')} rows`, reading)
  } finally {
    await client.close()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
