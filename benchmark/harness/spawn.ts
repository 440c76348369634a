/**
 * Child processes. Each client runs each case in its own, so that it is not affected by others (warm code, garbage).
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type Job, RESULT } from './job'

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
  cwd: string = FOLDER,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
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

/** Parses the last line with a result. A client may print other lines. */
export function parseResult<T>(stdout: string): T {
  const line = stdout.split('\n').findLast(text => text.startsWith(RESULT))
  if (line === undefined) throw new Error('the process printed no result')
  return JSON.parse(line.slice(RESULT.length)) as T
}

/** The maximum size that V8 gives its young generation by default. */
const FULL_YOUNG = ['--min-semi-space-size=16', '--max-semi-space-size=16']

/** Arguments of a Node process that runs a job. */
export function nodeArguments(job: Job): string[] {
  const flags = ['--expose-gc', ...(job.kind === 'rss' && job.fullYoung ? FULL_YOUNG : [])]
  // `tsx/cjs` hooks only `require`. All of tsx would start a thread for imports.
  return [...flags, '--require', 'tsx/cjs', 'harness/child.ts', JSON.stringify(job)]
}

/** Runs a job in a separate Node process. */
export async function runJob<T>(job: Exclude<Job, { kind: 'measure' }>, timeoutMs: number): Promise<T> {
  return parseResult((await run(process.execPath, nodeArguments(job), timeoutMs)).stdout)
}

/** A process that prints a result when it is ready, and then one for each line that it gets, until its input ends. */
export class Measured<T> {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #results: AsyncIterator<string>
  #stderr = ''

  private constructor(
    readonly command: string,
    args: readonly string[],
    readonly timeoutMs: number,
  ) {
    this.#child = spawn(command, args, { cwd: FOLDER, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000)
    })
    this.#child.stdin.on('error', () => {}) // The process has ended: reported by #next.
    this.#child.on('error', error => {
      this.#stderr += error.message
    })
    this.#results = createInterface(this.#child.stdout)[Symbol.asyncIterator]()
  }

  /** Starts a process and waits until it is ready. */
  static async start<T>(command: string, args: readonly string[], timeoutMs: number): Promise<Measured<T>> {
    const measured = new Measured<T>(command, args, timeoutMs)
    await measured.#next()
    return measured
  }

  round(): Promise<T> {
    this.#child.stdin.write('round\n')
    return this.#next() as Promise<T>
  }

  /** Ends the process, which checks what it has written. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'close') as Promise<[number | null]>
    if (this.#child.exitCode === null) this.#child.stdin.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.timeoutMs)
    const code = this.#child.exitCode ?? (await ended)[0]
    clearTimeout(timer)
    if (code !== 0) throw this.#failed()
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async #next(): Promise<unknown> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.timeoutMs)
    try {
      for (;;) {
        const { value, done } = await this.#results.next()
        if (done === true) {
          if (this.#child.exitCode === null && this.#child.signalCode === null) {
            await once(this.#child, 'close')
          }
          throw this.#failed()
        }
        if (value.startsWith(RESULT)) return JSON.parse(value.slice(RESULT.length))
      }
    } finally {
      clearTimeout(timer)
    }
  }

  #failed(): Error {
    const { exitCode, signalCode } = this.#child
    return new Error(`${this.command} ended with ${signalCode ?? `exit code ${exitCode}`}: ${this.#stderr.trim()}`)
  }
}
