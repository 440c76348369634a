/** No client: measures the overhead of the benchmark itself, which the figures of all JavaScript clients include. */
import { RECORDS, type ReadBins, userBins, userId } from '../suites/data'
import { Unsupported } from './unsupported'

export class None extends Unsupported {
  readonly name = 'none'
  readonly #records = new Map<string, { readonly bins: ReadBins }>()

  async connect(): Promise<void> {
    for (let index = 0; index < RECORDS; index++) this.#records.set(userId(index), { bins: userBins(index) })
  }

  override readonly get = async (_set: string, id: string): Promise<{ readonly bins: ReadBins }> =>
    this.#records.get(id)!

  async close(): Promise<void> {}
}
