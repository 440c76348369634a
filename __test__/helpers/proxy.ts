// A server between client and server that keeps what the client sends, message by message, and can stop answering.
import { connect, createServer, type Socket } from 'node:net'
import { inject } from 'vitest'

/** One request as it went over the wire. */
export interface Sent {
  /** The header's flags. */
  info: readonly [number, number, number, number]
  generation: number
  ttl: number
  /** Fields by their type: 0 namespace, 1 set, 2 user key, 4 digest ... */
  fields: ReadonlyMap<number, Buffer>
  /** Operations: code and bin. */
  operations: readonly (readonly [code: number, bin: string])[]
}

export interface WireProxy extends AsyncDisposable {
  /** As `hosts` takes it; the client needs `seedOnlyCluster: true` to stay with it. */
  readonly address: string
  /** The requests for records since the start. */
  readonly sent: readonly Sent[]
  /** Messages of the client that are not requests for records: those by which it follows the cluster. */
  readonly infos: number
  /** The info commands of the client. */
  readonly infoTexts: readonly string[]
  /** Requests and answers that were compressed. Answers are only counted after `change`. */
  readonly compressed: { readonly requests: number; readonly answers: number }
  /** The bodies of the answers to logins and to other security messages, after `change`. */
  readonly securityAnswers: readonly Buffer[]
  /** Bytes of answers that did not get through. */
  readonly withheld: number
  /** From now on, answers are held back. */
  mute: () => void
  /** Of the answers from now on, only so many bytes get through. */
  passOnly: (bytes: number) => void
  /** From now on, answers to requests for records are changed by this, message by message, header included. */
  change: (changed: (message: Buffer) => Buffer) => void
  /** From now on, answers to info commands are changed by this; it takes and returns the text. */
  changeInfo: (changed: (text: string) => string) => void
}

const HEADER = 8
const INFO = 1
const SECURITY = 2
const MESSAGE = 3
const COMPRESSED = 4

function parse(body: Buffer): Sent {
  let at = body.readUInt8(0)
  const fields = new Map<number, Buffer>()
  for (let left = body.readUInt16BE(18); left > 0; left--) {
    const size = body.readUInt32BE(at)
    fields.set(body.readUInt8(at + 4), body.subarray(at + 5, at + 4 + size))
    at += 4 + size
  }
  const operations: [number, string][] = []
  for (let left = body.readUInt16BE(20); left > 0; left--) {
    const size = body.readUInt32BE(at)
    operations.push([body.readUInt8(at + 4), body.toString('utf8', at + 8, at + 8 + body.readUInt8(at + 7))])
    at += 4 + size
  }
  const info = [body.readUInt8(1), body.readUInt8(2), body.readUInt8(3), body.readUInt8(4)] as const
  return { info, generation: body.readUInt32BE(6), ttl: body.readInt32BE(10), fields, operations }
}

/** Cuts a stream into messages. */
function reading(take: (type: number, body: Buffer, message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= HEADER) {
      const size = rest.readUIntBE(2, 6)
      if (rest.length < HEADER + size) return
      take(rest.readUInt8(1), rest.subarray(HEADER, HEADER + size), rest.subarray(0, HEADER + size))
      rest = rest.subarray(HEADER + size)
    }
  }
}

function infoMessage(text: string): Buffer {
  const message = Buffer.alloc(HEADER + text.length)
  message.writeUIntBE(text.length, 2, 6)
  message.writeUInt8(2, 0)
  message.writeUInt8(INFO, 1)
  message.write(text, HEADER, 'latin1')
  return message
}

/** Starts a proxy of a server: of the shared one, if none is given. */
export async function startProxy(target?: { host: string; port: number }): Promise<WireProxy> {
  const { host, port } = target ?? inject('aerospike')
  const sent: Sent[] = []
  const sockets = new Set<Socket>()
  const counts = { infos: 0, withheld: 0 }
  const infoTexts: string[] = []
  const securityAnswers: Buffer[] = []
  const compressed = { requests: 0, answers: 0 }
  let passed = Number.POSITIVE_INFINITY
  let changed: ((message: Buffer) => Buffer) | undefined
  let changedInfo: ((text: string) => string) | undefined
  const server = createServer(client => {
    const upstream = connect(port, host)
    const read = reading((type, body) => {
      if (type === MESSAGE) sent.push(parse(body))
      else if (type === COMPRESSED) compressed.requests++
      else counts.infos++
      if (type === INFO)
        infoTexts.push(
          ...body
            .toString()
            .split('\n')
            .filter(text => text !== ''),
        )
    })
    client.on('data', chunk => {
      read(chunk)
      upstream.write(chunk)
    })
    const write = (chunk: Buffer): void => {
      counts.withheld += Math.max(0, chunk.length - Math.max(0, passed))
      if (passed <= 0) return
      const room = client.write(chunk.subarray(0, passed))
      passed -= chunk.length
      // A client that does not read holds the server up, as without a proxy.
      if (!room && !client.destroyed) {
        upstream.pause()
        client.once('drain', () => upstream.resume())
      }
    }
    const readReply = reading((type, body, message) => {
      if (type === SECURITY) securityAnswers.push(Buffer.from(body))
      if (type === COMPRESSED) compressed.answers++
      if (type === MESSAGE && changed !== undefined) write(changed(message))
      else if (type === INFO && changedInfo !== undefined) write(infoMessage(changedInfo(body.toString('latin1'))))
      else write(message)
    })
    // What is not to be changed goes through as it comes, not message by message.
    upstream.on('data', chunk => {
      if (changed === undefined && changedInfo === undefined) write(chunk)
      else readReply(chunk)
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
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    address: `127.0.0.1:${address.port}`,
    sent,
    infoTexts,
    securityAnswers,
    compressed,
    get infos() {
      return counts.infos
    },
    get withheld() {
      return counts.withheld
    },
    mute: () => {
      passed = 0
    },
    passOnly: bytes => {
      passed = bytes
    },
    change: by => {
      changed = by
    },
    changeInfo: by => {
      changedInfo = by
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
