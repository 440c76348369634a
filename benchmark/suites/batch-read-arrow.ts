/** Batch reads of records with five numbers, into Arrow tables. */
import { loopsOf } from '../harness/loops'
import { BATCHES } from './batch-read'
import { BATCH_SET, batches } from './data'
import { expect, type Suite } from './suite'

export const batchReadArrow: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES)
  return {
    run: loopsOf<number>({
      start: index => adapter.batchReadArrow(BATCH_SET, made[index % BATCHES]!.ids),
      check: (sum, index) => expect(sum === made[index % BATCHES]!.sum, 'the sum of the table'),
    }),
  }
}
