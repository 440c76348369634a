/**
 * A minimal OpenTelemetry collector: receives OTLP over gRPC and keeps the spans in memory. Real collectors are
 * Jaeger, Tempo or the OpenTelemetry Collector.
 */
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'

/** The part of a span that is shown. */
export interface Span {
  readonly name: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly start: bigint
  readonly end: bigint
  readonly status: { readonly code: number; readonly message: string }
  readonly attributes: ReadonlyMap<string, string | bigint>
}

type Value = bigint | Buffer

/** The fields of a protobuf message: field numbers and values. */
function* fields(bytes: Buffer): Generator<[number, Value]> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const kind = tag & 7
    if (kind === 0) yield [tag >> 3, varint()]
    else if (kind === 1) {
      yield [tag >> 3, bytes.readBigUInt64LE(at)]
      at += 8
    } else if (kind === 5) {
      yield [tag >> 3, BigInt(bytes.readUInt32LE(at))]
      at += 4
    } else {
      const length = Number(varint())
      yield [tag >> 3, bytes.subarray(at, at + length)]
      at += length
    }
  }
}

const all = (bytes: Buffer, field: number): Buffer[] =>
  [...fields(bytes)].flatMap(([number, value]) => (number === field && Buffer.isBuffer(value) ? [value] : []))
const one = (bytes: Buffer, field: number): Value | undefined =>
  [...fields(bytes)].find(([number]) => number === field)?.[1]
const text = (bytes: Buffer, field: number): string => String(one(bytes, field) ?? '')
const hex = (bytes: Buffer, field: number): string => ((one(bytes, field) ?? Buffer.alloc(0)) as Buffer).toString('hex')

/** Decodes a span. The field numbers are those of opentelemetry/proto/trace/v1/trace.proto. */
function readSpan(bytes: Buffer): Span {
  const attributes = all(bytes, 9).map((pair): [string, string | bigint] => {
    const value = one(pair, 2) as Buffer
    const integer = one(value, 3)
    return [text(pair, 1), typeof integer === 'bigint' ? integer : text(value, 1)]
  })
  const status = (one(bytes, 15) ?? Buffer.alloc(0)) as Buffer
  return {
    name: text(bytes, 5),
    spanId: hex(bytes, 2),
    parentSpanId: hex(bytes, 4),
    start: one(bytes, 7) as bigint,
    end: one(bytes, 8) as bigint,
    status: { code: Number(one(status, 3) ?? 0), message: text(status, 2) },
    attributes: new Map(attributes),
  }
}

/** Receives spans until it is closed. */
export class Collector {
  readonly spans: Span[] = []
  readonly #server: Http2Server

  private constructor() {
    this.#server = createServer().on('stream', stream => this.#take(stream))
  }

  static async start(): Promise<Collector> {
    const collector = new Collector()
    await new Promise<void>(resolve => collector.#server.listen(0, '127.0.0.1', resolve))
    return collector
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #take(stream: ServerHttp2Stream): void {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      // A gRPC message: a compression byte, the length, and the content.
      const message = Buffer.concat(chunks).subarray(5)
      for (const resource of all(message, 1)) {
        for (const scope of all(resource, 2)) this.spans.push(...all(scope, 2).map(readSpan))
      }
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(Buffer.alloc(5))
    })
  }

  close(): void {
    this.#server.close()
  }
}
