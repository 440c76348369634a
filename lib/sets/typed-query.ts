/**
 * Queries that know the bins of their set. Only types: at run time they are `Query` and `QuerySync`.
 */

import type { Schema } from '../columns'
import type { Condition } from '../expressions/conditions'
import type { Filter } from '../query/filter'
import type { ColumnStream, ColumnStreamSync, QueryColumnsPolicy } from '../streams/column-stream'
import type { Query } from '../streams/query'
import type { QuerySync } from '../streams/query-sync'
import type { BinName } from '../values/record'
import type { OnlyBins } from './types'

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
