/**
 * Commands on many records, for `ClientSync`.
 */

import type { BatchWritePolicy } from '../batch/policy'
import type { BatchRecords } from '../batch/result'
import type { BatchRowRequest, BatchWriteRecord } from '../batch/rows'
import type { Columns, KeysLike, Schema, WriteColumns, WrittenRows } from '../columns'
import * as commands from '../commands'
import type { Operation } from '../operations/operation'
import type { BatchPolicy } from '../options/policy'
import type { KeyLike } from '../values/key'
import type { Bins } from '../values/record'
import type { Value } from '../values/value'
import { RecordsSync } from './records-sync'

/** The part of `ClientSync` that is about many records. */
export abstract class BatchesSync extends RecordsSync {
  /**
   * Reads many records. A row that fails does not fail the others; the call throws only when no row has an answer.
   * @param bins - those to read; default all; an empty list asks for existence only
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly string[] | null,
    policy?: BatchPolicy,
  ): BatchRecords<B> {
    return this.run(commands.batchRead, [keys, bins, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Writes many records, each with bins of its own. Rows are as those of single writes: other bins stay, null removes a
   * bin, `meta.gen` writes only if the record has this generation.
   *
   * A row that fails does not fail the others; the call throws only when no row has an answer. Nothing is sent twice
   * unless `maxRetries` says so.
   * @param records - `{ key, bins, meta?, policy? }` each
   * @param policy - the batch's, and what holds for all of its rows (`exists`, `ttl`, `key` ...)
   * @throws InvalidArgError when one of the records is wrong, by its place: then none is written
   */
  batchWrite(records: readonly BatchWriteRecord[], policy?: BatchWritePolicy): BatchRecords {
    return this.run(commands.batchWrite, [records, policy])
  }

  /**
   * Carries out the same operations on many records, on each in order and as one. A row's `record` holds the answers as
   * that of `operate` does. Operations that all read are carried out as reads: they are repeated as such, and never in
   * doubt.
   * @param policy - the batch's, and what holds for all of its rows (`ttl`, `exists` ...)
   */
  batchOperate<B = Bins>(
    keys: readonly KeyLike[],
    ops: readonly Operation[],
    policy?: BatchWritePolicy,
  ): BatchRecords<B> {
    return this.run(commands.batchOperate, [keys, ops, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Deletes many records. A record that is not there is a row with result code 2, and no failure.
   * @param policy - the batch's, and what holds for all of its rows (`durableDelete` ...)
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): BatchRecords {
    return this.run(commands.batchRemove, [keys, policy])
  }

  /**
   * Calls a registered function on many records. A row's `result` is what it returned; where it failed, `error` is a
   * UDFError with the function's own message.
   * @param module - with or without `.lua`
   * @param policy - the batch's, and what holds for all of its rows (`ttl` ...)
   */
  batchApply(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Value[] | null,
    policy?: BatchWritePolicy,
  ): BatchRecords {
    return this.run(commands.batchApply, [keys, module, fn, args, policy])
  }

  /**
   * Reads, writes, operates, deletes and calls functions in one request for each node: each row says what it does.
   * `batchRow` builds rows; plain objects `{ type: 'read', key, bins }` do as well.
   *
   * Rows of one batch have no order among each other, whatever records they are about.
   * @param policy - the batch's, and what holds for all rows that write
   * @throws InvalidArgError when one of the rows is wrong, by its place: then none is carried out
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): BatchRecords<B> {
    return this.run(commands.batch, [rows, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   * @param keys - keys, or a column of user keys `{ ns, set, ids }`, of which no object is made
   * @param schema - bin name -> type of its column
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: commands.ColumnsPolicy): Columns<S> {
    return this.run(commands.batchReadColumns, [keys, schema, policy]) as Columns<Schema> as Columns<S>
  }

  /**
   * Writes many records from columns: a record for each key, a bin for each column. Rust makes the rows of the columns'
   * bytes; no object is made of a row.
   *
   * A row that fails does not fail the call: its code and error are in the result, and whether it may have been written all
   * the same. Writes are not sent again by themselves.
   * @param data - namespace, set, keys, columns, and which rows have values
   * @throws InvalidArgError before anything is sent, by name: columns of another length than the keys, memory that is detached
   * or shared, types that do not fit the schema
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): WrittenRows {
    return this.run(commands.batchWriteColumns, [data, policy])
  }
}
