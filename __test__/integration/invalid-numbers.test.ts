// Numbers that no limit, size or time can be: negative ones, NaN, infinities, fractions, numbers beyond the range, and values
// that are no numbers. Fields of policies and options of clients are in unit/policy.test.ts and unit/config.test.ts.
import { AerospikeError, type Client, lists, retry } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore, failureOf, keysOf } from '../helpers/clients.js'

const newKey = keysOf('invalid-numbers')
const set = newKey().set

/** No integer of at least 0. */
const NOT_A_COUNT = [-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 60, '5', 5n, true, {}]
const FRACTIONS = [0.5, 1.5]
const COUNTS = [...NOT_A_COUNT, ...FRACTIONS]
const SIZES = [...COUNTS, 0]

/** A call with a number, the numbers that it refuses, and what the message says. */
type Case = readonly [name: string, values: readonly unknown[], call: (c: Commands, n: never) => unknown, where: RegExp]

const CASES: readonly Case[] = [
  ['close.timeout', COUNTS, (c, timeout) => c.close({ timeout }), /^close\.timeout: /],
  ['meta.gen', COUNTS, (c, gen) => c.put(newKey(), { a: 1 }, { gen }), /^meta\.gen: /],
  // -1, -2 and -3 have a meaning.
  ['meta.ttl', [...COUNTS.slice(1), -4], (c, ttl) => c.put(newKey(), { a: 1 }, { ttl }), /^meta\.ttl: /],
  ['the ttl of touch', [...COUNTS.slice(1), -4], (c, ttl) => c.touch(newKey(), ttl), /^meta\.ttl: /],
  ['update.retries', COUNTS, (c, retries) => c.update(newKey(), () => ({ a: 1 }), { retries }), /^update\.retries: /],
  [
    'update.backoff',
    NOT_A_COUNT.filter(value => typeof value !== 'object' && value !== 2 ** 60),
    (c, backoff) => c.update(newKey(), () => ({ a: 1 }), { backoff }),
    /^update\.backoff/,
  ],
  [
    'update.backoff.factor',
    [...NOT_A_COUNT.filter(value => value !== 2 ** 60), 0, 0.5],
    (c, factor) => c.update(newKey(), () => ({ a: 1 }), { backoff: { factor } }),
    /^update\.backoff\.factor: /,
  ],
  ['bulkWrite.batchSize', SIZES, (c, batchSize) => c.bulkWrite([], { batchSize }), /^bulkWrite\.batchSize: /],
  ['maxRecords', COUNTS, (c, count) => c.query('test', set).maxRecords(count), /maxRecords/],
  ['policy.maxRecords', COUNTS, (c, maxRecords) => c.query('test', set).results({ maxRecords }), /maxRecords/],
  ['recordsPerSecond', COUNTS, (c, rate) => c.query('test', set).recordsPerSecond(rate), /recordsPerSecond/],
  [
    'partitions',
    [...COUNTS.filter(value => typeof value !== 'object'), 4096],
    (c, one) => c.query('test', set).partitions(one),
    /^partitions/,
  ],
  [
    'partitions.begin',
    [...COUNTS, 4096],
    (c, begin) => c.query('test', set).partitions({ begin, count: 1 }),
    /^partitions\.begin: /,
  ],
  [
    'partitions.count',
    [...SIZES, 4097],
    (c, count) => c.query('test', set).partitions({ begin: 0, count }),
    /^partitions\.count: /,
  ],
  ['chunkRows', SIZES, (c, chunkRows) => c.query('test', set).columns({ a: 'i32' }, { chunkRows }), /chunkRows/],
  ['the size of pages', SIZES, async (c, size) => c.query('test', set).pages(size).next(), /^pages: the size: /],
  ['the width of a column', SIZES, (c, width) => c.batchReadColumns([newKey()], { a: ['f32', width] }), /^schema\.a: /],
  [
    'wait.timeout',
    COUNTS,
    (c, timeout) => c.createIntegerIndex({ namespace: 'test', set, bin: 'a', index: 'none' }, { wait: { timeout } }),
    /wait: timeout: /,
  ],
  [
    'wait.interval',
    COUNTS,
    (c, interval) => c.createIntegerIndex({ namespace: 'test', set, bin: 'a', index: 'none' }, { wait: { interval } }),
    /wait: interval: /,
  ],
  ['policy.timeout', COUNTS, (c, timeout) => c.infoAll('build', { timeout }), /^admin policy\.timeout: /],
  ['the timeout of a transaction', COUNTS, (c, timeout) => c.transaction({ timeout }), /transaction\.timeout: /],
  ['a quota', COUNTS, (c, quota) => c.setQuotas('role', quota, 0), /[qQ]uota/],
  [
    'the TTL of columns',
    [...COUNTS.slice(1), -3],
    (c, ttl) => c.batchWriteColumns({ namespace: 'test', set, keys: [1], columns: { a: [1] }, ttl } as never),
    /ttl/,
  ],
  [
    'an index of an operation',
    [0.5, Number.NaN, 2 ** 60, '5'],
    (c, index) => c.operate(newKey(), [lists.get('a', index)]),
    /index/,
  ],
]

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test.each(CASES)('%s', async (_name, values, call, where) => {
    for (const value of values) {
      const error = await failureOf(() => call(client(), value as never))
      expect(error, `with ${String(value)}`).toBeInstanceOf(AerospikeError)
      expect(error, `with ${String(value)}`).toMatchObject({ name: 'InvalidArgError', code: 'INVALID_ARGUMENT' })
      expect((error as Error).message, `with ${String(value)}`).toMatch(where)
    }
  })
})

test('bulkWrite.concurrency of Client', async () => {
  const client = (await CLIENTS[0]?.connect()) as Client
  for (const concurrency of SIZES) {
    const error = await failureOf(() => client.bulkWrite([], { concurrency: concurrency as number }))
    expect(error, `with ${String(concurrency)}`).toMatchObject({ name: 'InvalidArgError' })
  }
  await client.close()
})

test('retry', async () => {
  for (const retries of COUNTS) {
    const error = await failureOf(() => retry(async () => 1, { retries: retries as number }))
    expect(error, `with ${String(retries)}`).toMatchObject({ name: 'InvalidArgError' })
    expect((error as Error).message).toMatch(/^retry\.retries: /)
  }
})
