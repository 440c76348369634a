/**
 * Query results as columns: the request, and the stream of chunks.
 */
import { type ColumnSchema, Columns, type Schema, writeSchema } from '../columns'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { integerOption, optionsObject } from '../common/options'
import type { QueryPolicy } from '../options/policy'
import type { ReadContent } from '../query/chunk'
import { Writer } from '../wire/wire'
import type { Stream, StreamSync } from './stream'

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

const CHUNK_ROWS = integerOption(1, 1 << 20)
const DEFAULT_ROWS = 8192

/** A validated schema and policy. */
export interface ColumnsAsked {
  readonly bins: readonly string[]
  /** Encoded for the native side: the rows of a chunk, the schema. */
  readonly bytes: Uint8Array
  readonly policy: QueryPolicy
  /** Decodes a chunk. */
  readonly read: ReadContent<Columns>
}

/** Validates and encodes a schema and a policy. */
export function askColumns(
  namespace: string,
  schema: Schema,
  given: QueryColumnsPolicy | undefined | null,
): ColumnsAsked {
  const { chunkRows = DEFAULT_ROWS, wrap = false, ...policy } = optionsObject(given ?? {}, 'query policy')
  if (typeof wrap !== 'boolean')
    throw invalidArgument(`query policy.wrap: true or false is needed, not ${describe(wrap)}`)
  const writer = new Writer(1024)
  writer.u32(CHUNK_ROWS(chunkRows, 'query policy.chunkRows'))
  const columns: readonly ColumnSchema[] = writeSchema(writer, schema, wrap)
  return {
    bins: columns.map(({ name }) => name),
    bytes: writer.buffer.subarray(0, writer.length),
    policy,
    read: reply => Columns.readQueried(reply, namespace, columns),
  }
}

const DONE = { done: true, value: undefined } as const

const resultOf = <S extends Schema>(chunk: Columns<S> | undefined): IteratorResult<Columns<S>, undefined> =>
  chunk === undefined ? DONE : { done: false, value: chunk }

/**
 * The chunks of columns of a query, for `for await`. Leaving the loop in any way ends the query on the servers, as do
 * `return()`, `await using` and a `signal`. Chunks that you already have remain valid.
 */
export class ColumnStream<S extends Schema = Schema> implements AsyncIterableIterator<Columns<S>>, AsyncDisposable {
  readonly #stream: Stream<Columns<S>>

  /** @internal */
  constructor(stream: Stream<Columns<S>>) {
    this.#stream = stream
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Returns the next chunk. */
  next(): Promise<IteratorResult<Columns<S>, undefined>> {
    return this.#stream.next().then(resultOf)
  }

  /** Ends the query. */
  return(): Promise<IteratorResult<Columns<S>, undefined>> {
    this.#stream.close()
    return Promise.resolve(DONE)
  }

  /** Ends the query. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.close()
  }
}

/** The chunks of columns of a blocking query, for `for`. */
export class ColumnStreamSync<S extends Schema = Schema> implements IterableIterator<Columns<S>>, Disposable {
  readonly #stream: StreamSync<Columns<S>>

  /** @internal */
  constructor(stream: StreamSync<Columns<S>>) {
    this.#stream = stream
  }

  [Symbol.iterator](): this {
    return this
  }

  /** Returns the next chunk. */
  next(): IteratorResult<Columns<S>, undefined> {
    return resultOf(this.#stream.next())
  }

  /** Ends the query. */
  return(): IteratorResult<Columns<S>, undefined> {
    this.#stream.close()
    return DONE
  }

  /** Ends the query. */
  [Symbol.dispose](): void {
    this.#stream.close()
  }
}
