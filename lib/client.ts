/**
 * The asynchronous client: one short method for each command.
 */

import type { Command, Runner } from './boundary/command'
import { completion } from './boundary/completion'
import type { Context } from './boundary/context'
import { RequestBlock } from './boundary/request-block'
import { ClusterWatch } from './cluster/nodes'
import { RenewalTimer, renewalTime, retryTime, warnOfFailedRenewal } from './cluster/renewal'
import * as commands from './commands'
import { addAliases } from './common/add-aliases'
import { addressOf } from './common/address'
import { clientClosed, notConnected } from './common/errors'
import { jsonAs, printAs } from './common/json'
import { CLIENT_ALIASES, type ClientAliases } from './common/member-aliases'
import { checkOptions, integerOption, optionsObject } from './common/options'
import { Caller, hideOwnFrames, locateErrors } from './common/stacks'
import { AerospikePy } from './methods/aerospike-py'
import { Helpers } from './methods/helpers'
import { Management } from './methods/management'
import { type ClientConfig, parseConfig, type Settings } from './options/config'
import { writeConfig } from './options/config-encoding'
import { type AdminPolicy, type CallOptions, checkSignal } from './options/policy'
import { parseReconnect, type ReconnectOptions } from './options/reconnect'
import type { SchemaInput, SchemaOutput, StandardSchema } from './sets/standard-schema'
import { TypedSet } from './sets/typed-set'
import { type SetOptions, Validation } from './sets/validation'
import { observeConnect } from './telemetry/diagnostics'
import { type ClientStats, clientStats } from './telemetry/stats'
import type { Bins } from './values/record'
import type { Int64, Int64For, Integer, IntegerOf } from './values/value'
import { Writer } from './wire/wire'

/** Milliseconds that `close` waits for running commands. */
const CLOSE_PATIENCE = 5000

/** No call timeout: `connectTimeout` bounds `connect`, and the close timeout bounds `close`. */
const UNBOUNDED = { timeout: 0 } as const

/** Options of `close`. */
export interface CloseOptions {
  /** Milliseconds that commands in flight may take to finish; after that they fail with ClientError. Default 5000. */
  timeout?: number | undefined
}

/** Validates the options of `close`, and returns the timeout. @internal */
export function closePatience(options: CloseOptions | undefined): number {
  if (options === undefined) return CLOSE_PATIENCE
  const given = optionsObject(options, 'close')
  checkOptions(given, 'close', ['timeout'])
  return given.timeout === undefined ? CLOSE_PATIENCE : integerOption(0)(given.timeout, 'close.timeout')
}

/** Options of `connect`: `signal` aborts connecting. */
export type ConnectOptions = Pick<CallOptions, 'signal'>

/** Validates the options of `connect`. */
function connectPolicy(options: ConnectOptions | undefined): typeof UNBOUNDED & ConnectOptions {
  if (options === undefined) return UNBOUNDED
  const given = optionsObject(options, 'connect')
  checkOptions(given, 'connect', ['signal'])
  if (given.signal === undefined) return UNBOUNDED
  checkSignal(given.signal, 'connect.signal')
  return { ...UNBOUNDED, signal: given.signal as AbortSignal }
}

/** Validates a whole configuration, policies included, before connecting. @internal */
export function checkedSettings(config: ClientConfig | string | undefined): Settings {
  const settings = parseConfig(config)
  writeConfig(new Writer(1024), settings)
  return settings
}

/** The addresses of the seeds, as `host:port`. @internal */
export function seedAddresses({ seeds }: Settings): string[] {
  return seeds.map(({ name, port }) => addressOf(name, port))
}

/** Closes the native client of an object that was garbage-collected without `close`. @internal */
export const dropped = new FinalizationRegistry<number>(client => completion.abandon(client))

type State = 'new' | 'connecting' | 'open' | 'closing' | 'closed'

