/** Batch reads of records with five numbers, into typed arrays. */
import { loopsOf } from '../harness/loops'
import { BATCHES } from './batch-read'
import { BATCH_SET, batches, type NumberColumns, sumOfColumns } from './data'
import { expect, type Suite } from './suite'

export const batchReadColumns: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES)
  return {
    run: loopsOf<NumberColumns>({
      start: index => adapter.batchReadColumns(BATCH_SET, made[index % BATCHES]!.ids),
      check: (columns, index) => {
        expect(sumOfColumns(columns) === made[index % BATCHES]!.sum, 'the sum of the columns')
      },
    }),
  }
}
