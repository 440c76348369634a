// The code blocks of the documentation as programs: found, given the context that the text around them implies,
// type-checked together, and emitted to be run. CONTRIBUTING.md describes the markers.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { guides } from './doc-pages.js'
import { root } from './packed.js'

/** One program: a code block, with those that continue it. */
export interface Snippet {
  /** The page, relative to the root of the project. */
  page: string
  /** Line of the first block's opening fence. */
  line: number
  /** Why the program cannot run, or undefined if it runs. */
  skipped: string | undefined
  /** Name of the class of the error that it ends with, or undefined if it ends without one. */
  throws: string | undefined
  /** The outputs that comments behind `console.log` promise. */
  outputs: Output[]
  /** Path of the generated source, and of what it compiles to. */
  source: string
  compiled: string
  /** Line of the page for each line of the source. */
  lines: number[]
}

export interface Output {
  /** Line of the page. */
  line: number
  text: string
}

/** A code block, and what stands around it. */
export interface Block {
  page: string
  line: number
  language: 'ts' | 'js'
  code: string[]
  setup: string[]
  setupLine: number
  continues: boolean
  skipped: string | undefined
  throws: string | undefined
}

/** Where the programs of a page are written: where they find the packages that they import. */
const folderOf = (page: string) =>
  isIntegration(page) ? join(root, 'docs', 'integrations', '.snippets') : join(root, '.cache', 'snippets')

/** README.md and the guides, except those about integrations. */
export function pages(): string[] {
  const own = guides().map(name => `docs/${name}`)
  return ['README.md', ...own.filter(page => !isIntegration(page))]
}

/** The pages whose code blocks need the packages of docs/integrations/package.json. */
export function integrationPages(): string[] {
  return guides()
    .map(name => `docs/${name}`)
    .filter(isIntegration)
}

const isIntegration = (page: string) => page.startsWith('docs/integrations/')

/** The other code blocks of a page that are files: their first line is a comment with the name. */
export function filesOf(page: string): { name: string; text: string }[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```\w+\n(?:--|#) (?<name>[\w.]+)\n(?<text>[^`]*)^```$/gm)].map(({ groups }) => ({
    name: groups?.name ?? '',
    text: groups?.text ?? '',
  }))
}

/** All programs of a page. Throws if a marker is malformed. */
export function snippetsOf(page: string): Snippet[] {
  const programs: Block[][] = []
  for (const block of blocksOf(page)) {
    const last = programs.at(-1)
    if (!block.continues) programs.push([block])
    else if (last === undefined) throw new Error(`${page}:${block.line}: there is no block to continue`)
    else last.push(block)
  }
  return programs.map(blocks => generate(page, blocks))
}

type Words = Pick<Block, 'continues' | 'skipped' | 'throws'>

const MARKER = /^<!-- snippet(?:: (?<words>.*?))?(?<end> -->)?$/

function blocksOf(page: string): Block[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  const blocks: Block[] = []
  let marker: (Words & Pick<Block, 'setup' | 'setupLine'>) | undefined
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const match = MARKER.exec(line)
    if (match) {
      const setup: string[] = []
      const setupLine = at + 2
      if (match.groups?.end === undefined) {
        for (at++; lines[at] !== '-->'; at++) {
          if (at === lines.length) throw new Error(`${page}:${setupLine - 1}: the comment has no end`)
          setup.push(lines[at] ?? '')
        }
      }
      marker = { setup, setupLine, ...wordsOf(match.groups?.words ?? '', `${page}:${setupLine - 1}`) }
      continue
    }
    const fence = /^```(\w*)$/.exec(line)
    if (fence) {
      const code: string[] = []
      const start = at + 1
      for (at++; at < lines.length && lines[at] !== '```'; at++) code.push(lines[at] ?? '')
      const language = fence[1]
      if (language === 'ts' || language === 'js') {
        const defaults = { setup: [], setupLine: start, continues: false, skipped: undefined, throws: undefined }
        blocks.push({ page, line: start, language, code, ...defaults, ...marker })
        marker = undefined
      }
    }
    if (marker !== undefined && line !== '') throw new Error(`${page}:${at + 1}: a marker belongs before a code block`)
  }
  return blocks
}

