// Run this after a build: checks that the generated files that are checked in are committed, or at least staged.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entries, root } from './entries.mjs'

const present = entries().filter(entry => existsSync(join(root, entry.source)))
const types = present.flatMap(entry => [entry.types, entry.esmTypes])
const sources = readdirSync(join(root, 'lib'), { recursive: true })
  .filter(name => name.endsWith('.ts') && read(join('lib', name)).startsWith('// Generated from '))
  .map(name => join('lib', name))
const pages = readdirSync(join(root, 'docs'))
  .filter(name => name.endsWith('.md') && read(join('docs', name)).startsWith('<!-- Generated from '))
  .map(name => join('docs', name))
const files = ['lib/native/native-binding.d.ts', ...sources, ...types, ...pages]
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' })

if (git('rev-parse', '--is-inside-work-tree').status !== 0) {
  console.log('not a git work tree: nothing to compare the generated files with')
  process.exit(0)
}
const stale = files.filter(
  file => git('ls-files', '--error-unmatch', file).status !== 0 || git('diff', '--quiet', '--', file).status !== 0,
)
for (const file of stale) {
  console.error(`${file} is generated, and what is committed is out of date: \`git add ${file}\` and commit it`)
}
if (stale.length > 0)
  console.error(
    git('diff', '--', ...stale)
      .stdout.split('\n')
      .slice(0, 60)
      .join('\n'),
  )
process.exit(stale.length > 0 ? 1 : 0)

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}
