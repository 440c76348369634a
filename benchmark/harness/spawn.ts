/** Child processes: each measurement has one to itself, so that none warms up or litters another. */
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Job } from './job'

/** The folder of the benchmark. */
export const FOLDER = dirname(__dirname)

export interface Finished {
  readonly stdout: string
  /** ms from start to end. */
  readonly elapsedMs: number
}

/** Runs a program to its end; its standard error is shown only when it fails. */
export function run(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, { cwd: FOLDER, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000)
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.once('error', error => {
      clearTimeout(timer)
      reject(new Error(`${command} could not be started: ${error.message}`))
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const elapsedMs = performance.now() - start
      if (code === 0) resolve({ stdout, elapsedMs })
      else reject(new Error(`${command} ended with ${signal ?? `exit code ${code}`}: ${stderr.trim()}`))
    })
  })
}

/** The last line of JSON: a client may have printed something before it. */
export function parseResult<T>(stdout: string): T {
  const line = stdout.trim().split('\n').at(-1) ?? ''
  return JSON.parse(line) as T
}

/** The most that V8 gives its young generation by itself. */
const FULL_YOUNG = ['--min-semi-space-size=16', '--max-semi-space-size=16']

/** Runs a job in a Node process of its own. */
export async function runJob<T>(job: Job, workers: number, timeoutMs: number): Promise<T> {
  const flags = job.kind === 'rss' ? ['--expose-gc', ...(job.fullYoung ? FULL_YOUNG : [])] : []
  // `tsx/cjs` hooks `require` alone; the whole of tsx would start a thread for imports.
  const args = [...flags, '--require', 'tsx/cjs', 'harness/child.ts', JSON.stringify(job)]
  const env = { ...process.env, AEROSPIKE_RUNTIME_WORKERS: String(workers) }
  return parseResult((await run(process.execPath, args, timeoutMs, env)).stdout)
}
