/**
 * The report of the chaos kit as text.
 */
import type { FaultEvent } from './faults.mjs'
import type { ChaosReport } from './run.mjs'

/** Maximum number of violations that are printed. */
export const SHOWN_VIOLATIONS = 20

/** A fault as a line of text. */
export function faultText({ at, fault, node, ms }: FaultEvent): string {
  return `${(at / 1000).toFixed(1).padStart(7)} s  node ${node + 1}: ${fault}${ms > 0 ? ` for ${ms} ms` : ''}`
}

/** The counts of a report. */
export function reportText(report: ChaosReport): string {
  const calls = Object.entries(report.calls).map(
    ([kind, { ok, failed, inDoubt }]) =>
      `${kind.padEnd(18)}${[ok, failed, inDoubt].map(count => String(count).padStart(8)).join('  ')}`,
  )
  const errors = Object.entries(report.errors).map(([code, count]) => `${code} ${count}`)
  const { records, elements, increments } = report.compared
  return [
    'calls                 ok    failed  in doubt',
    ...calls,
    '',
    `errors: ${errors.length === 0 ? 'none' : errors.join(', ')}`,
    `compared: ${records} records, ${elements} elements of lists, ${increments} increments`,
    `${report.faults.length} faults, ${report.violations.length} violations; seed ${report.seed}`,
  ].join('\n')
}
