/**
 * Multi-record transactions: `Transaction` of `Client`, and `TransactionSync` of `ClientSync`.
 */

import type { Runner, SyncRunner } from '../boundary/command'
import { completion } from '../boundary/completion'
import type { AbortStatus, CommitStatus } from '../commands/transaction'
import { transactionAbort, transactionCommit } from '../commands/transaction'
import { describe } from '../common/describe'
import { AerospikeError, invalidArgument } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { checkOptions, integerOption, optionsObject } from '../common/options'
import { Caller } from '../common/stacks'
import { type CallOptions, checkSignal } from '../options/policy'
import { TransactionBase } from '../options/transaction'
import { checkTraceparent } from '../telemetry/trace-parent'

/** Options of a transaction. */
export interface TransactionOptions {
  /**
   * Milliseconds after which the servers abort the transaction, counted from its first write: a multiple of 1000, because
   * servers count seconds. 0: the namespace's `mrt-duration`, which is 10 seconds by default. Default 0.
   */
  readonly timeout?: number | undefined
}

/** Options of `commit` and `abort`. */
export interface TransactionEndOptions extends CallOptions {
  /**
   * Milliseconds that the call may take. After that a commit fails, and is in doubt; it continues in the background, and
   * another `commit` returns its result. Default 10000.
   */
  readonly timeout?: number | undefined
}

/** Options of a blocking `commit` and `abort`. */
export type BlockingTransactionEndOptions = Omit<TransactionEndOptions, 'signal'>

const END_TIMEOUT = 10_000
const MAX_SECONDS = 0x7fff_ffff
const TIMEOUT = integerOption(1, 0x7fff_ffff)

/** Checks the timeout of a transaction, and returns it in seconds. */
export function transactionSeconds(options: unknown, what: string): number {
  const { timeout = 0 } = optionsObject(options ?? {}, what)
  if (typeof timeout !== 'number' || !Number.isInteger(timeout / 1000) || timeout < 0 || timeout / 1000 > MAX_SECONDS) {
    throw invalidArgument(
      `${what}.timeout: milliseconds are needed that are a multiple of 1000, because servers count seconds; not ${describe(timeout)}`,
    )
  }
  return timeout / 1000
}

function secondsOf(options: TransactionOptions | undefined): number {
  if (options !== undefined) checkOptions(optionsObject(options, 'transaction'), 'transaction', ['timeout'])
  return transactionSeconds(options, 'transaction')
}

function endPolicy(
  what: 'commit' | 'abort',
  options: TransactionEndOptions | undefined,
  blocking: boolean,
): CallOptions & { readonly timeout: number } {
  if (options === undefined) return { timeout: END_TIMEOUT }
  const given = optionsObject(options, what)
  checkOptions(given, what, ['timeout', 'signal', 'traceparent'])
  const { timeout = END_TIMEOUT, signal, traceparent } = given
  if (signal !== undefined) {
    if (blocking) throw invalidArgument(`${what}.signal: a blocking call cannot be aborted`)
    checkSignal(signal, `${what}.signal`)
  }
  if (traceparent !== undefined) checkTraceparent(traceparent, `${what}.traceparent`)
  return { ...(given as CallOptions), timeout: TIMEOUT(timeout, `${what}.timeout`) }
}

/** Defines what `JSON.stringify` and `console.log` show of a transaction. */
function describeAs<T extends TransactionBase>(Class: { readonly prototype: T }, name: string): void {
  const parts = ({ state, inDoubt, timeout }: T): { readonly [name: string]: unknown } => ({ state, inDoubt, timeout })
  jsonAs(Class, parts)
  printAs(Class, name, parts)
}

/** What identifies a transaction on the native side. */
interface Released {
  readonly client: number
  readonly number: number
}

/** Aborts transactions that were garbage-collected without commit or abort, and frees what ended ones still hold. */
const dropped = new FinalizationRegistry<Released>(({ client, number }) =>
  completion.session.releaseTransaction(client, number),
)

function releaseWhenDropped(tx: TransactionBase, runner: Runner | SyncRunner): void {
  dropped.register(tx, { client: runner.client(), number: tx.number }, tx)
}

/** Frees what the native side holds of a transaction that has ended. */
function release(tx: TransactionBase, runner: Runner | SyncRunner): void {
  dropped.unregister(tx)
  if (tx.used) completion.session.releaseTransaction(runner.client(), tx.number)
}

/** Whether an error says that the client is closed, which has aborted its transactions. */
function isClosed(error: unknown): boolean {
  return error instanceof AerospikeError && error.code === 'CLIENT_CLOSED'
}

/**
 * A multi-record transaction: its writes are applied together or not at all, and a commit succeeds only if no record that
 * it read has changed. Pass it as `tx` in the policy of each call. Servers need Enterprise Edition 8.0 or later and a
 * namespace with strong consistency.
 *
 * Leaving the scope of `await using` aborts a transaction that is not committed. One that is garbage-collected, or whose
 * client is closed, is aborted, too.
 *
 * @example
 * ```ts
 * await using tx = client.transaction()
 * const { bins } = await client.get<{ cents: number }>(['bank', 'accounts', 'ada'], { tx })
 * await client.put(['bank', 'accounts', 'ada'], { cents: bins.cents - 100 }, null, { tx })
 * await client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
 * await tx.commit()
 * ```
 */
