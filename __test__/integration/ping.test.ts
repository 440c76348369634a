// `ping`: one request to each node.
import { ClientError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, rejection } from '../helpers/clients'

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('measures the time of each node', async () => {
    const pings = await client().ping()
    const nodes = client().stats().nodes
    expect(pings.map(({ node, address }) => ({ name: node, address }))).toEqual(
      nodes.map(({ name, address }) => ({ name, address })),
    )
    for (const { ms, error } of pings) {
      expect(error).toBeNull()
      expect(ms).toBeGreaterThan(0)
    }
  })

  test('an invalid policy is refused', async () => {
    expect(await rejection(client().ping({ timeout: -1 }))).toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringMatching(/admin policy.timeout: an integer from 0/),
    })
  })

  test('a client that is not connected is an error', async () => {
    expect(await rejection(kind.make().ping())).toBeInstanceOf(ClientError)
  })

  test('a node that does not answer has an error, and a cluster without any answer is one', async () => {
    await using server = await LocalServer.start({ nodes: 2 })
    const two = await kind.connect({ hosts: server.address, totalTimeout: 500 })
    const [first, second] = server.nodes
    await second?.pause()
    const pings = await two.ping({ timeout: 300 })
    expect(pings).toHaveLength(2)
    expect(pings.filter(({ error }) => error === null).map(({ address }) => address)).toEqual([first?.address])
    await first?.pause()
    expect(await rejection(two.ping({ timeout: 300 }))).toMatchObject({ name: expect.stringMatching(/Error$/) })
    await first?.resume()
    await second?.resume()
    await two.close()
  })
})
