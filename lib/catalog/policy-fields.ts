/**
 * The fields of policies: their types and documentation, numbers and checks. Adding a field here adds it to all policies
 * that have its group; `crate/src/policy/` applies its value.
 */

/** The values that an option accepts. */
export type OptionRule =
  | { readonly flag: true }
  /** An integer; `fraction` accepts other numbers too. Default of `max`: 2^32 - 1. */
  | { readonly min: number; readonly max?: number; readonly fraction?: true }
  /** Strings, and the number of each. Strings with the same number mean the same. */
  | { readonly words: { readonly [word: string]: number } }

/** The rule for an option of a type. */
export type RuleFor<T> = [T] extends [boolean | undefined]
  ? { readonly flag: true }
  : [T] extends [string | undefined]
    ? { readonly words: { readonly [W in NonNullable<T>]: number } }
    : { readonly min: number; readonly max?: number; readonly fraction?: true }

/** A field of a policy: its number, and its rule. Only JavaScript uses a field without a number. */
export type PolicyFieldEntry = OptionRule & { readonly id?: number }

type Entries<F> = { readonly [K in keyof F]-?: RuleFor<F[K]> & { readonly id?: number } }

/** Fields of the policies of all calls for records. */
export interface BasePolicyFields {
  /**
   * Hard deadline of the whole call in milliseconds, including queue time and retries. 0: no limit. Default 1000, for
   * queries 0.
   */
  totalTimeout?: number | undefined
  /**
   * Milliseconds that a socket may be idle during an attempt, at most `totalTimeout`. 0: no limit other than
   * `totalTimeout`. An attempt of a read that can go to another replica gets only a share of `totalTimeout`; see
   * `docs/cluster.md`. Default 30000.
   */
  socketTimeout?: number | undefined
  /**
   * Retries after network errors and transient server errors (timeout, key busy, device overload, partition
   * unavailable). Default 2 for reads and batches of reads, 5 for queries, 0 for writes and batches with a row that
   * writes.
   */
  maxRetries?: number | undefined
  /** Milliseconds between retries. Default 0. */
  sleepBetweenRetries?: number | undefined
  /** Factor by which the sleep grows with each retry, 1 or more. Default 1. */
  sleepMultiplier?: number | undefined
  /** Milliseconds to wait for the rest of a late response, so that its connection can be reused. Default 0. */
  timeoutDelay?: number | undefined
  /**
   * Which node a read goes to. Writes are always executed by the master.
   *
   * - `sequence`: the master first; on a retry the other replicas in turn. The default.
   * - `master`: only the master.
   * - `master-proles`: the master and the replicas, round-robin.
   * - `prefer-rack`: a replica on one of the client's `rackIds` first, otherwise as `sequence`.
   * - `random`: all nodes of the cluster, round-robin.
   */
  replica?: 'master' | 'sequence' | 'prefer-rack' | 'master-proles' | 'random' | undefined
  /**
   * Consistency of reads in AP (availability) namespaces; makes a difference only during migrations. Default `one`.
   *
   * - `one`: the server consults a single node.
   * - `all`: the server consults all nodes that have a copy of the record.
   */
  readModeAp?: 'one' | 'all' | undefined
  /**
   * Consistency of reads in SC (strong consistency) namespaces. Default `session`. With another mode, a read of a single
   * record in such a namespace is sent as a batch, and an `operate` that only reads is refused. See
   * `docs/configuration.md`.
   *
   * - `session`: this client sees only an increasing sequence of record versions. Reads from the master.
   * - `linearize`: all clients see only an increasing sequence of record versions. Reads from the master.
   * - `allow-replica`: may read from the master or any replica that is not migrating; a later read can return an older
   *   version.
   * - `allow-unavailable`: like `allow-replica`, and may also read from unavailable partitions.
   */
  readModeSc?: 'session' | 'linearize' | 'allow-replica' | 'allow-unavailable' | undefined
  /** Compress large requests and ask for compressed responses (Enterprise). Default false. */
  compress?: boolean | undefined
  /** Minimum size in bytes of a request to compress. Default 128. */
  compressionThreshold?: number | undefined
  /**
   * A read resets the record's TTL when less than this percentage of it remains: 1 to 100; 0 as the server is
   * configured; -1 never. Default 0.
   */
  readTouchTtlPercent?: number | undefined
  /**
   * Level of detail in server error messages (server 8.2 and later). Default 0.
   *
   * - 0: no details.
   * - 1: the sub-code.
   * - 2: the sub-code and a message.
   * - 3: also a trace of an expression that the server cannot build.
   */
  errorDetailVerbosity?: number | undefined
}

