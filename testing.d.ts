// Generated from lib/testing.ts by `make types`: the API of aerospike-napi/testing. Do not edit.
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
  /** Name of the node in the cluster, as `getNodeNames` returns it, and as errors and batch rows have it in `node`. */
  readonly name: string
  /** Address that the node listens on. */
  readonly host: string
  /** Port that the node listens on. It keeps the port while it is stopped. */
  readonly port: number
  /** Port that the node listens on for TLS, if the server has TLS. */
  readonly tlsPort: number | undefined
  /** Address of the node, as `host:port`; an IPv6 address is in brackets. */
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
  stop({ noticedAfter }?: { noticedAfter?: number | undefined }): Promise<void>
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
  /** IP address that the server listens at, such as `::1` or `0.0.0.0`. Default `127.0.0.1`. */
  host?: string | undefined
  /** Port; 0 for any free port. Default 0. */
  port?: number | undefined
  /**
   * Number of nodes in the cluster, 1 to 64, all in one process. With a `port`, the nodes use consecutive ports.
   * Default 1.
   */
  nodes?: number | undefined
  /** Number of copies of each record. Default 2; 1 with a single node. */
  replicationFactor?: number | undefined
  /** Rack id of each node. Default 0. */
  racks?: readonly number[] | undefined
  /** Names of the namespaces. Default `['test']`. */
  namespaces?: readonly string[] | undefined
  /**
   * Host of the addresses that the nodes report to clients, instead of the one that the client has connected to. Use it to
   * test `ipMap`. Default: none.
   */
  accessAddress?: string | undefined
  /** Host of the nodes' alternate addresses, for clients with `useServicesAlternate`. Default: none. */
  alternateAccessAddress?: string | undefined
  /** Accept compressed requests, and compress responses to clients with `compress`, as in the Enterprise Edition. Default false. */
  compression?: boolean | undefined
  /**
   * Datacenters of cross-datacenter replication, whose filters `setXdrFilter` sets. No records are shipped. Default: none,
   * as in the Community Edition.
   */
  xdrDatacenters?: readonly string[] | undefined
  /** Name of the cluster. Default: none. */
  clusterName?: string | undefined
  /**
   * Strong consistency, as in the Enterprise Edition: transactions and durable deletes. Deletes that are not durable and
   * times to live are refused, and the partitions of a stopped node may become unavailable. `true` for all namespaces.
   * Default false.
   */
  strongConsistency?: boolean | LocalStrongConsistency | undefined
  /** Time to live in seconds of records that are written without one; 0: never expires. Default 0. */
  defaultTtl?: number | undefined
  /** Maximum size of a record in bytes. Default 1 MiB. */
  maxRecordSize?: number | undefined
  /**
   * Access control: clients have to log in, and commands need privileges, as in the Enterprise Edition. `true` starts
   * with one user, `admin` with the password `admin`, who may do everything. Default false.
   */
  security?: boolean | LocalSecurity | undefined
  /**
   * TLS connections on a further port of each node, with certificates of an authority that is made at the start.
   * Default false.
   */
  tls?: boolean | LocalTls | undefined
}
/** Strong consistency of a {@link LocalServer}. */
export interface LocalStrongConsistency {
  /** Names of the namespaces with strong consistency. Default: all. */
  namespaces?: readonly string[] | undefined
  /**
   * Seconds after which the server ends a transaction for which the client sets no timeout, 1 to 120. Default 10.
   */
  transactionTimeout?: number | undefined
}
/** TLS of a {@link LocalServer}. */
export interface LocalTls {
  /** Port of the first node for TLS; 0 for any free port. The other nodes use the ports that follow. Default 0. */
  port?: number | undefined
  /** Name in the server's certificate, besides its address. Default `localhost`. */
  name?: string | undefined
  /** Whether clients need a certificate of the authority. Default false. */
  authenticateClient?: boolean | undefined
  /** Common name of the client certificate: the user of a client that authenticates with it. Default `client`. */
  clientName?: string | undefined
  /** Certificate of the server. Default `valid`. */
  certificate?: ServerCertificateKind | undefined
}
/**
 * Certificate of a server.
 *
 * - `valid`: valid for the server's name and address.
 * - `expired`, `not-yet-valid`: outside its period of validity.
 * - `wrong-name`: for another server.
 * - `unknown-authority`: of another authority than {@link LocalServer.ca}.
 */
