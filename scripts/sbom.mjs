// Writes the CycloneDX bills of materials of a release to .cache/sbom: the crates in the addon and in aerospike-local, which
// are those of THIRD_PARTY.md; the npm package; and the command line with the npm packages that are bundled into it (`npm sbom`).
//
//   node scripts/sbom.mjs
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedCrates } from './crates.mjs'
import { CLI_BUNDLE, root } from './entries.mjs'

const folder = join(root, '.cache', 'sbom')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

write('addon', crateBill('aerospike-napi', 'library'))
write('aerospike-local', crateBill('aerospike-local', 'application'))
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const main = npmBill('--omit', 'dev')
main.metadata.component.name = name // npm writes the name of the folder
write('npm', main)
run(process.execPath, join(root, 'scripts', 'bundle-cli.mjs'))
write('cli', cliBill())

/** The bill of the crates in a binary. */
function crateBill(member, type) {
  const { packages, needed } = shippedCrates(member)
  const hashes = checksums()
  const refOf = id => `pkg:cargo/${packages.get(id).name}@${packages.get(id).version}`
  const component = id => {
    const { name, version, description, license, repository, source } = packages.get(id)
    const hash = hashes.get(`${name} ${version}`)
    if (source !== null && hash === undefined) throw new Error(`Cargo.lock has no checksum of ${name} ${version}`)
    return {
      type: 'library',
      'bom-ref': refOf(id),
      name,
      version,
      ...(description && { description: description.trim() }),
      ...(hash && { hashes: [{ alg: 'SHA-256', content: hash }] }),
      licenses: [{ expression: license.replace(/ *\/ */g, ' OR ') }],
      // Crates of this workspace are not in the registry.
      ...(source !== null && { purl: refOf(id) }),
      ...(repository && { externalReferences: [{ type: 'vcs', url: repository }] }),
    }
  }
  const ids = [...needed.keys()].sort()
  const own = ids.find(id => packages.get(id).source === null && packages.get(id).name === member)
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: { timestamp: new Date().toISOString(), component: { ...component(own), type } },
    components: ids.filter(id => id !== own).map(component),
    dependencies: ids.map(id => ({ ref: refOf(id), dependsOn: [...new Set(needed.get(id).map(refOf))].sort() })),
  }
}

/** The checksums of the crates in Cargo.lock, by name and version. */
function checksums() {
  const entry = /^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "([0-9a-f]{64})"$/gm
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8')
  return new Map([...lock.matchAll(entry)].map(([, name, version, hash]) => [`${name} ${version}`, hash]))
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
