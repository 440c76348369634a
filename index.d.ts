// Generated from lib/index.ts by `make types`: the API of aerospike-napi. Do not edit.
/** What a user key can be. */
export type UserKey = string | number | bigint | Uint8Array
/** A key, or its parts in an array. */
export type KeyLike = Key | readonly [namespace: string, set: string | null | undefined, userKey: UserKey]
/** Identifies a record. */
export declare class Key {
  #private
  /** Namespace. */
  readonly namespace: string
  /** Set; empty for none. */
  readonly set: string
  /** User key; undefined when only the digest is known. */
  readonly userKey: UserKey | undefined
  /**
   * @param namespace - 1 to 31 bytes
   * @param set - up to 63 bytes; null, undefined or '' for none
   * @param userKey - a string, an integer within int64, or bytes
   * @throws InvalidArgError
   */
  constructor(namespace: string, set: string | null | undefined, userKey: UserKey)
  /** A key of which only the digest is known. */
  static fromDigest(namespace: string, set: string | null | undefined, digest: Uint8Array): Key
  /** The key's parts as a Key. */
  static from(key: KeyLike): Key
  /** The 20 bytes that the server addresses the record by: RIPEMD-160 of set, type and user key. */
  get digest(): Buffer
  toString(): string
  toJSON(): object
}

/** What an error tells beside its message. */
export interface ErrorDetails {
  /** A stable name of the failure, such as `RECORD_NOT_FOUND`. */
  code: string
  /** The server's result code (>= 0), or the client's own (< 0). */
  resultCode: number
  /** The server's sub-code, 0 where it gave none. */
  subCode?: number
  /** A write that may have been applied all the same. */
  inDoubt?: boolean
  /** The node that the command was last tried on, as `host:port`. */
  node?: string | undefined
  /** How often the command was sent. */
  attempts?: number
  /** The record that the command was about. */
  key?: Key | undefined
  /** What was behind it. */
  cause?: unknown
}
/** Every error of this package is one. */
export declare class AerospikeError extends Error implements ErrorDetails {
  readonly code: string
  readonly resultCode: number
  readonly subCode: number
  readonly inDoubt: boolean
  readonly node: string | undefined
  readonly attempts: number
  readonly key: Key | undefined
  constructor(message: string, details: ErrorDetails)
  get name(): string
}
/** The client itself could not do it: not connected, closed, an answer that makes no sense. */
export declare class ClientError extends AerospikeError {}
/** No usable connection to the cluster. */
export declare class ClusterError extends AerospikeError {}
/** An argument or option that is refused, here or by the server. */
export declare class InvalidArgError extends AerospikeError {}
/** A deadline passed. */
export declare class AerospikeTimeoutError extends AerospikeError {}
/** The call's `signal` aborted it; `cause` is the signal's reason. */
export declare class AbortError extends AerospikeError {}
/** More commands wait than `maxQueuedCommands` allows. */
export declare class BackpressureError extends AerospikeError {}
/** A panic in the native code was caught: a bug, please report it. */
export declare class RustPanicError extends AerospikeError {}
/** The server refused the command. */
export declare class ServerError extends AerospikeError {}
/** About secondary indexes. */
export declare class AerospikeIndexError extends ServerError {}
/** The index does not exist. */
export declare class IndexNotFound extends AerospikeIndexError {}
/** The index exists. */
export declare class IndexFoundError extends AerospikeIndexError {}
/** About queries. */
export declare class QueryError extends ServerError {}
/** The query was aborted. */
export declare class QueryAbortedError extends QueryError {}
/** About users, roles and credentials. */
export declare class AdminError extends ServerError {}
/** A user-defined function failed. */
export declare class UDFError extends ServerError {}
/** About one record. */
export declare class RecordError extends AerospikeError {}
/** The record does not exist. */
export declare class RecordNotFound extends RecordError {}
/** The record exists (create-only). */
export declare class RecordExistsError extends RecordError {}
/** The record has another generation. */
export declare class RecordGenerationError extends RecordError {}
/** The record would be larger than the server allows. */
export declare class RecordTooBig extends RecordError {}
/** The server refuses the bin's name. */
export declare class BinNameError extends RecordError {}
/** The bin exists. */
export declare class BinExistsError extends RecordError {}
/** The bin does not exist. */
export declare class BinNotFound extends RecordError {}
/** The bin holds a value of another type. */
export declare class BinTypeError extends RecordError {}
/** The filter expression left the record out. */
export declare class FilteredOut extends RecordError {}

