/**
 * Traces: a span for each request, by OpenTelemetry's SDK, and below it one for each command, made and exported by the client in Rust.
 * Where they go is said by OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, ...).
 */
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { initTracing, shutdownTracing } from 'aerospike-napi'

const SERVICE = 'fastify-service'

/** Begins. Services that are built from now on are traced; gives what ends it. */
export function startTracing(): () => Promise<void> {
  const serviceName = process.env.OTEL_SERVICE_NAME ?? SERVICE
  const sdk = new NodeSDK({
    serviceName,
    traceExporter: new OTLPTraceExporter(),
    instrumentations: [
      new FastifyOtelInstrumentation({
        registerOnInitialization: true,
        requestHook: (span, { method, routeOptions }) => span.updateName(`${method} ${routeOptions.url ?? ''}`.trim()),
        ignorePaths: ({ url }) => url === '/health' || url === '/ready' || url.startsWith('/observability'),
      }),
    ],
  })
  sdk.start()
  initTracing({ serviceName })
  return async () => {
    await Promise.allSettled([sdk.shutdown(), shutdownTracing()])
  }
}
