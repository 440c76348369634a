/**
 * What operations answer, as types: what the compiler tells of the results of `operate` and `operateOrdered`.
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

/** A key of a map, as it is read. */
export type ReadKey = string | number | bigint | Buffer

/** A map, as it is read. */
export type ReadMap = Map<ReadKey, ReadValue> | { [key: string]: ReadValue }

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
export type OneReturned<R extends MapReturnType> = Returned[R][0] | null

/** What is returned of selected items: null where the bin is not there. */
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

/** The value of an expression; flags other than DEFAULT may leave it out. */
export type Evaluated<T extends ResultType, F extends number> = Evaluations[T] | (F extends 0 ? never : null)

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
        { [B in CertainIn<O>]: Exclude<ValueIn<B, O[number], O[number]>, null> } & {
          [B in Exclude<Answered<O[number]>, CertainIn<O>>]?: Exclude<ValueIn<B, O[number], O[number]>, null>
        }
      >

/** One object for an intersection of some. */
type Flat<T> = { [K in keyof T]: T[K] }

declare const INFERRED: unique symbol

/** The bins' types follow from the operations. */
export type Inferred = typeof INFERRED

/** The bins of what `operate` gives: as the caller says, or by its operations. */
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

/** What `operateOrdered` gives by its operations: `[bin, value]` for each that answers. */
export type OrderedAnswers<O extends readonly Operation[]> = number extends O['length']
  ? [bin: string, value: ReadValue][]
  : Ordered<O, []>