/** A key of a map. */
export type MapKey = string | number | bigint | Uint8Array
/** What can be stored. */
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
/** What is read. */
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
/** How integers and maps are read. */
export interface ReadOptions {
  /** `auto`: number within +-(2^53-1), else bigint. `bigint`: always. `number`: an error where a number would lose. */
  int64: 'auto' | 'bigint' | 'number'
  /** `auto`: a plain object when all keys are strings, else Map. `map`: always Map. `object`: keys become strings. */
  maps: 'auto' | 'map' | 'object'
}
interface DoubleConstructor {
  new (value: number): Double
  (value: number): Double
  readonly prototype: Double
}
/** A number that is stored as a double even without a fraction: `Double(1)`. */
export interface Double {
  /** The number. */
  readonly value: number
  valueOf(): number
  toJSON(): number
}
/** Marks a number as a double: `Double(1)` or `new Double(1)`. */
export declare const Double: DoubleConstructor
/** A GeoJSON value: a point, a polygon or an AeroCircle. */
export declare class GeoJSON {
  /** The text that is stored. */
  readonly json: string
  /** @param value - GeoJSON as text, or as an object */
  constructor(value: string | object)
  /** A point; longitude comes first, as in GeoJSON itself. */
  static Point(longitude: number, latitude: number): GeoJSON
  /** A polygon from its corners as [longitude, latitude]; the last equals the first. */
  static Polygon(...corners: (readonly [number, number])[]): GeoJSON
  /** A circle around a point; the radius is in metres. */
  static Circle(longitude: number, latitude: number, radius: number): GeoJSON
  /** The parsed GeoJSON. */
  value(): unknown
  toJSON(): unknown
  toString(): string
}
/** A HyperLogLog as the server keeps it: it can be written back, and nothing else. */
export declare class HyperLogLog {
  /** The server's own bytes. */
  readonly bytes: Buffer
  constructor(bytes: Uint8Array)
}
/** A value of a type that other languages' clients write and this one does not read. It can be written back. */
export declare class Particle {
  /** The particle's type number. */
  readonly type: number
  /** Its bytes. */
  readonly bytes: Buffer
  constructor(type: number, bytes: Uint8Array)
}

/** Bins by name. */
export type Bins = {
  [bin: string]: ReadValue
}
/** Generation and lifetime of a record. */
export interface RecordMeta {
  /** How often the record was written; wraps. */
  gen: number
  /** Seconds until it expires, -1 for never. */
  ttl: number
}
/** A record that was read. */
export declare class AerospikeRecord<B = Bins> implements RecordMeta {
  /** The key that it was asked for by. */
  readonly key: Key
  /** Its bins. */
  readonly bins: B
  /** How often it was written; wraps. */
  readonly gen: number
  /** Seconds until it expires, -1 for never. */
  readonly ttl: number
  constructor(key: Key, bins: B, gen: number, ttl: number)
  /** Generation and lifetime together. */
  get meta(): RecordMeta
}
/** What `operateOrdered` gives. */
export interface OrderedResults extends RecordMeta {
  /** The key of the record. */
  readonly key: Key
  /** `[bin, value]` of each operation that answers, in order. */
  readonly results: [bin: string, value: ReadValue][]
}

/** One row of a batch. */
export interface BatchRow<B = Bins> {
  /** The key that was asked for. */
  readonly key: Key
  /** The record, or null. */
  readonly record: AerospikeRecord<B> | null
  /** 0, or the server's result code (2: not found), or the client's own (< 0). */
  readonly resultCode: number
  /** Why there is no record, or null. */
  readonly error: AerospikeError | null
  /** A write that may have been applied all the same; a read never is in doubt. */
  readonly inDoubt: boolean
}
/** The rows of a batch of reads. */
export declare class BatchRecords<B = Bins> implements Iterable<BatchRow<B>> {
  #private
  private constructor()
  /** How many keys were asked for. */
  get length(): number
  /** The result code of a row, without decoding it. */
  resultCode(row: number): number
  /** Whether every row was read or found missing: no row failed otherwise. */
  get ok(): boolean
  /** How many records were found. */
  get found(): number
  /** The row at this place; undefined beyond the end. */
  at(row: number): BatchRow<B> | undefined
  /** The row of a key; of a user key alone, the first row that has it. */
  get(key: KeyLike | UserKey): BatchRow<B> | undefined
  /** The rows in order. */
  [Symbol.iterator](): Generator<BatchRow<B>, void, undefined>
  /** The rows as an array. */
  toArray(): BatchRow<B>[]
  /** The records that were found, by user key. */
  toMap(): Map<UserKey, AerospikeRecord<B>>
  /** The records that were found, by user key as text. */
  toObject(): {
    [userKey: string]: AerospikeRecord<B>
  }
  /** Throws the error of the first row that failed otherwise than by not being there. */
  throwIfFailed(): this
}

/**
 * Infinity and wildcard: what an argument of an operation or an expression can be, and a stored value cannot.
 */
/** The end of every order, greater than any value: made by `infinity()`. */
export declare class InfinityBound {
  #private
  toString(): string
}
/** Matches any value: made by `wildcard()`. */
export declare class WildcardBound {
  #private
  toString(): string
}
/**
 * The greatest of all values, for the end of a range: `lists.getByValueRange('log', [1], [1, infinity()])`. An argument
 * of operations and expressions only; as (part of) a bin it is refused.
 */
export declare function infinity(): InfinityBound
/**
 * Matches every value, alone or as the rest of a list: `lists.getByValue('log', ['in', wildcard()])` selects all lists
 * that begin with `'in'`. An argument of operations and expressions only; as (part of) a bin it is refused.
 */
export declare function wildcard(): WildcardBound

