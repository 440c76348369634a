// Generated from lib/testing/local-server.ts by `make types`: the API of aerospike-napi/testing. Do not edit.
/**
 * A node of a {@link LocalServer}. Every method resolves once what it asks for is in force, and rejects with a
 * ClientError when the server has ended, or when the node does not run and would have to.
 *
 * Faults (late, missing and cut answers, refused requests) are there for tests of what your program does then. They
 * concern requests about records, batches and queries, not the questions by which clients find their way. A request whose
 * answer is late, missing or cut is carried out all the same. A node has one fault at a time, and none after a start.
 */
export declare class LocalNode {
  #private
  /** Its name in the cluster, as `getNodeNames` of a client and `node` of a batch's row tell it. */
  readonly name: string
  /** Address that it listens on. */
  readonly host: string
  /** Port that it listens on; it keeps it while it is stopped. */
  readonly port: number
  /** `host:port`. */
  get address(): string
  /** Whether it runs: from the start on, and after each `start`, until it is stopped. */
  get running(): boolean
  /**
   * Ends the node as if its process were killed: its connections are closed at once, whatever they are waiting for, and
   * new ones are refused. The other nodes take its partitions over and tell clients so. Nothing is lost as long as
   * another node has a copy (`replicationFactor`); what none has is gone, as all is of a single node. Calling it again
   * does nothing.
   * @param options - `noticedAfter`: ms until the other nodes notice, as a real cluster takes its time. Until then they name
   * the node to clients, and leave writes that it has a copy of without an answer. Default 0
   * @throws InvalidArgError
   */
  stop({ noticedAfter }?: { noticedAfter?: number }): Promise<void>
  /** Starts the node again, at the same address and with the same name. It gets its partitions back. */
  start(): Promise<void>
  /**
   * Lets the node hang: it accepts connections and requests, and neither carries them out nor answers. The other nodes leave
   * writes of single records that it has a copy of without an answer.
   */
  pause(): Promise<void>
  /** Lets a node that hangs go on, with what came meanwhile. */
  resume(): Promise<void>
  /**
   * Lets answers come late.
   * @param ms - by how many milliseconds
   * @param times - how many answers; without it all from now on
   * @throws InvalidArgError
   */
  delayAnswers(ms: number, times?: number): Promise<void>
  /**
   * Lets answers never come; the connections stay open.
   * @param times - how many answers; without it all from now on
   * @throws InvalidArgError
   */
  dropAnswers(times?: number): Promise<void>
  /**
   * Closes connections in the middle of an answer.
   * @param bytes - how many bytes of the answer come before
   * @param times - how many answers; without it all from now on
   * @throws InvalidArgError
   */
  cutAnswers(bytes: number, times?: number): Promise<void>
  /**
   * Refuses requests: nothing is carried out, and the answer is a result code. `refuseRequests(11)` behaves as a node that
   * has just started and has no partitions yet.
   * @param resultCode - what it answers with, 0 to 255
   * @param times - how many requests; without it all from now on
   * @throws InvalidArgError
   */
  refuseRequests(resultCode: number, times?: number): Promise<void>
  /** Lets answers be right again. What is late already stays late. */
  clearFaults(): Promise<void>
}

/** How a server is started. */
export interface LocalServerOptions {
  /** Port; 0 takes a free one. Default 0. */
  port?: number
  /** Nodes of a cluster, 1 to 64, all in one process. With `port` each has the next one. Default 1. */
  nodes?: number
  /** How many nodes have each record. Default 2, with one node 1. */
  replicationFactor?: number
  /** The rack of each node. Default 0. */
  racks?: readonly number[]
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
  /** Its nodes: as many as were asked for. */
  readonly nodes: readonly LocalNode[]
  /** Address that it listens on. */
  readonly host: string
  /** Port that it, or its first node, listens on. */
  readonly port: number
  private constructor()
  /**
   * Starts a server and waits until it answers.
   * @throws InvalidArgError, ClientError when it cannot be started
   */
  static start(options?: LocalServerOptions): Promise<LocalServer>
  /** `host:port`, as `hosts` of a client's configuration takes it; of several nodes all, separated by commas. */
  get address(): string
  /** The server's process number. */
  get pid(): number
  /** Stops the server and waits until it is gone. Calling it again does nothing. */
  stop(): Promise<void>
  /** Kills the server on the spot, as a crash would. */
  kill(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
