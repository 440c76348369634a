/** What an installation costs: the packed packages of this repository against the official client from the registry. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FOLDER, run } from '../harness/spawn'

export interface InstallCost {
  readonly client: 'ours' | 'official'
  readonly packages: number
  readonly files: number
  readonly mebibytes: number
  /** Seconds of `npm install` with a warm cache. */
  readonly seconds: number
}

const TIMEOUT_MS = 300_000
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm'

export async function installCosts(): Promise<InstallCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-install-'))
  try {
    await run(process.execPath, ['../scripts/pack.mjs', folder], TIMEOUT_MS)
    const packed = readdirSync(folder)
      // The server for tests and the command line are packages that users choose to add.
      .filter(name => name.endsWith('.tgz') && !name.startsWith('aerospike-local') && !name.includes('-cli-'))
      .map(name => join(folder, name))
    return [await cost('ours', packed, folder), await cost('official', [`aerospike@${officialVersion()}`], folder)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function cost(client: InstallCost['client'], what: readonly string[], folder: string): Promise<InstallCost> {
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...what]
  let seconds = Number.POSITIVE_INFINITY
  let project = ''
  // The first installation fills npm's cache.
  for (let attempt = 0; attempt < 2; attempt++) {
    project = mkdtempSync(join(folder, `${client}-`))
    writeFileSync(join(project, 'package.json'), '{ "private": true }\n')
    const { elapsedMs } = await run(NPM, args, TIMEOUT_MS, project)
    seconds = elapsedMs / 1000
  }
  const modules = join(project, 'node_modules')
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object }
  return { client, packages: Object.keys(lock.packages).length, ...sizeOf(modules), seconds }
}

function sizeOf(folder: string): { files: number; mebibytes: number } {
  let [files, bytes] = [0, 0]
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    files++
    bytes += statSync(join(entry.parentPath, entry.name)).size
  }
  return { files, mebibytes: bytes / 2 ** 20 }
}

function officialVersion(): string {
  const text = readFileSync(join(FOLDER, 'package.json'), 'utf8')
  return (JSON.parse(text) as { devDependencies: { aerospike: string } }).devDependencies.aerospike
}
