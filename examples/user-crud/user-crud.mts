/**
 * Users: create, read, update with compare-and-set, delete.
 *
 *   make example NAME=user-crud                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=user-crud   with your own server
 */
import assert from 'node:assert/strict'
import { connect, RecordExistsError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Address {
  street: string
  city: string
}

interface User {
  name: string
  email: string
  logins: number
  address?: Address
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })

const keyOf = (id: string) => ['test', 'example-users', id]

/** Creates a user; returns false if the id is taken. */
async function create(id: string, user: User): Promise<boolean> {
  try {
    await client.put(keyOf(id), user, null, { exists: 'create-only' })
    return true
  } catch (error) {
    if (error instanceof RecordExistsError) return false
    throw error
  }
}

/** Changes a user. If someone else writes in between, the user is read and changed again. */
async function update(id: string, change: (user: User) => User): Promise<User> {
  return (await client.update<User>(keyOf(id), change)).bins
}

try {
  await client.truncate('test', 'example-users')
  const ada: User = { name: 'Ada', email: 'ada@example.com', logins: 0 }
  assert.equal(await create('ada', ada), true)
  assert.equal(await create('ada', ada), false)

  const moved = await update('ada', user => ({ ...user, address: { street: 'St James Square 12', city: 'London' } }))
  console.log('moved to', moved.address?.city)

  // Five changes at once: none is lost.
  await Promise.all(Array.from({ length: 5 }, () => update('ada', user => ({ ...user, logins: user.logins + 1 }))))
  const { bins, gen } = await client.get<User>(keyOf('ada'))
  console.log(`${bins.name} <${bins.email}> has logged in ${bins.logins} times; the record has generation ${gen}`)
  assert.equal(bins.logins, 5)
  assert.equal(bins.address?.city, 'London')

  await client.remove(keyOf('ada'))
  assert.equal(await client.getOrNull<User>(keyOf('ada')), null)
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
