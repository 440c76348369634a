// Background jobs: begun, watched, ended; what becomes of one whose function fails.
import { randomUUID } from 'node:crypto'
import { Client, exp, filter, type JobTask, op } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { fill } from '../helpers/fill'

const { set } = keysOf('job')()
const COUNT = 5000
const module = `job${randomUUID().slice(0, 8)}`
const SOURCE = `
function double(rec, from, to)
  rec[to] = rec[from] * 2
  aerospike:update(rec)
end
function odd_fails(rec)
  if rec['n'] % 2 == 1 then error('odd') end
  rec['even'] = true
  aerospike:update(rec)
end
function removes(rec) aerospike:remove(rec) end
`

beforeAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  await (await client.udfRegister({ name: `${module}.lua`, source: SOURCE })).wait()
  await (await client.createIndex({ namespace: 'test', set, index: set, bin: 'n', datatype: 'numeric' })).wait()
})

afterAll(async () => {
  await using client = await new Client({ hosts: inject('aerospike').address }).connect()
  await client.dropIndex('test', set)
  await client.udfRemove(module)
  await client.truncate('test', set)
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const query = () => client().query<{ n: number; twice?: number; even?: boolean }>('test', set)
  beforeAll(() => fill(client(), set, COUNT))

  test('a function is called with every record', async () => {
    const job = await query().apply(module, 'double', ['n', 'twice'])
    expect(job.id).toBeTypeOf('bigint')
    await job.wait({ timeout: 10_000 })
    expect(await job.status()).toMatchObject({ done: true, progress: 100, succeeded: COUNT, failed: 0 })
    expect(await job.progress()).toBe(100)
    const records = await query().results()
    expect(records).toHaveLength(COUNT)
    expect(records.every(({ bins }) => bins.twice === bins.n * 2)).toBe(true)
  })

  test('where and filter choose', async () => {
    const job = await query()
      .where(filter.range('n', 0, 99))
      .filter(exp.lt(exp.binInt('n'), exp.int(30)))
      .background(`${module}.lua`, 'double', ['n', 'chosen'])
    await job.wait({ timeout: 10_000 })
    expect(await job.status()).toMatchObject({ succeeded: 30, filteredBins: 70 })
    expect(await query().filter(exp.binExists('chosen')).count()).toBe(30)
  })

  test('a function that fails for some is counted, and the others are done', async () => {
    const job = await query()
      .where(filter.range('n', 0, 99))
      .apply(module, 'odd_fails')
    await job.wait({ timeout: 10_000 })
    expect(await job.status()).toMatchObject({ done: true, succeeded: 50, failed: 50 })
    expect(await query().filter(exp.binExists('even')).count()).toBe(50)
  })

  test('a job is aborted, from another client too, and says so', async () => {
    await using other = await kind.connect()
    const job = await query().operate([op.write('slow', 1)], { recordsPerSecond: 50 })
    await expect.poll(async () => (await job.status()).succeeded).toBeGreaterThan(0)
    const seen = await job.status()
    expect(seen.done).toBe(false)
    expect(seen.progress).toBeLessThan(100)
    expect(await other.job(job.id).abort()).toBe(true)
    const aborted = { name: 'QueryAbortedError', message: expect.stringContaining(String(job.id)) }
    expect(await rejection((async () => job.wait({ timeout: 10_000 }))())).toMatchObject(aborted)
    expect(await rejection((async () => job.status())())).toMatchObject(aborted)
    // What it has changed stays.
    const changed = await query().filter(exp.binExists('slow')).count()
    expect(changed).toBeGreaterThan(0)
    expect(changed).toBeLessThan(COUNT)
    expect(await (await other.job(job.id)).abort()).toBe(false)
  })

  test('a wait that ends leaves the job at work', async () => {
    const job = await query().operate([op.write('slow', 2)], { recordsPerSecond: 50 })
    expect(await rejection((async () => job.wait({ timeout: 50 }))())).toMatchObject({ name: 'AerospikeTimeoutError' })
    expect((await job.status()).done).toBe(false)
    if (kind.name === 'Client') {
      const signal = AbortSignal.timeout(30)
      expect(await rejection((job as JobTask).wait({ signal }))).toMatchObject({ name: 'AbortError' })
    }
    expect(await job.abort()).toBe(true)
  })

  test('a number that no server knows is no job', async () => {
    const unknown = { name: 'QueryError', code: 'JOB_UNKNOWN', message: expect.stringContaining('job 123') }
    const job = client().job(123n)
    expect(await rejection((async () => job.status())())).toMatchObject(unknown)
    expect(await rejection((async () => job.progress())())).toMatchObject(unknown)
    expect(await rejection((async () => job.wait())())).toMatchObject(unknown)
    expect(await job.abort()).toBe(false)
  })

  test('numbers are unsigned, as the servers have them', async () => {
    // Half of all numbers are in the upper half.
    let job = await query().operate([op.write('id', 1)])
    for (let tries = 0; job.id < 2n ** 63n && tries < 64; tries++) job = await query().operate([op.write('id', 1)])
    expect(job.id).toBeGreaterThanOrEqual(2n ** 63n)
    expect(job.id).toBeLessThan(2n ** 64n)
    expect(job.name).toBe(`job ${job.id}`)
    const shown = await client().infoRandomNode('query-show')
    expect(shown).toContain(`trid=${job.id}:`)
    await job.wait({ timeout: 10_000 })
    await client().job(job.id).wait({ timeout: 10_000 })
  })

  test('what is no number of a job is refused', async () => {
    for (const id of [-1n, 2n ** 64n, 5, '5', undefined]) {
      expect(() => client().job(id as bigint)).toThrow(/the id of a job is a bigint from 0 to 2\^64-1/)
    }
  })

  test('what is no function, and no operation that writes', async () => {
    const begun = (begin: () => unknown) => rejection((async () => begin())())
    expect(await begun(() => query().apply('', 'f'))).toMatchObject({ name: 'InvalidArgError' })
    expect(await begun(() => query().apply(module, ''))).toMatchObject({ name: 'InvalidArgError' })
    expect(await begun(() => query().apply(module, 'f', 'x' as never))).toMatchObject({ name: 'InvalidArgError' })
    expect(await begun(() => query().operate([]))).toMatchObject({ name: 'InvalidArgError' })
    expect(await begun(() => query().operate([op.read('n')]))).toMatchObject({ name: 'InvalidArgError' })
    expect(await begun(() => query().apply(module, 'double', [], { unknown: 1 } as never))).toMatchObject({
      name: 'InvalidArgError',
    })
  })

  test('a job by a where without an index says how to make one', async () => {
    const error = await rejection(
      (async () =>
        query()
          .where(filter.equal('none', 1))
          .operate([op.write('a', 1)]))(),
    )
    expect(error).toMatchObject({ name: 'IndexNotFoundError', message: expect.stringContaining('client.createIndex(') })
  })

  test('a function can remove what it is given', async () => {
    const job = await query().apply(module, 'removes')
    await job.wait({ timeout: 10_000 })
    expect(await query().count()).toBe(0)
  })
})
