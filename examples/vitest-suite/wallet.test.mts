// A Vitest suite on LocalServer: one server for the file, and empty sets for each test.
//
//   node_modules/.bin/vitest run --root examples/vitest-suite
import { AerospikeError, AerospikeTimeoutError, type Client, connect, RecordExistsError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Wallets } from './wallet.mjs'

let server: LocalServer
let client: Client
let wallets: Wallets

beforeAll(async () => {
  server = await LocalServer.start()
  client = await connect({ hosts: server.address })
  wallets = new Wallets(client)
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(() => client.truncate('test', 'wallets'))

test('a wallet is opened once', async () => {
  await wallets.open('w1', 'Ada')
  await expect(wallets.open('w1', 'Bob')).rejects.toThrow(RecordExistsError)
  expect(await wallets.balance('w1')).toBe(0)
})

test('no change is lost, and no wallet is overdrawn', async () => {
  await wallets.open('w1', 'Ada')
  await Promise.all(Array.from({ length: 8 }, () => wallets.change('w1', 25)))
  expect(await wallets.balance('w1')).toBe(200)
  await expect(wallets.change('w1', -201)).rejects.toThrow('the wallet of Ada has only 200')
  expect(await wallets.balance('w1')).toBe(200)
})

test('a server that does not answer', async () => {
  await wallets.open('w1', 'Ada')
  const [node] = server.nodes
  await node?.dropAnswers()
  try {
    const slow = new Wallets(client)
    const error = await slow.change('w1', 10).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(AerospikeTimeoutError)
    expect(error).toBeInstanceOf(AerospikeError)
  } finally {
    await node?.clearFaults()
  }
  expect(await wallets.balance('w1')).toBe(0)
})
