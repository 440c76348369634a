/**
 * Child processes. Each measurement runs in its own, so that it is not affected by earlier ones (warm code, garbage).
 */
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Job } from './job'

/** The directory of the benchmark. */
export const FOLDER = dirname(__dirname)

export interface Finished {
  readonly stdout: string
  /** Run time in ms. */
  readonly elapsedMs: number
}

/** Runs a program until it exits. Shows its standard error only if it fails. */
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

/** Parses the last line as JSON. A client may have printed other lines before it. */
export function parseResult<T>(stdout: string): T {
  const line = stdout.trim().split('\n').at(-1) ?? ''
  return JSON.parse(line) as T
}

/** The maximum size that V8 gives its young generation by default. */
const FULL_YOUNG = ['--min-semi-space-size=16', '--max-semi-space-size=16']

/** Runs a job in a separate Node process. */
export async function runJob<T>(job: Job, workers: number, timeoutMs: number): Promise<T> {
  const flags = job.kind === 'rss' ? ['--expose-gc', ...(job.fullYoung ? FULL_YOUNG : [])] : []
  // `tsx/cjs` hooks only `require`. All of tsx would start a thread for imports.
  const args = [...flags, '--require', 'tsx/cjs', 'harness/child.ts', JSON.stringify(job)]
  const env = { ...process.env, AEROSPIKE_RUNTIME_WORKERS: String(workers) }
  return parseResult((await run(process.execPath, args, timeoutMs, env)).stdout)
}
