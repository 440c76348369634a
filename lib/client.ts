/**
 * The asynchronous client: one short method for each command.
 */

import type { BatchWritePolicy } from './batch/policy'
import type { BatchRow } from './batch/result'
import type { BatchRowRequest } from './batch/rows'
import type { Command, Runner } from './boundary/command'
import { completion } from './boundary/completion'
import type { Context } from './boundary/context'
import { Outbox } from './boundary/request-block'
import { ClusterWatch } from './cluster/nodes'
import * as commands from './commands'
import { clientError } from './common/errors'
import { integerOption, optionsObject, unknownOption } from './common/options'
import { Management } from './methods/management'
import { type ClientConfig, parseConfig, type Settings, writeConfig } from './options/config'
import { type AdminPolicy, type CallOptions, checkSignal } from './options/policy'
import { batchOpening } from './streams/batch-stream'
import { JobTask } from './streams/job'
import { Query } from './streams/query'
import { RowStream, Stream } from './streams/stream'
import { observeConnect } from './telemetry/diagnostics'
import { type ClientStats, clientStats } from './telemetry/stats'
import type { Bins } from './values/record'
import { Writer } from './wire/wire'

/** Milliseconds that `close` waits for running commands. */
const CLOSE_PATIENCE = 5000

/** No call timeout: `connectTimeout` bounds `connect`, and the close timeout bounds `close`. */
const UNBOUNDED = { timeout: 0 } as const

/** Options of `close`. */
export interface CloseOptions {
  /** Milliseconds that commands in flight may take to finish; after that they fail with ClientError. Default 5000. */
  timeout?: number
}

/** Validates the options of `close`, and returns the timeout. @internal */
export function closePatience(options: CloseOptions | undefined): number {
  if (options === undefined) return CLOSE_PATIENCE
  const given = optionsObject(options, 'close')
  for (const name of Object.keys(given)) if (name !== 'timeout') unknownOption(name, 'close', ['timeout'])
  return given.timeout === undefined ? CLOSE_PATIENCE : integerOption(0)(given.timeout, 'close.timeout')
}

/** Options of `connect`: `signal` aborts connecting. */
export type ConnectOptions = Pick<CallOptions, 'signal'>

/** Validates the options of `connect`. */
function connectPolicy(options: ConnectOptions | undefined): typeof UNBOUNDED & ConnectOptions {
  if (options === undefined) return UNBOUNDED
  const given = optionsObject(options, 'connect')
  for (const name of Object.keys(given)) if (name !== 'signal') unknownOption(name, 'connect', ['signal'])
  if (given.signal === undefined) return UNBOUNDED
  checkSignal(given.signal, 'connect.signal')
  return { ...UNBOUNDED, signal: given.signal as AbortSignal }
}

