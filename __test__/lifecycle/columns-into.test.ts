// Memory that results hand on to each other: it does not grow, and terminate() in the middle frees it.
import { randomUUID } from 'node:crypto'
import { Client, type Columns } from 'aerospike-napi'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { runScript } from '../helpers/script'

const { address } = inject('aerospike')
const set = `into-${randomUUID().slice(0, 8)}`
const ROWS = 5000
const keys = { namespace: 'test', set, ids: Int32Array.from({ length: ROWS }, (_, row) => row) }
const SCHEMA = { n: 'i64', text: 'utf8' } as const
let client: Client

beforeAll(async () => {
  client = await new Client({ hosts: address, totalTimeout: 0 }).connect()
  const n = BigInt64Array.from(keys.ids, BigInt)
  const text = Array.from(keys.ids, id => `text of row ${id}`)
  await client.batchWriteColumns({ namespace: 'test', set, keys: keys.ids, columns: { n, text } })
})
afterAll(async () => {
  await client.truncate('test', set)
  await client.close()
})

function collected(): NodeJS.MemoryUsage {
  const collect = globalThis.gc as () => void
  for (let turn = 0; turn < 3; turn++) collect()
  return process.memoryUsage()
}

test('a thousand results in the memory of one', async () => {
  let into: Columns<typeof SCHEMA> | undefined
  const read = async (times: number): Promise<void> => {
    for (let turn = 0; turn < times; turn++) {
      const former = into
      into = await client.batchReadColumns(keys, SCHEMA, { into })
      expect(into.columns.n[ROWS - 1]).toBe(BigInt(ROWS - 1))
      expect(into.columns.text.get(42)).toBe('text of row 42')
      if (former !== undefined) expect([former.buffer.length, former.columns.n.length]).toEqual([0, 0])
    }
  }
  await read(100)
  const before = collected()
  await read(1000)
  const after = collected()
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 << 20)
  // New memory for each would have been 250 MB, until the collector comes.
  expect(after.rss - before.rss).toBeLessThan(32 << 20)
})

test('a worker can be terminated in the middle, 20 times over', async () => {
  expect(await runScript('into-terminate', address, set, String(ROWS), '20')).toEqual({
    code: 0,
    signal: null,
    output: '0 7n',
  })
})
