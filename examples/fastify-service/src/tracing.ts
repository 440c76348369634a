/**
 * Traces: a span for each request, created by the OpenTelemetry SDK, with child spans for its commands, which the
 * client creates and exports in Rust. Configure the export with OpenTelemetry's environment variables
 * (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, ...).
 */
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { initTracing, shutdownTracing } from 'aerospike-napi'

const SERVICE = 'fastify-service'

/** Starts tracing, for services that are built afterwards. Returns a function that stops it. */
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
