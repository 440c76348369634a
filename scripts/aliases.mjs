// Generates what follows from scripts/aliases.json, the table of aliases (scripts/alias-table.mjs describes it):
//
// - lib/aliases.ts: aliases of exports
// - lib/<folder>/aliases.ts: aliases of builders
// - lib/common/member-aliases.ts: aliases of the members of classes
// - docs/aliases.md: the page that lists them all
//
//   node scripts/aliases.mjs            writes changed files
//   node scripts/aliases.mjs --check    fails if a file is outdated
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { aliasComment, aliases } from './alias-table.mjs'
import { docBlocks, docComment } from './doc-comments.mjs'
import { cell } from './doc-tables.mjs'
import { root } from './entries.mjs'
import { formatted, writeGenerated } from './generated.mjs'

/** Objects of builders: the file of their aliases, and the modules and constants that hold the main names. */
const OBJECTS = {
  exp: {
    file: 'lib/expressions/aliases.ts',
    constant: 'expressionAliases',
    sources: {
      values: './values',
      bins: './bins',
      metadata: './metadata',
      compare: './compare',
      control: './control',
      arithmetic: './arithmetic',
      path: './path',
    },
  },
  op: {
    file: 'lib/operations/aliases.ts',
    constant: 'operationAliases',
    sources: { scalarBuilders: './scalar-builders', paths: './paths' },
  },
  predicates: { file: 'lib/query/aliases.ts', constant: 'predicateAliases', sources: { filter: './filter' } },
}

/** Classes whose members have aliases. The blocking counterparts have the same ones. */
const CLASSES = ['Client', 'Query', 'BatchRecords', 'OrderedResults']

/** Where the docs page says that options belong. */
const OPTIONS = {
  policies: 'Policies',
  options: 'Indexes, columns and Arrow',
  IndexInfo: '`IndexInfo`',
  privileges: 'Privileges',
}

/** The tags of a builder that its aliases repeat. */
const REPEATED = new Set(['@param', '@returns', '@throws'])

const known = new Set(['exports', ...Object.keys(OBJECTS), ...CLASSES, ...Object.keys(OPTIONS)])
for (const { on, name } of aliases) if (!known.has(on)) throw new Error(`aliases.json: ${name}: unknown "on": ${on}`)

/** The aliases of something that are generated. */
const generatedFor = on => aliases.filter(alias => alias.on === on && alias.differs === undefined)

const header = '// Generated from scripts/aliases.json by `make types`. Do not edit.\n\n'
const outputs = new Map()
for (const [on, form] of Object.entries(OBJECTS)) outputs.set(form.file, [header, objectAliases(on, form)])
outputs.set('lib/common/member-aliases.ts', [header, memberAliases()])
outputs.set('lib/aliases.ts', [header, exportAliases()])
for (const [file, parts] of outputs) writeGenerated(file, formatted(parts.join('')))
writeGenerated('docs/aliases.md', page())

/** `/** Alias of `bool`. boolVal: values.bool`, for all aliases of an object of builders. */
function objectAliases(on, { constant, sources }) {
  const owners = new Map()
  for (const [name, path] of Object.entries(sources)) {
    for (const [property, tags] of propertiesOf(join(OBJECTS[on].file, '..', `${path}.ts`), name)) {
      owners.set(property, { owner: name, tags })
    }
  }
  const members = generatedFor(on).map(alias => {
    const property = alias.of.split('.').at(-1)
    const { owner, tags } = owners.get(property) ?? {}
    if (owner === undefined) throw new Error(`aliases.json: ${on}.${alias.name}: there is no ${on}.${alias.of}`)
    return { owner, line: `  ${builderComment(alias, tags)}\n  ${alias.name}: ${owner}.${property},` }
  })
  const used = Object.entries(sources).filter(([name]) => members.some(({ owner }) => owner === name))
  return `${used.map(([name, path]) => `import { ${name} } from '${path}'`).join('\n')}

/** Aliases of builders of \`${on}\`. */
export const ${constant} = {
${members.map(({ line }) => line).join('\n')}
} as const
`
}

