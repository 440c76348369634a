// A program that uses the packed package, bundled by the bundlers of docs/bundlers.md with the configuration that it shows,
// and without it: then the bundle works too, or fails with one line that names the setting.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { download } from '../helpers/download.js'
import { EMPTY_PROJECT, type Installed, npm, packAndInstall, root, tarballs } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'

const PACKAGES = [
  'esbuild@0.28',
  'webpack@5',
  'rollup@4',
  '@rollup/plugin-commonjs@29',
  '@rollup/plugin-node-resolve@16',
  'vite@8',
  'tsup@8',
  'typescript@5.9',
  'bun@1',
]
const NEXT = ['next@16', 'react@19', 'react-dom@19']
const REFUSED =
  'A bundler has put aerospike-napi, which is CommonJS, into an ES module. Set it to external: aerospike-napi'

const APP = `import { connect, Key, RecordNotFoundError } from 'aerospike-napi'

async function main() {
  const client = await connect({ hosts: process.env.AEROSPIKE_HOST })
  const key = new Key('test', 'bundlers', process.pid)
  await client.put(key, { n: 7 })
  const { bins } = await client.get(key)
  await client.remove(key)
  const missing = await client.get(key).catch(error => error instanceof RecordNotFoundError)
  console.log(JSON.stringify({ n: bins.n, missing }))
  await client.close()
}
main()
`
const WORKS = '{"n":7,"missing":true}'

const guide = readFileSync(join(root, 'docs', 'bundlers.md'), 'utf8')
let installed: Installed
let cache: string

beforeAll(() => {
  cache = download('bundlers', PACKAGES)
  installed = packAndInstall()
  write('app.mjs', APP)
})
afterAll(() => installed?.remove())

function write(name: string, text: string): void {
  writeFileSync(join(installed.folder, name), text)
}

/** The code block of the guide whose first line is a comment with this name. */
function documented(name: string): string {
  const block = [...guide.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].find(([, code]) => code?.startsWith(`// ${name}\n`))
  if (block?.[1] === undefined) throw new Error(`docs/bundlers.md has no block that begins with // ${name}`)
  return block[1]
}

interface Outcome {
  code: number
  output: string
}

