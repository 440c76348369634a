// Fails if a promise of docs/guarantees.md names no test, or a test that does not exist. Each paragraph, list item and table
// above "What is not promised" is followed by a comment with its tests, one on each line:
//
//   <!-- tests:
//   integration/abort.test.ts: in the same tick
//   crate/src/requests/pending.rs
//   -->
//
// A line is a file of __test__/ with a part of a test's title, or a file of Rust tests.
//
//   node scripts/check-guarantees.mjs
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

const page = join('docs', 'guarantees.md')
const [promised] = readFileSync(join(root, page), 'utf8').split('\n## What is not promised')
const problems = []
/** What needs no test: headings, the introduction, and the references between the parts of the page. */
const INTRODUCTION = /^(?:#|What you can rely on|\[lib\/catalog)/

let block = []
let line = 0
for (const text of `${promised}\n`.split('\n')) {
  line++
  if (text.startsWith('- ') && block.length > 0) end()
  if (text.trim() === '') end()
  else block.push({ text, line })
}

/** Checks one block: a paragraph, a list item or a table, with the comment below it. */
function end() {
  if (block.length === 0) return
  const [{ text: start, line: at }] = block
  const comment = block.findIndex(({ text }) => text.trim() === '<!-- tests:')
  if (comment < 0) {
    if (!INTRODUCTION.test(start)) problems.push(`${page}:${at}: names no test: ${start.slice(0, 60)}`)
  } else {
    const tests = block.slice(comment + 1).filter(({ text }) => text.trim() !== '-->')
    if (tests.length === 0) problems.push(`${page}:${at}: names no test: ${start.slice(0, 60)}`)
    for (const { text, line: number } of tests) {
      const why = missing(text.trim())
      if (why !== undefined) problems.push(`${page}:${number}: ${why}`)
    }
  }
  block = []
}

/** Why a test does not exist; undefined if it does. */
function missing(test) {
  const [, file, title] = /^(\S+?)(?:: (.+))?$/.exec(test) ?? []
  if (file === undefined) return `"${test}" names no file`
  const isRust = file.endsWith('.rs')
  const path = join(root, isRust ? '' : '__test__', file)
  if (!existsSync(path)) return `${file} does not exist`
  const source = readFileSync(path, 'utf8')
  if (isRust) return source.includes('#[test]') || source.includes('#[tokio::test') ? undefined : `${file} has no tests`
  if (title === undefined) return `${file}: name the test as well`
  return source.includes(title) ? undefined : `${file} has no test "${title}"`
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) console.error(`\n${problems.length} promises without proof`)
process.exit(problems.length > 0 ? 1 : 0)
