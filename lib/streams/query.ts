/**
 * Queries and scans of the asynchronous client.
 */
import { AsyncResource } from 'node:async_hooks'
import type { Readable } from 'node:stream'
import type { Runner } from '../boundary/command'
import type { Schema } from '../columns'
import { queryApply, queryOperate } from '../commands/job'
import { addAliases } from '../common/add-aliases'
import { QUERY_ALIASES, type QueryAliases } from '../common/member-aliases'
import { locateErrors } from '../common/stacks'
import type { Operation } from '../operations/operation'
import type { QueryPolicy } from '../options/policy'
import type { RowChunk } from '../query/chunk'
import type { JobPolicy } from '../query/job'
import type { AerospikeRecord, Bins } from '../values/record'
import type { Storable } from '../values/storable'
import type { ReadValue, Value } from '../values/value'
import { Aggregation } from './aggregation'
import { countOf, type Page, pageEnd, pageStart, QueryBuilder } from './builder'
import { ColumnStream, type QueryColumnsPolicy } from './column-stream'
import { JobTask } from './job'
import { readableOf } from './readable'
import { checkFunction, type Opening, RowStream, Stream } from './stream'

/**
 * A query of a set or of a whole namespace. Build it with its methods, then run it with `for await`, `results()` and
 * others, as often as you like. Without `where` it reads the whole set or namespace: a scan.
 *
 * The client reads ahead of a slow loop only up to a bounded buffer. Leaving the loop in any way ends the query on the
 * servers. Each record that exists for the whole run is returned exactly once, even if nodes leave or join the cluster;
 * otherwise the loop throws.
 *
 * @throws InvalidArgError, IndexNotFoundError, QueryError, ServerError, ClusterError, AerospikeTimeoutError, AbortError
 * @example
 * ```ts
 * for await (const { key, bins } of client.query('test', 'users').where(filter.range('age', 18, 30))) {
 *   console.log(String(key), bins)
 * }
 * ```
 */
export class Query<B = Bins> extends QueryBuilder<B> implements AsyncIterable<AerospikeRecord<B>> {
  readonly #runner: Runner

  /** @internal */
  constructor(runner: Runner, namespace: string, set: string | null | undefined) {
    super(namespace, set)
    this.#runner = runner
  }

  #open<C>(opening: Opening<C>): Stream<C> {
    return new Stream(this.#runner, opening)
  }

