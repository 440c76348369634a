/** `aerospike-napi/session` with express-session. examples/session-store has it with Express and Fastify. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { type Client, connect, InvalidArgError } from 'aerospike-napi'
import { AerospikeSessionStore } from 'aerospike-napi/session'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'

const namespace = 'test'
const set = 'session-test'

/** What the tests use of express-session, which has no types. */
interface Request extends IncomingMessage {
  sessionID: string
  session: {
    visits?: number
    cookie: { maxAge: number | null }
    regenerate(callback: (error?: unknown) => void): void
    reload(callback: (error?: unknown) => void): void
    destroy(callback: (error?: unknown) => void): void
  }
}
type Middleware = (request: Request, response: ServerResponse, next: (error?: unknown) => void) => void
const session = createRequire(import.meta.url)('express-session') as (options: object) => Middleware

let client: Client
let store: AerospikeSessionStore
beforeAll(async () => {
  client = await connect({ hosts: inject('aerospike').address })
  store = new AerospikeSessionStore(client, { namespace, set, ttl: 600 })
})
afterEach(() => store.clear())
afterAll(() => client.close())

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000)
const ttlOf = async (id: string) => (await client.getMeta([namespace, set, id]))?.ttl ?? 0

describe('the methods', () => {
  test('store, read and remove a session', async () => {
    const cookie = { originalMaxAge: 60_000, expires: inSeconds(60).toISOString() }
    expect(await store.get('a')).toBeNull()
    await store.set('a', { cookie, user: 'ada', cart: ['x'] } as never)
    expect(await store.get('a')).toEqual({ cookie, user: 'ada', cart: ['x'] })
    await store.destroy('a')
    expect(await store.get('a')).toBeNull()
    await expect(store.destroy('a')).resolves.toBeUndefined()
  })

  test('a session lives as long as its cookie', async () => {
    await store.set('a', { cookie: { expires: inSeconds(100) } })
    expect(await ttlOf('a')).toBeGreaterThan(50)
    expect(await ttlOf('a')).toBeLessThanOrEqual(100)
    await store.set('a', { cookie: { expires: null } })
    expect(await ttlOf('a')).toBeGreaterThan(300)
    await store.set('a', { cookie: {} })
    expect(await ttlOf('a')).toBeGreaterThan(300)
    await store.set('a', { cookie: { expires: inSeconds(-1) } })
    expect(await store.get('a')).toBeNull()
  })

  test('touch changes the time to live alone', async () => {
    await store.set('a', { cookie: { expires: inSeconds(100) }, user: 'ada' } as never)
    await store.touch('a', { cookie: { expires: inSeconds(1000) }, user: 'other' } as never)
    expect(await ttlOf('a')).toBeGreaterThan(500)
    expect(await store.get('a')).toMatchObject({ user: 'ada' })
    await store.touch('a', { cookie: { expires: inSeconds(-1) } })
    expect(await store.get('a')).toBeNull()
    await expect(store.touch('missing', { cookie: {} })).resolves.toBeUndefined()
    expect(await store.get('missing')).toBeNull()
  })

  test('all, length and clear', async () => {
    for (const id of ['a', 'b', '__proto__']) await store.set(id, { cookie: {}, id } as never)
    expect(await store.length()).toBe(3)
    const sessions = (await store.all()) ?? {}
    expect(Object.keys(sessions).sort()).toEqual(['__proto__', 'a', 'b'])
    expect(Object.getPrototypeOf(sessions)).toBe(Object.prototype)
    expect(sessions.a).toEqual({ cookie: {}, id: 'a' })
    await store.clear()
    expect(await store.length()).toBe(0)
    expect(await store.all()).toEqual({})
  })

  test('call back', async () => {
    const set = promisify(
      store.set.bind(store) as (id: string, session: object, done: (error: unknown) => void) => void,
    )
    await set('a', { cookie: {}, n: 1 })
    const get = promisify(store.get.bind(store) as (id: string, done: (error: unknown, found: unknown) => void) => void)
    expect(await get('a')).toEqual({ cookie: {}, n: 1 })
    expect(store.get('a', () => {})).toBeUndefined()
  })

  test('report errors', async () => {
    const failure = (id: string) => new Promise(resolve => store.get(id, resolve))
    await client.put([namespace, set, 'broken'], { session: '{' })
    expect(await failure('broken')).toBeInstanceOf(SyntaxError)
    const circular: { cookie: object; self?: object } = { cookie: {} }
    circular.self = circular
    await expect(store.set('a', circular)).rejects.toThrow('circular')
    const closed = await connect({ hosts: inject('aerospike').address })
    await closed.close()
    await expect(new AerospikeSessionStore(closed, { namespace }).get('a')).rejects.toThrow('closed')
  })
})

