// Shared code of the generators of docs/operations.md and docs/expressions.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

/**
 * Names that users of aerospike-py and the official client may look for, by module: from the aerospike-py pages
 * "List & Map CDT Operations" and "Expression Filters", and from the exports of the official client.
 */
export const clientNames = JSON.parse(readFileSync(join(root, 'scripts', 'client-names.json'), 'utf8'))

/** `num_add` -> `numAdd`; `and_`, whose underscore avoids a Python keyword, -> `and`. */
export const camel = name => name.replace(/_$/, '').replace(/_(.)/g, (_, letter) => letter.toUpperCase())

/** Text for a table cell. */
export const cell = text => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()

/** Throws if the module lacks one of the wanted names. */
export function checkNoGap(module, ours, wanted) {
  const missing = wanted.filter(name => !ours.has(name))
  if (missing.length > 0) throw new Error(`${module} has no ${missing.join(', ')}`)
}

/** Writes a page of docs/ if its text has changed. */
export function writePage(name, text) {
  const file = join(root, 'docs', name)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(file, text)
  console.log(`docs/${name} written`)
}
