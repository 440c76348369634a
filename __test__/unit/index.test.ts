import * as api from 'aerospike-napi'
import * as arrow from 'aerospike-napi/arrow'
import * as testing from 'aerospike-napi/testing'
import { describe, expect, test } from 'vitest'

const all = api as unknown as { [name: string]: unknown }

const CLASSES = [
  'AerospikeRecord',
  'BatchRecords',
  'BinaryColumn',
  'Client',
  'ClientSync',
  'Columns',
  'GeoJSON',
  'HyperLogLog',
  'Key',
  'Particle',
  'Task',
  'TaskSync',
  'TypedSet',
  'TypedSetSync',
  'Utf8Column',
]

const ERRORS = [
  'AbortError',
  'AdminError',
  'AerospikeError',
  'AerospikeIndexError',
  'AerospikeTimeoutError',
  'BackpressureError',
  'BinExistsError',
  'BinNameError',
  'BinNotFoundError',
  'BinTypeError',
  'BulkWriteError',
  'ClientError',
  'ClusterError',
  'CommitError',
  'FilteredOutError',
  'IndexExistsError',
  'IndexNotFoundError',
  'InvalidArgError',
  'QueryAbortedError',
  'QueryError',
  'RecordError',
  'RecordExistsError',
  'RecordGenerationError',
  'RecordNotFoundError',
  'RecordTooBigError',
  'RustPanicError',
  'ServerError',
  'TransactionError',
  'UDFError',
  'ValidationError',
]

/** The seed's constants: those that are options are the option's word, the others are the wire's numbers. */
const CONSTANTS: { [name: string]: string | number } = {
  POLICY_KEY_DIGEST: 'digest',
  POLICY_KEY_SEND: 'send',
  POLICY_EXISTS_IGNORE: 'ignore',
  POLICY_EXISTS_UPDATE: 'update',
  POLICY_EXISTS_UPDATE_ONLY: 'update-only',
  POLICY_EXISTS_REPLACE: 'replace',
  POLICY_EXISTS_REPLACE_ONLY: 'replace-only',
  POLICY_EXISTS_CREATE_ONLY: 'create-only',
  POLICY_GEN_IGNORE: 'ignore',
  POLICY_GEN_EQ: 'eq',
  POLICY_GEN_GT: 'gt',
  POLICY_REPLICA_MASTER: 'master',
  POLICY_REPLICA_SEQUENCE: 'sequence',
  POLICY_REPLICA_PREFER_RACK: 'prefer-rack',
  POLICY_COMMIT_LEVEL_ALL: 'all',
  POLICY_COMMIT_LEVEL_MASTER: 'master',
  POLICY_READ_MODE_AP_ONE: 'one',
  POLICY_READ_MODE_AP_ALL: 'all',
  TTL_NAMESPACE_DEFAULT: 0,
  TTL_NEVER_EXPIRE: -1,
  TTL_DONT_UPDATE: -2,
  TTL_CLIENT_DEFAULT: -3,
  AUTH_INTERNAL: 'internal',
  AUTH_EXTERNAL: 'external',
  OPERATOR_READ: 1,
  OPERATOR_WRITE: 2,
  OPERATOR_INCR: 5,
  OPERATOR_APPEND: 9,
  OPERATOR_PREPEND: 10,
  OPERATOR_TOUCH: 11,
  OPERATOR_DELETE: 14,
  AEROSPIKE_OK: 0,
  AEROSPIKE_ERR_SERVER: 1,
  AEROSPIKE_ERR_CLUSTER_KEY_MISMATCH: 7,
  AEROSPIKE_ERR_SERVER_MEM: 8,
  AEROSPIKE_ERR_ALWAYS_FORBIDDEN: 10,
  AEROSPIKE_ERR_PARTITION_UNAVAILABLE: 11,
  AEROSPIKE_ERR_KEY_BUSY: 14,
  AEROSPIKE_ERR_SCAN_ABORT: 15,
  AEROSPIKE_ERR_UNSUPPORTED_FEATURE: 16,
  AEROSPIKE_ERR_DEVICE_OVERLOAD: 18,
  AEROSPIKE_ERR_KEY_MISMATCH: 19,
  AEROSPIKE_ERR_FAIL_FORBIDDEN: 22,
  AEROSPIKE_ERR_ELEMENT_NOT_FOUND: 23,
  AEROSPIKE_ERR_ELEMENT_EXISTS: 24,
  AEROSPIKE_ERR_ENTERPRISE_ONLY: 25,
  AEROSPIKE_ERR_OP_NOT_APPLICABLE: 26,
  AEROSPIKE_ERR_LOST_CONFLICT: 28,
  AEROSPIKE_ERR_INVALID_USER: 60,
  AEROSPIKE_ERR_NOT_AUTHENTICATED: 80,
  AEROSPIKE_ERR_ROLE_VIOLATION: 81,
  AEROSPIKE_ERR_BATCH_DISABLED: 150,
  AEROSPIKE_QUERY_END: 50,
  AEROSPIKE_SECURITY_NOT_SUPPORTED: 51,
  AEROSPIKE_SECURITY_NOT_ENABLED: 52,
  AEROSPIKE_ERR_RECORD_NOT_FOUND: 2,
  AEROSPIKE_ERR_RECORD_GENERATION: 3,
  AEROSPIKE_ERR_PARAM: 4,
  AEROSPIKE_ERR_RECORD_EXISTS: 5,
  AEROSPIKE_ERR_BIN_EXISTS: 6,
  AEROSPIKE_ERR_TIMEOUT: 9,
  AEROSPIKE_ERR_BIN_TYPE: 12,
  AEROSPIKE_ERR_RECORD_TOO_BIG: 13,
  AEROSPIKE_ERR_BIN_NOT_FOUND: 17,
  AEROSPIKE_ERR_INVALID_NAMESPACE: 20,
  AEROSPIKE_ERR_BIN_NAME: 21,
  AEROSPIKE_ERR_FILTERED_OUT: 27,
  AEROSPIKE_ERR_UDF: 100,
  AEROSPIKE_ERR_INDEX_FOUND: 200,
  AEROSPIKE_ERR_INDEX_NOT_FOUND: 201,
  AEROSPIKE_ERR_QUERY_ABORTED: 210,
  AEROSPIKE_ERR_CLIENT: -1,
  AEROSPIKE_ERR_INVALID_HOST: -4,
  AEROSPIKE_ERR_NO_MORE_CONNECTIONS: -7,
  AEROSPIKE_ERR_CONNECTION: -10,
  AEROSPIKE_ERR_CLUSTER: -11,
}

