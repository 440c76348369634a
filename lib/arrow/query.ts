/**
 * Queries as Arrow record batches.
 */
import type { RecordBatch } from 'apache-arrow'
import { Columns, type Schema } from '../columns'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, optionsObject, stringOption, wordOption } from '../common/options'
import type { QueryColumnsPolicy } from '../streams/column-stream'
import { Query } from '../streams/query'
import { QuerySync } from '../streams/query-sync'
import { Batches, type BesideColumns, type KeyType } from './read'

/** Size of the record batches, and columns in addition to those of the schema. */
export interface QueryToArrowOptions {
  /** Maximum number of rows in a record batch, 1 to 1048576. Default 8192. */
  batchRows?: number | undefined
  /**
   * Name of a first column with the user keys. It is null in rows whose user key the server does not store. Default: no
   * such column.
   */
  keyField?: string | undefined
  /**
   * Type of the user keys: `utf8`, `i64` or `binary`. Default: that of the first user key; `utf8` if the first batch
   * has none.
   */
  keyType?: KeyType | undefined
  /** Name of a column with the digests, `FixedSizeBinary[20]`. Default: no such column. */
  digestField?: string | undefined
}

const KNOWN = ['batchRows', 'keyField', 'keyType', 'digestField']
const KEY_TYPE = wordOption({ utf8: 0, i64: 1, binary: 2 })

interface Settings {
  readonly batchRows: number | undefined
  readonly beside: BesideColumns
}

function settingsOf(options: QueryToArrowOptions, schema: Schema): Settings {
  const given = optionsObject(options, 'queryToArrow')
  checkOptions(given, 'queryToArrow', KNOWN)
  const taken = new Set(Object.keys(optionsObject(schema, 'schema')))
  const field = (name: 'keyField' | 'digestField'): string | undefined => {
    if (given[name] === undefined) return undefined
    const where = `queryToArrow.${name}`
    const text = stringOption(given[name], where)
    if (taken.has(text)) throw invalidArgument(`${where}: ${JSON.stringify(text)} is already a column`)
    taken.add(text)
    return text
  }
  const { batchRows, keyType } = given as QueryToArrowOptions
  if (keyType !== undefined) KEY_TYPE(keyType, 'queryToArrow.keyType')
  return { batchRows, beside: { keyField: field('keyField'), keyType, digestField: field('digestField') } }
}

/**
 * Runs a query, and yields its rows as Arrow record batches when they arrive, at the consumer's pace. Leaving the loop
 * in any way ends the query on the servers. A row with a value that does not fit its column is null in every column. An
 * empty result yields one batch without rows, so that a table or a file has a schema.
 *
 * @param query - a query; one of a blocking client returns a plain iterator
 * @param schema - bin name -> type of its column
 * @param options - `batchRows`, `keyField`, `keyType`, `digestField`
 * @param policy - overrides the query's policy for this run
 * @returns the record batches, for `for await`, or `for` with a blocking client
 * @throws InvalidArgError, at once, if an argument is invalid; the errors of the query, in the loop
 * @example
 * ```ts
 * const batches = queryToArrow(client.query('test', 'users'), { age: 'u8', name: 'utf8' })
 * await pipeline(Readable.from(batches), RecordBatchFileWriter.throughNode(), createWriteStream('users.arrow'))
 * ```
 */
export function queryToArrow(
  query: Query<unknown>,
  schema: Schema,
  options?: QueryToArrowOptions,
  policy?: QueryColumnsPolicy | null,
): AsyncGenerator<RecordBatch, void, undefined>
export function queryToArrow(
  query: QuerySync<unknown>,
  schema: Schema,
  options?: QueryToArrowOptions,
  policy?: QueryColumnsPolicy | null,
): Generator<RecordBatch, void, undefined>
export function queryToArrow(
  query: Query<unknown> | QuerySync<unknown>,
  schema: Schema,
  options: QueryToArrowOptions = {},
  policy?: QueryColumnsPolicy | null,
): AsyncGenerator<RecordBatch, void, undefined> | Generator<RecordBatch, void, undefined> {
  const settings = settingsOf(options, schema)
  const merged = { ...optionsObject(policy ?? {}, 'query policy') } as QueryColumnsPolicy
  if (settings.batchRows !== undefined) merged.chunkRows = settings.batchRows
  if (query instanceof QuerySync) return readBlocking(query.columns(schema, merged), schema, settings.beside)
  if (query instanceof Query) return read(query.columns(schema, merged), schema, settings.beside)
  throw invalidArgument(`queryToArrow: what client.query gives is needed, not ${describe(query)}`)
}

function* readBlocking(
  chunks: Iterable<Columns<Schema>>,
  schema: Schema,
  beside: BesideColumns,
): Generator<RecordBatch, void, undefined> {
  const batches = new Batches(beside)
  let none = true
  for (const rows of chunks) {
    none = false
    yield batches.next(rows)
  }
  if (none) yield batches.next(Columns.empty(schema))
}

async function* read(
  chunks: AsyncIterable<Columns<Schema>>,
  schema: Schema,
  beside: BesideColumns,
): AsyncGenerator<RecordBatch, void, undefined> {
  const batches = new Batches(beside)
  let none = true
  for await (const rows of chunks) {
    none = false
    yield batches.next(rows)
  }
  if (none) yield batches.next(Columns.empty(schema))
}
