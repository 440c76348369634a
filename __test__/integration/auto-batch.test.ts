// Implicit batches: what shares a request, and that nobody can tell by the answers.
import {
  AerospikeError,
  type AerospikeRecord,
  Client,
  type ClientConfig,
  exp,
  type Key,
  operations,
  Particle,
} from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { keysOf, rejection } from '../helpers/clients'
import { type Sent, startProxy, type WireProxy } from '../helpers/proxy'

const newKey = keysOf('auto-batch')
const BATCH_FIELD = 41
const BATCH_FLAG = 8

const plain = (config: ClientConfig = {}): Promise<Client> =>
  new Client({ hosts: inject('aerospike').address, ...config }).connect()

/** A gathering client behind a proxy that tells what it sent. */
async function watched(autoBatch: ClientConfig['autoBatch'] = true, config: ClientConfig = {}) {
  const proxy = await startProxy()
  const client = await plain({ hosts: proxy.address, seedOnlyCluster: true, ...config, autoBatch: autoBatch ?? true })
  return {
    client,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await client.close({ timeout: 0 })
      await proxy[Symbol.asyncDispose]()
    },
  }
}

const batches = ({ sent }: WireProxy): Sent[] => sent.filter(({ info }) => (info[0] & BATCH_FLAG) !== 0)
const rowsOf = ({ fields }: Sent): number => fields.get(BATCH_FIELD)?.readUInt32BE(0) ?? 0

/** The sizes of the batches that were sent, and how many calls went alone. */
function shape(proxy: WireProxy): { batches: number[]; alone: number } {
  const rows = batches(proxy).map(rowsOf)
  return { batches: rows, alone: proxy.sent.length - rows.length }
}

async function filled(client: Client, count: number): Promise<Key[]> {
  const keys = newKey.many(count)
  await Promise.all(keys.map((key, index) => client.put(key, { index, name: `row ${index}` }, { ttl: 1000 })))
  return keys
}

/** What a caller sees of an outcome. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    const value = await promise
    if (typeof value !== 'object' || value === null) return value
    const { key, bins, gen, ttl } = value as AerospikeRecord
    return { key: key === undefined ? undefined : String(key), bins, gen, ttl: ttl > 0 }
  } catch (error) {
    if (!(error instanceof AerospikeError)) throw error
    const { name, message, code, resultCode, inDoubt, key } = error
    return { name, message, code, resultCode, inDoubt, key: String(key) }
  }
}

/** `outcome` without what differs between two records. */
async function shown(promise: Promise<unknown>, key: Key | undefined): Promise<unknown> {
  const seen = await outcome(promise)
  return JSON.parse(JSON.stringify(seen ?? null).replaceAll(String(key), 'KEY'))
}

