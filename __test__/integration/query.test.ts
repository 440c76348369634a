import { once } from 'node:events'
import { AerospikeRecord, Client, exp, type Key, op, type Query } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { fill } from '../helpers/fill'

const newKey = keysOf('query')
const COUNT = 1000
const set = newKey('probe').set
const keys: Key[] = []

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  for (let n = 0; n < COUNT; n++) keys.push(newKey(n))
  await Promise.all(
    keys.map((key, n) =>
      client.put(key, { n, even: n % 2 === 0, text: `number ${n}` }, null, n % 2 === 0 ? { key: 'send' } : {}),
    ),
  )
})

const sorted = (numbers: Iterable<unknown>): number[] => ([...numbers] as number[]).sort((a, b) => a - b)
const all = Array.from({ length: COUNT }, (_, n) => n)

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const scan = () => client().query<{ n: number; even: boolean; text: string }>('test', set)

  test('gives every record once', async () => {
    const seen: AerospikeRecord<{ n: number; text: string }>[] = []
    for await (const record of scan()) seen.push(record)
    expect(sorted(seen.map(record => record.bins.n))).toEqual(all)
    const one = seen.find(record => record.bins.n === 17)
    expect(one).toBeInstanceOf(AerospikeRecord)
    expect(one).toMatchObject({ bins: { n: 17, even: false, text: 'number 17' }, gen: 1 })
    expect(one?.key).toMatchObject({ namespace: 'test', set, userKey: undefined })
    expect(one?.key.digest).toEqual((keys[17] as Key).digest)
    // The user key is there when it was stored.
    const sent = seen.find(record => record.bins.n === 18)
    expect(sent?.key.userKey).toBe(18)
    expect(sent?.key.digest).toEqual((keys[18] as Key).digest)
  })

  test('a key that was received can be used', async () => {
    const record = await scan()
      .filter(exp.eq(exp.binInt('n'), exp.int(3)))
      .first()
    expect(record?.bins.n).toBe(3)
    const key = record?.key as Key
    expect(await client().get(key)).toMatchObject({ bins: { n: 3 } })
    expect(String(key)).toContain((keys[3] as Key).digest.toString('hex'))
  })

  test('results, first, count and forEach', async () => {
    expect(await scan().results()).toHaveLength(COUNT)
    expect(await scan().count()).toBe(COUNT)
    expect(await scan().first()).toBeInstanceOf(AerospikeRecord)
    expect(await client().query('test', `${set}-none`).first()).toBeNull()
    expect(await client().query('test', `${set}-none`).count()).toBe(0)
    expect(await client().query('test', `${set}-none`).results()).toEqual([])
    let seen = 0
    await scan().forEach(() => {
      seen++
      return seen < 10
    })
    expect(seen).toBe(10)
    seen = 0
    await scan().forEach(() => void seen++)
    expect(seen).toBe(COUNT)
  })

  test('what forEach throws ends it and comes out', async () => {
    const failing = async () =>
      scan().forEach(() => {
        throw new Error('enough')
      })
    await expect(failing()).rejects.toThrow('enough')
  })

  test('select, and select of nothing', async () => {
    const [record] = await client().query('test', set).select('n', 'none').results()
    expect(Object.keys(record?.bins ?? {})).toEqual(['n'])
    const headers = await scan().select().results()
    expect(headers).toHaveLength(COUNT)
    expect(headers[0]).toMatchObject({ bins: {}, gen: 1 })
  })

  test('filter', async () => {
    const odd = scan().filter(
      exp.and(exp.lt(exp.binInt('n'), exp.int(10)), exp.eq(exp.binBool('even'), exp.bool(false))),
    )
    expect(sorted((await odd.results()).map(record => record.bins.n))).toEqual([1, 3, 5, 7, 9])
    expect(await odd.count()).toBe(5)
  })

  test('maxRecords is exact', async () => {
    for (const most of [1, 2, 7, 999, 1000, 1001]) {
      expect(await scan().maxRecords(most).results()).toHaveLength(Math.min(most, COUNT))
    }
    expect(await scan().results({ maxRecords: 3 })).toHaveLength(3)
    expect(await scan().maxRecords(5).count()).toBe(5)
  })

  test('operations project', async () => {
    const query = scan()
      .operations(op.read('n'))
      .filter(exp.lt(exp.binInt('n'), exp.int(5)))
    const found = await query.results()
    expect(sorted(found.map(record => record.bins.n))).toEqual([0, 1, 2, 3, 4])
    expect(Object.keys(found[0]?.bins ?? {})).toEqual(['n'])
  })

  test('partitions: one, a range, after a key', async () => {
    const halves = [
      await scan().partitions({ begin: 0, count: 2048 }).results(),
      await scan().partitions({ begin: 2048, count: 2048 }).results(),
    ]
    expect(halves[0]?.length).toBeGreaterThan(300)
    expect(sorted(halves.flat().map(record => record.bins.n))).toEqual(all)
    const partition = (key: Key) => key.digest.readUInt16LE(0) & 4095
    const own = partition(keys[5] as Key)
    const neighbours = await scan().partitions(own).results()
    const expected = keys.filter(key => partition(key) === own)
    expect(neighbours).toHaveLength(expected.length)
    const after = await scan()
      .partitions({ after: keys[5] as Key })
      .results()
    expect(after.length).toBeLessThan(neighbours.length)
    expect(after.map(record => record.bins.n)).not.toContain(5)
    const before = neighbours.findIndex(record => record.bins.n === 5)
    expect(after).toHaveLength(neighbours.length - before - 1)
  })

  test('pages with a cursor', async () => {
    const seen: number[] = []
    const sizes: number[] = []
    let cursor: string | null = null
    do {
      let page: { records: AerospikeRecord<{ n: number }>[]; cursor: string | null } | undefined
      for await (page of scan().pages(300, cursor)) break
      seen.push(...(page?.records ?? []).map(record => record.bins.n))
      sizes.push(page?.records.length ?? 0)
      cursor = page?.cursor ?? null
    } while (cursor !== null)
    expect(sizes.slice(0, 3)).toEqual([300, 300, 300])
    expect(sorted(seen)).toEqual(all)

    const inOneGo: number[] = []
    for await (const page of scan().pages(128)) inOneGo.push(...page.records.map(record => record.bins.n))
    expect(sorted(inOneGo)).toEqual(all)
  })

  test('pages stop at maxRecords', async () => {
    const sizes: number[] = []
    for await (const page of scan().maxRecords(25).pages(10)) sizes.push(page.records.length)
    expect(sizes).toEqual([10, 10, 5])
  })

  test('invalid cursors, and cursors of another query', async () => {
    let cursor: string | null = null
    for await (const page of scan().pages(10)) {
      ;({ cursor } = page)
      break
    }
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
    const resumed = async (query: Query<unknown>, from: unknown) => {
      for await (const _ of query.pages(10, from as string)) return
    }
    const own = cursor as unknown as string
    await resumed(scan() as never, own)
    for (const garbage of ['', 'äöü', 'AAAA', own.slice(0, -6), `B${own.slice(1)}`, 5, {}]) {
      expect(await rejection(resumed(scan() as never, garbage))).toMatchObject({ name: 'InvalidArgError' })
    }
    const others = [
      client().query('test', `${set}x`),
      client().query('test'),
      scan().filter(exp.eq(exp.binInt('n'), exp.int(1))),
      scan().partitions(7),
    ]
    for (const other of others) {
      const error = await rejection(resumed(other as never, own))
      expect(error).toMatchObject({ name: 'InvalidArgError', message: expect.stringContaining('another query') })
    }
  })

  test('chunks', async () => {
    const seen: number[] = []
    for await (const chunk of scan().stream().chunks()) {
      expect(chunk.length).toBeGreaterThan(0)
      seen.push(...chunk.map(record => record.bins.n))
    }
    expect(sorted(seen)).toEqual(all)
  })

  test('a query can be run again', async () => {
    const query = scan().select('n')
    expect(await query.count()).toBe(COUNT)
    expect(await query.results()).toHaveLength(COUNT)
    expect(await query.results()).toHaveLength(COUNT)
  })

  test('scan is query', async () => {
    expect(await client().scan('test', set).count()).toBe(COUNT)
  })

  test('unknown namespaces and sets', async () => {
    expect(await rejection((async () => client().query('nowhere', 'x').results())())).toMatchObject({
      code: 'INVALID_NAMESPACE',
      message: expect.stringContaining('query'),
    })
    expect(await client().query('test', `${set}-unknown`).count()).toBe(0)
  })

  test('what is refused at once', async () => {
    const query = () => client().query('test', set)
    const bad: (() => unknown)[] = [
      () => client().query('', set),
      () => client().query(5 as never, set),
      () => Reflect.apply(client().query, client(), ['test', set, { filters: [] }]),
      () => query().select(5 as never),
      () => query().where('age' as never),
      () => query().where({ type: 'bool' } as never),
      () => query().partitions(4096),
      () => query().partitions({ begin: 4095, count: 2 }),
      () => query().partitions({ begin: 0, count: 0 }),
      () => query().partitions({ from: 1 } as never),
      () => query().partitions({ after: 'x' } as never),
      () => query().maxRecords(-1),
      () => query().maxRecords(1.5),
      () => query().recordsPerSecond(-1),
      () => query().expectedDuration('quick' as never),
      () => query().operations(),
      () => query().select('a').operations(op.read('b')),
      () => query().policy(5 as never),
    ]
    for (const call of bad) expect(call).toThrow(expect.objectContaining({ name: 'InvalidArgError' }))
    for (const name of ['', 'a'.repeat(16)])
      expect(() => query().select(name)).toThrow(expect.objectContaining({ name: 'BinNameError' }))
    const late: (() => Promise<unknown>)[] = [
      async () =>
        query()
          .policy({ unknown: 1 } as never)
          .results(),
      async () => query().results({ totalTimeout: -1 }),
      async () => query().forEach(5 as never),
      async () => {
        for await (const _ of query().pages(0)) return
      },
    ]
    for (const call of late) expect(await rejection(call())).toMatchObject({ name: 'InvalidArgError' })
  })
})

