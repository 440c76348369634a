// Completes the packages before they are published. The binaries are already in npm/<platform>/ (built elsewhere). This
// script adds the licences, the repository (provenance requires the repository that publishes the package) and, in the
// main package, the platform packages as optional dependencies. Run it on a temporary checkout.
//
//   REPOSITORY=https://github.com/<owner>/<name> node scripts/prepare-release.mjs
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

const repository = process.env.REPOSITORY
if (!repository) throw new Error('REPOSITORY is not set')

/** The licence of this project, and those of the software that the binaries contain. */
const LICENCES = ['LICENSE', 'THIRD_PARTY.md']

const folders = readdirSync(join(root, 'npm')).map(name => join('npm', name))
for (const folder of folders) {
  const manifest = edit(folder)
  for (const file of LICENCES) copyFileSync(join(root, file), join(root, folder, file))
  for (const file of manifest.files) {
    const path = join(root, folder, file)
    if (!existsSync(path)) throw new Error(`${join(folder, file)} is missing: was its target built?`)
    if (LICENCES.includes(file)) continue
    if (statSync(path).size < 100_000) throw new Error(`${join(folder, file)} is too small to be a binary`)
    if (!file.endsWith('.node')) chmodSync(path, 0o755) // artifacts do not preserve the executable permission
  }
}

const napi = join(root, 'node_modules', '@napi-rs', 'cli', 'dist', 'cli.js')
const args = [napi, 'pre-publish', '--skip-optional-publish', '--no-gh-release', '--tag-style', 'npm']
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const main = edit('.')
const wanted = folders.map(folder => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')))
for (const { name, version } of wanted) {
  if (main.optionalDependencies?.[name] !== version) throw new Error(`${name}@${version} is no optional dependency`)
}
console.log(`${main.name}@${main.version} with ${wanted.length} platforms' packages`)

function edit(folder) {
  const path = join(root, folder, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  manifest.repository = { type: 'git', url: `git+${repository}.git`, ...(folder !== '.' && { directory: folder }) }
  manifest.homepage = `${repository}#readme`
  manifest.bugs = { url: `${repository}/issues` }
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
