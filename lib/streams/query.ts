/**
 * Queries and scans of the asynchronous client.
 */
import { AsyncResource } from 'node:async_hooks'
import type { Readable } from 'node:stream'
import type { Runner } from '../boundary/command'
import type { Schema } from '../columns'
import { queryApply, queryOperate } from '../commands/job'
import type { Operation } from '../operations/operation'
import type { QueryPolicy } from '../options/policy'
import type { RowChunk } from '../query/chunk'
import type { JobPolicy } from '../query/job'
import type { AerospikeRecord, Bins } from '../values/record'
import type { ReadValue, Value } from '../values/value'
import { Aggregation } from './aggregation'
import { countOf, type Page, pageEnd, pageStart, QueryBuilder } from './builder'
import { ColumnStream, type QueryColumnsPolicy } from './column-stream'
import { JobTask } from './job'
import { readableOf } from './readable'
import { checkFunction, type Opening, RowStream, Stream } from './stream'

/**
 * A query: what is asked for, put together by its methods, and run by `for await`, `results()` and their like, as often as
 * wanted. Without `where` it reads a whole set, or a whole namespace: a scan.
 *
 * ```ts
 * for await (const { key, bins } of client.query('test', 'users').where(filter.range('age', 18, 30))) ...
 * ```
 *
 * A loop that is slow is not overrun: the client reads no further ahead than a bounded buffer. Leaving the loop in any way
 * ends the query on the servers. While one is read, each record is given once, whatever becomes of the nodes; or the loop
 * throws.
 *
 * @throws InvalidArgError, IndexNotFound, QueryError, ServerError, ClusterError, AerospikeTimeoutError, AbortError
 */
export class Query<B = Bins> extends QueryBuilder implements AsyncIterable<AerospikeRecord<B>> {
  readonly #runner: Runner

  /** @internal */
  constructor(runner: Runner, namespace: string, set: string | null | undefined) {
    super(namespace, set)
    this.#runner = runner
  }

  #open<C>(opening: Opening<C>): Stream<C> {
    return new Stream(this.#runner, opening)
  }

  /** Runs it. */
  [Symbol.asyncIterator](): RowStream<AerospikeRecord<B>> {
    return this.stream()
  }

  /** Runs it: the records, with `for await`, as chunks, or in an `await using` declaration. */
  stream(policy?: QueryPolicy | null): RowStream<AerospikeRecord<B>> {
    return new RowStream(this.#open(this.opening(policy)) as Stream<RowChunk<AerospikeRecord<B>>>)
  }

  /** Runs it: all records, in one array. */
  async results(policy?: QueryPolicy | null): Promise<AerospikeRecord<B>[]> {
    const records: AerospikeRecord<B>[] = []
    await this.#read(this.#open(this.opening(policy)), records)
    return records
  }

  async #read(stream: Stream<RowChunk<AerospikeRecord>>, records: AerospikeRecord<B>[]): Promise<void> {
    try {
      for (;;) {
        const chunk = await stream.next()
        if (chunk === undefined) return
        while (chunk.left > 0) records.push(chunk.read() as AerospikeRecord<B>)
      }
    } finally {
      stream.close()
    }
  }

  /** Runs it: one record, or null where there is none. Which one is not defined. */
  async first(policy?: QueryPolicy | null): Promise<AerospikeRecord<B> | null> {
    const [record] = await this.results({ ...policy, maxRecords: 1 })
    return record ?? null
  }

  /** Runs it: how many records there are. No bins are sent, and no rows reach JavaScript. */
  async count(policy?: QueryPolicy | null): Promise<number> {
    const stream = this.#open(this.counting(policy))
    await stream.next()
    return countOf(stream.said)
  }

