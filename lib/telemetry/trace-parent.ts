/**
 * Parent spans of calls. While spans are created in Rust, each request is followed by the parent of its span: the one that the
 * policy names, or the active span of the application's OpenTelemetry.
 */

import { RequestFlag } from '../catalog/boundary'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import type { Writer } from '../wire/wire'

/** The identity of a parent span, as defined by the OpenTelemetry API. */
interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

/** The part of @opentelemetry/api that is used here. */
export interface TraceApi {
  readonly context: { active(): unknown }
  readonly trace: {
    /** Takes a context returned by `active`; its type is not available here. */
    getSpanContext(context: never): SpanContext | undefined
  }
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const TRACE = /^(?!0{32})[0-9a-f]{32}$/
const SPAN = /^(?!0{16})[0-9a-f]{16}$/

/** Parses a `traceparent`; returns undefined if it is invalid. */
function parse(text: string): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(text) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  return TRACE.test(traceId) && SPAN.test(spanId)
    ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
    : undefined
}

/** Throws if a value is not a valid `traceparent`. */
export function checkTraceparent(value: unknown, where: string): void {
  if (typeof value !== 'string' || parse(value) === undefined) {
    throw invalidArgument(
      `${where}: a W3C traceparent is needed, such as 00-<32 hex digits>-<16 hex digits>-01, not ${describe(value)}`,
    )
  }
}

let making = false
let api: TraceApi | undefined
/** The number of other components that create a span for every call. */
let others = 0

/** Turns the transfer of parent spans on or off; `active` is the API that returns the active span. */
export function makeSpans(on: boolean, active?: TraceApi): void {
  making = on
  api = on ? active : undefined
}

/** Registers, or unregisters, another component that creates a span for every call, so that there is only one span. */
export function spansElsewhere(on: boolean): void {
  others += on ? 1 : -1
}

/** An all-zero parent: Rust creates no span for the call. */
const NO_SPAN = Buffer.alloc(25)

let last: SpanContext | undefined
const bytes = Buffer.alloc(25)

/** Returns the bytes of a parent. The last one is cached, because calls of one span usually follow each other. */
function bytesOf(context: SpanContext): Buffer | undefined {
  if (context === last) return bytes
  if (!TRACE.test(context.traceId) || !SPAN.test(context.spanId)) return undefined
  bytes.write(context.traceId, 0, 'hex')
  bytes.write(context.spanId, 16, 'hex')
  bytes[24] = context.traceFlags
  last = context
  return bytes
}

function activeParent(): SpanContext | undefined {
  if (api === undefined) return undefined
  try {
    return api.trace.getSpanContext(api.context.active() as never)
  } catch {
    return undefined // If a context manager throws, the span has no parent, but the call must not fail.
  }
}

/** Appends the parent span to a request, and returns the flags that announce it. */
export function writeParent(writer: Writer, policy: object | undefined | null): number {
  if (!making) return 0
  if (others > 0) {
    writer.raw(NO_SPAN)
    return RequestFlag.PARENT
  }
  const { traceparent } = (policy ?? {}) as { traceparent?: unknown }
  const context = typeof traceparent === 'string' ? parse(traceparent) : activeParent()
  const parent = context === undefined ? undefined : bytesOf(context)
  if (parent === undefined) return 0
  writer.raw(parent)
  return RequestFlag.PARENT
}
