/**
 * A background job: the servers change all records that a query finds, while the program follows the progress.
 *
 *   make example NAME=background-job                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=background-job   with your own server
 */
import assert from 'node:assert/strict'
import { connect, exp, filter, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Account {
  lastLogin: number
  state: 'active' | 'inactive'
}

const DAY = 86_400
const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
const accounts = client.set<Account>('test', 'example-accounts')
const today = Math.floor(Date.now() / 1000)

try {
  await client.truncate('test', 'example-accounts')
  const entries = Array.from({ length: 500 }, (_, id) => {
    const account: Account = { lastLogin: today - id * DAY, state: 'active' }
    return [id, account] as const
  })
  const written = await accounts.batchPut(entries)
  written.throwIfFailed()
  const index = { namespace: 'test', set: 'example-accounts', bin: 'lastLogin', index: 'example_accounts_login' }
  await client.createIndex({ ...index, datatype: 'integer' }, { wait: true })

  // Accounts without a login for a year become inactive. The index finds them; no record crosses the network.
  const job = await client
    .query<Account>('test', 'example-accounts')
    .where(filter.range('lastLogin', 0, today - 365 * DAY))
    .filter(exp.eq(exp.binStr('state'), exp.str('active')))
    .operate([op.write('state', 'inactive')])
  console.log(`job ${job.id} has started`)

  // Another process can follow the job with client.job(id).
  const status = await client.job(job.id).status()
  console.log(`${status.progress} % done`)
  await job.wait({ timeout: 60_000 })

  const inactive = await client
    .query<Account>('test', 'example-accounts')
    .filter(exp.eq(exp.binStr('state'), exp.str('inactive')))
    .count()
  console.log(`${inactive} accounts are inactive`)
  assert.equal(inactive, entries.filter(([, account]) => account.lastLogin <= today - 365 * DAY).length)
  assert.equal((await accounts.get(1)).bins.state, 'active')
  console.log('done')
} finally {
  await client.dropIndex('test', 'example_accounts_login')
  await client.close()
  await server?.stop()
}
