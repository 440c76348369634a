/** Batch reads of records with five numbers, as records. */
import { loopsOf } from '../harness/loops'
import { BATCH_SET, batches, type NumberBins, sumOfRow } from './data'
import { expect, type Suite } from './suite'

/** Number of distinct batches, used in turn. */
export const BATCHES = 16

export const batchRead: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES)
  return {
    run: loopsOf<readonly NumberBins[]>({
      start: index => adapter.batchRead(BATCH_SET, made[index % BATCHES]!.ids),
      check: (records, index) => {
        let sum = 0
        for (const record of records) sum += sumOfRow(record)
        expect(sum === made[index % BATCHES]!.sum, 'the sum of the records')
      },
    }),
  }
}
