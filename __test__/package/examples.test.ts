// The small examples, run as `make example` does: with the built package, by its name, and the shared server.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { root } from '../helpers/packed.js'

const runFile = promisify(execFile)
const folder = join(root, 'examples')
const programs = readdirSync(folder).filter(name => existsSync(join(folder, name, `${name}.mts`)))

test('there are examples', () => {
  expect(programs).toEqual(expect.arrayContaining(['bulk-import', 'user-crud']))
})

const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')

/** Runs a program, and returns the last line of its output. */
async function run(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const args = [tsx, '--tsconfig', join(folder, 'tsconfig.json'), program]
  const { stdout, stderr } = await runFile(process.execPath, args, { cwd: root, env: { ...process.env, ...env } })
  expect(stderr).toBe('')
  return stdout.trim().split('\n').at(-1)
}

test('bank, for a moment', async () => {
  expect(await run(join(folder, 'bank', 'bank.ts'), { RUN_SECONDS: '2' })).toBe('done')
})

test.each(programs)('%s', async name => {
  const env = { AEROSPIKE_HOST: inject('aerospike').address }
  expect(await run(join(folder, name, `${name}.mts`), env)).toBe('done')
})
