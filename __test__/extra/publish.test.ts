// What the registry's linters say of the tarball: publint of the manifest, "are the types wrong" of the types.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installed, packAndInstall, root } from '../helpers/packed.js'

let installed: Installed
beforeAll(() => {
  installed = packAndInstall()
})
afterAll(() => installed?.remove())

const bin = (name: string): string => join(root, 'node_modules', '.bin', name)

test.each(['aerospike-napi', 'aerospike-local', 'aerospike-napi-cli'])('publint finds nothing in %s', name => {
  const folder = join(installed.folder, 'node_modules', name)
  expect(run(bin('publint'), [folder, '--strict', '--pack=false'])).toContain('All good')
})

test.each(['main', 'local'] as const)('the types are not wrong, from CommonJS, ES modules and bundlers (%s)', name => {
  // node10 knows no `exports`; that is a resolution older than any Node this package runs on.
  const args = ['--profile', 'node16', '--format', 'ascii', '--no-emoji']
  expect(run(bin('attw'), [installed[name].tarball, ...args])).toContain('No problems found')
})

function run(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${stdout}\n${stderr}`)
  }
}
