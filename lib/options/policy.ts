/**
 * Policies: how one call, or every call of a client, is to be carried out. What crosses the boundary are the fields that
 * differ from the client's defaults; the twin is `crate/src/policy/mod.rs`, which has the same field numbers.
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

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call: it rejects with AbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined
  /**
   * The span that the call's span is a child of, as W3C's header has it: `00-<trace>-<span>-<flags>`. For `initTracing`.
   * Default: the active one, where the application has OpenTelemetry's API.
   */
  traceparent?: string | undefined
}

/** What policies of records have in common. */
export interface BasePolicy extends CallOptions {
  /** ms until the call has failed, whatever happens; waiting for its turn counts. 0: no limit. Default 1000. */
  totalTimeout?: number
  /** ms that a socket may be silent. 0: as long as `totalTimeout`. Default 30000. */
  socketTimeout?: number
  /** Retries after network errors and the server's passing ones. Default 2 for reads and batches of reads, 0 for writes. */
  maxRetries?: number
  /** ms between retries. Default 0. */
  sleepBetweenRetries?: number
  /** Factor by which that grows with each retry. Default 1. */
  sleepMultiplier?: number
  /** ms to wait for the rest of a late answer, so that its connection can be kept. Default 0. */
  timeoutDelay?: number
  /** Which replica to ask. Default `sequence`. */
  replica?: 'master' | 'sequence' | 'prefer-rack' | 'master-proles' | 'random'
  /** Consistency of reads in AP namespaces. Default `one`. */
  readModeAp?: 'one' | 'all'
  /** Consistency of reads in SC namespaces. Default `session`. */
  readModeSc?: 'session' | 'linearize' | 'allow-replica' | 'allow-unavailable'
  /** Compress large requests and ask for compressed answers (Enterprise). Default false. */
  compress?: boolean
  /** Bytes from which a request is compressed. Default 128. */
  compressionThreshold?: number
  /** Percent of the lifetime after which a read renews it: 1 to 100, 0 as the server has it, -1 never. Default 0. */
  readTouchTtlPercent?: number
  /** How much of its reasons the server tells (8.2 and later): 0 to 3. Default 0. */
  errorDetailVerbosity?: number
  /** Leave the record out unless this expression, of the builders `exp` or packed elsewhere, is true. */
  filterExpression?: Condition
  /** The same as `filterExpression`. Where both are given, both must be true. */
  expressions?: Condition
}

/** How a record is read. */
export interface ReadPolicy extends BasePolicy {}

/** How a record is written. */
export interface WritePolicy extends BasePolicy {
  /** What must be there. Default `ignore`. */
  exists?: 'ignore' | 'update' | 'update-only' | 'replace' | 'replace-only' | 'create-only'
  /** How `meta.gen` is compared with the record's generation. Default `eq` where `meta.gen` is given, else `ignore`. */
  gen?: 'ignore' | 'eq' | 'gt'
  /** Lifetime in seconds; 0 the namespace's, -1 for ever, -2 unchanged, -3 the client's. Default 0. `meta.ttl` comes first. */
  ttl?: number
  /** Whether the server stores the user key. Default `digest`: it does not. */
  key?: 'digest' | 'send'
  /** Leave a tombstone behind a delete (Enterprise). Default false. */
  durableDelete?: boolean
  /** When the write is answered. Default `all`. */
  commitLevel?: 'all' | 'master'
  /** Fail rather than wait for another transaction (Enterprise). Default false. */
  onLockingOnly?: boolean
}

/** How a batch of reads is carried out. */
export interface BatchPolicy extends BasePolicy {
  /** All nodes at once or one after the other. Default `parallel`. */
  concurrency?: 'parallel' | 'sequential'
  /** Let the server's network threads answer from memory. Default true. */
  allowInline?: boolean
  /** The same from disk. Default false. */
  allowInlineSSD?: boolean
  /** Go on after a failed row. Default true. */
  respondAllKeys?: boolean
  /**
   * Rows that go to a node in one request at most: a larger batch is sent in several at once, whose answers are read by
   * several threads. 0: never cut. A batch that is `sequential` or without `respondAllKeys` is not cut. Default 250.
   */
  subBatchSize?: number
}

/** How a query or a scan is carried out. Defaults that differ: `totalTimeout` 0, `maxRetries` 5. */
export interface QueryPolicy extends BasePolicy {
  /** Records at most, 0 for all. Default 0. */
  maxRecords?: number
  /** Records that each node sends a second at most, 0 for no bound. Default 0. */
  recordsPerSecond?: number
  /** Nodes that are asked at once at most, 0 for all. Default 0. */
  maxConcurrentNodes?: number
  /** How long it is expected to take: `short` is for fewer than a hundred records a node. Default `long`. */
  expectedDuration?: 'long' | 'short' | 'long-relax-ap'
}

/** How an info request or another administrative call is carried out. */
export interface AdminPolicy extends CallOptions {
  /** ms until it has failed. Default 1000. */
  timeout?: number
}

/** What a write says of its record. */
export interface WriteMeta {
  /** The generation that the record must have: without `policy.gen` exactly this one. */
  gen?: number
  /** Lifetime in seconds, see `WritePolicy.ttl`. */
  ttl?: number
}

/** Whose policy it is. */
export type PolicyKind = 'read' | 'write' | 'batch' | 'admin' | 'query'

