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
import type { GeoJSON, HyperLogLog, ReadValue } from '../values/value'
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

/** The result for one selected item; null if the item does not exist. */
export type OneReturned<R extends MapReturnType> = Returned[R][0] | null

/** The result for several selected items; null if the bin does not exist. */
export type ManyReturned<R extends AnyReturnType> = Returned[NotInverted<R>][1] | null

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

/** The type of a bin, inferred from the other operations on it: for example, a number if something is added to it. */
type Held<O> = [O] extends [ScalarOperation<Neutral>]
  ? ReadValue
  : [O] extends [ScalarOperation<Neutral | typeof OPERATOR_INCR>]
    ? number | bigint
    : [O] extends [ScalarOperation<Neutral | typeof OPERATOR_APPEND | typeof OPERATOR_PREPEND>]
      ? string | Buffer
      : ReadValue

/** The operations on a bin, including those on the whole record. */
type On<B, O> = O extends { readonly bin?: B | undefined }
  ? O
  : O extends ScalarOperation<typeof OPERATOR_DELETE>
    ? O
    : never

type ValueIn<B extends string, O, All> =
  O extends ScalarOperation<typeof OPERATOR_READ, B>
    ? Held<On<B, All>>
    : O extends { readonly bin?: B | undefined }
      ? AnswerOf<O>
      : never

/** The bins that are always present. Only a tuple names its operations for certain; an array may lack any of them. */
type CertainIn<O extends readonly unknown[]> = number extends O['length'] ? never : Certain<O[number]>

/**
 * The bins of the result of `operate`, inferred from its operations. The bin of an operation that always returns a value is
 * required, the others are optional. The type is `Bins` if a bin name is known only at run time. Integers have the type
 * that a client with `int64: 'auto'` reads.
 */
export type Answers<O extends readonly Operation[]> =
  string extends Answered<O[number]>
    ? Bins
    : Flat<
        { [B in CertainIn<O>]: Exclude<ValueIn<B, O[number], O[number]>, null> } & {
          [B in Exclude<Answered<O[number]>, CertainIn<O>>]?: Exclude<ValueIn<B, O[number], O[number]>, null>
        }
      >

/** Flattens an intersection into one object type. */
type Flat<T> = { [K in keyof T]: T[K] }

declare const INFERRED: unique symbol

/** Marker: infer the types of the bins from the operations. */
export type Inferred = typeof INFERRED

/** The bins of the result of `operate`: the caller's type, or the one inferred from the operations. */
export type BinsOf<B, O extends readonly Operation[]> = [B] extends [Inferred] ? Answers<O> : B

type Ordered<O extends readonly unknown[], Done extends readonly unknown[]> = O extends readonly [infer H, ...infer T]
  ? [AnswerOf<H>] extends [never]
    ? Ordered<T, Done>
    : H extends BuiltOperation
      ? Ordered<T, [...Done, [bin: NameIn<H>, value: AnswerOf<H>]]>
      : H extends ScalarOperation<typeof OPERATOR_READ, string>
        ? Ordered<T, [...Done, [bin: NameIn<H>, value: AnswerOf<H>]]>
        : Ordered<T, [...Done, ...[bin: string, value: ReadValue][]]>
  : Done

/** The result of `operateOrdered`, inferred from its operations: `[bin, value]` for each that returns a result. */
export type OrderedAnswers<O extends readonly Operation[]> = number extends O['length']
  ? [bin: string, value: ReadValue][]
  : Ordered<O, []>
