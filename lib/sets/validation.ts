/**
 * Validation of bins with a Standard Schema.
 */

import type { BatchRecords } from '../batch/result'
import { describe } from '../common/describe'
import { invalidArgument, ValidationError, type ValidationIssue } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import type { UpdateFunction } from '../helpers/update'
import type { Key } from '../values/key'
import { AerospikeRecord, type Bins } from '../values/record'
import type { Value } from '../values/value'
import type { StandardIssue, StandardResult, StandardSchema } from './standard-schema'

/** Number of issues that a message shows. */
const SHOWN = 3

/** Throws InvalidArgError unless the value is a Standard Schema. */
export function checkSchema(schema: unknown, where: string): asserts schema is StandardSchema {
  const type = typeof schema
  const standard =
    (type === 'object' && schema !== null) || type === 'function' ? (schema as StandardSchema)['~standard'] : undefined
  if (standard?.version !== 1 || typeof standard.validate !== 'function') {
    throw invalidArgument(
      `${where}: a schema with Standard Schema is needed, such as one of zod, not ${describe(schema)}`,
    )
  }
}

function issueOf({ message, path = [] }: StandardIssue): ValidationIssue {
  // A library may use a subclass of Array.
  const keys = Array.from(path, segment => (typeof segment === 'object' ? segment.key : segment))
  const [bin] = keys
  return { message, bin: bin === undefined ? undefined : String(bin), path: keys }
}

/** The path to a value as text: `address.lines[0]`. */
function pathText(path: ValidationIssue['path']): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('')
}

function textOf({ message, path }: ValidationIssue): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`
}

function failure(what: string, key: Key, issues: readonly ValidationIssue[], cause?: unknown): ValidationError {
  return new ValidationError(`${what} (${key})`, { code: 'VALIDATION', resultCode: -1, key, issues, cause })
}

/**
 * Returns what the schema makes of the bins of a record.
 * @throws ValidationError if the schema does not accept them, or throws; InvalidArgError if it is asynchronous
 */
function validated(schema: StandardSchema, bins: unknown, key: Key): unknown {
  let result: StandardResult<unknown> | Promise<StandardResult<unknown>>
  try {
    result = schema['~standard'].validate(bins)
  } catch (cause) {
    throw failure(`the schema threw: ${cause instanceof Error ? cause.message : String(cause)}`, key, [], cause)
  }
  if (typeof (result as { then?: unknown } | undefined)?.then === 'function') {
    // A rejection that nobody handles would end the process.
    Promise.resolve(result).catch(() => undefined)
    throw invalidArgument('schema: it returned a promise; only schemas that validate synchronously can be used')
  }
  const { issues, value } = result as { readonly issues?: readonly StandardIssue[]; readonly value?: unknown }
  if (issues !== undefined) {
    const all = issues.map(issueOf)
    const shown = all.slice(0, SHOWN).map(textOf).join('; ')
    const more = all.length > SHOWN ? `; and ${all.length - SHOWN} more` : ''
    throw failure(`the bins do not match the schema: ${shown}${more}`, key, all)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw failure(`the schema returned ${describe(value)} instead of bins`, key, [])
  }
  return value
}

/** Options of `client.set`. */
export interface SetOptions<S extends StandardSchema<object, object>> {
  /** Schema of the bins, of zod, valibot, arktype or another library that implements Standard Schema. */
  readonly schema: S
  /**
   * What is validated. Default `writes`.
   *
   * - `writes`: the bins of `put`, `update` and `batchPut`, before they are sent. What the schema returns is stored.
   * - `reads`: the bins of `get`, `getOrNull`, `update`, `batchGet` and `query`. What the schema returns is returned.
   * - `both`: both.
   */
  readonly validate?: 'writes' | 'reads' | 'both' | undefined
}

const VALIDATE = ['writes', 'reads', 'both']

/** A query whose records can be replaced when they are read. */
interface Checkable {
  checkRecords(check: (record: AerospikeRecord) => AerospikeRecord): unknown
}

/** What a set validates. */
export class Validation {
  readonly #writes: StandardSchema | undefined
  readonly #reads: StandardSchema | undefined

  constructor(options: SetOptions<StandardSchema<object, object>> | undefined) {
    if (options === undefined) return
    const given = optionsObject(options, 'set')
    checkOptions(given, 'set', ['schema', 'validate'])
    const { schema, validate = 'writes' } = given
    if (!VALIDATE.includes(validate as string)) {
      throw invalidArgument(`set.validate: one of 'writes', 'reads', 'both' is needed, not ${describe(validate)}`)
    }
    checkSchema(schema, 'set.schema')
    this.#writes = validate === 'reads' ? undefined : schema
    this.#reads = validate === 'writes' ? undefined : schema
  }

  /** The bins to write. */
  written(bins: unknown, key: Key): { readonly [bin: string]: Value } {
    const schema = this.#writes
    return (schema === undefined ? bins : validated(schema, bins, key)) as { readonly [bin: string]: Value }
  }

  /** A record that was read. */
  read<T>(record: AerospikeRecord<T>): AerospikeRecord<T> {
    const schema = this.#reads
    if (schema === undefined) return record
    const { key, bins, gen, ttl } = record
    return new AerospikeRecord(key, validated(schema, bins, key) as T, gen, ttl)
  }

  /** The rows of a batch that was read. */
  rows<T>(rows: BatchRecords<T>): BatchRecords<T> {
    return this.#reads === undefined ? rows : rows.checkRecords(record => this.read(record))
  }

  /** A query; its records are validated when they are read. */
  query<Q extends Checkable>(query: Q): Q {
    if (this.#reads !== undefined) query.checkRecords(record => this.read(record))
    return query
  }

  /** The function of an update, between a validated read and a validated write. */
  updater(fn: UpdateFunction, key: Key): UpdateFunction {
    if (typeof fn !== 'function' || (this.#reads === undefined && this.#writes === undefined)) return fn
    return (bins, record) => {
      const read = record === null ? null : this.read(record)
      const after = fn(read === null ? bins : (read.bins as Bins), read)
      if (typeof (after as { then?: unknown } | null | undefined)?.then === 'function') {
        return (after as PromiseLike<unknown>).then(value => this.#updated(value, key))
      }
      return this.#updated(after, key)
    }
  }

  /** The result of an update's function. That it returned nothing is reported by the update. */
  #updated(bins: unknown, key: Key): unknown {
    return bins === undefined || bins === null ? bins : this.written(bins, key)
  }
}
