/** The official client `aerospike`, with promises. */
import { batchType, Client, Key, lists, maps, operations, setupGlobalCommandQueue, status } from 'aerospike'
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

/** In every client, columns are requested by name: applications have more bins than a computation needs. */
const NUMBER_BINS = ['a', 'b', 'c', 'd', 'e']

export class Official implements Adapter {
  readonly name = 'official'
  #client!: Client

  async connect({ host, port, connections, inFlight, timeoutMs }: Target): Promise<void> {
    // Without its queue, this client rejects commands that find no free connection.
    if (inFlight > connections) setupGlobalCommandQueue({ maxCommandsInProcess: connections })
    const policy = { totalTimeout: timeoutMs }
    this.#client = new Client({
      hosts: [{ addr: host, port }],
      maxConnsPerNode: connections,
      policies: { read: policy, write: policy, batch: policy },
    })
    await this.#client.connect()
  }

  put(set: string, id: string, bins: AnyBins): Promise<unknown> {
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
    const rows = await this.#client.batchRead<NumberBins>(
      ids.map(id => ({ key: new Key(NAMESPACE, set, id), readAllBins: true })),
    )
    const bins: NumberBins[] = []
    for (const row of rows) bins.push(found<NumberBins>(row))
    return bins
  }

  async batchReadColumns(set: string, ids: readonly string[]): Promise<NumberColumns> {
    const rows = await this.#client.batchRead<NumberBins>(
      ids.map(id => ({ key: new Key(NAMESPACE, set, id), bins: NUMBER_BINS })),
    )
    const count = rows.length
    const columns: NumberColumns = {
      a: new Int32Array(count),
      b: new Int32Array(count),
      c: new Float64Array(count),
      d: new Float64Array(count),
      e: new Float32Array(count),
    }
    for (let row = 0; row < count; row++) {
      const { a, b, c, d, e } = found<NumberBins>(rows[row]!)
      columns.a[row] = a
      columns.b[row] = b
      columns.c[row] = c
      columns.d[row] = d
      columns.e[row] = e
    }
    return columns
  }

  async batchWrite(set: string, ids: readonly string[], bins: readonly NumberBins[]): Promise<number> {
    const rows = await this.#client.batchWrite(
      ids.map((id, row) => ({
        type: batchType.BATCH_WRITE,
        key: new Key(NAMESPACE, set, id),
        ops: Object.entries(bins[row]!).map(([bin, value]) => operations.write(bin, value)),
      })),
    )
    let written = 0
    for (const row of rows) {
      if (row.status !== status.OK) throw new Error(`a row has status ${row.status}`)
      written++
    }
    return written
  }

  async batchReadArrow(): Promise<number> {
    throw new Error('this client has no Arrow tables')
  }

  async batchReadWide(set: string, ids: readonly string[]): Promise<number> {
    const bins = [...WIDE_BINS]
    const rows = await this.#client.batchRead<{ [bin: string]: string }>(
      ids.map(id => ({ key: new Key(NAMESPACE, set, id), bins })),
    )
    const columns = WIDE_BINS.map(() => new Array<string>(rows.length))
    let bytes = 0
    for (const [row, outcome] of rows.entries()) {
      const record = found<{ [bin: string]: string }>(outcome)
      for (const [index, bin] of WIDE_BINS.entries()) {
        const text = record[bin]!
        columns[index]![row] = text
        bytes += text.length
      }
    }
    return bytes
  }

  async batchReadEmbeddings(set: string, ids: readonly string[]): Promise<Float32Array> {
    const rows = await this.#client.batchRead<{ v: Buffer }>(
      ids.map(id => ({ key: new Key(NAMESPACE, set, id), bins: ['v'] })),
    )
    const all = Buffer.alloc(rows.length * WIDTH * Float32Array.BYTES_PER_ELEMENT)
    for (const [row, outcome] of rows.entries())
      found<{ v: Buffer }>(outcome).v.copy(all, row * WIDTH * Float32Array.BYTES_PER_ELEMENT)
    return new Float32Array(all.buffer, all.byteOffset, rows.length * WIDTH)
  }

  async batchWriteColumns(set: string, ids: readonly string[], columns: NumberColumns): Promise<number> {
    const { a, b, c, d, e } = columns
    const rows = await this.#client.batchWrite(
      ids.map((id, row) => ({
        type: batchType.BATCH_WRITE,
        key: new Key(NAMESPACE, set, id),
        ops: [
          operations.write('a', a[row]),
          operations.write('b', b[row]),
          operations.write('c', c[row]),
          operations.write('d', d[row]),
          operations.write('e', e[row]),
        ],
      })),
    )
    return rows.filter(row => row.status === status.OK).length
  }

  async queryRecords(set: string): Promise<Queried> {
    let [rows, sum, firstAt] = [0, 0, 0]
    await this.#stream(set, ({ n, x, k }) => {
      if (rows++ === 0) firstAt = performance.now()
      sum += n + x + k
    })
    return { rows, sum, firstAt }
  }

  async queryColumns(set: string, count: number): Promise<Queried> {
    const columns = { n: new Float64Array(count), x: new Float64Array(count), k: new Float64Array(count) }
    const texts = new Array<string>(count)
    let [rows, firstAt] = [0, 0]
    await this.#stream(set, ({ n, x, k, s }) => {
      if (rows === 0) firstAt = performance.now()
      columns.n[rows] = n
      columns.x[rows] = x
      columns.k[rows] = k
      texts[rows++] = s
    })
    let sum = 0
    for (let row = 0; row < rows; row++) sum += columns.n[row]! + columns.x[row]! + columns.k[row]!
    return { rows, sum, firstAt }
  }

  #stream(set: string, onBins: (bins: QueryBins) => void): Promise<void> {
    const stream = this.#client.query(NAMESPACE, set).foreach()
    return new Promise((resolve, reject) => {
      stream.on('data', ({ bins }: { bins: QueryBins }) => onBins(bins))
      stream.on('error', reject)
      stream.on('end', () => resolve())
    })
  }

  async close(): Promise<void> {
    this.#client.close()
  }
}

/** The bins of a row. The client's types do not describe their names. */
function found<B>(row: { readonly status: unknown; readonly record: { readonly bins: unknown } }): B {
  if (row.status !== status.OK) throw new Error(`a row has status ${row.status}`)
  return row.record.bins as B
}
