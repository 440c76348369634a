// Runs a fixture in a process of its own: what a process does at its end can be seen from outside only.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** How a process ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

const fixtures = fileURLToPath(new URL('../lifecycle/fixtures/', import.meta.url))

/** A process that hangs is killed after this long; the tests then see the signal. */
const HANG_MS = 45_000

/** How else to run a script. */
export interface ScriptOptions {
  /** Further environment variables. */
  env?: Readonly<Record<string, string>>
  /** Limit of open files of the process. */
  files?: number
  /** How long it may take, in milliseconds. */
  limit?: number
}

/** Runs `lifecycle/fixtures/<name>.cjs` with arguments until it ends by itself. */
export function runScript(name: string, ...args: string[]): Promise<Ended> {
  return runScriptWith({}, name, ...args)
}

/** Like `runScript`, with other environment variables or a limit of open files. */
export function runScriptWith(
  { env, files, limit = HANG_MS }: ScriptOptions,
  name: string,
  ...args: string[]
): Promise<Ended> {
  const script = [process.execPath, '--expose-gc', `${fixtures}${name}.cjs`, ...args]
  const limited = files === undefined ? script : ['sh', '-c', `ulimit -n ${files}; exec "$@"`, 'sh', ...script]
  const [program = '', ...rest] = limited
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      timeout: limit,
      killSignal: 'SIGKILL',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output: output.trim() }))
  })
}
