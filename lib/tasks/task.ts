/**
 * Tasks: work that servers continue after the call that started it.
 */

import { describe } from '../common/describe'
import { abortError, invalidArgument, taskTimeout } from '../common/errors'
import { monotonicNow, sleep } from '../common/globals'
import { jsonAs, printAs } from '../common/json'
import { withoutUndefined } from '../common/objects'
import { checkOptions, integerOption, optionsObject } from '../common/options'
import { locateErrors } from '../common/stacks'
import { type AdminPolicy, checkSignal } from '../options/policy'

/** Progress of a task. */
export interface TaskStatus {
  /** Whether the task is done on every node. */
  readonly done: boolean
  /** Progress in percent, 0 to 100, of the slowest node. */
  readonly progress: number
}

/** Options of `wait`. */
export interface WaitOptions {
  /** Stops waiting, with AbortError; the task continues. */
  signal?: AbortSignal | undefined
  /** Milliseconds between polls. Default: 10, growing to 50. */
  interval?: number | undefined
  /**
   * Milliseconds to wait, after which `wait` fails with AerospikeTimeoutError; the task continues. 0: no limit. Default
   * 0.
   */
  timeout?: number | undefined
}

/** Options of a blocking `wait`. */
export type BlockingWaitOptions = Omit<WaitOptions, 'signal'>

/** Policy of a call that starts a task. */
export interface TaskPolicy extends AdminPolicy {
  /**
   * Whether the call waits until the task is done on every node, or the options of that wait. The call returns the task
   * in either case. The policy's signal also stops the wait; its timeout does not apply to it. Default false.
   */
  wait?: boolean | WaitOptions | undefined
}

/** Policy of a blocking call that starts a task. */
export interface BlockingTaskPolicy extends AdminPolicy {
  /**
   * Whether the call waits until the task is done on every node, or the options of that wait. The call returns the task
   * in either case. Default false.
   */
  wait?: boolean | BlockingWaitOptions | undefined
}

const OPTIONS = ['signal', 'interval', 'timeout']
const MS = integerOption(0)
const FIRST_INTERVAL = 10
const LAST_INTERVAL = 50

interface Patience {
  readonly signal: AbortSignal | undefined
  readonly interval: number | undefined
  readonly deadline: number
}

function patience(options: WaitOptions, name: string): Patience {
  const given = optionsObject(options, `${name}.wait`)
  checkOptions(given, `${name}.wait`, OPTIONS)
  if (given.signal !== undefined) checkSignal(given.signal, `${name}.wait: signal`)
  const timeout = given.timeout === undefined ? 0 : MS(given.timeout, `${name}.wait: timeout`)
  return {
    signal: given.signal as AbortSignal | undefined,
    interval: given.interval === undefined ? undefined : MS(given.interval, `${name}.wait: interval`),
    deadline: timeout === 0 ? Number.POSITIVE_INFINITY : monotonicNow() + timeout,
  }
}

/** Sets `wait` to true unless the policy has it. */
export function waiting<W>(
  policy: (AdminPolicy & { wait?: W | undefined }) | null | undefined,
): AdminPolicy & { wait: W | true } {
  return { ...policy, wait: policy?.wait ?? true }
}

function refuseSignal(name: string): never {
  throw invalidArgument(`${name}: signal: a blocking wait cannot be aborted; set timeout`)
}

/** The policy of the call that starts a task, and the options of the wait; without options, the call does not wait. */
interface Beginning {
  readonly policy: AdminPolicy | null | undefined
  readonly wait: WaitOptions | undefined
}

/** Splits a task policy. Invalid options are rejected before the call. */
export function beginning(policy: TaskPolicy | null | undefined, name: string): Beginning {
  // Anything but an object is rejected when the policy is encoded.
  if (typeof policy !== 'object' || policy === null) return { policy, wait: undefined }
  const { wait, ...rest } = policy
  if (wait === undefined || wait === false) return { policy: rest, wait: undefined }
  if (wait !== true && (typeof wait !== 'object' || wait === null)) {
    throw invalidArgument(`${name}: wait: true, false or an object is needed, not ${describe(wait)}`)
  }
  const options = {
    ...(rest.signal === undefined ? {} : { signal: rest.signal }),
    ...(wait === true ? {} : withoutUndefined(wait)),
  }
  patience(options, name)
  return { policy: rest, wait: options }
}

