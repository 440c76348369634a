// Generated from lib/arrow.ts by `make types`: the API of aerospike-napi/arrow. Do not edit.
export * from './arrow.js'
