/** A list and a map operation in one request: reads the three highest of ten scores and writes a count. */
import { loopsOf } from '../harness/loops'
import { type CollectionResult, collectionBins, OPERATE_SET, RECORDS, userId } from './data'
import { expect, type Suite } from './suite'

/** The existing counts, plus the one that is written. */
const COUNTS = Object.keys(collectionBins(0).counts).length + 1

export const operate: Suite = adapter => {
  const ids = Array.from({ length: RECORDS }, (_, index) => userId(index))
  return {
    run: loopsOf<{ readonly bins: CollectionResult }>({
      start: index => adapter.operate(OPERATE_SET, ids[index]!, index),
      check: ({ bins: { scores, counts } }) => {
        // Each record has the scores 0 to 9. The server returns them in any order.
        expect(scores.length === 3 && scores[0]! + scores[1]! + scores[2]! === 7 + 8 + 9, 'the highest scores')
        expect(counts === COUNTS, 'the number of counts')
      },
    }),
  }
}
