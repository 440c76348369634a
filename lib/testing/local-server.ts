/**
 * aerospike-local for tests and demos: a small server of our own, in memory, that needs no container.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { clientError } from '../errors'
import { integerOption, optionsObject, stringOption, unknownOption } from '../options'
import { platformTarget } from '../platform'

/** How a server is started. */
export interface LocalServerOptions {
  /** Port; 0 takes a free one. Default 0. */
  port?: number
  /** Namespaces. Default `['test']`. */
  namespaces?: readonly string[]
  /** The cluster's name. Default none. */
  clusterName?: string
  /** Lifetime in seconds of records that say nothing of it; 0 for ever. Default 0. */
  defaultTtl?: number
  /** Bytes that a record may have. Default 1 MiB. */
  maxRecordSize?: number
}

const START_MS = 20_000
const STOP_MS = 5000
const KNOWN = ['port', 'namespaces', 'clusterName', 'defaultTtl', 'maxRecordSize']

/** The binary: named by AEROSPIKE_LOCAL, in the platform package, or built in this repository. */
function binaryPath(): string {
  const named = process.env.AEROSPIKE_LOCAL
  if (named !== undefined && named !== '') return named
  const name = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
  const root = join(__dirname, '..', '..')
  const built = ['fast', 'release', 'debug'].map(profile => join(root, 'target', profile, name)).filter(existsSync)
  const newest = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
  if (newest !== undefined) return newest
  const platform = `aerospike-napi-${platformTarget()}`
  try {
    const installed = join(dirname(createRequire(__filename).resolve(`${platform}/package.json`)), name)
    if (existsSync(installed)) return installed
  } catch (cause) {
    throw clientError(
      `aerospike-local was not found: ${platform} is not installed, and AEROSPIKE_LOCAL is not set`,
      cause,
    )
  }
  throw clientError(`aerospike-local was not found in ${platform}; AEROSPIKE_LOCAL can name it`)
}

function argumentsOf(options: LocalServerOptions): string[] {
  const given = optionsObject(options, 'LocalServer')
  for (const name of Object.keys(given)) if (!KNOWN.includes(name)) unknownOption(name, 'LocalServer', KNOWN)
  const { port = 0, namespaces = ['test'], clusterName, defaultTtl, maxRecordSize } = options
  const names = [...namespaces].map(name => stringOption(name, 'LocalServer.namespaces'))
  const args = ['--stop-with-parent', '--port', String(integerOption(0, 65_535)(port, 'LocalServer.port'))]
  args.push('--namespace', names.join(','))
  if (clusterName !== undefined) args.push('--cluster-name', stringOption(clusterName, 'LocalServer.clusterName'))
  if (defaultTtl !== undefined)
    args.push('--default-ttl', String(integerOption(0)(defaultTtl, 'LocalServer.defaultTtl')))
  if (maxRecordSize !== undefined) {
    args.push('--max-record-size', String(integerOption(1)(maxRecordSize, 'LocalServer.maxRecordSize')))
  }
  return args
}

interface Ready {
  readonly host: string
  readonly port: number
}

function parseReady(line: string): Ready | undefined {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return undefined // A line that is not for us.
  }
  const { event, host, port } = message as { event?: unknown; host?: unknown; port?: unknown }
  return event === 'ready' && typeof host === 'string' && typeof port === 'number' ? { host, port } : undefined
}

/** A running aerospike-local. It ends with this process, even when nobody stops it. */
export class LocalServer implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>

  private constructor(
    child: ChildProcess,
    ended: Promise<void>,
    /** Address that it listens on. */
    readonly host: string,
    /** Port that it listens on. */
    readonly port: number,
  ) {
    this.#child = child
    this.#ended = ended
  }

  /**
   * Starts a server and waits until it answers.
   * @throws InvalidArgError, ClientError when it cannot be started
   */
  static async start(options: LocalServerOptions = {}): Promise<LocalServer> {
    const child = spawn(binaryPath(), argumentsOf(options), { stdio: ['pipe', 'pipe', 'pipe'] })
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000)
    })
    const ended = new Promise<void>(resolve => {
      child.once('close', () => resolve())
      child.once('error', () => resolve())
    })
    const { host, port } = await new Promise<Ready>((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer)
        reject(clientError(`aerospike-local ${why}${complaints === '' ? '' : `: ${complaints.trim()}`}`))
      }
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        fail(`was not ready within ${START_MS} ms`)
      }, START_MS)
      child.once('error', error => fail(`could not be started (${error.message})`))
      child.once('close', (code, signal) => fail(`ended before it was ready (${signal ?? `exit code ${code}`})`))
      createInterface({ input: child.stdout }).on('line', line => {
        const ready = parseReady(line)
        if (ready === undefined) return
        clearTimeout(timer)
        resolve(ready)
      })
    })
    // A server in the background does not keep its owner alive.
    child.unref()
    for (const stream of child.stdio) (stream as unknown as { unref?: () => void } | null)?.unref?.()
    return new LocalServer(child, ended, host, port)
  }

  /** `host:port`, as `hosts` of a client's configuration takes it. */
  get address(): string {
    return `${this.host}:${this.port}`
  }

  /** The server's process number. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Stops the server and waits until it is gone. Calling it again does nothing. */
  async stop(): Promise<void> {
    this.#child.ref()
    // It takes the end of its input for the end of its parent.
    this.#child.stdin?.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await this.#ended
    clearTimeout(timer)
  }

  /** Kills the server on the spot, as a crash would. */
  async kill(): Promise<void> {
    this.#child.ref()
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