export class Transaction extends TransactionBase implements AsyncDisposable {
  readonly #runner: Runner

  static {
    describeAs(Transaction, 'Transaction')
  }

  /** @internal */
  constructor(runner: Runner, options: TransactionOptions | undefined) {
    super(runner.context(), secondsOf(options))
    this.#runner = runner
    releaseWhenDropped(this, runner)
  }

  /**
   * Applies all writes of the transaction, if no record that it read has changed in the meantime. Await all calls of the
   * transaction before.
   *
   * @param options - `timeout`: milliseconds, default 10000; `signal`, `traceparent`
   * @returns how the commit succeeded; the transaction is committed whatever the status is
   * @throws CommitError if a record that was read has changed (the transaction is then aborted), or if the servers cannot be
   *   reached; with `inDoubt: true` it may have been applied, and you can commit again to find out. TransactionError if
   *   calls of the transaction are running, if the outcome of one of its writes is unknown, or if it is aborted;
   *   AerospikeTimeoutError and AbortError, in doubt as well
   * @example
   * ```ts
   * const status = await tx.commit()
   * if (status === 'roll-forward-abandoned') console.log('committed; the servers finish the writes')
   * ```
   */
  async commit(options?: TransactionEndOptions): Promise<CommitStatus> {
    const caller = new Caller()
    const policy = endPolicy('commit', options, false)
    if (!this.beginCommit()) return 'already-committed'
    try {
      const status = this.used ? await this.#runner.run(transactionCommit, [this.number, policy]) : 'ok'
      this.committed()
      release(this, this.#runner)
      return status
    } catch (error) {
      if (this.commitFailed(error)) release(this, this.#runner)
      throw caller.locate(error)
    }
  }

  /**
   * Discards all writes of the transaction. Waits for its calls that are still running.
   *
   * @param options - `timeout`: milliseconds, default 10000; `signal`, `traceparent`
   * @returns how the abort ended; no write of the transaction will be applied, whatever the status is
   * @throws TransactionError if the transaction is committed, or if its commit is in doubt
   */
  async abort(options?: TransactionEndOptions): Promise<AbortStatus> {
    const caller = new Caller()
    const policy = endPolicy('abort', options, false)
    if (!this.beginAbort()) return 'already-aborted'
    try {
      await this.idle()
      return this.used ? await this.#runner.run(transactionAbort, [this.number, policy]) : 'ok'
    } catch (error) {
      throw caller.locate(error)
    } finally {
      this.aborted()
      release(this, this.#runner)
    }
  }

  /** Aborts the transaction, unless it has ended or its commit is in doubt. For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.unfinished) return
    try {
      await this.abort()
    } catch (error) {
      if (!isClosed(error)) throw error
    }
  }
}

/**
 * A multi-record transaction of `ClientSync`: like `Transaction`, but its methods block. Leaving the scope of `using` aborts
 * a transaction that is not committed.
 *
 * @example
 * ```ts
 * using tx = client.transaction()
 * client.increment(['bank', 'accounts', 'ada'], 'cents', -100, null, { tx })
 * client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
 * tx.commit()
 * ```
 */
export class TransactionSync extends TransactionBase implements Disposable {
  readonly #runner: SyncRunner

  static {
    describeAs(TransactionSync, 'TransactionSync')
  }

  /** @internal */
  constructor(runner: SyncRunner, options: TransactionOptions | undefined) {
    super(runner.context(), secondsOf(options))
    this.#runner = runner
    releaseWhenDropped(this, runner)
  }

  /**
   * Applies all writes of the transaction, if no record that it read has changed in the meantime.
   *
   * @param options - `timeout`: milliseconds, default 10000; `traceparent`
   * @returns how the commit succeeded; the transaction is committed whatever the status is
   * @throws CommitError if a record that was read has changed (the transaction is then aborted), or if the servers cannot be
   *   reached; with `inDoubt: true` it may have been applied, and you can commit again to find out. TransactionError if the
   *   outcome of one of its writes is unknown, or if it is aborted; AerospikeTimeoutError, in doubt as well
   */
  commit(options?: BlockingTransactionEndOptions): CommitStatus {
    const policy = endPolicy('commit', options, true)
    if (!this.beginCommit()) return 'already-committed'
    try {
      const status = this.used ? this.#runner.run(transactionCommit, [this.number, policy]) : 'ok'
      this.committed()
      release(this, this.#runner)
      return status
    } catch (error) {
      if (this.commitFailed(error)) release(this, this.#runner)
      throw error
    }
  }

  /**
   * Discards all writes of the transaction.
   *
   * @param options - `timeout`: milliseconds, default 10000; `traceparent`
   * @returns how the abort ended; no write of the transaction will be applied, whatever the status is
   * @throws TransactionError if the transaction is committed, or if its commit is in doubt
   */
  abort(options?: BlockingTransactionEndOptions): AbortStatus {
    const policy = endPolicy('abort', options, true)
    if (!this.beginAbort()) return 'already-aborted'
    try {
      return this.used ? this.#runner.run(transactionAbort, [this.number, policy]) : 'ok'
    } finally {
      this.aborted()
      release(this, this.#runner)
    }
  }

  /** Aborts the transaction, unless it has ended or its commit is in doubt. For `using`. */
  [Symbol.dispose](): void {
    if (!this.unfinished) return
    try {
      this.abort()
    } catch (error) {
      if (!isClosed(error)) throw error
    }
  }
}
