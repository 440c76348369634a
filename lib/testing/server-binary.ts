/**
 * Finds the program that `LocalServer` runs.
 */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { clientError } from '../common/errors'
import { type Attempts, fromPackage, ownPaths } from '../native/locate'

/** The exports of the package aerospike-local. */
interface LocalPackage {
  binaryPath(): string
}

const PROGRAM = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'

/** Returns the newest build of the repository that this code is in, if it is in one. */
function builtHere(): string | undefined {
  const manifest = ownPaths(join('server', 'Cargo.toml')).find(existsSync)
  if (manifest === undefined) return undefined
  const target = join(manifest, '..', '..', 'target')
  const built = ['fast', 'release', 'debug'].map(profile => join(target, profile, PROGRAM)).filter(existsSync)
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
}

/**
 * Returns the path of aerospike-local: that in AEROSPIKE_LOCAL, the newest build of this repository, or that of the package
 * aerospike-local.
 */
export function serverBinary(): string {
  const named = process.env.AEROSPIKE_LOCAL
  if (named !== undefined && named !== '') return named
  const built = builtHere()
  if (built !== undefined) return built
  const attempts: Attempts = ['AEROSPIKE_LOCAL in the environment']
  const installed = fromPackage('aerospike-local', attempts, (require, name) => require(name) as LocalPackage)
  if (installed !== undefined) return installed.binaryPath()
  throw clientError(
    `aerospike-local was not found. Looked for ${attempts.join(', ')}. Install it: npm install --save-dev aerospike-local`,
  )
}
