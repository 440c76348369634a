// Generated from lib/opentelemetry-metrics.ts by `make types`: the API of aerospike-napi/opentelemetry-metrics. Do not edit.
import { MetricProducer, CollectionResult } from '@opentelemetry/sdk-metrics'

/**
 * Gives the client's metrics to a reader of a MeterProvider, which exports them with the application's own:
 * `new PeriodicExportingMetricReader({ exporter, metricProducers: [new AerospikeMetricProducer()] })`. They are those of the
 * whole process, cumulated since it began, read when the reader collects: no call costs more.
 */
export declare class AerospikeMetricProducer implements MetricProducer {
  /** What there is now. Called by the reader. */
  collect(): Promise<CollectionResult>
}