export type ServerCertificateKind = ClientCertificateKind | 'wrong-name'
/**
 * Certificate of a client.
 *
 * - `valid`: accepted by the server.
 * - `expired`, `not-yet-valid`: outside its period of validity.
 * - `unknown-authority`: of an authority that the server does not trust.
 */
export type ClientCertificateKind = 'valid' | 'expired' | 'not-yet-valid' | 'unknown-authority'
/** Access control of a {@link LocalServer}. */
export interface LocalSecurity {
  /** Users that exist from the start, besides `admin`. An entry named `admin` replaces that user. Default: none. */
  users?: readonly LocalUser[] | undefined
  /**
   * Lifetime of sessions in seconds: how long a login authenticates new connections of a client without another login.
   * Default 86400. See also {@link LocalServer.expireSessions}.
   */
  sessionTtl?: number | undefined
  /** Whether roles may have quotas. Default true. */
  quotas?: boolean | undefined
}
/** A user of a {@link LocalServer} that exists from the start. */
export interface LocalUser {
  /** Name of the user. */
  name: string
  /** Password; required unless the user authenticates with a client certificate. */
  password?: string | undefined
  /** Names of predefined roles, such as `'read-write'`. */
  roles: readonly string[]
  /**
   * How the user authenticates. Default `internal`.
   *
   * - `internal`: with the password, of which the client sends a hash.
   * - `external`: with the password in clear text, which a real server passes to LDAP.
   * - `pki`: with a client certificate whose common name is the user's name.
   */
  authMode?: 'internal' | 'external' | 'pki' | undefined
}

/** A certificate and its private key, both in PEM form. */
export interface Certificate {
  /** The certificate. */
  readonly cert: string
  /** The private key. */
  readonly key: string
}
/** What a client needs to connect to a {@link LocalServer}; `connect` accepts it. */
export interface LocalConnection {
  /** Address of the server, as `host:port`; with several nodes, separated by commas. */
  hosts: string
  /** User name, if the server has users. */
  user?: string | undefined
  /** Password of the user. */
  password?: string | undefined
  /** Certificate authority, and the client certificate if the server requires one, if the server has TLS. */
  tls?:
    | {
        ca: string
        cert?: string | undefined
        key?: string | undefined
      }
    | undefined
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
  /**
   * Configuration that connects to the server: its address and, with access control, the user `admin`. Copy it to add
   * options of your own.
   *
   * @example
   * ```ts
   * await using server = await LocalServer.start({ security: true })
   * const admin = await connect(server.config)
   * const ada = await connect({ ...server.config, user: 'ada', password: 'secret' })
   * ```
   */
  get config(): LocalConnection
  /** Addresses for TLS as `host:name:port`, separated by commas, if the server has TLS. */
  get tlsAddress(): string | undefined
  /** Certificate of the authority, in PEM form, if the server has TLS. */
  get ca(): string | undefined
  /** Certificate of a client, in PEM form, if the server has TLS. Its private key is `key`. */
  get cert(): string | undefined
  /** Private key of `cert`, in PEM form. */
  get key(): string | undefined
  /**
   * Issues a certificate for another client.
   *
   * @param commonName - common name: the user of a client that authenticates with the certificate
   * @param kind - whether the certificate is valid. Default `valid`
   * @returns the certificate and its private key
   * @throws ClientError if the server has no TLS; InvalidArgError if an argument is invalid
   */
  issueClientCertificate(commonName: string, kind?: ClientCertificateKind): Promise<Certificate>
  /**
   * Replaces the certificate that the server presents on new connections.
   *
   * @param kind - whether the certificate is valid. `valid` makes a new one, as a certificate rotation does
   * @returns when new connections get the certificate
   * @throws ClientError if the server has no TLS; InvalidArgError if the argument is invalid
   */
  presentCertificate(kind: ServerCertificateKind): Promise<void>
  /** Name of a user who may do everything, if the server has access control. */
  get user(): string | undefined
  /** Password of that user. */
  get password(): string | undefined
  /** Process id of the server. */
  get pid(): number
  /**
   * Ends all sessions at once, as if their time had passed: clients have to log in again to open connections.
   * Connections that are already open stay authenticated.
   *
   * @returns when the sessions have ended
   * @throws ClientError if the server has no access control
   */
  expireSessions(): Promise<void>
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