describe('the main entry', () => {
  test.each([...CLASSES, ...ERRORS])('has the class %s', name => {
    expect(all[name]).toBeTypeOf('function')
    expect((all[name] as { name: string }).name).toBe(name)
  })

  test.each(Object.entries(CONSTANTS))('%s is %s', (name, value) => {
    expect(all[name]).toBe(value)
  })

  test('has the functions that connect, and Double', () => {
    for (const name of ['connect', 'connectSync', 'Double']) expect(all[name]).toBeTypeOf('function')
  })

  test('knows one thing by two names', () => {
    expect(api.AsyncClient).toBe(api.Client)
    expect(api.operations).toBe(api.op)
  })

  test('has every error that there is, and no other', () => {
    const errors = Object.values(all).filter(
      value =>
        typeof value === 'function' && (value === api.AerospikeError || value.prototype instanceof api.AerospikeError),
    )
    const names = new Set(errors.map(error => (error as { readonly name: string }).name))
    expect([...names].sort()).toEqual([...ERRORS].sort())
  })

  test('has nothing undefined', () => {
    expect(Object.keys(all).filter(name => all[name] === undefined)).toEqual([])
  })
})

test('both clients have the same commands', () => {
  const methods = (prototype: object): string[] =>
    Object.getOwnPropertyNames(prototype)
      .filter(name => name !== 'constructor' && name !== 'listened')
      .sort()
  expect(methods(api.ClientSync.prototype)).toEqual(methods(api.Client.prototype))
  expect(Symbol.asyncDispose in api.Client.prototype).toBe(true)
  expect(Symbol.dispose in api.ClientSync.prototype).toBe(true)
})

test('the other entries', () => {
  expect(Object.keys(arrow).toSorted()).toEqual(['queryToArrow', 'readArrow', 'toArrow', 'writeArrow'])
  expect(Object.keys(testing)).toEqual(['LocalNode', 'LocalServer'])
})
