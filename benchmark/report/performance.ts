/** docs/performance.md: the figures of the newest report, with its charts and the method. */
import { charts } from './charts'
import { EXPLANATIONS } from './explanations'
import { figuresOf } from './figures'
import { conditions, noiseNote, RATIO_NOTE, section, serverTitle } from './markdown'
import { noiseOf } from './noise'
import type { Report } from './report'
import { figureTable, installTable, ratioTable, startUpTable } from './tables'

/** The file of a chart, relative to docs/. */
export function chartFile(id: string): string {
  return `images/performance-${id}.svg`
}

/** The page while there is no report of a quiet machine. */
export function pageWithoutReport(method: string): string {
  const parts = [
    '<!-- Generated from benchmark/method.md by `make run-benchmark-report` -->',
    '# Performance',
    'How aerospike-napi is compared with the official client `aerospike` and with aerospike-core without Node.js. README.md has the main figures.',
    method.trim(),
  ]
  return `${parts.join('\n\n')}\n`
}

/** `name` is that of the report's files, `method` the text of `method.md`. */
export function performancePage(report: Report, name: string, method: string): string {
  const noise = noiseOf(report)
  const figures = figuresOf(report)
  const reached = figures.filter(figure => figure.reached).length
  const parts = [
    `<!-- Generated from benchmark/results/${name}.json and benchmark/method.md by \`make run-benchmark-report\` -->`,
    '# Performance',
    'aerospike-napi compared with the official client `aerospike` and with aerospike-core without Node.js, in one run against the ' +
      `same server: ${serverTitle(report)}, on ${report.date}. [The report](../benchmark/results/${name}.md) has all ` +
      'latencies, CPU times, memory and spreads.',
    ...noiseNote(noise.reasons),
    ...charts(report).map(({ id, alternative }) => `![${alternative}](${chartFile(id)})`),
    ...section(
      'Wanted and measured',
      figureTable(figures, EXPLANATIONS),
      `${reached} of ${figures.length} figures are reached. Throughput and time on the JavaScript thread (JS thread) are ` +
        'divided by the official client\'s; "time against the core" is the time per operation divided by that of aerospike-core.',
    ),
    ...section('All cases', ratioTable(report.cases, noise.cases), RATIO_NOTE),
    ...section('Start-up', startUpTable(report)),
    ...section(
      'Installation',
      installTable(report),
      'aerospike-napi from packed files, the official client from the registry, both with a warm npm cache.',
    ),
    ...section('Conditions', conditions(report)),
    method.trim(),
  ]
  return `${parts.join('\n\n')}\n`
}
