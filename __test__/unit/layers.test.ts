// Dependencies in lib/ run downward only: a module imports from its own folder and from folders below it. Types count too.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { circles, type Import } from '../helpers/import-circles.js'

const lib = fileURLToPath(new URL('../../lib/', import.meta.url))

/** The folders of lib/, the lowest first. What lies in lib/ itself is above all of them. */
const LAYERS = [
  'catalog',
  'common',
  'wire',
  'native',
  'values',
  'constants',
  'expressions',
  'telemetry',
  'options',
  'boundary',
  'operations',
  'columns',
  'tasks',
  'cluster',
  'query',
  'batch',
  'commands',
  'streams',
  'helpers',
  'methods',
  'sets',
]

/** Folders that only entry points import: each may import from all that stands above, and none from another. */
const ENTRIES = ['arrow', 'testing']

/** Imports that run upward, each with its reason. */
const EXCEPTIONS = new Map([
  ['common/errors.ts -> values/key.ts', 'a type: an error has the key of the record that it is about'],
  ['common/error-classes.ts -> values/key.ts', 'a type: an error has the key of the record that it is about'],
  ['common/error-classes.ts -> helpers/bulk-write.ts', 'a type: the error of a bulk write reports what was written'],
])

/** The modules of the package that a module imports or exports from. */
function importsOf(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)
  const specifiers: string[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      specifiers.push((node.moduleSpecifier as ts.StringLiteral).text)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      specifiers.push((node.argument.literal as ts.StringLiteral).text)
    } else if (ts.isCallExpression(node) && node.expression.getText(file) === 'require') {
      const [name] = node.arguments
      if (name !== undefined && ts.isStringLiteral(name)) specifiers.push(name.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return specifiers.filter(specifier => specifier.startsWith('.') && !specifier.endsWith('.node'))
}

const modules = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => path.replaceAll('\\', '/'))
  .sort()

const resolved = (from: string, specifier: string): string => {
  const path = relative(lib, join(lib, dirname(from), specifier)).replaceAll('\\', '/')
  const found = [`${path}.ts`, `${path}.d.ts`, `${path}/index.ts`].find(name => modules.includes(name))
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is not in lib/`)
  return found
}

const imports: readonly Import[] = modules.flatMap(from =>
  importsOf(join(lib, from)).map(specifier => ({ from, to: resolved(from, specifier) })),
)

const folderOf = (module: string): string => (module.includes('/') ? (module.split('/')[0] as string) : '')

/** How high a module stands. */
function heightOf(module: string): number {
  const folder = folderOf(module)
  if (folder === '' || ENTRIES.includes(folder)) return LAYERS.length
  return LAYERS.indexOf(folder)
}

function allowed({ from, to }: Import): boolean {
  const [source, target] = [folderOf(from), folderOf(to)]
  if (source === target || EXCEPTIONS.has(`${from} -> ${to}`)) return true
  // Entry points assemble what they export; the folders behind them do not import from entry points or from each other.
  if (source === '') return true
  if (ENTRIES.includes(source)) return heightOf(to) < LAYERS.length || to === 'client.ts' || to === 'client-sync.ts'
  return heightOf(to) < heightOf(from)
}

describe('lib/', () => {
  test('has only folders with a place in the layers', () => {
    const folders = new Set(modules.map(folderOf).filter(folder => folder !== ''))
    expect([...folders].sort()).toEqual([...LAYERS, ...ENTRIES].sort())
  })

  test('imports downward only', () => {
    expect(imports.filter(edge => !allowed(edge)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  test('has no circles of modules', () => {
    const edges = imports.filter(({ from, to }) => !EXCEPTIONS.has(`${from} -> ${to}`))
    expect(circles(edges)).toEqual([])
  })

  test('has no exception that nothing needs', () => {
    const edges = new Set(imports.map(({ from, to }) => `${from} -> ${to}`))
    expect([...EXCEPTIONS.keys()].filter(edge => !edges.has(edge))).toEqual([])
  })

  test('has no folder of more than 20 modules', () => {
    const sizes = new Map<string, number>()
    for (const module of modules) sizes.set(folderOf(module), (sizes.get(folderOf(module)) ?? 0) + 1)
    expect([...sizes].filter(([, size]) => size > 20).map(([folder]) => folder)).toEqual([])
  })

  test('finds circles', () => {
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'b' },
    ]
    expect(circles(edges)).toEqual(['b -> c -> b'])
  })
})
