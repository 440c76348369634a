// Generated from lib/nestjs.ts by `make types`: the API of aerospike-napi/nestjs. Do not edit.
export * from './nestjs.js'
