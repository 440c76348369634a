// Checks the doc comments of the public API: each exported declaration and each public member has one, and describes its
// parameters (`@param`). So do the builders in the objects of BUILDERS; parameters that many builders of an object have are
// described by its comment: "- `bin`: ...". The members in COMMON also have an example. Run by `make check`.
import { join, relative } from 'node:path'
import ts from 'typescript'
import { entries, root } from './entries.mjs'

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const sources = entries()
  .map(({ source }) => join(root, source))
  .filter(ts.sys.fileExists)
const program = ts.createProgram(sources, { ...options, noEmit: true })
const checker = program.getTypeChecker()
const problems = new Set()

const lib = `${join(root, 'lib')}/`
const isOurs = declaration => declaration.getSourceFile().fileName.startsWith(lib)

/** Adds a problem, with the place of the declaration. */
function report(declaration, message) {
  const file = declaration.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart(file))
  problems.add(`${relative(root, file.fileName)}:${line + 1}: ${message}`)
}

const isInternal = declaration => ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal')

/** Whether users cannot see a member. */
function isHidden(declaration) {
  const flags = ts.getCombinedModifierFlags(declaration)
  if ((flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0 || isInternal(declaration)) return true
  return (
    declaration.name !== undefined &&
    (ts.isPrivateIdentifier(declaration.name) || ts.isComputedPropertyName(declaration.name))
  )
}

/** The text of a doc comment, also if it is inherited. */
const docOf = symbol => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()

function checkParameters(name, symbol) {
  const described = new Map(
    symbol
      .getJsDocTags(checker)
      .filter(tag => tag.name === 'param')
      .map(({ text = [] }) => {
        const parameter = text.find(({ kind }) => kind === 'parameterName')?.text
        return [
          parameter,
          text
            .filter(({ kind }) => kind === 'text')
            .map(({ text }) => text)
            .join('')
            .trim(),
        ]
      }),
  )
  const overloads = (symbol.declarations ?? []).filter(declaration => declaration.body === undefined)
  // Users see the overloads, not the signature of the implementation.
  for (const declaration of overloads.length > 0 ? overloads : (symbol.declarations ?? [])) {
    for (const parameter of declaration.parameters ?? []) {
      // A pattern has no name that a comment could use.
      if (!ts.isIdentifier(parameter.name) || parameter.name.text === 'this') continue
      const text = described.get(parameter.name.text)
      if (text === undefined || text === '')
        report(declaration, `${name}: the parameter ${parameter.name.text} is not described`)
    }
  }
}

/** Checks a member of a class or an interface. */
function checkMember(owner, member) {
  const [declaration] = member.declarations ?? []
  if (declaration === undefined || !isOurs(declaration) || isHidden(declaration)) return
  const name = `${owner}.${member.name}`
  if (STANDARD.has(member.name)) return
  if (docOf(member) === '') report(declaration, `${name} has no doc comment`)
  else checkParameters(name, member)
  if (COMMON.has(name.replace(/^ClientSync\./, 'Client.'))) checkExample(name, member, declaration)
}

const withExample = new Set()

function checkExample(name, symbol, declaration) {
  withExample.add(name)
  const hasExample = symbol.getJsDocTags(checker).some(tag => tag.name === 'example')
  if (!hasExample) report(declaration, `${name} has no example`)
}

const CLIENT_MEMBERS =
  'connect close put get getOrNull select exists remove touch append prepend increment operate operateOrdered apply ' +
  'update bulkWrite ping batchRead batchWrite batchOperate batchRemove batchApply batch batchStream batchReadColumns ' +
  'batchWriteColumns query createIndex dropIndex udfRegister truncate transaction withTransaction set infoAll nodes stats'

/** The members and functions that need an example. */
const COMMON = new Set([
  ...CLIENT_MEMBERS.split(' ').map(name => `Client.${name}`),
  'Query.where',
  'Query.aggregate',
  'Task.wait',
  'LocalServer.start',
  'Client',
  'ClientSync',
  'Key',
  'AerospikeError',
  'connect',
  'connectSync',
  'retry',
  'retrySync',
  'setLogger',
  'initTracing',
  'getMetrics',
])

/** Members whose meaning the language defines. */
const STANDARD = new Set([
  'toString',
  'toJSON',
  'valueOf',
  'then',
  'next',
  'return',
  'throw',
  'prototype',
  'constructor',
])

function checkSymbol(name, symbol) {
  const own = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
  const [declaration] = own.declarations ?? []
  if (declaration === undefined || !isOurs(declaration) || isInternal(declaration)) return
  if (docOf(own) === '' && docOf(symbol) === '') report(declaration, `${name} has no doc comment`)
  else if (ts.isFunctionDeclaration(declaration)) checkParameters(name, own)
  if (COMMON.has(name)) checkExample(name, own, declaration)
  if ((own.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0) {
    // Including what is inherited, also from classes that are not exported.
    for (const member of checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(own))) checkMember(name, member)
    const [first] = own.members?.get('__constructor')?.declarations ?? []
    if (first !== undefined && !isHidden(first)) checkParameters(`new ${name}`, first.symbol)
  }
  if ((own.flags & ts.SymbolFlags.Class) !== 0) for (const member of own.exports.values()) checkMember(name, member)
  if ((own.flags & ts.SymbolFlags.Variable) !== 0) checkBuilders(name, own, declaration)
}

/** Checks the builders in an object such as `op` or `exp`. */
function checkBuilders(name, symbol, declaration) {
  if (!BUILDERS.has(name)) return
  const shared = sharedParameters(symbol, declaration)
  for (const builder of checker.getPropertiesOfType(checker.getTypeOfSymbolAtLocation(symbol, declaration))) {
    const [property] = builder.declarations ?? []
    if (property === undefined || !isOurs(property) || isInternal(property)) continue
    const documented = [builder, resolved(builder)].find(symbol => docOf(symbol) !== '')
    if (documented === undefined) report(property, `${name}.${builder.name} has no doc comment`)
    else checkBuilderParameters(`${name}.${builder.name}`, documented, property, shared)
    checkBuilders(`${name}.${builder.name}`, resolved(builder), property)
  }
}

/** The parameters that the comment of an object describes for all of its builders. */
function sharedParameters(symbol, declaration) {
  // The builders of `exp.lists` are those of another object, which has the comment.
  const query =
    declaration.type !== undefined && ts.isTypeQueryNode(declaration.type) ? declaration.type.exprName : undefined
  const object = query === undefined ? symbol : resolved(checker.getSymbolAtLocation(query))
  const items = docOf(object).matchAll(/^- ((?:`\w+`(?:, )?)+): /gm)
  return new Set([...items].flatMap(([, names]) => [...names.matchAll(/\w+/g)].map(([name]) => name)))
}

function checkBuilderParameters(name, documented, property, shared) {
  const own = new Set(
    documented
      .getJsDocTags(checker)
      .filter(tag => tag.name === 'param')
      .map(({ text = [] }) => text.find(({ kind }) => kind === 'parameterName')?.text),
  )
  for (const signature of checker.getTypeOfSymbolAtLocation(documented, property).getCallSignatures()) {
    for (const { name: parameter } of signature.getParameters()) {
      if (!own.has(parameter) && !shared.has(parameter))
        report(property, `${name}: the parameter ${parameter} is not described`)
    }
  }
}

/** The objects whose properties are builders. */
const BUILDERS = new Set([
  'op',
  'exp',
  'lists',
  'maps',
  'bits',
  'bitwise',
  'hll',
  'cdt',
  'filter',
  'predicates',
  'batchRow',
  'strings',
  'paths',
  'exp.lists',
  'exp.maps',
  'exp.bit',
  'exp.hll',
  'exp.strings',
  'exp.operations',
])

/** What a shorthand property or an alias stands for. */
function resolved(symbol) {
  const [declaration] = symbol.declarations ?? []
  const own =
    declaration !== undefined && ts.isShorthandPropertyAssignment(declaration)
      ? checker.getShorthandAssignmentValueSymbol(declaration)
      : symbol
  return (own.flags & ts.SymbolFlags.Alias) === 0 ? own : checker.getAliasedSymbol(own)
}

for (const source of sources) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(source))
  for (const symbol of checker.getExportsOfModule(module)) checkSymbol(symbol.name, symbol)
}
for (const name of COMMON) if (!withExample.has(name)) problems.add(`there is no public member ${name}`)
for (const problem of [...problems].sort()) console.error(problem)
process.exitCode = problems.size > 0 ? 1 : 0
