/** The measured figures in README.md: a chart and a table. */
import type { ClientName } from '../clients/names'
import { charts } from './charts'
import { noiseOf } from './noise'
import { chartFile } from './performance'
import type { Report } from './report'
import type { CaseSummary, Metric } from './summary'
import { ratio } from './summary'
import { table } from './tables'

const START = '<!-- measured figures, written by `make run-benchmark-report` -->'
const END = '<!-- end of the measured figures -->'

/** The chart that README.md shows. */
const CHART = 'event-loop'

type Row = readonly [label: string, name: string, client: ClientName]

const ROWS: readonly Row[] = [
  ['`get`, 50 in flight', 'get-50', 'ours'],
  ['`get`, 50 in flight, with `autoBatch`', 'get-50', 'ours-auto-batch'],
  ['`get`, 200 in flight, with `autoBatch`', 'get-200', 'ours-auto-batch'],
  ['`put`, 50 in flight', 'put-50', 'ours'],
  ['`put`, 50 in flight, with `autoBatch`', 'put-50', 'ours-auto-batch'],
  ['`batchRead`, 1000 records', 'batchRead-1000', 'ours'],
  ['`batchReadColumns`, 1000 records into typed arrays', 'batchReadColumns-1000', 'ours'],
  ['`batchWrite`, 1000 records', 'batchWrite-1000', 'ours'],
  ['query of 1,000,000 records', 'queryRecords-1000000', 'ours'],
  ['query of 1,000,000 records into typed arrays', 'queryColumns-1000000', 'ours'],
  ['a Fastify route, 50 connections', 'service', 'ours'],
  ['`get`, one call at a time', 'get-1', 'ours'],
]

/** README.md with its figures written anew. `name` is that of the report's files. */
export function withFigures(readme: string, report: Report, name: string): string {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`README.md has no lines ${START} and ${END}`)
  return `${readme.slice(0, start)}${START}\n${region(report, name)}\n${readme.slice(end)}`
}

function region(report: Report, name: string): string {
  const { edition, build } = report.server
  const product = edition.replace(/^Aerospike Community Edition$/, 'Aerospike CE')
  const header = [
    `compared with the official client, on ${product} ${build}`,
    'throughput (more is better)',
    'time on the JavaScript thread (less is better)',
  ]
  const rows = ROWS.flatMap(([label, case_, client]) => {
    const summary = report.cases.find(one => one.case.name === case_)
    const throughput = summary && times(summary, 'perSecond', client)
    return throughput === undefined ? [] : [[label, throughput, times(summary!, 'jsUs', client) ?? '-']]
  })
  const noisy =
    noiseOf(report).reasons.length > 0 ? ' The machine was not quiet, so these figures are preliminary.' : ''
  const note =
    `Client and server shared a machine with ${report.environment.cores} cores.${noisy} One call at a time pays for two ` +
    'switches between threads, which other calls share as soon as there are any.\n' +
    '[docs/performance.md](docs/performance.md) has the method, charts and all figures, and the ' +
    `[report](benchmark/results/${name}.md) the latencies; \`make run-benchmark\` repeats it.`
  const chart = charts(report).find(({ id }) => id === CHART)
  const image = chart && `![${chart.alternative}](docs/${chartFile(CHART)})`
  return [table(header, rows), image, note].filter(part => part !== undefined).join('\n\n')
}

function times(summary: CaseSummary, metric: Metric, client: ClientName): string | undefined {
  const found = ratio(summary, metric, client, 'official')
  return found === undefined ? undefined : `${found.value.toFixed(2)}×`
}
