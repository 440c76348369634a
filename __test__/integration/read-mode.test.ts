// Read modes of strong consistency: they are sent with every read, also of a single record. The proxy makes the namespace of
// the server look strongly consistent to the client; the server ignores the modes, or refuses 'linearize'.
import { Client, type ClientConfig, exp, op } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { type Sent, startProxy, type WireProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

const newKey = keysOf('read-mode')

const BATCH_FIELD = 41
const READ_TYPE = 64
const READ_RELAX = 128
const BITS = { linearize: READ_TYPE, 'allow-replica': READ_RELAX, 'allow-unavailable': READ_TYPE | READ_RELAX } as const
const MODES = Object.keys(BITS) as (keyof typeof BITS)[]

/** The read modes of the rows of a batch: of the row's third info byte. */
function modesOf({ fields }: Sent): number[] {
  const body = fields.get(BATCH_FIELD)
  if (body === undefined) return []
  const modes: number[] = []
  let at = 5
  for (let left = body.readUInt32BE(0); left > 0; left--) {
    at += 24
    const flags = body.readUInt8(at++)
    if ((flags & 1) !== 0) {
      modes.push(modes.at(-1) as number)
      continue
    }
    modes.push(body.readUInt8(at + 2) & (READ_TYPE | READ_RELAX))
    at += 3 + ((flags & 16) !== 0 ? 1 : 0) + ((flags & 4) !== 0 ? 2 : 0) + ((flags & 8) !== 0 ? 4 : 0)
    const [fieldCount, opCount] = [body.readUInt16BE(at), body.readUInt16BE(at + 2)]
    at += 4
    for (let item = 0; item < fieldCount + opCount; item++) at += 4 + body.readUInt32BE(at)
  }
  return modes
}

describe('on the wire', () => {
  let proxy: WireProxy
  beforeAll(async () => {
    proxy = await startProxy()
    // The partition map of a namespace begins with its regime, which is 0 without strong consistency.
    proxy.changeInfo(text => text.replace(/\ttest:0,/, '\ttest:7,').replace(/;test:0,/, ';test:7,'))
  })
  afterAll(() => proxy[Symbol.asyncDispose]())

  /** The read modes of all rows that a client sends. */
  const sentBy = async (config: ClientConfig, body: (client: Client) => Promise<unknown>): Promise<number[][]> => {
    const client = await new Client({ ...config, hosts: proxy.address, seedOnlyCluster: true }).connect()
    const before = proxy.sent.length
    await body(client)
    await client.close()
    return proxy.sent.slice(before).map(modesOf)
  }

  test.each(MODES)('%s is sent with single reads', async readModeSc => {
    const [key, other] = [newKey(), newKey()]
    const modes = await sentBy({}, async client => {
      await client.get(key, { readModeSc }).catch(() => undefined)
      await client.select(key, ['a'], { readModeSc }).catch(() => undefined)
      // Some servers refuse 'linearize'.
      await client.exists(other, { readModeSc }).catch(() => undefined)
    })
    expect(modes).toEqual([0, 1, 2].map(() => [BITS[readModeSc], BITS[readModeSc]]))
  })

  test('session needs no batch', async () => {
    expect(await sentBy({}, client => client.exists(newKey(), { readModeSc: 'session' }))).toEqual([[]])
  })

  test('a batch whose node gets one row has the mode', async () => {
    const modes = await sentBy({ readModeSc: 'linearize' }, client => client.batchRead([newKey()]))
    expect(modes).toEqual([[READ_TYPE, READ_TYPE]])
  })

  test('a batch of several rows has no row beyond them, once the client knows the partitions', async () => {
    const client = await new Client({ readModeSc: 'linearize', hosts: proxy.address, seedOnlyCluster: true }).connect()
    const keys = [newKey(), newKey(), newKey()]
    await until(async () => {
      await client.batchRead(keys)
      const modes = modesOf(proxy.sent.at(-1) as Sent)
      expect(new Set(modes)).toEqual(new Set([READ_TYPE]))
      return modes.length === 3
    })
    await client.close()
  })

  test('calls that share a batch automatically have the mode', async () => {
    const config = { readModeSc: 'allow-replica', autoBatch: true } as const
    const modes = await sentBy(config, client =>
      Promise.all([newKey(), newKey(), newKey(), newKey()].map(key => client.exists(key))),
    )
    expect(modes.flat()).toEqual(Array.from({ length: 8 }, () => READ_RELAX))
  })
})

describe('with a strongly consistent namespace', () => {
  let proxy: WireProxy
  let client: Client
  beforeAll(async () => {
    proxy = await startProxy()
    proxy.changeInfo(text => text.replace(/\ttest:0,/, '\ttest:7,').replace(/;test:0,/, ';test:7,'))
    const config = { hosts: proxy.address, seedOnlyCluster: true, readModeSc: 'allow-replica' } as const
    client = await new Client(config).connect()
  })
  afterAll(async () => {
    await client?.close()
    await proxy?.[Symbol.asyncDispose]()
  })

  test('reads have their results', async () => {
    const key = newKey()
    await client.put(key, { a: 1, b: 'two' }, { ttl: 1000 })
    const record = await client.get(key)
    expect(record).toMatchObject({ bins: { a: 1, b: 'two' }, gen: 1 })
    expect(record.ttl).toBeGreaterThan(900)
    expect((await client.select(key, ['b'])).bins).toEqual({ b: 'two' })
    expect(await client.exists(key)).toBe(true)
    expect(await client.getMeta(key)).toMatchObject({ gen: 1 })
    expect((await client.batchRead([key])).at(0)?.record?.bins).toEqual({ a: 1, b: 'two' })
    const none = newKey()
    expect(await client.exists(none)).toBe(false)
    expect(await client.getOrNull(none)).toBeNull()
    await expect(client.get(none)).rejects.toMatchObject({ name: 'RecordNotFoundError', key: none })
    expect((await client.batchRead([none])).at(0)?.error).toMatchObject({ code: 'RECORD_NOT_FOUND' })
  })

  test('a filter expression applies', async () => {
    const key = newKey()
    await client.put(key, { a: 1 })
    await expect(client.get(key, { filterExpression: exp.eq(exp.binInt('a'), 2) })).rejects.toMatchObject({
      code: 'FILTERED_OUT',
    })
  })

  test('an operate that only reads is refused, and one that writes is not', async () => {
    const key = newKey()
    await client.put(key, { a: 1 })
    await expect(client.operate(key, [op.read('a')])).rejects.toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringContaining('use get, select or batchOperate'),
    })
    expect((await client.operate(key, [op.read('a')], null, { readModeSc: 'session' })).bins).toEqual({ a: 1 })
    expect((await client.operate(key, [op.incr('a', 1), op.read('a')])).bins).toEqual({ a: 2 })
  })
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind, { readModeSc: 'linearize' })

  test('the mode has no effect without strong consistency', async () => {
    const key = newKey()
    await client().put(key, { a: 1 })
    expect((await client().get(key)).bins).toEqual({ a: 1 })
    expect((await client().batchRead([key, newKey()])).at(0)?.record?.bins).toEqual({ a: 1 })
    expect((await client().operate(key, [op.read('a')])).bins).toEqual({ a: 1 })
  })

  test('a replica that changes with each row is refused', async () => {
    const policy = { readModeSc: 'allow-replica', replica: 'master-proles' } as const
    const refused = { name: 'InvalidArgError', message: expect.stringContaining("need the replica 'sequence'") }
    await expect(client().get(newKey(), policy)).rejects.toMatchObject(refused)
    await expect(client().batchRead([newKey()], null, policy)).rejects.toMatchObject(refused)
  })
})
