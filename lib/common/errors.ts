/**
 * The errors, and the only place that builds them. The native side sends numbers and text; the class follows from the
 * kind of failure and the result code.
 */
import type { Key } from '../values/key'
import { shorten } from './shorten'

/** Characters of a message at most, and of what it says that a call is about. */
const MESSAGE_CHARS = 16 << 10
const ABOUT_CHARS = 1 << 10

/** What an error tells beside its message. */
export interface ErrorDetails {
  /** A stable name of the failure, such as `RECORD_NOT_FOUND`. */
  code: string
  /** The server's result code (>= 0), or the client's own (< 0). */
  resultCode: number
  /** The server's sub-code, 0 where it gave none. */
  subCode?: number
  /** A write that may have been applied all the same. */
  inDoubt?: boolean
  /** The node that the command was last tried on, as `host:port`. */
  node?: string | undefined
  /** How often the command was sent. */
  attempts?: number
  /** The record that the command was about. */
  key?: Key | undefined
  /** What was behind it. */
  cause?: unknown
}

/** Every error of this package is one. */
export class AerospikeError extends Error implements ErrorDetails {
  readonly code: string
  readonly resultCode: number
  readonly subCode: number
  readonly inDoubt: boolean
  readonly node: string | undefined
  readonly attempts: number
  readonly key: Key | undefined

