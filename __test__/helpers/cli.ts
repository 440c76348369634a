// Runs the command line in a process of its own, as users do.
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { root } from './packed.js'

const PROGRAM = join(root, '.cache', 'cli', 'main.mjs')

/** How a run ended. */
export interface CliRun {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** A run that has started. */
export interface StartedCli {
  readonly child: ReturnType<typeof spawn>
  /** What was written to standard error so far. */
  readonly stderr: () => string
  readonly ended: Promise<CliRun>
}

export interface CliOptions {
  /** Variables besides those of this process. Default: the shared server. */
  env?: NodeJS.ProcessEnv
  /** The text of standard input. Default: none. */
  stdin?: string
  cwd?: string
}

/** A process that hangs is killed after this long; the tests then see the signal. */
const HANG_MS = 30_000

let built = false

/** The program, bundled again if a source is newer. */
export function cliProgram(): string {
  if (!built) {
    const newest = Math.max(
      ...['cli', 'chaos'].flatMap(folder =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter(name => name.endsWith('.mts'))
          .map(name => statSync(join(root, folder, name)).mtimeMs),
      ),
    )
    const stats = statSync(PROGRAM, { throwIfNoEntry: false })
    if (stats === undefined || stats.mtimeMs < newest) {
      execFileSync(process.execPath, [join(root, 'scripts', 'bundle-cli.mjs')], { stdio: 'inherit' })
    }
    built = true
  }
  return PROGRAM
}

/** Variables of this process that would change what the command does. */
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^AEROSPIKE_(?!LOCAL)|^(?:NO_COLOR|FORCE_COLOR|COLUMNS)$/.test(name)),
)

/** Starts the command. */
export function startCli(args: readonly string[], options: CliOptions = {}): StartedCli {
  const env = { ...CLEAN, ...(options.env ?? { AEROSPIKE_HOSTS: inject('aerospike').address }) }
  const child = spawn(process.execPath, [cliProgram(), ...args], {
    env,
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: HANG_MS,
    killSignal: 'SIGKILL',
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.on('error', () => undefined) // the command may end without reading it
  child.stdin.end(options.stdin ?? '')
  const ended = new Promise<CliRun>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, stderr: () => stderr, ended }
}

/** Runs the command until it ends. */
export function runCli(args: readonly string[], options?: CliOptions): Promise<CliRun> {
  return startCli(args, options).ended
}
