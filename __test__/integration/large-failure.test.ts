// Failures whose texts a user or a server makes larger than what crosses to JavaScript at a time.
import { randomUUID } from 'node:crypto'
import vm from 'node:vm'
import { connectSync, Key, type Value } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('large_failure')
const BIG = 'x'.repeat(1_100_000)
const MODULE = `large_${randomUUID().slice(0, 8)}`
const SOURCE = `
function fails(rec, bytes) error('start' .. string.rep('x', bytes) .. 'end') end
function slow(rec, rounds)
  local sum = 0
  for round = 1, rounds do sum = sum + round % 7 end
  rec['done'] = sum
  if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end
  return sum
end
`

/** Every message of an error and what is behind it. */
function messages(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...messages(error.cause)] : []
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  beforeAll(async () => {
    await (await client().udfRegister({ name: `${MODULE}.lua`, source: SOURCE })).wait()
  })
  afterAll(() => client().udfRemove(MODULE))

  /** Calls fail on their own: what is called beside them and after them is answered. */
  async function failing(call: () => Promise<unknown>): Promise<Error> {
    const [before, after] = [newKey(), newKey()]
    await client().put(before, { which: 'before' })
    await client().put(after, { which: 'after' })
    const beside = client().get(before)
    const error = (await rejection(call())) as Error
    expect((await beside).bins).toEqual({ which: 'before' })
    expect((await client().get(after)).bins).toEqual({ which: 'after' })
    for (const message of messages(error)) expect(message.length).toBeLessThan(17 << 10)
    return error
  }

  test('of a UDF: the message keeps both ends and says how much was cut', async () => {
    const key = newKey()
    await client().put(key, { a: 1 })
    for (const bytes of [70_000, 1_100_000]) {
      const error = await failing(() => client().apply(key, MODULE, 'fails', [bytes]))
      expect(error).toMatchObject({ name: 'UDFError', code: 'UDF' })
      expect(error.message).toMatch(/startx+ … \(\d+ bytes cut\) … x+end/)
    }
  })

  test('of UDFs in a batch', async () => {
    const keys = newKey.many(20)
    for (const key of keys) await client().put(key, { a: 1 })
    const rows = await client().batchApply(keys, MODULE, 'fails', [1_100_000])
    for (const { error } of rows) {
      expect(error?.message).toContain('bytes cut')
      expect(error?.message.length).toBeLessThan(17 << 10)
    }
  })

  test.each<[string, RegExp, () => Promise<unknown>]>([
    ['truncate, a namespace', /^INVALID_ARGUMENT$/, () => client().truncate(BIG, 'set')],
    ['infoNode, a node', /^CLUSTER$/, () => client().infoNode('build', BIG)],
    // aerospike-local takes names of any length, and finds none like this.
    ['apply, a function', /^(INVALID_ARGUMENT|UDF)$/, () => client().apply(newKey(), MODULE, BIG, [])],
    ['apply, a module', /^(INVALID_ARGUMENT|UDF)$/, () => client().apply(newKey(), BIG, 'fails', [])],
    [
      'createIndex, a namespace',
      /^INVALID_ARGUMENT$/,
      () => client().createIndex({ namespace: BIG, set: 's', bin: 'b', index: 'i', datatype: 'numeric' }),
    ],
    [
      'createIndex, an index',
      /^INVALID_ARGUMENT$/,
      () => client().createIndex({ namespace: 'test', set: 's', bin: 'b', index: BIG, datatype: 'numeric' }),
    ],
    ['query, a set', /^INVALID_ARGUMENT$/, async () => client().query('test', BIG).results()],
    ['a bin', /^BIN_NAME$/, () => client().put(newKey(), { [BIG]: 1 })],
    ['a key', /^INVALID_ARGUMENT$/, () => client().get(['test', BIG, 1])],
    ['an option', /^INVALID_ARGUMENT$/, () => client().get(newKey(), { [BIG]: 1 } as object)],
  ])('of %s of 1.1 MB', async (_, code, call) => {
    expect(await failing(call)).toMatchObject({ code: expect.stringMatching(code) })
  })

  test('of an aggregation', async () => {
    const key = newKey()
    await client().put(key, { a: 1 })
    for (const [module, fn] of [
      [BIG, 'sum'],
      [MODULE, BIG],
    ] as const) {
      const error = await failing(async () =>
        client()
          .query('test', key.set)
          .aggregate(module, fn, [] as Value[])
          .results(),
      )
      expect(error).toMatchObject({ name: 'UDFError', code: 'UDF' })
    }
  })

  test('of a connect', async () => {
    const hosts = `${'h'.repeat(1_100_000)}:3000`
    expect(await failing(() => kind.connect({ hosts, connectTimeout: 1000 }))).toMatchObject({
      name: 'ClusterError',
      code: 'INVALID_HOST',
    })
    const named = await failing(() => kind.connect({ clusterName: BIG, connectTimeout: 1000 }))
    expect(named).toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
  })
})

test('a record with as many and as long bin names as its shape can hold is read', async () => {
  const key = new Key('test', 'large_failure', 'wide')
  const client = connectSync({ hosts: inject('aerospike').address })
  const bins = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`b${n}`.padEnd(15, '_'), n]))
  client.put(key, bins)
  expect(client.get(key).bins).toEqual(bins)
  client.close()
})

test('a blocking call that node:vm interrupts leaves its reply to nobody', async () => {
  using client = connectSync({ hosts: inject('aerospike').address, totalTimeout: 20_000 })
  await client.udfRegister({ name: `${MODULE}.lua`, source: SOURCE }).wait()
  const [slow, other] = [newKey(), newKey()]
  client.put(other, { which: 'other' })
  const run = (): unknown => client.apply(slow, MODULE, 'slow', [20_000_000])
  expect(() => vm.runInNewContext('run()', { run }, { timeout: 20 })).toThrow(/timed out/)
  // The interrupted call is carried out all the same; every reply from here on is the right one.
  const done = (): boolean => client.getOrNull(slow)?.bins.done !== undefined
  while (!done()) expect(client.get(other).bins).toEqual({ which: 'other' })
  for (let round = 0; round < 20; round++) {
    expect(client.get(other).bins).toEqual({ which: 'other' })
    expect(done()).toBe(true)
  }
  client.udfRemove(MODULE)
})