describe('express-session', () => {
  let server: Server
  let url: string

  /** A server whose answer is the number of visits of the session, after an action of its path. */
  beforeAll(async () => {
    const middleware = session({
      store,
      secret: 'a secret of the tests',
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: { maxAge: 60_000 },
    })
    server = createServer((plain, response) => {
      const request = plain as Request
      const answer = (error?: unknown) => {
        if (error === undefined || error === null) request.session.visits = (request.session.visits ?? 0) + 1
        response.end(error ? String(error) : `${request.sessionID} ${request.session.visits}`)
      }
      middleware(request, response, error => {
        if (error) answer(error)
        else if (request.url === '/regenerate') request.session.regenerate(answer)
        else if (request.url === '/reload') request.session.reload(answer)
        else if (request.url === '/destroy') request.session.destroy(failure => response.end(String(failure)))
        else if (request.url === '/look') response.end(`${request.sessionID} ${request.session.visits}`)
        else answer()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  async function visit(path: string, cookie = ''): Promise<{ id: string; visits: string; cookie: string }> {
    const response = await fetch(`${url}${path}`, { headers: { cookie } })
    const [id = '', visits = ''] = (await response.text()).split(' ')
    return { id, visits, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? cookie }
  }

  test('keeps a session between requests', async () => {
    const first = await visit('/')
    expect(first.visits).toBe('1')
    expect(await visit('/', first.cookie)).toMatchObject({ id: first.id, visits: '2' })
    expect(await visit('/reload', first.cookie)).toMatchObject({ id: first.id, visits: '3' })
    expect(await ttlOf(first.id)).toBeGreaterThan(30)
    expect((await visit('/')).id).not.toBe(first.id)
  })

  test('touches a session that a request only reads', async () => {
    const { id, cookie } = await visit('/')
    await client.touch([namespace, set, id], 5)
    expect(await visit('/look', cookie)).toMatchObject({ id, visits: '1' })
    expect(await ttlOf(id)).toBeGreaterThan(30)
  })

  test('regenerates and destroys sessions', async () => {
    const first = await visit('/')
    const second = await visit('/regenerate', first.cookie)
    expect(second.id).not.toBe(first.id)
    expect(second.visits).toBe('1')
    expect(await store.get(first.id)).toBeNull()
    await visit('/destroy', second.cookie)
    expect(await store.length()).toBe(0)
  })

  test('loads a session outside of a request', async () => {
    const { id } = await visit('/')
    const load = (name: string) =>
      new Promise((resolve, reject) => store.load(name, (error, found) => (error ? reject(error) : resolve(found))))
    expect(await load(id)).toMatchObject({ visits: 1, cookie: { originalMaxAge: 60_000 } })
    expect(await load('missing')).toBeUndefined()
  })
})

test.each([
  [{ namespace, tll: 1 }, 'unknown option "tll"'],
  [{ set }, 'namespace: a string is needed'],
  [{ namespace, ttl: 0 }, 'AerospikeSessionStore: ttl'],
  [{ namespace, ttl: 1.5 }, 'AerospikeSessionStore: ttl'],
])('%j is refused', (options, message) => {
  const create = () => new AerospikeSessionStore(client, options as never)
  expect(create).toThrow(InvalidArgError)
  expect(create).toThrow(message)
})

test('the client must be one', () => {
  expect(() => new AerospikeSessionStore({} as never, { namespace })).toThrow('client: a Client is needed')
})
