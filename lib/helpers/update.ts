/**
 * Compare-and-set: reads a record, lets a function change it, and writes it if nobody has written it in between.
 */

import { describe } from '../common/describe'
import { AerospikeError, invalidArgument, updateConflict } from '../common/errors'
import { setOwn } from '../common/objects'
import { checkOptions, optionsObject } from '../common/options'
import { OPERATOR_TOUCH, OPERATOR_WRITE } from '../constants/constants'
import type { Operation } from '../operations/operation'
import type { ReadPolicy, WriteMeta, WritePolicy } from '../options/policy'
import type { Key, KeyLike } from '../values/key'
import { AerospikeRecord, type Bins, type RecordMeta } from '../values/record'
import { type Value, writeValue } from '../values/value'
import { Writer } from '../wire/wire'
import { type AttemptOptions, Attempts } from './backoff'

/** Fields of a write policy that `update` sets itself. */
type OwnFields = 'exists' | 'gen' | 'maxRetries'

/** Options of `update`. */
export interface UpdateOptions extends AttemptOptions {
  /**
   * Whether to create the record if it does not exist: the function is then called with null. Default false: the call
   * fails with the error for a missing record.
   */
  readonly create?: boolean | undefined
  /** Maximum number of attempts after the first one, if others write the record in between. Default 10. */
  readonly retries?: number | undefined
  /** Pauses between attempts. Default `{ initial: 5, factor: 2, max: 250 }` milliseconds. */
  readonly backoff?: AttemptOptions['backoff'] | undefined
  /** Time to live of the record in seconds, as in `meta.ttl` of `put`. Default: that of the client's `write` policy. */
  readonly ttl?: number | undefined
  /** Policies of the read and of the write; they override the client's. `update` sets `exists`, `gen` and `maxRetries`. */
  readonly policies?:
    | { readonly read?: ReadPolicy | undefined; readonly write?: Omit<WritePolicy, OwnFields> | undefined }
    | undefined
}

/** Options of a blocking `update`. */
export type BlockingUpdateOptions = Omit<UpdateOptions, 'signal'>

/** The methods of `Client` that `update` calls. */
export interface Updatable {
  get(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord>
  getOrNull(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord | null>
  operate(
    key: KeyLike,
    ops: readonly Operation[],
    meta: WriteMeta | null,
    policy: WritePolicy,
  ): Promise<RecordMeta & { readonly key: Key }>
}

/** The methods of `ClientSync` that `update` calls. */
export interface UpdatableSync {
  get(key: KeyLike, policy?: ReadPolicy): AerospikeRecord
  getOrNull(key: KeyLike, policy?: ReadPolicy): AerospikeRecord | null
  operate(
    key: KeyLike,
    ops: readonly Operation[],
    meta: WriteMeta | null,
    policy: WritePolicy,
  ): RecordMeta & { readonly key: Key }
}

/** Changes the bins of a record: gets those that are stored, and returns those to store. It may change its argument. */
export type Updater<B, I = B> = (bins: B, record: AerospikeRecord<B>) => I | PromiseLike<I>

/** An `Updater` for `ClientSync`: it cannot return a promise. */
export type BlockingUpdater<B, I = B> = (bins: B, record: AerospikeRecord<B>) => I

/** Changes or creates a record: gets the stored bins, or null if the record does not exist; returns those to store. */
export type Upserter<B, I = B> = (bins: B | null, record: AerospikeRecord<B> | null) => I | PromiseLike<I>

/** An `Upserter` for `ClientSync`: it cannot return a promise. */
export type BlockingUpserter<B, I = B> = (bins: B | null, record: AerospikeRecord<B> | null) => I

/** Either of them, for bins of any type. */
export type UpdateFunction = (bins: Bins | null, record: AerospikeRecord | null) => unknown

const DEFAULTS = { retries: 10, initial: 5, max: 250 } as const
const FIELDS = ['create', 'retries', 'backoff', 'signal', 'ttl', 'policies']
const KINDS = ['read', 'write']
const OWN_FIELDS: readonly OwnFields[] = ['exists', 'gen', 'maxRetries']

/** Result codes of a write that lost against another one: generation, record exists, record not found. */
const CONFLICTS: ReadonlySet<number> = new Set([2, 3, 5])

/** The options of one call, validated. */
class Update {
  readonly attempts: Attempts
  readonly create: boolean
  readonly ttl: number | undefined
  readonly read: ReadPolicy
  readonly write: WritePolicy

  constructor(fn: unknown, options: unknown, blocking: boolean) {
    if (typeof fn !== 'function') throw invalidArgument(`update: a function is needed, not ${describe(fn)}`)
    const given = optionsObject(options ?? {}, 'update')
    checkOptions(given, 'update', FIELDS)
    this.attempts = new Attempts('update', given as AttemptOptions, DEFAULTS, blocking)
    const { create = false, ttl, policies = {} } = given
    if (typeof create !== 'boolean') {
      throw invalidArgument(`update.create: true or false is needed, not ${describe(create)}`)
    }
    this.create = create
    this.ttl = ttl as number | undefined
    const kinds = optionsObject(policies, 'update.policies')
    checkOptions(kinds, 'update.policies', KINDS)
    const write = optionsObject(kinds.write ?? {}, 'update.policies.write')
    for (const name of OWN_FIELDS) {
      if (write[name] !== undefined) throw invalidArgument(`update.policies.write.${name}: update sets it itself`)
    }
    const { signal } = this.attempts
    const aborted = signal === undefined ? {} : { signal }
    this.read = { ...aborted, ...optionsObject(kinds.read ?? {}, 'update.policies.read') }
    // A retry of a write that was applied would find another generation, and look like a conflict.
    this.write = { ...aborted, ...write, maxRetries: 0 }
  }

  /** The write of an attempt; undefined if there is nothing to write. */
  change(key: KeyLike, before: Before, after: unknown): Change | undefined {
    const bins = resultOf(after)
    const { gen } = before.record ?? {}
    const { ttl } = this
    const meta: WriteMeta = { ...(gen === undefined ? {} : { gen }), ...(ttl === undefined ? {} : { ttl }) }
    const policy: WritePolicy = { ...this.write, exists: gen === undefined ? 'create-only' : 'update-only' }
    const ops = before.changes(bins)
    if (ops.length === 0 && ttl === undefined) return undefined
    return { key, bins, ops: ops.length === 0 ? [{ op: OPERATOR_TOUCH }] : ops, meta, policy }
  }

  /** Whether another attempt may follow an error. Throws it if not. */
  conflict(error: unknown): void {
    if (!(error instanceof AerospikeError) || error.inDoubt || !CONFLICTS.has(error.resultCode)) throw error
    if (this.attempts.exhausted) throw updateConflict(error, this.attempts.attempt)
  }
}

interface Change {
  readonly key: KeyLike
  readonly bins: Bins
  readonly ops: readonly Operation[]
  readonly meta: WriteMeta
  readonly policy: WritePolicy
}

/** Validates what the function returned; bins that are undefined or null count as absent. */
function resultOf(after: unknown): Bins {
  if (after === undefined || after === null) {
    throw invalidArgument(`update: the function returned ${after}; it must return the bins to store`)
  }
  if (typeof (after as { then?: unknown }).then === 'function') {
    throw invalidArgument('update: the function returned a promise, which ClientSync does not wait for')
  }
  const given = optionsObject(after, 'update: the result of the function')
  const bins: Bins = {}
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && given[name] !== null) setOwn(bins, name, given[name] as Bins[string])
  }
  return bins
}

