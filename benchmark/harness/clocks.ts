/** CPU time of the process and of its JavaScript thread, and the delay of the event loop. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** Sources of the JavaScript thread's time, most accurate first. */
export type JsClock = 'schedstat' | 'threadCpuUsage' | 'eventLoopUtilization'

export interface ThreadClock {
  readonly kind: JsClock
  /** Microseconds since an arbitrary point in time. */
  now(): number
}

// Linux records the CPU time of every thread in nanoseconds. The file describes the thread that reads it.
const SCHEDSTAT = '/proc/thread-self/schedstat'

interface ThreadUsage {
  threadCpuUsage?: () => { user: number; system: number }
}

export function threadClock(): ThreadClock {
  try {
    const now = (): number => Number(readFileSync(SCHEDSTAT, 'latin1').split(' ')[0]) / 1000
    if (now() > 0) return { kind: 'schedstat', now }
  } catch {
    // Not Linux, or a kernel without these statistics.
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
  // Not CPU time: the time in which the loop was not idle, which includes time that other threads took from it.
  return { kind: 'eventLoopUtilization', now: () => performance.eventLoopUtilization().active * 1000 }
}

export interface Usage {
  /** CPU time of all threads in microseconds. */
  readonly processUs: number
  /** CPU time of the JavaScript thread in microseconds. */
  readonly jsUs: number
  readonly jsClock: JsClock
  /** Delay of timers in ms, 99th percentile. */
  readonly loopDelayP99Ms: number
}

/** Interval in ms at which the event loop delay is sampled. Each sample costs a turn of the loop. */
const RESOLUTION_MS = 5

/** Starts all clocks. Call the returned function to stop them. */
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
    // The histogram records the whole time between two samples.
    const late = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
    return { processUs: user + system, jsUs, jsClock: thread.kind, loopDelayP99Ms: late }
  }
}
