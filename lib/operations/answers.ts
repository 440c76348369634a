/**
 * The result types of operations: what the compiler infers for the results of `operate` and `operateOrdered`.
 */
import type {
  OPERATOR_APPEND,
  OPERATOR_DELETE,
  OPERATOR_INCR,
  OPERATOR_PREPEND,
  OPERATOR_READ,
  OPERATOR_TOUCH,
} from '../constants/constants'
import type { AnyReturnType, MapReturnType, NotInverted } from '../constants/return-types'
import type { ResultType } from '../expressions/expression'
import type { Bins } from '../values/record'
import type { Double, GeoJSON, HyperLogLog, Integer, ReadValue } from '../values/value'
import type { BuiltOperation, Operation } from './operation'
import type { OPERATOR_READ_HEADER, ScalarOperation } from './scalar'

/** A map key as the client reads it. */
export type ReadKey = string | number | bigint | Buffer

/** A map as the client reads it. */
export type ReadMap = Map<ReadKey, ReadValue> | { [key: string]: ReadValue }

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
export type OneReturned<R extends MapReturnType> = Returned[R][0] | null

/** The result for several selected items; null if the bin does not exist. */
export type ManyReturned<R extends AnyReturnType> = Returned[NotInverted<R>][1] | null

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
export type Evaluated<T extends ResultType, F extends number> = Evaluations[T] | (F extends 0 ? never : null)

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
type On<B, O> = O extends { readonly bin?: B | undefined }
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
    : O extends { readonly bin?: B | undefined }
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
    : { [B in CertainIn<O>]: Exclude<ValueIn<B, O[number], O[number], I>, null> } & {
          [B in Exclude<Answered<O[number]>, CertainIn<O>>]?: Exclude<ValueIn<B, O[number], O[number], I>, null>
        } extends infer T
      ? { [K in keyof T]: T[K] }
      : never

declare const INFERRED: unique symbol

/** Marker: infer the types of the bins from the operations. */
export interface Inferred {
  readonly [INFERRED]: never
}

/** The bins of the result of `operate`: the caller's type, or the one inferred from the operations. */
export type BinsOf<B, O extends readonly Operation[], I extends Integer = number | bigint> = [B] extends [Inferred]
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
