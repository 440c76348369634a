// Generated from lib/keyv.ts by `make types`: the API of aerospike-napi/keyv. Do not edit.
export * from './keyv.js'
