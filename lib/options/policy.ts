/**
 * Policies: how to execute one call, or every call of a client. Only the fields that differ from the client's defaults
 * cross the boundary. Field numbers must match `crate/src/policy/mod.rs`.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import {
  booleanOption,
  type Check,
  integerOption,
  numberOption,
  optionsObject,
  unknownOption,
  wordOption,
} from '../common/options'
import { allOf, CONDITION_NAMES, type Condition, conditionsOf } from '../expressions/conditions'
import { checkTraceparent } from '../telemetry/trace-parent'
import type { Writer } from '../wire/wire'
import { checkTransaction, type TransactionBase } from './transaction'

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call: it rejects with AbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined
  /**
   * Parent span of the call's span, in the format of the W3C header: `00-<trace>-<span>-<flags>`. Used by
   * `initTracing`. Default: the active span, if the application has the OpenTelemetry API.
   */
  traceparent?: string | undefined
}

/** Fields common to all policies for records. */
export interface BasePolicy extends CallOptions {
  /**
   * Hard deadline of the whole call in milliseconds, including queue time and retries. 0: no limit. Default 1000, for
   * queries 0.
   */
  totalTimeout?: number | undefined
  /**
   * Milliseconds that a socket may be idle during an attempt, at most `totalTimeout`. 0: no limit other than
   * `totalTimeout`. An attempt of a read that can go to another replica gets only a share of `totalTimeout`; see
   * `docs/cluster.md`. Default 30000.
   */
  socketTimeout?: number | undefined
  /**
   * Retries after network errors and transient server errors (timeout, key busy, device overload, partition
   * unavailable). Default 2 for reads and batches of reads, 5 for queries, 0 for writes and batches with a row that
   * writes.
   */
  maxRetries?: number | undefined
  /** Milliseconds between retries. Default 0. */
  sleepBetweenRetries?: number | undefined
  /** Factor by which the sleep grows with each retry, 1 or more. Default 1. */
  sleepMultiplier?: number | undefined
  /** Milliseconds to wait for the rest of a late response, so that its connection can be reused. Default 0. */
  timeoutDelay?: number | undefined
  /**
   * Which node a read goes to. Writes are always executed by the master.
   *
   * - `sequence`: the master first; on a retry the other replicas in turn. The default.
   * - `master`: only the master.
   * - `master-proles`: the master and the replicas, round-robin.
   * - `prefer-rack`: a replica on one of the client's `rackIds` first, otherwise as `sequence`.
   * - `random`: all nodes of the cluster, round-robin.
   */
  replica?: 'master' | 'sequence' | 'prefer-rack' | 'master-proles' | 'random' | undefined
  /**
   * Consistency of reads in AP (availability) namespaces; makes a difference only during migrations. Default `one`.
   *
   * - `one`: the server consults a single node.
   * - `all`: the server consults all nodes that have a copy of the record.
   */
  readModeAp?: 'one' | 'all' | undefined
  /**
   * Consistency of reads in SC (strong consistency) namespaces. Default `session`. Not sent with single-record reads;
   * see `docs/guarantees.md`.
   *
   * - `session`: this client sees only an increasing sequence of record versions. Reads from the master.
   * - `linearize`: all clients see only an increasing sequence of record versions. Reads from the master.
   * - `allow-replica`: may read from the master or any replica that is not migrating; a later read can return an older
   *   version.
   * - `allow-unavailable`: like `allow-replica`, and may also read from unavailable partitions.
   */
  readModeSc?: 'session' | 'linearize' | 'allow-replica' | 'allow-unavailable' | undefined
  /** Compress large requests and ask for compressed responses (Enterprise). Default false. */
  compress?: boolean | undefined
  /** Minimum size in bytes of a request to compress. Default 128. */
  compressionThreshold?: number | undefined
  /**
   * A read resets the record's TTL when less than this percentage of it remains: 1 to 100; 0 as the server is
   * configured; -1 never. Default 0.
   */
  readTouchTtlPercent?: number | undefined
  /**
   * Level of detail in server error messages (server 8.2 and later). Default 0.
   *
   * - 0: no details.
   * - 1: the sub-code.
   * - 2: the sub-code and a message.
   * - 3: also a trace of an expression that the server cannot build.
   */
  errorDetailVerbosity?: number | undefined
  /** Applies the call only to a record for which this expression, built with `exp` or packed elsewhere, is true. */
  filterExpression?: Condition | undefined
  /** Alias of `filterExpression`. If both are given, both must be true. */
  expressions?: Condition | undefined
}

