// Generated from lib/testing/local-server.ts by `make types`: the API of aerospike-napi/testing. Do not edit.
/**
 * A node of a {@link LocalServer}. Every method resolves once its effect is in force. It rejects with ClientError if
 * the server has ended, or if the node would have to run but does not.
 *
 * Faults (late, missing and truncated responses, rejected requests) let you test how your program handles them. They
 * apply to requests about records, batches and queries, not to the requests by which clients discover the cluster. A
 * request whose response is late, missing or truncated is still executed. A node has at most one fault at a time, and
 * none after a start.
 */
export declare class LocalNode {
  #private
  /** Name of the node in the cluster, as `getNodeNames` returns it. Errors and batch rows have its `address`. */
  readonly name: string
  /** Address that the node listens on. */
  readonly host: string
  /** Port that the node listens on. It keeps the port while it is stopped. */
  readonly port: number
  /** Address of the node, as `host:port`. */
  get address(): string
  /** Whether the node runs: from the start of the server, and after each `start`, until it is stopped. */
  get running(): boolean
  /**
   * Ends the node as if its process was killed: closes its connections at once, whatever they wait for, and refuses new
   * ones.
   *
   * The other nodes take over its partitions, and clients learn of it. No data is lost as long as another node has a copy
   * (`replicationFactor`); records without another copy are lost, such as all records of a single node. Calling it
   * again has no effect.
   *
   * @param options - `noticedAfter`: milliseconds until the other nodes notice, as in a real cluster. Until then they
   *   still name the node to clients, and do not answer writes that it has a copy of. Default 0
   * @throws InvalidArgError if `noticedAfter` is invalid
   * @example
   * ```ts
   * await using server = await LocalServer.start({ nodes: 3 })
   * await server.nodes[0]?.stop({ noticedAfter: 500 })
   * ```
   */
  stop({ noticedAfter }?: { noticedAfter?: number }): Promise<void>
  /** Starts the node again, at the same address and with the same name. It gets its partitions back. */
  start(): Promise<void>
  /**
   * Makes the node hang: it accepts connections and requests, but neither executes nor answers them. The other nodes do
   * not answer writes of single records that it has a copy of.
   */
  pause(): Promise<void>
  /** Resumes a paused node. It executes the requests that have arrived in the meantime. */
  resume(): Promise<void>
  /**
   * Delays responses.
   *
   * @param ms - delay in milliseconds
   * @param times - number of responses. Default: all from now on
   * @throws InvalidArgError if an argument is invalid
   */
  delayAnswers(ms: number, times?: number): Promise<void>
  /**
   * Executes requests without sending responses; connections stay open.
   *
   * @param times - number of responses. Default: all from now on
   * @throws InvalidArgError if `times` is invalid
   */
  dropAnswers(times?: number): Promise<void>
  /**
   * Closes connections in the middle of a response.
   *
   * @param bytes - number of bytes of the response to send first
   * @param times - number of responses. Default: all from now on
   * @throws InvalidArgError if an argument is invalid
   */
  cutAnswers(bytes: number, times?: number): Promise<void>
  /**
   * Rejects requests: executes nothing, and responds with a result code. `refuseRequests(11)` behaves like a node that
   * has just started and has no partitions yet.
   *
   * @param resultCode - the result code, 0 to 255
   * @param times - number of requests. Default: all from now on
   * @throws InvalidArgError if an argument is invalid
   */
  refuseRequests(resultCode: number, times?: number): Promise<void>
  /** Removes the node's fault. Responses that are already delayed remain delayed. */
  clearFaults(): Promise<void>
}

/** Options of `LocalServer.start`. */
export interface LocalServerOptions {
  /** Port; 0 for any free port. Default 0. */
  port?: number
  /**
   * Number of nodes in the cluster, 1 to 64, all in one process. With a `port`, the nodes use consecutive ports.
   * Default 1.
   */
  nodes?: number
  /** Number of copies of each record. Default 2; 1 with a single node. */
  replicationFactor?: number
  /** Rack id of each node. Default 0. */
  racks?: readonly number[]
  /** Names of the namespaces. Default `['test']`. */
  namespaces?: readonly string[]
  /** Name of the cluster. Default: none. */
  clusterName?: string
  /** Time to live in seconds of records that are written without one; 0: never expires. Default 0. */
  defaultTtl?: number
  /** Maximum size of a record in bytes. Default 1 MiB. */
  maxRecordSize?: number
}
/** A running aerospike-local. It ends with this process, even if nobody stops it. */
export declare class LocalServer implements AsyncDisposable {
  #private
  /** Nodes of the server; their number is that of the option `nodes`. */
  readonly nodes: readonly LocalNode[]
  /** Address that the server listens on. */
  readonly host: string
  /** Port that the server, or its first node, listens on. */
  readonly port: number
  private constructor()
  /**
   * Starts a server, and waits until it answers.
   *
   * @param options - port, nodes, namespaces. Default: one node with the namespace `test`, on a free port
   * @returns the running server
   * @throws InvalidArgError if an option is invalid; ClientError if the server cannot be started
   * @example
   * ```ts
   * await using server = await LocalServer.start()
   * await using client = await connect({ hosts: server.address })
   * await client.put(['test', 'users', 'ada'], { name: 'Ada' })
   * ```
   */
  static start(options?: LocalServerOptions): Promise<LocalServer>
  /** Address as `host:port`, for `hosts` of a client's configuration; several nodes are separated by commas. */
  get address(): string
  /** Process id of the server. */
  get pid(): number
  /**
   * Stops the server, and waits until it has ended. Calling it again has no effect.
   *
   * @returns when the process has ended; it is killed after 5 seconds
   */
  stop(): Promise<void>
  /**
   * Kills the server at once, like a crash.
   *
   * @returns when the process has ended
   */
  kill(): Promise<void>
  /** Stops the server, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
