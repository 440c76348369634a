/** What a suite is: one kind of operation, and how its result is checked. */
import type { Adapter } from '../clients/adapter'

/** One case of a suite. */
export interface Spec {
  readonly inFlight: number
  /** Rows of a batch. */
  readonly rows: number
  /** Microseconds of work that the event loop has to do for each operation beside the client's own. */
  readonly busyUs: number
  /** Whether a client that can gather single calls into batches does so. */
  readonly gathers: boolean
}

/**
 * One operation in two halves, so that the loop awaits the client's own promise. Every result is checked: nobody shall be
 * fast by failing.
 */
export interface Work<T> {
  /** `next` gives random indexes below RECORDS. */
  start(index: number): Promise<T>
  check(result: T, index: number): void
}

/** Keeps so many operations in flight for so long. Each latency in ms goes to `record`, where one is given. */
export type Run = (inFlight: number, ms: number, record?: (latency: number) => void) => Promise<void>

/** A prepared case. */
export interface Prepared {
  readonly run: Run
  /** Looks at what is left behind. */
  readonly verify?: () => Promise<void>
  /** Of queries: ms until the first record was there, the median. */
  readonly firstMs?: () => number
}

export type Suite = (adapter: Adapter, spec: Spec) => Prepared

export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`${what} is not what is stored`)
}
