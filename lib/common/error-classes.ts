/**
 * The error classes. `errors.ts` creates the errors.
 */
import { CLIENT_CODES, RESULT_CODES, type ResultCodeEntry } from '../catalog/result-codes'
import type { BulkWriteResult } from '../helpers/bulk-write'
import type { Key } from '../values/key'
import { shorten } from './shorten'

/** Maximum length of a message in characters. */
const MESSAGE_CHARS = 16 << 10

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
  /** Name of the node of the last attempt. */
  node?: string | undefined
  /** Address of that node, as `host:port`. */
  address?: string | undefined
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
  /** Name of the node of the last attempt, as `getNodeNames` returns it; undefined if there was none, or its name is unknown. */
  readonly node: string | undefined
  /** Address of the node of the last attempt, as `host:port`; undefined if there was none. */
  readonly address: string | undefined
  /** How many times the command was sent. */
  readonly attempts: number
  /**
   * True if the same call may succeed when it is repeated, and repeating it cannot apply a write twice: the cause is
   * temporary, and the error is not in doubt. `docs/errors.md` has the rule.
   */
  readonly retryable: boolean
  /** Key of the record, if the command was about one. */
  readonly key: Key | undefined

  /**
   * @param message - the message
   * @param details - the other properties
   */
  constructor(message: string, details: ErrorDetails) {
    super(shorten(message, MESSAGE_CHARS), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.resultCode = details.resultCode
    this.subCode = details.subCode ?? 0
    this.inDoubt = details.inDoubt ?? false
    this.node = details.node
    this.address = details.address
    this.attempts = details.attempts ?? 0
    this.retryable = !this.inDoubt && isTemporary(details.code, details.resultCode)
    this.key = details.key
  }

  /** Returns name, message and the fields as a plain object. `cause` is included if it is an error of this package. */
  toJSON(): object {
    const { name, message, code, resultCode, subCode, inDoubt, retryable, node, address, attempts, key, cause } = this
    const failure = { name, message, code, resultCode, subCode, inDoubt, retryable }
    const json = { ...failure, node, address, attempts, key: key?.toJSON() }
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

  /**
   * @param message - the message
   * @param details - the other properties
   */
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

  /**
   * @param message - the message
   * @param details - the other properties
   */
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

  /**
   * @param message - the message
   * @param details - the other properties
   */
  constructor(message: string, details: ErrorDetails & { readonly issues: readonly ValidationIssue[] }) {
    super(message, details)
    this.issues = details.issues
  }
}

/** Codes of failures that can end by themselves. `BACKPRESSURE` comes from the client itself, without a result code. */
const TEMPORARY: ReadonlySet<string> = new Set(['BACKPRESSURE', ...namesWhere(RESULT_CODES, 'temporary')])

/** Result codes of `CLUSTER` errors that are temporary: no connection, no node, an open circuit breaker. */
const TEMPORARY_CLUSTER: ReadonlySet<number> = new Set(
  Object.values(CLIENT_CODES).flatMap(entry => ('temporary' in entry ? [entry.id] : [])),
)

function namesWhere(codes: { readonly [name: string]: ResultCodeEntry }, property: 'temporary'): string[] {
  return Object.keys(codes).filter(name => codes[name]?.[property] === true)
}

function isTemporary(code: string, resultCode: number): boolean {
  return code === 'CLUSTER' ? TEMPORARY_CLUSTER.has(resultCode) : TEMPORARY.has(code)
}

/** Whether the cause of an error can end by itself. Unlike `retryable`, it may be in doubt. */
export function isTemporaryError({ code, resultCode }: AerospikeError): boolean {
  return isTemporary(code, resultCode)
}

/** A class of errors that needs no more than the details. */
export type ErrorClass = new (message: string, details: ErrorDetails) => AerospikeError

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

/** Returns the class of this name. */
export function classNamed(name: string): ErrorClass {
  return CLASSES[name] as ErrorClass
}

// As in the errors of the language, `name` is a property of the prototype that an instance can override. Inspection
// shows the name of the class instead.
for (const [name, Class] of Object.entries(CLASSES)) {
  Object.defineProperty(Class.prototype, 'name', { value: name, writable: true, enumerable: false, configurable: true })
  Object.defineProperty(Class, 'name', { value: name, configurable: true })
}
