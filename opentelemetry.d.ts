// Generated from lib/opentelemetry.ts by `make types`: the API of aerospike-napi/opentelemetry. Do not edit.
import { Span } from '@opentelemetry/api'
import { InstrumentationBase, InstrumentationConfig } from '@opentelemetry/instrumentation'
import { CommandTrace, QueryTrace } from './index.js'

/** How spans are made. */
export interface AerospikeInstrumentationConfig extends InstrumentationConfig {
  /** Make spans only where one is active already, and no traces of their own. Default false. */
  requireParentSpan?: boolean
  /** Called with each span when its command or stream begins. What it throws is logged, and changes nothing. */
  requestHook?: (span: Span, event: CommandTrace | QueryTrace) => void
  /** Called with each span at the end, before it is ended; `event` has the result or the error. */
  responseHook?: (span: Span, event: CommandTrace | QueryTrace) => void
}
/**
 * Makes a span of every command and of every stream, through the tracer provider of the application's own OpenTelemetry
 * SDK: `registerInstrumentations({ instrumentations: [new AerospikeInstrumentation()] })`. It may be made before or after
 * clients are.
 */
export declare class AerospikeInstrumentation extends InstrumentationBase<AerospikeInstrumentationConfig> {
  #private
  private subscribed
  constructor(config?: AerospikeInstrumentationConfig)
  /** Patches no module: what it tells comes from `node:diagnostics_channel`. */
  protected init(): undefined
  enable(): void
  disable(): void
}
