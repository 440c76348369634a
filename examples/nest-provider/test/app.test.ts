import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { type INestApplication, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Client, connect } from 'aerospike-napi'
import { AerospikeModule, clientToken } from 'aerospike-napi/nestjs'
import { LocalServer } from 'aerospike-napi/testing'
import { buildApp } from '../src/app.ts'

let server: LocalServer
let app: INestApplication
let url: string

const put = (id: string, text: string) =>
  fetch(`${url}/notes/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })

before(async () => {
  server = await LocalServer.start()
  app = await buildApp({ hosts: server.address, totalTimeout: 10_000 })
  await app.listen(0, '127.0.0.1')
  url = await app.getUrl()
})
after(async () => {
  await app.close()
  await server.stop()
})

test('notes', async () => {
  assert.equal((await put('1', 'hello')).status, 204)
  assert.deepEqual(await (await fetch(`${url}/notes/1`)).json(), { text: 'hello' })
  assert.equal((await fetch(`${url}/notes/2`)).status, 404)
})

test('a node that does not answer', async () => {
  const own = await buildApp({ hosts: server.address })
  await own.listen(0, '127.0.0.1')
  const [node] = server.nodes
  await node?.pause()
  const response = await fetch(`${await own.getUrl()}/notes/1`)
  await node?.resume()
  await own.close()
  assert.equal(response.status, 503)
})

test('closing the application closes the client, after the requests in flight', async () => {
  const own = await buildApp({ hosts: server.address, totalTimeout: 10_000 })
  await own.listen(0, '127.0.0.1')
  const [node] = server.nodes
  await node?.delayAnswers(300, 1)
  const http = own.getHttpServer()
  const arrived = new Promise(resolve => http.once('request', resolve))
  const running = fetch(`${await own.getUrl()}/notes/1`)
  await arrived
  const client = own.get(Client)
  await own.close()
  assert.deepEqual(await (await running).json(), { text: 'hello' })
  assert.equal(client.isConnected(), false)
})

class Settings {
  readonly hosts = server.address
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Module({
  imports: [
    AerospikeModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: (settings: Settings) => ({ hosts: settings.hosts }),
    }),
    AerospikeModule.forRootAsync({ name: 'second', useFactory: () => `aerospike://${server.address}/test` }),
  ],
})
class TwoClients {}

test('options from a provider, and two clients', async () => {
  const context = await NestFactory.createApplicationContext(TwoClients, { logger: ['error', 'warn'] })
  const clients = [context.get(Client), context.get<Client>(clientToken('second'))]
  assert.notEqual(clients[0], clients[1])
  assert.ok(clients.every(client => client instanceof Client && client.isConnected()))
  await context.close()
  assert.ok(clients.every(client => !client.isConnected()))
})

test('an application whose client cannot connect does not start', async () => {
  const config = { hosts: server.address, clusterName: 'another', connectTimeout: 2000 }
  const root = { module: class Root {}, imports: [AerospikeModule.forRoot(config)] }
  await assert.rejects(NestFactory.create(root, { logger: false, abortOnError: false }), { name: 'ClusterError' })
  await assert.rejects(connect(config), { name: 'ClusterError' })
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
  const [code, signal] = await exit
  assert.ok(code === 0 || signal === 'SIGTERM')
})
