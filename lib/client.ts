/**
 * The asynchronous client: a short method a command.
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

/** ms that `close` gives to what still runs. */
const CLOSE_PATIENCE = 5000

/** Not bounded from here: connecting has its own bound, closing its patience. */
const UNBOUNDED = { timeout: 0 } as const

/** How a client is closed. */
export interface CloseOptions {
  /** ms that commands in flight may still take; then they end with ClientError. Default 5000. */
  timeout?: number
}

/** Reads the options of `close`. @internal */
export function closePatience(options: CloseOptions | undefined): number {
  if (options === undefined) return CLOSE_PATIENCE
  const given = optionsObject(options, 'close')
  for (const name of Object.keys(given)) if (name !== 'timeout') unknownOption(name, 'close', ['timeout'])
  return given.timeout === undefined ? CLOSE_PATIENCE : integerOption(0)(given.timeout, 'close.timeout')
}

/** How a client is connected. */
export type ConnectOptions = Pick<CallOptions, 'signal'>

/** Reads the options of `connect`. */
function connectPolicy(options: ConnectOptions | undefined): typeof UNBOUNDED & ConnectOptions {
  if (options === undefined) return UNBOUNDED
  const given = optionsObject(options, 'connect')
  for (const name of Object.keys(given)) if (name !== 'signal') unknownOption(name, 'connect', ['signal'])
  if (given.signal === undefined) return UNBOUNDED
  checkSignal(given.signal, 'connect.signal')
  return { ...UNBOUNDED, signal: given.signal as AbortSignal }
}

/** Checks a whole configuration, policies included, before anything is connected. @internal */
export function checkedSettings(config: ClientConfig | undefined): Settings {
  const settings = parseConfig(config)
  writeConfig(new Writer(1024), settings)
  return settings
}

/** Closes the native client of an object that was dropped without `close`. @internal */
export const dropped = new FinalizationRegistry<number>(client => completion.abandon(client))

type State = 'new' | 'connecting' | 'open' | 'closing' | 'closed'

/**
 * A client of one cluster.
 *
 * Every call gives a promise that settles exactly once, within its `totalTimeout`. Wrong arguments reject it at once with
 * InvalidArgError, and nothing is sent.
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
   * A client that is not connected yet.
   * @throws InvalidArgError for an option that is unknown or wrong, by its name
   */
  constructor(config?: ClientConfig) {
    super()
    this.#settings = checkedSettings(config)
    const { timeouts, int64, maps, seeds, numbers } = this.#settings
    // Twice a tend: nothing that the core sees for a whole one is missed.
    this.#watch = new ClusterWatch((numbers.tendInterval ?? 1000) / 2)
    this.#context = { timeouts, int64, maps, seed: seeds[0] }
  }

  /**
   * Connects, and gives the client. Calling it again gives the same promise.
   * @param user - instead of the configuration's
   * @param password - instead of the configuration's
   * @throws ClusterError when no node answers within `connectTimeout`, or the cluster has another name
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

  /** Whether the client has a node that it can use. */
  isConnected(): boolean {
    return this.#state === 'open' && completion.session.isConnected(this.#outbox.client)
  }

  /** The names of the nodes that the client knows. */
  getNodeNames(): string[] {
    if (this.#state !== 'open') throw this.#notOpen('getNodeNames')
    return completion.session.nodeNames(this.#outbox.client)
  }

  /**
   * What the client does at the moment, and what became of its connections.
   * @throws ClientError when it is not connected
   */
  override stats(): ClientStats {
    const stats = this.#state === 'open' ? completion.session.clientStats(this.#outbox.client) : null
    if (stats === null) throw this.#notOpen('stats')
    return clientStats(stats)
  }

  /**
   * Closes the client: new calls are refused, what runs may end, what is left after `timeout` ms ends with ClientError.
   * Calling it again gives the same promise.
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
        // A full queue does not keep a client from being closed.
        this.#outbox.queueAfter(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
        await completion.call(this.#outbox, this.#context, commands.close, [patience, UNBOUNDED])
      }
    } finally {
      this.#state = 'closed'
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
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
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStream<BatchRow<B>> {
    return new RowStream(new Stream(this.#runner, batchOpening<B>(rows, policy)))
  }

  /**
   * A query of a set, or of a whole namespace: put together by its methods, run by `for await`, `results()` and their like.
   * @throws InvalidArgError for names that are none
   */
  query<B = Bins>(namespace: string, set?: string | null): Query<B> {
    return new Query<B>(this.#runner, namespace, set)
  }

  /** A background job that was begun before, here or in another process, by its number. */
  job(id: bigint): JobTask {
    return new JobTask(this.#runner, id, false)
  }

  /** The same as `query`: a query without `where` is a scan. */
  scan<B = Bins>(namespace: string, set?: string | null): Query<B> {
    return this.query<B>(namespace, set)
  }

  /** Asks every node an info command; a node that fails has its `error`. */
  infoAll(command: string, policy?: AdminPolicy): Promise<commands.InfoResult[]> {
    return this.run(commands.infoAll, [command, policy])
  }

  /**
   * Asks one node an info command.
   * @throws ClusterError when the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): Promise<string> {
    return this.run(commands.infoNode, [command, node, policy])
  }

  /** Asks any node an info command. */
  infoRandomNode(command: string, policy?: AdminPolicy): Promise<string> {
    return this.run(commands.infoRandomNode, [command, policy])
  }
}

/**
 * Connects a client.
 * @throws InvalidArgError, ClusterError
 */
export async function connect(config?: ClientConfig, options?: ConnectOptions): Promise<Client> {
  return new Client(config).connect(undefined, undefined, options)
}
