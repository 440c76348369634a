// Transactions as any server answers them: what is refused before it is sent, and a server without strong consistency.
import {
  batchRow,
  Client,
  ClientSync,
  lists,
  op,
  Transaction,
  type TransactionBase,
  type TransactionSync,
} from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore, keysOf, rejection } from '../helpers/clients'

const key = keysOf('transaction')

type AnyTransaction = Transaction | TransactionSync

const rows = async (stream: AsyncIterable<unknown> | Iterable<unknown>): Promise<unknown[]> => {
  const all: unknown[] = []
  for await (const row of stream) all.push(row)
  return all
}

/** Calls of every family, each with a policy. */
const CALLS: { readonly [name: string]: (client: Commands, policy: { tx: never }) => unknown } = {
  get: (client, policy) => client.get(key(), policy),
  getOrNull: (client, policy) => client.getOrNull(key(), policy),
  select: (client, policy) => client.select(key(), ['a'], policy),
  exists: (client, policy) => client.exists(key(), policy),
  getMeta: (client, policy) => client.getMeta(key(), policy),
  put: (client, policy) => client.put(key(), { a: 1 }, null, policy),
  removeBin: (client, policy) => client.removeBin(key(), 'a', null, policy),
  remove: (client, policy) => client.remove(key(), null, policy),
  touch: (client, policy) => client.touch(key(), null, null, policy),
  append: (client, policy) => client.append(key(), 'a', 'x', null, policy),
  prepend: (client, policy) => client.prepend(key(), 'a', 'x', null, policy),
  increment: (client, policy) => client.increment(key(), 'a', 1, null, policy),
  operate: (client, policy) => client.operate(key(), [op.write('a', 1), op.read('a')], null, policy),
  'operate that reads': (client, policy) => client.operate(key(), [op.read('a')], null, policy),
  operateOrdered: (client, policy) => client.operateOrdered(key(), [lists.append('l', 1)], null, policy),
  update: (client, policy) => client.update(key(), () => ({ a: 1 }), { create: true, policies: { read: policy } }),
  batchRead: (client, policy) => client.batchRead([key()], null, policy),
  batchWrite: (client, policy) => client.batchWrite([{ key: key(), bins: { a: 1 } }], policy),
  batchOperate: (client, policy) => client.batchOperate([key()], [op.write('a', 1)], policy),
  batchRemove: (client, policy) => client.batchRemove([key()], policy),
  batch: (client, policy) => client.batch([batchRow.write(key(), { a: 1 }), batchRow.read(key())], policy),
  batchStream: (client, policy) => rows(client.batchStream([batchRow.write(key(), { a: 1 })], policy)),
  batchReadColumns: (client, policy) => client.batchReadColumns([key()], { a: 'f64' }, policy),
  batchWriteColumns: (client, policy) =>
    client.batchWriteColumns({ namespace: 'test', set: 'transaction', keys: ['a'], columns: { a: [1] } }, policy),
  bulkWrite: async (client, policy) => {
    const { failures } = await client.bulkWrite([{ key: key(), bins: { a: 1 } }], { policy })
    throw failures[0]?.error
  },
}

