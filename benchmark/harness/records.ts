/** Writes and removes the benchmark's records. */
import type { Target } from '../clients/adapter'
import { Ours } from '../clients/ours'
import {
  BATCH_SET,
  collectionBins,
  EMBEDDING_SET,
  embedding,
  GET_SET,
  NAMESPACE,
  numberBins,
  OPERATE_SET,
  queryBins,
  querySet,
  RECORDS,
  rowId,
  SETS,
  userBins,
  userId,
  WIDE_SET,
  wideBins,
} from '../suites/data'
import { SHAPES, shapeSet } from '../suites/shapes'
import type { ServerInfo } from './job'

/** Number of concurrent groups of puts, and of puts of larger records. */
const AT_ONCE = 500
const SHAPES_AT_ONCE = 100

export async function load(target: Target, queryRows: number): Promise<ServerInfo> {
  const client = new Ours()
  await client.connect(target)
  if (queryRows > 0) await loadQueried(client, queryRows)
  else {
    await loadSmall(client)
    await loadShapes(client)
  }
  const info = { build: await client.info('build'), edition: await client.info('edition') }
  await client.close()
  return info
}

async function loadSmall(client: Ours): Promise<void> {
  for (let start = 0; start < RECORDS; start += AT_ONCE) {
    const puts: Promise<unknown>[] = []
    for (let index = start; index < Math.min(start + AT_ONCE, RECORDS); index++) {
      puts.push(client.put(GET_SET, userId(index), userBins(index)))
      puts.push(client.put(OPERATE_SET, userId(index), collectionBins(index)))
      puts.push(client.put(BATCH_SET, rowId(index), numberBins(index)))
      puts.push(client.put(WIDE_SET, rowId(index), wideBins(index)))
      puts.push(client.put(EMBEDDING_SET, rowId(index), { v: embedding(index) }))
    }
    await Promise.all(puts)
  }
}

async function loadShapes(client: Ours): Promise<void> {
  for (const shape of SHAPES) {
    for (let start = 0; start < shape.records; start += SHAPES_AT_ONCE) {
      const indexes = Array.from({ length: Math.min(SHAPES_AT_ONCE, shape.records - start) }, (_, row) => start + row)
      await Promise.all(indexes.map(index => client.put(shapeSet(shape), userId(index), shape.bins(index))))
    }
  }
}

/** Number of rows per write. */
const WRITTEN = 5000

async function loadQueried(client: Ours, rows: number): Promise<void> {
  for (let first = 0; first < rows; first += WRITTEN) {
    const bins = Array.from({ length: Math.min(WRITTEN, rows - first) }, (_, row) => queryBins(first + row))
    const written = await client.writeQueried(querySet(rows), first, bins)
    if (written !== bins.length) throw new Error(`${written} of ${bins.length} records were written`)
  }
}

export async function unload(target: Target, queryRows: number): Promise<void> {
  const client = new Ours()
  await client.connect(target)
  const shapes = SHAPES.flatMap(shape => [shapeSet(shape), `${shapeSet(shape)}-put`])
  const sets = queryRows > 0 ? [querySet(queryRows)] : [...SETS, ...shapes]
  for (const set of sets) await client.info(`truncate:namespace=${NAMESPACE};set=${set}`)
  await client.close()
}
