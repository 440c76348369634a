/**
 * Sessions of a web application: they expire after a time without use, and hold nested data.
 *
 *   make example NAME=session-store                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=session-store   with your own server
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Client, connect, lists, op, RecordNotFoundError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Item {
  sku: string
  count: number
}

interface Session {
  user: string
  startedAt: number
  cart: Item[]
}

class SessionStore {
  readonly #client: Client
  readonly #seconds: number

  constructor(client: Client, seconds: number) {
    this.#client = client
    this.#seconds = seconds
  }

  #key(id: string) {
    return ['test', 'example-sessions', id]
  }

  /** Starts a session, and returns its id. */
  async start(user: string): Promise<string> {
    const id = randomUUID()
    const session: Session = { user, startedAt: Date.now(), cart: [] }
    await this.#client.put(this.#key(id), session, { ttl: this.#seconds }, { exists: 'create-only' })
    return id
  }

  /** Reads a session and extends it, in one request. Returns null if it has expired. */
  async open(id: string): Promise<Session | null> {
    try {
      const { bins } = await this.#client.operate<Session>(this.#key(id), [op.touch(), op.read()], {
        ttl: this.#seconds,
      })
      return bins
    } catch (error) {
      if (error instanceof RecordNotFoundError) return null
      throw error
    }
  }

  /** Adds an item to the cart, and returns the number of items. */
  async add(id: string, item: Item): Promise<number> {
    const { bins } = await this.#client.operate(this.#key(id), [lists.append('cart', item)], { ttl: this.#seconds })
    return bins.cart
  }

  async end(id: string): Promise<void> {
    await this.#client.remove(this.#key(id))
  }

  /** Seconds until a session expires. */
  async left(id: string): Promise<number> {
    const meta = await this.#client.getMeta(this.#key(id))
    return meta?.ttl ?? 0
  }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  const sessions = new SessionStore(client, 1800)
  const id = await sessions.start('ada')
  assert.equal(await sessions.add(id, { sku: 'book', count: 1 }), 1)
  assert.equal(await sessions.add(id, { sku: 'pen', count: 12 }), 2)

  const session = await sessions.open(id)
  console.log(session?.user, 'has', session?.cart.map(({ sku, count }) => `${count} x ${sku}`).join(', '))
  assert.deepEqual(session?.cart, [
    { sku: 'book', count: 1 },
    { sku: 'pen', count: 12 },
  ])
  const left = await sessions.left(id)
  assert.ok(left > 1700 && left <= 1800)

  await sessions.end(id)
  assert.equal(await sessions.open(id), null)
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