  /** Runs the query, and iterates over the records. */
  [Symbol.asyncIterator](): RowStream<AerospikeRecord<B>> {
    return this.stream()
  }

  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the records as a stream: for `for await`, in arrays with `chunks()`, or in an `await using` declaration
   * @example
   * ```ts
   * for await (const records of client.query('test', 'users').stream().chunks()) console.log(records.length)
   * ```
   */
  stream(policy?: QueryPolicy | null): RowStream<AerospikeRecord<B>> {
    return new RowStream(this.#open(this.opening(policy)) as Stream<RowChunk<AerospikeRecord<B>>>)
  }

  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns all records, in an array, in no defined order
   * @example
   * ```ts
   * const records = await client.query<{ name: string }>('test', 'users').select('name').results()
   * ```
   */
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

  /**
   * Runs the query with `maxRecords: 1`.
   *
   * @param policy - overrides the query's policy for this run
   * @returns one record, or null if there is none; which one is not defined
   * @example
   * ```ts
   * const record = await client.query('test', 'users').first()
   * ```
   */
  async first(policy?: QueryPolicy | null): Promise<AerospikeRecord<B> | null> {
    const [record] = await this.results({ ...policy, maxRecords: 1 })
    return record ?? null
  }

  /**
   * Runs the query, and counts the records. The servers send no bins, and no rows reach JavaScript.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the number of records
   * @example
   * ```ts
   * const adults = await client.query('test', 'users').where(filter.range('age', 18, 120)).count()
   * ```
   */
  async count(policy?: QueryPolicy | null): Promise<number> {
    const stream = this.#open(this.counting(policy))
    await stream.next()
    return countOf(stream.said)
  }

  /**
   * Runs the query, and calls a function with each record, one after the other.
   *
   * @param each - the function; a promise that it returns is awaited, and false ends the query
   * @param policy - overrides the query's policy for this run
   * @returns when the query has ended
   * @throws what `each` throws
   */
  async forEach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): Promise<void> {
    checkFunction(each, 'forEach')
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
   * Runs the query, and reads the records into columns: typed arrays that are views of one buffer, without an object
   * for each row. A value that does not fit its column fails its row, as in `batchReadColumns`. An empty result yields
   * no chunks.
   *
   * @param schema - bin name -> type of its column. The query reads only these bins, or the results of its operations
   *   under these names; servers leave out records that have none of them.
   * @param policy - overrides the query's policy; `chunkRows`: maximum number of rows in a chunk (default 8192); `wrap`
   * @returns the chunks, for `for await`
   * @throws InvalidArgError, at once, if the schema or the policy is invalid
   * @example
   * ```ts
   * for await (const { columns, length } of client.query('test', 'users').columns({ age: 'u8', name: 'utf8' })) {
   *   console.log(length, columns.age[0], columns.name.get(0))
   * }
   * ```
   */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStream<S> {
    return new ColumnStream(this.#open(this.columnsOpening(schema, policy)))
  }

  /**
   * Runs the query page by page. Between two pages, the servers hold no state. A page's cursor continues after it, in
   * this or another process.
   *
   * @param size - records per page, 1 or more; the last page can be shorter
   * @param cursor - `cursor` of an earlier page; null or undefined starts at the beginning
   * @param policy - overrides the query's policy; `maxRecords` limits all pages together
   * @returns the pages, for `for await`
   * @throws InvalidArgError, in the loop, if the size or the cursor is invalid
   * @example
   * ```ts
   * for await (const { records, cursor } of client.query('test', 'users').pages(100)) {
   *   console.log(records.length, cursor)
   * }
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
   * Creates an aggregation: the servers apply a function of a registered module to their records, and the client
   * reduces the results with the same module.
   *
   * The client fetches the module from the servers for each run. The part that runs in the client has its own thread
   * and at most 256 MiB, and cannot access files or start programs. The aggregation runs when you ask for its results,
   * and is not retried if a node is lost.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the stream. Default: none
   * @param policy - overrides the query's policy for this run
   * @returns the aggregation, not yet run
   * @throws InvalidArgError, at once, if an argument is invalid, or if the query has `select`, `operations`,
   *   `partitions` or `maxRecords`
   * @example
   * ```ts
   * const total = await client.query('test', 'orders').aggregate<number>('stats', 'sum', ['price']).first()
   * ```
   */
  aggregate<T = ReadValue, A = Value>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: QueryPolicy | null,
  ): Aggregation<T> {
    return new Aggregation<T>(this.#runner, this.aggregation(module, functionName, args, policy))
  }

  /**
   * Starts a background job that calls a user-defined function with each record, on the servers. No records are sent to
   * the client.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws UDFError, IndexNotFoundError; InvalidArgError if the query has `select`, `operations`, `partitions` or
   *   `maxRecords`. The error is in doubt if some of several nodes may have started the job.
   * @example
   * ```ts
   * const job = await client.query('test', 'users').apply('visits', 'add', [1])
   * await job.wait()
   * ```
   */
  async apply<A>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: JobPolicy | null,
  ): Promise<JobTask> {
    const [statement, merged] = this.job(undefined, policy)
    return this.#begun(this.#runner.run(queryApply, [statement, module, functionName, args, merged]))
  }

  /**
   * Starts a background job that executes operations that write on each record, on the servers.
   *
   * @param operations - operations that write
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws IndexNotFoundError; InvalidArgError as for `apply`
   * @example
   * ```ts
   * const job = await client.query('test', 'users').where(filter.range('age', 0, 17)).operate([op.write('minor', true)])
   * await job.wait()
   * ```
   */
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
   * Runs the query as a Node.js stream in object mode. Destroying the stream ends the query; a `signal` destroys it
   * with AbortError.
   *
   * @param policy - overrides the query's policy for this run
   * @returns a readable stream of records
   */
  toReadable(policy?: QueryPolicy | null): Readable {
    const opening = this.opening(policy)
    const rows = new RowStream(this.#open(opening))
    return readableOf(rows, opening.signal, opening.command.name)
  }
}

locateErrors(Query)

export interface Query<B = Bins> extends QueryAliases<Query<B>> {}
addAliases(Query, QUERY_ALIASES)

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
