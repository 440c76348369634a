// Which failures are in doubt: every command, by every way in which it fails, on both clients.
import { randomUUID } from 'node:crypto'
import { AerospikeError, BatchRecords, batchRow, Client, type Key, op, WrittenRows } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { COMMANDS } from '../../lib/catalog/commands'
import { CLIENTS, type ClientKind, type Commands, connectBefore, keysOf, rejection } from '../helpers/clients'
import { type FaultProxy, startFaultProxy } from '../helpers/fault-proxy'

const newKey = keysOf('doubt')
const { namespace: ns, set } = newKey()
const id = randomUUID().slice(0, 8)
const module = `doubt${id}`
const SOURCE = `
function change(rec) rec['a'] = 1; aerospike:update(rec) end
function half(rec)
  rec['a'] = 2
  if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end
  error('half')
end
function broken(rec)
  rec['a'] = 3
  aerospike:update(rec)
  local nothing
  return nothing.field
end
function gone(rec) aerospike:remove(rec); error('gone') end
`

interface Options {
  totalTimeout?: number
  timeout?: number
  signal?: AbortSignal
}

interface Case {
  /** The command as `lib/catalog/commands.ts` names it, with its arguments if they decide. */
  name: string
  writes: boolean
  run: (client: Commands, options: Options) => Promise<unknown>
  /** It takes no signal. */
  unabortable?: true
}

const READ = [op.read('a')]
const WRITE = [op.write('a', 1)]
const two = (): Key[] => [newKey(), newKey()]
const rowsOf = async (rows: AsyncIterable<unknown>): Promise<unknown[]> => {
  const all: unknown[] = []
  for await (const row of rows) all.push(row)
  return all
}

