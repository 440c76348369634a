/** The jobs that the runner sends to child processes, and their results. Both are sent as JSON. */

import type { Target } from '../clients/adapter'
import type { ClientName, JsClientName } from '../clients/names'
import type { Case } from '../suites/cases'
import type { JsClock } from './clocks'

export const ROUND_WARMUP_MS = 200

/** Seconds from which a round is not preceded by a warm-up: its own start is a small part of it. */
export const LONG_ROUND_SECONDS = 1

/** Begins each line of a child process that is a result. */
export const RESULT = 'result: '

export interface MeasureJob {
  readonly kind: 'measure'
  readonly client: JsClientName
  readonly case: Case
  readonly target: Target
  /** Time in ms of operations that are not recorded, before the first round; before the others, at most ROUND_WARMUP_MS. */
  readonly warmupMs: number
  /** Number of operations per round. */
  readonly operations: number
}

/** Writes or removes the records, and reads the server's identity. */
export interface PrepareJob {
  readonly kind: 'load' | 'unload'
  readonly target: Target
  /** Number of records in the set for queries; 0 for the records of all other cases. */
  readonly queryRows: number
}

/** A mix of reads and writes, with memory measured at two marks. */
export interface RssJob {
  readonly kind: 'rss'
  readonly client: JsClientName
  readonly target: Target
  readonly operations: readonly [first: number, last: number]
  /**
   * Whether V8's young generation starts at full size. Otherwise it grows during the run, whatever allocates memory.
   */
  readonly fullYoung: boolean
}

export type Job = MeasureJob | PrepareJob | RssJob

/** One round. Totals per process, not per operation. */
export interface Measurement {
  readonly operations: number
  readonly seconds: number
  readonly p50Us: number
  readonly p95Us: number
  readonly p99Us: number
  readonly p999Us: number
  /** CPU time of all threads in microseconds; null if the system does not report it. */
  readonly cpuUs: number | null
  readonly rssMiB: number | null
  /** Peak memory, including loading. */
  readonly peakRssMiB?: number | null
  /** Only for JavaScript clients. */
  readonly jsUs?: number
  readonly jsClock?: JsClock
  readonly loopDelayP99Ms?: number
  /** Only for queries: median time until the first record. */
  readonly firstUs?: number | null
}

/** A round, and what was measured. */
export interface Sample extends Measurement {
  readonly case: string
  readonly client: ClientName
  readonly round: number
}

export interface ServerInfo {
  readonly build: string
  readonly edition: string
}

/** Resident memory in MiB at each mark: before and after a full garbage collection. */
export interface RssMark {
  readonly operations: number
  readonly rssMiB: number
  readonly collectedMiB: number
  /** Size of V8's heap within `collectedMiB`, including unused space. */
  readonly heapMiB: number
}
