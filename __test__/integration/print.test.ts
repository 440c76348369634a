// What JSON.stringify writes and console.log prints of the objects that the package returns.
import { inspect } from 'node:util'
import {
  AerospikeError,
  AerospikeRecord,
  batchRow,
  CdtContext,
  Client,
  type ClientConfig,
  ClientSync,
  Double,
  exp,
  filter,
  GeoJSON,
  HyperLogLog,
  InvalidArgError,
  Key,
  lists,
  op,
  Particle,
  toJSON,
} from 'aerospike-napi'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, type ClientKind, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('print')
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('values that JSON does not have', () => {
  const values = {
    large: 2n ** 60n,
    small: 5n,
    bytes: Buffer.from('ada'),
    map: new Map<unknown, unknown>([
      [1, 'a'],
      ['b', 2n ** 60n],
      [Buffer.from('c'), [3n]],
    ]),
    pairs: new Map<unknown, unknown>([
      [1, 'a'],
      ['1', 'b'],
    ]),
    place: GeoJSON.Point(13, 52),
    hll: new HyperLogLog(Buffer.from([1, 2])),
    particle: new Particle(7, Buffer.from([3])),
    double: Double(1.5),
    array: Float32Array.of(1.5),
    nothing: null,
    __proto__x: 1,
  }
  const plain = {
    large: '1152921504606846976',
    small: '5',
    bytes: '616461',
    map: { 1: 'a', b: '1152921504606846976', 63: ['3'] },
    pairs: [
      [1, 'a'],
      ['1', 'b'],
    ],
    place: { type: 'Point', coordinates: [13, 52] },
    hll: '0102',
    particle: { type: 7, bytes: '03' },
    double: 1.5,
    array: [1.5],
    nothing: null,
    __proto__x: 1,
  }
  expect(toJSON(values)).toEqual(plain)
  expect(json(new AerospikeRecord(new Key('test', 'print', 'a'), values, 1, -1))).toEqual({
    key: { namespace: 'test', set: 'print', userKey: 'a' },
    bins: plain,
    gen: 1,
    ttl: -1,
  })
  expect(toJSON([2n ** 60n, 5n], { bigint: 'number' })).toEqual([2 ** 60, 5])
  expect(toJSON(JSON.parse('{"__proto__": 5}'))).toEqual(JSON.parse('{"__proto__": 5}'))
  for (const bigint of ['text', 5, null]) {
    expect(() => toJSON(1, { bigint } as never)).toThrow(InvalidArgError)
    expect(() => toJSON(1, { bigint } as never)).toThrow(/toJSON: bigint: 'string' or 'number' is needed/)
  }
})

test('builders', () => {
  expect(inspect(new Key('test', 'print', 'a'))).toBe('Key test/print/a')
  const digest = new Key('test', 'print', 'a').digest
  expect(inspect(Key.fromDigest('test', 'print', digest))).toBe(`Key test/print/${digest.toString('hex')}`)
  expect(inspect(filter.range('age', 18, 30))).toBe(
    'Filter { subject: \'the bin "age" (numeric)\', values: [ 18, 30 ] }',
  )
  expect(json(filter.equal('name', 'ada'))).toEqual({ subject: 'the bin "name" (string)', values: ['ada'] })
  const context = new CdtContext().addMapKey('orders')
  expect(inspect(context)).toBe(`CdtContext(1) ${context.toBase64()}`)
  const append = lists.append('tags', 5n).withContext(context)
  expect(inspect(append)).toContain("bin: 'tags'")
  expect(json(append)).toMatchObject({
    bin: 'tags',
    family: 'list',
    args: expect.arrayContaining(['5']),
    context: context.toBase64(),
  })
  const age = exp.intBin('age')
  expect(inspect(age)).toBe(`Expression<int> ${age.toBase64()}`)
  expect(json(op.incr('n', 1))).toEqual({ op: 5, bin: 'n', val: 1 })
  for (const Class of [Key, AerospikeRecord, CdtContext, Client]) expect(inspect(Class.prototype)).toContain('{}')
})

