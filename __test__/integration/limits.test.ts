import { Worker } from 'node:worker_threads'
import { AerospikeTimeoutError, BackpressureError, Client, type ClientConfig, ClientSync } from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { startProxy, type WireProxy } from '../helpers/proxy'
import { remains, until } from '../helpers/until'

const newKey = keysOf('limits')
const TIMEOUT = { name: 'AerospikeTimeoutError', code: 'TIMEOUT', resultCode: 9 }

interface Muted extends AsyncDisposable {
  proxy: WireProxy
  client: Client
}

/** A client of a server that answers up to now. */
async function muted(config: ClientConfig = {}): Promise<Muted> {
  const proxy = await startProxy()
  const client = await new Client({ hosts: proxy.address, seedOnlyCluster: true, ...config }).connect()
  proxy.mute()
  return {
    proxy,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close({ timeout: 0 })
      await proxy[Symbol.asyncDispose]()
    },
  }
}

/** Waits until this many requests are sent, and fails if more follow. */
async function sends(proxy: WireProxy, count: number): Promise<void> {
  await until(() => proxy.sent.length >= count)
  await remains(() => proxy.sent.length === count, 100)
}

const DIGEST = 4
const sentKeys = (proxy: WireProxy): (string | undefined)[] =>
  proxy.sent.map(({ fields }) => fields.get(DIGEST)?.toString('hex'))

describe('maxConcurrentCommands', () => {
  test.each([1, 3, 10])('no more than %i are sent at once', async most => {
    await using setup = await muted({ maxConcurrentCommands: most, totalTimeout: 10_000 })
    const calls = newKey.many(40).map(key => setup.client.get(key).catch(() => undefined))
    await sends(setup.proxy, most)
    await setup.client.close({ timeout: 0 })
    await Promise.all(calls)
  })

  test('all come to their turn', async () => {
    const client = await CLIENTS[0]!.connect({ maxConcurrentCommands: 2 })
    const keys = newKey.many(300)
    await Promise.all(keys.map((key, n) => client.put(key, { n }, null, { totalTimeout: 10_000 })))
    const records = await Promise.all(keys.map(key => client.get(key, { totalTimeout: 10_000 })))
    expect(records.map(record => record.bins.n)).toEqual(keys.map((_, n) => n))
    await client.close()
  })

  test('one at a time, they keep the order of the calls', async () => {
    await using proxy = await startProxy()
    const config = { hosts: proxy.address, seedOnlyCluster: true, maxConcurrentCommands: 1 }
    await using client = await new Client(config).connect()
    const keys = newKey.many(50)
    await Promise.all(keys.map((key, n) => client.put(key, { n })))
    expect(sentKeys(proxy)).toEqual(keys.map(key => key.digest.toString('hex')))
  })

  test('batches take their place among the others', async () => {
    const client = await CLIENTS[0]!.connect({ maxConcurrentCommands: 1 })
    const keys = newKey.many(20)
    const order: string[] = []
    const calls = keys.flatMap((key, n) => [
      client.put(key, { n }).then(() => order.push(`put ${n}`)),
      client.batchRead([key]).then(rows => order.push(`batch ${n} found ${rows.succeeded}`)),
    ])
    await Promise.all(calls)
    expect(order).toEqual(keys.flatMap((_, n) => [`put ${n}`, `batch ${n} found 1`]))
    await client.close()
  })
})