/** The number of each type of value. */
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
/** A type of value that an expression can be asked to have. */
type ValueType = keyof typeof TYPE_NUMBERS
/** What an expression results in; `any` where only the server can tell. */
type ResultType = ValueType | 'any'
/**
 * A server-side expression, packed. `T` is the type of its result, so that a comparison of a string with an integer is
 * an error at compile time. It never changes; it can be used any number of times, in any number of clients.
 */
declare class Expression<out T extends ResultType = ResultType> {
  #private
  /** The type of its result; `any` where only the server can tell. */
  readonly type: T
  private constructor()
  /** A copy of the packed bytes, as a server and every other client understand them. */
  get bytes(): Buffer
  /** The packed bytes as base64, for `exp.fromBase64` and for other clients. */
  toBase64(): string
  toString(): string
  toJSON(): string
}

/**
 * The way to a list or map that is nested in a bin's list or map. Each method goes one level deeper, changes the context
 * and gives it back: `new CdtContext().addMapKey('orders').addListIndex(-1)`.
 *
 * A level that is not there makes the operation fail, save for the `...Create` methods, which create it.
 */
export declare class CdtContext {
  #private
  /** How many levels deep. */
  get length(): number
  /** The packed context, as aerospike-core reads it. */
  get bytes(): Buffer
  /** The packed context as base64, as `fromBase64`, info commands and other clients read it. */
  toBase64(): string
  toJSON(): string
  /**
   * Restores a context from base64.
   * @throws InvalidArgError where that is malformed
   */
  static fromBase64(base64: string): CdtContext
  /**
   * Restores a context from its packed bytes.
   * @throws InvalidArgError where they are malformed
   */
  static fromBytes(bytes: Uint8Array): CdtContext
  /**
   * The item of a list at an index.
   * @param index - from 0, the first; negative ones count from the end, -1 being the last
   */
  addListIndex(index: number | bigint): this
  /**
   * The item of a list at an index; a list is created there where nothing is.
   * @param index - from 0, the first; negative ones count from the end
   * @param order - of the list that is created: `lists.order.ORDERED`, or unordered (default)
   * @param pad - fill up with nil where the index lies beyond the end (default false)
   */
  addListIndexCreate(index: number | bigint, order?: 'unordered' | 'ordered' | 0 | 1, pad?: boolean): this
  /**
   * The item of a list at a rank.
   * @param rank - from 0, the smallest; negative ones count from the greatest, -1
   */
  addListRank(rank: number | bigint): this
  /** The item of a list that equals a value. */
  addListValue(value: Value): this
  /**
   * The entry of a map at an index, in the order of keys.
   * @param index - from 0, the first; negative ones count from the end
   */
  addMapIndex(index: number | bigint): this
  /**
   * The entry of a map at a rank, in the order of values.
   * @param rank - from 0, the smallest; negative ones count from the greatest
   */
  addMapRank(rank: number | bigint): this
  /** The entry of a map that has a key. */
  addMapKey(key: MapKey): this
  /**
   * The entry of a map that has a key; a map is created there where nothing is.
   * @param key - the key
   * @param order - of the map that is created: `maps.order.KEY_ORDERED` and its like, or unordered (default)
   */
  addMapKeyCreate(key: MapKey, order?: 'unordered' | 'key-ordered' | 'key-value-ordered' | 0 | 1 | 3): this
  /** The entry of a map that has a value. */
  addMapValue(value: Value): this
  /** All entries of a map whose keys are among some, for path operations. Server 8.1.2 and later. */
  addMapKeysIn(keys: readonly MapKey[]): this
  /** All items or entries of a level, for path operations. Server 8.1.1 and later. */
  addAllChildren(): this
  /**
   * All items or entries of a level for which an expression is true, for path operations. Server 8.1.1 and later.
   * @param filter - sees the item or entry as `exp.loopVarInt(exp.loopVarPart.VALUE)` and its like
   */
  addAllChildrenWithFilter(filter: Expression<'bool' | 'any'>): this
  /**
   * Narrows the level before it to what an expression is true for, for path operations. Server 8.1.2 and later. It
   * cannot come first, nor after another expression.
   * @param filter - sees the item or entry as `exp.loopVarInt(exp.loopVarPart.VALUE)` and its like
   */
  addAndFilter(filter: Expression<'bool' | 'any'>): this
}

/** Element types. */
export type ScalarType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64' | 'f16' | 'f32' | 'f64' | 'bool'
/**
 * Type of one column: a number type, `['f32', 384]` for so many elements in one blob, `['bytes', n]` for n bytes
 * (zero-padded), `utf8` or `binary` for varying lengths.
 */
export type ColumnType = ScalarType | 'utf8' | 'binary' | readonly [ScalarType | 'bytes', number]
/** Bin name -> type of its column. */
export type Schema = {
  readonly [bin: string]: ColumnType
}
/** Half-precision numbers: Float16Array where the runtime has it, else widened to Float32Array. */
export type Float16Column = Float32Array & {
  readonly BYTES_PER_ELEMENT: number
}
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
/** The array that a column of a type is. */
export type ColumnOf<T extends ColumnType> = T extends ScalarType
  ? ScalarArrays[T]
  : T extends 'utf8'
    ? Utf8Column
    : T extends 'binary'
      ? BinaryColumn
      : T extends readonly ['bytes', number]
        ? Uint8Array
        : T extends readonly [infer S extends ScalarType, number]
          ? ScalarArrays[S]
          : never
