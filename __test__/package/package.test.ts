// What users install: the tarball, in an empty folder, from both module systems and every way TypeScript resolves.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { absoluteLinks, linkProblems } from '../../scripts/stage-packages.mjs'
import {
  type Installed,
  LINKS,
  link,
  linkAll,
  manifest,
  npm,
  packAndInstall,
  platformName,
  root,
} from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'
import { compile, type Fixture, linkTypes, minimumVersion } from '../helpers/typescript.js'

let installed: Installed
beforeAll(() => {
  installed = packAndInstall()
})
afterAll(() => installed?.remove())

/** The manifest of an installed package. */
function installedManifest(name: string): { [field: string]: Record<string, string> | undefined } {
  return JSON.parse(readFileSync(join(installed.folder, 'node_modules', name, 'package.json'), 'utf8'))
}

/** Runs a script where only the given ones of the packages are installed, and gives what it printed. */
function alone(packages: string[], script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-alone-'))
  try {
    for (const name of packages) {
      cpSync(join(installed.folder, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true })
    }
    const file = join(folder, 'alone.cjs')
    writeFileSync(file, script)
    const { AEROSPIKE_LOCAL: _, ...env } = process.env
    return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', env })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs a script where the package is installed, and gives what it printed. */
function run(name: string, source: string): string {
  const file = join(installed.folder, name)
  writeFileSync(file, source)
  return execFileSync(process.execPath, [file], { cwd: installed.folder, encoding: 'utf8' })
}

describe('the tarball', () => {
  const papers = ['package.json', 'README.md', 'LICENSE']
  const licences = 'THIRD_PARTY.md'

  test('contains the bundled code, the types and the papers, and nothing else', () => {
    const paths = installed.main.files.map(file => file.path)
    const subpaths = Object.keys(manifest().exports).filter(path => path !== './package.json')
    const names = subpaths.map(path => (path === '.' ? 'index' : path.slice(2)))
    const code = ['aerospike-napi.js', 'arrow-code.js', ...names.flatMap(name => [`${name}.js`, `${name}.mjs`])]
    expect([...paths].sort()).toEqual(
      [
        ...papers,
        'bin.js',
        ...code.map(file => `dist/${file}`),
        ...names.flatMap(name => [`${name}.d.ts`, `${name}.d.mts`]),
      ].sort(),
    )
  })

  test('is small: the binaries are in the packages of the platforms', () => {
    const code = installed.main.files.filter(file => file.path.startsWith('dist/'))
    expect(code.reduce((sum, file) => sum + file.size, 0)).toBeLessThan(650_000)
    expect(installed.main.unpackedSize).toBeLessThan(1_200_000)
    expect(installed.main.size).toBeLessThan(300_000)
  })

  test('of a platform contains the addon only, with the licences of its crates', () => {
    const files = installed.platform.files.map(file => file.path)
    expect(files.filter(path => !papers.includes(path))).toEqual([licences, `aerospike-napi.${platformName()}.node`])
  })

  test('of aerospike-local for a platform contains the program, which may be executed', () => {
    const [text, program, ...others] = installed.localPlatform.files.filter(file => !papers.includes(file.path))
    expect([text?.path, others]).toEqual([licences, []])
    expect(program?.path).toMatch(/^aerospike-local(\.exe)?$/)
    if (process.platform !== 'win32') expect((program?.mode ?? 0) & 0o111).not.toBe(0)
  })

  test('of the command line is one file, and has the licences of what it contains', () => {
    const paths = installed.cli.files.map(file => file.path)
    expect([...paths].sort()).toEqual([...papers, licences, 'dist/main.mjs'].sort())
    expect(installed.cli.unpackedSize).toBeLessThan(700_000)
    const { dependencies, optionalDependencies, scripts } = installedManifest('aerospike-napi-cli')
    expect(dependencies).toEqual({ 'aerospike-napi': manifest().version })
    expect(Object.keys(optionalDependencies ?? {})).toEqual(['apache-arrow'])
    expect(scripts).toBeUndefined()
    const text = readFileSync(join(installed.folder, 'node_modules/aerospike-napi-cli', licences), 'utf8')
    for (const name of ['commander', 'csv-parse', 'csv-stringify', 'hyparquet', 'lossless-json', 'string-width']) {
      expect(text).toMatch(new RegExp(`^## ${name} [\\d.]+ \\(MIT\\)$`, 'm'))
    }
  })

  test('needs no script, and no other package than those of the platforms', () => {
    for (const name of [installed.main.name, installed.local.name]) {
      const { scripts, dependencies, optionalDependencies } = installedManifest(name)
      expect(scripts).toBeUndefined()
      expect(dependencies).toBeUndefined()
      expect(Object.keys(optionalDependencies ?? {})).toHaveLength(8)
      expect(new Set(Object.values(optionalDependencies ?? {}))).toEqual(new Set([manifest().version]))
    }
  })

  test('states where the project is, and READMEs have absolute links', () => {
    for (const name of readdirSync(join(installed.folder, 'node_modules')).filter(name => name.startsWith('aero'))) {
      expect(installedManifest(name)).toMatchObject({
        homepage: LINKS.homepage,
        bugs: { url: LINKS.bugs },
        repository: { type: 'git', url: `git+${LINKS.repository}.git` },
      })
    }
    for (const [name, guide] of [
      ['aerospike-napi', 'docs/errors.md'],
      ['aerospike-napi-cli', 'docs/cli.md'],
    ]) {
      const readme = readFileSync(join(installed.folder, `node_modules/${name}/README.md`), 'utf8')
      expect(readme).toContain(`](${LINKS.repository}/blob/v${manifest().version}/${guide})`)
      const relative = [...readme.matchAll(/\]\((?!https?:|#)([^)\s]+)/g)].map(([, target]) => target)
      expect(relative).toEqual([])
    }
  })
})

test('a release needs links to the project, in the form from which the others are made', () => {
  expect(linkProblems(LINKS)).toEqual([])
  expect(linkProblems({ ...LINKS, bugs: '', homepage: '' })).toEqual(['homepage, bugs must not be empty'])
  for (const repository of [
    `${LINKS.repository}.git`,
    `${LINKS.repository}/`,
    'git@example.com:owner/name',
    'https://example.com',
  ]) {
    expect(linkProblems({ ...LINKS, repository })).toEqual([
      `repository is ${repository}, not of the form https://<host>/<owner>/<name>`,
    ])
  }
  expect(linkProblems({ ...LINKS, homepage: 'example.com' })).toEqual(['homepage is example.com, not an https URL'])
})

test('links of Markdown become absolute, except in code', () => {
  const text =
    '[a](docs/a.md#x) ![b](./b.png) [c](#c) [d](https://d.example) [![g](g.svg)](g.md)\n```\n[e](e.md)\n```\n<img src="f.svg">\n'
  expect(absoluteLinks(text, 'https://x.example/blob/v1')).toBe(
    '[a](https://x.example/blob/v1/docs/a.md#x) ![b](https://x.example/blob/v1/b.png?raw=true) [c](#c) [d](https://d.example) ' +
      '[![g](https://x.example/blob/v1/g.svg?raw=true)](https://x.example/blob/v1/g.md)\n' +
      '```\n[e](e.md)\n```\n<img src="https://x.example/blob/v1/f.svg?raw=true">\n',
  )
  expect(absoluteLinks('[a](../../docs/a.md)', 'https://x.example/blob/v1', 'npm/b')).toBe(
    '[a](https://x.example/blob/v1/docs/a.md)',
  )
})

describe('at run time', () => {
  test('import and require give the same names, values and native instance', () => {
    const output = run(
      'same.cjs',
      `const cjs = require('aerospike-napi')
       import('aerospike-napi').then(esm => {
         const names = Object.keys(cjs).sort()
         const loaded = process.report.getReport().sharedObjects.filter(path => path.endsWith('.node'))
         console.log(JSON.stringify({
           names: names.length,
           missing: names.filter(name => !(name in esm)),
           extra: Object.keys(esm).filter(name => !(name in cjs)),
           different: names.filter(name => !Object.is(esm[name], cjs[name])),
           loaded: loaded.length,
         }))
       })`,
    )
    const result = JSON.parse(output)
    expect(result).toMatchObject({ missing: [], extra: [], different: [], loaded: 1 })
    expect(result.names).toBeGreaterThan(10)
  })

  // Before the peers are linked below.
  test('spans are made where the API of OpenTelemetry is not installed', () => {
    const output = run(
      'tracing.mjs',
      `import { initTracing, shutdownTracing } from 'aerospike-napi'
       const api = await import('@opentelemetry/api').catch(error => error.code)
       console.log(api, initTracing(), initTracing(), await shutdownTracing(), initTracing())`,
    )
    expect(output.trim()).toBe('ERR_MODULE_NOT_FOUND true false undefined true')
  })

  test('every entry point has the same names either way', () => {
    for (const peer of Object.keys(manifest().peerDependencies)) linkAll(installed.folder, peer)
    const subpaths = Object.keys(manifest().exports).filter(path => path !== './package.json')
    for (const subpath of subpaths) {
      const specifier = JSON.stringify(`aerospike-napi${subpath.slice(1)}`)
      // Functions for Arrow belong to the apache-arrow of their module system.
      const separate = subpath === './arrow'
      const output = run(
        'entry.cjs',
        `const cjs = require(${specifier})
         import(${specifier}).then(esm => {
           const shared = name => Object.is(cjs[name], esm[name]) || !(/^class /.test(cjs[name]))
           const same = Object.keys(cjs).every(${separate ? 'shared' : 'name => Object.is(cjs[name], esm[name])'})
           console.log(JSON.stringify([Object.keys(cjs).sort(), Object.keys(esm).sort(), same]))
         })`,
      )
      const [cjs, esm, same] = JSON.parse(output)
      expect(esm, subpath).toEqual(cjs)
      expect(same, subpath).toBe(true)
    }
  })

  test('the manifest can be read, and says the version of the binary', () => {
    const output = run('version.cjs', `console.log(require('aerospike-napi/package.json').version)`)
    expect(output.trim()).toBe(manifest().version)
  })

  test('records go to a server and back', async () => {
    copyFileSync(join(root, '__test__/package/fixture/smoke.mjs'), join(installed.folder, 'smoke.mjs'))
    const { stdout } = await runFile(process.execPath, ['smoke.mjs'], {
      cwd: installed.folder,
      env: { ...process.env, AEROSPIKE_HOST: inject('aerospike').address },
    })
    expect(stdout.trim().split('\n').at(-1)).toBe('done')
  })
})

describe('aerospike-local', () => {
  test('is started by the testing entry, from either module system', () => {
    const output = run(
      'server.cjs',
      `const { LocalServer } = require('aerospike-napi/testing')
       import('aerospike-napi/testing').then(async esm => {
         const server = await LocalServer.start()
         console.log(server instanceof esm.LocalServer && /:\\d+$/.test(server.address))
         await server.stop()
       })`,
    )
    expect(output.trim()).toBe('true')
  })

  test('runs as a command', () => {
    const version = npm(installed.folder, 'exec', '--offline', '--', 'aerospike-local', '--version')
    expect(version.trim()).toContain(manifest().version)
    const bin = join(installed.folder, 'node_modules/aerospike-local/bin.js')
    const { status, stderr } = spawnSync(process.execPath, [bin, '--no-such-option'], { encoding: 'utf8' })
    expect(status).not.toBe(0)
    expect(stderr).toContain('--no-such-option')
  })

  test.skipIf(process.platform === 'win32')('ends when its command is ended', async () => {
    const bin = join(installed.folder, 'node_modules/aerospike-local/bin.js')
    const child = spawn(process.execPath, [bin, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const { port, pid } = JSON.parse(line) as { port: number; pid: number }
    expect(port).toBeGreaterThan(0)
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('that is missing is named with the way to install it', () => {
    const output = alone(
      ['aerospike-napi', installed.platform.name],
      `require('aerospike-napi/testing').LocalServer.start().catch(error => console.log(error.code, error.message))`,
    )
    expect(output).toContain(
      'aerospike-local was not found. Looked for AEROSPIKE_LOCAL in the environment, the package',
    )
    expect(output).toContain('npm install --save-dev aerospike-local')
  })

  test('without its binary names the package of the platform', () => {
    const script = `try { require('aerospike-local').binaryPath() } catch (error) { console.log(error.message) }`
    expect(alone(['aerospike-local'], script)).toContain(`Looked for the package ${installed.localPlatform.name}`)
  })
})

describe('the command line', () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, [join(installed.folder, 'node_modules/aerospike-napi-cli/dist/main.mjs'), ...args], {
      cwd: installed.folder,
      encoding: 'utf8',
      env: { ...process.env, AEROSPIKE_HOSTS: inject('aerospike').address },
    })

  test('runs as a command: it imports rows, and shows them as a table', () => {
    const version = npm(installed.folder, 'exec', '--offline', '--', 'aerospike-napi', '--version')
    expect(version.trim()).toBe(manifest().version)
    writeFileSync(join(installed.folder, 'users.csv'), 'id,name,age\nada,Ada,36\nbob,Bob,20\n')
    const imported = command('import', 'users.csv', 'test/package-cli', '--key', 'id')
    expect([imported.status, imported.stderr]).toEqual([0, expect.stringContaining('2 rows written')])
    const scanned = command('scan', 'test/package-cli', '--where', "age > 21 and name == 'Ada'", '--table')
    expect(scanned.stdout).toBe('_key  name  age\n────  ────  ───\nada   Ada    36\n')
    expect(command('truncate', 'test/package-cli', '--yes').status).toBe(0)
  })

  test('writes Arrow files where apache-arrow is installed, and otherwise says what is missing', () => {
    const args = ['export', 'test/package-cli-arrow', '--output', 'out.arrow', '--force']
    const modules = join(installed.folder, 'node_modules')
    rmSync(join(modules, 'apache-arrow'), { recursive: true, force: true })
    const missing = command(...args)
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('npm install apache-arrow')])
    linkAll(installed.folder, 'apache-arrow')
    expect(command(...args).status).toBe(0)
    expect(readFileSync(join(installed.folder, 'out.arrow')).subarray(0, 6).toString()).toBe('ARROW1')
  })

  test('has a command of its own, and the one of the main package runs it', () => {
    for (const name of ['aerospike-napi', 'aerospike-napi-cli']) {
      const { bin = {} } = installedManifest(name)
      expect(Object.keys(bin)).toEqual([name])
      const program = join(installed.folder, 'node_modules', name, bin[name] ?? '')
      const help = execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' })
      expect(help).toMatch(new RegExp(`^Usage: ${name} `))
      expect(help.trimEnd().replace(/\s+/g, ' ')).toMatch(new RegExp(` ${name} <command> --help$`))
    }
  })

  test('that is missing is named by the command of the main package', () => {
    const bin = join(installed.folder, 'node_modules/aerospike-napi/bin.js')
    const beside = spawnSync(process.execPath, [bin, '--version'], { cwd: tmpdir(), encoding: 'utf8' })
    expect(beside.stdout.trim()).toBe(manifest().version)
    const output = alone(
      ['aerospike-napi', installed.platform.name],
      `const { spawnSync } = require('node:child_process')
       const bin = require.resolve('./node_modules/aerospike-napi/bin.js')
       const { status, stderr } = spawnSync(process.execPath, [bin, 'ping'], { encoding: 'utf8' })
       console.log(status, stderr)`,
    )
    expect(output).toMatch(/^1 The command line is the package aerospike-napi-cli\./)
    expect(output).toContain('npx aerospike-napi-cli ping')
  })
})

describe('an addon that is missing or unusable', () => {
  const load = `try { require('aerospike-napi') } catch (error) { console.log(error.message) }`

  test('is reported in one line that lists what was looked for', () => {
    const output = alone(['aerospike-napi'], load)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).toContain(`Looked for the package ${installed.platform.name}`)
    expect(output).toContain(`aerospike-napi.${platformName()}.node`)
  })

  test('is reported for a platform that has none', () => {
    const freebsd = `Object.defineProperty(process, 'platform', { value: 'freebsd' });${load}`
    expect(alone(['aerospike-napi', installed.platform.name], freebsd)).toMatch(
      /^No binary of aerospike-napi was found for freebsd-\w+\. Looked for the package aerospike-napi-freebsd-/,
    )
  })

  test('is damaged, or one of another platform: the message names the file and the platform', () => {
    const damage = `require('node:fs').writeFileSync(require.resolve(${JSON.stringify(installed.platform.name)}), 'no binary');${load}`
    const output = alone(['aerospike-napi', installed.platform.name], damage)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).toContain(`The binary of aerospike-napi for ${platformName()} cannot be loaded: `)
    expect(output).toContain(`aerospike-napi.${platformName()}.node`)
  })

  test('of another version is refused', () => {
    const other = `Object.defineProperty(require(${JSON.stringify(installed.platform.name)}), 'version', { value: () => '0.0.1' });${load}`
    expect(alone(['aerospike-napi', installed.platform.name], other)).toContain('found a binary of version 0.0.1')
  })
})

describe('stack traces', () => {
  test.each(['cjs', 'mjs'])('begin with the caller (%s)', ending => {
    const names = '{ Key, connect, Client }'
    const head =
      ending === 'cjs' ? `const ${names} = require('aerospike-napi')` : `import ${names} from 'aerospike-napi'`
    const output = run(
      `stacks.${ending}`,
      `${head}
       const show = error => console.log(error.stack.split('\\n').slice(1, 4).findIndex(line => line.includes('stacks.')))
       function refusedKey() { try { new Key('', 'set', 1) } catch (error) { show(error) } }
       async function refusedConnect() { await connect({ hosts: '127.0.0.1:1' }).catch(show) }
       async function refusedCall() { await new Client({ hosts: '127.0.0.1:1' }).get(['test', 's', 1]).catch(show) }
       refusedKey()
       refusedConnect().then(refusedCall)`,
    )
    expect(output.trim().split('\n').map(Number)).toEqual([0, expect.toBeOneOf([0, 1, 2]), expect.toBeOneOf([0, 1, 2])])
  })
})

test('Arrow tables are those of the apache-arrow that the program imports', async () => {
  linkAll(installed.folder, 'apache-arrow')
  const body = `
    const client = await connect({ hosts: process.env.AEROSPIKE_HOST })
    const keys = [['test', 'package-arrow', 1], ['test', 'package-arrow', 2]]
    const written = await writeArrow(client, tableFromArrays({ id: Int32Array.of(1, 2), n: Int32Array.of(7, 8) }), {
      namespace: 'test', set: 'package-arrow', keyField: 'id',
    })
    const columns = await client.batchReadColumns(keys, { n: 'i32' })
    const table = toArrow(columns)
    console.log(table instanceof Table, table.numRows, columns instanceof Columns)
    try { toArrow({}) } catch (error) { console.log(error instanceof InvalidArgError) }
    await client.close()`
  const names = [
    ['{ connect, Columns, InvalidArgError }', 'aerospike-napi'],
    ['{ toArrow, writeArrow }', 'aerospike-napi/arrow'],
    ['{ Table, tableFromArrays }', 'apache-arrow'],
  ] as const
  const programs = {
    'arrow.mjs': `${names.map(([list, from]) => `import ${list} from '${from}'`).join('\n')}\n${body}`,
    'arrow.cjs': `${names.map(([list, from]) => `const ${list} = require('${from}')`).join('\n')}\nasync function main() {${body}}\nmain()`,
  }
  for (const [file, source] of Object.entries(programs)) {
    writeFileSync(join(installed.folder, file), source)
    const { stdout } = await runFile(process.execPath, [file], {
      cwd: installed.folder,
      env: { ...process.env, AEROSPIKE_HOST: inject('aerospike').address },
    })
    expect(stdout, file).toBe('true 2 true\ntrue\n')
  }
})

/** The packages whose declarations an entry point imports. */
const PEERS = {
  arrow: ['apache-arrow'],
  opentelemetry: ['@opentelemetry/api', '@opentelemetry/instrumentation'],
  'opentelemetry-metrics': ['@opentelemetry/sdk-metrics'],
  prometheus: ['prom-client'],
}

describe('the types, strictly and with the declarations checked', () => {
  beforeAll(() => {
    for (const name of ['@types/node', 'undici-types']) link(installed.folder, name)
  })

  const typescript = join(root, 'node_modules', 'typescript')
  const ways = ['an ES module, node16', 'CommonJS, node16', 'a bundler'] as const

  // One program compiles several entry points: most of its time goes to the declarations of Node.js and TypeScript.
  test.each(ways)('of the entry points without peers, as %s', way => {
    expect(compile(typescript, installed.folder, way, ['types', 'testing', 'adapters'])).toEqual([])
  })

  test.each(ways)('of those with peers, as %s', way => {
    linkTypes(installed.folder)
    expect(compile(typescript, installed.folder, way, Object.keys(PEERS) as Fixture[])).toEqual([])
  })

  test('each entry point imports the declarations of its own peers only', () => {
    const folder = join(installed.folder, 'node_modules', 'aerospike-napi')
    const found = readdirSync(folder)
      .filter(name => name.endsWith('.d.ts'))
      .map(name => {
        const text = readFileSync(join(folder, name), 'utf8')
        const modules = [...text.matchAll(/\b(?:from|import) ?\(?'([^']+)'/g)].map(([, module = '']) => module)
        return [name.replace('.d.ts', ''), modules.filter(module => !/^(?:\.|node:)/.test(module)).sort()]
      })
    const none = ['index', 'keyv', 'nestjs', 'session', 'testing'].map(name => [name, []])
    expect(Object.fromEntries(found)).toEqual({ ...Object.fromEntries(none), ...PEERS })
  })

  test.each(ways.slice(0, 2))('with the minimum version of TypeScript, as %s', way => {
    linkTypes(installed.folder)
    expect(compile(join(root, 'node_modules', 'typescript-minimum'), installed.folder, way)).toEqual([])
  })

  test('the README states the minimum version of TypeScript', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    expect(readme).toContain(`The types require TypeScript ${minimumVersion()} or later`)
  })
})