describe('reads of one tick', () => {
  test('share one request', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 20)
    const before = proxy.sent.length
    const records = await Promise.all(keys.map(key => client.get(key)))
    expect(records.map(({ bins }) => bins.index)).toEqual(keys.map((_, index) => index))
    expect(proxy.sent.slice(before).map(rowsOf)).toEqual([20])
  })

  test('of every kind and with different bins share one request', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const [a, b, c] = (await filled(client, 3)) as [Key, Key, Key]
    const missing = newKey()
    const before = proxy.sent.length
    const results = await Promise.all([
      client.get(a),
      client.select(b, ['name']),
      client.select(c, []),
      client.exists(a),
      client.exists(missing),
      client.getMeta(b),
      client.getMeta(missing),
      client.getOrNull(c),
      client.getOrNull(missing),
    ])
    expect(proxy.sent.slice(before).map(rowsOf)).toEqual([9])
    expect(results.map(result => (result as AerospikeRecord | null)?.bins ?? result)).toEqual([
      { index: 0, name: 'row 0' },
      { name: 'row 1' },
      {},
      true,
      false,
      { gen: 1, ttl: expect.any(Number) },
      null,
      { index: 2, name: 'row 2' },
      null,
    ])
  })

  test('fewer than four go alone', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 3)
    const before = proxy.sent.length
    await Promise.all(keys.map(key => client.get(key)))
    await client.get(keys[0] as Key)
    expect(proxy.sent.slice(before).every(sent => rowsOf(sent) === 0)).toBe(true)
    expect(proxy.sent.length - before).toBe(4)
  })

  test('are split at maxSize', async () => {
    await using setup = await watched({ maxSize: 8 })
    const { client, proxy } = setup
    const keys = await filled(client, 20)
    const before = proxy.sent.length
    await Promise.all(keys.map(key => client.get(key)))
    expect(
      proxy.sent
        .slice(before)
        .map(rowsOf)
        .toSorted((one, other) => one - other),
    ).toEqual([4, 8, 8])
  })

  test('with other policies or namespaces go apart', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 8)
    const demo = Array.from({ length: 4 }, () => newKey(undefined, 'demo'))
    const before = proxy.sent.length
    await Promise.all([
      ...keys.slice(0, 4).map(key => client.get(key)),
      ...keys.slice(4).map(key => client.get(key, { totalTimeout: 5000 })),
      ...demo.map(key => client.exists(key)),
    ])
    expect(proxy.sent.slice(before).map(rowsOf)).toEqual([4, 4, 4])
  })

  test('join those of later ticks within maxDelay', async () => {
    await using setup = await watched({ maxDelay: 200 })
    const { client, proxy } = setup
    const keys = await filled(client, 8)
    const before = proxy.sent.length
    const first = keys.slice(0, 4).map(key => client.get(key))
    await new Promise(resolve => setImmediate(resolve))
    await Promise.all([...first, ...keys.slice(4).map(key => client.get(key))])
    expect(proxy.sent.slice(before).map(rowsOf)).toEqual([8])
  })

  test('with compression go alone', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 6)
    const before = proxy.sent.length
    await Promise.allSettled(keys.map(key => client.get(key, { compress: true, compressionThreshold: 100_000 })))
    expect(batches(proxy).length).toBe(0)
    expect(proxy.sent.length - before).toBe(6)
  })

  test('without autoBatch never share one', async () => {
    await using setup = await watched(false)
    const { client, proxy } = setup
    const keys = await filled(client, 20)
    await Promise.all(keys.map(key => client.get(key)))
    expect(shape(proxy)).toEqual({ batches: [], alone: 40 })
  })
})

describe('each call', () => {
  test('has the outcome of a call that went alone', async () => {
    await using setup = await watched()
    await using single = await plain()
    const keys = await filled(single, 6)
    const unknown = newKey('x', 'no-such-namespace')
    const filter = { filterExpression: exp.eq(exp.binInt('index'), exp.int(3)) }
    const calls: ((client: Client) => Promise<unknown>)[] = [
      ...keys.map(key => (client: Client) => client.get(key)),
      client => client.get(newKey('missing')),
      client => client.select(keys[1] as Key, ['nothing']),
      client => client.exists(newKey('missing')),
      ...keys.map(key => (client: Client) => client.get(key, filter)),
      ...Array.from({ length: 5 }, () => (client: Client) => client.get(unknown)),
      client => client.get(['test', 7 as unknown as string, 'x']),
      client => client.select(keys[0] as Key, ['a name that is far too long']),
    ]
    const [gathered, alone] = await Promise.all([
      Promise.all(calls.map(call => outcome(call(setup.client)))),
      Promise.all(calls.map(call => outcome(call(single)))),
    ])
    expect(gathered).toEqual(alone)
    // Each has a connection of its own: they may arrive in either order.
    expect(
      batches(setup.proxy)
        .map(rowsOf)
        .sort((a, b) => a - b),
    ).toEqual([6, 9])
  })

  test('that cannot be decoded fails alone', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 8)
    await client.put(keys[3] as Key, { name: new Particle(3, Buffer.of(0xff, 0xfe)) })
    const before = proxy.sent.length
    const results = await Promise.allSettled(keys.map(key => client.get(key)))
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(keys.map((_, index) => index !== 3))
    expect((results[3] as PromiseRejectedResult).reason).toMatchObject({
      name: 'ClientError',
      resultCode: -2,
      key: keys[3],
    })
    expect(rowsOf(proxy.sent[before] as Sent)).toBe(8)
  })

  test('has its own abort', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 6)
    proxy.mute()
    const controller = new AbortController()
    const aborted = client.get(keys[0] as Key, { signal: controller.signal })
    const others = keys.slice(1).map(key => client.get(key, { totalTimeout: 300 }))
    const settled = Promise.all(others.map(rejection))
    setImmediate(() => controller.abort(new Error('enough')))
    expect(await rejection(aborted)).toMatchObject({
      name: 'AbortError',
      inDoubt: false,
      cause: controller.signal.reason,
    })
    for (const error of await settled) expect(error).toMatchObject({ code: 'TIMEOUT', inDoubt: false })
  })

  test('that is aborted leaves the others of its batch alone', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 50)
    const controller = new AbortController()
    const before = proxy.sent.length
    const calls = keys.map((key, index) => client.get(key, index % 2 === 0 ? { signal: controller.signal } : {}))
    queueMicrotask(() => process.nextTick(() => controller.abort()))
    const results = await Promise.allSettled(calls)
    expect(results.filter((_, index) => index % 2 === 1).map(({ status }) => status)).toEqual(
      Array(25).fill('fulfilled'),
    )
    expect(batches(proxy).length).toBeGreaterThan(0)
    expect(proxy.sent.length).toBeGreaterThan(before)
    expect((await client.get(keys[0] as Key)).bins.index).toBe(0)
  })

  test('ends when the client closes', async () => {
    await using setup = await watched()
    const { client, proxy } = setup
    const keys = await filled(client, 8)
    proxy.mute()
    const calls = keys.map(key => rejection(client.get(key, { totalTimeout: 0, socketTimeout: 0 })))
    await client.close({ timeout: 50 })
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'CLIENT_CLOSED' })
  })
})

