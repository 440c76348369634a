// Counts the instructions of codecs and of the boundary's buffers with valgrind, and compares them with the recorded
// counts. Instructions, because they repeat on a machine that is busy. What is counted is in
// crate/src/instruction_counts.rs: the function `counted_<test>` of each test.
//
//   node benchmark/count-instructions.mjs [--record]    --record writes the counts to instructions.json
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const recordedFile = fileURLToPath(new URL('instructions.json', import.meta.url))
const MODULE = 'instruction_counts::'
/** How far a count may exceed the recorded one. */
const TOLERANCE = 0.05
/** Incremental compilation inlines less, so its counts differ. */
const env = { ...process.env, CARGO_INCREMENTAL: '0' }
/** Counts depend on the instruction set. */
const platform = `${process.platform}-${process.arch}`

const output = (command, args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (error !== undefined || status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`)
  }
  return stdout
}

if (spawnSync('valgrind', ['--version']).status !== 0) {
  console.log('count-instructions is skipped: valgrind is not installed')
  process.exit(0)
}

/** The test program of the addon's crate. */
function testProgram() {
  const args = ['test', '--profile', 'fast', '-p', 'aerospike-napi', '--lib', '--no-run', '--message-format=json']
  const messages = output('cargo', args)
    .split('\n')
    .filter(line => line.startsWith('{'))
  const built = messages.map(line => JSON.parse(line)).filter(({ executable }) => typeof executable === 'string')
  return built.at(-1).executable
}

const program = testProgram()
const tests = output(program, ['--list', MODULE])
  .split('\n')
  .flatMap(line => /^(\S+): test$/.exec(line)?.[1] ?? [])
if (tests.length === 0) throw new Error(`the test program has no test ${MODULE}*`)

const folder = mkdtempSync(join(tmpdir(), 'count-instructions-'))
const counts = {}
try {
  for (const test of tests) {
    const name = test.slice(test.lastIndexOf(':') + 1)
    const out = join(folder, name)
    const collect = ['--collect-atstart=no', `--toggle-collect=*counted_${name}*`]
    const valgrind = ['--tool=callgrind', `--callgrind-out-file=${out}`, ...collect, program]
    output('valgrind', [...valgrind, '--exact', test, '--test-threads=1'])
    const total = /^(?:summary|totals): (\d+)/m.exec(readFileSync(out, 'utf8'))?.[1]
    if (!(Number(total) > 0)) throw new Error(`${test}: nothing was counted`)
    counts[name] = Number(total)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const all = JSON.parse(readFileSync(recordedFile, 'utf8'))
if (process.argv.includes('--record')) {
  all[platform] = counts
  writeFileSync(recordedFile, `${JSON.stringify(all, null, 2)}\n`)
}
const recorded = all[platform] ?? {}
let failed = false
for (const [name, count] of Object.entries(counts)) {
  const before = recorded[name]
  const change = before === undefined ? 'not recorded' : `${(((count - before) / before) * 100).toFixed(2)} %`
  console.log(`${name.padEnd(20)} ${count.toLocaleString('en').padStart(14)}   ${change}`)
  if (before !== undefined && count > before * (1 + TOLERANCE)) {
    failed = true
    console.error(`${name} takes more than ${TOLERANCE * 100} % more instructions than recorded in ${recordedFile}`)
  }
}
for (const name of Object.keys(recorded).filter(one => counts[one] === undefined)) {
  failed = true
  console.error(`${name} is recorded, but was not counted`)
}
process.exitCode = failed ? 1 : 0
