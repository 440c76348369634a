/**
 * Pauses between attempts: exponential, with a limit and with jitter.
 */

import { describe } from '../common/describe'
import { abortError, invalidArgument } from '../common/errors'
import { sleep } from '../common/globals'
import { checkOptions, integerOption, numberOption, optionsObject } from '../common/options'
import { checkSignal } from '../options/policy'

/** How the pauses between attempts grow. The actual pause is random, between 0 and the current limit. */
export interface BackoffOptions {
  /** Limit of the first pause, in milliseconds. */
  readonly initial?: number | undefined
  /** Factor by which the limit grows with each attempt, 1 or more. Default 2. */
  readonly factor?: number | undefined
  /** Maximum of the limit, in milliseconds. */
  readonly max?: number | undefined
}

/** Pauses between attempts; a number is `initial` in milliseconds. */
export type Backoff = number | BackoffOptions

/** How often to try, and how long to wait in between. */
export interface AttemptOptions {
  /** Maximum number of attempts after the first one. */
  readonly retries?: number | undefined
  /** Pauses between attempts. */
  readonly backoff?: Backoff | undefined
  /** Stops waiting, and makes no further attempt: the call rejects with AbortError. `Client` only. */
  readonly signal?: AbortSignal | undefined
}

/** The defaults of a function that tries several times. */
export interface AttemptDefaults {
  readonly retries: number
  readonly initial: number
  readonly max: number
}

const BACKOFF_FIELDS = ['initial', 'factor', 'max']
const RETRIES = integerOption(0)
const MS = numberOption(0)
const FACTOR = numberOption(1)

/** Waits on this thread. */
function pause(ms: number): void {
  if (ms >= 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** The attempts of one call: how many may follow, and the pauses between them. */
export class Attempts {
  readonly signal: AbortSignal | undefined
  readonly #name: string
  readonly #retries: number
  readonly #factor: number
  readonly #max: number
  #limit: number
  #made = 0

  /** Validates the options; `name` names them in errors. */
  constructor(name: string, options: AttemptOptions, defaults: AttemptDefaults, blocking: boolean) {
    const { retries, backoff, signal } = options
    this.#name = name
    this.#retries = retries === undefined ? defaults.retries : RETRIES(retries, `${name}.retries`)
    if (signal !== undefined) {
      if (blocking) throw invalidArgument(`${name}.signal: a blocking call cannot be aborted`)
      checkSignal(signal, `${name}.signal`)
    }
    this.signal = signal
    const given = typeof backoff === 'number' ? { initial: backoff } : backoff
    const { initial, factor, max } = checkedBackoff(given, `${name}.backoff`)
    this.#limit = initial ?? defaults.initial
    this.#factor = factor ?? 2
    this.#max = max ?? Math.max(defaults.max, this.#limit)
  }

  /** Number of the attempt that is running, from 1. */
  get attempt(): number {
    return this.#made
  }

  /** Begins an attempt. Throws AbortError if the signal has fired. */
  begin(): void {
    const { signal } = this
    if (signal?.aborted === true) throw abortError(signal, this.#name, false)
    this.#made++
  }

  /** Whether no further attempt may follow the one that is running. */
  get exhausted(): boolean {
    return this.#made > this.#retries
  }

  /** The next pause in milliseconds. */
  #next(): number {
    const limit = Math.min(this.#limit, this.#max)
    this.#limit = Math.min(limit * this.#factor, this.#max)
    return Math.random() * limit
  }

  /** Waits before the next attempt, or until the signal fires. */
  wait(): Promise<void> {
    return sleep(this.#next(), this.signal)
  }

  /** Blocks the thread before the next attempt. */
  waitBlocking(): void {
    pause(this.#next())
  }
}

function checkedBackoff(backoff: unknown, where: string): BackoffOptions {
  if (backoff === undefined) return {}
  if (typeof backoff !== 'object' || backoff === null) {
    throw invalidArgument(`${where}: milliseconds or { initial, factor, max } are needed, not ${describe(backoff)}`)
  }
  const given = optionsObject(backoff, where)
  checkOptions(given, where, BACKOFF_FIELDS)
  const { initial, factor, max } = given
  if (initial !== undefined) MS(initial, `${where}.initial`)
  if (factor !== undefined) FACTOR(factor, `${where}.factor`)
  if (max !== undefined) MS(max, `${where}.max`)
  return given as BackoffOptions
}
