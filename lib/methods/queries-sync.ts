// Generated from lib/methods/queries.ts by `make types`. Do not edit.

/** Batch streams, queries and background jobs of `ClientSync`. */

import type { BatchWritePolicy } from '../batch/policy'
import type { BatchRow } from '../batch/result'
import type { BatchRowRequest } from '../batch/rows'
import type { SyncRunner } from '../boundary/command'
import { batchOpening } from '../streams/batch-stream'
import { refuseQueryOptions } from '../streams/builder'
import { JobTaskSync } from '../streams/job'
import { QuerySync } from '../streams/query-sync'
import { RowStreamSync, StreamSync } from '../streams/stream'
import type { Bins } from '../values/record'
import type { Integer } from '../values/value'
import { AerospikePySync } from './aerospike-py-sync'

/** The methods of `ClientSync` that return streams, queries and jobs. */
export abstract class QueriesSync<out I extends Integer = number | bigint> extends AerospikePySync<I> {
  /** Runs commands for streams. @internal */
  protected abstract get runner(): SyncRunner

  /**
   * Executes the rows of `batch`, and yields each result when it arrives, with its `index` in the request: you can
   * handle the first rows while others are in progress.
   *
   * Memory is bounded: the client stops reading from the nodes while 4096 rows or 1 MiB wait for your loop. Leaving the
   * loop ends the batch; rows that write and have no answer by then are in doubt. There is no time limit unless
   * `totalTimeout` sets one, which also counts the time that the loop's body takes.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns an iterable of the rows, in order of arrival; iterating throws if no row has an answer
   * @throws InvalidArgError, at once, if a row is invalid; the message names its position
   * @example
   * ```ts
   * const keys = ['ada', 'bob'].map(name => ['test', 'users', name] as const)
   * for (const row of client.batchStream(keys.map(key => batchRow.read(key, ['name'])))) {
   *   console.log(row.index, row.record?.bins)
   * }
   * ```
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStreamSync<BatchRow<B>> {
    return new RowStreamSync(new StreamSync(this.runner, batchOpening<B>(rows, policy, this.runner.context())))
  }

  /**
   * Creates a query of a set or of a whole namespace. Builder methods such as `where` and `filter` mutate the query and
   * return it; `for`, `results()`, `count()` and others run it.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * const adults = client.query<{ name: string }>('test', 'users').where(filter.range('age', 18, 120)).select('name')
   * for (const { bins } of adults) console.log(bins.name)
   * ```
   */
  query<B = Bins>(namespace: string, set?: string | null): QuerySync<B>
  query<B>(namespace: string, set?: string | null, ...others: readonly unknown[]): QuerySync<B> {
    refuseQueryOptions(others)
    return new QuerySync<B>(this.runner, namespace, set)
  }

  /**
   * Returns a handle to a background job that was started before, in this or another process.
   *
   * @param id - the job's id, from `JobTaskSync.id`
   * @returns the handle, to follow the job's progress; the servers are not asked yet
   * @throws InvalidArgError if `id` is not a bigint from 0 to 2^64 - 1
   * @example
   * ```ts
   * const { id } = client.query('test', 'users').operate([op.incr('visits', 1)])
   * // Later, also in another process:
   * client.job(id).wait()
   * ```
   */
  job(id: bigint): JobTaskSync {
    return new JobTaskSync(this.runner, id, false)
  }
}
