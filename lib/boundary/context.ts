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
  /** First seed host of the configuration. */
  readonly seed?: Seed | undefined
  /** The method through which the client runs commands: stacks of refused calls begin with its caller. */
  readonly entry?: ((...args: never[]) => unknown) | undefined
}
