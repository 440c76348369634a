/**
 * Events of the client on channels of node:diagnostics_channel, with one event object per command, connect or stream. Without
 * a subscriber, a call only checks whether there is one.
 */
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import { addressOf } from '../common/address'
import { AerospikeError } from '../common/errors'
import type { Key } from '../values/key'

/** What a command works on. */
export interface Subject {
  readonly namespace?: string | undefined
  readonly set?: string | undefined
  readonly key?: Key | undefined
  readonly batchSize?: number | undefined
}

/** The address of the first seed host in the configuration. */
export interface Seed {
  readonly name: string
  readonly port: number
}

/** The properties of a client that events contain. */
interface Observable {
  readonly seed?: Seed | undefined
  readonly namespace: string
}

/** The properties of a command that events are made from. */
interface Observed<A extends readonly unknown[]> {
  readonly name: string
  readonly subject?: ((args: A, namespace: string) => Subject) | undefined
  readonly quiet?: boolean | undefined
}

/** The base class of the events of all channels. The channel adds `result` and `error`, like every tracing channel of Node. */
abstract class Trace {
  /** Host of the first seed in the configuration. The command may have been sent to another node. */
  readonly serverAddress: string | undefined
  /** Port of the first seed in the configuration. */
  readonly serverPort: number | undefined
  /** Error that the call threw or rejected with: an `AerospikeError`, with `code`, `node`, `address` and `attempts`. */
  error?: unknown

  constructor(seed: Seed | undefined) {
    this.serverAddress = seed?.name
    this.serverPort = seed?.port
  }

  /** Result code of the error: the server's (>= 0) or the client's (< 0). Undefined without an error. */
  get resultCode(): number | undefined {
    return this.error instanceof AerospikeError ? this.error.resultCode : undefined
  }

  /** Name of the failure, such as `RECORD_NOT_FOUND`. Undefined without an error. */
  get errorCode(): string | undefined {
    return this.error instanceof AerospikeError ? this.error.code : undefined
  }
}

/** The base class of the events of commands and streams. */
abstract class SubjectTrace extends Trace {
  /** Name of the called method, such as `get`, `batchRead`, `query.apply`. */
  readonly command: string
  /** Number of the client within this process, the same in all events of one client. */
  readonly clientId: number
  /** Namespace; for a batch, that of the first row. */
  readonly namespace: string | undefined
  /** Set; for a batch, that of the first row. Empty if there is no set. */
  readonly set: string | undefined
  /** Number of rows of a batch. */
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
  /** Key of the record, for commands on a single record. */
  readonly key: Key | undefined
  /** Whether this is a call of the blocking client; such a call is complete at `end`. */
  readonly blocking: boolean
  /** Result of the call. */
  result?: unknown

  /** @internal */
  constructor(command: string, clientId: number, subject: Subject, seed: Seed | undefined, blocking: boolean) {
    super(command, clientId, subject, seed)
    this.key = subject.key
    this.blocking = blocking
  }
}

/** The event of a stream, from its first read to its end: `tracing:aerospike-napi:query:*`. */
export class QueryTrace extends SubjectTrace {
  /** Number of rows returned so far. */
  rows = 0
  /** Whether the stream was read to its end; false if it was ended earlier. Undefined while it is open. */
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
  /** Whether this is a call of the blocking client; such a call is complete at `end`. */
  readonly blocking: boolean
  /** Number of the client within this process; set once it is connected. */
  clientId: number | undefined
  /** The connected client. */
  result?: unknown

  /** @internal */
  constructor(seeds: readonly Seed[], blocking: boolean) {
    super(seeds[0])
    this.blocking = blocking
    this.hosts = seeds.map(({ name, port }) => addressOf(name, port))
  }
}

/** The channels: `tracing:<name>:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`. */
const channelOf = <T extends object>(name: string): TracingChannel<unknown, T> => tracingChannel(name)
const commands = channelOf<CommandTrace>('aerospike-napi:command')
const connects = channelOf<ConnectTrace>('aerospike-napi:connect')
const queries = channelOf<QueryTrace>('aerospike-napi:query')

const UNKNOWN: Subject = {}

/** Returns what a call works on. Invalid arguments are ignored here: the command rejects them later. */
function subjectOf<A extends readonly unknown[]>(command: Observed<A>, args: A, { namespace }: Observable): Subject {
  try {
    return command.subject?.(args, namespace) ?? UNKNOWN
  } catch {
    return UNKNOWN
  }
}

/** Returns the name of a command in traces and metrics: `BATCH_READ` for `batchRead`, `QUERY_APPLY` for `query.apply`. */
export function operationName(command: string): string {
  return command
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, letter => `_${letter}`)
    .toUpperCase()
}

/** Whether the command channel has subscribers. */
export function commandsObserved(): boolean {
  return commands.hasSubscribers
}

/** Runs a command and publishes its events. */
export function observeCommand<R>(
  command: Observed<never>,
  client: number,
  context: Observable,
  args: readonly unknown[],
  run: () => Promise<R>,
): Promise<R> {
  if (command.quiet === true) return run()
  const subject = subjectOf(command as unknown as Observed<readonly unknown[]>, args, context)
  return commands.tracePromise(run, new CommandTrace(command.name, client, subject, context.seed, false))
}

/** Runs a blocking command and publishes its events. */
export function observeBlocking<R>(
  command: Observed<never>,
  client: number,
  context: Observable,
  args: readonly unknown[],
  run: () => R,
): R {
  if (command.quiet === true) return run()
  const subject = subjectOf(command as unknown as Observed<readonly unknown[]>, args, context)
  return commands.traceSync(run, new CommandTrace(command.name, client, subject, context.seed, true))
}

/** Connects a client and publishes the events. `run` receives a function to call with the number of the client. */
export function observeConnect<R>(
  seeds: readonly Seed[],
  run: (connected: (clientId: number) => void) => Promise<R>,
): Promise<R> {
  if (!connects.hasSubscribers) return run(unheard)
  const trace = new ConnectTrace(seeds, false)
  return connects.tracePromise(() => run(numbering(trace)), trace)
}

/** Like `observeConnect`, for the blocking client. */
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

/** Publishes the events of one stream. */
export class StreamObserver {
  readonly #trace: QueryTrace
  #ended = false

  private constructor(trace: QueryTrace) {
    this.#trace = trace
  }

  /** Creates an observer; returns undefined without subscribers. */
  static of(
    command: Observed<readonly unknown[]>,
    client: number,
    context: Observable,
    args: readonly unknown[],
  ): StreamObserver | undefined {
    if (!queries.hasSubscribers) return undefined
    return new StreamObserver(new QueryTrace(command.name, client, subjectOf(command, args, context), context.seed))
  }

  /** Runs the first read of the stream and publishes its start. */
  start<T>(pull: () => T): T {
    return queries.start.runStores(this.#trace, () => {
      try {
        return pull()
      } finally {
        queries.end.publish(this.#trace)
      }
    })
  }

  /** Records that rows have arrived. */
  came(rows: number): void {
    this.#trace.rows += rows
  }

  /** Publishes the end of the stream; `complete` is whether it was read to its end. */
  end(complete: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#trace.complete = complete
    queries.asyncStart.publish(this.#trace)
    queries.asyncEnd.publish(this.#trace)
  }

  /** Publishes the failure of the stream. */
  fail(error: unknown): void {
    if (this.#ended) return
    this.#trace.error = error
    queries.error.publish(this.#trace)
    this.end(false)
  }
}
