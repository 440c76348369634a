/**
 * Batches, as columns.
 */
import { Columns, type Schema, writeSchema } from '../columns'
import { invalidArgument } from '../errors'
import { type KeyLike, writeKeys } from '../key'
import { optionsObject } from '../options'
import { type BatchPolicy, writePolicy } from '../policy'
import { describe } from '../value'
import { define, type Maybe } from './define'

/** How columns are read. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
}

type ColumnsArgs = readonly [readonly KeyLike[], Schema, Maybe<ColumnsPolicy>]

/** Reads many records into columns. */
export const batchReadColumns = define({
  name: 'batchReadColumns',
  id: 17,
  kind: 'batch',
  policy: 2,
  encode: (writer, [likes, schema, given]: ColumnsArgs) => {
    const keys = writeKeys(writer, likes)
    const { wrap = false, ...policy } = optionsObject(given ?? {}, 'batch policy')
    if (typeof wrap !== 'boolean')
      throw invalidArgument(`batch policy.wrap: true or false is needed, not ${describe(wrap)}`)
    const columns = writeSchema(writer, schema, wrap)
    writePolicy(writer, 'batch', policy)
    return { keys, columns }
  },
  decode: (reply, { keys, columns }): Columns<Schema> => Columns.read(reply, keys, columns),
})
