// The packages as users install them: built as a release does, packed, and installed from the tarballs in a folder
// of their own.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stagePackages } from '../../scripts/stage-packages.mjs'
import { cliProgram } from './cli-program.js'
import { serverBinary } from './server-binary.js'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface PackedFile {
  path: string
  size: number
  mode: number
}

export interface Packed {
  name: string
  version: string
  tarball: string
  size: number
  unpackedSize: number
  files: PackedFile[]
}

/** The packages of this platform. */
export interface PackedPackages {
  main: Packed
  /** The addon of this platform. */
  platform: Packed
  /** The package aerospike-local, and its program for this platform. */
  local: Packed
  localPlatform: Packed
  /** The command line. */
  cli: Packed
  /** The folder of the tarballs. */
  folder: string
  remove: () => void
}

export interface Installed extends PackedPackages {
  /** The folder that has the packages in its node_modules. */
  folder: string
}

/** Links for the manifests: those of a release are entered in scripts/package-links.json. */
export const LINKS = {
  repository: 'https://example.com/owner/aerospike-napi',
  homepage: 'https://example.com/',
  bugs: 'https://example.com/owner/aerospike-napi/issues',
}

/** The platform of this machine, as in the names of the packages. */
export function platformName(): string {
  return execFileSync(process.execPath, [join(root, 'scripts', 'platform.mjs')], { encoding: 'utf8' }).trim()
}

/** The manifest of an empty project. */
export const EMPTY_PROJECT = '{ "name": "consumer", "version": "1.0.0", "private": true }\n'

/** Packs the packages, with the binaries that the last build left. */
export function packAll(): PackedPackages {
  const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-package-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    cliProgram()
    const name = platformName()
    const binaries = join(folder, 'binaries')
    mkdirSync(binaries)
    const addon = copyStripped(join(root, `aerospike-napi.${name}.node`), binaries)
    const server = copyStripped(serverBinary(), binaries)
    const staged = stagePackages(join(folder, 'staged'), LINKS, { [name]: { addon, server } })
    const packed = staged.map(path => pack(path, folder))
    const of = (name: string): Packed => packed.find(each => each.name === name) as Packed
    return {
      main: of('aerospike-napi'),
      platform: of(`aerospike-napi-${name}`),
      local: of('aerospike-local'),
      localPlatform: of(`aerospike-local-${name}`),
      cli: of('aerospike-napi-cli'),
      folder,
      remove,
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** All tarballs, as arguments of `npm install`. */
export function tarballs({ main, platform, local, localPlatform, cli }: PackedPackages): string[] {
  return [main, platform, local, localPlatform, cli].map(({ tarball }) => tarball)
}

/** Installs the packages with npm, without network and without scripts. */
export function packAndInstall(): Installed {
  const packed = packAll()
  try {
    writeFileSync(join(packed.folder, 'package.json'), EMPTY_PROJECT)
    install(packed.folder, ...tarballs(packed))
    return packed
  } catch (error) {
    packed.remove()
    throw error
  }
}

/** `npm install`, without network and without scripts. */
export function install(folder: string, ...packages: string[]): void {
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--no-package-lock']
  npm(folder, 'install', ...options, ...packages)
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

/** Copies a binary without its debug information, as released ones are; it is packed much faster then. */
function copyStripped(path: string, folder: string): string {
  const copy = join(folder, basename(path))
  try {
    execFileSync('strip', [...(process.platform === 'darwin' ? ['-x'] : []), '-o', copy, path], { stdio: 'ignore' })
  } catch {
    copyFileSync(path, copy) // There is no `strip` on Windows.
  }
  return copy
}

function pack(folder: string, destination: string): Packed {
  const output = npm(folder, 'pack', '--json', '--ignore-scripts', '--pack-destination', destination)
  const [packed] = JSON.parse(output) as [Omit<Packed, 'tarball'> & { filename: string }]
  const { filename, ...rest } = packed
  return { ...rest, tarball: join(destination, filename) }
}

export function npm(cwd: string, ...args: string[]): string {
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
