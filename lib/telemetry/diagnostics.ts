/**
 * What the client does, told to who listens: channels of node:diagnostics_channel, one event object a command, connect or
 * stream. Without a listener a call costs the look whether there is one.
 */
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import { AerospikeError } from '../common/errors'
import type { Key } from '../values/key'

/** What a command is about. */
export interface Subject {
  readonly namespace?: string | undefined
  readonly set?: string | undefined
  readonly key?: Key | undefined
  readonly batchSize?: number | undefined
}

/** Where the client was told to look for the cluster: the first seed. */
export interface Seed {
  readonly name: string
  readonly port: number
}

/** What of a client the events say. */
interface Observable {
  readonly seed?: Seed | undefined
}

/** What of a command the events say. */
interface Observed<A extends readonly unknown[]> {
  readonly name: string
  readonly subject?: ((args: A) => Subject) | undefined
  readonly quiet?: boolean | undefined
}

/** What the events of all channels tell. Channels add `result` and `error` to it, as all of Node's tracing channels do. */
abstract class Trace {
  /** Host of the configuration's first seed. The cluster may have sent the command elsewhere. */
  readonly serverAddress: string | undefined
  /** Its port. */
  readonly serverPort: number | undefined
  /** What the call threw or rejected with; an `AerospikeError` with `code`, `resultCode`, `node` and `attempts`. */
  error?: unknown

  constructor(seed: Seed | undefined) {
    this.serverAddress = seed?.name
    this.serverPort = seed?.port
  }

  /** Result code of the error: the server's (>= 0) or the client's own (< 0). Undefined without an error. */
  get resultCode(): number | undefined {
    return this.error instanceof AerospikeError ? this.error.resultCode : undefined
  }

  /** Name of the failure, such as `RECORD_NOT_FOUND`. Undefined without an error. */
  get errorCode(): string | undefined {
    return this.error instanceof AerospikeError ? this.error.code : undefined
  }
}

/** What a command, or a stream, is about. */
abstract class SubjectTrace extends Trace {
  /** The method as it was called, such as `get`, `batchRead`, `query.apply`. */
  readonly command: string
  /** Number of the client within this process, the same in all events of one client. */
  readonly clientId: number
  /** Namespace; of the first row where there are many. */
  readonly namespace: string | undefined
  /** Set; of the first row where there are many. Empty for none. */
  readonly set: string | undefined
  /** Rows of a batch. */
  readonly batchSize: number | undefined

  constructor(command: string, clientId: number, { namespace, set, batchSize }: Subject, seed: Seed | undefined) {
    super(seed)
    this.command = command
    this.clientId = clientId
    this.namespace = namespace
    this.set = set
    this.batchSize = batchSize
  }
}

/** The event of a command: `tracing:aerospike-napi:command:*`. */
export class CommandTrace extends SubjectTrace {
  /** The record that it is about, where it is about one. */
  readonly key: Key | undefined
  /** Whether it is a call of the blocking client: then it is over at `end`. */
  readonly blocking: boolean
  /** What the call gave. */
  result?: unknown

  /** @internal */
  constructor(command: string, clientId: number, subject: Subject, seed: Seed | undefined, blocking: boolean) {
    super(command, clientId, subject, seed)
    this.key = subject.key
    this.blocking = blocking
  }
}

/** The event of a stream, from its first pull to its end: `tracing:aerospike-napi:query:*`. */
export class QueryTrace extends SubjectTrace {
  /** Rows that were given so far. */
  rows = 0
  /** Whether it was read to its end, and not left before. Undefined until then. */
  complete: boolean | undefined

  /** @internal */
  constructor(command: string, clientId: number, subject: Subject, seed: Seed | undefined) {
    super(command, clientId, subject, seed)
  }
}

/** The event of a connect: `tracing:aerospike-napi:connect:*`. */
export class ConnectTrace extends Trace {
  /** All seeds, as `host:port`. */
  readonly hosts: readonly string[]
  /** Whether it is a call of the blocking client: then it is over at `end`. */
  readonly blocking: boolean
  /** Number of the client within this process, once it is connected. */
  clientId: number | undefined
  /** The client. */
  result?: unknown

