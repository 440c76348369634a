/**
 * How background jobs are carried out, and how far they are.
 */
import type { WritePolicy } from '../options/policy'
import type { TaskStatus } from '../tasks/task'

/** How a background job is carried out; the timeouts are those of beginning it. */
export interface JobPolicy extends Omit<WritePolicy, 'gen'> {
  /** Records that each node changes a second at most, 0 for as the server has it. Default 0. */
  recordsPerSecond?: number
}

/** How far a background job is; the counts are summed over the nodes. A server forgets jobs some time after their end. */
export interface JobStatus extends TaskStatus {
  /** Records that were changed. */
  readonly succeeded: number
  /** Records that could not be changed. */
  readonly failed: number
  /** Records that the filter left out by their bins. */
  readonly filteredBins: number
  /** Records that the filter left out without looking at their bins. */
  readonly filteredMeta: number
  /** Records that were delayed by `recordsPerSecond`. */
  readonly throttled: number
}
