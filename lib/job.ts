/**
 * Background jobs: what a query changes on the servers, node by node, without sending records.
 */
import * as commands from './commands/job'
import { queryAborted } from './errors'
import type { WritePolicy } from './policy'
import type { Runner, SyncRunner } from './stream'
import { Task, type TaskStatus, TaskSync } from './task'

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

/** What a job failed with, if it did. */
function checked(id: bigint, { aborted, ...status }: commands.JobAnswer): JobStatus {
  if (!aborted) return status
  throw queryAborted(`the background job ${id} was aborted; ${status.succeeded} records were changed`)
}

/** A background job. What it failed with when it was aborted is a QueryAbortedError. */
export class JobTask extends Task {
  /** The number under which the servers know it; `client.job(id)` takes it up again, in any process. */
  readonly id: bigint
  readonly #runner: Runner

  /** @internal */
  constructor(runner: Runner, id: bigint) {
    super(`job ${id}`, () => this.status())
    this.id = id
    this.#runner = runner
  }

  /** Asks every node how far it is. */
  override async status(): Promise<JobStatus> {
    return checked(this.id, await this.#runner.run(commands.jobProgress, [this.id, {}]))
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

  /** @internal */
  constructor(runner: SyncRunner, id: bigint) {
    super(`job ${id}`, () => this.status())
    this.id = id
    this.#runner = runner
  }

  /** Asks every node how far it is. */
  override status(): JobStatus {
    return checked(this.id, this.#runner.run(commands.jobProgress, [this.id, {}]))
  }

  /** Ends it on every node; what it has changed stays. False when no node had it running. */
  abort(): boolean {
    return this.#runner.run(commands.jobAbort, [this.id, {}])
  }
}
