/**
 * The spans that calls belong to. While spans are made in Rust, each call's parent crosses behind its request: the one
 * that its policy names, or the one that is active in the application's OpenTelemetry.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import type { Writer } from '../wire/wire'

/** Request flag: behind all else stands the parent. See `crate/src/boundary/wire.rs`. */
const FLAG_PARENT = 4

/** What a parent is known by, as OpenTelemetry's API has it. */
interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

/** What is needed of @opentelemetry/api. */
export interface TraceApi {
  readonly context: { active(): unknown }
  readonly trace: {
    /** Of a context as `active` gives it, whose type is not here. */
    getSpanContext(context: never): SpanContext | undefined
  }
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const TRACE = /^(?!0{32})[0-9a-f]{32}$/
const SPAN = /^(?!0{16})[0-9a-f]{16}$/

/** Reads a `traceparent`; undefined where it is none. */
function parse(text: string): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(text) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined
  return TRACE.test(traceId) && SPAN.test(spanId)
    ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
    : undefined
}

/** Refuses what is no `traceparent`. */
export function checkTraceparent(value: unknown, where: string): void {
  if (typeof value !== 'string' || parse(value) === undefined) {
    throw invalidArgument(
      `${where}: a traceparent of W3C is needed, such as 00-<32 hex digits>-<16 hex digits>-01, not ${describe(value)}`,
    )
  }
}

let making = false
let api: TraceApi | undefined
/** Others that make a span of every call. */
let others = 0

/** Spans are made from now on, or no more; with the API that tells which span is active. */
export function makeSpans(on: boolean, active?: TraceApi): void {
  making = on
  api = on ? active : undefined
}

/** Somebody else makes a span of every call: there is to be one only. */
export function spansElsewhere(on: boolean): void {
  others += on ? 1 : -1
}

/** A parent that is none: no span is made. */
const NO_SPAN = Buffer.alloc(25)

let last: SpanContext | undefined
const bytes = Buffer.alloc(25)

/** The parent's bytes; those of the last one are kept, for calls of one span come together. */
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
    return undefined // A context manager that throws costs the span its parent, not the caller its call.
  }
}

/** Writes a call's parent behind its request, and gives the flags that say so. */
export function writeParent(writer: Writer, policy: object | undefined | null): number {
  if (!making) return 0
  if (others > 0) {
    writer.raw(NO_SPAN)
    return FLAG_PARENT
  }
  const { traceparent } = (policy ?? {}) as { traceparent?: unknown }
  const context = typeof traceparent === 'string' ? parse(traceparent) : activeParent()
  const parent = context === undefined ? undefined : bytesOf(context)
  if (parent === undefined) return 0
  writer.raw(parent)
  return FLAG_PARENT
}
