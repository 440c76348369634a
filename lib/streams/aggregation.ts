/**
 * Aggregations: the result of a function over all records of a query.
 */

import type { Runner, SyncRunner } from '../boundary/command'
import { locateErrors } from '../common/stacks'
import type { RowChunk } from '../query/chunk'
import type { ReadValue } from '../values/value'
import { type Opening, RowStream, RowStreamSync, Stream, StreamSync } from './stream'

/**
 * The results of an aggregation: iterate with `for await`, or call `results()` or `first()`. Each of these runs it
 * once. Most aggregations have one result; over no records, there is no result, or that of the function's `aggregate`
 * over nothing.
 *
 * @throws UDFError if the module or the function does not exist, or if it fails on a server or in the client; and the
 *   errors of a query
 */
export class Aggregation<T = ReadValue> implements AsyncIterable<T> {
  readonly #runner: Runner
  readonly #opening: Opening<RowChunk<ReadValue>>

  /** @internal */
  constructor(runner: Runner, opening: Opening<RowChunk<ReadValue>>) {
    this.#runner = runner
    this.#opening = opening
  }

  /** Runs the aggregation, and iterates over the results. */
  [Symbol.asyncIterator](): RowStream<T> {
    return this.stream()
  }

  /**
   * Runs the aggregation.
   *
   * @returns the results as a stream, which also works in an `await using` declaration
   */
  stream(): RowStream<T> {
    return new RowStream(new Stream(this.#runner, this.#opening) as unknown as Stream<RowChunk<T>>)
  }

  /**
   * Runs the aggregation.
   *
   * @returns all results, in an array
   */
  async results(): Promise<T[]> {
    const results: T[] = []
    for await (const result of this) results.push(result)
    return results
  }

  /**
   * Runs the aggregation, and ends it after the first result.
   *
   * @returns the first result, or null if there is none
   */
  async first(): Promise<T | null> {
    for await (const result of this) return result
    return null
  }
}

/** Like `Aggregation`, blocking. */
export class AggregationSync<T = ReadValue> implements Iterable<T> {
  readonly #runner: SyncRunner
  readonly #opening: Opening<RowChunk<ReadValue>>

  /** @internal */
  constructor(runner: SyncRunner, opening: Opening<RowChunk<ReadValue>>) {
    this.#runner = runner
    this.#opening = opening
  }

  /** Runs the aggregation, and iterates over the results. */
  [Symbol.iterator](): RowStreamSync<T> {
    return this.stream()
  }

  /**
   * Runs the aggregation.
   *
   * @returns the results as a stream, which also works in a `using` declaration
   */
  stream(): RowStreamSync<T> {
    return new RowStreamSync(new StreamSync(this.#runner, this.#opening) as unknown as StreamSync<RowChunk<T>>)
  }

  /**
   * Runs the aggregation.
   *
   * @returns all results, in an array
   */
  results(): T[] {
    return [...this]
  }

  /**
   * Runs the aggregation, and ends it after the first result.
   *
   * @returns the first result, or null if there is none
   */
  first(): T | null {
    for (const result of this) return result
    return null
  }
}

locateErrors(Aggregation)
locateErrors(AggregationSync)
