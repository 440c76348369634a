// Starts the aerospike-local binary that `make dev-build` left in target/.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A running aerospike-local. */
export interface RunningServer {
  address: string
  host: string
  port: number
  process: ChildProcess
  /** Asks it to end, and waits until it has. */
  stop: () => Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The newest build of the server, or the one named by AEROSPIKE_LOCAL. */
export function localServerPath(): string {
  const named = process.env.AEROSPIKE_LOCAL
  if (named) return named
  const name = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
  const built = ['fast', 'release', 'debug']
    .map(profile => join(target, profile, name))
    .filter(path => existsSync(path))
  const newest = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  if (newest === undefined) throw new Error('aerospike-local is not built: run `make dev-build`')
  return newest
}

/** Starts a server on a free port; it ends with this process even if nobody stops it. */
export async function startLocalServer(args: readonly string[] = []): Promise<RunningServer> {
  const child = spawn(localServerPath(), ['--port', '0', '--stop-with-parent', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000)
  })
  const ended = new Promise<void>(resolve => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const { host, port } = await new Promise<{ host: string; port: number }>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer)
      reject(new Error(`aerospike-local ${why}${errors && `:\n${errors}`}`))
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail('was not ready within 20 s')
    }, 20_000)
    child.once('error', error => fail(`could not be started (${error.message})`))
    child.once('close', (code, signal) => fail(`ended before it was ready (${signal ?? `exit code ${code}`})`))
    createInterface({ input: child.stdout }).on('line', line => {
      const ready = parseReady(line)
      if (!ready) return
      clearTimeout(timer)
      resolve(ready)
    })
  })
  return {
    address: `${host}:${port}`,
    host,
    port,
    process: child,
    stop: async () => {
      child.stdin.end() // --stop-with-parent takes the end of its input for the end of its parent
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(timer)
    },
  }
}

function parseReady(line: string): { host: string; port: number } | undefined {
  try {
    const message: unknown = JSON.parse(line)
    if (typeof message !== 'object' || message === null || !('event' in message) || message.event !== 'ready') return
    if (!('port' in message) || typeof message.port !== 'number') return
    const host = 'host' in message && typeof message.host === 'string' ? message.host : '127.0.0.1'
    return { host: host === '0.0.0.0' ? '127.0.0.1' : host, port: message.port }
  } catch {
    return
  }
}
