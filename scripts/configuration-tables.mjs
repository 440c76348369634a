// The tables of options and policy fields in docs/configuration.md: their types and defaults come from lib/catalog, their
// descriptions are written by hand in the page. Part of `make catalog`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

/** The type of an option with a rule, as the tables show it; undefined if code of its own checks the option. */
function typeOf({ flag, min, max, fraction, words, text }) {
  if (flag) return 'boolean'
  if (text) return 'string'
  if (words !== undefined) {
    return Object.keys(words)
      .map(word => `\`'${word}'\``)
      .join(', ')
  }
  if (min === undefined) return undefined
  if (max !== undefined && max < 1000) return `${min} to ${max}`
  if (min < 0) return 'integer'
  return `${fraction ? 'number' : 'integer'} ≥ ${min}`
}

/** The default of an option; undefined if the catalog has none. */
function defaultOf({ flag, words, fallback }) {
  if (fallback === undefined) return undefined
  if (flag) return String(fallback === 1)
  if (words !== undefined) return `\`'${Object.keys(words).find(word => words[word] === fallback)}'\``
  return String(fallback)
}

const ROW = /^\| (?<names>`\w+`(?:, `\w+`)*) \| (?<type>.*?) \| (?<fallback>.*?) \| (?<text>.*) \|$/

/**
 * The page with the types and defaults of the catalog. Throws if an option has no row.
 *
 * @param {{ [name: string]: object }} options options of clients
 * @param {{ [group: string]: { [name: string]: object } }} fields fields of policies, by group
 * @returns {[path: string, text: string]}
 */
export function configurationPage(options, fields) {
  const path = join(root, 'docs', 'configuration.md')
  const ofPolicies = Object.assign({}, ...Object.values(fields))
  const described = new Set()
  let entries = options
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map(line => {
      if (line === '## Policies') entries = ofPolicies
      const { names = '', type, fallback, text } = ROW.exec(line)?.groups ?? {}
      const listed = [...names.matchAll(/\w+/g)].map(([name]) => name)
      for (const name of listed) described.add(name)
      const [name] = listed
      const entry = listed.length === 1 && Object.hasOwn(entries, name) ? entries[name] : undefined
      if (entry === undefined) return line
      return `| ${names} | ${typeOf(entry) ?? type} | ${defaultOf(entry) ?? fallback} | ${text} |`
    })
  const missing = Object.keys({ ...options, ...ofPolicies }).filter(name => name !== 'policies' && !described.has(name))
  if (missing.length > 0) throw new Error(`docs/configuration.md does not describe ${missing.join(', ')}`)
  return [path, lines.join('\n')]
}