/** The transaction of a call. */
export interface TransactionPolicy {
  /**
   * The transaction that the call belongs to, from `client.transaction()` of the same client. Default: none. See
   * `docs/transactions.md`.
   */
  tx?: TransactionBase | undefined
}

/** Policy of a single-record read. */
export interface ReadPolicy extends BasePolicy, TransactionPolicy {}

/** Policy of a single-record write. */
export interface WritePolicy extends BasePolicy, TransactionPolicy {
  /**
   * Whether the record must, or must not, already exist. Default `ignore`.
   *
   * - `ignore`, `update`: creates the record, or merges the bins into it.
   * - `update-only`: merges the bins into the record; fails with RecordNotFoundError if it does not exist.
   * - `replace`: creates the record, or replaces all of its bins.
   * - `replace-only`: replaces all bins of the record; fails with RecordNotFoundError if it does not exist.
   * - `create-only`: creates the record; fails with RecordExistsError if it exists.
   */
  exists?: 'ignore' | 'update' | 'update-only' | 'replace' | 'replace-only' | 'create-only' | undefined
  /**
   * How `meta.gen` is compared with the record's generation. Default `eq` if `meta.gen` is given, otherwise `ignore`.
   * If the comparison fails, the call fails with RecordGenerationError.
   *
   * - `ignore`: not compared.
   * - `eq`: writes only if the generations are equal.
   * - `gt`: writes only if `meta.gen` is greater than the record's generation.
   */
  gen?: 'ignore' | 'eq' | 'gt' | undefined
  /**
   * Time to live in seconds. 0: the namespace's default; -1: never expires; -2: unchanged; -3: the client's default.
   * `meta.ttl` takes precedence. Default 0.
   */
  ttl?: number | undefined
  /**
   * Whether the server stores the user key with the record. Default `digest`.
   *
   * - `digest`: it stores only the digest of the key.
   * - `send`: it also stores the user key, and returns it with queries.
   */
  key?: 'digest' | 'send' | undefined
  /**
   * Leave a tombstone when a record is deleted, so that it does not come back after a restart (Enterprise). Default
   * false.
   */
  durableDelete?: boolean | undefined
  /**
   * When the server acknowledges a write. Default `all`.
   *
   * - `all`: when the master and all replicas have it.
   * - `master`: when the master has it; replicas follow.
   */
  commitLevel?: 'all' | 'master' | undefined
  /** Fail instead of waiting if another transaction holds the record (Enterprise). Default false. */
  onLockingOnly?: boolean | undefined
  /**
   * Treats bins, and values of maps and objects, that are `undefined` as if they were absent. Otherwise `undefined` is
   * refused. In a list it is always refused, because leaving an item out would move the others. Default false.
   */
  ignoreUndefined?: boolean | undefined
}

/** Policy of a batch that reads. */
export interface BatchPolicy extends BasePolicy, TransactionPolicy {
  /**
   * How the requests of a batch are sent. Default `parallel`.
   *
   * - `parallel`: to all nodes at once.
   * - `sequential`: to one node after the other.
   */
  concurrency?: 'parallel' | 'sequential' | undefined
  /**
   * Let the server's network threads process rows of namespaces in memory, which is faster for small rows. Default
   * true.
   */
  allowInline?: boolean | undefined
  /** Let the server's network threads also process rows of namespaces on disk. Default false. */
  allowInlineSSD?: boolean | undefined
  /** Continue after a row has failed. Default true. */
  respondAllKeys?: boolean | undefined
  /**
   * Maximum number of rows in one request to a node. A larger batch is split into several requests, sent at once, and
   * several threads read the responses. 0: never split. A `sequential` batch, or one without `respondAllKeys`, is not
   * split. Default 250.
   */
  subBatchSize?: number | undefined
}

/** Policy of a query or a scan. Defaults that differ: `totalTimeout` 0, `maxRetries` 5. */
export interface QueryPolicy extends BasePolicy {
  /** Maximum number of records; 0 means no limit. Default 0. */
  maxRecords?: number | undefined
  /** Maximum number of records that each node sends per second; 0 means no limit. Default 0. */
  recordsPerSecond?: number | undefined
  /** Maximum number of nodes queried at the same time; 0 means all nodes. Default 0. */
  maxConcurrentNodes?: number | undefined
  /**
   * Expected size of the query, a hint to the server; ignored by aggregations and background jobs. Default `long`.
   *
   * - `long`: more than 100 records per node. The server can use several threads.
   * - `short`: fewer than 100 records per node. The server uses one thread, relaxes read consistency in AP namespaces,
   *   and by default times out after 1 second.
   * - `long-relax-ap`: like `long`, with relaxed read consistency in AP namespaces (server 7.1 and later).
   */
  expectedDuration?: 'long' | 'short' | 'long-relax-ap' | undefined
}

