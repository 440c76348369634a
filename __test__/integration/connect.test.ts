import { type AddressInfo, createServer } from 'node:net'
import { Client, ClientSync, connect, connectSync } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { describe, expect, inject, test } from 'vitest'
import { CLIENTS } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'
import { until } from '../helpers/until'

const KEY = ['test', 'connect', 'nobody'] as const
const CLOSED = { name: 'ClientError', code: 'CLIENT_CLOSED', resultCode: -1 }
const NOT_CONNECTED = { name: 'ClientError', code: 'NOT_CONNECTED', resultCode: -1 }

/** An address that refuses connections. */
const REFUSING = '127.0.0.1:1'

describe.each(CLIENTS)('$name', kind => {
  test('connects, works and closes', async () => {
    const client = kind.make()
    expect(client.isConnected()).toBe(false)
    expect(await client.connect()).toBe(client)
    expect(client.isConnected()).toBe(true)
    expect(await client.exists(KEY)).toBe(false)
    expect(await client.close()).toBeUndefined()
    expect(client.isConnected()).toBe(false)
  })

  test.each(['get', 'exists', 'remove', 'touch'] as const)('%s before connect is refused', async name => {
    const client = kind.make()
    await expect(client[name](KEY)).rejects.toMatchObject(NOT_CONNECTED)
    await expect(client[name](KEY)).rejects.toThrow(`${name}: the client is not connected; call connect() first`)
    expect(() => client.getNodeNames()).toThrow(/getNodeNames: the client is not connected/)
  })

  test('commands after close are refused, and so is connect', async () => {
    const client = await kind.connect()
    await client.close()
    await expect(client.put(KEY, { a: 1 })).rejects.toMatchObject(CLOSED)
    await expect(client.put(KEY, { a: 1 })).rejects.toThrow('put: the client is closed')
    await expect(client.infoAll('status')).rejects.toThrow('infoAll: the client is closed')
    await expect(client.batchRead([KEY])).rejects.toThrow('batchRead: the client is closed')
    expect(() => client.getNodeNames()).toThrow(/getNodeNames: the client is closed/)
    await expect(client.connect()).rejects.toMatchObject(CLOSED)
    await expect(client.connect()).rejects.toThrow('connect: the client is closed; create a new one')
  })

  test('closing again does nothing', async () => {
    const client = await kind.connect()
    await client.close()
    expect(await client.close()).toBeUndefined()
    expect(await client.close({ timeout: 0 })).toBeUndefined()
  })

  test('a client that was never connected can be closed, and stays closed', async () => {
    const client = kind.make()
    await client.close()
    await expect(client.connect()).rejects.toMatchObject(CLOSED)
    await expect(client.get(KEY)).rejects.toThrow('get: the client is closed')
  })

  test.each<[object, RegExp]>([
    [{ timeout: -1 }, /close.timeout: an integer from 0/],
    [{ timeout: '5' }, /close.timeout: an integer/],
    [{ patience: 5 }, /close: unknown option "patience"; the known options are timeout$/],
    [5 as unknown as object, /close: an object is needed, not 5/],
  ])('close refuses %j and leaves the client open', async (options, message) => {
    const client = await kind.connect()
    await expect(client.close(options)).rejects.toMatchObject({ name: 'InvalidArgError' })
    await expect(client.close(options)).rejects.toThrow(message)
    expect(await client.exists(KEY)).toBe(false)
    await client.close()
  })

  test('no server at the address', async () => {
    const started = performance.now()
    const client = kind.make({ hosts: REFUSING, timeout: 300 })
    await expect(client.connect()).rejects.toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    await expect(client.connect()).rejects.toThrow(`could not connect to ${REFUSING}`)
    expect(performance.now() - started).toBeLessThan(3000)
    await client.close()
  })

  test('if every seed refuses the connection, connect does not wait for its timeout', async () => {
    const client = kind.make({ hosts: [REFUSING, REFUSING, REFUSING], timeout: 600_000, connectTimeout: 600_000 })
    await expect(client.connect()).rejects.toMatchObject({ name: 'ClusterError', code: 'CLUSTER', retryable: true })
    await client.close()
  })

  test('nobody answers at the address', async () => {
    const silent = createServer()
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const hosts = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const started = performance.now()
    const client = kind.make({ hosts, timeout: 300, connectTimeout: 500 })
    await expect(client.connect()).rejects.toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    expect(performance.now() - started).toBeLessThan(3000)
    await expect(client.connect()).rejects.toThrow(hosts)
    await client.close()
    silent.close()
  })

  test('one of several seeds is enough', async () => {
    const { address } = inject('aerospike')
    const client = await kind.connect({ hosts: `${REFUSING},${address}` })
    expect(await client.exists(KEY)).toBe(false)
    await client.close()
  })

  test('a failed connect can be tried again', async () => {
    await using server = await LocalServer.start()
    const { port } = server
    const client = kind.make({ hosts: server.address, timeout: 500 })
    await server.stop()
    await expect(client.connect()).rejects.toMatchObject({ name: 'ClusterError' })
    await using _again = await LocalServer.start({ port })
    expect(await client.connect()).toBe(client)
    expect(await client.exists(KEY)).toBe(false)
    await client.close()
  })

  test('a cluster of another name is refused', async () => {
    await using server = await LocalServer.start({ clusterName: 'ours' })
    const other = kind.make({ hosts: server.address, clusterName: 'theirs', connectTimeout: 2000 })
    await expect(other.connect()).rejects.toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    await expect(other.connect()).rejects.toThrow(/theirs/)
    await other.close()
    const named = await kind.connect({ hosts: server.address, clusterName: 'ours' })
    expect(await named.exists(KEY)).toBe(false)
    await named.close()
  })

  test('credentials that a server without security does not take are an error that says so', async () => {
    const config = { user: 'ada', password: 'secret' }
    await expect(kind.make(config).connect()).rejects.toMatchObject({
      name: 'AdminError',
      code: 'SECURITY_NOT_SUPPORTED',
    })
    await expect(kind.make().connect('ada', 'secret')).rejects.toThrow(/Security not supported/)
    await expect(kind.make(config).connect()).rejects.not.toThrow(/secret/)
  })

  test.each([
    [5, undefined],
    [{}, undefined],
    ['ada', 5],
  ])('connect refuses user %s with password %s', async (user, password) => {
    const client = kind.make()
    await expect(client.connect(user as string, password as unknown as string)).rejects.toMatchObject({
      name: 'InvalidArgError',
    })
    await client.close()
  })

  test('a password without a user is refused, not left out', async () => {
    const refused = (message: string | RegExp) => ({ name: 'InvalidArgError', message: expect.stringMatching(message) })
    await expect(kind.make({ password: 'secret' }).connect()).rejects.toMatchObject(
      refused(/^config.password: a user is/),
    )
    await expect(kind.make().connect(null, 'secret')).rejects.toMatchObject(refused(/^connect: password: a user is/))
    await expect(kind.make({ password: 'secret' }).connect(null, 'other')).rejects.not.toThrow(/secret|other/)
    const external = kind.make({ authMode: 'external-insecure' })
    await expect(external.connect()).rejects.toMatchObject(refused(/^config.authMode: it needs a user/))
    // With a user they are sent, and this server takes none.
    await expect(kind.make({ password: 'secret' }).connect('ada')).rejects.toMatchObject({ name: 'AdminError' })
    await expect(kind.make({ user: 'ada' }).connect(null, 'secret')).rejects.toMatchObject({ name: 'AdminError' })
  })

  test('several clients of one process are each their own', async () => {
    const clients = await Promise.all([kind.connect(), kind.connect(), kind.connect()])
    await clients[0]?.close()
    expect(clients.map(client => client.isConnected())).toEqual([false, true, true])
    expect(await clients[1]?.exists(KEY)).toBe(false)
    await Promise.all(clients.map(client => client.close()))
  })

  test('connections are opened ahead', async () => {
    const client = await kind.connect({ minConnsPerNode: 5, maxConnsPerNode: 5 })
    expect(await Promise.all(Array.from({ length: 50 }, () => client.exists(KEY)))).not.toContain(true)
    await client.close()
  })
})

