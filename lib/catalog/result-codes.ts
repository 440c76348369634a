/**
 * The result codes and the codes of errors: `lib/common/errors.ts` creates errors from them, metrics and traces name
 * failures by them, and `docs/errors.md` lists them.
 */
import type { FailureKind } from './boundary'

/** What is known of a result code. */
export interface ResultCodeEntry {
  /** The number: 0 and above for the server's, below 0 for the client's own. */
  readonly id: number
  /** The class of the error. Default `ServerError`. */
  readonly error?: string
  /**
   * Whether the failure can end by itself: after a while, on another node, or when fewer calls are in progress. Such an
   * error is `retryable`, unless it is in doubt.
   */
  readonly temporary?: true
  /** Whether it concerns a bin, which the server does not name. */
  readonly aboutBin?: true
  /** The message, if the server sends none. Default: the name, in lower case. */
  readonly message?: string
  /** What to do about it, if the server's message does not say. */
  readonly hint?: string
}

/** The server's result codes. The names are the `code` of errors. */
export const RESULT_CODES = {
  SERVER_ERROR: { id: 1 },
  RECORD_NOT_FOUND: { id: 2, error: 'RecordNotFoundError', message: 'Key not found' },
  RECORD_GENERATION: { id: 3, error: 'RecordGenerationError' },
  INVALID_ARGUMENT: { id: 4, error: 'InvalidArgError' },
  RECORD_EXISTS: { id: 5, error: 'RecordExistsError' },
  BIN_EXISTS: { id: 6, error: 'BinExistsError', aboutBin: true },
  CLUSTER_KEY_MISMATCH: { id: 7, temporary: true },
  SERVER_OUT_OF_MEMORY: { id: 8 },
  TIMEOUT: { id: 9, error: 'AerospikeTimeoutError', temporary: true },
  ALWAYS_FORBIDDEN: { id: 10 },
  PARTITION_UNAVAILABLE: { id: 11, temporary: true },
  BIN_TYPE: { id: 12, error: 'BinTypeError', aboutBin: true },
  RECORD_TOO_BIG: { id: 13, error: 'RecordTooBigError' },
  KEY_BUSY: { id: 14, temporary: true },
  SCAN_ABORTED: { id: 15, error: 'QueryAbortedError' },
  UNSUPPORTED_FEATURE: { id: 16 },
  BIN_NOT_FOUND: { id: 17, error: 'BinNotFoundError', aboutBin: true },
  DEVICE_OVERLOAD: { id: 18, temporary: true },
  KEY_MISMATCH: { id: 19 },
  INVALID_NAMESPACE: { id: 20 },
  BIN_NAME: { id: 21, error: 'BinNameError' },
  FAIL_FORBIDDEN: { id: 22 },
  ELEMENT_NOT_FOUND: { id: 23, error: 'RecordError', aboutBin: true },
  ELEMENT_EXISTS: { id: 24, error: 'RecordError', aboutBin: true },
  ENTERPRISE_ONLY: { id: 25 },
  OP_NOT_APPLICABLE: { id: 26, aboutBin: true },
  FILTERED_OUT: { id: 27, error: 'FilteredOutError' },
  LOST_CONFLICT: { id: 28 },
  XDR_KEY_BUSY: { id: 32, temporary: true },
  QUERY_END: { id: 50, error: 'AdminError' },
  SECURITY_NOT_SUPPORTED: {
    id: 51,
    error: 'AdminError',
    hint: 'the server has no security, as in the Community Edition: it has no users or roles, and takes no credentials',
  },
  SECURITY_NOT_ENABLED: {
    id: 52,
    error: 'AdminError',
    hint: 'security is not enabled on the server: it has no users or roles, and needs no credentials',
  },
  SECURITY_SCHEME_NOT_SUPPORTED: { id: 53, error: 'AdminError' },
  INVALID_COMMAND: { id: 54, error: 'AdminError' },
  INVALID_FIELD: { id: 55, error: 'AdminError' },
  ILLEGAL_STATE: { id: 56, error: 'AdminError' },
  INVALID_USER: { id: 60, error: 'AdminError' },
  USER_EXISTS: { id: 61, error: 'AdminError' },
  INVALID_PASSWORD: { id: 62, error: 'AdminError' },
  EXPIRED_PASSWORD: { id: 63, error: 'AdminError' },
  FORBIDDEN_PASSWORD: { id: 64, error: 'AdminError' },
  INVALID_CREDENTIAL: { id: 65, error: 'AdminError' },
  EXPIRED_SESSION: { id: 66, error: 'AdminError', temporary: true },
  INVALID_ROLE: { id: 70, error: 'AdminError' },
  ROLE_EXISTS: { id: 71, error: 'AdminError' },
  INVALID_PRIVILEGE: { id: 72, error: 'AdminError' },
  INVALID_ALLOWLIST: { id: 73, error: 'AdminError' },
  QUOTAS_NOT_ENABLED: {
    id: 74,
    error: 'AdminError',
    hint: 'the servers have no quotas: set enable-quotas in the section security of their configuration',
  },
  INVALID_QUOTA: { id: 75, error: 'AdminError' },
  NOT_AUTHENTICATED: {
    id: 80,
    error: 'AdminError',
    hint: 'the server needs a user: set config.user and config.password; it also refuses users that were dropped',
  },
  ROLE_VIOLATION: { id: 81, error: 'AdminError' },
  NOT_ALLOWED: {
    id: 82,
    error: 'AdminError',
    hint: "the allowlist of the user's role does not contain the address of this client",
  },
  QUOTA_EXCEEDED: {
    id: 83,
    error: 'AdminError',
    temporary: true,
    hint: 'the user reads or writes more records per second than the quota of its role allows',
  },
  UDF: { id: 100, error: 'UDFError' },
  TRANSACTION_BLOCKED: { id: 120, error: 'TransactionError', temporary: true },
  TRANSACTION_VERSION_MISMATCH: { id: 121, error: 'TransactionError' },
  TRANSACTION_EXPIRED: { id: 122, error: 'TransactionError' },
  TRANSACTION_TOO_MANY_WRITES: { id: 123, error: 'TransactionError' },
  TRANSACTION_COMMITTED: { id: 124, error: 'TransactionError' },
  TRANSACTION_ABORTED: { id: 125, error: 'TransactionError' },
  TRANSACTION_ALREADY_LOCKED: { id: 126, error: 'TransactionError' },
  TRANSACTION_MONITOR_EXISTS: { id: 127, error: 'TransactionError' },
  BATCH_DISABLED: { id: 150 },
  BATCH_MAX_REQUESTS: { id: 151 },
  BATCH_QUEUES_FULL: { id: 152, temporary: true },
  INVALID_GEOJSON: { id: 160 },
  INDEX_FOUND: { id: 200, error: 'IndexExistsError' },
  INDEX_NOT_FOUND: { id: 201, error: 'IndexNotFoundError' },
  INDEX_OUT_OF_MEMORY: { id: 202, error: 'AerospikeIndexError' },
  INDEX_NOT_READABLE: {
    id: 203,
    error: 'AerospikeIndexError',
    temporary: true,
    hint: 'the index is still being built: wait for the task that createIndex returns (await task.wait()), or create it with { wait: true }',
  },
  INDEX_GENERIC: { id: 204, error: 'AerospikeIndexError' },
  INDEX_NAME_MAX_LENGTH: { id: 205, error: 'AerospikeIndexError' },
  INDEX_MAX_COUNT: { id: 206, error: 'AerospikeIndexError' },
  QUERY_ABORTED: { id: 210, error: 'QueryAbortedError' },
  QUERY_QUEUE_FULL: { id: 211, error: 'QueryError', temporary: true },
  QUERY_TIMEOUT: { id: 212, error: 'QueryError', temporary: true },
  QUERY_GENERIC: { id: 213, error: 'QueryError' },
} as const satisfies { readonly [name: string]: ResultCodeEntry }

