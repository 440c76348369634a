// Generated from lib/methods/batches.ts by `make types`. Do not edit.

/** Multi-record commands of `ClientSync`. */

import type { BatchWritePolicy } from '../batch/policy'
import type { BatchRecords } from '../batch/result'
import type { BatchRowRequest, BatchWriteRecord, RecordToWrite } from '../batch/rows'
import type { Columns, KeysLike, Schema, WriteColumns, WrittenRows } from '../columns'
import * as commands from '../commands'
import type { BinsOf, Inferred } from '../operations/answers'
import type { Operation } from '../operations/operation'
import type { BatchPolicy } from '../options/policy'
import type { KeyLike } from '../values/key'
import type { BinName, Bins } from '../values/record'
import type { Storable } from '../values/storable'
import type { Integer } from '../values/value'
import { RecordsSync } from './records-sync'

/** The multi-record methods of `ClientSync`. */
export abstract class BatchesSync<out I extends Integer = number | bigint> extends RecordsSync<I> {
  /**
   * Reads many records, with one request for each node.
   *
   * A row that fails does not affect the others. The call throws only if no row has an answer.
   *
   * @param keys - keys of the records; the rows of the result are in the same order
   * @param bins - names of the bins to read. Default: all bins. With an empty list, only existence, generation and TTL
   * @param policy - overrides the client's `batch` policy for this call
   * @returns the rows; a missing record is a row with result code 2, and does not count as a failure
   * @throws InvalidArgError if a key or a bin name is invalid
   * @example
   * ```ts
   * const rows = client.batchRead<{ name: string }>([['test', 'users', 'ada'], ['test', 'users', 'bob']], ['name'])
   * for (const { record } of rows) console.log(record?.bins.name)
   * ```
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly BinName<B>[] | null,
    policy?: BatchPolicy,
  ): BatchRecords<B> {
    return this.run(commands.batchRead, [keys, bins, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Writes many records, each with its own bins.
   *
   * A row behaves like a single `put`: other bins of the record are unchanged, `null` removes a bin, and `meta.gen`
   * writes only if the record has this generation. A row that fails does not affect the others. The call throws only if
   * no row has an answer. Writes are not retried unless `maxRetries` is set.
   *
   * @param records - `{ key, bins, meta?, policy? }` for each record
   * @param policy - batch policy, and the write policy of all rows (`exists`, `ttl`, `key` ...)
   * @returns the rows, in the order of `records`; `row.inDoubt` is true if a failed write may have been applied
   * @throws InvalidArgError if a record is invalid; the message names its position, and nothing is written
   * @example
   * ```ts
   * const rows = client.batchWrite([
   *   { key: ['test', 'users', 'ada'], bins: { visits: 1 } },
   *   { key: ['test', 'users', 'bob'], bins: { visits: 5 }, meta: { ttl: 3600 } },
   * ])
   * rows.throwIfFailed()
   * ```
   */
  batchWrite<R extends BatchWriteRecord<object>>(
    records: readonly RecordToWrite<R>[],
    policy?: BatchWritePolicy,
  ): BatchRecords {
    return this.run(commands.batchWrite, [records, policy])
  }

