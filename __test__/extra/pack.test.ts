// `make pack`: the tarballs for one machine, also while the project has no links.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { stagePackages } from '../../scripts/stage-packages.mjs'
import { manifest, platformName, root } from '../helpers/packed.js'
import { serverBinary } from '../helpers/server-binary.js'

const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-pack-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('writes a tarball of each package', () => {
  serverBinary() // throws unless it is built
  const out = join(folder, 'release')
  const printed = execFileSync(process.execPath, [join(root, 'scripts', 'pack.mjs'), out], { encoding: 'utf8' })
  const { version } = manifest()
  const withBinaries = ['aerospike-local', 'aerospike-napi'].flatMap(name => [name, `${name}-${platformName()}`])
  const names = [...withBinaries, 'aerospike-napi-cli']
  const packed = [...printed.matchAll(/([\w.-]+)\.tgz: [\d.]+ MB$/gm)].map(([, name]) => name)
  expect(packed.sort()).toEqual(names.map(name => `${name}-${version}`).sort())
})

test('without links, the manifests have none, and the README keeps its relative links', () => {
  const none = { repository: '', homepage: '', bugs: '' }
  stagePackages(join(folder, 'staged'), none, {})
  const main = join(folder, 'staged', 'aerospike-napi')
  const staged = JSON.parse(readFileSync(join(main, 'package.json'), 'utf8'))
  expect(staged).not.toHaveProperty('repository')
  expect(staged).not.toHaveProperty('homepage')
  expect(staged).not.toHaveProperty('bugs')
  expect(readFileSync(join(main, 'README.md'), 'utf8')).toContain('](docs/errors.md)')
})
