// Writes dist/<entry>.mjs, which re-exports each public name from the single CommonJS instance. With a separate ESM
// build, a program that uses both module systems would have two sets of classes and two native instances. Also removes
// compiled files whose sources no longer exist.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import ts from 'typescript'
import { entries, root } from './entries.mjs'

const { config } = ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const present = entries().filter(entry => existsSync(join(root, entry.source)))
const program = ts.createProgram(
  present.map(entry => join(root, entry.source)),
  options,
)
const checker = program.getTypeChecker()

for (const entry of present) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, entry.source)))
  const names = module
    ? checker
        .getExportsOfModule(module)
        .filter(isValue)
        .map(symbol => symbol.name)
        .sort()
    : []
  if (names.includes('default'))
    throw new Error(`${entry.source} has a default export; this package has named ones only`)
  writeFileSync(
    join(root, entry.esm),
    [
      `// Generated from ${entry.source} by scripts/esm-wrappers.mjs. Do not edit.`,
      names.length > 0
        ? `export {\n${names.map(name => `  ${name},\n`).join('')}} from './${basename(entry.cjs)}'`
        : 'export {}',
      '',
    ].join('\n'),
  )
}

prune('dist', /\.m?js$/)
prune('.cache/types', /\.d\.ts$/)

function prune(folder, ending) {
  for (const file of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || !ending.test(file.name)) continue
    const path = join(file.parentPath ?? file.path, file.name)
    const source = join(root, 'lib', relative(join(root, folder), path).replace(ending, '.ts'))
    if (!existsSync(source)) rmSync(path)
  }
}

/** Whether the name exists at run time: it is not a type, nor a class that is exported only as a type. */
function isValue(symbol) {
  if (symbol.flags & ts.SymbolFlags.Alias) {
    if (checker.getTypeOnlyAliasDeclaration?.(symbol)) return false
    if (symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration)) return false
    symbol = checker.getAliasedSymbol(symbol)
  }
  return (symbol.flags & ts.SymbolFlags.Value) !== 0
}
