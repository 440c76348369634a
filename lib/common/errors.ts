/**
 * The error classes, and the only module that creates them. The native side sends numbers and text; the kind of failure
 * and the result code determine the class.
 */
import { FailureKind, TransactionCode } from '../catalog/boundary'
import type { BulkWriteResult } from '../helpers/bulk-write'
import type { Key } from '../values/key'
import { securityHint } from './security-hints'
import { shorten } from './shorten'
import { madeForCaller } from './stacks'

/** Maximum length of a message in characters, and of the part that names the call's subject. */
const MESSAGE_CHARS = 16 << 10
const ABOUT_CHARS = 1 << 10

/** The details of an error beyond its message. */
export interface ErrorDetails {
  /** Stable name of the failure, such as `RECORD_NOT_FOUND`. */
  code: string
  /** The server's result code (0 and above), or a client code (below 0). */
  resultCode: number
  /** The server's sub-code; 0 if it sent none. */
  subCode?: number | undefined
  /** True if the write may have been applied despite this error. */
  inDoubt?: boolean | undefined
  /** The node of the last attempt, as `host:port`. */
  node?: string | undefined
  /** How many times the command was sent. */
  attempts?: number | undefined
  /** Key of the record, if the command was about one. */
  key?: Key | undefined
  /** The underlying error; for AbortError the signal's reason. */
  cause?: unknown
}

/**
 * Base class of all errors of this package.
 *
 * @example
 * ```ts
 * try {
 *   await client.put(['test', 'users', 'ada'], { visits: 1 }, { gen: 99 })
 * } catch (error) {
 *   if (error instanceof AerospikeError) console.log(error.code, error.resultCode, error.inDoubt)
 *   else throw error
 * }
 * ```
 */
export class AerospikeError extends Error implements ErrorDetails {
  /** Stable name of the failure, such as `RECORD_NOT_FOUND`. */
  readonly code: string
  /** The server's result code (0 and above), or a client code (below 0). */
  readonly resultCode: number
  /** The server's sub-code; 0 if it sent none. Needs `errorDetailVerbosity` and server 8.2 or later. */
  readonly subCode: number
  /** True if the write may have been applied despite this error. Always false for reads, and if nothing was sent. */
  readonly inDoubt: boolean
  /** The node of the last attempt, as `host:port`; undefined if there was none. */
  readonly node: string | undefined
  /** How many times the command was sent. */
  readonly attempts: number
  /**
   * True if the same call may succeed when it is repeated, and repeating it cannot apply a write twice: the cause is
   * temporary, and the error is not in doubt. `docs/errors.md` has the rule.
   */
  readonly retryable: boolean
  /** Key of the record, if the command was about one. */
  readonly key: Key | undefined

