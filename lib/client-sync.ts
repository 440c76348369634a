/**
 * The blocking client: the same commands, for scripts, CLIs and workers. Each call blocks the event loop of its thread.
 */

import type { BatchWritePolicy } from './batch/policy'
import type { BatchRow } from './batch/result'
import type { BatchRowRequest } from './batch/rows'
import type { Command, SyncRunner } from './boundary/command'
import { completion } from './boundary/completion'
import type { Context } from './boundary/context'
import { type CloseOptions, checkedSettings, closePatience, dropped } from './client'
import * as commands from './commands'
import { clientError } from './common/errors'
import { ManagementSync } from './methods/management-sync'
import type { ClientConfig, Settings } from './options/config'
import type { AdminPolicy } from './options/policy'
import { batchOpening } from './streams/batch-stream'
import { JobTaskSync } from './streams/job'
import { QuerySync } from './streams/query-sync'
import { RowStreamSync, StreamSync } from './streams/stream'
import { observeConnectBlocking } from './telemetry/diagnostics'
import { type ClientStats, clientStats } from './telemetry/stats'
import type { Bins } from './values/record'

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
export class ClientSync extends ManagementSync implements Disposable {
  readonly #settings: Settings
  readonly #context: Context
  readonly #runner: SyncRunner = {
    client: () => this.#client ?? 0,
    context: () => this.#context,
    run: (command, args) => this.run(command, args),
  }
  #client: number | undefined
  #closed = false

  /**
   * Creates a client that is not connected yet.
   *
   * @param config - options and default policies. Default: the seeds in `AEROSPIKE_HOSTS`
   * @throws InvalidArgError if an option is unknown or invalid; the message names it
   */
  constructor(config?: ClientConfig) {
    super()
    this.#settings = checkedSettings(config)
    const { timeouts, int64, maps, seeds } = this.#settings
    this.#context = { timeouts, int64, maps, seed: seeds[0] }
  }

  /**
   * Connects to the cluster. Calling it again has no effect.
   *
   * @param user - overrides the configuration's user
   * @param password - overrides the configuration's password
   * @returns this client
   * @throws ClusterError if no node answers within `connectTimeout`, or if the cluster has another name; ClientError if
   *   the client is closed
   */
  connect(user?: string | null, password?: string | null): this {
    if (this.#closed) throw clientError('the client is closed; make a new one')
    if (this.#client === undefined) {
      const args = [this.#settings, user, password, UNBOUNDED] as const
      try {
        observeConnectBlocking(this.#settings.seeds, connected => {
          const { client } = completion.callBlocking(0, this.#context, commands.connect, args)
          dropped.register(this, client, this)
          this.#client = client
          connected(client)
          return this
        })
      } finally {
        if (this.#client === undefined) completion.letGo()
      }
    }
    return this
  }

  #open(name: string): number {
    if (this.#client !== undefined) return this.#client
    throw clientError(`${name}: the client is ${this.#closed ? 'closed' : 'not connected; call connect() first'}`)
  }

  /** @internal */
  protected override run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): R {
    return completion.callBlocking(this.#open(command.name), this.#context, command, args)
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
   */
  override stats(): ClientStats {
    const stats = completion.session.clientStats(this.#open('stats'))
    if (stats === null) throw clientError('stats: the client is closed')
    return clientStats(stats)
  }

  /**
   * Closes the client. Calling it again has no effect. A closed client cannot be reopened.
   *
   * @param options - `timeout`: milliseconds to wait for running calls. Default 5000
   * @throws InvalidArgError if an option is invalid
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
   * Executes the rows of `batch`, and yields each result when it arrives, with its `index` in the request: you can
   * handle the first rows while others are in progress.
   *
   * Memory is bounded: the client stops reading from the nodes while 4096 rows or 1 MiB wait for your loop. Leaving the
   * loop ends the batch; rows that write and have no answer by then are in doubt. There is no time limit unless
   * `totalTimeout` sets one, which also counts the time that the loop's body takes.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns an iterable of the rows, in order of arrival; iterating throws if no row has an answer
   * @throws InvalidArgError, at once, if a row is invalid; the message names its position
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStreamSync<BatchRow<B>> {
    return new RowStreamSync(new StreamSync(this.#runner, batchOpening<B>(rows, policy)))
  }

  /**
   * Creates a query of a set or of a whole namespace. Builder methods such as `where` and `filter` mutate the query and
   * return it; `for`, `results()`, `count()` and others run it.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   */
  query<B = Bins>(namespace: string, set?: string | null): QuerySync<B> {
    return new QuerySync<B>(this.#runner, namespace, set)
  }

  /**
   * Returns a handle to a background job that was started before, in this or another process.
   *
   * @param id - the job's id, from `JobTask.id`
   * @returns the handle, to follow the job's progress; the servers are not asked yet
   * @throws InvalidArgError if `id` is not a bigint from 0 to 2^64 - 1
   */
  job(id: bigint): JobTaskSync {
    return new JobTaskSync(this.#runner, id, false)
  }

  /**
   * Alias of `query`: a query without `where` is a scan.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   */
  scan<B = Bins>(namespace: string, set?: string | null): QuerySync<B> {
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
   */
  infoAll(command: string, policy?: AdminPolicy): commands.InfoResult[] {
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
  infoNode(command: string, node: string, policy?: AdminPolicy): string {
    return this.run(commands.infoNode, [command, node, policy])
  }

  /**
   * Sends an info command to any one node.
   *
   * @param command - the command
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   */
  infoRandomNode(command: string, policy?: AdminPolicy): string {
    return this.run(commands.infoRandomNode, [command, policy])
  }
}

/**
 * Creates a blocking client and connects it.
 *
 * @param config - options and default policies. Default: the seeds in `AEROSPIKE_HOSTS`
 * @returns the connected client
 * @throws InvalidArgError if an option is invalid; ClusterError if no node answers within `connectTimeout`, or if the
 *   cluster has another name
 * @example
 * ```ts
 * using client = connectSync({ hosts: '127.0.0.1:3000' })
 * ```
 */
export function connectSync(config?: ClientConfig): ClientSync {
  return new ClientSync(config).connect()
}
