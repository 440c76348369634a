// Transactions that nobody ends: what the client and the server keep of them.
import { Client, ClientSync } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completion } from '../../lib/boundary/completion.js'
import { until } from '../helpers/until.js'

const collect = (globalThis as { gc?: () => void }).gc as () => void

let server: LocalServer
beforeAll(async () => {
  server = await LocalServer.start({ strongConsistency: { transactionTimeout: 60 } })
})
afterAll(() => server.stop())

/** Transactions of all clients of this process, which numbers them from 1. */
function openTransactions(): number {
  let open = 0
  for (let number = 1; number < 20; number++) open += completion.session.openTransactions(number)
  return open
}

const key = (id: number) => ['test', 'transactions', id] as const

test('ended transactions leave nothing behind', async () => {
  await using client = await new Client({ hosts: server.address }).connect()
  for (let id = 0; id < 20; id++) {
    const tx = client.transaction()
    await client.put(key(id), { n: id }, null, { tx })
    await (id % 2 === 0 ? tx.commit() : tx.abort())
  }
  expect(openTransactions()).toBe(0)
})

test('transactions that are garbage-collected are aborted', async () => {
  await using client = await new Client({ hosts: server.address }).connect()
  await using other = await new Client({ hosts: server.address }).connect()
  const drop = async (): Promise<void> => {
    for (let id = 100; id < 110; id++) await client.put(key(id), { n: id }, null, { tx: client.transaction() })
  }
  await drop()
  expect(openTransactions()).toBe(10)
  await until(() => {
    collect()
    return openTransactions() === 0
  })
  // Their locks are released long before their timeout.
  for (let id = 100; id < 110; id++) {
    await until(async () => (await other.put(key(id), { n: 0 }).catch(() => false)) !== false)
  }
})

test('a blocking client forgets dropped transactions, too', async () => {
  using client = new ClientSync({ hosts: server.address }).connect()
  const drop = (): void => client.put(key(200), { n: 1 }, null, { tx: client.transaction() })
  drop()
  await until(() => {
    collect()
    return openTransactions() === 0
  })
  await until(() => {
    try {
      client.put(key(200), { n: 2 })
      return true
    } catch {
      return false
    }
  })
})

test('a client that is closed at once aborts them', async () => {
  await using other = await new Client({ hosts: server.address }).connect()
  const client = await new Client({ hosts: server.address }).connect()
  const tx = client.transaction()
  await client.put(key(300), { n: 1 }, null, { tx })
  await client.close({ timeout: 0 })
  await until(async () => (await other.put(key(300), { n: 2 }).catch(() => false)) !== false)
  expect((await other.get(key(300))).bins).toEqual({ n: 2 })
})
