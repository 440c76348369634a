/** The ratios of `make bench-smoke`. */
import type { ClientName } from '../clients/names'
import type { Sample } from '../harness/job'
import type { Case } from '../suites/cases'
import { type CaseSummary, type Metric, summarize } from './summary'

export interface SmokeRatio {
  /** Such as `get-50, ours, JS thread`. */
  readonly name: string
  /** The official client's CPU time per operation divided by ours. */
  readonly value: number
}

const METRICS: readonly (readonly [metric: Metric, label: string])[] = [
  ['cpuUs', 'process'],
  ['jsUs', 'JS thread'],
]
const MODES: readonly ClientName[] = ['ours', 'ours-auto-batch']

export function smokeRatios(samples: readonly Sample[], cases: readonly Case[]): SmokeRatio[] {
  return summarize(samples, cases).flatMap(summary =>
    MODES.flatMap(mode =>
      METRICS.flatMap(([metric, label]) => {
        const value = least(summary, metric, 'official') / least(summary, metric, mode)
        return value > 0 && Number.isFinite(value) ? [{ name: `${summary.case.name}, ${mode}, ${label}`, value }] : []
      }),
    ),
  )
}

/** The least CPU time of a round, because other load on the machine can only add to it. Infinite without rounds. */
function least({ rounds }: CaseSummary, metric: Metric, client: ClientName): number {
  return Math.min(...[...(rounds.get(client)?.values() ?? [])].map(figures => figures[metric]))
}

/** What is wrong: ratios below half of the recorded one, and recorded ones that were not measured. */
export function tooLow(ratios: readonly SmokeRatio[], recorded: { readonly [name: string]: number }): string[] {
  return Object.entries(recorded).flatMap(([name, wanted]) => {
    const found = ratios.find(one => one.name === name)
    if (found === undefined) return [`${name} was not measured`]
    if (found.value >= wanted / 2) return []
    return [`${name}: ${found.value.toFixed(2)} is below half of the recorded ${wanted.toFixed(2)}`]
  })
}
