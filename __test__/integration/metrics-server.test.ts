import { once } from 'node:events'
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import {
  ClientError,
  connect,
  getMetrics,
  InvalidArgError,
  startMetricsServer,
  stopMetricsServer,
} from 'aerospike-napi'
import { afterEach, expect, inject, onTestFinished, test } from 'vitest'
import { rejection } from '../helpers/clients'
import { parseExposition } from '../helpers/exposition'

afterEach(() => stopMetricsServer())

/** Whether nobody listens there. A connection of its own: `fetch` may try one that it has kept. */
function refused(url: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectSocket(Number(new URL(url).port), '127.0.0.1', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', error => resolve((error as { code?: string }).code === 'ECONNREFUSED'))
  })
}

/** Sends bytes, and gives all that comes back until the other side closes. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.setEncoding('utf8').on('data', text => {
      answer += text
    })
    socket.once('error', reject).once('close', () => resolve(answer))
  })
}

test('serves what getMetrics gives, as Prometheus wants it', async () => {
  const server = await startMetricsServer({ port: 0 })
  expect(server.host).toBe('127.0.0.1')
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/metrics`)
  const response = await fetch(server.url)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const names = (text: string): string[] => [...new Set(parseExposition(text).map(({ name }) => name))]
  expect(names(await response.text())).toEqual(names(getMetrics()))
})

test('listens on 127.0.0.1, port 9464, unless it is given another', async () => {
  // Where the port is taken already, it is not ours to listen on, and serves as well.
  const holder = createServer()
  await new Promise<void>(resolve => holder.once('error', () => resolve()).listen(9464, '127.0.0.1', resolve))
  onTestFinished(() => void holder.close())
  const error = await rejection(startMetricsServer())
  expect(error).toMatchObject({ name: 'ClientError', code: 'CLIENT' })
  expect((error as Error).message).toContain('cannot listen on 127.0.0.1, port 9464: ')
})

test('a number is its port, as in aerospike-py', async () => {
  const server = await startMetricsServer(0)
  expect(server).toEqual({ host: '127.0.0.1', port: server.port, url: `http://127.0.0.1:${server.port}/metrics` })
  expect(server.port).toBeGreaterThan(0)
  expect(await startMetricsServer(server.port)).toEqual(server)
  expect(await rejection(startMetricsServer(65_536))).toBeInstanceOf(InvalidArgError)
})

test('knows one path and two methods', async () => {
  const { url, port } = await startMetricsServer({ port: 0 })
  const root = `http://127.0.0.1:${port}/`
  expect((await fetch(root)).status).toBe(404)
  expect(await (await fetch(`${root}metricsx`)).text()).toContain('/metrics')
  expect((await fetch(`${url}?name[]=x`)).status).toBe(200)
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const post = await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('answers bytes that are no request with 400, and goes on', async () => {
  const { url, port } = await startMetricsServer({ port: 0 })
  expect(await exchange(port, 'what is this?\r\n\r\n')).toContain('400 Bad Request')
  expect(await exchange(port, '\0\xff\x16\x03\x01'.repeat(50))).toMatch(/400|^$/)
  expect((await fetch(url)).status).toBe(200)
})

/** Connections that send these bytes and read nothing, as many as the server takes at once. */
async function holding(port: number, bytes: string): Promise<Socket[]> {
  const sockets = Array.from({ length: 64 }, () => connectSocket(port, '127.0.0.1').pause())
  for (const socket of sockets) socket.on('error', () => undefined)
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  for (const socket of sockets) socket.write(bytes)
  return sockets
}

test.each([
  ['nothing', ''],
  ['half a request', 'GET /metrics HTTP/1.1\r\n'],
  ['requests, and read no answer', 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(10_000)],
])('a scrape gets through while 64 connections send %s', async (_what, bytes) => {
  const { port, url } = await startMetricsServer({ port: 0 })
  await holding(port, bytes)
  for (let scrape = 0; scrape < 3; scrape++) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    expect(parseExposition(await response.text()).length).toBeGreaterThan(0)
  }
})

