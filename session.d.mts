// Generated from lib/session.ts by `make types`: the API of aerospike-napi/session. Do not edit.
export * from './session.js'
