/**
 * Batches, as columns.
 */
import { BATCH_WRITE, type BatchWritePolicy, WRITE_ROW } from '../batch/policy'
import { completion } from '../boundary/completion'
import {
  Columns,
  type KeysLike,
  memoryOf,
  type Schema,
  type WriteColumns,
  WrittenRows,
  writeKeySource,
  writeRowsOfColumns,
  writeSchema,
} from '../columns'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { optionsObject } from '../common/options'
import { type BatchPolicy, writePolicy, writePolicyAs, writeWritePolicyAs } from '../options/policy'
import type { Writer } from '../wire/wire'
import { define, type Maybe } from './define'
import { ofColumn, ofKeys } from './subject'

/** How columns are read. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
  /**
   * A former result that is not needed any more: the new one takes its memory over where that is large enough. The former's
   * views are empty from the call on, whatever becomes of the call. Nothing else may still be using its memory, such as a
   * write to a file or a socket. Default: new memory.
   */
  into?: Columns<Schema> | undefined | null
}

function takeOver(writer: Writer, memory: ArrayBuffer): void {
  try {
    writer.spare = completion.session.takeOver(memory)
  } catch (cause) {
    throw invalidArgument(`batch policy.into: its memory cannot be taken over: ${(cause as Error).message}`)
  }
}

type ColumnsArgs = readonly [KeysLike, Schema, Maybe<ColumnsPolicy>]

/** Reads many records into columns. */
export const batchReadColumns = define({
  name: 'batchReadColumns',
  id: 17,
  kind: 'batch',
  policy: 2,
  subject: ([keys]: ColumnsArgs) => ('ids' in keys ? ofColumn(keys.ns, keys.set, keys.ids) : ofKeys([keys])),
  encode: (writer, [likes, schema, given]: ColumnsArgs) => {
    const keys = writeKeySource(writer, likes)
    const { wrap = false, into, ...policy } = optionsObject(given ?? {}, 'batch policy')
    if (typeof wrap !== 'boolean')
      throw invalidArgument(`batch policy.wrap: true or false is needed, not ${describe(wrap)}`)
    const columns = writeSchema(writer, schema, wrap)
    writePolicy(writer, 'batch', policy)
    // Last: what is wrong with the call leaves the former result as it is.
    if (into !== undefined && into !== null) takeOver(writer, memoryOf(into, likes))
    return { keys, columns }
  },
  decode: (reply, { keys, columns }): Columns<Schema> => Columns.read(reply, keys, columns),
})

type WriteArgs = readonly [WriteColumns, Maybe<BatchWritePolicy>]

/** Writes many records from columns. */
export const batchWriteColumns = define({
  name: 'batchWriteColumns',
  id: 23,
  kind: 'batch',
  policy: 1,
  subject: ([{ ns, set, keys }]: WriteArgs) => ofColumn(ns, set, keys),
  encode: (writer, [data, policy]: WriteArgs) => {
    writePolicyAs(writer, BATCH_WRITE, policy)
    // What a row says of itself: nothing, beside its own generation and lifetime.
    writeWritePolicyAs(writer, WRITE_ROW, undefined, undefined)
    return writeRowsOfColumns(writer, data)
  },
  decode: (reply, keys): WrittenRows => WrittenRows.read(reply, keys),
})