describe('writes', () => {
  test('go alone unless asked for', async () => {
    await using setup = await watched()
    await filled(setup.client, 20)
    expect(shape(setup.proxy)).toEqual({ batches: [], alone: 20 })
  })

  test('of one tick share a request when asked for', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const keys = await filled(client, 20)
    expect(shape(proxy)).toEqual({ batches: [20], alone: 0 })
    await Promise.all([
      ...keys.slice(0, 10).map(key => client.remove(key)),
      ...keys.slice(10).map(key => client.removeBin(key, 'name')),
    ])
    expect(shape(proxy)).toEqual({ batches: [20, 20], alone: 0 })
    const found = await Promise.all(keys.map(key => client.getOrNull(key)))
    expect(found.map(record => record?.bins)).toEqual([
      ...Array(10).fill(undefined),
      ...keys.slice(10).map((_, index) => ({ index: index + 10 })),
    ])
  })

  test('keep what their policies ask for', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const keys = await filled(client, 5)
    await Promise.all(keys.map(key => client.put(key, { only: 1 }, { ttl: 5000 }, { exists: 'replace', key: 'send' })))
    expect(batches(proxy).map(rowsOf)).toEqual([5, 5])
    for (const record of await Promise.all(keys.map(key => client.get(key)))) {
      expect(record.bins).toEqual({ only: 1 })
      expect(record.gen).toBe(2)
      expect(record.ttl).toBeGreaterThan(4000)
    }
  })

  test('of every kind share a request, each with its own result, conditions and TTL', async () => {
    await using setup = await watched({ writes: true })
    await using single = await plain()
    const source = 'function twice(rec, n) return n * 2 end\nfunction fails(rec) error("no") end'
    const name = 'auto_batch_functions'
    await single.udfRegister({ name: `${name}.lua`, source }, { wait: true })
    const calls: ((client: Client, key: Key) => Promise<unknown>)[] = [
      (client, key) => client.put(key, { n: 7 }, { ttl: 500 }),
      (client, key) => client.put(key, { n: 7 }, { gen: 1 }),
      (client, key) => client.put(key, { n: 7 }, { gen: 9 }),
      (client, key) => client.put(key, { n: 7 }, null, { exists: 'create-only' }),
      (client, key) => client.touch(key, 900),
      (client, key) => client.append(key, 'text', '!'),
      (client, key) => client.prepend(key, 'text', '!'),
      (client, key) => client.append(key, 'n', '!'),
      (client, key) => client.increment(key, 'n', 2),
      (client, key) => client.increment(key, 'text', 2),
      (client, key) => client.operate(key, [operations.incr('n', 5), operations.read('n'), operations.read('text')]),
      (client, key) => client.operate(key, [operations.read('n')]),
      (client, key) => client.operateOrdered(key, [operations.incr('n', 1), operations.read('n'), operations.touch()]),
      (client, key) => client.apply(key, name, 'twice', [21]),
      (client, key) => client.apply(key, name, 'fails'),
      (client, key) => client.apply(key, name, 'nothing'),
      (client, key) => client.removeBin(key, 'text'),
      (client, key) => client.remove(key),
      (client, key) => client.remove(key, { gen: 5 }),
    ]
    const missing: ((client: Client, key: Key) => Promise<unknown>)[] = [
      (client, key) => client.touch(key),
      (client, key) => client.remove(key),
      (client, key) => client.put(key, { a: 1 }, null, { exists: 'update-only' }),
      (client, key) => client.operate(key, [operations.read('n')]),
      (client, key) => client.append(key, 'text', 'new'),
      (client, key) => client.increment(key, 'n', 1),
    ]
    const run = async (client: Client): Promise<unknown[]> => {
      const keys = newKey.many(calls.length + missing.length)
      await Promise.all(keys.slice(0, calls.length).map(key => single.put(key, { n: 1, text: 'a' })))
      const answers = Promise.all(
        [...calls, ...missing].map((call, at) => shown(call(client, keys[at] as Key), keys[at])),
      )
      const given = await answers
      const after = await Promise.all(keys.map(key => shown(single.getOrNull(key), key)))
      return [given, after]
    }
    const together = await run(setup.client)
    expect(setup.proxy.sent.map(rowsOf)).toEqual([calls.length + missing.length])
    expect(together).toEqual(await run(single))
    await single.udfRemove(name)
  })

  test('with retries or compression go alone', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const keys = newKey.many(5)
    await Promise.all(keys.map(key => client.put(key, { a: 1 }, null, { maxRetries: 2 })))
    await Promise.all(keys.map(key => client.increment(key, 'a', 1, null, { compress: true })))
    expect(proxy.sent.map(rowsOf)).toEqual(Array(10).fill(0))
  })

  test('of one record keep their order, with its reads', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const keys = newKey.many(6)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, round) =>
        keys.flatMap(key => [
          round === 0 ? client.put(key, { n: 0 }) : client.increment(key, 'n', 1),
          client.get(key).then(({ bins }) => bins.n),
        ]),
      ).flat(),
    )
    const wanted = Array.from({ length: 8 }, (_, round) =>
      keys.flatMap(() => [round === 0 ? undefined : round, round]),
    ).flat()
    expect(answers).toEqual(wanted)
    expect(proxy.sent.map(rowsOf)).toEqual(Array(16).fill(6))
  })

  test('that fail do so alone', async () => {
    const patient = { totalTimeout: 12_000 }
    await using setup = await watched({ writes: true }, patient)
    await using single = await plain(patient)
    const keys = newKey.many(6)
    const calls: ((client: Client) => Promise<unknown>)[] = [
      client => client.put(keys[0] as Key, { a: 1 }),
      client => client.put(keys[1] as Key, { blob: Buffer.alloc(9 << 20) }),
      client => client.put(keys[2] as Key, { a: 1 }),
      client => client.remove(newKey('missing')),
      client => client.put(keys[3] as Key, { a: 2 }),
      client => client.put(keys[4] as Key, {}),
    ]
    const gathered = await Promise.all(calls.map(call => outcome(call(setup.client))))
    const alone = await Promise.all(calls.map(call => outcome(call(single))))
    expect(gathered).toEqual(alone)
    expect(await setup.client.exists(keys[3] as Key)).toBe(true)
  })

  test('that got no answer are in doubt, and are not sent again', async () => {
    await using setup = await watched({ writes: true }, { totalTimeout: 200 })
    const { client, proxy } = setup
    const keys = newKey.many(6)
    proxy.mute()
    const errors = await Promise.all(keys.map(key => rejection(client.put(key, { a: 1 }))))
    for (const error of errors) expect(error).toMatchObject({ code: 'TIMEOUT', inDoubt: true })
    expect(batches(proxy).map(rowsOf)).toEqual([6])
    expect(proxy.sent.length).toBe(1)
  })
})

