// Writes docs/operations.md from the builders in lib/operations: every operation with its arguments and description,
// and its names in aerospike-py and the official Node.js client. Fails if one of their names has no builder here.
//
//   node scripts/operations-table.mjs
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { aliases } from './alias-table.mjs'
import { camel, cell, checkNoGap, clientNames, writePage } from './doc-tables.mjs'
import { root } from './entries.mjs'

const FAMILIES = [
  { file: 'scalar-builders', constant: 'scalarBuilders', name: 'op', title: 'Whole bins', server: 'any' },
  { file: 'lists', name: 'lists', title: 'Lists', server: 'any; what needs a newer one says so' },
  { file: 'maps', name: 'maps', title: 'Maps', server: 'any; what needs a newer one says so' },
  { file: 'bits', name: 'bits', title: 'Bits', server: '4.6' },
  { file: 'hll', name: 'hll', title: 'HyperLogLogs', server: '4.9' },
  { file: 'strings', name: 'strings', title: 'Strings', server: '8.2' },
  { file: 'paths', name: 'paths', title: 'Paths', server: '8.1.1' },
]

/** The object that a builder module exports: its comment, and its properties with their comments. */
function readFamily({ file, name, constant = name }) {
  const path = join(root, 'lib', 'operations', `${file}.ts`)
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const declarations = source.statements
    .filter(ts.isVariableStatement)
    .flatMap(statement => statement.declarationList.declarations.map(declaration => ({ statement, declaration })))
  const found = declarations.find(({ declaration }) => declaration.name.getText() === constant)
  if (found === undefined) throw new Error(`${path} declares no ${constant}`)
  const { expression } = found.declaration.initializer
  const properties = expression.properties.map(property => ({
    name: property.name.getText(),
    comment: commentOf(property),
    builder: property.initializer,
  }))
  const builders = properties.filter(({ builder }) => builder !== undefined && !isConstants(builder))
  return {
    comment: commentOf(found.statement),
    builders: builders.map(({ name, comment, builder }) => ({ name, comment, parameters: parametersOf(builder) })),
    constants: properties.filter(({ builder }) => builder === undefined || isConstants(builder)),
  }
}

/** Whether a property such as `readonly order` is an object of constants, not a builder. */
function isConstants(node) {
  return ts.isIdentifier(node)
}

function commentOf(node) {
  const blocks = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return ts.getTextOfJSDocComment(blocks.at(-1)?.comment) ?? ''
}

function parametersOf(builder) {
  if (!ts.isArrowFunction(builder)) return undefined
  const names = builder.parameters.map(parameter => {
    const optional = parameter.questionToken !== undefined || parameter.initializer !== undefined
    return `${parameter.name.getText()}${optional ? '?' : ''}`
  })
  return names.join(', ')
}

/** Paragraphs and lists, each paragraph and each item in one line. */
function prose(comment) {
  const blocks = comment.trim().split(/\n\s*\n/)
  const items = block => block.split(/\n(?=- )/).map(item => item.replace(/\s+/g, ' ').trim())
  return blocks.map(block => items(block).join('\n')).join('\n\n')
}

/** Operation names of aerospike-py include a prefix for the family. */
/** The official client's modules that have other names. */
const OFFICIAL = { op: 'operations', bits: 'bitwise' }
const seedNames = family => clientNames['aerospike-py'][family] ?? []
const unprefixed = name => camel(name.replace(/^(?:list|map|bit|hll)_/, ''))
/** Without classes and tables of constants. scripts/counterparts.mjs checks those. */
const officialNames = family =>
  (clientNames.official[OFFICIAL[family] ?? family] ?? []).filter(name => {
    return !/^[A-Z]|^(opcodes|order|overflow|returnType)$|(Flags|Mode)$/.test(name)
  })

function theirs(family, name) {
  const seed = seedNames(family).find(other => unprefixed(other) === name)
  return [seed === undefined ? '' : `\`${seed}\``, officialNames(family).includes(name) ? 'the same' : '']
}

const sections = FAMILIES.map(family => {
  const { comment, builders, constants } = readFamily(family)
  const others = aliases.filter(alias => alias.on === family.name)
  const ours = new Set([...builders, ...others].map(({ name }) => name))
  checkNoGap(family.name, ours, [...seedNames(family.name).map(unprefixed), ...officialNames(family.name)])
  const rows = builders.map(({ name, comment, parameters }) => {
    const call = parameters === undefined ? `${family.name}.${name}` : `${family.name}.${name}(${parameters})`
    return `| \`${call}\` | ${cell(comment)} | ${theirs(family.name, name).join(' | ')} |`
  })
  for (const { name, of } of others) {
    rows.push(`| \`${family.name}.${name}\` | Alias of \`${of}\`. | ${theirs(family.name, name).join(' | ')} |`)
  }
  const also = aliases.find(alias => alias.on === 'exports' && alias.of === family.name)
  const alias = also === undefined ? '' : ` (alias \`${also.name}\`)`
  const names = constants.map(({ name }) => `\`${family.name}.${name}\``)
  const known = names.length === 0 ? '' : `\nConstants: ${names.join(', ')}.\n`
  return `## ${family.title}: \`${family.name}\`${alias}

${prose(comment)}

Server: ${family.server}. ${rows.length} builders.
${known}
| operation | what it does | aerospike-py | official client |
| --- | --- | --- | --- |
${rows.join('\n')}
`
})

