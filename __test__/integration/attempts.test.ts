// How often a failed call was sent, for every kind of call, and what a failed connect says.
import { type AerospikeError, batchRow, Client, type ClientConfig, connect, connectSync } from 'aerospike-napi'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS, type ClientKind, connectBefore, keysOf, rejection } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'

const newKey = keysOf('attempts')
const MISSING = { code: 'RECORD_NOT_FOUND', attempts: 1 }

describe.each(CLIENTS)('$name', (kind: ClientKind) => {
  const client = connectBefore(kind)

  test('a single command that the server refuses was sent once', async () => {
    const key = newKey()
    const sent = client()
      .stats()
      .nodes.map(({ name, address }) => `${name} ${address}`)
    const error = (await rejection(client().get(key))) as AerospikeError
    expect(error).toMatchObject(MISSING)
    expect(sent).toContain(`${error.node} ${error.address}`)
    expect(await rejection(client().touch(key))).toMatchObject(MISSING)
  })

  test('so was each row of a batch', async () => {
    const key = newKey()
    const written = await client().batchWrite([{ key, bins: { a: 1 } }], { exists: 'update-only' })
    const { node, address } = written.at(0) ?? {}
    expect(written.at(0)?.error).toMatchObject({ ...MISSING, node, address })
    expect(client().stats().nodes).toContainEqual(expect.objectContaining({ name: node, address }))
    const mixed = await client().batch([batchRow.read(key), batchRow.remove(key), batchRow.apply(key, 'absent', 'fn')])
    expect(mixed.map(({ error }) => error?.attempts)).toEqual([1, 1, 1])
    for await (const { error } of client().batchStream([batchRow.read(key)])) expect(error).toMatchObject(MISSING)
  })

  test('and each row of columns', async () => {
    const key = newKey()
    const read = await client().batchReadColumns([key], { a: 'i32' })
    expect(read.error(0)).toMatchObject(MISSING)
    const data = { ns: key.namespace, set: key.set, keys: ['absent'], columns: { a: Int32Array.of(1) } }
    const written = await client().batchWriteColumns(data, { exists: 'update-only' })
    expect(written.error(0)).toMatchObject(MISSING)
  })

  test('a call that the client refuses was not sent', async () => {
    expect(await rejection(client().put(newKey(), {}))).toMatchObject({ code: 'INVALID_ARGUMENT', attempts: 0 })
  })
})

test('calls that autoBatch combines were sent once', async () => {
  await using client = await connect({ hosts: inject('aerospike').address, autoBatch: { writes: true } })
  const failed = await Promise.all([
    rejection(client.get(newKey())),
    rejection(client.put(newKey(), { a: 1 }, null, { exists: 'update-only' })),
  ])
  for (const error of failed) expect(error).toMatchObject(MISSING)
})

test('calls without an answer were sent at least once', async () => {
  await using proxy = await startProxy()
  const client = await new Client({ hosts: proxy.address, seedOnlyCluster: true }).connect()
  await client.exists(newKey())
  proxy.mute()
  const error = await rejection(client.get(newKey(), { totalTimeout: 300, maxRetries: 0 }))
  expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true })
  expect((error as { attempts: number }).attempts).toBeGreaterThanOrEqual(1)
  const late = client.put(newKey(), { a: 1 }, null, { totalTimeout: 300 })
  expect(await rejection(late)).toMatchObject({ code: 'TIMEOUT', inDoubt: true, retryable: false })
  await client.close({ timeout: 0 })
})

describe('a failed connect', () => {
  const TIMEOUTS = { timeout: 300, connectTimeout: 2000 }
  const failures: readonly (readonly [string, () => ClientConfig, object])[] = [
    [
      // Too long for a name server to be asked, so the test does not depend on one.
      'to a host without an address',
      () => ({ hosts: `${'a'.repeat(64)}.invalid:3000` }),
      { name: 'ClusterError', code: 'INVALID_HOST', resultCode: -4, retryable: false },
    ],
    [
      'to a cluster of another name',
      () => ({ hosts: inject('aerospike').address, clusterName: 'another' }),
      { name: 'ClusterError', code: 'CLUSTER', resultCode: -1, retryable: false },
    ],
    [
      'to an address at which nothing listens',
      () => ({ hosts: '127.0.0.1:1' }),
      { name: 'ClusterError', code: 'CLUSTER', resultCode: -10, retryable: true },
    ],
  ]
  test.each(failures)('%s', async (_name, config, expected) => {
    expect(await rejection(connect({ ...config(), ...TIMEOUTS }))).toMatchObject(expected)
    expect(await rejection((async () => connectSync({ ...config(), ...TIMEOUTS }))())).toMatchObject(expected)
  })
})
