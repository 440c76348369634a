// Sets the version of all packages and crates, and dates the unreleased changes. `make set-version VERSION=1.2.3` runs it,
// and writes the version to npm/. It changes the files of the current folder: all of them, or none if one is unexpected.
//
//   node scripts/set-version.mjs 1.2.3
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCAL = 'aerospike-local'
const CRATES = [LOCAL, 'aerospike-napi', 'interruptible-lua']

const version = process.argv[2] ?? ''
if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.test(version)) {
  console.error(`'${version}' is not a version, such as 1.2.3 or 1.2.3-beta.1`)
  process.exit(1)
}
const manifest = readJson('package.json')
const before = manifest.version
const written = new Map()

setIn(manifest)
writeJson('package.json', manifest)
const lock = readJson('package-lock.json')
lock.version = version
setIn(lock.packages[''])
writeJson('package-lock.json', lock)
for (const file of dependentLocks()) {
  const dependent = readJson(file)
  if (dependent.packages['../..'] === undefined) continue
  setIn(dependent.packages['../..'])
  writeJson(file, dependent)
}
replace('lib/common/version.ts', `VERSION = '${before}'`, `VERSION = '${version}'`)
replace('Cargo.toml', `[workspace.package]\nversion = "${before}"`, `[workspace.package]\nversion = "${version}"`)
for (const crate of CRATES) {
  const line = number => `name = "${crate}"\nversion = "${number}"\n`
  replace('Cargo.lock', line(before), line(version))
}
const today = new Date().toISOString().slice(0, 10)
replace('CHANGELOG.md', '## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${today}\n`)

for (const [file, text] of written) {
  writeFileSync(file, text)
  console.log(`${file} written`)
}

/** Sets the version in a manifest, or in the part of a lock file that repeats it. */
function setIn(part) {
  part.version = version
  if (part.peerDependencies?.[LOCAL] !== undefined) part.peerDependencies[LOCAL] = `^${version}`
}

/** The lock files of packages that depend on this folder: the examples, and the code blocks of docs/integrations. */
function dependentLocks() {
  const folders = [...readdirSync('examples').map(name => join('examples', name)), join('docs', 'integrations')]
  return folders.map(folder => join(folder, 'package-lock.json')).filter(file => existsSync(file))
}

function replace(file, from, to) {
  const text = written.get(file) ?? readFileSync(file, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly one '${from.trim()}'`)
  written.set(
    file,
    text.replace(from, () => to),
  )
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function writeJson(file, value) {
  written.set(file, `${JSON.stringify(value, null, 2)}\n`)
}
