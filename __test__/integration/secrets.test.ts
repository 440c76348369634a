// No password and no session token appears in anything that a client reports: log lines, spans, errors, inspected objects.
import { inspect } from 'node:util'
import {
  Client,
  type ClientConfig,
  ClientSync,
  connect,
  initTracing,
  type LogLine,
  setLogger,
  setLogLevel,
  shutdownTracing,
} from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Collector } from '../helpers/collector'
import { startProxy, type WireProxy } from '../helpers/proxy'

const PASSWORD = 'Sesame-4711-öffne'
const OTHER = 'Another-0815-Secret'
const THIRD = 'Third/Secret?With:Signs'
/** All clients hash passwords with this salt, so every hash contains it. */
const SALT = '7EqJtq98hPqEX7fNZaFWoO'
/** Hashing passwords takes long on a busy machine. */
const PATIENCE = { timeout: 20_000, connectTimeout: 60_000, loginTimeout: 20_000, totalTimeout: 20_000 }
const SESSION_TOKEN = 5

let server: LocalServer
let proxy: WireProxy
let collector: Collector
const seen: string[] = []

beforeAll(async () => {
  collector = await Collector.start()
  initTracing({ endpoint: collector.endpoint })
  setLogger((line: LogLine) => seen.push(inspect(line, { depth: null })))
  setLogLevel('trace')
  const users = [{ name: 'ada', password: PASSWORD, roles: ['read-write', 'user-admin'] }]
  server = await LocalServer.start({ security: { users } })
  proxy = await startProxy(server)
  proxy.change(message => message)
})
afterAll(async () => {
  setLogger(null)
  await shutdownTracing({ timeout: 0 })
  await proxy?.[Symbol.asyncDispose]()
  await collector?.stop()
  await server?.stop()
})

/** Keeps everything that can be seen of a value, hidden properties included. */
const see = (value: unknown): void => {
  seen.push(inspect(value, { depth: null, showHidden: true, getters: true }), String(value))
  if (value instanceof Error) seen.push(String(value.stack), JSON.stringify(value) ?? '')
}

const failure = async (work: Promise<unknown> | (() => unknown)): Promise<void> => {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    see(error)
    return
  }
  throw new Error('it did not fail')
}

/** The tokens that the server has handed out. */
function tokens(): Buffer[] {
  return proxy.securityAnswers.flatMap(body => {
    for (let at = 16; at + 5 <= body.length; ) {
      const size = body.readUInt32BE(at)
      if (body.readUInt8(at + 4) === SESSION_TOKEN) return [body.subarray(at + 5, at + 4 + size)]
      at += 4 + size
    }
    return []
  })
}

test('neither appears in what a session reports', { timeout: 120_000 }, async () => {
  const login: ClientConfig = { ...PATIENCE, hosts: proxy.address, seedOnlyCluster: true, user: 'ada' }
  const client = new Client({ ...login, password: PASSWORD })
  see(client)
  await client.connect()
  see(client)
  const key = ['test', 'secrets', 1] as const
  await client.put(key, { a: 1 })
  await client.get(key)
  await client.createUser('bob', OTHER, ['read'])
  await client.changePassword('bob', THIRD)
  see(await client.queryUsers())
  await failure(client.createUser('bob', OTHER, ['read']))
  await failure(client.createUser('', OTHER))
  await failure(client.changePassword('nobody', OTHER))
  await failure(client.truncate('test', 'secrets'))
  await failure(connect({ ...login, password: OTHER }))
  await failure(connect({ ...login, user: 'nobody', password: PASSWORD }))
  await failure(
    connect({ ...login, hosts: server.address.replace(/\d+$/, '1'), password: PASSWORD, connectTimeout: 500 }),
  )
  await failure(() => new Client(`aerospike://ada:${encodeURIComponent(PASSWORD)}@${proxy.address}/test?totalTimeou=5`))
  await failure(() => new Client(`aerospike://ada:${PASSWORD}@@${proxy.address}`))
  await failure(() => new Client({ ...login, password: PASSWORD, maxRetry: 1 } as ClientConfig))
  await client.dropUser('bob')
  await client.close()

  // The blocking client stops the loop that the proxy runs on.
  const blocking = new ClientSync({ ...PATIENCE, hosts: server.address, user: 'ada', password: PASSWORD }).connect()
  see(blocking)
  blocking.put(key, { a: 1 })
  await failure(() => blocking.changePassword('nobody', OTHER))
  blocking.close()
  await failure(() => new ClientSync({ ...PATIENCE, hosts: server.address, user: 'ada', password: OTHER }).connect())

  await shutdownTracing()
  expect(collector.spans.length).toBeGreaterThan(5)
  seen.push(inspect(collector.spans, { depth: null }))

  // What was looked at is there, so that an empty search would show.
  const all = seen.join('\n')
  expect(seen.filter(text => text.includes('module:')).length).toBeGreaterThan(10)
  expect(all).toContain('ada')
  const issued = tokens()
  expect(issued.length).toBeGreaterThan(0)
  const secrets = [PASSWORD, OTHER, THIRD]
    .map(text => Buffer.from(text))
    .concat(issued.map(token => Buffer.from(token)))
  for (const secret of secrets) {
    for (const form of ['utf8', 'latin1', 'hex', 'base64', 'base64url'] as const) {
      const text = secret.toString(form).replace(/=+$/, '')
      expect(all.includes(text), `${form} of a secret of ${secret.length} bytes`).toBe(false)
    }
    expect(all.includes(encodeURIComponent(secret.toString()))).toBe(false)
    expect(all.includes(inspect(secret).slice(8, 40))).toBe(false)
  }
  expect(all.includes(SALT)).toBe(false)
})
