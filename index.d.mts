// Generated from lib/index.ts by `make types`: the API of aerospike-napi. Do not edit.
export * from './index.js'