  /**
   * Executes the same operations on many records: on each record in order and atomically.
   *
   * If all operations read, the batch is a batch of reads: it is retried as such and is never in doubt. As with
   * `operate`, the type of `bins` is inferred from the operations; `batchOperate<B>` sets it instead.
   *
   * @param keys - keys of the records
   * @param ops - operations, as for `operate`
   * @param policy - batch policy, and the write policy of all rows (`ttl`, `exists` ...)
   * @returns the rows, in the order of `keys`; `row.record` holds the results as that of `operate` does
   * @throws InvalidArgError if a key or an operation is invalid
   * @example
   * ```ts
   * const rows = client.batchOperate(
   *   [['test', 'users', 'ada'], ['test', 'users', 'bob']],
   *   [op.incr('visits', 1), op.read('visits')],
   * )
   * for (const { record } of rows) console.log(record?.bins.visits)
   * ```
   */
  batchOperate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    keys: readonly KeyLike[],
    ops: O,
    policy?: BatchWritePolicy,
  ): BatchRecords<BinsOf<B, O, I>> {
    return this.run(commands.batchOperate, [keys, ops, policy]) as BatchRecords<unknown> as BatchRecords<
      BinsOf<B, O, I>
    >
  }

  /**
   * Deletes many records.
   *
   * @param keys - keys of the records
   * @param policy - batch policy, and the write policy of all rows (`durableDelete` ...)
   * @returns the rows, in the order of `keys`; a missing record is a row with result code 2, and does not count as a
   *   failure
   * @throws InvalidArgError if a key is invalid
   * @example
   * ```ts
   * const rows = client.batchRemove([['test', 'users', 'ada'], ['test', 'users', 'bob']])
   * console.log(rows.succeeded, 'records deleted')
   * ```
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): BatchRecords {
    return this.run(commands.batchRemove, [keys, policy])
  }

  /**
   * Calls a user-defined function (UDF) on many records, on the servers that hold them.
   *
   * @param keys - keys of the records
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - batch policy, and the write policy of all rows (`ttl` ...)
   * @returns the rows, in the order of `keys`; `row.result` is what the function returned. If the function failed,
   *   `row.error` is a UDFError with the function's own message.
   * @throws InvalidArgError if an argument is invalid
   * @example
   * ```ts
   * const rows = client.batchApply([['test', 'users', 'ada'], ['test', 'users', 'bob']], 'visits', 'add', [1])
   * for (const { result, error } of rows) console.log(error?.message ?? result)
   * ```
   */
  batchApply<A>(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Storable<A>[] | null,
    policy?: BatchWritePolicy,
  ): BatchRecords {
    return this.run(commands.batchApply, [keys, module, fn, args, policy])
  }

  /**
   * Executes rows of different types in one batch: reads, writes, operations, deletes and UDF calls, with one request
   * for each node. `batchRow` builds the rows; plain objects such as `{ type: 'read', key, bins }` also work.
   *
   * The rows of a batch have no defined order of execution, even if several rows name the same record.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns the rows, in the order of `rows`
   * @throws InvalidArgError if a row is invalid; the message names its position, and nothing is executed
   * @example
   * ```ts
   * const rows = client.batch([
   *   batchRow.read(['test', 'users', 'ada'], ['name']),
   *   batchRow.write(['test', 'users', 'cy'], { name: 'Cy' }, null, { exists: 'create-only' }),
   * ])
   * ```
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): BatchRecords<B> {
    return this.run(commands.batch, [rows, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Reads many records into columns: typed arrays that are views of one buffer, without an object for each row.
   *
   * @param keys - keys, or a column of user keys `{ namespace, set, ids }`, which creates no key objects
   * @param schema - bin name -> type of its column
   * @param policy - batch policy, with `wrap` and `into`
   * @returns the columns, one row for each key. A missing record fails its row (result code 2), and so does a value
   *   that does not fit its column (12). A missing bin has no validity bit.
   * @throws InvalidArgError if a key or the schema is invalid
   * @example
   * ```ts
   * const rows = client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
   * console.log(rows.columns.age[0])
   * ```
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: commands.ColumnsPolicy): Columns<S> {
    return this.run(commands.batchReadColumns, [keys, schema, policy]) as Columns<Schema> as Columns<S>
  }

  /**
   * Writes many records from columns: one record for each key, one bin for each column. The native code builds the rows
   * from the columns' bytes; no object is created for a row.
   *
   * A row that fails does not fail the call. Writes are not retried unless `maxRetries` is set.
   *
   * @param data - namespace, set, keys, columns, and which rows have values
   * @param policy - batch policy, and the write policy of all rows
   * @returns for each row its result code, generation and error, and whether a failed write may have been applied
   * @throws InvalidArgError, before anything is sent, if a column's length differs from the number of keys, if its
   *   memory is detached or shared, or if its type does not fit the schema; the message names the column
   * @example
   * ```ts
   * const written = client.batchWriteColumns({
   *   namespace: 'test',
   *   set: 'users',
   *   keys: ['ada', 'bob'],
   *   columns: { age: Uint8Array.of(36, 41) },
   * })
   * console.log(written.ok)
   * ```
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): WrittenRows {
    return this.run(commands.batchWriteColumns, [data, policy])
  }
}
