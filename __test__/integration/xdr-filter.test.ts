// Filters of cross-datacenter replication.
import { exp } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, type Commands } from '../helpers/clients'

let server: LocalServer
beforeAll(async () => {
  server = await LocalServer.start({ xdrDatacenters: ['west'] })
})
afterAll(() => server?.stop())

describe.each(CLIENTS)('$name', kind => {
  let client: Commands
  beforeAll(async () => {
    client = await kind.connect({ hosts: server.address })
  })
  afterAll(() => client?.close())

  test('is set, replaced and removed', async () => {
    const current = (): Promise<string> => client.infoRandomNode('xdr-get-filter:dc=west;namespace=test')
    const filter = exp.eq(exp.binStr('region'), 'west')
    await client.setXdrFilter('west', 'test', filter)
    expect(await current()).toBe(`namespace=test:exp=${Buffer.from(filter.bytes).toString('base64')}`)
    await client.setXdrFilter('west', 'test', exp.gt(exp.binInt('age'), 20))
    expect(await current()).not.toContain(Buffer.from(filter.bytes).toString('base64'))
    await client.setXdrFilter('west', 'test', null)
    expect(await current()).toBe('')
  })

  test('reports the error of the server', async () => {
    await expect(client.setXdrFilter('east', 'test', null)).rejects.toMatchObject({
      resultCode: 4,
      inDoubt: false,
      message: expect.stringMatching(/^unknown datacenter/),
    })
    await expect(client.setXdrFilter('west', 'nowhere', null)).rejects.toMatchObject({ resultCode: 20 })
    const other = await kind.connect({ hosts: inject('aerospike').address })
    // Neither the Community Edition nor aerospike-local without datacenters has cross-datacenter replication.
    await expect(other.setXdrFilter('west', 'test', null)).rejects.toMatchObject({ resultCode: 25 })
    await other.close()
  })

  test('refuses invalid arguments', async () => {
    const wrong = (...args: unknown[]): Promise<void> => client.setXdrFilter(...(args as [string, string, null]))
    for (const [args, message] of [
      [['', 'test', null], 'setXdrFilter: datacenter'],
      [['a;b', 'test', null], 'setXdrFilter: datacenter'],
      [['west', 7, null], 'setXdrFilter: namespace'],
      [['west', 'test', undefined], 'setXdrFilter: filter'],
      [['west', 'test', 'age > 20'], 'setXdrFilter: filter'],
      [['west', 'test', new Uint8Array(0)], 'setXdrFilter: filter'],
    ] as const) {
      await expect(wrong(...args)).rejects.toMatchObject({
        name: 'InvalidArgError',
        message: expect.stringContaining(message),
      })
    }
  })
})
