/** aerospike-napi, as built in this repository. */
import { type Client, connect, Key, lists, maps, type Utf8Column } from '../..'
import {
  type CollectionBins,
  type CollectionResult,
  NAMESPACE,
  type NumberBins,
  type NumberColumns,
  type UserBins,
  WIDE_BINS,
  WIDTH,
} from '../suites/data'
import type { Adapter, Target } from './adapter'

const SCHEMA = { a: 'i32', b: 'i32', c: 'f64', d: 'f64', e: 'f32' } as const
const WIDE = Object.fromEntries(WIDE_BINS.map(bin => [bin, 'utf8'] as const))
const EMBEDDING = { v: ['f32', WIDTH] } as const

export class Ours implements Adapter {
  #client!: Client

  async connect({ host, port, connections, timeoutMs, gathers }: Target): Promise<void> {
    this.#client = await connect({
      hosts: [[host, port]],
      maxConnsPerNode: connections,
      totalTimeout: timeoutMs,
      autoBatch: gathers,
    })
  }

  put(
    set: string,
    id: string,
    bins: UserBins | NumberBins | CollectionBins | { [bin: string]: string | Float32Array },
  ): Promise<void> {
    return this.#client.put(new Key(NAMESPACE, set, id), bins)
  }

  get(set: string, id: string): Promise<{ readonly bins: UserBins }> {
    return this.#client.get<UserBins>(new Key(NAMESPACE, set, id))
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
    const { written } = await this.#client.batchWriteColumns({ ns: NAMESPACE, set, keys: ids, columns })
    return written
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  /** Asks the server for its own account of itself. */
  info(command: string): Promise<string> {
    return this.#client.infoRandomNode(command)
  }
}

function keysOf(set: string, ids: readonly string[]): Key[] {
  return ids.map(id => new Key(NAMESPACE, set, id))
}
