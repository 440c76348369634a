/** The report's files: `results/<date>-<server>.md` and `.json`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from '../harness/spawn'
import { markdown } from './markdown'
import type { Report } from './report'
import { targets } from './targets'

const RESULTS = join(FOLDER, 'results')

/** Writes both files. Returns the Markdown text and its path. */
export function writeReport(report: Report): { path: string; text: string } {
  mkdirSync(RESULTS, { recursive: true })
  const name = `${report.date}-${serverName(report)}${report.quick ? '-quick' : ''}`
  const path = join(RESULTS, `${name}.md`)
  const text = markdown(report)
  writeFileSync(path, text)
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(plain(report), null, 2)}\n`)
  return { path, text }
}

/** The server name without addresses, which mean nothing to others: `aerospike-local`, `ce-8.1.2.0`. */
function serverName({ server: { own, edition, build } }: Report): string {
  if (own) return 'aerospike-local'
  const short = /community/i.test(edition) ? 'ce' : /enterprise/i.test(edition) ? 'ee' : 'server'
  return `${short}-${build}`
}

function plain(report: Report): object {
  const cases = report.cases.map(({ case: { name }, figures }) => ({ name, figures: Object.fromEntries(figures) }))
  return { ...report, cases, targets: targets(report) }
}
