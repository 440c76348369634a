/** The environment in which a report was made. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { FOLDER } from '../harness/spawn'

const ROOT = join(FOLDER, '..')

export interface Environment {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly ours: string
  /** Cargo profile of the addon. */
  readonly profile: string
  readonly official: string
  readonly core: string
  readonly aerospikePy?: string
  readonly commit: string
}

export function environment(): Environment {
  const cpus = os.cpus()
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    ours: versionOf(join(ROOT, 'package.json')),
    profile: addonProfile(),
    official: versionOf(join(FOLDER, 'node_modules', 'aerospike', 'package.json')),
    core: coreVersion(),
    commit: commit(),
  }
}

function versionOf(path: string): string {
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/** The cargo profile of the addon's build. A report with a test build is of less value. */
function addonProfile(): string {
  const addon = readdirSync(ROOT).find(name => name.endsWith('.node'))
  if (addon === undefined) return 'unknown'
  const bytes = readFileSync(join(ROOT, addon))
  const libraries = ['libaerospike_napi.so', 'libaerospike_napi.dylib', 'aerospike_napi.dll']
  for (const folder of [process.env.CARGO_TARGET_DIR ?? '', join(ROOT, 'target')]) {
    for (const profile of ['release', 'fast']) {
      const built = libraries.map(library => join(folder, profile, library)).find(existsSync)
      if (built !== undefined && readFileSync(built).equals(bytes)) return profile
    }
  }
  return 'unknown'
}

function coreVersion(): string {
  const lock = readFileSync(join(FOLDER, 'rust', 'Cargo.lock'), 'utf8')
  return /name = "aerospike-core"\nversion = "([^"]+)"/.exec(lock)?.[1] ?? 'unknown'
}

function commit(): string {
  const git = (...args: readonly string[]): string => {
    const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' })
    return status === 0 ? stdout.trim() : ''
  }
  const name = git('rev-parse', '--short=12', 'HEAD')
  if (name === '') return 'unknown'
  const changed = git('status', '--porcelain', '--', '.', ':!benchmark/results')
  return changed === '' ? name : `${name}, with uncommitted changes`
}
