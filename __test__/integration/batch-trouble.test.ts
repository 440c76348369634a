// Batches that come to grief on their way. The proxy runs on this thread, so only the client that does not block it is
// tried here.
import { batchRow, Client, type ClientConfig, type Key, lists, op, Particle } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { withShortDigest } from '../helpers/batch-reply'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { startProxy, type WireProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

const newKey = keysOf('batch-trouble')

/** Bytes of each record: a few of them fill what the server sends at a time. */
const SIZE = 50_000
const COUNT = 40

async function through(proxy: WireProxy, config?: ClientConfig): Promise<Client> {
  return new Client({ hosts: proxy.address, seedOnlyCluster: true, ...config }).connect()
}

async function large(client: Client): Promise<Key[]> {
  const keys = newKey.many(COUNT)
  const write = await client.batchWrite(
    keys.map((key, n) => ({ key, bins: { n, blob: Buffer.alloc(SIZE, n) } })),
    { totalTimeout: 10_000 },
  )
  expect(write.ok).toBe(true)
  return keys
}

/** Adds to a bin and reads what is large. */
const CHANGE = [op.incr('n', 100), op.read('blob')]

describe('a deadline in mid-batch', () => {
  test('keeps the rows that were answered; the others fail with the error', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = await large(client)
    proxy.passOnly(SIZE * 12)
    const rows = await client.batchRead(keys, null, { totalTimeout: 300, maxRetries: 0 })
    const codes = rows.toArray().map(row => row.resultCode)
    expect(codes.filter(code => code === 0).length).toBeGreaterThan(2)
    const late = rows.toArray().filter(row => row.resultCode !== 0)
    expect(late.length).toBeGreaterThan(2)
    for (const { error, inDoubt, record } of late) {
      expect(error).toMatchObject({ name: 'AerospikeTimeoutError', resultCode: 9, inDoubt: false })
      expect([inDoubt, record]).toEqual([false, null])
    }
    expect(rows.ok).toBe(false)
  })

  test('rows that write are in doubt', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = await large(client)
    proxy.passOnly(SIZE * 12)
    const rows = await client.batchOperate(keys, CHANGE, { totalTimeout: 300 })
    const told = rows.toArray()
    expect(told.filter(row => row.resultCode === 0 && !row.inDoubt).length).toBeGreaterThan(2)
    const late = told.filter(row => row.resultCode !== 0)
    expect(late.length).toBeGreaterThan(2)
    for (const row of late) expect(row).toMatchObject({ inDoubt: true, error: { inDoubt: true, resultCode: 9 } })
  })

  test('in a mixed batch, only those', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = await large(client)
    proxy.passOnly(SIZE * 12)
    const rows = await client.batch(
      keys.map((key, n) => (n % 2 === 0 ? batchRow.read(key) : batchRow.operate(key, CHANGE))),
      { totalTimeout: 300 },
    )
    const late = rows.toArray().filter(row => row.resultCode !== 0)
    expect(new Set(late.map(row => row.index % 2)).size).toBe(2)
    expect(late.every(row => row.inDoubt === (row.index % 2 === 1))).toBe(true)
  })

  test('no answer at all is the error of the call', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = await large(client)
    proxy.mute()
    const write = client.batchOperate(keys, CHANGE, { totalTimeout: 200 })
    await expect(write).rejects.toMatchObject({ name: 'AerospikeTimeoutError', inDoubt: true })
    const read = client.batchOperate(keys, [op.read('n')], { totalTimeout: 200, maxRetries: 0 })
    await expect(read).rejects.toMatchObject({ name: 'AerospikeTimeoutError', inDoubt: false })
  })

  test('parts that were not sent any more are not in doubt', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy, { maxConcurrentCommands: 1 })
    const keys = await large(client)
    // One at a time: the answer to the first part gets through, that to the second does not.
    proxy.passOnly(SIZE * 10)
    const rows = await client.batchOperate(keys, CHANGE, { totalTimeout: 400, subBatchSize: 8 })
    const told = rows.toArray()
    expect(told.slice(0, 8).every(row => row.resultCode === 0)).toBe(true)
    expect(told.slice(16).every(row => row.resultCode !== 0)).toBe(true)
    // The core may end the second part a moment before the deadline: then the third part is sent.
    expect(told.slice(24).every(row => !row.inDoubt)).toBe(true)
    const missing = told.slice(8, 16).filter(row => row.resultCode !== 0)
    expect(missing.length).toBeGreaterThan(0)
    expect(missing.every(row => row.inDoubt)).toBe(true)
  })
})

describe('an abort in mid-batch', () => {
  test.each([
    ['what writes', true],
    ['what only reads', false],
  ])('rejects; %s is in doubt: %s', async (_, writes) => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = await large(client)
    proxy.passOnly(SIZE * 12)
    const controller = new AbortController()
    const ops = writes ? CHANGE : [op.read('blob')]
    const call = client.batchOperate(keys, ops, { signal: controller.signal, totalTimeout: 10_000 })
    const outcome = rejection(call)
    await until(() => proxy.withheld > 0)
    controller.abort()
    expect(await outcome).toMatchObject({ name: 'AbortError', inDoubt: writes })
  })
})

