// What commands write: rows in every format, continued files, states, and the rates of `watch`.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GeoJSON } from 'aerospike-napi'
import { tableFromIPC } from 'apache-arrow'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, describe, expect, test } from 'vitest'
import type { Format } from '../../../cli/formats/format.mjs'
import type { Row } from '../../../cli/formats/rows.mjs'
import { rowWriter } from '../../../cli/formats/writers.mjs'
import { StateFile } from '../../../cli/state-file.mjs'
import { type ClusterSample, ratesOf } from '../../../cli/watch/sample.mjs'

const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-output-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const row = (values: object): Row => new Map(Object.entries(values))

/** Writes parts of rows, and returns the bytes and the rows that were left out. */
async function written(format: Format, parts: Row[][], more: object = {}) {
  const chunks: Buffer[] = []
  const sink = {
    async write(text: string | Uint8Array) {
      chunks.push(Buffer.from(text as string))
    },
  }
  const writer = rowWriter(format, { sink, width: 80, colors: false, ...more })
  const failed = []
  for (const rows of parts) failed.push(...(await writer.write(rows)))
  await writer.end()
  return { bytes: Buffer.concat(chunks), text: Buffer.concat(chunks).toString(), failed }
}

describe('a writer of', () => {
  test('CSV leaves out rows with other columns than the first ones', async () => {
    const { text, failed } = await written('csv', [
      [row({ _key: 'a', n: 1n })],
      [row({ _key: 'b', x: 1n }), row({ _key: 3n })],
    ])
    expect(text).toBe('_key,n\n"a",1\n3,\n')
    expect(failed).toEqual([{ record: 'b', reason: expect.stringContaining('the bin x is not a column of the file') }])
  })

  test('CSV writes every type so that it can be read back', async () => {
    const values = { i: 1n, d: 1, s: '', q: 'a"b', b: false, y: Buffer.from([1]), l: [1n, 2], g: GeoJSON.Point(1, 2) }
    const { text } = await written('csv', [[row(values)]])
    const geo = '"{""type"":""Point"",""coordinates"":[1,2]}"'
    expect(text).toBe(`i,d,s,q,b,y,l,g\n1,1.0,"","a""b",false,0x01,"[1,2.0]",${geo}\n`)
  })

  test('CSV and JSON continues a file', async () => {
    const rows = [[row({ n: 2n })]]
    expect((await written('csv', rows, { continued: true, columns: ['n'] })).text).toBe('2\n')
    expect((await written('json', rows, { continued: true })).text).toBe(',\n  {"n":2}\n]\n')
    expect((await written('json', rows)).text).toBe('[\n  {"n":2}\n]\n')
    expect((await written('json', [])).text).toBe('[]\n')
  })

  test('Arrow leaves out rows whose values have other types', async () => {
    const parts = [[row({ _key: 'a', n: 1n, m: { x: 1n } })], [row({ _key: 'b', n: 0.5 }), row({ _key: 'c', n: 3n })]]
    const { bytes, failed } = await written('arrow', parts)
    expect(
      tableFromIPC(bytes)
        .toArray()
        .map(each => each.toJSON()),
    ).toEqual([
      { _key: 'a', n: 1n, m: '{"x":1}' },
      { _key: 'c', n: 3n, m: null },
    ])
    expect(failed).toEqual([{ record: 'b', reason: 'n: the column has the type int, this value has the type double' }])
    expect(tableFromIPC((await written('arrow', [])).bytes).numRows).toBe(0)
  })

  test('Parquet leaves out rows whose values have other types', async () => {
    const parts = [[row({ _key: 'a', n: 1n, m: { x: 1n } })], [row({ _key: 'b', n: 0.5 }), row({ _key: 'c', n: 3n })]]
    const { bytes, failed } = await written('parquet', parts)
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    expect(await parquetReadObjects({ file })).toEqual([
      { _key: 'a', n: 1n, m: '{"x":1}' },
      { _key: 'c', n: 3n, m: null },
    ])
    expect(failed).toEqual([{ record: 'b', reason: 'n: the column has the type int, this value has the type double' }])
    const { bytes: empty } = await written('parquet', [])
    const { num_rows } = parquetMetadata(
      empty.buffer.slice(empty.byteOffset, empty.byteOffset + empty.length) as ArrayBuffer,
    )
    expect(num_rows).toBe(0n)
  })

  test('tables repeats the header only for other columns', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => row({ n: BigInt(n) }))
    const { text } = await written('table', [many, many, [row({ n: 1n, x: 'y' })]])
    expect(text.match(/^ +n$/gm)).toHaveLength(1)
    expect(text.match(/^n {2}x$/gm)).toHaveLength(1)
  })
})

describe('a state file', () => {
  test('keeps the last state, and only that of its command', () => {
    const path = join(folder, 'x.state')
    const state = new StateFile<{ done: number }>(path, 'import')
    expect(state.read()).toBeUndefined()
    state.save({ done: 1 })
    state.saveEvery(60_000, () => ({ done: 2 }))
    expect(state.read()).toEqual({ done: 1 })
    expect(() => new StateFile(path, 'export').read()).toThrow('is not the state of an interrupted export')
    writeFileSync(path, '{"done":')
    expect(() => state.read()).toThrow('delete it to start again')
    state.remove()
    expect(existsSync(path)).toBe(false)
    expect(() => new StateFile(join(folder, 'missing', 'x'), 'import').save({})).toThrow('cannot be written')
  })
})

test('rates are those since the last sample, unless a node was restarted', () => {
  const node = {
    address: 'h:1',
    failure: undefined,
    connections: 1,
    records: 5,
    dataBytes: 9,
    migrations: 0,
    stopWrites: [],
  }
  const sample = (at: number, counters: object): ClusterSample => ({
    at,
    nodes: [{ node: 'A', ...node, reads: undefined, writes: undefined, errors: undefined, ...counters }],
  })
  const earlier = sample(1000, { reads: 100, writes: 50 })
  expect(ratesOf(sample(3000, { reads: 300, writes: 10 }), earlier)).toEqual([
    { node: 'A', ...node, readsPerSecond: 100, writesPerSecond: undefined, errorsPerSecond: undefined },
  ])
  expect(ratesOf(earlier, undefined)[0]?.readsPerSecond).toBeUndefined()
})
