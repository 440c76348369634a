/**
 * aerospike-local for tests and demos: a small in-memory server, part of this project, that needs no container.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { bracketed } from '../common/address'
import { clientError, invalidArgument } from '../common/errors'
import { clearTimeout, setTimeout } from '../common/globals'
import { stringOption } from '../common/options'
import { LocalNode } from './local-node'
import {
  adminOf,
  argumentsOf,
  type ClientCertificateKind,
  type Credentials,
  clientCertificateKind,
  type LocalServerOptions,
  type ServerCertificateKind,
  serverCertificateKind,
} from './local-server-options'
import { serverBinary } from './server-binary'

const START_MS = 20_000
const STOP_MS = 5000
/** Milliseconds after the server's end in which its last lines are read. */
const LAST_WORDS_MS = 500

type Server = ChildProcessByStdio<Writable, Readable, Readable>

/** A certificate and its private key, both in PEM form. */
export interface Certificate {
  /** The certificate. */
  readonly cert: string
  /** The private key. */
  readonly key: string
}

/** What a client needs to connect to a {@link LocalServer}; `connect` accepts it. */
export interface LocalConnection {
  /** Address of the server, as `host:port`; with several nodes, separated by commas. */
  hosts: string
  /** User name, if the server has users. */
  user?: string | undefined
  /** Password of the user. */
  password?: string | undefined
  /** Certificate authority, and the client certificate if the server requires one, if the server has TLS. */
  tls?: { ca: string; cert?: string | undefined; key?: string | undefined } | undefined
}

/** TLS of a running server. */
interface ReadyTls {
  readonly name: string
  readonly ca: string
  readonly client: Certificate
}

interface Ready {
  readonly host: string
  readonly nodes: readonly { name: string; port: number; tlsPort?: number }[]
  readonly tls: ReadyTls | undefined
}

/** A line of the server's output: it is ready, or a command has ended. */
interface Message {
  event?: unknown
  host?: unknown
  port?: unknown
  node?: unknown
  nodes?: unknown
  message?: unknown
  tls?: unknown
  issued?: unknown
}

function parseMessage(line: string): Message {
  try {
    return JSON.parse(line) as Message
  } catch {
    return {} // Not a message, but other output.
  }
}

function parseReady({ event, host, port, node, nodes, tls }: Message): Ready | undefined {
  if (event !== 'ready' || typeof host !== 'string' || typeof port !== 'number') return undefined
  return { host, nodes: Array.isArray(nodes) ? nodes : [{ name: String(node), port }], tls: parseTls(tls) }
}

function parseTls(tls: unknown): ReadyTls | undefined {
  if (tls === undefined) return undefined
  const { name, ca, client } = tls as { [name: string]: unknown }
  return { name: String(name), ca: String(ca), client: parseCertificate(client) }
}

function parseCertificate(issued: unknown): Certificate {
  const { certificate, key } = issued as { [name: string]: unknown }
  return { cert: String(certificate), key: String(key) }
}

/** Sends commands, one on each line, and receives their outcomes in the same order. */
class Controller {
  readonly #input: Writable
  readonly #waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = []
  #ended = false

  constructor(input: Writable) {
    this.#input = input
    // A failed write is reported when the process ends.
    input.on('error', () => {})
  }

