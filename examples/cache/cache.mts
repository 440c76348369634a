/**
 * A cache that many processes share. When a value expires, one of them computes the new one, and the others get the old one
 * until then: a stampede of requests for one key causes one computation.
 *
 *   make example NAME=cache                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=cache   with your own server
 */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, connect, RecordExistsError, type Value } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Options {
  /** Milliseconds that a value is fresh. */
  fresh: number
  /** Milliseconds after that in which the old value is still used, while somebody computes a new one. */
  stale: number
  /** Seconds that a computation may take. After that, somebody else tries. */
  patience: number
}

interface Entry {
  value: Value
  freshUntil: number
}

class Cache {
  readonly #client: Client
  readonly #options: Options

  constructor(client: Client, options: Options) {
    this.#client = client
    this.#options = options
  }

  /** Returns the value of a key. Computes it if there is none, or if it is no longer fresh. */
  async get<T extends Value>(name: string, compute: () => Promise<T>): Promise<T> {
    for (;;) {
      const found = await this.#read(name)
      if (found?.fresh) return found.value as T
      if (await this.#claim(name)) return await this.#fill(name, compute)
      if (found !== null) return found.value as T
      await delay(20) // There is no old value: wait for the new one.
    }
  }

  async #read(name: string): Promise<{ value: Value; fresh: boolean } | null> {
    const record = await this.#client.getOrNull<Entry>(['test', 'example-cache', name])
    return record && { value: record.bins.value, fresh: Date.now() < record.bins.freshUntil }
  }

  /** Whether this caller computes the value: the first who creates the record does. */
  async #claim(name: string): Promise<boolean> {
    try {
      const key = ['test', 'example-cache-claims', name]
      await this.#client.put(key, { by: process.pid }, { ttl: this.#options.patience }, { exists: 'create-only' })
      return true
    } catch (error) {
      if (error instanceof RecordExistsError) return false
      throw error
    }
  }

  async #fill<T extends Value>(name: string, compute: () => Promise<T>): Promise<T> {
    try {
      // Somebody may have stored a new value after this caller looked, and before it made its claim.
      const found = await this.#read(name)
      if (found?.fresh) return found.value as T
      const value = await compute()
      const { fresh, stale } = this.#options
      const ttl = Math.ceil((fresh + stale) / 1000)
      await this.#client.put(
        ['test', 'example-cache', name],
        { value: value as Value, freshUntil: Date.now() + fresh },
        { ttl },
      )
      return value
    } finally {
      // If this took longer than `patience`, the claim has expired, or is another's: then the value is computed once more.
      // A batch resolves even if there is no claim any more.
      await this.#client.batchRemove([['test', 'example-cache-claims', name]])
    }
  }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  const cache = new Cache(client, { fresh: 60_000, stale: 60_000, patience: 10 })
  let computed = 0
  const price = async () => {
    const version = ++computed
    await delay(100)
    return { price: 41 + version }
  }
  const ask = () => cache.get('price', price)

  const first = await Promise.all(Array.from({ length: 100 }, ask))
  console.log(`${first.length} requests, ${computed} computation`)
  assert.equal(computed, 1)
  assert.ok(first.every(value => value.price === 42))

  // As if a minute had passed: one request computes, the others get the old value at once.
  await client.put(['test', 'example-cache', 'price'], { freshUntil: 0 })
  const second = await Promise.all(Array.from({ length: 100 }, ask))
  console.log(`${second.filter(value => value.price === 42).length} requests got the old value`)
  assert.equal(computed, 2)
  assert.equal(second.filter(value => value.price === 43).length, 1)

  await client.truncate('test', 'example-cache', 0)
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