/**
 * A client of one cluster. Create one per cluster and share it; it is safe for any number of concurrent calls.
 *
 * Every call returns a promise that settles exactly once, within its `totalTimeout`. Invalid arguments reject it at
 * once with InvalidArgError, and nothing is sent. Any call can also reject with AerospikeTimeoutError, ClusterError,
 * ServerError, AbortError, BackpressureError, or with ClientError if the client is not connected or closed.
 *
 * `I` is the type of the integers that it reads: `number | bigint`, or `number` or `bigint` alone with `connect` and the
 * option `int64`.
 *
 * @example
 * ```ts
 * await using client = await new Client({ hosts: '127.0.0.1:3000' }).connect()
 * await client.put(['test', 'users', 'ada'], { name: 'Ada' })
 * ```
 */
export class Client<out I extends Integer = number | bigint> extends Helpers<I> implements AsyncDisposable {
  #settings: Settings
  readonly #context: Context
  readonly #watch: ClusterWatch
  readonly #runner: Runner = {
    client: () => this.#block.client,
    context: () => this.#context,
    run: (command, args) => this.run(command, args),
  }
  #state: State = 'new'
  #block = new RequestBlock(0)
  #connecting: Promise<this> | undefined
  #reconnecting: Promise<void> = Promise.resolve()
  readonly #renewal = new RenewalTimer()
  #closing: Promise<void> | undefined

  static {
    // The configuration may contain a password, so its options are not shown.
    const parts = (client: Client): { readonly [name: string]: unknown } => ({
      state: client.#state,
      hosts: seedAddresses(client.#settings),
      ...(client.#state === 'open' ? { nodes: client.getNodeNames() } : {}),
    })
    jsonAs(Client, parts)
    printAs(Client, 'Client', parts)
  }

  /**
   * Creates a client that is not connected yet.
   *
   * @param config - options and default policies, or a connection URI. Default: environment variables such as
   *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
   * @throws InvalidArgError if an option is unknown or invalid; the message names it
   */
  constructor(config?: ClientConfig<Int64For<I>> | string) {
    super()
    this.#settings = checkedSettings(config)
    const { timeouts, int64, maps, namespace, ignoreUndefined, seeds, numbers } = this.#settings
    // Half the tend interval, so that no state that lasts a whole interval is missed.
    this.#watch = new ClusterWatch((numbers.tendInterval ?? 1000) / 2)
    this.#context = { timeouts, int64, maps, namespace, ignoreUndefined, seed: seeds[0], entry: this.run }
  }

  /**
   * Connects to the cluster. Further calls return the same promise. After a failure, you can call it again.
   *
   * @param user - overrides the configuration's user
   * @param password - overrides the configuration's password
   * @param options - `signal`: aborts connecting
   * @returns this client
   * @throws ClusterError if no node answers within `connectTimeout`, TLS fails, or the cluster has another name; AdminError
   *   if the server refuses the login; InvalidArgError if a certificate or key is invalid; ClientError if the client is
   *   closed or the credentials provider fails; AbortError
   * @example
   * ```ts
   * const client = new Client({ hosts: '127.0.0.1:3000' })
   * await client.connect()
   * ```
   */
  connect(user?: string | null, password?: string | null, options?: ConnectOptions): Promise<this> {
    if (this.#state === 'closing' || this.#state === 'closed') {
      return Promise.reject(clientClosed('connect: the client is closed; create a new one'))
    }
    if (this.#connecting === undefined) {
      try {
        const checked = connectPolicy(options)
        const caller = new Caller()
        this.#connecting = observeConnect(this.#settings.seeds, connected =>
          this.#connect(user, password, checked, caller, connected),
        )
      } catch (error) {
        return Promise.reject(error)
      }
    }
    return this.#connecting
  }

  async #connect(
    user: string | null | undefined,
    password: string | null | undefined,
    policy: typeof UNBOUNDED & ConnectOptions,
    caller: Caller,
    connected: (client: number) => void,
  ): Promise<this> {
    this.#state = 'connecting'
    try {
      const { credentials } = this.#settings
      const given = credentials.given(user, password, 'connect')
      const login = credentials.isProvided ? await credentials.ask() : given
      const { client, most, sessionTtl } = await completion.call(new RequestBlock(0), this.#context, commands.connect, [
        this.#settings,
        login,
        policy,
      ])
      const block = new RequestBlock(client, this.#settings.autoBatch)
      if ((this.#state as State) !== 'connecting') {
        await completion.call(block, this.#context, commands.close, [0, UNBOUNDED])
        throw clientClosed('connect: the client was closed while it connected')
      }
      block.queueAfter(most, this.#settings.maxQueued)
      dropped.register(this, client, this)
      this.#block = block
      this.#state = 'open'
      credentials.connectedAs(login.user)
      this.#renewAt(renewalTime(login, sessionTtl))
      if (this.eventNames().length > 0) this.listened()
      connected(client)
      return this
    } catch (error) {
      if (this.#state === 'connecting') {
        this.#state = 'new'
        this.#connecting = undefined
      }
      throw caller.locate(error)
    }
  }

  /**
   * Opens new connections to all nodes, and moves the client to them: with the current contents of the certificate files
   * and the credentials of the provider, or with what `options` changes. Calls in flight and open streams finish on
   * the former connections, which are closed after the last of them. If the new connections fail, the client stays on
   * the former ones. Concurrent calls run one after the other.
   *
   * @param options - `user`, `password`, `tls`. Default: the current ones, or the credentials that the provider returns
   * @returns when later calls use the new connections
   * @throws InvalidArgError if an option or a certificate is invalid; AdminError if the server refuses the login;
   *   ClusterError if no node answers; ClientError if the client is not connected, or the provider fails
   * @example
   * ```ts
   * process.on('SIGHUP', () => client.reconnect().catch(console.error))
   * ```
   */
  reconnect(options?: ReconnectOptions): Promise<void> {
    const caller = new Caller()
    const reconnected = this.#reconnecting
      .then(() => this.#reconnect(options))
      .catch((error: unknown) => {
        throw caller.locate(error)
      })
    this.#reconnecting = reconnected.catch(() => undefined)
    return reconnected
  }

  async #reconnect(options: ReconnectOptions | undefined): Promise<void> {
    if (this.#state !== 'open') throw this.#notOpen('reconnect')
    const { settings, login: given } = parseReconnect(options, this.#settings)
    const { credentials } = settings
    const login = given === undefined && credentials.isProvided ? await credentials.ask() : given
    const sessionTtl = await completion.call(this.#block, this.#context, commands.reconnect, [
      settings,
      login,
      UNBOUNDED,
    ])
    this.#settings = settings
    if (login === undefined) return
    credentials.connectedAs(login.user)
    this.#renewAt(renewalTime(login, sessionTtl))
  }

  /** Renews the credentials at a time, in milliseconds since 1970. */
  #renewAt(time: number): void {
    if (this.#state !== 'open') return
    const self = new WeakRef(this)
    this.#renewal.set(time, () => {
      const client = self.deref()
      client?.reconnect().catch((error: unknown) => {
        if (client.#state !== 'open') return
        warnOfFailedRenewal(error)
        client.#renewAt(retryTime())
      })
    })
  }

  /** @internal */
  override async changePassword(user: string, password: string, policy?: AdminPolicy): Promise<void> {
    await super.changePassword(user, password, policy)
    // The core would log in with the former password.
    if (user === this.#settings.credentials.user) await this.reconnect({ user, password })
  }

  /** @internal */
  protected override listened(): void {
    if (this.#state === 'open') this.#watch.start(this)
  }

  /** @internal */
  protected override get runner(): Runner {
    return this.#runner
  }

  /** @internal */
  protected override run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): Promise<R> {
    if (this.#state !== 'open') return Promise.reject(this.#notOpen(command.name))
    return completion.call(this.#block, this.#context, command, args)
  }

  #notOpen(name: string): Error {
    const closed = this.#state === 'closing' || this.#state === 'closed'
    return closed ? clientClosed(`${name}: the client is closed`) : notConnected(name)
  }

  /** Returns true if the client is connected to at least one usable node. */
  isConnected(): boolean {
    return this.#state === 'open' && completion.session.isConnected(this.#block.client)
  }

  /**
   * Returns the names of the nodes that the client knows.
   *
   * @throws ClientError if the client is not connected
   */
  getNodeNames(): string[] {
    if (this.#state !== 'open') throw this.#notOpen('getNodeNames')
    return completion.session.nodeNames(this.#block.client)
  }

  /**
   * Returns what the client is doing at the moment, and the statistics of its connections.
   *
   * @throws ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { address, connections } of client.stats().nodes) console.log(address, connections.inUse)
   * ```
   */
  override stats(): ClientStats {
    const stats = this.#state === 'open' ? completion.session.clientStats(this.#block.client) : null
    if (stats === null) throw this.#notOpen('stats')
    return clientStats(stats)
  }

  /**
   * Closes the client: rejects new calls, lets running calls finish, and after `timeout` ms fails the remaining ones
   * with ClientError. Open streams end at once. Further calls return the same promise. A closed client cannot be
   * reopened.
   *
   * @param options - `timeout`: milliseconds to wait for running calls. Default 5000
   * @returns when the client is closed
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * await client.close({ timeout: 1000 })
   * ```
   */
  close(options?: CloseOptions): Promise<void> {
    if (this.#closing === undefined) {
      try {
        this.#closing = this.#close(closePatience(options))
      } catch (error) {
        return Promise.reject(error)
      }
    }
    return this.#closing
  }

  async #close(patience: number): Promise<void> {
    const before = this.#state
    this.#state = 'closing'
    this.#watch.stop()
    this.#renewal.stop()
    try {
      if (before === 'connecting') await this.#connecting?.catch(() => undefined)
      if (before === 'open') {
        dropped.unregister(this)
        // A full queue must not block closing the client.
        this.#block.queueAfter(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
        await completion.call(this.#block, this.#context, commands.close, [patience, UNBOUNDED])
      }
    } finally {
      this.#state = 'closed'
    }
  }

  /** Closes the client, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Returns a set whose records have bins of known types. It is a thin layer: its methods do what those of this client
   * do, with the user key instead of a key.
   *
   * @param namespace - namespace
   * @param name - name of the set
   * @returns the set; nothing is sent
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * interface User {
   *   name: string
   *   visits: number
   * }
   * const users = client.set<User>('test', 'users')
   * await users.put('ada', { name: 'Ada', visits: 1 })
   * ```
   */
  set<T extends object = Bins>(namespace: string, name: string): TypedSet<T>
  /**
   * Returns a set whose bins are validated by a schema, which also determines their types.
   *
   * @param namespace - namespace
   * @param name - name of the set
   * @param options - `schema`, and whether writes, reads or both are validated
   * @returns the set; nothing is sent
   * @throws InvalidArgError if a name or an option is invalid
   * @example
   * ```ts
   * const User = z.object({ name: z.string(), visits: z.number().int() })
   * const users = client.set('test', 'users', { schema: User, validate: 'both' })
   * ```
   */
  set<S extends StandardSchema<object, object>>(
    namespace: string,
    name: string,
    options: SetOptions<S>,
  ): TypedSet<SchemaOutput<S>, SchemaInput<S>>
  set(namespace: string, name: string, options?: SetOptions<StandardSchema<object, object>>): TypedSet<object> {
    return new TypedSet<object>(this, namespace, name, new Validation(options))
  }
}

locateErrors(Management)
hideOwnFrames(Helpers)
hideOwnFrames(TypedSet)
locateErrors(AerospikePy)

export interface Client<out I extends Integer = number | bigint> extends ClientAliases<Client<I>> {}
addAliases(Client, CLIENT_ALIASES)

/**
 * Creates a client and connects it.
 *
 * @param config - options and default policies, or a connection URI. Default: environment variables such as
 *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
 * @param options - `signal`: aborts connecting
 * @returns the connected client
 * @throws InvalidArgError if an option is invalid; ClusterError if no node answers within `connectTimeout`, or if the
 *   cluster has another name; AbortError
 * @example
 * ```ts
 * const client = await connect({ hosts: '127.0.0.1:3000', policies: { batch: { totalTimeout: 5000 } } })
 * ```
 */
export async function connect<const M extends Int64 = 'auto'>(
  config?: ClientConfig<M> | string,
  options?: ConnectOptions,
): Promise<Client<IntegerOf<M>>> {
  const client: Client<Integer> = new Client(config)
  return (await client.connect(undefined, undefined, options)) as Client<IntegerOf<M>>
}
