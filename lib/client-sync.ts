/**
 * The blocking client: the same commands, for scripts, CLIs and workers. Each call blocks the event loop of its thread.
 */

import type { Command, SyncRunner } from './boundary/command'
import { completion } from './boundary/completion'
import type { Context } from './boundary/context'
import { type CloseOptions, checkedSettings, closePatience, dropped, seedAddresses } from './client'
import { Due, renewalTime, retryTime, warnOfFailedRenewal } from './cluster/renewal'
import * as commands from './commands'
import { addAliases } from './common/add-aliases'
import { clientClosed, notConnected } from './common/errors'
import { jsonAs, printAs } from './common/json'
import { CLIENT_ALIASES, type ClientAliases } from './common/member-aliases'
import { hideOwnFrames, locateErrors, startAtCaller } from './common/stacks'
import { AerospikePySync } from './methods/aerospike-py-sync'
import { HelpersSync } from './methods/helpers-sync'
import { ManagementSync } from './methods/management-sync'
import type { ClientConfig, Settings } from './options/config'
import type { AdminPolicy } from './options/policy'
import { parseReconnect, type ReconnectOptions } from './options/reconnect'
import type { SchemaInput, SchemaOutput, StandardSchema } from './sets/standard-schema'
import { TypedSetSync } from './sets/typed-set-sync'
import { type SetOptions, Validation } from './sets/validation'
import { observeConnectBlocking } from './telemetry/diagnostics'
import { type ClientStats, clientStats } from './telemetry/stats'
import type { Bins } from './values/record'
import type { Int64, Int64For, Integer, IntegerOf } from './values/value'

const UNBOUNDED = { timeout: 0 } as const

/**
 * A client whose calls block: they return their results and throw their errors. A call cannot be aborted; it takes no
 * `signal`.
 *
 * @example
 * ```ts
 * using client = connectSync({ hosts: '127.0.0.1:3000' })
 * client.put(['test', 'users', 'ada'], { name: 'Ada' })
 * console.log(client.get(['test', 'users', 'ada']).bins)
 * ```
 */
