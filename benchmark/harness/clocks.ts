/** CPU time of the process and of its JavaScript thread, and how late the event loop runs. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** Where the JavaScript thread's time comes from, best first. */
export type JsClock = 'schedstat' | 'threadCpuUsage' | 'eventLoopUtilization'

interface ThreadClock {
  readonly kind: JsClock
  /** Microseconds since some moment. */
  now(): number
}

// Linux counts every thread's nanoseconds on a CPU; the first thread has the process's number.
const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`

interface ThreadUsage {
  threadCpuUsage?: () => { user: number; system: number }
}

function threadClock(): ThreadClock {
  try {
    const now = (): number => Number(readFileSync(SCHEDSTAT, 'latin1').split(' ')[0]) / 1000
    if (now() > 0) return { kind: 'schedstat', now }
  } catch {
    // Another system, or a kernel without these statistics.
  }
  const { threadCpuUsage } = process as ThreadUsage
  if (threadCpuUsage !== undefined) {
    return {
      kind: 'threadCpuUsage',
      now: () => {
        const { user, system } = threadCpuUsage()
        return user + system
      },
    }
  }
  // Not CPU time: the time that the loop was not waiting, which contains what other threads took from it.
  return { kind: 'eventLoopUtilization', now: () => performance.eventLoopUtilization().active * 1000 }
}

export interface Usage {
  /** Microseconds of all threads. */
  readonly processUs: number
  /** Microseconds of the JavaScript thread. */
  readonly jsUs: number
  readonly jsClock: JsClock
  /** ms by which timers were late, 99th percentile. */
  readonly loopDelayP99Ms: number
}

/** How often the loop's delay is looked at: each look costs a turn of the loop. */
const RESOLUTION_MS = 5

/** Starts all clocks; the function that it gives stops them. */
export function startClocks(): () => Usage {
  const thread = threadClock()
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const cpu = process.cpuUsage()
  const js = thread.now()
  return () => {
    const jsUs = thread.now() - js
    const { user, system } = process.cpuUsage(cpu)
    delay.disable()
    // The histogram has the whole time between two looks.
    const late = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
    return { processUs: user + system, jsUs, jsClock: thread.kind, loopDelayP99Ms: late }
  }
}
