/**
 * aerospike-local for tests and demos: a small in-memory server, part of this project, that needs no container.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { clientError, invalidArgument } from '../common/errors'
import { clearTimeout, setTimeout } from '../common/globals'
import { checkOptions, integerOption, optionsObject, stringOption } from '../common/options'
import { platformTarget } from '../native/platform'
import { LocalNode } from './local-node'

export { LocalNode } from './local-node'

/** Options of `LocalServer.start`. */
export interface LocalServerOptions {
  /** Port; 0 for any free port. Default 0. */
  port?: number | undefined
  /**
   * Number of nodes in the cluster, 1 to 64, all in one process. With a `port`, the nodes use consecutive ports.
   * Default 1.
   */
  nodes?: number | undefined
  /** Number of copies of each record. Default 2; 1 with a single node. */
  replicationFactor?: number | undefined
  /** Rack id of each node. Default 0. */
  racks?: readonly number[] | undefined
  /** Names of the namespaces. Default `['test']`. */
  namespaces?: readonly string[] | undefined
  /** Name of the cluster. Default: none. */
  clusterName?: string | undefined
  /** Time to live in seconds of records that are written without one; 0: never expires. Default 0. */
  defaultTtl?: number | undefined
  /** Maximum size of a record in bytes. Default 1 MiB. */
  maxRecordSize?: number | undefined
}

const START_MS = 20_000
const STOP_MS = 5000
/** Milliseconds after the server's end in which its last lines are read. */
const LAST_WORDS_MS = 500
const MAX_NODES = 64
const KNOWN = [
  'port',
  'nodes',
  'replicationFactor',
  'racks',
  'namespaces',
  'clusterName',
  'defaultTtl',
  'maxRecordSize',
]

type Server = ChildProcessByStdio<Writable, Readable, Readable>

/** Finds the binary: in AEROSPIKE_LOCAL, built in this repository, or in the platform package. */
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
  throw clientError(`aerospike-local was not found in ${platform}; set AEROSPIKE_LOCAL to its path`)
}

function argumentsOf(options: LocalServerOptions): string[] {
  const given = optionsObject(options, 'LocalServer')
  checkOptions(given, 'LocalServer', KNOWN)
  const { port = 0, namespaces = ['test'], clusterName, defaultTtl, maxRecordSize } = options
  const names = [...namespaces].map(name => stringOption(name, 'LocalServer.namespaces'))
  const args = ['--stop-with-parent', '--control', '--port', String(integerOption(0, 65_535)(port, 'LocalServer.port'))]
  args.push('--namespace', names.join(','))
  args.push(...clusterArguments(options))
  if (clusterName !== undefined) args.push('--cluster-name', stringOption(clusterName, 'LocalServer.clusterName'))
  if (defaultTtl !== undefined)
    args.push('--default-ttl', String(integerOption(0)(defaultTtl, 'LocalServer.defaultTtl')))
  if (maxRecordSize !== undefined) {
    args.push('--max-record-size', String(integerOption(1)(maxRecordSize, 'LocalServer.maxRecordSize')))
  }
  return args
}

function clusterArguments({ nodes = 1, replicationFactor, racks = [] }: LocalServerOptions): string[] {
  const args: string[] = []
  const count = integerOption(1, MAX_NODES)(nodes, 'LocalServer.nodes')
  if (count !== 1) args.push('--nodes', String(count))
  if (replicationFactor !== undefined) {
    const factor = integerOption(1, MAX_NODES)(replicationFactor, 'LocalServer.replicationFactor')
    args.push('--replication-factor', String(factor))
  }
  const numbers = [...racks].map(rack => integerOption(0, 0xffff_ffff)(rack, 'LocalServer.racks'))
  if (numbers.length > count) throw invalidArgument(`LocalServer.racks: ${numbers.length} racks for ${count} nodes`)
  if (numbers.length > 0) args.push('--racks', numbers.join(','))
  return args
}

interface Ready {
  readonly host: string
  readonly nodes: readonly { name: string; port: number }[]
}

/** A line of the server's output: it is ready, or a command has ended. */
interface Message {
  event?: unknown
  host?: unknown
  port?: unknown
  node?: unknown
  nodes?: unknown
  message?: unknown
}

function parseMessage(line: string): Message {
  try {
    return JSON.parse(line) as Message
  } catch {
    return {} // Not a message, but other output.
  }
}

function parseReady({ event, host, port, node, nodes }: Message): Ready | undefined {
  if (event !== 'ready' || typeof host !== 'string' || typeof port !== 'number') return undefined
  return { host, nodes: Array.isArray(nodes) ? nodes : [{ name: String(node), port }] }
}

