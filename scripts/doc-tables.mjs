// What the generators of docs/operations.md and docs/expressions.md share.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

/**
 * What users of aerospike-py and of the official client look for, by module: their own names, from aerospike-py's pages
 * "List & Map CDT Operations" and "Expression Filters", and from what the official client exports.
 */
export const clientNames = JSON.parse(readFileSync(join(root, 'scripts', 'client-names.json'), 'utf8'))

/** `num_add` -> `numAdd`; `and_`, which keeps off Python's own word, -> `and`. */
export const camel = name => name.replace(/_$/, '').replace(/_(.)/g, (_, letter) => letter.toUpperCase())

/** Text as it stands in a table. */
export const cell = text => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()

/** Throws if one of their names is none of ours. */
export function checkNoGap(module, ours, wanted) {
  const missing = wanted.filter(name => !ours.has(name))
  if (missing.length > 0) throw new Error(`${module} has no ${missing.join(', ')}`)
}

/** Writes a page of docs/ if it is another one than that. */
export function writePage(name, text) {
  const file = join(root, 'docs', name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(file, text)
  console.log(`docs/${name} written`)
}