describe('a connection that breaks in mid-batch', () => {
  test('writes are not sent again, and are in doubt', async () => {
    const proxy = await startProxy()
    await using client = await through(proxy)
    const keys = await large(client)
    proxy.passOnly(SIZE * 12)
    const call = client.batchOperate(keys, CHANGE, { totalTimeout: 3000 })
    await until(() => proxy.withheld > 0)
    await proxy[Symbol.asyncDispose]()
    const late = (await call).toArray().filter(row => row.resultCode !== 0)
    expect(late.length).toBeGreaterThan(2)
    expect(late.every(row => row.inDoubt)).toBe(true)
    const requests = proxy.sent.filter(request => request.fields.has(41))
    expect(requests).toHaveLength(2)
  })
})

describe('a panic of aerospike-core in a row', () => {
  test('is the error of what was not answered before', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = newKey.many(6)
    await client.batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
    proxy.change(message => withShortDigest(message, 3))
    const rows = await client.batchOperate(keys, [op.incr('n', 1), op.read('n')])
    expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 0, 0, -1, -1, -1])
    expect(rows.at(2)?.record?.bins).toEqual({ n: 3 })
    expect(rows.at(3)?.error).toMatchObject({ name: 'RustPanicError', code: 'RUST_PANIC', inDoubt: true, key: keys[3] })
    const read = await client.batchRead(keys)
    expect(read.toArray().map(row => row.inDoubt)).toEqual(Array(6).fill(false))
    expect(read.at(5)?.error?.name).toBe('RustPanicError')
  })
})

describe('a map with a key of a type that aerospike-core does not take', () => {
  test('fails its own row, and is not in doubt in a read', async () => {
    await using proxy = await startProxy()
    await using client = await through(proxy)
    const keys = newKey.many(5)
    await client.batchWrite(keys.map((key, n) => ({ key, bins: { m: { [n === 2 ? '?' : `k${n}`]: n } } })))
    // A list as a key, in place of the string.
    const [text, list] = [Buffer.from([0x81, 0xa2, 0x03, 0x3f]), Buffer.from([0x81, 0x92, 0x01, 0x02])]
    proxy.change(message => {
      const at = message.indexOf(text)
      if (at < 0) return message
      const changed = Buffer.from(message)
      list.copy(changed, at)
      return changed
    })
    const rows = await client.batchRead(keys)
    expect(rows.toArray().map(row => row.record?.bins.m)).toEqual([
      { k0: 0 },
      { k1: 1 },
      undefined,
      { k3: 3 },
      { k4: 4 },
    ])
    expect(rows.at(2)?.error).toMatchObject({ name: 'ClientError', resultCode: -2, key: keys[2], inDoubt: false })
  })
})

describe.each(CLIENTS)('$name: text that is not UTF-8', kind => {
  const client = connectBefore(kind)
  const bad = new Particle(3, Buffer.from([0x66, 0xff]))

  async function mixed(): Promise<Key[]> {
    const keys = newKey.many(6)
    await client().batchWrite(
      keys.map((key, n) => ({ key, bins: { name: n === 2 ? (bad as unknown as string) : `name ${n}`, n } })),
    )
    return keys
  }

  test('reads of a mixed batch are read again, writes are not sent again', async () => {
    const keys = await mixed()
    const others = newKey.many(3)
    await client().batchWrite(others.map(key => ({ key, bins: { n: 0 } })))
    const rows = await client().batch([
      ...keys.map(key => batchRow.read(key)),
      ...others.map(key => batchRow.operate(key, [op.incr('n', 1), op.read('n')])),
      batchRow.operate(keys[0] as Key, [op.read('n'), op.read('name')]),
      batchRow.read(keys[5] as Key, ['n']),
    ])
    const names = rows.toArray().map(row => row.record?.bins.name)
    expect(names.slice(0, 6)).toEqual(['name 0', 'name 1', undefined, 'name 3', 'name 4', 'name 5'])
    expect(rows.at(2)?.error).toMatchObject({ name: 'ClientError', resultCode: -2, key: keys[2], inDoubt: false })
    expect(rows.at(9)?.record?.bins).toEqual({ n: 0, name: 'name 0' })
    expect(rows.at(10)?.record?.bins).toEqual({ n: 5 })
    for (const index of [6, 7, 8]) {
      const row = rows.at(index)
      expect(row?.resultCode === 0 || row?.inDoubt).toBe(true)
    }
    const written = await client().batchRead(others)
    expect(written.toArray().map(row => row.record?.bins.n)).toEqual([1, 1, 1])
  })

  test('operations that only read', async () => {
    const keys = await mixed()
    const rows = await client().batchOperate(keys, [op.read('n'), op.read('name'), lists.size('none')])
    expect(rows.toArray().map(row => row.resultCode === 0)).toEqual([true, true, false, true, true, true])
    expect(rows.at(4)?.record?.bins).toEqual({ n: 4, name: 'name 4' })
  })
})
