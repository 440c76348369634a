import { Client, filter, GeoJSON, op, predicates } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('query-index')
const { set } = newKey('probe')
const COUNT = 200
const indexes = [
  ['n', 'numeric', 'default'],
  ['s', 'string', 'default'],
  ['list', 'numeric', 'list'],
  ['place', 'geo2dsphere', 'default'],
] as const
const nameOf = (bin: string): string => `${set}-${bin}`

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  for (const [bin, datatype, type] of indexes) {
    const task = await client.createIndex({ namespace: 'test', set, index: nameOf(bin), bin, datatype, type })
    await task.wait()
  }
  await Promise.all(
    Array.from({ length: COUNT }, (_, n) => {
      const place = GeoJSON.Point(n / 10, 10)
      return client.put(newKey(n), { n, s: `s${n % 4}`, list: [n, n + 1000], place })
    }),
  )
}, 60_000)

afterAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  for (const [bin] of indexes) await client.dropIndex('test', nameOf(bin))
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const query = () => client().query<{ n: number }>('test', set)
  const numbers = (records: readonly { bins: { n: number } }[]) =>
    records.map(({ bins }) => bins.n).sort((a, b) => a - b)

  test('range, equal and contains', async () => {
    expect(
      numbers(
        await query()
          .where(filter.range('n', 5, 9))
          .results(),
      ),
    ).toEqual([5, 6, 7, 8, 9])
    expect(
      numbers(
        await query()
          .where(predicates.between('n', 5, 6))
          .results(),
      ),
    ).toEqual([5, 6])
    expect(numbers(await query().where(filter.equal('n', 77)).results())).toEqual([77])
    expect(await query().where(predicates.equals('s', 's1')).count()).toBe(COUNT / 4)
    expect(
      numbers(
        await query()
          .where(filter.contains('list', 1003, 'list'))
          .results(),
      ),
    ).toEqual([3])
    expect(
      numbers(
        await query()
          .where(filter.range('list', 1003, 1004, 'list'))
          .results(),
      ),
    ).toEqual([3, 4])
    expect(
      numbers(
        await query()
          .where(filter.range('unknown', 5, 6).usingIndex(nameOf('n')))
          .results(),
      ),
    ).toEqual([5, 6])
  })

  test('geo', async () => {
    const near = await query()
      .where(filter.geoWithinRadius('place', 5, 10, 20_000))
      .results()
    expect(numbers(near)).toEqual([49, 50, 51])
    const same = await query()
      .where(predicates.geoWithinRadius('place', 10, 5, 20_000))
      .results()
    expect(numbers(same)).toEqual([49, 50, 51])
    const square = GeoJSON.Polygon([0.95, 9], [1.25, 9], [1.25, 11], [0.95, 11], [0.95, 9])
    expect(numbers(await query().where(filter.geoWithinGeoJSONRegion('place', square)).results())).toEqual([10, 11, 12])
  })

  test('pages of a query by index', async () => {
    const seen: number[] = []
    let cursor: string | null = null
    do {
      for await (const page of query()
        .where(filter.range('n', 0, 99))
        .pages(30, cursor)) {
        seen.push(...page.records.map(({ bins }) => bins.n))
        ;({ cursor } = page)
        break
      }
    } while (cursor !== null)
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n))
  })

  test('without an index the message says how to make one', async () => {
    const error = await rejection((async () => query().where(filter.equal('other', 'x')).results())())
    expect(error).toMatchObject({ name: 'IndexNotFoundError', message: expect.stringContaining('client.createIndex(') })
    expect(error).toMatchObject({ message: expect.stringContaining('bin: "other"') })
  })

  test('a background job changes what it chooses, and tells how much', async () => {
    const task = await query()
      .where(filter.range('n', 0, 9))
      .operate([op.write('touched', kind.name)])
    await task.wait({ timeout: 10_000 })
    const read = await Promise.all([client().get(newKey(3)), client().get(newKey(30))])
    expect(read[0]?.bins.touched).toBe(kind.name)
    expect(read[1]?.bins.touched).not.toBe(kind.name)
    expect(await client().job(task.id).status()).toMatchObject({ done: true })
  })

  test('what is refused', () => {
    const bad: (() => unknown)[] = [
      () => query().where(filter.equal('n', 1)).where(filter.equal('s', 'x')),
      () => filter.equal('n', 1.5),
      () => filter.equal('n', true as never),
      () => filter.range('n', 'a' as never, 1),
      () => filter.contains('n', 1, 'default'),
      () => filter.contains('n', 1, 1 as never),
      () => filter.geoWithinRadius('place', 181, 0, 1),
      () => filter.geoWithinRadius('place', 0, 0, -1),
      () => filter.geoWithinGeoJSONRegion('place', '{'),
      () => filter.geoWithinGeoJSONRegion('place', GeoJSON.Point(1, 1)),
      () => filter.geoContainsGeoJSONPoint('place', { type: 'Polygon', coordinates: [] }),
    ]
    for (const call of bad) expect(call).toThrow(expect.objectContaining({ name: 'InvalidArgError' }))
    expect(() => filter.equal('a'.repeat(16), 1)).toThrow(expect.objectContaining({ name: 'BinNameError' }))
  })

  test('jobs take no selection', async () => {
    for (const odd of [() => query().select('n'), () => query().maxRecords(1), () => query().partitions(1)]) {
      expect(await rejection((async () => odd().operate([op.write('a', 1)]))())).toMatchObject({
        name: 'InvalidArgError',
      })
    }
  })
})
