/**
 * Reading Arrow files and streams.
 */
import { Double } from 'aerospike-napi'
import type { DataType, Field, RecordBatch } from 'apache-arrow'
import { CliError } from '../exit-codes.mjs'
import { type Arrow, FIELD_TYPE, loadArrow } from '../formats/arrow-library.mjs'
import type { ColumnType } from './column-type.mjs'
import { dateConverter } from './date-converter.mjs'
import type { Chunks, ReadOptions, SourceRow } from './source-row.mjs'
import {
  type Cell,
  type Convert,
  checkedInteger,
  markedConverter,
  nullable,
  structOf,
  typedRow,
} from './typed-cells.mjs'

/** How the values of a type become values of bins. */
function converter(arrow: Arrow, type: DataType, column: string): Convert {
  const { DataType: Type } = arrow
  if (Type.isInt(type)) return checkedInteger
  if (Type.isFloat(type)) return value => Double(value as number)
  if (Type.isUtf8(type) || Type.isLargeUtf8(type) || Type.isBool(type)) return value => value
  if (Type.isBinary(type) || Type.isLargeBinary(type) || Type.isFixedSizeBinary(type)) {
    return value => Buffer.from(value as Uint8Array)
  }
  if (Type.isNull(type)) return () => null
  if (Type.isDictionary(type)) return converter(arrow, type.dictionary as DataType, column)
  if (Type.isList(type) || Type.isFixedSizeList(type)) {
    const item = nullable(converter(arrow, type.valueType as DataType, column))
    return value => Array.from(value as Iterable<unknown>, item)
  }
  if (Type.isStruct(type)) {
    const fields = type.children.map(({ name, type }) => [name, nullable(converter(arrow, type, column))] as const)
    return structOf(fields)
  }
  throw new CliError(
    `the column ${column} has the Arrow type ${String(type)}, which bins do not have; leave it out with --types ${column}:skip`,
  )
}

function fieldConverter(arrow: Arrow, field: Field, wanted: ColumnType | undefined): Convert {
  const marked = markedConverter(field.metadata.get(FIELD_TYPE))
  if (marked !== undefined) return marked
  if (arrow.DataType.isTimestamp(field.type) || arrow.DataType.isDate(field.type)) {
    return dateConverter(field.name, `the Arrow type ${String(field.type)}`, wanted)
  }
  return converter(arrow, field.type, field.name)
}

interface Column {
  readonly name: string
  readonly index: number
  readonly convert: Convert
}

/** Reads Arrow record batches. */
export async function* readArrow(
  chunks: Chunks,
  name: string,
  { types }: ReadOptions,
): AsyncGenerator<SourceRow, void, undefined> {
  const arrow = await loadArrow()
  let number = 0
  /** Adds the place to an error of apache-arrow. */
  const read = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof CliError) throw cause
      const where = number === 0 ? '' : ` after row ${number}`
      throw new CliError(`${name} is truncated or not an Arrow file${where}: ${(cause as Error).message}`, undefined, {
        cause,
      })
    }
  }
  const reader = await read(async () => await (await arrow.RecordBatchReader.from(chunks)).open())
  if (!reader.schema) throw new CliError(`${name} is not an Arrow file`)
  const columns = reader.schema.fields.flatMap((field, index) =>
    types.get(field.name) === 'skip'
      ? []
      : [{ name: field.name, index, convert: fieldConverter(arrow, field, types.get(field.name)) }],
  )
  const batches = reader[Symbol.asyncIterator]()
  for (;;) {
    const { value: batch, done } = await read(() => batches.next())
    if (done === true) return
    for (let at = 0; at < batch.numRows; at++) yield typedRow(++number, cellsOf(batch, at, columns))
  }
}

function* cellsOf(batch: RecordBatch, at: number, columns: readonly Column[]): Generator<Cell, void, undefined> {
  for (const { name, index, convert } of columns) yield [name, convert, batch.getChildAt(index)?.get(at)]
}
