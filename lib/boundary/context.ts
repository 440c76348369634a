/**
 * The settings of a client that its commands need.
 */
import type { PolicyKind } from '../options/policy'
import type { Seed } from '../telemetry/diagnostics'
import type { ReadOptions } from '../values/value'

/** The settings of a client that every command needs. */
export interface Context extends ReadOptions {
  /** Total timeout in ms for each kind of call. */
  readonly timeouts: { readonly [K in PolicyKind]: number }
  /** The namespace of keys that name none; empty if there is no default. */
  readonly namespace: string
  /** Whether writes leave out what is undefined, unless their policy says otherwise. */
  readonly ignoreUndefined: boolean
  /** First seed host of the configuration. */
  readonly seed?: Seed | undefined
  /** The method through which the client runs commands: stacks of refused calls begin with its caller. */
  readonly entry?: ((...args: never[]) => unknown) | undefined
}

/** The context of commands that belong to no client. */
export const NO_CLIENT: Context = {
  timeouts: { read: 0, write: 0, batch: 0, admin: 0, query: 0 },
  int64: 'auto',
  maps: 'auto',
  namespace: '',
  ignoreUndefined: false,
}
