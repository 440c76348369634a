// Every result code in every kind of stream: answers of the shared server are replaced on their way.
import { randomUUID } from 'node:crypto'
import { batchRow, Client, connectSync, op } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysOf } from '../helpers/clients'
import { startProxy, type WireProxy } from '../helpers/proxy'

const keyOf = keysOf('query-result-codes')
const { set } = keyOf()
const keys = keyOf.many(20)
const CODES = Array.from({ length: 256 }, (_, code) => code)
const LAST = 1
const MODULE = `query-result-codes-${randomUUID().slice(0, 8)}`
const COUNTING = `
function count(stream)
  return stream : map(function() return 1 end) : reduce(function(a, b) return a + b end)
end`

let proxy: WireProxy
let client: Client

beforeAll(async () => {
  proxy = await startProxy()
  client = await new Client({ hosts: proxy.address, seedOnlyCluster: true, maxErrorRate: 0 }).connect()
  await Promise.all(keys.map((key, n) => client.put(key, { n })))
  await client.udfRegister({ name: `${MODULE}.lua`, source: COUNTING })
})

afterAll(async () => {
  proxy.change(message => message)
  await client.udfRemove(`${MODULE}.lua`)
  await client.close({ timeout: 0 })
  await proxy[Symbol.asyncDispose]()
})

/** A message without fields and operations. */
function empty(code: number, info3: number): Buffer {
  const message = Buffer.alloc(30)
  message.writeUInt8(2, 0)
  message.writeUInt8(3, 1)
  message.writeUIntBE(22, 2, 6)
  message.writeUInt8(22, 8)
  message.writeUInt8(info3, 11)
  message.writeUInt8(code, 13)
  return message
}

/** Lets one such message be the whole answer to each request for records. */
function answer(code: number, info3: number): void {
  let answered = proxy.sent.length
  proxy.change(() => {
    if (proxy.sent.length === answered) return Buffer.alloc(0)
    answered = proxy.sent.length
    return empty(code, info3)
  })
}

const NOTHING = 'no record'

/** aerospike-core takes these for the end of an answer: there is no such set, or no record passes the filter. */
const ENDS = [2, 27]

/**
 * Codes after which a query is retried. The value is the code of the final error's cause, for rows without a record.
 */
const NO_ANSWER: ReadonlyMap<number, string | undefined> = new Map([
  [0, 'PARTITION_UNAVAILABLE'],
  [9, undefined],
  [11, 'PARTITION_UNAVAILABLE'],
  [14, undefined],
  [18, undefined],
])

/** What becomes of a query without retries: no record, a lost node, or the code's own error. */
function expectedOf(code: number, info3: number): unknown {
  // aerospike-core does not look at code 11 where the answer is marked as ended; servers do not send it so.
  if (ENDS.includes(code) || (info3 === LAST && (code === 0 || code === 11))) return NOTHING
  if (!NO_ANSWER.has(code)) return expect.objectContaining({ resultCode: code })
  const cause = NO_ANSWER.get(code)
  const lost = { name: 'ClusterError', code: 'CLUSTER' }
  return expect.objectContaining(
    cause === undefined ? lost : { ...lost, cause: expect.objectContaining({ code: cause }) },
  )
}

const BOUND = { totalTimeout: 5000 }
const ONCE = { ...BOUND, maxRetries: 0 }
const query = () => client.query('test', set)

/** Reads to the end: how many rows there are, or the error. */
async function outcome(read: () => Promise<number>): Promise<unknown> {
  return read().then(
    rows => (rows === 0 ? NOTHING : `${rows} rows`),
    (error: unknown) => error,
  )
}

const READS: Record<string, () => Promise<number>> = {
  results: async () => (await query().results(ONCE)).length,
  count: () => query().count(ONCE),
  chunks: async () => {
    let rows = 0
    for await (const chunk of query().stream(ONCE).chunks()) rows += chunk.length
    return rows
  },
  columns: async () => {
    let rows = 0
    for await (const chunk of query().columns({ n: 'i32' }, ONCE)) rows += chunk.length
    return rows
  },
  pages: async () => {
    let rows = 0
    for await (const { records } of query().pages(5, null, ONCE)) rows += records.length
    return rows
  },
  aggregate: async () => (await query().aggregate(MODULE, 'count', [], BOUND).results()).length,
}

const FORMS = [
  ['', 0],
  [', marked as the end', LAST],
] as const

describe.each(Object.entries(READS))('%s', (_, read) => {
  test.each(FORMS)(
    'every result code without a record%s',
    async (_, info3) => {
      const found: Record<number, unknown> = {}
      const expected: Record<number, unknown> = {}
      for (const code of CODES) {
        answer(code, info3)
        found[code] = await outcome(read)
        expected[code] = expectedOf(code, info3)
      }
      expect(found).toEqual(expected)
    },
    60_000,
  )
})

describe('batches', () => {
  const rows = keys.map(key => batchRow.read(key))
  const READS: Record<string, () => Promise<Iterable<{ resultCode: number }>>> = {
    batchRead: () => client.batchRead(keys, null, ONCE),
    batchOperate: () => client.batchOperate(keys, [op.read('n')], ONCE),
    batchStream: async () => {
      const found = []
      for await (const row of client.batchStream(rows, ONCE)) found.push(row)
      return found
    },
  }
  // A message that is not marked as the end is the answer of the row with its index, 0.
  test.each(Object.entries(READS))(
    '%s: a result code for the whole batch is that of each row',
    async (_, read) => {
      const found: Record<number, unknown> = {}
      const expected: Record<number, unknown> = {}
      for (const code of CODES) {
        answer(code, LAST)
        const codes = [...(await read())].map(({ resultCode }) => resultCode)
        found[code] = [codes.length, ...new Set(codes)]
        // An end without rows leaves them without an answer.
        expected[code] = [keys.length, [0, 2, 27, 100].includes(code) ? -1 : code]
      }
      expect(found).toEqual(expected)
    },
    60_000,
  )
})

test('background jobs: every result code but that of a missing set is an error', async () => {
  const found: Record<number, unknown> = {}
  const expected: Record<number, unknown> = {}
  for (const code of CODES) {
    answer(code, LAST)
    found[code] = await query()
      .operate([op.write('n', 1)], BOUND)
      .then(
        () => NOTHING,
        ({ resultCode }) => resultCode,
      )
    expected[code] = code === 0 || code === 2 ? NOTHING : code
  }
  expect(found).toEqual(expected)
}, 60_000)

// The blocking client cannot wait for a proxy in its own thread: the server itself refuses.
test('ClientSync: every result code without a record', async () => {
  await using server = await LocalServer.start()
  const blocking = connectSync({ hosts: server.address, maxErrorRate: 0 })
  blocking.put(['test', set, 1], { n: 1 })
  const found: Record<number, unknown> = {}
  const expected: Record<number, unknown> = {}
  for (const code of CODES) {
    expected[code] = [expectedOf(code, 0), expectedOf(code, 0), expectedOf(code, 0)]
    await server.nodes[0]?.refuseRequests(code)
    found[code] = [
      await outcome(async () => blocking.query('test', set).results(ONCE).length),
      await outcome(async () => blocking.query('test', set).count(ONCE)),
      await outcome(async () => [...blocking.query('test', set).columns({ n: 'i32' }, ONCE)].length),
    ]
  }
  blocking.close()
  expect(found).toEqual(expected)
}, 60_000)
