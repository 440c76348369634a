// Writes the CycloneDX bills of materials of a release to .cache/sbom: the crates in both binaries (cargo-cyclonedx, which
// must be installed), the npm package, and the command line with the npm packages that are bundled into it (`npm sbom`).
//
//   node scripts/sbom.mjs         writes all of them; needs cargo-cyclonedx
//   node scripts/sbom.mjs npm     writes those of the npm packages
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CLI_BUNDLE, root } from './entries.mjs'

const folder = join(root, '.cache', 'sbom')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

if (process.argv[2] !== 'npm') writeCrates()
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const main = npmBill('--omit', 'dev')
main.metadata.component.name = name // npm writes the name of the folder
write('npm', main)
run(process.execPath, join(root, 'scripts', 'bundle-cli.mjs'))
write('cli', cliBill())

function writeCrates() {
  // One file for each crate of the workspace, beside its Cargo.toml; `lua` is part of the two that have a binary.
  const file = 'sbom.cdx'
  run('cargo', 'cyclonedx', '--format', 'json', '--spec-version', '1.5', '--target', 'all', '--override-filename', file)
  renameSync(join(root, 'crate', `${file}.json`), join(folder, 'addon.cdx.json'))
  renameSync(join(root, 'server', `${file}.json`), join(folder, 'aerospike-local.cdx.json'))
  rmSync(join(root, 'lua', `${file}.json`))
}

/** The bill of the packages of package-lock.json. */
function npmBill(...options) {
  return JSON.parse(
    run('npm', 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'peer', ...options),
  )
}

/** The bill of the command line: the packages in its bundle, which are development dependencies of this project. */
function cliBill() {
  const bill = npmBill()
  const bundled = new Set(JSON.parse(readFileSync(join(CLI_BUNDLE, 'packages.json'), 'utf8')))
  const of = component => `${component.name}@${component.version}`
  const components = bill.components.filter(component => bundled.has(of(component)))
  const missing = [...bundled].filter(each => !components.some(component => of(component) === each))
  if (missing.length > 0) throw new Error(`package-lock.json does not have ${missing.join(', ')}`)
  const cli = JSON.parse(readFileSync(join(root, 'npm', 'aerospike-napi-cli', 'package.json'), 'utf8'))
  const ref = `${cli.name}@${version}`
  const { description } = cli
  const component = { ...bill.metadata.component, 'bom-ref': ref, name: cli.name, description, purl: `pkg:npm/${ref}` }
  const refs = new Set(components.map(each => each['bom-ref']))
  return {
    ...bill,
    metadata: { ...bill.metadata, component },
    components: components.map(each => ({
      ...each,
      properties: each.properties.filter(({ name }) => name !== 'cdx:npm:package:development'),
    })),
    dependencies: [
      { ref, dependsOn: [...refs] },
      ...bill.dependencies
        .filter(each => refs.has(each.ref))
        .map(each => ({ ...each, dependsOn: each.dependsOn.filter(other => refs.has(other)) })),
    ],
  }
}

function write(part, bill) {
  writeFileSync(join(folder, `${part}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`)
}

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
