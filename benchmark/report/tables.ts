/** The tables that the report and docs/performance.md share. */
import { CLIENT_TITLES, type ClientName } from '../clients/names'
import { isQuery } from '../suites/cases'
import type { Figure } from './figures'
import type { Report } from './report'
import type { Ratio } from './statistics'
import { type CaseSummary, type Figures, ratio } from './summary'

/** A table. All columns except the first contain numbers, unless `aligned` says so. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  aligned: (column: number) => 'left' | 'right' = column => (column === 0 ? 'left' : 'right'),
): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = header.map((_, column) => (aligned(column) === 'left' ? '---' : '---:'))
  return [line(header), line(rule), ...rows.map(line)].join('\n')
}

export function number(value: number, digits: number): string {
  if (Number.isNaN(value)) return '-'
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The modes of ours that are compared with the official client. */
const COMPARED: readonly ClientName[] = ['ours', 'ours-auto-batch']

export function ratioTable(cases: readonly CaseSummary[], noisy: ReadonlySet<string>): string {
  const header = ['case', 'throughput', 'p50', 'p99', 'JS thread', 'process CPU', 'time / core']
  const rows = cases.flatMap(summary =>
    COMPARED.filter(mode => summary.figures.has(mode) && summary.figures.size > 1).map(mode => [
      `${summary.case.title}${mode === 'ours' ? '' : ', autoBatch'}${noisy.has(summary.case.name) ? ' *' : ''}`,
      times(ratio(summary, 'perSecond', mode, 'official')),
      times(ratio(summary, 'p50Us', mode, 'official')),
      times(ratio(summary, 'p99Us', mode, 'official')),
      times(ratio(summary, 'jsUs', mode, 'official')),
      times(ratio(summary, 'cpuUs', mode, 'official')),
      times(ratio(summary, 'perSecond', 'core', mode)),
    ]),
  )
  return table(header, rows)
}

function times(found: Ratio | undefined): string {
  if (found === undefined) return '-'
  const { value, least, most } = found
  const digits = value < 0.1 ? 3 : 2
  if (least === most) return value.toFixed(digits)
  return `${value.toFixed(digits)} (${least.toFixed(digits)}-${most.toFixed(digits)})`
}

/** Each target, with the explanation of those that were not reached. */
export function figureTable(figures: readonly Figure[], explanations: { readonly [id: string]: string }): string {
  const rows = figures.map(({ id, what, wanted, measured, reached }) => [
    what,
    wanted,
    measured,
    reached ? 'reached' : `**not reached**${explanations[id] === undefined ? '' : `: ${explanations[id]}`}`,
  ])
  return table(['what', 'wanted', 'measured', ''], rows, column => (column === 1 || column === 2 ? 'right' : 'left'))
}

export function measuredTable(cases: readonly CaseSummary[]): string {
  const header = [
    'case',
    'client',
    'per s',
    'spread',
    'p50 µs',
    'p95 µs',
    'p99 µs',
    'p99.9 µs',
    'CPU µs',
    'JS thread µs',
    'loop delay p99 ms',
    'peak RSS MiB',
  ]
  const rows = cases.flatMap(({ case: { title }, figures, spreads }) =>
    [...figures].map(([client, all]) => [
      title,
      CLIENT_TITLES[client],
      ...numbers(all, spreads.get(client) ?? Number.NaN),
    ]),
  )
  return table(header, rows, column => (column < 2 ? 'left' : 'right'))
}

function numbers(all: Figures, spread: number): string[] {
  return [
    number(all.perSecond, 0),
    Number.isNaN(spread) ? '-' : `${number(spread * 100, 0)} %`,
    number(all.p50Us, 0),
    number(all.p95Us, 0),
    number(all.p99Us, 0),
    number(all.p999Us, 0),
    number(all.cpuUs, 2),
    number(all.jsUs, 2),
    number(all.loopDelayP99Ms, 1),
    number(all.peakRssMiB, 0),
  ]
}

export function queryTable(cases: readonly CaseSummary[]): string {
  const rows = cases
    .filter(({ case: spec }) => isQuery(spec))
    .flatMap(({ case: { title }, figures }) =>
      [...figures].map(([client, { firstUs }]) => [title, CLIENT_TITLES[client], number(firstUs / 1000, 1)]),
    )
  return table(['case', 'client', 'first record after ms'], rows, column => (column < 2 ? 'left' : 'right'))
}

export function memoryTable({ rss }: Pick<Report, 'rss'>): string {
  const header = ['client', 'operations', 'RSS MiB', 'after garbage collection', 'growth of that', "V8's heap of that"]
  const rows = rss.flatMap(({ client, fullYoung, marks: [before, after] }) =>
    [before, after].map(mark => [
      `${CLIENT_TITLES[client]}${fullYoung ? ', young generation fixed' : ''}`,
      number(mark.operations, 0),
      number(mark.rssMiB, 1),
      number(mark.collectedMiB, 1),
      mark === after ? number(after.collectedMiB - before.collectedMiB, 1) : '',
      number(mark.heapMiB, 1),
    ]),
  )
  return table(header, rows)
}

export function startUpTable({ startUps }: Pick<Report, 'startUps'>): string {
  const rows = startUps.map(({ client, requireMs, firstGetMs, processMs }) => [
    client === 'none' ? 'bare process' : CLIENT_TITLES[client],
    client === 'none' ? '-' : number(requireMs, 1),
    client === 'none' ? '-' : number(firstGetMs, 1),
    number(processMs, 1),
  ])
  return table(['client', '`require` ms', 'connect to first `get` ms', 'whole process ms'], rows)
}

export function installTable({ installs }: Pick<Report, 'installs'>): string {
  const rows = installs.map(({ client, packages, files, mebibytes, seconds }) => [
    CLIENT_TITLES[client],
    number(packages, 0),
    number(files, 0),
    number(mebibytes, 1),
    number(seconds, 1),
  ])
  return table(['client', 'packages', 'files', 'MiB', '`npm install` s'], rows)
}
