// The packages installed by each package manager from a registry, as users install them: the client, and aerospike-local,
// which LocalServer finds. The managers run no scripts, and need no network besides that registry.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { download } from '../helpers/download.js'
import { EMPTY_PROJECT, type PackedPackages, packAll, platformName } from '../helpers/packed.js'
import { type Registry, startRegistry } from '../helpers/registry.js'
import { runFile } from '../helpers/run-file.js'

const BODY = `
const server = await LocalServer.start()
const client = await connect({ hosts: server.address })
await client.put(['test', 'users', 'ada'], { name: 'Ada' })
console.log((await client.get(['test', 'users', 'ada'])).bins.name)
await client.close()
await server.stop()
`
const PROGRAMS = {
  'esm.mjs': `import { connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
${BODY}`,
  'cjs.cjs': `const { connect } = require('aerospike-napi')
const { LocalServer } = require('aerospike-napi/testing')
async function main() {${BODY}}
main()
`,
}

const { platform, arch } = process
let tools: string
let packed: PackedPackages
let registry: Registry

beforeAll(async () => {
  tools = download('package-managers', ['pnpm@12', 'yarn@1', '@yarnpkg/cli-dist@4', 'bun@1', 'deno@2'])
  packed = packAll()
  registry = await startRegistry(packed)
})
afterEach(() => registry.downloaded.clear())
afterAll(async () => {
  await registry?.close()
  packed?.remove()
})

const tool = (path: string): string => join(tools, 'node_modules', path)

/** An empty project with the programs. The caches of the managers are inside, so that they take nothing from other runs. */
function project(name: string, files: { [file: string]: string } = {}): string {
  const folder = join(packed.folder, name)
  mkdirSync(folder)
  const all = { 'package.json': EMPTY_PROJECT, '.npmrc': `registry=${registry.url}\n`, ...PROGRAMS, ...files }
  for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text)
  return folder
}

