/**
 * Batches, as rows.
 */
import { BatchRecords } from '../batch'
import { type KeyLike, writeKeys } from '../key'
import { type BatchPolicy, writePolicy } from '../policy'
import { define, type Maybe, writeBinChoice } from './define'

type BatchReadArgs = readonly [readonly KeyLike[], Maybe<readonly string[]>, Maybe<BatchPolicy>]

/** Reads many records. */
export const batchRead = define({
  name: 'batchRead',
  id: 16,
  kind: 'batch',
  policy: 2,
  encode: (writer, [likes, bins, policy]: BatchReadArgs) => {
    const keys = writeKeys(writer, likes)
    const header = writeBinChoice(writer, bins)
    writePolicy(writer, 'batch', policy)
    return { keys, header }
  },
  decode: (reply, { keys, header }): BatchRecords => BatchRecords.read(reply, keys, header),
})
