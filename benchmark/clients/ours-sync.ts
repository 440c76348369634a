/** ClientSync of aerospike-napi: each call blocks until its result is there. */
import { type ClientSync, connectSync, Key } from '../..'
import { type AnyBins, NAMESPACE, type ReadBins } from '../suites/data'
import type { Target } from './adapter'
import { Unsupported } from './unsupported'

export class OursSync extends Unsupported {
  readonly name = 'ours-sync'
  #client!: ClientSync

  async connect({ host, port, connections, timeoutMs }: Target): Promise<void> {
    this.#client = connectSync({ hosts: [[host, port]], maxConnsPerNode: connections, totalTimeout: timeoutMs })
  }

  override readonly put = (set: string, id: string, bins: AnyBins): void =>
    this.#client.put(new Key(NAMESPACE, set, id), bins)

  override readonly get = (set: string, id: string): { readonly bins: ReadBins } =>
    this.#client.get<ReadBins>(new Key(NAMESPACE, set, id))

  async close(): Promise<void> {
    this.#client.close()
  }
}
