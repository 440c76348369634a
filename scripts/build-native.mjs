// Builds the addon and the local server in one cargo call, so that what they share is compiled once, then puts
// `aerospike-napi.<platform>.node` at the root and the addon's types in `lib/native/native-binding.d.ts`.
//
//   node scripts/build-native.mjs [--profile fast|release] [-p aerospike-napi] [-p aerospike-local]
//
// `napi build` is not used here because it always passes `--target`: nothing would be shared with `cargo test`.
// The release workflow, which cross-compiles, does use it.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { generateTypeDef } from '@napi-rs/cli'
import { platformName } from './platform.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'fast' },
    package: { type: 'string', short: 'p', multiple: true, default: ['aerospike-napi', 'aerospike-local'] },
  },
})
const withAddon = values.package.includes('aerospike-napi')

const targetDir = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
// The Makefile gives `cargo test` and clippy the same value; another one would compile the addon again.
const typeDefDir = process.env.NAPI_TYPE_DEF_TMP_FOLDER ?? join(root, '.cache', 'napi-types')
mkdirSync(typeDefDir, { recursive: true })

const cargo = ['build', '--profile', values.profile, ...values.package.flatMap(name => ['-p', name])]
if (process.env.CI) cargo.push('--locked')
const env = { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: typeDefDir }
const typeDefs = join(typeDefDir, 'aerospike-napi')
runCargo()
if (withAddon && !existsSync(typeDefs)) {
  // Cargo had nothing to compile, and the types are written only when it compiles: make it.
  env.NAPI_FORCE_BUILD_AEROSPIKE_NAPI = String(Date.now())
  runCargo()
}

if (withAddon) {
  installAddon()
  await writeTypes()
}
console.log(`${values.package.join(' and ')} built (profile ${values.profile})`)

function runCargo() {
  const { status, error } = spawnSync('cargo', cargo, { cwd: root, env, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

function installAddon() {
  const library =
    {
      darwin: 'libaerospike_napi.dylib',
      win32: 'aerospike_napi.dll',
    }[process.platform] ?? 'libaerospike_napi.so'
  const addon = `aerospike-napi.${platformName()}.node`
  // Renamed into place: a process that has the old one loaded keeps it.
  copyFileSync(join(targetDir, values.profile, library), join(root, `${addon}.tmp`))
  renameSync(join(root, `${addon}.tmp`), join(root, addon))
}

async function writeTypes() {
  // A test build of the crate appends the same lines again; each counts once.
  const unique = join(typeDefDir, 'unique')
  mkdirSync(unique, { recursive: true })
  const lines = existsSync(typeDefs) ? readFileSync(typeDefs, 'utf8').split('\n') : []
  writeFileSync(join(unique, 'aerospike-napi'), [...new Set(lines)].join('\n'))
  const { dts } = await generateTypeDef({
    typeDefDir: unique,
    cwd: root,
    constEnum: false,
    dtsHeader: '// Generated from the #[napi] items of crate/src by `make dev-build`. Do not edit.\n',
  })
  const binding = join(root, 'lib', 'native', 'native-binding.d.ts')
  if (!existsSync(binding) || readFileSync(binding, 'utf8') !== dts) {
    writeFileSync(binding, dts)
    console.log('lib/native/native-binding.d.ts written')
  }
}
