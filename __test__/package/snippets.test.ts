// Every code block of README.md and the guides compiles, strictly; those that can run do, and print what they promise.
// The examples in doc comments compile too.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { LocalServer } from 'aerospike-napi/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { docExamples } from '../helpers/doc-examples.js'
import { root } from '../helpers/packed.js'
import { checkTypes, clear, compile, filesOf, pages, type Snippet, snippetsOf } from '../helpers/snippets.js'

interface Run {
  source: string
  failed?: { name: string; stack: string; line: number | null }
  logged: { line: number | null; text: string }[]
  ms: number
}

clear()
const snippets = pages().flatMap(snippetsOf)
const examples = docExamples()
const runnable = snippets.filter(snippet => snippet.skipped === undefined)
let errors: Map<string, string[]>
const runs = new Map<string, Run>()

beforeAll(async () => {
  await using server = await LocalServer.start()
  compile(runnable, server.address)
  const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-snippets-'))
  try {
    for (const { name, text: content } of pages().flatMap(filesOf)) writeFileSync(join(folder, name), content)
    const runner = join(root, '__test__', 'helpers', 'run-snippets.mjs')
    const child = spawn(process.execPath, ['--enable-source-maps', runner, server.address], { cwd: folder })
    child.stdin.end(JSON.stringify(runnable.map(({ source, compiled }) => ({ source, compiled }))))
    const ended = Promise.all([text(child.stdout), text(child.stderr)])
    errors = checkTypes([...snippets, ...examples])
    const [out, err] = await ended
    for (const line of out.split('\n').filter(line => line.startsWith('{'))) {
      const run = JSON.parse(line) as Run
      runs.set(run.source, run)
    }
    if (runs.size < runnable.length) throw new Error(`the programs have ended early: ${err}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

const page = (snippet: Snippet, line: number | null | undefined) => snippet.lines[(line ?? 0) - 1] ?? snippet.line

test('there are code blocks', () => {
  expect(snippets.length).toBeGreaterThan(60)
  expect(runnable.length).toBeGreaterThan(40)
  expect(examples.length).toBeGreaterThan(100)
})

test.each([...new Set(examples.map(({ page }) => page))])('the examples of %s compile', name => {
  expect(errors.get(name) ?? []).toEqual([])
})

describe.each([...new Set(snippets.map(snippet => snippet.page))])('%s', name => {
  test('compiles', () => {
    expect(errors.get(name) ?? []).toEqual([])
  })

  test('runs', () => {
    const problems: string[] = []
    for (const snippet of runnable.filter(one => one.page === name)) {
      const run = runs.get(snippet.source) as Run
      if (run.failed?.name !== snippet.throws) {
        const line = page(snippet, run.failed?.line)
        problems.push(`${name}:${line}: ${run.failed?.stack ?? `did not throw ${snippet.throws}`}`)
      }
      for (const { line, text: promised } of snippet.outputs) {
        const printed = run.logged
          .filter(log => page(snippet, log.line) === line)
          .map(log => log.text.replace(/\s+/g, ' '))
        if (!printed.includes(promised))
          problems.push(`${name}:${line}: prints ${printed.join(' | ')}, not ${promised}`)
      }
    }
    expect(problems).toEqual([])
  })
})