/** The comment of an alias, with the parameters and errors of its main name. */
function builderComment(alias, tags) {
  const comment = aliasComment(alias)
  return tags.length === 0 ? comment : docComment([...docBlocks(comment), { blank: true }, ...tags], 2, 120)
}

/** The tags of a builder that belong into the comments of its aliases. */
function sharedTags(property) {
  const comments = ts.getJSDocCommentsAndTags(property).filter(ts.isJSDoc)
  return comments.flatMap(comment => docBlocks(comment.getText())).filter(({ tag }) => REPEATED.has(tag))
}

/** Names of the properties of an exported object, each with the tags that its aliases repeat. */
function propertiesOf(path, name) {
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
  for (const statement of source.statements.filter(ts.isVariableStatement)) {
    for (const { name: found, initializer } of statement.declarationList.declarations) {
      if (found.getText() !== name) continue
      const object = ts.isAsExpression(initializer) ? initializer.expression : initializer
      return object.properties.map(property => [property.name.getText(), sharedTags(property)])
    }
  }
  throw new Error(`${path} exports no object ${name}`)
}

/** For each class, an interface with the types of its aliases, and a table for `addAliases`. */
function memberAliases() {
  const parts = CLASSES.map(on => {
    const members = generatedFor(on)
    const names = [...new Set(members.map(({ of }) => `readonly ${of}: unknown`))]
    const constant = `${on.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_ALIASES`
    return `
/** Aliases of members of \`${on}\`, whose type is \`T\`. */
export interface ${on}Aliases<T extends { ${names.join('; ')} }> {
${members.map(alias => `  ${aliasComment(alias)}\n  readonly ${alias.name}: T['${alias.of}']`).join('\n')}
}

/** Alias -> main name, for \`addAliases\`. @internal */
export const ${constant} = {
${members.map(({ name, of }) => `  ${name}: '${of}',`).join('\n')}
} as const
`
  })
  return `/**\n * Aliases of members of classes.\n */\n${parts.join('')}`
}

/** Exports of lib/index.ts under other names. */
function exportAliases() {
  const index = ts.createSourceFile(
    'index.ts',
    readFileSync(join(root, 'lib', 'index.ts'), 'utf8'),
    ts.ScriptTarget.Latest,
  )
  const modules = new Map()
  for (const { exportClause, moduleSpecifier } of index.statements.filter(ts.isExportDeclaration)) {
    if (exportClause === undefined) continue
    for (const { name } of exportClause.elements) modules.set(name.text, moduleSpecifier.text)
  }
  const lines = generatedFor('exports').map(({ name, of }) => {
    if (!modules.has(of)) throw new Error(`aliases.json: ${name}: lib/index.ts exports no ${of}`)
    return `export { ${of} as ${name} } from '${modules.get(of)}'`
  })
  return `/**\n * Exports under other names.\n */\n\n${lines.join('\n')}\n`
}

function page() {
  const titles = {
    exports: 'Exports',
    Client: '`Client` and `ClientSync`',
    Query: '`Query` and `QuerySync`',
    op: '`op`',
    exp: '`exp`',
    predicates: '`predicates`',
    ...OPTIONS,
  }
  const sections = [...new Set(aliases.map(({ on }) => on))].map(on => {
    const rows = aliases
      .filter(alias => alias.on === on)
      .map(({ name, of, origin, differs, deprecated }) => {
        const note = [differs, deprecated].filter(text => text !== undefined).join('; ')
        return `| \`${name}\` | \`${of}\` | ${origin === 'old' ? 'former name' : origin} | ${cell(note)} |`
      })
    return `## ${titles[on] ?? `\`${on}\``}\n\n| alias | main name | used in | differences |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return `<!-- Generated from scripts/aliases.json by scripts/aliases.mjs (\`make types\`). Do not edit. -->

# Aliases

Everything in this package has one main name, which the guides use. The names on this page are aliases: they exist so that
code written for [aerospike-py](migration.md#from-aerospike-py) or for the
[official client](migration.md#from-the-official-client-aerospike) needs fewer changes, and so that former names of this
package continue to work. An alias behaves like its main name, except where the last column says otherwise.

${sections.join('\n')}`
}