interface Field {
  readonly id: number
  readonly check: Check
}

/** What a policy is called and what it can say. */
export interface PolicyForm {
  readonly what: string
  readonly fields: ReadonlyMap<string, Field>
  /** It may have a filter expression. */
  readonly filter: boolean
  /** It may have a signal and a traceparent: it is a whole call's. */
  readonly signal: boolean
}

/** What the meta of a write can say. */
const META = ['gen', 'ttl'] as const

const GEN = 21
const GENERATION = 22
const TTL = 23
const FILTER_EXPRESSION = 64

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

/** Every field of any policy, for those at the top of a client's configuration. */
export const POLICY_FIELDS: ReadonlySet<string> = new Set(
  [...BASE, ...WRITE, ...BATCH, ...QUERY].map(([name]) => name).filter(name => name !== 'gen'),
)

/** Whether a policy of this kind has the field. */
export function hasField(kind: PolicyKind, name: string): boolean {
  return FIELDS[kind].has(name)
}

function formOf(kind: PolicyKind): PolicyForm {
  return { what: `${kind} policy`, fields: FIELDS[kind], filter: kind !== 'admin', signal: true }
}

const FORMS: { readonly [K in PolicyKind]: PolicyForm } = {
  read: formOf('read'),
  write: formOf('write'),
  batch: formOf('batch'),
  admin: formOf('admin'),
  query: formOf('query'),
}

/** Some of the fields of policies, for those that are made of them. */
export function fieldsNamed(names: readonly string[]): ReadonlyMap<string, Field> {
  return new Map([...BASE, ...WRITE, ...BATCH].filter(([name]) => names.includes(name)))
}

/** The fields of a batch that writes: those of a batch, and those that hold for each row that writes. */
export function batchWriteFields(): ReadonlyMap<string, Field> {
  return new Map([...BASE, ...BATCH, ...WRITE.filter(([name]) => name !== 'gen')])
}

/** The fields of a background job: those of a write, and the rate. */
export function jobFields(): ReadonlyMap<string, Field> {
  const [rate] = QUERY.filter(([name]) => name === 'recordsPerSecond')
  return new Map([...BASE, ...WRITE.filter(([name]) => name !== 'gen'), ...(rate === undefined ? [] : [rate])])
}

function writeField(writer: Writer, id: number, value: number): void {
  writer.u8(id)
  writer.f64(value)
}

/** Refuses what is no AbortSignal. */
export function checkSignal(value: unknown, where: string): void {
  const signal = value as { aborted?: unknown; addEventListener?: unknown } | null
  if (typeof signal?.aborted !== 'boolean' || typeof signal.addEventListener !== 'function') {
    throw invalidArgument(`${where}: an AbortSignal is needed, not ${describe(value)}`)
  }
}

/** Writes one policy's fields, all but those in `skip`. Gives how many. */
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
      if (field.id === GEN || (field.id === TTL && (skipTtl || number === -3))) continue
      writeField(writer, field.id, number)
    } else if (name === 'signal' && form.signal) {
      checkSignal(value, `${what}.signal`)
      continue
    } else if (name === 'traceparent' && form.signal) {
      checkTraceparent(value, `${what}.traceparent`)
      continue
    } else if ((CONDITION_NAMES as readonly string[]).includes(name) && form.filter) {
      filtered = true
      continue
    } else {
      const more = [...(form.filter ? ['filterExpression'] : []), ...(form.signal ? ['signal', 'traceparent'] : [])]
      unknownOption(name, what, [...fields.keys(), ...more])
    }
    count++
  }
  if (!filtered) return count
  writer.u8(FILTER_EXPRESSION)
  writer.blob(allOf(conditionsOf(given, what)))
  return count + 1
}

/** Writes what a call's policy says, or that it says nothing. */
export function writePolicy(writer: Writer, kind: PolicyKind, policy: object | undefined | null): void {
  writePolicyAs(writer, FORMS[kind], policy)
}

/** Writes what a policy of a form of its own says, or that it says nothing. */
export function writePolicyAs(writer: Writer, form: PolicyForm, policy: object | undefined | null): void {
  const at = writer.length
  writer.policyAt = at
  writer.u8(0)
  if (policy === undefined || policy === null) return
  const count = writeFields(writer, form, policy, false)
  // Not in one statement: it would name the buffer before the fields may have made it grow.
  writer.buffer[at] = count
}

/** Writes what a write's policy and meta say. */
export function writeWritePolicy(
  writer: Writer,
  policy: WritePolicy | undefined | null,
  meta: WriteMeta | undefined | null,
): void {
  writeWritePolicyAs(writer, FORMS.write, policy, meta)
}

/** Writes what the policy, of a form of its own, and the meta of a write say. */
export function writeWritePolicyAs(
  writer: Writer,
  form: PolicyForm,
  policy: { gen?: WritePolicy['gen'] } | undefined | null,
  meta: WriteMeta | undefined | null,
  known: readonly string[] = META,
): void {
  const at = writer.length
  writer.policyAt = at
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
    if (!known.includes(name)) unknownOption(name, 'meta', known)
  }
  return {
    gen: given.gen === undefined ? undefined : GENERATION_CHECK(given.gen, 'meta.gen'),
    ttl: given.ttl === undefined ? undefined : TTL_CHECK(given.ttl, 'meta.ttl'),
  }
}