  /**
   * Runs it: calls `each` with every record, one after the other. What it returns is awaited where it is a promise; false
   * ends the query.
   */
  async foreach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): Promise<void> {
    checkFunction(each, 'foreach')
    const bound = AsyncResource.bind(each)
    const stream = this.#open(this.opening(policy))
    try {
      for (;;) {
        const chunk = await stream.next()
        if (chunk === undefined) return
        while (chunk.left > 0) {
          stream.checkSignal()
          const wanted = bound(chunk.read() as AerospikeRecord<B>)
          const more = isThenable(wanted) ? await wanted : wanted
          if (more === false) return
        }
      }
    } finally {
      stream.close()
    }
  }

  /**
   * Runs it: chunks of columns, typed arrays that are views of one memory; no object is made for a row. A bin that does not
   * fit its column is that row's error, as in `batchReadColumns`.
   *
   * ```ts
   * for await (const { columns, length } of query.columns({ age: 'u8', name: 'utf8' })) ...
   * ```
   *
   * @param schema - bin name -> type of its column; the query reads these bins alone, or what its operations give under
   * these names; servers leave out records that have none of them
   * @param policy - with `chunkRows`, rows of a chunk at most (default 8192), and `wrap`
   * @throws InvalidArgError at once for what is wrong in schema and policy
   */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStream<S> {
    return new ColumnStream(this.#open(this.columnsOpening(schema, policy)))
  }

  /**
   * Runs it page by page, of `size` records but for the last one. Between two pages nothing is held on the servers. A page's
   * cursor goes on from behind it, in this process or another.
   *
   * ```ts
   * for await (const { records, cursor } of query.pages(100, cursorOfTheLastRequest)) { ... break }
   * ```
   */
  async *pages(
    size: number,
    cursor?: string | null,
    policy?: QueryPolicy | null,
  ): AsyncGenerator<Page<B>, void, undefined> {
    let from = pageStart(size, cursor)
    let left = this.merged(policy).maxRecords || Number.POSITIVE_INFINITY
    for (;;) {
      const stream = this.#open(this.opening(policy, { maxRecords: Math.min(size, left), cursor: from }, true))
      const records: AerospikeRecord<B>[] = []
      await this.#read(stream, records)
      left -= records.length
      const next = pageEnd(stream.said)
      if (records.length > 0 || next !== null) yield { records, cursor: next }
      if (next === null || left <= 0) return
      from = pageStart(size, next)
    }
  }

  /**
   * An aggregation: applies a function of a registered module to the streams of records that the servers find, and
   * reduces here, by the same module, what they made of them. The module is taken from the servers with each run; its
   * part that runs here, on a thread of its own, has no files and no programs, and 256 MiB. It runs when its results
   * are asked for, and is not sent again when a node is lost.
   *
   * ```ts
   * const total = await client.query('test', 'orders').aggregate('stats', 'sum', ['price']).first()
   * ```
   */
  aggregate<T = ReadValue>(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: QueryPolicy | null,
  ): Aggregation<T> {
    return new Aggregation<T>(this.#runner, this.aggregation(module, functionName, args, policy))
  }

  /**
   * Begins a background job: calls a user-defined function with each record, on the servers. Nothing is sent back; the
   * task tells how far it is.
   * @throws UDFError, IndexNotFound; in doubt where some of several nodes may have begun
   */
  async apply(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: JobPolicy | null,
  ): Promise<JobTask> {
    const [statement, merged] = this.job(undefined, policy)
    return this.#begun(this.#runner.run(queryApply, [statement, module, functionName, args, merged]))
  }

  /** The same as `apply`, by the official client's name. */
  background(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: JobPolicy | null,
  ): Promise<JobTask> {
    return this.apply(module, functionName, args, policy)
  }

  /** Begins a background job: carries operations that write out on each record, on the servers. */
  async operate(operations: readonly Operation[], policy?: JobPolicy | null): Promise<JobTask> {
    const [statement, merged] = this.job(operations, policy)
    return this.#begun(this.#runner.run(queryOperate, [statement, merged]))
  }

  async #begun(job: Promise<bigint>): Promise<JobTask> {
    const id = await job.catch((error: unknown) => {
      throw this.explained(error)
    })
    return new JobTask(this.#runner, id, true)
  }

  /**
   * Runs it: the records as a stream of Node.js, in object mode. Destroying it ends the query; a `signal` destroys it with
   * AbortError.
   */
  toReadable(policy?: QueryPolicy | null): Readable {
    const opening = this.opening(policy)
    const rows = new RowStream(this.#open(opening))
    return readableOf(rows, opening.signal, opening.command.name)
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
