// Generated from lib/opentelemetry.ts by `make types`: the API of aerospike-napi/opentelemetry. Do not edit.
export * from './opentelemetry.js'