const CASES: Case[] = [
  { name: 'get', writes: false, run: (c, o) => c.get(newKey(), o) },
  { name: 'select', writes: false, run: (c, o) => c.select(newKey(), ['a'], o) },
  { name: 'exists', writes: false, run: (c, o) => c.exists(newKey(), o) },
  { name: 'getMeta', writes: false, run: (c, o) => c.getMeta(newKey(), o) },
  { name: 'getOrNull', writes: false, run: (c, o) => c.getOrNull(newKey(), o) },
  { name: 'put', writes: true, run: (c, o) => c.put(newKey(), { a: 1 }, null, o) },
  { name: 'remove', writes: true, run: (c, o) => c.remove(newKey(), null, o) },
  { name: 'touch', writes: true, run: (c, o) => c.touch(newKey(), 100, null, o) },
  { name: 'append', writes: true, run: (c, o) => c.append(newKey(), 'a', 'x', null, o) },
  { name: 'prepend', writes: true, run: (c, o) => c.prepend(newKey(), 'a', 'x', null, o) },
  { name: 'increment', writes: true, run: (c, o) => c.increment(newKey(), 'a', 1, null, o) },
  { name: 'removeBin', writes: true, run: (c, o) => c.removeBin(newKey(), 'a', null, o) },
  { name: 'operate', writes: true, run: (c, o) => c.operate(newKey(), WRITE, null, o) },
  { name: 'operate: reads', writes: false, run: (c, o) => c.operate(newKey(), READ, null, o) },
  { name: 'operateOrdered', writes: true, run: (c, o) => c.operateOrdered(newKey(), WRITE, null, o) },
  { name: 'operateOrdered: reads', writes: false, run: (c, o) => c.operateOrdered(newKey(), READ, null, o) },
  { name: 'apply', writes: true, run: (c, o) => c.apply(newKey(), module, 'change', [], o) },
  { name: 'batchRead', writes: false, run: (c, o) => c.batchRead(two(), null, o) },
  { name: 'batchRead: one', writes: false, run: (c, o) => c.batchRead([newKey()], null, o) },
  { name: 'batchReadColumns', writes: false, run: (c, o) => c.batchReadColumns(two(), { a: 'i32' }, o) },
  {
    name: 'batchWrite',
    writes: true,
    run: (c, o) =>
      c.batchWrite(
        two().map(key => ({ key, bins: { a: 1 } })),
        o,
      ),
  },
  { name: 'batchWrite: one', writes: true, run: (c, o) => c.batchWrite([{ key: newKey(), bins: { a: 1 } }], o) },
  {
    name: 'batchWriteColumns',
    writes: true,
    run: (c, o) =>
      c.batchWriteColumns({ namespace: ns, set, keys: [`${id}1`, `${id}2`], columns: { a: new Int32Array(2) } }, o),
  },
  { name: 'batchRemove', writes: true, run: (c, o) => c.batchRemove(two(), o) },
  { name: 'batchApply', writes: true, run: (c, o) => c.batchApply(two(), module, 'change', [], o) },
  { name: 'batchOperate', writes: true, run: (c, o) => c.batchOperate(two(), WRITE, o) },
  { name: 'batchOperate: reads', writes: false, run: (c, o) => c.batchOperate(two(), READ, o) },
  {
    name: 'batch',
    writes: true,
    run: (c, o) =>
      c.batch(
        two().map(key => batchRow.write(key, { a: 1 })),
        o,
      ),
  },
  {
    name: 'batch: reads',
    writes: false,
    run: (c, o) =>
      c.batch(
        two().map(key => batchRow.read(key)),
        o,
      ),
  },
  {
    name: 'batchStream',
    writes: true,
    run: (c, o) =>
      rowsOf(
        c.batchStream(
          two().map(key => batchRow.write(key, { a: 1 })),
          o,
        ),
      ),
  },
  {
    name: 'batchStream: reads',
    writes: false,
    run: (c, o) =>
      rowsOf(
        c.batchStream(
          two().map(key => batchRow.read(key)),
          o,
        ),
      ),
  },
  {
    name: 'query',
    writes: false,
    run: (c, o) =>
      c
        .query(ns, set)
        .policy({ maxRetries: 0, ...o })
        .results(),
  },
  { name: 'query.aggregate', writes: false, run: (c, o) => aggregated(c, o) },
  { name: 'query.operate', writes: true, run: (c, o) => c.query(ns, `${set}-jobs`).operate(WRITE, o) },
  { name: 'query.apply', writes: true, run: (c, o) => c.query(ns, `${set}-jobs`).apply(module, 'change', [], o) },
  { name: 'job.abort', writes: true, run: c => c.job(1n).abort(), unabortable: true },
  {
    name: 'createIndex',
    writes: true,
    run: (c, o) => c.createIndex({ namespace: ns, set, index: `${id}-${unique()}`, bin: 'a', datatype: 'numeric' }, o),
  },
  {
    name: 'createSetIndex',
    writes: true,
    run: (c, o) => c.createSetIndex({ namespace: ns, set, index: `${id}-${unique()}` }, o),
  },
  { name: 'dropIndex', writes: true, run: (c, o) => c.dropIndex(ns, there, o) },
  {
    name: 'udfRegister',
    writes: true,
    run: (c, o) => c.udfRegister({ name: `${module}-${unique()}.lua`, source: SOURCE }, o),
  },
  { name: 'udfRemove', writes: true, run: (c, o) => c.udfRemove(`${module}-none`, o) },
  { name: 'truncate', writes: true, run: (c, o) => c.truncate(ns, `${set}-none`, null, o) },
  { name: 'setXdrFilter', writes: true, run: (c, o) => c.setXdrFilter('none', ns, null, o) },
  {
    name: 'infoAll',
    writes: true,
    run: async (c, o) => (await c.infoAll('changes-something:', o)).map(one => one.error),
  },
  { name: 'infoNode', writes: true, run: (c, o) => c.infoNode('changes-something:', c.getNodeNames()[0] as string, o) },
  { name: 'infoRandomNode', writes: true, run: (c, o) => c.infoRandomNode('changes-something:', o) },
]

/** Commands for users and roles. */
const ADMIN_CASES: Case[] = [
  { name: 'createUser', writes: true, run: (c, o) => c.createUser(id, 'secret', ['read'], o) },
  { name: 'createPkiUser', writes: true, run: (c, o) => c.createPkiUser(id, ['read'], o) },
  { name: 'dropUser', writes: true, run: (c, o) => c.dropUser(id, o) },
  { name: 'changePassword', writes: true, run: (c, o) => c.changePassword(id, 'secret', o) },
  { name: 'grantRoles', writes: true, run: (c, o) => c.grantRoles(id, ['read'], o) },
  { name: 'revokeRoles', writes: true, run: (c, o) => c.revokeRoles(id, ['read'], o) },
  { name: 'queryUser', writes: false, run: (c, o) => c.queryUser(id, o) },
  { name: 'queryUsers', writes: false, run: (c, o) => c.queryUsers(o) },
  { name: 'createRole', writes: true, run: (c, o) => c.createRole(id, ['read'], {}, o) },
  { name: 'dropRole', writes: true, run: (c, o) => c.dropRole(id, o) },
  { name: 'grantPrivileges', writes: true, run: (c, o) => c.grantPrivileges(id, ['read'], o) },
  { name: 'revokePrivileges', writes: true, run: (c, o) => c.revokePrivileges(id, ['read'], o) },
  { name: 'setAllowlist', writes: true, run: (c, o) => c.setAllowlist(id, ['127.0.0.1'], o) },
  { name: 'setQuotas', writes: true, run: (c, o) => c.setQuotas(id, 1, 1, o) },
  { name: 'queryRole', writes: false, run: (c, o) => c.queryRole(id, o) },
  { name: 'queryRoles', writes: false, run: (c, o) => c.queryRoles(o) },
]

