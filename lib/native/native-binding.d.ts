// Generated from the #[napi] items of crate/src by `make dev-build`. Do not edit.

/**
 * Log lines on their way to JavaScript. Made when an environment sets a logger, closed when it has none any more; never keeps
 * its loop alive.
 */
export declare class NativeLogs {
  /** `wake` is called on the JavaScript thread when lines wait. */
  constructor(wake: () => void)
  /** Hears nothing any more, and keeps nothing of the environment. */
  close(): void
  /** What is heard, by target: 0 nothing, 1 errors, 2 warnings, 3 infos, 4 debug lines, 5 traces. */
  setLevels(napi: number, cluster: number, batch: number, command: number): void
  /**
   * Takes up to `most` lines: how many wait behind them (u32), then for each level u8, target u8, ms since 1970 f64, module
   * and text.
   */
  take(most: number): ArrayBuffer
}

/**
 * One JavaScript environment's share of the addon. Made at each evaluation of the package, and open only while it has clients,
 * calls or anything else that replies can come from: else nothing here keeps what JavaScript has of it.
 */
export declare class NativeSession {
  /** A session that is not open. */
  constructor()
  /** Opens it: `drain` is called on the JavaScript thread when replies wait, and kept until `hold` lets it go. */
  open(drain: () => void): void
  /**
   * Takes over a block of requests for `client`: the first `length` bytes. `pending` is how many calls JavaScript waits for: the event loop stays
   * alive while it is not 0.
   */
  submit(client: number, block: Uint8Array, length: number, pending: number): void
  /**
   * Tells how many calls JavaScript waits for. Without any, and without clients, the session is closed: then `drain` is let go.
   * Whether it is open.
   */
  hold(pending: number): boolean
  /**
   * Copies whole reply frames into `target`, at most `frames`. The result is the number of bytes, negative when more
   * frames wait (minus bytes minus 1).
   */
  drain(target: Uint8Array, frames: number): number
  /** Hands over what a reply left under `number`. */
  take(number: number, blocking: boolean): ArrayBuffer | null
  /**
   * Detaches the memory of a former result, for that of the next request: gives the number under which that is to name it, 0
   * where the memory is not ours to use again.
   */
  takeOver(memory: ArrayBuffer): number
  /** Ends the call in `slot`. Whether it is a write that may have been applied; null when its reply waits to be drained. */
  abort(slot: number): boolean | null
  /** Takes over one request whose reply this thread will wait for. */
  submitBlocking(client: number, block: Uint8Array, length: number): void
  /** Waits a moment for that reply. False: not yet, call again. */
  waitBlocking(): boolean
  /** As `drain`, for blocking requests. */
  drainBlocking(target: Uint8Array, frames: number): number
  /** Whether the client has a node that it can use. */
  isConnected(client: number): boolean
  /** The names of the nodes that the client knows. */
  nodeNames(client: number): Array<string>
  /** Closes a stream that nobody pulls any more. */
  closeStream(client: number, stream: number): void
  /** How many streams of a client are open. */
  openStreams(client: number): number
  /** How many tasks the process's runtime has. For tests: what a stream, a call or a client leaves behind is seen here. */
  runningTasks(): number
  /** Closes a client whose JavaScript object is gone. */
  abandon(client: number): void
  /** What a client does, and what became of its connections. Nothing when it is closed. */
  clientStats(client: number): NativeClientStats | null
  /** Begins to make spans, as `config` says. False when this environment does so already. */
  initTracing(config: Uint8Array): boolean
}

/** The digest of a key: RIPEMD-160 of the set, the key's type and its bytes. `key` is a key as `lib/values/key.ts` writes it. */
export declare function digest(key: Uint8Array): ArrayBuffer

/** Begins to count, or does so no more. */
export declare function enableMetrics(on: boolean, details: boolean, stages: boolean): void

/** All metrics, for who hands them on. */
export declare function metricFamilies(): Array<NativeFamily>

/** All metrics as Prometheus' text. */
export declare function metricsText(): string

/** What a client does; see `metrics::ClientStats`. */
export interface NativeClientStats {
  running: number
  queued: number
  limit: number
  streams: number
  invalidPeers: number
  details: boolean
  nodes: Array<NativeNodeStats>
}

/** A metric. */
export interface NativeFamily {
  /** Name, with dots. */
  name: string
  /** As Prometheus knows it. */
  prometheusName: string
  /** Unit, as UCUM has it. */
  unit: string
  /** `counter`, `updown`, `gauge` or `histogram`. */
  kind: string
  /** What it says. */
  help: string
  /** Of a histogram: upper ends of the buckets but the last. */
  bounds: Array<number>
  /** One for each set of labels. */
  points: Array<NativePoint>
}

/** A node of a client's cluster; see `metrics::NodeStats`. */
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

/** One line, or one histogram. */
export interface NativePoint {
  /** Names and values by turns; names with dots. */
  labels: Array<string>
  /** The number, or a histogram's sum. */
  value: number
  /** Of a histogram: how many there are in each bucket, not cumulated. */
  counts?: Array<number>
}

/** Counts what JavaScript has measured: pairs of a stage's number and nanoseconds. */
export declare function recordStages(measured: Float64Array): void

/** What became of spans. */
export declare function spanCounts(): SpanCounts

/** What became of spans, since the process began. */
export interface SpanCounts {
  /** Made: those that are sampled. */
  made: number
  /** Taken by the collector. */
  exported: number
  /** Sent, and not taken. */
  failed: number
  /** Never sent: the queue was full, or the tracer ended. */
  dropped: number
}

/** The version of this binary, which must be that of the package that loads it. */
export declare function version(): string