/** Values of varying length: one run of bytes, and where each row's part of it ends. */
declare abstract class VaryingColumn<T> implements Iterable<T> {
  /** The bytes of all rows. */
  readonly data: Buffer
  /** Row i is `data` from offsets[i] to offsets[i + 1]. */
  readonly offsets: Int32Array
  constructor(
    /** The bytes of all rows. */
    data: Buffer,
    /** Row i is `data` from offsets[i] to offsets[i + 1]. */
    offsets: Int32Array,
  )
  /** How many rows. */
  get length(): number
  /** The value of a row; empty where the row has none. */
  abstract get(row: number): T
  [Symbol.iterator](): Generator<T, void, undefined>
}
/** Strings. */
export declare class Utf8Column extends VaryingColumn<string> {
  get(row: number): string
}
/** Bytes; each value is a view of `data`. */
export declare class BinaryColumn extends VaryingColumn<Buffer> {
  get(row: number): Buffer
}
/** Validity of a column: bit i (least significant first) is 1 where row i has a value. */
export type Validity = Uint8Array
/** What `batchReadColumns` gives. */
export declare class Columns<S extends Schema = Schema> {
  #private
  /** The schema that was asked for. */
  readonly schema: S
  /** The memory that everything here is a view of. */
  readonly buffer: Buffer
  /** The columns by bin name. A row without a value holds zeros (an empty string, no bytes). */
  readonly columns: {
    readonly [K in keyof S]: ColumnOf<S[K]>
  }
  /** Which rows have a value, by bin name. */
  readonly validity: {
    readonly [K in keyof S]: Validity
  }
  /** How many rows have no value, by bin name. */
  readonly nullCounts: {
    readonly [K in keyof S]: number
  }
  /** 0, or the server's result code (2: not found), or the client's own (< 0), by row. */
  readonly resultCodes: Int32Array
  /** Generations by row. */
  readonly gen: Uint32Array
  /** Seconds until expiry by row; 0xFFFFFFFF for never. */
  readonly ttl: Uint32Array
  private constructor()
  /** How many rows: one a key, in the order of the keys. */
  get length(): number
  /** The key of a row. */
  key(row: number): Key | undefined
  /** Whether a row has a value in a column. */
  isValid(bin: keyof S & string, row: number): boolean
  /** Why a row failed, or null. */
  error(row: number): AerospikeError | null
  /** The first row with this user key, or -1. */
  indexOf(userKey: UserKey): number
  /** How many rows were found. */
  get found(): number
}

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call: it rejects with AbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined
}
/** What policies of records have in common. */
export interface BasePolicy extends CallOptions {
  /** ms until the call has failed, whatever happens; waiting for its turn counts. 0: no limit. Default 1000. */
  totalTimeout?: number
  /** ms that a socket may be silent. 0: as long as `totalTimeout`. Default 30000. */
  socketTimeout?: number
  /** Retries after network errors and the server's passing ones. Default 2 for reads and batches of reads, 0 for writes. */
  maxRetries?: number
  /** ms between retries. Default 0. */
  sleepBetweenRetries?: number
  /** Factor by which that grows with each retry. Default 1. */
  sleepMultiplier?: number
  /** ms to wait for the rest of a late answer, so that its connection can be kept. Default 0. */
  timeoutDelay?: number
  /** Which replica to ask. Default `sequence`. */
  replica?: 'master' | 'sequence' | 'prefer-rack' | 'master-proles' | 'random'
  /** Consistency of reads in AP namespaces. Default `one`. */
  readModeAp?: 'one' | 'all'
  /** Consistency of reads in SC namespaces. Default `session`. */
  readModeSc?: 'session' | 'linearize' | 'allow-replica' | 'allow-unavailable'
  /** Compress large requests and ask for compressed answers (Enterprise). Default false. */
  compress?: boolean
  /** Bytes from which a request is compressed. Default 128. */
  compressionThreshold?: number
  /** Percent of the lifetime after which a read renews it: 1 to 100, 0 as the server has it, -1 never. Default 0. */
  readTouchTtlPercent?: number
  /** How much of its reasons the server tells (8.2 and later): 0 to 3. Default 0. */
  errorDetailVerbosity?: number
  /** Leave the record out unless this packed expression is true. */
  filterExpression?: Uint8Array
  /** The same as `filterExpression`. */
  expressions?: Uint8Array
}
/** How a record is read. */
export interface ReadPolicy extends BasePolicy {}
/** How a record is written. */
export interface WritePolicy extends BasePolicy {
  /** What must be there. Default `ignore`. */
  exists?: 'ignore' | 'update' | 'update-only' | 'replace' | 'replace-only' | 'create-only'
  /** How `meta.gen` is compared with the record's generation. Default `eq` where `meta.gen` is given, else `ignore`. */
  gen?: 'ignore' | 'eq' | 'gt'
  /** Lifetime in seconds; 0 the namespace's, -1 for ever, -2 unchanged, -3 the client's. Default 0. `meta.ttl` comes first. */
  ttl?: number
  /** Whether the server stores the user key. Default `digest`: it does not. */
  key?: 'digest' | 'send'
  /** Leave a tombstone behind a delete (Enterprise). Default false. */
  durableDelete?: boolean
  /** When the write is answered. Default `all`. */
  commitLevel?: 'all' | 'master'
  /** Fail rather than wait for another transaction (Enterprise). Default false. */
  onLockingOnly?: boolean
}
/** How a batch of reads is carried out. */
export interface BatchPolicy extends BasePolicy {
  /** All nodes at once or one after the other. Default `parallel`. */
  concurrency?: 'parallel' | 'sequential'
  /** Let the server's network threads answer from memory. Default true. */
  allowInline?: boolean
  /** The same from disk. Default false. */
  allowInlineSSD?: boolean
  /** Go on after a failed row. Default true. */
  respondAllKeys?: boolean
}
/** How an info request or another administrative call is carried out. */
export interface AdminPolicy extends CallOptions {
  /** ms until it has failed. Default 1000. */
  timeout?: number
}
/** What a write says of its record. */
export interface WriteMeta {
  /** The generation that the record must have: without `policy.gen` exactly this one. */
  gen?: number
  /** Lifetime in seconds, see `WritePolicy.ttl`. */
  ttl?: number
}