/** Policy of an info request or another administrative call. */
export interface AdminPolicy extends CallOptions {
  /** Deadline of the call in milliseconds. 0: 3000. Default 1000. */
  timeout?: number | undefined
}

/** Conditions and metadata of a write. */
export interface WriteMeta {
  /** Expected generation: without `policy.gen`, the write succeeds only if the record has exactly this generation. */
  gen?: number | undefined
  /** Time to live in seconds; see `WritePolicy.ttl`, which it overrides. */
  ttl?: number | undefined
}

/** The kinds of calls that have their own default policy. */
export type PolicyKind = 'read' | 'write' | 'batch' | 'admin' | 'query'

interface Field {
  readonly id: number
  readonly check: Check
}

/** The fields that a kind of policy accepts. */
export interface PolicyForm {
  /** Name for error messages, such as `write policy`. */
  readonly what: string
  readonly fields: ReadonlyMap<string, Field>
  /** Whether it accepts a filter expression. */
  readonly filter: boolean
  /** Whether it accepts `signal` and `traceparent`, as policies of a whole call do. */
  readonly signal: boolean
  /** True if it accepts `tx`; otherwise why it does not. */
  readonly tx: true | string
}

/** Fields of a write's meta. */
const META = ['gen', 'ttl'] as const

const GEN = 21
const GENERATION = 22
const TTL = 23
const FILTER_EXPRESSION = 64
/** Id of fields that the native side does not need. */
const LOCAL = 0

const MS = integerOption(0)
const TTL_CHECK = integerOption(-3, 0xffff_fffd)
const GENERATION_CHECK = integerOption(0)

const BASE: readonly (readonly [string, Field])[] = [
  ['totalTimeout', { id: 1, check: MS }],
  ['socketTimeout', { id: 2, check: MS }],
  ['maxRetries', { id: 3, check: MS }],
  ['sleepBetweenRetries', { id: 4, check: MS }],
  ['sleepMultiplier', { id: 5, check: numberOption(1) }],
  ['timeoutDelay', { id: 6, check: MS }],
  [
    'replica',
    { id: 7, check: wordOption({ master: 0, sequence: 1, 'prefer-rack': 2, 'master-proles': 3, random: 4 }) },
  ],
  ['readModeAp', { id: 8, check: wordOption({ one: 0, all: 1 }) }],
  [
    'readModeSc',
    { id: 9, check: wordOption({ session: 0, linearize: 1, 'allow-replica': 2, 'allow-unavailable': 3 }) },
  ],
  ['compress', { id: 10, check: booleanOption }],
  ['compressionThreshold', { id: 11, check: MS }],
  ['readTouchTtlPercent', { id: 12, check: integerOption(-1, 100) }],
  ['errorDetailVerbosity', { id: 13, check: integerOption(0, 3) }],
]

const WRITE: readonly (readonly [string, Field])[] = [
  [
    'exists',
    {
      id: 20,
      check: wordOption({ ignore: 0, update: 0, 'update-only': 1, replace: 2, 'replace-only': 3, 'create-only': 4 }),
    },
  ],
  ['gen', { id: GEN, check: wordOption({ ignore: 0, eq: 1, gt: 2 }) }],
  ['ttl', { id: TTL, check: TTL_CHECK }],
  ['key', { id: 24, check: wordOption({ digest: 0, send: 1 }) }],
  ['durableDelete', { id: 25, check: booleanOption }],
  ['commitLevel', { id: 26, check: wordOption({ all: 0, master: 1 }) }],
  ['onLockingOnly', { id: 27, check: booleanOption }],
  ['ignoreUndefined', { id: LOCAL, check: booleanOption }],
]

const BATCH: readonly (readonly [string, Field])[] = [
  ['concurrency', { id: 30, check: wordOption({ parallel: 0, sequential: 1 }) }],
  ['allowInline', { id: 31, check: booleanOption }],
  ['allowInlineSSD', { id: 32, check: booleanOption }],
  ['respondAllKeys', { id: 33, check: booleanOption }],
  ['subBatchSize', { id: 34, check: integerOption(0) }],
]

