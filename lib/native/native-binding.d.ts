// Generated from the #[napi] items of crate/src by `make dev-build`. Do not edit.

/**
 * The log subscription of one environment. Created when the environment sets a logger, closed when it removes the last
 * one. It does not keep the event loop alive.
 */
export declare class NativeLogs {
  /** Subscribes. `wake` is called on the JavaScript thread when lines are waiting. */
  constructor(wake: () => void)
  /** Ends the subscription and releases every reference to the environment. */
  close(): void
  /** Sets the highest level that is delivered, by target: 0 off, 1 error, 2 warn, 3 info, 4 debug, 5 trace. */
  setLevels(napi: number, cluster: number, batch: number, command: number): void
  /**
   * Takes up to `max` lines. The result starts with the number of lines that are still waiting (u32); each line is
   * level u8, target u8, milliseconds since 1970 f64, module and text.
   */
  take(max: number): ArrayBuffer
}

/**
 * The state of one JavaScript environment. Each evaluation of the package creates one. It is open only while it has
 * clients, pending calls or another source of replies; while it is closed, it keeps no reference to JavaScript
 * objects.
 */
export declare class NativeSession {
  /** Creates a session that is not open. */
  constructor()
  /** Opens the session. `drain` is called on the JavaScript thread when replies are waiting; `hold` releases it. */
  open(drain: () => void): void
  /**
   * Accepts a block of requests for `client`: the first `length` bytes of `block`. `pending` is the number of calls
   * that JavaScript is waiting for: the event loop stays alive while it is greater than 0.
   */
  submit(client: number, block: Uint8Array, length: number, pending: number): void
  /**
   * Sets the number of calls that JavaScript is waiting for. If there are none and the session is idle, closes the
   * session and releases `drain`. Returns whether the session is open.
   */
  hold(pending: number): boolean
  /**
   * Copies whole reply frames into `target`, at most `frames`. Returns the number of bytes; if more frames are
   * waiting, returns minus the number of bytes minus 1.
   */
  drain(target: Uint8Array, frames: number): number
  /** Takes the attachment `number` of a reply; null if there is none. */
  take(number: number, blocking: boolean): ArrayBuffer | null
  /**
   * Detaches the memory of a previous result so that the next request can reuse it. Returns the number by which that
   * request refers to it, or 0 if this session cannot reuse the memory.
   */
  takeOver(memory: ArrayBuffer): number
  /**
   * Aborts the call in `slot`. Returns whether it is a write that may have been applied, or null if it was already
   * answered and its reply is waiting to be drained.
   */
  abort(slot: number): boolean | null
  /** Accepts one request whose reply this thread will wait for. */
  submitBlocking(client: number, block: Uint8Array, length: number): void
  /** Waits up to 100 ms for that reply. Returns false if it has not arrived: call again. */
  waitBlocking(): boolean
  /** Like `drain`, for blocking requests. */
  drainBlocking(target: Uint8Array, frames: number): number
  /** Whether the client has at least one node that it can use. */
  isConnected(client: number): boolean
  /** The names of the nodes that the client knows; empty if the client is closed. */
  nodeNames(client: number): Array<string>
  /** Closes a stream that is no longer read. */
  closeStream(client: number, stream: number): void
  /** Forgets a transaction that has ended, or aborts one whose JavaScript object was garbage-collected. */
  releaseTransaction(client: number, transaction: number): void
  /** The number of transactions of a client that are not released. */
  openTransactions(client: number): number
  /** The number of open streams of a client. */
  openStreams(client: number): number
  /** The number of tasks in the runtime of this process. For tests that look for leaked streams, calls and clients. */
  runningTasks(): number
  /** Closes a client whose JavaScript object was garbage-collected. */
  abandon(client: number): void
  /** Returns the statistics of a client, or null if it is closed. */
  clientStats(client: number): NativeClientStats | null
  /** Starts to create spans, as `config` specifies. Returns false if this environment has already started. */
  initTracing(config: Uint8Array): boolean
}

/** Returns the digest of a key: RIPEMD-160 of the set, the key's type and its bytes. `lib/values/key.ts` encodes `key`. */
export declare function digest(key: Uint8Array): ArrayBuffer

/** Starts or stops collecting metrics. */
export declare function enableMetrics(on: boolean, details: boolean, stages: boolean): void

/** Returns all metrics, for exporters. */
export declare function metricFamilies(): Array<NativeFamily>

/** Returns all metrics in the Prometheus text format. */
export declare function metricsText(): string

/** Statistics of a client; see `metrics::ClientStats`. */
export interface NativeClientStats {
  running: number
  queued: number
  limit: number
  streams: number
  invalidPeers: number
  details: boolean
  nodes: Array<NativeNodeStats>
}

/** A metric with its data points. */
export interface NativeFamily {
  /** Dotted name. */
  name: string
  /** The name in the Prometheus text format. */
  prometheusName: string
  /** Unit, as a UCUM code. */
  unit: string
  /** `counter`, `updown`, `gauge` or `histogram`. */
  kind: string
  /** Description. */
  help: string
  /** For a histogram: the upper bounds of the buckets, except the last, which is unbounded. */
  bounds: Array<number>
  /** One point for each combination of labels. */
  points: Array<NativePoint>
}

/** Statistics of one node of a client's cluster; see `metrics::NodeStats`. */
export interface NativeNodeStats {
  name: string
  address: string
  used: number
  idle: number
  opening: number
  recovering: number
  limit: number
  opened: number
  closed: Array<number>
  failed: Array<number>
  poolEmpty: number
  tends: number
  failedTends: number
  partitionUpdates: number
  breakerErrors: number
  breakerLimit: number
  refused: number
  retries: number
  errors: number
  sent: number
  received: number
}

/** One data point of a metric: a number or a histogram. */
export interface NativePoint {
  /** Label names and values, alternating. Names are dotted. */
  labels: Array<string>
  /** The number, or the sum of a histogram. */
  value: number
  /** For a histogram: the count of each bucket, not cumulative. */
  counts?: Array<number>
}

/** Records stage times that JavaScript measured, as pairs of a stage number and nanoseconds. */
export declare function recordStages(measured: Float64Array): void

/** Returns the numbers of spans since the process started. */
export declare function spanCounts(): SpanCounts

/** Numbers of spans since the process started. */
export interface SpanCounts {
  /** Sampled spans that were created. */
  made: number
  /** Spans that the collector accepted. */
  exported: number
  /** Spans that were sent but not accepted. */
  failed: number
  /** Spans that were not sent, because the queue was full or the tracer had ended. */
  dropped: number
}

/** The version of this binary. It must equal the version of the package that loads it. */
export declare function version(): string
