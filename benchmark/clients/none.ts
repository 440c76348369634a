/** No client: measures the overhead of the benchmark itself, which the figures of all JavaScript clients include. */
import {
  type CollectionResult,
  type NumberBins,
  type NumberColumns,
  type Queried,
  RECORDS,
  type UserBins,
  userBins,
  userId,
} from '../suites/data'
import type { Adapter } from './adapter'

export class None implements Adapter {
  readonly #records = new Map<string, { readonly bins: UserBins }>()

  async connect(): Promise<void> {
    for (let index = 0; index < RECORDS; index++) this.#records.set(userId(index), { bins: userBins(index) })
  }

  async put(): Promise<void> {}

  async get(_set: string, id: string): Promise<{ readonly bins: UserBins }> {
    return this.#records.get(id)!
  }

  async operate(): Promise<{ readonly bins: CollectionResult }> {
    throw new Error('there is nothing to operate on')
  }

  async batchRead(): Promise<NumberBins[]> {
    throw new Error('there is nothing to read')
  }

  async batchReadColumns(): Promise<NumberColumns> {
    throw new Error('there is nothing to read')
  }

  async batchWrite(): Promise<number> {
    throw new Error('there is nothing to write')
  }

  async batchReadWide(): Promise<number> {
    throw new Error('there is nothing to read')
  }

  async batchReadEmbeddings(): Promise<Float32Array> {
    throw new Error('there is nothing to read')
  }

  async batchWriteColumns(): Promise<number> {
    throw new Error('there is nowhere to write')
  }

  async queryRecords(): Promise<Queried> {
    throw new Error('there is nothing to read')
  }

  async queryColumns(): Promise<Queried> {
    throw new Error('there is nothing to read')
  }

  async close(): Promise<void> {}
}