function wordsOf(words: string, place: string): Words {
  const found: Words = { continues: false, skipped: undefined, throws: undefined }
  for (const word of words.split('; ').filter(text => text !== '')) {
    if (word === 'continues') found.continues = true
    else if (word.startsWith('throws ')) found.throws = word.slice('throws '.length)
    else if (word.startsWith('not run: ')) found.skipped = word.slice('not run: '.length)
    else
      throw new Error(`${place}: unknown marker '${word}': write 'continues', 'throws <class>' or 'not run: <reason>'`)
  }
  return found
}

const exported = new Map<string, ReadonlySet<string>>()

/** The names that an entry point of the package exports, types included. */
export function exportsOf(entry: string): ReadonlySet<string> {
  const known = exported.get(entry)
  if (known !== undefined) return known
  const names = new Set<string>()
  const text = readFileSync(join(root, `${entry}.d.ts`), 'utf8')
  const file = ts.createSourceFile(`${entry}.d.ts`, text, ts.ScriptTarget.ES2022)
  for (const statement of file.statements) {
    if (isExported(statement)) for (const name of namesDeclared(statement)) names.add(name)
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue
    if (ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) names.add(name.text)
    }
  }
  exported.set(entry, names)
  return names
}

/** What a block may use without declaring it: the connected client, and the key of a record. */
const CONTEXT: { [name: string]: string } = {
  client: `const client = (globalThis as unknown as { client: import('aerospike-napi').Client }).client`,
  key: `const key = ['test', 'users', 'ada']`,
}

/** Writes the program of some blocks. */
export function generate(page: string, blocks: readonly Block[]): Snippet {
  const first = blocks[0] as Block
  const text: string[] = []
  const lines: number[] = []
  const add = (line: number, ...more: string[]) => {
    for (const [index, one] of more.entries()) {
      text.push(one)
      lines.push(line + index)
    }
  }
  const extension = first.language === 'js' ? 'cjs' : 'mts'
  if (first.language === 'js') {
    for (const { code, line } of blocks) add(line + 1, ...code)
  } else {
    const parts = blocks.map(block => ({ ...block, code: split(block.code), setup: split(block.setup) }))
    const names = namesIn(parts.flatMap(part => [...part.setup.rest, ...part.code.rest]).join('\n'))
    const atTop = new Set(
      parts.flatMap(part => [...part.setup.declared, ...(part.code.exports ? part.code.declared : [])]),
    )
    const imported = new Set(parts.flatMap(part => [...part.setup.imported, ...part.code.imported]))
    for (const { code, setup, line, setupLine } of parts) {
      add(setupLine, ...setup.imports)
      add(line + 1, ...code.imports)
    }
    const wanted = [...names].filter(name => exportsOf('index').has(name) && !atTop.has(name) && !imported.has(name))
    const declaredInBlocks = new Set(parts.flatMap(part => part.code.declared))
    const implied = wanted.filter(name => !declaredInBlocks.has(name))
    if (implied.length > 0) add(first.line, `import { ${implied.join(', ')} } from 'aerospike-napi'`)
    for (const [name, declaration] of Object.entries(CONTEXT)) {
      if (names.has(name) && !atTop.has(name) && !imported.has(name)) add(first.line, declaration)
    }
    for (const { code, setup, line, setupLine } of parts) {
      add(setupLine, ...setup.rest)
      // A block of statements may shadow the names of the context and of the block that it continues.
      if (!code.exports) add(line, '{')
      add(line + 1, ...code.rest)
    }
    for (const { code, line } of parts) if (!code.exports) add(line, '}')
    add(first.line, 'export {}')
  }
  const name = `${page.replaceAll('/', '-').replace(/\.md$/, '')}-${first.line}`
  return {
    page,
    line: first.line,
    skipped: blocks.find(block => block.skipped !== undefined)?.skipped,
    throws: blocks.find(block => block.throws !== undefined)?.throws,
    outputs: blocks.flatMap(outputsOf),
    source: write(folderOf(page), `${name}.${extension}`, text.join('\n')),
    compiled: join(folderOf(page), 'run', `${name}.${extension.replace('t', 'j')}`),
    lines,
  }
}

