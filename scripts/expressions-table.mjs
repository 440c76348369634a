// Writes docs/expressions.md from index.d.ts: every builder of `exp` with its arguments, result type and description,
// and its names in aerospike-py and the official Node.js client. Fails if one of their names has no builder here, or if
// a builder is not in any section of the page.
//
//   node scripts/expressions-table.mjs
import { join } from 'node:path'
import ts from 'typescript'
import { aliases } from './alias-table.mjs'
import { camel, cell, checkNoGap, clientNames, writePage } from './doc-tables.mjs'
import { root } from './entries.mjs'

/** `of` is the declaration in index.d.ts; `module` is how users refer to it. */
const SECTIONS = [
  { of: 'values', module: 'exp', title: 'Values' },
  { of: 'bins', module: 'exp', title: 'Bins' },
  { of: 'metadata', module: 'exp', title: 'What is known of the record' },
  { of: 'compare', module: 'exp', title: 'Comparison' },
  { of: 'control', module: 'exp', title: 'Logic, conditions and variables' },
  { of: 'arithmetic', module: 'exp', title: 'Arithmetic' },
  { of: 'path', module: 'exp', title: 'Paths' },
  { of: 'Modules', module: 'exp', title: 'Text' },
  { of: 'listExpressions', module: 'exp.lists', title: 'Lists' },
  { of: 'mapExpressions', module: 'exp.maps', title: 'Maps' },
  { of: 'bitExpressions', module: 'exp.bit', title: 'Bits' },
  { of: 'hllExpressions', module: 'exp.hll', title: 'HyperLogLogs' },
  { of: 'stringExpressions', module: 'exp.strings', title: 'Strings' },
  { of: 'expressionOperations', module: 'exp.operations', title: 'Operations' },
]

const source = join(root, 'index.d.ts')
const program = ts.createProgram([source], {
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  strict: true,
  skipLibCheck: true,
})
const checker = program.getTypeChecker()
const file = program.getSourceFile(source)

/** The symbol and type of a declaration in index.d.ts. */
function declared(name) {
  for (const statement of file.statements) {
    const nodes = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement]
    for (const node of nodes) {
      if (node.name?.getText() !== name) continue
      return { symbol: checker.getSymbolAtLocation(node.name), type: checker.getTypeAtLocation(node) }
    }
  }
  throw new Error(`index.d.ts declares no ${name}`)
}

const docOf = symbol => ts.displayPartsToString(symbol.getDocumentationComment(checker))
const typeOf = symbol => checker.getTypeOfSymbol(symbol)

function parameterOf(symbol) {
  const { valueDeclaration: node } = symbol
  const rest = node.dotDotDotToken === undefined ? '' : '...'
  const optional = node.questionToken === undefined ? '' : '?'
  return `${rest}${symbol.name}${optional}`
}

