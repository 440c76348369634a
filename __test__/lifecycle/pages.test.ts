// Cursors that travel to another process.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, connect, filter } from 'aerospike-napi'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fill } from '../helpers/fill.js'
import { runScript } from '../helpers/script.js'

const { address } = inject('aerospike')
const set = `pages-${randomUUID().slice(0, 8)}`
const COUNT = 3000
const all = Array.from({ length: COUNT }, (_, n) => n)
let client: Client
let folder: string

beforeAll(async () => {
  client = await connect({ hosts: address })
  folder = await mkdtemp(join(tmpdir(), 'pages-'))
  await (await client.createIndex({ namespace: 'test', set, index: set, bin: 'n', datatype: 'numeric' })).wait()
  await fill(client, set, COUNT)
})

afterAll(async () => {
  await client.dropIndex('test', set)
  await client.truncate('test', set)
  await client.close()
  await rm(folder, { recursive: true })
})

async function firstPage(kind: string) {
  const query = client.query<{ n: number }>('test', set)
  if (kind === 'query') query.where(filter.range('n', 0, 1_000_000))
  for await (const { records, cursor } of query.pages(700)) return { records, cursor: cursor as string }
  throw new Error('there is no page')
}

async function resumed(kind: string, cursor: string): Promise<string> {
  const path = join(folder, randomUUID())
  await writeFile(path, cursor)
  const { code, output } = await runScript('pages', address, set, kind, path)
  expect(code).toBe(0)
  return output
}

test.each(['scan', 'query'])('a %s goes on in another process', async kind => {
  const { records, cursor } = await firstPage(kind)
  expect(records).toHaveLength(700)
  const rest = JSON.parse(await resumed(kind, cursor)) as number[]
  const seen = [...records.map(({ bins }) => bins.n), ...rest]
  expect(seen.sort((a, b) => a - b)).toEqual(all)
})

test('one of another query is refused there, and so is one that was changed', async () => {
  const scan = await firstPage('scan')
  const query = await firstPage('query')
  expect(await resumed('query', scan.cursor)).toMatch(/^InvalidArgError .*another query/)
  expect(await resumed('scan', query.cursor)).toMatch(/^InvalidArgError .*another query/)
  const { cursor } = scan
  for (const at of [0, 5, 16, Math.floor(cursor.length / 2), cursor.length - 3]) {
    const changed = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`
    const pages = client.query('test', set).pages(500, changed)
    await expect(pages.next()).rejects.toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringMatching(/cursor/),
    })
  }
})
