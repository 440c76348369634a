/**
 * An OpenTelemetry collector that accepts and discards everything, so that the measurement covers little but the
 * client itself. Runs in a separate process and prints its address to standard output.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { FOLDER } from './spawn'

export interface Sink {
  readonly endpoint: string
  stop(): void
}

/** Starts a collector. */
export async function startSink(): Promise<Sink> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', __filename], {
    cwd: FOLDER,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = await once(createInterface(child.stdout), 'line')
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => void child.kill() }
}

function listen(): void {
  const server = createServer()
  server.on('stream', stream => {
    stream.resume()
    stream.once('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      // An empty gRPC message.
      stream.end(Buffer.alloc(5))
    })
  })
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
  // Exit together with the parent process.
  process.stdin.resume().once('end', () => process.exit())
}

if (require.main === module) listen()
