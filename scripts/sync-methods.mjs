// Generates lib/methods/<name>-sync.ts, the methods of ClientSync, from lib/methods/<name>.ts, the methods of Client, and
// lib/sets/typed-set-sync.ts from lib/sets/typed-set.ts:
// `Promise<T>` becomes `T`, `async` and `await` disappear, `Promise.all(list)` becomes `list`, classes and the names in
// SYNC_NAMES change, and doc comments follow. The result is checked in.
//
//   node scripts/sync-methods.mjs            writes changed files
//   node scripts/sync-methods.mjs --check    fails if a file is outdated
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import ts from 'typescript'
import { docBlocks, docComment } from './doc-comments.mjs'
import { root } from './entries.mjs'
import { formatted, writeGenerated } from './generated.mjs'

/** Names outside lib/methods that have a blocking counterpart; null: ClientSync has no counterpart. */
const SYNC_NAMES = {
  Client: 'ClientSync',
  connect: 'connectSync',
  ClusterEmitter: null,
  Task: 'TaskSync',
  TaskPolicy: 'BlockingTaskPolicy',
  updateRecord: 'updateRecordSync',
  Updater: 'BlockingUpdater',
  Upserter: 'BlockingUpserter',
  UpdateOptions: 'BlockingUpdateOptions',
  writeBulk: 'writeBulkSync',
  BulkSource: 'BlockingBulkSource',
  BulkWriteOptions: 'BlockingBulkWriteOptions',
  loadModule: 'loadModuleSync',
  beginning: 'beginningBlocking',
  Transaction: 'TransactionSync',
  TransactionWork: 'BlockingTransactionWork',
  WithTransactionOptions: 'BlockingWithTransactionOptions',
  runTransaction: 'runTransactionSync',
  Runner: 'SyncRunner',
  Stream: 'StreamSync',
  RowStream: 'RowStreamSync',
  Query: 'QuerySync',
  TypedQuery: 'TypedQuerySync',
  JobTask: 'JobTaskSync',
}

/** Modules whose blocking counterpart is another module. Modules of lib/methods need no entry. */
const SYNC_MODULES = { '../streams/query': '../streams/query-sync' }

/** Errors that a blocking call cannot have. */
const ASYNC_ERRORS = ['AbortError', 'BackpressureError']

const LINE_WIDTH = 120
const lib = join(root, 'lib')

/** Modules of lib/methods without methods of a client: functions for the whole process. */
const OTHERS = ['metrics.ts', 'tracing.ts']
const methods = readdirSync(join(lib, 'methods')).filter(name => !name.endsWith('-sync.ts') && !OTHERS.includes(name))
const sources = [...methods.map(name => `methods/${name}`), 'sets/typed-set.ts']
const parsed = new Map(sources.map(name => [name, parse(name, readFileSync(join(lib, name), 'utf8'))]))
const syncNames = new Map(Object.entries(SYNC_NAMES))
for (const file of parsed.values()) {
  for (const statement of file.statements) {
    if (ts.isClassDeclaration(statement)) syncNames.set(statement.name.text, `${statement.name.text}Sync`)
  }
}

for (const [name, file] of parsed) {
  writeGenerated(`lib/${name.replace(/\.ts$/, '-sync.ts')}`, generate(name, file))
}

/** The module of blocking methods for a module of asynchronous methods. */
function generate(name, file) {
  const edits = []
  const shared = []
  for (const statement of file.statements) {
    if (ts.isClassDeclaration(statement) || ts.isImportDeclaration(statement)) {
      convert(statement, file, edits)
      continue
    }
    // Everything else is shared: the blocking module imports it.
    const exported = statement.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.ExportKeyword)
    if (!exported || !statement.name)
      fail(file, statement, 'export this declaration, so that the blocking methods share it')
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
    shared.push(`${isType ? 'type ' : ''}${statement.name.text}`)
    edits.push({ start: statement.getFullStart(), end: statement.end, text: '' })
  }
  const lastImport = file.statements.findLast(ts.isImportDeclaration)
  const own = `./${basename(name, '.ts')}`
  if (shared.length > 0) {
    edits.push({ start: lastImport.end, end: lastImport.end, text: `\nimport { ${shared.join(', ')} } from '${own}'` })
  }
  const [moduleComment] = ts.getLeadingCommentRanges(file.text, 0) ?? []
  if (moduleComment !== undefined) edits.push(commentEdit(file, moduleComment, undefined))
  const code = withoutUnusedImports(parse(name, apply(file.text, edits)))
  return `// Generated from lib/${name} by \`make types\`. Do not edit.\n\n${formatted(code)}`
}

