// Compiles the fixtures of __test__/package against the installed package, with any version of TypeScript.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type ts from 'typescript'
import { link, linkAll, root } from './packed.js'

/** The ways in which users resolve the package: a file name extension, and compiler options. */
export const WAYS = {
  'an ES module, node16': ['mts', { module: 'node16', moduleResolution: 'node16', verbatimModuleSyntax: true }],
  'CommonJS, node16': ['cts', { module: 'node16', moduleResolution: 'node16' }],
  'an ES module, nodenext': ['mts', { module: 'nodenext', moduleResolution: 'nodenext', verbatimModuleSyntax: true }],
  'CommonJS, nodenext': ['cts', { module: 'nodenext', moduleResolution: 'nodenext' }],
  'a bundler': ['ts', { module: 'esnext', moduleResolution: 'bundler', verbatimModuleSyntax: true }],
} as const

export type Way = keyof typeof WAYS

const FIXTURES = [
  'types',
  'testing',
  'arrow',
  'opentelemetry',
  'opentelemetry-metrics',
  'prometheus',
  'adapters',
] as const

export type Fixture = (typeof FIXTURES)[number]

/** The packages that the declarations of the entry points import. */
const PEERS = [
  'apache-arrow',
  '@opentelemetry/api',
  '@opentelemetry/instrumentation',
  '@opentelemetry/sdk-metrics',
  'prom-client',
]

/** The minimum version of TypeScript, as the README and package.json state it. */
export function minimumVersion(): string {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { [name: string]: string }
  }
  const [, version] = /^npm:typescript@~(\d+\.\d+)\.\d+$/.exec(devDependencies['typescript-minimum'] ?? '') ?? []
  if (version === undefined) throw new Error('package.json names no minimum version of TypeScript')
  return version
}

/** Makes the types that the fixtures need resolvable from the folder. */
export function linkTypes(folder: string): void {
  for (const name of ['@types/node', 'undici-types']) link(folder, name)
  for (const name of PEERS) linkAll(folder, name)
}

/**
 * Compiles fixtures strictly, with the declarations of this package checked. Those of its peers are not ours to judge:
 * checking them would take most of the time.
 *
 * @param typescript - folder of the package `typescript`
 * @param folder - folder that has the package and its peers in its node_modules
 * @returns the errors in the fixtures or in this package's declarations
 */
export function compile(
  typescript: string,
  folder: string,
  way: Way,
  fixtures: readonly Fixture[] = FIXTURES,
): string[] {
  const [extension, options] = WAYS[way]
  const files = fixtures.map(name => {
    const file = `consumer-${name}.${extension}`
    copyFileSync(join(root, '__test__/package/fixture', `${name}.ts`), join(folder, file))
    return file
  })
  const compilerOptions = {
    ...options,
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(folder, 'node_modules', '@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    pretty: false,
  }
  const api = join(typescript, 'lib', 'typescript.js')
  // TypeScript 7 has no such API.
  if (!existsSync(api)) return runCompiler(typescript, folder, files, compilerOptions)
  return diagnosticsOf(createRequire(import.meta.url)(api) as typeof ts, folder, files, compilerOptions)
}

function diagnosticsOf(compiler: typeof ts, folder: string, files: string[], compilerOptions: object): string[] {
  const { options, errors } = compiler.convertCompilerOptionsFromJson(compilerOptions, folder)
  const program = compiler.createProgram(
    files.map(file => join(folder, file)),
    options,
  )
  const found = program
    .getSourceFiles()
    .filter(({ fileName }) => !/node_modules\/(?!aerospike-napi\/)/.test(fileName))
    .flatMap(file => compiler.getPreEmitDiagnostics(program, file))
  return [...new Set([...errors, ...found])].map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    const text = compiler.flattenDiagnosticMessageText(messageText, ' ')
    return `${file?.fileName.replace(folder, '') ?? ''}:${line} ${text}`
  })
}

function runCompiler(typescript: string, folder: string, files: string[], compilerOptions: object): string[] {
  const config = join(folder, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ compilerOptions, files }))
  try {
    execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', config], { cwd: folder, encoding: 'utf8' })
    return []
  } catch (error) {
    const { stdout } = error as { stdout?: string }
    if (!stdout) throw error
    // A line that is indented continues the error before it.
    return stdout
      .split(/\n(?=\S)/)
      .filter(text => text.trim() !== '' && !/^(\.\.\/)*node_modules\/(?!aerospike-napi\/)/.test(text))
  }
}
