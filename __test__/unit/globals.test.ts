// Test frameworks replace timers and clocks: every module takes them from lib/common/globals.ts, which has them as they were.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const lib = fileURLToPath(new URL('../../lib/', import.meta.url))

/** Of the global object, or of `process`, `AbortSignal` and their like. */
const GLOBALS = new Set([
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'performance',
  'Date',
  'scheduler',
])
const METHODS: { readonly [owner: string]: ReadonlySet<string> } = {
  process: new Set(['nextTick', 'hrtime', 'uptime']),
  AbortSignal: new Set(['timeout']),
}
const MODULES = /^(?:node:)?(?:timers|timers\/promises|perf_hooks)$/

/** Where a module uses what may be replaced, as `line: what`. */
function uses(source: string): string[] {
  const file = ts.createSourceFile('module.ts', source, ts.ScriptTarget.ES2022, true)
  const imported = new Set<string>()
  const found: string[] = []
  const tell = (node: ts.Node, what: string): void => {
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return
    if (ts.isImportDeclaration(node)) {
      const { text } = node.moduleSpecifier as ts.StringLiteral
      if (MODULES.test(text)) tell(node, text)
      const named = node.importClause?.namedBindings
      if (named !== undefined && ts.isNamedImports(named))
        for (const { name } of named.elements) imported.add(name.text)
      return
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require') {
      const [what] = node.arguments
      if (what !== undefined && ts.isStringLiteral(what) && MODULES.test(what.text)) tell(node, what.text)
    }
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const [owner, name] = [node.expression.text, node.name.text]
      if (METHODS[owner]?.has(name)) tell(node, `${owner}.${name}`)
      if (owner === 'globalThis' && GLOBALS.has(name)) tell(node, `globalThis.${name}`)
    }
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer !== undefined) {
      const owner = node.initializer.getText()
      for (const { name, propertyName } of node.name.elements) {
        const taken = (propertyName ?? name).getText()
        if (METHODS[owner]?.has(taken) || (owner === 'globalThis' && GLOBALS.has(taken)))
          tell(node, `${owner}.${taken}`)
      }
    }
    if (ts.isIdentifier(node) && GLOBALS.has(node.text) && !imported.has(node.text) && isReference(node)) {
      tell(node, node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** Whether a name stands for what it names, and is not that of a property or a member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return !ts.isTypeElement(parent) && !ts.isClassElement(parent)
}

const modules = readdirSync(lib, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
  .map(entry => relative(lib, join(entry.parentPath, entry.name)))

test.each(modules.filter(name => name !== 'common/globals.ts'))(
  'lib/%s takes timers and clocks from lib/common/globals.ts',
  name => {
    expect(uses(readFileSync(join(lib, name), 'utf8'))).toEqual([])
  },
)

test('lib/common/globals.ts is the lowest module', () => {
  expect(modules.length).toBeGreaterThan(100)
  expect(readFileSync(join(lib, 'common', 'globals.ts'), 'utf8')).not.toMatch(/from '\.|require\('\./)
})

test('a process object that was replaced before the import is left aside, as in the contexts of Jest', async () => {
  const { outputText } = ts.transpileModule(readFileSync(join(lib, 'common', 'globals.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  })
  const never = (): void => {}
  const exports: {
    nextTick?: (callback: () => void) => void
    setTimeout?: (callback: () => void, ms: number) => unknown
  } = {}
  const sandbox = { exports, require: createRequire(import.meta.url), process: { nextTick: never }, setTimeout: never }
  runInContext(outputText, createContext(sandbox))
  await new Promise<void>(resolve => exports.nextTick?.(resolve))
  await new Promise<void>(resolve => exports.setTimeout?.(resolve, 1))
})

describe('what is found', () => {
  test.each([
    'setTimeout(f, 1)',
    'const f = setImmediate',
    'globalThis.setInterval(f, 1)',
    'const { setTimeout: later } = globalThis',
    'process.nextTick(f)',
    'const { nextTick } = process',
    'performance.now()',
    'const t = Date.now()',
    'const t = new Date()',
    'x instanceof Date',
    'class Stamp extends Date {}',
    'queueMicrotask(f)',
    'AbortSignal.timeout(5)',
    "import { setTimeout } from 'node:timers/promises'",
    "import timers from 'timers'",
    "const timers = require('node:timers')",
    "import { performance } from 'node:perf_hooks'",
    'const o = { setTimeout }',
  ])('%s', source => expect(uses(source)).not.toEqual([]))

  test.each([
    "import { setTimeout } from './globals'\nsetTimeout(f, 1)",
    'function truncate(before: Date): void {}',
    'let timer: ReturnType<typeof setTimeout>',
    'socket.setTimeout(5)',
    'const o = { performance: 1 }',
    'interface Clock { Date: number }',
    'const { timeout } = options',
  ])('and not %s', source => expect(uses(source)).toEqual([]))
})
