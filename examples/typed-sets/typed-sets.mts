/**
 * Typed sets: the records of one set, validated by zod and with the types of its schema.
 *
 *   make example NAME=typed-sets                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=typed-sets   with your own server
 */
import assert from 'node:assert/strict'
import { connect, filter, ValidationError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { z } from 'zod'

const Customer = z.object({
  name: z.string().min(1),
  email: z.email(),
  points: z.number().int().default(0),
  address: z.object({ street: z.string(), city: z.string() }).optional(),
})
type Customer = z.infer<typeof Customer>

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
const customers = client
  .set('test', 'example-customers', { schema: Customer, validate: 'both' })
  .with({ totalTimeout: 500, policies: { write: { key: 'send' } } })

const greeting = ({ name, points }: Customer): string => `${name} has ${points} points`

try {
  await client.truncate('test', 'example-customers')
  await customers.put('ada', { name: 'Ada', email: 'ada@example.com' }) // stores points: 0
  await customers.update('ada', customer => ({ ...customer, points: customer.points + 10 }))
  const { bins, gen } = await customers.get('ada')
  console.log(greeting(bins), `after ${gen} writes`)
  assert.equal(bins.points, 10)

  // What does not match the schema is refused before anything is sent; the error names the path.
  await assert.rejects(
    customers.put('bob', { name: 'Bob', email: 'bob', address: { street: '', city: 'Rome' } }),
    error => error instanceof ValidationError && error.issues[0]?.path.join('.') === 'email',
  )
  assert.equal(await customers.exists('bob'), false)

  await customers.batchPut([
    ['bob', { name: 'Bob', email: 'bob@example.com', points: 5 }],
    ['cy', { name: 'Cy', email: 'cy@example.com', points: 50, address: { street: 'Via 1', city: 'Rome' } }],
  ])
  const rows = await customers.batchGet(['ada', 'bob', 'cy', 'nobody'])
  console.log(rows.map(row => row.record?.bins.address?.city ?? 'no address'))
  assert.equal(rows.records.length, 3)

  const { bins: some } = await customers.select('cy', ['points'])
  assert.equal(some.points, 50)

  const index = { namespace: 'test', set: 'example-customers', bin: 'points', index: 'example_customers_points' }
  await client.createIndex({ ...index, datatype: 'integer' }, { wait: true })
  const best: string[] = []
  for await (const record of customers.query().where(filter.range('points', 10, 1000))) best.push(record.bins.name)
  console.log('with at least ten points:', best.sort())
  assert.deepEqual(best, ['Ada', 'Cy'])

  const columns = await customers.batchReadColumns(['ada', 'bob', 'cy'], { points: 'i32' })
  console.log(
    columns.columns.points.reduce((sum, points) => sum + points, 0),
    'points in all',
  )
  await customers.remove('ada')
  console.log('done')
} finally {
  await client.dropIndex('test', 'example_customers_points')
  await client.close()
  await server?.stop()
}