/** Collects the edits that turn the code below `node` into blocking code. */
function convert(node, file, edits) {
  const remove = (start, end) => edits.push({ start, end, text: '' })
  if (ts.isClassElement(node) || ts.isClassDeclaration(node)) {
    for (const comment of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []) {
      if (file.text.startsWith('/**', comment.pos)) edits.push(commentEdit(file, comment, node))
    }
  }
  if (ts.isTypeReferenceNode(node) && node.typeName.getText(file) === 'Promise') {
    const [argument] = node.typeArguments
    remove(node.getStart(file), argument.getStart(file))
    remove(argument.end, node.end)
  } else if (ts.isAwaitExpression(node)) {
    remove(node.getStart(file), node.expression.getStart(file))
  } else if (node.kind === ts.SyntaxKind.AsyncKeyword) {
    remove(node.getStart(file), node.end)
  } else if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) {
    remove(node.getStart(file), node.getStart(file) + 'await '.length)
  } else if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
    remove(node.awaitModifier.getFullStart(), node.awaitModifier.end)
  } else if (ts.isCallExpression(node) && node.expression.getText(file) === 'Promise.all') {
    const [list] = node.arguments
    remove(node.getStart(file), list.getStart(file))
    remove(list.end, node.end)
  } else if (ts.isHeritageClause(node) && node.types.some(type => syncNames.get(type.getText(file)) === null)) {
    remove(node.getFullStart(), node.end)
    return
  } else if (ts.isImportDeclaration(node)) {
    const path = node.moduleSpecifier
    if (parsed.has(`${posix.join(posix.dirname(file.fileName), path.text)}.ts`)) {
      edits.push({ start: path.end - 1, end: path.end - 1, text: '-sync' })
    } else if (SYNC_MODULES[path.text] !== undefined) {
      edits.push({ start: path.getStart(file), end: path.end, text: `'${SYNC_MODULES[path.text]}'` })
    }
  } else if (ts.isIdentifier(node) && !isMemberName(node)) {
    const sync = syncNames.get(node.text)
    if (sync === null && !ts.isImportSpecifier(node.parent))
      fail(file, node, `${node.text} has no blocking counterpart`)
    if (sync) edits.push({ start: node.getStart(file), end: node.end, text: sync })
    if (node.text === 'Promise' && !isConverted(node, file)) fail(file, node, 'rewrite this with await or Promise.all')
  }
  ts.forEachChild(node, child => convert(child, file, edits))
}

/** Whether an identifier names a member, not something that an import or declaration of the module defines. */
function isMemberName(node) {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertySignature(parent)) return parent.name === node
  return (
    (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  )
}

function isConverted({ parent }, file) {
  return (
    ts.isTypeReferenceNode(parent) || (ts.isPropertyAccessExpression(parent) && parent.getText(file) === 'Promise.all')
  )
}

/** The edit of one doc comment. `owner` is the class or member that it documents, or undefined for the module. */
function commentEdit(file, { pos, end }, owner) {
  const column = pos - (file.text.lastIndexOf('\n', pos) + 1)
  const returnsNothing = owner?.type?.getText(file) === 'Promise<void>'
  const blocks = docBlocks(file.text.slice(pos, end))
    .filter(block => !(returnsNothing && block.tag === '@returns'))
    .map(block => {
      if (block.blank) return block
      return block.code === undefined ? { ...block, text: syncProse(block.text) } : syncExample(block)
    })
  for (const { text } of blocks) {
    const wrong = text?.match(/\b(?:promise|await|async\w*|reject\w*|AbortError|BackpressureError)\b/i)
    if (wrong) fail(file, { getStart: () => pos }, `rephrase "${wrong[0]}" in this doc comment: it cannot be adapted`)
  }
  return { start: pos, end, text: docComment(blocks, column, LINE_WIDTH) }
}

/** A sentence about a call, for its blocking counterpart. */
function syncProse(text) {
  return withoutAsyncErrors(text)
    .replace(/\brejects\b/g, 'throws')
    .replaceAll('async iterable', 'iterable')
    .replaceAll('`for await`', '`for`')
    .replace(/`(\w+)(?=[`.])/g, (all, name) => (syncNames.get(name) ? `\`${syncNames.get(name)}` : all))
}

/** Removes the errors that only asynchronous calls have from lists such as `A, B or C`, and as `; A`. */
function withoutAsyncErrors(text) {
  return text
    .replace(/\b[A-Z]\w*(?:, [A-Z]\w*)*,? or [A-Z]\w*/g, list => {
      const names = list.split(/, or |, | or /)
      const kept = names.filter(name => !ASYNC_ERRORS.includes(name))
      if (kept.length === names.length) return list
      return kept.length < 2 ? kept.join('') : `${kept.slice(0, -1).join(', ')} or ${kept.at(-1)}`
    })
    .replace(new RegExp(`[;,] (?:${ASYNC_ERRORS.join('|')})(?=[;,.]|$)`, 'g'), '')
}

/** An example, as code of the blocking client. */
function syncExample(block) {
  const file = parse('example.ts', block.code)
  const edits = []
  for (const statement of file.statements) convert(statement, file, edits)
  return { ...block, code: apply(block.code, edits) }
}

/** Removes imports that the converted code does not use. */
function withoutUnusedImports(file) {
  const used = new Set()
  const visit = node => {
    if (ts.isImportDeclaration(node)) return
    if (ts.isIdentifier(node) && !isMemberName(node)) used.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  const edits = []
  for (const statement of file.statements.filter(ts.isImportDeclaration)) {
    const { importClause } = statement
    const bindings = importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue
    const kept = bindings.elements.filter(element => used.has(element.name.text))
    if (kept.length === bindings.elements.length) continue
    const text = `{ ${kept.map(element => element.getText(file)).join(', ')} }`
    if (kept.length > 0) edits.push({ start: bindings.getStart(file), end: bindings.end, text })
    else edits.push({ start: statement.getFullStart(), end: statement.end, text: '' })
  }
  return apply(file.text, edits)
}

function parse(name, text) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const [problem] = file.parseDiagnostics
  if (problem) throw new Error(`${name}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}\n${text}`)
  return file
}

function apply(text, edits) {
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text)
}

function fail(file, node, message) {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
  throw new Error(`lib/${file.fileName}:${line + 1}: ${message}`)
}
