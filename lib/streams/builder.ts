/**
 * The query builder that both clients share.
 */

import { types } from 'node:util'
import type { Reply } from '../boundary/reply'
import { QueryMode } from '../catalog/formats'
import type { Columns, Schema } from '../columns'
import { queryAggregate, ValueChunk } from '../commands/aggregate'
import { query as queryCommand, RecordChunk } from '../commands/query'
import { describe } from '../common/describe'
import { AerospikeError, invalidArgument, withHint } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { withoutUndefined } from '../common/objects'
import { integerOption, optionsObject, wordOption } from '../common/options'
import { allOf, type Condition, type Conditions, conditionsOf, type Placed } from '../expressions/conditions'
import { isExpression } from '../expressions/expression'
import { writeBinNames } from '../operations/bin-name'
import { type Operation, writeOperations } from '../operations/operation'
import { checkSignal, type QueryPolicy } from '../options/policy'
import type { ReadContent, RowChunk } from '../query/chunk'
import { Filter } from '../query/filter'
import type { JobPolicy } from '../query/job'
import { ALL_PARTITIONS, type Partitions, partitionBytes, type Statement } from '../query/statement'
import { Key } from '../values/key'
import { type AerospikeRecord, type BinName, type Bins, recordWithError } from '../values/record'
import type { ReadValue } from '../values/value'
import { Writer } from '../wire/wire'
import { askColumns, type QueryColumnsPolicy } from './column-stream'
import type { Opening } from './stream'

/**
 * Expected size of a query, a hint to the server; see `QueryPolicy.expectedDuration`.
 *
 * - `long`: more than 100 records per node.
 * - `short`: fewer than 100 records per node.
 * - `long-relax-ap`: like `long`, with relaxed read consistency in AP namespaces.
 */
export type QueryDuration = 'long' | 'short' | 'long-relax-ap'

const DURATION = wordOption({ long: 0, short: 1, 'long-relax-ap': 2 })
const MAX_RECORDS = integerOption(0, Number.MAX_SAFE_INTEGER)
const RATE = integerOption(0)

const EMPTY = new Uint8Array(0)

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

/** Returns a record in place of one that was read. */
type CheckRecord = (record: AerospikeRecord) => AerospikeRecord

/** A chunk whose records are checked when they are read. */
class CheckedChunk implements RowChunk<AerospikeRecord> {
  readonly #chunk: RecordChunk
  readonly #check: CheckRecord

  constructor(chunk: RecordChunk, check: CheckRecord) {
    this.#chunk = chunk
    this.#check = check
  }

  get left(): number {
    return this.#chunk.left
  }

  read(): AerospikeRecord {
    const record = this.#chunk.read()
    if (record.error !== null) return record
    try {
      return this.#check(record)
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error
      return recordWithError(record, error)
    }
  }
}

/** Refuses the options that the official client takes as the third argument of `query`. @internal */
export function refuseQueryOptions(others: readonly unknown[]): void {
  if (others.every(other => other === undefined || other === null)) return
  throw invalidArgument(
    `query: ${describe(others[0])} as the third argument is refused; a query has methods: where, select, filter, policy`,
  )
}

/** The builder methods of a query. Each method mutates the query and returns it. */
export abstract class QueryBuilder<B = Bins> {
  readonly #namespace: string
  readonly #set: string
  #bins: readonly string[] | undefined
  #where: Filter | undefined
  #operations: readonly Operation[] | undefined
  #partitions: Uint8Array = ALL_PARTITIONS
  #policy: QueryPolicy = {}
  #check: CheckRecord | undefined
  /** All of them must be true. */
  #conditions: readonly Placed[] = []

  /** @internal */
  constructor(namespace: string, set: string | null | undefined) {
    // Reuses the validation of a key, which has the same namespace and set.
    const key = new Key(namespace, set, 0)
    this.#namespace = key.namespace
    this.#set = key.set
  }

