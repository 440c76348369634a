/**
 * Many operations, a fixed number of them in flight, and what they cost.
 */
import { readFileSync } from 'node:fs'

/** What a run of operations took. */
export interface Measured {
  operations: number
  seconds: number
  /** Time of the JavaScript thread, for each operation. */
  loopMicroseconds: number
}

/** Microseconds that this thread has worked for: its CPU time where the system tells it, else its loop's busy time. */
function threadMicroseconds(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } }
  if (threadCpuUsage !== undefined) {
    const { user, system } = threadCpuUsage()
    return user + system
  }
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1000
  } catch {
    return performance.eventLoopUtilization().active * 1000
  }
}

/** Measures `work`, which tells how many operations it has carried out. */
export async function measured(work: () => Promise<number>): Promise<Measured> {
  const [start, busy] = [performance.now(), threadMicroseconds()]
  const operations = await work()
  const [end, busyAtEnd] = [performance.now(), threadMicroseconds()]
  return { operations, seconds: (end - start) / 1000, loopMicroseconds: (busyAtEnd - busy) / operations }
}

/**
 * Calls `operate(0)`, `operate(1)`, ... until it was called `most` times or `until` says so, `width` calls at a time.
 * Gives how many calls were made. The first failure ends it.
 */
export async function inFlight(
  width: number,
  most: number,
  operate: (index: number) => Promise<unknown>,
  until: () => boolean = () => false,
): Promise<number> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < most && !until()) await operate(next++)
  }
  await Promise.all(Array.from({ length: width }, lane))
  return next
}
