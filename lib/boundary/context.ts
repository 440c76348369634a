/**
 * What commands know of their client.
 */
import type { PolicyKind } from '../options/policy'
import type { Seed } from '../telemetry/diagnostics'
import type { ReadOptions } from '../values/value'

/** What every command of a client needs to know. */
export interface Context extends ReadOptions {
  /** Total timeout in ms by kind of call. */
  readonly timeouts: { readonly [K in PolicyKind]: number }
  /** The configuration's first seed. */
  readonly seed?: Seed | undefined
}