const QUERY: readonly (readonly [string, Field])[] = [
  ['recordsPerSecond', { id: 60, check: MS }],
  ['maxConcurrentNodes', { id: 61, check: MS }],
  ['expectedDuration', { id: 62, check: wordOption({ long: 0, short: 1, 'long-relax-ap': 2 }) }],
]

const FIELDS: { readonly [K in PolicyKind]: ReadonlyMap<string, Field> } = {
  read: new Map(BASE),
  write: new Map([...BASE, ...WRITE]),
  batch: new Map([...BASE, ...BATCH]),
  admin: new Map([['timeout', { id: 1, check: MS }]]),
  query: new Map([...BASE, ...QUERY]),
}

/** The fields of all policies, which may also be set at the top level of a client's configuration. */
export const POLICY_FIELDS: ReadonlySet<string> = new Set(
  [...BASE, ...WRITE, ...BATCH, ...QUERY].map(([name]) => name).filter(name => name !== 'gen'),
)

const CHECKS = new Map([...BASE, ...WRITE, ...BATCH, ...QUERY].map(([name, { check }]) => [name, check]))

/** Returns the check of a field of `POLICY_FIELDS`. */
export function policyCheck(name: string): Check {
  return CHECKS.get(name) as Check
}

/** Returns whether a policy of this kind has the field. */
export function hasField(kind: PolicyKind, name: string): boolean {
  return FIELDS[kind].has(name)
}

const KINDS = Object.keys(FIELDS) as PolicyKind[]

/** The kinds of policies that have a field. */
export function kindsWith(name: string): readonly PolicyKind[] {
  return KINDS.filter(kind => FIELDS[kind].has(name))
}

/** Where a field belongs that a policy does not have. */
function placeOf(name: string, what: string): string | undefined {
  const kinds = kindsWith(name)
  return kinds.length === 0 ? undefined : `${name} is a field of the ${kinds.join(' and ')} policy, not of the ${what}`
}

/** Why calls of some kinds cannot be part of a transaction. */
const NO_TRANSACTION: { readonly [kind in PolicyKind]?: string } = {
  admin: 'an administrative call cannot be part of a transaction',
  query: 'a query cannot be part of a transaction; read the records by their keys',
}

function formOf(kind: PolicyKind): PolicyForm {
  return {
    what: `${kind} policy`,
    fields: FIELDS[kind],
    filter: kind !== 'admin',
    signal: true,
    tx: NO_TRANSACTION[kind] ?? true,
  }
}

const FORMS: { readonly [K in PolicyKind]: PolicyForm } = {
  read: formOf('read'),
  write: formOf('write'),
  batch: formOf('batch'),
  admin: formOf('admin'),
  query: formOf('query'),
}

/** The policy of a call of a user-defined function, which the servers would run outside of a transaction. */
export const APPLY_POLICY: PolicyForm = { ...FORMS.write, tx: 'a function cannot be part of a transaction' }

/** Selects fields of policies by name, for policies of single batch rows. */
export function fieldsNamed(names: readonly string[]): ReadonlyMap<string, Field> {
  return new Map([...BASE, ...WRITE, ...BATCH].filter(([name]) => names.includes(name)))
}

/** The fields of a batch that writes: those of a batch, and those that apply to each row that writes. */
export function batchWriteFields(): ReadonlyMap<string, Field> {
  return new Map([...BASE, ...BATCH, ...WRITE.filter(([name]) => name !== 'gen')])
}

/** The fields of a background job: those of a write, and `recordsPerSecond`. */
export function jobFields(): ReadonlyMap<string, Field> {
  const [rate] = QUERY.filter(([name]) => name === 'recordsPerSecond')
  return new Map([...BASE, ...WRITE.filter(([name]) => name !== 'gen'), ...(rate === undefined ? [] : [rate])])
}

function writeField(writer: Writer, id: number, value: number): void {
  writer.u8(id)
  writer.f64(value)
}

/** Throws InvalidArgError unless the value is an AbortSignal. */
export function checkSignal(value: unknown, where: string): void {
  const signal = value as { aborted?: unknown; addEventListener?: unknown } | null
  if (typeof signal?.aborted !== 'boolean' || typeof signal.addEventListener !== 'function') {
    throw invalidArgument(`${where}: an AbortSignal is needed, not ${describe(value)}`)
  }
}

