/**
 * The timers and clocks of the runtime, captured when the package is imported. Test frameworks (node:test, Vitest, Jest,
 * sinon) replace them later, and a client that used the replacements would hang until the test advances its clock. This is
 * the lowest module: all others import timers and clocks from here, never from the global object or from `node:timers`.
 */
import { performance } from 'node:perf_hooks'
import timers from 'node:timers'
import { runInThisContext } from 'node:vm'

/*
 * Jest runs tests in a separate context, whose globals and `process` its configuration can replace before the first import.
 * Node's modules and the main context are unaffected.
 */
const { nextTick: realNextTick } = (runInThisContext('globalThis.process') ?? process) as NodeJS.Process

/** Schedules a call in the next check phase of the event loop. */
export const setImmediate = timers.setImmediate
export const setTimeout = timers.setTimeout
export const clearTimeout = timers.clearTimeout
export const setInterval = timers.setInterval
export const clearInterval = timers.clearInterval

/** Schedules a call at the end of the current tick. */
export const nextTick: typeof process.nextTick = realNextTick.bind(process)

/** Returns the milliseconds since the process started; monotonic. */
export const monotonicNow: () => number = performance.now.bind(performance)

/** The time at which `monotonicNow` was 0, in ms since 1970. */
export const timeOrigin: number = performance.timeOrigin

/** Returns the milliseconds since 1970. */
export const wallNow: () => number = Date.now

/** Returns the milliseconds since 1970 of a date, or of its text. */
export const timeOf = (date: Date | string): number => new Date(date).getTime()

/** Resolves after `ms`, or immediately when the signal aborts. The caller can check the signal to distinguish the two. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}
