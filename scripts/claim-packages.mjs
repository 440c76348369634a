// Before the first release: publishes a placeholder of each package that the registry does not have, version 0.0.0, because
// npm's trusted publishing can be set up only for packages that exist. Then lets the release workflow publish them.
// Needs npm 11.15 or later, `npm login`, two-factor authentication, and the links in scripts/package-links.json.
//
//   node scripts/claim-packages.mjs --dry-run    prints the commands, and runs none
//   node scripts/claim-packages.mjs
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './entries.mjs'
import { linkFields, linkProblems, packageLinks } from './stage-packages.mjs'

/** The workflow that publishes, and its environment. */
const WORKFLOW = ['--file', 'release.yml', '--env', 'npm', '--allow-publish', '--yes']

const dryRun = process.argv.includes('--dry-run')
const links = packageLinks()
const problems = linkProblems(links)
if (problems.length > 0) {
  for (const problem of problems) console.error(`scripts/package-links.json: ${problem}`)
  process.exit(1)
}
const repository = new URL(links.repository).pathname.slice(1)
const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-claim-'))
try {
  const manifests = ['.', ...readdirSync(join(root, 'npm')).map(name => join('npm', name))].map(readManifest)
  for (const manifest of manifests) {
    if (dryRun || !exists(manifest.name)) npm('publish', placeholder(manifest), '--access', 'public')
  }
  for (const { name } of manifests) npm('trust', 'github', name, '--repo', repository, ...WORKFLOW)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function readManifest(path) {
  return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
}

function exists(name) {
  return spawnSync('npm', ['view', name, 'name'], { shell: process.platform === 'win32' }).status === 0
}

/** Writes the placeholder of a package, and returns its folder. */
function placeholder({ name, description, license }) {
  const path = join(folder, name)
  mkdirSync(path)
  const manifest = { name, version: '0.0.0', description, license, files: [], ...linkFields(links) }
  writeFileSync(join(path, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  writeFileSync(join(path, 'README.md'), `# ${name}\n\n${description}. The first release follows.\n`)
  return path
}

function npm(...args) {
  if (dryRun) {
    console.log(['npm', ...args].join(' '))
    return
  }
  const { status, error } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`npm ${args.slice(0, 3).join(' ')} failed with ${status}`)
}
