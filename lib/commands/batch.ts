/**
 * Batches of rows.
 */

import { BATCH_APPLY, BATCH_WRITE, type BatchWritePolicy, READ_ROW, REMOVE_ROW } from '../batch/policy'
import { BatchRecords } from '../batch/result'
import {
  type BatchRequest,
  type BatchRowRequest,
  type BatchWriteRecord,
  checkFunctions,
  kindOfOperations,
  requestWrites,
  writeApply,
  writeOperated,
  writeRows,
  writeSameRows,
} from '../batch/rows'
import type { Command } from '../boundary/command'
import type { Reply } from '../boundary/reply'
import { COMMANDS, type CommandName } from '../catalog/commands'
import { RowKind } from '../catalog/formats'
import { writeBinChoice } from '../operations/bin-name'
import type { Operation } from '../operations/operation'
import { type BatchPolicy, type PolicyForm, writePolicy, writePolicyAs, writeWritePolicyAs } from '../options/policy'
import { type Chunk, closeChunk, type ReadContent, readChunk } from '../query/chunk'
import type { Subject } from '../telemetry/diagnostics'
import type { KeyLike } from '../values/key'
import type { Writer } from '../wire/wire'
import { define, type Maybe } from './define'
import { ofKeys, ofRows } from './subject'

const decode = (reply: Reply, request: BatchRequest): BatchRecords => BatchRecords.read(reply, request)

/** Defines a batch command whose rows may write. */
function writing<A extends readonly unknown[]>(
  name: CommandName,
  policy: number,
  subject: (args: A, namespace: string) => Subject,
  encode: (writer: Writer, writePolicy: () => void, args: A) => BatchRequest,
  form: PolicyForm = BATCH_WRITE,
): Command<A, BatchRecords, BatchRequest> {
  return define({
    name,
    kind: 'batch',
    policy,
    subject,
    ...(COMMANDS[name].effect === 'given' ? { write: requestWrites } : {}),
    encode: (writer, args: A) =>
      encode(writer, () => writePolicyAs(writer, form, args[policy] as Maybe<BatchWritePolicy>), args),
    decode,
  })
}

/** Reads many records. */
export const batchRead = define({
  name: 'batchRead',
  kind: 'batch',
  policy: 2,
  subject: ofKeys,
  encode: (
    writer,
    [likes, bins, policy]: readonly [readonly KeyLike[], Maybe<readonly string[]>, Maybe<BatchPolicy>],
  ): BatchRequest =>
    writeSameRows(
      writer,
      'batchRead',
      () => writePolicy(writer, 'batch', policy),
      likes,
      RowKind.READ,
      () => {
        writeBinChoice(writer, bins)
        writePolicyAs(writer, READ_ROW, undefined)
      },
    ),
  decode,
})

/** Writes bins of many records. */
export const batchWrite = writing(
  'batchWrite',
  1,
  ofRows,
  (writer, writePolicy, [records]: readonly [readonly BatchWriteRecord[], Maybe<BatchWritePolicy>]) =>
    writeRows(writer, 'batchWrite', writePolicy, records, 'records', 'write'),
)

/** Runs the same operations on many records. */
export const batchOperate = writing(
  'batchOperate',
  2,
  ofKeys,
  (writer, writePolicy, [likes, ops]: readonly [readonly KeyLike[], readonly Operation[], Maybe<BatchWritePolicy>]) => {
    const kind = kindOfOperations(ops)
    return writeSameRows(writer, 'batchOperate', writePolicy, likes, kind, () =>
      writeOperated(writer, kind, ops, undefined, undefined),
    )
  },
)

/** Deletes many records. */
export const batchRemove = writing(
  'batchRemove',
  1,
  ofKeys,
  (writer, writePolicy, [likes]: readonly [readonly KeyLike[], Maybe<BatchWritePolicy>]) =>
    writeSameRows(writer, 'batchRemove', writePolicy, likes, RowKind.REMOVE, () =>
      writeWritePolicyAs(writer, REMOVE_ROW, undefined, undefined),
    ),
)

/** Calls a user-defined function on many records. */
export const batchApply = writing(
  'batchApply',
  4,
  ofKeys,
  (
    writer,
    writePolicy,
    [likes, module, fn, args]: readonly [
      readonly KeyLike[],
      string,
      string,
      Maybe<readonly unknown[]>,
      Maybe<BatchWritePolicy>,
    ],
  ) =>
    writeSameRows(writer, 'batchApply', writePolicy, likes, RowKind.APPLY, () =>
      writeApply(writer, module, fn, args, undefined),
    ),
  BATCH_APPLY,
)

/** Runs a batch of rows of any kind. */
export const batch = writing(
  'batch',
  1,
  ofRows,
  (writer, writePolicy, [rows, policy]: readonly [readonly BatchRowRequest[], Maybe<BatchWritePolicy>]) =>
    checkFunctions(writeRows(writer, 'batch', writePolicy, rows, 'rows'), policy),
)

/** A batch that was already written, its policy, its rows, and the function that reads the results. */
export type BatchStreamArgs = readonly [Buffer, BatchWritePolicy, BatchRequest, ReadContent<unknown>]

interface Streamed {
  readonly request: BatchRequest
  readonly read: ReadContent<unknown>
}

/** Opens a batch of rows of any kind as a stream and returns its first rows. */
export const batchStream = define({
  name: 'batchStream',
  kind: 'batch',
  policy: 1,
  subject: ([, , { keys }]: BatchStreamArgs, namespace) => ofKeys([keys], namespace),
  quiet: true,
  write: ({ request }: Streamed) => requestWrites(request),
  encode: (writer, [body, , request, read]: BatchStreamArgs): Streamed => {
    writer.raw(body)
    return { request, read }
  },
  decode: (reply, { read }): Chunk<unknown> => readChunk(reply, read),
  discard: closeChunk,
})
