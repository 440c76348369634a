/**
 * What a query asks for, and how it is written; the twin is `crate/src/convert/statement.rs`.
 */
import { invalidArgument } from '../common/errors'
import { integerOption, optionsObject, unknownOption } from '../common/options'
import { allOf, type Conditions, conditionsOf } from '../expressions/conditions'
import { writeBinChoice } from '../operations/bin-name'
import { type Operation, writeOperations } from '../operations/operation'
import { Key, type KeyLike } from '../values/key'
import { Writer } from '../wire/wire'
import type { Filter } from './filter'

/** How many partitions a namespace has. */
const PARTITIONS = 4096

/**
 * Which partitions a query reads: one by number, a range of `count` from `begin`, or the records that follow a key (or a
 * digest) in its partition, in the order of digests.
 */
export type Partitions =
  | number
  | { readonly begin: number; readonly count: number }
  | { readonly after: KeyLike | Uint8Array }

/** A query's statement. */
export interface Statement {
  readonly namespace: string
  readonly set: string
  /** undefined: all. */
  readonly bins: readonly string[] | undefined
  /** No bins: rows are key, generation and lifetime. */
  readonly header: boolean
  readonly where: Filter | undefined
  readonly operations: readonly Operation[] | undefined
  /** As they cross the boundary. */
  readonly partitions: Uint8Array
  readonly maxRecords: number
  /** Where to go on; empty: from the start. */
  readonly cursor: Uint8Array
}

/** All partitions, as they cross the boundary. */
export const ALL_PARTITIONS: Uint8Array = Uint8Array.of(0)

/** Checks a choice of partitions, and gives it as it crosses the boundary. */
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
  for (const name of Object.keys(given)) {
    if (name !== 'begin' && name !== 'count' && name !== 'after') {
      unknownOption(name, 'partitions', ['begin', 'count', 'after'])
    }
  }
  if (given.after === undefined) {
    const begin = integerOption(0, PARTITIONS - 1)(given.begin, 'partitions.begin')
    writer.u8(1)
    writer.u16(begin)
    writer.u16(integerOption(1, PARTITIONS - begin)(given.count, 'partitions.count'))
  } else {
    if (given.begin !== undefined || given.count !== undefined) {
      throw invalidArgument('partitions: after names its partition itself; leave begin and count out')
    }
    writer.u8(2)
    writer.latin1(digestOf(namespace, given.after))
  }
  return writer.buffer.subarray(0, writer.length)
}

function digestOf(namespace: string, after: unknown): string {
  const key = ArrayBuffer.isView(after)
    ? Key.fromDigest(namespace, '', after as Uint8Array)
    : Key.from(after as KeyLike)
  return key.digestText
}

/** Writes a statement. The policy's filter is part of what a cursor belongs to. */
export function writeStatement(writer: Writer, statement: Statement, policy: Conditions | undefined | null): void {
  writer.name(statement.namespace)
  writer.name(statement.set)
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
