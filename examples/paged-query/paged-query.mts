/**
 * A list with pages: each request gets a page of orders and a cursor, from which any process continues.
 *
 *   make example NAME=paged-query                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=paged-query   with your own server
 */
import assert from 'node:assert/strict'
import { type Client, connect, exp, filter, InvalidArgError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Order {
  id: number
  customer: string
  total: number
  open: boolean
}

interface Page {
  orders: Order[]
  /** Cursor of the next page; null on the last one. */
  next: string | null
}

/** The open orders of at least `total`. Every request describes the same query; the cursor belongs to it. */
const openOrders = (client: Client, total: number) =>
  client
    .query<Order>('test', 'example-orders')
    .where(filter.range('total', total, 1_000_000))
    .filter(exp.eq(exp.binBool('open'), exp.bool(true)))

/** Handles `GET /orders?total=...&after=...`. */
async function list(client: Client, total: number, after?: string | null): Promise<Page> {
  for await (const { records, cursor } of openOrders(client, total).pages(50, after)) {
    return { orders: records.map(record => record.bins), next: cursor }
  }
  return { orders: [], next: null }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  await client.truncate('test', 'example-orders')
  const orders: Order[] = Array.from({ length: 400 }, (_, id) => ({
    id,
    customer: `customer ${id % 7}`,
    total: id,
    open: id % 4 !== 0,
  }))
  await client.bulkWrite(orders.map(order => ({ key: ['test', 'example-orders', order.id], bins: order })))
  const index = { namespace: 'test', set: 'example-orders', bin: 'total', index: 'example_orders_total' }
  await client.createIndex({ ...index, datatype: 'integer' }, { wait: true })

  const found: Order[] = []
  let pages = 0
  let next: string | null | undefined
  do {
    // Each page is a request of its own. Here, each comes to another process, that is, to another client.
    const another = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
    const page = await list(another, 100, next)
    await another.close()
    found.push(...page.orders)
    pages++
    next = page.next
  } while (next !== null)
  console.log(`${found.length} open orders on ${pages} pages`)
  assert.equal(found.length, orders.filter(order => order.total >= 100 && order.open).length)
  assert.equal(new Set(found.map(order => order.id)).size, found.length)

  // A cursor of another query is refused, so a client cannot read what it may not see.
  const { next: cursor } = await list(client, 100)
  await assert.rejects(list(client, 0, cursor), InvalidArgError)
  console.log('done')
} finally {
  await client.dropIndex('test', 'example_orders_total')
  await client.close()
  await server?.stop()
}
