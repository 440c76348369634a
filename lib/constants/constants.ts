/**
 * The constants of aerospike-py, under the same names. A constant for an option is the string of that option, because the
 * numbers do not mean the same in every Aerospike client.
 */

import { ScalarCode } from '../catalog/operation-codes'

/** Store only the digest of a key (default). */
export const POLICY_KEY_DIGEST = 'digest'
/** Send the user key and store it. */
export const POLICY_KEY_SEND = 'send'

/** Write whether or not the record exists (default). */
export const POLICY_EXISTS_IGNORE = 'ignore'
/** Create the record or update its bins: the same as IGNORE. */
export const POLICY_EXISTS_UPDATE = 'update'
/** Fail unless the record exists. */
export const POLICY_EXISTS_UPDATE_ONLY = 'update-only'
/** Create the record or replace all of its bins. */
export const POLICY_EXISTS_REPLACE = 'replace'
/** Replace all bins; fail unless the record exists. */
export const POLICY_EXISTS_REPLACE_ONLY = 'replace-only'
/** Fail if the record exists. */
export const POLICY_EXISTS_CREATE_ONLY = 'create-only'

/** Ignore the generation (default). */
export const POLICY_GEN_IGNORE = 'ignore'
/** Write only if the generation equals the given one. */
export const POLICY_GEN_EQ = 'eq'
/** Write only if the given generation is greater than the record's. */
export const POLICY_GEN_GT = 'gt'

/** Read from the master. */
export const POLICY_REPLICA_MASTER = 'master'
/** Try the master first, then on retries the replicas in turn (default). */
export const POLICY_REPLICA_SEQUENCE = 'sequence'
/** Prefer nodes of the client's own rack. */
export const POLICY_REPLICA_PREFER_RACK = 'prefer-rack'

/** Respond after all replicas have applied the write (default). */
export const POLICY_COMMIT_LEVEL_ALL = 'all'
/** Respond after the master has applied the write. */
export const POLICY_COMMIT_LEVEL_MASTER = 'master'

/** Read from one node (default). */
export const POLICY_READ_MODE_AP_ONE = 'one'
/** Compare the versions of the record on all nodes before responding. */
export const POLICY_READ_MODE_AP_ALL = 'all'

/** Use the default TTL of the namespace. */
export const TTL_NAMESPACE_DEFAULT = 0
/** Never expire. */
export const TTL_NEVER_EXPIRE = -1
/** Write without changing the TTL. */
export const TTL_DONT_UPDATE = -2
/** Use the TTL of the client's default write policy. */
export const TTL_CLIENT_DEFAULT = -3

/** The server checks user and password. */
export const AUTH_INTERNAL = 'internal'
/** An external directory checks user and password; needs TLS. */
export const AUTH_EXTERNAL = 'external'
/** Like `external`, but without TLS: for tests only. */
export const AUTH_EXTERNAL_INSECURE = 'external-insecure'
/** The client certificate of the TLS connection names the user. */
export const AUTH_PKI = 'pki'

/** Read a bin, or all bins if you name none. */
export const OPERATOR_READ = ScalarCode.READ
/** Write a bin. */
export const OPERATOR_WRITE = ScalarCode.WRITE
/** Add to a number. */
export const OPERATOR_INCR = ScalarCode.INCR
/** Append to a string or bytes. */
export const OPERATOR_APPEND = ScalarCode.APPEND
/** Prepend to a string or bytes. */
export const OPERATOR_PREPEND = ScalarCode.PREPEND
/** Reset the record's TTL. */
export const OPERATOR_TOUCH = ScalarCode.TOUCH
/** Delete the record. */
export const OPERATOR_DELETE = ScalarCode.DELETE

/** An index on integers. */
export const INDEX_NUMERIC = 'numeric'
/** An index on strings. */
export const INDEX_STRING = 'string'
/** An index on blobs. */
export const INDEX_BLOB = 'blob'
/** An index on GeoJSON. */
export const INDEX_GEO2DSPHERE = 'geo2dsphere'

