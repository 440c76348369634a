/**
 * The first steps: connect, write, read, change, query, close.
 *
 *   make example NAME=quick-start                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=quick-start   with your own server
 */
import assert from 'node:assert/strict'
import { connect, lists, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface User {
  name: string
  visits: number
  tags: string[]
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  const users = client.set<User>('test', 'example-quick-start')
  await users.put('ada', { name: 'Ada', visits: 1, tags: ['new'] }, { ttl: 3600 })

  const { bins, gen } = await users.get('ada')
  console.log(`${bins.name} has visited ${bins.visits} time, record generation ${gen}`)
  assert.equal(await users.getOrNull('nobody'), null)

  const key = ['test', 'example-quick-start', 'ada']
  const result = await client.operate(key, [op.incr('visits', 1), op.read('visits'), lists.append('tags', 'back')])
  console.log('visits and number of tags:', result.bins)
  assert.deepEqual(result.bins, { visits: 2, tags: 2 })

  const names: string[] = []
  for await (const record of users.query().select('name')) names.push(record.bins.name)
  assert.deepEqual(names, ['Ada'])

  await users.remove('ada')
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
