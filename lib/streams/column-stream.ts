/**
 * Results of a query as columns: how they are asked for, and the chunks as they come.
 */
import { type ColumnSchema, Columns, type Schema, writeSchema } from '../columns'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { integerOption, optionsObject } from '../common/options'
import type { QueryPolicy } from '../options/policy'
import type { ReadContent } from '../query/chunk'
import { Writer } from '../wire/wire'
import type { Stream, StreamSync } from './stream'

/** How a query is read into columns. */
export interface QueryColumnsPolicy extends QueryPolicy {
  /** Rows of a chunk at most, 1 to 1048576; fewer where the strings and bytes of a chunk exceed 16 MiB. Default 8192. */
  chunkRows?: number
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
}

const CHUNK_ROWS = integerOption(1, 1 << 20)
const DEFAULT_ROWS = 8192

/** What was asked for, checked. */
export interface ColumnsAsked {
  readonly bins: readonly string[]
  /** As it crosses the boundary: the rows of a chunk, the schema. */
  readonly bytes: Uint8Array
  readonly policy: QueryPolicy
  /** Reads a chunk. */
  readonly read: ReadContent<Columns>
}

/** Checks a schema and a policy. */
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
 * The chunks of columns of a query, with `for await`. Leaving the loop in any way ends what runs for it on the servers, and
 * so do `return()`, `await using`, and a `signal`. Chunks that were given stay as they are.
 */
export class ColumnStream<S extends Schema = Schema>
  implements AsyncIterableIterator<Columns<S>, undefined, undefined>, AsyncDisposable
{
  readonly #stream: Stream<Columns<S>>

  /** @internal */
  constructor(stream: Stream<Columns<S>>) {
    this.#stream = stream
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next chunk. */
  next(): Promise<IteratorResult<Columns<S>, undefined>> {
    return this.#stream.next().then(resultOf)
  }

  /** Ends the stream. */
  return(): Promise<IteratorResult<Columns<S>, undefined>> {
    this.#stream.close()
    return Promise.resolve(DONE)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.close()
  }
}

/** The chunks of columns of a blocking query, with `for`. */
export class ColumnStreamSync<S extends Schema = Schema>
  implements IterableIterator<Columns<S>, undefined, undefined>, Disposable
{
  readonly #stream: StreamSync<Columns<S>>

  /** @internal */
  constructor(stream: StreamSync<Columns<S>>) {
    this.#stream = stream
  }

  [Symbol.iterator](): this {
    return this
  }

  /** The next chunk. */
  next(): IteratorResult<Columns<S>, undefined> {
    return resultOf(this.#stream.next())
  }

  /** Ends the stream. */
  return(): IteratorResult<Columns<S>, undefined> {
    this.#stream.close()
    return DONE
  }

  [Symbol.dispose](): void {
    this.#stream.close()
  }
}
