// The examples, run as `make` does: with the built package, by its name, and the shared server.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'

const folder = join(root, 'examples')
const programs = readdirSync(folder).filter(name => existsSync(join(folder, name, `${name}.mts`)))

const run = (env: NodeJS.ProcessEnv, script: string, ...args: string[]) =>
  runFile(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  })
const runProgram = (path: string, env: NodeJS.ProcessEnv = { AEROSPIKE_HOST: inject('aerospike').address }) =>
  run(env, 'tsx/dist/cli.mjs', '--tsconfig', join(folder, 'tsconfig.json'), join(folder, path))

test('there are examples', () => {
  expect(programs).toEqual(
    expect.arrayContaining([
      'bulk-import',
      'cache',
      'distributed-lock',
      'paged-query',
      'quick-start',
      'typed-sets',
      'user-crud',
      'vector-blobs',
      'workers',
    ]),
  )
})

test.concurrent.each(programs)('%s', async name => {
  const { stdout, stderr } = await runProgram(`${name}/${name}.mts`)
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n').at(-1)).toBe('done')
})

test.concurrent('geo-search', async () => {
  const { stdout, stderr } = await runProgram('geo-search/geo-search.ts')
  expect(stderr).toBe('')
  expect(stdout).toContain('zip codes within 15 km of John F Kennedy Intl')
})

test.concurrent('bank, for a moment', async () => {
  const { stdout, stderr } = await runProgram('bank/bank.ts', { RUN_SECONDS: '2' })
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n').at(-1)).toBe('done')
})

test.concurrent('vitest-suite', async () => {
  const { stdout } = await run({}, 'vitest/vitest.mjs', 'run', '--root', join(folder, 'vitest-suite'), '--no-color')
  expect(stdout).toContain('3 passed')
})
