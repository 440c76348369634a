// A collector of OpenTelemetry: takes OTLP over real gRPC, and keeps the spans.
import { fileURLToPath } from 'node:url'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** A span as it came. */
export interface ReceivedSpan {
  name: string
  traceId: string
  spanId: string
  /** Empty for a root. */
  parentSpanId: string
  kind: number
  /** 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string }
  /** In nanoseconds since the epoch. */
  start: bigint
  end: bigint
  attributes: { [name: string]: string | number }
  resource: { [name: string]: string | number }
  scope: { name: string; version: string }
}

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: string }
}

interface Request {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: {
      scope: { name: string; version: string }
      spans: {
        name: string
        traceId: Buffer
        spanId: Buffer
        parentSpanId: Buffer
        kind: number
        status: { code: number; message: string } | null
        startTimeUnixNano: string
        endTimeUnixNano: string
        attributes: Attribute[]
      }[]
    }[]
  }[]
}

const definition = loadSync(fileURLToPath(new URL('../fixtures/otlp-trace.proto', import.meta.url)), {
  longs: String,
  defaults: true,
  oneofs: true,
})
const service = definition['opentelemetry.proto.collector.trace.v1.TraceService'] as grpc.ServiceDefinition

const valuesOf = (attributes: Attribute[]): { [name: string]: string | number } =>
  Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue } }) => [key, stringValue ?? Number(intValue)]),
  )

/** What a collector does with an export: takes it, refuses it, or does not answer at all. */
export type Behaviour = 'take' | 'refuse' | 'hang'

/** A collector on a port of its own. */
export class Collector {
  readonly spans: ReceivedSpan[] = []
  /** What was sent along with each export. */
  readonly metadata: grpc.Metadata[] = []
  behaviour: Behaviour = 'take'
  readonly #server = new grpc.Server()
  #address = ''

  static async start(
    credentials: grpc.ServerCredentials = grpc.ServerCredentials.createInsecure(),
    scheme = 'http',
  ): Promise<Collector> {
    const collector = new Collector()
    collector.#server.addService(service, {
      Export: (call: grpc.ServerUnaryCall<Request, object>, answer: grpc.sendUnaryData<object>) => {
        collector.metadata.push(call.metadata)
        if (collector.behaviour === 'hang') return
        if (collector.behaviour === 'refuse') {
          answer({ code: grpc.status.PERMISSION_DENIED, details: 'not today' })
          return
        }
        collector.#keep(call.request)
        answer(null, {})
      },
    })
    const port = await new Promise<number>((resolve, reject) => {
      collector.#server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
        if (error === null) resolve(bound)
        else reject(error)
      })
    })
    collector.#address = `${scheme}://localhost:${port}`
    return collector
  }

  /** Where it listens. */
  get endpoint(): string {
    return this.#address
  }

  #keep({ resourceSpans }: Request): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const { scope, spans } of scopeSpans) {
        for (const span of spans) {
          this.spans.push({
            name: span.name,
            traceId: span.traceId.toString('hex'),
            spanId: span.spanId.toString('hex'),
            parentSpanId: span.parentSpanId.toString('hex'),
            kind: span.kind,
            status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
            start: BigInt(span.startTimeUnixNano),
            end: BigInt(span.endTimeUnixNano),
            attributes: valuesOf(span.attributes),
            resource: valuesOf(resource.attributes),
            scope,
          })
        }
      }
    }
  }

  /** Forgets what came. */
  reset(): void {
    this.spans.length = 0
    this.metadata.length = 0
    this.behaviour = 'take'
  }

  /** Stops at once. */
  stop(): void {
    this.#server.forceShutdown()
  }
}
