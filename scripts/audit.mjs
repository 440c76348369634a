// Checks what the project depends on: advisories, licences and sources of the crates (cargo-deny, `deny.toml`), advisories
// of the npm packages, and the workflows (actionlint, and zizmor for their security). Installs cargo-deny, actionlint and zizmor
// in .cache/tools when they are missing, which takes minutes the first time. Needs the network.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

const CARGO_DENY = '0.20.2'
const ACTIONLINT = '1.7.12'
const ZIZMOR = '1.32.0'
/** The folders whose npm packages are checked. The benchmark's are those that the official client requires. */
const NPM = ['.', 'examples/fastify-service', 'docs']

const tools = join(root, '.cache', 'tools')
const suffix = process.platform === 'win32' ? '.exe' : ''
const failed = []

step('crates', () => {
  const program = tool('cargo-deny', ['--version'], () => [
    'cargo',
    ['install', '--locked', '--root', tools, `cargo-deny@${CARGO_DENY}`],
  ])
  return run(program, ['--locked', 'check', '--hide-inclusion-graph'])
})
for (const folder of NPM) {
  step(`npm packages of ${folder}`, () => run('npm', ['audit', '--package-lock-only'], join(root, folder)))
}
step('workflows', () => {
  const program = tool('actionlint', ['-version'], () => [
    'go',
    ['install', `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`],
    { GOBIN: join(tools, 'bin') },
  ])
  return run(program, [])
})
step('security of the workflows', () => {
  const program = tool('zizmor', ['--version'], () => [
    'cargo',
    ['install', '--locked', '--root', tools, `zizmor@${ZIZMOR}`],
  ])
  return run(program, ['--offline', '.github/workflows'])
})
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

function step(name, check) {
  console.log(`==> ${name}`)
  if (!check()) failed.push(name)
}

/** The path of a program: that of the system, or of .cache/tools, where it is installed first if need be. */
function tool(name, version, install) {
  if (spawnSync(name, version).status === 0) return name
  const path = join(tools, 'bin', name + suffix)
  if (!existsSync(path)) {
    const [program, args, env] = install()
    run(program, args, root, env)
  }
  return path
}

function run(program, args, cwd = root, env = {}) {
  const options = { cwd, stdio: 'inherit', env: { ...process.env, ...env }, shell: process.platform === 'win32' }
  const { status, error } = spawnSync(program, args, options)
  if (error !== undefined) console.error(`${program}: ${error.message}`)
  return status === 0
}
