// Generated from lib/prometheus.ts by `make types`: the API of aerospike-napi/prometheus. Do not edit.
import { Registry } from 'prom-client'

/** Options of `collectAerospikeMetrics`. */
export interface CollectOptions {
  /** Registry to add the metrics to. Default: `register` of prom-client. */
  register?: Registry | undefined
}
/**
 * Adds the client's metrics to a registry, whose `metrics()` and `getMetricsAsJSON()` then include them. The metrics cover the
 * whole process, with the values at the time of the call. Nothing is counted twice, and client calls cost nothing extra.
 *
 * @param options - registry to use
 * @returns a function that removes the metrics from the registry
 * @throws Error if the registry already has one of the metrics; InvalidArgError for an unknown option
 */
export declare function collectAerospikeMetrics(options?: CollectOptions): () => void
