// Bundles the declarations that tsc wrote to .cache/types into one file per entry point, at the root: `index.d.ts`,
// `arrow.d.ts`, `testing.d.ts`, and the matching `.d.mts` files. They are checked in, so their diff shows API changes.
//
// The main entry contains everything that it reaches. Other entries import shared declarations from './index.js', so
// that each class is declared once, and a `Client` of one entry is a `Client` of the others.
//
//   node scripts/bundle-types.mjs            writes changed files
//   node scripts/bundle-types.mjs --check    fails if the files at the root are outdated
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import ts from 'typescript'
import { aliasComment, aliases } from './alias-table.mjs'
import { entries, root } from './entries.mjs'

const typesDir = join(root, '.cache', 'types')
const declarationOf = entry => join(typesDir, entry.source.replace(/^lib\//, '').replace(/\.ts$/, '.d.ts'))
const present = entries().filter(entry => existsSync(declarationOf(entry)))
const [main, ...others] = present
if (main?.subpath !== '.') throw new Error('.cache/types holds no index.d.ts: run `make dev-build`')

const outputs = new Map()
const { code, modules } = await bundle(main, new Set())
outputs.set(main.types, finish(main, code))
const mainNames = exportedNames(code)
for (const entry of others) {
  const { code } = await bundle(entry, new Set(modules))
  const missing = importedFromMain(code).filter(name => !mainNames.has(name))
  if (missing.length > 0) {
    throw new Error(`${entry.source} shows ${missing.join(', ')} in its types: export them from lib/index.ts too`)
  }
  outputs.set(entry.types, finish(entry, code))
}
for (const entry of present) {
  outputs.set(entry.esmTypes, `${header(entry)}export * from './${entry.types.replace(/\.d\.ts$/, '.js')}'\n`)
}

const stale = [...outputs].filter(([file, text]) => !existsSync(join(root, file)) || read(file) !== text)
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is out of date: run \`make types\` and commit it`)
  process.exit(stale.length > 0 ? 1 : 0)
}
for (const [file, text] of stale) {
  writeFileSync(join(root, file), text)
  console.log(`${file} written`)
}

/** One entry's declarations in the form that rollup reads. Modules in `shared` are imported from './index.js'. */
async function bundle(entry, shared) {
  const input = declarationOf(entry)
  const mainEntry = {
    name: 'main-entry',
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith('.')) return null
      const file = resolve(dirname(importer), source).replace(/(\.js)?$/, '.d.ts')
      return shared.has(file) ? { id: './index.js', external: true } : null
    },
  }
  const build = await rollup({
    input,
    // The addon's own types stay internal to lib/native/native.ts. No public declaration may expose them.
    external: source => source === './native-binding' || (!source.startsWith('.') && !source.startsWith('/')),
    makeAbsoluteExternalsRelative: false,
    plugins: [mainEntry, dts({ respectExternal: false, compilerOptions: { stripInternal: true } })],
    onwarn(warning, warn) {
      // MISSING_EXPORT: an internal type that tsc stripped. The bundle does not need it.
      if (!['UNUSED_EXTERNAL_IMPORT', 'EMPTY_BUNDLE', 'MISSING_EXPORT'].includes(warning.code)) warn(warning)
    },
  })
  const { output } = await build.generate({ format: 'es' })
  await build.close()
  const renamed = output[0].code.match(/^(?:declare )?(?:const|type|class|interface|function) \w+\$\d+/gm)
  if (renamed !== null) {
    throw new Error(`two modules declare one name, which users would see as: ${renamed.join(', ')}. Rename one of them`)
  }
  checkOptional(output[0].code, entry)
  return { code: output[0].code, modules: build.watchFiles.filter(file => file.startsWith(typesDir)) }
}

/**
 * Fails if an optional property does not also accept `undefined`. Users who set `exactOptionalPropertyTypes` could not pass
 * a value that may be undefined, such as `process.env.USER`.
 */
