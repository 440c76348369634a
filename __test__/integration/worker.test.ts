// Workers load what was built: there is no test runner in them.
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('worker')
const client = connectBefore(CLIENTS[0]!)
const entry = (name: string): string => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url))

/** Runs code in a worker, which has the package as `aerospike`; gives the message that it posts. */
async function run(code: string, workerData: object = {}): Promise<unknown> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    const aerospike = require(workerData.entry)
    const main = async () => { ${code} }
    main().then(result => parentPort.postMessage({ result }), error => parentPort.postMessage({ error: String(error.stack) }))`
  const worker = new Worker(source, {
    eval: true,
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
      return { own: error instanceof aerospike.RecordNotFound, code: error.code }`,
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
})
