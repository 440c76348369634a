// Builds the addon and the local server in one cargo call, so that shared dependencies are compiled only once. Then
// copies `aerospike-napi.<platform>.node` to the root and writes the addon's types to `lib/native/native-binding.d.ts`.
//
//   node scripts/build-native.mjs [--profile fast|release] [-p aerospike-napi] [-p aerospike-local]
//
// `napi build` is not used, because it always passes `--target`, and then `cargo test` could not reuse the build
// output. The release workflow, which cross-compiles, does use `napi build`.
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
// The Makefile sets the same value for `cargo test` and clippy. With another value, cargo would compile the addon
// again.
const typeDefDir = process.env.NAPI_TYPE_DEF_TMP_FOLDER ?? join(root, '.cache', 'napi-types')
mkdirSync(typeDefDir, { recursive: true })

const cargo = ['build', '--profile', values.profile, ...values.package.flatMap(name => ['-p', name])]
if (process.env.CI) cargo.push('--locked')
const env = { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: typeDefDir }
const typeDefs = join(typeDefDir, 'aerospike-napi')
runCargo()
if (withAddon && !existsSync(typeDefs)) {
  // Cargo had nothing to compile, and types are written only during compilation: force it.
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
  // Rename into place, so that a process that has loaded the old file keeps it.
  copyFileSync(join(targetDir, values.profile, library), join(root, `${addon}.tmp`))
  renameSync(join(root, `${addon}.tmp`), join(root, addon))
}

async function writeTypes() {
  // A test build of the crate appends the same lines again, so remove duplicates.
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