function checkOptional(code, entry) {
  const file = ts.createSourceFile('bundle.d.ts', code, ts.ScriptTarget.Latest, true)
  const accepting = [ts.SyntaxKind.UndefinedKeyword, ts.SyntaxKind.UnknownKeyword, ts.SyntaxKind.NeverKeyword]
  const accepts = type => accepting.includes(type.kind) || (ts.isUnionTypeNode(type) && type.types.some(accepts))
  const refusing = []
  const visit = node => {
    const named =
      (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)) && !ts.isComputedPropertyName(node.name)
    if (named && node.questionToken && node.type && !accepts(node.type)) refusing.push(node.getText())
    ts.forEachChild(node, visit)
  }
  visit(file)
  if (refusing.length > 0) {
    throw new Error(`${entry.source}: add \`| undefined\` to these optional properties: ${refusing.join(', ')}`)
  }
}

function header(entry) {
  return `// Generated from ${entry.source} by \`make types\`: the API of ${join('aerospike-napi', entry.subpath)}. Do not edit.\n`
}

function finish(entry, code) {
  // The plain file name avoids the formatter's ignore list, which contains the generated files.
  const formatted = execFileSync(process.execPath, [biome(), 'format', '--stdin-file-path=lib/bundle.ts'], {
    cwd: root,
    input: exportInPlace(withoutModuleComments(code)),
    encoding: 'utf8',
  })
  return header(entry) + formatted
}

function biome() {
  return join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
}

/** Removes comments that are followed by a blank line: they describe a source file, not the next declaration. */
function withoutModuleComments(code) {
  return code.replace(/^\/\*\*(?:[^*]|\*(?!\/))*\*\/\n\s*\n/gm, '')
}

/** `declare class A` ... `export { A, B as C }`  ->  `export declare class A` ... `export { B as C }`. */
function exportInPlace(code) {
  const file = ts.createSourceFile('bundle.d.ts', code, ts.ScriptTarget.Latest, true)
  const declared = new Map()
  for (const statement of file.statements) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(declaration => declaration.name.getText())
      : statement.name
        ? [statement.name.getText()]
        : []
    // A variable statement with several names and an overloaded function are exported as a whole or not at all.
    for (const name of names) declared.set(name, [...(declared.get(name) ?? []), { statement, names }])
  }
  const edits = []
  const comments = new Map(aliases.filter(({ on }) => on === 'exports').map(alias => [alias.name, aliasComment(alias)]))
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) continue
    if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) continue
    const all = new Set(statement.exportClause.elements.filter(e => !e.propertyName).map(e => e.name.text))
    const left = []
    for (const element of statement.exportClause.elements) {
      const owners = declared.get(element.name.text) ?? []
      const movable =
        all.has(element.name.text) && owners.length > 0 && owners.every(owner => owner.names.every(n => all.has(n)))
      if (!movable) {
        left.push([comments.get(element.name.text), element.getText()].filter(Boolean).join('\n'))
        continue
      }
      for (const { statement: owner } of owners) edits.push({ at: owner.getStart(file), text: 'export ' })
    }
    const kind = statement.isTypeOnly ? 'export type' : 'export'
    edits.push({
      at: statement.getStart(file),
      end: statement.end,
      text: left.length > 0 ? `${kind} {\n${left.join(',\n')}\n};` : '',
    })
  }
  const seen = new Set()
  return edits
    .filter(edit => !seen.has(`${edit.at} ${edit.text}`) && seen.add(`${edit.at} ${edit.text}`))
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, end = at, text: insert }) => text.slice(0, at) + insert + text.slice(end), code)
}

function exportedNames(code) {
  const names = new Set()
  const file = ts.createSourceFile('bundle.d.ts', code, ts.ScriptTarget.Latest, true)
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) continue
    if (ts.isNamedExports(statement.exportClause))
      for (const e of statement.exportClause.elements) names.add(e.name.text)
    else names.add(statement.exportClause.name.text)
  }
  return names
}

function importedFromMain(code) {
  const file = ts.createSourceFile('bundle.d.ts', code, ts.ScriptTarget.Latest, true)
  return file.statements
    .filter(s => ts.isImportDeclaration(s) && s.moduleSpecifier.text === './index.js')
    .flatMap(s => s.importClause?.namedBindings?.elements ?? [])
    .map(element => (element.propertyName ?? element.name).text)
}

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}
