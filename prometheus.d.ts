// Generated from lib/prometheus.ts by `make types`: the API of aerospike-napi/prometheus. Do not edit.
import { Registry } from 'prom-client'

/** Where the metrics go. */
export interface CollectOptions {
  /** The registry. Default: prom-client's `register`. */
  register?: Registry
}
/**
 * Puts the client's metrics into a registry, whose `metrics()` and `getMetricsAsJSON()` tell of them from then on: those of
 * the whole process, as they are at that moment. Nothing is counted twice, and no call costs more.
 *
 * @returns takes them out again
 * @throws Error of prom-client when the registry has one of them already; InvalidArgError for an unknown option
 */
export declare function collectAerospikeMetrics(options?: CollectOptions): () => void
