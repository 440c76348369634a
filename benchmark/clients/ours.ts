/** aerospike-napi, as built in this repository. */
import { type Client, connect, Key, lists, maps, type Utf8Column } from '../..'
import {
  type AnyBins,
  type CollectionResult,
  NAMESPACE,
  type NumberBins,
  type NumberColumns,
  type Queried,
  type QueryBins,
  type ReadBins,
  WIDE_BINS,
  WIDTH,
} from '../suites/data'
import type { Adapter, Target } from './adapter'

const SCHEMA = { a: 'i32', b: 'i32', c: 'f64', d: 'f64', e: 'f32' } as const
const WIDE = Object.fromEntries(WIDE_BINS.map(bin => [bin, 'utf8'] as const))
const QUERY = { n: 'f64', x: 'f64', k: 'f64', s: 'utf8' } as const
const EMBEDDING = { v: ['f32', WIDTH] } as const

export class Ours implements Adapter {
  readonly name: 'ours' | 'ours-auto-batch'
  #client!: Client

  constructor(readonly autoBatch = false) {
    this.name = autoBatch ? 'ours-auto-batch' : 'ours'
  }

  async connect({ host, port, connections, timeoutMs }: Target): Promise<void> {
    this.#client = await connect({
      hosts: [[host, port]],
      maxConnsPerNode: connections,
      totalTimeout: timeoutMs,
      autoBatch: this.autoBatch ? { writes: true } : false,
    })
  }

  put(set: string, id: string, bins: AnyBins): Promise<void> {
    return this.#client.put(new Key(NAMESPACE, set, id), bins)
  }

  get(set: string, id: string): Promise<{ readonly bins: ReadBins }> {
    return this.#client.get<ReadBins>(new Key(NAMESPACE, set, id))
  }

  exists(set: string, id: string): Promise<boolean> {
    return this.#client.exists(new Key(NAMESPACE, set, id))
  }

  operate(set: string, id: string, count: number): Promise<{ readonly bins: CollectionResult }> {
    return this.#client.operate<CollectionResult>(new Key(NAMESPACE, set, id), [
      lists.getByRankRange('scores', -3, 3, lists.returnType.VALUE),
      maps.put('counts', 'last', count),
    ])
  }

  async batchRead(set: string, ids: readonly string[]): Promise<NumberBins[]> {
    const rows = await this.#client.batchRead<NumberBins>(keysOf(set, ids))
    const bins: NumberBins[] = []
    for (const { record, error } of rows) {
      if (record === null) throw error ?? new Error('a row without record and error')
      bins.push(record.bins)
    }
    return bins
  }

  async batchReadColumns(set: string, ids: readonly string[]): Promise<NumberColumns> {
    const { columns, found } = await this.#client.batchReadColumns(keysOf(set, ids), SCHEMA)
    if (found !== ids.length) throw new Error(`${found} rows of ${ids.length} were found`)
    return columns
  }

  async batchWrite(set: string, ids: readonly string[], bins: readonly NumberBins[]): Promise<number> {
    const records = ids.map((id, row) => ({ key: new Key(NAMESPACE, set, id), bins: bins[row]! }))
    const { found } = (await this.#client.batchWrite(records)).throwIfFailed()
    return found
  }

  async batchReadArrow(set: string, ids: readonly string[]): Promise<number> {
    const { toArrow } = require('../../dist/arrow.js') as typeof import('../../arrow')
    const table = toArrow(await this.#client.batchReadColumns(keysOf(set, ids), SCHEMA))
    let sum = 0
    for (const bin of Object.keys(SCHEMA)) for (const value of table.getChild(bin)!) sum += value as number
    return sum
  }

  async batchReadWide(set: string, ids: readonly string[]): Promise<number> {
    const { columns, found } = await this.#client.batchReadColumns(keysOf(set, ids), WIDE)
    if (found !== ids.length) throw new Error(`${found} rows of ${ids.length} were found`)
    return WIDE_BINS.reduce((sum, bin) => sum + (columns[bin] as Utf8Column).data.length, 0)
  }

  async batchReadEmbeddings(set: string, ids: readonly string[]): Promise<Float32Array> {
    const { columns, found } = await this.#client.batchReadColumns(keysOf(set, ids), EMBEDDING)
    if (found !== ids.length) throw new Error(`${found} rows of ${ids.length} were found`)
    return columns.v
  }

  async batchWriteColumns(set: string, ids: readonly string[], { a, b, c, d, e }: NumberColumns): Promise<number> {
    const columns = { a, b, c, d, e }
    const { written } = await this.#client.batchWriteColumns({ namespace: NAMESPACE, set, keys: ids, columns })
    return written
  }

  /** Writes the records of a query from columns. Returns the number of written records. */
  async writeQueried(set: string, first: number, bins: readonly QueryBins[]): Promise<number> {
    const { written } = await this.#client.batchWriteColumns({
      namespace: NAMESPACE,
      set,
      keys: Int32Array.from(bins, (_, row) => first + row),
      columns: {
        n: Int32Array.from(bins, ({ n }) => n),
        x: Float64Array.from(bins, ({ x }) => x),
        k: Int32Array.from(bins, ({ k }) => k),
        s: bins.map(({ s }) => s),
      },
    })
    return written
  }

  async queryRecords(set: string): Promise<Queried> {
    let [rows, sum, firstAt] = [0, 0, 0]
    for await (const { bins } of this.#client.query<QueryBins>(NAMESPACE, set)) {
      if (rows++ === 0) firstAt = performance.now()
      sum += bins.n + bins.x + bins.k
    }
    return { rows, sum, firstAt }
  }

  async queryColumns(set: string): Promise<Queried> {
    let [rows, sum, firstAt] = [0, 0, 0]
    for await (const chunk of this.#client.query(NAMESPACE, set).columns(QUERY)) {
      if (rows === 0) firstAt = performance.now()
      rows += chunk.length
      const { n, x, k } = chunk.columns
      for (let row = 0; row < n.length; row++) sum += n[row]! + x[row]! + k[row]!
    }
    return { rows, sum, firstAt }
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  /** Sends an info command to the server. */
  info(command: string): Promise<string> {
    return this.#client.infoRandomNode(command)
  }
}

function keysOf(set: string, ids: readonly string[]): Key[] {
  return ids.map(id => new Key(NAMESPACE, set, id))
}
