/** How quiet the machine was: what other programs and other virtual machines took from it. */
import { readFileSync } from 'node:fs'
import os from 'node:os'

export interface Quiet {
  /** Load average of the last minute before the run. */
  readonly loadBefore: number
  /** Share of CPU time that the hypervisor gave to others during the run; null if the system does not report it. */
  readonly steal: number | null
  /**
   * The scheduling priority of the benchmark's processes, as a nice value; 0 is normal. A client that runs at another priority than the server
   * starves it, or is starved by it. Null if the system does not report it.
   */
  readonly priority: number | null
}

interface Ticks {
  readonly steal: number
  readonly total: number
}

/** `cpu  user nice system idle iowait irq softirq steal guest guest_nice`; guest time is part of user time. */
export function parseTicks(stat: string): Ticks | undefined {
  const numbers = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number)
  if (numbers?.length !== 8) return undefined
  return { steal: numbers[7]!, total: numbers.reduce((sum, ticks) => sum + ticks, 0) }
}

function ticks(): Ticks | undefined {
  try {
    return parseTicks(readFileSync('/proc/stat', 'latin1'))
  } catch {
    return undefined // Not Linux.
  }
}

/**
 * Linux may schedule by session instead of by process (autogroups). Then, the nice value of the session counts, which
 * `getPriority` does not return.
 */
function priority(): number | null {
  try {
    const session = /nice (-?\d+)/.exec(readFileSync('/proc/self/autogroup', 'latin1'))?.[1]
    const own = os.getPriority()
    return own === 0 && session !== undefined ? Number(session) : own
  } catch {
    return os.platform() === 'linux' ? os.getPriority() : null
  }
}

/** Starts the observation. Call the returned function at the end of the run. */
export function observe(): () => Quiet {
  const before = ticks()
  const loadBefore = os.loadavg()[0] ?? 0
  const nice = priority()
  return () => {
    const after = ticks()
    if (before === undefined || after === undefined) return { loadBefore, steal: null, priority: nice }
    const steal = (after.steal - before.steal) / Math.max(1, after.total - before.total)
    return { loadBefore, steal, priority: nice }
  }
}
