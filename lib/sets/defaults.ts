/**
 * The default policies of a set, by kind of call.
 */

import { BATCH_WRITE, WRITE_ROW } from '../batch/policy'
import { checkOptions, optionsObject } from '../common/options'
import type { UpdateOptions } from '../helpers/update'
import {
  type BatchPolicy,
  hasField,
  POLICY_FIELD_NAMES,
  type QueryPolicy,
  type ReadPolicy,
  type WritePolicy,
  writePolicy,
  writePolicyAs,
} from '../options/policy'
import { Writer } from '../wire/wire'

/**
 * Defaults of a set: fields of policies, for every kind of call that has them, and policies of single kinds, which
 * override them. All of them override the client's.
 */
export interface SetDefaults extends Omit<WritePolicy & BatchPolicy & QueryPolicy, 'gen' | 'maxRecords'> {
  /** Policies of single kinds of call; they override the fields at the top level. */
  readonly policies?:
    | {
        readonly read?: ReadPolicy | undefined
        readonly write?: Omit<WritePolicy, 'gen'> | undefined
        readonly batch?: BatchPolicy | undefined
        readonly query?: QueryPolicy | undefined
      }
    | undefined
}

const KINDS = ['read', 'write', 'batch', 'query'] as const
type Kind = (typeof KINDS)[number]

type Fields = { readonly [field: string]: unknown }

/** Fields that every policy of a call has. */
const OF_CALLS: readonly string[] = ['signal', 'traceparent', 'filterExpression', 'expressions', 'tx']

const KNOWN: ReadonlySet<string> = new Set([...POLICY_FIELD_NAMES, ...OF_CALLS, 'policies'])

function pick(fields: Fields, has: (name: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== undefined && has(name)))
}

/** The default policies of a set. */
export class Defaults {
  readonly #given: SetDefaults
  readonly #policies: { readonly [K in Kind | 'batchWrite']: Fields }

  constructor(given: SetDefaults = {}) {
    const { policies, ...common } = optionsObject(given, 'with')
    checkOptions(common, 'with', KNOWN)
    const byKind = optionsObject(policies ?? {}, 'with.policies')
    checkOptions(byKind, 'with.policies', KINDS)
    const own = (kind: Kind): Fields => pick(optionsObject(byKind[kind] ?? {}, `with.policies.${kind}`), () => true)
    const of = (kind: Kind): Fields => ({
      ...pick(common, name => hasField(kind, name) || OF_CALLS.includes(name)),
      ...own(kind),
    })
    this.#given = given
    this.#policies = {
      read: of('read'),
      write: of('write'),
      batch: of('batch'),
      query: of('query'),
      // The rows of a batch that writes take the fields of the write policy.
      batchWrite: {
        ...pick(common, name => BATCH_WRITE.fields.has(name) || OF_CALLS.includes(name)),
        ...pick(own('write'), name => WRITE_ROW.fields.has(name)),
        ...own('batch'),
      },
    }
    this.#check()
  }

  /** Rejects invalid fields now, and not with the first call. */
  #check(): void {
    const { batchWrite, query, ...others } = this.#policies
    for (const [kind, policy] of Object.entries(others)) writePolicy(new Writer(256), kind as Kind, policy)
    writePolicyAs(new Writer(256), BATCH_WRITE, batchWrite)
    // A query of a set that is bound to a transaction is refused when it runs.
    const { maxRecords: _, tx: _tx, ...rest } = query
    writePolicy(new Writer(256), 'query', rest)
  }

  /** These defaults, overridden by others. */
  with(given: SetDefaults): Defaults {
    const { policies: before = {}, ...common } = this.#given
    const { policies = {}, ...more } = optionsObject(given, 'with') as SetDefaults
    const merged = Object.fromEntries(
      KINDS.map(kind => [
        kind,
        { ...before[kind], ...(optionsObject(policies, 'with.policies')[kind] as object | undefined) },
      ]),
    )
    const unknown = Object.fromEntries(
      Object.entries(policies).filter(([kind]) => !(KINDS as readonly string[]).includes(kind)),
    )
    return new Defaults({ ...common, ...more, policies: { ...unknown, ...merged } })
  }

  /** The policy of one call: the defaults, overridden by the call's own. */
  of<P extends object>(kind: Kind | 'batchWrite', policy: P | undefined): P {
    return { ...this.#policies[kind], ...policy } as P
  }

  /** The policies of `update`, without the fields that it sets itself. */
  ofUpdate({ policies }: UpdateOptions = {}): {
    readonly read: ReadPolicy
    readonly write: Omit<WritePolicy, 'exists' | 'gen' | 'maxRetries'>
  } {
    const { exists: _exists, maxRetries: _maxRetries, ...write } = this.#policies.write
    return { read: { ...this.#policies.read, ...policies?.read }, write: { ...write, ...policies?.write } }
  }
}
