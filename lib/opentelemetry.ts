/**
 * The entry point `aerospike-napi/opentelemetry`: creates spans with the application's OpenTelemetry SDK. Only this module
 * imports @opentelemetry/instrumentation, which is an optional peer dependency, like @opentelemetry/api.
 */
import { type TracingChannelSubscribers, tracingChannel } from 'node:diagnostics_channel'
import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { InstrumentationBase, type InstrumentationConfig, safeExecuteInTheMiddle } from '@opentelemetry/instrumentation'
import { AerospikeError } from './common/errors'
import { VERSION } from './common/version'
import { type CommandTrace, operationName, type QueryTrace } from './telemetry/diagnostics'
import { spansElsewhere } from './telemetry/trace-parent'

/** Configuration of the instrumentation. */
export interface AerospikeInstrumentationConfig extends InstrumentationConfig {
  /** Create a span only if a parent span is active, so that no call starts a trace of its own. Default false. */
  requireParentSpan?: boolean | undefined
  /** Called with each span when its command or stream starts. Errors that it throws are logged and otherwise ignored. */
  requestHook?: ((span: Span, event: CommandTrace | QueryTrace) => void) | undefined
  /** Called with each span just before the span ends; `event` has the result or the error. */
  responseHook?: ((span: Span, event: CommandTrace | QueryTrace) => void) | undefined
}

type Event = CommandTrace | QueryTrace
type Subscribers = TracingChannelSubscribers<Event>

/** Returns `OPERATION namespace.set`, without the parts that are unknown. */
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
    // By the semantic conventions, a batch of one has no batch size.
    'db.operation.batch.size': batchSize === 1 ? undefined : batchSize,
    'server.address': serverAddress,
    'server.port': serverPort,
  }
}

/** Returns the message without the key at its end: traces must not contain the application's data. */
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
  const [, host, port] = /^(.*):(\d+)$/.exec(error.address ?? '') ?? []
  if (host !== undefined) span.setAttributes({ 'network.peer.address': host, 'network.peer.port': Number(port) })
  span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(command, error) })
}

/**
 * Creates a span for every command and every stream, with the tracer provider of the application's OpenTelemetry SDK:
 * `registerInstrumentations({ instrumentations: [new AerospikeInstrumentation()] })`. You can create it before or after the
 * clients.
 */
export class AerospikeInstrumentation extends InstrumentationBase<AerospikeInstrumentationConfig> {
  // Set by the base class's constructor, which calls `enable`. An initializer here would run later and overwrite it.
  declare private subscribed: Map<string, Subscribers> | undefined

  /** @param config - what the spans contain. Default: see `AerospikeInstrumentationConfig` */
  constructor(config: AerospikeInstrumentationConfig = {}) {
    super('aerospike-napi', VERSION, config)
  }

  /** Patches no module: the events come from `node:diagnostics_channel`. */
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
