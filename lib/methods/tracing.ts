/**
 * Spans of OpenTelemetry that are made and exported in Rust.
 */

import { completion } from '../boundary/completion'
import { Outbox } from '../boundary/request-block'
import { define, nothing } from '../commands/define'
import { invalidArgument } from '../common/errors'
import { integerOption, optionsObject, unknownOption } from '../common/options'
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

/** How tracing is ended. */
export interface ShutdownTracingOptions {
  /** ms for exporting what is left; what is not exported by then is dropped, and counted. Default 5000. */
  timeout?: number
}

/** What became of spans, since the process began. */
export interface TracingStats {
  /** Spans that were made: those that the sampler took. */
  readonly made: number
  /** Those that the collector took. */
  readonly exported: number
  /** Those that were sent, and not taken: the collector was away, refused them, or did not answer in time. */
  readonly failed: number
  /** Those that were never sent: the queue was full, or tracing ended. */
  readonly dropped: number
}

/** @opentelemetry/api, where the application has it. */
function findApi(): TraceApi | undefined {
  try {
    return require('@opentelemetry/api') as TraceApi
  } catch {
    return undefined
  }
}

const shutdown = define({
  name: 'shutdownTracing',
  id: 75,
  kind: 'admin',
  policy: 1,
  quiet: true,
  encode: (writer, [patience]: readonly [number, object]) => writer.u32(patience),
  decode: nothing,
})

const PATIENCE = 5000
const UNBOUNDED = { timeout: 0 } as const
const CONTEXT = { timeouts: { read: 0, write: 0, batch: 0, admin: 0, query: 0 }, int64: 'auto', maps: 'auto' } as const

let ending: Promise<void> | undefined

function begin(settings: TracingSettings): boolean {
  const writer = new Writer(512)
  writeTracingSettings(writer, settings)
  return completion.session.initTracing(writer.buffer.subarray(0, writer.length))
}

/** Reports variables that cannot be understood, all in one warning. */
function warnOf({ malformed, export: to }: TracingSettings): void {
  if (malformed.length === 0) return
  const outcome = to === undefined ? 'spans are not exported' : 'these variables are left out'
  process.emitWarning(`initTracing: ${malformed.join('; ')} (${outcome})`, {
    type: 'AerospikeWarning',
    code: 'AEROSPIKE_TRACING',
  })
}

/**
 * Begins to make a span of every command and every stream of this JavaScript environment, exported by OTLP over gRPC from
 * Rust. A span is a child of the one that the call's `traceparent` names, or of the active one where the application has
 * @opentelemetry/api. Clients may be made before or after it.
 *
 * The process has one exporter: worker threads that call this too share the first one's, with its options.
 *
 * An environment variable that cannot be understood is left out, and one process warning names all of them. Where it says
 * where or how spans are exported, they are not exported.
 *
 * @returns whether it has begun: false when it had before, or `OTEL_SDK_DISABLED` is `true`
 * @throws InvalidArgError for an option that cannot be understood; the message names it
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
 * Ends what `initTracing` has begun: no more spans are made, and those that were made are exported, for which `timeout` ms
 * are given. Nothing happens where it was not begun. Call it before the process ends, or the last seconds' spans are lost.
 *
 * @throws InvalidArgError for a wrong option, as a rejection. A collector that is away is no error here.
 */
export function shutdownTracing(options: ShutdownTracingOptions = {}): Promise<void> {
  try {
    const given = optionsObject(options, 'shutdownTracing')
    for (const name of Object.keys(given)) {
      if (name !== 'timeout') unknownOption(name, 'shutdownTracing', ['timeout'])
    }
    const patience = given.timeout === undefined ? PATIENCE : integerOption(0)(given.timeout, 'shutdownTracing.timeout')
    makeSpans(false)
    ending ??= completion.call(new Outbox(0), CONTEXT, shutdown, [patience, UNBOUNDED]).finally(() => {
      ending = undefined
    })
    return ending
  } catch (error) {
    return Promise.reject(error)
  }
}

/** What became of the process's spans so far. */
export function tracingStats(): TracingStats {
  return spanCounts()
}