CASES.push(...ADMIN_CASES)

function aggregated(client: Commands, options: Options): Promise<unknown> {
  return client.query(ns, set).policy(options).aggregate(module, 'change').results()
}

let number = 0
const unique = (): string => `${process.pid}${++number}`

/** An index that is there, made anew before each test. */
let there = ''

test('there is a case for every command that can be sent', () => {
  // Questions by info requests have one answer, and `job.progress` is one: see `lib/catalog/commands.ts`.
  const questions = ['namespaces', 'sets', 'build', 'features', 'indexList', 'udfList', 'udfGet', 'job.progress']
  const local = ['connect', 'close', 'startMetricsServer', 'stopMetricsServer', 'shutdownTracing', 'stream.next']
  const connections = ['reconnect']
  // Only servers with strong consistency execute these: see transaction-consistency.test.ts.
  const transactions = ['transaction.commit', 'transaction.abort']
  const tried = new Set(CASES.map(({ name }) => name.split(':', 1)[0] as string))
  expect([...tried].sort()).toEqual(
    Object.keys(COMMANDS)
      .filter(name => ![...questions, ...local, ...connections, ...transactions].includes(name))
      .sort(),
  )
})

/** Whether a call, or any row of its answer, is in doubt; undefined where nothing has failed. */
async function doubtOf(call: Promise<unknown>): Promise<boolean | undefined | string> {
  let result: unknown
  try {
    result = await call
  } catch (error) {
    return error instanceof AerospikeError ? error.inDoubt : String(error)
  }
  if (result instanceof BatchRecords) result = result.toArray()
  if (result instanceof WrittenRows) {
    const written = result
    result = Array.from({ length: written.length }, (_, row) => ({
      error: written.error(row),
      inDoubt: written.inDoubt(row),
    }))
  }
  if (!Array.isArray(result)) return undefined
  const failed = result.filter(row => row instanceof AerospikeError || row?.error instanceof AerospikeError)
  return failed.length === 0 ? undefined : failed.some(row => row.inDoubt)
}

async function outcomes(kind: ClientKind, client: Commands, cases: readonly Case[], options: Options) {
  const told: { [name: string]: boolean | undefined | string } = {}
  const one = async ({ name, run, writes }: Case): Promise<void> => {
    const doubt = await doubtOf(Promise.resolve().then(() => run(client, options)))
    // Some reads give what they could not read as a part of their result.
    told[name] = doubt ?? (writes ? undefined : false)
  }
  // No more at once than a client lets through that has just begun.
  const lanes = kind.name === 'Client' ? 8 : 1
  for (let at = 0; at < cases.length; at += lanes) await Promise.all(cases.slice(at, at + lanes).map(one))
  return told
}

const expected = (cases: readonly Case[], doubt: (one: Case) => boolean | undefined) =>
  Object.fromEntries(cases.map(one => [one.name, doubt(one)]))

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  await (await client.udfRegister({ name: `${module}.lua`, source: SOURCE })).wait()
})

beforeEach(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  there = `${id}-${unique()}`
  await (await client.createIndex({ namespace: ns, set, index: there, bin: 'k', datatype: 'numeric' })).wait()
})

afterAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  for (const { index } of await client.indexList(ns)) if (index.startsWith(id)) await client.dropIndex(ns, index)
  for (const { name } of await client.udfList()) if (name.startsWith(module)) await client.udfRemove(name)
})

