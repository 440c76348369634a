/**
 * Methods of `Client` that combine several commands.
 */

import type { BatchWriteRecord } from '../batch/rows'
import { nodeFailure } from '../cluster/nodes'
import { checkPings, type NodePing, nodePing, PING } from '../cluster/ping'
import * as commands from '../commands'
import { monotonicNow } from '../common/globals'
import { Caller } from '../common/stacks'
import {
  type BulkRow,
  type BulkSource,
  type BulkWriteOptions,
  type BulkWriteResult,
  writeBulk,
} from '../helpers/bulk-write'
import { type UpdateFunction, type UpdateOptions, type Updater, type Upserter, updateRecord } from '../helpers/update'
import type { AdminPolicy } from '../options/policy'
import type { KeyLike } from '../values/key'
import type { AerospikeRecord, Bins } from '../values/record'
import type { Integer } from '../values/value'
import { Transactions } from './transactions'

/** The methods of `Client` that combine several commands. */
export abstract class Helpers<out I extends Integer = number | bigint> extends Transactions<I> {
  /**
   * Changes a record with a function, without losing writes of others (compare-and-set): reads the record, calls the
   * function with its bins, and writes the result if the record has not been written in between. Otherwise it starts
   * again after a random pause, with the new bins.
   *
   * Only bins that the function changed are written, and bins that its result does not have are removed. If it changed
   * nothing, nothing is written. The function may be called several times, so it should have no other effects.
   *
   * @param key - the record's key
   * @param fn - gets the stored bins and the record, and returns the bins to store; it may change its argument
   * @param options - how often to try, time to live, and policies
   * @returns the record after the write: the bins that the function returned, and the new generation
   * @throws RecordNotFoundError if the record does not exist, without `create`; RecordGenerationError if every attempt lost
   *   against another write, with the last conflict as `cause`; InvalidArgError if the function returns no bins; what
   *   the function throws; the errors of `get` and `operate`. An error that is in doubt is not retried.
   * @example
   * ```ts
   * const { bins } = await client.update<{ visits: number }>(['test', 'users', 'ada'], user => ({
   *   ...user,
   *   visits: user.visits + 1,
   * }))
   * ```
   */
  update<B = Bins>(
    key: KeyLike,
    fn: Updater<B>,
    options?: UpdateOptions & { readonly create?: false | undefined },
  ): Promise<AerospikeRecord<B>>
  /**
   * Changes or creates a record with a function: with `create: true`, the function gets null if the record does not
   * exist. Otherwise the same as above.
   *
   * @param key - the record's key
   * @param fn - gets the stored bins and the record, or null, and returns the bins to store
   * @param options - `create: true`, how often to try, time to live, and policies
   * @returns the record after the write
   * @example
   * ```ts
   * await client.update<{ visits: number }>(
   *   ['test', 'users', 'ada'],
   *   user => ({ visits: (user?.visits ?? 0) + 1 }),
   *   { create: true },
   * )
   * ```
   */
  update<B = Bins>(key: KeyLike, fn: Upserter<B>, options: UpdateOptions): Promise<AerospikeRecord<B>>
  update<B>(key: KeyLike, fn: unknown, options?: UpdateOptions): Promise<AerospikeRecord<B>> {
    return updateRecord(this, key, fn as UpdateFunction, options) as Promise<AerospikeRecord<unknown>> as Promise<
      AerospikeRecord<B>
    >
  }

  /**
   * Writes many records from a source of any length, in batches. The source is read only as fast as batches complete,
   * so memory is bounded by the rows of the batches in flight, and by the rows that fail.
   *
   * A row that fails does not affect the others. A batch without any answer is a failure of each of its rows.
   *
   * @param source - an async iterable or another iterable of records `{ key, bins, meta?, policy? }`, or of batch rows
   *   that write, such as `batchRow.operate(...)` and `batchRow.remove(...)`
   * @param options - size of a batch, progress, and policy
   * @returns the number of rows written, failed and in doubt, and the rows that failed, each with its error
   * @throws BulkWriteError if the bulk write ends before its source: if the source or `onProgress` throws, a row is
   *   invalid, the signal fires, or the client is closed. `result` reports what was written, `cause` is the reason.
   *   InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const names = ['ada', 'bob']
   * const rows = names.map(name => ({ key: ['test', 'users', name] as const, bins: { name } }))
   * const { written, failures } = await client.bulkWrite(rows)
   * for (const { index, error } of failures) console.log(index, error.code)
   * ```
   */
  bulkWrite<R extends BulkRow | BatchWriteRecord<object>>(
    source: BulkSource<R>,
    options?: BulkWriteOptions,
  ): Promise<BulkWriteResult> {
    return writeBulk(this, source as BulkSource, options)
  }

  /**
   * Sends a small request to each node, and measures the time until its answer. Useful for health checks.
   *
   * @param policy - overrides the client's `admin` policy for this call; its `timeout` (default 1000 ms) is the limit
   *   for each node
   * @returns for each node its name, its address, the time in milliseconds, and `error` if it did not answer
   * @throws the error of a node if no node answers; ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { node, address, ms, error } of await client.ping()) console.log(node, address, error?.code ?? ms)
   * ```
   */
  async ping(policy?: AdminPolicy): Promise<NodePing[]> {
    const caller = new Caller()
    try {
      const pings = await Promise.all(
        this.stats().nodes.map(async stats => {
          const start = monotonicNow()
          let failure: NodePing['error'] = null
          try {
            await this.run(commands.infoNode, [PING, stats.name, policy])
          } catch (error) {
            failure = nodeFailure(error)
          }
          return nodePing(stats, monotonicNow() - start, failure)
        }),
      )
      return checkPings(pings)
    } catch (error) {
      throw caller.locate(error)
    }
  }
}
