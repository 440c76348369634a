/**
 * Creates the errors; no other module does. The native side sends numbers and text; the kind of failure and the result
 * code determine the class.
 */
import { FailureKind } from '../catalog/boundary'
import { CLIENT_CODES, FAILURE_CODES, RESULT_CODES, type ResultCodeEntry } from '../catalog/result-codes'
import type { Key } from '../values/key'
import {
  AbortError,
  AerospikeError,
  AerospikeTimeoutError,
  BackpressureError,
  BinNameError,
  ClientError,
  ClusterError,
  CommitError,
  type CommitErrorStatus,
  classNamed,
  type ErrorClass,
  InvalidArgError,
  QueryAbortedError,
  QueryError,
  RecordGenerationError,
  TransactionError,
} from './error-classes'
import { privilegeHint } from './privilege-hints'
import { shorten } from './shorten'
import { madeForCaller } from './stacks'

export * from './error-classes'

/** Maximum length in characters of the part of a message that names the call's subject. */
const ABOUT_CHARS = 1 << 10

/** Result code -> name and entry. */
const SERVER_CODES: ReadonlyMap<number, readonly [string, ResultCodeEntry]> = new Map(
  Object.entries(RESULT_CODES).map(([name, entry]) => [entry.id, [name, entry]]),
)

/** The client's result codes whose names are more specific than the kind of failure. */
const CLIENT_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CLIENT_CODES).flatMap(([name, entry]) => ('named' in entry ? [[entry.id, name]] : [])),
)

/** Returns the name of a result code. */
export function codeName(resultCode: number): string {
  if (resultCode < 0) return CLIENT_NAMES.get(resultCode) ?? FAILURE_CODES.CLIENT.code
  return SERVER_CODES.get(resultCode)?.[0] ?? `SERVER_${resultCode}`
}

/** Kind of failure -> code and class; the class of a server's failure depends on its result code. */
const KINDS: ReadonlyMap<number, { readonly code: string; readonly error: string }> = new Map(
  Object.entries(FAILURE_CODES).map(([kind, entry]) => [FailureKind[kind as keyof typeof FailureKind], entry]),
)

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
  /** Name of the node, or empty. */
  node: string
  /** Address of the node, or empty. */
  address: string
  message: string
  cause: Failure | undefined
}

/** The code and the class of a server's failure. */
function classOfCode(resultCode: number): readonly [string, ErrorClass] {
  return [codeName(resultCode), classNamed(SERVER_CODES.get(resultCode)?.[1].error ?? FAILURE_CODES.SERVER.error)]
}

/** The code and the class of a failure. */
function classOf({ kind, resultCode }: Failure): readonly [string, ErrorClass] {
  const known = KINDS.get(kind)
  if (kind === FailureKind.SERVER || known === undefined) return classOfCode(resultCode)
  return [CLIENT_NAMES.get(resultCode) ?? known.code, classNamed(known.error)]
}

/** What to do about a result code, if the server's message does not say. */
function remedyOf(resultCode: number, doing: string | undefined): string | undefined {
  if (resultCode === RESULT_CODES.BIN_TYPE.id && doing === 'increment') {
    return 'only an integer can be added to an integer, and only Double(n) to a double'
  }
  if (resultCode === RESULT_CODES.ROLE_VIOLATION.id) return privilegeHint(doing)
  return SERVER_CODES.get(resultCode)?.[1].hint
}

