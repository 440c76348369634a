// Fuzzes the codecs of the addon and the parsers of aerospike-local with libFuzzer.
//
//   node scripts/fuzz.mjs TARGET [--minutes 10]   fuzzes, then keeps the inputs that reach the most code
//   node scripts/fuzz.mjs --list                  lists the targets
//
// `fuzz/corpus/TARGET.txt` has the kept inputs, one a line, in base64: `cargo test` runs them, too. An input that fails is
// left in fuzz/artifacts/. It needs cargo-fuzz and a nightly toolchain, for the instrumentation.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './entries.mjs'

/** Maximum size of a corpus in bytes. */
const MAX_CORPUS = 24 << 10
/** Maximum size of an input in bytes: large enough for every format. */
const MAX_INPUT = 4096

/** Builds only the addon or the server, and compiles each crate in parallel, because the build takes minutes. */
const build = target => ['--codegen-units', '16', '--no-default-features', '--features', target.split('_', 1)[0]]
const LIMITS = [
  `-max_len=${MAX_INPUT}`,
  '-timeout=10',
  '-rss_limit_mb=2048',
  '-malloc_limit_mb=512',
  '-close_fd_mask=3',
  '-print_funcs=0', // finding their names would take most of the time
]

const cache = join(root, '.cache', 'fuzz')
const targets = readdirSync(join(root, 'fuzz', 'fuzz_targets')).map(file => file.replace(/\.rs$/, ''))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '10' }, list: { type: 'boolean', default: false } },
})
const [target] = positionals
if (values.list) {
  for (const name of targets) console.log(name)
} else if (target === undefined || !targets.includes(target)) {
  fail(`TARGET is one of ${targets.join(', ')}`)
} else {
  const minutes = Number(values.minutes)
  if (!(minutes > 0)) fail(`MINUTES is a number greater than 0, not ${values.minutes}`)
  checkTools()
  // The dependencies have the versions of the addon and the server.
  copyFileSync(join(root, 'Cargo.lock'), join(root, 'fuzz', 'Cargo.lock'))
  fuzz(target, minutes)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

function checkTools() {
  if (spawnSync('cargo', ['fuzz', '--version']).status !== 0) fail('cargo-fuzz is missing: cargo install cargo-fuzz')
  if (spawnSync('cargo', ['+nightly', '--version']).status !== 0) {
    fail('a nightly toolchain is missing: rustup toolchain install nightly')
  }
}

function cargoFuzz(...args) {
  const { status } = spawnSync('cargo', ['+nightly', 'fuzz', ...args], { cwd: root, stdio: 'inherit' })
  return status === 0
}

function fuzz(target, minutes) {
  const file = join(root, 'fuzz', 'corpus', `${target}.txt`)
  const [folder, kept] = [join(cache, target), join(cache, `${target}-kept`)]
  mkdirSync(folder, { recursive: true })
  unpack(file, folder)
  if (!cargoFuzz('build', ...build(target), target)) fail(`${target} does not compile`)
  const seconds = Math.round(minutes * 60)
  if (
    !cargoFuzz(
      'run',
      ...build(target),
      target,
      folder,
      '--',
      ...LIMITS,
      `-max_total_time=${seconds}`,
      '-print_final_stats=1',
    )
  ) {
    fail(`${target} failed: the input is in fuzz/artifacts/${target}/`)
  }
  rmSync(kept, { recursive: true, force: true })
  mkdirSync(kept)
  // Without counters, an input is kept only if it reaches code, not if it repeats a loop more often.
  const merge = ['-merge=1', '-use_counters=0', ...LIMITS]
  if (!cargoFuzz('run', ...build(target), target, kept, folder, '--', ...merge))
    fail(`${target}: the inputs could not be merged`)
  const before = lines(file).length
  const inputs = pack(kept)
  writeFileSync(file, inputs.map(line => `${line}\n`).join(''))
  console.log(`${target}: ${inputs.length} inputs are kept (before: ${before})`)
}

function lines(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

function unpack(file, folder) {
  for (const [index, line] of lines(file).entries()) {
    writeFileSync(join(folder, `kept-${String(index).padStart(4, '0')}`), Buffer.from(line, 'base64'))
  }
}

/** The inputs of a folder as lines, the smallest first, as many as a corpus may have. */
function pack(folder) {
  const all = readdirSync(folder).map(name => readFileSync(join(folder, name)).toString('base64'))
  all.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  let size = 0
  return all.filter(line => {
    size += line.length + 1
    return size <= MAX_CORPUS
  })
}
