// Every code block of README.md and the guides compiles, strictly; those that can run do, and print what they promise.
// The examples in doc comments compile too. `__test__/extra/integrations.test.ts` does the same for docs/integrations.
import { beforeAll, describe, expect, test } from 'vitest'
import { docExamples } from '../helpers/doc-examples.js'
import { problemsOf, type Runs, runSnippets } from '../helpers/run-snippets.js'
import { checkTypes, clear, pages, snippetsOf } from '../helpers/snippets.js'

clear(pages())
const snippets = pages().flatMap(snippetsOf)
const examples = docExamples()
let errors: Map<string, string[]>
let runs: Runs

beforeAll(async () => {
  runs = await runSnippets(snippets, () => {
    errors = checkTypes([...snippets, ...examples])
  })
})

test('there are code blocks', () => {
  expect(snippets.length).toBeGreaterThan(60)
  expect(runs.size).toBeGreaterThan(40)
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
    expect(problemsOf(name, snippets, runs)).toEqual([])
  })
})
