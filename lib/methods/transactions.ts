/**
 * Transactions of `Client`.
 */

import { runTransaction, type TransactionWork, type WithTransactionOptions } from '../helpers/run-transaction'
import { Transaction, type TransactionOptions } from '../helpers/transaction'
import type { Integer } from '../values/value'
import { Queries } from './queries'

/** The methods of `Client` for transactions. */
export abstract class Transactions<out I extends Integer = number | bigint> extends Queries<I> {
  /**
   * Creates a transaction. Pass it as `tx` in the policy of each call that belongs to it, then call `commit`. Nothing is
   * sent before its first call. `withTransaction` also repeats a transaction that conflicts with others.
   *
   * @param options - `timeout`: milliseconds after which the servers abort the transaction
   * @returns the transaction; a `using` declaration aborts it at the end of its scope unless it is committed
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * await using tx = client.transaction({ timeout: 5000 })
   * await client.increment(['bank', 'accounts', 'ada'], 'cents', -100, null, { tx })
   * await client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
   * await tx.commit()
   * ```
   */
  transaction(options?: TransactionOptions): Transaction {
    return new Transaction(this.runner, options)
  }

  /**
   * Runs a function in a transaction, and commits it. If the function throws, the transaction is aborted. If it conflicts
   * with others, the function runs again in a new transaction, after a random pause that grows. A commit whose result is
   * unknown is repeated until it is known.
   *
   * The function may run several times, so it should have no effects other than calls with `tx`. It should let the errors
   * of these calls pass. Rows of a batch that fail do not throw: check them.
   *
   * @param fn - gets the transaction and the number of the attempt, from 1. If it commits or aborts the transaction
   *   itself, its result is returned
   * @param options - `retries` (default 10), `backoff`, `timeout` of each transaction, `signal`
   * @returns what the function returns, after the commit
   * @throws what the function throws; CommitError if every attempt conflicts with others, or, with `inDoubt: true`, if it
   *   remains unknown whether the transaction is committed; AbortError; InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const [ada, bob] = [['bank', 'accounts', 'ada'], ['bank', 'accounts', 'bob']] as const
   * await client.withTransaction(async tx => {
   *   const { bins } = await client.get<{ cents: number }>(ada, { tx })
   *   if (bins.cents < 100) throw new Error('not enough money')
   *   await client.increment(ada, 'cents', -100, null, { tx })
   *   await client.increment(bob, 'cents', 100, null, { tx })
   * })
   * ```
   */
  async withTransaction<T>(fn: TransactionWork<T>, options?: WithTransactionOptions): Promise<T> {
    return await runTransaction(given => this.transaction(given), fn, options)
  }
}
