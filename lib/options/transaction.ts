/**
 * Transactions as policies take them: their state, and the calls that belong to them.
 */

import { RequestFlag } from '../catalog/boundary'
import { CLIENT_CODES } from '../catalog/result-codes'
import { describe } from '../common/describe'
import { AerospikeError, CommitError, invalidArgument, transactionError } from '../common/errors'
import type { Writer } from '../wire/wire'

/**
 * The state of a transaction.
 *
 * - `open`: it takes calls.
 * - `committing`, `aborting`: its commit or abort is running.
 * - `committed`, `aborted`: it has ended.
 * - `commit-failed`: a commit failed. If the failure is in doubt (`inDoubt`), the transaction can only be committed again;
 *   otherwise it can also be aborted.
 */
export type TransactionState = 'open' | 'committing' | 'committed' | 'aborting' | 'aborted' | 'commit-failed'

let last = 0

/** What `Transaction` and `TransactionSync` have in common. Create one with `client.transaction()`. */
export abstract class TransactionBase {
  /** The context of the client that it belongs to. Also distinguishes transactions from other objects. */
  readonly #owner: object
  readonly #number: number
  readonly #seconds: number
  #state: TransactionState = 'open'
  #inDoubt = false
  /** Number of calls that have not settled. */
  #calls = 0
  #used = false
  #idle: (() => void)[] = []

  /** @internal */
  constructor(owner: object, seconds: number) {
    this.#owner = owner
    this.#seconds = seconds
    last = last === 0xffff_ffff ? 1 : last + 1
    this.#number = last
  }

  /** Returns whether a value is a transaction. @internal */
  static is(value: unknown): value is TransactionBase {
    return typeof value === 'object' && value !== null && #owner in value
  }

  /** The state of the transaction. */
  get state(): TransactionState {
    return this.#state
  }

  /** True if a commit failed and may have been applied all the same: commit again to find out. */
  get inDoubt(): boolean {
    return this.#inDoubt
  }

  /** Milliseconds after which the servers abort the transaction, from its first write on. 0: as the server is configured. */
  get timeout(): number {
    return this.#seconds * 1000
  }

  /** @internal */
  get number(): number {
    return this.#number
  }

  /** Whether a call was sent. @internal */
  get used(): boolean {
    return this.#used
  }

  /** Checks that a call of this client may belong to the transaction. @internal */
  check(owner: object, call: string): void {
    if (owner !== this.#owner) {
      throw invalidArgument(`${call}: policy.tx: the transaction belongs to another client; each client has its own`)
    }
    if (this.#state !== 'open') throw this.#refusal(call)
  }

  /** Writes what the native side needs to find the transaction, and returns the flag of the request. @internal */
  write(writer: Writer): number {
    this.#used = true
    writer.u32(this.#number)
    writer.u32(this.#seconds)
    return RequestFlag.TRANSACTION
  }

  /** Counts a call that has begun. @internal */
  begin(): void {
    this.#calls++
  }

  /** Counts a call that has settled. @internal */
  end(): void {
    this.#calls--
    if (this.#calls > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #refusal(call: string): Error {
    switch (this.#state) {
      case 'committed':
        return transactionError(CLIENT_CODES.TRANSACTION_COMMITTED.id, `${call}: the transaction is committed`)
      case 'aborted':
        return transactionError(CLIENT_CODES.TRANSACTION_ABORTED.id, `${call}: the transaction is aborted`)
      case 'commit-failed':
        return this.#inDoubt
          ? transactionError(
              CLIENT_CODES.TRANSACTION_IN_DOUBT.id,
              `${call}: a commit of the transaction may have been applied; commit it again to find out`,
            )
          : transactionError(
              CLIENT_CODES.TRANSACTION_COMMIT_FAILED.id,
              `${call}: a commit of the transaction failed; abort it, or commit it again`,
            )
      default:
        return transactionError(CLIENT_CODES.TRANSACTION_BUSY.id, `${call}: the transaction is ${this.#state}`)
    }
  }

  /** Begins a commit. Returns false if the transaction is already committed. @internal */
  protected beginCommit(): boolean {
    const before = this.#state
    if (before === 'committed') return false
    if (before !== 'open' && before !== 'commit-failed') throw this.#refusal('commit')
    if (this.#calls > 0) {
      const calls = this.#calls === 1 ? 'a call of the transaction is' : `${this.#calls} calls of the transaction are`
      throw transactionError(
        CLIENT_CODES.TRANSACTION_BUSY.id,
        `commit: ${calls} still running; await them before you commit`,
      )
    }
    this.#state = 'committing'
    return true
  }

  /** Ends a commit. @internal */
  protected committed(): void {
    this.#state = 'committed'
    this.#inDoubt = false
  }

  /** Ends a commit that failed. Returns whether the transaction has ended. @internal */
  protected commitFailed(error: unknown): boolean {
    if (error instanceof AerospikeError && error.inDoubt) {
      this.#inDoubt = true
      this.#state = 'commit-failed'
    } else if (error instanceof CommitError && error.status !== 'mark-roll-forward-abandoned') {
      this.#state = 'aborted'
    } else if (error instanceof AerospikeError && error.resultCode === CLIENT_CODES.TRANSACTION_ABORTED.id) {
      this.#state = 'aborted'
    } else {
      this.#state = error instanceof CommitError || this.#inDoubt ? 'commit-failed' : 'open'
    }
    if (this.#state === 'aborted') this.#inDoubt = false
    return this.#state === 'aborted'
  }

  /** Begins an abort. Returns false if the transaction is already aborted. @internal */
  protected beginAbort(): boolean {
    if (this.#state === 'aborted') return false
    if (this.#state !== 'open' && (this.#state !== 'commit-failed' || this.#inDoubt)) throw this.#refusal('abort')
    this.#state = 'aborting'
    return true
  }

  /** Resolves when no call of the transaction is running. @internal */
  protected idle(): Promise<void> {
    if (this.#calls === 0) return Promise.resolve()
    return new Promise(resolve => this.#idle.push(resolve))
  }

  /** Ends an abort. One that failed cannot be committed either: the servers abort the transaction. @internal */
  protected aborted(): void {
    this.#state = 'aborted'
  }

  /** Whether leaving the scope of the transaction has to abort it. @internal */
  protected get unfinished(): boolean {
    return this.#state === 'open' || (this.#state === 'commit-failed' && !this.#inDoubt)
  }
}

/** Checks the field `tx` of a policy. */
export function checkTransaction(value: unknown, where: string): void {
  if (!TransactionBase.is(value)) {
    throw invalidArgument(
      `${where}: a transaction that client.transaction() returned is needed, not ${describe(value)}`,
    )
  }
}
