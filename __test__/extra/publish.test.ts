// What a release does, as far as it goes without publishing: linters of the tarball (publint of the manifest, "are the types
// wrong" of the types), dry runs of npm, and the bill of materials.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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

test('npm would publish each package, and has nothing to correct', () => {
  const staged = join(installed.folder, 'staged')
  const names = readdirSync(staged)
  expect(names).toHaveLength(5)
  // There is no registry.
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' }
  for (const name of names) {
    const args = ['publish', join(staged, name), '--dry-run', '--access', 'public']
    const shell = process.platform === 'win32'
    const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8', env, shell })
    expect(stdout).toContain(`+ ${name}@${installed.main.version}`)
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/auto-corrected|npm error/)])
  }
})

test('the bill of materials of the command line lists the packages whose licences it has', () => {
  run(process.execPath, [join(root, 'scripts', 'sbom.mjs'), 'npm'])
  const bill = JSON.parse(readFileSync(join(root, '.cache', 'sbom', 'cli.cdx.json'), 'utf8'))
  const licences = readFileSync(join(installed.folder, 'node_modules', 'aerospike-napi-cli', 'THIRD_PARTY.md'), 'utf8')
  const listed = [...licences.matchAll(/^## (\S+) (\S+) \(\w+\)$/gm)].map(
    ([, name, version]) => `pkg:npm/${name}@${version}`,
  )
  expect(listed.length).toBeGreaterThan(5)
  expect(bill.components.map(({ purl }: { purl: string }) => purl).sort()).toEqual(listed.sort())
  expect(bill.metadata.component).toMatchObject({ name: 'aerospike-napi-cli', version: installed.cli.version })
})

function run(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${stdout}\n${stderr}`)
  }
}
