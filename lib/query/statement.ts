/**
 * The statement of a query and its encoding, which must match `crate/src/convert/statement.rs`.
 */
import { PartitionSelection } from '../catalog/formats'
import { invalidArgument } from '../common/errors'
import { checkOptions, integerOption, optionsObject } from '../common/options'
import { allOf, type Conditions, conditionsOf } from '../expressions/conditions'
import { writeBinChoice } from '../operations/bin-name'
import { type Operation, writeOperations } from '../operations/operation'
import { Key, type KeyLike } from '../values/key'
import { writeSpace } from '../values/subject'
import { Writer } from '../wire/wire'
import type { Filter } from './filter'

/** Number of partitions of a namespace. */
const PARTITIONS = 4096

/**
 * Which partitions a query reads:
 *
 * - a number from 0 to 4095: this partition;
 * - `{ begin, count }`: `count` partitions, starting with `begin`;
 * - `{ after }`: the records that follow a key, or a digest of 20 bytes, in its partition, in the order of digests.
 */
export type Partitions =
  | number
  | { readonly begin: number; readonly count: number }
  | { readonly after: KeyLike | Uint8Array }

/** The statement of a query. */
export interface Statement {
  readonly namespace: string
  readonly set: string
  /** Names of the bins to read; undefined: all. */
  readonly bins: readonly string[] | undefined
  /** Read no bins: rows have only key, generation and TTL. */
  readonly header: boolean
  readonly where: Filter | undefined
  readonly operations: readonly Operation[] | undefined
  /** Encoded for the native side. */
  readonly partitions: Uint8Array
  readonly maxRecords: number
  /** Where to continue; empty: from the start. */
  readonly cursor: Uint8Array
}

/** All partitions, encoded. */
export const ALL_PARTITIONS: Uint8Array = Uint8Array.of(0)

/** Validates a choice of partitions, and returns its encoding. */
export function partitionBytes(namespace: string, chosen: unknown): Uint8Array {
  const writer = new Writer(24)
  if (typeof chosen === 'number') {
    integerOption(0, PARTITIONS - 1)(chosen, 'partitions')
    writer.u8(1)
    writer.u16(chosen)
    writer.u16(1)
    return writer.buffer.subarray(0, writer.length)
  }
  const given = optionsObject(chosen, 'partitions')
  checkOptions(given, 'partitions', ['begin', 'count', 'after'])
  if (given.after === undefined) {
    const begin = integerOption(0, PARTITIONS - 1)(given.begin, 'partitions.begin')
    writer.u8(PartitionSelection.RANGE)
    writer.u16(begin)
    writer.u16(integerOption(1, PARTITIONS - begin)(given.count, 'partitions.count'))
  } else {
    if (given.begin !== undefined || given.count !== undefined) {
      throw invalidArgument('partitions: after determines the partition; omit begin and count')
    }
    writer.u8(PartitionSelection.AFTER)
    writer.latin1(digestOf(namespace, given.after))
  }
  return writer.buffer.subarray(0, writer.length)
}

function digestOf(namespace: string, after: unknown): string {
  const key = ArrayBuffer.isView(after)
    ? Key.fromDigest(namespace, '', after as Uint8Array)
    : Key.from(after as KeyLike, namespace)
  return key.digestText
}

/** Writes a statement, first its subject. A cursor is bound to all of it, the policy's filter included. */
export function writeStatement(writer: Writer, statement: Statement, policy: Conditions | undefined | null): void {
  writeSpace(writer, statement.namespace, statement.set, 'query')
  writeBinChoice(writer, statement.bins)
  writer.u32(0)
  const at = writer.length
  statement.where?.write(writer)
  writer.patchU32(at - 4, writer.length - at)
  writer.u8(statement.operations === undefined ? 0 : 1)
  if (statement.operations !== undefined) writeOperations(writer, statement.operations)
  writer.blob(statement.partitions)
  writer.f64(statement.maxRecords)
  writer.blob(allOf(conditionsOf(policy, 'query policy')))
  writer.blob(statement.cursor)
}
