// Runs the tests. The last line reports the number of passed and failed tests of both test runners.
//
//   node scripts/test.mjs [vitest] [cargo]
//   node scripts/test.mjs extra
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

const cache = join(root, '.cache')
const totals = { passed: 0, failed: 0, skipped: 0 }
const runners = {
  vitest: () => runVitest(),
  cargo: runCargo,
  extra: () => runVitest('--config', 'vitest.extra.config.mts'),
}
const names = process.argv.slice(2)
for (const name of names) {
  const result = await runners[name]()
  for (const key of Object.keys(totals)) totals[key] += result[key]
}
mkdirSync(cache, { recursive: true })
writeFileSync(join(cache, names.includes('extra') ? 'extra-totals.json' : 'test-totals.json'), JSON.stringify(totals))
if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`)
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0

async function runVitest(...options) {
  const report = join(cache, 'vitest.json')
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...options]
  const { code } = await run(process.execPath, args)
  const counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    counts.passed = json.numPassedTests
    counts.failed = json.numFailedTests
    counts.skipped = json.numPendingTests + json.numTodoTests
    // A file that fails to load contains no failed test, but must count as a failure.
    counts.failed += json.testResults.filter(
      file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
    ).length
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`)
  }
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

async function runCargo() {
  const args = ['test', '--profile', 'fast', '--workspace', '--no-fail-fast']
  if (process.env.CI) args.push('--locked')
  const { code, output } = await run('cargo', args, true)
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm,
  )) {
    counts.passed += Number(passed)
    counts.failed += Number(failed)
    counts.skipped += Number(ignored)
  }
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** Runs a command and shows its output. If `keep` is set, also returns its standard output. */
function run(command, args, keep = false) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'] })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', text => {
      output += text
      process.stdout.write(text)
    })
    child.once('error', reject)
    child.once('close', code => resolve({ code, output }))
  })
}
