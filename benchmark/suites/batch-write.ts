/** Batch writes of records with five numbers. */
import { loopsOf } from '../harness/loops'
import { BATCHES } from './batch-read'
import { BATCH_PUT_SET, batches, sumOfRow } from './data'
import { expect, type Suite } from './suite'

export const batchWrite: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES)
  const written = new Set<number>()
  return {
    run: loopsOf<number>({
      start: index => {
        const { ids, bins } = made[index % BATCHES]!
        return adapter.batchWrite(BATCH_PUT_SET, ids, bins)
      },
      check: (count, index) => {
        written.add(index % BATCHES)
        expect(count === rows, 'the number of records')
      },
    }),
    verify: async () => {
      for (const index of written) {
        const { ids, sum } = made[index]!
        const records = await adapter.batchRead(BATCH_PUT_SET, ids)
        expect(records.reduce((total, record) => total + sumOfRow(record), 0) === sum, 'the sum of the records')
      }
    },
  }
}
