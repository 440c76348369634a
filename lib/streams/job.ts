/**
 * Background jobs: what a query changes on the servers, node by node, without sending records.
 */

import type { Runner, SyncRunner } from '../boundary/command'
import * as commands from '../commands/job'
import { describe } from '../common/describe'
import { invalidArgument, jobUnknown, queryAborted } from '../common/errors'
import type { JobStatus } from '../query/job'
import { Task, TaskSync } from '../tasks/task'

/** What a job failed with, if it did. One that was begun here and that no server has in its list any more has ended. */
function checked(id: bigint, begun: boolean, { known, aborted, ...status }: commands.JobAnswer): JobStatus {
  if (aborted) throw queryAborted(`the background job ${id} was aborted; ${status.succeeded} records were changed`)
  if (!known && !begun) throw jobUnknown(id)
  return status
}

/** The number of a job, as the servers have it. */
function jobId(id: bigint): bigint {
  if (typeof id === 'bigint' && id >= 0n && id < 1n << 64n) return id
  throw invalidArgument(`job: the number of a job is a bigint from 0 to 2^64-1, not ${describe(id)}`)
}

/**
 * A background job. What it failed with when it was aborted is a QueryAbortedError; of a job by a number that no server
 * knows, or knows any more, a QueryError with the code `JOB_UNKNOWN`.
 */
export class JobTask extends Task {
  /** The number under which the servers know it; `client.job(id)` takes it up again, in any process. */
  readonly id: bigint
  readonly #runner: Runner
  readonly #begun: boolean

  /** @internal */
  constructor(runner: Runner, id: bigint, begun: boolean) {
    super(`job ${id}`, () => this.status())
    this.id = jobId(id)
    this.#runner = runner
    this.#begun = begun
  }

  /** Asks every node how far it is. */
  override async status(): Promise<JobStatus> {
    return checked(this.id, this.#begun, await this.#runner.run(commands.jobProgress, [this.id, {}]))
  }

  /** Ends it on every node; what it has changed stays. False when no node had it running. */
  abort(): Promise<boolean> {
    return this.#runner.run(commands.jobAbort, [this.id, {}])
  }
}

/** As `JobTask`, blocking. */
export class JobTaskSync extends TaskSync {
  /** The number under which the servers know it. */
  readonly id: bigint
  readonly #runner: SyncRunner
  readonly #begun: boolean

  /** @internal */
  constructor(runner: SyncRunner, id: bigint, begun: boolean) {
    super(`job ${id}`, () => this.status())
    this.id = jobId(id)
    this.#runner = runner
    this.#begun = begun
  }

  /** Asks every node how far it is. */
  override status(): JobStatus {
    return checked(this.id, this.#begun, this.#runner.run(commands.jobProgress, [this.id, {}]))
  }

  /** Ends it on every node; what it has changed stays. False when no node had it running. */
  abort(): boolean {
    return this.#runner.run(commands.jobAbort, [this.id, {}])
  }
}
