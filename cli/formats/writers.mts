/**
 * Writers of rows, one for each format.
 */
import { ArrowWriter } from './arrow-writer.mjs'
import { CsvWriter } from './csv-writer.mjs'
import type { Format } from './format.mjs'
import { JsonWriter, NdjsonWriter } from './json-writer.mjs'
import { ParquetWriter } from './parquet-writer.mjs'
import { TableWriter } from './table.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

export function rowWriter(format: Format, options: WriterOptions): RowWriter {
  switch (format) {
    case 'table':
      return new TableWriter(options)
    case 'json':
      return new JsonWriter(options)
    case 'ndjson':
      return new NdjsonWriter(options)
    case 'csv':
      return new CsvWriter(options)
    case 'arrow':
      return new ArrowWriter(options)
    case 'parquet':
      return new ParquetWriter(options)
  }
}
