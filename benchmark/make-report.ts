/**
 * Writes what comes from the newest report: docs/performance.md with its charts, and the figures in README.md. Rewrites
 * the report's Markdown, too, so that a changed explanation appears in it. Without a report, README.md keeps its figures.
 *
 *   npx tsx benchmark/make-report.ts [--check]    --check fails if a file is out of date
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { charts } from './report/charts'
import { newestReport, RESULTS } from './report/files'
import { markdown } from './report/markdown'
import { chartFile, pageWithoutReport, performancePage } from './report/performance'
import { withFigures } from './report/readme'

const ROOT = join(__dirname, '..')
const check = process.argv.includes('--check')

/** All files, by path. */
function generated(): Map<string, string> {
  const method = readFileSync(join(__dirname, 'method.md'), 'utf8')
  const page = join(ROOT, 'docs', 'performance.md')
  const newest = newestReport()
  if (newest === undefined) return new Map([[page, pageWithoutReport(method)]])
  const { name, report } = newest
  const readme = join(ROOT, 'README.md')
  const files = new Map([
    [page, performancePage(report, name, method)],
    [readme, withFigures(readFileSync(readme, 'utf8'), report, name)],
    [join(RESULTS, `${name}.md`), markdown(report, id => `${name}-${id}.svg`)],
  ])
  for (const { id, svg } of charts(report)) {
    files.set(join(ROOT, 'docs', chartFile(id)), svg)
    files.set(join(RESULTS, `${name}-${id}.svg`), svg)
  }
  return files
}

function main(): void {
  const files = generated()
  const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
  for (const [path, text] of stale) {
    const shown = relative(ROOT, path)
    if (check) {
      console.error(`${shown} is out of date: run \`make run-benchmark-report\``)
      process.exitCode = 1
    } else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      console.log(`written: ${shown}`)
    }
  }
}

main()