const call = (client: Commands, name: string, tx: unknown): Promise<unknown> =>
  rejection((async () => await CALLS[name]?.(client, { tx: tx as never }))())

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  let other: Commands
  beforeAll(async () => {
    other = await kind.connect()
  })
  afterAll(() => other.close())

  const begin = (from: Commands = client()): AnyTransaction => from.transaction()

  test.each(Object.keys(CALLS))('%s refuses what is no transaction', async name => {
    for (const tx of [null, 1, 'tx', {}, { state: 'open' }, Object.create(Transaction.prototype)]) {
      const error = await call(client(), name, tx)
      expect(error).toMatchObject({ name: name === 'bulkWrite' ? expect.any(String) : 'InvalidArgError' })
      expect(String(error)).toContain('policy.tx: a transaction that client.transaction() returned is needed')
    }
  })

  test.each(Object.keys(CALLS))('%s refuses the transaction of another client', async name => {
    const error = await call(client(), name, begin(other))
    expect(String(error)).toContain('policy.tx: the transaction belongs to another client')
  })

  test.each(Object.keys(CALLS))('%s refuses a transaction that has ended', async name => {
    const [committed, aborted] = [begin(), begin()]
    await committed.commit()
    await aborted.abort()
    expect(String(await call(client(), name, committed))).toContain('the transaction is committed')
    expect(String(await call(client(), name, aborted))).toContain('the transaction is aborted')
  })

  test('calls that a transaction cannot contain are refused', async () => {
    const tx = begin() as never
    const k = key()
    const refused = async (work: () => unknown, message: string): Promise<void> => {
      const error = await rejection((async () => await work())())
      expect(error).toMatchObject({ name: 'InvalidArgError', message: expect.stringContaining(message) })
    }
    const noFunction = 'a function cannot be part of a transaction'
    await refused(() => client().apply(k, 'module', 'fn', [], { tx }), `write policy.tx: ${noFunction}`)
    await refused(() => client().batchApply([k], 'module', 'fn', [], { tx }), `batch policy.tx: ${noFunction}`)
    const applied = [batchRow.read(k), batchRow.apply(k, 'module', 'fn')]
    await refused(() => client().batch(applied, { tx }), `rows[1]: ${noFunction}`)
    await refused(() => client().batchStream(applied, { tx }), `rows[1]: ${noFunction}`)
    const noQuery = 'query policy.tx: a query cannot be part of a transaction'
    const query = () => client().query('test', 'transaction')
    await refused(() => rows(query().policy({ tx } as never)), noQuery)
    await refused(() => rows(query().columns({ a: 'f64' }, { tx } as never)), noQuery)
    const noJob = 'job policy.tx: a background job cannot be part of a transaction'
    await refused(() => query().operate([op.write('a', 1)], { tx } as never), noJob)
    await refused(() => client().infoAll('build', { tx } as never), 'admin policy.tx')
    await refused(() => client().batchWrite([{ key: k, bins: { a: 1 }, policy: { tx } as never }]), 'the whole batch')
    await refused(() => client().get(k, { txn: tx } as never), 'did you mean tx?')
    await refused(() => client().get(k, { transaction: tx } as never), 'did you mean tx?')
  })

  test('a transaction is no default of a client', () => {
    const tx = begin()
    expect(() => kind.make({ tx } as never)).toThrow('unknown option "tx"')
    expect(() => kind.make({ policies: { write: { tx } } } as never)).toThrow(/policies\.write.*tx/)
  })

  test('options are checked', async () => {
    for (const timeout of [-1000, 500, 1500, '1000', Number.NaN, null, 2 ** 45]) {
      expect(() => client().transaction({ timeout } as never)).toThrow('transaction.timeout: milliseconds are needed')
    }
    expect(() => client().transaction({ seconds: 1 } as never)).toThrow('transaction: unknown option "seconds"')
    expect(() => client().transaction(5 as never)).toThrow('transaction: an object is needed')
    expect(begin().timeout).toBe(0)
    expect(client().transaction({ timeout: 30_000 }).timeout).toBe(30_000)
    const tx = begin()
    const refused = async (end: 'commit' | 'abort', options: unknown, message: string): Promise<void> => {
      expect(String(await rejection((async () => await tx[end](options as never))()))).toContain(message)
    }
    for (const end of ['commit', 'abort'] as const) {
      await refused(end, { timeout: 0 }, `${end}.timeout: an integer from 1`)
      await refused(end, { retries: 1 }, `${end}: unknown option "retries"`)
      await refused(end, { signal: 1 }, `${end}.signal`)
      await refused(end, { traceparent: 'x' }, `${end}.traceparent`)
    }
    expect(tx.state).toBe('open')
  })

  test('a transaction without calls commits and aborts without a request', async () => {
    const [tx, dropped] = [begin(), begin()]
    expect(tx.state).toBe('open')
    expect(await tx.commit()).toBe('ok')
    expect(tx.state).toBe('committed')
    expect(await tx.commit()).toBe('already-committed')
    expect(await rejection((async () => await tx.abort())())).toMatchObject({
      name: 'TransactionError',
      code: 'TRANSACTION_COMMITTED',
      message: 'abort: the transaction is committed',
    })
    expect(await dropped.abort()).toBe('ok')
    expect(await dropped.abort()).toBe('already-aborted')
    expect(await rejection((async () => await dropped.commit())())).toMatchObject({
      name: 'TransactionError',
      code: 'TRANSACTION_ABORTED',
      message: 'commit: the transaction is aborted',
    })
    expect(JSON.parse(JSON.stringify(dropped))).toEqual({ state: 'aborted', inDoubt: false, timeout: 0 })
  })

  test('a server without strong consistency refuses each call, and the error says what is needed', async () => {
    const tx = begin()
    const [k, other] = [key(), key()]
    await client().put(k, { a: 0 })
    const needed = 'a namespace with strong consistency (strong-consistency true)'
    for (const work of [
      () => client().get(k, { tx }),
      () => client().put(k, { a: 1 }, null, { tx }),
      () => client().operate(k, [op.write('a', 1)], null, { tx }),
      () => client().remove(k, null, { tx }),
    ]) {
      expect(await rejection(work())).toMatchObject({
        // A server may also refuse the record that monitors the transaction.
        code: expect.stringMatching(/^(ENTERPRISE_ONLY|INVALID_ARGUMENT)$/),
        inDoubt: false,
        message: expect.stringContaining(needed),
      })
    }
    const written = await client()
      .batchWrite(
        [
          { key: k, bins: { a: 1 } },
          { key: other, bins: { a: 1 } },
        ],
        { tx },
      )
      .catch((error: unknown) => error)
    if (written instanceof Error)
      expect(written).toMatchObject({ code: expect.stringMatching(/^(ENTERPRISE_ONLY|INVALID_ARGUMENT)$/) })
    else expect([...(written as Iterable<{ error?: unknown }>)].every(row => row.error !== undefined)).toBe(true)
    expect(await tx.abort()).toBe('ok')
    expect((await client().get(k)).bins).toEqual({ a: 0 })
    expect(await client().exists(other)).toBe(false)
  })

  test('a set that is bound to a transaction passes it to every call, and refuses to be queried', async () => {
    const tx = begin()
    const set = client().set<{ a: number }>('test', 'transaction').with({ tx })
    await tx.abort()
    const ended = 'the transaction is aborted'
    for (const work of [
      () => set.get('a'),
      () => set.put('a', { a: 1 }),
      () => set.update('a', bins => bins),
      () => set.remove('a'),
      () => set.batchGet(['a']),
      () => set.batchPut([['a', { a: 1 }]]),
    ]) {
      expect(String(await rejection((async () => await work())()))).toContain(ended)
    }
    const query = 'query policy.tx: a query cannot be part of a transaction'
    expect(String(await rejection((async () => rows(await set.query()))()))).toContain(query)
    expect(() =>
      client()
        .set('test', 'transaction')
        .with({ tx: {} as never }),
    ).toThrow('policy.tx: a transaction')
  })
})

