/**
 * Policies: how to execute one call, or every call of a client. Only the fields that differ from the client's defaults
 * cross the boundary.
 */

import {
  type BasePolicyFields,
  type BatchPolicyFields,
  FILTER_FIELD,
  GENERATION_FIELD,
  POLICY_FIELDS,
  type PolicyFieldEntry,
  type QueryPolicyFields,
  type WritePolicyFields,
} from '../catalog/policy-fields'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type Check, checkOf, checkOptions, integerOption, optionsObject, unknownOption } from '../common/options'
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
export interface BasePolicy extends BasePolicyFields, CallOptions {
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
export interface WritePolicy extends BasePolicy, TransactionPolicy, WritePolicyFields {}

/** Policy of a batch that reads. */
export interface BatchPolicy extends BasePolicy, TransactionPolicy, BatchPolicyFields {}

/** Policy of a query or a scan. Defaults that differ: `totalTimeout` 0, `maxRetries` 5. */
export interface QueryPolicy extends BasePolicy, QueryPolicyFields {
  /** Maximum number of records; 0 means no limit. Default 0. */
  maxRecords?: number | undefined
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

/** The kinds of calls that have a default policy of their own: see `DefaultPolicies`. */
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

/** Number of fields that the native side does not need. */
const LOCAL = 0

const GEN = POLICY_FIELDS.write.gen.id
const TTL = POLICY_FIELDS.write.ttl.id
const TTL_CHECK = checkOf(POLICY_FIELDS.write.ttl)
const GENERATION_CHECK = integerOption(0)

type NamedField = readonly [string, Field]

function fieldsOf(group: { readonly [name: string]: PolicyFieldEntry }): readonly NamedField[] {
  return Object.entries(group).map(([name, entry]) => [name, { id: entry.id ?? LOCAL, check: checkOf(entry) }])
}

const BASE = fieldsOf(POLICY_FIELDS.base)
const WRITE = fieldsOf(POLICY_FIELDS.write)
const BATCH = fieldsOf(POLICY_FIELDS.batch)
const QUERY = fieldsOf(POLICY_FIELDS.query)

const FIELDS: { readonly [K in PolicyKind]: ReadonlyMap<string, Field> } = {
  read: new Map(BASE),
  write: new Map([...BASE, ...WRITE]),
  batch: new Map([...BASE, ...BATCH]),
  admin: new Map(BASE.filter(([name]) => name === 'totalTimeout').map(([, field]) => ['timeout', field])),
  query: new Map([...BASE, ...QUERY]),
}

/** The fields of all policies, which may also be set at the top level of a client's configuration. */
export const POLICY_FIELD_NAMES: ReadonlySet<string> = new Set(
  [...BASE, ...WRITE, ...BATCH, ...QUERY].map(([name]) => name).filter(name => name !== 'gen'),
)

const CHECKS = new Map([...BASE, ...WRITE, ...BATCH, ...QUERY].map(([name, { check }]) => [name, check]))

/** Returns the check of a field of `POLICY_FIELD_NAMES`. */
export function policyCheck(name: string): Check {
  return CHECKS.get(name) as Check
}

/** Returns whether a policy of this kind has the field. */
export function hasField(kind: PolicyKind, name: string): boolean {
  return FIELDS[kind].has(name)
}

/** The kinds of policies, in the order in which a client's defaults are encoded. */
export const POLICY_KINDS: readonly PolicyKind[] = ['read', 'write', 'batch', 'admin', 'query']

/** The kinds of policies that have a field. */
export function kindsWith(name: string): readonly PolicyKind[] {
  return POLICY_KINDS.filter(kind => FIELDS[kind].has(name))
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
  const signal = value as { aborted?: unknown; addEventListener?: unknown; removeEventListener?: unknown } | null
  const listens = typeof signal?.addEventListener === 'function' && typeof signal.removeEventListener === 'function'
  if (!listens || typeof signal.aborted !== 'boolean') {
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
  writer.u8(FILTER_FIELD)
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
    writeField(writer, GENERATION_FIELD, gen)
    count += 2
  }
  writer.buffer[at] = count
}

function placeOfMeta(name: string): string | undefined {
  return POLICY_FIELD_NAMES.has(name) ? `${name} is a field of the policy` : undefined
}

function readMeta(
  meta: WriteMeta | undefined | null,
  known: readonly string[],
): { gen: number | undefined; ttl: number | undefined } {
  if (meta === undefined || meta === null) return { gen: undefined, ttl: undefined }
  const given = optionsObject(meta, 'meta')
  checkOptions(given, 'meta', known, placeOfMeta)
  return {
    gen: given.gen === undefined ? undefined : GENERATION_CHECK(given.gen, 'meta.gen'),
    ttl: given.ttl === undefined ? undefined : TTL_CHECK(given.ttl, 'meta.ttl'),
  }
}