describe.each(CLIENTS)('$name', kind => {
  let proxy: FaultProxy
  let client: Commands
  beforeAll(async () => {
    proxy = await startFaultProxy()
    const config = { hosts: proxy.address, seedOnlyCluster: true, totalTimeout: 5000, timeout: 5000, maxErrorRate: 0 }
    client = await kind.connect(config)
  })
  afterAll(async () => {
    await proxy.plan({ fault: 'pass' })
    await client.close()
    await proxy[Symbol.asyncDispose]()
  })

  test('a deadline: what was sent and writes is in doubt', { timeout: 60_000 }, async () => {
    await proxy.plan({ fault: 'lose' })
    // `job.abort` takes no time of its own.
    const cases = CASES.filter(({ name }) => name !== 'job.abort')
    // Long enough to send even if eight calls need new connections on a busy machine: what was not sent is not in doubt.
    const deadline = kind.name === 'Client' ? 750 : 250
    const options = (one: Case): Options => (adminTime(one) ? { timeout: deadline } : { totalTimeout: deadline })
    const told = await outcomes(
      kind,
      client,
      cases.map(one => ({ ...one, run: (c: Commands) => one.run(c, options(one)) })),
      {},
    )
    expect(told).toEqual(expected(cases, ({ writes }) => writes))
    expect(await proxy.seen()).toBeGreaterThanOrEqual(cases.length)
  })

  test('a connection that breaks when the request was carried out', { timeout: 60_000 }, async () => {
    await proxy.plan({ fault: 'break' })
    expect(await outcomes(kind, client, CASES, {})).toEqual(expected(CASES, ({ writes }) => writes))
  })

  test.each([
    ['a generation', 3],
    ['out of memory', 8],
    ['partition unavailable', 11],
    ['hot key', 14],
    ['device overload', 18],
    ['forbidden', 22],
  ])('a refusal: %s (%d) is never in doubt', async (_, code) => {
    await proxy.plan({ fault: 'refuse', code })
    const told = await outcomes(kind, client, CASES, {})
    expect(told).toEqual(expected(CASES, one => (isText(one) ? undefined : false)))
  })

  test("the server's own timeout leaves it open", async () => {
    await proxy.plan({ fault: 'refuse', code: 9 })
    const told = await outcomes(kind, client, CASES, {})
    expect(told).toEqual(expected(CASES, one => (isText(one) ? undefined : one.writes)))
  })
})

describe('an abort', () => {
  const ABORTABLE = CASES.filter(({ unabortable }) => unabortable !== true)

  test('of what was sent: what writes is in doubt', { timeout: 60_000 }, async () => {
    await using proxy = await startFaultProxy()
    const config = { hosts: proxy.address, seedOnlyCluster: true, totalTimeout: 0, timeout: 30_000 }
    const client = await new Client(config).connect()
    const told: { [name: string]: unknown } = {}
    for (const one of ABORTABLE) {
      await proxy.plan({ fault: 'lose' })
      const controller = new AbortController()
      const doubt = doubtOf(one.run(client, { signal: controller.signal }))
      await expect.poll(() => proxy.seen(), { interval: 2, timeout: 20_000 }).toBeGreaterThan(0)
      controller.abort()
      told[one.name] = await doubt
    }
    expect(told).toEqual(expected(ABORTABLE, ({ writes }) => writes))
    await client.close({ timeout: 0 })
  })

  test('of a write in the tick of the call takes it out of its block', async () => {
    await using client = await new Client({ hosts: inject('aerospike').address }).connect()
    for (let round = 0; round < 50; round++) {
      const keys = Array.from({ length: 4 }, () => newKey())
      const controller = new AbortController()
      const { signal } = controller
      const calls = keys.map((key, n) => client.put(key, { n }, null, n % 2 === 1 ? { signal } : {}))
      const settled = Promise.allSettled(calls)
      controller.abort()
      const told = await settled
      for (const n of [1, 3]) expect(told[n]).toMatchObject({ reason: { name: 'AbortError', inDoubt: false } })
      for (const n of [0, 2]) expect(told[n]).toMatchObject({ status: 'fulfilled' })
      const there = await Promise.all(keys.map(key => client.exists(key)))
      expect(there).toEqual([true, false, true, false])
    }
  })

  test('of the only call in its tick: not in doubt means not carried out', async () => {
    await using client = await new Client({ hosts: inject('aerospike').address }).connect()
    for (let round = 0; round < 200; round++) {
      const key = newKey()
      const controller = new AbortController()
      const call = client.put(key, { a: 1 }, null, { signal: controller.signal })
      const settled = call.then(
        () => undefined,
        error => error,
      )
      controller.abort()
      const error = await settled
      // The answer may have come before the abort.
      if (error === undefined) expect(await client.exists(key)).toBe(true)
      else {
        expect(error).toMatchObject({ name: 'AbortError' })
        if (!error.inDoubt) expect(await client.exists(key)).toBe(false)
      }
    }
  })

  test('from within the getters of another call', async () => {
    await using client = await new Client({ hosts: inject('aerospike').address }).connect()
    const [first, aborted, outer] = [newKey(), newKey(), newKey()]
    const controller = new AbortController()
    const before = client.put(first, { a: 1 })
    const call = client.put(aborted, { a: 1 }, null, { signal: controller.signal })
    const settled = Promise.allSettled([call])
    const bins = {
      get a() {
        controller.abort()
        return 1
      },
    }
    await Promise.all([before, client.put(outer, bins)])
    expect((await settled)[0]).toMatchObject({ reason: { name: 'AbortError', inDoubt: false } })
    expect(await Promise.all([first, aborted, outer].map(key => client.exists(key)))).toEqual([true, false, true])
  })

  test('of a stream whose rows write, between two pulls', async () => {
    await using client = await new Client({ hosts: inject('aerospike').address }).connect()
    for (const writes of [true, false]) {
      const controller = new AbortController()
      const keys = newKey.many(5000)
      const rows = client.batchStream(
        keys.map(key => (writes ? batchRow.write(key, { a: 1 }) : batchRow.read(key))),
        { signal: controller.signal },
      )
      const read = async (): Promise<void> => {
        for await (const _ of rows) controller.abort()
      }
      const error = await read().catch(error => error)
      expect(error).toMatchObject({ name: 'AbortError', inDoubt: writes })
    }
  })
})

