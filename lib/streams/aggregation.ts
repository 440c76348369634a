/**
 * Aggregations: what a function makes of all records that a query finds.
 */

import type { Runner, SyncRunner } from '../boundary/command'
import type { RowChunk } from '../query/chunk'
import type { ReadValue } from '../values/value'
import { type Opening, RowStream, RowStreamSync, Stream, StreamSync } from './stream'

/**
 * The results of an aggregation, with `for await`, or with `results()` and `first()`. Each of these runs it. Most
 * aggregations have one result; one over no records has none, or that of its `aggregate` over nothing.
 *
 * @throws UDFError: the module or function is not there, or failed, on a server or here; what a query throws besides
 */
export class Aggregation<T = ReadValue> implements AsyncIterable<T> {
  readonly #runner: Runner
  readonly #opening: Opening<RowChunk<ReadValue>>

  /** @internal */
  constructor(runner: Runner, opening: Opening<RowChunk<ReadValue>>) {
    this.#runner = runner
    this.#opening = opening
  }

  /** Runs it. */
  [Symbol.asyncIterator](): RowStream<T> {
    return this.stream()
  }

  /** Runs it: the results as a stream, also for an `await using` declaration. */
  stream(): RowStream<T> {
    return new RowStream(new Stream(this.#runner, this.#opening) as unknown as Stream<RowChunk<T>>)
  }

  /** Runs it: all results, in one array. */
  async results(): Promise<T[]> {
    const results: T[] = []
    for await (const result of this) results.push(result)
    return results
  }

  /** Runs it: the first result, or null where there is none. The rest is not waited for. */
  async first(): Promise<T | null> {
    for await (const result of this) return result
    return null
  }
}

/** As `Aggregation`, blocking. */
export class AggregationSync<T = ReadValue> implements Iterable<T> {
  readonly #runner: SyncRunner
  readonly #opening: Opening<RowChunk<ReadValue>>

  /** @internal */
  constructor(runner: SyncRunner, opening: Opening<RowChunk<ReadValue>>) {
    this.#runner = runner
    this.#opening = opening
  }

  /** Runs it. */
  [Symbol.iterator](): RowStreamSync<T> {
    return this.stream()
  }

  /** Runs it: the results as a stream, also for a `using` declaration. */
  stream(): RowStreamSync<T> {
    return new RowStreamSync(new StreamSync(this.#runner, this.#opening) as unknown as StreamSync<RowChunk<T>>)
  }

  /** Runs it: all results, in one array. */
  results(): T[] {
    return [...this]
  }

  /** Runs it: the first result, or null where there is none. */
  first(): T | null {
    for (const result of this) return result
    return null
  }
}
