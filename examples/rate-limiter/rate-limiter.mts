/**
 * A rate limiter that many processes share: a counter for each user and time window.
 *
 *   make example NAME=rate-limiter                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=rate-limiter   with your own server
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Client, connect, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Decision {
  allowed: boolean
  /** How many further requests are allowed in this window. */
  remaining: number
  /** Seconds until the window ends. */
  resetIn: number
}

/** Allows `limit` requests of a user in each window of `seconds`. */
class RateLimiter {
  readonly #client: Client<number>
  readonly #limit: number
  readonly #seconds: number

  constructor(client: Client<number>, limit: number, seconds: number) {
    this.#client = client
    this.#limit = limit
    this.#seconds = seconds
  }

  async take(user: string, now = Date.now()): Promise<Decision> {
    const at = now / 1000
    const window = Math.floor(at / this.#seconds)
    const key = ['test', 'example-limits', `${user}:${window}`]
    // One request counts and reads, atomically. The record outlives its window a little, then the server removes it.
    const { bins } = await this.#client.operate(key, [op.incr('requests', 1), op.read('requests')], {
      ttl: this.#seconds * 2,
    })
    return {
      allowed: bins.requests <= this.#limit,
      remaining: Math.max(0, this.#limit - bins.requests),
      resetIn: Math.ceil((window + 1) * this.#seconds - at),
    }
  }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
// Counters fit a number, so that no bigint is needed.
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address, int64: 'number' })
try {
  const limiter = new RateLimiter(client, 5, 60)
  const user = randomUUID()
  const now = Date.now()
  const decisions = await Promise.all(Array.from({ length: 20 }, () => limiter.take(user, now)))
  const allowed = decisions.filter(decision => decision.allowed)
  console.log(`${allowed.length} of ${decisions.length} requests at once are allowed`)
  assert.equal(allowed.length, 5)
  assert.deepEqual(allowed.map(({ remaining }) => remaining).sort(), [0, 1, 2, 3, 4])

  const refused = await limiter.take(user, now)
  assert.equal(refused.allowed, false)
  console.log(`the next request has to wait for ${refused.resetIn} s`)

  const next = await limiter.take(user, now + 60_000)
  assert.deepEqual({ allowed: next.allowed, remaining: next.remaining }, { allowed: true, remaining: 4 })
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
