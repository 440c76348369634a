/** Four reads for each write, of single records with three bins. */
import { loopsOf } from '../harness/loops'
import { GET_SET, PUT_SET, RECORDS, type ReadBins, userBins, userId } from './data'
import { expect, type Suite } from './suite'

/** One in this many operations is a write. */
export const WRITE_EVERY = 5

export const mixed: Suite = adapter => {
  const ids = Array.from({ length: RECORDS }, (_, index) => userId(index))
  return {
    run: loopsOf<unknown>({
      start: index =>
        index % WRITE_EVERY === 0
          ? adapter.put(PUT_SET, ids[index]!, userBins(index))
          : adapter.get(GET_SET, ids[index]!),
      check: (result, index) => {
        if (index % WRITE_EVERY === 0) return
        expect((result as { readonly bins: ReadBins }).bins.visits === index, 'the record')
      },
    }),
  }
}
