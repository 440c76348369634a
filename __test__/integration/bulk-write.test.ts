// `bulkWrite`: many records from a source of any length.
import {
  AbortError,
  type BulkRow,
  BulkWriteError,
  type BulkWriteOptions,
  batchRow,
  InvalidArgError,
  op,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { until } from '../helpers/until'

const key = keysOf('bulk-write')
const rowsOf = (count: number): BulkRow[] => key.many(count).map((k, n) => ({ key: k, bins: { n } }))

async function failureOf(promise: Promise<unknown>): Promise<BulkWriteError> {
  const error = await rejection(promise)
  expect(error).toBeInstanceOf(BulkWriteError)
  return error as BulkWriteError
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const stored = async (rows: readonly BulkRow[]): Promise<unknown[]> =>
    (await client().batchRead(rows.map(row => row.key))).toArray().map(({ record }) => record?.bins.n)

  test('writes all rows of an iterable', async () => {
    const rows = rowsOf(25)
    const result = await client().bulkWrite(new Set(rows), { batchSize: 10 })
    expect(result).toEqual({ rows: 25, written: 25, failed: 0, inDoubt: 0, failures: [] })
    expect(await stored(rows)).toEqual(rows.map((_, n) => n))
  })

  test('an empty source is no error', async () => {
    expect(await client().bulkWrite([])).toEqual({ rows: 0, written: 0, failed: 0, inDoubt: 0, failures: [] })
  })

  test('rows may operate, remove and have policies', async () => {
    const [a, b, c] = key.many(3)
    await client().put(b as never, { n: 1 })
    const rows = [
      batchRow.operate(a as never, [op.incr('n', 5)]),
      batchRow.remove(b as never),
      { key: c as never, bins: { n: 7 }, meta: { ttl: 1000 }, policy: { exists: 'create-only' as const } },
    ]
    expect(await client().bulkWrite(rows)).toMatchObject({ written: 3, failed: 0 })
    expect(await stored(rows)).toEqual([5, undefined, 7])
  })

  test('a row that fails does not affect the others', async () => {
    const rows = rowsOf(10)
    await client().put(rows[3]?.key as never, { n: 'taken' })
    await client().put(rows[7]?.key as never, { n: 'taken' })
    const result = await client().bulkWrite(rows, { batchSize: 2, policy: { exists: 'create-only' } })
    expect(result).toMatchObject({ rows: 10, written: 8, failed: 2, inDoubt: 0 })
    expect(result.failures).toMatchObject([
      { index: 3, row: rows[3], inDoubt: false, error: { code: 'RECORD_EXISTS' } },
      { index: 7, row: rows[7], inDoubt: false, error: { code: 'RECORD_EXISTS' } },
    ])
  })

  test('reports progress with the outcome of each row', async () => {
    const rows = rowsOf(7)
    await client().put(rows[4]?.key as never, { n: 'taken' })
    const seen: number[] = []
    const outcomes: [number, string | undefined][] = []
    await client().bulkWrite(rows, {
      batchSize: 3,
      policy: { exists: 'create-only' },
      onProgress: progress => {
        seen.push(progress.rows)
        expect(progress.written + progress.failed).toBe(progress.rows)
        for (const { index, error } of progress.outcomes) outcomes.push([index, error?.code])
      },
    })
    expect(seen.at(-1)).toBe(7)
    expect(seen).toHaveLength(3)
    expect(outcomes.sort(([a], [b]) => a - b)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map(index => [index, index === 4 ? 'RECORD_EXISTS' : undefined]),
    )
  })

  test('a source that throws in the middle: the error reports what was written', async () => {
    const rows = rowsOf(10)
    const thrown = new Error('the file ends here')
    function* source(): Generator<BulkRow> {
      yield* rows.slice(0, 7)
      throw thrown
    }
    const error = await failureOf(client().bulkWrite(source(), { batchSize: 3 }))
    expect(error).toMatchObject({ name: 'BulkWriteError', code: 'BULK_WRITE', inDoubt: false })
    expect(error.cause).toBe(thrown)
    expect(error.message).toBe('bulkWrite ended early, with 7 rows written, 0 failed (0 in doubt): the file ends here')
    expect(error.result).toEqual({ rows: 7, written: 7, failed: 0, inDoubt: 0, failures: [] })
    expect(await stored(rows)).toEqual([0, 1, 2, 3, 4, 5, 6, undefined, undefined, undefined])
  })

  test('an invalid row ends it, and is named by its position in the source', async () => {
    const rows = rowsOf(10)
    rows[5] = { key: rows[5]?.key as never, bins: { n: Symbol('x') as never } }
    let taken = 0
    let closed = false
    function* source(): Generator<BulkRow> {
      try {
        for (const row of rows) {
          taken++
          yield row
        }
      } finally {
        closed = true
      }
    }
    const options = kind.name === 'Client' ? { batchSize: 2, concurrency: 1 } : { batchSize: 2 }
    const error = await failureOf(client().bulkWrite(source(), options))
    expect(error.cause).toBeInstanceOf(InvalidArgError)
    expect(error.message).toMatch(/: bulkWrite: row 5: .*n: a symbol cannot be stored/)
    // Every row that was read has an outcome: those of the batch with the invalid row were not sent.
    expect(error.result.rows).toBe(taken)
    expect(error.result).toMatchObject({ written: 4, inDoubt: 0 })
    expect(error.result.failures.map(({ index }) => index)).toEqual(
      Array.from({ length: taken - 4 }, (_, at) => 4 + at),
    )
    expect(closed).toBe(true)
    expect((await stored(rows)).slice(0, 6)).toEqual([0, 1, 2, 3, undefined, undefined])
  })

  test.each<[unknown, RegExp]>([
    [5, /bulkWrite: row 0: an object is needed, not 5/],
    [{ type: 'read', key: ['test', 'x', 1] }, /bulkWrite: row 0: a row that reads; use batch/],
    [{ type: 'write', key: ['test', 'x', 1] }, /bulkWrite: row 0: bins: an object is needed/],
    [{ key: ['x'], bins: { n: 1 } }, /bulkWrite: row 0: key: a Key or/],
    [{ key: ['test', 'x', 1], bins: { n: 1 }, ttl: 5 }, /bulkWrite: row 0: .*unknown option "ttl"/],
  ])('the row %j is refused', async (row, message) => {
    const error = await failureOf(client().bulkWrite([row as BulkRow]))
    expect(error.message).toMatch(message)
    expect(error.result).toMatchObject({ rows: 1, written: 0, failed: 1 })
  })

  test('onProgress that throws ends it', async () => {
    const rows = rowsOf(4)
    const thrown = new Error('stop')
    const error = await failureOf(
      client().bulkWrite(rows, {
        batchSize: 4,
        onProgress: () => {
          throw thrown
        },
      }),
    )
    expect(error.cause).toBe(thrown)
    expect(error.result).toMatchObject({ rows: 4, written: 4 })
  })

  test('a client that is not connected ends it at once', async () => {
    const error = await failureOf(kind.make().bulkWrite(rowsOf(2)))
    expect(error.message).toMatch(/the client is not connected/)
    expect(error.result).toMatchObject({ rows: 2, written: 0, failed: 2, inDoubt: 0 })
  })

  test.each<[unknown, RegExp]>([
    [{ batchSize: 0 }, /bulkWrite.batchSize: an integer from 1 to 5000/],
    [{ batchSize: 5001 }, /bulkWrite.batchSize/],
    [{ onProgress: 5 }, /bulkWrite.onProgress: a function is needed, not 5/],
    [{ policy: 5 }, /bulkWrite.policy: an object is needed/],
    [{ size: 5 }, /bulkWrite: unknown option "size"/],
    [5, /bulkWrite: an object is needed, not 5/],
  ])('options %j are refused', async (options, message) => {
    const error = await rejection(client().bulkWrite(rowsOf(1), options as BulkWriteOptions))
    expect(error).toBeInstanceOf(InvalidArgError)
    expect((error as Error).message).toMatch(message)
  })

  test.each([[5], [null], ['text'], [{}]])('%j is no source', async source => {
    const error = await rejection(client().bulkWrite(source as never))
    expect(error).toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringMatching(/^bulkWrite: an iterable.* of rows is needed, not/),
    })
  })
})