  static {
    const parts = (query: QueryBuilder): { readonly [name: string]: unknown } => {
      const { signal: _, ...policy } = query.#policy
      return {
        namespace: query.#namespace,
        set: query.#set,
        ...(query.#where === undefined ? {} : { where: query.#where }),
        ...(query.#bins === undefined ? {} : { select: query.#bins }),
        ...(query.#operations === undefined ? {} : { operations: query.#operations }),
        ...(query.#conditions.length === 0 ? {} : { filters: query.#conditions.map(({ condition }) => condition) }),
        ...(query.#partitions === ALL_PARTITIONS ? {} : { partitions: 'some' }),
        ...(Object.keys(policy).length === 0 ? {} : { policy }),
      }
    }
    jsonAs(QueryBuilder, parts)
    printAs(QueryBuilder, 'Query', parts)
  }

  /**
   * Selects the bins to read. Default: all bins. Without a name, the query reads no bins, only key, generation and TTL.
   *
   * @param bins - names of bins, or lists of names
   * @returns this query
   * @throws InvalidArgError if a name is invalid, or if the query has operations
   */
  select(...bins: (BinName<B> | readonly BinName<B>[])[]): this {
    const names: string[] = bins.flat()
    writeBinNames(new Writer(256), names, 'select')
    if (this.#operations !== undefined)
      throw invalidArgument('select: the query has operations, which determine what is read')
    this.#bins = names
    return this
  }

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
  where(condition: Filter | Condition): this {
    if (isExpression(condition) || types.isUint8Array(condition)) {
      this.#conditions = [...this.#conditions, { condition, where: 'where' }]
      return this
    }
    if (!(condition instanceof Filter)) {
      throw invalidArgument(
        `where: a lookup from filter or predicates, or an expression from exp, is needed, not ${describe(condition)}`,
      )
    }
    if (this.#where !== undefined) {
      const first = this.#where.subject
      throw invalidArgument(
        `where: the query already looks up ${first}, and can use only one index; write an expression from exp for ${condition.subject}`,
      )
    }
    this.#where = condition
    return this
  }

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
  filter(expression: Condition): this {
    this.#conditions = [...this.#conditions, { condition: expression, where: 'filter' }]
    return this
  }

  /**
   * Returns the results of these operations instead of bins. Only operations that read are allowed; operations other
   * than plain reads need server 8.1.2. If several operations return a result for the same bin, it holds the last one.
   *
   * @param operations - operations, or lists of them
   * @returns this query
   * @throws InvalidArgError if an operation is invalid, or if the query selects bins
   */
  operations(...operations: (Operation | readonly Operation[])[]): this {
    const all = operations.flat() as Operation[]
    writeOperations(new Writer(256), all)
    if (this.#bins !== undefined) throw invalidArgument('operations: the query already selects bins')
    this.#operations = all
    return this
  }

  /**
   * Reads only some of the namespace's 4096 partitions. Default: all.
   *
   * @param partitions - a partition number, a range `{ begin, count }`, or `{ after }`: the records that follow a key
   *   or a digest in its partition
   * @returns this query
   * @throws InvalidArgError if a number is out of range
   */
  partitions(partitions: Partitions): this {
    this.#partitions = partitionBytes(this.#namespace, partitions)
    return this
  }

  /**
   * Sets the maximum number of records.
   *
   * @param most - maximum; 0 means no limit. Default 0
   * @returns this query
   * @throws InvalidArgError if it is not an integer of 0 or more
   */
  maxRecords(most: number): this {
    return this.policy({ maxRecords: most })
  }

  /**
   * Sets the maximum number of records that each node sends per second.
   *
   * @param rate - maximum; 0 means no limit. Default 0
   * @returns this query
   * @throws InvalidArgError if it is not an integer of 0 or more
   */
  recordsPerSecond(rate: number): this {
    return this.policy({ recordsPerSecond: rate })
  }

  /**
   * Sets the expected size of the query, a hint to the server.
   *
   * @param duration - `long` (the default), `short` or `long-relax-ap`; see `QueryPolicy.expectedDuration`
   * @returns this query
   * @throws InvalidArgError if it is another value
   */
  expectedDuration(duration: QueryDuration): this {
    return this.policy({ expectedDuration: duration })
  }

  /**
   * Sets policy fields of the query. Later calls override earlier ones, except that filters accumulate.
   *
   * @param policy - overrides the client's `query` policy
   * @returns this query
   * @throws InvalidArgError if a number or the expected duration is invalid
   */
  policy(policy: QueryPolicy): this {
    const { filterExpression, expressions, ...given } = optionsObject(policy, 'query policy') as QueryPolicy
    const merged: QueryPolicy = { ...this.#policy, ...withoutUndefined(given) }
    checkNumbers(merged)
    this.#policy = merged
    this.#conditions = [...this.#conditions, ...conditionsOf({ filterExpression, expressions }, 'query policy')]
    return this
  }

  /** Combines the filters of the query and of one run's policy. */
  #filters(policy: Conditions, what: string): Conditions {
    const conditions = [...this.#conditions, ...conditionsOf(policy, what)]
    return conditions.length === 0 ? {} : { filterExpression: allOf(conditions) }
  }

  /** The policy of one run, without the fields that belong to the statement. @internal */
  protected merged(policy: QueryPolicy | undefined | null): { policy: QueryPolicy; maxRecords: number } {
    const given: QueryPolicy = { ...this.#policy, ...withoutUndefined(optionsObject(policy ?? {}, 'query policy')) }
    const { maxRecords = 0, filterExpression, expressions, ...rest } = given
    MAX_RECORDS(maxRecords, 'query policy.maxRecords')
    // Streams also use it themselves, before the first request is encoded.
    if (given.signal !== undefined) checkSignal(given.signal, 'query policy.signal')
    const filters = this.#filters({ filterExpression, expressions }, 'query policy')
    return { policy: { ...rest, ...filters } as QueryPolicy, maxRecords }
  }

  /** Opens a run that returns records. @internal */
  protected opening(
    policy: QueryPolicy | undefined | null,
    changed: Partial<Statement> = {},
    cursor = false,
  ): Opening<RowChunk<AerospikeRecord>> {
    const { policy: own, maxRecords } = this.merged(policy)
    const statement: Statement = { ...this.statement(maxRecords), ...changed }
    // Only whole records are checked.
    const check = statement.bins === undefined && statement.operations === undefined ? this.#check : undefined
    return this.opens(statement, own, QueryMode.RECORDS, cursor, (reply, count) => {
      const chunk = new RecordChunk(reply, count, statement)
      return check === undefined ? chunk : new CheckedChunk(chunk, check)
    })
  }

  /**
   * Replaces each whole record by what the function returns. If it throws, the record has that error.
   * @internal
   */
  checkRecords(check: CheckRecord): this {
    this.#check = check
    return this
  }

  /** Opens a run that counts records. @internal */
  protected counting(policy: QueryPolicy | undefined | null): Opening<never> {
    const { policy: own, maxRecords } = this.merged(policy)
    const statement = { ...this.statement(maxRecords), bins: [], header: true, operations: undefined }
    return this.opens(statement, own, QueryMode.COUNT, false, () => undefined as never)
  }

  /** Opens a run that returns columns. @internal */
  protected columnsOpening<S extends Schema>(
    schema: S,
    given: QueryColumnsPolicy | undefined | null,
  ): Opening<Columns<S>> {
    if (this.#bins !== undefined) {
      throw invalidArgument('columns: the query already selects bins; the schema determines which bins are read')
    }
    const { bins, bytes, policy, read } = askColumns(this.#namespace, schema, given)
    const { policy: own, maxRecords } = this.merged(policy)
    const asked = this.statement(maxRecords)
    // The results of operations are named by their bins.
    const statement = asked.operations === undefined ? { ...asked, bins } : asked
    return this.opens(statement, own, QueryMode.COLUMNS, false, read as ReadContent<Columns<Schema>>, bytes) as Opening<
      Columns<S>
    >
  }

  /** The statement and the policy of a background job. @internal */
  protected job(
    operations: readonly Operation[] | undefined,
    policy: JobPolicy | undefined | null,
  ): readonly [Statement, JobPolicy] {
    const refused = (what: string): never => {
      throw invalidArgument(`a background job takes no ${what}: it changes all records that where and filter choose`)
    }
    if (this.#bins !== undefined) refused('select')
    if (this.#operations !== undefined) refused('operations; give them to operate')
    if (this.#partitions !== ALL_PARTITIONS) refused('partitions')
    const { maxRecords, recordsPerSecond } = this.#policy
    if (maxRecords) refused('maxRecords')
    const given = { recordsPerSecond, ...withoutUndefined(optionsObject(policy ?? {}, 'job policy')) } as JobPolicy
    const { filterExpression, expressions, ...rest } = given
    const filters = this.#filters({ filterExpression, expressions }, 'job policy')
    return [{ ...this.statement(0), operations }, { ...rest, ...filters } as JobPolicy]
  }

  /** Opens an aggregation. Invalid arguments throw at once. @internal */
  protected aggregation(
    module: string,
    functionName: string,
    args: readonly unknown[] | undefined | null,
    policy: QueryPolicy | undefined | null,
  ): Opening<RowChunk<ReadValue>> {
    const { policy: own, maxRecords } = this.merged(policy)
    const refused = (what: string): never => {
      throw invalidArgument(
        `an aggregation takes no ${what}: its function is given all records that where and filter choose`,
      )
    }
    if (this.#bins !== undefined) refused('select')
    if (this.#operations !== undefined) refused('operations')
    if (this.#partitions !== ALL_PARTITIONS) refused('partitions')
    if (maxRecords > 0) refused('maxRecords')
    const read = (reply: Reply, count: number): ValueChunk => new ValueChunk(reply, count)
    const call = [this.statement(0), module, functionName, args, own, read] as const
    queryAggregate.encode(new Writer(256), call)
    return { ...this.opens(call[0], own, QueryMode.RECORDS, false, read), command: queryAggregate as never, args: call }
  }

  /** @internal */
  protected opens<C>(
    statement: Statement,
    policy: QueryPolicy,
    mode: number,
    cursor: boolean,
    read: Opening<C>['read'],
    form: Uint8Array = EMPTY,
  ): Opening<C> {
    const args = [statement, policy, mode, cursor, read, form]
    return {
      command: queryCommand as unknown as Opening<C>['command'],
      args,
      read,
      signal: policy.signal,
      writes: false,
      explain: error => this.#explain(error),
    }
  }

  /** @internal */
  protected statement(maxRecords: number): Statement {
    return {
      namespace: this.#namespace,
      set: this.#set,
      bins: this.#bins,
      header: this.#bins !== undefined && this.#bins.length === 0,
      where: this.#where,
      operations: this.#operations,
      partitions: this.#partitions,
      maxRecords,
      cursor: EMPTY,
    }
  }

  /** Adds a hint to an error of a run, if there is one. */
  protected explained(error: unknown): unknown {
    if (error instanceof AerospikeError) this.#explain(error)
    return error
  }

  /** Adds the call that creates the index, if the server reports that there is none. */
  #explain(error: AerospikeError): void {
    const where = this.#where
    if (where === undefined || error.code !== 'INDEX_NOT_FOUND') return
    withHint(
      error,
      `no index for ${where.subject} of ${this.#namespace}/${this.#set}; make one: ` +
        `await ${where.createCall(this.#namespace, this.#set)}`,
    )
  }
}

function checkNumbers(policy: QueryPolicy): void {
  if (policy.maxRecords !== undefined) MAX_RECORDS(policy.maxRecords, 'maxRecords')
  if (policy.recordsPerSecond !== undefined) RATE(policy.recordsPerSecond, 'recordsPerSecond')
  if (policy.expectedDuration !== undefined) DURATION(policy.expectedDuration, 'expectedDuration')
}

/** Validates the size and the cursor of a page; returns the cursor's bytes. */
export function pageStart(size: unknown, cursor: unknown): Uint8Array {
  integerOption(1, Number.MAX_SAFE_INTEGER)(size, 'pages: the size')
  if (cursor === undefined || cursor === null) return EMPTY
  if (typeof cursor !== 'string' || cursor === '' || !/^[A-Za-z0-9_-]+$/.test(cursor)) {
    throw invalidArgument(`cursor: this is not the cursor of a page: ${describe(cursor)}`)
  }
  return Buffer.from(cursor, 'base64url')
}

/** The cursor of the next page from the end of a run, or null if nothing is left. */
export function pageEnd(said: Buffer | undefined): string | null {
  return said === undefined || said.length === 0 ? null : said.toString('base64url')
}

/** The count from the end of a counting run. */
export function countOf(said: Buffer | undefined): number {
  return said === undefined || said.length < 8 ? 0 : said.readDoubleLE(0)
}
