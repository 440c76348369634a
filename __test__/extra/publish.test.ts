// What a release does, as far as it goes without publishing: linters of the tarball (publint of the manifest, "are the types
// wrong" of the types), dry runs of npm, and the bill of materials.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

describe('the bills of materials', () => {
  interface Bill {
    metadata: { component: { name: string; version: string } }
    components: { 'bom-ref': string; purl?: string; hashes?: { content: string }[] }[]
    dependencies: { ref: string; dependsOn: string[] }[]
  }
  const bill = (name: string): Bill =>
    JSON.parse(readFileSync(join(root, '.cache', 'sbom', `${name}.cdx.json`), 'utf8'))
  const purls = ({ components }: Bill) => components.flatMap(({ purl }) => purl ?? [])

  beforeAll(() => {
    run(process.execPath, [join(root, 'scripts', 'sbom.mjs')])
  })

  test('of the binaries list the crates whose licences their packages have, each with its checksum', () => {
    const licences = readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8')
    const table = [...licences.matchAll(/^\| ([\w-]+) (\d\S*) \|/gm)]
    const listed = table.map(([, name, version]) => `pkg:cargo/${name}@${version}`)
    expect(listed.length).toBeGreaterThan(100)
    const bills = [bill('addon'), bill('aerospike-local')]
    expect([...new Set(bills.flatMap(purls))].sort()).toEqual(listed.sort())
    for (const { components, dependencies, metadata } of bills) {
      // The crate interruptible-lua, which both contain, is a part of this project.
      expect(components.filter(({ hashes }) => hashes === undefined).map(each => each.purl)).toEqual([undefined])
      expect(metadata.component.version).toBe(installed.main.version)
      const refs = new Set(dependencies.map(({ ref }) => ref))
      expect(refs.size).toBe(components.length + 1)
      expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter(ref => !refs.has(ref))).toEqual([])
    }
    expect(purls(bills[0] as Bill)).toContain('pkg:cargo/aerospike-core@3.0.0')
    expect(purls(bills[1] as Bill)).not.toContain('pkg:cargo/aerospike-core@3.0.0')
  })

  test('of the command line lists the packages whose licences it has', () => {
    const folder = join(installed.folder, 'node_modules', 'aerospike-napi-cli')
    const licences = readFileSync(join(folder, 'THIRD_PARTY.md'), 'utf8')
    const listed = [...licences.matchAll(/^## (\S+) (\S+) \(\w+\)$/gm)].map(
      ([, name, version]) => `pkg:npm/${name}@${version}`,
    )
    expect(listed.length).toBeGreaterThan(5)
    expect(purls(bill('cli')).sort()).toEqual(listed.sort())
    expect(bill('cli').metadata.component).toMatchObject({ name: 'aerospike-napi-cli', version: installed.cli.version })
  })

  test('of the main package lists nothing', () => {
    expect(bill('npm').components).toEqual([])
    expect(bill('npm').metadata.component.name).toBe('aerospike-napi')
  })
})

function run(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${stdout}\n${stderr}`)
  }
}
