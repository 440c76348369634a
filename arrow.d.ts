// Generated from lib/arrow.ts by `make types`: the API of aerospike-napi/arrow. Do not edit.
import { Table } from 'apache-arrow'
import { Schema, Columns } from './index.js'

/** What goes into the table beside the columns. */
export interface ToArrowOptions {
  /** Name of a first column with the user keys; none by default. */
  keyField?: string
}
/**
 * An Arrow table of the columns. It shares their memory: only booleans are copied, into bits. Rows that failed or were not
 * found are null in every column.
 */
export declare function toArrow<S extends Schema>(rows: Columns<S>, options?: ToArrowOptions): Table
