/**
 * Several operations on one record, in one request.
 */

import { changedBins, isWriting, type Operation, writeOperations } from '../operations/operation'
import { type WriteMeta, type WritePolicy, writeWritePolicy } from '../options/policy'
import type { Key, KeyLike } from '../values/key'
import { type AerospikeRecord, type OrderedResults, readOrdered, readRecord } from '../values/record'
import type { Writer } from '../wire/wire'
import { define, type Maybe, writeKeyOf } from './define'
import { ofKey } from './subject'

type OperateArgs = readonly [KeyLike, readonly Operation[], Maybe<WriteMeta>, Maybe<WritePolicy>]

/** The record and its operations. The bins are determined only if a failure is about a bin. */
class Operated {
  constructor(
    readonly key: Key,
    readonly operations: readonly Operation[],
  ) {}

  get bins(): string[] {
    return changedBins(this.operations)
  }
}

const write = ({ operations }: Operated): boolean => operations.some(isWriting)

function writeOperate(writer: Writer, [like, operations]: OperateArgs): Operated {
  const key = writeKeyOf(writer, like)
  writeOperations(writer, operations)
  return new Operated(key, operations)
}

const writeOperatePolicy = (writer: Writer, [, , meta, policy]: OperateArgs): void =>
  writeWritePolicy(writer, policy, meta)

/** Runs several operations on one record; returns the last result of each bin. */
export const operate = define({
  name: 'operate',
  kind: 'write',
  policy: 3,
  subject: ofKey,
  write,
  autoBatch: 'writes',
  encode: writeOperate,
  encodePolicy: writeOperatePolicy,
  decode: ({ reader, shapes, context }, { key }): AerospikeRecord => readRecord(reader, key, shapes, context),
})

/** Runs several operations on one record; returns every result in order. */
export const operateOrdered = define({
  name: 'operateOrdered',
  kind: 'write',
  policy: 3,
  subject: ofKey,
  write,
  autoBatch: 'writes',
  encode: writeOperate,
  encodePolicy: writeOperatePolicy,
  decode: ({ reader, context }, { key }): OrderedResults => readOrdered(reader, key, context),
})
