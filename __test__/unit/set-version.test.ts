// `make set-version`: one version everywhere, and the changes of the release in a section of their own.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'scripts', 'set-version.mjs')
/** Lock files of packages that depend on the root of the project. */
const dependents = ['examples/web-sessions/package-lock.json', 'docs/integrations/package-lock.json']
const files = ['package.json', 'package-lock.json', 'Cargo.toml', 'Cargo.lock', 'CHANGELOG.md', 'lib/common/version.ts']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-version-'))
  for (const file of [...files, ...dependents]) cpSync(join(root, file), join(folder, file))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (file: string) => readFileSync(join(folder, file), 'utf8')
const texts = () => [...files, ...dependents].map(read)

test('what is not a version changes nothing', () => {
  const before = texts()
  for (const version of ['', '1.2', 'v1.2.3', '1.2.3-']) {
    const { status, stderr } = spawnSync(process.execPath, [script, version], { cwd: folder, encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, `'${version}' is not a version, such as 1.2.3 or 1.2.3-beta.1\n`])
  }
  expect(texts()).toEqual(before)
})

test('a version is set in all packages and crates, and dates the unreleased changes', () => {
  const before = texts()
  const old = JSON.parse(read('package.json')).version
  const version = '98.7.6-beta.1'
  execFileSync(process.execPath, [script, version], { cwd: folder })
  const lock = JSON.parse(read('package-lock.json'))
  for (const part of [
    JSON.parse(read('package.json')),
    lock.packages[''],
    ...dependents.map(file => JSON.parse(read(file)).packages['../..']),
  ]) {
    expect(part).toMatchObject({ version, peerDependencies: { 'aerospike-local': `^${version}` } })
  }
  expect(lock.version).toBe(version)
  expect(read('Cargo.toml')).toContain(`[workspace.package]\nversion = "${version}"`)
  expect(read('Cargo.lock').split(`version = "${version}"`)).toHaveLength(4)
  expect(read('lib/common/version.ts')).toContain(`VERSION = '${version}'`)
  expect(read('CHANGELOG.md')).toMatch(/^## \[Unreleased\]\n\n## \[98\.7\.6-beta\.1\] - \d{4}-\d\d-\d\d\n/m)
  // Nothing else changes.
  const dated = /\n\n## \[98\.7\.6-beta\.1\] - .*/
  expect(texts().map(text => text.replace(dated, '').replaceAll(version, old))).toEqual(before)
})
