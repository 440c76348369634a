// Builds the addon and aerospike-local for other platforms on one Linux machine, and runs the packages there where an
// emulator exists. The releases are built with the toolchains of each platform (.github/workflows/build-targets.yml); this
// shows on a developer's machine that a change still builds and runs there.
//
//   node scripts/cross.mjs [TARGET ...]           all targets, or some of them
//   node scripts/cross.mjs --profile release      instead of `fast`
//
// rustup installs the standard library of each target. Without rustup, the compiler needs the sources of its standard library
// (on Debian: rustc-web and rust-web-src), and builds it. Zig and cargo-zigbuild, which compile and link, are installed from
// PyPI, the runtimes from npm. scripts/cross-smoke.mjs lists the emulators. What is missing is reported, and its step skipped.
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { CROSS_CACHE as cache, firstError, runSmoke } from './cross-smoke.mjs'
import { root } from './entries.mjs'

/** The targets, each with the platform of its packages. */
const TARGETS = {
  'aarch64-unknown-linux-gnu': 'linux-arm64-gnu',
  'x86_64-pc-windows-gnu': 'win32-x64-msvc', // the release is built with Microsoft's compiler
  'x86_64-unknown-linux-musl': 'linux-x64-musl',
  'aarch64-unknown-linux-musl': 'linux-arm64-musl',
  'aarch64-apple-darwin': 'darwin-arm64',
  'x86_64-apple-darwin': 'darwin-x64',
}

/** The oldest glibc that the packages support, as in the release. */
const GLIBC = '2.17'

const targetDir = join(cache, 'target')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string', default: 'fast' } },
})
const unknown = positionals.filter(name => !Object.hasOwn(TARGETS, name))
if (unknown.length > 0) fail(`unknown target: ${unknown.join(', ')}; there are ${Object.keys(TARGETS).join(', ')}`)
mkdirSync(cache, { recursive: true })
const zig = installZig()

const results = []
for (const target of positionals.length > 0 ? positionals : Object.keys(TARGETS)) {
  const built = build(target)
  const run = built.startsWith('ok') ? await runSmoke(TARGETS[target], binaries(target)) : 'not run: not built'
  results.push({ target, built, run })
}
console.log('\n| target | built | ran |\n| --- | --- | --- |')
for (const row of results) console.log(`| ${Object.values(row).map(cell).join(' | ')} |`)
process.exitCode = results.some(({ built, run }) => `${built} ${run}`.includes('failed')) ? 1 : 0

function fail(message) {
  console.error(message)
  process.exit(1)
}

function cell(text) {
  return text.replaceAll(root, '.').replaceAll('|', '\\|')
}

/** Installs Zig and cargo-zigbuild into a virtual environment. Returns the folder of its programs. */
function installZig() {
  const bin = join(cache, 'zig', 'bin')
  if (!existsSync(join(bin, 'cargo-zigbuild'))) {
    console.log('==> installing Zig and cargo-zigbuild')
    execFileSync('python3', ['-m', 'venv', join(cache, 'zig')], { stdio: 'inherit' })
    execFileSync(join(bin, 'pip'), ['install', '--quiet', 'ziglang', 'cargo-zigbuild'], { stdio: 'inherit' })
  }
  return bin
}

/** Builds a target. Returns `ok` and how long it took, or why it failed. */
function build(target) {
  const toolchain = toolchainOf(target)
  if (toolchain === undefined) return 'failed: no standard library for this target, neither from rustup nor as sources'
  const log = join(cache, `${target}.log`)
  console.log(`==> building for ${target} with ${toolchain.name}; the output is in ${log}`)
  const env = {
    ...process.env,
    ...linking(target),
    ...toolchain.env,
    // Zig makes an error of the dates that mimalloc prints.
    CFLAGS: `${process.env.CFLAGS ?? ''} -Wno-date-time`.trim(),
    PATH: `${zig}${delimiter}${process.env.PATH}`,
    CARGO_TARGET_DIR: targetDir,
    NAPI_TYPE_DEF_TMP_FOLDER: join(cache, 'types'),
  }
  mkdirSync(env.NAPI_TYPE_DEF_TMP_FOLDER, { recursive: true })
  const name = target.endsWith('linux-gnu') ? `${target}.${GLIBC}` : target
  const args = ['--target', name, '--profile', values.profile, '-p', 'aerospike-napi', '-p', 'aerospike-local']
  const output = openSync(log, 'w')
  const start = performance.now()
  const stdio = ['ignore', output, output]
  const { status, error } = spawnSync('cargo', ['zigbuild', ...toolchain.args, ...args], { cwd: root, env, stdio })
  closeSync(output)
  if (status === 0) return `ok, ${Math.round((performance.now() - start) / 1000)} s`
  return `failed: ${firstError(readFileSync(log, 'utf8')) ?? error?.message ?? `exit code ${status}`}`
}