/** A seed: the cluster tells of the other nodes. */
export type Host =
  | string
  | readonly [host: string, port: number]
  | readonly [host: string, port: number, tlsName: string]
  | {
      readonly host: string
      readonly port?: number
      readonly tlsName?: string
    }
/** How to reach a cluster and how to treat it. Policy fields at this level are defaults of every kind of call. */
export interface ClientConfig extends Omit<WritePolicy & BatchPolicy, 'signal' | 'gen'> {
  /** Seeds: `'host:port,host:port'` or a list. Default: the environment variable AEROSPIKE_HOSTS. */
  hosts?: string | readonly Host[]
  /** The cluster must have this name. */
  clusterName?: string
  /** Credentials. */
  user?: string
  password?: string
  /** Who checks them. Default `internal`. */
  authMode?: 'internal' | 'external' | 'external-insecure'
  /** ms to open a connection. Default 1000. */
  timeout?: number
  /** ms until `connect` has failed. Default: `timeout` for each seed. */
  connectTimeout?: number
  /** ms for a login. Default 5000. */
  loginTimeout?: number
  /** ms after which an unused connection is closed. Default 55000. */
  idleTimeout?: number
  /** Connections a node that are opened ahead. Default 0. */
  minConnsPerNode?: number
  /** Connections a node at most. Default 100. */
  maxConnsPerNode?: number
  /** Pools a node: more lessen contention on many cores. Default 1. */
  connPoolsPerNode?: number
  /** ms between looks at the cluster. At least 250, default 1000. */
  tendInterval?: number
  /** Errors of a node within a window after which it is left alone. 0: no limit. Default 100. */
  maxErrorRate?: number
  /** Length of that window, in tends. Default 1. */
  errorRateWindow?: number
  /** Use the nodes' alternate addresses. Default false. */
  useServicesAlternate?: boolean
  /** Use the seeds only. Default false. */
  seedOnlyCluster?: boolean
  /** Racks to prefer, with `replica: 'prefer-rack'`. */
  rackIds?: readonly number[]
  /** Addresses to use instead of those that the cluster tells. */
  ipMap?: {
    readonly [address: string]: string
  }
  /** Name of the application, for the server's logs. */
  appId?: string
  /** Commands in flight at most. Default: what the pools hold. */
  maxConcurrentCommands?: number
  /** Commands that may wait beyond that; more are refused with BackpressureError. Default: no limit. */
  maxQueuedCommands?: number
  /** How integers are read. Default `auto`. */
  int64?: 'auto' | 'bigint' | 'number'
  /** How maps are read. Default `auto`. */
  maps?: 'auto' | 'map' | 'object'
  /** Defaults by kind of call; they come before those at the top. */
  policies?: {
    read?: ReadPolicy
    write?: WritePolicy
    batch?: BatchPolicy
    admin?: AdminPolicy
  }
}

/** One operation on a whole bin or on the record. */
export interface ScalarOperation {
  /** What to do: an OPERATOR_* constant. */
  readonly op: number
  /** The bin that it is about, where it is about one. */
  readonly bin?: string | undefined
  /** Its argument, where it takes one. */
  readonly val?: Value | undefined
}
/** Builders of operations on whole bins. */
export declare const op: {
  /** Reads a bin, or all bins where none is named. */
  readonly read: (bin?: string) => ScalarOperation
  /** Reads generation and lifetime alone. */
  readonly readHeader: () => ScalarOperation
  /** Writes a bin; null removes it. */
  readonly write: (bin: string, val: Value) => ScalarOperation
  /** Adds to a number; a bin that is not there counts as 0. */
  readonly incr: (bin: string, val: number | bigint | Double) => ScalarOperation
  /** The same as `incr`. */
  readonly add: (bin: string, val: number | bigint | Double) => ScalarOperation
  /** Appends to a string or bytes. */
  readonly append: (bin: string, val: string | Uint8Array) => ScalarOperation
  /** Prepends to a string or bytes. */
  readonly prepend: (bin: string, val: string | Uint8Array) => ScalarOperation
  /** Sets the record's lifetime anew: to `meta.ttl` or the policy's. */
  readonly touch: () => ScalarOperation
  /** Deletes the record. */
  readonly delete: () => ScalarOperation
}

