// Generated from lib/prometheus.ts by `make types`: the API of aerospike-napi/prometheus. Do not edit.
export * from './prometheus.js'