describe('the asynchronous client', () => {
  const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[0]) as () => Client
  const scan = () => client().query<{ n: number }>('test', set)
  // More than a stream reads ahead, and the sockets hold: a stream of it has not ended at its first row.
  const large = `${set}-large`

  beforeAll(() => fill(client(), large, 20_000, 100))
  afterAll(() => client().truncate('test', large))

  test('next can be called without waiting', async () => {
    const rows = scan().stream()
    const results = await Promise.all(Array.from({ length: COUNT + 5 }, () => rows.next()))
    expect(results.filter(result => result.done !== true)).toHaveLength(COUNT)
    expect(results.at(-1)).toEqual({ done: true, value: undefined })
    expect(await rows.next()).toEqual({ done: true, value: undefined })
  })

  test('a stream that was left gives nothing more', async () => {
    const rows = scan().stream()
    await rows.next()
    await rows.return()
    expect(await rows.next()).toEqual({ done: true, value: undefined })
    await using left = scan().stream()
    await left.next()
  })

  test('toReadable', async () => {
    const seen: number[] = []
    for await (const record of scan().toReadable()) seen.push((record as AerospikeRecord<{ n: number }>).bins.n)
    expect(sorted(seen)).toEqual(all)
    const readable = scan().toReadable()
    readable.once('data', () => readable.destroy())
    await once(readable, 'close')
  })

  test('forEach awaits what it is given', async () => {
    let running = 0
    await scan()
      .maxRecords(20)
      .forEach(async () => {
        expect(running).toBe(0)
        running++
        await new Promise(resolve => setImmediate(resolve))
        running--
      })
    let seen = 0
    await scan().forEach(async () => ++seen < 4)
    expect(seen).toBe(4)
  })

  test('a signal ends it while it is pulled, and between two pulls', async () => {
    const aborted = AbortSignal.abort(new Error('before'))
    expect(await rejection(scan().results({ signal: aborted }))).toMatchObject({ name: 'AbortError' })

    const controller = new AbortController()
    const rows = client().query('test', large).stream({ signal: controller.signal })
    await rows.next()
    controller.abort(new Error('between'))
    const rest = (async () => {
      for await (const _ of rows);
    })()
    expect(await rejection(rest)).toMatchObject({ name: 'AbortError', cause: { message: 'between' } })
  })

  test('totalTimeout bounds the whole of it', async () => {
    const started = performance.now()
    const slow = scan().recordsPerSecond(20).policy({ totalTimeout: 300 })
    const error = await rejection(
      (async () => {
        for await (const _ of slow);
      })(),
    )
    expect(error).toMatchObject({ name: 'AerospikeTimeoutError' })
    expect(performance.now() - started).toBeLessThan(1500)
  })

  test('a closed client ends its streams', async () => {
    const own = await new Client({ hosts: inject('aerospike').address }).connect()
    const rows = own.query('test', large).stream()
    await rows.next()
    await own.close()
    const rest = (async () => {
      for await (const _ of rows);
    })()
    expect(await rejection(rest)).toMatchObject({ name: 'ClientError' })
    expect(await rejection(own.query('test', set).results())).toMatchObject({ name: 'ClientError' })
  })
})