/** The `T` of an `Expression<T>`, in words if it depends on the arguments. */
function wordOf(type) {
  if (type.isUnion() || type.isStringLiteral()) return checker.typeToString(type).replaceAll(/["']/g, '')
  if ((type.flags & ts.TypeFlags.TypeParameter) === 0) return 'by returnType'
  return type.getConstraint()?.aliasSymbol?.name === 'Collection' ? "the bin's" : 'its type'
}

/** The result type of the signatures: `Expression<'int'>` -> `int`. Omits `any` if there are other results. */
function resultsOf(signatures) {
  const words = signatures.map(signature => {
    const type = checker.getReturnTypeOfSignature(signature)
    return type.symbol?.name === 'Expression' ? wordOf(checker.getTypeArguments(type)[0]) : checker.typeToString(type)
  })
  const known = [...new Set(words)]
  return (known.length > 1 ? known.filter(word => word !== 'any') : known).join(' or ')
}

/** The builders of a section, each with its aliases. The aliases of `exp` are in a declaration of their own. */
function readSection({ of, module }) {
  const { symbol, type } = declared(of)
  const builders = new Map()
  for (const property of type.getProperties()) {
    const signatures = typeOf(property).getCallSignatures()
    if (signatures.length === 0) continue
    const doc = docOf(property)
    if (doc === '') throw new Error(`${module}.${property.name} has no comment`)
    const parameters = signatures.at(-1).getParameters().map(parameterOf)
    const call = `${module}.${property.name}(${parameters.join(', ')})`
    const others = aliases.filter(alias => alias.on === module && alias.of === property.name && !alias.differs)
    const names = others.map(alias => alias.name)
    builders.set(property.name, { name: property.name, aliases: names, call, doc, result: resultsOf(signatures) })
  }
  return { comment: of === 'Modules' ? '' : docOf(symbol), builders: [...builders.values()] }
}

const seedNames = module => (module === 'exp' ? clientNames['aerospike-py'].exp : [])
/** Without classes. scripts/counterparts.mjs checks those. */
const officialNames = module => (clientNames.official[module] ?? []).filter(name => !/^[A-Z]/.test(name))

function row(module, { name, aliases, call, doc, result }) {
  const names = [name, ...aliases]
  const seed = seedNames(module).filter(other => names.includes(camel(other)))
  const official = officialNames(module).filter(other => names.includes(other))
  const code = list => list.map(text => `\`${text}\``).join(', ')
  const also = aliases.length === 0 ? '' : ` Also ${code(aliases.map(alias => `${module}.${alias}`))}.`
  return `| \`${call}\` | ${cell(result)} | ${cell(doc)}${also} | ${code(seed)} | ${code(official)} |`
}

/** Members of `exp` that are not builders: types, flags, modules. */
function constantsOf(type) {
  return type.getProperties().filter(property => typeOf(property).getCallSignatures().length === 0)
}

const sections = SECTIONS.map(section => ({ ...section, ...readSection(section) }))
const { type: exp } = declared('exp')
const ours = new Map()
for (const { module, builders } of sections) {
  const names = ours.get(module) ?? new Set()
  for (const { name, aliases } of builders) for (const known of [name, ...aliases]) names.add(known)
  ours.set(module, names)
}
const constants = constantsOf(exp).map(property => property.name)
for (const name of constants) ours.get('exp').add(name)
for (const [module, names] of ours) {
  checkNoGap(module, names, [...seedNames(module).map(camel), ...officialNames(module)])
}
checkNoGap(
  'the page',
  ours.get('exp'),
  exp.getProperties().map(property => property.name),
)

const known = new Set(SECTIONS.map(({ module }) => module.replace('exp.', '')))
const flags = constants.filter(name => !known.has(name)).map(name => `\`exp.${name}\``)
const tables = sections.map(
  ({ title, module, comment, builders }) => `### ${title}: \`${module}\`

${comment === '' ? '' : `${cell(comment)}\n\n`}| expression | result | what it is | aerospike-py | official client |
| --- | --- | --- | --- | --- |
${builders.map(builder => row(module, builder)).join('\n')}
`,
)

const text = `<!-- Generated from index.d.ts by scripts/expressions-table.mjs (\`make types\`). Do not edit. -->

# Expressions

The server evaluates an expression for a record: as the filter of a call, or to compute a value that it returns or
writes. The builders of \`exp\` only encode it; it is sent with the calls that use it. An expression is immutable, so you can use it any number of
times. Expressions need server 5.2; those that need a later version state it.

## Filters

<!-- snippet
await client.put(key, { age: 36, status: 'active' })
-->
\`\`\`ts
import { exp } from 'aerospike-napi'

const adult = exp.ge(exp.binInt('age'), 21)
await client.get(key, { filterExpression: adult }) // FilteredOutError if the record does not match
await client.put(key, { visits: 1 }, null, { filterExpression: exp.eq(exp.binStr('status'), 'active') })

const nearby = exp.and(
  exp.cmpGeo(exp.binGeo('at'), exp.geo({ type: 'AeroCircle', coordinates: [[126.97, 37.56], 5000] })),
  exp.or(exp.eq(exp.binStr('tier'), 'gold'), exp.gt(exp.mul(exp.binInt('price'), exp.binInt('quantity')), 1000)),
  exp.cmpRegex(exp.regexFlags.EXTENDED | exp.regexFlags.ICASE, '^a(da|lice)', exp.binStr('name')),
)
const sample = exp.eq(exp.digestModulo(10), 0) // a tenth of all records
const soon = exp.and(exp.gt(exp.ttl(), 0), exp.lt(exp.ttl(), 3600)) // expires within the hour
\`\`\`

\`filterExpression\` (or \`expressions\`) is a field of every policy for records, batches and queries; in a client's
\`policies\` it filters every call. A record that does not match is not read, written or deleted: a call on one record (also \`getOrNull\`) and a
row of a batch fail with FilteredOutError, and a query skips the record. If a call has several filters (those of
a query, of a batch and its row, \`filterExpression\` and \`expressions\` of one policy), all of them must be true.

A filter is true, false or unknown. It is unknown if it cannot be computed: if a bin is missing or has another type, if the user
key is not stored, or after a division by 0. A record whose filter is unknown does not match. \`and\` with a false part is false and
\`or\` with a true part is true, whatever the others are; \`not\` of unknown is unknown.

In a comparison of lists, \`wildcard()\` equals the item in its place and all following items; \`infinity()\` is greater than
all values.

## Values

<!-- snippet
await client.put(key, { price: 12, quantity: 100, scores: [7, 9] })
-->
\`\`\`ts
const total = exp.mul(exp.binInt('price'), exp.binInt('quantity'))
const { bins } = await client.operate(key, [
  exp.operations.read('total', total), // any name; it need not be a bin
  exp.operations.write('class', exp.cond(exp.gt(total, 1000), exp.str('big'), exp.str('small'))),
  exp.operations.read('top', exp.lists.getByRank(exp.binList('scores'), -1, exp.type.INT, lists.returnType.VALUE)),
])

const known = exp.let(exp.def('x', exp.binInt('a')), exp.gt(exp.var<'int'>('x'), 5)) // server 5.6
\`\`\`

If an expression is unknown, the call fails with ServerError (\`OP_NOT_APPLICABLE\`), unless the expression has the flag
\`EVAL_NO_FAIL\` of \`exp.expReadFlags\` or \`exp.expWriteFlags\`. \`exp.expWriteFlags\` also has \`CREATE_ONLY\`, \`UPDATE_ONLY\`,
\`ALLOW_DELETE\` (a result of nil removes the bin) and \`POLICY_NO_FAIL\`.

## Types

- Every expression has the type of its result: \`Expression<'int'>\`. The compiler rejects what does not fit, such as a
  string compared with an integer, and so do the builders at run time, with an InvalidArgError that names the argument.
- Where the type is known, you can pass a plain value instead of an expression: \`exp.gt(exp.binInt('age'), 21)\`,
  \`exp.eq(exp.binStr('city'), 'Seoul')\`, \`exp.add(exp.binFloat('x'), 1)\`. Integers and doubles are different types, as they
  are for the server: \`exp.float(1)\` never equals an integer.
- A variable has the type \`any\`, unless you state it: \`exp.var<'int'>('x')\`. A call rejects an expression with a variable that no
  \`exp.let\` defines, and one that is nested more than 256 levels deep.
- \`exp.type\` has the types, for builders that cannot infer them: \`exp.type.INT\` and others, and \`AUTO\` where it follows from
  the return type.

Constants: ${flags.join(', ')}.

## Contexts, paths and base64

Builders on lists and maps take a \`CdtContext\` as their argument \`ctx\`, which leads into nested lists and maps:
\`exp.lists.size(exp.binMap('m'), new CdtContext().addMapKey('items'))\`. \`exp.selectByPath\` and \`exp.modifyByPath\` take a path:
a context whose levels may select many (server 8.1.1).

\`expression.toBase64()\` returns a text that every other client understands, and \`exp.fromBase64(text)\` restores the expression. Text that is
not base64 or not an expression is rejected with InvalidArgError. \`exp.ael('$.age > 21')\` is a filter as text, which the server
compiles (server 8.2; older ones refuse it with InvalidArgError).

## All expressions

The names of the official client come first, with its order of arguments; those of aerospike-py (\`int_bin\`: \`exp.intBin\`) also
exist. All ${clientNames['aerospike-py'].exp.length} functions of aerospike-py and all ${clientNames.official.exp.length} exports of the official client's \`exp\` have a counterpart here.

${tables.join('\n')}`

writePage('expressions.md', text)
