/**
 * Reads a batch into columns: typed arrays, from which statistics are computed without an object per row.
 */
import { type Columns, Key, type Schema } from 'aerospike-napi'
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { BinName, problems, SetName, UserKey } from '../schemas.ts'

const NUMBERS = ['i8', 'i16', 'i32', 'u8', 'u16', 'u32', 'f32', 'f64'] as const
const ColumnType = Type.Enum([...NUMBERS, 'i64', 'u64', 'bool', 'utf8'])

/** The values of a column, with null for missing values. 64-bit integers are strings of digits. */
function valuesOf(columns: Columns, bin: string): unknown[] {
  const column = columns.columns[bin] as unknown as ArrayLike<number | bigint> & { get?(row: number): string }
  const boolean = columns.schema[bin] === 'bool'
  return Array.from({ length: columns.length }, (_, row) => {
    if (!columns.isValid(bin, row)) return null
    const value = column.get === undefined ? column[row] : column.get(row)
    return boolean ? value !== 0 : typeof value === 'bigint' ? value.toString() : value
  })
}

export const columns: Routes = async app => {
  const { aerospike, settings } = app
  const Keys = Type.Array(UserKey, { minItems: 1, maxItems: settings.APP_MAX_BATCH })

  app.post(
    '/read',
    {
      schema: {
        summary: 'Read bins of many records as columns',
        body: Type.Object(
          {
            set: SetName,
            keys: Keys,
            schema: Type.Record(BinName, ColumnType, { minProperties: 1, maxProperties: 256 }),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            found: Type.Integer(),
            columns: Type.Record(Type.String(), Type.Array(Type.Unknown())),
            resultCodes: Type.Array(Type.Integer()),
          }),
          ...problems(400, 422, 503, 504),
        },
      },
    },
    async ({ body: { set, keys, schema } }) => {
      const read = await aerospike.batchReadColumns(
        keys.map(key => new Key(settings.APP_AEROSPIKE_NAMESPACE, set, key)),
        schema as Schema,
      )
      const bins = Object.keys(schema)
      return {
        found: read.found,
        columns: Object.fromEntries(bins.map(bin => [bin, valuesOf(read, bin)])),
        resultCodes: Array.from(read.resultCodes),
      }
    },
  )

  app.post(
    '/statistics',
    {
      schema: {
        summary: 'Count, sum, mean, least and greatest of numeric bins of many records',
        body: Type.Object(
          { set: SetName, keys: Keys, bins: Type.Array(BinName, { minItems: 1, maxItems: 256 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Record(
            Type.String(),
            Type.Object({
              count: Type.Integer(),
              sum: Type.Number(),
              mean: Type.Union([Type.Number(), Type.Null()]),
              min: Type.Union([Type.Number(), Type.Null()]),
              max: Type.Union([Type.Number(), Type.Null()]),
            }),
          ),
          ...problems(400, 422, 503, 504),
        },
      },
    },
    async ({ body: { set, keys, bins } }) => {
      const schema = Object.fromEntries(bins.map(bin => [bin, 'f64' as const]))
      const read = await aerospike.batchReadColumns(
        keys.map(key => new Key(settings.APP_AEROSPIKE_NAMESPACE, set, key)),
        schema,
      )
      return Object.fromEntries(
        bins.map(bin => {
          const column = read.columns[bin] as Float64Array
          let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
          for (let row = 0; row < column.length; row++) {
            if (!read.isValid(bin, row)) continue
            const value = column[row] as number
            count++
            sum += value
            if (value < min) min = value
            if (value > max) max = value
          }
          const some = count > 0
          return [bin, { count, sum, mean: some ? sum / count : null, min: some ? min : null, max: some ? max : null }]
        }),
      )
    },
  )
}