/**
 * The state before the function ran. The function may change the record that it gets, so the bins are kept as bytes.
 * Only bins whose bytes differ are written: others keep what JavaScript values do not show, such as the order of a map.
 */
class Before {
  readonly record: AerospikeRecord | null
  readonly #bins = new Map<string, { readonly value: unknown; readonly bytes: Buffer | undefined }>()

  constructor(record: AerospikeRecord | null) {
    this.record = record
    if (record === null) return
    for (const name of Object.keys(record.bins)) {
      const value = record.bins[name]
      this.#bins.set(name, { value, bytes: bytesOf(value) })
    }
  }

  /** The operations that turn the bins before into these. */
  changes(bins: Bins): Operation[] {
    const ops: Operation[] = []
    const names = Object.keys(bins)
    if (names.length === 0) {
      throw invalidArgument('update: the function returned no bins; use remove to delete a record')
    }
    for (const name of names) {
      if (!this.#isChanged(name, bins[name])) continue
      ops.push({ op: OPERATOR_WRITE, bin: name, val: bins[name] as Value })
    }
    for (const name of this.#bins.keys()) {
      if (!Object.hasOwn(bins, name)) ops.push({ op: OPERATOR_WRITE, bin: name, val: null })
    }
    return ops
  }

  #isChanged(name: string, value: unknown): boolean {
    const before = this.#bins.get(name)
    if (before === undefined) return true
    // A value that cannot be written back counts as unchanged if it is still the same object.
    if (before.bytes === undefined) return value !== before.value
    return bytesOf(value)?.equals(before.bytes) !== true
  }
}

/** The bytes of a value, to compare it with another; undefined if it cannot be stored, which the write reports. */
function bytesOf(value: unknown): Buffer | undefined {
  const writer = new Writer(64)
  writer.ignoreUndefined = true
  try {
    writeValue(writer, value, 'bin')
  } catch {
    return undefined
  }
  return writer.buffer.subarray(0, writer.length)
}

/** The record after a write. */
function recordAfter({ bins }: Change, { key, gen, ttl }: RecordMeta & { readonly key: Key }): AerospikeRecord {
  return new AerospikeRecord(key, bins, gen, ttl)
}

/** Implements `Client.update`. */
export async function updateRecord(
  client: Updatable,
  key: KeyLike,
  fn: UpdateFunction,
  options: UpdateOptions | undefined,
): Promise<AerospikeRecord> {
  const update = new Update(fn, options, false)
  const { attempts, create, read } = update
  for (;;) {
    attempts.begin()
    const record = create ? await client.getOrNull(key, read) : await client.get(key, read)
    const before = new Before(record)
    const change = update.change(key, before, await fn(record?.bins ?? null, record))
    try {
      if (change === undefined) return record as AerospikeRecord
      return recordAfter(change, await client.operate(change.key, change.ops, change.meta, change.policy))
    } catch (error) {
      update.conflict(error)
    }
    await attempts.wait()
  }
}

/** Implements `ClientSync.update`. */
export function updateRecordSync(
  client: UpdatableSync,
  key: KeyLike,
  fn: UpdateFunction,
  options: BlockingUpdateOptions | undefined,
): AerospikeRecord {
  const update = new Update(fn, options, true)
  const { attempts, create, read } = update
  for (;;) {
    attempts.begin()
    const record = create ? client.getOrNull(key, read) : client.get(key, read)
    const before = new Before(record)
    const change = update.change(key, before, fn(record?.bins ?? null, record))
    try {
      if (change === undefined) return record as AerospikeRecord
      return recordAfter(change, client.operate(change.key, change.ops, change.meta, change.policy))
    } catch (error) {
      update.conflict(error)
    }
    attempts.waitBlocking()
  }
}