  send(command: string): Promise<Message> {
    if (this.#ended) return Promise.reject(clientError('aerospike-local has ended'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#input.write(`${command}\n`)
    })
  }

  hear(message: Message): void {
    if (message.event === 'done') this.#waiting.shift()?.resolve(message)
    if (message.event === 'failed') {
      this.#waiting.shift()?.reject(clientError(`aerospike-local: ${String(message.message)}`))
    }
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
function referenced(child: Server, send: (command: string) => Promise<Message>): (command: string) => Promise<Message> {
  let waiting = 0
  return async command => {
    if (waiting++ === 0) setReferenced(child.stdout, true)
    try {
      return await send(command)
    } finally {
      if (--waiting === 0) setReferenced(child.stdout, false)
    }
  }
}

/** A running aerospike-local. It ends with this process, even if nobody stops it. */
export class LocalServer implements AsyncDisposable {
  readonly #child: Server
  readonly #ended: Promise<void>
  readonly #control: (command: string) => Promise<Message>
  readonly #admin: Credentials | undefined
  readonly #tls: ReadyTls | undefined

  private constructor(
    child: Server,
    ended: Promise<void>,
    control: (command: string) => Promise<Message>,
    admin: Credentials | undefined,
    tls: ReadyTls | undefined,
    /** Nodes of the server; their number is that of the option `nodes`. */
    readonly nodes: readonly LocalNode[],
    /** Address that the server listens on. */
    readonly host: string,
    /** Port that the server, or its first node, listens on. */
    readonly port: number,
  ) {
    this.#child = child
    this.#ended = ended
    this.#control = control
    this.#admin = admin
    this.#tls = tls
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
    const child = spawn(serverBinary(), argumentsOf(options), { stdio: ['pipe', 'pipe', 'pipe'] })
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
    const { host, nodes, tls } = await new Promise<Ready>((resolve, reject) => {
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
    const send = async (command: string): Promise<void> => void (await control(command))
    const all = nodes.map(({ name, port, tlsPort }, index) => new LocalNode(index, send, name, host, port, tlsPort))
    return new LocalServer(child, ended, control, adminOf(options), tls, all, host, all[0]?.port ?? 0)
  }

  /** Address as `host:port`, for `hosts` of a client's configuration; several nodes are separated by commas. */
  get address(): string {
    return this.nodes.map(node => node.address).join(',')
  }

  /**
   * Configuration that connects to the server: its address and, with access control, the user `admin`. Copy it to add
   * options of your own.
   *
   * @example
   * ```ts
   * await using server = await LocalServer.start({ security: true })
   * const admin = await connect(server.config)
   * const ada = await connect({ ...server.config, user: 'ada', password: 'secret' })
   * ```
   */
  get config(): LocalConnection {
    const connection: LocalConnection = { hosts: this.tlsAddress ?? this.address, ...this.#admin }
    if (this.#tls !== undefined) connection.tls = { ca: this.#tls.ca, ...this.#tls.client }
    return connection
  }

  /** Addresses for TLS as `host:name:port`, separated by commas, if the server has TLS. */
  get tlsAddress(): string | undefined {
    const tls = this.#tls
    if (tls === undefined) return undefined
    return this.nodes.map(node => `${bracketed(node.host)}:${tls.name}:${node.tlsPort}`).join(',')
  }

  /** Certificate of the authority, in PEM form, if the server has TLS. */
  get ca(): string | undefined {
    return this.#tls?.ca
  }

  /** Certificate of a client, in PEM form, if the server has TLS. Its private key is `key`. */
  get cert(): string | undefined {
    return this.#tls?.client.cert
  }

  /** Private key of `cert`, in PEM form. */
  get key(): string | undefined {
    return this.#tls?.client.key
  }

  /**
   * Issues a certificate for another client.
   *
   * @param commonName - common name: the user of a client that authenticates with the certificate
   * @param kind - whether the certificate is valid. Default `valid`
   * @returns the certificate and its private key
   * @throws ClientError if the server has no TLS; InvalidArgError if an argument is invalid
   */
  async issueClientCertificate(commonName: string, kind: ClientCertificateKind = 'valid'): Promise<Certificate> {
    const name = stringOption(commonName, 'issueClientCertificate: commonName')
    if (/\s/.test(name)) throw invalidArgument('issueClientCertificate: commonName: a name without spaces is needed')
    const checked = clientCertificateKind(kind, 'issueClientCertificate: kind')
    const { issued } = await this.#control(`issue-certificate ${checked} ${name}`)
    return parseCertificate(issued)
  }

  /**
   * Replaces the certificate that the server presents on new connections.
   *
   * @param kind - whether the certificate is valid. `valid` makes a new one, as a certificate rotation does
   * @returns when new connections get the certificate
   * @throws ClientError if the server has no TLS; InvalidArgError if the argument is invalid
   */
  async presentCertificate(kind: ServerCertificateKind): Promise<void> {
    await this.#control(`present-certificate ${serverCertificateKind(kind, 'presentCertificate: kind')}`)
  }

  /** Name of a user who may do everything, if the server has access control. */
  get user(): string | undefined {
    return this.#admin?.user
  }

  /** Password of that user. */
  get password(): string | undefined {
    return this.#admin?.password
  }

  /** Process id of the server. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /**
   * Ends all sessions at once, as if their time had passed: clients have to log in again to open connections.
   * Connections that are already open stay authenticated.
   *
   * @returns when the sessions have ended
   * @throws ClientError if the server has no access control
   */
  async expireSessions(): Promise<void> {
    await this.#control('expire-sessions')
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
