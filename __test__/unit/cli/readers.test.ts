// Reading files for `import`: every format, in chunks of any size, and what is wrong with a file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Double } from 'aerospike-napi'
import {
  Field,
  Float64,
  Int64,
  List,
  Struct,
  Table,
  TimeSecond,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import type { FileFormat } from '../../../cli/formats/format.mjs'
import { readCsv } from '../../../cli/import/csv-reader.mjs'
import { readJsonArray, readNdjson } from '../../../cli/import/json-reader.mjs'
import { parseNames, recordOf } from '../../../cli/import/records.mjs'
import { openSource } from '../../../cli/import/source.mjs'
import type { SourceRow } from '../../../cli/import/source-row.mjs'
import { parseTypes, suggestTypes } from '../../../cli/import/types.mjs'

const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-readers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The bytes of a text, in chunks. */
async function* chunksOf(text: string | Buffer, size: number): AsyncGenerator<Buffer, void, undefined> {
  const bytes = Buffer.from(text as string)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function allOf(rows: AsyncIterable<SourceRow>): Promise<SourceRow[]> {
  const found: SourceRow[] = []
  for await (const row of rows) found.push(row)
  return found
}

const OPTIONS = { delimiter: ',', types: parseTypes('') }
const READERS = {
  ndjson: (text: string, size: number) => readNdjson(chunksOf(text, size), 'f.ndjson'),
  json: (text: string, size: number) => readJsonArray(chunksOf(text, size), 'f.json'),
  csv: (text: string, size: number) => readCsv(chunksOf(text, size), 'f.csv', OPTIONS),
}

/** Rows as `[number, place, values or reason, raw]`. */
async function read(format: keyof typeof READERS, text: string, size = 1000): Promise<unknown[]> {
  const rows = await allOf(READERS[format](text, size))
  return rows.map(({ number, place, values, reason, raw }) => {
    const plain = values && Object.fromEntries([...values].map(([name, value]) => [name, textOf(value)]))
    return [number, place, plain ?? reason, raw()]
  })
}

const textOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'text' in value ? value.text : value

/** Writes a file and reads it as the command does. */
async function readFile(name: string, content: string | Uint8Array, format: FileFormat, types = '') {
  const path = join(folder, name)
  writeFileSync(path, content)
  const source = await openSource(path, format)
  return await allOf(source.rows({ delimiter: ',', types: parseTypes(types) }))
}

describe.each([1, 3, 1000])('in chunks of %i bytes', size => {
  test('NDJSON: a row for each line that is not empty', async () => {
    const text = '\ufeff{"a":"é😀"}\r\n\n{"a":\n[1]\n{"b":2}'
    expect(await read('ndjson', text, size)).toEqual([
      [1, 'line 1', { a: 'é😀' }, '{"a":"é😀"}'],
      [2, 'line 3', expect.stringMatching(/JSON/), '{"a":'],
      [3, 'line 4', 'a JSON object is needed', '[1]'],
      [4, 'line 5', { b: 2 }, '{"b":2}'],
    ])
  })

  test('JSON: the objects of an array', async () => {
    const text = ' [ {"a":"],{\\"é"} ,\n{"b":[1,{"c":2}]}, 5,{"x":}]\n'
    expect(await read('json', text, size)).toEqual([
      [1, 'row 1', { a: '],{"é' }, '{"a":"],{\\"é"}'],
      [2, 'row 2', { b: [1, { c: 2 }] }, '{"b":[1,{"c":2}]}'],
      [3, 'row 3', 'a JSON object is needed', '5'],
      [4, 'row 4', expect.stringMatching(/JSON/), '{"x":}'],
    ])
    expect(await read('json', '[]', size)).toEqual([])
  })

  test('CSV: fields in quotes, empty lines, and rows of the wrong length', async () => {
    const text = '\ufeffid,name\r\n1,"a, ""b""\nc"\r\n\r\n2\r\n3,é\r\n'
    expect(await read('csv', text, size)).toEqual([
      [1, 'line 3', { id: '1', name: 'a, "b"\nc' }, '1,"a, ""b""\nc"'],
      [2, 'line 5', '1 fields, but the header has 2', expect.stringContaining('2')],
      [3, 'line 6', { id: '3', name: 'é' }, '3,é'],
    ])
  })
})

describe('a file that is', () => {
  test.each([
    ['json', '', 'f.json is empty'],
    ['json', '{"a":1}', 'f.json is not a JSON array of objects; for NDJSON, use --ndjson'],
    ['json', '[{"a":1},', 'f.json is truncated: the array is not closed after row 1'],
    ['json', '[{"a":1}', 'f.json is truncated: the array is not closed after row 0'],
    ['json', '[{"a":1}] x', 'there is text after the array'],
    ['json', '[{"a":1},]', 'a row is missing after row 1'],
    ['json', '[,{"a":1}]', 'a row is missing after row 0'],
    ['csv', '', 'f.csv has no header line'],
    ['csv', 'a,,b\n1,2,3', 'column 2 has no name in the header'],
    ['csv', 'a,b,a\n1,2,3', 'the header names the column a twice'],
  ] as const)('not %s (%j) is refused', async (format, text, reason) => {
    await expect(read(format, text)).rejects.toThrow(reason)
  })

  test('truncated in the middle of a row fails that row', async () => {
    expect((await read('ndjson', '{"a":1}\n{"a":')).at(-1)).toMatchObject([2, 'line 2', /JSON/, '{"a":'])
    const rows = await read('csv', 'a,b\n1,2\n3,"x')
    expect(rows.slice(0, 1)).toMatchObject([[1, 'line 2', { a: '1', b: '2' }, '1,2']])
    expect(rows.slice(1)).toMatchObject([
      [2, expect.any(String), expect.stringContaining('the closing quote is missing'), expect.any(String)],
    ])
  })

  test('of another format is recognized by its beginning', async () => {
    const cases: [FileFormat, string | Uint8Array, string][] = [
      ['csv', Buffer.from([0x1f, 0x8b, 8, 0]), 'is not CSV: it is compressed with gzip'],
      ['ndjson', 'PAR1....', 'is not NDJSON: it is a Parquet file'],
      ['json', Buffer.from([0xff, 0xfe, 0x5b, 0]), 'it is text in UTF-16'],
      ['csv', 'a\0b', 'it contains binary data'],
      ['arrow', 'a,b\n1,2\n', 'is not an Arrow file'],
      ['arrow', '', 'is not an Arrow file: it is empty'],
      ['ndjson', Buffer.from([0x7b, 0x7d, 0x0a, 0xc3, 0x28]), 'is not UTF-8 text'],
      ['ndjson', Buffer.from([0x7b, 0x7d, 0x0a, 0xc3]), 'is not UTF-8 text'],
    ]
    for (const [format, content, reason] of cases) {
      await expect(readFile('foreign', content, format), reason).rejects.toThrow(reason)
    }
    await expect(openSource(join(folder, 'missing'), 'csv')).rejects.toThrow('cannot be read: ENOENT')
    await expect(openSource(folder, 'csv')).rejects.toThrow('is a directory')
  })
})

describe('an Arrow file', () => {
  const table = new Table({
    _key: vectorFromArray(['a', 'b'], new Utf8()),
    n: vectorFromArray([1n, null], new Int64()),
    d: vectorFromArray([1, 2.5], new Float64()),
    word: vectorFromArray(['x', 'x']),
    list: vectorFromArray([[1n], null], new List(new Field('item', new Int64(), true))),
    at: vectorFromArray([new Date(0), new Date(1)], new TimestampMillisecond()),
  })
  const ipc = tableToIPC(table, 'file')

  test.each(['file', 'stream'] as const)('is read as a %s, with the types of its columns', async kind => {
    const rows = await readFile('t.arrow', tableToIPC(table, kind), 'arrow', 'at:skip')
    expect(rows.map(({ values }) => Object.fromEntries(values ?? []))).toEqual([
      { _key: 'a', n: 1n, d: Double(1), word: 'x', list: [1n] },
      { _key: 'b', d: Double(2.5), word: 'x' },
    ])
    expect(rows[0]?.raw()).toBe('{"_key":"a","n":"1","d":1,"word":"x","list":["1"]}')
  })

  test('with dates needs a type for them', async () => {
    await expect(readFile('t.arrow', ipc, 'arrow')).rejects.toThrow(
      /the column at has the Arrow type Timestamp.*--types at:string or at:int, or leave it out with at:skip/,
    )
    const dates = async (types: string) => {
      const rows = await readFile('t.arrow', ipc, 'arrow', types)
      return rows.map(({ values }) => values?.get('at'))
    }
    expect(await dates('at:string')).toEqual(['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z'])
    expect(await dates('at:int')).toEqual([0, 1])
  })

  test('with a column that bins cannot hold is refused, and says how to leave it out', async () => {
    const times = new Table({
      _key: vectorFromArray(['a'], new Utf8()),
      d: vectorFromArray([1], new TimeSecond()),
    })
    const read = readFile('d.arrow', tableToIPC(times, 'file'), 'arrow')
    await expect(read).rejects.toThrow(/the column d has the Arrow type Time.*--types d:skip/)
  })

  test('that is truncated is refused', async () => {
    await expect(readFile('t.arrow', ipc.subarray(0, ipc.length - 100), 'arrow')).rejects.toThrow('is truncated')
    const stream = tableToIPC(table.select(['_key', 'n']), 'stream')
    await expect(readFile('s.arrow', stream.subarray(0, 40), 'arrow')).rejects.toThrow(/truncated or not an Arrow file/)
  })

  test('with a struct becomes maps', async () => {
    const struct = new Struct<{ x: Int64 }>([new Field('x', new Int64(), true)])
    const nested = new Table({ _key: vectorFromArray(['a'], new Utf8()), m: vectorFromArray([{ x: 5n }], struct) })
    const [row] = await readFile('n.arrow', tableToIPC(nested, 'file'), 'arrow')
    expect(row?.values?.get('m')).toEqual({ x: 5n })
  })
})

describe('a Parquet file', () => {
  const date = new Date(1)
  const schema: SchemaElement[] = [
    { name: 'root', num_children: 6 },
    { name: '_key', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    { name: 'n', type: 'INT64', repetition_type: 'OPTIONAL' },
    { name: 'd', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
    { name: 'y', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' },
    { name: 'list', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  ]
  const columnData = [
    { name: '_key', data: ['a', 'b', 'c'] },
    { name: 'n', data: [1n, null, 2n ** 62n] },
    { name: 'd', data: [1, 2.5, null] },
    { name: 'y', data: [Uint8Array.of(1), null, null] },
    { name: 'at', data: [date, date, date] },
    { name: 'list', data: [[1, 0.5], [], null] },
  ]
  const parquet = Buffer.from(parquetWriteBuffer({ columnData, schema, rowGroupSize: 2 }))

  test('is read with the types of its columns, one row group after the other', async () => {
    const rows = await readFile('t.parquet', parquet, 'parquet', 'at:int')
    expect(rows.map(({ number, values }) => [number, Object.fromEntries(values ?? [])])).toEqual([
      [1, { _key: 'a', n: 1n, d: Double(1), y: Buffer.from([1]), at: 1, list: [Double(1), Double(0.5)] }],
      [2, { _key: 'b', d: Double(2.5), at: 1, list: [] }],
      [3, { _key: 'c', n: 2n ** 62n, at: 1 }],
    ])
    const [row] = await readFile('t.parquet', parquet, 'parquet', 'at:string,n:skip')
    expect([row?.values?.get('at'), row?.values?.has('n')]).toEqual(['1970-01-01T00:00:00.001Z', false])
  })

  test.each([
    ['with dates of no type', parquet, /the column at has dates: choose text or milliseconds/],
    ['that is truncated', parquet.subarray(0, -20), /t.parquet is truncated: its end is missing/],
    [
      'with a broken footer',
      Buffer.concat([parquet.subarray(0, -30), parquet.subarray(-8)]),
      /t.parquet cannot be read/,
    ],
    ['of another format', Buffer.from('a,b\n1,2\n'), /t.parquet is not a Parquet file/],
  ])('%s is refused', async (_, content, reason) => {
    await expect(readFile('t.parquet', content, 'parquet')).rejects.toThrow(reason)
  })

  test('cannot come from a pipe', async () => {
    await expect(openSource('-', 'parquet')).rejects.toThrow('it needs a file, not a pipe')
  })
})

describe('the types of columns', () => {
  const typesOf = async (text: string, given = ''): Promise<object> => {
    const rows = await allOf(READERS.csv(text, 1000))
    return Object.fromEntries(suggestTypes(rows, parseTypes(given)))
  }

  test('of CSV are suggested by the first rows', async () => {
    const text =
      'i,d,b,x,j,s,zip,q,e\n1,1.5,true,0x0a,"[1,{""a"":2}]",x,01234,"1",\n-20,2,FALSE,0x,{},y,99999,"2",\n,NaN,,,,,,,'
    expect(await typesOf(text)).toEqual({
      i: 'int',
      d: 'double',
      b: 'bool',
      x: 'bytes',
      j: 'json',
      s: 'string',
      zip: 'string',
      q: 'string',
      e: 'string',
    })
    expect(await typesOf(text, 'i:double,q:int')).toMatchObject({ i: 'double', q: 'int' })
  })

  test('ignore quotes if every field is in quotes', async () => {
    expect(await typesOf('"a","b"\n"1","x"\n"2","y"\n')).toEqual({ a: 'int', b: 'string' })
  })

  test('find quotes behind delimiters and quotes', async () => {
    expect(await typesOf('a,b,c\n"x, ""1"", y",2,"3"\n"",4,"5"\n')).toEqual({ a: 'string', b: 'int', c: 'string' })
  })

  test.each([
    ['age', "'age' is not column:type"],
    ['age:number', "'age:number' is not column:type"],
    ['a:int,a:string', 'the column a is there twice'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseTypes(text)).toThrow(reason)
  })
})

describe('a row becomes a record', () => {
  const options = {
    target: { namespace: 'test', set: 'users' },
    keyColumn: undefined as string | undefined,
    rowKeys: false,
    keepKey: false,
    types: parseTypes('age:int,ratio:double,zip:string,on:bool,data:bytes,skipped:skip'),
    names: parseNames('a_column_with_a_long_name=short'),
  }
  const row = (values: object, number = 7): SourceRow => {
    return { number, place: 'line 7', values: new Map(Object.entries(values)), raw: () => '' }
  }
  const recordFor = (values: object, more: Partial<typeof options> = {}) => {
    const result = recordOf(row(values), { ...options, ...more })
    if ('reason' in result) return result.reason
    const { key, bins, meta } = result.record
    return { key: String(key), bins, ...(meta ? { meta } : {}) }
  }

  test('with the types and names of its columns', () => {
    const values = { _key: 'ada', age: '36', ratio: 2, zip: 1234, on: 'TRUE', data: '0x0a', skipped: 1, none: null }
    expect(recordFor({ ...values, a_column_with_a_long_name: 1, _ttl: 60, _gen: 3 })).toEqual({
      key: 'test/users/ada',
      bins: { age: 36, ratio: Double(2), zip: '1234', on: true, data: Buffer.from([10]), short: 1 },
      meta: { ttl: 60 },
    })
  })

  test('with the key of a column, of its number, or of its digest', () => {
    expect(recordFor({ id: 5, a: 1 }, { keyColumn: 'id' })).toEqual({ key: 'test/users/5', bins: { a: 1 } })
    expect(recordFor({ id: 5, a: 1 }, { keyColumn: 'id', keepKey: true })).toMatchObject({ bins: { id: 5, a: 1 } })
    expect(recordFor({ a: 1 }, { rowKeys: true })).toMatchObject({ key: 'test/users/7' })
    expect(recordFor({ _digest: '0a'.repeat(20), a: 1 })).toMatchObject({ key: `test/users/${'0a'.repeat(20)}` })
    expect(recordFor({ _set: 'other', _key: 1, a: 1 })).toMatchObject({ key: 'test/other/1' })
  })

  test.each([
    [{ a: 1 }, 'there is no _key: name the column of the keys with --key, or use --row-keys'],
    [{ _key: 'a' }, 'the row has no bins'],
    [{ _key: 1.5, a: 1 }, '_key: a key is a string, an integer or bytes'],
    [{ _key: 'a', age: 'old' }, 'age: "old" is not an integer'],
    [{ _key: 'a', age: '9'.repeat(30) }, 'is not a 64-bit integer'],
    [{ _key: 'a', on: 'yes' }, 'on: "yes" is not true or false'],
    [{ _key: 'a', data: 'zz' }, 'data: "zz" is not bytes'],
    [{ _key: 'a', a_much_too_long_name: 1 }, 'the name of a bin has 1 to 15 bytes; give it another with --rename'],
    [{ _key: 'a', s: '\ud800' }, 's: the string contains a lone surrogate'],
    [{ _digest: 'xyz', a: 1 }, '_digest: a digest is 40 hexadecimal digits'],
  ])('or %j is refused', (values, reason) => {
    expect(recordFor(values)).toContain(reason)
  })
})
