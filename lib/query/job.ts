/**
 * Policy and status of background jobs.
 */
import type { WritePolicy } from '../options/policy'
import type { TaskStatus } from '../tasks/task'

/** Policy of a background job. The timeouts apply to starting the job. */
export interface JobPolicy extends Omit<WritePolicy, 'gen' | 'tx'> {
  /** Maximum number of records that each node changes per second; 0 means the server's default. Default 0. */
  recordsPerSecond?: number | undefined
}

/**
 * Progress of a background job, with counts summed over the nodes. A server forgets a job some time after it has ended.
 */
export interface JobStatus extends TaskStatus {
  /** Records that were changed. */
  readonly succeeded: number
  /** Records that could not be changed. */
  readonly failed: number
  /** Records that the filter excluded by their bins. */
  readonly filteredBins: number
  /** Records that the filter excluded by their metadata alone. */
  readonly filteredMeta: number
  /** Records delayed by `recordsPerSecond`. */
  readonly throttled: number
}