/** Sends commands, one on each line, and receives their outcomes in the same order. */
class Controller {
  readonly #input: Writable
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  #ended = false

  constructor(input: Writable) {
    this.#input = input
    // A failed write is reported when the process ends.
    input.on('error', () => {})
  }

  send(command: string): Promise<void> {
    if (this.#ended) return Promise.reject(clientError('aerospike-local has ended'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#input.write(`${command}\n`)
    })
  }

  hear({ event, message }: Message): void {
    if (event === 'done') this.#waiting.shift()?.resolve()
    if (event === 'failed') this.#waiting.shift()?.reject(clientError(`aerospike-local: ${String(message)}`))
  }

  end(): void {
    this.#ended = true
    for (const { reject } of this.#waiting.splice(0)) reject(clientError('aerospike-local has ended'))
  }
}

function setReferenced(stream: Readable | Writable, on: boolean): void {
  const socket = stream as { ref?: () => void; unref?: () => void }
  if (on) socket.ref?.()
  else socket.unref?.()
}

/** Keeps the process alive only while a command is in progress. */
function referenced(child: Server, send: (command: string) => Promise<void>): (command: string) => Promise<void> {
  let waiting = 0
  return async command => {
    if (waiting++ === 0) setReferenced(child.stdout, true)
    try {
      await send(command)
    } finally {
      if (--waiting === 0) setReferenced(child.stdout, false)
    }
  }
}

/** A running aerospike-local. It ends with this process, even if nobody stops it. */
export class LocalServer implements AsyncDisposable {
  readonly #child: Server
  readonly #ended: Promise<void>

  private constructor(
    child: Server,
    ended: Promise<void>,
    /** Nodes of the server; their number is that of the option `nodes`. */
    readonly nodes: readonly LocalNode[],
    /** Address that the server listens on. */
    readonly host: string,
    /** Port that the server, or its first node, listens on. */
    readonly port: number,
  ) {
    this.#child = child
    this.#ended = ended
  }

  /**
   * Starts a server, and waits until it answers.
   *
   * @param options - port, nodes, namespaces. Default: one node with the namespace `test`, on a free port
   * @returns the running server
   * @throws InvalidArgError if an option is invalid; ClientError if the server cannot be started
   * @example
   * ```ts
   * await using server = await LocalServer.start()
   * await using client = await connect({ hosts: server.address })
   * await client.put(['test', 'users', 'ada'], { name: 'Ada' })
   * ```
   */
  static async start(options: LocalServerOptions = {}): Promise<LocalServer> {
    const child = spawn(binaryPath(), argumentsOf(options), { stdio: ['pipe', 'pipe', 'pipe'] })
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000)
    })
    const ended = new Promise<void>(resolve => {
      // Not 'close', which Node emits through `process.nextTick`: a test may have replaced that.
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    const controller = new Controller(child.stdin)
    child.once('close', () => controller.end())
    // The server's last lines may still be in the pipe.
    void ended.then(() => setTimeout(() => controller.end(), LAST_WORDS_MS).unref())
    const { host, nodes } = await new Promise<Ready>((resolve, reject) => {
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
        const message = parseMessage(line)
        const ready = parseReady(message)
        if (ready === undefined) return controller.hear(message)
        clearTimeout(timer)
        resolve(ready)
      })
    })
    // The server must not keep its parent process alive.
    child.unref()
    for (const stream of [child.stdout, child.stderr, child.stdin]) setReferenced(stream, false)
    const control = referenced(child, command => controller.send(command))
    const all = nodes.map(({ name, port }, index) => new LocalNode(index, control, name, host, port))
    return new LocalServer(child, ended, all, host, all[0]?.port ?? 0)
  }

  /** Address as `host:port`, for `hosts` of a client's configuration; several nodes are separated by commas. */
  get address(): string {
    return this.nodes.map(node => node.address).join(',')
  }

  /** Process id of the server. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /**
   * Stops the server, and waits until it has ended. Calling it again has no effect.
   *
   * @returns when the process has ended; it is killed after 5 seconds
   */
  async stop(): Promise<void> {
    this.#child.ref()
    // The server exits at the end of its input, as it does when its parent ends.
    this.#child.stdin.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await this.#ended
    clearTimeout(timer)
  }

  /**
   * Kills the server at once, like a crash.
   *
   * @returns when the process has ended
   */
  async kill(): Promise<void> {
    this.#child.ref()
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Stops the server, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
