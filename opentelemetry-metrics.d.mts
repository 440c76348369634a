// Generated from lib/opentelemetry-metrics.ts by `make types`: the API of aerospike-napi/opentelemetry-metrics. Do not edit.
export * from './opentelemetry-metrics.js'
