// The pages of the documentation.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packed.js'

/** The guides, by their paths in docs/: those that the documentation site shows, without what its build generates. */
export function guides(): string[] {
  const pages = (folder: string) =>
    readdirSync(join(root, 'docs', folder))
      .filter(name => name.endsWith('.md'))
      .sort()
      .map(name => (folder === '' ? name : `${folder}/${name}`))
  return ['', 'integrations'].flatMap(pages)
}
