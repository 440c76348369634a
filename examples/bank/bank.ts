/**
 * A bank: transfers between accounts, many at once, as transactions of two records, on a cluster with strong consistency
 * whose nodes are killed and started at random. At the end, the sum of all accounts must be unchanged.
 *
 *   make bank
 *   RUN_SECONDS=60 make bank
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { AerospikeError, type Client, CommitError, connect, type Transaction } from 'aerospike-napi'
import { type LocalNode, LocalServer } from 'aerospike-napi/testing'

interface Account {
  cents: number
}

const ACCOUNTS = 20
const CENTS = 10_000
const TELLERS = 8
const RUN_MS = Number(process.env.RUN_SECONDS ?? 10) * 1000

const key = (account: number): readonly [string, string, number] => ['test', 'bank', account]
const random = (below: number): number => Math.floor(Math.random() * below)

/** What became of the transfers. */
const counts = { done: 0, refused: 0, failed: 0, inDoubt: 0, attempts: 0, kills: 0 }

/** Moves money, all of it or none. Two reads and two writes, which no other transfer can come between. */
async function transfer(client: Client, from: number, to: number, cents: number): Promise<boolean> {
  return await client.withTransaction(
    async tx => {
      counts.attempts++
      const [payer, payee] = [await balance(client, from, tx), await balance(client, to, tx)]
      if (payer < cents) return false
      await client.put(key(from), { cents: payer - cents }, null, { tx })
      await client.put(key(to), { cents: payee + cents }, null, { tx })
      return true
    },
    { retries: 30, timeout: 5000 },
  )
}

async function balance(client: Client, account: number, tx?: Transaction): Promise<number> {
  const { bins } = await client.get<Account>(key(account), tx === undefined ? {} : { tx })
  return bins.cents
}

/** Transfers money between random accounts until the time is up. */
async function teller(client: Client, until: number): Promise<void> {
  while (Date.now() < until) {
    const from = random(ACCOUNTS)
    const to = (from + 1 + random(ACCOUNTS - 1)) % ACCOUNTS
    try {
      if (await transfer(client, from, to, 1 + random(CENTS))) counts.done++
      else counts.refused++
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error
      // A transfer in doubt is applied as a whole, or not at all: the sum does not depend on it.
      if (error instanceof CommitError && error.inDoubt) counts.inDoubt++
      else counts.failed++
    }
  }
}

/** Kills a random node, starts it again, and so on. The others have copies of its records. */
async function killer(nodes: readonly LocalNode[], until: number): Promise<void> {
  while (Date.now() < until) {
    await sleep(200 + random(500))
    const node = nodes[random(nodes.length)]
    await node?.stop({ noticedAfter: random(200) })
    counts.kills++
    await sleep(300 + random(500))
    await node?.start()
  }
}

/** The sum of all accounts, once no transaction holds one of them. */
async function total(client: Client): Promise<number> {
  let sum = 0
  await client.withTransaction(
    async tx => {
      const rows = await client.batchRead<Account>(
        Array.from({ length: ACCOUNTS }, (_, account) => key(account)),
        ['cents'],
        { tx },
      )
      rows.throwIfFailed()
      sum = 0
      for (const { record } of rows) sum += record?.bins.cents ?? 0
    },
    { retries: 100, backoff: { initial: 20, max: 200 } },
  )
  return sum
}

async function main(): Promise<void> {
  await using server = await LocalServer.start({ nodes: 3, replicationFactor: 3, strongConsistency: true })
  await using client = await connect({
    hosts: server.address,
    tendInterval: 250,
    policies: { read: { totalTimeout: 500 }, write: { totalTimeout: 500 }, batch: { totalTimeout: 2000 } },
  })
  for (let account = 0; account < ACCOUNTS; account++) await client.put(key(account), { cents: CENTS })

  const until = Date.now() + RUN_MS
  await Promise.all([killer(server.nodes, until), ...Array.from({ length: TELLERS }, () => teller(client, until))])

  const sum = await total(client)
  console.log(`${counts.done} transfers in ${counts.attempts} attempts while ${counts.kills} nodes were killed`)
  console.log(`${counts.refused} refused for lack of money, ${counts.failed} failed, ${counts.inDoubt} in doubt`)
  console.log(`the accounts hold ${sum / 100}, as at the beginning`)
  assert.equal(sum, ACCOUNTS * CENTS)
  assert.ok(counts.done > 0)
  console.log('done')
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