/** Validates a whole configuration, policies included, before connecting. @internal */
export function checkedSettings(config: ClientConfig | undefined): Settings {
  const settings = parseConfig(config)
  writeConfig(new Writer(1024), settings)
  return settings
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
 * @example
 * ```ts
 * await using client = await new Client({ hosts: '127.0.0.1:3000' }).connect()
 * await client.put(['test', 'users', 'ada'], { name: 'Ada' })
 * ```
 */
export class Client extends Management implements AsyncDisposable {
  readonly #settings: Settings
  readonly #context: Context
  readonly #watch: ClusterWatch
  readonly #runner: Runner = {
    client: () => this.#outbox.client,
    context: () => this.#context,
    run: (command, args) => this.run(command, args),
  }
  #state: State = 'new'
  #outbox = new Outbox(0)
  #connecting: Promise<this> | undefined
  #closing: Promise<void> | undefined

  /**
   * Creates a client that is not connected yet.
   *
   * @param config - options and default policies. Default: the seeds in `AEROSPIKE_HOSTS`
   * @throws InvalidArgError if an option is unknown or invalid; the message names it
   */
  constructor(config?: ClientConfig) {
    super()
    this.#settings = checkedSettings(config)
    const { timeouts, int64, maps, seeds, numbers } = this.#settings
    // Half the tend interval, so that no state that lasts a whole interval is missed.
    this.#watch = new ClusterWatch((numbers.tendInterval ?? 1000) / 2)
    this.#context = { timeouts, int64, maps, seed: seeds[0] }
  }

  /**
   * Connects to the cluster. Further calls return the same promise. After a failure, you can call it again.
   *
   * @param user - overrides the configuration's user
   * @param password - overrides the configuration's password
   * @param options - `signal`: aborts connecting
   * @returns this client
   * @throws ClusterError if no node answers within `connectTimeout`, or if the cluster has another name; ClientError if
   *   the client is closed; AbortError
   * @example
   * ```ts
   * const client = new Client({ hosts: '127.0.0.1:3000' })
   * await client.connect()
   * ```
   */
  connect(user?: string | null, password?: string | null, options?: ConnectOptions): Promise<this> {
    if (this.#state === 'closing' || this.#state === 'closed') {
      return Promise.reject(clientError('the client is closed; make a new one'))
    }
    if (this.#connecting === undefined) {
      try {
        const checked = connectPolicy(options)
        this.#connecting = observeConnect(this.#settings.seeds, connected =>
          this.#connect(user, password, checked, connected),
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
    connected: (client: number) => void,
  ): Promise<this> {
    this.#state = 'connecting'
    try {
      const { client, most } = await completion.call(new Outbox(0), this.#context, commands.connect, [
        this.#settings,
        user,
        password,
        policy,
      ])
      const outbox = new Outbox(client, this.#settings.gather)
      if ((this.#state as State) !== 'connecting') {
        await completion.call(outbox, this.#context, commands.close, [0, UNBOUNDED])
        throw clientError('the client was closed while it connected')
      }
      outbox.queueAfter(most, this.#settings.maxQueued)
      dropped.register(this, client, this)
      this.#outbox = outbox
      this.#state = 'open'
      if (this.eventNames().length > 0) this.listened()
      connected(client)
      return this
    } catch (error) {
      if (this.#state === 'connecting') {
        this.#state = 'new'
        this.#connecting = undefined
      }
      throw error
    }
  }

  /** @internal */
  protected override listened(): void {
    if (this.#state === 'open') this.#watch.start(this)
  }

  /** @internal */
  protected override run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): Promise<R> {
    if (this.#state !== 'open') return Promise.reject(this.#notOpen(command.name))
    return completion.call(this.#outbox, this.#context, command, args)
  }

  #notOpen(name: string): Error {
    const closed = this.#state === 'closing' || this.#state === 'closed'
    return clientError(`${name}: the client is ${closed ? 'closed' : 'not connected; call connect() first'}`)
  }

  /** Returns true if the client is connected to at least one usable node. */
  isConnected(): boolean {
    return this.#state === 'open' && completion.session.isConnected(this.#outbox.client)
  }

  /**
   * Returns the names of the nodes that the client knows.
   *
   * @throws ClientError if the client is not connected
   */
  getNodeNames(): string[] {
    if (this.#state !== 'open') throw this.#notOpen('getNodeNames')
    return completion.session.nodeNames(this.#outbox.client)
  }

  /**
   * Returns what the client is doing at the moment, and the statistics of its connections.
   *
   * @throws ClientError if the client is not connected
   */
  override stats(): ClientStats {
    const stats = this.#state === 'open' ? completion.session.clientStats(this.#outbox.client) : null
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
    try {
      if (before === 'connecting') await this.#connecting?.catch(() => undefined)
      if (before === 'open') {
        dropped.unregister(this)
        // A full queue must not block closing the client.
        this.#outbox.queueAfter(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
        await completion.call(this.#outbox, this.#context, commands.close, [patience, UNBOUNDED])
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
   * Executes the rows of `batch`, and yields each result when it arrives, with its `index` in the request: you can
   * handle the first rows while others are in progress.
   *
   * Memory is bounded: the client stops reading from the nodes while 4096 rows or 1 MiB wait for your loop. Leaving the
   * loop ends the batch; rows that write and have no answer by then are in doubt. There is no time limit unless
   * `totalTimeout` sets one, which also counts the time that the loop's body takes.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns an async iterable of the rows, in order of arrival; iterating throws if no row has an answer
   * @throws InvalidArgError, at once, if a row is invalid; the message names its position
   * @example
   * ```ts
   * const keys = ['ada', 'bob'].map(name => ['test', 'users', name] as const)
   * for await (const row of client.batchStream(keys.map(key => batchRow.read(key, ['name'])))) {
   *   console.log(row.index, row.record?.bins)
   * }
   * ```
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStream<BatchRow<B>> {
    return new RowStream(new Stream(this.#runner, batchOpening<B>(rows, policy)))
  }

  /**
   * Creates a query of a set or of a whole namespace. Builder methods such as `where` and `filter` mutate the query and
   * return it; `for await`, `results()`, `count()` and others run it.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * const adults = client.query<{ name: string }>('test', 'users').where(filter.range('age', 18, 120)).select('name')
   * for await (const { bins } of adults) console.log(bins.name)
   * ```
   */
  query<B = Bins>(namespace: string, set?: string | null): Query<B> {
    return new Query<B>(this.#runner, namespace, set)
  }

  /**
   * Returns a handle to a background job that was started before, in this or another process.
   *
   * @param id - the job's id, from `JobTask.id`
   * @returns the handle, to follow the job's progress; the servers are not asked yet
   * @throws InvalidArgError if `id` is not a bigint from 0 to 2^64 - 1
   */
  job(id: bigint): JobTask {
    return new JobTask(this.#runner, id, false)
  }

  /**
   * Alias of `query`: a query without `where` is a scan.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   */
  scan<B = Bins>(namespace: string, set?: string | null): Query<B> {
    return this.query<B>(namespace, set)
  }

  /**
   * Sends an info command to every node.
   *
   * @param command - the command, such as `'namespaces'` or `'statistics'`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns one result for each node: `node`, `response`, and `error` if the node did not answer. An error text of the
   *   server, such as `ERROR...`, is a `response`.
   * @throws InvalidArgError if the command is invalid
   * @example
   * ```ts
   * for (const { node, response, error } of await client.infoAll('build')) console.log(node, error ?? response)
   * ```
   */
  infoAll(command: string, policy?: AdminPolicy): Promise<commands.InfoResult[]> {
    return this.run(commands.infoAll, [command, policy])
  }

  /**
   * Sends an info command to one node.
   *
   * @param command - the command
   * @param node - name of the node, as returned by `getNodeNames`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   * @throws ClusterError if the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): Promise<string> {
    return this.run(commands.infoNode, [command, node, policy])
  }

  /**
   * Sends an info command to any one node.
   *
   * @param command - the command
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   */
  infoRandomNode(command: string, policy?: AdminPolicy): Promise<string> {
    return this.run(commands.infoRandomNode, [command, policy])
  }
}

/**
 * Creates a client and connects it.
 *
 * @param config - options and default policies. Default: the seeds in `AEROSPIKE_HOSTS`
 * @param options - `signal`: aborts connecting
 * @returns the connected client
 * @throws InvalidArgError if an option is invalid; ClusterError if no node answers within `connectTimeout`, or if the
 *   cluster has another name; AbortError
 * @example
 * ```ts
 * const client = await connect({ hosts: '127.0.0.1:3000', policies: { batch: { totalTimeout: 5000 } } })
 * ```
 */
export async function connect(config?: ClientConfig, options?: ConnectOptions): Promise<Client> {
  return new Client(config).connect(undefined, undefined, options)
}
