import { Client, filter } from 'aerospike-napi'
import { type QueryToArrowOptions, queryToArrow, readArrow, writeArrow } from 'aerospike-napi/arrow'
import {
  Dictionary,
  type Field,
  Float32,
  type RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Table,
  tableFromArrays,
  tableFromIPC,
  Utf8,
} from 'apache-arrow'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('query-arrow')
const { set } = newKey('probe')
const COUNT = 500

const wordOf = (n: number): string => `word ${Math.floor(n / 20)}`

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  await Promise.all(
    Array.from({ length: COUNT }, (_, n) => {
      const vec = Buffer.from(Float32Array.of(n, -n).buffer)
      return client.put(newKey(n), { n, vec, word: wordOf(n), ...(n % 5 === 0 ? {} : { text: `text ${n}` }) }, null, {
        key: 'send',
      })
    }),
  )
})

const SCHEMA = { n: 'i32', vec: ['f32', 2], word: 'dictionary', text: 'utf8' } as const

function check(table: Table): void {
  expect(table.numRows).toBe(COUNT)
  const seen = new Set<number>()
  for (const row of table) {
    const { n, vec, word, text } = row as unknown as {
      n: number
      vec: Iterable<number>
      word: string
      text: string | null
    }
    seen.add(n)
    expect([...vec]).toEqual([n, n === 0 ? -0 : -n])
    expect(word).toBe(wordOf(n))
    expect(text).toBe(n % 5 === 0 ? null : `text ${n}`)
  }
  expect(seen.size).toBe(COUNT)
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const query = (name = set) => client().query('test', name)

  async function batchesOf(options?: QueryToArrowOptions, name = set): Promise<RecordBatch[]> {
    const batches: RecordBatch[] = []
    for await (const batch of queryToArrow(query(name), SCHEMA, options)) batches.push(batch)
    return batches
  }

  test('one table of all batches, with one dictionary', async () => {
    const batches = await batchesOf({ batchRows: 64 })
    expect(batches.map(({ numRows }) => numRows)).toEqual([...Array(7).fill(64), COUNT - 7 * 64])
    const table = new Table(batches)
    check(table)
    const types = table.schema.fields.map(({ type }) => type)
    expect(Dictionary.isDictionary(types[2]) && types[2].dictionary instanceof Utf8).toBe(true)
    expect(table.schema.fields[1]?.type.children[0]?.type).toBeInstanceOf(Float32)
    const ids = new Set(batches.map(({ schema }) => (schema.fields[2] as Field<Dictionary>).type.id))
    expect(ids.size).toBe(1)
  })

  test.each([
    ['a stream', RecordBatchStreamWriter],
    ['a file', RecordBatchFileWriter],
  ])('%s of many batches comes back equal', async (_name, Writer) => {
    const writer = await Writer.writeAll(queryToArrow(query(), SCHEMA, { batchRows: 33 }))
    const bytes = writer.toUint8Array(true)
    check(tableFromIPC(bytes))
    const reader = await RecordBatchReader.from(bytes)
    check(new Table([...reader]))
  })

  test('user keys and digests', async () => {
    for (const batch of await batchesOf({ batchRows: 100, keyField: 'pk', digestField: 'digest' })) {
      expect(batch.schema.fields.map(({ name }) => name)).toEqual(['pk', 'digest', 'n', 'vec', 'word', 'text'])
      for (let row = 0; row < batch.numRows; row++) {
        const n = batch.getChild('n')?.get(row) as number
        expect(batch.getChild('pk')?.get(row)).toBe(BigInt(n))
        expect(Buffer.from(batch.getChild('digest')?.get(row) as Uint8Array)).toEqual(newKey(n).digest)
      }
    }
    await expect(batchesOf({ keyField: 'pk', keyType: 'utf8' })).rejects.toThrow('user keys are of several types')
  })

  test('nothing found gives the schema', async () => {
    const batches = await batchesOf({ keyField: 'pk', keyType: 'i64', digestField: 'digest' }, `${set}-none`)
    expect(batches.map(({ numRows }) => numRows)).toEqual([0])
    const [full] = await batchesOf({ keyField: 'pk', digestField: 'digest' })
    const names = (batch: RecordBatch | undefined) => batch?.schema.fields.map(field => String(field))
    expect(names(batches[0])).toEqual(names(full))
    const back = tableFromIPC(RecordBatchFileWriter.writeAll(batches).toUint8Array(true))
    expect(back.numRows).toBe(0)
    expect(back.schema.fields.map(field => String(field))).toEqual(names(full))
  })

  test('leaving the loop ends it', async () => {
    let rows = 0
    for await (const batch of queryToArrow(query(), { n: 'i32' }, { batchRows: 10 })) {
      rows += batch.numRows
      break
    }
    expect(rows).toBe(10)
  })

  test('what is wrong is refused at once', () => {
    const refused =
      (options: unknown, schema: unknown = SCHEMA) =>
      () =>
        queryToArrow(query(), schema as typeof SCHEMA, options as QueryToArrowOptions)
    expect(refused({ keyField: 'n' })).toThrow('queryToArrow.keyField: "n" is already a column')
    expect(refused({ keyField: 'a', digestField: 'a' })).toThrow('queryToArrow.digestField: "a" is already a column')
    expect(refused({ keyType: 'int' })).toThrow('queryToArrow.keyType')
    expect(refused({ rows: 5 })).toThrow('rows')
    expect(refused({ batchRows: 0 })).toThrow('chunkRows')
    expect(refused({}, { n: 'int' })).toThrow('schema.n')
    expect(() => queryToArrow(client() as never, SCHEMA)).toThrow('queryToArrow: what client.query gives is needed')
  })

  test('an error of the server comes in the loop', async () => {
    const run = async () => {
      for await (const _ of queryToArrow(query().where(filter.equal('none', 1)), SCHEMA)) throw new Error('a batch')
    }
    await expect(run()).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' })
  })
})

describe('Client', () => {
  const client = connectBefore(CLIENTS[0]!)

  test('a table that was written comes back by a query, and by keys in a file', async () => {
    const name = newKey('written').set
    const own = `${name}-written`
    const id = Int32Array.from({ length: 300 }, (_, n) => n)
    const table = tableFromArrays({ id, v: Float64Array.from(id, n => n / 3) })
    await writeArrow(client() as Client, table, { namespace: 'test', set: own, keyField: 'id' })
    const batches: RecordBatch[] = []
    for await (const batch of queryToArrow(client().query('test', own), { id: 'i32', v: 'f64' })) batches.push(batch)
    const back = new Table(batches).toArray().map(row => row.toJSON() as { id: number; v: number })
    expect(back.sort((a, b) => a.id - b.id)).toEqual(table.toArray().map(row => row.toJSON()))
    await client().truncate('test', own)
  })

  test('what keys read shares its dictionary too', async () => {
    const keys = Array.from({ length: COUNT }, (_, n) => newKey(n))
    const batches = readArrow(client() as Client, keys, SCHEMA, { batchRows: 50, ahead: 3 })
    check(tableFromIPC((await RecordBatchFileWriter.writeAll(batches)).toUint8Array(true)))
  })
})
