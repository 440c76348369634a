/** Reads of single records with three bins. */
import { loopsOf } from '../harness/loops'
import { GET_SET, RECORDS, type ReadBins, userId } from './data'
import { expect, type Suite } from './suite'

export const get: Suite = (adapter, { busyUs }) => {
  const ids = Array.from({ length: RECORDS }, (_, index) => userId(index))
  return {
    run: loopsOf<{ readonly bins: ReadBins }>({
      start: index => adapter.get(GET_SET, ids[index]!),
      check: ({ bins }, index) => {
        expect(bins.visits === index, 'the record')
        if (busyUs > 0) work(busyUs)
      },
    }),
  }
}

/** Keeps the event loop busy, to simulate an application. */
function work(us: number): void {
  const end = performance.now() + us / 1000
  while (performance.now() < end);
}