describe.each(CLIENTS)('$name: a function that fails', kind => {
  const client = connectBefore(kind)

  test.each(['half', 'broken', 'gone'])('%s: leaves nothing behind, and is not in doubt', async fn => {
    const key = newKey()
    await client().put(key, { z: 0 })
    expect(await rejection(client().apply(key, module, fn))).toMatchObject({ name: 'UDFError', inDoubt: false })
    const rows = await client().batchApply([key, newKey()], module, fn)
    for (const row of rows) expect(row).toMatchObject({ inDoubt: false, error: { name: 'UDFError', inDoubt: false } })
    expect(await client().get(key)).toMatchObject({ bins: { z: 0 }, gen: 1 })
  })

  test('one that does not exist, in a module or as a module', async () => {
    const key = newKey()
    for (const file of [module, `${module}none`]) {
      expect(await rejection(client().apply(key, file, 'none'))).toMatchObject({ name: 'UDFError', inDoubt: false })
    }
  })
})

describe.each(CLIENTS)('$name: on several nodes', kind => {
  let server: LocalServer
  let client: Commands
  beforeAll(async () => {
    server = await LocalServer.start({ nodes: 2 })
    client = await kind.connect({ hosts: server.address })
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  test('a batch of writes is in doubt if any node was sent its rows', async () => {
    const own = await LocalServer.start({ nodes: 2 })
    const writer = await kind.connect({ hosts: own.address })
    try {
      await own.nodes[0]?.stop({ noticedAfter: 60_000 })
      await own.nodes[1]?.dropAnswers()
      const rows = Array.from({ length: 20 }, () => ({ key: newKey(), bins: { a: 1 } }))
      const call = async (): Promise<unknown> => writer.batchWrite(rows, { totalTimeout: 1000 })
      expect(await rejection(call())).toMatchObject({ inDoubt: true })
    } finally {
      await writer.close()
      await own.stop()
    }
  })

  test('a background job that is refused before it is sent is not in doubt', async () => {
    const call = async (): Promise<unknown> => client.query('test', 's').operate([op.read('a')] as never)
    expect(await rejection(call())).toMatchObject({ name: 'InvalidArgError', inDoubt: false })
  })
})

/** Its answer is a text, whatever that says. */
const isText = ({ name }: Case): boolean => name.startsWith('info')

function adminTime({ name }: Case): boolean {
  return (
    /^(createIndex|createSetIndex|dropIndex|udf|truncate|setXdrFilter|info)/.test(name) ||
    ADMIN_CASES.some(one => one.name === name)
  )
}