const text = `<!-- Generated from lib/operations by scripts/operations-table.mjs (\`make dev-build\`). Do not edit. -->

# Operations

\`operate\` and \`operateOrdered\` run operations on one record in one request: in order, and atomically. Either all of them are applied, or none.

<!-- snippet
await client.put(key, { visits: 1, tags: { a: 1, b: 2 }, orders: [{ items: ['pen'] }] })
-->
\`\`\`ts
import { lists, maps, op } from 'aerospike-napi'

const { bins } = await client.operate(key, [
  op.incr('visits', 1),
  lists.append('log', 'in', { writeFlags: lists.writeFlags.ADD_UNIQUE | lists.writeFlags.NO_FAIL }),
  maps.getByKeyRange('tags', 'a', 'c').andReturn(maps.returnType.KEY_VALUE),
  lists.size('orders').withContext(ctx => ctx.addListIndex(0).addMapKey('items')),
])
\`\`\`

**Results**

- \`operate\` returns a record. Each of its bins has the last result of the operations on that bin that is not null. \`operateOrdered\` returns
  \`[bin, value]\` for each operation with a result, in order, including null. \`op.write\`, \`incr\`, \`append\`, \`prepend\`, \`touch\` and
  \`delete\` have no result.
- TypeScript infers the types of the results: above, \`bins.log\` is a number, and \`bins.tags\` an array of keys and values, or
  undefined if the bin is missing. A bin whose name is known only at run time can have any value. \`operate<B>\` sets the types
  explicitly. Integers of records have the type that the client's \`int64\` sets: number or bigint, or both by default.
- \`withContext\` selects a nested list or map, \`andReturn\` sets the return type, \`invertSelection\` selects all other items,
  \`withPolicy\` (bits, HyperLogLogs) and \`onOverflow\` (bits) set how the operation writes. Each changes the operation and returns it.

**Arguments**

- Builders reject invalid arguments immediately with InvalidArgError, which names the builder and the argument: \`lists.appendItems:
  values: at least one item is needed, not an empty array\`.
- \`infinity()\` is greater than all values, and \`wildcard()\` equals every value.
- If you omit the \`count\` of a range, or pass null, the range reaches to the end. The return type is the last argument, as in the official
  client; in aerospike-py it precedes the count. The compiler and the builder reject arguments in
  another order: \`lists.removeByIndexRange: count: the string "value" is a return type; the order of the arguments is bin,
  index, count, returnType\`. Without a return type, an operation that reads returns VALUE, and one that removes returns NONE.
- Return types, orders, resize flags and overflow actions are strings, because the server's numbers would be
  indistinguishable from indexes, counts and sizes: \`lists.returnType.VALUE\`, \`LIST_RETURN_VALUE\` and \`'value'\` are the same.
  Numbers are rejected. Each return type has an inverted form for ranges, which returns all items outside the selection:
  \`lists.returnType.INVERTED_VALUE\` or \`'inverted-value'\` is the same as \`.andReturn('value').invertSelection()\`. Several
  resize flags are an array: \`['from-front', 'grow-only']\`.
- Write flags, sort flags, regex flags and path flags are the server's numbers, combined with \`|\`, as in both other
  clients. They are named options of a policy, or the only number among their builder's arguments.

**Limits of the server**

- \`lists.increment\` adds integers; \`maps.increment\` also adds doubles. To add a double to an item of a list, use an expression:
  \`exp.operations.write('l', exp.lists.increment(exp.binList('l'), exp.float(0.5), 0))\`.
- In server 8.1.2, \`sort\` with both DESCENDING and DROP_DUPLICATES is rejected with InvalidArgError; EXISTS of an inverted range of values or
  keys returns whether the range itself is empty; RANK of \`maps.getByKeyList\` is rejected (\`OP_NOT_APPLICABLE\`); and UPDATE_ONLY with NO_FAIL
  and PARTIAL adds all entries to an empty map.
- Do not sort a list with a persisted index (\`persistIndex\`) with DROP_DUPLICATES: it crashes server 8.1.2.

${sections.join('\n')}
Operations that evaluate an expression are \`exp.operations.read(bin, expression, flags?)\` and \`exp.operations.write\`: see
[expressions.md](expressions.md).
`

writePage('operations.md', text)
