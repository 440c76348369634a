/**
 * User-defined functions: one that reserves stock in a record, and one that sums up the stock of all records.
 *
 *   make example NAME=udf                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=udf   with your own server
 */
import assert from 'node:assert/strict'
import { connect, UDFError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Article {
  category: string
  stock: number
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
const articles = client.set<Article>('test', 'example-articles')

/** Reserves stock. Returns what is left, or null if there is too little. */
const reserve = (id: string, order: string, count: number) =>
  client.apply(articles.key(id), 'inventory', 'reserve', [order, count])

try {
  await client.truncate('test', 'example-articles')
  await client.udfRegister(new URL('./inventory.lua', import.meta.url), { wait: true })
  await articles.batchPut([
    ['pen', { category: 'office', stock: 10 }],
    ['ink', { category: 'office', stock: 4 }],
    ['mug', { category: 'kitchen', stock: 7 }],
  ])

  // The server runs the function on the record, as one: nobody else can take the stock in between.
  console.log('pens left:', await reserve('pen', 'order-1', 3))
  assert.equal(await reserve('pen', 'order-2', 8), null)
  await assert.rejects(reserve('nothing', 'order-3', 1), UDFError)
  assert.deepEqual((await articles.get('pen')).bins, { category: 'office', stock: 7, orders: { 'order-1': 3 } })

  const totals = await client.query('test', 'example-articles').aggregate('inventory', 'stock_by_category').first()
  console.log('stock by category:', totals)
  assert.deepEqual(totals, { kitchen: 7, office: 11 })
  console.log('done')
} finally {
  await client.udfRemove('inventory')
  await client.close()
  await server?.stop()
}
