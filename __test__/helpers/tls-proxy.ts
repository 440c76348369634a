// A TLS endpoint in front of a server without TLS. Clients need `seedOnlyCluster: true` to stay with it.
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'

export interface TlsProxy extends AsyncDisposable {
  readonly port: number
  /** Number of connections with a completed handshake so far. */
  readonly connections: number
  /** Common names of the client certificates of these connections. */
  readonly clients: readonly string[]
  /** Common names of the client certificates with which the commands so far were sent. */
  readonly senders: readonly string[]
  /** The connections that are open. */
  readonly open: ReadonlySet<Socket>
  /** Certificates for later connections. */
  replace: (options: TlsOptions) => void
}

/** The second byte of a request that is a command, and not one for information. */
const COMMAND = 3

/** Starts a TLS endpoint that forwards to `address`, as `host:port`. */
export async function tlsProxy(address: string, options: TlsOptions): Promise<TlsProxy> {
  const [host, port] = address.split(':') as [string, string]
  const sockets = new Set<Socket>()
  const clients: string[] = []
  const senders: string[] = []
  let connections = 0
  const server = createServer(options, near => {
    connections += 1
    const { subject } = near.getPeerCertificate()
    if (subject !== undefined) {
      clients.push(String(subject.CN))
      near.on('data', (bytes: Buffer) => {
        if (bytes[1] === COMMAND) senders.push(String(subject.CN))
      })
    }
    const far = connect(Number(port), host)
    sockets.add(near)
    near.on('close', () => sockets.delete(near))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  // Failed handshakes are what some tests provoke.
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    clients,
    senders,
    open: sockets,
    replace: later => server.setSecureContext(later),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