  constructor(message: string, details: ErrorDetails) {
    super(shorten(message, MESSAGE_CHARS), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.resultCode = details.resultCode
    this.subCode = details.subCode ?? 0
    this.inDoubt = details.inDoubt ?? false
    this.node = details.node
    this.attempts = details.attempts ?? 0
    this.retryable = !this.inDoubt && isTemporary(details.code, details.resultCode)
    this.key = details.key
  }

  /** Returns name, message and the fields as a plain object. `cause` is included if it is an error of this package. */
  toJSON(): object {
    const { name, message, code, resultCode, subCode, inDoubt, retryable, node, attempts, key, cause } = this
    const json = { name, message, code, resultCode, subCode, inDoubt, retryable, node, attempts, key: key?.toJSON() }
    return cause instanceof AerospikeError ? { ...json, cause: cause.toJSON() } : json
  }
}

/** The client could not execute the call: it is not connected or closed, or it could not decode the answer. */
export class ClientError extends AerospikeError {}
/** There is no usable connection to the cluster. */
export class ClusterError extends AerospikeError {}
/** The client or the server rejected an argument or an option. */
export class InvalidArgError extends AerospikeError {}
/** A deadline passed, in the client or on the server. */
export class AerospikeTimeoutError extends AerospikeError {}
/** The call's `signal` aborted it; `cause` is the signal's reason. */
export class AbortError extends AerospikeError {}
/** `maxQueuedCommands` commands are already waiting. */
export class BackpressureError extends AerospikeError {}
/** A panic in the native code was caught. This is a bug; please report it. */
export class RustPanicError extends AerospikeError {}

/** The server rejected the command. */
export class ServerError extends AerospikeError {}
/** An error with a secondary index. */
export class AerospikeIndexError extends ServerError {}
/** The secondary index does not exist. */
export class IndexNotFoundError extends AerospikeIndexError {}
/** A secondary index of this name already exists. */
export class IndexExistsError extends AerospikeIndexError {}
/** A query or a background job failed. */
export class QueryError extends ServerError {}
/** The query or the background job was aborted. */
export class QueryAbortedError extends QueryError {}
/** An error with users, roles or credentials. */
export class AdminError extends ServerError {}
/** A user-defined function failed, or does not exist. */
export class UDFError extends ServerError {}

/**
 * An error with a transaction: another transaction holds the record, the transaction has ended, or it cannot be committed
 * or aborted.
 */
export class TransactionError extends AerospikeError {}

/**
 * How a commit failed.
 *
 * - `verify-failed`: a record that the transaction read has changed since, or could not be verified. The transaction is
 *   aborted.
 * - `verify-failed-close-abandoned`: the same; the servers will remove the record that monitors the transaction.
 * - `verify-failed-abort-abandoned`: the same; the servers will abort the transaction after its timeout.
 * - `mark-roll-forward-abandoned`: the commit could not be sent, or was not answered (`inDoubt`).
 * - `aborted`: the servers had already aborted the transaction, for example after its timeout.
 */
export type CommitErrorStatus =
  | 'verify-failed'
  | 'verify-failed-close-abandoned'
  | 'verify-failed-abort-abandoned'
  | 'mark-roll-forward-abandoned'
  | 'aborted'

/**
 * A commit failed. If `inDoubt` is true, it may have been applied: commit again to find out. Otherwise it was not, and
 * `cause` is the reason.
 */
export class CommitError extends TransactionError {
  /** The step that failed, and what becomes of the transaction. */
  readonly status: CommitErrorStatus

  constructor(message: string, details: ErrorDetails & { readonly status: CommitErrorStatus }) {
    super(message, details)
    this.status = details.status
  }
}

/** Base class of the errors of single records. */
export class RecordError extends AerospikeError {}
/** The record does not exist. */
export class RecordNotFoundError extends RecordError {}
/** The record already exists (`create-only`). */
export class RecordExistsError extends RecordError {}
/** The record has another generation than `meta.gen` requires. */
export class RecordGenerationError extends RecordError {}
/** The record would exceed the server's size limit. */
export class RecordTooBigError extends RecordError {}
/** The server rejected the bin's name. */
export class BinNameError extends RecordError {}
/** The bin already exists. */
export class BinExistsError extends RecordError {}
/** The bin does not exist. */
export class BinNotFoundError extends RecordError {}
/** The bin holds a value of another type. */
export class BinTypeError extends RecordError {}
/** The record exists, but the filter expression is false for it. */
export class FilteredOutError extends RecordError {}

/**
 * A bulk write ended before the end of its source: the source or `onProgress` threw, a row was invalid, the signal fired,
 * or the client was closed. `cause` is that error, and `result` reports what was written.
 */
export class BulkWriteError extends AerospikeError {
  /**
   * The outcome of all rows that were read from the source: the first `rows` rows. Rows that were not sent failed with
   * the error that ended the bulk write.
   */
  readonly result: BulkWriteResult

  constructor(message: string, details: ErrorDetails & { readonly result: BulkWriteResult }) {
    super(message, details)
    this.result = details.result
  }
}

/** Something that a schema does not accept. */
export interface ValidationIssue {
  /** The schema's message. */
  readonly message: string
  /** Name of the bin; undefined if the issue concerns the bins as a whole. */
  readonly bin: string | undefined
  /** Path to the value, beginning with the bin: `['address', 'lines', 0]`. */
  readonly path: readonly (string | number | symbol)[]
}

/** The bins of a record do not match the schema of their set. Nothing was written. */
export class ValidationError extends AerospikeError {
  /** Everything that the schema does not accept. */
  readonly issues: readonly ValidationIssue[]

