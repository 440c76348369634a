/**
 * Queries and scans of the blocking client.
 */

import type { SyncRunner } from '../boundary/command'
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
import { AggregationSync } from './aggregation'
import { countOf, type Page, pageEnd, pageStart, QueryBuilder } from './builder'
import { ColumnStreamSync, type QueryColumnsPolicy } from './column-stream'
import { JobTaskSync } from './job'
import { checkFunction, type Opening, RowStreamSync, StreamSync } from './stream'

/**
 * Like `Query`, blocking: iterate over the records with `for`.
 *
 * @throws InvalidArgError, IndexNotFoundError, QueryError, ServerError, ClusterError, AerospikeTimeoutError
 */
export class QuerySync<B = Bins> extends QueryBuilder<B> implements Iterable<AerospikeRecord<B>> {
  readonly #runner: SyncRunner

  /** @internal */
  constructor(runner: SyncRunner, namespace: string, set: string | null | undefined) {
    super(namespace, set)
    this.#runner = runner
  }

  #open<C>(opening: Opening<C>): StreamSync<C> {
    return new StreamSync(this.#runner, opening)
  }

  /** Runs the query, and iterates over the records. */
  [Symbol.iterator](): RowStreamSync<AerospikeRecord<B>> {
    return this.stream()
  }

  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the records as a stream: for `for`, in arrays with `chunks()`, or in a `using` declaration
   */
  stream(policy?: QueryPolicy | null): RowStreamSync<AerospikeRecord<B>> {
    return new RowStreamSync(this.#open(this.opening(policy)) as StreamSync<RowChunk<AerospikeRecord<B>>>)
  }

  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns all records, in an array, in no defined order
   */
  results(policy?: QueryPolicy | null): AerospikeRecord<B>[] {
    return [...this.stream(policy)]
  }

  /**
   * Runs the query with `maxRecords: 1`.
   *
   * @param policy - overrides the query's policy for this run
   * @returns one record, or null if there is none; which one is not defined
   */
  first(policy?: QueryPolicy | null): AerospikeRecord<B> | null {
    const [record] = this.results({ ...policy, maxRecords: 1 })
    return record ?? null
  }

  /**
   * Runs the query, and counts the records. The servers send no bins, and no rows reach JavaScript.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the number of records
   */
  count(policy?: QueryPolicy | null): number {
    const stream = this.#open(this.counting(policy))
    stream.next()
    return countOf(stream.said)
  }

  /**
   * Runs the query, and calls a function with each record.
   *
   * @param each - the function; returning false ends the query
   * @param policy - overrides the query's policy for this run
   */
  forEach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): void {
    checkFunction(each, 'forEach')
    for (const record of this.stream(policy)) if (each(record) === false) return
  }

  /**
   * Creates an aggregation; see `Query.aggregate`.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the stream. Default: none
   * @param policy - overrides the query's policy for this run
   * @returns the aggregation, not yet run
   * @throws InvalidArgError, at once, if an argument is invalid, or if the query has `select`, `operations`,
   *   `partitions` or `maxRecords`
   */
  aggregate<T = ReadValue, A = Value>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: QueryPolicy | null,
  ): AggregationSync<T> {
    return new AggregationSync<T>(this.#runner, this.aggregation(module, functionName, args, policy))
  }

  /**
   * Runs the query, and reads the records into columns; see `Query.columns`.
   *
   * @param schema - bin name -> type of its column
   * @param policy - overrides the query's policy; `chunkRows`: maximum number of rows in a chunk (default 8192); `wrap`
   * @returns the chunks, for `for`
   * @throws InvalidArgError, at once, if the schema or the policy is invalid
   */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStreamSync<S> {
    return new ColumnStreamSync(this.#open(this.columnsOpening(schema, policy)))
  }

  /**
   * Starts a background job that calls a user-defined function with each record; see `Query.apply`.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws UDFError, IndexNotFoundError, InvalidArgError
   */
  apply<A>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: JobPolicy | null,
  ): JobTaskSync {
    const [statement, merged] = this.job(undefined, policy)
    return this.#begun(() => this.#runner.run(queryApply, [statement, module, functionName, args, merged]))
  }

  /**
   * Starts a background job that executes operations that write on each record; see `Query.operate`.
   *
   * @param operations - operations that write
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws IndexNotFoundError, InvalidArgError
   */
  operate(operations: readonly Operation[], policy?: JobPolicy | null): JobTaskSync {
    const [statement, merged] = this.job(operations, policy)
    return this.#begun(() => this.#runner.run(queryOperate, [statement, merged]))
  }

  #begun(begin: () => bigint): JobTaskSync {
    try {
      return new JobTaskSync(this.#runner, begin(), true)
    } catch (error) {
      throw this.explained(error)
    }
  }

  /**
   * Runs the query page by page; see `Query.pages`.
   *
   * @param size - records per page, 1 or more; the last page can be shorter
   * @param cursor - `cursor` of an earlier page; null or undefined starts at the beginning
   * @param policy - overrides the query's policy; `maxRecords` limits all pages together
   * @returns the pages, for `for`
   * @throws InvalidArgError, in the loop, if the size or the cursor is invalid
   */
  *pages(size: number, cursor?: string | null, policy?: QueryPolicy | null): Generator<Page<B>, void, undefined> {
    let from = pageStart(size, cursor)
    let left = this.merged(policy).maxRecords || Number.POSITIVE_INFINITY
    for (;;) {
      const stream = this.#open(this.opening(policy, { maxRecords: Math.min(size, left), cursor: from }, true))
      const records = [...new RowStreamSync(stream as StreamSync<RowChunk<AerospikeRecord<B>>>)]
      left -= records.length
      const next = pageEnd(stream.said)
      if (records.length > 0 || next !== null) yield { records, cursor: next }
      if (next === null || left <= 0) return
      from = pageStart(size, next)
    }
  }
}

locateErrors(QuerySync)

export interface QuerySync<B = Bins> extends QueryAliases<QuerySync<B>> {}
addAliases(QuerySync, QUERY_ALIASES)
