/**
 * A server between client and server that changes what the server sends.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Chosen, Mutated } from './mutations.mjs'

const HEADER = 8
const INFO = 1

/** A proxy that changes the server's messages. */
export interface MutatingProxy extends AsyncDisposable {
  /** Address, as `hosts` takes it; the client needs `seedOnlyCluster: true` to stay with it. */
  readonly address: string
  /** Changes messages from now on; `undefined`: passes them on. */
  mutate: (mutation: Chosen | undefined) => void
}

/** Starts a proxy of the server at `host:port`. */
export async function startMutatingProxy(host: string, port: number): Promise<MutatingProxy> {
  const sockets = new Set<Socket>()
  let mutation: Chosen | undefined
  const server = createServer(client => {
    const upstream = connect(port, host)
    client.on('data', chunk => upstream.write(chunk))
    let rest = Buffer.alloc(0)
    let order = Promise.resolve()
    upstream.on('data', chunk => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= HEADER) {
        const size = HEADER + rest.readUIntBE(2, 6)
        if (rest.length < size) return
        const message = rest.subarray(0, size)
        rest = rest.subarray(size)
        const isInfo = message.readUInt8(1) === INFO
        const changed: Mutated =
          mutation?.ofInfo === isInfo ? mutation.apply(message) : { parts: [message], interval: 0, close: false }
        order = order.then(() => write(client, changed))
      }
    })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    mutate: next => {
      mutation = next
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

async function write(client: Socket, { parts, interval, close }: Mutated): Promise<void> {
  for (const part of parts) {
    if (client.destroyed) return
    client.write(part)
    if (interval > 0) await sleep(interval)
  }
  if (close) client.end()
}
