/**
 * Dates and timestamps of Arrow and Parquet, which have no type of their own in a record: the user chooses one.
 */
import { CliError } from '../exit-codes.mjs'
import type { ColumnType } from './column-type.mjs'

/**
 * Returns how the dates of a column become values of bins.
 *
 * @param column - name of the column
 * @param what - what the column contains, for the error
 * @param wanted - the type that the user has chosen
 * @throws CliError if it is neither text nor an integer
 */
export function dateConverter(
  column: string,
  what: string,
  wanted: ColumnType | undefined,
): (value: unknown) => string | number {
  if (wanted !== 'string' && wanted !== 'int') {
    throw new CliError(
      `the column ${column} has ${what}: choose text or milliseconds since 1970 with --types ${column}:string or ${column}:int, or leave it out with ${column}:skip`,
    )
  }
  return value => {
    const date = value instanceof Date ? value : new Date(Number(value))
    return wanted === 'string' ? date.toISOString() : date.getTime()
  }
}
