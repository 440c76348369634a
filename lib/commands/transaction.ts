/**
 * Commands that end transactions.
 */

import { type AdminPolicy, writePolicy } from '../options/policy'
import { Writer } from '../wire/wire'
import { define } from './define'

/**
 * How a commit succeeded.
 *
 * - `ok`: the transaction is committed, and every reader sees its writes.
 * - `already-committed`: an earlier commit of the transaction had succeeded.
 * - `roll-forward-abandoned`: the transaction is committed, but some of its writes are not visible yet; the servers will
 *   finish them.
 * - `close-abandoned`: the transaction is committed; the servers will remove the record that monitors it.
 */
export type CommitStatus = 'ok' | 'already-committed' | 'roll-forward-abandoned' | 'close-abandoned'

/**
 * How an abort ended. None of the writes of the transaction will be applied, whatever the status is.
 *
 * - `ok`: its writes are rolled back, and its records are unlocked.
 * - `already-aborted`: the transaction had already been aborted.
 * - `roll-back-abandoned`: some records stay locked until the timeout of the transaction; then the servers roll them back.
 * - `close-abandoned`: its writes are rolled back; the servers will remove the record that monitors it.
 */
export type AbortStatus = 'ok' | 'already-aborted' | 'roll-back-abandoned' | 'close-abandoned'

/** In the order of `CommitOutcome` and `AbortOutcome` in `lib/catalog/formats.ts`. */
const COMMITTED: readonly CommitStatus[] = ['ok', 'already-committed', 'roll-forward-abandoned', 'close-abandoned']
const ABORTED: readonly AbortStatus[] = ['ok', 'already-aborted', 'roll-back-abandoned', 'close-abandoned']

/** The number of the transaction, and the policy of the call. */
type EndArgs = readonly [number: number, policy: AdminPolicy & { readonly timeout: number }]

function writeEnd(writer: Writer, [number, policy]: EndArgs): void {
  // Only checked: the native side needs nothing but the timeout.
  writePolicy(new Writer(64), 'admin', policy)
  writer.u32(number)
  writer.u32(policy.timeout)
}

/** Commits a transaction. */
export const transactionCommit = define({
  name: 'transaction.commit',
  kind: 'admin',
  policy: 1,
  encode: writeEnd,
  decode: ({ reader }): CommitStatus => COMMITTED[reader.u8()] ?? 'ok',
})

/** Aborts a transaction. */
export const transactionAbort = define({
  name: 'transaction.abort',
  kind: 'admin',
  policy: 1,
  encode: writeEnd,
  decode: ({ reader }): AbortStatus => ABORTED[reader.u8()] ?? 'ok',
})
