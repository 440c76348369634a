/** What the runner asks of a child process, and what it is told. Both cross as JSON. */

import type { ClientName, JsClientName } from '../clients'
import type { Target } from '../clients/adapter'
import type { JsClock } from './clocks'

export interface MeasureJob {
  readonly kind: 'measure'
  readonly client: JsClientName
  readonly case: string
  readonly target: Target
  readonly warmupMs: number
  readonly measureMs: number
}

/** Writes the records, or takes them away again, and asks the server who it is. */
export interface PrepareJob {
  readonly kind: 'load' | 'unload'
  readonly target: Target
  /** Records of the set for queries; 0 for those of all else. */
  readonly queryRows: number
}

/** Mixed reads and writes; memory at two marks. */
export interface RssJob {
  readonly kind: 'rss'
  readonly client: JsClientName
  readonly target: Target
  readonly operations: readonly [first: number, last: number]
  /** V8's young generation has its full size from the start; else it grows to it, whatever allocates. */
  readonly fullYoung: boolean
}

export type Job = MeasureJob | PrepareJob | RssJob

/** One measurement. Times are per process here, not per operation. */
export interface Measurement {
  readonly operations: number
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
  /** Microseconds of CPU, all threads; null where the system does not tell. */
  readonly cpuUs: number | null
  readonly rssMiB: number | null
  /** The most that it ever was, loading included. */
  readonly peakRssMiB?: number | null
  /** Of clients in JavaScript only. */
  readonly jsUs?: number
  readonly jsClock?: JsClock
  readonly loopDelayP99Ms?: number
  /** Of queries: until the first record was there, the median. */
  readonly firstUs?: number | null
}

/** A measurement and what it is of. */
export interface Sample extends Measurement {
  readonly case: string
  readonly client: ClientName
  readonly round: number
}

export interface ServerInfo {
  readonly build: string
  readonly edition: string
}

/** Resident memory in MiB at each mark: as it was, and after a full garbage collection. */
export interface RssMark {
  readonly operations: number
  readonly rssMiB: number
  readonly collectedMiB: number
  /** Part of the latter that is V8's heap, used or not. */
  readonly heapMiB: number
}
