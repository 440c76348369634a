// Generated from lib/index.ts by `make types`: the API of aerospike-napi. Do not edit.
import { Readable } from 'node:stream'
import { EventEmitter } from 'node:events'

/**
 * Aliases of members of classes.
 */
/** Aliases of members of `Client`, whose type is `T`. */
interface ClientAliases<
  T extends {
    readonly increment: unknown
    readonly dropIndex: unknown
    readonly query: unknown
    readonly createPkiUser: unknown
    readonly setAllowlist: unknown
  },
> {
  /** Alias of `increment`: the name in the official client. */
  readonly incr: T['increment']
  /** Alias of `dropIndex`: the name in the official client. */
  readonly indexRemove: T['dropIndex']
  /** Alias of `query`: the name in the official client. */
  readonly scan: T['query']
  /** Alias of `createPkiUser`: the name in the official client. */
  readonly createPKIUser: T['createPkiUser']
  /** Alias of `setAllowlist`: the name in the official client. */
  readonly setWhitelist: T['setAllowlist']
}
/** Aliases of members of `Query`, whose type is `T`. */
interface QueryAliases<
  T extends {
    readonly forEach: unknown
    readonly apply: unknown
  },
> {
  /** Alias of `forEach`: the name in the official client. */
  readonly foreach: T['forEach']
  /** Alias of `apply`: the name in the official client. */
  readonly background: T['apply']
}
/** Aliases of members of `BatchRecords`, whose type is `T`. */
interface BatchRecordsAliases<
  T extends {
    readonly succeeded: unknown
  },
> {
  /** Alias of `succeeded`: the former name. @deprecated Use `succeeded`. */
  readonly found: T['succeeded']
}
/** Aliases of members of `OrderedResults`, whose type is `T`. */
interface OrderedResultsAliases<
  T extends {
    readonly results: unknown
  },
> {
  /** Alias of `results`: the name in aerospike-py. */
  readonly orderedBins: T['results']
}

/** Fields of the policies of all calls for records. */
interface BasePolicyFields {
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
interface WritePolicyFields {
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
interface BatchPolicyFields {
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
interface QueryPolicyFields {
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

/**
 * The order of a list: one of `lists.order`.
 *
 * - `unordered`: items keep the order in which they were written.
 * - `ordered`: items are kept sorted.
 */
export type ListOrder = 'unordered' | 'ordered'
/**
 * The order of a map: one of `maps.order`.
 *
 * - `unordered`: entries have no order.
 * - `key-ordered`: entries are kept in the order of their keys.
 * - `key-value-ordered`: entries are kept in the order of their keys, and ranks in the order of values.
 */
export type MapOrder = 'unordered' | 'key-ordered' | 'key-value-ordered'

/**
 * Infinity and wildcard: bounds for arguments of operations and expressions, which cannot be stored.
 */
/** Greater than any value in every order; see `infinity()`. */
export declare class InfinityBound {
  #private
  toString(): string
}
/** Matches any value; see `wildcard()`. */
export declare class WildcardBound {
  #private
  toString(): string
}
/**
 * Returns the upper bound of all values, for the end of a range. It is accepted only as an argument of operations and
 * expressions; a bin that contains it is rejected.
 *
 * @returns the bound
 * @example
 * ```ts
 * lists.getByValueRange('log', [1], [1, infinity()]) // selects all lists that begin with 1
 * ```
 */
export declare function infinity(): InfinityBound
/**
 * Returns a value that matches every value, alone or as the rest of a list. It is accepted only as an argument of
 * operations and expressions; a bin that contains it is rejected.
 *
 * @returns the wildcard
 * @example
 * ```ts
 * lists.getByValue('log', ['in', wildcard()]) // selects all lists that begin with 'in'
 * ```
 */
export declare function wildcard(): WildcardBound

/**
 * The types of values, and the classes of those that JavaScript lacks.
 */
/** A key of a map. */
export type MapKey = string | number | bigint | Uint8Array
/** The types that can be stored. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | ArrayBufferView
  | ArrayBuffer
  | Double
  | GeoJSON
  | HyperLogLog
  | Particle
  | readonly Value[]
  | ReadonlyMap<MapKey, Value>
  | {
      readonly [key: string]: Value
    }
/** The types that reads return. */
export type ReadValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | GeoJSON
  | HyperLogLog
  | Particle
  | ReadValue[]
  | Map<string | number | bigint | Buffer, ReadValue>
  | {
      [key: string]: ReadValue
    }
/** An integer as it is read: `number`, `bigint` or both, depending on the option `int64`. */
export type Integer = number | bigint
/** The values of the option `int64`. */
export type Int64 = ReadOptions['int64']
/** The integers that a client with the option `int64` reads. */
export type IntegerOf<M extends Int64> = M extends 'number' ? number : M extends 'bigint' ? bigint : number | bigint
/** The values of the option `int64` for a client that reads integers as `I`. */
type Int64For<I extends Integer> = [Integer] extends [I] ? Int64 : I extends number ? 'number' : 'bigint'
/** How integers and maps are decoded. */
export interface ReadOptions {
  /**
   * `auto`: number within +-(2^53-1), otherwise bigint. `bigint`: always bigint. `number`: always number; an integer
   * outside that range is an error.
   */
  int64: 'auto' | 'bigint' | 'number'
  /**
   * `auto`: a plain object if all keys are strings, otherwise a Map. `map`: always a Map. `object`: keys become
   * strings; two keys of a map with the same text are an error.
   */
  maps: 'auto' | 'map' | 'object'
}
interface DoubleConstructor {
  new (value: number): Double
  (value: number): Double
  readonly prototype: Double
}
/** A number that is stored as a double even if it has no fraction: `Double(1)`. */
export interface Double {
  /** The number. */
  readonly value: number
  valueOf(): number
  toJSON(): number
}
/**
 * Marks a number as a double: `Double(1)` or `new Double(1)`. Without it, a whole number within +-(2^53-1) is stored as
 * an integer.
 *
 * @example
 * ```ts
 * await client.put(['test', 'users', 'ada'], { ratio: Double(3) })
 * ```
 */
export declare const Double: DoubleConstructor
/**
 * A GeoJSON value: a point, a polygon or an AeroCircle. A value that was read keeps the stored text unchanged. Servers
 * do not validate GeoJSON inside lists and maps, so `value()` can throw a SyntaxError.
 *
 * @example
 * ```ts
 * await client.put(['test', 'shops', 1], { location: GeoJSON.Point(13.4, 52.5) })
 * ```
 */
export declare class GeoJSON {
  /** The text that is stored. */
  readonly json: string
  /**
   * @param value - GeoJSON as text, or as an object
   * @throws InvalidArgError if the text is not valid JSON
   */
  constructor(value: string | object)
  /**
   * Creates a point. As in GeoJSON, the longitude comes first.
   *
   * @param longitude - in degrees
   * @param latitude - in degrees
   */
  static Point(longitude: number, latitude: number): GeoJSON
  /**
   * Creates a polygon.
   *
   * @param corners - `[longitude, latitude]` in degrees; the last corner equals the first
   */
  static Polygon(...corners: (readonly [number, number])[]): GeoJSON
  /**
   * Creates a circle around a point.
   *
   * @param longitude - of the centre, in degrees
   * @param latitude - of the centre, in degrees
   * @param radius - in metres
   */
  static Circle(longitude: number, latitude: number, radius: number): GeoJSON
  /**
   * Returns the parsed GeoJSON.
   *
   * @throws SyntaxError if a stored text is not valid JSON
   */
  value(): unknown
  /** Returns the parsed GeoJSON, or the text if it is not valid JSON. */
  toJSON(): unknown
  toString(): string
}
/** A HyperLogLog in the server's own format. You can write it back, but not inspect it. */
export declare class HyperLogLog {
  /** The server's bytes. */
  readonly bytes: Buffer
  /** @param bytes - the server's bytes, as they were read */
  constructor(bytes: Uint8Array)
  /** Returns the bytes as hexadecimal text. */
  toJSON(): string
}
/** A value of a type that clients of other languages write and this client does not decode. You can write it back. */
export declare class Particle {
  /** The particle type, 0 to 255. */
  readonly type: number
  /** The bytes of the value. */
  readonly bytes: Buffer
  /**
   * @param type - particle type, 0 to 255
   * @param bytes - bytes of the value
   */
  constructor(type: number, bytes: Uint8Array)
  /** Returns the type, and the bytes as hexadecimal text. */
  toJSON(): object
}

declare const REASON: unique symbol
/** Stands in compile errors for a value that cannot be stored, with the reason. No value has this type. */
export interface NotStorable<Reason extends string> {
  readonly [REASON]: Reason
}
/** Why a type cannot be stored; `never` if it can. */
type Refusal<T> = unknown extends T
  ? 'an unknown value cannot be stored; narrow its type first'
  : T extends undefined
    ? 'undefined cannot be stored; null removes a bin'
    : T extends symbol
      ? 'a symbol cannot be stored'
      : T extends ((...args: never) => unknown) | (abstract new (...args: never) => unknown)
        ? 'a function cannot be stored'
        : T extends Date
          ? 'a Date cannot be stored; store its getTime() or toISOString()'
          : T extends PromiseLike<unknown>
            ? 'a Promise cannot be stored; await it'
            : T extends RegExp
              ? 'a RegExp cannot be stored; store its source'
              : T extends SharedArrayBuffer
                ? 'a SharedArrayBuffer cannot be stored; store a Uint8Array'
                : T extends InfinityBound | WildcardBound
                  ? 'infinity and wildcard are arguments of operations; they cannot be stored'
                  : RefusedObject<T>
type RefusedObject<T> =
  T extends ReadonlyMap<unknown, unknown>
    ? never
    : T extends ReadonlySet<unknown>
      ? 'a Set cannot be stored; store an array'
      : T extends Error
        ? 'stack' extends keyof T
          ? 'an Error cannot be stored; store its message'
          : never
        : never
type StorableMapKey<K> = K extends MapKey ? K : NotStorable<'a map key is a string, an integer or bytes'>
/**
 * `T` if it can be stored: scalars, bytes, arrays, Maps, and objects whose properties can be stored, interfaces included.
 * In place of a part that cannot be stored, it has `NotStorable` with the reason, so that `T` is not assignable to it.
 * `More` are further types to accept.
 *
 * Use it in your own generic functions: `function save<T extends object>(value: Storable<T>)`.
 *
 * The compiler cannot see that an object is an instance of a class. Within a value, the client accepts only plain objects,
 * and rejects an instance with InvalidArgError.
 */
export type Storable<T, More = never> = T extends Value | More
  ? T
  : [Refusal<T>] extends [never]
    ? T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<StorableMapKey<K>, Storable<V, More>>
      : {
          [K in keyof T]: Storable<T[K], More>
        }
    : NotStorable<Refusal<T>>
/** `T` if it can be written as the bins of a record: an object of bin name -> value that can be stored. */
export type StorableBins<T> = T extends {
  readonly [bin: string]: Value
}
  ? T
  : T extends readonly unknown[]
    ? NotStorable<'bins are an object: bin name -> value'>
    : {
        [B in keyof T]: Storable<T[B]>
      }
/** `T` if it can be an argument of an operation: a value that may contain infinity and wildcard. */
export type StorableArgument<T> = Storable<T, InfinityBound | WildcardBound>

/** The server's number for each value type. */
declare const TYPE_NUMBERS: {
  readonly nil: 0
  readonly bool: 1
  readonly int: 2
  readonly string: 3
  readonly list: 4
  readonly map: 5
  readonly blob: 6
  readonly float: 7
  readonly geo: 8
  readonly hll: 9
}
/** A value type that a builder can name as the type of an expression. */
export type ValueType = keyof typeof TYPE_NUMBERS
/** The type of an expression's result; `any` if only the server knows it. */
export type ResultType = ValueType | 'any'
/**
 * A packed server-side expression. `T` is the type of its result, so that comparing a string with an integer is an error at
 * compile time. Expressions are immutable; you can use one any number of times, in any number of clients.
 */
export declare class Expression<out T extends ResultType = ResultType> {
  #private
  /** Type of the result; `any` if only the server knows it. */
  readonly type: T
  private constructor()
  /** A copy of the packed bytes, in the format of the server and of other clients. */
  get bytes(): Buffer
  /** Returns the packed bytes as base64, for `exp.fromBase64` and for other clients. */
  toBase64(): string
  toString(): string
  toJSON(): string
}

interface Plain {
  int: number | bigint
  float: number | Double
  string: string
  bool: boolean
  blob: Uint8Array
  list: readonly LiteralItem[]
  map: LiteralMap
}
/** An item of a literal list or map: a value, `infinity()` or `wildcard()`. */
export type LiteralItem = Value | InfinityBound | WildcardBound | readonly LiteralItem[] | LiteralMap
/** A literal map: a Map or an object. */
export type LiteralMap =
  | ReadonlyMap<MapKey, LiteralItem>
  | {
      readonly [key: string]: LiteralItem
    }
/** The plain values that can replace an expression of a type; `never` if there are none. */
export type PlainValue<T extends ValueType> = T extends keyof Plain ? Plain[T] : never
/** An expression of any type, or a plain value. */
export type AnyOperand =
  | Expression
  | number
  | bigint
  | string
  | boolean
  | Uint8Array
  | Double
  | InfinityBound
  | WildcardBound
/** An expression of a type, or a plain value of that type. */
export type Operand<T extends ValueType> = Expression<T | 'any'> | PlainValue<T>
/**
 * Restores an expression from base64, as produced by `toBase64` and by other clients.
 * @throws InvalidArgError if the text is malformed
 */
declare function fromBase64(base64: string): Expression<'any'>

/**
 * The path to a list or map that is nested inside a bin's list or map. Each method adds one level, modifies the context and
 * returns it: `new CdtContext().addMapKey('orders').addListIndex(-1)`.
 *
 * The operation fails if a level does not exist, unless it was added by a `...Create` method, which creates it. The methods
 * throw InvalidArgError for an invalid argument, and for more than 256 levels.
 */
export declare class CdtContext {
  #private
  /** The number of levels. */
  get length(): number
  /** The packed context, in the format of aerospike-core. */
  get bytes(): Buffer
  /** Returns the packed context as base64, for `fromBase64`, info commands and other clients. */
  toBase64(): string
  toJSON(): string
  /**
   * Restores a context from base64.
   *
   * @param base64 - the text that `toBase64` returned
   * @throws InvalidArgError if the text is malformed
   */
  static fromBase64(base64: string): CdtContext
  /**
   * Restores a context from its packed bytes.
   *
   * @param bytes - the packed context
   * @throws InvalidArgError if the bytes are malformed
   */
  static fromBytes(bytes: Uint8Array): CdtContext
  /**
   * Adds a level: the item of a list at an index.
   * @param index - 0 is the first item; negative indexes count from the end, -1 is the last
   */
  addListIndex(index: number | bigint): this
  /**
   * Adds a level: the item of a list at an index. Creates a list there if the item does not exist.
   * @param index - 0 is the first item; negative indexes count from the end
   * @param order - order of a created list: one of `lists.order` (default unordered)
   * @param pad - if the index is beyond the end, fill the gap with nil (default false)
   */
  addListIndexCreate(index: number | bigint, order?: ListOrder, pad?: boolean): this
  /**
   * Adds a level: the item of a list at a rank.
   * @param rank - 0 is the smallest item; negative ranks count from the largest, which is -1
   */
  addListRank(rank: number | bigint): this
  /**
   * Adds a level: the item of a list that equals a value.
   *
   * @param value - the value of the item
   */
  addListValue<T>(value: Storable<T>): this
  /**
   * Adds a level: the entry of a map at an index, in the order of keys.
   * @param index - 0 is the first entry; negative indexes count from the end
   */
  addMapIndex(index: number | bigint): this
  /**
   * Adds a level: the entry of a map at a rank, in the order of values.
   * @param rank - 0 is the smallest value; negative ranks count from the largest
   */
  addMapRank(rank: number | bigint): this
  /**
   * Adds a level: the entry of a map with the given key.
   *
   * @param key - key of the entry
   */
  addMapKey(key: MapKey): this
  /**
   * Adds a level: the entry of a map with the given key. Creates a map there if the entry does not exist.
   * @param key - key of the entry
   * @param order - order of a created map: one of `maps.order` (default unordered)
   */
  addMapKeyCreate(key: MapKey, order?: MapOrder): this
  /**
   * Adds a level: the entry of a map with the given value.
   *
   * @param value - value of the entry
   */
  addMapValue<T>(value: Storable<T>): this
  /**
   * Adds a level: all entries of a map with one of the given keys; for path operations. Server 8.1.2 and later.
   *
   * @param keys - the keys; at least one
   */
  addMapKeysIn(keys: readonly MapKey[]): this
  /** Adds a level: all items or entries; for path operations. Server 8.1.1 and later. */
  addAllChildren(): this
  /**
   * Adds a level: all items or entries that match an expression; for path operations. Server 8.1.1 and later.
   * @param filter - can read the item or entry with loop variables, such as `exp.loopVarInt(exp.loopVarPart.VALUE)`
   */
  addAllChildrenWithFilter(filter: Expression<'bool' | 'any'>): this
  /**
   * Narrows the preceding level to what matches an expression; for path operations. Server 8.1.2 and later. It cannot be the
   * first level, and cannot follow another expression.
   * @param filter - can read the item or entry with loop variables, such as `exp.loopVarInt(exp.loopVarPart.VALUE)`
   */
  addAndFilter(filter: Expression<'bool' | 'any'>): this
}

/** Reads generation and TTL without bins. The code is this client's: the server's protocol has none for it. */
declare const OPERATOR_READ_HEADER: 65
/** One operation on a whole bin or on the record. */
export interface ScalarOperation<
  out C extends number = number,
  out B extends string | undefined = string | undefined,
  out V = Value,
> {
  /** The operation: an OPERATOR_* constant. */
  readonly op: C
  /** Name of the bin, for operations on a bin. */
  readonly bin?: B | undefined
  /** The argument, for operations that take one. */
  readonly val?: V | undefined
}

/** An argument of an operation: a value, infinity, wildcard, or a list of them. */
export type Argument = Value | InfinityBound | WildcardBound | readonly Argument[]
declare const ANSWER: unique symbol
/**
 * An operation for `operate`, as returned by the builders of `lists`, `maps`, `bits`, `hll`, `strings` and `paths`. `B` is
 * the bin's name if the compiler knows it, `A` the type of the result.
 */
export declare class BuiltOperation<out B extends string = string, out A = ReadValue> {
  #private
  /** Name of the bin to work on. */
  readonly bin: B
  /** Carries the result type; exists only for the compiler. */
  readonly [ANSWER]?: A
}
/** An operation that can address nested lists and maps. */
export declare class CdtOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {
  #private
  /**
   * Applies the operation to a list or map nested inside the bin. Modifies this operation and returns it.
   *
   * @param context - path to the nested value, or a function that builds it:
   *   `ctx => ctx.addMapKey('orders').addListIndex(-1)`
   * @throws InvalidArgError if `context` is neither
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this
}
/** One operation of `operate`: a plain object, or the result of a builder. */
export type Operation = ScalarOperation | BuiltOperation

/** A filter: an expression of the builders, or the bytes of one that was packed elsewhere. */
type Condition = Expression<'bool' | 'any'> | Uint8Array

/**
 * Transactions as policies take them: their state, and the calls that belong to them.
 */
/**
 * The state of a transaction.
 *
 * - `open`: it takes calls.
 * - `committing`, `aborting`: its commit or abort is running.
 * - `committed`, `aborted`: it has ended.
 * - `commit-failed`: a commit failed. If the failure is in doubt (`inDoubt`), the transaction can only be committed again;
 *   otherwise it can also be aborted.
 */
export type TransactionState = 'open' | 'committing' | 'committed' | 'aborting' | 'aborted' | 'commit-failed'
/** What `Transaction` and `TransactionSync` have in common. Create one with `client.transaction()`. */
export declare abstract class TransactionBase {
  #private
  /** The state of the transaction. */
  get state(): TransactionState
  /** True if a commit failed and may have been applied all the same: commit again to find out. */
  get inDoubt(): boolean
  /** Milliseconds after which the servers abort the transaction, from its first write on. 0: as the server is configured. */
  get timeout(): number
}

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call: it rejects with AbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined
  /**
   * Parent span of the call's span, in the format of the W3C header: `00-<trace>-<span>-<flags>`. Used by
   * `initTracing`. Default: the active span, if the application has the OpenTelemetry API.
   */
  traceparent?: string | undefined
}
/** Fields common to all policies for records. */
export interface BasePolicy extends BasePolicyFields, CallOptions {
  /** Applies the call only to a record for which this expression, built with `exp` or packed elsewhere, is true. */
  filterExpression?: Condition | undefined
  /** Alias of `filterExpression`. If both are given, both must be true. */
  expressions?: Condition | undefined
}
/** The transaction of a call. */
export interface TransactionPolicy {
  /**
   * The transaction that the call belongs to, from `client.transaction()` of the same client. Default: none. See
   * `docs/transactions.md`.
   */
  tx?: TransactionBase | undefined
}
/** Policy of a single-record read. */
export interface ReadPolicy extends BasePolicy, TransactionPolicy {}
/** Policy of a single-record write. */
export interface WritePolicy extends BasePolicy, TransactionPolicy, WritePolicyFields {}
/** Policy of a batch that reads. */
export interface BatchPolicy extends BasePolicy, TransactionPolicy, BatchPolicyFields {}
/** Policy of a query or a scan. Defaults that differ: `totalTimeout` 0, `maxRetries` 5. */
export interface QueryPolicy extends BasePolicy, QueryPolicyFields {
  /** Maximum number of records; 0 means no limit. Default 0. */
  maxRecords?: number | undefined
}
/** Policy of an info request or another administrative call. */
export interface AdminPolicy extends CallOptions {
  /** Deadline of the call in milliseconds. 0: 3000. Default 1000. */
  timeout?: number | undefined
}
/** Conditions and metadata of a write. */
export interface WriteMeta {
  /** Expected generation: without `policy.gen`, the write succeeds only if the record has exactly this generation. */
  gen?: number | undefined
  /** Time to live in seconds; see `WritePolicy.ttl`, which it overrides. */
  ttl?: number | undefined
}

/** The types of user keys: string, integer or bytes. */
export type UserKey = string | number | bigint | Uint8Array
/** The parts of a key. A set of null, undefined or '' means no set. */
export type KeyParts = readonly [namespace: string, set: string | null | undefined, userKey: UserKey]
/**
 * The parts of a key in a variable, whose type is an array instead of a tuple: `const key = ['test', 'users', 'ada']`. Their
 * number is checked at run time. A tuple is no `KeyArray`, so that the compiler rejects one with wrong parts.
 */
export interface KeyArray extends ReadonlyArray<UserKey | null | undefined> {
  /** An array has no property of this name, a tuple has. */
  readonly 0?: never
}
/** The parts of a key in the client's default namespace. */
export type ShortKey = readonly [set: string | null | undefined, userKey: UserKey]
/**
 * A `Key`, or its parts: `[namespace, set, userKey]`. If the client has a default namespace (`namespace` in its
 * configuration or in its URI), `[set, userKey]` is enough.
 */
export type KeyLike = Key | KeyParts | ShortKey | KeyArray
/**
 * Identifies a record.
 *
 * @example
 * ```ts
 * const key = new Key('test', 'users', 'ada')
 * await client.put(key, { name: 'Ada' })
 * ```
 */
export declare class Key {
  #private
  /** Namespace. */
  readonly namespace: string
  /** Set; an empty string if there is none. */
  readonly set: string
  /** User key; undefined if only the digest is known. Bytes are the key's own copy. */
  readonly userKey: UserKey | undefined
  /**
   * @param namespace - 1 to 31 bytes
   * @param set - up to 63 bytes without `:`, `;` and control characters; null, undefined or '' for no set
   * @param userKey - a string, an integer within int64, or bytes, which are copied
   * @throws InvalidArgError if a part is invalid
   */
  constructor(namespace: string, set: string | null | undefined, userKey: UserKey)
  /**
   * Creates a key of which only the digest is known.
   *
   * @param namespace - 1 to 31 bytes
   * @param set - up to 63 bytes; null, undefined or '' for no set
   * @param digest - 20 bytes, which are copied
   * @returns the key, with an undefined `userKey`
   * @throws InvalidArgError if a part is invalid
   */
  static fromDigest(namespace: string, set: string | null | undefined, digest: Uint8Array): Key
  /**
   * Converts the parts of a key to a `Key`; a `Key` is returned as it is.
   *
   * @param key - a `Key`, `[namespace, set, userKey]`, or `[set, userKey]` of the default namespace
   * @param namespace - the default namespace. Default: none
   * @throws InvalidArgError if it is neither, or if a part is invalid
   */
  static from(key: KeyLike, namespace?: string): Key
  /**
   * The 20 bytes by which the server addresses the record: RIPEMD-160 of set, type and user key. Each access returns a
   * new copy.
   */
  get digest(): Buffer
  /**
   * Returns `namespace/set/userKey`, with the digest in hexadecimal if the user key is unknown. Long user keys are
   * truncated.
   */
  toString(): string
  /** Returns a plain object with namespace, set and user key. A bigint becomes a string, bytes become hexadecimal. */
  toJSON(): object
}

/** Policy of a batch that may write. The write fields apply to each of its rows that writes. */
export interface BatchWritePolicy extends BatchPolicy, Omit<WritePolicy, keyof BasePolicy | 'gen' | 'tx'> {
  /**
   * Retries after network errors and transient server errors. With retries, a write can be applied twice. Default: that
   * of the client's `write` policy, which is 0.
   */
  maxRetries?: number | undefined
}
/** Policy of a batch row that reads. */
export interface ReadRowPolicy extends Pick<BasePolicy, 'readTouchTtlPercent' | 'filterExpression' | 'expressions'> {}
/** Policy of a batch row that writes. */
export interface WriteRowPolicy
  extends Omit<WritePolicy, keyof BasePolicy | 'tx'>,
    Pick<BasePolicy, 'filterExpression' | 'expressions'> {}
/** Policy of a batch row that deletes a record. */
export interface RemoveRowPolicy
  extends Pick<WriteRowPolicy, 'gen' | 'key' | 'durableDelete' | 'commitLevel' | 'filterExpression' | 'expressions'> {}
/** Policy of a batch row that calls a function. */
export interface ApplyRowPolicy
  extends Pick<
    WriteRowPolicy,
    | 'ttl'
    | 'key'
    | 'durableDelete'
    | 'commitLevel'
    | 'onLockingOnly'
    | 'ignoreUndefined'
    | 'filterExpression'
    | 'expressions'
  > {}

/** A row that reads bins of a record, or the results of operations that read. */
export interface BatchReadRow {
  /** The kind of the row. */
  readonly type: 'read'
  /** Key of the record. */
  readonly key: KeyLike
  /** Names of the bins to read. Default: all. With an empty list, only existence, generation and TTL. */
  readonly bins?: readonly string[] | null | undefined
  /** Operations that only read, instead of `bins`. */
  readonly ops?: readonly Operation[] | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: ReadRowPolicy | undefined
}
/** A row that writes bins of a record. */
export interface BatchWriteRow extends BatchWriteRecord {
  /** The kind of the row. */
  readonly type: 'write'
}
/** A record to write with `batchWrite`. */
export interface BatchWriteRecord<
  T = {
    readonly [bin: string]: Value
  },
> {
  /** Key of the record. */
  readonly key: KeyLike
  /** Bin name -> value, at least one; `null` removes the bin. */
  readonly bins: StorableBins<T>
  /** `gen`: write only if the record has this generation; `ttl`: time to live in seconds. */
  readonly meta?: WriteMeta | null | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: WriteRowPolicy | undefined
}
/** A row that executes operations on a record. */
export interface BatchOperateRow {
  /** The kind of the row. */
  readonly type: 'operate'
  /** Key of the record. */
  readonly key: KeyLike
  /** The operations, executed in order; at least one. */
  readonly ops: readonly Operation[]
  /** `gen`: write only if the record has this generation; `ttl`: time to live in seconds. */
  readonly meta?: WriteMeta | null | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: WriteRowPolicy | undefined
}
/** A row that deletes a record. */
export interface BatchRemoveRow {
  /** The kind of the row. */
  readonly type: 'remove'
  /** Key of the record. */
  readonly key: KeyLike
  /** `gen`: delete only if the record has this generation. */
  readonly meta?: Pick<WriteMeta, 'gen'> | null | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: RemoveRowPolicy | undefined
}
/** A row that calls a user-defined function on a record. */
export interface BatchApplyRow {
  /** The kind of the row. */
  readonly type: 'apply'
  /** Key of the record. */
  readonly key: KeyLike
  /** Name of the registered module, with or without `.lua`. */
  readonly module: string
  /** Name of the function. */
  readonly fn: string
  /** Arguments after the record. Default: none. */
  readonly args?: readonly Value[] | undefined
  /** Overrides the policy of the batch for this row. */
  readonly policy?: ApplyRowPolicy | undefined
}
/** The record `R` with its bins checked. The first branch is never taken: the compiler infers `R` from it. */
export type RecordToWrite<R> = [R] extends [never]
  ? R
  : R extends {
        readonly bins: infer B
      }
    ? BatchWriteRecord<B>
    : BatchWriteRecord
/** A row of `batch` or `batchStream`. */
export type BatchRowRequest = BatchReadRow | BatchWriteRow | BatchOperateRow | BatchRemoveRow | BatchApplyRow
/**
 * Builders of the rows of `batch` and `batchStream`. They return plain objects, which you can also write out.
 *
 * @example
 * ```ts
 * await client.batch([
 *   batchRow.read(['test', 'users', 'ada'], ['name']),
 *   batchRow.operate(['test', 'users', 'bob'], [op.incr('visits', 1)]),
 *   batchRow.remove(['test', 'users', 'cy'], { gen: 3 }),
 * ])
 * ```
 */
export declare const batchRow: {
  /**
   * Reads bins.
   *
   * @param key - the record's key
   * @param bins - names of the bins to read. Default: all. With an empty list, only existence, generation and TTL
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  readonly read: (key: KeyLike, bins?: readonly string[] | null, policy?: ReadRowPolicy) => BatchReadRow
  /**
   * Writes bins; other bins of the record are unchanged.
   *
   * @param key - the record's key
   * @param bins - bin name -> value; `null` removes the bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  readonly write: <T extends object>(
    key: KeyLike,
    bins: StorableBins<T>,
    meta?: WriteMeta | null,
    policy?: WriteRowPolicy,
  ) => BatchWriteRow
  /**
   * Executes operations, in order and atomically.
   *
   * @param key - the record's key
   * @param ops - operations, as for `operate`
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  readonly operate: (
    key: KeyLike,
    ops: readonly Operation[],
    meta?: WriteMeta | null,
    policy?: WriteRowPolicy,
  ) => BatchOperateRow
  /**
   * Deletes the record.
   *
   * @param key - the record's key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  readonly remove: (key: KeyLike, meta?: Pick<WriteMeta, 'gen'> | null, policy?: RemoveRowPolicy) => BatchRemoveRow
  /**
   * Calls a user-defined function.
   *
   * @param key - the record's key
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - policy of this row
   * @returns the row, a plain object
   */
  readonly apply: <A>(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Storable<A>[],
    policy?: ApplyRowPolicy,
  ) => BatchApplyRow
}

/** Bin name -> value. */
export type Bins = {
  [bin: string]: ReadValue
}
/** The bin names of a record type. */
export type BinName<B> = keyof B & string
/** Generation and TTL of a record. */
export interface RecordMeta {
  /** Generation: how many times the record was written, with wraparound. */
  gen: number
  /** Seconds until the record expires; -1: never. */
  ttl: number
}
/** A record that was read. */
export declare class AerospikeRecord<B = Bins> implements RecordMeta {
  /** Key of the record, as in the request. */
  readonly key: Key
  /** Bins of the record, by name. */
  readonly bins: B
  /** Generation: how many times the record was written, with wraparound. */
  readonly gen: number
  /** Seconds until the record expires; -1: never. */
  readonly ttl: number
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  readonly toJSON: () => unknown
  /**
   * @param key - key of the record
   * @param bins - bins of the record, by name
   * @param gen - generation
   * @param ttl - seconds until the record expires; -1: never
   */
  constructor(key: Key, bins: B, gen: number, ttl: number)
  /** Generation and TTL in one object. */
  get meta(): RecordMeta
  /**
   * Why the bins of a query's record cannot be decoded, or null. An example is an integer that does not fit a number
   * with `int64: 'number'`. Then `bins` throws this error; the other records of the query are not affected.
   */
  get error(): AerospikeError | null
}
/** The result of `operateOrdered`. */
export declare class OrderedResults<R = [bin: string, value: ReadValue][]> implements RecordMeta {
  /** Key of the record. */
  readonly key: Key
  /** Generation: how many times the record was written, with wraparound. */
  readonly gen: number
  /** Seconds until the record expires; -1: never. */
  readonly ttl: number
  /** `[bin, value]` for each operation that returns a result, in order. */
  readonly results: R
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  readonly toJSON: () => unknown
  /** Generation and TTL in one object. */
  get meta(): RecordMeta
}
export interface OrderedResults<R = [bin: string, value: ReadValue][]>
  extends OrderedResultsAliases<OrderedResults<R>> {}

/** The result of one row of a batch. */
export interface BatchRow<B = Bins> {
  /** Position of the row in the request, from 0. */
  readonly index: number
  /** Key of the row in the request. */
  readonly key: Key
  /**
   * The record that was read, or the results of the operations. For a row that only writes: generation and TTL without
   * bins. Null if the row failed, or if it deleted its record.
   */
  readonly record: AerospikeRecord<B> | null
  /** What the function returned, for a row that calls one; otherwise undefined. */
  readonly result: ReadValue | undefined
  /**
   * 0; or the server's result code (2: not found); or a client code below 0, such as -1 if the answer cannot be
   * decoded.
   */
  readonly resultCode: number
  /** Why the row failed, or null. If a function failed, the message is its own. */
  readonly error: AerospikeError | null
  /**
   * True if the row is a write that failed but may have been applied, or that was applied but whose answer cannot be
   * decoded. Always false for reads.
   */
  readonly inDoubt: boolean
  /** Name of the node on which the row failed; undefined if the row did not fail or was not sent. */
  readonly node: string | undefined
  /** Address of that node, as `host:port`; undefined under the same conditions. */
  readonly address: string | undefined
}
/**
 * The results of a batch: an iterable of rows, in the order of the request. A row is decoded on first access.
 *
 * @example
 * ```ts
 * const rows = await client.batchRead([['test', 'users', 'ada'], ['test', 'users', 'bob']])
 * for (const { key, record, error } of rows) console.log(String(key), record?.bins, error?.code)
 * ```
 */
export declare class BatchRecords<B = Bins> implements Iterable<BatchRow<B>> {
  #private
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  readonly toJSON: () => unknown
  private constructor()
  /** Number of rows in the request. */
  get length(): number
  /**
   * Returns the result code of a row without decoding it: 0, the server's code, or a client code below 0.
   *
   * @param row - position of the row, from 0
   */
  resultCode(row: number): number
  /** True if no row failed. A missing record of a read or a delete is not a failure. */
  get ok(): boolean
  /** Number of successful rows: records that were found and can be decoded, written or deleted. */
  get succeeded(): number
  /**
   * Returns a row by its position.
   *
   * @param row - position, from 0
   * @returns the row, or undefined if the position is out of range
   */
  at(row: number): BatchRow<B> | undefined
  /**
   * Returns a row by key.
   *
   * @param key - a key, or a user key alone
   * @returns the row, or undefined if there is none; for a user key, the first row that has it
   */
  get(key: KeyLike | UserKey): BatchRow<B> | undefined
  /** Iterates over the rows in the order of the request. */
  [Symbol.iterator](): Generator<BatchRow<B>, void, undefined>
  /** Returns the rows as an array, in the order of the request. */
  toArray(): BatchRow<B>[]
  /**
   * Calls a function with each row, in order.
   *
   * @param convert - the function; its arguments are the row and its position
   * @returns what the function returned, in order
   * @example
   * ```ts
   * const names = rows.map(row => row.record?.bins.name ?? 'unknown')
   * ```
   */
  map<T>(convert: (row: BatchRow<B>, index: number) => T): T[]
  /**
   * Returns the rows for which a function returns true.
   *
   * @param choose - the function; its arguments are the row and its position
   * @returns the chosen rows, in order
   */
  filter(choose: (row: BatchRow<B>, index: number) => boolean): BatchRow<B>[]
  /**
   * Returns the first row for which a function returns true. Rows after it are not decoded.
   *
   * @param choose - the function; its arguments are the row and its position
   * @returns the row, or undefined if there is none
   */
  find(choose: (row: BatchRow<B>, index: number) => boolean): BatchRow<B> | undefined
  /** The records that were found, in the order of the request. Failed and missing rows are left out. */
  get records(): AerospikeRecord<B>[]
  /** The errors of the failed rows, in order; `error.key` is the row's key. A missing record of a read or a delete is not a failure. */
  get errors(): AerospikeError[]
  /**
   * Returns the records that were found, by user key. Failed rows are left out; see `ok` and `throwIfFailed`.
   *
   * @throws ClientError if two records of different sets or namespaces have the same user key
   */
  toMap(): Map<UserKey, AerospikeRecord<B>>
  /**
   * Returns the records that were found, by user key as text; bytes become hexadecimal text. Failed rows are left out.
   *
   * @throws ClientError if the user keys of two records have the same text, such as `1` and `'1'`
   */
  toObject(): {
    [userKey: string]: AerospikeRecord<B>
  }
  /**
   * Throws the error of the first failed row, if there is one. A missing record of a read or a delete is not a failure.
   *
   * @returns these rows
   * @throws the error of the first failed row
   */
  throwIfFailed(): this
}
export interface BatchRecords<B = Bins> extends BatchRecordsAliases<BatchRecords<B>> {}

/** A row of `bulkWrite`: a record to write, or a batch row that writes. */
export type BulkRow = BatchWriteRecord | BatchWriteRow | BatchOperateRow | BatchRemoveRow | BatchApplyRow
/** The row `R` with its bins checked. The first branch is never taken: the compiler infers `R` from it. */
export type BulkRowToWrite<R> = [R] extends [never]
  ? R
  : R extends {
        readonly type: string
      }
    ? BulkRow
    : R extends {
          readonly bins: infer B
        }
      ? BatchWriteRecord<B>
      : BulkRow
/** The rows of a bulk write: a source of any length. */
export type BulkSource<R = BulkRow> = Iterable<BulkRowToWrite<R>> | AsyncIterable<BulkRowToWrite<R>>
/** The rows of a blocking bulk write. */
export type BlockingBulkSource<R = BulkRow> = Iterable<BulkRowToWrite<R>>
/** Counts of a bulk write. */
export interface BulkProgress {
  /** Number of rows with an outcome. */
  readonly rows: number
  /** Number of rows that were applied. */
  readonly written: number
  /** Number of rows that failed, including those in doubt. */
  readonly failed: number
  /** Number of failed rows that may have been applied. */
  readonly inDoubt: number
}
/** The outcome of a row that failed. */
export interface BulkFailure {
  /** Position of the row in the source, from 0. */
  readonly index: number
  /** The row, as the source returned it. */
  readonly row: BulkRow
  /** Why the row failed. */
  readonly error: AerospikeError
  /** True if the row may have been applied. */
  readonly inDoubt: boolean
}
/** Outcomes of the rows of one batch of a bulk write. */
export interface BulkBatch extends BulkProgress {
  /** The outcome of each row of the batch that is done, in order of the source; `index` is the position in the source. */
  readonly outcomes: readonly BulkOutcome[]
}
/** The outcome of a row. */
export interface BulkOutcome {
  /** Position of the row in the source, from 0. */
  readonly index: number
  /** Why the row failed, or null. */
  readonly error: AerospikeError | null
  /** True if the row failed but may have been applied. */
  readonly inDoubt: boolean
}
/** The result of a bulk write. */
export interface BulkWriteResult extends BulkProgress {
  /** The rows that failed, in order of the source. All other rows that were read from the source were applied. */
  readonly failures: readonly BulkFailure[]
}
/** Options of `bulkWrite`. */
export interface BulkWriteOptions {
  /** Maximum number of batches in flight, 1 to 1000. Default 4. */
  readonly concurrency?: number | undefined
  /** Number of rows in a batch, 1 to 5000. Default 500. */
  readonly batchSize?: number | undefined
  /**
   * Called after each batch, with the outcomes of its rows and the counts so far. If it returns a promise, the writer
   * waits for it; if it throws, the bulk write ends as if the source had thrown.
   */
  readonly onProgress?: ((progress: BulkBatch) => unknown) | undefined
  /** Aborts the batches in flight, and reads no further rows. `Client` only. */
  readonly signal?: AbortSignal | undefined
  /** Batch policy, and the write policy of all rows. */
  readonly policy?: Omit<BatchWritePolicy, 'signal'> | undefined
}
/** Options of a blocking `bulkWrite`. */
export interface BlockingBulkWriteOptions extends Omit<BulkWriteOptions, 'signal' | 'concurrency' | 'onProgress'> {
  /** Called after each batch; see `BulkWriteOptions.onProgress`. Must not return a promise. */
  readonly onProgress?: ((progress: BulkBatch) => unknown) | undefined
}

/** The details of an error beyond its message. */
export interface ErrorDetails {
  /** Stable name of the failure, such as `RECORD_NOT_FOUND`. */
  code: string
  /** The server's result code (0 and above), or a client code (below 0). */
  resultCode: number
  /** The server's sub-code; 0 if it sent none. */
  subCode?: number | undefined
  /** True if the write may have been applied despite this error. */
  inDoubt?: boolean | undefined
  /** Name of the node of the last attempt. */
  node?: string | undefined
  /** Address of that node, as `host:port`. */
  address?: string | undefined
  /** How many times the command was sent. */
  attempts?: number | undefined
  /** Key of the record, if the command was about one. */
  key?: Key | undefined
  /** The underlying error; for AbortError the signal's reason. */
  cause?: unknown
}
/**
 * Base class of all errors of this package.
 *
 * @example
 * ```ts
 * try {
 *   await client.put(['test', 'users', 'ada'], { visits: 1 }, { gen: 99 })
 * } catch (error) {
 *   if (error instanceof AerospikeError) console.log(error.code, error.resultCode, error.inDoubt)
 *   else throw error
 * }
 * ```
 */
export declare class AerospikeError extends Error implements ErrorDetails {
  /** Stable name of the failure, such as `RECORD_NOT_FOUND`. */
  readonly code: string
  /** The server's result code (0 and above), or a client code (below 0). */
  readonly resultCode: number
  /** The server's sub-code; 0 if it sent none. Needs `errorDetailVerbosity` and server 8.2 or later. */
  readonly subCode: number
  /** True if the write may have been applied despite this error. Always false for reads, and if nothing was sent. */
  readonly inDoubt: boolean
  /** Name of the node of the last attempt, as `getNodeNames` returns it; undefined if there was none, or its name is unknown. */
  readonly node: string | undefined
  /** Address of the node of the last attempt, as `host:port`; undefined if there was none. */
  readonly address: string | undefined
  /** How many times the command was sent. */
  readonly attempts: number
  /**
   * True if the same call may succeed when it is repeated, and repeating it cannot apply a write twice: the cause is
   * temporary, and the error is not in doubt. `docs/errors.md` has the rule.
   */
  readonly retryable: boolean
  /** Key of the record, if the command was about one. */
  readonly key: Key | undefined
  /**
   * @param message - the message
   * @param details - the other properties
   */
  constructor(message: string, details: ErrorDetails)
  /** Returns name, message and the fields as a plain object. `cause` is included if it is an error of this package. */
  toJSON(): object
}
/** The client could not execute the call: it is not connected or closed, or it could not decode the answer. */
export declare class ClientError extends AerospikeError {}
/** There is no usable connection to the cluster. */
export declare class ClusterError extends AerospikeError {}
/** The client or the server rejected an argument or an option. */
export declare class InvalidArgError extends AerospikeError {}
/** A deadline passed, in the client or on the server. */
export declare class AerospikeTimeoutError extends AerospikeError {}
/** The call's `signal` aborted it; `cause` is the signal's reason. */
export declare class AbortError extends AerospikeError {}
/** `maxQueuedCommands` commands are already waiting. */
export declare class BackpressureError extends AerospikeError {}
/** A panic in the native code was caught. This is a bug; please report it. */
export declare class RustPanicError extends AerospikeError {}
/** The server rejected the command. */
export declare class ServerError extends AerospikeError {}
/** An error with a secondary index. */
export declare class AerospikeIndexError extends ServerError {}
/** The secondary index does not exist. */
export declare class IndexNotFoundError extends AerospikeIndexError {}
/** A secondary index of this name already exists. */
export declare class IndexExistsError extends AerospikeIndexError {}
/** A query or a background job failed. */
export declare class QueryError extends ServerError {}
/** The query or the background job was aborted. */
export declare class QueryAbortedError extends QueryError {}
/** An error with users, roles or credentials. */
export declare class AdminError extends ServerError {}
/** A user-defined function failed, or does not exist. */
export declare class UDFError extends ServerError {}
/**
 * An error with a transaction: another transaction holds the record, the transaction has ended, or it cannot be committed
 * or aborted.
 */
export declare class TransactionError extends AerospikeError {}
/**
 * How a commit failed.
 *
 * - `verify-failed`: a record that the transaction read has changed since, or could not be verified. The transaction is
 *   aborted.
 * - `verify-failed-close-abandoned`: the same; the servers will remove the record that monitors the transaction.
 * - `verify-failed-abort-abandoned`: the same; the servers will abort the transaction after its timeout.
 * - `mark-roll-forward-abandoned`: the commit could not be sent, or was not answered (`inDoubt`).
 * - `aborted`: the servers had already aborted the transaction, for example after its timeout.
 */
export type CommitErrorStatus =
  | 'verify-failed'
  | 'verify-failed-close-abandoned'
  | 'verify-failed-abort-abandoned'
  | 'mark-roll-forward-abandoned'
  | 'aborted'
/**
 * A commit failed. If `inDoubt` is true, it may have been applied: commit again to find out. Otherwise it was not, and
 * `cause` is the reason.
 */
export declare class CommitError extends TransactionError {
  /** The step that failed, and what becomes of the transaction. */
  readonly status: CommitErrorStatus
  /**
   * @param message - the message
   * @param details - the other properties
   */
  constructor(
    message: string,
    details: ErrorDetails & {
      readonly status: CommitErrorStatus
    },
  )
}
/** Base class of the errors of single records. */
export declare class RecordError extends AerospikeError {}
/** The record does not exist. */
export declare class RecordNotFoundError extends RecordError {}
/** The record already exists (`create-only`). */
export declare class RecordExistsError extends RecordError {}
/** The record has another generation than `meta.gen` requires. */
export declare class RecordGenerationError extends RecordError {}
/** The record would exceed the server's size limit. */
export declare class RecordTooBigError extends RecordError {}
/** The server rejected the bin's name. */
export declare class BinNameError extends RecordError {}
/** The bin already exists. */
export declare class BinExistsError extends RecordError {}
/** The bin does not exist. */
export declare class BinNotFoundError extends RecordError {}
/** The bin holds a value of another type. */
export declare class BinTypeError extends RecordError {}
/** The record exists, but the filter expression is false for it. */
export declare class FilteredOutError extends RecordError {}
/**
 * A bulk write ended before the end of its source: the source or `onProgress` threw, a row was invalid, the signal fired,
 * or the client was closed. `cause` is that error, and `result` reports what was written.
 */
export declare class BulkWriteError extends AerospikeError {
  /**
   * The outcome of all rows that were read from the source: the first `rows` rows. Rows that were not sent failed with
   * the error that ended the bulk write.
   */
  readonly result: BulkWriteResult
  /**
   * @param message - the message
   * @param details - the other properties
   */
  constructor(
    message: string,
    details: ErrorDetails & {
      readonly result: BulkWriteResult
    },
  )
}
/** Something that a schema does not accept. */
export interface ValidationIssue {
  /** The schema's message. */
  readonly message: string
  /** Name of the bin; undefined if the issue concerns the bins as a whole. */
  readonly bin: string | undefined
  /** Path to the value, beginning with the bin: `['address', 'lines', 0]`. */
  readonly path: readonly (string | number | symbol)[]
}
/** The bins of a record do not match the schema of their set. Nothing was written. */
export declare class ValidationError extends AerospikeError {
  /** Everything that the schema does not accept. */
  readonly issues: readonly ValidationIssue[]
  /**
   * @param message - the message
   * @param details - the other properties
   */
  constructor(
    message: string,
    details: ErrorDetails & {
      readonly issues: readonly ValidationIssue[]
    },
  )
}

/** The connections of a node, by state. */
export interface ConnectionStats {
  /** Connections in use by commands. */
  readonly inUse: number
  /** Idle connections. */
  readonly idle: number
  /** Connections being opened. */
  readonly opening: number
  /** Connections whose command has timed out: the late response is read and discarded, so that they can be reused. */
  readonly recovering: number
  /** Maximum number of connections: `maxConnsPerNode`. */
  readonly limit: number
  /** Connections opened since the client connected. */
  readonly opened: number
  /** Connections closed, by reason. */
  readonly closed: {
    readonly error: number
    readonly idle: number
    readonly poolOverflow: number
    readonly nodeRemoved: number
    readonly other: number
  }
  /** Connections that could not be opened, by reason. */
  readonly failed: {
    readonly timeout: number
    readonly connect: number
    readonly tls: number
    readonly auth: number
  }
  /** Number of times that a command found no idle connection. */
  readonly poolEmpty: number
}
/** Additional counters per node; see `setMetricsEnabled`. */
export interface NodeDetails {
  /** Attempts that were retries. */
  readonly retries: number
  /** Commands that failed; attempts that were retried do not count. */
  readonly errors: number
  /** Attempts that the circuit breaker rejected. */
  readonly refused: number
  /** Bytes sent for commands. */
  readonly bytesSent: number
  /** Bytes received for commands. */
  readonly bytesReceived: number
}
/** Statistics of a node of the cluster. */
export interface NodeStats {
  /** Name of the node, such as `BB9020011AC4202`. */
  readonly name: string
  /** Address of the node, as `host:port`. */
  readonly address: string
  /** Connections to the node. */
  readonly connections: ConnectionStats
  /** Polls of the cluster state that succeeded and that failed, and updates of the partition map. */
  readonly tends: {
    readonly succeeded: number
    readonly failed: number
    readonly partitionMapUpdates: number
  }
  /** Errors that currently count towards the circuit breaker, the limit beyond which it opens (0: never), and its state. */
  readonly circuitBreaker: {
    readonly errors: number
    readonly limit: number
    readonly open: boolean
  }
  /** Present only while `setMetricsEnabled(true, { details: true })` is in effect; counted since then. */
  readonly details?: NodeDetails | undefined
}
/** Statistics of a client. */
export interface ClientStats {
  /** Commands that are running and that are queued, and the maximum number that may run at once. */
  readonly commands: {
    readonly inFlight: number
    readonly queued: number
    readonly limit: number
  }
  /** Number of open queries and other streams. */
  readonly streams: number
  /** Number of peers that were discovered but could not be used. */
  readonly invalidPeers: number
  /** Connections of all nodes, added up. */
  readonly connections: Pick<ConnectionStats, 'inUse' | 'idle' | 'opening' | 'recovering' | 'limit'>
  /** Nodes of the cluster, sorted by name. */
  readonly nodes: readonly NodeStats[]
}

/** How a node answered a ping. */
export interface NodePing {
  /** Name of the node. */
  readonly node: string
  /** Address of the node, as `host:port`. */
  readonly address: string
  /** Milliseconds until the answer, or until the failure. */
  readonly ms: number
  /** Why the node did not answer, or null. */
  readonly error: AerospikeError | null
}

/**
 * Pauses between attempts: exponential, with a limit and with jitter.
 */
/** How the pauses between attempts grow. The actual pause is random, between 0 and the current limit. */
export interface BackoffOptions {
  /** Limit of the first pause, in milliseconds. */
  readonly initial?: number | undefined
  /** Factor by which the limit grows with each attempt, 1 or more. Default 2. */
  readonly factor?: number | undefined
  /** Maximum of the limit, in milliseconds. */
  readonly max?: number | undefined
}
/** Pauses between attempts; a number is `initial` in milliseconds. */
export type Backoff = number | BackoffOptions
/** How often to try, and how long to wait in between. */
export interface AttemptOptions {
  /** Maximum number of attempts after the first one. */
  readonly retries?: number | undefined
  /** Pauses between attempts. */
  readonly backoff?: Backoff | undefined
  /** Stops waiting, and makes no further attempt: the call rejects with AbortError. `Client` only. */
  readonly signal?: AbortSignal | undefined
}

/** Fields of a write policy that `update` sets itself. */
type OwnFields = 'exists' | 'gen' | 'maxRetries'
/** Options of `update`. */
export interface UpdateOptions extends AttemptOptions {
  /**
   * Whether to create the record if it does not exist: the function is then called with null. Default false: the call
   * fails with the error for a missing record.
   */
  readonly create?: boolean | undefined
  /** Maximum number of attempts after the first one, if others write the record in between. Default 10. */
  readonly retries?: number | undefined
  /** Pauses between attempts. Default `{ initial: 5, factor: 2, max: 250 }` milliseconds. */
  readonly backoff?: AttemptOptions['backoff'] | undefined
  /** Time to live of the record in seconds, as in `meta.ttl` of `put`. Default: that of the client's `write` policy. */
  readonly ttl?: number | undefined
  /** Policies of the read and of the write; they override the client's. `update` sets `exists`, `gen` and `maxRetries`. */
  readonly policies?:
    | {
        readonly read?: ReadPolicy | undefined
        readonly write?: Omit<WritePolicy, OwnFields> | undefined
      }
    | undefined
}
/** Options of a blocking `update`. */
export type BlockingUpdateOptions = Omit<UpdateOptions, 'signal'>
/** Changes the bins of a record: gets those that are stored, and returns those to store. It may change its argument. */
export type Updater<B, I = B> = (bins: B, record: AerospikeRecord<B>) => I | PromiseLike<I>
/** An `Updater` for `ClientSync`: it cannot return a promise. */
export type BlockingUpdater<B, I = B> = (bins: B, record: AerospikeRecord<B>) => I
/** Changes or creates a record: gets the stored bins, or null if the record does not exist; returns those to store. */
export type Upserter<B, I = B> = (bins: B | null, record: AerospikeRecord<B> | null) => I | PromiseLike<I>
/** An `Upserter` for `ClientSync`: it cannot return a promise. */
export type BlockingUpserter<B, I = B> = (bins: B | null, record: AerospikeRecord<B> | null) => I

/** What a command works on. */
interface Subject {
  readonly namespace?: string | undefined
  readonly set?: string | undefined
  readonly key?: Key | undefined
  readonly batchSize?: number | undefined
}
/** The address of the first seed host in the configuration. */
interface Seed {
  readonly name: string
  readonly port: number
}
/** The base class of the events of all channels. The channel adds `result` and `error`, like every tracing channel of Node. */
declare abstract class Trace {
  /** Host of the first seed in the configuration. The command may have been sent to another node. */
  readonly serverAddress: string | undefined
  /** Port of the first seed in the configuration. */
  readonly serverPort: number | undefined
  /** Error that the call threw or rejected with: an `AerospikeError`, with `code`, `node`, `address` and `attempts`. */
  error?: unknown
  constructor(seed: Seed | undefined)
  /** Result code of the error: the server's (>= 0) or the client's (< 0). Undefined without an error. */
  get resultCode(): number | undefined
  /** Name of the failure, such as `RECORD_NOT_FOUND`. Undefined without an error. */
  get errorCode(): string | undefined
}
/** The base class of the events of commands and streams. */
declare abstract class SubjectTrace extends Trace {
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
  constructor(command: string, clientId: number, { namespace, set, batchSize }: Subject, seed: Seed | undefined)
}
/** The event of a command: `tracing:aerospike-napi:command:*`. */
export declare class CommandTrace extends SubjectTrace {
  /** Key of the record, for commands on a single record. */
  readonly key: Key | undefined
  /** Whether this is a call of the blocking client; such a call is complete at `end`. */
  readonly blocking: boolean
  /** Result of the call. */
  result?: unknown
}
/** The event of a stream, from its first read to its end: `tracing:aerospike-napi:query:*`. */
export declare class QueryTrace extends SubjectTrace {
  /** Number of rows returned so far. */
  rows: number
  /** Whether the stream was read to its end; false if it was ended earlier. Undefined while it is open. */
  complete: boolean | undefined
}
/** The event of a connect: `tracing:aerospike-napi:connect:*`. */
export declare class ConnectTrace extends Trace {
  /** All seeds, as `host:port`. */
  readonly hosts: readonly string[]
  /** Whether this is a call of the blocking client; such a call is complete at `end`. */
  readonly blocking: boolean
  /** Number of the client within this process; set once it is connected. */
  clientId: number | undefined
  /** The connected client. */
  result?: unknown
}

/**
 * How a commit succeeded.
 *
 * - `ok`: the transaction is committed, and every reader sees its writes.
 * - `already-committed`: an earlier commit of the transaction had succeeded.
 * - `roll-forward-abandoned`: the transaction is committed, but some of its writes are not visible yet; the servers will
 *   finish them.
 * - `close-abandoned`: the transaction is committed; the servers will remove the record that monitors it.
 */
export type CommitStatus = 'ok' | 'already-committed' | 'roll-forward-abandoned' | 'close-abandoned'
/**
 * How an abort ended. None of the writes of the transaction will be applied, whatever the status is.
 *
 * - `ok`: its writes are rolled back, and its records are unlocked.
 * - `already-aborted`: the transaction had already been aborted.
 * - `roll-back-abandoned`: some records stay locked until the timeout of the transaction; then the servers roll them back.
 * - `close-abandoned`: its writes are rolled back; the servers will remove the record that monitors it.
 */
export type AbortStatus = 'ok' | 'already-aborted' | 'roll-back-abandoned' | 'close-abandoned'

/** Options of a transaction. */
export interface TransactionOptions {
  /**
   * Milliseconds after which the servers abort the transaction, counted from its first write: a multiple of 1000, because
   * servers count seconds. 0: the namespace's `mrt-duration`, which is 10 seconds by default. Default 0.
   */
  readonly timeout?: number | undefined
}
/** Options of `commit` and `abort`. */
export interface TransactionEndOptions extends CallOptions {
  /**
   * Milliseconds that the call may take. After that a commit fails, and is in doubt; it continues in the background, and
   * another `commit` returns its result. Default 10000.
   */
  readonly timeout?: number | undefined
}
/** Options of a blocking `commit` and `abort`. */
export type BlockingTransactionEndOptions = Omit<TransactionEndOptions, 'signal'>
/**
 * A multi-record transaction: its writes are applied together or not at all, and a commit succeeds only if no record that
 * it read has changed. Pass it as `tx` in the policy of each call. Servers need Enterprise Edition 8.0 or later and a
 * namespace with strong consistency.
 *
 * Leaving the scope of `await using` aborts a transaction that is not committed. One that is garbage-collected, or whose
 * client is closed, is aborted, too.
 *
 * @example
 * ```ts
 * await using tx = client.transaction()
 * const { bins } = await client.get<{ cents: number }>(['bank', 'accounts', 'ada'], { tx })
 * await client.put(['bank', 'accounts', 'ada'], { cents: bins.cents - 100 }, null, { tx })
 * await client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
 * await tx.commit()
 * ```
 */
export declare class Transaction extends TransactionBase implements AsyncDisposable {
  #private
  /**
   * Applies all writes of the transaction, if no record that it read has changed in the meantime. Await all calls of the
   * transaction before.
   *
   * @param options - `timeout`: milliseconds, default 10000; `signal`, `traceparent`
   * @returns how the commit succeeded; the transaction is committed whatever the status is
   * @throws CommitError if a record that was read has changed (the transaction is then aborted), or if the servers cannot be
   *   reached; with `inDoubt: true` it may have been applied, and you can commit again to find out. TransactionError if
   *   calls of the transaction are running, if the outcome of one of its writes is unknown, or if it is aborted;
   *   AerospikeTimeoutError and AbortError, in doubt as well
   * @example
   * ```ts
   * const status = await tx.commit()
   * if (status === 'roll-forward-abandoned') console.log('committed; the servers finish the writes')
   * ```
   */
  commit(options?: TransactionEndOptions): Promise<CommitStatus>
  /**
   * Discards all writes of the transaction. Waits for its calls that are still running.
   *
   * @param options - `timeout`: milliseconds, default 10000; `signal`, `traceparent`
   * @returns how the abort ended; no write of the transaction will be applied, whatever the status is
   * @throws TransactionError if the transaction is committed, or if its commit is in doubt
   */
  abort(options?: TransactionEndOptions): Promise<AbortStatus>
  /** Aborts the transaction, unless it has ended or its commit is in doubt. For `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
/**
 * A multi-record transaction of `ClientSync`: like `Transaction`, but its methods block. Leaving the scope of `using` aborts
 * a transaction that is not committed.
 *
 * @example
 * ```ts
 * using tx = client.transaction()
 * client.increment(['bank', 'accounts', 'ada'], 'cents', -100, null, { tx })
 * client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
 * tx.commit()
 * ```
 */
export declare class TransactionSync extends TransactionBase implements Disposable {
  #private
  /**
   * Applies all writes of the transaction, if no record that it read has changed in the meantime.
   *
   * @param options - `timeout`: milliseconds, default 10000; `traceparent`
   * @returns how the commit succeeded; the transaction is committed whatever the status is
   * @throws CommitError if a record that was read has changed (the transaction is then aborted), or if the servers cannot be
   *   reached; with `inDoubt: true` it may have been applied, and you can commit again to find out. TransactionError if the
   *   outcome of one of its writes is unknown, or if it is aborted; AerospikeTimeoutError, in doubt as well
   */
  commit(options?: BlockingTransactionEndOptions): CommitStatus
  /**
   * Discards all writes of the transaction.
   *
   * @param options - `timeout`: milliseconds, default 10000; `traceparent`
   * @returns how the abort ended; no write of the transaction will be applied, whatever the status is
   * @throws TransactionError if the transaction is committed, or if its commit is in doubt
   */
  abort(options?: BlockingTransactionEndOptions): AbortStatus
  /** Aborts the transaction, unless it has ended or its commit is in doubt. For `using`. */
  [Symbol.dispose](): void
}

/** Options of `withTransaction`. */
export interface WithTransactionOptions extends AttemptOptions, TransactionOptions {
  /** Maximum number of attempts after the first one. Default 10. */
  readonly retries?: number | undefined
  /** Pauses between attempts. Default `{ initial: 10, factor: 2, max: 1000 }` milliseconds. */
  readonly backoff?: AttemptOptions['backoff'] | undefined
}
/** Options of a blocking `withTransaction`. */
export type BlockingWithTransactionOptions = Omit<WithTransactionOptions, 'signal'>
/** The work of a transaction. It may run several times; the second argument is the number of the attempt, from 1. */
export type TransactionWork<T> = (tx: Transaction, attempt: number) => T | PromiseLike<T>
/** The work of a transaction of `ClientSync`: it cannot return a promise. */
export type BlockingTransactionWork<T> = (tx: TransactionSync, attempt: number) => T

/** Progress of a task. */
export interface TaskStatus {
  /** Whether the task is done on every node. */
  readonly done: boolean
  /** Progress in percent, 0 to 100, of the slowest node. */
  readonly progress: number
}
/** Options of `wait`. */
export interface WaitOptions {
  /** Stops waiting, with AbortError; the task continues. */
  signal?: AbortSignal | undefined
  /** Milliseconds between polls. Default: 10, growing to 50. */
  interval?: number | undefined
  /**
   * Milliseconds to wait, after which `wait` fails with AerospikeTimeoutError; the task continues. 0: no limit. Default
   * 0.
   */
  timeout?: number | undefined
}
/** Options of a blocking `wait`. */
export type BlockingWaitOptions = Omit<WaitOptions, 'signal'>
/** Policy of a call that starts a task. */
export interface TaskPolicy extends AdminPolicy {
  /**
   * Whether the call waits until the task is done on every node, or the options of that wait. The call returns the task
   * in either case. The policy's signal also stops the wait; its timeout does not apply to it. Default false.
   */
  wait?: boolean | WaitOptions | undefined
}
/** Policy of a blocking call that starts a task. */
export interface BlockingTaskPolicy extends AdminPolicy {
  /**
   * Whether the call waits until the task is done on every node, or the options of that wait. The call returns the task
   * in either case. Default false.
   */
  wait?: boolean | BlockingWaitOptions | undefined
}
/**
 * Work that servers continue after the call that started it, such as building an index. Dropping this object does not
 * stop the task.
 */
export declare class Task {
  #private
  /** What the task does, such as `createIndex users_age`. */
  readonly name: string
  /**
   * Asks every node for its progress.
   *
   * @returns the progress of the slowest node
   * @throws the task's error, if it has failed
   */
  status(): Promise<TaskStatus>
  /**
   * Asks every node for its progress.
   *
   * @returns percent, 0 to 100, of the slowest node
   * @throws the task's error, if it has failed
   */
  progress(): Promise<number>
  /**
   * Waits until the task is done on every node. The wait keeps the process alive.
   *
   * @param options - `timeout`, `signal`, `interval`. Default: no time limit
   * @returns when the task is done
   * @throws AbortError or AerospikeTimeoutError if the wait ended early; the task continues. The task's error, if it
   *   has failed.
   * @example
   * ```ts
   * const task = await client.createIntegerIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age' })
   * await task.wait({ timeout: 60_000 })
   * ```
   */
  wait(options?: WaitOptions): Promise<void>
}
/** A task of the blocking client. */
export declare class TaskSync {
  #private
  /** What the task does, such as `createIndex users_age`. */
  readonly name: string
  /**
   * Asks every node for its progress.
   *
   * @returns the progress of the slowest node
   * @throws the task's error, if it has failed
   */
  status(): TaskStatus
  /**
   * Asks every node for its progress.
   *
   * @returns percent, 0 to 100, of the slowest node
   * @throws the task's error, if it has failed
   */
  progress(): number
  /**
   * Waits until the task is done on every node. Blocks the thread.
   *
   * @param options - `timeout`, `interval`. Default: no time limit
   * @throws AerospikeTimeoutError if the wait ended early; the task continues. The task's error, if it has failed.
   * @example
   * ```ts
   * const task = client.createIntegerIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age' })
   * task.wait({ timeout: 60_000 })
   * ```
   */
  wait(options?: BlockingWaitOptions): void
}

/** Policy of a background job. The timeouts apply to starting the job. */
export interface JobPolicy extends Omit<WritePolicy, 'gen' | 'tx'> {
  /** Maximum number of records that each node changes per second; 0 means the server's default. Default 0. */
  recordsPerSecond?: number | undefined
}
/**
 * Progress of a background job, with counts summed over the nodes. A server forgets a job some time after it has ended.
 */
export interface JobStatus extends TaskStatus {
  /** Records that were changed. */
  readonly succeeded: number
  /** Records that could not be changed. */
  readonly failed: number
  /** Records that the filter excluded by their bins. */
  readonly filteredBins: number
  /** Records that the filter excluded by their metadata alone. */
  readonly filteredMeta: number
  /** Records delayed by `recordsPerSecond`. */
  readonly throttled: number
}

/**
 * A background job. `status()` and `wait()` fail with QueryAbortedError if the job was aborted, and with a QueryError
 * with the code `JOB_UNKNOWN` if no server knows the id, or has already forgotten it.
 */
export declare class JobTask extends Task {
  #private
  /** Id of the job on the servers; pass it to `client.job(id)` in any process to follow the job. */
  readonly id: bigint
  /**
   * Asks every node for the job's progress.
   *
   * @returns progress and record counts, summed over the nodes
   * @throws QueryAbortedError if the job was aborted; QueryError with the code `JOB_UNKNOWN` if no server knows the id
   */
  status(): Promise<JobStatus>
  /**
   * Aborts the job on every node. Changes already made remain.
   *
   * @returns false if no node was running the job
   */
  abort(): Promise<boolean>
}
/** Like `JobTask`, blocking. */
export declare class JobTaskSync extends TaskSync {
  #private
  /** Id of the job on the servers; pass it to `client.job(id)` in any process to follow the job. */
  readonly id: bigint
  /**
   * Asks every node for the job's progress.
   *
   * @returns progress and record counts, summed over the nodes
   * @throws QueryAbortedError if the job was aborted; QueryError with the code `JOB_UNKNOWN` if no server knows the id
   */
  status(): JobStatus
  /**
   * Aborts the job on every node. Changes already made remain.
   *
   * @returns false if no node was running the job
   */
  abort(): boolean
}

/**
 * Fixed-width elements: their types, typed arrays and sizes.
 */
/**
 * Element types of columns.
 *
 * - `i8`, `i16`, `i32`, `i64`: signed integers of this many bits; `i64` as bigint.
 * - `u8`, `u16`, `u32`, `u64`: unsigned integers; `u64` as bigint.
 * - `f16`, `f32`, `f64`: floating-point numbers of this many bits.
 * - `bool`: booleans, as bytes 0 and 1.
 */
export type ScalarType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64' | 'f16' | 'f32' | 'f64' | 'bool'
/** Half-precision numbers: a Float16Array if the runtime has it, otherwise widened to a Float32Array. */
export type Float16Column = Float32Array & {
  readonly BYTES_PER_ELEMENT: number
}
/** The typed array of each element type. */
interface ScalarArrays {
  i8: Int8Array
  i16: Int16Array
  i32: Int32Array
  i64: BigInt64Array
  u8: Uint8Array
  u16: Uint16Array
  u32: Uint32Array
  u64: BigUint64Array
  f16: Float16Column
  f32: Float32Array
  f64: Float64Array
  bool: Uint8Array
}
/** A typed array of any element type. */
type AnyArray = ScalarArrays[ScalarType]

/** Names a namespace. */
export type Namespaced =
  | {
      /** Namespace. */
      readonly namespace: string
      readonly ns?: undefined
    }
  | {
      /** Alias of `namespace`: the former name. @deprecated Use `namespace`. */
      readonly ns: string
      readonly namespace?: undefined
    }

/**
 * Columns of variable-width values.
 */
/** Variable-width values: the bytes of all rows, and the end of each row's value. */
declare abstract class VaryingColumn<T> implements Iterable<T> {
  /** The bytes of all rows. */
  readonly data: Buffer
  /** The value of row i is `data` from offsets[i] to offsets[i + 1]. */
  readonly offsets: Int32Array
  constructor(
    /** The bytes of all rows. */
    data: Buffer,
    /** The value of row i is `data` from offsets[i] to offsets[i + 1]. */
    offsets: Int32Array,
  )
  /** Number of rows. */
  get length(): number
  /** Returns the value of a row; for a row without a value, an empty value or the schema's `fill`. */
  abstract get(row: number): T
  [Symbol.iterator](): Generator<T, void, undefined>
}
/** A column of strings. */
export declare class Utf8Column extends VaryingColumn<string> {
  /**
   * Returns the string of a row, or `''` for a row without a value.
   *
   * @param row - position of the row, from 0
   */
  get(row: number): string
}
/** A column of bytes; each value is a view of `data`. */
export declare class BinaryColumn extends VaryingColumn<Buffer> {
  /**
   * Returns the bytes of a row: a view of `data`, empty for a row without a value.
   *
   * @param row - position of the row, from 0
   */
  get(row: number): Buffer
}
/**
 * A column of strings with few distinct values: an id for each row, and each distinct string once, in order of first
 * appearance.
 */
export declare class DictionaryColumn implements Iterable<string> {
  #private
  /** Index of each row's string in `dictionary`; -1 for a row without a value. */
  readonly ids: Int32Array
  /** The distinct strings, in order of first appearance. */
  readonly dictionary: Utf8Column
  /**
   * @param ids - index of each row's string in `dictionary`; -1 for a row without a value
   * @param dictionary - the distinct strings
   */
  constructor(
    /** Index of each row's string in `dictionary`; -1 for a row without a value. */
    ids: Int32Array,
    /** The distinct strings, in order of first appearance. */
    dictionary: Utf8Column,
  )
  /** Number of rows. */
  get length(): number
  /** The distinct strings, decoded once. */
  get values(): readonly string[]
  /**
   * Returns the string of a row, or `''` for a row without a value.
   *
   * @param row - position of the row, from 0
   */
  get(row: number): string
  [Symbol.iterator](): Generator<string, void, undefined>
}

/** User keys as a column: integers, strings or bytes. */
export type KeyIds =
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Utf8Column
  | BinaryColumn
  | readonly string[]
  | readonly number[]
  | readonly bigint[]
  | readonly Uint8Array[]
/** Keys of one namespace and set as a column. No object is created for a key, here or by the client. */
export type KeyColumn = Namespaced & {
  /** Set. Default: none. */
  readonly set?: string | null | undefined
  /** The user keys. */
  readonly ids: KeyIds
}
/** Keys: a list, or a column of user keys. */
export type KeysLike = readonly KeyLike[] | KeyColumn

/**
 * Type of a column:
 *
 * - an element type such as `i32` or `f64`: numbers or booleans in a typed array;
 * - `['f32', 384]`: blobs of this many elements, as sub-arrays;
 * - `['bytes', n]`: blobs of n bytes, zero-padded;
 * - `utf8`, `binary`: strings or bytes of variable length;
 * - `dictionary`: strings with few distinct values.
 */
export type PlainColumnType = ScalarType | 'utf8' | 'binary' | 'dictionary' | readonly [ScalarType | 'bytes', number]
/** A column type with a fill value for rows without a value. */
export interface FilledColumnType {
  /** Type of the column. */
  readonly type: PlainColumnType
  /**
   * Fill value: a number, bigint or boolean for numbers and the elements of sub-arrays, a string for `utf8` and
   * `dictionary`. Default: zero bytes, `''`.
   */
  readonly fill?: number | bigint | boolean | string | undefined
}
/** Type of a column, with or without a `fill`. */
export type ColumnType = PlainColumnType | FilledColumnType
/** Bin name -> type of its column. */
export type Schema = {
  readonly [bin: string]: ColumnType
}
/** The array or column class for a column type. */
export type ColumnOf<T extends ColumnType> = T extends {
  readonly type: infer P extends PlainColumnType
}
  ? PlainColumnOf<P>
  : T extends PlainColumnType
    ? PlainColumnOf<T>
    : never
type PlainColumnOf<T extends PlainColumnType> = T extends ScalarType
  ? ScalarArrays[T]
  : T extends 'utf8'
    ? Utf8Column
    : T extends 'binary'
      ? BinaryColumn
      : T extends 'dictionary'
        ? DictionaryColumn
        : T extends readonly ['bytes', number]
          ? Uint8Array
          : T extends readonly [infer S extends ScalarType, number]
            ? ScalarArrays[S]
            : never
/** The type of one row's value in a column. */
export type CellOf<T extends ColumnType> = T extends {
  readonly type: infer P extends PlainColumnType
}
  ? PlainCellOf<P>
  : T extends PlainColumnType
    ? PlainCellOf<T>
    : never
type PlainCellOf<T extends PlainColumnType> = T extends 'i64' | 'u64'
  ? bigint
  : T extends 'bool'
    ? boolean
    : T extends ScalarType
      ? number
      : T extends 'utf8' | 'dictionary'
        ? string
        : T extends 'binary' | readonly ['bytes', number]
          ? Buffer
          : T extends readonly [infer S extends ScalarType, number]
            ? ScalarArrays[S]
            : never
/** The type of one row: bin name -> value, or null. */
export type RowOf<S extends Schema> = {
  [K in keyof S]: CellOf<S[K]> | null
}

/**
 * The layout of a memory, as `Columns.from` needs it: plain data, to post to another thread together with the memory.
 */
export interface ColumnsLayout {
  /** Number of rows. */
  readonly rows: number
  /** Bin name -> type of its column. */
  readonly schema: Schema
}

/** Validity bitmap of a column: bit i (least significant first) is 1 if row i has a value. */
export type Validity = Uint8Array
/** Columns in a form that can be posted to another thread. */
export interface ColumnsMessage {
  /** The memory of the columns. */
  readonly buffer: ArrayBuffer
  /** Layout of the memory. */
  readonly layout: ColumnsLayout
}
/**
 * The result of `batchReadColumns`, and a chunk of a query's `columns`: a column for each bin of the schema, and a row
 * for each key of the request, or for each record that the query found.
 *
 * @example
 * ```ts
 * const rows = await client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
 * let total = 0
 * for (let row = 0; row < rows.length; row++) if (rows.isValid('age', row)) total += rows.columns.age[row] ?? 0
 * console.log(total, rows.columns.name.get(0))
 * ```
 */
export declare class Columns<S extends Schema = Schema> implements Iterable<RowOf<S> | null> {
  #private
  /** The schema of the request. */
  readonly schema: S
  /** The memory that all arrays here are views of. */
  readonly buffer: Buffer
  /** The columns by bin name. A row without a value holds zeros (an empty string, no bytes), or the schema's `fill`. */
  readonly columns: {
    readonly [K in keyof S]: ColumnOf<S[K]>
  }
  /** Validity bitmaps by bin name: which rows have a value. */
  readonly validity: {
    readonly [K in keyof S]: Validity
  }
  /** Number of rows without a value, by bin name. */
  readonly nullCounts: {
    readonly [K in keyof S]: number
  }
  /** For each row: 0, the server's result code (2: not found), or a client code below 0. */
  readonly resultCodes: Int32Array
  /** Generation of each row. */
  readonly gen: Uint32Array
  /** Seconds until each row's record expires; 0xFFFFFFFF: never. */
  readonly ttl: Uint32Array
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  readonly toJSON: () => unknown
  private constructor()
  /**
   * Creates columns over existing memory: the counterpart of `layout` and `buffer`, and of `toMessage()`. The memory is
   * not copied.
   *
   * @param message - the memory, an ArrayBuffer or a view that starts at a multiple of 8 bytes, and its layout
   * @throws InvalidArgError if the memory does not match the layout
   */
  static from<S extends Schema = Schema>(message: {
    readonly buffer: ArrayBuffer | Uint8Array
    readonly layout: ColumnsLayout
  }): Columns<S>
  /** Layout of the memory: plain data, to post to another thread together with `buffer`. */
  get layout(): ColumnsLayout
  /**
   * Returns the memory and its layout, to post to another thread: `port.postMessage(message, [message.buffer])`; the
   * other thread calls `Columns.from(message)`. Memory that the native side owns cannot leave its thread and is copied
   * once. Other memory is transferred as it is; the views here are empty after it was posted.
   */
  toMessage(): ColumnsMessage
  /** Number of rows: one for each key, in the order of the keys; for a query, one for each record. */
  get length(): number
  /**
   * Returns the key of a row, or undefined if the row is out of range. A query's key has a user key only if the server
   * stores it.
   *
   * @param row - position of the row, from 0
   */
  key(row: number): Key | undefined
  /** Digests of a query's rows, 20 bytes each; undefined if the request had keys. */
  get digests(): Buffer | undefined
  /**
   * Returns whether a row has a value in a column.
   *
   * @param bin - name of the bin
   * @param row - position of the row, from 0
   */
  isValid(bin: keyof S & string, row: number): boolean
  /**
   * Returns why a row failed, or null.
   *
   * @param row - position of the row, from 0
   */
  error(row: number): AerospikeError | null
  /**
   * Returns the first row with this user key, or -1.
   *
   * @param userKey - the user key
   */
  indexOf(userKey: UserKey): number
  /**
   * Returns a row as an object: bin name -> value, null for a bin without a value. Bytes and sub-arrays are views.
   *
   * @param row - position of the row, from 0
   * @returns the row; null if it was not found, failed, or is out of range
   */
  row(row: number): RowOf<S> | null
  /**
   * Returns the first row with this user key, as an object like that of `row()`.
   *
   * @param userKey - the user key
   * @returns the row; null if it was not found or failed; undefined if no row has this user key
   * @throws ClientError if the rows are those of a query, and the servers returned no user keys. They return only those
   *   of records that were written with `key: 'send'`.
   */
  get(userKey: UserKey): RowOf<S> | null | undefined
  /**
   * Returns all rows as objects, in order; null for a row that was not found or failed. `rows.toObjects()` is
   * convenient for few rows; reading `columns` directly is faster for many.
   */
  toObjects(): (RowOf<S> | null)[]
  /** Iterates over the rows in order, each as `row()` returns it. */
  [Symbol.iterator](): Generator<RowOf<S> | null, void, undefined>
  /** Iterates over pairs of key and row, in order. */
  entries(): Generator<[key: Key, row: RowOf<S> | null], void, undefined>
  /** Number of rows that were found. */
  get found(): number
}

/**
 * A column to write. A typed array is written as integers or doubles; with a type such as `['f32', 384]` in the schema,
 * as blobs of that many elements. An array of values is written value by value, like `put`; null or undefined means no
 * value.
 */
export type SourceColumn = AnyArray | Utf8Column | BinaryColumn | DictionaryColumn | readonly (Value | undefined)[]

/** The input of `batchWriteColumns`: a record for each key, a bin for each column. */
export type WriteColumns = Namespaced & {
  /** Set. Default: none. */
  readonly set?: string | null | undefined
  /** The user keys, one for each row. */
  readonly keys: KeyIds
  /** Bin name -> its values, one for each row. */
  readonly columns: {
    readonly [bin: string]: SourceColumn
  }
  /** Bin name -> bitmap of the rows that have a value, least significant bit first. Default: all rows have a value. */
  readonly validity?:
    | {
        readonly [bin: string]: Uint8Array | null | undefined
      }
    | undefined
  /**
   * Bin name -> type, if the array alone does not determine it: `bool` for a Uint8Array, blobs such as `['f32', 384]`
   * or `['bytes', 16]`, or doubles for an array of whole numbers. Entries for other columns are ignored, so that you
   * can pass the `schema` of an earlier read.
   */
  readonly schema?: Schema | undefined
  /**
   * What a row without a value does to its bin. Default `skip`.
   *
   * - `skip`: the bin is unchanged.
   * - `remove`: the bin is removed.
   */
  readonly nulls?: 'skip' | 'remove' | undefined
  /**
   * Time to live in seconds, one for all rows or one for each. 0: the namespace's default; -1 or 0xFFFFFFFF: never
   * expires; -2: unchanged. Overrides the policy's `ttl`.
   */
  readonly ttl?: number | Int32Array | Uint32Array | undefined
  /** Expected generation, one for all records or one for each, such as `rows.gen` of a read. */
  readonly gen?: number | Uint32Array | Int32Array | undefined
}

/** A row that was not written. */
export interface FailedRow {
  /** Position of the row, from 0. */
  readonly row: number
  /** Key of the row. */
  readonly key: Key
  /** Why the row failed. */
  readonly error: AerospikeError
}
/** The result of `batchWriteColumns`: the outcome of each row, in the order of the keys. */
export declare class WrittenRows {
  #private
  /** For each row: 0, the server's result code, or a client code below 0. */
  readonly resultCodes: Int32Array
  /** The new generation of each record; 0 if the row failed. */
  readonly gen: Uint32Array
  /** Returns plain data, in which a bigint is decimal text and bytes are hexadecimal text; see the function `toJSON`. */
  readonly toJSON: () => unknown
  private constructor()
  /** Number of rows. */
  get length(): number
  /** Number of rows that were written. */
  get written(): number
  /** True if all rows were written. */
  get ok(): boolean
  /**
   * Returns the key of a row, or undefined if the row is out of range.
   *
   * @param row - position of the row, from 0
   */
  key(row: number): Key | undefined
  /**
   * Returns the first row with this user key, or -1.
   *
   * @param userKey - user key of the record, without namespace and set
   */
  indexOf(userKey: UserKey): number
  /**
   * Returns whether a failed row may have been written.
   *
   * @param row - position of the row, from 0
   */
  inDoubt(row: number): boolean
  /**
   * Returns why a row failed, or null.
   *
   * @param row - position of the row, from 0
   */
  error(row: number): AerospikeError | null
  /** Iterates over the rows that were not written, in order. */
  failures(): Generator<FailedRow, void, undefined>
  /**
   * Throws the error of the first row that was not written, if there is one.
   *
   * @returns this result
   * @throws the error of the first failed row
   */
  throwIfFailed(): this
}

/**
 * The rows of a stream, for `for await`. Leaving the loop in any way ends the work on the servers, as do `return()`,
 * `await using` and a `signal`.
 */
export declare class RowStream<R> implements AsyncIterableIterator<R>, AsyncDisposable {
  #private;
  [Symbol.asyncIterator](): this
  /** Returns the next row. */
  next(): Promise<IteratorResult<R, undefined>>
  /** Ends the stream. */
  return(): Promise<IteratorResult<R, undefined>>
  /**
   * Iterates over the rows in arrays, as they arrived. This costs less per row than iterating over single rows.
   *
   * @returns arrays of one or more rows, for `for await`
   */
  chunks(): AsyncGenerator<R[], void, undefined>
  /** Ends the stream. */
  [Symbol.asyncDispose](): Promise<void>
}
/** The rows of a blocking stream, for `for`. */
export declare class RowStreamSync<R> implements IterableIterator<R>, Disposable {
  #private;
  [Symbol.iterator](): this
  /** Returns the next row. */
  next(): IteratorResult<R, undefined>
  /** Ends the stream. */
  return(): IteratorResult<R, undefined>
  /**
   * Iterates over the rows in arrays, as they arrived. This costs less per row than iterating over single rows.
   *
   * @returns arrays of one or more rows, for `for`
   */
  chunks(): Generator<R[], void, undefined>
  /** Ends the stream. */
  [Symbol.dispose](): void
}

/**
 * The results of an aggregation: iterate with `for await`, or call `results()` or `first()`. Each of these runs it
 * once. Most aggregations have one result; over no records, there is no result, or that of the function's `aggregate`
 * over nothing.
 *
 * @throws UDFError if the module or the function does not exist, or if it fails on a server or in the client; and the
 *   errors of a query
 */
export declare class Aggregation<T = ReadValue> implements AsyncIterable<T> {
  #private;
  /** Runs the aggregation, and iterates over the results. */
  [Symbol.asyncIterator](): RowStream<T>
  /**
   * Runs the aggregation.
   *
   * @returns the results as a stream, which also works in an `await using` declaration
   */
  stream(): RowStream<T>
  /**
   * Runs the aggregation.
   *
   * @returns all results, in an array
   */
  results(): Promise<T[]>
  /**
   * Runs the aggregation, and ends it after the first result.
   *
   * @returns the first result, or null if there is none
   */
  first(): Promise<T | null>
}
/** Like `Aggregation`, blocking. */
export declare class AggregationSync<T = ReadValue> implements Iterable<T> {
  #private;
  /** Runs the aggregation, and iterates over the results. */
  [Symbol.iterator](): RowStreamSync<T>
  /**
   * Runs the aggregation.
   *
   * @returns the results as a stream, which also works in a `using` declaration
   */
  stream(): RowStreamSync<T>
  /**
   * Runs the aggregation.
   *
   * @returns all results, in an array
   */
  results(): T[]
  /**
   * Runs the aggregation, and ends it after the first result.
   *
   * @returns the first result, or null if there is none
   */
  first(): T | null
}

/** One node's response to an info command. */
export interface InfoResult {
  /** Name of the node. */
  readonly node: string
  /** The response; empty if the node did not answer. */
  readonly response: string
  /** Why the node did not answer, or null. */
  readonly error: AerospikeError | null
}
/** A part of an info response: text, an exact number, or a nested value. */
export type InfoValue = string | number | InfoRecord | InfoValue[]
/** Name -> value. */
export interface InfoRecord {
  [name: string]: InfoValue
}
/** A set, summed over all nodes. */
export interface SetInfo {
  /** Name of the namespace. */
  readonly namespace: string
  /** Name of the set. */
  readonly set: string
  /** Records on all nodes; with replicas, each copy of a record counts. */
  readonly objects: number
  /** Tombstones on all nodes: records that were deleted durably. */
  readonly tombstones: number
  /** Bytes of data on all nodes. */
  readonly bytes: number
  /** Number of secondary indexes. */
  readonly indexes: number
}
/**
 * Parses an info response by its format: `a=1;b=2` as an object, `ns=test:set=a;ns=test:set=b` as a list of objects,
 * `a;b` as a list, and anything else as text or an exact integer. A trailing `;` is ignored.
 *
 * @param response - the text of a response
 * @returns the parsed value
 * @throws InvalidArgError if the response is not a string
 */
declare function parseInfo(response: string): InfoValue
/**
 * Helpers for the responses of `infoAll`, `infoNode` and `infoRandomNode`.
 *
 * @example
 * ```ts
 * for (const { node, response } of await client.infoAll('statistics')) console.log(node, info.parse(response))
 * ```
 */
export declare const info: {
  /** Parses a response by its format; see `parseInfo`. */
  readonly parse: typeof parseInfo
}

/**
 * The data type of the indexed values. `integer` and `numeric` are the same.
 *
 * - `integer`, `numeric`: integers.
 * - `string`: strings.
 * - `blob`: bytes (server 7.0 and later).
 * - `geo2dsphere`: GeoJSON points and regions.
 */
export type IndexDataType = 'integer' | 'numeric' | 'string' | 'blob' | 'geo2dsphere'
/**
 * The part of a bin's value that is indexed.
 *
 * - `default`: the value itself.
 * - `list`: each item of a list.
 * - `mapkeys`: each key of a map.
 * - `mapvalues`: each value of a map.
 */
export type IndexCollectionType = 'default' | 'list' | 'mapkeys' | 'mapvalues'
/** The location and the name of an index. */
export type IndexName = Namespaced & {
  /** Set. Default: the index covers the records of all sets. */
  set?: string | null | undefined
  /** Name of the index, unique in its namespace. */
  index: string
}
/** An index on a bin. */
export type BinIndex = IndexName & {
  /** Name of the bin. */
  bin: string
  /** The part of the bin's value that is indexed. Default `default`: the value itself. */
  type?: IndexCollectionType | undefined
  /** Path to a list, map or value nested inside the bin. */
  context?: CdtContext | undefined
}
/** An index on the result of an expression for each record (server 8.1 and later). */
export type ExpressionIndex = IndexName & {
  /** The expression. */
  exp: Expression
  /** The part of the result that is indexed. Default `default`: the result itself. */
  type?: IndexCollectionType | undefined
}
/** An index on a bin or on an expression. */
export type IndexOptions = (BinIndex | ExpressionIndex) & {
  /** Data type of the indexed values. */
  datatype: IndexDataType
}
/** An index of a set's records (server 8.1.2 and later). */
export type SetIndex = IndexName & {
  /** The set whose records are indexed. */
  set: string
}
/** The definition and state of an index, as a node reports it. */
export interface IndexInfo {
  /** Namespace. */
  readonly namespace: string
  /** Alias of `namespace`: the former name; not enumerable. @deprecated Use `namespace`. */
  readonly ns: string
  /** Set; null if the index covers all sets. */
  readonly set: string | null
  /** Name of the index. */
  readonly index: string
  /** Name of the bin; null for indexes on expressions and sets. */
  readonly bin: string | null
  /** Data type as the server reports it, in lower case, such as `numeric`. */
  readonly datatype: string
  /** Collection type as the server reports it, in lower case, such as `default` or `list`. */
  readonly type: string
  /** State: `RW` if queries can use the index, `WO` while it is being built. */
  readonly state: string
}

/** Which part of a bin an index covers, under the official client's names. */
export declare const indexType: {
  readonly DEFAULT: 'default'
  readonly LIST: 'list'
  readonly MAPKEYS: 'mapkeys'
  readonly MAPVALUES: 'mapvalues'
}
/**
 * The data types of indexes that can serve a filter.
 *
 * - `numeric`: indexes on integers.
 * - `string`: indexes on strings.
 * - `blob`: indexes on bytes.
 * - `geo2dsphere`: indexes on GeoJSON.
 */
export type FilterType = 'numeric' | 'string' | 'blob' | 'geo2dsphere'
/** A lookup in one index, created by `filter` or `predicates`, for `query.where`. */
export declare class Filter<out N extends string = string> {
  #private
  /** The bin that is looked up. */
  get bin(): N
  /**
   * Uses the index of this name; the bin is ignored then. Mutates the filter and returns it.
   *
   * @param name - name of the index
   * @returns this filter
   * @throws InvalidArgError if the name is not a string
   */
  usingIndex(name: string): this
  /**
   * Looks up a value nested in the bin's list or map, using an index that was created with the same context. Mutates
   * the filter and returns it.
   *
   * @param context - the path to the value: a CdtContext, or a function that adds to an empty one
   * @returns this filter
   * @throws InvalidArgError if it is not a CdtContext
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this
  /**
   * Uses the index that was created on this expression; the bin is ignored then. Mutates the filter and returns it.
   *
   * @param expression - the expression of the index
   * @returns this filter
   */
  usingExpression(expression: Expression): this
}
/** A region or a point: GeoJSON as text, as a plain object, or as a `GeoJSON`. */
export type GeoLike = GeoJSON | string | object
/**
 * Lookups in a secondary index, for `query.where`. In geographic lookups the longitude comes before the latitude, in
 * degrees, as in the official Node.js client. `type` selects the part of the bin that the index covers: its value
 * (`default`), or each item of a `list`, each key (`mapkeys`) or each value (`mapvalues`) of a map. All throw
 * InvalidArgError if an argument is invalid.
 *
 * @example
 * ```ts
 * const nearby = client.query('test', 'shops').where(filter.geoWithinRadius('location', 13.4, 52.5, 1000))
 * ```
 */
export declare const filter: {
  /**
   * Records whose bin equals a value.
   *
   * @param bin - name of the bin
   * @param value - a string, an integer or bytes
   * @returns the lookup, for `query.where`
   */
  readonly equal: <N extends string>(bin: N, value: string | number | bigint | Uint8Array) => Filter<N>
  /**
   * Records whose bin, or an item of it, is an integer within a range.
   *
   * @param bin - name of the bin
   * @param min - lower bound, inclusive
   * @param max - upper bound, inclusive
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly range: <N extends string>(
    bin: N,
    min: number | bigint,
    max: number | bigint,
    type?: IndexCollectionType,
  ) => Filter<N>
  /**
   * Records whose list contains an item, or whose map contains a key or a value.
   *
   * @param bin - name of the bin
   * @param value - a string, an integer or bytes
   * @param type - `list`, `mapkeys` or `mapvalues`
   * @returns the lookup, for `query.where`
   */
  readonly contains: <N extends string>(
    bin: N,
    value: string | number | bigint | Uint8Array,
    type: IndexCollectionType,
  ) => Filter<N>
  /**
   * Records whose points lie within a region.
   *
   * @param bin - name of the bin
   * @param region - a Polygon, MultiPolygon or AeroCircle
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly geoWithinGeoJSONRegion: <N extends string>(bin: N, region: GeoLike, type?: IndexCollectionType) => Filter<N>
  /**
   * Records whose points lie within a circle.
   *
   * @param bin - name of the bin
   * @param longitude - of the centre, -180 to 180 degrees
   * @param latitude - of the centre, -90 to 90 degrees
   * @param radius - in metres, above 0
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly geoWithinRadius: <N extends string>(
    bin: N,
    longitude: number,
    latitude: number,
    radius: number,
    type?: IndexCollectionType,
  ) => Filter<N>
  /**
   * Records whose regions contain a point.
   *
   * @param bin - name of the bin
   * @param point - a Point
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly geoContainsGeoJSONPoint: <N extends string>(bin: N, point: GeoLike, type?: IndexCollectionType) => Filter<N>
  /**
   * Records whose regions contain a point.
   *
   * @param bin - name of the bin
   * @param longitude - -180 to 180 degrees
   * @param latitude - -90 to 90 degrees
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly geoContainsPoint: <N extends string>(
    bin: N,
    longitude: number,
    latitude: number,
    type?: IndexCollectionType,
  ) => Filter<N>
}

/**
 * Which partitions a query reads:
 *
 * - a number from 0 to 4095: this partition;
 * - `{ begin, count }`: `count` partitions, starting with `begin`;
 * - `{ after }`: the records that follow a key, or a digest of 20 bytes, in its partition, in the order of digests.
 */
export type Partitions =
  | number
  | {
      readonly begin: number
      readonly count: number
    }
  | {
      readonly after: KeyLike | Uint8Array
    }

/**
 * Expected size of a query, a hint to the server; see `QueryPolicy.expectedDuration`.
 *
 * - `long`: more than 100 records per node.
 * - `short`: fewer than 100 records per node.
 * - `long-relax-ap`: like `long`, with relaxed read consistency in AP namespaces.
 */
export type QueryDuration = 'long' | 'short' | 'long-relax-ap'
/** One page of a query. */
export interface Page<B> {
  /** Records of the page. */
  readonly records: AerospikeRecord<B>[]
  /**
   * Position of the next page, for `pages(size, cursor)` in this or another process; null after the last page. It is
   * valid only for the same query: namespace, set, `where`, `filter` and `partitions` must be equal.
   */
  readonly cursor: string | null
}
/** The builder methods of a query. Each method mutates the query and returns it. */
declare abstract class QueryBuilder<B = Bins> {
  #private
  /**
   * Selects the bins to read. Default: all bins. Without a name, the query reads no bins, only key, generation and TTL.
   *
   * @param bins - names of bins, or lists of names
   * @returns this query
   * @throws InvalidArgError if a name is invalid, or if the query has operations
   */
  select(...bins: (BinName<B> | readonly BinName<B>[])[]): this
  /**
   * Restricts the query to the records that match. A lookup from `filter` or `predicates` finds them by a secondary
   * index instead of reading the whole set; a query has at most one. An expression, built with `exp`, has the same effect
   * as `filter`: the servers evaluate it for each record that they read. All conditions must be true.
   *
   * @param condition - a lookup, or an expression
   * @returns this query
   * @throws InvalidArgError if the query already has a lookup, or if the argument is neither
   * @example
   * ```ts
   * const query = client
   *   .query('test', 'users')
   *   .where(filter.range('age', 18, 30))
   *   .where(exp.eq(exp.binStr('city'), 'Rome'))
   * ```
   */
  where(condition: Filter | Condition): this
  /**
   * Returns only records that match the expression. If there are several filters, including those of policies, all must
   * be true.
   *
   * @param expression - an expression, built with `exp` or packed elsewhere
   * @returns this query
   * @example
   * ```ts
   * const query = client.query('test', 'users').filter(exp.ge(exp.intBin('visits'), exp.int(10)))
   * ```
   */
  filter(expression: Condition): this
  /**
   * Returns the results of these operations instead of bins. Only operations that read are allowed; operations other
   * than plain reads need server 8.1.2. If several operations return a result for the same bin, it holds the last one.
   *
   * @param operations - operations, or lists of them
   * @returns this query
   * @throws InvalidArgError if an operation is invalid, or if the query selects bins
   */
  operations(...operations: (Operation | readonly Operation[])[]): this
  /**
   * Reads only some of the namespace's 4096 partitions. Default: all.
   *
   * @param partitions - a partition number, a range `{ begin, count }`, or `{ after }`: the records that follow a key
   *   or a digest in its partition
   * @returns this query
   * @throws InvalidArgError if a number is out of range
   */
  partitions(partitions: Partitions): this
  /**
   * Sets the maximum number of records.
   *
   * @param most - maximum; 0 means no limit. Default 0
   * @returns this query
   * @throws InvalidArgError if it is not an integer of 0 or more
   */
  maxRecords(most: number): this
  /**
   * Sets the maximum number of records that each node sends per second.
   *
   * @param rate - maximum; 0 means no limit. Default 0
   * @returns this query
   * @throws InvalidArgError if it is not an integer of 0 or more
   */
  recordsPerSecond(rate: number): this
  /**
   * Sets the expected size of the query, a hint to the server.
   *
   * @param duration - `long` (the default), `short` or `long-relax-ap`; see `QueryPolicy.expectedDuration`
   * @returns this query
   * @throws InvalidArgError if it is another value
   */
  expectedDuration(duration: QueryDuration): this
  /**
   * Sets policy fields of the query. Later calls override earlier ones, except that filters accumulate.
   *
   * @param policy - overrides the client's `query` policy
   * @returns this query
   * @throws InvalidArgError if a number or the expected duration is invalid
   */
  policy(policy: QueryPolicy): this
  /** Adds a hint to an error of a run, if there is one. */
  protected explained(error: unknown): unknown
}

/** Policy of a query that reads into columns. */
export interface QueryColumnsPolicy extends QueryPolicy {
  /**
   * Maximum number of rows in a chunk, 1 to 1048576; a chunk ends earlier if its strings and bytes exceed 16 MiB.
   * Default 8192.
   */
  chunkRows?: number | undefined
  /** Truncate integers that do not fit their column, instead of failing their row. Default false. */
  wrap?: boolean | undefined
}
/**
 * The chunks of columns of a query, for `for await`. Leaving the loop in any way ends the query on the servers, as do
 * `return()`, `await using` and a `signal`. Chunks that you already have remain valid.
 */
export declare class ColumnStream<S extends Schema = Schema>
  implements AsyncIterableIterator<Columns<S>>, AsyncDisposable
{
  #private;
  [Symbol.asyncIterator](): this
  /** Returns the next chunk. */
  next(): Promise<IteratorResult<Columns<S>, undefined>>
  /** Ends the query. */
  return(): Promise<IteratorResult<Columns<S>, undefined>>
  /** Ends the query. */
  [Symbol.asyncDispose](): Promise<void>
}
/** The chunks of columns of a blocking query, for `for`. */
export declare class ColumnStreamSync<S extends Schema = Schema> implements IterableIterator<Columns<S>>, Disposable {
  #private;
  [Symbol.iterator](): this
  /** Returns the next chunk. */
  next(): IteratorResult<Columns<S>, undefined>
  /** Ends the query. */
  return(): IteratorResult<Columns<S>, undefined>
  /** Ends the query. */
  [Symbol.dispose](): void
}

/**
 * A query of a set or of a whole namespace. Build it with its methods, then run it with `for await`, `results()` and
 * others, as often as you like. Without `where` it reads the whole set or namespace: a scan.
 *
 * The client reads ahead of a slow loop only up to a bounded buffer. Leaving the loop in any way ends the query on the
 * servers. Each record that exists for the whole run is returned exactly once, even if nodes leave or join the cluster;
 * otherwise the loop throws.
 *
 * @throws InvalidArgError, IndexNotFoundError, QueryError, ServerError, ClusterError, AerospikeTimeoutError, AbortError
 * @example
 * ```ts
 * for await (const { key, bins } of client.query('test', 'users').where(filter.range('age', 18, 30))) {
 *   console.log(String(key), bins)
 * }
 * ```
 */
export declare class Query<B = Bins> extends QueryBuilder<B> implements AsyncIterable<AerospikeRecord<B>> {
  #private;
  /** Runs the query, and iterates over the records. */
  [Symbol.asyncIterator](): RowStream<AerospikeRecord<B>>
  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the records as a stream: for `for await`, in arrays with `chunks()`, or in an `await using` declaration
   * @example
   * ```ts
   * for await (const records of client.query('test', 'users').stream().chunks()) console.log(records.length)
   * ```
   */
  stream(policy?: QueryPolicy | null): RowStream<AerospikeRecord<B>>
  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns all records, in an array, in no defined order
   * @example
   * ```ts
   * const records = await client.query<{ name: string }>('test', 'users').select('name').results()
   * ```
   */
  results(policy?: QueryPolicy | null): Promise<AerospikeRecord<B>[]>
  /**
   * Runs the query with `maxRecords: 1`.
   *
   * @param policy - overrides the query's policy for this run
   * @returns one record, or null if there is none; which one is not defined
   * @example
   * ```ts
   * const record = await client.query('test', 'users').first()
   * ```
   */
  first(policy?: QueryPolicy | null): Promise<AerospikeRecord<B> | null>
  /**
   * Runs the query, and counts the records. The servers send no bins, and no rows reach JavaScript.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the number of records
   * @example
   * ```ts
   * const adults = await client.query('test', 'users').where(filter.range('age', 18, 120)).count()
   * ```
   */
  count(policy?: QueryPolicy | null): Promise<number>
  /**
   * Runs the query, and calls a function with each record, one after the other.
   *
   * @param each - the function; a promise that it returns is awaited, and false ends the query
   * @param policy - overrides the query's policy for this run
   * @returns when the query has ended
   * @throws what `each` throws
   */
  forEach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): Promise<void>
  /**
   * Runs the query, and reads the records into columns: typed arrays that are views of one buffer, without an object
   * for each row. A value that does not fit its column fails its row, as in `batchReadColumns`. An empty result yields
   * no chunks.
   *
   * @param schema - bin name -> type of its column. The query reads only these bins, or the results of its operations
   *   under these names; servers leave out records that have none of them.
   * @param policy - overrides the query's policy; `chunkRows`: maximum number of rows in a chunk (default 8192); `wrap`
   * @returns the chunks, for `for await`
   * @throws InvalidArgError, at once, if the schema or the policy is invalid
   * @example
   * ```ts
   * for await (const { columns, length } of client.query('test', 'users').columns({ age: 'u8', name: 'utf8' })) {
   *   console.log(length, columns.age[0], columns.name.get(0))
   * }
   * ```
   */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStream<S>
  /**
   * Runs the query page by page. Between two pages, the servers hold no state. A page's cursor continues after it, in
   * this or another process.
   *
   * @param size - records per page, 1 or more; the last page can be shorter
   * @param cursor - `cursor` of an earlier page; null or undefined starts at the beginning
   * @param policy - overrides the query's policy; `maxRecords` limits all pages together
   * @returns the pages, for `for await`
   * @throws InvalidArgError, in the loop, if the size or the cursor is invalid
   * @example
   * ```ts
   * for await (const { records, cursor } of client.query('test', 'users').pages(100)) {
   *   console.log(records.length, cursor)
   * }
   * ```
   */
  pages(size: number, cursor?: string | null, policy?: QueryPolicy | null): AsyncGenerator<Page<B>, void, undefined>
  /**
   * Creates an aggregation: the servers apply a function of a registered module to their records, and the client
   * reduces the results with the same module.
   *
   * The client fetches the module from the servers for each run. The part that runs in the client has its own thread
   * and at most 256 MiB, and cannot access files or start programs. The aggregation runs when you ask for its results,
   * and is not retried if a node is lost.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the stream. Default: none
   * @param policy - overrides the query's policy for this run
   * @returns the aggregation, not yet run
   * @throws InvalidArgError, at once, if an argument is invalid, or if the query has `select`, `operations`,
   *   `partitions` or `maxRecords`
   * @example
   * ```ts
   * const total = await client.query('test', 'orders').aggregate<number>('stats', 'sum', ['price']).first()
   * ```
   */
  aggregate<T = ReadValue, A = Value>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: QueryPolicy | null,
  ): Aggregation<T>
  /**
   * Starts a background job that calls a user-defined function with each record, on the servers. No records are sent to
   * the client.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws UDFError, IndexNotFoundError; InvalidArgError if the query has `select`, `operations`, `partitions` or
   *   `maxRecords`. The error is in doubt if some of several nodes may have started the job.
   * @example
   * ```ts
   * const job = await client.query('test', 'users').apply('visits', 'add', [1])
   * await job.wait()
   * ```
   */
  apply<A>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: JobPolicy | null,
  ): Promise<JobTask>
  /**
   * Starts a background job that executes operations that write on each record, on the servers.
   *
   * @param operations - operations that write
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws IndexNotFoundError; InvalidArgError as for `apply`
   * @example
   * ```ts
   * const job = await client.query('test', 'users').where(filter.range('age', 0, 17)).operate([op.write('minor', true)])
   * await job.wait()
   * ```
   */
  operate(operations: readonly Operation[], policy?: JobPolicy | null): Promise<JobTask>
  /**
   * Runs the query as a Node.js stream in object mode. Destroying the stream ends the query; a `signal` destroys it
   * with AbortError.
   *
   * @param policy - overrides the query's policy for this run
   * @returns a readable stream of records
   */
  toReadable(policy?: QueryPolicy | null): Readable
}
export interface Query<B = Bins> extends QueryAliases<Query<B>> {}

/** A module with its source. */
export interface UdfModule {
  /** Name of the module on the server, with the extension `.lua`. */
  name: string
  /** Source of the module, as text or UTF-8 bytes. */
  source: string | Uint8Array
}
/** A module: the path of a file, a file URL, or name and source. */
export type UdfSource = string | URL | UdfModule
/** A registered module. */
export interface UdfInfo {
  /** Name of the module on the server, with the extension `.lua`. */
  readonly name: string
  /** Hash of the source. */
  readonly hash: string
  /** Language: `LUA`. */
  readonly type: string
}

/** Codes that apply to the whole cluster. */
declare const GLOBAL: readonly ['user-admin', 'sys-admin', 'data-admin', 'udf-admin', 'sindex-admin', 'masking-admin']
/** Codes that may be limited to a namespace or a set. */
declare const SCOPED: readonly [
  'read',
  'read-write',
  'read-write-udf',
  'write',
  'truncate',
  'read-masked',
  'write-masked',
]
/** A privilege that applies to the whole cluster; it cannot have a namespace or a set. */
export type GlobalPrivilegeCode = (typeof GLOBAL)[number]
/** A privilege that can be limited to a namespace or a set. */
export type ScopedPrivilegeCode = (typeof SCOPED)[number]
/** What a privilege allows; the `PRIV_*` constants. */
export type PrivilegeCode = GlobalPrivilegeCode | ScopedPrivilegeCode
/** A privilege, as roles list it. */
export interface Privilege {
  /** What it allows. A code that is newer than this package is `unknown-` and its number. */
  readonly code: PrivilegeCode | `unknown-${number}`
  /** Namespace to which it is limited. Absent: all namespaces. */
  readonly namespace?: string | undefined
  /** Set to which it is limited. Absent: all sets of the namespace. */
  readonly set?: string | undefined
}
/**
 * A privilege to grant or revoke: its code alone for the whole cluster, or limited to a namespace, or to a set of a
 * namespace.
 */
export type PrivilegeLike =
  | PrivilegeCode
  | {
      /** What it allows. */
      readonly code: PrivilegeCode
      /** Namespace to which it is limited. Default: all namespaces. */
      readonly namespace?: string | null | undefined
      /** Alias of `namespace`: the name in aerospike-py. */
      readonly ns?: string | null | undefined
      /** Set to which it is limited; needs a namespace. Default: all sets of the namespace. */
      readonly set?: string | null | undefined
    }
  | Privilege
/** What a user currently does, in records per second. */
export interface UsageInfo {
  /** Quota of the user's roles; 0: none. */
  readonly quota: number
  /** Rate of single-record commands. */
  readonly singleRecordTps: number
  /** Rate of records of scans and queries. */
  readonly scanQueryRps: number
  /** Number of running scans and queries that have no `recordsPerSecond`. */
  readonly limitlessScanQuery: number
}
/** A user. */
export interface UserInfo {
  /** Name of the user. */
  readonly user: string
  /** Names of the user's roles. */
  readonly roles: string[]
  /** Number of connections that the user has open to the node that answered. */
  readonly connsInUse: number
  /** Reads of the user; undefined if the server does not report it. */
  readonly readInfo: UsageInfo | undefined
  /** Writes of the user; undefined if the server does not report it. */
  readonly writeInfo: UsageInfo | undefined
}
/** A role. */
export interface RoleInfo {
  /** Name of the role. */
  readonly name: string
  /** What the role allows. */
  readonly privileges: Privilege[]
  /** Addresses and networks from which its users may connect. Empty: from anywhere. */
  readonly allowlist: string[]
  /** Maximum number of records that a user may read per second; 0: no limit. */
  readonly readQuota: number
  /** Maximum number of records that a user may write per second; 0: no limit. */
  readonly writeQuota: number
}
/** Limits of a role. */
export interface RoleLimits {
  /** Addresses and networks from which its users may connect, such as `'10.0.0.0/8'`. Default: from anywhere. */
  allowlist?: readonly string[] | undefined
  /** Maximum number of records that a user may read per second; 0: no limit. Default 0. */
  readQuota?: number | undefined
  /** Maximum number of records that a user may write per second; 0: no limit. Default 0. */
  writeQuota?: number | undefined
}

/** A node of the cluster. */
export interface ClusterNode {
  /** Name of the node, such as `BB9020011AC4202`. */
  readonly name: string
  /** Address of the node, as `host:port`. */
  readonly address: string
  /** Server version, such as `8.1.2.0`; null if the node did not answer. */
  readonly version: string | null
  /** Rack id by namespace; null if the node reports none. Racks need the Enterprise Edition. */
  readonly racks: {
    readonly [namespace: string]: number
  } | null
  /** This client's connections to the node. */
  readonly connections: ConnectionStats
  /** Why the node did not answer, or null. */
  readonly error: AerospikeError | null
}

/** Policy of reading columns. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Keep only the low bits of integers that do not fit their column, instead of failing their row. Default false. */
  wrap?: boolean | undefined
  /**
   * An earlier result that you no longer need. The new result reuses its memory if that is large enough. The views of the
   * earlier result are empty from the call on, even if the call fails. Nothing else may still be using its memory, such as a
   * write to a file or a socket. Default: allocate new memory.
   */
  into?: Columns<Schema> | undefined | null
}

/** A certificate or a key: the path or file URL of a PEM file, PEM text, or the bytes of a PEM file. */
export type PemSource = string | URL | Uint8Array

/** How connections are encrypted, and how both sides prove who they are. */
export interface TlsOptions {
  /** Certificate authorities that verify the servers. Default: those of the operating system. */
  ca?: PemSource | readonly PemSource[] | undefined
  /** Client certificate, followed by its intermediate certificates, for servers that require one (mTLS). */
  cert?: PemSource | undefined
  /** Private key of the client certificate. */
  key?: PemSource | undefined
  /** Password of the private key, if it is encrypted. */
  keyPassword?: string | undefined
  /**
   * The name that the certificate of each node must have. Default: the `tlsName` of the host, or its name; for nodes that
   * the cluster reports, the TLS name that it reports. A seed with a `tlsName` keeps it.
   */
  serverName?: string | undefined
  /** Refuse servers whose certificate cannot be verified. `false` encrypts, but trusts any server. Default true. */
  rejectUnauthorized?: boolean | undefined
  /**
   * Lowest accepted version. Default `TLSv1.2`.
   *
   * - `TLSv1.2`: accepts TLS 1.2 and 1.3.
   * - `TLSv1.3`: accepts only TLS 1.3.
   */
  minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /**
   * Encrypt only the login, and send all data in clear text to the port without TLS. Needs a user. Default false.
   */
  forLoginOnly?: boolean | undefined
}

/** Credentials that a provider returns. */
export interface Credentials {
  /** User name. */
  user: string
  /** Password of the user. */
  password: string
  /** When the credentials expire, as a Date or in milliseconds since 1970. Default: unknown. */
  expiresAt?: Date | number | undefined
}
/**
 * Returns the current credentials. It is called by `connect`, and again before the session or `expiresAt` expires: the
 * client then connects with the new credentials, and moves to the new connections. `ClientSync` needs a provider that
 * returns its result directly, not a promise.
 */
export type CredentialsProvider = () => Credentials | Promise<Credentials>

/**
 * Seed nodes: the hosts that a client contacts first.
 */
/**
 * A seed node. The client discovers the other nodes of the cluster from it. A string is `'host'`, `'host:port'` or
 * `'[ipv6]:port'`; the default port is 3000. A TLS name is the name in the node's certificate; see `tls`.
 */
export type Host =
  | string
  | readonly [host: string, port: number]
  | readonly [host: string, port: number, tlsName: string]
  | {
      readonly host: string
      readonly port?: number | undefined
      readonly tlsName?: string | undefined
    }

/** Which single-record calls share batch requests. */
export interface AutoBatch {
  /** Batch `get`, `getOrNull`, `select`, `exists` and `getMeta`. Default true. */
  reads?: boolean | undefined
  /**
   * Batch `put`, `removeBin`, `remove`, `touch`, `append`, `prepend`, `increment`, `operate`, `operateOrdered` and
   * `apply`, except calls with retries, compression or a transaction. Default false.
   */
  writes?: boolean | undefined
  /** Maximum number of calls in one batch, 2 to 5000. Default 256. */
  maxSize?: number | undefined
  /**
   * Milliseconds that a call waits for others even if no other call is running, 0 to 1000. 0: until the end of its
   * tick of the event loop. Default 0.
   */
  maxDelay?: number | undefined
}
/** Options that a single call takes, but not the defaults of a client. */
type CallOnly = keyof CallOptions | 'gen' | 'maxRecords' | 'tx'
/** Default policies of a client, by kind of call. */
export interface DefaultPolicies {
  /** Default policy of single-record reads. */
  read?: Omit<ReadPolicy, CallOnly> | undefined
  /** Default policy of single-record writes. */
  write?: Omit<WritePolicy, CallOnly> | undefined
  /** Default policy of batches. */
  batch?: Omit<BatchPolicy, CallOnly> | undefined
  /** Default policy of info requests and other administrative calls. */
  admin?: Omit<AdminPolicy, CallOnly> | undefined
  /** Default policy of queries and scans. */
  query?: Omit<QueryPolicy, CallOnly> | undefined
}
/** The fields of policies that may be set at the top level of a configuration. */
type ClientPolicyFields = Omit<WritePolicy & BatchPolicy & QueryPolicy, CallOnly>
/**
 * How to connect to a cluster, and the client's defaults. Policy fields at this level are defaults for every kind of
 * call that has them.
 */
export interface ClientConfig<M extends Int64 = Int64> extends ClientPolicyFields {
  /**
   * Connection URI: `aerospike://user:password@host:port,host/namespace?totalTimeout=500`. The other options of this
   * object take precedence over it. Default: the environment variable AEROSPIKE_URI, unless `hosts` is set.
   */
  uri?: string | undefined
  /** Seed nodes: `'host:port,host:port'` or a list. Default: those of the URI, or of AEROSPIKE_HOSTS. */
  hosts?: string | readonly Host[] | undefined
  /** Namespace of keys that name none: `['users', 'ada']`. Default: that of the URI; without one, a key names its own. */
  namespace?: string | undefined
  /**
   * Expected name of the cluster; `connect` fails if the cluster has another name. Default: that of the URI, or
   * AEROSPIKE_CLUSTER_NAME; without one, the name is not checked.
   */
  clusterName?: string | undefined
  /** User name. Default: that of the URI, or AEROSPIKE_USER; without one, no authentication. */
  user?: string | undefined
  /** Password of the user. Default: that of the URI, or AEROSPIKE_PASSWORD. */
  password?: string | undefined
  /** A function that returns the current credentials, in place of `user` and `password`. */
  credentials?: CredentialsProvider | undefined
  /**
   * How the user is authenticated. Default `internal`.
   *
   * - `internal`: by the server's own users; the password is sent as a hash.
   * - `external`: by an external system such as LDAP; the password is sent over TLS.
   * - `external-insecure`: by an external system, with the password sent in clear text.
   * - `pki`: by the client certificate of `tls`, whose subject names the user.
   */
  authMode?: 'internal' | 'external' | 'external-insecure' | 'pki' | undefined
  /** Encrypts the connections. `true` uses the certificate authorities of the system. Default: no TLS. */
  tls?: boolean | TlsOptions | undefined
  /** Milliseconds to open a connection. Default 1000. */
  timeout?: number | undefined
  /**
   * Milliseconds for the whole of `connect`. Default: `timeout` times the number of seeds, counted as at least three.
   */
  connectTimeout?: number | undefined
  /** Milliseconds for a login. Default 5000. */
  loginTimeout?: number | undefined
  /**
   * Milliseconds after which an unused connection is closed; 0: never. Keep it below the server's `proto-fd-idle-ms`. A
   * value from 1 to 999 emits a process warning, because it is probably meant in seconds. Default 55000.
   */
  idleTimeout?: number | undefined
  /** Connections to each node that are opened in advance. Default 0. */
  minConnsPerNode?: number | undefined
  /** Maximum number of connections to each node. Default 100. */
  maxConnsPerNode?: number | undefined
  /** Connection pools for each node, 1 to 255; more pools reduce contention on many cores. Default 1. */
  connPoolsPerNode?: number | undefined
  /**
   * Maximum number of connections to all nodes that are being opened at the same time, so that a restart does not flood
   * the cluster with logins and TLS handshakes. 0: no limit. Default 0.
   */
  openingConnectionThreshold?: number | undefined
  /** Milliseconds between checks of the cluster's state (tends), at least 250. Default 1000. */
  tendInterval?: number | undefined
  /**
   * Broken connections and overload errors of a node within a window, above which its circuit breaker opens: calls to
   * the node are rejected, or read from another node. 0: never. Default 100.
   */
  maxErrorRate?: number | undefined
  /** Length of that window, in tend intervals. Default 1. */
  errorRateWindow?: number | undefined
  /** Use the nodes' alternate addresses. Default false. */
  useServicesAlternate?: boolean | undefined
  /** Use only the seed nodes, and do not discover others. Default false. */
  seedOnlyCluster?: boolean | undefined
  /**
   * Whether `connect` rejects if no node answers within `connectTimeout`. With `false`, it resolves, and the client keeps
   * trying; until it has reached a node, calls fail with ClusterError and `isConnected()` returns false. A refused login
   * and a TLS failure reject in any case. Default true.
   */
  failIfNotConnected?: boolean | undefined
  /** Ids of the racks to prefer, in order; required by `replica: 'prefer-rack'`. */
  rackIds?: readonly number[] | undefined
  /** Maps addresses that the cluster reports to the addresses to use instead. */
  ipMap?:
    | {
        readonly [address: string]: string
      }
    | undefined
  /** Name of the application, for the server's logs. */
  appId?: string | undefined
  /**
   * Maximum number of commands in flight; others wait in order. Default: `maxConnsPerNode` times the nodes at the time
   * of `connect`.
   */
  maxConcurrentCommands?: number | undefined
  /**
   * Maximum number of commands that wait for their turn; further commands fail with BackpressureError. Default: no
   * limit.
   */
  maxQueuedCommands?: number | undefined
  /**
   * Lets single-record calls of one tick share batch requests. `true` batches reads (`get`, `getOrNull`, `select`,
   * `exists`, `getMeta`). Each call keeps its own result, error, deadline and abort signal. Default false. No effect on
   * `ClientSync`.
   */
  autoBatch?: boolean | AutoBatch | undefined
  /**
   * How integers are decoded. Default `auto`.
   *
   * - `auto`: `number` within ±(2^53 - 1), otherwise `bigint`.
   * - `bigint`: always `bigint`.
   * - `number`: always `number`; a record with an integer outside ±(2^53 - 1) fails with ClientError.
   */
  int64?: M | undefined
  /**
   * How maps are decoded. Default `auto`.
   *
   * - `auto`: a plain object if all keys are strings, otherwise a `Map`. An empty map is an object.
   * - `map`: always a `Map`.
   * - `object`: always a plain object. Integer keys become decimal text, bytes hexadecimal text; if two keys have the
   *   same text, the record fails with ClientError.
   */
  maps?: 'auto' | 'map' | 'object' | undefined
  /** Default policies by kind of call; they override the fields at the top level. */
  policies?: DefaultPolicies | undefined
}

/**
 * The constants of aerospike-py for lists, maps, bits and HyperLogLogs, under the same names. Flags that you combine with `|`
 * are the server's numbers, the same in every client. All other constants are strings, so that an index, count or size
 * cannot be mistaken for one.
 */
/** Return nothing. */
export declare const LIST_RETURN_NONE = 'none'
/** Return the index, or indexes. */
export declare const LIST_RETURN_INDEX = 'index'
/** Return the index counted from the end. */
export declare const LIST_RETURN_REVERSE_INDEX = 'reverse-index'
/** Return the rank; 0 is the smallest value. */
export declare const LIST_RETURN_RANK = 'rank'
/** Return the rank counted from the greatest value. */
export declare const LIST_RETURN_REVERSE_RANK = 'reverse-rank'
/** Return the number of selected items. */
export declare const LIST_RETURN_COUNT = 'count'
/** Return the value, or a list of values. */
export declare const LIST_RETURN_VALUE = 'value'
/** Return whether anything was selected. */
export declare const LIST_RETURN_EXISTS = 'exists'
/** Items keep the order in which they were written (default). */
export declare const LIST_UNORDERED = 'unordered'
/** Items are kept sorted. */
export declare const LIST_ORDERED = 'ordered'
/** Sort ascending. */
export declare const LIST_SORT_DEFAULT = 0
/** Sort descending. */
export declare const LIST_SORT_DESCENDING = 1
/** Drop duplicates while sorting. */
export declare const LIST_SORT_DROP_DUPLICATES = 2
/** Allow duplicates, and items beyond the end (default). */
export declare const LIST_WRITE_DEFAULT = 0
/** Write only values that the list does not contain. */
export declare const LIST_WRITE_ADD_UNIQUE = 1
/** Write only at indexes within the list. */
export declare const LIST_WRITE_INSERT_BOUNDED = 2
/** Do nothing instead of failing if a flag forbids a write. */
export declare const LIST_WRITE_NO_FAIL = 4
/** With NO_FAIL: of several items, write those that no flag forbids. */
export declare const LIST_WRITE_PARTIAL = 8
/** Return nothing. */
export declare const MAP_RETURN_NONE = 'none'
/** Return the index in the order of keys. */
export declare const MAP_RETURN_INDEX = 'index'
/** Return the index counted from the greatest key. */
export declare const MAP_RETURN_REVERSE_INDEX = 'reverse-index'
/** Return the rank; 0 is the smallest value. */
export declare const MAP_RETURN_RANK = 'rank'
/** Return the rank counted from the greatest value. */
export declare const MAP_RETURN_REVERSE_RANK = 'reverse-rank'
/** Return the number of selected entries. */
export declare const MAP_RETURN_COUNT = 'count'
/** Return the key, or a list of keys. */
export declare const MAP_RETURN_KEY = 'key'
/** Return the value, or a list of values. */
export declare const MAP_RETURN_VALUE = 'value'
/** Return `[key, value]` pairs in the server's order. */
export declare const MAP_RETURN_KEY_VALUE = 'key-value'
/** Return whether anything was selected. */
export declare const MAP_RETURN_EXISTS = 'exists'
/** Return an unordered map. */
export declare const MAP_RETURN_UNORDERED_MAP = 'unordered-map'
/** Return a map ordered by key. */
export declare const MAP_RETURN_ORDERED_MAP = 'ordered-map'
/** Entries have no order (default). */
export declare const MAP_UNORDERED = 'unordered'
/** Entries are kept in the order of their keys. */
export declare const MAP_KEY_ORDERED = 'key-ordered'
/** Entries are kept in the order of their keys, and ranks in the order of values. */
export declare const MAP_KEY_VALUE_ORDERED = 'key-value-ordered'
/** Create or replace entries (default). */
export declare const MAP_WRITE_FLAGS_DEFAULT = 0
/** Write only keys that the map does not contain. */
export declare const MAP_WRITE_FLAGS_CREATE_ONLY = 1
/** Write only keys that the map contains. */
export declare const MAP_WRITE_FLAGS_UPDATE_ONLY = 2
/** Do nothing instead of failing if a flag forbids a write. */
export declare const MAP_WRITE_FLAGS_NO_FAIL = 4
/** With NO_FAIL: of several entries, write those that no flag forbids. */
export declare const MAP_WRITE_FLAGS_PARTIAL = 8
/** Write mode: create or replace entries (default). */
export declare const MAP_UPDATE = 'update'
/** Write mode: only replace existing entries. */
export declare const MAP_UPDATE_ONLY = 'update-only'
/** Write mode: only create new entries. */
export declare const MAP_CREATE_ONLY = 'create-only'
/** Create or modify the bin (default). */
export declare const BIT_WRITE_DEFAULT = 0
/** Write only if the bin does not exist. */
export declare const BIT_WRITE_CREATE_ONLY = 1
/** Write only if the bin exists. */
export declare const BIT_WRITE_UPDATE_ONLY = 2
/** Do nothing instead of failing if a flag forbids the write. */
export declare const BIT_WRITE_NO_FAIL = 4
/** With NO_FAIL: modify the bits that exist. */
export declare const BIT_WRITE_PARTIAL = 8
/** Add or remove bytes at the end (default). */
export declare const BIT_RESIZE_DEFAULT = 'default'
/** Add or remove bytes at the front. */
export declare const BIT_RESIZE_FROM_FRONT = 'from-front'
/** Only grow. */
export declare const BIT_RESIZE_GROW_ONLY = 'grow-only'
/** Only shrink. */
export declare const BIT_RESIZE_SHRINK_ONLY = 'shrink-only'
/** Fail if the result does not fit its bits (default). */
export declare const BIT_OVERFLOW_FAIL = 'fail'
/** Use the nearest number that fits. */
export declare const BIT_OVERFLOW_SATURATE = 'saturate'
/** Wrap around. */
export declare const BIT_OVERFLOW_WRAP = 'wrap'
/** Create or modify the bin (default). */
export declare const HLL_WRITE_DEFAULT = 0
/** Write only if the bin does not exist. */
export declare const HLL_WRITE_CREATE_ONLY = 1
/** Write only if the bin exists. */
export declare const HLL_WRITE_UPDATE_ONLY = 2
/** Do nothing instead of failing if a flag forbids the write. */
export declare const HLL_WRITE_NO_FAIL = 4
/** Allow the result to have the smallest number of index bits of all inputs. */
export declare const HLL_WRITE_ALLOW_FOLD = 8

/**
 * Privileges of roles: their codes, and which of them may be limited to a namespace or a set.
 */
/** Manage users and roles. Global. */
export declare const PRIV_USER_ADMIN = 'user-admin'
/** Administer the cluster, except for users and roles. Global. */
export declare const PRIV_SYS_ADMIN = 'sys-admin'
/** Manage indexes and UDF modules, truncate, and abort jobs. Global. */
export declare const PRIV_DATA_ADMIN = 'data-admin'
/** Register and remove UDF modules. Global. */
export declare const PRIV_UDF_ADMIN = 'udf-admin'
/** Create and remove secondary indexes. Global. */
export declare const PRIV_SINDEX_ADMIN = 'sindex-admin'
/** Define which data is masked. Global. */
export declare const PRIV_MASKING_ADMIN = 'masking-admin'
/** Read records. */
export declare const PRIV_READ = 'read'
/** Read and write records. */
export declare const PRIV_READ_WRITE = 'read-write'
/** Read and write records, also with user-defined functions. */
export declare const PRIV_READ_WRITE_UDF = 'read-write-udf'
/** Write records, but not read them. */
export declare const PRIV_WRITE = 'write'
/** Truncate sets and namespaces. */
export declare const PRIV_TRUNCATE = 'truncate'
/** Read masked data unmasked. */
export declare const PRIV_READ_MASKED = 'read-masked'
/** Write masked data. */
export declare const PRIV_WRITE_MASKED = 'write-masked'

/**
 * The constants of aerospike-py, under the same names. A constant for an option is the string of that option, because the
 * numbers do not mean the same in every Aerospike client.
 */
/** Store only the digest of a key (default). */
export declare const POLICY_KEY_DIGEST = 'digest'
/** Send the user key and store it. */
export declare const POLICY_KEY_SEND = 'send'
/** Write whether or not the record exists (default). */
export declare const POLICY_EXISTS_IGNORE = 'ignore'
/** Create the record or update its bins: the same as IGNORE. */
export declare const POLICY_EXISTS_UPDATE = 'update'
/** Fail unless the record exists. */
export declare const POLICY_EXISTS_UPDATE_ONLY = 'update-only'
/** Create the record or replace all of its bins. */
export declare const POLICY_EXISTS_REPLACE = 'replace'
/** Replace all bins; fail unless the record exists. */
export declare const POLICY_EXISTS_REPLACE_ONLY = 'replace-only'
/** Fail if the record exists. */
export declare const POLICY_EXISTS_CREATE_ONLY = 'create-only'
/** Ignore the generation (default). */
export declare const POLICY_GEN_IGNORE = 'ignore'
/** Write only if the generation equals the given one. */
export declare const POLICY_GEN_EQ = 'eq'
/** Write only if the given generation is greater than the record's. */
export declare const POLICY_GEN_GT = 'gt'
/** Read from the master. */
export declare const POLICY_REPLICA_MASTER = 'master'
/** Try the master first, then on retries the replicas in turn (default). */
export declare const POLICY_REPLICA_SEQUENCE = 'sequence'
/** Prefer nodes of the client's own rack. */
export declare const POLICY_REPLICA_PREFER_RACK = 'prefer-rack'
/** Respond after all replicas have applied the write (default). */
export declare const POLICY_COMMIT_LEVEL_ALL = 'all'
/** Respond after the master has applied the write. */
export declare const POLICY_COMMIT_LEVEL_MASTER = 'master'
/** Read from one node (default). */
export declare const POLICY_READ_MODE_AP_ONE = 'one'
/** Compare the versions of the record on all nodes before responding. */
export declare const POLICY_READ_MODE_AP_ALL = 'all'
/** Use the default TTL of the namespace. */
export declare const TTL_NAMESPACE_DEFAULT = 0
/** Never expire. */
export declare const TTL_NEVER_EXPIRE = -1
/** Write without changing the TTL. */
export declare const TTL_DONT_UPDATE = -2
/** Use the TTL of the client's default write policy. */
export declare const TTL_CLIENT_DEFAULT = -3
/** The server checks user and password. */
export declare const AUTH_INTERNAL = 'internal'
/** An external directory checks user and password; needs TLS. */
export declare const AUTH_EXTERNAL = 'external'
/** Like `external`, but without TLS: for tests only. */
export declare const AUTH_EXTERNAL_INSECURE = 'external-insecure'
/** The client certificate of the TLS connection names the user. */
export declare const AUTH_PKI = 'pki'
/** Read a bin, or all bins if you name none. */
export declare const OPERATOR_READ: 1
/** Write a bin. */
export declare const OPERATOR_WRITE: 2
/** Add to a number. */
export declare const OPERATOR_INCR: 5
/** Append to a string or bytes. */
export declare const OPERATOR_APPEND: 9
/** Prepend to a string or bytes. */
export declare const OPERATOR_PREPEND: 10
/** Reset the record's TTL. */
export declare const OPERATOR_TOUCH: 11
/** Delete the record. */
export declare const OPERATOR_DELETE: 14
/** An index on integers. */
export declare const INDEX_NUMERIC = 'numeric'
/** An index on strings. */
export declare const INDEX_STRING = 'string'
/** An index on blobs. */
export declare const INDEX_BLOB = 'blob'
/** An index on GeoJSON. */
export declare const INDEX_GEO2DSPHERE = 'geo2dsphere'
/** An index on the value of a bin. */
export declare const INDEX_TYPE_DEFAULT = 'default'
/** An index on the items of a list bin. */
export declare const INDEX_TYPE_LIST = 'list'
/** An index on the keys of a map bin. */
export declare const INDEX_TYPE_MAPKEYS = 'mapkeys'
/** An index on the values of a map bin. */
export declare const INDEX_TYPE_MAPVALUES = 'mapvalues'

/** Log nothing. */
export declare const LOG_LEVEL_OFF = 'off'
/** Log only errors. */
export declare const LOG_LEVEL_ERROR = 'error'
/** Log warnings and errors. */
export declare const LOG_LEVEL_WARN = 'warn'
/** Also log infrequent events (default). */
export declare const LOG_LEVEL_INFO = 'info'
/** Also log failures of single commands. */
export declare const LOG_LEVEL_DEBUG = 'debug'
/** Log everything, including responses to info commands. */
export declare const LOG_LEVEL_TRACE = 'trace'
/** Success. Result codes >= 0 are the server's, those < 0 the client's. */
export declare const AEROSPIKE_OK = 0
/** The server failed for a reason without a code of its own. */
export declare const AEROSPIKE_ERR_SERVER: 1
/** The record does not exist. */
export declare const AEROSPIKE_ERR_RECORD_NOT_FOUND: 2
/** The record has another generation than required. */
export declare const AEROSPIKE_ERR_RECORD_GENERATION: 3
/** The server rejected an argument. */
export declare const AEROSPIKE_ERR_PARAM: 4
/** The record already exists. */
export declare const AEROSPIKE_ERR_RECORD_EXISTS: 5
/** The bin already exists. */
export declare const AEROSPIKE_ERR_BIN_EXISTS: 6
/** The partition has moved to another node. */
export declare const AEROSPIKE_ERR_CLUSTER_KEY_MISMATCH: 7
/** The server is out of memory. */
export declare const AEROSPIKE_ERR_SERVER_MEM: 8
/** A deadline passed. */
export declare const AEROSPIKE_ERR_TIMEOUT: 9
/** The operation is never allowed in this configuration. */
export declare const AEROSPIKE_ERR_ALWAYS_FORBIDDEN: 10
/** The partition is unavailable. */
export declare const AEROSPIKE_ERR_PARTITION_UNAVAILABLE: 11
/** The bin holds a value of another type. */
export declare const AEROSPIKE_ERR_BIN_TYPE: 12
/** The record would exceed the size limit. */
export declare const AEROSPIKE_ERR_RECORD_TOO_BIG: 13
/** Too many commands access the record at the same time. */
export declare const AEROSPIKE_ERR_KEY_BUSY: 14
/** A scan was aborted. */
export declare const AEROSPIKE_ERR_SCAN_ABORT: 15
/** The server does not support the feature. */
export declare const AEROSPIKE_ERR_UNSUPPORTED_FEATURE: 16
/** The bin does not exist. */
export declare const AEROSPIKE_ERR_BIN_NOT_FOUND: 17
/** The node's storage cannot keep up with writes. */
export declare const AEROSPIKE_ERR_DEVICE_OVERLOAD: 18
/** The stored user key differs from the one sent. */
export declare const AEROSPIKE_ERR_KEY_MISMATCH: 19
/** The namespace does not exist. */
export declare const AEROSPIKE_ERR_INVALID_NAMESPACE: 20
/** The server rejected the name of a bin. */
export declare const AEROSPIKE_ERR_BIN_NAME: 21
/** The operation is not allowed at this time. */
export declare const AEROSPIKE_ERR_FAIL_FORBIDDEN: 22
/** The element of a list or map does not exist. */
export declare const AEROSPIKE_ERR_ELEMENT_NOT_FOUND: 23
/** The element of a map already exists. */
export declare const AEROSPIKE_ERR_ELEMENT_EXISTS: 24
/** The feature needs the Enterprise Edition. */
export declare const AEROSPIKE_ERR_ENTERPRISE_ONLY: 25
/** The operation cannot be applied to the current value of the bin. */
export declare const AEROSPIKE_ERR_OP_NOT_APPLICABLE: 26
/** The filter expression is false for the record. */
export declare const AEROSPIKE_ERR_FILTERED_OUT: 27
/** The write lost a conflict with a write of another datacenter (XDR). */
export declare const AEROSPIKE_ERR_LOST_CONFLICT: 28
/** End of the results of a query about users or roles. */
export declare const AEROSPIKE_QUERY_END: 50
/** The server does not support security. */
export declare const AEROSPIKE_SECURITY_NOT_SUPPORTED: 51
/** Security is not enabled on the server. */
export declare const AEROSPIKE_SECURITY_NOT_ENABLED: 52
/** The user does not exist, or its name is invalid. */
export declare const AEROSPIKE_ERR_INVALID_USER: 60
/** The connection is not authenticated. */
export declare const AEROSPIKE_ERR_NOT_AUTHENTICATED: 80
/** The roles of the user lack a privilege. */
export declare const AEROSPIKE_ERR_ROLE_VIOLATION: 81
/** A user-defined function failed. */
export declare const AEROSPIKE_ERR_UDF: 100
/** Batch requests are disabled. */
export declare const AEROSPIKE_ERR_BATCH_DISABLED: 150
/** A secondary index of this name already exists. */
export declare const AEROSPIKE_ERR_INDEX_FOUND: 200
/** The secondary index does not exist. */
export declare const AEROSPIKE_ERR_INDEX_NOT_FOUND: 201
/** A query was aborted. */
export declare const AEROSPIKE_ERR_QUERY_ABORTED: 210
/** A failure of the client without a code of its own. */
export declare const AEROSPIKE_ERR_CLIENT: -1
/** A host is invalid, or has no address. */
export declare const AEROSPIKE_ERR_INVALID_HOST: -4
/** No more connections to the node are possible. */
export declare const AEROSPIKE_ERR_NO_MORE_CONNECTIONS: -7
/** A connection failed. */
export declare const AEROSPIKE_ERR_CONNECTION: -10
/** There is no usable node. */
export declare const AEROSPIKE_ERR_CLUSTER: -11

/**
 * The return types of selections in lists and maps, for operations and expressions. They are strings and not the server's
 * numbers, so that a count, an index or a rank cannot be mistaken for one.
 */
/** The server's number for each return type. */
declare const NUMBERS: {
  readonly none: 0
  readonly index: 1
  readonly 'reverse-index': 2
  readonly rank: 3
  readonly 'reverse-rank': 4
  readonly count: 5
  readonly key: 6
  readonly value: 7
  readonly 'key-value': 8
  readonly exists: 13
  readonly 'unordered-map': 16
  readonly 'ordered-map': 17
}
/**
 * What an operation or expression returns for the map entries that it selects: one of `maps.returnType`.
 *
 * - `none`: nothing.
 * - `index`, `reverse-index`: the index in the order of keys, counted from the smallest or from the greatest key.
 * - `rank`, `reverse-rank`: the rank in the order of values, counted from the smallest or from the greatest value.
 * - `count`: the number of selected entries.
 * - `key`, `value`: the key or the value, or a list of them.
 * - `key-value`: `[key, value]` pairs, in the server's order.
 * - `exists`: whether anything was selected.
 * - `unordered-map`, `ordered-map`: a map, unordered or in the order of its keys (server 6.0 and later).
 */
export type MapReturnType = keyof typeof NUMBERS
/**
 * What an operation or expression returns for the list items that it selects: one of `lists.returnType`. The words mean
 * the same as for maps; `index` is the position of the item in the list.
 */
export type ListReturnType = Exclude<MapReturnType, 'key' | 'key-value' | 'unordered-map' | 'ordered-map'>
/** A return type whose selection is inverted: it returns everything that the range does not select. */
export type InvertedReturnType<R extends MapReturnType> = `inverted-${R}`
/** Any return type, inverted or not. */
export type AnyReturnType = MapReturnType | InvertedReturnType<MapReturnType>
/** A return type without its inversion. */
type NotInverted<R extends AnyReturnType> = R extends InvertedReturnType<infer Base> ? Base : R

/** A map key as the client reads it. */
export type ReadKey = string | number | bigint | Buffer
/** A map as the client reads it. */
export type ReadMap =
  | Map<ReadKey, ReadValue>
  | {
      [key: string]: ReadValue
    }
/** For each return type: the result for one selected item, and for several. */
interface Returned {
  none: [null, null]
  index: [number, number[]]
  'reverse-index': [number, number[]]
  rank: [number, number[]]
  'reverse-rank': [number, number[]]
  count: [number, number]
  key: [ReadKey, ReadKey[]]
  value: [ReadValue, ReadValue[]]
  'key-value': [[ReadKey, ReadValue][], [ReadKey, ReadValue][]]
  exists: [boolean, boolean]
  'unordered-map': [ReadMap, ReadMap]
  'ordered-map': [ReadMap, ReadMap]
}
/**
 * The result for one selected item. Of an item that does not exist, indexes and ranks are -1, and the others null; without
 * the bin, all are null.
 */
type OneReturned<R extends MapReturnType> = Returned[R][0] | null
/** The result for several selected items; null if the bin does not exist. */
type ManyReturned<R extends AnyReturnType> = Returned[NotInverted<R>][1] | null
/** What can be added to a bin. */
export type Addend = number | bigint | Double
/**
 * The value of a bin to which an `N` was added. A bigint and a whole number can be added only to an integer, a fraction and
 * a Double only to a double. Integers are read as `I`.
 */
export type Sum<N, I extends Integer = number | bigint> = N extends Double
  ? number
  : N extends bigint
    ? I
    : N extends number
      ? number extends N
        ? I | number
        : `${N}` extends `${bigint}`
          ? I
          : number
      : never
/** The value of a bin to which a `T` was appended or prepended. */
type Joined<T> = T extends string ? string : T extends Uint8Array ? Buffer : never
/**
 * The result type `A` for a client that reads integers as `I`. With `int64: 'bigint'` even sizes are bigint, while doubles
 * are numbers.
 */
type ReadAs<A, I extends Integer> = [Integer] extends [I]
  ? A
  : [ReadValue] extends [A]
    ? A
    : [I] extends [number]
      ? Exclude<A, bigint>
      : A extends number
        ? Integer
        : A extends number[]
          ? Integer[]
          : A
interface Evaluations {
  nil: null
  bool: boolean
  int: number | bigint
  float: number
  string: string
  list: ReadValue[]
  map: ReadMap
  blob: Buffer
  geo: GeoJSON
  hll: HyperLogLog
  any: ReadValue
}
/** The value of an expression; with flags other than DEFAULT it can be null. */
type Evaluated<T extends ResultType, F extends number> = Evaluations[T] | (F extends 0 ? never : null)
/** The result of one operation: null if it finds nothing, `never` if it returns no result. */
type AnswerOf<O> =
  O extends BuiltOperation<string, infer A>
    ? A
    : O extends ScalarOperation<infer C>
      ? typeof OPERATOR_READ extends C
        ? ReadValue
        : never
      : never
/** The bin that an operation names; `string` if it names no bin, or one that is known only at run time. */
type NameIn<O> =
  O extends BuiltOperation<infer B>
    ? B
    : O extends ScalarOperation<number, infer B>
      ? B extends string
        ? B
        : string
      : string
/** The bins of the operations that can return a value. */
type Answered<O> = O extends unknown ? ([Exclude<AnswerOf<O>, null>] extends [never] ? never : NameIn<O>) : never
/** The bins of the operations that always return a value. */
type Certain<O> = O extends unknown
  ? null extends AnswerOf<O>
    ? never
    : [AnswerOf<O>] extends [never]
      ? never
      : NameIn<O>
  : never
type Neutral = typeof OPERATOR_READ | typeof OPERATOR_READ_HEADER | typeof OPERATOR_TOUCH
type Joining = typeof OPERATOR_APPEND | typeof OPERATOR_PREPEND
/** The type of a bin, inferred from the other operations on it: for example, a number if something is added to it. */
type Held<O, I extends Integer> = [O] extends [ScalarOperation<Neutral>]
  ? ReadValue
  : [O] extends [ScalarOperation<Neutral | typeof OPERATOR_INCR>]
    ? Changed<O, I>
    : [O] extends [ScalarOperation<Neutral | Joining>]
      ? Changed<O, I>
      : ReadValue
/** The types that the changes of a bin leave in it. */
type Changed<O, I extends Integer> =
  O extends ScalarOperation<typeof OPERATOR_INCR, string, infer N>
    ? Sum<N, I>
    : O extends ScalarOperation<Joining, string, infer T>
      ? Joined<T>
      : never
/**
 * The bins that have a value for certain after the operation `O`, if the bins `H` have one before. Adding and appending
 * create a bin; any other change may remove it.
 */
type HeldAfter<O, H> =
  O extends ScalarOperation<typeof OPERATOR_INCR | Joining>
    ? H | (string extends NameIn<O> ? never : NameIn<O>)
    : O extends ScalarOperation<Neutral>
      ? H
      : Exclude<H, NameIn<O>>
/** The bins of plain reads that always return a value: an operation before the read has created the bin. */
type CertainReads<O extends readonly unknown[], H = never, Done = never> = O extends readonly [infer F, ...infer R]
  ? CertainReads<
      R,
      HeldAfter<F, H>,
      F extends ScalarOperation<typeof OPERATOR_READ, infer B> ? Done | Extract<B, H> : Done
    >
  : Done
/** The operations on a bin, including those on the whole record, and changes of a bin that is known only at run time. */
type On<B, O> = O extends {
  readonly bin?: B | undefined
}
  ? O
  : O extends ScalarOperation<typeof OPERATOR_DELETE>
    ? O
    : O extends ScalarOperation<Neutral>
      ? never
      : string extends NameIn<O>
        ? O
        : never
type ValueIn<B extends string, O, All, I extends Integer> =
  O extends ScalarOperation<typeof OPERATOR_READ, B>
    ? Held<On<B, All>, I>
    : O extends {
          readonly bin?: B | undefined
        }
      ? ReadAs<AnswerOf<O>, I>
      : never
/** The bins that are always present. Only a tuple names its operations for certain; an array may lack any of them. */
type CertainIn<O extends readonly unknown[]> = number extends O['length'] ? never : Certain<O[number]> | CertainReads<O>
/**
 * The bins of the result of `operate`, inferred from its operations. The bin of an operation that always returns a value is
 * required, the others are optional. The type is `Bins` if a bin name is known only at run time. `I` is the type of the
 * integers that the client reads.
 */
export type Answers<O extends readonly Operation[], I extends Integer = number | bigint> =
  string extends Answered<O[number]>
    ? Bins
    : {
          [B in CertainIn<O>]: Exclude<ValueIn<B, O[number], O[number], I>, null>
        } & {
          [B in Exclude<Answered<O[number]>, CertainIn<O>>]?: Exclude<ValueIn<B, O[number], O[number], I>, null>
        } extends infer T
      ? {
          [K in keyof T]: T[K]
        }
      : never
declare const INFERRED: unique symbol
/** Marker: infer the types of the bins from the operations. */
interface Inferred {
  readonly [INFERRED]: never
}
/** The bins of the result of `operate`: the caller's type, or the one inferred from the operations. */
type BinsOf<B, O extends readonly Operation[], I extends Integer = number | bigint> = [B] extends [Inferred]
  ? Answers<O, I>
  : B
/** The result of a plain read by `operateOrdered`, if the bins `H` have a value for certain. */
type ReadIn<B, H, All, I extends Integer> = B extends H ? Held<On<B, All>, I> : ReadValue
type Ordered<
  O extends readonly unknown[],
  I extends Integer,
  All,
  H = never,
  Done extends readonly unknown[] = [],
> = O extends readonly [infer F, ...infer R]
  ? [AnswerOf<F>] extends [never]
    ? Ordered<R, I, All, HeldAfter<F, H>, Done>
    : F extends BuiltOperation
      ? Ordered<R, I, All, HeldAfter<F, H>, [...Done, [bin: NameIn<F>, value: ReadAs<AnswerOf<F>, I>]]>
      : F extends ScalarOperation<typeof OPERATOR_READ, string>
        ? Ordered<R, I, All, H, [...Done, [bin: NameIn<F>, value: ReadIn<NameIn<F>, H, All, I>]]>
        : Ordered<R, I, All, H, [...Done, ...[bin: string, value: ReadValue][]]>
  : Done
/** The result of `operateOrdered`, inferred from its operations: `[bin, value]` for each that returns a result. */
export type OrderedAnswers<
  O extends readonly Operation[],
  I extends Integer = number | bigint,
> = number extends O['length'] ? [bin: string, value: ReadValue][] : Ordered<O, I, O[number]>

/** The node that an event is about. */
export interface EventNode {
  /** Name of the node, such as `BB9020011AC4202`. */
  readonly name: string
  /** Address of the node, as `host:port`. */
  readonly address: string
}
/** A node that did not answer a tend (the regular check of the cluster's state). */
export interface TendFailure extends EventNode {
  /** Number of failures in a row. After five, the client removes the node, unless another node still lists it. */
  readonly failures: number
}
/**
 * The events of `Client`, with the arguments of their listeners. The client polls the cluster's state only while a
 * listener is attached.
 *
 * @example
 * ```ts
 * client.on('nodeRemoved', ({ name, address }) => console.warn('node removed', name, address))
 * client.on('disconnected', () => console.warn('no node left'))
 * ```
 */
export interface ClusterEvents {
  /** A node joined the cluster, or came back. Not emitted for the nodes that `connect` finds. */
  nodeAdded: [node: EventNode]
  /** A node left the cluster. */
  nodeRemoved: [node: EventNode]
  /** The last node is gone. The client continues to try its seeds. */
  disconnected: []
  /** A node is available again. */
  reconnected: []
  /** A node did not answer a tend. */
  tendError: [failure: TendFailure]
}
/** The `EventEmitter` of `Client`, with the types of `ClusterEvents`. */
declare abstract class ClusterEmitter extends EventEmitter<ClusterEvents> {}

/** The single-record methods of `Client`. */
declare abstract class Records<out I extends Integer = number | bigint> extends ClusterEmitter {
  /**
   * Creates the record, or merges these bins into it. Other bins of the record are unchanged.
   *
   * @param key - `[namespace, set, userKey]`, or a `Key`
   * @param bins - bin name -> value: at least 1 bin, names of 1 to 15 bytes; `null` removes the bin
   * @param meta - `gen`: write only if the record has this generation; `ttl`: time to live in seconds
   * @param policy - overrides the client's `write` policy for this call
   * @returns when the server has acknowledged the write
   * @throws InvalidArgError if an argument is invalid; RecordExistsError or RecordNotFoundError if `policy.exists`
   *   rules the write out; RecordGenerationError if the generation differs; RecordTooBigError if the record exceeds the
   *   server's limit; FilteredOutError if the filter expression is false. Every call can also fail with
   *   AerospikeTimeoutError, ClusterError, ServerError, AbortError or BackpressureError.
   * @example
   * ```ts
   * await client.put(['test', 'users', 'ada'], { name: 'Ada', visits: 1 }, { ttl: 3600 })
   * ```
   */
  put<T extends object>(
    key: KeyLike,
    bins: StorableBins<T>,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Reads a record with all of its bins. Their type `B` is not checked: it is what you know of the record.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record: `bins`, `gen` (generation), `ttl` (seconds) and `key`
   * @throws RecordNotFoundError if the record does not exist; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins, gen } = await client.get<{ name: string; visits: number }>(['test', 'users', 'ada'])
   * console.log(bins.name, gen)
   * ```
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord<B>>
  /**
   * Reads a record with all of its bins, or returns null if it does not exist.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record, or null if it does not exist
   * @throws FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const record = await client.getOrNull(['test', 'users', 'ada'])
   * if (record !== null) console.log(record.bins)
   * ```
   */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord<B> | null>
  /**
   * Reads some bins of a record. Their type `B` is not checked. The names must be bins of `B`; state the type of those
   * that you read, such as `Pick<User, 'name'>`.
   *
   * @param key - the record's key
   * @param bins - names of the bins to read; with an empty list, only generation and TTL are returned
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record; bins that it does not have are absent from `bins`
   * @throws RecordNotFoundError if the record does not exist; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins } = await client.select<{ name?: string }>(['test', 'users', 'ada'], ['name'])
   * ```
   */
  select<B = Bins>(key: KeyLike, bins: readonly BinName<B>[], policy?: ReadPolicy): Promise<AerospikeRecord<B>>
  /**
   * Checks whether a record exists, without reading its bins.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns true if the record exists
   * @example
   * ```ts
   * if (await client.exists(['test', 'users', 'ada'])) console.log('found')
   * ```
   */
  exists(key: KeyLike, policy?: ReadPolicy): Promise<boolean>
  /**
   * Reads the generation and TTL of a record, without its bins.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns `gen` and `ttl` (seconds), or null if the record does not exist
   * @example
   * ```ts
   * const meta = await client.getMeta(['test', 'users', 'ada'])
   * console.log(meta?.gen, meta?.ttl)
   * ```
   */
  getMeta(key: KeyLike, policy?: ReadPolicy): Promise<RecordMeta | null>
  /**
   * Deletes a record.
   *
   * @param key - the record's key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - overrides the client's `write` policy for this call
   * @returns when the server has acknowledged the delete
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * await client.remove(['test', 'users', 'ada'])
   * ```
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void>
  /**
   * Resets a record's time to live. Its bins are unchanged.
   *
   * @param key - the record's key
   * @param ttl - time to live in seconds; overrides `meta.ttl`. Default: that of the policy, else that of the namespace
   * @param meta - `gen`: touch only if the record has this generation
   * @param policy - overrides the client's `write` policy for this call
   * @returns when the server has acknowledged the write
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * await client.touch(['test', 'users', 'ada'], 7200)
   * ```
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void>
  /**
   * Appends to a string or blob bin. A missing bin or record is created.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param value - what to append: a string to a string bin, bytes to a blob bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns when the server has acknowledged the write
   * @throws BinTypeError if the bin holds a value of another type
   * @example
   * ```ts
   * await client.append(['test', 'users', 'ada'], 'name', ' Lovelace')
   * ```
   */
  append(
    key: KeyLike,
    bin: string,
    value: string | Uint8Array,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Prepends to a string or blob bin. A missing bin or record is created.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param value - what to prepend: a string to a string bin, bytes to a blob bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns when the server has acknowledged the write
   * @throws BinTypeError if the bin holds a value of another type
   * @example
   * ```ts
   * await client.prepend(['test', 'users', 'ada'], 'name', 'Lady ')
   * ```
   */
  prepend(
    key: KeyLike,
    bin: string,
    value: string | Uint8Array,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Adds to a number bin. A missing bin or record is created, starting from 0. Integers wrap around at the ends of
   * int64.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param by - amount to add; negative to subtract
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the new value of the bin, read by the same request: `number`, or `bigint` for an integer beyond
   *   ±(2^53 - 1); the option `int64` changes that. `operate(key, [op.incr(bin, by)])` adds without reading.
   * @throws BinTypeError if the bin holds a value of another type, such as an integer if `by` is a double
   * @example
   * ```ts
   * const visits = await client.increment(['test', 'users', 'ada'], 'visits', 1)
   * ```
   */
  increment<const N extends Addend>(
    key: KeyLike,
    bin: string,
    by: N,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<Sum<N, I>>
  /**
   * Removes bins from a record. Removing the last bin deletes the record.
   *
   * @param key - the record's key
   * @param bins - one bin name or a list of them; names of missing bins are ignored
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns when the server has acknowledged the write
   * @throws InvalidArgError if a name is invalid or there is none; RecordNotFoundError if the record does not exist;
   *   RecordGenerationError if the generation differs
   * @example
   * ```ts
   * await client.removeBin(['test', 'users', 'ada'], ['visits', 'nickname'])
   * ```
   */
  removeBin(
    key: KeyLike,
    bins: string | readonly string[],
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Executes several operations on one record, in order and atomically.
   *
   * The type of `bins` is inferred from the operations; `operate<B>` sets it instead.
   *
   * @param key - the record's key
   * @param ops - operations, from `op` and the builders for lists, maps, bits, HyperLogLog and expressions
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the record: each bin holds the result of its operations. If several operations return a result for the
   *   same bin, it holds the last result that is not null; use `operateOrdered` to get all of them.
   * @throws RecordNotFoundError if all operations read and the record does not exist; BinTypeError if a bin holds a
   *   value of another type; RecordGenerationError, RecordTooBigError, FilteredOutError
   * @example
   * ```ts
   * const { bins } = await client.operate(['test', 'users', 'ada'], [op.incr('visits', 1), op.read('visits')])
   * console.log(bins.visits)
   * ```
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<AerospikeRecord<BinsOf<B, O, I>>>
  /**
   * Executes several operations like `operate`, and returns each result separately.
   *
   * @param key - the record's key
   * @param ops - operations, as for `operate`
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the results in order: one `[bin, value]` for each operation that reads
   * @throws the errors of `operate`
   * @example
   * ```ts
   * const { results } = await client.operateOrdered(
   *   ['test', 'users', 'ada'],
   *   [op.read('visits'), op.incr('visits', 1), op.read('visits')],
   * )
   * ```
   */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<OrderedResults<OrderedAnswers<O, I>>>
  /**
   * Calls a user-defined function (UDF) on a record, on the server that holds it. If the record does not exist, the
   * function receives a new one.
   *
   * @param key - the record's key
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for this call
   * @returns what the function returned
   * @throws UDFError if the function fails or does not exist, with the function's message and line
   * @example
   * ```ts
   * const total = await client.apply(['test', 'users', 'ada'], 'visits', 'add', [1])
   * ```
   */
  apply<A>(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Storable<A>[] | null,
    policy?: WritePolicy,
  ): Promise<ReadValue>
}

/** The multi-record methods of `Client`. */
declare abstract class Batches<out I extends Integer = number | bigint> extends Records<I> {
  /**
   * Reads many records, with one request for each node.
   *
   * A row that fails does not affect the others. The call rejects only if no row has an answer.
   *
   * @param keys - keys of the records; the rows of the result are in the same order
   * @param bins - names of the bins to read. Default: all bins. With an empty list, only existence, generation and TTL
   * @param policy - overrides the client's `batch` policy for this call
   * @returns the rows; a missing record is a row with result code 2, and does not count as a failure
   * @throws InvalidArgError if a key or a bin name is invalid
   * @example
   * ```ts
   * const rows = await client.batchRead<{ name: string }>([['test', 'users', 'ada'], ['test', 'users', 'bob']], ['name'])
   * for (const { record } of rows) console.log(record?.bins.name)
   * ```
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly BinName<B>[] | null,
    policy?: BatchPolicy,
  ): Promise<BatchRecords<B>>
  /**
   * Writes many records, each with its own bins.
   *
   * A row behaves like a single `put`: other bins of the record are unchanged, `null` removes a bin, and `meta.gen`
   * writes only if the record has this generation. A row that fails does not affect the others. The call rejects only
   * if no row has an answer. Writes are not retried unless `maxRetries` is set.
   *
   * @param records - `{ key, bins, meta?, policy? }` for each record
   * @param policy - batch policy, and the write policy of all rows (`exists`, `ttl`, `key` ...)
   * @returns the rows, in the order of `records`; `row.inDoubt` is true if a failed write may have been applied
   * @throws InvalidArgError if a record is invalid; the message names its position, and nothing is written
   * @example
   * ```ts
   * const rows = await client.batchWrite([
   *   { key: ['test', 'users', 'ada'], bins: { visits: 1 } },
   *   { key: ['test', 'users', 'bob'], bins: { visits: 5 }, meta: { ttl: 3600 } },
   * ])
   * rows.throwIfFailed()
   * ```
   */
  batchWrite<R extends BatchWriteRecord<object>>(
    records: readonly RecordToWrite<R>[],
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords>
  /**
   * Executes the same operations on many records: on each record in order and atomically.
   *
   * If all operations read, the batch is a batch of reads: it is retried as such and is never in doubt. As with
   * `operate`, the type of `bins` is inferred from the operations; `batchOperate<B>` sets it instead.
   *
   * @param keys - keys of the records
   * @param ops - operations, as for `operate`
   * @param policy - batch policy, and the write policy of all rows (`ttl`, `exists` ...)
   * @returns the rows, in the order of `keys`; `row.record` holds the results as that of `operate` does
   * @throws InvalidArgError if a key or an operation is invalid
   * @example
   * ```ts
   * const rows = await client.batchOperate(
   *   [['test', 'users', 'ada'], ['test', 'users', 'bob']],
   *   [op.incr('visits', 1), op.read('visits')],
   * )
   * for (const { record } of rows) console.log(record?.bins.visits)
   * ```
   */
  batchOperate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    keys: readonly KeyLike[],
    ops: O,
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords<BinsOf<B, O, I>>>
  /**
   * Deletes many records.
   *
   * @param keys - keys of the records
   * @param policy - batch policy, and the write policy of all rows (`durableDelete` ...)
   * @returns the rows, in the order of `keys`; a missing record is a row with result code 2, and does not count as a
   *   failure
   * @throws InvalidArgError if a key is invalid
   * @example
   * ```ts
   * const rows = await client.batchRemove([['test', 'users', 'ada'], ['test', 'users', 'bob']])
   * console.log(rows.succeeded, 'records deleted')
   * ```
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): Promise<BatchRecords>
  /**
   * Calls a user-defined function (UDF) on many records, on the servers that hold them.
   *
   * @param keys - keys of the records
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - batch policy, and the write policy of all rows (`ttl` ...)
   * @returns the rows, in the order of `keys`; `row.result` is what the function returned. If the function failed,
   *   `row.error` is a UDFError with the function's own message.
   * @throws InvalidArgError if an argument is invalid
   * @example
   * ```ts
   * const rows = await client.batchApply([['test', 'users', 'ada'], ['test', 'users', 'bob']], 'visits', 'add', [1])
   * for (const { result, error } of rows) console.log(error?.message ?? result)
   * ```
   */
  batchApply<A>(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Storable<A>[] | null,
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords>
  /**
   * Executes rows of different types in one batch: reads, writes, operations, deletes and UDF calls, with one request
   * for each node. `batchRow` builds the rows; plain objects such as `{ type: 'read', key, bins }` also work.
   *
   * The rows of a batch have no defined order of execution, even if several rows name the same record.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns the rows, in the order of `rows`
   * @throws InvalidArgError if a row is invalid; the message names its position, and nothing is executed
   * @example
   * ```ts
   * const rows = await client.batch([
   *   batchRow.read(['test', 'users', 'ada'], ['name']),
   *   batchRow.write(['test', 'users', 'cy'], { name: 'Cy' }, null, { exists: 'create-only' }),
   * ])
   * ```
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): Promise<BatchRecords<B>>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer, without an object for each row.
   *
   * @param keys - keys, or a column of user keys `{ namespace, set, ids }`, which creates no key objects
   * @param schema - bin name -> type of its column
   * @param policy - batch policy, with `wrap` and `into`
   * @returns the columns, one row for each key. A missing record fails its row (result code 2), and so does a value
   *   that does not fit its column (12). A missing bin has no validity bit.
   * @throws InvalidArgError if a key or the schema is invalid
   * @example
   * ```ts
   * const rows = await client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
   * console.log(rows.columns.age[0])
   * ```
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: ColumnsPolicy): Promise<Columns<S>>
  /**
   * Writes many records from columns: one record for each key, one bin for each column. The native code builds the rows
   * from the columns' bytes; no object is created for a row.
   *
   * A row that fails does not fail the call. Writes are not retried unless `maxRetries` is set.
   *
   * @param data - namespace, set, keys, columns, and which rows have values
   * @param policy - batch policy, and the write policy of all rows
   * @returns for each row its result code, generation and error, and whether a failed write may have been applied
   * @throws InvalidArgError, before anything is sent, if a column's length differs from the number of keys, if its
   *   memory is detached or shared, or if its type does not fit the schema; the message names the column
   * @example
   * ```ts
   * const written = await client.batchWriteColumns({
   *   namespace: 'test',
   *   set: 'users',
   *   keys: ['ada', 'bob'],
   *   columns: { age: Uint8Array.of(36, 41) },
   * })
   * console.log(written.ok)
   * ```
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): Promise<WrittenRows>
}

/** The cluster methods of `Client`. */
declare abstract class Management<out I extends Integer = number | bigint> extends Batches<I> {
  #private
  /**
   * Returns the nodes that the client knows, sorted by name, with address, version, racks and connections. Sends info
   * requests to each node.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the nodes; a node that does not answer is included, with its `error`
   * @throws ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { name, address, version, connections } of await client.nodes()) {
   *   console.log(name, address, version, connections)
   * }
   * ```
   */
  nodes(policy?: AdminPolicy): Promise<ClusterNode[]>
  /**
   * Starts building a secondary index on a bin, or on the result of an expression (server 8.1 and later). Queries can
   * use the index once the task is done; with `{ wait: true }` the call returns only then.
   *
   * @param options - namespace, set, index name, bin or expression, and data type
   * @param policy - overrides the client's `admin` policy; `wait`: wait for the task (default false)
   * @returns the task, to follow the progress or to wait
   * @throws IndexExistsError if an index of this name exists, whatever its definition; InvalidArgError
   * @example
   * ```ts
   * const task = await client.createIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age', datatype: 'integer' })
   * await task.wait({ timeout: 60_000 })
   * ```
   */
  createIndex(options: IndexOptions, policy?: TaskPolicy): Promise<Task>
  /**
   * Starts building an index on integers; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createIntegerIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Starts building an index on strings; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createStringIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Starts building an index on blobs (server 7.0 and later); see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createBlobIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Starts building an index on GeoJSON; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createGeo2DSphereIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Starts building an index of a set's records, which makes scans of a small set in a large namespace fast (server
   * 8.1.2 and later).
   *
   * @param options - namespace, set and index name
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createSetIndex(options: SetIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Drops a secondary index. The task is done when no node has the index any more.
   *
   * @param namespace - namespace
   * @param index - name of the index
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexNotFoundError if there is no such index
   * @example
   * ```ts
   * const task = await client.dropIndex('test', 'users_age')
   * await task.wait()
   * ```
   */
  dropIndex(namespace: string, index: string, policy?: TaskPolicy): Promise<Task>
  /**
   * Lists the secondary indexes of a namespace.
   *
   * @param namespace - namespace. Default: all namespaces
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the indexes, with their definition and state
   */
  indexList(namespace?: string | null, policy?: AdminPolicy): Promise<IndexInfo[]>
  /**
   * Registers a module of Lua functions. It replaces a module of the same name. The task is done when every node has
   * the module.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - overrides the client's `admin` policy; `wait`: wait for the task (default false)
   * @returns the task
   * @throws UDFError if the module does not compile, with line and reason; InvalidArgError if the file cannot be read
   *   or the name does not end in `.lua`
   * @example
   * ```ts
   * const source = 'function add(record, n) record.visits = (record.visits or 0) + n; aerospike:update(record) end'
   * await client.udfRegister({ name: 'visits.lua', source }, { wait: true })
   * ```
   */
  udfRegister(module: UdfSource, policy?: TaskPolicy): Promise<Task>
  /**
   * Removes a module. A module that does not exist is not an error, as on the server.
   *
   * @param module - name of the module, with or without `.lua`
   * @param policy - as for `udfRegister`
   * @returns the task; it is done when no node has the module any more
   */
  udfRemove(module: string, policy?: TaskPolicy): Promise<Task>
  /**
   * Lists the registered modules.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, hash and language of each module
   */
  udfList(policy?: AdminPolicy): Promise<UdfInfo[]>
  /**
   * Returns the source of a module.
   *
   * @param module - name of the module, with or without `.lua`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the source text
   * @throws UDFError if there is no module of this name
   */
  udfGet(module: string, policy?: AdminPolicy): Promise<string>
  /**
   * Deletes all records of a set or of a whole namespace, immediately and without tombstones. An unknown set is not an
   * error.
   *
   * @param namespace - namespace
   * @param set - set; null for the whole namespace
   * @param before - delete only records last updated before this time: nanoseconds since 1970, or a Date; 0 means now.
   *   Default: now
   * @param policy - overrides the client's `admin` policy for this call
   * @throws InvalidArgError if an argument is invalid, or if `before` is in the future
   * @example
   * ```ts
   * await client.truncate('test', 'users', new Date('2026-01-01'))
   * ```
   */
  truncate(
    namespace: string,
    set: string | null,
    before?: bigint | 0 | Date | null,
    policy?: AdminPolicy,
  ): Promise<void>
  /**
   * Sets which records cross-datacenter replication ships from a namespace to a datacenter (Enterprise). It replaces the
   * filter that was set before, and concerns records that are shipped from now on.
   *
   * @param datacenter - name of the datacenter in the configuration of the servers
   * @param namespace - namespace
   * @param filter - ships only records for which this expression is true; null ships all records
   * @param policy - overrides the client's `admin` policy for this call
   * @throws InvalidArgError if an argument is invalid; ServerError if there is no such datacenter or namespace, or if the
   *   servers have no cross-datacenter replication
   * @example
   * ```ts
   * await client.setXdrFilter('west', 'test', exp.eq(exp.binStr('region'), 'west'))
   * ```
   */
  setXdrFilter(datacenter: string, namespace: string, filter: Condition | null, policy?: AdminPolicy): Promise<void>
  /**
   * Returns the names of the namespaces.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  namespaces(policy?: AdminPolicy): Promise<string[]>
  /**
   * Lists the sets of a namespace.
   *
   * @param namespace - namespace. Default: all namespaces
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the sets, with their record counts summed over all nodes
   */
  sets(namespace?: string | null, policy?: AdminPolicy): Promise<SetInfo[]>
  /**
   * Returns the build of the servers, such as `8.1.2.0`; if the nodes differ, the lowest.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  build(policy?: AdminPolicy): Promise<string>
  /**
   * Returns the features that all nodes support, such as `pquery`.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  features(policy?: AdminPolicy): Promise<string[]>
  /**
   * Sends an info command to every node.
   *
   * @param command - the command, such as `'namespaces'` or `'statistics'`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns one result for each node: `node`, `response`, and `error` if the node did not answer. An error text of the
   *   server, such as `ERROR...`, is a `response`.
   * @throws InvalidArgError if the command is invalid
   * @example
   * ```ts
   * for (const { node, response, error } of await client.infoAll('build')) console.log(node, error ?? response)
   * ```
   */
  infoAll(command: string, policy?: AdminPolicy): Promise<InfoResult[]>
  /**
   * Sends an info command to one node.
   *
   * @param command - the command
   * @param node - name of the node, as returned by `getNodeNames`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   * @throws ClusterError if the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): Promise<string>
  /**
   * Sends an info command to any one node.
   *
   * @param command - the command
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   */
  infoRandomNode(command: string, policy?: AdminPolicy): Promise<string>
}

/** The methods of `Client` for users and roles. */
declare abstract class Admin<out I extends Integer = number | bigint> extends Management<I> {
  /**
   * Creates a user with a password.
   *
   * @param user - name of the user
   * @param password - the password; only its hash is sent
   * @param roles - names of the user's roles. Default: none
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user exists (`USER_EXISTS`), a role does not (`INVALID_ROLE`), or the server has no
   *   security (`SECURITY_NOT_ENABLED`); InvalidArgError if a name is empty or the request is too large
   * @example
   * ```ts
   * await client.createUser('ada', password, ['read-write'])
   * ```
   */
  createUser(user: string, password: string, roles?: readonly string[] | null, policy?: AdminPolicy): Promise<void>
  /**
   * Creates a user that the certificate of a TLS connection authenticates: see `authMode: 'pki'`.
   *
   * @param user - name of the user, as the certificate's subject has it
   * @param roles - names of the user's roles. Default: none
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user exists (`USER_EXISTS`) or a role does not (`INVALID_ROLE`); InvalidArgError if a name
   *   is empty or the request is too large
   */
  createPkiUser(user: string, roles?: readonly string[] | null, policy?: AdminPolicy): Promise<void>
  /**
   * Removes a user. The server refuses the user's open connections from then on.
   *
   * @param user - name of the user
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such user (`INVALID_USER`)
   */
  dropUser(user: string, policy?: AdminPolicy): Promise<void>
  /**
   * Changes the password of a user. Any user may change their own; the client then uses the new password for its own
   * connections.
   *
   * @param user - name of the user
   * @param password - the new password; only its hash is sent
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such user (`INVALID_USER`), or the server refuses the password
   *   (`FORBIDDEN_PASSWORD`)
   */
  changePassword(user: string, password: string, policy?: AdminPolicy): Promise<void>
  /**
   * Adds roles to those of a user.
   *
   * @param user - name of the user
   * @param roles - names of the roles, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user (`INVALID_USER`) or a role (`INVALID_ROLE`) does not exist
   */
  grantRoles(user: string, roles: readonly string[], policy?: AdminPolicy): Promise<void>
  /**
   * Removes roles from those of a user.
   *
   * @param user - name of the user
   * @param roles - names of the roles, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user (`INVALID_USER`) or a role (`INVALID_ROLE`) does not exist
   */
  revokeRoles(user: string, roles: readonly string[], policy?: AdminPolicy): Promise<void>
  /**
   * Returns a user. Any user may query themself.
   *
   * @param user - name of the user
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, roles, and what the user currently does
   * @throws AdminError if there is no such user (`INVALID_USER`)
   */
  queryUser(user: string, policy?: AdminPolicy): Promise<UserInfo>
  /**
   * Returns all users.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the users, in the server's order
   */
  queryUsers(policy?: AdminPolicy): Promise<UserInfo[]>
  /**
   * Creates a role.
   *
   * @param role - name of the role
   * @param privileges - what it allows: codes, or codes with a namespace and perhaps a set
   * @param limits - `allowlist`, `readQuota`, `writeQuota`. Default: no limits
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the role exists (`ROLE_EXISTS`), or the server has no quotas (`QUOTAS_NOT_ENABLED`);
   *   InvalidArgError if a privilege is unknown or has a wrong scope, or the request is too large
   * @example
   * ```ts
   * await client.createRole('reports', [{ code: 'read', namespace: 'test', set: 'orders' }], { allowlist: ['10.0.0.0/8'] })
   * ```
   */
  createRole(
    role: string,
    privileges: readonly PrivilegeLike[],
    limits?: RoleLimits | null,
    policy?: AdminPolicy,
  ): Promise<void>
  /**
   * Removes a role, also from the users that have it.
   *
   * @param role - name of the role
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`)
   */
  dropRole(role: string, policy?: AdminPolicy): Promise<void>
  /**
   * Adds privileges to those of a role.
   *
   * @param role - name of the role
   * @param privileges - what it also allows, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`); InvalidArgError if a privilege is unknown or has a
   *   wrong scope
   * @example
   * ```ts
   * await client.grantPrivileges('reports', ['sindex-admin', { code: 'read', namespace: 'archive' }])
   * ```
   */
  grantPrivileges(role: string, privileges: readonly PrivilegeLike[], policy?: AdminPolicy): Promise<void>
  /**
   * Removes privileges from those of a role.
   *
   * @param role - name of the role
   * @param privileges - what it no longer allows, at least one, each with the scope with which it was granted
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`); InvalidArgError if a privilege is unknown or has a
   *   wrong scope
   */
  revokePrivileges(role: string, privileges: readonly PrivilegeLike[], policy?: AdminPolicy): Promise<void>
  /**
   * Replaces the addresses from which users of a role may connect.
   *
   * @param role - name of the role
   * @param allowlist - addresses and networks, such as `'10.0.0.0/8'`; an empty list allows any address
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`), or an address is invalid (`INVALID_ALLOWLIST`)
   */
  setAllowlist(role: string, allowlist: readonly string[], policy?: AdminPolicy): Promise<void>
  /**
   * Sets the quotas of a role.
   *
   * @param role - name of the role
   * @param readQuota - maximum number of records that a user may read per second; 0: no limit
   * @param writeQuota - maximum number of records that a user may write per second; 0: no limit
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`), or the server has no quotas (`QUOTAS_NOT_ENABLED`)
   */
  setQuotas(role: string, readQuota: number, writeQuota: number, policy?: AdminPolicy): Promise<void>
  /**
   * Returns a role.
   *
   * @param role - name of the role
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, privileges, allowlist and quotas
   * @throws AdminError if there is no such role (`INVALID_ROLE`)
   */
  queryRole(role: string, policy?: AdminPolicy): Promise<RoleInfo>
  /**
   * Returns all roles, those that the server defines included.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the roles, in the server's order
   */
  queryRoles(policy?: AdminPolicy): Promise<RoleInfo[]>
}

/** Methods of `Client` with the names and arguments of aerospike-py. */
declare abstract class AerospikePy<out I extends Integer = number | bigint> extends Admin<I> {
  /**
   * `createIntegerIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexIntegerCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task>
  /**
   * `createStringIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexStringCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task>
  /**
   * `createBlobIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexBlobCreate(namespace: string, set: string | null, bin: string, index: string, policy?: TaskPolicy): Promise<Task>
  /**
   * `createGeo2DSphereIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexGeo2dsphereCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task>
  /**
   * `udfRegister` under aerospike-py's name. Waits for the module unless `policy.wait` is false.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, policy?: TaskPolicy | null): Promise<Task>
  /**
   * `udfPut` with aerospike-py's arguments.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param udfType - aerospike-py's constant for Lua, the only language: 0
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, udfType: 0, policy?: TaskPolicy | null): Promise<Task>
}

/** The methods of `Client` that return streams, queries and jobs. */
declare abstract class Queries<out I extends Integer = number | bigint> extends AerospikePy<I> {
  /**
   * Executes the rows of `batch`, and yields each result when it arrives, with its `index` in the request: you can
   * handle the first rows while others are in progress.
   *
   * Memory is bounded: the client stops reading from the nodes while 4096 rows or 1 MiB wait for your loop. Leaving the
   * loop ends the batch; rows that write and have no answer by then are in doubt. There is no time limit unless
   * `totalTimeout` sets one, which also counts the time that the loop's body takes.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns an async iterable of the rows, in order of arrival; iterating throws if no row has an answer
   * @throws InvalidArgError, at once, if a row is invalid; the message names its position
   * @example
   * ```ts
   * const keys = ['ada', 'bob'].map(name => ['test', 'users', name] as const)
   * for await (const row of client.batchStream(keys.map(key => batchRow.read(key, ['name'])))) {
   *   console.log(row.index, row.record?.bins)
   * }
   * ```
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStream<BatchRow<B>>
  /**
   * Creates a query of a set or of a whole namespace. Builder methods such as `where` and `filter` mutate the query and
   * return it; `for await`, `results()`, `count()` and others run it.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * const adults = client.query<{ name: string }>('test', 'users').where(filter.range('age', 18, 120)).select('name')
   * for await (const { bins } of adults) console.log(bins.name)
   * ```
   */
  query<B = Bins>(namespace: string, set?: string | null): Query<B>
  /**
   * Returns a handle to a background job that was started before, in this or another process.
   *
   * @param id - the job's id, from `JobTask.id`
   * @returns the handle, to follow the job's progress; the servers are not asked yet
   * @throws InvalidArgError if `id` is not a bigint from 0 to 2^64 - 1
   * @example
   * ```ts
   * const { id } = await client.query('test', 'users').operate([op.incr('visits', 1)])
   * // Later, also in another process:
   * await client.job(id).wait()
   * ```
   */
  job(id: bigint): JobTask
}

/** The methods of `Client` for transactions. */
declare abstract class Transactions<out I extends Integer = number | bigint> extends Queries<I> {
  /**
   * Creates a transaction. Pass it as `tx` in the policy of each call that belongs to it, then call `commit`. Nothing is
   * sent before its first call. `withTransaction` also repeats a transaction that conflicts with others.
   *
   * @param options - `timeout`: milliseconds after which the servers abort the transaction
   * @returns the transaction; a `using` declaration aborts it at the end of its scope unless it is committed
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * await using tx = client.transaction({ timeout: 5000 })
   * await client.increment(['bank', 'accounts', 'ada'], 'cents', -100, null, { tx })
   * await client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
   * await tx.commit()
   * ```
   */
  transaction(options?: TransactionOptions): Transaction
  /**
   * Runs a function in a transaction, and commits it. If the function throws, the transaction is aborted. If it conflicts
   * with others, the function runs again in a new transaction, after a random pause that grows. A commit whose result is
   * unknown is repeated until it is known.
   *
   * The function may run several times, so it should have no effects other than calls with `tx`. It should let the errors
   * of these calls pass. Rows of a batch that fail do not throw: check them.
   *
   * @param fn - gets the transaction and the number of the attempt, from 1. If it commits or aborts the transaction
   *   itself, its result is returned
   * @param options - `retries` (default 10), `backoff`, `timeout` of each transaction, `signal`
   * @returns what the function returns, after the commit
   * @throws what the function throws; CommitError if every attempt conflicts with others, or, with `inDoubt: true`, if it
   *   remains unknown whether the transaction is committed; AbortError; InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const [ada, bob] = [['bank', 'accounts', 'ada'], ['bank', 'accounts', 'bob']] as const
   * await client.withTransaction(async tx => {
   *   const { bins } = await client.get<{ cents: number }>(ada, { tx })
   *   if (bins.cents < 100) throw new Error('not enough money')
   *   await client.increment(ada, 'cents', -100, null, { tx })
   *   await client.increment(bob, 'cents', 100, null, { tx })
   * })
   * ```
   */
  withTransaction<T>(fn: TransactionWork<T>, options?: WithTransactionOptions): Promise<T>
}

/** The methods of `Client` that combine several commands. */
declare abstract class Helpers<out I extends Integer = number | bigint> extends Transactions<I> {
  /**
   * Changes a record with a function, without losing writes of others (compare-and-set): reads the record, calls the
   * function with its bins, and writes the result if the record has not been written in between. Otherwise it starts
   * again after a random pause, with the new bins.
   *
   * Only bins that the function changed are written, and bins that its result does not have are removed. If it changed
   * nothing, nothing is written. The function may be called several times, so it should have no other effects.
   *
   * @param key - the record's key
   * @param fn - gets the stored bins and the record, and returns the bins to store; it may change its argument
   * @param options - how often to try, time to live, and policies
   * @returns the record after the write: the bins that the function returned, and the new generation
   * @throws RecordNotFoundError if the record does not exist, without `create`; RecordGenerationError if every attempt lost
   *   against another write, with the last conflict as `cause`; InvalidArgError if the function returns no bins; what
   *   the function throws; the errors of `get` and `operate`. An error that is in doubt is not retried.
   * @example
   * ```ts
   * const { bins } = await client.update<{ visits: number }>(['test', 'users', 'ada'], user => ({
   *   ...user,
   *   visits: user.visits + 1,
   * }))
   * ```
   */
  update<B = Bins>(
    key: KeyLike,
    fn: Updater<B>,
    options?: UpdateOptions & {
      readonly create?: false | undefined
    },
  ): Promise<AerospikeRecord<B>>
  /**
   * Changes or creates a record with a function: with `create: true`, the function gets null if the record does not
   * exist. Otherwise the same as above.
   *
   * @param key - the record's key
   * @param fn - gets the stored bins and the record, or null, and returns the bins to store
   * @param options - `create: true`, how often to try, time to live, and policies
   * @returns the record after the write
   * @example
   * ```ts
   * await client.update<{ visits: number }>(
   *   ['test', 'users', 'ada'],
   *   user => ({ visits: (user?.visits ?? 0) + 1 }),
   *   { create: true },
   * )
   * ```
   */
  update<B = Bins>(key: KeyLike, fn: Upserter<B>, options: UpdateOptions): Promise<AerospikeRecord<B>>
  /**
   * Writes many records from a source of any length, in batches. The source is read only as fast as batches complete,
   * so memory is bounded by the rows of the batches in flight, and by the rows that fail.
   *
   * A row that fails does not affect the others. A batch without any answer is a failure of each of its rows.
   *
   * @param source - an async iterable or another iterable of records `{ key, bins, meta?, policy? }`, or of batch rows
   *   that write, such as `batchRow.operate(...)` and `batchRow.remove(...)`
   * @param options - size of a batch, progress, and policy
   * @returns the number of rows written, failed and in doubt, and the rows that failed, each with its error
   * @throws BulkWriteError if the bulk write ends before its source: if the source or `onProgress` throws, a row is
   *   invalid, the signal fires, or the client is closed. `result` reports what was written, `cause` is the reason.
   *   InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const names = ['ada', 'bob']
   * const rows = names.map(name => ({ key: ['test', 'users', name] as const, bins: { name } }))
   * const { written, failures } = await client.bulkWrite(rows)
   * for (const { index, error } of failures) console.log(index, error.code)
   * ```
   */
  bulkWrite<R extends BulkRow | BatchWriteRecord<object>>(
    source: BulkSource<R>,
    options?: BulkWriteOptions,
  ): Promise<BulkWriteResult>
  /**
   * Sends a small request to each node, and measures the time until its answer. Useful for health checks.
   *
   * @param policy - overrides the client's `admin` policy for this call; its `timeout` (default 1000 ms) is the limit
   *   for each node
   * @returns for each node its name, its address, the time in milliseconds, and `error` if it did not answer
   * @throws the error of a node if no node answers; ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { node, address, ms, error } of await client.ping()) console.log(node, address, error?.code ?? ms)
   * ```
   */
  ping(policy?: AdminPolicy): Promise<NodePing[]>
}

/** What `reconnect` changes. */
export interface ReconnectOptions {
  /** User name. Default: the current user. */
  user?: string | undefined
  /** Password. Default: the current password; needed with a `user`. */
  password?: string | undefined
  /** TLS options in place of the current ones. Default: the current ones, with their files read again. */
  tls?: TlsOptions | boolean | undefined
}

/**
 * The interface of Standard Schema (https://standardschema.dev), which zod, valibot, arktype and other libraries
 * implement. It is only a type: this package depends on none of them.
 */
/** A schema of any library that implements Standard Schema, version 1. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The properties of Standard Schema: version, name of the library, and the function that validates a value. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?:
      | {
          readonly input: Input
          readonly output: Output
        }
      | undefined
  }
}
/** The result of a schema: a value, or the reasons why there is none. */
export type StandardResult<Output> =
  | {
      readonly value: Output
      readonly issues?: undefined
    }
  | {
      readonly issues: readonly StandardIssue[]
    }
/** A reason why a schema does not accept a value. */
export interface StandardIssue {
  /** Why the value is not accepted. */
  readonly message: string
  /** Path to the part of the value that is not accepted. Default: the whole value. */
  readonly path?:
    | readonly (
        | PropertyKey
        | {
            readonly key: PropertyKey
          }
      )[]
    | undefined
}
/** The type of the values that a schema accepts. */
export type SchemaInput<S extends StandardSchema<object, object>> = NonNullable<S['~standard']['types']>['input']
/** The type of the values that a schema returns. */
export type SchemaOutput<S extends StandardSchema<object, object>> = NonNullable<S['~standard']['types']>['output']

/**
 * Defaults of a set: fields of policies, for every kind of call that has them, and policies of single kinds, which
 * override them. All of them override the client's.
 */
export interface SetDefaults extends Omit<WritePolicy & BatchPolicy & QueryPolicy, 'gen' | 'maxRecords'> {
  /** Policies of single kinds of call; they override the fields at the top level. */
  readonly policies?:
    | {
        readonly read?: ReadPolicy | undefined
        readonly write?: Omit<WritePolicy, 'gen'> | undefined
        readonly batch?: BatchPolicy | undefined
        readonly query?: QueryPolicy | undefined
      }
    | undefined
}

/**
 * Like `Query`, blocking: iterate over the records with `for`.
 *
 * @throws InvalidArgError, IndexNotFoundError, QueryError, ServerError, ClusterError, AerospikeTimeoutError
 */
export declare class QuerySync<B = Bins> extends QueryBuilder<B> implements Iterable<AerospikeRecord<B>> {
  #private;
  /** Runs the query, and iterates over the records. */
  [Symbol.iterator](): RowStreamSync<AerospikeRecord<B>>
  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the records as a stream: for `for`, in arrays with `chunks()`, or in a `using` declaration
   */
  stream(policy?: QueryPolicy | null): RowStreamSync<AerospikeRecord<B>>
  /**
   * Runs the query.
   *
   * @param policy - overrides the query's policy for this run
   * @returns all records, in an array, in no defined order
   */
  results(policy?: QueryPolicy | null): AerospikeRecord<B>[]
  /**
   * Runs the query with `maxRecords: 1`.
   *
   * @param policy - overrides the query's policy for this run
   * @returns one record, or null if there is none; which one is not defined
   */
  first(policy?: QueryPolicy | null): AerospikeRecord<B> | null
  /**
   * Runs the query, and counts the records. The servers send no bins, and no rows reach JavaScript.
   *
   * @param policy - overrides the query's policy for this run
   * @returns the number of records
   */
  count(policy?: QueryPolicy | null): number
  /**
   * Runs the query, and calls a function with each record.
   *
   * @param each - the function; returning false ends the query
   * @param policy - overrides the query's policy for this run
   */
  forEach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): void
  /**
   * Creates an aggregation; see `Query.aggregate`.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the stream. Default: none
   * @param policy - overrides the query's policy for this run
   * @returns the aggregation, not yet run
   * @throws InvalidArgError, at once, if an argument is invalid, or if the query has `select`, `operations`,
   *   `partitions` or `maxRecords`
   */
  aggregate<T = ReadValue, A = Value>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: QueryPolicy | null,
  ): AggregationSync<T>
  /**
   * Runs the query, and reads the records into columns; see `Query.columns`.
   *
   * @param schema - bin name -> type of its column
   * @param policy - overrides the query's policy; `chunkRows`: maximum number of rows in a chunk (default 8192); `wrap`
   * @returns the chunks, for `for`
   * @throws InvalidArgError, at once, if the schema or the policy is invalid
   */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStreamSync<S>
  /**
   * Starts a background job that calls a user-defined function with each record; see `Query.apply`.
   *
   * @param module - name of the registered module, with or without `.lua`
   * @param functionName - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws UDFError, IndexNotFoundError, InvalidArgError
   */
  apply<A>(
    module: string,
    functionName: string,
    args?: readonly Storable<A>[] | null,
    policy?: JobPolicy | null,
  ): JobTaskSync
  /**
   * Starts a background job that executes operations that write on each record; see `Query.operate`.
   *
   * @param operations - operations that write
   * @param policy - overrides the client's `write` policy for starting the job; `recordsPerSecond`
   * @returns the job, to follow its progress
   * @throws IndexNotFoundError, InvalidArgError
   */
  operate(operations: readonly Operation[], policy?: JobPolicy | null): JobTaskSync
  /**
   * Runs the query page by page; see `Query.pages`.
   *
   * @param size - records per page, 1 or more; the last page can be shorter
   * @param cursor - `cursor` of an earlier page; null or undefined starts at the beginning
   * @param policy - overrides the query's policy; `maxRecords` limits all pages together
   * @returns the pages, for `for`
   * @throws InvalidArgError, in the loop, if the size or the cursor is invalid
   */
  pages(size: number, cursor?: string | null, policy?: QueryPolicy | null): Generator<Page<B>, void, undefined>
}
export interface QuerySync<B = Bins> extends QueryAliases<QuerySync<B>> {}

/** Refuses names in `S` that are not bins of `T`. */
export type OnlyBins<T, S> = {
  readonly [K in Exclude<keyof S, BinName<T>>]: never
}
/** A record to write with `batchPut`: user key, bins, and meta. */
export type SetEntry<I> = readonly [id: UserKey, bins: I, meta?: WriteMeta | null | undefined]
/** Policy of `batchPut`. */
export type SetBatchWritePolicy = BatchWritePolicy

/** The builder methods that return the query, with its type. */
type Chained =
  | 'filter'
  | 'operations'
  | 'partitions'
  | 'maxRecords'
  | 'recordsPerSecond'
  | 'expectedDuration'
  | 'policy'
type Own = Chained | 'select' | 'where' | 'columns'
type Chain<Q, Builder> = {
  [K in Chained & keyof Q]: Q[K] extends (...args: infer A) => unknown ? (...args: A) => Builder : never
}
/** A query of a typed set. */
export interface TypedQuery<T> extends Omit<Query<T>, Own>, Chain<Query<T>, TypedQuery<T>> {
  /**
   * Selects the bins to read. Default: all bins.
   *
   * @param bins - names of bins of the set
   * @returns this query, whose records have these bins
   */
  select<K extends BinName<T>>(...bins: (K | readonly K[])[]): TypedQuery<Pick<T, K>>
  /**
   * Restricts the query to the records that match.
   *
   * @param condition - a lookup of a bin of the set in a secondary index, or an expression
   * @returns this query
   */
  where(condition: Filter<BinName<T>> | Condition): TypedQuery<T>
  /**
   * Runs the query, and reads the records into columns.
   *
   * @param schema - bin of the set -> type of its column
   * @param policy - overrides the query's policy
   * @returns the chunks
   */
  columns<const S extends Schema>(schema: S & OnlyBins<T, S>, policy?: QueryColumnsPolicy | null): ColumnStream<S>
}
/** A query of a typed set of `ClientSync`. */
export interface TypedQuerySync<T> extends Omit<QuerySync<T>, Own>, Chain<QuerySync<T>, TypedQuerySync<T>> {
  /**
   * Selects the bins to read. Default: all bins.
   *
   * @param bins - names of bins of the set
   * @returns this query, whose records have these bins
   */
  select<K extends BinName<T>>(...bins: (K | readonly K[])[]): TypedQuerySync<Pick<T, K>>
  /**
   * Restricts the query to the records that match.
   *
   * @param condition - a lookup of a bin of the set in a secondary index, or an expression
   * @returns this query
   */
  where(condition: Filter<BinName<T>> | Condition): TypedQuerySync<T>
  /**
   * Runs the query, and reads the records into columns.
   *
   * @param schema - bin of the set -> type of its column
   * @param policy - overrides the query's policy
   * @returns the chunks
   */
  columns<const S extends Schema>(schema: S & OnlyBins<T, S>, policy?: QueryColumnsPolicy | null): ColumnStreamSync<S>
}

/**
 * The records of one set, with the types of their bins; created by `client.set`. Its methods do what those of the client
 * do, with the user key instead of a key.
 *
 * @example
 * ```ts
 * interface User {
 *   name: string
 *   visits: number
 * }
 * const users = client.set<User>('test', 'users')
 * await users.put('ada', { name: 'Ada', visits: 1 })
 * const { bins } = await users.get('ada')
 * console.log(bins.name)
 * ```
 */
export declare class TypedSet<T extends object, I extends object = T> {
  #private
  /** Namespace. */
  readonly namespace: string
  /** Name of the set. */
  readonly name: string
  /**
   * Creates a set with other defaults, for all of its calls. A call's own policy overrides them.
   *
   * @param defaults - fields of policies, for every kind of call that has them, and `policies` of single kinds
   * @returns a new set; this one does not change
   * @throws InvalidArgError if a field is unknown or invalid
   * @example
   * ```ts
   * const sessions = client.set<{ user: string }>('test', 'sessions').with({ ttl: 3600, totalTimeout: 50 })
   * ```
   */
  with(defaults: SetDefaults): TypedSet<T, I>
  /**
   * Returns the key of a record of this set.
   *
   * @param id - the user key
   * @throws InvalidArgError if the user key is invalid
   */
  key(id: UserKey): Key
  /**
   * Reads a record with all of its bins.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns the record: `bins`, `gen` (generation), `ttl` (seconds) and `key`
   * @throws RecordNotFoundError if the record does not exist; ValidationError if reads are validated and the bins do not
   *   match the schema; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins } = await users.get('ada')
   * ```
   */
  get(id: UserKey, policy?: ReadPolicy): Promise<AerospikeRecord<T>>
  /**
   * Reads a record with all of its bins, or returns null if it does not exist.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns the record, or null if it does not exist
   * @throws ValidationError if reads are validated and the bins do not match the schema
   * @example
   * ```ts
   * const user = await users.getOrNull('ada')
   * if (user !== null) console.log(user.bins.name)
   * ```
   */
  getOrNull(id: UserKey, policy?: ReadPolicy): Promise<AerospikeRecord<T> | null>
  /**
   * Reads some bins of a record. The bins are not validated.
   *
   * @param id - the user key
   * @param bins - names of the bins to read
   * @param policy - overrides the defaults for this call
   * @returns the record with these bins
   * @throws RecordNotFoundError if the record does not exist
   * @example
   * ```ts
   * const { bins } = await users.select('ada', ['name'])
   * ```
   */
  select<K extends BinName<T>>(
    id: UserKey,
    bins: readonly K[],
    policy?: ReadPolicy,
  ): Promise<AerospikeRecord<Pick<T, K>>>
  /**
   * Checks whether a record exists, without reading its bins.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns true if the record exists
   * @example
   * ```ts
   * if (await users.exists('ada')) console.log('found')
   * ```
   */
  exists(id: UserKey, policy?: ReadPolicy): Promise<boolean>
  /**
   * Creates a record, or merges these bins into it, as `put` of the client does. Bins that a record has beyond these
   * are unchanged; with `exists: 'replace'`, they are removed.
   *
   * @param id - the user key
   * @param bins - the bins; with a validated schema, what the schema returns is stored
   * @param meta - `gen`: write only if the record has this generation; `ttl`: time to live in seconds
   * @param policy - overrides the defaults for this call
   * @returns when the server has acknowledged the write
   * @throws ValidationError if writes are validated and the bins do not match the schema; the errors of `client.put`
   * @example
   * ```ts
   * await users.put('ada', { name: 'Ada', visits: 1 }, { ttl: 3600 })
   * ```
   */
  put(id: UserKey, bins: I, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void>
  /**
   * Changes a record with a function, without losing writes of others; see `update` of the client.
   *
   * @param id - the user key
   * @param fn - gets the stored bins and the record, and returns the bins to store; it may change its argument
   * @param options - how often to try, time to live, and policies
   * @returns the record after the write
   * @throws ValidationError if the bins do not match the schema; the errors of `client.update`
   * @example
   * ```ts
   * await users.update('ada', user => ({ ...user, visits: user.visits + 1 }))
   * ```
   */
  update(
    id: UserKey,
    fn: Updater<T, I>,
    options?: UpdateOptions & {
      readonly create?: false | undefined
    },
  ): Promise<AerospikeRecord<T>>
  /**
   * Changes or creates a record with a function: with `create: true`, the function gets null if the record does not
   * exist.
   *
   * @param id - the user key
   * @param fn - gets the stored bins and the record, or null, and returns the bins to store
   * @param options - `create: true`, how often to try, time to live, and policies
   * @returns the record after the write
   */
  update(id: UserKey, fn: Upserter<T, I>, options: UpdateOptions): Promise<AerospikeRecord<T>>
  /**
   * Deletes a record.
   *
   * @param id - the user key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - overrides the defaults for this call
   * @returns when the server has acknowledged the delete
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * await users.remove('ada')
   * ```
   */
  remove(id: UserKey, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void>
  /**
   * Reads many records, with one request for each node.
   *
   * @param ids - the user keys; the rows of the result are in the same order
   * @param policy - overrides the defaults for this call
   * @returns the rows; a missing record is a row with result code 2. If reads are validated, a record that does not
   *   match the schema is a row whose `error` is a ValidationError
   * @throws InvalidArgError if a user key is invalid
   * @example
   * ```ts
   * for (const { key, record } of await users.batchGet(['ada', 'bob'])) console.log(key.userKey, record?.bins.name)
   * ```
   */
  batchGet(ids: readonly UserKey[], policy?: BatchPolicy): Promise<BatchRecords<T>>
  /**
   * Writes many records, each with its own bins.
   *
   * @param entries - `[id, bins]` or `[id, bins, meta]` for each record, such as a `Map` of bins by user key
   * @param policy - overrides the defaults for this call
   * @returns the rows, in the order of `entries`
   * @throws ValidationError if writes are validated and the bins of a record do not match the schema; then nothing is
   *   written. InvalidArgError if an entry is invalid
   * @example
   * ```ts
   * const rows = await users.batchPut([
   *   ['ada', { name: 'Ada', visits: 1 }],
   *   ['bob', { name: 'Bob', visits: 5 }, { ttl: 3600 }],
   * ])
   * rows.throwIfFailed()
   * ```
   */
  batchPut(entries: Iterable<SetEntry<I>>, policy?: SetBatchWritePolicy): Promise<BatchRecords>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer. Values are not validated.
   *
   * @param ids - the user keys: an array, or a typed array or column, which creates no key objects
   * @param schema - bin name -> type of its column
   * @param policy - overrides the defaults for this call
   * @returns the columns, one row for each user key
   * @throws InvalidArgError if a user key or the schema is invalid
   * @example
   * ```ts
   * const { columns } = await users.batchReadColumns(['ada', 'bob'], { visits: 'u32' })
   * console.log(columns.visits[0])
   * ```
   */
  batchReadColumns<const S extends Schema>(
    ids: KeyIds,
    schema: S & OnlyBins<T, S>,
    policy?: ColumnsPolicy,
  ): Promise<Columns<S>>
  /**
   * Creates a query of the set; `where`, `select` and `columns` know its bins. If reads are validated, a record that
   * does not match the schema has an `error`, and its `bins` throw it; queries with `select` or `operations` are not
   * validated.
   *
   * @returns the query, not yet run
   * @example
   * ```ts
   * for await (const { bins } of users.query().where(filter.range('visits', 10, 100))) console.log(bins.name)
   * ```
   */
  query(): TypedQuery<T>
}

/** Options of `client.set`. */
export interface SetOptions<S extends StandardSchema<object, object>> {
  /** Schema of the bins, of zod, valibot, arktype or another library that implements Standard Schema. */
  readonly schema: S
  /**
   * What is validated. Default `writes`.
   *
   * - `writes`: the bins of `put`, `update` and `batchPut`, before they are sent. What the schema returns is stored.
   * - `reads`: the bins of `get`, `getOrNull`, `update`, `batchGet` and `query`. What the schema returns is returned.
   * - `both`: both.
   */
  readonly validate?: 'writes' | 'reads' | 'both' | undefined
}

/** Options of `close`. */
export interface CloseOptions {
  /** Milliseconds that commands in flight may take to finish; after that they fail with ClientError. Default 5000. */
  timeout?: number | undefined
}
/** Options of `connect`: `signal` aborts connecting. */
export type ConnectOptions = Pick<CallOptions, 'signal'>
/**
 * A client of one cluster. Create one per cluster and share it; it is safe for any number of concurrent calls.
 *
 * Every call returns a promise that settles exactly once, within its `totalTimeout`. Invalid arguments reject it at
 * once with InvalidArgError, and nothing is sent. Any call can also reject with AerospikeTimeoutError, ClusterError,
 * ServerError, AbortError, BackpressureError, or with ClientError if the client is not connected or closed.
 *
 * `I` is the type of the integers that it reads: `number | bigint`, or `number` or `bigint` alone with `connect` and the
 * option `int64`.
 *
 * @example
 * ```ts
 * await using client = await new Client({ hosts: '127.0.0.1:3000' }).connect()
 * await client.put(['test', 'users', 'ada'], { name: 'Ada' })
 * ```
 */
export declare class Client<out I extends Integer = number | bigint> extends Helpers<I> implements AsyncDisposable {
  #private
  /**
   * Creates a client that is not connected yet.
   *
   * @param config - options and default policies, or a connection URI. Default: environment variables such as
   *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
   * @throws InvalidArgError if an option is unknown or invalid; the message names it
   */
  constructor(config?: ClientConfig<Int64For<I>> | string)
  /**
   * Connects to the cluster. Further calls return the same promise. After a failure, you can call it again.
   *
   * @param user - overrides the configuration's user
   * @param password - overrides the configuration's password
   * @param options - `signal`: aborts connecting
   * @returns this client
   * @throws ClusterError if no node answers within `connectTimeout`, TLS fails, or the cluster has another name; AdminError
   *   if the server refuses the login; InvalidArgError if a certificate or key is invalid; ClientError if the client is
   *   closed or the credentials provider fails; AbortError
   * @example
   * ```ts
   * const client = new Client({ hosts: '127.0.0.1:3000' })
   * await client.connect()
   * ```
   */
  connect(user?: string | null, password?: string | null, options?: ConnectOptions): Promise<this>
  /**
   * Opens new connections to all nodes, and moves the client to them: with the current contents of the certificate files
   * and the credentials of the provider, or with what `options` changes. Calls in flight and open streams finish on
   * the former connections, which are closed after the last of them. If the new connections fail, the client stays on
   * the former ones. Concurrent calls run one after the other.
   *
   * @param options - `user`, `password`, `tls`. Default: the current ones, or the credentials that the provider returns
   * @returns when later calls use the new connections
   * @throws InvalidArgError if an option or a certificate is invalid; AdminError if the server refuses the login;
   *   ClusterError if no node answers; ClientError if the client is not connected, or the provider fails
   * @example
   * ```ts
   * process.on('SIGHUP', () => client.reconnect().catch(console.error))
   * ```
   */
  reconnect(options?: ReconnectOptions): Promise<void>
  /** Returns true if the client is connected to at least one usable node. */
  isConnected(): boolean
  /**
   * Returns the names of the nodes that the client knows.
   *
   * @throws ClientError if the client is not connected
   */
  getNodeNames(): string[]
  /**
   * Returns what the client is doing at the moment, and the statistics of its connections.
   *
   * @throws ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { address, connections } of client.stats().nodes) console.log(address, connections.inUse)
   * ```
   */
  stats(): ClientStats
  /**
   * Closes the client: rejects new calls, lets running calls finish, and after `timeout` ms fails the remaining ones
   * with ClientError. Open streams end at once. Further calls return the same promise. A closed client cannot be
   * reopened.
   *
   * @param options - `timeout`: milliseconds to wait for running calls. Default 5000
   * @returns when the client is closed
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * await client.close({ timeout: 1000 })
   * ```
   */
  close(options?: CloseOptions): Promise<void>
  /** Closes the client, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
  /**
   * Returns a set whose records have bins of known types. It is a thin layer: its methods do what those of this client
   * do, with the user key instead of a key.
   *
   * @param namespace - namespace
   * @param name - name of the set
   * @returns the set; nothing is sent
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * interface User {
   *   name: string
   *   visits: number
   * }
   * const users = client.set<User>('test', 'users')
   * await users.put('ada', { name: 'Ada', visits: 1 })
   * ```
   */
  set<T extends object = Bins>(namespace: string, name: string): TypedSet<T>
  /**
   * Returns a set whose bins are validated by a schema, which also determines their types.
   *
   * @param namespace - namespace
   * @param name - name of the set
   * @param options - `schema`, and whether writes, reads or both are validated
   * @returns the set; nothing is sent
   * @throws InvalidArgError if a name or an option is invalid
   * @example
   * ```ts
   * const User = z.object({ name: z.string(), visits: z.number().int() })
   * const users = client.set('test', 'users', { schema: User, validate: 'both' })
   * ```
   */
  set<S extends StandardSchema<object, object>>(
    namespace: string,
    name: string,
    options: SetOptions<S>,
  ): TypedSet<SchemaOutput<S>, SchemaInput<S>>
}
export interface Client<out I extends Integer = number | bigint> extends ClientAliases<Client<I>> {}
/**
 * Creates a client and connects it.
 *
 * @param config - options and default policies, or a connection URI. Default: environment variables such as
 *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
 * @param options - `signal`: aborts connecting
 * @returns the connected client
 * @throws InvalidArgError if an option is invalid; ClusterError if no node answers within `connectTimeout`, or if the
 *   cluster has another name; AbortError
 * @example
 * ```ts
 * const client = await connect({ hosts: '127.0.0.1:3000', policies: { batch: { totalTimeout: 5000 } } })
 * ```
 */
export declare function connect<const M extends Int64 = 'auto'>(
  config?: ClientConfig<M> | string,
  options?: ConnectOptions,
): Promise<Client<IntegerOf<M>>>

/**
 * The resize flags and overflow actions of bit operations, for operations and expressions. They are strings and not the
 * server's numbers, so that a size or a value cannot be mistaken for one.
 */
/**
 * What an arithmetic operation does if the result does not fit its bits: one of `bits.overflow`.
 *
 * - `fail`: the operation fails, and the blob is unchanged.
 * - `saturate`: the result is the greatest or smallest number that fits.
 * - `wrap`: the bits that do not fit are dropped.
 */
export type BitOverflow = 'fail' | 'saturate' | 'wrap'
/**
 * How a blob is resized: one of `bits.resizeFlags`.
 *
 * - `default`: bytes are added or removed at the end.
 * - `from-front`: bytes are added or removed at the beginning.
 * - `grow-only`: the operation fails if the blob is longer than the new size.
 * - `shrink-only`: the operation fails if the blob is shorter than the new size.
 */
export type BitResizeFlag = 'default' | 'from-front' | 'grow-only' | 'shrink-only'

/** Write policy of the operations on bits. */
export interface BitPolicy {
  /** BIT_WRITE_* flags, combined with `|`. Default BIT_WRITE_DEFAULT. */
  writeFlags?: number | undefined
}
/** An operation that modifies bits. */
export declare class BitOperation<out B extends string = string> extends CdtOperation<B, null> {
  /**
   * Sets the write policy. Modifies this operation and returns it.
   *
   * @param policy - the write flags
   */
  withPolicy(policy: BitPolicy): this
}
/** An arithmetic operation on bits, which can overflow. */
export declare class BitArithmeticOperation<out B extends string = string> extends BitOperation<B> {
  /**
   * Sets what happens if the result does not fit its bits. Modifies this operation and returns it.
   * @param action - one of bits.overflow
   */
  onOverflow(action: BitOverflow): this
}
/**
 * Builders of operations on the bits of a blob, for `operate`. Offsets count from the first bit or byte, negative offsets
 * from the end. Operations that modify bits return null. If the bin is not a blob, the call fails with BinTypeError; if the
 * bits do not exist, it fails with ServerError (`OP_NOT_APPLICABLE`) or InvalidArgError. A failed call applies none of its
 * operations. Needs server 4.6; servers up to 8.1.2 reject a context with InvalidArgError.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `bitOffset`, `bitSize`: the first bit to work on, and the number of bits.
 * - `byteOffset`, `byteSize`: the first byte to work on, and the number of bytes; for `resize` the new size of the blob.
 * - `value`: bytes for `insert`, `or`, `xor` and `and`; an integer for `setInt`, `add` and `subtract`; either for `set`; for
 *   `lscan` and `rscan` the bit to look for, true or false.
 * - `shift`: number of bits to shift by.
 * - `resizeFlags`: one of `bits.resizeFlags`, or an array of several. Default `default`.
 * - `policy`: `writeFlags`, `bits.writeFlags` combined with `|`. Default: no restriction.
 */
export declare const bits: {
  /** Flags that restrict writes; combine with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly CREATE_ONLY: 1
    readonly UPDATE_ONLY: 2
    readonly NO_FAIL: 4
    readonly PARTIAL: 8
  }
  /** Flags of `resize`: pass one, or an array of several. */
  readonly resizeFlags: {
    readonly DEFAULT: 'default'
    readonly FROM_FRONT: 'from-front'
    readonly GROW_ONLY: 'grow-only'
    readonly SHRINK_ONLY: 'shrink-only'
  }
  /** What `add` and `subtract` do if the result does not fit its bits. */
  readonly overflow: {
    readonly FAIL: 'fail'
    readonly SATURATE: 'saturate'
    readonly WRAP: 'wrap'
  }
  /** Resizes the blob to a number of bytes, as set by `bits.resizeFlags`; new bytes are 0. */
  readonly resize: <B extends string>(
    bin: B,
    byteSize: number,
    resizeFlags?: BitResizeFlag | readonly BitResizeFlag[],
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Inserts bytes at a byte offset. */
  readonly insert: <B extends string>(
    bin: B,
    byteOffset: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Removes bytes, starting at a byte offset. */
  readonly remove: <B extends string>(
    bin: B,
    byteOffset: number,
    byteSize: number,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Sets bits to the given bytes, or to an integer. */
  readonly set: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array | number | bigint,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Sets bits to an integer. */
  readonly setInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Combines bits with the given bytes by OR. */
  readonly or: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Combines bits with the given bytes by exclusive OR. */
  readonly xor: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Combines bits with the given bytes by AND. */
  readonly and: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Inverts bits. */
  readonly not: <B extends string>(bin: B, bitOffset: number, bitSize: number, policy?: BitPolicy) => BitOperation<B>
  /** Shifts bits to the left by a number of bits. */
  readonly lshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Shifts bits to the right by a number of bits. */
  readonly rshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /**
   * Adds to an integer of up to 64 bits; `onOverflow` sets what happens if the sum does not fit.
   * @param sign - whether the bits are a signed integer
   */
  readonly add: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    sign?: boolean,
    policy?: BitPolicy,
  ) => BitArithmeticOperation<B>
  /**
   * Subtracts from an integer of up to 64 bits; `onOverflow` sets what happens if the difference does not fit.
   * @param sign - whether the bits are a signed integer
   */
  readonly subtract: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: number | bigint,
    sign?: boolean,
    policy?: BitPolicy,
  ) => BitArithmeticOperation<B>
  /** Returns bits as bytes; the last byte is padded with 0 bits. */
  readonly get: <B extends string>(bin: B, bitOffset: number, bitSize: number) => CdtOperation<B, Buffer | null>
  /** Returns the number of bits that are 1. */
  readonly count: <B extends string>(bin: B, bitOffset: number, bitSize: number) => CdtOperation<B, number | null>
  /** Returns the offset of the first bit that equals `value`, counted from `bitOffset`; -1 if there is none. */
  readonly lscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ) => CdtOperation<B, number | null>
  /** Returns the offset of the last bit that equals `value`, counted from `bitOffset`; -1 if there is none. */
  readonly rscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ) => CdtOperation<B, number | null>
  /**
   * Returns up to 64 bits as an integer.
   * @param sign - whether the bits are a signed integer
   */
  readonly getInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    sign?: boolean,
  ) => CdtOperation<B, number | bigint | null>
  /**
   * Returns bytes as base64: all, or those from an offset. Server 8.2.
   * @param byteOffset - first byte to encode; default all bytes of the blob
   * @param byteSize - number of bytes; default all bytes to the end
   * @param invertSize - if true, `byteSize` is the number of bytes to leave out at the end
   */
  readonly b64Encode: <B extends string>(
    bin: B,
    byteOffset?: number,
    byteSize?: number,
    invertSize?: boolean,
  ) => CdtOperation<B, string | null>
}

/** A path: a context, or a function that builds one. */
export type Path = CdtContext | ((path: CdtContext) => unknown)
/**
 * Builders of operations on all values that a path selects, for `operate`. A path is a context whose levels may select
 * several children: all of them, those that match an expression, or those with given keys. Results are null if the bin does
 * not exist. Needs server 8.1.1.
 *
 * Builders throw InvalidArgError for an invalid argument, such as an empty path; `operate` validates bin names.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `path`: a `CdtContext` of at least one level, or a function that adds the levels to the context that it gets.
 * - `expression`: computes the new value. It reads the old one with a loop variable, such as
 *   `exp.loopVarInt(exp.loopVarPart.VALUE)`; `exp.removeResult()` removes it.
 * - `flags`: `paths.selectFlags` or `paths.modifyFlags`, combined with `|`.
 */
export declare const paths: {
  /** What `selectByPath` returns; combine NO_FAIL with another flag by `|`. */
  readonly selectFlags: {
    /** The bin's lists and maps, reduced to what the path selects. */
    readonly MATCHING_TREE: 0
    /** A list of the values. */
    readonly VALUE: 1
    readonly LIST_VALUE: 1
    readonly MAP_VALUE: 1
    /** A list of the keys. */
    readonly MAP_KEY: 2
    /** A list of alternating keys and values. */
    readonly MAP_KEY_VALUE: 3
    /** Leave out values that an expression cannot be applied to, instead of failing. */
    readonly NO_FAIL: 16
  }
  /** Flags of `modifyByPath`. */
  readonly modifyFlags: {
    readonly DEFAULT: 0
    /** Leave values unchanged that the expression cannot be applied to, instead of failing. */
    readonly NO_FAIL: 16
  }
  /** Returns what a path selects, in the form set by `paths.selectFlags`. */
  readonly selectByPath: <B extends string>(bin: B, flags: number, path: Path) => BuiltOperation<B, ReadValue>
  /** Replaces each value that a path selects with the result of an expression. Returns null. */
  readonly modifyByPath: <B extends string>(
    bin: B,
    expression: Expression,
    flags: number,
    path: Path,
  ) => BuiltOperation<B, null>
  /** Returns a list of the values that a path selects. */
  readonly selectValues: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadValue[] | null>
  /** Returns a list of the keys that a path selects. */
  readonly selectMapKeys: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadKey[] | null>
  /** Returns a list of alternating keys and values that a path selects. */
  readonly selectMapEntries: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadValue[] | null>
  /** Returns the bin's lists and maps, reduced to what a path selects. */
  readonly selectMatchingTree: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadValue[] | ReadMap | null>
  /** Replaces each value that a path selects with the result of an expression. Returns null. */
  readonly modify: <B extends string>(bin: B, expression: Expression, path: Path) => BuiltOperation<B, null>
  /** Like `modify`, but leaves values unchanged that the expression cannot be applied to. Returns null. */
  readonly modifyNoFail: <B extends string>(bin: B, expression: Expression, path: Path) => BuiltOperation<B, null>
  /** Removes all values that a path selects. Returns null. */
  readonly remove: <B extends string>(bin: B, path: Path) => BuiltOperation<B, null>
}

/** Aliases of builders of `op`. */
declare const operationAliases: {
  /** Alias of `incr`: the name in the official client. */
  readonly add: <B extends string, const N extends Addend>(
    bin: B,
    val: N,
  ) => ScalarOperation<typeof OPERATOR_INCR, B, N>
  /** Alias of `paths.selectByPath`: the name in the official client. */
  readonly selectByPath: <B extends string>(bin: B, flags: number, path: Path) => BuiltOperation<B, ReadValue>
  /** Alias of `paths.modifyByPath`: the name in the official client. */
  readonly modifyByPath: <B extends string>(
    bin: B,
    expression: Expression,
    flags: number,
    path: Path,
  ) => BuiltOperation<B, null>
}

/** Builders of operations on whole bins, for `operate`. They return plain objects, whose fields `operate` validates. */
declare const scalarBuilders: {
  /** Reads a bin, or all bins if you name none. */
  readonly read: <B extends string | undefined = undefined>(bin?: B) => ScalarOperation<typeof OPERATOR_READ, B>
  /** Reads only the record's generation and TTL. */
  readonly readHeader: () => ScalarOperation<typeof OPERATOR_READ_HEADER, undefined>
  /** Writes a bin; null removes it. */
  readonly write: <B extends string, T>(bin: B, val: Storable<T>) => ScalarOperation<typeof OPERATOR_WRITE, B>
  /** Adds to a number; a missing bin counts as 0. */
  readonly incr: <B extends string, const N extends Addend>(
    bin: B,
    val: N,
  ) => ScalarOperation<typeof OPERATOR_INCR, B, N>
  /** Appends to a string or bytes. */
  readonly append: <B extends string, T extends string | Uint8Array>(
    bin: B,
    val: T,
  ) => ScalarOperation<typeof OPERATOR_APPEND, B, T>
  /** Prepends to a string or bytes. */
  readonly prepend: <B extends string, T extends string | Uint8Array>(
    bin: B,
    val: T,
  ) => ScalarOperation<typeof OPERATOR_PREPEND, B, T>
  /** Resets the record's TTL to `meta.ttl`, or to that of the policy. */
  readonly touch: () => ScalarOperation<typeof OPERATOR_TOUCH, undefined>
  /** Deletes the record. */
  readonly delete: () => ScalarOperation<typeof OPERATOR_DELETE, undefined>
}

/**
 * Builders of operations on whole bins, for `operate`. They return plain objects, whose fields `operate` validates.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes. `read` without a name reads all bins.
 * - `val`: the value to write; for `incr` the number to add, for `append` and `prepend` a string or bytes.
 * - `path`: the path to the values, as for the builders of `paths`.
 * - `expression`: the new value of each value that the path selects.
 * - `flags`: `paths.selectFlags` or `paths.modifyFlags`, combined with `|`.
 */
export declare const op: typeof scalarBuilders & typeof operationAliases

/** The single-record methods of `ClientSync`. */
declare abstract class RecordsSync<out I extends Integer = number | bigint> {
  /**
   * Creates the record, or merges these bins into it. Other bins of the record are unchanged.
   *
   * @param key - `[namespace, set, userKey]`, or a `Key`
   * @param bins - bin name -> value: at least 1 bin, names of 1 to 15 bytes; `null` removes the bin
   * @param meta - `gen`: write only if the record has this generation; `ttl`: time to live in seconds
   * @param policy - overrides the client's `write` policy for this call
   * @throws InvalidArgError if an argument is invalid; RecordExistsError or RecordNotFoundError if `policy.exists`
   *   rules the write out; RecordGenerationError if the generation differs; RecordTooBigError if the record exceeds the
   *   server's limit; FilteredOutError if the filter expression is false. Every call can also fail with
   *   AerospikeTimeoutError, ClusterError or ServerError.
   * @example
   * ```ts
   * client.put(['test', 'users', 'ada'], { name: 'Ada', visits: 1 }, { ttl: 3600 })
   * ```
   */
  put<T extends object>(key: KeyLike, bins: StorableBins<T>, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Reads a record with all of its bins. Their type `B` is not checked: it is what you know of the record.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record: `bins`, `gen` (generation), `ttl` (seconds) and `key`
   * @throws RecordNotFoundError if the record does not exist; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins, gen } = client.get<{ name: string; visits: number }>(['test', 'users', 'ada'])
   * console.log(bins.name, gen)
   * ```
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B>
  /**
   * Reads a record with all of its bins, or returns null if it does not exist.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record, or null if it does not exist
   * @throws FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const record = client.getOrNull(['test', 'users', 'ada'])
   * if (record !== null) console.log(record.bins)
   * ```
   */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> | null
  /**
   * Reads some bins of a record. Their type `B` is not checked. The names must be bins of `B`; state the type of those
   * that you read, such as `Pick<User, 'name'>`.
   *
   * @param key - the record's key
   * @param bins - names of the bins to read; with an empty list, only generation and TTL are returned
   * @param policy - overrides the client's `read` policy for this call
   * @returns the record; bins that it does not have are absent from `bins`
   * @throws RecordNotFoundError if the record does not exist; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins } = client.select<{ name?: string }>(['test', 'users', 'ada'], ['name'])
   * ```
   */
  select<B = Bins>(key: KeyLike, bins: readonly BinName<B>[], policy?: ReadPolicy): AerospikeRecord<B>
  /**
   * Checks whether a record exists, without reading its bins.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns true if the record exists
   * @example
   * ```ts
   * if (client.exists(['test', 'users', 'ada'])) console.log('found')
   * ```
   */
  exists(key: KeyLike, policy?: ReadPolicy): boolean
  /**
   * Reads the generation and TTL of a record, without its bins.
   *
   * @param key - the record's key
   * @param policy - overrides the client's `read` policy for this call
   * @returns `gen` and `ttl` (seconds), or null if the record does not exist
   * @example
   * ```ts
   * const meta = client.getMeta(['test', 'users', 'ada'])
   * console.log(meta?.gen, meta?.ttl)
   * ```
   */
  getMeta(key: KeyLike, policy?: ReadPolicy): RecordMeta | null
  /**
   * Deletes a record.
   *
   * @param key - the record's key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - overrides the client's `write` policy for this call
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * client.remove(['test', 'users', 'ada'])
   * ```
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Resets a record's time to live. Its bins are unchanged.
   *
   * @param key - the record's key
   * @param ttl - time to live in seconds; overrides `meta.ttl`. Default: that of the policy, else that of the namespace
   * @param meta - `gen`: touch only if the record has this generation
   * @param policy - overrides the client's `write` policy for this call
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * client.touch(['test', 'users', 'ada'], 7200)
   * ```
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Appends to a string or blob bin. A missing bin or record is created.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param value - what to append: a string to a string bin, bytes to a blob bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @throws BinTypeError if the bin holds a value of another type
   * @example
   * ```ts
   * client.append(['test', 'users', 'ada'], 'name', ' Lovelace')
   * ```
   */
  append(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Prepends to a string or blob bin. A missing bin or record is created.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param value - what to prepend: a string to a string bin, bytes to a blob bin
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @throws BinTypeError if the bin holds a value of another type
   * @example
   * ```ts
   * client.prepend(['test', 'users', 'ada'], 'name', 'Lady ')
   * ```
   */
  prepend(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Adds to a number bin. A missing bin or record is created, starting from 0. Integers wrap around at the ends of
   * int64.
   *
   * @param key - the record's key
   * @param bin - name of the bin
   * @param by - amount to add; negative to subtract
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the new value of the bin, read by the same request: `number`, or `bigint` for an integer beyond ±(2^53 -
   *   1); the option `int64` changes that. `operate(key, [op.incr(bin, by)])` adds without reading.
   * @throws BinTypeError if the bin holds a value of another type, such as an integer if `by` is a double
   * @example
   * ```ts
   * const visits = client.increment(['test', 'users', 'ada'], 'visits', 1)
   * ```
   */
  increment<const N extends Addend>(
    key: KeyLike,
    bin: string,
    by: N,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Sum<N, I>
  /**
   * Removes bins from a record. Removing the last bin deletes the record.
   *
   * @param key - the record's key
   * @param bins - one bin name or a list of them; names of missing bins are ignored
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @throws InvalidArgError if a name is invalid or there is none; RecordNotFoundError if the record does not exist;
   *   RecordGenerationError if the generation differs
   * @example
   * ```ts
   * client.removeBin(['test', 'users', 'ada'], ['visits', 'nickname'])
   * ```
   */
  removeBin(key: KeyLike, bins: string | readonly string[], meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Executes several operations on one record, in order and atomically.
   *
   * The type of `bins` is inferred from the operations; `operate<B>` sets it instead.
   *
   * @param key - the record's key
   * @param ops - operations, from `op` and the builders for lists, maps, bits, HyperLogLog and expressions
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the record: each bin holds the result of its operations. If several operations return a result for the
   *   same bin, it holds the last result that is not null; use `operateOrdered` to get all of them.
   * @throws RecordNotFoundError if all operations read and the record does not exist; BinTypeError if a bin holds a
   *   value of another type; RecordGenerationError, RecordTooBigError, FilteredOutError
   * @example
   * ```ts
   * const { bins } = client.operate(['test', 'users', 'ada'], [op.incr('visits', 1), op.read('visits')])
   * console.log(bins.visits)
   * ```
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): AerospikeRecord<BinsOf<B, O, I>>
  /**
   * Executes several operations like `operate`, and returns each result separately.
   *
   * @param key - the record's key
   * @param ops - operations, as for `operate`
   * @param meta - `gen` and `ttl`, as for `put`
   * @param policy - overrides the client's `write` policy for this call
   * @returns the results in order: one `[bin, value]` for each operation that reads
   * @throws the errors of `operate`
   * @example
   * ```ts
   * const { results } = client.operateOrdered(
   *   ['test', 'users', 'ada'],
   *   [op.read('visits'), op.incr('visits', 1), op.read('visits')],
   * )
   * ```
   */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): OrderedResults<OrderedAnswers<O, I>>
  /**
   * Calls a user-defined function (UDF) on a record, on the server that holds it. If the record does not exist, the
   * function receives a new one.
   *
   * @param key - the record's key
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - overrides the client's `write` policy for this call
   * @returns what the function returned
   * @throws UDFError if the function fails or does not exist, with the function's message and line
   * @example
   * ```ts
   * const total = client.apply(['test', 'users', 'ada'], 'visits', 'add', [1])
   * ```
   */
  apply<A>(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Storable<A>[] | null,
    policy?: WritePolicy,
  ): ReadValue
}

/** The multi-record methods of `ClientSync`. */
declare abstract class BatchesSync<out I extends Integer = number | bigint> extends RecordsSync<I> {
  /**
   * Reads many records, with one request for each node.
   *
   * A row that fails does not affect the others. The call throws only if no row has an answer.
   *
   * @param keys - keys of the records; the rows of the result are in the same order
   * @param bins - names of the bins to read. Default: all bins. With an empty list, only existence, generation and TTL
   * @param policy - overrides the client's `batch` policy for this call
   * @returns the rows; a missing record is a row with result code 2, and does not count as a failure
   * @throws InvalidArgError if a key or a bin name is invalid
   * @example
   * ```ts
   * const rows = client.batchRead<{ name: string }>([['test', 'users', 'ada'], ['test', 'users', 'bob']], ['name'])
   * for (const { record } of rows) console.log(record?.bins.name)
   * ```
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly BinName<B>[] | null,
    policy?: BatchPolicy,
  ): BatchRecords<B>
  /**
   * Writes many records, each with its own bins.
   *
   * A row behaves like a single `put`: other bins of the record are unchanged, `null` removes a bin, and `meta.gen`
   * writes only if the record has this generation. A row that fails does not affect the others. The call throws only if
   * no row has an answer. Writes are not retried unless `maxRetries` is set.
   *
   * @param records - `{ key, bins, meta?, policy? }` for each record
   * @param policy - batch policy, and the write policy of all rows (`exists`, `ttl`, `key` ...)
   * @returns the rows, in the order of `records`; `row.inDoubt` is true if a failed write may have been applied
   * @throws InvalidArgError if a record is invalid; the message names its position, and nothing is written
   * @example
   * ```ts
   * const rows = client.batchWrite([
   *   { key: ['test', 'users', 'ada'], bins: { visits: 1 } },
   *   { key: ['test', 'users', 'bob'], bins: { visits: 5 }, meta: { ttl: 3600 } },
   * ])
   * rows.throwIfFailed()
   * ```
   */
  batchWrite<R extends BatchWriteRecord<object>>(
    records: readonly RecordToWrite<R>[],
    policy?: BatchWritePolicy,
  ): BatchRecords
  /**
   * Executes the same operations on many records: on each record in order and atomically.
   *
   * If all operations read, the batch is a batch of reads: it is retried as such and is never in doubt. As with
   * `operate`, the type of `bins` is inferred from the operations; `batchOperate<B>` sets it instead.
   *
   * @param keys - keys of the records
   * @param ops - operations, as for `operate`
   * @param policy - batch policy, and the write policy of all rows (`ttl`, `exists` ...)
   * @returns the rows, in the order of `keys`; `row.record` holds the results as that of `operate` does
   * @throws InvalidArgError if a key or an operation is invalid
   * @example
   * ```ts
   * const rows = client.batchOperate(
   *   [['test', 'users', 'ada'], ['test', 'users', 'bob']],
   *   [op.incr('visits', 1), op.read('visits')],
   * )
   * for (const { record } of rows) console.log(record?.bins.visits)
   * ```
   */
  batchOperate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    keys: readonly KeyLike[],
    ops: O,
    policy?: BatchWritePolicy,
  ): BatchRecords<BinsOf<B, O, I>>
  /**
   * Deletes many records.
   *
   * @param keys - keys of the records
   * @param policy - batch policy, and the write policy of all rows (`durableDelete` ...)
   * @returns the rows, in the order of `keys`; a missing record is a row with result code 2, and does not count as a
   *   failure
   * @throws InvalidArgError if a key is invalid
   * @example
   * ```ts
   * const rows = client.batchRemove([['test', 'users', 'ada'], ['test', 'users', 'bob']])
   * console.log(rows.succeeded, 'records deleted')
   * ```
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): BatchRecords
  /**
   * Calls a user-defined function (UDF) on many records, on the servers that hold them.
   *
   * @param keys - keys of the records
   * @param module - name of the registered module, with or without `.lua`
   * @param fn - name of the function in the module
   * @param args - arguments after the record. Default: none
   * @param policy - batch policy, and the write policy of all rows (`ttl` ...)
   * @returns the rows, in the order of `keys`; `row.result` is what the function returned. If the function failed,
   *   `row.error` is a UDFError with the function's own message.
   * @throws InvalidArgError if an argument is invalid
   * @example
   * ```ts
   * const rows = client.batchApply([['test', 'users', 'ada'], ['test', 'users', 'bob']], 'visits', 'add', [1])
   * for (const { result, error } of rows) console.log(error?.message ?? result)
   * ```
   */
  batchApply<A>(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Storable<A>[] | null,
    policy?: BatchWritePolicy,
  ): BatchRecords
  /**
   * Executes rows of different types in one batch: reads, writes, operations, deletes and UDF calls, with one request
   * for each node. `batchRow` builds the rows; plain objects such as `{ type: 'read', key, bins }` also work.
   *
   * The rows of a batch have no defined order of execution, even if several rows name the same record.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns the rows, in the order of `rows`
   * @throws InvalidArgError if a row is invalid; the message names its position, and nothing is executed
   * @example
   * ```ts
   * const rows = client.batch([
   *   batchRow.read(['test', 'users', 'ada'], ['name']),
   *   batchRow.write(['test', 'users', 'cy'], { name: 'Cy' }, null, { exists: 'create-only' }),
   * ])
   * ```
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): BatchRecords<B>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer, without an object for each row.
   *
   * @param keys - keys, or a column of user keys `{ namespace, set, ids }`, which creates no key objects
   * @param schema - bin name -> type of its column
   * @param policy - batch policy, with `wrap` and `into`
   * @returns the columns, one row for each key. A missing record fails its row (result code 2), and so does a value
   *   that does not fit its column (12). A missing bin has no validity bit.
   * @throws InvalidArgError if a key or the schema is invalid
   * @example
   * ```ts
   * const rows = client.batchReadColumns({ namespace: 'test', set: 'users', ids: ['ada', 'bob'] }, { age: 'u8', name: 'utf8' })
   * console.log(rows.columns.age[0])
   * ```
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: ColumnsPolicy): Columns<S>
  /**
   * Writes many records from columns: one record for each key, one bin for each column. The native code builds the rows
   * from the columns' bytes; no object is created for a row.
   *
   * A row that fails does not fail the call. Writes are not retried unless `maxRetries` is set.
   *
   * @param data - namespace, set, keys, columns, and which rows have values
   * @param policy - batch policy, and the write policy of all rows
   * @returns for each row its result code, generation and error, and whether a failed write may have been applied
   * @throws InvalidArgError, before anything is sent, if a column's length differs from the number of keys, if its
   *   memory is detached or shared, or if its type does not fit the schema; the message names the column
   * @example
   * ```ts
   * const written = client.batchWriteColumns({
   *   namespace: 'test',
   *   set: 'users',
   *   keys: ['ada', 'bob'],
   *   columns: { age: Uint8Array.of(36, 41) },
   * })
   * console.log(written.ok)
   * ```
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): WrittenRows
}

/** The cluster methods of `ClientSync`. */
declare abstract class ManagementSync<out I extends Integer = number | bigint> extends BatchesSync<I> {
  #private
  /**
   * Returns the nodes that the client knows, sorted by name, with address, version, racks and connections. Sends info
   * requests to each node.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the nodes; a node that does not answer is included, with its `error`
   * @throws ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { name, address, version, connections } of client.nodes()) {
   *   console.log(name, address, version, connections)
   * }
   * ```
   */
  nodes(policy?: AdminPolicy): ClusterNode[]
  /**
   * Starts building a secondary index on a bin, or on the result of an expression (server 8.1 and later). Queries can
   * use the index once the task is done; with `{ wait: true }` the call returns only then.
   *
   * @param options - namespace, set, index name, bin or expression, and data type
   * @param policy - overrides the client's `admin` policy; `wait`: wait for the task (default false)
   * @returns the task, to follow the progress or to wait
   * @throws IndexExistsError if an index of this name exists, whatever its definition; InvalidArgError
   * @example
   * ```ts
   * const task = client.createIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age', datatype: 'integer' })
   * task.wait({ timeout: 60_000 })
   * ```
   */
  createIndex(options: IndexOptions, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Starts building an index on integers; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createIntegerIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Starts building an index on strings; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createStringIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Starts building an index on blobs (server 7.0 and later); see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createBlobIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Starts building an index on GeoJSON; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createGeo2DSphereIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Starts building an index of a set's records, which makes scans of a small set in a large namespace fast (server
   * 8.1.2 and later).
   *
   * @param options - namespace, set and index name
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createSetIndex(options: SetIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Drops a secondary index. The task is done when no node has the index any more.
   *
   * @param namespace - namespace
   * @param index - name of the index
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexNotFoundError if there is no such index
   * @example
   * ```ts
   * const task = client.dropIndex('test', 'users_age')
   * task.wait()
   * ```
   */
  dropIndex(namespace: string, index: string, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Lists the secondary indexes of a namespace.
   *
   * @param namespace - namespace. Default: all namespaces
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the indexes, with their definition and state
   */
  indexList(namespace?: string | null, policy?: AdminPolicy): IndexInfo[]
  /**
   * Registers a module of Lua functions. It replaces a module of the same name. The task is done when every node has
   * the module.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - overrides the client's `admin` policy; `wait`: wait for the task (default false)
   * @returns the task
   * @throws UDFError if the module does not compile, with line and reason; InvalidArgError if the file cannot be read
   *   or the name does not end in `.lua`
   * @example
   * ```ts
   * const source = 'function add(record, n) record.visits = (record.visits or 0) + n; aerospike:update(record) end'
   * client.udfRegister({ name: 'visits.lua', source }, { wait: true })
   * ```
   */
  udfRegister(module: UdfSource, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Removes a module. A module that does not exist is not an error, as on the server.
   *
   * @param module - name of the module, with or without `.lua`
   * @param policy - as for `udfRegister`
   * @returns the task; it is done when no node has the module any more
   */
  udfRemove(module: string, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Lists the registered modules.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, hash and language of each module
   */
  udfList(policy?: AdminPolicy): UdfInfo[]
  /**
   * Returns the source of a module.
   *
   * @param module - name of the module, with or without `.lua`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the source text
   * @throws UDFError if there is no module of this name
   */
  udfGet(module: string, policy?: AdminPolicy): string
  /**
   * Deletes all records of a set or of a whole namespace, immediately and without tombstones. An unknown set is not an
   * error.
   *
   * @param namespace - namespace
   * @param set - set; null for the whole namespace
   * @param before - delete only records last updated before this time: nanoseconds since 1970, or a Date; 0 means now.
   *   Default: now
   * @param policy - overrides the client's `admin` policy for this call
   * @throws InvalidArgError if an argument is invalid, or if `before` is in the future
   * @example
   * ```ts
   * client.truncate('test', 'users', new Date('2026-01-01'))
   * ```
   */
  truncate(namespace: string, set: string | null, before?: bigint | 0 | Date | null, policy?: AdminPolicy): void
  /**
   * Sets which records cross-datacenter replication ships from a namespace to a datacenter (Enterprise). It replaces
   * the filter that was set before, and concerns records that are shipped from now on.
   *
   * @param datacenter - name of the datacenter in the configuration of the servers
   * @param namespace - namespace
   * @param filter - ships only records for which this expression is true; null ships all records
   * @param policy - overrides the client's `admin` policy for this call
   * @throws InvalidArgError if an argument is invalid; ServerError if there is no such datacenter or namespace, or if
   *   the servers have no cross-datacenter replication
   * @example
   * ```ts
   * client.setXdrFilter('west', 'test', exp.eq(exp.binStr('region'), 'west'))
   * ```
   */
  setXdrFilter(datacenter: string, namespace: string, filter: Condition | null, policy?: AdminPolicy): void
  /**
   * Returns the names of the namespaces.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  namespaces(policy?: AdminPolicy): string[]
  /**
   * Lists the sets of a namespace.
   *
   * @param namespace - namespace. Default: all namespaces
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the sets, with their record counts summed over all nodes
   */
  sets(namespace?: string | null, policy?: AdminPolicy): SetInfo[]
  /**
   * Returns the build of the servers, such as `8.1.2.0`; if the nodes differ, the lowest.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  build(policy?: AdminPolicy): string
  /**
   * Returns the features that all nodes support, such as `pquery`.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  features(policy?: AdminPolicy): string[]
  /**
   * Sends an info command to every node.
   *
   * @param command - the command, such as `'namespaces'` or `'statistics'`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns one result for each node: `node`, `response`, and `error` if the node did not answer. An error text of the
   *   server, such as `ERROR...`, is a `response`.
   * @throws InvalidArgError if the command is invalid
   * @example
   * ```ts
   * for (const { node, response, error } of client.infoAll('build')) console.log(node, error ?? response)
   * ```
   */
  infoAll(command: string, policy?: AdminPolicy): InfoResult[]
  /**
   * Sends an info command to one node.
   *
   * @param command - the command
   * @param node - name of the node, as returned by `getNodeNames`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   * @throws ClusterError if the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): string
  /**
   * Sends an info command to any one node.
   *
   * @param command - the command
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   */
  infoRandomNode(command: string, policy?: AdminPolicy): string
}

/** The methods of `ClientSync` for users and roles. */
declare abstract class AdminSync<out I extends Integer = number | bigint> extends ManagementSync<I> {
  /**
   * Creates a user with a password.
   *
   * @param user - name of the user
   * @param password - the password; only its hash is sent
   * @param roles - names of the user's roles. Default: none
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user exists (`USER_EXISTS`), a role does not (`INVALID_ROLE`), or the server has no
   *   security (`SECURITY_NOT_ENABLED`); InvalidArgError if a name is empty or the request is too large
   * @example
   * ```ts
   * client.createUser('ada', password, ['read-write'])
   * ```
   */
  createUser(user: string, password: string, roles?: readonly string[] | null, policy?: AdminPolicy): void
  /**
   * Creates a user that the certificate of a TLS connection authenticates: see `authMode: 'pki'`.
   *
   * @param user - name of the user, as the certificate's subject has it
   * @param roles - names of the user's roles. Default: none
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user exists (`USER_EXISTS`) or a role does not (`INVALID_ROLE`); InvalidArgError if a
   *   name is empty or the request is too large
   */
  createPkiUser(user: string, roles?: readonly string[] | null, policy?: AdminPolicy): void
  /**
   * Removes a user. The server refuses the user's open connections from then on.
   *
   * @param user - name of the user
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such user (`INVALID_USER`)
   */
  dropUser(user: string, policy?: AdminPolicy): void
  /**
   * Changes the password of a user. Any user may change their own; the client then uses the new password for its own
   * connections.
   *
   * @param user - name of the user
   * @param password - the new password; only its hash is sent
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such user (`INVALID_USER`), or the server refuses the password
   *   (`FORBIDDEN_PASSWORD`)
   */
  changePassword(user: string, password: string, policy?: AdminPolicy): void
  /**
   * Adds roles to those of a user.
   *
   * @param user - name of the user
   * @param roles - names of the roles, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user (`INVALID_USER`) or a role (`INVALID_ROLE`) does not exist
   */
  grantRoles(user: string, roles: readonly string[], policy?: AdminPolicy): void
  /**
   * Removes roles from those of a user.
   *
   * @param user - name of the user
   * @param roles - names of the roles, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user (`INVALID_USER`) or a role (`INVALID_ROLE`) does not exist
   */
  revokeRoles(user: string, roles: readonly string[], policy?: AdminPolicy): void
  /**
   * Returns a user. Any user may query themself.
   *
   * @param user - name of the user
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, roles, and what the user currently does
   * @throws AdminError if there is no such user (`INVALID_USER`)
   */
  queryUser(user: string, policy?: AdminPolicy): UserInfo
  /**
   * Returns all users.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the users, in the server's order
   */
  queryUsers(policy?: AdminPolicy): UserInfo[]
  /**
   * Creates a role.
   *
   * @param role - name of the role
   * @param privileges - what it allows: codes, or codes with a namespace and perhaps a set
   * @param limits - `allowlist`, `readQuota`, `writeQuota`. Default: no limits
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the role exists (`ROLE_EXISTS`), or the server has no quotas (`QUOTAS_NOT_ENABLED`);
   *   InvalidArgError if a privilege is unknown or has a wrong scope, or the request is too large
   * @example
   * ```ts
   * client.createRole('reports', [{ code: 'read', namespace: 'test', set: 'orders' }], { allowlist: ['10.0.0.0/8'] })
   * ```
   */
  createRole(role: string, privileges: readonly PrivilegeLike[], limits?: RoleLimits | null, policy?: AdminPolicy): void
  /**
   * Removes a role, also from the users that have it.
   *
   * @param role - name of the role
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`)
   */
  dropRole(role: string, policy?: AdminPolicy): void
  /**
   * Adds privileges to those of a role.
   *
   * @param role - name of the role
   * @param privileges - what it also allows, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`); InvalidArgError if a privilege is unknown or has a
   *   wrong scope
   * @example
   * ```ts
   * client.grantPrivileges('reports', ['sindex-admin', { code: 'read', namespace: 'archive' }])
   * ```
   */
  grantPrivileges(role: string, privileges: readonly PrivilegeLike[], policy?: AdminPolicy): void
  /**
   * Removes privileges from those of a role.
   *
   * @param role - name of the role
   * @param privileges - what it no longer allows, at least one, each with the scope with which it was granted
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`); InvalidArgError if a privilege is unknown or has a
   *   wrong scope
   */
  revokePrivileges(role: string, privileges: readonly PrivilegeLike[], policy?: AdminPolicy): void
  /**
   * Replaces the addresses from which users of a role may connect.
   *
   * @param role - name of the role
   * @param allowlist - addresses and networks, such as `'10.0.0.0/8'`; an empty list allows any address
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`), or an address is invalid (`INVALID_ALLOWLIST`)
   */
  setAllowlist(role: string, allowlist: readonly string[], policy?: AdminPolicy): void
  /**
   * Sets the quotas of a role.
   *
   * @param role - name of the role
   * @param readQuota - maximum number of records that a user may read per second; 0: no limit
   * @param writeQuota - maximum number of records that a user may write per second; 0: no limit
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`), or the server has no quotas (`QUOTAS_NOT_ENABLED`)
   */
  setQuotas(role: string, readQuota: number, writeQuota: number, policy?: AdminPolicy): void
  /**
   * Returns a role.
   *
   * @param role - name of the role
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, privileges, allowlist and quotas
   * @throws AdminError if there is no such role (`INVALID_ROLE`)
   */
  queryRole(role: string, policy?: AdminPolicy): RoleInfo
  /**
   * Returns all roles, those that the server defines included.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the roles, in the server's order
   */
  queryRoles(policy?: AdminPolicy): RoleInfo[]
}

/** Methods of `ClientSync` with the names and arguments of aerospike-py. */
declare abstract class AerospikePySync<out I extends Integer = number | bigint> extends AdminSync<I> {
  /**
   * `createIntegerIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexIntegerCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync
  /**
   * `createStringIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexStringCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync
  /**
   * `createBlobIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexBlobCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync
  /**
   * `createGeo2DSphereIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  indexGeo2dsphereCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync
  /**
   * `udfRegister` under aerospike-py's name. Waits for the module unless `policy.wait` is false.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, policy?: BlockingTaskPolicy | null): TaskSync
  /**
   * `udfPut` with aerospike-py's arguments.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param udfType - aerospike-py's constant for Lua, the only language: 0
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, udfType: 0, policy?: BlockingTaskPolicy | null): TaskSync
}

/** The methods of `ClientSync` that return streams, queries and jobs. */
declare abstract class QueriesSync<out I extends Integer = number | bigint> extends AerospikePySync<I> {
  /**
   * Executes the rows of `batch`, and yields each result when it arrives, with its `index` in the request: you can
   * handle the first rows while others are in progress.
   *
   * Memory is bounded: the client stops reading from the nodes while 4096 rows or 1 MiB wait for your loop. Leaving the
   * loop ends the batch; rows that write and have no answer by then are in doubt. There is no time limit unless
   * `totalTimeout` sets one, which also counts the time that the loop's body takes.
   *
   * @param rows - the rows, each with its `type`
   * @param policy - batch policy, and the write policy of all rows that write
   * @returns an iterable of the rows, in order of arrival; iterating throws if no row has an answer
   * @throws InvalidArgError, at once, if a row is invalid; the message names its position
   * @example
   * ```ts
   * const keys = ['ada', 'bob'].map(name => ['test', 'users', name] as const)
   * for (const row of client.batchStream(keys.map(key => batchRow.read(key, ['name'])))) {
   *   console.log(row.index, row.record?.bins)
   * }
   * ```
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStreamSync<BatchRow<B>>
  /**
   * Creates a query of a set or of a whole namespace. Builder methods such as `where` and `filter` mutate the query and
   * return it; `for`, `results()`, `count()` and others run it.
   *
   * @param namespace - namespace
   * @param set - set. Default: all records of the namespace
   * @returns the query, not yet run
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * const adults = client.query<{ name: string }>('test', 'users').where(filter.range('age', 18, 120)).select('name')
   * for (const { bins } of adults) console.log(bins.name)
   * ```
   */
  query<B = Bins>(namespace: string, set?: string | null): QuerySync<B>
  /**
   * Returns a handle to a background job that was started before, in this or another process.
   *
   * @param id - the job's id, from `JobTaskSync.id`
   * @returns the handle, to follow the job's progress; the servers are not asked yet
   * @throws InvalidArgError if `id` is not a bigint from 0 to 2^64 - 1
   * @example
   * ```ts
   * const { id } = client.query('test', 'users').operate([op.incr('visits', 1)])
   * // Later, also in another process:
   * client.job(id).wait()
   * ```
   */
  job(id: bigint): JobTaskSync
}

/** The methods of `ClientSync` for transactions. */
declare abstract class TransactionsSync<out I extends Integer = number | bigint> extends QueriesSync<I> {
  /**
   * Creates a transaction. Pass it as `tx` in the policy of each call that belongs to it, then call `commit`. Nothing
   * is sent before its first call. `withTransaction` also repeats a transaction that conflicts with others.
   *
   * @param options - `timeout`: milliseconds after which the servers abort the transaction
   * @returns the transaction; a `using` declaration aborts it at the end of its scope unless it is committed
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * using tx = client.transaction({ timeout: 5000 })
   * client.increment(['bank', 'accounts', 'ada'], 'cents', -100, null, { tx })
   * client.increment(['bank', 'accounts', 'bob'], 'cents', 100, null, { tx })
   * tx.commit()
   * ```
   */
  transaction(options?: TransactionOptions): TransactionSync
  /**
   * Runs a function in a transaction, and commits it. If the function throws, the transaction is aborted. If it
   * conflicts with others, the function runs again in a new transaction, after a random pause that grows. A commit
   * whose result is unknown is repeated until it is known.
   *
   * The function may run several times, so it should have no effects other than calls with `tx`. It should let the
   * errors of these calls pass. Rows of a batch that fail do not throw: check them.
   *
   * @param fn - gets the transaction and the number of the attempt, from 1. If it commits or aborts the transaction
   *   itself, its result is returned
   * @param options - `retries` (default 10), `backoff`, `timeout` of each transaction, `signal`
   * @returns what the function returns, after the commit
   * @throws what the function throws; CommitError if every attempt conflicts with others, or, with `inDoubt: true`, if
   *   it remains unknown whether the transaction is committed; InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const [ada, bob] = [['bank', 'accounts', 'ada'], ['bank', 'accounts', 'bob']] as const
   * client.withTransaction( tx => {
   *   const { bins } = client.get<{ cents: number }>(ada, { tx })
   *   if (bins.cents < 100) throw new Error('not enough money')
   *   client.increment(ada, 'cents', -100, null, { tx })
   *   client.increment(bob, 'cents', 100, null, { tx })
   * })
   * ```
   */
  withTransaction<T>(fn: BlockingTransactionWork<T>, options?: BlockingWithTransactionOptions): T
}

/** The methods of `ClientSync` that combine several commands. */
declare abstract class HelpersSync<out I extends Integer = number | bigint> extends TransactionsSync<I> {
  /**
   * Changes a record with a function, without losing writes of others (compare-and-set): reads the record, calls the
   * function with its bins, and writes the result if the record has not been written in between. Otherwise it starts
   * again after a random pause, with the new bins.
   *
   * Only bins that the function changed are written, and bins that its result does not have are removed. If it changed
   * nothing, nothing is written. The function may be called several times, so it should have no other effects.
   *
   * @param key - the record's key
   * @param fn - gets the stored bins and the record, and returns the bins to store; it may change its argument
   * @param options - how often to try, time to live, and policies
   * @returns the record after the write: the bins that the function returned, and the new generation
   * @throws RecordNotFoundError if the record does not exist, without `create`; RecordGenerationError if every attempt
   *   lost against another write, with the last conflict as `cause`; InvalidArgError if the function returns no bins;
   *   what the function throws; the errors of `get` and `operate`. An error that is in doubt is not retried.
   * @example
   * ```ts
   * const { bins } = client.update<{ visits: number }>(['test', 'users', 'ada'], user => ({
   *   ...user,
   *   visits: user.visits + 1,
   * }))
   * ```
   */
  update<B = Bins>(
    key: KeyLike,
    fn: BlockingUpdater<B>,
    options?: BlockingUpdateOptions & {
      readonly create?: false | undefined
    },
  ): AerospikeRecord<B>
  /**
   * Changes or creates a record with a function: with `create: true`, the function gets null if the record does not
   * exist. Otherwise the same as above.
   *
   * @param key - the record's key
   * @param fn - gets the stored bins and the record, or null, and returns the bins to store
   * @param options - `create: true`, how often to try, time to live, and policies
   * @returns the record after the write
   * @example
   * ```ts
   * client.update<{ visits: number }>(
   *   ['test', 'users', 'ada'],
   *   user => ({ visits: (user?.visits ?? 0) + 1 }),
   *   { create: true },
   * )
   * ```
   */
  update<B = Bins>(key: KeyLike, fn: BlockingUpserter<B>, options: BlockingUpdateOptions): AerospikeRecord<B>
  /**
   * Writes many records from a source of any length, in batches. The source is read only as fast as batches complete,
   * so memory is bounded by the rows of the batches in flight, and by the rows that fail.
   *
   * A row that fails does not affect the others. A batch without any answer is a failure of each of its rows.
   *
   * @param source - an iterable or another iterable of records `{ key, bins, meta?, policy? }`, or of batch rows that
   *   write, such as `batchRow.operate(...)` and `batchRow.remove(...)`
   * @param options - size of a batch, progress, and policy
   * @returns the number of rows written, failed and in doubt, and the rows that failed, each with its error
   * @throws BulkWriteError if the bulk write ends before its source: if the source or `onProgress` throws, a row is
   *   invalid, the signal fires, or the client is closed. `result` reports what was written, `cause` is the reason.
   *   InvalidArgError if an option is invalid
   * @example
   * ```ts
   * const names = ['ada', 'bob']
   * const rows = names.map(name => ({ key: ['test', 'users', name] as const, bins: { name } }))
   * const { written, failures } = client.bulkWrite(rows)
   * for (const { index, error } of failures) console.log(index, error.code)
   * ```
   */
  bulkWrite<R extends BulkRow | BatchWriteRecord<object>>(
    source: BlockingBulkSource<R>,
    options?: BlockingBulkWriteOptions,
  ): BulkWriteResult
  /**
   * Sends a small request to each node, and measures the time until its answer. Useful for health checks.
   *
   * @param policy - overrides the client's `admin` policy for this call; its `timeout` (default 1000 ms) is the limit
   *   for each node
   * @returns for each node its name, its address, the time in milliseconds, and `error` if it did not answer
   * @throws the error of a node if no node answers; ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { node, address, ms, error } of client.ping()) console.log(node, address, error?.code ?? ms)
   * ```
   */
  ping(policy?: AdminPolicy): NodePing[]
}

/**
 * The records of one set, with the types of their bins; created by `client.set`. Its methods do what those of the
 * client do, with the user key instead of a key.
 *
 * @example
 * ```ts
 * interface User {
 *   name: string
 *   visits: number
 * }
 * const users = client.set<User>('test', 'users')
 * users.put('ada', { name: 'Ada', visits: 1 })
 * const { bins } = users.get('ada')
 * console.log(bins.name)
 * ```
 */
export declare class TypedSetSync<T extends object, I extends object = T> {
  #private
  /** Namespace. */
  readonly namespace: string
  /** Name of the set. */
  readonly name: string
  /**
   * Creates a set with other defaults, for all of its calls. A call's own policy overrides them.
   *
   * @param defaults - fields of policies, for every kind of call that has them, and `policies` of single kinds
   * @returns a new set; this one does not change
   * @throws InvalidArgError if a field is unknown or invalid
   * @example
   * ```ts
   * const sessions = client.set<{ user: string }>('test', 'sessions').with({ ttl: 3600, totalTimeout: 50 })
   * ```
   */
  with(defaults: SetDefaults): TypedSetSync<T, I>
  /**
   * Returns the key of a record of this set.
   *
   * @param id - the user key
   * @throws InvalidArgError if the user key is invalid
   */
  key(id: UserKey): Key
  /**
   * Reads a record with all of its bins.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns the record: `bins`, `gen` (generation), `ttl` (seconds) and `key`
   * @throws RecordNotFoundError if the record does not exist; ValidationError if reads are validated and the bins do
   *   not match the schema; FilteredOutError if the filter expression is false
   * @example
   * ```ts
   * const { bins } = users.get('ada')
   * ```
   */
  get(id: UserKey, policy?: ReadPolicy): AerospikeRecord<T>
  /**
   * Reads a record with all of its bins, or returns null if it does not exist.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns the record, or null if it does not exist
   * @throws ValidationError if reads are validated and the bins do not match the schema
   * @example
   * ```ts
   * const user = users.getOrNull('ada')
   * if (user !== null) console.log(user.bins.name)
   * ```
   */
  getOrNull(id: UserKey, policy?: ReadPolicy): AerospikeRecord<T> | null
  /**
   * Reads some bins of a record. The bins are not validated.
   *
   * @param id - the user key
   * @param bins - names of the bins to read
   * @param policy - overrides the defaults for this call
   * @returns the record with these bins
   * @throws RecordNotFoundError if the record does not exist
   * @example
   * ```ts
   * const { bins } = users.select('ada', ['name'])
   * ```
   */
  select<K extends BinName<T>>(id: UserKey, bins: readonly K[], policy?: ReadPolicy): AerospikeRecord<Pick<T, K>>
  /**
   * Checks whether a record exists, without reading its bins.
   *
   * @param id - the user key
   * @param policy - overrides the defaults for this call
   * @returns true if the record exists
   * @example
   * ```ts
   * if (users.exists('ada')) console.log('found')
   * ```
   */
  exists(id: UserKey, policy?: ReadPolicy): boolean
  /**
   * Creates a record, or merges these bins into it, as `put` of the client does. Bins that a record has beyond these
   * are unchanged; with `exists: 'replace'`, they are removed.
   *
   * @param id - the user key
   * @param bins - the bins; with a validated schema, what the schema returns is stored
   * @param meta - `gen`: write only if the record has this generation; `ttl`: time to live in seconds
   * @param policy - overrides the defaults for this call
   * @throws ValidationError if writes are validated and the bins do not match the schema; the errors of `client.put`
   * @example
   * ```ts
   * users.put('ada', { name: 'Ada', visits: 1 }, { ttl: 3600 })
   * ```
   */
  put(id: UserKey, bins: I, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Changes a record with a function, without losing writes of others; see `update` of the client.
   *
   * @param id - the user key
   * @param fn - gets the stored bins and the record, and returns the bins to store; it may change its argument
   * @param options - how often to try, time to live, and policies
   * @returns the record after the write
   * @throws ValidationError if the bins do not match the schema; the errors of `client.update`
   * @example
   * ```ts
   * users.update('ada', user => ({ ...user, visits: user.visits + 1 }))
   * ```
   */
  update(
    id: UserKey,
    fn: BlockingUpdater<T, I>,
    options?: BlockingUpdateOptions & {
      readonly create?: false | undefined
    },
  ): AerospikeRecord<T>
  /**
   * Changes or creates a record with a function: with `create: true`, the function gets null if the record does not
   * exist.
   *
   * @param id - the user key
   * @param fn - gets the stored bins and the record, or null, and returns the bins to store
   * @param options - `create: true`, how often to try, time to live, and policies
   * @returns the record after the write
   */
  update(id: UserKey, fn: BlockingUpserter<T, I>, options: BlockingUpdateOptions): AerospikeRecord<T>
  /**
   * Deletes a record.
   *
   * @param id - the user key
   * @param meta - `gen`: delete only if the record has this generation
   * @param policy - overrides the defaults for this call
   * @throws RecordNotFoundError if the record does not exist; RecordGenerationError if the generation differs
   * @example
   * ```ts
   * users.remove('ada')
   * ```
   */
  remove(id: UserKey, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Reads many records, with one request for each node.
   *
   * @param ids - the user keys; the rows of the result are in the same order
   * @param policy - overrides the defaults for this call
   * @returns the rows; a missing record is a row with result code 2. If reads are validated, a record that does not
   *   match the schema is a row whose `error` is a ValidationError
   * @throws InvalidArgError if a user key is invalid
   * @example
   * ```ts
   * for (const { key, record } of users.batchGet(['ada', 'bob'])) console.log(key.userKey, record?.bins.name)
   * ```
   */
  batchGet(ids: readonly UserKey[], policy?: BatchPolicy): BatchRecords<T>
  /**
   * Writes many records, each with its own bins.
   *
   * @param entries - `[id, bins]` or `[id, bins, meta]` for each record, such as a `Map` of bins by user key
   * @param policy - overrides the defaults for this call
   * @returns the rows, in the order of `entries`
   * @throws ValidationError if writes are validated and the bins of a record do not match the schema; then nothing is
   *   written. InvalidArgError if an entry is invalid
   * @example
   * ```ts
   * const rows = users.batchPut([
   *   ['ada', { name: 'Ada', visits: 1 }],
   *   ['bob', { name: 'Bob', visits: 5 }, { ttl: 3600 }],
   * ])
   * rows.throwIfFailed()
   * ```
   */
  batchPut(entries: Iterable<SetEntry<I>>, policy?: SetBatchWritePolicy): BatchRecords
  /**
   * Reads many records into columns: typed arrays that are views of one buffer. Values are not validated.
   *
   * @param ids - the user keys: an array, or a typed array or column, which creates no key objects
   * @param schema - bin name -> type of its column
   * @param policy - overrides the defaults for this call
   * @returns the columns, one row for each user key
   * @throws InvalidArgError if a user key or the schema is invalid
   * @example
   * ```ts
   * const { columns } = users.batchReadColumns(['ada', 'bob'], { visits: 'u32' })
   * console.log(columns.visits[0])
   * ```
   */
  batchReadColumns<const S extends Schema>(ids: KeyIds, schema: S & OnlyBins<T, S>, policy?: ColumnsPolicy): Columns<S>
  /**
   * Creates a query of the set; `where`, `select` and `columns` know its bins. If reads are validated, a record that
   * does not match the schema has an `error`, and its `bins` throw it; queries with `select` or `operations` are not
   * validated.
   *
   * @returns the query, not yet run
   * @example
   * ```ts
   * for (const { bins } of users.query().where(filter.range('visits', 10, 100))) console.log(bins.name)
   * ```
   */
  query(): TypedQuerySync<T>
}

/**
 * A client whose calls block: they return their results and throw their errors. A call cannot be aborted; it takes no
 * `signal`.
 *
 * @example
 * ```ts
 * using client = connectSync({ hosts: '127.0.0.1:3000' })
 * client.put(['test', 'users', 'ada'], { name: 'Ada' })
 * console.log(client.get(['test', 'users', 'ada']).bins)
 * ```
 */
export declare class ClientSync<out I extends Integer = number | bigint> extends HelpersSync<I> implements Disposable {
  #private
  /**
   * Creates a client that is not connected yet.
   *
   * @param config - options and default policies, or a connection URI. Default: environment variables such as
   *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
   * @throws InvalidArgError if an option is unknown or invalid; the message names it
   */
  constructor(config?: ClientConfig<Int64For<I>> | string)
  /**
   * Connects to the cluster. Calling it again has no effect.
   *
   * @param user - overrides the configuration's user
   * @param password - overrides the configuration's password
   * @returns this client
   * @throws ClusterError if no node answers within `connectTimeout`, TLS fails, or the cluster has another name; AdminError
   *   if the server refuses the login; InvalidArgError if a certificate or key is invalid; ClientError if the client is
   *   closed or the credentials provider fails
   * @example
   * ```ts
   * const client = new ClientSync({ hosts: '127.0.0.1:3000' }).connect()
   * ```
   */
  connect(user?: string | null, password?: string | null): this
  /**
   * Opens new connections to all nodes, and moves the client to them: with the current contents of the certificate files
   * and the credentials of the provider, or with what `options` changes. Open streams finish on the former connections.
   * If the new connections fail, the client stays on the former ones.
   *
   * @param options - `user`, `password`, `tls`. Default: the current ones, or the credentials that the provider returns
   * @throws InvalidArgError if an option or a certificate is invalid; AdminError if the server refuses the login;
   *   ClusterError if no node answers; ClientError if the client is not connected, or the provider fails
   */
  reconnect(options?: ReconnectOptions): void
  /** Returns true if the client is connected to at least one usable node. */
  isConnected(): boolean
  /**
   * Returns the names of the nodes that the client knows.
   *
   * @throws ClientError if the client is not connected
   */
  getNodeNames(): string[]
  /**
   * Returns what the client is doing at the moment, and the statistics of its connections.
   *
   * @throws ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { address, connections } of client.stats().nodes) console.log(address, connections.inUse)
   * ```
   */
  stats(): ClientStats
  /**
   * Closes the client. Calling it again has no effect. A closed client cannot be reopened.
   *
   * @param options - `timeout`: milliseconds to wait for running calls. Default 5000
   * @throws InvalidArgError if an option is invalid
   * @example
   * ```ts
   * client.close({ timeout: 1000 })
   * ```
   */
  close(options?: CloseOptions): void
  /** Closes the client, for `using`. */
  [Symbol.dispose](): void
  /**
   * Returns a set whose records have bins of known types. It is a thin layer: its methods do what those of this client
   * do, with the user key instead of a key.
   *
   * @param namespace - namespace
   * @param name - name of the set
   * @returns the set; nothing is sent
   * @throws InvalidArgError if a name is invalid
   * @example
   * ```ts
   * interface User {
   *   name: string
   *   visits: number
   * }
   * const users = client.set<User>('test', 'users')
   * users.put('ada', { name: 'Ada', visits: 1 })
   * ```
   */
  set<T extends object = Bins>(namespace: string, name: string): TypedSetSync<T>
  /**
   * Returns a set whose bins are validated by a schema, which also determines their types.
   *
   * @param namespace - namespace
   * @param name - name of the set
   * @param options - `schema`, and whether writes, reads or both are validated
   * @returns the set; nothing is sent
   * @throws InvalidArgError if a name or an option is invalid
   * @example
   * ```ts
   * const User = z.object({ name: z.string(), visits: z.number().int() })
   * const users = client.set('test', 'users', { schema: User, validate: 'both' })
   * ```
   */
  set<S extends StandardSchema<object, object>>(
    namespace: string,
    name: string,
    options: SetOptions<S>,
  ): TypedSetSync<SchemaOutput<S>, SchemaInput<S>>
}
export interface ClientSync<out I extends Integer = number | bigint> extends ClientAliases<ClientSync<I>> {}
/**
 * Creates a blocking client and connects it.
 *
 * @param config - options and default policies, or a connection URI. Default: environment variables such as
 *   `AEROSPIKE_URI` and `AEROSPIKE_HOSTS`
 * @returns the connected client
 * @throws InvalidArgError if an option is invalid; ClusterError if no node answers within `connectTimeout`, or if the
 *   cluster has another name
 * @example
 * ```ts
 * using client = connectSync({ hosts: '127.0.0.1:3000' })
 * ```
 */
export declare function connectSync<const M extends Int64 = 'auto'>(
  config?: ClientConfig<M> | string,
): ClientSync<IntegerOf<M>>

/** The address of the metrics server. */
export interface MetricsServer {
  /** The address that the server listens on. */
  readonly host: string
  /** The port that the server listens on. */
  readonly port: number
  /** URL of the metrics, for Prometheus. */
  readonly url: string
}

/** How `toJSON` converts values that JSON does not have. */
export interface JsonOptions {
  /**
   * How integers are written that are read as bigint. Default `string`.
   *
   * - `string`: as decimal text, which keeps every digit.
   * - `number`: as a number, which loses the last digits outside ±(2^53 - 1).
   */
  bigint?: 'string' | 'number' | undefined
}
/**
 * Converts records, rows, columns, values and lists of them to plain data for `JSON.stringify`. Bytes become hexadecimal
 * text, and a `Map` becomes an object with the text of its keys, or a list of pairs if two keys have the same text.
 *
 * `JSON.stringify(record)` does the same with the default options; use this function to choose others.
 *
 * @param value - what a call of the client returned, or a part of it
 * @param options - `bigint`: `'string'` (default) or `'number'`
 * @returns objects, lists, strings, numbers, booleans and null
 * @throws InvalidArgError if the option is another value
 * @example
 * ```ts
 * const record = await client.get(['test', 'counters', 'views'])
 * response.end(JSON.stringify(toJSON(record, { bigint: 'number' })))
 * ```
 */
export declare function toJSON(value: unknown, options?: JsonOptions): unknown

/** Write policy of the operations on lists. */
export interface ListPolicy {
  /** Order of a list that the operation creates. Default unordered. */
  order?: ListOrder | undefined
  /** LIST_WRITE_* flags, combined with `|`. Default LIST_WRITE_DEFAULT. */
  writeFlags?: number | undefined
}
/**
 * Which entries may be written: a single word instead of flags.
 *
 * - `update`: creates entries, or replaces them.
 * - `update-only`: replaces entries whose key exists.
 * - `create-only`: creates entries whose key does not exist.
 */
export type MapWriteMode = typeof MAP_UPDATE | typeof MAP_UPDATE_ONLY | typeof MAP_CREATE_ONLY
/** Write policy of the operations on maps. */
export interface MapPolicy {
  /** Order of a map that the operation creates. Default unordered. */
  order?: MapOrder | undefined
  /** MAP_WRITE_FLAGS_*, combined with `|`. Default MAP_WRITE_FLAGS_DEFAULT. Increments have no flags. */
  writeFlags?: number | undefined
  /** A single word instead of `writeFlags`; you cannot set both. */
  writeMode?: MapWriteMode | undefined
  /** Store the index of an ordered map with the record (not for nested maps; server 7.0). Default false. */
  persistIndex?: boolean | undefined
}

/**
 * The kind of number that `isNumeric` tests for: one of `strings.numericType`.
 *
 * - `any`: an integer or a floating-point number.
 * - `int`: an integer.
 * - `float`: a floating-point number.
 */
export type StringNumericType = 'any' | 'int' | 'float'

/** The context argument of a builder. */
type Context = CdtContext | null | undefined
/** An integer, or an expression that evaluates to one. */
type Int = Operand<'int'>
/** One end of a range; null means open. */
type Bound = AnyOperand | null | undefined
/** The policy of a write that takes only flags. */
export interface FlagsPolicy {
  /** Flags of the operation's own `writeFlags`. Default 0. */
  writeFlags?: number | undefined
}
/** An optional policy that has only flags. */
type FlagsWrite = FlagsPolicy | null | undefined

/** What an expression of type `T` can be compared with: an expression, or a plain value, of the same type. */
export type Comparable<T extends ResultType> = 'any' extends T
  ? Expression | PlainValue<ValueType>
  : Expression<T | 'any'> | (T extends ValueType ? PlainValue<T> : never)
/** The same type, but not a place to infer it from: `NoInfer` of TypeScript 5.4. */
type Fixed<T> = [T][T extends unknown ? 0 : never]
type Comparison = <T extends ResultType>(left: Expression<T>, right: Comparable<Fixed<T>>) => Expression<'bool'>
/** Pattern flags of `exp.cmpRegex`; combine with `|`. */
declare const regexFlags: {
  /** No flags: POSIX defaults. */
  readonly NONE: 0
  /** A basic regular expression; the same as NONE. */
  readonly BASIC: 0
  /** An extended regular expression. */
  readonly EXTENDED: 1
  /** Ignore case. */
  readonly ICASE: 2
  /** Do not report the positions of matches. Has no effect: positions are never reported. */
  readonly NOSUB: 4
  /** Operators that match any character do not match a newline. */
  readonly NEWLINE: 8
}
declare function cmpRegex(options: number, regex: string, cmpStr: Operand<'string'>): Expression<'bool'>
declare function cmpGeo(left: Expression<'geo' | 'any'>, right: Expression<'geo' | 'any'>): Expression<'bool'>
/**
 * Builders of comparisons. Both sides must have the same type: the server rejects other comparisons, and so does the
 * compiler if it knows the types. The right side may be a plain value: `exp.eq(exp.binStr('city'), 'Seoul')`. Comparing
 * whole maps needs server 8.1.2.3; on older servers the result is unknown, which a filter treats as false.
 */
declare const compare: {
  /**
   * Whether the two sides are equal.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  readonly eq: Comparison
  /**
   * Whether the two sides differ.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  readonly ne: Comparison
  /**
   * Whether the left side is greater. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  readonly gt: Comparison
  /**
   * Whether the left side is greater or equal. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  readonly ge: Comparison
  /**
   * Whether the left side is less. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  readonly lt: Comparison
  /**
   * Whether the left side is less or equal. Maps have no order: no map is greater or less than another.
   * @param left - an expression
   * @param right - an expression or a plain value, of the same type
   * @throws InvalidArgError if the sides have different types
   */
  readonly le: Comparison
  /**
   * Whether a string matches a POSIX regular expression. The server rejects an invalid pattern.
   * @param options - flags of `exp.regexFlags`
   * @param regex - pattern
   * @param cmpStr - string to match
   * @throws InvalidArgError for unknown flags
   */
  readonly cmpRegex: typeof cmpRegex
  /**
   * `cmpRegex` with the argument order of aerospike-py.
   * @param regex - pattern
   * @param flags - flags of `exp.regexFlags`
   * @param str - string to match
   */
  readonly regexCompare: (regex: string, flags: number, str: Operand<'string'>) => Expression<'bool'>
  /**
   * Whether a region contains a point: one side is the region, the other the point.
   * @param left - GeoJSON: a region or a point
   * @param right - GeoJSON: the other of the two
   * @throws InvalidArgError if a side is not GeoJSON
   */
  readonly cmpGeo: typeof cmpGeo
  /**
   * Whether a list contains a value. Server 8.1.2 and later.
   * @param value - expression of any type
   * @param list - list to search
   * @throws InvalidArgError if `list` is not a list
   */
  readonly inList: (value: Expression, list: Expression<'list' | 'any'>) => Expression<'bool'>
}

type Test = Operand<'bool'>
/** The definition of a variable for `exp.let`, made by `exp.def`. */
export declare class Definition {
  /** Name of the variable. */
  readonly name: string
  /** Value of the variable. */
  readonly value: Expression
}
declare function letIn<T extends ResultType>(
  ...args: readonly [Definition, ...Definition[], Expression<T>]
): Expression<T>
declare function cond<T extends ResultType>(
  test: Test,
  value: Expression<T>,
  ...more: readonly (Test | Expression<T | 'any'>)[]
): Expression<T>
/** Builders of logic, conditions and variables. */
declare const control: {
  /**
   * Whether a test is false.
   * @param test - a boolean expression, or true or false
   * @throws InvalidArgError if the test is not boolean
   */
  readonly not: (test: Test) => Expression<'bool'>
  /**
   * Whether all of two or more tests are true.
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  readonly and: (...tests: Test[]) => Expression<'bool'>
  /**
   * Whether any of two or more tests is true.
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  readonly or: (...tests: Test[]) => Expression<'bool'>
  /**
   * Whether exactly one of two or more tests is true. Server 5.6 and later.
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  readonly exclusive: (...tests: Test[]) => Expression<'bool'>
  /**
   * The value that follows the first true test: `exp.cond(test, value, test, value, ..., defaultValue)`. All values must have
   * the same type; `exp.unknown()` fits any. Server 5.6 and later.
   * @param test - a boolean expression
   * @param value - the result if `test` is true
   * @param more - further pairs of a test and a value, then the value if no test is true
   * @throws InvalidArgError if the values have different types, a test is not boolean, or the default value is missing
   */
  readonly cond: typeof cond
  /**
   * Defines variables for an expression: `exp.let(exp.def('x', ...), exp.gt(exp.var('x'), exp.int(5)))`. A definition can
   * use the variables defined before it. Server 5.6 and later.
   * @param args - one or more definitions made by `exp.def`, then the expression that uses them
   * @throws InvalidArgError if there is no definition, or a name is defined twice
   */
  readonly let: typeof letIn
  /**
   * The definition of a variable, for `exp.let`.
   * @param name - name for `exp.var`
   * @param value - value of the variable
   */
  readonly def: (name: string, value: Expression) => Definition
  /**
   * A variable that an enclosing `exp.let` defines. Using an expression with an undefined variable fails with
   * InvalidArgError. `exp.var<'int'>('x')` sets the type for the compiler.
   * @param name - name given to `exp.def`
   */
  readonly var: <T extends ResultType = 'any'>(name: string) => Expression<T>
  /** An unknown value: makes the expression fail, unless the flag `EVAL_NO_FAIL` is set. Server 5.6 and later. */
  readonly unknown: () => Expression<'any'>
}

/** For each return type: the type of the result for one item, and for several. */
declare const RESULTS: {
  readonly none: undefined
  readonly index: readonly ['int', 'list']
  readonly 'reverse-index': readonly ['int', 'list']
  readonly rank: readonly ['int', 'list']
  readonly 'reverse-rank': readonly ['int', 'list']
  readonly count: readonly ['int', 'int']
  readonly key: readonly ['any', 'list']
  readonly value: readonly ['any', 'list']
  readonly 'key-value': readonly ['map', 'map']
  readonly exists: readonly ['bool', 'bool']
  readonly 'unordered-map': readonly ['map', 'map']
  readonly 'ordered-map': readonly ['map', 'map']
}
type Results = typeof RESULTS
/** The static type of the result of selecting several items. */
type ManyResult<R extends AnyReturnType> = Results[NotInverted<R>] extends readonly [
  ResultType,
  infer M extends ValueType,
]
  ? M
  : 'any'
/** The static type of the result of selecting one item. */
type OneResult<V extends ValueType | 'auto', R extends MapReturnType> = V extends ValueType
  ? V
  : Results[R] extends readonly [infer O extends ResultType, ValueType]
    ? O
    : 'any'

/** The types that a builder works on: its own kind or, with a context, the type of the value that contains it. */
type Collection = 'list' | 'map' | 'any'
/** A list or map or, with a context, the value that contains it. */
type CollectionBin = Expression<Collection>

/** What `exp.selectByPath` returns for the selected items; combine NO_FAIL with another flag by `|`. */
declare const pathSelectFlags: {
  /** The bin's list or map, reduced to the selected items. */
  readonly MATCHING_TREE: 0
  /** A list of the selected values. */
  readonly VALUE: 1
  /** The same as VALUE. */
  readonly LIST_VALUE: 1
  /** The same as VALUE. */
  readonly MAP_VALUE: 1
  /** A list of the selected keys. */
  readonly MAP_KEY: 2
  /** A list of alternating selected keys and values. */
  readonly MAP_KEY_VALUE: 3
  /** Leave out items of another type instead of failing. */
  readonly NO_FAIL: 16
}
/** Flags of `exp.modifyByPath`. */
declare const pathModifyFlags: {
  /** Fail if an item has another type. */
  readonly DEFAULT: 0
  /** Leave items of another type unchanged. */
  readonly NO_FAIL: 16
}
/** What a loop variable refers to. */
declare const loopVarPart: {
  /** The key of a map entry. */
  readonly KEY: 'key'
  /** The list item, or the value of a map entry. */
  readonly VALUE: 'value'
  /** The index of a list item. */
  readonly INDEX: 'index'
}
/** One of `exp.loopVarPart`. */
export type LoopVarPart = (typeof loopVarPart)[keyof typeof loopVarPart]
/** Builders of expressions on paths. */
declare const path: {
  /**
   * Selects all items that match a path.
   * @param bin - a list or map, usually `exp.binMap('name')`
   * @param valueType - type of the result: `list`, or the type of the bin for MATCHING_TREE
   * @param selectFlags - flags of `exp.pathSelectFlags`
   * @param ctx - path to the items
   * @throws InvalidArgError for an unknown type or flag, or an empty path
   */
  readonly selectByPath: <T extends ValueType>(
    bin: CollectionBin,
    valueType: T,
    selectFlags: number,
    ctx: CdtContext,
  ) => Expression<T>
  /**
   * The bin's list or map with every item that matches a path replaced by the result of an expression.
   * @param bin - a list or map, usually `exp.binMap('name')`
   * @param valueType - type of the bin
   * @param modExp - computes the new value; reads the old one with a loop variable, such as
   *   `exp.loopVarInt(exp.loopVarPart.VALUE)`; `exp.removeResult()` removes the item
   * @param modifyFlags - flags of `exp.pathModifyFlags`
   * @param ctx - path to the items
   * @throws InvalidArgError for an unknown type or flag, or an empty path
   */
  readonly modifyByPath: <T extends ValueType>(
    bin: CollectionBin,
    valueType: T,
    modExp: Expression,
    modifyFlags: number,
    ctx: CdtContext,
  ) => Expression<T>
  /** Removes the item, when used as the expression of `exp.modifyByPath`. */
  readonly removeResult: () => Expression<'any'>
  /**
   * The keys of a map as a list. Server 8.1.2 and later.
   * @param map - a map, usually `exp.binMap('name')`
   */
  readonly mapKeys: (map: Expression<'map' | 'any'>) => Expression<'list'>
  /**
   * The values of a map as a list. Server 8.1.2 and later.
   * @param map - a map, usually `exp.binMap('name')`
   */
  readonly mapValues: (map: Expression<'map' | 'any'>) => Expression<'list'>
  /**
   * The requested part of the item that a path visits, as a double.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarFloat: (part: LoopVarPart) => Expression<'float'>
  /**
   * The requested part of the item that a path visits, as an integer.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarInt: (part: LoopVarPart) => Expression<'int'>
  /**
   * The requested part of the item that a path visits, as a list.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarList: (part: LoopVarPart) => Expression<'list'>
  /**
   * The requested part of the item that a path visits, as a map.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarMap: (part: LoopVarPart) => Expression<'map'>
  /**
   * The requested part of the item that a path visits, as a string.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarStr: (part: LoopVarPart) => Expression<'string'>
  /**
   * The requested part of the item that a path visits, as bytes.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarBlob: (part: LoopVarPart) => Expression<'blob'>
  /**
   * The requested part of the item that a path visits, as a boolean.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarBool: (part: LoopVarPart) => Expression<'bool'>
  /**
   * The requested part of the item that a path visits, as nil.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarNil: (part: LoopVarPart) => Expression<'nil'>
  /**
   * The requested part of the item that a path visits, as GeoJSON.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarGeoJSON: (part: LoopVarPart) => Expression<'geo'>
  /**
   * The requested part of the item that a path visits, as a HyperLogLog.
   * @param part - one of `exp.loopVarPart`: the key, the value or the index of the item
   */
  readonly loopVarHLL: (part: LoopVarPart) => Expression<'hll'>
}

/** Options of `retry`. */
export interface RetryOptions extends AttemptOptions {
  /** Maximum number of attempts after the first one. Default 3. */
  readonly retries?: number | undefined
  /** Pauses between attempts. Default `{ initial: 50, factor: 2, max: 2000 }` milliseconds. */
  readonly backoff?: AttemptOptions['backoff'] | undefined
}
/** Options of `retrySync`. */
export type BlockingRetryOptions = Omit<RetryOptions, 'signal'>
/**
 * Calls a function, and calls it again while it fails with a retryable error: one after which the same call may succeed
 * and cannot have been applied before, such as a node that is restarting or a full queue. Between attempts it waits for
 * a random time that grows. Any other error, and the error of the last attempt, is thrown as it is.
 *
 * @param fn - the function; its argument is the number of the attempt, from 1
 * @param options - `retries`, `backoff`, `signal`
 * @returns what the function returns
 * @throws the function's error; AbortError if the signal has fired; InvalidArgError if an option is invalid
 * @example
 * ```ts
 * const record = await retry(() => client.get(['test', 'users', 'ada']), { retries: 5 })
 * ```
 */
export declare function retry<T>(fn: (attempt: number) => T | PromiseLike<T>, options?: RetryOptions): Promise<T>
/**
 * Like `retry`, for calls of `ClientSync`. Blocks the thread between attempts.
 *
 * @param fn - the function; its argument is the number of the attempt, from 1
 * @param options - `retries`, `backoff`
 * @returns what the function returns
 * @throws the function's error; InvalidArgError if an option is invalid
 * @example
 * ```ts
 * const record = retrySync(() => client.get(['test', 'users', 'ada']))
 * ```
 */
export declare function retrySync<T>(fn: (attempt: number) => T, options?: BlockingRetryOptions): T

/** What to count in addition to operations and connections. */
export interface MetricsOptions {
  /**
   * Count retries, failed attempts and bytes per node, which updates more counters for each command. This costs each
   * command about a microsecond of CPU time. Default false.
   */
  details?: boolean | undefined
  /**
   * Measure the stages of each call, as `aerospike_client_stage_duration_seconds`, to find out where time is spent.
   * Default false.
   */
  stages?: boolean | undefined
}
/** Where the metrics server listens. */
export interface MetricsServerOptions {
  /** Port; 0 for any free port. Default 9464. */
  port?: number | undefined
  /** Address or host name of an interface; `'0.0.0.0'` for all interfaces. Default `'127.0.0.1'`. */
  host?: string | undefined
}
/**
 * Returns all metrics of the process, over all clients and worker threads, in the Prometheus text format. Serve it with
 * the content type `text/plain; version=0.0.4`. `docs/metrics.md` describes each metric.
 *
 * @returns the text of the metrics
 * @example
 * ```ts
 * console.log(getMetrics())
 * ```
 */
export declare function getMetrics(): string
/**
 * Starts or stops counting operations in the whole process. Counting is on by default. What was counted before is kept;
 * connections and nodes are reported in either case.
 *
 * @param enabled - whether to count
 * @param options - what to count in addition: `details`, `stages`. Default: neither
 * @throws InvalidArgError if `enabled` is not a boolean, or if an option is unknown or invalid
 * @example
 * ```ts
 * setMetricsEnabled(true, { details: true })
 * ```
 */
export declare function setMetricsEnabled(enabled: boolean, options?: MetricsOptions): void
/**
 * Serves the metrics over HTTP at `/metrics`, from a native thread: it answers even while the event loop is busy, and
 * does not keep the process alive.
 *
 * The process has one such server. A second start with the same options, also from another worker thread, returns the
 * address of the running server. The server ends when each thread that started it has stopped it or has exited.
 *
 * @param options - where to listen; a number is the port
 * @returns the address at which it listens
 * @throws InvalidArgError if an option is unknown or invalid; ClientError if it cannot listen there, or already listens
 *   at another address
 * @example
 * ```ts
 * const server = await startMetricsServer({ port: 9464 })
 * ```
 */
export declare function startMetricsServer(options?: MetricsServerOptions | number): Promise<MetricsServer>
/**
 * Stops the metrics server for this thread. Requests in progress are answered, and the port is free afterwards unless
 * another thread still uses the server. Does nothing if no server runs.
 *
 * @returns when the server has stopped
 */
export declare function stopMetricsServer(): Promise<void>

declare const SAMPLERS: {
  readonly always_on: {
    readonly root: 0
    readonly parentBased: false
  }
  readonly always_off: {
    readonly root: 1
    readonly parentBased: false
  }
  readonly traceidratio: {
    readonly root: 2
    readonly parentBased: false
  }
  readonly parentbased_always_on: {
    readonly root: 0
    readonly parentBased: true
  }
  readonly parentbased_always_off: {
    readonly root: 1
    readonly parentBased: true
  }
  readonly parentbased_traceidratio: {
    readonly root: 2
    readonly parentBased: true
  }
}
/** The sampler, by its OpenTelemetry name. */
export type TracingSampler = keyof typeof SAMPLERS
/** Certificates for a collector at `https://`: paths or file URLs of PEM files, PEM text, or the bytes of PEM files. */
export interface TracingTls {
  /** Certificate authorities that verify the collector's certificate. Default: those of the system. */
  ca?: PemSource | undefined
  /** Client certificate, if the collector requires one. */
  cert?: PemSource | undefined
  /** Private key of the client certificate. */
  key?: PemSource | undefined
  /** Password of the private key, if it is encrypted. */
  keyPassword?: string | undefined
  /** The name that the collector's certificate must have. Default: the host of the endpoint. */
  serverName?: string | undefined
}
/** Settings for creating and exporting spans. An option that you omit is read from its environment variable. */
export interface TracingOptions {
  /**
   * Address of the collector, as `http://host:port` or `https://host:port`. The protocol is OTLP over gRPC.
   * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`. Default `http://localhost:4317`.
   */
  endpoint?: string | undefined
  /** Headers of each export, such as credentials. Added to `OTEL_EXPORTER_OTLP_HEADERS` and `..._TRACES_HEADERS`. */
  headers?:
    | {
        readonly [name: string]: string
      }
    | undefined
  /**
   * Certificates. The variables contain file names: `OTEL_EXPORTER_OTLP_CERTIFICATE`, `..._CLIENT_CERTIFICATE`,
   * `..._CLIENT_KEY`.
   */
  tls?: TracingTls | undefined
  /** Name of the service that creates the spans: `service.name`. `OTEL_SERVICE_NAME`. Default `aerospike-napi`. */
  serviceName?: string | undefined
  /** Further resource attributes of the service. Added to `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes?:
    | {
        readonly [name: string]: string
      }
    | undefined
  /** Sampler that decides which spans are created. `OTEL_TRACES_SAMPLER`. Default `parentbased_always_on`. */
  sampler?: TracingSampler | undefined
  /** Fraction of traces that the ratio samplers sample, 0 to 1. `OTEL_TRACES_SAMPLER_ARG`. Default 1. */
  samplerArg?: number | undefined
  /** Exporter; with `none`, spans are created and counted but not exported. `OTEL_TRACES_EXPORTER`. Default `otlp`. */
  exporter?: 'otlp' | 'none' | undefined
  /** Timeout of one export in ms. `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT`. Default 10000. */
  timeout?: number | undefined
  /** Delay in ms between exports, during which spans are collected. `OTEL_BSP_SCHEDULE_DELAY`. Default 5000. */
  scheduleDelay?: number | undefined
  /** Maximum number of queued spans; further spans are dropped and counted. `OTEL_BSP_MAX_QUEUE_SIZE`. Default 2048. */
  maxQueueSize?: number | undefined
  /** Maximum number of spans per export. `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. Default 512. */
  maxExportBatchSize?: number | undefined
}

/** Options of `shutdownTracing`. */
export interface ShutdownTracingOptions {
  /** Milliseconds to export the remaining spans. Spans not exported by then are dropped, and counted. Default 5000. */
  timeout?: number | undefined
}
/** Span counts since the process started. */
export interface TracingStats {
  /** Spans created, after sampling. */
  readonly made: number
  /** Spans that the collector accepted. */
  readonly exported: number
  /** Spans that were sent but not accepted: the collector was unreachable, rejected them, or did not answer in time. */
  readonly failed: number
  /** Spans that were never sent: the queue was full, or tracing was shut down. */
  readonly dropped: number
}
/**
 * Starts tracing in this JavaScript environment: creates a span for every command and every stream, and exports it over
 * OTLP/gRPC from Rust. The parent of a span is the one in the call's `traceparent`, or else the active span if the
 * application has @opentelemetry/api. You can create clients before or after this call.
 *
 * The process has one exporter. Worker threads that also call this share the exporter of the first call, with its
 * options.
 *
 * A malformed environment variable is ignored; one process warning names all of them. If it says where or how to export
 * spans, spans are not exported.
 *
 * @param options - exporter, sampler and service; options that are left out come from the OTEL environment variables
 * @returns true if tracing has started; false if it was started before, or if `OTEL_SDK_DISABLED` is `true`
 * @throws InvalidArgError if an option is invalid; the message names it
 * @example
 * ```ts
 * initTracing({ serviceName: 'shop', endpoint: 'http://localhost:4317' })
 * ```
 */
export declare function initTracing(options?: TracingOptions): boolean
/**
 * Stops tracing: no more spans are created, and the remaining ones are exported within `timeout` ms. Does nothing if
 * tracing was not started. Call it before the process ends; otherwise the spans of the last seconds are lost.
 *
 * @param options - `timeout`: milliseconds for the last export. Default 5000
 * @returns when the remaining spans are exported or dropped
 * @throws InvalidArgError if an option is invalid, as a rejection. An unreachable collector is not an error here.
 * @example
 * ```ts
 * await shutdownTracing({ timeout: 2000 })
 * ```
 */
export declare function shutdownTracing(options?: ShutdownTracingOptions): Promise<void>
/** Returns the span counts of the process so far. */
export declare function tracingStats(): TracingStats

/** A function of several numbers of one type that returns a number of that type. */
interface NumbersToNumber {
  (...values: Expression<'any'>[]): Expression<'any'>
  (...values: Operand<'int'>[]): Expression<'int'>
  (...values: Operand<'float'>[]): Expression<'float'>
}
/** A function of one number that returns a number of the same type. */
interface NumberToNumber {
  (value: Expression<'any'>): Expression<'any'>
  (value: Operand<'int'>): Expression<'int'>
  (value: Operand<'float'>): Expression<'float'>
}
type Shift = (value: Operand<'int'>, shift: Operand<'int'>) => Expression<'int'>
type Scan = (value: Operand<'int'>, search: Operand<'bool'>) => Expression<'int'>
/**
 * Builders of arithmetic. A plain number takes the type of the other arguments: `exp.mul(exp.binFloat('price'), 2)`. All throw
 * InvalidArgError for an argument of the wrong type.
 */
declare const arithmetic: {
  /**
   * The sum of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly add: NumbersToNumber
  /**
   * The first argument minus all others; the negation of a single argument.
   * @param values - numbers: all integers or all doubles; at least one. The first one is reduced by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly sub: NumbersToNumber
  /**
   * The product of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly mul: NumbersToNumber
  /**
   * The first argument divided by all others; the reciprocal of a single argument. Division of integers drops the
   * remainder; division of an integer by 0 makes the expression unknown.
   * @param values - numbers: all integers or all doubles; at least one. The first one is divided by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly div: NumbersToNumber
  /**
   * `base` to the power of `exponent`; both are doubles.
   * @param base - a double
   * @param exponent - a double
   */
  readonly pow: (base: Operand<'float'>, exponent: Operand<'float'>) => Expression<'float'>
  /**
   * The logarithm of `num` to the base `base`; both are doubles.
   * @param num - a double greater than 0
   * @param base - a double greater than 0, other than 1
   */
  readonly log: (num: Operand<'float'>, base: Operand<'float'>) => Expression<'float'>
  /**
   * The remainder of `numerator` divided by `denominator`; both are integers.
   * @param numerator - an integer
   * @param denominator - an integer other than 0
   */
  readonly mod: (numerator: Operand<'int'>, denominator: Operand<'int'>) => Expression<'int'>
  /**
   * The absolute value.
   * @param value - an integer or a double
   */
  readonly abs: NumberToNumber
  /**
   * A double rounded down to a whole number, as a double.
   * @param value - a double
   */
  readonly floor: (value: Operand<'float'>) => Expression<'float'>
  /**
   * A double rounded up to a whole number, as a double.
   * @param value - a double
   */
  readonly ceil: (value: Operand<'float'>) => Expression<'float'>
  /**
   * A double truncated to an integer.
   * @param value - a double
   */
  readonly toInt: (value: Operand<'float'>) => Expression<'int'>
  /**
   * An integer converted to a double.
   * @param value - an integer
   */
  readonly toFloat: (value: Operand<'int'>) => Expression<'float'>
  /**
   * Bitwise AND of integers.
   * @param values - integers, at least one
   */
  readonly intAnd: (...values: Operand<'int'>[]) => Expression<'int'>
  /**
   * Bitwise OR of integers.
   * @param values - integers, at least one
   */
  readonly intOr: (...values: Operand<'int'>[]) => Expression<'int'>
  /**
   * Bitwise exclusive OR of integers.
   * @param values - integers, at least one
   */
  readonly intXor: (...values: Operand<'int'>[]) => Expression<'int'>
  /**
   * An integer with every bit inverted.
   * @param value - an integer
   */
  readonly intNot: (value: Operand<'int'>) => Expression<'int'>
  /**
   * An integer shifted left by a number of bits.
   * @param value - an integer
   * @param shift - number of bits to shift by
   */
  readonly intLshift: Shift
  /**
   * An integer shifted right by a number of bits, filled with zeros (logical shift).
   * @param value - an integer
   * @param shift - number of bits to shift by
   */
  readonly intRshift: Shift
  /**
   * An integer shifted right by a number of bits, filled with the sign bit (arithmetic shift).
   * @param value - an integer
   * @param shift - number of bits to shift by
   */
  readonly intArshift: Shift
  /**
   * The number of bits of an integer that are set.
   * @param value - an integer
   */
  readonly intCount: (value: Operand<'int'>) => Expression<'int'>
  /**
   * The position of the first bit that is set (true) or clear (false), scanning from the most significant bit; -1 if
   * none.
   * @param value - an integer
   * @param search - the bit to look for: true for 1, false for 0
   */
  readonly intLscan: Scan
  /**
   * Like `intLscan`, but scans from the least significant bit; the position still counts from the most significant one.
   * @param value - an integer
   * @param search - the bit to look for: true for 1, false for 0
   */
  readonly intRscan: Scan
  /**
   * The smallest of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   */
  readonly min: NumbersToNumber
  /**
   * The largest of all arguments.
   * @param values - numbers: all integers or all doubles; at least one
   */
  readonly max: NumbersToNumber
}

/** Aliases of builders of `exp`. */
declare const expressionAliases: {
  /**
   * Alias of `bool`: the name in aerospike-py.
   *
   * @param value - true or false
   * @throws InvalidArgError for anything else
   */
  readonly boolVal: (value: boolean) => Expression<'bool'>
  /**
   * Alias of `int`: the name in aerospike-py.
   *
   * @param value - a number without a fractional part, or a bigint
   * @throws InvalidArgError for anything else, and for an integer outside the 64-bit range
   */
  readonly intVal: (value: number | bigint) => Expression<'int'>
  /**
   * Alias of `float`: the name in aerospike-py.
   *
   * @param value - any number
   * @throws InvalidArgError for anything else
   */
  readonly floatVal: (value: number | Double) => Expression<'float'>
  /**
   * Alias of `str`: the name in aerospike-py.
   *
   * @param value - text without lone surrogates
   * @throws InvalidArgError for anything else
   */
  readonly stringVal: (value: string) => Expression<'string'>
  /**
   * Alias of `bytes`: the name in aerospike-py.
   *
   * @param value - bytes to use
   * @param size - number of bytes from the start (default all)
   * @throws InvalidArgError for anything else
   */
  readonly blobVal: (value: Uint8Array, size?: number) => Expression<'blob'>
  /**
   * Alias of `geo`: the name in aerospike-py.
   *
   * @param value - a `GeoJSON`, JSON text, or an object
   * @throws InvalidArgError if the value is not JSON
   */
  readonly geoVal: (value: GeoJSON | string | object) => Expression<'geo'>
  /**
   * Alias of `list`: the name in aerospike-py.
   *
   * @param values - items: any storable values, `infinity()` and `wildcard()`
   * @throws InvalidArgError for a value that cannot be stored
   */
  readonly listVal: (values: readonly LiteralItem[]) => Expression<'list'>
  /**
   * Alias of `map`: the name in aerospike-py.
   *
   * @param value - a plain object, or a Map whose keys are strings, integers or bytes
   * @throws InvalidArgError for a value that cannot be stored, or a duplicate key
   */
  readonly mapVal: (value: LiteralMap) => Expression<'map'>
  /** Alias of `inf`: the name in aerospike-py. */
  readonly infinity: () => Expression<'any'>
  /**
   * Alias of `binBool`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly boolBin: (name: string) => Expression<'bool'>
  /**
   * Alias of `binInt`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly intBin: (name: string) => Expression<'int'>
  /**
   * Alias of `binFloat`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly floatBin: (name: string) => Expression<'float'>
  /**
   * Alias of `binStr`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly stringBin: (name: string) => Expression<'string'>
  /**
   * Alias of `binBlob`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly blobBin: (name: string) => Expression<'blob'>
  /**
   * Alias of `binGeo`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly geoBin: (name: string) => Expression<'geo'>
  /**
   * Alias of `binList`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly listBin: (name: string) => Expression<'list'>
  /**
   * Alias of `binMap`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly mapBin: (name: string) => Expression<'map'>
  /**
   * Alias of `binHll`: the name in aerospike-py.
   *
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly hllBin: (name: string) => Expression<'hll'>
  /** Alias of `keyExist`: the name in aerospike-py. */
  readonly keyExists: () => Expression<'bool'>
  /** Alias of `recordSize`: the name in the official client. @deprecated Replaced in server 7.0. */
  readonly deviceSize: () => Expression<'int'>
  /** Alias of `recordSize`: the name in the official client. @deprecated Replaced in server 7.0. */
  readonly memorySize: () => Expression<'int'>
  /**
   * Alias of `cmpGeo`: the name in aerospike-py.
   *
   * @param left - GeoJSON: a region or a point
   * @param right - GeoJSON: the other of the two
   * @throws InvalidArgError if a side is not GeoJSON
   */
  readonly geoCompare: (left: Expression<'geo' | 'any'>, right: Expression<'geo' | 'any'>) => Expression<'bool'>
  /**
   * Alias of `exclusive`: the name in aerospike-py.
   *
   * @param tests - boolean expressions, at least two
   * @throws InvalidArgError if a test is not boolean, or for fewer than two tests
   */
  readonly xor: (...tests: (boolean | Expression<'bool' | 'any'>)[]) => Expression<'bool'>
  /**
   * Alias of `add`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly numAdd: NumbersToNumber
  /**
   * Alias of `sub`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one. The first one is reduced by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly numSub: NumbersToNumber
  /**
   * Alias of `mul`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly numMul: NumbersToNumber
  /**
   * Alias of `div`: the name in aerospike-py.
   *
   * @param values - numbers: all integers or all doubles; at least one. The first one is divided by the others
   * @throws InvalidArgError if one call mixes integers and doubles, or an argument is not a number
   */
  readonly numDiv: NumbersToNumber
  /**
   * Alias of `pow`: the name in aerospike-py.
   *
   * @param base - a double
   * @param exponent - a double
   */
  readonly numPow: (base: Operand<'float'>, exponent: Operand<'float'>) => Expression<'float'>
  /**
   * Alias of `log`: the name in aerospike-py.
   *
   * @param num - a double greater than 0
   * @param base - a double greater than 0, other than 1
   */
  readonly numLog: (num: Operand<'float'>, base: Operand<'float'>) => Expression<'float'>
  /**
   * Alias of `mod`: the name in aerospike-py.
   *
   * @param numerator - an integer
   * @param denominator - an integer other than 0
   */
  readonly numMod: (numerator: Operand<'int'>, denominator: Operand<'int'>) => Expression<'int'>
  /**
   * Alias of `abs`: the name in aerospike-py.
   *
   * @param value - an integer or a double
   */
  readonly numAbs: NumberToNumber
  /**
   * Alias of `floor`: the name in aerospike-py.
   *
   * @param value - a double
   */
  readonly numFloor: (value: Operand<'float'>) => Expression<'float'>
  /**
   * Alias of `ceil`: the name in aerospike-py.
   *
   * @param value - a double
   */
  readonly numCeil: (value: Operand<'float'>) => Expression<'float'>
  /** Alias of `removeResult`: the name in the official client. */
  readonly resultRemove: () => Expression<'any'>
}

declare function binType(name: string): Expression<'int'>
/**
 * Builders that read bins. The expression is unknown if the bin does not exist or has another type. All throw InvalidArgError
 * for an invalid bin name, which has 1 to 15 bytes.
 */
declare const bins: {
  /**
   * A bin whose type is known only at run time.
   * @param name - name of the bin
   * @param type - one of `exp.type`, such as `exp.type.INT`
   * @throws InvalidArgError for an invalid bin name or an unknown type
   */
  readonly bin: <T extends ValueType>(name: string, type: T) => Expression<T>
  /**
   * A boolean bin. Server 5.6 and later.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binBool: (name: string) => Expression<'bool'>
  /**
   * An integer bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binInt: (name: string) => Expression<'int'>
  /**
   * A double bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binFloat: (name: string) => Expression<'float'>
  /**
   * A string bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binStr: (name: string) => Expression<'string'>
  /**
   * A blob bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binBlob: (name: string) => Expression<'blob'>
  /**
   * A GeoJSON bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binGeo: (name: string) => Expression<'geo'>
  /**
   * A list bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binList: (name: string) => Expression<'list'>
  /**
   * A map bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binMap: (name: string) => Expression<'map'>
  /**
   * A HyperLogLog bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binHll: (name: string) => Expression<'hll'>
  /**
   * The particle type of a bin as a number: 1 integer, 2 double, 3 string, 4 bytes and so on; 0 if the bin does not
   * exist.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binType: typeof binType
  /**
   * Whether the bin exists.
   * @param name - name of the bin, 1 to 15 bytes
   */
  readonly binExists: (name: string) => Expression<'bool'>
}

type BlobBin = Expression<'blob' | 'any'>
/**
 * Builders of expressions on the bits of a blob. Offsets count from the most significant bit of the first byte, negative ones
 * from the end. Builders that modify bytes evaluate to the modified bytes and do not change the record.
 *
 * All throw InvalidArgError for an argument of the wrong type. Note the order of arguments, which is that of the official
 * client: sizes come before offsets.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to bytes, usually `exp.binBlob('name')`.
 * - `bitOffset`, `bitSize`: the first bit to work on, and the number of bits.
 * - `byteOffset`, `byteSize`: the first byte to work on, and the number of bytes; for `reSize` the new size.
 * - `value`: bytes for `insert`, `set`, `or`, `xor` and `and`; an integer for `setInt`, `add` and `subtract`; for
 *   `lScan` and `rScan` the bit to look for, true or false.
 * - `shift`: number of bits to shift by.
 * - `sign`: whether the integer is signed. Default false.
 * - `action`: one of `bits.overflow`: what to do if the result does not fit its bits.
 * - `policy`: `writeFlags`, `bits.writeFlags` combined with `|`. Default: no restriction.
 */
declare const bitExpressions: {
  /**
   * The bytes resized to `byteSize`.
   * @param resizeFlags - one of `bits.resizeFlags`, or an array of them: where to add or remove bytes
   */
  readonly reSize: (
    bin: BlobBin,
    resizeFlags: BitResizeFlag | readonly BitResizeFlag[],
    byteSize: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `value` inserted at `byteOffset`. */
  readonly insert: (bin: BlobBin, value: Operand<'blob'>, byteOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with `byteSize` bytes removed, starting at `byteOffset`. */
  readonly remove: (bin: BlobBin, byteSize: Int, byteOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` set to the bits of `value`. */
  readonly set: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value` by OR. */
  readonly or: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value` by exclusive OR. */
  readonly xor: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value` by AND. */
  readonly and: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` inverted. */
  readonly not: (bin: BlobBin, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` shifted left by `shift`. */
  readonly lShift: (bin: BlobBin, shift: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` shifted right by `shift`. */
  readonly rShift: (bin: BlobBin, shift: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /**
   * The bytes with `value` added to the integer of `bitSize` bits at `bitOffset`.
   * `action` is one of `bits.overflow`; `sign` is whether the integer is signed (default false).
   */
  readonly add: (
    bin: BlobBin,
    action: BitOverflow,
    value: Int,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
    sign?: boolean,
  ) => Expression<'blob'>
  /**
   * The bytes with `value` subtracted from the integer of `bitSize` bits at `bitOffset`.
   * `action` is one of `bits.overflow`; `sign` is whether the integer is signed (default false).
   */
  readonly subtract: (
    bin: BlobBin,
    action: BitOverflow,
    value: Int,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
    sign?: boolean,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits at `bitOffset` set to the integer `value`. */
  readonly setInt: (bin: BlobBin, value: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** `bitSize` bits from `bitOffset`, as bytes. */
  readonly get: (bin: BlobBin, bitSize: Int, bitOffset: Int) => Expression<'blob'>
  /** The number of bits that are set among `bitSize` bits from `bitOffset`. */
  readonly count: (bin: BlobBin, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /** The position of the first of `bitSize` bits from `bitOffset` that is set (true) or clear (false); -1 if there is none. */
  readonly lScan: (bin: BlobBin, value: Operand<'bool'>, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /** The position of the last of `bitSize` bits from `bitOffset` that is set (true) or clear (false); -1 if there is none. */
  readonly rScan: (bin: BlobBin, value: Operand<'bool'>, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /**
   * The integer of `bitSize` bits at `bitOffset`.
   * @param sign - whether the integer is signed
   */
  readonly getInt: (bin: BlobBin, sign: boolean, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /**
   * The bytes as base64. Server 8.2 and later.
   * @param byteSize - number of bytes; if you omit both `byteSize` and `byteOffset`, all bytes
   * @param byteOffset - first byte to encode (default 0)
   * @param invertSize - if true, `byteSize` is the number of bytes to leave out at the end (default false)
   */
  readonly b64Encode: (bin: BlobBin, byteSize?: Int, byteOffset?: Int, invertSize?: boolean) => Expression<'string'>
}

type HllBin = Expression<'hll' | 'any'>
/**
 * Builders of expressions on HyperLogLogs. Builders that modify a HyperLogLog evaluate to the modified one and do not change
 * the record.
 *
 * All throw InvalidArgError for an argument of the wrong type. Note the order of arguments, which is that of the official
 * client.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to a HyperLogLog, usually `exp.binHll('name')`.
 * - `list`: the items to add or to look for; for unions, intersections and similarities a list of HyperLogLogs.
 * - `policy`: `writeFlags`, `hll.writeFlags` combined with `|`. Default: no restriction.
 */
declare const hllExpressions: {
  /**
   * An empty HyperLogLog with minhash.
   * @param mhBitCount - number of minhash bits, 4 to 51
   * @param indexBitCount - number of index bits, 4 to 16
   */
  readonly initMH: (bin: HllBin, mhBitCount: Int, indexBitCount: Int, policy?: FlagsWrite) => Expression<'hll'>
  /**
   * An empty HyperLogLog.
   * @param indexBitCount - number of index bits, 4 to 16
   */
  readonly init: (bin: HllBin, indexBitCount: Int, policy?: FlagsWrite) => Expression<'hll'>
  /**
   * The HyperLogLog with the items of a list added; created with minhash if it does not exist.
   * @param mhBitCount - number of minhash bits, 4 to 51
   * @param indexBitCount - number of index bits, 4 to 16
   */
  readonly addMH: (
    bin: HllBin,
    mhBitCount: Int,
    indexBitCount: Int,
    list: Operand<'list'>,
    policy?: FlagsWrite,
  ) => Expression<'hll'>
  /**
   * The HyperLogLog with the items of a list added; created if it does not exist.
   * @param indexBitCount - number of index bits, 4 to 16
   */
  readonly add: (bin: HllBin, indexBitCount: Int, list: Operand<'list'>, policy?: FlagsWrite) => Expression<'hll'>
  /** The HyperLogLog with the items of a list added; it must exist. */
  readonly update: (bin: HllBin, list: Operand<'list'>, policy?: FlagsWrite) => Expression<'hll'>
  /** The estimated number of distinct items. */
  readonly getCount: (bin: HllBin) => Expression<'int'>
  /** The union of the HyperLogLog and those of a list. */
  readonly getUnion: (bin: HllBin, list: Operand<'list'>) => Expression<'hll'>
  /** The estimated number of distinct items in the union of the HyperLogLog and those of a list. */
  readonly getUnionCount: (bin: HllBin, list: Operand<'list'>) => Expression<'int'>
  /** The estimated number of distinct items in the intersection of the HyperLogLog and those of a list. */
  readonly getIntersectCount: (bin: HllBin, list: Operand<'list'>) => Expression<'int'>
  /** The estimated similarity of the HyperLogLog and those of a list, from 0 to 1. */
  readonly getSimilarity: (bin: HllBin, list: Operand<'list'>) => Expression<'float'>
  /** The numbers of index bits and of minhash bits, as a list. */
  readonly describe: (bin: HllBin) => Expression<'list'>
  /** 1 if the HyperLogLog may contain all items of a list, 0 if it does not. */
  readonly mayContain: (bin: HllBin, list: Operand<'list'>) => Expression<'int'>
}

type ListWrite = ListPolicy | null | undefined
/** The return types for one selected item. */
type ListOne = Exclude<ListReturnType, 'none'>
/** The return types for several selected items. */
type ListMany = ListOne | InvertedReturnType<ListOne>
/** The return types of removals. Only whether the type is inverted makes a difference. */
type ListRemoval = ListReturnType | InvertedReturnType<ListReturnType>
/**
 * Builders of expressions on lists. Builders that modify a list evaluate to the modified bin and do not change the record.
 *
 * All throw InvalidArgError for an argument of the wrong type.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to a list (or, with `ctx`, to the value that contains it), usually
 *   `exp.binList('name')`.
 * - `ctx`: path to a list nested in `bin`. Default: `bin` itself.
 * - `returnType`: one of `lists.returnType`: what to return for the selected items. The INVERTED_ types select all other
 *   items instead.
 * - `index`, `idx`: position of the first or only item: 0 is the first item, -1 the last.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is
 *   counted from the rank of `value`.
 * - `count`: number of items.
 * - `value`: the item to write, or to compare with; for `appendItems` and `insertItems` a list of items, for
 *   `increment` a number.
 * - `values`: a list of items to compare with.
 * - `begin`, `end`: limits of the selected values, without `end` itself. null: no limit on that side.
 * - `policy`: `order` and `writeFlags`, as for the operations in `lists`. Default: unordered, no restriction.
 */
declare const listExpressions: {
  /** The number of items. */
  readonly size: (bin: CollectionBin, ctx?: Context) => Expression<'int'>
  /**
   * The strings of the list joined into one string. Server 8.2 and later.
   * @param separator - string to insert between them
   */
  readonly join: (bin: CollectionBin, separator?: Operand<'string'> | null, ctx?: Context) => Expression<'string'>
  /** Selects all items that equal `value`. */
  readonly getByValue: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all items from `begin` (inclusive) to `end` (exclusive); null leaves a side open. */
  readonly getByValueRange: <R extends ListMany>(
    bin: CollectionBin,
    begin: Bound,
    end: Bound,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all items that equal any of `values`. */
  readonly getByValueList: <R extends ListMany>(
    bin: CollectionBin,
    values: Operand<'list'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all items starting `rank` ranks above `value`. */
  readonly getByRelRankRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` items starting `rank` ranks above `value`. */
  readonly getByRelRankRange: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Selects the item at `index`.
   * @param valueType - type of the item if it is returned; `auto` for all other return types
   */
  readonly getByIndex: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    index: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Selects all items starting at `index`. */
  readonly getByIndexRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    index: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` items starting at `index`. */
  readonly getByIndexRange: <R extends ListMany>(
    bin: CollectionBin,
    index: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Selects the item at `rank`.
   * @param valueType - type of the item if it is returned; `auto` for all other return types
   */
  readonly getByRank: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Selects all items starting at `rank`. */
  readonly getByRankRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` items starting at `rank`. */
  readonly getByRankRange: <R extends ListMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** The list with `value` appended. */
  readonly append: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with all items of the list `value` appended. */
  readonly appendItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with `value` inserted before the item at `idx`. */
  readonly insert: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with all items of the list `value` inserted before the item at `idx`. */
  readonly insertItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with `value` added to the number at index `idx`. */
  readonly increment: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with the item at `idx` replaced by `value`. */
  readonly set: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with all items removed. */
  readonly clear: <T extends Collection>(bin: Expression<T>, ctx?: Context) => Expression<T>
  /**
   * The list sorted.
   * @param order - flags of `lists.sortFlags`
   */
  readonly sort: <T extends Collection>(bin: Expression<T>, order: number, ctx?: Context) => Expression<T>
  /** The list without the items that equal `value`. */
  readonly removeByValue: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without the items that equal any of `values`. */
  readonly removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /**
   * The list without the items from `begin` (inclusive) to `end` (exclusive).
   * Note the order of arguments: `end` comes first.
   */
  readonly removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without the items starting `rank` ranks above `value`. */
  readonly removeByRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without `count` items starting `rank` ranks above `value`. */
  readonly removeByRelRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without the item at `idx`. */
  readonly removeByIndex: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: ListReturnType,
  ) => Expression<T>
  /** The list without the items starting at `idx`. */
  readonly removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without `count` items starting at `idx`. Note the order of arguments: `count` comes first. */
  readonly removeByIndexRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without the item at `rank`. */
  readonly removeByRank: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: ListReturnType,
  ) => Expression<T>
  /** The list without the items starting at `rank`. */
  readonly removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without `count` items starting at `rank`. Note the order of arguments: `count` comes first. */
  readonly removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
}

/** The order of a created map, and write flags. */
type MapWrite = Pick<MapPolicy, 'order' | 'writeFlags'> | null | undefined
/** The return types for one selected entry. */
type MapOne = Exclude<MapReturnType, 'none'>
/** The return types for several selected entries. */
type MapMany = MapOne | InvertedReturnType<MapOne>
/** The return types of removals. Only whether the type is inverted makes a difference. */
type MapRemoval = MapReturnType | InvertedReturnType<MapReturnType>
/**
 * Builders of expressions on maps. Builders that modify a map evaluate to the modified bin and do not change the record.
 *
 * All throw InvalidArgError for an argument of the wrong type. Note the order of arguments of the same type: it is that of
 * the official client, which often puts optional arguments first.
 *
 * Parameters:
 *
 * - `bin`: an expression that evaluates to a map (or, with `ctx`, to the value that contains it), usually
 *   `exp.binMap('name')`.
 * - `ctx`: path to a map nested in `bin`. Default: `bin` itself.
 * - `returnType`: one of `maps.returnType`: what to return for the selected entries. The INVERTED_ types select all other
 *   entries instead.
 * - `key`, `keys`: a key of the map, or a list of keys.
 * - `idx`: position in the order of keys: 0 is the smallest key, -1 the greatest. In `...RelIndexRange` it is counted
 *   from the index of `key`.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is
 *   counted from the rank of `value`.
 * - `count`: number of entries.
 * - `value`: the value to write, or to compare with; for `increment` a number.
 * - `values`: a list of values to compare with.
 * - `map`: the entries to write, as a map.
 * - `begin`, `end`: limits of the selected keys or values, without `end` itself. null: no limit on that side.
 * - `policy`: `order`, and `writeFlags`, as for the operations in `maps`. Default: unordered, and entries are created
 *   or replaced.
 */
declare const mapExpressions: {
  /** The map with `value` written at `key`. Note the order of arguments: `value` comes first. */
  readonly put: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    key: AnyOperand,
    policy?: MapWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The map with all entries of `map` written to it. */
  readonly putItems: <T extends Collection>(
    bin: Expression<T>,
    map: Operand<'map'>,
    policy?: MapWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The map with `value` added to the number at `key`. Note the order of arguments: `value` comes first. */
  readonly increment: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    key: AnyOperand,
    policy?: MapWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The map with all entries removed. */
  readonly clear: <T extends Collection>(bin: Expression<T>, ctx?: Context) => Expression<T>
  /** The map without the entry with the key `key`. */
  readonly removeByKey: <T extends Collection>(
    bin: Expression<T>,
    key: AnyOperand,
    ctx?: Context,
    returnType?: MapReturnType,
  ) => Expression<T>
  /** The map without the entries with a key in the list `keys`. */
  readonly removeByKeyList: <T extends Collection>(
    bin: Expression<T>,
    keys: Operand<'list'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /**
   * The map without the entries whose keys are from `begin` (inclusive) to `end` (exclusive).
   * Note the order of arguments: `end` comes first.
   */
  readonly removeByKeyRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries starting `idx` positions after `key`, in the order of keys. */
  readonly removeByKeyRelIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    key: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries starting `idx` positions after `key`, in the order of keys. */
  readonly removeByKeyRelIndexRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    key: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries whose values equal `value`. */
  readonly removeByValue: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries whose values equal any item of the list `values`. */
  readonly removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /**
   * The map without the entries whose values are from `begin` (inclusive) to `end` (exclusive).
   * Note the order of arguments: `end` comes first.
   */
  readonly removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries starting `rank` ranks above `value`, in the order of values. */
  readonly removeByValueRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries starting `rank` ranks above `value`, in the order of values. */
  readonly removeByValueRelRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entry at `idx` in the order of keys. */
  readonly removeByIndex: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: MapReturnType,
  ) => Expression<T>
  /** The map without the entries starting at `idx` in the order of keys. */
  readonly removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries starting at `idx` in the order of keys. */
  readonly removeByIndexRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entry at `rank` in the order of values. */
  readonly removeByRank: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: MapReturnType,
  ) => Expression<T>
  /** The map without the entries starting at `rank` in the order of values. */
  readonly removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries starting at `rank` in the order of values. */
  readonly removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The number of entries. */
  readonly size: (bin: CollectionBin, ctx?: Context) => Expression<'int'>
  /**
   * Selects the entry with the key `key`.
   * @param valueType - type of the result if it is a key or a value; `auto` for all other return types
   */
  readonly getByKey: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    key: AnyOperand,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /**
   * Selects all entries whose keys are from `begin` (inclusive) to `end` (exclusive); null leaves a side open.
   * Note the order of arguments: `end` comes first.
   */
  readonly getByKeyRange: <R extends MapMany>(
    bin: CollectionBin,
    end: Bound,
    begin: Bound,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all entries with a key in the list `keys`. */
  readonly getByKeyList: <R extends MapMany>(
    bin: CollectionBin,
    keys: Operand<'list'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all entries starting `idx` positions after `key`, in the order of keys. */
  readonly getByKeyRelIndexRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    key: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` entries starting `idx` positions after `key`, in the order of keys. */
  readonly getByKeyRelIndexRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    key: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all entries whose values equal `value`. */
  readonly getByValue: <R extends MapMany>(
    bin: CollectionBin,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Selects all entries whose values are from `begin` (inclusive) to `end` (exclusive); null leaves a side open.
   * Note the order of arguments: `end` comes first.
   */
  readonly getByValueRange: <R extends MapMany>(
    bin: CollectionBin,
    end: Bound,
    begin: Bound,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all entries whose values equal any item of the list `values`. */
  readonly getByValueList: <R extends MapMany>(
    bin: CollectionBin,
    values: Operand<'list'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects all entries starting `rank` ranks above `value`, in the order of values. */
  readonly getByValueRelRankRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` entries starting `rank` ranks above `value`, in the order of values. */
  readonly getByValueRelRankRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Selects the entry at `idx` in the order of keys.
   * @param valueType - type of the result if it is a key or a value; `auto` for all other return types
   */
  readonly getByIndex: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Selects all entries starting at `idx` in the order of keys. */
  readonly getByIndexRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` entries starting at `idx` in the order of keys. Note the order of arguments: `count` comes first. */
  readonly getByIndexRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Selects the entry at `rank` in the order of values.
   * @param valueType - type of the result if it is a key or a value; `auto` for all other return types
   */
  readonly getByRank: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Selects all entries starting at `rank` in the order of values. */
  readonly getByRankRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Selects `count` entries starting at `rank` in the order of values. Note the order of arguments: `count` comes first. */
  readonly getByRankRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
}

/** Builders that read the metadata of the record. */
declare const metadata: {
  /**
   * The user key; unknown if the record was written without `key: 'send'` or its key has another type.
   * @param type - `int`, `string` or `blob`
   * @throws InvalidArgError for any other type
   */
  readonly key: <T extends Extract<ValueType, 'int' | 'string' | 'blob'>>(type: T) => Expression<T>
  /** The user key as an integer; unknown if it is not stored or has another type. */
  readonly keyInt: () => Expression<'int'>
  /** The user key as a string; unknown if it is not stored or has another type. */
  readonly keyStr: () => Expression<'string'>
  /** The user key as bytes; unknown if it is not stored or has another type. */
  readonly keyBlob: () => Expression<'blob'>
  /** Whether the user key is stored with the record. */
  readonly keyExist: () => Expression<'bool'>
  /** The name of the record's set; an empty string if it has no set. */
  readonly setName: () => Expression<'string'>
  /** The size of the record in bytes. Server 7.0 and later. */
  readonly recordSize: () => Expression<'int'>
  /** The time of the last write, in nanoseconds since 1970. Compare it with a bigint. */
  readonly lastUpdate: () => Expression<'int'>
  /** The number of milliseconds since the last write. */
  readonly sinceUpdate: () => Expression<'int'>
  /** The expiration time, in nanoseconds since 1970; -1 if the record never expires. Compare it with a bigint. */
  readonly voidTime: () => Expression<'int'>
  /** The number of seconds until the record expires; -1 if it never expires. */
  readonly ttl: () => Expression<'int'>
  /** Whether the record is a tombstone: deleted, but kept so that other nodes learn of the deletion (Enterprise). */
  readonly isTombstone: () => Expression<'bool'>
  /**
   * The record's digest modulo a number, for stable sampling: a record always falls into the same class.
   * @param mod - divisor, at least 1
   * @throws InvalidArgError for any other divisor
   */
  readonly digestModulo: (mod: number | bigint) => Expression<'int'>
}

type Text = Operand<'string'>
/** Pattern flags of `exp.strings`; combine with `|`. */
declare const stringRegexFlags: {
  /** No flags. */
  readonly DEFAULT: 0
  /** Ignore case. */
  readonly CASE_INSENSITIVE: 1
  /** `^` and `$` match at every line. */
  readonly MULTILINE: 2
  /** `.` matches line ends too. */
  readonly DOT_ALL: 4
  /** Only `\n` ends a line. */
  readonly UNIX_LINES: 8
  /** Replace all matches instead of only the first. */
  readonly GLOBAL: 16
}
/**
 * Builders of expressions on strings. Indexes count code points, negative ones from the end; indexes out of range are clamped.
 * Builders that modify a string evaluate to the modified string and do not change the record. Server 8.2 and later.
 *
 * All throw InvalidArgError for an argument of the wrong type.
 *
 * Parameters:
 *
 * - `src`: an expression that evaluates to a string, usually `exp.binStr('name')`.
 * - `index`, `start`, `end`: positions in code points: 0 is the first, -1 the last. `end` is exclusive. Default of
 *   `end`: the end of the string.
 * - `needle`: the string to look for.
 * - `occurrence`: which occurrence to find: 1 is the first, -1 the last. Default 1.
 * - `separator`: the string between two parts. Default: split into code points.
 * - `pattern`: a regular expression in the syntax of ICU.
 * - `regexFlagBits`: `exp.stringRegexFlags` combined with `|`. Default: none.
 * - `value`: the string to write, or to write instead of a match.
 * - `values`: a list of strings to append.
 * - `targetLength`: number of code points of the result; a longer string is unchanged.
 * - `padString`: the string to repeat as padding.
 * - `count`: number of repetitions.
 * - `policy`: `writeFlags`, `strings.writeFlags` combined with `|`. Default: no restriction.
 */
declare const stringExpressions: {
  /** The number of code points. */
  readonly strlen: (src: Text) => Expression<'int'>
  /** The substring from `start` (inclusive) to `end` (exclusive), or to the end of the string. */
  readonly substr: (src: Text, start: Int, end?: Int) => Expression<'string'>
  /** The code point at `index`, as a string. */
  readonly charAt: (src: Text, index: Int) => Expression<'string'>
  /** The index of the first, or the `occurrence`th, `needle`; -1 if there is none. */
  readonly find: (src: Text, needle: Text, occurrence?: Int) => Expression<'int'>
  /** Whether the string contains another string. */
  readonly contains: (src: Text, needle: Text) => Expression<'bool'>
  /** Whether the string starts with another string. */
  readonly startsWith: (src: Text, needle: Text) => Expression<'bool'>
  /** Whether the string ends with another string. */
  readonly endsWith: (src: Text, needle: Text) => Expression<'bool'>
  /** The string parsed as an integer. */
  readonly toInteger: (src: Text) => Expression<'int'>
  /** The string parsed as a double. */
  readonly toDouble: (src: Text) => Expression<'float'>
  /** The length of the string in bytes. */
  readonly byteLength: (src: Text) => Expression<'int'>
  /**
   * Whether the string represents a number.
   * @param type - kind of number: `any` (default), `int` or `float`
   */
  readonly isNumeric: (src: Text, type?: 'any' | 'int' | 'float') => Expression<'bool'>
  /** Whether all letters are upper case. */
  readonly isUpper: (src: Text) => Expression<'bool'>
  /** Whether all letters are lower case. */
  readonly isLower: (src: Text) => Expression<'bool'>
  /** The bytes of the string. */
  readonly toBlob: (src: Text) => Expression<'blob'>
  /** A list of the parts between `separator`; without `separator`, a list of the characters. */
  readonly split: (src: Text, separator?: Text) => Expression<'list'>
  /** The bytes decoded from the base64 string. */
  readonly b64Decode: (src: Text) => Expression<'blob'>
  /**
   * Whether the string matches a regular expression.
   * @param regexFlags - flags of `exp.stringRegexFlags`
   */
  readonly regexCompare: (src: Text, pattern: Text, regexFlagBits?: number) => Expression<'bool'>
  /** The string with `value` inserted before the character at `index`. */
  readonly insert: (src: Text, index: Int, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string overwritten with `value`, starting at `index`. */
  readonly overwrite: (src: Text, index: Int, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string with all strings of a list appended. */
  readonly concat: (src: Text, values: Operand<'list'>, policy?: FlagsWrite) => Expression<'string'>
  /** The string with `value` appended. */
  readonly append: (src: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string with `value` prepended. */
  readonly prepend: (src: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string without the characters from `start` to `end` (exclusive), or to its end; a policy needs `end`. */
  readonly snip: (src: Text, start: Int, end?: Int, policy?: FlagsWrite) => Expression<'string'>
  /** The string with the first `needle` replaced by `replacement`. */
  readonly replace: (src: Text, needle: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string with every `needle` replaced by `replacement`. */
  readonly replaceAll: (src: Text, needle: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string in upper case. */
  readonly upper: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string in lower case. */
  readonly lower: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string with Unicode case folding applied: upper and lower case compare equal. */
  readonly caseFold: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string normalized to Unicode NFC. */
  readonly normalizeNfc: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string without leading white space. */
  readonly trimStart: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string without trailing white space. */
  readonly trimEnd: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string without leading and trailing white space. */
  readonly trim: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string padded at the start with `padString` until it is `targetLength` code points long. */
  readonly padStart: (src: Text, targetLength: Int, padString: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string padded at the end with `padString` until it is `targetLength` code points long. */
  readonly padEnd: (src: Text, targetLength: Int, padString: Text, policy?: FlagsWrite) => Expression<'string'>
  /** The string repeated `count` times. */
  readonly repeat: (src: Text, count: Int, policy?: FlagsWrite) => Expression<'string'>
  /**
   * The string with matches of a regular expression replaced by `replacement`: the first, or all with the flag GLOBAL.
   * @param regexFlagBits - flags of `exp.stringRegexFlags`
   */
  readonly regexReplace: (
    src: Text,
    pattern: Text,
    value: Text,
    regexFlagBits?: number,
    policy?: FlagsWrite,
  ) => Expression<'string'>
}
/** Converts a value to a string. */
declare function toStr(value: Expression): Expression<'string'>

declare function bool(value: boolean): Expression<'bool'>
declare function int(value: number | bigint): Expression<'int'>
declare function uint(value: number | bigint): Expression<'int'>
declare function float(value: number | Double): Expression<'float'>
declare function str(value: string): Expression<'string'>
declare function bytes(value: Uint8Array, size?: number): Expression<'blob'>
declare function geo(value: GeoJSON | string | object): Expression<'geo'>
/** Builders of literals. */
declare const values: {
  /**
   * A boolean. Server 5.6 and later.
   * @param value - true or false
   * @throws InvalidArgError for anything else
   */
  readonly bool: typeof bool
  /**
   * A signed 64-bit integer.
   * @param value - a number without a fractional part, or a bigint
   * @throws InvalidArgError for anything else, and for an integer outside the 64-bit range
   */
  readonly int: typeof int
  /**
   * A non-negative 64-bit integer.
   * @param value - a number without a fractional part, or a bigint
   * @throws InvalidArgError for anything else
   */
  readonly uint: typeof uint
  /**
   * A double. `exp.float(1)` is 1.0, which never equals an integer.
   * @param value - any number
   * @throws InvalidArgError for anything else
   */
  readonly float: typeof float
  /**
   * A string.
   * @param value - text without lone surrogates
   * @throws InvalidArgError for anything else
   */
  readonly str: typeof str
  /**
   * Bytes.
   * @param value - bytes to use
   * @param size - number of bytes from the start (default all)
   * @throws InvalidArgError for anything else
   */
  readonly bytes: typeof bytes
  /**
   * A GeoJSON value, for `exp.cmpGeo`.
   * @param value - a `GeoJSON`, JSON text, or an object
   * @throws InvalidArgError if the value is not JSON
   */
  readonly geo: typeof geo
  /** Nil: no value. In a range, it is less than every other value. */
  readonly nil: () => Expression<'nil'>
  /** Infinity: greater than every other value, for the end of a range. Inside a list, use `infinity()`. */
  readonly inf: () => Expression<'any'>
  /** The wildcard: equals every value. Inside a list, use `wildcard()`. */
  readonly wildcard: () => Expression<'any'>
  /**
   * A list.
   * @param values - items: any storable values, `infinity()` and `wildcard()`
   * @throws InvalidArgError for a value that cannot be stored
   */
  readonly list: (values: readonly LiteralItem[]) => Expression<'list'>
  /**
   * A map. Its entries are packed in the server's order of keys.
   * @param value - a plain object, or a Map whose keys are strings, integers or bytes
   * @throws InvalidArgError for a value that cannot be stored, or a duplicate key
   */
  readonly map: (value: LiteralMap) => Expression<'map'>
}

/** Flags of `exp.operations.read`; combine with `|`. */
declare const expReadFlags: {
  /** Fail if the expression cannot be evaluated. */
  readonly DEFAULT: 0
  /** Return no value if the expression cannot be evaluated. */
  readonly EVAL_NO_FAIL: 16
}
/** Flags of `exp.operations.write`; combine with `|`. */
declare const expWriteFlags: {
  /** Create the bin or overwrite it. */
  readonly DEFAULT: 0
  /** Create the bin; fail with BinExistsError if it exists. */
  readonly CREATE_ONLY: 1
  /** Overwrite the bin; fail with BinNotFoundError if it does not exist. */
  readonly UPDATE_ONLY: 2
  /** Remove the bin if the expression evaluates to nil. */
  readonly ALLOW_DELETE: 4
  /** Do nothing instead of failing if the other flags forbid the write. */
  readonly POLICY_NO_FAIL: 8
  /** Do nothing instead of failing if the expression cannot be evaluated. */
  readonly EVAL_NO_FAIL: 16
}
/** An operation that evaluates an expression. */
export declare class ExpressionOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<
  B,
  A
> {}
/** Builders of operations that evaluate an expression. */
declare const expressionOperations: {
  /**
   * Evaluates an expression and returns its value under the name `bin`, which need not be an existing bin.
   * @param bin - name of the result
   * @param exp - expression to evaluate
   * @param flags - flags of `exp.expReadFlags`
   * @throws InvalidArgError for an unbound variable or unknown flags
   */
  readonly read: <B extends string, T extends ResultType, F extends number = 0>(
    bin: B,
    exp: Expression<T>,
    flags?: F,
  ) => ExpressionOperation<B, Evaluated<T, F>>
  /**
   * Evaluates an expression and writes its value into `bin`.
   * @param bin - bin to write
   * @param exp - expression to evaluate
   * @param flags - flags of `exp.expWriteFlags`
   * @throws InvalidArgError for an unbound variable or unknown flags
   */
  readonly write: <B extends string>(bin: B, exp: Expression, flags?: number) => ExpressionOperation<B, null>
}

/** Value types, for builders that cannot infer the type. */
declare const type: {
  /** Inferred from the return type. */
  readonly AUTO: 'auto'
  /** Nil. */
  readonly NIL: 'nil'
  /** A boolean. */
  readonly BOOL: 'bool'
  /** An integer. */
  readonly INT: 'int'
  /** A string. */
  readonly STR: 'string'
  /** A list. */
  readonly LIST: 'list'
  /** A map. */
  readonly MAP: 'map'
  /** Bytes. */
  readonly BLOB: 'blob'
  /** A double. */
  readonly FLOAT: 'float'
  /** GeoJSON. */
  readonly GEOJSON: 'geo'
  /** A HyperLogLog. */
  readonly HLL: 'hll'
}
declare function ael(text: string): Expression<'bool'>
/** Typed with `typeof`, so that the generated declarations keep the doc comment of each member. */
interface Modules {
  /** Builders of expressions on lists. */
  readonly lists: typeof listExpressions
  /** Builders of expressions on maps. */
  readonly maps: typeof mapExpressions
  /** Builders of expressions on the bits of a blob. */
  readonly bit: typeof bitExpressions
  /** Builders of expressions on HyperLogLogs. */
  readonly hll: typeof hllExpressions
  /** Builders of expressions on strings. Server 8.2 and later. */
  readonly strings: typeof stringExpressions
  /** Operations of `operate` that evaluate an expression. */
  readonly operations: typeof expressionOperations
  /** Value types, for builders that cannot infer the type. */
  readonly type: typeof type
  /** Flags of `exp.operations.read`. */
  readonly expReadFlags: typeof expReadFlags
  /** Flags of `exp.operations.write`. */
  readonly expWriteFlags: typeof expWriteFlags
  /** What `exp.selectByPath` returns for the selected items. */
  readonly pathSelectFlags: typeof pathSelectFlags
  /** Flags of `exp.modifyByPath`. */
  readonly pathModifyFlags: typeof pathModifyFlags
  /** What a loop variable refers to. */
  readonly loopVarPart: typeof loopVarPart
  /** Pattern flags of `exp.cmpRegex`. */
  readonly regexFlags: typeof regexFlags
  /** Pattern flags of `exp.strings`. */
  readonly stringRegexFlags: typeof stringRegexFlags
  /**
   * A value converted to a string. Server 8.2 and later.
   * @param value - an integer, a double, a string or bytes
   */
  readonly toStr: typeof toStr
  /**
   * Restores an expression from base64, as produced by `toBase64` and by other clients.
   * @param base64 - the packed expression
   * @throws InvalidArgError if the text is malformed
   */
  readonly fromBase64: typeof fromBase64
  /**
   * A filter as text, which the server compiles: `exp.ael('$.age > 21')`. It is a complete filter and cannot be part of
   * another expression. The server rejects invalid text. Server 8.2 and later.
   * @param text - the filter, not empty
   * @throws InvalidArgError for an empty text
   */
  readonly ael: typeof ael
}
/**
 * Builders of expressions. The server evaluates an expression for a record, either as a filter (`filterExpression` of a
 * policy) or to compute a value (`exp.operations`). Needs server 5.2, unless a builder names a later version.
 */
export declare const exp: typeof values &
  typeof bins &
  typeof metadata &
  typeof compare &
  typeof control &
  typeof arithmetic &
  typeof path &
  typeof expressionAliases &
  Modules

/** Write policy of the operations on HyperLogLogs. */
export interface HllPolicy {
  /** HLL_WRITE_* flags, combined with `|`. Default HLL_WRITE_DEFAULT. */
  writeFlags?: number | undefined
}
/** An operation on a HyperLogLog. It takes no context, because a HyperLogLog is always a whole bin. */
export declare class HllOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {}
/** An operation that modifies a HyperLogLog. */
export declare class HllWriteOperation<out B extends string = string, out A = ReadValue> extends HllOperation<B, A> {
  /**
   * Sets the write policy. Modifies this operation and returns it.
   *
   * @param policy - the write flags
   */
  withPolicy(policy: HllPolicy): this
}
/**
 * Builders of operations on HyperLogLogs, for `operate`. If the bin is not a HyperLogLog, the call fails with BinTypeError;
 * if the server does not accept the numbers of bits, with InvalidArgError; if an argument does not fit the existing
 * HyperLogLog, with ServerError (`OP_NOT_APPLICABLE`). A failed call applies none of its operations. Needs server 4.9.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names and values.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `values`: the values to add; for unions, intersections and similarities a list of `HyperLogLog` values.
 * - `indexBits`: 4 to 16; more bits give a more precise estimate.
 * - `minhashBits`: 4 to 51, for intersections and similarities; together with `indexBits` at most 64. Default: none.
 * - `policy`: `writeFlags`, `hll.writeFlags` combined with `|`. Default: no restriction.
 */
export declare const hll: {
  /** Flags that restrict writes; combine with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly CREATE_ONLY: 1
    readonly UPDATE_ONLY: 2
    readonly NO_FAIL: 4
    readonly ALLOW_FOLD: 8
  }
  /** Creates a HyperLogLog, or resets the existing one. Returns null. */
  readonly init: <B extends string>(
    bin: B,
    indexBits: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ) => HllWriteOperation<B, null>
  /**
   * Adds values; creates the HyperLogLog if there is none and `indexBits` is given. Returns the number of entries that
   * changed, or null if NO_FAIL prevented an error and nothing was done.
   */
  readonly add: <B extends string, T>(
    bin: B,
    values: readonly Storable<T>[],
    indexBits?: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ) => HllWriteOperation<B, number | null>
  /** Replaces the HyperLogLog with the union of itself and others. Returns null. */
  readonly setUnion: <B extends string>(
    bin: B,
    values: readonly HyperLogLog[],
    policy?: HllPolicy,
  ) => HllWriteOperation<B, null>
  /** Updates the cached count. Returns the estimated count. */
  readonly refreshCount: <B extends string>(bin: B) => HllOperation<B, number>
  /** Reduces the HyperLogLog to fewer index bits; it must not have minhash bits. Returns null. */
  readonly fold: <B extends string>(bin: B, indexBits: number) => HllOperation<B, null>
  /** Returns the estimated number of distinct values. */
  readonly getCount: <B extends string>(bin: B) => HllOperation<B, number | null>
  /** Returns the union of the HyperLogLog and others, as a HyperLogLog. */
  readonly getUnion: <B extends string>(bin: B, values: readonly HyperLogLog[]) => HllOperation<B, HyperLogLog | null>
  /** Returns the estimated number of distinct values in the union of the HyperLogLog and others. */
  readonly getUnionCount: <B extends string>(bin: B, values: readonly HyperLogLog[]) => HllOperation<B, number | null>
  /** Returns the estimated number of distinct values in the intersection of the HyperLogLog and others. */
  readonly getIntersectCount: <B extends string>(
    bin: B,
    values: readonly HyperLogLog[],
  ) => HllOperation<B, number | null>
  /** Returns the estimated similarity of the HyperLogLog and others, from 0 to 1. */
  readonly getSimilarity: <B extends string>(bin: B, values: readonly HyperLogLog[]) => HllOperation<B, number | null>
  /** Returns `[indexBits, minhashBits]`. */
  readonly describe: <B extends string>(bin: B) => HllOperation<B, [indexBits: number, minhashBits: number] | null>
}

/** Base class of operations that select one item and of those that select several. */
declare abstract class Selection<out B extends string, out A> extends CdtOperation<B, A> {
  #private
}
/** An operation that selects one item. */
export declare class SelectOperation<out B extends string = string, out A = ReadValue> extends Selection<B, A> {
  /**
   * Sets what is returned for the selected item. Modifies this operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn<R extends MapReturnType>(returnType: R): SelectOperation<B, OneReturned<R>>
}
/** An operation that selects several items, or all items except those. */
export declare class RangeOperation<out B extends string = string, out A = ReadValue> extends Selection<B, A> {
  /**
   * Sets what is returned for the selected items. Modifies this operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn<R extends AnyReturnType>(returnType: R): RangeOperation<B, ManyReturned<R>>
  /** Inverts the selection: selects all items except those. Modifies this operation and returns it. */
  invertSelection(): this
}

/**
 * Builders of operations on lists, for `operate`. Indexes and ranks count from 0, negative ones from the end; `withContext`
 * addresses a nested list. If the bin is not a list, the call fails with BinTypeError; if the server does not accept an
 * argument, such as an index beyond the list, it fails with InvalidArgError or ServerError (`OP_NOT_APPLICABLE`). A failed
 * call applies none of its operations.
 *
 * The result of a selection depends on its return type: INDEX, REVERSE_INDEX, RANK, REVERSE_RANK and VALUE return one
 * value for operations that select one item (for an item that does not exist, -1 instead of an index or a rank, and null
 * instead of a value), otherwise a list; COUNT returns the number of items; EXISTS true or false;
 * NONE null. The default is VALUE for `getBy...` and NONE for `removeBy...`.
 *
 * `policy` sets the order of a list that the operation creates, and the write flags. Builders throw InvalidArgError for an
 * invalid argument; `operate` validates bin names and values.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `index`: position of the first or only item: 0 is the first item, -1 the last.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is counted
 *   from the rank of `value`.
 * - `count`: number of items. Default: all from there to the end.
 * - `value`, `values`: an item, or a non-empty list of items: to write, or to compare with.
 * - `begin`, `end`: limits of the selected values, without `end` itself. Default null: no limit on that side.
 * - `separator`: what `join` puts between the strings. Default: nothing.
 * - `sortFlags`: `lists.sortFlags`, combined with `|`. Default: ascending, with duplicates.
 * - `order`: one of `lists.order`. Default `unordered`.
 * - `policy`: `order` of a list that the operation creates, and `writeFlags`. Default: unordered, no restriction.
 * - `returnType`: one of `lists.returnType`. Default: see above.
 */
export declare const lists: {
  /** The orders of a list. */
  readonly order: {
    readonly UNORDERED: 'unordered'
    readonly ORDERED: 'ordered'
  }
  /** Flags of `sort`; combine with `|`. */
  readonly sortFlags: {
    readonly DEFAULT: 0
    readonly DESCENDING: 1
    readonly DROP_DUPLICATES: 2
  }
  /** Flags that restrict writes; combine with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly ADD_UNIQUE: 1
    readonly INSERT_BOUNDED: 2
    readonly NO_FAIL: 4
    readonly PARTIAL: 8
  }
  /** What a selection returns for its items; the INVERTED_ types select all other items instead. */
  readonly returnType: {
    readonly NONE: 'none'
    readonly INDEX: 'index'
    readonly REVERSE_INDEX: 'reverse-index'
    readonly RANK: 'rank'
    readonly REVERSE_RANK: 'reverse-rank'
    readonly COUNT: 'count'
    readonly VALUE: 'value'
    readonly EXISTS: 'exists'
    readonly INVERTED_NONE: 'inverted-none'
    readonly INVERTED_INDEX: 'inverted-index'
    readonly INVERTED_REVERSE_INDEX: 'inverted-reverse-index'
    readonly INVERTED_RANK: 'inverted-rank'
    readonly INVERTED_REVERSE_RANK: 'inverted-reverse-rank'
    readonly INVERTED_COUNT: 'inverted-count'
    readonly INVERTED_VALUE: 'inverted-value'
    readonly INVERTED_EXISTS: 'inverted-exists'
  }
  /**
   * Creates a list, or sets the order of the existing one. Returns null.
   * @param order - lists.order.ORDERED or UNORDERED
   * @param pad - if the last level of the context is a list index beyond the end, fill the gap with nil
   * @param persistIndex - store the index of an ordered list with the record (not for nested lists)
   * @param context - where to create the list inside the bin's lists and maps, as for `withContext`
   */
  readonly create: <B extends string>(
    bin: B,
    order?: ListOrder,
    pad?: boolean,
    persistIndex?: boolean,
    context?: CdtContext | ((context: CdtContext) => unknown),
  ) => CdtOperation<B, null>
  /**
   * Sets the order of a list, and sorts the list if it becomes ordered. Returns null.
   * @param persistIndex - store the index of an ordered list with the record (not for nested lists; server 7.0)
   */
  readonly setOrder: <B extends string>(bin: B, order?: ListOrder, persistIndex?: boolean) => CdtOperation<B, null>
  /** Sorts a list, as set by `lists.sortFlags`. Returns null. */
  readonly sort: <B extends string>(bin: B, sortFlags?: number) => CdtOperation<B, null>
  /** Appends a value; creates the list if there is none. Returns the size of the list. */
  readonly append: <B extends string, T>(
    bin: B,
    value: StorableArgument<T>,
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Appends the items of a non-empty array. Returns the size of the list. */
  readonly appendItems: <B extends string, T>(
    bin: B,
    values: readonly StorableArgument<T>[],
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Inserts a value before the item at an index. Returns the size of the list. */
  readonly insert: <B extends string, T>(
    bin: B,
    index: number,
    value: StorableArgument<T>,
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Inserts the items of a non-empty array before the item at an index. Returns the size of the list. */
  readonly insertItems: <B extends string, T>(
    bin: B,
    index: number,
    values: readonly StorableArgument<T>[],
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Removes the item at an index. Returns the removed item. */
  readonly pop: <B extends string>(bin: B, index: number) => CdtOperation<B, ReadValue>
  /** Removes `count` items starting at an index; without `count`, all from there to the end. Returns the removed items. */
  readonly popRange: <B extends string>(bin: B, index: number, count?: number) => CdtOperation<B, ReadValue[] | null>
  /** Removes the item at an index. Returns the number of items removed. */
  readonly remove: <B extends string>(bin: B, index: number) => CdtOperation<B, number | null>
  /** Removes `count` items (default all) starting at an index. Returns the number of items removed. */
  readonly removeRange: <B extends string>(bin: B, index: number, count?: number) => CdtOperation<B, number | null>
  /** Replaces the item at an index with a value other than null. Returns null. */
  readonly set: <B extends string, T>(
    bin: B,
    index: number,
    value: StorableArgument<T>,
    policy?: ListPolicy,
  ) => CdtOperation<B, null>
  /** Keeps `count` items starting at an index and removes all others. Returns the number of items removed. */
  readonly trim: <B extends string>(bin: B, index: number, count: number) => CdtOperation<B, number | null>
  /** Removes all items. Returns null. */
  readonly clear: <B extends string>(bin: B) => CdtOperation<B, null>
  /**
   * Adds an integer to the item at an index; to add a double, use `exp.lists.increment`. Returns the sum.
   * @param by - amount to add; default 1
   */
  readonly increment: <B extends string>(
    bin: B,
    index: number,
    by?: number | bigint,
    policy?: ListPolicy,
  ) => CdtOperation<B, number | bigint>
  /** Returns the number of items. */
  readonly size: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Returns the item at an index. */
  readonly get: <B extends string>(bin: B, index: number) => CdtOperation<B, ReadValue>
  /** Returns a list of `count` items starting at an index; without `count`, all from there to the end. */
  readonly getRange: <B extends string>(bin: B, index: number, count?: number) => CdtOperation<B, ReadValue[] | null>
  /** Returns the strings of a list joined into one string, with an optional separator between them. Server 8.2. */
  readonly join: <B extends string>(bin: B, separator?: string) => CdtOperation<B, string | null>
  /** Selects the item at an index. */
  readonly getByIndex: <B extends string, R extends ListReturnType = 'value'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` items starting at an index; without `count`, all from there to the end. */
  readonly getByIndexRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the item at a rank; rank 0 is the smallest value. */
  readonly getByRank: <B extends string, R extends ListReturnType = 'value'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` items starting at a rank; without `count`, all from there to the end. */
  readonly getByRankRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the items that equal the given value. */
  readonly getByValue: <B extends string, T, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    value: StorableArgument<T>,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the items that equal any of the given values. */
  readonly getByValueList: <
    B extends string,
    T,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value',
  >(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the items from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  readonly getByValueRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects `count` items (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  readonly getByValueRelRankRange: <
    B extends string,
    T,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the item at an index. */
  readonly removeByIndex: <B extends string, R extends ListReturnType = 'none'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` items starting at an index; without `count`, all from there to the end. */
  readonly removeByIndexRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the item at a rank; rank 0 is the smallest value. */
  readonly removeByRank: <B extends string, R extends ListReturnType = 'none'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` items starting at a rank; without `count`, all from there to the end. */
  readonly removeByRankRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the items that equal the given value. */
  readonly removeByValue: <B extends string, T, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    value: StorableArgument<T>,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the items that equal any of the given values. */
  readonly removeByValueList: <
    B extends string,
    T,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the items from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  readonly removeByValueRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes `count` items (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  readonly removeByValueRelRankRange: <
    B extends string,
    T,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
}

/** The entries to write: a Map or an object. */
export type MapItems =
  | ReadonlyMap<MapKey, Value>
  | {
      readonly [key: string]: Value
    }
/** `T` if it can be the entries to write. */
type StorableItems<T> = T extends ReadonlyMap<unknown, unknown> ? Storable<T> : StorableBins<T>
/**
 * Builders of operations on maps, for `operate`. Indexes follow the order of keys and ranks the order of values; both count
 * from 0, negative ones from the end. `withContext` addresses a nested map. If the bin is not a map, the call fails with
 * BinTypeError; if the server does not accept a change, such as creating a key that exists, it fails with ServerError or
 * InvalidArgError. A failed call applies none of its operations.
 *
 * The result of a selection depends on its return type: INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, KEY and VALUE return one
 * value for operations that select one entry (if there is none, -1 instead of an index or a rank, and null instead of a key
 * or a value), otherwise a list; KEY_VALUE returns `[key, value]` pairs; UNORDERED_MAP and ORDERED_MAP (server 6.0)
 * return a map; COUNT returns the number of entries; EXISTS true or false; NONE null. The default is VALUE for `getBy...` and NONE for `removeBy...`.
 *
 * `policy` sets the order of a map that the operation creates, and which entries it may write. Builders throw
 * InvalidArgError for an invalid argument; `operate` validates bin names and values.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `key`, `keys`: a key of the map, or a list of keys: strings, integers or bytes.
 * - `index`: position in the order of keys: 0 is the smallest key, -1 the greatest. In `...RelIndexRange` it is counted
 *   from the index of `key`.
 * - `rank`: position in the order of values: 0 is the smallest value, -1 the greatest. In `...RelRankRange` it is counted
 *   from the rank of `value`.
 * - `count`: number of entries. Default: all from there to the end.
 * - `value`, `values`: a value, or a list of values: to write, or to compare with.
 * - `items`: the entries to write, as an object or a `Map`.
 * - `begin`, `end`: limits of the selected keys or values, without `end` itself. Default null: no limit on that side.
 * - `order`: one of `maps.order`. Default `unordered`; `setOrder` needs it.
 * - `policy`: `order` of a map that the operation creates, `persistIndex`, and `writeFlags` or `writeMode`. Default:
 *   unordered, and entries are created or replaced.
 * - `returnType`: one of `maps.returnType`. Default: see above.
 */
export declare const maps: {
  /** The orders of a map. */
  readonly order: {
    readonly UNORDERED: 'unordered'
    readonly KEY_ORDERED: 'key-ordered'
    readonly KEY_VALUE_ORDERED: 'key-value-ordered'
  }
  /** Flags that restrict which entries are written; combine with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly CREATE_ONLY: 1
    readonly UPDATE_ONLY: 2
    readonly NO_FAIL: 4
    readonly PARTIAL: 8
  }
  /** Write modes: a single word instead of `writeFlags`. */
  readonly writeMode: {
    readonly UPDATE: 'update'
    readonly UPDATE_ONLY: 'update-only'
    readonly CREATE_ONLY: 'create-only'
  }
  /** What a selection returns for its entries; the INVERTED_ types select all other entries instead. */
  readonly returnType: {
    readonly NONE: 'none'
    readonly INDEX: 'index'
    readonly REVERSE_INDEX: 'reverse-index'
    readonly RANK: 'rank'
    readonly REVERSE_RANK: 'reverse-rank'
    readonly COUNT: 'count'
    readonly KEY: 'key'
    readonly VALUE: 'value'
    readonly KEY_VALUE: 'key-value'
    readonly EXISTS: 'exists'
    readonly UNORDERED_MAP: 'unordered-map'
    readonly ORDERED_MAP: 'ordered-map'
    readonly INVERTED_NONE: 'inverted-none'
    readonly INVERTED_INDEX: 'inverted-index'
    readonly INVERTED_REVERSE_INDEX: 'inverted-reverse-index'
    readonly INVERTED_RANK: 'inverted-rank'
    readonly INVERTED_REVERSE_RANK: 'inverted-reverse-rank'
    readonly INVERTED_COUNT: 'inverted-count'
    readonly INVERTED_KEY: 'inverted-key'
    readonly INVERTED_VALUE: 'inverted-value'
    readonly INVERTED_KEY_VALUE: 'inverted-key-value'
    readonly INVERTED_EXISTS: 'inverted-exists'
    readonly INVERTED_UNORDERED_MAP: 'inverted-unordered-map'
    readonly INVERTED_ORDERED_MAP: 'inverted-ordered-map'
  }
  /**
   * Creates a map, or sets the order of the existing one. Returns null.
   * @param order - maps.order.UNORDERED, KEY_ORDERED or KEY_VALUE_ORDERED
   * @param persistIndex - store the index of an ordered map with the record (not for nested maps; server 7.0)
   * @param context - where to create the map inside the bin's lists and maps, as for `withContext`
   */
  readonly create: <B extends string>(
    bin: B,
    order?: MapOrder,
    persistIndex?: boolean,
    context?: CdtContext | ((context: CdtContext) => unknown),
  ) => CdtOperation<B, null>
  /** Sets the order of a map. Returns null. */
  readonly setOrder: <B extends string>(bin: B, order: MapOrder) => CdtOperation<B, null>
  /** Sets the order of a map, and whether its index is stored, from a policy. Returns null. */
  readonly setPolicy: <B extends string>(bin: B, policy: MapPolicy) => CdtOperation<B, null>
  /** Writes an entry; creates the map if there is none. Returns the size of the map. */
  readonly put: <B extends string, T>(
    bin: B,
    key: MapKey,
    value: Storable<T>,
    policy?: MapPolicy,
  ) => CdtOperation<B, number>
  /** Writes the entries of an object or a Map. Returns the size of the map. */
  readonly putItems: <B extends string, T extends object>(
    bin: B,
    items: StorableItems<T>,
    policy?: MapPolicy,
  ) => CdtOperation<B, number>
  /**
   * Adds to the number at a key; a missing key counts as 0. Returns the sum.
   * @param by - amount to add; default 1. Pass a fraction as a `Double`, and only for an entry that is a double: for an
   *   entry that is an integer, the server drops the fractional part
   */
  readonly increment: <B extends string>(
    bin: B,
    key: MapKey,
    by?: number | bigint | Double,
    policy?: MapPolicy,
  ) => CdtOperation<B, number | bigint>
  /**
   * Subtracts from the number at a key; a missing key counts as 0. Returns the difference.
   * @param by - amount to subtract; default 1. Pass a fraction as a `Double`, as for `increment`
   */
  readonly decrement: <B extends string>(
    bin: B,
    key: MapKey,
    by?: number | bigint | Double,
    policy?: MapPolicy,
  ) => CdtOperation<B, number | bigint>
  /** Removes all entries. Returns null. */
  readonly clear: <B extends string>(bin: B) => CdtOperation<B, null>
  /** Returns the number of entries. */
  readonly size: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Selects the entry with the given key. */
  readonly getByKey: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    key: MapKey,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects the entries with the given keys. */
  readonly getByKeyList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    keys: readonly MapKey[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries with keys from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  readonly getByKeyRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects `count` entries (default all) starting at the index of `key` plus `index`. Server 4.3. */
  readonly getByKeyRelIndexRange: <
    B extends string,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value',
  >(
    bin: B,
    key: MapKey,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries whose value equals the given one. */
  readonly getByValue: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    value: StorableArgument<T>,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries whose value equals any of the given values. */
  readonly getByValueList: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries with values from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  readonly getByValueRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects `count` entries (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  readonly getByValueRelRankRange: <
    B extends string,
    T,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entry at an index; index 0 is the smallest key. */
  readonly getByIndex: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` entries starting at an index; without `count`, all from there to the end. */
  readonly getByIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entry at a rank; rank 0 is the smallest value. */
  readonly getByRank: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` entries starting at a rank; without `count`, all from there to the end. */
  readonly getByRankRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entry with the given key. */
  readonly removeByKey: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    key: MapKey,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes the entries with the given keys. */
  readonly removeByKeyList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    keys: readonly MapKey[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries with keys from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  readonly removeByKeyRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes `count` entries (default all) starting at the index of `key` plus `index`. Server 4.3. */
  readonly removeByKeyRelIndexRange: <
    B extends string,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none',
  >(
    bin: B,
    key: MapKey,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries whose value equals the given one. */
  readonly removeByValue: <B extends string, T, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    value: StorableArgument<T>,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries whose value equals any of the given values. */
  readonly removeByValueList: <
    B extends string,
    T,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none',
  >(
    bin: B,
    values: readonly StorableArgument<T>[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries with values from `begin` (inclusive) to `end` (exclusive); null leaves that side open. */
  readonly removeByValueRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes `count` entries (default all) starting at the rank of `value` plus `rank`. Server 4.3. */
  readonly removeByValueRelRankRange: <
    B extends string,
    T,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none',
  >(
    bin: B,
    value: StorableArgument<T>,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entry at an index; index 0 is the smallest key. */
  readonly removeByIndex: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` entries starting at an index; without `count`, all from there to the end. */
  readonly removeByIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entry at a rank; rank 0 is the smallest value. */
  readonly removeByRank: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` entries starting at a rank; without `count`, all from there to the end. */
  readonly removeByRankRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
}

/** Write policy of the operations on strings. */
export interface StringPolicy {
  /** strings.writeFlags, combined with `|`. Default DEFAULT. */
  writeFlags?: number | undefined
}
/**
 * Builders of operations on strings, for `operate`. Indexes count code points from 0, negative ones from the end.
 * Operations that modify the string return null. If the bin is not a string, the call fails with BinTypeError; if the
 * server does not accept an argument, it fails with InvalidArgError. A failed call applies none of its operations. Needs
 * server 8.2; older servers reject the call with InvalidArgError.
 *
 * Builders throw InvalidArgError for an invalid argument; `operate` validates bin names and the text of strings.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `index`, `start`, `end`: positions in code points: 0 is the first, -1 the last. `end` is exclusive. Default of
 *   `end`: the end of the string.
 * - `needle`: the string to look for.
 * - `prefix`, `suffix`: the string with which the other one starts or ends.
 * - `occurrence`: which occurrence to find: 1 is the first, -1 the last. Default 1.
 * - `separator`: the string between two parts. Default: split into code points.
 * - `type`: one of `strings.numericType`. Default: any number.
 * - `pattern`: a regular expression in the syntax of ICU.
 * - `regexFlags`: `strings.regexFlags` combined with `|`. Default: none.
 * - `value`: the string to write; for `concat` a string or a list of them.
 * - `replacement`: the string to write instead.
 * - `length`: number of code points of the result; a longer string is unchanged.
 * - `pad`: the string to repeat as padding.
 * - `count`: number of repetitions.
 * - `policy`: `writeFlags`, `strings.writeFlags` combined with `|`. Default: no restriction.
 */
export declare const strings: {
  /** Flags that restrict writes; combine with `|`. */
  readonly writeFlags: {
    /** Create or modify the bin. */
    readonly DEFAULT: 0
    /** Write only if the bin does not exist; valid only for operations that can create a bin. */
    readonly CREATE_ONLY: 1
    /** Write only if the bin exists. */
    readonly UPDATE_ONLY: 2
    /** Leave the string unchanged instead of failing. */
    readonly NO_FAIL: 4
  }
  /** Flags of patterns (ICU); combine with `|`. */
  readonly regexFlags: {
    readonly DEFAULT: 0
    readonly CASE_INSENSITIVE: 1
    /** `^` and `$` match at every line. */
    readonly MULTILINE: 2
    /** `.` matches line ends too. */
    readonly DOT_ALL: 4
    /** Only `\n` ends a line. */
    readonly UNIX_LINES: 8
    /** Replace every match. */
    readonly GLOBAL: 16
  }
  /** The kinds of number that `isNumeric` tests for. */
  readonly numericType: {
    readonly ANY: 'any'
    readonly INT: 'int'
    readonly FLOAT: 'float'
  }
  /** Returns the number of code points. */
  readonly strlen: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Returns the code points from `start` (inclusive) to `end` (exclusive), or to the end of the string. */
  readonly substr: <B extends string>(bin: B, start: number, end?: number) => CdtOperation<B, string | null>
  /** Returns the code point at an index, as a string. */
  readonly charAt: <B extends string>(bin: B, index: number) => CdtOperation<B, string | null>
  /** Returns the index of an occurrence of `needle` (1 is the first, -1 the last), or -1 if there is none. */
  readonly find: <B extends string>(bin: B, needle: string, occurrence?: number) => CdtOperation<B, number | null>
  /** Returns whether the string contains `needle`. */
  readonly contains: <B extends string>(bin: B, needle: string) => CdtOperation<B, boolean | null>
  /** Returns whether the string starts with `prefix`, regardless of the Unicode normalization form. */
  readonly startsWith: <B extends string>(bin: B, prefix: string) => CdtOperation<B, boolean | null>
  /** Returns whether the string ends with `suffix`, regardless of the Unicode normalization form. */
  readonly endsWith: <B extends string>(bin: B, suffix: string) => CdtOperation<B, boolean | null>
  /** Returns the string parsed as an integer. */
  readonly toInteger: <B extends string>(bin: B) => CdtOperation<B, number | bigint | null>
  /** Returns the string parsed as a double. */
  readonly toDouble: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Returns the length of the string in UTF-8 bytes. */
  readonly byteLength: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Returns whether the string represents a number: any kind, or the one of `strings.numericType` that you name. */
  readonly isNumeric: <B extends string>(bin: B, type?: StringNumericType) => CdtOperation<B, boolean | null>
  /** Returns whether all letters are upper case. */
  readonly isUpper: <B extends string>(bin: B) => CdtOperation<B, boolean | null>
  /** Returns whether all letters are lower case. */
  readonly isLower: <B extends string>(bin: B) => CdtOperation<B, boolean | null>
  /** Returns the UTF-8 bytes of the string. */
  readonly toBlob: <B extends string>(bin: B) => CdtOperation<B, Buffer | null>
  /** Returns a list of the parts between separators; without a separator, a list of the code points. */
  readonly split: <B extends string>(bin: B, separator?: string) => CdtOperation<B, string[] | null>
  /** Returns the bytes decoded from the base64 string. */
  readonly b64Decode: <B extends string>(bin: B) => CdtOperation<B, Buffer | null>
  /** Returns whether a pattern (ICU) matches; `strings.regexFlags` set how. */
  readonly regexCompare: <B extends string>(
    bin: B,
    pattern: string,
    regexFlags?: number,
  ) => CdtOperation<B, boolean | null>
  /** Returns an integer, double, string or blob bin as a string. Takes no context. */
  readonly toString: <B extends string>(bin: B) => BuiltOperation<B, string | null>
  /** Inserts a string at an index. Can create the bin. */
  readonly insert: <B extends string>(
    bin: B,
    index: number,
    value: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Overwrites the string starting at an index; the string may grow. Can create the bin. */
  readonly overwrite: <B extends string>(
    bin: B,
    index: number,
    value: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Appends one string, or each string of an array. Can create the bin. */
  readonly concat: <B extends string>(
    bin: B,
    value: string | readonly string[],
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Removes the code points from `start` to `end` (exclusive); without `end`, to the end, and the policy has no effect. */
  readonly snip: <B extends string>(bin: B, start: number, end?: number, policy?: StringPolicy) => CdtOperation<B, null>
  /** Replaces the first occurrence of a string. */
  readonly replace: <B extends string>(
    bin: B,
    needle: string,
    replacement: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Replaces every occurrence of a string. */
  readonly replaceAll: <B extends string>(
    bin: B,
    needle: string,
    replacement: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Makes all letters upper case. */
  readonly upper: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Makes all letters lower case. */
  readonly lower: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Applies Unicode case folding, independent of language. */
  readonly caseFold: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Normalizes the string to Unicode NFC. */
  readonly normalizeNFC: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Removes white space at the start. */
  readonly trimStart: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Removes white space at the end. */
  readonly trimEnd: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Removes white space at both ends. */
  readonly trim: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Prepends `pad` until the string has `length` code points. Can create the bin. */
  readonly padStart: <B extends string>(
    bin: B,
    length: number,
    pad: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Appends `pad` until the string has `length` code points. Can create the bin. */
  readonly padEnd: <B extends string>(
    bin: B,
    length: number,
    pad: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Repeats the string. Can create the bin. */
  readonly repeat: <B extends string>(bin: B, count: number, policy?: StringPolicy) => CdtOperation<B, null>
  /** Replaces the first match of a pattern (ICU), or all matches with `strings.regexFlags.GLOBAL`. */
  readonly regexReplace: <B extends string>(
    bin: B,
    pattern: string,
    replacement: string,
    regexFlags?: number,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Appends a string. Can create the bin. */
  readonly append: <B extends string>(bin: B, value: string, policy?: StringPolicy) => CdtOperation<B, null>
  /** Prepends a string. Can create the bin. */
  readonly prepend: <B extends string>(bin: B, value: string, policy?: StringPolicy) => CdtOperation<B, null>
}

/** Aliases of builders of `predicates`. */
declare const predicateAliases: {
  /**
   * Alias of `filter.equal`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param value - a string, an integer or bytes
   * @returns the lookup, for `query.where`
   */
  readonly equals: <N extends string>(bin: N, value: string | number | bigint | Uint8Array) => Filter<N>
  /**
   * Alias of `filter.range`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param min - lower bound, inclusive
   * @param max - upper bound, inclusive
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly between: <N extends string>(
    bin: N,
    min: number | bigint,
    max: number | bigint,
    type?: IndexCollectionType,
  ) => Filter<N>
  /**
   * Alias of `filter.geoWithinGeoJSONRegion`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param region - a Polygon, MultiPolygon or AeroCircle
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly geoWithinGeojsonRegion: <N extends string>(bin: N, region: GeoLike, type?: IndexCollectionType) => Filter<N>
  /**
   * Alias of `filter.geoContainsGeoJSONPoint`: the name in aerospike-py.
   *
   * @param bin - name of the bin
   * @param point - a Point
   * @param type - part of the bin that the index covers. Default `default`
   * @returns the lookup, for `query.where`
   */
  readonly geoContainsGeojsonPoint: <N extends string>(bin: N, point: GeoLike, type?: IndexCollectionType) => Filter<N>
}

/** Builders whose arguments have another order than those of `filter`. */
declare const reordered: {
  /**
   * Like `filter.contains`, with the type before the value.
   *
   * @param bin - name of the bin
   * @param type - part of the bin that the index covers
   * @param value - the item, map key or map value to look up
   * @returns the lookup, for `query.where`
   * @throws InvalidArgError if an argument is invalid
   */
  readonly contains: (bin: string, type: IndexCollectionType, value: string | number | bigint | Uint8Array) => Filter
  /**
   * Like `filter.geoWithinRadius`, with the latitude before the longitude.
   *
   * @param bin - name of the bin
   * @param latitude - -90 to 90 degrees
   * @param longitude - -180 to 180 degrees
   * @param radius - radius in meters
   * @returns the lookup, for `query.where`
   * @throws InvalidArgError if an argument is invalid
   */
  readonly geoWithinRadius: (bin: string, latitude: number, longitude: number, radius: number) => Filter
}
/**
 * Lookups in a secondary index with aerospike-py's names and argument order: latitude before longitude, the type before
 * the value.
 */
export declare const predicates: typeof predicateAliases & typeof reordered

/**
 * Logging of the native side: the log levels, and the logger that receives the lines. Nothing is logged until a logger is
 * set, except with `NODE_DEBUG=aerospike-napi`. A line is filtered, formatted and queued in Rust on another thread
 * (`crate/src/telemetry/logging.rs`); this thread takes the queued lines in slices.
 */
/**
 * A log level. Each level includes those before it.
 *
 * - `off`: no lines.
 * - `error`: internal errors, such as a caught panic.
 * - `warn`: nodes that do not answer, failed connects, clients that were not closed.
 * - `info`: connects and closes, seeds, nodes that restarted.
 * - `debug`: failed commands and attempts, nodes that join and leave.
 * - `trace`: reads of missing records, complete responses to info commands.
 */
export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
/**
 * The subject of a line.
 *
 * - `cluster`: nodes, seeds, tends and connections.
 * - `batch`: batches.
 * - `command`: all other commands.
 * - `aerospike_napi`: this package.
 */
export type LogTarget = 'aerospike_napi' | 'cluster' | 'batch' | 'command'
/** A log line, as passed to a logger that is a function. */
export interface LogLine {
  /** Level of the line. */
  readonly level: Exclude<LogLevel, 'off'>
  /** Subject of the line. */
  readonly target: LogTarget
  /** Rust module that logged the line, such as `aerospike_core::cluster::node`. */
  readonly module: string
  /** Text of the line. */
  readonly message: string
  /** Time when the line was logged, in ms since 1970. Lines may wait for this thread before they are delivered. */
  readonly time: number
}
type LogMethod = (...args: never[]) => unknown
/**
 * A logger: that of pino, Fastify or winston, `console`, or any object with these methods. Without `trace`, trace lines go
 * to `debug`.
 *
 * A logger like pino's (it has `bindings`) is called with `({ target, module, loggedAt }, message)`: it writes its own `time`,
 * which is the time of the call. A logger like winston's (it has `child` and `log`) is called with
 * `(message, { target, module, time })`. All others are called with one string that starts with the target.
 */
export interface Logger {
  /** Logs a line of level `error`. */
  error: LogMethod
  /** Logs a line of level `warn`. */
  warn: LogMethod
  /** Logs a line of level `info`. */
  info: LogMethod
  /** Logs a line of level `debug`. */
  debug: LogMethod
  /** Logs a line of level `trace`. Default: `debug`. */
  trace?: LogMethod | undefined
}
/** The logger names of aerospike-py, which `setLogLevel` accepts as targets; `aerospike_core` stands for all three. */
export type CoreLogTarget = 'aerospike_core' | `aerospike_core::${Exclude<LogTarget, 'aerospike_napi'>}`
/**
 * Sets the log level of one target, or of all. The default is `info`, or `debug` with `NODE_DEBUG=aerospike-napi`. Lines are
 * filtered before they reach JavaScript, so a disabled level costs nothing. Each worker has its own levels.
 *
 * @param level - the new level
 * @param target - the target whose level changes. Default: all targets
 * @throws InvalidArgError if the level or the target is unknown
 * @example
 * ```ts
 * setLogLevel('debug', 'cluster')
 * ```
 */
export declare function setLogLevel(level: LogLevel, target?: LogTarget | CoreLogTarget): void
/**
 * Sets the logger of this thread; `null`, the default, removes it. The logger receives the lines of all clients of the
 * process, in the order in which they were logged; a line does not identify its client. Lines are delivered with a short
 * delay, between other work, and never keep the process alive. If 10,000 lines are waiting, further lines are dropped, and a
 * line reports how many.
 *
 * The logger runs in the asynchronous context of this call. If it throws or rejects, a process warning reports it once.
 * Client calls that the logger makes while it runs are not logged.
 *
 * @param logger - an object with log methods, a function that receives each line, or null
 * @throws InvalidArgError if the logger lacks a method
 * @example
 * ```ts
 * setLogger(console)
 * setLogger(line => process.stderr.write(`${line.level} ${line.message}\n`))
 * ```
 */
export declare function setLogger(logger: Logger | ((line: LogLine) => unknown) | null): void

export {
  /** Alias of `Client`: the name in aerospike-py. */
  Client as AsyncClient,
  /** Alias of `BinNotFoundError`: the name in aerospike-py. */
  BinNotFoundError as BinNotFound,
  /** Alias of `FilteredOutError`: the name in aerospike-py. */
  FilteredOutError as FilteredOut,
  /** Alias of `IndexExistsError`: the name in aerospike-py. */
  IndexExistsError as IndexFoundError,
  /** Alias of `IndexNotFoundError`: the name in aerospike-py. */
  IndexNotFoundError as IndexNotFound,
  /** Alias of `RecordNotFoundError`: the name in aerospike-py. */
  RecordNotFoundError as RecordNotFound,
  /** Alias of `RecordTooBigError`: the name in aerospike-py. */
  RecordTooBigError as RecordTooBig,
  /** Alias of `bits`: the name in the official client. */
  bits as bitwise,
  /** Alias of `op`: the name in the official client. */
  op as operations,
}