  constructor(message: string, details: ErrorDetails & { readonly issues: readonly ValidationIssue[] }) {
    super(message, details)
    this.issues = details.issues
  }
}

/**
 * Codes of failures that can end by themselves: after a while, on another node, or when fewer calls are in progress. The
 * table in `docs/errors.md` repeats them.
 */
const TEMPORARY: ReadonlySet<string> = new Set([
  'TIMEOUT',
  'BACKPRESSURE',
  'CLUSTER_KEY_MISMATCH',
  'PARTITION_UNAVAILABLE',
  'KEY_BUSY',
  'DEVICE_OVERLOAD',
  'XDR_KEY_BUSY',
  'EXPIRED_SESSION',
  'QUOTA_EXCEEDED',
  'TRANSACTION_BLOCKED',
  'BATCH_QUEUES_FULL',
  'INDEX_NOT_READABLE',
  'QUERY_QUEUE_FULL',
  'QUERY_TIMEOUT',
])

/** Result codes of `CLUSTER` errors that are temporary: no connection, no node, an open circuit breaker. */
const TEMPORARY_CLUSTER: ReadonlySet<number> = new Set([-7, -10, -11, -12])

function isTemporary(code: string, resultCode: number): boolean {
  return code === 'CLUSTER' ? TEMPORARY_CLUSTER.has(resultCode) : TEMPORARY.has(code)
}

type ErrorClass = new (message: string, details: ErrorDetails) => AerospikeError

/** Classes by name. Minifiers rename classes, but keep the names of properties. */
const CLASSES: { readonly [name: string]: { readonly prototype: AerospikeError } } = {
  AerospikeError,
  ClientError,
  ClusterError,
  InvalidArgError,
  AerospikeTimeoutError,
  AbortError,
  BackpressureError,
  BulkWriteError,
  ValidationError,
  RustPanicError,
  ServerError,
  AerospikeIndexError,
  IndexNotFoundError,
  IndexExistsError,
  QueryError,
  QueryAbortedError,
  AdminError,
  UDFError,
  TransactionError,
  CommitError,
  RecordError,
  RecordNotFoundError,
  RecordExistsError,
  RecordGenerationError,
  RecordTooBigError,
  BinNameError,
  BinExistsError,
  BinNotFoundError,
  BinTypeError,
  FilteredOutError,
}

// As in the errors of the language, `name` is a property of the prototype that an instance can override. Inspection
// shows the name of the class instead.
for (const [name, Class] of Object.entries(CLASSES)) {
  Object.defineProperty(Class.prototype, 'name', { value: name, writable: true, enumerable: false, configurable: true })
  Object.defineProperty(Class, 'name', { value: name, configurable: true })
}

/** Result code -> name and class. */
const SERVER_CODES = new Map<number, readonly [string, ErrorClass]>([
  [1, ['SERVER_ERROR', ServerError]],
  [2, ['RECORD_NOT_FOUND', RecordNotFoundError]],
  [3, ['RECORD_GENERATION', RecordGenerationError]],
  [4, ['INVALID_ARGUMENT', InvalidArgError]],
  [5, ['RECORD_EXISTS', RecordExistsError]],
  [6, ['BIN_EXISTS', BinExistsError]],
  [7, ['CLUSTER_KEY_MISMATCH', ServerError]],
  [8, ['SERVER_OUT_OF_MEMORY', ServerError]],
  [9, ['TIMEOUT', AerospikeTimeoutError]],
  [10, ['ALWAYS_FORBIDDEN', ServerError]],
  [11, ['PARTITION_UNAVAILABLE', ServerError]],
  [12, ['BIN_TYPE', BinTypeError]],
  [13, ['RECORD_TOO_BIG', RecordTooBigError]],
  [14, ['KEY_BUSY', ServerError]],
  [15, ['SCAN_ABORTED', QueryAbortedError]],
  [16, ['UNSUPPORTED_FEATURE', ServerError]],
  [17, ['BIN_NOT_FOUND', BinNotFoundError]],
  [18, ['DEVICE_OVERLOAD', ServerError]],
  [19, ['KEY_MISMATCH', ServerError]],
  [20, ['INVALID_NAMESPACE', ServerError]],
  [21, ['BIN_NAME', BinNameError]],
  [22, ['FAIL_FORBIDDEN', ServerError]],
  [23, ['ELEMENT_NOT_FOUND', RecordError]],
  [24, ['ELEMENT_EXISTS', RecordError]],
  [25, ['ENTERPRISE_ONLY', ServerError]],
  [26, ['OP_NOT_APPLICABLE', ServerError]],
  [27, ['FILTERED_OUT', FilteredOutError]],
  [28, ['LOST_CONFLICT', ServerError]],
  [32, ['XDR_KEY_BUSY', ServerError]],
  [50, ['QUERY_END', AdminError]],
  [51, ['SECURITY_NOT_SUPPORTED', AdminError]],
  [52, ['SECURITY_NOT_ENABLED', AdminError]],
  [53, ['SECURITY_SCHEME_NOT_SUPPORTED', AdminError]],
  [54, ['INVALID_COMMAND', AdminError]],
  [55, ['INVALID_FIELD', AdminError]],
  [56, ['ILLEGAL_STATE', AdminError]],
  [60, ['INVALID_USER', AdminError]],
  [61, ['USER_EXISTS', AdminError]],
  [62, ['INVALID_PASSWORD', AdminError]],
  [63, ['EXPIRED_PASSWORD', AdminError]],
  [64, ['FORBIDDEN_PASSWORD', AdminError]],
  [65, ['INVALID_CREDENTIAL', AdminError]],
  [66, ['EXPIRED_SESSION', AdminError]],
  [70, ['INVALID_ROLE', AdminError]],
  [71, ['ROLE_EXISTS', AdminError]],
  [72, ['INVALID_PRIVILEGE', AdminError]],
  [73, ['INVALID_ALLOWLIST', AdminError]],
  [74, ['QUOTAS_NOT_ENABLED', AdminError]],
  [75, ['INVALID_QUOTA', AdminError]],
  [80, ['NOT_AUTHENTICATED', AdminError]],
  [81, ['ROLE_VIOLATION', AdminError]],
  [82, ['NOT_ALLOWED', AdminError]],
  [83, ['QUOTA_EXCEEDED', AdminError]],
  [100, ['UDF', UDFError]],
  [120, ['TRANSACTION_BLOCKED', TransactionError]],
  [121, ['TRANSACTION_VERSION_MISMATCH', TransactionError]],
  [122, ['TRANSACTION_EXPIRED', TransactionError]],
  [123, ['TRANSACTION_TOO_MANY_WRITES', TransactionError]],
  [124, ['TRANSACTION_COMMITTED', TransactionError]],
  [125, ['TRANSACTION_ABORTED', TransactionError]],
  [126, ['TRANSACTION_ALREADY_LOCKED', TransactionError]],
  [127, ['TRANSACTION_MONITOR_EXISTS', TransactionError]],
  [150, ['BATCH_DISABLED', ServerError]],
  [151, ['BATCH_MAX_REQUESTS', ServerError]],
  [152, ['BATCH_QUEUES_FULL', ServerError]],
  [160, ['INVALID_GEOJSON', ServerError]],
  [200, ['INDEX_FOUND', IndexExistsError]],
  [201, ['INDEX_NOT_FOUND', IndexNotFoundError]],
  [202, ['INDEX_OUT_OF_MEMORY', AerospikeIndexError]],
  [203, ['INDEX_NOT_READABLE', AerospikeIndexError]],
  [204, ['INDEX_GENERIC', AerospikeIndexError]],
  [205, ['INDEX_NAME_MAX_LENGTH', AerospikeIndexError]],
  [206, ['INDEX_MAX_COUNT', AerospikeIndexError]],
  [210, ['QUERY_ABORTED', QueryAbortedError]],
  [211, ['QUERY_QUEUE_FULL', QueryError]],
  [212, ['QUERY_TIMEOUT', QueryError]],
  [213, ['QUERY_GENERIC', QueryError]],
])

/** Returns the name of a result code. */
export function codeName(resultCode: number): string {
  if (resultCode < 0) return CLIENT_CODES.get(resultCode) ?? 'CLIENT'
  return SERVER_CODES.get(resultCode)?.[0] ?? `SERVER_${resultCode}`
}

/** Kind of failure -> code and class; the class of a server's failure depends on its result code. */
const KINDS: { readonly [kind: number]: readonly [string, ErrorClass] } = {
  [FailureKind.SERVER]: ['SERVER_ERROR', ServerError],
  [FailureKind.CLIENT]: ['CLIENT', ClientError],
  [FailureKind.CLUSTER]: ['CLUSTER', ClusterError],
  [FailureKind.INVALID_ARGUMENT]: ['INVALID_ARGUMENT', InvalidArgError],
  [FailureKind.TIMEOUT]: ['TIMEOUT', AerospikeTimeoutError],
  [FailureKind.ABORT]: ['ABORT_ERR', AbortError],
  [FailureKind.PANIC]: ['RUST_PANIC', RustPanicError],
  [FailureKind.CLOSED]: ['CLIENT_CLOSED', ClientError],
  [FailureKind.TRANSACTION]: ['TRANSACTION_IN_DOUBT', TransactionError],
}

/** Codes of the client's own result codes, where they are more specific than the kind. */
const CLIENT_CODES: ReadonlyMap<number, string> = new Map([
  [-2, 'BAD_RESPONSE'],
  [-4, 'INVALID_HOST'],
  [TransactionCode.COMMIT_FAILED, 'TRANSACTION_COMMIT_FAILED'],
  [TransactionCode.COMMITTED, 'TRANSACTION_COMMITTED'],
  [TransactionCode.ABORTED, 'TRANSACTION_ABORTED'],
  [TransactionCode.BUSY, 'TRANSACTION_BUSY'],
  [TransactionCode.IN_DOUBT, 'TRANSACTION_IN_DOUBT'],
])

/** The statuses of failed commits, by their numbers in `lib/catalog/formats.ts`. */
const COMMIT_STATUSES: readonly CommitErrorStatus[] = [
  'verify-failed',
  'verify-failed-close-abandoned',
  'verify-failed-abort-abandoned',
  'mark-roll-forward-abandoned',
  'aborted',
]

/** A failure as the native side sends it. The error is created later, where the caller's stack is known. */
export interface Failure {
  kind: number
  inDoubt: boolean
  resultCode: number
  subCode: number
  attempts: number
  waitedMs: number
  node: string
  message: string
  cause: Failure | undefined
}

/** The code and the class of a failure. */
function classOf({ kind, resultCode }: Failure): readonly [string, ErrorClass] {
  const known = kind === FailureKind.SERVER ? SERVER_CODES.get(resultCode) : KINDS[kind]
  const [code, Class] = known ?? [codeName(resultCode), ServerError]
  return [(resultCode < 0 ? CLIENT_CODES.get(resultCode) : undefined) ?? code, Class]
}

/** Result codes about a bin: bin exists, bin type, bin not found, element (not) found, not applicable. */
const ABOUT_BINS: ReadonlySet<number> = new Set([6, 12, 17, 23, 24, 26])

/** Result code -> a hint, if the server's message does not say what to do. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [
    203,
    'the index is still being built: wait for the task that createIndex returns (await task.wait()), or create it with { wait: true }',
  ],
])

/** What to do about a result code, if the server's message does not say. */
function remedyOf(resultCode: number, doing: string | undefined): string | undefined {
  if (resultCode === 12 && doing === 'increment') {
    return 'only an integer can be added to an integer, and only Double(n) to a double'
  }
  return REMEDIES.get(resultCode) ?? securityHint(resultCode, doing)
}

/** Names the bin, if there is only one: the server does not say which bin failed. */
function namesOf(bins: readonly string[]): string {
  return bins.length === 1 ? `bin ${bins[0]}` : `one of the bins ${bins.join(', ')}`
}

/**
 * Creates the error of a failure.
 * @param doing - name of the command, for the message
 * @param bins - names of the bins that the command changes or reads from
 */
export function toError(failure: Failure, doing?: string, key?: Key, bins: readonly string[] = []): AerospikeError {
  const [code, Class] = classOf(failure)
  const call = [doing, key === undefined ? undefined : String(key)].filter(part => part !== undefined).join(' ')
  const inBins = failure.kind === FailureKind.SERVER && ABOUT_BINS.has(failure.resultCode) && bins.length > 0
  const about = inBins ? shorten(`${call}: ${namesOf(bins)}`, ABOUT_CHARS) : call
  const remedy = failure.kind === FailureKind.SERVER ? remedyOf(failure.resultCode, doing) : undefined
  const message = remedy === undefined ? failure.message : `${failure.message}; ${remedy}`
  const text = about === '' ? message : `${message} (${about})`
  const details = {
    code,
    resultCode: failure.resultCode,
    subCode: failure.subCode,
    inDoubt: failure.inDoubt,
    node: failure.node === '' ? undefined : failure.node,
    attempts: failure.attempts,
    key,
    cause: failure.cause === undefined ? undefined : toError(failure.cause),
  }
  if (failure.kind !== FailureKind.TRANSACTION || failure.resultCode !== TransactionCode.COMMIT_FAILED) {
    return new Class(text, details)
  }
  const status = COMMIT_STATUSES[failure.subCode] ?? 'mark-roll-forward-abandoned'
  return new CommitError(text, { ...details, subCode: 0, status })
}

/** Appends a hint to an error's message. */
export function withHint(error: AerospikeError, hint: string): void {
  error.message = `${error.message}: ${hint}`
}

/** A failure of which only the result code is known: that of a batch row. */
export function failureOfCode(resultCode: number): Failure {
  const message = resultCode === 2 ? 'Key not found' : codeName(resultCode).toLowerCase().replaceAll('_', ' ')
  const kind = resultCode >= 0 ? FailureKind.SERVER : FailureKind.CLIENT
  const attempts = resultCode >= 0 ? 1 : 0
  return { kind, inDoubt: false, resultCode, subCode: 0, attempts, waitedMs: 0, node: '', message, cause: undefined }
}

/** Creates the error for an argument or option that is rejected before anything is sent. The message names it. */
export function invalidArgument(message: string, cause?: unknown): InvalidArgError {
  return madeForCaller(() => new InvalidArgError(message, { code: 'INVALID_ARGUMENT', resultCode: 4, cause }))
}

/** Creates the error for a server's error in text form. */
export function serverError(resultCode: number, message: string, doing: string, cause?: unknown): AerospikeError {
  const [code, Class] = SERVER_CODES.get(resultCode) ?? [codeName(resultCode), ServerError]
  return new Class(`${message} (${doing})`, { code, resultCode, cause })
}

/** Creates the error for a wait that timed out before its task was done. */
export function taskTimeout(task: string, progress: number): AerospikeTimeoutError {
  const message = `the wait for ${task} timed out at ${progress} %; the task continues`
  return new AerospikeTimeoutError(message, { code: 'TIMEOUT', resultCode: 9 })
}

/** Creates the error for an address or a list of addresses that is rejected. */
export function invalidHost(message: string): InvalidArgError {
  return madeForCaller(() => new InvalidArgError(message, { code: 'INVALID_HOST', resultCode: -4 }))
}

/** Creates the error for a bin name that no server accepts. */
export function invalidBinName(message: string): BinNameError {
  return madeForCaller(() => new BinNameError(message, { code: 'BIN_NAME', resultCode: 21 }))
}

/** Prefixes a rejection with the part of the call that it is about; returns other errors unchanged. */
export function refusedIn(error: unknown, part: string): unknown {
  return restated(error, message => `${part}: ${message}`)
}

/** Creates a rejection again, with another message; returns other errors unchanged. */
export function restated(error: unknown, message: (message: string) => string): unknown {
  if (!(error instanceof InvalidArgError || error instanceof BinNameError)) return error
  const { code, resultCode, cause } = error
  const Class = error.constructor as ErrorClass
  return madeForCaller(() => new Class(message(error.message), { code, resultCode, cause }))
}

/** Creates the error for a call of a client that is not connected. */
export function notConnected(call: string): ClientError {
  const message = `${call}: the client is not connected; call connect() first`
  return madeForCaller(() => new ClientError(message, { code: 'NOT_CONNECTED', resultCode: -1 }))
}

/** Creates the error for a call of a client that is closed. */
export function clientClosed(message: string): ClientError {
  return madeForCaller(() => new ClientError(message, { code: 'CLIENT_CLOSED', resultCode: -1 }))
}

/** Creates the error for a call that the state of its transaction does not allow. */
export function transactionError(resultCode: number, message: string): TransactionError {
  return madeForCaller(() => new TransactionError(message, { code: codeName(resultCode), resultCode }))
}

/** Whether the cause of an error can end by itself. Unlike `retryable`, it may be in doubt. */
export function isTemporaryError({ code, resultCode }: AerospikeError): boolean {
  return isTemporary(code, resultCode)
}

/** Creates the error for a reply that cannot be interpreted. */
export function badResponse(message: string): ClientError {
  return new ClientError(message, { code: 'BAD_RESPONSE', resultCode: -2 })
}

/** Creates the error for a call that the client cannot execute. */
export function clientError(message: string, cause?: unknown): ClientError {
  return madeForCaller(() => new ClientError(message, { code: 'CLIENT', resultCode: -1, cause }))
}

/** Creates the error for a value that cannot be decoded, with its location (a bin, a result) and the record. */
export function unreadable(error: unknown, where: string, key?: Key): AerospikeError {
  const about = key === undefined ? '' : ` (${key})`
  if (!(error instanceof AerospikeError)) {
    const message = `${where}: the value cannot be read: ${error instanceof Error ? error.message : error}${about}`
    return new ClientError(message, { code: 'CLIENT', resultCode: -1, key, cause: error })
  }
  const { code, resultCode, cause } = error
  return new (error.constructor as ErrorClass)(`${where}: ${error.message}${about}`, { code, resultCode, key, cause })
}

/**
 * Creates the error for a write that was applied but whose answer cannot be decoded. It is in doubt, so that programs
 * that check `inDoubt` do not write again.
 */
export function unreadAnswer(error: unknown): AerospikeError {
  const said = 'the write was applied, but its answer cannot be read'
  if (!(error instanceof AerospikeError)) {
    const message = `${said}: ${error instanceof Error ? error.message : error}`
    return new ClientError(message, { code: 'CLIENT', resultCode: -1, inDoubt: true, cause: error })
  }
  const { code, resultCode, subCode, node, attempts, key, cause } = error
  const Class = error.constructor as ErrorClass
  return new Class(`${said}: ${error.message}`, {
    code,
    resultCode,
    subCode,
    inDoubt: true,
    node,
    attempts,
    key,
    cause,
  })
}

/** Creates the error for a call that its signal aborted. */
export function abortError(signal: AbortSignal, doing: string, inDoubt: boolean, key?: Key): AbortError {
  const about = key === undefined ? doing : `${doing} ${key}`
  const message = inDoubt
    ? `The call was aborted and may have been applied (${about})`
    : `The call was aborted (${about})`
  return new AbortError(message, { code: 'ABORT_ERR', resultCode: -1, inDoubt, key, cause: signal.reason })
}

/** Creates the error for a job that was aborted. */
export function queryAborted(message: string): QueryAbortedError {
  return new QueryAbortedError(message, { code: 'QUERY_ABORTED', resultCode: 210 })
}

/** Creates the error for an id that no server lists as a job. */
export function jobUnknown(id: bigint): QueryError {
  const message = `no server knows the background job ${id}: it does not exist, or it ended long ago`
  return new QueryError(message, { code: 'JOB_UNKNOWN', resultCode: 2 })
}

/** Creates the error for a call that exceeds `maxQueuedCommands`. */
export function backpressureError(queue: number): BackpressureError {
  const message = `${queue} commands are already waiting, the maximum that maxQueuedCommands allows`
  return new BackpressureError(message, { code: 'BACKPRESSURE', resultCode: -1 })
}

/** Creates the error for an update that other writes preceded in every attempt; `last` is the last conflict. */
export function updateConflict(last: AerospikeError, attempts: number): RecordGenerationError {
  const times = attempts === 1 ? 'its only attempt' : `each of ${attempts} attempts`
  const about = last.key === undefined ? 'update' : `update ${last.key}`
  const message = `Another write changed the record during ${times}; nothing was written (${about})`
  const { node, key } = last
  return new RecordGenerationError(message, {
    code: 'RECORD_GENERATION',
    resultCode: 3,
    node,
    attempts,
    key,
    cause: last,
  })
}

/** Creates the error for a cluster without a usable node. */
export function clusterError(message: string): ClusterError {
  return new ClusterError(message, { code: 'CLUSTER', resultCode: -11 })
}
