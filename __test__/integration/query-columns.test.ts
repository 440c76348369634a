import {
  BinaryColumn,
  Client,
  Columns,
  exp,
  filter,
  Key,
  op,
  type QueryColumnsPolicy,
  type Schema,
} from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('query-columns')
const { set } = newKey('probe')
const COUNT = 1000
const index = `${set}-n`
const keys: Key[] = []

const rowOf = (n: number) => ({
  n,
  half: n / 2,
  name: `number ${n}`,
  kind: `kind ${n % 3}`,
  vec: Buffer.from(Float32Array.of(n, n + 0.5).buffer),
  even: n % 2 === 0,
  ...(n % 10 === 0 ? {} : { big: BigInt(n) }),
})

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  const task = await client.createIndex({ namespace: 'test', set, index, bin: 'n', datatype: 'numeric' })
  for (let n = 0; n < COUNT; n++)
    keys.push(newKey(n % 3 === 0 ? n : n % 3 === 1 ? `k${n}` : Buffer.from([n & 255, n >> 8])))
  await Promise.all(keys.map((key, n) => client.put(key, rowOf(n), null, n % 2 === 0 ? { key: 'send' } : {})))
  await task.wait()
}, 60_000)

afterAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  await client.dropIndex('test', index)
})

const SCHEMA = {
  n: 'i32',
  half: 'f64',
  name: 'utf8',
  kind: 'dictionary',
  vec: ['f32', 2],
  even: 'bool',
  big: 'i64',
} as const

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const scan = (name = set) => client().query('test', name)

  async function chunksOf<const S extends Schema>(
    query: ReturnType<typeof scan>,
    schema: S,
    policy?: QueryColumnsPolicy,
  ) {
    const chunks: Columns<S>[] = []
    for await (const chunk of query.columns(schema, policy)) chunks.push(chunk)
    return chunks
  }

  test('gives every record once, with its values, nulls and keys', async () => {
    const seen = new Set<number>()
    for (const chunk of await chunksOf(scan(), SCHEMA, { chunkRows: 300 })) {
      expect(chunk).toBeInstanceOf(Columns)
      let nulls = 0
      for (let row = 0; row < chunk.length; row++) {
        const n = chunk.columns.n[row] as number
        seen.add(n)
        const { vec, big, ...rest } = rowOf(n)
        expect(chunk.row(row)).toMatchObject(rest)
        expect(chunk.columns.vec.subarray(row * 2, row * 2 + 2)).toEqual(Float32Array.of(n, n + 0.5))
        expect(chunk.row(row)?.big ?? undefined).toBe(big)
        expect(chunk.isValid('big', row)).toBe(big !== undefined)
        if (big === undefined) nulls++
        expect(chunk.gen[row]).toBe(1)
        // The digest is always there, the user key where it was stored.
        const key = keys[n] as Key
        expect(chunk.digests?.subarray(row * 20, row * 20 + 20)).toEqual(key.digest)
        expect(chunk.key(row)).toMatchObject({ namespace: 'test', set, userKey: n % 2 === 0 ? key.userKey : undefined })
        expect(chunk.key(row)?.digest).toEqual(key.digest)
        if (n === 6) expect(chunk.indexOf(6)).toBe(row)
      }
      expect(chunk.nullCounts.big).toBe(nulls)
    }
    expect(seen.size).toBe(COUNT)
  })

  test.each([1, 7, 250, 333, 999, 1000, 1001])('chunks of %i rows', async chunkRows => {
    const lengths = (await chunksOf(scan(), { n: 'i32' }, { chunkRows })).map(({ length }) => length)
    const last = COUNT % chunkRows
    expect(lengths).toEqual([...Array(Math.floor(COUNT / chunkRows)).fill(chunkRows), ...(last === 0 ? [] : [last])])
  })

  test('a chunk is cut where its texts exceed 16 MiB', async () => {
    const wide = newKey('wide').set
    const name = `${wide}-wide`
    const big = 'x'.repeat(900_000)
    const put = Array.from({ length: 40 }, (_, n) => new Key('test', name, n))
    for (const [n, key] of put.entries()) await client().put(key, { n, big })
    try {
      const chunks = await chunksOf(scan(name), { n: 'i32', big: 'utf8' })
      expect(chunks.map(({ length }) => length)).toEqual([19, 19, 2])
      expect(chunks[1]?.columns.big.get(18)).toBe(big)
    } finally {
      await client().batchRemove(put)
    }
  })

  test('nothing found is no chunk', async () => {
    expect(await chunksOf(scan(`${set}-none`), SCHEMA)).toEqual([])
    expect(await chunksOf(scan().where(filter.equal('n', -1)), SCHEMA)).toEqual([])
    expect(await chunksOf(scan().filter(exp.eq(exp.binInt('n'), exp.int(-1))), SCHEMA)).toEqual([])
  })

  test('where, filter, maxRecords, partitions', async () => {
    const few = scan()
      .where(filter.range('n', 100, 199))
      .filter(exp.eq(exp.binBool('even'), exp.bool(true)))
    const chunks = await chunksOf(few, { n: 'u16' }, { chunkRows: 20 })
    expect(chunks.map(({ length }) => length)).toEqual([20, 20, 10])
    const numbers = chunks.flatMap(({ columns }) => [...columns.n]).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => 100 + n * 2))
    expect((await chunksOf(scan().maxRecords(33), { n: 'i32' }))[0]?.length).toBe(33)
    const [half, rest] = await Promise.all(
      [0, 2048].map(begin => chunksOf(scan().partitions({ begin, count: 2048 }), { n: 'i32' })),
    )
    expect((half?.[0]?.length ?? 0) + (rest?.[0]?.length ?? 0)).toBe(COUNT)
  })

  test('a value that does not fit is the error of its row', async () => {
    const [chunk] = await chunksOf(scan(), { n: 'u8', name: 'utf8' })
    if (chunk === undefined) throw new Error('there is no chunk')
    expect(chunk.length).toBe(COUNT)
    expect(chunk.found).toBe(256)
    const bad = chunk.resultCodes.indexOf(12)
    expect(chunk.row(bad)).toBeNull()
    expect(chunk.columns.name.get(bad)).toBe('')
    expect(chunk.error(bad)?.message).toMatch(
      /^bin n holds the integer \d+, which is out of the range of its column \(u8\) \(query /,
    )
    expect(keys.some(({ digest }) => digest.equals(chunk.key(bad)?.digest as Buffer))).toBe(true)
    const [cut] = await chunksOf(scan(), { n: 'u8' }, { wrap: true })
    expect(cut?.found).toBe(COUNT)
  })

  test('bins that no record has, and fill', async () => {
    const schema = { n: 'i32', none: { type: 'f32', fill: -1 }, data: 'binary' } as const
    const [chunk] = await chunksOf(scan(), schema)
    expect(chunk?.nullCounts).toEqual({ n: 0, none: COUNT, data: COUNT })
    expect(chunk?.columns.none[5]).toBe(-1)
    expect(chunk?.columns.data).toBeInstanceOf(BinaryColumn)
    // A server leaves out records that have none of the bins.
    expect(await chunksOf(scan(), { none: 'f32' })).toEqual([])
    const [some] = await chunksOf(scan(), { big: 'i64' })
    expect(some?.length).toBe(COUNT - COUNT / 10)
  })

  test('a wrong schema or policy is refused at once', () => {
    const refused = (schema: unknown, policy?: unknown) => () =>
      scan().columns(schema as Schema, policy as QueryColumnsPolicy)
    expect(refused({})).toThrow('schema: at least one column is needed')
    expect(refused(undefined)).toThrow('schema')
    expect(refused({ n: 'int' })).toThrow('schema.n')
    expect(refused({ n: ['f32', 0] })).toThrow('schema.n')
    expect(refused({ 'a name that is too long': 'i32' })).toThrow('schema')
    for (const chunkRows of [0, -1, 1.5, 2 ** 20 + 1, '10']) {
      expect(refused({ n: 'i32' }, { chunkRows })).toThrow('query policy.chunkRows')
    }
    expect(refused({ n: 'i32' }, { wrap: 1 })).toThrow('query policy.wrap')
    expect(() => scan().select('n').columns({ n: 'i32' })).toThrow('columns: the query already selects bins')
  })

  test('an unknown option and a server error come with the first chunk', async () => {
    expect(((await rejection(chunksOf(scan(), { n: 'i32' }, { chunkrows: 5 } as never))) as Error).message).toMatch(
      'chunkrows',
    )
    const error = (await rejection(chunksOf(scan().where(filter.equal('half', 3)), { n: 'i32' }))) as Error
    expect(error).toMatchObject({ code: 'INDEX_NOT_FOUND' })
    expect(error.message).toMatch('createIndex')
  })

  test('leaving the loop, disposing and returning end it; chunks stay', async () => {
    let kept: Columns<{ n: 'i32' }> | undefined
    for await (const chunk of scan().columns({ n: 'i32' }, { chunkRows: 10 })) {
      kept = chunk
      break
    }
    expect(kept?.length).toBe(10)
    expect(kept?.found).toBe(10)
    const stream = scan().columns({ n: 'i32' }, { chunkRows: 10 })
    expect((await stream.next()).done).toBe(false)
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    await expect(
      (async () => {
        for await (const _ of scan().columns({ n: 'i32' }, { chunkRows: 10 })) throw new Error('enough')
      })(),
    ).rejects.toThrow('enough')
  })

  test('columns travel to another thread with their keys', async () => {
    const [chunk] = await chunksOf(scan().where(filter.equal('n', 6)), { n: 'i32' })
    const copy = Columns.from<{ n: 'i32' }>(structuredClone(chunk?.toMessage()) as never)
    expect(copy.row(0)).toEqual({ n: 6 })
    expect(copy.key(0)?.userKey).toBe(6)
    expect(copy.digests).toEqual(keys[6]?.digest)
  })
})

