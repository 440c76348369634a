/**
 * The rows of a batch, and their encoding; it must match `crate/src/commands/batch/row_spec.rs`.
 */

import { RowFlag, RowKind } from '../catalog/formats'
import { writeCall } from '../cluster/udf'
import { describe } from '../common/describe'
import { invalidArgument, refusedIn } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import { writeBinChoice, writeBins } from '../operations/bin-name'
import { isWriting, type Operation, writeOperations } from '../operations/operation'
import {
  type PolicyForm,
  type TransactionPolicy,
  type WriteMeta,
  writePolicyAs,
  writeWritePolicyAs,
} from '../options/policy'
import { checkKeys, Key, type KeyLike, writeUserKey } from '../values/key'
import type { Storable, StorableBins } from '../values/storable'
import { writeRowsSubject, writeSpace } from '../values/subject'
import type { Value } from '../values/value'
import type { Writer } from '../wire/wire'
import {
  APPLY_ROW,
  type ApplyRowPolicy,
  BATCH_WRITE,
  READ_ROW,
  REMOVE_ROW,
  type ReadRowPolicy,
  type RemoveRowPolicy,
  WRITE_ROW,
  type WriteRowPolicy,
} from './policy'

/** A row that reads bins of a record, or the results of operations that read. */
export interface BatchReadRow {
  /** The kind of the row. */
  readonly type: 'read'
  /** Key of the record. */
  readonly key: KeyLike
  /** Names of the bins to read. Default: all. With an empty list, only existence, generation and TTL. */
  readonly bins?: readonly string[] | null | undefined
  /** Operations that only read, instead of `bins`. */
  readonly ops?: readonly Operation[] | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: ReadRowPolicy | undefined
}

/** A row that writes bins of a record. */
export interface BatchWriteRow extends BatchWriteRecord {
  /** The kind of the row. */
  readonly type: 'write'
}

/** A record to write with `batchWrite`. */
export interface BatchWriteRecord<T = { readonly [bin: string]: Value }> {
  /** Key of the record. */
  readonly key: KeyLike
  /** Bin name -> value, at least one; `null` removes the bin. */
  readonly bins: StorableBins<T>
  /** `gen`: write only if the record has this generation; `ttl`: time to live in seconds. */
  readonly meta?: WriteMeta | null | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: WriteRowPolicy | undefined
}

/** A row that executes operations on a record. */
export interface BatchOperateRow {
  /** The kind of the row. */
  readonly type: 'operate'
  /** Key of the record. */
  readonly key: KeyLike
  /** The operations, executed in order; at least one. */
  readonly ops: readonly Operation[]
  /** `gen`: write only if the record has this generation; `ttl`: time to live in seconds. */
  readonly meta?: WriteMeta | null | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: WriteRowPolicy | undefined
}

/** A row that deletes a record. */
export interface BatchRemoveRow {
  /** The kind of the row. */
  readonly type: 'remove'
  /** Key of the record. */
  readonly key: KeyLike
  /** `gen`: delete only if the record has this generation. */
  readonly meta?: Pick<WriteMeta, 'gen'> | null | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: RemoveRowPolicy | undefined
}

/** A row that calls a user-defined function on a record. */
export interface BatchApplyRow {
  /** The kind of the row. */
  readonly type: 'apply'
  /** Key of the record. */
  readonly key: KeyLike
  /** Name of the registered module, with or without `.lua`. */
  readonly module: string
  /** Name of the function. */
  readonly fn: string
  /** Arguments after the record. Default: none. */
  readonly args?: readonly Value[] | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: ApplyRowPolicy | undefined
}

/** The record `R` with its bins checked. The first branch is never taken: the compiler infers `R` from it. */
export type RecordToWrite<R> = [R] extends [never]
  ? R
  : R extends { readonly bins: infer B }
    ? BatchWriteRecord<B>
    : BatchWriteRecord

/** A row of `batch` or `batchStream`. */
export type BatchRowRequest = BatchReadRow | BatchWriteRow | BatchOperateRow | BatchRemoveRow | BatchApplyRow

/**
 * Builders of the rows of `batch` and `batchStream`. They return plain objects, which you can also write out.
 *
 * @example
 * ```ts
 * await client.batch([
 *   batchRow.read(['test', 'users', 'ada'], ['name']),
 *   batchRow.operate(['test', 'users', 'bob'], [op.incr('visits', 1)]),
 *   batchRow.remove(['test', 'users', 'cy'], { gen: 3 }),
 * ])
 * ```
 */
