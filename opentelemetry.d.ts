// Generated from lib/opentelemetry.ts by `make types`: the API of aerospike-napi/opentelemetry. Do not edit.
import { Span } from '@opentelemetry/api'
import { InstrumentationBase, InstrumentationConfig } from '@opentelemetry/instrumentation'
import { CommandTrace, QueryTrace } from './index.js'

/** Configuration of the instrumentation. */
export interface AerospikeInstrumentationConfig extends InstrumentationConfig {
  /** Create a span only if a parent span is active, so that no call starts a trace of its own. Default false. */
  requireParentSpan?: boolean | undefined
  /** Called with each span when its command or stream starts. Errors that it throws are logged and otherwise ignored. */
  requestHook?: ((span: Span, event: CommandTrace | QueryTrace) => void) | undefined
  /** Called with each span just before the span ends; `event` has the result or the error. */
  responseHook?: ((span: Span, event: CommandTrace | QueryTrace) => void) | undefined
}
/**
 * Creates a span for every command and every stream, with the tracer provider of the application's OpenTelemetry SDK:
 * `registerInstrumentations({ instrumentations: [new AerospikeInstrumentation()] })`. You can create it before or after the
 * clients.
 */
export declare class AerospikeInstrumentation extends InstrumentationBase<AerospikeInstrumentationConfig> {
  #private
  private subscribed
  /** @param config - what the spans contain. Default: see `AerospikeInstrumentationConfig` */
  constructor(config?: AerospikeInstrumentationConfig)
  /** Patches no module: the events come from `node:diagnostics_channel`. */
  protected init(): undefined
  enable(): void
  disable(): void
}
