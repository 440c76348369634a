import {
  type AbortStatus,
  type ApplyRowPolicy,
  type BatchPolicy,
  type BatchWritePolicy,
  type Client,
  type ClientConfig,
  type ClientSync,
  CommitError,
  type CommitErrorStatus,
  type CommitStatus,
  type QueryPolicy,
  type ReadPolicy,
  type Transaction,
  TransactionError,
  type TransactionState,
  type TransactionSync,
  type WritePolicy,
  type WriteRowPolicy,
} from 'aerospike-napi'
import { describe, expectTypeOf, test } from 'vitest'

declare const client: Client
declare const sync: ClientSync

describe('a transaction', () => {
  test('belongs to the kind of its client', () => {
    const begun = (): Transaction => client.transaction({ timeout: 1000 })
    const blocking = (): TransactionSync => sync.transaction()
    expectTypeOf(begun).returns.toExtend<AsyncDisposable>()
    expectTypeOf(blocking).returns.toExtend<Disposable>()
    expectTypeOf<Transaction['commit']>().returns.resolves.toEqualTypeOf<CommitStatus>()
    expectTypeOf<TransactionSync['commit']>().returns.toEqualTypeOf<CommitStatus>()
    expectTypeOf<Transaction['abort']>().returns.resolves.toEqualTypeOf<AbortStatus>()
    expectTypeOf<TransactionSync['abort']>().returns.toEqualTypeOf<AbortStatus>()
    expectTypeOf<Transaction['state']>().toEqualTypeOf<TransactionState>()
  })

  test('is a field of the policies of calls on records', () => {
    expectTypeOf<{ tx: Transaction }>().toExtend<ReadPolicy & WritePolicy & BatchPolicy & BatchWritePolicy>()
    expectTypeOf<{ tx: TransactionSync }>().toExtend<ReadPolicy>()
    expectTypeOf<QueryPolicy>().not.toHaveProperty('tx')
    expectTypeOf<WriteRowPolicy>().not.toHaveProperty('tx')
    expectTypeOf<ApplyRowPolicy>().not.toHaveProperty('tx')
    expectTypeOf<ClientConfig>().not.toHaveProperty('tx')
  })

  test('statuses are words', () => {
    expectTypeOf<CommitStatus>().toEqualTypeOf<
      'ok' | 'already-committed' | 'roll-forward-abandoned' | 'close-abandoned'
    >()
    expectTypeOf<AbortStatus>().toEqualTypeOf<'ok' | 'already-aborted' | 'roll-back-abandoned' | 'close-abandoned'>()
    expectTypeOf<CommitError['status']>().toEqualTypeOf<CommitErrorStatus>()
    expectTypeOf(CommitError).instance.toExtend<TransactionError>()
  })
})

describe('withTransaction', () => {
  test('returns what the function returns', () => {
    expectTypeOf(() =>
      client.withTransaction(async tx => ((await client.exists(['a', 'b', 1], { tx })) ? 1 : 'x')),
    ).returns.resolves.toEqualTypeOf<1 | 'x'>()
    expectTypeOf(() => sync.withTransaction(tx => sync.exists(['a', 'b', 1], { tx }))).returns.toEqualTypeOf<boolean>()
  })

  test('passes the transaction of its client', () => {
    client.withTransaction((tx, attempt) => {
      expectTypeOf(tx).toEqualTypeOf<Transaction>()
      expectTypeOf(attempt).toEqualTypeOf<number>()
    })
    // @ts-expect-error: a blocking call cannot be aborted
    sync.withTransaction(() => 1, { signal: new AbortController().signal })
  })

  test('binds typed sets', () => {
    interface Account {
      cents: number
    }
    const accounts = (tx: Transaction) => client.set<Account>('bank', 'accounts').with({ tx })
    expectTypeOf((tx: Transaction) => accounts(tx).get('ada')).returns.resolves.toHaveProperty('bins')
  })
})

test('errors', () => {
  expectTypeOf(TransactionError).instance.toHaveProperty('inDoubt').toEqualTypeOf<boolean>()
})
