import { HyperLogLog, hll, op, type ReadValue } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../../helpers/clients.js'
import { BIN_TYPE, benchOf, failure, NOT_APPLICABLE, PARAMETER } from '../../helpers/operations.js'

const { writeFlags } = hll

const values = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `v${from + index}`)

describe.each(CLIENTS)('HyperLogLogs, $name', kind => {
  const { client, record, results, binsAfter, refused } = benchOf(kind, 'hll')

  /** A HyperLogLog of some values. */
  async function sketch(items: string[], indexBits = 10, minhashBits?: number): Promise<HyperLogLog> {
    const [, found] = await results({}, hll.add('h', items, indexBits, minhashBits), op.read('h'))
    expect(found).toBeInstanceOf(HyperLogLog)
    return found as HyperLogLog
  }

  const near = (found: ReadValue | undefined, expected: number): void => {
    expect(Math.abs((found as number) - expected) / expected).toBeLessThan(0.1)
  }

  test('init, add, getCount, describe', async () => {
    const ops = [
      hll.init('h', 12),
      hll.describe('h'),
      hll.getCount('h'),
      hll.add('h', ['a', 'b', 'a', 7]),
      hll.getCount('h'),
    ]
    expect(await results({}, ...ops)).toEqual([null, [12, 0], 0, 3, 3])
    expect(await results({}, hll.init('h', 8, 12), hll.describe('h'))).toEqual([null, [8, 12]])
    const [changed, count] = await results({}, hll.add('h', values(0, 1000), 12), hll.getCount('h'))
    near(changed, 1000)
    near(count, 1000)
  })

  test('init empties one that is there', async () => {
    expect(await results({ h: await sketch(['a']) }, hll.init('h', 8), hll.getCount('h'))).toEqual([null, 0])
  })

  test('can be written back', async () => {
    const h = await sketch(values(0, 100))
    expect(await binsAfter({}, op.write('h', h))).toEqual({ h })
    near((await results({ h }, hll.getCount('h')))[0], 100)
    expect(await results({ h }, hll.add('h', ['v0']))).toEqual([0])
  })

  test('union, intersection, similarity', async () => {
    const [left, right] = [await sketch(values(0, 200), 12, 20), await sketch(values(100, 200), 12, 20)]
    const ops = [
      hll.getUnionCount('h', [right]),
      hll.getIntersectCount('h', [right]),
      hll.getSimilarity('h', [right]),
      hll.getUnion('h', [right]),
    ]
    const [union, intersection, similarity, both] = await results({ h: left }, ...ops)
    near(union, 300)
    near(intersection, 100)
    expect(Math.abs((similarity as number) - 1 / 3)).toBeLessThan(0.05)
    expect(both).toBeInstanceOf(HyperLogLog)
    near((await results({ h: both as HyperLogLog }, hll.getCount('h')))[0], 300)
  })

  test('setUnion and refreshCount', async () => {
    const other = await sketch(values(100, 100))
    const ops = [hll.setUnion('h', [other]), hll.refreshCount('h'), hll.getCount('h')]
    const [none, refreshed, count] = await results({ h: await sketch(values(0, 100)) }, ...ops)
    expect(none).toBe(null)
    near(refreshed, 200)
    expect(count).toBe(refreshed)
  })

  test('fold', async () => {
    expect(await results({ h: await sketch(['a', 'b']) }, hll.fold('h', 6), hll.describe('h'))).toEqual([null, [6, 0]])
    expect(await refused({ h: await sketch(['a'], 6) }, hll.fold('h', 10))).toMatchObject(NOT_APPLICABLE)
    expect(await refused({ h: await sketch(['a'], 8, 20) }, hll.fold('h', 6))).toMatchObject(NOT_APPLICABLE)
  })

  test('flags', async () => {
    const h = await sketch(['a'])
    const exists = failure('BinExistsError', 'BIN_EXISTS')
    const missing = failure('BinNotFoundError', 'BIN_NOT_FOUND')
    const create = { writeFlags: writeFlags.CREATE_ONLY }
    const update = { writeFlags: writeFlags.UPDATE_ONLY }
    expect(await refused({ h }, hll.init('h', 8, undefined, create))).toMatchObject(exists)
    expect(await refused({ x: 1 }, hll.init('h', 8, undefined, update))).toMatchObject(missing)
    expect(await refused({ h }, hll.add('h', ['b'], 8).withPolicy(create))).toMatchObject(exists)
    const quiet = { writeFlags: writeFlags.CREATE_ONLY | writeFlags.NO_FAIL }
    expect(await binsAfter({ h }, hll.init('h', 8).withPolicy(quiet))).toEqual({ h })
    const coarse = await sketch(['b'], 6)
    expect(await refused({ h }, hll.setUnion('h', [coarse]))).toMatchObject(NOT_APPLICABLE)
    const fold = { writeFlags: writeFlags.ALLOW_FOLD }
    expect(await results({ h }, hll.setUnion('h', [coarse], fold), hll.describe('h'))).toEqual([null, [6, 0]])
  })

  test('what is refused leaves the record as it was', async () => {
    const h = await sketch(['a'])
    for (const operation of [hll.init('h', 3), hll.init('h', 17), hll.init('h', 8, 60), hll.init('h', 8, 3)]) {
      expect(await refused({ h }, hll.add('h', ['b']), operation)).toMatchObject(PARAMETER)
    }
    for (const operation of [hll.getCount('s'), hll.add('s', ['a'], 8), hll.describe('s'), hll.getUnion('s', [h])]) {
      expect(await refused({ s: 'text' }, operation)).toMatchObject(BIN_TYPE)
    }
    const broken = new HyperLogLog(Uint8Array.of(1, 2, 3))
    expect(await refused({ h }, hll.getUnionCount('h', [broken]))).toMatchObject(PARAMETER)
  })

  test('a missing bin', async () => {
    expect(await results({ x: 1 }, hll.getCount('h'), hll.describe('h'))).toEqual([null, null])
    expect(await refused({ x: 1 }, hll.add('h', ['a']))).toMatchObject(NOT_APPLICABLE)
    expect(await refused({ x: 1 }, hll.fold('h', 6))).toMatchObject(failure('BinNotFoundError', 'BIN_NOT_FOUND'))
    const key = await record({ x: 1 })
    expect((await client().operate(key, [hll.add('h', ['a'], 8), hll.getCount('h')])).bins).toEqual({ h: 1 })
  })
})
