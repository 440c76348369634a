/**
 * How a task polls its progress.
 */

import type { TaskStatus } from '../tasks/task'
import type { InfoResult } from './info'

/** An info request, and a parser of the answers of all nodes. */
export interface Poll {
  readonly request: string
  readonly read: (answers: readonly InfoResult[]) => TaskStatus
}

/** How a task polls its progress. */
export interface Watch extends Poll {
  /** What a task asks when its progress is complete: it is done only when this poll says so. */
  readonly confirm?: Poll
}
