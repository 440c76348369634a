/** The report in Markdown. */
import { charts } from './charts'
import { EXPLANATIONS } from './explanations'
import { figuresOf } from './figures'
import { noiseOf, WIDEST_SPREAD } from './noise'
import type { Report } from './report'
import { figureTable, installTable, measuredTable, memoryTable, queryTable, ratioTable, startUpTable } from './tables'

export const RATIO_NOTE =
  'aerospike-napi divided by the official client: more is better for throughput, less for all else. The last column is ' +
  'its time per operation divided by that of aerospike-core without Node.js. In brackets: the least and the greatest ' +
  `ratio of a round. \`*\`: the throughput of a client had a spread above ${Math.round(WIDEST_SPREAD * 100)} %.`

const MEASURED_NOTE =
  'Medians over the rounds. Per second, CPU and JavaScript thread: of one operation, or of one record where the case ' +
  'reads many at once. Latencies: of one call. Spread: the distance of the quartiles of the throughput, relative to ' +
  'its median.'

const MEMORY_NOTE =
  "V8's young generation grows step by step under any load, and with it the memory of every client. With its size fixed " +
  'from the start, what still grows is the client itself.'

/** `chartPath` names the file of a chart; without it, the report has no charts. */
export function markdown(report: Report, chartPath?: (id: string) => string): string {
  const noise = noiseOf(report)
  const parts = [
    `# Benchmark of ${report.date}, ${serverTitle(report)}`,
    ...(report.quick ? ['**This run only checked that everything works. Its figures mean little.**'] : []),
    ...noiseNote(noise.reasons),
    conditions(report),
    ...(chartPath === undefined
      ? []
      : charts(report).map(({ id, alternative }) => `![${alternative}](${chartPath(id)})`)),
    ...section('Wanted and measured', figureTable(figuresOf(report), EXPLANATIONS)),
    ...section('Ratios', ratioTable(report.cases, noise.cases), RATIO_NOTE),
    ...section('Measured', measuredTable(report.cases), MEASURED_NOTE),
    ...section('Queries', queryTable(report.cases)),
    ...section('Memory', memoryTable(report), MEMORY_NOTE),
    ...section('Start-up', startUpTable(report)),
    ...section('Installation', installTable(report)),
    ...section('Failed', report.failures.map(failure => `- ${failure}`).join('\n')),
  ]
  return `${parts.join('\n\n')}\n`
}

export function serverTitle({ server: { own, edition, build } }: Pick<Report, 'server'>): string {
  return own ? 'aerospike-local' : `${edition} ${build}`
}

export function noiseNote(reasons: readonly string[]): string[] {
  if (reasons.length === 0) return []
  return [`**Noisy, not a result**: ${reasons.join('; ')}. Run the benchmark again on a quiet machine.`]
}

export function section(title: string, body: string, note?: string): string[] {
  if (body === '') return []
  return [`## ${title}`, ...(note === undefined ? [] : [note]), body]
}

export function conditions({ environment: at, server, conditions: how, quiet, samples }: Report): string {
  const clocks = [...new Set(samples.flatMap(({ jsClock }) => jsClock ?? []))]
  const steal = quiet.steal === null ? 'steal unknown' : `${(quiet.steal * 100).toFixed(1)} % steal`
  const python = at.aerospikePy === undefined ? '' : `, aerospike-py ${at.aerospikePy}`
  const lines = [
    `Machine: ${at.cpu}, ${at.cores} cores (shared by clients and ${server.own ? 'server' : 'whatever else runs there'}), ${at.memoryGiB} GiB, ${at.system}; load before the run ${quiet.loadBefore.toFixed(2)}, ${steal}`,
    `Server: ${serverTitle({ server })}`,
    `Clients: aerospike-napi ${at.ours} (profile ${at.profile}), aerospike ${at.official}, aerospike-core ${at.core}${python}; Node.js ${at.node}`,
    `Commit: ${at.commit}`,
    `${how.rounds} rounds of ${how.count.toLocaleString('en')} operations or ${how.batchGroups} batches, after ${how.warmupMs} ms of warm-up; each client has a process of its own for each case, and all take turns`,
    `At most ${how.connections} connections; each client with its own default number of threads`,
    `JavaScript thread: by ${clocks.join(', ') || 'nothing'}${clocks.includes('eventLoopUtilization') ? ', which is the time that the event loop was active, not CPU time' : ''}`,
  ]
  return lines.map(line => `- ${line}`).join('\n')
}
