// Bytes that the application gives: memory that is gone is refused by the name of the argument, and what the application
// writes to its own bytes later changes no key.
import {
  BinaryColumn,
  bits,
  CdtContext,
  Columns,
  exp,
  filter,
  HyperLogLog,
  Key,
  lists,
  maps,
  op,
  Particle,
  predicates,
  Utf8Column,
} from 'aerospike-napi'
import { writeArrow } from 'aerospike-napi/arrow'
import * as arrow from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { Writer } from '../../lib/wire/wire'
import { CLIENTS, type Commands, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('bytes')

/** A view whose ArrayBuffer was given to another thread. */
function detached<T>(view: (buffer: ArrayBuffer) => T): T {
  const buffer = new ArrayBuffer(8)
  const made = view(buffer)
  structuredClone(buffer, { transfer: [buffer] })
  return made
}

/** A view that reaches beyond its ArrayBuffer, since that was made smaller. */
function beyond<T>(view: (buffer: ArrayBuffer) => T): T {
  const buffer = new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(8, { maxByteLength: 8 })
  const made = view(buffer)
  ;(buffer as unknown as { resize: (length: number) => void }).resize(0)
  return made
}

type Make<T> = readonly [what: string, make: () => T]

const BYTES: readonly Make<Uint8Array>[] = [
  ['a detached Uint8Array', () => detached(buffer => new Uint8Array(buffer))],
  ['a detached Buffer', () => detached(buffer => Buffer.from(buffer))],
  ['a Uint8Array beyond its memory', () => beyond(buffer => new Uint8Array(buffer, 4, 4))],
]

/** All that is stored as bytes. */
const STORED: readonly Make<unknown>[] = [
  ...BYTES,
  ['a detached Float64Array', () => detached(buffer => new Float64Array(buffer))],
  ['a detached BigInt64Array', () => detached(buffer => new BigInt64Array(buffer))],
  ['a BigInt64Array beyond its memory', () => beyond(buffer => new BigInt64Array(buffer, 0, 1))],
  ['a detached DataView', () => detached(buffer => new DataView(buffer))],
  ['a DataView beyond its memory', () => beyond(buffer => new DataView(buffer, 4, 4))],
  ['a detached ArrayBuffer', () => detached(buffer => buffer)],
]

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const refusal = (where: string): object =>
  expect.objectContaining({
    name: 'InvalidArgError',
    code: 'INVALID_ARGUMENT',
    // A nested value is named by its path.
    message: expect.stringMatching(new RegExp(`${escaped(where)}[^ :]*: the memory is no longer available`)),
  })

/** What a call throws at once, or rejects with. */
const refused = (call: () => unknown): Promise<unknown> => rejection((async () => call())())

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const key = (): Key => newKey('never written')

  type Use = readonly [where: string, use: (client: Commands, value: never) => unknown]

  const values: readonly Use[] = [
    ['b', (c, value) => c.put(key(), { b: value })],
    ['b', (c, value) => c.put(key(), { b: [1, { deep: value }] })],
    ['b', (c, value) => c.put(key(), { b: new Map([[1, value]]) })],
    ['ops[0]: bin b', (c, value) => c.operate(key(), [op.write('b', value)])],
    ['ops[0]: bin b', (c, value) => c.operate(key(), [lists.append('b', value)])],
    ['ops[0]: bin b', (c, value) => c.operate(key(), [maps.put('b', 'k', value)])],
    ['ops[0]: bin b', (c, value) => c.operate(key(), [lists.removeByValueList('b', [value])])],
    ['args[1]', (c, value) => c.apply(key(), 'module', 'fn', [1, value])],
    ['records[0]: b', (c, value) => c.batchWrite([{ key: key(), bins: { b: value } }])],
    [
      'columns.b',
      (c, value) => c.batchWriteColumns({ namespace: 'test', set: key().set, keys: [1], columns: { b: [value] } }),
    ],
  ]
  describe.each(STORED)('%s', (_what, make) => {
    test.each(values)('%s %#', async (where, use) => {
      expect(await refused(() => use(client(), make() as never))).toEqual(refusal(where))
    })
  })

  const bytes: readonly Use[] = [
    ['key: the user key', (c, value) => c.get(['test', key().set, value])],
    ['keys[1]: key: the user key', (c, value) => c.batchRead([key(), ['test', key().set, value]])],
    [
      'key: the user key',
      (c, value) => c.batchReadColumns({ namespace: 'test', set: key().set, ids: [value] }, { b: 'i32' }),
    ],
    ['b', (c, value) => c.put(key(), { b: new Map([[value, 1]]) })],
    ['ops[0]: bin b', (c, value) => c.operate(key(), [op.append('b', value)])],
    ['policy.filterExpression', (c, value) => c.get(key(), { filterExpression: value })],
    ['query policy.filterExpression', (c, value) => c.query('test', key().set).results({ filterExpression: value })],
    ['key: the digest', (c, value) => c.query('test').partitions({ after: value }).results()],
    ['udfRegister: module.source', (c, value) => c.udfRegister({ name: 'bytes.lua', source: value })],
    [
      'columns.b',
      (c, value) => c.batchWriteColumns({ namespace: 'test', set: key().set, keys: [], columns: { b: value } }),
    ],
    [
      'columns.b[0]',
      (c, value) =>
        c.batchWriteColumns({
          namespace: 'test',
          set: key().set,
          keys: [1],
          columns: { b: [value] },
          schema: { b: ['bytes', 4] },
        }),
    ],
  ]
  describe.each(BYTES)('%s', (_what, make) => {
    test.each(bytes)('%s %#', async (where, use) => {
      expect(await refused(() => use(client(), make() as never))).toEqual(refusal(where))
    })
  })

  test('empty bytes whose memory is there are bytes like any other', async () => {
    const own = newKey()
    const bins = {
      none: new Uint8Array(0),
      part: new Uint8Array(new ArrayBuffer(8), 8),
      view: new DataView(new ArrayBuffer(0)),
    }
    await client().put(own, { ...bins, memory: new ArrayBuffer(0) })
    const none = Buffer.alloc(0)
    expect((await client().get(own)).bins).toEqual({ none, part: none, view: none, memory: none })
  })

  test('shared memory and memory that can be resized are read at the call', async () => {
    const own = newKey()
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(1)
    const resizable = beyond(() => Uint8Array.of(2, 2))
    const written = client().put(own, { shared, list: [shared], map: { resizable } })
    shared.fill(9)
    resizable.fill(9)
    await written
    const [ones, twos] = [Buffer.from([1, 1, 1, 1]), Buffer.from([2, 2])]
    expect((await client().get(own)).bins).toEqual({ shared: ones, list: [ones], map: { resizable: twos } })
    expect(await refused(() => client().put(own, { b: new SharedArrayBuffer(4) as never }))).toMatchObject({
      message: expect.stringContaining('b: a SharedArrayBuffer cannot be stored'),
    })
  })

  test('a key has its own bytes', async () => {
    const bytes = Buffer.from('before')
    const own = newKey(bytes)
    const { digest } = own
    await client().put(own, { a: 1 })
    bytes.write('AFTER!')
    expect(own.userKey).toEqual(Buffer.from('before'))
    await client().put(own, { a: 2 })
    expect(own.digest).toEqual(digest)
    expect((await client().get(newKey(Buffer.from('before')))).bins).toEqual({ a: 2 })
    expect(await client().exists(newKey(Buffer.from('AFTER!')))).toBe(false)
    digest.fill(0)
    expect(own.digest).not.toEqual(digest)
  })

  test('bytes of a key that were written to lead to one record all the same', async () => {
    const own = newKey(Buffer.from('first'))
    const before = own.digest
    ;(own.userKey as Uint8Array).set(Buffer.from('other'))
    expect(own.digest).toEqual(newKey(Buffer.from('other')).digest)
    expect(own.digest).not.toEqual(before)
  })

  test('rows keep their keys, whatever becomes of the bytes that they were asked by', async () => {
    const names = ['a-key', 'b-key']
    const keys = names.map(name => newKey(Buffer.from(name)))
    for (const [row, own] of keys.entries()) await client().put(own, { row })
    const set = (keys[0] as Key).set
    const data = Buffer.from(names.join(''))
    const offsets = Int32Array.of(0, 5, 10)
    const list = names.map(name => Buffer.from(name))
    const columns = await client().batchReadColumns(
      { namespace: 'test', set, ids: new BinaryColumn(data, offsets) },
      { row: 'i32' },
    )
    const listed = await client().batchReadColumns({ namespace: 'test', set, ids: list }, { row: 'i32' })
    const batch = await client().batchRead(list.map(name => ['test', set, name] as const))
    data.fill(0)
    offsets.fill(0)
    for (const name of list) name.fill(0)
    for (const rows of [columns, listed]) {
      expect([rows.key(0)?.userKey, rows.key(1)?.userKey]).toEqual(names.map(name => Buffer.from(name)))
      expect(rows.indexOf(Buffer.from('b-key'))).toBe(1)
    }
    expect(batch.get(Buffer.from('b-key'))?.record?.bins).toEqual({ row: 1 })
    expect(() => batch.get(detached(buffer => new Uint8Array(buffer)))).toThrow(
      /key: the memory is no longer available/,
    )
    // A part of a larger column.
    const part = new Utf8Column(Buffer.from('xxabc'), Int32Array.of(2, 3, 5))
    const some = await client().batchReadColumns({ namespace: 'test', set, ids: part }, { row: 'i32' })
    part.data.fill(0)
    expect([some.key(0)?.userKey, some.key(1)?.userKey]).toEqual(['a', 'bc'])
  })

  test('Arrow', async () => {
    const fields = { _key: Int32Array.of(1, 2), b: Int32Array.of(3, 4) }
    const columns = (gone: 'values' | 'nulls' | 'nested'): arrow.RecordBatch => {
      const nullBitmap = Uint8Array.of(1)
      const b = arrow.makeData({ type: new arrow.Int32(), data: fields.b.slice(), length: 2, nullCount: 1, nullBitmap })
      const inner = arrow.makeData({ type: new arrow.Bool(), data: Uint8Array.of(3), length: 2 })
      const type = new arrow.Struct([new arrow.Field('x', inner.type, true)])
      const nested = arrow.makeData({ type, length: 2, nullCount: 0, children: [inner] as never })
      const lost = { values: b.values, nulls: b.nullBitmap, nested: inner.values }[gone] as Uint8Array
      structuredClone(lost.buffer, { transfer: [lost.buffer as ArrayBuffer] })
      return new arrow.RecordBatch({
        _key: arrow.makeData({ type: new arrow.Int32(), data: fields._key }),
        [gone === 'nested' ? 'n' : 'b']: gone === 'nested' ? nested : b,
      } as never)
    }
    for (const [gone, name] of [
      ['values', 'b'],
      ['nulls', 'b'],
      ['nested', 'n'],
    ] as const) {
      const write = (): unknown => writeArrow(client() as never, columns(gone), { namespace: 'test', set: key().set })
      expect(await refused(write)).toEqual(refusal(`writeArrow: the field "${name}"`))
    }
  })
})