async function run(folder: string, program: string, ...args: string[]): Promise<string> {
  const { AEROSPIKE_LOCAL: _, ...env } = process.env
  for (const name of Object.keys(env)) if (/^(npm|pnpm|yarn)_/i.test(name)) delete env[name]
  const own = {
    npm_config_registry: registry.url,
    npm_config_cache: join(folder, '.cache'),
    npm_config_store_dir: join(folder, '.cache'),
    NPM_CONFIG_REGISTRY: registry.url,
    YARN_CACHE_FOLDER: join(folder, '.cache'),
    DENO_DIR: join(folder, '.cache'),
    BUN_INSTALL_CACHE_DIR: join(folder, '.cache'),
    XDG_DATA_HOME: join(folder, '.cache'),
    CI: '',
  }
  try {
    const { stdout } = await runFile(program, args, {
      cwd: folder,
      env: { ...env, ...own },
      timeout: 120_000,
    })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${[program, ...args].join(' ')}: ${stdout}\n${stderr}`)
  }
}

const node = (folder: string, ...args: string[]): Promise<string> => run(folder, process.execPath, ...args)

async function expectRuns(runProgram: (file: string) => Promise<string>): Promise<void> {
  for (const file of Object.keys(PROGRAMS)) expect(await runProgram(file), file).toBe('Ada\n')
}

/** The packages of other platforms that were downloaded. */
function foreign(): string[] {
  const own = platformName()
  return [...registry.downloaded].filter(name => /-(linux|darwin|win32)-/.test(name) && !name.endsWith(own)).sort()
}

describe('the packages work when installed with', () => {
  test('npm', async () => {
    const folder = project('npm')
    const options = ['--ignore-scripts', '--no-audit', '--no-fund']
    await run(folder, 'npm', 'install', ...options, 'aerospike-napi')
    await run(folder, 'npm', 'install', ...options, '--save-dev', 'aerospike-local')
    await expectRuns(file => node(folder, file))
    expect(foreign()).toEqual([])
    expect(await run(folder, 'npm', 'exec', '--', 'aerospike-local', '--version')).toContain(packed.main.version)
    await run(folder, 'npm', 'install', ...options, '--save-dev', 'aerospike-napi-cli')
    for (const command of ['aerospike-napi', 'aerospike-napi-cli']) {
      expect(await run(folder, 'npm', 'exec', '--', command, '--version')).toBe(`${packed.main.version}\n`)
    }
  })

  test('npx in an empty folder, which downloads the command line', async () => {
    const folder = project('npx')
    expect(await run(folder, 'npm', 'exec', '--yes', '--', 'aerospike-napi-cli', '--version')).toContain(
      packed.main.version,
    )
  })

  test('pnpm, whose packages see only what they declare', async () => {
    const folder = project('pnpm')
    const pnpm = tool('pnpm/bin/pnpm.mjs')
    await node(folder, pnpm, 'add', '--ignore-scripts', 'aerospike-napi')
    await node(folder, pnpm, 'add', '--ignore-scripts', '--save-dev', 'aerospike-local')
    await expectRuns(file => node(folder, file))
    expect(foreign()).toEqual([])
    await node(folder, pnpm, 'add', '--ignore-scripts', '--save-dev', 'aerospike-napi-cli')
    expect(await node(folder, pnpm, 'exec', 'aerospike-napi', '--version')).toContain(packed.main.version)
  })

  test('yarn classic', async () => {
    const folder = project('yarn-classic')
    const yarn = tool('yarn/bin/yarn.js')
    await node(folder, yarn, 'add', '--ignore-scripts', '--no-lockfile', 'aerospike-napi')
    await node(folder, yarn, 'add', '--ignore-scripts', '--no-lockfile', '--dev', 'aerospike-local')
    await expectRuns(file => node(folder, file))
  })

  test("yarn with Plug'n'Play, without node_modules", async () => {
    const config = [
      `npmRegistryServer: ${registry.url}`,
      'unsafeHttpWhitelist: [127.0.0.1]',
      'enableTelemetry: false',
      'enableGlobalCache: false',
      'enableScripts: false',
      'nodeLinker: pnp',
      // For programs in ESM whose package.json does not have "type": "module".
      'pnpEnableEsmLoader: true',
    ]
    const folder = project('yarn-pnp', { '.yarnrc.yml': `${config.join('\n')}\n`, 'yarn.lock': '' })
    const yarn = tool('@yarnpkg/cli-dist/bin/yarn.js')
    await node(folder, yarn, 'add', 'aerospike-napi')
    await node(folder, yarn, 'add', '--dev', 'aerospike-local')
    await expectRuns(file => node(folder, yarn, 'node', file))
    expect(await node(folder, yarn, 'aerospike-local', '--version')).toContain(packed.main.version)
    expect(foreign()).toEqual([])
    await node(folder, yarn, 'add', '--dev', 'aerospike-napi-cli')
    expect(await node(folder, yarn, 'aerospike-napi', '--version')).toContain(packed.main.version)
  })

  test('Bun', async () => {
    const folder = project('bun')
    const bun = tool(`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : 'x64'}/bin/bun`)
    await run(folder, bun, 'add', '--ignore-scripts', 'aerospike-napi')
    await run(folder, bun, 'add', '--ignore-scripts', '--dev', 'aerospike-local')
    await expectRuns(file => run(folder, bun, file))
  })

  test('Deno', async () => {
    const folder = project('deno')
    const deno = tool(`@deno/${platform === 'linux' ? `linux-${arch}-glibc` : `${platform}-${arch}`}/deno`)
    await run(folder, deno, 'install', '--node-modules-dir=auto', 'npm:aerospike-napi', 'npm:aerospike-local')
    const permissions = ['--allow-read', '--allow-env', '--allow-ffi', '--allow-run', '--no-prompt']
    await expectRuns(file => run(folder, deno, 'run', ...permissions, '--node-modules-dir=auto', file))
  })
})
