/**
 * Runs many operations with a fixed number in flight, and measures their cost.
 */
import { readFileSync } from 'node:fs'

/** The cost of a run of operations. */
export interface Measured {
  operations: number
  seconds: number
  /** Time of the JavaScript thread per operation. */
  loopMicroseconds: number
}

/**
 * Microseconds of work of this thread: its CPU time if the system reports it, otherwise the busy time of its event
 * loop.
 */
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

/** Measures `work`, which returns the number of operations that it performed. */
export async function measured(work: () => Promise<number>): Promise<Measured> {
  const [start, busy] = [performance.now(), threadMicroseconds()]
  const operations = await work()
  const [end, busyAtEnd] = [performance.now(), threadMicroseconds()]
  return { operations, seconds: (end - start) / 1000, loopMicroseconds: (busyAtEnd - busy) / operations }
}

/**
 * Calls `operate(0)`, `operate(1)`, ... with `width` calls in flight, until `most` calls were made or `until` returns
 * true. Returns the number of calls. The first failure ends the run.
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