describe('Client', () => {
  let client: Client
  beforeAll(async () => {
    client = await new Client({ hosts: inject('aerospike').address, autoBatch: true }).connect()
  })
  afterAll(() => client.close())

  test('a commit is refused while calls are running, and an abort waits for them', async () => {
    const tx = client.transaction()
    const running = [client.get(key(), { tx }), client.get(key(), { tx })].map(rejection)
    expect(await rejection(tx.commit())).toMatchObject({
      code: 'TRANSACTION_BUSY',
      message: 'commit: 2 calls of the transaction are still running; await them before you commit',
    })
    expect(tx.state).toBe('open')
    const aborted = tx.abort()
    expect(tx.state).toBe('aborting')
    expect(await rejection(client.get(key(), { tx }))).toMatchObject({
      code: 'TRANSACTION_BUSY',
      message: 'get: the transaction is aborting',
    })
    expect(await rejection(tx.abort())).toMatchObject({ code: 'TRANSACTION_BUSY' })
    expect(await aborted).toBe('ok')
    for (const error of await Promise.all(running)) expect(error).toMatchObject({ code: 'ENTERPRISE_ONLY' })
  })

  test('calls of a transaction do not share a batch', async () => {
    const tx = client.transaction()
    const keys = key.many(20)
    const [plain, bound] = await Promise.all([
      Promise.all(keys.map(k => client.exists(k))),
      Promise.all(keys.map(k => rejection(client.exists(k, { tx })))),
    ])
    expect(plain).toEqual(keys.map(() => false))
    for (const error of bound) expect(error).toMatchObject({ code: 'ENTERPRISE_ONLY', attempts: 1 })
    await tx.abort()
  })

  test('`await using` aborts an open transaction, and leaves one that has ended', async () => {
    let left: TransactionBase | undefined
    let committed: TransactionBase | undefined
    {
      await using tx = client.transaction()
      left = tx
    }
    {
      await using tx = client.transaction()
      committed = tx
      await tx.commit()
    }
    expect([left?.state, committed?.state]).toEqual(['aborted', 'committed'])
  })

  test('a transaction outlives neither its client nor an abort of a closed client', async () => {
    const closed = await new Client({ hosts: inject('aerospike').address }).connect()
    const [tx, disposed] = [closed.transaction(), closed.transaction()]
    for (const each of [tx, disposed]) await rejection(closed.get(key(), { tx: each }))
    await closed.close()
    expect(await rejection(closed.get(key(), { tx }))).toMatchObject({ code: 'CLIENT_CLOSED' })
    expect(await rejection(tx.commit())).toMatchObject({ code: 'CLIENT_CLOSED', inDoubt: false })
    expect(tx.state).toBe('open')
    await disposed[Symbol.asyncDispose]()
    expect(disposed.state).toBe('aborted')
    expect(await rejection(tx.abort())).toMatchObject({ code: 'CLIENT_CLOSED' })
    expect(tx.state).toBe('aborted')
  })

  test('withTransaction commits what the function leaves open, and returns its result', async () => {
    const states: string[] = []
    const result = await client.withTransaction((tx, attempt) => {
      states.push(`${tx.state} ${attempt}`)
      return 'done'
    })
    expect([result, states]).toEqual(['done', ['open 1']])
    expect(await client.withTransaction(async tx => await tx.commit())).toBe('ok')
    expect(await client.withTransaction(async tx => await tx.abort())).toBe('ok')
  })

  test('withTransaction aborts if the function throws, and repeats temporary failures only', async () => {
    let runs = 0
    const seen: Transaction[] = []
    const mistake = new Error('mine')
    const failing = client.withTransaction(given => {
      runs++
      seen.push(given)
      throw mistake
    })
    expect(await rejection(failing)).toBe(mistake)
    expect([runs, seen[0]?.state]).toEqual([1, 'aborted'])
    runs = 0
    const refused = client.withTransaction(
      async given => {
        runs++
        await client.get(key(), { tx: given })
      },
      { backoff: 0 },
    )
    expect(await rejection(refused)).toMatchObject({ code: 'ENTERPRISE_ONLY' })
    expect(runs).toBe(1)
  })

  test('withTransaction checks its arguments, and its signal ends it', async () => {
    const refused = async (work: unknown, options: unknown, message: string): Promise<void> => {
      const error = await rejection(client.withTransaction(work as never, options as never))
      expect(error).toMatchObject({ name: 'InvalidArgError', message: expect.stringContaining(message) })
    }
    await refused(5, {}, 'withTransaction: a function is needed, not 5')
    await refused(() => 1, { retries: -1 }, 'withTransaction.retries')
    await refused(() => 1, { backoff: 'x' }, 'withTransaction.backoff')
    await refused(() => 1, { timeout: 1 }, 'withTransaction.timeout')
    await refused(() => 1, { tx: 1 }, 'withTransaction: unknown option "tx"')
    const signal = AbortSignal.abort('enough')
    expect(await rejection(client.withTransaction(() => 1, { signal }))).toMatchObject({
      name: 'AbortError',
      cause: 'enough',
    })
  })
})

describe('ClientSync', () => {
  let client: ClientSync
  beforeAll(() => {
    client = new ClientSync({ hosts: inject('aerospike').address }).connect()
  })
  afterAll(() => client.close())

  test('`using` aborts an open transaction', () => {
    let left: TransactionBase
    {
      using tx = client.transaction()
      left = tx
      expect(() => client.get(key(), { tx })).toThrow('strong-consistency true')
    }
    expect(left.state).toBe('aborted')
  })

  test('withTransaction commits, aborts, and refuses a promise', () => {
    let seen: TransactionSync | undefined
    const keep = (tx: TransactionSync): void => {
      seen = tx
    }
    client.withTransaction(keep)
    expect(seen?.state).toBe('committed')
    expect(() =>
      client.withTransaction(async tx => {
        keep(tx)
      }),
    ).toThrow('withTransaction: the function returned a promise')
    expect(seen?.state).toBe('aborted')
    expect(() => client.withTransaction(() => 1, { signal: new AbortController().signal } as never)).toThrow(
      'withTransaction.signal: a blocking call cannot be aborted',
    )
  })
})
