/**
 * The asynchronous client: a short method a command.
 */
import type { BatchRecords } from './batch'
import type { BatchWritePolicy } from './batch-policy'
import type { BatchRowRequest, BatchWriteRecord } from './batch-rows'
import type { Columns, KeysLike, Schema, WriteColumns, WrittenRows } from './columns'
import * as commands from './commands'
import { type Command, type Context, completion, Outbox } from './completion'
import { type ClientConfig, parseConfig, type Settings, writeConfig } from './config'
import { clientError } from './errors'
import { JobTask } from './job'
import type { KeyLike } from './key'
import { Management } from './management'
import type { BinsOf, Inferred, OrderedAnswers } from './operations/answers'
import type { Operation } from './operations/operation'
import { integerOption, optionsObject, unknownOption } from './options'
import {
  type AdminPolicy,
  type BatchPolicy,
  type CallOptions,
  checkSignal,
  type ReadPolicy,
  type WriteMeta,
  type WritePolicy,
} from './policy'
import { Query } from './query/query'
import type { AerospikeRecord, Bins, OrderedResults, RecordMeta } from './record'
import type { Runner } from './stream'
import type { Double, ReadValue, Value } from './value'
import { Writer } from './wire'

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

/** Reads the options of `connect`. */
function connectPolicy(options: CallOptions | undefined): typeof UNBOUNDED & CallOptions {
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
export const dropped = new FinalizationRegistry<number>(client => completion.session.abandon(client))

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
  readonly #runner: Runner = {
    client: () => this.#outbox.client,
    run: (command, args) => this.#run(command, args),
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
    const { timeouts, int64, maps } = this.#settings
    this.#context = { timeouts, int64, maps }
  }

  /**
   * Connects, and gives the client. Calling it again gives the same promise.
   * @param user - instead of the configuration's
   * @param password - instead of the configuration's
   * @throws ClusterError when no node answers within `connectTimeout`, or the cluster has another name
   */
  connect(user?: string | null, password?: string | null, options?: CallOptions): Promise<this> {
    if (this.#state === 'closing' || this.#state === 'closed') {
      return Promise.reject(clientError('the client is closed; make a new one'))
    }
    if (this.#connecting === undefined) {
      try {
        this.#connecting = this.#connect(user, password, connectPolicy(options))
      } catch (error) {
        return Promise.reject(error)
      }
    }
    return this.#connecting
  }

  async #connect(
    user: string | null | undefined,
    password: string | null | undefined,
    policy: typeof UNBOUNDED & CallOptions,
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
      return this
    } catch (error) {
      if (this.#state === 'connecting') {
        this.#state = 'new'
        this.#connecting = undefined
      }
      throw error
    }
  }

  #run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): Promise<R> {
    if (this.#state !== 'open') return Promise.reject(this.#notOpen(command.name))
    return completion.call(this.#outbox, this.#context, command, args)
  }

  /** @internal */
  protected override run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): Promise<R> {
    return this.#run(command, args)
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
   * Writes bins; those that the record has beside them stay.
   * @param bins - 1 or more, names of 1 to 15 bytes; a bin of null is removed
   * @param meta - `gen`: only if the record has this generation; `ttl`: its lifetime in seconds
   * @throws InvalidArgError, RecordExistsError, RecordNotFound, RecordGenerationError, RecordTooBig, and of every call:
   * AerospikeTimeoutError, ClusterError, ServerError, AbortError, BackpressureError
   */
  put(
    key: KeyLike,
    bins: { readonly [bin: string]: Value },
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void> {
    return this.#run(commands.put, [key, bins, meta, policy])
  }

  /**
   * Reads a record with all of its bins.
   * @throws RecordNotFound
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord<B>> {
    return this.#run(commands.get, [key, policy]) as Promise<AerospikeRecord<B>>
  }

  /** Reads a record with all of its bins; null when it does not exist. */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord<B> | null> {
    return this.#run(commands.getOrNull, [key, policy]) as Promise<AerospikeRecord<B> | null>
  }

  /**
   * Reads some bins of a record; those that it has not are left out. No names: no bins, generation and lifetime only.
   * @throws RecordNotFound
   */
  select<B = Bins>(key: KeyLike, bins: readonly string[], policy?: ReadPolicy): Promise<AerospikeRecord<B>> {
    return this.#run(commands.select, [key, bins, policy]) as Promise<AerospikeRecord<B>>
  }

  /** Whether a record exists. */
  exists(key: KeyLike, policy?: ReadPolicy): Promise<boolean> {
    return this.#run(commands.exists, [key, policy])
  }

  /** Generation and lifetime of a record; null when it does not exist. */
  getMeta(key: KeyLike, policy?: ReadPolicy): Promise<RecordMeta | null> {
    return this.#run(commands.getMeta, [key, policy])
  }

  /**
   * Deletes a record.
   * @throws RecordNotFound, RecordGenerationError
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void> {
    return this.#run(commands.remove, [key, meta, policy])
  }

  /**
   * Sets a record's lifetime anew.
   * @param ttl - seconds; default: as the policy or the namespace has it
   * @throws RecordNotFound
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void> {
    return this.#run(commands.touch, [key, withTtl(meta, ttl), policy])
  }

  /**
   * Appends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  append(
    key: KeyLike,
    bin: string,
    value: string | Uint8Array,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void> {
    return this.#run(commands.append, [key, bin, value, meta, policy])
  }

  /**
   * Prepends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  prepend(
    key: KeyLike,
    bin: string,
    value: string | Uint8Array,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void> {
    return this.#run(commands.prepend, [key, bin, value, meta, policy])
  }

  /**
   * Adds to a number; a bin that is not there counts as 0.
   * @throws BinTypeError
   */
  increment(
    key: KeyLike,
    bin: string,
    by: number | bigint | Double,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void> {
    return this.#run(commands.increment, [key, bin, by, meta, policy])
  }

  /** The same as `increment`. */
  incr(
    key: KeyLike,
    bin: string,
    by: number | bigint | Double,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void> {
    return this.increment(key, bin, by, meta, policy)
  }

  /** Removes bins from a record; a record without bins is gone. */
  removeBin(
    key: KeyLike,
    bins: string | readonly string[],
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void> {
    return this.#run(commands.removeBin, [key, bins, meta, policy])
  }

  /**
   * Carries out operations on one record, in order and as one. A bin that several operations answer for holds the last
   * answer that is not null. The compiler tells the bins' types by the operations; `operate<B>` says them instead.
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<AerospikeRecord<BinsOf<B, O>>> {
    return this.#run(commands.operate, [key, ops, meta, policy]) as Promise<AerospikeRecord<unknown>> as Promise<
      AerospikeRecord<BinsOf<B, O>>
    >
  }

  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<OrderedResults<OrderedAnswers<O>>> {
    return this.#run(commands.operateOrdered, [key, ops, meta, policy]) as Promise<OrderedResults<unknown>> as Promise<
      OrderedResults<OrderedAnswers<O>>
    >
  }

  /**
   * Reads many records. A row that fails does not fail the others; the call rejects only when no row has an answer.
   * @param bins - those to read; default all; an empty list asks for existence only
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly string[] | null,
    policy?: BatchPolicy,
  ): Promise<BatchRecords<B>> {
    return this.#run(commands.batchRead, [keys, bins, policy]) as Promise<BatchRecords<unknown>> as Promise<
      BatchRecords<B>
    >
  }

  /**
   * Writes many records, each with bins of its own. Rows are as those of single writes: other bins stay, null removes a
   * bin, `meta.gen` writes only if the record has this generation.
   *
   * A row that fails does not fail the others; the call rejects only when no row has an answer. Nothing is sent twice
   * unless `maxRetries` says so.
   * @param records - `{ key, bins, meta?, policy? }` each
   * @param policy - the batch's, and what holds for all of its rows (`exists`, `ttl`, `key` ...)
   * @throws InvalidArgError when one of the records is wrong, by its place: then none is written
   */
  batchWrite(records: readonly BatchWriteRecord[], policy?: BatchWritePolicy): Promise<BatchRecords> {
    return this.#run(commands.batchWrite, [records, policy])
  }

  /**
   * Carries out the same operations on many records, on each in order and as one. A row's `record` holds the answers as
   * that of `operate` does. Operations that all read are carried out as reads: they are repeated as such, and never in
   * doubt.
   * @param policy - the batch's, and what holds for all of its rows (`ttl`, `exists` ...)
   */
  batchOperate<B = Bins>(
    keys: readonly KeyLike[],
    ops: readonly Operation[],
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords<B>> {
    return this.#run(commands.batchOperate, [keys, ops, policy]) as Promise<BatchRecords<unknown>> as Promise<
      BatchRecords<B>
    >
  }

  /**
   * Deletes many records. A record that is not there is a row with result code 2, and no failure.
   * @param policy - the batch's, and what holds for all of its rows (`durableDelete` ...)
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): Promise<BatchRecords> {
    return this.#run(commands.batchRemove, [keys, policy])
  }

  /**
   * Calls a registered function on many records. A row's `result` is what it returned; where it failed, `error` is a
   * UDFError with the function's own message.
   * @param module - without `.lua`
   * @param policy - the batch's, and what holds for all of its rows (`ttl` ...)
   */
  batchApply(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Value[] | null,
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords> {
    return this.#run(commands.batchApply, [keys, module, fn, args, policy])
  }

  /**
   * Reads, writes, operates, deletes and calls functions in one request for each node: each row says what it does.
   * `batchRow` builds rows; plain objects `{ type: 'read', key, bins }` do as well.
   *
   * Rows of one batch have no order among each other, whatever records they are about.
   * @param policy - the batch's, and what holds for all rows that write
   * @throws InvalidArgError when one of the rows is wrong, by its place: then none is carried out
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): Promise<BatchRecords<B>> {
    return this.#run(commands.batch, [rows, policy]) as Promise<BatchRecords<unknown>> as Promise<BatchRecords<B>>
  }

  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   * @param keys - keys, or a column of user keys `{ ns, set, ids }`, of which no object is made
   * @param schema - bin name -> type of its column
   */
  batchReadColumns<const S extends Schema>(
    keys: KeysLike,
    schema: S,
    policy?: commands.ColumnsPolicy,
  ): Promise<Columns<S>> {
    return this.#run(commands.batchReadColumns, [keys, schema, policy]) as Promise<Columns<Schema>> as Promise<
      Columns<S>
    >
  }

  /**
   * Writes many records from columns: a record for each key, a bin for each column. Rust makes the rows of the columns'
   * bytes; no object is made of a row.
   *
   * A row that fails does not fail the call: its code and error are in the result, and whether it may have been written all
   * the same. Writes are not sent again by themselves.
   * @param data - namespace, set, keys, columns, and which rows have values
   * @throws InvalidArgError before anything is sent, by name: columns of another length than the keys, memory that is detached
   * or shared, types that do not fit the schema
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): Promise<WrittenRows> {
    return this.#run(commands.batchWriteColumns, [data, policy])
  }

  /**
   * Applies a function of a registered module to a record, on the server that holds it, and gives its result. A record that
   * does not exist is given to the function as a new one.
   * @param module - its name, with or without `.lua`
   * @throws UDFError, with the function's message and its line
   */
  apply(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Value[] | null,
    policy?: WritePolicy,
  ): Promise<ReadValue> {
    return this.#run(commands.apply, [key, module, fn, args, policy])
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
    return new JobTask(this.#runner, id)
  }

  /** The same as `query`: a query without `where` is a scan. */
  scan<B = Bins>(namespace: string, set?: string | null): Query<B> {
    return this.query<B>(namespace, set)
  }

  /** Asks every node an info command; a node that fails has its `error`. */
  infoAll(command: string, policy?: AdminPolicy): Promise<commands.InfoResult[]> {
    return this.#run(commands.infoAll, [command, policy])
  }

  /**
   * Asks one node an info command.
   * @throws ClusterError when the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): Promise<string> {
    return this.#run(commands.infoNode, [command, node, policy])
  }

  /** Asks any node an info command. */
  infoRandomNode(command: string, policy?: AdminPolicy): Promise<string> {
    return this.#run(commands.infoRandomNode, [command, policy])
  }
}

/** A lifetime given beside the meta. @internal */
export function withTtl(
  meta: WriteMeta | null | undefined,
  ttl: number | null | undefined,
): WriteMeta | null | undefined {
  return ttl === undefined || ttl === null ? meta : { ...meta, ttl }
}

/**
 * Connects a client.
 * @throws InvalidArgError, ClusterError
 */
export async function connect(config?: ClientConfig, options?: CallOptions): Promise<Client> {
  return new Client(config).connect(undefined, undefined, options)
}
