/**
 * Background jobs: changes that servers apply to the records of a query, without sending records to the client.
 */

import type { Runner, SyncRunner } from '../boundary/command'
import * as commands from '../commands/job'
import { describe } from '../common/describe'
import { invalidArgument, jobUnknown, queryAborted } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { locateErrors } from '../common/stacks'
import type { JobStatus } from '../query/job'
import { Task, TaskSync } from '../tasks/task'

/**
 * Returns the status of a job, or throws if it was aborted or is unknown. A job that this process started and that no
 * server lists any more has ended.
 */
function checked(id: bigint, begun: boolean, { known, aborted, ...status }: commands.JobAnswer): JobStatus {
  if (aborted) throw queryAborted(`the background job ${id} was aborted; ${status.succeeded} records were changed`)
  if (!known && !begun) throw jobUnknown(id)
  return status
}

/** Validates the id of a job: an unsigned 64-bit integer, as the servers show it. */
function jobId(id: bigint): bigint {
  if (typeof id === 'bigint' && id >= 0n && id < 1n << 64n) return id
  throw invalidArgument(`job: the id of a job is a bigint from 0 to 2^64-1, not ${describe(id)}`)
}

/**
 * A background job. `status()` and `wait()` fail with QueryAbortedError if the job was aborted, and with a QueryError
 * with the code `JOB_UNKNOWN` if no server knows the id, or has already forgotten it.
 */
export class JobTask extends Task {
  /** Id of the job on the servers; pass it to `client.job(id)` in any process to follow the job. */
  readonly id: bigint
  readonly #runner: Runner
  readonly #begun: boolean

  /** @internal */
  constructor(runner: Runner, id: bigint, begun: boolean) {
    super(`job ${jobId(id)}`, () => this.status())
    this.id = id
    this.#runner = runner
    this.#begun = begun
  }

  /**
   * Asks every node for the job's progress.
   *
   * @returns progress and record counts, summed over the nodes
   * @throws QueryAbortedError if the job was aborted; QueryError with the code `JOB_UNKNOWN` if no server knows the id
   */
  override async status(): Promise<JobStatus> {
    return checked(this.id, this.#begun, await this.#runner.run(commands.jobProgress, [this.id, {}]))
  }

  /**
   * Aborts the job on every node. Changes already made remain.
   *
   * @returns false if no node was running the job
   */
  abort(): Promise<boolean> {
    return this.#runner.run(commands.jobAbort, [this.id, {}])
  }
}

/** Like `JobTask`, blocking. */
export class JobTaskSync extends TaskSync {
  /** Id of the job on the servers; pass it to `client.job(id)` in any process to follow the job. */
  readonly id: bigint
  readonly #runner: SyncRunner
  readonly #begun: boolean

  /** @internal */
  constructor(runner: SyncRunner, id: bigint, begun: boolean) {
    super(`job ${jobId(id)}`, () => this.status())
    this.id = id
    this.#runner = runner
    this.#begun = begun
  }

  /**
   * Asks every node for the job's progress.
   *
   * @returns progress and record counts, summed over the nodes
   * @throws QueryAbortedError if the job was aborted; QueryError with the code `JOB_UNKNOWN` if no server knows the id
   */
  override status(): JobStatus {
    return checked(this.id, this.#begun, this.#runner.run(commands.jobProgress, [this.id, {}]))
  }

  /**
   * Aborts the job on every node. Changes already made remain.
   *
   * @returns false if no node was running the job
   */
  abort(): boolean {
    return this.#runner.run(commands.jobAbort, [this.id, {}])
  }
}

locateErrors(JobTask)
locateErrors(JobTaskSync)
jsonAs(JobTask, ({ name, id }) => ({ name, id }))
jsonAs(JobTaskSync, ({ name, id }) => ({ name, id }))
printAs(JobTask, 'JobTask', ({ id }) => String(id))
printAs(JobTaskSync, 'JobTaskSync', ({ id }) => String(id))
