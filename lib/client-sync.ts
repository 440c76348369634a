/**
 * The blocking client: the same commands, for scripts, CLIs and workers. It stops the event loop of its thread.
 */
import type { BatchRecords } from './batch'
import type { BatchWritePolicy } from './batch-policy'
import type { BatchRowRequest, BatchWriteRecord } from './batch-rows'
import { type CloseOptions, checkedSettings, closePatience, dropped, withTtl } from './client'
import type { Columns, KeysLike, Schema, WriteColumns, WrittenRows } from './columns'
import * as commands from './commands'
import { type Command, type Context, completion } from './completion'
import type { ClientConfig, Settings } from './config'
import { clientError } from './errors'
import { JobTaskSync } from './job'
import type { KeyLike } from './key'
import { ManagementSync } from './management-sync'
import type { BinsOf, Inferred, OrderedAnswers } from './operations/answers'
import type { Operation } from './operations/operation'
import type { AdminPolicy, BatchPolicy, ReadPolicy, WriteMeta, WritePolicy } from './policy'
import { QuerySync } from './query/query-sync'
import type { AerospikeRecord, Bins, OrderedResults, RecordMeta } from './record'
import type { SyncRunner } from './stream'
import type { Double, ReadValue, Value } from './value'

const UNBOUNDED = { timeout: 0 } as const

