/**
 * Runs a function in a transaction, and again if the transaction conflicts with others.
 */

import { describe } from '../common/describe'
import { AerospikeError, CommitError, invalidArgument, isTemporaryError } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import { type AttemptOptions, Attempts } from './backoff'
import type { Transaction, TransactionOptions, TransactionSync } from './transaction'
import { transactionSeconds } from './transaction'

/** Options of `withTransaction`. */
export interface WithTransactionOptions extends AttemptOptions, TransactionOptions {
  /** Maximum number of attempts after the first one. Default 10. */
  readonly retries?: number | undefined
  /** Pauses between attempts. Default `{ initial: 10, factor: 2, max: 1000 }` milliseconds. */
  readonly backoff?: AttemptOptions['backoff'] | undefined
}

/** Options of a blocking `withTransaction`. */
export type BlockingWithTransactionOptions = Omit<WithTransactionOptions, 'signal'>

/** The work of a transaction. It may run several times; the second argument is the number of the attempt, from 1. */
export type TransactionWork<T> = (tx: Transaction, attempt: number) => T | PromiseLike<T>

/** The work of a transaction of `ClientSync`: it cannot return a promise. */
export type BlockingTransactionWork<T> = (tx: TransactionSync, attempt: number) => T

const DEFAULTS = { retries: 10, initial: 10, max: 1000 } as const
const FIELDS = ['retries', 'backoff', 'signal', 'timeout']
const NAME = 'withTransaction'

/** Codes of errors after which a new transaction may succeed, beyond those of temporary errors. */
const CONFLICTS: ReadonlySet<string> = new Set([
  'TRANSACTION_BLOCKED',
  'TRANSACTION_VERSION_MISMATCH',
  'TRANSACTION_EXPIRED',
  'TRANSACTION_ABORTED',
  'TRANSACTION_IN_DOUBT',
])

/**
 * Whether the work may run again in a new transaction. The transaction of this error is aborted, so none of its writes is
 * applied, even if the error is in doubt.
 */
function mayRunAgain(error: unknown, { inDoubt, state }: { inDoubt: boolean; state: string }): boolean {
  if (!(error instanceof AerospikeError) || inDoubt || state === 'committed') return false
  return error instanceof CommitError || CONFLICTS.has(error.code) || isTemporaryError(error)
}

function attemptsOf(fn: unknown, options: WithTransactionOptions, blocking: boolean): Attempts {
  if (typeof fn !== 'function') throw invalidArgument(`${NAME}: a function is needed, not ${describe(fn)}`)
  checkOptions(optionsObject(options, NAME), NAME, FIELDS)
  transactionSeconds(options, NAME)
  return new Attempts(NAME, options, DEFAULTS, blocking)
}

/** Commits, and commits again while the result is unknown. */
async function commit(tx: Transaction, attempts: Attempts): Promise<void> {
  while (tx.state === 'open' || tx.inDoubt) {
    try {
      await tx.commit()
    } catch (error) {
      if (!tx.inDoubt || attempts.exhausted) throw error
      await attempts.wait().catch(() => undefined)
      // The signal of the call must not hide that the commit is in doubt.
      if (attempts.signal?.aborted === true) throw error
      attempts.begin()
    }
  }
}

/** Implements `Client.withTransaction`. */
export async function runTransaction<T>(
  begin: (options: TransactionOptions) => Transaction,
  fn: TransactionWork<T>,
  options: WithTransactionOptions = {},
): Promise<T> {
  const attempts = attemptsOf(fn, options, false)
  const { timeout } = options
  for (;;) {
    attempts.begin()
    const tx = begin({ timeout })
    try {
      const result = await fn(tx, attempts.attempt)
      await commit(tx, attempts)
      return result
    } catch (error) {
      await tx[Symbol.asyncDispose]()
      if (attempts.exhausted || !mayRunAgain(error, tx)) throw error
    }
    await attempts.wait()
  }
}

function commitSync(tx: TransactionSync, attempts: Attempts): void {
  while (tx.state === 'open' || tx.inDoubt) {
    try {
      tx.commit()
    } catch (error) {
      if (!tx.inDoubt || attempts.exhausted) throw error
      attempts.waitBlocking()
      attempts.begin()
    }
  }
}

/** Implements `ClientSync.withTransaction`. */
export function runTransactionSync<T>(
  begin: (options: TransactionOptions) => TransactionSync,
  fn: BlockingTransactionWork<T>,
  options: BlockingWithTransactionOptions = {},
): T {
  const attempts = attemptsOf(fn, options, true)
  const { timeout } = options
  for (;;) {
    attempts.begin()
    const tx = begin({ timeout })
    try {
      const result = fn(tx, attempts.attempt)
      if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
        throw invalidArgument(`${NAME}: the function returned a promise, which ClientSync does not wait for`)
      }
      commitSync(tx, attempts)
      return result
    } catch (error) {
      tx[Symbol.dispose]()
      if (attempts.exhausted || !mayRunAgain(error, tx)) throw error
    }
    attempts.waitBlocking()
  }
}