  /** @internal */
  constructor(seeds: readonly Seed[], blocking: boolean) {
    super(seeds[0])
    this.blocking = blocking
    this.hosts = seeds.map(({ name, port }) => (name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`))
  }
}

/** The channels; `tracing:<name>:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
const channelOf = <T extends object>(name: string): TracingChannel<unknown, T> => tracingChannel(name)
const commands = channelOf<CommandTrace>('aerospike-napi:command')
const connects = channelOf<ConnectTrace>('aerospike-napi:connect')
const queries = channelOf<QueryTrace>('aerospike-napi:query')

const UNKNOWN: Subject = {}

/** What a command is about. Arguments that are none are refused later, by the command. */
function subjectOf<A extends readonly unknown[]>(command: Observed<A>, args: A): Subject {
  try {
    return command.subject?.(args) ?? UNKNOWN
  } catch {
    return UNKNOWN
  }
}

/** A command's name as traces and metrics have it: `batchRead` is `BATCH_READ`, `query.apply` is `QUERY_APPLY`. */
export function operationName(command: string): string {
  return command
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, letter => `_${letter}`)
    .toUpperCase()
}

/** Whether somebody listens to commands. */
export function commandsObserved(): boolean {
  return commands.hasSubscribers
}

/** Carries a command out and tells of it. */
export function observeCommand<R>(
  command: Observed<never>,
  client: number,
  context: Observable,
  args: readonly unknown[],
  run: () => Promise<R>,
): Promise<R> {
  if (command.quiet === true) return run()
  const subject = subjectOf(command as unknown as Observed<readonly unknown[]>, args)
  return commands.tracePromise(run, new CommandTrace(command.name, client, subject, context.seed, false))
}

/** The same, blocking. */
export function observeBlocking<R>(
  command: Observed<never>,
  client: number,
  context: Observable,
  args: readonly unknown[],
  run: () => R,
): R {
  if (command.quiet === true) return run()
  const subject = subjectOf(command as unknown as Observed<readonly unknown[]>, args)
  return commands.traceSync(run, new CommandTrace(command.name, client, subject, context.seed, true))
}

/** Connects and tells of it; `run` is given what takes the client's number. */
export function observeConnect<R>(
  seeds: readonly Seed[],
  run: (connected: (clientId: number) => void) => Promise<R>,
): Promise<R> {
  if (!connects.hasSubscribers) return run(unheard)
  const trace = new ConnectTrace(seeds, false)
  return connects.tracePromise(() => run(numbering(trace)), trace)
}

/** The same, blocking. */
export function observeConnectBlocking<R>(
  seeds: readonly Seed[],
  run: (connected: (clientId: number) => void) => R,
): R {
  if (!connects.hasSubscribers) return run(unheard)
  const trace = new ConnectTrace(seeds, true)
  return connects.traceSync(() => run(numbering(trace)), trace)
}

const unheard = (): void => {}

function numbering(trace: ConnectTrace): (clientId: number) => void {
  return clientId => {
    trace.clientId = clientId
  }
}

/** Tells of one stream. */
export class StreamObserver {
  readonly #trace: QueryTrace
  #ended = false

  private constructor(trace: QueryTrace) {
    this.#trace = trace
  }

  /** Nothing, when nobody listens. */
  static of(
    command: Observed<readonly unknown[]>,
    client: number,
    context: Observable,
    args: readonly unknown[],
  ): StreamObserver | undefined {
    if (!queries.hasSubscribers) return undefined
    return new StreamObserver(new QueryTrace(command.name, client, subjectOf(command, args), context.seed))
  }

  /** Makes the first pull. */
  start<T>(pull: () => T): T {
    return queries.start.runStores(this.#trace, () => {
      try {
        return pull()
      } finally {
        queries.end.publish(this.#trace)
      }
    })
  }

  /** Rows have come. */
  came(rows: number): void {
    this.#trace.rows += rows
  }

  /** It was read to its end, or left before. */
  end(complete: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#trace.complete = complete
    queries.asyncStart.publish(this.#trace)
    queries.asyncEnd.publish(this.#trace)
  }

  /** It has failed. */
  fail(error: unknown): void {
    if (this.#ended) return
    this.#trace.error = error
    queries.error.publish(this.#trace)
    this.end(false)
  }
}
