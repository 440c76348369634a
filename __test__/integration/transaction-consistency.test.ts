// Transactions on aerospike-local with strong consistency: what they promise, and what ends them.
import {
  batchRow,
  Client,
  ClientSync,
  CommitError,
  lists,
  op,
  type Transaction,
  TransactionError,
  type TransactionSync,
} from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, type Commands, rejection } from '../helpers/clients'
import { until } from '../helpers/until'

type AnyTransaction = Transaction | TransactionSync
type TestKey = readonly [string, string, string]

let server: LocalServer
/** A client that takes no part in the transactions. */
let outside: Client

beforeAll(async () => {
  server = await LocalServer.start({ namespaces: ['test', 'demo'], strongConsistency: true })
  outside = await new Client({ hosts: server.address }).connect()
})
afterAll(async () => {
  await outside.close()
  await server.stop()
})

let made = 0
const key = (namespace = 'test'): TestKey => [namespace, 'transactions', `k${made++}`]
const bins = async (k: TestKey): Promise<unknown> => (await outside.getOrNull(k))?.bins ?? null
/** A blocking transaction throws where the other one rejects. */
const failure = (work: () => unknown): Promise<unknown> => rejection((async () => await work())())
const drain = async (stream: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> => {
  for await (const row of stream) expect((row as { error?: unknown }).error ?? null).toBeNull()
}

describe.each(CLIENTS)('$name', kind => {
  let client: Commands
  beforeAll(async () => {
    client = await kind.connect({ hosts: server.address })
  })
  afterAll(() => client.close())

  const begin = (timeout?: number): AnyTransaction => client.transaction({ timeout })

  test('others see the writes of a transaction after its commit, all at once', async () => {
    const [a, b, c] = [key(), key(), key()]
    await outside.put(a, { n: 1 })
    await outside.put(c, { n: 3 })
    const tx = begin()
    await client.put(a, { n: 10 }, null, { tx })
    await client.put(b, { n: 20 }, null, { tx })
    await client.remove(c, null, { tx })
    expect((await client.get(a, { tx })).bins).toEqual({ n: 10 })
    expect(await client.exists(c, { tx })).toBe(false)
    expect([await bins(a), await bins(b), await bins(c)]).toEqual([{ n: 1 }, null, { n: 3 }])
    expect(await tx.commit()).toBe('ok')
    expect([await bins(a), await bins(b), await bins(c)]).toEqual([{ n: 10 }, { n: 20 }, null])
    expect([tx.state, tx.inDoubt]).toEqual(['committed', false])
    expect(await tx.commit()).toBe('already-committed')
    expect(await failure(() => tx.abort())).toMatchObject({ code: 'TRANSACTION_COMMITTED' })
  })

  test('an abort discards the writes', async () => {
    const [a, b] = [key(), key()]
    await outside.put(a, { n: 1 })
    const tx = begin()
    await client.increment(a, 'n', 5, null, { tx })
    await client.put(b, { n: 2 }, null, { tx })
    expect(await tx.abort()).toBe('ok')
    expect([await bins(a), await bins(b)]).toEqual([{ n: 1 }, null])
    await outside.put(a, { n: 2 })
    expect(await tx.abort()).toBe('already-aborted')
    expect(await failure(() => client.get(a, { tx }))).toMatchObject({ code: 'TRANSACTION_ABORTED' })
  })

  test('every kind of write takes part', async () => {
    const writes: { readonly [name: string]: (k: TestKey, tx: AnyTransaction) => unknown } = {
      put: (k, tx) => client.put(k, { n: 2 }, null, { tx }),
      removeBin: (k, tx) => client.removeBin(k, 'm', null, { tx }),
      remove: (k, tx) => client.remove(k, null, { tx }),
      append: (k, tx) => client.append(k, 's', 'x', null, { tx }),
      prepend: (k, tx) => client.prepend(k, 's', 'x', null, { tx }),
      increment: (k, tx) => client.increment(k, 'n', 1, null, { tx }),
      operate: (k, tx) => client.operate(k, [op.write('n', 2), op.read('m')], null, { tx }),
      operateOrdered: (k, tx) => client.operateOrdered(k, [lists.append('l', 1)], null, { tx }),
      update: (k, tx) =>
        client.update<{ n: number }>(k, ({ n }) => ({ n: n + 1 }), { policies: { read: { tx }, write: { tx } } }),
      batchWrite: (k, tx) =>
        client.batchWrite(
          [
            { key: k, bins: { n: 2 } },
            { key: key(), bins: { n: 2 } },
          ],
          { tx },
        ),
      batchOperate: (k, tx) => client.batchOperate([k, key()], [op.write('n', 2)], { tx }),
      batchRemove: (k, tx) => client.batchRemove([k, key()], { tx }),
      batch: (k, tx) => client.batch([batchRow.read(key()), batchRow.write(k, { n: 2 })], { tx }),
      batchStream: (k, tx) => drain(client.batchStream([batchRow.write(k, { n: 2 }), batchRow.read(k)], { tx })),
      batchWriteColumns: ([namespace, set, id], tx) =>
        client.batchWriteColumns({ namespace, set, keys: [id], columns: { n: [2] } }, { tx }),
      bulkWrite: (k, tx) => client.bulkWrite([{ key: k, bins: { n: 2 } }], { policy: { tx } }),
      'a typed set': ([namespace, set, id], tx) =>
        client
          .set<{ n: number }>(namespace, set)
          .with({ tx })
          .update(id, ({ n }) => ({ n: n + 1 })),
    }
    for (const [name, write] of Object.entries(writes)) {
      const k = key()
      const before = { n: 1, m: 1, s: 's', l: [0] }
      await outside.put(k, before)
      const tx = begin()
      await write(k, tx)
      expect(await bins(k), `${name} before the commit`).toEqual(before)
      await failure(() => outside.put(k, { n: 9 })).then(error =>
        expect(error, `${name} locks`).toMatchObject({ code: 'TRANSACTION_BLOCKED' }),
      )
      expect(await tx.commit(), name).toBe('ok')
      expect(await bins(k), `${name} after the commit`).not.toEqual(before)
    }
  })

  test('every kind of read is verified by the commit', async () => {
    const reads: { readonly [name: string]: (k: TestKey, tx: AnyTransaction) => unknown } = {
      get: (k, tx) => client.get(k, { tx }),
      getOrNull: (k, tx) => client.getOrNull(k, { tx }),
      select: (k, tx) => client.select(k, ['n'], { tx }),
      exists: (k, tx) => client.exists(k, { tx }),
      getMeta: (k, tx) => client.getMeta(k, { tx }),
      operate: (k, tx) => client.operate(k, [op.read('n')], null, { tx }),
      batchRead: (k, tx) => client.batchRead([k, key()], null, { tx }),
      batchReadColumns: (k, tx) => client.batchReadColumns([k], { n: 'f64' }, { tx }),
      batchStream: (k, tx) => drain(client.batchStream([batchRow.read(k)], { tx })),
      'a typed set': ([namespace, set, id], tx) => client.set<{ n: number }>(namespace, set).with({ tx }).get(id),
    }
    for (const [name, read] of Object.entries(reads)) {
      const [k, other] = [key(), key()]
      await outside.put(k, { n: 1 })
      const tx = begin()
      await read(k, tx)
      await client.put(other, { n: 1 }, null, { tx })
      await outside.put(k, { n: 2 })
      const error = await failure(() => tx.commit())
      expect(error, name).toBeInstanceOf(CommitError)
      expect(error, name).toBeInstanceOf(TransactionError)
      expect(error, name).toMatchObject({
        name: 'CommitError',
        code: 'TRANSACTION_COMMIT_FAILED',
        status: 'verify-failed',
        inDoubt: false,
        message: expect.stringContaining('after the transaction read it; the transaction is aborted'),
        cause: expect.objectContaining({ code: 'TRANSACTION_VERSION_MISMATCH' }),
      })
      expect([tx.state, await bins(other)], name).toEqual(['aborted', null])
    }
  })

  test('two transactions on one record: the second one is refused', async () => {
    const k = key()
    const [first, second] = [begin(), begin()]
    await client.put(k, { n: 1 }, null, { tx: first })
    for (const work of [
      () => client.put(k, { n: 2 }, null, { tx: second }),
      () => client.get(k, { tx: second }),
      () => client.put(k, { n: 3 }),
    ]) {
      expect(await failure(work)).toMatchObject({
        name: 'TransactionError',
        code: 'TRANSACTION_BLOCKED',
        resultCode: 120,
        retryable: true,
      })
    }
    await first.commit()
    expect(await second.abort()).toBe('ok')
    expect(await bins(k)).toEqual({ n: 1 })
  })

  test('a transaction works on one namespace', async () => {
    const tx = begin()
    await client.put(key(), { n: 1 }, null, { tx })
    const message = expect.stringContaining('one namespace: this one began with test, and the call is for demo')
    for (const work of [
      () => client.put(key('demo'), { n: 1 }, null, { tx }),
      () => client.get(key('demo'), { tx }),
      () => client.batchWrite([{ key: key('demo'), bins: { n: 1 } }], { tx }),
    ]) {
      expect(await failure(work)).toMatchObject({ name: 'InvalidArgError', message })
    }
    expect(await tx.commit()).toBe('ok')
  })

  test('a transaction can write 4096 records', async () => {
    const tx = begin()
    const rows = Array.from({ length: 4097 }, (_, id) => ({ key: ['test', 'many', id] as const, bins: { n: id } }))
    expect(await failure(() => client.batchWrite(rows, { tx }))).toMatchObject({
      name: 'TransactionError',
      code: 'TRANSACTION_TOO_MANY_WRITES',
      inDoubt: false,
    })
    expect(await tx.abort()).toBe('ok')
  })

  test('a write in doubt prevents the commit until it is repeated', async () => {
    const k = key()
    const tx = begin(20_000)
    await client.put(k, { n: 1 }, null, { tx })
    await server.nodes[0]?.dropAnswers(1)
    expect(await failure(() => client.put(k, { n: 2 }, null, { tx, totalTimeout: 150 }))).toMatchObject({
      code: 'TIMEOUT',
      inDoubt: true,
    })
    expect(await failure(() => tx.commit())).toMatchObject({
      code: 'TRANSACTION_IN_DOUBT',
      inDoubt: false,
      message: expect.stringContaining('abort, or repeat the write'),
    })
    expect(tx.state).toBe('open')
    await client.put(k, { n: 2 }, null, { tx })
    expect(await tx.commit()).toBe('ok')
    expect(await bins(k)).toEqual({ n: 2 })
  })

  test('an abort after a write in doubt leaves the records to the server', async () => {
    const k = key()
    await outside.put(k, { n: 0 })
    const tx = begin(1000)
    await client.put(k, { n: 1 }, null, { tx })
    await server.nodes[0]?.dropAnswers(1)
    await failure(() => client.put(k, { n: 2 }, null, { tx, totalTimeout: 150 }))
    expect(await tx.abort()).toBe('roll-back-abandoned')
    expect(await bins(k)).toEqual({ n: 0 })
    expect(await failure(() => outside.put(k, { n: 3 }))).toMatchObject({ code: 'TRANSACTION_BLOCKED' })
    await until(async () => (await outside.put(k, { n: 3 }).catch(() => false)) !== false)
    expect(await bins(k)).toEqual({ n: 3 })
  })

  test('a commit without an answer is in doubt, cannot be aborted, and is resolved by another commit', async () => {
    const [k, other] = [key(), key()]
    const tx = begin()
    await client.put(k, { n: 1 }, null, { tx })
    await server.nodes[0]?.dropAnswers(1)
    expect(await failure(() => tx.commit({ timeout: 150 }))).toMatchObject({ inDoubt: true, retryable: false })
    expect([tx.state, tx.inDoubt]).toEqual(['commit-failed', true])
    expect(await failure(() => tx.abort())).toMatchObject({ code: 'TRANSACTION_IN_DOUBT' })
    expect(await failure(() => client.put(other, { n: 1 }, null, { tx }))).toMatchObject({
      code: 'TRANSACTION_IN_DOUBT',
      message: expect.stringContaining('commit it again to find out'),
    })
    expect(await tx.commit()).toBe('already-committed')
    expect([tx.state, tx.inDoubt]).toEqual(['committed', false])
    expect(await bins(k)).toEqual({ n: 1 })
  })

  test('a commit survives a connection that breaks before the answer', async () => {
    const k = key()
    const tx = begin()
    await client.put(k, { n: 1 }, null, { tx })
    await server.nodes[0]?.cutAnswers(0, 1)
    expect(await tx.commit()).toMatch(/^(ok|already-committed)$/)
    expect(await bins(k)).toEqual({ n: 1 })
  })

  test('a transaction that outlives its timeout is aborted', async () => {
    const k = key()
    const tx = begin(1000)
    await client.put(k, { n: 1 }, null, { tx })
    await until(async () => (await outside.put(k, { n: 2 }).catch(() => false)) !== false)
    const error = await failure(() => client.put(k, { n: 3 }, null, { tx }))
    expect(error).toMatchObject({ name: 'TransactionError', code: expect.stringMatching(/EXPIRED|ABORTED/) })
    expect(await failure(() => tx.commit())).toMatchObject({ name: 'CommitError', inDoubt: false })
    if (tx.state !== 'aborted') await tx.abort()
    expect(await bins(k)).toEqual({ n: 2 })
  })

  test('closing the client aborts its transactions', async () => {
    const k = key()
    const closed = await kind.connect({ hosts: server.address })
    const tx = closed.transaction()
    await closed.put(k, { n: 1 }, null, { tx })
    await closed.close()
    await outside.put(k, { n: 2 })
    expect(await bins(k)).toEqual({ n: 2 })
  })
})

describe('Client', () => {
  let client: Client
  beforeAll(async () => {
    client = await new Client({ hosts: server.address, autoBatch: { reads: true, writes: true } }).connect()
  })
  afterAll(() => client.close())

  test('calls of a transaction may run at the same time, the first ones too', async () => {
    const keys = Array.from({ length: 30 }, () => key())
    const tx = client.transaction()
    await Promise.all([
      ...keys.map((k, n) => client.put(k, { n }, null, { tx })),
      client.batchWrite(
        [
          { key: key(), bins: { n: 1 } },
          { key: key(), bins: { n: 1 } },
        ],
        { tx },
      ),
    ])
    expect(await tx.commit()).toBe('ok')
    expect(await Promise.all(keys.map(bins))).toEqual(keys.map((_, n) => ({ n })))
  })

  test('a commit waits for nothing: an open stream refuses it', async () => {
    const k = key()
    await using tx = client.transaction()
    const many = Array.from({ length: 20_000 }, () => batchRow.read(k))
    const stream = client.batchStream(many, { tx })[Symbol.asyncIterator]()
    await stream.next()
    expect(await rejection(tx.commit())).toMatchObject({ code: 'TRANSACTION_BUSY' })
    await stream.return?.()
    expect(tx.state).toBe('open')
  })

  test('`await using` aborts', async () => {
    const k = key()
    {
      await using tx = client.transaction()
      await client.put(k, { n: 1 }, null, { tx })
    }
    await outside.put(k, { n: 2 })
    expect(await bins(k)).toEqual({ n: 2 })
  })

  test('withTransaction repeats transactions that conflict, and loses no money', async () => {
    const accounts = [key(), key(), key()]
    for (const account of accounts) await outside.put(account, { cents: 1000 })
    const balance = async (account: TestKey, tx: Transaction): Promise<number> =>
      (await client.get<{ cents: number }>(account, { tx })).bins.cents
    let attempts = 0
    const transfer = (index: number): Promise<void> =>
      client.withTransaction(
        async tx => {
          attempts++
          const [from, to] = [accounts[index % 3] as TestKey, accounts[(index + 1) % 3] as TestKey]
          const [before, after] = [await balance(from, tx), await balance(to, tx)]
          await client.put(from, { cents: before - 10 }, null, { tx })
          await client.put(to, { cents: after + 10 }, null, { tx })
        },
        { retries: 200, backoff: { initial: 2, max: 30 } },
      )
    await Promise.all(Array.from({ length: 15 }, (_, index) => transfer(index)))
    expect(attempts).toBeGreaterThan(15)
    expect(await Promise.all(accounts.map(bins))).toEqual(accounts.map(() => ({ cents: 1000 })))
  })

  test('withTransaction repeats a commit that is in doubt, and runs the function once', async () => {
    const k = key()
    await outside.put(k, { n: 0 })
    let runs = 0
    await client.withTransaction(async tx => {
      runs++
      await client.increment(k, 'n', 1, null, { tx })
      const { commit } = tx
      tx.commit = options => {
        tx.commit = commit
        return commit.call(tx, { ...options, timeout: 150 })
      }
      await server.nodes[0]?.dropAnswers(1)
    })
    expect([runs, await bins(k)]).toEqual([1, { n: 1 }])
  })

  test('withTransaction gives up after its retries, with the last error', async () => {
    const k = key()
    await using tx = client.transaction()
    await client.put(k, { n: 1 }, null, { tx })
    let attempts = 0
    const blocked = client.withTransaction(
      async (own, attempt) => {
        attempts = attempt
        await client.put(k, { n: 2 }, null, { tx: own })
      },
      { retries: 2, backoff: 1 },
    )
    expect(await rejection(blocked)).toMatchObject({ code: 'TRANSACTION_BLOCKED' })
    expect(attempts).toBe(3)
  })

  test('the signal of a commit leaves it in doubt or undone, never half done', async () => {
    const k = key()
    const tx = client.transaction()
    await client.put(k, { n: 1 }, null, { tx })
    const controller = new AbortController()
    await server.nodes[0]?.delayAnswers(100, 1)
    const commit = rejection(tx.commit({ signal: controller.signal }))
    await until(() => client.stats().commands.inFlight > 0)
    controller.abort()
    const { inDoubt } = (await commit) as { inDoubt: boolean }
    expect([await commit, tx.inDoubt]).toEqual([expect.objectContaining({ name: 'AbortError' }), inDoubt])
    expect(await tx.commit()).toBe(inDoubt ? 'already-committed' : 'ok')
    expect(await bins(k)).toEqual({ n: 1 })
  })
})

describe('ClientSync', () => {
  test('withTransaction commits, and `using` aborts', async () => {
    using client = new ClientSync({ hosts: server.address }).connect()
    const [a, b] = [key(), key()]
    const done = client.withTransaction(tx => {
      client.put(a, { n: 1 }, null, { tx })
      client.put(b, { n: 1 }, null, { tx })
      return 'done'
    })
    {
      using tx = client.transaction()
      client.put(a, { n: 2 }, null, { tx })
    }
    expect([done, await bins(a), await bins(b)]).toEqual(['done', { n: 1 }, { n: 1 }])
  })
})
