// The code blocks of docs/integrations compile with the frameworks that they use; those that can run do, and print what
// they promise. Installs the frameworks.
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'
import { problemsOf, type Runs, runSnippets } from '../helpers/run-snippets.js'
import { checkTypes, clear, integrationPages, snippetsOf } from '../helpers/snippets.js'

clear(integrationPages())
const snippets = integrationPages().flatMap(snippetsOf)
let errors: Map<string, string[]>
let runs: Runs

beforeAll(async () => {
  const options = { cwd: join(root, 'docs', 'integrations'), shell: process.platform === 'win32' }
  const args = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await runFile('npm', args, options)
  runs = await runSnippets(snippets, () => {
    errors = checkTypes(snippets)
  })
})

test('most of the code blocks run', () => {
  expect(runs.size).toBeGreaterThan(6)
})

describe.each(integrationPages())('%s', name => {
  test('compiles', () => {
    expect(errors.get(name) ?? []).toEqual([])
  })

  test('runs', () => {
    expect(problemsOf(name, snippets, runs)).toEqual([])
  })
})
