// What users install: the tarball, in an empty folder, from both module systems and every way TypeScript resolves.
import { execFile, execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Installed, link, linkAll, manifest, packAndInstall, root } from '../helpers/packed.js'
import { compile as compileWith, linkTypes, minimumVersion } from '../helpers/typescript.js'

const runFile = promisify(execFile)

let installed: Installed
beforeAll(() => {
  installed = packAndInstall()
})
afterAll(() => installed?.remove())

const PAPERS = ['package.json', 'README.md', 'LICENSE', 'THIRD_PARTY.md', 'CHANGELOG.md']

/** Runs a script where the package is installed, and gives what it printed. */
function run(name: string, source: string): string {
  const file = join(installed.folder, name)
  writeFileSync(file, source)
  return execFileSync(process.execPath, [file], { cwd: installed.folder, encoding: 'utf8' })
}

describe('the tarball', () => {
  test('holds the code, the types and the papers, and nothing else', () => {
    const paths = installed.main.files.map(file => file.path)
    expect(paths).toEqual(expect.arrayContaining(PAPERS))
    expect(paths).toEqual(expect.arrayContaining(['index.d.ts', 'index.d.mts', 'dist/index.js', 'dist/index.mjs']))
    const others = paths.filter(
      path => !/^dist\/.+\.m?js$/.test(path) && !/^[\w-]+\.d\.m?ts$/.test(path) && !PAPERS.includes(path),
    )
    expect(others).toEqual([])
  })

  test('is small: the binaries are in the packages of the platforms', () => {
    const size = installed.main.files.reduce((sum, file) => sum + file.size, 0)
    expect(size).toBeLessThan(2_000_000)
  })

  test('of the platform holds the addon, the server, which may be executed, and their licences', () => {
    const files = new Map(installed.platform.files.map(file => [file.path, file]))
    expect([...files.keys()].some(path => path.endsWith('.node'))).toBe(true)
    expect([...files.keys()]).toEqual(expect.arrayContaining(['LICENSE', 'THIRD_PARTY.md']))
    const server = files.get('aerospike-local') ?? files.get('aerospike-local.exe')
    expect(server).toBeDefined()
    if (process.platform !== 'win32') expect((server?.mode ?? 0) & 0o111).not.toBe(0)
  })

  test('needs no script and no other package', () => {
    const scripts = Object.keys((manifest() as { scripts?: object }).scripts ?? {})
    expect(scripts.filter(name => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([])
    expect(manifest()).not.toHaveProperty('dependencies')
  })
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
      const output = run(
        'entry.cjs',
        `const cjs = require(${specifier})
         import(${specifier}).then(esm => {
           const same = Object.keys(cjs).every(name => Object.is(cjs[name], esm[name]))
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

describe('the binaries', () => {
  test('include the server that the testing entry starts, from either module system', () => {
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

  test('that are missing are told by the name of their package', () => {
    const alone = `${installed.folder}-alone`
    try {
      cpSync(join(installed.folder, 'node_modules/aerospike-napi'), alone, { recursive: true })
      const output = run(
        'missing.cjs',
        `try { require(${JSON.stringify(alone)}) } catch (error) { console.log(error.message) }`,
      )
      expect(output).toContain(installed.platform.name)
    } finally {
      rmSync(alone, { recursive: true, force: true })
    }
  })
})

describe('the types, strictly and with the declarations checked', () => {
  beforeAll(() => {
    for (const name of ['@types/node', 'undici-types']) link(installed.folder, name)
  })

  const ways: [string, string, ts.CompilerOptions][] = [
    [
      'an ES module',
      'consumer.mts',
      { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
    ],
    ['CommonJS', 'consumer.cts', { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
    ['a bundler', 'consumer.ts', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ]

  test.each(ways)('as %s', (_, file, options) => {
    expect(compile('types.ts', file, options)).toEqual([])
  })

  test.each(ways)('of the testing entry, as %s', (_, file, options) => {
    expect(compile('testing.ts', `testing-${file}`, options)).toEqual([])
  })

  test.each(ways)('with apache-arrow, as %s', (_, file, options) => {
    linkAll(installed.folder, 'apache-arrow')
    expect(compile('arrow.ts', `arrow-${file}`, options)).toEqual([])
  })

  test.each(ways)('with OpenTelemetry, as %s', (_, file, options) => {
    for (const name of ['@opentelemetry/api', '@opentelemetry/instrumentation']) linkAll(installed.folder, name)
    expect(compile('opentelemetry.ts', `opentelemetry-${file}`, options)).toEqual([])
  })

  test.each(ways)('with the metrics SDK of OpenTelemetry, as %s', (_, file, options) => {
    for (const name of ['@opentelemetry/api', '@opentelemetry/sdk-metrics']) linkAll(installed.folder, name)
    expect(compile('opentelemetry-metrics.ts', `opentelemetry-metrics-${file}`, options)).toEqual([])
  })

  test.each(ways)('with prom-client, as %s', (_, file, options) => {
    linkAll(installed.folder, 'prom-client')
    expect(compile('prometheus.ts', `prometheus-${file}`, options)).toEqual([])
  })

  test.each(['an ES module, node16', 'CommonJS, node16'] as const)(
    'with the minimum version of TypeScript, as %s',
    way => {
      linkTypes(installed.folder)
      expect(compileWith(join(root, 'node_modules', 'typescript-minimum'), installed.folder, way)).toEqual([])
    },
  )

  test('the README states the minimum version of TypeScript', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    expect(readme).toContain(`The types require TypeScript ${minimumVersion()} or later`)
  })

  /** Errors in the consumer or in this package's own declarations; those of peers are not ours to judge. */
  function compile(fixture: string, file: string, options: ts.CompilerOptions): string[] {
    const path = join(installed.folder, file)
    copyFileSync(join(root, '__test__/package/fixture', fixture), path)
    const program = ts.createProgram([path], {
      ...options,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      types: ['node'],
      typeRoots: [join(installed.folder, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
    })
    return ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => !file || !/node_modules\/(?!aerospike-napi)/.test(file.fileName))
      .map(({ file, start, messageText }) => {
        const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
        return `${file?.fileName.replace(installed.folder, '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
      })
  }
})