describe('calls that run at once', () => {
  test('share requests, although each begins in a tick of its own', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const keys = newKey.many(40)
    await Promise.all(
      keys.map(async (key, index) => {
        for (let round = 0; round < 10; round++) {
          await client.put(key, { index, round })
          expect((await client.get(key)).bins).toEqual({ index, round })
        }
      }),
    )
    expect(proxy.sent.length).toBeLessThan(400)
  })

  test('one after the other go alone', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const key = newKey()
    for (let n = 1; n <= 10; n++) expect(await client.increment(key, 'n', 1)).toBe(n)
    expect(proxy.sent.map(rowsOf)).toEqual(Array(10).fill(0))
  })

  test('and wait for another one are aborted, or end with their deadlines', async () => {
    await using setup = await watched({ writes: true })
    const { client, proxy } = setup
    const key = newKey()
    const keys = newKey.many(5)
    proxy.mute()
    const running = [key, ...keys].map(busy => rejection(client.put(busy, { n: 1 }, null, { totalTimeout: 2000 })))
    const controller = new AbortController()
    const aborted = rejection(client.put(key, { n: 2 }, null, { signal: controller.signal, totalTimeout: 2000 }))
    const late = rejection(client.put(key, { n: 3 }, null, { totalTimeout: 100 }))
    setImmediate(() => controller.abort())
    expect(await aborted).toMatchObject({ name: 'AbortError', inDoubt: false })
    expect(await late).toMatchObject({ code: 'TIMEOUT', inDoubt: false })
    for (const error of await Promise.all(running)) expect(error).toMatchObject({ code: 'TIMEOUT', inDoubt: true })
    expect(proxy.sent.map(rowsOf)).toEqual([6])
  })
})

