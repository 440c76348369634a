// Generated from lib/index.ts by `make types`: the API of aerospike-napi. Do not edit.
import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'

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
  /** User key; undefined when only the digest is known. Bytes are the key's own copy. */
  readonly userKey: UserKey | undefined
  /**
   * @param namespace - 1 to 31 bytes
   * @param set - up to 63 bytes without `:`, `;` and control characters; null, undefined or '' for none
   * @param userKey - a string, an integer within int64, or bytes, which are copied
   * @throws InvalidArgError
   */
  constructor(namespace: string, set: string | null | undefined, userKey: UserKey)
  /** A key of which only the digest is known. */
  static fromDigest(namespace: string, set: string | null | undefined, digest: Uint8Array): Key
  /** The key's parts as a Key. */
  static from(key: KeyLike): Key
  /** The 20 bytes that the server addresses the record by: RIPEMD-160 of set, type and user key. A copy each time. */
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
  /** `auto`: a plain object when all keys are strings, else Map. `map`: always Map. `object`: keys become strings; an error where two keys of a map become one. */
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
/**
 * A GeoJSON value: a point, a polygon or an AeroCircle. A value that was read holds the stored text as it is: servers do not
 * check GeoJSON inside lists and maps, so that `value()` can throw a SyntaxError.
 */
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
  /** The parsed GeoJSON; the text itself where it is not JSON. */
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
  /**
   * Why the bins of a query's record cannot be read, such as an integer that does not fit a number with `int64: 'number'`;
   * else null. `bins` throws it then, and the other records of the query are not affected.
   */
  get error(): AerospikeError | null
}
/** What `operateOrdered` gives. */
export declare class OrderedResults<R = [bin: string, value: ReadValue][]> implements RecordMeta {
  /** The key of the record. */
  readonly key: Key
  /** How often it was written; wraps. */
  readonly gen: number
  /** Seconds until it expires, -1 for never. */
  readonly ttl: number
  /** `[bin, value]` of each operation that answers, in order. */
  readonly results: R
  /** Generation and lifetime together. */
  get meta(): RecordMeta
  /** `results` by aerospike-py's name. */
  get orderedBins(): R
}

