/**
 * Reads of many records as Arrow record batches, one window of keys at a time.
 */
import type { RecordBatch } from 'apache-arrow'
import { Client } from '../client'
import { ClientSync } from '../client-sync'
import { type Columns, type KeysLike, type Schema, sliceKeys } from '../columns'
import type { ColumnsPolicy } from '../commands'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions, integerOption, optionsObject, stringOption } from '../common/options'
import { Batches } from './read'

/** Size of the windows, and columns in addition to those of the schema. */
export interface ReadArrowOptions {
  /** Number of keys in a request, and of rows in a record batch. Default 8192. */
  batchRows?: number | undefined
  /** Number of windows to read ahead of the loop, 0 to 64. Default 1. A blocking client does not read ahead. */
  ahead?: number | undefined
  /** Name of a first column with the user keys. Default: no such column. */
  keyField?: string | undefined
}

/** Policy of each window's read. `into` is excluded because each window has its own memory. */
export type ReadArrowPolicy = Omit<ColumnsPolicy, 'into'>

const KNOWN = ['batchRows', 'ahead', 'keyField']
const ROWS = integerOption(1, 1 << 24)
const AHEAD = integerOption(0, 64)

interface Settings {
  readonly batchRows: number
  readonly ahead: number
  readonly keyField: string | undefined
}

function settingsOf(options: ReadArrowOptions, schema: Schema): Settings {
  const given = optionsObject(options, 'readArrow')
  checkOptions(given, 'readArrow', KNOWN)
  const keyField = given.keyField === undefined ? undefined : stringOption(given.keyField, 'readArrow.keyField')
  if (keyField !== undefined && Object.hasOwn(optionsObject(schema, 'schema'), keyField)) {
    throw invalidArgument(`readArrow.keyField: ${JSON.stringify(keyField)} is already a column`)
  }
  return {
    batchRows: given.batchRows === undefined ? 8192 : ROWS(given.batchRows, 'readArrow.batchRows'),
    ahead: given.ahead === undefined ? 1 : AHEAD(given.ahead, 'readArrow.ahead'),
    keyField,
  }
}

/**
 * Reads many records as Arrow record batches, one window of keys after the other. Memory use is bounded to the current
 * window and those read ahead. Rows that failed or were not found are null in every column.
 *
 * @param client - a connected client; a blocking client returns a plain iterator
 * @param keys - keys, or a column of user keys `{ namespace, set, ids }`
 * @param schema - bin name -> type of its column
 * @param options - `batchRows`, `ahead`, `keyField`
 * @param policy - overrides the client's `batch` policy for each window
 * @returns the record batches, for `for await`, or `for` with a blocking client
 * @throws InvalidArgError, at once, if an argument is invalid; the error of a window's read, when the loop reaches it
 * @example
 * ```ts
 * const ids = Int32Array.from({ length: 100_000 }, (_, id) => id)
 * for await (const batch of readArrow(client, { namespace: 'test', set: 'users', ids }, { age: 'u8' })) console.log(batch.numRows)
 * ```
 */
export function readArrow(
  client: Client,
  keys: KeysLike,
  schema: Schema,
  options?: ReadArrowOptions,
  policy?: ReadArrowPolicy,
): AsyncGenerator<RecordBatch, void, undefined>
export function readArrow(
  client: ClientSync,
  keys: KeysLike,
  schema: Schema,
  options?: ReadArrowOptions,
  policy?: ReadArrowPolicy,
): Generator<RecordBatch, void, undefined>
export function readArrow(
  client: Client | ClientSync,
  keys: KeysLike,
  schema: Schema,
  options: ReadArrowOptions = {},
  policy?: ReadArrowPolicy,
): AsyncGenerator<RecordBatch, void, undefined> | Generator<RecordBatch, void, undefined> {
  const settings = settingsOf(options, schema)
  if (policy !== undefined && policy !== null && 'into' in policy) {
    throw invalidArgument('batch policy.into: record batches cannot share one memory')
  }
  const windows = sliceKeys(keys, settings.batchRows)
  if (client instanceof ClientSync) return readBlocking(client, windows, schema, settings, policy)
  if (client instanceof Client) return read(client, windows, schema, settings, policy)
  throw invalidArgument(`readArrow: a Client or a ClientSync is needed, not ${describe(client)}`)
}

function* readBlocking(
  client: ClientSync,
  windows: Iterable<KeysLike>,
  schema: Schema,
  settings: Settings,
  policy: ReadArrowPolicy | undefined,
): Generator<RecordBatch, void, undefined> {
  const batches = new Batches({ keyField: settings.keyField })
  for (const keys of windows) yield batches.next(client.batchReadColumns(keys, schema, policy))
}

async function* read(
  client: Client,
  windows: Iterable<KeysLike>,
  schema: Schema,
  settings: Settings,
  policy: ReadArrowPolicy | undefined,
): AsyncGenerator<RecordBatch, void, undefined> {
  const batches = new Batches({ keyField: settings.keyField })
  const begun: Promise<Columns>[] = []
  for (const keys of windows) {
    const rows = client.batchReadColumns(keys, schema, policy)
    // If the consumer stops early, errors of windows that were read ahead must not be unhandled rejections.
    rows.catch(() => undefined)
    begun.push(rows)
    if (begun.length > settings.ahead) yield batches.next((await begun.shift()) as Columns)
  }
  for (const rows of begun) yield batches.next(await rows)
}