/** Fields of the policies of writes. */
export interface WritePolicyFields {
  /**
   * Whether the record must, or must not, already exist. Default `ignore`.
   *
   * - `ignore`, `update`: creates the record, or merges the bins into it.
   * - `update-only`: merges the bins into the record; fails with RecordNotFoundError if it does not exist.
   * - `replace`: creates the record, or replaces all of its bins.
   * - `replace-only`: replaces all bins of the record; fails with RecordNotFoundError if it does not exist.
   * - `create-only`: creates the record; fails with RecordExistsError if it exists.
   */
  exists?: 'ignore' | 'update' | 'update-only' | 'replace' | 'replace-only' | 'create-only' | undefined
  /**
   * How `meta.gen` is compared with the record's generation. Default `eq` if `meta.gen` is given, otherwise `ignore`.
   * If the comparison fails, the call fails with RecordGenerationError.
   *
   * - `ignore`: not compared.
   * - `eq`: writes only if the generations are equal.
   * - `gt`: writes only if `meta.gen` is greater than the record's generation.
   */
  gen?: 'ignore' | 'eq' | 'gt' | undefined
  /**
   * Time to live in seconds. 0: the namespace's default; -1: never expires; -2: unchanged; -3: the client's default.
   * `meta.ttl` takes precedence. Default 0.
   */
  ttl?: number | undefined
  /**
   * Whether the server stores the user key with the record. Default `digest`.
   *
   * - `digest`: it stores only the digest of the key.
   * - `send`: it also stores the user key, and returns it with queries.
   */
  key?: 'digest' | 'send' | undefined
  /**
   * Leave a tombstone when a record is deleted, so that it does not come back after a restart (Enterprise). Default
   * false; true in a transaction.
   */
  durableDelete?: boolean | undefined
  /**
   * When the server acknowledges a write. Default `all`.
   *
   * - `all`: when the master and all replicas have it.
   * - `master`: when the master has it; replicas follow.
   */
  commitLevel?: 'all' | 'master' | undefined
  /** Fail instead of waiting if another transaction holds the record (Enterprise). Default false. */
  onLockingOnly?: boolean | undefined
  /**
   * Treats bins, and values of maps and objects, that are `undefined` as if they were absent. Otherwise `undefined` is
   * refused. In a list it is always refused, because leaving an item out would move the others. Default false.
   */
  ignoreUndefined?: boolean | undefined
}

/** Fields of the policies of batches. */
export interface BatchPolicyFields {
  /**
   * How the requests of a batch are sent. Default `parallel`.
   *
   * - `parallel`: to all nodes at once.
   * - `sequential`: to one node after the other.
   */
  concurrency?: 'parallel' | 'sequential' | undefined
  /**
   * Let the server's network threads process rows of namespaces in memory, which is faster for small rows. Default
   * true.
   */
  allowInline?: boolean | undefined
  /** Let the server's network threads also process rows of namespaces on disk. Default false. */
  allowInlineSSD?: boolean | undefined
  /** Continue after a row has failed. Default true. */
  respondAllKeys?: boolean | undefined
  /**
   * Maximum number of rows in one request to a node. A larger batch is split into several requests, sent at once, and
   * several threads read the responses. 0: never split. A `sequential` batch, or one without `respondAllKeys`, is not
   * split. Default 250.
   */
  subBatchSize?: number | undefined
}

