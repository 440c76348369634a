// Runs the tests. The last lines name the tests that failed, and the tests that passed only on a second attempt: CI repeats
// a failed test once. The very last line reports the number of passed and failed tests of both test runners.
//
//   node scripts/test.mjs [vitest] [cargo]
//   node scripts/test.mjs extra
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join, relative } from 'node:path'
import { root } from './entries.mjs'

const cache = join(root, '.cache')
/** Longest message of a first attempt that is printed, in characters. */
const MAX_MESSAGE = 10_000
const totals = { passed: 0, failed: 0, skipped: 0 }
const failedTests = []
const flakyTests = []
const runners = {
  vitest: () => runVitest(),
  cargo: runCargo,
  extra: () => runVitest('--config', 'vitest.extra.config.mts'),
}
const names = process.argv.slice(2)
const CARGO = ['test', '--profile', 'fast', '--workspace', '--no-fail-fast', ...(process.env.CI ? ['--locked'] : [])]
const compiled = process.env.CI && names[0] === 'vitest' && names.includes('cargo') ? compileRustTests() : undefined
for (const name of names) {
  const result = await runners[name]()
  for (const key of Object.keys(totals)) totals[key] += result[key]
}
mkdirSync(cache, { recursive: true })
writeFileSync(
  join(cache, names.includes('extra') ? 'extra-totals.json' : 'test-totals.json'),
  JSON.stringify({ ...totals, failedTests, flakyTests }),
)
for (const name of flakyTests) console.log(`passed on the second attempt: ${name}`)
for (const name of failedTests) console.log(`failed: ${name}`)
if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`)
console.log(`\n${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0

async function runVitest(...options) {
  const report = join(cache, 'vitest.json')
  rmSync(report, { force: true })
  const unhandled = join(cache, 'vitest-errors.json')
  rmSync(unhandled, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['default', 'json', join(root, 'scripts', 'vitest-errors.mjs')].map(name => `--reporter=${name}`)
  const args = [vitest, 'run', ...reporters, `--outputFile.json=${report}`, ...options]
  const { code } = await run(process.execPath, args, { env: { VITEST_ERRORS: unhandled } })
  const counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    counts.passed = json.numPassedTests
    counts.failed = json.numFailedTests
    counts.skipped = json.numPendingTests + json.numTodoTests
    for (const file of json.testResults) {
      const path = relative(root, file.name)
      let failed = 0
      for (const test of file.assertionResults) {
        if (test.status === 'failed') {
          failed++
          failedTests.push(`${path} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
        } else if (test.status === 'passed' && test.failureMessages.length > 0) {
          flakyTests.push(`${path} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
          // vitest prints nothing about an attempt that failed before one that passed.
          console.log(
            `\nfirst attempt of ${path} > ${test.fullName}:\n${test.failureMessages[0].slice(0, MAX_MESSAGE)}`,
          )
        }
      }
      // A file that fails to load contains no failed test, but must count as a failure.
      if (file.status === 'failed' && failed === 0) {
        counts.failed++
        failedTests.push(`${path}: ${firstLine(file.message)}`)
      }
    }
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`)
  }
  // An error that no test caught fails the run, so it counts as a failure.
  for (const { type, message, stack, path, test } of readUnhandled(unhandled)) {
    counts.failed++
    const where = [path && relative(root, path), test].filter(Boolean).join(' > ')
    failedTests.push(`${type}${where && ` in ${where}`}: ${firstLine(message)}\n${stack ?? ''}`)
  }
  if (code !== 0 && counts.failed === 0) {
    counts.failed = 1
    failedTests.push(`vitest ended with exit code ${code} although no test failed`)
  }
  return counts
}

function readUnhandled(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return [] // vitest ended before it could report; its exit code counts then
  }
}

/**
 * Compiles the Rust tests while the others run, which wait most of the time. At the lowest priority, it takes what they leave
 * of the processors. `cargo test` reports what does not compile.
 */
function compileRustTests() {
  const child = spawn('cargo', [...CARGO, '--no-run', '--quiet'], { cwd: root, stdio: 'ignore' })
  return new Promise(resolve => {
    child.once('spawn', () => setPriority(child.pid, constants.priority.PRIORITY_LOW))
    child.once('error', resolve)
    child.once('close', resolve)
  })
}

async function runCargo() {
  await compiled
  const { code, output } = await run('cargo', CARGO, { keep: true })
  const counts = countCargo(output)
  const failed = [...output.matchAll(/^test (.+) \.\.\. FAILED$/gm)].map(([, name]) => name)
  if (process.env.CI && failed.length > 0) {
    console.log(`\n==> second attempt of ${failed.join(', ')}`)
    const again = await run('cargo', [...CARGO, '--', '--exact', ...failed], { keep: true })
    if (again.code === 0 && countCargo(again.output).passed >= failed.length) {
      for (const name of failed) flakyTests.push(`cargo test ${name}`)
      return { ...counts, passed: counts.passed + failed.length, failed: 0 }
    }
  }
  for (const name of failed) failedTests.push(`cargo test ${name}`)
  if (code !== 0 && counts.failed === 0) {
    counts.failed = 1
    failedTests.push(`cargo test ended with exit code ${code} although no test failed`)
  }
  return counts
}

function countCargo(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm,
  )) {
    counts.passed += Number(passed)
    counts.failed += Number(failed)
    counts.skipped += Number(ignored)
  }
  return counts
}

function firstLine(text = '') {
  return text.split('\n', 1)[0].slice(0, 300)
}

/** Runs a command and shows its output. If `keep` is set, also returns its standard output. */
function run(command, args, { keep = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', keep ? 'pipe' : 'inherit', 'inherit'],
    })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', text => {
      output += text
      process.stdout.write(text)
    })
    child.once('error', reject)
    child.once('close', code => resolve({ code, output }))
  })
}