/** Writes the fields of one policy, and returns their number. `skipTtl` omits the TTL, if the meta sets it. */
function writeFields(writer: Writer, form: PolicyForm, policy: unknown, skipTtl: boolean): number {
  const { what, fields } = form
  const given = optionsObject(policy, what)
  let count = 0
  let filtered = false
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (value === undefined) continue
    const field = fields.get(name)
    if (field !== undefined) {
      const number = field.check(value, `${what}.${name}`)
      if (field.id === GEN || field.id === LOCAL || (field.id === TTL && (skipTtl || number === -3))) continue
      writeField(writer, field.id, number)
    } else if (name === 'signal' && form.signal) {
      checkSignal(value, `${what}.signal`)
      continue
    } else if (name === 'traceparent' && form.signal) {
      checkTraceparent(value, `${what}.traceparent`)
      continue
    } else if (name === 'tx') {
      if (form.tx !== true) throw invalidArgument(`${what}.tx: ${form.tx}`)
      checkTransaction(value, `${what}.tx`)
      continue
    } else if ((CONDITION_NAMES as readonly string[]).includes(name) && form.filter) {
      filtered = true
      continue
    } else {
      const more = [
        ...(form.filter ? ['filterExpression'] : []),
        ...(form.signal ? ['signal', 'traceparent'] : []),
        ...(form.tx === true ? ['tx'] : []),
      ]
      unknownOption(name, what, [...fields.keys(), ...more], placeOf(name, what))
    }
    count++
  }
  if (!filtered) return count
  writer.u8(FILTER_EXPRESSION)
  writer.blob(allOf(conditionsOf(given, what)))
  return count + 1
}

/** Writes the policy of a call, or an empty policy. */
export function writePolicy(writer: Writer, kind: PolicyKind, policy: object | undefined | null): void {
  writePolicyAs(writer, FORMS[kind], policy)
}

/** Writes a policy of the given form, or an empty policy. */
export function writePolicyAs(writer: Writer, form: PolicyForm, policy: object | undefined | null): void {
  const at = writer.length
  writer.u8(0)
  if (policy === undefined || policy === null) return
  const count = writeFields(writer, form, policy, false)
  // Not in one statement: that would evaluate `writer.buffer` before the fields may make it grow.
  writer.buffer[at] = count
}

/** Writes the policy and meta of a write. */
export function writeWritePolicy(
  writer: Writer,
  policy: WritePolicy | undefined | null,
  meta: WriteMeta | undefined | null,
): void {
  writeWritePolicyAs(writer, FORMS.write, policy, meta)
}

/** Writes a policy of the given form, and the meta of a write. */
export function writeWritePolicyAs(
  writer: Writer,
  form: PolicyForm,
  policy: { gen?: WritePolicy['gen'] | undefined } | undefined | null,
  meta: WriteMeta | undefined | null,
  known: readonly string[] = META,
): void {
  const at = writer.length
  writer.u8(0)
  if ((policy === undefined || policy === null) && (meta === undefined || meta === null)) return
  const { gen, ttl } = readMeta(meta, known)
  let count = policy === undefined || policy === null ? 0 : writeFields(writer, form, policy, ttl !== undefined)
  if (ttl !== undefined && ttl !== -3) {
    writeField(writer, TTL, ttl)
    count++
  }
  const compare = policy?.gen ?? (gen === undefined ? 'ignore' : 'eq')
  if (compare !== 'ignore') {
    if (gen === undefined) throw invalidArgument(`${form.what}.gen: '${compare}' needs the generation in meta.gen`)
    writeField(writer, GEN, compare === 'eq' ? 1 : 2)
    writeField(writer, GENERATION, gen)
    count += 2
  }
  writer.buffer[at] = count
}

function readMeta(
  meta: WriteMeta | undefined | null,
  known: readonly string[],
): { gen: number | undefined; ttl: number | undefined } {
  if (meta === undefined || meta === null) return { gen: undefined, ttl: undefined }
  const given = optionsObject(meta, 'meta')
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    unknownOption(name, 'meta', known, POLICY_FIELDS.has(name) ? `${name} is a field of the policy` : undefined)
  }
  return {
    gen: given.gen === undefined ? undefined : GENERATION_CHECK(given.gen, 'meta.gen'),
    ttl: given.ttl === undefined ? undefined : TTL_CHECK(given.ttl, 'meta.ttl'),
  }
}