/** An index on the value of a bin. */
export const INDEX_TYPE_DEFAULT = 'default'
/** An index on the items of a list bin. */
export const INDEX_TYPE_LIST = 'list'
/** An index on the keys of a map bin. */
export const INDEX_TYPE_MAPKEYS = 'mapkeys'
/** An index on the values of a map bin. */
export const INDEX_TYPE_MAPVALUES = 'mapvalues'

export * from './collections'
export * from './privileges'

/** Log nothing. */
export const LOG_LEVEL_OFF = 'off'
/** Log only errors. */
export const LOG_LEVEL_ERROR = 'error'
/** Log warnings and errors. */
export const LOG_LEVEL_WARN = 'warn'
/** Also log infrequent events (default). */
export const LOG_LEVEL_INFO = 'info'
/** Also log failures of single commands. */
export const LOG_LEVEL_DEBUG = 'debug'
/** Log everything, including responses to info commands. */
export const LOG_LEVEL_TRACE = 'trace'

/** Success. Result codes >= 0 are the server's, those < 0 the client's. */
export const AEROSPIKE_OK = 0
export const AEROSPIKE_ERR_SERVER = 1
export const AEROSPIKE_ERR_RECORD_NOT_FOUND = 2
export const AEROSPIKE_ERR_RECORD_GENERATION = 3
export const AEROSPIKE_ERR_PARAM = 4
export const AEROSPIKE_ERR_RECORD_EXISTS = 5
export const AEROSPIKE_ERR_BIN_EXISTS = 6
export const AEROSPIKE_ERR_CLUSTER_KEY_MISMATCH = 7
export const AEROSPIKE_ERR_SERVER_MEM = 8
export const AEROSPIKE_ERR_TIMEOUT = 9
export const AEROSPIKE_ERR_ALWAYS_FORBIDDEN = 10
export const AEROSPIKE_ERR_PARTITION_UNAVAILABLE = 11
export const AEROSPIKE_ERR_BIN_TYPE = 12
export const AEROSPIKE_ERR_RECORD_TOO_BIG = 13
export const AEROSPIKE_ERR_KEY_BUSY = 14
export const AEROSPIKE_ERR_SCAN_ABORT = 15
export const AEROSPIKE_ERR_UNSUPPORTED_FEATURE = 16
export const AEROSPIKE_ERR_BIN_NOT_FOUND = 17
export const AEROSPIKE_ERR_DEVICE_OVERLOAD = 18
export const AEROSPIKE_ERR_KEY_MISMATCH = 19
export const AEROSPIKE_ERR_INVALID_NAMESPACE = 20
export const AEROSPIKE_ERR_BIN_NAME = 21
export const AEROSPIKE_ERR_FAIL_FORBIDDEN = 22
export const AEROSPIKE_ERR_ELEMENT_NOT_FOUND = 23
export const AEROSPIKE_ERR_ELEMENT_EXISTS = 24
export const AEROSPIKE_ERR_ENTERPRISE_ONLY = 25
export const AEROSPIKE_ERR_OP_NOT_APPLICABLE = 26
export const AEROSPIKE_ERR_FILTERED_OUT = 27
export const AEROSPIKE_ERR_LOST_CONFLICT = 28
export const AEROSPIKE_QUERY_END = 50
export const AEROSPIKE_SECURITY_NOT_SUPPORTED = 51
export const AEROSPIKE_SECURITY_NOT_ENABLED = 52
export const AEROSPIKE_ERR_INVALID_USER = 60
export const AEROSPIKE_ERR_NOT_AUTHENTICATED = 80
export const AEROSPIKE_ERR_ROLE_VIOLATION = 81
export const AEROSPIKE_ERR_UDF = 100
export const AEROSPIKE_ERR_BATCH_DISABLED = 150
export const AEROSPIKE_ERR_INDEX_FOUND = 200
export const AEROSPIKE_ERR_INDEX_NOT_FOUND = 201
export const AEROSPIKE_ERR_QUERY_ABORTED = 210
export const AEROSPIKE_ERR_CLIENT = -1
export const AEROSPIKE_ERR_INVALID_HOST = -4
export const AEROSPIKE_ERR_NO_MORE_CONNECTIONS = -7
export const AEROSPIKE_ERR_CONNECTION = -10
export const AEROSPIKE_ERR_CLUSTER = -11