describe('Client', () => {
  const hosts = (): string => inject('aerospike').address

  test('connect of the package gives a connected client', async () => {
    await using client = await connect({ hosts: hosts() })
    expect(client).toBeInstanceOf(Client)
    expect(client.isConnected()).toBe(true)
    await expect(connect({ hosts: REFUSING, timeout: 300 })).rejects.toMatchObject({ name: 'ClusterError' })
    await expect(connect({ nonsense: 1 } as object)).rejects.toMatchObject({ name: 'InvalidArgError' })
  })

  test('connect twice gives the same promise', async () => {
    const client = new Client({ hosts: hosts() })
    const connecting = client.connect()
    expect(client.connect()).toBe(connecting)
    expect(await connecting).toBe(client)
    expect(client.connect()).toBe(connecting)
    await client.close()
  })

  test('close twice gives the same promise', async () => {
    const client = await connect({ hosts: hosts() })
    const closing = client.close()
    expect(client.close()).toBe(closing)
    await closing
    expect(client.close()).toBe(closing)
  })

  test('closed while it connects, it does not open', async () => {
    const client = new Client({ hosts: hosts() })
    const connecting = client.connect()
    const closing = client.close()
    await expect(connecting).rejects.toMatchObject(CLOSED)
    await closing
    expect(client.isConnected()).toBe(false)
    await expect(client.get(KEY)).rejects.toThrow('get: the client is closed')
  })

  test('close lets what runs come to its end', async () => {
    const client = await connect({ hosts: hosts() })
    const running = Array.from({ length: 500 }, () => client.exists(KEY))
    const closing = client.close()
    expect(await Promise.all(running)).toEqual(Array.from({ length: 500 }, () => false))
    await closing
  })

  test('close keeps its time when the server says nothing more', async () => {
    await using proxy = await startProxy()
    const client = await connect({ hosts: proxy.address, seedOnlyCluster: true, timeout: 10_000, tendInterval: 250 })
    proxy.mute()
    // The client looks at the cluster, and gets no answer.
    await until(() => proxy.withheld > 0)
    const started = performance.now()
    await client.close({ timeout: 0 })
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test('is disposed of by await using', async () => {
    let kept: Client
    {
      await using client = await connect({ hosts: hosts() })
      kept = client
      expect(kept.isConnected()).toBe(true)
    }
    expect(kept.isConnected()).toBe(false)
    await expect(kept.get(KEY)).rejects.toThrow('get: the client is closed')
  })
})

describe('ClientSync', () => {
  const hosts = (): string => inject('aerospike').address

  test('connectSync gives a connected client', () => {
    using client = connectSync({ hosts: hosts() })
    expect(client).toBeInstanceOf(ClientSync)
    expect(client.isConnected()).toBe(true)
    expect(client.connect()).toBe(client)
    expect(() => connectSync({ hosts: REFUSING, timeout: 300 })).toThrow(/could not connect/)
  })

  test('gives results themselves and throws its errors', () => {
    using client = connectSync({ hosts: hosts() })
    expect(client.exists(KEY)).toBe(false)
    expect(() => client.get(KEY)).toThrow(/get test\/connect\/nobody/)
  })

  test('is disposed of by using', () => {
    let kept: ClientSync
    {
      using client = connectSync({ hosts: hosts() })
      kept = client
    }
    expect(kept.isConnected()).toBe(false)
    expect(() => kept.get(KEY)).toThrow('get: the client is closed')
  })
})
