// Generated from lib/testing/local-server.ts by `make types`: the API of aerospike-napi/testing. Do not edit.
/** How a server is started. */
export interface LocalServerOptions {
  /** Port; 0 takes a free one. Default 0. */
  port?: number
  /** Namespaces. Default `['test']`. */
  namespaces?: readonly string[]
  /** The cluster's name. Default none. */
  clusterName?: string
  /** Lifetime in seconds of records that say nothing of it; 0 for ever. Default 0. */
  defaultTtl?: number
  /** Bytes that a record may have. Default 1 MiB. */
  maxRecordSize?: number
}
/** A running aerospike-local. It ends with this process, even when nobody stops it. */
export declare class LocalServer implements AsyncDisposable {
  #private
  /** Address that it listens on. */
  readonly host: string
  /** Port that it listens on. */
  readonly port: number
  private constructor()
  /**
   * Starts a server and waits until it answers.
   * @throws InvalidArgError, ClientError when it cannot be started
   */
  static start(options?: LocalServerOptions): Promise<LocalServer>
  /** `host:port`, as `hosts` of a client's configuration takes it. */
  get address(): string
  /** The server's process number. */
  get pid(): number
  /** Stops the server and waits until it is gone. Calling it again does nothing. */
  stop(): Promise<void>
  /** Kills the server on the spot, as a crash would. */
  kill(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
