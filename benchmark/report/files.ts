/** The files in `results/`: a report as JSON, as Markdown, and its charts. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { casesOf } from '../suites/cases'
import { charts } from './charts'
import { markdown } from './markdown'
import { noiseOf } from './noise'
import type { Report, Results } from './report'
import { summarize } from './summary'

export const RESULTS = join(__dirname, '..', 'results')

/** Writes the report's files. Returns the paths of the readable one and of the JSON. */
export function writeReport(report: Report): string[] {
  mkdirSync(RESULTS, { recursive: true })
  const name = nameOf(report)
  for (const { id, svg } of charts(report)) writeFileSync(join(RESULTS, `${name}-${id}.svg`), svg)
  const [text, json] = [join(RESULTS, `${name}.md`), join(RESULTS, `${name}.json`)]
  writeFileSync(
    text,
    markdown(report, id => `${name}-${id}.svg`),
  )
  writeFileSync(json, serialize(report))
  return [text, json]
}

/** Runs that are no results have names of their own, so that nothing is made from them. */
export function nameOf(report: Report): string {
  const kind = report.quick ? '-quick' : noiseOf(report).reasons.length > 0 ? '-noisy' : ''
  return `${report.date}-${serverName(report.server)}${kind}`
}

/** The server name without addresses, which mean nothing to others: `aerospike-local`, `ce-8.1.2.0`. */
function serverName({ own, edition, build }: Results['server']): string {
  if (own) return 'aerospike-local'
  const short = /community/i.test(edition) ? 'ce' : /enterprise/i.test(edition) ? 'ee' : 'server'
  return `${short}-${build}`
}

/** JSON with one line for each sample. */
function serialize({ cases: _, samples, ...rest }: Report): string {
  const head = JSON.stringify(rest, rounded, 2).slice(0, -2)
  const lines = samples.map(sample => `    ${JSON.stringify(sample, rounded)}`)
  return `${head},\n  "samples": [\n${lines.join(',\n')}\n  ]\n}\n`
}

function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value
}

export function readReport(path: string): Report {
  const results = JSON.parse(readFileSync(path, 'utf8')) as Results
  return { ...results, cases: summarize(results.samples, casesOf(results.conditions.concurrency)) }
}

/** Returns the newest report of a quiet run against a real server, if one exists. */
export function newestReport(folder: string = RESULTS): { readonly name: string; readonly report: Report } | undefined {
  const names = readdirSync(folder)
    .filter(name => /^\d{4}-\d\d-\d\d-.*\.json$/.test(name) && !/(?:-quick|-noisy|-aerospike-local)\.json$/.test(name))
    .sort()
  for (const name of names.reverse()) {
    // Reports of older versions of the benchmark have no noise measurement.
    if (!readFileSync(join(folder, name), 'utf8').includes('"loadBefore"')) continue
    return { name: name.replace(/\.json$/, ''), report: readReport(join(folder, name)) }
  }
  return undefined
}
