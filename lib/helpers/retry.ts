/**
 * Repeats calls that failed for a reason that may pass.
 */

import { describe } from '../common/describe'
import { AerospikeError, invalidArgument } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import { startOutside } from '../common/stacks'
import { type AttemptOptions, Attempts } from './backoff'

/** Options of `retry`. */
export interface RetryOptions extends AttemptOptions {
  /** Maximum number of attempts after the first one. Default 3. */
  readonly retries?: number | undefined
  /** Pauses between attempts. Default `{ initial: 50, factor: 2, max: 2000 }` milliseconds. */
  readonly backoff?: AttemptOptions['backoff'] | undefined
}

/** Options of `retrySync`. */
export type BlockingRetryOptions = Omit<RetryOptions, 'signal'>

const DEFAULTS = { retries: 3, initial: 50, max: 2000 } as const
const FIELDS = ['retries', 'backoff', 'signal']

/** Whether the same call may succeed later, and was certainly not applied before. */
function isRetryable(error: unknown): boolean {
  return error instanceof AerospikeError && error.retryable
}

function attemptsOf(name: string, fn: unknown, options: unknown, blocking: boolean): Attempts {
  if (typeof fn !== 'function') throw invalidArgument(`${name}: a function is needed, not ${describe(fn)}`)
  const given = optionsObject(options, name)
  checkOptions(given, name, FIELDS)
  return new Attempts(name, given as AttemptOptions, DEFAULTS, blocking)
}

/**
 * Calls a function, and calls it again while it fails with a retryable error: one after which the same call may succeed
 * and cannot have been applied before, such as a node that is restarting or a full queue. Between attempts it waits for
 * a random time that grows. Any other error, and the error of the last attempt, is thrown as it is.
 *
 * @param fn - the function; its argument is the number of the attempt, from 1
 * @param options - `retries`, `backoff`, `signal`
 * @returns what the function returns
 * @throws the function's error; AbortError if the signal has fired; InvalidArgError if an option is invalid
 * @example
 * ```ts
 * const record = await retry(() => client.get(['test', 'users', 'ada']), { retries: 5 })
 * ```
 */
export async function retry<T>(fn: (attempt: number) => T | PromiseLike<T>, options: RetryOptions = {}): Promise<T> {
  const attempts = attemptsOf('retry', fn, options, false)
  for (;;) {
    attempts.begin()
    try {
      return await fn(attempts.attempt)
    } catch (error) {
      if (attempts.exhausted || !isRetryable(error)) throw startOutside(error)
    }
    await attempts.wait()
  }
}

/**
 * Like `retry`, for calls of `ClientSync`. Blocks the thread between attempts.
 *
 * @param fn - the function; its argument is the number of the attempt, from 1
 * @param options - `retries`, `backoff`
 * @returns what the function returns
 * @throws the function's error; InvalidArgError if an option is invalid
 * @example
 * ```ts
 * const record = retrySync(() => client.get(['test', 'users', 'ada']))
 * ```
 */
export function retrySync<T>(fn: (attempt: number) => T, options: BlockingRetryOptions = {}): T {
  const attempts = attemptsOf('retrySync', fn, options, true)
  for (;;) {
    attempts.begin()
    try {
      const result = fn(attempts.attempt)
      if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
        throw invalidArgument('retrySync: the function returned a promise; use retry for calls of Client')
      }
      return result
    } catch (error) {
      if (attempts.exhausted || !isRetryable(error)) throw startOutside(error)
    }
    attempts.waitBlocking()
  }
}
