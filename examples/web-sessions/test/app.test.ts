import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Client, connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { expressApp } from '../src/express.ts'
import { fastifyApp } from '../src/fastify.ts'

const secret = 'a secret of more than 32 characters for the tests'

let local: LocalServer
let client: Client
before(async () => {
  local = await LocalServer.start()
  client = await connect({ hosts: local.address, totalTimeout: 10_000 })
})
after(async () => {
  await client.close()
  await local.stop()
})

for (const [name, create] of Object.entries({ express: expressApp, fastify: fastifyApp })) {
  describe(name, () => {
    let server: Server
    let url: string
    let cookie = ''
    before(async () => {
      server = await create(client, secret)
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    after(() => {
      server.closeAllConnections()
      server.close()
    })

    async function call(path: string, method = 'GET'): Promise<unknown> {
      const response = await fetch(`${url}${path}`, { method, headers: { cookie } })
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return response.json()
    }
    const sessions = () => client.query('test', `${name}-sessions`).results()

    test('a visitor keeps a session', async () => {
      assert.deepEqual(await call('/'), { visits: 1, user: null })
      assert.deepEqual(await call('/'), { visits: 2, user: null })
      const [session] = await sessions()
      assert.ok((session?.ttl ?? 0) > 3000 && (session?.ttl ?? 0) <= 3600)
    })

    test('logging in replaces the session', async () => {
      const [first] = await sessions()
      assert.deepEqual(await call('/login/ada', 'POST'), { user: 'ada' })
      assert.deepEqual(await call('/'), { visits: 1, user: 'ada' })
      const left = await sessions()
      assert.equal(left.length, 1)
      assert.notEqual(String(left[0]?.key), String(first?.key))
    })

    test('another process reads the session', async () => {
      const other = await create(client, secret)
      await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
      const { port } = other.address() as AddressInfo
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })
      assert.deepEqual(await response.json(), { visits: 2, user: 'ada' })
      other.closeAllConnections()
      other.close()
    })

    test('logging out removes the session', async () => {
      assert.deepEqual(await call('/logout', 'POST'), { user: null })
      assert.deepEqual(await sessions(), [])
      assert.deepEqual(await call('/'), { visits: 1, user: null })
    })
  })
}