function isAboutBin(resultCode: number): boolean {
  return SERVER_CODES.get(resultCode)?.[1].aboutBin === true
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
  const inBins = failure.kind === FailureKind.SERVER && isAboutBin(failure.resultCode) && bins.length > 0
  const about = inBins ? shorten(`${call}: ${namesOf(bins)}`, ABOUT_CHARS) : call
  const remedy = failure.kind === FailureKind.SERVER ? remedyOf(failure.resultCode, doing) : undefined
  const message = remedy === undefined ? failure.message : `${failure.message}; ${remedy}`
  const text = about === '' ? message : `${message} (${about})`
  const details = {
    code,
    resultCode: failure.resultCode,
    subCode: failure.subCode,
    inDoubt: failure.inDoubt,
    node: failure.node || undefined,
    address: failure.address || undefined,
    attempts: failure.attempts,
    key,
    cause: failure.cause === undefined ? undefined : toError(failure.cause),
  }
  if (failure.kind !== FailureKind.TRANSACTION || failure.resultCode !== CLIENT_CODES.TRANSACTION_COMMIT_FAILED.id) {
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
  const message = SERVER_CODES.get(resultCode)?.[1].message ?? codeName(resultCode).toLowerCase().replaceAll('_', ' ')
  const kind = resultCode >= 0 ? FailureKind.SERVER : FailureKind.CLIENT
  const attempts = resultCode >= 0 ? 1 : 0
  const unknown = { node: '', address: '', cause: undefined }
  return { kind, inDoubt: false, resultCode, subCode: 0, attempts, waitedMs: 0, message, ...unknown }
}

/** Creates the error for an argument or option that is rejected before anything is sent. The message names it. */
export function invalidArgument(message: string, cause?: unknown): InvalidArgError {
  return madeForCaller(
    () =>
      new InvalidArgError(message, { code: 'INVALID_ARGUMENT', resultCode: RESULT_CODES.INVALID_ARGUMENT.id, cause }),
  )
}

/** Creates the error for a server's error in text form. */
export function serverError(resultCode: number, message: string, doing: string, cause?: unknown): AerospikeError {
  const [code, Class] = classOfCode(resultCode)
  return new Class(`${message} (${doing})`, { code, resultCode, cause })
}

/**
 * Creates the error for a refused write whose answer is text. As in `crate/src/common/in_doubt.rs`, every known code but a
 * timeout rules the write out.
 */
export function refusedWrite(resultCode: number, message: string, doing: string): AerospikeError {
  const [code, Class] = classOfCode(resultCode)
  const inDoubt = resultCode === RESULT_CODES.TIMEOUT.id || !SERVER_CODES.has(resultCode)
  return new Class(`${message} (${doing})`, { code, resultCode, inDoubt })
}

/** Creates the error for a wait that timed out before its task was done. */
export function taskTimeout(task: string, progress: number): AerospikeTimeoutError {
  const message = `the wait for ${task} timed out at ${progress} %; the task continues`
  return new AerospikeTimeoutError(message, { code: 'TIMEOUT', resultCode: RESULT_CODES.TIMEOUT.id })
}

/** Creates the error for an address or a list of addresses that is rejected. */
export function invalidHost(message: string): InvalidArgError {
  return madeForCaller(
    () => new InvalidArgError(message, { code: 'INVALID_HOST', resultCode: CLIENT_CODES.INVALID_HOST.id }),
  )
}

/** Creates the error for a bin name that no server accepts. */
export function invalidBinName(message: string): BinNameError {
  return madeForCaller(() => new BinNameError(message, { code: 'BIN_NAME', resultCode: RESULT_CODES.BIN_NAME.id }))
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
  return madeForCaller(() => new ClientError(message, { code: 'NOT_CONNECTED', resultCode: CLIENT_CODES.CLIENT.id }))
}

/** Creates the error for a call of a client that is closed. */
export function clientClosed(message: string): ClientError {
  return madeForCaller(() => new ClientError(message, { code: 'CLIENT_CLOSED', resultCode: CLIENT_CODES.CLIENT.id }))
}

/** Creates the error for a call that the state of its transaction does not allow. */
export function transactionError(resultCode: number, message: string): TransactionError {
  return madeForCaller(() => new TransactionError(message, { code: codeName(resultCode), resultCode }))
}

/** Creates the error for a reply that cannot be interpreted. */
export function badResponse(message: string): ClientError {
  return new ClientError(message, { code: 'BAD_RESPONSE', resultCode: CLIENT_CODES.BAD_RESPONSE.id })
}

/** Creates the error for a call that the client cannot execute. */
export function clientError(message: string, cause?: unknown): ClientError {
  return madeForCaller(() => new ClientError(message, { code: 'CLIENT', resultCode: CLIENT_CODES.CLIENT.id, cause }))
}

/** Creates the error for a value that cannot be decoded, with its location (a bin, a result) and the record. */
export function unreadable(error: unknown, where: string, key?: Key): AerospikeError {
  const about = key === undefined ? '' : ` (${key})`
  if (!(error instanceof AerospikeError)) {
    const message = `${where}: the value cannot be read: ${error instanceof Error ? error.message : error}${about}`
    return new ClientError(message, { code: 'CLIENT', resultCode: CLIENT_CODES.CLIENT.id, key, cause: error })
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
    return new ClientError(message, { code: 'CLIENT', resultCode: CLIENT_CODES.CLIENT.id, inDoubt: true, cause: error })
  }
  const { code, resultCode, subCode, node, address, attempts, key, cause } = error
  const Class = error.constructor as ErrorClass
  return new Class(`${said}: ${error.message}`, {
    code,
    resultCode,
    subCode,
    inDoubt: true,
    node,
    address,
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
  return new AbortError(message, {
    code: 'ABORT_ERR',
    resultCode: CLIENT_CODES.CLIENT.id,
    inDoubt,
    key,
    cause: signal.reason,
  })
}

/** Creates the error for a job that was aborted. */
export function queryAborted(message: string): QueryAbortedError {
  return new QueryAbortedError(message, { code: 'QUERY_ABORTED', resultCode: RESULT_CODES.QUERY_ABORTED.id })
}

/** Creates the error for an id that no server lists as a job. */
export function jobUnknown(id: bigint): QueryError {
  const message = `no server knows the background job ${id}: it does not exist, or it ended long ago`
  return new QueryError(message, { code: 'JOB_UNKNOWN', resultCode: RESULT_CODES.RECORD_NOT_FOUND.id })
}

/** Creates the error for a call that exceeds `maxQueuedCommands`. */
export function backpressureError(queue: number): BackpressureError {
  const message = `${queue} commands are already waiting, the maximum that maxQueuedCommands allows`
  return new BackpressureError(message, { code: 'BACKPRESSURE', resultCode: CLIENT_CODES.CLIENT.id })
}

/** Creates the error for an update that other writes preceded in every attempt; `last` is the last conflict. */
export function updateConflict(last: AerospikeError, attempts: number): RecordGenerationError {
  const times = attempts === 1 ? 'its only attempt' : `each of ${attempts} attempts`
  const about = last.key === undefined ? 'update' : `update ${last.key}`
  const message = `Another write changed the record during ${times}; nothing was written (${about})`
  const { node, address, key } = last
  return new RecordGenerationError(message, {
    code: 'RECORD_GENERATION',
    resultCode: RESULT_CODES.RECORD_GENERATION.id,
    node,
    address,
    attempts,
    key,
    cause: last,
  })
}

/** Creates the error for a cluster without a usable node. */
export function clusterError(message: string): ClusterError {
  return new ClusterError(message, { code: 'CLUSTER', resultCode: CLIENT_CODES.CLUSTER.id })
}
