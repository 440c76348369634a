// Compiles the fixtures of __test__/package against the installed package, with any version of TypeScript.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

const FIXTURES = ['types', 'testing', 'arrow', 'opentelemetry', 'opentelemetry-metrics', 'prometheus', 'adapters']

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
 * Compiles all fixtures strictly, with the declarations checked.
 *
 * @param typescript - folder of the package `typescript`
 * @param folder - folder that has the package and its peers in its node_modules
 * @returns the errors in the fixtures or in this package's declarations; those of peers are not ours to judge
 */
export function compile(typescript: string, folder: string, way: Way): string[] {
  const [extension, options] = WAYS[way]
  const files = FIXTURES.map(name => {
    const file = `consumer-${name}.${extension}`
    copyFileSync(join(root, '__test__/package/fixture', `${name}.ts`), join(folder, file))
    return file
  })
  const compilerOptions = {
    ...options,
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    pretty: false,
  }
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