/** One row of a batch. */
export interface BatchRow<B = Bins> {
  /** Its place in the request. */
  readonly index: number
  /** The key that was asked for. */
  readonly key: Key
  /**
   * What was read, or what the operations answered; of a row that only writes, generation and lifetime without bins. Null
   * when the row failed, and of a row that deleted its record.
   */
  readonly record: AerospikeRecord<B> | null
  /** What the function of a row that calls one returned; undefined for other rows. */
  readonly result: ReadValue | undefined
  /** 0, or the server's result code (2: not found), or the client's own (< 0), such as -1 where the answer cannot be read. */
  readonly resultCode: number
  /** Why the row failed, or null. Of a function that failed, the message is its own. */
  readonly error: AerospikeError | null
  /** A write that failed and may have been applied all the same, or was and its answer cannot be read; never a read. */
  readonly inDoubt: boolean
  /** The node that failed the row, as `host:port`; undefined where it did not fail, or was not sent. */
  readonly node: string | undefined
}
/** The rows of a batch. */
export declare class BatchRecords<B = Bins> implements Iterable<BatchRow<B>> {
  #private
  private constructor()
  /** How many rows were asked for. */
  get length(): number
  /** The server's result code of a row, without decoding it. */
  resultCode(row: number): number
  /** Whether no row failed: a record that is not there to be read or deleted is no failure. */
  get ok(): boolean
  /** How many rows did what they were to: records that were found and can be read, were written or deleted. */
  get found(): number
  /** The row at this place; undefined beyond the end. */
  at(row: number): BatchRow<B> | undefined
  /** The row of a key; of a user key alone, the first row that has it. */
  get(key: KeyLike | UserKey): BatchRow<B> | undefined
  /** The rows in order. */
  [Symbol.iterator](): Generator<BatchRow<B>, void, undefined>
  /** The rows as an array. */
  toArray(): BatchRow<B>[]
  /**
   * The records that were found, by user key. Rows that failed are left out: `ok` and `throwIfFailed` tell of them.
   * @throws ClientError where two records of different sets or namespaces have one user key
   */
  toMap(): Map<UserKey, AerospikeRecord<B>>
  /**
   * The records that were found, by user key as text.
   * @throws ClientError where the user keys of two records have one text, such as `1` and `'1'`
   */
  toObject(): {
    [userKey: string]: AerospikeRecord<B>
  }
  /** Throws the error of the first row that failed, as `ok` tells it. */
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
export type ValueType = keyof typeof TYPE_NUMBERS
/** What an expression results in; `any` where only the server can tell. */
export type ResultType = ValueType | 'any'
/**
 * A server-side expression, packed. `T` is the type of its result, so that a comparison of a string with an integer is
 * an error at compile time. It never changes; it can be used any number of times, in any number of clients.
 */
export declare class Expression<out T extends ResultType = ResultType> {
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

interface Plain {
  int: number | bigint
  float: number | Double
  string: string
  bool: boolean
  blob: Uint8Array
  list: readonly LiteralItem[]
  map: LiteralMap
}
/** What a literal list or map can hold: values, `infinity()` and `wildcard()`. */
export type LiteralItem = Value | InfinityBound | WildcardBound | readonly LiteralItem[] | LiteralMap
/** A literal map. */
export type LiteralMap =
  | ReadonlyMap<MapKey, LiteralItem>
  | {
      readonly [key: string]: LiteralItem
    }
/** The plain values that may stand for an expression of a type, where it has some. */
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
/** An expression of a type, or a plain value of it. */
export type Operand<T extends ValueType> = Expression<T | 'any'> | PlainValue<T>
/**
 * Restores an expression from base64, as `toBase64` and other clients make it.
 * @throws InvalidArgError where that is malformed
 */
declare function fromBase64(base64: string): Expression<'any'>

/** A filter: an expression of the builders, or one that was packed elsewhere. */
type Condition = Expression<'bool' | 'any'> | Uint8Array

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call: it rejects with AbortError, whose `cause` is the signal's reason. */
  signal?: AbortSignal | undefined
  /**
   * The span that the call's span is a child of, as W3C's header has it: `00-<trace>-<span>-<flags>`. For `initTracing`.
   * Default: the active one, where the application has OpenTelemetry's API.
   */
  traceparent?: string | undefined
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
  /** Leave the record out unless this expression, of the builders `exp` or packed elsewhere, is true. */
  filterExpression?: Condition
  /** The same as `filterExpression`. Where both are given, both must be true. */
  expressions?: Condition
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
  /**
   * Rows that go to a node in one request at most: a larger batch is sent in several at once, whose answers are read by
   * several threads. 0: never cut. A batch that is `sequential` or without `respondAllKeys` is not cut. Default 250.
   */
  subBatchSize?: number
}
/** How a query or a scan is carried out. Defaults that differ: `totalTimeout` 0, `maxRetries` 5. */
export interface QueryPolicy extends BasePolicy {
  /** Records at most, 0 for all. Default 0. */
  maxRecords?: number
  /** Records that each node sends a second at most, 0 for no bound. Default 0. */
  recordsPerSecond?: number
  /** Nodes that are asked at once at most, 0 for all. Default 0. */
  maxConcurrentNodes?: number
  /** How long it is expected to take: `short` is for fewer than a hundred records a node. Default `long`. */
  expectedDuration?: 'long' | 'short' | 'long-relax-ap'
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

/** How a batch that may write is carried out; the fields of writes hold for each of its rows that writes. */
export interface BatchWritePolicy extends BatchPolicy, Omit<WritePolicy, keyof BasePolicy | 'gen'> {
  /**
   * Retries after network errors and the server's passing ones. Default 0, or what the client's `write` policy says: with
   * more, a write can be applied twice.
   */
  maxRetries?: number
}
/** How one row of a batch is read. */
export interface ReadRowPolicy extends Pick<BasePolicy, 'readTouchTtlPercent' | 'filterExpression' | 'expressions'> {}
/** How one row of a batch is written. */
export interface WriteRowPolicy
  extends Omit<WritePolicy, keyof BasePolicy>,
    Pick<BasePolicy, 'filterExpression' | 'expressions'> {}
/** How the record of one row of a batch is deleted. */
export interface RemoveRowPolicy
  extends Pick<WriteRowPolicy, 'gen' | 'key' | 'durableDelete' | 'commitLevel' | 'filterExpression' | 'expressions'> {}
/** How the function of one row of a batch is called. */
export interface ApplyRowPolicy
  extends Pick<
    WriteRowPolicy,
    'ttl' | 'key' | 'durableDelete' | 'commitLevel' | 'onLockingOnly' | 'filterExpression' | 'expressions'
  > {}

/** How a list keeps its items: one of `lists.order`. */
export type ListOrder = 'unordered' | 'ordered'
/** How a map keeps its entries: one of `maps.order`. */
export type MapOrder = 'unordered' | 'key-ordered' | 'key-value-ordered'

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
   * @param order - of the list that is created: one of `lists.order`, unordered by default
   * @param pad - fill up with nil where the index lies beyond the end (default false)
   */
  addListIndexCreate(index: number | bigint, order?: ListOrder, pad?: boolean): this
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
   * @param order - of the map that is created: one of `maps.order`, unordered by default
   */
  addMapKeyCreate(key: MapKey, order?: MapOrder): this
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

/** Reads generation and lifetime without bins; the wire has no number of its own for it. */
declare const OPERATOR_READ_HEADER = 65
/** One operation on a whole bin or on the record. */
export interface ScalarOperation<out C extends number = number, out B extends string | undefined = string | undefined> {
  /** What to do: an OPERATOR_* constant. */
  readonly op: C
  /** The bin that it is about, where it is about one. */
  readonly bin?: B | undefined
  /** Its argument, where it takes one. */
  readonly val?: Value | undefined
}

/** What stands as a value in an operation: a value, infinity, wildcard, or lists of them. */
export type Argument = Value | InfinityBound | WildcardBound | readonly Argument[]
declare const ANSWER: unique symbol
/**
 * What the builders of `lists`, `maps`, `bits`, `hll`, `strings` and the path operations give, for `operate`. `B` is the
 * bin's name where the compiler knows it, `A` what the operation answers.
 */
export declare class BuiltOperation<out B extends string = string, out A = ReadValue> {
  #private
  /** The bin that it is about. */
  readonly bin: B
  /** For the compiler alone. */
  readonly [ANSWER]?: A
}
/** An operation that can go into nested lists and maps. */
export declare class CdtOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {
  #private
  /**
   * Lets it work on a list or map inside the bin's own. Changes the operation and returns it.
   *
   * @param context - the way there, or a function that makes it: `ctx => ctx.addMapKey('orders').addListIndex(-1)`
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this
}
/** One operation of `operate`: a plain object, or what a builder gives. */
export type Operation = ScalarOperation | BuiltOperation

/** Reads bins of a record, or what operations answer. */
export interface BatchReadRow {
  readonly type: 'read'
  readonly key: KeyLike
  /** Which bins; default all; an empty list asks for existence only. */
  readonly bins?: readonly string[] | null | undefined
  /** Operations that only read, instead of `bins`. */
  readonly ops?: readonly Operation[] | undefined
  readonly policy?: ReadRowPolicy | undefined
}
/** Writes bins of a record. */
export interface BatchWriteRow extends BatchWriteRecord {
  readonly type: 'write'
}
/** A record as `batchWrite` takes it. */
export interface BatchWriteRecord {
  readonly key: KeyLike
  /** 1 or more; a bin of null is removed. */
  readonly bins: {
    readonly [bin: string]: Value
  }
  readonly meta?: WriteMeta | null | undefined
  readonly policy?: WriteRowPolicy | undefined
}
/** Carries out operations on a record. */
export interface BatchOperateRow {
  readonly type: 'operate'
  readonly key: KeyLike
  readonly ops: readonly Operation[]
  readonly meta?: WriteMeta | null | undefined
  readonly policy?: WriteRowPolicy | undefined
}
/** Deletes a record. */
export interface BatchRemoveRow {
  readonly type: 'remove'
  readonly key: KeyLike
  /** Only if the record has this generation. */
  readonly meta?: Pick<WriteMeta, 'gen'> | null | undefined
  readonly policy?: RemoveRowPolicy | undefined
}
/** Calls a registered function on a record. */
export interface BatchApplyRow {
  readonly type: 'apply'
  readonly key: KeyLike
  /** The module, with or without `.lua`. */
  readonly module: string
  /** The function. */
  readonly fn: string
  /** Its arguments. */
  readonly args?: readonly Value[] | undefined
  readonly policy?: ApplyRowPolicy | undefined
}
/** One row of `batch`. */
export type BatchRowRequest = BatchReadRow | BatchWriteRow | BatchOperateRow | BatchRemoveRow | BatchApplyRow
/** Builders of the rows of `batch`. They give plain objects, which may as well be written out. */
export declare const batchRow: {
  /** Reads bins; default all, an empty list asks for existence only. */
  readonly read: (key: KeyLike, bins?: readonly string[] | null, policy?: ReadRowPolicy) => BatchReadRow
  /** Writes bins; a bin of null is removed. */
  readonly write: (
    key: KeyLike,
    bins: {
      readonly [bin: string]: Value
    },
    meta?: WriteMeta | null,
    policy?: WriteRowPolicy,
  ) => BatchWriteRow
  /** Carries out operations, in order and as one. */
  readonly operate: (
    key: KeyLike,
    ops: readonly Operation[],
    meta?: WriteMeta | null,
    policy?: WriteRowPolicy,
  ) => BatchOperateRow
  /** Deletes the record. */
  readonly remove: (key: KeyLike, meta?: Pick<WriteMeta, 'gen'> | null, policy?: RemoveRowPolicy) => BatchRemoveRow
  /** Calls a registered function. */
  readonly apply: (
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Value[],
    policy?: ApplyRowPolicy,
  ) => BatchApplyRow
}

/** What happens where a sum does not fit its bits: one of `bits.overflow`. */
export type BitOverflow = 'fail' | 'saturate' | 'wrap'
/** How a blob is resized: one of `bits.resizeFlags`. */
export type BitResizeFlag = 'default' | 'from-front' | 'grow-only' | 'shrink-only'

/** What a command is about. */
interface Subject {
  readonly namespace?: string | undefined
  readonly set?: string | undefined
  readonly key?: Key | undefined
  readonly batchSize?: number | undefined
}
/** Where the client was told to look for the cluster: the first seed. */
interface Seed {
  readonly name: string
  readonly port: number
}
/** What the events of all channels tell. Channels add `result` and `error` to it, as all of Node's tracing channels do. */
declare abstract class Trace {
  /** Host of the configuration's first seed. The cluster may have sent the command elsewhere. */
  readonly serverAddress: string | undefined
  /** Its port. */
  readonly serverPort: number | undefined
  /** What the call threw or rejected with; an `AerospikeError` with `code`, `resultCode`, `node` and `attempts`. */
  error?: unknown
  constructor(seed: Seed | undefined)
  /** Result code of the error: the server's (>= 0) or the client's own (< 0). Undefined without an error. */
  get resultCode(): number | undefined
  /** Name of the failure, such as `RECORD_NOT_FOUND`. Undefined without an error. */
  get errorCode(): string | undefined
}
/** What a command, or a stream, is about. */
declare abstract class SubjectTrace extends Trace {
  /** The method as it was called, such as `get`, `batchRead`, `query.apply`. */
  readonly command: string
  /** Number of the client within this process, the same in all events of one client. */
  readonly clientId: number
  /** Namespace; of the first row where there are many. */
  readonly namespace: string | undefined
  /** Set; of the first row where there are many. Empty for none. */
  readonly set: string | undefined
  /** Rows of a batch. */
  readonly batchSize: number | undefined
  constructor(command: string, clientId: number, { namespace, set, batchSize }: Subject, seed: Seed | undefined)
}
/** The event of a command: `tracing:aerospike-napi:command:*`. */
export declare class CommandTrace extends SubjectTrace {
  /** The record that it is about, where it is about one. */
  readonly key: Key | undefined
  /** Whether it is a call of the blocking client: then it is over at `end`. */
  readonly blocking: boolean
  /** What the call gave. */
  result?: unknown
}
/** The event of a stream, from its first pull to its end: `tracing:aerospike-napi:query:*`. */
export declare class QueryTrace extends SubjectTrace {
  /** Rows that were given so far. */
  rows: number
  /** Whether it was read to its end, and not left before. Undefined until then. */
  complete: boolean | undefined
}
/** The event of a connect: `tracing:aerospike-napi:connect:*`. */
export declare class ConnectTrace extends Trace {
  /** All seeds, as `host:port`. */
  readonly hosts: readonly string[]
  /** Whether it is a call of the blocking client: then it is over at `end`. */
  readonly blocking: boolean
  /** Number of the client within this process, once it is connected. */
  clientId: number | undefined
  /** The client. */
  result?: unknown
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
/** Which calls share batch requests, and how many. */
export interface AutoBatch {
  /** `get`, `getOrNull`, `select`, `exists` and `getMeta`. Default true. */
  reads?: boolean
  /** `put`, `removeBin` and `remove`, but for those with a generation, `create-only`, retries or compression. Default false. */
  writes?: boolean
  /** Calls of one batch at most, 2 to 5000. Default 256. */
  maxSize?: number
  /** ms that a call waits for others to join it. 0: until the end of its tick. Default 0. */
  maxDelay?: number
}
/** How to reach a cluster and how to treat it. Policy fields at this level are defaults of every kind of call. */
export interface ClientConfig extends Omit<WritePolicy & BatchPolicy, 'signal' | 'traceparent' | 'gen'> {
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
  /** ms until `connect` has failed. Default: `timeout` for each seed, and for three at least. */
  connectTimeout?: number
  /** ms for a login. Default 5000. */
  loginTimeout?: number
  /** ms after which an unused connection is closed; 0: never. Below 1000 a warning asks whether seconds are meant. Default 55000. */
  idleTimeout?: number
  /** Connections a node that are opened ahead. Default 0. */
  minConnsPerNode?: number
  /** Connections a node at most. Default 100. */
  maxConnsPerNode?: number
  /** Pools a node: more lessen contention on many cores. Default 1. */
  connPoolsPerNode?: number
  /** ms between looks at the cluster. At least 250, default 1000. */
  tendInterval?: number
  /**
   * Broken connections and overloads of a node within a window after which its calls are refused, or read elsewhere. 0: no
   * limit. Default 100.
   */
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
  /**
   * Lets single-record calls of one tick share batch requests. `true`: reads (`get`, `getOrNull`, `select`, `exists`,
   * `getMeta`). Each call keeps its own answer, error, deadline and abort. Default false. No effect on `ClientSync`.
   */
  autoBatch?: boolean | AutoBatch
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
    query?: QueryPolicy
  }
}

/**
 * The rows of a stream, with `for await`. Leaving the loop in any way ends what runs for it on the servers, and so do
 * `return()`, `await using`, and a `signal`.
 */
export declare class RowStream<R> implements AsyncIterableIterator<R, undefined, undefined>, AsyncDisposable {
  #private;
  [Symbol.asyncIterator](): this
  /** The next row. */
  next(): Promise<IteratorResult<R, undefined>>
  /** Ends the stream. */
  return(): Promise<IteratorResult<R, undefined>>
  /**
   * The rows in arrays, as they came: for consumers that work on many at once. It costs less for each row than the rows
   * one by one.
   */
  chunks(): AsyncGenerator<R[], void, undefined>
  [Symbol.asyncDispose](): Promise<void>
}
/** The rows of a blocking stream, with `for`. */
export declare class RowStreamSync<R> implements IterableIterator<R, undefined, undefined>, Disposable {
  #private;
  [Symbol.iterator](): this
  /** The next row. */
  next(): IteratorResult<R, undefined>
  /** Ends the stream. */
  return(): IteratorResult<R, undefined>
  /** The rows in arrays, as they came. */
  chunks(): Generator<R[], void, undefined>
  [Symbol.dispose](): void
}

/** Element types. */
export type ScalarType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64' | 'f16' | 'f32' | 'f64' | 'bool'
/** Half-precision numbers: Float16Array where the runtime has it, else widened to Float32Array. */
export type Float16Column = Float32Array & {
  readonly BYTES_PER_ELEMENT: number
}
/** The typed array of each type. */
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
/** Any of them. */
type AnyArray = ScalarArrays[ScalarType]

/**
 * Columns of values that vary in length.
 */
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
  /** The value of a row; where the row has none, empty or what the schema's `fill` says. */
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
/** Strings of which few are distinct: a number for each row, and the distinct strings once, in the order of their first row. */
export declare class DictionaryColumn implements Iterable<string> {
  #private
  /** The number of each row's string in `dictionary`; -1 where the row has none. */
  readonly ids: Int32Array
  /** The distinct strings. */
  readonly dictionary: Utf8Column
  constructor(
    /** The number of each row's string in `dictionary`; -1 where the row has none. */
    ids: Int32Array,
    /** The distinct strings. */
    dictionary: Utf8Column,
  )
  /** How many rows. */
  get length(): number
  /** The distinct strings, each made once. */
  get values(): readonly string[]
  /** The string of a row; `''` where the row has none. */
  get(row: number): string
  [Symbol.iterator](): Generator<string, void, undefined>
}

/** User keys without an object per key. */
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
/** Keys of one namespace and set as a column: no object is made for a key, here or by the client. */
export interface KeyColumn {
  /** Namespace. */
  readonly ns: string
  /** Set; none by default. */
  readonly set?: string | null | undefined
  /** The user keys: integers, strings or bytes. */
  readonly ids: KeyIds
}
/** Keys as they can be given. */
export type KeysLike = readonly KeyLike[] | KeyColumn

/**
 * Type of one column: a number type, `['f32', 384]` for so many elements in one blob, `['bytes', n]` for n bytes
 * (zero-padded), `utf8` or `binary` for varying lengths, `dictionary` for strings of which few are distinct.
 */
export type PlainColumnType = ScalarType | 'utf8' | 'binary' | 'dictionary' | readonly [ScalarType | 'bytes', number]
/** A column type, and what stands where a row has no value. */
export interface FilledColumnType {
  /** The type. */
  readonly type: PlainColumnType
  /**
   * A number, bigint or boolean for numbers and the elements of sub-arrays, a string for `utf8` and `dictionary`.
   * Default: zero bytes, `''`.
   */
  readonly fill?: number | bigint | boolean | string | undefined
}
/** Type of one column, alone or with its `fill`. */
export type ColumnType = PlainColumnType | FilledColumnType
/** Bin name -> type of its column. */
export type Schema = {
  readonly [bin: string]: ColumnType
}
/** The array that a column of a type is. */
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
/** One row's value of a column. */
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
/** One row: bin name -> value, null where it has none. */
export type RowOf<S extends Schema> = {
  [K in keyof S]: CellOf<S[K]> | null
}

/** What `Columns.from` needs to know of a memory; plain data, to be posted along with it. */
export interface ColumnsLayout {
  /** How many rows. */
  readonly rows: number
  /** Bin name -> type of its column. */
  readonly schema: Schema
}

/** Validity of a column: bit i (least significant first) is 1 where row i has a value. */
export type Validity = Uint8Array
/** Columns on their way to another thread. */
export interface ColumnsMessage {
  /** The memory. */
  readonly buffer: ArrayBuffer
  /** What it holds. */
  readonly layout: ColumnsLayout
}
/**
 * What `batchReadColumns` and a query's `columns` give: a column for each bin of the schema; a row for each key that was given,
 * or for each record that the query found.
 */
export declare class Columns<S extends Schema = Schema> implements Iterable<RowOf<S> | null> {
  #private
  /** The schema that was asked for. */
  readonly schema: S
  /** The memory that everything here is a view of. */
  readonly buffer: Buffer
  /** The columns by bin name. A row without a value holds zeros (an empty string, no bytes), or what `fill` says. */
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
  /**
   * Columns of a memory that came from elsewhere: the counterpart of `layout` and `buffer`, and of `toMessage()`.
   * @param message - the memory, an ArrayBuffer or a view of one, and its layout
   * @throws InvalidArgError when the one does not fit the other
   */
  static from<S extends Schema = Schema>(message: {
    readonly buffer: ArrayBuffer | Uint8Array
    readonly layout: ColumnsLayout
  }): Columns<S>
  /** What the memory holds: plain data, to be posted to another thread together with `buffer`. */
  get layout(): ColumnsLayout
  /**
   * The memory and its layout, to be posted to another thread: `port.postMessage(message, [message.buffer])`, and there
   * `Columns.from(message)`. Memory that the native side has handed over cannot leave its thread: it is copied, once.
   * Other memory is given away as it is, and the views here are empty once it was posted.
   */
  toMessage(): ColumnsMessage
  /** How many rows: one a key, in the order of the keys; of a query, one a record. */
  get length(): number
  /** The key of a row. That of a query's row has the user key only where the server stores it. */
  key(row: number): Key | undefined
  /** Digests of the rows that a query brought, 20 bytes each; undefined where keys were given. */
  get digests(): Buffer | undefined
  /** Whether a row has a value in a column. */
  isValid(bin: keyof S & string, row: number): boolean
  /** Why a row failed, or null. */
  error(row: number): AerospikeError | null
  /** The first row with this user key, or -1. */
  indexOf(userKey: UserKey): number
  /**
   * A row as an object: bin name -> value, null where it has none. Values of bytes and sub-arrays are views. null when the
   * row was not found, failed, or is beyond the end.
   */
  row(row: number): RowOf<S> | null
  /** The rows in order, each as `row()` gives it. */
  [Symbol.iterator](): Generator<RowOf<S> | null, void, undefined>
  /** Key and row, in order. */
  entries(): Generator<[key: Key, row: RowOf<S> | null], void, undefined>
  /** How many rows were found. */
  get found(): number
}

/**
 * A column to be written. A typed array is written as integers or doubles; with a type such as `['f32', 384]` in the schema,
 * as blobs of so many elements. An array of values is written value by value, as `put` would; null or undefined is none.
 */
export type SourceColumn = AnyArray | Utf8Column | BinaryColumn | DictionaryColumn | readonly (Value | undefined)[]

/** What `batchWriteColumns` writes: a record for each key, a bin for each column. */
export interface WriteColumns {
  /** Namespace. */
  readonly ns: string
  /** Set; none by default. */
  readonly set?: string | null | undefined
  /** The user keys, one a row. */
  readonly keys: KeyIds
  /** Bin name -> its values, one a row. */
  readonly columns: {
    readonly [bin: string]: SourceColumn
  }
  /** Bin name -> which rows have a value, as bits, the least significant first. Without it all have. */
  readonly validity?:
    | {
        readonly [bin: string]: Uint8Array | null | undefined
      }
    | undefined
  /**
   * Bin name -> type, where the array alone does not say it: `bool` of a Uint8Array, `['f32', 384]`, `['bytes', 16]`; doubles
   * of an array of whole numbers. What a former `rows.schema` says beyond the columns that are given is ignored.
   */
  readonly schema?: Schema | undefined
  /** What a row without a value does to its bin. Default `skip`: it stays as it is. `remove`: it is removed. */
  readonly nulls?: 'skip' | 'remove' | undefined
  /**
   * Lifetime in seconds of all rows, or of each; 0 the namespace's, -1 or 0xFFFFFFFF for ever, -2 unchanged. It comes before
   * the policy's `ttl`.
   */
  readonly ttl?: number | Int32Array | Uint32Array | undefined
  /** The generation that all records, or each, must have, such as `rows.gen` of a read. */
  readonly gen?: number | Uint32Array | Int32Array | undefined
}

/** A row that was not written. */
export interface FailedRow {
  /** Its place. */
  readonly row: number
  /** Its key. */
  readonly key: Key
  /** Why. */
  readonly error: AerospikeError
}
/** What `batchWriteColumns` gives: the outcome of each row, in the order of the keys. */
export declare class WrittenRows {
  #private
  /** 0, or the server's result code, or the client's own (< 0), by row. */
  readonly resultCodes: Int32Array
  /** The generations that the records have now, by row; 0 where a row failed. */
  readonly gen: Uint32Array
  private constructor()
  /** How many rows. */
  get length(): number
  /** How many rows were written. */
  get written(): number
  /** Whether all rows were written. */
  get ok(): boolean
  /** The key of a row. */
  key(row: number): Key | undefined
  /** The first row with this user key, or -1. */
  indexOf(userKey: UserKey): number
  /** Whether a row that failed may have been written all the same. */
  inDoubt(row: number): boolean
  /** Why a row failed, or null. */
  error(row: number): AerospikeError | null
  /** The rows that were not written, in order. */
  failures(): Generator<FailedRow, void, undefined>
  /** Throws the error of the first row that was not written. */
  throwIfFailed(): this
}

/** How columns are read. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
  /**
   * A former result that is not needed any more: the new one takes its memory over where that is large enough. The former's
   * views are empty from the call on, whatever becomes of the call. Nothing else may still be using its memory, such as a
   * write to a file or a socket. Default: new memory.
   */
  into?: Columns<Schema> | undefined | null
}

/** A part of an info answer: text, a number that is exact, or what is nested in it. */
export type InfoValue = string | number | InfoRecord | InfoValue[]
/** Names and their values. */
export interface InfoRecord {
  [name: string]: InfoValue
}
/** A set, over all nodes. */
export interface SetInfo {
  readonly namespace: string
  readonly set: string
  /** Records on all nodes: with replicas, each of them counts once for every copy. */
  readonly objects: number
  readonly tombstones: number
  /** Bytes of data on all nodes. */
  readonly bytes: number
  /** Secondary indexes. */
  readonly indexes: number
}
/**
 * Reads an info answer by its form: `a=1;b=2` as an object, `ns=test:set=a;ns=test:set=b` as a list of objects, `a;b` as a
 * list, all else as text or an exact integer. An answer that ends in `;` is read without it.
 */
declare function parseInfo(response: string): InfoValue
/** Helpers for the answers of `infoAll`, `infoNode` and `infoRandomNode`. */
export declare const info: {
  /** Reads an answer by its form. */
  readonly parse: typeof parseInfo
}

/** How far a task is. */
export interface TaskStatus {
  /** Whether it has ended on every node. */
  readonly done: boolean
  /** Percent, 0 to 100; of the slowest node. */
  readonly progress: number
}
/** How `wait` waits. */
export interface WaitOptions {
  /** Ends the waiting, with AbortError; the task goes on. */
  signal?: AbortSignal
  /** ms between looks. Default: 10 at first, growing to 50. */
  interval?: number
  /** ms until the waiting ends, with AerospikeTimeoutError; the task goes on. 0: no limit. Default 0. */
  timeout?: number
}
/** The same for a thread that is blocked. */
export type BlockingWaitOptions = Omit<WaitOptions, 'signal'>
/** How a call is carried out that begins what servers go on with. */
export interface TaskPolicy extends AdminPolicy {
  /**
   * Whether the call waits until every node has ended, or how it waits; it returns the task all the same. The policy's
   * signal ends the waiting too, its timeout does not.
   */
  wait?: boolean | WaitOptions | undefined
}
/** The same for a thread that is blocked. */
export interface BlockingTaskPolicy extends AdminPolicy {
  /** Whether the call waits until every node has ended, or how it waits; it returns the task all the same. */
  wait?: boolean | BlockingWaitOptions | undefined
}
/** What the server goes on with after the call that began it. Dropping it changes nothing: the task goes on. */
export declare class Task {
  #private
  /** What it does, such as `createIndex users_age`. */
  readonly name: string
  /**
   * Asks every node how far it is.
   * @throws what the task failed with
   */
  status(): Promise<TaskStatus>
  /** Percent that is done on the slowest node. */
  progress(): Promise<number>
  /**
   * Waits until it has ended on every node. The wait keeps the process alive.
   * @throws AbortError, AerospikeTimeoutError: the waiting ended, the task goes on; what the task failed with
   */
  wait(options?: WaitOptions): Promise<void>
}
/** A task of the blocking client. */
export declare class TaskSync {
  #private
  /** What it does. */
  readonly name: string
  /**
   * Asks every node how far it is.
   * @throws what the task failed with
   */
  status(): TaskStatus
  /** Percent that is done on the slowest node. */
  progress(): number
  /**
   * Waits until it has ended on every node, and blocks the thread meanwhile.
   * @throws AerospikeTimeoutError: the waiting ended, the task goes on; what the task failed with
   */
  wait(options?: BlockingWaitOptions): void
}

/** A module whose source is at hand. */
export interface UdfModule {
  /** Its name on the server, with its ending `.lua`. */
  name: string
  /** Its source. */
  source: string | Uint8Array
}
/** A module: the path of a file, a file URL, or the source itself. */
export type UdfSource = string | URL | UdfModule
/** A registered module. */
export interface UdfInfo {
  /** Its name on the server, with its ending `.lua`. */
  readonly name: string
  /** Hash of its source. */
  readonly hash: string
  /** Its language: `LUA`. */
  readonly type: string
}

/** One node's answer to an info request. */
export interface InfoResult {
  /** The node's name. */
  readonly node: string
  /** Its answer; empty when it failed. */
  readonly response: string
  /** Why it did not answer. */
  readonly error: AerospikeError | null
}

/** What the indexed values are. `integer` and `numeric` are the same. */
export type IndexDataType = 'integer' | 'numeric' | 'string' | 'blob' | 'geo2dsphere'
/** Which part of a bin's value is indexed: itself, or each element of a list, key or value of a map. */
export type IndexCollectionType = 'default' | 'list' | 'mapkeys' | 'mapvalues'
/** Where an index is, and its name. */
export interface IndexName {
  /** Namespace. */
  ns: string
  /** Set; without one, the records of all sets are indexed. */
  set?: string | null
  /** The index's name, unique in its namespace. */
  index: string
}
/** An index on a bin. */
export interface BinIndex extends IndexName {
  /** The bin. */
  bin: string
  /** What is indexed of it. Default: itself. */
  type?: IndexCollectionType
  /** The way to the list, map or value inside the bin. */
  context?: CdtContext
}
/** An index on what an expression gives for each record (8.1 and later). */
export interface ExpressionIndex extends IndexName {
  /** The expression. */
  exp: Expression
  /** What is indexed of its result. Default: itself. */
  type?: IndexCollectionType
}
/** An index of any kind on values. */
export type IndexOptions = (BinIndex | ExpressionIndex) & {
  /** What the values are. */
  datatype: IndexDataType
}
/** An index of a set's records (8.1.2 and later). */
export interface SetIndex extends IndexName {
  set: string
}
/** An index, as a node tells of it. */
export interface IndexInfo {
  readonly ns: string
  /** Null for all sets. */
  readonly set: string | null
  readonly index: string
  /** Null for indexes on expressions and sets. */
  readonly bin: string | null
  /** As the server says it, in lower case, such as `numeric`. */
  readonly datatype: string
  /** As the server says it, in lower case, such as `default`, `list`. */
  readonly type: string
  /** Whether queries can use it, such as `RW`, or `WO` while it is being built. */
  readonly state: string
}

/** How a background job is carried out; the timeouts are those of beginning it. */
export interface JobPolicy extends Omit<WritePolicy, 'gen'> {
  /** Records that each node changes a second at most, 0 for as the server has it. Default 0. */
  recordsPerSecond?: number
}
/** How far a background job is; the counts are summed over the nodes. A server forgets jobs some time after their end. */
export interface JobStatus extends TaskStatus {
  /** Records that were changed. */
  readonly succeeded: number
  /** Records that could not be changed. */
  readonly failed: number
  /** Records that the filter left out by their bins. */
  readonly filteredBins: number
  /** Records that the filter left out without looking at their bins. */
  readonly filteredMeta: number
  /** Records that were delayed by `recordsPerSecond`. */
  readonly throttled: number
}
/**
 * A background job. What it failed with when it was aborted is a QueryAbortedError; of a job by a number that no server
 * knows, or knows any more, a QueryError with the code `JOB_UNKNOWN`.
 */
export declare class JobTask extends Task {
  #private
  /** The number under which the servers know it; `client.job(id)` takes it up again, in any process. */
  readonly id: bigint
  /** Asks every node how far it is. */
  status(): Promise<JobStatus>
  /** Ends it on every node; what it has changed stays. False when no node had it running. */
  abort(): Promise<boolean>
}
/** As `JobTask`, blocking. */
export declare class JobTaskSync extends TaskSync {
  #private
  /** The number under which the servers know it. */
  readonly id: bigint
  /** Asks every node how far it is. */
  status(): JobStatus
  /** Ends it on every node; what it has changed stays. False when no node had it running. */
  abort(): boolean
}

/** What of a bin an index holds, by the names of the official client. */
export declare const indexType: {
  readonly DEFAULT: 'default'
  readonly LIST: 'list'
  readonly MAPKEYS: 'mapkeys'
  readonly MAPVALUES: 'mapvalues'
}
/** The kinds of index that can hold what a filter looks up. */
export type FilterType = 'numeric' | 'string' | 'blob' | 'geo2dsphere'
/** What one index is asked for. Made by `filter` and `predicates`. */
export declare class Filter {
  #private
  /** The bin that is looked up. */
  get bin(): string
  /** Names the index to use; the bin is not looked at then. Changes the filter and returns it. */
  usingIndex(name: string): this
  /**
   * Looks a value up that is nested in the bin's list or map, by an index that was made with the same context. Changes the
   * filter and returns it.
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this
  /** Uses the index that was made on this expression; the bin is not looked at then. Changes the filter and returns it. */
  usingExpression(expression: Expression): this
}
/** What a geo filter takes: GeoJSON as text, as an object, or as GeoJSON. */
export type GeoLike = GeoJSON | string | object
/**
 * Lookups in a secondary index, for `query.where`. `type` says what of the bin the index holds; default its value. The
 * arguments stand as in the official Node.js client: longitude before latitude.
 */
export declare const filter: {
  /** Records whose bin equals a string, an integer or bytes. */
  readonly equal: (bin: string, value: string | number | bigint | Uint8Array) => Filter
  /** Records whose bin, or an item of it, is an integer from `min` to `max`, both included. */
  readonly range: (bin: string, min: number | bigint, max: number | bigint, type?: IndexCollectionType) => Filter
  /** Records whose list holds an item, or whose map holds a key or a value. */
  readonly contains: (bin: string, value: string | number | bigint | Uint8Array, type: IndexCollectionType) => Filter
  /** Records whose points lie within a Polygon, MultiPolygon or AeroCircle. */
  readonly geoWithinGeoJSONRegion: (bin: string, region: GeoLike, type?: IndexCollectionType) => Filter
  /** Records whose points lie within `radius` metres of a place. */
  readonly geoWithinRadius: (
    bin: string,
    longitude: number,
    latitude: number,
    radius: number,
    type?: IndexCollectionType,
  ) => Filter
  /** Records whose regions hold a Point. */
  readonly geoContainsGeoJSONPoint: (bin: string, point: GeoLike, type?: IndexCollectionType) => Filter
  /** Records whose regions hold a place. */
  readonly geoContainsPoint: (bin: string, longitude: number, latitude: number, type?: IndexCollectionType) => Filter
}
/** The lookups of aerospike-py by name, with its order of arguments: latitude before longitude, the type before the value. */
export declare const predicates: {
  /** As `filter.equal`. */
  readonly equals: (bin: string, value: string | number | bigint | Uint8Array) => Filter
  /** As `filter.range`. */
  readonly between: (bin: string, min: number | bigint, max: number | bigint) => Filter
  /** As `filter.contains`, with the type before the value. */
  readonly contains: (bin: string, type: IndexCollectionType, value: string | number | bigint | Uint8Array) => Filter
  /** As `filter.geoWithinGeoJSONRegion`. */
  readonly geoWithinGeojsonRegion: (bin: string, region: GeoLike) => Filter
  /** As `filter.geoWithinRadius`, with the latitude before the longitude. */
  readonly geoWithinRadius: (bin: string, latitude: number, longitude: number, radius: number) => Filter
  /** As `filter.geoContainsGeoJSONPoint`. */
  readonly geoContainsGeojsonPoint: (bin: string, point: GeoLike) => Filter
}

/**
 * Which partitions a query reads: one by number, a range of `count` from `begin`, or the records that follow a key (or a
 * digest) in its partition, in the order of digests.
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

/** Connections of a node, by what they do. */
export interface ConnectionStats {
  /** They carry commands. */
  readonly inUse: number
  /** They wait for commands. */
  readonly idle: number
  /** They are being opened. */
  readonly opening: number
  /** Their command has timed out; what the server still answers is read and thrown away, to use them again. */
  readonly recovering: number
  /** As many as there may be: `maxConnsPerNode`. */
  readonly limit: number
  /** Opened since the client connected. */
  readonly opened: number
  /** Closed, by the reason. */
  readonly closed: {
    readonly error: number
    readonly idle: number
    readonly poolOverflow: number
    readonly nodeRemoved: number
    readonly other: number
  }
  /** Could not be opened, by the reason. */
  readonly failed: {
    readonly timeout: number
    readonly connect: number
    readonly tls: number
    readonly auth: number
  }
  /** How often a command found none idle. */
  readonly poolEmpty: number
}
/** What each command is counted for once more; see `setMetricsEnabled`. */
export interface NodeDetails {
  /** Attempts that were made once more. */
  readonly retries: number
  /** Commands that have failed for good. */
  readonly errors: number
  /** Attempts that the circuit breaker refused. */
  readonly refused: number
  /** Bytes sent for commands. */
  readonly bytesSent: number
  /** Bytes received for them. */
  readonly bytesReceived: number
}
/** A node of the cluster. */
export interface NodeStats {
  /** Its name, such as `BB9020011AC4202`. */
  readonly name: string
  /** `host:port`. */
  readonly address: string
  readonly connections: ConnectionStats
  /** How often it was asked for the cluster's state, how often without an answer, and how often the map has changed. */
  readonly tends: {
    readonly succeeded: number
    readonly failed: number
    readonly partitionMapUpdates: number
  }
  /** Errors that count towards the circuit breaker now, and at how many it opens; 0: never. */
  readonly circuitBreaker: {
    readonly errors: number
    readonly limit: number
    readonly open: boolean
  }
  /** Only while `setMetricsEnabled(true, { details: true })` holds; counted since then. */
  readonly details?: NodeDetails
}
/** What a client does. */
export interface ClientStats {
  /** Commands that run, that wait for their turn, and that may run at once. */
  readonly commands: {
    readonly inFlight: number
    readonly queued: number
    readonly limit: number
  }
  /** Open queries and other streams. */
  readonly streams: number
  /** Peers that were found and could not be used. */
  readonly invalidPeers: number
  /** Connections of all nodes together. */
  readonly connections: Pick<ConnectionStats, 'inUse' | 'idle' | 'opening' | 'recovering' | 'limit'>
  /** The cluster's nodes, in the order of their names. */
  readonly nodes: readonly NodeStats[]
}

/** A node of the cluster. */
export interface ClusterNode {
  /** Its name, such as `BB9020011AC4202`. */
  readonly name: string
  /** Where the client reaches it, as `host:port`. */
  readonly address: string
  /** The server's version, such as `8.1.2.0`. Null when the node did not say it. */
  readonly version: string | null
  /** Its rack in each namespace. Null where it has none: racks are the Enterprise Edition's. */
  readonly racks: {
    readonly [namespace: string]: number
  } | null
  /** This client's connections to it. */
  readonly connections: ConnectionStats
  /** Why the node did not answer; null when it did. */
  readonly error: AerospikeError | null
}

/** The node that an event is about. */
export interface EventNode {
  /** Its name, such as `BB9020011AC4202`. */
  readonly name: string
  /** Where the client reaches it, as `host:port`. */
  readonly address: string
}
/** A node that did not answer when it was asked for the cluster's state. */
export interface TendFailure extends EventNode {
  /** How often in a row. With five the client gives up a node that no other vouches for. */
  readonly failures: number
}
/** The events of `Client`, and what listeners get. */
export interface ClusterEvents {
  /** A node has joined the cluster, or has come back. Those that `connect` finds are not told. */
  nodeAdded: [node: EventNode]
  /** A node has left the cluster. */
  nodeRemoved: [node: EventNode]
  /** The last node is gone. The client goes on looking at its seeds. */
  disconnected: []
  /** There is a node again. */
  reconnected: []
  /** A node did not answer the question for the cluster's state. */
  tendError: [failure: TendFailure]
}
/** The part of `Client` that tells what happens to the cluster, as an `EventEmitter` of `ClusterEvents`. */
declare abstract class ClusterEmitter extends EventEmitter<ClusterEvents> {}

/**
 * The constants of aerospike-py for lists, maps, bits and HyperLogLogs, by name. Flags that are combined with `|` are the
 * server's own numbers, the same in every client. All else is a string, so that no index, count or size can pass for it.
 */
/** Return nothing. */
export declare const LIST_RETURN_NONE = 'none'
/** Return the index, or indexes. */
export declare const LIST_RETURN_INDEX = 'index'
/** Return the index counted from the end. */
export declare const LIST_RETURN_REVERSE_INDEX = 'reverse-index'
/** Return the rank, 0 being the smallest value. */
export declare const LIST_RETURN_RANK = 'rank'
/** Return the rank counted from the greatest value. */
export declare const LIST_RETURN_REVERSE_RANK = 'reverse-rank'
/** Return how many items were selected. */
export declare const LIST_RETURN_COUNT = 'count'
/** Return the value, or a list of values. */
export declare const LIST_RETURN_VALUE = 'value'
/** Return whether anything was selected. */
export declare const LIST_RETURN_EXISTS = 'exists'
/** Items keep the order they were written in (default). */
export declare const LIST_UNORDERED = 'unordered'
/** Items are kept sorted. */
export declare const LIST_ORDERED = 'ordered'
/** Sort ascending. */
export declare const LIST_SORT_DEFAULT = 0
/** Sort descending. */
export declare const LIST_SORT_DESCENDING = 1
/** Drop duplicates while sorting. */
export declare const LIST_SORT_DROP_DUPLICATES = 2
/** Duplicates are allowed, and items beyond the end (default). */
export declare const LIST_WRITE_DEFAULT = 0
/** Only values that the list does not have yet. */
export declare const LIST_WRITE_ADD_UNIQUE = 1
/** Only at indexes within the list. */
export declare const LIST_WRITE_INSERT_BOUNDED = 2
/** Do nothing, rather than fail, where a flag forbids a write. */
export declare const LIST_WRITE_NO_FAIL = 4
/** With NO_FAIL: write those of several items that no flag forbids. */
export declare const LIST_WRITE_PARTIAL = 8
/** Return nothing. */
export declare const MAP_RETURN_NONE = 'none'
/** Return the index in the order of keys. */
export declare const MAP_RETURN_INDEX = 'index'
/** Return the index counted from the greatest key. */
export declare const MAP_RETURN_REVERSE_INDEX = 'reverse-index'
/** Return the rank, 0 being the smallest value. */
export declare const MAP_RETURN_RANK = 'rank'
/** Return the rank counted from the greatest value. */
export declare const MAP_RETURN_REVERSE_RANK = 'reverse-rank'
/** Return how many entries were selected. */
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
/** Entries are kept in the order of keys, and their ranks in that of values. */
export declare const MAP_KEY_VALUE_ORDERED = 'key-value-ordered'
/** Create or replace entries (default). */
export declare const MAP_WRITE_FLAGS_DEFAULT = 0
/** Only keys that the map does not have yet. */
export declare const MAP_WRITE_FLAGS_CREATE_ONLY = 1
/** Only keys that the map has. */
export declare const MAP_WRITE_FLAGS_UPDATE_ONLY = 2
/** Do nothing, rather than fail, where a flag forbids a write. */
export declare const MAP_WRITE_FLAGS_NO_FAIL = 4
/** With NO_FAIL: write those of several entries that no flag forbids. */
export declare const MAP_WRITE_FLAGS_PARTIAL = 8
/** The mode that creates or replaces entries (default). */
export declare const MAP_UPDATE = 'update'
/** The mode that replaces entries only. */
export declare const MAP_UPDATE_ONLY = 'update-only'
/** The mode that creates entries only. */
export declare const MAP_CREATE_ONLY = 'create-only'
/** Create or change the bin (default). */
export declare const BIT_WRITE_DEFAULT = 0
/** Only where the bin does not exist. */
export declare const BIT_WRITE_CREATE_ONLY = 1
/** Only where the bin exists. */
export declare const BIT_WRITE_UPDATE_ONLY = 2
/** Do nothing, rather than fail, where a flag forbids the write. */
export declare const BIT_WRITE_NO_FAIL = 4
/** With NO_FAIL: change the bits that exist. */
export declare const BIT_WRITE_PARTIAL = 8
/** Add or remove bytes at the end (default). */
export declare const BIT_RESIZE_DEFAULT = 'default'
/** Add or remove bytes at the front. */
export declare const BIT_RESIZE_FROM_FRONT = 'from-front'
/** Only grow. */
export declare const BIT_RESIZE_GROW_ONLY = 'grow-only'
/** Only shrink. */
export declare const BIT_RESIZE_SHRINK_ONLY = 'shrink-only'
/** Fail where the result does not fit its bits (default). */
export declare const BIT_OVERFLOW_FAIL = 'fail'
/** Take the nearest number that fits. */
export declare const BIT_OVERFLOW_SATURATE = 'saturate'
/** Wrap around. */
export declare const BIT_OVERFLOW_WRAP = 'wrap'
/** Create or change the bin (default). */
export declare const HLL_WRITE_DEFAULT = 0
/** Only where the bin does not exist. */
export declare const HLL_WRITE_CREATE_ONLY = 1
/** Only where the bin exists. */
export declare const HLL_WRITE_UPDATE_ONLY = 2
/** Do nothing, rather than fail, where a flag forbids the write. */
export declare const HLL_WRITE_NO_FAIL = 4
/** Let the result have the fewest index bits of all that take part. */
export declare const HLL_WRITE_ALLOW_FOLD = 8

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
/** An index on integers. */
export declare const INDEX_NUMERIC = 'numeric'
/** An index on strings. */
export declare const INDEX_STRING = 'string'
/** An index on blobs. */
export declare const INDEX_BLOB = 'blob'
/** An index on GeoJSON. */
export declare const INDEX_GEO2DSPHERE = 'geo2dsphere'
/** An index on a bin's value. */
export declare const INDEX_TYPE_DEFAULT = 'default'
/** An index on the items of a bin's list. */
export declare const INDEX_TYPE_LIST = 'list'
/** An index on the keys of a bin's map. */
export declare const INDEX_TYPE_MAPKEYS = 'mapkeys'
/** An index on the values of a bin's map. */
export declare const INDEX_TYPE_MAPVALUES = 'mapvalues'

/** Log nothing. */
export declare const LOG_LEVEL_OFF = 'off'
/** Log errors alone. */
export declare const LOG_LEVEL_ERROR = 'error'
/** Log warnings and errors. */
export declare const LOG_LEVEL_WARN = 'warn'
/** Log what happens now and then (default). */
export declare const LOG_LEVEL_INFO = 'info'
/** Log what went wrong with single commands too. */
export declare const LOG_LEVEL_DEBUG = 'debug'
/** Log all, answers of info commands included. */
export declare const LOG_LEVEL_TRACE = 'trace'
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

/** Word -> the server's number. */
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
/** What an operation or expression returns of the map entries that it selects: one of `maps.returnType`. */
export type MapReturnType = keyof typeof NUMBERS
/** What an operation or expression returns of the list items that it selects: one of `lists.returnType`. */
export type ListReturnType = Exclude<MapReturnType, 'key' | 'key-value' | 'unordered-map' | 'ordered-map'>
/** The same of everything that a range does not select. */
export type InvertedReturnType<R extends MapReturnType> = `inverted-${R}`
/** Every return type. */
export type AnyReturnType = MapReturnType | InvertedReturnType<MapReturnType>
/** A return type without its inversion. */
type NotInverted<R extends AnyReturnType> = R extends InvertedReturnType<infer Base> ? Base : R

/** A key of a map, as it is read. */
export type ReadKey = string | number | bigint | Buffer
/** A map, as it is read. */
export type ReadMap =
  | Map<ReadKey, ReadValue>
  | {
      [key: string]: ReadValue
    }
/** Return type -> what is returned of one, and of many. */
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
/** What is returned of one selected item: null where it is not there. */
type OneReturned<R extends MapReturnType> = Returned[R][0] | null
/** What is returned of selected items: null where the bin is not there. */
type ManyReturned<R extends AnyReturnType> = Returned[NotInverted<R>][1] | null
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
/** The value of an expression; flags other than DEFAULT may leave it out. */
type Evaluated<T extends ResultType, F extends number> = Evaluations[T] | (F extends 0 ? never : null)
/** What one operation answers: null where it finds nothing, `never` where it gives no answer. */
type AnswerOf<O> =
  O extends BuiltOperation<string, infer A>
    ? A
    : O extends ScalarOperation<infer C>
      ? typeof OPERATOR_READ extends C
        ? ReadValue
        : never
      : never
/** The bin that an operation names; any where it names none, or one that is known at run time only. */
type NameIn<O> =
  O extends BuiltOperation<infer B>
    ? B
    : O extends ScalarOperation<number, infer B>
      ? B extends string
        ? B
        : string
      : string
/** The bins of those operations that can answer with a value. */
type Answered<O> = O extends unknown ? ([Exclude<AnswerOf<O>, null>] extends [never] ? never : NameIn<O>) : never
/** And of those that cannot but do it. */
type Certain<O> = O extends unknown
  ? null extends AnswerOf<O>
    ? never
    : [AnswerOf<O>] extends [never]
      ? never
      : NameIn<O>
  : never
type Neutral = typeof OPERATOR_READ | typeof OPERATOR_READ_HEADER | typeof OPERATOR_TOUCH
/** What a bin holds by what else is done to it: a number where it is added to. */
type Held<O> = [O] extends [ScalarOperation<Neutral>]
  ? ReadValue
  : [O] extends [ScalarOperation<Neutral | typeof OPERATOR_INCR>]
    ? number | bigint
    : [O] extends [ScalarOperation<Neutral | typeof OPERATOR_APPEND | typeof OPERATOR_PREPEND>]
      ? string | Buffer
      : ReadValue
/** The operations on a bin, and those on the whole record. */
type On<B, O> = O extends {
  readonly bin?: B | undefined
}
  ? O
  : O extends ScalarOperation<typeof OPERATOR_DELETE>
    ? O
    : never
type ValueIn<B extends string, O, All> =
  O extends ScalarOperation<typeof OPERATOR_READ, B>
    ? Held<On<B, All>>
    : O extends {
          readonly bin?: B | undefined
        }
      ? AnswerOf<O>
      : never
/** The bins that are there for certain: an array may lack what it can hold, a tuple does not. */
type CertainIn<O extends readonly unknown[]> = number extends O['length'] ? never : Certain<O[number]>
/**
 * The bins of what `operate` gives, by its operations: those that always answer are there, the others may be missing. `Bins`
 * where a bin's name is known at run time only. Integers are told as a client reads them that has `int64: 'auto'`.
 */
export type Answers<O extends readonly Operation[]> =
  string extends Answered<O[number]>
    ? Bins
    : Flat<
        {
          [B in CertainIn<O>]: Exclude<ValueIn<B, O[number], O[number]>, null>
        } & {
          [B in Exclude<Answered<O[number]>, CertainIn<O>>]?: Exclude<ValueIn<B, O[number], O[number]>, null>
        }
      >
/** One object for an intersection of some. */
type Flat<T> = {
  [K in keyof T]: T[K]
}
declare const INFERRED: unique symbol
/** The bins' types follow from the operations. */
type Inferred = typeof INFERRED
/** The bins of what `operate` gives: as the caller says, or by its operations. */
type BinsOf<B, O extends readonly Operation[]> = [B] extends [Inferred] ? Answers<O> : B
type Ordered<O extends readonly unknown[], Done extends readonly unknown[]> = O extends readonly [infer H, ...infer T]
  ? [AnswerOf<H>] extends [never]
    ? Ordered<T, Done>
    : H extends BuiltOperation
      ? Ordered<T, [...Done, [bin: NameIn<H>, value: AnswerOf<H>]]>
      : H extends ScalarOperation<typeof OPERATOR_READ, string>
        ? Ordered<T, [...Done, [bin: NameIn<H>, value: AnswerOf<H>]]>
        : Ordered<T, [...Done, ...[bin: string, value: ReadValue][]]>
  : Done
/** What `operateOrdered` gives by its operations: `[bin, value]` for each that answers. */
export type OrderedAnswers<O extends readonly Operation[]> = number extends O['length']
  ? [bin: string, value: ReadValue][]
  : Ordered<O, []>

/** The part of `Client` that is about single records. */
declare abstract class Records extends ClusterEmitter {
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
   * answer that is not null. The compiler tells the bins' types by the operations; `operate<B>` says them instead.
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<AerospikeRecord<BinsOf<B, O>>>
  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): Promise<OrderedResults<OrderedAnswers<O>>>
  /**
   * Applies a function of a registered module to a record, on the server that holds it, and gives its result. A record that
   * does not exist is given to the function as a new one.
   * @param module - its name, with or without `.lua`
   * @throws UDFError, with the function's message and its line
   */
  apply(
    key: KeyLike,
    module: string,
    fn: string,
    args?: readonly Value[] | null,
    policy?: WritePolicy,
  ): Promise<ReadValue>
}

/** The part of `Client` that is about many records. */
declare abstract class Batches extends Records {
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
   * Writes many records, each with bins of its own. Rows are as those of single writes: other bins stay, null removes a
   * bin, `meta.gen` writes only if the record has this generation.
   *
   * A row that fails does not fail the others; the call rejects only when no row has an answer. Nothing is sent twice
   * unless `maxRetries` says so.
   * @param records - `{ key, bins, meta?, policy? }` each
   * @param policy - the batch's, and what holds for all of its rows (`exists`, `ttl`, `key` ...)
   * @throws InvalidArgError when one of the records is wrong, by its place: then none is written
   */
  batchWrite(records: readonly BatchWriteRecord[], policy?: BatchWritePolicy): Promise<BatchRecords>
  /**
   * Carries out the same operations on many records, on each in order and as one. A row's `record` holds the answers as
   * that of `operate` does. Operations that all read are carried out as reads: they are repeated as such, and never in
   * doubt.
   * @param policy - the batch's, and what holds for all of its rows (`ttl`, `exists` ...)
   */
  batchOperate<B = Bins>(
    keys: readonly KeyLike[],
    ops: readonly Operation[],
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords<B>>
  /**
   * Deletes many records. A record that is not there is a row with result code 2, and no failure.
   * @param policy - the batch's, and what holds for all of its rows (`durableDelete` ...)
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): Promise<BatchRecords>
  /**
   * Calls a registered function on many records. A row's `result` is what it returned; where it failed, `error` is a
   * UDFError with the function's own message.
   * @param module - with or without `.lua`
   * @param policy - the batch's, and what holds for all of its rows (`ttl` ...)
   */
  batchApply(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Value[] | null,
    policy?: BatchWritePolicy,
  ): Promise<BatchRecords>
  /**
   * Reads, writes, operates, deletes and calls functions in one request for each node: each row says what it does.
   * `batchRow` builds rows; plain objects `{ type: 'read', key, bins }` do as well.
   *
   * Rows of one batch have no order among each other, whatever records they are about.
   * @param policy - the batch's, and what holds for all rows that write
   * @throws InvalidArgError when one of the rows is wrong, by its place: then none is carried out
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): Promise<BatchRecords<B>>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   * @param keys - keys, or a column of user keys `{ ns, set, ids }`, of which no object is made
   * @param schema - bin name -> type of its column
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: ColumnsPolicy): Promise<Columns<S>>
  /**
   * Writes many records from columns: a record for each key, a bin for each column. Rust makes the rows of the columns'
   * bytes; no object is made of a row.
   *
   * A row that fails does not fail the call: its code and error are in the result, and whether it may have been written all
   * the same. Writes are not sent again by themselves.
   * @param data - namespace, set, keys, columns, and which rows have values
   * @throws InvalidArgError before anything is sent, by name: columns of another length than the keys, memory that is detached
   * or shared, types that do not fit the schema
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): Promise<WrittenRows>
}

/** The part of `Client` that is not about records. */
declare abstract class Management extends Batches {
  #private
  /**
   * The nodes that the client knows, in the order of their names: address, version, racks and connections. It asks each of them; one that does
   * not answer is there with its `error`.
   * @throws ClientError when the client is not connected
   */
  nodes(policy?: AdminPolicy): Promise<ClusterNode[]>
  /**
   * Begins a secondary index on a bin or on what an expression gives (8.1 and later). Queries can use it when the task has
   * ended; with `{ wait: true }` the call returns only then. An index of this name that exists already is refused, whatever
   * its definition.
   * @throws IndexFoundError, InvalidArgError
   */
  createIndex(options: IndexOptions, policy?: TaskPolicy): Promise<Task>
  /**
   * Begins an index on integers; see `createIndex`.
   * @throws IndexFoundError
   */
  createIntegerIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Begins an index on strings; see `createIndex`.
   * @throws IndexFoundError
   */
  createStringIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Begins an index on blobs (7.0 and later); see `createIndex`.
   * @throws IndexFoundError
   */
  createBlobIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Begins an index on GeoJSON; see `createIndex`.
   * @throws IndexFoundError
   */
  createGeo2DSphereIndex(options: BinIndex, policy?: TaskPolicy): Promise<Task>
  /**
   * Begins an index of a set's records, which makes scans of a small set in a large namespace fast (8.1.2 and later).
   * @throws IndexFoundError
   */
  createSetIndex(options: SetIndex, policy?: TaskPolicy): Promise<Task>
  /** `createIntegerIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexIntegerCreate(ns: string, set: string | null, bin: string, index: string, policy?: TaskPolicy): Promise<Task>
  /** `createStringIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexStringCreate(ns: string, set: string | null, bin: string, index: string, policy?: TaskPolicy): Promise<Task>
  /** `createBlobIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexBlobCreate(ns: string, set: string | null, bin: string, index: string, policy?: TaskPolicy): Promise<Task>
  /** `createGeo2DSphereIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexGeo2dsphereCreate(ns: string, set: string | null, bin: string, index: string, policy?: TaskPolicy): Promise<Task>
  /**
   * Removes a secondary index; the task ends when every node has forgotten it.
   * @throws IndexNotFound
   */
  indexRemove(ns: string, index: string, policy?: TaskPolicy): Promise<Task>
  /** The secondary indexes of a namespace; of all without one. */
  indexList(ns?: string | null, policy?: AdminPolicy): Promise<IndexInfo[]>
  /**
   * Registers a module of Lua functions: a file by its path or URL, or `{ name: 'x.lua', source }`. One of the same name is
   * replaced. The task ends when every node has it.
   * @throws UDFError when it does not compile, with line and reason; InvalidArgError
   */
  udfRegister(module: UdfSource, policy?: TaskPolicy): Promise<Task>
  /** `udfRegister` by aerospike-py's name. Waits for the module, unless `policy.wait` is false. */
  udfPut(module: UdfSource, policy?: TaskPolicy | null): Promise<Task>
  /** The same with aerospike-py's arguments: 0 is its number for Lua, the only language. */
  udfPut(module: UdfSource, udfType: 0, policy?: TaskPolicy | null): Promise<Task>
  /** Removes a module, by its name with or without `.lua`. One that is not there is no error, as on the server. */
  udfRemove(module: string, policy?: TaskPolicy): Promise<Task>
  /** The registered modules. */
  udfList(policy?: AdminPolicy): Promise<UdfInfo[]>
  /**
   * The source of a module.
   * @throws UDFError when there is none of this name
   */
  udfGet(module: string, policy?: AdminPolicy): Promise<string>
  /**
   * Removes all records of a set, or of the whole namespace where the set is null. The server does so at once and without
   * tombstones. A set that it does not know is no error.
   * @param before - only those written before this moment: nanoseconds since 1970, or a Date; 0 means now. Default: now
   * @throws InvalidArgError, for a moment in the future too
   */
  truncate(ns: string, set: string | null, before?: bigint | 0 | Date | null, policy?: AdminPolicy): Promise<void>
  /** The names of the namespaces. */
  namespaces(policy?: AdminPolicy): Promise<string[]>
  /** The sets of a namespace, of all without one, with their records over all nodes. */
  sets(ns?: string | null, policy?: AdminPolicy): Promise<SetInfo[]>
  /** The servers' build, such as `8.1.2.0`; the lowest where they differ. */
  build(policy?: AdminPolicy): Promise<string>
  /** What every node can do, such as `pquery`. */
  features(policy?: AdminPolicy): Promise<string[]>
}

/**
 * The results of an aggregation, with `for await`, or with `results()` and `first()`. Each of these runs it. Most
 * aggregations have one result; one over no records has none, or that of its `aggregate` over nothing.
 *
 * @throws UDFError: the module or function is not there, or failed, on a server or here; what a query throws besides
 */
export declare class Aggregation<T = ReadValue> implements AsyncIterable<T> {
  #private;
  /** Runs it. */
  [Symbol.asyncIterator](): RowStream<T>
  /** Runs it: the results as a stream, also for an `await using` declaration. */
  stream(): RowStream<T>
  /** Runs it: all results, in one array. */
  results(): Promise<T[]>
  /** Runs it: the first result, or null where there is none. The rest is not waited for. */
  first(): Promise<T | null>
}
/** As `Aggregation`, blocking. */
export declare class AggregationSync<T = ReadValue> implements Iterable<T> {
  #private;
  /** Runs it. */
  [Symbol.iterator](): RowStreamSync<T>
  /** Runs it: the results as a stream, also for a `using` declaration. */
  stream(): RowStreamSync<T>
  /** Runs it: all results, in one array. */
  results(): T[]
  /** Runs it: the first result, or null where there is none. */
  first(): T | null
}

/** How long a query is expected to take: `short` is for fewer than a hundred records a node. */
export type QueryDuration = 'long' | 'short' | 'long-relax-ap'
/** One page of a query. */
export interface Page<B> {
  /** Its records. */
  readonly records: AerospikeRecord<B>[]
  /**
   * Where the next page begins, for `pages(n, cursor)` here or in another process; null after the last page. It belongs
   * to this query: namespace, set, `where`, `filter` and `partitions` must be the same.
   */
  readonly cursor: string | null
}
/** How a query is put together. Each method changes the query and returns it. */
declare abstract class QueryBuilder {
  #private
  /** Reads these bins alone. Without a name: no bins, only key, generation and lifetime. */
  select(...bins: (string | readonly string[])[]): this
  /** Reads what an index holds, instead of the whole set. A query takes one `where`; `filter` does for the rest. */
  where(where: Filter): this
  /**
   * Leaves records out for which this expression is not true. Several filters, those of policies included, must all be
   * true.
   */
  filter(expression: Condition): this
  /**
   * Reads what these operations answer instead of bins: only operations that read. Other than plain reads need server
   * 8.1.2. A bin for which several operations answer holds the last answer.
   */
  operations(...operations: (Operation | readonly Operation[])[]): this
  /** Reads some partitions alone, of the 4096 that a namespace has. */
  partitions(partitions: Partitions): this
  /** Gives so many records at most; 0 for all. */
  maxRecords(most: number): this
  /** Bounds the records that each node sends a second; 0 for no bound. */
  recordsPerSecond(rate: number): this
  /** Says how long it is expected to take. Default `long`. */
  expectedDuration(duration: QueryDuration): this
  /** How it is carried out. What a later call says comes first; a filter adds to those before it. */
  policy(policy: QueryPolicy): this
  /** The error of what was run, with what to do about it where that is known. */
  protected explained(error: unknown): unknown
}

/** How a query is read into columns. */
export interface QueryColumnsPolicy extends QueryPolicy {
  /** Rows of a chunk at most, 1 to 1048576; fewer where the strings and bytes of a chunk exceed 16 MiB. Default 8192. */
  chunkRows?: number
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
}
/**
 * The chunks of columns of a query, with `for await`. Leaving the loop in any way ends what runs for it on the servers, and
 * so do `return()`, `await using`, and a `signal`. Chunks that were given stay as they are.
 */
export declare class ColumnStream<S extends Schema = Schema>
  implements AsyncIterableIterator<Columns<S>, undefined, undefined>, AsyncDisposable
{
  #private;
  [Symbol.asyncIterator](): this
  /** The next chunk. */
  next(): Promise<IteratorResult<Columns<S>, undefined>>
  /** Ends the stream. */
  return(): Promise<IteratorResult<Columns<S>, undefined>>
  [Symbol.asyncDispose](): Promise<void>
}
/** The chunks of columns of a blocking query, with `for`. */
export declare class ColumnStreamSync<S extends Schema = Schema>
  implements IterableIterator<Columns<S>, undefined, undefined>, Disposable
{
  #private;
  [Symbol.iterator](): this
  /** The next chunk. */
  next(): IteratorResult<Columns<S>, undefined>
  /** Ends the stream. */
  return(): IteratorResult<Columns<S>, undefined>
  [Symbol.dispose](): void
}

/**
 * A query: what is asked for, put together by its methods, and run by `for await`, `results()` and their like, as often as
 * wanted. Without `where` it reads a whole set, or a whole namespace: a scan.
 *
 * ```ts
 * for await (const { key, bins } of client.query('test', 'users').where(filter.range('age', 18, 30))) ...
 * ```
 *
 * A loop that is slow is not overrun: the client reads no further ahead than a bounded buffer. Leaving the loop in any way
 * ends the query on the servers. While one is read, each record is given once, whatever becomes of the nodes; or the loop
 * throws.
 *
 * @throws InvalidArgError, IndexNotFound, QueryError, ServerError, ClusterError, AerospikeTimeoutError, AbortError
 */
export declare class Query<B = Bins> extends QueryBuilder implements AsyncIterable<AerospikeRecord<B>> {
  #private;
  /** Runs it. */
  [Symbol.asyncIterator](): RowStream<AerospikeRecord<B>>
  /** Runs it: the records, with `for await`, as chunks, or in an `await using` declaration. */
  stream(policy?: QueryPolicy | null): RowStream<AerospikeRecord<B>>
  /** Runs it: all records, in one array. */
  results(policy?: QueryPolicy | null): Promise<AerospikeRecord<B>[]>
  /** Runs it: one record, or null where there is none. Which one is not defined. */
  first(policy?: QueryPolicy | null): Promise<AerospikeRecord<B> | null>
  /** Runs it: how many records there are. No bins are sent, and no rows reach JavaScript. */
  count(policy?: QueryPolicy | null): Promise<number>
  /**
   * Runs it: calls `each` with every record, one after the other. What it returns is awaited where it is a promise; false
   * ends the query.
   */
  foreach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): Promise<void>
  /**
   * Runs it: chunks of columns, typed arrays that are views of one memory; no object is made for a row. A bin that does not
   * fit its column is that row's error, as in `batchReadColumns`.
   *
   * ```ts
   * for await (const { columns, length } of query.columns({ age: 'u8', name: 'utf8' })) ...
   * ```
   *
   * @param schema - bin name -> type of its column; the query reads these bins alone, or what its operations give under
   * these names; servers leave out records that have none of them
   * @param policy - with `chunkRows`, rows of a chunk at most (default 8192), and `wrap`
   * @throws InvalidArgError at once for what is wrong in schema and policy
   */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStream<S>
  /**
   * Runs it page by page, of `size` records but for the last one. Between two pages nothing is held on the servers. A page's
   * cursor goes on from behind it, in this process or another.
   *
   * ```ts
   * for await (const { records, cursor } of query.pages(100, cursorOfTheLastRequest)) { ... break }
   * ```
   */
  pages(size: number, cursor?: string | null, policy?: QueryPolicy | null): AsyncGenerator<Page<B>, void, undefined>
  /**
   * An aggregation: applies a function of a registered module to the streams of records that the servers find, and
   * reduces here, by the same module, what they made of them. The module is taken from the servers with each run; its
   * part that runs here, on a thread of its own, has no files and no programs, and 256 MiB. It runs when its results
   * are asked for, and is not sent again when a node is lost.
   *
   * ```ts
   * const total = await client.query('test', 'orders').aggregate('stats', 'sum', ['price']).first()
   * ```
   */
  aggregate<T = ReadValue>(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: QueryPolicy | null,
  ): Aggregation<T>
  /**
   * Begins a background job: calls a user-defined function with each record, on the servers. Nothing is sent back; the
   * task tells how far it is.
   * @throws UDFError, IndexNotFound; in doubt where some of several nodes may have begun
   */
  apply(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: JobPolicy | null,
  ): Promise<JobTask>
  /** The same as `apply`, by the official client's name. */
  background(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: JobPolicy | null,
  ): Promise<JobTask>
  /** Begins a background job: carries operations that write out on each record, on the servers. */
  operate(operations: readonly Operation[], policy?: JobPolicy | null): Promise<JobTask>
  /**
   * Runs it: the records as a stream of Node.js, in object mode. Destroying it ends the query; a `signal` destroys it with
   * AbortError.
   */
  toReadable(policy?: QueryPolicy | null): Readable
}

/** How a client is closed. */
export interface CloseOptions {
  /** ms that commands in flight may still take; then they end with ClientError. Default 5000. */
  timeout?: number
}
/** How a client is connected. */
export type ConnectOptions = Pick<CallOptions, 'signal'>
/**
 * A client of one cluster.
 *
 * Every call gives a promise that settles exactly once, within its `totalTimeout`. Wrong arguments reject it at once with
 * InvalidArgError, and nothing is sent.
 */
export declare class Client extends Management implements AsyncDisposable {
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
  connect(user?: string | null, password?: string | null, options?: ConnectOptions): Promise<this>
  /** Whether the client has a node that it can use. */
  isConnected(): boolean
  /** The names of the nodes that the client knows. */
  getNodeNames(): string[]
  /**
   * What the client does at the moment, and what became of its connections.
   * @throws ClientError when it is not connected
   */
  stats(): ClientStats
  /**
   * Closes the client: new calls are refused, what runs may end, what is left after `timeout` ms ends with ClientError.
   * Calling it again gives the same promise.
   */
  close(options?: CloseOptions): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
  /**
   * The rows of a batch in the order in which they arrive, each with its `index`: the first are there while others are
   * still under way, and no more of them are in memory than a bounded number, because nodes whose rows nobody takes are
   * not read. Leaving the loop ends the batch; rows that write and were not answered by then are in doubt.
   *
   * It has no time limit unless `totalTimeout` sets one, which counts the time that the loop's body takes too. It throws
   * when no row has an answer.
   * @throws InvalidArgError at once, when one of the rows is wrong, by its place
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStream<BatchRow<B>>
  /**
   * A query of a set, or of a whole namespace: put together by its methods, run by `for await`, `results()` and their like.
   * @throws InvalidArgError for names that are none
   */
  query<B = Bins>(namespace: string, set?: string | null): Query<B>
  /** A background job that was begun before, here or in another process, by its number. */
  job(id: bigint): JobTask
  /** The same as `query`: a query without `where` is a scan. */
  scan<B = Bins>(namespace: string, set?: string | null): Query<B>
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
export declare function connect(config?: ClientConfig, options?: ConnectOptions): Promise<Client>

/** The part of `ClientSync` that is about single records. */
declare abstract class RecordsSync {
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
   * answer that is not null. The compiler tells the bins' types by the operations; `operate<B>` says them instead.
   */
  operate<B = Inferred, const O extends readonly Operation[] = readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): AerospikeRecord<BinsOf<B, O>>
  /** As `operate`, with each answer in order: one `[bin, value]` for each operation that reads. */
  operateOrdered<const O extends readonly Operation[]>(
    key: KeyLike,
    ops: O,
    meta?: WriteMeta | null,
    policy?: WritePolicy,
  ): OrderedResults<OrderedAnswers<O>>
  /**
   * Applies a function of a registered module to a record; see `Client.apply`.
   * @throws UDFError
   */
  apply(key: KeyLike, module: string, fn: string, args?: readonly Value[] | null, policy?: WritePolicy): ReadValue
}

/** The part of `ClientSync` that is about many records. */
declare abstract class BatchesSync extends RecordsSync {
  /**
   * Reads many records. A row that fails does not fail the others; the call throws only when no row has an answer.
   * @param bins - those to read; default all; an empty list asks for existence only
   */
  batchRead<B = Bins>(keys: readonly KeyLike[], bins?: readonly string[] | null, policy?: BatchPolicy): BatchRecords<B>
  /**
   * Writes many records, each with bins of its own. Rows are as those of single writes: other bins stay, null removes a
   * bin, `meta.gen` writes only if the record has this generation.
   *
   * A row that fails does not fail the others; the call throws only when no row has an answer. Nothing is sent twice
   * unless `maxRetries` says so.
   * @param records - `{ key, bins, meta?, policy? }` each
   * @param policy - the batch's, and what holds for all of its rows (`exists`, `ttl`, `key` ...)
   * @throws InvalidArgError when one of the records is wrong, by its place: then none is written
   */
  batchWrite(records: readonly BatchWriteRecord[], policy?: BatchWritePolicy): BatchRecords
  /**
   * Carries out the same operations on many records, on each in order and as one. A row's `record` holds the answers as
   * that of `operate` does. Operations that all read are carried out as reads: they are repeated as such, and never in
   * doubt.
   * @param policy - the batch's, and what holds for all of its rows (`ttl`, `exists` ...)
   */
  batchOperate<B = Bins>(
    keys: readonly KeyLike[],
    ops: readonly Operation[],
    policy?: BatchWritePolicy,
  ): BatchRecords<B>
  /**
   * Deletes many records. A record that is not there is a row with result code 2, and no failure.
   * @param policy - the batch's, and what holds for all of its rows (`durableDelete` ...)
   */
  batchRemove(keys: readonly KeyLike[], policy?: BatchWritePolicy): BatchRecords
  /**
   * Calls a registered function on many records. A row's `result` is what it returned; where it failed, `error` is a
   * UDFError with the function's own message.
   * @param module - with or without `.lua`
   * @param policy - the batch's, and what holds for all of its rows (`ttl` ...)
   */
  batchApply(
    keys: readonly KeyLike[],
    module: string,
    fn: string,
    args?: readonly Value[] | null,
    policy?: BatchWritePolicy,
  ): BatchRecords
  /**
   * Reads, writes, operates, deletes and calls functions in one request for each node: each row says what it does.
   * `batchRow` builds rows; plain objects `{ type: 'read', key, bins }` do as well.
   *
   * Rows of one batch have no order among each other, whatever records they are about.
   * @param policy - the batch's, and what holds for all rows that write
   * @throws InvalidArgError when one of the rows is wrong, by its place: then none is carried out
   */
  batch<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): BatchRecords<B>
  /**
   * Reads many records into columns: typed arrays that are views of one buffer. A value that does not fit its column fails
   * its row (result code 12), as a missing record does (2); a missing bin has no validity bit.
   * @param keys - keys, or a column of user keys `{ ns, set, ids }`, of which no object is made
   * @param schema - bin name -> type of its column
   */
  batchReadColumns<const S extends Schema>(keys: KeysLike, schema: S, policy?: ColumnsPolicy): Columns<S>
  /**
   * Writes many records from columns: a record for each key, a bin for each column. Rust makes the rows of the columns'
   * bytes; no object is made of a row.
   *
   * A row that fails does not fail the call: its code and error are in the result, and whether it may have been written all
   * the same. Writes are not sent again by themselves.
   * @param data - namespace, set, keys, columns, and which rows have values
   * @throws InvalidArgError before anything is sent, by name: columns of another length than the keys, memory that is detached
   * or shared, types that do not fit the schema
   */
  batchWriteColumns(data: WriteColumns, policy?: BatchWritePolicy): WrittenRows
}

/** The part of `ClientSync` that is not about records. */
declare abstract class ManagementSync extends BatchesSync {
  #private
  /**
   * The nodes that the client knows, in the order of their names: address, version, racks and connections. It asks each of them; one that does
   * not answer is there with its `error`.
   * @throws ClientError when the client is not connected
   */
  nodes(policy?: AdminPolicy): ClusterNode[]
  /**
   * Begins a secondary index on a bin or on what an expression gives (8.1 and later). Queries can use it when the task has
   * ended; with `{ wait: true }` the call returns only then. An index of this name that exists already is refused, whatever
   * its definition.
   * @throws IndexFoundError, InvalidArgError
   */
  createIndex(options: IndexOptions, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Begins an index on integers; see `createIndex`.
   * @throws IndexFoundError
   */
  createIntegerIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Begins an index on strings; see `createIndex`.
   * @throws IndexFoundError
   */
  createStringIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Begins an index on blobs (7.0 and later); see `createIndex`.
   * @throws IndexFoundError
   */
  createBlobIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Begins an index on GeoJSON; see `createIndex`.
   * @throws IndexFoundError
   */
  createGeo2DSphereIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync
  /**
   * Begins an index of a set's records, which makes scans of a small set in a large namespace fast (8.1.2 and later).
   * @throws IndexFoundError
   */
  createSetIndex(options: SetIndex, policy?: BlockingTaskPolicy): TaskSync
  /** `createIntegerIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexIntegerCreate(ns: string, set: string | null, bin: string, index: string, policy?: BlockingTaskPolicy): TaskSync
  /** `createStringIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexStringCreate(ns: string, set: string | null, bin: string, index: string, policy?: BlockingTaskPolicy): TaskSync
  /** `createBlobIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexBlobCreate(ns: string, set: string | null, bin: string, index: string, policy?: BlockingTaskPolicy): TaskSync
  /** `createGeo2DSphereIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexGeo2dsphereCreate(
    ns: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync
  /**
   * Removes a secondary index; the task ends when every node has forgotten it.
   * @throws IndexNotFound
   */
  indexRemove(ns: string, index: string, policy?: BlockingTaskPolicy): TaskSync
  /** The secondary indexes of a namespace; of all without one. */
  indexList(ns?: string | null, policy?: AdminPolicy): IndexInfo[]
  /**
   * Registers a module of Lua functions: a file by its path or URL, or `{ name: 'x.lua', source }`. One of the same name is
   * replaced. The task ends when every node has it.
   * @throws UDFError when it does not compile, with line and reason; InvalidArgError
   */
  udfRegister(module: UdfSource, policy?: BlockingTaskPolicy): TaskSync
  /** `udfRegister` by aerospike-py's name. Waits for the module, unless `policy.wait` is false. */
  udfPut(module: UdfSource, policy?: BlockingTaskPolicy | null): TaskSync
  /** The same with aerospike-py's arguments: 0 is its number for Lua, the only language. */
  udfPut(module: UdfSource, udfType: 0, policy?: BlockingTaskPolicy | null): TaskSync
  /** Removes a module, by its name with or without `.lua`. One that is not there is no error, as on the server. */
  udfRemove(module: string, policy?: BlockingTaskPolicy): TaskSync
  /** The registered modules. */
  udfList(policy?: AdminPolicy): UdfInfo[]
  /**
   * The source of a module.
   * @throws UDFError when there is none of this name
   */
  udfGet(module: string, policy?: AdminPolicy): string
  /**
   * Removes all records of a set, or of the whole namespace where the set is null. The server does so at once and without
   * tombstones. A set that it does not know is no error.
   * @param before - only those written before this moment: nanoseconds since 1970, or a Date; 0 means now. Default: now
   * @throws InvalidArgError, for a moment in the future too
   */
  truncate(ns: string, set: string | null, before?: bigint | 0 | Date | null, policy?: AdminPolicy): void
  /** The names of the namespaces. */
  namespaces(policy?: AdminPolicy): string[]
  /** The sets of a namespace, of all without one, with their records over all nodes. */
  sets(ns?: string | null, policy?: AdminPolicy): SetInfo[]
  /** The servers' build, such as `8.1.2.0`; the lowest where they differ. */
  build(policy?: AdminPolicy): string
  /** What every node can do, such as `pquery`. */
  features(policy?: AdminPolicy): string[]
}

/** As `Query`, blocking: its records come with `for`. */
export declare class QuerySync<B = Bins> extends QueryBuilder implements Iterable<AerospikeRecord<B>> {
  #private;
  /** Runs it. */
  [Symbol.iterator](): RowStreamSync<AerospikeRecord<B>>
  /** Runs it: the records, with `for`, as chunks, or in a `using` declaration. */
  stream(policy?: QueryPolicy | null): RowStreamSync<AerospikeRecord<B>>
  /** Runs it: all records, in one array. */
  results(policy?: QueryPolicy | null): AerospikeRecord<B>[]
  /** Runs it: one record, or null where there is none. Which one is not defined. */
  first(policy?: QueryPolicy | null): AerospikeRecord<B> | null
  /** Runs it: how many records there are. */
  count(policy?: QueryPolicy | null): number
  /** Runs it: calls `each` with every record; false ends the query. */
  foreach(each: (record: AerospikeRecord<B>) => unknown, policy?: QueryPolicy | null): void
  /** An aggregation; see `Query.aggregate`. */
  aggregate<T = ReadValue>(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: QueryPolicy | null,
  ): AggregationSync<T>
  /** Runs it: chunks of columns; see `Query.columns`. */
  columns<const S extends Schema>(schema: S, policy?: QueryColumnsPolicy | null): ColumnStreamSync<S>
  /** Begins a background job that calls a user-defined function with each record; see `Query.apply`. */
  apply(module: string, functionName: string, args?: readonly Value[] | null, policy?: JobPolicy | null): JobTaskSync
  /** The same as `apply`, by the official client's name. */
  background(
    module: string,
    functionName: string,
    args?: readonly Value[] | null,
    policy?: JobPolicy | null,
  ): JobTaskSync
  /** Begins a background job that carries operations that write out on each record. */
  operate(operations: readonly Operation[], policy?: JobPolicy | null): JobTaskSync
  /** Runs it page by page; see `Query.pages`. */
  pages(size: number, cursor?: string | null, policy?: QueryPolicy | null): Generator<Page<B>, void, undefined>
}

/** A client whose calls give their results themselves and throw their errors. A call cannot be aborted: it takes no `signal`. */
export declare class ClientSync extends ManagementSync implements Disposable {
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
  /**
   * What the client does at the moment, and what became of its connections.
   * @throws ClientError when it is not connected
   */
  stats(): ClientStats
  /** Closes the client; calling it again does nothing. */
  close(options?: CloseOptions): void
  [Symbol.dispose](): void
  /**
   * The rows of a batch in the order in which they arrive, each with its `index`: the first are there while others are
   * still under way, and no more of them are in memory than a bounded number, because nodes whose rows nobody takes are
   * not read. Leaving the loop ends the batch; rows that write and were not answered by then are in doubt.
   *
   * It has no time limit unless `totalTimeout` sets one, which counts the time that the loop's body takes too. It throws
   * when no row has an answer.
   * @throws InvalidArgError at once, when one of the rows is wrong, by its place
   */
  batchStream<B = Bins>(rows: readonly BatchRowRequest[], policy?: BatchWritePolicy): RowStreamSync<BatchRow<B>>
  /**
   * A query of a set, or of a whole namespace: put together by its methods, run by `for`, `results()` and their like.
   * @throws InvalidArgError for names that are none
   */
  query<B = Bins>(namespace: string, set?: string | null): QuerySync<B>
  /** A background job that was begun before, here or in another process, by its number. */
  job(id: bigint): JobTaskSync
  /** The same as `query`: a query without `where` is a scan. */
  scan<B = Bins>(namespace: string, set?: string | null): QuerySync<B>
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

/** Flags of `exp.operations.read`; combine with `|`. */
declare const expReadFlags: {
  /** Fail where the expression does not result in a value. */
  readonly DEFAULT: 0
  /** Give nothing where the expression does not result in a value. */
  readonly EVAL_NO_FAIL: 16
}
/** Flags of `exp.operations.write`; combine with `|`. */
declare const expWriteFlags: {
  /** Create the bin or write over it. */
  readonly DEFAULT: 0
  /** Create the bin; BinExistsError where it is there. */
  readonly CREATE_ONLY: 1
  /** Write over the bin; BinNotFound where it is not there. */
  readonly UPDATE_ONLY: 2
  /** Remove the bin where the expression results in nil. */
  readonly ALLOW_DELETE: 4
  /** Do nothing, rather than fail, where the other flags forbid the write. */
  readonly POLICY_NO_FAIL: 8
  /** Do nothing, rather than fail, where the expression does not result in a value. */
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
   * Evaluates an expression and gives its value under the name of `bin`, which need not be a bin.
   * @param bin - under which name the result comes
   * @param exp - what is evaluated
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
   * @param bin - where the value goes
   * @param exp - what is evaluated
   * @param flags - flags of `exp.expWriteFlags`
   * @throws InvalidArgError for an unbound variable or unknown flags
   */
  readonly write: <B extends string>(bin: B, exp: Expression, flags?: number) => ExpressionOperation<B, null>
}

/** Numbers of one type to a number of that type. */
interface NumbersToNumber {
  (...values: Expression<'any'>[]): Expression<'any'>
  (...values: Operand<'int'>[]): Expression<'int'>
  (...values: Operand<'float'>[]): Expression<'float'>
}
/** A number to one of the same type. */
interface NumberToNumber {
  (value: Expression<'any'>): Expression<'any'>
  (value: Operand<'int'>): Expression<'int'>
  (value: Operand<'float'>): Expression<'float'>
}
type Shift = (value: Operand<'int'>, shift: Operand<'int'>) => Expression<'int'>
type Scan = (value: Operand<'int'>, search: Operand<'bool'>) => Expression<'int'>
/**
 * Builders of arithmetic. Plain numbers stand for numbers of the type that the others have:
 * `exp.mul(exp.binFloat('price'), 2)`.
 */
declare const arithmetic: {
  /**
   * The sum of all.
   * @throws InvalidArgError for integers and doubles in one call, or anything else
   */
  readonly add: NumbersToNumber
  /**
   * The first less all others; of one alone, its negative.
   * @throws InvalidArgError for integers and doubles in one call, or anything else
   */
  readonly sub: NumbersToNumber
  /**
   * The product of all.
   * @throws InvalidArgError for integers and doubles in one call, or anything else
   */
  readonly mul: NumbersToNumber
  /**
   * The first divided by all others; of one alone, its reciprocal. Integers are divided without a rest; a division of an
   * integer by 0 makes the expression unknown.
   * @throws InvalidArgError for integers and doubles in one call, or anything else
   */
  readonly div: NumbersToNumber
  /** `base` to the power of `exponent`, all doubles. */
  readonly pow: (base: Operand<'float'>, exponent: Operand<'float'>) => Expression<'float'>
  /** The logarithm of `num` to the base `base`, all doubles. */
  readonly log: (num: Operand<'float'>, base: Operand<'float'>) => Expression<'float'>
  /** The rest of `numerator` divided by `denominator`, all integers. */
  readonly mod: (numerator: Operand<'int'>, denominator: Operand<'int'>) => Expression<'int'>
  /** The absolute value. */
  readonly abs: NumberToNumber
  /** The next lower whole number of a double, as a double. */
  readonly floor: (value: Operand<'float'>) => Expression<'float'>
  /** The next higher whole number of a double, as a double. */
  readonly ceil: (value: Operand<'float'>) => Expression<'float'>
  /** A double without its fraction, as an integer. */
  readonly toInt: (value: Operand<'float'>) => Expression<'int'>
  /** An integer as a double. */
  readonly toFloat: (value: Operand<'int'>) => Expression<'float'>
  /** The bits that are set in all of some integers. */
  readonly intAnd: (...values: Operand<'int'>[]) => Expression<'int'>
  /** The bits that are set in any of some integers. */
  readonly intOr: (...values: Operand<'int'>[]) => Expression<'int'>
  /** The bits that are set in an odd number of some integers. */
  readonly intXor: (...values: Operand<'int'>[]) => Expression<'int'>
  /** An integer with every bit turned over. */
  readonly intNot: (value: Operand<'int'>) => Expression<'int'>
  /** An integer with its bits shifted left by so many. */
  readonly intLshift: Shift
  /** An integer with its bits shifted right by so many, zeros coming in. */
  readonly intRshift: Shift
  /** An integer with its bits shifted right by so many, the sign staying. */
  readonly intArshift: Shift
  /** How many bits of an integer are set. */
  readonly intCount: (value: Operand<'int'>) => Expression<'int'>
  /** The place of the first bit from the left, the most significant one, that is set (true) or not; -1 where there is none. */
  readonly intLscan: Scan
  /** The place of the first bit from the right, counted from the left, that is set (true) or not; -1 where there is none. */
  readonly intRscan: Scan
  /** The least of all. */
  readonly min: NumbersToNumber
  /** The greatest of all. */
  readonly max: NumbersToNumber
  /** The same as `add`. */
  readonly numAdd: NumbersToNumber
  /** The same as `sub`. */
  readonly numSub: NumbersToNumber
  /** The same as `mul`. */
  readonly numMul: NumbersToNumber
  /** The same as `div`. */
  readonly numDiv: NumbersToNumber
  /** The same as `pow`. */
  readonly numPow: (base: Operand<'float'>, exponent: Operand<'float'>) => Expression<'float'>
  /** The same as `log`. */
  readonly numLog: (num: Operand<'float'>, base: Operand<'float'>) => Expression<'float'>
  /** The same as `mod`. */
  readonly numMod: (numerator: Operand<'int'>, denominator: Operand<'int'>) => Expression<'int'>
  /** The same as `abs`. */
  readonly numAbs: NumberToNumber
  /** The same as `floor`. */
  readonly numFloor: (value: Operand<'float'>) => Expression<'float'>
  /** The same as `ceil`. */
  readonly numCeil: (value: Operand<'float'>) => Expression<'float'>
}

declare function binType(name: string): Expression<'int'>
/** Builders of what a bin holds. A bin that is not there, or of another type, makes the expression unknown. */
declare const bins: {
  /**
   * A bin of a type that is known at run time only.
   * @param name - the bin
   * @param type - `exp.type.INT` and its like
   * @throws InvalidArgError for a name that is no bin's or an unknown type
   */
  readonly bin: <T extends ValueType>(name: string, type: T) => Expression<T>
  /** A boolean bin. Server 5.6 and later. */
  readonly binBool: (name: string) => Expression<'bool'>
  /** An integer bin. */
  readonly binInt: (name: string) => Expression<'int'>
  /** A bin of doubles. */
  readonly binFloat: (name: string) => Expression<'float'>
  /** A string bin. */
  readonly binStr: (name: string) => Expression<'string'>
  /** A bin of bytes. */
  readonly binBlob: (name: string) => Expression<'blob'>
  /** A GeoJSON bin. */
  readonly binGeo: (name: string) => Expression<'geo'>
  /** A list bin. */
  readonly binList: (name: string) => Expression<'list'>
  /** A map bin. */
  readonly binMap: (name: string) => Expression<'map'>
  /** A HyperLogLog bin. */
  readonly binHll: (name: string) => Expression<'hll'>
  /** The number of the particle type that a bin holds: 1 integer, 2 double, 3 string, 4 bytes ..., 0 where it is not there. */
  readonly binType: typeof binType
  /** Whether the bin is there. */
  readonly binExists: (name: string) => Expression<'bool'>
  /** The same as `binBool`. */
  readonly boolBin: (name: string) => Expression<'bool'>
  /** The same as `binInt`. */
  readonly intBin: (name: string) => Expression<'int'>
  /** The same as `binFloat`. */
  readonly floatBin: (name: string) => Expression<'float'>
  /** The same as `binStr`. */
  readonly stringBin: (name: string) => Expression<'string'>
  /** The same as `binBlob`. */
  readonly blobBin: (name: string) => Expression<'blob'>
  /** The same as `binGeo`. */
  readonly geoBin: (name: string) => Expression<'geo'>
  /** The same as `binList`. */
  readonly listBin: (name: string) => Expression<'list'>
  /** The same as `binMap`. */
  readonly mapBin: (name: string) => Expression<'map'>
  /** The same as `binHll`. */
  readonly hllBin: (name: string) => Expression<'hll'>
}

/** The context argument of a builder. */
type Context = CdtContext | null | undefined
/** An integer, or an expression of one. */
type Int = Operand<'int'>
/** An expression that starts or ends a range; null where it is open. */
type Bound = AnyOperand | null | undefined
/** What a write says of itself, where its builder takes a policy of flags alone. */
export interface FlagsPolicy {
  /** Flags of the operation's own `writeFlags`. Default 0. */
  writeFlags?: number
}
/** A policy of flags alone, or none. */
type FlagsWrite = FlagsPolicy | null | undefined

type BlobBin = Expression<'blob' | 'any'>
/**
 * Builders on the bits of bytes. `bin` is an expression that results in bytes: mostly `exp.binBlob('name')`. Bits count
 * from the first byte's most significant one, negative offsets from the end. Those that change bytes result in the
 * changed ones and leave the record alone. `policy` is `{ writeFlags }`, flags of `bits.writeFlags`.
 *
 * All throw InvalidArgError for arguments of another type. Mind the order of arguments, which is the official client's:
 * sizes come before offsets.
 */
declare const bitExpressions: {
  /**
   * The bytes with another size.
   * @param resizeFlags - one of `bits.resizeFlags`, or an array of them: where bytes are added or cut off
   */
  readonly reSize: (
    bin: BlobBin,
    resizeFlags: BitResizeFlag | readonly BitResizeFlag[],
    byteSize: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with those of `value` in between, from `byteOffset`. */
  readonly insert: (bin: BlobBin, value: Operand<'blob'>, byteOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes without `byteSize` ones from `byteOffset`. */
  readonly remove: (bin: BlobBin, byteSize: Int, byteOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with the bits of `value` in place of `bitSize` ones from `bitOffset`. */
  readonly set: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value`: set in either. */
  readonly or: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value`: set in one alone. */
  readonly xor: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` combined with those of `value`: set in both. */
  readonly and: (
    bin: BlobBin,
    value: Operand<'blob'>,
    bitSize: Int,
    bitOffset: Int,
    policy?: FlagsWrite,
  ) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` turned over. */
  readonly not: (bin: BlobBin, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` shifted left by `shift`. */
  readonly lShift: (bin: BlobBin, shift: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** The bytes with `bitSize` bits from `bitOffset` shifted right by `shift`. */
  readonly rShift: (bin: BlobBin, shift: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /**
   * The bytes with `value` added to the integer of `bitSize` bits at `bitOffset`.
   * `action` is one of `bits.overflow`; `sign` says whether the integer has one (default false).
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
   * The bytes with `value` taken from the integer of `bitSize` bits at `bitOffset`.
   * `action` is one of `bits.overflow`; `sign` says whether the integer has one (default false).
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
  /** The bytes with the integer `value` in `bitSize` bits at `bitOffset`. */
  readonly setInt: (bin: BlobBin, value: Int, bitSize: Int, bitOffset: Int, policy?: FlagsWrite) => Expression<'blob'>
  /** `bitSize` bits from `bitOffset`, as bytes. */
  readonly get: (bin: BlobBin, bitSize: Int, bitOffset: Int) => Expression<'blob'>
  /** How many of `bitSize` bits from `bitOffset` are set. */
  readonly count: (bin: BlobBin, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /** The place of the first one of `bitSize` bits from `bitOffset` that is set (true) or not; -1 where there is none. */
  readonly lScan: (bin: BlobBin, value: Operand<'bool'>, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /** The place of the last one of `bitSize` bits from `bitOffset` that is set (true) or not; -1 where there is none. */
  readonly rScan: (bin: BlobBin, value: Operand<'bool'>, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /**
   * The integer of `bitSize` bits at `bitOffset`.
   * @param sign - whether its first bit is a sign
   */
  readonly getInt: (bin: BlobBin, sign: boolean, bitSize: Int, bitOffset: Int) => Expression<'int'>
  /**
   * The bytes as base64. Server 8.2 and later.
   * @param byteSize - how many; all where neither it nor `byteOffset` is given
   * @param byteOffset - from where
   * @param invertSize - whether `byteSize` counts those that are left out at the end
   */
  readonly b64Encode: (bin: BlobBin, byteSize?: Int, byteOffset?: Int, invertSize?: boolean) => Expression<'string'>
}

/** What can be compared with an expression of a type: an expression of the same one, or a plain value of it. */
export type Comparable<T extends ResultType> = 'any' extends T
  ? Expression | PlainValue<ValueType>
  : Expression<T | 'any'> | (T extends ValueType ? PlainValue<T> : never)
type Comparison = <T extends ResultType>(left: Expression<T>, right: Comparable<NoInfer<T>>) => Expression<'bool'>
/** How a pattern of `exp.cmpRegex` is read; combine with `|`. */
declare const regexFlags: {
  /** As POSIX says. */
  readonly NONE: 0
  /** A basic regular expression; the same as NONE. */
  readonly BASIC: 0
  /** An extended regular expression. */
  readonly EXTENDED: 1
  /** Upper and lower case are the same. */
  readonly ICASE: 2
  /** Places of matches are not needed: they never are. */
  readonly NOSUB: 4
  /** What matches any character does not match a line's end. */
  readonly NEWLINE: 8
}
declare function cmpRegex(options: number, regex: string, cmpStr: Operand<'string'>): Expression<'bool'>
declare function cmpGeo(left: Expression<'geo' | 'any'>, right: Expression<'geo' | 'any'>): Expression<'bool'>
/**
 * Builders of comparisons. Both sides have the same type: the server refuses others, and so does the compiler where it
 * knows. The right side may be a plain value: `exp.eq(exp.binStr('city'), 'Seoul')`. Whole maps can be compared since
 * server 8.1.2.3; before it the answer is unknown, which a filter takes for false.
 */
declare const compare: {
  /**
   * Whether both are equal.
   * @throws InvalidArgError for sides of different types
   */
  readonly eq: Comparison
  /**
   * Whether both differ.
   * @throws InvalidArgError for sides of different types
   */
  readonly ne: Comparison
  /**
   * Whether the left one is greater. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  readonly gt: Comparison
  /**
   * Whether the left one is greater or equal. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  readonly ge: Comparison
  /**
   * Whether the left one is less. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  readonly lt: Comparison
  /**
   * Whether the left one is less or equal. A map is neither greater nor less than another.
   * @throws InvalidArgError for sides of different types
   */
  readonly le: Comparison
  /**
   * Whether a string matches a POSIX regular expression. A pattern that is none is refused by the server.
   * @param options - flags of `exp.regexFlags`
   * @param regex - the pattern
   * @param cmpStr - the string
   * @throws InvalidArgError for unknown flags
   */
  readonly cmpRegex: typeof cmpRegex
  /** `cmpRegex` with aerospike-py's order of arguments. */
  readonly regexCompare: (regex: string, flags: number, str: Operand<'string'>) => Expression<'bool'>
  /**
   * Whether one region contains the other's point: one side is a region, the other a point.
   * @throws InvalidArgError for anything but GeoJSON
   */
  readonly cmpGeo: typeof cmpGeo
  /** The same as `cmpGeo`. */
  readonly geoCompare: typeof cmpGeo
  /**
   * Whether a list contains a value. Server 8.1.2 and later.
   * @param value - an expression of any type
   * @param list - the list
   */
  readonly inList: (value: Expression, list: Expression<'list' | 'any'>) => Expression<'bool'>
}

type Test = Operand<'bool'>
/** A variable that `exp.let` defines: made by `exp.def`. */
export declare class Definition {
  /** The variable's name. */
  readonly name: string
  /** What it stands for. */
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
   * @throws InvalidArgError for what is not boolean
   */
  readonly not: (test: Test) => Expression<'bool'>
  /**
   * Whether all of two or more tests are true.
   * @throws InvalidArgError for what is not boolean, or too few
   */
  readonly and: (...tests: Test[]) => Expression<'bool'>
  /**
   * Whether any of two or more tests is true.
   * @throws InvalidArgError for what is not boolean, or too few
   */
  readonly or: (...tests: Test[]) => Expression<'bool'>
  /**
   * Whether exactly one of two or more tests is true. Server 5.6 and later.
   * @throws InvalidArgError for what is not boolean, or too few
   */
  readonly exclusive: (...tests: Test[]) => Expression<'bool'>
  /** The same as `exclusive`. */
  readonly xor: (...tests: Test[]) => Expression<'bool'>
  /**
   * The value behind the first test that is true: `exp.cond(test, value, test, value, ..., valueForAllElse)`. All values
   * have one type; `exp.unknown()` fits any. Server 5.6 and later.
   * @throws InvalidArgError for values of different types, tests that are not boolean, a missing last value
   */
  readonly cond: typeof cond
  /**
   * Defines variables for an expression: `exp.let(exp.def('x', ...), exp.gt(exp.var('x'), exp.int(5)))`. A definition
   * can use those before it. Server 5.6 and later.
   * @throws InvalidArgError without a definition, or for a name that is defined twice
   */
  readonly let: typeof letIn
  /**
   * A variable's definition, for `exp.let`.
   * @param name - by which `exp.var` uses it
   * @param value - what it stands for
   */
  readonly def: (name: string, value: Expression) => Definition
  /**
   * A variable that an `exp.let` around it defines. One that none defines is refused where the expression is used.
   * `exp.var<'int'>('x')` tells the compiler its type.
   * @param name - the one that `exp.def` gave it
   */
  readonly var: <T extends ResultType = 'any'>(name: string) => Expression<T>
  /** A value that is not known: makes the expression fail, which `EVAL_NO_FAIL` lets pass. Server 5.6 and later. */
  readonly unknown: () => Expression<'any'>
}

type HllBin = Expression<'hll' | 'any'>
/**
 * Builders on HyperLogLogs. `bin` is an expression that results in one: mostly `exp.binHll('name')`. Those that change
 * one result in the changed one and leave the record alone. `policy` is `{ writeFlags }`, flags of `hll.writeFlags`.
 *
 * All throw InvalidArgError for arguments of another type. Mind the order of arguments, which is the official client's.
 */
declare const hllExpressions: {
  /**
   * An empty HyperLogLog with min-hash.
   * @param mhBitCount - bits of the min-hash, 4 to 51
   * @param indexBitCount - bits of the index, 4 to 16
   */
  readonly initMH: (bin: HllBin, mhBitCount: Int, indexBitCount: Int, policy?: FlagsWrite) => Expression<'hll'>
  /**
   * An empty HyperLogLog.
   * @param indexBitCount - bits of the index, 4 to 16
   */
  readonly init: (bin: HllBin, indexBitCount: Int, policy?: FlagsWrite) => Expression<'hll'>
  /**
   * The HyperLogLog with the items of a list, made with min-hash where it is not there.
   * @param mhBitCount - bits of the min-hash, 4 to 51
   * @param indexBitCount - bits of the index, 4 to 16
   */
  readonly addMH: (
    bin: HllBin,
    mhBitCount: Int,
    indexBitCount: Int,
    list: Operand<'list'>,
    policy?: FlagsWrite,
  ) => Expression<'hll'>
  /**
   * The HyperLogLog with the items of a list, made where it is not there.
   * @param indexBitCount - bits of the index, 4 to 16
   */
  readonly add: (bin: HllBin, indexBitCount: Int, list: Operand<'list'>, policy?: FlagsWrite) => Expression<'hll'>
  /** The HyperLogLog, which has to be there, with the items of a list. */
  readonly update: (bin: HllBin, list: Operand<'list'>, policy?: FlagsWrite) => Expression<'hll'>
  /** How many different items it has seen, about. */
  readonly getCount: (bin: HllBin) => Expression<'int'>
  /** The union with the HyperLogLogs of a list. */
  readonly getUnion: (bin: HllBin, list: Operand<'list'>) => Expression<'hll'>
  /** How many different items the union with the HyperLogLogs of a list has seen, about. */
  readonly getUnionCount: (bin: HllBin, list: Operand<'list'>) => Expression<'int'>
  /** How many different items it and the HyperLogLogs of a list have all seen, about. */
  readonly getIntersectCount: (bin: HllBin, list: Operand<'list'>) => Expression<'int'>
  /** How similar it and the HyperLogLogs of a list are, 0 to 1, about. */
  readonly getSimilarity: (bin: HllBin, list: Operand<'list'>) => Expression<'float'>
  /** The bits of its index and of its min-hash, as a list. */
  readonly describe: (bin: HllBin) => Expression<'list'>
  /** 1 where it may have seen all items of a list, 0 where it has not. */
  readonly mayContain: (bin: HllBin, list: Operand<'list'>) => Expression<'int'>
}

/** Return type -> the type of what is returned, of one item and of many. */
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
/** What the type checker can say of what a selection of many returns. */
type ManyResult<R extends AnyReturnType> = Results[NotInverted<R>] extends readonly [
  ResultType,
  infer M extends ValueType,
]
  ? M
  : 'any'
/** And of what a selection of one returns. */
type OneResult<V extends ValueType | 'auto', R extends MapReturnType> = V extends ValueType
  ? V
  : Results[R] extends readonly [infer O extends ResultType, ValueType]
    ? O
    : 'any'

/** What one and many selected items have in common. */
declare abstract class Selection<out B extends string, out A> extends CdtOperation<B, A> {
  #private
}
/** An operation that selects one item. */
export declare class SelectOperation<out B extends string = string, out A = ReadValue> extends Selection<B, A> {
  /**
   * Says what of the selected item is returned. Changes the operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn<R extends MapReturnType>(returnType: R): SelectOperation<B, OneReturned<R>>
}
/** An operation that selects a range of items, or all but it. */
export declare class RangeOperation<out B extends string = string, out A = ReadValue> extends Selection<B, A> {
  /**
   * Says what of the selected items is returned. Changes the operation and returns it.
   *
   * @param returnType - one of `lists.returnType` or `maps.returnType`
   */
  andReturn<R extends AnyReturnType>(returnType: R): RangeOperation<B, ManyReturned<R>>
  /** Selects all items but those that it would have selected. Changes the operation and returns it. */
  invertSelection(): this
}

/** How items are written. */
export interface ListPolicy {
  /** The order of a list that the operation creates. Default unordered. */
  order?: ListOrder
  /** LIST_WRITE_* flags, combined with `|`. Default LIST_WRITE_DEFAULT. */
  writeFlags?: number
}
/**
 * Operations on lists, for `operate`. Indexes and ranks count from 0, negative ones from the end; `withContext` goes into
 * nested lists. A bin that is no list gives BinTypeError; what the server does not accept, such as an index beyond the
 * list, gives InvalidArgError or ServerError (`OP_NOT_APPLICABLE`); and then no operation of the call is applied.
 *
 * What selects items answers by its return type: INDEX, REVERSE_INDEX, RANK, REVERSE_RANK and VALUE with one of them where
 * one item is selected, else with a list of them; COUNT with their number; EXISTS with true or false; NONE with null.
 */
export declare const lists: {
  /** How a list keeps its items. */
  readonly order: {
    readonly UNORDERED: 'unordered'
    readonly ORDERED: 'ordered'
  }
  /** How `sort` sorts; combined with `|`. */
  readonly sortFlags: {
    readonly DEFAULT: 0
    readonly DESCENDING: 1
    readonly DROP_DUPLICATES: 2
  }
  /** What may be written; combined with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly ADD_UNIQUE: 1
    readonly INSERT_BOUNDED: 2
    readonly NO_FAIL: 4
    readonly PARTIAL: 8
  }
  /** What is returned of selected items; with INVERTED_ it is that of all other items. */
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
   * Creates a list, or sets the order of the one there is. Answers with null.
   * @param order - lists.order.ORDERED or UNORDERED
   * @param pad - with a context whose last level is a list index beyond the end: fill up with nil
   * @param persistIndex - keep the index of an ordered list with the record (not for nested lists)
   * @param context - where in the bin's lists and maps it is created, as with `withContext`
   */
  readonly create: <B extends string>(
    bin: B,
    order?: ListOrder,
    pad?: boolean,
    persistIndex?: boolean,
    context?: CdtContext | ((context: CdtContext) => unknown),
  ) => CdtOperation<B, null>
  /**
   * Sets the order of a list, and sorts it where it becomes ordered. Answers with null.
   * @param persistIndex - keep the index of an ordered list with the record (not for nested lists; server 7.0)
   */
  readonly setOrder: <B extends string>(bin: B, order?: ListOrder, persistIndex?: boolean) => CdtOperation<B, null>
  /** Sorts a list by lists.sortFlags. Answers with null. */
  readonly sort: <B extends string>(bin: B, sortFlags?: number) => CdtOperation<B, null>
  /** Appends a value, and creates the list where there is none. Answers with the list's size. */
  readonly append: <B extends string>(bin: B, value: Argument, policy?: ListPolicy) => CdtOperation<B, number>
  /** Appends the items of an array, of which there is at least one. Answers with the list's size. */
  readonly appendItems: <B extends string>(
    bin: B,
    values: readonly Argument[],
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Inserts a value before the item at an index. Answers with the list's size. */
  readonly insert: <B extends string>(
    bin: B,
    index: number,
    value: Argument,
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Inserts the items of an array, of which there is at least one, before an index. Answers with the list's size. */
  readonly insertItems: <B extends string>(
    bin: B,
    index: number,
    values: readonly Argument[],
    policy?: ListPolicy,
  ) => CdtOperation<B, number>
  /** Removes the item at an index. Answers with the item. */
  readonly pop: <B extends string>(bin: B, index: number) => CdtOperation<B, ReadValue>
  /** Removes `count` items from an index on, or all from there. Answers with a list of them. */
  readonly popRange: <B extends string>(bin: B, index: number, count?: number) => CdtOperation<B, ReadValue[] | null>
  /** Removes the item at an index. Answers with the number of items removed. */
  readonly remove: <B extends string>(bin: B, index: number) => CdtOperation<B, number | null>
  /** Removes `count` items from an index on, or all from there. Answers with the number of items removed. */
  readonly removeRange: <B extends string>(bin: B, index: number, count?: number) => CdtOperation<B, number | null>
  /** Replaces the item at an index with a value other than null. Answers with null. */
  readonly set: <B extends string>(bin: B, index: number, value: Argument, policy?: ListPolicy) => CdtOperation<B, null>
  /** Removes all items but `count` from an index on. Answers with the number of items removed. */
  readonly trim: <B extends string>(bin: B, index: number, count: number) => CdtOperation<B, number | null>
  /** Removes all items. Answers with null. */
  readonly clear: <B extends string>(bin: B) => CdtOperation<B, null>
  /**
   * Adds an integer to the item at an index; `exp.lists.increment` adds doubles too. Answers with the sum.
   * @param by - what is added; 1 where it is left out
   */
  readonly increment: <B extends string>(
    bin: B,
    index: number,
    by?: number | bigint,
    policy?: ListPolicy,
  ) => CdtOperation<B, number | bigint>
  /** Answers with the number of items. */
  readonly size: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Answers with the item at an index. */
  readonly get: <B extends string>(bin: B, index: number) => CdtOperation<B, ReadValue>
  /** Answers with a list of `count` items from an index on, or of all from there. */
  readonly getRange: <B extends string>(bin: B, index: number, count?: number) => CdtOperation<B, ReadValue[] | null>
  /** Answers with the strings of a list as one, with a separator between them where one is given. Server 8.2. */
  readonly join: <B extends string>(bin: B, separator?: string) => CdtOperation<B, string | null>
  /** Selects the item at an index. */
  readonly getByIndex: <B extends string, R extends ListReturnType = 'value'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` items from an index on, or all from there. */
  readonly getByIndexRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the item at a rank, 0 being the smallest. */
  readonly getByRank: <B extends string, R extends ListReturnType = 'value'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` items from a rank on, or all from there. */
  readonly getByRankRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the items that equal a value. */
  readonly getByValue: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    value: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the items that equal one of some values. */
  readonly getByValueList: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    values: readonly Argument[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the items from `begin` to before `end`; null leaves that side open. */
  readonly getByValueRange: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects `count` items, or all, from that rank on which lies `rank` beyond the rank of a value. Server 4.3. */
  readonly getByValueRelRankRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'value',
  >(
    bin: B,
    value: Argument,
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
  /** Removes `count` items from an index on, or all from there. */
  readonly removeByIndexRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the item at a rank, 0 being the smallest. */
  readonly removeByRank: <B extends string, R extends ListReturnType = 'none'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` items from a rank on, or all from there. */
  readonly removeByRankRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the items that equal a value. */
  readonly removeByValue: <B extends string, R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none'>(
    bin: B,
    value: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the items that equal one of some values. */
  readonly removeByValueList: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    values: readonly Argument[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the items from `begin` to before `end`; null leaves that side open. */
  readonly removeByValueRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes `count` items, or all, from that rank on which lies `rank` beyond the rank of a value. Server 4.3. */
  readonly removeByValueRelRankRange: <
    B extends string,
    R extends ListReturnType | InvertedReturnType<ListReturnType> = 'none',
  >(
    bin: B,
    value: Argument,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
}

/** The types of what a builder works on: its own kind or, with a context, what holds it. */
type Collection = 'list' | 'map' | 'any'
/** A list or map, or with a context what holds it. */
type CollectionBin = Expression<Collection>

type ListWrite = ListPolicy | null | undefined
/** What is returned of one selected item. */
type ListOne = Exclude<ListReturnType, 'none'>
/** What is returned of several. */
type ListMany = ListOne | InvertedReturnType<ListOne>
/** What a removal is told to return makes no difference, but for an inverted selection. */
type ListRemoval = ListReturnType | InvertedReturnType<ListReturnType>
/**
 * Builders on lists. `bin` is an expression that results in a list (or, with a context, in what holds it): mostly
 * `exp.binList('name')`. `returnType` is one of `lists.returnType`; its INVERTED_ ones are about all items
 * but the selected ones. Those that change a list result in the changed bin and leave the record alone.
 *
 * All throw InvalidArgError for arguments of another type.
 */
declare const listExpressions: {
  /** How many items the list has. */
  readonly size: (bin: CollectionBin, ctx?: Context) => Expression<'int'>
  /**
   * All strings of the list as one. Server 8.2 and later.
   * @param separator - what stands between them
   */
  readonly join: (bin: CollectionBin, separator?: Operand<'string'> | null, ctx?: Context) => Expression<'string'>
  /** Of all items that equal `value`. */
  readonly getByValue: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all items from `begin` up to, without, `end`; null leaves an end open. */
  readonly getByValueRange: <R extends ListMany>(
    bin: CollectionBin,
    begin: Bound,
    end: Bound,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all items that equal one of `values`. */
  readonly getByValueList: <R extends ListMany>(
    bin: CollectionBin,
    values: Operand<'list'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all items from the one `rank` ranks above `value`. */
  readonly getByRelRankRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` items from the one `rank` ranks above `value`. */
  readonly getByRelRankRange: <R extends ListMany>(
    bin: CollectionBin,
    value: AnyOperand,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Of the item at `index`.
   * @param valueType - the item's type where it is returned; `auto` for all other return types
   */
  readonly getByIndex: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    index: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Of all items from `index`. */
  readonly getByIndexRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    index: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` items from `index`. */
  readonly getByIndexRange: <R extends ListMany>(
    bin: CollectionBin,
    index: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Of the item at `rank`.
   * @param valueType - the item's type where it is returned; `auto` for all other return types
   */
  readonly getByRank: <V extends ValueType | 'auto', R extends ListOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Of all items from `rank`. */
  readonly getByRankRangeToEnd: <R extends ListMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` items from `rank`. */
  readonly getByRankRange: <R extends ListMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    count: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** The list with `value` at its end. */
  readonly append: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with all items of the list `value` at its end. */
  readonly appendItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with `value` before the item at `idx`. */
  readonly insert: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with all items of the list `value` before the item at `idx`. */
  readonly insertItems: <T extends Collection>(
    bin: Expression<T>,
    value: Operand<'list'>,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with `value` added to the number at `idx`. */
  readonly increment: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list with `value` in place of the item at `idx`. */
  readonly set: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    idx: Operand<'int'>,
    policy?: ListWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The list without its items. */
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
  /** The list without the items that equal one of `values`. */
  readonly removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without the items from `begin` up to, without, `end`. Note the order of arguments: `end` comes first. */
  readonly removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without the items from the one `rank` ranks above `value`. */
  readonly removeByRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without `count` items from the one `rank` ranks above `value`. */
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
  /** The list without the items from `idx`. */
  readonly removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without `count` items from `idx`. Note the order of arguments: `count` comes first. */
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
  /** The list without the items from `rank`. */
  readonly removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
  /** The list without `count` items from `rank`. Note the order of arguments: `count` comes first. */
  readonly removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: ListRemoval,
  ) => Expression<T>
}

/** Which entries may be written, in one word instead of flags. */
export type MapWriteMode = typeof MAP_UPDATE | typeof MAP_UPDATE_ONLY | typeof MAP_CREATE_ONLY
/** How entries are written. */
export interface MapPolicy {
  /** The order of a map that the operation creates. Default unordered. */
  order?: MapOrder
  /** MAP_WRITE_FLAGS_*, combined with `|`. Default MAP_WRITE_FLAGS_DEFAULT. Increments know none. */
  writeFlags?: number
  /** The same in one word; not together with writeFlags. */
  writeMode?: MapWriteMode
  /** Keep the index of an ordered map with the record (not for nested maps; server 7.0). Default false. */
  persistIndex?: boolean
}
/** Entries to write. */
export type MapItems =
  | ReadonlyMap<MapKey, Value>
  | {
      readonly [key: string]: Value
    }
/**
 * Operations on maps, for `operate`. Indexes count in the order of keys and ranks in that of values, from 0, negative ones
 * from the end; `withContext` goes into nested maps. A bin that is no map gives BinTypeError; what the server does not
 * accept, such as creating a key that exists, gives ServerError, or InvalidArgError; and then no operation of the call is
 * applied.
 *
 * What selects entries answers by its return type: INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, KEY and VALUE with one of
 * them where one entry is selected (null where there is none), else with a list of them; KEY_VALUE with `[key, value]`
 * pairs, UNORDERED_MAP and ORDERED_MAP (server 6.0) with a map; COUNT with the number of entries; EXISTS with true or
 * false; NONE with null.
 */
export declare const maps: {
  /** How a map keeps its entries. */
  readonly order: {
    readonly UNORDERED: 'unordered'
    readonly KEY_ORDERED: 'key-ordered'
    readonly KEY_VALUE_ORDERED: 'key-value-ordered'
  }
  /** Which entries may be written; combined with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly CREATE_ONLY: 1
    readonly UPDATE_ONLY: 2
    readonly NO_FAIL: 4
    readonly PARTIAL: 8
  }
  /** The same in one word. */
  readonly writeMode: {
    readonly UPDATE: 'update'
    readonly UPDATE_ONLY: 'update-only'
    readonly CREATE_ONLY: 'create-only'
  }
  /** What is returned of selected entries; with INVERTED_ it is that of all other entries. */
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
   * Creates a map, or sets the order of the one there is. Answers with null.
   * @param order - maps.order.UNORDERED, KEY_ORDERED or KEY_VALUE_ORDERED
   * @param persistIndex - keep the index of an ordered map with the record (not for nested maps; server 7.0)
   * @param context - where in the bin's lists and maps it is created, as with `withContext`
   */
  readonly create: <B extends string>(
    bin: B,
    order?: MapOrder,
    persistIndex?: boolean,
    context?: CdtContext | ((context: CdtContext) => unknown),
  ) => CdtOperation<B, null>
  /** Sets the order of a map. Answers with null. */
  readonly setOrder: <B extends string>(bin: B, order: MapOrder) => CdtOperation<B, null>
  /** Sets the order of a map, and whether its index is kept, as a policy says. Answers with null. */
  readonly setPolicy: <B extends string>(bin: B, policy: MapPolicy) => CdtOperation<B, null>
  /** Writes an entry, and creates the map where there is none. Answers with the map's size. */
  readonly put: <B extends string>(bin: B, key: MapKey, value: Value, policy?: MapPolicy) => CdtOperation<B, number>
  /** Writes the entries of an object or a Map. Answers with the map's size. */
  readonly putItems: <B extends string>(bin: B, items: MapItems, policy?: MapPolicy) => CdtOperation<B, number>
  /**
   * Adds to the number at a key; a key that is not there counts as 0. Answers with the sum.
   * @param by - what is added; 1 where it is left out. A fraction is passed as a `Double`, for an entry that is a double: of an
   *   entry that is an integer, the server changes the whole part alone
   */
  readonly increment: <B extends string>(
    bin: B,
    key: MapKey,
    by?: number | bigint | Double,
    policy?: MapPolicy,
  ) => CdtOperation<B, number | bigint>
  /**
   * Subtracts from the number at a key; a key that is not there counts as 0. Answers with the difference.
   * @param by - what is subtracted; 1 where it is left out. A fraction is passed as a `Double`, as for `increment`
   */
  readonly decrement: <B extends string>(
    bin: B,
    key: MapKey,
    by?: number | bigint | Double,
    policy?: MapPolicy,
  ) => CdtOperation<B, number | bigint>
  /** Removes all entries. Answers with null. */
  readonly clear: <B extends string>(bin: B) => CdtOperation<B, null>
  /** Answers with the number of entries. */
  readonly size: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Selects the entry of a key. */
  readonly getByKey: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    key: MapKey,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects the entries of some keys. */
  readonly getByKeyList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    keys: readonly MapKey[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries with keys from `begin` to before `end`; null leaves that side open. */
  readonly getByKeyRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects `count` entries, or all, from that index on which lies `index` beyond the index of a key. Server 4.3. */
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
  /** Selects the entries that have a value. */
  readonly getByValue: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    value: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries that have one of some values. */
  readonly getByValueList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    values: readonly Argument[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entries with values from `begin` to before `end`; null leaves that side open. */
  readonly getByValueRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects `count` entries, or all, from that rank on which lies `rank` beyond the rank of a value. Server 4.3. */
  readonly getByValueRelRankRange: <
    B extends string,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value',
  >(
    bin: B,
    value: Argument,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entry at an index, 0 being the smallest key. */
  readonly getByIndex: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` entries from an index on, or all from there. */
  readonly getByIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Selects the entry at a rank, 0 being the smallest value. */
  readonly getByRank: <B extends string, R extends MapReturnType = 'value'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Selects `count` entries from a rank on, or all from there. */
  readonly getByRankRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'value'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entry of a key. */
  readonly removeByKey: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    key: MapKey,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes the entries of some keys. */
  readonly removeByKeyList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    keys: readonly MapKey[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries with keys from `begin` to before `end`; null leaves that side open. */
  readonly removeByKeyRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes `count` entries, or all, from that index on which lies `index` beyond the index of a key. Server 4.3. */
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
  /** Removes the entries that have a value. */
  readonly removeByValue: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    value: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries that have one of some values. */
  readonly removeByValueList: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    values: readonly Argument[],
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entries with values from `begin` to before `end`; null leaves that side open. */
  readonly removeByValueRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    begin?: Argument,
    end?: Argument,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes `count` entries, or all, from that rank on which lies `rank` beyond the rank of a value. Server 4.3. */
  readonly removeByValueRelRankRange: <
    B extends string,
    R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none',
  >(
    bin: B,
    value: Argument,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entry at an index, 0 being the smallest key. */
  readonly removeByIndex: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    index: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` entries from an index on, or all from there. */
  readonly removeByIndexRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    index: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
  /** Removes the entry at a rank, 0 being the smallest value. */
  readonly removeByRank: <B extends string, R extends MapReturnType = 'none'>(
    bin: B,
    rank: number,
    returnType?: R,
  ) => SelectOperation<B, OneReturned<R>>
  /** Removes `count` entries from a rank on, or all from there. */
  readonly removeByRankRange: <B extends string, R extends MapReturnType | InvertedReturnType<MapReturnType> = 'none'>(
    bin: B,
    rank: number,
    count?: number | null,
    returnType?: R,
  ) => RangeOperation<B, ManyReturned<R>>
}

/** Order of a map that is created, and write flags. */
type MapWrite = Pick<MapPolicy, 'order' | 'writeFlags'> | null | undefined
/** What is returned of one selected entry. */
type MapOne = Exclude<MapReturnType, 'none'>
/** What is returned of several. */
type MapMany = MapOne | InvertedReturnType<MapOne>
/** What a removal is told to return makes no difference, but for an inverted selection. */
type MapRemoval = MapReturnType | InvertedReturnType<MapReturnType>
/**
 * Builders on maps. `bin` is an expression that results in a map (or, with a context, in what holds it): mostly
 * `exp.binMap('name')`. `returnType` is one of `maps.returnType`; its INVERTED_ ones are about all entries
 * but the selected ones. Those that change a map result in the changed bin and leave the record alone.
 *
 * All throw InvalidArgError for arguments of another type. Where several arguments have one type, mind their order: it is
 * the official client's, which often names what is optional first.
 */
declare const mapExpressions: {
  /** The map with `value` at `key`. Note the order of arguments: `value` comes first. */
  readonly put: <T extends Collection>(
    bin: Expression<T>,
    value: AnyOperand,
    key: AnyOperand,
    policy?: MapWrite,
    ctx?: Context,
  ) => Expression<T>
  /** The map with all entries of `map`. */
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
  /** The map without its entries. */
  readonly clear: <T extends Collection>(bin: Expression<T>, ctx?: Context) => Expression<T>
  /** The map without the entry at `key`. */
  readonly removeByKey: <T extends Collection>(
    bin: Expression<T>,
    key: AnyOperand,
    ctx?: Context,
    returnType?: MapReturnType,
  ) => Expression<T>
  /** The map without the entries at the keys of the list `keys`. */
  readonly removeByKeyList: <T extends Collection>(
    bin: Expression<T>,
    keys: Operand<'list'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries whose keys are from `begin` up to, without, `end`, which comes first. */
  readonly removeByKeyRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries from the one `idx` places behind `key`. */
  readonly removeByKeyRelIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    key: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries from the one `idx` places behind `key`. */
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
  /** The map without the entries whose values equal one of the list `values`. */
  readonly removeByValueList: <T extends Collection>(
    bin: Expression<T>,
    values: Operand<'list'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries whose values are from `begin` up to, without, `end`, which comes first. */
  readonly removeByValueRange: <T extends Collection>(
    bin: Expression<T>,
    end: Bound,
    begin: Bound,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without the entries from the one whose value is `rank` ranks above `value`. */
  readonly removeByValueRelRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    value: AnyOperand,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries from the one whose value is `rank` ranks above `value`. */
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
  /** The map without the entries from `idx` in the order of keys. */
  readonly removeByIndexRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    idx: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries from `idx` in the order of keys. */
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
  /** The map without the entries from `rank` in the order of values. */
  readonly removeByRankRangeToEnd: <T extends Collection>(
    bin: Expression<T>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** The map without `count` entries from `rank` in the order of values. */
  readonly removeByRankRange: <T extends Collection>(
    bin: Expression<T>,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    ctx?: Context,
    returnType?: MapRemoval,
  ) => Expression<T>
  /** How many entries the map has. */
  readonly size: (bin: CollectionBin, ctx?: Context) => Expression<'int'>
  /**
   * Of the entry at `key`.
   * @param valueType - the type of what is returned where that is a key or value; `auto` for all other return types
   */
  readonly getByKey: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    key: AnyOperand,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Of all entries whose keys are from `begin` up to, without, `end`, which comes first; null leaves an end open. */
  readonly getByKeyRange: <R extends MapMany>(
    bin: CollectionBin,
    end: Bound,
    begin: Bound,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all entries at the keys of the list `keys`. */
  readonly getByKeyList: <R extends MapMany>(
    bin: CollectionBin,
    keys: Operand<'list'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all entries from the one `idx` places behind `key`. */
  readonly getByKeyRelIndexRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    key: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` entries from the one `idx` places behind `key`. */
  readonly getByKeyRelIndexRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    key: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all entries whose values equal `value`. */
  readonly getByValue: <R extends MapMany>(
    bin: CollectionBin,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all entries whose values are from `begin` up to, without, `end`, which comes first; null leaves an end open. */
  readonly getByValueRange: <R extends MapMany>(
    bin: CollectionBin,
    end: Bound,
    begin: Bound,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all entries whose values equal one of the list `values`. */
  readonly getByValueList: <R extends MapMany>(
    bin: CollectionBin,
    values: Operand<'list'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of all entries from the one whose value is `rank` ranks above `value`. */
  readonly getByValueRelRankRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` entries from the one whose value is `rank` ranks above `value`. */
  readonly getByValueRelRankRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    value: AnyOperand,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Of the entry at `idx` in the order of keys.
   * @param valueType - the type of what is returned where that is a key or value; `auto` for all other return types
   */
  readonly getByIndex: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Of all entries from `idx` in the order of keys. */
  readonly getByIndexRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    idx: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` entries from `idx` in the order of keys. Note the order of arguments: `count` comes first. */
  readonly getByIndexRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    idx: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /**
   * Of the entry at `rank` in the order of values.
   * @param valueType - the type of what is returned where that is a key or value; `auto` for all other return types
   */
  readonly getByRank: <V extends ValueType | 'auto', R extends MapOne>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    valueType: V,
    returnType: R,
    ctx?: Context,
  ) => Expression<OneResult<V, R>>
  /** Of all entries from `rank` in the order of values. */
  readonly getByRankRangeToEnd: <R extends MapMany>(
    bin: CollectionBin,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
  /** Of `count` entries from `rank` in the order of values. Note the order of arguments: `count` comes first. */
  readonly getByRankRange: <R extends MapMany>(
    bin: CollectionBin,
    count: Operand<'int'>,
    rank: Operand<'int'>,
    returnType: R,
    ctx?: Context,
  ) => Expression<ManyResult<R>>
}

/** Builders of what is known of the record. */
declare const metadata: {
  /**
   * The user key, unknown where the record was written without `key: 'send'` or has a key of another type.
   * @param type - `int`, `string` or `blob`
   * @throws InvalidArgError for another type
   */
  readonly key: <T extends Extract<ValueType, 'int' | 'string' | 'blob'>>(type: T) => Expression<T>
  /** The user key that is an integer; unknown where it is not stored or is none. */
  readonly keyInt: () => Expression<'int'>
  /** The user key that is a string; unknown where it is not stored or is none. */
  readonly keyStr: () => Expression<'string'>
  /** The user key that is bytes; unknown where it is not stored or is none. */
  readonly keyBlob: () => Expression<'blob'>
  /** Whether the user key is stored with the record. */
  readonly keyExist: () => Expression<'bool'>
  /** The same as `keyExist`. */
  readonly keyExists: () => Expression<'bool'>
  /** The name of the record's set; empty where it has none. */
  readonly setName: () => Expression<'string'>
  /** How many bytes the record takes. Server 7.0 and later. */
  readonly recordSize: () => Expression<'int'>
  /**
   * The same as `recordSize`, which replaced it in server 7.0.
   * @deprecated Use `recordSize`.
   */
  readonly deviceSize: () => Expression<'int'>
  /**
   * The same as `recordSize`, which replaced it in server 7.0.
   * @deprecated Use `recordSize`.
   */
  readonly memorySize: () => Expression<'int'>
  /** When the record was last written, in nanoseconds since 1970. Compare it with a bigint. */
  readonly lastUpdate: () => Expression<'int'>
  /** How many milliseconds ago the record was last written. */
  readonly sinceUpdate: () => Expression<'int'>
  /** When the record expires, in nanoseconds since 1970; -1 where it never does. Compare it with a bigint. */
  readonly voidTime: () => Expression<'int'>
  /** In how many seconds the record expires; -1 where it never does. */
  readonly ttl: () => Expression<'int'>
  /** Whether the record is a tombstone: deleted, and kept to tell other nodes (Enterprise). */
  readonly isTombstone: () => Expression<'bool'>
  /**
   * The rest of the record's digest divided by a number: a part of all records that stays the same.
   * @param mod - the divisor, 1 or more
   * @throws InvalidArgError for anything else
   */
  readonly digestModulo: (mod: number | bigint) => Expression<'int'>
}

/** What `exp.selectByPath` returns of the selected items; combine NO_FAIL with `|`. */
declare const pathSelectFlags: {
  /** The bin's list or map with nothing but the selected items in it. */
  readonly MATCHING_TREE: 0
  /** A list of the selected values. */
  readonly VALUE: 1
  /** The same as VALUE. */
  readonly LIST_VALUE: 1
  /** The same as VALUE. */
  readonly MAP_VALUE: 1
  /** A list of the selected keys. */
  readonly MAP_KEY: 2
  /** A list of the selected keys and values in turn. */
  readonly MAP_KEY_VALUE: 3
  /** Leave out what has another type, rather than fail. */
  readonly NO_FAIL: 16
}
/** How `exp.modifyByPath` works. */
declare const pathModifyFlags: {
  /** Fail where something has another type. */
  readonly DEFAULT: 0
  /** Leave what has another type as it is. */
  readonly NO_FAIL: 16
}
/** What a loop variable stands for. */
declare const loopVarPart: {
  /** The key of a map's entry. */
  readonly KEY: 'key'
  /** The item, or the value of a map's entry. */
  readonly VALUE: 'value'
  /** The index of a list's item. */
  readonly INDEX: 'index'
}
/** One of `exp.loopVarPart`. */
export type LoopVarPart = (typeof loopVarPart)[keyof typeof loopVarPart]
/** Builders of paths. */
declare const path: {
  /**
   * Selects all items that a path leads to.
   * @param bin - a list or map, mostly `exp.binMap('name')`
   * @param valueType - the type of the result: `list`, or the bin's own for MATCHING_TREE
   * @param selectFlags - flags of `exp.pathSelectFlags`
   * @param ctx - the path
   * @throws InvalidArgError for an unknown type or flag, or an empty path
   */
  readonly selectByPath: <T extends ValueType>(
    bin: CollectionBin,
    valueType: T,
    selectFlags: number,
    ctx: CdtContext,
  ) => Expression<T>
  /**
   * The bin's list or map with every item that a path leads to changed by an expression.
   * @param bin - a list or map, mostly `exp.binMap('name')`
   * @param valueType - the bin's type
   * @param modExp - gives the new value; sees the old one as `exp.loopVarInt(exp.loopVarPart.VALUE)` and its like;
   *   `exp.removeResult()` removes it
   * @param modifyFlags - flags of `exp.pathModifyFlags`
   * @param ctx - the path
   * @throws InvalidArgError for an unknown type or flag, or an empty path
   */
  readonly modifyByPath: <T extends ValueType>(
    bin: CollectionBin,
    valueType: T,
    modExp: Expression,
    modifyFlags: number,
    ctx: CdtContext,
  ) => Expression<T>
  /** As the expression of `exp.modifyByPath`: removes the item. */
  readonly removeResult: () => Expression<'any'>
  /** The same as `removeResult`. */
  readonly resultRemove: () => Expression<'any'>
  /** The keys of a map as a list. Server 8.1.2 and later. */
  readonly mapKeys: (map: Expression<'map' | 'any'>) => Expression<'list'>
  /** The values of a map as a list. Server 8.1.2 and later. */
  readonly mapValues: (map: Expression<'map' | 'any'>) => Expression<'list'>
  /** A part of the item that a path is at, a double. */
  readonly loopVarFloat: (part: LoopVarPart) => Expression<'float'>
  /** A part of the item that a path is at, an integer. */
  readonly loopVarInt: (part: LoopVarPart) => Expression<'int'>
  /** A part of the item that a path is at, a list. */
  readonly loopVarList: (part: LoopVarPart) => Expression<'list'>
  /** A part of the item that a path is at, a map. */
  readonly loopVarMap: (part: LoopVarPart) => Expression<'map'>
  /** A part of the item that a path is at, a string. */
  readonly loopVarStr: (part: LoopVarPart) => Expression<'string'>
  /** A part of the item that a path is at, bytes. */
  readonly loopVarBlob: (part: LoopVarPart) => Expression<'blob'>
  /** A part of the item that a path is at, a boolean. */
  readonly loopVarBool: (part: LoopVarPart) => Expression<'bool'>
  /** A part of the item that a path is at, nil. */
  readonly loopVarNil: (part: LoopVarPart) => Expression<'nil'>
  /** A part of the item that a path is at, GeoJSON. */
  readonly loopVarGeoJSON: (part: LoopVarPart) => Expression<'geo'>
  /** A part of the item that a path is at, a HyperLogLog. */
  readonly loopVarHLL: (part: LoopVarPart) => Expression<'hll'>
}

type Text = Operand<'string'>
/** How the patterns of `exp.strings` are read; combine with `|`. */
declare const stringRegexFlags: {
  /** As they stand. */
  readonly DEFAULT: 0
  /** Upper and lower case are the same. */
  readonly CASE_INSENSITIVE: 1
  /** `^` and `$` match at each line. */
  readonly MULTILINE: 2
  /** `.` matches the ends of lines too. */
  readonly DOT_ALL: 4
  /** Only `\n` ends a line. */
  readonly UNIX_LINES: 8
  /** Replace all matches, not the first alone. */
  readonly GLOBAL: 16
}
/**
 * Builders on strings. `src` is an expression that results in a string: mostly `exp.binStr('name')`. Places count in
 * code points; negative ones from the end; those out of range are moved into it. Those that change a string result in
 * the changed one and leave the record alone. `policy` is `{ writeFlags }`. Server 8.2 and later.
 *
 * All throw InvalidArgError for arguments of another type.
 */
declare const stringExpressions: {
  /** How many code points it has. */
  readonly strlen: (src: Text) => Expression<'int'>
  /** Its part from `start` up to, without, `end`, or to its end. */
  readonly substr: (src: Text, start: Int, end?: Int) => Expression<'string'>
  /** The character at `index`. */
  readonly charAt: (src: Text, index: Int) => Expression<'string'>
  /** Where `needle` starts, the first or the `occurrence`th time; -1 where it is not there. */
  readonly find: (src: Text, needle: Text, occurrence?: Int) => Expression<'int'>
  /** Whether it contains another string. */
  readonly contains: (src: Text, needle: Text) => Expression<'bool'>
  /** Whether it starts with another string. */
  readonly startsWith: (src: Text, needle: Text) => Expression<'bool'>
  /** Whether it ends with another string. */
  readonly endsWith: (src: Text, needle: Text) => Expression<'bool'>
  /** The integer that it is the text of. */
  readonly toInteger: (src: Text) => Expression<'int'>
  /** The double that it is the text of. */
  readonly toDouble: (src: Text) => Expression<'float'>
  /** How many bytes it has. */
  readonly byteLength: (src: Text) => Expression<'int'>
  /**
   * Whether it is the text of a number.
   * @param type - of which kind: `any` (default), `int` or `float`
   */
  readonly isNumeric: (src: Text, type?: 'any' | 'int' | 'float') => Expression<'bool'>
  /** Whether all of its letters are upper case. */
  readonly isUpper: (src: Text) => Expression<'bool'>
  /** Whether all of its letters are lower case. */
  readonly isLower: (src: Text) => Expression<'bool'>
  /** Its bytes. */
  readonly toBlob: (src: Text) => Expression<'blob'>
  /** A list of its parts between `separator`, or of its characters. */
  readonly split: (src: Text, separator?: Text) => Expression<'list'>
  /** The bytes that it is the base64 of. */
  readonly b64Decode: (src: Text) => Expression<'blob'>
  /**
   * Whether it matches a regular expression.
   * @param regexFlags - flags of `exp.stringRegexFlags`
   */
  readonly regexCompare: (src: Text, pattern: Text, regexFlagBits?: number) => Expression<'bool'>
  /** It with `value` before the character at `index`. */
  readonly insert: (src: Text, index: Int, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It with `value` over the characters from `index`. */
  readonly overwrite: (src: Text, index: Int, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It with all strings of a list behind it. */
  readonly concat: (src: Text, values: Operand<'list'>, policy?: FlagsWrite) => Expression<'string'>
  /** It with `value` behind it. */
  readonly append: (src: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It with `value` before it. */
  readonly prepend: (src: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It without the characters from `start` up to, without, `end`, or to its end; a policy needs an end. */
  readonly snip: (src: Text, start: Int, end?: Int, policy?: FlagsWrite) => Expression<'string'>
  /** It with `replacement` in place of the first `needle`. */
  readonly replace: (src: Text, needle: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It with `replacement` in place of every `needle`. */
  readonly replaceAll: (src: Text, needle: Text, value: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It in upper case. */
  readonly upper: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It in lower case. */
  readonly lower: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It in the form in which upper and lower case compare equal. */
  readonly caseFold: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It in Unicode's normal form C. */
  readonly normalizeNfc: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It without white space before it. */
  readonly trimStart: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It without white space behind it. */
  readonly trimEnd: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It without white space around it. */
  readonly trim: (src: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It with as many `padString` before it as make it `targetLength` long. */
  readonly padStart: (src: Text, targetLength: Int, padString: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It with as many `padString` behind it as make it `targetLength` long. */
  readonly padEnd: (src: Text, targetLength: Int, padString: Text, policy?: FlagsWrite) => Expression<'string'>
  /** It `count` times. */
  readonly repeat: (src: Text, count: Int, policy?: FlagsWrite) => Expression<'string'>
  /**
   * It with `replacement` in place of what a regular expression matches.
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
/** The text of a value. */
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
   * true or false. Server 5.6 and later.
   * @param value - the boolean
   * @throws InvalidArgError for anything else
   */
  readonly bool: typeof bool
  /**
   * An integer of 64 bits.
   * @param value - a number without a fraction, or a bigint
   * @throws InvalidArgError for anything else, and outside the 64-bit integers
   */
  readonly int: typeof int
  /**
   * An integer of 64 bits that is not negative.
   * @param value - a number without a fraction, or a bigint
   * @throws InvalidArgError for anything else
   */
  readonly uint: typeof uint
  /**
   * A double. `exp.float(1)` is 1.0, which no integer equals.
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
   * @param value - the bytes
   * @param size - how many of them, from the first; all where it is not given
   * @throws InvalidArgError for anything else
   */
  readonly bytes: typeof bytes
  /**
   * A GeoJSON value, for `exp.cmpGeo`.
   * @param value - a GeoJSON, its text, or an object
   * @throws InvalidArgError for what is no JSON
   */
  readonly geo: typeof geo
  /** Nil: no value. Less than every other one in a range. */
  readonly nil: () => Expression<'nil'>
  /** Infinity: greater than every other value, as the end of a range; `infinity()` inside a list. */
  readonly inf: () => Expression<'any'>
  /** The wildcard: equals every value; `wildcard()` inside a list. */
  readonly wildcard: () => Expression<'any'>
  /**
   * A list.
   * @param values - its items: anything that can be stored, `infinity()` and `wildcard()`
   * @throws InvalidArgError for what cannot be stored
   */
  readonly list: (values: readonly LiteralItem[]) => Expression<'list'>
  /**
   * A map. Its entries are packed in the order of their keys, as the server compares them.
   * @param value - a plain object, or a Map with keys of string, integer or bytes
   * @throws InvalidArgError for what cannot be stored, or a key that is there twice
   */
  readonly map: (value: LiteralMap) => Expression<'map'>
  /** The same as `bool`. */
  readonly boolVal: typeof bool
  /** The same as `int`. */
  readonly intVal: typeof int
  /** The same as `float`. */
  readonly floatVal: typeof float
  /** The same as `str`. */
  readonly stringVal: typeof str
  /** The same as `bytes`. */
  readonly blobVal: typeof bytes
  /** The same as `geo`. */
  readonly geoVal: typeof geo
  /** The same as `list`. */
  readonly listVal: (values: readonly LiteralItem[]) => Expression<'list'>
  /** The same as `map`. */
  readonly mapVal: (value: LiteralMap) => Expression<'map'>
  /** The same as `inf`. */
  readonly infinity: () => Expression<'any'>
}

/** Types of values, for the builders that have to be told. */
declare const type: {
  /** What follows from the return type. */
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
/** Named by their types, so that the declarations keep what is said of each of their members. */
interface Modules {
  /** Builders on lists. */
  readonly lists: typeof listExpressions
  /** Builders on maps. */
  readonly maps: typeof mapExpressions
  /** Builders on the bits of bytes. */
  readonly bit: typeof bitExpressions
  /** Builders on HyperLogLogs. */
  readonly hll: typeof hllExpressions
  /** Builders on strings. Server 8.2 and later. */
  readonly strings: typeof stringExpressions
  /** Operations of `operate` that evaluate an expression. */
  readonly operations: typeof expressionOperations
  /** Types of values, for the builders that have to be told. */
  readonly type: typeof type
  /** Flags of `exp.operations.read`. */
  readonly expReadFlags: typeof expReadFlags
  /** Flags of `exp.operations.write`. */
  readonly expWriteFlags: typeof expWriteFlags
  /** What `exp.selectByPath` returns of the selected items. */
  readonly pathSelectFlags: typeof pathSelectFlags
  /** How `exp.modifyByPath` works. */
  readonly pathModifyFlags: typeof pathModifyFlags
  /** What a loop variable stands for. */
  readonly loopVarPart: typeof loopVarPart
  /** How a pattern of `exp.cmpRegex` is read. */
  readonly regexFlags: typeof regexFlags
  /** How the patterns of `exp.strings` are read. */
  readonly stringRegexFlags: typeof stringRegexFlags
  /** The text of a value. Server 8.2 and later. */
  readonly toStr: typeof toStr
  /**
   * Restores an expression from base64, as `toBase64` and other clients make it.
   * @throws InvalidArgError where that is malformed
   */
  readonly fromBase64: typeof fromBase64
  /**
   * A filter as text, which the server compiles: `exp.ael('$.age > 21')`. It is a whole filter and no part of another
   * expression. Text that is no filter is refused by the server. Server 8.2 and later.
   * @throws InvalidArgError for an empty text
   */
  readonly ael: typeof ael
}
/**
 * Builders of expressions: what the server evaluates for a record, as a filter (`filterExpression` of a policy) or for a
 * value (`exp.operations`). Expressions need server 5.2; what needs a later one says so.
 */
export declare const exp: typeof values &
  typeof bins &
  typeof metadata &
  typeof compare &
  typeof control &
  typeof arithmetic &
  typeof path &
  Modules

/** How much is told: each level includes those before it. */
export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
/**
 * What a line is about: `cluster` (nodes, seeds, tends, connections), `batch`, `command` (all other commands), or this package.
 */
export type LogTarget = 'aerospike_napi' | 'cluster' | 'batch' | 'command'
/** A line, as a logger that is a function gets it. */
export interface LogLine {
  readonly level: Exclude<LogLevel, 'off'>
  readonly target: LogTarget
  /** The Rust module that has logged it, such as `aerospike_core::cluster::node`. */
  readonly module: string
  readonly message: string
  /** When it was logged, in ms since 1970. Lines may wait a while for this thread. */
  readonly time: number
}
type LogMethod = (...args: never[]) => unknown
/**
 * A logger: pino's, Fastify's, winston's, `console`, or any object with these methods. Without `trace`, traces go to `debug`.
 *
 * A logger like pino's (it has `bindings`) is called with `({ target, module, loggedAt }, message)`, as its own `time` is when it is
 * called; one like winston's (it has `child` and `log`) with `(message, { target, module, time })`; all others with one text that
 * begins with the target.
 */
export interface Logger {
  error: LogMethod
  warn: LogMethod
  info: LogMethod
  debug: LogMethod
  trace?: LogMethod
}
/** aerospike-py's names of loggers, which `setLogLevel` takes as targets; `aerospike_core` is all three. */
export type CoreLogTarget = 'aerospike_core' | `aerospike_core::${Exclude<LogTarget, 'aerospike_napi'>}`
/**
 * Sets how much the logger is told, of one target or of all. `info` at first, `debug` with `NODE_DEBUG=aerospike-napi`. It is filtered
 * before anything crosses to JavaScript: a level that nobody asks for costs nothing. Each worker has its own levels.
 * @throws InvalidArgError for a level or target that is none
 */
export declare function setLogLevel(level: LogLevel, target?: LogTarget | CoreLogTarget): void
/**
 * Sets the logger of this thread, or none by `null`, which is the default. Lines come in the order in which they were logged,
 * those of all clients of the process: which client a line is about is not known. They come a moment later, between other
 * work, and never keep the process alive. Of a flood, what is beyond 10,000 waiting lines is dropped, and a line tells how many.
 *
 * The logger runs in the asynchronous context of this call. When it throws or rejects, a process warning says so once. What it asks a
 * client for while it runs makes no lines.
 * @throws InvalidArgError for a logger that lacks a method
 */
export declare function setLogger(logger: Logger | ((line: LogLine) => unknown) | null): void

/** What is counted beside operations and connections. */
export interface MetricsOptions {
  /**
   * Retries, failed attempts and bytes of each node, which every command is counted for once more. It costs each command
   * about half a microsecond. Default false.
   */
  details?: boolean
  /** The parts of a call's way, as `aerospike_client_stage_duration_seconds`: to find out where time goes. Default false. */
  stages?: boolean
}
/** Where the metrics server is to listen. */
export interface MetricsServerOptions {
  /** Port; 0 for any that is free. Default 9464. */
  port?: number
  /** Address or name of an interface; `'0.0.0.0'` for all of them. Default `'127.0.0.1'`. */
  host?: string
}
/** Where the metrics server listens. */
export interface MetricsServer {
  readonly host: string
  readonly port: number
  /** Where Prometheus finds the metrics. */
  readonly url: string
}
/**
 * All metrics in Prometheus' text format (`text/plain; version=0.0.4`): of the whole process, all clients and worker threads.
 *
 * `docs/metrics.md` tells of each.
 */
export declare function getMetrics(): string
/**
 * Counts operations, or does so no more. They are counted unless this says otherwise, in the whole process. What was
 * counted so far stays; connections and nodes are told of either way.
 * @throws InvalidArgError when it is not true or false, or for an option that is unknown or wrong
 */
export declare function setMetricsEnabled(enabled: boolean, options?: MetricsOptions): void
/**
 * Serves the metrics at `/metrics`, from a native thread: a busy event loop does not keep it from answering, and it does not
 * keep the process alive. The process has one such server; started again with the same options, also by another worker
 * thread, it gives where it listens, and ends when each thread that has started it has stopped it or is gone.
 * @param options - where it listens; a number is the port
 * @throws InvalidArgError for an option that is unknown or wrong; ClientError when it cannot listen there, or listens
 *   elsewhere already
 */
export declare function startMetricsServer(options?: MetricsServerOptions | number): Promise<MetricsServer>
/** Stops that server: requests under way are answered, and the port is free afterwards. Without one it does nothing. */
export declare function stopMetricsServer(): Promise<void>

/** How bits are written. */
export interface BitPolicy {
  /** BIT_WRITE_* flags, combined with `|`. Default BIT_WRITE_DEFAULT. */
  writeFlags?: number
}
/** An operation that changes bits. */
export declare class BitOperation<out B extends string = string> extends CdtOperation<B, null> {
  /** Says how bits are written. Changes the operation and returns it. */
  withPolicy(policy: BitPolicy): this
}
/** An operation on bits that can overflow. */
export declare class BitArithmeticOperation<out B extends string = string> extends BitOperation<B> {
  /**
   * Says what happens where the result does not fit its bits. Changes the operation and returns it.
   * @param action - one of bits.overflow
   */
  onOverflow(action: BitOverflow): this
}
/**
 * Operations on the bits of a blob, for `operate`. Offsets count from the first bit or byte, negative ones from the end.
 * What changes bits answers with null. A bin that is no blob gives BinTypeError, bits that are not there give
 * ServerError (`OP_NOT_APPLICABLE`) or InvalidArgError; and then no operation of the call is applied. Server 4.6;
 * 8.1.2 and older refuse a context with InvalidArgError.
 */
export declare const bits: {
  /** What may be written; combined with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly CREATE_ONLY: 1
    readonly UPDATE_ONLY: 2
    readonly NO_FAIL: 4
    readonly PARTIAL: 8
  }
  /** How `resize` resizes: one of them, or an array of several. */
  readonly resizeFlags: {
    readonly DEFAULT: 'default'
    readonly FROM_FRONT: 'from-front'
    readonly GROW_ONLY: 'grow-only'
    readonly SHRINK_ONLY: 'shrink-only'
  }
  /** What happens where a sum does not fit its bits. */
  readonly overflow: {
    readonly FAIL: 'fail'
    readonly SATURATE: 'saturate'
    readonly WRAP: 'wrap'
  }
  /** Resizes the blob to a number of bytes, by bits.resizeFlags; new ones are 0. */
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
  /** Removes bytes from a byte offset on. */
  readonly remove: <B extends string>(
    bin: B,
    byteOffset: number,
    byteSize: number,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Sets bits to those of some bytes, or to an integer. */
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
  /** Ors bits with those of some bytes. */
  readonly or: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Exclusively ors bits with those of some bytes. */
  readonly xor: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Ands bits with those of some bytes. */
  readonly and: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: Uint8Array,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Inverts bits. */
  readonly not: <B extends string>(bin: B, bitOffset: number, bitSize: number, policy?: BitPolicy) => BitOperation<B>
  /** Shifts bits to the left. */
  readonly lshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /** Shifts bits to the right. */
  readonly rshift: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    shift: number,
    policy?: BitPolicy,
  ) => BitOperation<B>
  /**
   * Adds to an integer of up to 64 bits; `onOverflow` says what happens where the sum does not fit.
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
   * Subtracts from an integer of up to 64 bits; `onOverflow` says what happens where the difference does not fit.
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
  /** Answers with bits as bytes, the last of them filled up with 0. */
  readonly get: <B extends string>(bin: B, bitOffset: number, bitSize: number) => CdtOperation<B, Buffer | null>
  /** Answers with how many bits are 1. */
  readonly count: <B extends string>(bin: B, bitOffset: number, bitSize: number) => CdtOperation<B, number | null>
  /** Answers with the offset of the first bit that is `value`, counted from `bitOffset`; -1 where none is. */
  readonly lscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ) => CdtOperation<B, number | null>
  /** Answers with the offset of the last bit that is `value`, counted from `bitOffset`; -1 where none is. */
  readonly rscan: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    value: boolean,
  ) => CdtOperation<B, number | null>
  /**
   * Answers with up to 64 bits as an integer.
   * @param sign - whether the bits are a signed integer
   */
  readonly getInt: <B extends string>(
    bin: B,
    bitOffset: number,
    bitSize: number,
    sign?: boolean,
  ) => CdtOperation<B, number | bigint | null>
  /**
   * Answers with bytes as base64: all, or those from an offset on. Server 8.2.
   * @param byteSize - how many bytes; all up to the end where it is left out
   * @param invertSize - `byteSize` counts what is left out at the end
   */
  readonly b64Encode: <B extends string>(
    bin: B,
    byteOffset?: number,
    byteSize?: number,
    invertSize?: boolean,
  ) => CdtOperation<B, string | null>
}

/** How a HyperLogLog is written. */
export interface HllPolicy {
  /** HLL_WRITE_* flags, combined with `|`. Default HLL_WRITE_DEFAULT. */
  writeFlags?: number
}
/** An operation on a HyperLogLog. It has no context: a HyperLogLog is a whole bin. */
export declare class HllOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {}
/** An operation that changes a HyperLogLog. */
export declare class HllWriteOperation<out B extends string = string, out A = ReadValue> extends HllOperation<B, A> {
  /** Says how it is written. Changes the operation and returns it. */
  withPolicy(policy: HllPolicy): this
}
/**
 * Operations on HyperLogLogs, for `operate`. A bin that is none gives BinTypeError; numbers of bits that the server does
 * not accept give InvalidArgError, what does not fit the HyperLogLog there is gives ServerError
 * (`OP_NOT_APPLICABLE`); and then no operation of the call is applied. Server 4.9.
 */
export declare const hll: {
  /** What may be written; combined with `|`. */
  readonly writeFlags: {
    readonly DEFAULT: 0
    readonly CREATE_ONLY: 1
    readonly UPDATE_ONLY: 2
    readonly NO_FAIL: 4
    readonly ALLOW_FOLD: 8
  }
  /**
   * Creates a HyperLogLog, or empties the one there is. Answers with null.
   * @param indexBits - 4 to 16: more are more exact
   * @param minhashBits - 4 to 51 for intersections and similarities, or left out; together at most 64
   */
  readonly init: <B extends string>(
    bin: B,
    indexBits: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ) => HllWriteOperation<B, null>
  /**
   * Adds values, and creates the HyperLogLog where there is none and `indexBits` is given. Answers with how many of its
   * entries changed; null where NO_FAIL let it do nothing.
   */
  readonly add: <B extends string>(
    bin: B,
    values: readonly Value[],
    indexBits?: number,
    minhashBits?: number,
    policy?: HllPolicy,
  ) => HllWriteOperation<B, number | null>
  /** Makes it the union of itself and others. Answers with null. */
  readonly setUnion: <B extends string>(
    bin: B,
    values: readonly HyperLogLog[],
    policy?: HllPolicy,
  ) => HllWriteOperation<B, null>
  /** Brings the count that it keeps up to date. Answers with the estimated count. */
  readonly refreshCount: <B extends string>(bin: B) => HllOperation<B, number>
  /** Folds it to fewer index bits; it has no minhash bits. Answers with null. */
  readonly fold: <B extends string>(bin: B, indexBits: number) => HllOperation<B, null>
  /** Answers with the estimated number of different values. */
  readonly getCount: <B extends string>(bin: B) => HllOperation<B, number | null>
  /** Answers with the union of it and others, a HyperLogLog. */
  readonly getUnion: <B extends string>(bin: B, values: readonly HyperLogLog[]) => HllOperation<B, HyperLogLog | null>
  /** Answers with the estimated number of different values in the union of it and others. */
  readonly getUnionCount: <B extends string>(bin: B, values: readonly HyperLogLog[]) => HllOperation<B, number | null>
  /** Answers with the estimated number of different values in all of it and others. */
  readonly getIntersectCount: <B extends string>(
    bin: B,
    values: readonly HyperLogLog[],
  ) => HllOperation<B, number | null>
  /** Answers with the estimated similarity of it and others, 0 to 1. */
  readonly getSimilarity: <B extends string>(bin: B, values: readonly HyperLogLog[]) => HllOperation<B, number | null>
  /** Answers with `[indexBits, minhashBits]`. */
  readonly describe: <B extends string>(bin: B) => HllOperation<B, [indexBits: number, minhashBits: number] | null>
}

/** A path: a context, or a function that makes one. */
export type Path = CdtContext | ((path: CdtContext) => unknown)
/**
 * Operations on all that a path selects, for `operate`. A path is a context whose levels may select many: all children,
 * those that an expression is true for, those of some keys. Answers are null where the bin does not exist. Server 8.1.1.
 */
export declare const paths: {
  /** What `selectByPath` answers with; NO_FAIL is combined with another by `|`. */
  readonly selectFlags: {
    /** The bin's own lists and maps, with only what is selected. */
    readonly MATCHING_TREE: 0
    /** A list of the values. */
    readonly VALUE: 1
    readonly LIST_VALUE: 1
    readonly MAP_VALUE: 1
    /** A list of the keys. */
    readonly MAP_KEY: 2
    /** A list of keys and values in turn. */
    readonly MAP_KEY_VALUE: 3
    /** Leave out what an expression does not fit, rather than fail. */
    readonly NO_FAIL: 16
  }
  /** How `modifyByPath` modifies. */
  readonly modifyFlags: {
    readonly DEFAULT: 0
    /** Leave as it is what the expression does not fit, rather than fail. */
    readonly NO_FAIL: 16
  }
  /** Answers with what a path selects, as paths.selectFlags say. */
  readonly selectByPath: <B extends string>(bin: B, flags: number, path: Path) => BuiltOperation<B, ReadValue>
  /** Replaces each value that a path selects by what an expression makes of it. Answers with null. */
  readonly modifyByPath: <B extends string>(
    bin: B,
    expression: Expression,
    flags: number,
    path: Path,
  ) => BuiltOperation<B, null>
  /** Answers with a list of the values that a path selects. */
  readonly selectValues: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadValue[] | null>
  /** Answers with a list of the keys that a path selects. */
  readonly selectMapKeys: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadKey[] | null>
  /** Answers with a list of the keys and values that a path selects, in turn. */
  readonly selectMapEntries: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadValue[] | null>
  /** Answers with the bin's own lists and maps, reduced to what a path selects. */
  readonly selectMatchingTree: <B extends string>(bin: B, path: Path) => BuiltOperation<B, ReadValue[] | ReadMap | null>
  /** Replaces each value that a path selects by what an expression makes of it. Answers with null. */
  readonly modify: <B extends string>(bin: B, expression: Expression, path: Path) => BuiltOperation<B, null>
  /** The same, and leaves as it is what the expression does not fit. */
  readonly modifyNoFail: <B extends string>(bin: B, expression: Expression, path: Path) => BuiltOperation<B, null>
  /** Removes all that a path selects. Answers with null. */
  readonly remove: <B extends string>(bin: B, path: Path) => BuiltOperation<B, null>
}

/** Builders of operations on whole bins, for `operate`. They give plain objects. */
export declare const op: {
  /** Reads a bin, or all bins where none is named. */
  readonly read: <B extends string | undefined = undefined>(bin?: B) => ScalarOperation<typeof OPERATOR_READ, B>
  /** Reads generation and lifetime alone. */
  readonly readHeader: () => ScalarOperation<typeof OPERATOR_READ_HEADER, undefined>
  /** Writes a bin; null removes it. */
  readonly write: <B extends string>(bin: B, val: Value) => ScalarOperation<typeof OPERATOR_WRITE, B>
  /** Adds to a number; a bin that is not there counts as 0. */
  readonly incr: <B extends string>(bin: B, val: number | bigint | Double) => ScalarOperation<typeof OPERATOR_INCR, B>
  /** The same as `incr`. */
  readonly add: <B extends string>(bin: B, val: number | bigint | Double) => ScalarOperation<typeof OPERATOR_INCR, B>
  /** Appends to a string or bytes. */
  readonly append: <B extends string>(bin: B, val: string | Uint8Array) => ScalarOperation<typeof OPERATOR_APPEND, B>
  /** Prepends to a string or bytes. */
  readonly prepend: <B extends string>(bin: B, val: string | Uint8Array) => ScalarOperation<typeof OPERATOR_PREPEND, B>
  /** Sets the record's lifetime anew: to `meta.ttl` or the policy's. */
  readonly touch: () => ScalarOperation<typeof OPERATOR_TOUCH, undefined>
  /** Deletes the record. */
  readonly delete: () => ScalarOperation<typeof OPERATOR_DELETE, undefined>
  /** The same as `paths.selectByPath`. Server 8.1.1. */
  readonly selectByPath: <B extends string>(bin: B, flags: number, path: Path) => BuiltOperation<B, ReadValue>
  /** The same as `paths.modifyByPath`. Server 8.1.1. */
  readonly modifyByPath: <B extends string>(
    bin: B,
    expression: Expression,
    flags: number,
    path: Path,
  ) => BuiltOperation<B, null>
}

/** How a string is written. */
export interface StringPolicy {
  /** strings.writeFlags, combined with `|`. Default DEFAULT. */
  writeFlags?: number
}
declare const numericType: {
  readonly ANY: 'any'
  readonly INT: 'int'
  readonly FLOAT: 'float'
}
/** What kind of number `isNumeric` looks for: one of strings.numericType. */
export type StringNumericType = (typeof numericType)[keyof typeof numericType]
/**
 * Operations on strings, for `operate`. Indexes count codepoints from 0, negative ones from the end. What changes the
 * string answers with null. A bin that is no string gives BinTypeError, what the server does not accept gives
 * InvalidArgError; and then no operation of the call is applied. Server 8.2; older ones refuse the call with
 * InvalidArgError.
 */
export declare const strings: {
  /** What may be written; combined with `|`. */
  readonly writeFlags: {
    /** Create or change the bin. */
    readonly DEFAULT: 0
    /** Only where the bin does not exist; what can create a bin only. */
    readonly CREATE_ONLY: 1
    /** Only where the bin exists. */
    readonly UPDATE_ONLY: 2
    /** Leave the string as it is, rather than fail. */
    readonly NO_FAIL: 4
  }
  /** How patterns match (ICU); combined with `|`. */
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
  /** What `isNumeric` looks for. */
  readonly numericType: {
    readonly ANY: 'any'
    readonly INT: 'int'
    readonly FLOAT: 'float'
  }
  /** Answers with the number of codepoints. */
  readonly strlen: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Answers with the codepoints from `start` to before `end`, or to the end of the string. */
  readonly substr: <B extends string>(bin: B, start: number, end?: number) => CdtOperation<B, string | null>
  /** Answers with the codepoint at an index, a string. */
  readonly charAt: <B extends string>(bin: B, index: number) => CdtOperation<B, string | null>
  /** Answers with the index of an occurrence (1 the first, -1 the last), or -1. */
  readonly find: <B extends string>(bin: B, needle: string, occurrence?: number) => CdtOperation<B, number | null>
  /** Answers with whether the string holds another. */
  readonly contains: <B extends string>(bin: B, needle: string) => CdtOperation<B, boolean | null>
  /** Answers with whether the string begins with another, in whatever form of Unicode. */
  readonly startsWith: <B extends string>(bin: B, prefix: string) => CdtOperation<B, boolean | null>
  /** Answers with whether the string ends with another, in whatever form of Unicode. */
  readonly endsWith: <B extends string>(bin: B, suffix: string) => CdtOperation<B, boolean | null>
  /** Answers with the integer that the string stands for. */
  readonly toInteger: <B extends string>(bin: B) => CdtOperation<B, number | bigint | null>
  /** Answers with the double that the string stands for. */
  readonly toDouble: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Answers with the number of bytes in UTF-8. */
  readonly byteLength: <B extends string>(bin: B) => CdtOperation<B, number | null>
  /** Answers with whether the string stands for a number: any, or one of strings.numericType. */
  readonly isNumeric: <B extends string>(bin: B, type?: StringNumericType) => CdtOperation<B, boolean | null>
  /** Answers with whether all letters are upper case. */
  readonly isUpper: <B extends string>(bin: B) => CdtOperation<B, boolean | null>
  /** Answers with whether all letters are lower case. */
  readonly isLower: <B extends string>(bin: B) => CdtOperation<B, boolean | null>
  /** Answers with the bytes in UTF-8. */
  readonly toBlob: <B extends string>(bin: B) => CdtOperation<B, Buffer | null>
  /** Answers with a list of the parts between separators, or of the codepoints. */
  readonly split: <B extends string>(bin: B, separator?: string) => CdtOperation<B, string[] | null>
  /** Answers with the bytes that the string is the base64 of. */
  readonly b64Decode: <B extends string>(bin: B) => CdtOperation<B, Buffer | null>
  /** Answers with whether a pattern (ICU) matches, by strings.regexFlags. */
  readonly regexCompare: <B extends string>(
    bin: B,
    pattern: string,
    regexFlags?: number,
  ) => CdtOperation<B, boolean | null>
  /** Answers with an integer, double, string or blob bin as a string. It has no context. */
  readonly toString: <B extends string>(bin: B) => BuiltOperation<B, string | null>
  /** Inserts at an index. Can create the bin. */
  readonly insert: <B extends string>(
    bin: B,
    index: number,
    value: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Overwrites from an index on; the string may grow. Can create the bin. */
  readonly overwrite: <B extends string>(
    bin: B,
    index: number,
    value: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Appends a string, or each of some. Can create the bin. */
  readonly concat: <B extends string>(
    bin: B,
    value: string | readonly string[],
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Removes the codepoints from `start` to before `end`, or to the end of the string; then no policy applies. */
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
  /** Folds the case of all letters, whatever the language. */
  readonly caseFold: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Brings the string to Unicode's form NFC. */
  readonly normalizeNFC: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Removes white space at the start. */
  readonly trimStart: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Removes white space at the end. */
  readonly trimEnd: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Removes white space at both ends. */
  readonly trim: <B extends string>(bin: B, policy?: StringPolicy) => CdtOperation<B, null>
  /** Prepends a string until there are `length` codepoints. Can create the bin. */
  readonly padStart: <B extends string>(
    bin: B,
    length: number,
    pad: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Appends a string until there are `length` codepoints. Can create the bin. */
  readonly padEnd: <B extends string>(
    bin: B,
    length: number,
    pad: string,
    policy?: StringPolicy,
  ) => CdtOperation<B, null>
  /** Repeats the string. Can create the bin. */
  readonly repeat: <B extends string>(bin: B, count: number, policy?: StringPolicy) => CdtOperation<B, null>
  /** Replaces the first match of a pattern (ICU), or all with strings.regexFlags.GLOBAL. */
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
/** Which spans are made, as OpenTelemetry names it. */
export type TracingSampler = keyof typeof SAMPLERS
/** Certificates for a collector at `https://`, in PEM. */
export interface TracingTls {
  /** The authorities that the collector's certificate is checked by. Default: those of the system. */
  ca?: string | Uint8Array
  /** The client's own certificate, where the collector asks for one. */
  cert?: string | Uint8Array
  /** Its private key. */
  key?: string | Uint8Array
}
/** How spans are made and exported. What is left out is taken from the environment variable. */
export interface TracingOptions {
  /**
   * The collector, as `http://host:port` or `https://host:port`; it is spoken to by OTLP over gRPC.
   * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`. Default `http://localhost:4317`.
   */
  endpoint?: string
  /** What is sent along with each export, such as credentials. Added to `OTEL_EXPORTER_OTLP_HEADERS` and `..._TRACES_HEADERS`. */
  headers?: {
    readonly [name: string]: string
  }
  /** Certificates. The variables name files: `OTEL_EXPORTER_OTLP_CERTIFICATE`, `..._CLIENT_CERTIFICATE`, `..._CLIENT_KEY`. */
  tls?: TracingTls
  /** What the spans come from: `service.name`. `OTEL_SERVICE_NAME`. Default `aerospike-napi`. */
  serviceName?: string
  /** What else is known of it. Added to `OTEL_RESOURCE_ATTRIBUTES`. */
  resourceAttributes?: {
    readonly [name: string]: string
  }
  /** Which spans are made. `OTEL_TRACES_SAMPLER`. Default `parentbased_always_on`. */
  sampler?: TracingSampler
  /** The part of the traces that the ratio samplers take, 0 to 1. `OTEL_TRACES_SAMPLER_ARG`. Default 1. */
  samplerArg?: number
  /** `none`: spans are made, and counted, but not exported. `OTEL_TRACES_EXPORTER`. Default `otlp`. */
  exporter?: 'otlp' | 'none'
  /** ms for one export. `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT`. Default 10000. */
  timeout?: number
  /** ms that spans wait for others. `OTEL_BSP_SCHEDULE_DELAY`. Default 5000. */
  scheduleDelay?: number
  /** Spans that wait at most; those beyond are dropped, and counted. `OTEL_BSP_MAX_QUEUE_SIZE`. Default 2048. */
  maxQueueSize?: number
  /** Spans of one export at most. `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. Default 512. */
  maxExportBatchSize?: number
}

/** How tracing is ended. */
export interface ShutdownTracingOptions {
  /** ms for exporting what is left; what is not exported by then is dropped, and counted. Default 5000. */
  timeout?: number
}
/** What became of spans, since the process began. */
export interface TracingStats {
  /** Spans that were made: those that the sampler took. */
  readonly made: number
  /** Those that the collector took. */
  readonly exported: number
  /** Those that were sent, and not taken: the collector was away, refused them, or did not answer in time. */
  readonly failed: number
  /** Those that were never sent: the queue was full, or tracing ended. */
  readonly dropped: number
}
/**
 * Begins to make a span of every command and every stream of this JavaScript environment, exported by OTLP over gRPC from
 * Rust. A span is a child of the one that the call's `traceparent` names, or of the active one where the application has
 * @opentelemetry/api. Clients may be made before or after it.
 *
 * The process has one exporter: worker threads that call this too share the first one's, with its options.
 *
 * An environment variable that cannot be understood is left out, and one process warning names all of them. Where it says
 * where or how spans are exported, they are not exported.
 *
 * @returns whether it has begun: false when it had before, or `OTEL_SDK_DISABLED` is `true`
 * @throws InvalidArgError for an option that cannot be understood; the message names it
 */
export declare function initTracing(options?: TracingOptions): boolean
/**
 * Ends what `initTracing` has begun: no more spans are made, and those that were made are exported, for which `timeout` ms
 * are given. Nothing happens where it was not begun. Call it before the process ends, or the last seconds' spans are lost.
 *
 * @throws InvalidArgError for a wrong option, as a rejection. A collector that is away is no error here.
 */
export declare function shutdownTracing(options?: ShutdownTracingOptions): Promise<void>
/** What became of the process's spans so far. */
export declare function tracingStats(): TracingStats

export { Client as AsyncClient, bits as bitwise, op as operations }
