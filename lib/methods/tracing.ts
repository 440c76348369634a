/**
 * OpenTelemetry spans that the native side creates and exports.
 */

import { completion } from '../boundary/completion'
import { NO_CLIENT } from '../boundary/context'
import { RequestBlock } from '../boundary/request-block'
import { define, nothing } from '../commands/define'
import { invalidArgument } from '../common/errors'
import { checkOptions, integerOption, optionsObject } from '../common/options'
import { spanCounts } from '../native/native'
import { makeSpans, type TraceApi } from '../telemetry/trace-parent'
import {
  type TracingOptions,
  type TracingSettings,
  telemetryDisabled,
  tracingSettings,
  writeTracingSettings,
} from '../telemetry/tracing-options'
import { Writer } from '../wire/wire'

export type { TracingOptions, TracingSampler, TracingTls } from '../telemetry/tracing-options'

/** Options of `shutdownTracing`. */
export interface ShutdownTracingOptions {
  /** Milliseconds to export the remaining spans. Spans not exported by then are dropped, and counted. Default 5000. */
  timeout?: number | undefined
}

/** Span counts since the process started. */
export interface TracingStats {
  /** Spans created, after sampling. */
  readonly made: number
  /** Spans that the collector accepted. */
  readonly exported: number
  /** Spans that were sent but not accepted: the collector was unreachable, rejected them, or did not answer in time. */
  readonly failed: number
  /** Spans that were never sent: the queue was full, or tracing was shut down. */
  readonly dropped: number
}

/** Loads @opentelemetry/api if the application has it installed. */
function findApi(): TraceApi | undefined {
  try {
    return require('@opentelemetry/api') as TraceApi
  } catch {
    return undefined
  }
}

const shutdown = define({
  name: 'shutdownTracing',
  kind: 'admin',
  policy: 1,
  quiet: true,
  encode: (writer, [patience]: readonly [number, object]) => writer.u32(patience),
  decode: nothing,
})

const PATIENCE = 5000
const UNBOUNDED = { timeout: 0 } as const

let ending: Promise<void> | undefined

function begin(settings: TracingSettings): boolean {
  const writer = new Writer(512)
  writeTracingSettings(writer, settings)
  return completion.session.initTracing(writer.buffer.subarray(0, writer.length))
}

/** Emits one process warning that names all malformed environment variables. */
function warnOf({ malformed, export: to }: TracingSettings): void {
  if (malformed.length === 0) return
  const outcome = to === undefined ? 'spans are not exported' : 'these variables are left out'
  process.emitWarning(`initTracing: ${malformed.join('; ')} (${outcome})`, {
    type: 'AerospikeWarning',
    code: 'AEROSPIKE_TRACING',
  })
}

/**
 * Starts tracing in this JavaScript environment: creates a span for every command and every stream, and exports it over
 * OTLP/gRPC from Rust. The parent of a span is the one in the call's `traceparent`, or else the active span if the
 * application has @opentelemetry/api. You can create clients before or after this call.
 *
 * The process has one exporter. Worker threads that also call this share the exporter of the first call, with its
 * options.
 *
 * A malformed environment variable is ignored; one process warning names all of them. If it says where or how to export
 * spans, spans are not exported.
 *
 * @param options - exporter, sampler and service; options that are left out come from the OTEL environment variables
 * @returns true if tracing has started; false if it was started before, or if `OTEL_SDK_DISABLED` is `true`
 * @throws InvalidArgError if an option is invalid; the message names it
 * @example
 * ```ts
 * initTracing({ serviceName: 'shop', endpoint: 'http://localhost:4317' })
 * ```
 */
export function initTracing(options: TracingOptions = {}): boolean {
  if (telemetryDisabled(process.env)) return false
  let settings = tracingSettings(options, process.env)
  let begun: boolean
  try {
    begun = begin(settings)
  } catch (cause) {
    const reason = (cause as Error).message
    const { certificateVariables: variables } = settings
    if (variables.length === 0) throw invalidArgument(`initTracing: ${reason}`, cause)
    const malformed = [...settings.malformed, `${variables.join(', ')}: ${reason}`]
    settings = { ...settings, export: undefined, malformed }
    begun = begin(settings)
  }
  if (begun) {
    completion.wakeUp()
    warnOf(settings)
    makeSpans(true, findApi())
  }
  return begun
}

/**
 * Stops tracing: no more spans are created, and the remaining ones are exported within `timeout` ms. Does nothing if
 * tracing was not started. Call it before the process ends; otherwise the spans of the last seconds are lost.
 *
 * @param options - `timeout`: milliseconds for the last export. Default 5000
 * @returns when the remaining spans are exported or dropped
 * @throws InvalidArgError if an option is invalid, as a rejection. An unreachable collector is not an error here.
 * @example
 * ```ts
 * await shutdownTracing({ timeout: 2000 })
 * ```
 */
export function shutdownTracing(options: ShutdownTracingOptions = {}): Promise<void> {
  try {
    const given = optionsObject(options, 'shutdownTracing')
    checkOptions(given, 'shutdownTracing', ['timeout'])
    const patience = given.timeout === undefined ? PATIENCE : integerOption(0)(given.timeout, 'shutdownTracing.timeout')
    makeSpans(false)
    ending ??= completion.call(new RequestBlock(0), NO_CLIENT, shutdown, [patience, UNBOUNDED]).finally(() => {
      ending = undefined
    })
    return ending
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Returns the span counts of the process so far. */
export function tracingStats(): TracingStats {
  return spanCounts()
}
