/**
 * The constants of aerospike-py by name. Those that are options here ARE the option's string: no number means the same
 * thing in every Aerospike client.
 */

/** Store only the digest of a key (default). */
export const POLICY_KEY_DIGEST = 'digest'
/** Send the user key along and store it. */
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

/** Do not look at the generation (default). */
export const POLICY_GEN_IGNORE = 'ignore'
/** Write only if the generation equals the given one. */
export const POLICY_GEN_EQ = 'eq'
/** Write only if the given generation is greater than the record's. */
export const POLICY_GEN_GT = 'gt'

/** Read from the master. */
export const POLICY_REPLICA_MASTER = 'master'
/** Try the master first, on a retry the replicas in turn (default). */
export const POLICY_REPLICA_SEQUENCE = 'sequence'
/** Prefer nodes of the client's own rack. */
export const POLICY_REPLICA_PREFER_RACK = 'prefer-rack'

/** Answer when all replicas have the write (default). */
export const POLICY_COMMIT_LEVEL_ALL = 'all'
/** Answer when the master has the write. */
export const POLICY_COMMIT_LEVEL_MASTER = 'master'

/** Read from one node (default). */
export const POLICY_READ_MODE_AP_ONE = 'one'
/** Let the nodes compare their versions first. */
export const POLICY_READ_MODE_AP_ALL = 'all'

/** Lifetime as the namespace has it. */
export const TTL_NAMESPACE_DEFAULT = 0
/** Never expire. */
export const TTL_NEVER_EXPIRE = -1
/** Write without changing the lifetime. */
export const TTL_DONT_UPDATE = -2
/** Lifetime as the client's own write policy has it. */
export const TTL_CLIENT_DEFAULT = -3

/** The server checks user and password. */
export const AUTH_INTERNAL = 'internal'
/** An external directory checks them; needs TLS. */
export const AUTH_EXTERNAL = 'external'
/** As external, without TLS: for tests only. */
export const AUTH_EXTERNAL_INSECURE = 'external-insecure'

/** Read a bin, or all where none is named. */
export const OPERATOR_READ = 1
/** Write a bin. */
export const OPERATOR_WRITE = 2
/** Add to a number. */
export const OPERATOR_INCR = 5
/** Append to a string or bytes. */
export const OPERATOR_APPEND = 9
/** Prepend to a string or bytes. */
export const OPERATOR_PREPEND = 10
/** Set the record's lifetime anew. */
export const OPERATOR_TOUCH = 11
/** Delete the record. */
export const OPERATOR_DELETE = 14

/** An index on integers. */
export const INDEX_NUMERIC = 'numeric'
/** An index on strings. */
export const INDEX_STRING = 'string'
/** An index on blobs. */
export const INDEX_BLOB = 'blob'
/** An index on GeoJSON. */
export const INDEX_GEO2DSPHERE = 'geo2dsphere'

/** An index on a bin's value. */
export const INDEX_TYPE_DEFAULT = 'default'
/** An index on the items of a bin's list. */
export const INDEX_TYPE_LIST = 'list'
/** An index on the keys of a bin's map. */
export const INDEX_TYPE_MAPKEYS = 'mapkeys'
/** An index on the values of a bin's map. */
export const INDEX_TYPE_MAPVALUES = 'mapvalues'

export * from './collections'

/** Log nothing. */
export const LOG_LEVEL_OFF = 'off'
/** Log errors alone. */
export const LOG_LEVEL_ERROR = 'error'
/** Log warnings and errors. */
export const LOG_LEVEL_WARN = 'warn'
/** Log what happens now and then (default). */
export const LOG_LEVEL_INFO = 'info'
/** Log what went wrong with single commands too. */
export const LOG_LEVEL_DEBUG = 'debug'
/** Log all, answers of info commands included. */
export const LOG_LEVEL_TRACE = 'trace'

/** Result codes: those >= 0 are the server's, those < 0 the client's own. */
export const AEROSPIKE_OK = 0
export const AEROSPIKE_ERR_SERVER = 1
export const AEROSPIKE_ERR_RECORD_NOT_FOUND = 2
export const AEROSPIKE_ERR_RECORD_GENERATION = 3
export const AEROSPIKE_ERR_PARAM = 4
export const AEROSPIKE_ERR_RECORD_EXISTS = 5
export const AEROSPIKE_ERR_BIN_EXISTS = 6
export const AEROSPIKE_ERR_TIMEOUT = 9
export const AEROSPIKE_ERR_BIN_TYPE = 12
export const AEROSPIKE_ERR_RECORD_TOO_BIG = 13
export const AEROSPIKE_ERR_BIN_NOT_FOUND = 17
export const AEROSPIKE_ERR_INVALID_NAMESPACE = 20
export const AEROSPIKE_ERR_BIN_NAME = 21
export const AEROSPIKE_ERR_FILTERED_OUT = 27
export const AEROSPIKE_ERR_UDF = 100
export const AEROSPIKE_ERR_INDEX_FOUND = 200
export const AEROSPIKE_ERR_INDEX_NOT_FOUND = 201
export const AEROSPIKE_ERR_QUERY_ABORTED = 210
export const AEROSPIKE_ERR_CLIENT = -1
export const AEROSPIKE_ERR_INVALID_HOST = -4
export const AEROSPIKE_ERR_NO_MORE_CONNECTIONS = -7
export const AEROSPIKE_ERR_CONNECTION = -10
export const AEROSPIKE_ERR_CLUSTER = -11
