// The types with several versions of TypeScript, from the minimum to the newest, and every way of resolving the package.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installed, packAndInstall, root } from '../helpers/packed.js'
import { compile, linkTypes, minimumVersion, WAYS, type Way } from '../helpers/typescript.js'

const VERSIONS = [minimumVersion(), '5.4', '5.8', '6.0', 'latest']

const cache = join(root, '.cache', 'typescript')
let installed: Installed
beforeAll(() => {
  installed = packAndInstall()
  linkTypes(installed.folder)
})
afterAll(() => installed?.remove())

/** Installs a version of TypeScript, unless an earlier run did. Returns its folder. */
function typescript(version: string): string {
  const folder = join(cache, version)
  const path = join(folder, 'node_modules', 'typescript')
  if (version === 'latest' || !existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `typescript@${version}`]
    execFileSync('npm', args, { cwd: folder, shell: process.platform === 'win32' })
  }
  return path
}

describe.each(VERSIONS)('TypeScript %s', version => {
  let path: string
  beforeAll(() => {
    path = typescript(version)
  })

  const all = Object.keys(WAYS) as Way[]
  // How a package is resolved does not differ between the versions in between. The first two ways with the minimum version
  // are tests of the package.
  const ways = version === VERSIONS[0] ? all.slice(2) : version === VERSIONS.at(-1) ? all : all.slice(0, 1)
  test.each(ways)('as %s', way => {
    expect(compile(path, installed.folder, way)).toEqual([])
  })
})
