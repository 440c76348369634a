// Policy fields whose effect is in the request, or in what becomes of the connection. The proxy runs on this thread, which a
// blocking client would stop.
import { connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { expect, test } from 'vitest'
import { keysOf } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

const newKey = keysOf('policy-wire')

test.each([
  [{}, 0, 0],
  [{ readTouchTtlPercent: 80, errorDetailVerbosity: 2 }, 80, 2],
  [{ readTouchTtlPercent: -1, errorDetailVerbosity: 3 }, -1, 3],
] as const)('a request contains readTouchTtlPercent and errorDetailVerbosity: %o', async (policy, ttl, verbosity) => {
  await using proxy = await startProxy()
  await using client = await connect({ hosts: proxy.address, seedOnlyCluster: true })
  const key = newKey()
  await client.put(key, { a: 1 })
  await client.get(key, policy)
  const sent = proxy.sent.at(-1)
  expect(sent?.ttl).toBe(ttl)
  // Bits 5 and 6 of the fourth byte of flags.
  expect(((sent?.info[3] ?? 0) >> 5) & 3).toBe(verbosity)
})

test('timeoutDelay keeps the connection of a call that ran out of time, once its late answer has arrived', async () => {
  await using server = await LocalServer.start()
  const node = server.nodes[0]
  await using client = await connect({ hosts: server.address })
  const key = newKey()
  await client.put(key, { a: 1 })
  const connections = () => client.stats().nodes[0]?.connections
  const late = async (timeoutDelay: number): Promise<void> => {
    await node?.delayAnswers(400, 1)
    await expect(client.get(key, { totalTimeout: 50, maxRetries: 0, timeoutDelay })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
  }
  const before = connections()
  await late(3000)
  await until(() => connections()?.recovering === 1)
  await until(() => connections()?.recovering === 0)
  expect(connections()?.idle).toBe(before?.idle)
  await late(0)
  await until(() => connections()?.inUse === 0)
  expect(connections()?.recovering).toBe(0)
  expect((await client.get(key)).bins).toEqual({ a: 1 })
})
