// Connecting to a port on which something other than an Aerospike server listens.
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { ClusterError } from 'aerospike-napi'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CLIENTS, rejection } from '../helpers/clients'

/** Answers each connection with the same bytes. */
function answering(answer: Uint8Array | string, ends: boolean): Server {
  return createServer((socket: Socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => {
      socket.write(answer)
      if (ends) socket.end()
    })
  })
}

/** Starts a server, and returns its port. */
async function portOf(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const SERVERS: readonly [name: string, make: () => Server, message: RegExp][] = [
  [
    'an HTTP server',
    () => createHttpServer((_, response) => response.end('hello')),
    /something other than an Aerospike server answers on this port, probably an HTTP server/,
  ],
  ['Redis', () => answering('-ERR unknown command\r\n', false), /answers on this port, probably a Redis server/],
  ['SSH', () => answering('SSH-2.0-OpenSSH_9.6\r\n', false), /answers on this port, probably an SSH server/],
  ['MySQL', () => answering(Uint8Array.of(0x4a, 0, 0, 0, 0x0a, 0x38, 0x2e, 0x30), false), /answers on this port \(/],
  [
    'a TLS port',
    () => answering(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 70), true),
    /port \d+ uses TLS: set config\.tls, or use the port without TLS/,
  ],
]

// A blocking client would keep these servers, which run on its thread, from answering.
const [kind] = CLIENTS

describe.each([kind as (typeof CLIENTS)[number]])('$name', ({ make }) => {
  test.each(SERVERS)('%s', async (_, server, message) => {
    const client = make({ hosts: `127.0.0.1:${await portOf(server())}` })
    const error = await rejection(client.connect())
    expect(error).toBeInstanceOf(ClusterError)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).toMatch(/could not connect to 127.0.0.1:\d+/)
    await client.close()
  })
})
