/**
 * Tasks: what a server has begun and goes on with by itself, looked after from here.
 */

import { describe } from '../common/describe'
import { abortError, invalidArgument, taskTimeout } from '../common/errors'
import { monotonicNow, sleep } from '../common/globals'
import { integerOption, optionsObject, unknownOption } from '../common/options'
import { type AdminPolicy, checkSignal } from '../options/policy'

/** How far a task is. */
export interface TaskStatus {
  /** Whether it has ended on every node. */
  readonly done: boolean
  /** Percent, 0 to 100; of the slowest node. */
  readonly progress: number
}

/** How `wait` waits. */
export interface WaitOptions {
  /** Ends the waiting, with AbortError; the task goes on. */
  signal?: AbortSignal
  /** ms between looks. Default: 10 at first, growing to 50. */
  interval?: number
  /** ms until the waiting ends, with AerospikeTimeoutError; the task goes on. 0: no limit. Default 0. */
  timeout?: number
}

/** The same for a thread that is blocked. */
export type BlockingWaitOptions = Omit<WaitOptions, 'signal'>

/** How a call is carried out that begins what servers go on with. */
export interface TaskPolicy extends AdminPolicy {
  /**
   * Whether the call waits until every node has ended, or how it waits; it returns the task all the same. The policy's
   * signal ends the waiting too, its timeout does not.
   */
  wait?: boolean | WaitOptions | undefined
}

/** The same for a thread that is blocked. */
export interface BlockingTaskPolicy extends AdminPolicy {
  /** Whether the call waits until every node has ended, or how it waits; it returns the task all the same. */
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
  for (const option of Object.keys(given)) {
    if (!OPTIONS.includes(option)) unknownOption(option, `${name}.wait`, OPTIONS)
  }
  if (given.signal !== undefined) checkSignal(given.signal, `${name}.wait: signal`)
  const timeout = given.timeout === undefined ? 0 : MS(given.timeout, `${name}.wait: timeout`)
  return {
    signal: given.signal as AbortSignal | undefined,
    interval: given.interval === undefined ? undefined : MS(given.interval, `${name}.wait: interval`),
    deadline: timeout === 0 ? Number.POSITIVE_INFINITY : monotonicNow() + timeout,
  }
}

/** A policy that waits where it does not say otherwise. */
export function waiting<W>(
  policy: (AdminPolicy & { wait?: W | undefined }) | null | undefined,
): AdminPolicy & { wait: W | true } {
  return { ...policy, wait: policy?.wait ?? true }
}

function refuseSignal(name: string): never {
  throw invalidArgument(`${name}: signal: a blocking wait cannot be aborted; set timeout`)
}

/** How a task is begun, and how it is waited for where that is wanted. What makes no sense is refused before the call. */
export function beginning(
  policy: TaskPolicy | null | undefined,
  name: string,
  blocking: boolean,
): { policy: AdminPolicy | null | undefined; wait: WaitOptions | undefined } {
  // Another thing than an object is refused where the policy is written.
  if (typeof policy !== 'object' || policy === null) return { policy, wait: undefined }
  const { wait, ...rest } = policy
  if (wait === undefined || wait === false) return { policy: rest, wait: undefined }
  if (wait !== true && (typeof wait !== 'object' || wait === null)) {
    throw invalidArgument(`${name}: wait: true, false or an object is needed, not ${describe(wait)}`)
  }
  const options = { ...(rest.signal === undefined ? {} : { signal: rest.signal }), ...(wait === true ? {} : wait) }
  if (patience(options, name).signal !== undefined && blocking) refuseSignal(`${name}.wait`)
  return { policy: rest, wait: options }
}

function nextInterval(before: number): number {
  return Math.min(before * 1.5, LAST_INTERVAL)
}

function checkTime(name: string, { deadline }: Patience, { progress }: TaskStatus): void {
  if (monotonicNow() >= deadline) throw taskTimeout(name, progress)
}

/** What the server goes on with after the call that began it. Dropping it changes nothing: the task goes on. */
export class Task {
  readonly #look: () => Promise<TaskStatus>

  /** @internal */
  constructor(
    /** What it does, such as `createIndex users_age`. */
    readonly name: string,
    look: () => Promise<TaskStatus>,
  ) {
    this.#look = look
  }

  /**
   * Asks every node how far it is.
   * @throws what the task failed with
   */
  status(): Promise<TaskStatus> {
    return this.#look()
  }

  /** Percent that is done on the slowest node. */
  async progress(): Promise<number> {
    return (await this.#look()).progress
  }

  /**
   * Waits until it has ended on every node. The wait keeps the process alive.
   * @throws AbortError, AerospikeTimeoutError: the waiting ended, the task goes on; what the task failed with
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
    /** What it does. */
    readonly name: string,
    look: () => TaskStatus,
  ) {
    this.#look = look
  }

  /**
   * Asks every node how far it is.
   * @throws what the task failed with
   */
  status(): TaskStatus {
    return this.#look()
  }

  /** Percent that is done on the slowest node. */
  progress(): number {
    return this.#look().progress
  }

  /**
   * Waits until it has ended on every node, and blocks the thread meanwhile.
   * @throws AerospikeTimeoutError: the waiting ended, the task goes on; what the task failed with
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
