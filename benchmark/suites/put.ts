/** Writes of single records with three bins. */
import { loopsOf } from '../harness/loops'
import { PUT_SET, RECORDS, randomIndexes, userBins, userId } from './data'
import { expect, type Suite } from './suite'

/** Number of records that are read back at the end: the first ones that the first loop wrote. */
const READ_BACK = 10

export const put: Suite = adapter => {
  const ids = Array.from({ length: RECORDS }, (_, index) => userId(index))
  return {
    run: loopsOf<unknown>({
      start: index => adapter.put(PUT_SET, ids[index]!, userBins(index)),
      check: () => {},
    }),
    verify: async () => {
      const next = randomIndexes(0)
      for (let count = 0; count < READ_BACK; count++) {
        const index = next()
        const { bins } = await adapter.get(PUT_SET, ids[index]!)
        const wanted = userBins(index)
        expect(bins.name === wanted.name && bins.visits === wanted.visits && bins.score === wanted.score, 'a record')
      }
    },
  }
}
