// Generated from lib/testing.ts by `make types`: the API of aerospike-napi/testing. Do not edit.
export * from './testing.js'
