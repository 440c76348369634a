// Waiting in tests: for a condition, within a limit, instead of for a length of time.
import { setTimeout as pause } from 'node:timers/promises'

/** How long to wait, and how often to look; in milliseconds. */
export interface Patience {
  timeout?: number
  interval?: number
}

/** Resolves once the condition holds. Rejects after `timeout`, with the condition's source in the message. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeout = 10_000, interval = 10 }: Patience = {},
): Promise<void> {
  const deadline = performance.now() + timeout
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`still false after ${timeout} ms: ${condition}`)
    await pause(interval)
  }
}

/** Resolves with the value once it has stayed the same for `quiet` milliseconds. Rejects after `timeout`. */
export async function settled<T>(value: () => T, quiet: number, { timeout = 10_000 }: Patience = {}): Promise<T> {
  let [last, since] = [value(), performance.now()]
  await until(
    () => {
      const now = value()
      if (now !== last) [last, since] = [now, performance.now()]
      return performance.now() - since >= quiet
    },
    { timeout },
  )
  return last
}

/** For claims that something does not happen: resolves after `ms`, and rejects as soon as the condition is false. */
export async function remains(condition: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms
  do {
    if (!condition()) throw new Error(`no longer true: ${condition}`)
    await pause(10)
  } while (performance.now() < end)
  if (!condition()) throw new Error(`no longer true: ${condition}`)
}
