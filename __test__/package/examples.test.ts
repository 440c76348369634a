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

test.each(programs)('%s', async name => {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  const args = [tsx, '--tsconfig', join(folder, 'tsconfig.json'), join(folder, name, `${name}.mts`)]
  const env = { ...process.env, AEROSPIKE_HOST: inject('aerospike').address }
  const { stdout, stderr } = await runFile(process.execPath, args, { cwd: root, env })
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n').at(-1)).toBe('done')
})
