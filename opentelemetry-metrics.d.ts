// Generated from lib/opentelemetry-metrics.ts by `make types`: the API of aerospike-napi/opentelemetry-metrics. Do not edit.
import { MetricProducer, CollectionResult } from '@opentelemetry/sdk-metrics'

/**
 * Provides the client's metrics to a reader of a MeterProvider, which exports them with those of the application:
 * `new PeriodicExportingMetricReader({ exporter, metricProducers: [new AerospikeMetricProducer()] })`. The metrics cover the
 * whole process and are cumulative since it started. They are read when the reader collects, so client calls cost nothing
 * extra.
 */
export declare class AerospikeMetricProducer implements MetricProducer {
  /** Returns the current metrics. Called by the reader. */
  collect(): Promise<CollectionResult>
}
