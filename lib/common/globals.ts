/**
 * The timers and clocks of the runtime, as they are when the package is imported. Test frameworks replace them later (node:test,
 * Vitest, Jest, sinon), and a client that used the replacements would stand still until the test advances its clock. This is
 * the lowest module: all others take timers and clocks from here, never from the global object or from `node:timers`.
 */
import { performance } from 'node:perf_hooks'
import timers from 'node:timers'
import { runInThisContext } from 'node:vm'

/*
 * Jest runs tests in a context of its own, whose globals and `process` its configuration can replace before the first import.
 * Node's modules and the main context stay as they are there.
 */
const { nextTick: realNextTick } = (runInThisContext('globalThis.process') ?? process) as NodeJS.Process

/** Schedules a call in the event loop's next check phase. */
export const setImmediate = timers.setImmediate
export const setTimeout = timers.setTimeout
export const clearTimeout = timers.clearTimeout
export const setInterval = timers.setInterval
export const clearInterval = timers.clearInterval

/** Schedules a call at the end of the current tick. */
export const nextTick: typeof process.nextTick = realNextTick.bind(process)

/** Milliseconds since the process began; never goes back. */
export const monotonicNow: () => number = performance.now.bind(performance)

/** When `monotonicNow` was 0, in ms since 1970. */
export const timeOrigin: number = performance.timeOrigin

/** Milliseconds since 1970. */
export const wallNow: () => number = Date.now

/** Resolves after `ms`, or at once when the signal aborts. Whether it did, the caller sees by the signal. */
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
