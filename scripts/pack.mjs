// Packs the packages for the platform of this machine, to install them elsewhere before they are published: writes the
// tarballs to release/, where they replace earlier ones, from the binaries that the last build left.
//
//   node scripts/pack.mjs [folder]
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import { root } from './entries.mjs'
import { platformName } from './platform.mjs'
import { packageLinks, stagePackages } from './stage-packages.mjs'

const out = resolve(process.argv[2] ?? join(root, 'release'))
const platform = platformName()
const server = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
const built = ['release', 'fast'].map(profile => join(target, profile, server)).filter(path => existsSync(path))
const [newest] = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
const addon = join(root, `aerospike-napi.${platform}.node`)
if (newest === undefined || !existsSync(addon)) {
  console.error('the addon or aerospike-local is not built: run `make build`')
  process.exit(1)
}

const staged = mkdtempSync(join(tmpdir(), 'aerospike-napi-pack-'))
try {
  mkdirSync(out, { recursive: true })
  for (const file of readdirSync(out).filter(name => /^aerospike-.*\.tgz$/.test(name))) rmSync(join(out, file))
  const binaries = { [platform]: { addon: stripped(addon), server: stripped(newest) } }
  for (const folder of stagePackages(join(staged, 'packages'), packageLinks(), binaries)) {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out]
    const json = execFileSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' })
    const [{ filename, size }] = JSON.parse(json)
    console.log(`${relative(process.cwd(), join(out, filename))}: ${(size / 1e6).toFixed(1)} MB`)
  }
} finally {
  rmSync(staged, { recursive: true, force: true })
}

/** A copy without debug information, as in a release. */
function stripped(path) {
  const copy = join(staged, basename(path))
  try {
    execFileSync('strip', [...(process.platform === 'darwin' ? ['-x'] : []), '-o', copy, path], { stdio: 'ignore' })
  } catch {
    copyFileSync(path, copy) // There is no `strip` on Windows.
  }
  return copy
}
