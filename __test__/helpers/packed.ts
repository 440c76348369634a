// The package as users install it: packed, and installed from the tarballs in a folder of its own.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverBinary } from './server-binary.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface PackedFile {
  path: string
  size: number
  mode: number
}

export interface Packed {
  name: string
  tarball: string
  files: PackedFile[]
}

export interface Installed {
  /** The folder that has the package in its node_modules. */
  folder: string
  main: Packed
  platform: Packed
  remove: () => void
}

/** The package and that of this platform, which is made of the binaries that the last build left. */
export function packAndInstall(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-package-'))
  try {
    const main = pack(root, folder)
    const platform = pack(assemblePlatformPackage(join(folder, 'platform')), folder)
    writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "private": true }\n')
    npm(
      folder,
      'install',
      '--ignore-scripts',
      '--offline',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      main.tarball,
      platform.tarball,
    )
    return { folder, main, platform, remove: () => rmSync(folder, { recursive: true, force: true }) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Makes a package of the repository resolvable from the folder, without installing it there. */
export function link(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name)
  if (!existsSync(target)) cpSync(join(root, 'node_modules', name), target, { recursive: true, dereference: true })
}

/** The same with all that it needs. */
export function linkAll(folder: string, name: string): void {
  const path = join(root, 'node_modules', name, 'package.json')
  // What is not at the top lies within the package that needs it, and was copied with that.
  if (!existsSync(path) || existsSync(join(folder, 'node_modules', name))) return
  link(folder, name)
  const { dependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: Record<string, string> }
  for (const each of Object.keys(dependencies)) linkAll(folder, each)
}

function assemblePlatformPackage(folder: string): string {
  const name = execFileSync(process.execPath, [join(root, 'scripts', 'platform.mjs')], { encoding: 'utf8' }).trim()
  mkdirSync(folder)
  for (const file of ['package.json', 'README.md']) {
    copyFileSync(join(root, 'npm', name, file), join(folder, file))
  }
  for (const file of ['LICENSE', 'THIRD_PARTY.md']) copyFileSync(join(root, file), join(folder, file))
  const addon = `aerospike-napi.${name}.node`
  copyFileSync(join(root, addon), join(folder, addon))
  copyFileSync(serverBinary(), join(folder, basename(serverBinary())))
  return folder
}

function pack(folder: string, destination: string): Packed {
  const output = npm(folder, 'pack', '--json', '--ignore-scripts', '--pack-destination', destination)
  const [packed] = JSON.parse(output) as [{ name: string; filename: string; files: PackedFile[] }]
  return { name: packed.name, tarball: join(destination, packed.filename), files: packed.files }
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
}

/** The manifest of the package, as published. */
export function manifest(): {
  version: string
  exports: Record<string, unknown>
  peerDependencies: Record<string, string>
} {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}
