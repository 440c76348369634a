/**
 * A lock that processes share, with a fencing token. A holder that is too slow loses the lock when its lease expires; its
 * token is then lower than that of the new holder, and whatever the lock protects refuses it.
 *
 *   make example NAME=distributed-lock                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=distributed-lock   with your own server
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, connect, exp, FilteredOutError, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Lease {
  owner: string
  /** Grows with each holder. Pass it along with each write to what the lock protects. */
  token: number
}

class Lock {
  readonly #client: Client<number>
  readonly #key: string[]

  constructor(client: Client<number>, name: string) {
    this.#client = client
    this.#key = ['test', 'example-locks', name]
  }

  /** Takes the lock for some milliseconds. Returns null if somebody holds it. */
  async tryAcquire(lease: number): Promise<Lease | null> {
    const owner = randomUUID()
    const now = Date.now()
    try {
      // One request: the server compares and writes. A record that does not exist yet passes the filter, too.
      const { bins } = await this.#client.operate(
        this.#key,
        [op.write('owner', owner), op.write('until', now + lease), op.incr('token', 1), op.read('token')],
        null,
        { filterExpression: exp.or(exp.not(exp.binExists('until')), exp.le(exp.binInt('until'), now)) },
      )
      return { owner, token: bins.token }
    } catch (error) {
      if (error instanceof FilteredOutError) return null
      throw error
    }
  }

  /** Waits for the lock. */
  async acquire(lease: number): Promise<Lease> {
    for (;;) {
      const held = await this.tryAcquire(lease)
      if (held !== null) return held
      await delay(10 + Math.random() * 20)
    }
  }

  /** Returns the lock. Returns false if the lease had expired and somebody else has it. */
  async release({ owner }: Lease): Promise<boolean> {
    const mine = { filterExpression: exp.eq(exp.binStr('owner'), owner) }
    try {
      // The record stays: the token must keep growing.
      await this.#client.put(this.#key, { until: 0 }, null, mine)
      return true
    } catch (error) {
      if (error instanceof FilteredOutError) return false
      throw error
    }
  }
}

/** What the lock protects: a record that remembers the highest token it has seen, and refuses lower ones. */
async function writeReport(client: Client<number>, text: string, { token }: Lease): Promise<boolean> {
  const newer = exp.or(exp.not(exp.binExists('token')), exp.le(exp.binInt('token'), token))
  try {
    await client.put(['test', 'example-reports', 'daily'], { text, token }, null, { filterExpression: newer })
    return true
  } catch (error) {
    if (error instanceof FilteredOutError) return false
    throw error
  }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address, int64: 'number' })
try {
  const lock = new Lock(client, 'daily report')

  let inside = 0
  const tokens: number[] = []
  const work = async () => {
    const lease = await lock.acquire(5000)
    assert.equal(++inside, 1)
    tokens.push(lease.token)
    await delay(5)
    inside--
    assert.equal(await lock.release(lease), true)
  }
  await Promise.all(Array.from({ length: 10 }, work))
  console.log('ten workers, one at a time, tokens', tokens.join(' '))
  assert.deepEqual(
    tokens,
    tokens.toSorted((a, b) => a - b),
  )

  const slow = await lock.acquire(5000)
  assert.equal(await lock.tryAcquire(5000), null)
  // As if the lease had expired while its holder was busy.
  await client.put(['test', 'example-locks', 'daily report'], { until: Date.now() })
  const quick = await lock.acquire(5000)
  assert.ok(quick.token > slow.token)
  assert.equal(await writeReport(client, 'by the quick one', quick), true)
  assert.equal(await writeReport(client, 'by the slow one', slow), false)
  assert.equal(await lock.release(slow), false)
  assert.equal(await lock.release(quick), true)
  console.log('the slow holder lost the lock, and its write was refused')

  await client.batchRemove([
    ['test', 'example-locks', 'daily report'],
    ['test', 'example-reports', 'daily'],
  ])
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