export const batchRow = {
  /**
   * Reads bins.
   *
   * @param key - the record's key
   * @param bins - names of the bins to read. Default: all. With an empty list, only existence, generation and TTL
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  read: (key: KeyLike, bins?: readonly string[] | null, policy?: ReadRowPolicy): BatchReadRow => ({
    type: 'read',
    key,
    bins,
    policy,
  }),
  /**
   * Writes bins; other bins of the record are unchanged.
   *
   * @param key - the record's key
   * @param bins - bin name -> value; `null` removes the bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  write: <T extends object>(
    key: KeyLike,
    bins: StorableBins<T>,
    meta?: WriteMeta | null,
    policy?: WriteRowPolicy,
  ): BatchWriteRow => ({ type: 'write', key, bins: bins as BatchWriteRow['bins'], meta, policy }),
  /**
   * Executes operations, in order and atomically.
   *
   * @param key - the record's key
   * @param ops - operations, as for `operate`
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  operate: (
    key: KeyLike,
    ops: readonly Operation[],
    meta?: WriteMeta | null,
    policy?: WriteRowPolicy,
  ): BatchOperateRow => ({ type: 'operate', key, ops, meta, policy }),
  /**
   * Deletes the record.
   *
   * @param key - the record's key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  remove: (key: KeyLike, meta?: Pick<WriteMeta, 'gen'> | null, policy?: RemoveRowPolicy): BatchRemoveRow => ({
    type: 'remove',
    key,
    meta,
    policy,
  }),
  /**
   * Calls a user-defined function.
   *
   * @param key - the record's key
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  apply: <A>(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Storable<A>[],
    policy?: ApplyRowPolicy,
  ): BatchApplyRow => ({ type: 'apply', key, module, fn, args: args as readonly Value[], policy }),
} as const

/** What decoding the answer needs to know about the request. */
export interface BatchRequest {
  /** Name of the command, for errors. */
  readonly name: string
  readonly keys: readonly Key[]
  /** The `RowKind` of each row. */
  readonly kinds: Uint8Array
}

/** Returns whether a row of this kind writes. */
export function kindWrites(kind: number): boolean {
  return kind >= RowKind.WRITE
}

/** Returns whether a batch has a row that writes. */
export function requestWrites(request: BatchRequest): boolean {
  return request.kinds.some(kindWrites)
}

/** Refuses rows that call functions in a batch that belongs to a transaction. */
export function checkFunctions(request: BatchRequest, policy: TransactionPolicy | undefined | null): BatchRequest {
  const row = policy?.tx === undefined ? -1 : request.kinds.indexOf(RowKind.APPLY)
  if (row < 0) return request
  throw invalidArgument(`${request.name}: rows[${row}]: a function cannot be part of a transaction (batch policy.tx)`)
}

/** Writes the header and the key of each row. */
class Rows {
  readonly keys: Key[]
  readonly kinds: Uint8Array
  /** The encoded policy of the batch. It follows the subject, which depends on the first row. */
  readonly #policy: Buffer
  #last: Key | undefined

  constructor(
    readonly writer: Writer,
    count: number,
    writePolicy: () => void,
  ) {
    this.keys = new Array<Key>(count)
    this.kinds = new Uint8Array(count)
    const start = writer.length
    writePolicy()
    this.#policy = Buffer.from(writer.buffer.subarray(start, writer.length))
    writer.length = start
    if (count === 0) this.#begin(undefined)
  }

  /** Writes what precedes the rows. */
  #begin(first: Key | undefined): void {
    writeRowsSubject(this.writer, first, this.keys.length)
    this.writer.raw(this.#policy)
  }

  add(row: number, like: KeyLike, kind: number, sameWork: boolean): void {
    const { writer } = this
    const key = Key.from(like, writer.namespace)
    if (row === 0) this.#begin(key)
    const last = this.#last ?? key
    const sameSpace = key.namespace === last.namespace && key.set === last.set
    writer.u8(kind | (sameSpace ? RowFlag.SAME_SPACE : 0) | (sameWork ? RowFlag.SAME_WORK : 0))
    if (!sameSpace) writeSpace(writer, key.namespace, key.set, 'key')
    writeUserKey(writer, key)
    this.#last = key
    this.keys[row] = key
    this.kinds[row] = kind
  }
}

/** Writes the policy of a batch, and rows that all do the same. */
export function writeSameRows(
  writer: Writer,
  name: string,
  writePolicy: () => void,
  likes: readonly KeyLike[],
  kind: number,
  writeWork: () => void,
): BatchRequest {
  checkKeys(likes)
  const rows = new Rows(writer, likes.length, writePolicy)
  for (let row = 0; row < likes.length; row++) {
    try {
      rows.add(row, likes[row] as KeyLike, kind, row > 0)
    } catch (error) {
      throw refusedIn(error, `keys[${row}]`)
    }
    if (row === 0) writeWork()
  }
  if (likes.length === 0) {
    // Invalid work must also be rejected if there are no keys.
    const { length } = writer
    writeWork()
    writer.length = length
  }
  return { name, keys: rows.keys, kinds: rows.kinds }
}

/** READ_OPS if all operations read, otherwise WRITE_OPS. */
export function kindOfOperations(ops: readonly Operation[]): number {
  return Array.isArray(ops) && !ops.some(isWriting) ? RowKind.READ_OPS : RowKind.WRITE_OPS
}

/** Writes a function call. */
export function writeApply(
  writer: Writer,
  module: string,
  fn: string,
  args: readonly unknown[] | undefined | null,
  policy: ApplyRowPolicy | undefined | null,
): void {
  writeCall(writer, module, fn, args, '')
  writePolicyAs(writer, APPLY_ROW, policy)
}

/** The fields of each type of row. */
const PARTS: { readonly [type: string]: readonly string[] } = {
  read: ['bins', 'ops', 'policy'],
  write: ['bins', 'meta', 'policy'],
  operate: ['ops', 'meta', 'policy'],
  remove: ['meta', 'policy'],
  apply: ['module', 'fn', 'args', 'policy'],
}

function partsOf(type: unknown): readonly string[] {
  if (typeof type === 'string' && Object.hasOwn(PARTS, type)) return PARTS[type] as readonly string[]
  const known = Object.keys(PARTS)
    .map(name => `'${name}'`)
    .join(', ')
  const hint = typeof type === 'number' ? '; the numbers of batchType belong to another client' : ''
  throw invalidArgument(`type: one of ${known} is needed, not ${describe(type)}${hint}`)
}

/** The fields of each type of row, with those that all of them have. */
const FIELDS = new Map(Object.entries(PARTS).map(([type, parts]) => [type, ['type', 'key', ...parts]]))

/** The policy of each type of row. */
const FORMS: { readonly [type: string]: PolicyForm } = {
  read: READ_ROW,
  write: WRITE_ROW,
  operate: WRITE_ROW,
  remove: REMOVE_ROW,
  apply: APPLY_ROW,
}

/** Returns where a field belongs that a row of this type does not have. */
function placeOfField(type: string, name: string): string | undefined {
  const types = Object.keys(PARTS).filter(other => PARTS[other]?.includes(name))
  if (types.length > 0) return `it is a field of rows of the type ${types.map(other => `'${other}'`).join(' or ')}`
  const ofMeta = name === 'gen' || (name === 'ttl' && type !== 'remove')
  if (ofMeta && PARTS[type]?.includes('meta') === true) return 'it is a field of meta'
  if (FORMS[type]?.fields.has(name) === true) return "it is a field of the row's policy"
  const ofBatch = BATCH_WRITE.fields.has(name) && !WRITE_ROW.fields.has(name)
  return ofBatch ? 'it is a field of the policy of the batch' : undefined
}

function checkFields(row: object, type: string): void {
  checkOptions(row, `a row that is to ${type}`, FIELDS.get(type) ?? [], name => placeOfField(type, name))
}

type AnyRow = { readonly [part: string]: unknown }

/** Whether a row does the same as the row before it: then the work is sent only once. */
function isSameWork(row: AnyRow, before: AnyRow | undefined, type: unknown, parts: readonly string[]): boolean {
  return before !== undefined && before.type === type && parts.every(part => row[part] === before[part])
}

function kindOfRow(row: BatchRowRequest): number {
  switch (row.type) {
    case 'read':
      if (row.ops === undefined) return RowKind.READ
      if (row.bins !== undefined && row.bins !== null) {
        throw invalidArgument('bins and ops: a row takes one of them, not both')
      }
      if (Array.isArray(row.ops)) {
        const index = row.ops.findIndex(isWriting)
        if (index >= 0) throw invalidArgument(`ops[${index}]: it writes, so the row needs the type 'operate'`)
      }
      return RowKind.READ_OPS
    case 'write':
      return RowKind.WRITE
    case 'operate':
      return kindOfOperations(row.ops)
    case 'remove':
      return RowKind.REMOVE
    case 'apply':
      return RowKind.APPLY
  }
}

/** Writes the work of a row with operations. */
export function writeOperated(
  writer: Writer,
  kind: number,
  ops: readonly Operation[],
  meta: WriteMeta | undefined | null,
  policy: object | undefined | null,
): void {
  writeOperations(writer, ops)
  if (kind === RowKind.WRITE_OPS) {
    writeWritePolicyAs(writer, WRITE_ROW, policy, meta)
    return
  }
  const saying = Object.keys(meta ?? {}).find(name => (meta as AnyRow)[name] !== undefined)
  if (saying !== undefined) throw invalidArgument(`meta.${saying}: none of the operations writes`)
  writePolicyAs(writer, READ_ROW, policy)
}

/** Writes the work of a row. Its own `ignoreUndefined` replaces that of the batch. */
function writeWork(writer: Writer, row: BatchRowRequest, kind: number): void {
  const own = (row.policy as WriteRowPolicy | undefined | null)?.ignoreUndefined
  if (own === undefined) {
    writeWorkOf(writer, row, kind)
    return
  }
  const { ignoreUndefined } = writer
  writer.ignoreUndefined = own
  try {
    writeWorkOf(writer, row, kind)
  } finally {
    writer.ignoreUndefined = ignoreUndefined
  }
}

function writeWorkOf(writer: Writer, row: BatchRowRequest, kind: number): void {
  switch (row.type) {
    case 'read':
      if (kind === RowKind.READ_OPS) writeOperations(writer, row.ops as readonly Operation[])
      else writeBinChoice(writer, row.bins)
      writePolicyAs(writer, READ_ROW, row.policy)
      return
    case 'write':
      writeBins(writer, row.bins)
      writeWritePolicyAs(writer, WRITE_ROW, row.policy, row.meta)
      return
    case 'operate':
      writeOperated(writer, kind, row.ops, row.meta, row.policy)
      return
    case 'remove':
      writeWritePolicyAs(writer, REMOVE_ROW, row.policy, row.meta, ['gen'])
      return
    case 'apply':
      writeApply(writer, row.module, row.fn, row.args, row.policy)
  }
}

/** Writes the policy of a batch, and rows that each have a type; `type` is the type of rows without one. */
export function writeRows(
  writer: Writer,
  name: string,
  writePolicy: () => void,
  given: readonly unknown[],
  what: string,
  type?: 'write',
): BatchRequest {
  if (!Array.isArray(given)) throw invalidArgument(`${what}: an array is needed, not ${describe(given)}`)
  const rows = new Rows(writer, given.length, writePolicy)
  let before: AnyRow | undefined
  for (let index = 0; index < given.length; index++) {
    try {
      before = writeRow(rows, index, optionsObject(given[index], 'row'), before, type)
    } catch (error) {
      throw refusedIn(error, `${what}[${index}]`)
    }
  }
  return { name, keys: rows.keys, kinds: rows.kinds }
}

function writeRow(rows: Rows, index: number, given: AnyRow, before: AnyRow | undefined, type?: 'write'): AnyRow {
  const said = given.type ?? type
  if (type !== undefined && said !== type) {
    throw invalidArgument(`type: batchWrite takes records { key, bins, meta, policy }; batch takes rows of every kind`)
  }
  const parts = partsOf(said)
  checkFields(given, said as string)
  const row = (type === undefined ? given : { ...given, type }) as unknown as BatchRowRequest
  const same = isSameWork(row as unknown as AnyRow, before, said, parts)
  const kind = same ? (rows.kinds[index - 1] as number) : kindOfRow(row)
  rows.add(index, row.key, kind, same)
  if (!same) writeWork(rows.writer, row, kind)
  return row as unknown as AnyRow
}
