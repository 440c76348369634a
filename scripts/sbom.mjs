// Writes the CycloneDX bills of materials of a release to .cache/sbom: the crates in both binaries (cargo-cyclonedx, which
// must be installed) and the npm package (`npm sbom`).
//
//   node scripts/sbom.mjs
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

const folder = join(root, '.cache', 'sbom')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

// One file for each crate of the workspace, beside its Cargo.toml; `lua` is part of the two that have a binary.
const NAME = 'sbom.cdx'
run('cargo', 'cyclonedx', '--format', 'json', '--spec-version', '1.5', '--target', 'all', '--override-filename', NAME)
renameSync(join(root, 'crate', `${NAME}.json`), join(folder, 'addon.cdx.json'))
renameSync(join(root, 'server', `${NAME}.json`), join(folder, 'aerospike-local.cdx.json'))
rmSync(join(root, 'lua', `${NAME}.json`))

const npm = run('npm', 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'dev', '--omit', 'peer')
const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const bill = JSON.parse(npm)
bill.metadata.component.name = name // npm writes the name of the folder
writeFileSync(join(folder, 'npm.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`)

function run(program, ...args) {
  const options = {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  }
  const { status, stdout, error } = spawnSync(program, args, options)
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${program} ${args[0]} failed with ${status}`)
  return stdout
}
