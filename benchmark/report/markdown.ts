/** The report in Markdown. */
import type { ClientName } from '../clients'
import { isQuery } from '../suites/cases'
import type { Report } from './report'
import type { Ratio } from './statistics'
import { type CaseSummary, type Figures, ratio } from './summary'
import { targets } from './targets'

const NAMES: Record<ClientName, string> = {
  ours: 'ours',
  official: 'official',
  core: 'core alone',
  none: 'none',
}

export function markdown(report: Report): string {
  const parts = [
    `# Benchmark of ${report.date}, ${serverTitle(report)}`,
    ...(report.quick ? ['**A quick run: its figures mean little.**'] : []),
    conditions(report),
    ...section('Ratios', ratios(report.cases)),
    ...section('Wanted and measured', wanted(report)),
    ...section('Figures', figures(report.cases)),
    ...section('Queries', queries(report.cases)),
    ...section('Memory', memory(report)),
    ...section('Import', imports(report)),
    ...section('Failed', report.failures.map(failure => `- ${failure}`).join('\n')),
  ]
  return `${parts.join('\n\n')}\n`
}

function serverTitle({ server: { own, edition, build } }: Report): string {
  return own ? 'aerospike-local' : `${edition} ${build}`
}

function section(title: string, body: string): string[] {
  return body === '' ? [] : [`## ${title}`, body]
}

function conditions({ environment: at, server, conditions: how, samples }: Report): string {
  const clocks = [...new Set(samples.flatMap(({ jsClock }) => jsClock ?? []))]
  const lines = [
    `Machine: ${at.cpu}, ${at.cores} cores (shared by clients and ${server.own ? 'server' : 'whatever else runs there'}), ${at.memoryGiB} GiB, ${at.system}`,
    `Server: ${server.label}, which calls itself ${server.edition} ${server.build}`,
    `Clients: aerospike-napi ${at.ours} (profile ${at.profile}), aerospike ${at.official}, aerospike-core ${at.core}; Node.js ${at.node}`,
    `Commit: ${at.commit}`,
    `Medians of ${how.rounds} rounds; each measurement ${how.seconds} s after ${how.warmupSeconds} s of warm-up, in a process of its own, the clients taking turns`,
    `At most ${how.connections} connections; ${how.workers} Tokio workers in ours and in the core`,
    `JavaScript thread: by ${clocks.join(', ') || 'nothing'}${clocks.includes('eventLoopUtilization') ? ', which is the time that the event loop was active, not CPU time' : ''}`,
  ]
  return lines.map(line => `- ${line}`).join('\n')
}

/** A table. All columns except the first contain numbers. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(header), line(rule), ...rows.map(line)].join('\n')
}

function ratios(cases: readonly CaseSummary[]): string {
  const header = ['case', 'throughput', 'p50', 'p99', 'JS thread', 'process CPU', 'time / core alone']
  const rows = cases
    .filter(({ figures: found }) => found.has('ours') && found.size > 1)
    .map(summary => [
      summary.case.title,
      times(ratio(summary, 'perSecond', 'ours', 'official')),
      times(ratio(summary, 'p50Us', 'ours', 'official')),
      times(ratio(summary, 'p99Us', 'ours', 'official')),
      times(ratio(summary, 'jsUs', 'ours', 'official')),
      times(ratio(summary, 'cpuUs', 'ours', 'official')),
      times(ratio(summary, 'perSecond', 'core', 'ours')),
    ])
  if (rows.length === 0) return ''
  const note =
    'Ours divided by the official client: more is better for throughput, less for all else. The last column is our time ' +
    'per operation divided by that of aerospike-core without Node. In brackets: the least and the greatest of one round.'
  return `${note}\n\n${table(header, rows)}`
}

function times(found: Ratio | undefined): string {
  if (found === undefined) return '-'
  const { value, least, most } = found
  if (least === most) return value.toFixed(2)
  return `${value.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`
}

function wanted(report: Report): string {
  const rows = targets(report).map(target => [
    target.what,
    target.wanted,
    target.measured,
    target.met ? 'met' : '**not met**',
  ])
  return table(['what', 'wanted', 'measured', ''], rows)
}

function figures(cases: readonly CaseSummary[]): string {
  const header = [
    'case',
    'client',
    'per s',
    'p50 us',
    'p99 us',
    'CPU us',
    'JS thread us',
    'loop delay p99 ms',
    'RSS MiB',
  ]
  const rows = cases.flatMap(({ case: { title }, figures: found }) =>
    [...found].map(([client, all]) => [title, NAMES[client], ...numbers(all)]),
  )
  const note =
    'Per second, CPU and JavaScript thread: of one operation, or of one record where the case reads many at once. ' +
    'Latencies: of one call.'
  return rows.length === 0 ? '' : `${note}\n\n${table(header, rows)}`
}

function numbers({ perSecond, p50Us, p99Us, cpuUs, jsUs, loopDelayP99Ms, rssMiB }: Figures): string[] {
  return [
    number(perSecond, 0),
    number(p50Us, 0),
    number(p99Us, 0),
    number(cpuUs, 2),
    number(jsUs, 2),
    number(loopDelayP99Ms, 1),
    number(rssMiB, 0),
  ]
}

function number(value: number, digits: number): string {
  if (Number.isNaN(value)) return '-'
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function queries(cases: readonly CaseSummary[]): string {
  const rows = cases
    .filter(({ case: spec }) => isQuery(spec))
    .flatMap(({ case: { title }, figures: found }) =>
      [...found].map(([client, { firstUs, peakRssMiB }]) => [
        title,
        NAMES[client],
        number(firstUs / 1000, 1),
        number(peakRssMiB, 0),
      ]),
    )
  return table(['case', 'client', 'first record after ms', 'peak RSS MiB'], rows)
}

function memory({ rss }: Report): string {
  const header = ['client', 'operations', 'RSS MiB', 'after garbage collection', 'growth of that', "V8's heap of that"]
  const rows = rss.flatMap(({ client, fullYoung, marks: [before, after] }) =>
    [before, after].map(mark => [
      `${NAMES[client]}${fullYoung ? ', young generation fixed' : ''}`,
      number(mark.operations, 0),
      number(mark.rssMiB, 1),
      number(mark.collectedMiB, 1),
      mark === after ? number(after.collectedMiB - before.collectedMiB, 1) : '',
      number(mark.heapMiB, 1),
    ]),
  )
  const note =
    "V8's young generation grows step by step under any load, and with it the memory of every client. With its size fixed " +
    'from the start, what still grows is the client itself.'
  return rows.length === 0 ? '' : `${note}\n\n${table(header, rows)}`
}

function imports({ imports: costs }: Report): string {
  const rows = costs.map(({ what, requireMs, processMs }) => [what, number(requireMs, 1), number(processMs, 1)])
  return table(['what', 'require ms', 'whole process ms'], rows)
}
