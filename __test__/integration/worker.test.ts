// Workers load what was built: there is no test runner in them.
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Key } from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('worker')
const client = connectBefore(CLIENTS[0]!)
const entry = (name: string): string => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url))

/** Runs code in a worker, which has the package as `aerospike`; gives the message that it posts. */
async function run(code: string, workerData: object = {}, transferList: ArrayBuffer[] = []): Promise<unknown> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    const aerospike = require(workerData.entry)
    const main = async () => { ${code} }
    main().then(result => parentPort.postMessage({ result }), error => parentPort.postMessage({ error: String(error.stack) }))`
  const worker = new Worker(source, {
    eval: true,
    transferList,
    workerData: { entry: entry('index.js'), hosts: inject('aerospike').address, ...workerData },
  })
  const ended = new Promise<number>(resolve => worker.once('exit', resolve))
  const message = await new Promise<{ result?: unknown; error?: string }>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  if (message.error !== undefined) throw new Error(message.error)
  expect(await ended).toBe(0)
  return message.result
}

const parts = (key: { namespace: string; set: string; userKey?: unknown }) => [key.namespace, key.set, key.userKey]

describe('a worker', () => {
  test('connects, writes and reads, and ends by itself', async () => {
    const key = newKey('from a worker')
    const result = await run(
      `
      const client = await aerospike.connect({ hosts: workerData.hosts })
      await client.put(workerData.key, { a: 1, text: 'grün', list: [1n << 60n] })
      const { bins, gen } = await client.get(workerData.key)
      await client.close()
      return { bins, gen }`,
      { key: parts(key) },
    )
    expect(result).toEqual({ bins: { a: 1, text: 'grün', list: [2n ** 60n] }, gen: 1 })
    expect((await client().get(key)).bins).toEqual({ a: 1, text: 'grün', list: [2n ** 60n] })
  })

  test('has the blocking client', async () => {
    const key = newKey('blocking')
    const result = await run(
      `
      const client = aerospike.connectSync({ hosts: workerData.hosts })
      client.put(workerData.key, { a: 2 })
      const { bins } = client.get(workerData.key)
      client.close()
      return bins`,
      { key: parts(key) },
    )
    expect(result).toEqual({ a: 2 })
  })

  test('hands columns to another thread without a copy of its own', async () => {
    const keys = newKey.many(100)
    await Promise.all(keys.map((key, n) => client().put(key, { n, text: `n${n}` })))
    const result = (await run(
      `
      const client = await aerospike.connect({ hosts: workerData.hosts })
      const { columns, resultCodes } = await client.batchReadColumns(workerData.keys, { n: 'i32', text: 'utf8' })
      await client.close()
      return { n: columns.n, texts: [...columns.text], codes: resultCodes }`,
      { keys: keys.map(parts) },
    )) as { n: Int32Array; texts: string[]; codes: Int32Array }
    expect([...result.n]).toEqual(keys.map((_, n) => n))
    expect(result.texts).toEqual(keys.map((_, n) => `n${n}`))
    expect(new Set(result.codes)).toEqual(new Set([0]))
  })

  test('has errors of its own', async () => {
    const result = await run(
      `
      const client = await aerospike.connect({ hosts: workerData.hosts })
      const error = await client.get(workerData.key).catch(error => error)
      await client.close()
      return { own: error instanceof aerospike.RecordNotFoundError, code: error.code }`,
      { key: parts(newKey()) },
    )
    expect(result).toEqual({ own: true, code: 'RECORD_NOT_FOUND' })
  })

  test('several at once, beside the client of this thread', async () => {
    const keys = newKey.many(4)
    const code = `
      const client = await aerospike.connect({ hosts: workerData.hosts })
      for (let round = 0; round < 50; round++) await client.increment(workerData.key, 'n', 1)
      await client.close()
      return 'done'`
    const workers = keys.map(key => run(code, { key: parts(key) }))
    const own = Promise.all(Array.from({ length: 200 }, () => client().exists(keys[0] as (typeof keys)[0])))
    expect(await Promise.all(workers)).toEqual(['done', 'done', 'done', 'done'])
    expect(await own).toHaveLength(200)
    const rows = await client().batchRead(keys)
    expect(rows.toArray().map(row => row.record?.bins.n)).toEqual([50, 50, 50, 50])
  })

  test('that forgets to close its client ends all the same', async () => {
    const result = await run(`
      await aerospike.connect({ hosts: workerData.hosts })
      return 'forgotten'`)
    expect(result).toBe('forgotten')
  })

  // Small memory is JavaScript's own and is moved; large memory is Rust's and is copied.
  test.each([10, 5000])('gets the columns of %i rows, with their memory', async count => {
    const [first] = newKey.many(1)
    const { namespace: ns, set } = first as Key
    const ids = Int32Array.from({ length: count }, (_, id) => id)
    const names = Array.from(ids, id => (id % 3 === 0 ? null : `n${id % 7}`))
    await client().batchWriteColumns({ namespace: ns, set, keys: ids, columns: { id: ids, name: names } })
    const schema = { id: 'i32', name: 'dictionary' } as const
    const rows = await client().batchReadColumns({ namespace: ns, set, ids }, schema, { totalTimeout: 10_000 })
    const wanted = { row: rows.row(8), none: rows.row(9), found: rows.found, index: rows.indexOf(7) }
    const message = rows.toMessage()
    const moved = await run(
      `
      const rows = aerospike.Columns.from(workerData.message)
      let sum = 0
      for (const id of rows.columns.id) sum += id
      const told = { row: rows.row(8), none: rows.row(9), found: rows.found, index: rows.indexOf(7) }
      return { sum, told, key: String(rows.key(8)), instance: rows instanceof aerospike.Columns }`,
      { message },
      [message.buffer],
    )
    const sum = (count * (count - 1)) / 2
    expect(moved).toEqual({ sum, told: wanted, key: String(new Key(ns, set, 8)), instance: true })
    expect(message.buffer.byteLength).toBe(0)
    if (count === 5000) expect(rows.columns.id[8]).toBe(8)
    await client().batchRemove(Array.from(ids, id => [ns, set, id] as const))
  })
})