/** The client's own result codes, numbered as in aerospike-py. `named`: the name is the `code` of the error. */
export const CLIENT_CODES = {
  /** A failure of the client without a code of its own. */
  CLIENT: { id: -1 },
  /** A response that cannot be decoded. */
  BAD_RESPONSE: { id: -2, named: true },
  /** A host that cannot be parsed, or a host name without an address. */
  INVALID_HOST: { id: -4, named: true },
  /** No more connections to a node are possible. */
  NO_MORE_CONNECTIONS: { id: -7, temporary: true },
  /** A connection failed. */
  CONNECTION: { id: -10, temporary: true },
  /** There is no usable node. */
  CLUSTER: { id: -11, temporary: true },
  /** The node's circuit breaker is open. */
  MAX_ERROR_RATE: { id: -12, temporary: true },
  /** The commit failed; the sub-code is its `CommitErrorStatus`. */
  TRANSACTION_COMMIT_FAILED: { id: -17, named: true },
  /** The transaction is committed. */
  TRANSACTION_COMMITTED: { id: -18, named: true },
  /** The transaction is aborted. */
  TRANSACTION_ABORTED: { id: -19, named: true },
  /** Calls of the transaction are running, or its commit or abort. */
  TRANSACTION_BUSY: { id: -20, named: true },
  /** A write of the transaction, or its commit, may or may not have been applied. */
  TRANSACTION_IN_DOUBT: { id: -21, named: true },
} as const satisfies {
  readonly [name: string]: { readonly id: number; readonly named?: true; readonly temporary?: true }
}

/** The kind of a failure (`FailureKind`) -> `code` and class of its error, unless the result code is more specific. */
export const FAILURE_CODES = {
  SERVER: { code: 'SERVER_ERROR', error: 'ServerError' },
  CLIENT: { code: 'CLIENT', error: 'ClientError' },
  CLUSTER: { code: 'CLUSTER', error: 'ClusterError' },
  INVALID_ARGUMENT: { code: 'INVALID_ARGUMENT', error: 'InvalidArgError' },
  TIMEOUT: { code: 'TIMEOUT', error: 'AerospikeTimeoutError' },
  ABORT: { code: 'ABORT_ERR', error: 'AbortError' },
  PANIC: { code: 'RUST_PANIC', error: 'RustPanicError' },
  CLOSED: { code: 'CLIENT_CLOSED', error: 'ClientError' },
  TRANSACTION: { code: 'TRANSACTION_IN_DOUBT', error: 'TransactionError' },
} as const satisfies { readonly [kind in keyof typeof FailureKind]: { readonly code: string; readonly error: string } }