/** Fields of the policies of queries. */
export interface QueryPolicyFields {
  /** Maximum number of records that each node sends per second; 0 means no limit. Default 0. */
  recordsPerSecond?: number | undefined
  /** Maximum number of nodes queried at the same time; 0 means all nodes. Default 0. */
  maxConcurrentNodes?: number | undefined
  /**
   * Expected size of the query, a hint to the server; ignored by aggregations and background jobs. Default `long`.
   *
   * - `long`: more than 100 records per node. The server can use several threads.
   * - `short`: fewer than 100 records per node. The server uses one thread, relaxes read consistency in AP namespaces,
   *   and by default times out after 1 second.
   * - `long-relax-ap`: like `long`, with relaxed read consistency in AP namespaces (server 7.1 and later).
   */
  expectedDuration?: 'long' | 'short' | 'long-relax-ap' | undefined
}

/** The fields of policies, by group. Numbers from `FIRST_BYTES_FIELD` on are left to fields that contain bytes. */
export const POLICY_FIELDS = {
  base: {
    totalTimeout: { id: 1, min: 0 },
    socketTimeout: { id: 2, min: 0 },
    maxRetries: { id: 3, min: 0 },
    sleepBetweenRetries: { id: 4, min: 0 },
    sleepMultiplier: { id: 5, min: 1, fraction: true },
    timeoutDelay: { id: 6, min: 0 },
    replica: { id: 7, words: { master: 0, sequence: 1, 'prefer-rack': 2, 'master-proles': 3, random: 4 } },
    readModeAp: { id: 8, words: { one: 0, all: 1 } },
    readModeSc: { id: 9, words: { session: 0, linearize: 1, 'allow-replica': 2, 'allow-unavailable': 3 } },
    compress: { id: 10, flag: true },
    compressionThreshold: { id: 11, min: 0 },
    readTouchTtlPercent: { id: 12, min: -1, max: 100 },
    errorDetailVerbosity: { id: 13, min: 0, max: 3 },
  },
  write: {
    exists: {
      id: 20,
      words: { ignore: 0, update: 0, 'update-only': 1, replace: 2, 'replace-only': 3, 'create-only': 4 },
    },
    gen: { id: 21, words: { ignore: 0, eq: 1, gt: 2 } },
    ttl: { id: 23, min: -3, max: 0xffff_fffd },
    key: { id: 24, words: { digest: 0, send: 1 } },
    durableDelete: { id: 25, flag: true },
    commitLevel: { id: 26, words: { all: 0, master: 1 } },
    onLockingOnly: { id: 27, flag: true },
    ignoreUndefined: { flag: true },
  },
  batch: {
    concurrency: { id: 30, words: { parallel: 0, sequential: 1 } },
    allowInline: { id: 31, flag: true },
    allowInlineSSD: { id: 32, flag: true },
    respondAllKeys: { id: 33, flag: true },
    subBatchSize: { id: 34, min: 0 },
  },
  query: {
    recordsPerSecond: { id: 60, min: 0 },
    maxConcurrentNodes: { id: 61, min: 0 },
    expectedDuration: { id: 62, words: { long: 0, short: 1, 'long-relax-ap': 2 } },
  },
} as const satisfies {
  base: Entries<BasePolicyFields>
  write: Entries<WritePolicyFields>
  batch: Entries<BatchPolicyFields>
  query: Entries<QueryPolicyFields>
}

/** The expected generation of a write, from its meta. */
export const GENERATION_FIELD = 22
/** Fields from this number on contain bytes (a length and the bytes); lower ones contain a double. */
export const FIRST_BYTES_FIELD = 64
/** The packed filter expression. */
export const FILTER_FIELD = 64
