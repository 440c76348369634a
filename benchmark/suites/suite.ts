/** A suite: one kind of operation, and the check of its result. */
import type { Adapter } from '../clients/adapter'

/** One case of a suite. */
export interface Spec {
  readonly inFlight: number
  /** Number of rows per batch. */
  readonly rows: number
  /** Simulated application work per operation, in microseconds. */
  readonly busyUs: number
  /** Whether a client that can combine single calls into batches does so. */
  readonly gathers: boolean
}

/**
 * One operation in two halves, so that the loop awaits the client's own promise. Every result is checked: a client
 * must not be fast by failing.
 */
export interface Work<T> {
  /** `next` returns random indexes below RECORDS. */
  start(index: number): Promise<T>
  check(result: T, index: number): void
}

/** Keeps `inFlight` operations running for `ms` milliseconds. Passes each latency in ms to `record`, if given. */
export type Run = (inFlight: number, ms: number, record?: (latency: number) => void) => Promise<void>

/** A prepared case. */
export interface Prepared {
  readonly run: Run
  /** Checks the data that the case left behind. */
  readonly verify?: () => Promise<void>
  /** Only for queries: median time in ms until the first record. */
  readonly firstMs?: () => number
}

export type Suite = (adapter: Adapter, spec: Spec) => Prepared

export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`${what} is not what is stored`)
}