test('errors', () => {
  const cause = new AerospikeError('below', { code: 'CLUSTER', resultCode: -10 })
  const key = new Key('test', 'print', 2n ** 60n)
  const error = new AerospikeError('message', {
    code: 'TIMEOUT',
    resultCode: 9,
    node: 'A1',
    address: 'h:3000',
    key,
    cause,
  })
  const plain = { name: 'AerospikeError', message: 'message', code: 'TIMEOUT', resultCode: 9, retryable: true }
  expect(json(error)).toMatchObject({ ...plain, node: 'A1', address: 'h:3000', key: { userKey: String(2n ** 60n) } })
  expect(json(error)).toMatchObject({ cause: { message: 'below', code: 'CLUSTER' } })
  const reason = { secret: 'reason' }
  expect(json(new AerospikeError('message', { code: 'ABORT_ERR', resultCode: -1, cause: reason }))).not.toHaveProperty(
    'cause',
  )
})

describe.each(CLIENTS)('$name', (kind: ClientKind) => {
  const client = connectBefore(kind)
  const keys = newKey.many(3)

  beforeAll(async () => {
    await client().put(keys[0] as Key, { name: 'Ada', n: 2n ** 60n })
    await client().put(keys[1] as Key, { name: 'Bob', n: 1 })
  })

  test('a record', async () => {
    const record = await client().get(keys[0] as Key)
    expect(inspect(record, { breakLength: 200 })).toBe(
      `AerospikeRecord { key: Key ${keys[0]}, bins: { name: 'Ada', n: ${2n ** 60n}n }, gen: 1, ttl: ${record.ttl} }`,
    )
    expect(json(record)).toMatchObject({ bins: { n: String(2n ** 60n) }, gen: 1 })
    expect(record.toJSON()).toEqual(json(record))
    expect(toJSON(record, { bigint: 'number' })).toMatchObject({ bins: { n: 2 ** 60 } })
    expect(inspect([[record]], { depth: 1 })).toContain('[AerospikeRecord]')
    const ordered = await client().operateOrdered(keys[0] as Key, [op.read('n')])
    expect(json(ordered)).toMatchObject({ results: [['n', String(2n ** 60n)]], gen: 1 })
    expect(ordered.orderedBins).toBe(ordered.results)
  })

  test('a record that cannot be read', async () => {
    const own = await kind.connect({ int64: 'number' })
    const records = await own.query('test', (keys[0] as Key).set).results()
    const unread = records.find(record => record.error !== null)
    expect(json(unread)).toMatchObject({ error: { name: 'ClientError' } })
    expect(inspect(unread)).toContain('does not fit')
    await own.close()
  })

  test('rows of a batch', async () => {
    const rows = await client().batchRead<{ name: string }>(keys)
    expect(json(rows)).toMatchObject([
      { index: 0, record: { bins: { n: String(2n ** 60n) } }, resultCode: 0, error: null },
      { index: 1, record: { bins: { n: 1 } } },
      { index: 2, record: null, resultCode: 2, error: { code: 'RECORD_NOT_FOUND' } },
    ])
    expect(rows.toJSON()).toEqual(toJSON(rows))
    expect(toJSON(rows, { bigint: 'number' })).toMatchObject([{ record: { bins: { n: 2 ** 60 } } }, {}, {}])
    expect(inspect(rows)).toMatch(/^BatchRecords\(3\) \[/)
    expect(inspect(rows)).toContain("name: 'Ada'")
    expect(inspect(rows.at(2))).toContain('RecordNotFound')
    expect(rows.map((row, index) => [index, row.record?.bins.name])).toEqual([
      [0, 'Ada'],
      [1, 'Bob'],
      [2, undefined],
    ])
    expect(rows.filter(row => row.record !== null).map(({ index }) => index)).toEqual([0, 1])
    expect(rows.find(row => row.record?.bins.name === 'Bob')).toBe(rows.at(1))
    expect(rows.find(() => false)).toBeUndefined()
    expect(rows.records.map(({ bins }) => bins.name)).toEqual(['Ada', 'Bob'])
    expect(rows.errors).toEqual([])
    const many = await client().batchRead(newKey.many(50))
    expect(inspect(many)).toContain('... 40 more rows')
    expect(inspect(many).length).toBeLessThan(4000)
  })

  test('errors of a batch', async () => {
    const [made, missing] = [newKey(), newKey()]
    const rows = await client().batch([
      batchRow.write(made, { a: 1 }),
      batchRow.write(missing, { a: 1 }, null, { exists: 'update-only' }),
      batchRow.read(missing),
    ])
    expect(rows.errors.map(({ code, key }) => [code, String(key)])).toEqual([['RECORD_NOT_FOUND', String(missing)]])
  })

  test('columns', async () => {
    const rows = await client().batchReadColumns(keys, { name: 'utf8', n: 'i64' })
    expect(inspect(rows)).toMatch(/^Columns\(3\) \{\s+found: 2,\s+columns: \{ name: 'utf8, 1 without a value', n: 'i64/)
    expect(rows.get(keys[0]?.userKey as string)).toEqual({ name: 'Ada', n: 2n ** 60n })
    expect(rows.get(keys[2]?.userKey as string)).toBeNull()
    expect(rows.get('unknown')).toBeUndefined()
    const objects = [{ name: 'Ada', n: 2n ** 60n }, { name: 'Bob', n: 1n }, null]
    expect(rows.toObjects()).toEqual(objects)
    expect(json(rows)).toEqual(toJSON(objects))
    expect(toJSON(rows, { bigint: 'number' })).toEqual([{ name: 'Ada', n: 2 ** 60 }, { name: 'Bob', n: 1 }, null])
  })

  test('columns of a query, whose user keys are not stored', async () => {
    for await (const rows of client()
      .query('test', (keys[0] as Key).set)
      .columns({ name: 'utf8' })) {
      expect(() => rows.get('a')).toThrow(/get: the servers returned no user keys; they store only .* key: 'send'/)
    }
  })

  test('written columns', async () => {
    const set = (keys[0] as Key).set
    const data = { ns: 'test', set, keys: ['absent'], columns: { a: Int32Array.of(1) } }
    const written = await client().batchWriteColumns(data, { exists: 'update-only' })
    expect(inspect(written)).toBe('WrittenRows(1) { written: 0, failed: 1 }')
    expect(json(written)).toMatchObject({ length: 1, written: 0, failures: [{ row: 0, error: { resultCode: 2 } }] })
  })

  test('queries, tasks and jobs', async () => {
    const query = client()
      .query('test', 'print')
      .where(filter.range('n', 1, 5))
      .select('n')
      .policy({ totalTimeout: 5 })
    expect(inspect(query)).toMatch(/^Query \{\s+namespace: 'test',\s+set: 'print',/)
    expect(json(query)).toEqual({
      namespace: 'test',
      set: 'print',
      where: { subject: 'the bin "n" (numeric)', values: [1, 5] },
      select: ['n'],
      policy: { totalTimeout: 5 },
    })
    const job = client().job(2n ** 63n)
    expect(inspect(job)).toMatch(/^JobTask(Sync)? 9223372036854775808$/)
    expect(json(job)).toEqual({ name: 'job 9223372036854775808', id: '9223372036854775808' })
    const task = await client().udfRemove('print-absent')
    expect(inspect(task)).toMatch(/^Task(Sync)? "udfRemove print-absent.lua"$/)
    expect(json(task)).toEqual({ name: 'udfRemove print-absent.lua' })
  })
})

describe.each([
  ['Client', (config: ClientConfig) => new Client(config)],
  ['ClientSync', (config: ClientConfig) => new ClientSync(config)],
] as const)('a %s', (name, make) => {
  test('shows its state and its nodes, but no password', async () => {
    const { address } = inject('aerospike')
    const client = make({ hosts: address })
    expect(json(client)).toEqual({ state: 'new', hosts: address.split(',') })
    await client.connect()
    expect(inspect(client)).toMatch(new RegExp(`^${name} \\{\\s*state: 'open',\\s*hosts: \\[ '.*' \\],\\s*nodes: \\[`))
    await client.close()
    expect(json(client)).toMatchObject({ state: 'closed' })
    const secret = make({ hosts: '127.0.0.1:1', user: 'ada', password: 'hush', timeout: 50, connectTimeout: 100 })
    expect(await rejection((async () => secret.connect())() as Promise<unknown>)).toBeInstanceOf(AerospikeError)
    for (const text of [inspect(secret, { depth: null, showHidden: true }), JSON.stringify(secret)]) {
      expect(text).not.toContain('hush')
    }
  })
})
