/** A suite: one kind of operation, and the check of its result. */
import type { Adapter, Pending, Target } from '../clients/adapter'

/** One case of a suite. */
export interface Spec {
  readonly inFlight: number
  /** Number of rows per batch. */
  readonly rows: number
  /** Simulated application work per operation, in microseconds. */
  readonly busyUs: number
  /** Name of the shape of the records, in the suite `shapes`. */
  readonly shape?: string
  /** Number of worker threads, in the suite `workers`. */
  readonly threads?: number
}

/**
 * One operation in two halves, so that the loop awaits the client's own promise. Every result is checked: a client
 * must not be fast by failing.
 */
export interface Work<T> {
  /** `index` is random and below RECORDS. */
  start(index: number): Pending<T>
  check(result: T, index: number): void
}

/** What a suite measures itself, because it does its work in other threads or processes. Empty in all others. */
export interface OwnClocks {
  readonly seconds?: number
  /** CPU time of all JavaScript threads that use the client, in microseconds. */
  readonly jsUs?: number
}

/** Runs this number of operations, `inFlight` at once, and passes each latency in ms to `record`. */
export type Run = (inFlight: number, operations: number, record: (latency: number) => void) => Promise<OwnClocks>

/** A prepared case. */
export interface Prepared {
  readonly run: Run
  /** Checks the data that the case left behind, and ends what it has started. */
  readonly verify?: () => Promise<void>
  /** Only for queries: median time in ms until the first record. */
  readonly firstMs?: () => number
}

export type Suite = (adapter: Adapter, spec: Spec, target: Target) => Prepared | Promise<Prepared>

export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`${what} is not what is stored`)
}
