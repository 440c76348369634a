/**
 * Reads the records back: with single gets, and in large batches into columns.
 */
import type { Client, Columns, Schema } from 'aerospike-napi'
import { toArrow } from 'aerospike-napi/arrow'
import type { Table } from 'apache-arrow'
import type { FlightColumns } from './data'
import { inFlight, type Measured, measured } from './measure'
import { NAMESPACE, SETS } from './place'
import { Progress } from './terminal'

/** Number of keys in a batch. */
const BATCH = 5000
/** Number of concurrent batches. */
const BATCHES = 2
/** Number of concurrent gets, and the duration in ms. */
const GETS = 50
const GET_MS = 2000

/** Performs as many single gets as possible in two seconds, for records spread over the set. */
export function readSingly(client: Client, records: number): Promise<Measured> {
  const end = performance.now() + GET_MS
  return measured(() =>
    inFlight(
      GETS,
      Number.POSITIVE_INFINITY,
      // The step has no common factor with the number of records, so this visits all of them.
      index => client.get([NAMESPACE, SETS.volume, (index * 7919) % records]),
      () => performance.now() > end,
    ),
  )
}

/** Reads the first `records` records of a set into columns: in several batches, each with its own memory. */
export async function readColumns<const S extends Schema>(
  client: Client,
  set: string,
  records: number,
  schema: S,
): Promise<Columns<S>[]> {
  const batches = Math.ceil(records / BATCH)
  const parts: Columns<S>[] = new Array(batches)
  const progress = new Progress('rows into columns', records)
  let done = 0
  try {
    await inFlight(BATCHES, batches, async batch => {
      const start = batch * BATCH
      const length = Math.min(BATCH, records - start)
      const keys = Array.from({ length }, (_, index) => [NAMESPACE, set, start + index] as const)
      const part = await client.batchReadColumns(keys, schema)
      if (part.found < length) throw part.error(part.resultCodes.findIndex(code => code !== 0)) ?? new Error('no rows')
      parts[batch] = part
      done += length
      progress.update(done)
    })
  } finally {
    progress.end()
  }
  return parts
}

/** Combines the columns into one Arrow table that shares their memory. */
export function asTable(parts: readonly Columns[]): Table {
  const [first, ...rest] = parts.map(part => toArrow(part))
  if (first === undefined) throw new Error('there are no columns')
  return first.concat(...rest)
}

/** Reads the flights with their airports. */
export function readFlights(client: Client, records: number) {
  return readColumns(client, SETS.flights, records, {
    date: ['bytes', 16],
    delay: 'i16',
    distance: 'i16',
    origin: 'utf8',
    destination: 'utf8',
  })
}

/** Reads the flights of the Arrow file. */
export function readVolume(client: Client, records: number) {
  return readColumns(client, SETS.volume, records, { delay: 'i16', distance: 'i16', time: 'f32' })
}

/** Whether the columns equal the file, in every value of every row. */
export function equal(parts: Awaited<ReturnType<typeof readVolume>>, file: FlightColumns): boolean {
  let row = 0
  for (const { length, columns } of parts) {
    for (let index = 0; index < length; index++, row++) {
      const same =
        columns.delay[index] === file.delay[row] &&
        columns.distance[index] === file.distance[row] &&
        columns.time[index] === file.time[row]
      if (!same) return false
    }
  }
  return row === file.length
}
