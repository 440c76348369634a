// Packages of the npm registry that only the extra tests need, in folders that stay.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packed.js'

/** Installs packages into .cache/<name>, unless an earlier run did. Returns the folder. */
export function download(name: string, packages: string[]): string {
  const folder = join(root, '.cache', name)
  const stamp = join(folder, 'installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === packages.join(' ')) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages]
  execFileSync('npm', args, { cwd: folder, shell: process.platform === 'win32' })
  writeFileSync(stamp, packages.join(' '))
  return folder
}