/** The compiler with the standard library of a target, installed by rustup or else built from its sources. */
function toolchainOf(target) {
  const rustc = process.env.RUSTC ?? 'rustc'
  const library = ask(rustc, '--print', 'target-libdir', '--target', target)
  if (library !== undefined && !existsSync(library))
    spawnSync('rustup', ['target', 'add', target], { stdio: 'inherit' })
  if (library !== undefined && existsSync(library)) return { name: ask(rustc, '--version'), args: [], env: {} }
  for (const compiler of [rustc, '/usr/bin/rustc']) {
    const sysroot = ask(compiler, '--print', 'sysroot')
    if (sysroot !== undefined && existsSync(join(sysroot, 'lib/rustlib/src/rust/library/std'))) {
      const name = `${ask(compiler, '--version')} and its standard library built from source`
      // `-Z build-std` is not stable: RUSTC_BOOTSTRAP allows it.
      const env = { RUSTC: compiler, RUSTC_BOOTSTRAP: '1' }
      return { name, args: ['-Z', 'build-std=std,panic_unwind'], env }
    }
  }
  return undefined
}

/** What a program prints, or undefined if it fails. */
function ask(program, ...args) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', cwd: root })
  return status === 0 ? stdout.trim() : undefined
}

/** Variables of the environment that a target needs for linking. */
function linking(target) {
  const flags = `CARGO_TARGET_${target.replaceAll('-', '_').toUpperCase()}_RUSTFLAGS`
  if (target.endsWith('musl')) return { [flags]: '-C target-feature=-crt-static' } // otherwise there is no shared library
  if (target.endsWith('windows-gnu')) return { LIBNODE_PATH: emptyLibnode() }
  if (target.endsWith('darwin')) return { [flags]: `-L framework=${emptyFrameworks()}` }
  return {}
}

/** napi-build links with libnode for this target. The addon finds Node's functions at run time, so it may be empty. */
function emptyLibnode() {
  const folder = join(cache, 'libnode')
  mkdirSync(folder, { recursive: true })
  for (const file of ['libnode.dll', 'libnode.a']) writeFileSync(join(folder, file), '!<arch>\n')
  return folder
}

/** Zig has the symbols of macOS's libSystem only. The addon's other symbols may be undefined (napi-build), so stubs are enough. */
function emptyFrameworks() {
  const folder = join(cache, 'frameworks')
  for (const name of ['CoreFoundation', 'Security']) {
    const framework = join(folder, `${name}.framework`)
    mkdirSync(framework, { recursive: true })
    const lines = [
      '--- !tapi-tbd',
      'tbd-version: 4',
      'targets: [ x86_64-macos, arm64-macos ]',
      `install-name: /System/Library/Frameworks/${name}.framework/Versions/A/${name}`,
      '...',
      '',
    ]
    writeFileSync(join(framework, `${name}.tbd`), lines.join('\n'))
  }
  return folder
}

/** The files that were built for a target. */
function binaries(target) {
  const folder = join(targetDir, target, values.profile)
  if (target.includes('windows')) {
    return { addon: join(folder, 'aerospike_napi.dll'), server: join(folder, 'aerospike-local.exe') }
  }
  const suffix = target.includes('darwin') ? 'dylib' : 'so'
  return { addon: join(folder, `libaerospike_napi.${suffix}`), server: join(folder, 'aerospike-local') }
}