export class ClientSync<out I extends Integer = number | bigint> extends HelpersSync<I> implements Disposable {
  #settings: Settings
  readonly #context: Context
  readonly #runner: SyncRunner = {
    client: () => this.#client ?? 0,
    context: () => this.#context,
    run: (command, args) => this.run(command, args),
  }
  #client: number | undefined
  /** When to renew the credentials. Undefined: never. */
  #renewal: Due | undefined
  #closed = false

  static {
    const parts = (client: ClientSync): { readonly [name: string]: unknown } => ({
      state: client.#state,
      hosts: seedAddresses(client.#settings),
      ...(client.#state === 'open' ? { nodes: client.getNodeNames() } : {}),
    })
    jsonAs(ClientSync, parts)
    printAs(ClientSync, 'ClientSync', parts)
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
    const { timeouts, int64, maps, namespace, ignoreUndefined, seeds } = this.#settings
    this.#context = { timeouts, int64, maps, namespace, ignoreUndefined, seed: seeds[0] }
  }

  /**
   * Connects to the cluster. Calling it again has no effect.
   *
   * @param user - overrides the configuration's user
   * @param password - overrides the configuration's password
   * @returns this client
   * @throws ClusterError if no node answers within `connectTimeout`, TLS fails, or the cluster has another name; AdminError
   *   if the server refuses the login; InvalidArgError if a certificate or key is invalid; ClientError if the client is
   *   closed or the credentials provider fails
   * @example
   * ```ts
   * const client = new ClientSync({ hosts: '127.0.0.1:3000' }).connect()
   * ```
   */
  connect(user?: string | null, password?: string | null): this {
    if (this.#closed) throw clientClosed('connect: the client is closed; create a new one')
    if (this.#client === undefined) {
      const { credentials } = this.#settings
      const given = credentials.given(user, password, 'connect')
      const login = credentials.isProvided ? credentials.askSync() : given
      const args = [this.#settings, login, UNBOUNDED] as const
      try {
        observeConnectBlocking(this.#settings.seeds, connected => {
          const { client, sessionTtl } = completion.callBlocking(0, this.#context, commands.connect, args)
          dropped.register(this, client, this)
          this.#client = client
          credentials.connectedAs(login.user)
          this.#renewAt(renewalTime(login, sessionTtl))
          connected(client)
          return this
        })
      } catch (error) {
        startAtCaller(error, this.connect)
        throw error
      } finally {
        if (this.#client === undefined) completion.letGo()
      }
    }
    return this
  }

  get #state(): string {
    if (this.#closed) return 'closed'
    return this.#client === undefined ? 'new' : 'open'
  }

  /**
   * Opens new connections to all nodes, and moves the client to them: with the current contents of the certificate files
   * and the credentials of the provider, or with what `options` changes. Open streams finish on the former connections.
   * If the new connections fail, the client stays on the former ones.
   *
   * @param options - `user`, `password`, `tls`. Default: the current ones, or the credentials that the provider returns
   * @throws InvalidArgError if an option or a certificate is invalid; AdminError if the server refuses the login;
   *   ClusterError if no node answers; ClientError if the client is not connected, or the provider fails
   */
  reconnect(options?: ReconnectOptions): void {
    const client = this.#open('reconnect')
    const { settings, login: given } = parseReconnect(options, this.#settings)
    const { credentials } = settings
    const login = given === undefined && credentials.isProvided ? credentials.askSync() : given
    const args = [settings, login, UNBOUNDED] as const
    const sessionTtl = completion.callBlocking(client, this.#context, commands.reconnect, args)
    this.#settings = settings
    if (login === undefined) return
    credentials.connectedAs(login.user)
    this.#renewAt(renewalTime(login, sessionTtl))
  }

  /** Sets when to renew the credentials, in milliseconds since 1970. */
  #renewAt(time: number): void {
    this.#renewal = time === Number.POSITIVE_INFINITY ? undefined : new Due(time)
  }

  /** Renews the credentials. */
  #renew(): void {
    // If the provider calls this client, it uses the former credentials.
    this.#renewAt(retryTime())
    try {
      this.reconnect()
    } catch (error) {
      warnOfFailedRenewal(error)
    }
  }

  /** @internal */
  override changePassword(user: string, password: string, policy?: AdminPolicy): void {
    super.changePassword(user, password, policy)
    // The core would log in with the former password.
    if (user === this.#settings.credentials.user) this.reconnect({ user, password })
  }

  #open(name: string): number {
    if (this.#client !== undefined) return this.#client
    throw this.#closed ? clientClosed(`${name}: the client is closed`) : notConnected(name)
  }

  /** @internal */
  protected override get runner(): SyncRunner {
    return this.#runner
  }

  /** @internal */
  protected override run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): R {
    const client = this.#open(command.name)
    if (this.#renewal?.left === 0) this.#renew()
    try {
      return completion.callBlocking(client, this.#context, command, args)
    } catch (error) {
      if (error instanceof Error) Error.captureStackTrace(error, this.run)
      throw error
    }
  }

  /** Returns true if the client is connected to at least one usable node. */
  isConnected(): boolean {
    return this.#client !== undefined && completion.session.isConnected(this.#client)
  }

  /**
   * Returns the names of the nodes that the client knows.
   *
   * @throws ClientError if the client is not connected
   */
  getNodeNames(): string[] {
    return completion.session.nodeNames(this.#open('getNodeNames'))
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
    const stats = completion.session.clientStats(this.#open('stats'))
    if (stats === null) throw clientClosed('stats: the client is closed')
    return clientStats(stats)
  }

  /**
   * Closes the client. Calling it again has no effect. A closed client cannot be reopened.
   *
   * @param options - `timeout`: milliseconds to wait for running calls. Default 5000
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * client.close({ timeout: 1000 })
   * ```
   */
  close(options?: CloseOptions): void {
    const patience = closePatience(options)
    const client = this.#client
    this.#closed = true
    this.#client = undefined
    if (client === undefined) return
    dropped.unregister(this)
    try {
      completion.callBlocking(client, this.#context, commands.close, [patience, UNBOUNDED])
    } finally {
      completion.letGo()
    }
  }

  /** Closes the client, for `using`. */
  [Symbol.dispose](): void {
    this.close()
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
   * users.put('ada', { name: 'Ada', visits: 1 })
   * ```
   */
  set<T extends object = Bins>(namespace: string, name: string): TypedSetSync<T>
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
  ): TypedSetSync<SchemaOutput<S>, SchemaInput<S>>
  set(namespace: string, name: string, options?: SetOptions<StandardSchema<object, object>>): TypedSetSync<object> {
    return new TypedSetSync<object>(this, namespace, name, new Validation(options))
  }
}

locateErrors(ManagementSync)
hideOwnFrames(HelpersSync)
hideOwnFrames(TypedSetSync)
locateErrors(AerospikePySync)

export interface ClientSync<out I extends Integer = number | bigint> extends ClientAliases<ClientSync<I>> {}
addAliases(ClientSync, CLIENT_ALIASES)

/**
 * Creates a blocking client and connects it.
 *
 * @param config - options and default policies, or a connection URI. Default: environment variables such as
 *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
 * @returns the connected client
 * @throws InvalidArgError if an option is invalid; ClusterError if no node answers within `connectTimeout`, or if the
 *   cluster has another name
 * @example
 * ```ts
 * using client = connectSync({ hosts: '127.0.0.1:3000' })
 * ```
 */
export function connectSync<const M extends Int64 = 'auto'>(
  config?: ClientConfig<M> | string,
): ClientSync<IntegerOf<M>> {
  const client: ClientSync<Integer> = new ClientSync(config)
  return client.connect() as ClientSync<IntegerOf<M>>
}
