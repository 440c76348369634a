// Sets with many records, written quickly.
import type { Commands } from './clients.js'

const SLICE = 10_000

/** Fills a set with records of user keys 0, 1, 2 ..., each with its number as bin `n` and a string of `bytes` bytes. */
export async function fill(client: Commands, set: string, count: number, bytes = 20): Promise<void> {
  for (let from = 0; from < count; from += SLICE) {
    const keys = Int32Array.from({ length: Math.min(SLICE, count - from) }, (_, row) => from + row)
    const text = Array.from(keys, n => String(n).padEnd(bytes, '.'))
    const { ok } = await client.batchWriteColumns({ namespace: 'test', set, keys, columns: { n: keys, text } }, PATIENT)
    if (!ok) throw new Error(`the set ${set} could not be filled`)
  }
}

const PATIENT = { totalTimeout: 30_000, socketTimeout: 30_000 }
