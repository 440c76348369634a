import { AerospikeError, ClusterError, RecordNotFoundError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { until } from '../helpers/until'

const newKey = keysOf('error')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('has the class of its code, and all of its fields', async () => {
    const key = newKey('ada')
    const error = (await rejection(client().get(key))) as RecordNotFoundError
    expect(error).toBeInstanceOf(RecordNotFoundError)
    expect(error).toBeInstanceOf(AerospikeError)
    expect(error).toMatchObject({
      name: 'RecordNotFoundError',
      code: 'RECORD_NOT_FOUND',
      resultCode: 2,
      subCode: 0,
      inDoubt: false,
      attempts: 1,
    })
    expect(error.cause).toBeUndefined()
    expect(error.key).toBe(key)
    expect(error.message).toBe(`Key not found (get ${key})`)
    expect(String(error)).toBe(`RecordNotFoundError: Key not found (get ${key})`)
    const [node] = client().getNodeNames()
    expect(error.node).toBe(node)
    expect(error.address).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  test('has the caller in its stack, through functions that await', async () => {
    async function readsTheRecord(): Promise<unknown> {
      return await client().get(newKey())
    }
    async function calledByTheTest(): Promise<unknown> {
      const record = await readsTheRecord()
      return record
    }
    const { stack } = (await rejection(calledByTheTest())) as Error
    expect(stack).toContain('readsTheRecord')
    expect(stack).toContain('calledByTheTest')
    expect(stack).toContain('error.test.ts')
  })

  test('has it for batches, operations and refusals too', async () => {
    async function theCaller(call: () => Promise<unknown>): Promise<unknown> {
      return await call()
    }
    const unknown = newKey('any', 'unknown')
    const calls = [
      () => client().batchRead([unknown]),
      () => client().batchReadColumns([unknown], { a: 'i32' }),
      () => client().operate(unknown, [{ op: 1 }]),
      () => client().infoNode('build', 'NONE'),
      () => client().put(newKey(), {}),
    ]
    for (const call of calls) expect(((await rejection(theCaller(call))) as Error).stack).toContain('theCaller')
  })

  test('is one of its own for each call', async () => {
    const key = newKey()
    const errors = await Promise.all([rejection(client().get(key)), rejection(client().get(key))])
    expect(errors[0]).not.toBe(errors[1])
  })

  test('can be sent to another thread and logged', async () => {
    const error = (await rejection(client().get(newKey('bob')))) as Error
    const clone = structuredClone(error)
    expect(clone.message).toBe(error.message)
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: 'RECORD_NOT_FOUND',
      resultCode: 2,
      key: { namespace: 'test', userKey: 'bob' },
    })
  })

  test('calls to a stopped server fail with a ClusterError, and succeed again after its restart', async () => {
    const first = await LocalServer.start()
    const other = await kind.connect({ hosts: first.address, tendInterval: 250, timeout: 500 })
    const key = newKey()
    await other.put(key, { a: 1 })
    await first.kill()
    const deadline = performance.now() + 12_000
    let error: AerospikeError
    do {
      error = (await rejection(other.get(key, { totalTimeout: 500 }))) as AerospikeError
      expect(error).toBeInstanceOf(AerospikeError)
      expect(['CLUSTER', 'TIMEOUT']).toContain(error.code)
      expect(error.key).toBe(key)
      // Until the client has looked at the cluster, it waits for a connection.
    } while (!(error instanceof ClusterError) && performance.now() < deadline)
    expect(error).toBeInstanceOf(ClusterError)
    expect(error.resultCode).toBeLessThan(0)
    await using _again = await LocalServer.start({ port: first.port })
    let found: unknown
    await until(async () => {
      found = await other.exists(key, { totalTimeout: 500 }).catch(() => undefined)
      return found !== undefined
    })
    expect(found).toBe(false)
    expect(other.isConnected()).toBe(true)
    await other.close()
  })
})