test('any mixture of calls answers as without autoBatch', async () => {
  await using gathering = await plain({ autoBatch: { writes: true, maxSize: 16 } })
  await using single = await plain()
  const keys = newKey.many(12)
  const call = fc.record({
    kind: fc.constantFrom('get', 'select', 'exists', 'getMeta', 'getOrNull', 'put', 'remove', 'increment'),
    row: fc.nat(11),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 60 }), async calls => {
      // Calls of one tick have no order: each record gets either reads or one write.
      const written = new Set<number>()
      const chosen = calls.filter(({ kind, row }) => {
        if (!['put', 'remove', 'increment'].includes(kind)) return true
        return !written.has(row) && written.add(row)
      })
      const fair = chosen.filter(({ kind, row }) => ['put', 'remove', 'increment'].includes(kind) || !written.has(row))
      const run = async (client: Client): Promise<unknown[]> => {
        await Promise.all(keys.map((key, index) => (index < 8 ? single.put(key, { n: index }, { ttl: 500 }) : null)))
        await Promise.all(keys.slice(8).map(key => single.remove(key).catch(() => undefined)))
        const answers = await Promise.all(
          fair.map(({ kind, row }) => {
            const key = keys[row] as Key
            if (kind === 'put') return outcome(client.put(key, { n: -1, more: 'x' }))
            if (kind === 'select') return outcome(client.select(key, ['n']))
            if (kind === 'increment') return outcome(client.increment(key, 'n', 5))
            return outcome(client[kind as 'get' | 'exists' | 'getOrNull' | 'remove'](key))
          }),
        )
        const after = await Promise.all(keys.map(key => outcome(single.getOrNull(key))))
        return [answers, after].map(results => results.map(result => without(result, 'gen')))
      }
      expect(await run(gathering)).toEqual(await run(single))
    }),
    { numRuns: 40 },
  )
})

function without(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? { ...value, [name]: undefined } : value
}

test('wrong options are refused by name', () => {
  const wrong = (autoBatch: unknown) => () => new Client({ hosts: '127.0.0.1', autoBatch: autoBatch as boolean })
  expect(wrong(1)).toThrow(/config\.autoBatch: an object is needed/)
  expect(wrong({ size: 3 })).toThrow(/config\.autoBatch: unknown option "size"/)
  expect(wrong({ maxSize: 1 })).toThrow(/config\.autoBatch\.maxSize: an integer from 2 to 5000/)
  expect(wrong({ maxDelay: -1 })).toThrow(/config\.autoBatch\.maxDelay/)
  expect(wrong({ writes: 'yes' })).toThrow(/config\.autoBatch\.writes: true or false/)
})