describe('without a client', () => {
  const uses: readonly (readonly [where: string, use: (value: never) => unknown])[] = [
    ['key: the user key', value => new Key('test', 's', value)],
    ['key: the digest', value => Key.fromDigest('test', 's', value)],
    ['HyperLogLog', value => new HyperLogLog(value)],
    ['Particle', value => new Particle(9, value)],
    ['filter.equal: value', value => filter.equal('b', value)],
    ['filter.contains: value', value => filter.contains('b', value, 'list')],
    ['filter.equal: value', value => predicates.equals('b', value)],
    ['exp.bytes', value => exp.bytes(value)],
    ['exp.eq: right', value => exp.eq(exp.blobBin('b'), value)],
    ['exp.list', value => exp.list([value])],
    ['exp.map', value => exp.map({ a: value })],
    ['exp.map', value => exp.map(new Map([[value, 1]]))],
    ['CdtContext.fromBytes', value => CdtContext.fromBytes(value)],
    ['addMapKey: key', value => new CdtContext().addMapKey(value)],
    ['addListValue: value', value => new CdtContext().addListValue(value)],
    ['maps.getByKey: key', value => maps.getByKey('b', value, maps.returnType.VALUE)],
    ['bits.insert: value', value => bits.insert('b', 0, value)],
    [
      'buffer',
      value => Columns.from({ buffer: value, layout: { places: [], keys: { kind: 'list', keys: [] } } as never }),
    ],
  ]
  describe.each(BYTES)('%s', (_what, make) => {
    test.each(uses)('%s %#', async (where, use) => {
      expect(await refused(() => use(make() as never))).toEqual(refusal(where))
    })
  })

  test('a filter looks up the bytes that it was made of', () => {
    const bytes = Buffer.from('sought')
    const made = filter.equal('b', bytes)
    bytes.fill(0)
    const written = (of: unknown): Buffer => {
      const writer = new Writer(64)
      ;(of as { write: (writer: Writer) => void }).write(writer)
      return writer.buffer.subarray(0, writer.length)
    }
    expect(written(made)).toEqual(written(filter.equal('b', Buffer.from('sought'))))
  })
})
