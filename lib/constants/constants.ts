/**
 * The constants of aerospike-py, under the same names. A constant for an option is the string of that option, because the
 * numbers do not mean the same in every Aerospike client.
 */

import { ScalarCode } from '../catalog/operation-codes'
import { CLIENT_CODES, RESULT_CODES } from '../catalog/result-codes'

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
/** The server failed for a reason without a code of its own. */
export const AEROSPIKE_ERR_SERVER = RESULT_CODES.SERVER_ERROR.id
/** The record does not exist. */
export const AEROSPIKE_ERR_RECORD_NOT_FOUND = RESULT_CODES.RECORD_NOT_FOUND.id
/** The record has another generation than required. */
export const AEROSPIKE_ERR_RECORD_GENERATION = RESULT_CODES.RECORD_GENERATION.id
/** The server rejected an argument. */
export const AEROSPIKE_ERR_PARAM = RESULT_CODES.INVALID_ARGUMENT.id
/** The record already exists. */
export const AEROSPIKE_ERR_RECORD_EXISTS = RESULT_CODES.RECORD_EXISTS.id
/** The bin already exists. */
export const AEROSPIKE_ERR_BIN_EXISTS = RESULT_CODES.BIN_EXISTS.id
/** The partition has moved to another node. */
export const AEROSPIKE_ERR_CLUSTER_KEY_MISMATCH = RESULT_CODES.CLUSTER_KEY_MISMATCH.id
/** The server is out of memory. */
export const AEROSPIKE_ERR_SERVER_MEM = RESULT_CODES.SERVER_OUT_OF_MEMORY.id
/** A deadline passed. */
export const AEROSPIKE_ERR_TIMEOUT = RESULT_CODES.TIMEOUT.id
/** The operation is never allowed in this configuration. */
export const AEROSPIKE_ERR_ALWAYS_FORBIDDEN = RESULT_CODES.ALWAYS_FORBIDDEN.id
/** The partition is unavailable. */
export const AEROSPIKE_ERR_PARTITION_UNAVAILABLE = RESULT_CODES.PARTITION_UNAVAILABLE.id
/** The bin holds a value of another type. */
export const AEROSPIKE_ERR_BIN_TYPE = RESULT_CODES.BIN_TYPE.id
/** The record would exceed the size limit. */
export const AEROSPIKE_ERR_RECORD_TOO_BIG = RESULT_CODES.RECORD_TOO_BIG.id
/** Too many commands access the record at the same time. */
export const AEROSPIKE_ERR_KEY_BUSY = RESULT_CODES.KEY_BUSY.id
/** A scan was aborted. */
export const AEROSPIKE_ERR_SCAN_ABORT = RESULT_CODES.SCAN_ABORTED.id
/** The server does not support the feature. */
export const AEROSPIKE_ERR_UNSUPPORTED_FEATURE = RESULT_CODES.UNSUPPORTED_FEATURE.id
/** The bin does not exist. */
export const AEROSPIKE_ERR_BIN_NOT_FOUND = RESULT_CODES.BIN_NOT_FOUND.id
/** The node's storage cannot keep up with writes. */
export const AEROSPIKE_ERR_DEVICE_OVERLOAD = RESULT_CODES.DEVICE_OVERLOAD.id
/** The stored user key differs from the one sent. */
export const AEROSPIKE_ERR_KEY_MISMATCH = RESULT_CODES.KEY_MISMATCH.id
/** The namespace does not exist. */
export const AEROSPIKE_ERR_INVALID_NAMESPACE = RESULT_CODES.INVALID_NAMESPACE.id
/** The server rejected the name of a bin. */
export const AEROSPIKE_ERR_BIN_NAME = RESULT_CODES.BIN_NAME.id
/** The operation is not allowed at this time. */
export const AEROSPIKE_ERR_FAIL_FORBIDDEN = RESULT_CODES.FAIL_FORBIDDEN.id
/** The element of a list or map does not exist. */
export const AEROSPIKE_ERR_ELEMENT_NOT_FOUND = RESULT_CODES.ELEMENT_NOT_FOUND.id
/** The element of a map already exists. */
export const AEROSPIKE_ERR_ELEMENT_EXISTS = RESULT_CODES.ELEMENT_EXISTS.id
/** The feature needs the Enterprise Edition. */
export const AEROSPIKE_ERR_ENTERPRISE_ONLY = RESULT_CODES.ENTERPRISE_ONLY.id
/** The operation cannot be applied to the current value of the bin. */
export const AEROSPIKE_ERR_OP_NOT_APPLICABLE = RESULT_CODES.OP_NOT_APPLICABLE.id
/** The filter expression is false for the record. */
export const AEROSPIKE_ERR_FILTERED_OUT = RESULT_CODES.FILTERED_OUT.id
/** The write lost a conflict with a write of another datacenter (XDR). */
export const AEROSPIKE_ERR_LOST_CONFLICT = RESULT_CODES.LOST_CONFLICT.id
/** End of the results of a query about users or roles. */
export const AEROSPIKE_QUERY_END = RESULT_CODES.QUERY_END.id
/** The server does not support security. */
export const AEROSPIKE_SECURITY_NOT_SUPPORTED = RESULT_CODES.SECURITY_NOT_SUPPORTED.id
/** Security is not enabled on the server. */
export const AEROSPIKE_SECURITY_NOT_ENABLED = RESULT_CODES.SECURITY_NOT_ENABLED.id
/** The user does not exist, or its name is invalid. */
export const AEROSPIKE_ERR_INVALID_USER = RESULT_CODES.INVALID_USER.id
/** The connection is not authenticated. */
export const AEROSPIKE_ERR_NOT_AUTHENTICATED = RESULT_CODES.NOT_AUTHENTICATED.id
/** The roles of the user lack a privilege. */
export const AEROSPIKE_ERR_ROLE_VIOLATION = RESULT_CODES.ROLE_VIOLATION.id
/** A user-defined function failed. */
export const AEROSPIKE_ERR_UDF = RESULT_CODES.UDF.id
/** Batch requests are disabled. */
export const AEROSPIKE_ERR_BATCH_DISABLED = RESULT_CODES.BATCH_DISABLED.id
/** A secondary index of this name already exists. */
export const AEROSPIKE_ERR_INDEX_FOUND = RESULT_CODES.INDEX_FOUND.id
/** The secondary index does not exist. */
export const AEROSPIKE_ERR_INDEX_NOT_FOUND = RESULT_CODES.INDEX_NOT_FOUND.id
/** A query was aborted. */
export const AEROSPIKE_ERR_QUERY_ABORTED = RESULT_CODES.QUERY_ABORTED.id
/** A failure of the client without a code of its own. */
export const AEROSPIKE_ERR_CLIENT = CLIENT_CODES.CLIENT.id
/** A host is invalid, or has no address. */
export const AEROSPIKE_ERR_INVALID_HOST = CLIENT_CODES.INVALID_HOST.id
/** No more connections to the node are possible. */
export const AEROSPIKE_ERR_NO_MORE_CONNECTIONS = CLIENT_CODES.NO_MORE_CONNECTIONS.id
/** A connection failed. */
export const AEROSPIKE_ERR_CONNECTION = CLIENT_CODES.CONNECTION.id
/** There is no usable node. */
export const AEROSPIKE_ERR_CLUSTER = CLIENT_CODES.CLUSTER.id
