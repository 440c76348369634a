/**
 * Maps errors to HTTP: the status by class or code, and a body in the format of RFC 9457.
 */
import {
  AbortError,
  AerospikeError,
  AerospikeTimeoutError,
  BackpressureError,
  BinExistsError,
  BinNameError,
  BinNotFoundError,
  BinTypeError,
  ClientError,
  ClusterError,
  FilteredOutError,
  IndexExistsError,
  IndexNotFoundError,
  InvalidArgError,
  RecordExistsError,
  RecordGenerationError,
  RecordNotFoundError,
  RecordTooBigError,
  UDFError,
} from 'aerospike-napi'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** An error of the service itself, with its status. */
export class HttpError extends Error {
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }
}

/** The first matching class determines the status. */
const BY_CLASS: readonly (readonly [new (...args: never[]) => AerospikeError, number])[] = [
  [RecordNotFoundError, 404],
  [IndexNotFoundError, 404],
  [RecordExistsError, 409],
  [IndexExistsError, 409],
  [BinExistsError, 409],
  [RecordGenerationError, 412],
  [RecordTooBigError, 413],
  // The JSON is valid, but the database rejects the request.
  [InvalidArgError, 422],
  [BinTypeError, 422],
  [BinNameError, 422],
  [BinNotFoundError, 422],
  [FilteredOutError, 422],
  [UDFError, 422],
  [BackpressureError, 503],
  [ClusterError, 503],
  [AbortError, 503],
  [AerospikeTimeoutError, 504],
]

/** Codes that have no error class. */
const BY_CODE: Readonly<Record<string, number>> = {
  OP_NOT_APPLICABLE: 422,
  ELEMENT_NOT_FOUND: 422,
  ELEMENT_EXISTS: 409,
  INVALID_GEOJSON: 422,
  KEY_BUSY: 503,
  DEVICE_OVERLOAD: 503,
  SERVER_OUT_OF_MEMORY: 503,
  PARTITION_UNAVAILABLE: 503,
  BATCH_QUEUES_FULL: 503,
  QUERY_QUEUE_FULL: 503,
  INDEX_NOT_READABLE: 503,
  INVALID_USER: 404,
  INVALID_ROLE: 404,
  USER_EXISTS: 409,
  ROLE_EXISTS: 409,
  INVALID_PASSWORD: 422,
  FORBIDDEN_PASSWORD: 422,
  INVALID_PRIVILEGE: 422,
  INVALID_ALLOWLIST: 422,
  INVALID_QUOTA: 422,
  ROLE_VIOLATION: 403,
  QUOTAS_NOT_ENABLED: 501,
  SECURITY_NOT_SUPPORTED: 501,
  SECURITY_NOT_ENABLED: 501,
  UNSUPPORTED_FEATURE: 501,
  ENTERPRISE_ONLY: 501,
}

/** The HTTP status for a failed call. */
export function statusOf(error: AerospikeError): number {
  const coded = BY_CODE[error.code]
  if (coded !== undefined) return coded
  for (const [Class, status] of BY_CLASS) if (error instanceof Class) return status
  // The remaining client errors mean that the client is closed, which happens while the service stops.
  return error instanceof ClientError ? 503 : 500
}

const PASSING = new Set([503, 504])

/** Sends an error response. */
export function answerError(
  error: FastifyError | AerospikeError | HttpError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const ours = error instanceof AerospikeError
  const status = ours ? statusOf(error) : (error.statusCode ?? 500)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  else request.log.debug({ err: error }, 'request refused')
  if (status === 503) reply.header('retry-after', '1')
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      status,
      code: error.code ?? 'INTERNAL',
      // Log details of internal errors instead of sending them: outsiders must not see node addresses.
      detail: status < 500 ? error.message : PASSING.has(status) ? 'the database did not answer' : 'internal error',
      // The write may have been applied: the caller must check before it retries.
      ...(ours && error.inDoubt ? { inDoubt: true } : {}),
    })
}
