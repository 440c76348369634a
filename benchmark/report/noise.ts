/** Whether the machine was quiet enough for the figures to be called results. */
import type { Report } from './report'

/** Widest spread of a client's throughput in a case. */
export const WIDEST_SPREAD = 0.2
/** Largest share of cases with a wider spread. */
const WIDE_CASES = 0.2
/** Largest share of CPU time that the hypervisor gave to others. */
const MOST_STEAL = 0.02
/** Highest load before the run, per core. */
const MOST_LOAD = 0.5

export interface Noise {
  /** Why the run is not a result. Empty if it is one. */
  readonly reasons: readonly string[]
  /** Names of the cases in which the throughput of a client had a wide spread. */
  readonly cases: ReadonlySet<string>
}

export function noiseOf({ cases, quiet, environment: { cores } }: Report): Noise {
  const wide = new Set(
    cases.filter(({ spreads }) => [...spreads.values()].some(value => value > WIDEST_SPREAD)).map(all => all.case.name),
  )
  const reasons: string[] = []
  if (wide.size > cases.length * WIDE_CASES) {
    const most = `${Math.round(WIDEST_SPREAD * 100)} %`
    reasons.push(`in ${wide.size} of ${cases.length} cases, the throughput of a client had a spread above ${most}`)
  }
  if ((quiet.steal ?? 0) > MOST_STEAL) {
    reasons.push(`other virtual machines used ${((quiet.steal ?? 0) * 100).toFixed(1)} % of the CPU time`)
  }
  if (quiet.loadBefore > cores * MOST_LOAD) {
    reasons.push(`the load was ${quiet.loadBefore.toFixed(1)} before the run`)
  }
  if ((quiet.priority ?? 0) !== 0) {
    reasons.push(`the clients ran at the priority (nice value) ${quiet.priority}, not at the server's`)
  }
  return { reasons, cases: wide }
}
