// The table of aliases, scripts/aliases.json: all names that stand for another name of this package.
//
// Each line: `on` is what has the alias (`exports`, a class, an object of builders, or the kind of object that has an
// option); `name` is the alias `of` a main name; `origin` says who uses it, or that it is a former name ("old"). With
// `differs`, the alias takes other arguments: it is written by hand, and the table only documents it. `deprecated` says
// why not to use it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

/** All aliases. */
export const aliases = JSON.parse(readFileSync(join(root, 'scripts', 'aliases.json'), 'utf8'))

/** The doc comment of an alias. */
export function aliasComment({ of, origin, deprecated }) {
  const by = origin === 'old' ? 'the former name' : `the name in ${origin === 'official client' ? 'the ' : ''}${origin}`
  const text = `Alias of \`${of}\`: ${by}.`
  if (origin !== 'old' && deprecated === undefined) return `/** ${text} */`
  return `/** ${text} @deprecated ${deprecated ?? `Use \`${of}\`.`} */`
}
