// Fails if a text of the project contains a phrase of scripts/phrases.json, which lists wording that readers stumble over,
// with what to write instead. Prints file:line for each.
//
//   node scripts/check-phrases.mjs
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

const phrases = JSON.parse(readFileSync(join(root, 'scripts', 'phrases.json'), 'utf8')).map(({ phrase, instead }) => ({
  pattern: new RegExp(phrase, 'i'),
  instead,
}))
const TEXT = /\.(?:ts|mts|cts|mjs|cjs|js|rs|md|lua|sh|toml|yml)$|(?:^|\/)Makefile$/
/** Pages that scripts write are checked in the scripts and in lib/. */
const LATER = /^(?:THIRD_PARTY\.md$|docs\/(?:expressions|operations)\.md$)/
/** CONTRIBUTING.md quotes bad examples in its table "instead of | write". Results of benchmarks are records. */
const SKIPPED = /^(?:benchmark\/results|npm)\/|\.d\.m?ts$|(?:^|\/)package-lock\.json$/
const quotes = (file, line) => file === 'CONTRIBUTING.md' && line.startsWith('| ')

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => TEXT.test(file) && !SKIPPED.test(file) && !LATER.test(file) && existsSync(join(root, file)))
let found = 0
for (const file of files) {
  for (const [index, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    if (quotes(file, line)) continue
    for (const { pattern, instead } of phrases) {
      const match = pattern.exec(line)
      if (match === null) continue
      found++
      console.error(`${file}:${index + 1}: "${match[0]}": write ${instead}`)
    }
  }
}
if (found > 0) console.error(`\n${found} phrases to rewrite; scripts/phrases.json lists them`)
process.exit(found > 0 ? 1 : 0)