describe('maxQueuedCommands', () => {
  test.each([0, 5])('more than %i that wait are refused at once', async most => {
    await using setup = await muted({ maxConcurrentCommands: 2, maxQueuedCommands: most, totalTimeout: 10_000 })
    const taken = newKey.many(2 + most).map(key => setup.client.get(key).catch(() => undefined))
    const key = newKey()
    const refused = setup.client.put(key, { a: 1 })
    await expect(refused).rejects.toBeInstanceOf(BackpressureError)
    await expect(refused).rejects.toMatchObject({ code: 'BACKPRESSURE', inDoubt: false, attempts: 0 })
    await expect(refused).rejects.toThrow(
      `${most} commands are already waiting, the maximum that maxQueuedCommands allows`,
    )
    await expect(setup.client.batchRead([key])).rejects.toBeInstanceOf(BackpressureError)
    await sends(setup.proxy, 2)
    expect(sentKeys(setup.proxy)).not.toContain(key.digest.toString('hex'))
    await setup.client.close({ timeout: 0 })
    await Promise.all(taken)
  })

  test('what was refused can be tried again when there is room', async () => {
    const client = await CLIENTS[0]!.connect({ maxConcurrentCommands: 2, maxQueuedCommands: 3 })
    const keys = newKey.many(20)
    const outcomes = await Promise.allSettled(keys.map((key, n) => client.put(key, { n })))
    const refused = outcomes.filter(outcome => outcome.status === 'rejected')
    expect(outcomes.slice(0, 5).every(outcome => outcome.status === 'fulfilled')).toBe(true)
    expect(refused).toHaveLength(15)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(BackpressureError)
    for (const key of keys.slice(5)) await client.put(key, { n: 0 })
    expect((await client.batchRead(keys)).succeeded).toBe(20)
    await client.close()
  })

  test('without it, many thousands wait', async () => {
    const client = await CLIENTS[0]!.connect({ maxConcurrentCommands: 4, totalTimeout: 0 })
    const key = newKey()
    const found = await Promise.all(Array.from({ length: 20_000 }, () => client.exists(key)))
    expect(found.includes(true)).toBe(false)
    await client.close()
  })
})

