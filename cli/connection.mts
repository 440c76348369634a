/**
 * The options of the connection, which every command takes, and connecting with them.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import {
  AerospikeError,
  type Client,
  type ClientConfig,
  connect,
  InvalidArgError,
  type TlsOptions,
} from 'aerospike-napi'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CliError, EXIT, usageError } from './exit-codes.mjs'

/** Values of the options of the connection. */
export interface ConnectionOptions {
  readonly uri?: string
  readonly hosts?: string
  readonly namespace?: string
  readonly user?: string
  readonly password?: string
  readonly passwordFile?: string
  readonly authMode?: ClientConfig['authMode']
  readonly clusterName?: string
  readonly servicesAlternate?: boolean
  readonly timeout?: number
  readonly tls?: boolean
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsKeyPassword?: string
  readonly tlsServerName?: string
  readonly tlsMinVersion?: TlsOptions['minVersion']
  readonly tlsVerify?: boolean
}

/** A connected client of the command line, which reads integers as bigint. */
export type CliClient = Client<number | bigint>

/** The server of a connection that names none. */
const DEFAULT_HOSTS = '127.0.0.1:3000'

/** An integer of an option, within limits. */
export function integerOption(lowest: number, highest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^-?\d+$/.test(text) && value >= lowest && value <= highest) return value
    const limits = highest === Number.MAX_SAFE_INTEGER ? `of ${lowest} or more` : `from ${lowest} to ${highest}`
    throw new InvalidArgumentError(`An integer ${limits} is needed.`)
  }
}

/** A number of an option, within limits. */
export function numberOption(lowest: number, highest: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() !== '' && value >= lowest && value <= highest) return value
    throw new InvalidArgumentError(`A number from ${lowest} to ${highest} is needed.`)
  }
}

const GROUP = 'Connection:'

/** Adds the options of the connection to a command. */
export function addConnectionOptions(command: Command): Command {
  const option = (flags: string, description: string): Option => new Option(flags, description).helpGroup(GROUP)
  return command
    .addOption(option('--uri <uri>', 'connection URI: aerospike://user:password@host:3000/namespace'))
    .addOption(option('-h, --hosts <hosts>', `seed nodes, separated by commas (default ${DEFAULT_HOSTS})`))
    .addOption(option('-n, --namespace <name>', 'namespace of keys and sets that name none'))
    .addOption(option('-U, --user <name>', 'user'))
    .addOption(
      option('-P, --password <text>', 'password; other users of the machine can see it in the list of processes'),
    )
    .addOption(option('--password-file <file>', 'file with the password'))
    .addOption(
      option('--auth-mode <mode>', 'how the user is verified').choices([
        'internal',
        'external',
        'external-insecure',
        'pki',
      ]),
    )
    .addOption(option('--cluster-name <name>', 'name that the cluster must have'))
    .addOption(option('--services-alternate', 'use the alternate addresses of the nodes'))
    .addOption(
      option('--timeout <ms>', 'deadline of connecting and of each call in milliseconds (default 10000)').argParser(
        integerOption(1),
      ),
    )
    .addOption(option('--tls', 'encrypt the connections'))
    .addOption(option('--no-tls', 'do not encrypt the connections, whatever the variables say'))
    .addOption(option('--tls-ca <file>', 'certificate authorities, PEM'))
    .addOption(option('--tls-cert <file>', 'client certificate, PEM'))
    .addOption(option('--tls-key <file>', 'private key of the client certificate, PEM'))
    .addOption(option('--tls-key-password <text>', 'password of the private key'))
    .addOption(option('--tls-server-name <name>', 'name that the certificates of the nodes must have'))
    .addOption(option('--tls-min-version <version>', 'lowest version').choices(['TLSv1.2', 'TLSv1.3']))
    .addOption(option('--no-tls-verify', 'accept any certificate'))
}

