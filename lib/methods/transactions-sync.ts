// Generated from lib/methods/transactions.ts by `make types`. Do not edit.

/** Transactions of `ClientSync`. */

import {
  type BlockingTransactionWork,
  type BlockingWithTransactionOptions,
  runTransactionSync,
} from '../helpers/run-transaction'
import { type TransactionOptions, TransactionSync } from '../helpers/transaction'
import type { Integer } from '../values/value'
import { QueriesSync } from './queries-sync'

/** The methods of `ClientSync` for transactions. */
export abstract class TransactionsSync<out I extends Integer = number | bigint> extends QueriesSync<I> {
  /**
   * Creates a transaction. Pass it as `tx` in the policy of each call that belongs to it, then call `commit`. Nothing
   * is sent before its first call. `withTransaction` also repeats a transaction that conflicts with others.
   *
   * @param options - `timeout`: milliseconds after which the servers abort the transaction
   * @returns the transaction; a `using` declaration aborts it at the end of its scope unless it is committed
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * using tx = client.transaction({ timeout: 5000 })
   * client.increment(['bank', 'accounts', 'ada'], 'cents', -100, null, { tx })
   * client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
   * tx.commit()
   * ```
   */
  transaction(options?: TransactionOptions): TransactionSync {
    return new TransactionSync(this.runner, options)
  }

  /**
   * Runs a function in a transaction, and commits it. If the function throws, the transaction is aborted. If it
   * conflicts with others, the function runs again in a new transaction, after a random pause that grows. A commit
   * whose result is unknown is repeated until it is known.
   *
   * The function may run several times, so it should have no effects other than calls with `tx`. It should let the
   * errors of these calls pass. Rows of a batch that fail do not throw: check them.
   *
   * @param fn - gets the transaction and the number of the attempt, from 1. If it commits or aborts the transaction
   *   itself, its result is returned
   * @param options - `retries` (default 10), `backoff`, `timeout` of each transaction, `signal`
   * @returns what the function returns, after the commit
   * @throws what the function throws; CommitError if every attempt conflicts with others, or, with `inDoubt: true`, if
   *   it remains unknown whether the transaction is committed; InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const [ada, bob] = [['bank', 'accounts', 'ada'], ['bank', 'accounts', 'bob']] as const
   * client.withTransaction( tx => {
   *   const { bins } = client.get<{ cents: number }>(ada, { tx })
   *   if (bins.cents < 100) throw new Error('not enough money')
   *   client.increment(ada, 'cents', -100, null, { tx })
   *   client.increment(bob, 'cents', 100, null, { tx })
   * })
   * ```
   */
  withTransaction<T>(fn: BlockingTransactionWork<T>, options?: BlockingWithTransactionOptions): T {
    return runTransactionSync(given => this.transaction(given), fn, options)
  }
}
