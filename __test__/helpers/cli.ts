// Runs the command line: in this process, or in a process of its own as users do.
import { spawn } from 'node:child_process'
import { inject, vi } from 'vitest'
import { run } from '../../cli/run.mjs'
import { cliProgram } from './cli-program.js'

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

/** Runs the command in this process, which is much faster. Its output must not be on a terminal. */
export async function cli(args: readonly string[], variables?: { [name: string]: string }): Promise<CliRun> {
  const env = variables ?? { AEROSPIKE_HOSTS: inject('aerospike').address }
  for (const name of Object.keys(process.env)) if (!(name in CLEAN)) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const output = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map(name =>
    vi.spyOn(process[name], 'write').mockImplementation((text: string | Uint8Array, ...more: unknown[]) => {
      output[name] += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
      const done = more.at(-1)
      if (typeof done === 'function') process.nextTick(done as () => void)
      return true
    }),
  )
  const before = process.exitCode
  process.exitCode = undefined
  try {
    await run(args)
    return { ...output, code: Number(process.exitCode ?? 0), signal: null }
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
    vi.unstubAllEnvs()
  }
}
