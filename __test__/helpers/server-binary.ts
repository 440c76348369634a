// Which aerospike-local the tests run: the newest that cargo built here, wherever cargo builds.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The server's path: named by AEROSPIKE_LOCAL, or the newest build. */
export function serverBinary(): string {
  const named = process.env.AEROSPIKE_LOCAL
  if (named) return named
  const name = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
  const built = ['fast', 'release', 'debug'].map(profile => join(target, profile, name)).filter(existsSync)
  const newest = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  if (newest === undefined) throw new Error('aerospike-local is not built: run `make dev-build`')
  return newest
}