describe('totalTimeout', () => {
  const CALLS: [string, (client: Client, options: object) => Promise<unknown>, inDoubt: boolean][] = [
    ['get', (client, options) => client.get(newKey(), options), false],
    ['exists', (client, options) => client.exists(newKey(), options), false],
    ['put', (client, options) => client.put(newKey(), { a: 1 }, null, options), true],
    ['remove', (client, options) => client.remove(newKey(), null, options), true],
    ['increment', (client, options) => client.increment(newKey(), 'n', 1, null, options), true],
    ['operate', (client, options) => client.operate(newKey(), [{ op: 5, bin: 'n', val: 1 }], null, options), true],
    ['batchRead', (client, options) => client.batchRead(newKey.many(3), null, options), false],
    ['batchReadColumns', (client, options) => client.batchReadColumns(newKey.many(3), { a: 'i32' }, options), false],
  ]

  test.each(CALLS)('bounds %s', async (name, call, inDoubt) => {
    await using setup = await muted()
    for (const totalTimeout of [1, 50]) {
      const started = performance.now()
      const error = await call(setup.client, { totalTimeout }).catch((error: unknown) => error)
      expect(performance.now() - started).toBeLessThan(3000)
      expect(error).toBeInstanceOf(AerospikeTimeoutError)
      expect(error).toMatchObject(TIMEOUT)
      expect((error as Error).message).toContain(`(${name}`)
      // What had no time to be sent is in no doubt.
      if (totalTimeout === 50 || !inDoubt) expect(error).toMatchObject({ inDoubt })
    }
  })

  test('is that of the client where the call says nothing', async () => {
    await using setup = await muted({
      totalTimeout: 5000,
      policies: { read: { totalTimeout: 60 }, write: { totalTimeout: 80 } },
    })
    const started = performance.now()
    await expect(setup.client.get(newKey())).rejects.toMatchObject(TIMEOUT)
    await expect(setup.client.put(newKey(), { a: 1 })).rejects.toMatchObject(TIMEOUT)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test('counts the wait for its turn, and tells it', async () => {
    await using setup = await muted({ maxConcurrentCommands: 1, totalTimeout: 5000 })
    const first = setup.client.get(newKey()).catch(() => undefined)
    await sends(setup.proxy, 1)
    const key = newKey()
    const error = await setup.client.put(key, { a: 1 }, null, { totalTimeout: 100 }).catch((error: unknown) => error)
    expect(error).toMatchObject({ ...TIMEOUT, inDoubt: false, attempts: 0, key })
    expect((error as Error).message).toMatch(/after \d+ ms in the queue; nothing was sent/)
    expect(sentKeys(setup.proxy)).not.toContain(key.digest.toString('hex'))
    await setup.client.close({ timeout: 0 })
    await first
  })

  test('leaves the others alone', async () => {
    await using setup = await muted({ totalTimeout: 1500 })
    const started = performance.now()
    const others = Promise.allSettled(newKey.many(5).map(key => setup.client.get(key)))
    await expect(setup.client.get(newKey(), { totalTimeout: 50 })).rejects.toMatchObject(TIMEOUT)
    await others
    expect(performance.now() - started).toBeGreaterThan(1300)
  })

  test('retries of reads stay within it', async () => {
    await using setup = await muted()
    const started = performance.now()
    const options = { totalTimeout: 400, socketTimeout: 50, maxRetries: 100, sleepBetweenRetries: 10 }
    await expect(setup.client.get(newKey(), options)).rejects.toMatchObject(TIMEOUT)
    expect(performance.now() - started).toBeLessThan(3000)
    expect(setup.proxy.sent.length).toBeGreaterThan(1)
  })

  test('a write is sent once, whatever happens', async () => {
    await using setup = await muted()
    const put = setup.client.put(newKey(), { a: 1 }, null, { totalTimeout: 400, socketTimeout: 50 })
    await expect(put).rejects.toMatchObject({ ...TIMEOUT, inDoubt: true })
    expect(setup.proxy.sent).toHaveLength(1)
  })

  test('of an info request is its timeout', async () => {
    await using setup = await muted()
    const started = performance.now()
    await expect(setup.client.infoRandomNode('status', { timeout: 100 })).rejects.toMatchObject(TIMEOUT)
    const [node] = setup.client.getNodeNames()
    await expect(setup.client.infoNode('status', node as string, { timeout: 100 })).rejects.toMatchObject(TIMEOUT)
    expect(performance.now() - started).toBeLessThan(4000)
  })

  test('bounds the blocking client', async () => {
    // The server is a thread of its own: this one will be blocked.
    const code = `
      const { parentPort, workerData } = require('node:worker_threads')
      const { connect, createServer } = require('node:net')
      let muted = false
      parentPort.on('message', () => { muted = true; parentPort.postMessage('muted') })
      createServer(client => {
        const upstream = connect(workerData.port, workerData.host)
        client.pipe(upstream)
        upstream.on('data', chunk => { if (!muted) client.write(chunk) })
        for (const socket of [client, upstream]) socket.on('error', () => { client.destroy(); upstream.destroy() })
      }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port) })`
    const worker = new Worker(code, { eval: true, workerData: inject('aerospike') })
    const answer = () => new Promise(resolve => worker.once('message', resolve))
    const hosts = `127.0.0.1:${await answer()}`
    const client = new ClientSync({ hosts, seedOnlyCluster: true }).connect()
    worker.postMessage('mute')
    await answer()
    const started = performance.now()
    expect(() => client.get(newKey(), { totalTimeout: 100 })).toThrow(AerospikeTimeoutError)
    expect(() => client.put(newKey(), { a: 1 }, null, { totalTimeout: 100 })).toThrow(AerospikeTimeoutError)
    expect(() => client.batchRead(newKey.many(2), null, { totalTimeout: 100 })).toThrow(AerospikeTimeoutError)
    expect(performance.now() - started).toBeLessThan(3000)
    client.close({ timeout: 0 })
    await worker.terminate()
  })
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('a totalTimeout of 0 is no limit', async () => {
    const key = newKey()
    await client().put(key, { a: 1 }, null, { totalTimeout: 0 })
    expect((await client().get(key, { totalTimeout: 0, socketTimeout: 0 })).bins).toEqual({ a: 1 })
    expect((await client().batchRead([key], null, { totalTimeout: 0 })).succeeded).toBe(1)
  })

  test('a client works on after calls that ran out of time', async () => {
    const key = newKey()
    await client().put(key, { a: 1 })
    const many = Array.from({ length: 50_000 }, (_, row) => ['test', 'limits-none', row] as const)
    // Whether this is enough time is not what is tested.
    await client()
      .batchRead(many, null, { totalTimeout: 5 })
      .catch((error: unknown) => expect(error).toMatchObject(TIMEOUT))
    expect((await client().get(key)).bins).toEqual({ a: 1 })
  })
})
