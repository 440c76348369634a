// The crates that the binaries contain, from Cargo.lock (through `cargo metadata`), for the targets of package.json: without
// tests, build scripts and procedural macros.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

/** Build dependencies whose C sources are compiled into the binaries, although cargo does not link the crate. */
const COMPILED_IN = ['lua-src']

/**
 * The crates of a member of the workspace, or of all, in alphabetical order. Those of the workspace are left out of `crates`.
 *
 * @param {string} [member] name of the member
 * @returns {{ crates: object[], packages: Map<string, object>, needed: Map<string, string[]> }} packages as `cargo metadata`
 *   lists them, by their ids; `needed` has the ids of the crates that each of them needs
 */
export function shippedCrates(member) {
  const { targets } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).napi
  const platforms = targets.flatMap(target => ['--filter-platform', target])
  const args = ['metadata', '--locked', '--format-version', '1', ...platforms]
  const { status, stdout, stderr } = spawnSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`cargo metadata: ${stderr}`)
  const metadata = JSON.parse(stdout)
  const packages = new Map(metadata.packages.map(one => [one.id, one]))
  const nodes = new Map(metadata.resolve.nodes.map(node => [node.id, node]))

  const needed = new Map()
  const left = metadata.workspace_members.filter(id => member === undefined || packages.get(id).name === member)
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (needed.has(id)) continue
    // What the crates in COMPILED_IN depend on runs only during the build.
    const deps = COMPILED_IN.includes(packages.get(id).name) ? [] : nodes.get(id).deps
    const linked = deps.filter(({ pkg, dep_kinds: kinds }) => {
      const { name, targets: built } = packages.get(pkg)
      const isMacro = built.some(({ kind }) => kind.includes('proc-macro'))
      return COMPILED_IN.includes(name) || (kinds.some(({ kind }) => kind === null) && !isMacro)
    })
    const ids = linked.map(({ pkg }) => pkg)
    needed.set(id, ids)
    left.push(...ids)
  }
  const crates = [...needed.keys()]
    .map(id => packages.get(id))
    .filter(({ source }) => source !== null)
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version))
  return { crates, packages, needed }
}

/** Compares texts by their code units, so that the order does not depend on the machine. */
export function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}
