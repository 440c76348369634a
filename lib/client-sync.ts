/**
 * The blocking client: the same commands, for scripts, CLIs and workers. It stops the event loop of its thread.
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

/** A client whose calls give their results themselves and throw their errors. A call cannot be aborted: it takes no `signal`. */
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
   * A client that is not connected yet.
   * @throws InvalidArgError for an option that is unknown or wrong, by its name
   */
  constructor(config?: ClientConfig) {
    super()
    this.#settings = checkedSettings(config)
    const { timeouts, int64, maps, seeds } = this.#settings
    this.#context = { timeouts, int64, maps, seed: seeds[0] }
  }

  /**
   * Connects, and gives the client.
   * @throws ClusterError when no node answers within `connectTimeout`, or the cluster has another name
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

  /** Whether the client has a node that it can use. */
  isConnected(): boolean {
    return this.#client !== undefined && completion.session.isConnected(this.#client)
  }

  /** The names of the nodes that the client knows. */
  getNodeNames(): string[] {
    return completion.session.nodeNames(this.#open('getNodeNames'))
  }

  /**
   * What the client does at the moment, and what became of its connections.
   * @throws ClientError when it is not connected
   */
  override stats(): ClientStats {
    const stats = completion.session.clientStats(this.#open('stats'))
    if (stats === null) throw clientError('stats: the client is closed')
    return clientStats(stats)
  }

  /** Closes the client; calling it again does nothing. */
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

  [Symbol.dispose](): void {
    this.close()
  }

  /**
   * The rows of a batch in the order in which they arrive, each with its `index`: the first are there while others are
   * still under way, and no more of them are in memory than a bounded number, because nodes whose rows nobody takes are
   * not read. Leaving the loop ends the batch; rows that write and were not answered by then are in doubt.
   *
   * It has no time limit unless `totalTimeout` sets one, which counts the time that the loop's body takes too. It throws
   * when no row has an answer.
   * @throws InvalidArgError at once, when one of the rows is wrong, by its place
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStreamSync<BatchRow<B>> {
    return new RowStreamSync(new StreamSync(this.#runner, batchOpening<B>(rows, policy)))
  }

  /**
   * A query of a set, or of a whole namespace: put together by its methods, run by `for`, `results()` and their like.
   * @throws InvalidArgError for names that are none
   */
  query<B = Bins>(namespace: string, set?: string | null): QuerySync<B> {
    return new QuerySync<B>(this.#runner, namespace, set)
  }

  /** A background job that was begun before, here or in another process, by its number. */
  job(id: bigint): JobTaskSync {
    return new JobTaskSync(this.#runner, id, false)
  }

  /** The same as `query`: a query without `where` is a scan. */
  scan<B = Bins>(namespace: string, set?: string | null): QuerySync<B> {
    return this.query<B>(namespace, set)
  }

  /** Asks every node an info command; a node that fails has its `error`. */
  infoAll(command: string, policy?: AdminPolicy): commands.InfoResult[] {
    return this.run(commands.infoAll, [command, policy])
  }

  /**
   * Asks one node an info command.
   * @throws ClusterError when the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): string {
    return this.run(commands.infoNode, [command, node, policy])
  }

  /** Asks any node an info command. */
  infoRandomNode(command: string, policy?: AdminPolicy): string {
    return this.run(commands.infoRandomNode, [command, policy])
  }
}

/**
 * Connects a blocking client.
 * @throws InvalidArgError, ClusterError
 */
export function connectSync(config?: ClientConfig): ClientSync {
  return new ClientSync(config).connect()
}
