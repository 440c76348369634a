// A server that dies in the middle, and comes back. Runs on aerospike-local always: the server must be ours to kill.
import { AerospikeError, connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { expect, test } from 'vitest'
import { until } from '../helpers/until'

test('every call settles, doubt is reported, and the client recovers by itself', async () => {
  let server = await LocalServer.start()
  const { port } = server
  const client = await connect({ hosts: server.address, totalTimeout: 2000 })
  const puts = Array.from({ length: 10_000 }, (_, id) => client.put(['test', 'killed', id], { id }))
  const settling = Promise.allSettled(puts)
  // Killed when some have come through and most have not.
  await puts[50]
  await server.nodes[0]?.dropAnswers() // so that some are on the wire for certain
  await server.kill()
  const settled = await settling
  const failed = settled.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.length).toBeLessThan(10_000)
  for (const error of failed) {
    expect(error).toBeInstanceOf(AerospikeError)
    expect(['CLUSTER', 'TIMEOUT']).toContain(error.code)
  }
  // Those that were on the wire are in doubt, those that never left are not.
  expect(failed.some(error => error.inDoubt)).toBe(true)
  expect(failed.some(error => !error.inDoubt)).toBe(true)

  server = await LocalServer.start({ port })
  // Until the client has found it again.
  const back = (): Promise<boolean> =>
    client.put(['test', 'killed', 'back'], { a: 1 }).then(
      () => true,
      () => false,
    )
  await until(back, { timeout: 30_000 })
  expect((await client.get(['test', 'killed', 'back'])).bins).toEqual({ a: 1 })
  await client.close()
  await server.stop()
})

test('a close gives calls in flight their time, and refuses new ones', async () => {
  const server = await LocalServer.start()
  const client = await connect({ hosts: server.address })
  const puts = Array.from({ length: 2000 }, (_, id) => client.put(['test', 'closing', id], { id }))
  const closed = client.close()
  await expect(client.get(['test', 'closing', 1])).rejects.toThrow('get: the client is closed')
  const settled = await Promise.allSettled(puts)
  expect(settled.every(result => result.status === 'fulfilled')).toBe(true)
  await closed
  expect(client.close()).toBe(client.close())
  await server.stop()
})

test('a close without patience ends what is left, and says so', async () => {
  const server = await LocalServer.start()
  const client = await connect({ hosts: server.address, maxConcurrentCommands: 1 })
  const puts = Array.from({ length: 5000 }, (_, id) => client.put(['test', 'closing', id], { id }))
  const settling = Promise.allSettled(puts)
  await client.close({ timeout: 0 })
  const settled = await settling
  const failed = settled.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.every(error => error.code === 'CLIENT_CLOSED' && error.message.includes('closed'))).toBe(true)
  await server.stop()
})
