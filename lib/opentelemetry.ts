/**
 * The entry point `aerospike-napi/opentelemetry`: spans through the application's own OpenTelemetry SDK. This module is the
 * only one that imports @opentelemetry/instrumentation, which is an optional peer, as @opentelemetry/api is.
 */
import { type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel'
import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { InstrumentationBase, type InstrumentationConfig, safeExecuteInTheMiddle } from '@opentelemetry/instrumentation'
import { AerospikeError } from './common/errors'
import { VERSION } from './common/version'
import { type CommandTrace, operationName, type QueryTrace } from './telemetry/diagnostics'
import { spansElsewhere } from './telemetry/trace-parent'

/** How spans are made. */
export interface AerospikeInstrumentationConfig extends InstrumentationConfig {
  /** Make spans only where one is active already, and no traces of their own. Default false. */
  requireParentSpan?: boolean
  /** Called with each span when its command or stream begins. What it throws is logged, and changes nothing. */
  requestHook?: (span: Span, event: CommandTrace | QueryTrace) => void
  /** Called with each span at the end, before it is ended; `event` has the result or the error. */
  responseHook?: (span: Span, event: CommandTrace | QueryTrace) => void
}

type Event = CommandTrace | QueryTrace
type Subscribers = TracingChannelSubscribers<Event>

/** `OPERATION namespace.set`, as far as they are known. */
function spanName({ command, namespace, set }: Event): string {
  const operation = operationName(command)
  if (namespace === undefined) return operation
  return set === undefined || set === '' ? `${operation} ${namespace}` : `${operation} ${namespace}.${set}`
}

function attributesOf({ command, namespace, set, batchSize, serverAddress, serverPort }: Event): Attributes {
  return {
    'db.system.name': 'aerospike',
    'db.operation.name': operationName(command),
    'db.namespace': namespace,
    'db.collection.name': set === '' ? undefined : set,
    // A batch of one is none, say the conventions.
    'db.operation.batch.size': batchSize === 1 ? undefined : batchSize,
    'server.address': serverAddress,
    'server.port': serverPort,
  }
}

/** The message without the key, which stands at its end: what applications store does not belong into traces. */
function reasonOf(command: string, { message, key, code }: AerospikeError): string {
  if (key === undefined) return message
  const end = message.lastIndexOf(` (${command} ${key}`)
  return end > 0 ? message.slice(0, end) : code
}

function tellFailure(span: Span, command: string, error: unknown): void {
  if (!(error instanceof AerospikeError)) {
    const name = error instanceof Error ? error.name : '_OTHER'
    span.setAttribute('error.type', name)
    span.setStatus({ code: SpanStatusCode.ERROR })
    return
  }
  span.setAttribute('error.type', error.code)
  span.setAttribute('db.response.status_code', String(error.resultCode))
  const [, host, port] = /^(.*):(\d+)$/.exec(error.node ?? '') ?? []
  if (host !== undefined) span.setAttributes({ 'network.peer.address': host, 'network.peer.port': Number(port) })
  span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(command, error) })
}

/**
 * Makes a span of every command and of every stream, through the tracer provider of the application's own OpenTelemetry
 * SDK: `registerInstrumentations({ instrumentations: [new AerospikeInstrumentation()] })`. It may be made before or after
 * clients are.
 */
export class AerospikeInstrumentation extends InstrumentationBase<AerospikeInstrumentationConfig> {
  // Set by the base class's constructor, which calls `enable`: an initializer here would come after it.
  declare private subscribed: Map<string, Subscribers> | undefined

  constructor(config: AerospikeInstrumentationConfig = {}) {
    super('aerospike-napi', VERSION, config)
  }

  /** Patches no module: what it tells comes from `node:diagnostics_channel`. */
  protected override init(): undefined {
    return undefined
  }

  override enable(): void {
    if (this.subscribed !== undefined) return
    const spans = new WeakMap<Event, Span>()
    const start = (event: Event): void => this.#start(spans, event)
    const finish = (event: Event): void => this.#finish(spans, event)
    const endOfBlocking = (event: Event): void => {
      if ((event as CommandTrace).blocking) finish(event)
    }
    const none = (): void => {}
    this.subscribed = new Map([
      ['command', { start, end: endOfBlocking, asyncStart: none, asyncEnd: finish, error: none }],
      ['query', { start, end: none, asyncStart: none, asyncEnd: finish, error: none }],
    ])
    for (const [name, subscribers] of this.subscribed) channelOf(name).subscribe(subscribers)
    spansElsewhere(true)
  }

  override disable(): void {
    if (this.subscribed === undefined) return
    for (const [name, subscribers] of this.subscribed) channelOf(name).unsubscribe(subscribers)
    spansElsewhere(false)
    this.subscribed = undefined
  }

  #start(spans: WeakMap<Event, Span>, event: Event): void {
    const { requireParentSpan = false, requestHook } = this.getConfig()
    if (requireParentSpan && trace.getSpan(context.active()) === undefined) return
    const span = this.tracer.startSpan(spanName(event), { kind: SpanKind.CLIENT, attributes: attributesOf(event) })
    spans.set(event, span)
    this.#hook(requestHook, span, event)
  }

  #finish(spans: WeakMap<Event, Span>, event: Event): void {
    const span = spans.get(event)
    if (span === undefined) return
    spans.delete(event)
    if (event.error !== undefined) tellFailure(span, event.command, event.error)
    if ('rows' in event) span.setAttribute('db.response.returned_rows', event.rows)
    this.#hook(this.getConfig().responseHook, span, event)
    span.end()
  }

  #hook(hook: ((span: Span, event: Event) => void) | undefined, span: Span, event: Event): void {
    if (hook === undefined) return
    safeExecuteInTheMiddle(
      () => hook(span, event),
      error => {
        if (error !== undefined) this._diag.error('a hook of AerospikeInstrumentation has thrown', error)
      },
      true,
    )
  }
}

function channelOf(name: string): ReturnType<typeof tracingChannel<unknown, Event>> {
  return tracingChannel<unknown, Event>(`aerospike-napi:${name}`)
}