async function run(program: string, args: string[], cwd = installed.folder, more: object = {}): Promise<Outcome> {
  const env = { ...process.env, AEROSPIKE_HOST: inject('aerospike').address, ...more }
  try {
    const { stdout, stderr } = await runFile(program, args, { cwd, env, timeout: 120_000 })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

const node = (...args: string[]): Promise<Outcome> => run(process.execPath, args)
const tool = (name: string, path: string, ...args: string[]): Promise<Outcome> =>
  node(join(cache, 'node_modules', name, path), ...args)

/** Runs a script of this test that uses the packages of the cache. */
async function script(name: string, source: string, ...args: string[]): Promise<Outcome> {
  const path = join(cache, name)
  writeFileSync(path, source)
  return node(path, ...args)
}

async function expectBuilt(outcome: Promise<Outcome>): Promise<void> {
  expect(await outcome).toEqual({ code: 0, output: expect.any(String) })
}

async function expectWorks(bundle: string): Promise<void> {
  expect(await node(bundle)).toEqual({ code: 0, output: `${WORKS}\n` })
}

async function expectRefused(bundle: string): Promise<void> {
  const { code, output } = await node(bundle)
  expect(code).not.toBe(0)
  expect(output).toContain(REFUSED)
}

describe('esbuild', () => {
  const options = ['app.mjs', '--bundle', '--platform=node', '--log-level=warning']
  const esbuild = (...args: string[]): Promise<Outcome> => tool('esbuild', 'bin/esbuild', ...options, ...args)

  test('with the configuration of the guide', async () => {
    const command = /^esbuild .*$/m.exec(guide)?.[0] ?? ''
    const [, ...args] = command.split(' ')
    await expectBuilt(tool('esbuild', 'bin/esbuild', ...args))
    await expectWorks(/--outfile=(\S+)/.exec(command)?.[1] ?? '')
  })

  test('without it: CommonJS works, and an ES module names the setting', async () => {
    await expectBuilt(esbuild('--format=cjs', '--outfile=esbuild.cjs'))
    await expectWorks('esbuild.cjs')
    await expectBuilt(esbuild('--format=esm', '--outfile=esbuild.mjs'))
    await expectRefused('esbuild.mjs')
  })

  test('a bundle without the binary reports it in one line', async () => {
    await expectBuilt(esbuild('--format=cjs', '--outfile=esbuild.cjs'))
    const elsewhere = join(installed.folder, '..', `${installed.folder.split(/[\\/]/).at(-1)}.cjs`)
    writeFileSync(elsewhere, readFileSync(join(installed.folder, 'esbuild.cjs')))
    const { code, output } = await run(process.execPath, [elsewhere], join(root, '..'))
    rmSync(elsewhere)
    expect(code).not.toBe(0)
    expect(output.split('\n').filter(line => line.includes('set it to external: aerospike-napi'))).toHaveLength(1)
  })
})

describe('webpack', () => {
  const build = (name: string): string => `
    const webpack = require('webpack')
    const config = require(${JSON.stringify(join(installed.folder, name))})
    webpack({ ...config, context: ${JSON.stringify(installed.folder)}, mode: 'none' }, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString())
    })`

  test('with the configuration of the guide', async () => {
    write('webpack.config.cjs', documented('webpack.config.cjs'))
    await expectBuilt(script('webpack.cjs', build('webpack.config.cjs')))
    await expectWorks('dist/webpack.cjs')
  })

  test('without it', async () => {
    write('all.config.cjs', documented('webpack.config.cjs').replace(/^ *externals:.*\n/m, ''))
    await expectBuilt(script('webpack.cjs', build('all.config.cjs')))
    await expectWorks('dist/webpack.cjs')
  })
})

describe('rollup', () => {
  // Plugins are found from the folder of the configuration.
  const rollup = (config: string, ...args: string[]): Promise<Outcome> =>
    run(
      process.execPath,
      [join(cache, 'node_modules/rollup/dist/bin/rollup'), '-c', config, '--silent', ...args],
      cache,
    )

  function config(name: string, edit: (code: string) => string = code => code): string {
    const code = edit(documented('rollup.config.mjs'))
      .replace("input: 'app.mjs'", `input: ${JSON.stringify(join(installed.folder, 'app.mjs'))}`)
      .replace("'dist/rollup.mjs'", JSON.stringify(join(installed.folder, name)))
    writeFileSync(join(cache, `${name}.config.mjs`), code)
    return `${name}.config.mjs`
  }

  test('with the configuration of the guide', async () => {
    await expectBuilt(rollup(config('rollup.mjs')))
    await expectWorks('rollup.mjs')
  })

  test('without it', async () => {
    const all = (code: string): string => code.replace(/external: \['aerospike-napi', /, 'external: [')
    await expectBuilt(rollup(config('rollup-all.mjs', all)))
    await expectWorks('rollup-all.mjs')
    expect(readFileSync(join(installed.folder, 'rollup-all.mjs'), 'utf8').length).toBeGreaterThan(100_000)
  })
})

describe('Vite', () => {
  const build = (noExternal: boolean): string => `
    import { build } from 'vite'
    const config = (await import(process.argv[2])).default
    await build({ ...config, configFile: false, root: process.cwd(), logLevel: 'error'${noExternal ? ', ssr: { noExternal: true }' : ''} })`

  const serve = `
    import { createServer } from 'vite'
    const server = await createServer({
      configFile: false, root: process.cwd(), logLevel: 'silent', appType: 'custom',
      server: { middlewareMode: true, hmr: false, ws: false },
      ssr: process.argv[2] === 'all' ? { noExternal: ['aerospike-napi'] } : {},
    })
    try {
      await (await server.ssrLoadModule('/exported.mjs')).finished
    } catch (error) {
      console.log(error.message)
    }
    await server.close()`

  test('builds for the server with the configuration of the guide, and with noExternal', async () => {
    write(
      'vite.config.mjs',
      documented('vite.config.mjs').replace(/^import .*\n/m, 'const defineConfig = config => config\n'),
    )
    for (const noExternal of [false, true]) {
      await expectBuilt(script('vite-build.mjs', build(noExternal), join(installed.folder, 'vite.config.mjs')))
      await expectWorks('dist/app.mjs')
    }
  })

  test('serves: the package is external by default, and noExternal names the setting', async () => {
    write('exported.mjs', APP.replace(/^main\(\)$/m, 'export const finished = main()'))
    expect(await script('vite-serve.mjs', serve)).toEqual({ code: 0, output: `${WORKS}\n` })
    expect((await script('vite-serve.mjs', serve, 'all')).output).toContain(REFUSED)
  })
})

describe('tsup', () => {
  const tsup = (config: string): Promise<Outcome> => tool('tsup', 'dist/cli-default.js', '--config', config)

  test('with the configuration of the guide, which needs no setting', async () => {
    // A configuration in TypeScript resolves its imports from its own folder.
    const code = documented('tsup.config.ts').replace(/^import .*\n/m, 'const defineConfig = config => config\n')
    write('tsup.config.mjs', code)
    await expectBuilt(tsup('tsup.config.mjs'))
    for (const bundle of ['dist/app.js', 'dist/app.mjs']) await expectWorks(bundle)
  })

  test('with noExternal: CommonJS works, and an ES module names the setting', async () => {
    const all = `export default { entry: ['app.mjs'], format: ['cjs', 'esm'], outDir: 'all', noExternal: [/.*/] }`
    write('all.config.mjs', all)
    await expectBuilt(tsup('all.config.mjs'))
    await expectWorks('all/app.js')
    await expectRefused('all/app.mjs')
  })
})

describe('bun build', () => {
  const { platform, arch } = process
  const program = (): string =>
    join(cache, `node_modules/@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : 'x64'}/bin/bun`)

  test('with the configuration of the guide, and without it', async () => {
    const [, ...args] = (/^bun build .*$/m.exec(guide)?.[0] ?? '').split(' ')
    await expectBuilt(run(program(), args))
    await expectWorks('dist/bun.mjs')
    await expectBuilt(
      run(
        program(),
        args.filter(arg => !arg.startsWith('--external')),
      ),
    )
    await expectWorks('dist/bun.mjs')
  })
})

test.runIf(process.env.TEST_NEXT === '1')('Next.js, built as a standalone server', { timeout: 600_000 }, async () => {
  const folder = join(installed.folder, 'next')
  const put = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  put('package.json', EMPTY_PROJECT)
  put('app/layout.js', 'export default ({ children }) => <html lang="en"><body>{children}</body></html>\n')
  put('app/page.js', 'export default () => <p>page</p>\n')
  // The types of the route are checked like all code of the docs; here they would need TypeScript and its types.
  put('app/api/record/route.js', ts.transpile(documented('app/api/record/route.ts'), { target: 99, module: 99 }))
  put('next.config.mjs', documented('next.config.mjs'))
  npm(folder, 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...NEXT, ...tarballs(installed))
  const env = { NEXT_TELEMETRY_DISABLED: '1' }
  const built = await run(process.execPath, [join(folder, 'node_modules/next/dist/bin/next'), 'build'], folder, env)
  expect(built).toEqual({ code: 0, output: expect.stringContaining('/api/record') })

  // Elsewhere, so that the server cannot find packages that were not copied.
  const server = mkdtempSync(join(tmpdir(), 'aerospike-napi-next-'))
  cpSync(join(folder, '.next/standalone'), server, { recursive: true })
  const child = spawn(process.execPath, ['server.js'], {
    cwd: server,
    env: { ...process.env, PORT: '0', HOSTNAME: '127.0.0.1', AEROSPIKE_HOST: inject('aerospike').address },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let url: string | undefined
    for await (const line of createInterface(child.stdout)) {
      url = /http:\/\/[\w.]+:[1-9]\d*/.exec(line)?.[0]
      if (url !== undefined) break
    }
    child.stdout.resume()
    const response = await fetch(`${url}/api/record`)
    expect([response.status, await response.text()]).toEqual([200, 'null'])
  } finally {
    child.kill('SIGKILL')
    rmSync(server, { recursive: true, force: true })
  }
})