/** What stands as a value in an operation: a value, infinity, wildcard, or lists of them. */
export type Argument = Value | InfinityBound | WildcardBound | readonly Argument[]
/** What the builders of `lists`, `maps`, `bits`, `hll`, `strings` and the path operations give, for `operate`. */
export declare abstract class BuiltOperation {
  #private
  /** The bin that it is about. */
  readonly bin: string
}
/** An operation that can go into nested lists and maps. */
export declare class CdtOperation extends BuiltOperation {
  #private
  /**
   * Lets it work on a list or map inside the bin's own. Changes the operation and returns it.
   *
   * @param context - the way there, or a function that makes it: `ctx => ctx.addMapKey('orders').addListIndex(-1)`
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this
}
/** An operation that selects items and returns of them what it is asked for. */
export declare class SelectOperation extends CdtOperation {
  #private
  /**
   * Says what of the selected items is returned. Changes the operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn(returnType: number): this
}
/** An operation that selects a range of items, or all but it. */
export declare class RangeOperation extends SelectOperation {
  /** Selects all items but those that it would have selected. Changes the operation and returns it. */
  invertSelection(): this
}
/** One operation of `operate`: a plain object, or what a builder gives. */
export type Operation = ScalarOperation | BuiltOperation

/** One node's answer to an info request. */
export interface InfoResult {
  /** The node's name. */
  readonly node: string
  /** Its answer; empty when it failed. */
  readonly response: string
  /** Why it did not answer. */
  readonly error: AerospikeError | null
}
/** How columns are read. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
}

/** How a client is closed. */
export interface CloseOptions {
  /** ms that commands in flight may still take; then they end with ClientError. Default 5000. */
  timeout?: number
}
/**
 * A client of one cluster.
 *
 * Every call gives a promise that settles exactly once, within its `totalTimeout`. Wrong arguments reject it at once with
 * InvalidArgError, and nothing is sent.
 */
export declare class Client implements AsyncDisposable {
  #private
  /**
   * A client that is not connected yet.
   * @throws InvalidArgError for an option that is unknown or wrong, by its name
   */
  constructor(config?: ClientConfig)
  /**
   * Connects, and gives the client. Calling it again gives the same promise.
   * @param user - instead of the configuration's
   * @param password - instead of the configuration's
   * @throws ClusterError when no node answers within `connectTimeout`, or the cluster has another name
   */
  connect(user?: string | null, password?: string | null, options?: CallOptions): Promise<this>
  /** Whether the client has a node that it can use. */
  isConnected(): boolean
  /** The names of the nodes that the client knows. */
  getNodeNames(): string[]
  /**
   * Closes the client: new calls are refused, what runs may end, what is left after `timeout` ms ends with ClientError.
   * Calling it again gives the same promise.
   */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
  /**
   * Writes bins; those that the record has beside them stay.
   * @param bins - 1 or more, names of 1 to 15 bytes; a bin of null is removed
   * @param meta - `gen`: only if the record has this generation; `ttl`: its lifetime in seconds
   * @throws InvalidArgError, RecordExistsError, RecordNotFound, RecordGenerationError, RecordTooBig, and of every call:
   * AerospikeTimeoutError, ClusterError, ServerError, AbortError, BackpressureError
   */
  put(
    key: KeyLike,
    bins: {
      readonly [bin: string]: Value
    },
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Reads a record with all of its bins.
   * @throws RecordNotFound
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord<B>>
  /** Reads a record with all of its bins; null when it does not exist. */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): Promise<AerospikeRecord<B> | null>
  /**
   * Reads some bins of a record; those that it has not are left out. No names: no bins, generation and lifetime only.
   * @throws RecordNotFound
   */
  select<B = Bins>(key: KeyLike, bins: readonly string[], policy?: ReadPolicy): Promise<AerospikeRecord<B>>
  /** Whether a record exists. */
  exists(key: KeyLike, policy?: ReadPolicy): Promise<boolean>
  /** Generation and lifetime of a record; null when it does not exist. */
  getMeta(key: KeyLike, policy?: ReadPolicy): Promise<RecordMeta | null>
  /**
   * Deletes a record.
   * @throws RecordNotFound, RecordGenerationError
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void>
  /**
   * Sets a record's lifetime anew.
   * @param ttl - seconds; default: as the policy or the namespace has it
   * @throws RecordNotFound
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): Promise<void>
  /**
   * Appends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  append(
    key: KeyLike,
    bin: string,
    value: string | Uint8Array,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Prepends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  prepend(
    key: KeyLike,
    bin: string,
    value: string | Uint8Array,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Adds to a number; a bin that is not there counts as 0.
   * @throws BinTypeError
   */
  increment(
    key: KeyLike,
    bin: string,
    by: number | bigint | Double,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /** The same as `increment`. */
  incr(
    key: KeyLike,
    bin: string,
    by: number | bigint | Double,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /** Removes bins from a record; a record without bins is gone. */
  removeBin(
    key: KeyLike,
    bins: string | readonly string[],
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<void>
  /**
   * Carries out operations on one record, in order and as one. A bin that several operations answer for holds the last
   * answer that is not null.
   */
  operate<B = Bins>(
    key: KeyLike,
    ops: readonly Operation[],
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<AerospikeRecord<B>>
  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered(
    key: KeyLike,
    ops: readonly Operation[],
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<OrderedResults>
  /**
   * Reads many records. A row that fails does not fail the others; the call rejects only when no row has an answer.
   * @param bins - those to read; default all; an empty list asks for existence only
   */
  batchRead<B = Bins>(
    keys: readonly KeyLike[],
    bins?: readonly string[] | null,
    policy?: BatchPolicy,
  ): Promise<BatchRecords<B>>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   */
  batchReadColumns<const S extends Schema>(
    keys: readonly KeyLike[],
    schema: S,
    policy?: ColumnsPolicy,
  ): Promise<Columns<S>>
  /** Asks every node an info command; a node that fails has its `error`. */
  infoAll(command: string, policy?: AdminPolicy): Promise<InfoResult[]>
  /**
   * Asks one node an info command.
   * @throws ClusterError when the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): Promise<string>
  /** Asks any node an info command. */
  infoRandomNode(command: string, policy?: AdminPolicy): Promise<string>
}
/**
 * Connects a client.
 * @throws InvalidArgError, ClusterError
 */
export declare function connect(config?: ClientConfig, options?: CallOptions): Promise<Client>

/** A client whose calls give their results themselves and throw their errors. A call cannot be aborted: it takes no `signal`. */
export declare class ClientSync implements Disposable {
  #private
  /**
   * A client that is not connected yet.
   * @throws InvalidArgError for an option that is unknown or wrong, by its name
   */
  constructor(config?: ClientConfig)
  /**
   * Connects, and gives the client.
   * @throws ClusterError when no node answers within `connectTimeout`, or the cluster has another name
   */
  connect(user?: string | null, password?: string | null): this
  /** Whether the client has a node that it can use. */
  isConnected(): boolean
  /** The names of the nodes that the client knows. */
  getNodeNames(): string[]
  /** Closes the client; calling it again does nothing. */
  close(options?: CloseOptions): void
  [Symbol.dispose](): void
  /**
   * Writes bins; those that the record has beside them stay.
   * @param bins - 1 or more, names of 1 to 15 bytes; a bin of null is removed
   * @param meta - `gen`: only if the record has this generation; `ttl`: its lifetime in seconds
   * @throws InvalidArgError, RecordExistsError, RecordNotFound, RecordGenerationError, RecordTooBig, and of every call:
   * AerospikeTimeoutError, ClusterError, ServerError
   */
  put(
    key: KeyLike,
    bins: {
      readonly [bin: string]: Value
    },
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): void
  /**
   * Reads a record with all of its bins.
   * @throws RecordNotFound
   */
  get<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B>
  /** Reads a record with all of its bins; null when it does not exist. */
  getOrNull<B = Bins>(key: KeyLike, policy?: ReadPolicy): AerospikeRecord<B> | null
  /**
   * Reads some bins of a record; those that it has not are left out. No names: no bins, generation and lifetime only.
   * @throws RecordNotFound
   */
  select<B = Bins>(key: KeyLike, bins: readonly string[], policy?: ReadPolicy): AerospikeRecord<B>
  /** Whether a record exists. */
  exists(key: KeyLike, policy?: ReadPolicy): boolean
  /** Generation and lifetime of a record; null when it does not exist. */
  getMeta(key: KeyLike, policy?: ReadPolicy): RecordMeta | null
  /**
   * Deletes a record.
   * @throws RecordNotFound, RecordGenerationError
   */
  remove(key: KeyLike, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Sets a record's lifetime anew.
   * @param ttl - seconds; default: as the policy or the namespace has it
   * @throws RecordNotFound
   */
  touch(key: KeyLike, ttl?: number | null, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Appends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  append(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Prepends to a string or bytes; a bin that is not there is made.
   * @throws BinTypeError
   */
  prepend(key: KeyLike, bin: string, value: string | Uint8Array, meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Adds to a number; a bin that is not there counts as 0.
   * @throws BinTypeError
   */
  increment(
    key: KeyLike,
    bin: string,
    by: number | bigint | Double,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): void
  /** The same as `increment`. */
  incr(key: KeyLike, bin: string, by: number | bigint | Double, meta?: WriteMeta | null, policy?: WritePolicy): void
  /** Removes bins from a record; a record without bins is gone. */
  removeBin(key: KeyLike, bins: string | readonly string[], meta?: WriteMeta | null, policy?: WritePolicy): void
  /**
   * Carries out operations on one record, in order and as one. A bin that several operations answer for holds the last
   * answer that is not null.
   */
  operate<B = Bins>(
    key: KeyLike,
    ops: readonly Operation[],
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): AerospikeRecord<B>
  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered(key: KeyLike, ops: readonly Operation[], meta?: WriteMeta | null, policy?: WritePolicy): OrderedResults
  /**
   * Reads many records. A row that fails does not fail the others; the call throws only when no row has an answer.
   * @param bins - those to read; default all; an empty list asks for existence only
   */
  batchRead<B = Bins>(keys: readonly KeyLike[], bins?: readonly string[] | null, policy?: BatchPolicy): BatchRecords<B>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   */
  batchReadColumns<const S extends Schema>(keys: readonly KeyLike[], schema: S, policy?: ColumnsPolicy): Columns<S>
  /** Asks every node an info command; a node that fails has its `error`. */
  infoAll(command: string, policy?: AdminPolicy): InfoResult[]
  /**
   * Asks one node an info command.
   * @throws ClusterError when the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): string
  /** Asks any node an info command. */
  infoRandomNode(command: string, policy?: AdminPolicy): string
}
/**
 * Connects a blocking client.
 * @throws InvalidArgError, ClusterError
 */
export declare function connectSync(config?: ClientConfig): ClientSync

/**
 * The constants of aerospike-py by name. Those that are options here ARE the option's string: no number means the same
 * thing in every Aerospike client.
 */
/** Store only the digest of a key (default). */
export declare const POLICY_KEY_DIGEST = 'digest'
/** Send the user key along and store it. */
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
/** Do not look at the generation (default). */
export declare const POLICY_GEN_IGNORE = 'ignore'
/** Write only if the generation equals the given one. */
export declare const POLICY_GEN_EQ = 'eq'
/** Write only if the given generation is greater than the record's. */
export declare const POLICY_GEN_GT = 'gt'
/** Read from the master. */
export declare const POLICY_REPLICA_MASTER = 'master'
/** Try the master first, on a retry the replicas in turn (default). */
export declare const POLICY_REPLICA_SEQUENCE = 'sequence'
/** Prefer nodes of the client's own rack. */
export declare const POLICY_REPLICA_PREFER_RACK = 'prefer-rack'
/** Answer when all replicas have the write (default). */
export declare const POLICY_COMMIT_LEVEL_ALL = 'all'
/** Answer when the master has the write. */
export declare const POLICY_COMMIT_LEVEL_MASTER = 'master'
/** Read from one node (default). */
export declare const POLICY_READ_MODE_AP_ONE = 'one'
/** Let the nodes compare their versions first. */
export declare const POLICY_READ_MODE_AP_ALL = 'all'
/** Lifetime as the namespace has it. */
export declare const TTL_NAMESPACE_DEFAULT = 0
/** Never expire. */
export declare const TTL_NEVER_EXPIRE = -1
/** Write without changing the lifetime. */
export declare const TTL_DONT_UPDATE = -2
/** Lifetime as the client's own write policy has it. */
export declare const TTL_CLIENT_DEFAULT = -3
/** The server checks user and password. */
export declare const AUTH_INTERNAL = 'internal'
/** An external directory checks them; needs TLS. */
export declare const AUTH_EXTERNAL = 'external'
/** As external, without TLS: for tests only. */
export declare const AUTH_EXTERNAL_INSECURE = 'external-insecure'
/** Read a bin, or all where none is named. */
export declare const OPERATOR_READ = 1
/** Write a bin. */
export declare const OPERATOR_WRITE = 2
/** Add to a number. */
export declare const OPERATOR_INCR = 5
/** Append to a string or bytes. */
export declare const OPERATOR_APPEND = 9
/** Prepend to a string or bytes. */
export declare const OPERATOR_PREPEND = 10
/** Set the record's lifetime anew. */
export declare const OPERATOR_TOUCH = 11
/** Delete the record. */
export declare const OPERATOR_DELETE = 14
/** Result codes: those >= 0 are the server's, those < 0 the client's own. */
export declare const AEROSPIKE_OK = 0
export declare const AEROSPIKE_ERR_SERVER = 1
export declare const AEROSPIKE_ERR_RECORD_NOT_FOUND = 2
export declare const AEROSPIKE_ERR_RECORD_GENERATION = 3
export declare const AEROSPIKE_ERR_PARAM = 4
export declare const AEROSPIKE_ERR_RECORD_EXISTS = 5
export declare const AEROSPIKE_ERR_BIN_EXISTS = 6
export declare const AEROSPIKE_ERR_TIMEOUT = 9
export declare const AEROSPIKE_ERR_BIN_TYPE = 12
export declare const AEROSPIKE_ERR_RECORD_TOO_BIG = 13
export declare const AEROSPIKE_ERR_BIN_NOT_FOUND = 17
export declare const AEROSPIKE_ERR_INVALID_NAMESPACE = 20
export declare const AEROSPIKE_ERR_BIN_NAME = 21
export declare const AEROSPIKE_ERR_FILTERED_OUT = 27
export declare const AEROSPIKE_ERR_UDF = 100
export declare const AEROSPIKE_ERR_INDEX_FOUND = 200
export declare const AEROSPIKE_ERR_INDEX_NOT_FOUND = 201
export declare const AEROSPIKE_ERR_QUERY_ABORTED = 210
export declare const AEROSPIKE_ERR_CLIENT = -1
export declare const AEROSPIKE_ERR_INVALID_HOST = -4
export declare const AEROSPIKE_ERR_NO_MORE_CONNECTIONS = -7
export declare const AEROSPIKE_ERR_CONNECTION = -10
export declare const AEROSPIKE_ERR_CLUSTER = -11

export { Client as AsyncClient, op as operations }
