/** How quiet the machine was: what other programs and other virtual machines took from it. */
import { readFileSync } from 'node:fs'
import os from 'node:os'

export interface Quiet {
  /** Load average of the last minute before the run. */
  readonly loadBefore: number
  /** Share of CPU time that the hypervisor gave to others during the run; null if the system does not report it. */
  readonly steal: number | null
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

/** Starts the observation. Call the returned function at the end of the run. */
export function observe(): () => Quiet {
  const before = ticks()
  const loadBefore = os.loadavg()[0] ?? 0
  return () => {
    const after = ticks()
    if (before === undefined || after === undefined) return { loadBefore, steal: null }
    return { loadBefore, steal: (after.steal - before.steal) / Math.max(1, after.total - before.total) }
  }
}