/** A client whose calls give their results themselves and throw their errors. A call cannot be aborted: it takes no `signal`. */
export class ClientSync extends ManagementSync implements Disposable {
  readonly #settings: Settings
  readonly #context: Context
  readonly #runner: SyncRunner = {
    client: () => this.#client ?? 0,
    run: (command, args) => this.#run(command, args),
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
    const { timeouts, int64, maps } = this.#settings
    this.#context = { timeouts, int64, maps }
  }

  /**
   * Connects, and gives the client.
   * @throws ClusterError when no node answers within `connectTimeout`, or the cluster has another name
   */
  connect(user?: string | null, password?: string | null): this {
    if (this.#closed) throw clientError('the client is closed; make a new one')
    if (this.#client === undefined) {
      const args = [this.#settings, user, password, UNBOUNDED] as const
      this.#client = completion.callBlocking(0, this.#context, commands.connect, args).client
      dropped.register(this, this.#client, this)
    }
    return this
  }

  #open(name: string): number {
    if (this.#client !== undefined) return this.#client
    throw clientError(`${name}: the client is ${this.#closed ? 'closed' : 'not connected; call connect() first'}`)
  }

  #run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): R {
    return completion.callBlocking(this.#open(command.name), this.#context, command, args)
  }

  /** @internal */
  protected override run<A extends readonly unknown[], R, T>(command: Command<A, R, T>, args: A): R {
    return this.#run(command, args)
  }

  /** Whether the client has a node that it can use. */
  isConnected(): boolean {
    return this.#client !== undefined && completion.session.isConnected(this.#client)
  }

  /** The names of the nodes that the client knows. */
  getNodeNames(): string[] {
    return completion.session.nodeNames(this.#open('getNodeNames'))
  }

  /** Closes the client; calling it again does nothing. */
  close(options?: CloseOptions): void {
    const patience = closePatience(options)
    const client = this.#client
    this.#closed = true
    this.#client = undefined
    if (client === undefined) return
    dropped.unregister(this)
    completion.callBlocking(client, this.#context, commands.close, [patience, UNBOUNDED])
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /**
   * Writes bins; those that the record has beside them stay.
   * @param bins - 1 or more, names of 1 to 15 bytes; a bin of null is removed
   * @param meta - `gen`: only if the record has this generation; `ttl`: its lifetime in seconds
   * @throws InvalidArgError, RecordExistsError, RecordNotFound, RecordGenerationError, RecordTooBig, and of every call:
   * AerospikeTimeoutError, ClusterError, ServerError
   */
  put(key: KeyLike, bins: { readonly [bin: string]: Value }, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.#run(commands.put, [key, bins, meta, policy])
  }

  /**
   * Reads a record with all of its bins.
   * @throws RecordNotFound
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> {
    return this.#run(commands.get, [key, policy]) as AerospikeRecord<B>
  }

  /** Reads a record with all of its bins; null when it does not exist. */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> | null {
    return this.#run(commands.getOrNull, [key, policy]) as AerospikeRecord<B> | null
  }

  /**
   * Reads some bins of a record; those that it has not are left out. No names: no bins, generation and lifetime only.
   * @throws RecordNotFound
   */
  select<B = Bins>(key: KeyLike, bins: readonly string[], policy?: ReadPolicy): AerospikeRecord<B> {
    return this.#run(commands.select, [key, bins, policy]) as AerospikeRecord<B>
  }

  /** Whether a record exists. */
  exists(key: KeyLike, policy?: ReadPolicy): boolean {
    return this.#run(commands.exists, [key, policy])
  }

  /** Generation and lifetime of a record; null when it does not exist. */
  getMeta(key: KeyLike, policy?: ReadPolicy): RecordMeta | null {
    return this.#run(commands.getMeta, [key, policy])
  }

  /**
   * Deletes a record.
   * @throws RecordNotFound, RecordGenerationError
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.#run(commands.remove, [key, meta, policy])
  }

  /**
   * Sets a record's lifetime anew.
   * @param ttl - seconds; default: as the policy or the namespace has it
   * @throws RecordNotFound
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.#run(commands.touch, [key, withTtl(meta, ttl), policy])
  }

  /**
   * Appends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  append(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.#run(commands.append, [key, bin, value, meta, policy])
  }

  /**
   * Prepends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  prepend(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.#run(commands.prepend, [key, bin, value, meta, policy])
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
  ): void {
    this.#run(commands.increment, [key, bin, by, meta, policy])
  }

  /** The same as `increment`. */
  incr(key: KeyLike, bin: string, by: number | bigint | Double, meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.increment(key, bin, by, meta, policy)
  }

  /** Removes bins from a record; a record without bins is gone. */
  removeBin(key: KeyLike, bins: string | readonly string[], meta?: WriteMeta | null, policy?: WritePolicy): void {
    this.#run(commands.removeBin, [key, bins, meta, policy])
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
  ): AerospikeRecord<BinsOf<B, O>> {
    return this.#run(commands.operate, [key, ops, meta, policy]) as AerospikeRecord<unknown> as AerospikeRecord<
      BinsOf<B, O>
    >
  }

  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): OrderedResults<OrderedAnswers<O>> {
    return this.#run(commands.operateOrdered, [key, ops, meta, policy]) as OrderedResults<unknown> as OrderedResults<
      OrderedAnswers<O>
    >
  }

  /**
   * Reads many records. A row that fails does not fail the others; the call throws only when no row has an answer.
   * @param bins - those to read; default all; an empty list asks for existence only
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly string[] | null,
    policy?: BatchPolicy,
  ): BatchRecords<B> {
    return this.#run(commands.batchRead, [keys, bins, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Writes many records, each with bins of its own. Rows are as those of single writes: other bins stay, null removes a
   * bin, `meta.gen` writes only if the record has this generation.
   *
   * A row that fails does not fail the others; the call throws only when no row has an answer. Nothing is sent twice
   * unless `maxRetries` says so.
   * @param records - `{ key, bins, meta?, policy? }` each
   * @param policy - the batch's, and what holds for all of its rows (`exists`, `ttl`, `key` ...)
   * @throws InvalidArgError when one of the records is wrong, by its place: then none is written
   */
  batchWrite(records: readonly BatchWriteRecord[], policy?: BatchWritePolicy): BatchRecords {
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
  ): BatchRecords<B> {
    return this.#run(commands.batchOperate, [keys, ops, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Deletes many records. A record that is not there is a row with result code 2, and no failure.
   * @param policy - the batch's, and what holds for all of its rows (`durableDelete` ...)
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): BatchRecords {
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
  ): BatchRecords {
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
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): BatchRecords<B> {
    return this.#run(commands.batch, [rows, policy]) as BatchRecords<unknown> as BatchRecords<B>
  }

  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   * @param keys - keys, or a column of user keys `{ ns, set, ids }`, of which no object is made
   * @param schema - bin name -> type of its column
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: commands.ColumnsPolicy): Columns<S> {
    return this.#run(commands.batchReadColumns, [keys, schema, policy]) as Columns<Schema> as Columns<S>
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
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): WrittenRows {
    return this.#run(commands.batchWriteColumns, [data, policy])
  }

  /**
   * Applies a function of a registered module to a record; see `Client.apply`.
   * @throws UDFError
   */
  apply(key: KeyLike, module: string, fn: string, args?: readonly Value[] | null, policy?: WritePolicy): ReadValue {
    return this.#run(commands.apply, [key, module, fn, args, policy])
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
    return new JobTaskSync(this.#runner, id)
  }

  /** The same as `query`: a query without `where` is a scan. */
  scan<B = Bins>(namespace: string, set?: string | null): QuerySync<B> {
    return this.query<B>(namespace, set)
  }

  /** Asks every node an info command; a node that fails has its `error`. */
  infoAll(command: string, policy?: AdminPolicy): commands.InfoResult[] {
    return this.#run(commands.infoAll, [command, policy])
  }

  /**
   * Asks one node an info command.
   * @throws ClusterError when the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): string {
    return this.#run(commands.infoNode, [command, node, policy])
  }

  /** Asks any node an info command. */
  infoRandomNode(command: string, policy?: AdminPolicy): string {
    return this.#run(commands.infoRandomNode, [command, policy])
  }
}

/**
 * Connects a blocking client.
 * @throws InvalidArgError, ClusterError
 */
export function connectSync(config?: ClientConfig): ClientSync {
  return new ClientSync(config).connect()
}
