/**
 * Batches of columns.
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
import { define, type Maybe } from './define'
import { ofColumn, ofKeys } from './subject'

/** Policy of reading columns. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Keep only the low bits of integers that do not fit their column, instead of failing their row. Default false. */
  wrap?: boolean | undefined
  /**
   * An earlier result that you no longer need. The new result reuses its memory if that is large enough. The views of the
   * earlier result are empty from the call on, even if the call fails. Nothing else may still be using its memory, such as a
   * write to a file or a socket. Default: allocate new memory.
   */
  into?: Columns<Schema> | undefined | null
}

/** Detaches the memory of an earlier result. Returns its number. */
function takeOver(memory: ArrayBuffer): number {
  try {
    return completion.session.takeOver(memory)
  } catch (cause) {
    throw invalidArgument(`batch policy.into: its memory cannot be taken over: ${(cause as Error).message}`)
  }
}

type ColumnsArgs = readonly [KeysLike, Schema, Maybe<ColumnsPolicy>]

/** Reads many records into columns. */
export const batchReadColumns = define({
  name: 'batchReadColumns',
  kind: 'batch',
  policy: 2,
  subject: ([keys]: ColumnsArgs, namespace) =>
    'ids' in keys ? ofColumn(keys.namespace ?? keys.ns, keys.set, keys.ids) : ofKeys([keys], namespace),
  encode: (writer, [likes, schema, given]: ColumnsArgs) => {
    const keys = writeKeySource(writer, likes)
    const { wrap = false, into, ...policy } = optionsObject(given ?? {}, 'batch policy')
    if (typeof wrap !== 'boolean')
      throw invalidArgument(`batch policy.wrap: true or false is needed, not ${describe(wrap)}`)
    const columns = writeSchema(writer, schema, wrap)
    writePolicy(writer, 'batch', policy)
    const memory = into === undefined || into === null ? undefined : memoryOf(into, likes)
    return { keys, columns, memory }
  },
  takeOver: ({ memory }) => (memory === undefined ? 0 : takeOver(memory)),
  decode: (reply, { keys, columns }): Columns<Schema> => Columns.read(reply, keys, columns),
})

type WriteArgs = readonly [WriteColumns, Maybe<BatchWritePolicy>]

/** Writes many records from columns. */
export const batchWriteColumns = define({
  name: 'batchWriteColumns',
  kind: 'batch',
  policy: 1,
  subject: ([{ namespace, ns, set, keys }]: WriteArgs) => ofColumn(namespace ?? ns, set, keys),
  encode: (writer, [data, policy]: WriteArgs) => {
    const keys = writeRowsOfColumns(writer, data)
    writePolicyAs(writer, BATCH_WRITE, policy)
    // The policy of each row is empty, except for its own generation and TTL.
    writeWritePolicyAs(writer, WRITE_ROW, undefined, undefined)
    return keys
  },
  decode: (reply, keys): WrittenRows => WrittenRows.read(reply, keys),
})
