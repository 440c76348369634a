// Checks what the project depends on: advisories, licences and sources of the crates (cargo-deny, `deny.toml`), advisories
// of the npm packages, and the workflows (actionlint, and zizmor for their security). Installs cargo-deny, actionlint and zizmor
// in .cache/tools when they are missing, which takes minutes the first time. Needs the network: a check that cannot reach
// what it needs is listed with the reason, and fails the audit as a finding does.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './entries.mjs'

const CARGO_DENY = '0.20.2'
const ACTIONLINT = '1.7.12'
const ZIZMOR = '1.32.0'
/** Lock files that are not checked, with the reason. */
const UNCHECKED = {
  benchmark: 'its packages are those that the official client requires',
}

const tools = join(root, '.cache', 'tools')
const suffix = process.platform === 'win32' ? '.exe' : ''
const failed = []
/** What could not be checked, by the reason. */
const unchecked = new Map()

/** Why a check could not be made. */
class NotChecked extends Error {}

step('advisories about the crates', () => {
  const { status, stderr } = run(cargoDeny(), ['--locked', 'check', '--hide-inclusion-graph', 'advisories'], {
    stderr: 'pipe',
  })
  process.stderr.write(stderr)
  const reason = /^.*(?:failed to (?:fetch|clone|load|open)|unable to (?:fetch|clone|load)).*advisory.*$/im.exec(stderr)
  if (status !== 0 && reason !== null) throw new NotChecked(`no advisory database: ${reason[0].trim()}`)
  return status === 0
})
step('licences and sources of the crates', () => {
  return run(cargoDeny(), ['--locked', 'check', '--hide-inclusion-graph', 'bans', 'licenses', 'sources']).status === 0
})
for (const folder of lockedFolders()) step(`npm packages of ${folder}`, () => auditNpm(folder))
step('workflows', () => {
  const program = tool('actionlint', ['-version'], () => [
    'go',
    ['install', `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`],
    { GOBIN: join(tools, 'bin') },
  ])
  return run(program, []).status === 0
})
step('security of the workflows', () => {
  const program = tool('zizmor', ['--version'], () => [
    'cargo',
    ['install', '--locked', '--root', tools, `zizmor@${ZIZMOR}`],
  ])
  return run(program, ['--offline', '.github/workflows']).status === 0
})
if (failed.length > 0) console.error(`\nfailed: ${failed.join(', ')}`)
for (const [reason, names] of unchecked) console.error(`\nnot checked: ${names.join(', ')}: ${reason}`)
process.exitCode = failed.length + unchecked.size > 0 ? 1 : 0

function step(name, check) {
  console.log(`==> ${name}`)
  try {
    if (!check()) failed.push(name)
  } catch (error) {
    if (!(error instanceof NotChecked)) throw error
    console.error(`not checked: ${error.message}`)
    unchecked.set(error.message, [...(unchecked.get(error.message) ?? []), name])
  }
}

/** The folders that have a package-lock.json in the repository. */
function lockedFolders() {
  const { stdout } = run('git', ['ls-files', '*package-lock.json'], { stdout: 'pipe' })
  const folders = stdout.trim().split('\n').map(dirname)
  if (!folders.includes('.')) throw new Error('git lists no package-lock.json')
  return folders.filter(folder => !(folder in UNCHECKED))
}

/** Prints the advisories about the packages of a lock file. Returns true if no package has an advisory. */
function auditNpm(folder) {
  const { stdout } = run(
    'npm',
    ['audit', '--package-lock-only', '--json'],
    { stdout: 'pipe', stderr: 'ignore' },
    folder,
  )
  const report = parse(stdout)
  // A registry that cannot be reached, or has no advisories, leads to a report of another form.
  if (report?.vulnerabilities === undefined) {
    const { message, error } = report ?? {}
    throw new NotChecked(
      `no answer about advisories: ${message || error?.summary || error?.code || 'npm printed no report'}`,
    )
  }
  for (const { name, severity, range, via } of Object.values(report.vulnerabilities)) {
    for (const cause of via) {
      const text = typeof cause === 'string' ? `through ${cause}` : `${cause.title} (${cause.url})`
      console.log(`${severity}: ${name} ${range}: ${text}`)
    }
  }
  return Object.keys(report.vulnerabilities).length === 0
}

function parse(json) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function cargoDeny() {
  return tool('cargo-deny', ['--version'], () => [
    'cargo',
    ['install', '--locked', '--root', tools, `cargo-deny@${CARGO_DENY}`],
  ])
}

/** The path of a program: that of the system, or of .cache/tools, where it is installed first if need be. */
function tool(name, version, install) {
  if (spawnSync(name, version).status === 0) return name
  const path = join(tools, 'bin', name + suffix)
  if (!existsSync(path)) {
    const [program, args, env] = install()
    const { status } = run(program, args, { env })
    if (status !== 0) throw new NotChecked(`${name} is not installed, and \`${program} ${args.join(' ')}\` failed`)
  }
  return path
}

function run(program, args, { stdout = 'inherit', stderr = 'inherit', env = {} } = {}, folder = '.') {
  const { error, ...result } = spawnSync(program, args, {
    cwd: join(root, folder),
    stdio: ['ignore', stdout, stderr],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  if (error !== undefined) console.error(`${program}: ${error.message}`)
  return { ...result, stdout: result.stdout ?? '', stderr: result.stderr ?? '' }
}
