// Writes docs/migration-official-client.md and docs/migration-aerospike-py.md from scripts/counterparts.json: what stands
// here for each public name of the other client. Fails if a name is missing in the table, or if a counterpart does not
// exist.
//
//   node scripts/migration-tables.mjs            writes changed pages
//   node scripts/migration-tables.mjs --check    fails if a page is outdated
import { aliasOf, counterparts, problemsOf, resultCodes, rowsOf, stringOf } from './counterparts.mjs'
import { cell, clientNames } from './doc-tables.mjs'
import { writeGenerated } from './generated.mjs'

const PAGES = {
  'official client': {
    file: 'docs/migration-official-client.md',
    title: 'Names of the official client',
    column: '`aerospike`',
    intro: `All public names of the official Node.js client (npm \`aerospike\` ${clientNames.officialVersion}), with their counterparts here.
How to change code is described in [migration.md](migration.md#from-the-official-client-aerospike).`,
  },
  'aerospike-py': {
    file: 'docs/migration-aerospike-py.md',
    title: 'Names of aerospike-py',
    column: 'aerospike-py',
    intro: `All public names of aerospike-py ${clientNames.aerospikePyVersion}, with their counterparts here. How to change code is described
in [migration.md](migration.md#from-aerospike-py). Names in \`snake_case\` are in \`camelCase\` here.`,
  },
}

/** Owners that are not objects: their names are shown without the owner. */
const PLAIN = new Set(['module', 'policy', 'cdt', 'admin', 'types', 'constants', 'exceptions'])

const code = text => `\`${text}\``
const shown = ({ owner, name }) => (/^[a-z]/.test(owner) && !PLAIN.has(owner) ? `${owner}.${name}` : name)

/** A target, as readers write it in code. */
function written(target, here) {
  if (target.startsWith('code:')) {
    const name = target.slice(5)
    return `${code(resultCodes[name].error ?? 'ServerError')} with ${code(name)}`
  }
  const [path, literal] = target.split(':')
  const value = stringOf(path)
  if (value !== undefined) return `${code(`'${value}'`)} (${code(path)})`
  if (literal === undefined) return code(here && path.startsWith(`${here}.`) ? path.slice(here.length + 1) : path)
  const property = path.split('.').slice(1).join('.')
  return code(property === '' ? literal : `${property}: ${literal}`)
}

/** The table row of a name that differs, or has a note. */
function tableRow(row, here) {
  const targets = row.same ? 'the same' : row.targets.map(target => written(target, here)).join(', ')
  return `| ${code(shown(row))} | ${targets === '' ? 'none' : targets} | ${cell(row.note.replaceAll('\\|', '|'))} |`
}

/** A name that is the same, with the main name if it is an alias. */
function sameName(row) {
  const alias = aliasOf(row.targets[0])
  return alias === undefined ? code(shown(row)) : `${code(shown(row))} (alias of ${code(alias.of)})`
}

/** A section, together with those without a title that follow it. */
function render(client, group, column) {
  const parts = [`## ${group[0].title}`]
  const notes = group.flatMap(({ note }) => note ?? [])
  const [{ of, here = '' }] = group
  if (here !== '' && here !== of[0]) notes.unshift(`Here: ${code(here)}.`)
  if (notes.length > 0) parts.push(notes.join(' '))
  const rows = group.flatMap(section => rowsOf(client, section).map(row => ({ ...row, section })))
  const without = rows.filter(({ section }) => section.none !== undefined)
  if (without.length > 0) {
    const names = new Set(without.map(row => code(shown(row))))
    parts.push(`${[...names].join(', ')}: ${without[0].section.none}.`)
  }
  const rest = rows.filter(row => !without.includes(row))
  const same = rest.filter(row => row.same && row.note === '')
  if (same.length > 0) parts.push(`The same: ${[...new Set(same.map(sameName))].join(', ')}.`)
  const lines = rest.filter(row => !same.includes(row)).map(row => tableRow(row, row.section.here))
  if (lines.length > 0) {
    parts.push(`| ${column} | here | |\n| --- | --- | --- |\n${[...new Set(lines)].join('\n')}`)
  }
  return parts.join('\n\n')
}

/** Each titled section with the untitled ones after it. */
function grouped(sections) {
  const groups = []
  for (const section of sections) {
    if (section.title === '') groups.at(-1).push(section)
    else groups.push([section])
  }
  return groups
}

for (const [client, { file, title, column, intro }] of Object.entries(PAGES)) {
  const problems = problemsOf(client)
  if (problems.length > 0) throw new Error(`counterparts.json, ${client}:\n${problems.join('\n')}`)
  const text = `<!-- Generated from scripts/counterparts.json by scripts/migration-tables.mjs (\`make types\`). Do not edit. -->

# ${title}

${intro}

${grouped(counterparts[client])
  .map(group => render(client, group, column))
  .join('\n\n')}
`
  writeGenerated(file, text)
}