/** What `console.log(...) // ...` promises to print. */
function outputsOf(block: Block): Output[] {
  return block.code.flatMap((code, index) => {
    const [, text] = /^.*console\.log\(.*\) \/\/ (.*)$/.exec(code) ?? []
    return text === undefined ? [] : [{ line: block.line + 1 + index, text }]
  })
}

interface Split {
  /** As many lines as the code, each empty unless it is part of an import; and the other way round. */
  imports: string[]
  rest: string[]
  imported: string[]
  /** Names declared by the statements. */
  declared: string[]
  /** Whether a statement is exported, so that the code has to be at the top of its module. */
  exports: boolean
}

function split(code: readonly string[]): Split {
  const file = ts.createSourceFile('snippet.mts', code.join('\n'), ts.ScriptTarget.ES2022, true)
  const found: Split = { imports: code.map(() => ''), rest: [...code], imported: [], declared: [], exports: false }
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const [from, to] = [statement.getStart(), statement.getEnd()].map(
        at => file.getLineAndCharacterOfPosition(at).line,
      )
      for (let line = from as number; line <= (to as number); line++) {
        found.imports[line] = code[line] ?? ''
        found.rest[line] = ''
      }
      const { name, namedBindings } = statement.importClause ?? {}
      if (name) found.imported.push(name.text)
      if (namedBindings && ts.isNamespaceImport(namedBindings)) found.imported.push(namedBindings.name.text)
      if (namedBindings && ts.isNamedImports(namedBindings)) {
        found.imported.push(...namedBindings.elements.map(element => element.name.text))
      }
    } else {
      found.declared.push(...namesDeclared(statement))
      found.exports ||= isExported(statement) || ts.isExportAssignment(statement) || ts.isExportDeclaration(statement)
    }
  }
  return found
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
}

function namesDeclared(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesBound(name))
  }
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  return named && statement.name ? [statement.name.text] : []
}

function namesBound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap(element => (ts.isOmittedExpression(element) ? [] : namesBound(element.name)))
}

/** The identifiers that occur in the code other than as names of properties. */
export function namesIn(code: string): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node
      const property =
        (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node
      if (!property) names.add(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('snippet.mts', code, ts.ScriptTarget.ES2022, true))
  return names
}

function write(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, `${text}\n`)
  return path
}

/** Removes what an earlier run generated for some pages. */
export function clear(pages: readonly string[]): void {
  for (const folder of new Set(pages.map(folderOf))) rmSync(folder, { recursive: true, force: true })
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  esModuleInterop: true,
  experimentalDecorators: true, // NestJS
  inlineSourceMap: true,
}

/** The address in the documentation, in whose place the programs get that of a running server. */
const ADDRESS = '127.0.0.1:3000'

/** The deadline that a page recommends for production: a busy machine that runs the tests may need longer. */
const DEADLINE = /(hosts: ['"]127\.0\.0\.1:3000['"], totalTimeout: )\d+/g

/** Compiles the programs for a server, without checking types. */
export function compile(snippets: readonly Snippet[], address: string): void {
  for (const { source, compiled } of snippets) {
    mkdirSync(dirname(compiled), { recursive: true })
    const text = readFileSync(source, 'utf8')
    const { outputText } = ts.transpileModule(text, { fileName: source, compilerOptions: OPTIONS })
    // A CommonJS program ends with the call of its main function.
    const awaited = outputText.replace(/^main\(\);$/m, 'module.exports = main();')
    const patient = awaited.replace(DEADLINE, (_, before: string) => `${before}20_000`)
    writeFileSync(compiled, patient.replaceAll(ADDRESS, address))
  }
}

/** Type-checks the programs, strictly. Returns the errors of each page. */
export function checkTypes(snippets: readonly Snippet[]): Map<string, string[]> {
  const bySource = new Map(snippets.map(snippet => [snippet.source, snippet]))
  const program = ts.createProgram([...bySource.keys()], { ...OPTIONS, noEmit: true })
  const errors = new Map<string, string[]>()
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
    const snippet = file && bySource.get(file.fileName)
    const page = snippet?.page ?? 'README.md'
    const place = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0
    const message = `${page}:${snippet?.lines[place] ?? 0}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    errors.set(page, [...(errors.get(page) ?? []), message])
  }
  return errors
}