  constructor(message: string, details: ErrorDetails) {
    super(shorten(message, MESSAGE_CHARS), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.resultCode = details.resultCode
    this.subCode = details.subCode ?? 0
    this.inDoubt = details.inDoubt ?? false
    this.node = details.node
    this.attempts = details.attempts ?? 0
    this.key = details.key
  }
}

/** The client itself could not do it: not connected, closed, an answer that makes no sense. */
export class ClientError extends AerospikeError {}
/** No usable connection to the cluster. */
export class ClusterError extends AerospikeError {}
/** An argument or option that is refused, here or by the server. */
export class InvalidArgError extends AerospikeError {}
/** A deadline passed. */
export class AerospikeTimeoutError extends AerospikeError {}
/** The call's `signal` aborted it; `cause` is the signal's reason. */
export class AbortError extends AerospikeError {}
/** More commands wait than `maxQueuedCommands` allows. */
export class BackpressureError extends AerospikeError {}
/** A panic in the native code was caught: a bug, please report it. */
export class RustPanicError extends AerospikeError {}

/** The server refused the command. */
export class ServerError extends AerospikeError {}
/** About secondary indexes. */
export class AerospikeIndexError extends ServerError {}
/** The index does not exist. */
export class IndexNotFound extends AerospikeIndexError {}
/** The index exists. */
export class IndexFoundError extends AerospikeIndexError {}
/** About queries. */
export class QueryError extends ServerError {}
/** The query was aborted. */
export class QueryAbortedError extends QueryError {}
/** About users, roles and credentials. */
export class AdminError extends ServerError {}
/** A user-defined function failed. */
export class UDFError extends ServerError {}

/** About one record. */
export class RecordError extends AerospikeError {}
/** The record does not exist. */
export class RecordNotFound extends RecordError {}
/** The record exists (create-only). */
export class RecordExistsError extends RecordError {}
/** The record has another generation. */
export class RecordGenerationError extends RecordError {}
/** The record would be larger than the server allows. */
export class RecordTooBig extends RecordError {}
/** The server refuses the bin's name. */
export class BinNameError extends RecordError {}
/** The bin exists. */
export class BinExistsError extends RecordError {}
/** The bin does not exist. */
export class BinNotFound extends RecordError {}
/** The bin holds a value of another type. */
export class BinTypeError extends RecordError {}
/** The filter expression left the record out. */
export class FilteredOut extends RecordError {}

type ErrorClass = new (message: string, details: ErrorDetails) => AerospikeError

/** Classes by name. The names are properties, which minifiers keep where they rename the classes. */
const CLASSES: { readonly [name: string]: ErrorClass } = {
  AerospikeError,
  ClientError,
  ClusterError,
  InvalidArgError,
  AerospikeTimeoutError,
  AbortError,
  BackpressureError,
  RustPanicError,
  ServerError,
  AerospikeIndexError,
  IndexNotFound,
  IndexFoundError,
  QueryError,
  QueryAbortedError,
  AdminError,
  UDFError,
  RecordError,
  RecordNotFound,
  RecordExistsError,
  RecordGenerationError,
  RecordTooBig,
  BinNameError,
  BinExistsError,
  BinNotFound,
  BinTypeError,
  FilteredOut,
}

// As the errors of the language have it: a property of the prototype that an error's own may replace. Inspections show the
// name of the class instead.
for (const [name, Class] of Object.entries(CLASSES)) {
  Object.defineProperty(Class.prototype, 'name', { value: name, writable: true, enumerable: false, configurable: true })
  Object.defineProperty(Class, 'name', { value: name, configurable: true })
}

/** Result code -> its name and its class. */
const SERVER_CODES = new Map<number, readonly [string, ErrorClass]>([
  [1, ['SERVER_ERROR', ServerError]],
  [2, ['RECORD_NOT_FOUND', RecordNotFound]],
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
  [13, ['RECORD_TOO_BIG', RecordTooBig]],
  [14, ['KEY_BUSY', ServerError]],
  [15, ['SCAN_ABORTED', QueryAbortedError]],
  [16, ['UNSUPPORTED_FEATURE', ServerError]],
  [17, ['BIN_NOT_FOUND', BinNotFound]],
  [18, ['DEVICE_OVERLOAD', ServerError]],
  [19, ['KEY_MISMATCH', ServerError]],
  [20, ['INVALID_NAMESPACE', ServerError]],
  [21, ['BIN_NAME', BinNameError]],
  [22, ['FAIL_FORBIDDEN', ServerError]],
  [23, ['ELEMENT_NOT_FOUND', RecordError]],
  [24, ['ELEMENT_EXISTS', RecordError]],
  [25, ['ENTERPRISE_ONLY', ServerError]],
  [26, ['OP_NOT_APPLICABLE', ServerError]],
  [27, ['FILTERED_OUT', FilteredOut]],
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
  [120, ['TRANSACTION_BLOCKED', ServerError]],
  [121, ['TRANSACTION_VERSION_MISMATCH', ServerError]],
  [122, ['TRANSACTION_EXPIRED', ServerError]],
  [123, ['TRANSACTION_TOO_MANY_WRITES', ServerError]],
  [124, ['TRANSACTION_COMMITTED', ServerError]],
  [125, ['TRANSACTION_ABORTED', ServerError]],
  [126, ['TRANSACTION_ALREADY_LOCKED', ServerError]],
  [127, ['TRANSACTION_MONITOR_EXISTS', ServerError]],
  [150, ['BATCH_DISABLED', ServerError]],
  [151, ['BATCH_MAX_REQUESTS', ServerError]],
  [152, ['BATCH_QUEUES_FULL', ServerError]],
  [160, ['INVALID_GEOJSON', ServerError]],
  [200, ['INDEX_FOUND', IndexFoundError]],
  [201, ['INDEX_NOT_FOUND', IndexNotFound]],
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

/** The name of a server's result code. */
export function codeName(resultCode: number): string {
  return SERVER_CODES.get(resultCode)?.[0] ?? (resultCode < 0 ? 'CLIENT' : `SERVER_${resultCode}`)
}

/** A kind of failure that is not the server's answer -> code and class; the index is `Kind` in `crate/src/errors.rs`. */
const KINDS: readonly (readonly [string, ErrorClass])[] = [
  ['SERVER_ERROR', ServerError],
  ['CLIENT', ClientError],
  ['CLUSTER', ClusterError],
  ['INVALID_ARGUMENT', InvalidArgError],
  ['TIMEOUT', AerospikeTimeoutError],
  ['ABORT_ERR', AbortError],
  ['RUST_PANIC', RustPanicError],
]

/** A failure as the native side sent it, not yet an error: errors are built where the caller's stack is known. */
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

/** Result codes that are about a bin: bin exists, bin type, bin not found, element (not) found, not applicable. */
const ABOUT_BINS: ReadonlySet<number> = new Set([6, 12, 17, 23, 24, 26])

/** Result code -> what can be done about it, where the server's message leaves that open. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [
    203,
    'the index is still being built: wait for the task that createIndex returns (await task.wait()), or create it with { wait: true }',
  ],
])

/** The server does not say which bin it is about; where there is one only, that is known. */
function namesOf(bins: readonly string[]): string {
  return bins.length === 1 ? `bin ${bins[0]}` : `one of the bins ${bins.join(', ')}`
}

/**
 * Builds the error of a failure.
 * @param doing - names the command, for the message
 * @param bins - those that the command changes or looks into
 */
export function toError(failure: Failure, doing?: string, key?: Key, bins: readonly string[] = []): AerospikeError {
  const known = failure.kind === 0 ? SERVER_CODES.get(failure.resultCode) : KINDS[failure.kind]
  const [code, Class] = known ?? [codeName(failure.resultCode), ServerError]
  const call = [doing, key === undefined ? undefined : String(key)].filter(part => part !== undefined).join(' ')
  const inBins = failure.kind === 0 && ABOUT_BINS.has(failure.resultCode) && bins.length > 0
  const about = inBins ? shorten(`${call}: ${namesOf(bins)}`, ABOUT_CHARS) : call
  const remedy = failure.kind === 0 ? REMEDIES.get(failure.resultCode) : undefined
  const message = remedy === undefined ? failure.message : `${failure.message}; ${remedy}`
  return new Class(about === '' ? message : `${message} (${about})`, {
    code,
    resultCode: failure.resultCode,
    subCode: failure.subCode,
    inDoubt: failure.inDoubt,
    node: failure.node === '' ? undefined : failure.node,
    attempts: failure.attempts,
    key,
    cause: failure.cause === undefined ? undefined : toError(failure.cause),
  })
}

/** Says more than the server did: what to do about it. */
export function withHint(error: AerospikeError, hint: string): void {
  error.message = `${error.message}: ${hint}`
}

/** A failure of which only the result code is known: a row of a batch. */
export function failureOfCode(resultCode: number): Failure {
  const message = resultCode === 2 ? 'Key not found' : codeName(resultCode).toLowerCase().replaceAll('_', ' ')
  const kind = resultCode >= 0 ? 0 : 1
  return { kind, inDoubt: false, resultCode, subCode: 0, attempts: 0, waitedMs: 0, node: '', message, cause: undefined }
}

/** An argument or option that is refused before anything is sent. The message names it. */
export function invalidArgument(message: string, cause?: unknown): InvalidArgError {
  return new InvalidArgError(message, { code: 'INVALID_ARGUMENT', resultCode: 4, cause })
}

/** A server's answer that is an error in the form of text. */
export function serverError(resultCode: number, message: string, doing: string, cause?: unknown): AerospikeError {
  const [code, Class] = SERVER_CODES.get(resultCode) ?? [codeName(resultCode), ServerError]
  return new Class(`${message} (${doing})`, { code, resultCode, cause })
}

/** A wait that ended before its task. */
export function taskTimeout(task: string, progress: number): AerospikeTimeoutError {
  const message = `${task} is at ${progress} %, and goes on; the wait for it is over`
  return new AerospikeTimeoutError(message, { code: 'TIMEOUT', resultCode: 9 })
}

/** The same refusal, told of the part of a call that it is about; another error as it is. */
export function refusedIn(error: unknown, part: string): unknown {
  return error instanceof InvalidArgError && error.code === 'INVALID_ARGUMENT'
    ? invalidArgument(`${part}: ${error.message}`)
    : error
}

/** What the client cannot do in the state it is in. */
export function clientError(message: string, cause?: unknown): ClientError {
  return new ClientError(message, { code: 'CLIENT', resultCode: -1, cause })
}

/** A value that could not be read: the error, with where it stands (a bin, a result) and the record. */
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
 * The answer to a write that was applied cannot be read: the same error, which says so. It counts as in doubt: whoever
 * looks at that before writing again must not.
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

/** A call whose signal aborted it. */
export function abortError(signal: AbortSignal, doing: string, inDoubt: boolean, key?: Key): AbortError {
  const about = key === undefined ? doing : `${doing} ${key}`
  const message = inDoubt
    ? `The call was aborted and may have been applied (${about})`
    : `The call was aborted (${about})`
  return new AbortError(message, { code: 'ABORT_ERR', resultCode: -1, inDoubt, key, cause: signal.reason })
}

/** A job that somebody has ended before its end. */
export function queryAborted(message: string): QueryAbortedError {
  return new QueryAbortedError(message, { code: 'QUERY_ABORTED', resultCode: 210 })
}

/** A number that no server has in its list of jobs. */
export function jobUnknown(id: bigint): QueryError {
  const message = `no server knows the background job ${id}: there was none, or it ended so long ago that they have forgotten it`
  return new QueryError(message, { code: 'JOB_UNKNOWN', resultCode: 2 })
}

/** A call beyond what may wait. */
export function backpressureError(queue: number): BackpressureError {
  const message = `${queue} commands wait already, as many as maxQueuedCommands allows`
  return new BackpressureError(message, { code: 'BACKPRESSURE', resultCode: -1 })
}