function tlsOf(options: ConnectionOptions): ClientConfig['tls'] {
  if (options.tls === false) return false
  const given: TlsOptions = {
    ...(options.tlsCa !== undefined && { ca: options.tlsCa }),
    ...(options.tlsCert !== undefined && { cert: options.tlsCert }),
    ...(options.tlsKey !== undefined && { key: options.tlsKey }),
    ...(options.tlsKeyPassword !== undefined && { keyPassword: options.tlsKeyPassword }),
    ...(options.tlsServerName !== undefined && { serverName: options.tlsServerName }),
    ...(options.tlsMinVersion !== undefined && { minVersion: options.tlsMinVersion }),
    ...(options.tlsVerify === false && { rejectUnauthorized: false }),
  }
  return Object.keys(given).length > 0 ? given : options.tls
}

/** Reads a line from the terminal without showing it. */
async function askPassword(user: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  process.stderr.write(`Password of ${user}: `)
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => reject(new CliError('interrupted', EXIT.INTERRUPTED)))
      lines.once('close', () => reject(usageError('a password is needed')))
    })
  } finally {
    lines.removeAllListeners('close')
    lines.close()
    process.stderr.write('\n')
  }
}

async function passwordOf(options: ConnectionOptions): Promise<string | undefined> {
  const { user, password, passwordFile, authMode } = options
  if (password !== undefined && passwordFile !== undefined) {
    throw usageError('--password and --password-file cannot be used together')
  }
  if (passwordFile !== undefined) {
    try {
      return readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '')
    } catch (error) {
      throw usageError(`--password-file: ${(error as Error).message}`)
    }
  }
  const needed = user !== undefined && authMode !== 'pki' && !process.env.AEROSPIKE_PASSWORD
  if (password === undefined && needed && process.stdin.isTTY) return await askPassword(user)
  return password
}

/** The client's configuration from the options; variables and the URI add what the options do not set. */
export async function configOf(options: ConnectionOptions, more: ClientConfig = {}): Promise<ClientConfig> {
  const { AEROSPIKE_URI, AEROSPIKE_HOSTS } = process.env
  const named = options.uri ?? options.hosts ?? (AEROSPIKE_URI || AEROSPIKE_HOSTS)
  const timeout = options.timeout ?? 10_000
  return {
    appId: 'aerospike-napi-cli',
    int64: 'bigint', // distinguishes integers from whole doubles
    uri: options.uri,
    hosts: options.hosts ?? (named === undefined || named === '' ? DEFAULT_HOSTS : undefined),
    namespace: options.namespace,
    user: options.user,
    password: await passwordOf(options),
    authMode: options.authMode,
    clusterName: options.clusterName,
    useServicesAlternate: options.servicesAlternate,
    tls: tlsOf(options),
    connectTimeout: timeout,
    totalTimeout: timeout,
    ...more,
    policies: { query: { totalTimeout: 0 }, admin: { timeout }, ...more.policies },
  } as ClientConfig
}

/** Connects. A server that cannot be reached ends the command with an exit code of its own. */
export async function connectTo(options: ConnectionOptions, more: ClientConfig = {}): Promise<CliClient> {
  const config = await configOf(options, more)
  try {
    return (await connect(config)) as CliClient
  } catch (error) {
    if (!(error instanceof AerospikeError) || error instanceof InvalidArgError) throw error
    const hint =
      config.hosts === DEFAULT_HOSTS && options.hosts === undefined
        ? `; name your server with --hosts, --uri or AEROSPIKE_URI`
        : ''
    throw new CliError(`${error.message}${hint}`, EXIT.CONNECTION, { cause: error })
  }
}

/** The default namespace: of the option, or of the URI. */
export function defaultNamespace({ namespace, uri, hosts }: ConnectionOptions): string | undefined {
  if (namespace !== undefined) return namespace
  const text = uri ?? (hosts === undefined ? process.env.AEROSPIKE_URI : undefined)
  const path = /^\s*[A-Za-z]+:\/\/[^/?#]*\/([^/?#\s]+)/.exec(text ?? '')?.[1]
  return path === undefined ? undefined : decodeURIComponent(path)
}
