import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { LocalServer } from 'aerospike-napi/testing'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../src/app.ts'

let server: LocalServer
let app: FastifyInstance

before(async () => {
  server = await LocalServer.start()
  app = await buildApp({ hosts: server.address, totalTimeout: 10_000 })
})
after(async () => {
  await app.close()
  await server.stop()
})

test('notes', async () => {
  const put = await app.inject({ method: 'PUT', url: '/notes/1', payload: { text: 'hello' } })
  assert.equal(put.statusCode, 204)
  assert.deepEqual((await app.inject('/notes/1')).json(), { text: 'hello' })
  assert.equal((await app.inject('/notes/2')).statusCode, 404)
  // A node that is slow for a moment is not ready for a moment.
  while ((await app.inject('/ready')).statusCode !== 200);
})

test('a node that does not answer', async () => {
  const own = await buildApp({ hosts: server.address })
  const [node] = server.nodes
  await node?.pause()
  const response = await own.inject('/notes/1')
  await node?.resume()
  await own.close()
  assert.equal(response.statusCode, 503)
  assert.equal(response.headers['retry-after'], '1')
})

test('closing the app closes the client, after the requests in flight', async () => {
  const own = await buildApp({ hosts: server.address, totalTimeout: 10_000 })
  const [node] = server.nodes
  const address = await own.listen({ host: '127.0.0.1', port: 0 })
  await node?.delayAnswers(300, 1)
  const arrived = new Promise(resolve => own.server.once('request', resolve))
  const running = fetch(`${address}/notes/1`)
  await arrived
  await own.close()
  assert.deepEqual(await (await running).json(), { text: 'hello' })
  assert.equal(own.aerospike.isConnected(), false)
})

test('SIGTERM ends the process', { skip: process.platform === 'win32' }, async () => {
  const env = { ...process.env, AEROSPIKE_HOSTS: server.address, PORT: '0' }
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('listening')) break
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
})