const [asynchronous, blocking] = CLIENTS

describe.each([asynchronous as (typeof CLIENTS)[number]])('$name', kind => {
  const client = connectBefore(kind)

  test('reads an async source only as fast as batches complete', async () => {
    const rows = rowsOf(40)
    let [taken, done, most] = [0, 0, 0]
    async function* source(): AsyncGenerator<BulkRow> {
      for (const row of rows) {
        taken++
        most = Math.max(most, taken - done)
        yield row
      }
    }
    const result = await client().bulkWrite(source(), {
      batchSize: 2,
      concurrency: 3,
      // The writer waits for this promise.
      onProgress: async ({ outcomes }) => {
        await new Promise(resolve => setImmediate(resolve))
        done += outcomes.length
      },
    })
    expect(result.written).toBe(40)
    // Three batches in flight, and one that is being read.
    expect(most).toBeLessThanOrEqual(8)
  })

  test('an onProgress whose promise rejects ends it', async () => {
    const thrown = new Error('stop')
    const error = await failureOf(client().bulkWrite(rowsOf(2), { onProgress: () => Promise.reject(thrown) }))
    expect(error.cause).toBe(thrown)
  })

  test('a signal ends it, and the error reports what was written', async () => {
    const rows = rowsOf(10)
    const controller = new AbortController()
    const reason = new Error('enough')
    let closed = false
    async function* source(): AsyncGenerator<BulkRow> {
      try {
        for (const [at, row] of rows.entries()) {
          if (at === 4) {
            await until(async () => await client().exists(rows[3]?.key as never))
            controller.abort(reason)
          }
          yield row
        }
      } finally {
        closed = true
      }
    }
    const { signal } = controller
    const error = await failureOf(client().bulkWrite(source(), { batchSize: 2, concurrency: 1, signal }))
    expect(error.code).toBe('ABORT_ERR')
    expect(error.cause).toBeInstanceOf(AbortError)
    expect((error.cause as Error).cause).toBe(reason)
    expect(error.result).toMatchObject({ rows: 6, written: 4, failed: 2, inDoubt: 0 })
    expect(closed).toBe(true)
  })

  test('a signal that has fired prevents it', async () => {
    let taken = 0
    function* source(): Generator<BulkRow> {
      taken++
      yield* rowsOf(1)
    }
    const error = await failureOf(client().bulkWrite(source(), { signal: AbortSignal.abort() }))
    expect(error.result.rows).toBe(0)
    expect(taken).toBe(0)
  })

  test('batches without any answer are failures of their rows', async () => {
    const rows = rowsOf(4)
    const result = await client().bulkWrite(rows, { batchSize: 2, policy: { totalTimeout: 1, socketTimeout: 1 } })
    expect(result.rows).toBe(4)
    expect(result.written + result.failed).toBe(4)
    for (const { error } of result.failures) expect(error.code).toBe('TIMEOUT')
  })

  test.each<[unknown, RegExp]>([
    [{ concurrency: 0 }, /bulkWrite.concurrency: an integer from 1 to 1000/],
    [{ concurrency: '4' }, /bulkWrite.concurrency/],
    [{ signal: 5 }, /bulkWrite.signal: /],
  ])('options %j are refused', async (options, message) => {
    const error = await rejection(client().bulkWrite(rowsOf(1), options as BulkWriteOptions))
    expect(error).toBeInstanceOf(InvalidArgError)
    expect((error as Error).message).toMatch(message)
  })
})

describe.each([blocking as (typeof CLIENTS)[number]])('$name', kind => {
  const client = connectBefore(kind)

  test('refuses what it cannot do', async () => {
    async function* source(): AsyncGenerator<BulkRow> {
      yield* rowsOf(1)
    }
    const refused = async (promise: Promise<unknown>): Promise<string> => ((await rejection(promise)) as Error).message
    expect(await refused(client().bulkWrite(source()))).toMatch(/an iterable of rows is needed/)
    expect(await refused(client().bulkWrite([], { concurrency: 2 }))).toMatch(
      /concurrency: a blocking client sends one/,
    )
    const { signal } = new AbortController()
    expect(await refused(client().bulkWrite([], { signal }))).toMatch(/signal: a blocking call cannot be aborted/)
    const promising = client().bulkWrite(rowsOf(1), { onProgress: async () => undefined })
    expect(await refused(promising)).toMatch(/onProgress: it returned a promise/)
  })
})
