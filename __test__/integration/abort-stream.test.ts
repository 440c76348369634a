// A signal that fires in the body of a loop: no further row is given, whatever has come already.
import { randomUUID } from 'node:crypto'
import { batchRow, type Query } from 'aerospike-napi'
import { queryToArrow } from 'aerospike-napi/arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, rejection } from '../helpers/clients'
import { fill } from '../helpers/fill'

const client = connectBefore(CLIENTS[0]!)
const name = `abort-stream-${randomUUID().slice(0, 8)}`
/** All of them come with one pull, and the end with them; or more than a stream reads ahead. */
const SETS = { small: 60, large: 20_000 } as const
const REASON = new Error('enough')
const ABORTED = { name: 'AbortError', code: 'ABORT_ERR', inDoubt: false, cause: REASON }
const MODULE = `
function numbers(stream)
  return stream : map(function(record) return record['n'] end)
end`

beforeAll(async () => {
  for (const [size, count] of Object.entries(SETS)) await fill(client(), `${name}-${size}`, count)
  await client().udfRegister({ name: `${name}.lua`, source: MODULE })
}, 60_000)

afterAll(async () => {
  await client().udfRemove(`${name}.lua`)
  for (const size of Object.keys(SETS)) await client().truncate('test', `${name}-${size}`)
})

type Size = keyof typeof SETS
type Rows = (query: Query<{ n: number }>, signal: AbortSignal, size: Size) => AsyncIterable<unknown>

const LOOPS: Record<string, Rows> = {
  records: (query, signal) => query.stream({ signal }),
  'the policy of the query': (query, signal) => query.policy({ signal }),
  columns: (query, signal) => query.columns({ n: 'i32' }, { chunkRows: 7, signal }),
  'record batches': (query, signal) => queryToArrow(query, { n: 'i32' }, { batchRows: 7 }, { signal }),
  aggregation: (query, signal) => query.aggregate(name, 'numbers', [], { signal }),
  'a readable': (query, signal) => query.toReadable({ signal }),
  batchStream: (_, signal, size) => {
    const keys = Array.from({ length: Math.min(SETS[size], 5000) }, (_, n) => ['test', `${name}-${size}`, n] as const)
    return client().batchStream(
      keys.map(key => batchRow.read(key)),
      { signal },
    )
  },
}

const of = (size: Size) => client().query<{ n: number }>('test', `${name}-${size}`)

describe.each(Object.keys(SETS) as Size[])('%s', size => {
  test.each(Object.entries(LOOPS))('%s', async (_, rows) => {
    for (const last of [1, 3, 8]) {
      const controller = new AbortController()
      let seen = 0
      const loop = (async () => {
        for await (const _ of rows(of(size), controller.signal, size)) if (++seen === last) controller.abort(REASON)
      })()
      expect(await rejection(loop)).toMatchObject(ABORTED)
      expect(seen).toBe(last)
    }
  })

  test('chunks', async () => {
    const controller = new AbortController()
    let chunks = 0
    const loop = (async () => {
      for await (const _ of of(size).stream({ signal: controller.signal }).chunks()) {
        chunks++
        controller.abort(REASON)
      }
    })()
    expect(await rejection(loop)).toMatchObject(ABORTED)
    expect(chunks).toBe(1)
  })

  test('pages', async () => {
    const controller = new AbortController()
    let pages = 0
    const loop = (async () => {
      for await (const _ of of(size).pages(20, null, { signal: controller.signal })) {
        pages++
        controller.abort(REASON)
      }
    })()
    expect(await rejection(loop)).toMatchObject(ABORTED)
    expect(pages).toBe(1)
  })

  test('forEach, blocking or not', async () => {
    for (const wait of [false, true]) {
      const controller = new AbortController()
      let seen = 0
      const each = () => {
        if (++seen === 5) controller.abort(REASON)
        return wait ? Promise.resolve() : undefined
      }
      expect(await rejection(of(size).forEach(each, { signal: controller.signal }))).toMatchObject(ABORTED)
      expect(seen).toBe(5)
    }
  })

  test("a readable's events", async () => {
    const controller = new AbortController()
    let seen = 0
    const readable = of(size).toReadable({ signal: controller.signal })
    const ended = new Promise(resolve => readable.once('error', resolve))
    readable.on('data', () => {
      if (++seen === 5) controller.abort(REASON)
    })
    expect(await ended).toMatchObject(ABORTED)
    expect(seen).toBe(5)
    expect(readable.destroyed).toBe(true)
  })

  test('calls of next that overlap, and those after', async () => {
    const controller = new AbortController()
    const rows = of(size).stream({ signal: controller.signal })
    expect((await rows.next()).done).toBe(false)
    const [first, second] = [rows.next(), rows.next()]
    controller.abort(REASON)
    // Both were there before.
    for (const { done } of await Promise.all([first, second])) expect(done).toBe(false)
    expect(await rejection(rows.next())).toMatchObject(ABORTED)
    expect(await rows.next()).toEqual({ done: true, value: undefined })
  })

  test('calls of next that wait for the first rows', async () => {
    const controller = new AbortController()
    const rows = of(size).stream({ signal: controller.signal })
    const [first, second] = [rows.next(), rows.next()]
    controller.abort(REASON)
    expect(await rejection(first)).toMatchObject(ABORTED)
    expect(await second).toEqual({ done: true, value: undefined })
  })

  test('after the end, or after return, the end stays', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const [read, left] = [of(size).stream({ signal }), of(size).stream({ signal })]
    for await (const _ of read);
    await left.next()
    await left.return()
    controller.abort(REASON)
    for (const rows of [read, left]) expect(await rows.next()).toEqual({ done: true, value: undefined })
  })
})