/** Splits the task policy of a blocking call, which cannot be aborted. */
export function beginningBlocking(policy: BlockingTaskPolicy | null | undefined, name: string): Beginning {
  const split = beginning(policy, name)
  if (split.wait?.signal !== undefined) refuseSignal(`${name}.wait`)
  return split
}

function nextInterval(before: number): number {
  return Math.min(before * 1.5, LAST_INTERVAL)
}

function checkTime(name: string, { deadline }: Patience, { progress }: TaskStatus): void {
  if (monotonicNow() >= deadline) throw taskTimeout(name, progress)
}

/**
 * Work that servers continue after the call that started it, such as building an index. Dropping this object does not
 * stop the task.
 */
export class Task {
  readonly #look: () => Promise<TaskStatus>

  /** @internal */
  constructor(
    /** What the task does, such as `createIndex users_age`. */
    readonly name: string,
    look: () => Promise<TaskStatus>,
  ) {
    this.#look = look
  }

  /**
   * Asks every node for its progress.
   *
   * @returns the progress of the slowest node
   * @throws the task's error, if it has failed
   */
  status(): Promise<TaskStatus> {
    return this.#look()
  }

  /**
   * Asks every node for its progress.
   *
   * @returns percent, 0 to 100, of the slowest node
   * @throws the task's error, if it has failed
   */
  async progress(): Promise<number> {
    return (await this.#look()).progress
  }

  /**
   * Waits until the task is done on every node. The wait keeps the process alive.
   *
   * @param options - `timeout`, `signal`, `interval`. Default: no time limit
   * @returns when the task is done
   * @throws AbortError or AerospikeTimeoutError if the wait ended early; the task continues. The task's error, if it
   *   has failed.
   * @example
   * ```ts
   * const task = await client.createIntegerIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age' })
   * await task.wait({ timeout: 60_000 })
   * ```
   */
  async wait(options: WaitOptions = {}): Promise<void> {
    const patient = patience(options, this.name)
    const { signal } = patient
    for (let interval = patient.interval ?? FIRST_INTERVAL; ; interval = patient.interval ?? nextInterval(interval)) {
      if (signal?.aborted === true) throw abortError(signal, `${this.name}.wait`, false)
      const status = await this.#look()
      if (status.done) return
      checkTime(this.name, patient, status)
      await sleep(interval, signal)
    }
  }
}

/** A task of the blocking client. */
export class TaskSync {
  readonly #look: () => TaskStatus

  /** @internal */
  constructor(
    /** What the task does, such as `createIndex users_age`. */
    readonly name: string,
    look: () => TaskStatus,
  ) {
    this.#look = look
  }

  /**
   * Asks every node for its progress.
   *
   * @returns the progress of the slowest node
   * @throws the task's error, if it has failed
   */
  status(): TaskStatus {
    return this.#look()
  }

  /**
   * Asks every node for its progress.
   *
   * @returns percent, 0 to 100, of the slowest node
   * @throws the task's error, if it has failed
   */
  progress(): number {
    return this.#look().progress
  }

  /**
   * Waits until the task is done on every node. Blocks the thread.
   *
   * @param options - `timeout`, `interval`. Default: no time limit
   * @throws AerospikeTimeoutError if the wait ended early; the task continues. The task's error, if it has failed.
   * @example
   * ```ts
   * const task = client.createIntegerIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age' })
   * task.wait({ timeout: 60_000 })
   * ```
   */
  wait(options: BlockingWaitOptions = {}): void {
    const patient = patience(options, this.name)
    if (patient.signal !== undefined) refuseSignal(`${this.name}.wait`)
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (let interval = patient.interval ?? FIRST_INTERVAL; ; interval = patient.interval ?? nextInterval(interval)) {
      const status = this.#look()
      if (status.done) return
      checkTime(this.name, patient, status)
      Atomics.wait(pause, 0, 0, interval)
    }
  }
}

locateErrors(Task)
locateErrors(TaskSync)
jsonAs(Task, ({ name }) => ({ name }))
jsonAs(TaskSync, ({ name }) => ({ name }))
printAs(Task, 'Task', ({ name }) => JSON.stringify(name))
printAs(TaskSync, 'TaskSync', ({ name }) => JSON.stringify(name))
