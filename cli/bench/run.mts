/**
 * A quick benchmark: single-record reads and writes of random records, as many at a time as the caller wants.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { AerospikeError, type BatchWriteRecord, Key } from 'aerospike-napi'
import type { CliClient } from '../connection.mjs'
import type { Target } from '../keys.mjs'

export interface BenchOptions {
  readonly target: Target & { readonly set: string }
  readonly seconds: number
  /** Number of records. */
  readonly records: number
  /** Size of the bin in bytes. */
  readonly size: number
  /** Share of reads, from 0 to 1. */
  readonly reads: number
  readonly concurrency: number
  readonly signal: AbortSignal
}

/** Results of the calls of one kind. */
export interface CallStats {
  readonly calls: number
  /** Failed calls by code. */
  readonly errors: { readonly [code: string]: number }
  /** Calls per second. */
  readonly rate: number
  /** Latencies in milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface BenchResult {
  readonly seconds: number
  readonly reads: CallStats
  readonly writes: CallStats
}

class Recorder {
  readonly #histogram: RecordableHistogram = createHistogram()
  readonly #errors = new Map<string, number>()
  #calls = 0

  get calls(): number {
    return this.#calls
  }

  async call(work: () => Promise<unknown>): Promise<void> {
    const started = process.hrtime.bigint()
    try {
      await work()
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error
      const { code } = error
      this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
    }
    this.#histogram.record(process.hrtime.bigint() - started)
    this.#calls++
  }

  stats(seconds: number): CallStats {
    const ms = (nanoseconds: number): number => (this.#calls === 0 ? 0 : nanoseconds / 1e6)
    return {
      calls: this.#calls,
      errors: Object.fromEntries(this.#errors),
      rate: this.#calls / seconds,
      p50: ms(this.#histogram.percentile(50)),
      p99: ms(this.#histogram.percentile(99)),
      max: ms(this.#histogram.max),
    }
  }
}

/** Writes the records, makes calls for a while, and removes the records again. */
export async function runBench(
  client: CliClient,
  options: BenchOptions,
  onProgress: (calls: number) => void,
): Promise<BenchResult> {
  const { target, records, size, reads, concurrency, seconds, signal } = options
  const payload = Buffer.alloc(size, 'x')
  const keyOf = (id: number): Key => new Key(target.namespace, target.set, id)
  function* rows(): Generator<BatchWriteRecord, void, undefined> {
    for (let id = 0; id < records; id++) yield { key: keyOf(id), bins: { data: payload } }
  }
  const { failures } = await client.bulkWrite(rows())
  const [first] = failures
  if (first !== undefined) throw first.error
  const [read, write] = [new Recorder(), new Recorder()]
  const started = performance.now()
  const deadline = started + seconds * 1000
  const worker = async (): Promise<void> => {
    while (performance.now() < deadline && !signal.aborted) {
      const key = keyOf(Math.floor(Math.random() * records))
      if (Math.random() < reads) await read.call(() => client.get(key))
      else await write.call(() => client.put(key, { data: payload }))
      onProgress(read.calls + write.calls)
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, worker))
    const elapsed = (performance.now() - started) / 1000
    return { seconds: elapsed, reads: read.stats(elapsed), writes: write.stats(elapsed) }
  } finally {
    for (let from = 0; from < records; from += 5000) {
      const length = Math.min(5000, records - from)
      await client.batchRemove(Array.from({ length }, (_, index) => keyOf(from + index)))
    }
  }
}
