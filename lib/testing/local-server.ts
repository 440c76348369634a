/**
 * aerospike-local for tests and demos: a small server of our own, in memory, that needs no container.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { clientError, invalidArgument } from '../common/errors'
import { clearTimeout, setTimeout } from '../common/globals'
import { integerOption, optionsObject, stringOption, unknownOption } from '../common/options'
import { platformTarget } from '../native/platform'
import { LocalNode } from './local-node'

export { LocalNode } from './local-node'

/** How a server is started. */
export interface LocalServerOptions {
  /** Port; 0 takes a free one. Default 0. */
  port?: number
  /** Nodes of a cluster, 1 to 64, all in one process. With `port` each has the next one. Default 1. */
  nodes?: number
  /** How many nodes have each record. Default 2, with one node 1. */
  replicationFactor?: number
  /** The rack of each node. Default 0. */
  racks?: readonly number[]
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
/** ms after the server's end in which its last lines are read. */
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

/** What the server says in a line: that it is ready, or how a command ended. */
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
    return {} // A line that is not for us.
  }
}

function parseReady({ event, host, port, node, nodes }: Message): Ready | undefined {
  if (event !== 'ready' || typeof host !== 'string' || typeof port !== 'number') return undefined
  return { host, nodes: Array.isArray(nodes) ? nodes : [{ name: String(node), port }] }
}

/** Sends commands, one a line, and hears in the same order how they ended. */
class Controller {
  readonly #input: Writable
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  #ended = false

  constructor(input: Writable) {
    this.#input = input
    // What could not be written is told when the process ends.
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

/** Keeps the process alive while a command is on its way, and only then. */
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

/** A running aerospike-local. It ends with this process, even when nobody stops it. */
export class LocalServer implements AsyncDisposable {
  readonly #child: Server
  readonly #ended: Promise<void>

  private constructor(
    child: Server,
    ended: Promise<void>,
    /** Its nodes: as many as were asked for. */
    readonly nodes: readonly LocalNode[],
    /** Address that it listens on. */
    readonly host: string,
    /** Port that it, or its first node, listens on. */
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
      // Not 'close', which Node tells by `process.nextTick`: a test may have replaced that.
      child.once('exit', () => resolve())
      child.once('error', () => resolve())
    })
    const controller = new Controller(child.stdin)
    child.once('close', () => controller.end())
    // What the server said last may still be in the pipe.
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
    // A server in the background does not keep its owner alive.
    child.unref()
    for (const stream of [child.stdout, child.stderr, child.stdin]) setReferenced(stream, false)
    const control = referenced(child, command => controller.send(command))
    const all = nodes.map(({ name, port }, index) => new LocalNode(index, control, name, host, port))
    return new LocalServer(child, ended, all, host, all[0]?.port ?? 0)
  }

  /** `host:port`, as `hosts` of a client's configuration takes it; of several nodes all, separated by commas. */
  get address(): string {
    return this.nodes.map(node => node.address).join(',')
  }

  /** The server's process number. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Stops the server and waits until it is gone. Calling it again does nothing. */
  async stop(): Promise<void> {
    this.#child.ref()
    // It takes the end of its input for the end of its parent.
    this.#child.stdin.end()
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
