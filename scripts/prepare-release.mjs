// Puts the packages together for a release, in release/<package>. The binaries are in binaries/<platform>/, built elsewhere.
// Fails if a binary is missing, too small or too large, or if scripts/package-links.json has an empty or malformed link. The
// variable REPOSITORY is the URL of the repository that publishes.
//
//   node scripts/prepare-release.mjs
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './entries.mjs'
import { linkProblems, packageLinks, platforms, stagePackages } from './stage-packages.mjs'

const LIMITS = { addon: 10_000_000, server: 12_000_000 }

const problems = []
const links = packageLinks()
problems.push(...linkProblems(links).map(problem => `scripts/package-links.json: ${problem}`))
// npm's provenance requires the repository that publishes the package.
const publisher = process.env.REPOSITORY
if (links.repository !== '' && publisher && publisher !== links.repository) {
  problems.push(`scripts/package-links.json: repository is ${links.repository}, but ${publisher} publishes`)
}

const binaries = {}
for (const platform of platforms()) {
  const folder = join(root, 'binaries', platform)
  const server = platform.startsWith('win32') ? 'aerospike-local.exe' : 'aerospike-local'
  const paths = { addon: join(folder, `aerospike-napi.${platform}.node`), server: join(folder, server) }
  for (const [kind, path] of Object.entries(paths)) checkBinary(path, LIMITS[kind])
  binaries[platform] = paths
}
if (problems.length > 0) {
  for (const problem of problems) console.error(problem)
  process.exit(1)
}

const out = join(root, 'release')
rmSync(out, { recursive: true, force: true })
for (const folder of stagePackages(out, links, binaries)) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  console.log(`${relative(root, folder)}: ${name}@${version}`)
}

function checkBinary(path, limit) {
  const name = relative(root, path)
  if (!existsSync(path)) {
    problems.push(`${name} is missing: was its target built?`)
    return
  }
  const { size } = statSync(path)
  if (size < 100_000) problems.push(`${name} is too small to be a binary`)
  if (size > limit) problems.push(`${name} has ${size} bytes, more than ${limit}: is it stripped?`)
}