test('a connection serves one request, and lasts 10 s at most', { timeout: 20_000 }, async () => {
  const { port } = await startMetricsServer({ port: 0 })
  expect(await exchange(port, 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n')).toMatch(
    /^HTTP\/1.1 200 OK.*connection: close/s,
  )
  const silent = connectSocket(port, '127.0.0.1').resume()
  const begun = performance.now()
  await once(silent, 'close')
  expect(performance.now() - begun).toBeLessThan(15_000)
})

test('started again with the same options, it gives where it listens', async () => {
  const first = await startMetricsServer({ port: 0 })
  expect(await startMetricsServer({ port: 0 })).toEqual(first)
  expect(await startMetricsServer({ port: first.port })).toEqual(first)
  expect(await Promise.all([1, 2, 3].map(() => startMetricsServer({ port: 0 })))).toEqual([first, first, first])
  await stopMetricsServer()
  expect(await refused(first.url)).toBe(true)
})

test('started again elsewhere, it refuses and says where it listens', async () => {
  const first = await startMetricsServer({ port: 0 })
  for (const options of [{ port: first.port - 1 }, { port: 0, host: 'localhost' }]) {
    const error = await rejection(startMetricsServer(options))
    expect(error).toBeInstanceOf(ClientError)
    expect((error as Error).message).toContain(`listens on 127.0.0.1:${first.port} already; call stopMetricsServer()`)
  }
  expect((await fetch(first.url)).status).toBe(200)
})

test('a port that is taken is a ClientError that names it, and it may be tried again', async () => {
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  const error = await rejection(startMetricsServer({ port }))
  expect(error).toBeInstanceOf(ClientError)
  expect((error as Error).message).toMatch(new RegExp(`cannot listen on 127\\.0\\.0\\.1, port ${port}: .*in use`, 'i'))
  await new Promise(resolve => other.close(resolve))
  expect((await startMetricsServer({ port })).port).toBe(port)
})

test('an invalid host is a ClientError', async () => {
  const error = await rejection(startMetricsServer({ port: 0, host: 'no.such.host.invalid' }))
  expect(error).toBeInstanceOf(ClientError)
  expect((error as Error).message).toContain('no.such.host.invalid')
})

test('stopped before it was started, and twice, it does nothing', async () => {
  expect(await stopMetricsServer()).toBeUndefined()
  const { url } = await startMetricsServer({ port: 0 })
  expect(await Promise.all([stopMetricsServer(), stopMetricsServer()])).toEqual([undefined, undefined])
  expect(await stopMetricsServer()).toBeUndefined()
  expect(await refused(url)).toBe(true)
})

test('the port is free once it has stopped', async () => {
  const { port } = await startMetricsServer({ port: 0 })
  for (let round = 0; round < 5; round++) {
    await stopMetricsServer()
    expect((await startMetricsServer({ port })).port).toBe(port)
    const headers = { connection: 'close' }
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).status).toBe(200)
  }
})

test('scrapes during the stop get a whole answer or none', async () => {
  for (let round = 0; round < 5; round++) {
    const { url } = await startMetricsServer({ port: 0 })
    const scrapes = Array.from({ length: 20 }, async () => {
      const response = await fetch(url)
      return parseExposition(await response.text()).length
    })
    const stopped = stopMetricsServer()
    for (const scrape of await Promise.allSettled(scrapes)) {
      if (scrape.status === 'fulfilled') expect(scrape.value).toBeGreaterThan(0)
    }
    await stopped
    expect(await refused(url)).toBe(true)
  }
})

test('scrapes while clients connect and close get whole answers', async () => {
  const { url } = await startMetricsServer({ port: 0 })
  const clients = async (): Promise<void> => {
    for (let round = 0; round < 5; round++) {
      const client = await connect({ hosts: inject('aerospike').address })
      const calls = Array.from({ length: 20 }, (_, id) => client.exists(['test', 'metrics-closing', id]))
      await Promise.allSettled([...calls, client.close({ timeout: 0 })])
    }
  }
  let open = true
  const scrapes = async (): Promise<void> => {
    while (open) {
      expect(parseExposition(await (await fetch(url)).text()).length).toBeGreaterThan(0)
      expect(parseExposition(getMetrics()).length).toBeGreaterThan(0)
    }
  }
  const scraped = Promise.all([scrapes(), scrapes()])
  await Promise.all([clients(), clients(), clients()])
  open = false
  await scraped
  const left = parseExposition(getMetrics()).filter(({ name }) => name === 'aerospike_client_nodes')
  expect(left).toEqual([])
})

test('idle and half-sent connections do not keep it from stopping', async () => {
  const { port } = await startMetricsServer({ port: 0 })
  const sockets = ['', 'GET /metr'].map(bytes => {
    const socket = connectSocket(port, '127.0.0.1', () => socket.write(bytes))
    return new Promise(resolve => socket.once('close', resolve).on('error', () => {}))
  })
  await expect.poll(() => fetch(`http://127.0.0.1:${port}/metrics`).then(({ status }) => status)).toBe(200)
  await stopMetricsServer()
  await Promise.all(sockets)
})

test.each([
  [{ port: -1 }, /port: an integer from 0 to 65535 is needed, not -1/],
  [{ port: 65_536 }, /port: an integer from 0 to 65535/],
  [{ port: '9464' }, /port: an integer .* not the string "9464"/],
  [{ port: Number.NaN }, /port: an integer/],
  [{ host: '' }, /host: a string is needed, not an empty one/],
  [{ host: 7 }, /host: a string is needed, not 7/],
  [{ host: 'a\0b' }, /host: a name without a null character/],
  [{ Port: 1 }, /unknown option "Port"; did you mean port\?/],
  ['9464', /an object is needed, not the string "9464"/],
  [-1, /port: an integer from 0 to 65535 is needed, not -1/],
  [null, /an object is needed, not null/],
])('refuses %j', async (options, message) => {
  const error = await rejection(startMetricsServer(options as object))
  expect(error).toBeInstanceOf(InvalidArgError)
  expect((error as Error).message).toMatch(message)
})