describe('Client', () => {
  const client = connectBefore(CLIENTS[0]!)
  const scan = () => client().query('test', set)

  test('a signal ends it, before and in between', async () => {
    const at = new AbortController()
    at.abort()
    const never = async () => {
      for await (const _ of scan().columns({ n: 'i32' }, { signal: at.signal })) throw new Error('a chunk')
    }
    expect(((await rejection(never())) as Error).name).toBe('AbortError')
    const between = new AbortController()
    const run = async () => {
      for await (const _ of scan().columns({ n: 'i32' }, { chunkRows: 10, signal: between.signal })) between.abort()
    }
    expect(((await rejection(run())) as Error).name).toBe('AbortError')
  })

  test('a client that closes ends it', async () => {
    const own = await new Client({ hosts: inject('aerospike').address }).connect()
    const stream = own.query('test', set).columns({ n: 'i32' }, { chunkRows: 10 })
    await stream.next()
    await own.close()
    expect(await rejection(stream.next())).toMatchObject({ name: 'ClientError', code: 'CLIENT_CLOSED' })
  })

  test('pulls that overlap come one after the other', async () => {
    const stream = scan().columns({ n: 'i32' }, { chunkRows: 400 })
    const pulls = await Promise.all([1, 2, 3, 4].map(() => stream.next()))
    expect(pulls.map(({ value }) => value?.length)).toEqual([400, 400, 200, undefined])
  })

  test('a consumer that rests gets all the rows', async () => {
    let seen = 0
    for await (const chunk of scan().columns({ n: 'i32' }, { chunkRows: 50 })) {
      // The subject of the test: longer than the rest after which its connections are given back.
      if (seen === 0) await new Promise(resolve => setTimeout(resolve, 1300))
      seen += chunk.found
    }
    expect(seen).toBe(COUNT)
  })

  test('operations say what is read', async () => {
    const numbers: number[] = []
    for await (const { columns } of scan()
      .where(filter.range('n', 1, 3))
      .operations([op.read('n')])
      .columns({ n: 'i32' })) {
      numbers.push(...columns.n)
    }
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3])
  })
})
