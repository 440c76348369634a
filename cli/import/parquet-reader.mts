/**
 * Reading Parquet files, one row group after the other.
 */

import * as zlib from 'node:zlib'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Double } from 'aerospike-napi'
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { CliError } from '../exit-codes.mjs'
import { PARQUET_TYPES } from '../formats/parquet-writer.mjs'
import { dateConverter } from './date-converter.mjs'
import type { ReadOptions, SourceRow } from './source-row.mjs'
import {
  type Cell,
  type Convert,
  checkedInteger,
  markedConverter,
  nullable,
  structOf,
  typedRow,
} from './typed-cells.mjs'

/** Since Node.js 22.15. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (input: Uint8Array) => Uint8Array }

const COMPRESSORS: Compressors = {
  GZIP: input => gunzipSync(input),
  BROTLI: input => brotliDecompressSync(input),
  ...(zstdDecompressSync !== undefined && { ZSTD: input => zstdDecompressSync(input) }),
}

const isDate = ({ element: { converted_type, logical_type, type } }: SchemaTree): boolean =>
  type === 'INT96' ||
  converted_type === 'DATE' ||
  converted_type?.startsWith('TIMESTAMP') === true ||
  logical_type?.type === 'TIMESTAMP' ||
  logical_type?.type === 'DATE'

/** How the values of a column become values of bins. */
function converter(node: SchemaTree, column: string): Convert {
  const { element, children } = node
  if (children.length > 0) return nestedConverter(node, column)
  const kind = element.logical_type?.type ?? element.converted_type
  if (kind === 'DECIMAL') return value => Double(Number(value))
  if (isDate(node) || kind?.startsWith('TIME') === true || kind === 'INTERVAL') {
    throw new CliError(
      `the column ${column} contains dates, which bins do not have; leave it out with --types ${column}:skip`,
    )
  }
  switch (element.type) {
    case 'INT32':
    case 'INT64':
      return checkedInteger
    case 'FLOAT':
    case 'DOUBLE':
      return value => Double(value as number)
    default:
      if (kind === 'FLOAT16') return value => Double(value as number)
      return value => (value instanceof Uint8Array ? Buffer.from(value) : value)
  }
}

/** Lists, maps and structs. */
function nestedConverter({ element, children }: SchemaTree, column: string): Convert {
  const kind = element.logical_type?.type ?? element.converted_type
  const [group] = children
  if (kind === 'LIST' && group !== undefined) {
    const item = nullable(converter(group.children[0] ?? group, column))
    return value => Array.from(value as Iterable<unknown>, item)
  }
  if (kind === 'MAP' && group !== undefined) {
    const [, values] = group.children
    const item = values === undefined ? (value: unknown) => value : nullable(converter(values, column))
    return value => Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, item(each)]))
  }
  const fields = children.map(child => [child.element.name, nullable(converter(child, column))] as const)
  return structOf(fields)
}

function markedTypes(metadata: FileMetaData): { readonly [column: string]: unknown } {
  const text = metadata.key_value_metadata?.find(({ key }) => key === PARQUET_TYPES)?.value
  try {
    return JSON.parse(text ?? '{}') as { [column: string]: unknown }
  } catch {
    return {} // The metadata of another program.
  }
}

function convertersOf(metadata: FileMetaData, types: ReadOptions['types']): Map<string, Convert> {
  const marked = markedTypes(metadata)
  const converters = new Map<string, Convert>()
  for (const node of parquetSchema(metadata).children) {
    const { name } = node.element
    const wanted = types.get(name)
    if (wanted === 'skip') continue
    const ofType = () => (isDate(node) ? dateConverter(name, 'dates', wanted) : converter(node, name))
    converters.set(name, markedConverter(marked[name]) ?? ofType())
  }
  return converters
}

/**
 * Reads Parquet.
 *
 * @param path - path of the file, which is read at several places
 * @param onRead - called with the part of the rows that were read, from 0 to 1
 */
export async function* readParquet(
  path: string,
  { types, signal }: ReadOptions,
  onRead: (part: number) => void,
): AsyncGenerator<SourceRow, void, undefined> {
  let number = 0
  /** Adds the place to an error of the library. */
  const read = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      const where = number === 0 ? '' : ` after row ${number}`
      const zstd = /codec: ZSTD/.test((cause as Error).message) ? '; Zstandard needs Node.js 22.15 or later' : ''
      throw new CliError(`${path} cannot be read${where}: ${(cause as Error).message}${zstd}`, undefined, { cause })
    }
  }
  const file = await asyncBufferFromFile(path)
  const metadata = await read(() => parquetMetadataAsync(file))
  const converters = convertersOf(metadata, types)
  const columns = [...converters.keys()]
  const total = Number(metadata.num_rows)
  for (const group of metadata.row_groups) {
    const rowEnd = number + Number(group.num_rows)
    const options = { file, metadata, columns, rowStart: number, rowEnd, compressors: COMPRESSORS, utf8: false }
    const rows = await read(() => parquetReadObjects(options))
    for (const row of rows) {
      if (signal?.aborted === true) return
      yield typedRow(++number, cellsOf(row as { [column: string]: unknown }, converters))
    }
    onRead(number / total)
  }
}

function* cellsOf(
  row: { readonly [column: string]: unknown },
  converters: ReadonlyMap<string, Convert>,
): Generator<Cell, void, undefined> {
  for (const [name, convert] of converters) yield [name, convert, row[name]]
}
