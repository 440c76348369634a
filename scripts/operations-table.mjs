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

What \`operate\` and \`operateOrdered\` do to one record, as one and in order: either all of them are applied, or none.

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

- \`operate\` gives a record whose bins hold the last answer of each bin that is not null. \`operateOrdered\` gives
  \`[bin, value]\` for each operation that answers, in order, null included; \`op.write\`, \`incr\`, \`append\`, \`prepend\`, \`touch\` and
  \`delete\` answer nothing.
- The compiler tells the results by the operations: above, \`bins.log\` is a number, and \`bins.tags\` pairs of keys and values, or
  undefined where the bin is not there. Bins that are named at run time only can hold any value. \`operate<B>\` says the types
  instead. Integers have the type number, or number and bigint, as they are read by a client with \`int64: 'auto'\`.
- Builders refuse wrong arguments at once with InvalidArgError, which names the builder and the argument: \`lists.appendItems:
  values: at least one item is needed, not an empty array\`. aerospike-core panics at some of them.
- \`withContext\` goes into nested lists and maps, \`andReturn\` sets the return type, \`invertSelection\` selects all other items,
  \`withPolicy\` (bits, HyperLogLogs) and \`onOverflow\` (bits) set how is written. They change the operation and return it.
- \`infinity()\` and \`wildcard()\` are arguments: the greatest value, and one that equals every value.
- A range has a \`count\` that you can leave out (or give as null): the range then reaches to the end. The return type comes
  last, as in the official client; aerospike-py takes it before the count. The compiler and the builder refuse arguments in
  another order: \`lists.removeByIndexRange: count: the string "value" is a return type; the order of the arguments is bin,
  index, count, returnType\`. A selection without a return type gives the VALUE where it reads, and NONE where it removes.
- Return types, orders, resize flags and overflow actions are strings, because the server's numbers would be
  indistinguishable from indexes, counts and sizes: \`lists.returnType.VALUE\`, \`LIST_RETURN_VALUE\` and \`'value'\` are the same.
  Numbers are refused. Each return type has an inverted form for ranges, about all items that are not selected:
  \`lists.returnType.INVERTED_VALUE\` or \`'inverted-value'\` does the same as \`.andReturn('value').invertSelection()\`. Several
  resize flags are an array: \`['from-front', 'grow-only']\`.
- Write flags, sort flags, regex flags and path flags are the server's own numbers, combined with \`|\`, as in both other
  clients. They are named options of a policy, or the only number among their builder's arguments.
- \`lists.increment\` adds integers, as aerospike-core does; \`maps.increment\` adds doubles too. An item of a list is added a double
  by an expression: \`exp.operations.write('l', exp.lists.increment(exp.binList('l'), exp.float(0.5), 0))\`.
- Some of what server 8.1.2 does may surprise: \`sort\` with DESCENDING and DROP_DUPLICATES together is refused with
  InvalidArgError, EXISTS of an inverted range of values or keys tells whether the range itself is empty, RANK of
  \`maps.getByKeyList\` is refused (\`OP_NOT_APPLICABLE\`), and UPDATE_ONLY with NO_FAIL and PARTIAL puts all entries into a map
  that is empty.
- Do not sort with DROP_DUPLICATES a list whose index is kept (\`persistIndex\`): server 8.1.2 ends at it.

${sections.join('\n')}
Operations that evaluate an expression are \`exp.operations.read(bin, expression, flags?)\` and \`exp.operations.write\`: see
[expressions.md](expressions.md).
`

writePage('operations.md', text)
